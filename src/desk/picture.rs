//! Who waits, who is on duty, in which order: a picture folded from the conversations and from what agents do. It decides nothing about who
//! owns a conversation; that is the append's fence.

use std::collections::BTreeMap;

use super::duty::{Offer, OnDuty, Profile};
use super::entry::{Entry, Place};
use super::routing::{Candidate, choose, next_relaxing};
use super::wait::Departures;
use crate::ids::{AgentId, AgentStatus, ConversationId, Lang, TeamId, Timestamp};
use crate::topics::{QueueRules, Routing};

/// Whoever let an offer pass is not asked the same thing again for so long.
const REFUSED_MS: i64 = 2 * 60_000;
/// Whoever waits without a connection for so long has left: the message is taken for them, and the answer waits in the thread.
const AWAY_MS: i64 = 5 * 60_000;
/// A conversation in hand in which nothing has happened for so long, and nothing is owed, takes up no capacity (Zendesk frees it after the same time).
const ACTIVE_MS: i64 = 10 * 60_000;

/// What a long wait leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LongWait {
    /// The visitor is asked: go on waiting, leave a message, or the assistant.
    Ask,
    /// The message is taken for them.
    Decide,
}

/// The picture.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    entries: BTreeMap<ConversationId, Entry>,
    people: BTreeMap<AgentId, OnDuty>,
    /// What left the queue of each team.
    departures: BTreeMap<TeamId, Departures>,
    /// Who let an offer of a conversation pass, and when.
    refused: BTreeMap<(ConversationId, AgentId), Timestamp>,
    /// Visitors who wait and have no connection, and since when.
    away: BTreeMap<ConversationId, Timestamp>,
    /// Offers so far: gives round robin its turns.
    offers: u64,
}

impl Desk {
    /// Takes in what a conversation is now; `None` when it is not for the desk.
    pub fn observe(&mut self, conversation: ConversationId, entry: Option<Entry>, now: Timestamp) {
        let before = self.entries.remove(&conversation);
        self.departed(before.as_ref(), entry.as_ref(), now);
        self.handed(before.as_ref(), entry.as_ref(), now);
        match entry {
            Some(entry) if entry.in_queue() => {
                self.entries.insert(conversation, entry);
            }
            entry => {
                self.refused.retain(|(id, _), _| *id != conversation);
                self.away.remove(&conversation);
                self.entries
                    .extend(entry.map(|entry| (conversation, entry)));
            }
        }
    }

    fn departed(&mut self, before: Option<&Entry>, after: Option<&Entry>, now: Timestamp) {
        if let Some(before) = before
            && before.in_queue()
            && !after.is_some_and(Entry::in_queue)
        {
            self.departures
                .entry(before.team.clone())
                .or_default()
                .left(now);
        }
    }

    /// An agent who got or let go a conversation is idle from now on.
    fn handed(&mut self, before: Option<&Entry>, after: Option<&Entry>, now: Timestamp) {
        let holder = |entry: Option<&Entry>| match entry.map(|entry| &entry.place) {
            Some(Place::Assigned(agent, _) | Place::Snoozed { agent, .. }) => Some(*agent),
            Some(Place::Waiting | Place::Offered { .. } | Place::Owed) | None => None,
        };
        let (had, has) = (holder(before), holder(after));
        if had == has {
            return;
        }
        for agent in had.into_iter().chain(has) {
            if let Some(person) = self.people.get_mut(&agent) {
                person.idle_since = now;
            }
        }
        if let Some(person) = has.and_then(|agent| self.people.get_mut(&agent)) {
            person.missed_offers = 0;
        }
    }

    /// What is stored of somebody who answers.
    pub fn set_profile(&mut self, agent: AgentId, profile: Profile, now: Timestamp) {
        let person = self.person(agent, &profile);
        if person.profile.status != AgentStatus::Online && profile.status == AgentStatus::Online {
            person.idle_since = now;
        }
        // Whoever touches their status is there.
        person.missed_offers = 0;
        person.profile = profile;
    }

    /// Somebody who answers has chosen a status.
    pub fn set_status(&mut self, agent: AgentId, status: AgentStatus, now: Timestamp) {
        if let Some(person) = self.people.get(&agent) {
            let profile = Profile {
                status,
                ..person.profile.clone()
            };
            self.set_profile(agent, profile, now);
        }
    }

    /// What is stored of somebody has changed, but for the status that they chose. Nobody is known here who never came.
    pub fn set_stored(&mut self, agent: AgentId, stored: Profile) {
        if let Some(person) = self.people.get_mut(&agent) {
            person.profile = Profile {
                status: person.profile.status,
                ..stored
            };
        }
    }

    /// A console of an agent has connected.
    pub fn connected(&mut self, agent: AgentId, profile: Profile, now: Timestamp) {
        self.set_profile(agent, profile, now);
        if let Some(person) = self.people.get_mut(&agent) {
            if person.connections == 0 && person.gone_at.is_none() {
                person.idle_since = now;
            }
            person.connections += 1;
            person.gone_at = None;
        }
    }

    /// A console of an agent is gone.
    pub fn disconnected(&mut self, agent: AgentId, now: Timestamp) {
        if let Some(person) = self.people.get_mut(&agent) {
            person.connections = person.connections.saturating_sub(1);
            if person.connections == 0 {
                person.gone_at = Some(now);
            }
        }
    }

    /// After a restart nobody is connected: each agent who has a conversation gets a fresh grace.
    pub fn begin_grace(&mut self, agent: AgentId, name: &str, now: Timestamp) {
        let person = self.person(agent, &Profile::named(name, AgentStatus::Offline));
        if person.connections == 0 {
            person.gone_at = Some(now);
        }
    }

    fn person(&mut self, agent: AgentId, profile: &Profile) -> &mut OnDuty {
        self.people
            .entry(agent)
            .or_insert_with(|| OnDuty::new(profile.clone()))
    }

    /// An agent let an offer pass: it goes to the next one. `missed`: it ran out unanswered. Gives how many in a row did.
    pub fn passed(
        &mut self,
        conversation: ConversationId,
        agent: AgentId,
        missed: bool,
        now: Timestamp,
    ) -> u32 {
        self.refused.insert((conversation, agent), now);
        match self.people.get_mut(&agent) {
            Some(person) if missed => {
                person.missed_offers += 1;
                person.missed_offers
            }
            Some(person) => {
                person.missed_offers = 0;
                0
            }
            None => 0,
        }
    }

    /// Whether somebody could take a conversation of this team now or within the grace: status `online`, and a connection, or one that has just
    /// been lost (a reload, a restart of the server). Without a team: of any; without a language: in any.
    pub fn anybody(
        &self,
        team: Option<&TeamId>,
        lang: Option<&Lang>,
        now: Timestamp,
        grace_ms: i64,
    ) -> bool {
        self.people.values().any(|person| {
            let here = person.connections > 0;
            let just_here = person.gone_at.is_some_and(|at| now.since(at) < grace_ms);
            person.profile.status == AgentStatus::Online
                && (here || just_here)
                && team.is_none_or(|team| person.profile.is_of(team))
                && lang.is_none_or(|lang| person.profile.speaks(lang))
        })
    }

    /// Who waits, offered or not, in the order of being taken.
    pub fn waiting(&self) -> Vec<(ConversationId, &Entry)> {
        let mut waiting: Vec<_> = self.of(Entry::in_queue);
        waiting.sort_by_key(|(_, entry)| entry.rank());
        waiting
    }

    /// How many wait for a team.
    pub fn waiting_for(&self, team: &TeamId) -> usize {
        self.entries
            .values()
            .filter(|entry| entry.in_queue() && entry.team == *team)
            .count()
    }

    /// Place of each waiting conversation in the queue of its team, from 1, with the expected wait in minutes.
    pub fn places(&self, now: Timestamp) -> BTreeMap<ConversationId, (u32, Option<(u32, u32)>)> {
        let mut next: BTreeMap<&TeamId, u32> = BTreeMap::new();
        self.waiting()
            .into_iter()
            .map(|(id, entry)| {
                let position = next.entry(&entry.team).or_default();
                *position += 1;
                (id, (*position, self.wait(&entry.team, *position, now)))
            })
            .collect()
    }

    /// Answers that are owed while nobody has the conversation, soonest due first.
    pub fn owed(&self) -> Vec<(ConversationId, &Entry)> {
        let mut owed: Vec<_> = self.of(|entry| entry.place == Place::Owed);
        owed.sort_by_key(|(_, entry)| entry.promise.as_ref().map(|(promise, _)| promise.by));
        owed
    }

    /// What agents have, also put aside.
    pub fn assigned(&self) -> Vec<(ConversationId, &Entry)> {
        self.of(|entry| matches!(entry.place, Place::Assigned(..) | Place::Snoozed { .. }))
    }

    /// Who answers.
    pub fn people(&self) -> impl Iterator<Item = (AgentId, &OnDuty)> {
        self.people.iter().map(|(id, person)| (*id, person))
    }

    /// How many conversations an agent has, also quiet ones and those put aside.
    pub fn load(&self, agent: AgentId) -> usize {
        self.held_by(agent).count()
    }

    /// How much of an agent's capacity is taken: active conversations and standing offers.
    pub fn busy(&self, agent: AgentId, now: Timestamp) -> u32 {
        let count = self
            .entries
            .values()
            .filter(|entry| match &entry.place {
                Place::Assigned(owner, _) => {
                    *owner == agent
                        && (entry.unanswered_since.is_some()
                            || now.since(entry.activity_at) < ACTIVE_MS)
                }
                Place::Offered { agent: asked, .. } => *asked == agent,
                Place::Waiting | Place::Snoozed { .. } | Place::Owed => false,
            })
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// What an agent is working on. What they put aside waits for its time, or for the visitor, and not for them to be there.
    fn in_hand_of(&self, agent: AgentId) -> impl Iterator<Item = ConversationId> {
        let held = self.entries.iter();
        held.filter(
            move |(_, entry)| matches!(entry.place, Place::Assigned(owner, _) if owner == agent),
        )
        .map(|(id, _)| *id)
    }

    fn held_by(&self, agent: AgentId) -> impl Iterator<Item = ConversationId> {
        self.entries
            .iter()
            .filter_map(move |(id, entry)| match &entry.place {
                Place::Assigned(owner, _) | Place::Snoozed { agent: owner, .. }
                    if *owner == agent =>
                {
                    Some(*id)
                }
                Place::Assigned(..)
                | Place::Snoozed { .. }
                | Place::Waiting
                | Place::Offered { .. }
                | Place::Owed => None,
            })
    }

    /// What is to be offered to whom now: the backlog is drained in order, each agent up to their capacity. `rules`: a team's routing.
    pub fn offers(
        &mut self,
        rules: impl Fn(&TeamId) -> Routing,
        now: Timestamp,
    ) -> Vec<(ConversationId, Offer)> {
        let mut busy: BTreeMap<AgentId, u32> = self
            .people
            .keys()
            .map(|agent| (*agent, self.busy(*agent, now)))
            .collect();
        let queue: Vec<(ConversationId, Entry)> = self
            .waiting()
            .into_iter()
            .filter(|(_, entry)| entry.place == Place::Waiting)
            .map(|(id, entry)| (id, entry.clone()))
            .collect();
        let mut offers = Vec::new();
        for (id, entry) in queue {
            let rules = rules(&entry.team);
            let candidates: Vec<Candidate<'_>> = self
                .people
                .iter()
                .map(|(agent, person)| Candidate {
                    id: *agent,
                    person,
                    busy: busy.get(agent).copied().unwrap_or_default(),
                    refused: self
                        .refused
                        .get(&(id, *agent))
                        .is_some_and(|at| now.since(*at) < REFUSED_MS),
                })
                .collect();
            let Some(agent) = choose(&entry, &rules, &candidates, now) else {
                continue;
            };
            *busy.entry(agent).or_default() += 1;
            self.offers += 1;
            let turn = self.offers;
            if let Some(person) = self.people.get_mut(&agent) {
                person.last_offer = turn;
                let until = now.plus(i64::from(rules.offer_seconds) * 1_000);
                let name = person.profile.name.clone();
                offers.push((id, Offer { agent, name, until }));
            }
        }
        offers
    }

    /// When [`Desk::offers`] may give something new although nothing happens: a wish is given up, a refusal is forgotten, a quiet conversation
    /// frees its agent.
    pub fn next_offers(
        &self,
        rules: impl Fn(&TeamId) -> Routing,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let waiting: Vec<_> = self.of(|entry| entry.place == Place::Waiting);
        if waiting.is_empty() {
            return None;
        }
        let relaxing = waiting
            .iter()
            .filter_map(|(_, entry)| next_relaxing(entry, &rules(&entry.team), now));
        let forgotten = self.refused.values().map(|at| at.plus(REFUSED_MS));
        let freed = self
            .entries
            .values()
            .filter(|entry| matches!(entry.place, Place::Assigned(..)))
            .map(|entry| entry.activity_at.plus(ACTIVE_MS));
        relaxing
            .chain(forgotten.filter(|at| *at > now))
            .chain(freed.filter(|at| *at > now))
            .min()
    }

    /// The last connection of a visitor is gone. Whoever waits keeps the place for a while.
    pub fn visitor_left(&mut self, conversation: ConversationId, now: Timestamp) {
        if self.entries.get(&conversation).is_some_and(Entry::in_queue) {
            self.away.entry(conversation).or_insert(now);
        }
    }

    /// A visitor is back.
    pub fn visitor_came(&mut self, conversation: ConversationId) {
        self.away.remove(&conversation);
    }

    /// Those who have waited so long that they are to be asked, or to be spared more waiting. `rules`: a team's queue.
    pub fn long_waits(
        &self,
        rules: impl Fn(&TeamId) -> QueueRules,
        now: Timestamp,
    ) -> Vec<(ConversationId, LongWait)> {
        self.wait_times(rules)
            .filter(|(_, _, at)| *at <= now)
            .map(|(conversation, what, _)| (conversation, what))
            .collect()
    }

    /// When the next of them will have.
    pub fn next_long_wait(
        &self,
        rules: impl Fn(&TeamId) -> QueueRules,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.wait_times(rules)
            .map(|(_, _, at)| at)
            .filter(|at| *at > now)
            .min()
    }

    /// What comes next for each of those who wait, and when.
    fn wait_times(
        &self,
        rules: impl Fn(&TeamId) -> QueueRules,
    ) -> impl Iterator<Item = (ConversationId, LongWait, Timestamp)> {
        let waiting = self.entries.iter().filter(|(_, entry)| entry.in_queue());
        waiting.filter_map(move |(id, entry)| {
            let rules = rules(&entry.team);
            let after = |minutes: u32| entry.wait_from.plus(i64::from(minutes) * 60_000);
            let ask = rules
                .offer_minutes
                .filter(|_| !entry.asked)
                .map(|minutes| (*id, LongWait::Ask, after(minutes)));
            let decide = rules
                .decide_minutes
                .map(|minutes| (*id, LongWait::Decide, after(minutes)));
            let left = self
                .away
                .get(id)
                .map(|since| (*id, LongWait::Decide, since.plus(AWAY_MS)));
            let next = [ask, decide, left].into_iter().flatten();
            next.min_by_key(|(_, _, at)| *at)
        })
    }

    /// Conversations whose agent has been without a connection for the whole grace. Put aside, they stay theirs until the time comes.
    pub fn dropped(&self, now: Timestamp, grace_ms: i64) -> Vec<(ConversationId, AgentId)> {
        self.gone()
            .filter(|(_, at)| now.since(*at) >= grace_ms)
            .flat_map(|(agent, _)| {
                self.in_hand_of(agent)
                    .map(move |conversation| (conversation, agent))
            })
            .collect()
    }

    /// Offers to agents who are no longer there, or no longer take anything: they go to the next one at once.
    pub fn void_offers(&self) -> Vec<(ConversationId, AgentId)> {
        self.entries
            .iter()
            .filter_map(|(id, entry)| match &entry.place {
                Place::Offered { agent, .. } => {
                    let stands = self.people.get(agent).is_some_and(|person| {
                        person.connections > 0
                            && matches!(
                                person.profile.status,
                                AgentStatus::Online | AgentStatus::TransferOnly
                            )
                    });
                    (!stands).then_some((*id, *agent))
                }
                Place::Waiting | Place::Assigned(..) | Place::Snoozed { .. } | Place::Owed => None,
            })
            .collect()
    }

    /// When the next grace of an agent who has something ends.
    pub fn next_grace(&self, grace_ms: i64) -> Option<Timestamp> {
        self.gone()
            .filter(|(agent, _)| self.in_hand_of(*agent).next().is_some())
            .map(|(_, at)| at.plus(grace_ms))
            .min()
    }

    fn gone(&self) -> impl Iterator<Item = (AgentId, Timestamp)> {
        self.people
            .iter()
            .filter_map(|(id, person)| person.gone_at.map(|at| (*id, at)))
    }

    /// Expected wait at a position of a team's queue, in minutes, as a range; nothing when too little is known or nobody of the team is there.
    pub fn wait(&self, team: &TeamId, position: u32, now: Timestamp) -> Option<(u32, u32)> {
        let served = self
            .people
            .values()
            .any(|person| person.connections > 0 && person.profile.is_of(team));
        self.departures
            .get(team)
            .filter(|_| served)?
            .wait(position, now)
    }

    fn of(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<(ConversationId, &Entry)> {
        self.entries
            .iter()
            .filter(|(_, entry)| wanted(entry))
            .map(|(id, entry)| (*id, entry))
            .collect()
    }
}
