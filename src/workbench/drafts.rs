//! Drafts as records of the store. Each change is made on the version that was read; of two at the same moment one is told.

use std::collections::BTreeMap;

use serde_json::Value;

use super::disk::Folder;
use super::{BenchError, Workbench};
use crate::authoring::{self, Changes, Draft, FilePath, NewTopic, TopicChange, Who};
use crate::catalog_watch::FILE_MAX_BYTES;
use crate::engine::fresh;
use crate::ids::{DraftId, Lang, Timestamp, TopicId};
use crate::ports::{Record, Space, StoreError};

/// Closed drafts that are kept; older ones go, and git has what they did.
const CLOSED_KEPT: usize = 500;

/// Tries of a change that two make at the same moment.
const TRIES: usize = 5;

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Version of its record: whoever saves says which one they have seen.
    pub version: u64,
    /// The draft.
    pub draft: Draft,
}

/// A topic's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicFile {
    /// Path below the folder.
    pub path: String,
    /// What stands on disk, where something does.
    pub on_disk: Option<String>,
}

fn read(record: Record) -> Result<Kept, BenchError> {
    let draft = serde_json::from_value(record.value)
        .map_err(|why| StoreError::Corrupt(format!("a draft: {why}")))?;
    Ok(Kept {
        version: record.version,
        draft,
    })
}

impl Workbench {
    /// Begins a draft.
    ///
    /// # Errors
    /// `Store`.
    pub async fn open(&self, who: &Who, note: &str, now: Timestamp) -> Result<Kept, BenchError> {
        let id = DraftId::from(fresh::uuid(now));
        self.keep(0, Draft::open(id, who.clone(), note, now)).await
    }

    /// A draft.
    ///
    /// # Errors
    /// `NotFound`, `Store`.
    pub async fn draft(&self, id: DraftId) -> Result<Kept, BenchError> {
        let store = &self.inner.parts.store;
        let record = store.get(Space::Drafts, &id.to_string()).await?;
        read(record.ok_or(BenchError::NotFound)?)
    }

    /// All drafts, the newest first.
    ///
    /// # Errors
    /// `Store`.
    pub async fn drafts(&self) -> Result<Vec<Kept>, BenchError> {
        let records = self.inner.parts.store.list(Space::Drafts).await?;
        // Ids sort by age. One that cannot be read must not hide the others.
        let kept = records.into_values().rev().filter_map(|record| {
            read(record)
                .inspect_err(|why| tracing::warn!(%why, "a draft cannot be read"))
                .ok()
        });
        Ok(kept.collect())
    }

    /// Makes a change in a topic's file, on top of what the draft has of it already.
    ///
    /// # Errors
    /// `NotFound` (draft or topic), `NotNow`, `Refused`, `TooLarge`, `Disk`, `Stale`, `Store`.
    pub async fn add_change(
        &self,
        id: DraftId,
        who: &Who,
        topic: &TopicId,
        change: &TopicChange,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let folder = self.folder().await?;
        self.change(id, None, |draft| {
            let path = path_of(draft, &folder, topic).ok_or(BenchError::NotFound)?;
            let on_disk = folder.text(&path);
            let known = match draft.files.get(&path) {
                Some(file) => file.text.as_deref(),
                None => on_disk,
            };
            let text = authoring::apply(known.ok_or(BenchError::NotFound)?, change)?;
            fits(Some(&text))?;
            draft.set(&path, on_disk, Some(text), who.clone(), now)?;
            Ok(())
        })
        .await
    }

    /// Puts a new topic's file into a draft.
    ///
    /// # Errors
    /// `Path` (also for a name that another topic has), `TooLarge`, `NotNow`, `Disk`, `Stale`, `Store`.
    pub async fn add_topic(
        &self,
        id: DraftId,
        who: &Who,
        new: &NewTopic,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let folder = self.folder().await?;
        let (path, text) = authoring::new_topic(new)?;
        fits(Some(&text))?;
        self.change(id, None, |draft| {
            if path_of(draft, &folder, &new.topic).is_some() {
                return Err(authoring::BadPath(format!("{path} (taken)")).into());
            }
            draft.set(path.as_str(), None, Some(text.clone()), who.clone(), now)?;
            Ok(())
        })
        .await
    }

    /// Adds sentences to those that are none of the company's business; the file is begun where there is none.
    ///
    /// # Errors
    /// `NotFound`, `NotNow`, `Refused`, `TooLarge`, `Disk`, `Stale`, `Store`.
    pub async fn add_not_ours(
        &self,
        id: DraftId,
        who: &Who,
        lines: &BTreeMap<Lang, Vec<String>>,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let folder = self.folder().await?;
        let path = FilePath::not_ours();
        self.change(id, None, |draft| {
            let on_disk = folder.text(path.as_str());
            let known = match draft.files.get(path.as_str()) {
                Some(file) => file.text.as_deref(),
                None => on_disk,
            };
            let text = authoring::with_not_ours(known, lines)?;
            fits(Some(&text))?;
            draft.set(path.as_str(), on_disk, Some(text), who.clone(), now)?;
            Ok(())
        })
        .await
    }

    /// The files on disk that hold no topic and may be changed here.
    ///
    /// # Errors
    /// `Disk`.
    pub async fn shared_files(&self) -> Result<Vec<String>, BenchError> {
        let folder = self.folder().await?;
        let shared = folder.paths().filter(|path| {
            path.parse::<FilePath>()
                .is_ok_and(|path| path.topic().is_none())
        });
        Ok(shared.map(str::to_owned).collect())
    }

    /// Sets the whole text of a file; `None` takes the file away. `version` is the one of the draft that the author has seen, `base` what
    /// they read on disk: what somebody else wrote there after that is then joined or shown, and never written over. Without it a file that is new to
    /// the draft begins from what stands on disk now.
    ///
    /// # Errors
    /// `Path`, `TooLarge`, `NotFound`, `NotNow`, `Disk`, `Stale`, `Store`.
    #[allow(clippy::too_many_arguments, reason = "each says another thing")]
    pub async fn put_text(
        &self,
        id: DraftId,
        version: Option<u64>,
        who: &Who,
        path: &str,
        text: Option<String>,
        base: Option<Option<String>>,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let path: FilePath = path.parse()?;
        fits(text.as_deref())?;
        let folder = self.folder().await?;
        let on_disk = folder.text(path.as_str());
        self.change(id, version, |draft| {
            let path = path.as_str();
            match &base {
                Some(read) => {
                    draft.rebase(path, read.as_deref(), text.clone(), who.clone(), now)?
                }
                None => draft.set(path, on_disk, text.clone(), who.clone(), now)?,
            }
            Ok(())
        })
        .await
    }

    /// Finds a draft good. With `four_eyes` whoever wrote part of it may not.
    ///
    /// # Errors
    /// `NotFound`, `NotNow`, `Stale`, `Store`.
    pub async fn approve(
        &self,
        id: DraftId,
        version: Option<u64>,
        who: &Who,
        note: &str,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let four_eyes = self.settings().four_eyes;
        self.change(id, version, |draft| {
            Ok(draft.approve(who.clone(), note, four_eyes, now)?)
        })
        .await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// `NotFound`, `NotNow`, `Store`.
    pub async fn discard(
        &self,
        id: DraftId,
        who: &Who,
        note: &str,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let kept = self
            .change(id, None, |draft| {
                Ok(draft.discard(who.clone(), note, now)?)
            })
            .await?;
        self.forget_old().await;
        Ok(kept)
    }

    /// A new draft that restores what was there before a published one.
    ///
    /// # Errors
    /// `NotFound`, `NotNow`, `Store`.
    pub async fn undo(
        &self,
        id: DraftId,
        who: &Who,
        note: &str,
        now: Timestamp,
    ) -> Result<Kept, BenchError> {
        let published = self.draft(id).await?.draft;
        let new = DraftId::from(fresh::uuid(now));
        let undo = published.undo(new, who, note, now)?;
        self.keep(0, undo).await
    }

    /// A topic's file, by its path or by the topic: in these changes or on disk. A path that neither has is not found.
    ///
    /// # Errors
    /// `Path`, `NotFound`, `Disk`.
    pub async fn file(
        &self,
        path: Option<&str>,
        topic: Option<&TopicId>,
        changes: &Changes,
    ) -> Result<TopicFile, BenchError> {
        let folder = self.folder().await?;
        let path = match (path, topic) {
            (Some(path), _) => path.parse::<FilePath>()?.as_str().to_owned(),
            (None, Some(topic)) => {
                let is_of = |path: &&str| {
                    path.parse::<FilePath>()
                        .is_ok_and(|path| path.topic() == Some(topic))
                };
                let mut paths = changes.keys().map(String::as_str).chain(folder.paths());
                paths.find(is_of).ok_or(BenchError::NotFound)?.to_owned()
            }
            (None, None) => return Err(BenchError::NotFound),
        };
        let on_disk = folder.text(&path).map(str::to_owned);
        if on_disk.is_none() && !changes.contains_key(&path) {
            return Err(BenchError::NotFound);
        }
        Ok(TopicFile { path, on_disk })
    }

    /// Changes a draft on the version that is kept, or on the one that the caller has seen.
    pub(super) async fn change(
        &self,
        id: DraftId,
        seen: Option<u64>,
        act: impl Fn(&mut Draft) -> Result<(), BenchError>,
    ) -> Result<Kept, BenchError> {
        let mut tries = 0;
        loop {
            let mut kept = self.draft(id).await?;
            if seen.is_some_and(|seen| seen != kept.version) {
                return Err(BenchError::Stale);
            }
            act(&mut kept.draft)?;
            match self.keep(kept.version, kept.draft).await {
                Err(BenchError::Stale) if seen.is_none() && tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }

    pub(super) async fn keep(&self, version: u64, draft: Draft) -> Result<Kept, BenchError> {
        let value: Value = serde_json::to_value(&draft)
            .map_err(|why| StoreError::Invalid(format!("a draft: {why}")))?;
        let store = &self.inner.parts.store;
        let key = draft.id.to_string();
        match store
            .put_if(Space::Drafts, &key, version, Some(value))
            .await
        {
            Ok(version) => Ok(Kept { version, draft }),
            Err(StoreError::Conflict { .. }) => Err(BenchError::Stale),
            Err(why) => Err(why.into()),
        }
    }

    /// Old closed drafts go; that one stays for a while longer is no harm.
    pub(super) async fn forget_old(&self) {
        let Ok(drafts) = self.drafts().await else {
            return;
        };
        let closed = drafts.iter().filter(|kept| !kept.draft.is_open());
        for old in closed.skip(CLOSED_KEPT) {
            let key = old.draft.id.to_string();
            let store = &self.inner.parts.store;
            if let Err(why) = store.put_if(Space::Drafts, &key, old.version, None).await {
                tracing::warn!(%why, "an old draft was not taken away");
            }
        }
    }

    /// The files as they stand on disk.
    pub(super) async fn folder(&self) -> Result<Folder, BenchError> {
        let path = self.inner.parts.folder.clone();
        tokio::task::spawn_blocking(move || Folder::read(&path))
            .await
            .map_err(|why| BenchError::Disk(why.to_string()))
    }
}

/// Refuses what the server would not read again.
fn fits(text: Option<&str>) -> Result<(), BenchError> {
    if text.is_some_and(|text| text.len() as u64 > FILE_MAX_BYTES) {
        return Err(BenchError::TooLarge);
    }
    Ok(())
}

/// Path of a topic's file, in the draft or on disk.
fn path_of(draft: &Draft, folder: &Folder, topic: &TopicId) -> Option<String> {
    let is_of = |path: &&str| {
        path.parse::<FilePath>()
            .is_ok_and(|path| path.topic() == Some(topic))
    };
    let drafted = draft.files.keys().map(String::as_str).find(is_of);
    drafted
        .or_else(|| folder.paths().find(is_of))
        .map(str::to_owned)
}
