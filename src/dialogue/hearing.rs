//! One thought of the visitor: a topic, a button, or words for the open form.

use super::answer::ends_everything;
use super::call_back;
use super::cues::word_count;
use super::failure::clarify;
use super::form::{Heard, accept, confirm, hear, misfit, tries_to_answer};
use super::handoff::take_contact;
use super::later::{keep, take_up};
use super::leaving::{anything_else, leave};
use super::open_words::{hear_words, reply_to_offer};
use super::parts::{Lead, Part};
use super::remembering;
use super::second_thoughts;
use super::slot::stored_rule;
use super::slot_text::from_text;
use super::steps::run;
use super::turn::{Ask, Turn};
use super::values::take_values;
use crate::conversation::{Asking, Cursor, Effect, Form, Found, Reading, Target, Verdict};
use crate::ids::TopicId;
use crate::topics::{SlotKind, Topic};

/// Words from which a text that holds no value of the kind asked for is no try at it.
const STORY: usize = 6;

pub(super) fn hear_part<'a>(turn: &mut Turn<'a>, part: &Part<'_>) {
    match &part.lead {
        Lead::Tap(target) => tap(turn, target),
        Lead::Topic(id) => match turn.memory.open.clone() {
            Some(_) => hear_in_form(turn, part, Some(id)),
            None => start(turn, id, &part.words),
        },
        Lead::Words if turn.memory.open.is_some() => hear_in_form(turn, part, None),
        Lead::Words => hear_words(turn, &part.words),
    }
}

/// A button other than a topic.
pub(super) fn tap(turn: &mut Turn<'_>, target: &Target) {
    let form = turn.memory.open.clone();
    match (target, form.as_ref().map(|form| (form, &form.asking))) {
        (Target::Yes | Target::No, Some((form, Asking::Confirm { text }))) => {
            confirm(turn, form, text, *target == Target::Yes);
        }
        (Target::Yes | Target::No, Some((form, Asking::Slot { slot, .. }))) if form.proposed => {
            remembering::answer_proposal(turn, form, slot, *target == Target::Yes);
        }
        (Target::Yes | Target::No, Some((form, Asking::Slot { slot, rule, .. })))
            if stored_rule(rule).is_some_and(|rule| rule.kind == SlotKind::YesNo) =>
        {
            let value = if *target == Target::Yes { "yes" } else { "no" };
            accept(turn, form, slot, value.to_owned());
        }
        (Target::Value { value }, Some((form, Asking::Slot { slot, rule, .. }))) => {
            match stored_rule(rule).and_then(|rule| from_text(&rule, value)) {
                Some(value) => accept(turn, form, slot, value),
                None => misfit(turn, form),
            }
        }
        // The way out that was offered with a question for a value.
        (Target::No, Some((_, Asking::Slot { .. }))) => leave(turn),
        (Target::Skip, Some((_, Asking::Contact { wanted }))) => take_contact(turn, wanted, None),
        (Target::CallBack, _) => call_back::begin(turn),
        (Target::Appeal, _) => super::appeal::begin(turn),
        (
            Target::Skip,
            Some((
                _,
                Asking::Phone { wanted }
                | Asking::CallTime { wanted }
                | Asking::CallConfirm { wanted, .. },
            )),
        ) => call_back::go_on_with_message(turn, wanted.clone()),
        (
            Target::Value { value },
            Some((form, Asking::CallTime { wanted } | Asking::CallConfirm { wanted, .. })),
        ) => call_back::pick(turn, form, wanted, value),
        (Target::Yes | Target::No, Some((form, Asking::CallConfirm { .. }))) => {
            call_back::confirm(turn, form, *target == Target::Yes);
        }
        (Target::Yes | Target::No, None) if turn.memory.offered.is_some() => {
            reply_to_offer(turn, *target == Target::Yes);
        }
        (_, Some(_)) => turn.ask = Ask::First,
        (_, None) => anything_else(turn),
    }
}

/// A topic begins with these values.
pub(super) fn begin(turn: &mut Turn<'_>, id: &TopicId, found: &[Found]) {
    turn.memory.offered = None;
    turn.choices.clear();
    turn.run_from = turn.says.len();
    let mut found = found.to_vec();
    let mut further = None;
    if let Some(topic) = turn.catalog.topics.get(id) {
        further = set_apart(turn, topic, &mut found);
        take_values(turn, topic, &found);
    }
    run(turn, id, &Cursor::default());
    if let Some(further) = further
        && !ends_everything(&turn.effect)
    {
        keep(turn, id, &[further]);
        if turn.effect == Effect::None && turn.memory.open.is_none() {
            take_up(turn);
        }
    }
}

/// Of two order numbers the second is a request of its own: "¿dónde están el 1000007 y el 1000012?".
fn set_apart(turn: &Turn<'_>, topic: &Topic, found: &mut Vec<Found>) -> Option<Found> {
    let check = turn.catalog.checks.get(topic.requires.as_ref()?)?;
    let slot = check.slots.first()?;
    if slot.rule.kind != SlotKind::Number {
        return None;
    }
    let mut values: Vec<String> = Vec::new();
    for one in found.iter() {
        let number = one.name == slot.name || matches!(one.name.as_str(), "number" | "order");
        if let Some(value) = from_text(&slot.rule, &one.value).filter(|_| number)
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    let [first, second] = values.as_slice() else {
        return None;
    };
    found.retain(|one| from_text(&slot.rule, &one.value).as_ref() != Some(second));
    let named = |value: &String| Found {
        name: slot.name.clone(),
        value: value.clone(),
        span: (0, 0),
    };
    found.push(named(first));
    Some(named(second))
}

/// The same with the texts that brought it. Its form, if it opens one, takes what else was written with it.
pub(super) fn start(turn: &mut Turn<'_>, id: &TopicId, words: &[(&str, &Reading)]) {
    let found: Vec<Found> = words
        .iter()
        .flat_map(|(_, read)| read.found.clone())
        .collect();
    begin(turn, id, &found);
    for (text, reading) in words {
        if matches!(reading.understood.verdict, Verdict::Match { .. }) {
            continue;
        }
        let Some(form) = turn.memory.open.clone().filter(|form| form.topic == *id) else {
            return;
        };
        // "Quiero cambiar la dirección" and, in a message of its own, "Calle Mayor 3".
        if let Asking::Slot { slot, rule, .. } = &form.asking
            && let Some(rule) = stored_rule(rule)
            && (rule.kind != SlotKind::Text || rule.pattern.is_some())
            && let Some(value) = from_text(&rule, text)
        {
            accept(turn, &form, slot, value);
        }
    }
}

/// Texts while a form is open.
fn hear_in_form<'a>(turn: &mut Turn<'a>, part: &Part<'_>, lead: Option<&TopicId>) {
    let mut taken = false;
    if part.words.is_empty()
        && let Some(id) = lead
    {
        return digress(turn, id, &[]);
    }
    for (index, (text, reading)) in part.words.iter().enumerate() {
        let Some(form) = turn.memory.open.clone() else {
            return;
        };
        if turn.effect != Effect::None {
            return;
        }
        let own = reading.understood.verdict.topic() == Some(&form.topic)
            && !super::turn::is_about_a_person(&form);
        let other = lead.filter(|id| !own && reading.understood.verdict.topic() == Some(*id));
        match hear(turn, &form, text, reading, other) {
            Heard::Taken => taken = true,
            Heard::Digression => {
                if let Some(id) = other {
                    let rest = part.words.get(index..).unwrap_or_default();
                    return digress(turn, id, rest);
                }
            }
            Heard::Misfit if taken => {}
            Heard::Misfit if tells_something_else(&form, text, reading) => {
                // It waits, and comes back once what was told is dealt with.
                turn.put_aside();
                let rest = part.words.get(index..).unwrap_or_default();
                return hear_words(turn, rest);
            }
            Heard::Misfit => match &reading.understood.verdict {
                Verdict::Ambiguous { topics }
                    if !topics.contains(&form.topic) && !tries_to_answer(&form, text) =>
                {
                    clarify(turn, topics);
                    if turn.memory.open.is_some() {
                        turn.ask = Ask::No;
                    }
                    taken = true;
                }
                Verdict::Ambiguous { .. } | Verdict::Match { .. } | Verdict::OutOfScope => {
                    // Of several texts that do not fit one is counted: they are one answer.
                    if index + 1 == part.words.len() {
                        misfit(turn, &form);
                    }
                }
            },
        }
    }
}

/// Whether a text is too long for a value that one can type and holds none: somebody tells something else.
fn tells_something_else(form: &Form, text: &str, reading: &Reading) -> bool {
    let nearest = reading.understood.nearest.first();
    if nearest.is_some_and(|nearest| nearest.topic == form.topic) {
        return false;
    }
    let rule = match &form.asking {
        Asking::Slot { rule, .. } => stored_rule(rule),
        Asking::Confirm { .. }
        | Asking::Message { .. }
        | Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::Appeal
        | Asking::CallConfirm { .. } => None,
    };
    let Some(rule) = rule.filter(|_| word_count(text) >= STORY) else {
        return false;
    };
    match rule.kind {
        SlotKind::Text if rule.pattern.is_none() => false,
        SlotKind::YesNo | SlotKind::List => false,
        // "Eran 3 y vinieron 2" has figures, and none that could be meant.
        SlotKind::Number | SlotKind::Phone | SlotKind::IdNumber | SlotKind::Email => {
            !has_long_number(text) && !text.contains('@')
        }
        SlotKind::Text
        | SlotKind::Url
        | SlotKind::Address
        | SlotKind::Postcode
        | SlotKind::Date
        | SlotKind::Time
        | SlotKind::Money
        | SlotKind::Duration
        | SlotKind::Ordinal => !tries_to_answer(form, text),
    }
}

/// Whether a text has three figures in a row.
fn has_long_number(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|three| three.iter().all(u8::is_ascii_digit))
}

/// Another topic while a form is open: answered, then the form comes back.
fn digress(turn: &mut Turn<'_>, id: &TopicId, words: &[(&str, &Reading)]) {
    let again = turn
        .memory
        .open
        .as_ref()
        .is_some_and(|form| form.topic == *id && !super::turn::is_about_a_person(form));
    if again && words.is_empty() {
        turn.ask = Ask::First;
        return;
    }
    // "Mejor cambia la dirección": what was begun is not wanted any more.
    let replaces = words
        .first()
        .is_some_and(|(text, _)| second_thoughts::replaces(text));
    if replaces
        && turn
            .memory
            .open
            .take_if(|form| !super::turn::is_about_a_person(form))
            .is_some()
    {
        turn.say_engine("form_cancelled", &[]);
    }
    turn.suspend_for(id);
    start(turn, id, words);
}
