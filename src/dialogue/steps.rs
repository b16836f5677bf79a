//! A topic's own course: what it needs is asked, its check passed, its steps done one after the other.

use super::arguments::arguments;
use super::failure::{Miss, miss, succeed};
use super::form::ask_slot;
use super::handoff::{Announce, bring_person};
use super::leaving::resume_suspended;
use super::place::{at, branch, leads_somewhere};
use super::remembering;
use super::shows::show;
use super::turn::{Ask, Turn};
use crate::conversation::{Asking, Cursor, Effect, Form, Running, Wanted};
use crate::ids::{HandoffReason, Priority, SkillId, SlotName, Style, TeamId, TopicId};
use crate::topics::{Act, Check, Step, Topic, TopicRole};

/// Topics that may lead to one another in one turn.
const HOPS_MAX: u32 = 8;

/// How a list of steps came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// It ran out.
    Ended,
    /// It waits for the visitor, a service or a person, or went elsewhere.
    Stopped,
}

/// Runs a topic from a place in its steps.
pub(super) fn run<'a>(turn: &mut Turn<'a>, id: &TopicId, cursor: &Cursor) {
    turn.hops += 1;
    let Some(topic) = turn.catalog.topics.get(id) else {
        return gone(turn);
    };
    turn.topic = Some(id.clone());
    if turn.hops > HOPS_MAX {
        let wanted = wanted_by(topic, HandoffReason::BotError);
        return bring_person(turn, wanted, Announce::Say);
    }
    if topic.sensitive {
        return sensitive(turn, topic);
    }
    if let Some(name) = &topic.requires
        && !turn.memory.verified.contains(name)
    {
        let Some(check) = turn.catalog.checks.get(name) else {
            let wanted = wanted_by(topic, HandoffReason::BotError);
            return bring_person(turn, wanted, Announce::Say);
        };
        return pass_check(turn, topic, check);
    }
    let later = topic.asked_by_steps();
    // Only at the beginning: a topic in its midst may have done what cannot be done twice, and asking leads back to the beginning.
    if cursor.path.is_empty()
        && let Some(slot) = topic.slots.iter().find(|slot| {
            !slot.optional && !turn.slots.contains_key(&slot.name) && !later.contains(&slot.name)
        })
    {
        return ask_slot(turn, topic, slot, None);
    }
    if cursor.path.is_empty()
        && let Some(slot) = remembering::to_propose(turn, topic)
    {
        return ask_slot(turn, topic, slot, None);
    }
    if !leads_somewhere(&topic.steps, &cursor.path) {
        return gone(turn);
    }
    let mut path = Vec::new();
    if walk(turn, topic, &topic.steps, &cursor.path, &mut path) == Flow::Ended {
        end(turn, topic);
    }
}

/// The topic's last step is done.
fn end<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let words = turn
        .says
        .get(turn.run_from..)
        .unwrap_or_default()
        .join("\n");
    let goes_on = turn.scene.state.call.is_some();
    if words.is_empty() && !goes_on {
        return miss(turn, Miss::Unknown, &[]);
    }
    let digest = digest(&words);
    let repeated = !words.is_empty()
        && turn.memory.last_topic.as_ref() == Some(&topic.id)
        && turn.memory.last_answer == Some(digest);
    if repeated {
        turn.unsay(turn.run_from);
        turn.choices.clear();
        if !said_more(turn, topic, &words) {
            return miss(turn, Miss::Repeat(topic), &[]);
        }
        turn.memory.topic_failures += 1;
        return got_on(turn, topic);
    }
    if turn.memory.last_topic.as_ref() != Some(&topic.id) {
        turn.memory.topic_failures = 0;
    }
    turn.memory.last_answer = Some(digest);
    got_on(turn, topic);
}

fn got_on(turn: &mut Turn<'_>, topic: &Topic) {
    answered(turn, topic);
    turn.memory.matched = true;
    succeed(turn);
    turn.run_from = turn.says.len();
    resume_suspended(turn);
}

/// The same asked again, "¿y con Bizum?": once, the long wording of an answer of which the visitor had the short one.
fn said_more<'a>(turn: &mut Turn<'a>, topic: &'a Topic, short: &str) -> bool {
    if turn.reader.style != Style::Fast || turn.memory.topic_failures > 0 || !is_only_words(topic) {
        return false;
    }
    turn.reader.style = Style::Warm;
    say_only(turn, topic);
    turn.reader.style = Style::Fast;
    let long = turn
        .says
        .get(turn.run_from..)
        .unwrap_or_default()
        .join("\n");
    let more = !long.is_empty() && long != short;
    if !more {
        turn.unsay(turn.run_from);
        turn.choices.clear();
    }
    more
}

/// Whether a topic asks and does nothing: its answer is ready.
pub(super) fn is_only_words(topic: &Topic) -> bool {
    !topic.sensitive
        && topic.requires.is_none()
        && topic.slots.iter().all(|slot| slot.optional)
        && topic
            .steps
            .iter()
            .all(|step| matches!(step.act, Act::Say { .. }))
}

/// Answers a plain question beside a form that has just opened: the form's own question comes after it.
pub(super) fn answer_beside<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    say_only(turn, topic);
    turn.choices.clear();
    turn.run_from = turn.says.len();
    if !turn.memory.tried.contains(&topic.id) {
        turn.memory.tried.push(topic.id.clone());
    }
}

/// Says what a topic says before it asks or does anything; nothing where it must know something first.
pub(super) fn answer_opening<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    if topic.sensitive || topic.requires.is_some() {
        return;
    }
    let (site, style) = (turn.reader.site.clone(), turn.reader.style);
    let before = turn.says.len();
    let steps = topic.steps.iter();
    for step in steps.filter(|step| step.when.holds(&site, style)) {
        match &step.act {
            Act::Say {
                text, show: shows, ..
            } if turn.unfilled(text, topic).is_empty() => {
                let words = turn.fill(text, topic);
                turn.say(&words);
                show(turn, shows, topic);
            }
            Act::Say { .. }
            | Act::Confirm { .. }
            | Act::Ask { .. }
            | Act::Call { .. }
            | Act::Go { .. }
            | Act::Escalate { .. } => break,
        }
    }
    if turn.says.len() > before && !turn.memory.tried.contains(&topic.id) {
        turn.memory.tried.push(topic.id.clone());
    }
}

/// Keeps in mind that the topic was had.
pub(super) fn answered(turn: &mut Turn<'_>, topic: &Topic) {
    turn.memory.last_topic = Some(topic.id.clone());
    if !turn.memory.tried.contains(&topic.id) {
        turn.memory.tried.push(topic.id.clone());
    }
}

/// Says small talk: its messages and buttons, and nothing else of it.
pub(super) fn small_talk<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let before = turn.says.len();
    say_only(turn, topic);
    if turn.says.len() == before && topic.role == Some(TopicRole::Robot) {
        turn.say_engine("still_here_assistant", &[]);
    }
}

/// The messages of a topic's outermost steps, with their buttons.
pub(super) fn say_only<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let (site, style) = (turn.reader.site.clone(), turn.reader.style);
    for step in topic
        .steps
        .iter()
        .filter(|step| step.when.holds(&site, style))
    {
        if let Act::Say {
            text,
            choices,
            show: shows,
        } = &step.act
        {
            let words = turn.fill(text, topic);
            turn.say(&words);
            show(turn, shows, topic);
            for choice in choices {
                offer_choice(turn, choice);
            }
        }
    }
}

/// Its own words, then a person before everything: nothing is asked, nothing is looked up.
fn sensitive<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let before = turn.says.len();
    say_only(turn, topic);
    turn.choices.clear();
    answered(turn, topic);
    let step = topic.steps.iter().find_map(|step| match &step.act {
        Act::Escalate { team, skills, .. } => Some((team.as_ref(), skills.as_deref())),
        Act::Say { .. }
        | Act::Confirm { .. }
        | Act::Ask { .. }
        | Act::Call { .. }
        | Act::Go { .. } => None,
    });
    let (team, skills) = step.unwrap_or_default();
    let wanted = Wanted {
        priority: Priority::Urgent,
        ..wanted_as(topic, HandoffReason::SensitiveTopic, team, skills)
    };
    let announce = if turn.says.len() > before {
        Announce::Said
    } else {
        Announce::Say
    };
    bring_person(turn, wanted, announce);
}

/// Asks what the check needs, then calls it.
fn pass_check<'a>(turn: &mut Turn<'a>, topic: &'a Topic, check: &'a Check) {
    if let Some(slot) = check
        .slots
        .iter()
        .find(|slot| !turn.slots.contains_key(&slot.name))
    {
        return ask_slot(turn, topic, slot, Some(&check.name));
    }
    let args = turn
        .catalog
        .calls
        .get(&check.call)
        .and_then(|call| arguments(turn, topic, call));
    let Some(args) = args else {
        let wanted = wanted_by(topic, HandoffReason::BotError);
        return bring_person(turn, wanted, Announce::Say);
    };
    turn.memory.running = Some(Running {
        topic: topic.id.clone(),
        cursor: Cursor::default(),
        check: Some(check.name.clone()),
    });
    turn.effect = Effect::Call {
        call: check.call.clone(),
        topic: topic.id.clone(),
        args,
    };
}

/// Steps after `done`: the place of the step that was waited for, with the case to take inside it.
fn walk<'a>(
    turn: &mut Turn<'a>,
    topic: &'a Topic,
    steps: &'a [Step],
    done: &[(u32, Option<String>)],
    path: &mut Vec<(u32, Option<String>)>,
) -> Flow {
    let mut first = 0;
    if let Some(((index, case), inside)) = done.split_first() {
        if let (Some(case), Some(Act::Call { cases, .. })) =
            (case, steps.get(at(*index)).map(|step| &step.act))
            && let Some((taken, branch)) = branch(cases, case)
        {
            path.push((*index, Some(taken.to_owned())));
            if walk(turn, topic, branch, inside, path) == Flow::Stopped {
                return Flow::Stopped;
            }
            path.pop();
        }
        first = at(*index) + 1;
    }
    for (index, step) in (0u32..).zip(steps).skip(first) {
        let (site, style) = (turn.reader.site.clone(), turn.reader.style);
        let known = |slot: &SlotName| turn.slots.contains_key(slot);
        if !step.when.holds_with(&site, style, known) {
            continue;
        }
        path.push((index, None));
        if act(turn, topic, step, path) == Flow::Stopped {
            return Flow::Stopped;
        }
        path.pop();
    }
    Flow::Ended
}

fn act<'a>(
    turn: &mut Turn<'a>,
    topic: &'a Topic,
    step: &'a Step,
    path: &[(u32, Option<String>)],
) -> Flow {
    match &step.act {
        Act::Say {
            text,
            choices,
            show: shows,
        } => {
            let words = turn.fill(text, topic);
            turn.say(&words);
            show(turn, shows, topic);
            for choice in choices {
                offer_choice(turn, choice);
            }
            Flow::Ended
        }
        Act::Confirm { text } => {
            let unknown = turn.unfilled(text, topic);
            let slots = turn.slots_of(topic);
            let missing = slots
                .into_iter()
                .find(|slot| unknown.iter().any(|name| *name == slot.name.as_str()));
            if let Some(slot) = missing {
                // From the beginning once it is known: what follows a confirmation is not done unconfirmed.
                ask_slot(turn, topic, slot, None);
                return Flow::Stopped;
            }
            if !unknown.is_empty() {
                // Nobody says yes to what is not known.
                let wanted = wanted_by(topic, HandoffReason::BotError);
                bring_person(turn, wanted, Announce::Say);
                return Flow::Stopped;
            }
            let text = turn.fill(text, topic);
            answered(turn, topic);
            succeed(turn);
            turn.open(Form {
                topic: topic.id.clone(),
                asking: Asking::Confirm { text },
                invalid: 0,
                lacking: false,
                proposed: false,
                cursor: Cursor {
                    path: path.to_vec(),
                },
            });
            Flow::Stopped
        }
        Act::Ask { slot } => {
            let asked = topic.slots.iter().find(|known| known.name == *slot);
            let Some(asked) = asked.filter(|slot| !turn.slots.contains_key(&slot.name)) else {
                return Flow::Ended;
            };
            ask_slot(turn, topic, asked, None);
            if let Some(form) = &mut turn.memory.open {
                form.cursor = Cursor {
                    path: path.to_vec(),
                };
            }
            Flow::Stopped
        }
        Act::Call { call, cases } => {
            let args = turn
                .catalog
                .calls
                .get(call)
                .and_then(|call| arguments(turn, topic, call));
            let Some(args) = args else {
                // What the address needs is not known: the service cannot be asked, which is the same as no answer.
                return match branch(cases, "failed") {
                    Some((taken, steps)) => {
                        let mut inside = path.to_vec();
                        if let Some(last) = inside.last_mut() {
                            last.1 = Some(taken.to_owned());
                        }
                        walk(turn, topic, steps, &[], &mut inside)
                    }
                    None => {
                        let wanted = wanted_by(topic, HandoffReason::BotError);
                        bring_person(turn, wanted, Announce::Say);
                        Flow::Stopped
                    }
                };
            };
            turn.memory.running = Some(Running {
                topic: topic.id.clone(),
                cursor: Cursor {
                    path: path.to_vec(),
                },
                check: None,
            });
            turn.effect = Effect::Call {
                call: call.clone(),
                topic: topic.id.clone(),
                args,
            };
            Flow::Stopped
        }
        Act::Go { topic } => {
            run(turn, topic, &Cursor::default());
            Flow::Stopped
        }
        Act::Escalate {
            team,
            reason,
            priority,
            skills,
        } => {
            answered(turn, topic);
            let by_topic = wanted_as(topic, *reason, team.as_ref(), skills.as_deref());
            let wanted = Wanted {
                priority: priority.unwrap_or(by_topic.priority),
                ..by_topic
            };
            let announce = if turn.says.len() > turn.run_from {
                Announce::Said
            } else {
                Announce::Say
            };
            bring_person(turn, wanted, announce);
            Flow::Stopped
        }
    }
}

/// What was open is no longer in the files: an apology, and what can be had instead.
pub(super) fn gone(turn: &mut Turn<'_>) {
    turn.memory.open = None;
    turn.memory.running = None;
    turn.ask = Ask::No;
    turn.say_engine("topic_gone", &[]);
    turn.choices.clear();
    let near: Vec<TopicId> = turn
        .memory
        .last_topic
        .iter()
        .chain(&turn.catalog.assistant.greeting_choices)
        .cloned()
        .collect();
    for choice in near
        .iter()
        .filter_map(|id| turn.topic_choice(id))
        .take(3)
        .collect::<Vec<_>>()
    {
        turn.offer(choice);
    }
}

/// A button of a file.
fn offer_choice(turn: &mut Turn<'_>, spec: &crate::topics::ChoiceSpec) {
    if let Some(mut choice) = turn.topic_choice(&spec.go) {
        if let Some(title) = &spec.title {
            choice.title = turn.reader.words(title).to_owned();
        }
        turn.offer(choice);
    }
}

/// Whether a topic does what cannot be undone.
pub(super) fn is_irreversible(turn: &Turn<'_>, id: &TopicId) -> bool {
    fn any(turn: &Turn<'_>, steps: &[Step]) -> bool {
        steps.iter().any(|step| match &step.act {
            Act::Call { call, cases } => {
                let known = turn.catalog.calls.get(call);
                known.is_some_and(|call| call.irreversible)
                    || cases.iter().any(|(_, steps)| any(turn, steps))
            }
            Act::Say { .. }
            | Act::Ask { .. }
            | Act::Confirm { .. }
            | Act::Go { .. }
            | Act::Escalate { .. } => false,
        })
    }
    let topic = turn.catalog.topics.get(id);
    topic.is_some_and(|topic| any(turn, &topic.steps))
}

/// A person of the topic's team.
pub(super) fn wanted_by(topic: &Topic, reason: HandoffReason) -> Wanted {
    wanted_as(topic, reason, None, None)
}

/// The same with what a step says of its own. The topic's skills are wished of its own team: they do not go with another one.
fn wanted_as(
    topic: &Topic,
    reason: HandoffReason,
    team: Option<&TeamId>,
    skills: Option<&[SkillId]>,
) -> Wanted {
    let own = &topic.escalate;
    let team = team.unwrap_or(&own.team);
    let usual: &[SkillId] = if *team == own.team { &own.skills } else { &[] };
    Wanted {
        reason,
        team: team.clone(),
        priority: own.priority,
        skills: skills.unwrap_or(usual).to_vec(),
    }
}

/// Digest of an answer (FNV-1a, 64 bits), to notice the same one twice.
pub(super) fn digest(words: &str) -> u64 {
    words.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
