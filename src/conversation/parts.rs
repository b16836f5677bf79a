//! What events are made of. All of it is stored, so a change here must read what was written before.

use serde::{Deserialize, Serialize};

use crate::ids::{
    AgentId, ClientId, EventName, FileId, HandoffReason, InviteId, Lang, OpinionKind, Priority,
    QuestionId, SiteId, SlotName, Stage, Style, TeamId, Timestamp, TopicId,
};

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
    /// The proactive message with which the panel was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteId>,
}

impl Opening {
    /// On the web, from a page that says nothing of itself and a device that says no time zone.
    pub fn plain(site: SiteId, lang: Lang) -> Self {
        Self {
            site,
            lang,
            style: Style::Warm,
            channel: "web".to_owned(),
            page: None,
            stage: None,
            touchpoint: None,
            time_zone: None,
            invite: None,
        }
    }
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
    /// Go on waiting.
    Wait,
    /// Leave a message instead of waiting.
    LeaveMessage,
    /// Ask for a review of being kept from people.
    Appeal,
    /// Be called at an hour of one's own choice.
    CallBack,
    /// The assistant instead of waiting.
    Assistant,
    /// Forget what was kept for the next visits.
    Forget {
        /// Which; nothing: all of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<SlotName>,
    },
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
    /// What is owed.
    #[serde(default)]
    pub kind: PromiseKind,
    /// Who promised it, where it was not the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

impl Promise {
    /// Whether it is an answer to what the visitor wrote, which is given once their matter is solved.
    pub fn is_an_answer(&self) -> bool {
        matches!(self.kind, PromiseKind::Message | PromiseKind::Opinion)
    }
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// An answer to a message that was left. The agent says when it is given, or closes with it solved.
    #[default]
    Message,
    /// What an agent said they would do. The agent says when it is kept.
    Agent,
    /// A call at an hour that the visitor picked. The agent says when it is kept.
    CallBack,
    /// A review of a block, which the visitor asked for. A lead keeps it by deciding.
    Appeal,
    /// A bad opinion that somebody reads and looks after. An agent or a lead says when it was, or an agent closes with it solved.
    Opinion,
}

/// A phone number where the whole of it is not needed: its last figures, "···678".
pub fn shortened(phone: &str) -> String {
    /// Figures that are shown.
    const SHOWN: usize = 3;
    let from = phone.chars().count().saturating_sub(SHOWN);
    let last: String = phone.chars().skip(from).collect();
    format!("···{last}")
}

/// Why an offer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// The agent said no.
    Declined,
    /// No answer in time.
    TimedOut,
    /// The agent left or takes nothing any more.
    Gone,
}

/// What the server itself tells a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It has been quiet while we waited for them: are they still there?
    Nudge,
    /// The wait is long: go on waiting, leave a message, or the assistant.
    LongWait,
    /// They asked whether anybody is there while they wait: their place, and that a person answers here.
    StillQueued,
    /// Something happened in the company that concerns them: a late delivery, say.
    News,
    /// Contact with people is closed to them for abuse.
    Blocked,
    /// What came of the review of that which they asked for.
    Reviewed,
    /// Two conversations of theirs are one now, or two again.
    Merged,
}

/// A business event that the visitor was told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The act: an event that comes again is told once.
    pub client_id: ClientId,
    /// Its file in the topic files.
    pub event: EventName,
    /// Whether it shall also go by mail, unless they read it in time: its file says so, this server sends mail, and they have left an address.
    pub mail: bool,
}

/// How far an abusive visitor is shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AbuseLevel {
    /// Agents are warned; nothing else changes.
    Flagged,
    /// The bot alone answers; people are not asked.
    Blocked,
}

/// A file that was sent. The bytes are kept apart from the log, the name apart from the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Where it is kept.
    pub id: FileId,
    /// Its media type as sniffed: `image/jpeg`, `application/pdf`.
    pub media: String,
    /// Its size.
    pub bytes: u64,
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
    /// Whether a line of text is offered after the tap; without taps, whether a story is asked for.
    pub line: bool,
    /// The touchpoint that it is about: a name of `journey.yaml`, or what the page declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<String>,
    /// The stage of the customer's way that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Not put before the visitor, only left in the closing card.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// Why it was put before the visitor or not, as a code; empty in logs from before there was a choice.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub put_because: String,
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
