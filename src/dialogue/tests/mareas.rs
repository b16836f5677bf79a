//! The demo company's own files, walked through: every topic in every case of its services, on both sites, in both languages and styles.

use std::collections::BTreeSet;

use super::fixture::*;
use crate::conversation::{Asking, Effect, Owner};
use crate::dialogue::slot::stored_rule;
use crate::ids::{HandoffReason, Lang, Style, TopicId};
pub(super) use crate::topics::tests::demo::mareas;
use crate::topics::{Act, Catalog, SlotKind, Step, Topic, ValueKind};

/// Names of the cases of these steps' calls, at any depth.
fn cases(steps: &[Step], out: &mut BTreeSet<String>) {
    for step in steps {
        if let Act::Call {
            cases: branches, ..
        } = &step.act
        {
            for (name, steps) in branches {
                out.insert(name.clone());
                cases(steps, out);
            }
        }
    }
}

/// The case of a call that leads to `wanted`: itself, or one with a call below that has it.
fn towards<'a>(steps: &'a [Step], call: &str, wanted: &str) -> Option<&'a str> {
    steps.iter().find_map(|step| {
        let Act::Call {
            call: here,
            cases: branches,
        } = &step.act
        else {
            return None;
        };
        if here == call {
            if let Some((name, _)) = branches.get_key_value(wanted) {
                return Some(name.as_str());
            }
            let below = branches.iter().find(|(_, steps)| {
                let mut names = BTreeSet::new();
                cases(steps, &mut names);
                names.contains(wanted)
            });
            return below.map(|(name, _)| name.as_str());
        }
        branches
            .values()
            .find_map(|steps| towards(steps, call, wanted))
    })
}

fn value_for(name: &str, kind: SlotKind, first: Option<&str>) -> String {
    match (name, kind) {
        (_, SlotKind::List) => first.unwrap().to_owned(),
        ("order_number", _) => "1234567".to_owned(),
        ("coupon_code", _) => "MAREA10".to_owned(),
        ("return_code", _) => "DEV-1234567".to_owned(),
        ("order_proof", _) | (_, SlotKind::Email) => "ana@example.org".to_owned(),
        (_, SlotKind::Number) => "1234567".to_owned(),
        (_, SlotKind::Phone) => "+34 600 11 22 33".to_owned(),
        (_, SlotKind::Postcode) => "28013".to_owned(),
        (_, SlotKind::Address) => "Calle Mayor 3, 28013 Madrid".to_owned(),
        (_, SlotKind::YesNo) => "sí".to_owned(),
        (_, SlotKind::Date) => "2026-11-27".to_owned(),
        (_, SlotKind::Time) => "17:30".to_owned(),
        (_, SlotKind::Money) => "45.90 EUR".to_owned(),
        (_, SlotKind::Duration) => "P3D".to_owned(),
        (_, SlotKind::Ordinal) => "2".to_owned(),
        (_, SlotKind::Url) => "https://example.org/a".to_owned(),
        (_, SlotKind::IdNumber) => "12345678Z".to_owned(),
        (_, SlotKind::Text) => "se rompió la suela izquierda".to_owned(),
    }
}

/// Walks a topic to its end; gives everything that was said.
fn walk(
    catalog: &Catalog,
    topic: &Topic,
    site: &str,
    lang: &Lang,
    style: Style,
    case: &str,
) -> Vec<String> {
    let mut talk = Talk::new();
    talk.catalog = catalog.clone();
    talk.opening.site = site.parse().unwrap();
    talk.opening.lang = lang.clone();
    talk.opening.style = style;
    let read = |read: Read| if *lang == Lang::en() { read.en() } else { read };
    let mut said = talk.hears("algo", read(is(topic.id.as_str()))).says;
    for _ in 0..20 {
        if talk.state.owner != Owner::Bot {
            break;
        }
        let turn = if let Some(call) = talk.state.call.clone() {
            let running = talk.state.memory.running.clone().unwrap();
            let here: &Topic = &catalog.topics[&running.topic];
            let taken = match &running.check {
                Some(check) => catalog.checks[check].pass.clone(),
                None => towards(&here.steps, &call.call, case)
                    .unwrap_or("failed")
                    .to_owned(),
            };
            let values: Vec<(&str, &str)> = catalog.calls[&call.call]
                .values
                .iter()
                .map(|(name, value)| {
                    let raw = match value.shown_as {
                        ValueKind::Text => "algo",
                        ValueKind::Date => "2026-11-24",
                        ValueKind::Money => "59.9",
                        ValueKind::Time => "14:00",
                    };
                    (name.as_str(), raw)
                })
                .collect();
            if taken == "failed" {
                talk.fails()
            } else {
                talk.returns(&taken, &values)
            }
        } else {
            match talk.state.memory.open.clone().map(|form| form.asking) {
                Some(Asking::Slot { slot, rule, .. }) => {
                    let rule = stored_rule(&rule).unwrap();
                    let first = rule.values.first().map(|value| value.value.as_str());
                    talk.hears(&value_for(slot.as_str(), rule.kind, first), read(nothing()))
                }
                Some(Asking::Confirm { .. }) => talk.hears("sí", read(nothing().yes())),
                Some(
                    Asking::Message { .. }
                    | Asking::Contact { .. }
                    | Asking::Phone { .. }
                    | Asking::CallTime { .. }
                    | Asking::Appeal
                    | Asking::CallConfirm { .. },
                ) => panic!("people are there"),
                None => break,
            }
        };
        if let Effect::Handoff { wanted } = &turn.effect {
            assert_ne!(
                wanted.reason,
                HandoffReason::FormFailure,
                "{} {case}: {said:?}",
                topic.id
            );
        }
        said.extend(turn.says);
    }
    let ended = talk.state.owner != Owner::Bot || talk.state.memory.open.is_none();
    assert!(
        ended && talk.state.call.is_none(),
        "{} {case} does not end",
        topic.id
    );
    assert_eq!(
        talk.state.memory.failures > 0,
        topic.role == Some(crate::topics::TopicRole::Anger),
        "{} {case}",
        topic.id
    );
    said
}

#[test]
fn every_topic_ends_in_every_case_with_words_that_are_whole() {
    let catalog = mareas();
    assert!(catalog.topics.len() >= 40);
    let topics: Vec<&TopicId> = catalog.topics.keys().collect();
    for id in topics {
        let topic = &catalog.topics[id];
        let mut names = BTreeSet::from(["_".to_owned()]);
        cases(&topic.steps, &mut names);
        for case in &names {
            for (site, lang, style) in [
                ("es", Lang::es(), Style::Warm),
                ("ar", Lang::es(), Style::Fast),
                ("ar", Lang::en(), Style::Warm),
            ] {
                let said = walk(&catalog, topic, site, &lang, style, case);
                assert!(!said.is_empty(), "{id} {case}: silence");
                for words in &said {
                    let whole = !words.contains(['{', '}'])
                        && !words.contains("sin dato")
                        && !words.contains("not known");
                    assert!(whole, "{id} {case} {site} {lang}: {words}");
                }
            }
        }
    }
}
