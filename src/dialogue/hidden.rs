//! Numbers of cards and accounts that were hidden in a text before it was stored: what is left of them.

/// The last characters of the numbers that were hidden in a text.
pub(super) fn hidden_tails(text: &str) -> Vec<String> {
    text.split(HIDDEN_NUMBER)
        .skip(1)
        .map(|after| {
            after
                .trim_start()
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect()
        })
        .collect()
}

/// A text without the numbers that were hidden in it.
pub(super) fn without_hidden_numbers(text: &str) -> String {
    let mut parts = text.split(HIDDEN_NUMBER);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for after in parts {
        let tail = |c: char| c.is_ascii_alphanumeric();
        shown.push_str(after.trim_start().trim_start_matches(tail));
    }
    shown.replace(HIDDEN, "")
}

/// What stands for a security code, and begins what stands for a number.
const HIDDEN: &str = "\u{2022}\u{2022}\u{2022}";

/// What stands before the last characters of a card's or an account's number.
const HIDDEN_NUMBER: &str = "\u{2022}\u{2022}\u{2022}\u{2022}";

/// Whether a number in a text was hidden before it was stored: a card, an account.
pub(super) fn has_hidden_number(text: &str) -> bool {
    text.contains(HIDDEN)
}
