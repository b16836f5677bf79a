//! What a visitor has proven, and what two of them have proven both.
//!
//! Taken down when a check passes, from what it looked at then: a later edit of the topic files proves nothing.

use std::collections::BTreeSet;

use super::limits::Limits;
use super::memory::Passed;
use super::state::State;
use crate::ids::Timestamp;

/// What was proven counts for so long, and never longer than the session.
pub const PROOF_MS: i64 = 24 * 60 * 60_000;

/// What a check has proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The check.
    pub check: String,
    /// When it passed.
    pub at: Timestamp,
    /// What that proves.
    pub proofs: BTreeSet<Proof>,
}

/// Something that a visitor has proven in the session that runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A check passed for this value of its first slot: the order number. Whoever holds the parcel reads it on the label, beside the postcode.
    Subject {
        /// The check.
        check: String,
        /// The value.
        value: String,
    },
    /// A check passed with this phone number in it, all its values being these.
    Phone {
        /// The check.
        check: String,
        /// The values, in the order of its slots.
        values: Vec<String>,
    },
    /// A check passed with this mail address as its proof.
    Mail(String),
}

/// What was proven in both of two conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shared {
    /// The first value of the same check: the order number.
    pub subject: bool,
    /// The same check with the same values, a phone number among them.
    pub phone: bool,
    /// The same mail address.
    pub mail: bool,
}

impl Shared {
    /// What two people have proven.
    pub fn of(one: &BTreeSet<Proof>, other: &BTreeSet<Proof>) -> Self {
        let mut shared = Self::default();
        for proof in one.intersection(other) {
            match proof {
                Proof::Subject { .. } => shared.subject = true,
                Proof::Phone { .. } => shared.phone = true,
                Proof::Mail(_) => shared.mail = true,
            }
        }
        shared
    }

    /// Whether there is anything at all.
    pub fn any(self) -> bool {
        self.subject || self.phone || self.mail
    }

    /// Whether it is one person's alone: an address or a number at which they are reached.
    pub fn same_person(self) -> bool {
        self.phone || self.mail
    }
}

impl Proof {
    /// The value by which other conversations are found.
    pub fn value(&self) -> &str {
        match self {
            Self::Subject { value, .. } => value,
            Self::Phone { values, .. } => values.first().map_or("", String::as_str),
            Self::Mail(address) => address,
        }
    }
}

impl State {
    /// What the visitor has proven in the session that runs, and not too long ago.
    pub fn proofs(&self, now: Timestamp, limits: &Limits) -> BTreeSet<Proof> {
        if self.is_running(now, limits) {
            self.proofs_at(now)
        } else {
            BTreeSet::new()
        }
    }

    /// What counted as proven at a moment of the last session.
    pub fn proofs_at(&self, at: Timestamp) -> BTreeSet<Proof> {
        let fresh = self.proven.iter().filter(|one| at.since(one.at) < PROOF_MS);
        fresh.flat_map(|one| one.proofs.iter().cloned()).collect()
    }

    /// Takes down what passed just now, and drops what holds no longer.
    pub(super) fn take_down(&mut self, at: Timestamp) {
        let holds = |check: &String| self.memory.verified.contains(check);
        self.proven.retain(|one| holds(&one.check));
        for passed in self.memory.passed.iter().filter(|one| holds(&one.check)) {
            if !self.proven.iter().any(|one| one.check == passed.check) {
                self.proven.push(Proven {
                    check: passed.check.clone(),
                    at,
                    proofs: self.shown_by(passed),
                });
            }
        }
    }

    /// What a check proves that has just passed. An address that was only left proves nothing, whoever answered to it: anybody can write down somebody
    /// else's.
    fn shown_by(&self, passed: &Passed) -> BTreeSet<Proof> {
        let mut proofs = BTreeSet::new();
        let given = |slot| self.slots.get(slot).map_or("", |value| value.trim());
        let values: Vec<String> = (passed.slots.iter())
            .map(|(slot, _)| given(slot).to_lowercase())
            .collect();
        let check = &passed.check;
        if let Some(value) = values.first().filter(|value| !value.is_empty()) {
            let (check, value) = (check.clone(), value.clone());
            proofs.insert(Proof::Subject { check, value });
        }
        if passed.slots.iter().any(|(_, phone)| *phone) && !values.iter().any(String::is_empty) {
            let (check, values) = (check.clone(), values.clone());
            proofs.insert(Proof::Phone { check, values });
        }
        // A postcode is shared by a whole quarter; an address is one person's.
        let mails = values.into_iter().filter(|value| value.contains('@'));
        proofs.extend(mails.map(Proof::Mail));
        proofs
    }
}
