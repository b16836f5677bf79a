//! A trouble that many have: told before they ask, in every answer that it touches, to who is here within a second, and its end to all concerned.

use serde_json::{Value, json};

use ventanilla::topics::Notice;

use super::mail_kit::{HOUR, MINUTE, leaves, letters, with_orders};
use super::mail_news::has_left_an_address;
use super::support::{House, MONDAY, Signed, Visitor, words};
use crate::orders::Orders;

fn text(es: &str, en: &str) -> Value {
    json!({"es": es, "en": en})
}

/// A notice about the order topic of the stories' catalogue.
fn late(id: &str) -> Value {
    json!({
        "id": id, "state": "open", "topics": ["where_is_my_order"],
        "title": text("Demoras en las entregas", "Deliveries are late"),
        "apology": text("Pedimos disculpas.", "We apologise."),
        "happens": text("Las entregas llegan tarde.", "Deliveries arrive late."),
        "workaround": text("No hace falta hacer nada.", "You need not do anything."),
        "next_update": MONDAY.plus(HOUR),
    })
}

async fn put(house: &House, who: &Signed, id: &str, body: &Value) -> (u16, Value) {
    let request = who
        .http
        .put(house.url(&format!("/v1/notices/{id}")))
        .header("cookie", &who.cookie)
        .header("x-csrf-token", &who.csrf);
    let response = request.json(body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

async fn post(house: &House, who: &Signed, notice: &Value) {
    let id = notice["id"].as_str().unwrap();
    let (status, why) = put(house, who, id, &json!({"notice": notice})).await;
    assert_eq!(status, 204, "{why}");
}

/// The only notice that a visitor is shown.
async fn shown(visitor: &mut Visitor) -> Value {
    let frame = visitor.frame("notices").await;
    let notices = frame["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 1, "{frame}");
    notices[0].clone()
}

async fn open() -> House {
    House::configured(|config| config.limits.pause_ms = 0).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_seen_before_typing_and_comes_before_the_answers_that_it_covers() {
    let mut house = open().await;
    let lead = house.sign_up("Lía", "lead").await;
    let mut here = house.visitor().await;
    let heard = here.asks("¿a qué hora abren?").await;
    assert!(!heard.contains("tarde"), "{heard}");
    let mut notice = late("n1");
    notice["topics"] = json!(["opening_hours"]);
    post(&house, &lead, &notice).await;
    // Who is here already, and who comes, in their language.
    let card = shown(&mut here).await;
    assert_eq!(card["title"], "Demoras en las entregas");
    assert_eq!(card["texts"][3], "Próxima novedad: hoy a las 12:00.");
    let mut ben = house
        .visitor_with(json!({"type": "hello", "lang": "en"}))
        .await;
    let card = shown(&mut ben).await;
    assert_eq!(card["texts"][1], "Deliveries arrive late.");
    assert_eq!(card["follow"], "Tell me when it is fixed");
    // Not before what it does not cover; in full before what it covers, then in a line.
    let heard = here.asks("¿dónde está mi pedido?").await;
    assert!(!heard.contains("tarde"), "{heard}");
    let heard = here.asks("¿a qué hora abren?").await;
    assert!(
        heard.starts_with("Pedimos disculpas. Las entregas llegan tarde."),
        "{heard}"
    );
    here.asks("quiero saber dónde está mi pedido").await;
    let heard = here.asks("¿a qué hora abren?").await;
    assert!(
        heard.starts_with("Demoras en las entregas: seguimos"),
        "{heard}"
    );
    // A changed one is told in full again.
    let book = lead.get(&house, "/v1/notices").await;
    let mut changed = book["notices"][0]["notice"].clone();
    changed["happens"]["es"] = json!("Las entregas llegan mañana.");
    let stale = json!({"notice": changed});
    assert_eq!(put(&house, &lead, "n1", &stale).await.0, 409);
    let seen = json!({"notice": changed, "seen": book["notices"][0]["changed_at"]});
    assert_eq!(put(&house, &lead, "n1", &seen).await.0, 204);
    let card = shown(&mut here).await;
    assert_eq!(card["texts"][1], "Las entregas llegan mañana.");
    // Nobody is asked how it went meanwhile.
    here.acts(json!({"type": "end"})).await;
    let closed = here.sees("closed").await;
    assert!(closed["event"]["question"]["put"].is_null(), "{closed}");
    // An agent posts nothing, and half a notice is none.
    let ana = house.sign_up("Ana", "agent").await;
    assert_eq!(
        put(&house, &ana, "n2", &json!({"notice": late("n2")}))
            .await
            .0,
        403
    );
    let mut half = late("n2");
    half["apology"] = json!({"es": "Perdón."});
    let (status, why) = put(&house, &lead, "n2", &json!({"notice": half})).await;
    assert_eq!(
        (status, why["message"].as_str()),
        (400, Some("`apology` is missing in en"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_end_is_told_once_to_who_follows_it_and_to_who_asked() {
    let mut house = open().await;
    let lead = house.sign_up("Lía", "lead").await;
    // Asked too long ago, asked in time, follows, does neither.
    let mut old = house.visitor().await;
    old.asks("¿dónde está mi pedido?").await;
    house.clock.advance(7 * HOUR);
    let mut asked = house.visitor().await;
    asked.asks("¿dónde está mi pedido?").await;
    house.clock.advance(HOUR);
    let mut notice = late("n1");
    notice["next_update"] = json!(MONDAY.plus(9 * HOUR));
    post(&house, &lead, &notice).await;
    let mut follows = house.visitor().await;
    let card = shown(&mut follows).await;
    follows
        .acts(json!({"type": "follow", "notice": card["id"]}))
        .await;
    let noted = follows.sees("followed").await;
    assert_eq!(
        noted["event"]["told"],
        "Aquí mismo avisamos cuando se resuelva."
    );
    let card = shown(&mut follows).await;
    assert!(card["follow"].is_null(), "{card}");
    let mut other = house.visitor().await;
    other.asks("¿a qué hora abren?").await;
    assert_eq!(
        follows
            .tries(json!({"type": "follow", "notice": "n9"}))
            .await["code"],
        "not_found"
    );

    // The update is late: the lead is reminded, the visitor is not told a time that has passed.
    house.clock.advance(HOUR);
    let book = lead.get(&house, "/v1/notices").await;
    let row = &book["notices"][0];
    assert_eq!(
        (&row["overdue"], &row["mine"], &row["followers"]),
        (&json!(true), &json!(true), &json!(1))
    );

    // The server ends at once behind the word "fixed".
    lead.post(&house, "/v1/notices/n1/fixed", &json!({})).await;
    let house = house.restarts().await;
    for who in [&follows, &asked] {
        let mut again = house.again(who).await;
        let told = again.sees("notice").await;
        assert_eq!(
            words(&told),
            "Ya está resuelto: Demoras en las entregas. Gracias por la paciencia."
        );
    }
    let lead = house
        .sign_in("lía@mareas.example", "una frase bastante larga")
        .await;
    let book = lead.get(&house, "/v1/notices").await;
    assert_eq!(book["notices"][0]["told"], 2, "{book}");
    // Once, also after another restart; and nobody else.
    lead.post(&house, "/v1/notices/n1/fixed", &json!({})).await;
    let house = house.restarts().await;
    let mut count = Vec::new();
    for who in [&old, &asked, &follows, &other] {
        let mut fresh = house
            .visitor_with(json!({"type": "hello", "token": who.token}))
            .await;
        fresh
            .acts(json!({"type": "say", "text": "¿a qué hora abren?"}))
            .await;
        let mut told = 0;
        loop {
            let event = fresh.frame("event").await;
            told += usize::from(event["event"]["kind"] == "notice");
            if event["seq"].as_u64() > fresh.welcome["seq"].as_u64()
                && event["event"]["kind"] == "bot"
            {
                break;
            }
        }
        count.push(told);
    }
    assert_eq!(count, [0, 1, 1, 0]);
    // It holds no longer: nothing comes before an answer.
    let mut ana = house.visitor().await;
    let heard = ana.asks("¿dónde está mi pedido?").await;
    assert!(!heard.contains("Pedimos disculpas"), "{heard}");
}

/// A file of `notices/` with this notice, and none beside it.
fn file(house: &House, state: &str) {
    let mut notice = late("n1");
    notice["state"] = json!(state);
    let notice: Notice = serde_json::from_value(notice).unwrap();
    house.files(|catalog| {
        catalog.notices = [(notice.id.clone(), notice)].into();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_saved_is_in_open_chats_and_its_end_goes_by_mail_in_the_morning() {
    let folder = tempfile::tempdir().unwrap();
    let orders = Orders::serve();
    let mut house = with_orders(&orders, &folder).await;
    let mut ana = has_left_an_address(&mut house).await;
    let lead = house.sign_up("Lía", "lead").await;
    file(&house, "open");
    assert_eq!(shown(&mut ana).await["title"], "Demoras en las entregas");
    leaves(&house, ana, 0).await;
    // Fixed at night: nobody is woken up.
    house.clock.advance(11 * HOUR);
    file(&house, "fixed");
    while lead.get(&house, "/v1/notices").await["notices"][0]["told"] != 1 {}
    house.clock.advance(10 * HOUR);
    house.until_metric("mails_sent", 0).await;
    house.clock.advance(HOUR);
    // However many tries it takes to tell it: the next comes after ten seconds, and the mail a minute behind.
    let sent = || std::fs::read_dir(folder.path()).unwrap().next().is_some();
    for _ in 0..60 {
        house.clock.advance(MINUTE / 4);
        for _ in 0..60 {
            if !sent() {
                reqwest::get(house.url("/healthz")).await.unwrap();
            }
        }
    }
    let letter = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(letter.to, "ana@example.org");
    assert!(
        letter
            .text
            .contains("Ya está resuelto: Demoras en las entregas."),
        "{letter:?}"
    );
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_the_same_within_minutes_propose_a_notice_until_one_covers_it() {
    let mut house = open().await;
    let lead = house.sign_up("Lía", "lead").await;
    for person in 0..9 {
        let mut visitor = house.visitor().await;
        visitor.asks("¿dónde está mi pedido?").await;
        if person < 2 {
            let book = lead.get(&house, "/v1/notices").await;
            assert_eq!(book["smoke"], json!([]), "{book}");
        }
    }
    // On its first day the shop expects nothing in particular: one in an hour, and it may be far off. So it takes more than nine.
    let mut smoke = json!([]);
    for _ in 0..16 {
        smoke = lead.get(&house, "/v1/notices").await["smoke"].clone();
        if smoke != json!([]) {
            break;
        }
        let mut visitor = house.visitor().await;
        visitor.asks("¿dónde está mi pedido?").await;
    }
    assert_eq!(smoke[0]["topic"], "where_is_my_order", "{smoke}");
    let together = smoke[0]["conversations"].as_array().unwrap().len();
    assert_eq!(json!(together), smoke[0]["count"]);
    post(&house, &lead, &late("n1")).await;
    let book = lead.get(&house, "/v1/notices").await;
    assert_eq!(book["smoke"], json!([]), "{book}");
}
