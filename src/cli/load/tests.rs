//! The load client against servers that break each promise in turn: it must notice.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use serde_json::json;

use super::tally::Counts;
use super::*;
use crate::cli::fake_server::{FakeServer, Reply};

fn rows(texts: &[&str]) -> Vec<Row> {
    texts
        .iter()
        .map(|text| Row {
            text: (*text).into(),
            intent: text.chars().next().unwrap().to_string(),
            lang: None,
            split: None,
        })
        .collect()
}

fn map() -> LabelMap {
    serde_json::from_value(json!({"labels": {
        "a": {"topic": "a", "answers": {"en": "About a."}, "title": "A"},
        "b": {"topic": "b", "answers": {"en": "About b."}, "title": "B"},
    }}))
    .unwrap()
}

/// What a server's answers to these texts add up to.
async fn of(
    script: impl Fn(&str) -> Reply + Send + Sync + 'static,
    texts: &[&str],
    conversations_of: u32,
) -> Report {
    within(30, script, texts, conversations_of).await
}

async fn within(
    patience: u32,
    script: impl Fn(&str) -> Reply + Send + Sync + 'static,
    texts: &[&str],
    conversations_of: u32,
) -> Report {
    let server = FakeServer::start(script).await;
    let args = Args {
        file: PathBuf::new(),
        url: server.url().parse().unwrap(),
        site: "demo".parse().unwrap(),
        lang: None,
        split: "test".into(),
        conversations_of,
        clients: 3,
        limit: 100,
        max_seconds: 60,
        patience,
        label_map: None,
        clarify_ok: true,
        json: false,
    };
    load(&args, &rows(texts), Some(&map())).await.unwrap()
}

/// What a sound run of so many messages in conversations of one adds up to.
fn sound(messages: u64) -> Counts {
    Counts {
        sent: messages,
        acked: messages,
        answered: messages,
        conversations: messages,
        ..Counts::default()
    }
}

#[tokio::test]
async fn right_and_wrong_answers_make_the_accuracy() {
    let report = of(|_| Reply::says("About a."), &["a1", "a2", "a3", "b1"], 1).await;
    assert_eq!(report.counts, sound(4));
    assert_eq!(report.accuracy, Some(0.75));
    assert!(report.is_sound());
    assert!(report.answer_ms.unwrap().p99 >= report.ack_ms.unwrap().p50);
}

#[tokio::test]
async fn a_question_back_is_right_when_it_offers_the_right_topic() {
    let ask = |_: &str| Reply::Bot("Which?".into(), vec!["A".into(), "C".into()]);
    let report = of(ask, &["a1", "b1"], 1).await;
    assert_eq!((report.counts.answered, report.counts.clarified), (0, 2));
    assert_eq!(report.accuracy, Some(0.5));
    let report = of(|_| Reply::says("What?"), &["a1"], 1).await;
    assert_eq!(report.counts.missed, 1);
}

#[tokio::test]
async fn several_messages_share_a_conversation() {
    let report = of(
        |_| Reply::says("About a."),
        &["a1", "a2", "a3", "a4", "a5"],
        2,
    )
    .await;
    assert_eq!(
        report.counts,
        Counts {
            conversations: 3,
            ..sound(5)
        }
    );
    assert_eq!(report.accuracy, None);
}

#[test]
fn rows_are_dealt_so_that_neighbours_part() {
    let hands = dealt(&rows(&["a1", "a2", "b1", "b2", "c1"]), 2);
    let hands: Vec<Vec<&str>> = hands
        .iter()
        .map(|hand| hand.iter().map(|row| row.text.as_str()).collect())
        .collect();
    assert_eq!(hands, [vec!["a1", "b2"], vec!["a2", "c1"], vec!["b1"]]);
}

#[tokio::test]
async fn what_a_person_will_answer_is_escalated() {
    let reply = |text: &str| match text {
        "a1" => Reply::Queue,
        _ => Reply::Silence,
    };
    let report = of(reply, &["a1", "a2"], 2).await;
    assert_eq!((report.counts.escalated, report.counts.unanswered), (2, 0));
    assert!(report.is_sound());
}

#[tokio::test]
async fn each_broken_promise_is_noticed() {
    let broken = |reply: fn() -> Reply| move |_: &str| reply();
    let lost = within(2, broken(|| Reply::Lose("About a.".into())), &["a1"], 1).await;
    assert_eq!(lost.counts.lost, 1);
    assert!(!lost.is_sound());
    let kept = of(broken(|| Reply::Keep2("About a.".into())), &["a1"], 1).await;
    assert_eq!(kept.counts.kept_twice, 1);
    assert!(!kept.is_sound());
    let twice = of(broken(|| Reply::Twice("About a.".into())), &["a1"], 1).await;
    assert_eq!(twice.counts.answered_twice, 1);
    assert!(!twice.is_sound());
    let silent = within(2, broken(|| Reply::Silence), &["a1"], 1).await;
    assert_eq!(silent.counts.unanswered, 1);
    assert!(!silent.is_sound());
}

#[tokio::test]
async fn a_break_and_a_slow_down_cost_nothing_but_time() {
    let broken = of(|_| Reply::Break("About a.".into()), &["a1", "a2"], 1).await;
    assert_eq!(
        broken.counts,
        Counts {
            reconnects: 2,
            ..sound(2)
        }
    );
    let slowed = of(|_| Reply::SlowDown("About a.".into()), &["a1"], 1).await;
    assert_eq!(
        slowed.counts,
        Counts {
            slowed: 1,
            ..sound(1)
        }
    );
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_ends_the_run() {
    let server = FakeServer::start(|_| Reply::Close(4101)).await;
    let place = Place {
        url: server.url().parse().unwrap(),
        site: "demo".parse().unwrap(),
        lang: None,
        patience: Duration::from_secs(30),
    };
    let why = Talk::hold(&place, rows(&["a1"])).await.unwrap_err();
    assert!(why.to_string().contains("4101"), "{why}");
}
