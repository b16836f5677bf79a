//! What is still to be delivered, in the store's small records: for each receiver its position in the tail, and every message that is not delivered yet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::message::Kind;
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::{CommitNumber, Record, Space, Store, StoreError};

/// What is parked is listed for this long.
const PARKED_MS: i64 = 30 * 24 * 60 * 60_000;

/// Up to where the tail is folded for a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) commit: CommitNumber,
    /// The receiver's host, for people: the rest of an address may be a secret.
    pub(super) host: String,
}

/// A message that is to be delivered. Its text is made when it is sent: what was erased meanwhile is not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) conversation: ConversationId,
    pub(super) seq: Seq,
    pub(super) kind: Kind,
    /// Its append, for the order.
    pub(super) commit: CommitNumber,
    /// Since when.
    pub(super) since: Timestamp,
    /// When it is tried next.
    pub(super) next: Timestamp,
    pub(super) tries: u32,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    /// Given up after a day.
    #[serde(default)]
    pub(super) parked: bool,
}

impl Waiting {
    /// Its place in the order in which things happened.
    pub(super) const fn place(&self) -> (CommitNumber, Seq, Kind) {
        (self.commit, self.seq, self.kind)
    }
}

/// The outbox of one receiver. Only its courier writes here.
pub(super) struct Outbox<'a> {
    store: &'a dyn Store,
    name: &'a str,
}

/// Waiting messages by id, each with the version of its record.
pub(super) type Pile = BTreeMap<String, (u64, Waiting)>;

impl<'a> Outbox<'a> {
    pub(super) const fn new(store: &'a dyn Store, name: &'a str) -> Self {
        Self { store, name }
    }

    fn position_key(&self) -> String {
        format!("at/{}", self.name)
    }

    fn key(&self, id: &str) -> String {
        format!("to/{}/{id}", self.name)
    }

    /// The position and the version of its record; a receiver that is new begins at the end.
    pub(super) async fn position(&self) -> Result<(u64, CommitNumber), StoreError> {
        match self.store.get(Space::Outbox, &self.position_key()).await? {
            Some(record) => {
                let position: Position = read(&record)?;
                Ok((record.version, position.commit))
            }
            None => Ok((0, self.store.last_commit())),
        }
    }

    pub(super) async fn set_position(
        &self,
        version: u64,
        position: &Position,
    ) -> Result<u64, StoreError> {
        self.store
            .put_if(
                Space::Outbox,
                &self.position_key(),
                version,
                Some(json(position)),
            )
            .await
    }

    /// What waits. What has been parked for long goes.
    pub(super) async fn pile(&self, now: Timestamp) -> Result<Pile, StoreError> {
        let prefix = self.key("");
        let mut pile = Pile::new();
        for (key, record) in self.store.list(Space::Outbox).await? {
            let Some(id) = key.strip_prefix(&prefix) else {
                continue;
            };
            let waiting: Waiting = read(&record)?;
            if !waiting.parked {
                pile.insert(id.to_owned(), (record.version, waiting));
            } else if now.since(waiting.since) > PARKED_MS {
                self.remove(id, record.version).await?;
            }
        }
        Ok(pile)
    }

    /// Writes a message, new (version 0) or as it is now. A new one that is there already was written before a crash.
    pub(super) async fn put(
        &self,
        id: &str,
        version: u64,
        waiting: &Waiting,
    ) -> Result<Option<u64>, StoreError> {
        let key = self.key(id);
        let put = self
            .store
            .put_if(Space::Outbox, &key, version, Some(json(waiting)));
        match put.await {
            Ok(version) => Ok(Some(version)),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(super) async fn remove(&self, id: &str, version: u64) -> Result<(), StoreError> {
        let key = self.key(id);
        let put = self.store.put_if(Space::Outbox, &key, version, None);
        match put.await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

/// The name of a receiver in the store: the first 16 hexadecimal digits of its address's SHA-256.
pub(super) fn name_of(url: &str) -> String {
    Sha256::digest(url)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Lets go of what is kept for receivers that there are no more.
pub(super) async fn retain(store: &dyn Store, names: &[String]) -> Result<(), StoreError> {
    for (key, record) in store.list(Space::Outbox).await? {
        let name = key.split('/').nth(1).unwrap_or_default();
        if names.iter().any(|known| known == name) {
            continue;
        }
        match store
            .put_if(Space::Outbox, &key, record.version, None)
            .await
        {
            Ok(_) | Err(StoreError::Conflict { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// How it stands with a receiver, for the operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Its host.
    pub host: String,
    /// Messages that are not delivered yet.
    pub waiting: Vec<Undelivered>,
    /// Messages that were given up after a day.
    pub parked: Vec<Undelivered>,
}

/// A message that is not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Its id.
    pub id: String,
    /// What it tells.
    pub kind: Kind,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub why: Option<String>,
}

/// How it stands with each receiver.
///
/// # Errors
/// When the store cannot be read.
pub async fn overview(store: &dyn Store) -> Result<Vec<Overview>, StoreError> {
    let mut all: BTreeMap<String, Overview> = BTreeMap::new();
    for (key, record) in store.list(Space::Outbox).await? {
        let mut parts = key.split('/');
        let (sort, name, id) = (parts.next(), parts.next(), parts.next());
        let of = all.entry(name.unwrap_or_default().to_owned()).or_default();
        if sort == Some("at") {
            of.host = read::<Position>(&record)?.host;
            continue;
        }
        let waiting: Waiting = read(&record)?;
        let shown = Undelivered {
            id: id.unwrap_or_default().to_owned(),
            kind: waiting.kind,
            conversation: waiting.conversation,
            since: waiting.since,
            tries: waiting.tries,
            why: waiting.why,
        };
        if waiting.parked {
            of.parked.push(shown);
        } else {
            of.waiting.push(shown);
        }
    }
    Ok(all.into_values().collect())
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("plain fields are JSON")
}

fn read<T: serde::de::DeserializeOwned>(record: &Record) -> Result<T, StoreError> {
    serde_json::from_value(record.value.clone())
        .map_err(|why| StoreError::Corrupt(format!("the outbox of webhooks: {why}")))
}
