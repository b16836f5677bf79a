//! What the stories of merged conversations share: two conversations of one person, made one, and what is stored of them.

use serde_json::{Value, json};
use ventanilla::conversation::{Body, Event, Private};
use ventanilla::ids::{ConversationId, Seq};
use ventanilla::ports::Space;

use super::client::{Agent, Visitor};
use super::support::House;
use crate::orders::Orders;

pub(super) const MAIL: &str = "ana.garcia@example.com";
pub(super) const HOUR: i64 = 60 * 60_000;

pub(super) async fn open(orders: &Orders) -> House {
    House::with_orders_configured(&orders.url, |config| config.limits.pause_ms = 0).await
}

/// A visitor who has shown that order 1000007 is theirs.
pub(super) async fn proven(house: &House) -> Visitor {
    let mut ana = house.visitor().await;
    shows(&mut ana).await;
    ana
}

/// Shows that order 1000007 is theirs.
pub(super) async fn shows(visitor: &mut Visitor) {
    visitor.asks("¿dónde está mi pedido 1000007?").await;
    let heard = visitor.asks(MAIL).await;
    assert!(heard.contains("Viene con demora"), "{heard}");
}

/// A device that somebody else had half an hour before, who asked this.
pub(super) async fn lent(house: &House, asked: &str) -> Visitor {
    let mut tablet = house.visitor().await;
    tablet.asks(asked).await;
    tablet.acts(json!({"type": "end"})).await;
    tablet.sees("closed").await;
    house.clock.advance(HOUR / 2);
    tablet
}

pub(super) async fn waits(visitor: &mut Visitor) {
    visitor.acts(json!({"type": "ask_person"})).await;
    visitor.sees("queued").await;
}

/// Waits for a person, and Marta takes them.
pub(super) async fn taken(visitor: &mut Visitor, marta: &mut Agent) {
    waits(visitor).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
}

pub(super) fn id(visitor: &Visitor) -> Value {
    visitor.welcome["conversation"].clone()
}

/// Two conversations of Ana: the phone's in Marta's hands, the laptop's in the queue.
pub(super) struct Two {
    pub(super) phone: Visitor,
    pub(super) laptop: Visitor,
    pub(super) here: Value,
    pub(super) there: Value,
}

pub(super) async fn two(house: &House, marta: &mut Agent) -> Two {
    let mut phone = proven(house).await;
    let here = id(&phone);
    taken(&mut phone, marta).await;
    let mut laptop = proven(house).await;
    waits(&mut laptop).await;
    let there = id(&laptop);
    Two {
        phone,
        laptop,
        here,
        there,
    }
}

/// The other conversation as the card of the first one shows it.
pub(super) async fn beside(marta: &mut Agent, two: &Two) -> Value {
    loop {
        // Who else was proven is known a moment later.
        let page = marta.opens(&two.here).await;
        let mut related = page["card"]["related"].as_array().into_iter().flatten();
        if let Some(other) = related.find(|one| one["conversation"] == two.there) {
            return other.clone();
        }
    }
}

pub(super) fn merge(there: &Value, here: &Value, seen: &Value) -> Value {
    json!({"type": "merge", "conversation": there, "into": here, "seen": seen})
}

pub(super) async fn merged(marta: &mut Agent, two: &Two) {
    let seen = beside(marta, two).await["seq"].clone();
    let done = marta.acts(merge(&two.there, &two.here, &seen)).await;
    assert_eq!(done["type"], "ack", "{done}");
}

/// Merges whatever the visitor writes meanwhile.
pub(super) async fn merged_at_last(marta: &mut Agent, there: &Value, here: &Value) {
    loop {
        let seen = marta.opens(there).await["seq"].clone();
        let done = marta.acts(merge(there, here, &seen)).await;
        if done["type"] == "ack" {
            return;
        }
        assert_eq!(done["code"], "stale", "{done}");
    }
}

/// Waits until the client was led into a conversation.
pub(super) async fn led_to(visitor: &mut Visitor, conversation: &Value) {
    loop {
        let welcome = visitor.frame("welcome").await;
        if welcome["conversation"] == *conversation {
            assert_eq!(
                welcome["recovered"], false,
                "what it had is to be forgotten"
            );
            assert_eq!(welcome["token"], json!(visitor.token), "its own way back");
            return;
        }
    }
}

pub(super) async fn stored(house: &House, conversation: &Value) -> Vec<Event> {
    let id: ConversationId = conversation.as_str().unwrap().parse().unwrap();
    house.store().read(id, Seq::ZERO, 500).await.unwrap()
}

pub(super) async fn append(house: &House, conversation: &Value, bodies: Vec<Body>) {
    let id: ConversationId = conversation.as_str().unwrap().parse().unwrap();
    let last = house.store().read_last(id, 1).await.unwrap();
    let last = last.last().map_or(Seq::ZERO, |event| event.seq);
    let events = bodies.into_iter().zip(1..).map(|(body, nth)| Event {
        seq: Seq(last.0 + nth),
        at: house.clock_now(),
        body,
        private: Private::default(),
    });
    let events = events.collect();
    house.store().append(id, last, events).await.unwrap();
}

pub(super) async fn secret(house: &House, name: &str) -> [u8; 32] {
    let kept = house.store().get(Space::Secrets, name).await.unwrap();
    let bytes: Vec<u8> = serde_json::from_value(kept.unwrap().value).unwrap();
    bytes.try_into().unwrap()
}

/// Posts a sender's message, as this one where it has an id; the texts of the answer.
pub(super) async fn rest(house: &House, sender: &str, text: &str, id: Option<&str>) -> String {
    let metadata = id.map_or(json!({}), |id| json!({"message_id": id}));
    let body = json!({"sender": sender, "message": text, "metadata": metadata});
    let posted = reqwest::Client::new().post(house.url("/webhooks/rest/webhook"));
    let answer = posted.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let said: Value = answer.json().await.unwrap();
    let texts = said.as_array().unwrap().iter();
    let texts = texts.filter_map(|one| one["text"].as_str());
    texts.collect::<Vec<_>>().join(" | ")
}
