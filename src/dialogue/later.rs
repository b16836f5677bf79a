//! Further requests of one message: "el estado del 1000007 y cancelar el 1000003". The first is dealt with; the next waits, the visitor is told,
//! and it is taken up, with the values that it named itself, when the first is done.

use super::hearing::begin;
use super::turn::Turn;
use crate::conversation::{Found, Later};
use crate::ids::{SlotName, TopicId};

/// Requests that wait, at most.
const LATER_MAX: usize = 3;

/// Puts a request behind the one that has begun.
pub(super) fn keep(turn: &mut Turn<'_>, topic: &TopicId, found: &[Found]) {
    let Some(known) = turn.catalog.topics.get(topic) else {
        return;
    };
    if turn.memory.later.len() >= LATER_MAX {
        return;
    }
    let number = turn
        .memory
        .later
        .iter()
        .map(|later| later.number + 1)
        .max()
        .unwrap_or(0);
    for one in found {
        if let Ok(name) = format!("{}{}", prefix(number), one.name).parse::<SlotName>() {
            turn.slots.entry(name).or_insert_with(|| one.value.clone());
        }
    }
    turn.memory.later.push(Later {
        topic: topic.clone(),
        number,
        behind: u32::try_from(turn.memory.suspended.len()).unwrap_or(u32::MAX),
    });
    let title = turn.reader.words(&known.title).to_owned();
    turn.say_engine("request_kept", &[("title", &title)]);
}

/// Whether a request is the next thing to do.
pub(super) fn is_due(turn: &Turn<'_>) -> bool {
    let waiting = u32::try_from(turn.memory.suspended.len()).unwrap_or(u32::MAX);
    turn.memory
        .later
        .first()
        .is_some_and(|later| waiting <= later.behind)
}

/// Takes the next request up.
pub(super) fn take_up(turn: &mut Turn<'_>) {
    if turn.memory.later.is_empty() {
        return;
    }
    let later = turn.memory.later.remove(0);
    let prefix = prefix(later.number);
    let found: Vec<Found> = turn
        .slots
        .iter()
        .filter_map(|(name, value)| {
            Some(Found {
                name: name.as_str().strip_prefix(&prefix)?.parse().ok()?,
                value: value.clone(),
                span: (0, 0),
            })
        })
        .collect();
    turn.slots
        .retain(|name, _| !name.as_str().starts_with(&prefix));
    let Some(topic) = turn.catalog.topics.get(&later.topic) else {
        return super::steps::gone(turn);
    };
    let title = turn.reader.words(&topic.title).to_owned();
    turn.say_engine("request_taken_up", &[("title", &title)]);
    begin(turn, &later.topic, &found);
}

/// Forgets what waits: a person sees it all, and takes it all.
pub(super) fn forget(turn: &mut Turn<'_>) {
    turn.memory.later.clear();
    turn.slots
        .retain(|name, _| !(name.as_str().starts_with("later") && name.as_str().contains('-')));
}

/// A hyphen cannot stand in a slot of the files.
fn prefix(number: u32) -> String {
    format!("later{number}-")
}
