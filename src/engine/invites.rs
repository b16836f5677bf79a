//! Proactive messages: which of them a page may show now, and how often each was shown, opened and dismissed. Nobody is counted, only messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Engine, EngineError};
use crate::conversation::Choice;
use crate::conversation::Target;
use crate::ids::{InviteId, Lang, SiteId, Style};
use crate::ports::{Space, StoreError};
use crate::topics::{Invite, Reader};

/// Times that a count is tried while others count too.
const TRIES: u32 = 20;

/// A message as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InviteCard {
    /// The rule.
    pub id: InviteId,
    /// The message.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// Seconds on the page after which it is shown.
    pub after: u32,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It was shown.
    Shown,
    /// The panel was opened with it.
    Opened,
    /// It was put away.
    Dismissed,
}

/// How often, on one site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InviteCounts {
    /// It was shown.
    pub shown: u64,
    /// The panel was opened with it.
    pub opened: u64,
    /// It was put away.
    pub dismissed: u64,
}

/// One message on one site over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InviteRow {
    /// The site.
    pub site: String,
    /// The rule, also one that the files have no more.
    pub invite: String,
    /// How often.
    #[serde(flatten)]
    pub counts: InviteCounts,
}

impl Engine {
    /// The messages for who is on this page, soonest first. None that concerns a trouble of which a notice tells.
    pub fn invites(
        &self,
        site: &SiteId,
        page: &str,
        lang: &Lang,
        returning: bool,
    ) -> Vec<InviteCard> {
        let live = self.live();
        let read_in = self.reader_lang(site, lang);
        let reader = Reader::new(&live.catalog, site, &read_in, Style::Fast);
        let mut cards: Vec<InviteCard> = (live.catalog.invites.iter())
            .filter(|invite| invite.is_for(site, page, lang, returning))
            .filter(|invite| !self.is_covered(invite, site, page, lang))
            .map(|invite| InviteCard {
                id: invite.id.clone(),
                text: reader.fill(&invite.say, |_| None),
                lang: reader.lang.clone(),
                after: invite.after_s,
            })
            .collect();
        cards.sort_by_key(|card| card.after);
        cards
    }

    fn is_covered(&self, invite: &Invite, site: &SiteId, page: &str, lang: &Lang) -> bool {
        self.in_force().iter().any(|one| {
            let notice = &one.notice;
            let same = invite.choices.iter().any(|topic| notice.covers(topic));
            let here = !notice.pages.is_empty() && notice.is_on(Some(page));
            let all = notice.topics.is_empty() && notice.pages.is_empty();
            notice.is_for(site, lang) && (same || here || all)
        })
    }

    /// The greeting of a session that begins with a message: its words, and the buttons of its topics.
    pub(super) fn invited(
        &self,
        invite: &InviteId,
        reader: &Reader<'_>,
    ) -> Option<(Vec<String>, Vec<Choice>)> {
        let invite = (reader.catalog.invites.iter())
            .find(|known| known.id == *invite && known.is_of(&reader.site))?;
        let topics = (invite.choices.iter()).filter_map(|id| reader.catalog.topics.get(id));
        let choices = topics.map(|topic| Choice {
            title: reader.words(&topic.title).to_owned(),
            target: Target::Topic {
                topic: topic.id.clone(),
            },
        });
        Some((vec![reader.fill(&invite.say, |_| None)], choices.collect()))
    }

    /// Counts what became of a message today. One that no file has is not counted.
    ///
    /// # Errors
    /// What the store says.
    pub async fn count_invite(
        &self,
        site: &SiteId,
        invite: &InviteId,
        became: Became,
    ) -> Result<(), EngineError> {
        let known = |known: &Invite| known.id == *invite && known.is_of(site);
        if !self.live().catalog.invites.iter().any(known) {
            return Err(EngineError::NotFound);
        }
        let day = day(self.now().0);
        let key = format!("{day}/{site}/{invite}");
        for _ in 0..TRIES {
            let record = self.store().get(Space::Invites, &key).await;
            let record = record.map_err(EngineError::Store)?;
            let version = record.as_ref().map_or(0, |record| record.version);
            let mut counts: InviteCounts = record
                .and_then(|record| serde_json::from_value(record.value).ok())
                .unwrap_or_default();
            match became {
                Became::Shown => counts.shown += 1,
                Became::Opened => counts.opened += 1,
                Became::Dismissed => counts.dismissed += 1,
            }
            let value = serde_json::json!(counts);
            let put = self
                .store()
                .put_if(Space::Invites, &key, version, Some(value));
            match put.await {
                Ok(_) => return Ok(()),
                Err(StoreError::Conflict { .. }) => {}
                Err(other) => return Err(EngineError::Store(other)),
            }
        }
        // So many at once: one more or less changes nothing.
        Ok(())
    }

    /// How often each message was shown, opened and put away, from one day to another (`YYYY-MM-DD`, UTC), both included.
    ///
    /// # Errors
    /// What the store says.
    pub async fn invite_rows(
        &self,
        from: &str,
        to: &str,
        site: Option<&SiteId>,
    ) -> Result<Vec<InviteRow>, EngineError> {
        let records = self.store().list(Space::Invites).await;
        let mut rows: BTreeMap<(String, String), InviteCounts> = BTreeMap::new();
        for (key, record) in records.map_err(EngineError::Store)? {
            let mut parts = key.splitn(3, '/');
            let (Some(day), Some(on), Some(invite)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            if day < from || day > to || site.is_some_and(|site| site.as_str() != on) {
                continue;
            }
            let counted: InviteCounts = serde_json::from_value(record.value).unwrap_or_default();
            let row = rows.entry((on.to_owned(), invite.to_owned())).or_default();
            row.shown += counted.shown;
            row.opened += counted.opened;
            row.dismissed += counted.dismissed;
        }
        let rows = rows.into_iter();
        let rows = rows.map(|((site, invite), counts)| InviteRow {
            site,
            invite,
            counts,
        });
        Ok(rows.collect())
    }
}

/// The day in UTC, `YYYY-MM-DD`.
fn day(ms: i64) -> String {
    let day = jiff::Timestamp::from_millisecond(ms)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string());
    day.unwrap_or_default()
}
