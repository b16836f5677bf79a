//! Leaving a form, and coming back to one that waited.

use super::cues::{self, Leave};
use super::form::{reads_back_unknown, reads_now};
use super::later::{is_due, take_up};
use super::steps::{gone, is_irreversible, run};
use super::turn::{Ask, Turn, is_about_a_person};
use crate::conversation::{Asking, Cursor, Form, Offer, Reading};

/// The visitor wants no more of it. Nothing was changed, and what waited behind it comes back.
pub(super) fn leave(turn: &mut Turn<'_>) {
    turn.memory.open = None;
    turn.ask = Ask::No;
    turn.say_engine("form_cancelled", &[]);
    succeed_quietly(turn);
    anything_else(turn);
}

/// What waited comes back; else whether there is anything else.
pub(super) fn anything_else(turn: &mut Turn<'_>) {
    if turn.memory.suspended.is_empty() && !is_due(turn) {
        turn.say_engine("goodbye_anything_else", &[]);
        turn.memory.offered = Some(Offer::End);
    } else {
        resume_suspended(turn);
    }
}

/// It was understood, but it is no answer to a matter either: failures stay as they are.
pub(super) fn succeed_quietly(turn: &mut Turn<'_>) {
    turn.counted = true;
    turn.memory.last_answer = None;
    turn.memory.matched = false;
}

/// The next request of the same message, else the form that a digression put aside comes back; a value that came meanwhile is not asked again.
pub(super) fn resume_suspended(turn: &mut Turn<'_>) {
    if is_due(turn) {
        return take_up(turn);
    }
    let Some(mut form) = turn.memory.suspended.pop() else {
        return;
    };
    if was_replaced(turn, &form) {
        if let Some(choice) = turn.topic_choice(&form.topic) {
            turn.say_engine("form_not_done", &[("title", &choice.title)]);
            turn.offer(choice);
        }
        return resume_suspended(turn);
    }
    let title = if is_about_a_person(&form) {
        turn.reader.engine("talk_to_person", &[])
    } else {
        match turn.catalog.topics.get(&form.topic) {
            Some(topic) => turn.reader.words(&topic.title).to_owned(),
            None => return gone(turn),
        }
    };
    turn.say_engine("form_resumed", &[("title", &title)]);
    if let Asking::Slot { slot, .. } = &form.asking
        && turn.slots.contains_key(slot)
    {
        turn.run_from = turn.says.len();
        return run(turn, &form.topic, &form.cursor);
    }
    if let Asking::Confirm { .. } = &form.asking {
        if reads_back_unknown(turn, &form) {
            turn.run_from = turn.says.len();
            return run(turn, &form.topic, &Cursor::default());
        }
        match reads_now(turn, &form) {
            Some(now) => form.asking = Asking::Confirm { text: now },
            None => return gone(turn),
        }
    }
    turn.open(form);
}

/// Whether another act was asked for in the meantime: who wanted to cancel and then changes the address has probably made up their mind, and a
/// stray "yes" must not do what cannot be undone.
fn was_replaced(turn: &Turn<'_>, form: &Form) -> bool {
    let last = turn.memory.last_topic.as_ref();
    !is_about_a_person(form)
        && is_irreversible(turn, &form.topic)
        && last.is_some_and(|last| *last != form.topic && is_irreversible(turn, last))
}

/// "Cancelar" leaves a form, unless the form itself is about cancelling.
pub(super) fn wants_to_leave(turn: &Turn<'_>, form: &Form, text: &str, reading: &Reading) -> bool {
    match cues::leaves(text) {
        None => false,
        Some(Leave::Plain) => true,
        Some(Leave::Word) => {
            !is_about_cancelling(turn, form)
                && reading.understood.verdict.topic() != Some(&form.topic)
        }
    }
}

pub(super) fn is_about_cancelling(turn: &Turn<'_>, form: &Form) -> bool {
    turn.catalog.topics.get(&form.topic).is_some_and(|topic| {
        cues::is_about_cancelling(topic.id.as_str())
            || topic
                .title
                .by_lang
                .values()
                .flat_map(|words| words.variants())
                .any(cues::is_about_cancelling)
    })
}
