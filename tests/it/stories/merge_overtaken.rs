//! What was on its way when the two were merged: it arrives once, where it was done first or where the conversation goes on.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use ventanilla::conversation::{Body, Event};

use super::client::Agent;
use super::merge_kit::{
    MAIL, Two, id, merged, merged_at_last, open, proven, rest, stored, taken, two,
};
use super::support::House;
use crate::orders::Orders;

/// Files that stand where it goes on, and in the other one.
async fn files_of(house: &House, two: &Two) -> (usize, usize) {
    let files = async |conversation: &Value| {
        let events = stored(house, conversation).await;
        let file = |event: &&Event| matches!(event.body, Body::VisitorSent { .. });
        events.iter().filter(file).count()
    };
    (files(&two.here).await, files(&two.there).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_comes_again_behind_the_merge_is_one_file() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    let sends = async |act: &str| {
        let post = reqwest::Client::new().post(house.url("/v1/visitor/files?site=es"));
        let post = post
            .bearer_auth(&two.laptop.token)
            .header("x-client-id", act);
        let sent = post.body("%PDF-1.7\n%%EOF\n").send().await.unwrap();
        assert_eq!(sent.status(), 200);
        sent.json::<Value>().await.unwrap()
    };
    let before = sends("f-1").await;
    merged(&mut marta, &two).await;
    assert_eq!(sends("f-1").await, before);
    assert_eq!(files_of(&house, &two).await, (0, 1));
    // Another one comes where the conversation goes on.
    sends("f-2").await;
    assert_eq!(files_of(&house, &two).await, (1, 1));
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_overtaken_by_the_merge_arrives_where_it_goes_on() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    let pdf = b"%PDF-1.7\n%%EOF\n";
    let (begin, rest) = pdf.split_at(8);
    let head = format!(
        "POST /v1/visitor/files?site=es HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nx-client-id: slow\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        two.laptop.token,
        pdf.len()
    );
    let mut line = tokio::net::TcpStream::connect(("127.0.0.1", house.port))
        .await
        .unwrap();
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(begin).await.unwrap();
    // It was let in where the laptop was, and its bytes are coming.
    house
        .until("the upload has begun", || !house.files_on_disk().is_empty())
        .await;
    merged(&mut marta, &two).await;
    line.write_all(rest).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(files_of(&house, &two).await, (1, 0));
    assert_eq!(house.files_on_disk().len(), 1);
    orders.stop().await;
}

/// How often this was said in either.
async fn said(house: &House, conversations: [&Value; 2], words: &str) -> usize {
    let mut times = 0;
    for conversation in conversations {
        let events = stored(house, conversation).await;
        let these = |event: &&Event| event.private.first() == Some(words);
        times += events.iter().filter(these).count();
    }
    times
}

/// One that waits and is none of these.
async fn another(marta: &mut Agent, known: &[Value]) -> Value {
    let fresh = |desk: &Value| {
        let waiting = desk["waiting"].as_array().unwrap().iter();
        let mut waiting = waiting.map(|item| item["conversation"].clone());
        waiting.find(|one| !known.contains(one))
    };
    let desk = marta.sees_desk(|desk| fresh(desk).is_some()).await;
    fresh(&desk).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_the_rest_channel_that_is_overtaken_by_the_merge_is_said_once() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut phone = proven(&house).await;
    taken(&mut phone, &mut marta).await;
    let here = id(&phone);
    let mut known = vec![here.clone()];
    for round in 0..4 {
        let sender = format!("34600{round}");
        let posts = async |text: &str, id: &str| {
            rest(&house, &sender, text, Some(&format!("{id}-{round}"))).await;
        };
        posts("¿dónde está mi pedido 1000007?", "a").await;
        posts(MAIL, "b").await;
        posts("quiero hablar con una persona", "c").await;
        let there = another(&mut marta, &known).await;
        let (lost, twice) = (
            format!("llegó abierto {round}"),
            format!("sin cable {round}"),
        );
        posts(&lost, "d").await;
        // The answer to one message was lost, another is on its way twice; the merge comes before, between or behind them.
        tokio::join!(
            merged_at_last(&mut marta, &there, &here),
            posts(&lost, "d"),
            posts(&twice, "e"),
            posts(&twice, "e"),
        );
        posts(&twice, "e").await;
        for words in [&lost, &twice] {
            assert_eq!(said(&house, [&there, &here], words).await, 1, "{words}");
        }
        known.push(there);
    }
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}
