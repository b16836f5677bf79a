//! Readers of single values: each gives the value, or notes the fault at its place and gives nothing, so that the rest is still read.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::fault::{Fault, Near, Shape};
use super::notes::{Notes, Scope, Seen};
use super::problem::Place;
use super::text::{Text, Wording};
use super::yaml::{Key, Kind, Node, Scalar, Style};
use crate::ids::{Lang, Style as Manner};

/// A map whose keys are known.
pub(super) struct Fields<'n> {
    pub(super) place: &'n Place,
    entries: &'n [(Key, Node)],
}

impl<'n> Fields<'n> {
    /// The fields of a map; unknown keys are noted.
    pub(super) fn of(node: &'n Node, known: &[&str], notes: &mut Notes) -> Option<Self> {
        let entries = entries(node, notes)?;
        for (key, value) in entries {
            if known.contains(&key.text.as_str()) {
                continue;
            }
            let fault = if matches!(value.kind, Kind::Nothing) && key.text.contains(' ') {
                Fault::SplitAtComma {
                    part: key.text.clone(),
                }
            } else {
                Fault::UnknownKey {
                    key: key.text.clone(),
                    near: Near::to(&key.text, known.iter().copied()),
                }
            };
            notes.fault(&key.place, &fault);
        }
        Some(Self {
            place: &node.place,
            entries,
        })
    }

    /// A key's value; one without a value counts as missing.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries
            .iter()
            .find(|(known, node)| known.text == key && !matches!(node.kind, Kind::Nothing))
            .map(|(_, node)| node)
    }

    /// Where a key stands, with or without a value.
    pub(super) fn key(&self, key: &str) -> Option<&'n Place> {
        self.entries
            .iter()
            .find(|(known, _)| known.text == key)
            .map(|(known, _)| &known.place)
    }

    /// A key's value that must be there.
    pub(super) fn must(&self, key: &'static str, notes: &mut Notes) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            let place = self.key(key).unwrap_or(self.place);
            notes.fault(place, &Fault::MissingKey { key });
        }
        found
    }
}

fn wrong(node: &Node, wanted: Shape, notes: &mut Notes) {
    let fault = match &node.kind {
        // `es: Importante: lea` on its own line is a map of one key to YAML.
        Kind::Map { entries, flow } if wanted == Shape::Text => {
            if *flow {
                Fault::LeadingIndicator { sign: '{' }
            } else if entries.len() == 1 {
                Fault::ColonInSentence {}
            } else {
                Fault::WrongShape {
                    wanted,
                    found: Shape::Map,
                }
            }
        }
        Kind::List { flow: true, .. } if wanted == Shape::Text => {
            Fault::LeadingIndicator { sign: '[' }
        }
        _ => Fault::WrongShape {
            wanted,
            found: node.shape(),
        },
    };
    notes.fault(&node.place, &fault);
}

/// A map's entries in order.
pub(super) fn entries<'n>(node: &'n Node, notes: &mut Notes) -> Option<&'n [(Key, Node)]> {
    match &node.kind {
        Kind::Map { entries, .. } => Some(entries),
        // `slots: {}` and a bare `slots:` mean the same to people.
        Kind::Nothing => Some(&[]),
        Kind::Scalar(_) | Kind::List { .. } => {
            wrong(node, Shape::Map, notes);
            None
        }
    }
}

/// A list's items.
pub(super) fn items<'n>(node: &'n Node, notes: &mut Notes) -> Option<&'n [Node]> {
    if let Kind::List { items, .. } = &node.kind {
        Some(items)
    } else {
        wrong(node, Shape::List, notes);
        None
    }
}

/// One word, or a list of words where one stands for a list of one.
pub(super) fn one_or_more(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List { items, .. } => items.iter().collect(),
        Kind::Nothing | Kind::Scalar(_) | Kind::Map { .. } => vec![node],
    }
}

fn scalar<'n>(node: &'n Node, wanted: Shape, notes: &mut Notes) -> Option<&'n Scalar> {
    if let Kind::Scalar(scalar) = &node.kind {
        Some(scalar)
    } else {
        wrong(node, wanted, notes);
        None
    }
}

/// An identifier, a file's word: no sentence.
pub(super) fn word<'n>(node: &'n Node, notes: &mut Notes) -> Option<&'n str> {
    scalar(node, Shape::Word, notes).map(|scalar| scalar.text.trim())
}

/// Something that a person reads or writes.
pub(super) fn sentence<'n>(node: &'n Node, notes: &mut Notes) -> Option<&'n str> {
    let scalar = scalar(node, Shape::Text, notes)?;
    if let Some((place, lost)) = &scalar.comment {
        let lost = lost.clone();
        notes.fault(place, &Fault::HashComment { lost });
    }
    let text = scalar.text.trim();
    if text.is_empty() {
        notes.fault(&node.place, &Fault::EmptyText {});
        return None;
    }
    Some(text)
}

/// A name of one of the id types.
pub(super) fn name<T: FromStr>(node: &Node, notes: &mut Notes) -> Option<T> {
    let text = word(node, notes)?;
    name_at(text, &node.place, notes)
}

/// A name that stands as a key.
pub(super) fn name_at<T: FromStr>(text: &str, place: &Place, notes: &mut Notes) -> Option<T> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        let name = text.to_owned();
        notes.fault(place, &Fault::BadName { name });
    }
    parsed
}

/// One of a closed set of words.
pub(super) fn choice<T: Copy>(
    node: &Node,
    set: &[(&'static str, T)],
    notes: &mut Notes,
) -> Option<T> {
    let text = word(node, notes)?;
    let found = set.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let fault = Fault::UnknownWord {
            word: text.to_owned(),
            near: Near::to(text, set.iter().map(|(word, _)| *word)),
        };
        notes.fault(&node.place, &fault);
    }
    found.map(|(_, value)| *value)
}

/// One of the words of a set in `ids`.
macro_rules! closed_set {
    ($set:ty) => {
        &<$set>::ALL
            .iter()
            .map(|item| (item.as_str(), *item))
            .collect::<Vec<_>>()
    };
}
pub(super) use closed_set;

/// `true` or `false`, in these words only.
pub(super) fn flag(node: Option<&Node>, notes: &mut Notes) -> bool {
    let Some(node) = node else { return false };
    match word(node, notes) {
        Some("true") => true,
        Some("false") | None => false,
        Some(_) => {
            wrong(node, Shape::Bool, notes);
            false
        }
    }
}

/// A number within limits.
pub(super) fn number<T>(node: &Node, range: &RangeInclusive<T>, notes: &mut Notes) -> Option<T>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    let text = word(node, notes)?;
    let Ok(value) = text.parse::<T>() else {
        if text.parse::<f64>().is_ok() {
            out_of_range(node, text, range, notes);
        } else {
            wrong(node, Shape::Number, notes);
        }
        return None;
    };
    if range.contains(&value) {
        Some(value)
    } else {
        out_of_range(node, text, range, notes);
        None
    }
}

fn out_of_range<T: std::fmt::Display>(
    node: &Node,
    text: &str,
    range: &RangeInclusive<T>,
    notes: &mut Notes,
) {
    let fault = Fault::OutOfRange {
        value: text.to_owned(),
        least: range.start().to_string(),
        most: range.end().to_string(),
    };
    notes.fault(&node.place, &fault);
}

/// A calendar day.
pub(super) fn date(node: &Node, notes: &mut Notes) -> Option<String> {
    let text = word(node, notes)?;
    // `jiff` reads more than dates here (times, zones), which would be dropped silently.
    if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() {
        Some(text.to_owned())
    } else {
        let text = text.to_owned();
        notes.fault(&node.place, &Fault::BadDate { text });
        None
    }
}

/// A language tag that stands as a key.
pub(super) fn lang(key: &Key, value: &Node, notes: &mut Notes) -> Option<Lang> {
    let parsed = key.text.parse().ok();
    if parsed.is_none() {
        let text = key.text.clone();
        let fault = if matches!(value.kind, Kind::Nothing) {
            Fault::SplitAtComma { part: text }
        } else {
            Fault::BadLang { tag: text }
        };
        notes.fault(&key.place, &fault);
    }
    parsed
}

/// A text by language and style; noted for the checks of wording.
pub(super) fn text(node: &Node, scope: Scope, notes: &mut Notes) -> Option<Text> {
    let Kind::Map { entries, .. } = &node.kind else {
        wrong(node, Shape::TextByLang, notes);
        return None;
    };
    let mut text = Text::default();
    let mut said = Vec::new();
    let mut langs = Vec::new();
    for (key, value) in entries {
        let Some(lang) = lang(key, value, notes) else {
            continue;
        };
        langs.push(lang.clone());
        if let Some(wording) = wording(&lang, value, &mut said, notes) {
            text.by_lang.insert(lang, wording);
        }
    }
    if text.is_empty() {
        // Whatever was wrong with its languages has been said; a map without any has not.
        if entries.is_empty() {
            notes.fault(&node.place, &Fault::EmptyText {});
        }
        return None;
    }
    notes.texts.push(Seen {
        place: node.place.clone(),
        langs,
        plain: false,
        scope,
        said,
    });
    Some(text)
}

/// The tag of words that are the same in every language: BCP 47's "undetermined".
pub(super) fn any_lang() -> Lang {
    "und".parse().expect("three small letters are a tag")
}

/// A text by language, or one sentence for all languages.
pub(super) fn text_or_plain(node: &Node, scope: Scope, notes: &mut Notes) -> Option<Text> {
    if !matches!(node.kind, Kind::Scalar(_)) {
        return text(node, scope, notes);
    }
    let words = sentence(node, notes)?;
    let text = Text::plain(any_lang(), words);
    notes.texts.push(Seen {
        place: node.place.clone(),
        langs: vec![any_lang()],
        plain: true,
        scope,
        said: vec![(any_lang(), node.clone())],
    });
    Some(text)
}

fn wording(
    lang: &Lang,
    node: &Node,
    said: &mut Vec<(Lang, Node)>,
    notes: &mut Notes,
) -> Option<Wording> {
    let styled = match &node.kind {
        Kind::Map { entries, .. } => entries
            .iter()
            .any(|(key, _)| Manner::ALL.iter().any(|style| style.as_str() == key.text)),
        Kind::Nothing | Kind::Scalar(_) | Kind::List { .. } => false,
    };
    if !styled {
        let words = sentence(node, notes)?.to_owned();
        said.push((lang.clone(), node.clone()));
        return Some(Wording::Plain(words));
    }
    let fields = Fields::of(node, &["fast", "warm"], notes)?;
    let mut style = |key: &'static str, notes: &mut Notes| {
        let Some(node) = fields.get(key) else {
            notes.fault(&node.place, &Fault::OneStyle { missing: key });
            return None;
        };
        let words = sentence(node, notes)?.to_owned();
        said.push((lang.clone(), node.clone()));
        Some(words)
    };
    let fast = style("fast", notes);
    let warm = style("warm", notes);
    Some(Wording::Styled {
        fast: fast?,
        warm: warm?,
    })
}

/// Sentences one a line with their places: a literal block, or a list of quoted texts.
pub(super) fn lines<'n>(node: &'n Node, notes: &mut Notes) -> Vec<(&'n str, Place)> {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.style {
            Style::Literal { .. } => {
                let mut offset = 0;
                let mut found = Vec::new();
                for line in scalar.text.split('\n') {
                    let indent = line.len() - line.trim_start().len();
                    if !line.trim().is_empty() {
                        found.push((line.trim(), node.place_in(offset + indent)));
                    }
                    offset += line.len() + 1;
                }
                found
            }
            Style::Plain | Style::Quoted | Style::Folded => {
                sentence(node, notes);
                notes.fault(&node.place, &Fault::FoldedExamples {});
                Vec::new()
            }
        },
        Kind::List { items, flow } => {
            let mut found = Vec::new();
            for item in items {
                let unquoted = item.scalar().is_some_and(|s| s.style == Style::Plain);
                if *flow && unquoted {
                    let part = item.scalar().map(|s| s.text.clone()).unwrap_or_default();
                    notes.fault(&item.place, &Fault::SplitAtComma { part });
                } else if let Some(text) = sentence(item, notes) {
                    found.push((text, item.place.clone()));
                }
            }
            found
        }
        Kind::Nothing | Kind::Map { .. } => {
            wrong(node, Shape::Examples, notes);
            Vec::new()
        }
    }
}
