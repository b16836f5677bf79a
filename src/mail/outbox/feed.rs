//! From the store's tail into the outbox.

use std::sync::atomic::Ordering;

use super::super::entry::{Entry, Kind};
use super::book::Book;
use super::records::put;
use super::{NEWS_MS, Outbox};
use crate::conversation::{Body, Event, News};
use crate::engine::EngineError;
use crate::ids::ConversationId;
use crate::ports::StoreError;

/// Appends read at a time.
const PAGE: usize = 500;
/// The place in the tail is kept at least every so many appends.
const MARK_EVERY: u64 = 2_000;

/// The mail that an event asks for.
fn kind(body: &Body) -> Option<Kind> {
    match body {
        Body::AgentSaid { .. }
        | Body::AgentSent { .. }
        | Body::PromiseLate { .. }
        | Body::PromiseMoved { .. } => Some(Kind::News),
        Body::Told {
            news: Some(News { mail: true, .. }),
            ..
        } => Some(Kind::BusinessEvent),
        Body::MailAsked { case: None, .. } => Some(Kind::Transcript),
        Body::MailAsked { case: Some(_), .. } => Some(Kind::Receipt),
        // Nobody is written to about anything else.
        _ => None,
    }
}

impl Outbox {
    /// Reads the tail and puts what is to be told into the outbox: the entries first, then the mark.
    pub(super) async fn feed(&self, book: &mut Book) -> Result<(), StoreError> {
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
        let Some(kind) = kind(&event.body) else {
            return Ok(false);
        };
        let reach = (self.engine()).reach_about(conversation, Some(event.seq));
        match reach.await {
            Ok(Some(reach)) if reach.mail.is_some() => {}
            Ok(_) => return Ok(false),
            // What is damaged costs its own mail, not everybody's.
            Err(EngineError::Store(StoreError::Corrupt(why))) => {
                tracing::error!(%conversation, why, "no mail can be made of a damaged conversation");
                self.inner.unread.fetch_add(1, Ordering::Relaxed);
                return Ok(false);
            }
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
        if let (Some((version, entry)), true) = (open, kind.gathers()) {
            let mut grown = entry.clone();
            grown.events.push(event.seq);
            *version = put(self.store().as_ref(), &grown, *version).await?;
            *entry = grown;
            return Ok(true);
        }
        let due = if kind.is_news() {
            now.plus(NEWS_MS)
        } else {
            now
        };
        let entry = Entry::new(conversation, event.seq, kind, now, due);
        let version = match put(self.store().as_ref(), &entry, 0).await {
            Ok(version) => version,
            // The place is read again, and its mail has ended already: from a snapshot that was taken meanwhile, say.
            Err(StoreError::Conflict { .. }) => return Ok(true),
            Err(other) => return Err(other),
        };
        book.waiting
            .insert((conversation, event.seq), (version, entry));
        Ok(true)
    }
}
