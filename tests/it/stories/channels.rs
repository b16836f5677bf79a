//! The REST channel, health, metrics.

use serde_json::{Value, json};

use super::support::House;

async fn post(house: &House, body: &Value) -> (u16, Value) {
    let response = reqwest::Client::new()
        .post(house.url("/webhooks/rest/webhook"))
        .json(body)
        .send()
        .await
        .unwrap();
    (
        response.status().as_u16(),
        response.json().await.unwrap_or(Value::Null),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_talks_as_to_rasa() {
    let mut house = House::open().await;
    let mut marta = house.agent("Marta").await;
    let (status, said) = post(
        &house,
        &json!({"sender": "54911", "message": "¿a qué hora abren?"}),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(said[0]["recipient_id"], "54911");
    assert!(said[0]["text"].as_str().unwrap().contains("9 a 19"));
    let (_, said) = post(
        &house,
        &json!({"sender": "54911", "message": "quiero hablar con una persona"}),
    )
    .await;
    assert!(!said.as_array().unwrap().is_empty());
    let item = marta.sees_waiting().await;
    marta.takes(&item).await;
    marta
        .replies(&item["conversation"], "Hola, soy Marta.")
        .await;
    // What the agent wrote comes with the sender's next message.
    let (_, said) = post(
        &house,
        &json!({"sender": "54911", "message": "¿hay alguien?"}),
    )
    .await;
    assert_eq!(
        said.as_array().unwrap().last().unwrap()["text"],
        "Hola, soy Marta."
    );
    let act = json!({"sender": "54911", "message": "gracias", "metadata": {"message_id": "m-1"}});
    post(&house, &act).await;
    assert_eq!(
        post(&house, &act).await.0,
        200,
        "a repeated request is the same act"
    );
    assert_eq!(
        post(&house, &json!({"sender": "", "message": "x"})).await.0,
        400
    );
    assert_eq!(post(&house, &json!({"sender": "x"})).await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_metrics_tell_the_truth() {
    let house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    let get = async |path: &str| reqwest::get(house.url(path)).await.unwrap();
    assert_eq!(get("/healthz").await.status(), 200);
    assert_eq!(get("/readyz").await.status(), 200);
    let metrics = get("/metrics").await.text().await.unwrap();
    for line in [
        "ventanilla_visitor_messages_total 1",
        "ventanilla_bot_answers_total 1",
        "ventanilla_sockets 1",
        "ventanilla_store_ready 1",
    ] {
        assert!(
            metrics.lines().any(|have| have == line),
            "{line} in\n{metrics}"
        );
    }
    assert_eq!(get("/nowhere").await.status(), 404);
}
