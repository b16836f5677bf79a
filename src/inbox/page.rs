//! The groups as they are shown: words read from the store, read again by the engine that is live, grouped, counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use super::{Inbox, InboxError};
use crate::conversation::{Scored, Verdict};
use crate::engine::Live;
use crate::ids::{Lang, Outcome, Seq, SiteId, Timestamp, TopicId};
use crate::missed::{self, Decision, Entry, Miss, Phrase, Reference, Replay};
use crate::topics::{Topic, TopicRole};

/// Most messages that a page is made of; the newest.
const MOST: usize = 5_000;
const DAY_MS: i64 = 24 * 60 * 60_000;
/// Phrases of a group in a list.
const EXAMPLES: usize = 5;
/// Longest phrase that is shown, in characters.
const TEXT_MAX: usize = 500;
/// Confidence from which a topic is suggested.
const SUGGESTED: f32 = 0.2;

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

/// Where a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody should look at it.
    Open,
    /// Somebody has decided.
    Decided,
    /// What is live now understands it.
    Learnt,
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
    entry: Arc<Entry>,
    /// Nearest topics for the engine that is live.
    near: Vec<Scored>,
    /// The topic that it would be answered with now, if another than was missed.
    learnt: Option<TopicId>,
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

/// A topic and how often.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Times {
    /// The topic.
    pub topic: TopicId,
    /// How often.
    pub count: usize,
}

/// A phrase of a group: the same words, however often.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The newest message with these words: `<conversation>.<event>`.
    pub of: String,
    /// Its conversation.
    pub conversation: crate::ids::ConversationId,
    /// The words.
    pub text: String,
    /// The words as an example for a topic file: nobody's own.
    pub example: String,
    /// How often.
    pub count: usize,
    /// When last.
    pub at: Timestamp,
    /// Language.
    pub lang: Lang,
    /// The topic that was answered, where one was.
    pub answered: Option<TopicId>,
    /// The topic that the visitor then took, or came to in other words.
    pub meant: Option<TopicId>,
}

/// A group, as it is listed.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// Names it: the message that stands for it. Any message of it does.
    pub id: String,
    /// The words that stand for it.
    pub text: String,
    /// Messages.
    pub count: usize,
    /// Visitors: conversations.
    pub conversations: usize,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
    /// Messages by language.
    pub langs: BTreeMap<Lang, usize>,
    /// Messages by site.
    pub sites: BTreeMap<SiteId, usize>,
    /// Messages by the way in which they were missed; one may be counted twice.
    pub misses: BTreeMap<Miss, usize>,
    /// Topics that were answered and disowned.
    pub answered: Vec<Times>,
    /// Topics that visitors took when asked, or came to in other words.
    pub meant: Vec<Times>,
    /// The nearest topic and how sure the engine is, over all messages; nothing where none is near.
    pub suggested: Option<Scored>,
    /// How the sessions ended.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Sessions that an agent solved.
    pub solved: usize,
    /// Where it stands.
    pub state: State,
    /// The decision that settles it.
    pub decision: Option<Decision>,
    /// The topic that answers it now.
    pub learnt: Option<TopicId>,
    /// Its phrases, the most frequent first.
    pub phrases: Vec<Said>,
    /// Distinct phrases in all.
    pub distinct: usize,
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

pub(super) type Decisions<'d> = HashMap<Reference, Vec<&'d Decision>>;

pub(super) fn by_reference(decisions: &[Decision]) -> Decisions<'_> {
    let mut by: Decisions<'_> = HashMap::new();
    for decision in decisions {
        for of in &decision.of {
            by.entry(*of).or_default().push(decision);
        }
    }
    by
}

fn times(topics: impl Iterator<Item = TopicId>) -> Vec<Times> {
    let mut counts: BTreeMap<TopicId, usize> = BTreeMap::new();
    for topic in topics {
        *counts.entry(topic).or_default() += 1;
    }
    let mut times: Vec<Times> = counts
        .into_iter()
        .map(|(topic, count)| Times { topic, count })
        .collect();
    times.sort_by_key(|one| std::cmp::Reverse(one.count));
    times
}

fn meant(entry: &Entry) -> Option<&TopicId> {
    entry.turn.chosen.as_ref().or(entry.turn.corrected.as_ref())
}

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn suggested(rows: &[Row]) -> Option<Scored> {
    let mut sums: BTreeMap<&TopicId, f32> = BTreeMap::new();
    for near in rows.iter().flat_map(|row| &row.near) {
        *sums.entry(&near.topic).or_default() += near.confidence;
    }
    let best = sums
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(a.0)))?;
    let confidence = best.1 / rows.len() as f32;
    (confidence >= SUGGESTED).then(|| Scored {
        topic: best.0.clone(),
        confidence,
    })
}

fn shown(rows: &[Row], decisions: &Decisions<'_>, examples: usize) -> Shown {
    let references: Vec<Reference> = rows.iter().map(|row| row.of).collect();
    let decision = missed::decided(&references, decisions).cloned();
    let learnt = times(rows.iter().filter_map(|row| row.learnt.clone()));
    let understood: usize = learnt.iter().map(|one| one.count).sum();
    // One phrase in ten may still be read otherwise.
    let is_learnt = understood * 10 >= rows.len() * 9;
    let state = match &decision {
        _ if is_learnt => State::Learnt,
        Some(_) => State::Decided,
        None => State::Open,
    };
    let sessions: BTreeMap<_, _> = rows
        .iter()
        .map(|row| {
            let facts = &row.entry.facts;
            ((row.of.conversation, facts.first), facts)
        })
        .collect();
    let solved = sessions
        .values()
        .filter(|facts| {
            facts.outcome == Some(Outcome::ResolvedByAgent) && !facts.agent_said.is_empty()
        })
        .count();
    let phrases = said(rows);
    let at = || rows.iter().map(|row| row.at);
    Shown {
        id: rows
            .first()
            .map(|row| row.of.to_string())
            .unwrap_or_default(),
        text: rows.first().map(|row| row.text.clone()).unwrap_or_default(),
        count: rows.len(),
        conversations: (references.iter())
            .map(|of| of.conversation)
            .collect::<BTreeSet<_>>()
            .len(),
        first: at().min().unwrap_or_default(),
        last: at().max().unwrap_or_default(),
        langs: count(rows.iter().map(|row| row.lang.clone())),
        sites: count(rows.iter().map(|row| row.entry.facts.site.clone())),
        misses: count(rows.iter().flat_map(|row| row.entry.turn.misses.iter())),
        answered: times(
            rows.iter()
                .filter_map(|row| row.entry.turn.read.topic().cloned()),
        ),
        meant: times(rows.iter().filter_map(|row| meant(&row.entry).cloned())),
        suggested: suggested(rows),
        outcomes: count(sessions.values().filter_map(|facts| facts.outcome)),
        solved,
        state,
        decision,
        learnt: learnt
            .into_iter()
            .next()
            .filter(|_| is_learnt)
            .map(|one| one.topic),
        distinct: phrases.len(),
        phrases: phrases.into_iter().take(examples).collect(),
    }
}

/// Its phrases: messages of the same words are one, but for case and white space.
fn said(rows: &[Row]) -> Vec<Said> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Said> = Vec::new();
    for row in rows {
        let same = row.text.to_lowercase();
        let same = same.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(one) = places.get(&same).and_then(|at| all.get_mut(*at)) {
            one.count += 1;
            if row.at > one.at {
                one.at = row.at;
                one.of = row.of.to_string();
                one.conversation = row.of.conversation;
            }
            one.meant = one.meant.take().or_else(|| meant(&row.entry).cloned());
            continue;
        }
        places.insert(same, all.len());
        all.push(Said {
            of: row.of.to_string(),
            conversation: row.of.conversation,
            text: row.text.clone(),
            example: missed::example(&row.text),
            count: 1,
            at: row.at,
            lang: row.lang.clone(),
            answered: match &row.entry.turn.read {
                Verdict::Match { topic } => Some(topic.clone()),
                Verdict::Ambiguous { .. } | Verdict::OutOfScope => None,
            },
            meant: meant(&row.entry).cloned(),
        });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    all
}

impl Row {
    /// How the message was read and missed.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}
