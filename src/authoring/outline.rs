//! Where everything stands in a file: a tree whose values know their bytes.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use super::path::At;
use super::value::Value;

/// Deepest nesting, as in `topics`.
const NESTING: usize = 48;

/// A value and the bytes that it covers; those of a block may reach into the white space behind it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Nothing,
    Scalar {
        text: String,
        style: Style,
    },
    List {
        items: Vec<Node>,
        flow: bool,
    },
    Map {
        entries: Vec<(Key, Node)>,
        flow: bool,
    },
}

#[derive(Debug)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

impl Node {
    /// What it says.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Nothing => Value::Nothing,
            Kind::Scalar { text, .. } => Value::Text(text.clone()),
            Kind::List { items, .. } => Value::List(items.iter().map(Self::value).collect()),
            Kind::Map { entries, .. } => Value::Map(
                entries
                    .iter()
                    .map(|(key, node)| (key.text.clone(), node.value()))
                    .collect(),
            ),
        }
    }

    pub(super) fn child(&self, part: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Map { entries, .. } => entries
                .iter()
                .find(|(key, _)| key.text == part)
                .map(|(_, node)| node),
            Kind::List { items, .. } => items.get(part.parse::<usize>().ok()?),
            Kind::Nothing | Kind::Scalar { .. } => None,
        }
    }

    pub(super) fn at(&self, at: &At) -> Option<&Self> {
        at.parts()
            .iter()
            .try_fold(self, |node, part| node.child(part))
    }

    /// Its text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::Nothing | Kind::List { .. } | Kind::Map { .. } => None,
        }
    }

    /// The entries of a map; none for what is no map.
    pub(super) fn entries(&self) -> &[(Key, Self)] {
        match &self.kind {
            Kind::Map { entries, .. } => entries,
            Kind::Nothing | Kind::Scalar { .. } | Kind::List { .. } => &[],
        }
    }

    /// The items of a list; none for what is no list.
    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List { items, .. } => items,
            Kind::Nothing | Kind::Scalar { .. } | Kind::Map { .. } => &[],
        }
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(
            self.kind,
            Kind::List { flow: true, .. } | Kind::Map { flow: true, .. }
        )
    }
}

/// The tree of a text; `None` where it is no YAML, or uses what topic files do not (anchors, tags, several documents, a key twice).
pub(super) fn read(source: &str) -> Option<Node> {
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: NESTING,
        block_nesting_limit: NESTING,
    };
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for next in Parser::new_from_str_with_options(source, options) {
        let (event, span) = next.ok()?;
        if event.tag().is_some() {
            return None;
        }
        let span = span.byte_range().unwrap_or(0..0);
        let node = match event {
            Event::Scalar(text, style, ..) => scalar(source, &text, style, span),
            Event::SequenceStart(style, ..) => {
                open.push(Open::new(span.start, style, false));
                continue;
            }
            Event::MappingStart(style, ..) => {
                open.push(Open::new(span.start, style, true));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop()?.close(span.end)?,
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => return None,
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return None;
                }
                continue;
            }
            _ => continue,
        };
        match open.last_mut() {
            Some(around) => around.take(node)?,
            None if root.is_none() => root = Some(node),
            None => return None,
        }
    }
    root
}

fn scalar(source: &str, text: &str, style: ScalarStyle, span: Range<usize>) -> Node {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    };
    if style == Style::Plain && matches!(text, "" | "~" | "null") {
        return Node {
            span,
            kind: Kind::Nothing,
        };
    }
    // The parser counts what follows a plain text as part of it.
    let covered = source.get(span.clone()).unwrap_or_default();
    let span = match style {
        Style::Plain => span.start..span.start + covered.trim_end().len(),
        Style::Single | Style::Double | Style::Literal | Style::Folded => span,
    };
    Node {
        span,
        kind: Kind::Scalar {
            text: text.to_owned(),
            style,
        },
    }
}

/// A list or map whose end has not come yet.
struct Open {
    start: usize,
    flow: bool,
    map: bool,
    key: Option<Key>,
    items: Vec<Node>,
    entries: Vec<(Key, Node)>,
}

impl Open {
    fn new(start: usize, style: StructureStyle, map: bool) -> Self {
        Self {
            start,
            flow: style == StructureStyle::Flow,
            map,
            key: None,
            items: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn take(&mut self, node: Node) -> Option<()> {
        if !self.map {
            self.items.push(node);
            return Some(());
        }
        match self.key.take() {
            Some(key) => self.entries.push((key, node)),
            None => {
                let text = match node.kind {
                    Kind::Scalar { text, .. } => text,
                    Kind::Nothing | Kind::List { .. } | Kind::Map { .. } => return None,
                };
                if self.entries.iter().any(|(known, _)| known.text == text) {
                    return None;
                }
                self.key = Some(Key {
                    text,
                    span: node.span,
                });
            }
        }
        Some(())
    }

    fn close(self, end: usize) -> Option<Node> {
        if self.key.is_some() {
            return None;
        }
        Some(Node {
            span: self.start..end,
            kind: if self.map {
                Kind::Map {
                    entries: self.entries,
                    flow: self.flow,
                }
            } else {
                Kind::List {
                    items: self.items,
                    flow: self.flow,
                }
            },
        })
    }
}
