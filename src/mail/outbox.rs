//! The outbox: fed from the store's tail, its entries are records of the store. One task feeds and sends.
//!
//! An entry is kept before the place in the tail that it came from is; it is leased before it is sent, and what became of it is kept behind. So
//! nothing is lost, and nothing goes out twice, unless the server is killed between the sending and the record of it: then the same mail goes out
//! again under the same `Message-ID` and with the same link, by which mail programs know it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use lettre::Address;
use parking_lot::Mutex;
use sha2::Sha256;
use tokio::sync::watch;

use super::address::{discreet, shortened};
use super::bounce::Failure;
use super::entry::{Entry, Fate, Kind, key};
use super::transport::{Mailer, Outgoing, SendError};
use super::write::Desk;
use crate::accounts::VisitorLinks;
use crate::conversation::{Body, Event};
use crate::engine::{Engine, EngineError};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::{CommitNumber, Space, Store, StoreError};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// News wait so long: what an agent writes in between goes into one mail, and whoever comes back meanwhile needs none.
const NEWS_MS: i64 = MINUTE;
/// A lease; far longer than the network's patience.
const LEASE_MS: i64 = 3 * MINUTE;
/// A mail that could not be sent for so long has failed.
const GIVE_UP_MS: i64 = 48 * HOUR;
/// What became of a mail is kept so long: reports of failure come within a week.
const KEEP_MS: i64 = 30 * 24 * HOUR;
/// Longest wait between two tries of one mail.
const PUT_OFF_MAX_MS: i64 = HOUR;
/// Longest wait between two tries while no server takes anything.
const HOLD_MAX_MS: i64 = 15 * MINUTE;
/// Appends read at a time.
const PAGE: usize = 500;
/// The place in the tail is kept at least every so many appends.
const MARK_EVERY: u64 = 2_000;
/// The mark that says up to where the tail was read.
const MARK: &str = "mail/read";
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
    /// Mails that wait.
    pub queued: u64,
    /// Why no mail can be sent now, and since when.
    pub trouble: Option<(Timestamp, String)>,
}

/// Why a failure could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum BounceError {
    /// Nothing of this name was sent from here.
    #[error("no mail of this name was sent by this server")]
    Unknown,
    /// The store did not do it; the report may be brought again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine did not do it; the report may be brought again.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What the task knows beside the store.
#[derive(Default)]
struct Book {
    /// Mails that wait, with the version of their record.
    waiting: BTreeMap<(ConversationId, Seq), (u64, Entry)>,
    /// When mails went to each address within the last hour.
    recent: HashMap<String, Vec<Timestamp>>,
    /// Up to where the tail was read, and was kept as read.
    read: CommitNumber,
    kept: CommitNumber,
    /// Version of the mark.
    mark: u64,
    /// Nothing is tried before this: no server takes anything.
    hold: Option<Timestamp>,
    /// How often in a row none did.
    refusals: u32,
    /// When ended mails are cleared away next.
    sweep: Timestamp,
}

/// Forgets up to where the tail was read, where no mail is configured: mail that is configured one day tells nothing of the time before.
///
/// # Errors
/// When the store does not take it.
pub async fn put_aside(store: &dyn Store) -> Result<(), StoreError> {
    if let Some(mark) = store.get(Space::Marks, MARK).await? {
        store.put_if(Space::Marks, MARK, mark.version, None).await?;
    }
    Ok(())
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
            queued: of(&self.inner.queued),
            trouble: trouble.map(|trouble| (trouble.since, trouble.why)),
        }
    }

    /// Feeds and sends until `stopping` turns true; a mail that is on its way is then seen to its end. Ending the task at any moment loses nothing.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let clock = Arc::clone(self.engine().clock());
        let mut commits = self.engine().commits();
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
            let worked = match self.feed(&mut book).await {
                Ok(()) => self.work(&mut book, &stopping).await,
                Err(error) => Err(error),
            };
            let next = match worked {
                Ok(next) => next,
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
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// The book as the store has it.
    async fn open(&self) -> Result<Book, StoreError> {
        let now = self.engine().now();
        let mut book = Book {
            sweep: now,
            ..Book::default()
        };
        match self.store().get(Space::Marks, MARK).await? {
            Some(mark) => {
                book.read = serde_json::from_value(mark.value).map_err(damaged)?;
                book.mark = mark.version;
            }
            // Mail is new here: it tells nothing of the time before.
            None => {
                book.read = self.store().last_commit();
                self.keep_mark(&mut book).await?;
            }
        }
        book.kept = book.read;
        for (name, record) in self.store().list(Space::Mails).await? {
            let Ok(mut entry) = serde_json::from_value::<Entry>(record.value) else {
                tracing::error!(
                    name,
                    "a mail in the outbox cannot be read; it is left alone"
                );
                continue;
            };
            match entry.fate {
                Fate::Waiting => {
                    // Who is connected is not known after a start: each one has the time to come back.
                    if entry.kind == Kind::News && entry.lease.is_none() {
                        entry.due = entry.due.max(now.plus(NEWS_MS));
                    }
                    book.waiting
                        .insert((entry.conversation, entry.seq), (record.version, entry));
                }
                Fate::Sent { at, .. } if now.since(at) < HOUR => {
                    if let Some(to) = entry.to {
                        book.recent.entry(to).or_default().push(at);
                    }
                }
                Fate::Sent { .. } | Fate::Needless { .. } | Fate::Failed { .. } => {}
            }
        }
        Ok(book)
    }

    async fn keep_mark(&self, book: &mut Book) -> Result<(), StoreError> {
        let value = serde_json::to_value(book.read).map_err(damaged)?;
        book.mark = self
            .store()
            .put_if(Space::Marks, MARK, book.mark, Some(value))
            .await?;
        book.kept = book.read;
        Ok(())
    }

    /// Reads the tail and puts what is to be told into the outbox: the entries first, then the mark.
    async fn feed(&self, book: &mut Book) -> Result<(), StoreError> {
        loop {
            let page = self.store().tail(book.read, PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            let mut told = false;
            for commit in page {
                for event in &commit.events {
                    told |= self.take_in(book, commit.conversation, event).await?;
                }
                book.read = commit.number;
            }
            if told || book.read.0 - book.kept.0 >= MARK_EVERY {
                self.keep_mark(book).await?;
            }
        }
    }

    /// Puts one event into the outbox, where it is to be told; whether it was.
    async fn take_in(
        &self,
        book: &mut Book,
        conversation: ConversationId,
        event: &Event,
    ) -> Result<bool, StoreError> {
        let kind = match &event.body {
            Body::AgentSaid { .. }
            | Body::AgentSent { .. }
            | Body::PromiseLate { .. }
            | Body::PromiseMoved { .. } => Kind::News,
            Body::MailAsked { case: None, .. } => Kind::Transcript,
            Body::MailAsked { case: Some(_), .. } => Kind::Receipt,
            // Nobody is written to about anything else.
            _ => return Ok(false),
        };
        match self.engine().reach(conversation).await {
            Ok(Some(reach)) if reach.mail.is_some() => {}
            Ok(_) => return Ok(false),
            Err(EngineError::Store(why)) => return Err(why),
            Err(other) => return Err(StoreError::Unavailable(other.to_string())),
        }
        let now = self.engine().now();
        let same = book.waiting.values_mut();
        let mut same: Vec<_> = same
            .filter(|(_, entry)| entry.conversation == conversation && entry.kind == kind)
            .collect();
        // A place in the tail that is read again, after a kill, has its entry already; no entry is sent before its place is kept.
        if same
            .iter()
            .any(|(_, entry)| entry.events.contains(&event.seq))
        {
            return Ok(true);
        }
        let open = same
            .iter_mut()
            .find(|(_, entry)| entry.tries == 0 && entry.lease.is_none());
        if let (Some((version, entry)), Kind::News | Kind::Transcript) = (open, kind) {
            let mut grown = entry.clone();
            grown.events.push(event.seq);
            *version = put(self.store().as_ref(), &grown, *version).await?;
            *entry = grown;
            return Ok(true);
        }
        let due = if kind == Kind::News {
            now.plus(NEWS_MS)
        } else {
            now
        };
        let entry = Entry::new(conversation, event.seq, kind, now, due);
        let version = put(self.store().as_ref(), &entry, 0).await?;
        book.waiting
            .insert((conversation, event.seq), (version, entry));
        Ok(true)
    }

    /// Sends what is due; gives the time at which there is something to do again.
    async fn work(
        &self,
        book: &mut Book,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Timestamp, StoreError> {
        let now = self.engine().now();
        if book.sweep <= now {
            self.sweep(now).await?;
            book.sweep = now.plus(HOUR);
            book.recent
                .retain(|_, at| at.iter().any(|at| now.since(*at) < HOUR));
        }
        let held = book.hold.is_some_and(|hold| hold > now);
        let due: Vec<_> = (book.waiting.iter())
            .filter(|(_, (_, entry))| !held && entry.next() <= now)
            .map(|(place, _)| *place)
            .collect();
        for place in due {
            let Some((version, entry)) = book.waiting.get(&place).cloned() else {
                continue;
            };
            if *stopping.borrow() {
                break;
            }
            match self.attempt(book, version, entry).await {
                Ok(()) => {}
                // A report of failure was quicker: the mail had gone out before a kill.
                Err(StoreError::Conflict { .. }) => self.look_again(book, place).await?,
                Err(other) => return Err(other),
            }
            if book.hold.is_some_and(|hold| hold > now) {
                break;
            }
        }
        let next = book.waiting.values().map(|(_, entry)| entry.next()).min();
        let next = match (next, book.hold) {
            (Some(next), Some(hold)) => next.max(hold),
            (Some(next), None) => next,
            (None, _) => book.sweep,
        };
        Ok(next.min(book.sweep).max(now.plus(1)))
    }

    async fn look_again(
        &self,
        book: &mut Book,
        place: (ConversationId, Seq),
    ) -> Result<(), StoreError> {
        book.waiting.remove(&place);
        let record = self
            .store()
            .get(Space::Mails, &key(place.0, place.1))
            .await?;
        if let Some(record) = record {
            let entry: Entry = serde_json::from_value(record.value).map_err(damaged)?;
            if entry.fate == Fate::Waiting {
                book.waiting.insert(place, (record.version, entry));
            }
        }
        Ok(())
    }

    /// One try of one mail, to its end.
    async fn attempt(
        &self,
        book: &mut Book,
        version: u64,
        mut entry: Entry,
    ) -> Result<(), StoreError> {
        let (engine, now) = (self.engine(), self.engine().now());
        let id = entry.conversation;
        let reach = match engine.reach(id).await {
            Ok(reach) => reach,
            Err(error) => return self.put_off(book, version, entry, &error.to_string()).await,
        };
        let address = reach.as_ref().and_then(|reach| reach.mail.clone());
        let (Some(reach), Some(address)) = (reach, address) else {
            return self
                .end(book, version, entry, Fate::Needless { at: now })
                .await;
        };
        let newest = entry.events.iter().max().copied().unwrap_or_default();
        // Whoever is here, or has done something since, has it on the screen.
        if entry.kind == Kind::News && (engine.is_here(id) || reach.visitor_seq > newest) {
            return self
                .end(book, version, entry, Fate::Needless { at: now })
                .await;
        }
        let Ok(to) = address.parse::<Address>() else {
            return self
                .fail(book, version, entry, "5.1.3", &shortened(&address))
                .await;
        };
        if now.since(entry.made_at) > GIVE_UP_MS {
            return self
                .fail(book, version, entry, "4.4.7", &shortened(&address))
                .await;
        }
        let tag = self.tag(&address);
        if let Some(later) = self.too_many(book, &tag, now) {
            entry.due = later;
            return self.keep(book, version, entry).await;
        }
        let parts = &self.inner.parts;
        let desk = Desk {
            engine,
            links: &parts.links,
            base_url: &parts.base_url,
            is_read: parts.mailer.is_read(),
        };
        let letter = match desk.write(&entry, &reach, now).await {
            Ok(Some(letter)) => letter,
            Ok(None) => {
                return self
                    .end(book, version, entry, Fate::Needless { at: now })
                    .await;
            }
            Err(error) => return self.put_off(book, version, entry, &error.to_string()).await,
        };
        entry.tries += 1;
        entry.lease = Some(now.plus(LEASE_MS));
        entry.to = Some(tag.clone());
        let version = put(self.store().as_ref(), &entry, version).await?;
        let outgoing = Outgoing {
            conversation: id,
            seq: entry.seq,
            to,
            at: now,
            letter,
        };
        let result = parts.mailer.send(outgoing).await;
        if !matches!(result, Err(SendError::NoServer(_))) {
            self.inner.trouble.lock().take();
            (book.hold, book.refusals) = (None, 0);
        }
        match result {
            Ok(sent) => {
                book.recent.entry(tag).or_default().push(now);
                self.inner.sent.fetch_add(1, Ordering::Relaxed);
                tracing::info!(conversation = %id, mail = entry.seq.0, answer = sent.answer, "a mail went out");
                self.end(
                    book,
                    version,
                    entry,
                    Fate::Sent {
                        at: now,
                        answer: sent.answer,
                    },
                )
                .await
            }
            Err(SendError::Refused { status, why }) => {
                tracing::warn!(conversation = %id, mail = entry.seq.0, why, "a mail was refused");
                self.fail(book, version, entry, &status, &shortened(&address))
                    .await
            }
            Err(SendError::PutOff(why)) => self.put_off(book, version, entry, &why).await,
            Err(SendError::NoServer(why)) => {
                tracing::warn!(why, "no mail goes out");
                {
                    let mut trouble = self.inner.trouble.lock();
                    let since = trouble.as_ref().map_or(now, |old| old.since);
                    *trouble = Some(Trouble { since, why });
                }
                let wait = backoff(book.refusals, HOLD_MAX_MS);
                book.refusals += 1;
                book.hold = Some(now.plus(wait));
                // That no server is there is not this mail's fault: it is first in line when one is.
                entry.lease = None;
                entry.due = now;
                self.keep(book, version, entry).await
            }
        }
    }

    /// Tries it again later.
    async fn put_off(
        &self,
        book: &mut Book,
        version: u64,
        mut entry: Entry,
        why: &str,
    ) -> Result<(), StoreError> {
        tracing::warn!(conversation = %entry.conversation, mail = entry.seq.0, why = discreet(why), "a mail is put off");
        entry.lease = None;
        entry.due = self
            .engine()
            .now()
            .plus(backoff(entry.tries, PUT_OFF_MAX_MS));
        self.keep(book, version, entry).await
    }

    /// It will never arrive: whoever has the conversation is told first, so that a kill in between tells it twice rather than never.
    async fn fail(
        &self,
        book: &mut Book,
        version: u64,
        entry: Entry,
        status: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        let told = self
            .engine()
            .mail_failed(
                entry.conversation,
                entry.seq,
                status.to_owned(),
                to.to_owned(),
            )
            .await;
        if let Err(error) = told {
            return self.put_off(book, version, entry, &error.to_string()).await;
        }
        self.inner.failed.fetch_add(1, Ordering::Relaxed);
        let at = self.engine().now();
        let status = status.to_owned();
        self.end(book, version, entry, Fate::Failed { at, status })
            .await
    }

    async fn keep(&self, book: &mut Book, version: u64, entry: Entry) -> Result<(), StoreError> {
        let version = put(self.store().as_ref(), &entry, version).await?;
        book.waiting
            .insert((entry.conversation, entry.seq), (version, entry));
        Ok(())
    }

    async fn end(
        &self,
        book: &mut Book,
        version: u64,
        mut entry: Entry,
        fate: Fate,
    ) -> Result<(), StoreError> {
        entry.lease = None;
        entry.fate = fate;
        put(self.store().as_ref(), &entry, version).await?;
        book.waiting.remove(&(entry.conversation, entry.seq));
        Ok(())
    }

    /// When another mail may go to this address, where there were too many.
    fn too_many(&self, book: &mut Book, tag: &str, now: Timestamp) -> Option<Timestamp> {
        let recent = book.recent.get_mut(tag)?;
        recent.retain(|at| now.since(*at) < HOUR);
        let most = usize::try_from(self.inner.parts.per_hour).unwrap_or(usize::MAX);
        (recent.len() >= most).then(|| {
            recent
                .iter()
                .min()
                .map_or(now.plus(HOUR), |oldest| oldest.plus(HOUR))
        })
    }

    /// What stands for an address: nobody without the secret can tell whose it is.
    fn tag(&self, address: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.inner.parts.secret)
            .expect("HMAC takes a key of any length");
        mac.update(address.trim().to_lowercase().as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes
            .iter()
            .take(12)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Clears away what ended long ago.
    async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        for (name, record) in self.store().list(Space::Mails).await? {
            let entry = serde_json::from_value::<Entry>(record.value).ok();
            let ended = entry.and_then(|entry| entry.ended());
            if ended.is_some_and(|at| now.since(at) > KEEP_MS) {
                match self
                    .store()
                    .put_if(Space::Mails, &name, record.version, None)
                    .await
                {
                    Ok(_) | Err(StoreError::Conflict { .. }) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }

    /// Takes down that a mail did not arrive. The same report brought twice is one.
    ///
    /// # Errors
    /// `Unknown` for a mail that is not of this server; else what went wrong: the report may be brought again.
    pub async fn bounced(&self, failure: &Failure) -> Result<(), BounceError> {
        if failure.domain != self.inner.parts.mailer.domain() {
            return Err(BounceError::Unknown);
        }
        let name = key(failure.conversation, failure.mail);
        let record = self
            .store()
            .get(Space::Mails, &name)
            .await?
            .ok_or(BounceError::Unknown)?;
        let mut entry: Entry = serde_json::from_value(record.value).map_err(damaged)?;
        if matches!(entry.fate, Fate::Failed { .. }) {
            return Ok(());
        }
        self.engine()
            .mail_failed(
                failure.conversation,
                failure.mail,
                failure.status.clone(),
                failure.to.clone(),
            )
            .await?;
        let at = self.engine().now();
        entry.lease = None;
        entry.fate = Fate::Failed {
            at,
            status: failure.status.clone(),
        };
        put(self.store().as_ref(), &entry, record.version).await?;
        self.inner.bounced.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

async fn put(store: &dyn Store, entry: &Entry, version: u64) -> Result<u64, StoreError> {
    let value = serde_json::to_value(entry).map_err(damaged)?;
    store
        .put_if(Space::Mails, &entry.key(), version, Some(value))
        .await
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn damaged(why: serde_json::Error) -> StoreError {
    StoreError::Corrupt(format!("outbox: {why}"))
}

/// 30 seconds, then twice as long each time.
fn backoff(tries: u32, most: i64) -> i64 {
    (30_000_i64 << tries.min(10)).min(most)
}
