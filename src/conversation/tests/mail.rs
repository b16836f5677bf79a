//! What is personal in an event, mail that is asked for, and what a case was about.

use super::*;

#[test]
fn what_is_personal_inside_a_body_can_be_taken_out_and_put_back() {
    let asking = |asking| Form {
        topic: "hours".parse().unwrap(),
        asking,
        invalid: 0,
        lacking: false,
        proposed: false,
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
    // A first word answers nothing: it stays owed, and watched.
    assert_eq!(Case::of(&log.events, "M-1").unwrap().kept_at, None);
    let due = log.state.deadlines(&Limits::default());
    assert!(due.iter().any(|due| due.kind == DeadlineKind::Promise));
    let close = |id, outcome| Command::Close {
        client_id: Some(client(id)),
        by: Closer::Agent { agent: agent(1) },
        outcome: Some(outcome),
        question: None,
        because: String::new(),
        seen: None,
        wrap_up: None,
    };
    let unsolved = decide(
        &log.state,
        close(22, Outcome::Unresolved),
        &fresh(Timestamp(log.now)),
        &Limits::default(),
    )
    .unwrap();
    assert!(
        unsolved
            .iter()
            .all(|event| !matches!(event.body, Body::PromiseKept { .. }))
    );
    log.does(close(23, Outcome::ResolvedByAgent));
    assert_eq!(
        Case::of(&log.events, "M-1").unwrap().kept_at,
        Some(Timestamp(3_600_000))
    );
    assert!(log.state.promises.is_empty());
}
