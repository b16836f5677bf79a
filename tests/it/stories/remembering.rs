//! What is kept from one visit to the next, and what is said before anybody asks.

use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};

use super::client::Visitor;
use super::merge_kit::{HOUR, shows};
use super::support::{House, learn_also};
use crate::orders::Orders;

const TABLE: &str = "¿qué medida de mesa me conviene?";
const PROPOSED: &str = "¿Uso la medida de la otra vez (grande)?";

async fn open(orders: &Orders) -> House {
    let house = House::with_orders_configured(&orders.url, |config| config.limits.pause_ms = 0);
    let house = house.await;
    house.teach(learn_also(&orders.url, Some("kept")));
    house
}

/// The visitor gives their size and says yes to keeping it; then they go, and come back some hours later.
async fn keeps(house: &House, visitor: &mut Visitor) {
    let heard = visitor.asks(TABLE).await;
    assert!(heard.contains("¿Pequeña o grande?"), "{heard}");
    let heard = visitor.asks("grande").await;
    assert!(heard.contains("¿Recuerdo la medida (grande)"), "{heard}");
    let heard = visitor.asks("sí").await;
    assert!(heard.contains("Hecho."), "{heard}");
    ends(house, visitor).await;
}

async fn ends(house: &House, visitor: &mut Visitor) {
    visitor.acts(json!({"type": "end"})).await;
    visitor.sees("closed").await;
    house.clock.advance(HOUR);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_is_proposed_after_a_restart_shown_forgotten_and_erased() {
    let orders = Orders::serve();
    let house = open(&orders).await;
    let mut ana = house.visitor().await;
    keeps(&house, &mut ana).await;
    let mut house = house.restarts().await;
    house.teach(learn_also(&orders.url, Some("kept")));
    let mut marta = house.agent("Marta").await;

    let mut ana = house.again(&ana).await;
    assert_eq!(ana.asks(TABLE).await, PROPOSED);
    assert_eq!(ana.asks("sí").await, "La mesa grande cabe.");
    // Whoever helps sees it.
    let page = marta.opens(&ana.welcome["conversation"].clone()).await;
    let card = &page["card"];
    let label = card["called"]["remembered-table"].as_str().unwrap();
    assert!(label.contains("Medida"), "{label}");
    assert!(page["card"]["data"].to_string().contains("large"), "{card}");
    // Somebody else hears nothing of it.
    let mut eva = house.visitor().await;
    assert_eq!(eva.asks(TABLE).await, "¿Pequeña o grande?");

    // Shown, and forgotten with a tap.
    ana.says("¿Qué sabes de mí?").await;
    let shown = ana.sees("bot").await;
    assert!(shown.to_string().contains("- la medida: grande"), "{shown}");
    assert_eq!(shown["event"]["choices"], json!(["Olvidar la medida"]));
    ana.acts(json!({"type": "choose", "of": shown["seq"], "option": 0}))
        .await;
    assert_eq!(ana.hears().await, "Hecho: ya no se recuerda la medida.");
    ends(&house, &mut ana).await;
    assert_eq!(ana.asks(TABLE).await, "¿Pequeña o grande?");

    // Erasure takes it along.
    eva.asks("cancelar").await;
    ends(&house, &mut eva).await;
    keeps(&house, &mut eva).await;
    let conversation = eva.welcome["conversation"].as_str().unwrap().to_owned();
    let request = Request::Erase { conversation };
    let erased: Value = ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    assert!(erased["conversation"].is_string());
    eva.frame("welcome").await;
    eva.sees("erased").await;
    let heard = eva.asks("¿Qué recuerdas de mí?").await;
    assert!(heard.starts_with("No se recuerda nada"), "{heard}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_follows_who_proves_to_be_the_same_person_and_is_forgotten_in_both_places() {
    let orders = Orders::serve();
    let house = open(&orders).await;
    let mut phone = house.visitor().await;
    shows(&mut phone).await;
    keeps(&house, &mut phone).await;

    let mut laptop = house.visitor().await;
    assert_eq!(laptop.asks(TABLE).await, "¿Pequeña o grande?");
    laptop.asks("cancelar").await;
    shows(&mut laptop).await;
    assert_eq!(laptop.asks(TABLE).await, PROPOSED);
    laptop.asks("sí").await;
    let heard = laptop.asks("olvida la medida").await;
    assert!(heard.contains("ya no se recuerda la medida"), "{heard}");
    // On the phone it is gone too, once what was done here has arrived there.
    loop {
        let heard = phone.asks("¿Qué recuerdas de mí?").await;
        if heard.starts_with("No se recuerda nada") {
            break;
        }
    }
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proactive_message_is_for_its_pages_and_the_first_thing_said_when_it_is_tapped() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    house.sign_up("Marta", "agent").await;
    let admin = house
        .sign_in("jefa@mareas.example", "una frase bastante larga")
        .await;
    let http = reqwest::Client::new();
    let at = |page: &str| house.url(&format!("/v1/visitor/invites?site=es&lang=es&page={page}"));
    let shown = async |page: &str| -> Value {
        let answer = http.get(at(page)).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["invites"].clone()
    };
    assert_eq!(shown("/chairs").await, json!([]));
    let card = shown("/tables/oak").await[0].clone();
    assert_eq!(
        (&card["id"], &card["text"], &card["after"]),
        (
            &json!("table_help"),
            &json!("¿Ayuda para elegir mesa?"),
            &json!(20)
        )
    );
    for became in ["shown", "shown", "opened"] {
        let told = house.url(&format!(
            "/v1/visitor/invites?site=es&invite=table_help&became={became}"
        ));
        let told = http.post(told).send().await.unwrap();
        assert_eq!(told.status(), 204);
    }
    let none = house.url("/v1/visitor/invites?site=es&invite=nothing&became=shown");
    assert_eq!(http.post(none).send().await.unwrap().status(), 404);

    let hello = json!({"type": "hello", "invite": "table_help"});
    let mut ana = house.visitor_with(hello).await;
    let welcome = ana.welcome.to_string();
    assert!(welcome.contains("¿Ayuda para elegir mesa?"), "{welcome}");
    ana.acts(json!({"type": "choose", "of": 0, "option": 0}))
        .await;
    assert_eq!(ana.hears().await, "¿Pequeña o grande?");
    let counted = admin.get(&house, "/v1/insights/invites").await;
    assert_eq!(
        counted["invites"],
        json!([{"site": "es", "invite": "table_help", "shown": 2, "opened": 1, "dismissed": 0}])
    );
    orders.stop().await;
}
