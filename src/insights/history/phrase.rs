//! Words that are looked for in what people wrote: neither case nor accents count.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest excerpt in characters.
const EXCERPT: usize = 160;
/// Characters of an excerpt before the first word that was found.
const BEFORE: usize = 40;

/// Words that must all stand in one message, in any order; between "quotes" they must stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    parts: Vec<String>,
}

impl Phrase {
    /// Most characters of what is looked for.
    pub const MAX: usize = 200;

    /// Reads what somebody typed; nothing where there is nothing to look for.
    pub fn read(typed: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for (at, piece) in typed.split(['"', '“', '”', '«', '»']).enumerate() {
            if at % 2 == 1 {
                parts.push(fold(piece).trim().to_owned());
            } else {
                parts.extend(fold(piece).split_whitespace().map(str::to_owned));
            }
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// The message around what was found in it; nothing where it does not fit.
    pub fn excerpt(&self, text: &str) -> Option<String> {
        let folded = fold(text);
        let places: Option<Vec<usize>> = self.parts.iter().map(|part| folded.find(part)).collect();
        let first = places?.into_iter().min()?;
        // Folding changes lengths only a little: the place in characters is good enough for an excerpt.
        let before = folded.get(..first).map_or(0, |head| head.chars().count());
        let skipped = before.saturating_sub(BEFORE);
        let mut excerpt = String::new();
        if skipped > 0 {
            excerpt.push('…');
        }
        excerpt.push_str(&shortened(text.chars().skip(skipped)));
        Some(excerpt)
    }

    /// The beginning of a message, on one line, as long as an excerpt.
    pub fn beginning(text: &str) -> String {
        shortened(text.chars())
    }
}

/// The beginning of a text, on one line.
fn shortened(text: impl Iterator<Item = char>) -> String {
    let mut short = String::new();
    for (at, c) in text.enumerate() {
        if at == EXCERPT {
            short.push('…');
            break;
        }
        short.push(if c.is_whitespace() { ' ' } else { c });
    }
    short
}

/// Lower case without accents, white space as one blank. Linear.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut push = |c: char| {
        if c.is_whitespace() {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push(c);
        }
    };
    for c in text.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase());
        } else {
            let parts = std::iter::once(c).nfkd();
            let letters = parts.filter(|part| !is_combining_mark(*part));
            letters.flat_map(char::to_lowercase).for_each(&mut push);
        }
    }
    folded
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        Phrase::read(typed).unwrap().excerpt(text).is_some()
    }

    #[test]
    fn neither_case_nor_accents_count() {
        assert!(finds("devolucion", "Quiero una DEVOLUCIÓN"));
        assert!(finds("DEVOLUCIÓN", "quiero una devolucion"));
        assert!(finds("ano", "el año pasado"));
        assert!(finds("año", "el ano pasado"));
        assert!(finds("ｒｏｔａｓ", "llegaron rotas"));
    }

    #[test]
    fn all_words_stand_in_one_message_and_quoted_ones_together() {
        assert!(finds("rotas zapatillas", "las zapatillas llegaron rotas"));
        assert!(!finds("rotas pantalón", "las zapatillas llegaron rotas"));
        assert!(finds(
            "\"llegaron  rotas\"",
            "las zapatillas llegaron\nrotas"
        ));
        assert!(!finds("«rotas llegaron»", "las zapatillas llegaron rotas"));
    }

    #[test]
    fn there_is_something_to_look_for_or_nothing() {
        assert_eq!(Phrase::read("  "), None);
        assert_eq!(Phrase::read("\"\""), None);
    }

    #[test]
    fn an_excerpt_shows_the_words_that_were_found() {
        let long = format!(
            "{} pérdida del paquete {}",
            "a ".repeat(300),
            "b ".repeat(300)
        );
        let excerpt = Phrase::read("perdida").unwrap().excerpt(&long).unwrap();
        assert!(
            excerpt.starts_with('…') && excerpt.ends_with('…'),
            "{excerpt}"
        );
        assert!(excerpt.contains("pérdida del paquete"), "{excerpt}");
        assert!(excerpt.chars().count() <= EXCERPT + 2);
    }
}
