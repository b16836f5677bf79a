//! What the engine needs from outside, as traits. Each has two implementations at least: `mem` and `sled`, the system's clock and a manual one.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;

use crate::conversation::{Event, Seal};
use crate::ids::{ClientId, ConversationId, Seq, Timestamp};

/// Keeps conversations and small records. Acked means kept: a returned `Ok` of a write is durable.
///
/// One contract suite (`tests/it/store_contract.rs`) tells the story that every implementation passes.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Appends events to a conversation: all or none, durable before it returns.
    ///
    /// `events` carry the numbers `expected + 1 ..`; `expected` must be the conversation's last number, zero for a new one. This is the fence:
    /// of two writers with the same picture one is refused.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where `expected` is not the last number (nothing is written), [`StoreError::Invalid`] where there is no event, the
    /// numbers do not follow or it is too large, [`StoreError::Unavailable`] where the outcome may be unknown: the caller drops what it holds in
    /// memory and reads again.
    async fn append(
        &self,
        id: ConversationId,
        expected: Seq,
        events: Vec<Event>,
    ) -> Result<Commit, StoreError>;

    /// Events after `after`, in order, at most `limit`. Erased ones come with an empty private part.
    async fn read(
        &self,
        id: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError>;

    /// The last `n` events, in order.
    async fn read_last(&self, id: ConversationId, n: usize) -> Result<Vec<Event>, StoreError>;

    /// The event that an act of a client made, where there is one.
    async fn find_act(&self, id: ConversationId, act: &ClientId)
    -> Result<Option<Seq>, StoreError>;

    /// Conversations to look after at a start: every one that was appended to and not marked by [`Store::set_closed`] since.
    async fn open_conversations(&self) -> Result<Vec<ConversationId>, StoreError>;

    /// Marks a conversation as one that needs no looking after until its next append. It need not be durable: a lost mark only costs a read at
    /// the next start.
    async fn set_closed(&self, id: ConversationId) -> Result<(), StoreError>;

    /// Every append after `after`, in commit order, at most `limit`: what desk and insights are folded from.
    ///
    /// An append that cannot be read because it is damaged comes with no events, so that one bad spot does not stop every fold behind it;
    /// [`Store::read`] of that conversation tells what is wrong.
    async fn tail(&self, after: CommitNumber, limit: usize) -> Result<Vec<Commit>, StoreError>;

    /// Number of the last append; everything up to it can be read.
    fn last_commit(&self) -> CommitNumber;

    /// The same as [`Store::tail`] with the seals of the private parts, for snapshots: here a damaged append is an error.
    async fn tail_sealed(
        &self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<SealedCommit>, StoreError>;

    /// Takes in the appends of a snapshot as they were, numbers and seals included: all or none.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] where they do not follow on what is there, or a seal does not fit its private part.
    async fn append_sealed(&self, commits: Vec<SealedCommit>) -> Result<(), StoreError>;

    /// Reads a small record.
    async fn get(&self, space: Space, key: &str) -> Result<Option<Record>, StoreError>;

    /// Writes a small record if its version still is `expected` (0: it must not exist yet); `None` as value deletes. Returns the new version, 0
    /// after deleting. A version is never used twice in a store, so a record that was deleted and made again is another one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody else wrote first, [`StoreError::Invalid`] for a key that is empty or longer than 1,024 bytes.
    async fn put_if(
        &self,
        space: Space,
        key: &str,
        expected: u64,
        value: Option<serde_json::Value>,
    ) -> Result<u64, StoreError>;

    /// All records of a space, by key.
    async fn list(&self, space: Space) -> Result<BTreeMap<String, Record>, StoreError>;

    /// Takes away the private parts of a conversation, for good; numbers, kinds and digests stay. Returns how many events were emptied.
    async fn erase(&self, id: ConversationId) -> Result<u64, StoreError>;

    /// Every conversation's id, in order, after `after`, at most `limit`: for snapshots.
    async fn conversations(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError>;

    /// Identity of this store's history: a restored store has another, so that clients do not resume into a different past. Random, below 2^53:
    /// browsers read it as a number.
    fn epoch(&self) -> u64;

    /// Whether writes are accepted now; the reason when not, for `/readyz`.
    fn health(&self) -> Result<(), String>;

    /// Writes what is still waiting and closes; later calls are [`StoreError::Unavailable`].
    async fn close(&self) -> Result<(), StoreError>;
}

/// Number of an append in the whole store: 1 for the first, rising.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct CommitNumber(pub u64);

/// An append as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// Its number.
    pub number: CommitNumber,
    /// The conversation.
    pub conversation: ConversationId,
    /// Its events.
    pub events: Vec<Event>,
}

/// An append and the seals of its events: what snapshots are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedCommit {
    /// The append.
    pub commit: Commit,
    /// The seal of each event, in order; none where the event never had a private part.
    pub seals: Vec<Option<Seal>>,
}

/// Kinds of small record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// People of the company, by e-mail.
    Agents,
    /// Signed-in consoles, by digest of their token.
    Logins,
    /// One-time links, by digest of their token.
    Links,
    /// Secrets that the server made for itself.
    Secrets,
    /// Conversations by the sender of a channel: `rest/<site>/<sender>`.
    Senders,
    /// Marks of background tasks.
    Marks,
    /// Files that were sent, by id.
    Files,
    /// Keys of programs, by digest.
    Keys,
    /// Business events that came in, by their id.
    Events,
    /// What the outgoing webhooks have still to do.
    Outbox,
    /// Canned replies, by language and short name: `es/hola`.
    Canned,
    /// Mails to visitors, waiting and done: `<conversation>/<event>`.
    Mails,
    /// Drafts of topic files, by id.
    Drafts,
    /// Notices that were posted, and what became of those that have a file: `posted/<id>`, `file/<id>`.
    Notices,
    /// What was done about opinions, and how far each has come: `action/<id>`, `way/<conversation>/<event>`.
    Improvements,
    /// How often proactive messages were shown, opened and dismissed: `<day>/<site>/<id>`. Nobody is named.
    Invites,
}

impl Space {
    /// Every space.
    pub const ALL: [Self; 16] = [
        Self::Agents,
        Self::Logins,
        Self::Links,
        Self::Secrets,
        Self::Senders,
        Self::Marks,
        Self::Files,
        Self::Keys,
        Self::Events,
        Self::Outbox,
        Self::Canned,
        Self::Mails,
        Self::Drafts,
        Self::Notices,
        Self::Improvements,
        Self::Invites,
    ];

    /// Its name in snapshots.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Logins => "logins",
            Self::Links => "links",
            Self::Secrets => "secrets",
            Self::Senders => "senders",
            Self::Marks => "marks",
            Self::Files => "files",
            Self::Keys => "keys",
            Self::Events => "events",
            Self::Outbox => "outbox",
            Self::Canned => "canned",
            Self::Mails => "mails",
            Self::Drafts => "drafts",
            Self::Notices => "notices",
            Self::Improvements => "improvements",
            Self::Invites => "invites",
        }
    }

    /// One byte that stands for it in store keys.
    pub const fn tag(self) -> u8 {
        match self {
            Self::Agents => b'a',
            Self::Logins => b'l',
            Self::Links => b'k',
            Self::Secrets => b's',
            Self::Senders => b'n',
            Self::Marks => b'm',
            Self::Files => b'f',
            Self::Keys => b'y',
            Self::Events => b'e',
            Self::Outbox => b'o',
            Self::Canned => b'c',
            Self::Mails => b'i',
            Self::Drafts => b'd',
            Self::Notices => b'w',
            Self::Improvements => b'v',
            Self::Invites => b'p',
        }
    }
}

/// A small record and its version.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Rises with each write.
    pub version: u64,
    /// The value.
    pub value: serde_json::Value,
}

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first: the last number is given.
    #[error("stale: the conversation is at {last}")]
    Stale {
        /// Last number of the conversation.
        last: Seq,
    },
    /// Somebody else wrote this record first.
    #[error("conflict: the record is at version {version}")]
    Conflict {
        /// Version of the record.
        version: u64,
    },
    /// What was read is damaged; only this conversation or record is affected.
    #[error("damaged: {0}")]
    Corrupt(String),
    /// What was asked cannot be kept by any store; nothing was written.
    #[error("invalid: {0}")]
    Invalid(String),
    /// The store cannot be reached, is full or was closed; a write may or may not have happened.
    #[error("store unavailable: {0}")]
    Unavailable(String),
}

/// Product time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits until that moment.
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
