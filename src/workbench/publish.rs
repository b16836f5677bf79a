//! From a draft to the folder. What stands on disk may have changed since the draft was begun; what goes live is checked and tested as it will be.

use std::collections::BTreeMap;

use serde::Serialize;

use super::disk::{Folder, Plan};
use super::drafts::Kept;
use super::preview::{tests, topics_of};
use super::trial::{checked, errors};
use super::{BenchError, Workbench, git};
use crate::authoring::{Act, Changed, Changes, Despite, Draft, Entry, Merged, Who, merge};
use crate::ids::{DraftId, Timestamp};

/// The program that is asked to commit.
const GIT: &str = "git";

/// A file that was changed in the same places, here and on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// Path below the folder.
    pub path: String,
    /// What the draft began from.
    pub base: Option<String>,
    /// What the draft wants.
    pub ours: Option<String>,
    /// What stands on disk.
    pub theirs: Option<String>,
}

impl Workbench {
    /// Makes a draft live: joins it with what changed on disk, checks it, runs the tests, writes the files, whole or not at all, and tells git.
    ///
    /// Tests that it breaks can be waved through with a `reason`; errors cannot. The history keeps which they were, who confirmed it and why, and
    /// whether anybody but the author has seen the draft. Where git refuses, the files are live all the same, and the history says what git said.
    ///
    /// # Errors
    /// `NotFound`, `Stale`, `NotNow`, `Conflict`, `Problems`, `Tests`, `Training`, `Disk`, `Store`.
    pub async fn publish(
        &self,
        id: DraftId,
        version: Option<u64>,
        who: &Who,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let _alone = self.inner.publishing.lock().await;
        let kept = self.draft(id).await?;
        if version.is_some_and(|seen| seen != kept.version) {
            return Err(BenchError::Stale);
        }
        kept.draft.may_publish(self.settings().four_eyes)?;
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let (bench, draft) = (self.clone(), kept.draft.clone());
        let waved = reason.is_some();
        let (written, despite) = tokio::task::spawn_blocking(move || bench.ready(&draft, waved))
            .await
            .map_err(|why| BenchError::Disk(why.to_string()))??;
        let mut entry = Entry {
            at: now,
            by: who.clone(),
            act: Act::Published,
            note: reason.unwrap_or_default().to_owned(),
            despite,
            alone: !kept.draft.is_seen_by_two(who.id),
        };
        // Before the first file is touched: a server that dies now knows at its next start what it was about to do.
        let mut draft = kept.draft;
        draft.publishing = Some(entry.clone());
        draft.files.clone_from(&written);
        let kept = self.keep(kept.version, draft).await?;
        let folder = self.inner.parts.folder.clone();
        let plan = Plan::new(written.clone());
        tokio::task::spawn_blocking(move || plan.carry_out(&folder))
            .await
            .map_err(|why| BenchError::Disk(why.to_string()))?
            .map_err(|why| BenchError::Disk(why.to_string()))?;
        if self.settings().git
            && let Err(why) = self.commit(&kept.draft, &written, who).await
        {
            tracing::warn!(%why, "what was published is not in git");
            let before = if entry.note.is_empty() { "" } else { " · " };
            entry.note = format!("{}{before}{why}", entry.note);
        }
        let mut draft = kept.draft;
        draft.published(written, entry);
        let kept = self.keep(kept.version, draft).await?;
        self.forget_old().await;
        Ok(kept)
    }

    /// What would be written, and the tests that are waved through; an error if something stands against it.
    fn ready(
        &self,
        draft: &Draft,
        waved: bool,
    ) -> Result<(BTreeMap<String, Changed>, Vec<Despite>), BenchError> {
        let folder = Folder::read(&self.inner.parts.folder);
        let mut conflicts = Vec::new();
        let mut written = BTreeMap::new();
        for (path, file) in &draft.files {
            let theirs = folder.text(path);
            match merge(file.base.as_deref(), file.text.as_deref(), theirs) {
                Merged::Clean(text) => {
                    let base = theirs.map(str::to_owned);
                    written.insert(path.clone(), Changed { base, text });
                }
                Merged::Conflict => conflicts.push(Conflict {
                    path: path.clone(),
                    base: file.base.clone(),
                    ours: file.text.clone(),
                    theirs: theirs.map(str::to_owned),
                }),
            }
        }
        if !conflicts.is_empty() {
            return Err(BenchError::Conflict(conflicts));
        }
        let changes: Changes = written
            .iter()
            .map(|(path, file)| (path.clone(), file.text.clone()))
            .collect();
        let checked = checked(&folder, &changes);
        let errors = errors(&checked.problems);
        if !errors.is_empty() {
            return Err(BenchError::Problems(errors));
        }
        let trial = self.learn(checked)?;
        let tests = tests(&self.live(), &trial, &topics_of(changes.keys()));
        if !tests.broken.is_empty() && !waved {
            return Err(BenchError::Tests(tests.broken));
        }
        let despite = tests.broken.into_iter().map(|test| Despite {
            topic: test.topic,
            say: test.say,
        });
        Ok((written, despite.collect()))
    }

    async fn commit(
        &self,
        draft: &Draft,
        written: &BTreeMap<String, Changed>,
        who: &Who,
    ) -> Result<(), String> {
        let paths: Vec<&str> = written.keys().map(String::as_str).collect();
        let topics: Vec<String> = topics_of(written.keys())
            .iter()
            .map(ToString::to_string)
            .collect();
        let what = format!("topics: {}", topics.join(", "));
        let message = match draft.note.trim() {
            "" => what,
            note => format!("{what}\n\n{note}"),
        };
        git::commit(GIT, &self.inner.parts.folder, &paths, who, &message).await
    }

    /// After a start: drafts that were being written when the server died are published if their files are there, else open as before.
    ///
    /// # Errors
    /// `Store`, `Disk`.
    pub async fn settle(&self) -> Result<usize, BenchError> {
        let mut settled = 0;
        for kept in self.drafts().await? {
            let Some(entry) = kept.draft.publishing.clone() else {
                continue;
            };
            let folder = self.folder().await?;
            let mut draft = kept.draft;
            let is_there = draft
                .files
                .iter()
                .all(|(path, file)| folder.text(path) == file.text.as_deref());
            if is_there {
                let written = draft.files.clone();
                draft.published(written, entry);
            } else {
                draft.publishing = None;
            }
            self.keep(kept.version, draft).await?;
            settled += 1;
        }
        Ok(settled)
    }
}
