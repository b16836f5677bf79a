//! What happened in a conversation. Events are the truth: state is their fold, screens are their projections, reports count them.
//!
//! Nothing that a person wrote and no slot value stands in [`Body`]: these are in [`Private`], which the store keeps under a key of its own,
//! so that erasure takes them away and leaves the rest of the log true. The few texts inside a body that may cite them ([`Body::take_texts`])
//! are kept there too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::merge::HandedOver;
use super::parts::{
    AbuseLevel, AskedQuestion, Attached, Choice, Closer, News, OfferEnd, Opening, Promise,
    ReleaseCause, Target, Told,
};
use super::shown::Shown;
use super::understood::Understood;
use crate::ids::{
    AgentId, ClientId, ConversationId, HandoffReason, Lang, NoticeId, OpinionKind, Outcome,
    Priority, QuestionId, Seq, SessionId, SkillId, SlotName, Style, TeamId, Timestamp, TopicId,
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
        /// What was shown beside the messages, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shows: Vec<Shown>,
    },
    /// The visitor said yes: this is kept for their next visit. The value apart, under the item's name; without it, after erasure, nothing is kept.
    Remembered {
        /// What it is: the name that the files give it, `size`.
        item: SlotName,
    },
    /// The visitor wants it forgotten, or did not want it kept.
    Forgotten {
        /// What it is.
        item: SlotName,
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
        /// Skills wished of whoever takes it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skills: Vec<SkillId>,
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
    /// A message was taken for people who are not there: an answer is owed. A way to reach the visitor apart, as value `contact`. Or a call is
    /// owed, at an hour of the visitor's choice: its number apart, as value `phone`.
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
    /// The promised time is near and nothing has been done: those who owe it are warned.
    PromiseWarned {
        /// Case number.
        case: String,
    },
    /// The promised time was moved; the visitor is told.
    PromiseMoved {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Case number.
        case: String,
        /// The new time.
        by: Timestamp,
    },
    /// The desk asks one agent whether they take it. The visitor goes on waiting.
    Offered {
        /// Who.
        agent: AgentId,
        /// Name as the visitor would see it.
        name: String,
        /// Until when the offer stands.
        until: Timestamp,
    },
    /// The offer ended without being taken: the next one is asked.
    OfferEnded {
        /// The client's own id of the act, where the agent declined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// Who was asked.
        agent: AgentId,
        /// Why.
        cause: OfferEnd,
    },
    /// It was handed to another team, or to somebody in it, who is then offered it. The note that goes with it apart.
    Transferred {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who handed it over.
        agent: AgentId,
        /// Name of who handed it over.
        name: String,
        /// To which team.
        team: TeamId,
        /// Name of the colleague who is asked to take it, where one is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        colleague: Option<String>,
    },
    /// The agent put it aside until a time, or until the visitor writes.
    Snoozed {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Until when.
        until: Timestamp,
    },
    /// It is no longer put aside.
    Woken {
        /// The client's own id of the act, where the agent took it up again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
    },
    /// Its place before age was changed.
    Prioritised {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// To this.
        priority: Priority,
    },
    /// The server itself told the visitor something, whoever has the conversation. Messages apart.
    Told {
        /// What.
        what: Told,
        /// Buttons under it.
        choices: Vec<Choice>,
        /// Language of the messages.
        lang: Lang,
        /// Which business event it was, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        news: Option<News>,
    },
    /// Asked after a long wait, the visitor goes on waiting.
    KeptWaiting,
    /// Asked after a long wait, the visitor goes back to the assistant.
    LeftQueue,
    /// The visitor sent a file. Its name apart.
    VisitorSent {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The file.
        file: Attached,
    },
    /// An agent sent a file. Its name apart.
    AgentSent {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name as the visitor sees it.
        name: String,
        /// The file.
        file: Attached,
    },
    /// The visitor was flagged or blocked for abuse, or that was lifted. The reason apart.
    Flagged {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who did it.
        name: String,
        /// The level; none: lifted.
        level: Option<AbuseLevel>,
    },
    /// The visitor wants something by mail: the receipt of a case, or the conversation so far. The address, where it was given with this, apart as
    /// value `contact`.
    MailAsked {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The case whose receipt it is; none: the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<String>,
        /// Whether what was said in conversations that go on here is theirs to have.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        halves: bool,
    },
    /// The visitor wants to be told when what a notice is about is fixed.
    NoticeFollowed {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The notice.
        notice: NoticeId,
    },
    /// A notice came before an answer.
    NoticeHeard {
        /// The notice.
        notice: NoticeId,
        /// Since when it read like this.
        version: Timestamp,
    },
    /// A mail to the visitor did not arrive. The address, shortened, apart as value `to`.
    MailFailed {
        /// The event that the mail is named after.
        mail: Seq,
        /// Why, as an enhanced status code (RFC 3463): `5.1.1`.
        status: String,
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
        /// The reason that the agent gave, as a code of `teams.yaml`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap_up: Option<String>,
    },
    /// The visitor answered the question. Optional line apart.
    Rated {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The session that is rated.
        session: SessionId,
        /// The question.
        question: QuestionId,
        /// Which tap, 0-based, where there was one: two taps of a question may have one value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tap: Option<u32>,
        /// The tap's value.
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
    /// It is to go on in another conversation of the same person: until it is known that the other one has taken it in, nothing else happens here.
    MergeBegun {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who did it.
        name: String,
        /// The other one.
        into: ConversationId,
    },
    /// Another conversation of the same person goes on here. What the visitor is told apart.
    MergedFrom {
        /// The other one.
        from: ConversationId,
        /// Its event that began it.
        of: Seq,
        /// Who.
        agent: AgentId,
        /// Name of who did it.
        name: String,
        /// What was owed there and is owed here from now on.
        owed: Vec<HandedOver>,
        /// Whether the visitor waits there for an answer: it is owed here.
        unanswered: bool,
        /// Language of what the visitor is told.
        lang: Lang,
    },
    /// It goes on in the other one, which has taken everything in. What the visitor is told apart.
    MergedInto {
        /// The other one.
        into: ConversationId,
        /// Name of who did it.
        name: String,
        /// Language of what the visitor is told.
        lang: Lang,
    },
    /// It is to go on by itself again.
    UnmergeBegun {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who did it.
        name: String,
    },
    /// The other one goes on by itself again, with what is owed to it. What the visitor is told apart.
    UnmergedFrom {
        /// The other one.
        from: ConversationId,
        /// Its event that began the merge.
        of: Seq,
        /// Name of who did it.
        name: String,
        /// What is owed still of what came from there.
        owed: Vec<HandedOver>,
        /// Whether what was unanswered there was answered here.
        answered: bool,
        /// How far the visitor was shut out meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        abuse: Option<AbuseLevel>,
        /// Whether nobody undid it: the session was over in which the other one was taken in.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        over: bool,
        /// Language of what the visitor is told.
        lang: Lang,
    },
    /// It goes on by itself again, as it was. What the visitor is told apart; nothing where the merge never came about.
    Unmerged {
        /// The other one.
        from: ConversationId,
        /// What is owed still, where the other one had taken it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed: Option<Vec<HandedOver>>,
        /// Whether what was unanswered was answered in the other one.
        answered: bool,
        /// How far the visitor was shut out meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        abuse: Option<AbuseLevel>,
        /// Whether nobody undid it: the session was over in which it went on. It stays closed then, with what is owed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        over: bool,
        /// Language of what the visitor is told.
        lang: Lang,
    },
    /// The session is over in which it went on: it is to go on by itself again.
    PartBegun,
    /// Undoing did not come about: it goes on in the other one.
    UnmergeOff,
}

impl Body {
    /// The case that the event is about, once it was given.
    pub fn case(&self) -> Option<&str> {
        match self {
            Self::PromiseKept { case }
            | Self::PromiseLate { case }
            | Self::PromiseWarned { case }
            | Self::PromiseMoved { case, .. } => Some(case),
            Self::PromiseMade { promise, .. } => Some(&promise.case),
            _ => None,
        }
    }

    /// The client's own id of the act that made the event, where a client did it.
    pub fn act(&self) -> Option<&ClientId> {
        match self {
            Self::VisitorSaid { client_id }
            | Self::VisitorChose { client_id, .. }
            | Self::AgentSaid { client_id, .. }
            | Self::NoteAdded { client_id, .. }
            | Self::PromiseMoved { client_id, .. }
            | Self::Transferred { client_id, .. }
            | Self::Snoozed { client_id, .. }
            | Self::Prioritised { client_id, .. }
            | Self::VisitorSent { client_id, .. }
            | Self::AgentSent { client_id, .. }
            | Self::Flagged { client_id, .. }
            | Self::MailAsked { client_id, .. }
            | Self::NoticeFollowed { client_id, .. }
            | Self::MergeBegun { client_id, .. }
            | Self::UnmergeBegun { client_id, .. }
            | Self::Rated { client_id, .. } => Some(client_id),
            Self::StyleSet { client_id, .. }
            | Self::LangSet { client_id, .. }
            | Self::Claimed { client_id, .. }
            | Self::Released { client_id, .. }
            | Self::Returned { client_id, .. }
            | Self::PromiseMade { client_id, .. }
            | Self::OfferEnded { client_id, .. }
            | Self::Woken { client_id, .. }
            | Self::Closed { client_id, .. }
            | Self::RatingMissed { client_id, .. } => client_id.as_ref(),
            Self::Told { news, .. } => news.as_ref().map(|news| &news.client_id),
            Self::SessionOpened { .. }
            | Self::Reopened
            | Self::BotAnswered { .. }
            | Self::Remembered { .. }
            | Self::Forgotten { .. }
            | Self::MailFailed { .. }
            | Self::NoticeHeard { .. }
            | Self::CallStarted { .. }
            | Self::CallReturned { .. }
            | Self::CallFailed { .. }
            | Self::Queued { .. }
            | Self::PromiseKept { .. }
            | Self::PromiseLate { .. }
            | Self::PromiseWarned { .. }
            | Self::Offered { .. }
            | Self::KeptWaiting
            | Self::LeftQueue
            | Self::MergedFrom { .. }
            | Self::MergedInto { .. }
            | Self::UnmergedFrom { .. }
            | Self::Unmerged { .. }
            | Self::UnmergeOff
            | Self::PartBegun
            | Self::OpinionAnswered { .. } => None,
        }
    }
}
