//! Reads the value for one slot: of an answer to its question, or of what stands anywhere in a message.

use jiff::Span;
use jiff::civil::Date;
use regex::Regex;

use super::super::yes_no;
use super::amounts::ungrouped;
use super::codes::{ANY_CODE, POSTCODE, POSTCODE_SAID, code};
use super::contacts::{EMAIL, LOOSE_PHONE, URL, digits};
use super::when::{Asked, Toward, What, date_of, pieces};
use super::{Lists, MOST_FOUND, Searched, bare_url, duration, hour, identity, money, numbers};
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
            SlotKind::Number => self
                .only(text, ANY_CODE.find_iter(folded), |quoted| {
                    code(&ungrouped(quoted))
                })
                .or_else(|| self.in_words(text)),
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
                let nearest = || self.values.nearest(text.words, text.folded);
                self.listed(text).or_else(|| {
                    let (value, span) = nearest().filter(|_| !self.values.names_some(text))?;
                    Some(self.found(value, span))
                })
            }
            SlotKind::Date | SlotKind::Time => self.of_time(text, true),
            SlotKind::Money => self.money(text),
            SlotKind::Duration => self.each(text, |text, at| {
                let (length, words) = duration::read(text.scan(), at)?;
                Some((length.iso(), words))
            }),
            SlotKind::Ordinal => self.each(text, |text, at| {
                let word = text.scan().word(at);
                let rank = numbers::ordinal(word).map(|rank| (u64::from(rank), 1));
                let counted = || {
                    let figures = text.scan().number(at).map(|number| (u64::from(number), 1));
                    figures.or_else(|| {
                        numbers::spelled(text.scan(), at).map(|read| (read.value, read.words))
                    })
                };
                let (rank, words) = rank.or_else(counted).filter(|(rank, _)| *rank > 0)?;
                Some((rank.to_string(), words))
            }),
            SlotKind::Url => self.only(text, URL.find_iter(folded), |quoted| {
                bare_url(quoted).to_owned()
            }),
            SlotKind::IdNumber => self.identity(text),
        }
    }

    /// The one value of the list that a message names; of two nobody knows which is meant.
    fn listed(&self, text: Searched<'_>) -> Option<Found> {
        let mut values = self.values.find_in(text).into_iter();
        let (_, value, span) = values.next()?;
        values
            .all(|(_, other, _)| other == value)
            .then(|| self.found(value, span))
    }

    /// A number in words; "una" and "one" count, for it is known that a number was asked.
    fn in_words(&self, text: Searched<'_>) -> Option<Found> {
        self.each(text, |text, at| {
            let read = numbers::spelled(text.scan(), at)?;
            Some((read.value.to_string(), read.words))
        })
    }

    /// The one value that a reader of words finds and this slot accepts; of two nobody knows which is meant.
    fn each(
        &self,
        text: Searched<'_>,
        read: impl Fn(Searched<'_>, usize) -> Option<(String, usize)>,
    ) -> Option<Found> {
        let scan = text.scan();
        let mut only: Option<Found> = None;
        let mut at = 0;
        while at < scan.len() {
            let Some((value, words)) = read(text, at).filter(|(value, _)| self.accepts(value))
            else {
                at += 1;
                continue;
            };
            let span = text
                .folded
                .original_span(scan.start(at), scan.end(at + words - 1));
            match &only {
                Some(known) if known.value != value => return None,
                Some(_) => {}
                None => only = Some(self.found(value, span)),
            }
            at += words.max(1);
        }
        only
    }

    /// The day or the hour that a message names; `asked` lets a bare number be one. `min` and `max` of a date are days from today, and tell
    /// whether "el martes" is past or to come.
    fn of_time(&self, text: Searched<'_>, asked: bool) -> Option<Found> {
        let dates = self.kind == SlotKind::Date;
        let asked = match (asked, dates) {
            (false, _) => Asked::Nothing,
            (true, true) => Asked::Day,
            (true, false) => Asked::Hour,
        };
        let toward = if self.max.is_some_and(|max| max <= 0.0) {
            Toward::Past
        } else if self.min.is_some_and(|min| min >= 0.0) {
            Toward::Future
        } else {
            Toward::Nearest
        };
        let scan = text.scan();
        let all = pieces(scan, asked, text.around.locale);
        let part = all.iter().find_map(|piece| match piece.what {
            What::Part(part) => Some(part),
            What::Day(_) | What::Clock(..) | What::Soon => None,
        });
        let mut values = all.iter().filter_map(|piece| {
            let value = match piece.what {
                What::Day(day) if dates => {
                    let date = date_of(day, text.around.now, toward)?;
                    self.is_in_reach(date, text).then(|| date.to_string())
                }
                What::Clock(clock, own) if !dates => clock.likely(own.or(part)).map(hour),
                What::Day(_) | What::Clock(..) | What::Part(_) | What::Soon => None,
            }?;
            let (start, end) = (scan.start(piece.at), scan.end(piece.at + piece.words - 1));
            let span = text.folded.original_span(start, end);
            self.accepts(&value).then(|| self.found(value, span))
        });
        let only = values.next()?;
        values
            .all(|other| other.value == only.value)
            .then_some(only)
    }

    /// Whether a day is within the days from today that the slot allows; without a clock nobody knows.
    fn is_in_reach(&self, date: Date, text: Searched<'_>) -> bool {
        let Some(now) = text.around.now else {
            return true;
        };
        #[allow(clippy::cast_possible_truncation, reason = "bounded")]
        let away = |days: f64| {
            let span = Span::new().days(days.clamp(-1e6, 1e6) as i64);
            now.date().checked_add(span).ok()
        };
        self.min
            .is_none_or(|min| away(min).is_none_or(|least| date >= least))
            && self
                .max
                .is_none_or(|max| away(max).is_none_or(|most| date <= most))
    }

    /// An amount; a bare number is one, for it is known what was asked.
    fn money(&self, text: Searched<'_>) -> Option<Found> {
        let (scan, locale) = (text.scan(), text.around.locale);
        let mut at = 0;
        let mut only: Option<Found> = None;
        while at < scan.len() {
            let Some(amount) = money::read(scan, text.folded.as_str(), at, locale) else {
                at += 1;
                continue;
            };
            at += amount.words.max(1);
            if !self.accepts(&amount.value) {
                continue;
            }
            let span = text.folded.original_span(amount.span.0, amount.span.1);
            match &only {
                Some(known) if known.value != amount.value => return None,
                Some(_) => {}
                None => only = Some(self.found(amount.value, span)),
            }
        }
        only.or_else(|| {
            let numbers = super::NUMBER.find_iter(text.folded.as_str());
            self.only(text, numbers, super::decimal)
        })
        .or_else(|| self.in_words(text))
    }

    /// A number of a person or a company: with a check digit that is right, else an Argentine DNI.
    fn identity(&self, text: Searched<'_>) -> Option<Found> {
        let folded = text.folded.as_str();
        let all = identity::SPANISH
            .find_iter(folded)
            .chain(identity::ARGENTINE.find_iter(folded));
        let checked = all.filter(|one| identity::checked(one.as_str()).is_some());
        self.only(text, checked, |quoted| {
            identity::checked(quoted).unwrap_or_default()
        })
        .or_else(|| {
            self.only(text, identity::BARE.find_iter(folded), |quoted| {
                identity::unchecked(quoted).unwrap_or_default()
            })
        })
        .filter(|found| !found.value.is_empty())
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
            SlotKind::Number | SlotKind::Ordinal => value.parse().ok(),
            SlotKind::Money => value
                .split(' ')
                .next()
                .and_then(|figure| figure.parse().ok()),
            SlotKind::Text | SlotKind::Address => Some(value.chars().count() as f64),
            // Those of a date are days from today: `is_in_reach`.
            SlotKind::Date
            | SlotKind::Time
            | SlotKind::Duration
            | SlotKind::Url
            | SlotKind::IdNumber
            | SlotKind::Email
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
            SlotKind::Number => &["order", "number", "count"],
            SlotKind::List => {
                filled.extend(slot.listed(text));
                continue;
            }
            SlotKind::Date | SlotKind::Time => {
                filled.extend(slot.of_time(text, false));
                continue;
            }
            SlotKind::Money => &["money"],
            SlotKind::Duration => &["duration"],
            SlotKind::Ordinal => &["ordinal"],
            SlotKind::Url => &["url"],
            SlotKind::IdNumber => &["id_number"],
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
