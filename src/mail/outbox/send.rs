//! Sends what is due, one mail after the other, and keeps what became of each.

use std::sync::atomic::Ordering;

use tokio::sync::watch;

use super::super::address::discreet;
use super::super::entry::{Entry, Fate, key};
use super::super::transport::{Outgoing, SendError};
use super::book::Book;
use super::judge::{Ready, Ruling};
use super::records::{damaged, put};
use super::{HOUR, MINUTE, Outbox, Trouble};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::{Space, StoreError};

/// A lease; far longer than the network's patience.
const LEASE_MS: i64 = 3 * MINUTE;
/// Longest wait between two tries of one mail.
const PUT_OFF_MAX_MS: i64 = HOUR;
/// Longest wait between two tries while no server takes anything.
const HOLD_MAX_MS: i64 = 15 * MINUTE;

impl Outbox {
    /// Sends what is due; gives the time at which there is something to do again.
    pub(super) async fn work(
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
                // A report of failure was quicker: the mail had gone out before a kill. Or it was erased.
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

    /// Takes a mail into the book as the store has it, or out of it.
    pub(super) async fn look_again(
        &self,
        book: &mut Book,
        place: (ConversationId, Seq),
    ) -> Result<(), StoreError> {
        book.waiting.remove(&place);
        let name = key(place.0, place.1);
        if let Some(record) = self.store().get(Space::Mails, &name).await? {
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
        let now = self.engine().now();
        match self.judge(book, &entry, now).await {
            Ok(Ruling::Send(ready)) => self.send(book, version, entry, ready).await,
            Ok(Ruling::Needless) => {
                self.end(book, version, entry, Fate::Needless { at: now })
                    .await
            }
            Ok(Ruling::Later(later)) => {
                entry.due = later;
                self.keep(book, version, entry).await
            }
            Ok(Ruling::Fail { status, to }) => self.fail(book, version, entry, status, to).await,
            Err(error) => self.put_off(book, version, entry, &error.to_string()).await,
        }
    }

    async fn send(
        &self,
        book: &mut Book,
        version: u64,
        mut entry: Entry,
        ready: Ready,
    ) -> Result<(), StoreError> {
        let now = self.engine().now();
        let id = entry.conversation;
        entry.tries += 1;
        entry.lease = Some(now.plus(LEASE_MS));
        entry.to = Some(ready.tag.clone());
        let version = put(self.store().as_ref(), &entry, version).await?;
        let outgoing = Outgoing {
            conversation: id,
            seq: entry.seq,
            to: ready.to,
            at: now,
            letter: ready.letter,
        };
        let result = self.inner.parts.mailer.send(outgoing).await;
        if !matches!(result, Err(SendError::NoServer(_))) {
            self.inner.trouble.lock().take();
            (book.hold, book.refusals) = (None, 0);
        }
        match result {
            Ok(sent) => {
                book.recent.entry(ready.tag).or_default().push(now);
                self.inner.sent.fetch_add(1, Ordering::Relaxed);
                tracing::info!(conversation = %id, mail = entry.seq.0, answer = sent.answer, "a mail went out");
                let answer = sent.answer;
                self.end(book, version, entry, Fate::Sent { at: now, answer })
                    .await
            }
            Err(SendError::Refused { status, why }) => {
                tracing::warn!(conversation = %id, mail = entry.seq.0, why, "a mail was refused");
                self.fail(book, version, entry, &status, ready.shown).await
            }
            Err(SendError::PutOff(why)) => self.put_off(book, version, entry, &why).await,
            Err(SendError::NoServer(why)) => {
                self.hold(book, now, why);
                // That no server is there is not this mail's fault: it is first in line when one is.
                entry.lease = None;
                entry.due = now;
                self.keep(book, version, entry).await
            }
        }
    }

    /// No mail goes out for a while.
    fn hold(&self, book: &mut Book, now: Timestamp, why: String) {
        tracing::warn!(why, "no mail goes out");
        let mut trouble = self.inner.trouble.lock();
        let since = trouble.as_ref().map_or(now, |old| old.since);
        *trouble = Some(Trouble { since, why });
        book.hold = Some(now.plus(backoff(book.refusals, HOLD_MAX_MS)));
        book.refusals += 1;
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
        let wait = backoff(entry.tries, PUT_OFF_MAX_MS);
        entry.due = self.engine().now().plus(wait);
        self.keep(book, version, entry).await
    }

    /// It will never arrive: whoever has the conversation is told first, so that a kill in between tells it twice rather than never.
    async fn fail(
        &self,
        book: &mut Book,
        version: u64,
        entry: Entry,
        status: &str,
        to: String,
    ) -> Result<(), StoreError> {
        let (id, seq) = (entry.conversation, entry.seq);
        // What was erased while it was on its way leaves no address behind.
        let record = self.store().get(Space::Mails, &entry.key()).await?;
        if record.is_none() {
            book.waiting.remove(&(id, seq));
            return Ok(());
        }
        let told = self.engine().mail_failed(id, seq, status.to_owned(), to);
        if let Err(error) = told.await {
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
}

/// 30 seconds, then twice as long each time.
fn backoff(tries: u32, most: i64) -> i64 {
    (30_000_i64 << tries.min(10)).min(most)
}
