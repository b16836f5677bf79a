//! The bot's turn: what the visitor wrote is understood, `dialogue` says what follows, the conversation decides. Runs inside one command.
//!
//! A panic in here must not leave a visitor without an answer: it becomes a handoff to a person.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::conversations::Step;
use super::desk::Availability;
use super::{Live, fresh, notices, opinions};
use crate::conversation::{
    AbuseLevel, AskedQuestion, BotTurn, CallHours, Choice, Closer, Command, DeadlineKind,
    DeskCommand, Effect, OfferEnd, Owed, Owner, People, Promise, PromiseKind, Refusal,
    ReleaseCause, State, Target, Told, Wanted, may_leave_message,
};
use crate::dialogue::{self, Closing, Scene};
use crate::ids::{
    ClientId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq, TeamId,
    Timestamp, Utterance,
};
use crate::listening::{self, Ending};
use crate::topics::Reader;

/// Meets a deadline: one command that moves the conversation on.
pub(super) fn meet(step: &mut Step<'_>, due: DeadlineKind) -> Result<(), Refusal> {
    match due {
        DeadlineKind::Answer => answer_now(step),
        DeadlineKind::GoOn => go_on(step),
        DeadlineKind::Call => {
            let call_id = step
                .state
                .call
                .as_ref()
                .map(|call| call.id)
                .ok_or(Refusal::NoCall)?;
            step.decide(Command::CallFailed {
                call_id,
                why: "no answer in time".to_owned(),
            })?;
            go_on(step)
        }
        DeadlineKind::Queue => nobody_came(step),
        DeadlineKind::Silent => {
            let agent = step.state.agent().ok_or(Refusal::NotOwner)?;
            step.decide(Command::Release {
                client_id: None,
                agent,
                cause: ReleaseCause::Silent,
            })
            .map(drop)
        }
        DeadlineKind::Idle => {
            let (question, because) = closing_question(step, &Closer::Timer, None);
            step.decide(Command::Close {
                client_id: None,
                by: Closer::Timer,
                outcome: None,
                question,
                because,
                seen: None,
                wrap_up: None,
            })
            .map(drop)
        }
        DeadlineKind::Promise => step.decide(Command::PromiseLate).map(drop),
        DeadlineKind::PromiseSoon => step
            .decide(Command::Desk(DeskCommand::WarnPromise))
            .map(drop),
        DeadlineKind::Offer => {
            let waiting = step.state.waiting().ok_or(Refusal::NotQueued)?;
            let agent = waiting.offer.as_ref().ok_or(Refusal::NotQueued)?.agent;
            step.decide(Command::Desk(DeskCommand::EndOffer {
                client_id: None,
                agent,
                cause: OfferEnd::TimedOut,
            }))
            .map(drop)
        }
        DeadlineKind::Wake => {
            let agent = step.state.agent().ok_or(Refusal::NotOwner)?;
            step.decide(Command::Desk(DeskCommand::Wake {
                client_id: None,
                agent,
            }))
            .map(drop)
        }
        // Two conversations are locked for that: the engine does it before it meets any deadline.
        DeadlineKind::Merge | DeadlineKind::Part => Err(Refusal::Merged),
        DeadlineKind::Nudge => tell(step, Told::Nudge, "nudge", &[]),
        DeadlineKind::Question => step
            .decide(Command::MissRating {
                client_id: None,
                declined: false,
            })
            .map(drop),
    }
}

/// Answers in the same command where no further message is waited for.
pub(super) fn answer_at_once(step: &mut Step<'_>) -> Result<(), Refusal> {
    let channel = step
        .state
        .session
        .as_ref()
        .map(|session| session.opening.channel.as_str());
    // A program that posts a message waits for its answer; it does not send half sentences.
    if step.engine.settings().limits.pause_ms == 0 || channel == Some("rest") {
        answer_now(step)
    } else {
        Ok(())
    }
}

/// Answers whatever is unanswered, where it is the bot's turn.
pub(super) fn answer_now(step: &mut Step<'_>) -> Result<(), Refusal> {
    // While a service is asked everything waits for it but the wish for a person.
    let busy = step.state.call.is_some()
        && !step
            .state
            .unanswered
            .iter()
            .any(|left| left.target == Some(Target::Person));
    if step.state.owner != Owner::Bot || busy || step.state.unanswered.is_empty() {
        return Ok(());
    }
    let live = step.engine.live();
    let turn = turn_or_person(step.state, || {
        let readings = dialogue::read(step.state, &live.catalog, &live.brain, step.now);
        with_scene(step, &live, |scene| dialogue::answer(scene, &readings))
    });
    answer(step, &live, turn)
}

/// Gives the answer, behind the notices that hold for it.
fn answer(step: &mut Step<'_>, live: &Live, mut turn: BotTurn) -> Result<(), Refusal> {
    let heard = notices::come_first(step, live, &mut turn);
    step.decide(Command::Answer(Box::new(turn)))?;
    for hear in heard {
        step.decide(Command::Desk(hear))?;
    }
    Ok(())
}

/// Goes on after a call came back; then answers what was written meanwhile.
pub(super) fn go_on(step: &mut Step<'_>) -> Result<(), Refusal> {
    if step.state.owner != Owner::Bot {
        return Ok(());
    }
    let live = step.engine.live();
    let turn = turn_or_person(step.state, || with_scene(step, &live, dialogue::go_on));
    answer(step, &live, turn)?;
    answer_now(step)
}

/// The agent has given it back: what the visitor wrote meanwhile is the bot's to answer.
pub(super) fn take_back(step: &mut Step<'_>) -> Result<(), Refusal> {
    answer_now(step)
}

/// Asks somebody who has waited long whether they want to go on.
pub(super) fn ask_to_wait(step: &mut Step<'_>) -> Result<(), Refusal> {
    let waiting = step.state.waiting().ok_or(Refusal::NotQueued)?;
    let calls = call_hours(step, &step.engine.live(), &waiting.team).is_some();
    let assistant = !step.state.owes_elsewhere();
    let buttons = [
        Some(("keep_waiting", Target::Wait)),
        Some(("leave_a_message", Target::LeaveMessage)),
        assistant.then_some(("back_to_assistant", Target::Assistant)),
        calls.then_some(("call_me", Target::CallBack)),
    ];
    let buttons: Vec<_> = buttons.into_iter().flatten().collect();
    tell(step, Told::LongWait, "long_wait", &buttons)
}

/// The server itself says something in the visitor's language and style.
fn tell(
    step: &mut Step<'_>,
    what: Told,
    key: &str,
    buttons: &[(&str, Target)],
) -> Result<(), Refusal> {
    tell_with(step, what, key, &[], buttons)
}

/// The same with values in its words.
fn tell_with(
    step: &mut Step<'_>,
    what: Told,
    key: &str,
    values: &[(&str, &str)],
    buttons: &[(&str, Target)],
) -> Result<(), Refusal> {
    let live = step.engine.live();
    let session = step.state.session.as_ref().ok_or(Refusal::Closed)?;
    let opening = &session.opening;
    let lang = opening.lang.clone();
    let reader = step.engine.reader_lang(&opening.site, &lang);
    let reader = Reader::new(&live.catalog, &opening.site, &reader, opening.style);
    let choices = buttons.iter().map(|(key, target)| Choice {
        title: reader.engine(key, &[]),
        target: target.clone(),
    });
    let choices = choices.collect();
    let says = vec![reader.engine(key, values)];
    step.decide(Command::Desk(DeskCommand::Tell {
        what,
        says,
        choices,
        lang,
        news: None,
    }))
    .map(drop)
}

/// Tells the visitor that contact with people is closed to them, and how to have that looked at.
pub(super) fn tell_blocked(step: &mut Step<'_>) -> Result<(), Refusal> {
    let review = [("ask_review", Target::Appeal)];
    tell(step, Told::Blocked, "blocked", &review)
}

/// Tells the visitor what came of the review that they asked for.
pub(super) fn tell_reviewed(step: &mut Step<'_>) -> Result<(), Refusal> {
    let key = match step.state.abuse {
        Some(AbuseLevel::Blocked) => "appeal_kept",
        Some(AbuseLevel::Flagged) | None => "appeal_lifted",
    };
    tell(step, Told::Reviewed, key, &[])
}

/// Who asks in the queue whether anybody is there is told once a wait that somebody will be, and how long it may take.
pub(super) fn tell_still_queued(
    step: &mut Step<'_>,
    conversation: ConversationId,
) -> Result<(), Refusal> {
    let Owner::Queued(waiting) = &step.state.owner else {
        return Ok(());
    };
    // Where the buttons of a long wait stand, they have been told.
    if waiting.reassured || waiting.asked_at.is_some() {
        return Ok(());
    }
    // Whoever has only just come into the queue is not in the desk's picture yet.
    let (position, wait) = step.engine.place(conversation).unwrap_or((0, None));
    let (position, from, to) = (
        position.to_string(),
        wait.map_or_else(String::new, |wait| wait.from_minutes.to_string()),
        wait.map_or_else(String::new, |wait| wait.to_minutes.to_string()),
    );
    let places = [
        ("position", position.as_str()),
        ("from", from.as_str()),
        ("to", to.as_str()),
    ];
    let key = match (position.as_str(), wait) {
        ("0", _) => "still_queued",
        (_, None) => "still_queued_place",
        (_, Some(_)) => "still_queued_wait",
    };
    tell_with(step, Told::StillQueued, key, &places, &[])
}

pub(super) fn nobody_came(step: &mut Step<'_>) -> Result<(), Refusal> {
    leave_queue(step, dialogue::nobody_came).map(drop)
}

/// The visitor rather has the assistant, while words of theirs wait that it does not have: these become a message.
pub(super) fn rather_assistant(step: &mut Step<'_>) -> Result<(), Refusal> {
    leave_queue(step, |scene| dialogue::leave_message(scene, None)).map(drop)
}

/// The visitor rather is called than waits.
pub(super) fn call_instead(step: &mut Step<'_>) -> Result<(), Refusal> {
    leave_queue(step, dialogue::call_instead).map(drop)
}

/// The visitor rather leaves a message than waits.
pub(super) fn leave_message(step: &mut Step<'_>, act: ClientId) -> Result<Seq, Refusal> {
    may_leave_message(step.state, &act)?;
    leave_queue(step, |scene| dialogue::leave_message(scene, Some(act)))
}

fn leave_queue(
    step: &mut Step<'_>,
    leave: impl FnOnce(&Scene<'_>) -> Option<Command>,
) -> Result<Seq, Refusal> {
    let live = step.engine.live();
    // Whoever is on duty, nobody is there for this visitor now: the promise is made by the hours.
    let command = guarded(step.state.seq, || {
        with_people(step, &live, &|team| nobody(step, &live, team), leave)
    });
    let command = match command {
        Ok(command) => command.ok_or(Refusal::NotQueued)?,
        Err(Failed) => bare_promise(step.state, step.now, fresh::case_number())?,
    };
    step.decide(command)
}

/// A promise that needs no topic file: made when wording it failed, so that nobody waits in vain.
fn bare_promise(state: &State, now: Timestamp, case: String) -> Result<Command, Refusal> {
    let Owner::Queued(waiting) = &state.owner else {
        return Err(Refusal::NotQueued);
    };
    let promise = Promise {
        case,
        team: waiting.team.clone(),
        reason: waiting.reason,
        priority: waiting.priority,
        made_at: now,
        by: now.plus(BARE_PROMISE_MS),
        kind: PromiseKind::Message,
        agent: None,
    };
    let open = state.left_message();
    let promise = open.map_or(promise, |owed| owed.promise.clone());
    Ok(Command::Promise {
        client_id: None,
        promise,
        contact: None,
        turn: Box::new(silent_turn(state, Effect::None)),
    })
}

/// A promise that was made without the hours file is watched for this long: 48 hours.
const BARE_PROMISE_MS: i64 = 48 * 60 * 60_000;

/// The question of the closing card for a session that ends now.
pub(super) fn closing_question(
    step: &Step<'_>,
    by: &Closer,
    outcome: Option<Outcome>,
) -> (Option<AskedQuestion>, String) {
    let live = step.engine.live();
    let outcome = outcome.unwrap_or_else(|| step.state.outcome());
    let lang = step.state.lang().cloned().unwrap_or_else(Lang::es);
    guarded(step.state.seq, || {
        question_at(step, &live, (by, outcome), &lang)
    })
    .unwrap_or_else(|Failed| (None, "failed".to_owned()))
}

/// The question for an end by somebody with an outcome.
fn question_at(
    step: &Step<'_>,
    live: &Live,
    (by, outcome): (&Closer, Outcome),
    lang: &Lang,
) -> (Option<AskedQuestion>, String) {
    let week_ago = step.now.plus(-WEEK_MS);
    let end = Ending {
        now: step.now,
        by,
        outcome,
        notice: notices::holds_for(step),
        answers: &|touchpoint| step.engine.answers_since(touchpoint, week_ago),
        improved: &|touchpoint| step.engine.improved_at(touchpoint, step.state, step.now),
    };
    listening::choose_question(&live.catalog, step.state, &end, lang, step.state.style())
}

const WEEK_MS: i64 = 7 * 24 * 60 * 60_000;

/// An answer to the question as it was heard.
pub(super) struct Opinion {
    /// Its kind, where the line says more than the tap.
    pub(super) kind: Option<OpinionKind>,
    /// What is said to it.
    pub(super) reply: Option<(String, Vec<Choice>)>,
    /// The case that it opens, and what is owed.
    pub(super) case: Option<(Promise, String)>,
}

/// What kind of opinion this is, what is said to it, and the case that it opens.
pub(super) fn hear_opinion(step: &Step<'_>, tap: Option<u32>, line: Option<&Utterance>) -> Opinion {
    let unheard = Opinion {
        kind: None,
        reply: None,
        case: None,
    };
    let Some(open) = step.state.question.as_ref() else {
        return unheard;
    };
    let tapped = tap
        .and_then(|tap| open.asked.taps.get(usize::try_from(tap).ok()?))
        .map(|tap| tap.kind);
    // A line behind the tap adds to it.
    let before = step.state.opinion.filter(|_| open.tapped);
    let live = step.engine.live();
    let lang = step.state.lang().cloned().unwrap_or_else(Lang::es);
    guarded(step.state.seq, || {
        let tap = tapped.or(before);
        let said = line.and_then(|line| opinions::kind_of_opinion(line.as_str(), &lang, tap));
        let kind = listening::opinion_kind(tap, said);
        // What the tap said was answered with the tap.
        if open.tapped && kind == before {
            return unheard;
        }
        let people = people(step, &live, &team_of(step.state));
        let case = opinion_case(step, &live, kind);
        let number = case.as_ref().map(|(promise, _)| promise.case.as_str());
        let reply = listening::reply_to_opinion(&live.catalog, step.state, kind, number, &people);
        Opinion {
            kind,
            reply: Some(reply),
            case,
        }
    })
    .unwrap_or(Opinion {
        kind: tapped,
        reply: None,
        case: None,
    })
}

/// The case of a bad opinion: the team that reads the question has until its deadline. One a visitor at a time.
fn opinion_case(
    step: &Step<'_>,
    live: &Live,
    kind: Option<OpinionKind>,
) -> Option<(Promise, String)> {
    let what = listening::opinion_case(&live.catalog, step.state, kind)?;
    let asked = &step.state.question.as_ref()?.asked;
    let open = |owed: &Owed| owed.promise.kind == PromiseKind::Opinion;
    if step.state.promises.iter().any(open) {
        return None;
    }
    let promise = Promise {
        case: fresh::case_number(),
        team: asked.team.clone(),
        reason: HandoffReason::NegativeFeedback,
        priority: Priority::Normal,
        made_at: step.now,
        by: step.now.plus(OPINION_MS),
        kind: PromiseKind::Opinion,
        agent: None,
    };
    Some((promise, what))
}

/// A bad opinion is looked after within this time, as its reply says: 48 hours.
const OPINION_MS: i64 = 48 * 60 * 60_000;

/// Label of the button that is always there.
pub(super) fn person_title(step: &Step<'_>) -> String {
    let live = step.engine.live();
    let opening = step
        .state
        .session
        .as_ref()
        .map(|session| session.opening.clone());
    let opening = opening.unwrap_or_else(|| step.engine.plain_opening());
    Reader::new(&live.catalog, &opening.site, &opening.lang, opening.style)
        .engine("talk_to_person", &[])
}

fn with_scene<T>(step: &Step<'_>, live: &Live, act: impl FnOnce(&Scene<'_>) -> T) -> T {
    with_people(step, live, &|team| people(step, live, team), act)
}

fn with_people<T>(
    step: &Step<'_>,
    live: &Live,
    people: &dyn Fn(&TeamId) -> People,
    act: impl FnOnce(&Scene<'_>) -> T,
) -> T {
    let closing = |lang: &Lang| {
        let outcome = step.state.outcome_at_goodbye();
        let (question, because) = question_at(step, live, (&Closer::Visitor, outcome), lang);
        Closing { question, because }
    };
    let scene = Scene {
        state: step.state,
        catalog: &live.catalog,
        now: step.now,
        people,
        calls: &|team| call_hours(step, live, team),
        case: fresh::case_number(),
        mail: step.engine.settings().mail,
        limits: step.engine.settings().limits,
        elsewhere: &step.elsewhere.items,
        closing: &closing,
    };
    act(&scene)
}

/// Whether people of a team are there for this visitor; else what can be promised.
fn people(step: &Step<'_>, live: &Live, team: &TeamId) -> People {
    match available(step, team) {
        Some(found) if !found.people => nobody(step, live, team),
        Some(_) | None => People::Available,
    }
}

fn available(step: &Step<'_>, team: &TeamId) -> Option<Availability> {
    let session = step.state.session.as_ref()?;
    let opening = &session.opening;
    let found = step
        .engine
        .availability(&opening.site, Some(team), &opening.lang);
    Some(found)
}

/// Nobody is there; the promised time in the visitor's language and time zone.
fn nobody(step: &Step<'_>, live: &Live, team: &TeamId) -> People {
    let (Some(session), Some(available)) = (&step.state.session, available(step, team)) else {
        return People::Available;
    };
    let opening = &session.opening;
    let zone = opening.time_zone.as_deref().or_else(|| {
        live.catalog
            .site(&opening.site)
            .map(|site| site.time_zone.as_str())
    });
    let lang = step.engine.reader_lang(&opening.site, &opening.lang);
    let when = available
        .reply_by
        .and_then(|by| worded(by, step.now, zone.unwrap_or("UTC"), &lang));
    People::Nobody {
        reply_by: available.reply_by,
        when: when.unwrap_or_default(),
        full: available.full,
    }
}

/// When people of a team can call this visitor. Nobody calls whoever is kept from people.
fn call_hours(step: &Step<'_>, live: &Live, team: &TeamId) -> Option<CallHours> {
    if step.state.abuse == Some(AbuseLevel::Blocked) {
        return None;
    }
    let opening = &step.state.session.as_ref()?.opening;
    let open = step.engine.call_spans(&opening.site, team);
    let site = live.catalog.site(&opening.site);
    let zone = opening
        .time_zone
        .as_deref()
        .or_else(|| site.map(|site| site.time_zone.as_str()));
    (!open.is_empty()).then(|| CallHours {
        zone: zone.unwrap_or("UTC").to_owned(),
        open,
    })
}

/// The team of the last handoff of this session, or the one that is always there.
fn team_of(state: &State) -> TeamId {
    let session = state.session.as_ref();
    session
        .and_then(|session| session.team.clone())
        .unwrap_or_else(|| "default".parse().expect("a valid slug"))
}

pub(super) fn worded(at: Timestamp, now: Timestamp, zone: &str, lang: &Lang) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let local = |at: Timestamp| {
        Some(
            jiff::Timestamp::from_millisecond(at.0)
                .ok()?
                .to_zoned(zone.clone())
                .datetime(),
        )
    };
    Some(dialogue::moment(local(at)?, local(now)?, lang))
}

/// It panicked; the log has the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failed;

/// What the bot makes, or [`Failed`] when making it panics: a bug in the bot never leaves a visitor without an answer.
fn guarded<T>(seq: Seq, make: impl FnOnce() -> T) -> Result<T, Failed> {
    catch_unwind(AssertUnwindSafe(make)).map_err(|_panic| {
        tracing::error!(seq = seq.0, "the bot panicked");
        Failed
    })
}

/// The turn, or a handoff when making it fails.
fn turn_or_person(state: &State, turn: impl FnOnce() -> BotTurn) -> BotTurn {
    guarded(state.seq, turn).unwrap_or_else(|Failed| {
        let wanted = Wanted {
            reason: HandoffReason::BotError,
            team: "default".parse::<TeamId>().expect("a valid slug"),
            priority: Priority::High,
            skills: Vec::new(),
        };
        silent_turn(state, Effect::Handoff { wanted })
    })
}

fn silent_turn(state: &State, effect: Effect) -> BotTurn {
    BotTurn {
        upto: state.seq,
        understood: Vec::new(),
        says: Vec::new(),
        choices: Vec::new(),
        shows: Vec::new(),
        slots: std::collections::BTreeMap::new(),
        remember: std::collections::BTreeMap::new(),
        memory: state.memory.clone(),
        topic: None,
        lang: None,
        effect,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::Waiting;

    #[test]
    fn a_panic_becomes_a_person_and_for_who_waits_a_promise() {
        let mut state = State::default();
        let turn = turn_or_person(&state, || panic!("a bug"));
        assert!(
            matches!(turn.effect, Effect::Handoff { wanted } if wanted.reason == HandoffReason::BotError)
        );
        assert_eq!(guarded(Seq(1), || -> u8 { panic!("a bug") }), Err(Failed));
        let now = Timestamp(5);
        assert_eq!(
            bare_promise(&state, now, "M-1".to_owned()),
            Err(Refusal::NotQueued)
        );
        state.owner = Owner::Queued(Waiting {
            since: now,
            wait_from: now,
            reason: HandoffReason::CustomerRequest,
            team: "logistics".parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
            returned: false,
            offer: None,
            asked_at: None,
            reassured: false,
            handed: None,
        });
        let Command::Promise { promise, turn, .. } =
            bare_promise(&state, now, "M-1".to_owned()).unwrap()
        else {
            panic!("a promise");
        };
        assert_eq!(
            (promise.case.as_str(), promise.team.as_str()),
            ("M-1", "logistics")
        );
        assert!(promise.by > now);
        assert_eq!(turn.effect, Effect::None, "what a promise takes");
    }
}
