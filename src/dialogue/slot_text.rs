//! The value that a text holds, by the kind of the slot.

use regex::RegexBuilder;

use super::cues::fold;
use super::hidden::{has_hidden_number, without_hidden_numbers};
use super::place_words::address_said;
use crate::topics::{ListValue, SlotKind, SlotRule};

/// Longest value that is kept, in characters.
const VALUE_MAX_CHARS: usize = 500;

/// Likeness (Jaro-Winkler, 0 to 1) from which a misspelt word counts as a value of a list.
const LIST_LIKENESS: f64 = 0.90;

/// The value that a text holds by this rule, or nothing.
pub(super) fn from_text(rule: &SlotRule, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > VALUE_MAX_CHARS {
        return None;
    }
    // What was hidden is no value: the last figures of a card are not a postcode.
    if has_hidden_number(text) && !(rule.kind == SlotKind::Text && rule.pattern.is_none()) {
        let shown = without_hidden_numbers(text);
        return (rule.kind != SlotKind::Address)
            .then(|| from_text(rule, &shown))
            .flatten();
    }
    match rule.kind {
        SlotKind::Number => runs_of_digits(text)
            .into_iter()
            .find(|digits| fits(rule, digits) && in_range(rule, digits.parse().ok())),
        SlotKind::Email => search(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\W\d_]{2,}", text)
            .map(|mail| mail.to_lowercase())
            .filter(|mail| fits(rule, mail)),
        SlotKind::Phone => phone(text).filter(|phone| fits(rule, phone)),
        SlotKind::Postcode => search(
            r"\b(?:[a-z]\d{4}[a-z]{3}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d{4}|\d{5}-\d{4}|\d{4,5})\b",
            text,
        )
        .map(|code| code.to_uppercase())
        .filter(|code| fits(rule, code)),
        SlotKind::Address => address(address_said(text))
            .or_else(|| address(text))
            .filter(|address| fits(rule, address)),
        SlotKind::YesNo => yes_no(text).map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        SlotKind::List => listed(&rule.values, text),
        // What these are is read with a clock, by understanding; here they are known by the form in which they are kept.
        SlotKind::Date => text
            .parse::<jiff::civil::Date>()
            .ok()
            .filter(|date| date.to_string() == text)
            .map(|_| text.to_owned()),
        SlotKind::Time => is_kept_as(text, r"\d{2}:\d{2}"),
        SlotKind::Money => is_kept_as(text, r"\d{1,15}(?:\.\d{1,6})?(?: [A-Z]{3})?"),
        SlotKind::Duration => is_kept_as(text, r"P[0-9YMWDTHS]{2,24}"),
        SlotKind::Ordinal => is_kept_as(text, r"\d{1,4}"),
        SlotKind::Url => is_kept_as(text, r"(?:https?://|www\.)[^\s<>\x22']{2,2000}"),
        SlotKind::IdNumber => is_kept_as(text, r"[A-Z]?\d{7,8}[A-Z0-9]?|\d{2}-\d{8}-\d"),
        SlotKind::Text => free_text(rule, text),
    }
}

fn is_kept_as(text: &str, form: &str) -> Option<String> {
    let whole = regex::Regex::new(&format!("^(?:{form})$")).ok()?;
    whole.is_match(text).then(|| text.to_owned())
}

/// A pattern must match the value as a whole. One that does not compile fits nothing; `check` refuses it beforehand.
fn fits(rule: &SlotRule, value: &str) -> bool {
    rule.pattern.as_ref().is_none_or(|pattern| {
        RegexBuilder::new(&format!("^(?:{pattern})$"))
            .case_insensitive(true)
            .build()
            .is_ok_and(|whole| whole.is_match(value))
    })
}

fn in_range(rule: &SlotRule, number: Option<f64>) -> bool {
    if rule.min.is_none() && rule.max.is_none() {
        return true;
    }
    number.is_some_and(|number| {
        rule.min.is_none_or(|min| number >= min) && rule.max.is_none_or(|max| number <= max)
    })
}

/// Digits as they stand, then digits joined over single spaces, points and hyphens: `1234567`, `123 4567`, `1.234.567`.
fn runs_of_digits(text: &str) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    let (mut run, mut whole) = (String::new(), String::new());
    let mut gap = false;
    for c in text.chars().chain(std::iter::once('\n')) {
        if let Some(digit) = c.to_digit(10).and_then(|d| char::from_digit(d, 10)) {
            run.push(digit);
            whole.push(digit);
            gap = false;
            continue;
        }
        if !run.is_empty() {
            plain.push(std::mem::take(&mut run));
        }
        let bridge = matches!(c, ' ' | '.' | '-') && !gap && !whole.is_empty();
        if bridge {
            gap = true;
        } else if !whole.is_empty() {
            joined.push(std::mem::take(&mut whole));
            gap = false;
        }
    }
    plain.extend(joined);
    plain
}

fn search(pattern: &str, text: &str) -> Option<String> {
    let found = RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .ok()?;
    Some(found.find(text)?.as_str().to_owned())
}

/// A leading plus and 7 to 15 digits (E.164), whatever stands between them.
pub(super) fn phone(text: &str) -> Option<String> {
    let candidate = search(r"\+?\(?\d[\d\s().\-/]{5,}\d", text)?;
    let digits: String = candidate.chars().filter(char::is_ascii_digit).collect();
    let plus = if candidate.starts_with('+') { "+" } else { "" };
    (7..=15)
        .contains(&digits.len())
        .then(|| format!("{plus}{digits}"))
}

/// A word of three letters and a number, or "s/n".
pub(super) fn address(text: &str) -> Option<String> {
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() >= 3);
    let number = text.chars().any(|c| c.is_ascii_digit())
        || fold(text).contains("s n")
        || fold(text).contains("sin numero");
    let length = text.chars().count();
    (words && number && (8..=250).contains(&length) && !text.contains(['?', '¿', '@']))
        .then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

pub(super) fn yes_no(text: &str) -> Option<bool> {
    const YES: &[&str] = &[
        "si",
        "sip",
        "claro",
        "dale",
        "vale",
        "ok",
        "de acuerdo",
        "por supuesto",
        "correcto",
        "exacto",
        "asi es",
        "si por favor",
        "si claro",
        "si dale",
        "si si",
        "sisi",
        "yes",
        "yeah",
        "yep",
        "sure",
        "yes please",
        "right",
        "correct",
        "of course",
        "okay",
    ];
    const NO: &[&str] = &[
        "no",
        "nop",
        "nope",
        "no gracias",
        "para nada",
        "mejor no",
        "todavia no",
        "no thanks",
        "no thank you",
        "not really",
        "not yet",
    ];
    let folded = fold(text);
    if YES.contains(&folded.as_str()) {
        Some(true)
    } else if NO.contains(&folded.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// One value of the list: the whole text, else the longest synonym in it, else the likest word; nothing where two are as good.
fn listed(values: &[ListValue], text: &str) -> Option<String> {
    let folded = fold(text);
    let names: Vec<(&ListValue, String)> = values
        .iter()
        .flat_map(|value| {
            value
                .synonyms
                .values()
                .flatten()
                .chain(std::iter::once(&value.value))
                .map(move |name| (value, fold(name)))
        })
        .filter(|(_, name)| !name.is_empty())
        .collect();
    let padded = format!(" {folded} ");
    let whole = names
        .iter()
        .filter(|(_, name)| *name == folded)
        .map(|(v, _)| (*v, 1.0));
    let inside = names
        .iter()
        .filter(|(_, name)| padded.contains(&format!(" {name} ")))
        .map(|(v, name)| (*v, name.len() as f64));
    let alike = names
        .iter()
        .filter(|(_, name)| name.len() >= 4)
        .filter_map(|(v, name)| {
            let words = folded
                .split(' ')
                .map(|word| strsim::jaro_winkler(word, name));
            let best = words.fold(strsim::jaro_winkler(&folded, name), f64::max);
            (best >= LIST_LIKENESS).then_some((*v, best))
        });
    best_of(whole)
        .or_else(|| best_of(inside))
        .or_else(|| best_of(alike))
        .map(|value| value.value.clone())
}

fn best_of<'a>(scored: impl Iterator<Item = (&'a ListValue, f64)>) -> Option<&'a ListValue> {
    let mut best: Option<(&ListValue, f64)> = None;
    let mut tied = false;
    for (value, score) in scored {
        match best {
            Some((known, _)) if known.value == value.value => {
                best = best.map(|(known, top)| (known, top.max(score)));
            }
            Some((_, top)) if score < top => {}
            Some((_, top)) if (score - top).abs() < f64::EPSILON => tied = true,
            Some(_) | None => {
                best = Some((value, score));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(value, _)| value)
}

/// The whole text; with a pattern also the first part of the text that fits it, since people write "es ana@example.org".
fn free_text(rule: &SlotRule, text: &str) -> Option<String> {
    let length = text.chars().count() as f64;
    if rule.min.is_some_and(|min| length < min) || rule.max.is_some_and(|max| length > max) {
        return None;
    }
    if fits(rule, text) {
        return Some(text.to_owned());
    }
    text.split([' ', ',', ';', '\n', '\t'])
        .map(|part| {
            part.trim_matches(['.', ':', '(', ')', '"', '«', '»', '¿', '?', '¡', '!', '\''])
        })
        .filter(|part| !part.is_empty())
        .find(|part| fits(rule, part))
        .map(str::to_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::super::slot::answer;
    use super::*;
    use crate::conversation::Found;
    use crate::ids::{Lang, SlotName};
    use proptest::prelude::*;

    fn rule(kind: SlotKind, pattern: Option<&str>) -> SlotRule {
        SlotRule {
            kind,
            pattern: pattern.map(str::to_owned),
            min: None,
            max: None,
            values: vec![
                value("black", &["negro", "negra"], &["black"]),
                value("blue", &["azul"], &["blue"]),
                value("dark_blue", &["azul marino"], &["navy blue"]),
            ],
        }
    }

    fn value(value: &str, es: &[&str], en: &[&str]) -> ListValue {
        let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect();
        ListValue {
            value: value.to_owned(),
            synonyms: [(Lang::es(), words(es)), (Lang::en(), words(en))].into(),
        }
    }

    #[test]
    fn each_kind_takes_its_values() {
        let proof = r"[^\s@]+@[^\s@]+\.[^\s@]{2,}|\d{5}|[A-Za-z]?\d{4}([A-Za-z]{3})?";
        for (kind, pattern, said, wanted) in [
            (
                SlotKind::Number,
                Some(r"\d{7}"),
                "es el 0234567, creo",
                Some("0234567"),
            ),
            (
                SlotKind::Number,
                Some(r"\d{7}"),
                "#123 4567",
                Some("1234567"),
            ),
            (
                SlotKind::Number,
                Some(r"\d{7}"),
                "1.234.567",
                Some("1234567"),
            ),
            (SlotKind::Number, Some(r"\d{7}"), "12345", None),
            (SlotKind::Number, Some(r"\d{7}"), "12345678", None),
            (SlotKind::Number, None, "no lo sé", None),
            (
                SlotKind::Email,
                None,
                "Es Ana.Pérez@Example.org.",
                Some("ana.pérez@example.org"),
            ),
            (SlotKind::Email, None, "ana@example", None),
            (
                SlotKind::Phone,
                None,
                "+34 600 11 22 33",
                Some("+34600112233"),
            ),
            (
                SlotKind::Phone,
                None,
                "llámame al (0351) 422-3344",
                Some("03514223344"),
            ),
            (SlotKind::Phone, None, "12345", None),
            (SlotKind::Postcode, None, "el 28013", Some("28013")),
            (SlotKind::Postcode, None, "x5000abc", Some("X5000ABC")),
            (SlotKind::Postcode, None, "X5000", Some("X5000")),
            (SlotKind::Postcode, None, "sw1a 1aa", Some("SW1A 1AA")),
            (SlotKind::Postcode, None, "Madrid", None),
            (
                SlotKind::Address,
                None,
                "Calle Mayor 3,  28013 Madrid",
                Some("Calle Mayor 3, 28013 Madrid"),
            ),
            (
                SlotKind::Address,
                None,
                "Camino del Río s/n, Ronda",
                Some("Camino del Río s/n, Ronda"),
            ),
            (SlotKind::Address, None, "mi casa", None),
            (SlotKind::Address, None, "¿cuánto tarda a la calle 3?", None),
            (SlotKind::YesNo, None, "Sí, claro", Some("yes")),
            (SlotKind::YesNo, None, "no thanks", Some("no")),
            (SlotKind::YesNo, None, "quizás", None),
            (SlotKind::List, None, "la NEGRA", Some("black")),
            (SlotKind::List, None, "navy blue please", Some("dark_blue")),
            (SlotKind::List, None, "azul", Some("blue")),
            (SlotKind::List, None, "negrra", Some("black")),
            (SlotKind::List, None, "verde", None),
            (
                SlotKind::Text,
                Some(proof),
                "mi correo es ana@example.org",
                Some("ana@example.org"),
            ),
            (SlotKind::Text, Some(proof), "5000", Some("5000")),
            (SlotKind::Text, Some(proof), "ni idea", None),
            (SlotKind::Text, None, "llegó roto", Some("llegó roto")),
        ] {
            assert_eq!(
                from_text(&rule(kind, pattern), said).as_deref(),
                wanted,
                "{kind:?} {said}"
            );
        }
    }

    #[test]
    fn an_address_is_the_whole_answer_without_what_leads_to_it() {
        for (said, wanted) in [
            (
                "calle pez numero 12 2º izq madrid 28004",
                "calle pez numero 12 2º izq madrid 28004",
            ),
            (
                "Av Colon 1234 piso 3 depto B, X5000 Cordoba",
                "Av Colon 1234 piso 3 depto B, X5000 Cordoba",
            ),
            (
                "sí, a la calle Colón 4 2ºB, 46004 Valencia por favor",
                "calle Colón 4 2ºB, 46004 Valencia",
            ),
            (
                "no espera, mejor al trabajo: Gran Via 28 planta 3 28013 madrid",
                "Gran Via 28 planta 3 28013 madrid",
            ),
            ("es La Rambla 40, Barcelona", "La Rambla 40, Barcelona"),
            ("A Coruña, Rúa Real 4", "A Coruña, Rúa Real 4"),
            (
                "Nueva Córdoba, Obispo Trejo 900",
                "Nueva Córdoba, Obispo Trejo 900",
            ),
            (
                "mi nueva direccion es Camino Real 3, Ronda",
                "Camino Real 3, Ronda",
            ),
            (
                "it's 12 Baker Street, London please",
                "12 Baker Street, London",
            ),
        ] {
            assert_eq!(
                from_text(&rule(SlotKind::Address, None), said).as_deref(),
                Some(wanted),
                "{said}"
            );
        }
    }

    #[test]
    fn a_hidden_number_fills_nothing() {
        let said = "mi tarjeta es \u{2022}\u{2022}\u{2022}\u{2022} 1111";
        for (kind, pattern) in [
            (SlotKind::Number, None),
            (SlotKind::Postcode, None),
            (SlotKind::Address, None),
            (SlotKind::Text, Some(r"\d{4}")),
        ] {
            assert_eq!(from_text(&rule(kind, pattern), said), None, "{kind:?}");
        }
        assert_eq!(
            from_text(&rule(SlotKind::Text, None), said).as_deref(),
            Some(said)
        );
    }

    #[test]
    fn numbers_and_texts_keep_their_bounds() {
        let mut bounded = rule(SlotKind::Number, None);
        (bounded.min, bounded.max) = (Some(1.0), Some(5.0));
        assert_eq!(from_text(&bounded, "quiero 3"), Some("3".to_owned()));
        assert_eq!(from_text(&bounded, "quiero 30"), None);
        let mut words = rule(SlotKind::Text, None);
        (words.min, words.max) = (Some(3.0), Some(6.0));
        assert_eq!(from_text(&words, "añ"), None);
        assert_eq!(from_text(&words, "añejos"), Some("añejos".to_owned()));
        assert_eq!(from_text(&words, "añejados"), None);
    }

    #[test]
    fn what_understanding_found_comes_first() {
        let name: SlotName = "order_number".parse().unwrap();
        let found = [Found {
            name: name.clone(),
            value: "7654321".into(),
            span: (0, 7),
        }];
        let seven = rule(SlotKind::Number, Some(r"\d{7}"));
        assert_eq!(
            answer(&seven, &name, "1234567 o 7654321", &found, None).as_deref(),
            Some("7654321")
        );
    }

    #[test]
    fn a_broken_pattern_fits_nothing() {
        assert_eq!(
            from_text(&rule(SlotKind::Number, Some("(")), "1234567"),
            None
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}", pattern in proptest::option::of(".{0,12}")) {
            for kind in [SlotKind::Text, SlotKind::Number, SlotKind::Email, SlotKind::Phone, SlotKind::Postcode,
                SlotKind::Address, SlotKind::YesNo, SlotKind::List] {
                let value = from_text(&rule(kind, pattern.as_deref()), &text);
                prop_assert!(value.is_none_or(|value| !value.is_empty()));
            }
        }
    }
}
