//! Words that name no topic, while no form is open.

use super::cues;
use super::failure::{BRINGS_PERSON, Miss, clarify, is_small_talk, miss};
use super::handoff::{Announce, bring_person};
use super::hearing::{begin, start};
use super::hidden;
use super::leaving::{anything_else, leave, succeed_quietly};
use super::remembering;
use super::slot::{named, typed};
use super::small_talk::end_session;
use super::turn::{Turn, before};
use crate::conversation::{Found, Offer, Reading, Verdict};
use crate::ids::{HandoffReason, SlotName, TopicId};
use crate::topics::SlotKind;

/// Confidence from which a topic is offered after a miss: what is less likely only confuses.
const NEAR_ENOUGH: f32 = 0.05;

/// Words beside a hidden number that say nothing of their own: "mi tarjeta es".
pub(super) const BESIDE_NUMBER_MAX: usize = 5;

/// Texts without a topic while no form is open.
pub(super) fn hear_words(turn: &mut Turn<'_>, words: &[(&str, &Reading)]) {
    let declines = words.last().is_some_and(|(text, _)| cues::declines(text));
    let yes_no = words
        .iter()
        .rev()
        .find_map(|(_, reading)| reading.yes_no)
        .or(declines.then_some(false));
    if let (Some(yes), Some(_)) = (yes_no, &turn.memory.offered) {
        return reply_to_offer(turn, yes);
    }
    let all: String = words
        .iter()
        .map(|(text, _)| *text)
        .collect::<Vec<_>>()
        .join(" ");
    if let Some((id, slot, value)) = other_value(turn).filter(|_| cues::means_the_other(&all)) {
        return start_for_the_other(turn, &id, &slot, value);
    }
    let found: Vec<Found> = words
        .iter()
        .flat_map(|(_, read)| read.found.clone())
        .collect();
    if let Some((id, values)) = continued(turn, &found) {
        return begin(turn, &id, &values);
    }
    if declines {
        return decline(turn);
    }
    let unclear = words
        .iter()
        .rev()
        .find_map(|(_, reading)| match &reading.understood.verdict {
            Verdict::Ambiguous { topics } => Some(topics),
            Verdict::Match { .. } | Verdict::OutOfScope => None,
        });
    if let Some(topics) = unclear {
        turn.memory.offered = None;
        return clarify(turn, topics);
    }
    if cues::leaves(&all).is_some() {
        return leave(turn);
    }
    if cues::acknowledges(&all) && turn.memory.offered.is_none() {
        return anything_else(turn);
    }
    turn.memory.offered = None;
    if hidden::has_hidden_number(&all) && cues::word_count(&all) <= BESIDE_NUMBER_MAX {
        // It was answered with what became of the number.
        return succeed_quietly(turn);
    }
    miss(turn, Miss::Unknown, &nearest(words));
}

/// "No", "nada más", with nothing open.
fn decline(turn: &mut Turn<'_>) {
    if turn.memory.asked
        && let Some((_, choices)) = &turn.scene.state.choices
    {
        // "¿Está todo en orden?" "No": then it is one of the buttons under the question.
        turn.say_engine("clarify", &[]);
        turn.choices.clone_from(choices);
        return succeed_quietly(turn);
    }
    if turn.memory.last_topic.is_none() {
        turn.say_engine("go_ahead", &[]);
        offer_greeting_topics(turn);
        return succeed_quietly(turn);
    }
    end(turn);
}

/// Nothing more is wanted. Who goes in anger, after what failed already, is owed the person that the third failure brings.
fn end(turn: &mut Turn<'_>) {
    if turn.memory.failures >= BRINGS_PERSON {
        let wanted = turn.wanted(HandoffReason::RepeatedFailure);
        return bring_person(turn, wanted, Announce::Say);
    }
    turn.say_engine("opinion_declined", &[]);
    end_session(turn);
}

/// Yes or no to what was offered outside a form.
pub(super) fn reply_to_offer(turn: &mut Turn<'_>, yes: bool) {
    match (turn.memory.offered.take(), yes) {
        // It was asked for now, whatever had failed before.
        (Some(Offer::Person { wanted }), true) => {
            bring_person(turn, wanted, Announce::As("handoff_requested"));
        }
        (Some(Offer::Person { .. }), false) => {
            turn.say_engine("person_declined", &[]);
            offer_greeting_topics(turn);
        }
        (Some(Offer::Topics { topics }), true) if topics.len() == 1 => {
            if let Some(only) = topics.first() {
                start(turn, only, &[]);
            }
        }
        (Some(Offer::Topics { topics }), true) => miss(turn, Miss::Unknown, &topics),
        (Some(Offer::Topics { .. }), false) => miss(turn, Miss::Unknown, &[]),
        (Some(Offer::End), true) => {
            turn.say_engine("go_ahead", &[]);
            offer_greeting_topics(turn);
        }
        (Some(Offer::End), false) => end(turn),
        (Some(Offer::Remember { slots }), yes) => remembering::reply(turn, &slots, yes),
        (None, _) => anything_else(turn),
    }
}

fn offer_greeting_topics(turn: &mut Turn<'_>) {
    let catalog = turn.catalog;
    for id in &catalog.assistant.greeting_choices {
        if let Some(choice) = turn.topic_choice(id) {
            turn.offer(choice);
        }
    }
}

/// A bare value after an answer asks the same for that value: "¿y el 7654321?". Gives the topic and the values under its slots' names.
pub(super) fn continued(turn: &Turn<'_>, found: &[Found]) -> Option<(TopicId, Vec<Found>)> {
    let topic = turn.catalog.topics.get(turn.memory.last_topic.as_ref()?)?;
    if is_small_talk(topic) || topic.sensitive {
        return None;
    }
    let slots = turn.slots_of(topic);
    let values: Vec<Found> = slots
        .into_iter()
        .filter_map(|slot| {
            let named = named(&slot.rule, &slot.name, found);
            // A number beside a known proof is another order, not another proof.
            let replaces =
                slot.rule.kind == SlotKind::Number || !turn.slots.contains_key(&slot.name);
            let value = named.or_else(|| replaces.then(|| typed(&slot.rule, found))?)?;
            Some(Found {
                name: slot.name.clone(),
                value,
                span: (0, 0),
            })
        })
        .collect();
    // One value fills one slot.
    let first = values.into_iter().next()?;
    Some((topic.id.clone(), vec![first]))
}

/// What the last topic was about, and what it was about before, where there was something.
pub(super) fn other_value(turn: &Turn<'_>) -> Option<(TopicId, SlotName, Option<String>)> {
    let topic = turn.memory.last_topic.clone()?;
    let (slot, value) = other_of(turn, &topic)?;
    Some((topic, slot, value))
}

/// The slot that names what a topic is about, where it is filled, and what stood there before.
pub(super) fn other_of(turn: &Turn<'_>, topic: &TopicId) -> Option<(SlotName, Option<String>)> {
    let topic = turn.catalog.topics.get(topic)?;
    let check = turn.catalog.checks.get(topic.requires.as_ref()?)?;
    let slot = check.slots.first()?;
    let value = turn.slots.get(before(&slot.name).as_str()).cloned();
    turn.slots
        .contains_key(&slot.name)
        .then(|| (slot.name.clone(), value))
}

/// The same about the other one: the one before, else the visitor is asked which.
fn start_for_the_other(turn: &mut Turn<'_>, id: &TopicId, slot: &SlotName, value: Option<String>) {
    let found = value.map(|value| Found {
        name: slot.clone(),
        value,
        span: (0, 0),
    });
    if found.is_none() {
        turn.forget_slot(slot);
    }
    begin(turn, id, found.as_slice());
}

/// The nearest topics of all the texts, the surest first, each once.
pub(super) fn nearest(words: &[(&str, &Reading)]) -> Vec<TopicId> {
    let mut all: Vec<_> = words
        .iter()
        .flat_map(|(_, reading)| &reading.understood.nearest)
        .collect();
    all.retain(|scored| scored.confidence >= NEAR_ENOUGH);
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut ids: Vec<TopicId> = Vec::new();
    for scored in all {
        if !ids.contains(&scored.topic) {
            ids.push(scored.topic.clone());
        }
    }
    ids
}
