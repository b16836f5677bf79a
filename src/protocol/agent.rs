//! Frames between an agent's console and the server: `GET /v1/agent/ws`, signed in by cookie.

use serde::{Deserialize, Serialize};

use super::code::ErrorCode;
use super::visitor::{QuestionCard, VisitorEvent, WaitRange};
use crate::conversation::{AbuseLevel, OfferEnd, Owed, Promise, PromiseKind, Scored};
use crate::desk::SlaClock;
use crate::ids::{
    AgentId, AgentStatus, ClientId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome,
    Priority, Role, Seq, SiteId, SkillId, Stage, Style, TeamId, Timestamp, TopicId,
};

/// What a console sends. `id` is the console's own id of the act, as in the visitor's protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToServer {
    /// Opens a conversation: a `page` follows, then its events live. With `after` only what was missed comes, as events.
    Watch {
        /// Which.
        conversation: ConversationId,
        /// Last event that the console has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        after: Option<Seq>,
    },
    /// Asks for the events before one: `older` follows.
    Older {
        /// Which conversation.
        conversation: ConversationId,
        /// The oldest event that the console has.
        before: Seq,
    },
    /// No more events of it.
    Unwatch {
        /// Which.
        conversation: ConversationId,
    },
    /// Takes it.
    Claim {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// Last event seen.
        seen: Seq,
    },
    /// Writes to the visitor.
    Reply {
        /// Id of the act.
        id: ClientId,
        /// Which conversation.
        conversation: ConversationId,
        /// Up to 4,000 characters.
        text: String,
        /// Last event seen: what the visitor wrote behind it stays unanswered. Without it everything is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        seen: Option<Seq>,
    },
    /// Writes a note that the visitor never sees.
    Note {
        /// Id of the act.
        id: ClientId,
        /// Which conversation.
        conversation: ConversationId,
        /// Up to 4,000 characters.
        text: String,
    },
    /// Gives it back to the bot.
    Return {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
    },
    /// Puts it back into the queue, at its head.
    PutBack {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
    },
    /// Closes it.
    Close {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// How it ended: `resolved_by_agent`, `unresolved` or `referred`.
        outcome: Outcome,
        /// Last event seen: refused as `stale` where the visitor wrote since.
        seen: Seq,
        /// The reason, as a code of the team's `wrap_up`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        wrap_up: Option<String>,
    },
    /// Lets an offer pass: the next one is asked.
    Decline {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
    },
    /// Hands it to a team, or asks a colleague to take it: unanswered or declined it goes to the team's queue.
    Transfer {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// Team.
        team: TeamId,
        /// Colleague, who must be there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        colleague: Option<AgentId>,
        /// What the next one should know; needed of whoever has it, not of a lead who moves somebody else's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        note: Option<String>,
    },
    /// Puts it aside until a time; the visitor's next word ends it sooner. Refused as `stale` while they wait for a reply.
    Snooze {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// Until when, at most half a year from now.
        until: Timestamp,
    },
    /// Takes up again what was put aside.
    Wake {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
    },
    /// Changes its place before age.
    Prioritise {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// To this.
        priority: Priority,
    },
    /// Promises something: it is watched, and the conversation cannot be closed over it.
    Promise {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// What, as the visitor reads it.
        what: String,
        /// Until when, at most half a year from now.
        by: Timestamp,
    },
    /// Says that a promise is kept.
    KeepPromise {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// Case number.
        case: String,
    },
    /// Gives a promise another time; the visitor is told.
    MovePromise {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// Case number.
        case: String,
        /// Until when.
        by: Timestamp,
    },
    /// Flags or blocks an abusive visitor, or lifts that.
    Flag {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// The level; none: lifted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        level: Option<AbuseLevel>,
        /// Why.
        reason: String,
    },
    /// Lets this conversation go on in another one of the same person, which the agent has.
    Merge {
        /// Id of the act.
        id: ClientId,
        /// Which.
        conversation: ConversationId,
        /// The one in which it goes on.
        into: ConversationId,
        /// Last event seen of `conversation`: refused as `stale` where the visitor wrote there since.
        seen: Seq,
    },
    /// Undoes that, within an hour.
    Unmerge {
        /// Id of the act.
        id: ClientId,
        /// Which: the one that goes on in another.
        conversation: ConversationId,
    },
    /// Sets one's own status.
    Status {
        /// Id of the act.
        id: ClientId,
        /// To this.
        status: AgentStatus,
    },
    /// Is writing to the visitor; at most one a second.
    Typing {
        /// Where.
        conversation: ConversationId,
    },
}

/// What a console receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient {
    /// First frame.
    Welcome {
        /// Who is signed in.
        me: Person,
        /// One's own status.
        status: AgentStatus,
        /// Identity of the store's history.
        epoch: String,
        /// Who waits and who is on.
        desk: DeskView,
    },
    /// Who waits and who is on, after a change.
    Desk {
        /// The whole picture.
        desk: DeskView,
    },
    /// A conversation from its newest page on.
    Page {
        /// Which.
        conversation: ConversationId,
        /// Its last event.
        seq: Seq,
        /// The card.
        card: Card,
        /// The last events, in order.
        events: Vec<AgentEvent>,
        /// Whether there are older ones.
        older: bool,
    },
    /// Answer to `older`: up to 100 events, in order, the last one right before the one that was named.
    Older {
        /// Which conversation.
        conversation: ConversationId,
        /// The events.
        events: Vec<AgentEvent>,
        /// Whether there are older ones still.
        older: bool,
    },
    /// Something happened in a watched conversation.
    Event {
        /// Which.
        conversation: ConversationId,
        /// What.
        event: AgentEvent,
    },
    /// The card of a watched conversation, after a change.
    Card {
        /// Which.
        conversation: ConversationId,
        /// The card.
        card: Card,
    },
    /// The act is stored.
    Ack {
        /// The act.
        id: ClientId,
        /// Its event; 0 where it made none.
        seq: Seq,
    },
    /// Something was not carried out.
    Error {
        /// The act, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        id: Option<ClientId>,
        /// Why.
        code: ErrorCode,
        /// Whether the same act may be sent again.
        retry: bool,
    },
    /// The visitor, or a colleague, is writing there.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// The colleague; nobody when it is the visitor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        name: Option<String>,
    },
}

/// A person of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    /// Id.
    pub id: AgentId,
    /// Name as visitors see it.
    pub name: String,
    /// E-mail, the login.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Teams.
    pub teams: Vec<TeamId>,
    /// Language of the console: `es` or `en`.
    pub lang: Lang,
    /// Skills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<SkillId>>"))]
    pub skills: Vec<SkillId>,
    /// Languages in which they answer, without region; none: every language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<Lang>>"))]
    pub languages: Vec<Lang>,
    /// Most active conversations at a time; without it as many as everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub capacity: Option<u32>,
}

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
    /// Title of the topic last understood: chats of one cause have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub topic: Option<String>,
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
    /// Name, in the language of the company.
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
    /// Touchpoint.
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
                type = "'no_visitor_turn' | 'sensitive_topic' | 'no_question_fits' | 'failed' | 'default' | `topic:${string}` | `outcome:${string}` | `stage:${string}` | `apology:${string}`"
            )
        )]
        because: String,
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
