//! Two conversations of one person that are one now: what was said in the other half is read where it goes on, by whom, and for how long.

use serde_json::{Value, json};
use ventanilla::accounts::{VisitorPass, VisitorTokens};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::config::MailConfig;
use ventanilla::ids::Follows;

use super::client::{Visitor, words};
use super::mail_kit::letters;
use super::merge_kit::{
    MAIL, Two, id, led_to, lent, merged, open, proven, secret, shows, taken, two,
};
use super::support::{House, Signed};
use crate::orders::Orders;

const THERE: &str = "y además llegó abierto";

/// The lines of the other half, as the notice of the merge brings them.
async fn half(visitor: &mut Visitor) -> Vec<Value> {
    loop {
        let notice = visitor.sees("notice").await;
        if words(&notice).contains("la unimos con esta") {
            return notice["event"]["joined"]
                .as_array()
                .cloned()
                .unwrap_or_default();
        }
    }
}

fn texts(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line["text"].as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_in_the_other_half_is_read_where_it_goes_on_in_order_and_marked() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    two.laptop.says(THERE).await;
    merged(&mut marta, &two).await;

    let lines = half(&mut two.phone).await;
    assert_eq!(
        (&lines[0]["by"], &lines[0]["text"]),
        (&json!("note"), &json!("Desde la otra conversación"))
    );
    let said = texts(&lines);
    let place = |words: &str| {
        let found = said.iter().position(|text| text.contains(words));
        found.unwrap_or_else(|| panic!("{words}: {said:?}"))
    };
    let order = [
        place("¿dónde está mi pedido 1000007?"),
        place(MAIL),
        place("Viene con demora"),
        place(THERE),
    ];
    assert!(order.is_sorted(), "{said:?}");
    let mine = &lines[place(THERE)];
    assert_eq!(
        (&mine["by"], &mine["name"]),
        (&json!("visitor"), &json!("Yo"))
    );
    let bot = &lines[place("Viene con demora")];
    assert_eq!((&bot["by"], &bot["name"]), (&json!("bot"), &json!("Mara")));

    // The device that was led on finds its own words there, and so does one that comes back.
    led_to(&mut two.laptop, &two.here).await;
    assert_eq!(half(&mut two.laptop).await, lines);
    let anew = json!({"type": "hello", "token": two.phone.token});
    let mut back = house.visitor_with(anew).await;
    assert_eq!(half(&mut back).await, lines);

    // Whoever came by a link from a mail has shown nothing.
    let tokens = VisitorTokens::new(secret(&house, "visitor_tokens").await);
    let mailed = VisitorPass {
        conversation: two.here.as_str().unwrap().parse().unwrap(),
        follows: Follows::Never,
    };
    let hello = json!({"type": "hello", "token": tokens.issue(mailed, "es")});
    let mut by_mail = house.visitor_with(hello).await;
    assert_eq!(half(&mut by_mail).await, Vec::<Value>::new());

    // Erased there, it is gone here, also from the screens.
    let conversation = two.there.as_str().unwrap().to_owned();
    let request = Request::Erase { conversation };
    ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    two.phone.frame("welcome").await;
    assert_eq!(half(&mut two.phone).await, Vec::<Value>::new());
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_they_are_parted_the_words_of_the_other_half_leave_the_screen() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    two.laptop.says(THERE).await;
    merged(&mut marta, &two).await;
    assert!(texts(&half(&mut two.phone).await).contains(&THERE));
    let apart = json!({"type": "unmerge", "conversation": two.there});
    assert_eq!(marta.acts(apart).await["type"], "ack");
    let welcome = two.phone.frame("welcome").await;
    assert_eq!(welcome["recovered"], false);
    assert_eq!(half(&mut two.phone).await, Vec::<Value>::new());
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_wrote_on_that_device_before_is_not_in_it() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut tablet = lent(&house, "¿a qué hora abren los domingos?").await;
    shows(&mut tablet).await;
    let mut phone = proven(&house).await;
    taken(&mut phone, &mut marta).await;
    let mut two = Two {
        here: id(&phone),
        there: id(&tablet),
        phone,
        laptop: tablet,
    };
    merged(&mut marta, &two).await;
    let lines = half(&mut two.phone).await;
    let said = texts(&lines);
    assert!(said.contains(&"¿dónde está mi pedido 1000007?"), "{said:?}");
    assert!(
        !said.iter().any(|text| text.contains("domingos")),
        "{said:?}"
    );
    // Nor is it in a transcript.
    let lead = house.sign_up("Sol", "lead").await;
    let path = format!(
        "/v1/history/{}/transcript?format=json",
        two.here.as_str().unwrap()
    );
    let told = history(&house, &lead, &path).await.to_string();
    assert!(
        told.contains("Viene con demora") && !told.contains("domingos"),
        "{told}"
    );
    orders.stop().await;
}

async fn text(house: &House, who: &Signed, path: &str) -> String {
    let request = who.http.get(house.url(path));
    let response = request.header("cookie", &who.cookie).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

/// What the history answers, once it has taken in everything.
async fn history(house: &House, who: &Signed, path: &str) -> Value {
    while who.get(house, "/v1/history").await["catching_up"] != false {}
    who.get(house, path).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transcripts_hold_the_other_half_and_say_whose_it_is() {
    let orders = Orders::serve();
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::with_orders_configured(&orders.url, |config| {
        config.limits.pause_ms = 0;
        config.mail = Some(MailConfig {
            folder: Some(folder.path().into()),
            ..super::mail_kit::mail()
        });
    })
    .await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    two.laptop.says(THERE).await;
    merged(&mut marta, &two).await;
    two.phone.sees("notice").await;
    two.phone.says("gracias, sigo por aquí").await;
    let lead = house.sign_up("Sol", "lead").await;
    let path = format!("/v1/history/{}/transcript", two.here.as_str().unwrap());
    let told = history(&house, &lead, &format!("{path}?format=json")).await;
    let lines: Vec<_> = told["sessions"][0]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let nth = |words: &str| {
        let found = lines
            .iter()
            .position(|line| line["text"].as_str().unwrap().contains(words));
        found.unwrap_or_else(|| panic!("{words}: {told}"))
    };
    assert_eq!(lines[nth(THERE)]["conversation"], two.there);
    assert!(lines[nth("sigo por aquí")]["conversation"].is_null());
    let order = [
        nth("Se unió aquí"),
        nth("Desde la otra conversación"),
        nth(THERE),
        nth("sigo por aquí"),
    ];
    assert!(order.is_sorted(), "{told}");
    let plain = text(&house, &lead, &format!("{path}?format=text")).await;
    assert!(
        plain.contains(&format!("| [11:00] Visitante: {THERE}")),
        "{plain}"
    );
    let page = text(&house, &lead, &format!("{path}?format=html")).await;
    assert!(
        page.contains("class=\"visitor joined\"") && page.contains(THERE),
        "{page}"
    );

    // The visitor's own copy, asked for where they read it; not by a link from a mail.
    two.phone
        .acts(json!({"type": "mail", "to": "ana@example.org"}))
        .await;
    let copy = letters(&house, &folder, 1).await.remove(0);
    assert!(copy.text.contains(THERE), "{copy:?}");
    let tokens = VisitorTokens::new(secret(&house, "visitor_tokens").await);
    let mailed = VisitorPass {
        conversation: two.here.as_str().unwrap().parse().unwrap(),
        follows: Follows::Never,
    };
    let hello = json!({"type": "hello", "token": tokens.issue(mailed, "es")});
    let mut by_mail = house.visitor_with(hello).await;
    house.clock.advance(1);
    by_mail.acts(json!({"type": "mail"})).await;
    let copy = letters(&house, &folder, 2).await.remove(1);
    assert!(
        copy.text.contains("sigo por aquí") && !copy.text.contains(THERE),
        "{copy:?}"
    );
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undone_while_words_wait_that_an_agent_had_taken_nothing_is_lost() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    // Marta has both in hand; nobody has answered what was written there.
    let seq = marta.opens(&two.there).await["seq"].clone();
    marta
        .takes(&json!({"conversation": two.there, "seq": seq}))
        .await;
    two.laptop.sees("joined").await;
    two.laptop.says(THERE).await;
    merged(&mut marta, &two).await;
    led_to(&mut two.laptop, &two.here).await;
    let apart = json!({"type": "unmerge", "conversation": two.there});
    assert_eq!(marta.acts(apart.clone()).await["type"], "ack");
    led_to(&mut two.laptop, &two.there).await;
    // It is hers again, and the words wait for an answer still.
    let waits = |of: Value| {
        move |desk: &Value| {
            let mine = desk["assigned"].as_array().unwrap().iter();
            let mine = mine.clone().find(|item| item["conversation"] == of);
            mine.is_some_and(|item| !item["unanswered_since"].is_null())
        }
    };
    marta.sees_desk_now(waits(two.there.clone())).await;
    let page = marta.opens(&two.there).await;
    assert_eq!(page["card"]["state"], "assigned", "{page}");
    assert!(page.to_string().contains(THERE), "{page}");
    marta.replies(&two.there, "Te mandamos otro.").await;
    assert_eq!(
        two.laptop.sees("agent").await["event"]["text"],
        "Te mandamos otro."
    );

    // Merged once more: words that came after it wait where it goes on, and it is not undone over them.
    two.laptop.says("y el cable no está").await;
    merged(&mut marta, &two).await;
    led_to(&mut two.laptop, &two.here).await;
    two.laptop.says("ah, y falta el manual").await;
    assert_eq!(marta.acts(apart.clone()).await["code"], "stale");
    marta.sees_desk_now(waits(two.here.clone())).await;
    marta.replies(&two.here, "Va todo junto.").await;
    two.laptop.sees("agent").await;
    assert_eq!(marta.acts(apart).await["type"], "ack");
    led_to(&mut two.laptop, &two.there).await;
    let there = marta.opens(&two.there).await.to_string();
    assert!(
        there.contains(THERE) && there.contains("y el cable no está"),
        "{there}"
    );
    let here = marta.opens(&two.here).await.to_string();
    assert!(here.contains("falta el manual"), "{here}");
    house.until_metric("orphans", 0).await;
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_led_may_end_it_for_both_devices() {
    let orders = Orders::serve();
    let mut house = open(&orders).await;
    let mut marta = house.agent("Marta").await;
    let mut two = two(&house, &mut marta).await;
    merged(&mut marta, &two).await;
    led_to(&mut two.laptop, &two.here).await;
    two.laptop.acts(json!({"type": "end"})).await;
    two.laptop.sees("closed").await;
    two.phone.sees("closed").await;
    orders.stop().await;
}
