//! Mail and what surrounds it: business events that also go by mail, not at night; and erasure, which leaves no mail and no link behind.

use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::ports::Space;

use super::mail_kit::{
    HOUR, MINUTE, comes_by, get, is_answered_and_closed, leaves, leaves_a_message, letters,
    waits_for_an_answer, with_folder, with_orders, with_server,
};
use super::mail_server::{MailServer, Manner};
use super::support::{House, Visitor, words};
use crate::orders::Orders;

async fn operator(house: &House, request: Request) -> Value {
    let done = ask(&house.config(), request, &mut tokio::io::sink()).await;
    done.unwrap()
}

async fn erase(house: &House, conversation: &Value) {
    let conversation = conversation.as_str().unwrap().to_owned();
    operator(house, Request::Erase { conversation }).await;
}

async fn key(house: &House) -> String {
    let name = "logistics".to_owned();
    let made = operator(house, Request::KeyAdd { name }).await;
    made["key"].as_str().unwrap().to_owned()
}

/// The order is late: `told`, or `waiting`.
async fn late(house: &House, key: &str, id: &str) -> Value {
    let data = json!({"order_number": "1000007", "date": "2026-11-27"});
    let body = json!({"kind": "late_delivery", "contact": "1000007", "id": id, "data": data});
    let request = reqwest::Client::new()
        .post(house.url("/v1/events"))
        .bearer_auth(key);
    let response = request.json(&body).send().await.unwrap();
    response.json::<Value>().await.unwrap()["status"].clone()
}

/// Ana has shown that order 1000007 is hers.
async fn proves(house: &House) -> Visitor {
    let mut ana = house.visitor().await;
    ana.asks("¿dónde está mi pedido 1000007?").await;
    let heard = ana.asks("ana.garcia@example.com").await;
    assert!(heard.contains("Viene con demora"), "{heard}");
    ana
}

/// She also leaves a message and an address, and her case is closed.
pub(super) async fn has_left_an_address(house: &mut House) -> Visitor {
    let mut ana = proves(house).await;
    is_answered_and_closed(house, &mut ana).await;
    ana.sees("closed").await;
    ana
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_business_event_follows_a_visitor_who_has_left_and_leads_back_to_the_chat() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let mut house = with_orders(&orders, &folder).await;
    let logistics = key(&house).await;
    let mut ana = has_left_an_address(&mut house).await;
    let conversation = ana.welcome["conversation"].clone();
    // As long as she is there the chat is enough.
    assert_eq!(late(&house, &logistics, "evt-0").await, "told");
    assert!(words(&ana.sees("notice").await).contains("1000007"));
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(3 * MINUTE);
    house.until_metric("mails_queued", 0).await;
    house.until_metric("mails_sent", 0).await;
    // A line that counts as there and is gone before anybody can have read it: the mail follows.
    assert_eq!(late(&house, &logistics, "evt-1").await, "told");
    leaves(&house, ana, 0).await;
    assert_eq!(late(&house, &logistics, "evt-2").await, "told");
    assert_eq!(late(&house, &logistics, "evt-3").await, "told");
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);

    let letter = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(letter.to, "ana@example.org");
    assert_eq!(letter.subject, "Novedades de Mareas");
    let told = "Tu pedido 1000007 viene con demora: llega el viernes 27 de noviembre.";
    assert_eq!(letter.text.matches(told).count(), 3, "{letter:?}");
    assert!(!letter.text.contains("hervidor"), "{letter:?}");
    let (_, again) = comes_by(&house, &letter).await;
    assert_eq!(again.welcome["conversation"], conversation);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mail_about_a_business_event_goes_out_in_quiet_hours() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let mut house = with_orders(&orders, &folder).await;
    let logistics = key(&house).await;
    let ana = has_left_an_address(&mut house).await;
    leaves(&house, ana, 0).await;
    // Told at half a minute to 21:00; a minute later it is night.
    house.clock.advance(10 * HOUR - 3 * MINUTE / 2);
    assert_eq!(late(&house, &logistics, "evt-1").await, "told");
    house.until_metric("mails_queued", 1).await;
    for _ in 0..12 {
        house.clock.advance(HOUR);
        house.until_metric("mails_queued", 1).await;
        house.until_metric("mails_sent", 0).await;
    }
    house.clock.advance(MINUTE);
    letters(&house, &folder, 1).await;
    // Half a minute past nine. What is reported the next night is told in the morning, and then goes by mail.
    house.clock.advance(13 * HOUR);
    assert_eq!(late(&house, &logistics, "evt-2").await, "waiting");
    house.clock.advance(11 * HOUR);
    house.until_metric("mails_queued", 1).await;
    house.until_metric("mails_sent", 1).await;
    house.clock.advance(MINUTE);
    letters(&house, &folder, 2).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_address_or_after_coming_back_a_business_event_is_not_mailed() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let house = with_orders(&orders, &folder).await;
    let logistics = key(&house).await;
    let ana = proves(&house).await;
    let token = ana.token.clone();
    leaves(&house, ana, 0).await;
    // The address that proves an order is not one that was left to be written to.
    assert_eq!(late(&house, &logistics, "evt-1").await, "told");
    house.clock.advance(MINUTE);
    house.until_metric("mails_queued", 0).await;
    let mut ana = house
        .visitor_with(json!({"type": "hello", "token": token}))
        .await;
    leaves_a_message(&mut ana).await;
    leaves(&house, ana, 0).await;
    assert_eq!(late(&house, &logistics, "evt-2").await, "told");
    house.until_metric("mails_queued", 1).await;
    let mut ana = house
        .visitor_with(json!({"type": "hello", "token": token}))
        .await;
    ana.send(json!({"type": "older", "before": 2})).await;
    ana.frame("older").await;
    house.clock.advance(3 * MINUTE);
    house.until_metric("mails_queued", 0).await;
    house.until_metric("mails_sent", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_erased_is_not_sent_and_its_mails_and_links_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Ya sale.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let link = letters(&house, &folder, 1).await.remove(0).link("r");
    assert_eq!(get(&house, &link).await.0, 200);
    marta.replies(&conversation, "Un secreto.").await;
    house.until_metric("mails_queued", 1).await;
    assert_eq!(house.store().list(Space::Mails).await.unwrap().len(), 2);

    erase(&house, &conversation).await;
    // At once, and not only when the mail would have been due.
    house.until_metric("mails_queued", 0).await;
    assert!(house.store().list(Space::Mails).await.unwrap().is_empty());
    assert!(house.store().list(Space::Links).await.unwrap().is_empty());
    assert_eq!(get(&house, &link).await.0, 410);
    house.clock.advance(HOUR);
    house.until_metric("mails_sent", 1).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_was_erased_while_no_server_was_there_leaves_no_address_behind() {
    let server = MailServer::open(Manner::Away).await;
    let mut house = with_server(&server).await;
    let (mut marta, conversation, _) = waits_for_an_answer(&mut house).await;
    marta.replies(&conversation, "Un secreto.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    house.until_metric("mail_works", 0).await;
    erase(&house, &conversation).await;
    server.now(Manner::Takes);
    house.until_metric("mails_queued", 0).await;
    let house = house.restarts().await;
    house.clock.advance(HOUR);
    house.until_metric("mails_queued", 0).await;
    server.mails(0).await;
    let kept = house.store().list(Space::Mails).await.unwrap();
    assert!(kept.is_empty(), "{kept:?}");
}
