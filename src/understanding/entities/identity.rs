//! Numbers of people and companies with their check digits: DNI, NIE and CIF of Spain, CUIT and CUIL of Argentina. An Argentine DNI has none: it
//! is one only where it is called so, or asked for.

use super::expression::expression;

expression!(
    SPANISH,
    r"\b(?:[xyz][ .-]?\d{7}[ .-]?[a-z]|\d{8}[ .-]?[a-z]|\d{2}\.\d{3}\.\d{3}[ .-]?[a-z]|[abcdefghjnpqrsuvw][ .-]?\d{7}[ .-]?[0-9a-j])\b"
);
expression!(ARGENTINE, r"\b\d{2}[ .-]?\d{8}[ .-]?\d\b");
expression!(
    PLAIN,
    r"\b(?:dni|documento|doc|cedula)\W{0,3}(?:n(?:o|ro|umero)?\W{0,3})?(?:es |is )?(?P<value>\d{1,2}\.?\d{3}\.?\d{3})\b"
);
expression!(BARE, r"\b\d{1,2}\.?\d{3}\.?\d{3}\b");

/// The letters of a DNI, by the remainder of its number by 23.
const LETTERS: [char; 23] = [
    'T', 'R', 'W', 'A', 'G', 'M', 'Y', 'F', 'P', 'D', 'X', 'B', 'N', 'J', 'Z', 'S', 'Q', 'V', 'H',
    'L', 'C', 'K', 'E',
];

/// The number in its own form, where its check digit is right: `12345678Z`, `X1234567L`, `B12345674`, `20-12345678-6`.
pub(super) fn checked(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let first = plain.chars().next()?;
    let last = plain.chars().next_back()?;
    if plain.len() == 11 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return cuit(&plain);
    }
    let body = plain.get(1..plain.len() - 1)?;
    let right = match first {
        _ if plain.len() != 9 => false,
        '0'..='9' => letter_of(plain.get(..8)?)? == last,
        'X' => letter_of(body)? == last,
        'Y' => letter_of(&format!("1{body}"))? == last,
        'Z' => letter_of(&format!("2{body}"))? == last,
        _ => company(first, body, last)?,
    };
    right.then_some(plain)
}

/// The number as it is kept where only its form can be checked: an Argentine DNI of seven or eight figures.
pub(super) fn unchecked(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (7..=8).contains(&digits.len()).then_some(digits)
}

fn letter_of(number: &str) -> Option<char> {
    let number: usize = number.parse().ok()?;
    LETTERS.get(number % 23).copied()
}

/// CIF: the sum of the figures, every other one doubled and its figures added.
fn company(kind: char, body: &str, last: char) -> Option<bool> {
    if !"ABCDEFGHJNPQRSUVW".contains(kind) {
        return None;
    }
    let mut sum = 0;
    for (at, c) in body.chars().enumerate() {
        let figure = c.to_digit(10)?;
        let doubled = figure * 2;
        sum += if at % 2 == 0 {
            doubled / 10 + doubled % 10
        } else {
            figure
        };
    }
    let check = (10 - sum % 10) % 10;
    let letter = "JABCDEFGHI".chars().nth(usize::try_from(check).ok()?)?;
    let digit = char::from_digit(check, 10)?;
    Some(match kind {
        'A' | 'B' | 'E' | 'H' => last == digit,
        'N' | 'P' | 'Q' | 'R' | 'S' | 'W' => last == letter,
        _ => last == digit || last == letter,
    })
}

/// CUIT and CUIL: weights 5 4 3 2 7 6 5 4 3 2, eleven less the remainder by eleven.
fn cuit(digits: &str) -> Option<String> {
    const KINDS: [&str; 8] = ["20", "23", "24", "25", "26", "27", "30", "33"];
    let kind = digits.get(..2)?;
    let body = digits.get(2..10)?;
    let last = digits.get(10..)?;
    let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let figures = digits.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = figures
        .zip(weights)
        .map(|(figure, weight)| figure * weight)
        .sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        10 => 9,
        check => check,
    };
    let known = KINDS.contains(&kind) || kind == "34";
    (known && last.parse() == Ok(check)).then(|| format!("{kind}-{body}-{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        for (text, kept) in [
            ("12345678Z", Some("12345678Z")),
            ("12.345.678-z", Some("12345678Z")),
            ("12345678A", None),
            ("X1234567L", Some("X1234567L")),
            ("y-1234567-x", Some("Y1234567X")),
            ("X1234567A", None),
            ("B12345674", Some("B12345674")),
            ("B12345678", None),
            ("A58818501", Some("A58818501")),
            ("20-12345678-6", Some("20-12345678-6")),
            ("20123456786", Some("20-12345678-6")),
            ("20-12345678-5", None),
            ("27-00000000-0", None),
            ("", None),
            ("ñ", None),
            ("1234567", None),
        ] {
            assert_eq!(checked(text).as_deref(), kept, "{text}");
        }
    }
}
