//! A visitor of the day: what they have seen, what of their words was acked, how long they waited and what they had been told.

use std::sync::Arc;

use serde_json::{Value, json};

use super::wire::{Traffic, Wire};
use crate::stories::House;

/// Where a visitor stands, as far as they can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not there yet.
    New,
    /// With the assistant.
    Bot,
    Queued,
    Held,
    /// The session has ended.
    Closed,
}

/// A wait that ended with an agent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    pub(super) began: i64,
    pub(super) ms: i64,
    /// Minutes as they were shown at entry, where anything was.
    pub(super) shown: Option<(u32, u32)>,
    pub(super) position: u32,
}

/// What has come about and asks for something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    Queued,
    /// Asked whether they want to go on waiting: the event whose buttons these are.
    Asked(u64),
    Joined,
    AgentWrote,
    BotWrote,
    Promised,
    Closed {
        question: bool,
    },
}

pub(super) struct Visitor {
    pub(super) n: usize,
    pub(super) wire: Option<Wire>,
    pub(super) phase: Phase,
    /// Counts waits, so that what was meant for one is not done in another.
    pub(super) waits: u32,
    pub(super) served: Vec<Wait>,
    pub(super) conversation: Option<String>,
    /// Acts that were acked: id, number, the text where it was one.
    pub(super) acked: Vec<(String, u64, Option<String>)>,
    pub(super) promised: bool,
    token: Option<String>,
    epoch: Value,
    last: u64,
    acts: u32,
    unacked: Vec<Value>,
    queued_at: i64,
    shown: Option<(u32, Option<(u32, u32)>)>,
    /// The present wait is the first of this handoff: nobody was lost in between.
    first_wait: bool,
    question: Option<Value>,
}

impl Visitor {
    pub(super) fn new(n: usize) -> Self {
        Self {
            n,
            wire: None,
            phase: Phase::New,
            waits: 0,
            served: Vec::new(),
            conversation: None,
            acked: Vec::new(),
            promised: false,
            token: None,
            epoch: Value::Null,
            last: 0,
            acts: 0,
            unacked: Vec::new(),
            queued_at: 0,
            shown: None,
            first_wait: false,
            question: None,
        }
    }

    /// Comes, or comes back with the position and with what was not acked.
    pub(super) async fn connects(&mut self, house: &House, traffic: &Arc<Traffic>) {
        let mut hello = json!({"type": "hello", "lang": "es"});
        if let Some(token) = &self.token {
            hello = json!({"type": "hello", "lang": "es", "token": token, "after": self.last, "epoch": self.epoch});
        }
        let ws = house.socket("/v1/visitor/ws?site=es", &[]).await;
        let wire = Wire::over(ws, traffic, false);
        wire.send(&hello);
        for frame in &self.unacked {
            wire.send(frame);
        }
        self.wire = Some(wire);
    }

    /// Does something under an id of its own; without a line it goes out with the next one.
    pub(super) fn acts(&mut self, mut frame: Value) {
        self.acts += 1;
        frame["id"] = json!(format!("v{}-{}", self.n, self.acts));
        if let Some(wire) = &self.wire {
            wire.send(&frame);
        }
        self.unacked.push(frame);
    }

    pub(super) fn says(&mut self, text: &str) {
        self.acts(json!({"type": "say", "text": text}));
    }

    pub(super) fn rates(&mut self) {
        if let Some(question) = self.question.take() {
            self.acts(json!({"type": "rate", "question": question["id"], "tap": 0}));
        }
    }

    /// Reads what has come.
    pub(super) fn reads(&mut self) -> Vec<News> {
        let frames = self.wire.as_ref().map(Wire::take).unwrap_or_default();
        let mut news = Vec::new();
        for frame in frames {
            match frame["type"].as_str().unwrap() {
                "welcome" => {
                    self.token = frame["token"].as_str().map(str::to_owned);
                    self.epoch = frame["epoch"].clone();
                    self.conversation = frame["conversation"].as_str().map(str::to_owned);
                    assert!(
                        frame["recovered"] == json!(true) || self.last == 0,
                        "what was missed is given, not forgotten: {frame}"
                    );
                }
                "ack" => self.acked_now(&frame),
                "error" => self.refused(&frame),
                "queue" => {
                    let position = u32::try_from(frame["position"].as_u64().unwrap()).unwrap();
                    let minutes = |key: &str| {
                        let minutes = frame["wait"][key].as_u64()?;
                        u32::try_from(minutes).ok()
                    };
                    let wait = minutes("from_minutes").zip(minutes("to_minutes"));
                    if self.phase == Phase::Queued && self.shown.is_none() {
                        self.shown = Some((position, wait));
                    }
                }
                "event" => news.extend(self.sees(&frame)),
                "typing" => {}
                other => panic!("{other}: {frame}"),
            }
        }
        news
    }

    fn acked_now(&mut self, frame: &Value) {
        let id = frame["id"].as_str().unwrap();
        let Some(place) = self.unacked.iter().position(|act| act["id"] == id) else {
            // The ack of what was sent a second time after a break.
            return;
        };
        let act = self.unacked.remove(place);
        let seq = frame["seq"].as_u64().unwrap();
        let text = act["text"].as_str().filter(|_| act["type"] == "say");
        self.acked
            .push((id.to_owned(), seq, text.map(str::to_owned)));
    }

    fn refused(&mut self, frame: &Value) {
        let code = frame["code"].as_str().unwrap();
        if frame["retry"] == json!(true) {
            let again = self.unacked.iter().find(|act| act["id"] == frame["id"]);
            if let (Some(wire), Some(act)) = (&self.wire, again) {
                wire.send(act);
            }
            return;
        }
        assert!(
            matches!(
                code,
                "closed" | "not_queued" | "no_such_choice" | "no_question"
            ),
            "{frame}"
        );
        self.unacked.retain(|act| act["id"] != frame["id"]);
    }

    fn sees(&mut self, frame: &Value) -> Option<News> {
        let seq = frame["seq"].as_u64().unwrap();
        assert_eq!(seq, self.last + 1, "visitor {}: no holes: {frame}", self.n);
        self.last = seq;
        let at = frame["at"].as_i64().unwrap();
        let event = &frame["event"];
        match event["kind"].as_str().unwrap() {
            "session_opened" | "reopened" | "returned" | "left_queue" => {
                self.phase = Phase::Bot;
                None
            }
            "queued" => {
                self.queues(at);
                self.first_wait = true;
                Some(News::Queued)
            }
            "left" | "transferred" => {
                self.queues(at);
                None
            }
            "joined" => {
                if self.phase == Phase::Queued && self.first_wait {
                    let (position, shown) = self.shown.unwrap_or_default();
                    self.served.push(Wait {
                        began: self.queued_at,
                        ms: at - self.queued_at,
                        shown,
                        position,
                    });
                }
                self.phase = Phase::Held;
                Some(News::Joined)
            }
            "agent" => Some(News::AgentWrote),
            "bot" => Some(News::BotWrote),
            "promise" => {
                self.promised = true;
                self.phase = Phase::Bot;
                Some(News::Promised)
            }
            "notice" if event["what"] == "long_wait" => Some(News::Asked(seq)),
            "closed" => {
                self.phase = Phase::Closed;
                self.question = event
                    .get("question")
                    .filter(|asked| asked.is_object())
                    .cloned();
                let question = self.question.is_some();
                Some(News::Closed { question })
            }
            _ => None,
        }
    }

    fn queues(&mut self, at: i64) {
        self.phase = Phase::Queued;
        self.waits += 1;
        self.queued_at = at;
        self.shown = None;
        self.first_wait = false;
    }

    /// Whether a line is there at all.
    pub(super) fn is_there(&self) -> bool {
        self.wire.is_some()
    }

    /// Whether everything they did was answered.
    pub(super) fn is_answered(&self) -> bool {
        self.unacked.is_empty()
    }
}
