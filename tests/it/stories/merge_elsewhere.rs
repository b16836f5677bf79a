//! Merged conversations by the other ways in and out: the REST channel, links and mails, business news, erasing.

use serde_json::{Value, json};
use ventanilla::accounts::{VisitorPass, VisitorTokens};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::conversation::{Body, Event};
use ventanilla::ids::Follows;
use ventanilla::ports::Space;

use super::client::words;
use super::mail_kit::{comes_by, leaves, leaves_a_message_at, letters, with_orders};
use super::merge_kit::{
    HOUR, MAIL, Two, id, led_to, lent, merge, merged, open, proven, rest, secret, shows, stored,
    taken, two, waits,
};
use super::support::House;
use crate::orders::Orders;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_of_the_rest_channel_goes_on_in_the_other_one_and_back() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let post_as = async |text: &str, id: Option<&str>| rest(&house, "34600", text, id).await;
    let post = async |text: &str| post_as(text, None).await;
    post("¿dónde está mi pedido 1000007?").await;
    post(MAIL).await;
    post("quiero hablar con una persona").await;
    let there = marta.sees_waiting().await;
    post_as("llegó abierto", Some("m-1")).await;
    let mut phone = proven(&house).await;
    let here = id(&phone);
    waits(&mut phone).await;
    let seq = marta.opens(&here).await["seq"].clone();
    marta
        .takes(&json!({"conversation": here, "seq": seq}))
        .await;
    let seen = marta.opens(&there["conversation"]).await["seq"].clone();
    let done = marta
        .acts(merge(&there["conversation"], &here, &seen))
        .await;
    assert_eq!(done["type"], "ack", "{done}");
    marta.replies(&here, "Ya lo tengo todo.").await;
    let said = post("¿hola?").await;
    // What was said in their own before that is told too, and first.
    let (first, then) = said.split_once("la unimos con esta").unwrap();
    assert!(
        first.contains("Seguimos en la otra") && !then.is_empty(),
        "{said}"
    );
    assert!(said.ends_with("Ya lo tengo todo."), "{said}");
    let seen = phone.sees("visitor").await;
    assert_eq!(seen["event"]["text"], "¿hola?");
    assert_eq!(post("¿y?").await, "", "nothing comes twice");
    // What was sent before is done already, wherever that was.
    post_as("llegó abierto", Some("m-1")).await;
    let twice = |event: &Event| event.private.first() == Some("llegó abierto");
    assert!(!stored(&house, &here).await.iter().any(twice));
    // A third one comes along, and is parted again: that is nothing to them.
    let mut third = proven(&house).await;
    let also = id(&third);
    let done = marta.acts(merge(&also, &here, &json!(third.last))).await;
    assert_eq!(done["type"], "ack", "{done}");
    led_to(&mut third, &here).await;
    // They wait for an answer there.
    let apart = json!({"type": "unmerge", "conversation": there["conversation"]});
    assert_eq!(marta.acts(apart.clone()).await["code"], "stale");
    marta.replies(&here, "Un momento.").await;
    let alone = json!({"type": "unmerge", "conversation": also});
    assert_eq!(marta.acts(alone).await["type"], "ack");
    marta.replies(&here, "Dime.").await;
    assert_eq!(marta.acts(apart).await["type"], "ack");
    let said = post("vale").await;
    assert!(said.contains("Dime."), "{said}");
    assert!(said.contains("por separado"), "{said}");
    let back = marta.opens(&there["conversation"]).await;
    assert!(back.to_string().contains("vale"), "{back}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_from_a_mail_leads_into_no_other_conversation() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    let tokens = VisitorTokens::new(secret(&house, "visitor_tokens").await);
    let mailed = VisitorPass {
        conversation: two.there.as_str().unwrap().parse().unwrap(),
        follows: Follows::Never,
    };
    let token = tokens.issue(mailed, "es");
    let hello = json!({"type": "hello", "token": token});
    let mut before = house.visitor_with(hello.clone()).await;
    merged(&mut marta, &two).await;
    // Whoever was there already stays there, and whoever comes stays there too.
    let told = words(&before.sees("notice").await);
    assert!(told.contains("Seguimos en la otra"), "{told}");
    let mut behind = house.visitor_with(hello).await;
    for visitor in [&mut before, &mut behind] {
        assert_eq!(visitor.welcome["conversation"], two.there);
        assert_eq!(visitor.token, token, "it stays what it is");
        let say = json!({"type": "say", "text": "¿qué dice allí?"});
        assert_eq!(visitor.tries(say).await["code"], "merged");
    }
    let own = house.again(&two.laptop).await;
    assert_eq!(own.welcome["conversation"], two.here);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_to_an_address_of_the_other_one_leads_where_the_merge_leads_and_as_long() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let mut house = with_orders(&orders, &folder).await;
    // Somebody else had the tablet before.
    let mut tablet = lent(&house, "¿a qué hora abren?").await;
    let mut laptop = proven(&house).await;
    leaves_a_message_at(&mut laptop, MAIL).await;
    let mut marta = house.agent("Marta").await;
    shows(&mut tablet).await;
    taken(&mut tablet, &mut marta).await;
    let two = Two {
        here: id(&tablet),
        there: id(&laptop),
        phone: tablet,
        laptop,
    };
    merged(&mut marta, &two).await;
    let Two {
        phone,
        laptop,
        here,
        there,
    } = two;
    leaves(&house, phone, 2).await;
    leaves(&house, laptop, 1).await;
    marta.replies(&here, "Hola, Ana, ya está.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(60_000);
    let letter = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(letter.to, MAIL);

    let (pass, mut ana) = comes_by(&house, &letter).await;
    assert_eq!(
        (&ana.welcome["conversation"], &pass["token"]),
        (&here, &json!(ana.token))
    );
    let first = ana.sees("session_opened").await["seq"].clone();
    assert!(first.as_u64() > Some(1), "{first}");
    ana.send(json!({"type": "older", "before": first})).await;
    let older = ana.frame("older").await;
    assert_eq!(
        (&older["events"], &older["older"]),
        (&json!([]), &json!(false))
    );
    ana.says("¡gracias!").await;
    marta.replies(&here, "De nada.").await;
    ana.sees("agent").await;
    let last = marta.opens(&here).await["seq"].as_u64().unwrap();
    assert_eq!(marta.closes(&here, last).await["type"], "ack");
    ana.sees("closed").await;
    house.clock.advance(HOUR / 2);
    led_to(&mut ana, &there).await;
    let hello = json!({"type": "hello", "token": pass["token"]});
    let again = house.visitor_with(hello).await;
    assert_eq!(again.welcome["conversation"], there);
    orders.stop().await;
}

/// Business news as it is stored until it is told.
fn waiting_news(house: &House, conversation: &Value) -> Value {
    json!({
        "digest": "", "kind": "late_delivery", "conversation": conversation, "rule": "verified",
        "data": {"order_number": "1000007", "date": "2026-11-27"}, "due": house.clock_now(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_that_waited_is_told_where_it_goes_on_and_once() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let two = two(&house, &mut marta).await;
    let waits = waiting_news(&house, &two.there);
    let store = std::sync::Arc::clone(house.store());
    let put = store.put_if(Space::Events, "evt-1", 0, Some(waits));
    put.await.unwrap();
    merged(&mut marta, &two).await;
    drop(store);
    let house = house.restarts().await;
    let mut phone = house.again(&two.phone).await;
    let told = loop {
        let notice = phone.sees("notice").await;
        if notice["event"]["what"] == "news" {
            break notice;
        }
    };
    assert!(words(&told).contains("1000007"), "{told}");
    // A kill before that was kept: it is known where it was told, also when the two are parted by then.
    let kept = loop {
        let kept = house.store().get(Space::Events, "evt-1").await.unwrap();
        let kept = kept.unwrap();
        if !kept.value["told"].is_null() {
            break kept;
        }
    };
    assert_eq!(
        (&kept.value["conversation"], &kept.value["found"]),
        (&two.here, &two.there)
    );
    let mut cut_off = waiting_news(&house, &two.here);
    cut_off["found"] = two.there.clone();
    let put = house
        .store()
        .put_if(Space::Events, "evt-1", kept.version, Some(cut_off.clone()));
    put.await.unwrap();
    // Another one has not begun to be told when they are parted: it is told in its own.
    let put = house
        .store()
        .put_if(Space::Events, "evt-2", 0, Some(cut_off));
    put.await.unwrap();
    let signed = house
        .sign_in("marta@mareas.example", "una frase bastante larga")
        .await;
    let mut marta = house.console(signed).await;
    let apart = json!({"type": "unmerge", "conversation": two.there});
    assert_eq!(marta.acts(apart).await["type"], "ack");
    let house = house.restarts().await;
    for event in ["evt-1", "evt-2"] {
        loop {
            let kept = house.store().get(Space::Events, event).await.unwrap();
            if !kept.unwrap().value["told"].is_null() {
                break;
            }
        }
    }
    for (conversation, times) in [(&two.here, 1), (&two.there, 1)] {
        let events = stored(&house, conversation).await;
        let news = |event: &&Event| matches!(event.body, Body::Told { news: Some(_), .. });
        assert_eq!(events.iter().filter(news).count(), times, "{conversation}");
    }
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_one_of_the_two_takes_its_words_and_leaves_what_is_owed() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    two.laptop.says("me llamo Ana Quiroga").await;
    merged(&mut marta, &two).await;
    let conversation = two.there.as_str().unwrap().to_owned();
    let request = Request::Erase { conversation };
    ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    let there = marta.opens(&two.there).await;
    assert!(!there.to_string().contains("Quiroga"), "{there}");
    let here = marta.opens(&two.here).await;
    assert!(!here.to_string().contains("Quiroga"), "{here}");
    // The other words stay, the answer is owed still, and the laptop goes on there.
    assert!(here.to_string().contains("1000007"));
    assert_eq!(here["card"]["related"][0]["conversation"], two.there);
    let desk = marta.sees_desk_now(|desk| {
        let assigned = desk["assigned"].as_array().unwrap();
        let mine = assigned
            .iter()
            .find(|item| item["conversation"] == two.here);
        mine.is_some_and(|item| !item["unanswered_since"].is_null())
    });
    desk.await;
    led_to(&mut two.laptop, &two.here).await;
    two.laptop.says("¿hola?").await;
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}
