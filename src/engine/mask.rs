//! Card numbers with their expiry dates and security codes, and IBANs, are masked before they are stored: nobody here needs them, and what is not
//! kept cannot leak.

use std::sync::LazyLock;

use regex::Regex;

/// A run of digits with at most one space, dot or dash between them; a card number may stand anywhere in it.
static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d(?:[ .-]?\d){12,}").expect("a valid pattern"));
/// Two letters, two digits and what may follow in an IBAN, words behind it included.
static IBAN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b[A-Z]{2}\d{2}(?: ?[A-Z0-9])+").expect("a valid pattern"));

/// A security code behind its name.
static SECURITY_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?P<name>cvv2?|cvc2?|cvn|csc|cid|c[óo]d(?:igo|\.)? de seguridad|(?:card )?security code|security number)(?P<between>\W{0,3}(?:es|is|el|it's)?\W{0,3})\d{3,4}\b",
    )
    .expect("a valid pattern")
});
/// Month and year, as they stand on a card.
static EXPIRY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?\d{2}\b").expect("a valid pattern")
});
/// A bare security code right behind a masked card, with or without its expiry date between.
static BARE_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<card>•••• \d{4}(?:[ ,;.-]{1,3}••/••)?[ ,;.-]{1,3})\d{3,4}\b")
        .expect("a valid pattern")
});

/// The text with each card number and IBAN replaced by dots and its last four characters; security codes, and beside a card its expiry date, by
/// dots alone. Numbers that fail their check digits stay: they are order or phone numbers.
pub fn mask(text: &str) -> String {
    let without_ibans = IBAN.replace_all(text, |found: &regex::Captures<'_>| mask_iban(&found[0]));
    let without_codes = SECURITY_CODE.replace_all(&without_ibans, "$name$between•••");
    let without_cards = DIGITS.replace_all(&without_codes, |found: &regex::Captures<'_>| {
        mask_cards(&found[0])
    });
    if without_cards == without_codes {
        return without_cards.into_owned();
    }
    let without_dates = EXPIRY.replace_all(&without_cards, "••/••");
    BARE_CODE
        .replace_all(&without_dates, "${card}•••")
        .into_owned()
}

/// Shorter and shorter beginnings: the words behind an IBAN look like more of it.
fn mask_iban(run: &str) -> String {
    let ends: Vec<usize> = run
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    for end in ends.into_iter().rev() {
        let (head, tail) = run.split_at(end);
        let cut_in_word = head.ends_with(|c: char| c.is_ascii_alphanumeric())
            && tail.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !cut_in_word && !head.ends_with(' ') && iban_holds(head) {
            return format!("{}{tail}", masked(head));
        }
    }
    run.to_owned()
}

/// Every stretch of 13 to 19 digits that is a card number, the longest first; a stretch begins and ends where a group of digits does.
fn mask_cards(run: &str) -> String {
    let digits: Vec<(usize, char)> = run
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .collect();
    let begins = |nth: usize| nth == 0 || digits[nth].0 > digits[nth - 1].0 + 1;
    let ends = |nth: usize| nth + 1 == digits.len() || digits[nth + 1].0 > digits[nth].0 + 1;
    let mut kept = String::with_capacity(run.len());
    let (mut at, mut nth) = (0, 0);
    while nth < digits.len() {
        let fits = |len: &usize| {
            let last = nth + len - 1;
            last < digits.len() && begins(nth) && ends(last) && card_holds(&digits[nth..=last])
        };
        match (13..=19).rev().find(fits) {
            Some(len) => {
                let (from, to) = (digits[nth].0, digits[nth + len - 1].0 + 1);
                kept.push_str(run.get(at..from).unwrap_or_default());
                kept.push_str(&masked(run.get(from..to).unwrap_or_default()));
                at = to;
                nth += len;
            }
            None => nth += 1,
        }
    }
    kept.push_str(run.get(at..).unwrap_or_default());
    kept
}

fn masked(found: &str) -> String {
    let kept: Vec<char> = found.chars().filter(char::is_ascii_alphanumeric).collect();
    let last: String = kept.iter().skip(kept.len().saturating_sub(4)).collect();
    format!("•••• {last}")
}

/// Luhn's check (ISO/IEC 7812-1), for 13 to 19 digits that begin as payment cards do.
fn card_holds(places: &[(usize, char)]) -> bool {
    let digits: Vec<u32> = places.iter().filter_map(|(_, c)| c.to_digit(10)).collect();
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
        assert_eq!(mask("4111 1111 1111 1111 12/25"), "•••• 1111 ••/••");
        assert_eq!(mask("4111111111111111 123"), "•••• 1111 •••");
        assert_eq!(
            mask("ES9121000418450200051332 y soy Ana"),
            "•••• 1332 y soy Ana"
        );
        assert_eq!(mask("1234567 4111 1111 1111 1111"), "1234567 •••• 1111");
    }

    #[test]
    fn what_stands_beside_a_card_is_masked_too() {
        for (said, kept) in [
            (
                "4111 1111 1111 1111 caduca 12/27 cvv 123",
                "•••• 1111 caduca ••/•• cvv •••",
            ),
            (
                "4111111111111111, 12/2027, 1234 y soy Ana",
                "•••• 1111, ••/••, ••• y soy Ana",
            ),
            (
                "el código de seguridad es 123",
                "el código de seguridad es •••",
            ),
            ("my CVC: 4321", "my CVC: •••"),
            ("security code 999 thanks", "security code ••• thanks"),
        ] {
            assert_eq!(mask(said), kept);
        }
    }

    #[test]
    fn order_and_phone_numbers_stay() {
        for kept in [
            "el cupón caduca 12/27",
            "talla 123 del pedido 1234567",
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
