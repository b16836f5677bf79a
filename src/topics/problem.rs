//! What is wrong with a topic file: where, why, and what to do about it, in Spanish and English.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::fault::Fault;
use crate::ids::Lang;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The catalogue cannot be used.
    Error,
    /// It works, and somebody will regret it.
    Warning,
}

impl Severity {
    /// The word for a reader.
    pub fn word(self, lang: &Lang) -> &'static str {
        match (self, lang.base() == Lang::es()) {
            (Self::Error, true | false) => "error",
            (Self::Warning, true) => "advertencia",
            (Self::Warning, false) => "warning",
        }
    }
}

/// The same sentence in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// Spanish.
    pub es: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The sentence for a reader: Spanish for every Spanish, English for everybody else.
    pub fn in_lang(&self, lang: &Lang) -> &str {
        if lang.base() == Lang::es() {
            &self.es
        } else {
            &self.en
        }
    }
}

/// One thing wrong in one place of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Path as the caller gave it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, counted in characters.
    pub column: usize,
    /// Stable name of the kind of problem: `unknown_key`.
    pub code: &'static str,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// The other place that it is about: where the same sentence stands, or nearly the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub see: Option<See>,
    /// The same problem as it is told at that other place, for whoever works there.
    #[serde(skip)]
    pub(super) turned: Option<Box<Problem>>,
}

/// A place that a problem leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct See {
    /// Topic whose file it is, where it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Path as the caller gave it.
    pub file: String,
    /// 1-based line.
    pub line: usize,
}

impl Problem {
    /// What somebody is told who works on a file: the problem itself where it stands there, or, of two places that it is about, the words for that one.
    #[must_use]
    pub fn told_in(&self, file: &str) -> Option<&Self> {
        if self.file == file {
            return Some(self);
        }
        self.turned.as_deref().filter(|turned| turned.file == file)
    }

    pub(super) fn new(place: &Place, fault: &Fault) -> Self {
        let (message, remedy) = fault.words();
        Self {
            see: None,
            turned: None,
            severity: fault.severity(),
            file: place.file.to_string(),
            line: place.line,
            column: place.column,
            code: fault.code(),
            message,
            remedy,
        }
    }

    /// A problem of a file as a whole that whoever reads the folder found: it cannot be read, is not UTF-8, is too large.
    pub fn unreadable(file: &str, trouble: Unreadable) -> Self {
        let fault = match trouble {
            Unreadable::Io(reason) => Fault::UnreadableFile { reason },
            Unreadable::NotUtf8 { byte } => Fault::NotUtf8 { byte },
            Unreadable::TooMany { limit } => Fault::TooManyFiles { limit },
            Unreadable::TooLarge { limit } => Fault::FileTooLarge { limit: limit >> 10 },
        };
        Self::new(&Place::top(file.into()), &fault)
    }

    /// `file:line:col: severity: message [code]` and an indented line with the remedy.
    pub fn shown_in(&self, lang: &Lang) -> String {
        format!(
            "{}:{}:{}: {}: {} [{}]\n    {}",
            self.file,
            self.line,
            self.column,
            self.severity.word(lang),
            self.message.in_lang(lang),
            self.code,
            self.remedy.in_lang(lang),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown_in(&Lang::en()))
    }
}

/// Why a file of the folder could not even be read as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// The operating system's reason.
    Io(String),
    /// The first byte that is no UTF-8.
    NotUtf8 {
        /// Its offset.
        byte: usize,
    },
    /// More files than a folder of topics ever has.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Larger than a topic file ever is.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: Arc<str>,
    /// 1-based.
    pub(super) line: usize,
    /// 1-based, in characters.
    pub(super) column: usize,
}

impl Place {
    pub(super) fn top(file: Arc<str>) -> Self {
        Self {
            file,
            line: 1,
            column: 1,
        }
    }

    /// Further right on the same line.
    pub(super) fn right(&self, characters: usize) -> Self {
        Self {
            column: self.column + characters,
            ..self.clone()
        }
    }
}

/// `file:line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
