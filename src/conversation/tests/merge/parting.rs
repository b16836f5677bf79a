//! What becomes of it when they are two again: undone by an agent, or the session is over.

use super::*;

#[test]
fn a_device_is_led_while_the_session_runs_that_took_its_conversation_in() {
    let limits = Limits::default();
    let mut two = merged(1);
    let leads = |two: &Two, after: i64| {
        let now = Timestamp(two.here.now + after);
        two.here.state.leads(THERE, now, &limits)
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
    two.there.does(Command::Desk(DeskCommand::KeepPromise {
        agent: agent(1),
        case: "T-3".to_owned(),
    }));
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
        to: None,
        halves: false,
        reached: false,
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
    let Some(Turn::From(off)) = next_turn(THERE, &two.there.state, (HERE, None), says()) else {
        panic!("its own turn");
    };
    two.there.does(Command::Desk(off));
    assert_eq!(two.there.state.merge, None);
    assert!(two.there.state.is_open());
    // What was done is owed here again, all of it.
    let mut two = merged(2);
    two.there.does(Command::Desk(DeskCommand::Part));
    let Some(Turn::From(back)) = next_turn(THERE, &two.there.state, (HERE, None), says()) else {
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
    // As it was: whoever waited there waits again.
    assert_eq!(two.there.state.agent(), Some(agent(1)));
    assert!(two.there.state.owes());
    // Two that are held are not those of a merge with a third one.
    let mut two = Two::new(2);
    two.there.does(merges(&two.there));
    let third = ConversationId::from_bytes([3; 16]);
    assert!(next_turn(THERE, &two.there.state, (third, None), says()).is_none());
}

#[test]
fn an_undo_behind_the_end_gives_back_who_waited() {
    let mut two = merged(1);
    two.closes().unwrap();
    two.undo();
    let state = &two.there.state;
    assert!(
        state.waiting().is_some() && state.owes(),
        "nobody has answered"
    );
    // A person's word there was an answer.
    let mut two = merged(2);
    replies(&mut two.here);
    two.closes().unwrap();
    two.undo();
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
    two.undo();
    let call = two.there.state.call.as_ref().unwrap();
    assert!(matches!(&call.answer, Some(Ok((case, _))) if case == "found"));
    let due = two.there.state.deadlines(&Limits::default());
    assert!(due.iter().any(|due| due.kind == DeadlineKind::GoOn));
}

#[test]
fn where_a_case_went_is_known_behind_the_merge() {
    let mut two = merged(2);
    assert!(two.here.state.cases.contains(&"T-1".to_owned()));
    two.here.does(Command::Desk(DeskCommand::KeepPromise {
        agent: agent(1),
        case: "T-1".to_owned(),
    }));
    for over in [false, true] {
        if over {
            two.over();
        }
        assert_eq!(two.there.state.handed_to("T-1").next(), Some(HERE));
        assert_eq!(two.there.state.ever_owed("T-1").unwrap().what, "te aviso");
    }
    let owed = &two.there.state.promises;
    assert_eq!((owed.len(), owed[0].what.as_str()), (1, "te aviso"));
}

#[test]
fn once_parted_the_other_one_has_none_of_its_cases() {
    let mut two = merged(2);
    replies(&mut two.here);
    two.undo();
    assert_eq!(two.here.state.cases, ["H-1"]);
    assert_eq!(two.there.state.cases, ["T-1", "T-2"]);
}

#[test]
fn a_service_that_is_being_asked_is_an_answer_owed() {
    let mut two = merged(4);
    assert_eq!(two.here.state.unanswered.len(), 1, "nobody would answer");
    two.undo();
    let call = two.there.state.call.as_ref();
    assert!(
        call.is_some_and(|call| call.answer.is_none()),
        "it has a deadline"
    );
    // Answered meanwhile, there is nothing to wait for.
    let mut two = merged(4);
    replies(&mut two.here);
    two.undo();
    assert!(!two.there.state.owes());
}

#[test]
fn what_somebody_wrote_behind_the_merge_is_answered_before_they_are_parted() {
    let mut two = merged(1);
    two.here.says(50);
    two.undo();
    assert!(two.there.state.merged_into().is_some(), "called off");
    replies(&mut two.here);
    two.undo();
    assert_eq!(two.there.state.merge, None);
}

#[test]
fn whoever_is_shut_out_meanwhile_is_so_in_both() {
    let mut two = merged(1);
    flags(&mut two.here, AbuseLevel::Blocked);
    two.undo();
    let state = &two.there.state;
    assert_eq!(state.abuse, Some(AbuseLevel::Blocked));
    assert!(state.waiting().is_none(), "people are spared them");
    // What was so before is no news to the other one.
    let mut two = Two::new(1);
    flags(&mut two.here, AbuseLevel::Flagged);
    two.merge();
    two.undo();
    assert_eq!(two.there.state.abuse, None);
}

/// The first one's session was closed over a message that was left, and an agent has taken it up again.
fn taken_up_again() -> Two {
    let limits = Limits::default();
    let mut here = Log::default();
    here.says(1);
    here.answers(Effect::Promise {
        promise: promise(Timestamp(0)),
        contact: None,
    });
    here.does(goodbye());
    here.now = limits.reopen_ms - 60_000;
    here.does(here.claim(1, here.state.seq));
    let mut there = Two::new(1).there;
    there.now = here.now;
    Two { here, there }
}

#[test]
fn whoever_waits_is_not_parted_over_the_end_of_a_session_that_was_taken_up_again() {
    let mut two = taken_up_again();
    two.merge();
    two.here.now += 120_000;
    two.there.now = two.here.now;
    let (now, limits) = (Timestamp(two.here.now), Limits::default());
    assert_eq!(two.here.state.parts(now, &limits), vec![]);
    assert!(two.here.state.leads(THERE, now, &limits));
    // Answered, and closed anew, it ends as ever.
    replies(&mut two.here);
    two.over();
    assert_eq!(two.there.state.merge, None);
    two.holds();
}

#[test]
fn nobody_is_parted_in_the_middle_of_a_talk() {
    let limits = Limits::default();
    let ends = |two: &Two| {
        let now = Timestamp(two.here.now + LED_MS);
        !two.here.state.parts(now, &limits).is_empty()
    };
    let mut two = merged(1);
    replies(&mut two.here);
    assert!(ends(&two));
    two.here.says(50);
    assert!(!ends(&two), "they wait for an answer");
    two.here.does(returns(&two.here));
    two.here.answers(called());
    assert!(!ends(&two), "a service is being asked for them");
    two.here.does(Command::CallReturned {
        call_id: two.here.state.calls,
        case: "found".to_owned(),
        values: BTreeMap::new(),
    });
    two.here.answers(Effect::Handoff { wanted: wanted() });
    assert!(!ends(&two), "they wait for a person");
}

#[test]
fn an_undo_leaves_nobody_behind_who_was_brought_there() {
    for effect in [Effect::Handoff { wanted: wanted() }, called()] {
        let mut two = merged(1);
        replies(&mut two.here);
        two.here.now += 60_000;
        two.there.now = two.here.now;
        two.here.does(returns(&two.here));
        two.here.says(50);
        two.here.answers(effect.clone());
        two.undo();
        assert!(
            two.there.state.merged_into().is_some(),
            "called off: {effect:?}"
        );
    }
    // Whoever waited there before is not in the way.
    let mut two = merged(1);
    two.here.does(Command::Release {
        client_id: None,
        agent: agent(1),
        cause: ReleaseCause::Dropped,
    });
    two.undo();
    assert_eq!(two.there.state.merge, None);
}

#[test]
fn whoever_is_shut_out_while_an_agent_has_them_leaves_the_bot_no_empty_words() {
    let mut two = merged(0);
    flags(&mut two.here, AbuseLevel::Blocked);
    assert_eq!(two.here.state.owner, Owner::Bot);
    assert!(two.here.state.unanswered.is_empty());
    two.undo();
    assert!(
        two.there.state.owes(),
        "the assistant has those words there"
    );
    // Also of one that was in an agent's hands before.
    let mut two = merged(2);
    flags(&mut two.here, AbuseLevel::Blocked);
    two.undo();
    assert_eq!(two.there.state.owner, Owner::Bot);
}

/// The first one takes in another one still, for which an answer is owed.
fn takes_in(log: &mut Log, from: u8) {
    log.does(Command::Desk(DeskCommand::TakeIn {
        from: ConversationId::from_bytes([from; 16]),
        of: Seq(1),
        agent: agent(1),
        name: "A1".to_owned(),
        owed: Vec::new(),
        unanswered: true,
        says: says(),
    }));
}

#[test]
fn what_was_answered_further_on_is_answered_all_the_way_back() {
    let third = ConversationId::from_bytes([3; 16]);
    let mut two = Two::new(2);
    takes_in(&mut two.there, 3);
    two.merge();
    replies(&mut two.here);
    two.undo();
    assert!(!two.there.state.joined(third).unwrap().waits);
}
