//! Importing: what another system or a spreadsheet knows becomes topic files. Pure: texts in; files, and a report of what was not carried over, out.
//!
//! [`rasa`] reads the files of a Rasa bot, [`table`] a table of examples or of questions with answers. Both make a [`Draft`](draft::Draft),
//! which writes itself as topic files that `check` accepts. Input is not trusted: sizes, nesting and numbers have limits, YAML aliases are
//! refused, and names become the slugs of topic files whatever they were.

pub mod company;
mod draft;
pub mod label;
mod note;
pub mod rasa;
pub mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod yaml;

pub use draft::{Imported, Written};
pub use note::{Note, Place, Refused};

/// A file to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// Its path, as the report should name it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Largest file that is read, in bytes.
pub const FILE_MAX: usize = 8 << 20;
/// Most topics that an import makes.
pub const TOPICS_MAX: usize = 2_000;
/// Most examples that an import takes.
pub const EXAMPLES_MAX: usize = 200_000;
/// Longest example, in characters; a longer one is left out and reported.
const EXAMPLE_MAX: usize = 1_000;
/// Most examples of one topic: more would not fit into a topic file.
const TOPIC_EXAMPLES_MAX: usize = 5_000;
/// Longest answer, in characters; a longer one is cut and reported.
const ANSWER_MAX: usize = 20_000;
