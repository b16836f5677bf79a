//! The test's house: the real server on port 0 with a manual clock, the real store in a temporary folder and a small catalogue; visitors and agents with verbs.
//!
//! Nothing sleeps: a client waits for a frame, and the clock is moved by hand. What should have come and did not fails after [`PATIENCE`].

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use ventanilla::app::{self, Parts};
use ventanilla::catalog_watch;
use ventanilla::clock::ManualClock;
use ventanilla::config::Config;
use ventanilla::engine::{Hours, Live, LiveNow};
use ventanilla::ids::Timestamp;
use ventanilla::ports::{Clock, Store};
use ventanilla::store::SledStore;
use ventanilla::topics::{Around, Catalog, SourceFile, Team, check};
use ventanilla::understanding::{Corpus, Engine};

pub(crate) use super::client::{Agent, Visitor, words};
use super::client::{Client, Ws};

/// Numbers clients, also of a house that has restarted.
static CLIENTS: AtomicU32 = AtomicU32::new(0);

/// How long a frame may take on a busy machine before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Monday 23 November 2026, 11:00 in Madrid: working hours of the test's catalogue.
pub(crate) const MONDAY: Timestamp = Timestamp(1_795_428_000_000);

/// A running server.
pub(crate) struct House {
    pub(crate) clock: ManualClock,
    store: Arc<dyn Store>,
    pub(crate) port: u16,
    pub(crate) setup: String,
    live: Arc<LiveNow>,
    stop: watch::Sender<bool>,
    running: tokio::task::JoinHandle<anyhow::Result<()>>,
    data: tempfile::TempDir,
    orders: String,
    pub(crate) config: Config,
}

/// The catalogue of the stories, with this address of the order service.
pub(crate) fn learn(orders: &str) -> Live {
    learn_also(orders, None)
}

/// The same with the files of another folder of this test, in place of those of the same name.
pub(crate) fn learn_also(orders: &str, folder: Option<&str>) -> Live {
    let mut files: Vec<SourceFile> = Vec::new();
    for folder in ["catalog"].into_iter().chain(folder) {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
        let (read, problems) = catalog_watch::read(&tests.join(folder));
        assert!(problems.is_empty(), "{problems:?}");
        files.retain(|old| read.iter().all(|new| new.path != old.path));
        files.extend(read);
    }
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

    /// Opens at another time, on other files.
    pub(crate) async fn taught(
        at: Timestamp,
        live: Live,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let data = tempfile::tempdir().unwrap();
        let house = Self::start(data, ManualClock::at(at), "http://127.0.0.1:9", change).await;
        house.teach(live);
        house
    }

    /// What the bot knows is now this.
    pub(crate) fn teach(&self, live: Live) {
        self.live.swap(Arc::new(live));
    }

    /// Now, as the house has it.
    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is stored.
    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
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
        let live = Arc::new(LiveNow::new(Arc::new(learn(orders))));
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
        self.restarts_after(|_| {}).await
    }

    /// The same, with something done to the store's folder in between.
    pub(crate) async fn restarts_after(self, act: impl FnOnce(&Path)) -> Self {
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
        act(&data.path().join("store"));
        Self::start(data, clock, &orders, move |fresh| {
            let port = fresh.port;
            *fresh = config;
            fresh.port = port;
        })
        .await
    }

    /// Changes every team's rules, as a saved file would.
    pub(crate) fn team(&self, change: impl Fn(&mut Team)) {
        self.files(|catalog| catalog.teams.values_mut().for_each(change));
    }

    /// Changes what the files say, but for what is learnt from them.
    pub(crate) fn files(&self, change: impl FnOnce(&mut Catalog)) {
        let live = self.live.get();
        let mut catalog = Catalog::clone(&live.catalog);
        change(&mut catalog);
        self.live.swap(Arc::new(Live {
            catalog: Arc::new(catalog),
            brain: Arc::clone(&live.brain),
            since: live.since,
        }));
    }

    /// Where the server keeps its data, for commands beside it.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// The value of a metric, once it is `wanted`: what a task of the server does shows there.
    pub(crate) async fn until_metric(&self, name: &str, wanted: u64) {
        let until = tokio::time::Instant::now() + PATIENCE;
        let mut seen = String::new();
        while tokio::time::Instant::now() < until {
            let request = reqwest::Client::new().get(self.url("/metrics"));
            let text = request.bearer_auth("metrics").send().await.unwrap();
            let text = text.text().await.unwrap();
            let value = text.lines().find_map(|line| {
                let (found, value) = line.split_once(' ')?;
                let found = found.trim_end_matches("_total");
                (found.strip_prefix("ventanilla_") == Some(name)).then(|| value.to_owned())
            });
            if value.as_deref() == Some(&wanted.to_string()) {
                return;
            }
            seen = value.unwrap_or_default();
        }
        panic!("{name} is {seen:?} and should be {wanted}");
    }

    /// Waits until this is so: what a task of the server does and tells nobody.
    pub(crate) async fn until(&self, what: &str, so: impl Fn() -> bool) {
        let until = tokio::time::Instant::now() + PATIENCE;
        while !so() {
            assert!(tokio::time::Instant::now() < until, "{what}");
            tokio::task::yield_now().await;
        }
    }

    /// A visitor's first connection.
    pub(crate) async fn visitor(&self) -> Visitor {
        self.visitor_with(json!({"type": "hello"})).await
    }

    /// A visitor who says hello in this way.
    pub(crate) async fn visitor_with(&self, hello: Value) -> Visitor {
        let ws = self.socket("/v1/visitor/ws?site=es", &[]).await;
        self.greeted(ws, hello).await
    }

    /// Says hello on a connection.
    pub(crate) async fn greeted(&self, ws: Ws, hello: Value) -> Visitor {
        let n = CLIENTS.fetch_add(1, Ordering::Relaxed);
        let mut client = Client::new(ws, &format!("visitor{n}"));
        client.last = hello["after"].as_u64().unwrap_or_default();
        client.send(hello).await;
        let welcome = client.frame("welcome").await;
        Visitor {
            client,
            token: welcome["token"].as_str().unwrap().to_owned(),
        }
    }

    /// The same visitor on a new connection, from their position.
    pub(crate) async fn again(&self, visitor: &Visitor) -> Visitor {
        let hello = json!({"type": "hello", "token": visitor.token, "after": visitor.last, "epoch": visitor.welcome["epoch"]});
        self.visitor_with(hello).await
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
        self.sign_up_with(name, json!({"role": role})).await
    }

    /// The same with whatever else an invitation can say.
    pub(crate) async fn sign_up_with(&mut self, name: &str, given: Value) -> Signed {
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
        let mut body = json!({"name": name, "email": email, "role": "agent"});
        let given = given.as_object().cloned().unwrap_or_default();
        body.as_object_mut().unwrap().extend(given);
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

    /// Makes an account of a team by the admin's invitation and signs it in.
    pub(crate) async fn hire(&self, admin: &Signed, name: &str, team: &str) -> Signed {
        let password = "una frase bastante larga";
        let email = format!("{}@mareas.example", name.to_lowercase());
        let body = json!({"name": name, "email": email, "role": "agent", "teams": [team]});
        let invited = admin.post(self, "/v1/people", &body).await;
        let link = invited["link"].as_str().unwrap().rsplit('#').next();
        let body = json!({"token": link.unwrap(), "password": password});
        let made = admin
            .http
            .post(self.url("/v1/setup"))
            .json(&body)
            .send()
            .await;
        assert_eq!(made.unwrap().status(), 200);
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
        let n = CLIENTS.fetch_add(1, Ordering::Relaxed);
        let mut client = Client::new(ws, &format!("agent{n}"));
        client.frame("welcome").await;
        Agent { client, signed }
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
