//! The one thread that writes. It takes what is waiting, makes it one batch, makes the batch durable, and only then answers.
//!
//! There is no timer: while one group is being synced the next one gathers.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use sled::Batch;
use tokio::sync::{mpsc, oneshot};

use super::blobs::BlobId;
use super::heads::{Head, Heads};
use super::high_water::{HighWater, Mark};
use super::open::{self, Opened, Paths};
use super::read::{Reader, failed};
use super::value::{Kind, pack, unpack};
use super::{Core, disk, keys, panic_text};
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{CommitNumber, SealedCommit, Space, StoreError};
use crate::store::rows::{self, EventRow};

/// Writes that may wait before the senders do.
pub(super) const QUEUE: usize = 1024;

/// A group ends at this number of writes or this size.
const GROUP_MAX_OPS: usize = 1024;
const GROUP_MAX_BYTES: usize = 256 * 1024;

/// Room that must be free before a store that failed is opened again: sled cannot open on a full disk, and then nothing could be read either.
const ROOM_BYTES: usize = 4 * 1024 * 1024;

pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A content as it goes into a row.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// In the row itself.
    Inline(Vec<u8>),
    /// In a file that is durable already.
    Blob(BlobId),
}

impl Content {
    /// The file that holds it, where one does.
    pub(super) fn blob(&self) -> Option<BlobId> {
        match self {
            Self::Inline(_) => None,
            Self::Blob(id) => Some(*id),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Inline(bytes) => bytes.len(),
            Self::Blob(id) => id.len(),
        }
    }
}

/// An append with its contents in place.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) first: Seq,
    pub(super) last: Seq,
    pub(super) events: Content,
    pub(super) private: Option<Content>,
    pub(super) acts: Vec<(ClientId, Seq)>,
}

/// What the writer is asked.
pub(super) enum Op {
    Append {
        id: ConversationId,
        expected: Seq,
        packed: Packed,
        reply: Reply<CommitNumber>,
    },
    AppendSealed {
        commits: Vec<SealedCommit>,
        packed: Vec<Packed>,
        reply: Reply<()>,
    },
    Put {
        space: Space,
        key: String,
        expected: u64,
        value: Option<Content>,
        reply: Reply<u64>,
    },
    Erase {
        id: ConversationId,
        reply: Reply<u64>,
    },
    SetClosed {
        id: ConversationId,
        reply: Reply<()>,
    },
    Close {
        reply: Reply<()>,
    },
}

impl Op {
    fn len(&self) -> usize {
        let packed =
            |packed: &Packed| packed.events.len() + packed.private.as_ref().map_or(0, Content::len);
        match self {
            Self::Append { packed: one, .. } => packed(one),
            Self::AppendSealed { packed: all, .. } => all.iter().map(packed).sum(),
            Self::Put { value, .. } => value.as_ref().map_or(0, Content::len),
            Self::Erase { .. } | Self::SetClosed { .. } | Self::Close { .. } => 0,
        }
    }

    fn refuse(self, why: StoreError) {
        // Whoever asked may have gone away: then nobody needs the answer.
        match self {
            Self::Append { reply, .. } => drop(reply.send(Err(why))),
            Self::Put { reply, .. } | Self::Erase { reply, .. } => drop(reply.send(Err(why))),
            Self::AppendSealed { reply, .. }
            | Self::SetClosed { reply, .. }
            | Self::Close { reply } => drop(reply.send(Err(why))),
        }
    }
}

/// An answer that waits until its group is durable. A refusal waits too: it may rest on a write of the same group.
type Ack = Box<dyn FnOnce(Result<(), StoreError>)>;

fn ack<T: 'static>(reply: Reply<T>, answer: Result<T, StoreError>) -> Ack {
    Box::new(move |outcome| drop(reply.send(outcome.and(answer))))
}

/// Writes that become durable together.
#[derive(Default)]
struct Group {
    batch: Batch,
    acks: Vec<Ack>,
    mark: Mark,
    /// Something is in the batch.
    touched: bool,
    /// Something in the batch must be durable.
    dirty: bool,
    /// Records as they will be: version, and the blob that holds them.
    records: HashMap<Vec<u8>, (u64, Option<BlobId>)>,
    /// Blobs whose owner goes.
    orphans: Vec<BlobId>,
}

impl Group {
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

/// Why a group did not become durable.
struct Failure {
    why: String,
    /// It will not pass by itself.
    lasting: bool,
}

pub(super) struct Writer {
    pub(super) core: Arc<Core>,
    pub(super) paths: Paths,
    pub(super) high_water: HighWater,
    pub(super) mark: Mark,
    /// Held until the store is closed.
    pub(super) lock: std::fs::File,
    pub(super) heads: Heads,
    pub(super) state: Condition,
}

/// Whether writes can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// They can.
    Well,
    /// The last one failed: sled must be opened again first.
    Failed,
    /// Only a new start can help.
    Lost,
}

impl Writer {
    /// Works until it is told to close, or nobody can ask any more.
    pub(super) fn run(mut self, mut ops: mpsc::Receiver<Op>) {
        let mut closing = None;
        while closing.is_none()
            && let Some(first) = self.next(&mut ops)
        {
            let mut size = first.len();
            let mut group = vec![first];
            while group.len() < GROUP_MAX_OPS
                && size < GROUP_MAX_BYTES
                && !matches!(group.last(), Some(Op::Close { .. }))
                && let Ok(op) = ops.try_recv()
            {
                size += op.len();
                group.push(op);
            }
            if let Some(Op::Close { .. }) = group.last()
                && let Some(Op::Close { reply }) = group.pop()
            {
                closing = Some(reply);
            }
            self.work(group);
        }
        ops.close();
        let closed = self.close();
        while let Ok(op) = ops.try_recv() {
            op.refuse(StoreError::Unavailable("the store is closed".to_owned()));
        }
        if let Some(reply) = closing {
            drop(reply.send(closed));
        }
    }

    /// The next write. While the store is down it is tried again every second, so that it comes back without a write: a load balancer that was
    /// told "not ready" sends none.
    fn next(&mut self, ops: &mut mpsc::Receiver<Op>) -> Option<Op> {
        const TICK: Duration = Duration::from_millis(50);
        const TICKS_A_TRY: u32 = 20;
        let mut ticks = 0;
        while self.state == Condition::Failed {
            match ops.try_recv() {
                Ok(op) => return Some(op),
                Err(mpsc::error::TryRecvError::Disconnected) => return None,
                Err(mpsc::error::TryRecvError::Empty) => {
                    std::thread::sleep(TICK);
                    ticks += 1;
                    if ticks % TICKS_A_TRY == 0 {
                        self.recover();
                    }
                }
            }
        }
        ops.blocking_recv()
    }

    fn work(&mut self, ops: Vec<Op>) {
        if self.state != Condition::Well {
            self.recover();
        }
        if let Err(why) = self.core.health() {
            for op in ops {
                op.refuse(StoreError::Unavailable(why.clone()));
            }
            return;
        }
        let core = Arc::clone(&self.core);
        let mut group = self.group();
        for op in ops {
            if self.state != Condition::Well {
                op.refuse(core.unavailable());
                continue;
            }
            // An erasure reads what is written, so what was staged before it must be there.
            if matches!(op, Op::Erase { .. }) && group.touched {
                self.finish(std::mem::take(&mut group));
                group = self.group();
                if self.state != Condition::Well {
                    op.refuse(core.unavailable());
                    continue;
                }
            }
            let answer = catch_unwind(AssertUnwindSafe(|| {
                core.opened(|opened| Ok(self.stage(opened, op, &mut group)))
            }));
            match answer {
                Ok(Ok(ack)) => group.acks.push(ack),
                Ok(Err(_closed)) => {}
                Err(panic) => {
                    // The reply was dropped with the stack, which the asker reads as an unknown outcome. The staged part may be torn.
                    self.fail(
                        group,
                        &Failure {
                            why: format!("the engine failed: {}", panic_text(&*panic)),
                            lasting: false,
                        },
                    );
                    group = self.group();
                }
            }
        }
        if self.state == Condition::Well {
            self.finish(group);
        }
    }

    fn group(&self) -> Group {
        Group {
            mark: self.mark,
            ..Group::default()
        }
    }

    fn reader<'a>(&'a self, opened: &'a Opened) -> Reader<'a> {
        Reader {
            db: &opened.db,
            blobs: &self.core.blobs,
            durable: self.mark.commit,
        }
    }

    fn stage(&mut self, opened: &Opened, op: Op, group: &mut Group) -> Ack {
        match op {
            Op::Append {
                id,
                expected,
                packed,
                reply,
            } => {
                let answer = self.append(opened, id, expected, &packed, group);
                ack(reply, answer)
            }
            Op::AppendSealed {
                commits,
                packed,
                reply,
            } => {
                let answer = self.append_sealed(opened, &commits, &packed, group);
                ack(reply, answer)
            }
            Op::Put {
                space,
                key,
                expected,
                value,
                reply,
            } => {
                let key = keys::record(space, &key);
                let answer = self.put(opened, &key, expected, value.as_ref(), group);
                ack(reply, answer)
            }
            Op::Erase { id, reply } => {
                let answer = self.erase(opened, id, group);
                ack(reply, answer)
            }
            Op::SetClosed { id, reply } => {
                let answer = self.head(opened, id).map(|head| {
                    if head.open {
                        group.remove(&keys::open(id));
                        self.heads.set(
                            id,
                            Head {
                                open: false,
                                ..head
                            },
                        );
                    }
                });
                ack(reply, answer)
            }
            Op::Close { reply } => ack(reply, Ok(())),
        }
    }

    fn head(&mut self, opened: &Opened, id: ConversationId) -> Result<Head, StoreError> {
        if let Some(head) = self.heads.get(id) {
            return Ok(head);
        }
        let head = self.reader(opened).head(id)?;
        self.heads.set(id, head);
        Ok(head)
    }

    fn append(
        &mut self,
        opened: &Opened,
        id: ConversationId,
        expected: Seq,
        packed: &Packed,
        group: &mut Group,
    ) -> Result<CommitNumber, StoreError> {
        let head = self.head(opened, id)?;
        if head.last != expected {
            return Err(StoreError::Stale { last: head.last });
        }
        group.mark.commit += 1;
        group.dirty = true;
        let number = CommitNumber(group.mark.commit);
        let stamp = number.0;
        let first = packed.first.0.to_be_bytes();
        group.content(&keys::events(id, packed.first), stamp, &packed.events);
        if let Some(private) = &packed.private {
            group.content(&keys::private(id, packed.first), stamp, private);
        }
        for (act, seq) in &packed.acts {
            let seq = seq.0.to_be_bytes();
            group.insert(&keys::act(id, act), Kind::Inline, stamp, &seq);
        }
        let last = packed.last.0.to_be_bytes();
        group.insert(&keys::head(id), Kind::Inline, stamp, &last);
        let place = [id.as_bytes().as_slice(), &first].concat();
        group.insert(&keys::tail(number), Kind::Inline, stamp, &place);
        if !head.open {
            group.insert(&keys::open(id), Kind::Inline, stamp, &[]);
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

    fn append_sealed(
        &mut self,
        opened: &Opened,
        commits: &[SealedCommit],
        packed: &[Packed],
        group: &mut Group,
    ) -> Result<(), StoreError> {
        rows::follow_on(group.mark.commit, commits, |id| {
            Ok(self.head(opened, id)?.last)
        })?;
        for (sealed, packed) in commits.iter().zip(packed) {
            let id = sealed.commit.conversation;
            let expected = self.head(opened, id)?.last;
            self.append(opened, id, expected, packed, group)?;
        }
        Ok(())
    }

    fn put(
        &self,
        opened: &Opened,
        key: &[u8],
        expected: u64,
        value: Option<&Content>,
        group: &mut Group,
    ) -> Result<u64, StoreError> {
        let (version, blob) = match group.records.get(key) {
            Some(staged) => *staged,
            None => match opened.db.get(key).map_err(failed)? {
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
            group.orphan(blob);
        }
        let Some(content) = value else {
            group.remove(key);
            group.dirty = true;
            group.records.insert(key.to_vec(), (0, None));
            return Ok(0);
        };
        group.mark.version += 1;
        group.dirty = true;
        let version = group.mark.version;
        group.content(key, version, content);
        group.insert(keys::VERSIONS, Kind::Inline, version, &[]);
        group
            .records
            .insert(key.to_vec(), (version, content.blob()));
        Ok(version)
    }

    /// Every private row of the conversation gives way to a mark that it was erased, readable or not.
    fn erase(
        &self,
        opened: &Opened,
        id: ConversationId,
        group: &mut Group,
    ) -> Result<u64, StoreError> {
        let reader = self.reader(opened);
        let mut emptied = 0;
        for row in opened.db.range(keys::all_private(id)) {
            let (key, bytes) = row.map_err(failed)?;
            let first = Seq(keys::number(&key).unwrap_or_default());
            let stamp = match unpack(&key, &bytes) {
                Ok(value) if value.kind == Kind::Erased => continue,
                Ok(value) => {
                    if value.kind == Kind::Blob
                        && let Ok(blob) = value.payload.try_into()
                    {
                        group.orphan(blob);
                    }
                    value.stamp
                }
                Err(_damaged) => 0,
            };
            let parts = match reader.private(id, first) {
                Ok(row) => row.map_or(0, |row| row.parts.iter().flatten().count()),
                Err(_damaged) => digests(opened, id, first),
            };
            emptied += parts as u64;
            group.insert(&key, Kind::Erased, stamp, &[]);
            group.dirty = true;
        }
        Ok(emptied)
    }

    fn finish(&mut self, mut group: Group) {
        let outcome = if group.touched {
            self.persist(&mut group)
        } else {
            Ok(())
        };
        if let Err(failure) = outcome {
            self.fail(group, &failure);
            return;
        }
        self.mark = group.mark;
        if group.dirty {
            // Before the answers, so that the mark outlives a kill right behind them. It fails only with the disk, and costs no promise.
            if let Err(why) = self.high_water.write(self.mark) {
                tracing::warn!(%why, "the high-water mark could not be written");
            }
        }
        self.core.set_durable(self.mark.commit);
        for blob in group.orphans {
            // What stays is removed at the next start: nobody owns it any more.
            if let Err(why) = self.core.blobs.remove(&blob) {
                tracing::warn!(%why, "a blob file could not be removed");
            }
        }
        for ack in group.acks {
            ack(Ok(()));
        }
    }

    fn persist(&self, group: &mut Group) -> Result<(), Failure> {
        let engine = |why: sled::Error| Failure {
            why: why.to_string(),
            lasting: false,
        };
        let batch = std::mem::take(&mut group.batch);
        let dirty = group.dirty;
        let write = || {
            let written = self.core.opened(|opened| {
                Ok(opened.db.apply_batch(batch).map_err(engine).and_then(|()| {
                    if !dirty {
                        return Ok(());
                    }
                    opened.db.flush().map_err(engine)?;
                    self.core.sync(&opened.file).map_err(sync_failure)
                }))
            });
            written.unwrap_or_else(|closed| {
                Err(Failure {
                    why: closed.to_string(),
                    lasting: false,
                })
            })
        };
        catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|panic| {
            Err(Failure {
                why: format!("the engine failed: {}", panic_text(&*panic)),
                lasting: false,
            })
        })
    }

    fn fail(&mut self, group: Group, failure: &Failure) {
        tracing::error!(why = failure.why, "a write failed: no more are accepted");
        self.state = if failure.lasting {
            Condition::Lost
        } else {
            Condition::Failed
        };
        self.core.set_health(Err(failure.why.clone()));
        self.heads.clear();
        for ack in group.acks {
            ack(Err(self.core.unavailable()));
        }
    }

    /// Opens sled again, if there is reason to hope: after an error sled refuses every write for good.
    fn recover(&mut self) {
        if self.state != Condition::Failed {
            return;
        }
        if let Err(why) = self.core.probe(|| disk::probe(&self.paths.dir, ROOM_BYTES)) {
            self.core.set_health(Err(format!(
                "{why}; free some space on the disk of {}",
                self.paths.dir.display()
            )));
            return;
        }
        self.core.set_opened(None);
        match open::reopen(&self.paths, self.mark) {
            Ok(found) => {
                self.mark = found.mark;
                self.core.set_opened(Some(found.opened));
                self.core.set_durable(self.mark.commit);
                self.core.set_health(Ok(()));
                self.state = Condition::Well;
                tracing::info!("writes are accepted again");
            }
            Err(why) => self.core.set_health(Err(why.to_string())),
        }
    }

    fn close(self) -> Result<(), StoreError> {
        let flushed = self.core.opened(|opened| {
            opened.db.flush().map_err(failed)?;
            self.core
                .sync(&opened.file)
                .and_then(|()| self.high_water.sync())
                .map_err(|why| StoreError::Unavailable(why.to_string()))
        });
        self.core.set_health(Err("the store is closed".to_owned()));
        self.core.set_opened(None);
        // The lock last: whoever gets it may open sled.
        drop(self.lock);
        flushed
    }
}

/// How many private parts an append had, from what stays after an erasure.
fn digests(opened: &Opened, id: ConversationId, first: Seq) -> usize {
    let key = keys::events(id, first);
    let Ok(Some(bytes)) = opened.db.get(&key) else {
        return 0;
    };
    let row = unpack(&key, &bytes)
        .ok()
        .and_then(|value| serde_json::from_slice::<EventRow>(value.payload).ok());
    row.map_or(0, |row| row.digests.iter().flatten().count())
}

/// After a failed sync the system may have dropped what it could not write and say nothing the next time: only a full disk is a reason that passes.
fn sync_failure(why: std::io::Error) -> Failure {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    if matches!(why.kind(), StorageFull | QuotaExceeded) {
        Failure {
            why: why.to_string(),
            lasting: false,
        }
    } else {
        Failure {
            why: format!("{why}; check the disk, then start again"),
            lasting: true,
        }
    }
}
