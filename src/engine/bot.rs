//! The bot's turn: what the visitor wrote is understood, `dialogue` says what follows, the conversation decides. Runs inside one command.
//!
//! A panic in here must not leave a visitor without an answer: it becomes a handoff to a person.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::conversations::Step;
use super::desk::Availability;
use super::{Live, fresh};
use crate::conversation::{
    AskedQuestion, Asking, BotTurn, Choice, Closer, Command, DeadlineKind, DeskCommand, Effect,
    OfferEnd, Owner, People, Reading, Refusal, ReleaseCause, Session, State, Target, Told, Wanted,
};
use crate::dialogue::{self, Closing, Scene};
use crate::ids::{
    ClientId, HandoffReason, Lang, Outcome, Priority, Seq, TeamId, Timestamp, Utterance,
};
use crate::listening;
use crate::topics::{Reader, SlotRule};
use crate::understanding::{Context, Expecting, Offered};

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
            let (question, because) = closing_question(step, None);
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
    let turn = guarded(step.state, || {
        let readings = read(step.state, &live);
        with_scene(step, &live, |scene| dialogue::answer(scene, &readings))
    });
    step.decide(Command::Answer(Box::new(turn))).map(drop)
}

/// Goes on after a call came back; then answers what was written meanwhile.
pub(super) fn go_on(step: &mut Step<'_>) -> Result<(), Refusal> {
    if step.state.owner != Owner::Bot {
        return Ok(());
    }
    let live = step.engine.live();
    let turn = guarded(step.state, || with_scene(step, &live, dialogue::go_on));
    step.decide(Command::Answer(Box::new(turn)))?;
    answer_now(step)
}

/// The agent has given it back: what the visitor wrote meanwhile is the bot's to answer.
pub(super) fn take_back(step: &mut Step<'_>) -> Result<(), Refusal> {
    answer_now(step)
}

/// Asks somebody who has waited long whether they want to go on.
pub(super) fn ask_to_wait(step: &mut Step<'_>) -> Result<(), Refusal> {
    step.state.waiting().ok_or(Refusal::NotQueued)?;
    tell(
        step,
        Told::LongWait,
        "long_wait",
        &[
            ("keep_waiting", Target::Wait),
            ("leave_a_message", Target::LeaveMessage),
            ("back_to_assistant", Target::Assistant),
        ],
    )
}

/// The server itself says something in the visitor's language and style.
fn tell(
    step: &mut Step<'_>,
    what: Told,
    key: &str,
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
    let says = vec![reader.engine(key, &[])];
    step.decide(Command::Desk(DeskCommand::Tell {
        what,
        says,
        choices,
        lang,
        news: None,
    }))
    .map(drop)
}

pub(super) fn nobody_came(step: &mut Step<'_>) -> Result<(), Refusal> {
    leave_queue(step, dialogue::nobody_came).map(drop)
}

/// The visitor rather leaves a message than waits.
pub(super) fn leave_message(step: &mut Step<'_>, act: ClientId) -> Result<Seq, Refusal> {
    leave_queue(step, |scene| dialogue::leave_message(scene, act))
}

fn leave_queue(
    step: &mut Step<'_>,
    leave: impl FnOnce(&Scene<'_>) -> Option<Command>,
) -> Result<Seq, Refusal> {
    let live = step.engine.live();
    // Whoever is on duty, nobody is there for this visitor now: the promise is made by the hours.
    let people = nobody(step, &live);
    let command = with_people(step, &live, people, leave).ok_or(Refusal::NotQueued)?;
    step.decide(command)
}

/// The question of the closing card for a session that ends now.
pub(super) fn closing_question(
    step: &Step<'_>,
    outcome: Option<Outcome>,
) -> (Option<AskedQuestion>, String) {
    let live = step.engine.live();
    let outcome = outcome.unwrap_or_else(|| step.state.outcome());
    let lang = step.state.lang().cloned().unwrap_or_else(Lang::es);
    listening::choose_question(
        &live.catalog,
        step.state,
        outcome,
        &lang,
        step.state.style(),
    )
}

/// The reply to an opinion, where a tap says of which kind it is.
pub(super) fn reply_to_opinion(
    step: &Step<'_>,
    tap: Option<u32>,
    line: Option<&Utterance>,
) -> Option<(String, Vec<Choice>)> {
    let open = step.state.question.as_ref()?;
    let kind = match tap {
        Some(tap) => Some(open.asked.taps.get(usize::try_from(tap).ok()?)?.kind),
        // A line behind the tap was answered with the tap.
        None if open.tapped => return None,
        None => None,
    };
    let live = step.engine.live();
    let people = people(step, &live);
    Some(listening::reply_to_opinion(
        &live.catalog,
        step.state,
        kind,
        line,
        &people,
    ))
}

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

/// Reads each unanswered text in its context.
fn read(state: &State, live: &Live) -> Vec<Reading> {
    let known = dialogue::reading_context(state);
    let lang = state.lang().cloned().unwrap_or_else(Lang::es);
    let offered: Vec<Offered> = match &state.choices {
        Some((_, choices)) => choices
            .iter()
            .map(|choice| Offered {
                label: choice.title.clone(),
                topic: choice.target.topic().cloned(),
            })
            .collect(),
        None => Vec::new(),
    };
    let asked = state
        .memory
        .open
        .as_ref()
        .and_then(|form| match &form.asking {
            Asking::Slot { slot, rule, .. } => {
                Some((slot, serde_json::from_value::<SlotRule>(rule.clone()).ok()?))
            }
            Asking::Confirm { .. } | Asking::Message { .. } | Asking::Contact { .. } => None,
        });
    let expecting = match &asked {
        Some((name, rule)) => Expecting::Slot { name, rule },
        None if known.yes_no => Expecting::YesNo,
        None => Expecting::Anything,
    };
    let context = Context {
        session_lang: &lang,
        offered: &offered,
        last_topic: known.last_topic.as_ref(),
        expecting,
    };
    let texts = state.unanswered.iter().filter(|left| left.is_text());
    texts
        .map(|left| {
            let read = live.brain.understand(&left.text, &context);
            let mut found = read.found;
            found.extend(read.answer);
            Reading {
                understood: read.understood,
                found,
                yes_no: read.yes_no,
                choice: read.choice,
            }
        })
        .collect()
}

fn with_scene<T>(step: &Step<'_>, live: &Live, act: impl FnOnce(&Scene<'_>) -> T) -> T {
    with_people(step, live, people(step, live), act)
}

fn with_people<T>(
    step: &Step<'_>,
    live: &Live,
    people: People,
    act: impl FnOnce(&Scene<'_>) -> T,
) -> T {
    let closing = |lang: &Lang| {
        let outcome = step.state.outcome_at_goodbye();
        let (question, because) = listening::choose_question(
            &live.catalog,
            step.state,
            outcome,
            lang,
            step.state.style(),
        );
        Closing { question, because }
    };
    let scene = Scene {
        state: step.state,
        catalog: &live.catalog,
        now: step.now,
        people,
        case: fresh::case_number(),
        closing: &closing,
    };
    act(&scene)
}

/// Whether people are there for this visitor; else what can be promised.
fn people(step: &Step<'_>, live: &Live) -> People {
    match &step.state.session {
        Some(session) if !available(step, session).people => nobody(step, live),
        Some(_) | None => People::Available,
    }
}

fn available(step: &Step<'_>, session: &Session) -> Availability {
    step.engine
        .availability(&session.opening.site, session.team.as_ref())
}

/// Nobody is there; the promised time in the visitor's language and time zone.
fn nobody(step: &Step<'_>, live: &Live) -> People {
    let Some(session) = &step.state.session else {
        return People::Available;
    };
    let opening = &session.opening;
    let available = available(step, session);
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
    }
}

fn worded(at: Timestamp, now: Timestamp, zone: &str, lang: &Lang) -> Option<String> {
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

/// The turn, or a handoff when making it panics: the visitor gets a person, the log the story.
fn guarded(state: &State, turn: impl FnOnce() -> BotTurn) -> BotTurn {
    catch_unwind(AssertUnwindSafe(turn)).unwrap_or_else(|_panic| {
        tracing::error!(
            seq = state.seq.0,
            "the bot's turn panicked; a person is asked"
        );
        let team: TeamId = "default".parse().expect("a valid slug");
        BotTurn {
            upto: state.seq,
            understood: Vec::new(),
            says: Vec::new(),
            choices: Vec::new(),
            slots: std::collections::BTreeMap::new(),
            memory: state.memory.clone(),
            topic: None,
            lang: None,
            effect: Effect::Handoff {
                wanted: Wanted {
                    reason: HandoffReason::BotError,
                    team,
                    priority: Priority::High,
                },
            },
        }
    })
}
