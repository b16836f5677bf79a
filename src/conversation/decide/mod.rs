//! From a command to events, or a refusal. Every rule about who may do what and when stands here.

mod desk;
mod merge;

use super::acts::{self, choice_digest, digest};
use super::command::{BotTurn, Command, Effect, Fresh, Refusal};
use super::desk_command::DeskCommand;
use super::event::{Body, Event, Private};
use super::limits::Limits;
use super::parts::{AbuseLevel, Choice, Closer, PromiseKind, Target};
use super::state::{Owner, State, Waiting};
use crate::ids::{AgentId, ClientId, Lang, Outcome, Seq, Timestamp};

/// What follows from a command in this state: events numbered from `state.seq + 1`, to be stored and then applied.
///
/// # Errors
/// A [`Refusal`]: nothing is changed. `Duplicate` carries the number of the event that the same act made before.
pub fn decide(
    state: &State,
    command: Command,
    fresh: &Fresh,
    limits: &Limits,
) -> Result<Vec<Event>, Refusal> {
    let gone = state.merge.is_some() && !stays(&command);
    match decide_here(state, command, fresh, limits) {
        // What was done before it went is known here.
        Err(known @ (Refusal::Duplicate(_) | Refusal::IdReused)) => Err(known),
        _ if gone => Err(Refusal::Merged),
        other => other,
    }
}

fn decide_here(
    state: &State,
    command: Command,
    fresh: &Fresh,
    limits: &Limits,
) -> Result<Vec<Event>, Refusal> {
    let mut log = Log {
        seq: state.seq,
        now: fresh.now,
        events: Vec::new(),
    };
    match command {
        Command::Say { client_id, text } => {
            known(state, &client_id, digest(text.as_str()))?;
            room(state)?;
            arrive(state, fresh, limits, &mut log);
            log.push(
                Body::VisitorSaid { client_id },
                Private::text(text.into_string()),
            );
            wake(state, &mut log);
        }
        Command::Choose {
            client_id,
            of,
            option,
        } => {
            known(state, &client_id, choice_digest(of, option))?;
            let choice = offered(state, fresh, of, limits)
                .and_then(|choices| choices.get(usize::try_from(option).ok()?))
                .ok_or(Refusal::NoSuchChoice)?;
            room(state)?;
            arrive(state, fresh, limits, &mut log);
            log.push(
                Body::VisitorChose {
                    client_id,
                    of,
                    option,
                    target: choice.target.clone(),
                },
                Private::text(choice.title.clone()),
            );
            wake(state, &mut log);
        }
        Command::AskPerson { client_id, title } => {
            known(state, &client_id, choice_digest(Seq::ZERO, 0))?;
            // Abuse has its price: people are spared it, the assistant goes on.
            if state.abuse == Some(AbuseLevel::Blocked) {
                return Err(Refusal::Blocked);
            }
            // While the bot has it this is answered at once, so it makes room rather than takes it.
            if state.owner != Owner::Bot {
                room(state)?;
            }
            arrive(state, fresh, limits, &mut log);
            let person = Body::VisitorChose {
                client_id,
                of: Seq::ZERO,
                option: 0,
                target: Target::Person,
            };
            log.push(person, Private::text(title));
            wake(state, &mut log);
        }
        Command::Set {
            client_id,
            style,
            lang,
        } => {
            known(state, &client_id, digest(acts::SET))?;
            let mut client_id = Some(client_id);
            let session = state
                .session
                .as_ref()
                .filter(|_| state.is_open())
                .ok_or(Refusal::Closed)?;
            if let Some(style) = style.filter(|style| *style != session.opening.style) {
                let client_id = client_id.take();
                log.push(Body::StyleSet { client_id, style }, Private::default());
            }
            if let Some(lang) = lang.filter(|lang| *lang != session.opening.lang) {
                log.push(Body::LangSet { client_id, lang }, Private::default());
            }
            if log.events.is_empty() {
                return Err(Refusal::Nothing);
            }
        }
        Command::Answer(turn) => answer(state, *turn, limits, &mut log)?,
        Command::Forget { item } => {
            if !state
                .kept
                .at(fresh.now, limits)
                .any(|(kept, _)| *kept == item)
            {
                return Err(Refusal::Nothing);
            }
            log.push(Body::Forgotten { item }, Private::default());
        }
        Command::CallReturned {
            call_id,
            case,
            values,
        } => {
            open_call(state, call_id)?;
            log.push(
                Body::CallReturned { call_id, case },
                Private::default().with_values(values),
            );
        }
        Command::CallFailed { call_id, why } => {
            open_call(state, call_id)?;
            log.push(Body::CallFailed { call_id, why }, Private::default());
        }
        Command::Promise {
            client_id,
            promise,
            contact,
            turn,
        } => {
            known_if(state, client_id.as_ref(), digest(acts::LEAVE))?;
            if !matches!(state.owner, Owner::Queued(_)) {
                return Err(Refusal::NotQueued);
            }
            if turn.upto > state.seq || turn.effect != Effect::None {
                return Err(Refusal::Stale);
            }
            log.push(
                Body::PromiseMade { client_id, promise },
                Private::default()
                    .with_values(contact.map(|contact| ("contact".to_owned(), contact))),
            );
            speak(state, *turn, limits, &mut log);
        }
        Command::Claim {
            client_id,
            agent,
            name,
            seen,
        } => {
            known(state, &client_id, acts::agents(acts::CLAIM, agent))?;
            claim(state, Some(client_id), (agent, name), seen, &mut log)?;
        }
        Command::Reply {
            client_id,
            agent,
            name,
            text,
            seen,
        } => {
            known(state, &client_id, digest(text.as_str()))?;
            if seen.is_some_and(|seen| seen > state.seq) {
                return Err(Refusal::Stale);
            }
            if state.owner == Owner::Bot {
                // The first human word takes over.
                claim(
                    state,
                    None,
                    (agent, name.clone()),
                    seen.unwrap_or(state.seq),
                    &mut log,
                )?;
            } else {
                owned_by(state, agent)?;
            }
            log.push(
                Body::AgentSaid {
                    client_id,
                    agent,
                    name,
                    seen,
                },
                Private::text(text.into_string()),
            );
            // "Hola, un momento" answers nothing: what is owed stays so until the agent says that it is done, or closes with it answered.
            wake(state, &mut log);
        }
        Command::Note {
            client_id,
            agent,
            name,
            text,
        } => {
            known(state, &client_id, digest(text.as_str()))?;
            if state.seq == Seq::ZERO {
                return Err(Refusal::Closed);
            }
            log.push(
                Body::NoteAdded {
                    client_id,
                    agent,
                    name,
                },
                Private::text(text.into_string()),
            );
        }
        Command::Return { client_id, agent } => {
            known(state, &client_id, acts::agents(acts::RETURN, agent))?;
            owned_by(state, agent)?;
            if state.owes_elsewhere() {
                return Err(Refusal::Stale);
            }
            let client_id = Some(client_id);
            log.push(Body::Returned { client_id, agent }, Private::default());
        }
        Command::Release {
            client_id,
            agent,
            cause,
        } => {
            known_if(
                state,
                client_id.as_ref(),
                acts::agents(acts::PUT_BACK, agent),
            )?;
            owned_by(state, agent)?;
            let released = Body::Released {
                client_id,
                agent,
                cause,
            };
            log.push(released, Private::default());
        }
        Command::Close {
            client_id,
            by,
            outcome,
            question,
            because,
            seen,
            wrap_up,
        } => {
            let closing = match by {
                Closer::Agent { agent } => acts::agents(acts::CLOSE, agent),
                Closer::Visitor | Closer::Timer => digest(acts::CLOSE),
            };
            known_if(state, client_id.as_ref(), closing)?;
            if !state.is_open() {
                return Err(Refusal::Closed);
            }
            if let Closer::Agent { agent } = by {
                owned_by(state, agent)?;
                // Nobody closes over what they promised: it is kept, or it gets another time and somebody who owes it.
                if state.promises.iter().any(|owed| {
                    matches!(
                        owed.promise.kind,
                        PromiseKind::Agent | PromiseKind::CallBack
                    )
                }) {
                    return Err(Refusal::PromiseOpen);
                }
            }
            // Nobody hangs up on words that they have not read.
            if seen.is_some_and(|seen| seen < state.visitor_seq) {
                return Err(Refusal::Stale);
            }
            // Whatever the clock says, we do not hang up on somebody to whom we owe an answer.
            if by == Closer::Timer && state.owes() {
                return Err(Refusal::Nothing);
            }
            let outcome = outcome.unwrap_or_else(|| state.outcome());
            // Solved by an agent, the answers that are owed were given: to what was left here, and in another conversation of theirs that goes on here.
            let answered =
                matches!(by, Closer::Agent { .. }) && outcome == Outcome::ResolvedByAgent;
            let owed = state.promises.iter().map(|owed| &owed.promise);
            for promise in owed.filter(|promise| answered && promise.is_an_answer()) {
                let case = promise.case.clone();
                log.push(Body::PromiseKept { case }, Private::default());
            }
            log.push(
                Body::Closed {
                    client_id,
                    outcome,
                    by,
                    question,
                    because,
                    wrap_up,
                },
                Private::default(),
            );
        }
        Command::Rate {
            client_id,
            tap,
            line,
            kind,
            reply,
            case,
        } => {
            let text = line.as_ref().map_or("", |line| line.as_str()).to_owned();
            known(state, &client_id, digest(&text))?;
            let open = state.question.as_ref().ok_or(Refusal::NoQuestion)?;
            let tapped = match tap {
                None => None,
                Some(tap) => Some(
                    usize::try_from(tap)
                        .ok()
                        .and_then(|tap| open.asked.taps.get(tap))
                        .ok_or(Refusal::NoQuestion)?,
                ),
            };
            if tapped.is_none() && line.is_none() || tapped.is_some() && open.tapped {
                return Err(Refusal::NoQuestion);
            }
            let private = if text.is_empty() {
                Private::default()
            } else {
                Private::text(text)
            };
            log.push(
                Body::Rated {
                    client_id,
                    session: open.session,
                    question: open.asked.id.clone(),
                    tap,
                    value: tapped.map(|tap| tap.value),
                    kind: kind.or_else(|| tapped.map(|tap| tap.kind)),
                    line: !private.is_empty(),
                },
                private,
            );
            if let Some((promise, what)) = case {
                if promise.kind != PromiseKind::Opinion || promise.by <= fresh.now {
                    return Err(Refusal::BadTime);
                }
                let client_id = None;
                log.push(
                    Body::PromiseMade { client_id, promise },
                    Private::text(what),
                );
            }
            if let Some((text, choices)) = reply {
                log.push(Body::OpinionAnswered { choices }, Private::text(text));
            }
        }
        Command::MissRating {
            client_id,
            declined,
        } => {
            known_if(state, client_id.as_ref(), digest(acts::SKIP))?;
            let open = state.question.as_ref().ok_or(Refusal::NoQuestion)?;
            log.push(
                Body::RatingMissed {
                    client_id,
                    session: open.session,
                    declined,
                },
                Private::default(),
            );
        }
        Command::PromiseLate => {
            let owed = state
                .promises
                .iter()
                .find(|owed| !owed.late && owed.late_at() <= fresh.now)
                .ok_or(Refusal::Nothing)?;
            let case = owed.promise.case.clone();
            log.push(Body::PromiseLate { case }, Private::default());
        }
        Command::Desk(command) => desk::desk(state, command, fresh, limits, &mut log)?,
    }
    Ok(log.events)
}

/// Whether something may still happen in a conversation that goes on in another one.
fn stays(command: &Command) -> bool {
    matches!(
        command,
        // A service that was being asked is known to have answered, should the two be parted again.
        Command::CallReturned { .. }
            | Command::CallFailed { .. }
            | Command::Desk(
                DeskCommand::Merge { .. }
                    | DeskCommand::Merged { .. }
                    | DeskCommand::CallOff
                    | DeskCommand::Part
                    | DeskCommand::Unmerge { .. }
                    | DeskCommand::Unmerged { .. }
                    | DeskCommand::MailFailed { .. },
            )
    )
}

/// Messages and taps that may wait for an answer at a time.
pub(super) const UNANSWERED_MAX: usize = 50;

/// Whether a message may be left with this id instead of waiting: asked before anybody words the promise.
///
/// # Errors
/// `Duplicate` where it was left with this id already, `NotQueued` where nobody waits.
pub fn may_leave_message(state: &State, id: &ClientId) -> Result<(), Refusal> {
    known(state, id, digest(acts::LEAVE))?;
    match state.owner {
        Owner::Queued(_) => Ok(()),
        Owner::Nobody | Owner::Bot | Owner::Assigned { .. } | Owner::Closed { .. } => {
            Err(Refusal::NotQueued)
        }
    }
}

/// Numbers events as they are decided.
struct Log {
    seq: Seq,
    now: Timestamp,
    events: Vec<Event>,
}

impl Log {
    fn push(&mut self, body: Body, private: Private) {
        self.seq = self.seq.next();
        self.events.push(Event {
            seq: self.seq,
            at: self.now,
            body,
            private,
        });
    }
}

fn known(state: &State, id: &ClientId, digest: u64) -> Result<(), Refusal> {
    match state.acts.get(id) {
        None => Ok(()),
        Some((seq, same)) if same == digest => Err(Refusal::Duplicate(seq)),
        Some(_) => Err(Refusal::IdReused),
    }
}

fn known_if(state: &State, id: Option<&ClientId>, digest: u64) -> Result<(), Refusal> {
    id.map_or(Ok(()), |id| known(state, id, digest))
}

/// What was put aside comes back with the next word of either side.
fn wake(state: &State, log: &mut Log) {
    if state.snoozed_until().is_some() {
        log.push(Body::Woken { client_id: None }, Private::default());
    }
}

/// Whether the visitor may write more before anybody answers.
fn room(state: &State) -> Result<(), Refusal> {
    if state.unanswered.len() < UNANSWERED_MAX {
        Ok(())
    } else {
        Err(Refusal::TooMuch)
    }
}

fn owned_by(state: &State, agent: AgentId) -> Result<(), Refusal> {
    match state.agent() {
        Some(owner) if owner == agent => Ok(()),
        Some(_) | None => Err(Refusal::NotOwner),
    }
}

fn open_call(state: &State, id: u32) -> Result<(), Refusal> {
    match state.asked_call() {
        Some(call) if call.id == id && call.answer.is_none() => Ok(()),
        Some(_) | None => Err(Refusal::NoCall),
    }
}

/// The buttons of an event: the last ones shown, or those of the greeting before the first act.
fn offered<'a>(
    state: &'a State,
    fresh: &'a Fresh,
    of: Seq,
    limits: &Limits,
) -> Option<&'a [Choice]> {
    let begins = match &state.owner {
        Owner::Nobody => true,
        Owner::Closed { at, .. } => fresh.now.since(*at) >= limits.reopen_ms,
        Owner::Bot | Owner::Queued(_) | Owner::Assigned { .. } => false,
    };
    match &state.choices {
        Some((seq, choices)) if *seq == of => Some(choices),
        _ if state.review.as_ref().is_some_and(|(seq, _)| *seq == of) => {
            state.review.as_ref().map(|(_, choices)| choices.as_slice())
        }
        _ if of == Seq::ZERO && begins => Some(&fresh.greeting.1),
        _ => None,
    }
}

/// The visitor acts: a session begins, goes on, or is open already.
fn arrive(state: &State, fresh: &Fresh, limits: &Limits, log: &mut Log) {
    match &state.owner {
        Owner::Bot | Owner::Queued(_) | Owner::Assigned { .. } => {}
        Owner::Closed { at, .. } if fresh.now.since(*at) < limits.reopen_ms => {
            log.push(Body::Reopened, Private::default());
        }
        Owner::Closed { .. } | Owner::Nobody => {
            if let Some(open) = &state.question {
                log.push(
                    Body::RatingMissed {
                        client_id: None,
                        session: open.session,
                        declined: false,
                    },
                    Private::default(),
                );
            }
            log.push(
                Body::SessionOpened {
                    session: fresh.session,
                    opening: fresh.opening.clone(),
                    choices: fresh.greeting.1.clone(),
                },
                Private {
                    texts: fresh.greeting.0.clone(),
                    ..Private::default()
                },
            );
        }
    }
}

/// A claim takes what waits in the queue, what was promised, or what the bot has (a takeover). It rests on the picture that the agent saw.
fn claim(
    state: &State,
    client_id: Option<ClientId>,
    (agent, name): (AgentId, String),
    seen: Seq,
    log: &mut Log,
) -> Result<(), Refusal> {
    match &state.owner {
        Owner::Assigned { agent: owner, .. } if *owner == agent => {
            Err(Refusal::Duplicate(state.seq))
        }
        Owner::Assigned { .. } => Err(Refusal::NotOwner),
        Owner::Nobody => Err(Refusal::NotQueued),
        Owner::Closed { .. } if state.promises.is_empty() => Err(Refusal::Closed),
        Owner::Queued(Waiting {
            offer: Some(offer), ..
        }) if offer.agent != agent => Err(Refusal::NotOwner),
        Owner::Queued(_) | Owner::Bot | Owner::Closed { .. } => {
            // Whoever saw another owner wants something else than what this would do: a takeover instead of a place in the queue, say.
            if seen > state.seq || seen < state.owner_since {
                return Err(Refusal::Stale);
            }
            let claimed = Body::Claimed {
                client_id,
                agent,
                name,
            };
            log.push(claimed, Private::default());
            Ok(())
        }
    }
}

fn answer(state: &State, turn: BotTurn, limits: &Limits, log: &mut Log) -> Result<(), Refusal> {
    if state.owner != Owner::Bot {
        return Err(Refusal::NotOwner);
    }
    if turn.upto > state.seq {
        return Err(Refusal::Stale);
    }
    if let Effect::CallBack { promise, .. } = &turn.effect
        && (promise.kind != PromiseKind::CallBack || promise.by <= log.now)
    {
        return Err(Refusal::BadTime);
    }
    // One review a block.
    if matches!(&turn.effect, Effect::Appeal { promise, .. } if promise.kind != PromiseKind::Appeal)
        || matches!(turn.effect, Effect::Appeal { .. })
            && (state.appealed || state.abuse != Some(AbuseLevel::Blocked))
    {
        return Err(Refusal::Stale);
    }
    // One service at a time: while it is being asked the bot speaks only to bring a person, which gives the service up.
    let person_wanted = state
        .unanswered
        .iter()
        .any(|left| left.target == Some(Target::Person));
    let asking = state
        .call
        .as_ref()
        .is_some_and(|call| call.answer.is_none());
    if asking && !person_wanted && !matches!(turn.effect, Effect::Handoff { .. }) {
        return Err(Refusal::Stale);
    }
    speak(state, turn, limits, log);
    Ok(())
}

fn speak(state: &State, turn: BotTurn, limits: &Limits, log: &mut Log) {
    let lang = turn
        .lang
        .clone()
        .or_else(|| state.lang().cloned())
        .unwrap_or_else(Lang::es);
    if let (Some(lang), Some(session)) = (turn.lang, &state.session)
        && lang != session.opening.lang
    {
        let client_id = None;
        log.push(Body::LangSet { client_id, lang }, Private::default());
    }
    let values = turn
        .slots
        .into_iter()
        .map(|(name, value)| (name.to_string(), value.unwrap_or_default()));
    log.push(
        Body::BotAnswered {
            upto: turn.upto,
            understood: turn.understood,
            choices: turn.choices,
            memory: Box::new(turn.memory),
            topic: turn.topic,
            lang,
            shows: turn.shows,
        },
        Private {
            texts: turn.says,
            values: values.collect(),
        },
    );
    for (item, value) in turn.remember {
        let (body, private) = match value {
            Some(value) => (
                Body::Remembered { item: item.clone() },
                Private::default().with_values([(item.to_string(), value)]),
            ),
            None => (Body::Forgotten { item }, Private::default()),
        };
        log.push(body, private);
    }
    match turn.effect {
        Effect::None => {}
        Effect::Call { call, topic, args } => log.push(
            Body::CallStarted {
                call_id: state.calls + 1,
                call,
                topic,
                deadline: log.now.plus(limits.call_ms),
            },
            Private::default().with_values(args),
        ),
        Effect::Handoff { wanted } => log.push(
            Body::Queued {
                reason: wanted.reason,
                team: wanted.team,
                priority: wanted.priority,
                skills: wanted.skills,
            },
            Private::default(),
        ),
        Effect::Promise { promise, contact } => log.push(
            Body::PromiseMade {
                client_id: None,
                promise,
            },
            Private::default().with_values(contact.map(|contact| ("contact".to_owned(), contact))),
        ),
        Effect::CallBack {
            promise,
            phone,
            what,
        } => log.push(
            Body::PromiseMade {
                client_id: None,
                promise,
            },
            Private::text(what).with_values([("phone".to_owned(), phone)]),
        ),
        Effect::Appeal { promise, text } => log.push(
            Body::PromiseMade {
                client_id: None,
                promise,
            },
            Private::text(text),
        ),
        Effect::Goodbye { question, because } => log.push(
            Body::Closed {
                client_id: None,
                outcome: state.outcome_at_goodbye(),
                by: Closer::Visitor,
                question,
                because,
                wrap_up: None,
            },
            Private::default(),
        ),
    }
}
