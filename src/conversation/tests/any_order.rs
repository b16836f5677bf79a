//! What holds of every conversation, whoever does what in whatever order.

use super::*;

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
                2 => called(),
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

pub(super) fn holds(log: &Log) {
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
