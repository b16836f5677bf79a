//! What is to be done about a mail that is due: whether it is still needed, whether it may go now, and its words as the store has them now.

use lettre::Address;

use super::super::address::shortened;
use super::super::entry::{Entry, Kind};
use super::super::letter::Letter;
use super::super::write::Desk;
use super::book::Book;
use super::{HOUR, MINUTE, Outbox};
use crate::conversation::{Body, News};
use crate::engine::EngineError;
use crate::ids::{Seq, Timestamp};

/// A mail that could not be sent for so long has failed.
const GIVE_UP_MS: i64 = 48 * HOUR;
/// A line that broke in silence is known to be gone by then: whoever is here still, is.
const SURELY_HERE_MS: i64 = 2 * MINUTE;
/// Until then it is looked again after this time.
const LOOK_AGAIN_MS: i64 = MINUTE / 2;

/// What is to be done.
pub(super) enum Ruling {
    /// It goes out.
    Send(Ready),
    /// There is nothing to send any more.
    Needless,
    /// Not before this; it is no fault of anybody.
    Later(Timestamp),
    /// It will never arrive.
    Fail {
        /// Why, as an enhanced status code.
        status: &'static str,
        /// The address, shortened.
        to: String,
    },
}

/// A mail with its address.
pub(super) struct Ready {
    pub(super) to: Address,
    /// The address, shortened.
    pub(super) shown: String,
    /// What stands for it in counting.
    pub(super) tag: String,
    pub(super) letter: Letter,
}

impl Outbox {
    /// Rules on a mail that is due.
    pub(super) async fn judge(
        &self,
        book: &mut Book,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Ruling, EngineError> {
        let (engine, parts) = (self.engine(), &self.inner.parts);
        let id = entry.conversation;
        let Some(reach) = engine.reach_about(id, Some(entry.seq)).await? else {
            return Ok(Ruling::Needless);
        };
        let Some(address) = reach.mail.clone() else {
            return Ok(Ruling::Needless);
        };
        let newest = entry.events.iter().max().copied().unwrap_or_default();
        // Whoever has done something since has it on the screen, and whoever is still here once a line that broke in silence would be known.
        if entry.kind.is_news() && reach.visitor_seq > newest {
            return Ok(Ruling::Needless);
        }
        if entry.kind.is_news() && engine.is_here(id) {
            return Ok(if now.since(entry.made_at) < SURELY_HERE_MS {
                Ruling::Later(now.plus(LOOK_AGAIN_MS))
            } else {
                Ruling::Needless
            });
        }
        let shown = shortened(&address);
        let fail = |status, to| Ok(Ruling::Fail { status, to });
        let Ok(to) = address.parse::<Address>() else {
            return fail("5.1.3", shown);
        };
        if now.since(entry.made_at) > GIVE_UP_MS {
            return fail("4.4.7", shown);
        }
        if let Some(later) = self.quiet_until(entry).await? {
            return Ok(Ruling::Later(later));
        }
        let tag = self.tag(&address);
        if let Some(later) = book.too_many(&tag, parts.per_hour, now) {
            return Ok(Ruling::Later(later));
        }
        let desk = Desk {
            engine,
            links: &parts.links,
            base_url: &parts.base_url,
            is_read: parts.mailer.is_read(),
        };
        let letter = desk.write(entry, &reach, now).await?;
        Ok(letter.map_or(Ruling::Needless, |letter| {
            Ruling::Send(Ready {
                to,
                shown,
                tag,
                letter,
            })
        }))
    }

    /// When the quiet hours end of the business events that a mail tells of: it was told before them in the chat, but may have waited since.
    async fn quiet_until(&self, entry: &Entry) -> Result<Option<Timestamp>, EngineError> {
        if entry.kind != Kind::BusinessEvent {
            return Ok(None);
        }
        let mut until = None;
        for seq in &entry.events {
            let before = Seq(seq.0.saturating_sub(1));
            let read = self.store().read(entry.conversation, before, 1).await;
            for event in read.map_err(EngineError::Store)? {
                if let Body::Told {
                    news: Some(News { event, .. }),
                    ..
                } = &event.body
                {
                    let quiet = self.engine().quiet_until(entry.conversation, event).await?;
                    until = until.max(quiet);
                }
            }
        }
        Ok(until)
    }
}
