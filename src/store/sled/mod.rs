//! The store on sled 0.34, behind guards.
//!
//! sled is quick and small, and three things about it must not reach a promise: its `flush` does not sync the disk, it panics on a damaged file, and
//! it cuts a damaged log without a word. So: one thread writes in groups and syncs sled's file itself before it answers ([`writer`]); sled is opened
//! on a thread whose panic is caught, and never replaced by an empty store ([`open`]); a high-water mark notices a lost tail ([`high_water`]); each
//! value carries a checksum that covers its key ([`value`]), each append is one row of events and one of private parts under fixed-width keys
//! ([`keys`]), and large contents are files of their own ([`blobs`]). Damage is told for the conversation that has it, and for no other.
//!
//! Reads of many rows are done on tokio's blocking threads; a single row is read in place, where the hop to another thread took most of the time
//! (measured: 50 µs with it, 6 without). Reads see only what
//! is durable, so nobody is shown an event that a crash takes back. (Small records are the exception: `get` may see a write shortly before it is
//! durable. Any write that follows from it goes through the same thread, so it is never kept without it.)

mod blobs;
mod disk;
mod group;
mod heads;
mod high_water;
mod keys;
mod open;
mod ops;
mod read;
mod value;
mod writer;

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};

pub use self::open::OpenError;

use self::blobs::{BlobId, Blobs, INLINE_MAX_BYTES};
use self::open::Opened;
use self::ops::{Content, Op, Packed, Reply};
use self::read::Reader;
use self::writer::{Condition, Writer};
use super::rows::{self, Rows};
use crate::conversation::Event;
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{Commit, CommitNumber, Record, SealedCommit, Space, Store, StoreError};

/// Conversations and records in a folder, on sled.
#[derive(Debug)]
pub struct SledStore {
    core: Arc<Core>,
    ops: mpsc::Sender<Op>,
}

/// What readers and the writer share.
#[derive(Debug)]
struct Core {
    /// None while it is being opened again, and after closing.
    opened: RwLock<Option<Opened>>,
    blobs: Blobs,
    epoch: u64,
    /// Last durable commit.
    durable: AtomicU64,
    health: RwLock<Result<(), String>>,
    /// Stands for a full disk in tests.
    #[cfg(test)]
    disk_full: std::sync::atomic::AtomicBool,
}

impl Core {
    fn opened<T>(
        &self,
        act: impl FnOnce(&Opened) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.opened.read().as_ref() {
            Some(opened) => act(opened),
            None => Err(self.unavailable()),
        }
    }

    fn set_opened(&self, opened: Option<Opened>) {
        // sled's end takes a while: readers shall not wait for it.
        let before = std::mem::replace(&mut *self.opened.write(), opened);
        drop(before);
    }

    fn set_durable(&self, commit: u64) {
        self.durable.store(commit, Ordering::Release);
    }

    fn health(&self) -> Result<(), String> {
        self.health.read().clone()
    }

    fn set_health(&self, health: Result<(), String>) {
        *self.health.write() = health;
    }

    fn unavailable(&self) -> StoreError {
        let why = self.health().err();
        StoreError::Unavailable(why.unwrap_or_else(|| "the store is being opened".to_owned()))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.probe(|| file.sync_data())
    }

    /// Does something that needs room on the disk.
    fn probe(&self, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        #[cfg(test)]
        if self.disk_full.load(Ordering::Acquire) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        act()
    }

    fn read<T>(
        &self,
        act: impl FnOnce(Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            self.opened(|opened| {
                act(Reader {
                    db: &opened.db,
                    blobs: &self.blobs,
                    durable: self.durable.load(Ordering::Acquire),
                })
            })
        }));
        guarded.unwrap_or_else(|panic| {
            let why = panic_text(&*panic);
            Err(StoreError::Corrupt(format!("the engine failed: {why}")))
        })
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a message").to_owned()
}

impl SledStore {
    /// Opens the store in a folder, or makes one there. It blocks: call it before there is anything to answer.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong and what can be done. An existing store is never replaced.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let parts = open::open(dir)?;
        let core = Arc::new(Core {
            opened: RwLock::new(Some(parts.found.opened)),
            blobs: parts.blobs,
            epoch: parts.found.epoch,
            durable: AtomicU64::new(parts.found.mark.commit),
            health: RwLock::new(Ok(())),
            #[cfg(test)]
            disk_full: std::sync::atomic::AtomicBool::new(false),
        });
        let (ops, waiting) = mpsc::channel(writer::QUEUE);
        let writer = Writer {
            core: Arc::clone(&core),
            paths: parts.paths,
            high_water: parts.high_water,
            mark: parts.found.mark,
            marked: std::time::Instant::now(),
            lock: parts.lock,
            heads: heads::Heads::default(),
            state: Condition::Well,
        };
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(waiting))
            .map_err(|source| OpenError::Io {
                dir: dir.to_owned(),
                what: "starting the writer",
                source,
            })?;
        Ok(Self { core, ops })
    }

    async fn ask<T>(&self, op: impl FnOnce(Reply<T>) -> Op) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        if self.ops.send(op(reply)).await.is_err() {
            return Err(self.core.unavailable());
        }
        match answer.await {
            Ok(answer) => answer,
            Err(_dropped) => Err(self.core.unavailable()),
        }
    }

    async fn read_blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let core = Arc::clone(&self.core);
        let done = tokio::task::spawn_blocking(move || core.read(act)).await;
        done.unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))
    }

    /// Puts contents where they belong: large ones into files, which are durable afterwards.
    async fn place(&self, rows: Rows) -> Result<Packed, StoreError> {
        let large = |bytes: &[u8]| bytes.len() > INLINE_MAX_BYTES;
        if large(&rows.events) || rows.private.as_deref().is_some_and(large) {
            let core = Arc::clone(&self.core);
            let placed = tokio::task::spawn_blocking(move || core.place(rows)).await;
            return placed.unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())));
        }
        self.core.place(rows)
    }

    /// Takes blobs away again whose row was refused. What is missed is swept at the next start.
    async fn discard(&self, blobs: Vec<BlobId>) {
        if blobs.is_empty() {
            return;
        }
        let core = Arc::clone(&self.core);
        let removed = tokio::task::spawn_blocking(move || {
            blobs.iter().try_for_each(|blob| core.blobs.remove(blob))
        });
        if let Ok(Err(why)) = removed.await {
            tracing::warn!(%why, "a blob file could not be removed");
        }
    }
}

impl Core {
    fn content(&self, bytes: Vec<u8>) -> Result<Content, StoreError> {
        if bytes.len() <= INLINE_MAX_BYTES {
            return Ok(Content::Inline(bytes));
        }
        let written = self.blobs.write(&bytes);
        written
            .map(Content::Blob)
            .map_err(|why| StoreError::Unavailable(format!("writing a blob file: {why}")))
    }

    fn place(&self, rows: Rows) -> Result<Packed, StoreError> {
        Ok(Packed {
            first: rows.first,
            last: rows.last,
            events: self.content(rows.events)?,
            private: rows.private.map(|bytes| self.content(bytes)).transpose()?,
            acts: rows.acts,
        })
    }
}

impl Packed {
    fn blobs(&self) -> Vec<BlobId> {
        let contents = std::iter::once(&self.events).chain(&self.private);
        contents.filter_map(Content::blob).collect()
    }
}

/// Whether nothing was written for sure.
fn refused<T>(answer: &Result<T, StoreError>) -> bool {
    match answer {
        Ok(_) | Err(StoreError::Unavailable(_)) => false,
        Err(
            StoreError::Stale { .. }
            | StoreError::Conflict { .. }
            | StoreError::Corrupt(_)
            | StoreError::Invalid(_),
        ) => true,
    }
}

#[async_trait]
impl Store for SledStore {
    async fn append(
        &self,
        id: ConversationId,
        expected: Seq,
        events: Vec<Event>,
    ) -> Result<Commit, StoreError> {
        let seals = rows::seal(&events)?;
        let packed = self
            .place(rows::prepare(expected, &events, &seals)?)
            .await?;
        let blobs = packed.blobs();
        let answer = self
            .ask(|reply| Op::Append {
                id,
                expected,
                packed,
                reply,
            })
            .await;
        if refused(&answer) {
            self.discard(blobs).await;
        }
        Ok(Commit {
            number: answer?,
            conversation: id,
            events,
        })
    }

    async fn read(
        &self,
        id: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.read_blocking(move |reader| reader.read(id, after, limit))
            .await
    }

    async fn read_last(&self, id: ConversationId, n: usize) -> Result<Vec<Event>, StoreError> {
        self.read_blocking(move |reader| reader.read_last(id, n))
            .await
    }

    async fn find_act(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, StoreError> {
        self.core.read(|reader| reader.find_act(id, act))
    }

    async fn open_conversations(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.read_blocking(|reader| reader.open_conversations())
            .await
    }

    async fn set_closed(&self, id: ConversationId) -> Result<(), StoreError> {
        self.ask(|reply| Op::SetClosed { id, reply }).await
    }

    async fn tail(&self, after: CommitNumber, limit: usize) -> Result<Vec<Commit>, StoreError> {
        self.read_blocking(move |reader| reader.tail(after, limit))
            .await
    }

    fn last_commit(&self) -> CommitNumber {
        CommitNumber(self.core.durable.load(Ordering::Acquire))
    }

    async fn tail_sealed(
        &self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<SealedCommit>, StoreError> {
        self.read_blocking(move |reader| reader.tail_sealed(after, limit))
            .await
    }

    async fn append_sealed(&self, commits: Vec<SealedCommit>) -> Result<(), StoreError> {
        let mut packed = Vec::with_capacity(commits.len());
        for rows in rows::prepare_all(&commits)? {
            packed.push(self.place(rows).await?);
        }
        let blobs = packed.iter().flat_map(Packed::blobs).collect();
        let answer = self
            .ask(|reply| Op::AppendSealed {
                commits,
                packed,
                reply,
            })
            .await;
        if refused(&answer) {
            self.discard(blobs).await;
        }
        answer
    }

    async fn get(&self, space: Space, key: &str) -> Result<Option<Record>, StoreError> {
        self.core.read(|reader| reader.get(space, key))
    }

    async fn put_if(
        &self,
        space: Space,
        key: &str,
        expected: u64,
        value: Option<serde_json::Value>,
    ) -> Result<u64, StoreError> {
        let value = match rows::prepare_record(key, value.as_ref())? {
            None => None,
            Some(bytes) if bytes.len() <= INLINE_MAX_BYTES => Some(Content::Inline(bytes)),
            Some(bytes) => {
                let core = Arc::clone(&self.core);
                let placed = tokio::task::spawn_blocking(move || core.content(bytes)).await;
                Some(placed.unwrap_or_else(|why| Err(StoreError::Unavailable(why.to_string())))?)
            }
        };
        let blob = value.as_ref().and_then(Content::blob);
        let answer = self
            .ask(|reply| Op::Put {
                space,
                key: key.to_owned(),
                expected,
                value,
                reply,
            })
            .await;
        if refused(&answer) {
            self.discard(blob.into_iter().collect()).await;
        }
        answer
    }

    async fn list(&self, space: Space) -> Result<BTreeMap<String, Record>, StoreError> {
        self.read_blocking(move |reader| reader.list(space)).await
    }

    async fn erase(&self, id: ConversationId) -> Result<u64, StoreError> {
        self.ask(|reply| Op::Erase { id, reply }).await
    }

    async fn conversations(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.read_blocking(move |reader| reader.conversations(after, limit))
            .await
    }

    fn epoch(&self) -> u64 {
        self.core.epoch
    }

    fn health(&self) -> Result<(), String> {
        self.core.health()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.ask(|reply| Op::Close { reply }).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Body, Private};
    use crate::ids::Timestamp;

    fn said(seq: u64) -> Event {
        Event {
            seq: Seq(seq),
            at: Timestamp(0),
            body: Body::VisitorSaid {
                client_id: format!("m{seq}").parse().unwrap(),
            },
            private: Private::text("hola"),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_stops_writes_and_not_reads_until_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledStore::open(folder.path()).unwrap();
        let id = ConversationId::from_bytes([1; 16]);
        store.append(id, Seq(0), vec![said(1)]).await.unwrap();

        store.core.disk_full.store(true, Ordering::Release);
        for _ in 0..3 {
            let refused = store.append(id, Seq(1), vec![said(2)]).await;
            assert!(matches!(refused, Err(StoreError::Unavailable(_))));
            assert!(store.health().is_err());
            // Nobody is shown what was never acknowledged.
            let read = store.read(id, Seq::ZERO, 10).await.unwrap();
            assert_eq!(read, [said(1)]);
            assert_eq!(store.last_commit(), CommitNumber(1));
        }
        assert!(store.health().unwrap_err().contains("free some space"));

        store.core.disk_full.store(false, Ordering::Release);
        // The refused append may have happened or not: that is asked for, as the engine does after an unknown outcome.
        match store.append(id, Seq(1), vec![said(2)]).await {
            Ok(commit) => assert_eq!(commit.number, CommitNumber(2)),
            Err(refused) => assert_eq!(refused, StoreError::Stale { last: Seq(2) }),
        }
        assert_eq!(store.health(), Ok(()));
        assert_eq!(
            store.read(id, Seq::ZERO, 10).await.unwrap(),
            [said(1), said(2)]
        );
        store.close().await.unwrap();
        let store = SledStore::open(folder.path()).unwrap();
        assert_eq!(
            store.read(id, Seq::ZERO, 10).await.unwrap(),
            [said(1), said(2)]
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_store_that_failed_comes_back_without_a_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledStore::open(folder.path()).unwrap();
        let id = ConversationId::from_bytes([1; 16]);
        store.core.disk_full.store(true, Ordering::Release);
        let refused = store.append(id, Seq(0), vec![said(1)]).await;
        assert!(refused.is_err());
        store.core.disk_full.store(false, Ordering::Release);
        while store.health().is_err() {
            tokio::task::yield_now().await;
        }
    }
}
