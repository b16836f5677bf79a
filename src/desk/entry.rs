//! A conversation as the desk sees it.

use crate::conversation::{Handed, Owner, Promise, PromiseKind, StandingOffer, State};
use crate::ids::{
    AgentId, HandoffReason, Lang, Priority, Seq, SiteId, SkillId, Style, TeamId, Timestamp, TopicId,
};

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
    /// When anything last happened that people see.
    pub activity_at: Timestamp,
    /// Whether an agent has written in this session.
    pub agent_wrote: bool,
    /// Skills wished of whoever takes it.
    pub skills: Vec<SkillId>,
    /// Since when the present wait runs: later than `since` after a dropped agent, or after the visitor chose to wait on.
    pub wait_from: Timestamp,
    /// The visitor was asked whether they want to go on waiting, and has not answered.
    pub asked: bool,
    /// The topic last understood.
    pub topic: Option<TopicId>,
    /// The agent whom this visitor talked to last.
    pub last_agent: Option<AgentId>,
    /// The answer owed, and whether it is late.
    pub promise: Option<(Promise, bool)>,
    /// Who handed it over, with the beginning of their note, while nobody has taken it.
    pub handed: Option<Handed>,
}

/// Longest note of a transfer in the picture of the desk, in characters; the thread has all of it.
const NOTE_MAX: usize = 300;

/// Why a conversation is on the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It waits.
    Waiting,
    /// It waits, and one agent is being asked.
    Offered {
        /// Who.
        agent: AgentId,
        /// Name.
        name: String,
        /// Until when the offer stands.
        until: Timestamp,
    },
    /// An agent has it.
    Assigned(AgentId, String),
    /// An agent has it and has put it aside.
    Snoozed {
        /// Who.
        agent: AgentId,
        /// Name.
        name: String,
        /// Until then, or until the visitor writes.
        until: Timestamp,
    },
    /// Nobody waits in it, but an answer is owed.
    Owed,
}

impl Entry {
    /// The entry of a conversation, or nothing when it is not for the desk. `excerpt`: what the visitor wrote last.
    pub fn of(state: &State, excerpt: &str) -> Option<Self> {
        let session = state.session.as_ref()?;
        let (place, waiting) = match &state.owner {
            Owner::Queued(waiting) => match waiting.offer.clone() {
                Some(StandingOffer { agent, name, until }) => {
                    (Place::Offered { agent, name, until }, Some(waiting))
                }
                None => (Place::Waiting, Some(waiting)),
            },
            Owner::Assigned {
                agent,
                name,
                place,
                snoozed,
                ..
            } => {
                let (agent, name) = (*agent, name.clone());
                let held = match *snoozed {
                    Some(until) => Place::Snoozed { agent, name, until },
                    None => Place::Assigned(agent, name),
                };
                (held, Some(place))
            }
            Owner::Nobody | Owner::Bot | Owner::Closed { .. } => (Place::Owed, None),
        };
        let promise = state
            .promises
            .iter()
            .min_by_key(|owed| {
                // What everybody can do something about comes first.
                let review = owed.promise.kind == PromiseKind::Appeal;
                (review, owed.promise.by)
            })
            .map(|owed| (owed.promise.clone(), owed.late));
        let (since, reason, team, priority, returned) = match (waiting, &promise) {
            (Some(waiting), _) => (
                waiting.since,
                waiting.reason,
                waiting.team.clone(),
                waiting.priority,
                waiting.returned,
            ),
            (None, Some((owed, _))) => (
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
            activity_at: state.activity_at,
            agent_wrote: session.agent_wrote,
            skills: waiting.map_or_else(Vec::new, |waiting| waiting.skills.clone()),
            topic: session.topic.clone(),
            last_agent: state.last_agent.as_ref().map(|(agent, _)| *agent),
            wait_from: waiting.map_or(since, |waiting| waiting.wait_from),
            asked: waiting.is_some_and(|waiting| waiting.asked_at.is_some()),
            promise,
            handed: waiting
                .and_then(|waiting| waiting.handed.as_ref())
                .map(|handed| Handed {
                    name: handed.name.clone(),
                    note: handed.note.chars().take(NOTE_MAX).collect(),
                }),
        })
    }

    /// The agent who has it or is being asked.
    pub fn agent(&self) -> Option<(AgentId, &str)> {
        match &self.place {
            Place::Assigned(agent, name)
            | Place::Offered { agent, name, .. }
            | Place::Snoozed { agent, name, .. } => Some((*agent, name)),
            Place::Waiting | Place::Owed => None,
        }
    }

    /// Whether it stands in the queue, offered or not.
    pub(super) fn in_queue(&self) -> bool {
        matches!(self.place, Place::Waiting | Place::Offered { .. })
    }

    /// Order of being taken: urgent first, then those whom an agent had already, then age.
    pub(super) fn rank(&self) -> (std::cmp::Reverse<Priority>, bool, Timestamp) {
        (std::cmp::Reverse(self.priority), !self.returned, self.since)
    }
}
