//! A person takes over: the queue, the claim, the thread, what happens when an agent is gone.

use serde_json::{Value, json};

use super::support::House;
use ventanilla::admin_socket::{Request, ask};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_a_person_brings_one_who_has_the_story() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.asks("quiero cambiar la dirección del pedido 1000003")
        .await;
    ana.says("muchas gracias pero quiero hablar con una persona")
        .await;
    ana.sees("queued").await;
    assert_eq!(ana.frame("queue").await["position"], 1);
    ana.says("es urgente").await;

    let item = marta.sees_waiting().await;
    assert_eq!(item["reason"], "customer_request");
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(
        page["card"]["topic"], "change_address",
        "not the wish for a person"
    );
    assert_eq!(
        page["card"]["own_answer"],
        Value::Null,
        "what it says depends on a service: there is nothing to send in its place"
    );
    let data = page["card"]["data"].as_array().unwrap();
    assert!(
        data.contains(&json!(["order_number", "1000003"])),
        "{data:?}"
    );
    marta.takes(&item).await;
    assert_eq!(ana.sees("joined").await["event"]["name"], "Marta");
    marta
        .replies(&item["conversation"], "Hola Ana, ya lo veo.")
        .await;
    assert_eq!(
        ana.sees("agent").await["event"]["text"],
        "Hola Ana, ya lo veo."
    );
    let mut luis = house.agent("Luis").await;
    let answer = marta.acts(json!({"type": "note", "conversation": item["conversation"], "text": "clienta de siempre, @Luis la conoce"})).await;
    assert_eq!(answer["type"], "ack");
    let told = luis.frame("mentioned").await;
    assert_eq!(
        (&told["conversation"], told["name"].as_str()),
        (&item["conversation"], Some("Marta"))
    );

    // The bot is silent while a person has it.
    ana.says("¿a qué hora abren?").await;
    house.clock.advance(5_000);
    marta.replies(&item["conversation"], "De 9 a 19.").await;
    assert_eq!(
        ana.sees("hidden").await["event"]["kind"],
        "hidden",
        "a note is nothing that visitors see"
    );
    let next = ana.sees("agent").await;
    assert_eq!(next["event"]["text"], "De 9 a 19.");

    let refused = marta.closes(&item["conversation"], 1).await;
    assert_eq!(refused["code"], "stale", "she wrote since");
    let seen = next["seq"].as_u64().unwrap();
    let closed = marta.closes(&item["conversation"], seen).await;
    assert_eq!(closed["type"], "ack");
    let closed = ana.sees("closed").await;
    assert_eq!(closed["event"]["outcome"], "resolved_by_agent");
    assert!(closed["event"]["question"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeated_failure_brings_a_person() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    let first = ana.asks("xkcd plugh blorb").await;
    assert!(!first.is_empty());
    let second = ana.asks("frobnicar el gromulador").await;
    assert!(second.contains("persona"), "{second}");
    ana.says("glorp glorp zzz").await;
    ana.sees("queued").await;
    assert_eq!(marta.sees_waiting().await["reason"], "repeated_failure");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_agents_who_claim_at_once_one_wins() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut agents = Vec::new();
    for name in ["Marta", "Luis", "Sol"] {
        agents.push(house.agent(name).await);
    }
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let item = agents[0].sees_waiting().await;
    let claim = json!({"type": "claim", "conversation": item["conversation"], "seen": item["seq"]});
    let claims = agents.iter_mut().map(|agent| agent.acts(claim.clone()));
    let answers = futures_util::future::join_all(claims).await;
    let won = answers
        .iter()
        .filter(|answer| answer["type"] == "ack")
        .count();
    assert_eq!(won, 1, "{answers:?}");
    assert!(
        answers
            .iter()
            .filter(|answer| answer["type"] == "error")
            .all(|answer| answer["code"] == "not_owner")
    );
    for agent in &mut agents {
        let reply =
            json!({"type": "reply", "conversation": item["conversation"], "text": "¡hola!"});
        let answer = agent.acts(reply).await;
        assert!(answer["type"] == "ack" || answer["code"] == "not_owner");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_agent_gives_the_head_of_the_queue_back() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut luis = house.agent("Luis").await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    ana.sees("joined").await;
    let mut later = house.visitor().await;
    later.acts(json!({"type": "ask_person"})).await;
    later.sees("queued").await;
    drop(marta);
    luis.sees_desk(|desk| {
        desk["people"]
            .as_array()
            .unwrap()
            .iter()
            .any(|p| p["name"] == "Marta" && p["present"] == false)
    })
    .await;
    house.clock.advance(59_000);
    house.clock.advance(1_000);
    let left = ana.sees("left").await;
    assert_eq!(left["event"]["cause"], "dropped");
    let desk = luis
        .sees_desk(|desk| desk["waiting"].as_array().unwrap().len() == 2)
        .await;
    assert_eq!(
        desk["waiting"][0]["conversation"], item["conversation"],
        "the head, not the tail"
    );
    assert_eq!(
        desk["waiting"][0]["since"], item["since"],
        "the waiting time is kept"
    );
    luis.takes(&desk["waiting"][0]).await;
    assert_eq!(ana.sees("joined").await["event"]["name"], "Luis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_given_back_is_the_bots_again() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    ana.sees("joined").await;
    ana.says("¿a qué hora abren?").await;
    let answer = marta
        .acts(json!({"type": "return", "conversation": item["conversation"]}))
        .await;
    assert_eq!(answer["type"], "ack");
    ana.sees("returned").await;
    assert!(
        ana.hears().await.contains("9 a 19"),
        "what was written meanwhile is answered"
    );
    let reply = marta
        .acts(
            json!({"type": "reply", "conversation": item["conversation"], "text": "¿sigues ahí?"}),
        )
        .await;
    assert_eq!(
        reply["type"], "ack",
        "the first human word takes it over again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sensitive_matter_gets_a_person_first_and_no_survey() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut before = house.visitor().await;
    before.acts(json!({"type": "ask_person"})).await;
    before.sees("queued").await;
    let mut ana = house.visitor().await;
    ana.says("falleció mi abuela y tenía un pedido").await;
    ana.sees("queued").await;
    let desk = marta
        .sees_desk(|desk| desk["waiting"].as_array().unwrap().len() == 2)
        .await;
    assert_eq!(
        desk["waiting"][0]["conversation"],
        ana.welcome["conversation"]
    );
    assert_eq!(desk["waiting"][0]["priority"], "urgent");
    marta.takes(&desk["waiting"][0]).await;
    let seen = desk["waiting"][0]["seq"].as_u64().unwrap();
    marta.closes(&ana.welcome["conversation"], seen).await;
    assert!(ana.sees("closed").await["event"]["question"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_that_comes_back_misses_nothing() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let item = marta.sees_waiting().await;
    let page = marta.opens(&item["conversation"]).await;
    marta.takes(&item).await;
    ana.sees("joined").await;
    let signed = marta.signed;
    ana.says("¿sigue ahí?").await;
    let mut again = house.console(signed).await;
    again
        .send(json!({"type": "watch", "conversation": item["conversation"], "after": page["seq"]}))
        .await;
    again.sees("joined").await;
    let said = again.sees("visitor").await;
    assert_eq!(said["event"]["text"], "¿sigue ahí?");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_in_without_signing_in_or_from_another_site() {
    let mut house = House::open().await;
    assert!(house.try_socket("/v1/agent/ws", &[]).await.is_err());
    let signed = house.sign_up("Marta", "agent").await;
    let evil = [
        ("cookie", signed.cookie.clone()),
        ("origin", "http://evil.example".to_owned()),
    ];
    assert!(house.try_socket("/v1/agent/ws", &evil).await.is_err());
    let evil = [("origin", "http://evil.example".to_owned())];
    assert!(
        house
            .try_socket("/v1/visitor/ws?site=es", &evil)
            .await
            .is_err()
    );
    let shop = [("origin", "http://localhost:3000".to_owned())];
    assert!(
        house
            .try_socket("/v1/visitor/ws?site=es", &shop)
            .await
            .is_ok()
    );
    assert!(
        house
            .try_socket("/v1/visitor/ws?site=nowhere", &[])
            .await
            .is_err()
    );

    let client = &signed.http;
    let no_csrf = client
        .post(house.url("/v1/logout"))
        .header("cookie", &signed.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(no_csrf.status(), 403);
    let as_agent = client
        .get(house.url("/v1/feedback"))
        .header("cookie", &signed.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(as_agent.status(), 403, "opinions are for leads");
    signed.post(&house, "/v1/logout", &json!({})).await;
    let gone = client
        .get(house.url("/v1/me"))
        .header("cookie", &signed.cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_or_gets_a_new_password_is_shown_out_at_once() {
    let mut house = House::open().await;
    let mut marta = house.agent("Marta").await;
    let other = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut second = house.console(other).await;
    marta.signed.post(&house, "/v1/logout", &json!({})).await;
    assert_eq!(marta.frame("close").await["code"], 4101);
    let desk = json!({"type": "status", "status": "away"});
    assert_eq!(second.acts(desk).await["type"], "ack", "another login");

    let request = Request::UserLink {
        email: "marta@mareas.example".to_owned(),
    };
    let link = ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    let link = link["link"].as_str().unwrap().rsplit('#').next().unwrap();
    let body = json!({"token": link, "password": "otra frase bastante larga"});
    let made = reqwest::Client::new()
        .post(house.url("/v1/setup"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 200);
    assert_eq!(second.frame("close").await["code"], 4101);
    let old = [("cookie", second.signed.cookie.clone())];
    assert!(house.try_socket("/v1/agent/ws", &old).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_runs_out_shows_out() {
    let mut house = House::open().await;
    let mut marta = house.agent("Marta").await;
    house.clock.advance(12 * 60 * 60_000 + 1);
    marta
        .send(json!({"type": "status", "id": "s", "status": "away"}))
        .await;
    assert_eq!(marta.frame("close").await["code"], 4101);
}
