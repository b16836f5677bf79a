//! From labels and texts as data sets have them to what topic files take.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ids::{Lang, TopicId};

/// Longest title that a button takes, in characters.
const TITLE_MAX: usize = 40;
/// Longest name that leaves room for a number behind it.
const NAME_MAX: usize = 56;
/// Files of these names hold something else.
const RESERVED: [&str; 4] = ["feedback", "hours", "journey", "teams"];

/// The topic's name for a label, different from all in `taken`, where it is entered: `alarm/set_alarm` is `alarm_set_alarm`.
pub fn topic_id(label: &str, taken: &mut BTreeSet<String>) -> TopicId {
    let mut name = String::new();
    for c in label.nfd().filter(|c| !is_combining_mark(*c)) {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(NAME_MAX);
    let name = name.trim_end_matches('_');
    let begins_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    let name = match (begins_well, RESERVED.contains(&name)) {
        (true, false) => name.to_owned(),
        _ => format!("topic_{name}").trim_end_matches('_').to_owned(),
    };
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
        .parse()
        .expect("a letter, then letters, digits and underscores, at most 64")
}

/// The label in words: `Refund_not_showing_up` is `Refund not showing up`. At least two characters.
pub fn words(label: &str) -> String {
    let spaced: String = label
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    long_enough(words.join(" "))
}

/// The words, of at least two characters.
pub fn long_enough(words: String) -> String {
    if words.chars().count() < 2 {
        format!("Topic {words}").trim_end().to_owned()
    } else {
        words
    }
}

/// A title for buttons: the words, shortened after a whole one, with a capital.
pub fn title(words: &str) -> String {
    let mut title = String::new();
    for word in words.split(' ') {
        let longer = title.chars().count() + 1 + word.chars().count();
        if !title.is_empty() && longer > TITLE_MAX {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    let mut chars = title.chars();
    // A capital may be longer than its small letter: that of `ß` is `SS`.
    let capital = chars.next().into_iter().flat_map(char::to_uppercase);
    capital.chain(chars).take(TITLE_MAX).collect()
}

/// The text on one line, without what YAML cannot hold.
pub fn one_line(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the signs that templates give a meaning.
pub fn without_signs(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| match c {
            '[' | ']' | '(' | ')' | '{' | '}' | '|' => ' ',
            c => c,
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `{es: "…", en: "…"}`.
pub fn by_lang(languages: &[Lang], words: impl Fn(&Lang) -> String) -> String {
    let texts: Vec<String> = languages
        .iter()
        .map(|lang| format!("{lang}: {}", quoted(&words(lang))))
        .collect();
    format!("{{{}}}", texts.join(", "))
}

/// A JSON string is a double-quoted scalar of YAML.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text as the lint of topic files compares examples: without case and punctuation at the ends of words.
pub fn compared(text: &str) -> String {
    text.split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| matches!(c, '¿' | '?' | '¡' | '!' | '.' | ',' | ';'))
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_label_becomes_a_name_of_its_own() {
        let mut taken = BTreeSet::new();
        let mut name = |label: &str| topic_id(label, &mut taken).as_str().to_owned();
        for (label, wanted) in [
            ("card_arrival", "card_arrival"),
            ("Refund_not_showing_up", "refund_not_showing_up"),
            ("alarm/set_alarm", "alarm_set_alarm"),
            ("alarm set-alarm?", "alarm_set_alarm_2"),
            ("¿Dónde está mi año?", "donde_esta_mi_ano"),
            ("3ds", "topic_3ds"),
            ("__x", "x"),
            ("feedback", "topic_feedback"),
            ("¡¿?!", "topic"),
            ("日本語", "topic_2"),
        ] {
            assert_eq!(name(label), wanted, "{label}");
        }
        let long = "very long ".repeat(20);
        assert!(name(&long).len() <= 64);
        assert!(name(&long).len() <= 64);
    }

    #[test]
    fn a_title_fits_a_button() {
        assert_eq!(title(&words("card_arrival")), "Card arrival");
        assert_eq!(title(&words("ñandú")), "Ñandú");
        assert_eq!(title(&words("x")), "Topic x");
        assert_eq!(title(&words("?!")), "Topic");
        let long = title("balance not updated after cheque or cash deposit");
        assert_eq!(long, "Balance not updated after cheque or cash");
        assert_eq!(title(&"ñ".repeat(50)).chars().count(), TITLE_MAX);
        assert_eq!(title(&"ß".repeat(40)).chars().count(), TITLE_MAX);
    }

    #[test]
    fn a_text_stands_on_one_line() {
        assert_eq!(one_line(" a\n\tb\u{0}  c\u{feff} "), "a b c");
        assert_eq!(without_signs("card (again) {x}|[y]"), "card again x y");
        assert_eq!(compared("¿Dónde está, mi pedido?"), "dónde está mi pedido");
    }
}
