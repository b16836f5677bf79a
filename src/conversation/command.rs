//! What is wanted of a conversation, and why it may be refused.

use std::collections::BTreeMap;

use super::desk_command::DeskCommand;
use super::event::Private;
use super::memory::{Memory, Wanted};
use super::parts::{AskedQuestion, Choice, Closer, Opening, Promise, ReleaseCause, Target};
use super::shown::Shown;
use super::understood::Understood;
use crate::ids::{
    AgentId, ClientId, Lang, OpinionKind, Outcome, Seq, SessionId, SlotName, Style, Timestamp,
    TopicId, Utterance,
};

/// A wish. `decide` turns it into events or refuses it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The visitor writes.
    Say {
        /// The client's own id of the message.
        client_id: ClientId,
        /// The text, masked already.
        text: Utterance,
    },
    /// The visitor taps a button.
    Choose {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The event whose buttons these are.
        of: Seq,
        /// Which, 0-based.
        option: u32,
    },
    /// The visitor asks for a person, with the button that is always there.
    AskPerson {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Label of that button.
        title: String,
    },
    /// The visitor sets style or language.
    Set {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Style wanted.
        style: Option<Style>,
        /// Language wanted.
        lang: Option<Lang>,
    },
    /// The bot's turn.
    Answer(Box<BotTurn>),
    /// The visitor wants something forgotten that was kept for their next visits, told in another conversation of theirs.
    Forget {
        /// What.
        item: SlotName,
    },
    /// A call came back.
    CallReturned {
        /// Which.
        call_id: u32,
        /// Case of the answer.
        case: String,
        /// Values that texts may cite.
        values: BTreeMap<String, String>,
    },
    /// A call failed, or was lost with a restart.
    CallFailed {
        /// Which.
        call_id: u32,
        /// Why, for the people who look after the service.
        why: String,
    },
    /// Nobody took it in time, or the visitor rather leaves a message: this promise is made and the bot says so, in one append, so that no crash leaves a promise untold.
    Promise {
        /// The client's own id of the act, where the visitor rather leaves a message than waits.
        client_id: Option<ClientId>,
        /// What is owed.
        promise: Promise,
        /// How to reach the visitor, where they said so.
        contact: Option<String>,
        /// What the bot says of it; its effect must be [`Effect::None`].
        turn: Box<BotTurn>,
    },
    /// An agent takes it.
    Claim {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name as visitors see it.
        name: String,
        /// The last event that the agent saw: a claim on an older picture is refused where the owner changed since.
        seen: Seq,
    },
    /// The agent writes.
    Reply {
        /// The client's own id of the message.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name as visitors see it.
        name: String,
        /// The text.
        text: Utterance,
        /// The last event that the agent saw; nothing where they do not say.
        seen: Option<Seq>,
    },
    /// The agent leaves a note.
    Note {
        /// The client's own id of the note.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of the agent.
        name: String,
        /// The text.
        text: Utterance,
    },
    /// The agent gives it back to the bot.
    Return {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
    },
    /// The agent's hold ends.
    Release {
        /// The client's own id of the act, where a client does it.
        client_id: Option<ClientId>,
        /// Who held it.
        agent: AgentId,
        /// Why.
        cause: ReleaseCause,
    },
    /// The session ends.
    Close {
        /// The client's own id of the act, where a client does it.
        client_id: Option<ClientId>,
        /// By whom.
        by: Closer,
        /// How; told by an agent, else derived from the state.
        outcome: Option<Outcome>,
        /// The question chosen for it, and why.
        question: Option<AskedQuestion>,
        /// Why this question or none.
        because: String,
        /// The last event that the closing agent saw: refused where the visitor wrote since.
        seen: Option<Seq>,
        /// The reason that the agent gives, as a code of their team.
        wrap_up: Option<String>,
    },
    /// The visitor answers the question.
    Rate {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Which tap, 0-based.
        tap: Option<u32>,
        /// The optional line, masked already.
        line: Option<Utterance>,
        /// What kind of opinion it is, where the line says more than the tap.
        kind: Option<OpinionKind>,
        /// The reply that fits, and its buttons.
        reply: Option<(String, Vec<Choice>)>,
        /// The case that it opens, and what is owed, in words.
        case: Option<(Promise, String)>,
    },
    /// The visitor puts the question aside, or its time is over.
    MissRating {
        /// The client's own id of the act, where a client does it.
        client_id: Option<ClientId>,
        /// "Not now" was said.
        declined: bool,
    },
    /// A promised time is over.
    PromiseLate,
    /// What people and the desk want beyond that.
    Desk(DeskCommand),
}

/// What the bot does in its turn.
#[derive(Debug, Clone, PartialEq)]
pub struct BotTurn {
    /// Last event that this answers.
    pub upto: Seq,
    /// How the turn was understood.
    pub understood: Vec<Understood>,
    /// Messages, in order; none where only something is done.
    pub says: Vec<String>,
    /// Buttons under the last message.
    pub choices: Vec<Choice>,
    /// What is shown beside the messages, in order.
    pub shows: Vec<Shown>,
    /// Slots that were filled (`Some`) or forgotten (`None`).
    pub slots: BTreeMap<SlotName, Option<String>>,
    /// What the visitor said yes to keeping for their next visit (`Some`), or wants forgotten (`None`).
    pub remember: BTreeMap<SlotName, Option<String>>,
    /// Memory from here on.
    pub memory: Memory,
    /// The topic of this answer.
    pub topic: Option<TopicId>,
    /// Language of the visitor, where it changed.
    pub lang: Option<Lang>,
    /// What else is done.
    pub effect: Effect,
}

/// What a turn does beside talking.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Calls a service; the turn goes on when it comes back.
    Call {
        /// Name of the call.
        call: String,
        /// The topic that needs it.
        topic: TopicId,
        /// Arguments by name.
        args: BTreeMap<String, String>,
    },
    /// Hands over to a person.
    Handoff {
        /// Who and why.
        wanted: Wanted,
    },
    /// A message was left: an answer is owed.
    Promise {
        /// What is owed.
        promise: Promise,
        /// How to reach the visitor.
        contact: Option<String>,
    },
    /// A call is owed, at an hour that the visitor picked. An answer owed under the same case number becomes this call.
    CallBack {
        /// What is owed, until that hour.
        promise: Promise,
        /// The number to call.
        phone: String,
        /// What is promised, in words, with the number.
        what: String,
    },
    /// A review of a block is owed.
    Appeal {
        /// What is owed.
        promise: Promise,
        /// The visitor's reasons.
        text: String,
    },
    /// The session ends with the visitor's goodbye.
    Goodbye {
        /// The question chosen for it.
        question: Option<AskedQuestion>,
        /// Why this question or none.
        because: String,
    },
}

/// What a command needs from outside: time and new ids.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// The moment of the command.
    pub now: Timestamp,
    /// Id for a session, should one begin.
    pub session: SessionId,
    /// Where and how the visitor came, should a session begin.
    pub opening: Opening,
    /// The greeting as it was shown before the first act: messages and buttons.
    pub greeting: (Vec<String>, Vec<Choice>),
}

/// Why a command was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The act is known already: its event has this number. Not an error for the client.
    #[error("already done as {0}")]
    Duplicate(Seq),
    /// The same id came with another content.
    #[error("this id was used for something else")]
    IdReused,
    /// The session is closed, or there is none.
    #[error("no open session")]
    Closed,
    /// Somebody else owns the conversation.
    #[error("somebody else has it")]
    NotOwner,
    /// Nobody waits here.
    #[error("not in the queue")]
    NotQueued,
    /// The visitor has written more than anybody can answer at once: wait for an answer.
    #[error("too much is unanswered")]
    TooMuch,
    /// The conversation holds as many files as it may.
    #[error("this conversation holds as many files as it may")]
    TooManyFiles,
    /// The picture on which the command rests is out of date.
    #[error("out of date")]
    Stale,
    /// No such button.
    #[error("no such choice")]
    NoSuchChoice,
    /// No question is open, or no such tap.
    #[error("no open question")]
    NoQuestion,
    /// No such call is open.
    #[error("no such call")]
    NoCall,
    /// Whoever hands a conversation over says what the next one should know.
    #[error("a note is needed")]
    NoteNeeded,
    /// Something promised is not kept yet.
    #[error("a promise is open")]
    PromiseOpen,
    /// No such promise.
    #[error("no such promise")]
    NoPromise,
    /// A review of a block ends with the decision over it, not by being kept.
    #[error("a review is decided by keeping or lifting the block")]
    ReviewOpen,
    /// The time is past, or too far away.
    #[error("not a time to set")]
    BadTime,
    /// Only a lead decides that.
    #[error("only a lead decides that")]
    LeadOnly,
    /// The visitor was shut out for abuse.
    #[error("blocked")]
    Blocked,
    /// No mail address is known, or no mail can be sent.
    #[error("no mail address")]
    NoAddress,
    /// What was given as a mail address is none.
    #[error("not a mail address")]
    BadAddress,
    /// As many mails were asked for as may be: in this session, by this visitor's client, or on this server.
    #[error("too many mails were asked for")]
    TooManyMails,
    /// It goes on in another conversation of the same person.
    #[error("it goes on in another conversation")]
    Merged,
    /// Nothing shows that both conversations are of one person.
    #[error("not shown to be the same person")]
    NotSame,
    /// The other conversation is on another site.
    #[error("on another site")]
    OtherSite,
    /// A conversation cannot go on in itself.
    #[error("the same conversation")]
    Itself,
    /// It can no longer be undone.
    #[error("too late to undo")]
    TooLate,
    /// Nothing to do.
    #[error("nothing to do")]
    Nothing,
}

impl Private {
    /// Values under their names.
    pub(crate) fn with_values(
        mut self,
        values: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.values.extend(values);
        self
    }
}

impl Target {
    /// The topic that the button leads to, where it leads to one.
    pub fn topic(&self) -> Option<&TopicId> {
        match self {
            Self::Topic { topic } => Some(topic),
            Self::Person
            | Self::Yes
            | Self::No
            | Self::Value { .. }
            | Self::Skip
            | Self::Wait
            | Self::LeaveMessage
            | Self::CallBack
            | Self::Appeal
            | Self::Forget { .. }
            | Self::Assistant => None,
        }
    }
}
