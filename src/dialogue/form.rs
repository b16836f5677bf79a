//! A form that waits: what it asks, what counts as an answer, and what is a correction, a digression or a wish to leave.

use super::cues::{self, Leave};
use super::handoff::{Announce, bring_person, take_contact, take_message};
use super::slot::{self, stored_rule};
use super::steps::{gone, run, step_at};
use super::turn::{Ask, Turn, is_about_a_person};
use crate::conversation::{Asking, Choice, Form, Found, Offer, Reading, Reason, Target};
use crate::ids::{HandoffReason, SlotName, TopicId};
use crate::topics::{Act, Slot, SlotKind, SlotRule, Topic};

/// Answers that do not fit until a person comes.
const INVALID_MAX: u32 = 3;

/// Values of a list that become buttons, at most; more are not read on a phone.
const BUTTONS_MAX: usize = 10;

/// Words that may stand around a value in an answer that otherwise looks like another topic: "es el pedido 1234567".
const AROUND_VALUE_MAX: usize = 3;

/// Longest yes or no, in words: "sí, pero ¿cuánto cuesta el envío?" is a question first.
const YES_NO_MAX: usize = 4;

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
        cursor: crate::conversation::Cursor::default(),
    });
}

/// The question of a form and its buttons.
pub(super) fn question(turn: &Turn<'_>, form: &Form, how: Ask) -> (String, Vec<Choice>) {
    match &form.asking {
        Asking::Slot {
            slot,
            rule,
            ask,
            retry,
            ..
        } => {
            // As the files have it now and in the language of now; as it was asked where the files have it no more.
            let known = turn.catalog.topics.get(&form.topic).and_then(|topic| {
                let slot = turn.slots_of(topic).into_iter().find(|s| s.name == *slot)?;
                Some((turn.fill(&slot.ask, topic), turn.fill(&slot.retry, topic)))
            });
            let (ask, retry) = known.unwrap_or_else(|| (ask.clone(), retry.clone()));
            let words = if how == Ask::Again && !retry.trim().is_empty() {
                retry
            } else {
                ask
            };
            // Before the last try the way out is named.
            let last = how == Ask::Again && form.invalid + 1 == INVALID_MAX;
            let words = if last && !is_about_cancelling(turn, form) {
                format!("{words}\n\n{}", turn.reader.engine("cancel_hint", &[]))
            } else {
                words
            };
            let rule = stored_rule(rule);
            let choices = rule
                .as_ref()
                .map(|rule| value_choices(turn, rule))
                .unwrap_or_default();
            match rule {
                Some(rule)
                    if how == Ask::Again && rule.kind == SlotKind::List && choices.is_empty() =>
                {
                    (format!("{words}{}", listed(turn, &rule)), choices)
                }
                Some(_) | None => (words, choices),
            }
        }
        Asking::Confirm { text } => {
            let words = if how == Ask::Again {
                format!("{}\n\n{text}", turn.reader.engine("confirm_again", &[]))
            } else {
                text.clone()
            };
            (words, turn.yes_no())
        }
        Asking::Message { .. } => (turn.reader.engine("ask_message", &[]), Vec::new()),
        Asking::Contact { .. } => {
            let key = if how == Ask::Again {
                "ask_contact_again"
            } else {
                "ask_contact"
            };
            (
                turn.reader.engine(key, &[]),
                vec![turn.choice("skip", Target::Skip)],
            )
        }
    }
}

fn value_choices(turn: &Turn<'_>, rule: &SlotRule) -> Vec<Choice> {
    match rule.kind {
        SlotKind::YesNo => turn.yes_no(),
        SlotKind::List if rule.values.len() <= BUTTONS_MAX => rule
            .values
            .iter()
            .map(|value| Choice {
                title: slot::label(value, &turn.reader.lang),
                target: Target::Value {
                    value: value.value.clone(),
                },
            })
            .collect(),
        SlotKind::List
        | SlotKind::Text
        | SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode
        | SlotKind::Address => Vec::new(),
    }
}

/// The values in words, where they are too many for buttons and few enough to read.
fn listed(turn: &Turn<'_>, rule: &SlotRule) -> String {
    if rule.values.len() > BUTTONS_MAX * 3 {
        return String::new();
    }
    let labels: Vec<String> = rule
        .values
        .iter()
        .map(|value| slot::label(value, &turn.reader.lang))
        .collect();
    format!(
        "\n\n{}",
        turn.reader
            .engine("list_options", &[("options", &labels.join(", "))])
    )
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
            {
                leave(turn);
            } else if lead.is_some() && is_another_matter(text, reading) {
                return Heard::Digression;
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
        Asking::Contact { wanted } => match contact_in(text, &reading.found) {
            Some(contact) => {
                take_contact(turn, wanted, Some(contact));
                Heard::Taken
            }
            None if cues::skips(text)
                || cues::leaves(text).is_some()
                || reading.yes_no == Some(false) =>
            {
                take_contact(turn, wanted, None);
                Heard::Taken
            }
            None if lead.is_some() => Heard::Digression,
            None => Heard::Misfit,
        },
    }
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
    let Some(rule) = stored_rule(rule) else {
        gone(turn);
        return Heard::Taken;
    };
    if cues::corrects(text) && correct(turn, form, Some(name), text, reading) {
        return Heard::Taken;
    }
    let free = rule.kind == SlotKind::Text && rule.pattern.is_none();
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
    let value = slot::answer(&rule, name, text, &reading.found, reading.yes_no);
    if lead.is_some() {
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
        fill_others(turn, form, name, reading);
        accept(turn, form, name, value);
        return Heard::Taken;
    }
    if correct(turn, form, Some(name), text, reading) {
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
    if cues::leaves(text) == Some(Leave::Plain) {
        leave(turn);
        return Heard::Taken;
    }
    let plain = cues::word_count(text) <= YES_NO_MAX && !text.contains('?');
    match reading.yes_no {
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
        succeed_quietly(turn);
        return anything_else(turn);
    }
    match reads_now(turn, form) {
        None => gone(turn),
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

/// What the form's confirmation would read back now; `None` where the step is no more.
fn reads_now(turn: &Turn<'_>, form: &Form) -> Option<String> {
    let topic = turn.catalog.topics.get(&form.topic)?;
    match &step_at(&topic.steps, &form.cursor.path)?.act {
        Act::Confirm { text } => Some(turn.fill(text, topic)),
        Act::Say { .. } | Act::Call { .. } | Act::Go { .. } | Act::Escalate { .. } => None,
    }
}

/// The value fits: the topic goes on.
pub(super) fn accept(turn: &mut Turn<'_>, form: &Form, name: &SlotName, value: String) {
    turn.set_slot(name, value);
    turn.memory.open = None;
    turn.ask = Ask::No;
    run(turn, &form.topic, &form.cursor);
}

/// The answer did not fit: asked again, the third time a person comes.
pub(super) fn misfit(turn: &mut Turn<'_>, form: &Form) {
    let mut form = form.clone();
    form.invalid += 1;
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
    }
}

/// A filled slot gets another value: everything that rested on it is done anew. `false` where nothing is corrected.
fn correct(
    turn: &mut Turn<'_>,
    form: &Form,
    asked: Option<&SlotName>,
    text: &str,
    reading: &Reading,
) -> bool {
    let Some(topic) = turn.catalog.topics.get(&form.topic) else {
        return false;
    };
    let corrects = cues::corrects(text);
    let mut changed = Vec::new();
    for slot in turn.slots_of(topic) {
        let Some(known) = turn.slots.get(&slot.name) else {
            continue;
        };
        if Some(&slot.name) == asked || changed.iter().any(|(name, _)| *name == slot.name) {
            continue;
        }
        let value = slot::named(&slot.rule, &slot.name, &reading.found)
            .or_else(|| slot::typed(&slot.rule, &reading.found))
            .or_else(|| {
                (corrects && has_shape(&slot.rule)).then(|| slot::from_text(&slot.rule, text))?
            });
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
    turn.say_engine("slot_corrected", &[("value", &shown)]);
    turn.memory.open = None;
    turn.ask = Ask::No;
    run(turn, &form.topic, &crate::conversation::Cursor::default());
    true
}

/// Whether a value of this rule is told from other words by its shape.
fn has_shape(rule: &SlotRule) -> bool {
    match rule.kind {
        SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode
        | SlotKind::List => true,
        SlotKind::Text => rule.pattern.is_some(),
        SlotKind::Address | SlotKind::YesNo => false,
    }
}

/// Other slots of the topic that the same text names.
fn fill_others(turn: &mut Turn<'_>, form: &Form, asked: &SlotName, reading: &Reading) {
    if let Some(topic) = turn.catalog.topics.get(&form.topic) {
        for slot in turn.slots_of(topic) {
            if slot.name != *asked
                && let Some(value) = slot::named(&slot.rule, &slot.name, &reading.found)
            {
                turn.set_slot(&slot.name, value);
            }
        }
    }
}

/// Values that a text brought for a topic: under a slot's own name they replace, by their kind they fill what is empty. One value fills one slot.
pub(super) fn take_values(turn: &mut Turn<'_>, topic: &Topic, found: &[Found]) {
    let Some(topic) = turn.catalog.topics.get(&topic.id) else {
        return;
    };
    let mut left: Vec<Found> = found.to_vec();
    let slots = turn.slots_of(topic);
    for slot in &slots {
        if let Some(value) = slot::named(&slot.rule, &slot.name, &left) {
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
    if turn.memory.suspended.is_empty() {
        turn.say_engine("goodbye_anything_else", &[]);
        turn.memory.offered = Some(Offer::End);
    } else {
        resume_suspended(turn);
    }
}

/// It was understood, but it is no answer to a matter either: failures stay as they are.
fn succeed_quietly(turn: &mut Turn<'_>) {
    turn.counted = true;
    turn.memory.last_answer = None;
    turn.memory.matched = false;
}

/// The form that a digression put aside comes back; a value that came meanwhile is not asked again.
pub(super) fn resume_suspended(turn: &mut Turn<'_>) {
    let Some(mut form) = turn.memory.suspended.pop() else {
        return;
    };
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
        match reads_now(turn, &form) {
            Some(now) => form.asking = Asking::Confirm { text: now },
            None => return gone(turn),
        }
    }
    turn.open(form);
}

/// An e-mail or a phone number in a text.
fn contact_in(text: &str, found: &[Found]) -> Option<String> {
    let rule = |kind| SlotRule {
        kind,
        pattern: None,
        min: None,
        max: None,
        values: Vec::new(),
    };
    [SlotKind::Email, SlotKind::Phone]
        .into_iter()
        .find_map(|kind| {
            let rule = rule(kind);
            slot::typed(&rule, found).or_else(|| slot::from_text(&rule, text))
        })
}

/// "Cancelar" leaves a form, unless the form itself is about cancelling.
fn wants_to_leave(turn: &Turn<'_>, form: &Form, text: &str, reading: &Reading) -> bool {
    match cues::leaves(text) {
        None => false,
        Some(Leave::Plain) => true,
        Some(Leave::Word) => {
            !is_about_cancelling(turn, form)
                && reading.understood.verdict.topic() != Some(&form.topic)
        }
    }
}

fn is_about_cancelling(turn: &Turn<'_>, form: &Form) -> bool {
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

/// Whether free words are surely about another topic: a question, or something the files have word for word.
fn is_another_matter(text: &str, reading: &Reading) -> bool {
    cues::is_question(text)
        || reading.understood.because.iter().any(|why| match why {
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
        SlotKind::Address => true,
        SlotKind::YesNo => cues::word_count(text) <= AROUND_VALUE_MAX,
        SlotKind::List
        | SlotKind::Text
        | SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode => {
            let inside: usize = reading
                .found
                .iter()
                .filter_map(|one| text.get(one.span.0..one.span.1))
                .map(cues::word_count)
                .sum();
            cues::word_count(text).saturating_sub(inside) <= AROUND_VALUE_MAX
        }
    }
}
