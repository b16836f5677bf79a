//! The outbox: fed from the store's tail, its entries are records of the store. One task feeds and sends.
//!
//! An entry is kept before the place in the tail that it came from is; it is leased before it is sent, and what became of it is kept behind. So
//! nothing is lost, and nothing goes out twice, unless the server is killed between the sending and the record of it: then the same mail goes out
//! again under the same `Message-ID` and with the same link, by which mail programs know it.

mod book;
mod errand;
mod feed;
mod judge;
mod records;
mod returned;
mod send;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::watch;

use self::book::Book;
pub use self::book::put_aside;
pub use self::returned::BounceError;
use super::transport::Mailer;
use crate::accounts::VisitorLinks;
use crate::engine::Engine;
use crate::ids::{ConversationId, Timestamp};
use crate::ports::{Store, StoreError};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// News wait so long: what an agent writes in between goes into one mail, and whoever comes back meanwhile needs none.
const NEWS_MS: i64 = MINUTE;
/// Nothing in the store came so far: tried again after this time.
const STORE_RETRY_MS: i64 = 5_000;

/// What the outbox is built from.
pub struct Parts {
    /// The engine.
    pub engine: Engine,
    /// Makes the links back.
    pub links: VisitorLinks,
    /// Sends.
    pub mailer: Mailer,
    /// Address of this server, for links.
    pub base_url: String,
    /// Most mails to one address within an hour; more wait.
    pub per_hour: u32,
    /// Under which addresses are counted.
    pub secret: [u8; 32],
}

/// The outbox; cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    sent: AtomicU64,
    failed: AtomicU64,
    bounced: AtomicU64,
    unread: AtomicU64,
    queued: AtomicU64,
    trouble: Mutex<Option<Trouble>>,
}

/// Why no mail goes out, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Trouble {
    since: Timestamp,
    why: String,
}

/// How the outbox does: counted since the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Mails that a server took.
    pub sent: u64,
    /// Mails that were refused or given up.
    pub failed: u64,
    /// Mails that a server took and somebody sent back.
    pub bounced: u64,
    /// Events of damaged conversations, of which no mail could be made.
    pub unread: u64,
    /// Mails that wait.
    pub queued: u64,
    /// Why no mail can be sent now, and since when.
    pub trouble: Option<(Timestamp, String)>,
}

impl Outbox {
    /// An outbox; [`Outbox::run`] makes it work.
    pub fn new(parts: Parts) -> Self {
        Self {
            inner: Arc::new(Inner {
                parts,
                sent: AtomicU64::new(0),
                failed: AtomicU64::new(0),
                bounced: AtomicU64::new(0),
                unread: AtomicU64::new(0),
                queued: AtomicU64::new(0),
                trouble: Mutex::new(None),
            }),
        }
    }

    fn engine(&self) -> &Engine {
        &self.inner.parts.engine
    }

    fn store(&self) -> &Arc<dyn Store> {
        self.engine().store()
    }

    /// How it does.
    pub fn status(&self) -> Status {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let trouble = self.inner.trouble.lock().clone();
        Status {
            sent: of(&self.inner.sent),
            failed: of(&self.inner.failed),
            bounced: of(&self.inner.bounced),
            unread: of(&self.inner.unread),
            queued: of(&self.inner.queued),
            trouble: trouble.map(|trouble| (trouble.since, trouble.why)),
        }
    }

    /// Feeds and sends until `stopping` turns true; a mail that is on its way is then seen to its end. Ending the task at any moment loses nothing.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let clock = Arc::clone(self.engine().clock());
        let mut commits = self.engine().commits();
        let mut erased = self.engine().erased();
        let mut forgotten = 0;
        let mut book = loop {
            match self.open().await {
                Ok(book) => break book,
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read, trying again");
                    clock.sleep_until(clock.now().plus(STORE_RETRY_MS)).await;
                }
            }
        };
        loop {
            commits.borrow_and_update();
            let fresh: Vec<ConversationId> = {
                let erased = erased.borrow_and_update();
                erased.get(forgotten..).unwrap_or_default().to_vec()
            };
            let next = match self.turn(&mut book, &fresh, &stopping).await {
                Ok(next) => {
                    forgotten += fresh.len();
                    next
                }
                Err(error) => {
                    tracing::warn!(%error, "the outbox stands still, trying again");
                    // What the task believes may not be what is stored.
                    match self.open().await {
                        Ok(fresh) => {
                            book = Book {
                                hold: book.hold,
                                refusals: book.refusals,
                                ..fresh
                            }
                        }
                        Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
                    }
                    clock.now().plus(STORE_RETRY_MS)
                }
            };
            self.inner
                .queued
                .store(book.waiting.len() as u64, Ordering::Relaxed);
            tokio::select! {
                () = clock.sleep_until(next) => {}
                changed = commits.changed() => if changed.is_err() { return },
                changed = erased.changed() => if changed.is_err() { return },
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Once around: what was erased goes, what is new comes, what is due is sent. Gives when there is something to do again.
    async fn turn(
        &self,
        book: &mut Book,
        erased: &[ConversationId],
        stopping: &watch::Receiver<bool>,
    ) -> Result<Timestamp, StoreError> {
        let gone: Vec<_> = (book.waiting.keys())
            .filter(|(conversation, _)| erased.contains(conversation))
            .copied()
            .collect();
        for place in gone {
            self.look_again(book, place).await?;
        }
        self.feed(book).await?;
        self.work(book, stopping).await
    }
}
