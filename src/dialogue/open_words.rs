//! Words that name no topic, while no form is open.

use super::cues;
use super::failure::{Miss, clarify, is_small_talk, miss};
use super::handoff::{Announce, bring_person};
use super::hearing::start;
use super::leaving::{anything_else, leave};
use super::slot::typed;
use super::slot_text::from_text;
use super::small_talk::end_session;
use super::turn::Turn;
use crate::conversation::{Found, Offer, Reading, Verdict};
use crate::ids::TopicId;

/// Texts without a topic while no form is open.
pub(super) fn hear_words(turn: &mut Turn<'_>, words: &[(&str, &Reading)]) {
    let yes_no = words.iter().rev().find_map(|(_, reading)| reading.yes_no);
    if let (Some(yes), Some(_)) = (yes_no, &turn.memory.offered) {
        return reply_to_offer(turn, yes);
    }
    let all: String = words
        .iter()
        .map(|(text, _)| *text)
        .collect::<Vec<_>>()
        .join(" ");
    if let Some(id) = continues_last_topic(turn, words) {
        return start(turn, &id, words);
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
    miss(turn, Miss::Unknown, &nearest(words));
}

/// Yes or no to what was offered outside a form.
pub(super) fn reply_to_offer(turn: &mut Turn<'_>, yes: bool) {
    match (turn.memory.offered.take(), yes) {
        (Some(Offer::Person { wanted }), true) => bring_person(turn, wanted, Announce::Say),
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
        (Some(Offer::End), false) => {
            turn.say_engine("opinion_declined", &[]);
            end_session(turn);
        }
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

/// A bare value after an answer asks the same for that value: "¿y el 7654321?".
fn continues_last_topic(turn: &Turn<'_>, words: &[(&str, &Reading)]) -> Option<TopicId> {
    let topic = turn.catalog.topics.get(turn.memory.last_topic.as_ref()?)?;
    if is_small_talk(topic) || topic.sensitive {
        return None;
    }
    let found: Vec<Found> = words
        .iter()
        .flat_map(|(_, read)| read.found.clone())
        .collect();
    let fits = turn.slots_of(topic).into_iter().any(|slot| {
        found
            .iter()
            .any(|one| one.name == slot.name && from_text(&slot.rule, &one.value).is_some())
            || (!turn.slots.contains_key(&slot.name) && typed(&slot.rule, &found).is_some())
    });
    fits.then(|| topic.id.clone())
}

/// The nearest topics of all the texts, the surest first, each once.
pub(super) fn nearest(words: &[(&str, &Reading)]) -> Vec<TopicId> {
    let mut all: Vec<_> = words
        .iter()
        .flat_map(|(_, reading)| &reading.understood.nearest)
        .collect();
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut ids: Vec<TopicId> = Vec::new();
    for scored in all {
        if !ids.contains(&scored.topic) {
            ids.push(scored.topic.clone());
        }
    }
    ids
}
