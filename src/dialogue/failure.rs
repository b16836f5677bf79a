//! When the bot does not get on. First it says so plainly and names the nearest topics; then it offers a person; then a person comes.

use super::handoff::{Announce, bring_person};
use super::steps::{digest, wanted_by};
use super::turn::Turn;
use crate::conversation::{Offer, Target, Wanted};
use crate::ids::{HandoffReason, TopicId};
use crate::topics::{Topic, TopicRole};

/// Consecutive failures, or failures among the last turns, that bring a person.
pub(super) const BRINGS_PERSON: u32 = 3;

/// Turns that are looked back upon.
const LAST_TURNS: usize = 6;

/// Topics named after a failure, at most.
const NEAREST_MAX: usize = 3;

/// Why a turn is a failure.
#[derive(Debug, Clone, Copy)]
pub(super) enum Miss<'a> {
    /// It was not understood.
    Unknown,
    /// This topic's answer would be the same as just before.
    Repeat(&'a Topic),
}

/// The turn got on: failures begin anew.
pub(super) fn succeed(turn: &mut Turn<'_>) {
    if !turn.counted {
        turn.counted = true;
        turn.memory.failures = 0;
        remember(turn, false);
    }
}

/// The turn failed; `nearest` are the topics it might have meant.
pub(super) fn miss(turn: &mut Turn<'_>, why: Miss<'_>, nearest: &[TopicId]) {
    if turn.counted {
        // Something else of this turn got on, or failed, already.
        return;
    }
    turn.counted = true;
    turn.memory.matched = false;
    if let Miss::Repeat(topic) = why {
        turn.memory.topic_failures += 1;
        if turn.memory.topic_failures >= topic.escalate.after_failures {
            let wanted = wanted_by(topic, HandoffReason::RepeatedFailure);
            // It was understood, and what is known of it is said.
            return bring_person(turn, wanted, Announce::As("handoff_repeated_answer"));
        }
    } else {
        turn.memory.last_answer = None;
    }
    if fail(turn) {
        return;
    }
    if turn.memory.failures == 2 {
        return match why {
            Miss::Repeat(_) => offer_person_saying(turn, "second_repeat"),
            Miss::Unknown => offer_person(turn),
        };
    }
    let except = match why {
        Miss::Repeat(topic) => Some(&topic.id),
        Miss::Unknown => None,
    };
    let choices = nearest_choices(turn, nearest, except);
    match why {
        Miss::Repeat(_) => {
            turn.say_engine("already_answered", &[]);
            let person = turn.choice("talk_to_person", Target::Person);
            turn.choices = choices;
            turn.offer(person);
        }
        Miss::Unknown if choices.is_empty() => turn.say_engine("first_miss_no_topics", &[]),
        Miss::Unknown => {
            turn.say_engine("first_miss", &[]);
            turn.memory.offered = Some(Offer::Topics {
                topics: choices
                    .iter()
                    .filter_map(|choice| choice.target.topic().cloned())
                    .collect(),
            });
            turn.choices = choices;
        }
    }
}

/// Anger adds one failure, whatever else the turn brings; its own words were said already.
pub(super) fn anger(turn: &mut Turn<'_>) {
    turn.memory.angry = true;
    turn.counted = true;
    if !fail(turn) && turn.memory.failures == 2 {
        offer_person(turn);
    }
}

/// Which of two or three topics was meant. The same question twice in a row is a failure.
pub(super) fn clarify(turn: &mut Turn<'_>, topics: &[TopicId]) {
    let choices: Vec<_> = topics
        .iter()
        .filter_map(|id| turn.topic_choice(id))
        .take(NEAREST_MAX)
        .collect();
    let asked = digest(
        &topics
            .iter()
            .map(TopicId::as_str)
            .collect::<Vec<_>>()
            .join(" "),
    );
    if choices.is_empty() || turn.memory.last_answer == Some(asked) {
        return miss(turn, Miss::Unknown, topics);
    }
    turn.memory.last_answer = Some(asked);
    turn.memory.matched = false;
    turn.say_engine("clarify", &[]);
    turn.memory.offered = Some(Offer::Topics {
        topics: topics.to_vec(),
    });
    turn.choices = choices;
}

/// Counts a failure; `true` where it brought a person.
fn fail(turn: &mut Turn<'_>) -> bool {
    turn.memory.failures += 1;
    remember(turn, true);
    let among_last = turn.memory.recent.iter().filter(|failed| **failed).count();
    let brings = turn.memory.failures >= BRINGS_PERSON || among_last >= at_least(BRINGS_PERSON);
    if brings {
        let wanted = turn.wanted(HandoffReason::RepeatedFailure);
        bring_person(turn, wanted, Announce::Say);
    }
    brings
}

/// Asks whether a person shall take over.
pub(super) fn offer_person(turn: &mut Turn<'_>) {
    offer_person_saying(turn, "second_miss");
}

fn offer_person_saying(turn: &mut Turn<'_>, key: &str) {
    turn.say_engine(key, &[]);
    let wanted = turn.wanted(HandoffReason::RepeatedFailure);
    offer(turn, wanted);
}

/// A yes to what was just said brings this person.
pub(super) fn offer(turn: &mut Turn<'_>, wanted: Wanted) {
    turn.choices = turn.yes_no();
    turn.memory.offered = Some(Offer::Person { wanted });
}

fn remember(turn: &mut Turn<'_>, failed: bool) {
    turn.memory.recent.push(failed);
    let excess = turn.memory.recent.len().saturating_sub(LAST_TURNS);
    turn.memory.recent.drain(..excess);
}

fn at_least(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Buttons of the nearest topics that one can mean without saying it: no small talk, nothing sensitive, no person.
fn nearest_choices(
    turn: &Turn<'_>,
    nearest: &[TopicId],
    except: Option<&TopicId>,
) -> Vec<crate::conversation::Choice> {
    nearest
        .iter()
        .filter(|id| Some(*id) != except)
        .filter(|id| {
            turn.catalog
                .topics
                .get(*id)
                .is_some_and(|topic| !topic.sensitive && !is_small_talk(topic))
        })
        .filter_map(|id| turn.topic_choice(id))
        .filter(|choice| choice.target != Target::Person)
        .take(NEAREST_MAX)
        .collect()
}

/// Neither a success nor a failure: what the file says, and what the roles are by nature.
pub fn is_small_talk(topic: &Topic) -> bool {
    topic.small_talk
        || match topic.role {
            Some(
                TopicRole::Goodbye | TopicRole::Greeting | TopicRole::Robot | TopicRole::Anger,
            ) => true,
            Some(TopicRole::TalkToPerson) | None => false,
        }
}
