//! YAML of other systems as a tree with places. More lenient than topic files about style, and closed against hostile input: no aliases,
//! bounded nesting, bounded size.

use granit_parser::{ErrorKind, Event, Parser};

use super::note::{Notes, Place, Refused, both, refused};
use super::{FILE_MAX, ImportFile};

/// Deepest nesting that is read.
const NESTING: usize = 32;
/// Most values of one file.
const VALUES_MAX: usize = 500_000;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Nothing,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Nothing | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    pub(super) fn list(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Nothing | Kind::Text(_) | Kind::Map(_) => &[],
        }
    }

    /// Keys and values; a key that is no text is passed over.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Self, &Self)> {
        let entries: &[(Self, Self)] = match &self.kind {
            Kind::Map(entries) => entries,
            Kind::Nothing | Kind::Text(_) | Kind::List(_) => &[],
        };
        entries
            .iter()
            .filter_map(|(key, value)| Some((key.text()?, key, value)))
    }

    pub(super) fn get(&self, wanted: &str) -> Option<&Self> {
        self.entries()
            .find(|(key, ..)| *key == wanted)
            .map(|(.., value)| value)
    }

    pub(super) fn is_nothing(&self) -> bool {
        match &self.kind {
            Kind::Nothing => true,
            Kind::Text(text) => text == "null" || text == "~",
            Kind::List(_) | Kind::Map(_) => false,
        }
    }
}

pub(super) fn top(file: &str) -> Place {
    Place {
        file: file.to_owned(),
        line: 1,
        column: 1,
    }
}

/// Refuses a file that is larger than any that people write.
///
/// # Errors
/// Its size, and what to do.
pub(super) fn must_be_small(file: &ImportFile) -> Result<(), Refused> {
    if file.text.len() <= FILE_MAX {
        return Ok(());
    }
    Err(refused(
        &top(&file.path),
        "file_too_large",
        both(
            format!("el archivo pasa de {} MiB", FILE_MAX >> 20),
            format!("the file is larger than {} MiB", FILE_MAX >> 20),
        ),
        both(
            "Partirlo en varios, o quitar lo que no es del bot.",
            "Split it, or take out what is not the bot's.",
        ),
    ))
}

/// The tree of a file's first document; `None` where it is empty or no YAML, which is noted.
///
/// # Errors
/// Aliases, too deep nesting, too many values: what people do not write by hand.
pub(super) fn parse(file: &ImportFile, notes: &mut Notes) -> Result<Option<Node>, Refused> {
    must_be_small(file)?;
    let source = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: NESTING,
        block_nesting_limit: NESTING,
    };
    let mut open: Vec<(Place, Vec<Node>, bool)> = Vec::new();
    let mut root = None;
    let mut values = 0_usize;
    for next in Parser::new_from_str_with_options(source, options) {
        let (event, span) = match next {
            Ok(event) => event,
            Err(error) => {
                let place = Place {
                    file: file.path.clone(),
                    line: error.marker().line(),
                    column: error.marker().col() + 1,
                };
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    return Err(too_deep(&place));
                }
                let what = error.to_string();
                notes.add(
                    &place,
                    "not_yaml",
                    both(
                        format!("el archivo no se leyó, no es YAML: {what}"),
                        format!("the file was not read, it is no YAML: {what}"),
                    ),
                    both(
                        "Corregirlo ahí y repetir la importación.",
                        "Correct it there and import again.",
                    ),
                );
                return Ok(None);
            }
        };
        let place = Place {
            file: file.path.clone(),
            line: span.start.line(),
            column: span.start.col() + 1,
        };
        let finished = match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == granit_parser::ScalarStyle::Plain;
                let kind = if plain && text.is_empty() {
                    Kind::Nothing
                } else {
                    Kind::Text(text.into_owned())
                };
                Some(Node { place, kind })
            }
            Event::SequenceStart(..) => {
                open.push((place, Vec::new(), false));
                None
            }
            Event::MappingStart(..) => {
                open.push((place, Vec::new(), true));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|(place, items, map)| Node {
                place,
                kind: if map {
                    Kind::Map(pairs(items))
                } else {
                    Kind::List(items)
                },
            }),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(refused(
                    &place,
                    "yaml_alias",
                    both(
                        "el archivo usa un alias de YAML (`*nombre`), que puede multiplicarse sin fin",
                        "the file uses a YAML alias (`*name`), which can multiply without end",
                    ),
                    both(
                        "Escribir ahí lo que el alias repite.",
                        "Write out there what the alias repeats.",
                    ),
                ));
            }
            Event::DocumentStart(..) if root.is_some() => break,
            _ => None,
        };
        let Some(node) = finished else {
            if open.len() > NESTING {
                let place = open
                    .last()
                    .map_or_else(|| top(&file.path), |last| last.0.clone());
                return Err(too_deep(&place));
            }
            continue;
        };
        values += 1;
        if values > VALUES_MAX {
            return Err(refused(
                &node.place,
                "too_many_values",
                both(
                    format!("el archivo tiene más de {VALUES_MAX} valores"),
                    format!("the file holds more than {VALUES_MAX} values"),
                ),
                both("Partirlo en varios.", "Split it into several."),
            ));
        }
        match open.last_mut() {
            Some((_, items, _)) => items.push(node),
            None => root = root.or(Some(node)),
        }
    }
    Ok(root)
}

fn too_deep(place: &Place) -> Refused {
    refused(
        place,
        "too_deep",
        both(
            format!("hay más de {NESTING} niveles, uno dentro de otro"),
            format!("more than {NESTING} levels stand one inside the other"),
        ),
        both(
            "Quitar los niveles que sobran: ningún bot los necesita.",
            "Take out the levels that are too many: no bot needs them.",
        ),
    )
}

fn pairs(items: Vec<Node>) -> Vec<(Node, Node)> {
    let mut pairs = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        pairs.push((key, value));
    }
    pairs
}
