//! The test's house: the real server on port 0 with a manual clock, the real store in a temporary folder and a small catalogue; visitors and agents with verbs.
//!
//! Nothing sleeps: a client waits for a frame, and the clock is moved by hand. What should have come and did not fails after [`PATIENCE`].

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use ventanilla::app::{self, Parts};
use ventanilla::catalog_watch;
use ventanilla::clock::ManualClock;
use ventanilla::config::Config;
use ventanilla::engine::{Hours, Live};
use ventanilla::ids::Timestamp;
use ventanilla::ports::Store;
use ventanilla::store::SledStore;
use ventanilla::topics::{Around, check};
use ventanilla::understanding::{Corpus, Engine};

/// How long a frame may take on a busy machine before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Monday 23 November 2026, 11:00 in Madrid: working hours of the test's catalogue.
pub(crate) const MONDAY: Timestamp = Timestamp(1_795_428_000_000);

type Ws = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A running server.
pub(crate) struct House {
    pub(crate) clock: ManualClock,
    store: Arc<dyn Store>,
    pub(crate) port: u16,
    pub(crate) setup: String,
    live: Arc<ArcSwap<Live>>,
    stop: watch::Sender<bool>,
    running: tokio::task::JoinHandle<anyhow::Result<()>>,
    data: tempfile::TempDir,
    orders: String,
    config: Config,
}

/// The catalogue of the stories, with this address of the order service.
pub(crate) fn learn(orders: &str) -> Live {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/catalog");
    let (files, problems) = catalog_watch::read(&folder);
    assert!(problems.is_empty(), "{problems:?}");
    let env = |name: &str| (name == "ORDERS_URL").then(|| orders.to_owned());
    let around = Around {
        env: &env,
        today: None,
    };
    let checked = check(&files, &around);
    let catalog = checked
        .catalog
        .unwrap_or_else(|| panic!("{:?}", checked.problems));
    let brain =
        Engine::train(&Corpus::from(&catalog)).unwrap_or_else(|errors| panic!("{errors:?}"));
    Live {
        catalog: Arc::new(catalog),
        brain: Arc::new(brain),
        since: MONDAY,
    }
}

impl House {
    /// Opens at [`MONDAY`] with an order service that nobody serves.
    pub(crate) async fn open() -> Self {
        Self::with_orders("http://127.0.0.1:9").await
    }

    /// Opens with an order service at this address.
    pub(crate) async fn with_orders(orders: &str) -> Self {
        Self::start(
            tempfile::tempdir().unwrap(),
            ManualClock::at(MONDAY),
            orders,
            |_| {},
        )
        .await
    }

    /// Opens with another configuration.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::start(
            tempfile::tempdir().unwrap(),
            ManualClock::at(MONDAY),
            "http://127.0.0.1:9",
            change,
        )
        .await
    }

    /// Opens with an order service at this address and another configuration.
    pub(crate) async fn with_orders_configured(
        orders: &str,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start(
            tempfile::tempdir().unwrap(),
            ManualClock::at(MONDAY),
            orders,
            change,
        )
        .await
    }

    async fn start(
        data: tempfile::TempDir,
        clock: ManualClock,
        orders: &str,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let store: Arc<dyn Store> = Arc::new(SledStore::open(&data.path().join("store")).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut config = Config {
            port,
            data: data.path().into(),
            workers: 1,
            hours: Hours::Enforce,
            ..Config::default()
        };
        change(&mut config);
        let live = Arc::new(ArcSwap::from_pointee(learn(orders)));
        let parts = Parts {
            store: Arc::clone(&store),
            clock: Arc::new(clock.clone()),
            live: Arc::clone(&live),
            problems: Arc::default(),
        };
        let (stop, stopping) = watch::channel(false);
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let kept = config.clone();
        let running = tokio::spawn(app::run(config, parts, listener, stopping, move |link| {
            let _: Result<(), _> = ready.send(link);
        }));
        let setup = is_ready.await.unwrap_or_default().unwrap_or_default();
        let setup = setup.rsplit('#').next().unwrap_or_default().to_owned();
        Self {
            clock,
            store,
            port,
            setup,
            live,
            stop,
            running,
            data,
            orders: orders.to_owned(),
            config: kept,
        }
    }

    /// The server ends and another starts, on another port, on what was stored.
    pub(crate) async fn restarts(self) -> Self {
        let Self {
            clock,
            store,
            stop,
            running,
            data,
            orders,
            config,
            live,
            ..
        } = self;
        stop.send_replace(true);
        running.await.unwrap().unwrap();
        drop((store, live));
        Self::start(data, clock, &orders, move |fresh| {
            let port = fresh.port;
            *fresh = config;
            fresh.port = port;
        })
        .await
    }

    /// A visitor's first connection.
    pub(crate) async fn visitor(&self) -> Visitor {
        self.visitor_with(json!({"type": "hello"})).await
    }

    /// A visitor who says hello in this way.
    pub(crate) async fn visitor_with(&self, hello: Value) -> Visitor {
        let ws = self.socket("/v1/visitor/ws?site=es", &[]).await;
        let mut visitor = Visitor {
            ws,
            token: String::new(),
            last: 0,
            acts: 0,
            inbox: Vec::new(),
            welcome: Value::Null,
        };
        visitor.send(hello).await;
        visitor.welcome = visitor.frame("welcome").await;
        visitor.token = visitor.welcome["token"].as_str().unwrap().to_owned();
        visitor
    }

    /// The same visitor on a new connection, from their position.
    pub(crate) async fn again(&self, visitor: &Visitor) -> Visitor {
        let hello = json!({"type": "hello", "token": visitor.token, "after": visitor.last, "epoch": visitor.welcome["epoch"]});
        let mut again = self.visitor_with(hello).await;
        again.last = visitor.last;
        again.acts = visitor.acts + 1_000;
        again
    }

    pub(crate) async fn socket(&self, path: &str, headers: &[(&str, String)]) -> Ws {
        self.try_socket(path, headers).await.unwrap()
    }

    pub(crate) async fn try_socket(
        &self,
        path: &str,
        headers: &[(&str, String)],
    ) -> Result<Ws, tokio_tungstenite::tungstenite::Error> {
        let mut request = format!("ws://127.0.0.1:{}{path}", self.port)
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            let name =
                tokio_tungstenite::tungstenite::http::HeaderName::from_bytes(name.as_bytes())
                    .unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        tokio_tungstenite::connect_async(request)
            .await
            .map(|(ws, _)| ws)
    }

    /// The configuration as the server has it.
    pub(crate) fn config(&self) -> Config {
        self.config.clone()
    }

    /// Files of visitors and agents that are on disk.
    pub(crate) fn files_on_disk(&self) -> Vec<std::path::PathBuf> {
        let mut folders = vec![self.data.path().join("files")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// An agent of this name, signed in, with a console that is connected and online.
    pub(crate) async fn agent(&mut self, name: &str) -> Agent {
        let signed = self.sign_up(name, "agent").await;
        self.console(signed).await
    }

    /// Makes an account by the ways a person would: the first by the set-up link, the others by the admin's invitation.
    pub(crate) async fn sign_up(&mut self, name: &str, role: &str) -> Signed {
        let http = reqwest::Client::new();
        let email = format!("{}@mareas.example", name.to_lowercase());
        let password = "una frase bastante larga";
        if !self.setup.is_empty() {
            let link = std::mem::take(&mut self.setup);
            let body = json!({"token": link, "name": "Jefa", "email": "jefa@mareas.example", "password": password});
            let made = http
                .post(self.url("/v1/setup"))
                .json(&body)
                .send()
                .await
                .unwrap();
            assert_eq!(made.status(), 200);
        }
        let admin = self.sign_in("jefa@mareas.example", password).await;
        let body = json!({"name": name, "email": email, "role": role});
        let invited = admin.post(self, "/v1/people", &body).await;
        let link = invited["link"]
            .as_str()
            .unwrap()
            .rsplit('#')
            .next()
            .unwrap()
            .to_owned();
        let body = json!({"token": link, "password": password});
        let made = http
            .post(self.url("/v1/setup"))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(made.status(), 200);
        self.sign_in(&email, password).await
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Signed {
        let http = reqwest::Client::new();
        let body = json!({"email": email, "password": password});
        let response = http
            .post(self.url("/v1/login"))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let body: Value = response.json().await.unwrap();
        Signed {
            http,
            cookie,
            csrf: body["csrf"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn console(&self, signed: Signed) -> Agent {
        let ws = self
            .socket("/v1/agent/ws", &[("cookie", signed.cookie.clone())])
            .await;
        let mut agent = Agent {
            ws,
            signed,
            acts: 0,
            inbox: Vec::new(),
            welcome: Value::Null,
        };
        agent.welcome = agent.frame("welcome").await;
        agent
    }
}

/// Somebody who has signed in.
pub(crate) struct Signed {
    pub(crate) http: reqwest::Client,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Signed {
    pub(crate) async fn get(&self, house: &House, path: &str) -> Value {
        let response = self
            .http
            .get(house.url(path))
            .header("cookie", &self.cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn post(&self, house: &House, path: &str, body: &Value) -> Value {
        let request = self
            .http
            .post(house.url(path))
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf);
        let response = request.json(body).send().await.unwrap();
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
        response.json().await.unwrap_or(Value::Null)
    }
}

async fn next(ws: &mut Ws) -> Value {
    // The server's pings come in between, so the patience is for the whole wait.
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let message = tokio::time::timeout_at(until, ws.next())
            .await
            .expect("a frame should have come");
        match message {
            Some(Ok(Message::Text(text))) => return serde_json::from_str(text.as_str()).unwrap(),
            Some(Ok(Message::Close(frame))) => {
                return json!({"type": "close", "code": frame.map(|frame| u16::from(frame.code))});
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("the connection broke: {error}"),
            None => return json!({"type": "close"}),
        }
    }
}

/// A visitor with a connection.
pub(crate) struct Visitor {
    ws: Ws,
    pub(crate) token: String,
    pub(crate) last: u64,
    acts: u32,
    inbox: Vec<Value>,
    pub(crate) welcome: Value,
}

impl Visitor {
    pub(crate) async fn send(&mut self, frame: Value) {
        self.ws
            .send(Message::Text(frame.to_string().into()))
            .await
            .unwrap();
    }

    /// The next frame of a type; events before it are kept for [`Visitor::sees`].
    pub(crate) async fn frame(&mut self, kind: &str) -> Value {
        if let Some(place) = self.inbox.iter().position(|frame| frame["type"] == kind) {
            return self.inbox.remove(place);
        }
        loop {
            let frame = self.receive().await;
            if frame["type"] == kind {
                return frame;
            }
            self.inbox.push(frame);
        }
    }

    async fn receive(&mut self) -> Value {
        let frame = next(&mut self.ws).await;
        if frame["type"] == "event" {
            let seq = frame["seq"].as_u64().unwrap();
            if self.welcome["recovered"] != json!(false) || self.last > 0 {
                assert_eq!(seq, self.last + 1, "events have no holes: {frame}");
            }
            self.last = seq;
        }
        frame
    }

    fn act(&mut self) -> String {
        self.acts += 1;
        format!("act-{}", self.acts)
    }

    /// Writes and waits for the ack; gives the number of the event.
    pub(crate) async fn says(&mut self, text: &str) -> u64 {
        let id = self.act();
        self.says_as(&id, text).await
    }

    pub(crate) async fn says_as(&mut self, id: &str, text: &str) -> u64 {
        self.send(json!({"type": "say", "id": id, "text": text}))
            .await;
        self.acked(id).await
    }

    pub(crate) async fn acts(&mut self, mut frame: Value) -> u64 {
        let id = self.act();
        frame["id"] = json!(id);
        self.send(frame).await;
        self.acked(&id).await
    }

    pub(crate) async fn acked(&mut self, id: &str) -> u64 {
        let ack = self.frame("ack").await;
        assert_eq!(ack["id"], id);
        ack["seq"].as_u64().unwrap()
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
    ws: Ws,
    pub(crate) signed: Signed,
    acts: u32,
    inbox: Vec<Value>,
    pub(crate) welcome: Value,
}

impl Agent {
    pub(crate) async fn send(&mut self, frame: Value) {
        self.ws
            .send(Message::Text(frame.to_string().into()))
            .await
            .unwrap();
    }

    pub(crate) async fn frame(&mut self, kind: &str) -> Value {
        if let Some(place) = self.inbox.iter().position(|frame| frame["type"] == kind) {
            return self.inbox.remove(place);
        }
        loop {
            let frame = next(&mut self.ws).await;
            if frame["type"] == kind {
                return frame;
            }
            self.inbox.push(frame);
        }
    }

    /// Sends an act and gives the answer: `ack` or `error`.
    pub(crate) async fn acts(&mut self, mut frame: Value) -> Value {
        self.acts += 1;
        let id = format!("agent-{}", self.acts);
        frame["id"] = json!(id);
        self.send(frame).await;
        loop {
            let next = next(&mut self.ws).await;
            if (next["type"] == "ack" || next["type"] == "error") && next["id"] == id {
                return next;
            }
            self.inbox.push(next);
        }
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
        self.frame("page").await
    }

    /// Takes a conversation that waits.
    pub(crate) async fn takes(&mut self, item: &Value) {
        let answer = self
            .acts(
                json!({"type": "claim", "conversation": item["conversation"], "seen": item["seq"]}),
            )
            .await;
        assert_eq!(answer["type"], "ack", "{answer}");
    }

    pub(crate) async fn replies(&mut self, conversation: &Value, text: &str) {
        let answer = self
            .acts(json!({"type": "reply", "conversation": conversation, "text": text}))
            .await;
        assert_eq!(answer["type"], "ack", "{answer}");
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
