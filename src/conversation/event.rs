//! What happened in a conversation. Events are the truth: state is their fold, screens are their projections, reports count them.
//!
//! Nothing that a person wrote and no slot value stands in [`Body`]: these are in [`Private`], which the store keeps under a key of its own,
//! so that erasure takes them away and leaves the rest of the log true. The few texts inside a body that may cite them ([`Body::take_texts`])
//! are kept there too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::understood::Understood;
use crate::ids::{
    AgentId, ClientId, HandoffReason, Lang, OpinionKind, Outcome, Priority, QuestionId, Seq,
    SessionId, SiteId, Stage, Style, TeamId, Timestamp, TopicId,
};

/// One numbered item of a conversation's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its position: 1 for the first, without gaps.
    pub seq: Seq,
    /// When; informational.
    pub at: Timestamp,
    /// What happened.
    pub body: Body,
    /// What people wrote and what is personal; empty where there was none, and after erasure.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub private: Private,
}

/// Texts and values of an event, stored apart from it. Cards and IBANs are masked before they come here.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Private {
    /// What was said: one text of a visitor or an agent, or the bot's messages in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Values by name: slots, arguments and answers of calls.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Private {
    /// One text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            texts: vec![text.into()],
            values: BTreeMap::new(),
        }
    }

    /// Neither text nor value.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.values.is_empty()
    }

    /// The first text, or nothing after erasure.
    pub fn first(&self) -> Option<&str> {
        self.texts.first().map(String::as_str)
    }
}

/// What people write stays out of logs.
impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Private({} texts, {} values)",
            self.texts.len(),
            self.values.len()
        )
    }
}

/// The kinds of event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Body {
    /// A session began with the visitor's first act. The greeting that they saw apart.
    SessionOpened {
        /// The session.
        session: SessionId,
        /// Where and how the visitor came.
        opening: Opening,
        /// Buttons of the greeting.
        choices: Vec<Choice>,
    },
    /// The visitor wrote again within 30 minutes of the close: the same session goes on.
    Reopened,
    /// The visitor wrote. Text apart.
    VisitorSaid {
        /// The client's own id of the message.
        client_id: ClientId,
    },
    /// The visitor tapped a button. Its label is the text, apart.
    VisitorChose {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The event whose buttons these were.
        of: Seq,
        /// Which, 0-based.
        option: u32,
        /// Where it leads.
        target: Target,
    },
    /// The bot answered everything that was unanswered. Messages and slot values apart.
    BotAnswered {
        /// Last event that this answers.
        upto: Seq,
        /// How each part of the turn was understood; empty when the bot speaks by itself (after a call, a deadline).
        understood: Vec<Understood>,
        /// Buttons under the last message.
        choices: Vec<Choice>,
        /// What the bot keeps in mind from here on.
        memory: Box<Memory>,
        /// The topic of this answer.
        topic: Option<TopicId>,
        /// Language of the messages.
        lang: Lang,
    },
    /// The style was set.
    StyleSet {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// To this.
        style: Style,
    },
    /// The language was set: by the visitor's tap, or because they write in it.
    LangSet {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// To this.
        lang: Lang,
    },
    /// A service was called. Arguments apart.
    CallStarted {
        /// Number of the call in this conversation; with the conversation's id it is the idempotency key.
        call_id: u32,
        /// Name of the call.
        call: String,
        /// The topic that needs it.
        topic: TopicId,
        /// When it counts as failed.
        deadline: Timestamp,
    },
    /// The service answered. Values apart.
    CallReturned {
        /// Which call.
        call_id: u32,
        /// The case of its answer.
        case: String,
    },
    /// The service did not answer.
    CallFailed {
        /// Which call.
        call_id: u32,
        /// Why, for people who look after the service; never shown to visitors.
        why: String,
    },
    /// A person is wanted: the conversation waits in the queue.
    Queued {
        /// Why.
        reason: HandoffReason,
        /// Team asked.
        team: TeamId,
        /// Place before age.
        priority: Priority,
    },
    /// An agent took it: the bot is silent.
    Claimed {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// Who.
        agent: AgentId,
        /// Name as the visitor sees it.
        name: String,
    },
    /// The agent's hold ended without a close: back to the head of the queue, with the waiting time kept.
    Released {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// Who had it.
        agent: AgentId,
        /// Why.
        cause: ReleaseCause,
    },
    /// The agent wrote. Text apart.
    AgentSaid {
        /// The client's own id of the message.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name as the visitor sees it.
        name: String,
        /// The last event that the agent had seen: what the visitor wrote behind it stays unanswered. Everything is answered where it is not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Seq>,
    },
    /// An agent left a note that the visitor never sees. Text apart.
    NoteAdded {
        /// The client's own id of the note.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of the agent.
        name: String,
    },
    /// The agent gave it back to the bot.
    Returned {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// Who.
        agent: AgentId,
    },
    /// A message was taken for people who are not there: an answer is owed. A way to reach the visitor apart, as value `contact`.
    PromiseMade {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// What is owed.
        promise: Promise,
    },
    /// The owed answer was given.
    PromiseKept {
        /// Case number.
        case: String,
    },
    /// The promised time passed without an answer.
    PromiseLate {
        /// Case number.
        case: String,
    },
    /// The session ended.
    Closed {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// How.
        outcome: Outcome,
        /// By whom.
        by: Closer,
        /// The session's question; none for sensitive matters and for sessions without a visitor's word.
        question: Option<AskedQuestion>,
        /// Why this question, or none.
        because: String,
    },
    /// The visitor answered the question. Optional line apart.
    Rated {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The session that is rated.
        session: SessionId,
        /// The question.
        question: QuestionId,
        /// The tap, where there was one: its value.
        value: Option<i8>,
        /// Kind of opinion.
        kind: Option<OpinionKind>,
        /// Whether there is a line. Told here too, because it ends the question: the fold must stay the same when the line is erased.
        #[serde(default)]
        line: bool,
    },
    /// The bot's reply to an opinion, after the close. Text apart.
    OpinionAnswered {
        /// Buttons under it: a person now, for a negative one.
        choices: Vec<Choice>,
    },
    /// The question was not answered in time, or put aside.
    RatingMissed {
        /// The client's own id of the act, where a client did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// The session that was to be rated.
        session: SessionId,
        /// Whether the visitor said "not now".
        declined: bool,
    },
}

impl Body {
    /// The client's own id of the act that made the event, where a client did it.
    pub fn act(&self) -> Option<&ClientId> {
        match self {
            Self::VisitorSaid { client_id }
            | Self::VisitorChose { client_id, .. }
            | Self::AgentSaid { client_id, .. }
            | Self::NoteAdded { client_id, .. }
            | Self::Rated { client_id, .. } => Some(client_id),
            Self::StyleSet { client_id, .. }
            | Self::LangSet { client_id, .. }
            | Self::Claimed { client_id, .. }
            | Self::Released { client_id, .. }
            | Self::Returned { client_id, .. }
            | Self::PromiseMade { client_id, .. }
            | Self::Closed { client_id, .. }
            | Self::RatingMissed { client_id, .. } => client_id.as_ref(),
            Self::SessionOpened { .. }
            | Self::Reopened
            | Self::BotAnswered { .. }
            | Self::CallStarted { .. }
            | Self::CallReturned { .. }
            | Self::CallFailed { .. }
            | Self::Queued { .. }
            | Self::PromiseKept { .. }
            | Self::PromiseLate { .. }
            | Self::OpinionAnswered { .. } => None,
        }
    }
}

/// Where and how a visitor came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The site.
    pub site: SiteId,
    /// Language at first.
    pub lang: Lang,
    /// Style at first.
    pub style: Style,
    /// `web`, `rest`, `terminal`.
    pub channel: String,
    /// Path of the page, without query: queries carry personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Stage that the page declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Touchpoint that the page declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<String>,
    /// IANA time zone of the visitor's device, for promised times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub target: Target,
}

/// Where a button leads. Kept with the event, so that an old button works after the files have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Target {
    /// A topic.
    Topic {
        /// Which.
        topic: TopicId,
    },
    /// A person.
    Person,
    /// "Yes" to what was read back or offered.
    Yes,
    /// "No" to it.
    No,
    /// A value for the slot that is being asked.
    Value {
        /// The value.
        value: String,
    },
    /// Skip what is asked.
    Skip,
}

/// Why an agent's hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ReleaseCause {
    /// No connection for the whole grace.
    Dropped,
    /// Connected, but silent while the visitor waited.
    Silent,
    /// Put back by the agent.
    PutBack,
}

/// Who closed a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Closer {
    /// The visitor, with *Terminar* or a goodbye.
    Visitor,
    /// An agent.
    Agent {
        /// Who.
        agent: AgentId,
    },
    /// Thirty idle minutes.
    Timer,
}

/// An answer owed to a visitor: what, to whom, by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Case number as people say it: `M-7F3K-2Q`.
    pub case: String,
    /// Team that owes it.
    pub team: TeamId,
    /// Why a person was wanted.
    pub reason: HandoffReason,
    /// Place before age.
    pub priority: Priority,
    /// When it was made.
    pub made_at: Timestamp,
    /// When the answer must be there.
    pub by: Timestamp,
}

/// A feedback question as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedQuestion {
    /// Its name in `feedback.yaml`.
    pub id: QuestionId,
    /// The question.
    pub ask: String,
    /// Its taps.
    pub taps: Vec<AskedTap>,
    /// Who reads it and what for.
    pub used_for: String,
    /// Team that reads it.
    pub team: TeamId,
    /// Whether a line of text is offered after the tap.
    pub line: bool,
}

/// A tap as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AskedTap {
    /// Value kept.
    pub value: i8,
    /// Kind of opinion.
    pub kind: OpinionKind,
    /// What the button said.
    pub label: String,
}
