//! What a visitor wants remembered for their next visits: kept after a plain yes, under the name that the files give it, until they want it forgotten
//! or its time is over.
//!
//! It lives in the visitor's own conversation, so it goes with the erasure of that. Beyond it, on another device, it is only for whoever proves to be
//! the same person: each item carries what its owner had proven when they said yes.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::Limits;
use super::proof::{Proof, Shared};
use crate::ids::{SlotName, Timestamp};

/// Items that are kept of one visitor, at most: files that name more keep the latest.
const MOST: usize = 20;

/// Everything that is kept of one visitor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keepsakes {
    items: BTreeMap<SlotName, Keepsake>,
    declined: BTreeMap<SlotName, Timestamp>,
}

/// One thing that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Keepsake {
    /// Its value, as a slot holds it.
    pub value: String,
    /// When the visitor last said yes to it.
    pub at: Timestamp,
    /// What they had proven in that session.
    proofs: BTreeSet<Proof>,
}

/// What people keep stays out of logs.
impl std::fmt::Debug for Keepsake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keepsake(at {})", self.at.0)
    }
}

impl Keepsakes {
    /// What may be used and shown at a moment, by name.
    pub fn at(
        &self,
        now: Timestamp,
        limits: &Limits,
    ) -> impl Iterator<Item = (&SlotName, &Keepsake)> {
        let most = limits.remember_ms;
        let items = self.items.iter();
        items.filter(move |(_, item)| now.since(item.at) < most)
    }

    /// What of it is for whoever has proven this elsewhere: only what a mail address or a phone number shows to be theirs.
    pub fn of_person(
        &self,
        proven: &BTreeSet<Proof>,
        now: Timestamp,
        limits: &Limits,
    ) -> impl Iterator<Item = (&SlotName, &Keepsake)> {
        let items = self.at(now, limits);
        items.filter(|(_, item)| Shared::of(&item.proofs, proven).same_person())
    }

    /// Whether the visitor said no to keeping something, not longer ago than it would be kept: they are not asked again.
    pub fn was_declined(&self, item: &SlotName, now: Timestamp, limits: &Limits) -> bool {
        let declined = self.declined.get(item);
        declined.is_some_and(|at| now.since(*at) < limits.remember_ms)
    }

    /// Takes something in: the visitor has just said yes.
    pub(super) fn keep(
        &mut self,
        item: &SlotName,
        value: &str,
        at: Timestamp,
        proofs: BTreeSet<Proof>,
    ) {
        let value = value.to_owned();
        self.declined.remove(item);
        self.items
            .insert(item.clone(), Keepsake { value, at, proofs });
        while self.items.len() > MOST {
            let oldest = self.items.iter().min_by_key(|(_, item)| item.at);
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else {
                return;
            };
            self.items.remove(&oldest);
        }
    }

    /// Takes something out.
    pub(super) fn forget(&mut self, item: &SlotName, at: Timestamp) {
        self.items.remove(item);
        self.declined.insert(item.clone(), at);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: fn() -> Limits = Limits::default;

    fn name(text: &str) -> SlotName {
        text.parse().unwrap()
    }

    fn mail(address: &str) -> BTreeSet<Proof> {
        BTreeSet::from([Proof::Mail(address.to_owned())])
    }

    fn order(number: &str) -> BTreeSet<Proof> {
        BTreeSet::from([Proof::Subject {
            check: "order_match".to_owned(),
            value: number.to_owned(),
        }])
    }

    fn names<'a>(items: impl Iterator<Item = (&'a SlotName, &'a Keepsake)>) -> Vec<String> {
        items.map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn it_is_there_until_its_time_is_over() {
        let mut kept = Keepsakes::default();
        kept.keep(&name("size"), "38", Timestamp(1_000), BTreeSet::new());
        let last = Timestamp(1_000).plus(LIMITS().remember_ms);
        assert_eq!(names(kept.at(last.plus(-1), &LIMITS())), ["size"]);
        assert!(names(kept.at(last, &LIMITS())).is_empty());
        // Said yes to again, it is kept for another year.
        kept.keep(&name("size"), "39", last, BTreeSet::new());
        assert_eq!(names(kept.at(last, &LIMITS())), ["size"]);
        let none = Limits {
            remember_ms: 0,
            ..LIMITS()
        };
        assert!(names(kept.at(last, &none)).is_empty());
    }

    #[test]
    fn whoever_says_no_is_not_asked_again_for_as_long() {
        let mut kept = Keepsakes::default();
        let size = name("size");
        kept.forget(&size, Timestamp(0));
        assert!(kept.was_declined(&size, Timestamp(5), &LIMITS()));
        assert!(!kept.was_declined(&size, Timestamp(LIMITS().remember_ms), &LIMITS()));
        kept.keep(&size, "38", Timestamp(6), BTreeSet::new());
        assert!(!kept.was_declined(&size, Timestamp(7), &LIMITS()));
    }

    #[test]
    fn it_follows_the_person_who_proved_it_and_nobody_else() {
        let mut kept = Keepsakes::default();
        let now = Timestamp(9);
        kept.keep(&name("size"), "38", now, mail("ana@example.com"));
        kept.keep(&name("contact_by"), "mail", now, BTreeSet::new());
        kept.keep(&name("colour"), "blue", now, order("1000007"));
        let of = |proven: &BTreeSet<Proof>| names(kept.of_person(proven, now, &LIMITS()));
        assert_eq!(of(&mail("ana@example.com")), ["size"]);
        assert!(of(&mail("eva@example.com")).is_empty());
        // An order's number and postcode stand on the parcel: whoever reads them is not shown to be its owner.
        assert!(of(&order("1000007")).is_empty());
        assert!(of(&BTreeSet::new()).is_empty());
    }

    proptest! {
        #[test]
        fn what_was_forgotten_last_is_not_there_and_nobody_fills_the_memory(
            acts in proptest::collection::vec((0_u8..30, any::<bool>()), 0..80)
        ) {
            let mut kept = Keepsakes::default();
            let mut last = BTreeMap::new();
            for (at, (item, keeps)) in (0_i64..).zip(&acts) {
                let item = name(&format!("item{item}"));
                if *keeps {
                    kept.keep(&item, "x", Timestamp(at), BTreeSet::new());
                } else {
                    kept.forget(&item, Timestamp(at));
                }
                last.insert(item, *keeps);
            }
            let there = names(kept.at(Timestamp(100), &LIMITS()));
            prop_assert!(there.len() <= MOST);
            for item in &there {
                prop_assert_eq!(last.get(&name(item)), Some(&true));
            }
        }
    }
}
