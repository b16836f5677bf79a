//! The service over real sockets.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use std::net::TcpListener;
use std::sync::Arc;

use serde_json::{Value, json};

use super::DemoOrders;
use super::switch::SLOW_MILLIS;
use crate::clock::ManualClock;
use crate::ids::Timestamp;

/// A service on a free port, with the clock that it lives by.
struct Shop {
    service: DemoOrders,
    clock: ManualClock,
    web: reqwest::Client,
}

impl Shop {
    fn open() -> Self {
        let clock = ManualClock::at(Timestamp(1_795_300_200_000));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            service: DemoOrders::start(listener, Arc::new(clock.clone())).unwrap(),
            clock,
            web: reqwest::Client::new(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.service.addr)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.web.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let answer = self
            .web
            .request(method.parse().unwrap(), self.url(path))
            .header("Idempotency-Key", key)
            .json(body)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn switch_to(&self, mode: &str) {
        let (status, shown) = self
            .send("POST", "/admin/mode", "", &json!({"mode": mode}))
            .await;
        assert_eq!((status, &shown["mode"]), (200, &json!(mode)));
    }
}

#[tokio::test]
async fn an_order_is_looked_up_after_its_proof() {
    let shop = Shop::open();
    let proof = json!({"proof": "28013"});
    let matched = shop.send("POST", "/orders/1000007/match", "", &proof).await;
    assert_eq!(matched, (200, json!({"result": "matched"})));
    let unknown = shop.send("POST", "/orders/1234567/match", "", &proof).await;
    assert_eq!(unknown, (200, json!({"result": "no_match"})));

    let (status, order) = shop.get("/orders/1000007").await;
    assert_eq!((status, &order["state"]), (200, &json!("delayed")));
    assert_eq!(order["address"], "Calle Mayor 3, 28013 Madrid");
    for nobodys in ["/orders/1234567", "/orders/01000007", "/orders/abc"] {
        assert_eq!(
            shop.get(nobodys).await,
            (404, json!({"result": "not_found"}))
        );
    }
    shop.service.stop().await;
}

#[tokio::test]
async fn the_same_key_does_it_once() {
    let shop = Shop::open();
    let path = "/orders/1000003/cancel";
    let (status, first) = shop.send("POST", path, "k1", &json!({})).await;
    assert_eq!((status, &first["result"]), (200, &json!("cancelled")));
    assert_eq!(
        shop.send("POST", path, "k1", &json!({})).await,
        (200, first)
    );
    let (status, fresh) = shop.send("POST", path, "k2", &json!({})).await;
    assert_eq!(
        (status, fresh),
        (409, json!({"result": "already_cancelled"}))
    );
    let (status, other) = shop
        .send(
            "POST",
            "/orders/1000012/return",
            "k1",
            &json!({"reason": "size"}),
        )
        .await;
    assert_eq!((status, &other["result"]), (422, &json!("key_reused")));
    shop.service.stop().await;
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_told_why() {
    let shop = Shop::open();
    for (method, path, body) in [
        ("PUT", "/orders/1000003/address", json!({"address": "  "})),
        (
            "PUT",
            "/orders/1000003/address",
            json!({"street": "Gran Vía 1"}),
        ),
        ("POST", "/orders/1000012/return", json!({})),
        ("POST", "/admin/mode", json!({"mode": "broken"})),
    ] {
        let (status, told) = shop.send(method, path, "", &body).await;
        assert_eq!(
            (status, &told["result"]),
            (400, &json!("bad_request")),
            "{path}"
        );
        assert!(!told["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(shop.get("/nowhere").await.0, 404);
    shop.service.stop().await;
}

#[tokio::test]
async fn a_slow_service_answers_after_ten_seconds() {
    let shop = Shop::open();
    shop.switch_to("slow").await;
    let (web, url) = (shop.web.clone(), shop.url("/orders/1000007"));
    let asked = tokio::spawn(async move { web.get(url).send().await });
    while shop.get("/admin/mode").await.1["held"] != 1 {
        tokio::task::yield_now().await;
    }
    shop.clock.advance(SLOW_MILLIS - 1);
    assert_eq!(shop.get("/admin/mode").await.1["held"], 1);
    assert!(!asked.is_finished());
    shop.clock.advance(1);
    assert_eq!(asked.await.unwrap().unwrap().status(), 200);
    shop.service.stop().await;
}

#[tokio::test]
async fn a_dead_service_hangs_up_and_comes_back() {
    let shop = Shop::open();
    shop.switch_to("dead").await;
    let asked = shop.web.get(shop.url("/orders/1000007")).send().await;
    assert!(asked.is_err(), "it answered {asked:?}");
    shop.switch_to("ok").await;
    assert_eq!(shop.get("/orders/1000007").await.0, 200);
    shop.service.stop().await;
}

#[tokio::test]
async fn the_list_tells_what_proves_each_order() {
    let shop = Shop::open();
    let (_, list) = shop.get("/admin/orders").await;
    assert_eq!(list.as_array().unwrap().len(), 60);
    assert_eq!(list[6]["number"], "1000007");
    assert_eq!(list[6]["email"], "ana.garcia@example.com");
    shop.service.stop().await;
}
