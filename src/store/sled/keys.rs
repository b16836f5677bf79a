//! How keys are laid out. One tree holds everything, so that one batch is one atomic step; the first byte says what a row is.
//!
//! Every part but the last of a key has a fixed width (16-byte ids, big-endian numbers), so no key range runs into another.

use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{CommitNumber, Space};

/// The act index: conversation and client id → event.
const ACT: u8 = b'A';
/// Blob files in use: digest → nothing.
const BLOB: u8 = b'B';
/// Events of an append: conversation and first event.
const EVENTS: u8 = b'E';
/// The head of a conversation: its last event, stamped with its last commit.
const HEAD: u8 = b'H';
/// Facts about the store.
const META: u8 = b'M';
/// Conversations to look after at a start.
const OPEN: u8 = b'O';
/// Private parts of an append: conversation and first event.
const PRIVATE: u8 = b'P';
/// Small records: space and key.
const RECORD: u8 = b'R';
/// The order of all appends: commit number → conversation and first event.
const TAIL: u8 = b'T';

/// The store's epoch.
pub(super) const EPOCH: &[u8] = &[META, b'e'];
/// The last version that was given to a record.
pub(super) const VERSIONS: &[u8] = &[META, b'v'];

/// First and last possible key of a range.
pub(super) type Range = std::ops::RangeInclusive<Vec<u8>>;

fn of(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

pub(super) fn act(id: ConversationId, act: &ClientId) -> Vec<u8> {
    of(ACT, &[id.as_bytes(), act.as_str().as_bytes()])
}

pub(super) fn blob(digest: &[u8; 32]) -> Vec<u8> {
    of(BLOB, &[digest])
}

pub(super) fn events(id: ConversationId, first: Seq) -> Vec<u8> {
    of(EVENTS, &[id.as_bytes(), &first.0.to_be_bytes()])
}

pub(super) fn all_events(id: ConversationId) -> Range {
    events(id, Seq(0))..=events(id, Seq(u64::MAX))
}

pub(super) fn private(id: ConversationId, first: Seq) -> Vec<u8> {
    of(PRIVATE, &[id.as_bytes(), &first.0.to_be_bytes()])
}

pub(super) fn all_private(id: ConversationId) -> Range {
    private(id, Seq(0))..=private(id, Seq(u64::MAX))
}

pub(super) fn head(id: ConversationId) -> Vec<u8> {
    of(HEAD, &[id.as_bytes()])
}

pub(super) fn all_heads() -> Range {
    of(HEAD, &[&[0; 16]])..=of(HEAD, &[&[0xff; 16]])
}

pub(super) fn open(id: ConversationId) -> Vec<u8> {
    of(OPEN, &[id.as_bytes()])
}

pub(super) fn all_open() -> Range {
    of(OPEN, &[&[0; 16]])..=of(OPEN, &[&[0xff; 16]])
}

pub(super) fn tail(number: CommitNumber) -> Vec<u8> {
    of(TAIL, &[&number.0.to_be_bytes()])
}

pub(super) fn all_tail() -> Range {
    tail(CommitNumber(0))..=tail(CommitNumber(u64::MAX))
}

pub(super) fn record(space: Space, key: &str) -> Vec<u8> {
    of(RECORD, &[&[space.tag()], key.as_bytes()])
}

/// What all keys of a space begin with.
pub(super) fn records(space: Space) -> [u8; 2] {
    [RECORD, space.tag()]
}

/// The key of a small record inside its space.
pub(super) fn record_name(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key.get(2..)?).ok()
}

/// The conversation in a key.
pub(super) fn conversation(key: &[u8]) -> Option<ConversationId> {
    let bytes = key.get(1..17)?.try_into().ok()?;
    Some(ConversationId::from_bytes(bytes))
}

/// The number at the end of a key of events, private parts or the tail.
pub(super) fn number(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.last_chunk()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn ranges_do_not_run_into_each_other() {
        let low = ConversationId::from_bytes([1; 16]);
        let high = ConversationId::from_bytes([2; 16]);
        assert!(all_events(low).contains(&events(low, Seq(u64::MAX))));
        assert!(!all_events(low).contains(&events(high, Seq(0))));
        assert!(!all_events(low).contains(&private(low, Seq(1))));
        assert!(all_heads().contains(&head(high)));
        assert!(!all_heads().contains(&open(low)));
    }

    #[test]
    fn keys_tell_what_they_are_of() {
        let id = ConversationId::from_bytes([9; 16]);
        let key = events(id, Seq(258));
        assert_eq!(conversation(&key), Some(id));
        assert_eq!(number(&key), Some(258));
        assert_eq!(record_name(&record(Space::Agents, "a/b")).unwrap(), "a/b");
        assert_eq!(conversation(&key[..5]), None);
    }
}
