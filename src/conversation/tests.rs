//! What holds of every conversation, whoever does what in whatever order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::acts::{choice_digest, digest};
use super::*;
use crate::ids::{
    AgentId, ClientId, ConversationId, FileId, HandoffReason, Lang, OpinionKind, Outcome, Priority,
    Seq, SessionId, Style, Timestamp, TopicId, Utterance,
};

mod merge;
mod proof;

fn agent(n: u8) -> AgentId {
    AgentId::from_bytes([n; 16])
}

fn client(n: u32) -> ClientId {
    format!("c{n}").parse().unwrap()
}

fn said(text: &str) -> Utterance {
    text.parse().unwrap()
}

fn choices() -> Vec<Choice> {
    let choice = |title: &str, target| Choice {
        title: title.to_owned(),
        target,
    };
    vec![
        choice("Sí", Target::Yes),
        choice("Una persona", Target::Person),
    ]
}

fn fresh(now: Timestamp) -> Fresh {
    Fresh {
        now,
        session: SessionId::from_bytes([u8::try_from(now.0 % 251).unwrap(); 16]),
        opening: Opening::plain("demo".parse().unwrap(), Lang::es()),
        greeting: (vec!["Hola".to_owned()], choices()),
    }
}

fn wanted() -> Wanted {
    Wanted {
        reason: HandoffReason::CustomerRequest,
        team: "default".parse().unwrap(),
        priority: Priority::Normal,
        skills: vec!["returns".parse().unwrap()],
    }
}

/// The visitor ends it.
fn goodbye() -> Command {
    Command::Close {
        client_id: None,
        by: Closer::Visitor,
        outcome: None,
        question: None,
        because: "default".to_owned(),
        seen: None,
        wrap_up: None,
    }
}

fn promise(now: Timestamp) -> Promise {
    Promise {
        case: "M-1".to_owned(),
        team: "default".parse().unwrap(),
        reason: HandoffReason::CustomerRequest,
        priority: Priority::Normal,
        made_at: now,
        by: now.plus(3_600_000),
        kind: PromiseKind::Message,
        agent: None,
    }
}

fn question() -> AskedQuestion {
    AskedQuestion {
        id: "by_default".parse().unwrap(),
        ask: "¿Te sirvió?".to_owned(),
        taps: vec![AskedTap {
            value: -1,
            kind: OpinionKind::Negative,
            label: "No".to_owned(),
        }],
        used_for: "Lo lee el equipo.".to_owned(),
        team: "default".parse().unwrap(),
        line: true,
        touchpoint: None,
        stage: None,
        quiet: false,
        put_because: String::new(),
    }
}

fn turn(state: &State, effect: Effect) -> BotTurn {
    BotTurn {
        upto: state.seq,
        understood: Vec::new(),
        says: vec!["Hola".to_owned()],
        choices: choices(),
        slots: BTreeMap::from([("order_number".parse().unwrap(), Some("1234567".to_owned()))]),
        memory: Memory {
            matched: true,
            ..Memory::default()
        },
        topic: Some("hours".parse::<TopicId>().unwrap()),
        lang: None,
        effect,
    }
}

/// A conversation under test.
#[derive(Default)]
struct Log {
    events: Vec<Event>,
    state: State,
    now: i64,
}

impl Log {
    fn tries(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(
            &self.state,
            command,
            &fresh(Timestamp(self.now)),
            &Limits::default(),
        )?;
        for event in &events {
            self.state.apply(event);
            self.events.push(event.clone());
        }
        Ok(events)
    }

    fn does(&mut self, command: Command) -> Vec<Event> {
        self.tries(command).unwrap()
    }

    fn says(&mut self, n: u32) {
        self.does(Command::Say {
            client_id: client(n),
            text: said("hola"),
        });
    }

    fn answers(&mut self, effect: Effect) {
        let turn = turn(&self.state, effect);
        self.does(Command::Answer(Box::new(turn)));
    }

    fn claim(&self, n: u8, seen: Seq) -> Command {
        Command::Claim {
            client_id: format!("claim-{n}-{}", self.events.len()).parse().unwrap(),
            agent: agent(n),
            name: format!("A{n}"),
            seen,
        }
    }
}

#[derive(Debug, Clone)]
enum Act {
    Say(u32),
    Choose(u32, u64, u32),
    AskPerson(u32),
    Set(bool),
    Answer(u8, u64),
    Returned(u32),
    Failed(u32),
    Promise,
    Claim(u8, u64),
    Reply(u32, u8),
    Note(u32, u8),
    Return(u8),
    Release(u8),
    Close(u8),
    Rate(u32, bool, bool),
    Miss(bool),
    Late,
    Desk(u8, u8, u8),
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Act> {
    let ids = 0u32..40;
    let who = 1u8..4;
    prop_oneof![
        6 => ids.clone().prop_map(Act::Say),
        2 => (ids.clone(), 0u64..4, 0u32..3).prop_map(|(id, back, option)| Act::Choose(id, back, option)),
        1 => ids.clone().prop_map(Act::AskPerson),
        1 => any::<bool>().prop_map(Act::Set),
        8 => (0u8..8, 0u64..3).prop_map(|(effect, behind)| Act::Answer(effect, behind)),
        2 => (0u32..6).prop_map(Act::Returned),
        1 => (0u32..6).prop_map(Act::Failed),
        1 => Just(Act::Promise),
        4 => (who.clone(), 0u64..6).prop_map(|(who, behind)| Act::Claim(who, behind)),
        3 => (ids.clone(), who.clone()).prop_map(|(id, who)| Act::Reply(id, who)),
        1 => (ids.clone(), who.clone()).prop_map(|(id, who)| Act::Note(id, who)),
        1 => who.clone().prop_map(Act::Return),
        1 => who.clone().prop_map(Act::Release),
        2 => (0u8..5).prop_map(Act::Close),
        1 => (ids, any::<bool>(), any::<bool>()).prop_map(|(id, tap, line)| Act::Rate(id, tap, line)),
        1 => any::<bool>().prop_map(Act::Miss),
        1 => Just(Act::Late),
        12 => (0u8..26, 1u8..4, 0u8..3).prop_map(|(what, who, other)| Act::Desk(what, who, other)),
        3 => prop_oneof![Just(1_000i64), Just(120_000), Just(2_000_000)].prop_map(Act::Wait),
    ]
}

/// An id of its own for an act that is not repeated.
fn once(log: &Log) -> ClientId {
    format!("act-{}", log.state.seq).parse().unwrap()
}

fn back(seq: Seq, by: u64) -> Seq {
    Seq(seq.0.saturating_sub(by))
}

fn command(act: &Act, log: &Log) -> Option<Command> {
    let state = &log.state;
    let now = Timestamp(log.now);
    Some(match act {
        Act::Say(id) => Command::Say {
            client_id: client(*id),
            text: said(&format!("texto {id}")),
        },
        Act::Choose(id, behind, option) => Command::Choose {
            client_id: client(1000 + *id),
            of: back(
                state.choices.as_ref().map_or(Seq::ZERO, |(of, _)| *of),
                *behind,
            ),
            option: *option,
        },
        Act::AskPerson(id) => Command::AskPerson {
            client_id: client(2000 + *id),
            title: "Persona".to_owned(),
        },
        Act::Set(fast) => Command::Set {
            client_id: once(log),
            style: Some(if *fast { Style::Fast } else { Style::Warm }),
            lang: None,
        },
        Act::Answer(effect, behind) => {
            let effect = match effect {
                0 | 1 => Effect::None,
                2 => Effect::Call {
                    call: "order".to_owned(),
                    topic: "hours".parse().unwrap(),
                    args: BTreeMap::new(),
                },
                3 => Effect::Handoff { wanted: wanted() },
                4 => Effect::Promise {
                    promise: promise(now),
                    contact: None,
                },
                5 => Effect::CallBack {
                    promise: Promise {
                        kind: PromiseKind::CallBack,
                        ..promise(now)
                    },
                    phone: "600123456".to_owned(),
                    what: "Llamada al 600123456".to_owned(),
                },
                6 => Effect::Appeal {
                    promise: Promise {
                        case: "M-2".to_owned(),
                        kind: PromiseKind::Appeal,
                        ..promise(now)
                    },
                    text: "no fue para tanto".to_owned(),
                },
                _ => Effect::Goodbye {
                    question: Some(question()),
                    because: "default".to_owned(),
                },
            };
            let mut turn = turn(state, effect);
            turn.upto = back(turn.upto, *behind);
            Command::Answer(Box::new(turn))
        }
        Act::Returned(call_id) => Command::CallReturned {
            call_id: *call_id,
            case: "sent".to_owned(),
            values: BTreeMap::new(),
        },
        Act::Failed(call_id) => Command::CallFailed {
            call_id: *call_id,
            why: "time-out".to_owned(),
        },
        Act::Promise => Command::Promise {
            client_id: None,
            promise: promise(now),
            contact: Some("ana@example.org".to_owned()),
            turn: Box::new(turn(state, Effect::None)),
        },
        Act::Claim(who, behind) => log.claim(*who, back(state.seq, *behind)),
        Act::Reply(id, who) => Command::Reply {
            client_id: client(3000 + *id),
            agent: agent(*who),
            name: "A".to_owned(),
            text: said("hola"),
            seen: None,
        },
        Act::Note(id, who) => Command::Note {
            client_id: client(4000 + *id),
            agent: agent(*who),
            name: "A".to_owned(),
            text: said("nota"),
        },
        Act::Return(who) => Command::Return {
            client_id: once(log),
            agent: agent(*who),
        },
        Act::Release(who) => Command::Release {
            client_id: None,
            agent: agent(*who),
            cause: ReleaseCause::Dropped,
        },
        Act::Close(by) => Command::Close {
            client_id: None,
            seen: None,
            wrap_up: None,
            by: match by {
                0 => Closer::Visitor,
                4 => Closer::Timer,
                who => Closer::Agent { agent: agent(*who) },
            },
            outcome: None,
            question: Some(question()),
            because: "default".to_owned(),
        },
        Act::Rate(id, tap, line) => Command::Rate {
            client_id: client(5000 + *id),
            tap: tap.then_some(0),
            line: line.then(|| said("muy lento")),
            kind: None,
            reply: Some(("Perdón.".to_owned(), choices())),
            case: None,
        },
        Act::Miss(declined) => Command::MissRating {
            client_id: None,
            declined: *declined,
        },
        Act::Late => Command::PromiseLate,
        Act::Desk(what, who, other) => Command::Desk(desk_command(*what, *who, *other, log)),
        Act::Wait(_) => return None,
    })
}

fn says() -> (String, Lang) {
    ("seguimos".to_owned(), Lang::es())
}

fn desk_command(what: u8, who: u8, other: u8, log: &Log) -> DeskCommand {
    let (now, client_id) = (Timestamp(log.now), once(log));
    let (whoever, name) = (agent(who), format!("A{who}"));
    let until = now.plus(30_000);
    let case = log
        .state
        .promises
        .last()
        .map_or_else(|| "M-9".to_owned(), |owed| owed.promise.case.clone());
    let file = Attached {
        id: FileId::from_bytes([other; 16]),
        media: "image/png".to_owned(),
        bytes: 9,
    };
    match what {
        0..=3 => DeskCommand::Offer {
            agent: whoever,
            name,
            until,
        },
        4 | 5 => DeskCommand::EndOffer {
            client_id: None,
            agent: whoever,
            cause: OfferEnd::TimedOut,
        },
        6 => DeskCommand::Transfer {
            client_id,
            agent: whoever,
            name,
            lead: other == 0,
            to: Receiver {
                team: "payments".parse().unwrap(),
                colleague: (other == 1).then(|| (agent(3), "A3".to_owned(), until)),
            },
            note: (other != 0).then(|| said("ya lo intenté")),
        },
        7 => DeskCommand::Snooze {
            client_id,
            agent: whoever,
            until: now.plus(3_600_000),
        },
        8 => DeskCommand::Wake {
            client_id: None,
            agent: whoever,
        },
        9 => DeskCommand::Prioritise {
            client_id,
            agent: whoever,
            priority: if other == 0 {
                Priority::Urgent
            } else {
                Priority::Low
            },
        },
        10 => DeskCommand::Tell {
            what: Told::LongWait,
            says: vec!["¿Seguimos esperando?".to_owned()],
            choices: vec![Choice {
                title: "Sí".to_owned(),
                target: Target::Wait,
            }],
            lang: Lang::es(),
            news: None,
        },
        11 if other == 0 => DeskCommand::LeaveQueue,
        11 => DeskCommand::KeepWaiting,
        12 => DeskCommand::Promise {
            client_id,
            promise: Promise {
                case: format!("M-{}", log.state.seq),
                kind: PromiseKind::Agent,
                agent: Some(whoever),
                ..promise(now)
            },
            what: said("te aviso"),
        },
        13 if other == 0 => DeskCommand::MovePromise {
            client_id,
            agent: whoever,
            case,
            by: now.plus(7_200_000),
        },
        13 => DeskCommand::KeepPromise {
            agent: whoever,
            case,
        },
        14 => DeskCommand::WarnPromise,
        15 if other == 0 => DeskCommand::AgentSends {
            client_id,
            agent: whoever,
            agent_name: name,
            file,
            name: "guía.pdf".to_owned(),
        },
        15 => DeskCommand::VisitorSends {
            client_id,
            file,
            name: "foto.png".to_owned(),
        },
        16 => DeskCommand::AskMail {
            client_id,
            case: (other > 0).then_some(case),
            to: (other > 1).then(|| "ana@example.org".to_owned()),
            halves: other > 2,
            reached: log.state.mail_address().is_some(),
        },
        17 => DeskCommand::MailFailed {
            mail: Seq(u64::from(other)),
            status: "5.1.1".to_owned(),
            to: "a…@example.org".to_owned(),
        },
        19 => DeskCommand::Merge {
            client_id,
            agent: whoever,
            name,
            into: ConversationId::from_bytes([9; 16]),
            seen: back(log.state.seq, u64::from(other)),
        },
        20 if other == 0 => DeskCommand::CallOff,
        20 => DeskCommand::Merged { name, says: says() },
        21 if other == 0 => DeskCommand::Unmerge {
            client_id,
            agent: whoever,
            name,
        },
        21 => DeskCommand::Unmerged {
            back: GivenBack {
                owed: log.state.hand_over().0,
                answered: other == 1,
                abuse: None,
            },
            over: other == 2,
            says: says(),
        },
        22 => DeskCommand::TakeIn {
            from: ConversationId::from_bytes([other; 16]),
            of: Seq(u64::from(who)),
            agent: whoever,
            name,
            owed: vec![HandedOver {
                promise: Promise {
                    case: format!("M-O{other}"),
                    ..promise(now)
                },
                late: false,
            }],
            unanswered: other == 1,
            says: says(),
        },
        23 => DeskCommand::GiveBack {
            from: ConversationId::from_bytes([other; 16]),
            of: Seq(u64::from(who)),
            why: match other {
                0 => Parting::Undone {
                    agent: whoever,
                    name,
                },
                1 => Parting::Over,
                _ => Parting::Alone,
            },
            says: says(),
        },
        24 => DeskCommand::Part,
        _ => DeskCommand::Flag {
            client_id,
            agent: whoever,
            name,
            lead: who > 1,
            level: (other > 0).then_some(if other == 1 {
                AbuseLevel::Flagged
            } else {
                AbuseLevel::Blocked
            }),
            reason: said("insultos"),
        },
    }
}

/// The client's own id of an act, and the digest of its content.
fn signature(command: &Command) -> Option<(ClientId, u64)> {
    match command {
        Command::Say { client_id, text }
        | Command::Reply {
            client_id, text, ..
        }
        | Command::Note {
            client_id, text, ..
        } => Some((client_id.clone(), digest(text.as_str()))),
        Command::Choose {
            client_id,
            of,
            option,
        } => Some((client_id.clone(), choice_digest(*of, *option))),
        Command::AskPerson { client_id, .. } => {
            Some((client_id.clone(), choice_digest(Seq::ZERO, 0)))
        }
        _ => None,
    }
}

fn holds(log: &Log) {
    let limits = Limits::default();
    for (event, seq) in log.events.iter().zip(1..) {
        assert_eq!(event.seq, Seq(seq), "a gap");
    }
    assert_eq!(State::fold(&log.events), log.state, "the fold differs");
    let deadlines = log.state.deadlines(&limits);
    assert!(deadlines.is_sorted());
    if log.state.is_open() {
        assert!(
            !deadlines.is_empty(),
            "an open state without a deadline: {:?}",
            log.state.owner
        );
    }
    if !log.state.unanswered.is_empty() {
        assert!(log.state.is_open(), "unanswered words in a closed session");
        assert!(
            deadlines.iter().any(|due| match due.kind {
                DeadlineKind::Answer
                | DeadlineKind::Call
                | DeadlineKind::GoOn
                | DeadlineKind::Queue
                | DeadlineKind::Merge
                | DeadlineKind::Silent => true,
                DeadlineKind::Idle
                | DeadlineKind::Promise
                | DeadlineKind::PromiseSoon
                | DeadlineKind::Offer
                | DeadlineKind::Wake
                | DeadlineKind::Nudge
                | DeadlineKind::Part
                | DeadlineKind::Question => false,
            }),
            "an orphan"
        );
    }
    if log.state.call.is_some() {
        assert_eq!(log.state.owner, Owner::Bot, "a service is asked for nobody");
    }
    if log.state.moving().is_some() {
        assert_eq!(
            deadlines[0].kind,
            DeadlineKind::Merge,
            "a merge that nobody finishes"
        );
    } else if log.state.promises.iter().any(|owed| !owed.late) {
        assert!(
            deadlines
                .iter()
                .any(|due| due.kind == DeadlineKind::Promise),
            "a promise nobody watches"
        );
    }
}

/// What an accepted command may not do.
fn allowed(before: &State, command: &Command, events: &[Event], after: &State) {
    if let Owner::Assigned { agent: owner, .. } = &before.owner {
        match command {
            Command::Answer(_)
            | Command::Claim { .. }
            | Command::Promise { .. }
            | Command::Desk(DeskCommand::Offer { .. }) => {
                panic!("two owners")
            }
            Command::Desk(
                DeskCommand::Snooze { agent, .. }
                | DeskCommand::KeepPromise { agent, .. }
                | DeskCommand::MovePromise { agent, .. }
                | DeskCommand::AgentSends { agent, .. }
                | DeskCommand::TakeIn { agent, .. }
                | DeskCommand::Merge { agent, .. }
                | DeskCommand::GiveBack {
                    why: Parting::Undone { agent, .. },
                    ..
                }
                | DeskCommand::Transfer {
                    agent, lead: false, ..
                },
            ) => assert_eq!(agent, owner, "another agent's hand"),
            Command::Reply { agent, .. }
            | Command::Return { agent, .. }
            | Command::Release { agent, .. } => {
                assert_eq!(agent, owner, "another agent's hand");
            }
            _ => {}
        }
    }
    if let (Some(offer), Command::Claim { agent, .. }) =
        (before.waiting().and_then(|w| w.offer.as_ref()), command)
    {
        assert_eq!(*agent, offer.agent, "taken from whoever was asked");
    }
    if let Command::Close {
        by: Closer::Agent { .. },
        ..
    } = command
    {
        // A message that was left is answered with this, and an appeal waits for a lead wherever the conversation stands.
        let kept_by_agents = [PromiseKind::Agent, PromiseKind::CallBack];
        let mut owed = before.promises.iter();
        assert!(
            !owed.any(|owed| kept_by_agents.contains(&owed.promise.kind)),
            "closed over a promise"
        );
    }
    let answers = matches!(
        command,
        Command::CallReturned { .. } | Command::CallFailed { .. }
    );
    if before.merge.is_some() && !answers && !matches!(command, Command::Desk(_)) {
        panic!("something else happened in a conversation that goes on elsewhere");
    }
    if let (Some(place), Some(kept)) = (before.place(), after.place()) {
        assert_eq!(place.since, kept.since, "the waiting time was lost");
    }
    let closed = |state: &State| matches!(state.owner, Owner::Closed { .. });
    if closed(before) && !closed(after) {
        match &events[0].body {
            Body::Reopened | Body::SessionOpened { .. } | Body::RatingMissed { .. } => {
                assert!(matches!(
                    command,
                    Command::Say { .. }
                        | Command::Choose { .. }
                        | Command::AskPerson { .. }
                        | Command::Desk(DeskCommand::VisitorSends { .. })
                ));
            }
            Body::Claimed { .. } => assert!(!before.promises.is_empty()),
            Body::Unmerged { .. } => assert!(before.moving().is_some()),
            other => panic!("opened by {other:?}"),
        }
    }
    if let Command::Close {
        by: Closer::Timer, ..
    } = command
    {
        assert!(!before.owes(), "hung up on somebody we owe");
    }
    if let Command::Claim { seen, .. } = command {
        assert!(*seen >= before.owner_since, "a claim on an old picture won");
    }
    assert_eq!(after.seq.0, before.seq.0 + events.len() as u64);
    assert!(!events.is_empty(), "accepted and nothing happened");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_conversation_keeps_its_promises(acts in proptest::collection::vec(acts(), 1..60)) {
        let mut log = Log::default();
        for act in &acts {
            log.now += 250;
            if let Act::Wait(millis) = act {
                log.now += millis;
            }
            let Some(command) = command(act, &log) else {
                continue;
            };
            let before = log.state.clone();
            let known = signature(&command).and_then(|(id, digest)| Some((before.acts.get(&id)?, digest)));
            match log.tries(command.clone()) {
                Ok(events) => {
                    prop_assert!(known.is_none(), "done twice");
                    allowed(&before, &command, &events, &log.state);
                    holds(&log);
                    // The same act again is known, and changes nothing.
                    if let Some((id, _)) = signature(&command) {
                        let seq = log.state.acts.get(&id).unwrap().0;
                        let after = log.state.clone();
                        prop_assert_eq!(log.tries(command), Err(Refusal::Duplicate(seq)));
                        prop_assert_eq!(&log.state, &after);
                    }
                }
                Err(refusal) => {
                    prop_assert_eq!(&log.state, &before, "refused and changed");
                    if let Some(((seq, same), digest)) = known {
                        let wanted = if same == digest { Refusal::Duplicate(seq) } else { Refusal::IdReused };
                        prop_assert_eq!(refusal, wanted);
                    }
                }
            }
        }
    }
}

#[test]
fn a_claim_on_an_older_picture_is_refused() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Handoff { wanted: wanted() });
    let seen = log.state.seq;
    log.does(log.claim(1, seen));
    assert_eq!(log.tries(log.claim(2, seen)), Err(Refusal::NotOwner));
    log.does(Command::Return {
        client_id: once(&log),
        agent: agent(1),
    });
    // It waits no more: the second agent wanted a place in the queue, not a takeover from the bot.
    assert_eq!(log.tries(log.claim(2, seen)), Err(Refusal::Stale));
    log.says(2);
    log.does(log.claim(2, back(log.state.seq, 1)));
    assert_eq!(log.state.agent(), Some(agent(2)));
}

#[test]
fn skills_are_wished_of_one_team_and_kept_while_it_waits_for_that_one() {
    let skills = |log: &Log| {
        let waiting = log.state.waiting().unwrap();
        (waiting.team.to_string(), waiting.skills.len())
    };
    let hand_over = |log: &Log, team: &str, colleague| {
        Command::Desk(DeskCommand::Transfer {
            client_id: once(log),
            agent: agent(1),
            name: "A1".to_owned(),
            lead: false,
            to: Receiver {
                team: team.parse().unwrap(),
                colleague,
            },
            note: Some(said("ya lo intenté")),
        })
    };
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Handoff { wanted: wanted() });
    assert_eq!(skills(&log), ("default".to_owned(), 1));
    log.does(log.claim(1, log.state.seq));
    let until = Timestamp(log.now + 60_000);
    let colleague = Some((agent(3), "A3".to_owned(), until));
    log.does(hand_over(&log, "default", colleague));
    assert_eq!(skills(&log), ("default".to_owned(), 1));
    log.does(log.claim(3, log.state.seq));
    log.does(Command::Release {
        client_id: None,
        agent: agent(3),
        cause: ReleaseCause::Dropped,
    });
    assert_eq!(skills(&log), ("default".to_owned(), 1));
    log.does(log.claim(1, log.state.seq));
    log.does(hand_over(&log, "payments", None));
    assert_eq!(skills(&log), ("payments".to_owned(), 0));
}

#[test]
fn a_queue_of_before_there_were_skills_is_read() {
    let stored = serde_json::to_value(Body::Queued {
        reason: HandoffReason::CustomerRequest,
        team: "default".parse().unwrap(),
        priority: Priority::Normal,
        skills: Vec::new(),
    });
    let stored = stored.unwrap();
    assert!(stored.get("skills").is_none(), "nothing is stored of none");
    let read: Body = serde_json::from_value(stored).unwrap();
    assert!(matches!(read, Body::Queued { skills, .. } if skills.is_empty()));
}

#[test]
fn a_takeover_ends_what_the_bot_had_asked() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Call {
        call: "order".to_owned(),
        topic: "hours".parse().unwrap(),
        args: BTreeMap::new(),
    });
    log.does(log.claim(1, log.state.seq));
    let late = Command::CallReturned {
        call_id: 1,
        case: "sent".to_owned(),
        values: BTreeMap::new(),
    };
    assert_eq!(log.tries(late), Err(Refusal::NoCall));
    log.does(Command::Return {
        client_id: once(&log),
        agent: agent(1),
    });
    assert!(log.state.call.is_none());
}

#[test]
fn while_a_service_is_asked_only_a_person_comes_between() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Call {
        call: "order".to_owned(),
        topic: "hours".parse().unwrap(),
        args: BTreeMap::new(),
    });
    log.says(2);
    let limits = Limits::default();
    let kinds = |log: &Log| {
        log.state
            .deadlines(&limits)
            .iter()
            .map(|due| due.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&log), [DeadlineKind::Call]);
    let early = turn(&log.state, Effect::None);
    assert_eq!(
        log.tries(Command::Answer(Box::new(early))),
        Err(Refusal::Stale)
    );
    log.does(Command::AskPerson {
        client_id: client(3),
        title: "Persona".to_owned(),
    });
    assert_eq!(kinds(&log), [DeadlineKind::Answer, DeadlineKind::Call]);
    log.answers(Effect::Handoff { wanted: wanted() });
    assert!(matches!(log.state.owner, Owner::Queued(_)));
}

#[test]
fn a_promise_and_its_words_are_one_append() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Handoff { wanted: wanted() });
    log.says(2);
    let turn = turn(&log.state, Effect::None);
    let events = log.does(Command::Promise {
        client_id: None,
        promise: promise(Timestamp(5)),
        contact: None,
        turn: Box::new(turn),
    });
    let kinds: Vec<_> = events
        .iter()
        .map(|event| std::mem::discriminant(&event.body))
        .collect();
    assert_eq!(kinds.len(), 2);
    assert!(matches!(events[0].body, Body::PromiseMade { .. }));
    assert!(matches!(events[1].body, Body::BotAnswered { .. }));
    assert_eq!(
        (&log.state.owner, log.state.unanswered.len()),
        (&Owner::Bot, 0)
    );
}

#[test]
fn a_goodbye_is_solved_unless_something_failed_or_is_owed() {
    for (failures, owed, wanted) in [
        (0, false, Outcome::ResolvedByBot),
        (1, false, Outcome::Unresolved),
        (0, true, Outcome::LeftMessage),
    ] {
        let mut log = Log::default();
        log.says(1);
        log.answers(if owed {
            Effect::Promise {
                promise: promise(Timestamp(5)),
                contact: None,
            }
        } else {
            Effect::None
        });
        log.state.memory.failures = failures;
        log.state.memory.matched = failures == 0;
        assert_eq!(log.state.outcome_at_goodbye(), wanted);
    }
}

#[test]
fn an_opinion_is_remembered_until_the_next_session() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Goodbye {
        question: Some(question()),
        because: "default".to_owned(),
    });
    log.does(Command::Rate {
        client_id: client(2),
        tap: Some(0),
        line: None,
        kind: None,
        reply: Some(("Perdón.".to_owned(), choices())),
        case: None,
    });
    assert_eq!(log.state.opinion, Some(OpinionKind::Negative));
    let of = log.state.choices.as_ref().unwrap().0;
    log.does(Command::Choose {
        client_id: client(3),
        of,
        option: 1,
    });
    assert_eq!(
        log.state.opinion,
        Some(OpinionKind::Negative),
        "reopened: the same session"
    );
    log.does(Command::Close {
        client_id: None,
        seen: None,
        wrap_up: None,
        by: Closer::Visitor,
        outcome: None,
        question: None,
        because: String::new(),
    });
    log.now += Limits::default().reopen_ms;
    log.says(4);
    assert_eq!(log.state.opinion, None);
}

#[test]
fn the_last_words_are_those_that_the_visitor_wrote() {
    let person = |n: u32| Command::AskPerson {
        client_id: client(n),
        title: "Hablar con una persona".to_owned(),
    };
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::None);
    log.does(person(2));
    assert_eq!(log.state.last_words, "hola");

    let mut taps = Log::default();
    taps.does(person(1));
    assert_eq!(taps.state.last_words, "Hablar con una persona");
}

#[test]
fn what_the_visitor_wrote_unseen_is_neither_closed_nor_answered() {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Handoff { wanted: wanted() });
    log.does(log.claim(1, log.state.seq));
    log.says(2);
    let seen = log.state.seq;
    log.says(3);
    let close = |seen| Command::Close {
        client_id: Some(client(90)),
        by: Closer::Agent { agent: agent(1) },
        outcome: Some(Outcome::Unresolved),
        question: None,
        because: "default".to_owned(),
        seen: Some(seen),
        wrap_up: None,
    };
    assert_eq!(log.tries(close(seen)), Err(Refusal::Stale));
    let reply = |id, seen| Command::Reply {
        client_id: client(id),
        agent: agent(1),
        name: "A".to_owned(),
        text: said("hola"),
        seen,
    };
    log.does(reply(91, Some(seen)));
    let left: Vec<_> = log.state.unanswered.iter().map(|left| left.seq).collect();
    assert_eq!(left, [seen.next()], "the message behind what was seen");
    let ahead = Seq(log.state.seq.0 + 1);
    assert_eq!(log.tries(reply(92, Some(ahead))), Err(Refusal::Stale));
    log.does(reply(93, None));
    assert!(log.state.unanswered.is_empty());
    log.does(close(log.state.seq));
}

#[test]
fn an_act_that_comes_again_later_is_not_done_again() {
    let mut log = Log::default();
    let end = Command::Close {
        client_id: Some(client(50)),
        by: Closer::Visitor,
        outcome: None,
        question: Some(question()),
        because: "default".to_owned(),
        seen: None,
        wrap_up: None,
    };
    let set = Command::Set {
        client_id: client(51),
        style: Some(Style::Fast),
        lang: None,
    };
    let skip = Command::MissRating {
        client_id: Some(client(52)),
        declined: true,
    };
    log.says(1);
    let mut done = Vec::new();
    for command in [set, end, skip] {
        log.does(command.clone());
        done.push((command, log.state.seq));
    }
    log.says(2);
    assert!(log.state.is_open(), "opened again");
    log.does(Command::Set {
        client_id: client(53),
        style: Some(Style::Warm),
        lang: None,
    });
    log.answers(Effect::Handoff { wanted: wanted() });
    let claim = log.claim(1, log.state.seq);
    let put_back = Command::Release {
        client_id: Some(client(54)),
        agent: agent(1),
        cause: ReleaseCause::PutBack,
    };
    let give_back = Command::Return {
        client_id: client(55),
        agent: agent(2),
    };
    for command in [claim, put_back, log.claim(2, log.state.seq), give_back] {
        let command = match command {
            Command::Claim {
                client_id,
                agent: who,
                name,
                ..
            } if who == agent(2) => Command::Claim {
                client_id,
                agent: who,
                name,
                seen: log.state.seq,
            },
            other => other,
        };
        log.does(command.clone());
        done.push((command, log.state.seq));
    }
    for (command, seq) in done {
        assert_eq!(log.tries(command), Err(Refusal::Duplicate(seq)));
    }
    let stranger = Command::Return {
        client_id: client(55),
        agent: agent(1),
    };
    assert_eq!(log.tries(stranger), Err(Refusal::IdReused));
}

#[test]
fn whoever_writes_without_end_has_to_wait_for_an_answer() {
    let mut log = Log::default();
    let most = u32::try_from(decide::UNANSWERED_MAX).unwrap();
    for n in 0..most {
        log.says(n);
    }
    let more = Command::Say {
        client_id: client(most),
        text: said("hola"),
    };
    assert_eq!(log.tries(more.clone()), Err(Refusal::TooMuch));
    log.does(Command::AskPerson {
        client_id: client(most + 1),
        title: "Persona".to_owned(),
    });
    log.answers(Effect::None);
    log.does(more);
}

#[test]
fn acts_of_long_ago_are_forgotten_and_it_is_known() {
    let mut log = Log::default();
    for n in 0..1_200 {
        log.says(n);
        log.answers(Effect::None);
    }
    assert_eq!(log.state.acts.len(), acts::KEPT_MAX);
    assert!(log.state.acts.may_have_forgotten(&client(0)));
    assert!(!log.state.acts.may_have_forgotten(&client(1_199)));
    log.now += Limits::default().idle_ms;
    log.does(Command::Close {
        client_id: None,
        by: Closer::Timer,
        outcome: None,
        question: None,
        because: "default".to_owned(),
        seen: None,
        wrap_up: None,
    });
    log.now += Limits::default().reopen_ms;
    log.says(2_000);
    assert_eq!(log.state.acts.len(), acts::KEPT_OVER + 1);
}

#[test]
fn what_is_personal_inside_a_body_can_be_taken_out_and_put_back() {
    let asking = |asking| Form {
        topic: "hours".parse().unwrap(),
        asking,
        invalid: 0,
        lacking: false,
        cursor: Cursor::default(),
    };
    let confirm = asking(Asking::Confirm {
        text: "¿Lo envío a Calle Mayor 1?".to_owned(),
    });
    let mut log = Log::default();
    log.says(1);
    let mut turn = turn(&log.state, Effect::None);
    turn.memory.open = Some(confirm.clone());
    turn.choices = vec![Choice {
        title: "Calle Mayor 1".to_owned(),
        target: Target::Value {
            value: "Calle Mayor 1".to_owned(),
        },
    }];
    log.does(Command::Answer(Box::new(turn)));
    let whole = log.events.last().unwrap().clone();
    let mut bare = whole.clone();
    let texts = bare.body.take_texts();
    let json = serde_json::to_string(&bare.body).unwrap();
    assert!(!json.contains("Mayor"), "{json}");
    let mut again = bare.clone();
    again.body.put_texts(texts);
    assert_eq!(again, whole);
    // Erased, the question can no longer be asked, and its button is gone.
    *log.events.last_mut().unwrap() = bare;
    let state = State::fold(&log.events);
    assert_eq!((state.memory.open, state.choices), (None, None));
}

/// A message was left under M-1, with a mail address.
fn left_a_message() -> Log {
    let mut log = Log::default();
    log.says(1);
    log.answers(Effect::Promise {
        promise: promise(Timestamp(0)),
        contact: Some("ana@example.org".to_owned()),
    });
    log
}

#[test]
fn mail_is_asked_for_where_there_is_an_address_and_a_case() {
    let asks = |n, case: Option<&str>, reached| {
        let case = case.map(str::to_owned);
        Command::Desk(DeskCommand::AskMail {
            client_id: client(n),
            case,
            to: None,
            halves: false,
            reached,
        })
    };
    let ask = |n, case| asks(n, case, true);
    let mut log = Log::default();
    log.says(1);
    assert_eq!(log.tries(asks(7, None, false)), Err(Refusal::NoAddress));
    let mut log = left_a_message();
    assert_eq!(log.tries(ask(8, Some("M-2"))), Err(Refusal::NoPromise));
    let asked = log.does(ask(9, Some("M-1")));
    let seq = asked.last().unwrap().seq;
    assert_eq!(log.tries(ask(9, Some("M-1"))), Err(Refusal::Duplicate(seq)));
    assert_eq!(log.tries(ask(9, None)), Err(Refusal::IdReused));
    // Nobody's mailbox is filled from here.
    for n in 10..19 {
        log.does(ask(n, None));
    }
    assert_eq!(log.tries(ask(19, None)), Err(Refusal::TooManyMails));
}

#[test]
fn an_address_that_is_given_with_the_wish_is_kept_where_it_is_one() {
    let ask = |n, to: &str| {
        Command::Desk(DeskCommand::AskMail {
            client_id: client(n),
            case: None,
            to: Some(to.to_owned()),
            halves: false,
            reached: false,
        })
    };
    let mut log = Log::default();
    log.says(1);
    for (n, none) in (2..).zip([
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example",
        "ana@example.1",
        "ana lopez@example.org",
        "ana@exa@mple.org",
        "ana@example.org\nBcc: luis@example.org",
        "ana.@example.org",
        "<ana@example.org>",
        "ana@.example.org",
        "ana@exa..mple.org",
    ]) {
        assert_eq!(log.tries(ask(n, none)), Err(Refusal::BadAddress), "{none}");
    }
    assert_eq!(log.state.mail_address(), None);
    log.does(ask(30, " ana.lopez+tienda@correo.example.org "));
    let kept = log.state.mail_address();
    assert_eq!(kept, Some("ana.lopez+tienda@correo.example.org"));
    log.does(ask(31, "ñandú@compañía.es"));
    assert_eq!(log.state.mail_address(), Some("ñandú@compañía.es"));
}

#[test]
fn a_mail_that_failed_is_told_once_until_there_is_another_address() {
    let failed = || {
        Command::Desk(DeskCommand::MailFailed {
            mail: Seq(2),
            status: "5.1.1".to_owned(),
            to: "a…@example.org".to_owned(),
        })
    };
    let mut log = left_a_message();
    log.does(failed());
    assert_eq!(log.tries(failed()), Err(Refusal::Nothing));
    assert_eq!(log.state.mail_failed.as_ref().unwrap().status, "5.1.1");
    log.says(2);
    log.answers(Effect::Promise {
        promise: promise(Timestamp(0)),
        contact: Some("ana@example.com".to_owned()),
    });
    assert_eq!(log.state.mail_failed, None);
    assert_eq!(
        log.state.cases,
        ["M-1"],
        "a case is one however often it is said"
    );
}

#[test]
fn a_case_is_read_off_the_log_with_the_words_that_opened_it() {
    let mut log = left_a_message();
    assert_eq!(Case::of(&log.events, "M-2"), None);
    let open = Case::of(&log.events, "M-1").unwrap();
    assert_eq!(
        (open.words.as_str(), open.late, open.kept_at),
        ("hola", false, None)
    );
    log.now = 3_600_000;
    log.does(Command::PromiseLate);
    assert!(Case::of(&log.events, "M-1").unwrap().late);
    let claim = log.claim(1, log.state.seq);
    log.does(claim);
    let moved = DeskCommand::MovePromise {
        client_id: client(20),
        agent: agent(1),
        case: "M-1".to_owned(),
        by: Timestamp(9_000_000),
    };
    log.does(Command::Desk(moved));
    let moved = Case::of(&log.events, "M-1").unwrap();
    assert_eq!((moved.by, moved.late), (Timestamp(9_000_000), false));
    log.does(Command::Reply {
        client_id: client(21),
        agent: agent(1),
        name: "A1".to_owned(),
        text: said("ya va"),
        seen: None,
    });
    assert_eq!(
        Case::of(&log.events, "M-1").unwrap().kept_at,
        Some(Timestamp(3_600_000))
    );
}
