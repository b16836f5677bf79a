//! A mail in the outbox, as it is kept. It says which events it is about and what became of it; words and address stay where erasure finds them,
//! in the conversation.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, Seq, Timestamp};

/// A mail that is to be sent, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The conversation.
    pub conversation: ConversationId,
    /// The event after which the mail is named: the first of `events`.
    pub seq: Seq,
    /// What kind.
    pub kind: Kind,
    /// The events that it tells of.
    pub events: Vec<Seq>,
    /// When it was first wanted.
    pub made_at: Timestamp,
    /// Not before this.
    pub due: Timestamp,
    /// Somebody is sending it until then. A lease that outlives its holder is of a server that was killed: whether the mail went out is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Timestamp>,
    /// How often it was tried.
    pub tries: u32,
    /// Stands for the address in counting, under a secret of this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// Kinds of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Words of an agent, a promise that slipped or moved: what was said meanwhile goes into one mail, and none is sent to somebody who has come
    /// back.
    News,
    /// What one of the company's systems reported and the conversation was told: as news, and not in the quiet hours of the event's file.
    BusinessEvent,
    /// The conversation, as asked for.
    Transcript,
    /// The receipt of a case, as asked for.
    Receipt,
}

impl Kind {
    /// Whether it tells what the chat shows anyway, so that it waits for more and nobody needs it who is there.
    pub(super) const fn is_news(self) -> bool {
        matches!(self, Self::News | Self::BusinessEvent)
    }

    /// Whether what comes while it waits goes into the same mail.
    pub(super) const fn gathers(self) -> bool {
        !matches!(self, Self::Receipt)
    }
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Fate {
    /// It waits.
    Waiting,
    /// A server has taken it.
    Sent {
        /// When.
        at: Timestamp,
        /// What the server said, addresses shortened.
        answer: String,
    },
    /// There was nothing to send any more: the visitor has come back, or the words were erased.
    Needless {
        /// When that was seen.
        at: Timestamp,
    },
    /// It did not arrive: refused, given up, or returned.
    Failed {
        /// When.
        at: Timestamp,
        /// Why: `5.1.1`.
        status: String,
    },
}

impl Entry {
    /// A new one.
    pub(super) fn new(
        conversation: ConversationId,
        seq: Seq,
        kind: Kind,
        now: Timestamp,
        due: Timestamp,
    ) -> Self {
        Self {
            conversation,
            seq,
            kind,
            events: vec![seq],
            made_at: now,
            due,
            lease: None,
            tries: 0,
            to: None,
            fate: Fate::Waiting,
        }
    }

    /// Its key in the store.
    pub(super) fn key(&self) -> String {
        key(self.conversation, self.seq)
    }

    /// When it ended, where it has.
    pub(super) fn ended(&self) -> Option<Timestamp> {
        match self.fate {
            Fate::Waiting => None,
            Fate::Sent { at, .. } | Fate::Needless { at } | Fate::Failed { at, .. } => Some(at),
        }
    }

    /// When it can be tried next.
    pub(super) fn next(&self) -> Timestamp {
        self.lease.map_or(self.due, |lease| lease.max(self.due))
    }
}

/// The key of a mail in the store.
pub(super) fn key(conversation: ConversationId, seq: Seq) -> String {
    format!("{conversation}/{}", seq.0)
}
