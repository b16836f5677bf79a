//! Greetings, thanks, anger: said beside a matter, or alone.

use super::again;
use super::failure::{anger, offer_person};
use super::leaving::resume_suspended;
use super::steps::small_talk;
use super::turn::{Ask, Turn};
use crate::conversation::{Effect, Mood, Offer};
use crate::topics::{Topic, TopicRole};

/// Small talk: anger counts always, whether a topic of its own or the tone of the words tells it, and thanks that mean the opposite are none;
/// beside a matter only "are you a robot?" is answered.
pub(super) fn hear_small_talk<'a>(
    turn: &mut Turn<'a>,
    talk: &[&'a Topic],
    alone: bool,
    mood: Mood,
) {
    let angry = talk
        .iter()
        .find(|topic| topic.role == Some(TopicRole::Anger));
    let robot = talk
        .iter()
        .find(|topic| topic.role == Some(TopicRole::Robot));
    if !alone {
        if let Some(topic) = robot {
            small_talk(turn, topic);
            turn.choices.clear();
        }
        if angry.is_some() || mood == Mood::Angry {
            turn.memory.angry = true;
            // A match resets it; beside words that nobody understands it is one more.
            turn.memory.failures += 1;
        }
        return;
    }
    // "Gracias por nada" thanks for nothing.
    let bitter = matches!(mood, Mood::Angry | Mood::Ironic)
        .then(|| turn.catalog.with_role(TopicRole::Anger))
        .flatten()
        .filter(|_| !talk.is_empty());
    let angry = angry.copied().or(bitter);
    let Some(topic) = angry.or(robot.copied()).or(talk.last().copied()) else {
        return;
    };
    if topic.role == Some(TopicRole::Goodbye) {
        return goodbye(turn, topic);
    }
    small_talk(turn, topic);
    if angry.is_some() {
        anger(turn);
    }
    if turn.memory.open.is_some() && turn.effect == Effect::None {
        turn.ask = Ask::First;
    }
}

/// Thanks or goodbye: the session ends if nothing is open.
pub(super) fn goodbye<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let waits = turn.memory.open.is_some() || !turn.memory.suspended.is_empty();
    if waits {
        if turn.memory.open.is_some() {
            turn.ask = Ask::First;
        } else {
            resume_suspended(turn);
        }
        return;
    }
    if let Some(Offer::Person { .. }) = turn.memory.offered {
        // Thanks for the offer is neither a yes nor a no to it; thanks again is a no.
        if again::times(turn, "person") < 2 {
            return offer_person(turn);
        }
        turn.memory.offered = None;
    }
    small_talk(turn, topic);
    end_session(turn);
}

pub(super) fn end_session(turn: &mut Turn<'_>) {
    let closing = (turn.scene.closing)(&turn.lang);
    turn.memory.offered = None;
    turn.choices.clear();
    turn.effect = Effect::Goodbye {
        question: closing.question,
        because: closing.because,
    };
}
