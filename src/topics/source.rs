//! The door of the room: from files, already read, to a catalogue and everything that is wrong.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::catalog::Catalog;
use super::notes::Notes;
use super::problem::{Problem, Severity};
use super::read::{self, Gathered, default_team};
use super::team::Team;
use super::text::{Text, Wording};
use super::{link, lint};
use crate::ids::Lang;

/// A file as its reader got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as problems should name it. Its last part decides what the file is.
    pub path: String,
    /// The whole text; of a file of `media/`, its bytes in base64.
    pub text: String,
}

/// What files may depend on besides each other.
pub struct Around<'a> {
    /// Looks up a variable for `${NAME:-default}`.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The day by which `review_by` is judged; `None` leaves that out.
    pub today: Option<jiff::civil::Date>,
}

/// What came out of a set of files.
#[derive(Debug)]
pub struct Checked {
    /// The catalogue, unless a problem is an error.
    pub catalog: Option<Catalog>,
    /// Errors and warnings by file, line and column.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// How many problems are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    }
}

/// Reads, links and lints a set of files.
pub fn check(files: &[SourceFile], around: &Around<'_>) -> Checked {
    let mut notes = Notes::default();
    let all = read::gather(files, around.env, &mut notes);
    link::check(&all, &mut notes);
    lint::run(&all, around.today, &mut notes);
    let mut problems = notes.problems;
    problems.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.severity, a.code)
            .cmp(&(&b.file, b.line, b.column, b.severity, b.code))
    });
    problems.dedup();
    let broken = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    let catalog = if broken {
        None
    } else {
        assemble(all, version(files))
    };
    Checked { catalog, problems }
}

/// The catalogue of a set of files.
///
/// # Errors
/// The errors, without the warnings.
pub fn parse(
    files: &[SourceFile],
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Catalog, Vec<Problem>> {
    let checked = check(files, &Around { env, today: None });
    checked.catalog.ok_or_else(|| {
        let mut problems = checked.problems;
        problems.retain(|problem| problem.severity == Severity::Error);
        problems
    })
}

/// The first 16 hexadecimal digits of a SHA-256 over names and texts, each with its length before it.
fn version(files: &[SourceFile]) -> String {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in sorted {
        for part in [&file.path, &file.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn assemble(all: Gathered, version: String) -> Option<Catalog> {
    let mut teams = all.teams;
    teams.entry(default_team()).or_insert_with(|| {
        Team::named(Text {
            by_lang: BTreeMap::from([
                (Lang::es(), Wording::Plain("Atención al cliente".to_owned())),
                (Lang::en(), Wording::Plain("Customer care".to_owned())),
            ]),
        })
    });
    Some(Catalog {
        version,
        assistant: all.assistant?,
        topics: all.topics,
        lists: all.lists,
        regional: all.regional,
        not_ours: all.not_ours,
        other_companies: all.other_companies,
        other_things: all.other_things,
        facts: all.facts,
        site_facts: all.site_facts,
        calls: all.calls,
        checks: all.checks,
        questions: all.questions,
        asking: all.asking,
        journey: all.journey,
        teams,
        skills: all.skills,
        schedules: all.schedules,
        events: all.events,
        notices: all.notices,
        invites: all.invites,
        texts: all.texts,
        media: all.media,
    })
}
