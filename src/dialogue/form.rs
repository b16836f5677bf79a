//! A form that waits: what counts as an answer, and what is a digression.

use super::contact;
use super::cues::{self, Leave};
use super::handoff::{Announce, bring_person, take_contact, take_message};
use super::hidden;
use super::leaving::{anything_else, leave, succeed_quietly, wants_to_leave};
use super::open_words::{BESIDE_NUMBER_MAX, other_of};
use super::place::step_at;
use super::remembering;
use super::second_thoughts;
use super::slot::{self, stored_rule};
use super::steps::{gone, run};
use super::turn::{Ask, Turn};
use super::values::{correct, fill_others};
use crate::conversation::{Asking, Form, Reading, Reason};
use crate::ids::{HandoffReason, SlotName, TopicId};
use crate::topics::{Act, Slot, SlotKind, SlotRule, Text, Topic};

/// Answers that do not fit until a person comes.
pub(super) const INVALID_MAX: u32 = 3;

/// Words that may stand around a value in an answer that otherwise looks like another topic: "es el pedido 1234567".
const AROUND_VALUE_MAX: usize = 3;

/// Longest address, in words; what is longer and looks like another topic is that.
const ADDRESS_MAX: usize = 16;

/// Longest "I do not know" to a question for free words, in words; a longer one tells something.
const LACK_IN_FREE_TEXT_MAX: usize = 4;

/// Longest yes or no, in words: "sí, pero ¿cuánto cuesta el envío?" is a question first.
pub(super) const YES_NO_MAX: usize = 4;

/// How a form took a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// It got on, or was left.
    Taken,
    /// The text is about another topic.
    Digression,
    /// It did not fit.
    Misfit,
}

/// Asks for a slot of a topic.
pub(super) fn ask_slot(turn: &mut Turn<'_>, topic: &Topic, slot: &Slot, check: Option<&str>) {
    super::steps::answered(turn, topic);
    super::failure::succeed(turn);
    let ask = turn.fill(&slot.ask, topic);
    let retry = turn.fill(&slot.retry, topic);
    let proposed = check.is_none() && remembering::known(turn, slot).is_some();
    turn.open(Form {
        topic: topic.id.clone(),
        asking: Asking::Slot {
            slot: slot.name.clone(),
            rule: serde_json::to_value(&slot.rule).unwrap_or_default(),
            ask,
            retry,
            check: check.map(str::to_owned),
        },
        invalid: 0,
        lacking: false,
        proposed,
        cursor: crate::conversation::Cursor::default(),
    });
}

/// The open form hears a text. `lead` is the other topic that the text was understood to be about, where it is one.
pub(super) fn hear<'a>(
    turn: &mut Turn<'a>,
    form: &Form,
    text: &str,
    reading: &Reading,
    lead: Option<&TopicId>,
) -> Heard {
    match &form.asking {
        Asking::Slot { slot, rule, .. } => hear_slot(turn, form, slot, rule, text, reading, lead),
        Asking::Confirm { text: read_back } => {
            hear_confirm(turn, form, read_back, text, reading, lead)
        }
        Asking::Message { wanted } => {
            if cues::leaves(text).is_some()
                || (reading.yes_no == Some(false) && cues::word_count(text) <= 2)
                || cues::declines(text)
            {
                leave(turn);
            } else if reading.yes_no == Some(true)
                && cues::word_count(text) <= 2
                && form.invalid == 0
            {
                // "Yes" to "shall I take a message?" is no message yet.
                return Heard::Misfit;
            } else {
                take_message(turn, wanted.clone());
            }
            Heard::Taken
        }
        Asking::Contact { wanted } => match contact::in_text(turn, text, &reading.found) {
            Some(contact) => {
                take_contact(turn, wanted, Some(contact));
                Heard::Taken
            }
            None if cues::skips(text)
                || cues::leaves(text).is_some()
                || cues::declines(text)
                || reading.yes_no == Some(false) =>
            {
                take_contact(turn, wanted, None);
                Heard::Taken
            }
            None if contact::tells(text) && !is_an_example(reading) => {
                add_to_message(turn, form);
                Heard::Taken
            }
            None if lead.is_some() => Heard::Digression,
            None => Heard::Misfit,
        },
        Asking::Appeal => super::appeal::hear(turn, text, lead),
        Asking::Phone { .. } | Asking::CallTime { .. } | Asking::CallConfirm { .. } => {
            super::call_back::hear(turn, form, text, reading, lead)
        }
    }
}

/// What was told where an address was asked belongs to the message: it is in the log, and whoever answers reads it.
fn add_to_message(turn: &mut Turn<'_>, form: &Form) {
    turn.counted = true;
    if let Some(owed) = turn.scene.state.left_message() {
        let case = owed.promise.case.clone();
        turn.say_engine("message_added", &[("case", &case)]);
    }
    turn.memory.open = Some(form.clone());
    turn.ask = Ask::First;
}

#[allow(
    clippy::too_many_arguments,
    reason = "the parts of one form, taken apart"
)]
fn hear_slot<'a>(
    turn: &mut Turn<'a>,
    form: &Form,
    name: &SlotName,
    rule: &serde_json::Value,
    text: &str,
    reading: &Reading,
    lead: Option<&TopicId>,
) -> Heard {
    if wants_to_leave(turn, form, text, reading) {
        leave(turn);
        return Heard::Taken;
    }
    if let Some(heard) = remembering::hear_proposal(turn, form, name, text, reading) {
        return heard;
    }
    let Some(rule) = stored_rule(rule) else {
        gone(turn);
        return Heard::Taken;
    };
    let free = rule.kind == SlotKind::Text && rule.pattern.is_none();
    let value = slot::answer(&rule, name, text, &reading.found, reading.yes_no);
    if value.is_none() && is_a_hidden_number(text) {
        turn.ask = Ask::First;
        return Heard::Taken;
    }
    if free || value.is_none() {
        if cues::declines(text) && rule.kind != SlotKind::YesNo {
            leave(turn);
            return Heard::Taken;
        }
        let short = !free || cues::word_count(text) <= LACK_IN_FREE_TEXT_MAX;
        if short && rule.kind != SlotKind::YesNo && cues::lacks(text) && !is_an_example(reading) {
            lacking(turn, form);
            return Heard::Taken;
        }
    }
    if second_thoughts::corrects(text) && correct(turn, form, Some(name), text, reading) {
        return Heard::Taken;
    }
    // "El pedido era 1234568" has words and a number like an address, but it names what it is.
    let names_another = rule.kind == SlotKind::Address
        && turn.slots.iter().any(|(slot, known)| {
            slot != name
                && reading
                    .found
                    .iter()
                    .any(|one| one.name == *slot && one.value != *known)
        });
    if names_another && correct(turn, form, Some(name), text, reading) {
        return Heard::Taken;
    }
    // A bare number is no other topic: "28013" where the order's number was asked.
    let bare = cues::word_count(text) == 0 && !free;
    if lead.is_some() && !bare {
        let answers = if free {
            !is_another_matter(text, reading)
        } else {
            value.is_some() && is_little_more_than_a_value(&rule, text, reading)
        };
        if !answers {
            return Heard::Digression;
        }
    }
    if let Some(value) = value.filter(|_| !(free && cues::is_question(text))) {
        fill_others(turn, form, name, Some(&value), reading);
        accept(turn, form, name, value);
        return Heard::Taken;
    }
    if correct(turn, form, Some(name), text, reading) {
        return Heard::Taken;
    }
    if fill_others(turn, form, name, None, reading) {
        // What was given will not be asked; what was asked still is.
        turn.ask = Ask::First;
        return Heard::Taken;
    }
    Heard::Misfit
}

fn hear_confirm<'a>(
    turn: &mut Turn<'a>,
    form: &Form,
    read_back: &str,
    text: &str,
    reading: &Reading,
    lead: Option<&TopicId>,
) -> Heard {
    // "No, el pedido es 1234568" is a correction, whatever else it is.
    if correct(turn, form, None, text, reading) {
        return Heard::Taken;
    }
    // "Ese no, el otro": the same with what was talked about before, else it is asked which.
    if cues::means_the_other(text)
        && let Some((slot, before)) = other_of(turn, &form.topic)
    {
        match before {
            Some(value) => turn.set_slot(&slot, value),
            None => turn.forget_slot(&slot),
        }
        turn.memory.open = None;
        turn.ask = Ask::No;
        run(turn, &form.topic, &crate::conversation::Cursor::default());
        return Heard::Taken;
    }
    if cues::leaves(text) == Some(Leave::Plain) {
        leave(turn);
        return Heard::Taken;
    }
    if reading.yes_no.is_none() && is_a_hidden_number(text) {
        turn.ask = Ask::First;
        return Heard::Taken;
    }
    // "No, falta el piso" is no wish to leave it.
    if reading.yes_no != Some(true)
        && second_thoughts::finds_fault(text)
        && ask_anew(turn, form, read_back)
    {
        return Heard::Taken;
    }
    let plain = cues::word_count(text) <= YES_NO_MAX && !text.contains('?');
    let yes_no = reading
        .yes_no
        .or_else(|| cues::declines(text).then_some(false));
    match yes_no {
        Some(yes) if plain || lead.is_none() => {
            confirm(turn, form, read_back, yes);
            Heard::Taken
        }
        Some(_) | None if lead.is_some() => Heard::Digression,
        Some(_) | None if wants_to_leave(turn, form, text, reading) => {
            leave(turn);
            Heard::Taken
        }
        Some(_) | None => Heard::Misfit,
    }
}

/// Yes or no to what was read back. A yes counts only for what would be done now: where the data or the files have changed since, it is read back anew.
pub(super) fn confirm(turn: &mut Turn<'_>, form: &Form, read_back: &str, yes: bool) {
    turn.memory.open = None;
    if !yes {
        turn.say_engine("confirm_declined", &[]);
        forget_free_texts(turn, form);
        succeed_quietly(turn);
        return anything_else(turn);
    }
    match reads_now(turn, form) {
        None => gone(turn),
        Some(_) if reads_back_unknown(turn, form) => {
            run(turn, &form.topic, &crate::conversation::Cursor::default())
        }
        Some(now)
            if now != read_back
                && turn.scene.state.lang().map(crate::ids::Lang::base)
                    == Some(turn.lang.base()) =>
        {
            let mut anew = form.clone();
            anew.asking = Asking::Confirm { text: now };
            turn.open(anew);
        }
        Some(_) => run(turn, &form.topic, &form.cursor),
    }
}

/// Asks again for what was read back and is wrong: the last of the topic's own values that stand in it. `false` where none does.
fn ask_anew(turn: &mut Turn<'_>, form: &Form, read_back: &str) -> bool {
    let Some(topic) = turn.catalog.topics.get(&form.topic) else {
        return false;
    };
    let check = topic
        .requires
        .as_ref()
        .and_then(|name| turn.catalog.checks.get(name));
    let own = topic.slots.iter().filter(|slot| {
        check.is_none_or(|check| check.slots.iter().all(|proof| proof.name != slot.name))
    });
    let mut shown = own.filter(|slot| {
        turn.slots.contains_key(&slot.name)
            && turn
                .value(slot.name.as_str(), topic)
                .is_some_and(|value| read_back.contains(&value))
    });
    let Some(wrong) = shown.next_back().map(|slot| slot.name.clone()) else {
        return false;
    };
    turn.forget_slot(&wrong);
    turn.memory.open = None;
    turn.ask = Ask::No;
    run(turn, &form.topic, &crate::conversation::Cursor::default());
    true
}

/// What was told in own words and then not wanted is told anew the next time.
fn forget_free_texts(turn: &mut Turn<'_>, form: &Form) {
    let Some(topic) = turn.catalog.topics.get(&form.topic) else {
        return;
    };
    for slot in &topic.slots {
        if slot.rule.kind == SlotKind::Text && slot.rule.pattern.is_none() {
            turn.forget_slot(&slot.name);
        }
    }
}

/// What the form's confirmation would read back now; `None` where the step is no more.
pub(super) fn reads_now(turn: &Turn<'_>, form: &Form) -> Option<String> {
    let (topic, text) = confirmation(turn, form)?;
    Some(turn.fill(text, topic))
}

/// Whether the form's confirmation would read back what nobody knows any more: another matter has asked a service since.
pub(super) fn reads_back_unknown(turn: &Turn<'_>, form: &Form) -> bool {
    confirmation(turn, form).is_some_and(|(topic, text)| !turn.unfilled(text, topic).is_empty())
}

fn confirmation<'a>(turn: &Turn<'a>, form: &Form) -> Option<(&'a Topic, &'a Text)> {
    let topic = turn.catalog.topics.get(&form.topic)?;
    match &step_at(&topic.steps, &form.cursor.path)?.act {
        Act::Confirm { text } => Some((topic, text)),
        Act::Say { .. }
        | Act::Ask { .. }
        | Act::Call { .. }
        | Act::Go { .. }
        | Act::Escalate { .. } => None,
    }
}

/// The value fits: the topic goes on.
pub(super) fn accept(turn: &mut Turn<'_>, form: &Form, name: &SlotName, value: String) {
    turn.set_slot(name, value);
    turn.memory.open = None;
    turn.ask = Ask::No;
    run(turn, &form.topic, &form.cursor);
}

/// The visitor does not have what is asked: where it stands, and who goes on without it. The second time a person does.
fn lacking(turn: &mut Turn<'_>, form: &Form) {
    turn.memory.matched = false;
    if form.lacking {
        let wanted = turn.wanted(HandoffReason::FormFailure);
        return bring_person(turn, wanted, Announce::As("handoff_missing_value"));
    }
    turn.memory.open = Some(Form {
        lacking: true,
        proposed: false,
        ..form.clone()
    });
    turn.ask = Ask::Again;
}

/// The answer did not fit: asked again, the third time a person comes.
pub(super) fn misfit(turn: &mut Turn<'_>, form: &Form) {
    let mut form = form.clone();
    form.invalid += 1;
    form.proposed = false;
    turn.memory.matched = false;
    if form.invalid < INVALID_MAX {
        turn.memory.open = Some(form);
        turn.ask = Ask::Again;
        return;
    }
    match &form.asking {
        Asking::Slot { .. } | Asking::Confirm { .. } => {
            let wanted = turn.wanted(HandoffReason::FormFailure);
            bring_person(turn, wanted, Announce::Say);
        }
        Asking::Message { wanted } => take_message(turn, wanted.clone()),
        // The promise is made; where to answer besides is no reason to go on asking.
        Asking::Contact { wanted } => take_contact(turn, wanted, None),
        Asking::Appeal => super::appeal::give_up(turn),
        Asking::Phone { wanted }
        | Asking::CallTime { wanted }
        | Asking::CallConfirm { wanted, .. } => {
            super::call_back::go_on_with_message(turn, wanted.clone());
        }
    }
}

/// Whether the text holds a value of the kind that the form asks for; words in one's own order are none.
pub(super) fn gives_what_is_asked(
    turn: &Turn<'_>,
    form: &Form,
    text: &str,
    reading: &Reading,
) -> bool {
    match &form.asking {
        Asking::Slot { slot, rule, .. } => stored_rule(rule).is_some_and(|rule| {
            let typed = !matches!(rule.kind, SlotKind::Text | SlotKind::YesNo | SlotKind::List);
            (typed || rule.pattern.is_some())
                && slot::answer(&rule, slot, text, &reading.found, reading.yes_no).is_some()
        }),
        Asking::Contact { .. } => contact::in_text(turn, text, &reading.found).is_some(),
        Asking::Phone { wanted }
        | Asking::CallTime { wanted }
        | Asking::CallConfirm { wanted, .. } => super::call_back::gives(turn, wanted, text),
        Asking::Confirm { .. } | Asking::Message { .. } | Asking::Appeal => false,
    }
}

/// Whether a text that holds no value of the kind asked for means to be one: figures where something written with figures was asked.
pub(super) fn tries_to_answer(form: &Form, text: &str) -> bool {
    let written_with_figures = match &form.asking {
        Asking::Slot { rule, .. } => stored_rule(rule).is_some_and(|rule| match rule.kind {
            SlotKind::Text | SlotKind::YesNo | SlotKind::List | SlotKind::Url => false,
            SlotKind::Address
            | SlotKind::Number
            | SlotKind::Email
            | SlotKind::Phone
            | SlotKind::Date
            | SlotKind::Time
            | SlotKind::Money
            | SlotKind::Duration
            | SlotKind::Ordinal
            | SlotKind::IdNumber
            | SlotKind::Postcode => true,
        }),
        Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::CallConfirm { .. } => true,
        Asking::Confirm { .. } | Asking::Message { .. } | Asking::Appeal => false,
    };
    written_with_figures && text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text is a number that was hidden and little else: it was answered with what became of the number, and counts as no failure.
fn is_a_hidden_number(text: &str) -> bool {
    hidden::has_hidden_number(text) && cues::word_count(text) <= BESIDE_NUMBER_MAX
}

/// Whether free words are surely about another topic: a question, or something the files have word for word.
fn is_another_matter(text: &str, reading: &Reading) -> bool {
    cues::is_question(text) || is_an_example(reading)
}

/// Whether the files have a text word for word.
pub(super) fn is_an_example(reading: &Reading) -> bool {
    reading.understood.because.iter().any(|why| match why {
        Reason::Example { .. } | Reason::Template { .. } => true,
        Reason::Pattern { whole, .. } => *whole,
        Reason::Classifier { .. } | Reason::Repaired { .. } | Reason::Context { .. } => false,
    })
}

/// Whether a text is the asked value with a few words around it, so that it answers although it looks like a topic.
fn is_little_more_than_a_value(rule: &SlotRule, text: &str, reading: &Reading) -> bool {
    if cues::is_question(text) {
        return false;
    }
    match rule.kind {
        // An address is made of words: "Calle Mayor 3, 28013 Madrid".
        SlotKind::Address => cues::word_count(text) <= ADDRESS_MAX,
        SlotKind::YesNo => cues::word_count(text) <= AROUND_VALUE_MAX,
        SlotKind::List
        | SlotKind::Text
        | SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Date
        | SlotKind::Time
        | SlotKind::Money
        | SlotKind::Duration
        | SlotKind::Ordinal
        | SlotKind::Url
        | SlotKind::IdNumber
        | SlotKind::Postcode => {
            let inside: usize = reading
                .found
                .iter()
                .filter_map(|one| text.get(one.span.0..one.span.1))
                .map(cues::word_count)
                .sum();
            cues::telling_words(text).saturating_sub(inside) <= AROUND_VALUE_MAX
        }
    }
}
