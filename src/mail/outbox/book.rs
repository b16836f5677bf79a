//! What the outbox's task knows beside the store: mails that wait, how many went where, up to where the tail was read.

use std::collections::{BTreeMap, HashMap};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::super::entry::{Entry, Fate};
use super::records::damaged;
use super::{HOUR, NEWS_MS, Outbox};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::{CommitNumber, Space, Store, StoreError};

/// The mark that says up to where the tail was read.
const MARK: &str = "mail/read";

/// What the task knows.
#[derive(Default)]
pub(super) struct Book {
    /// Mails that wait, with the version of their record.
    pub(super) waiting: BTreeMap<(ConversationId, Seq), (u64, Entry)>,
    /// When mails went to each address within the last hour.
    pub(super) recent: HashMap<String, Vec<Timestamp>>,
    /// Up to where the tail was read.
    pub(super) read: CommitNumber,
    /// Up to where it was kept as read.
    pub(super) kept: CommitNumber,
    /// Version of the mark.
    pub(super) mark: u64,
    /// Nothing is tried before this: no server takes anything.
    pub(super) hold: Option<Timestamp>,
    /// How often in a row none did.
    pub(super) refusals: u32,
    /// When ended mails are cleared away next.
    pub(super) sweep: Timestamp,
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

impl Book {
    /// When another mail may go to this address, where `most` went within the last hour.
    pub(super) fn too_many(&mut self, tag: &str, most: u32, now: Timestamp) -> Option<Timestamp> {
        let recent = self.recent.get_mut(tag)?;
        recent.retain(|at| now.since(*at) < HOUR);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        (recent.len() >= most).then(|| {
            let oldest = recent.iter().min();
            oldest.map_or(now, |oldest| *oldest).plus(HOUR)
        })
    }
}

impl Outbox {
    /// The book as the store has it.
    pub(super) async fn open(&self) -> Result<Book, StoreError> {
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
                    if entry.kind.is_news() && entry.lease.is_none() {
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

    /// Keeps up to where the tail was read.
    pub(super) async fn keep_mark(&self, book: &mut Book) -> Result<(), StoreError> {
        let value = serde_json::to_value(book.read).map_err(damaged)?;
        book.mark = self
            .store()
            .put_if(Space::Marks, MARK, book.mark, Some(value))
            .await?;
        book.kept = book.read;
        Ok(())
    }

    /// What stands for an address: nobody without the secret can tell whose it is.
    pub(super) fn tag(&self, address: &str) -> String {
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
}
