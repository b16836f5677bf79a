//! Who can what: skills that a topic wishes for and that are given up after a while, each agent's own capacity, languages; and that a change of
//! any of them counts at once.

use serde_json::{Value, json};
use ventanilla::accounts::Change;
use ventanilla::admin_socket::{Request, ask};
use ventanilla::ids::Role;
use ventanilla::protocol::CloseCode;

use super::client::{Agent, Visitor};
use super::support::{House, MONDAY, Signed, learn_also};

/// Of `skilled/teams.yaml`, in milliseconds: how long an offer stands, and after which wait a skill is given up.
const OFFER: i64 = 30_000;
const RELAXED: i64 = 120_000;

const NOBODY: &str = "http://127.0.0.1:9";

/// A house whose topic `send_back` wishes for the skill `returns`.
async fn skilled() -> House {
    let live = learn_also(NOBODY, Some("skilled"));
    House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await
}

/// Somebody with a console, and what they take.
async fn agent(house: &mut House, name: &str, work: Value) -> Agent {
    let signed = house.sign_up_with(name, work).await;
    let agent = house.console(signed).await;
    // Whoever came first has been idle the longest.
    house.clock.advance(1_000);
    agent
}

/// A visitor whose concern wants the skill.
async fn sends_back(house: &House) -> Visitor {
    let mut visitor = house.visitor().await;
    visitor.says("quiero devolver la mesa").await;
    queued(house, visitor).await
}

/// A visitor of this language who wants a person, whoever it is.
async fn wants_somebody(house: &House, lang: &str) -> Visitor {
    let hello = json!({"type": "hello", "lang": lang});
    let mut visitor = house.visitor_with(hello).await;
    visitor.acts(json!({"type": "ask_person"})).await;
    queued(house, visitor).await
}

async fn queued(house: &House, mut visitor: Visitor) -> Visitor {
    visitor.sees("queued").await;
    // Whoever comes next stands behind.
    house.clock.advance(1_000);
    visitor
}

/// The picture in which each that waits, in order, is offered to the agent of this name, or to nobody.
async fn sees_offers(agent: &mut Agent, wanted: &[Option<&str>]) -> Value {
    let wanted: Vec<Value> = wanted.iter().map(|name| json!(name)).collect();
    agent
        .sees_desk_now(move |desk| {
            let waiting = desk["waiting"].as_array().unwrap();
            let offered: Vec<Value> = waiting
                .iter()
                .map(|item| item["agent_name"].clone())
                .collect();
            offered == wanted
        })
        .await
}

/// How long a conversation had waited when the offer that stands was made.
fn asked_after(item: &Value) -> i64 {
    item["offered_until"].as_i64().unwrap() - OFFER - item["since"].as_i64().unwrap()
}

async fn declines(agent: &mut Agent, item: &Value) {
    let decline = json!({"type": "decline", "conversation": item["conversation"]});
    assert_eq!(agent.acts(decline).await["type"], "ack");
}

/// `ventanilla user set` beside the running server.
async fn sets(house: &House, name: &str, change: Change) {
    let email = format!("{}@mareas.example", name.to_lowercase());
    let request = Request::UserSet { email, change };
    ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_skill_goes_to_who_has_it_though_another_has_been_free_for_longer() {
    let mut house = skilled().await;
    let mut luis = agent(&mut house, "Luis", json!({})).await;
    let _marta = agent(&mut house, "Marta", json!({"skills": ["returns"]})).await;
    let _ana = sends_back(&house).await;
    let desk = sees_offers(&mut luis, &[Some("Marta")]).await;
    assert_eq!(
        desk["waiting"][0]["skills"],
        json!(["Devoluciones"]),
        "the desk tells what is wished, in the agent's words"
    );
    // Who wants no skill goes by the policy.
    let mut eva = wants_somebody(&house, "es").await;
    let desk = sees_offers(&mut luis, &[Some("Marta"), Some("Luis")]).await;
    luis.takes(&desk["waiting"][1]).await;
    assert_eq!(eva.sees("joined").await["event"]["name"], "Luis");
    // That the offer to her runs out does not make him able: he is asked when the skill is given up.
    house.clock.advance(30_000);
    sees_offers(&mut luis, &[None]).await;
    house.clock.advance(RELAXED - OFFER - 2_000);
    let desk = sees_offers(&mut luis, &[Some("Luis")]).await;
    assert_eq!(asked_after(&desk["waiting"][0]), RELAXED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_skill_that_nobody_has_is_given_up_after_the_time_of_the_team() {
    let mut house = skilled().await;
    let mut luis = agent(&mut house, "Luis", json!({})).await;
    let mut ana = sends_back(&house).await;
    let _eva = wants_somebody(&house, "es").await;
    // Eva came later, and is asked about first: nobody who is there will do for Ana.
    let desk = sees_offers(&mut luis, &[None, Some("Luis")]).await;
    luis.takes(&desk["waiting"][1]).await;
    house.clock.advance(RELAXED - 2_000);
    let desk = sees_offers(&mut luis, &[Some("Luis")]).await;
    assert_eq!(asked_after(&desk["waiting"][0]), RELAXED);
    luis.takes(&desk["waiting"][0]).await;
    assert_eq!(ana.sees("joined").await["event"]["name"], "Luis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_skill_that_somebody_is_given_counts_at_once_and_their_status_keeps_it() {
    let mut house = skilled().await;
    let mut luis = agent(&mut house, "Luis", json!({})).await;
    let _ana = sends_back(&house).await;
    sees_offers(&mut luis, &[None]).await;
    let change = Change {
        skills: Some(vec!["returns".parse().unwrap()]),
        ..Change::default()
    };
    sets(&house, "Luis", change).await;
    let desk = sees_offers(&mut luis, &[Some("Luis")]).await;
    declines(&mut luis, &desk["waiting"][0]).await;
    sees_offers(&mut luis, &[None]).await;
    // His console was open all the while and knows him as he was: what he sets there is his status alone.
    for status in ["away", "online"] {
        let answer = luis.acts(json!({"type": "status", "status": status})).await;
        assert_eq!(answer["type"], "ack");
    }
    let _eva = sends_back(&house).await;
    sees_offers(&mut luis, &[None, Some("Luis")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_agent_has_a_capacity_of_their_own() {
    let mut house = skilled().await;
    let mut marta = agent(&mut house, "Marta", json!({"capacity": 1})).await;
    let mut visitors = Vec::new();
    for _ in 0..3 {
        visitors.push(wants_somebody(&house, "es").await);
    }
    let desk = sees_offers(&mut marta, &[Some("Marta"), None, None]).await;
    assert_eq!(desk["people"][0]["capacity"], 1);
    marta.takes(&desk["waiting"][0]).await;
    let desk = sees_offers(&mut marta, &[None, None]).await;
    assert_eq!(desk["people"][0]["busy"], 1, "what she has counts as well");
    let change = Change {
        capacity: Some(2),
        ..Change::default()
    };
    sets(&house, "Marta", change).await;
    sees_offers(&mut marta, &[Some("Marta"), None]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_offered_a_visitor_whose_language_they_do_not_speak() {
    let mut house = skilled().await;
    let mut ann = agent(&mut house, "Ann", json!({"languages": ["en"]})).await;
    let mut marta = agent(&mut house, "Marta", json!({"languages": ["es"]})).await;
    let mut ana = wants_somebody(&house, "es").await;
    let desk = sees_offers(&mut ann, &[Some("Marta")]).await;
    declines(&mut marta, &desk["waiting"][0]).await;
    // When every other wish has been given up, Marta is asked again.
    house.clock.advance(RELAXED);
    let desk = sees_offers(&mut ann, &[Some("Marta")]).await;
    marta.takes(&desk["waiting"][0]).await;
    ana.sees("joined").await;
    let page = marta.opens(&desk["waiting"][0]["conversation"]).await;
    let events = page["events"].as_array().unwrap();
    let offers = events.iter().map(|event| &event["event"]);
    let asked: Vec<&Value> = offers
        .filter(|event| event["kind"] == "offered")
        .map(|event| &event["name"])
        .collect();
    assert_eq!(asked, ["Marta", "Marta"], "and Ann never");
    let _bob = wants_somebody(&house, "en").await;
    sees_offers(&mut ann, &[Some("Ann")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_nobody_of_their_language_leaves_a_message_and_does_not_wait_in_vain() {
    let mut house = skilled().await;
    let _ann = agent(&mut house, "Ann", json!({"languages": ["en"]})).await;
    let mut ana = house.visitor().await;
    assert_eq!(ana.welcome["people"], false, "nobody for Spanish");
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("la mesa llegó rota").await;
    ana.sees("promise").await;
    let bob = wants_somebody(&house, "en").await;
    assert_eq!(bob.welcome["people"], true, "and somebody for English");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_given_another_role_comes_back_with_it() {
    let mut house = skilled().await;
    let signed = house.sign_up_with("Luis", json!({})).await;
    let cookie = signed.cookie.clone();
    let mut luis = house.console(signed).await;
    assert_eq!(luis.welcome["me"]["role"], "agent");
    let change = Change {
        role: Some(Role::Lead),
        ..Change::default()
    };
    sets(&house, "Luis", change).await;
    let status = json!({"type": "status", "id": "s-1", "status": "away"});
    luis.send(status).await;
    let code = luis.frame("close").await["code"].clone();
    assert_eq!(code, CloseCode::Restart.number(), "come back at once");
    let luis = house
        .console(Signed {
            cookie,
            ..luis.signed
        })
        .await;
    assert_eq!(luis.welcome["me"]["role"], "lead");
}
