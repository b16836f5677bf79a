//! An address that nobody has left yet: asked for where something is wanted by mail.

use serde_json::json;

use super::mail_kit::{HOUR, leaves, letters, takes_the_message, with_folder};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_left_no_address_gives_it_with_the_wish_and_is_answered_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let mut ana = house.visitor().await;
    assert_eq!(ana.welcome["site"]["mails"], true);
    ana.acts(json!({"type": "ask_person"})).await;
    ana.hears().await;
    ana.asks("Me llegó el hervidor roto").await;
    let case = ana.sees("promise").await["event"]["case"].clone();
    ana.asks("omitir").await;
    for (id, to, why) in [
        ("m-1", None, "no_address"),
        ("m-2", Some("ana@example"), "bad_address"),
        (
            "m-3",
            Some("ana@example.org, luis@example.org"),
            "bad_address",
        ),
    ] {
        let mut mail = json!({"type": "mail", "id": id, "case": case});
        if let Some(to) = to {
            mail["to"] = json!(to);
        }
        ana.send(mail).await;
        assert_eq!(ana.frame("error").await["code"], why, "{to:?}");
    }
    ana.acts(json!({"type": "mail", "case": case, "to": " ana@example.org "}))
        .await;
    ana.sees("mail_asked").await;
    let receipt = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(receipt.to, "ana@example.org");
    // From now on it is known, and whoever answers sees it.
    house.clock.advance(1);
    ana.acts(json!({"type": "mail"})).await;
    assert_eq!(letters(&house, &folder, 2).await[1].to, "ana@example.org");
    leaves(&house, ana, 0).await;
    let mut marta = house.agent("Marta").await;
    let conversation = takes_the_message(&mut marta).await;
    let page = marta.opens(&conversation).await;
    assert_eq!(page["card"]["contact"], "ana@example.org");
    marta.replies(&conversation, "Va otro hoy mismo.").await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(HOUR);
    let answer = letters(&house, &folder, 3).await.remove(2);
    assert_eq!(answer.to, "ana@example.org");
}
