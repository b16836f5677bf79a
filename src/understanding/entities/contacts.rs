//! How somebody is reached: e-mail, web address, telephone.

use super::expression::expression;

expression!(
    EMAIL,
    r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b"
);
expression!(URL, r#"(?:https?://|www\.)[^\s<>"']{2,2000}"#);
expression!(
    PHONE,
    r"\+\d[\d ()./-]{5,20}\d\b|\b\d{2,4}(?:[ ./-]\(?\d{2,4}\)?){2,4}\b|\(\d{2,5}\)[ ./-]?\d[\d ./-]{4,12}\d\b"
);
expression!(LOOSE_PHONE, r"\+?\(?\d[\d ()./-]{5,22}\d");

pub(super) fn digits(text: &str) -> String {
    let plus = if text.starts_with('+') { "+" } else { "" };
    plus.chars()
        .chain(text.chars().filter(char::is_ascii_digit))
        .collect()
}
