//! Sentences as the engine will see them, near enough for lint: small letters, no accents, no marks. This room does not know the engine.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a sentence, folded.
pub(super) fn words(sentence: &str) -> Vec<String> {
    let folded: String = sentence
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| {
            if c.is_alphanumeric() || c == '\'' {
                c
            } else {
                ' '
            }
        })
        .collect();
    folded.split_whitespace().map(str::to_owned).collect()
}

/// The words of a sentence in small letters, without accents and marks, with single spaces.
pub fn sentence(sentence: &str) -> String {
    words(sentence).join(" ")
}

/// The text in small letters without accents, letter by letter, and the byte offset in the original of each byte of it.
pub(super) fn with_places(text: &str) -> (String, Vec<usize>) {
    let mut folded = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        for part in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)) {
            for lower in part.to_lowercase() {
                folded.push(lower);
                places.resize(folded.len(), at);
            }
        }
    }
    (folded, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_marks_do_not_count() {
        assert_eq!(sentence("¿Dónde ESTÁ, mi pedido?"), "donde esta mi pedido");
        let (folded, places) = with_places("¡Qué añejo!");
        assert_eq!(folded, "¡que anejo!");
        assert_eq!(folded.len(), places.len());
        assert_eq!(places.last(), Some(&13));
    }
}
