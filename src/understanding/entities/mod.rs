//! Typed values in a text: e-mail, web address, number of a person or company, day, hour, money, length of time, telephone, postcode, order code,
//! number, ordinal, values of lists.
//!
//! Expressions and word readers run on the folded text; spans and quotations are of the original. Values are kept in one form for both languages:
//! `2026-11-27`, `19:00`, `45.90 EUR`, `P2W`, `12345678Z`. No crate reads days, amounts and number words of both Spanish and English out of a
//! sentence; telephones are kept as their figures: `phonenumber` knows all numbering plans of the world, for 2 MB of tables in every binary.

mod address;
mod amounts;
mod codes;
mod contacts;
mod duration;
mod expression;
mod identity;
mod lists;
mod money;
mod numbers;
mod scan;
mod slot_reader;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod when;

use jiff::civil::DateTime;

use super::normalise::{Folded, Word};
use crate::conversation::Found;
use crate::ids::Lang;
use address::ADDRESS;
use amounts::{NUMBER, decimal};
use codes::{ORDER, POSTCODE_SAID, code};
use contacts::{EMAIL, PHONE, URL, digits};
pub(super) use lists::{Lists, names};
pub(super) use numbers::ordinal;
use scan::Scan;
pub(super) use slot_reader::{SlotReader, fill_slots};
pub use when::{Asked, Clock, Day, Part, Toward, When, Which};
use when::{What, date_of, pieces};

/// Values found in one message are bounded, whatever is pasted.
const MOST_FOUND: usize = 32;

/// Words of a message that are read for values in words; more is a pasted page.
const MOST_WORDS: usize = 800;

/// When and where a message was written.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// Now, on the clock of the site; `None` leaves "tomorrow" unresolved.
    pub now: Option<DateTime>,
    /// Language with region, `es-AR`: what "$" is, and which number of "3/4" is the day.
    pub locale: &'a Lang,
}

/// A message being searched.
#[derive(Clone, Copy)]
pub(super) struct Searched<'t> {
    /// As it was typed.
    pub(super) original: &'t str,
    /// Folded.
    pub(super) folded: &'t Folded,
    /// Its words.
    pub(super) words: &'t [Word],
    /// The same as they are read: "remera" as "camiseta".
    pub(super) read: &'t [Word],
    /// When and where it was written.
    pub(super) around: Around<'t>,
}

impl<'t> Searched<'t> {
    /// Its words to be read one by one.
    fn scan(&self) -> Scan<'t> {
        Scan::new(
            self.folded.as_str(),
            self.words.get(..MOST_WORDS).unwrap_or(self.words),
        )
    }

    /// Whether a mail address stands there as it was written, and begins there: `peña@…` is not `pena@…`, nor `o'brien@…` `brien@…`, which are
    /// somebody else's.
    fn is_whole_address(&self, start: usize, end: usize) -> bool {
        let (from, to) = self.folded.original_span(start, end);
        let before = self.original.get(..from).unwrap_or_default();
        let begins = before
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "<([:=,;\"«¿¡".contains(c));
        let written = self.original.get(from..to).unwrap_or_default();
        begins
            && self
                .folded
                .as_str()
                .get(start..end)
                .is_some_and(|read| written.eq_ignore_ascii_case(read))
    }

    fn found(&self, name: &str, value: String, start: usize, end: usize) -> Option<Found> {
        Some(Found {
            name: name.parse().ok()?,
            value,
            span: self.folded.original_span(start, end),
        })
    }
}

/// All typed values, each piece of text taken once, the most telling type first. Names are the types: `email`, `url`, `id_number`, `date`, `time`,
/// `money`, `duration`, `phone`, `postcode`, `order`, `number` (in figures), `count` (in words), `ordinal`, `address`; and the names of lists that are
/// slot names.
pub(super) fn find(text: Searched<'_>, lists: &Lists) -> Vec<Found> {
    let mut finds = Finds {
        text,
        found: Vec::new(),
        taken: Vec::new(),
    };
    let folded = text.folded.as_str();
    let figures = folded.bytes().any(|byte| byte.is_ascii_digit());
    finds.addresses_of_the_net();
    if figures {
        finds.identities();
    }
    finds.of_time();
    finds.money();
    finds.durations();
    if figures {
        finds.codes();
    }
    finds.ranks_and_counts();
    if figures {
        finds.streets();
    }
    let mut found = finds.found;
    for (list, value, span) in lists.find_in(text) {
        if let (Ok(name), true) = (list.parse(), found.len() < MOST_FOUND) {
            found.push(Found { name, value, span });
        }
    }
    found
}

/// What was found so far, and which bytes of the folded text are taken.
struct Finds<'t> {
    text: Searched<'t>,
    found: Vec<Found>,
    taken: Vec<(usize, usize)>,
}

impl Finds<'_> {
    fn take(&mut self, name: &str, value: String, start: usize, end: usize) {
        let free = self
            .taken
            .iter()
            .all(|&(from, to)| end <= from || to <= start);
        if free && self.found.len() < MOST_FOUND {
            self.taken.push((start, end));
            self.found.extend(self.text.found(name, value, start, end));
        }
    }

    fn addresses_of_the_net(&mut self) {
        let text = self.text;
        let folded = text.folded.as_str();
        if folded.contains('@') {
            let whole = EMAIL
                .find_iter(folded)
                .filter(|email| text.is_whole_address(email.start(), email.end()));
            for email in whole.take(MOST_FOUND) {
                let value = email.as_str().to_owned();
                self.take("email", value, email.start(), email.end());
            }
        }
        if folded.contains("http") || folded.contains("www.") {
            for url in URL.find_iter(folded).take(MOST_FOUND) {
                let bare = bare_url(url.as_str());
                self.take(
                    "url",
                    bare.to_owned(),
                    url.start(),
                    url.start() + bare.len(),
                );
            }
        }
    }

    fn identities(&mut self) {
        let folded = self.text.folded.as_str();
        let spanish = identity::SPANISH.find_iter(folded);
        for one in spanish
            .chain(identity::ARGENTINE.find_iter(folded))
            .take(MOST_FOUND)
        {
            if let Some(value) = identity::checked(one.as_str()) {
                self.take("id_number", value, one.start(), one.end());
            }
        }
        for said in identity::PLAIN.captures_iter(folded).take(MOST_FOUND) {
            if let Some(number) = said.name("value")
                && let Some(value) = identity::unchecked(number.as_str())
            {
                self.take("id_number", value, number.start(), number.end());
            }
        }
    }

    fn of_time(&mut self) {
        let scan = self.text.scan();
        let Around { now, locale } = self.text.around;
        let pieces = pieces(scan, Asked::Nothing, locale);
        for piece in pieces {
            let (start, end) = (scan.start(piece.at), scan.end(piece.at + piece.words - 1));
            match piece.what {
                What::Day(day) => {
                    if let Some(date) = date_of(day, now, Toward::Nearest) {
                        self.take("date", date.to_string(), start, end);
                    }
                }
                What::Clock(clock, part) => {
                    if let Some(time) = clock.likely(part) {
                        self.take("time", hour(time), start, end);
                    }
                }
                What::Part(_) | What::Soon => {}
            }
        }
    }

    fn money(&mut self) {
        let scan = self.text.scan();
        let (folded, locale) = (self.text.folded.as_str(), self.text.around.locale);
        let mut at = 0;
        while at < scan.len() && self.found.len() < MOST_FOUND {
            let read =
                numbers::may_lead(scan.word(at)).then(|| money::read(scan, folded, at, locale));
            at += match read.flatten() {
                Some(amount) => {
                    self.take("money", amount.value, amount.span.0, amount.span.1);
                    amount.words
                }
                None => 1,
            };
        }
    }

    fn durations(&mut self) {
        let scan = self.text.scan();
        let mut at = 0;
        while at < scan.len() && self.found.len() < MOST_FOUND {
            let read = numbers::may_lead(scan.word(at)).then(|| duration::read(scan, at));
            at += match read.flatten() {
                Some((length, words)) => {
                    self.take(
                        "duration",
                        length.iso(),
                        scan.start(at),
                        scan.end(at + words - 1),
                    );
                    words
                }
                None => 1,
            };
        }
    }

    fn codes(&mut self) {
        let folded = self.text.folded.as_str();
        for postcode in POSTCODE_SAID.captures_iter(folded).take(MOST_FOUND) {
            if let Some(value) = postcode.name("value") {
                let code = value.as_str().to_uppercase();
                self.take("postcode", code, value.start(), value.end());
            }
        }
        for phone in PHONE.find_iter(folded).take(MOST_FOUND) {
            let digits = digits(phone.as_str());
            let length = digits.trim_start_matches('+').len();
            if (8..=15).contains(&length) {
                self.take("phone", digits, phone.start(), phone.end());
            }
        }
        for order in ORDER.find_iter(folded).take(MOST_FOUND) {
            self.take("order", code(order.as_str()), order.start(), order.end());
        }
        for number in NUMBER.find_iter(folded).take(MOST_FOUND) {
            let value = decimal(number.as_str());
            self.take("number", value, number.start(), number.end());
        }
    }

    fn ranks_and_counts(&mut self) {
        let scan = self.text.scan();
        let mut at = 0;
        while at < scan.len() && self.found.len() < MOST_FOUND {
            let word = scan.word(at);
            let mut words = 1;
            if let Some(rank) = ordinal(word) {
                self.take("ordinal", rank.to_string(), scan.start(at), scan.end(at));
            } else if numbers::may_lead(word)
                && let Some(read) = numbers::spelled(scan, at)
            {
                words = read.words;
                // "Una camisa" counts nothing.
                if !read.article {
                    let end = scan.end(at + words - 1);
                    self.take("count", read.value.to_string(), scan.start(at), end);
                }
            }
            at += words;
        }
    }

    /// An address may hold a postcode: it takes nothing from the other kinds.
    fn streets(&mut self) {
        let text = self.text;
        for address in ADDRESS.find_iter(text.folded.as_str()).take(MOST_FOUND) {
            let span = text.folded.original_span(address.start(), address.end());
            let quoted = text.original.get(span.0..span.1).map(str::trim_end);
            if let (Some(quoted), Ok(name), true) =
                (quoted, "address".parse(), self.found.len() < MOST_FOUND)
            {
                let value = quoted.trim_end_matches(['.', ',']).to_owned();
                self.found.push(Found { name, value, span });
            }
        }
    }
}

/// A web address without the points of the sentence behind it.
fn bare_url(url: &str) -> &str {
    url.trim_end_matches(['.', ',', ')', '!', '?', ';', ':'])
}

/// An hour as it is kept: `09:30`.
fn hour(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
