//! "It is fixed": told to everybody who follows the notice and to who asked about what it covers, once, whatever happens meanwhile.
//!
//! Each conversation gets an entry among the business events that are to be told, under a key of notice and conversation; then the notice is marked. A
//! server that ends in between makes the same entries again, which are there already.

use super::kept::{put, read};
use crate::engine::Engine;
use crate::engine::news::Own;
use crate::ids::{Lang, Seq, Style, Timestamp};
use crate::ports::{Space, StoreError};
use crate::topics::{Notice, Text, Wording, fill};

const HOUR_MS: i64 = 60 * 60_000;
/// The fold is at most an append behind, but at a start.
const FOLD_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

impl Engine {
    /// Puts it into the outbox for everybody concerned, and marks it.
    pub(super) async fn tell_fixed(&self, key: &str, notice: &Notice) -> Result<(), StoreError> {
        let Some(record) = self.store().get(Space::Notices, key).await? else {
            return Ok(());
        };
        let mut kept = read(&record)?;
        let (Some(fixed_at), None) = (kept.fixed_at, kept.told) else {
            return Ok(());
        };
        let last = self.store().last_commit();
        let caught_up = self.inner.contacts.caught_up(last);
        if tokio::time::timeout(FOLD_PATIENCE, caught_up)
            .await
            .is_err()
        {
            let why = "who asked is not known yet".to_owned();
            return Err(StoreError::Unavailable(why));
        }
        let hours = i64::from(self.settings().notice_hours);
        let window = (kept.opened_at.plus(-hours * HOUR_MS), fixed_at);
        let concerned = {
            let known = self.inner.notices.known.read();
            known.concerned(&notice.id, kept.opened_at, &notice.topics, window)
        };
        let say = self.fixed_words(notice);
        let mut told = 0;
        for conversation in concerned {
            // Of an erased one nothing is left to be told to.
            let first = self.store().read(conversation, Seq::ZERO, 1).await?;
            if first.first().is_none_or(|first| first.private.is_empty()) {
                continue;
            }
            let entry = entry(&notice.id, kept.opened_at, conversation);
            let told_as = (Own::NoticeFixed, entry.as_str());
            self.will_tell(told_as, conversation, &say).await?;
            told += 1;
        }
        kept.told = Some(told);
        put(self.store().as_ref(), key, record.version, &kept).await?;
        self.inner.news.notify_one();
        Ok(())
    }

    /// What is told: the notice's own words, else those of the engine with its title.
    fn fixed_words(&self, notice: &Notice) -> Text {
        if let Some(fixed) = &notice.fixed {
            return fixed.clone();
        }
        let live = self.live();
        let Some(plain) = live.catalog.text("notice_fixed") else {
            return notice.title.clone();
        };
        let worded = |lang: &Lang, style: Style| {
            let title = notice.title.for_reader(lang, style);
            let place = |name: &str| (name == "title").then(|| title.to_owned());
            fill(plain.for_reader(lang, style), place, |_| String::new())
        };
        let langs = notice.title.by_lang.keys();
        Text {
            by_lang: langs
                .map(|lang| {
                    let wording = Wording::Styled {
                        fast: worded(lang, Style::Fast),
                        warm: worded(lang, Style::Warm),
                    };
                    (lang.clone(), wording)
                })
                .collect(),
        }
    }
}

/// The key under which a conversation is told: the same notice opened again is another one.
fn entry(
    notice: &crate::ids::NoticeId,
    opened_at: Timestamp,
    conversation: crate::ids::ConversationId,
) -> String {
    format!("notice/{notice}/{}/{conversation}", opened_at.0)
}
