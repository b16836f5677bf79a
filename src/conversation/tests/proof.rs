//! What counts as proven, and for how long.

use std::collections::BTreeSet;

use super::*;
use crate::ids::SlotName;

/// A turn in which a check has passed for these values.
fn passes(log: &mut Log, check: &str, phone: bool, number: &str, proof: &str) {
    let (of, by): (SlotName, SlotName) = (
        "order_number".parse().unwrap(),
        "order_proof".parse().unwrap(),
    );
    let passed = Passed {
        check: check.to_owned(),
        slots: vec![(of.clone(), false), (by.clone(), phone)],
    };
    let memory = Memory {
        verified: vec![check.to_owned()],
        passed: vec![passed],
        ..Memory::default()
    };
    answered(log, memory, &[(of, number), (by, proof)]);
}

fn answered(log: &mut Log, memory: Memory, values: &[(SlotName, &str)]) {
    let event = Event {
        seq: log.state.seq.next(),
        at: Timestamp(log.now),
        body: Body::BotAnswered {
            upto: log.state.seq,
            understood: Vec::new(),
            choices: Vec::new(),
            memory: Box::new(memory),
            topic: None,
            lang: Lang::es(),
            shows: Vec::new(),
        },
        private: Private::default().with_values(
            values
                .iter()
                .map(|(name, value)| (name.to_string(), (*value).to_owned())),
        ),
    };
    log.state.apply(&event);
    log.events.push(event);
}

/// Somebody for whom a check passed with these values.
fn proved(check: &str, phone: bool, number: &str, proof: &str) -> Log {
    let mut log = Log::default();
    log.says(1);
    passes(&mut log, check, phone, number, proof);
    log
}

fn shown(log: &Log) -> BTreeSet<Proof> {
    log.state.proofs(Timestamp(log.now), &Limits::default())
}

#[test]
fn the_same_is_proven_only_where_a_check_passed() {
    let shared = |one: &Log, other: &Log| Shared::of(&shown(one), &shown(other));
    let of = |number: &str, proof: &str| proved("order_match", false, number, proof);
    let ana = of("1000007", "ana@example.com");
    assert!(shared(&ana, &ana).same_person());
    assert!(shared(&ana, &of("1000012", "ANA@example.com")).same_person());
    // Number and postcode stand on the label of the parcel: that is something in common, and nobody's proof.
    let neighbour = of("1000007", "28013");
    let label = shared(&ana, &neighbour);
    assert!(label.subject && label.any() && !label.same_person());
    assert!(!shared(&neighbour, &neighbour).same_person());
    // Only given: that is no proof.
    let mut given = Log::default();
    given.says(1);
    let (number, proof): (SlotName, SlotName) = (
        "order_number".parse().unwrap(),
        "order_proof".parse().unwrap(),
    );
    answered(
        &mut given,
        Memory::default(),
        &[(number, "1000007"), (proof, "ana@example.com")],
    );
    assert!(!shared(&ana, &given).any());
    // Neighbours share a postcode.
    assert!(!shared(&neighbour, &of("1000012", "28013")).any());
    // A phone number counts together with all the rest.
    let phone = |number: &str, phone: &str| proved("phone_match", true, number, phone);
    let one = phone("1000007", "+34600123456");
    assert!(shared(&one, &one).same_person());
    assert!(!shared(&one, &phone("1000012", "+34600123456")).same_person());
    assert!(!shared(&one, &phone("1000007", "+34600123457")).same_person());
    assert!(shown(&Log::default()).is_empty());
}

#[test]
fn what_was_proven_is_what_the_check_looked_at_then() {
    let mut ana = proved("order_match", false, "1000007", "ana@example.com");
    let proof: SlotName = "order_proof".parse().unwrap();
    // A value that comes later, under the same name or in a slot that the check has by now, was checked by nobody.
    let memory = ana.state.memory.clone();
    answered(
        &mut ana,
        memory,
        &[
            (proof, "eva@example.com"),
            ("mail".parse().unwrap(), "eva@example.com"),
        ],
    );
    let mails: Vec<_> = shown(&ana)
        .into_iter()
        .filter(|one| matches!(one, Proof::Mail(_)))
        .collect();
    assert_eq!(mails, [Proof::Mail("ana@example.com".to_owned())]);
    // Passed again for something else, that counts; doubted, nothing does.
    let doubted = Memory {
        verified: Vec::new(),
        ..ana.state.memory.clone()
    };
    answered(&mut ana, doubted, &[]);
    assert!(shown(&ana).is_empty());
    passes(&mut ana, "order_match", false, "1000012", "eva@example.com");
    assert!(shown(&ana).contains(&Proof::Mail("eva@example.com".to_owned())));
}

#[test]
fn what_was_proven_counts_for_a_day_and_no_longer_than_the_session() {
    let limits = Limits::default();
    let ana = proved("order_match", false, "1000007", "ana@example.com");
    let after = |log: &Log, millis| {
        log.state
            .proofs(Timestamp(log.now + millis), &limits)
            .is_empty()
    };
    assert!(!after(&ana, PROOF_MS - 1) && after(&ana, PROOF_MS));
    let mut ana = ana;
    ana.does(goodbye());
    assert!(!after(&ana, limits.reopen_ms - 1) && after(&ana, limits.reopen_ms));
    ana.now += limits.reopen_ms;
    ana.says(2);
    assert!(shown(&ana).is_empty());
}
