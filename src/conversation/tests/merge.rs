//! What holds of two conversations that become one and two again, cut off at any place.

use std::collections::BTreeSet;

use super::*;

/// Two conversations of one person, and who has the first of them.
struct Two {
    here: Log,
    there: Log,
}

const HERE: [u8; 16] = [1; 16];
const THERE: [u8; 16] = [2; 16];

fn there() -> ConversationId {
    ConversationId::from_bytes(THERE)
}

/// What happens to them.
#[derive(Debug, Clone)]
enum Joint {
    Merge,
    Unmerge,
    /// What was cut off goes on, for at most so many appends.
    GoOn(u8),
    Reply,
    Keep(usize),
    Move(usize),
    Release,
    Claim,
    Late,
    Wait(i64),
    VisitorThere,
    VisitorHere,
    GiveBack,
    Third,
    Close,
    Part,
}

fn joints() -> impl Strategy<Value = Joint> {
    prop_oneof![
        3 => Just(Joint::Merge),
        3 => Just(Joint::Unmerge),
        6 => (0u8..3).prop_map(Joint::GoOn),
        1 => Just(Joint::Reply),
        2 => (0usize..3).prop_map(Joint::Keep),
        1 => (0usize..3).prop_map(Joint::Move),
        1 => Just(Joint::Release),
        2 => Just(Joint::Claim),
        1 => Just(Joint::Late),
        1 => prop_oneof![Just(1_000i64), Just(600_000), Just(4_000_000)].prop_map(Joint::Wait),
        1 => Just(Joint::VisitorThere),
        1 => Just(Joint::VisitorHere),
        1 => Just(Joint::GiveBack),
        1 => Just(Joint::Third),
        1 => Just(Joint::Close),
        3 => Just(Joint::Part),
    ]
}

impl Two {
    /// `there` is left to the bot, waits, is held, or is closed with a message that was left; each with something owed where it can be.
    fn new(kind: u8) -> Self {
        let mut here = Log::default();
        here.says(1);
        here.answers(Effect::Handoff { wanted: wanted() });
        here.does(here.claim(1, here.state.seq));
        promised(&mut here, 1, "H-1");
        let mut there = Log::default();
        there.says(1);
        match kind {
            0 => {}
            1 => there.answers(Effect::Handoff { wanted: wanted() }),
            4 => {
                there.answers(called());
                assert!(there.state.unanswered.is_empty() && there.state.call.is_some());
            }
            2 => {
                there.answers(Effect::Handoff { wanted: wanted() });
                there.does(there.claim(1, there.state.seq));
                promised(&mut there, 1, "T-1");
                promised(&mut there, 1, "T-2");
                there.says(2);
            }
            _ => {
                there.answers(Effect::Promise {
                    promise: Promise {
                        case: "T-3".to_owned(),
                        ..promise(Timestamp(there.now))
                    },
                    contact: None,
                });
                there.does(Command::Close {
                    client_id: None,
                    by: Closer::Visitor,
                    outcome: None,
                    question: Some(question()),
                    because: "default".to_owned(),
                    seen: None,
                    wrap_up: None,
                });
            }
        }
        Self { here, there }
    }

    /// As the engine does it: at most `appends` of them, then the lights go out.
    fn go_on(&mut self, appends: u8) {
        for _ in 0..appends {
            let says = Says {
                from: says(),
                into: says(),
            };
            let (from, into) = (&self.there.state, &self.here.state);
            match next_turn(there(), from, Some(into), says) {
                None => return,
                Some(Turn::From(command)) => drop(self.there.does(Command::Desk(command))),
                Some(Turn::Into(command)) => {
                    if self.here.tries(Command::Desk(command)).is_err() {
                        self.there.does(Command::Desk(DeskCommand::CallOff));
                        return;
                    }
                }
            }
        }
    }

    /// What is over by now is begun to be parted; whoever does not know of it is left alone.
    fn part(&mut self) {
        let (now, limits) = (Timestamp(self.here.now), Limits::default());
        for (from, of) in self.here.state.parts(now, &limits) {
            let merge = self.there.state.merge.as_ref();
            if from == there() && merge.is_some_and(|merge| merge.of == of) {
                drop(self.there.tries(Command::Desk(DeskCommand::Part)));
            } else {
                self.here.does(Command::Desk(DeskCommand::GiveBack {
                    from,
                    of,
                    why: Parting::Alone,
                    says: says(),
                }));
            }
        }
    }

    fn closes(&mut self) -> Result<Vec<Event>, Refusal> {
        self.here.tries(goodbye())
    }

    /// The session in which the other one goes on is closed, and so long ago that nobody goes on with it.
    fn over(&mut self) {
        self.closes().unwrap();
        self.here.now += Limits::default().reopen_ms;
        self.there.now = self.here.now;
        self.part();
        self.go_on(2);
    }

    /// Cases that were promised in either and not kept.
    fn owed(&self) -> BTreeSet<String> {
        let mut owed = BTreeSet::new();
        let events = self.here.events.iter().chain(&self.there.events);
        for event in events {
            if let Body::PromiseMade { promise, .. } = &event.body {
                owed.insert(promise.case.clone());
            }
        }
        for event in self.here.events.iter().chain(&self.there.events) {
            if let Body::PromiseKept { case } = &event.body {
                owed.remove(case);
            }
        }
        owed
    }

    fn holds(&self) {
        holds(&self.here);
        holds(&self.there);
        let cases = |log: &Log| {
            let owed = log.state.promises.iter();
            owed.map(|owed| owed.promise.case.clone())
                .collect::<Vec<_>>()
        };
        let (here, there) = (cases(&self.here), cases(&self.there));
        if self.there.state.moving().is_none() {
            let all: Vec<_> = here.iter().chain(&there).cloned().collect();
            assert_eq!(
                all.iter().cloned().collect::<BTreeSet<_>>(),
                self.owed(),
                "something owed is lost, or owed though it was kept"
            );
            assert_eq!(all.len(), self.owed().len(), "owed twice");
        }
        // Whoever waited in the one that went still waits where it goes on, or an answer or a message taken came behind that.
        let there = &self.there.state;
        let Some(merge) = (there.merge.as_ref()).filter(|merge| merge.step == MergeStep::Done)
        else {
            return;
        };
        assert!(there.unanswered.is_empty() && there.call.is_none());
        let joined = self.here.state.joined(ConversationId::from_bytes(THERE));
        let joined = joined.expect("the other one has it");
        assert_eq!(joined.of, merge.of);
        let before = State::fold(
            self.there
                .events
                .iter()
                .filter(|event| event.seq < merge.of),
        );
        let waits = |log: &Log, seq| log.state.unanswered.iter().any(|left| left.seq == seq);
        let answered = (self.here.events.iter()).any(|event| {
            event.seq > joined.seq
                && matches!(
                    event.body,
                    Body::AgentSaid { .. }
                        | Body::AgentSent { .. }
                        | Body::BotAnswered { .. }
                        | Body::Closed { .. }
                )
        });
        assert!(
            !before.owes() || waits(&self.here, joined.seq) || answered,
            "whoever waited is forgotten"
        );
        // What another conversation handed to this one is not taken for its own.
        assert!(
            self.here
                .state
                .left_message()
                .is_none_or(|owed| owed.from.is_none())
        );
    }
}

fn promised(log: &mut Log, who: u8, case: &str) {
    log.does(Command::Desk(DeskCommand::Promise {
        client_id: once(log),
        promise: Promise {
            case: case.to_owned(),
            kind: PromiseKind::Agent,
            agent: Some(agent(who)),
            ..promise(Timestamp(log.now))
        },
        what: said("te aviso"),
    }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn two_conversations_become_one_and_two_again_and_nothing_owed_is_lost(
        kind in 0u8..5,
        joints in proptest::collection::vec(joints(), 1..40),
    ) {
        let mut two = Two::new(kind);
        for joint in joints {
            for log in [&mut two.here, &mut two.there] {
                log.now += if let Joint::Wait(millis) = joint { millis } else { 250 };
            }
            let first_here = two.here.state.promises.iter().map(|owed| owed.promise.case.clone());
            let cases: Vec<_> = first_here.collect();
            let case = |nth: usize| cases.get(nth).cloned().unwrap_or_else(|| "none".to_owned());
            // Refused or not: what must hold, holds.
            match joint {
                Joint::Merge => {
                    let client_id = once(&two.there);
                    let merge = DeskCommand::Merge {
                        client_id,
                        agent: agent(1),
                        name: "A1".to_owned(),
                        into: ConversationId::from_bytes(HERE),
                        seen: two.there.state.seq,
                    };
                    drop(two.there.tries(Command::Desk(merge)));
                }
                Joint::Unmerge => {
                    let apart = DeskCommand::Unmerge {
                        client_id: once(&two.there),
                        agent: agent(1),
                        name: "A1".to_owned(),
                    };
                    drop(two.there.tries(Command::Desk(apart)));
                }
                Joint::GoOn(appends) => two.go_on(appends),
                Joint::Reply => {
                    let reply = Command::Reply {
                        client_id: once(&two.here),
                        agent: agent(1),
                        name: "A1".to_owned(),
                        text: said("hola"),
                        seen: None,
                    };
                    drop(two.here.tries(reply));
                }
                Joint::Keep(nth) => {
                    let (agent, case) = (agent(1), case(nth));
                    drop(two.here.tries(Command::Desk(DeskCommand::KeepPromise { agent, case })));
                }
                Joint::Move(nth) => {
                    let later = DeskCommand::MovePromise {
                        client_id: once(&two.here),
                        agent: agent(1),
                        case: case(nth),
                        by: Timestamp(two.here.now + 7_200_000),
                    };
                    drop(two.here.tries(Command::Desk(later)));
                }
                Joint::Release => {
                    drop(two.here.tries(Command::Release {
                        client_id: None,
                        agent: agent(1),
                        cause: ReleaseCause::Dropped,
                    }));
                }
                Joint::Claim => {
                    let claim = two.here.claim(1, two.here.state.seq);
                    drop(two.here.tries(claim));
                }
                Joint::Late => {
                    drop(two.here.tries(Command::PromiseLate));
                    drop(two.there.tries(Command::PromiseLate));
                }
                Joint::VisitorThere => {
                    let merged = two.there.state.merge.is_some();
                    let client_id = once(&two.there);
                    let said = two.there.tries(Command::Say { client_id, text: said("¿hola?") });
                    prop_assert_eq!(merged, said == Err(Refusal::Merged));
                }
                Joint::VisitorHere => {
                    let client_id = once(&two.here);
                    drop(two.here.tries(Command::Say { client_id, text: said("¿y?") }));
                }
                Joint::GiveBack => {
                    let client_id = once(&two.here);
                    let given = two.here.tries(Command::Return { client_id, agent: agent(1) });
                    let joins = &two.here.state.joined;
                    let waits = |seq| two.here.state.unanswered.iter().any(|left| left.seq == seq);
                    let open = joins.iter().any(|one| one.back.is_none() && waits(one.seq));
                    prop_assert!(given.is_err() || !open, "the bot got words that it cannot read");
                }
                Joint::Third => {
                    let third = DeskCommand::TakeIn {
                        from: ConversationId::from_bytes([3; 16]),
                        of: Seq(1),
                        agent: agent(1),
                        name: "A1".to_owned(),
                        owed: Vec::new(),
                        unanswered: true,
                        says: says(),
                    };
                    drop(two.here.tries(Command::Desk(third)));
                }
                Joint::Close => drop(two.closes()),
                Joint::Part => two.part(),
                Joint::Wait(_) => {}
            }
            two.holds();
        }
        // After the last cut everything is finished, and nothing is under way any more.
        two.go_on(2);
        two.holds();
        prop_assert_eq!(two.there.state.moving(), None);
    }
}

fn called() -> Effect {
    Effect::Call {
        call: "order_status".to_owned(),
        topic: "hours".parse().unwrap(),
        args: BTreeMap::new(),
    }
}

fn merges(log: &Log) -> Command {
    Command::Desk(DeskCommand::Merge {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
        into: ConversationId::from_bytes(HERE),
        seen: log.state.seq,
    })
}

fn parts(log: &Log) -> Command {
    Command::Desk(DeskCommand::Unmerge {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
    })
}

fn replies(log: &mut Log) {
    log.does(Command::Reply {
        client_id: once(log),
        agent: agent(1),
        name: "A1".to_owned(),
        text: said("hola"),
        seen: None,
    });
}

fn merged(kind: u8) -> Two {
    let mut two = Two::new(kind);
    two.there.does(merges(&two.there));
    two.go_on(2);
    assert!(two.there.state.merged_into().is_some());
    two
}

#[test]
fn what_was_proven_in_a_session_that_is_long_over_merges_nothing() {
    let limits = Limits::default();
    let mut two = Two::new(3);
    two.there.now += limits.reopen_ms;
    let late = two.there.tries(merges(&two.there));
    assert_eq!(late, Err(Refusal::Closed));
    // Also where an agent has taken it up again to keep a promise.
    two.there.does(two.there.claim(1, two.there.state.seq));
    let late = two.there.tries(merges(&two.there));
    assert_eq!(late, Err(Refusal::Closed));
}

#[test]
fn a_device_is_led_while_the_session_runs_that_took_its_conversation_in() {
    let limits = Limits::default();
    let mut two = merged(1);
    let leads = |two: &Two, after: i64| {
        let now = Timestamp(two.here.now + after);
        two.here.state.leads(there(), now, &limits)
    };
    assert!(leads(&two, limits.reopen_ms * 10));
    // Somebody waits there still: however long that is.
    assert!(leads(&two, LED_MS * 2));
    replies(&mut two.here);
    assert!(leads(&two, LED_MS - 250) && !leads(&two, LED_MS));
    two.closes().unwrap();
    // It may be gone on with for a while.
    assert!(leads(&two, limits.reopen_ms - 1) && !leads(&two, limits.reopen_ms));
    two.here.now += limits.reopen_ms;
    two.here.says(9);
    assert!(
        !leads(&two, 0),
        "its next session is nobody else's business"
    );
    two.there.now = two.here.now;
    two.part();
    two.go_on(2);
    assert_eq!(
        (
            &two.there.state.merge,
            two.here.state.parts(Timestamp(two.here.now), &limits)
        ),
        (&None, vec![])
    );
    assert!(two.here.state.is_open(), "that session is left alone");
}

#[test]
fn whoever_comes_along_is_shown_no_earlier_session() {
    let mut two = Two::new(1);
    assert_eq!(two.here.state.floor(), Seq(1));
    two.closes().unwrap();
    two.here.now += Limits::default().reopen_ms;
    two.here.says(8);
    two.here.answers(Effect::Handoff { wanted: wanted() });
    two.here.does(two.here.claim(1, two.here.state.seq));
    two.there.now = two.here.now;
    two.there.does(merges(&two.there));
    two.go_on(2);
    let joined = two.here.state.joined(there()).unwrap();
    let opened = two
        .here
        .events
        .get(usize::try_from(joined.floor.0).unwrap() - 1)
        .unwrap();
    assert!(matches!(opened.body, Body::SessionOpened { .. }));
    assert!(joined.floor > Seq(1));
}

#[test]
fn behind_that_session_what_is_owed_is_owed_where_it_was_promised() {
    let mut two = merged(3);
    two.over();
    let state = &two.there.state;
    assert_eq!(
        (&state.merge, state.is_open(), state.owes()),
        (&None, false, false)
    );
    assert_eq!(state.left_message().unwrap().promise.case, "T-3");
    assert!(two.here.state.owed("T-3").is_none());
    assert!(!two.here.state.cases.contains(&"T-3".to_owned()));
    let due = state.deadlines(&Limits::default());
    assert!(
        due.iter().any(|due| due.kind == DeadlineKind::Promise),
        "it is watched"
    );
    // Whoever answers it is heard where it was asked.
    two.there.does(two.there.claim(1, two.there.state.seq));
    replies(&mut two.there);
    assert!(two.there.state.promises.is_empty());
}

#[test]
fn behind_that_session_nobody_waits_again() {
    for kind in 0..5 {
        let mut two = merged(kind);
        replies(&mut two.here);
        two.over();
        let state = &two.there.state;
        assert_eq!(
            (&state.merge, state.is_open(), state.owes()),
            (&None, false, false)
        );
    }
}

#[test]
fn at_home_again_every_act_is_that_of_a_closed_conversation() {
    let mut two = merged(1);
    two.over();
    let client_id = || client(900);
    let close = Command::Close {
        client_id: Some(client_id()),
        by: Closer::Visitor,
        outcome: None,
        question: None,
        because: "default".to_owned(),
        seen: None,
        wrap_up: None,
    };
    let rate = Command::Rate {
        client_id: client_id(),
        tap: Some(0),
        line: None,
        kind: None,
        reply: None,
        case: None,
    };
    let skip = Command::MissRating {
        client_id: Some(client_id()),
        declined: true,
    };
    let set = Command::Set {
        client_id: client_id(),
        style: Some(Style::Fast),
        lang: None,
    };
    let mail = DeskCommand::AskMail {
        client_id: client_id(),
        case: None,
    };
    for (command, refused) in [
        (close, Refusal::Closed),
        (rate, Refusal::NoQuestion),
        (skip, Refusal::NoQuestion),
        (set, Refusal::Closed),
        (Command::Desk(mail), Refusal::NoAddress),
        (
            Command::Choose {
                client_id: client_id(),
                of: Seq(2),
                option: 0,
            },
            Refusal::NoSuchChoice,
        ),
    ] {
        let tried = two.there.tries(command.clone());
        assert_eq!(tried, Err(refused), "{command:?}");
    }
    assert_eq!(
        may_leave_message(&two.there.state, &client_id()),
        Err(Refusal::NotQueued)
    );
    let (text, title) = (said("hola"), "Una persona".to_owned());
    for begins in [
        Command::Say {
            client_id: client_id(),
            text,
        },
        Command::AskPerson {
            client_id: client_id(),
            title,
        },
        Command::Choose {
            client_id: client_id(),
            of: Seq::ZERO,
            option: 0,
        },
    ] {
        let fresh = fresh(Timestamp(two.there.now));
        let events = decide(&two.there.state, begins, &fresh, &Limits::default()).unwrap();
        assert!(matches!(events[0].body, Body::SessionOpened { .. }));
    }
}

#[test]
fn one_that_cannot_be_read_any_more_holds_nobody_up() {
    let says = || Says {
        from: says(),
        into: says(),
    };
    // What was only begun is called off.
    let mut two = Two::new(2);
    two.there.does(merges(&two.there));
    let Some(Turn::From(off)) = next_turn(there(), &two.there.state, None, says()) else {
        panic!("its own turn");
    };
    two.there.does(Command::Desk(off));
    assert_eq!(two.there.state.merge, None);
    assert!(two.there.state.is_open());
    // What was done is owed here again, all of it.
    let mut two = merged(2);
    two.there.does(Command::Desk(DeskCommand::Part));
    let Some(Turn::From(back)) = next_turn(there(), &two.there.state, None, says()) else {
        panic!("its own turn");
    };
    two.there.does(Command::Desk(back));
    let owed: Vec<_> = two
        .there
        .state
        .promises
        .iter()
        .map(|owed| owed.promise.case.as_str())
        .collect();
    assert_eq!(owed, ["T-1", "T-2"]);
}

#[test]
fn an_undo_behind_the_end_gives_back_who_waited() {
    let mut two = merged(1);
    two.closes().unwrap();
    two.there.does(parts(&two.there));
    two.go_on(2);
    let state = &two.there.state;
    assert!(
        state.waiting().is_some() && state.owes(),
        "nobody has answered"
    );
    // A person's word there was an answer.
    let mut two = merged(2);
    replies(&mut two.here);
    two.closes().unwrap();
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert!(two.there.state.unanswered.is_empty());
}

#[test]
fn a_service_that_answers_meanwhile_is_heard() {
    let mut two = merged(4);
    let call_id = two.there.state.calls;
    let (case, values) = ("found".to_owned(), BTreeMap::new());
    two.there.does(Command::CallReturned {
        call_id,
        case,
        values,
    });
    assert_eq!(two.there.state.call, None);
    two.there.does(parts(&two.there));
    two.go_on(2);
    let call = two.there.state.call.as_ref().unwrap();
    assert!(matches!(&call.answer, Some(Ok((case, _))) if case == "found"));
    let due = two.there.state.deadlines(&Limits::default());
    assert!(due.iter().any(|due| due.kind == DeadlineKind::GoOn));
}

#[test]
fn where_a_case_went_is_known_behind_the_merge() {
    let mut two = merged(2);
    let here = ConversationId::from_bytes(HERE);
    assert!(two.here.state.cases.contains(&"T-1".to_owned()));
    two.here.does(Command::Desk(DeskCommand::KeepPromise {
        agent: agent(1),
        case: "T-1".to_owned(),
    }));
    for over in [false, true] {
        if over {
            two.over();
        }
        assert_eq!(two.there.state.handed_to("T-1"), Some(here));
        assert_eq!(two.there.state.ever_owed("T-1").unwrap().what, "te aviso");
    }
    let owed = &two.there.state.promises;
    assert_eq!((owed.len(), owed[0].what.as_str()), (1, "te aviso"));
}

#[test]
fn once_parted_the_other_one_has_none_of_its_cases() {
    let mut two = merged(2);
    replies(&mut two.here);
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert_eq!(two.here.state.cases, ["H-1"]);
    assert_eq!(two.there.state.cases, ["T-1", "T-2"]);
}

#[test]
fn a_service_that_is_being_asked_is_an_answer_owed() {
    let mut two = merged(4);
    assert_eq!(two.here.state.unanswered.len(), 1, "nobody would answer");
    two.there.does(parts(&two.there));
    two.go_on(2);
    let call = two.there.state.call.as_ref();
    assert!(
        call.is_some_and(|call| call.answer.is_none()),
        "it has a deadline"
    );
    // Answered meanwhile, there is nothing to wait for.
    let mut two = merged(4);
    replies(&mut two.here);
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert!(!two.there.state.owes());
}

#[test]
fn a_message_left_in_one_is_not_the_message_of_the_other() {
    let two = merged(3);
    let state = &two.here.state;
    assert!(state.owed("T-3").is_some());
    assert_eq!((state.left_message(), state.call_back()), (None, None));
}

#[test]
fn what_somebody_wrote_behind_the_merge_is_answered_before_they_are_parted() {
    let mut two = merged(1);
    two.here.says(50);
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert!(two.there.state.merged_into().is_some(), "called off");
    replies(&mut two.here);
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert_eq!(two.there.state.merge, None);
}

fn flags(log: &mut Log, level: AbuseLevel) {
    log.does(Command::Desk(DeskCommand::Flag {
        client_id: once(log),
        agent: agent(2),
        name: "A2".to_owned(),
        lead: true,
        level: Some(level),
        reason: said("insultos"),
    }));
}

#[test]
fn whoever_is_shut_out_meanwhile_is_so_in_both() {
    let mut two = merged(1);
    flags(&mut two.here, AbuseLevel::Blocked);
    two.there.does(parts(&two.there));
    two.go_on(2);
    let state = &two.there.state;
    assert_eq!(state.abuse, Some(AbuseLevel::Blocked));
    assert!(state.waiting().is_none(), "people are spared them");
    // What was so before is no news to the other one.
    let mut two = Two::new(1);
    flags(&mut two.here, AbuseLevel::Flagged);
    two.there.does(merges(&two.there));
    two.go_on(2);
    two.there.does(parts(&two.there));
    two.go_on(2);
    assert_eq!(two.there.state.abuse, None);
}

#[test]
fn the_bot_is_not_given_words_that_it_cannot_read() {
    let mut two = merged(1);
    let back = |log: &Log| Command::Return {
        client_id: once(log),
        agent: agent(1),
    };
    assert_eq!(two.here.tries(back(&two.here)), Err(Refusal::Stale));
    replies(&mut two.here);
    assert!(two.here.tries(back(&two.here)).is_ok());
}
