//! The one thread that writes. It takes what is waiting, makes it one batch, makes the batch durable, and only then answers.
//!
//! There is no timer: while one group is being synced the next one gathers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::group::{Group, Stage};
use super::heads::Heads;
use super::high_water::{HighWater, Mark};
use super::open::{self, Opened, Paths};
use super::ops::{Ack, Op, ack};
use super::read::{Reader, failed};
use super::{Core, disk, keys, panic_text};
use crate::ports::StoreError;

/// Writes that may wait before the senders do.
pub(super) const QUEUE: usize = 1024;

/// A group ends at this number of writes or this size.
const GROUP_MAX_OPS: usize = 1024;
const GROUP_MAX_BYTES: usize = 256 * 1024;

/// How old the high-water mark on the disk may be.
const MARK_SYNC: Duration = Duration::from_secs(1);

/// Room that must be free before a store that failed is opened again: sled cannot open on a full disk, and then nothing could be read either.
const ROOM_BYTES: usize = 4 * 1024 * 1024;

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
    /// When the mark was last synced.
    pub(super) marked: Instant,
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
        let mut group = Group::after(self.mark);
        for op in ops {
            if self.state != Condition::Well {
                op.refuse(core.unavailable());
                continue;
            }
            // An erasure reads what is written, so what was staged before it must be there.
            if matches!(op, Op::Erase { .. }) && group.touched {
                self.finish(std::mem::take(&mut group));
                group = Group::after(self.mark);
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
                    group = Group::after(self.mark);
                }
            }
        }
        if self.state == Condition::Well {
            self.finish(group);
        }
    }

    fn stage(&mut self, opened: &Opened, op: Op, group: &mut Group) -> Ack {
        let mut stage = Stage {
            reader: Reader {
                db: &opened.db,
                blobs: &self.core.blobs,
                durable: self.mark.commit,
            },
            heads: &mut self.heads,
            group,
        };
        match op {
            Op::Append {
                id,
                expected,
                packed,
                reply,
            } => ack(reply, stage.append(id, expected, &packed)),
            Op::AppendSealed {
                commits,
                packed,
                reply,
            } => ack(reply, stage.append_sealed(&commits, &packed)),
            Op::Put {
                space,
                key,
                expected,
                value,
                reply,
            } => {
                let key = keys::record(space, &key);
                ack(reply, stage.put(&key, expected, value.as_ref()))
            }
            Op::Erase { id, reply } => ack(reply, stage.erase(id)),
            Op::SetClosed { id, reply } => ack(reply, stage.set_closed(id)),
            Op::Close { reply } => ack(reply, Ok(())),
        }
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
        // Behind the answers and once a second: a sync for each group took half or more of the appends at 1 and at 16 writers (measured), and what it would add is
        // the mark of one second, for a power cut that comes together with a log that sled cuts short.
        if group.dirty && self.marked.elapsed() >= MARK_SYNC {
            if let Err(why) = self.high_water.sync() {
                tracing::warn!(%why, "the high-water mark could not be synced");
            }
            self.marked = Instant::now();
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
                    self.core
                        .sync(&opened.file)
                        .map_err(|why| sync_failure(&why))
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

/// After a failed sync the system may have dropped what it could not write and say nothing the next time: only a full disk is a reason that passes.
fn sync_failure(why: &std::io::Error) -> Failure {
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
