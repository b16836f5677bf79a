//! Writes that become durable together, and what each of them puts into the batch.

use std::collections::HashMap;

use sled::Batch;

use super::blobs::BlobId;
use super::heads::{Head, Heads};
use super::high_water::Mark;
use super::keys;
use super::ops::{Ack, Content, Packed};
use super::read::{Reader, failed};
use super::value::{Kind, pack, unpack};
use crate::ids::{ConversationId, Seq};
use crate::ports::{CommitNumber, SealedCommit, StoreError};
use crate::store::rows::{self, EventRow};

/// Writes that become durable together.
#[derive(Default)]
pub(super) struct Group {
    pub(super) batch: Batch,
    pub(super) acks: Vec<Ack>,
    pub(super) mark: Mark,
    /// Something is in the batch.
    pub(super) touched: bool,
    /// Something in the batch must be durable.
    pub(super) dirty: bool,
    /// Records as they will be: version, and the blob that holds them.
    records: HashMap<Vec<u8>, (u64, Option<BlobId>)>,
    /// Blobs whose owner goes.
    pub(super) orphans: Vec<BlobId>,
}

impl Group {
    /// An empty group behind what is durable.
    pub(super) fn after(mark: Mark) -> Self {
        Self {
            mark,
            ..Self::default()
        }
    }

    fn insert(&mut self, key: &[u8], kind: Kind, stamp: u64, payload: &[u8]) {
        self.batch.insert(key, pack(key, kind, stamp, payload));
        self.touched = true;
    }

    fn remove(&mut self, key: &[u8]) {
        self.batch.remove(key);
        self.touched = true;
    }

    fn content(&mut self, key: &[u8], stamp: u64, content: &Content) {
        match content {
            Content::Inline(bytes) => self.insert(key, Kind::Inline, stamp, bytes),
            Content::Blob(id) => {
                self.insert(key, Kind::Blob, stamp, id);
                self.insert(&keys::blob(id), Kind::Inline, stamp, &[]);
            }
        }
    }

    fn orphan(&mut self, id: BlobId) {
        self.remove(&keys::blob(&id));
        self.orphans.push(id);
    }
}

/// Puts writes into a group. It reads what was written before the group; what the group itself holds it knows from the heads and the group.
pub(super) struct Stage<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) heads: &'a mut Heads,
    pub(super) group: &'a mut Group,
}

impl Stage<'_> {
    fn head(&mut self, id: ConversationId) -> Result<Head, StoreError> {
        if let Some(head) = self.heads.get(id) {
            return Ok(head);
        }
        let head = self.reader.head(id)?;
        self.heads.set(id, head);
        Ok(head)
    }

    pub(super) fn append(
        &mut self,
        id: ConversationId,
        expected: Seq,
        packed: &Packed,
    ) -> Result<CommitNumber, StoreError> {
        let head = self.head(id)?;
        if head.last != expected {
            return Err(StoreError::Stale { last: head.last });
        }
        self.group.mark.commit += 1;
        self.group.dirty = true;
        let number = CommitNumber(self.group.mark.commit);
        let stamp = number.0;
        let first = packed.first.0.to_be_bytes();
        self.group
            .content(&keys::events(id, packed.first), stamp, &packed.events);
        if let Some(private) = &packed.private {
            self.group
                .content(&keys::private(id, packed.first), stamp, private);
        }
        for (act, seq) in &packed.acts {
            let seq = seq.0.to_be_bytes();
            self.group
                .insert(&keys::act(id, act), Kind::Inline, stamp, &seq);
        }
        let last = packed.last.0.to_be_bytes();
        self.group
            .insert(&keys::head(id), Kind::Inline, stamp, &last);
        let place = [id.as_bytes().as_slice(), &first].concat();
        self.group
            .insert(&keys::tail(number), Kind::Inline, stamp, &place);
        if !head.open {
            self.group.insert(&keys::open(id), Kind::Inline, stamp, &[]);
        }
        self.heads.set(
            id,
            Head {
                last: packed.last,
                open: true,
            },
        );
        Ok(number)
    }

    pub(super) fn append_sealed(
        &mut self,
        commits: &[SealedCommit],
        packed: &[Packed],
    ) -> Result<(), StoreError> {
        let last_commit = self.group.mark.commit;
        rows::follow_on(last_commit, commits, |id| Ok(self.head(id)?.last))?;
        for (sealed, packed) in commits.iter().zip(packed) {
            let id = sealed.commit.conversation;
            let expected = self.head(id)?.last;
            self.append(id, expected, packed)?;
        }
        Ok(())
    }

    pub(super) fn put(
        &mut self,
        key: &[u8],
        expected: u64,
        value: Option<&Content>,
    ) -> Result<u64, StoreError> {
        let (version, blob) = match self.group.records.get(key) {
            Some(staged) => *staged,
            None => match self.reader.db.get(key).map_err(failed)? {
                None => (0, None),
                Some(bytes) => {
                    let value = unpack(key, &bytes).map_err(StoreError::Corrupt)?;
                    let blob = match value.kind {
                        Kind::Blob => value.payload.try_into().ok(),
                        Kind::Inline | Kind::Erased => None,
                    };
                    (value.stamp, blob)
                }
            },
        };
        if version != expected {
            return Err(StoreError::Conflict { version });
        }
        if let Some(blob) = blob {
            self.group.orphan(blob);
        }
        let Some(content) = value else {
            self.group.remove(key);
            self.group.dirty = true;
            self.group.records.insert(key.to_vec(), (0, None));
            return Ok(0);
        };
        self.group.mark.version += 1;
        self.group.dirty = true;
        let version = self.group.mark.version;
        self.group.content(key, version, content);
        self.group
            .insert(keys::VERSIONS, Kind::Inline, version, &[]);
        self.group
            .records
            .insert(key.to_vec(), (version, content.blob()));
        Ok(version)
    }

    /// Every private row of the conversation gives way to a mark that it was erased, readable or not.
    pub(super) fn erase(&mut self, id: ConversationId) -> Result<u64, StoreError> {
        let mut emptied = 0;
        for row in self.reader.db.range(keys::all_private(id)) {
            let (key, bytes) = row.map_err(failed)?;
            let first = Seq(keys::number(&key).unwrap_or_default());
            let stamp = match unpack(&key, &bytes) {
                Ok(value) if value.kind == Kind::Erased => continue,
                Ok(value) => {
                    if value.kind == Kind::Blob
                        && let Ok(blob) = value.payload.try_into()
                    {
                        self.group.orphan(blob);
                    }
                    value.stamp
                }
                Err(_damaged) => 0,
            };
            let parts = match self.reader.private(id, first) {
                Ok(row) => row.map_or(0, |row| row.parts.iter().flatten().count()),
                Err(_damaged) => self.digests(id, first),
            };
            emptied += parts as u64;
            self.group.insert(&key, Kind::Erased, stamp, &[]);
            self.group.dirty = true;
        }
        Ok(emptied)
    }

    /// Marks a conversation as one that needs no looking after.
    pub(super) fn set_closed(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let head = self.head(id)?;
        if head.open {
            self.group.remove(&keys::open(id));
            self.heads.set(
                id,
                Head {
                    open: false,
                    ..head
                },
            );
        }
        Ok(())
    }

    /// How many private parts an append had, from what stays after an erasure.
    fn digests(&self, id: ConversationId, first: Seq) -> usize {
        let key = keys::events(id, first);
        let Ok(Some(bytes)) = self.reader.db.get(&key) else {
            return 0;
        };
        let row = unpack(&key, &bytes)
            .ok()
            .and_then(|value| serde_json::from_slice::<EventRow>(value.payload).ok());
        row.map_or(0, |row| row.digests.iter().flatten().count())
    }
}
