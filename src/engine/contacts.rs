//! Who is meant by a mail address, a phone number or an order number: the conversations in which somebody gave or proved it.
//!
//! Folded from the store's tail. What people gave is kept here as keyed digests only, so that nothing personal outlives its erasure in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hmac::{Hmac, KeyInit, Mac};
use parking_lot::RwLock;
use sha2::Sha256;
use tokio::sync::watch;

use super::{Engine, Heard, fresh};
use crate::conversation::{Body, Event};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::ports::CommitNumber;

/// The name of a way to reach the visitor that they left with a message.
pub(super) const CONTACT: &str = "contact";
/// Fewer digits than this are no number by which somebody can be found.
const DIGITS_MIN: usize = 5;

type Digest = [u8; 16];

/// The fold.
pub(super) struct Contacts {
    key: [u8; 32],
    known: RwLock<Known>,
    folded: watch::Sender<CommitNumber>,
}

#[derive(Default)]
struct Known {
    given: HashMap<Digest, Vec<Given>>,
    sessions: HashMap<ConversationId, Session>,
    passed: HashMap<ConversationId, BTreeSet<String>>,
}

/// What was given in the session that runs.
#[derive(Default)]
struct Session {
    /// Each with the event that gave it.
    values: BTreeMap<String, (Digest, Seq)>,
    verified: Vec<String>,
}

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// In which conversation.
    pub(super) conversation: ConversationId,
    /// Slot that it filled, or [`CONTACT`].
    pub(super) name: String,
    /// Checks that had passed then.
    pub(super) verified: Vec<String>,
    /// The event that gave it: with it the value is erased.
    pub(super) seq: Seq,
    /// When it was given or proven last.
    pub(super) at: Timestamp,
}

impl Default for Contacts {
    fn default() -> Self {
        Self {
            key: fresh::random(),
            known: RwLock::default(),
            folded: watch::Sender::new(CommitNumber::default()),
        }
    }
}

impl Contacts {
    /// Where a value was given, the latest last.
    pub(super) fn given(&self, value: &str) -> Vec<Given> {
        let Some(digest) = self.digest(value) else {
            return Vec::new();
        };
        let known = self.known.read();
        let mut given = known.given.get(&digest).cloned().unwrap_or_default();
        given.sort_by_key(|given| given.at);
        given
    }

    /// Whether a check ever passed in a conversation.
    pub(super) fn passed(&self, conversation: ConversationId, check: &str) -> bool {
        let known = self.known.read();
        known
            .passed
            .get(&conversation)
            .is_some_and(|passed| passed.contains(check))
    }

    /// Other conversations in which somebody proved what was given in this one's running session, in which a check has passed.
    pub(super) fn beside(&self, conversation: ConversationId) -> BTreeSet<ConversationId> {
        let known = self.known.read();
        let session = known.sessions.get(&conversation);
        let proven = session.filter(|session| !session.verified.is_empty());
        let values = proven
            .into_iter()
            .flat_map(|session| session.values.values());
        let places = values.filter_map(|(digest, _)| known.given.get(digest));
        let places = places.flatten().filter(|given| !given.verified.is_empty());
        let others = places.map(|given| given.conversation);
        others.filter(|other| *other != conversation).collect()
    }

    /// Waits until everything up to an append is folded.
    pub(super) async fn caught_up(&self, with: CommitNumber) {
        let mut folded = self.folded.subscribe();
        drop(folded.wait_for(|number| *number >= with).await);
    }

    fn digest(&self, value: &str) -> Option<Digest> {
        let plain = plain(value)?;
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(plain.as_bytes());
        let tag = mac.finalize().into_bytes();
        tag.first_chunk().copied()
    }

    fn take_in(&self, conversation: ConversationId, event: &Event) {
        match &event.body {
            Body::SessionOpened { .. } => {
                self.known.write().sessions.remove(&conversation);
            }
            Body::BotAnswered { memory, .. } => {
                let own = |name: &str| !name.starts_with("call-");
                let values: Vec<_> = (event.private.values.iter())
                    .filter(|(name, _)| own(name))
                    .map(|(name, value)| (name.clone(), self.digest(value)))
                    .collect();
                if values.is_empty() && memory.verified.is_empty() {
                    return;
                }
                let mut known = self.known.write();
                let known = &mut *known;
                let session = known.sessions.entry(conversation).or_default();
                let passed_more = session.verified != memory.verified;
                session.verified.clone_from(&memory.verified);
                let mut told: Vec<String> = Vec::new();
                for (name, digest) in values {
                    match digest {
                        Some(digest) => session.values.insert(name.clone(), (digest, event.seq)),
                        None => session.values.remove(&name),
                    };
                    told.push(name);
                }
                for (name, (digest, seq)) in &session.values {
                    if passed_more || told.contains(name) {
                        let given = Given {
                            conversation,
                            name: name.clone(),
                            verified: session.verified.clone(),
                            seq: *seq,
                            at: event.at,
                        };
                        note(known.given.entry(*digest).or_default(), given);
                    }
                }
                if !memory.verified.is_empty() {
                    let passed = known.passed.entry(conversation).or_default();
                    passed.extend(memory.verified.iter().cloned());
                }
            }
            Body::PromiseMade { .. } | Body::MailAsked { .. } => {
                let values = &event.private.values;
                let contact = values.get(CONTACT).or_else(|| values.get("phone"));
                if let Some(digest) = contact.and_then(|contact| self.digest(contact)) {
                    let given = Given {
                        conversation,
                        name: CONTACT.to_owned(),
                        verified: Vec::new(),
                        seq: event.seq,
                        at: event.at,
                    };
                    note(self.known.write().given.entry(digest).or_default(), given);
                }
            }
            _ => {}
        }
    }
}

/// The latest word of a conversation counts; what was proven once stays proven.
fn note(places: &mut Vec<Given>, given: Given) {
    match places
        .iter_mut()
        .find(|place| place.conversation == given.conversation && place.name == given.name)
    {
        Some(place) if given.verified.is_empty() && !place.verified.is_empty() => {}
        Some(place) => *place = given,
        None => places.push(given),
    }
}

/// A mail address in small letters, or the letters and digits of a number without what people put between them.
fn plain(value: &str) -> Option<String> {
    let value = value.trim();
    if value.contains('@') {
        return Some(value.to_lowercase());
    }
    let signs: String = value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let digits = signs.chars().filter(char::is_ascii_digit).count();
    // `+34 600 …` and `0034 600 …` are one number.
    let number = match value.starts_with('+') {
        true => signs.as_str(),
        false => signs.strip_prefix("00").unwrap_or(&signs),
    };
    (digits >= DIGITS_MIN).then(|| number.to_owned())
}

impl Engine {
    /// Folds who gave what, now and from now on.
    pub(super) async fn fold_contacts(&self) {
        let contacts = &self.inner.contacts;
        let mut commits = self.commits();
        let mut after = CommitNumber::default();
        loop {
            commits.borrow_and_update();
            let now = self.now();
            match self.store().tail(after, 500).await {
                Ok(page) if !page.is_empty() => {
                    for commit in &page {
                        after = commit.number;
                        for event in &commit.events {
                            contacts.take_in(commit.conversation, event);
                            self.inner.notices.take_in(commit.conversation, event, now);
                        }
                        // Whoever has another conversation of theirs sees it on the card.
                        for other in contacts.beside(commit.conversation) {
                            self.hub().publish(other, &Heard::Beside(other));
                        }
                    }
                    contacts.folded.send_replace(after);
                    continue;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "who gave which address is not up to date"),
            }
            if commits.changed().await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Memory, Private};

    fn answered(seq: u64, values: &[(&str, &str)], verified: bool) -> Event {
        let memory = Memory {
            verified: verified
                .then(|| "order_match".to_owned())
                .into_iter()
                .collect(),
            ..Memory::default()
        };
        let values = values.iter();
        Event {
            seq: Seq(seq),
            at: Timestamp(i64::try_from(seq).unwrap()),
            body: Body::BotAnswered {
                upto: Seq(seq - 1),
                understood: Vec::new(),
                choices: Vec::new(),
                memory: Box::new(memory),
                topic: None,
                lang: crate::ids::Lang::es(),
                shows: Vec::new(),
            },
            private: Private {
                texts: Vec::new(),
                values: values
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
            },
        }
    }

    #[test]
    fn what_was_proven_is_told_from_what_was_only_given() {
        let contacts = Contacts::default();
        let (ana, eva) = (
            ConversationId::from_bytes([1; 16]),
            ConversationId::from_bytes([2; 16]),
        );
        contacts.take_in(ana, &answered(2, &[("order_number", "1000007")], false));
        contacts.take_in(eva, &answered(3, &[("order_number", "1000007")], false));
        let proof = [
            ("order_proof", "ana@example.com"),
            ("call-date", "2026-11-27"),
        ];
        contacts.take_in(ana, &answered(4, &proof, true));
        // Another order is asked for: that it is theirs is not shown yet.
        contacts.take_in(ana, &answered(6, &[("order_number", "1000012")], false));
        let given = contacts.given("1.000.007");
        let found: Vec<_> = given
            .iter()
            .map(|given| (given.conversation, given.seq.0, given.verified.len()))
            .collect();
        assert_eq!(found, [(eva, 3, 0), (ana, 2, 1)]);
        assert_eq!(contacts.given("1000012")[0].verified.len(), 0);
        assert_eq!(contacts.given("ANA@example.com")[0].verified.len(), 1);
        assert!(contacts.given("2026-11-27").is_empty());
        assert!(contacts.passed(ana, "order_match") && !contacts.passed(eva, "order_match"));
    }

    #[test]
    fn a_number_is_its_digits() {
        let same = |one: &str, other: &str| {
            assert_eq!(plain(one), plain(other));
            assert!(plain(one).is_some(), "{one}");
        };
        same("Ana.Garcia@Example.com ", "ana.garcia@example.com");
        same("+34 600 123-456", "0034600123456");
        same("1000007", "1.000.007");
        assert_eq!(plain("28013").as_deref(), Some("28013"));
        for not in ["sí", "", "38", "negro"] {
            assert_eq!(plain(not), None, "{not}");
        }
    }
}
