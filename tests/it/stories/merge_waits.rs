//! Merged, and put back into the queue: what is offered to whoever waits over words that were said in the other half.

use serde_json::{Value, json};
use ventanilla::topics::Policy;

use super::client::Agent;
use super::merge_kit::{Two, id, merged, open, proven, waits};
use super::support::House;
use crate::orders::Orders;

/// Ana was asked whether she wants to wait on; then her other conversation was merged into this one, its words unanswered, and Marta put it back.
async fn put_back_with_words_of_another(house: &mut House, marta: &mut Agent) -> (Two, Value) {
    house.team(|team| {
        team.routing.policy = Policy::Manual;
        team.queue.offer_minutes = Some(3);
    });
    let mut phone = proven(house).await;
    let here = id(&phone);
    waits(&mut phone).await;
    house.clock.advance(3 * 60_000);
    let asked = phone.sees("notice").await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    let mut laptop = proven(house).await;
    waits(&mut laptop).await;
    laptop.says("llegó abierto").await;
    let there = id(&laptop);
    let two = Two {
        phone,
        laptop,
        here,
        there,
    };
    merged(marta, &two).await;
    let back = json!({"type": "put_back", "conversation": two.here});
    assert_eq!(marta.acts(back).await["type"], "ack");
    (two, asked)
}

fn titles(event: &Value) -> Vec<&str> {
    let choices = event["event"]["choices"].as_array().unwrap();
    choices.iter().filter_map(Value::as_str).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_assistant_is_not_offered_for_words_that_it_does_not_have() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let (mut two, before) = put_back_with_words_of_another(&mut house, &mut marta).await;
    two.phone.sees("left").await;
    house.clock.advance(3 * 60_000);
    let asked = two.phone.sees("notice").await;
    let mut expected = titles(&before);
    expected.remove(2);
    assert_eq!(titles(&asked), expected);
    two.phone
        .acts(json!({"type": "choose", "of": asked["seq"], "option": 1}))
        .await;
    two.phone.sees("promise").await;
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_back_to_the_assistant_is_promised_an_answer_to_words_that_it_does_not_have() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let (mut two, asked) = put_back_with_words_of_another(&mut house, &mut marta).await;
    // The button was offered before those words came along.
    two.phone
        .acts(json!({"type": "choose", "of": asked["seq"], "option": 2}))
        .await;
    let promise = two.phone.sees("promise").await;
    let heard = two.phone.hears().await;
    assert!(heard.contains("Todo lo escrito queda guardado"), "{heard}");
    let desk = marta
        .sees_desk(|desk| !desk["messages"].as_array().unwrap().is_empty())
        .await;
    assert_eq!(
        (
            &desk["messages"][0]["conversation"],
            &desk["messages"][0]["promise"]["case"]
        ),
        (&two.here, &promise["event"]["case"])
    );
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}
