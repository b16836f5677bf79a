//! Frames between a visitor's client and the server: `GET /v1/visitor/ws?site=…`.

use serde::{Deserialize, Serialize};

use super::code::ErrorCode;
use crate::conversation::{AskedTap, PromiseKind, ReleaseCause, Shown, Told};
use crate::ids::{
    ClientId, ConversationId, FileId, InviteId, Lang, NoticeId, Outcome, QuestionId, Seq, Stage,
    Style, Timestamp,
};
use crate::topics::Contact;

/// What a visitor's client sends. `id` is the client's own id of the act (1 to 64 printable ASCII characters, a UUID say): sending the act again
/// with the same id is the same act and is acked with the same `seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToServer {
    /// The first frame. With `token` and `after` (and the `epoch` of the last welcome) it resumes.
    Hello {
        /// The token of the last `welcome`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        token: Option<String>,
        /// The store's epoch as last told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        epoch: Option<String>,
        /// Last event that the client has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        after: Option<Seq>,
        /// Language wished: `es`, `es-AR`, `en`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        lang: Option<Lang>,
        /// Style wished.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        style: Option<Style>,
        /// Path of the page, without query.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        page: Option<String>,
        /// Stage that the page declares.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        stage: Option<Stage>,
        /// Touchpoint that the page declares.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        touchpoint: Option<String>,
        /// IANA time zone of the device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        time_zone: Option<String>,
        /// The proactive message with which the panel was opened: the first thing said, should a session begin.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        invite: Option<InviteId>,
    },
    /// Writes.
    Say {
        /// Id of the act.
        id: ClientId,
        /// Up to 4,000 characters.
        text: String,
    },
    /// Taps a button of event `of`; of the greeting before the first act: `of` 0.
    Choose {
        /// Id of the act.
        id: ClientId,
        /// The event whose buttons these are.
        of: Seq,
        /// Which, 0-based.
        option: u32,
    },
    /// Answers the question of the last `closed`: a tap, a line, or first the one and then the other.
    Rate {
        /// Id of the act.
        id: ClientId,
        /// The question.
        question: QuestionId,
        /// Which tap, 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        tap: Option<u32>,
        /// The optional line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
    },
    /// "Not now".
    SkipRating {
        /// Id of the act.
        id: ClientId,
    },
    /// Asks for a person.
    AskPerson {
        /// Id of the act.
        id: ClientId,
    },
    /// Rather leaves a message than waits: only while in the queue. The bot takes it, says a case number and by when an answer comes.
    LeaveMessage {
        /// Id of the act.
        id: ClientId,
    },
    /// Asks for the events before one: `older` follows.
    Older {
        /// The oldest event that the client has.
        before: Seq,
    },
    /// Ends the session.
    End {
        /// Id of the act.
        id: ClientId,
    },
    /// Sets style or language.
    Set {
        /// Id of the act.
        id: ClientId,
        /// Style wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        style: Option<Style>,
        /// Language wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        lang: Option<Lang>,
    },
    /// Wants the conversation by mail, or the receipt of a case, at the address that was left in this conversation.
    Mail {
        /// Id of the act.
        id: ClientId,
        /// The case whose receipt it is; none: the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        case: Option<String>,
        /// The address, which is left in the conversation with this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        to: Option<String>,
    },
    /// Wants to be told when what a notice is about is fixed.
    Follow {
        /// Id of the act.
        id: ClientId,
        /// The notice.
        notice: NoticeId,
    },
    /// Is writing; at most one a second.
    Typing,
}

/// What a visitor's client receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient {
    /// Answer to `hello`. Events `after + 1 ..= seq` follow when `recovered`; else the newest page does, and the client forgets what it had.
    Welcome {
        /// The conversation; known to the store from the visitor's first act.
        conversation: ConversationId,
        /// Shows that the conversation is this visitor's: kept by the client, sent with the next `hello`.
        token: String,
        /// Identity of the store's history.
        epoch: String,
        /// Last event so far.
        seq: Seq,
        /// Whether the client gets exactly what it missed.
        recovered: bool,
        /// Language in force.
        lang: Lang,
        /// Style in force.
        style: Style,
        /// Who speaks, and how to reach the company otherwise.
        site: SiteCard,
        /// Shown while no session is open; the same words come with `session_opened`.
        greeting: Greeting,
        /// Whether a person could take over now.
        people: bool,
    },
    /// The act is stored, as event `seq` (0 where it made none). Sent after it is durable.
    Ack {
        /// The act.
        id: ClientId,
        /// Its event.
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
    /// Something happened. Numbers have no gaps: after a hole the client reconnects with its position.
    Event {
        /// Its number.
        seq: Seq,
        /// When, milliseconds since 1970.
        at: Timestamp,
        /// What.
        event: VisitorEvent,
    },
    /// Answer to `older`: up to 100 events, in order, the last one right before the one that was named.
    Older {
        /// The events.
        events: Vec<NumberedEvent>,
        /// Whether there are older ones still.
        older: bool,
    },
    /// Place in the queue; `wait` is missing when too little is known.
    Queue {
        /// 1 is next.
        position: u32,
        /// Expected wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        wait: Option<WaitRange>,
    },
    /// The notices that hold for this visitor on this page, all of them: sent after `welcome` where there are any, and whenever they change.
    Notices {
        /// The notices, the one that was posted last first.
        notices: Vec<NoticeCard>,
    },
    /// The bot or the agent is writing.
    Typing {
        /// Whether it is an agent.
        agent: bool,
    },
}

/// A notice as its reader sees it: every text is in their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NoticeCard {
    /// Its name, for `follow`.
    pub id: NoticeId,
    /// The trouble in a few words.
    pub title: String,
    /// The apology, what happens, what to do meanwhile, when there is more to say: each a paragraph.
    pub texts: Vec<String>,
    /// Language of the texts.
    pub lang: Lang,
    /// What the button says that subscribes; none once they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub follow: Option<String>,
    /// What stands in its place then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub followed: Option<String>,
}

/// An event of an older page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NumberedEvent {
    /// Its number.
    pub seq: Seq,
    /// When, milliseconds since 1970.
    pub at: Timestamp,
    /// What.
    pub event: VisitorEvent,
}

/// Expected wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WaitRange {
    /// At least, in minutes.
    pub from_minutes: u32,
    /// At most, in minutes.
    pub to_minutes: u32,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SiteCard {
    /// The company.
    pub brand: String,
    /// The assistant's name.
    pub assistant: String,
    /// Phone and mail.
    pub contact: Contact,
    /// Languages offered.
    pub languages: Vec<Lang>,
    /// Whether files may be sent.
    #[serde(default)]
    pub files: bool,
    /// Whether mail can be sent: receipts, answers.
    #[serde(default)]
    pub mails: bool,
}

/// The first words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Greeting {
    /// Messages.
    pub texts: Vec<String>,
    /// Buttons, to be chosen with `of` 0 before the first act.
    pub choices: Vec<String>,
}

/// What a visitor sees of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VisitorEvent {
    /// A session began, with the greeting.
    SessionOpened {
        /// Messages of the greeting.
        texts: Vec<String>,
        /// Its buttons.
        choices: Vec<String>,
        /// Language of the texts.
        lang: Lang,
    },
    /// The session goes on after its close.
    Reopened,
    /// The visitor's own words or tap, also in the other tabs.
    Visitor {
        /// The act, so that the client recognises its own.
        id: ClientId,
        /// What was said; the label of a tap.
        text: String,
        /// Whether it was a tap.
        tap: bool,
    },
    /// The bot.
    Bot {
        /// Messages, in order.
        texts: Vec<String>,
        /// Buttons under the last.
        choices: Vec<String>,
        /// Language of the texts.
        lang: Lang,
        /// What is shown beside the messages, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<Shown>>"))]
        shows: Vec<Shown>,
    },
    /// An agent.
    Agent {
        /// Name.
        name: String,
        /// What was said.
        text: String,
    },
    /// A person is wanted; the visitor waits.
    Queued {
        /// The team.
        team: String,
    },
    /// An agent has it now.
    Joined {
        /// Name.
        name: String,
    },
    /// The agent is gone; the visitor is next in the queue.
    Left {
        /// Why.
        cause: ReleaseCause,
    },
    /// The agent gave it back to the assistant.
    Returned,
    /// Something is owed: an answer, a call, a review.
    Promise {
        /// Case number.
        case: String,
        /// Until when; of a call, its hour.
        by: Timestamp,
        /// What is owed.
        #[serde(default)]
        owed: PromiseKind,
        /// All of it as the visitor reads it; an agent's client words it by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        told: Option<String>,
        /// What, in the agent's words; nothing for a message that was left, nor, for visitors, of a call and a review.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        what: Option<String>,
        /// Address of the receipt on this server, signed, good for seven days: `/v1/cases/…/receipt?token=…`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        receipt: Option<String>,
    },
    /// The visitor asked for something by mail.
    MailAsked {
        /// The act, so that a client recognises its own.
        id: ClientId,
        /// The case whose receipt it is; none: the conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        case: Option<String>,
    },
    /// The visitor is told when what a notice is about is fixed.
    Followed {
        /// The act, so that a client recognises its own.
        id: ClientId,
        /// The notice.
        notice: NoticeId,
        /// As the visitor reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        told: Option<String>,
    },
    /// The owed answer was given.
    PromiseKept {
        /// Case number.
        case: String,
        /// As the visitor reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        told: Option<String>,
    },
    /// The promised time passed: we are late.
    PromiseLate {
        /// Case number.
        case: String,
        /// As the visitor reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        told: Option<String>,
    },
    /// What was promised has another time now.
    PromiseMoved {
        /// Case number.
        case: String,
        /// As the visitor reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        told: Option<String>,
        /// Until when.
        by: Timestamp,
    },
    /// It was handed to a team; who takes it there is told by `joined`.
    Transferred {
        /// Name of the team.
        team: String,
    },
    /// The server itself says something, whoever has the conversation.
    Notice {
        /// What.
        what: Told,
        /// What was said in the conversation that goes on here from now on, in order: to be shown before the messages.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<JoinedLine>>"))]
        joined: Vec<JoinedLine>,
        /// Messages, in order.
        texts: Vec<String>,
        /// Buttons under the last.
        choices: Vec<String>,
        /// Language of the texts.
        lang: Lang,
    },
    /// The visitor went back from the queue to the assistant.
    LeftQueue,
    /// A file.
    File {
        /// The act, so that a client recognises its own.
        id: ClientId,
        /// Name of the agent who sent it; nothing where the visitor did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        from: Option<String>,
        /// Its name.
        name: String,
        /// Where it is kept, its type and size.
        file: FileCard,
    },
    /// The session ended.
    Closed {
        /// How.
        outcome: Outcome,
        /// `visitor`, `agent`, `timer`.
        by: String,
        /// The question of the closing card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        question: Option<QuestionCard>,
    },
    /// The visitor's own answer to the question.
    Rated {
        /// The act.
        id: ClientId,
        /// Which tap, 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        tap: Option<u32>,
        /// Value of the tap.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        value: Option<i8>,
        /// The line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
    },
    /// The reply to an opinion.
    Opinion {
        /// What is said.
        text: String,
        /// Buttons under it.
        choices: Vec<String>,
    },
    /// The question was put aside or expired.
    RatingMissed,
    /// The style was set.
    Style {
        /// To this.
        style: Style,
    },
    /// The language was set.
    Lang {
        /// To this.
        lang: Lang,
    },
    /// Something that visitors do not see; it only keeps the numbers without gaps.
    Hidden,
    /// Erased.
    Erased,
}

/// A line of another conversation of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JoinedLine {
    /// When, milliseconds since 1970.
    pub at: Timestamp,
    /// Whose it is.
    pub by: JoinedBy,
    /// Their name; empty for a note.
    pub name: String,
    /// What was said; messages of one answer are paragraphs.
    pub text: String,
}

/// Whose a line of another conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JoinedBy {
    /// The visitor's.
    Visitor,
    /// The assistant's.
    Bot,
    /// An agent's.
    Agent,
    /// Nobody's: it says where the lines come from.
    Note,
}

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileCard {
    /// Its id; the client asks the server for an address with it.
    pub id: FileId,
    /// Its media type.
    pub media: String,
    /// Its size.
    #[cfg_attr(test, ts(as = "u32"))]
    pub bytes: u64,
}

/// The question of the closing card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionCard {
    /// Its name, for `rate`.
    pub id: QuestionId,
    /// The question.
    pub ask: String,
    /// Its taps.
    pub taps: Vec<AskedTap>,
    /// Who reads it and what for.
    pub used_for: String,
    /// Whether a line is offered after the tap; without taps, the line is the answer.
    pub line: bool,
    /// Put before the visitor, who may say "not now"; else it only stands in the closing card.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub put: bool,
}
