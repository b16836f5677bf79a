//! One rule at a time: who may take whom, what ends what, what is remembered.

use super::*;

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
    log.answers(called());
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
    log.answers(called());
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
fn a_list_shows_what_was_told_and_not_the_yes_behind_it() {
    let mut log = Log::default();
    log.says(1);
    assert_eq!(log.state.headline(), "hola");
    for (n, text) in [(2, "se rompió la lámpara"), (3, "sí, dale")] {
        log.does(Command::Say {
            client_id: client(n),
            text: said(text),
        });
    }
    assert_eq!(log.state.headline(), "se rompió la lámpara");
    assert_eq!(log.state.last_words, "sí, dale");
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
