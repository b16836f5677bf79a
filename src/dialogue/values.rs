//! Values that come without having been asked for: corrections, and what a text names besides its answer.

use super::cues;
use super::place_words::is_likely_a_place;
use super::second_thoughts;
use super::slot;
use super::slot_text::from_text;
use super::steps::run;
use super::turn::{Ask, Turn};
use crate::conversation::{Form, Found, Reading};
use crate::ids::SlotName;
use crate::topics::{SlotKind, SlotRule, Topic};

/// A filled slot gets another value: everything that rested on it is done anew. `false` where nothing is corrected.
pub(super) fn correct(
    turn: &mut Turn<'_>,
    form: &Form,
    asked: Option<&SlotName>,
    text: &str,
    reading: &Reading,
) -> bool {
    let Some(topic) = turn.catalog.topics.get(&form.topic) else {
        return false;
    };
    let corrects = second_thoughts::corrects(text);
    let mut changed = Vec::new();
    for slot in turn.slots_of(topic) {
        let Some(known) = turn.slots.get(&slot.name) else {
            continue;
        };
        if Some(&slot.name) == asked
            || changed.iter().any(|(name, _)| *name == slot.name)
            || has_served(turn, topic, &slot.name)
        {
            continue;
        }
        let value = if slot.rule.kind == SlotKind::Address {
            other_address(&slot.rule, known, text, reading)
        } else {
            slot::named(&slot.rule, &slot.name, &reading.found)
                .or_else(|| slot::typed(&slot.rule, &reading.found))
                .or_else(|| {
                    (corrects && has_shape(&slot.rule)).then(|| from_text(&slot.rule, text))?
                })
        };
        if let Some(value) = value.filter(|value| value != known) {
            changed.push((slot.name.clone(), value));
        }
    }
    // One value corrects one slot: an order number that also looks like a postcode is no postcode.
    let Some((name, value)) = changed.into_iter().next() else {
        return false;
    };
    turn.set_slot(&name, value);
    let shown = turn.value(name.as_str(), topic).unwrap_or_default();
    let slots = turn.slots_of(topic);
    let called = slots
        .iter()
        .find(|slot| slot.name == name)
        .and_then(|slot| slot.called.as_ref());
    match called.map(|called| turn.reader.words(called).to_owned()) {
        Some(called) => {
            let values = [("called", called.as_str()), ("value", shown.as_str())];
            turn.say_engine("slot_corrected_called", &values);
        }
        None => turn.say_engine("slot_corrected", &[("value", &shown)]),
    }
    turn.memory.open = None;
    turn.ask = Ask::No;
    run(turn, &form.topic, &crate::conversation::Cursor::default());
    true
}

/// Whether a slot is the proof of a check that has passed. It has done its work: a postcode of another address is no new proof, and only another
/// matter, which comes first among the check's slots, needs one.
fn has_served(turn: &Turn<'_>, topic: &Topic, name: &SlotName) -> bool {
    let Some(check) = topic
        .requires
        .as_ref()
        .and_then(|check| turn.catalog.checks.get(check))
    else {
        return false;
    };
    turn.memory.verified.contains(&check.name)
        && check.slots.iter().skip(1).any(|slot| slot.name == *name)
}

/// The address that a text gives in place of the known one: from where its street begins, else without the words that lead to it.
fn other_address(rule: &SlotRule, known: &str, text: &str, reading: &Reading) -> Option<String> {
    let street = reading
        .found
        .iter()
        .find(|one| one.name.as_str() == "address")
        .and_then(|one| text.get(one.span.0..));
    let value = match street {
        Some(street) => from_text(rule, street),
        None => (second_thoughts::corrects(text) && is_likely_a_place(text))
            .then(|| from_text(rule, text))
            .flatten(),
    }?;
    // "Sí, a la calle Mayor 3" repeats the beginning of what was read back.
    (!cues::fold(known).contains(&cues::fold(&value))).then_some(value)
}

/// Whether a value of this rule is told from other words by its shape.
fn has_shape(rule: &SlotRule) -> bool {
    match rule.kind {
        SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode
        | SlotKind::Date
        | SlotKind::Time
        | SlotKind::Money
        | SlotKind::Duration
        | SlotKind::Ordinal
        | SlotKind::Url
        | SlotKind::IdNumber
        | SlotKind::List => true,
        SlotKind::Text => rule.pattern.is_some(),
        SlotKind::Address | SlotKind::YesNo => false,
    }
}

/// Other slots of the topic that the same text fills: those that it names, and empty ones whose kind fits what is left of it. `true` where one
/// was filled.
pub(super) fn fill_others(
    turn: &mut Turn<'_>,
    form: &Form,
    asked: &SlotName,
    value: Option<&str>,
    reading: &Reading,
) -> bool {
    let Some(topic) = turn.catalog.topics.get(&form.topic) else {
        return false;
    };
    let left: Vec<Found> = reading
        .found
        .iter()
        .filter(|one| one.name != *asked && value.is_none_or(|value| !is_same(&one.value, value)))
        .cloned()
        .collect();
    let mut filled = false;
    for slot in turn.slots_of(topic) {
        if slot.name == *asked || has_served(turn, topic, &slot.name) {
            continue;
        }
        let empty = !turn.slots.contains_key(&slot.name);
        let named = slot::named(&slot.rule, &slot.name, &left);
        let fits = named.or_else(|| empty.then(|| slot::typed(&slot.rule, &left))?);
        if let Some(value) = fits {
            filled |= turn.slots.get(&slot.name) != Some(&value);
            turn.set_slot(&slot.name, value);
        }
    }
    filled
}

/// Values that a text brought for a topic: under a slot's own name they replace, by their kind they fill what is empty. One value fills one slot.
pub(super) fn take_values(turn: &mut Turn<'_>, topic: &Topic, found: &[Found]) {
    let Some(topic) = turn.catalog.topics.get(&topic.id) else {
        return;
    };
    let mut left: Vec<Found> = found.to_vec();
    let slots = turn.slots_of(topic);
    for slot in &slots {
        if let Some(value) = slot::named(&slot.rule, &slot.name, &left)
            && !has_served(turn, topic, &slot.name)
        {
            left.retain(|one| one.name != slot.name && !is_same(&one.value, &value));
            turn.set_slot(&slot.name, value);
        }
    }
    for slot in &slots {
        if !turn.slots.contains_key(&slot.name)
            && let Some(value) = slot::typed(&slot.rule, &left)
        {
            left.retain(|one| !is_same(&one.value, &value));
            turn.set_slot(&slot.name, value);
        }
    }
}

fn is_same(found: &str, value: &str) -> bool {
    found.eq_ignore_ascii_case(value)
}
