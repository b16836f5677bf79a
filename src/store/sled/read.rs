//! Reading. What is stamped later than the last durable commit is not there yet; what does not fit together is damaged, and never passed over.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sled::IVec;

use super::blobs::Blobs;
use super::heads::Head;
use super::keys;
use super::value::{self, Kind};
use crate::conversation::Event;
use crate::ids::{ClientId, ConversationId, Seq};
use crate::ports::{Commit, CommitNumber, Record, SealedCommit, Space, StoreError};
use crate::store::rows::{self, EventRow, PrivateRow};

/// A view of the store up to one commit.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) db: &'a sled::Db,
    pub(super) blobs: &'a Blobs,
    pub(super) durable: u64,
}

/// What sled says, as we say it.
pub(super) fn failed(why: sled::Error) -> StoreError {
    match why {
        sled::Error::Corruption { .. } | sled::Error::ReportableBug(_) => {
            StoreError::Corrupt(format!("the engine reports: {why}"))
        }
        other => StoreError::Unavailable(other.to_string()),
    }
}

fn damaged(id: ConversationId, why: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("conversation {id}: {why}"))
}

impl Reader<'_> {
    /// Events after `after`, at most `limit`.
    pub(super) fn read(
        self,
        id: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let Some(due) = after.0.checked_add(1).map(Seq) else {
            return Ok(Vec::new());
        };
        // The head before the rows: what it promises must be among them.
        let head = self.durable_head(id)?;
        let from = keys::events(id, due);
        let before = keys::events(id, Seq(0))..=from.clone();
        let start = match self.db.range(before).next_back() {
            Some(row) => row.map_err(failed)?.0.to_vec(),
            None => from,
        };
        let mut events = Vec::new();
        let mut last = None;
        for row in self.db.range(start..=keys::events(id, Seq(u64::MAX))) {
            if events.len() >= limit {
                break;
            }
            let (key, bytes) = row.map_err(failed)?;
            let Some(sealed) = self.events(id, &key, &bytes)? else {
                break;
            };
            follows(id, &mut last, &sealed)?;
            events.extend(sealed.commit.events.into_iter().filter(|e| e.seq > after));
        }
        events.truncate(limit);
        if let Some(first) = events.first()
            && first.seq != due
        {
            return Err(damaged(
                id,
                format_args!("events before {} are missing", first.seq),
            ));
        }
        let reached = events.last().map_or(after, |event| event.seq);
        match head {
            Some(head) if events.len() < limit && reached < head => Err(damaged(
                id,
                format_args!("events after {reached} are missing, there were {head}"),
            )),
            Some(_) | None => Ok(events),
        }
    }

    /// The last `n` events.
    pub(super) fn read_last(self, id: ConversationId, n: usize) -> Result<Vec<Event>, StoreError> {
        let head = self.durable_head(id)?;
        let mut newest_first = Vec::new();
        let mut count = 0;
        for row in self.db.range(keys::all_events(id)).rev() {
            if count >= n {
                break;
            }
            let (key, bytes) = row.map_err(failed)?;
            let Some(sealed) = self.events(id, &key, &bytes)? else {
                continue;
            };
            count += sealed.commit.events.len();
            newest_first.push(sealed);
        }
        let mut last = None;
        let mut events = Vec::new();
        for sealed in newest_first.into_iter().rev() {
            follows(id, &mut last, &sealed)?;
            events.extend(sealed.commit.events);
        }
        let first = events.first().map_or(Seq::ZERO, |event| event.seq);
        if count < n && first > Seq(1) {
            return Err(damaged(
                id,
                format_args!("events before {first} are missing"),
            ));
        }
        if let Some(head) = head
            && n > 0
            && last.unwrap_or_default() < head
        {
            return Err(damaged(
                id,
                format_args!("its last events are missing, there were {head}"),
            ));
        }
        Ok(events.split_off(events.len().saturating_sub(n)))
    }

    /// The event of an act.
    pub(super) fn find_act(
        self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, StoreError> {
        let key = keys::act(id, act);
        let Some(bytes) = self.db.get(&key).map_err(failed)? else {
            return Ok(None);
        };
        let value = value::unpack(&key, &bytes).map_err(|why| damaged(id, why))?;
        if value.stamp > self.durable {
            return Ok(None);
        }
        number(value.payload)
            .map(|seq| Some(Seq(seq)))
            .ok_or_else(|| damaged(id, "an act without its event"))
    }

    /// Every conversation marked as open.
    pub(super) fn open_conversations(&self) -> Result<Vec<ConversationId>, StoreError> {
        self.ids(keys::all_open(), usize::MAX)
    }

    /// Ids of conversations in order.
    pub(super) fn conversations(
        self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let (start, end) = keys::all_heads().into_inner();
        match after {
            None => self.ids(start..=end, limit),
            Some(after) => {
                // The least key above a fixed-width one is the same with a zero byte behind it.
                let mut start = keys::head(after);
                start.push(0);
                self.ids(start..=end, limit)
            }
        }
    }

    fn ids(self, range: keys::Range, limit: usize) -> Result<Vec<ConversationId>, StoreError> {
        let mut ids = Vec::new();
        for key in self.db.range(range).keys() {
            if ids.len() >= limit {
                break;
            }
            let key = key.map_err(failed)?;
            ids.extend(keys::conversation(&key));
        }
        Ok(ids)
    }

    /// Appends after `after`; a damaged one comes without events.
    pub(super) fn tail(self, after: CommitNumber, limit: usize) -> Result<Vec<Commit>, StoreError> {
        let places = self.places(after, limit)?;
        let commits =
            places
                .into_iter()
                .map(|(number, id, first)| match self.at(number, id, first) {
                    Ok(sealed) => Ok(sealed.commit),
                    Err(StoreError::Corrupt(why)) => {
                        tracing::error!(commit = number.0, why, "a damaged append is passed over");
                        Ok(Commit {
                            number,
                            conversation: id,
                            events: Vec::new(),
                        })
                    }
                    Err(other) => Err(other),
                });
        commits.collect()
    }

    /// Appends after `after` with their seals.
    pub(super) fn tail_sealed(
        self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<SealedCommit>, StoreError> {
        let places = self.places(after, limit)?;
        let commits = places
            .into_iter()
            .map(|(number, id, first)| self.at(number, id, first));
        commits.collect()
    }

    fn places(
        self,
        after: CommitNumber,
        limit: usize,
    ) -> Result<Vec<(CommitNumber, ConversationId, Seq)>, StoreError> {
        let mut places = Vec::new();
        if after.0 >= self.durable {
            return Ok(places);
        }
        let range = keys::tail(CommitNumber(after.0 + 1))..=keys::tail(CommitNumber(self.durable));
        let mut due = after.0;
        for row in self.db.range(range).take(limit) {
            let (key, bytes) = row.map_err(failed)?;
            due += 1;
            let place = value::unpack(&key, &bytes).and_then(|value| {
                let (id, first) = value
                    .payload
                    .split_first_chunk::<16>()
                    .ok_or_else(|| "no conversation".to_owned())?;
                let first = number(first).ok_or_else(|| "no event".to_owned())?;
                Ok((
                    CommitNumber(value.stamp),
                    ConversationId::from_bytes(*id),
                    Seq(first),
                ))
            });
            match place {
                Ok(place) if place.0.0 == due => places.push(place),
                Ok(_) => return Err(StoreError::Corrupt(format!("commit {due} is missing"))),
                Err(why) => return Err(StoreError::Corrupt(format!("commit {due}: {why}"))),
            }
        }
        if places.len() < limit && due < self.durable {
            return Err(StoreError::Corrupt(format!(
                "commits after {due} are missing, there were {}",
                self.durable
            )));
        }
        Ok(places)
    }

    fn at(
        self,
        number: CommitNumber,
        id: ConversationId,
        first: Seq,
    ) -> Result<SealedCommit, StoreError> {
        let key = keys::events(id, first);
        let bytes = self.db.get(&key).map_err(failed)?;
        let bytes = bytes
            .ok_or_else(|| damaged(id, format_args!("the events from {first} are missing")))?;
        match self.events(id, &key, &bytes)? {
            Some(sealed) if sealed.commit.number == number => Ok(sealed),
            Some(_) | None => Err(damaged(
                id,
                format_args!(
                    "the events from {first} are of another commit than {}",
                    number.0
                ),
            )),
        }
    }

    /// A small record.
    pub(super) fn get(self, space: Space, name: &str) -> Result<Option<Record>, StoreError> {
        let key = keys::record(space, name);
        match self.db.get(&key).map_err(failed)? {
            None => Ok(None),
            Some(bytes) => self.record(&key, &bytes),
        }
    }

    /// All records of a space.
    pub(super) fn list(self, space: Space) -> Result<BTreeMap<String, Record>, StoreError> {
        let mut all = BTreeMap::new();
        for row in self.db.scan_prefix(keys::records(space)) {
            let (key, bytes) = row.map_err(failed)?;
            let name = keys::record_name(&key)
                .ok_or_else(|| StoreError::Corrupt("a record's key is no text".to_owned()))?;
            if let Some(record) = self.record(&key, &bytes)? {
                all.insert(name.to_owned(), record);
            }
        }
        Ok(all)
    }

    fn record(self, key: &[u8], bytes: &IVec) -> Result<Option<Record>, StoreError> {
        let broken = |why: String| {
            let name = keys::record_name(key).unwrap_or("?");
            StoreError::Corrupt(format!("record {name:?}: {why}"))
        };
        let mut bytes = bytes.clone();
        loop {
            let value = value::unpack(key, &bytes).map_err(broken)?;
            match self.content(&value) {
                Ok(content) => {
                    let json = content.unwrap_or_default();
                    return Ok(Some(Record {
                        version: value.stamp,
                        value: serde_json::from_slice(&json)
                            .map_err(|why| broken(why.to_string()))?,
                    }));
                }
                Err(why) => match self.changed(key, &bytes)? {
                    Changed::No => return Err(broken(why)),
                    Changed::Gone => return Ok(None),
                    Changed::To(new) => bytes = new,
                },
            }
        }
    }

    /// Last event of a conversation, where its last append is durable.
    fn durable_head(self, id: ConversationId) -> Result<Option<Seq>, StoreError> {
        let key = keys::head(id);
        let Some(bytes) = self.db.get(&key).map_err(failed)? else {
            // Rows without a head would be read as a short but whole conversation.
            return match self.db.range(keys::all_events(id)).next() {
                Some(row) => {
                    let (key, bytes) = row.map_err(failed)?;
                    match value::unpack(&key, &bytes) {
                        Ok(value) if value.stamp > self.durable => Ok(None),
                        Ok(_) | Err(_) => Err(damaged(id, "its head is missing")),
                    }
                }
                None => Ok(None),
            };
        };
        let value = value::unpack(&key, &bytes).map_err(|why| damaged(id, why))?;
        if value.stamp > self.durable {
            return Ok(None);
        }
        number(value.payload)
            .map(|seq| Some(Seq(seq)))
            .ok_or_else(|| damaged(id, "its head has no number"))
    }

    /// The head for the writer, who alone may look beyond what is durable: it must agree with the last row.
    pub(super) fn head(self, id: ConversationId) -> Result<Head, StoreError> {
        let last_row = match self.db.range(keys::all_events(id)).next_back() {
            None => None,
            Some(row) => {
                let (key, bytes) = row.map_err(failed)?;
                Some(
                    value::unpack(&key, &bytes)
                        .map_err(|why| damaged(id, why))?
                        .stamp,
                )
            }
        };
        let key = keys::head(id);
        let head = match self.db.get(&key).map_err(failed)? {
            None => None,
            Some(bytes) => {
                let value = value::unpack(&key, &bytes).map_err(|why| damaged(id, why))?;
                let last = number(value.payload).ok_or_else(|| damaged(id, "no head number"))?;
                Some((value.stamp, Seq(last)))
            }
        };
        match (head, last_row) {
            (None, None) => Ok(Head::default()),
            (Some((stamp, last)), Some(row)) if stamp == row => Ok(Head {
                last,
                open: self.db.contains_key(keys::open(id)).map_err(failed)?,
            }),
            (Some(_), _) | (None, Some(_)) => {
                Err(damaged(id, "its head and its last events do not agree"))
            }
        }
    }

    /// The append in a row of events; none where it is not durable yet.
    fn events(
        self,
        id: ConversationId,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<Option<SealedCommit>, StoreError> {
        let first = Seq(keys::number(key).unwrap_or_default());
        let broken = |why: String| damaged(id, format_args!("events from {first}: {why}"));
        let value = value::unpack(key, bytes).map_err(broken)?;
        if value.stamp > self.durable {
            return Ok(None);
        }
        let content = self.content(&value).map_err(broken)?;
        let json = content.ok_or_else(|| broken("erased".to_owned()))?;
        let row: EventRow = serde_json::from_slice(&json).map_err(|why| broken(why.to_string()))?;
        if row.events.first().map(|event| event.seq) != Some(first) {
            return Err(broken("they begin with another number".to_owned()));
        }
        let private = if !row.has_private() {
            None
        } else {
            self.private(id, first)?
        };
        rows::join(CommitNumber(value.stamp), id, row, private)
            .map(Some)
            .map_err(broken)
    }

    /// The private parts of an append; none after erasure.
    pub(super) fn private(
        self,
        id: ConversationId,
        first: Seq,
    ) -> Result<Option<PrivateRow>, StoreError> {
        let broken = |why: String| damaged(id, format_args!("private parts from {first}: {why}"));
        let key = keys::private(id, first);
        let missing = || broken("missing".to_owned());
        let mut bytes = self.db.get(&key).map_err(failed)?.ok_or_else(missing)?;
        loop {
            let value = value::unpack(&key, &bytes).map_err(broken)?;
            match self.content(&value) {
                Ok(None) => return Ok(None),
                Ok(Some(json)) => {
                    let row = serde_json::from_slice(&json);
                    return row.map(Some).map_err(|why| broken(why.to_string()));
                }
                Err(why) => match self.changed(&key, &bytes)? {
                    Changed::No => return Err(broken(why)),
                    Changed::Gone => return Err(missing()),
                    Changed::To(new) => bytes = new,
                },
            }
        }
    }

    /// What a value holds; none where it was erased.
    fn content<'v>(self, value: &value::Value<'v>) -> Result<Option<Cow<'v, [u8]>>, String> {
        match value.kind {
            Kind::Inline => Ok(Some(Cow::Borrowed(value.payload))),
            Kind::Blob => {
                let id = value.payload.try_into();
                let id = id.map_err(|_wrong_length| "no digest of a blob".to_owned())?;
                self.blobs
                    .read(&id)
                    .map(|content| Some(Cow::Owned(content)))
            }
            Kind::Erased => Ok(None),
        }
    }

    /// A blob file may go while it is being read, with its owner: then the owner's row has changed.
    fn changed(self, key: &[u8], seen: &IVec) -> Result<Changed, StoreError> {
        Ok(match self.db.get(key).map_err(failed)? {
            None => Changed::Gone,
            Some(now) if now == *seen => Changed::No,
            Some(now) => Changed::To(now),
        })
    }
}

enum Changed {
    No,
    Gone,
    To(IVec),
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

/// Each row begins where the one before ended.
fn follows(
    id: ConversationId,
    last: &mut Option<Seq>,
    sealed: &SealedCommit,
) -> Result<(), StoreError> {
    for event in &sealed.commit.events {
        if let Some(last) = *last
            && event.seq != last.next()
        {
            return Err(damaged(
                id,
                format_args!("event {} follows on {last}", event.seq),
            ));
        }
        *last = Some(event.seq);
    }
    Ok(())
}
