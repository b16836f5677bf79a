//! A small server that speaks the visitors' protocol, well or badly as told: what the clients' tests talk to.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// What the server does with a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reply {
    /// Answers with this text and these buttons.
    Bot(String, Vec<String>),
    /// Answers twice.
    Twice(String),
    /// Hands the visitor to a person.
    Queue,
    /// Acks, and forgets it.
    Lose(String),
    /// Keeps it twice.
    Keep2(String),
    /// Acks, and never answers.
    Silence,
    /// Keeps it, and breaks the connection before the ack; answers when it comes again.
    Break(String),
    /// Closes with this code.
    Close(u16),
    /// Asks to slow down, once; answers when it comes again.
    SlowDown(String),
}

impl Reply {
    /// A plain answer.
    pub(super) fn says(text: &str) -> Self {
        Self::Bot(text.to_owned(), Vec::new())
    }
}

type Script = dyn Fn(&str) -> Reply + Send + Sync;

/// The server; gone with its value.
pub(super) struct FakeServer {
    pub(super) addr: SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Talks {
    next: u64,
    by_token: HashMap<String, Vec<Value>>,
    slowed: Vec<String>,
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl FakeServer {
    /// The one origin of its site.
    pub(super) const ORIGIN: &str = "https://shop.example";

    /// Serves on a free port.
    pub(super) async fn start(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let script: Arc<Script> = Arc::new(script);
        let talks = Arc::new(Mutex::new(Talks::default()));
        let serving = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(socket, Arc::clone(&script), Arc::clone(&talks)));
            }
        });
        Self { addr, serving }
    }

    pub(super) fn url(&self) -> String {
        format!("ws://{}", self.addr)
    }
}

fn event(seq: usize, event: &Value) -> Value {
    json!({"type": "event", "seq": seq, "at": 0, "event": event})
}

fn welcome(token: &str, seq: usize, recovered: bool) -> Value {
    json!({"type": "welcome", "conversation": "01890a5d-ac96-774b-bcce-b302099a8057", "token": token, "epoch": "e", "seq": seq,
        "recovered": recovered, "lang": "es", "style": "fast", "people": false,
        "site": {"brand": "Mareas", "assistant": "Mara", "contact": {}, "languages": ["es"]},
        "greeting": {"texts": ["Hola."], "choices": ["Mi pedido"]}})
}

/// Refuses an origin that is not the site's; a program has none.
#[allow(
    clippy::result_large_err,
    reason = "tungstenite gives the callback's type"
)]
fn of_the_site(request: &Request, response: Response) -> Result<Response, ErrorResponse> {
    match request.headers().get("Origin") {
        Some(origin) if origin != FakeServer::ORIGIN => {
            let mut refused = ErrorResponse::new(Some("not an origin of the site".to_owned()));
            *refused.status_mut() = StatusCode::FORBIDDEN;
            Err(refused)
        }
        _ => Ok(response),
    }
}

async fn serve(socket: TcpStream, script: Arc<Script>, talks: Arc<Mutex<Talks>>) {
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(socket, of_the_site).await else {
        return;
    };
    let mut token = String::new();
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        let frame: Value = serde_json::from_str(&text).unwrap();
        let mut out: Vec<Value> = Vec::new();
        let mut end = None;
        if frame["type"] == "hello" {
            let mut talks = talks.lock();
            let resumed = frame["token"].as_str().map(str::to_owned);
            let recovered = resumed.is_some();
            token = resumed.unwrap_or_else(|| {
                talks.next += 1;
                format!("t{}", talks.next)
            });
            let events = talks.by_token.entry(token.clone()).or_default();
            out.push(welcome(&token, events.len(), recovered));
            let after = usize::try_from(frame["after"].as_u64().unwrap_or(0)).unwrap();
            out.extend(events.iter().skip(after).cloned());
        } else {
            (out, end) = act(&frame, &token, &*script, &talks);
        }
        for frame in out {
            if socket.send(Message::text(frame.to_string())).await.is_err() {
                return;
            }
        }
        match end {
            Some(Some(code)) => {
                let frame = CloseFrame {
                    code: code.into(),
                    reason: "told so".into(),
                };
                let _gone = socket.close(Some(frame)).await;
                return;
            }
            Some(None) => return,
            None => {}
        }
    }
}

/// Frames to send, and whether to break off afterwards, with which code.
fn act(
    frame: &Value,
    token: &str,
    script: &Script,
    talks: &Mutex<Talks>,
) -> (Vec<Value>, Option<Option<u16>>) {
    let mut talks = talks.lock();
    let Talks {
        by_token, slowed, ..
    } = &mut *talks;
    let events = by_token.get_mut(token).unwrap();
    let id = frame["id"].as_str().unwrap();
    let text = frame["text"].as_str().unwrap_or("tap");
    let kept = events
        .iter()
        .position(|event| event["event"]["id"] == id)
        .map(|at| at + 1);
    let said = json!({"kind": "visitor", "id": id, "text": text, "tap": false});
    let bot = |text: &str, choices: &[String]| json!({"kind": "bot", "texts": [text], "choices": choices, "lang": "es"});
    if let Some(seq) = kept {
        return (vec![json!({"type": "ack", "id": id, "seq": seq})], None);
    }
    let (stored, end): (Vec<Value>, _) = match script(text) {
        Reply::Bot(text, choices) => (vec![said, bot(&text, &choices)], None),
        Reply::Twice(text) => (vec![said, bot(&text, &[]), bot(&text, &[])], None),
        Reply::Queue => (
            vec![said, json!({"kind": "queued", "team": "Envíos"})],
            None,
        ),
        Reply::Lose(text) => (vec![bot(&text, &[])], None),
        Reply::Keep2(text) => (vec![said.clone(), said, bot(&text, &[])], None),
        Reply::Silence => (vec![said], None),
        Reply::Break(text) => (vec![said, bot(&text, &[])], Some(None)),
        Reply::Close(code) => (Vec::new(), Some(Some(code))),
        Reply::SlowDown(text) => {
            if !slowed.contains(&id.to_owned()) {
                slowed.push(id.to_owned());
                let told = json!({"type": "error", "id": id, "code": "slow_down", "retry": true});
                return (vec![told], None);
            }
            (vec![said, bot(&text, &[])], None)
        }
    };
    let mut out = Vec::new();
    if end.is_none() {
        out.push(json!({"type": "ack", "id": id, "seq": events.len() + 1}));
    }
    for stored in stored {
        let event = event(events.len() + 1, &stored);
        events.push(event.clone());
        if end.is_none() {
            out.push(event);
        }
    }
    (out, end)
}
