//! The real server, killed with `kill -9` at any moment, starts included, under live clients: what was acked is there, once, in order.
//!
//! A few rounds in the normal suite; `VENTANILLA_KILL_ROUNDS=50 cargo test --test it server_kill -- --nocapture` for the long run.

#![allow(
    clippy::disallowed_methods,
    reason = "the server under test is a process of its own: only real time passes in it"
)]

use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use ventanilla::conversation::Body;
use ventanilla::ids::{ConversationId, Seq};
use ventanilla::ports::Store;
use ventanilla::store::SledStore;

/// Clients of the normal suite; the long run has twice as many.
const CLIENTS: usize = 24;

fn start(port: u16, data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_ventanilla"))
        .args([
            "serve",
            "--port",
            &port.to_string(),
            "--pause-ms",
            "0",
            "--workers",
            "2",
        ])
        .arg("--data")
        .arg(data)
        .arg("--intents")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/catalog"))
        .env("VENTANILLA_LOG", "error")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// One visitor who never gives up: writes numbered messages, sends again what was not acked, and keeps every event it was shown.
#[derive(Default)]
struct Client {
    token: Option<String>,
    conversation: Option<String>,
    last: u64,
    sent: u64,
    /// Acked acts and the number of their events.
    acked: HashMap<String, u64>,
    /// Events of one's own acts as they were shown: act by event.
    shown: HashMap<u64, String>,
    pending: Option<String>,
    faults: Vec<String>,
}

impl Client {
    async fn live(
        mut self,
        name: usize,
        port: u16,
        stop: Arc<AtomicBool>,
        acked: Arc<AtomicU64>,
    ) -> Self {
        while !stop.load(Ordering::Relaxed) {
            self.visit(name, port, &stop, &acked).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self
    }

    /// One connection, to its end.
    async fn visit(
        &mut self,
        name: usize,
        port: u16,
        stop: &AtomicBool,
        acked: &AtomicU64,
    ) -> Option<()> {
        let (mut ws, _) = connect_async(format!("ws://127.0.0.1:{port}/v1/visitor/ws?site=es"))
            .await
            .ok()?;
        let hello = json!({"type": "hello", "token": self.token, "after": self.token.as_ref().map(|_| self.last)});
        ws.send(Message::Text(without_nulls(&hello).to_string().into()))
            .await
            .ok()?;
        let mut welcomed = false;
        loop {
            if welcomed && !stop.load(Ordering::Relaxed) && self.pending.is_none() {
                self.sent += 1;
                self.pending = Some(format!("{name}-{}", self.sent));
                self.say(&mut ws).await?;
            }
            if stop.load(Ordering::Relaxed) && self.pending.is_none() {
                return Some(());
            }
            let message = tokio::time::timeout(Duration::from_secs(20), ws.next())
                .await
                .ok()??
                .ok()?;
            let Message::Text(text) = message else {
                continue;
            };
            let frame: Value = serde_json::from_str(text.as_str()).ok()?;
            match frame["type"].as_str()? {
                "welcome" => {
                    self.token = frame["token"].as_str().map(str::to_owned);
                    self.conversation = frame["conversation"].as_str().map(str::to_owned);
                    if frame["recovered"] != json!(true) && self.last > 0 {
                        // A page in place of what was missed: it begins anew, and holes before it are told.
                        self.last = 0;
                    }
                    welcomed = true;
                    if self.pending.is_some() {
                        self.say(&mut ws).await?;
                    }
                }
                "event" => {
                    let seq = frame["seq"].as_u64()?;
                    if self.last > 0 && seq != self.last + 1 {
                        self.faults
                            .push(format!("{name}: event {seq} after {}", self.last));
                    }
                    self.last = seq;
                    if frame["event"]["kind"] == "visitor" {
                        self.shown
                            .insert(seq, frame["event"]["id"].as_str()?.to_owned());
                    }
                }
                "ack" => {
                    let (id, seq) = (frame["id"].as_str()?.to_owned(), frame["seq"].as_u64()?);
                    if self.pending.as_ref() == Some(&id) {
                        self.pending = None;
                        acked.fetch_add(1, Ordering::Relaxed);
                    }
                    if let Some(before) = self
                        .acked
                        .insert(id.clone(), seq)
                        .filter(|before| *before != seq)
                    {
                        self.faults
                            .push(format!("{id}: acked as {before} and as {seq}"));
                    }
                }
                "error" => {
                    // Too fast: the same act again in a moment.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    self.say(&mut ws).await?;
                }
                _ => {}
            }
        }
    }

    async fn say<S>(&self, ws: &mut S) -> Option<()>
    where
        S: SinkExt<Message> + Unpin,
    {
        let id = self.pending.as_ref()?;
        let frame = json!({"type": "say", "id": id, "text": format!("¿a qué hora abren? {id}")});
        ws.send(Message::Text(frame.to_string().into())).await.ok()
    }
}

fn without_nulls(value: &Value) -> Value {
    value.as_object().map_or(Value::Null, |parts| {
        parts
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    })
}

/// Every act of a conversation as the store has it: event by act. An act that stands there twice is counted.
async fn kept(store: &dyn Store, conversation: ConversationId) -> (HashMap<String, u64>, usize) {
    let (mut acts, mut twice, mut after) = (HashMap::new(), 0, Seq::ZERO);
    loop {
        let events = store.read(conversation, after, 1_000).await.unwrap();
        let Some(last) = events.last() else {
            return (acts, twice);
        };
        for event in &events {
            assert_eq!(event.seq.0, after.0 + 1, "numbers have no gaps");
            after = event.seq;
            if let Body::VisitorSaid { client_id } = &event.body {
                twice += usize::from(
                    acts.insert(client_id.as_str().to_owned(), event.seq.0)
                        .is_some(),
                );
            }
        }
        after = last.seq;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acked_is_lost_and_nothing_is_there_twice() {
    let rounds: u64 = std::env::var("VENTANILLA_KILL_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(3);
    let data = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut server = start(port, data.path());
    let (stop, acked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let (many, stretch) = if rounds > 10 {
        (2 * CLIENTS, 3)
    } else {
        (CLIENTS, 1)
    };
    let clients: Vec<_> = (0..many)
        .map(|name| {
            tokio::spawn(Client::default().live(name, port, Arc::clone(&stop), Arc::clone(&acked)))
        })
        .collect();
    let mut kills_at_start = 0;
    for round in 0..rounds {
        // Some rounds end while the server is still starting, the others after it has served a different while each.
        let at_start = round % 5 == 4;
        if at_start {
            kills_at_start += 1;
            tokio::time::sleep(Duration::from_millis(30 + round * 37 % 400)).await;
        } else {
            let goal = acked.load(Ordering::Relaxed) + (40 + round * 131 % 900) * stretch;
            while acked.load(Ordering::Relaxed) < goal {
                assert!(
                    server.try_wait().unwrap().is_none(),
                    "the server ended by itself"
                );
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        server.kill().unwrap();
        server.wait().unwrap();
        server = start(port, data.path());
    }
    let goal = acked.load(Ordering::Relaxed) + 50;
    while acked.load(Ordering::Relaxed) < goal {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let clients = futures_util::future::join_all(clients).await;
    server.kill().unwrap();
    server.wait().unwrap();

    // The store itself, opened after the last kill, against what each client was told.
    let store = SledStore::open(&data.path().join("store")).unwrap();
    let (mut total, mut lost, mut twice) = (0, 0, 0);
    for client in clients {
        let client = client.unwrap();
        assert!(client.faults.is_empty(), "{:?}", client.faults);
        let (acts, doubled) = kept(&store, client.conversation.unwrap().parse().unwrap()).await;
        twice += doubled;
        total += client.acked.len();
        lost += client
            .acked
            .iter()
            .filter(|(act, seq)| acts.get(*act) != Some(*seq))
            .count();
        let mut shown: HashMap<&String, usize> = HashMap::new();
        for act in client.shown.values() {
            *shown.entry(act).or_default() += 1;
        }
        twice += shown.values().filter(|times| **times > 1).count();
        lost += client
            .shown
            .iter()
            .filter(|(seq, act)| acts.get(*act) != Some(*seq))
            .count();
    }
    store.close().await.unwrap();
    println!(
        "{rounds} kills ({kills_at_start} during the start), {many} clients, {total} acked, {lost} lost, {twice} twice"
    );
    assert_eq!((lost, twice), (0, 0));
    assert!(total > 100);
}
