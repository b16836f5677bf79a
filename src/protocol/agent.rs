//! Frames between an agent's console and the server: `GET /v1/agent/ws`, signed in by cookie.

use serde::{Deserialize, Serialize};

pub use super::agent_event::{AgentEvent, AgentEventKind};
use super::code::ErrorCode;
pub use super::desk_view::{
    Card, DeskItem, DeskPerson, DeskTeam, DeskView, DueCard, HandedCard, Merged, PromiseCard,
    ProvenBy, Related, ShutOutCard,
};
use crate::conversation::AbuseLevel;
use crate::ids::{
    AgentId, AgentStatus, ClientId, ConversationId, Lang, Outcome, Priority, Role, Seq, SkillId,
    TeamId, Timestamp,
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
    /// A colleague named this agent in a note, in a conversation that is not watched.
    Mentioned {
        /// Where.
        conversation: ConversationId,
        /// Who wrote it.
        name: String,
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
