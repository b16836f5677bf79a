//! A blocked visitor: told in words, and heard once by somebody who decides.

use serde_json::{Value, json};

use super::client::{Agent, Visitor};
use super::support::House;

async fn house() -> House {
    House::configured(|config| config.limits.pause_ms = 0).await
}

fn flag(conversation: &Value, level: Option<&str>) -> Value {
    match level {
        Some(level) => {
            json!({"type": "flag", "conversation": conversation, "level": level, "reason": "insultos"})
        }
        None => json!({"type": "flag", "conversation": conversation, "reason": "no fue así"}),
    }
}

/// Taps the first button under a message.
async fn taps(visitor: &mut Visitor, event: &Value) {
    visitor
        .acts(json!({"type": "choose", "of": event["seq"], "option": 0}))
        .await;
}

async fn lead(house: &mut House) -> Agent {
    let sol = house.sign_up("Sol", "lead").await;
    house.console(sol).await
}

/// The reviews on a desk.
fn reviews(desk: &Value) -> Vec<Value> {
    let messages = desk["messages"].as_array();
    let messages = messages.into_iter().flatten();
    messages
        .filter(|item| item["promise"]["kind"] == "appeal")
        .cloned()
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_visitor_is_told_and_may_ask_once_for_a_review_that_a_lead_decides() {
    let mut house = house().await;
    let mut marta = house.agent("Marta").await;
    let mut sol = lead(&mut house).await;
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
    let item = marta.sees_waiting().await;
    let id = item["conversation"].clone();
    assert_eq!(sol.acts(flag(&id, Some("blocked"))).await["type"], "ack");
    ana.sees("left_queue").await;
    let notice = ana.sees("notice").await;
    assert_eq!(notice["event"]["what"], "blocked");
    assert_eq!(notice["event"]["choices"], json!(["Pedir una revisión"]));

    // Words get no further than the button that asks for a person.
    ana.says("quiero hablar con una persona").await;
    let closed = ana.sees("bot").await;
    assert_eq!(closed["event"]["choices"], json!(["Pedir una revisión"]));
    // The first button waits for as long as the block stands, whatever was said since.
    assert!(!ana.asks("hola").await.is_empty());
    taps(&mut ana, &notice).await;
    assert!(ana.hears().await.contains("500"));
    assert!(
        ana.asks(&"muy largo ".repeat(60))
            .await
            .contains("demasiado largo")
    );
    ana.says("Perdón, era un mal día y el paquete era un regalo")
        .await;
    let taken = ana.hears().await;
    let promise = ana.sees("promise").await["event"].clone();
    let case = promise["case"].as_str().unwrap().to_owned();
    assert!(taken.contains(&case), "{taken}");
    // Told as what it is, and not with one's own words as somebody's promise.
    let told = promise["told"].as_str().unwrap();
    assert!(
        told.contains("lo está revisando una persona responsable"),
        "{told}"
    );
    assert!(promise["what"].is_null(), "{promise}");
    ana.send(json!({"type": "choose", "id": "late", "of": notice["seq"], "option": 0}))
        .await;
    assert_eq!(ana.frame("error").await["code"], "no_such_choice");

    let desk = sol.sees_desk(|desk| !reviews(desk).is_empty()).await;
    assert_eq!(reviews(&desk)[0]["conversation"], id);
    let page = sol.opens(&id).await;
    assert_eq!(page["card"]["abuse"], "blocked");
    assert_eq!(page["card"]["promises"][0]["kind"], "appeal");
    let what = page["card"]["promises"][0]["what"].as_str().unwrap();
    assert!(what.contains("era un regalo"), "{what}");
    // Who blocked, and why: what a lead decides over.
    let block = &page["card"]["shut_out"];
    assert_eq!(
        (&block["name"], &block["reason"]),
        (&json!("Sol"), &json!("insultos"))
    );
    let blocked_at = block["at"].clone();
    assert!(blocked_at.is_i64(), "{block}");
    // Whoever was insulted does not judge it, whatever way they try.
    assert_eq!(marta.acts(flag(&id, None)).await["code"], "forbidden");
    assert_eq!(
        marta.acts(flag(&id, Some("flagged"))).await["code"],
        "forbidden"
    );
    let seq = reviews(&desk)[0]["seq"].clone();
    let item = json!({"conversation": id, "seq": seq});
    marta.takes(&item).await;
    let kept = json!({"type": "keep_promise", "conversation": id, "case": case});
    assert_eq!(marta.acts(kept).await["code"], "review_open");
    let back = json!({"type": "return", "conversation": id});
    assert_eq!(marta.acts(back).await["type"], "ack");

    // Kept: the visitor is told, and there is no second review of the same block.
    let mut decision = flag(&id, Some("blocked"));
    decision["reason"] = json!("se mantiene");
    assert_eq!(
        sol.tries_as("decision", decision.clone()).await["type"],
        "ack"
    );
    assert_eq!(sol.tries_as("decision", decision).await["type"], "ack");
    assert_eq!(ana.sees("promise_kept").await["event"]["case"], case);
    let told = ana.sees("notice").await;
    assert_eq!(told["event"]["what"], "reviewed");
    let card = sol.opens(&id).await["card"].clone();
    assert_eq!(card["promises"], json!([]), "the case is closed");
    assert_eq!(
        card["shut_out"]["at"], blocked_at,
        "the block is the same one"
    );
    assert_eq!(card["shut_out"]["reason"], "insultos");
    ana.says("quiero hablar con una persona").await;
    let closed = ana.sees("bot").await;
    assert_eq!(
        closed["event"]["choices"].as_array().map_or(0, Vec::len),
        0,
        "{closed}"
    );

    // Lifted, people are there again; another block may be looked at anew.
    assert_eq!(sol.acts(flag(&id, None)).await["type"], "ack");
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
    assert_eq!(sol.acts(flag(&id, Some("blocked"))).await["type"], "ack");
    let notice = ana.sees("notice").await;
    taps(&mut ana, &notice).await;
    assert!(ana.hears().await.contains("500"));
    // Whoever is in need gets a person, whatever was said before.
    ana.says("murió mi padre").await;
    ana.sees("queued").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_review_that_lifts_the_block_says_so_and_is_for_leads_only() {
    let mut house = house().await;
    let mut sol = lead(&mut house).await;
    let mut ana = house
        .visitor_with(json!({"type": "hello", "lang": "en"}))
        .await;
    ana.asks("what are your opening hours?").await;
    let id = ana.welcome["conversation"].clone();
    assert_eq!(sol.acts(flag(&id, Some("blocked"))).await["type"], "ack");
    let notice = ana.sees("notice").await;
    taps(&mut ana, &notice).await;
    ana.hears().await;
    ana.says("I did not write those words").await;
    ana.sees("promise").await;
    sol.sees_desk(|desk| !reviews(desk).is_empty()).await;
    let marta = house.agent("Marta").await;
    assert_eq!(
        marta.welcome["desk"]["messages"],
        json!([]),
        "reviews are for leads"
    );
    assert_eq!(sol.acts(flag(&id, None)).await["type"], "ack");
    let told = ana.sees("notice").await;
    let words = told["event"]["texts"].to_string();
    assert!(words.contains("open again"), "{words}");
    let card = sol.opens(&id).await["card"].clone();
    assert_eq!(card["promises"], json!([]), "the case is closed");
    assert_eq!(card["shut_out"], Value::Null);
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
}
