//! Outgoing webhooks: signed, at least once with the same id, nobody waits for a slow receiver, nothing is told that nobody asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use ventanilla::admin_socket::{Request, ask};
use ventanilla::config::{Config, WebhookConfig};
use ventanilla::webhooks::Kind;

use super::support::House;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DAY: i64 = 24 * 60 * 60_000;

/// What a receiver got.
struct Got {
    id: String,
    body: Value,
}

/// A receiver that answers with what `status` says, and checks each signature.
struct Receiver {
    url: String,
    got: mpsc::UnboundedReceiver<Got>,
    status: Arc<AtomicUsize>,
}

/// As status: takes the connection and says nothing.
const SILENT: usize = 0;

impl Receiver {
    async fn open(status: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (told, got) = mpsc::unbounded_channel();
        let status = Arc::new(AtomicUsize::new(status));
        let answers = Arc::clone(&status);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (told, answers) = (told.clone(), Arc::clone(&answers));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    while let Some(got) = read(&mut stream).await {
                        let status = answers.load(Ordering::SeqCst);
                        if told.send(got).is_err() {
                            return;
                        }
                        if status == SILENT {
                            std::future::pending::<()>().await;
                        }
                        let answer = format!(
                            "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nlocation: /other\r\n\r\n"
                        );
                        if stream.write_all(answer.as_bytes()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, got, status }
    }

    fn answers(&self, status: usize) {
        self.status.store(status, Ordering::SeqCst);
    }

    async fn gets(&mut self) -> Got {
        let patience = std::time::Duration::from_secs(20);
        tokio::time::timeout(patience, self.got.recv())
            .await
            .expect("a webhook should have come")
            .unwrap()
    }

    async fn gets_kind(&mut self, kind: &str) -> Value {
        let got = self.gets().await;
        assert_eq!(got.body["type"], kind, "{}", got.body);
        got.body["data"].clone()
    }
}

async fn read(stream: &mut BufReader<tokio::net::TcpStream>) -> Option<Got> {
    let mut headers = std::collections::HashMap::new();
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|read| *read > 0)?;
    assert!(line.starts_with("POST /hook "), "{line}");
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        match line.trim().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    stream.read_exact(&mut body).await.ok()?;
    let text = String::from_utf8(body).unwrap();
    let key = base64::engine::general_purpose::STANDARD
        .decode(SECRET.trim_start_matches("whsec_"))
        .unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    let (id, at) = (&headers["webhook-id"], &headers["webhook-timestamp"]);
    mac.update(format!("{id}.{at}.{text}").as_bytes());
    let tag = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(headers["webhook-signature"], format!("v1,{tag}"));
    Some(Got {
        id: id.clone(),
        body: serde_json::from_str(&text).unwrap(),
    })
}

fn hook(receiver: &Receiver, kinds: &[Kind]) -> WebhookConfig {
    WebhookConfig {
        url: receiver.url.clone(),
        secret: Some(SECRET.parse().unwrap()),
        secret_env: None,
        events: kinds.to_vec(),
        texts: false,
        allow_local: true,
    }
}

async fn open(hooks: Vec<WebhookConfig>) -> House {
    House::configured(|config: &mut Config| {
        config.limits.pause_ms = 0;
        config.webhooks = hooks;
    })
    .await
}

async fn overview(house: &House) -> Value {
    ask(&house.config(), Request::Webhooks, &mut tokio::io::sink())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handoff_and_its_end_are_told_without_a_word_of_what_was_written() {
    let mut receiver = Receiver::open(200).await;
    let mut house = open(vec![hook(&receiver, &Kind::ALL)]).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.says("quiero hablar con una persona").await;
    let conversation = ana.welcome["conversation"].clone();
    let data = receiver.gets_kind("message.created").await;
    assert_eq!(
        (&data["from"], &data["conversation"]),
        (&json!("visitor"), &conversation)
    );
    assert!(data.get("texts").is_none(), "{data}");
    assert_eq!(receiver.gets_kind("message.created").await["from"], "bot");
    let data = receiver.gets_kind("handoff.requested").await;
    assert_eq!(data["reason"], "customer_request");
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    assert_eq!(
        receiver.gets_kind("handoff.accepted").await["agent"]["name"],
        "Marta"
    );
    marta
        .replies(&item["conversation"], "Hola, soy Marta.")
        .await;
    assert_eq!(receiver.gets_kind("message.created").await["from"], "agent");
    ana.sees("agent").await;
    ana.acts(json!({"type": "end"})).await;
    assert_eq!(receiver.gets_kind("handoff.closed").await["to"], "closed");
    assert_eq!(
        receiver.gets_kind("conversation.closed").await["by"],
        "visitor"
    );
    let question = ana.sees("closed").await["event"]["question"]["id"].clone();
    ana.acts(json!({"type": "rate", "question": question, "tap": 0}))
        .await;
    assert_eq!(
        receiver.gets_kind("feedback.submitted").await["question"],
        question
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_two_conversations_become_one_is_told() {
    let orders = crate::orders::Orders::serve();
    let mut receiver = Receiver::open(200).await;
    let hooks = vec![hook(
        &receiver,
        &[
            Kind::HandoffRequested,
            Kind::HandoffClosed,
            Kind::ConversationMerged,
        ],
    )];
    let mut house = House::with_orders_configured(&orders.url, |config: &mut Config| {
        config.limits.pause_ms = 0;
        config.webhooks = hooks;
    })
    .await;
    let mut marta = house.agent("Marta").await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut ana = house.visitor().await;
        ana.asks("¿dónde está mi pedido 1000007?").await;
        ana.asks("ana.garcia@example.com").await;
        ana.acts(json!({"type": "ask_person"})).await;
        ana.sees("queued").await;
        ids.push(ana.welcome["conversation"].clone());
    }
    for _ in &ids {
        receiver.gets_kind("handoff.requested").await;
    }
    let (here, there) = (&ids[0], &ids[1]);
    let page = marta.opens(here).await;
    marta
        .takes(&json!({"conversation": here, "seq": page["seq"]}))
        .await;
    let page = marta.opens(there).await;
    let merge = json!({"type": "merge", "conversation": there, "into": here, "seen": page["seq"]});
    assert_eq!(marta.acts(merge).await["type"], "ack");
    let ended = receiver.gets_kind("handoff.closed").await;
    assert_eq!((&ended["to"], &ended["into"]), (&json!("merged"), here));
    let told = receiver.gets_kind("conversation.merged").await;
    assert_eq!(
        (&told["conversation"], &told["into"], &told["agent"]["name"]),
        (there, here, &json!("Marta"))
    );
    let apart = json!({"type": "unmerge", "conversation": there});
    assert_eq!(marta.acts(apart).await["type"], "ack");
    let mut told = [receiver.gets().await.body, receiver.gets().await.body];
    told.sort_by_key(|body| body["type"].to_string());
    let [merged, requested] = told;
    assert_eq!(
        (
            &merged["type"],
            &merged["data"]["conversation"],
            &merged["data"]["into"]
        ),
        (&json!("conversation.merged"), there, &Value::Null)
    );
    // The end of its handoff was told with the merge: it goes on.
    assert_eq!(
        (
            &requested["type"],
            &requested["data"]["conversation"],
            &requested["data"]["reason"]
        ),
        (
            &json!("handoff.requested"),
            there,
            &json!("customer_request")
        )
    );
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_go_only_to_who_asks_for_them() {
    let mut receiver = Receiver::open(200).await;
    let mut wants = hook(&receiver, &[Kind::MessageCreated]);
    wants.texts = true;
    let house = open(vec![wants]).await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    let data = receiver.gets_kind("message.created").await;
    assert_eq!(data["texts"], json!(["¿a qué hora abren?"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_comes_again_with_the_same_id_also_after_a_restart() {
    let mut receiver = Receiver::open(500).await;
    let house = open(vec![hook(&receiver, &[Kind::HandoffRequested])]).await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.acts(json!({"type": "end"})).await;
    // Nobody is on duty: the wish alone queues nothing.
    let mut house = house;
    let _marta = house.agent("Marta").await;
    ana.acts(json!({"type": "ask_person"})).await;
    let first = receiver.gets().await;
    assert_eq!(first.body["type"], "handoff.requested");
    house.clock.advance(7_000);
    assert_eq!(receiver.gets().await.id, first.id);
    // A redirect is no delivery.
    receiver.answers(302);
    house.clock.advance(60_000);
    assert_eq!(receiver.gets().await.id, first.id);
    let house = house.restarts().await;
    receiver.answers(204);
    house.clock.advance(60 * 60_000);
    let last = receiver.gets().await;
    assert_eq!((last.id, last.body), (first.id, first.body));
    // What was delivered does not come again: the next is another one.
    let mut eva = house.visitor().await;
    eva.says("¿a qué hora abren?").await;
    let waiting = overview(&house).await;
    assert_eq!(waiting[0]["parked"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_day_it_is_given_up_and_listed() {
    let mut receiver = Receiver::open(500).await;
    let house = open(vec![hook(&receiver, &[Kind::MessageCreated])]).await;
    let mut ana = house.visitor().await;
    ana.says("¿a qué hora abren?").await;
    let first = receiver.gets().await;
    // Whoever takes nothing is left alone for a while.
    house.clock.advance(3_000);
    let second = receiver.gets().await;
    assert_ne!(first.id, second.id);
    house.clock.advance(DAY);
    assert_eq!(receiver.gets().await.id, first.id);
    house.clock.advance(60_000);
    assert_eq!(receiver.gets().await.id, second.id);
    // The courier is done with them when it takes the next one.
    receiver.answers(200);
    ana.says("gracias").await;
    house.clock.advance(10 * 60_000);
    let next = receiver.gets().await;
    assert!(next.id != first.id && next.id != second.id);
    let listed = overview(&house).await;
    assert_eq!(listed[0]["host"], "127.0.0.1");
    let parked: Vec<&str> = listed[0]["parked"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(parked.len(), 2, "{listed}");
    assert!(parked.contains(&first.id.as_str()));
    assert_eq!(listed[0]["parked"][0]["why"], "status 500");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_slow_receiver_delays_nobody_else() {
    let mut slow = Receiver::open(SILENT).await;
    let mut quick = Receiver::open(200).await;
    let kinds = [Kind::MessageCreated];
    let house = open(vec![hook(&slow, &kinds), hook(&quick, &kinds)]).await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    slow.gets().await;
    quick.gets().await;
    quick.gets().await;
    ana.asks("¿dónde está mi pedido?").await;
    quick.gets().await;
    quick.gets().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_of_the_house_are_told_nothing_unless_it_is_allowed() {
    let receiver = Receiver::open(200).await;
    for url in [
        receiver.url.as_str(),
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "http://hooks.example.com/",
    ] {
        let inside = WebhookConfig {
            url: url.to_owned(),
            allow_local: false,
            ..hook(&receiver, &Kind::ALL)
        };
        assert!(inside.receiver().is_err(), "{url}");
    }
}
