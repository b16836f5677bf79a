//! The state of a conversation: the fold of its events. `apply` is total: it cannot fail.

use std::collections::BTreeMap;

use super::acts::Acts;
use super::event::{AskedQuestion, Body, Choice, Closer, Event, Opening, Promise, Target};
use super::limits::Limits;
use super::memory::Memory;
use crate::ids::{
    AgentId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq, SessionId, SlotName, Style,
    TeamId, Timestamp, TopicId,
};

/// What a conversation is at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Last event; zero before the first.
    pub seq: Seq,
    /// The current or last session.
    pub session: Option<Session>,
    /// Who must act.
    pub owner: Owner,
    /// The event since which it is so.
    pub owner_since: Seq,
    /// What the visitor wrote and nobody has answered, in order.
    pub unanswered: Vec<Unanswered>,
    /// What the bot keeps in mind.
    pub memory: Memory,
    /// Slot values of this session.
    pub slots: BTreeMap<SlotName, String>,
    /// The service that is being asked.
    pub call: Option<OpenCall>,
    /// Number of the last call.
    pub calls: u32,
    /// An answer that is owed.
    pub promise: Option<Promise>,
    /// Whether the promised time has passed.
    pub promise_late: bool,
    /// Where the visitor asked to be answered, outside the chat.
    pub contact: Option<String>,
    /// The question that waits for an answer.
    pub question: Option<OpenQuestion>,
    /// Kind of the opinion that was given on the current session.
    pub opinion: Option<OpinionKind>,
    /// Buttons of the last bot message, and its event.
    pub choices: Option<(Seq, Vec<Choice>)>,
    /// What clients did, by their own ids.
    pub acts: Acts,
    /// What the visitor wrote last.
    pub last_words: String,
    /// The visitor's last message or tap.
    pub visitor_seq: Seq,
    /// When the visitor last did something.
    pub visitor_at: Timestamp,
    /// When anything last happened that people see.
    pub activity_at: Timestamp,
}

/// A stretch of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub opened_at: Timestamp,
    /// Where and how the visitor came; style and language as they are now.
    pub opening: Opening,
    /// The visitor's messages and taps in it.
    pub turns: u32,
    /// Whether an agent wrote in it.
    pub agent_wrote: bool,
    /// The last topic answered in it.
    pub topic: Option<TopicId>,
    /// The reason of its last handoff.
    pub handoff: Option<HandoffReason>,
    /// The team of its last handoff.
    pub team: Option<TeamId>,
}

/// Who must act.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Owner {
    /// Nothing has happened yet.
    #[default]
    Nobody,
    /// The bot answers.
    Bot,
    /// It waits for a person.
    Queued(Waiting),
    /// An agent has it.
    Assigned {
        /// Who.
        agent: AgentId,
        /// Name as the visitor sees it.
        name: String,
        /// Since when.
        since: Timestamp,
        /// Its place in the queue, should the hold end.
        place: Waiting,
    },
    /// The session has ended.
    Closed {
        /// When.
        at: Timestamp,
        /// How.
        outcome: Outcome,
        /// By whom.
        by: Closer,
    },
}

/// A place in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Since when; kept when an agent's hold ends.
    pub since: Timestamp,
    /// Since when the present wait runs: later than `since` after a dropped agent.
    pub wait_from: Timestamp,
    /// Why.
    pub reason: HandoffReason,
    /// Team asked.
    pub team: TeamId,
    /// Place before age.
    pub priority: Priority,
    /// An agent had it already: before everybody of its priority.
    pub returned: bool,
}

/// Something the visitor did that nobody has answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    /// The event.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The text; nothing after erasure.
    pub text: String,
    /// The button, where it was one.
    pub target: Option<Target>,
}

/// A service that is being asked.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenCall {
    /// Its number.
    pub id: u32,
    /// Name of the call.
    pub call: String,
    /// The topic that needs it.
    pub topic: TopicId,
    /// Arguments.
    pub args: BTreeMap<String, String>,
    /// When it counts as failed.
    pub deadline: Timestamp,
    /// Case and values, once it came back and before the bot went on; `Err` where it failed.
    pub answer: Option<CallAnswer>,
}

/// Case and values of an answer, or why there is none.
pub type CallAnswer = Result<(String, BTreeMap<String, String>), String>;

/// A question that waits for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenQuestion {
    /// The event that asked it.
    pub seq: Seq,
    /// The session that is rated.
    pub session: SessionId,
    /// As it was shown.
    pub asked: AskedQuestion,
    /// When.
    pub at: Timestamp,
    /// A tap came already; a line may still come.
    pub tapped: bool,
}

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: DeadlineKind,
}

/// What may be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadlineKind {
    /// The bot owes an answer.
    Answer,
    /// A call is lost.
    Call,
    /// A call came back and the bot must go on.
    GoOn,
    /// Nobody took it from the queue.
    Queue,
    /// The agent is silent while the visitor waits.
    Silent,
    /// Nothing happens any more.
    Idle,
    /// The promised time is over.
    Promise,
    /// The question expires.
    Question,
}

impl State {
    /// The state after these events.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut state = Self::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    /// Whether a session is open.
    pub fn is_open(&self) -> bool {
        match self.owner {
            Owner::Bot | Owner::Queued(_) | Owner::Assigned { .. } => true,
            Owner::Nobody | Owner::Closed { .. } => false,
        }
    }

    /// Language, site's default before the first session.
    pub fn lang(&self) -> Option<&Lang> {
        self.session.as_ref().map(|session| &session.opening.lang)
    }

    /// Style now.
    pub fn style(&self) -> Style {
        self.session
            .as_ref()
            .map_or(Style::Warm, |session| session.opening.style)
    }

    /// The agent who has it.
    pub fn agent(&self) -> Option<AgentId> {
        match self.owner {
            Owner::Assigned { agent, .. } => Some(agent),
            Owner::Nobody | Owner::Bot | Owner::Queued(_) | Owner::Closed { .. } => None,
        }
    }

    /// Whether we owe the visitor something: an answer, a place in the queue, a call.
    pub fn owes(&self) -> bool {
        !self.unanswered.is_empty() || self.call.is_some() || matches!(self.owner, Owner::Queued(_))
    }

    /// How a session would end now, nobody having said so.
    pub fn outcome(&self) -> Outcome {
        match &self.owner {
            Owner::Queued(_) => Outcome::Abandoned,
            Owner::Assigned { .. } => {
                if self
                    .session
                    .as_ref()
                    .is_some_and(|session| session.agent_wrote)
                {
                    Outcome::Expired
                } else {
                    Outcome::Abandoned
                }
            }
            Owner::Closed { outcome, .. } => *outcome,
            Owner::Nobody | Owner::Bot => {
                if self.promise.is_some() {
                    Outcome::LeftMessage
                } else if self.memory.open.is_some() {
                    Outcome::Expired
                } else if self.memory.matched {
                    Outcome::ResolvedByBot
                } else if self.memory.failures > 0
                    || self.session.as_ref().is_some_and(|s| s.handoff.is_some())
                {
                    Outcome::Unresolved
                } else {
                    Outcome::Expired
                }
            }
        }
    }

    /// How a session ends with the visitor's thanks or goodbye: while nothing failed, that is their own word that it is solved.
    pub fn outcome_at_goodbye(&self) -> Outcome {
        match self.promise {
            Some(_) => Outcome::LeftMessage,
            None if self.memory.failures == 0
                && self.session.as_ref().is_some_and(|s| s.topic.is_some()) =>
            {
                Outcome::ResolvedByBot
            }
            None => self.outcome(),
        }
    }

    /// What is due and when, soonest first. Every open state has at least one; only what is owed can be due in a closed one.
    pub fn deadlines(&self, limits: &Limits) -> Vec<Deadline> {
        let mut due = Vec::new();
        let mut at = |at: Timestamp, kind| due.push(Deadline { at, kind });
        match &self.owner {
            Owner::Nobody => {}
            Owner::Bot => {
                match &self.call {
                    Some(call) if call.answer.is_some() => at(self.activity_at, DeadlineKind::GoOn),
                    Some(call) => {
                        at(call.deadline, DeadlineKind::Call);
                        // A person is brought at once, also while a service is being asked.
                        if let Some(asked) = self.unanswered.iter().find(|left| {
                            left.target.as_ref().is_some_and(|to| *to == Target::Person)
                        }) {
                            at(asked.at, DeadlineKind::Answer);
                        }
                    }
                    None => match self.unanswered.last() {
                        Some(last) => at(last.at.plus(limits.pause_ms), DeadlineKind::Answer),
                        None => at(self.activity_at.plus(limits.idle_ms), DeadlineKind::Idle),
                    },
                }
            }
            Owner::Queued(waiting) => {
                at(waiting.wait_from.plus(limits.queue_ms), DeadlineKind::Queue)
            }
            Owner::Assigned { since, .. } => match self.unanswered.first() {
                Some(first) => at(
                    first.at.max(*since).plus(limits.silent_ms),
                    DeadlineKind::Silent,
                ),
                None => at(
                    self.activity_at.max(*since).plus(limits.idle_ms),
                    DeadlineKind::Idle,
                ),
            },
            Owner::Closed { .. } => {}
        }
        if let (Some(promise), false) = (&self.promise, self.promise_late) {
            at(promise.by, DeadlineKind::Promise);
        }
        if let Some(question) = &self.question {
            at(question.at.plus(limits.question_ms), DeadlineKind::Question);
        }
        due.sort_unstable();
        due
    }

    /// Takes in one event.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.acts.take_in(event);
        let owner = std::mem::discriminant(&self.owner);
        self.take_in(event);
        if std::mem::discriminant(&self.owner) != owner {
            self.owner_since = event.seq;
        }
    }

    fn take_in(&mut self, event: &Event) {
        match &event.body {
            Body::SessionOpened {
                session,
                opening,
                choices,
            } => {
                self.open(*session, opening, event.at);
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
            }
            Body::Reopened => {
                self.owner = Owner::Bot;
                self.question = None;
                self.activity_at = event.at;
            }
            Body::VisitorSaid { .. } => self.wrote(event, None),
            Body::VisitorChose { target, .. } => self.wrote(event, Some(target.clone())),
            Body::BotAnswered {
                upto,
                choices,
                memory,
                topic,
                ..
            } => {
                self.unanswered.retain(|left| left.seq > *upto);
                self.memory = Memory::clone(memory);
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
                // The turn went on with the answer, or gave the service up for a person.
                self.call = None;
                for (name, value) in &event.private.values {
                    if let Ok(slot) = name.parse::<SlotName>() {
                        if value.is_empty() {
                            self.slots.remove(&slot);
                        } else {
                            self.slots.insert(slot, value.clone());
                        }
                    }
                }
                if let (Some(session), Some(topic)) = (&mut self.session, topic) {
                    session.topic = Some(topic.clone());
                }
                self.activity_at = event.at;
            }
            Body::StyleSet { style, .. } => {
                if let Some(session) = &mut self.session {
                    session.opening.style = *style;
                }
            }
            Body::LangSet { lang, .. } => {
                if let Some(session) = &mut self.session {
                    session.opening.lang = lang.clone();
                }
            }
            Body::CallStarted {
                call_id,
                call,
                topic,
                deadline,
            } => {
                self.calls = *call_id;
                self.call = Some(OpenCall {
                    id: *call_id,
                    call: call.clone(),
                    topic: topic.clone(),
                    args: event.private.values.clone(),
                    deadline: *deadline,
                    answer: None,
                });
            }
            Body::CallReturned { case, .. } => {
                if let Some(call) = &mut self.call {
                    call.answer = Some(Ok((case.clone(), event.private.values.clone())));
                }
                self.activity_at = event.at;
            }
            Body::CallFailed { why, .. } => {
                if let Some(call) = &mut self.call {
                    call.answer = Some(Err(why.clone()));
                }
                self.activity_at = event.at;
            }
            Body::Queued {
                reason,
                team,
                priority,
            } => {
                if let Some(session) = &mut self.session {
                    session.handoff = Some(*reason);
                    session.team = Some(team.clone());
                }
                self.owner = Owner::Queued(Waiting {
                    since: event.at,
                    wait_from: event.at,
                    reason: *reason,
                    team: team.clone(),
                    priority: *priority,
                    returned: false,
                });
                self.call = None;
                self.activity_at = event.at;
            }
            Body::Claimed { agent, name, .. } => {
                let place = match std::mem::take(&mut self.owner) {
                    Owner::Queued(waiting) => waiting,
                    _ => self.place_of_promise(event.at),
                };
                self.owner = Owner::Assigned {
                    agent: *agent,
                    name: name.clone(),
                    since: event.at,
                    place,
                };
                self.question = None;
                // The bot is silent from here on: nobody waits for what it asked.
                self.call = None;
                self.activity_at = event.at;
            }
            Body::Released { .. } => {
                if let Owner::Assigned { place, .. } = std::mem::take(&mut self.owner) {
                    self.owner = Owner::Queued(Waiting {
                        returned: true,
                        wait_from: event.at,
                        ..place
                    });
                } else {
                    self.owner = Owner::Bot;
                }
                self.activity_at = event.at;
            }
            Body::AgentSaid { seen, .. } => {
                // What came while the agent was writing is answered by nobody yet.
                self.unanswered
                    .retain(|left| seen.is_some_and(|seen| left.seq > seen));
                if let Some(session) = &mut self.session {
                    session.agent_wrote = true;
                }
                self.activity_at = event.at;
            }
            Body::NoteAdded { .. } => {}
            Body::Returned { .. } => {
                self.owner = Owner::Bot;
                self.memory = Memory {
                    tried: std::mem::take(&mut self.memory.tried),
                    verified: std::mem::take(&mut self.memory.verified),
                    greeted: true,
                    ..Memory::default()
                };
                self.activity_at = event.at;
            }
            Body::PromiseMade { promise, .. } => {
                self.promise = Some(promise.clone());
                self.promise_late = false;
                self.contact = event
                    .private
                    .values
                    .get("contact")
                    .cloned()
                    .or(self.contact.take());
                if matches!(self.owner, Owner::Queued(_)) {
                    self.owner = Owner::Bot;
                    // What was written in the queue is part of the message that was left: the promise answers it.
                    self.unanswered.clear();
                }
                self.activity_at = event.at;
            }
            Body::PromiseKept { .. } => {
                self.promise = None;
                self.promise_late = false;
            }
            Body::PromiseLate { .. } => self.promise_late = true,
            Body::Closed {
                outcome,
                by,
                question,
                ..
            } => {
                self.owner = Owner::Closed {
                    at: event.at,
                    outcome: *outcome,
                    by: by.clone(),
                };
                self.unanswered.clear();
                self.call = None;
                self.choices = None;
                self.question = match (question, &self.session) {
                    (Some(asked), Some(session)) => Some(OpenQuestion {
                        seq: event.seq,
                        session: session.id,
                        asked: asked.clone(),
                        at: event.at,
                        tapped: false,
                    }),
                    _ => None,
                };
                self.activity_at = event.at;
            }
            Body::Rated {
                value, kind, line, ..
            } => {
                self.opinion = kind.or(self.opinion);
                if let Some(question) = &mut self.question {
                    // A line after the tap ends it; a tap alone leaves the line open.
                    if question.tapped || value.is_none() || *line || !question.asked.line {
                        self.question = None;
                    } else {
                        question.tapped = true;
                    }
                }
            }
            Body::OpinionAnswered { choices } => {
                self.choices = (!choices.is_empty()).then(|| (event.seq, choices.clone()));
            }
            Body::RatingMissed { .. } => self.question = None,
        }
    }

    fn open(&mut self, id: SessionId, opening: &Opening, at: Timestamp) {
        self.session = Some(Session {
            id,
            opened_at: at,
            opening: opening.clone(),
            turns: 0,
            agent_wrote: false,
            topic: None,
            handoff: None,
            team: None,
        });
        self.owner = Owner::Bot;
        self.memory = Memory::default();
        // What a person proved or said in one session is not taken for granted in the next: the device may be shared.
        self.slots.clear();
        self.question = None;
        self.opinion = None;
        self.choices = None;
        self.activity_at = at;
    }

    fn wrote(&mut self, event: &Event, target: Option<Target>) {
        let text = event.private.first().unwrap_or_default().to_owned();
        self.last_words.clone_from(&text);
        self.unanswered.push(Unanswered {
            seq: event.seq,
            at: event.at,
            text,
            target,
        });
        self.visitor_seq = event.seq;
        self.visitor_at = event.at;
        self.activity_at = event.at;
        if let Some(session) = &mut self.session {
            session.turns += 1;
        }
    }

    fn place_of_promise(&self, now: Timestamp) -> Waiting {
        let (since, reason, team, priority) = match (
            &self.promise,
            self.session.as_ref().and_then(|s| s.team.clone()),
        ) {
            (Some(promise), _) => (
                promise.made_at,
                promise.reason,
                promise.team.clone(),
                promise.priority,
            ),
            (None, team) => (
                now,
                HandoffReason::AgentTakeover,
                team.unwrap_or_else(default_team),
                Priority::Normal,
            ),
        };
        Waiting {
            since,
            wait_from: now,
            reason,
            team,
            priority,
            returned: false,
        }
    }
}

/// The team that is always there.
fn default_team() -> TeamId {
    "default".parse().expect("a valid slug")
}
