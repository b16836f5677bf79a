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

/// Monday, 23 November 2026, 11:10.
fn around(locale: &Lang) -> Around<'_> {
    Around {
        now: Some(jiff::civil::datetime(2026, 11, 23, 11, 10, 0, 0)),
        locale,
    }
}

fn all(original: &str) -> Vec<(String, String, String)> {
    all_in(original, "es")
}

fn all_in(original: &str, locale: &str) -> Vec<(String, String, String)> {
    let found = search(original, locale, |text| find(text, &lists()));
    found
        .into_iter()
        .map(|found| {
            let quoted = original.get(found.span.0..found.span.1).unwrap().to_owned();
            (found.name.to_string(), found.value, quoted)
        })
        .collect()
}

/// Looks at a text as it is read on that Monday.
fn search<T>(original: &str, locale: &str, look: impl FnOnce(Searched<'_>) -> T) -> T {
    let locale: Lang = locale.parse().unwrap();
    let folded = Folded::new(original);
    let words = words(&folded);
    look(Searched {
        original,
        folded: &folded,
        words: &words,
        read: &words,
        around: around(&locale),
    })
}

/// What is read of an answer to a question of this rule.
fn answered(rule: &SlotRule, original: &str) -> Option<String> {
    let asked = "asked".parse().unwrap();
    let reader = SlotReader::new(&asked, rule);
    let found = search(original, "es", |text| reader.answer(text))?;
    assert!(original.get(found.span.0..found.span.1).is_some());
    Some(found.value)
}

fn slot(kind: SlotKind, pattern: Option<&str>, original: &str) -> Option<String> {
    let values = if kind == SlotKind::List {
        items()
    } else {
        Vec::new()
    };
    let rule = SlotRule {
        kind,
        pattern: pattern.map(str::to_owned),
        min: None,
        max: None,
        values,
    };
    answered(&rule, original)
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

/// Seen from Monday, 23 November 2026.
#[test]
fn days_are_read_as_people_name_them() {
    for (text, value, quoted) in [
        ("llega hoy?", "2026-11-23", "hoy"),
        ("lo pedí ayer", "2026-11-22", "ayer"),
        ("anteayer", "2026-11-21", "anteayer"),
        ("mañana no puedo", "2026-11-24", "mañana"),
        (
            "pasado mañana a las 7 de la tarde",
            "2026-11-25",
            "pasado mañana",
        ),
        ("el viernes que viene", "2026-11-27", "viernes que viene"),
        ("el próximo lunes", "2026-11-30", "próximo lunes"),
        ("el lunes pasado", "2026-11-16", "lunes pasado"),
        (
            "el martes de la semana que viene",
            "2026-12-01",
            "martes de la semana que viene",
        ),
        ("hace tres días", "2026-11-20", "hace tres días"),
        (
            "hace una semana que espero",
            "2026-11-16",
            "hace una semana",
        ),
        ("hace un mes", "2026-10-23", "hace un mes"),
        (
            "dentro de dos semanas",
            "2026-12-07",
            "dentro de dos semanas",
        ),
        ("en 3 días me voy", "2026-11-26", "en 3 días"),
        ("15 días atrás", "2026-11-08", "15 días atrás"),
        ("el 27 de noviembre", "2026-11-27", "27 de noviembre"),
        (
            "el veintisiete de noviembre",
            "2026-11-27",
            "veintisiete de noviembre",
        ),
        (
            "primero de mayo de 2027",
            "2027-05-01",
            "primero de mayo de 2027",
        ),
        ("el 3/4", "2027-04-03", "3/4"),
        ("fue el 12/11/2026", "2026-11-12", "12/11/2026"),
        ("2026-12-24", "2026-12-24", "2026-12-24"),
        ("viernes 27", "2026-11-27", "viernes 27"),
        ("in two weeks", "2026-12-07", "in two weeks"),
        ("two weeks ago", "2026-11-09", "two weeks ago"),
        ("a week ago", "2026-11-16", "a week ago"),
        ("3 days from now", "2026-11-26", "3 days from now"),
        ("next Friday", "2026-11-27", "next Friday"),
        ("last tuesday", "2026-11-17", "last tuesday"),
        ("the day after tomorrow", "2026-11-25", "day after tomorrow"),
        ("tomorrow morning", "2026-11-24", "tomorrow morning"),
        (
            "on November 27th, 2026",
            "2026-11-27",
            "November 27th, 2026",
        ),
        ("the 3rd of April", "2027-04-03", "3rd of April"),
        ("last night", "2026-11-22", "last night"),
    ] {
        let found = all(text);
        let wanted = ("date".to_owned(), value.to_owned(), quoted.to_owned());
        assert!(found.contains(&wanted), "{text}: {found:?}");
    }
    let found = all_in("it came on 3/4", "en-US");
    assert!(found.iter().any(|one| one.1 == "2027-03-04"), "{found:?}");
    let found = all_in("it came on 4/25", "en");
    assert!(found.iter().any(|one| one.1 == "2027-04-25"), "{found:?}");
}

#[test]
fn what_is_no_day_is_not_taken_for_one() {
    for text in [
        "por la mañana",
        "toda la mañana",
        "atienden 24/7",
        "calle Mayor 3",
        "31/2",
        "2-3 días",
        "may I ask something",
        "el pedido 1000007",
        "talla 38/40",
        "quiero el 27",
        "1/2/3/4",
        "la semana que viene",
        "me lo mandaron en la caja",
    ] {
        let found = all(text);
        assert!(found.iter().all(|one| one.0 != "date"), "{text}: {found:?}");
    }
}

#[test]
fn hours_are_read_as_people_name_them() {
    for (text, value) in [
        ("pasado mañana a las 7 de la tarde", "19:00"),
        ("a las 5", "17:00"),
        ("a las 9", "09:00"),
        ("a las siete y media", "19:30"),
        ("a las 8 menos cuarto de la mañana", "07:45"),
        ("a la una", "13:00"),
        ("17:30", "17:30"),
        ("a las 05:00", "05:00"),
        ("a las 17h", "17:00"),
        ("a las 10 de la noche", "22:00"),
        ("a las 12 de la noche", "00:00"),
        ("al mediodía", "12:00"),
        ("at 5", "17:00"),
        ("at 5:30 pm", "17:30"),
        ("10am", "10:00"),
        ("half past five", "17:30"),
        ("quarter to six", "17:45"),
        ("at noon", "12:00"),
        ("a las 3 y cuarto p. m.", "15:15"),
    ] {
        let found = all(text);
        let hour = found.iter().find(|one| one.0 == "time");
        assert_eq!(
            hour.map(|one| one.1.as_str()),
            Some(value),
            "{text}: {found:?}"
        );
    }
    for text in [
        "about 5 shirts",
        "las 3 camisas no",
        "el 12",
        "a las 25",
        "la 2",
        "99:99",
    ] {
        let found = all(text);
        let hour = found
            .iter()
            .any(|one| one.0 == "time" && text != "las 3 camisas no");
        assert!(!hour, "{text}: {found:?}");
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, locale, value, quoted) in [
        ("son €45,90", "es", "45.90 EUR", "€45,90"),
        ("$ 12.500", "es-AR", "12500 ARS", "$ 12.500"),
        ("$ 12.500", "es", "12500", "$ 12.500"),
        ("45 euros con 90", "es", "45.90 EUR", "45 euros con 90"),
        (
            "45 euros con 90 céntimos",
            "es",
            "45.90 EUR",
            "45 euros con 90 céntimos",
        ),
        ("salió 20 lucas", "es-AR", "20000 ARS", "20 lucas"),
        ("20 lucas", "es-CL", "20000 CLP", "20 lucas"),
        ("me cobraron 20 pavos", "es", "20 EUR", "20 pavos"),
        (
            "cuarenta y cinco euros",
            "es",
            "45 EUR",
            "cuarenta y cinco euros",
        ),
        ("2 mil pesos", "es-MX", "2000 MXN", "2 mil pesos"),
        (
            "2,5 millones de pesos",
            "es-CO",
            "2500000 COP",
            "2,5 millones de pesos",
        ),
        ("u$s 20", "es-AR", "20 USD", "u$s 20"),
        ("US$ 20.50", "en", "20.50 USD", "US$ 20.50"),
        ("$20.50", "en-US", "20.50 USD", "$20.50"),
        ("fifty quid", "en", "50 GBP", "fifty quid"),
        (
            "20 dollars and 50 cents",
            "en",
            "20.50 USD",
            "20 dollars and 50 cents",
        ),
        ("50 céntimos", "es", "0.50 EUR", "50 céntimos"),
        ("1.234,50€", "es", "1234.50 EUR", "1.234,50€"),
        ("15 mil €", "es", "15000 EUR", "15 mil €"),
    ] {
        let found = all_in(text, locale);
        let wanted = ("money".to_owned(), value.to_owned(), quoted.to_owned());
        assert!(found.contains(&wanted), "{text} {locale}: {found:?}");
    }
    for text in [
        "20 camisas",
        "un palo",
        "la 20",
        "pedido 1000007",
        "mil gracias",
    ] {
        let found = all(text);
        assert!(
            found.iter().all(|one| one.0 != "money"),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn numbers_of_people_lengths_ranks_and_counts_are_found() {
    for (text, name, value) in [
        ("mi DNI es 12.345.678-Z", "id_number", "12345678Z"),
        ("nie x1234567l", "id_number", "X1234567L"),
        ("CUIT 20-12345678-6", "id_number", "20-12345678-6"),
        ("dni 28.123.456", "id_number", "28123456"),
        ("tarda dos semanas", "duration", "P2W"),
        ("48 hs hábiles", "duration", "PT48H"),
        ("el segundo pedido", "ordinal", "2"),
        ("the 3rd one", "ordinal", "3"),
        ("quiero dos pares", "count", "2"),
        ("twenty-five shirts", "count", "25"),
    ] {
        let found = all(text);
        let is = found.iter().any(|one| one.0 == name && one.1 == value);
        assert!(is, "{text}: {found:?}");
    }
    // A wrong check digit makes no number of a person, and thanks are no count.
    for (text, name) in [("12345678A", "id_number"), ("una camisa", "count")] {
        assert!(all(text).iter().all(|one| one.0 != name), "{text}");
    }
}

#[test]
fn answers_of_the_new_kinds_are_read_for_what_was_asked() {
    for (kind, text, value) in [
        (SlotKind::Date, "el 27", Some("2026-11-27")),
        (SlotKind::Date, "27", Some("2026-11-27")),
        (SlotKind::Date, "el martes", Some("2026-11-24")),
        (SlotKind::Date, "hoy o mañana", None),
        (SlotKind::Date, "no sé", None),
        (SlotKind::Time, "17", Some("17:00")),
        (SlotKind::Time, "a las 7 por la tarde", Some("19:00")),
        (SlotKind::Time, "5 y media", Some("17:30")),
        (SlotKind::Money, "45,90", Some("45.90")),
        (SlotKind::Money, "unos cuarenta", Some("40")),
        (SlotKind::Money, "fueron 20 euros", Some("20 EUR")),
        (SlotKind::Duration, "tres semanas", Some("P3W")),
        (SlotKind::Ordinal, "la segunda", Some("2")),
        (SlotKind::Ordinal, "2", Some("2")),
        (
            SlotKind::Url,
            "mirá www.example.org/a.",
            Some("www.example.org/a"),
        ),
        (SlotKind::IdNumber, "12345678z", Some("12345678Z")),
        (SlotKind::IdNumber, "28.123.456", Some("28123456")),
        (SlotKind::IdNumber, "12345678A", None),
        (SlotKind::Number, "una", Some("1")),
        (SlotKind::Number, "veintitrés", Some("23")),
        (SlotKind::List, "zapatilas", Some("zapatillas")),
    ] {
        assert_eq!(slot(kind, None, text).as_deref(), value, "{kind:?} {text}");
    }
}

#[test]
fn the_reach_of_a_date_tells_which_tuesday_is_meant() {
    let read = |min: Option<f64>, max: Option<f64>, original: &str| {
        let rule = SlotRule {
            kind: SlotKind::Date,
            pattern: None,
            min,
            max,
            values: Vec::new(),
        };
        answered(&rule, original)
    };
    assert_eq!(
        read(None, Some(0.0), "el martes").as_deref(),
        Some("2026-11-17")
    );
    assert_eq!(
        read(Some(0.0), None, "el martes").as_deref(),
        Some("2026-11-24")
    );
    assert_eq!(read(Some(0.0), Some(30.0), "el 3 de febrero"), None);
    assert_eq!(read(Some(0.0), Some(30.0), "ayer"), None);
}

proptest::proptest! {
    #[test]
    fn whatever_is_found_stands_in_the_text(
        text in "([a-zñáéª€$£/:., 0-9-]{0,12} ?(las|hace|mil|lunes|mañana|3/4|27|de|€|pm|dos|y media|euros|ago|next|may|12:30|ü|🎉){0,3} ?){0,8}",
        any in "\\PC{0,60}",
        locale in "es|es-AR|es-MX|en|en-US",
    ) {
        for text in [text, any] {
            for (name, value, _quoted) in all_in(&text, &locale) {
                proptest::prop_assert!(!value.is_empty(), "{name}");
            }
            for kind in [SlotKind::Date, SlotKind::Time, SlotKind::Money, SlotKind::Duration, SlotKind::Ordinal, SlotKind::Url,
                SlotKind::IdNumber, SlotKind::Number, SlotKind::List] {
                let value = slot(kind, None, &text);
                proptest::prop_assert!(value.is_none_or(|value| !value.is_empty()));
            }
        }
    }
}

#[test]
fn the_work_on_a_pasted_page_is_bounded() {
    // What is looked at for values in words ends after so many words; what follows costs nothing.
    let page = "hace dos mil treinta y ".repeat(3_000);
    assert!(page.len() > 64 * 1024 && all(&page).len() <= MOST_FOUND);
}
