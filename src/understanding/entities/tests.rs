//! Values of each kind, found anywhere and given as an answer.

use super::super::normalise::words;
use super::*;
use crate::ids::Lang;
use crate::topics::{ListValue, SlotKind, SlotRule};

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
            "soy ANA.Perez@Example.org, hola",
            "email",
            "ana.perez@example.org",
            "ANA.Perez@Example.org",
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
        (
            "mandalo a Av. Colón 123, Córdoba?",
            "address",
            "Av. Colón 123, Córdoba",
            "Av. Colón 123, Córdoba",
        ),
        (
            "send it to 12 Baker Street, London please",
            "address",
            "12 Baker Street, London please",
            "12 Baker Street, London please",
        ),
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
        assert!(found.contains(&wanted), "{text}: {found:?}");
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

#[test]
fn an_address_is_taken_whole_or_not_at_all() {
    for text in [
        "peña@gmail.com",
        "ana@muñoz.es",
        "o'brien@example.ie",
        "bjørn@example.no",
        "ana&luis@example.org",
    ] {
        let found = all(text);
        assert!(
            found.iter().all(|one| one.0 != "email"),
            "{text}: {found:?}"
        );
    }
}
