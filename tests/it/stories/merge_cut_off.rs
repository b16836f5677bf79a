//! A merge that the server did not live to finish: finished at the next start, once, or called off.

use serde_json::json;
use ventanilla::conversation::{Body, Event};
use ventanilla::ids::Lang;

use super::client::Agent;
use super::merge_kit::{Two, append, merge, open, stored, two};
use crate::orders::Orders;

fn begun(two: &Two, marta: &Agent) -> Body {
    let agent = marta.welcome["me"]["id"].as_str().unwrap();
    Body::MergeBegun {
        client_id: "cut-off".parse().unwrap(),
        agent: agent.parse().unwrap(),
        name: "Marta".to_owned(),
        into: two.here.as_str().unwrap().parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_was_called_off_is_not_acked_when_it_comes_again() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    let off = Body::Unmerged {
        from: two.here.as_str().unwrap().parse().unwrap(),
        owed: None,
        answered: false,
        abuse: None,
        over: false,
        lang: Lang::es(),
    };
    append(&house, &two.there, vec![begun(&two, &marta), off]).await;
    let house = house.restarts().await;
    let signed = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut marta = house.console(signed).await;
    let again = merge(&two.there, &two.here, &json!(1));
    let again = marta.tries_as("cut-off", again).await;
    assert_eq!(again["code"], "stale", "{again}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_was_cut_off_is_finished_at_the_next_start() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    append(&house, &two.there, vec![begun(&two, &marta)]).await;
    let house = house.restarts().await;
    let kinds = |events: &[Event]| {
        let into = |event: &&Event| matches!(event.body, Body::MergedInto { .. });
        let from = |event: &&Event| matches!(event.body, Body::MergedFrom { .. });
        (
            events.iter().filter(into).count(),
            events.iter().filter(from).count(),
        )
    };
    assert_eq!(kinds(&stored(&house, &two.there).await), (1, 0));
    assert_eq!(kinds(&stored(&house, &two.here).await), (0, 1));
    let laptop = house.again(&two.laptop).await;
    assert_eq!(laptop.welcome["conversation"], two.here);

    // Once more on the same two, one append later: the other one has it already.
    let house = house.restarts().await;
    assert_eq!(kinds(&stored(&house, &two.here).await), (0, 1));
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_was_cut_off_after_the_second_append_is_not_done_twice() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    append(&house, &two.there, vec![begun(&two, &marta)]).await;
    let of = stored(&house, &two.there).await.last().unwrap().seq;
    let agent = marta.welcome["me"]["id"].as_str().unwrap();
    let taken = Body::MergedFrom {
        from: two.there.as_str().unwrap().parse().unwrap(),
        of,
        agent: agent.parse().unwrap(),
        name: "Marta".to_owned(),
        owed: Vec::new(),
        unanswered: true,
        lang: Lang::es(),
    };
    append(&house, &two.here, vec![taken]).await;
    let house = house.restarts().await;
    let from = |event: &&Event| matches!(event.body, Body::MergedFrom { .. });
    let here = stored(&house, &two.here).await;
    assert_eq!(here.iter().filter(from).count(), 1);
    let there = stored(&house, &two.there).await;
    assert!(matches!(
        there.last().unwrap().body,
        Body::MergedInto { .. }
    ));
    let laptop = house.again(&two.laptop).await;
    assert_eq!(laptop.welcome["conversation"], two.here);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_was_cut_off_and_is_not_taken_any_more_leaves_everything_as_it_was() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    let last = marta.opens(&two.here).await["seq"].as_u64().unwrap();
    let closed = marta.closes(&two.here, last).await;
    assert_eq!(closed["type"], "ack", "{closed}");
    two.phone.sees("closed").await;
    append(&house, &two.there, vec![begun(&two, &marta)]).await;
    let house = house.restarts().await;
    let mut laptop = house.again(&two.laptop).await;
    assert_eq!(laptop.welcome["conversation"], two.there);
    let signed = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut marta = house.console(signed).await;
    let desk = marta
        .sees_desk_now(|desk| !desk["waiting"].as_array().unwrap().is_empty())
        .await;
    assert_eq!(desk["waiting"][0]["conversation"], two.there);
    laptop.says("sigo esperando").await;
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}
