//! From the text of one file to a tree of values that know where they stand and how they were written (quoted, plain, block).
//!
//! The topic files use a part of YAML: one document, no anchors, aliases, tags or directives. Nothing is read into Rust types here, so
//! that the readers can go on after a mistake and report every one of a file.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, StructureStyle};

use super::fault::{Fault, Shape};
use super::problem::{Place, Problem};
use super::yaml_traps;

/// Deepest nesting that a topic file needs many times over; the readers recurse, so there must be an end.
const NESTING: usize = 48;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Nothing,
    Scalar(Scalar),
    List {
        items: Vec<Node>,
        flow: bool,
    },
    Map {
        entries: Vec<(Key, Node)>,
        flow: bool,
    },
}

/// A key of a map.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) place: Place,
}

/// A piece of text and how it was written.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) style: Style,
    /// A comment right behind an unquoted text, which may have been meant as part of it.
    pub(super) comment: Option<(Place, String)>,
}

/// How a text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    /// `|`: each line of the text is a line of the file, from this line and column on.
    Literal {
        line: usize,
        column: usize,
    },
    /// `>`: lines are joined.
    Folded,
}

impl Node {
    pub(super) fn shape(&self) -> Shape {
        match &self.kind {
            Kind::Nothing => Shape::Nothing,
            Kind::Scalar(_) => Shape::Text,
            Kind::List { .. } => Shape::List,
            Kind::Map { .. } => Shape::Map,
        }
    }

    pub(super) fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Nothing | Kind::List { .. } | Kind::Map { .. } => None,
        }
    }

    /// Where a part of this scalar's text stands, from its byte offset in the text.
    pub(super) fn place_in(&self, offset: usize) -> Place {
        let Some(scalar) = self.scalar() else {
            return self.place.clone();
        };
        let before = scalar.text.get(..offset).unwrap_or_default();
        let lines = before.matches('\n').count();
        let last = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        match scalar.style {
            Style::Plain if lines == 0 => self.place.right(last),
            Style::Quoted if lines == 0 => self.place.right(last + 1),
            Style::Literal { line, column } => Place {
                line: line + lines,
                column: column + last,
                ..self.place.clone()
            },
            // A text that spans lines by YAML's folding: the way back to the file is not unique.
            Style::Plain | Style::Quoted | Style::Folded => self.place.clone(),
        }
    }
}

/// The tree of a file, or nothing when it is no YAML; problems are added in both cases.
pub(super) fn parse(file: &Arc<str>, source: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: NESTING,
        block_nesting_limit: NESTING,
    };
    let mut events = Vec::new();
    let mut comments = HashMap::new();
    for next in Parser::new_from_str_with_options(source, options) {
        match next {
            Ok((Event::Comment(text, _), span)) => {
                if let Some(before) = span.start.byte_offset().and_then(|at| source.get(..at)) {
                    let comment = (place_of(file, span.start), text.trim().to_owned());
                    comments.insert(before.trim_end().len(), comment);
                }
            }
            Ok(event) => events.push(event),
            Err(error) => {
                let (line, column, fault) = yaml_traps::explain(source, &error);
                let place = Place {
                    file: Arc::clone(file),
                    line,
                    column,
                };
                problems.push(Problem::new(&place, &fault));
                return None;
            }
        }
    }
    let mut tree = Tree {
        file,
        source,
        comments,
        open: Vec::new(),
        root: None,
        problems,
    };
    for (event, span) in events {
        tree.take(event, &span);
    }
    let root = tree.root.take();
    match root {
        None
        | Some(Node {
            kind: Kind::Nothing,
            ..
        }) => {
            problems.push(Problem::new(
                &Place::top(Arc::clone(file)),
                &Fault::EmptyFile {},
            ));
            None
        }
        root => root,
    }
}

fn place_of(file: &Arc<str>, mark: Marker) -> Place {
    Place {
        file: Arc::clone(file),
        line: mark.line(),
        column: mark.col() + 1,
    }
}

/// A list or map whose end has not come yet.
enum Open {
    List {
        place: Place,
        flow: bool,
        items: Vec<Node>,
    },
    Map {
        place: Place,
        flow: bool,
        entries: Vec<(Key, Node)>,
        /// The key that waits for its value; `Some(None)` is one that no file may have.
        key: Option<Option<Key>>,
    },
}

struct Tree<'a> {
    file: &'a Arc<str>,
    source: &'a str,
    comments: HashMap<usize, (Place, String)>,
    open: Vec<Open>,
    root: Option<Node>,
    problems: &'a mut Vec<Problem>,
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let place = place_of(self.file, span.start);
        if event.tag().is_some() {
            let at = span
                .tag_start()
                .map_or_else(|| place.clone(), |mark| place_of(self.file, mark));
            self.fault(&at, &Fault::AnchorOrTag { sign: '!' });
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let node = self.scalar(&text, style, span, place);
                self.put(node);
            }
            Event::SequenceStart(style, ..) => self.open.push(Open::List {
                place,
                flow: style == StructureStyle::Flow,
                items: Vec::new(),
            }),
            Event::MappingStart(style, ..) => self.open.push(Open::Map {
                place,
                flow: style == StructureStyle::Flow,
                entries: Vec::new(),
                key: None,
            }),
            Event::SequenceEnd | Event::MappingEnd => {
                let node = match self.open.pop() {
                    Some(Open::List { place, flow, items }) => Node {
                        place,
                        kind: Kind::List { items, flow },
                    },
                    Some(Open::Map {
                        place,
                        flow,
                        entries,
                        ..
                    }) => Node {
                        place,
                        kind: Kind::Map { entries, flow },
                    },
                    None => return,
                };
                self.put(node);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.fault(&place, &Fault::AnchorOrTag { sign: '*' });
                // It stands for a text, so that nothing else is said about it.
                let text = span.slice(self.source).unwrap_or("*");
                let node = self.scalar(text, ScalarStyle::DoubleQuoted, span, place);
                self.put(node);
            }
            Event::Anchor(..) => self.fault(&place, &Fault::AnchorOrTag { sign: '&' }),
            Event::DocumentStart(..) if self.root.is_some() => {
                self.fault(&place, &Fault::SeveralDocuments {});
            }
            _ => {}
        }
    }

    fn fault(&mut self, place: &Place, fault: &Fault) {
        self.problems.push(Problem::new(place, fault));
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        span: &granit_parser::Span,
        place: Place,
    ) -> Node {
        let plain = style == ScalarStyle::Plain;
        if plain && matches!(text, "" | "~" | "null") {
            return Node {
                place,
                kind: Kind::Nothing,
            };
        }
        let comment = span
            .end
            .byte_offset()
            .filter(|_| plain)
            .and_then(|end| self.source.get(..end))
            .and_then(|before| self.comments.get(&before.trim_end().len()))
            .filter(|(comment, _)| comment.line >= place.line)
            .cloned();
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            // The parser's place of a block is its first line that is not blank.
            ScalarStyle::Literal => Style::Literal {
                line: place
                    .line
                    .saturating_sub(text.chars().take_while(|c| *c == '\n').count()),
                column: place.column,
            },
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Quoted,
        };
        Node {
            place,
            kind: Kind::Scalar(Scalar {
                text: text.to_owned(),
                style,
                comment,
            }),
        }
    }

    /// A finished value goes to what is open: as a list's item, a map's key or a map's value.
    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => {
                if self.root.is_none() {
                    self.root = Some(node);
                }
            }
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some(Some(key)) => {
                    let twice = entries.iter().find(|(other, _)| other.text == key.text);
                    if let Some((first, _)) = twice {
                        let fault = Fault::DuplicateKey {
                            key: key.text.clone(),
                            first: first.place.line,
                        };
                        self.problems.push(Problem::new(&key.place, &fault));
                    } else {
                        entries.push((key, node));
                    }
                }
                Some(None) => {}
                None => {
                    let (made, fault) = as_key(node);
                    *key = Some(made);
                    if let Some((place, fault)) = fault {
                        self.problems.push(Problem::new(&place, &fault));
                    }
                }
            },
        }
    }
}

/// A map's key from the value that stands there, and what is wrong with it.
fn as_key(node: Node) -> (Option<Key>, Option<(Place, Fault)>) {
    let place = node.place;
    match node.kind {
        Kind::Scalar(scalar) => {
            let boolean = scalar.style == Style::Plain
                && yaml_traps::BOOLEAN_WORDS.contains(&scalar.text.to_lowercase().as_str());
            let fault = boolean.then(|| {
                let key = scalar.text.clone();
                (place.clone(), Fault::BooleanKey { key })
            });
            let key = Key {
                text: scalar.text,
                place,
            };
            (Some(key), fault)
        }
        Kind::List { .. } => (None, Some((place, Fault::LeadingIndicator { sign: '[' }))),
        Kind::Map { .. } => (None, Some((place, Fault::LeadingIndicator { sign: '{' }))),
        Kind::Nothing => (None, Some((place, Fault::ColonInSentence {}))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn tree(source: &str) -> Node {
        let mut problems = Vec::new();
        let node = parse(&"a.yaml".into(), source, &mut problems);
        assert_eq!(problems, []);
        node.unwrap()
    }

    fn value<'a>(node: &'a Node, key: &str) -> &'a Node {
        let Kind::Map { entries, .. } = &node.kind else {
            panic!("no map: {node:?}")
        };
        &entries.iter().find(|(k, _)| k.text == key).unwrap().1
    }

    #[test]
    fn a_literal_block_knows_the_place_of_each_line() {
        let root =
            tree("a: 1\nexamples:\n  es: |   # uno por línea\n    ¿dónde?\n\n    [todavía] no\n");
        let block = value(value(&root, "examples"), "es");
        let scalar = block.scalar().unwrap();
        assert_eq!(scalar.text, "¿dónde?\n\n[todavía] no\n");
        let offset = scalar.text.find("todav").unwrap();
        let place = block.place_in(offset);
        assert_eq!((place.line, place.column), (6, 6));
    }

    #[test]
    fn columns_count_characters() {
        let root = tree("say: {es: \"ñandú {x}\", en: 'it''s'}\n");
        let es = value(value(&root, "say"), "es");
        let place = es.place_in(es.scalar().unwrap().text.find('{').unwrap());
        assert_eq!((place.line, place.column), (1, 18));
    }

    #[test]
    fn a_comment_belongs_to_the_plain_text_before_it() {
        let root = tree("say: pedido #12\nok: 'x' # y\nmap: {a: b} # c\n");
        let lost = value(&root, "say").scalar().unwrap().comment.clone();
        let (place, text) = lost.unwrap();
        assert_eq!((place.line, place.column, text.as_str()), (1, 13, "12"));
        assert!(value(&root, "ok").scalar().unwrap().comment.is_none());
        assert!(
            value(value(&root, "map"), "a")
                .scalar()
                .unwrap()
                .comment
                .is_none()
        );
    }
}
