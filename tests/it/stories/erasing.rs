//! The operator erases a conversation: screens that show it forget it at once.

use serde_json::json;
use ventanilla::admin_socket::{Request, ask};

use super::support::House;

async fn erase(house: &House, conversation: &str) -> anyhow::Result<serde_json::Value> {
    let request = Request::Erase {
        conversation: conversation.to_owned(),
    };
    ask(&house.config, request, &mut tokio::io::sink()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_conversation_is_gone_from_every_screen() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    ana.asks("soy Ana Quiroga, ¿a qué hora abren?").await;
    ana.acts(json!({"type": "ask_person"})).await;
    ana.sees("queued").await;
    ana.acts(json!({"type": "leave_message"})).await;
    let case = ana.sees("promise").await["event"]["case"].clone();
    ana.hears().await;
    let id = ana.welcome["conversation"].clone();
    let page = marta.opens(&id).await;
    assert!(page.to_string().contains("Quiroga"));

    assert!(erase(&house, "M-0000-00").await.is_err());
    let done = erase(&house, case.as_str().unwrap()).await.unwrap();
    assert_eq!(done["conversation"], id);

    let again = ana.frame("welcome").await;
    assert_eq!(again["recovered"], false, "what it had is to be forgotten");
    ana.sees("erased").await;
    let page = marta.frame("page").await;
    assert!(!page.to_string().contains("Quiroga"), "{page}");
    // The conversation goes on.
    let heard = ana.asks("¿a qué hora abren?").await;
    assert!(heard.contains("9 a 19"), "{heard}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_opinion_keeps_its_tap_only() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    house.sign_up("Marta", "agent").await;
    let admin = house
        .sign_in("jefa@mareas.example", "una frase bastante larga")
        .await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    ana.acts(json!({"type": "end"})).await;
    let question = ana.sees("closed").await["event"]["question"]["id"].clone();
    ana.acts(json!({"type": "rate", "question": question, "tap": 0}))
        .await;
    ana.acts(json!({"type": "rate", "question": question, "text": "soy Ana Quiroga"}))
        .await;
    let told = admin.get(&house, "/v1/feedback").await;
    assert_eq!(told["answers"][0]["text"], "soy Ana Quiroga");
    let id = ana.welcome["conversation"].as_str().unwrap().to_owned();
    erase(&house, &id).await.unwrap();
    ana.frame("welcome").await;
    loop {
        let told = admin.get(&house, "/v1/feedback").await;
        if told["answers"][0]["text"].is_null() {
            assert_eq!(told["answers"].as_array().unwrap().len(), 1);
            break;
        }
        tokio::task::yield_now().await;
    }
}
