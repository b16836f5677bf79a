//! What an agent sees at a glance: it must not mislead.

use serde_json::{Value, json};

use super::merge_kit::{open, proven, waits};
use crate::orders::Orders;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_form_is_not_marked_as_not_understood_and_values_have_people_s_names() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = proven(&house).await;
    waits(&mut ana).await;
    let item = marta.sees_waiting().await;
    let page = marta.opens(&item["conversation"]).await;
    let events = page["events"].as_array().unwrap();
    let verdicts: Vec<&Value> = (events.iter())
        .filter(|event| event["event"]["kind"] == "bot")
        .map(|event| &event["event"]["verdict"])
        .collect();
    assert!(verdicts.contains(&&json!("match")), "{verdicts:?}");
    assert!(!verdicts.contains(&&json!("out_of_scope")), "{verdicts:?}");
    assert_eq!(page["card"]["called"]["order_proof"], "Correo del pedido");
    assert_eq!(page["card"]["wants"], "Dónde está mi pedido");

    // What was not understood is still marked so.
    let mut eva = house.visitor().await;
    eva.asks("xyzzy plugh frobozz").await;
    waits(&mut eva).await;
    let id = eva.welcome["conversation"].clone();
    let page = marta.opens(&id).await;
    assert!(page.to_string().contains("\"out_of_scope\""), "{page}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_for_a_person_is_no_heading_of_what_somebody_wants() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.says("quiero hablar con una persona").await;
    ana.sees("queued").await;
    let item = marta.sees_waiting().await;
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(page["card"]["wants"], "", "{}", page["card"]);
    orders.stop().await;
}
