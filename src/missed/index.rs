//! Every missed turn, and how much each topic is used: the fold of the events of all conversations, rebuilt from them at a start.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::turn::{Facts, Turn};
use super::watch::Watch;
use crate::conversation::{Body, Event};
use crate::ids::{ConversationId, Lang, OpinionKind, ParseError, Seq, Timestamp, TopicId};

/// Days that are looked back upon.
const DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 60 * 60_000;
/// Most missed turns that are kept; the oldest go first.
const MOST: usize = 50_000;
/// A session that has ended is watched so long for its opinion.
const WATCHED_MS: i64 = 3 * DAY_MS;

/// Names a visitor's message.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Reference {
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its event.
    pub seq: Seq,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.conversation, self.seq)
    }
}

impl std::str::FromStr for Reference {
    type Err = ParseError;

    /// Reads `<conversation>.<event>`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (conversation, seq) = text.split_once('.').ok_or(ParseError::Malformed)?;
        let seq: u64 = seq.parse().map_err(|_none| ParseError::Malformed)?;
        if seq == 0 {
            return Err(ParseError::Malformed);
        }
        Ok(Self {
            conversation: conversation.parse()?,
            seq: Seq(seq),
        })
    }
}

/// A missed turn. It holds no words: they are read in the store when somebody asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Which message.
    pub of: Reference,
    /// How it was read and missed.
    pub turn: Turn,
    /// What holds for its session.
    pub facts: Facts,
}

/// How a topic was used in a day, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Use {
    /// Answers.
    pub answered: u32,
    /// Good opinions on sessions that ended with it.
    pub positive: u32,
    /// All opinions on sessions that ended with it.
    pub opinions: u32,
    /// Handoffs while it was the last topic.
    pub handoffs: u32,
}

impl std::ops::AddAssign for Use {
    fn add_assign(&mut self, other: Self) {
        self.answered += other.answered;
        self.positive += other.positive;
        self.opinions += other.opinions;
        self.handoffs += other.handoffs;
    }
}

/// Place of a missed turn: by age.
type Key = (Timestamp, ConversationId, Seq);

/// All of it.
#[derive(Debug, Default)]
pub struct Missed {
    watches: HashMap<ConversationId, Watched>,
    /// Sessions that have ended, oldest first.
    ended: VecDeque<(Timestamp, ConversationId)>,
    entries: BTreeMap<Key, Entry>,
    uses: BTreeMap<(i64, TopicId, Lang), Use>,
    newest: Timestamp,
    generation: u64,
}

#[derive(Debug, Default)]
struct Watched {
    watch: Watch,
    lang: Option<Lang>,
    /// The turns of it that are entries.
    kept: Vec<Key>,
    ended: Option<Timestamp>,
}

impl Missed {
    /// Takes in one event of a conversation.
    pub fn apply(&mut self, conversation: ConversationId, event: &Event) {
        self.newest = self.newest.max(event.at);
        let watched = self.watches.entry(conversation).or_default();
        match &event.body {
            Body::SessionOpened { opening, .. } => {
                watched.kept.clear();
                watched.ended = None;
                watched.lang = Some(opening.lang.base());
            }
            Body::LangSet { lang, .. } => watched.lang = Some(lang.base()),
            Body::Reopened => watched.ended = None,
            Body::Unmerged {
                owed: Some(_),
                over: false,
                ..
            } => watched.ended = None,
            Body::Closed { .. } | Body::MergedInto { .. } => {
                watched.ended = Some(event.at);
                self.ended.push_back((event.at, conversation));
            }
            _ => {}
        }
        let from = watched.watch.apply(event);
        let changed = from < watched.watch.turns().len() || !watched.kept.is_empty() && from == 0;
        if changed {
            self.keep(conversation);
        }
        self.count(conversation, event);
        self.forget_old();
    }

    /// Brings the entries of a session up to date with its watch.
    fn keep(&mut self, conversation: ConversationId) {
        let Some(watched) = self.watches.get_mut(&conversation) else {
            return;
        };
        let Some(facts) = watched.watch.facts() else {
            return;
        };
        for key in watched.kept.drain(..) {
            self.entries.remove(&key);
        }
        for turn in watched.watch.turns() {
            if turn.misses.is_empty() {
                continue;
            }
            let key = (turn.at, conversation, turn.seq);
            watched.kept.push(key);
            let of = Reference {
                conversation,
                seq: turn.seq,
            };
            let (turn, facts) = (turn.clone(), facts.clone());
            self.entries.insert(key, Entry { of, turn, facts });
        }
        self.generation += 1;
    }

    fn count(&mut self, conversation: ConversationId, event: &Event) {
        let Some(watched) = self.watches.get(&conversation) else {
            return;
        };
        let mut counted = Use::default();
        let topic = match &event.body {
            Body::BotAnswered {
                topic: Some(topic),
                understood,
                ..
            } if !understood.is_empty() => {
                counted.answered = 1;
                Some(topic)
            }
            Body::Queued { .. } => {
                counted.handoffs = 1;
                watched.watch.topic()
            }
            Body::Rated {
                kind: Some(kind), ..
            } => {
                counted.opinions = 1;
                counted.positive = u32::from(*kind == OpinionKind::Positive);
                watched.watch.topic()
            }
            _ => None,
        };
        if let (Some(topic), Some(lang)) = (topic, &watched.lang) {
            let day = event.at.0.div_euclid(DAY_MS);
            let key = (day, topic.clone(), lang.clone());
            *self.uses.entry(key).or_default() += counted;
        }
    }

    fn forget_old(&mut self) {
        while let Some((at, conversation)) = self.ended.front().copied()
            && self.newest.since(at) > WATCHED_MS
        {
            self.ended.pop_front();
            let over = self.watches.get(&conversation);
            if over.is_some_and(|watched| watched.ended == Some(at)) {
                self.watches.remove(&conversation);
            }
        }
        let oldest = self.newest.plus(-DAYS * DAY_MS);
        while let Some((at, ..)) = self.entries.first_key_value().map(|(key, _)| *key)
            && (at < oldest || self.entries.len() > MOST)
        {
            self.entries.pop_first();
            self.generation += 1;
        }
        let first_day = oldest.0.div_euclid(DAY_MS);
        while let Some((day, ..)) = self.uses.first_key_value().map(|(key, _)| key)
            && *day < first_day
        {
            self.uses.pop_first();
        }
    }

    /// After an erasure nothing of what was written in a conversation is named any more.
    pub fn forget(&mut self, conversation: ConversationId) {
        if let Some(watched) = self.watches.get_mut(&conversation) {
            watched.watch.forget();
            watched.kept.clear();
        }
        self.entries
            .retain(|(_, erased, _), _| *erased != conversation);
        self.generation += 1;
    }

    /// The missed turns from a moment on, newest first.
    pub fn newest(&self, from: Timestamp) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.iter().rev();
        entries
            .take_while(move |((at, ..), _)| *at >= from)
            .map(|(_, entry)| entry)
    }

    /// How each topic was used from a day on, by topic and language; the day of a moment begins at midnight UTC.
    pub fn uses(&self, from: Timestamp) -> BTreeMap<(TopicId, Lang), Use> {
        let first = from.0.div_euclid(DAY_MS);
        let mut sums: BTreeMap<(TopicId, Lang), Use> = BTreeMap::new();
        for ((day, topic, lang), one) in &self.uses {
            if *day >= first {
                *sums.entry((topic.clone(), lang.clone())).or_default() += *one;
            }
        }
        sums
    }

    /// Changes with everything that an inbox shows: what was made of an older one is out of date.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many missed turns there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
