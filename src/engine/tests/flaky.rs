//! A store that cannot read or write for a while, or in which a conversation is damaged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;

use crate::conversation::Event;
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{Commit, CommitNumber, Record, SealedCommit, Space, Store, StoreError};
use crate::store::MemStore;

/// [`MemStore`], of which the first reads fail, and all appends behind so many.
pub(super) struct Flaky {
    pub(super) inner: Arc<MemStore>,
    pub(super) failures: AtomicU32,
    pub(super) appends: AtomicU32,
    pub(super) damaged: Option<ConversationId>,
}

impl Flaky {
    /// One to which nothing happens.
    pub(super) fn of(inner: &Arc<MemStore>) -> Self {
        Self {
            inner: Arc::clone(inner),
            failures: AtomicU32::new(0),
            appends: AtomicU32::new(u32::MAX),
            damaged: None,
        }
    }
}

fn one_less(left: &AtomicU32) -> bool {
    let order = Ordering::Relaxed;
    left.fetch_update(order, order, |left| left.checked_sub(1))
        .is_ok()
}

#[async_trait]
impl Store for Flaky {
    async fn append(
        &self,
        id: ConversationId,
        expected: Seq,
        events: Vec<Event>,
    ) -> Result<Commit, StoreError> {
        if one_less(&self.appends) {
            self.inner.append(id, expected, events).await
        } else {
            Err(StoreError::Unavailable("full".to_owned()))
        }
    }

    async fn read(
        &self,
        id: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        if self.damaged == Some(id) {
            Err(StoreError::Corrupt("a checksum".to_owned()))
        } else if one_less(&self.failures) {
            Err(StoreError::Unavailable("busy".to_owned()))
        } else {
            self.inner.read(id, after, limit).await
        }
    }

    async fn read_last(&self, id: ConversationId, n: usize) -> Result<Vec<Event>, StoreError> {
        self.inner.read_last(id, n).await
    }

    async fn find_act(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, StoreError> {
        self.inner.find_act(id, act).await
    }

    async fn open_conversations(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.open_conversations().await
    }

    async fn set_closed(&self, id: ConversationId) -> Result<(), StoreError> {
        self.inner.set_closed(id).await
    }

    async fn tail(&self, after: CommitNumber, limit: usize) -> Result<Vec<Commit>, StoreError> {
        self.inner.tail(after, limit).await
    }

    fn last_commit(&self) -> CommitNumber {
        self.inner.last_commit()
    }

    async fn tail_sealed(
        &self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<SealedCommit>, StoreError> {
        self.inner.tail_sealed(after, limit).await
    }

    async fn append_sealed(&self, commits: Vec<SealedCommit>) -> Result<(), StoreError> {
        self.inner.append_sealed(commits).await
    }

    async fn get(&self, space: Space, key: &str) -> Result<Option<Record>, StoreError> {
        self.inner.get(space, key).await
    }

    async fn put_if(
        &self,
        space: Space,
        key: &str,
        expected: u64,
        value: Option<serde_json::Value>,
    ) -> Result<u64, StoreError> {
        self.inner.put_if(space, key, expected, value).await
    }

    async fn list(&self, space: Space) -> Result<BTreeMap<String, Record>, StoreError> {
        self.inner.list(space).await
    }

    async fn erase(&self, id: ConversationId) -> Result<u64, StoreError> {
        self.inner.erase(id).await
    }

    async fn conversations(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.inner.conversations(after, limit).await
    }

    fn epoch(&self) -> u64 {
        self.inner.epoch()
    }

    fn health(&self) -> Result<(), String> {
        self.inner.health()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }
}
