//! What agents need not write anew.

use serde_json::{Value, json};

use super::support::{House, Signed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leads_keep_canned_replies_and_agents_read_them_and_what_a_topic_answers() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let agent = house.sign_up("Marta", "agent").await;
    let lead = house.sign_up("Elena", "lead").await;
    let put = async |who: &Signed, short: &str, body: Value| {
        who.http
            .put(house.url(&format!("/v1/canned/{short}")))
            .header("cookie", &who.cookie)
            .header("x-csrf-token", &who.csrf)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    let hello = json!({"lang": "es", "title": "Saludo", "text": " Hola {visitor}. "});
    assert_eq!(put(&agent, "hola", hello.clone()).await, 403);
    assert_eq!(put(&lead, "Dos%20palabras", hello.clone()).await, 400);
    assert_eq!(
        put(
            &lead,
            "hola",
            json!({"lang": "es", "title": "", "text": "x"})
        )
        .await,
        400
    );
    assert_eq!(put(&lead, "hola", hello).await, 204);
    let shorter = json!({"lang": "es", "title": "Saludo", "text": "Hola."});
    assert_eq!(put(&lead, "hola", shorter).await, 204);
    let english = json!({"lang": "en-GB", "title": "Bye", "text": "Bye."});
    assert_eq!(put(&lead, "bye", english).await, 204);
    let read = agent.get(&house, "/v1/canned?lang=es-AR").await;
    assert_eq!(
        read,
        json!([
            {"short": "bye", "lang": "en", "title": "Bye", "text": "Bye."},
            {"short": "hola", "lang": "es", "title": "Saludo", "text": "Hola."},
        ])
    );
    let remove = async |lang: &str| {
        lead.http
            .delete(house.url(&format!("/v1/canned/hola?lang={lang}")))
            .header("cookie", &lead.cookie)
            .header("x-csrf-token", &lead.csrf)
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(remove("en").await, 404);
    assert_eq!(remove("es").await, 204);
    let left = agent.get(&house, "/v1/canned").await;
    assert_eq!(left.as_array().unwrap().len(), 1);

    let path = "/v1/answers?topic=opening_hours&site=es&lang=es&style=fast";
    let answer = agent.get(&house, path).await;
    assert!(!answer["text"].as_str().unwrap().is_empty(), "{answer}");
    assert!(!answer["title"].as_str().unwrap().is_empty(), "{answer}");

    // The card says whether there is one.
    let mut ana = house.visitor().await;
    ana.asks("¿qué horario tienen?").await;
    let mut marta = house.console(agent).await;
    let page = marta.opens(&ana.welcome["conversation"]).await;
    assert_eq!(page["card"]["topic"], "opening_hours");
    assert_eq!(page["card"]["own_answer"], true);
}
