//! Typed values in a text: e-mail, web address, telephone, money, order code, number, postcode, values of lists.
//!
//! Expressions run on the folded text; spans and quotations are of the original.

mod address;
mod amounts;
mod codes;
mod contacts;
mod expression;
mod lists;
mod slot_reader;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

use super::normalise::{Folded, Word};
use crate::conversation::Found;
use address::ADDRESS;
use amounts::{MONEY, NUMBER, currency, decimal};
use codes::{ORDER, POSTCODE_SAID, code};
use contacts::{EMAIL, PHONE, URL, digits};
pub(super) use lists::{Lists, names};
pub(super) use slot_reader::{SlotReader, fill_slots};

/// Values found in one message are bounded, whatever is pasted.
const MOST_FOUND: usize = 32;

/// A message being searched.
#[derive(Clone, Copy)]
pub(super) struct Searched<'t> {
    /// As it was typed.
    pub(super) original: &'t str,
    /// Folded.
    pub(super) folded: &'t Folded,
    /// Its words.
    pub(super) words: &'t [Word],
}

impl Searched<'_> {
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

/// All typed values, each piece of text taken once, the most telling type first. Names are the types: `email`, `url`, `money`,
/// `phone`, `postcode`, `order`, `number`, `address`; and the names of lists that are slot names.
pub(super) fn find(text: Searched<'_>, lists: &Lists) -> Vec<Found> {
    let folded = text.folded.as_str();
    let mut found: Vec<Found> = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut take = |name: &str, value: String, start: usize, end: usize| {
        let free = taken.iter().all(|&(from, to)| end <= from || to <= start);
        if free && found.len() < MOST_FOUND {
            taken.push((start, end));
            found.extend(text.found(name, value, start, end));
        }
    };
    if folded.contains('@') {
        let whole = EMAIL
            .find_iter(folded)
            .filter(|email| text.is_whole_address(email.start(), email.end()));
        for email in whole.take(MOST_FOUND) {
            take(
                "email",
                email.as_str().to_owned(),
                email.start(),
                email.end(),
            );
        }
    }
    if folded.contains("http") || folded.contains("www.") {
        for url in URL.find_iter(folded).take(MOST_FOUND) {
            let bare = url
                .as_str()
                .trim_end_matches(['.', ',', ')', '!', '?', ';', ':']);
            take(
                "url",
                bare.to_owned(),
                url.start(),
                url.start() + bare.len(),
            );
        }
    }
    if folded.bytes().any(|byte| byte.is_ascii_digit()) {
        for money in MONEY.captures_iter(folded).take(MOST_FOUND) {
            if let (Some(all), Some(amount)) = (money.get(0), money.name("a").or(money.name("b"))) {
                let unit = money
                    .name("before")
                    .or(money.name("after"))
                    .map_or("", |unit| unit.as_str());
                take(
                    "money",
                    format!("{}{}", decimal(amount.as_str()), currency(unit)),
                    all.start(),
                    all.end(),
                );
            }
        }
        for postcode in POSTCODE_SAID.captures_iter(folded).take(MOST_FOUND) {
            if let Some(value) = postcode.name("value") {
                take(
                    "postcode",
                    value.as_str().to_uppercase(),
                    value.start(),
                    value.end(),
                );
            }
        }
        for phone in PHONE.find_iter(folded).take(MOST_FOUND) {
            let digits = digits(phone.as_str());
            let length = digits.trim_start_matches('+').len();
            if (8..=15).contains(&length) {
                take("phone", digits, phone.start(), phone.end());
            }
        }
        for order in ORDER.find_iter(folded).take(MOST_FOUND) {
            take("order", code(order.as_str()), order.start(), order.end());
        }
        for number in NUMBER.find_iter(folded).take(MOST_FOUND) {
            take(
                "number",
                decimal(number.as_str()),
                number.start(),
                number.end(),
            );
        }
    }
    if folded.bytes().any(|byte| byte.is_ascii_digit()) {
        // An address may hold a postcode: it takes nothing from the other kinds.
        for address in ADDRESS.find_iter(folded).take(MOST_FOUND) {
            let span = text.folded.original_span(address.start(), address.end());
            let quoted = text.original.get(span.0..span.1).map(str::trim_end);
            if let (Some(quoted), Ok(name), true) =
                (quoted, "address".parse(), found.len() < MOST_FOUND)
            {
                let value = quoted.trim_end_matches(['.', ',']).to_owned();
                found.push(Found { name, value, span });
            }
        }
    }
    for (list, value, span) in lists.find(text.words, text.folded) {
        if let (Ok(name), true) = (list.parse(), found.len() < MOST_FOUND) {
            found.push(Found { name, value, span });
        }
    }
    found
}
