//! A group as it is shown: counted, with its phrases, its nearest topic and where it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::page::Row;
use crate::conversation::{Scored, Verdict};
use crate::ids::{Lang, Outcome, SiteId, Timestamp, TopicId};
use crate::missed::{self, Decision, Entry, Miss, Reference};

/// Confidence from which a topic is suggested.
const SUGGESTED: f32 = 0.2;

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

pub(super) fn shown(rows: &[Row], decisions: &Decisions<'_>, examples: usize) -> Shown {
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
