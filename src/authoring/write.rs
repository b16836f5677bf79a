//! How a value is written where none stood: on one line, quoted where it has to be.

use super::outline::Style;
use super::value::Value;

/// Words that a program may read as something else than a text; `check` refuses some of them.
const NO_TEXTS: [&str; 9] = ["yes", "no", "on", "off", "y", "n", "true", "false", "null"];

/// On one line: words plain where that is safe, sentences in double quotes, maps and lists in their short form.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::Nothing => "null".to_owned(),
        Value::Text(text) if is_word(text) => text.clone(),
        Value::Text(text) => double(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", self::key(key), flow(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A key.
pub(super) fn key(key: &str) -> String {
    if is_word(key) {
        key.to_owned()
    } else {
        double(key)
    }
}

/// A text in the way in which another stood there, where it can be written so.
pub(super) fn scalar(text: &str, like: Style) -> String {
    match like {
        Style::Plain if is_word(text) => text.to_owned(),
        Style::Single if !text.contains(char::is_control) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        Style::Plain | Style::Single | Style::Double | Style::Literal | Style::Folded => {
            double(text)
        }
    }
}

/// Ids, numbers, dates: nothing in them is a sign of YAML, and they read as what they are.
fn is_word(text: &str) -> bool {
    let first = text.bytes().next();
    first.is_some_and(|b| b.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && !NO_TEXTS.contains(&text.to_lowercase().as_str())
        && !text.bytes().all(|b| b.is_ascii_digit())
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // What some editors and parsers take for a line break, or do not show.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
