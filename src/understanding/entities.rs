//! Typed values in a text: e-mail, web address, telephone, money, order code, number, postcode, values of lists.
//!
//! Expressions run on the folded text; spans and quotations are of the original.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::normalise::{Folded, Word, key, words};
use super::yes_no;
use crate::conversation::Found;
use crate::ids::SlotName;
use crate::topics::{ListValue, SlotKind, SlotRule};

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

expression!(
    EMAIL,
    r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b"
);
expression!(URL, r#"(?:https?://|www\.)[^\s<>"']{2,2000}"#);
expression!(
    MONEY,
    r"(?P<before>us\$|u\$s|u\$d|ar\$|\$|€|£|eur|usd|ars)\s?(?P<a>\d{1,9}(?:[.,]\d{1,3}){0,4})\b|\b(?P<b>\d{1,9}(?:[.,]\d{1,3}){0,4})\s?(?P<after>€|\$|£|(?:euros?|eur|pesos?|ars|dolares|dolar|dollars?|usd|pounds?|libras?|mangos|lucas)\b)"
);
expression!(
    PHONE,
    r"\+\d[\d ()./-]{5,20}\d\b|\b\d{2,4}(?:[ ./-]\(?\d{2,4}\)?){2,4}\b|\(\d{2,5}\)[ ./-]?\d[\d ./-]{4,12}\d\b"
);
expression!(
    ORDER,
    r"#\s?[a-z]{0,4}-?\d{3,14}\b|\b[a-z]{1,4}-\d{3,14}\b|\b[a-z]{2,4}\d{5,14}\b"
);
expression!(NUMBER, r"\b\d{1,18}(?:[.,]\d{1,6}){0,5}\b");
expression!(
    POSTCODE_SAID,
    r"\b(?:cp|c\.p\.|cpa|codigo postal|cod\.? postal|post ?code|postal code|zip(?: code)?)\W{0,3}(?:es |is )?(?P<value>[a-z]{0,2}\d[a-z\d]{1,7}(?: \d[a-z]{2})?)\b"
);
expression!(
    POSTCODE,
    r"\b(?:[a-hj-np-z]\d{4}[a-z]{3}|\d{4,5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})\b"
);
expression!(LOOSE_PHONE, r"\+?\(?\d[\d ()./-]{5,22}\d");
expression!(ANY_CODE, r"#?\b[a-z]{0,4}-?\d[\d.,-]{0,20}\b");

/// Lists of values, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Folded words of a value or synonym → (list, value).
    values: HashMap<String, Vec<(String, String)>>,
}

impl Lists {
    /// Indexes values and their synonyms of all languages by their folded words.
    pub(super) fn new<'l>(lists: impl Iterator<Item = (&'l str, &'l [ListValue])>) -> Self {
        let mut values: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (list, entries) in lists {
            for entry in entries {
                for name in names(entry) {
                    let known = values.entry(key(&words(&Folded::new(name)))).or_default();
                    let pair = (list.to_owned(), entry.value.clone());
                    if !known.contains(&pair) {
                        known.push(pair);
                    }
                }
            }
        }
        values.remove("");
        Self { values }
    }

    /// Values of any list, longest first at each place, not overlapping.
    fn find(&self, words: &[Word], folded: &Folded) -> Vec<(String, String, (usize, usize))> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() && !self.values.is_empty() {
            let longest = (1..=LONGEST_VALUE.min(words.len() - at))
                .rev()
                .find_map(|length| {
                    let run = words.get(at..at + length)?;
                    Some((
                        length,
                        self.values.get(&key(run))?,
                        run.first()?.folded.0,
                        run.last()?.folded.1,
                    ))
                });
            match longest {
                Some((length, values, start, end)) if found.len() < MOST_FOUND => {
                    let span = folded.original_span(start, end);
                    found.extend(
                        values
                            .iter()
                            .map(|(list, value)| (list.clone(), value.clone(), span)),
                    );
                    at += length;
                }
                _ => at += 1,
            }
        }
        found
    }
}

/// All ways to name a value of a list.
pub(super) fn names(entry: &ListValue) -> impl Iterator<Item = &str> {
    std::iter::once(entry.value.as_str())
        .chain(entry.synonyms.values().flatten().map(String::as_str))
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
        Some(Found {
            name: name.parse().ok()?,
            value,
            span: self.folded.original_span(start, end),
        })
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
    for (list, value, span) in lists.find(text.words, text.folded) {
        if let (Ok(name), true) = (list.parse(), found.len() < MOST_FOUND) {
            found.push(Found { name, value, span });
        }
    }
    found
}

/// Reads values for one slot.
#[derive(Debug)]
pub(super) struct SlotReader {
    name: SlotName,
    kind: SlotKind,
    pattern: Option<Regex>,
    min: Option<f64>,
    max: Option<f64>,
    values: Lists,
}

impl SlotReader {
    /// A reader for this slot. A pattern that does not compile is the lint's to report; here it asks for nothing.
    pub(super) fn new(name: &SlotName, rule: &SlotRule) -> Self {
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
    pub(super) fn name(&self) -> &SlotName {
        &self.name
    }

    /// Reads an answer to the question for this slot: more forgiving than [`find`], for it is known what was asked.
    pub(super) fn answer(&self, text: Searched<'_>) -> Option<Found> {
        let folded = text.folded.as_str();
        match self.kind {
            SlotKind::Text => self.text(text),
            SlotKind::Number => self.only(text, ANY_CODE.find_iter(folded), |quoted| {
                code(&ungrouped(quoted))
            }),
            SlotKind::Email => self.only(text, EMAIL.find_iter(folded), str::to_owned),
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
pub(super) fn fill_slots(slots: &[SlotReader], found: &[Found], text: Searched<'_>) -> Vec<Found> {
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
            SlotKind::Text | SlotKind::Address | SlotKind::YesNo => continue,
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

fn digits(text: &str) -> String {
    let plus = if text.starts_with('+') { "+" } else { "" };
    plus.chars()
        .chain(text.chars().filter(char::is_ascii_digit))
        .collect()
}

fn code(text: &str) -> String {
    text.trim_start_matches('#').trim().to_uppercase()
}

/// A number in an answer without the separators of its thousands; codes with letters and dashes stay as they are.
fn ungrouped(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if plain {
        decimal(text)
    } else {
        text.to_owned()
    }
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
    use crate::ids::Lang;

    fn items() -> Vec<ListValue> {
        let value = |value: &str, synonyms: &[&str]| ListValue {
            value: value.into(),
            synonyms: [(Lang::es(), synonyms.iter().map(|&s| s.into()).collect())].into(),
        };
        vec![
            value("zapatillas", &["tenis", "sneakers", "running shoes"]),
            value("batidora", &["blender"]),
        ]
    }

    fn lists() -> Lists {
        Lists::new(std::iter::once(("item", items().as_slice())))
    }

    fn all(original: &str) -> Vec<(String, String, String)> {
        let folded = Folded::new(original);
        let words = words(&folded);
        let text = Searched {
            original,
            folded: &folded,
            words: &words,
        };
        find(text, &lists())
            .into_iter()
            .map(|found| {
                let quoted = original.get(found.span.0..found.span.1).unwrap().to_owned();
                (found.name.to_string(), found.value, quoted)
            })
            .collect()
    }

    fn slot(kind: SlotKind, pattern: Option<&str>, original: &str) -> Option<String> {
        let folded = Folded::new(original);
        let words = words(&folded);
        let text = Searched {
            original,
            folded: &folded,
            words: &words,
        };
        let values = if kind == SlotKind::List {
            items()
        } else {
            Vec::new()
        };
        let pattern = pattern.map(str::to_owned);
        let rule = SlotRule {
            kind,
            pattern,
            min: None,
            max: None,
            values,
        };
        let found = SlotReader::new(&"asked".parse().unwrap(), &rule).answer(text)?;
        assert!(original.get(found.span.0..found.span.1).is_some());
        Some(found.value)
    }

    #[test]
    fn each_type_is_found_and_quoted() {
        for (text, name, value, quoted) in [
            (
                "soy ANA.Pérez@Example.org, hola",
                "email",
                "perez@example.org",
                "Pérez@Example.org",
            ),
            (
                "mi correo: ana@example.org.",
                "email",
                "ana@example.org",
                "ana@example.org",
            ),
            (
                "mirá https://example.org/a?b=1.",
                "url",
                "https://example.org/a?b=1",
                "https://example.org/a?b=1",
            ),
            (
                "me cobraron 1.234,50 €",
                "money",
                "1234.50 EUR",
                "1.234,50 €",
            ),
            ("pagué $ 15.000 ayer", "money", "15000", "$ 15.000"),
            ("I paid 20 dollars", "money", "20 USD", "20 dollars"),
            (
                "llamen al +34 600 123 456",
                "phone",
                "+34600123456",
                "+34 600 123 456",
            ),
            ("cel 351-555-1234", "phone", "3515551234", "351-555-1234"),
            (
                "el pedido #1234567 no llegó",
                "order",
                "1234567",
                "#1234567",
            ),
            ("pedido ma-102938", "order", "MA-102938", "ma-102938"),
            ("el pedido 1234567", "number", "1234567", "1234567"),
            ("código postal 28013", "postcode", "28013", "28013"),
            ("unos Tenis rojos", "item", "zapatillas", "Tenis"),
            (
                "running shoes, size 40",
                "item",
                "zapatillas",
                "running shoes",
            ),
        ] {
            let found = all(text);
            let wanted = (name.to_owned(), value.to_owned(), quoted.to_owned());
            // An accent is not allowed in an address: what stands before it is left out.
            let close = found
                .iter()
                .any(|one| one.0 == wanted.0 && (one.1 == wanted.1 || one.1.ends_with(&wanted.1)));
            assert!(
                found.contains(&wanted) || (name == "email" && close),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn an_answer_is_read_for_what_was_asked() {
        const PROOF: Option<&str> =
            Some(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}|\d{5}|[A-Za-z]?\d{4}([A-Za-z]{3})?");
        for (kind, pattern, text, value) in [
            (SlotKind::Number, None, "es el 1234567", Some("1234567")),
            (SlotKind::Number, None, "#MA-102938!", Some("MA-102938")),
            (SlotKind::Number, None, "el 1 o el 2", None),
            (
                SlotKind::Number,
                Some(r"\d{7}"),
                "el 2, digo el 1234567.",
                Some("1234567"),
            ),
            (SlotKind::Number, Some(r"\d{7}"), "123", None),
            (SlotKind::Number, None, "no lo tengo", None),
            (SlotKind::Phone, None, "600123456", Some("600123456")),
            (SlotKind::Phone, None, "12", None),
            (
                SlotKind::Postcode,
                None,
                "vivo en 28013 Madrid",
                Some("28013"),
            ),
            (SlotKind::Postcode, None, "X5000ABC", Some("X5000ABC")),
            (SlotKind::Postcode, None, "sw1a 1aa", Some("SW1A 1AA")),
            (SlotKind::YesNo, None, "sí, dale", Some("yes")),
            (SlotKind::YesNo, None, "nop", Some("no")),
            (SlotKind::YesNo, None, "el martes", None),
            (SlotKind::Email, None, "ana@example", None),
            (
                SlotKind::Text,
                None,
                "  Calle Mayor 3, 2º B ",
                Some("Calle Mayor 3, 2º B"),
            ),
            (
                SlotKind::Text,
                PROOF,
                "con Ana@example.org.",
                Some("Ana@example.org"),
            ),
            (SlotKind::Text, PROOF, "28013", Some("28013")),
            (SlotKind::Text, PROOF, "el cp es x5000", Some("x5000")),
            (SlotKind::Text, PROOF, "no me acuerdo", None),
            (
                SlotKind::Address,
                None,
                "Calle Mayor 3, 28013 Madrid",
                Some("Calle Mayor 3, 28013 Madrid"),
            ),
            (SlotKind::Address, None, "a mi casa", None),
            (SlotKind::List, None, "la blender", Some("batidora")),
            (SlotKind::List, None, "blender y tenis", None),
            (SlotKind::List, None, "cafetera", None),
        ] {
            assert_eq!(
                slot(kind, pattern, text).as_deref(),
                value,
                "{kind:?} {text}"
            );
        }
    }

    #[test]
    fn decimals_of_both_worlds() {
        for (text, value) in [
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("15.000", "15000"),
            ("1.234.567", "1234567"),
            ("3,5", "3.5"),
            ("3.14", "3.14"),
            ("1234567", "1234567"),
            ("7.", "7"),
        ] {
            assert_eq!(decimal(text), value, "{text}");
        }
    }
}
