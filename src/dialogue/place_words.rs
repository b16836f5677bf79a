//! Addresses as people give them: with words that lead to them, and in place of one that was wrong.

use super::cues::{fold, word_count};
use crate::understanding::MONTHS;

/// Words that may lead to an address and are none of it: "sí, a la calle …", "mi dirección es …".
const LEADING: &[&str] = &[
    "a",
    "al",
    "en",
    "es",
    "era",
    "seria",
    "sera",
    "si",
    "sip",
    "no",
    "ok",
    "vale",
    "dale",
    "bueno",
    "claro",
    "pues",
    "hola",
    "espera",
    "perdon",
    "perdona",
    "mejor",
    "que",
    "sea",
    "vaya",
    "va",
    "mi",
    "direccion",
    "domicilio",
    "envialo",
    "enviadlo",
    "envienlo",
    "enviarlo",
    "mandalo",
    "mandadlo",
    "mandenlo",
    "mandarlo",
    "quiero",
    "por",
    "favor",
    "porfa",
    "trabajo",
    "esta",
    "mal",
    "ahora",
    "entonces",
    "yes",
    "yeah",
    "wait",
    "sorry",
    "actually",
    "instead",
    "please",
    "send",
    "ship",
    "deliver",
    "it",
    "its",
    "it s",
    "is",
    "to",
    "at",
    "my",
    "address",
    "should",
    "be",
    "go",
    "goes",
];

/// Words that lead to one only before a word for a street or an address: "la calle Mayor", but "La Rambla".
const LEADING_IF: &[&str] = &["la", "el", "los", "las", "lo", "the", "nueva", "new"];

/// Words with which an address begins, or that announce one.
const ANNOUNCING: &[&str] = &[
    "calle",
    "avenida",
    "avda",
    "av",
    "paseo",
    "plaza",
    "bulevar",
    "bv",
    "pasaje",
    "camino",
    "ronda",
    "ruta",
    "carretera",
    "travesia",
    "c",
    "direccion",
    "domicilio",
    "address",
    "nueva",
    "new",
    "siguiente",
    "following",
];

/// Words behind an address that are none of it.
const COURTEOUS: &[&str] = &["porfa", "favor", "gracias", "please", "thanks"];

/// Longest announcement before a colon, in words: "no espera, mejor al trabajo:".
const ANNOUNCEMENT_MAX: usize = 8;

/// An answer to the question for an address, without the words that lead to it and the courtesy behind it.
pub(super) fn address_said(text: &str) -> &str {
    without_courtesy(without_lead(after_announcement(text.trim())))
}

fn after_announcement(text: &str) -> &str {
    match text.split_once(':') {
        Some((head, tail))
            if word_count(head) <= ANNOUNCEMENT_MAX
                && !head.chars().any(char::is_numeric)
                && tail.chars().any(char::is_numeric)
                && !is_a_street(head) =>
        {
            tail.trim()
        }
        Some(_) | None => text,
    }
}

/// "Calle: Colón 4" is an address as it stands.
fn is_a_street(head: &str) -> bool {
    let folded = fold(head);
    let last = folded.rsplit(' ').next().unwrap_or_default();
    ANNOUNCING.contains(&last) && !matches!(last, "direccion" | "domicilio" | "address")
}

fn without_lead(text: &str) -> &str {
    let mut rest = text;
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        let after = after.trim_start();
        let next = fold(after.split_whitespace().next().unwrap_or_default());
        let word = fold(word);
        let leads = word.is_empty()
            || (LEADING.contains(&word.as_str()) && !(word == "a" && next == "coruna"))
            || (LEADING_IF.contains(&word.as_str()) && ANNOUNCING.contains(&next.as_str()));
        if !leads {
            break;
        }
        rest = after;
    }
    rest
}

fn without_courtesy(text: &str) -> &str {
    let mut rest = text;
    while let Some((before, word)) = rest.rsplit_once(char::is_whitespace) {
        let word = fold(word);
        let courteous = COURTEOUS.contains(&word.as_str());
        if !courteous {
            break;
        }
        let before = before.trim_end();
        rest = match before.rsplit_once(char::is_whitespace) {
            Some((shorter, "por" | "Por")) if word == "favor" => shorter,
            Some(_) | None => before,
        }
        .trim_end_matches([',', ' ', '.']);
    }
    rest
}

/// "May" is a verb more often than a month.
fn names_a_month(word: &str) -> bool {
    let named = MONTHS
        .iter()
        .any(|(es, en)| *es == word || en.eq_ignore_ascii_case(word));
    named && word != "may"
}

/// Whether words with a number are likely a place and no date, no quantity, no telephone.
pub(super) fn is_likely_a_place(text: &str) -> bool {
    const OTHERS: &[&str] = &[
        "hora", "horas", "dia", "dias", "euros", "pesos", "pedido", "orden", "order", "telefono",
        "movil", "phone", "llamadme", "llamame", "llamenme", "hours", "days",
    ];
    const LONGEST_NUMBER: usize = 5;
    let folded = fold(address_said(text));
    let words: Vec<&str> = folded.split(' ').collect();
    let digits: usize = folded.chars().filter(char::is_ascii_digit).count();
    let numbers = words
        .iter()
        .filter(|word| word.chars().all(|c| c.is_ascii_digit()))
        .collect::<Vec<_>>();
    digits > 0
        && numbers.iter().all(|number| number.len() <= LONGEST_NUMBER)
        // Three groups of figures and little else are a telephone.
        && words.len() > numbers.len()
        && !words.iter().any(|word| OTHERS.contains(word) || names_a_month(word))
        && folded.starts_with(char::is_alphabetic)
}
