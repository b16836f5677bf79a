//! What stories about mail have in common: a house that writes its mails into a folder, mails as they are read, a visitor who leaves a message.

use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};
use ventanilla::config::MailConfig;

use super::mail_server::MailServer;
use super::support::{Agent, House, Visitor};
use crate::orders::Orders;

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;

pub(super) fn mail() -> MailConfig {
    MailConfig {
        from: "Mareas <hola@mareas.example>".to_owned(),
        ..MailConfig::default()
    }
}

/// A house whose mails go into a folder.
pub(super) async fn with_folder(folder: &tempfile::TempDir) -> House {
    House::configured(|config| {
        config.limits.pause_ms = 0;
        config.mail = Some(MailConfig {
            folder: Some(folder.path().into()),
            ..mail()
        });
    })
    .await
}

/// A house with an order service, whose mails go into a folder.
pub(super) async fn with_orders(orders: &Orders, folder: &tempfile::TempDir) -> House {
    House::with_orders_configured(&orders.url, |config| {
        config.limits.pause_ms = 0;
        config.mail = Some(MailConfig {
            folder: Some(folder.path().into()),
            ..mail()
        });
    })
    .await
}

/// A house whose mails go to a server.
pub(super) async fn with_server(server: &MailServer) -> House {
    House::configured(|config| {
        config.limits.pause_ms = 0;
        config.public_url = Some("https://chat.mareas.example".to_owned());
        config.metrics_token = Some("metrics".to_owned());
        config.mail = Some(MailConfig {
            smtp: Some(format!("smtp://127.0.0.1:{}", server.port)),
            ..mail()
        });
    })
    .await
}

/// A mail as whoever gets it reads it.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Letter {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mail: Message<'_> = MessageParser::default().parse(bytes).unwrap();
        let to = mail.to().and_then(|to| to.first()).unwrap();
        Self {
            id: mail.message_id().unwrap().to_owned(),
            to: to.address().unwrap().to_owned(),
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().into_owned(),
            html: mail.body_html(0).unwrap().into_owned(),
        }
    }

    /// The path of the link to this kind of page: `r`, `c`.
    pub(super) fn link(&self, page: &str) -> String {
        let begin = format!("/{page}/");
        let line = self.text.lines().find(|line| line.contains(&begin));
        let line = line.unwrap_or_else(|| panic!("no {begin} in {}", self.text));
        let (_, token) = line.trim().rsplit_once('/').unwrap();
        assert!(self.html.contains(token), "both forms carry the link");
        format!("{begin}{token}")
    }
}

/// What was written into the folder, in order, once it is so many.
pub(super) async fn letters(house: &House, folder: &tempfile::TempDir, count: u64) -> Vec<Letter> {
    house.until_metric("mails_sent", count).await;
    let mut files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len() as u64, count, "{files:?}");
    files
        .iter()
        .map(|file| Letter::read(&std::fs::read(file).unwrap()))
        .collect()
}

/// Leaves a message and an address; gives the event of the promise.
pub(super) async fn leaves_a_message(visitor: &mut Visitor) -> Value {
    leaves_a_message_at(visitor, "ana@example.org").await
}

pub(super) async fn leaves_a_message_at(visitor: &mut Visitor, address: &str) -> Value {
    visitor.acts(json!({"type": "ask_person"})).await;
    visitor.hears().await;
    visitor.asks("Me llegó el hervidor roto").await;
    let promise = visitor.sees("promise").await;
    let heard = visitor.asks(address).await;
    let told = format!("también llega a {address}");
    assert!(heard.contains(&told), "{heard}");
    promise
}

/// A visitor who comes from this address, through a proxy on this machine that is trusted.
pub(super) async fn from_address(house: &House, address: &str) -> Visitor {
    let forwarded = [("x-forwarded-for", address.to_owned())];
    let ws = house.socket("/v1/visitor/ws?site=es", &forwarded).await;
    house.greeted(ws, json!({"type": "hello"})).await
}

/// The visitor closes the page; what listens for them is gone when this returns.
pub(super) async fn leaves(house: &House, visitor: Visitor, others: u64) {
    drop(visitor);
    house.until_metric("sockets", others).await;
}

/// Whoever gets the mail presses its button: what the page gives their browser, and the chat behind it.
pub(super) async fn comes_by(house: &House, letter: &Letter) -> (Value, Visitor) {
    let (status, page) = post(house, &letter.link("r")).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("data-to=\"/chat?site=es\""), "{page}");
    let pass = page.split("data-pass=\"").nth(1).unwrap();
    let pass = pass.split('"').next().unwrap().replace("&quot;", "\"");
    let pass: Value = serde_json::from_str(&pass).unwrap();
    let hello = json!({"type": "hello", "token": pass["token"], "epoch": pass["epoch"]});
    let visitor = house.visitor_with(hello).await;
    (pass, visitor)
}

pub(super) async fn takes_the_message(agent: &mut Agent) -> Value {
    let desk = agent
        .sees_desk_now(|desk| !desk["messages"].as_array().unwrap().is_empty())
        .await;
    let item = desk["messages"][0].clone();
    agent.takes(&item).await;
    item["conversation"].clone()
}

/// Ana left a message and an address and went; Marta has it.
pub(super) async fn waits_for_an_answer(house: &mut House) -> (Agent, Value, String) {
    let mut ana = house.visitor().await;
    leaves_a_message(&mut ana).await;
    let token = ana.token.clone();
    leaves(house, ana, 0).await;
    let mut marta = house.agent("Marta").await;
    let conversation = takes_the_message(&mut marta).await;
    (marta, conversation, token)
}

pub(super) async fn get(house: &House, path: &str) -> (u16, String) {
    let response = reqwest::get(house.url(path)).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

pub(super) async fn post(house: &House, path: &str) -> (u16, String) {
    let request = reqwest::Client::new().post(house.url(path));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Leaves a message and an address, is answered, and Marta closes the case. Nothing is owed any more, so that the hours that follow bring no other mail.
pub(super) async fn is_answered_and_closed(house: &mut House, visitor: &mut Visitor) {
    leaves_a_message(visitor).await;
    let mut marta = house.agent("Marta").await;
    let conversation = takes_the_message(&mut marta).await;
    marta.replies(&conversation, "Te enviamos otro.").await;
    visitor.sees("agent").await;
    visitor.says_as("thanks", "gracias").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    house.until_metric("mails_queued", 0).await;
    let seen = marta.opens(&conversation).await["seq"].as_u64().unwrap();
    assert_eq!(marta.closes(&conversation, seen).await["type"], "ack");
}
