//! What whoever was led does, and where: acts that come again, doors that were found before, addresses and cases along the way.

use super::*;
use crate::engine::is_asleep;

async fn parts(agent: &AgentDoor) -> Result<Seq, EngineError> {
    agent.unmerge(id(THERE), act("apart")).await
}

async fn answers(agent: &AgentDoor, words: &str) {
    let words = text(words);
    let reply = agent.reply(id(HERE), act("answers"), &words, None);
    reply.await.unwrap();
}

/// How often somebody wrote this in a conversation.
async fn written(house: &House, n: u8, words: &str) -> usize {
    let events = house.engine.whole(id(n)).await.unwrap();
    let said = |event: &&Event| event.private.first() == Some(words);
    events.iter().filter(said).count()
}

#[tokio::test]
async fn an_act_that_comes_again_behind_the_way_home_is_done_once() {
    for undone in [true, false] {
        let house = House::new();
        let agent = two(&house).await;
        merges(&house, &agent).await.unwrap();
        let away = comes(&house.engine).await;
        away.say(act("c1"), &text("¿sigue ahí?")).await.unwrap();
        answers(&agent, "sí").await;
        if undone {
            parts(&agent).await.unwrap();
        } else {
            agent.give_back(id(HERE), act("back")).await.unwrap();
            over(&house).await;
        }
        let home = comes(&house.engine).await;
        assert_eq!(home.id(), id(THERE));
        // Its ack was lost.
        home.say(act("c1"), &text("¿sigue ahí?")).await.unwrap();
        assert_eq!(written(&house, THERE, "¿sigue ahí?").await, 0, "{undone}");
        let done = home.did_before(&act("c1")).await.unwrap();
        assert!(matches!(done, Some((there, _)) if there == id(HERE)));
        // What somebody does there later under an id of their own is another act.
        house.clock.advance(1);
        let other = house.visitor(HERE);
        other.say(act("c2"), &text("soy otra")).await.unwrap();
        home.say(act("c2"), &text("yo también")).await.unwrap();
        assert_eq!(written(&house, THERE, "yo también").await, 1, "{undone}");
    }
}

#[tokio::test]
async fn a_door_that_leads_there_no_more_opens_nothing() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    let away = comes(&house.engine).await;
    answers(&agent, "hola").await;
    parts(&agent).await.unwrap();
    let merged = |error: EngineError| matches!(error, EngineError::Refused(Refusal::Merged));
    let late = away.say(act("late"), &text("tarde")).await;
    assert!(late.is_err_and(merged));
    assert_eq!(written(&house, HERE, "tarde").await, 0);
    assert!(away.older(Seq(100)).await.is_err_and(merged));
    // Merged anew, it is another way.
    merges_as(&house, &agent, "again").await.unwrap();
    let late = away.say(act("late"), &text("tarde")).await;
    assert!(late.is_err_and(merged));
    let anew = comes(&house.engine).await;
    anew.say(act("late"), &text("tarde")).await.unwrap();
}

#[tokio::test]
async fn what_is_owed_is_looked_after_while_it_is_owed_elsewhere() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    let asleep = house.engine.look(id(THERE), is_asleep).await.unwrap();
    assert!(!asleep, "should the other one be lost, it is owed here");
    over(&house).await;
    comes(&house.engine).await;
    let case = house.engine.look(id(THERE), |state| state.cases.clone());
    assert_eq!(case.await.unwrap(), ["T-1"]);
}

#[tokio::test]
async fn an_address_that_was_proven_counts_through_several_merges_and_for_what_was_said_before() {
    let house = House::new();
    let mut first = vec![
        opened(&house, 3),
        passed(&house, MAIL),
        made("M-1", "te aviso", MAIL),
    ];
    first.extend(goes(3, THERE));
    stored(&house, 3, first).await;
    let mut second = vec![opened(&house, THERE), took(3, 4, "M-1")];
    second.extend(goes(THERE, HERE));
    stored(&house, THERE, second).await;
    let brother = [
        opened(&house, 7),
        made("B-1", "es de su hermano", ""),
        closed(),
    ];
    let third = [opened(&house, HERE), took(THERE, 3, "M-1")];
    stored(&house, HERE, brother.into_iter().chain(third).collect()).await;
    let reach = house.engine.reach(id(HERE)).await.unwrap().unwrap();
    assert_eq!(reach.mail.as_deref(), Some(MAIL));
    assert_eq!((reach.left, reach.floor), (Some((id(3), Seq(4))), Seq(4)));
    let owed: Vec<_> = reach
        .promises
        .iter()
        .map(|owed| &owed.promise.case)
        .collect();
    assert_eq!(owed, ["M-1"], "nothing of whoever was there before");
    // A mail that did not arrive leaves that address where it was left.
    let failed = (house.engine).mail_failed(id(HERE), Seq(5), "5.1.1".into(), "a…".into());
    failed.await.unwrap();
    let told = house.engine.whole(id(HERE)).await.unwrap();
    let told = told.last().unwrap();
    assert!(matches!(told.body, Body::MailFailed { .. }));
    let named = told.private.values.get("to").map(String::as_str);
    assert_eq!(named.unwrap_or_default(), "");

    let house = House::new();
    let agent = two(&house).await;
    appended(&house, THERE, vec![made("T-2", "te aviso", MAIL)]).await;
    merges(&house, &agent).await.unwrap();
    answers(&agent, "ya va").await;
    let said = house.seq(&house.visitor(HERE)).await;
    parts(&agent).await.unwrap();
    let mail = async |event| {
        let reach = house.engine.reach_about(id(HERE), event).await;
        reach.unwrap().unwrap().mail
    };
    assert_eq!(mail(Some(said)).await.as_deref(), Some(MAIL));
    let behind = house.seq(&house.visitor(HERE)).await;
    for event in [None, Some(Seq(4)), Some(behind.next())] {
        assert_eq!(mail(event).await, None, "{event:?}");
    }
}

#[tokio::test]
async fn a_case_tells_its_last_time_also_when_it_has_come_back() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    let moves = async |n: u8, name: &str, hours: i64| {
        house.clock.advance(1);
        let by = house.engine.now().plus(hours * 3_600_000);
        let moved = agent.move_promise(id(n), act(name), "T-1".to_owned(), by);
        moved.await.unwrap();
        by
    };
    let there = moves(HERE, "later", 2).await;
    let told = async || house.engine.case(id(THERE), "T-1").await.unwrap().0.by;
    assert_eq!(told().await, there);
    answers(&agent, "hola").await;
    parts(&agent).await.unwrap();
    assert_eq!(told().await, there);
    let seen = house.seq(&house.visitor(THERE)).await;
    let claimed = agent.claim(id(THERE), act("claim-2"), seen).await;
    assert!(claimed.is_ok(), "{claimed:?}");
    let back = moves(THERE, "still-later", 5).await;
    assert_eq!(told().await, back);
}
