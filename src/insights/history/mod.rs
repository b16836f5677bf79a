//! The history: every session that there was or is, findable by day, topic, outcome, agent, team and case. Folded from the events of all
//! conversations and rebuilt from them at a start, so that it cannot differ from them. It holds no words: a text search reads the store.

mod phrase;

pub use phrase::Phrase;

use std::collections::HashMap;

use super::pool::{Pool, Word};
use crate::conversation::{Body, Event};
use crate::ids::{AgentId, ConversationId, Lang, Outcome, Seq, SiteId, TeamId, Timestamp, TopicId};

/// Place of a session among all, in the order in which they began: the same after every start.
pub type Place = u32;

/// A session, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its place.
    pub place: Place,
    /// Its conversation.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended; nothing while it is open.
    pub closed: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Topics that were answered, the last one last.
    pub topics: Vec<TopicId>,
    /// Teams that were asked, in order.
    pub teams: Vec<TeamId>,
    /// Agents who had it or wrote in it, in order, with the name that they had last.
    pub agents: Vec<(AgentId, String)>,
    /// Case numbers that were given in it.
    pub cases: Vec<String>,
    /// Site.
    pub site: SiteId,
    /// Language at its end.
    pub lang: Lang,
    /// Its first event.
    pub first: Seq,
    /// The conversation in which this one goes on.
    pub merged_into: Option<ConversationId>,
    /// Conversations that go on in this one.
    pub merged_from: Vec<ConversationId>,
    /// Its last event: what came after the close and before the next session belongs to it.
    pub last: Seq,
}

/// How a session that is looked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It is open.
    Open,
    /// It ended so.
    As(Outcome),
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reads {
    /// Whoever may read everything.
    #[default]
    All,
    /// An agent of these teams: conversations that one of them was asked for, or that the agent took part in.
    Of {
        /// The agent.
        agent: AgentId,
        /// Their teams.
        teams: Vec<TeamId>,
    },
}

/// What is looked for: everything that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Began then or later.
    pub from: Option<Timestamp>,
    /// Began before.
    pub until: Option<Timestamp>,
    /// This topic was answered.
    pub topic: Option<TopicId>,
    /// Ended so.
    pub outcome: Option<Ended>,
    /// This agent took part.
    pub agent: Option<AgentId>,
    /// This team was asked.
    pub team: Option<TeamId>,
    /// Of the conversation in which this case number was given.
    pub case: Option<String>,
    /// Of this conversation.
    pub conversation: Option<ConversationId>,
    /// Who looks.
    pub reads: Reads,
}

/// What a session is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Tag {
    Topic(Word),
    Team(Word),
    Agent(Word),
    Case(Word),
    Outcome(Outcome),
}

/// A session, small: there are hundreds of thousands of them.
#[derive(Debug)]
struct Row {
    conversation: ConversationId,
    /// The session before it in the same conversation.
    before: Option<Place>,
    opened: Timestamp,
    closed: Option<Timestamp>,
    outcome: Option<Outcome>,
    first: Seq,
    last: Seq,
    site: Word,
    lang: Word,
    /// Topics, teams, agents and cases, each kind in the order in which it came in last.
    tags: Vec<Tag>,
    /// Whether any of its words are there: they are not after an erasure.
    words: bool,
}

/// What is known of a conversation as a whole.
#[derive(Debug, Default)]
struct Thread {
    /// Its newest session.
    last: Option<Place>,
    /// Teams and agents of all its sessions: who of them may read one may read all.
    readers: Vec<Tag>,
}

/// With which conversations a session became one.
#[derive(Debug, Default)]
struct Joint {
    /// The one in which it went on.
    into: Option<ConversationId>,
    /// Those that went on in it.
    from: Vec<ConversationId>,
}

/// Every session so far.
#[derive(Debug, Default)]
pub struct History {
    rows: Vec<Row>,
    /// The latest beginning among a row and all before it: a clock that was set back does not break the order.
    order: Vec<Timestamp>,
    threads: HashMap<ConversationId, Thread>,
    /// The few that were merged.
    joints: HashMap<Place, Joint>,
    /// Places by what they are found by, rising.
    found: HashMap<Tag, Vec<Place>>,
    cases: Pool<String>,
    topics: Pool<TopicId>,
    teams: Pool<TeamId>,
    sites: Pool<SiteId>,
    langs: Pool<Lang>,
    agents: Pool<AgentId>,
    /// Names of `agents`, by the same numbers.
    names: Vec<String>,
}

impl History {
    /// Whether this case number was ever given.
    pub fn knows_case(&self, number: &str) -> bool {
        self.cases.find(&number.to_owned()).is_some()
    }

    /// Takes in one event of a conversation.
    pub fn apply(&mut self, conversation: ConversationId, event: &Event) {
        if let Body::SessionOpened { opening, .. } = &event.body {
            let thread = self.threads.entry(conversation).or_default();
            let place = Place::try_from(self.rows.len()).unwrap_or(Place::MAX);
            let before = thread.last.replace(place);
            self.rows.push(Row {
                conversation,
                before,
                opened: event.at,
                closed: None,
                outcome: None,
                first: event.seq,
                last: event.seq,
                site: self.sites.word(&opening.site),
                lang: self.langs.word(&opening.lang),
                tags: Vec::new(),
                words: false,
            });
            let latest = self.order.last().copied();
            self.order
                .push(latest.map_or(event.at, |latest| latest.max(event.at)));
        }
        let Some(place) = self.threads.get(&conversation).and_then(|all| all.last) else {
            return;
        };
        self.seen(place, event);
        match &event.body {
            Body::Reopened => {
                if let Some(was) = self.at(place).and_then(|row| row.outcome.take()) {
                    self.lose(place, Tag::Outcome(was));
                }
                if let Some(row) = self.at(place) {
                    row.closed = None;
                }
            }
            Body::BotAnswered {
                topic: Some(topic), ..
            } => {
                let topic = Tag::Topic(self.topics.word(topic));
                self.mark(place, topic);
            }
            Body::LangSet { lang, .. } => {
                let lang = self.langs.word(lang);
                if let Some(row) = self.at(place) {
                    row.lang = lang;
                }
            }
            Body::Queued { team, .. } | Body::Transferred { team, .. } => self.asked(place, team),
            Body::Claimed { agent, name, .. }
            | Body::AgentSaid { agent, name, .. }
            | Body::AgentSent { agent, name, .. } => self.took_part(place, *agent, name),
            Body::PromiseMade { promise, .. } => {
                let case = Tag::Case(self.cases.word(&promise.case));
                self.mark(place, case);
                self.asked(place, &promise.team);
            }
            Body::Closed { outcome, .. } => {
                if let Some(row) = self.at(place) {
                    row.closed = Some(event.at);
                    row.outcome = Some(*outcome);
                }
                self.gain(place, Tag::Outcome(*outcome));
            }
            Body::MergedInto { into, .. } => {
                // It did not end: it goes on over there, and there it will have an outcome.
                if let Some(row) = self.at(place) {
                    row.closed = row.closed.or(Some(event.at));
                }
                self.joints.entry(place).or_default().into = Some(*into);
            }
            // Behind the end of that session it stays what it was: merged.
            Body::Unmerged { over: true, .. } | Body::UnmergedFrom { over: true, .. } => {}
            Body::Unmerged { owed: Some(_), .. } => {
                if let Some(row) = self.at(place)
                    && row.outcome.is_none()
                {
                    row.closed = None;
                }
                self.joints.entry(place).or_default().into = None;
            }
            Body::MergedFrom {
                from, agent, name, ..
            } => {
                let joint = self.joints.entry(place).or_default();
                if !joint.from.contains(from) {
                    joint.from.push(*from);
                }
                self.took_part(place, *agent, name);
            }
            Body::UnmergedFrom { from, .. } => {
                let joint = self.joints.entry(place).or_default();
                joint.from.retain(|one| one != from);
            }
            // Nothing else is looked for.
            _ => {}
        }
    }

    fn at(&mut self, place: Place) -> Option<&mut Row> {
        self.rows.get_mut(place as usize)
    }

    fn seen(&mut self, place: Place, event: &Event) {
        if let Some(row) = self.at(place) {
            row.last = event.seq;
            row.words |= !event.private.texts.is_empty();
        }
    }

    fn asked(&mut self, place: Place, team: &TeamId) {
        let team = Tag::Team(self.teams.word(team));
        self.mark(place, team);
        self.opens_to(place, team);
    }

    fn took_part(&mut self, place: Place, agent: AgentId, name: &str) {
        let word = self.agents.word(&agent);
        match self.names.get_mut(word as usize) {
            Some(known) if known == name => {}
            Some(known) => name.clone_into(known),
            None => self.names.push(name.to_owned()),
        }
        self.mark(place, Tag::Agent(word));
        self.opens_to(place, Tag::Agent(word));
    }

    fn opens_to(&mut self, place: Place, reader: Tag) {
        let Some(conversation) = self.at(place).map(|row| row.conversation) else {
            return;
        };
        let thread = self.threads.entry(conversation).or_default();
        if !thread.readers.contains(&reader) {
            thread.readers.push(reader);
        }
    }

    /// Adds a tag to a row, as its last.
    fn mark(&mut self, place: Place, tag: Tag) {
        let Some(row) = self.at(place) else { return };
        let known = row.tags.iter().position(|one| *one == tag);
        if let Some(known) = known {
            row.tags.remove(known);
        }
        row.tags.push(tag);
        if known.is_none() {
            self.gain(place, tag);
        }
    }

    fn gain(&mut self, place: Place, tag: Tag) {
        let places = self.found.entry(tag).or_default();
        // Nearly always the end: what is told is told of young sessions.
        if let Err(at) = places.binary_search(&place) {
            places.insert(at, place);
        }
    }

    fn lose(&mut self, place: Place, tag: Tag) {
        if let Some(places) = self.found.get_mut(&tag)
            && let Ok(at) = places.binary_search(&place)
        {
            places.remove(at);
        }
    }

    /// After an erasure its sessions are found no more, until something new is written in the last of them.
    pub fn forget(&mut self, conversation: ConversationId) {
        let mut next = self.threads.get(&conversation).and_then(|all| all.last);
        while let Some(row) = next.and_then(|place| self.at(place)) {
            row.words = false;
            next = row.before;
        }
    }

    /// Whether somebody may read a conversation. One of which nothing is left nobody reads.
    pub fn may_read(&self, conversation: ConversationId, reads: &Reads) -> bool {
        self.threads.get(&conversation).is_some_and(|thread| {
            self.of(thread).any(|(_, row)| row.words)
                && self.keys_of(reads).is_none_or(|keys| opens(thread, &keys))
        })
    }

    /// What opens a conversation to somebody; nothing needed for whoever may read everything.
    fn keys_of(&self, reads: &Reads) -> Option<Vec<Tag>> {
        let Reads::Of { agent, teams } = reads else {
            return None;
        };
        let teams = teams.iter().filter_map(|team| self.teams.find(team));
        let agent = self.agents.find(agent).map(Tag::Agent);
        Some(teams.map(Tag::Team).chain(agent).collect())
    }

    /// The sessions of a conversation, newest first.
    fn of(&self, thread: &Thread) -> impl Iterator<Item = (Place, &Row)> {
        let row = |place: Place| Some((place, self.rows.get(place as usize)?));
        std::iter::successors(thread.last.and_then(row), move |(_, seen)| {
            seen.before.and_then(row)
        })
    }

    /// Sessions before `before` that are wanted, newest first, at most `limit`.
    pub fn newest(&self, wanted: &Wanted, before: Option<Place>, limit: usize) -> Vec<Past> {
        let until = wanted.until.map_or(self.rows.len(), |until| {
            self.order.partition_point(|opened| *opened < until)
        });
        let end = before.map_or(until, |before| until.min(before as usize));
        let start = wanted.from.map_or(0, |from| {
            self.order.partition_point(|opened| *opened < from)
        });
        let Some((tags, open)) = self.tags_of(wanted) else {
            return Vec::new();
        };
        let keys = self.keys_of(&wanted.reads);
        let within = |place: &Place| (start..end).contains(&(*place as usize));
        let fits = |place: &Place| {
            let Some(row) = self.rows.get(*place as usize) else {
                return false;
            };
            // The order of two sessions may differ from their times where a clock was set back.
            let in_time = wanted.from.is_none_or(|from| row.opened >= from)
                && wanted.until.is_none_or(|until| row.opened < until);
            row.words
                && in_time
                && (!open || row.closed.is_none())
                && tags.iter().all(|tag| has(row, *tag))
                && keys.as_ref().is_none_or(|keys| {
                    let thread = self.threads.get(&row.conversation);
                    thread.is_some_and(|thread| opens(thread, keys))
                })
        };
        let listed = |places: &mut dyn Iterator<Item = Place>| {
            let wanted = places.filter(fits).take(limit);
            wanted.filter_map(|place| self.past(place)).collect()
        };
        if let Some(conversation) = self.conversation_of(wanted) {
            let thread = conversation.and_then(|id| self.threads.get(&id));
            let places = thread.into_iter().flat_map(|thread| self.of(thread));
            return listed(&mut places.map(|(place, _)| place).filter(within));
        }
        // The rarest of what it is found by tells where to look.
        let rarest = (tags.iter())
            .map(|tag| self.found.get(tag).map(Vec::as_slice).unwrap_or_default())
            .min_by_key(|places| places.len());
        let number = |at: usize| Place::try_from(at).unwrap_or(Place::MAX);
        match rarest {
            None => listed(&mut (number(start)..number(end)).rev()),
            Some(places) => {
                let from = places.partition_point(|place| (*place as usize) < start);
                let until = places.partition_point(|place| (*place as usize) < end);
                let places = places.get(from..until).unwrap_or_default();
                listed(&mut places.iter().rev().copied())
            }
        }
    }

    /// The session of a conversation that this event opened; nothing where none of its words are left.
    pub fn session(&self, conversation: ConversationId, first: Seq) -> Option<Past> {
        let mut sessions = self.of(self.threads.get(&conversation)?);
        let (place, _) = sessions.find(|(_, row)| row.first == first && row.words)?;
        self.past(place)
    }

    /// The conversation that is named, by itself or by a case; `Some(None)`: there is no such case.
    fn conversation_of(&self, wanted: &Wanted) -> Option<Option<ConversationId>> {
        if let Some(case) = &wanted.case {
            let places = (self.cases.find(case)).and_then(|case| self.found.get(&Tag::Case(case)));
            let row = places.and_then(|places| self.rows.get(*places.first()? as usize));
            let conversation = row.map(|row| row.conversation);
            let other = wanted.conversation.is_some() && wanted.conversation != conversation;
            return Some(conversation.filter(|_| !other));
        }
        wanted.conversation.map(Some)
    }

    /// What a wanted session must be found by, and whether it must be open; nothing where there cannot be one.
    fn tags_of(&self, wanted: &Wanted) -> Option<(Vec<Tag>, bool)> {
        let mut tags = Vec::new();
        if let Some(agent) = &wanted.agent {
            tags.push(Tag::Agent(self.agents.find(agent)?));
        }
        if let Some(topic) = &wanted.topic {
            tags.push(Tag::Topic(self.topics.find(topic)?));
        }
        if let Some(team) = &wanted.team {
            tags.push(Tag::Team(self.teams.find(team)?));
        }
        let open = match wanted.outcome {
            None => false,
            Some(Ended::Open) => true,
            Some(Ended::As(outcome)) => {
                tags.push(Tag::Outcome(outcome));
                false
            }
        };
        Some((tags, open))
    }

    fn past(&self, place: Place) -> Option<Past> {
        let row = self.rows.get(place as usize)?;
        let (mut topics, mut teams) = (Vec::new(), Vec::new());
        let (mut agents, mut cases) = (Vec::new(), Vec::new());
        for tag in &row.tags {
            match tag {
                Tag::Topic(word) => topics.extend(self.topics.get(*word).cloned()),
                Tag::Team(word) => teams.extend(self.teams.get(*word).cloned()),
                Tag::Agent(word) => {
                    let name = self.names.get(*word as usize).cloned();
                    agents.extend(self.agents.get(*word).copied().zip(name));
                }
                Tag::Case(word) => cases.extend(self.cases.get(*word).cloned()),
                Tag::Outcome(_) => {}
            }
        }
        let joint = self.joints.get(&place);
        Some(Past {
            merged_into: joint.and_then(|joint| joint.into),
            merged_from: joint.map_or_else(Vec::new, |joint| joint.from.clone()),
            place,
            conversation: row.conversation,
            opened: row.opened,
            closed: row.closed,
            outcome: row.outcome,
            topics,
            teams,
            agents,
            cases,
            site: self.sites.get(row.site)?.clone(),
            lang: self.langs.get(row.lang)?.clone(),
            first: row.first,
            last: row.last,
        })
    }

    /// How many sessions there are, erased ones too.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn has(row: &Row, tag: Tag) -> bool {
    match tag {
        Tag::Outcome(outcome) => row.outcome == Some(outcome),
        Tag::Topic(_) | Tag::Team(_) | Tag::Agent(_) | Tag::Case(_) => row.tags.contains(&tag),
    }
}

fn opens(thread: &Thread, keys: &[Tag]) -> bool {
    thread.readers.iter().any(|reader| keys.contains(reader))
}

#[cfg(test)]
mod tests;
