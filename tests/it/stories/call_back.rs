//! A call at an hour that the visitor picks: where nobody is there, where the wait is long, and in words of their own.

use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::topics::QueueRules;

use super::client::{Visitor, words};
use super::mail_kit::{get, leaves, letters, post, with_folder};
use super::support::House;

/// From Monday 11:00 to Tuesday 02:00 in Madrid.
const UNTIL_NIGHT: i64 = 15 * 60 * 60_000;
const HOUR: i64 = 60 * 60_000;
const MINUTE: i64 = 60_000;

async fn house() -> House {
    House::configured(|config| config.limits.pause_ms = 0).await
}

fn titles(event: &Value) -> Vec<String> {
    let choices = event["event"]["choices"].as_array();
    let titles = choices.into_iter().flatten();
    titles
        .map(|title| title.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Taps the button of this title.
async fn taps(visitor: &mut Visitor, event: &Value, title: &str) {
    let option = titles(event).iter().position(|one| one == title);
    let option = option.unwrap_or_else(|| panic!("{title}: {event}"));
    visitor
        .acts(json!({"type": "choose", "of": event["seq"], "option": option}))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_night_a_call_is_promised_for_an_hour_that_the_visitor_picks_and_made() {
    let mut house = house().await;
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let asked = ana.sees("bot").await;
    taps(&mut ana, &asked, "Que me llamen").await;
    assert!(ana.hears().await.contains("teléfono"));
    let again = ana.asks("no sé, el 12").await;
    assert!(again.contains("siete cifras"), "{again}");
    ana.says("es el 600 112 678").await;
    let hours = ana.sees("bot").await;
    assert_eq!(
        titles(&hours),
        [
            "Hoy a las 9:00",
            "Hoy a las 14:00",
            "Mañana a las 9:00",
            "Mañana a las 14:00",
            "Dejar un mensaje"
        ]
    );
    taps(&mut ana, &hours, "Hoy a las 14:00").await;
    let read_back = ana.sees("bot").await;
    let said = words(&read_back);
    assert!(
        said.contains("hoy a las 14:00") && said.contains("600112678"),
        "{said}"
    );
    taps(&mut ana, &read_back, "Sí").await;
    let said = ana.hears().await;
    assert!(said.contains("hoy a las 14:00, al ···678"), "{said}");
    let promise = ana.sees("promise").await["event"].clone();
    let hour = "te llamamos el martes 24 de noviembre a las 14:00 (hora de Madrid), al ···678";
    let case = promise["case"].as_str().unwrap().to_owned();
    assert_eq!(promise["told"], format!("Caso {case}: {hour}"));
    // Hidden where the whole of it is not needed, it is hidden everywhere.
    assert!(promise["what"].is_null(), "{promise}");
    let receipt = promise["receipt"].as_str().unwrap();
    let (status, page) = get(&house, receipt).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains(
            "Te llamamos el martes 24 de noviembre a las 14:00 (hora de Madrid), al ···678"
        ),
        "{page}"
    );
    assert!(
        !page.contains("Plazo") && !page.contains("600112678"),
        "{page}"
    );

    house.clock.advance(7 * HOUR);
    let mut marta = house.agent("Marta").await;
    let desk = marta
        .sees_desk_now(|desk| !desk["messages"].as_array().unwrap().is_empty())
        .await;
    let item = desk["messages"][0].clone();
    assert_eq!(item["promise"]["kind"], "call_back");
    assert_eq!(item["promise"]["by"], promise["by"]);
    let page = marta.opens(&item["conversation"]).await;
    let card = &page["card"]["promises"][0];
    // Whoever calls needs the whole number, and the hour by the visitor's clock.
    assert_eq!(
        card["what"],
        "Llamada al 600112678, el martes 24 de noviembre a las 14:00 (hora de Madrid)"
    );
    // A quarter of an hour before, whoever shall call is reminded; at the hour itself nothing is late yet.
    house.clock.advance(4 * HOUR + 45 * MINUTE);
    marta.sees("promise_warned").await;
    house.clock.advance(20 * MINUTE);
    let item = marta
        .sees_desk(|desk| desk["messages"][0]["seq"].as_u64() > item["seq"].as_u64())
        .await["messages"][0]
        .clone();
    assert_eq!(item["promise"]["late"], false);
    marta.takes(&item).await;
    let moved = json!({
        "type": "move_promise", "conversation": item["conversation"], "case": promise["case"],
        "by": promise["by"].as_i64().unwrap() + HOUR,
    });
    assert_eq!(marta.acts(moved).await["type"], "ack");
    let moved = ana.sees("promise_moved").await;
    assert_eq!(
        moved["event"]["told"],
        format!(
            "Caso {case}: cambia la hora. Te llamamos el martes 24 de noviembre a las 15:00 (hora de Madrid)"
        )
    );
    let kept = json!({"type": "keep_promise", "conversation": item["conversation"], "case": promise["case"]});
    assert_eq!(marta.acts(kept).await["type"], "ack");
    let done = ana.sees("promise_kept").await;
    assert_eq!(done["event"]["told"], format!("Caso {case}: llamada hecha"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_nobody_makes_is_late_and_said() {
    let house = house().await;
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    // Asked for in words, in the place of a message; the hour in words too.
    assert!(ana.asks("¿me pueden llamar?").await.contains("teléfono"));
    ana.asks("600112678").await;
    let again = ana.asks("hoy a las 23:00").await;
    assert!(again.contains("no hay llamadas"), "{again}");
    let read_back = ana.asks("mejor mañana a las 10 y media").await;
    assert!(read_back.contains("mañana a las 10:30"), "{read_back}");
    // A word of their own changes the hour, and the number.
    let read_back = ana.asks("no, a las 11").await;
    assert!(read_back.contains("hoy a las 11:00"), "{read_back}");
    let read_back = ana.asks("el 600 999 123").await;
    assert!(
        read_back.contains("600999123") && read_back.contains("hoy a las 11:00"),
        "{read_back}"
    );
    ana.asks("sí").await;
    let promise = ana.sees("promise").await["event"].clone();
    house.clock.advance(9 * HOUR + 15 * MINUTE);
    let late = ana.sees("promise_late").await["event"].clone();
    assert_eq!(late["case"], promise["case"]);
    assert!(
        late["told"]
            .as_str()
            .unwrap()
            .contains("la llamada no llegó a su hora"),
        "{late}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_long_may_be_called_and_keeps_the_case() {
    let mut house = house().await;
    house.team(|team| {
        team.queue = QueueRules {
            offer_minutes: Some(3),
            ..QueueRules::default()
        }
    });
    let mut marta = house.agent("Marta").await;
    let mut ana = house
        .visitor_with(json!({"type": "hello", "lang": "en"}))
        .await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
    house.clock.advance(3 * MINUTE);
    let notice = ana.sees("notice").await;
    taps(&mut ana, &notice, "Have somebody call me").await;
    // Whoever does not pick an hour is owed an answer all the same.
    let message = ana.sees("promise").await["event"].clone();
    assert!(ana.hears().await.contains("phone number"));
    ana.says("+44 7700 900 678").await;
    let hours = ana.sees("bot").await;
    taps(&mut ana, &hours, "Today at 12:00").await;
    ana.hears().await;
    let said = ana.asks("yes").await;
    assert!(said.contains("today at 12:00, on ···678"), "{said}");
    let call = ana.sees("promise").await["event"].clone();
    assert_eq!(call["case"], message["case"], "one matter, one number");
    let told = call["told"].as_str().unwrap();
    assert!(
        told.ends_with("we will call you on Monday 23 November at 12:00 (Madrid time), on ···678"),
        "{told}"
    );
    let desk = marta
        .sees_desk(|desk| desk["messages"][0]["promise"]["kind"] == "call_back")
        .await;
    let item = desk["messages"][0].clone();
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(page["card"]["promises"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_team_that_does_not_call_does_not_offer_it() {
    let house = house().await;
    house.team(|team| team.callback = false);
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let asked = ana.sees("bot").await;
    assert!(titles(&asked).is_empty(), "{asked}");
    ana.says("Me llegó el hervidor roto").await;
    let promise = ana.sees("promise").await;
    assert!(promise["event"]["what"].is_null());

    house.team(|team| {
        team.callback = true;
        team.hours.clear();
    });
    let mut eva = house.visitor().await;
    eva.acts(json!({"type": "ask_person"})).await;
    let asked = eva.sees("bot").await;
    assert!(titles(&asked).is_empty(), "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_is_erased_with_the_conversation() {
    let mut house = house().await;
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    let asked = ana.sees("bot").await;
    taps(&mut ana, &asked, "Que me llamen").await;
    ana.hears().await;
    ana.asks("600112678").await;
    ana.asks("cuanto antes").await;
    ana.asks("sí").await;
    let case = ana.sees("promise").await["event"]["case"].clone();
    let id = ana.welcome["conversation"].clone();
    let mut marta = house.agent("Marta").await;
    assert!(marta.opens(&id).await.to_string().contains("600112678"));
    let request = Request::Erase {
        conversation: case.as_str().unwrap().to_owned(),
    };
    ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    ana.frame("welcome").await;
    let page = marta.frame("page").await;
    assert!(!page.to_string().contains("600112678"), "{page}");
    // Nor its last figures, as the case names it.
    assert!(!page.to_string().contains("···678"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_tells_of_the_hour_of_a_call_and_of_no_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    house.clock.advance(UNTIL_NIGHT);
    let mut ana = house.visitor().await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("¿me pueden llamar?").await;
    ana.asks("600112678").await;
    ana.asks("hoy a las 11").await;
    ana.asks("sí").await;
    let promise = ana.sees("promise").await["event"].clone();
    let case = promise["case"].as_str().unwrap().to_owned();
    // The address is asked for where it is wanted.
    ana.acts(json!({"type": "mail", "case": case, "to": "ana@example.org"}))
        .await;
    let receipt = letters(&house, &folder, 1).await.remove(0);
    let call = "Te llamamos el martes 24 de noviembre a las 11:00 (hora de Madrid), al ···678";
    assert!(receipt.text.contains(call), "{receipt:?}");
    assert!(!receipt.text.contains("Plazo"), "{receipt:?}");
    leaves(&house, ana, 0).await;
    house.clock.advance(9 * HOUR + 16 * MINUTE);
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let late = letters(&house, &folder, 2).await.remove(1);
    assert_eq!(late.subject, "Mareas: la llamada no llegó a su hora");
    assert!(
        late.text
            .contains("era el martes 24 de noviembre a las 11:00 (hora de Madrid)"),
        "{late:?}"
    );
    let (status, page) = post(&house, &late.link("c")).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains(call) && page.contains("la llamada no llegó a su hora"),
        "{page}"
    );
    let mut marta = house.agent("Marta").await;
    let item = marta
        .sees_desk_now(|desk| !desk["messages"].as_array().unwrap().is_empty())
        .await["messages"][0]
        .clone();
    marta.takes(&item).await;
    let by = promise["by"].as_i64().unwrap() + 2 * HOUR;
    let moved = json!({"type": "move_promise", "conversation": item["conversation"], "case": case, "by": by});
    assert_eq!(marta.acts(moved).await["type"], "ack");
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(MINUTE);
    let moved = letters(&house, &folder, 3).await.remove(2);
    assert_eq!(moved.subject, "Mareas: nueva hora para la llamada");
    assert!(
        moved
            .text
            .contains("Te llamamos el martes 24 de noviembre a las 13:00 (hora de Madrid)"),
        "{moved:?}"
    );
}
