//! A person writes from the phone in the morning and from the laptop at night: the two become one where it is proven, and two again on request.

use serde_json::{Value, json};
use ventanilla::accounts::{VisitorLinks, VisitorPass, VisitorTokens};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::conversation::{Body, Event, Opening, Private};
use ventanilla::ids::{ConversationId, Follows, Lang, Seq, SessionId, Style};
use ventanilla::ports::Space;
use ventanilla::topics::Policy;

use super::client::{Agent, Visitor, words};
use super::mail_kit::{comes_by, leaves, leaves_a_message_at, letters, with_orders};
use super::support::House;
use crate::orders::Orders;

pub(super) const MAIL: &str = "ana.garcia@example.com";
pub(super) const HOUR: i64 = 60 * 60_000;

pub(super) async fn open(orders: &Orders) -> House {
    House::with_orders_configured(&orders.url, |config| config.limits.pause_ms = 0).await
}

/// A visitor who has shown that order 1000007 is theirs.
pub(super) async fn proven(house: &House) -> Visitor {
    let mut ana = house.visitor().await;
    ana.asks("¿dónde está mi pedido 1000007?").await;
    let heard = ana.asks(MAIL).await;
    assert!(heard.contains("Viene con demora"), "{heard}");
    ana
}

pub(super) async fn waits(visitor: &mut Visitor) {
    visitor.acts(json!({"type": "ask_person"})).await;
    visitor.sees("queued").await;
}

pub(super) fn id(visitor: &Visitor) -> Value {
    visitor.welcome["conversation"].clone()
}

/// Two conversations of Ana: the phone's in Marta's hands, the laptop's in the queue.
pub(super) struct Two {
    pub(super) phone: Visitor,
    pub(super) laptop: Visitor,
    pub(super) here: Value,
    pub(super) there: Value,
}

pub(super) async fn two(house: &House, marta: &mut Agent) -> Two {
    let mut phone = proven(house).await;
    let here = id(&phone);
    waits(&mut phone).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    let mut laptop = proven(house).await;
    waits(&mut laptop).await;
    let there = id(&laptop);
    Two {
        phone,
        laptop,
        here,
        there,
    }
}

/// The other conversation as the card of the first one shows it.
pub(super) async fn beside(marta: &mut Agent, two: &Two) -> Value {
    loop {
        // Who else was proven is known a moment later.
        let page = marta.opens(&two.here).await;
        let mut related = page["card"]["related"].as_array().into_iter().flatten();
        if let Some(other) = related.find(|one| one["conversation"] == two.there) {
            return other.clone();
        }
    }
}

fn merge(there: &Value, here: &Value, seen: &Value) -> Value {
    json!({"type": "merge", "conversation": there, "into": here, "seen": seen})
}

pub(super) async fn merged(marta: &mut Agent, two: &Two) {
    let seen = beside(marta, two).await["seq"].clone();
    let done = marta.acts(merge(&two.there, &two.here, &seen)).await;
    assert_eq!(done["type"], "ack", "{done}");
}

/// Waits until the client was led into a conversation.
pub(super) async fn led_to(visitor: &mut Visitor, conversation: &Value) {
    loop {
        let welcome = visitor.frame("welcome").await;
        if welcome["conversation"] == *conversation {
            assert_eq!(
                welcome["recovered"], false,
                "what it had is to be forgotten"
            );
            assert_eq!(welcome["token"], json!(visitor.token), "its own way back");
            return;
        }
    }
}

pub(super) async fn stored(house: &House, conversation: &Value) -> Vec<Event> {
    let id: ConversationId = conversation.as_str().unwrap().parse().unwrap();
    house.store().read(id, Seq::ZERO, 500).await.unwrap()
}

async fn append(house: &House, conversation: &Value, bodies: Vec<Body>) {
    let id: ConversationId = conversation.as_str().unwrap().parse().unwrap();
    let last = house.store().read_last(id, 1).await.unwrap();
    let last = last.last().map_or(Seq::ZERO, |event| event.seq);
    let events = bodies.into_iter().zip(1..).map(|(body, nth)| Event {
        seq: Seq(last.0 + nth),
        at: house.clock_now(),
        body,
        private: Private::default(),
    });
    let events = events.collect();
    house.store().append(id, last, events).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_conversations_of_one_person_become_one() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;

    let other = beside(&mut marta, &two).await;
    assert_eq!(
        (&other["conversation"], &other["state"], &other["mergeable"]),
        (&two.there, &json!("queued"), &json!(true)),
        "{other}"
    );
    assert_eq!(other["about"], "Dónde está mi pedido");
    two.laptop.says_as("bought", "y además llegó abierto").await;
    // What the visitor wrote since then is read first.
    let late = merge(&two.there, &two.here, &other["seq"]);
    assert_eq!(marta.acts(late).await["code"], "stale");
    merged(&mut marta, &two).await;

    // Both devices are in the same conversation now, and both are told.
    let told = words(&two.phone.sees("notice").await);
    assert!(told.contains("la unimos con esta"), "{told}");
    let told = words(&two.laptop.sees("notice").await);
    assert!(told.contains("Seguimos en la otra"), "{told}");
    led_to(&mut two.laptop, &two.here).await;
    let told = words(&two.laptop.sees("notice").await);
    assert!(told.contains("la unimos con esta"), "{told}");
    // An act whose ack was lost on the way is done already; a new one comes where the agent is.
    assert_eq!(
        two.laptop.says_as("bought", "y además llegó abierto").await,
        0
    );
    two.laptop.says("soy yo, desde el portátil").await;
    let seen = two.phone.sees("visitor").await;
    assert_eq!(seen["event"]["text"], "soy yo, desde el portátil");
    marta.replies(&two.here, "Hola, Ana, ya lo veo todo.").await;
    assert_eq!(two.laptop.sees("agent").await["event"]["name"], "Marta");
    let lines = stored(&house, &two.here).await;
    let opened = |event: &Event| event.private.first() == Some("y además llegó abierto");
    assert!(!lines.iter().any(opened), "no words are copied");

    // The agent has the other's story at hand, and nobody waits in it any more.
    let page = marta.opens(&two.here).await;
    let other = &page["card"]["related"][0];
    assert_eq!(
        (
            &other["conversation"],
            &other["merged"],
            &other["mergeable"]
        ),
        (&two.there, &json!("here"), &json!(false))
    );
    let kinds: Vec<_> = page["events"].as_array().unwrap().iter().collect();
    assert!(
        kinds
            .iter()
            .any(|event| event["event"]["kind"] == "merged_from"
                && event["event"]["from"] == two.there
                && event["event"]["name"] == "Marta"),
        "{page}"
    );
    let there = marta.opens(&two.there).await;
    assert!(there.to_string().contains("llegó abierto"), "{there}");
    assert_eq!(there["card"]["state"], "closed");
    assert_eq!(there["card"]["related"][0]["merged"], "there");
    let again = json!({"type": "claim", "conversation": two.there, "seen": there["seq"]});
    assert_eq!(marta.acts(again).await["code"], "merged");

    // A client that comes back goes on where it was, also after a restart; one that was away is led there anew.
    let back = house.again(&two.laptop).await;
    assert_eq!(
        (&back.welcome["conversation"], &back.welcome["recovered"]),
        (&two.here, &json!(true))
    );
    let house = house.restarts().await;
    let epoch = house.store().epoch().to_string();
    let old = json!({"type": "hello", "token": two.laptop.token, "after": 3, "epoch": epoch});
    let away = house.visitor_with(old).await;
    assert_eq!(
        (&away.welcome["conversation"], &away.welcome["recovered"]),
        (&two.here, &json!(false))
    );

    // History and transcript name the other one.
    let lead = house
        .sign_in("jefa@mareas.example", "una frase bastante larga")
        .await;
    let page = loop {
        let page = lead.get(&house, "/v1/history").await;
        if page["catching_up"] == false {
            break page;
        }
    };
    let row = |of: &Value| {
        let rows = page["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["conversation"] == *of);
        row.unwrap().clone()
    };
    assert_eq!(row(&two.there)["merged_into"], two.here);
    assert_eq!(row(&two.there)["outcome"], Value::Null);
    assert!(!row(&two.there)["closed"].is_null());
    assert_eq!(row(&two.here)["merged_from"], json!([two.there]));
    for (one, other) in [(&two.here, &two.there), (&two.there, &two.here)] {
        let path = format!(
            "/v1/history/{}/transcript?format=json",
            one.as_str().unwrap()
        );
        let told = lead.get(&house, &path).await.to_string();
        assert!(told.contains(other.as_str().unwrap()), "{told}");
    }
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_conversation_appears_on_the_card_that_is_open() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut phone = proven(&house).await;
    let here = id(&phone);
    waits(&mut phone).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    let page = marta.opens(&here).await;
    assert!(page["card"]["related"].is_null(), "{page}");
    let laptop = proven(&house).await;
    loop {
        let card = marta.frame("card").await;
        let related = &card["card"]["related"];
        if related[0]["conversation"] == id(&laptop) {
            assert_eq!(related[0]["state"], "bot");
            break;
        }
    }
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_proven_not_theirs_or_out_of_date_is_not_merged() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut bruno = house.agent("Bruno").await;
    let mut two = two(&house, &mut marta).await;
    let here = two.here.clone();
    let seen = beside(&mut marta, &two).await["seq"].clone();
    let code = async |agent: &mut Agent, there: &Value, here: &Value, seen: &Value| {
        agent.acts(merge(there, here, seen)).await["code"].clone()
    };
    assert_eq!(code(&mut marta, &here, &here, &seen).await, "bad_frame");
    let nobody = json!("00000000-0000-4000-8000-000000000000");
    assert_eq!(code(&mut marta, &nobody, &here, &seen).await, "not_found");

    // The same order and address, written down but not shown to be theirs; and only an address that was left.
    let mut eva = house.visitor().await;
    eva.asks("¿dónde está mi pedido 1000007?").await;
    let guessed = id(&eva);
    assert_eq!(
        code(&mut marta, &guessed, &here, &json!(eva.last)).await,
        "not_same"
    );
    // Whose conversation is nobody else's business is not shown either.
    let related = marta.opens(&here).await["card"]["related"].clone();
    assert_eq!(related.as_array().unwrap().len(), 1, "{related}");

    // Another site.
    let foreign = json!("00000000-0000-4000-8000-0000000000a0");
    append(
        &house,
        &foreign,
        vec![Body::SessionOpened {
            session: SessionId::from_bytes([7; 16]),
            opening: Opening {
                site: "ar".parse().unwrap(),
                lang: Lang::es(),
                style: Style::Warm,
                channel: "web".to_owned(),
                page: None,
                stage: None,
                touchpoint: None,
                time_zone: None,
            },
            choices: Vec::new(),
        }],
    )
    .await;
    assert_eq!(
        code(&mut marta, &foreign, &here, &json!(1)).await,
        "other_site"
    );

    // Somebody else's hands on either side.
    assert_eq!(
        code(&mut bruno, &two.there, &here, &seen).await,
        "not_owner"
    );
    let item = json!({"conversation": two.there, "seq": seen});
    bruno.takes(&item).await;
    let other = beside(&mut marta, &two).await;
    assert_eq!(
        (&other["agent_name"], &other["mergeable"]),
        (&json!("Bruno"), &json!(false))
    );
    assert_eq!(
        code(&mut marta, &two.there, &here, &other["seq"]).await,
        "not_owner"
    );
    let back = json!({"type": "put_back", "conversation": two.there});
    assert_eq!(bruno.acts(back).await["type"], "ack");

    // Whoever is shut out does not come in by another door.
    let lead = house.sign_up("Sol", "lead").await;
    let mut sol = house.console(lead).await;
    let flag = |level: Value| {
        let mut flag = json!({"type": "flag", "conversation": two.there, "reason": "insultos"});
        if !level.is_null() {
            flag["level"] = level;
        }
        flag
    };
    assert_eq!(sol.acts(flag(json!("blocked"))).await["type"], "ack");
    let seen = beside(&mut marta, &two).await["seq"].clone();
    assert_eq!(code(&mut marta, &two.there, &here, &seen).await, "blocked");
    assert_eq!(sol.acts(flag(Value::Null)).await["type"], "ack");

    // Twice, back into itself, and into one that is closed.
    let mut third = proven(&house).await;
    waits(&mut third).await;
    let third_id = id(&third);
    let seen = json!(third.last);
    merged(&mut marta, &two).await;
    let seen_there = beside(&mut marta, &two).await["seq"].clone();
    assert_eq!(
        code(&mut marta, &two.there, &here, &seen_there).await,
        "merged"
    );
    assert_eq!(
        code(&mut marta, &here, &two.there, &json!(two.phone.last)).await,
        "merged"
    );
    let last = marta.opens(&here).await["seq"].as_u64().unwrap();
    let reply = marta.acts(json!({"type": "reply", "conversation": here, "text": "Listo."}));
    assert_eq!(reply.await["type"], "ack");
    let closed = marta.closes(&here, last + 1).await;
    assert_eq!(closed["type"], "ack", "{closed}");
    two.phone.sees("closed").await;
    assert_eq!(code(&mut marta, &third_id, &here, &seen).await, "closed");
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_owed_goes_along_and_comes_back_when_they_are_parted() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    // Two promises there: Marta takes it, promises, puts it back.
    let seq = marta.opens(&two.there).await["seq"].clone();
    marta
        .takes(&json!({"conversation": two.there, "seq": seq}))
        .await;
    let by = house.clock_now().plus(2 * HOUR);
    for what in ["Llamo al almacén", "Mando otra caja"] {
        let promise = json!({"type": "promise", "conversation": two.there, "what": what, "by": by});
        assert_eq!(marta.acts(promise).await["type"], "ack");
    }
    let promise = two.laptop.sees("promise").await;
    let receipt = promise["event"]["receipt"].as_str().unwrap().to_owned();
    let back = json!({"type": "put_back", "conversation": two.there});
    assert_eq!(marta.acts(back).await["type"], "ack");
    // A third one of hers knows nothing of them.
    let third = proven(&house).await;
    merged(&mut marta, &two).await;

    let page = marta.opens(&two.here).await;
    let owed = page["card"]["promises"].clone();
    assert_eq!(
        (owed.as_array().unwrap().len(), &owed[0]["what"]),
        (2, &json!("Llamo al almacén")),
        "{owed}"
    );
    // Nobody closes over them, and what is done here is done for the other one too.
    let closed = marta.closes(&two.here, page["seq"].as_u64().unwrap()).await;
    assert_eq!(closed["code"], "promise_open");
    let kept = json!({"type": "keep_promise", "conversation": two.here, "case": owed[0]["case"]});
    assert_eq!(marta.acts(kept).await["type"], "ack");
    let told = reqwest::get(house.url(&receipt)).await.unwrap();
    assert_eq!(told.status(), 200);
    let told = told.text().await.unwrap();
    assert!(told.contains("Llamo al almacén"), "{told}");
    let moved = json!({
        "type": "move_promise", "conversation": two.here, "case": owed[1]["case"], "by": by.plus(HOUR)
    });
    assert_eq!(marta.acts(moved).await["type"], "ack");

    led_to(&mut two.laptop, &two.here).await;
    let apart = json!({"type": "unmerge", "conversation": two.there});
    let done = marta.tries_as("apart", apart.clone()).await;
    assert_eq!(done["type"], "ack", "{done}");
    assert_eq!(marta.tries_as("apart", apart.clone()).await["type"], "ack");
    // The laptop is back in its own conversation, first in the queue, with what is still owed to it.
    led_to(&mut two.laptop, &two.there).await;
    two.laptop.says("¿sigue ahí?").await;
    let there = marta.opens(&two.there).await;
    assert_eq!(there["card"]["state"], "queued", "{there}");
    let left = there["card"]["promises"].clone();
    assert_eq!(
        (
            left.as_array().unwrap().len(),
            &left[0]["case"],
            &left[0]["what"],
            &left[0]["by"]
        ),
        (
            1,
            &owed[1]["case"],
            &json!("Mando otra caja"),
            &json!(by.plus(HOUR))
        ),
        "{left}"
    );
    let here = marta.opens(&two.here).await;
    assert_eq!(here["card"]["promises"], json!([]));
    assert_eq!(here["card"]["related"].as_array().unwrap().len(), 2);
    drop(third);
    // Its cases are no business of the other one's any more.
    let links = VisitorLinks::new(
        std::sync::Arc::clone(house.store()),
        secret(&house, "visitor_links").await,
    );
    for (conversation, status) in [(&two.there, 200), (&two.here, 404)] {
        let case = owed[0]["case"].as_str().unwrap();
        let id = conversation.as_str().unwrap().parse().unwrap();
        let token = links.receipt(id, case, house.clock_now());
        let address = format!("/v1/cases/{case}/receipt?token={token}");
        let told = reqwest::get(house.url(&address)).await.unwrap();
        assert_eq!(told.status(), status, "{conversation}");
    }
    let again = json!({"type": "unmerge", "conversation": two.there});
    assert_eq!(marta.acts(again).await["code"], "not_found");

    // Once more, and then it is too late.
    merged(&mut marta, &two).await;
    house.clock.advance(HOUR + 1);
    let late = marta.acts(apart).await;
    assert_eq!(late["code"], "too_late", "{late}");
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

pub(super) async fn secret(house: &House, name: &str) -> [u8; 32] {
    let kept = house.store().get(Space::Secrets, name).await.unwrap();
    let bytes: Vec<u8> = serde_json::from_value(kept.unwrap().value).unwrap();
    bytes.try_into().unwrap()
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
async fn once_that_session_is_over_each_device_has_its_own_conversation_again() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    let of_old = beside(&mut marta, &two).await["seq"].clone();
    merged(&mut marta, &two).await;
    led_to(&mut two.laptop, &two.here).await;
    marta.replies(&two.here, "Hola, Ana, ya está.").await;
    two.laptop.sees("agent").await;
    let last = marta.opens(&two.here).await["seq"].as_u64().unwrap();
    let closed = marta.closes(&two.here, last).await;
    assert_eq!(closed["type"], "ack", "{closed}");
    two.laptop.sees("closed").await;
    house.clock.advance(HOUR / 2);
    // The device is led home by itself, and every act is that of a conversation that is closed.
    led_to(&mut two.laptop, &two.there).await;
    let told = loop {
        let told = words(&two.laptop.sees("notice").await);
        if !told.contains("Seguimos en la otra") {
            break told;
        }
    };
    assert!(told.contains("ya terminó"), "{told}");
    for (act, code) in [
        (json!({"type": "end"}), "closed"),
        (json!({"type": "set", "style": "fast"}), "closed"),
        (
            json!({"type": "rate", "question": "q", "tap": 0}),
            "no_question",
        ),
        (json!({"type": "skip_rating"}), "no_question"),
        (json!({"type": "leave_message"}), "not_queued"),
        (json!({"type": "mail"}), "no_address"),
        (
            json!({"type": "choose", "of": 2, "option": 0}),
            "no_such_choice",
        ),
        (json!({"type": "ask_person"}), ""),
    ] {
        let done = two.laptop.tries(act.clone()).await;
        assert_eq!(done["code"].as_str().unwrap_or_default(), code, "{act}");
    }
    two.laptop.send(json!({"type": "typing"})).await;
    two.laptop.send(json!({"type": "older", "before": 3})).await;
    two.laptop.frame("older").await;
    two.laptop.says("hola, soy otra persona").await;
    two.phone.says("hola, soy yo").await;
    let said = async |conversation: &Value, text: &str| {
        let events = stored(&house, conversation).await;
        events
            .iter()
            .any(|event| event.private.first() == Some(text))
    };
    assert!(said(&two.there, "hola, soy otra persona").await);
    assert!(!said(&two.here, "hola, soy otra persona").await);
    assert!(said(&two.here, "hola, soy yo").await);
    let again = house.again(&two.laptop).await;
    assert_eq!(again.welcome["conversation"], two.there);
    // What was proven before is proven no longer.
    let late = marta.acts(merge(&two.there, &two.here, &of_old)).await;
    assert_eq!(late["type"], "error", "{late}");
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_led_sees_nothing_of_whoever_had_the_device_before() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut tablet = house.visitor().await;
    tablet.asks("¿a qué hora abren?").await;
    tablet.acts(json!({"type": "end"})).await;
    tablet.sees("closed").await;
    house.clock.advance(HOUR / 2);
    tablet.asks("¿dónde está mi pedido 1000007?").await;
    tablet.asks(MAIL).await;
    waits(&mut tablet).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    let mut laptop = proven(&house).await;
    waits(&mut laptop).await;
    let mut two = Two {
        here: id(&tablet),
        there: id(&laptop),
        phone: tablet,
        laptop,
    };
    merged(&mut marta, &two).await;
    led_to(&mut two.laptop, &two.here).await;
    let first = two.laptop.sees("session_opened").await["seq"].clone();
    assert!(first.as_u64() > Some(1), "{first}");
    two.laptop
        .send(json!({"type": "older", "before": first}))
        .await;
    let older = two.laptop.frame("older").await;
    assert_eq!(
        (&older["events"], &older["older"]),
        (&json!([]), &json!(false))
    );
    let back = house.again(&two.laptop).await;
    assert_eq!(back.welcome["conversation"], two.here);
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_to_an_address_of_the_other_one_leads_where_the_merge_leads_and_as_long() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let mut house = with_orders(&orders, &folder).await;
    // Somebody else had the tablet before.
    let mut tablet = house.visitor().await;
    tablet.asks("¿a qué hora abren?").await;
    tablet.acts(json!({"type": "end"})).await;
    tablet.sees("closed").await;
    house.clock.advance(HOUR / 2);
    let mut laptop = proven(&house).await;
    leaves_a_message_at(&mut laptop, MAIL).await;
    let mut marta = house.agent("Marta").await;
    tablet.asks("¿dónde está mi pedido 1000007?").await;
    tablet.asks(MAIL).await;
    waits(&mut tablet).await;
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
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
    let files = async |conversation: &Value| {
        let events = stored(&house, conversation).await;
        let file = |event: &&Event| matches!(event.body, Body::VisitorSent { .. });
        events.iter().filter(file).count()
    };
    let before = sends("f-1").await;
    merged(&mut marta, &two).await;
    assert_eq!(sends("f-1").await, before);
    assert_eq!((files(&two.here).await, files(&two.there).await), (0, 1));
    // Another one comes where the conversation goes on.
    sends("f-2").await;
    assert_eq!((files(&two.here).await, files(&two.there).await), (1, 1));
    orders.stop().await;
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

/// What the server would have stored first.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_of_the_rest_channel_goes_on_in_the_other_one_and_back() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let post_as = async |text: &str, id: Option<&str>| {
        let metadata = id.map_or(json!({}), |id| json!({"message_id": id}));
        let body = json!({"sender": "34600", "message": text, "metadata": metadata});
        let posted = reqwest::Client::new().post(house.url("/webhooks/rest/webhook"));
        let answer = posted.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let said: Value = answer.json().await.unwrap();
        let texts = said.as_array().unwrap().iter();
        let texts = texts.filter_map(|one| one["text"].as_str());
        texts.collect::<Vec<_>>().join(" | ")
    };
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
