//! What files say of each other: every name exists, every `{…}` is filled, every call has what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::TopicRole;
use super::fault::{Fault, Near, Target};
use super::notes::{CallUse, Notes, Scope};
use super::placeholders;
use super::problem::Place;
use super::read::{Gathered, role_word};
use super::texts;
use crate::ids::{SiteId, SlotName, TopicId};

/// Filled in every text.
const COMMON: [&str; 2] = ["assistant", "brand"];

/// Filled in feedback questions.
const FEEDBACK: [&str; 3] = ["agent", "team", "topic"];

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    references(notes);
    texts_are_filled(all, notes);
    asks(all, notes);
    calls(all, notes);
    mentions(all, notes);
    roles(all, notes);
}

fn references(notes: &mut Notes) {
    let mut faults = Vec::new();
    for used in &notes.uses {
        let known = notes.declared.contains(&(used.target, used.name.clone()));
        if known || notes.unreadable.contains(&used.target) {
            continue;
        }
        let fault = Fault::Unknown {
            target: used.target,
            home: used.target.home(),
            name: used.name.clone(),
            near: Near::to(&used.name, notes.names(used.target)),
        };
        faults.push((used.place.clone(), fault));
    }
    report(faults, notes);
}

fn report(faults: Vec<(Place, Fault)>, notes: &mut Notes) {
    for (place, fault) in faults {
        notes.fault(&place, &fault);
    }
}

/// Slots of a topic and of its check, and the values of the check's call.
fn known_in_topic(all: &Gathered, topic: &TopicId) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let Some(topic) = all.topics.get(topic) else {
        return known;
    };
    known.extend(topic.slots.iter().map(|slot| slot.name.to_string()));
    if let Some(check) = topic
        .requires
        .as_ref()
        .and_then(|name| all.checks.get(name))
    {
        known.extend(check.slots.iter().map(|slot| slot.name.to_string()));
        known.extend(values_of(all, [&check.call]));
    }
    known
}

fn values_of<'a>(all: &Gathered, calls: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    calls
        .into_iter()
        .filter_map(|name| all.calls.get(name))
        .flat_map(|call| call.values.keys().cloned())
        .collect()
}

/// What a text may cite besides facts.
fn known_in(all: &Gathered, scope: &Scope) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = COMMON.iter().map(|name| (*name).to_owned()).collect();
    match scope {
        Scope::Topic { topic, calls, .. } => {
            known.extend(known_in_topic(all, topic));
            known.extend(values_of(all, calls));
        }
        Scope::SharedSlots => known.extend(all.slots.keys().map(SlotName::to_string)),
        Scope::Check(name) => {
            if let Some(check) = all.checks.get(name) {
                known.extend(check.slots.iter().map(|slot| slot.name.to_string()));
            }
        }
        Scope::Feedback => known.extend(FEEDBACK.iter().map(|name| (*name).to_owned())),
        Scope::Event(data) => known.extend(data.iter().map(|name| format!("data.{name}"))),
        Scope::Engine(key) => known.extend(texts::places(key).into_iter().flatten().cloned()),
        Scope::Fact | Scope::Common => {}
    }
    known
}

/// Sites on which a text is said and a fact is not known.
fn lacking(all: &Gathered, fact: &str, scope: &Scope) -> Vec<String> {
    let Some(assistant) = &all.assistant else {
        return Vec::new();
    };
    if all.facts.contains_key(fact) {
        return Vec::new();
    }
    let only: &[SiteId] = match scope {
        Scope::Topic { sites, .. } => sites,
        _ => &[],
    };
    assistant
        .sites
        .keys()
        .filter(|site| only.is_empty() || only.contains(site))
        .filter(|site| {
            let facts = all.site_facts.get(*site);
            !facts.is_some_and(|facts| facts.contains_key(fact))
        })
        .map(SiteId::to_string)
        .collect()
}

fn texts_are_filled(all: &Gathered, notes: &mut Notes) {
    let facts: BTreeSet<String> = notes.names(Target::Fact).map(str::to_owned).collect();
    // With one of these files unreadable, nobody knows what fills what.
    let blind = [Target::Fact, Target::Call, Target::Slot]
        .iter()
        .any(|target| notes.unreadable.contains(target));
    let mut faults = Vec::new();
    for seen in &notes.texts {
        let own = known_in(all, &seen.scope);
        let mut known = own.clone();
        if seen.scope != Scope::Fact {
            known.extend(facts.iter().cloned());
        }
        for (_, node) in &seen.said {
            let Some(scalar) = node.scalar() else {
                continue;
            };
            match placeholders::find(&scalar.text) {
                Err(at) => faults.push((node.place_in(at), Fault::BadPlaceholder {})),
                Ok(found) => {
                    for (at, name) in found {
                        if blind {
                            continue;
                        }
                        let place = || node.place_in(at);
                        if !known.contains(name) {
                            let near = Near::to(name, known.iter().map(String::as_str));
                            let name = name.to_owned();
                            faults.push((place(), Fault::Placeholder { name, near }));
                        } else if !own.contains(name) {
                            let lacking = lacking(all, name, &seen.scope).into_iter();
                            faults.extend(lacking.map(|site| {
                                let fact = name.to_owned();
                                (place(), Fault::FactNotOnSite { fact, site })
                            }));
                        }
                    }
                }
            }
        }
    }
    report(faults, notes);
}

fn calls(all: &Gathered, notes: &mut Notes) {
    let needs: BTreeMap<&String, &BTreeSet<String>> = notes
        .call_needs
        .iter()
        .map(|(name, set)| (name, set))
        .collect();
    let blind = notes.unreadable.contains(&Target::Slot);
    let mut faults = Vec::new();
    for topic in &notes.topics {
        let known = known_in_topic(all, &topic.id);
        let asked_later: BTreeSet<&str> =
            topic.asks.iter().map(|(slot, _)| slot.as_str()).collect();
        for used in &topic.calls {
            if all
                .calls
                .get(&used.name)
                .is_some_and(|call| call.irreversible)
                && !used.confirmed
            {
                let call = used.name.clone();
                faults.push((used.place.clone(), Fault::NoConfirm { call }));
            }
            let wanted = needs.get(&used.name).copied().into_iter().flatten();
            for slot in wanted.filter(|_| !blind) {
                // What a step asks for is not known before that step.
                let too_early = asked_later.contains(slot.as_str())
                    && !used.asked.iter().any(|asked| asked.as_str() == slot);
                let given = known.contains(slot) && !too_early;
                if !given && !values_of(all, &used.before).contains(slot) {
                    faults.push((used.place.clone(), needs_slot(used, slot)));
                }
            }
        }
    }
    report(faults, notes);
}

fn needs_slot(used: &CallUse, slot: &str) -> Fault {
    Fault::CallNeeds {
        call: used.name.clone(),
        slot: slot.to_owned(),
    }
}

/// Slots that steps ask for.
fn asks(all: &Gathered, notes: &mut Notes) {
    let mut faults = Vec::new();
    for own in &notes.topics {
        let Some(topic) = all.topics.get(&own.id) else {
            continue;
        };
        for (slot, place) in own.asks.iter().chain(&own.conditions) {
            if !topic.slots.iter().any(|known| known.name == *slot) {
                let names = topic.slots.iter().map(|known| known.name.as_str());
                let fault = Fault::AskUnknown {
                    name: slot.to_string(),
                    near: Near::to(slot.as_str(), names),
                };
                faults.push((place.clone(), fault));
            }
        }
    }
    report(faults, notes);
}

/// Slots that patterns and templates name.
fn mentions(all: &Gathered, notes: &mut Notes) {
    let mut faults = Vec::new();
    for topic in &notes.topics {
        let mut known = known_in_topic(all, &topic.id);
        known.extend(all.slots.keys().map(SlotName::to_string));
        known.extend(all.lists.keys().cloned());
        for (name, place) in &topic.mentions {
            if !known.contains(name) {
                let near = Near::to(name, known.iter().map(String::as_str));
                let name = name.clone();
                faults.push((place.clone(), Fault::TemplateSlot { name, near }));
            }
        }
    }
    report(faults, notes);
}

fn roles(all: &Gathered, notes: &mut Notes) {
    let mut taken = BTreeMap::new();
    let mut faults = Vec::new();
    for own in &notes.topics {
        let role = all.topics.get(&own.id).and_then(|topic| topic.role);
        let (Some(role), Some(place)) = (role, &own.role) else {
            continue;
        };
        if let Some(other) = taken.insert(role, place.clone()) {
            let fault = Fault::RoleTwice {
                role: role_word(role).to_owned(),
                other: other.to_string(),
            };
            faults.push((place.clone(), fault));
        }
    }
    let person = TopicRole::TalkToPerson;
    if let Some(place) = &notes.assistant
        && !taken.contains_key(&person)
        && !notes.topic_lost
    {
        let role = role_word(person);
        faults.push((place.clone(), Fault::NoRole { role }));
    }
    report(faults, notes);
}
