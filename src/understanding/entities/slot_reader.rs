//! Reads the value for one slot: of an answer to its question, or of what stands anywhere in a message.

use regex::Regex;

use super::super::yes_no;
use super::amounts::ungrouped;
use super::codes::{ANY_CODE, POSTCODE, POSTCODE_SAID, code};
use super::contacts::{EMAIL, LOOSE_PHONE, digits};
use super::{Lists, MOST_FOUND, Searched};
use crate::conversation::Found;
use crate::ids::SlotName;
use crate::topics::{SlotKind, SlotRule};

/// Reads values for one slot.
#[derive(Debug)]
pub(in crate::understanding) struct SlotReader {
    name: SlotName,
    kind: SlotKind,
    pattern: Option<Regex>,
    min: Option<f64>,
    max: Option<f64>,
    values: Lists,
}

impl SlotReader {
    /// A reader for this slot. A pattern that does not compile is the lint's to report; here it asks for nothing.
    pub(in crate::understanding) fn new(name: &SlotName, rule: &SlotRule) -> Self {
        let whole = |pattern: &String| Regex::new(&format!("^(?i:{pattern})$")).ok();
        Self {
            name: name.clone(),
            kind: rule.kind,
            pattern: rule.pattern.as_ref().and_then(whole),
            min: rule.min,
            max: rule.max,
            values: Lists::new(std::iter::once((name.as_str(), rule.values.as_slice()))),
        }
    }

    /// The slot.
    pub(in crate::understanding) fn name(&self) -> &SlotName {
        &self.name
    }

    /// Reads an answer to the question for this slot: more forgiving than [`find`], for it is known what was asked.
    pub(in crate::understanding) fn answer(&self, text: Searched<'_>) -> Option<Found> {
        let folded = text.folded.as_str();
        match self.kind {
            SlotKind::Text => self.text(text),
            SlotKind::Number => self.only(text, ANY_CODE.find_iter(folded), |quoted| {
                code(&ungrouped(quoted))
            }),
            SlotKind::Email => {
                let whole = EMAIL
                    .find_iter(folded)
                    .filter(|email| text.is_whole_address(email.start(), email.end()));
                self.only(text, whole, str::to_owned)
            }
            SlotKind::Phone => self
                .only(text, LOOSE_PHONE.find_iter(folded), digits)
                .filter(|found| (7..=15).contains(&found.value.trim_start_matches('+').len())),
            SlotKind::Postcode => {
                let said = POSTCODE_SAID
                    .captures(folded)
                    .and_then(|captures| captures.name("value"));
                match said {
                    Some(said) => self.only(text, std::iter::once(said), str::to_uppercase),
                    None => self.only(text, POSTCODE.find_iter(folded), str::to_uppercase),
                }
            }
            SlotKind::Address => self.text(text).filter(|found| {
                let has_number = found.value.chars().any(char::is_numeric);
                has_number
                    && found
                        .value
                        .split_whitespace()
                        .any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2)
            }),
            SlotKind::YesNo => yes_no::read(text.words, text.original).map(|yes| {
                self.found(
                    if yes { "yes" } else { "no" }.to_owned(),
                    (0, text.original.len()),
                )
            }),
            SlotKind::List => {
                let mut values = self.values.find(text.words, text.folded).into_iter();
                let (_, value, span) = values.next()?;
                // Of two values nobody knows which is meant.
                values
                    .all(|(_, other, _)| other == value)
                    .then(|| self.found(value, span))
            }
        }
    }

    /// The whole text; or, where a pattern asks for something shorter, the one word that fits it.
    fn text(&self, text: Searched<'_>) -> Option<Found> {
        let start = text.original.len() - text.original.trim_start().len();
        let whole = text.original.trim();
        if self.accepts(whole) {
            return (!whole.is_empty())
                .then(|| self.found(whole.to_owned(), (start, start + whole.len())));
        }
        self.pattern.as_ref()?;
        let mut fitting = text.words.iter().filter_map(|word| {
            let (from, to) = text.folded.original_span(word.folded.0, word.folded.1);
            let quoted = text.original.get(from..to)?;
            let bare = quoted.trim_matches(|c: char| !c.is_alphanumeric());
            let from = from + quoted.find(bare)?;
            self.accepts(bare)
                .then(|| self.found(bare.to_owned(), (from, from + bare.len())))
        });
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    /// The one match that this slot accepts; of two nobody knows which is meant.
    fn only<'t>(
        &self,
        text: Searched<'_>,
        matches: impl Iterator<Item = regex::Match<'t>>,
        normal: impl Fn(&str) -> String,
    ) -> Option<Found> {
        let mut fitting = matches.take(MOST_FOUND).filter_map(|found| {
            let value = normal(found.as_str());
            let span = text.folded.original_span(found.start(), found.end());
            self.accepts(&value).then(|| self.found(value, span))
        });
        let only = fitting.next()?;
        fitting
            .all(|other| other.value == only.value)
            .then_some(only)
    }

    fn found(&self, value: String, span: (usize, usize)) -> Found {
        Found {
            name: self.name.clone(),
            value,
            span,
        }
    }

    fn accepts(&self, value: &str) -> bool {
        let size = match self.kind {
            SlotKind::Number => value.parse().ok(),
            SlotKind::Text | SlotKind::Address => Some(value.chars().count() as f64),
            SlotKind::Email
            | SlotKind::Phone
            | SlotKind::Postcode
            | SlotKind::YesNo
            | SlotKind::List => None,
        };
        let within = size.is_none_or(|size| {
            self.min.is_none_or(|min| size >= min) && self.max.is_none_or(|max| size <= max)
        });
        within
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(value))
    }
}

/// Gives typed values that stand anywhere in a message to the slots of a topic that no pattern has filled, where it is clear
/// which is which.
pub(in crate::understanding) fn fill_slots(
    slots: &[SlotReader],
    found: &[Found],
    text: Searched<'_>,
) -> Vec<Found> {
    let mut filled: Vec<Found> = Vec::new();
    for slot in slots {
        if found.iter().any(|found| found.name == slot.name) {
            continue;
        }
        let types: &[&str] = match slot.kind {
            SlotKind::Email => &["email"],
            SlotKind::Phone => &["phone"],
            SlotKind::Postcode => &["postcode"],
            SlotKind::Number => &["order", "number"],
            SlotKind::List => {
                filled.extend(slot.answer(text));
                continue;
            }
            // Free text is only an answer when it was asked for; with a pattern it can be told anywhere.
            SlotKind::Text if slot.pattern.is_some() => {
                filled.extend(slot.text(text));
                continue;
            }
            SlotKind::Address => &["address"],
            SlotKind::Text | SlotKind::YesNo => continue,
        };
        let mut fitting = found
            .iter()
            .filter(|found| types.contains(&found.name.as_str()) && slot.accepts(&found.value));
        if let (Some(only), None) = (fitting.next(), fitting.next()) {
            // Two slots that take the same value leave it open for which it is.
            let rivals = slots
                .iter()
                .filter(|other| other.kind == slot.kind && other.accepts(&only.value))
                .count();
            if rivals == 1 {
                filled.push(Found {
                    name: slot.name.clone(),
                    ..only.clone()
                });
            }
        }
    }
    filled
}
