//! A visitor who is kept from people for abuse asks for a review of that: once a block, in their own words, decided by a lead.

use super::cues;
use super::form::Heard;
use super::handoff::{person_form, reply_time};
use super::leaving::{anything_else, leave, resume_suspended};
use super::turn::{Ask, Turn, default_team};
use crate::conversation::{AbuseLevel, Asking, Effect, Promise, PromiseKind, State, Target};
use crate::ids::{HandoffReason, Priority, TopicId};

/// Longest reasons of the visitor, in characters.
const TEXT_MAX: usize = 500;

/// Whether this visitor gets no person for this reason. Who is in danger gets one, whatever they said before.
pub(super) fn keeps_from_people(state: &State, reason: HandoffReason) -> bool {
    state.abuse == Some(AbuseLevel::Blocked) && reason != HandoffReason::SensitiveTopic
}

/// Instead of a person: that there is none, and the way to a review while it is open.
pub(super) fn say_closed(turn: &mut Turn<'_>) {
    turn.say_engine("people_closed", &[]);
    if !turn.scene.state.appealed {
        let choice = turn.choice("ask_review", Target::Appeal);
        turn.offer(choice);
    }
}

/// The button was tapped.
pub(super) fn begin(turn: &mut Turn<'_>) {
    let state = turn.scene.state;
    turn.counted = true;
    if state.abuse != Some(AbuseLevel::Blocked) {
        return anything_else(turn);
    }
    if state.appealed {
        let case = state.appeal().map(|owed| owed.promise.case.clone());
        match case {
            Some(case) => turn.say_engine("appeal_open", &[("case", &case)]),
            None => turn.say_engine("appeal_decided", &[]),
        }
        return;
    }
    let form = person_form(turn, Asking::Appeal);
    turn.open(form);
}

/// A text while the reasons are asked.
pub(super) fn hear(turn: &mut Turn<'_>, text: &str, lead: Option<&TopicId>) -> Heard {
    if cues::leaves(text).is_some() || cues::declines(text) {
        leave(turn);
        return Heard::Taken;
    }
    if lead.is_some() && cues::is_question(text) {
        return Heard::Digression;
    }
    if text.chars().count() > TEXT_MAX {
        return Heard::Misfit;
    }
    take(turn, text);
    Heard::Taken
}

/// What did not fit three times: it is left for now, and can still be asked for.
pub(super) fn give_up(turn: &mut Turn<'_>) {
    leave(turn);
}

/// What is asked.
pub(super) fn question(turn: &Turn<'_>, how: Ask) -> String {
    let key = match how {
        Ask::Again => "ask_appeal_again",
        Ask::First | Ask::No => "ask_appeal",
    };
    turn.reader.engine(key, &[])
}

fn take(turn: &mut Turn<'_>, text: &str) {
    turn.memory.open = None;
    turn.ask = Ask::No;
    turn.counted = true;
    let scene = turn.scene;
    // It can have been lifted, or asked for, while the visitor wrote.
    if scene.state.abuse != Some(AbuseLevel::Blocked) || scene.state.appealed {
        return begin(turn);
    }
    let team = scene
        .state
        .session
        .as_ref()
        .and_then(|session| session.team.clone())
        .unwrap_or_else(default_team);
    let promise = Promise {
        case: scene.case.clone(),
        by: reply_time(scene, &team),
        team,
        reason: HandoffReason::CustomerRequest,
        priority: Priority::Normal,
        made_at: scene.now,
        kind: PromiseKind::Appeal,
        agent: None,
    };
    turn.say_engine("appeal_taken", &[("case", &promise.case)]);
    turn.effect = Effect::Appeal {
        promise,
        text: text.to_owned(),
    };
    resume_suspended(turn);
}
