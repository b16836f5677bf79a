//! The command against a server that is sometimes out of order.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use super::*;
use crate::cli::fake_server::{FakeServer, Reply};

/// Sends these lines as a script and gives what was printed, after the first two lines about the shop.
async fn play(server: &FakeServer, lines: &[&str]) -> anyhow::Result<Vec<String>> {
    play_at(&server.url(), lines).await
}

async fn play_at(url: &str, lines: &[&str]) -> anyhow::Result<Vec<String>> {
    play_from(None, url, lines).await
}

async fn play_from(origin: Option<&str>, url: &str, lines: &[&str]) -> anyhow::Result<Vec<String>> {
    let (send, input) = mpsc::channel(lines.len());
    for line in lines {
        send.try_send((*line).to_owned()).unwrap();
    }
    drop(send);
    let mut chat = Chat {
        args: Args {
            url: url.parse().unwrap(),
            site: "es".parse().unwrap(),
            origin: origin.map(|origin| super::origin(origin).unwrap()),
            lang: None,
            style: None,
            script: None,
            pace: 0,
            patience: 30,
        },
        talk: Talk::new(None, None, TimeZone::UTC),
        scripted: true,
        input,
        out: Vec::new(),
        clock: Arc::new(Hasty),
    };
    chat.run().await?;
    let printed = String::from_utf8(chat.out).unwrap();
    Ok(printed.lines().skip(2).map(str::to_owned).collect())
}

/// A clock on which waits of up to ten seconds are over at once, and longer ones never.
struct Hasty;

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }

    fn sleep_until(
        &self,
        at: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if at.0 <= 10_000 {
            Box::pin(tokio::task::yield_now())
        } else {
            Box::pin(std::future::pending())
        }
    }
}

#[tokio::test]
async fn a_script_waits_for_each_answer() {
    let server = FakeServer::start(|text| Reply::says(&format!("¿{text}?"))).await;
    let printed = play(&server, &["hola", "1", "chau"]).await.unwrap();
    assert_eq!(
        printed,
        [
            "Mara: Hola.",
            "  1. Mi pedido",
            "> hola",
            "Mara: ¿hola?",
            "> 1",
            "Mara: ¿1?",
            "> chau",
            "Mara: ¿chau?"
        ]
    );
}

#[tokio::test]
async fn a_broken_connection_loses_and_doubles_nothing() {
    let server = FakeServer::start(|text| match text {
        "hola" => Reply::Break("Hola.".into()),
        text => Reply::says(text),
    })
    .await;
    let printed = play(&server, &["hola", "chau"]).await.unwrap();
    assert_eq!(
        printed[2..],
        [
            "> hola",
            "— se cortó la conexión; se vuelve a intentar —",
            "— conexión recuperada, no falta nada —",
            "Mara: Hola.",
            "> chau",
            "Mara: chau"
        ]
    );
}

#[tokio::test]
async fn an_act_that_is_to_come_again_comes_again() {
    let server = FakeServer::start(|_| Reply::SlowDown("Hola.".into())).await;
    let printed = play(&server, &["hola"]).await.unwrap();
    assert_eq!(
        printed[2..],
        [
            "> hola",
            "— no se pudo: demasiado seguido; se reintenta en un momento —",
            "Mara: Hola."
        ]
    );
}

#[tokio::test]
async fn a_code_that_says_stay_away_is_an_error() {
    let server = FakeServer::start(|_| Reply::Close(4101)).await;
    let why = play(&server, &["hola"]).await.unwrap_err();
    assert_eq!(
        why.to_string(),
        "the server closed the connection: told so (4101)"
    );
}

#[tokio::test]
async fn no_server_is_one_clear_line() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    drop(listener);
    let why = play_at(&url, &["hola"]).await.unwrap_err().to_string();
    assert!(why.starts_with("no connection: "), "{why}");
    assert!(
        why.ends_with(&format!("is the server running on {url}?")),
        "{why}"
    );
    assert_eq!(why.lines().count(), 1);
}

#[tokio::test]
async fn an_origin_is_sent_only_when_it_is_given_and_a_refused_one_is_explained() {
    let server = FakeServer::start(Reply::says).await;
    play(&server, &["hola"]).await.unwrap();
    for (origin, admitted) in [(FakeServer::ORIGIN, true), ("http://127.0.0.1:8080", false)] {
        let played = play_from(Some(origin), &server.url(), &["hola"]).await;
        assert_eq!(played.is_ok(), admitted, "{origin}");
        if let Err(why) = played {
            let why = why.to_string();
            assert!(why.contains("(403)") && why.contains("--origin"), "{why}");
        }
    }
    assert!(origin("shop.example").is_err());
    assert!(origin("https://shop.example/chat").is_err());
}
