//! An agent of the day: the shift, what they have in hand, what of their words was acked.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::wire::{Traffic, Wire};
use crate::stories::{House, Signed};

/// A conversation in hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Hand {
    /// Last event seen.
    pub(super) seq: u64,
    /// When the agent means to be done with it.
    pub(super) done_at: i64,
    /// The visitor wrote and has no answer yet.
    pub(super) owes: bool,
    /// A reply is being thought of.
    pub(super) thinking: bool,
    /// Forgotten on another screen: no word until it is taken away.
    pub(super) forgotten: bool,
    /// A close or transfer is on its way.
    pub(super) leaving: bool,
    /// The answer to a message that was left.
    pub(super) owed: bool,
}

/// What has come about and asks for something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    Took(String),
    VisitorWrote(String),
    NotYet(String),
}

pub(super) struct Agent {
    pub(super) n: usize,
    pub(super) id: String,
    pub(super) team: &'static str,
    pub(super) wire: Option<Wire>,
    pub(super) status: &'static str,
    /// At work from then until then.
    pub(super) shift: (i64, i64),
    pub(super) hands: BTreeMap<String, Hand>,
    /// Offers that are being looked at.
    pub(super) asked: BTreeMap<String, i64>,
    /// Words and claims that were acked: conversation, id, number, the text where it was one.
    pub(super) acked: Vec<(String, String, u64, Option<String>)>,
    /// Milliseconds at work, and of those the busy part of the whole capacity.
    pub(super) worked: (f64, f64),
    pub(super) missed: u32,
    signed: Option<Signed>,
    acts: u32,
    unacked: Vec<Value>,
    /// A `watch` came too fast for the server: all are sent again.
    watch_again: bool,
}

impl Agent {
    pub(super) fn new(n: usize, team: &'static str, shift: (i64, i64), signed: Signed) -> Self {
        Self {
            n,
            id: String::new(),
            team,
            wire: None,
            status: "online",
            shift,
            hands: BTreeMap::new(),
            asked: BTreeMap::new(),
            acked: Vec::new(),
            worked: (0.0, 0.0),
            missed: 0,
            signed: Some(signed),
            acts: 0,
            unacked: Vec::new(),
            watch_again: false,
        }
    }

    /// Opens the console, and again what was open in it.
    pub(super) async fn connects(&mut self, house: &House, traffic: &Arc<Traffic>) {
        let cookie = self.signed.as_ref().map(|signed| signed.cookie.clone());
        let headers = [("cookie", cookie.unwrap_or_default())];
        let ws = house.socket("/v1/agent/ws", &headers).await;
        let wire = Wire::over(ws, traffic, false);
        self.watches(&wire);
        for frame in &self.unacked {
            wire.send(frame);
        }
        self.wire = Some(wire);
    }

    fn watches(&self, wire: &Wire) {
        for (conversation, hand) in &self.hands {
            wire.send(&json!({"type": "watch", "conversation": conversation, "after": hand.seq}));
        }
    }

    pub(super) fn acts(&mut self, mut frame: Value) {
        self.acts += 1;
        frame["id"] = json!(format!("a{}-{}", self.n, self.acts));
        if let Some(wire) = &self.wire {
            wire.send(&frame);
        }
        self.unacked.push(frame);
    }

    pub(super) fn chooses(&mut self, status: &'static str) {
        self.status = status;
        self.acts(json!({"type": "status", "status": status}));
    }

    /// Whether new conversations are taken now.
    pub(super) fn is_free(&self) -> bool {
        self.wire.is_some() && self.status == "online"
    }

    pub(super) fn reads(&mut self) -> Vec<News> {
        if let (true, Some(wire)) = (std::mem::take(&mut self.watch_again), &self.wire) {
            self.watches(wire);
        }
        let frames = self.wire.as_ref().map(Wire::take).unwrap_or_default();
        let mut news = Vec::new();
        for frame in frames {
            let conversation = frame["conversation"].as_str().unwrap_or_default();
            match frame["type"].as_str().unwrap() {
                "welcome" => frame["me"]["id"].as_str().unwrap().clone_into(&mut self.id),
                "ack" => news.extend(self.acked_now(&frame)),
                "error" => news.extend(self.refused(&frame)),
                "page" => {
                    if let Some(hand) = self.hands.get_mut(conversation) {
                        hand.seq = frame["seq"].as_u64().unwrap();
                        hand.owes = true;
                        news.push(News::VisitorWrote(conversation.to_owned()));
                    }
                }
                "event" => news.extend(self.sees(conversation, &frame["event"])),
                "card" | "typing" | "older" => {}
                other => panic!("{other}: {frame}"),
            }
        }
        news
    }

    fn sees(&mut self, conversation: &str, event: &Value) -> Option<News> {
        let hand = self.hands.get_mut(conversation)?;
        let seq = event["seq"].as_u64().unwrap();
        if seq <= hand.seq {
            // Sent again after a second `watch`.
            return None;
        }
        if hand.seq == 0 && seq > 1 {
            // From a `watch` of before; the page of this one is on its way, and has it.
            return None;
        }
        assert_eq!(seq, hand.seq + 1, "agent {}: no holes: {event}", self.n);
        hand.seq = seq;
        let kind = &event["event"];
        let kind = if kind["kind"] == "seen" {
            &kind["event"]
        } else {
            kind
        };
        match kind["kind"].as_str().unwrap() {
            "visitor" => {
                hand.owes = true;
                Some(News::VisitorWrote(conversation.to_owned()))
            }
            // Whoever has let it go, it is nobody's here any more.
            "left" | "transferred" | "closed" | "returned" | "queued" => {
                self.hands.remove(conversation);
                self.unwatch(conversation);
                None
            }
            _ => None,
        }
    }

    pub(super) fn unwatch(&self, conversation: &str) {
        if let Some(wire) = &self.wire {
            wire.send(&json!({"type": "unwatch", "conversation": conversation}));
        }
    }

    fn acked_now(&mut self, frame: &Value) -> Option<News> {
        let id = frame["id"].as_str().unwrap();
        let place = self.unacked.iter().position(|act| act["id"] == id)?;
        let act = self.unacked.remove(place);
        let conversation = act["conversation"].as_str()?.to_owned();
        let seq = frame["seq"].as_u64().unwrap();
        let kept = matches!(act["type"].as_str(), Some("reply" | "claim"));
        if kept {
            let text = act["text"].as_str().map(str::to_owned);
            self.acked
                .push((conversation.clone(), id.to_owned(), seq, text));
        }
        match act["type"].as_str().unwrap() {
            "claim" => {
                self.asked.remove(&conversation);
                self.hands.insert(conversation.clone(), Hand::default());
                if let Some(wire) = &self.wire {
                    wire.send(&json!({"type": "watch", "conversation": conversation}));
                }
                return Some(News::Took(conversation));
            }
            "decline" => {
                self.asked.remove(&conversation);
            }
            _ => {}
        }
        None
    }

    fn refused(&mut self, frame: &Value) -> Option<News> {
        // An hour goes by in half a minute: now and then that is more than a console may send in a second.
        if frame.get("id").is_none() && frame["code"] == "slow_down" {
            self.watch_again = true;
            return None;
        }
        let Some(place) = self.unacked.iter().position(|act| act["id"] == frame["id"]) else {
            panic!("{frame}");
        };
        if frame["retry"] == json!(true) {
            if let Some(wire) = &self.wire {
                wire.send(&self.unacked[place]);
            }
            return None;
        }
        let act = self.unacked.remove(place);
        let code = frame["code"].as_str().unwrap();
        let conversation = act["conversation"].as_str().unwrap_or_default().to_owned();
        match (act["type"].as_str().unwrap(), code) {
            // Too late: somebody else was asked, or the visitor has gone.
            ("claim" | "decline", "not_owner" | "not_queued" | "closed" | "stale") => {
                self.asked.remove(&conversation);
                None
            }
            // It was taken away meanwhile.
            (_, "not_owner" | "closed") => {
                self.hands.remove(&conversation);
                self.unwatch(&conversation);
                None
            }
            // The visitor wrote in between, or the colleague has just left.
            ("close", "stale") | ("transfer", "not_found") => {
                self.hands.get_mut(&conversation)?.leaving = false;
                Some(News::NotYet(conversation))
            }
            _ => panic!("{act}: {frame}"),
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        self.unacked.is_empty()
    }
}
