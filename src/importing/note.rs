//! The report: what was changed or left behind, where, and what to do about it; and why a whole import is refused.

use std::fmt;

use serde::Serialize;

use crate::ids::Lang;
use crate::topics::Bilingual;

/// A place in an imported file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path as the caller gave it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One thing that was changed or not carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Stable name of the kind of note: `custom_action`.
    pub code: &'static str,
    /// What happened.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

impl Note {
    /// `file:line:col: message [code]` and an indented line with the remedy.
    pub fn shown_in(&self, lang: &Lang) -> String {
        format!(
            "{}: {} [{}]\n    {}",
            self.place,
            self.message.in_lang(lang),
            self.code,
            self.remedy.in_lang(lang)
        )
    }
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused(pub Box<Note>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.shown_in(&Lang::en()))
    }
}

impl std::error::Error for Refused {}

/// Spanish and English of one sentence.
pub(super) fn both(es: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual {
        es: es.into(),
        en: en.into(),
    }
}

/// The notes of an import, in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Notes(pub(super) Vec<Note>);

/// Notes kept; what comes after only adds to the count.
const NOTES_MAX: usize = 5_000;

impl Notes {
    pub(super) fn add(
        &mut self,
        place: &Place,
        code: &'static str,
        message: Bilingual,
        remedy: Bilingual,
    ) {
        if self.0.len() < NOTES_MAX {
            self.0.push(note(place, code, message, remedy));
        }
    }
}

pub(super) fn note(
    place: &Place,
    code: &'static str,
    message: Bilingual,
    remedy: Bilingual,
) -> Note {
    Note {
        place: place.clone(),
        code,
        message,
        remedy,
    }
}

pub(super) fn refused(
    place: &Place,
    code: &'static str,
    message: Bilingual,
    remedy: Bilingual,
) -> Refused {
    Refused(Box::new(note(place, code, message, remedy)))
}

/// The beginning of a text, for a message.
pub(super) fn short(text: &str) -> String {
    const SHOWN: usize = 60;
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN + 1)
        .collect();
    if plain.chars().count() > SHOWN {
        let cut: String = plain.chars().take(SHOWN).collect();
        format!("{cut}…")
    } else {
        plain
    }
}
