//! What the writer is asked, and how it answers.

use tokio::sync::oneshot;

use super::blobs::BlobId;
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{CommitNumber, SealedCommit, Space, StoreError};

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A content as it goes into a row.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// In the row itself.
    Inline(Vec<u8>),
    /// In a file that is durable already.
    Blob(BlobId),
}

impl Content {
    /// The file that holds it, where one does.
    pub(super) fn blob(&self) -> Option<BlobId> {
        match self {
            Self::Inline(_) => None,
            Self::Blob(id) => Some(*id),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Inline(bytes) => bytes.len(),
            Self::Blob(id) => id.len(),
        }
    }
}

/// An append with its contents in place.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) first: Seq,
    pub(super) last: Seq,
    pub(super) events: Content,
    pub(super) private: Option<Content>,
    pub(super) acts: Vec<(ClientId, Seq)>,
}

/// What the writer is asked.
pub(super) enum Op {
    Append {
        id: ConversationId,
        expected: Seq,
        packed: Packed,
        reply: Reply<CommitNumber>,
    },
    AppendSealed {
        commits: Vec<SealedCommit>,
        packed: Vec<Packed>,
        reply: Reply<()>,
    },
    Put {
        space: Space,
        key: String,
        expected: u64,
        value: Option<Content>,
        reply: Reply<u64>,
    },
    Erase {
        id: ConversationId,
        reply: Reply<u64>,
    },
    SetClosed {
        id: ConversationId,
        reply: Reply<()>,
    },
    Close {
        reply: Reply<()>,
    },
}

impl Op {
    pub(super) fn len(&self) -> usize {
        let packed =
            |packed: &Packed| packed.events.len() + packed.private.as_ref().map_or(0, Content::len);
        match self {
            Self::Append { packed: one, .. } => packed(one),
            Self::AppendSealed { packed: all, .. } => all.iter().map(packed).sum(),
            Self::Put { value, .. } => value.as_ref().map_or(0, Content::len),
            Self::Erase { .. } | Self::SetClosed { .. } | Self::Close { .. } => 0,
        }
    }

    pub(super) fn refuse(self, why: StoreError) {
        // Whoever asked may have gone away: then nobody needs the answer.
        match self {
            Self::Append { reply, .. } => drop(reply.send(Err(why))),
            Self::Put { reply, .. } | Self::Erase { reply, .. } => drop(reply.send(Err(why))),
            Self::AppendSealed { reply, .. }
            | Self::SetClosed { reply, .. }
            | Self::Close { reply } => drop(reply.send(Err(why))),
        }
    }
}

/// An answer that waits until its group is durable. A refusal waits too: it may rest on a write of the same group.
pub(super) type Ack = Box<dyn FnOnce(Result<(), StoreError>)>;

pub(super) fn ack<T: 'static>(reply: Reply<T>, answer: Result<T, StoreError>) -> Ack {
    Box::new(move |outcome| drop(reply.send(outcome.and(answer))))
}
