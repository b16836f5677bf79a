//! Bringing a person; and what is done when nobody is there: the message is taken, an answer promised, and the bot goes on.

use super::leaving::resume_suspended;
use super::turn::{Ask, Turn, default_team};
use super::{Scene, appeal, call_back};
use crate::conversation::{
    Asking, Command, Cursor, Effect, Form, Owner, People, Promise, PromiseKind, Wanted,
};
use crate::ids::{ClientId, HandoffReason, Priority, SlotName, TeamId, Timestamp, TopicId};
use crate::topics::TopicRole;

/// Where no hours tell when people answer, the server watches for this long: 48 hours.
const NO_HOURS_MS: i64 = 48 * 60 * 60_000;

/// Whether the handoff still has to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announce {
    /// Yes.
    Say,
    /// In these words of the engine's own.
    As(&'static str),
    /// The topic's own words did.
    Said,
}

/// A person takes over; where nobody is there, the message is taken. Nothing is announced that does not happen.
pub(super) fn bring_person(turn: &mut Turn<'_>, wanted: Wanted, announce: Announce) {
    turn.memory.open = None;
    turn.memory.suspended.clear();
    super::later::forget(turn);
    turn.memory.offered = None;
    turn.memory.running = None;
    // What failed is dealt with: counting begins anew.
    turn.memory.failures = 0;
    turn.memory.recent.clear();
    turn.memory.last_answer = None;
    turn.memory.topic_failures = 0;
    turn.memory.refused = 0;
    turn.memory.matched = false;
    turn.counted = true;
    turn.choices.clear();
    turn.ask = Ask::No;
    if appeal::keeps_from_people(turn.scene.state, wanted.reason) {
        return appeal::say_closed(turn);
    }
    match (turn.scene.people)(&wanted.team) {
        People::Available => {
            let words = match announce {
                Announce::Say => Some(key(wanted.reason)),
                Announce::As(key) => Some(key),
                Announce::Said => None,
            };
            if let Some(words) = words {
                let team = turn.team(&wanted.team);
                turn.say_engine(words, &[("team", &team)]);
            }
            turn.effect = Effect::Handoff { wanted };
        }
        People::Nobody { when, full, .. } => {
            let state = turn.scene.state;
            if let Some(owed) = state.left_message().or(state.call_back()) {
                let case = owed.promise.case.clone();
                turn.say_engine("promise_open", &[("case", &case)]);
                offer_call(turn, &owed.promise);
                return;
            }
            let team = turn.team(&wanted.team);
            if full {
                turn.say_engine("queue_full", &[("team", &team)]);
            } else if when.is_empty() {
                turn.say_engine("nobody_there_no_hours", &[("team", &team)]);
            } else {
                turn.say_engine("nobody_there", &[("team", &team), ("when", &when)]);
            }
            let form = person_form(turn, Asking::Message { wanted });
            turn.open(form);
        }
    }
}

/// The visitor wants to leave a message: it is asked for at once, whoever is there.
pub(super) fn ask_message(turn: &mut Turn<'_>, wanted: Wanted) {
    if (turn.scene.people)(&wanted.team) != People::Available {
        return bring_person(turn, wanted, Announce::Say);
    }
    turn.memory.suspended.clear();
    super::later::forget(turn);
    turn.memory.offered = None;
    turn.counted = true;
    let form = person_form(turn, Asking::Message { wanted });
    turn.open(form);
}

/// The visitor is back after an agent closed: whoever answered then, or a colleague, goes on; where nobody is there, the bot does.
pub(super) fn back_to_agent(turn: &mut Turn<'_>) -> bool {
    let session = turn.scene.state.session.as_ref();
    let team = session.and_then(|session| session.team.clone());
    let wanted = Wanted {
        reason: HandoffReason::CustomerRequest,
        team: team.unwrap_or_else(default_team),
        priority: Priority::Normal,
        skills: Vec::new(),
    };
    let there = turn.scene.state.came_back
        && !appeal::keeps_from_people(turn.scene.state, wanted.reason)
        && (turn.scene.people)(&wanted.team) == People::Available;
    if there {
        bring_person(turn, wanted, Announce::As("back_to_agent"));
    }
    there
}

/// The message is there: it stays in the log, an answer is promised at once, and where to answer is asked, unless that is known.
pub(super) fn take_message(turn: &mut Turn<'_>, wanted: Wanted) {
    turn.memory.open = None;
    if (turn.scene.people)(&wanted.team) == People::Available {
        return bring_person(turn, wanted, Announce::Say);
    }
    turn.counted = true;
    let promise = promise(turn.scene, &wanted);
    say_taken(turn, &promise);
    let contact = known_contact(turn);
    if contact.is_none() {
        let form = person_form(turn, Asking::Contact { wanted });
        turn.open(form);
    } else {
        offer_call(turn, &promise);
    }
    turn.effect = Effect::Promise { promise, contact };
    if turn.memory.open.is_none() {
        resume_suspended(turn);
    }
}

/// Where to answer was said, or was not wanted (`None`).
pub(super) fn take_contact(turn: &mut Turn<'_>, wanted: &Wanted, contact: Option<String>) {
    turn.memory.open = None;
    turn.counted = true;
    match contact {
        Some(contact) => {
            // By mail only what can be sent.
            let kept = if turn.scene.mail && contact.contains('@') {
                "contact_kept_mail"
            } else {
                "contact_kept"
            };
            turn.say_engine(kept, &[("contact", &contact)]);
            let promise = promise(turn.scene, wanted);
            turn.effect = Effect::Promise {
                promise,
                contact: Some(contact),
            };
        }
        None => turn.say_engine("contact_skipped", &[]),
    }
    resume_suspended(turn);
}

/// The wait in the queue is over and nobody came: the promise and what the bot says of it, as one command for a conversation in the queue.
/// `None` where it is not in the queue.
pub fn nobody_came(scene: &Scene<'_>) -> Option<Command> {
    leave_queue(scene, None, "nobody_came", Then::Contact)
}

/// The visitor rather leaves a message than waits: the same, without an apology for what did not happen. `act`: the client's own id of it, where it is an act of its own.
pub fn leave_message(scene: &Scene<'_>, act: Option<ClientId>) -> Option<Command> {
    leave_queue(scene, act, "message_instead", Then::Contact)
}

/// The visitor rather is called than waits: an answer is promised first, so that nobody is lost who does not pick an hour.
pub fn call_instead(scene: &Scene<'_>) -> Option<Command> {
    leave_queue(scene, None, "message_instead", Then::Call)
}

/// What is asked once the promise is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Where to answer, unless that is known.
    Contact,
    /// Number and hour of a call.
    Call,
}

fn leave_queue(
    scene: &Scene<'_>,
    client_id: Option<ClientId>,
    why: &str,
    then: Then,
) -> Option<Command> {
    let Owner::Queued(waiting) = &scene.state.owner else {
        return None;
    };
    let wanted = Wanted {
        reason: waiting.reason,
        team: waiting.team.clone(),
        priority: waiting.priority,
        skills: waiting.skills.clone(),
    };
    let mut turn = Turn::begin(scene, None);
    let promise = promise(scene, &wanted);
    let team = turn.team(&wanted.team);
    turn.say_engine(why, &[("team", &team)]);
    say_taken(&mut turn, &promise);
    let contact = known_contact(&turn);
    if then == Then::Call && call_back::hours(&turn, &wanted.team).is_some() {
        let form = call_back::form(&mut turn, wanted);
        turn.open(form);
    } else if contact.is_none() {
        let form = person_form(&turn, Asking::Contact { wanted });
        turn.open(form);
    } else {
        offer_call(&mut turn, &promise);
    }
    let upto = scene.state.seq;
    Some(Command::Promise {
        client_id,
        promise,
        contact,
        turn: Box::new(turn.finish(upto, Vec::new())),
    })
}

/// What is owed: the open promise where there is one, so that a case keeps its number and its time.
fn promise(scene: &Scene<'_>, wanted: &Wanted) -> Promise {
    if let Some(open) = scene.state.left_message() {
        return open.promise.clone();
    }
    Promise {
        case: scene.case.clone(),
        team: wanted.team.clone(),
        reason: wanted.reason,
        priority: wanted.priority,
        made_at: scene.now,
        by: reply_time(scene, &wanted.team),
        kind: PromiseKind::Message,
        agent: None,
    }
}

/// By when a team can answer.
pub(super) fn reply_time(scene: &Scene<'_>, team: &TeamId) -> Timestamp {
    match (scene.people)(team) {
        People::Nobody {
            reply_by: Some(by), ..
        } => by,
        People::Nobody { reply_by: None, .. } | People::Available => scene.now.plus(NO_HOURS_MS),
    }
}

/// A call in place of an answer that is owed already.
fn offer_call(turn: &mut Turn<'_>, promise: &Promise) {
    if let Some(choice) = call_back::choice(turn, &promise.team) {
        turn.offer(choice);
    }
}

fn say_taken(turn: &mut Turn<'_>, promise: &Promise) {
    match (turn.scene.people)(&promise.team) {
        People::Nobody { when, .. } if !when.is_empty() => {
            turn.say_engine("message_taken", &[("case", &promise.case), ("when", &when)]);
        }
        People::Nobody { .. } | People::Available => {
            turn.say_engine("message_taken_no_hours", &[("case", &promise.case)]);
        }
    }
}

/// An e-mail or a phone that the visitor gave in this session as such: it is not asked again.
fn known_contact(turn: &Turn<'_>) -> Option<String> {
    ["email", "mail", "phone"]
        .iter()
        .find_map(|name| turn.slots.get(&name.parse::<SlotName>().ok()?))
        .cloned()
}

/// A form that takes something for a person. It belongs to whatever topic led here, for the record only.
pub(super) fn person_form(turn: &Turn<'_>, asking: Asking) -> Form {
    let topic = turn
        .catalog
        .with_role(TopicRole::TalkToPerson)
        .map(|topic| topic.id.clone())
        .or_else(|| turn.memory.last_topic.clone())
        .unwrap_or_else(|| -> TopicId { "talk_to_person".parse().expect("a valid slug") });
    Form {
        topic,
        asking,
        invalid: 0,
        lacking: false,
        proposed: false,
        cursor: Cursor::default(),
    }
}

/// The text that announces a handoff.
fn key(reason: HandoffReason) -> &'static str {
    match reason {
        HandoffReason::CustomerRequest | HandoffReason::AgentTakeover => "handoff_requested",
        HandoffReason::RepeatedFailure => "handoff_repeated_failure",
        HandoffReason::FormFailure => "handoff_form_failure",
        HandoffReason::NegativeFeedback => "handoff_negative_feedback",
        HandoffReason::SensitiveTopic => "handoff_sensitive",
        HandoffReason::IntentRule => "handoff_rule",
        HandoffReason::BotError => "handoff_bot_error",
    }
}

/// A person on request, of the team of the topic at hand; after a bad opinion that is the reason.
pub(super) fn requested(turn: &Turn<'_>) -> Wanted {
    use crate::ids::OpinionKind;
    let reason = match turn.scene.state.opinion {
        Some(OpinionKind::Negative | OpinionKind::StillStuck | OpinionKind::Incident) => {
            HandoffReason::NegativeFeedback
        }
        Some(
            OpinionKind::Positive
            | OpinionKind::Neutral
            | OpinionKind::Suggestion
            | OpinionKind::Doubt,
        )
        | None => HandoffReason::CustomerRequest,
    };
    let mut wanted = turn.wanted(reason);
    if wanted.team == default_team()
        && let Some(topic) = turn.catalog.with_role(TopicRole::TalkToPerson)
    {
        wanted.team = topic.escalate.team.clone();
        if wanted.skills.is_empty() {
            wanted.skills.clone_from(&topic.escalate.skills);
        }
        wanted.priority = wanted.priority.max(topic.escalate.priority);
    }
    wanted
}
