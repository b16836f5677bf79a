//! The groups as they are shown: words read from the store, read again by the engine that is live, grouped, counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::shown::{Shown, State, by_reference, shown};
use super::{Inbox, InboxError};
use crate::conversation::Scored;
use crate::engine::Live;
use crate::ids::{Lang, Seq, SiteId, Timestamp, TopicId};
use crate::missed::{self, Entry, Miss, Phrase, Reference, Replay};
use crate::topics::{Topic, TopicRole};

/// Most messages that a page is made of; the newest.
const MOST: usize = 5_000;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// Phrases of a group in a list.
const EXAMPLES: usize = 5;

/// Longest phrase that is shown, in characters.
const TEXT_MAX: usize = 500;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Days back.
    pub days: u32,
    /// Only messages in this language.
    pub lang: Option<Lang>,
    /// Only messages of this site.
    pub site: Option<SiteId>,
    /// Only messages that were missed in this way.
    pub miss: Option<Miss>,
}

/// A message of a group.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub of: Reference,
    /// When.
    pub at: Timestamp,
    /// Its language.
    pub lang: Lang,
    /// Its words, masked as they are stored.
    pub text: String,
    pub(super) entry: Arc<Entry>,
    /// Nearest topics for the engine that is live.
    pub(super) near: Vec<Scored>,
    /// The topic that it would be answered with now, if another than was missed.
    pub(super) learnt: Option<TopicId>,
}

/// What was made for one filter.
pub(super) struct Made {
    filter: Filter,
    generation: u64,
    model: String,
    groups: Vec<Vec<Row>>,
    messages: usize,
    more: bool,
}

/// A list of groups.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The groups, the largest first.
    pub groups: Vec<Shown>,
    /// Groups in each state, within the filter.
    pub totals: BTreeMap<&'static str, usize>,
    /// Messages that were looked at.
    pub messages: usize,
    /// There were more in these days than are looked at.
    pub more: bool,
    /// Where the next page begins; nothing at the end.
    pub next: Option<usize>,
}

impl Inbox {
    /// The groups of a state within a filter, from a place on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn page(
        &self,
        filter: Filter,
        state: Option<State>,
        from: usize,
        limit: usize,
    ) -> Result<Page, InboxError> {
        let made = self.made(filter).await?;
        let decisions = self.standing().await?;
        let by = by_reference(&decisions);
        let mut totals = BTreeMap::from([("open", 0), ("decided", 0), ("learnt", 0)]);
        let mut groups = Vec::new();
        for rows in &made.groups {
            let shown = shown(rows, &by, EXAMPLES);
            let name = match shown.state {
                State::Open => "open",
                State::Decided => "decided",
                State::Learnt => "learnt",
            };
            *totals.entry(name).or_default() += 1;
            if state.is_none_or(|wanted| wanted == shown.state) {
                groups.push(shown);
            }
        }
        let next = (groups.len() > from + limit).then_some(from + limit);
        let groups = groups.into_iter().skip(from).take(limit).collect();
        Ok(Page {
            groups,
            totals,
            messages: made.messages,
            more: made.more,
            next,
        })
    }

    /// The group with a message, all its phrases told.
    ///
    /// # Errors
    /// [`InboxError::NotFound`] where it is in none (any more), or the store cannot be read.
    pub async fn group(&self, filter: Filter, of: Reference) -> Result<Shown, InboxError> {
        let rows = self.rows(filter, of).await?;
        let decisions = self.standing().await?;
        Ok(shown(
            &rows,
            &by_reference(&decisions),
            missed::DECISION_MOST,
        ))
    }

    /// The messages of the group with one of them.
    pub(super) async fn rows(&self, filter: Filter, of: Reference) -> Result<Vec<Row>, InboxError> {
        let made = self.made(filter).await?;
        let mut groups = made.groups.iter();
        let found = groups.find(|rows| rows.iter().any(|row| row.of == of));
        found.cloned().ok_or(InboxError::NotFound)
    }

    async fn made(&self, filter: Filter) -> Result<Arc<Made>, InboxError> {
        let mut last = self.inner.made.lock().await;
        let live = self.engine().live();
        let (generation, entries) = {
            let index = self.inner.index.read();
            let known = last.as_ref().filter(|made| {
                made.generation == index.generation()
                    && made.model == live.brain.model_hash()
                    && made.filter == filter
            });
            if let Some(made) = known {
                return Ok(Arc::clone(made));
            }
            let from = self.engine().now().plus(-i64::from(filter.days) * DAY_MS);
            let wanted = |entry: &&Entry| {
                (filter.lang.as_ref()).is_none_or(|lang| entry.turn.lang.base() == lang.base())
                    && (filter.site.as_ref()).is_none_or(|site| entry.facts.site == *site)
                    && (filter.miss).is_none_or(|miss| entry.turn.misses.has(miss))
                    && !is_talk(&live, entry)
            };
            let entries: Vec<Entry> = index
                .newest(from)
                .filter(wanted)
                .take(MOST + 1)
                .cloned()
                .collect();
            (index.generation(), entries)
        };
        let more = entries.len() > MOST;
        let mut rows = Vec::with_capacity(entries.len().min(MOST));
        for entry in entries.into_iter().take(MOST) {
            let of = entry.of;
            let event = self
                .engine()
                .store()
                .read(of.conversation, Seq(of.seq.0 - 1), 1)
                .await;
            let event = match event {
                Ok(events) => events.into_iter().next(),
                // One damaged conversation does not close the inbox.
                Err(crate::ports::StoreError::Corrupt(why)) => {
                    tracing::error!(conversation = %of.conversation, why, "cannot be read");
                    None
                }
                Err(other) => return Err(other.into()),
            };
            // Nothing is left of it after an erasure.
            let Some(text) = event.and_then(|event| event.private.first().map(str::to_owned))
            else {
                continue;
            };
            rows.push(Row {
                of,
                at: entry.turn.at,
                lang: entry.turn.lang.clone(),
                text: text.chars().take(TEXT_MAX).collect(),
                entry: Arc::new(entry),
                near: Vec::new(),
                learnt: None,
            });
        }
        let model = live.brain.model_hash().to_owned();
        let messages = rows.len();
        let groups = self.aside(move || grouped(rows, &live)).await?;
        let made = Arc::new(Made {
            filter,
            generation,
            model,
            groups,
            messages,
            more,
        });
        *last = Some(Arc::clone(&made));
        Ok(made)
    }
}

/// Greetings, thanks, anger, asking for a person: nothing that anybody could teach better.
fn is_talk(live: &Live, entry: &Entry) -> bool {
    let topic = entry.turn.read.topic();
    topic
        .and_then(|topic| live.catalog.topics.get(topic))
        .is_some_and(is_no_matter)
}

fn is_no_matter(topic: &Topic) -> bool {
    topic.small_talk
        || match topic.role {
            Some(
                TopicRole::Goodbye
                | TopicRole::Greeting
                | TopicRole::Robot
                | TopicRole::Anger
                | TopicRole::TalkToPerson,
            ) => true,
            None => false,
        }
}

fn grouped(mut rows: Vec<Row>, live: &Live) -> Vec<Vec<Row>> {
    let with = Replay {
        catalog: &live.catalog,
        engine: &live.brain,
    };
    let matter = |topic: &TopicId| {
        let known = live.catalog.topics.get(topic);
        known.is_some_and(|topic| !is_no_matter(topic))
    };
    for row in &mut rows {
        let site = &row.entry.facts.site;
        let Some(read) = missed::read_alone(&row.text, row.at, &row.lang, site, with) else {
            continue;
        };
        let then = &row.entry.turn;
        // What missed it still is what is live: that it is read otherwise without its context teaches nothing.
        row.learnt = read
            .verdict
            .topic()
            .filter(|now| Some(*now) != then.read.topic() && matter(now))
            .filter(|_| !then.was_read_by(&read.model))
            .cloned();
        row.near = read.nearest;
        row.near.retain(|scored| matter(&scored.topic));
    }
    let phrases: Vec<Phrase<'_>> = rows
        .iter()
        .map(|row| Phrase {
            text: &row.text,
            lang: &row.lang,
            near: row.near.first().map(|near| (&near.topic, near.confidence)),
        })
        .collect();
    let groups = missed::group(&phrases);
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    groups
        .into_iter()
        .map(|group| {
            let members = group.members.into_iter();
            members
                .filter_map(|at| rows.get_mut(at).and_then(Option::take))
                .collect()
        })
        .collect()
}

impl Row {
    /// How the message was read and missed.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}
