//! What the store has of a notice, and how it follows from the files and what was posted.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::InForce;
use crate::engine::{Engine, EngineError};
use crate::ids::{AgentId, NoticeId, Timestamp};
use crate::ports::{Record, Space, Store, StoreError};
use crate::topics::{Notice, NoticeState};

/// The record of a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The notice, where it was posted; one that has a file lives there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posted: Option<Notice>,
    /// Who posted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<Author>,
    /// Since when it holds.
    pub(super) opened_at: Timestamp,
    /// Since when it reads as it does.
    pub(super) changed_at: Timestamp,
    /// Stands for the words of its file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) digest: String,
    /// Since when it is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fixed_at: Option<Timestamp>,
    /// How many conversations were told that it is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<u32>,
}

/// Who posted a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Author {
    pub(super) id: AgentId,
    pub(super) name: String,
}

/// Where a notice lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    File,
    Posted,
}

impl Home {
    pub(super) fn key(self, id: &NoticeId) -> String {
        match self {
            Self::File => format!("file/{id}"),
            Self::Posted => format!("posted/{id}"),
        }
    }
}

impl Engine {
    /// Brings what holds to what the files and the records say, and tells what is fixed. One at a time.
    pub(crate) async fn settle_notices(&self) -> Result<(), EngineError> {
        let _alone = self.inner.notices.settling.lock().await;
        self.settle_alone().await.map_err(EngineError::Store)
    }

    /// The same for whoever has the lock.
    pub(super) async fn settle_alone(&self) -> Result<(), StoreError> {
        let live = self.live();
        let now = self.now();
        let mut in_force = Vec::new();
        let mut over: Vec<(String, Notice)> = Vec::new();
        for notice in live.catalog.notices.values() {
            let Some(kept) = self.settle_file(notice, now).await? else {
                continue;
            };
            if kept.fixed_at.is_some() && kept.told.is_none() {
                over.push((Home::File.key(&notice.id), notice.clone()));
            }
            in_force.push(InForce {
                notice: notice.clone(),
                version: kept.changed_at,
                opened_at: kept.opened_at,
            });
        }
        for (key, record) in self.store().list(Space::Notices).await? {
            let kept = match read(&record) {
                Ok(kept) => kept,
                Err(why) => {
                    tracing::error!(key, %why, "a notice cannot be read");
                    continue;
                }
            };
            let Some(notice) = kept.posted.clone() else {
                self.settle_withdrawn(&key, record.version, kept, now)
                    .await?;
                continue;
            };
            if kept.fixed_at.is_some() && kept.told.is_none() {
                over.push((key, notice.clone()));
            }
            in_force.push(InForce {
                notice,
                version: kept.changed_at,
                opened_at: kept.opened_at,
            });
        }
        self.put_in_force(in_force);
        for (key, notice) in over {
            // It holds no longer, whether or not everybody has been told; that is tried again.
            if let Err(error) = self.tell_fixed(&key, &notice).await {
                tracing::warn!(key, %error, "that a notice is fixed is told later");
                self.inner.notices.again.notify_one();
            }
        }
        Ok(())
    }

    /// The record of a notice that has a file, as it follows from what the file says now; none for templates, and for one that was over when it was
    /// seen first.
    async fn settle_file(
        &self,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<Option<Kept>, StoreError> {
        let key = Home::File.key(&notice.id);
        let record = self.store().get(Space::Notices, &key).await?;
        let version = record.as_ref().map_or(0, |record| record.version);
        let known = record.as_ref().map(read).transpose()?;
        let digest = digest(notice);
        let next = match (notice.state, known.clone()) {
            (NoticeState::Template, _) | (NoticeState::Fixed, None) => return Ok(None),
            (NoticeState::Open, Some(kept)) if kept.fixed_at.is_none() => Kept {
                changed_at: if kept.digest == digest {
                    kept.changed_at
                } else {
                    now
                },
                digest,
                ..kept
            },
            // It holds for the first time, or again.
            (NoticeState::Open, _) => Kept {
                posted: None,
                author: None,
                opened_at: now,
                changed_at: now,
                digest,
                fixed_at: None,
                told: None,
            },
            (NoticeState::Fixed, Some(kept)) => Kept {
                fixed_at: kept.fixed_at.or(Some(now)),
                ..kept
            },
        };
        if known.as_ref() != Some(&next) {
            put(self.store().as_ref(), &key, version, &next).await?;
        }
        Ok(Some(next))
    }

    /// A file that is gone, or a template now, was withdrawn: nobody is told that anything is fixed.
    async fn settle_withdrawn(
        &self,
        key: &str,
        version: u64,
        kept: Kept,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let live = self.live();
        let id = key.strip_prefix("file/").unwrap_or_default();
        let there = live.catalog.notices.get(id);
        if there.is_some_and(|notice| notice.state != NoticeState::Template)
            || kept.fixed_at.is_some()
        {
            return Ok(());
        }
        let withdrawn = Kept {
            fixed_at: Some(now),
            told: Some(0),
            ..kept
        };
        put(self.store().as_ref(), key, version, &withdrawn)
            .await
            .map(drop)
    }
}

/// Stands for what a notice says.
fn digest(notice: &Notice) -> String {
    let text = serde_json::to_string(notice).unwrap_or_default();
    let hash = Sha256::digest(text);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn read(record: &Record) -> Result<Kept, StoreError> {
    serde_json::from_value(record.value.clone())
        .map_err(|why| StoreError::Corrupt(format!("a notice: {why}")))
}

pub(super) async fn put(
    store: &dyn Store,
    key: &str,
    version: u64,
    kept: &Kept,
) -> Result<u64, StoreError> {
    let value = serde_json::to_value(kept).expect("plain fields are JSON");
    store
        .put_if(Space::Notices, key, version, Some(value))
        .await
}
