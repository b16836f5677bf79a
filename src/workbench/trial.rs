//! What the bot would be with a draft: the catalogue of the files with their changes, and an engine that has learnt it.

use std::sync::Arc;

use parking_lot::Mutex;

use super::disk::Folder;
use super::{BenchError, Workbench};
use crate::authoring::Changes;
use crate::engine::Live;
use crate::ids::Lang;
use crate::topics::{Around, Checked, Problem, Severity, check};
use crate::understanding::{Context, Corpus, Engine, Reading};

/// Engines that are remembered: of the drafts that somebody works on just now.
const REMEMBERED: usize = 4;

/// Engines of the last trials, each with what it has learnt; the newest last.
#[derive(Default)]
pub(super) struct Trials {
    last: Mutex<Vec<(Corpus, Arc<Engine>)>>,
}

impl Trials {
    /// The engine of a corpus. One is trained at a time: the lock is held meanwhile, so that nobody trains the same twice.
    fn learn(&self, corpus: Corpus, live: &Live) -> Result<Arc<Engine>, BenchError> {
        if corpus == Corpus::from(&*live.catalog) {
            return Ok(Arc::clone(&live.brain));
        }
        let mut last = self.last.lock();
        if let Some(found) = last.iter().position(|(learnt, _)| *learnt == corpus) {
            let again = last.remove(found);
            let brain = Arc::clone(&again.1);
            last.push(again);
            return Ok(brain);
        }
        let trained = Engine::train(&corpus).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            BenchError::Training(errors.join("; "))
        })?;
        let brain = Arc::new(trained);
        if last.len() >= REMEMBERED {
            last.remove(0);
        }
        last.push((corpus, Arc::clone(&brain)));
        Ok(brain)
    }
}

/// Files with their changes, checked as the server checks them.
pub(super) fn checked(folder: &Folder, changes: &Changes) -> Checked {
    let env = |name: &str| std::env::var(name).ok();
    let around = Around {
        env: &env,
        today: Some(jiff::Zoned::now().date()),
    };
    let mut checked = check(&folder.with(changes), &around);
    checked.problems.extend(folder.unread().iter().cloned());
    checked
}

/// The errors among problems.
pub(super) fn errors(problems: &[Problem]) -> Vec<Problem> {
    problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .cloned()
        .collect()
}

/// How a sentence is read at the beginning of a session.
pub fn read(live: &Live, say: &str, lang: &Lang) -> Reading {
    live.brain.understand(say, &Context::fresh(lang))
}

impl Workbench {
    /// What the bot would be with these changes. Reading and training run on a thread of their own; what was learnt for the last drafts is
    /// remembered by its content, so that asking again costs the reading alone.
    ///
    /// # Errors
    /// `Problems` with the errors, `Training`, `Disk`.
    pub async fn catalog_with(&self, changes: &Changes) -> Result<Arc<Live>, BenchError> {
        let (bench, changes) = (self.clone(), changes.clone());
        tokio::task::spawn_blocking(move || bench.learnt(&changes))
            .await
            .map_err(|why| BenchError::Training(why.to_string()))?
    }

    pub(super) fn learnt(&self, changes: &Changes) -> Result<Arc<Live>, BenchError> {
        let folder = Folder::read(&self.inner.parts.folder);
        let checked = checked(&folder, changes);
        self.learn(checked)
    }

    pub(super) fn learn(&self, checked: Checked) -> Result<Arc<Live>, BenchError> {
        let live = self.live();
        let Some(catalog) = checked.catalog else {
            return Err(BenchError::Problems(errors(&checked.problems)));
        };
        if catalog.version == live.catalog.version {
            return Ok(live);
        }
        let brain = self.inner.trials.learn(Corpus::from(&catalog), &live)?;
        Ok(Arc::new(Live {
            catalog: Arc::new(catalog),
            brain,
            since: live.since,
        }))
    }

    /// Errors and warnings of the files with these changes. Nothing is learnt for it.
    ///
    /// # Errors
    /// `Disk`.
    pub async fn problems(&self, changes: &Changes) -> Result<Vec<Problem>, BenchError> {
        let (path, changes) = (self.inner.parts.folder.clone(), changes.clone());
        tokio::task::spawn_blocking(move || checked(&Folder::read(&path), &changes).problems)
            .await
            .map_err(|why| BenchError::Disk(why.to_string()))
    }
}
