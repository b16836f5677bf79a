//! A text in several languages, registers and styles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{Lang, Style};

/// What is said, by language tag. Never empty: a file without any language is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Text {
    /// By language, region or register: `es`, `es-AR`, `es-usted`, `en`.
    pub by_lang: BTreeMap<Lang, Wording>,
}

/// One language's words: the same for both styles, or one each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wording {
    /// The same for both styles.
    Plain(String),
    /// One each.
    Styled {
        /// Short.
        fast: String,
        /// Fuller.
        warm: String,
    },
}

impl Wording {
    /// The words in this style.
    pub fn in_style(&self, style: Style) -> &str {
        match (self, style) {
            (Self::Plain(words), _) => words,
            (Self::Styled { fast, .. }, Style::Fast) => fast,
            (Self::Styled { warm, .. }, Style::Warm) => warm,
        }
    }

    /// Each variant that a person may read.
    pub fn variants(&self) -> Vec<&str> {
        match self {
            Self::Plain(words) => vec![words],
            Self::Styled { fast, warm } => vec![fast, warm],
        }
    }
}

impl Text {
    /// The same words in every language: a phone number, a name.
    pub fn plain(lang: Lang, words: impl Into<String>) -> Self {
        Self {
            by_lang: BTreeMap::from([(lang, Wording::Plain(words.into()))]),
        }
    }

    /// The words for a reader: the tag itself, then its base, then the base's other regions, then whatever there is.
    ///
    /// A half-translated file so still says something; `check` reports the missing language.
    pub fn for_reader(&self, lang: &Lang, style: Style) -> &str {
        let base = lang.base();
        self.by_lang
            .get(lang)
            .or_else(|| self.by_lang.get(&base))
            .or_else(|| {
                self.by_lang
                    .iter()
                    .find(|(tag, _)| tag.base() == base)
                    .map(|(_, wording)| wording)
            })
            .or_else(|| self.by_lang.values().next())
            .map_or("", |wording| wording.in_style(style))
    }

    /// Whether nothing is said in any language.
    pub fn is_empty(&self) -> bool {
        self.by_lang.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn text(pairs: &[(&str, &str)]) -> Text {
        Text {
            by_lang: pairs
                .iter()
                .map(|(tag, words)| (tag.parse().unwrap(), Wording::Plain((*words).into())))
                .collect(),
        }
    }

    #[test]
    fn a_reader_gets_region_then_base_then_anything() {
        let both = text(&[
            ("es", "¿Quieres?"),
            ("es-AR", "¿Querés?"),
            ("en", "Do you want?"),
        ]);
        assert_eq!(
            both.for_reader(&"es-AR".parse().unwrap(), Style::Fast),
            "¿Querés?"
        );
        assert_eq!(
            both.for_reader(&"es-MX".parse().unwrap(), Style::Fast),
            "¿Quieres?"
        );
        assert_eq!(
            both.for_reader(&"en-GB".parse().unwrap(), Style::Fast),
            "Do you want?"
        );
        assert_eq!(
            text(&[("es", "Hola")]).for_reader(&Lang::en(), Style::Warm),
            "Hola"
        );
    }
}
