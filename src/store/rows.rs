//! What an append becomes before it is kept: events without their private parts, and the private parts with their salts. Both stores share it, so
//! that they refuse the same things.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::conversation::{Event, Hex, Private, Seal};
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{Commit, CommitNumber, SealedCommit, StoreError};

/// Largest append, both halves together, and largest small record, as JSON. A snapshot writes each as one line, and whoever restores holds one line in memory.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Longest key of a small record in bytes.
const RECORD_KEY_MAX_BYTES: usize = 1024;

/// Events of one append without what is private, with the digests that bind them to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EventRow {
    /// In order; their private parts are empty.
    pub(super) events: Vec<Event>,
    /// One an event; none where it had no private part.
    pub(super) digests: Vec<Option<Hex<32>>>,
    /// Whether texts were taken out of the events' bodies.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    inside: bool,
}

impl EventRow {
    /// Whether a [`PrivateRow`] was kept with it.
    pub(super) fn has_private(&self) -> bool {
        self.inside || self.digests.iter().any(Option::is_some)
    }
}

/// Private parts of one append, one an event, each with its salt.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct PrivateRow {
    /// None where the event had no private part.
    pub(super) parts: Vec<Option<(Hex<16>, Private)>>,
    /// Texts of each event's body; empty where there was none in any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inside: Vec<Vec<String>>,
}

/// An append ready to be kept.
pub(super) struct Rows {
    /// The first event's number.
    pub(super) first: Seq,
    /// The last event's number.
    pub(super) last: Seq,
    /// [`EventRow`] as JSON.
    pub(super) events: Vec<u8>,
    /// [`PrivateRow`] as JSON, where anything is private.
    pub(super) private: Option<Vec<u8>>,
    /// Acts of clients and the events that they made.
    pub(super) acts: Vec<(ClientId, Seq)>,
}

/// Seals events that are new.
pub(super) fn seal(events: &[Event]) -> Result<Vec<Option<Seal>>, StoreError> {
    let mut salts = vec![0; 16 * events.len()];
    getrandom::fill(&mut salts)
        .map_err(|why| StoreError::Unavailable(format!("the system gives no randomness: {why}")))?;
    Ok(events
        .iter()
        .zip(salts.chunks_exact(16))
        .map(|(event, salt)| {
            let salt = salt.try_into().expect("chunks of 16 bytes");
            Seal::of(&event.private, salt)
        })
        .collect())
}

/// Checks an append and writes it down.
pub(super) fn prepare(
    expected: Seq,
    events: &[Event],
    seals: &[Option<Seal>],
) -> Result<Rows, StoreError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Err(StoreError::Invalid("an append without events".to_owned()));
    };
    let mut before = expected;
    for event in events {
        if event.seq.0 == 0 || event.seq.0 - 1 != before.0 {
            return Err(StoreError::Invalid(format!(
                "event {} does not follow on {before}",
                event.seq
            )));
        }
        before = event.seq;
    }
    if seals.len() != events.len() {
        return Err(StoreError::Invalid(format!(
            "{} seals for {} events",
            seals.len(),
            events.len()
        )));
    }
    for (event, seal) in events.iter().zip(seals) {
        let fits = match seal {
            None => event.private.is_empty(),
            Some(seal) => seal.fits(&event.private),
        };
        if !fits {
            return Err(StoreError::Invalid(format!(
                "the seal of event {} does not fit its private part",
                event.seq
            )));
        }
    }
    let mut bare: Vec<_> = events
        .iter()
        .map(|event| Event {
            private: Private::default(),
            ..event.clone()
        })
        .collect();
    let mut inside: Vec<_> = bare
        .iter_mut()
        .map(|event| event.body.take_texts())
        .collect();
    if inside.iter().all(Vec::is_empty) {
        inside.clear();
    }
    let row = EventRow {
        events: bare,
        digests: seals
            .iter()
            .map(|seal| seal.map(|seal| seal.digest))
            .collect(),
        inside: !inside.is_empty(),
    };
    let unreadable = |why| StoreError::Invalid(format!("this could not be read again: {why}"));
    let bytes = serde_json::to_vec(&row).map_err(unreadable)?;
    // JSON has no NaN: it is written as `null` and can never be read as a number. Better refused now than a conversation that is lost.
    serde_json::from_slice::<EventRow>(&bytes).map_err(unreadable)?;
    let parts: Vec<_> = events
        .iter()
        .zip(seals)
        .map(|(event, seal)| Some((seal.as_ref()?.salt?, event.private.clone())))
        .collect();
    let private = row
        .has_private()
        .then(|| serde_json::to_vec(&PrivateRow { parts, inside }).map_err(unreadable))
        .transpose()?;
    let size = bytes.len() + private.as_ref().map_or(0, Vec::len);
    if size > MAX_BYTES {
        return Err(StoreError::Invalid(format!(
            "an append of {size} bytes; the most is {MAX_BYTES}"
        )));
    }
    Ok(Rows {
        first: first.seq,
        last: last.seq,
        events: bytes,
        private,
        acts: events
            .iter()
            .filter_map(|event| Some((event.body.act()?.clone(), event.seq)))
            .collect(),
    })
}

/// Puts the halves of an append together again.
///
/// `private` is `None` after erasure. The error says what does not fit.
pub(super) fn join(
    number: CommitNumber,
    conversation: ConversationId,
    row: EventRow,
    private: Option<PrivateRow>,
) -> Result<SealedCommit, String> {
    if row.digests.len() != row.events.len() {
        return Err("digests and events differ in number".to_owned());
    }
    let (mut parts, mut inside) = private
        .map(|private| (private.parts, private.inside))
        .unzip();
    if parts
        .as_ref()
        .is_some_and(|parts| parts.len() != row.events.len())
    {
        return Err("private parts and events differ in number".to_owned());
    }
    let mut events = row.events;
    let mut seals = Vec::with_capacity(events.len());
    for (index, (event, digest)) in events.iter_mut().zip(row.digests).enumerate() {
        let part = parts.as_mut().and_then(|parts| parts[index].take());
        let (salt, private) = part.unzip();
        event.private = private.unwrap_or_default();
        if let Some(texts) = inside.as_mut().and_then(|inside| inside.get_mut(index)) {
            event.body.put_texts(std::mem::take(texts));
        }
        match digest {
            None if event.private.is_empty() => seals.push(None),
            Some(digest) if Seal { salt, digest }.fits(&event.private) => {
                seals.push(Some(Seal { salt, digest }));
            }
            None | Some(_) => {
                return Err(format!(
                    "the private part of event {} is not the one that was sealed",
                    event.seq
                ));
            }
        }
    }
    Ok(SealedCommit {
        commit: Commit {
            number,
            conversation,
            events,
        },
        seals,
    })
}

/// Checks a small record and writes its value down.
pub(super) fn prepare_record(
    key: &str,
    value: Option<&serde_json::Value>,
) -> Result<Option<Vec<u8>>, StoreError> {
    if key.is_empty() || key.len() > RECORD_KEY_MAX_BYTES {
        return Err(StoreError::Invalid(format!(
            "a record's key has 1 to {RECORD_KEY_MAX_BYTES} bytes, not {}",
            key.len()
        )));
    }
    let Some(value) = value else {
        return Ok(None);
    };
    let bytes = serde_json::to_vec(value)
        .map_err(|why| StoreError::Invalid(format!("record {key:?}: {why}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(StoreError::Invalid(format!(
            "record {key:?} has {} bytes; the most is {MAX_BYTES}",
            bytes.len()
        )));
    }
    Ok(Some(bytes))
}

/// A number that names a store's history: random, not zero, below 2^53.
pub(super) fn new_epoch() -> Result<u64, getrandom::Error> {
    Ok(getrandom::u64()? >> 11 | 1)
}

/// Prepares the appends of a snapshot.
pub(super) fn prepare_all(commits: &[SealedCommit]) -> Result<Vec<Rows>, StoreError> {
    commits
        .iter()
        .map(|SealedCommit { commit, seals }| {
            let first = commit.events.first().map_or(1, |event| event.seq.0);
            prepare(Seq(first.saturating_sub(1)), &commit.events, seals)
        })
        .collect()
}

/// Checks that the appends of a snapshot follow on what is there.
pub(super) fn follow_on(
    last_commit: u64,
    commits: &[SealedCommit],
    mut last: impl FnMut(ConversationId) -> Result<Seq, StoreError>,
) -> Result<(), StoreError> {
    let mut number = last_commit;
    let mut seen = HashMap::new();
    for SealedCommit { commit, .. } in commits {
        number += 1;
        if commit.number.0 != number {
            return Err(StoreError::Invalid(format!(
                "commit {} where {number} is due",
                commit.number.0
            )));
        }
        let at = match seen.get(&commit.conversation) {
            Some(at) => *at,
            None => last(commit.conversation)?,
        };
        let (Some(first), Some(end)) = (commit.events.first(), commit.events.last()) else {
            return Err(StoreError::Invalid(format!(
                "commit {number} has no events"
            )));
        };
        if first.seq != at.next() {
            return Err(StoreError::Invalid(format!(
                "commit {number}: event {} of {} does not follow on {at}",
                first.seq, commit.conversation
            )));
        }
        seen.insert(commit.conversation, end.seq);
    }
    Ok(())
}
