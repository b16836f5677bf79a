//! At night, or with no agent online: the bot stays, takes the message, promises a time, and the answer comes into the same thread.

use serde_json::json;

use super::support::House;

/// From Monday 11:00 to Tuesday 02:00 in Madrid.
const UNTIL_NIGHT: i64 = 15 * 60 * 60_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_night_a_message_is_taken_and_answered_in_the_morning_in_the_same_thread() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let signed = house.sign_up("Marta", "agent").await;
    house.clock.advance(UNTIL_NIGHT);
    let hello = json!({"type": "hello", "time_zone": "America/Argentina/Cordoba"});
    let mut ana = house.visitor_with(hello).await;
    assert_eq!(ana.welcome["people"], false);
    ana.acts(json!({"type": "ask_person"})).await;
    let heard = ana.hears().await;
    // 10:00 in Madrid is 06:00 in Córdoba.
    assert!(
        heard.contains("6:00"),
        "the time is told in the visitor's own zone: {heard}"
    );
    ana.asks("Me llegó el hervidor roto y quiero otro").await;
    let promise = ana.sees("promise").await;
    let case = promise["event"]["case"].as_str().unwrap().to_owned();
    ana.asks("ana@example.org").await;
    // The bot goes on answering.
    assert!(ana.asks("¿a qué hora abren?").await.contains("9 a 19"));

    let house = house.restarts().await;
    house.clock.advance(7 * 60 * 60_000);
    drop(signed);
    let signed = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut marta = house.console(signed).await;
    let desk = marta
        .sees_desk_now(|desk| !desk["messages"].as_array().unwrap().is_empty())
        .await;
    let item = desk["messages"][0].clone();
    assert_eq!(item["promise"]["case"], case);
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(page["card"]["contact"], "ana@example.org");
    marta.takes(&item).await;
    marta
        .replies(&item["conversation"], "Te enviamos otro hoy mismo.")
        .await;

    let mut ana = house.again(&ana).await;
    assert_eq!(
        ana.sees("agent").await["event"]["text"],
        "Te enviamos otro hoy mismo."
    );
    // A word is not yet the answer that is owed: the agent says when it is.
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(page["card"]["promises"][0]["case"], case);
    let keep = json!({"type": "keep_promise", "conversation": item["conversation"], "case": case});
    assert_eq!(marta.acts(keep).await["type"], "ack");
    assert_eq!(ana.sees("promise_kept").await["event"]["case"], case);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_that_is_broken_is_said() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("Nadie me contesta").await;
    ana.says("aquí mismo").await;
    ana.sees("promise").await;
    house.clock.advance(61 * 60_000);
    ana.sees("promise_late").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_too_long_is_not_left_waiting() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let _marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
    house.clock.advance(20 * 60_000);
    let promise = ana.sees("promise").await;
    assert!(promise["event"]["case"].as_str().unwrap().starts_with("M-"));
}
