//! The turn goes on when a service has answered, or has not.

use super::Scene;
use super::form::ask_slot;
use super::handoff::{Announce, bring_person};
use super::leaving::resume_suspended;
use super::place::{leads_somewhere, step_at};
use super::steps::{gone, run, wanted_by};
use super::turn::{Ask, Turn};
use super::wording::shown;
use crate::conversation::{BotTurn, CallAnswer, Cursor, Effect, Passed, Running};
use crate::ids::{HandoffReason, Seq};
use crate::topics::{Act, SlotKind, Topic, ValueKind};

/// Times that a check may be refused before a person takes over.
pub(super) const REFUSED_MAX: u32 = 3;

/// The bot's turn after `state.call` came back. What the visitor wrote meanwhile stays unanswered for the next turn.
///
/// Where no call has come back there is nothing to go on with: the turn is empty and changes nothing.
pub fn go_on(scene: &Scene<'_>) -> BotTurn {
    let state = scene.state;
    let upto = state
        .unanswered
        .first()
        .map_or(state.seq, |left| Seq(left.seq.0.saturating_sub(1)));
    let mut turn = Turn::begin(scene, None);
    let answered = state
        .call
        .as_ref()
        .and_then(|call| Some((call, call.answer.as_ref()?)));
    let Some((call, answer)) = answered else {
        return turn.finish(upto, Vec::new());
    };
    let running = turn.memory.running.take();
    match running.and_then(|running| Some((turn.catalog.topics.get(&running.topic)?, running))) {
        None => gone(&mut turn),
        Some((topic, running)) => {
            turn.topic = Some(topic.id.clone());
            keep_values(&mut turn, &call.call, answer);
            match &running.check {
                Some(check) => after_check(&mut turn, topic, check, answer),
                None => after_call(&mut turn, topic, &call.call, running, answer),
            }
        }
    }
    let idle = turn.effect == Effect::None && turn.memory.open.is_none();
    if idle && turn.memory.offered.is_none() {
        resume_suspended(&mut turn);
    }
    if turn.says.is_empty() && turn.effect == Effect::None && turn.ask == Ask::No {
        turn.say_engine("goodbye_anything_else", &[]);
    }
    turn.finish(upto, Vec::new())
}

/// Values as the visitor reads them, for the texts of the steps that follow.
fn keep_values(turn: &mut Turn<'_>, call: &str, answer: &CallAnswer) {
    let values = answer
        .as_ref()
        .map(|(_, values)| values.clone())
        .unwrap_or_default();
    let kinds = turn.catalog.calls.get(call).map(|call| &call.values);
    let (currency, year) = (turn.currency(), turn.this_year());
    let shown: Vec<(String, String)> = values
        .into_iter()
        .map(|(name, raw)| {
            let kind = kinds
                .and_then(|kinds| kinds.get(&name))
                .map_or(ValueKind::Text, |value| value.shown_as);
            let words = shown(&raw, kind, &turn.reader.lang, currency, year);
            (name, words)
        })
        .collect();
    turn.set_call_values(shown);
}

fn after_check<'a>(turn: &mut Turn<'a>, topic: &'a Topic, name: &str, answer: &CallAnswer) {
    let check = turn.catalog.checks.get(name);
    match (check, answer) {
        (None, _) => gone(turn),
        (Some(_), Err(_)) => {
            let wanted = wanted_by(topic, HandoffReason::BotError);
            bring_person(turn, wanted, Announce::Say);
        }
        (Some(check), Ok((case, _))) if *case == check.pass => {
            turn.memory.refused = 0;
            turn.memory.tried_on = None;
            if !turn.memory.verified.contains(&check.name) {
                turn.memory.verified.push(check.name.clone());
            }
            let slots = check.slots.iter();
            let passed = Passed {
                check: check.name.clone(),
                slots: slots
                    .map(|slot| (slot.name.clone(), slot.rule.kind == SlotKind::Phone))
                    .collect(),
            };
            turn.memory.passed.retain(|one| one.check != check.name);
            turn.memory.passed.push(passed);
            run(turn, &topic.id, &Cursor::default());
        }
        (Some(check), Ok(_)) if turn.memory.tried_on.is_some() => {
            // The old proof was ours to try: the visitor is asked for the right one, and nothing was refused to them.
            let changed = turn.memory.tried_on.take();
            let proofs = check
                .slots
                .iter()
                .filter(|slot| changed.as_ref() != Some(&slot.name));
            let mut asked = None;
            for slot in proofs {
                turn.slots.remove(&slot.name);
                asked = asked.or(Some(slot));
            }
            match asked.or(check.slots.first()) {
                Some(slot) => ask_slot(turn, topic, slot, Some(&check.name)),
                None => bring_person(
                    turn,
                    wanted_by(topic, HandoffReason::FormFailure),
                    Announce::Say,
                ),
            }
        }
        (Some(check), Ok(_)) => {
            turn.memory.refused += 1;
            if turn.memory.refused >= REFUSED_MAX {
                let wanted = wanted_by(topic, HandoffReason::FormFailure);
                return bring_person(turn, wanted, Announce::Say);
            }
            // What names the matter stays; the proof, which comes last, is asked again.
            let proof = check.slots.last();
            if let Some(proof) = proof {
                turn.slots.remove(&proof.name);
            }
            if turn.memory.refused + 1 == REFUSED_MAX {
                turn.say_engine("check_refused_again", &[]);
            } else {
                let words = turn.fill(&check.refused, topic);
                turn.say(&words);
            }
            match proof {
                Some(slot) => ask_slot(turn, topic, slot, Some(&check.name)),
                // A check without slots cannot be tried again with other data.
                None => {
                    let wanted = wanted_by(topic, HandoffReason::FormFailure);
                    bring_person(turn, wanted, Announce::Say);
                }
            }
        }
    }
}

fn after_call<'a>(
    turn: &mut Turn<'a>,
    topic: &'a Topic,
    call: &str,
    running: Running,
    answer: &CallAnswer,
) {
    let called_here = step_at(&topic.steps, &running.cursor.path)
        .is_some_and(|step| matches!(&step.act, Act::Call { call: here, .. } if here == call));
    let mut path = running.cursor.path;
    if let Some(last) = path.last_mut() {
        last.1 = Some(match answer {
            Ok((case, _)) => case.clone(),
            Err(_) => "failed".to_owned(),
        });
    }
    if called_here && leads_somewhere(&topic.steps, &path) {
        run(turn, &topic.id, &Cursor { path });
        if answer.is_err() {
            turn.memory.matched = false;
        }
    } else if called_here {
        let wanted = wanted_by(topic, HandoffReason::BotError);
        bring_person(turn, wanted, Announce::Say);
    } else {
        gone(turn);
    }
}
