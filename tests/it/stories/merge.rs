//! A person writes from the phone in the morning and from the laptop at night: the two become one where it is proven, and two again on request.

use serde_json::{Value, json};
use ventanilla::accounts::VisitorLinks;
use ventanilla::conversation::{Body, Event, Opening};
use ventanilla::ids::{Lang, SessionId};

use super::client::{Agent, words};
use super::merge_kit::{
    HOUR, Two, append, beside, id, led_to, lent, merge, merged, open, proven, secret, shows,
    stored, taken, two, waits,
};
use crate::orders::Orders;

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
    taken(&mut phone, &mut marta).await;
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
            opening: Opening::plain("ar".parse().unwrap(), Lang::es()),
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
    let mut tablet = lent(&house, "¿a qué hora abren?").await;
    shows(&mut tablet).await;
    taken(&mut tablet, &mut marta).await;
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
