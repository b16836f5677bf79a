//! What people and the desk want of a conversation beyond taking, writing and closing.

use super::merge::{GivenBack, HandedOver, Parting};
use super::parts::{AbuseLevel, Attached, Choice, News, OfferEnd, Promise, Told};
use crate::ids::{
    AgentId, ClientId, ConversationId, Lang, NoticeId, Priority, Seq, TeamId, Timestamp, Utterance,
};

/// A wish of the desk or of an agent.
#[derive(Debug, Clone, PartialEq)]
pub enum DeskCommand {
    /// The desk asks one agent whether they take it.
    Offer {
        /// Who.
        agent: AgentId,
        /// Name as the visitor would see it.
        name: String,
        /// Until when the offer stands.
        until: Timestamp,
    },
    /// The offer ends without being taken.
    EndOffer {
        /// The client's own id of the act, where the agent declines.
        client_id: Option<ClientId>,
        /// Who was asked.
        agent: AgentId,
        /// Why.
        cause: OfferEnd,
    },
    /// Whoever has it hands it to another team, or to somebody in it; a lead moves anybody's.
    Transfer {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who hands it over.
        agent: AgentId,
        /// Name of who hands it over.
        name: String,
        /// Whether they may move what is not theirs.
        lead: bool,
        /// To whom.
        to: Receiver,
        /// What the next one should know: needed of whoever has it, who alone knows it.
        note: Option<Utterance>,
    },
    /// The agent puts it aside.
    Snooze {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Until when; the visitor's next word ends it sooner.
        until: Timestamp,
    },
    /// It is taken up again: by the agent, or because the time has come.
    Wake {
        /// The client's own id of the act, where the agent does it.
        client_id: Option<ClientId>,
        /// Who has it.
        agent: AgentId,
    },
    /// Its place before age is changed.
    Prioritise {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// To this.
        priority: Priority,
    },
    /// The server itself tells the visitor something.
    Tell {
        /// What.
        what: Told,
        /// Messages, in order.
        says: Vec<String>,
        /// Buttons under the last.
        choices: Vec<Choice>,
        /// Their language.
        lang: Lang,
        /// Which business event it is, where it is one.
        news: Option<News>,
    },
    /// The visitor goes on waiting.
    KeepWaiting,
    /// The visitor goes back to the assistant.
    LeaveQueue,
    /// The agent promises something.
    Promise {
        /// The client's own id of the act.
        client_id: ClientId,
        /// What kind, by when, by whom; its `agent` must have the conversation.
        promise: Promise,
        /// What, in the agent's words.
        what: Utterance,
    },
    /// What was promised is done.
    KeepPromise {
        /// Who says so.
        agent: AgentId,
        /// Case number.
        case: String,
    },
    /// A bad opinion was looked after: its case is closed. The server does it for a lead.
    OpinionSeen,
    /// What was promised needs another time.
    MovePromise {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who says so.
        agent: AgentId,
        /// Case number.
        case: String,
        /// The new time.
        by: Timestamp,
    },
    /// The promised time is near.
    WarnPromise,
    /// The visitor sends a file.
    VisitorSends {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The file, stored already.
        file: Attached,
        /// Its name, masked already.
        name: String,
    },
    /// The agent sends a file.
    AgentSends {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name as the visitor sees it.
        agent_name: String,
        /// The file, stored already.
        file: Attached,
        /// Its name.
        name: String,
    },
    /// The visitor wants something by mail.
    AskMail {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The case whose receipt it is; none: the conversation.
        case: Option<String>,
        /// The address, where it was given with this.
        to: Option<String>,
        /// Whether what was said in conversations that go on here is theirs to have.
        halves: bool,
        /// Whether an address is known, of this conversation or of one that goes on here.
        reached: bool,
    },
    /// The visitor wants to be told when what a notice is about is fixed.
    FollowNotice {
        /// The client's own id of the act.
        client_id: ClientId,
        /// The notice.
        notice: NoticeId,
    },
    /// A notice came before an answer.
    HearNotice {
        /// The notice.
        notice: NoticeId,
        /// Since when it reads like this.
        version: Timestamp,
    },
    /// A mail to the visitor did not arrive.
    MailFailed {
        /// The event that the mail is named after.
        mail: Seq,
        /// Why: `5.1.1`.
        status: String,
        /// The address, shortened.
        to: String,
    },
    /// The visitor is flagged or blocked, or that is lifted.
    Flag {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who does it.
        name: String,
        /// Whether they may block, and decide over a block.
        lead: bool,
        /// The level; none: lifted.
        level: Option<AbuseLevel>,
        /// Why.
        reason: Utterance,
    },
    /// It shall go on in another conversation of the same person. Whoever asks has seen that it is the same person.
    Merge {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who does it.
        name: String,
        /// The other one.
        into: ConversationId,
        /// The last event that the agent saw here.
        seen: Seq,
    },
    /// Takes in another conversation, which an agent who has this one lets go on here.
    TakeIn {
        /// The other one.
        from: ConversationId,
        /// Its event that began it.
        of: Seq,
        /// Who.
        agent: AgentId,
        /// Name of who does it.
        name: String,
        /// What is owed there.
        owed: Vec<HandedOver>,
        /// Whether an answer is owed there.
        unanswered: bool,
        /// What the visitor is told.
        says: (String, Lang),
    },
    /// The other one has taken it in.
    Merged {
        /// Name of who did it.
        name: String,
        /// What the visitor is told.
        says: (String, Lang),
    },
    /// The merge or its undoing that is under way does not come about.
    CallOff,
    /// It shall go on by itself again.
    Unmerge {
        /// The client's own id of the act.
        client_id: ClientId,
        /// Who.
        agent: AgentId,
        /// Name of who does it.
        name: String,
    },
    /// The session is over in which it went on: it shall go on by itself again.
    Part,
    /// Gives back what came from another one.
    GiveBack {
        /// The other one.
        from: ConversationId,
        /// Its event that began the merge.
        of: Seq,
        /// Why.
        why: Parting,
        /// What the visitor is told.
        says: (String, Lang),
    },
    /// The other one has given everything back.
    Unmerged {
        /// What.
        back: GivenBack,
        /// Whether the session is over in which it went on: nobody is there who would go on with it at once.
        over: bool,
        /// What the visitor is told.
        says: (String, Lang),
    },
}

/// To whom a conversation is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Team.
    pub team: TeamId,
    /// The colleague who is asked to take it, and until when.
    pub colleague: Option<(AgentId, String, Timestamp)>,
}
