//! Typed values in a text: e-mail, web address, telephone, money, order code, number, postcode, values of lists.
//!
//! Expressions run on the folded text; spans and quotations are of the original.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::corpus::{SlotKind, SlotSpec, ValueList};
use super::normalise::{Folded, Word, key, words};
use super::yes_no;
use crate::conversation::Found;

/// Values found in one message are bounded, whatever is pasted.
const MOST_FOUND: usize = 32;
/// The longest text that a text slot takes is the utterance itself; values of lists are at most this many words.
const LONGEST_VALUE: usize = 8;

macro_rules! expression {
    ($name:ident, $regex:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($regex).expect("a constant expression that the tests run"));
    };
}

expression!(EMAIL, r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b");
expression!(URL, r#"(?:https?://|www\.)[^\s<>"']{2,2000}"#);
expression!(
    MONEY,
    r"(?P<before>us\$|u\$s|u\$d|ar\$|\$|€|£|eur|usd|ars)\s?(?P<a>\d{1,9}(?:[.,]\d{1,3}){0,4})\b|\b(?P<b>\d{1,9}(?:[.,]\d{1,3}){0,4})\s?(?P<after>€|\$|£|(?:euros?|eur|pesos?|ars|dolares|dolar|dollars?|usd|pounds?|libras?|mangos|lucas)\b)"
);
expression!(PHONE, r"\+\d[\d ()./-]{5,20}\d\b|\b\d{2,4}(?:[ ./-]\(?\d{2,4}\)?){2,4}\b|\(\d{2,5}\)[ ./-]?\d[\d ./-]{4,12}\d\b");
expression!(ORDER, r"#\s?[a-z]{0,4}-?\d{3,14}\b|\b[a-z]{1,4}-\d{3,14}\b|\b[a-z]{2,4}\d{5,14}\b");
expression!(NUMBER, r"\b\d{1,18}(?:[.,]\d{1,6}){0,5}\b");
expression!(POSTCODE_SAID, r"\b(?:cp|c\.p\.|cpa|codigo postal|cod\.? postal|post ?code|postal code|zip(?: code)?)\W{0,3}(?:es |is )?(?P<value>[a-z]{0,2}\d[a-z\d]{1,7}(?: \d[a-z]{2})?)\b");
expression!(POSTCODE, r"\b(?:[a-hj-np-z]\d{4}[a-z]{3}|\d{4,5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})\b");
expression!(LOOSE_PHONE, r"\+?\(?\d[\d ()./-]{5,22}\d");
expression!(ANY_CODE, r"#?\b[a-z]{0,4}-?\d[\d.,-]{0,20}\b");

/// The lists of a catalogue, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Folded words of a value or synonym → (list, value).
    values: HashMap<String, Vec<(String, String)>>,
}

impl Lists {
    /// Indexes values and synonyms by their folded words.
    pub(super) fn new(lists: &[ValueList]) -> Self {
        let mut values: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for list in lists {
            for entry in &list.values {
                for name in std::iter::once(&entry.value).chain(&entry.synonyms) {
                    let name = key(&words(&Folded::new(name)));
                    let known = values.entry(name).or_default();
                    let pair = (list.name.clone(), entry.value.clone());
                    if !known.contains(&pair) {
                        known.push(pair);
                    }
                }
            }
        }
        values.remove("");
        Self { values }
    }

    /// Values of any list, longest first at each place, not overlapping within a list.
    fn find(&self, words: &[Word], folded: &Folded) -> Vec<(String, String, (usize, usize))> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = (1..=LONGEST_VALUE.min(words.len() - at)).rev().find_map(|length| {
                let run = words.get(at..at + length)?;
                Some((length, self.values.get(&key(run))?, run.first()?.folded.0, run.last()?.folded.1))
            });
            match longest {
                Some((length, values, start, end)) if found.len() < MOST_FOUND => {
                    let span = folded.original_span(start, end);
                    found.extend(values.iter().map(|(list, value)| (list.clone(), value.clone(), span)));
                    at += length;
                }
                _ => at += 1,
            }
        }
        found
    }
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
}

impl Searched<'_> {
    fn found(&self, name: &str, value: String, start: usize, end: usize) -> Option<Found> {
        Some(Found { name: name.parse().ok()?, value, span: self.folded.original_span(start, end) })
    }
}

/// All typed values, each piece of text taken once, the most telling type first. Names are the types: `email`, `url`, `money`,
/// `phone`, `postcode`, `order`, `number`; and the names of lists that are slot names.
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
        for email in EMAIL.find_iter(folded).take(MOST_FOUND) {
            take("email", email.as_str().to_owned(), email.start(), email.end());
        }
    }
    if folded.contains("http") || folded.contains("www.") {
        for url in URL.find_iter(folded).take(MOST_FOUND) {
            let bare = url.as_str().trim_end_matches(['.', ',', ')', '!', '?', ';', ':']);
            take("url", bare.to_owned(), url.start(), url.start() + bare.len());
        }
    }
    if folded.bytes().any(|byte| byte.is_ascii_digit()) {
        for money in MONEY.captures_iter(folded).take(MOST_FOUND) {
            if let (Some(all), Some(amount)) = (money.get(0), money.name("a").or(money.name("b"))) {
                let unit = money.name("before").or(money.name("after")).map_or("", |unit| unit.as_str());
                take("money", format!("{}{}", decimal(amount.as_str()), currency(unit)), all.start(), all.end());
            }
        }
        for postcode in POSTCODE_SAID.captures_iter(folded).take(MOST_FOUND) {
            if let Some(value) = postcode.name("value") {
                take("postcode", value.as_str().to_uppercase(), value.start(), value.end());
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
            take("number", decimal(number.as_str()), number.start(), number.end());
        }
    }
    for (list, value, span) in lists.find(text.words, text.folded) {
        if let (Ok(name), true) = (list.parse(), found.len() < MOST_FOUND) {
            found.push(Found { name, value, span });
        }
    }
    found
}

/// Reads an answer to a question for one slot: more forgiving than [`find`], for it is known what was asked.
pub(super) fn read_slot(slot: &SlotSpec, text: Searched<'_>, lists: &Lists) -> Option<Found> {
    let folded = text.folded.as_str();
    let named = |value: String, start: usize, end: usize| {
        Some(Found { name: slot.name.clone(), value, span: text.folded.original_span(start, end) })
    };
    match &slot.kind {
        SlotKind::Text => {
            let trimmed = text.original.trim();
            let start = text.original.len() - text.original.trim_start().len();
            (!trimmed.is_empty()).then(|| Found {
                name: slot.name.clone(),
                value: trimmed.to_owned(),
                span: (start, start + trimmed.len()),
            })
        }
        SlotKind::Number => {
            let typed = find(text, lists);
            let mut codes = ANY_CODE.find_iter(folded).take(MOST_FOUND).filter(|code| {
                let span = text.folded.original_span(code.start(), code.end());
                !typed.iter().any(|other| {
                    matches!(other.name.as_str(), "email" | "url") && overlap(other.span, span)
                })
            });
            let only = codes.next()?;
            // Of two numbers nobody knows which is meant.
            if codes.next().is_some() {
                return None;
            }
            named(code(&decimal(only.as_str())), only.start(), only.end())
        }
        SlotKind::Email => EMAIL.find(folded).and_then(|m| named(m.as_str().to_owned(), m.start(), m.end())),
        SlotKind::Url => URL.find(folded).and_then(|m| named(m.as_str().to_owned(), m.start(), m.end())),
        SlotKind::Phone => LOOSE_PHONE.find(folded).and_then(|m| {
            let digits = digits(m.as_str());
            let length = digits.trim_start_matches('+').len();
            (7..=15).contains(&length).then(|| named(digits, m.start(), m.end()))?
        }),
        SlotKind::Postcode => POSTCODE_SAID
            .captures(folded)
            .and_then(|captures| captures.name("value"))
            .or_else(|| POSTCODE.find(folded))
            .and_then(|m| named(m.as_str().to_uppercase(), m.start(), m.end())),
        SlotKind::Money => {
            let money = find(text, lists).into_iter().find(|found| found.name.as_str() == "money");
            match money {
                Some(money) => Some(Found { name: slot.name.clone(), ..money }),
                None => NUMBER.find(folded).and_then(|m| named(decimal(m.as_str()), m.start(), m.end())),
            }
        }
        SlotKind::YesNo => yes_no::read(text.words, text.original).map(|yes| Found {
            name: slot.name.clone(),
            value: if yes { "yes" } else { "no" }.to_owned(),
            span: (0, text.original.len()),
        }),
        SlotKind::List(list) => {
            let mut values = lists.find(text.words, text.folded).into_iter().filter(|(name, ..)| name == list);
            let (_, value, span) = values.next()?;
            values
                .all(|(_, other, _)| other == value)
                .then(|| Found { name: slot.name.clone(), value, span })
        }
    }
}

/// Gives typed values that were found anywhere to the empty slots of a topic, where it is clear which is which.
pub(super) fn fill_slots(slots: &[SlotSpec], found: &[Found], text: Searched<'_>, lists: &Lists) -> Vec<Found> {
    let mut filled = Vec::new();
    for slot in slots {
        let types: &[&str] = match &slot.kind {
            SlotKind::Email => &["email"],
            SlotKind::Phone => &["phone"],
            SlotKind::Url => &["url"],
            SlotKind::Money => &["money"],
            SlotKind::Postcode => &["postcode"],
            SlotKind::Number => &["order", "number"],
            SlotKind::List(_) => {
                filled.extend(read_slot(slot, text, lists).filter(|_| !named_already(slot, found)));
                continue;
            }
            SlotKind::Text | SlotKind::YesNo => continue,
        };
        let alone = slots.iter().filter(|other| other.kind == slot.kind).count() == 1;
        let mut fitting = found.iter().filter(|found| types.contains(&found.name.as_str()));
        if let (Some(only), None, true, false) =
            (fitting.next(), fitting.next(), alone, named_already(slot, found))
        {
            filled.push(Found { name: slot.name.clone(), ..only.clone() });
        }
    }
    filled
}

fn named_already(slot: &SlotSpec, found: &[Found]) -> bool {
    found.iter().any(|found| found.name == slot.name)
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

fn digits(text: &str) -> String {
    let plus = if text.starts_with('+') { "+" } else { "" };
    plus.chars().chain(text.chars().filter(char::is_ascii_digit)).collect()
}

fn code(text: &str) -> String {
    text.trim_start_matches('#').trim().to_uppercase()
}

/// `1.234,50` and `1,234.50` are `1234.50`; a single separator before exactly three digits groups thousands.
fn decimal(text: &str) -> String {
    let text = text.trim_end_matches(['.', ',']);
    let separators = text.chars().filter(|c| matches!(c, '.' | ',')).count();
    let last = text.rfind(['.', ',']);
    let Some((whole, sign, fraction)) = last.and_then(|at| {
        let (whole, rest) = text.split_at_checked(at)?;
        let mut rest = rest.chars();
        Some((whole, rest.next()?, rest.as_str()))
    }) else {
        return text.to_owned();
    };
    let same_sign_before = whole.contains(sign);
    let groups = fraction.len() == 3 && (separators == 1 || same_sign_before);
    let mut plain: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    if !groups && !same_sign_before {
        plain.push('.');
    }
    plain.push_str(fraction);
    plain
}

fn currency(unit: &str) -> &'static str {
    match unit {
        "€" | "eur" | "euro" | "euros" => " EUR",
        "us$" | "u$s" | "u$d" | "usd" | "dolar" | "dolares" | "dollar" | "dollars" => " USD",
        "ar$" | "ars" | "peso" | "pesos" | "mangos" => " ARS",
        "£" | "pound" | "pounds" | "libra" | "libras" => " GBP",
        // "$" is pesos in Córdoba and dollars in Chicago.
        _ => "",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::understanding::corpus::ListValue;

    fn lists() -> Lists {
        let value = |value: &str, synonyms: &[&str]| ListValue {
            value: value.into(),
            synonyms: synonyms.iter().map(|&s| s.into()).collect(),
        };
        Lists::new(&[ValueList {
            name: "item".into(),
            values: vec![value("zapatillas", &["tenis", "sneakers", "running shoes"]), value("batidora", &["blender"])],
        }])
    }

    fn all(original: &str) -> Vec<(String, String, String)> {
        let folded = Folded::new(original);
        let words = words(&folded);
        let text = Searched { original, folded: &folded, words: &words };
        find(text, &lists())
            .into_iter()
            .map(|found| {
                let quoted = original.get(found.span.0..found.span.1).unwrap().to_owned();
                (found.name.to_string(), found.value, quoted)
            })
            .collect()
    }

    fn slot(kind: SlotKind, original: &str) -> Option<String> {
        let folded = Folded::new(original);
        let words = words(&folded);
        let text = Searched { original, folded: &folded, words: &words };
        let slot = SlotSpec { name: "asked".parse().unwrap(), kind };
        read_slot(&slot, text, &lists()).map(|found| found.value)
    }

    #[test]
    fn each_type_is_found_and_quoted() {
        for (text, name, value, quoted) in [
            ("soy ANA.Pérez@Example.org, hola", "email", "perez@example.org", "Pérez@Example.org"),
            ("mi correo: ana@example.org.", "email", "ana@example.org", "ana@example.org"),
            ("mirá https://example.org/a?b=1.", "url", "https://example.org/a?b=1", "https://example.org/a?b=1"),
            ("me cobraron 1.234,50 €", "money", "1234.50 EUR", "1.234,50 €"),
            ("pagué $ 15.000 ayer", "money", "15000", "$ 15.000"),
            ("I paid 20 dollars", "money", "20 USD", "20 dollars"),
            ("llamen al +34 600 123 456", "phone", "+34600123456", "+34 600 123 456"),
            ("cel 351-555-1234", "phone", "3515551234", "351-555-1234"),
            ("el pedido #1234567 no llegó", "order", "1234567", "#1234567"),
            ("pedido ma-102938", "order", "MA-102938", "ma-102938"),
            ("el pedido 1234567", "number", "1234567", "1234567"),
            ("código postal 28013", "postcode", "28013", "28013"),
            ("unos Tenis rojos", "item", "zapatillas", "Tenis"),
            ("running shoes, size 40", "item", "zapatillas", "running shoes"),
        ] {
            let found = all(text);
            let wanted = (name.to_owned(), value.to_owned(), quoted.to_owned());
            // An accent is not allowed in an address: what stands before it is left out.
            let close = found.iter().any(|one| one.0 == wanted.0 && (one.1 == wanted.1 || one.1.ends_with(&wanted.1)));
            assert!(found.contains(&wanted) || (name == "email" && close), "{text}: {found:?}");
        }
    }

    #[test]
    fn an_answer_is_read_for_what_was_asked() {
        for (kind, text, value) in [
            (SlotKind::Number, "es el 1234567", Some("1234567")),
            (SlotKind::Number, "#MA-102938!", Some("MA-102938")),
            (SlotKind::Number, "el 1 o el 2", None),
            (SlotKind::Number, "no lo tengo", None),
            (SlotKind::Phone, "600123456", Some("600123456")),
            (SlotKind::Phone, "12", None),
            (SlotKind::Postcode, "vivo en 28013 Madrid", Some("28013")),
            (SlotKind::Postcode, "X5000ABC", Some("X5000ABC")),
            (SlotKind::Postcode, "sw1a 1aa", Some("SW1A 1AA")),
            (SlotKind::Money, "250", Some("250")),
            (SlotKind::YesNo, "sí, dale", Some("yes")),
            (SlotKind::YesNo, "nop", Some("no")),
            (SlotKind::YesNo, "el martes", None),
            (SlotKind::Email, "ana@example", None),
            (SlotKind::Text, "  Calle Mayor 3, 2º B ", Some("Calle Mayor 3, 2º B")),
            (SlotKind::List("item".into()), "la blender", Some("batidora")),
            (SlotKind::List("item".into()), "blender y tenis", None),
            (SlotKind::List("colour".into()), "blender", None),
        ] {
            assert_eq!(slot(kind.clone(), text).as_deref(), value, "{kind:?} {text}");
        }
    }

    #[test]
    fn decimals_of_both_worlds() {
        for (text, value) in [
            ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("15.000", "15000"), ("1.234.567", "1234567"), ("3,5", "3.5"),
            ("3.14", "3.14"), ("1234567", "1234567"), ("7.", "7"),
        ] {
            assert_eq!(decimal(text), value, "{text}");
        }
    }
}
