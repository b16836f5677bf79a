//! One websocket client under both: a visitor's and an agent's are this and their own verbs.

use std::ops::{Deref, DerefMut};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::support::{PATIENCE, Signed};

pub(crate) type Ws = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection that remembers what has come and was not asked for yet.
pub(crate) struct Client {
    ws: Ws,
    /// Begins the ids of its acts: two clients never use the same.
    name: String,
    acts: u32,
    inbox: Vec<Value>,
    /// Last numbered event of a visitor's client.
    pub(crate) last: u64,
    pub(crate) welcome: Value,
}

impl Client {
    pub(crate) fn new(ws: Ws, name: &str) -> Self {
        Self {
            ws,
            name: name.to_owned(),
            acts: 0,
            inbox: Vec::new(),
            last: 0,
            welcome: Value::Null,
        }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        let text = Message::Text(frame.to_string().into());
        self.ws.send(text).await.unwrap();
    }

    /// The next frame of a type; those before it are kept.
    pub(crate) async fn frame(&mut self, kind: &str) -> Value {
        self.first(|frame| frame["type"] == kind).await
    }

    /// The next frame that fits; those before it are kept.
    async fn first(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.inbox.iter().position(&fits) {
            return self.inbox.remove(place);
        }
        loop {
            let frame = self.receive().await;
            if fits(&frame) {
                return frame;
            }
            // From an ended connection nothing else comes, for ever.
            assert_ne!(frame, json!({"type": "close"}), "the connection has ended");
            self.inbox.push(frame);
        }
    }

    async fn receive(&mut self) -> Value {
        let frame = self.next().await;
        if frame["type"] == "welcome" {
            self.welcome = frame.clone();
            if frame["recovered"] == json!(false) || frame["seq"].as_u64() < Some(self.last) {
                self.last = 0;
            }
        }
        if let ("event", Some(seq)) = (frame["type"].as_str().unwrap(), frame["seq"].as_u64()) {
            if self.welcome["recovered"] != json!(false) || self.last > 0 {
                assert_eq!(seq, self.last + 1, "events have no holes: {frame}");
            }
            self.last = seq;
        }
        frame
    }

    async fn next(&mut self) -> Value {
        // The server's pings come in between, so the patience is for the whole wait.
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let message = tokio::time::timeout_at(until, self.ws.next())
                .await
                .expect("a frame should have come");
            match message {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(text.as_str()).unwrap();
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|frame| u16::from(frame.code));
                    return json!({"type": "close", "code": code});
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("the connection broke: {error}"),
                None => return json!({"type": "close"}),
            }
        }
    }

    /// Sends an act with an id of its own and gives the answer: `ack` or `error`.
    pub(crate) async fn tries(&mut self, frame: Value) -> Value {
        self.acts += 1;
        let id = format!("{}-{}", self.name, self.acts);
        self.tries_as(&id, frame).await
    }

    pub(crate) async fn tries_as(&mut self, id: &str, mut frame: Value) -> Value {
        frame["id"] = json!(id);
        self.send(frame).await;
        let answers = |frame: &Value| frame["type"] == "ack" || frame["type"] == "error";
        self.first(|frame| answers(frame) && frame["id"] == id)
            .await
    }
}

/// A visitor with a connection.
pub(crate) struct Visitor {
    pub(super) client: Client,
    pub(crate) token: String,
}

impl Deref for Visitor {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Visitor {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Visitor {
    /// Writes and waits for the ack; gives the number of the event.
    pub(crate) async fn says(&mut self, text: &str) -> u64 {
        self.acts(json!({"type": "say", "text": text})).await
    }

    pub(crate) async fn says_as(&mut self, id: &str, text: &str) -> u64 {
        seq(&self
            .tries_as(id, json!({"type": "say", "text": text}))
            .await)
    }

    /// Does something that is acked.
    pub(crate) async fn acts(&mut self, frame: Value) -> u64 {
        seq(&self.tries(frame).await)
    }

    /// Waits for the next event of a kind; those before it are passed over.
    pub(crate) async fn sees(&mut self, kind: &str) -> Value {
        loop {
            let event = self.frame("event").await;
            if event["event"]["kind"] == kind {
                return event;
            }
        }
    }

    /// The bot's next words, joined.
    pub(crate) async fn hears(&mut self) -> String {
        let event = self.sees("bot").await;
        words(&event)
    }

    /// Says and hears.
    pub(crate) async fn asks(&mut self, text: &str) -> String {
        self.says(text).await;
        self.hears().await
    }
}

fn seq(ack: &Value) -> u64 {
    assert_eq!(ack["type"], "ack", "{ack}");
    ack["seq"].as_u64().unwrap()
}

/// The texts of a bot's event.
pub(crate) fn words(event: &Value) -> String {
    event["event"]["texts"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// An agent with a console.
pub(crate) struct Agent {
    pub(super) client: Client,
    pub(crate) signed: Signed,
}

impl Deref for Agent {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Agent {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Agent {
    /// Sends an act and gives the answer: `ack` or `error`.
    pub(crate) async fn acts(&mut self, frame: Value) -> Value {
        self.tries(frame).await
    }

    /// Waits until the desk has one waiting, and gives it.
    pub(crate) async fn sees_waiting(&mut self) -> Value {
        self.sees_desk(|desk| {
            desk["waiting"]
                .as_array()
                .is_some_and(|waiting| !waiting.is_empty())
        })
        .await["waiting"][0]
            .clone()
    }

    /// Waits for a picture of the desk that fits.
    pub(crate) async fn sees_desk(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.frame("desk").await;
            if fits(&frame["desk"]) {
                return frame["desk"].clone();
            }
        }
    }

    /// The same, where the picture may have come with the welcome already.
    pub(crate) async fn sees_desk_now(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let first = self.welcome["desk"].clone();
        if fits(&first) {
            first
        } else {
            self.sees_desk(fits).await
        }
    }

    /// Opens a conversation and gives its page.
    pub(crate) async fn opens(&mut self, conversation: &Value) -> Value {
        self.send(json!({"type": "watch", "conversation": conversation}))
            .await;
        loop {
            // Another one on the screen may come anew by itself.
            let page = self.frame("page").await;
            if page["conversation"] == *conversation {
                return page;
            }
        }
    }

    /// Takes a conversation that waits.
    pub(crate) async fn takes(&mut self, item: &Value) {
        let claim =
            json!({"type": "claim", "conversation": item["conversation"], "seen": item["seq"]});
        let answer = self.acts(claim).await;
        assert_eq!(answer["type"], "ack", "{answer}");
    }

    pub(crate) async fn replies(&mut self, conversation: &Value, text: &str) {
        let reply = json!({"type": "reply", "conversation": conversation, "text": text});
        let answer = self.acts(reply).await;
        assert_eq!(answer["type"], "ack", "{answer}");
    }

    /// Closes a conversation, having seen everything up to `seen`.
    pub(crate) async fn closes(&mut self, conversation: &Value, seen: u64) -> Value {
        let close = json!({"type": "close", "conversation": conversation, "outcome": "resolved_by_agent", "seen": seen});
        self.acts(close).await
    }

    /// Waits for the next event of a kind in a watched conversation.
    pub(crate) async fn sees(&mut self, kind: &str) -> Value {
        loop {
            let event = self.frame("event").await;
            let inner = &event["event"]["event"];
            if inner["kind"] == kind || (inner["kind"] == "seen" && inner["event"]["kind"] == kind)
            {
                return inner.clone();
            }
        }
    }
}
