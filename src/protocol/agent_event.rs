//! Events as a console sees them.

use serde::{Deserialize, Serialize};

use super::visitor::{QuestionCard, VisitorEvent};
use crate::conversation::{AbuseLevel, OfferEnd, Scored, Shown};
use crate::ids::{
    AgentId, ClientId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq,
    TeamId, Timestamp, TopicId,
};

/// What an agent sees of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AgentEvent {
    /// Its number.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// What: as the visitor sees it, or what only we see.
    pub event: AgentEventKind,
}

/// The kinds of event on the console.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AgentEventKind {
    /// As the visitor sees it.
    Seen {
        /// What they see.
        event: VisitorEvent,
    },
    /// The bot, with how it understood.
    Bot {
        /// Messages.
        texts: Vec<String>,
        /// Buttons.
        choices: Vec<String>,
        /// Language.
        lang: Lang,
        /// What is shown beside the messages, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<Shown>>"))]
        shows: Vec<Shown>,
        /// Topic of the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        topic: Option<TopicId>,
        /// Nearest topics of the last reading.
        nearest: Vec<Scored>,
        /// `match`, `ambiguous`, `out_of_scope`; empty when the bot spoke by itself.
        verdict: String,
    },
    /// An agent's own message, recognised by its id.
    Agent {
        /// The act.
        id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name.
        name: String,
        /// What was said.
        text: String,
    },
    /// A note.
    Note {
        /// The act.
        id: ClientId,
        /// Name.
        name: String,
        /// What was noted.
        text: String,
    },
    /// A person is wanted.
    Queued {
        /// Why.
        reason: HandoffReason,
        /// Team asked.
        team: TeamId,
        /// Place before age.
        priority: Priority,
    },
    /// An agent is asked whether they take it.
    Offered {
        /// Name.
        name: String,
        /// Until when.
        until: Timestamp,
    },
    /// The offer ended without being taken.
    OfferEnded {
        /// Why.
        cause: OfferEnd,
    },
    /// It was handed over.
    Transferred {
        /// By whom.
        name: String,
        /// Name of the team.
        team: String,
        /// Name of the colleague who is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        colleague: Option<String>,
        /// What the next one should know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        note: Option<String>,
    },
    /// The agent put it aside.
    Snoozed {
        /// Until when.
        until: Timestamp,
    },
    /// It is no longer put aside.
    Woken,
    /// Its place before age was changed.
    Prioritised {
        /// To this.
        priority: Priority,
    },
    /// A promised time is near.
    PromiseWarned {
        /// Case number.
        case: String,
    },
    /// The visitor was flagged or blocked, or that was lifted.
    Flagged {
        /// By whom.
        name: String,
        /// The level; none: lifted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        level: Option<AbuseLevel>,
        /// Why.
        reason: String,
    },
    /// A mail to the visitor did not arrive.
    MailFailed {
        /// The address, shortened: `a…@example.org`; nothing after erasure.
        to: String,
        /// Why, as an enhanced status code: `5.1.1`.
        status: String,
    },
    /// Another conversation of the same person goes on here.
    MergedFrom {
        /// The other one.
        from: ConversationId,
        /// Who did it.
        name: String,
    },
    /// It goes on in another conversation of the same person.
    MergedInto {
        /// The other one.
        into: ConversationId,
        /// Who did it.
        name: String,
    },
    /// The two go on by themselves again.
    Unmerged {
        /// The other one.
        other: ConversationId,
    },
    /// A service was asked.
    Call {
        /// Its name.
        call: String,
    },
    /// The service answered.
    CallReturned {
        /// Case of the answer.
        case: String,
    },
    /// The service did not answer.
    CallFailed {
        /// Why.
        why: String,
    },
    /// The session ended.
    Closed {
        /// How.
        outcome: Outcome,
        /// `visitor`, `agent`, `timer`.
        by: String,
        /// The question that was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        question: Option<QuestionCard>,
        /// Why this one or none, as a code.
        #[cfg_attr(
            test,
            ts(
                type = "'no_visitor_turn' | 'sensitive_topic' | 'no_question_fits' | 'failed' | 'default' | `topic:${string}` | `touchpoint:${string}` | `outcome:${string}` | `stage:${string}` | `apology:${string}`"
            )
        )]
        because: String,
        /// Why it was put before the visitor, or only left in the closing card, as a code with a colon and a number where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        put_because: Option<String>,
        /// The reason that the agent gave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        wrap_up: Option<String>,
    },
    /// The visitor's opinion.
    Rated {
        /// Value of the tap.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        value: Option<i8>,
        /// Kind of opinion.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        opinion: Option<OpinionKind>,
        /// The line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
    },
}
