//! Visitors talk, act, come back.

use std::cell::Cell;
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use ventanilla::engine::Live;
use ventanilla::topics::Catalog;
use ventanilla::understanding::{Corpus, Engine};

use super::client::Client;
use super::support::{House, learn, words};
use crate::orders::Orders;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_is_greeted_by_an_assistant_and_answered() {
    let house = House::open().await;
    let mut ana = house.visitor().await;
    assert!(
        ana.welcome["greeting"]["texts"][0]
            .as_str()
            .unwrap()
            .contains("asistente virtual")
    );
    ana.says("a qué hora abren").await;
    let opened = ana.sees("session_opened").await;
    assert_eq!(opened["seq"], 1);
    house.clock.advance(700);
    assert!(ana.hears().await.contains("lunes a viernes"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_messages_are_answered_once() {
    let house = House::open().await;
    let mut ana = house.visitor().await;
    ana.says("hola").await;
    ana.says("una pregunta").await;
    ana.says("¿a qué hora abren?").await;
    house.clock.advance(700);
    assert!(ana.hears().await.contains("9 a 19"));
    ana.says("gracias").await;
    house.clock.advance(700);
    // The next thing the bot says is about the thanks: the three messages before had one answer.
    let closed = ana.sees("closed").await;
    assert_eq!(closed["event"]["outcome"], "resolved_by_bot");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_act_sent_twice_is_one_act() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    let first = ana.says_as("uno", "¿a qué hora abren?").await;
    let again = ana.says_as("uno", "¿a qué hora abren?").await;
    assert_eq!(first, again);
    ana.send(json!({"type": "say", "id": "uno", "text": "otra cosa"}))
        .await;
    assert_eq!(ana.frame("error").await["code"], "id_reused");
    ana.hears().await;
    let other = house.again(&ana).await;
    assert_eq!(other.welcome["seq"], ana.last, "nothing else was stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_break_a_visitor_gets_exactly_what_was_missed() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut phone = house.visitor().await;
    phone.asks("¿a qué hora abren?").await;
    let mut laptop = house.again(&phone).await;
    assert_eq!(laptop.welcome["recovered"], true);
    phone.asks("¿dónde está mi pedido?").await;
    let seen = laptop.hears().await;
    assert!(seen.contains("número de pedido"), "{seen}");
    assert_eq!(laptop.last, phone.last);
    let mut stranger = house
        .visitor_with(json!({"type": "hello", "token": "forged", "after": 3}))
        .await;
    assert_ne!(
        stranger.welcome["conversation"],
        phone.welcome["conversation"]
    );
    assert_eq!(stranger.welcome["seq"], 0);
    stranger.asks("¿a qué hora abren?").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acked_survives_a_restart() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.asks("quiero cambiar la dirección de entrega").await;
    let before = ana.last;
    let house = house.restarts().await;
    let mut ana = house.again(&ana).await;
    assert_eq!(
        (ana.welcome["recovered"].clone(), ana.welcome["seq"].clone()),
        (json!(true), json!(before))
    );
    // The open form is still open: a bare number is its answer.
    let heard = ana.asks("1000007").await;
    assert!(heard.contains("correo"), "{heard}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_found_only_with_its_proof() {
    let orders = Orders::serve();
    let house = House::with_orders(&orders.url).await;
    let mut ana = house.visitor().await;
    ana.says("¿dónde está mi pedido 1000007?").await;
    house.clock.advance(700);
    let heard = ana.hears().await;
    assert!(heard.contains("correo"), "{heard}");
    ana.says("otra@example.com").await;
    house.clock.advance(700);
    let heard = ana.hears().await;
    assert!(heard.contains("no coinciden"), "{heard}");
    assert!(
        !heard.contains("Llega"),
        "nothing about an order before it is shown to be theirs"
    );
    assert!(!heard.contains("número"), "the number is kept: {heard}");
    ana.says("ana.garcia@example.com").await;
    house.clock.advance(700);
    let heard = ana.hears().await;
    assert!(heard.contains("Viene con demora"), "{heard}");
    // What proved one order is not tried on another.
    ana.says("¿y dónde está mi pedido 1000012?").await;
    house.clock.advance(700);
    let heard = ana.hears().await;
    assert!(heard.contains("correo"), "{heard}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_read_back_before_it_is_changed() {
    let orders = Orders::serve();
    let house = House::with_orders(&orders.url).await;
    let mut ana = house.visitor().await;
    for (says, hears) in [
        ("quiero cambiar la dirección del pedido 1000003", "correo"),
        ("marta.ruiz@example.com", "dirección"),
        ("Calle del Mar 5, 08003 Barcelona", "¿Lo cambio?"),
    ] {
        ana.says(says).await;
        house.clock.advance(700);
        let heard = ana.hears().await;
        assert!(heard.contains(hears), "{says}: {heard}");
    }
    let before = orders.address("1000003").await;
    assert!(
        !before.contains("Calle del Mar 5"),
        "nothing is done before the yes"
    );
    ana.says("sí, dale").await;
    house.clock.advance(700);
    let heard = ana.hears().await;
    assert!(heard.contains("Hecho"), "{heard}");
    assert!(orders.address("1000003").await.contains("Calle del Mar 5"));
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_service_becomes_an_honest_answer_and_a_person() {
    let mut house = House::open().await;
    let _marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.says("where is my order 1000007").await;
    house.clock.advance(700);
    ana.hears().await;
    ana.says("ana.garcia@example.com").await;
    house.clock.advance(700);
    let answer = ana.sees("bot").await;
    let heard = words(&answer);
    assert!(
        !heard.to_lowercase().contains("error") && !heard.contains("127.0.0.1"),
        "{heard}"
    );
    assert_eq!(answer["event"]["lang"], "en");
    ana.sees("queued").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cards_are_masked_before_they_are_stored() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.says("mi tarjeta 4111 1111 1111 1111 no anda").await;
    let mine = ana.sees("visitor").await;
    assert_eq!(mine["event"]["text"], "mi tarjeta •••• 1111 no anda");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_frames_are_answered_and_nothing_is_lost() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    for (frame, code) in [
        (json!({"type": "say", "id": "a", "text": "  "}), "empty"),
        (
            json!({"type": "say", "id": "b", "text": "ñ".repeat(4_001)}),
            "too_long",
        ),
        (json!({"type": "sing", "id": "c"}), "bad_frame"),
        (
            json!({"type": "say", "id": "d", "text": "x", "more": 1}),
            "bad_frame",
        ),
        (
            json!({"type": "choose", "id": "e", "of": 7, "option": 0}),
            "no_such_choice",
        ),
        (
            json!({"type": "rate", "id": "f", "question": "resolved", "tap": 0}),
            "no_question",
        ),
        (json!({"type": "end", "id": "g"}), "closed"),
    ] {
        ana.send(frame.clone()).await;
        assert_eq!(ana.frame("error").await["code"], code, "{frame}");
    }
    assert!(ana.asks("¿a qué hora abren?").await.contains("9 a 19"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_with_one_question_and_a_reply_that_fits() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let lead = house.sign_up("Lucía", "lead").await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    ana.acts(json!({"type": "end"})).await;
    let closed = ana.sees("closed").await;
    let question = &closed["event"]["question"];
    assert_eq!(question["ask"], "¿Se resolvió lo que necesitabas?");
    assert!(question["used_for"].as_str().unwrap().contains("Lo lee"));
    ana.acts(json!({"type": "rate", "question": question["id"], "tap": 2}))
        .await;
    let reply = ana.sees("opinion").await;
    assert!(
        reply["event"]["text"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("lament"),
        "{reply}"
    );
    ana.acts(json!({"type": "rate", "question": question["id"], "text": "fatal: no decía el sábado y me hicieron ir para nada"}))
        .await;
    ana.sees("rated").await;
    let feedback = lead.get(&house, "/v1/feedback?kind=negative").await;
    assert_eq!(
        feedback["answers"][0]["text"],
        "fatal: no decía el sábado y me hicieron ir para nada"
    );
    assert_eq!(
        feedback["answers"][0]["conversation"],
        ana.welcome["conversation"]
    );
    assert_eq!(feedback["totals"]["negative"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unanswered_question_is_recorded_as_such() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let lead = house.sign_up("Lucía", "lead").await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    house.clock.advance(30 * 60_000);
    let closed = ana.sees("closed").await;
    assert_eq!(
        (
            closed["event"]["by"].as_str(),
            closed["event"]["outcome"].as_str()
        ),
        (Some("timer"), Some("resolved_by_bot"))
    );
    assert!(closed["event"]["question"].is_object());
    house.clock.advance(24 * 60 * 60_000);
    ana.sees("rating_missed").await;
    let feedback = lead_again(&house, &lead).await;
    assert_eq!(feedback["totals"]["unanswered"], 1);
}

/// The lead's first sign-in is over after a day.
async fn lead_again(house: &House, _: &super::support::Signed) -> serde_json::Value {
    let lead = house
        .sign_in("lucía@mareas.example", "una frase bastante larga")
        .await;
    lead.get(house, "/v1/feedback").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_soon_after_the_close_goes_on_with_the_same_session() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    ana.acts(json!({"type": "end"})).await;
    ana.sees("closed").await;
    house.clock.advance(10 * 60_000);
    ana.says("¿dónde está mi pedido?").await;
    ana.sees("reopened").await;
    ana.acts(json!({"type": "end"})).await;
    ana.sees("closed").await;
    house.clock.advance(40 * 60_000);
    ana.says("¿a qué hora abren?").await;
    ana.sees("session_opened").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn style_and_language_are_one_tap_away() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    assert!(
        ana.asks("¿a qué hora abren?")
            .await
            .contains("¡Te esperamos!")
    );
    ana.acts(json!({"type": "set", "style": "fast", "lang": "en"}))
        .await;
    let heard = ana.asks("are you open on Saturday").await;
    assert_eq!(heard, "Monday to Friday, 9 to 19.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_so_many_sockets_and_wrong_passwords_and_no_more() {
    let house = House::configured(|config| {
        config.max_sockets_per_address = 2;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let from = |address: &str| [("x-forwarded-for", format!("1.2.3.4, {address}"))];
    let path = "/v1/visitor/ws?site=es";
    let mut kept = Vec::new();
    for _ in 0..2 {
        let ws = house.socket(path, &from("203.0.113.7")).await;
        kept.push(house.greeted(ws, json!({"type": "hello"})).await);
    }
    let ws = house.socket(path, &from("203.0.113.7")).await;
    let mut third = Client::new(ws, "third");
    assert_eq!(third.frame("close").await["code"], 4003);
    let ws = house.socket(path, &from("203.0.113.8")).await;
    house.greeted(ws, json!({"type": "hello"})).await;

    let wrong = async |n: u32, address: &str| {
        let body = json!({"email": format!("x{n}@example.org"), "password": "una frase falsa"});
        let request = reqwest::Client::new().post(house.url("/v1/login"));
        let request = request.header("x-forwarded-for", address);
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    for n in 0..8 {
        assert_eq!(wrong(n, "203.0.113.9").await, 401);
    }
    assert_eq!(wrong(8, "203.0.113.9").await, 429);
    assert_eq!(wrong(9, "203.0.113.10").await, 401, "another address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_events_come_a_page_at_a_time() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    for n in 0..3 {
        ana.asks(&format!("¿a qué hora abren? {n}")).await;
    }
    ana.send(json!({"type": "older", "before": 4})).await;
    let page = ana.frame("older").await;
    assert_eq!(page["older"], false);
    let events = page["events"].as_array().unwrap();
    let seqs: Vec<_> = events.iter().map(|event| event["seq"].as_u64()).collect();
    assert_eq!(seqs, [Some(1), Some(2), Some(3)]);
    assert_eq!(events[0]["event"]["kind"], "session_opened");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_turn_is_lost_while_what_the_bot_knows_is_swapped() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let Live {
        catalog,
        brain,
        since,
    } = learn("http://127.0.0.1:9");
    let restored = Engine::restore(&Corpus::from(&*catalog), &brain.learnt()).unwrap();
    let brains = [brain, Arc::new(restored)];
    let visitor = async |_| {
        let mut visitor = house.visitor().await;
        for (question, answer) in [
            ("¿a qué hora abren?", "9 a 19"),
            ("¿dónde está mi pedido?", "número de pedido"),
        ] {
            let said = visitor.asks(question).await;
            assert!(said.contains(answer), "{said}");
        }
    };
    let swaps = Cell::new(0_usize);
    let swapping = async {
        loop {
            let mut catalog = Catalog::clone(&catalog);
            catalog.version = swaps.get().to_string();
            house.teach(Live {
                catalog: Arc::new(catalog),
                brain: Arc::clone(&brains[swaps.get() % 2]),
                since,
            });
            swaps.set(swaps.get() + 1);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = join_all((0..8).map(visitor)) => {}
        () = swapping => {}
    }
    assert!(swaps.get() > 16, "{} swaps for 16 turns", swaps.get());
}
