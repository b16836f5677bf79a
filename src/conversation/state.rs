//! The state of a conversation, and what can be read off it. How it comes about is in `fold`.

use std::collections::{BTreeMap, BTreeSet};

use super::acts::Acts;
use super::asked::PastQuestion;
use super::event::Event;
use super::keepsake::Keepsakes;
use super::memory::Memory;
use super::merge::{Joined, Merge};
use super::parts::{
    AbuseLevel, AskedQuestion, Choice, Closer, Opening, Promise, PromiseKind, Target,
};
use super::proof::Proven;
use crate::ids::{
    AgentId, ConversationId, FileId, HandoffReason, Lang, NoticeId, OpinionKind, Outcome, Priority,
    Seq, SessionId, SkillId, SlotName, Style, TeamId, Timestamp, TopicId,
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
    /// When its session was closed; nothing once the visitor has gone on with it, but kept where an agent took it up again.
    pub closed_at: Option<Timestamp>,
    /// The event since which it is so.
    pub owner_since: Seq,
    /// What the visitor wrote and nobody has answered, in order.
    pub unanswered: Vec<Unanswered>,
    /// What the bot keeps in mind.
    pub memory: Memory,
    /// Slot values of this session.
    pub slots: BTreeMap<SlotName, String>,
    /// What was proven in this session.
    pub proven: Vec<Proven>,
    /// What the visitor wanted kept for their next visits.
    pub kept: Keepsakes,
    /// The service that is being asked.
    pub call: Option<OpenCall>,
    /// Number of the last call.
    pub calls: u32,
    /// What is owed, in the order in which it was promised.
    pub promises: Vec<Owed>,
    /// The agent who wrote to this visitor last.
    pub last_agent: Option<(AgentId, String)>,
    /// Whether the visitor came back to a session that an agent had closed, and nobody has answered yet.
    pub came_back: bool,
    /// Whether the visitor was asked if they are still there, since they last wrote.
    pub nudged: bool,
    /// How far the visitor is shut out.
    pub abuse: Option<AbuseLevel>,
    /// Who decided that, when and why.
    pub shut_out: Option<ShutOut>,
    /// Whether a review of the present block was asked for: there is one.
    pub appealed: bool,
    /// The event that told of the block, with its way to a review: open until one is asked for, whatever is said meanwhile.
    pub review: Option<(Seq, Vec<Choice>)>,
    /// Where the visitor asked to be answered, outside the chat.
    pub contact: Option<String>,
    /// Files that were sent, by either side, with the event of each.
    pub files: Vec<(FileId, Seq)>,
    /// The mail to that place that did not arrive, last.
    pub mail_failed: Option<MailFailure>,
    /// Mails that were asked for in this session.
    pub mails_asked: u32,
    /// Notices of whose end the visitor wants to be told.
    pub follows: BTreeSet<NoticeId>,
    /// Notices that came before an answer in this session, each as it read last.
    pub heard: BTreeMap<NoticeId, Timestamp>,
    /// Every case number that was given here.
    pub cases: Vec<String>,
    /// What each of them is about, also once it is done.
    pub kinds: BTreeMap<String, PromiseKind>,
    /// That it goes on, or is about to go on, in another conversation of the same person.
    pub merge: Option<Merge>,
    /// Where it went on before it went its own way again.
    pub went: Vec<Merge>,
    /// Conversations of the same person that go on here, or did.
    pub joined: Vec<Joined>,
    /// The question that waits for an answer.
    pub question: Option<OpenQuestion>,
    /// The questions of the last sessions, oldest first.
    pub asked: Vec<PastQuestion>,
    /// Kind of the opinion that was given on the current session.
    pub opinion: Option<OpinionKind>,
    /// Buttons of the last bot message, and its event.
    pub choices: Option<(Seq, Vec<Choice>)>,
    /// What clients did, by their own ids.
    pub acts: Acts,
    /// What the visitor wrote last; the label of a button only while they have written nothing.
    pub last_words: String,
    /// The last that they wrote in this session in three words or more: a "sí" tells nobody what is wanted.
    pub told: String,
    /// What they had written last before the turn that is unanswered, in this session.
    pub words_before: String,
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
    /// The event that opened it.
    pub seq: Seq,
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
        /// Until when it is put aside.
        snoozed: Option<Timestamp>,
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
    /// Skills wished of whoever takes it.
    pub skills: Vec<SkillId>,
    /// An agent had it already: before everybody of its priority.
    pub returned: bool,
    /// Who is being asked to take it.
    pub offer: Option<StandingOffer>,
    /// When the visitor was last asked whether they want to go on waiting; nothing while they have answered.
    pub asked_at: Option<Timestamp>,
    /// They asked whether anybody is there, and were told: once a wait is enough.
    pub reassured: bool,
    /// Who handed it over, until somebody takes it.
    pub handed: Option<Handed>,
}

/// A conversation that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// By whom.
    pub name: String,
    /// What the next one should know; nothing after erasure and where a lead wrote none.
    pub note: String,
}

/// An offer that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingOffer {
    /// Who is asked.
    pub agent: AgentId,
    /// Name as the visitor would see it.
    pub name: String,
    /// Until when.
    pub until: Timestamp,
}

/// Something that was promised and not kept yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    /// By whom and by when.
    pub promise: Promise,
    /// What, in the words of whoever promised; nothing after erasure and for a message that was left.
    pub what: String,
    /// Those who owe it were warned.
    pub warned: bool,
    /// The promised time has passed.
    pub late: bool,
    /// The event since which it is owed here.
    pub seq: Seq,
    /// The conversation in which it was promised, where that one goes on here.
    pub from: Option<ConversationId>,
}

impl Owed {
    /// When those who owe it are warned: when a quarter of the time is left, and at least five minutes before.
    pub fn warn_at(&self) -> Timestamp {
        if self.promise.kind == PromiseKind::CallBack {
            // A call is made at its hour and not before: whoever makes it is reminded shortly before that.
            return self.promise.by.plus(-CALL_WARN_MS);
        }
        let whole = self.promise.by.since(self.promise.made_at);
        self.promise.by.plus(-(whole / 4).max(WARN_MS))
    }

    /// From when on it counts as late: a call that begins at its hour is in time.
    pub fn late_at(&self) -> Timestamp {
        match self.promise.kind {
            PromiseKind::CallBack => self.promise.by.plus(CALL_GRACE_MS),
            PromiseKind::Message
            | PromiseKind::Agent
            | PromiseKind::Appeal
            | PromiseKind::Opinion => self.promise.by,
        }
    }
}

/// A warning that comes later than this before the time helps nobody.
const WARN_MS: i64 = 5 * 60_000;
/// A call is reminded of so long before its hour.
const CALL_WARN_MS: i64 = 15 * 60_000;
/// A call is late when so much has passed after its hour and nobody has said that it was made.
const CALL_GRACE_MS: i64 = 15 * 60_000;

/// A flag or block of a visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShutOut {
    /// Who decided it.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Why; nothing after erasure.
    pub reason: String,
}

/// A mail that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    /// The event that the mail is named after.
    pub mail: Seq,
    /// Why, as an enhanced status code: `5.1.1`.
    pub status: String,
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
    /// Whether it was a file; the text is its name then.
    pub file: bool,
}

impl Unanswered {
    /// Whether it is words of the visitor's own: neither a button nor a file.
    pub fn is_text(&self) -> bool {
        self.target.is_none() && !self.file
    }
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

    /// What a list shows of it: what the visitor told last, and not the "sí" or "¿hola?" behind it.
    pub fn headline(&self) -> &str {
        if self.told.is_empty() {
            &self.last_words
        } else {
            &self.told
        }
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

    /// Its place in the queue while nobody has it, offered or not.
    pub fn waiting(&self) -> Option<&Waiting> {
        match &self.owner {
            Owner::Queued(waiting) => Some(waiting),
            Owner::Nobody | Owner::Bot | Owner::Assigned { .. } | Owner::Closed { .. } => None,
        }
    }

    /// Its place in the queue, also the one kept while an agent has it.
    pub fn place(&self) -> Option<&Waiting> {
        match &self.owner {
            Owner::Queued(waiting) => Some(waiting),
            Owner::Assigned { place, .. } => Some(place),
            Owner::Nobody | Owner::Bot | Owner::Closed { .. } => None,
        }
    }

    /// Until when the agent has put it aside.
    pub fn snoozed_until(&self) -> Option<Timestamp> {
        match &self.owner {
            Owner::Assigned { snoozed, .. } => *snoozed,
            Owner::Nobody | Owner::Bot | Owner::Queued(_) | Owner::Closed { .. } => None,
        }
    }

    /// The mail address at which the visitor asked to be answered, where it is one and no phone number.
    pub fn mail_address(&self) -> Option<&str> {
        (self.contact.as_deref())
            .map(str::trim)
            .filter(|contact| contact.contains('@'))
    }

    /// The answer owed to a message that was left here; one that was left in another conversation goes back there, should the two be parted.
    pub fn left_message(&self) -> Option<&Owed> {
        self.promises
            .iter()
            .find(|owed| owed.promise.kind == PromiseKind::Message && owed.from.is_none())
    }

    /// The call that the visitor asked for here.
    pub fn call_back(&self) -> Option<&Owed> {
        self.promises
            .iter()
            .find(|owed| owed.promise.kind == PromiseKind::CallBack && owed.from.is_none())
    }

    /// The review of a block that is owed.
    pub fn appeal(&self) -> Option<&Owed> {
        self.promises
            .iter()
            .find(|owed| owed.promise.kind == PromiseKind::Appeal)
    }

    /// What is owed under a case number.
    pub fn owed(&self, case: &str) -> Option<&Owed> {
        self.promises.iter().find(|owed| owed.promise.case == case)
    }

    /// Who must act, in the field's words: `bot`, `queued`, `offered`, `assigned`, `snoozed`, `closed`.
    pub fn word(&self) -> &'static str {
        match &self.owner {
            Owner::Nobody | Owner::Bot => "bot",
            Owner::Queued(Waiting { offer: Some(_), .. }) => "offered",
            Owner::Queued(_) => "queued",
            Owner::Assigned {
                snoozed: Some(_), ..
            } => "snoozed",
            Owner::Assigned { .. } => "assigned",
            Owner::Closed { .. } => "closed",
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
                if self.left_message().or(self.call_back()).is_some() {
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
        match self.left_message().or(self.call_back()) {
            Some(_) => Outcome::LeftMessage,
            None if self.memory.failures == 0
                && self.session.as_ref().is_some_and(|s| s.topic.is_some()) =>
            {
                Outcome::ResolvedByBot
            }
            None => self.outcome(),
        }
    }
}
