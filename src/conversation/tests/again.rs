//! What comes again, what comes without end, and what was long ago.

use super::*;

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
