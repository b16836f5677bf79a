//! Card numbers and IBANs are masked before they are stored: nobody here needs them, and what is not kept cannot leak.

use std::sync::LazyLock;

use regex::Regex;

static CARD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\d(?:[ .-]?\d){12,18}\b").expect("a valid pattern"));
static IBAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b").expect("a valid pattern")
});

/// The text with each card number and IBAN replaced by dots and its last four characters. Numbers that fail their check digits stay: they are
/// order or phone numbers.
pub fn mask(text: &str) -> String {
    let without_ibans = IBAN.replace_all(text, |found: &regex::Captures<'_>| {
        mask_one(&found[0], iban_holds(&found[0]))
    });
    CARD.replace_all(&without_ibans, |found: &regex::Captures<'_>| {
        mask_one(&found[0], card_holds(&found[0]))
    })
    .into_owned()
}

fn mask_one(found: &str, holds: bool) -> String {
    if !holds {
        return found.to_owned();
    }
    let kept: Vec<char> = found.chars().filter(char::is_ascii_alphanumeric).collect();
    let last: String = kept.iter().skip(kept.len().saturating_sub(4)).collect();
    format!("•••• {last}")
}

/// Luhn's check (ISO/IEC 7812-1), for 13 to 19 digits that begin as payment cards do.
fn card_holds(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if !(13..=19).contains(&digits.len()) || !matches!(digits.first(), Some(2..=6)) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double @ 0..=9) => double,
            (_, double) => double - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO 13616: the country and check digits go to the end, letters count from 10, and the whole is 1 modulo 97.
fn iban_holds(text: &str) -> bool {
    let kept: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&kept.len()) {
        return false;
    }
    let (head, tail) = kept.split_at(4);
    let rest = tail.iter().chain(head).filter_map(|c| c.to_digit(36));
    rest.fold(0_u32, |rest, value| {
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    }) == 1
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn cards_and_ibans_are_masked() {
        assert_eq!(
            mask("pagué con 4111 1111 1111 1111 ayer"),
            "pagué con •••• 1111 ayer"
        );
        assert_eq!(
            mask("mi tarjeta es 5500-0000-0000-0004."),
            "mi tarjeta es •••• 0004."
        );
        assert_eq!(
            mask("IBAN ES91 2100 0418 4502 0005 1332, gracias"),
            "IBAN •••• 1332, gracias"
        );
        assert_eq!(mask("es9121000418450200051332"), "•••• 1332");
    }

    #[test]
    fn order_and_phone_numbers_stay() {
        for kept in [
            "pedido 1234567",
            "+34 600 123 456",
            "4111 1111 1111 1112",
            "código AB12 CDEF",
            "2026-11-21 10:30:00",
        ] {
            assert_eq!(mask(kept), kept);
        }
    }
}
