//! The store that forgets at exit: the model that the others are compared with, and what fast tests run on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use parking_lot::Mutex;

use super::rows;
use crate::conversation::{Event, Private, Seal};
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{Commit, CommitNumber, Record, SealedCommit, Space, Store, StoreError};

/// Conversations and records in memory.
#[derive(Debug)]
pub struct MemStore {
    epoch: u64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    closed: bool,
    /// Index + 1 is the commit number.
    commits: Vec<SealedCommit>,
    /// Where each conversation's appends stand in `commits`.
    conversations: BTreeMap<ConversationId, Vec<usize>>,
    acts: HashMap<(ConversationId, ClientId), Seq>,
    open: BTreeSet<ConversationId>,
    records: BTreeMap<(Space, String), Record>,
    versions: u64,
}

impl MemStore {
    /// An empty store with a new epoch.
    ///
    /// # Panics
    /// Where the system gives no randomness.
    pub fn new() -> Self {
        Self {
            epoch: rows::new_epoch().expect("every system that runs this has randomness"),
            inner: Mutex::default(),
        }
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&mut Inner) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Err(StoreError::Unavailable("the store is closed".to_owned()));
        }
        act(&mut inner)
    }
}

impl Default for MemStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    fn last(&self, id: ConversationId) -> Seq {
        self.conversations
            .get(&id)
            .and_then(|places| places.last())
            .and_then(|place| self.commits[*place].commit.events.last())
            .map_or(Seq::ZERO, |event| event.seq)
    }

    fn events(&self, id: ConversationId) -> impl DoubleEndedIterator<Item = &Event> {
        let places = self.conversations.get(&id);
        places
            .into_iter()
            .flatten()
            .flat_map(|place| &self.commits[*place].commit.events)
    }

    fn keep(
        &mut self,
        id: ConversationId,
        events: Vec<Event>,
        seals: Vec<Option<Seal>>,
        acts: Vec<(ClientId, Seq)>,
    ) -> Commit {
        let place = self.commits.len();
        let commit = Commit {
            number: CommitNumber(place as u64 + 1),
            conversation: id,
            events,
        };
        self.commits.push(SealedCommit {
            commit: commit.clone(),
            seals,
        });
        self.conversations.entry(id).or_default().push(place);
        self.acts
            .extend(acts.into_iter().map(|(act, seq)| ((id, act), seq)));
        self.open.insert(id);
        commit
    }
}

#[async_trait]
impl Store for MemStore {
    async fn append(
        &self,
        id: ConversationId,
        expected: Seq,
        events: Vec<Event>,
    ) -> Result<Commit, StoreError> {
        let seals = rows::seal(&events)?;
        let rows = rows::prepare(expected, &events, &seals)?;
        self.with(|inner| {
            let last = inner.last(id);
            if last != expected {
                return Err(StoreError::Stale { last });
            }
            Ok(inner.keep(id, events, seals, rows.acts))
        })
    }

    async fn read(
        &self,
        id: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.with(|inner| {
            let later = inner.events(id).filter(|event| event.seq > after);
            Ok(later.take(limit).cloned().collect())
        })
    }

    async fn read_last(&self, id: ConversationId, n: usize) -> Result<Vec<Event>, StoreError> {
        self.with(|inner| {
            let mut last: Vec<_> = inner.events(id).rev().take(n).cloned().collect();
            last.reverse();
            Ok(last)
        })
    }

    async fn find_act(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, StoreError> {
        self.with(|inner| Ok(inner.acts.get(&(id, act.clone())).copied()))
    }

    async fn open_conversations(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.with(|inner| Ok(inner.open.iter().copied().collect()))
    }

    async fn set_closed(&self, id: ConversationId) -> Result<(), StoreError> {
        self.with(|inner| {
            inner.open.remove(&id);
            Ok(())
        })
    }

    async fn tail(&self, after: CommitNumber, limit: usize) -> Result<Vec<Commit>, StoreError> {
        let sealed = self.tail_sealed(after, limit).await?;
        Ok(sealed.into_iter().map(|sealed| sealed.commit).collect())
    }

    fn last_commit(&self) -> CommitNumber {
        CommitNumber(self.inner.lock().commits.len() as u64)
    }

    async fn tail_sealed(
        &self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<SealedCommit>, StoreError> {
        self.with(|inner| {
            let skip = usize::try_from(after.0).unwrap_or(usize::MAX);
            let later = inner.commits.iter().skip(skip);
            Ok(later.take(limit).cloned().collect())
        })
    }

    async fn append_sealed(&self, commits: Vec<SealedCommit>) -> Result<(), StoreError> {
        let prepared = rows::prepare_all(&commits)?;
        self.with(|inner| {
            rows::follow_on(
                inner.commits.len() as u64,
                &commits,
                |id| Ok(inner.last(id)),
            )?;
            for (sealed, rows) in commits.into_iter().zip(prepared) {
                inner.keep(
                    sealed.commit.conversation,
                    sealed.commit.events,
                    sealed.seals,
                    rows.acts,
                );
            }
            Ok(())
        })
    }

    async fn get(&self, space: Space, key: &str) -> Result<Option<Record>, StoreError> {
        self.with(|inner| Ok(inner.records.get(&(space, key.to_owned())).cloned()))
    }

    async fn put_if(
        &self,
        space: Space,
        key: &str,
        expected: u64,
        value: Option<serde_json::Value>,
    ) -> Result<u64, StoreError> {
        rows::prepare_record(key, value.as_ref())?;
        self.with(|inner| {
            let place = (space, key.to_owned());
            let version = inner.records.get(&place).map_or(0, |record| record.version);
            if version != expected {
                return Err(StoreError::Conflict { version });
            }
            let Some(value) = value else {
                inner.records.remove(&place);
                return Ok(0);
            };
            inner.versions += 1;
            let version = inner.versions;
            inner.records.insert(place, Record { version, value });
            Ok(version)
        })
    }

    async fn list(&self, space: Space) -> Result<BTreeMap<String, Record>, StoreError> {
        self.with(|inner| {
            let all = inner.records.iter().filter(|((of, _), _)| *of == space);
            Ok(all
                .map(|((_, key), record)| (key.clone(), record.clone()))
                .collect())
        })
    }

    async fn erase(&self, id: ConversationId) -> Result<u64, StoreError> {
        self.with(|inner| {
            let mut emptied = 0;
            let places = inner.conversations.get(&id).cloned().unwrap_or_default();
            for place in places {
                let sealed = &mut inner.commits[place];
                for (event, seal) in sealed.commit.events.iter_mut().zip(&mut sealed.seals) {
                    drop(event.body.take_texts());
                    if !event.private.is_empty() {
                        event.private = Private::default();
                        *seal = seal.map(Seal::erased);
                        emptied += 1;
                    }
                }
            }
            Ok(emptied)
        })
    }

    async fn conversations(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.with(|inner| {
            let ids = inner.conversations.keys().copied();
            Ok(ids
                .filter(|id| after.is_none_or(|after| *id > after))
                .take(limit)
                .collect())
        })
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn health(&self) -> Result<(), String> {
        if self.inner.lock().closed {
            return Err("the store is closed".to_owned());
        }
        Ok(())
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.with(|inner| {
            inner.closed = true;
            Ok(())
        })
    }
}
