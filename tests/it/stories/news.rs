//! Business events: the company's systems tell, the customer learns of it in the thread, once, and not at night.

use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};

use super::support::{House, MONDAY, Visitor, words};
use crate::orders::Orders;

/// From Monday 11:00 to Monday 22:00 in Madrid.
const UNTIL_LATE: i64 = 11 * 60 * 60_000;

async fn operator(house: &House, request: Request) -> anyhow::Result<Value> {
    ask(&house.config(), request, &mut tokio::io::sink()).await
}

async fn key(house: &House, name: &str) -> String {
    let made = operator(
        house,
        Request::KeyAdd {
            name: name.to_owned(),
        },
    );
    made.await.unwrap()["key"].as_str().unwrap().to_owned()
}

async fn send(house: &House, key: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new()
        .post(house.url("/v1/events"))
        .bearer_auth(key);
    let response = request.json(body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

fn late(contact: &str, id: &str) -> Value {
    let data = json!({"order_number": "1000007", "date": "2026-11-27"});
    json!({"kind": "late_delivery", "contact": contact, "id": id, "data": data})
}

/// A visitor who has shown that order 1000007 is theirs.
async fn proven(house: &House) -> Visitor {
    let mut ana = house.visitor().await;
    ana.asks("¿dónde está mi pedido 1000007?").await;
    let heard = ana.asks("ana.garcia@example.com").await;
    assert!(heard.contains("Viene con demora"), "{heard}");
    ana
}

async fn open(orders: &Orders) -> House {
    House::with_orders_configured(&orders.url, |config| config.limits.pause_ms = 0).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_shown_that_the_order_is_theirs_is_told_once() {
    let orders = Orders::serve();
    let house = open(&orders).await;
    let logistics = key(&house, "logistics").await;
    let mut ana = proven(&house).await;
    // Somebody who only typed the number learns nothing.
    let mut eva = house.visitor().await;
    eva.asks("¿dónde está mi pedido 1000007?").await;

    let (status, done) = send(&house, &logistics, &late("1000007", "evt-1")).await;
    assert_eq!(
        (status, &done["status"], &done["rule"]),
        (200, &json!("told"), &json!("verified")),
        "{done}"
    );
    assert_eq!(done["conversation"], ana.welcome["conversation"]);
    let told = ana.sees("notice").await;
    assert_eq!(told["event"]["what"], "news");
    assert_eq!(
        words(&told),
        "Tu pedido 1000007 viene con demora: llega el viernes 27 de noviembre."
    );
    assert_eq!(told["seq"], done["seq"]);
    // The same again is the same; the same id for another event is refused.
    let (status, again) = send(&house, &logistics, &late("1000007", "evt-1")).await;
    assert_eq!(
        (status, &again["seq"], &again["repeated"]),
        (200, &done["seq"], &json!(true))
    );
    let (status, refused) = send(&house, &logistics, &late("otro@example.com", "evt-1")).await;
    assert_eq!((status, &refused["error"]), (409, &json!("id_reused")));
    // By the proof, too, and its buttons work.
    let (_, done) = send(&house, &logistics, &late("Ana.Garcia@example.com", "evt-2")).await;
    assert_eq!(done["conversation"], ana.welcome["conversation"]);
    let told = ana.sees("notice").await;
    let person = told["event"]["choices"].as_array().unwrap().len() - 1;
    ana.acts(json!({"type": "choose", "of": told["seq"], "option": person}))
        .await;
    assert!(!ana.hears().await.is_empty());
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_night_it_waits_for_the_visitors_morning_through_a_restart() {
    let orders = Orders::serve();
    let house = open(&orders).await;
    let logistics = key(&house, "logistics").await;
    let ana = proven(&house).await;
    house.clock.advance(UNTIL_LATE);
    let (status, done) = send(&house, &logistics, &late("1000007", "evt-1")).await;
    let morning = MONDAY.plus(22 * 60 * 60_000);
    assert_eq!(
        (status, &done["status"], &done["at"]),
        (202, &json!("waiting"), &json!(morning)),
        "{done}"
    );
    let house = house.restarts().await;
    let mut ana = house.again(&ana).await;
    house.clock.advance(11 * 60 * 60_000 - 1);
    let (status, again) = send(&house, &logistics, &late("1000007", "evt-1")).await;
    assert_eq!((status, &again["status"]), (202, &json!("waiting")));
    house.clock.advance(1);
    let told = ana.sees("notice").await;
    assert!(words(&told).contains("1000007"), "{told}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_told_is_said_to_the_caller() {
    let orders = Orders::serve();
    let house = open(&orders).await;
    let logistics = key(&house, "logistics").await;
    let mut eva = house.visitor().await;
    eva.asks("¿dónde está mi pedido 1000007?").await;
    let with = |field: &str, value: Value| {
        let mut body = late("1000007", "evt-1");
        body[field] = value;
        body
    };
    for (body, status, code) in [
        (late("1000007", "evt-1"), 404, "no_such_contact"),
        (
            with("contact", eva.welcome["conversation"].clone()),
            404,
            "no_such_contact",
        ),
        (
            with("contact", json!("nadie@example.com")),
            404,
            "no_such_contact",
        ),
        (with("kind", json!("no_such")), 404, "no_such_event"),
        (with("data", json!({"date": "2026-11-27"})), 400, "bad_data"),
        (
            with(
                "data",
                json!({"order_number": "1000007", "date": "2026-02-31"}),
            ),
            400,
            "bad_data",
        ),
        (
            with(
                "data",
                json!({"order_number": "1000007", "date": "4/12/2026"}),
            ),
            400,
            "bad_data",
        ),
        (with("id", Value::Null), 400, "bad_request"),
        (with("surprise", json!(1)), 400, "bad_request"),
    ] {
        let (got, answer) = send(&house, &logistics, &body).await;
        assert_eq!(
            (got, answer["error"].as_str()),
            (status, Some(code)),
            "{body} {answer}"
        );
    }
    // Without a key nothing; with one that was taken back nothing any more.
    assert_eq!(
        send(&house, "vk_guess", &late("1000007", "evt-1")).await.0,
        401
    );
    let name = "logistics".to_owned();
    let listed = operator(&house, Request::KeyList).await.unwrap();
    assert_eq!(listed[0]["name"], "logistics");
    assert!(!listed.to_string().contains(&logistics));
    let twice = operator(&house, Request::KeyAdd { name: name.clone() }).await;
    assert!(twice.unwrap_err().to_string().contains("already"));
    operator(&house, Request::KeyRevoke { name: name.clone() })
        .await
        .unwrap();
    assert_eq!(
        send(&house, &logistics, &late("1000007", "evt-1")).await.0,
        401
    );
    assert!(operator(&house, Request::KeyRevoke { name }).await.is_err());
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_proof_an_address_that_was_given_will_do_until_it_is_erased() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let desk = key(&house, "telephony").await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("Me llegó el hervidor roto y quiero otro").await;
    let heard = ana.asks("+34 600 123 456").await;
    assert!(heard.contains("600"), "{heard}");
    let missed =
        |id: &str| json!({"kind": "callback_missed", "contact": "0034600123456", "id": id});
    let (status, done) = send(&house, &desk, &missed("c-1")).await;
    assert_eq!((status, &done["rule"]), (200, &json!("given")), "{done}");
    assert_eq!(
        words(&ana.sees("notice").await),
        "Te llamamos y no pudimos hablar."
    );
    let conversation = ana.welcome["conversation"].as_str().unwrap().to_owned();
    operator(&house, Request::Erase { conversation })
        .await
        .unwrap();
    let (status, gone) = send(&house, &desk, &missed("c-2")).await;
    assert_eq!((status, &gone["error"]), (404, &json!("no_such_contact")));
}
