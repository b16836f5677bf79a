//! Who waits, who is on duty, in which order: a picture folded from the conversations and from what agents do. It decides nothing about who
//! owns a conversation; that is the append's fence.

use std::collections::{BTreeMap, VecDeque};

use crate::conversation::{Owner, Promise, State};
use crate::ids::{
    AgentId, AgentStatus, ConversationId, HandoffReason, Lang, Priority, Seq, SiteId, Style,
    TeamId, Timestamp,
};

/// Claims that the wait estimate looks back on.
const HISTORY: usize = 20;
/// With fewer claims than this nothing is estimated.
const ENOUGH: usize = 5;
/// A claim older than this says nothing about now.
const RECENT_MS: i64 = 2 * 60 * 60_000;

/// A conversation on the desk: one that waits, that an agent has, or to which an answer is owed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Last event.
    pub seq: Seq,
    /// Why it is on the desk.
    pub place: Place,
    /// Waiting since; kept when an agent's hold ended.
    pub since: Timestamp,
    /// Why a person is wanted.
    pub reason: HandoffReason,
    /// Team asked.
    pub team: TeamId,
    /// Place before age.
    pub priority: Priority,
    /// An agent had it already.
    pub returned: bool,
    /// Site.
    pub site: SiteId,
    /// Language.
    pub lang: Lang,
    /// Style.
    pub style: Style,
    /// The last words of the visitor, shortened.
    pub excerpt: String,
    /// When the visitor wrote what is not answered.
    pub unanswered_since: Option<Timestamp>,
    /// The answer owed, and whether it is late.
    pub promise: Option<(Promise, bool)>,
}

/// Why a conversation is on the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It waits.
    Waiting,
    /// An agent has it.
    Assigned(AgentId, String),
    /// Nobody waits in it, but an answer is owed.
    Owed,
}

impl Entry {
    /// The entry of a conversation, or nothing when it is not for the desk. `excerpt`: what the visitor wrote last.
    pub fn of(state: &State, excerpt: &str) -> Option<Self> {
        let session = state.session.as_ref()?;
        let (place, waiting) = match &state.owner {
            Owner::Queued(waiting) => (Place::Waiting, Some(waiting)),
            Owner::Assigned {
                agent, name, place, ..
            } => (Place::Assigned(*agent, name.clone()), Some(place)),
            Owner::Nobody | Owner::Bot | Owner::Closed { .. } => (Place::Owed, None),
        };
        let promise = state.promise.clone();
        let (since, reason, team, priority, returned) = match (waiting, &promise) {
            (Some(waiting), _) => (
                waiting.since,
                waiting.reason,
                waiting.team.clone(),
                waiting.priority,
                waiting.returned,
            ),
            (None, Some(owed)) => (
                owed.made_at,
                owed.reason,
                owed.team.clone(),
                owed.priority,
                false,
            ),
            (None, None) => return None,
        };
        Some(Self {
            seq: state.seq,
            place,
            since,
            reason,
            team,
            priority,
            returned,
            site: session.opening.site.clone(),
            lang: session.opening.lang.clone(),
            style: session.opening.style,
            excerpt: excerpt.chars().take(120).collect(),
            unanswered_since: state.unanswered.first().map(|left| left.at),
            promise: promise.map(|promise| (promise, state.promise_late)),
        })
    }

    /// Order of being taken: urgent first, then those whom an agent had already, then age.
    fn rank(&self) -> (std::cmp::Reverse<Priority>, bool, Timestamp) {
        (std::cmp::Reverse(self.priority), !self.returned, self.since)
    }
}

/// Somebody who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// Name.
    pub name: String,
    /// Chosen status.
    pub status: AgentStatus,
    /// Live connections.
    pub connections: u32,
    /// Since when without any.
    pub gone_at: Option<Timestamp>,
}

/// The picture.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    entries: BTreeMap<ConversationId, Entry>,
    people: BTreeMap<AgentId, OnDuty>,
    /// When each of the last claims from the queue was made.
    claims: VecDeque<Timestamp>,
}

impl Desk {
    /// Takes in what a conversation is now; `None` when it is not for the desk.
    pub fn observe(&mut self, conversation: ConversationId, entry: Option<Entry>, now: Timestamp) {
        let waited = self
            .entries
            .get(&conversation)
            .is_some_and(|before| before.place == Place::Waiting);
        match entry {
            Some(entry) => {
                if waited && matches!(entry.place, Place::Assigned(..)) {
                    self.claims.push_back(now);
                    if self.claims.len() > HISTORY {
                        self.claims.pop_front();
                    }
                }
                self.entries.insert(conversation, entry);
            }
            None => {
                self.entries.remove(&conversation);
            }
        }
    }

    /// An agent's status and name, as stored.
    pub fn set_status(&mut self, agent: AgentId, name: &str, status: AgentStatus) {
        let person = self.person(agent, name);
        person.status = status;
        name.clone_into(&mut person.name);
    }

    /// A console of an agent has connected.
    pub fn connected(&mut self, agent: AgentId, name: &str) {
        let person = self.person(agent, name);
        person.connections += 1;
        person.gone_at = None;
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
        let person = self.person(agent, name);
        if person.connections == 0 {
            person.gone_at = Some(now);
        }
    }

    fn person(&mut self, agent: AgentId, name: &str) -> &mut OnDuty {
        self.people.entry(agent).or_insert_with(|| OnDuty {
            name: name.to_owned(),
            status: AgentStatus::Offline,
            connections: 0,
            gone_at: None,
        })
    }

    /// Whether somebody could take a conversation now or within the grace: status `online`, and a connection, or one that has just been lost (a
    /// reload, a restart of the server).
    pub fn anybody(&self, now: Timestamp, grace_ms: i64) -> bool {
        self.people.values().any(|person| {
            let here = person.connections > 0;
            let just_here = person.gone_at.is_some_and(|at| now.since(at) < grace_ms);
            person.status == AgentStatus::Online && (here || just_here)
        })
    }

    /// Who waits, in the order of being taken.
    pub fn waiting(&self) -> Vec<(ConversationId, &Entry)> {
        let mut waiting: Vec<_> = self.in_place(|place| *place == Place::Waiting);
        waiting.sort_by_key(|(_, entry)| entry.rank());
        waiting
    }

    /// Answers that are owed while nobody has the conversation, soonest due first.
    pub fn owed(&self) -> Vec<(ConversationId, &Entry)> {
        let mut owed: Vec<_> = self.in_place(|place| *place == Place::Owed);
        owed.sort_by_key(|(_, entry)| entry.promise.as_ref().map(|(promise, _)| promise.by));
        owed
    }

    /// What agents have.
    pub fn assigned(&self) -> Vec<(ConversationId, &Entry)> {
        self.in_place(|place| matches!(place, Place::Assigned(..)))
    }

    /// Who answers.
    pub fn people(&self) -> impl Iterator<Item = (AgentId, &OnDuty)> {
        self.people.iter().map(|(id, person)| (*id, person))
    }

    /// How many conversations an agent has.
    pub fn load(&self, agent: AgentId) -> usize {
        self.held_by(agent).count()
    }

    fn held_by(&self, agent: AgentId) -> impl Iterator<Item = ConversationId> {
        self.entries
            .iter()
            .filter_map(move |(id, entry)| match &entry.place {
                Place::Assigned(owner, _) if *owner == agent => Some(*id),
                Place::Assigned(..) | Place::Waiting | Place::Owed => None,
            })
    }

    /// Conversations whose agent has been without a connection for the whole grace.
    pub fn dropped(&self, now: Timestamp, grace_ms: i64) -> Vec<(ConversationId, AgentId)> {
        self.gone()
            .filter(|(_, at)| now.since(*at) >= grace_ms)
            .flat_map(|(agent, _)| {
                self.held_by(agent)
                    .map(move |conversation| (conversation, agent))
            })
            .collect()
    }

    /// When the next grace of an agent who has something ends.
    pub fn next_grace(&self, grace_ms: i64) -> Option<Timestamp> {
        self.gone()
            .filter(|(agent, _)| self.load(*agent) > 0)
            .map(|(_, at)| at.plus(grace_ms))
            .min()
    }

    fn gone(&self) -> impl Iterator<Item = (AgentId, Timestamp)> {
        self.people
            .iter()
            .filter_map(|(id, person)| person.gone_at.map(|at| (*id, at)))
    }

    /// Expected wait at a position, in minutes, as a range; nothing when too few claims are known or nobody is there.
    ///
    /// The mean interval between the last claims, times the position; the range is half of it to half more.
    pub fn wait(&self, position: u32, now: Timestamp) -> Option<(u32, u32)> {
        let recent: Vec<_> = self
            .claims
            .iter()
            .filter(|at| now.since(**at) <= RECENT_MS)
            .collect();
        let (first, last) = (recent.first()?, recent.last()?);
        if recent.len() < ENOUGH || !self.people.values().any(|person| person.connections > 0) {
            return None;
        }
        let intervals = i64::try_from(recent.len()).ok()? - 1;
        let expected_ms = last.since(**first) / intervals * i64::from(position);
        let minutes = |ms: i64| u32::try_from(ms / 60_000).unwrap_or(u32::MAX);
        let from = minutes(expected_ms / 2).max(1);
        Some((from, minutes(expected_ms * 3 / 2 + 59_999).max(from + 1)))
    }

    fn in_place(&self, wanted: impl Fn(&Place) -> bool) -> Vec<(ConversationId, &Entry)> {
        self.entries
            .iter()
            .filter(|(_, entry)| wanted(&entry.place))
            .map(|(id, entry)| (*id, entry))
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn entry(place: Place, since: i64, priority: Priority, returned: bool) -> Entry {
        Entry {
            seq: Seq(3),
            place,
            since: Timestamp(since),
            reason: HandoffReason::CustomerRequest,
            team: "default".parse().unwrap(),
            priority,
            returned,
            site: "es".parse().unwrap(),
            lang: Lang::es(),
            style: Style::Warm,
            excerpt: String::new(),
            unanswered_since: None,
            promise: None,
        }
    }

    fn id(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    fn agent(n: u8) -> AgentId {
        AgentId::from_bytes([n; 16])
    }

    #[test]
    fn urgent_comes_first_then_those_who_were_dropped_then_age() {
        let mut desk = Desk::default();
        for (n, since, priority, returned) in [
            (1, 10, Priority::Normal, false),
            (2, 20, Priority::Normal, true),
            (3, 30, Priority::Urgent, false),
            (4, 5, Priority::Low, false),
            (5, 8, Priority::Normal, false),
        ] {
            desk.observe(
                id(n),
                Some(entry(Place::Waiting, since, priority, returned)),
                Timestamp(50),
            );
        }
        let order: Vec<_> = desk
            .waiting()
            .into_iter()
            .map(|(conversation, _)| conversation)
            .collect();
        assert_eq!(order, [id(3), id(2), id(5), id(1), id(4)]);
    }

    #[test]
    fn an_agent_without_a_connection_keeps_the_conversation_for_the_grace_only() {
        let mut desk = Desk::default();
        desk.connected(agent(1), "Marta");
        desk.set_status(agent(1), "Marta", AgentStatus::Online);
        desk.observe(
            id(1),
            Some(entry(
                Place::Assigned(agent(1), "Marta".into()),
                0,
                Priority::Normal,
                false,
            )),
            Timestamp(0),
        );
        assert!(desk.anybody(Timestamp(0), 60_000));
        desk.disconnected(agent(1), Timestamp(1_000));
        assert!(
            desk.anybody(Timestamp(60_999), 60_000),
            "a reload is no absence"
        );
        assert!(!desk.anybody(Timestamp(61_000), 60_000));
        assert!(desk.dropped(Timestamp(60_999), 60_000).is_empty());
        assert_eq!(desk.next_grace(60_000), Some(Timestamp(61_000)));
        assert_eq!(desk.dropped(Timestamp(61_000), 60_000), [(id(1), agent(1))]);
        desk.connected(agent(1), "Marta");
        assert!(desk.dropped(Timestamp(99_000), 60_000).is_empty());
    }

    #[test]
    fn no_wait_is_told_while_too_little_is_known() {
        let mut desk = Desk::default();
        desk.connected(agent(1), "Marta");
        desk.set_status(agent(1), "Marta", AgentStatus::Online);
        for n in 0..10_u8 {
            assert_eq!(
                desk.wait(1, Timestamp(i64::from(n) * 120_000)).is_some(),
                n >= 5
            );
            let now = Timestamp(i64::from(n) * 120_000);
            desk.observe(
                id(n),
                Some(entry(Place::Waiting, 0, Priority::Normal, false)),
                now,
            );
            desk.observe(
                id(n),
                Some(entry(
                    Place::Assigned(agent(1), "Marta".into()),
                    0,
                    Priority::Normal,
                    false,
                )),
                now,
            );
        }
        assert_eq!(desk.wait(3, Timestamp(9 * 120_000)), Some((3, 9)));
    }
}
