//! What the bot keeps in mind between turns. `dialogue` writes it, events carry it whole, so replay needs no old topic files.

use serde::{Deserialize, Serialize};

use crate::ids::{HandoffReason, Priority, SkillId, SlotName, TeamId, Timestamp, TopicId};

/// The bot's working memory. It holds no slot value: these are personal and stand in the conversation's slots.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// Consecutive failures; a match resets it.
    #[serde(default)]
    pub failures: u32,
    /// Whether each of the last turns failed, oldest first, at most six.
    #[serde(default)]
    pub recent: Vec<bool>,
    /// Topic of the last answer.
    #[serde(default)]
    pub last_topic: Option<TopicId>,
    /// Digest of the last answer, to notice the same answer twice in a row.
    #[serde(default)]
    pub last_answer: Option<u64>,
    /// The form that waits for the visitor.
    #[serde(default)]
    pub open: Option<Form>,
    /// Forms put aside by a digression, the latest last, at most three.
    #[serde(default)]
    pub suspended: Vec<Form>,
    /// Further requests of a message, taken up in order once what was begun is done.
    #[serde(default)]
    pub later: Vec<Later>,
    /// Whether the last answer ended in a question that its buttons answer: "¿Está todo en orden?".
    #[serde(default)]
    pub asked: bool,
    /// Digest of the yes or no that was asked last, and how often in a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes_no: Option<(u64, u32)>,
    /// A yes or no that the bot has asked outside a form.
    #[serde(default)]
    pub offered: Option<Offer>,
    /// Where a topic waits for a service; `None` when none is being asked.
    #[serde(default)]
    pub running: Option<Running>,
    /// Times that a check did not pass since the last one that did.
    #[serde(default)]
    pub refused: u32,
    /// Failures in a row that concern the last topic: its answer was wanted again and stayed the same.
    #[serde(default)]
    pub topic_failures: u32,
    /// The value that was changed after a check had passed: the check is tried with the old proof, of which the visitor knows nothing.
    #[serde(default)]
    pub tried_on: Option<SlotName>,
    /// Checks that have passed in this session.
    #[serde(default)]
    pub verified: Vec<String>,
    /// What each of them looked at when it passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Passed>,
    /// Topics answered in this session, in order, each once.
    #[serde(default)]
    pub tried: Vec<TopicId>,
    /// Whether the visitor sounded angry.
    #[serde(default)]
    pub angry: bool,
    /// Whether the greeting, with "I am an assistant", was said.
    #[serde(default)]
    pub greeted: bool,
    /// Whether the last answer matched; a session that ends then counts as resolved by the bot.
    #[serde(default)]
    pub matched: bool,
    /// Whether the visitor was told that the bot cannot see files.
    #[serde(default)]
    pub file_told: bool,
    /// What the visitor was asked to have kept, each once a session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked_to_keep: Vec<SlotName>,
}

/// What a check looked at when it passed: the files may ask for something else by the time that somebody wants to know what was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// The check.
    pub check: String,
    /// Its slots, in order, each with whether it is a phone number.
    pub slots: Vec<(SlotName, bool)>,
}

/// A form that waits for an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The topic that it belongs to.
    pub topic: TopicId,
    /// What is asked.
    pub asking: Asking,
    /// Answers that did not fit so far.
    #[serde(default)]
    pub invalid: u32,
    /// Whether the visitor said once that they do not have what is asked.
    #[serde(default)]
    pub lacking: bool,
    /// Where the topic's steps go on once this is answered.
    #[serde(default)]
    pub cursor: Cursor,
    /// The value of an earlier visit is proposed: a yes takes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proposed: bool,
}

/// A request that waits for the one before it. What it named is kept among the conversation's slots, under a name with this number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Later {
    /// What is wanted.
    pub topic: TopicId,
    /// Number of its slots.
    pub number: u32,
    /// Forms that waited already when it was written: they come after it.
    pub behind: u32,
}

/// A topic that waits for a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// The topic.
    pub topic: TopicId,
    /// The step that called; the beginning when a check did.
    #[serde(default)]
    pub cursor: Cursor,
    /// The check that called, where one did.
    #[serde(default)]
    pub check: Option<String>,
}

/// What a form asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Asking {
    /// A value.
    Slot {
        /// Its name.
        slot: SlotName,
        /// The rule of the slot as JSON of `topics::SlotRule`: this room does not know topic files.
        rule: serde_json::Value,
        /// The question in the visitor's words, to ask it again after a digression.
        ask: String,
        /// The question after an answer that did not fit.
        retry: String,
        /// The check that needs it, where one does.
        check: Option<String>,
    },
    /// Yes or no to what was read back.
    Confirm {
        /// What was read back.
        text: String,
    },
    /// The message to leave for people who are not there.
    Message {
        /// Who shall answer and why.
        wanted: Wanted,
    },
    /// Where the answer shall go.
    Contact {
        /// Who shall answer and why.
        wanted: Wanted,
    },
    /// The number to call.
    Phone {
        /// Who shall call and why.
        wanted: Wanted,
    },
    /// The hour of the call.
    CallTime {
        /// Who shall call and why.
        wanted: Wanted,
    },
    /// Why a block should be reviewed.
    Appeal,
    /// Yes or no to number and hour of the call.
    CallConfirm {
        /// Who shall call and why.
        wanted: Wanted,
        /// The hour.
        at: Timestamp,
    },
}

/// A person that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Why.
    pub reason: HandoffReason,
    /// Team asked.
    pub team: TeamId,
    /// Place before age.
    pub priority: Priority,
    /// Skills wished of whoever takes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<SkillId>,
}

/// A place in a topic's steps: from the outside in. Empty is the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor {
    /// Each level: the index of the step, and the case taken inside it, where one was.
    pub path: Vec<(u32, Option<String>)>,
}

/// What a yes would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Offer {
    /// Pass to a person.
    Person {
        /// Who and why.
        wanted: Wanted,
    },
    /// Which of these topics was meant.
    Topics {
        /// As offered.
        topics: Vec<TopicId>,
    },
    /// Anything else?
    End,
    /// Keep what these slots hold for the next visit.
    Remember {
        /// The slots, with the name under which each is kept.
        slots: Vec<(SlotName, SlotName)>,
    },
}
