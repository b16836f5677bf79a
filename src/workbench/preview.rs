//! What a draft would do: its diff, what is wrong with it, and which tests pass with it that did not, and the other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::disk::Folder;
use super::standing::{Both, Standing};
use super::trial::{checked, errors};
use super::{BenchError, Workbench};
use crate::authoring::{Changed, Changes, DiffLine, Draft, FilePath, Merged, diff, merge};
use crate::conversation::Verdict;
use crate::engine::Live;
use crate::ids::{Lang, TopicId};
use crate::topics::{Catalog, Expectation, Problem, TopicTest};
use crate::understanding::judge;

/// What stands on disk, compared with what a draft began from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDisk {
    /// The same.
    Same,
    /// It was changed elsewhere; both changes go together.
    Merged,
    /// It was changed in the same places.
    Conflict,
}

/// A file of a draft.
#[derive(Debug, Clone, Serialize)]
pub struct FilePreview {
    /// Path below the folder.
    pub path: String,
    /// What differs from what stands on disk.
    pub diff: Vec<DiffLine>,
    /// Whether the disk has changed meanwhile.
    pub on_disk: OnDisk,
    /// The file is new.
    pub new: bool,
    /// The file goes.
    pub gone: bool,
}

/// How a test was before a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Was {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It was not there.
    New,
}

/// A test with a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tested {
    /// Topic in whose file it stands.
    pub topic: TopicId,
    /// What the visitor writes.
    pub say: String,
    /// In which language.
    pub lang: Lang,
    /// `where_is_my_order`, `not where_is_my_order` or `none`.
    pub expected: String,
    /// A topic, `none`, or the topics asked about: `a | b`.
    pub got: String,
    /// Slots that were not found as wanted: name, wanted value, found value.
    pub slots: Vec<(String, String, Option<String>)>,
    /// Whether it passes.
    pub passed: bool,
    /// How it was before.
    pub was: Was,
    /// How it stands with the change.
    pub standing: Standing,
    /// By how many points of a hundred the change moved it away from what is wanted.
    pub moved: u8,
}

/// All tests with a change.
#[derive(Debug, Clone, Serialize)]
pub struct Tests {
    /// How many pass.
    pub passed: usize,
    /// How many fail.
    pub failed: usize,
    /// How many failed before and pass now.
    pub mended: usize,
    /// Tests that the change breaks, and new ones that fail: over these nothing is published unless somebody confirms it.
    pub broken: Vec<Tested>,
    /// Tests of other topics that passed by a hair and now fail by one: told, and no bar.
    pub edge: Vec<Tested>,
    /// Tests that failed before as well.
    pub before: Vec<Tested>,
    /// The tests of the draft's own topics.
    pub own: Vec<Tested>,
}

/// What a draft would do.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Its files.
    pub files: Vec<FilePreview>,
    /// Errors and warnings of all files with it.
    pub problems: Vec<Problem>,
    /// Tests; none where the files have errors.
    pub tests: Option<Tests>,
}

impl Workbench {
    /// What a draft would do.
    ///
    /// # Errors
    /// `Training`, `Disk`.
    pub async fn preview(&self, draft: &Draft) -> Result<Preview, BenchError> {
        let (bench, files) = (self.clone(), draft.files.clone());
        tokio::task::spawn_blocking(move || bench.previewed(&files))
            .await
            .map_err(|why| BenchError::Disk(why.to_string()))?
    }

    /// The same for texts that no draft has yet.
    ///
    /// # Errors
    /// `Training`, `Disk`.
    pub async fn tests(&self, changes: &Changes) -> Result<Tests, BenchError> {
        let (bench, changes) = (self.clone(), changes.clone());
        tokio::task::spawn_blocking(move || {
            let trial = bench.learnt(&changes)?;
            Ok(tests(&bench.live(), &trial, &topics_of(changes.keys())))
        })
        .await
        .map_err(|why| BenchError::Disk(why.to_string()))?
    }

    fn previewed(&self, files: &BTreeMap<String, Changed>) -> Result<Preview, BenchError> {
        let folder = Folder::read(&self.inner.parts.folder);
        let mut shown = Vec::new();
        let mut changes = Changes::new();
        for (path, file) in files {
            let theirs = folder.text(path);
            let (text, on_disk) = match merge(file.base.as_deref(), file.text.as_deref(), theirs) {
                Merged::Clean(text) if theirs == file.base.as_deref() => (text, OnDisk::Same),
                Merged::Clean(text) => (text, OnDisk::Merged),
                Merged::Conflict => (file.text.clone(), OnDisk::Conflict),
            };
            shown.push(FilePreview {
                path: path.clone(),
                diff: diff(
                    theirs.unwrap_or_default(),
                    text.as_deref().unwrap_or_default(),
                ),
                on_disk,
                new: theirs.is_none(),
                gone: text.is_none(),
            });
            changes.insert(path.clone(), text);
        }
        let checked = checked(&folder, &changes);
        let problems = checked.problems.clone();
        let tests = if errors(&problems).is_empty() {
            let trial = self.learn(checked)?;
            Some(tests(&self.live(), &trial, &topics_of(changes.keys())))
        } else {
            None
        };
        Ok(Preview {
            files: shown,
            problems,
            tests,
        })
    }
}

pub(super) fn topics_of<'p>(paths: impl Iterator<Item = &'p String>) -> Vec<TopicId> {
    paths
        .filter_map(|path| path.parse::<FilePath>().ok()?.topic().cloned())
        .collect()
}

/// All tests, before and with a change.
pub(super) fn tests(before: &Live, after: &Live, own: &[TopicId]) -> Tests {
    let known = all(&before.catalog);
    let same_brain = Arc::ptr_eq(&before.brain, &after.brain);
    let mut result = Tests {
        passed: 0,
        failed: 0,
        mended: 0,
        broken: Vec::new(),
        edge: Vec::new(),
        before: Vec::new(),
        own: Vec::new(),
    };
    for topic in after.catalog.topics.values() {
        for test in &topic.tests {
            let judged = judge(&after.brain, test);
            let first = known.contains(&key(test)).then(|| {
                if same_brain {
                    judged.clone()
                } else {
                    judge(&before.brain, test)
                }
            });
            let was = match &first {
                None => Was::New,
                Some(first) if first.passed => Was::Passed,
                Some(_) => Was::Failed,
            };
            let is_own = own.contains(&topic.id);
            let both = Both {
                expect: &test.expect,
                before: first.as_ref(),
                after: &judged,
                changed: own,
                own: is_own,
            };
            let standing = both.standing();
            let moved = first.as_ref().map_or(0.0, |first| both.moved(first));
            if judged.passed {
                result.passed += 1;
                result.mended += usize::from(was == Was::Failed);
            } else {
                result.failed += 1;
            }
            if judged.passed && !is_own {
                continue;
            }
            let tested = Tested {
                topic: topic.id.clone(),
                say: test.say.clone(),
                lang: test.lang.clone(),
                expected: wanted(&test.expect),
                got: shown(&judged.got),
                slots: judged
                    .slots
                    .into_iter()
                    .map(|(name, wanted, found)| (name.to_string(), wanted, found))
                    .collect(),
                passed: judged.passed,
                was,
                standing,
                moved: (moved * 100.0).round().clamp(0.0, 100.0) as u8,
            };
            match standing {
                Standing::Passes => {}
                Standing::Own | Standing::Taken => result.broken.push(tested.clone()),
                Standing::Edge => result.edge.push(tested.clone()),
                Standing::FailedBefore => result.before.push(tested.clone()),
            }
            if is_own {
                result.own.push(tested);
            }
        }
    }
    result
}

type Key = (String, Lang, String, Vec<(String, String)>);

fn key(test: &TopicTest) -> Key {
    let slots = test.slots.iter();
    (
        test.say.clone(),
        test.lang.clone(),
        wanted(&test.expect),
        slots
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
    )
}

fn all(catalog: &Catalog) -> BTreeSet<Key> {
    let tests = catalog.topics.values().flat_map(|topic| &topic.tests);
    tests.map(key).collect()
}

fn wanted(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Topic(topic) => topic.to_string(),
        Expectation::Not(topic) => format!("not {topic}"),
        Expectation::Nothing => "none".to_owned(),
    }
}

/// What came out, as on the wire: a topic, `none`, or `a | b`.
pub(super) fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Match { topic } => topic.to_string(),
        Verdict::Ambiguous { topics } => {
            let names: Vec<&str> = topics.iter().map(TopicId::as_str).collect();
            names.join(" | ")
        }
        Verdict::OutOfScope => "none".to_owned(),
    }
}
