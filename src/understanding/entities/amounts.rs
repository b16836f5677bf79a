//! Plain numbers, with the separators of both worlds.

use super::expression::expression;

expression!(NUMBER, r"\b\d{1,18}(?:[.,]\d{1,6}){0,5}\b");

/// `1.234,50` and `1,234.50` are `1234.50`; a single separator before exactly three digits groups thousands.
pub(super) fn decimal(text: &str) -> String {
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

/// A number in an answer without the separators of its thousands; codes with letters and dashes stay as they are.
pub(super) fn ungrouped(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if plain {
        decimal(text)
    } else {
        text.to_owned()
    }
}
