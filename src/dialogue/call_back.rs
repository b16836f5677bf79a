//! A call at an hour that the visitor picks, in place of an answer in the chat: number, hour, read back, promised.

use super::call_time::Hours;
use super::contact;
use super::cues;
use super::form::Heard;
use super::handoff::{person_form, requested};
use super::leaving::{leave, resume_suspended};
use super::slot_text;
use super::turn::{Ask, Turn};
use crate::conversation::{
    Asking, CallHours, Choice, Effect, Form, Promise, PromiseKind, Reading, Target, Wanted,
    shortened,
};
use crate::ids::{SlotName, TeamId, Timestamp, TopicId};

/// The bot's own note of the number: a hyphen stands in no slot of the files.
const PHONE: &str = "callback-phone";
/// The bot's own note of the hour that was named when the call was asked for, in milliseconds since 1970.
const HOUR: &str = "callback-hour";
/// Longest reply to what was read back that is a yes or a no, in words.
const YES_NO_MAX: usize = 4;

/// The hours in which a team calls, where it does and an hour is left.
pub(super) fn hours(turn: &Turn<'_>, team: &TeamId) -> Option<CallHours> {
    let hours = (turn.scene.calls)(team)?;
    let some = !Hours::new(&hours, turn.scene.now).offered().is_empty();
    some.then_some(hours)
}

/// The button that asks for a call, where the team calls.
pub(super) fn choice(turn: &Turn<'_>, team: &TeamId) -> Option<Choice> {
    hours(turn, team)?;
    Some(turn.choice("call_me", Target::CallBack))
}

/// Whether a text asks for a call where a message is being left, so that it is no message.
pub(super) fn is_asked_for(form: Option<&Form>, text: &str) -> bool {
    let asking = form.map(|form| &form.asking);
    matches!(
        asking,
        Some(Asking::Message { .. } | Asking::Contact { .. })
    ) && cues::wants_call(text)
}

/// The visitor would rather be called: what is not known yet is asked.
pub(super) fn begin(turn: &mut Turn<'_>) {
    let wanted = match turn.memory.open.as_ref().map(|form| &form.asking) {
        Some(
            Asking::Message { wanted }
            | Asking::Contact { wanted }
            | Asking::Phone { wanted }
            | Asking::CallTime { wanted }
            | Asking::CallConfirm { wanted, .. },
        ) => wanted.clone(),
        Some(Asking::Slot { .. } | Asking::Confirm { .. } | Asking::Appeal) | None => owed_to(turn),
    };
    if hours(turn, &wanted.team).is_none() {
        let team = turn.team(&wanted.team);
        turn.say_engine("call_not_now", &[("team", &team)]);
        return go_on_with_message(turn, wanted);
    }
    turn.counted = true;
    keep_named(turn, &wanted);
    let form = form(turn, wanted);
    turn.open(form);
}

/// Whether a text asks for a call at an hour, which is no message and no handoff: "¿me podéis llamar a las 18?".
pub(super) fn is_at_an_hour(turn: &Turn<'_>, text: &str, reading: &Reading) -> bool {
    if !cues::wants_call(text) {
        return false;
    }
    let wanted = owed_to(turn);
    let names_one = reading
        .found
        .iter()
        .any(|one| matches!(one.name.as_str(), "time" | "date"));
    hours(turn, &wanted.team).is_some()
        && (names_one || hour_in(turn, &wanted, &contact::without_figures(text)).is_some())
}

/// Hour and number that were named with the wish itself are not asked.
fn keep_named(turn: &mut Turn<'_>, wanted: &Wanted) {
    let scene = turn.scene;
    let texts = scene.state.unanswered.iter().filter(|left| left.is_text());
    for left in texts.filter(|left| cues::wants_call(&left.text)) {
        if let Some(phone) = contact::phone(turn, &left.text) {
            turn.slots.insert(note(PHONE), phone);
        }
        if let Some(at) = hour_in(turn, wanted, &contact::without_figures(&left.text)) {
            turn.slots.insert(note(HOUR), at.0.to_string());
        }
    }
}

/// The hour that was named with the wish, while a call can be promised for it; it is known from here on.
fn named_hour(turn: &mut Turn<'_>, wanted: &Wanted) -> Option<Timestamp> {
    let at = turn.slots.remove(HOUR)?.parse().ok().map(Timestamp)?;
    let hours = hours(turn, &wanted.team)?;
    Hours::new(&hours, turn.scene.now).fits(at).then_some(at)
}

/// The form that asks for what is missing.
pub(super) fn form(turn: &mut Turn<'_>, wanted: Wanted) -> Form {
    let known = phone(turn).or_else(|| {
        let slot = turn.slots.get("phone").cloned();
        slot.or_else(|| turn.scene.state.contact.clone())
            .filter(|contact| !contact.contains('@'))
            .and_then(|contact| slot_text::phone(&contact))
    });
    let asking = match known {
        Some(phone) => {
            turn.slots.insert(note(PHONE), phone);
            match named_hour(turn, &wanted) {
                Some(at) => Asking::CallConfirm { wanted, at },
                None => Asking::CallTime { wanted },
            }
        }
        None => Asking::Phone { wanted },
    };
    person_form(turn, asking)
}

/// A text while number, hour or yes is asked.
pub(super) fn hear(
    turn: &mut Turn<'_>,
    form: &Form,
    text: &str,
    reading: &Reading,
    lead: Option<&TopicId>,
) -> Heard {
    let wanted = match &form.asking {
        Asking::Phone { wanted }
        | Asking::CallTime { wanted }
        | Asking::CallConfirm { wanted, .. } => wanted.clone(),
        Asking::Slot { .. }
        | Asking::Confirm { .. }
        | Asking::Message { .. }
        | Asking::Appeal
        | Asking::Contact { .. } => return Heard::Misfit,
    };
    if cues::leaves(text).is_some() || cues::declines(text) {
        leave(turn);
        return Heard::Taken;
    }
    let confirms = matches!(form.asking, Asking::CallConfirm { .. });
    // "No, mejor a las 12" is another hour, and another number is another number, whatever was asked.
    if let Some(phone) = contact::phone(turn, text) {
        turn.slots.insert(note(PHONE), phone);
        let at = match &form.asking {
            Asking::CallConfirm { at, .. } => Some(*at),
            _ => None,
        };
        next(turn, wanted, at);
        return Heard::Taken;
    }
    let question = cues::is_question(text) && lead.is_some();
    if !matches!(form.asking, Asking::Phone { .. })
        && !question
        && let Some(at) = hour_in(turn, &wanted, text)
    {
        next(turn, wanted, Some(at));
        return Heard::Taken;
    }
    if confirms && cues::word_count(text) <= YES_NO_MAX {
        match reading.yes_no {
            Some(true) => {
                confirm(turn, form, true);
                return Heard::Taken;
            }
            Some(false) => {
                confirm(turn, form, false);
                return Heard::Taken;
            }
            None => {}
        }
    }
    if lead.is_some() {
        return Heard::Digression;
    }
    Heard::Misfit
}

/// An hour was tapped.
pub(super) fn pick(turn: &mut Turn<'_>, form: &Form, wanted: &Wanted, value: &str) {
    let at = value.parse().ok().map(Timestamp);
    let fits = hours(turn, &wanted.team)
        .zip(at)
        .filter(|(hours, at)| Hours::new(hours, turn.scene.now).fits(*at));
    match fits {
        Some((_, at)) => next(turn, wanted.clone(), Some(at)),
        // The button is old: that hour has gone by.
        None => {
            turn.memory.open = Some(form.clone());
            turn.ask = Ask::Again;
        }
    }
}

/// Yes or no to number and hour.
pub(super) fn confirm(turn: &mut Turn<'_>, form: &Form, yes: bool) {
    let Asking::CallConfirm { wanted, at } = &form.asking else {
        return;
    };
    turn.counted = true;
    let (Some(phone), Some(hours), true) = (phone(turn), hours(turn, &wanted.team), yes) else {
        return next(turn, wanted.clone(), None);
    };
    let hours = Hours::new(&hours, turn.scene.now);
    if *at <= turn.scene.now {
        return next(turn, wanted.clone(), None);
    }
    let state = turn.scene.state;
    let open = state.left_message().or(state.call_back());
    let promise = Promise {
        case: open.map_or_else(|| turn.scene.case.clone(), |owed| owed.promise.case.clone()),
        team: wanted.team.clone(),
        reason: wanted.reason,
        priority: wanted.priority,
        made_at: turn.scene.now,
        by: *at,
        kind: PromiseKind::CallBack,
        agent: None,
    };
    let when = hours.words(*at, &turn.reader.lang);
    let values = [
        ("case", promise.case.as_str()),
        ("when", when.as_str()),
        ("phone", &shortened(&phone)),
    ];
    turn.say_engine("call_promised", &values);
    let what = turn.reader.engine("call_what", &[("phone", &phone)]);
    turn.slots.remove(PHONE);
    turn.slots.remove(HOUR);
    turn.memory.open = None;
    turn.ask = Ask::No;
    turn.effect = Effect::CallBack {
        promise,
        phone,
        what,
    };
    resume_suspended(turn);
}

/// No call after all: the message is taken instead, unless it is there already.
pub(super) fn go_on_with_message(turn: &mut Turn<'_>, wanted: Wanted) {
    turn.memory.open = None;
    turn.slots.remove(PHONE);
    turn.slots.remove(HOUR);
    turn.ask = Ask::No;
    turn.counted = true;
    let state = turn.scene.state;
    match state.left_message().or(state.call_back()) {
        Some(owed) => {
            let case = owed.promise.case.clone();
            turn.say_engine("promise_open", &[("case", &case)]);
            resume_suspended(turn);
        }
        None => {
            let form = person_form(turn, Asking::Message { wanted });
            turn.open(form);
        }
    }
}

/// What is asked, and the buttons under it.
pub(super) fn question(turn: &Turn<'_>, form: &Form, how: Ask) -> (String, Vec<Choice>) {
    let again = how == Ask::Again;
    let state = turn.scene.state;
    let instead = match state.left_message().or(state.call_back()) {
        Some(_) => "leave_it",
        None => "leave_a_message",
    };
    let instead = turn.choice(instead, Target::Skip);
    match &form.asking {
        Asking::CallConfirm { wanted, at } => {
            let when = hours(turn, &wanted.team).map_or_else(String::new, |hours| {
                Hours::new(&hours, turn.scene.now).words(*at, &turn.reader.lang)
            });
            let team = turn.team(&wanted.team);
            let phone = phone(turn).unwrap_or_default();
            let values = [
                ("team", team.as_str()),
                ("when", when.as_str()),
                ("phone", phone.as_str()),
            ];
            (turn.reader.engine("call_read_back", &values), turn.yes_no())
        }
        Asking::CallTime { wanted } => {
            let key = if again {
                "ask_call_time_again"
            } else {
                "ask_call_time"
            };
            let mut choices = Vec::new();
            // An hour that is possible: tomorrow may be a holiday.
            let mut example = String::new();
            if let Some(open) = hours(turn, &wanted.team) {
                let hours = Hours::new(&open, turn.scene.now);
                for at in hours.offered() {
                    example = hours.words(at, &turn.reader.lang);
                    let value = at.0.to_string();
                    choices.push(Choice {
                        title: capitalised(&example),
                        target: Target::Value { value },
                    });
                }
            }
            choices.push(instead);
            let text = turn.reader.engine(key, &[("example", &example)]);
            (text, choices)
        }
        Asking::Phone { .. }
        | Asking::Appeal
        | Asking::Slot { .. }
        | Asking::Confirm { .. }
        | Asking::Message { .. }
        | Asking::Contact { .. } => {
            let key = if again {
                "ask_phone_again"
            } else {
                "ask_phone"
            };
            (turn.reader.engine(key, &[]), vec![instead])
        }
    }
}

fn next(turn: &mut Turn<'_>, wanted: Wanted, at: Option<Timestamp>) {
    turn.counted = true;
    let at = at.or_else(|| named_hour(turn, &wanted));
    let asking = match at {
        Some(at) => Asking::CallConfirm { wanted, at },
        None => Asking::CallTime { wanted },
    };
    let form = person_form(turn, asking);
    turn.open(form);
}

/// Whether the text holds a number to call, or an hour in which the team calls.
pub(super) fn gives(turn: &Turn<'_>, wanted: &Wanted, text: &str) -> bool {
    contact::phone(turn, text).is_some() || hour_in(turn, wanted, text).is_some()
}

fn hour_in(turn: &Turn<'_>, wanted: &Wanted, text: &str) -> Option<Timestamp> {
    let hours = hours(turn, &wanted.team)?;
    Hours::new(&hours, turn.scene.now).read(text)
}

/// Who owes the visitor an answer already; else whoever would be asked for.
fn owed_to(turn: &Turn<'_>) -> Wanted {
    let state = turn.scene.state;
    match state.left_message().or(state.call_back()) {
        Some(owed) => Wanted {
            reason: owed.promise.reason,
            team: owed.promise.team.clone(),
            priority: owed.promise.priority,
            skills: Vec::new(),
        },
        None => requested(turn),
    }
}

fn phone(turn: &Turn<'_>) -> Option<String> {
    turn.slots.get(PHONE).cloned()
}

fn note(name: &str) -> SlotName {
    name.parse().expect("a valid slug")
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
