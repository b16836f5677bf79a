//! Which of the choices just offered a message takes: "2", "la segunda", "the first one", a label or most of it.

use super::normalise::{Folded, Word, WordKind, key, words};

/// Words around a number or an ordinal that change nothing.
const AROUND: &[&str] = &[
    "la", "el", "lo", "las", "los", "opcion", "numero", "num", "nro", "n", "quiero", "prefiero",
    "elijo", "seria", "por", "favor", "porfa", "a", "de", "que", "es", "dame", "sale", "ese",
    "esa", "mejor", "creo", "si", "claro", "gracias", "the", "one", "option", "number", "no",
    "please", "i", "want", "choose", "pick", "would", "like", "id", "take", "ill", "its", "that",
    "yes", "answer", "my", "thanks",
];

const ORDINALS: &[(&str, usize)] = &[
    ("primera", 1),
    ("primero", 1),
    ("primer", 1),
    ("1ra", 1),
    ("1ro", 1),
    ("1a", 1),
    ("1o", 1),
    ("uno", 1),
    ("una", 1),
    ("first", 1),
    ("1st", 1),
    ("segunda", 2),
    ("segundo", 2),
    ("2da", 2),
    ("2do", 2),
    ("2a", 2),
    ("2o", 2),
    ("dos", 2),
    ("second", 2),
    ("2nd", 2),
    ("two", 2),
    ("tercera", 3),
    ("tercero", 3),
    ("tercer", 3),
    ("3ra", 3),
    ("3ro", 3),
    ("3a", 3),
    ("3o", 3),
    ("tres", 3),
    ("third", 3),
    ("3rd", 3),
    ("three", 3),
    ("cuarta", 4),
    ("cuarto", 4),
    ("4ta", 4),
    ("4to", 4),
    ("cuatro", 4),
    ("fourth", 4),
    ("4th", 4),
    ("four", 4),
    ("quinta", 5),
    ("quinto", 5),
    ("5ta", 5),
    ("5to", 5),
    ("cinco", 5),
    ("fifth", 5),
    ("5th", 5),
    ("five", 5),
    ("sexta", 6),
    ("sexto", 6),
    ("seis", 6),
    ("sixth", 6),
    ("six", 6),
];

/// Both the last of them, and "none" is no choice.
const LAST: &[&str] = &["ultima", "ultimo", "last"];

/// Words of a label that say nothing of their own.
const EMPTY: &[&str] = &[
    "a", "al", "con", "de", "del", "el", "en", "la", "las", "lo", "los", "mi", "mis", "para",
    "por", "quiero", "que", "se", "su", "tu", "un", "una", "y", "o", "me", "an", "and", "for", "i",
    "in", "is", "it", "my", "of", "on", "or", "the", "to", "want", "with", "your", "need",
    "necesito", "favor", "please", "gracias",
];

/// Share of the words of a label that a message must have, 0 to 1.
const MOST: f32 = 0.6;

/// The index of the choice taken, when it is exactly one.
pub(super) fn read<'l>(
    message: &[Word],
    labels: impl ExactSizeIterator<Item = &'l str> + Clone,
) -> Option<usize> {
    let said = key(message);
    if said.is_empty() || labels.len() == 0 {
        return None;
    }
    let label_words: Vec<Vec<Word>> = labels.map(|label| words(&Folded::new(label))).collect();
    if let Some(same) = label_words.iter().position(|label| key(label) == said) {
        return Some(same);
    }
    by_number(message, label_words.len()).or_else(|| by_words(message, &label_words))
}

fn by_number(message: &[Word], choices: usize) -> Option<usize> {
    let mut taken = None;
    for word in message {
        let text = word.text.as_str();
        let number = if word.kind == WordKind::Number {
            Some(text.parse().ok()?)
        } else if LAST.contains(&text) {
            Some(choices)
        } else {
            ORDINALS
                .iter()
                .find(|&&(name, _)| name == text)
                .map(|&(_, number)| number)
        };
        match (number, taken) {
            (Some(number), None) => taken = Some(number),
            // "1 o 2" takes neither.
            (Some(_), Some(_)) => return None,
            (None, _) if AROUND.contains(&text) => {}
            (None, _) => return None,
        }
    }
    taken
        .and_then(|number: usize| number.checked_sub(1))
        .filter(|&at| at < choices)
}

fn by_words(message: &[Word], labels: &[Vec<Word>]) -> Option<usize> {
    let said = telling(message);
    if said.is_empty() || said.len() > 12 {
        return None;
    }
    let mut fitting = labels.iter().enumerate().filter(|(_, label)| {
        let label = telling(label);
        let shared = label
            .iter()
            .filter(|word| said.iter().any(|said| alike(said, word)))
            .count();
        let all_known = said
            .iter()
            .all(|said| label.iter().any(|word| alike(said, word)));
        all_known && !label.is_empty() && shared as f32 >= MOST * label.len() as f32
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first.0)
}

fn telling(words: &[Word]) -> Vec<&str> {
    words
        .iter()
        .map(|word| word.text.as_str())
        .filter(|text| !EMPTY.contains(text))
        .collect()
}

fn alike(said: &str, label: &str) -> bool {
    let (a, b) = (said.chars().count(), label.chars().count());
    said == label
        || (a.min(b) >= 5
            && a.max(b) <= 24
            && a.abs_diff(b) <= 1
            && strsim::osa_distance(said, label) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [&str; 3] = [
        "Cambiar la dirección",
        "Cancelar el pedido",
        "Hablar con una persona",
    ];

    fn taken(text: &str) -> Option<usize> {
        read(&words(&Folded::new(text)), LABELS.into_iter())
    }

    #[test]
    fn numbers_ordinals_and_labels() {
        for (text, index) in [
            ("2", 1),
            ("la 2", 1),
            ("opción 3 por favor", 2),
            ("la segunda", 1),
            ("la última", 2),
            ("the first one", 0),
            ("2nd", 1),
            ("number 3 please", 2),
            ("cancelar el pedido", 1),
            ("CAMBIAR DIRECCION", 0),
            ("cambiar la direcion", 0),
            ("quiero cancelar el pedido", 1),
            ("hablar con persona", 2),
        ] {
            assert_eq!(taken(text), Some(index), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_choice() {
        for text in [
            "",
            "4",
            "0",
            "1 o 2",
            "el pedido",
            "¿dónde está mi pedido 2?",
            "99999999999999999999999",
            "ninguna",
            "sí",
        ] {
            assert_eq!(taken(text), None, "{text}");
        }
    }
}
