//! What a console shows: the desk as a whole, and the card of a conversation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::visitor::WaitRange;
use crate::conversation::{AbuseLevel, Handed, Owed, Promise, PromiseKind, ShutOut};
use crate::desk::SlaClock;
use crate::ids::{
    AgentId, AgentStatus, ConversationId, HandoffReason, Lang, Priority, Seq, SiteId, Stage, Style,
    TeamId, Timestamp, TopicId,
};

/// Who waits and who is on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskView {
    /// Who waits, in the order in which they are to be taken.
    pub waiting: Vec<DeskItem>,
    /// Messages that were left and are owed an answer, soonest first.
    pub messages: Vec<DeskItem>,
    /// What agents have.
    pub assigned: Vec<DeskItem>,
    /// Who is on.
    pub people: Vec<DeskPerson>,
    /// The teams, by name.
    pub teams: Vec<DeskTeam>,
    /// Visitors who are owed something that nothing watches. It is 0, or something is broken.
    pub orphans: u32,
    /// The longest expected wait of those who wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub wait: Option<WaitRange>,
}

/// A conversation on the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskItem {
    /// Which.
    pub conversation: ConversationId,
    /// Its last event.
    pub seq: Seq,
    /// Place in its team's queue; 0 when it does not wait.
    pub position: u32,
    /// Waiting since; kept when an agent was dropped.
    pub since: Timestamp,
    /// Why a person is wanted.
    pub reason: HandoffReason,
    /// Team asked.
    pub team: TeamId,
    /// Its name, in the agent's language.
    pub team_name: String,
    /// Place before age.
    pub priority: Priority,
    /// Names of the skills wished, in the agent's language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub skills: Vec<String>,
    /// An agent had it already.
    pub returned: bool,
    /// Site.
    pub site: SiteId,
    /// Language.
    pub lang: Lang,
    /// Style.
    pub style: Style,
    /// The last thing the visitor wrote, at most 120 characters.
    pub excerpt: String,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub agent: Option<AgentId>,
    /// Name of who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub agent_name: Option<String>,
    /// When the visitor wrote what is not answered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub unanswered_since: Option<Timestamp>,
    /// What is owed next: case number and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub promise: Option<PromiseCard>,
    /// Until when the offer to `agent` stands, where it is only offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub offered_until: Option<Timestamp>,
    /// Until when the agent has put it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub snoozed_until: Option<Timestamp>,
    /// The answer that is due next by the team's targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub due: Option<DueCard>,
    /// The topic last understood: chats of one cause have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub topic: Option<TopicId>,
    /// Who handed it over, while nobody has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub handed: Option<HandedCard>,
}

/// A conversation that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HandedCard {
    /// By whom.
    pub name: String,
    /// What the next one should know, at most 300 characters of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub note: Option<String>,
}

impl HandedCard {
    /// The card of a transfer.
    pub fn of(handed: &Handed) -> Self {
        Self {
            name: handed.name.clone(),
            note: (!handed.note.is_empty()).then(|| handed.note.clone()),
        }
    }
}

/// An answer owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PromiseCard {
    /// Case number.
    pub case: String,
    /// Until when.
    pub by: Timestamp,
    /// Whether that time has passed.
    pub late: bool,
    /// What kind.
    pub kind: PromiseKind,
    /// What, in the words of whoever promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub what: Option<String>,
}

impl PromiseCard {
    /// The card of something owed.
    pub fn of(owed: &Owed) -> Self {
        Self {
            what: (!owed.what.is_empty()).then(|| owed.what.clone()),
            ..Self::bare(&owed.promise, owed.late)
        }
    }

    /// The card without its words.
    pub fn bare(promise: &Promise, late: bool) -> Self {
        Self {
            case: promise.case.clone(),
            by: promise.by,
            late,
            kind: promise.kind,
            what: None,
        }
    }
}

/// Somebody who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskPerson {
    /// Id.
    pub id: AgentId,
    /// Name.
    pub name: String,
    /// Chosen status.
    pub status: AgentStatus,
    /// A live connection.
    pub present: bool,
    /// Conversations in hand, also quiet ones and those put aside.
    pub load: u32,
    /// Active conversations and offers: what counts against the capacity.
    pub busy: u32,
    /// Most active conversations at a time.
    pub capacity: u32,
    /// Let too many offers in a row run out: gets no more until they choose a status again.
    #[serde(default)]
    pub paused: bool,
    /// Teams; none: every team.
    pub teams: Vec<TeamId>,
}

/// A team on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskTeam {
    /// Which.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// How many wait.
    pub waiting: u32,
    /// Reasons to choose from at a close: code and title.
    pub wrap_up: Vec<(String, String)>,
}

/// An answer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DueCard {
    /// Which.
    pub clock: SlaClock,
    /// When; past: missed.
    pub at: Timestamp,
}

/// What an agent needs to know before the first word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Card {
    /// What they want: the title of the topic last understood, or their own last words.
    pub wants: String,
    /// That topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub topic: Option<TopicId>,
    /// Whether that topic has an answer of its own that can be sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub own_answer: bool,
    /// Topics that the bot answered, by title.
    pub tried: Vec<String>,
    /// Data given: name and value.
    pub data: Vec<(String, String)>,
    /// Checks that were passed: `order_match`.
    pub verified: Vec<String>,
    /// Why a person is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reason: Option<HandoffReason>,
    /// Stage of the journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub stage: Option<Stage>,
    /// Touchpoint, as people of the company call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub touchpoint: Option<String>,
    /// Page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub page: Option<String>,
    /// Site.
    pub site: SiteId,
    /// `web`, `rest`, `terminal`.
    pub channel: String,
    /// Language.
    pub lang: Lang,
    /// Style.
    pub style: Style,
    /// Whether they sounded angry.
    pub angry: bool,
    /// Failures in a row before the handoff.
    pub failures: u32,
    /// What is owed, in the order in which it was promised.
    pub promises: Vec<PromiseCard>,
    /// Until when the agent has put it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub snoozed_until: Option<Timestamp>,
    /// How far the visitor is shut out for abuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub abuse: Option<AbuseLevel>,
    /// Who decided that, when and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub shut_out: Option<ShutOutCard>,
    /// How to reach them outside the chat, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub contact: Option<String>,
    /// Why mail to them did not arrive last time, as an enhanced status code: `5.1.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub mail_failed: Option<String>,
    /// Other conversations of the same person, as far as that is proven, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<Related>>"))]
    pub related: Vec<Related>,
    /// What people call the values of `data`, by name, where the topic files say it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<BTreeMap<String, String>>"))]
    pub called: BTreeMap<String, String>,
    /// Who must act: `bot`, `queued`, `offered`, `assigned`, `snoozed`, `closed`.
    pub state: String,
    /// Name of the agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub agent_name: Option<String>,
    /// Id of the agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub agent: Option<AgentId>,
}

/// A flag or block of a visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ShutOutCard {
    /// Who decided it.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Why; empty after erasure.
    pub reason: String,
}

impl ShutOutCard {
    /// The card of a flag or block.
    pub fn of(shut_out: &ShutOut) -> Self {
        Self {
            name: shut_out.name.clone(),
            at: shut_out.at,
            reason: shut_out.reason.clone(),
        }
    }
}

/// Another conversation of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Related {
    /// Which.
    pub conversation: ConversationId,
    /// Its last event.
    pub seq: Seq,
    /// When the visitor last did something there.
    pub at: Timestamp,
    /// What they wanted: the topic last understood, or their own words.
    pub about: String,
    /// Who must act there: `bot`, `queued`, `offered`, `assigned`, `snoozed`, `closed`.
    pub state: String,
    /// Name of the agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub agent_name: Option<String>,
    /// Whether it may be merged into this one now.
    pub mergeable: bool,
    /// Whether it goes on here, or this one goes on there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub merged: Option<Merged>,
    /// Until when that can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub undo_until: Option<Timestamp>,
    /// What was proven in the running sessions of both. A reference alone can be read on a parcel: it does not make them one person's.
    #[serde(default)]
    pub proven: Vec<ProvenBy>,
}

/// Something that was proven in two conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ProvenBy {
    /// The same check passed for the same first value: an order number.
    Reference,
    /// It passed with the same values, a phone number among them.
    Phone,
    /// A check passed with the same mail address.
    Mail,
}

/// Where two merged conversations go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Merged {
    /// In the one that is looked at.
    Here,
    /// In the other one.
    There,
}
