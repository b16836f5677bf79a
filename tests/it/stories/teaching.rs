//! What the assistant missed comes to those who teach it, becomes a draft, and is understood once that is published; a change is rehearsed before.

use reqwest::Method;
use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask as operate};

use super::support::{House, Signed, Visitor};
use super::teaching_kit::{ask, house_over, learnt};

/// The inbox of a server that has taken in everything that is stored.
async fn inbox(house: &House, who: &Signed, query: &str) -> Value {
    loop {
        let page = who
            .get(house, &format!("/v1/teaching/missed?{query}"))
            .await;
        if page["catching_up"] == false {
            return page;
        }
    }
}

/// The group with these words, in any state.
async fn group_of(house: &House, who: &Signed, words: &str) -> Value {
    let page = inbox(house, who, "state=all").await;
    let groups = page["groups"].as_array().unwrap();
    let has = |group: &&Value| {
        let mut phrases = group["phrases"].as_array().unwrap().iter();
        phrases.any(|phrase| phrase["text"].as_str().unwrap().contains(words))
    };
    groups.iter().find(has).cloned().unwrap_or_default()
}

fn path_of(group: &Value, deed: &str) -> String {
    format!(
        "/v1/teaching/missed/{}{deed}",
        group["id"].as_str().unwrap()
    )
}

async fn decides(house: &House, who: &Signed, group: &Value, wish: Value) -> Value {
    let (status, answer) = ask(house, who, Method::POST, &path_of(group, "/decide"), wish).await;
    assert_eq!(status, 201, "{answer}");
    answer
}

/// Visitors who each ask one thing and leave.
async fn asked_by(house: &House, texts: &[&str]) -> Vec<String> {
    let mut answers = Vec::new();
    for text in texts {
        let mut visitor = house.visitor().await;
        answers.push(visitor.asks(text).await);
        visitor.acts(json!({"type": "end"})).await;
        visitor.sees("closed").await;
    }
    answers
}

const UMBRELLAS: [&str; 4] = [
    "¿venden paraguas plegables?",
    "hola, venden paraguas plegables?",
    "paraguas plegables venden",
    "vendéis algún paraguas plegable",
];

fn umbrellas() -> Value {
    json!({"what": "new_topic", "new": {
        "topic": "umbrellas",
        "title": {"es": "Paraguas", "en": "Umbrellas"},
        "examples": {
            "es": ["¿venden paraguas plegables?", "hola, venden paraguas plegables?", "paraguas plegables venden",
                "vendéis algún paraguas plegable", "tienen paraguas", "busco un paraguas"],
            "en": ["do you sell umbrellas", "folding umbrellas", "I want an umbrella",
                "umbrella", "have you got umbrellas", "looking for an umbrella"],
        },
        "answer": {"es": "Sí: en la planta baja.", "en": "Yes: on the ground floor."},
    }})
}

async fn rehearsed(house: &House, who: &Signed, draft: &Value) -> Value {
    let wish = json!({"draft": draft});
    let (status, begun) = ask(house, who, Method::POST, "/v1/teaching/rehearsals", wish).await;
    assert_eq!(status, 201, "{begun}");
    let path = format!("/v1/teaching/rehearsals/{}", begun["id"].as_str().unwrap());
    loop {
        let seen = who.get(house, &path).await;
        match seen["state"].as_str().unwrap() {
            "learning" | "running" => tokio::task::yield_now().await,
            _ => return seen,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_becomes_a_topic_by_draft_and_is_then_understood() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let lead = house.sign_up("Elena", "lead").await;
    let agent = house.sign_up("Marta", "agent").await;
    asked_by(&house, &UMBRELLAS).await;
    asked_by(
        &house,
        &[
            "¿a qué hora abren?",
            "hello there my old friend from the moon",
        ],
    )
    .await;

    let (status, _) = ask(
        &house,
        &agent,
        Method::GET,
        "/v1/teaching/missed",
        Value::Null,
    )
    .await;
    assert_eq!(status, 403);
    let page = inbox(&house, &lead, "").await;
    assert_eq!(page["totals"]["open"], 2, "{page}");
    let group = &page["groups"][0];
    assert_eq!(
        (&group["count"], &group["conversations"]),
        (&json!(4), &json!(4))
    );
    assert_eq!(group["misses"], json!({"not_understood": 4}));
    assert_eq!(group["langs"], json!({"es": 4}));
    assert_eq!(group["sites"], json!({"es": 4}));
    assert_eq!(group["suggested"], Value::Null, "{group}");
    assert_eq!(group["state"], "open");
    let english = inbox(&house, &lead, "lang=en").await;
    assert_eq!(english["messages"], 1);
    let (status, why) = ask(
        &house,
        &lead,
        Method::GET,
        "/v1/teaching/missed?days=31",
        Value::Null,
    )
    .await;
    assert_eq!(
        (status.as_u16(), why["error"].as_str()),
        (400, Some("bad_days"))
    );
    let (status, _) = ask(
        &house,
        &lead,
        Method::POST,
        &path_of(group, "/decide"),
        umbrellas(),
    )
    .await;
    assert_eq!(status, 403, "a lead reads");

    // A draft, and nothing else: the assistant is as it was.
    let done = decides(&house, &admin, group, umbrellas()).await;
    let draft = done["draft"].clone();
    assert!(!folder.path().join("umbrellas.yaml").exists());
    let group = group_of(&house, &lead, "paraguas").await;
    assert_eq!(group["state"], "decided");
    assert_eq!(group["decision"]["what"], "topic");
    assert_eq!(group["decision"]["draft"], draft);
    assert_eq!(group["decision"]["by"], "Ana");
    let answers = asked_by(&house, &["paraguas plegables, ¿venden?"]).await;
    assert!(!answers[0].contains("planta baja"), "{answers:?}");

    let seen = rehearsed(&house, &admin, &draft).await;
    assert_eq!(seen["state"], "done", "{seen}");
    assert_eq!(seen["cut"], false);
    assert_eq!(seen["changes"]["better"], 4, "{seen}");
    assert_eq!(seen["changes"].get("worse"), None, "{seen}");
    // The fifth was written after the decision: what it means nobody has said.
    assert_eq!(seen["changes"]["different"], 1, "{seen}");
    assert_eq!(seen["evidence"]["taught"]["better"], 4);
    assert_eq!(
        (&seen["right_now"], &seen["right_then"]),
        (&json!(1), &json!(5))
    );
    let id = seen["id"].as_str().unwrap();
    let better = lead
        .get(
            &house,
            &format!("/v1/teaching/rehearsals/{id}/turns?change=better"),
        )
        .await;
    let row = &better["turns"][0];
    assert_eq!(
        (&row["now"], &row["then"]),
        (&json!([]), &json!(["umbrellas"]))
    );
    assert_eq!(
        row["known"],
        json!({"meant": "umbrellas", "because": "taught"})
    );
    assert!(row["text"].as_str().unwrap().contains("paraguas"));

    let publish = format!("/v1/authoring/drafts/{}/publish", draft.as_str().unwrap());
    let body = json!({"reason": "sin pruebas todavía"});
    let (status, published) = ask(&house, &admin, Method::POST, &publish, body).await;
    assert_eq!(status, 200, "{published}");
    house.teach(learnt(folder.path()));
    let answers = asked_by(&house, &UMBRELLAS[..1]).await;
    assert!(answers[0].contains("planta baja"), "{answers:?}");
    let group = group_of(&house, &lead, "paraguas").await;
    assert_eq!(
        (&group["state"], &group["learnt"]),
        (&json!("learnt"), &json!("umbrellas"))
    );
    let open = inbox(&house, &lead, "").await;
    assert_eq!(
        open["totals"],
        json!({"open": 1, "decided": 0, "learnt": 1})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_outlive_a_restart_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    asked_by(&house, &UMBRELLAS[..2]).await;
    asked_by(&house, &["¿quién ganó el partido de anoche?"]).await;
    let umbrella = group_of(&house, &admin, "paraguas").await;
    decides(&house, &admin, &umbrella, json!({"what": "ignore"})).await;
    let football = group_of(&house, &admin, "partido").await;
    decides(&house, &admin, &football, json!({"what": "not_for_us"})).await;
    let closed = inbox(&house, &admin, "").await["totals"].clone();
    assert_eq!(closed, json!({"open": 0, "decided": 2, "learnt": 0}));

    let house = house.restarts().await;
    house.teach(learnt(folder.path()));
    let admin = house
        .sign_in("ana@mareas.example", "una frase bastante larga")
        .await;
    assert_eq!(inbox(&house, &admin, "").await["totals"], closed);
    let kept = admin.get(&house, "/v1/teaching/decisions").await;
    let kept = kept["decisions"].as_array().unwrap();
    assert_eq!(kept.len(), 2);
    assert!(
        !kept.iter().any(|one| one.to_string().contains("paraguas")),
        "no words"
    );
    let ignored = kept.iter().find(|one| one["what"] == "ignored").unwrap();
    let path = format!("/v1/teaching/decisions/{}", ignored["id"].as_str().unwrap());
    let (status, _) = ask(&house, &admin, Method::DELETE, &path, Value::Null).await;
    assert_eq!(status, 204);
    let (status, _) = ask(&house, &admin, Method::DELETE, &path, Value::Null).await;
    assert_eq!(status, 409, "it is undone already");
    let totals = inbox(&house, &admin, "").await["totals"].clone();
    assert_eq!(totals, json!({"open": 1, "decided": 1, "learnt": 0}));
    let kept = admin.get(&house, "/v1/teaching/decisions").await;
    assert!(
        kept.to_string().contains("\"undone\""),
        "who undid it is kept"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_is_learnt_as_such_by_draft() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    asked_by(&house, &UMBRELLAS[..2]).await;
    let group = group_of(&house, &admin, "paraguas").await;
    let decide = path_of(&group, "/decide");
    let wish = json!({"what": "not_for_us", "examples": {"es": ["¿venden paraguas?", "dos\ten una", " "]}});
    let (status, done) = ask(&house, &admin, Method::POST, &decide, wish).await;
    assert_eq!(status, 201, "{done}");
    let draft = done["draft"].as_str().unwrap();
    let group = group_of(&house, &admin, "paraguas").await;
    assert_eq!(group["decision"]["what"], "not_for_us");
    assert_eq!(group["decision"]["draft"], draft);
    let seen = rehearsed(&house, &admin, &done["draft"]).await;
    assert_eq!(seen["changes"].get("worse"), None, "{seen}");

    // It stands beside the topics, and is opened as text.
    let path = format!("/v1/authoring/file?path=_not_ours.yaml&draft={draft}");
    let file = admin.get(&house, &path).await;
    let text = "# What people ask us that is not for us to answer, by language; one sentence a line.\nexamples:\n  es: |\n    ¿venden paraguas?\n    dos en una\n";
    assert_eq!((&file["text"], &file["form"]), (&json!(text), &Value::Null));
    let publish = format!("/v1/authoring/drafts/{draft}/publish");
    let (status, published) = ask(&house, &admin, Method::POST, &publish, json!({})).await;
    assert_eq!(status, 200, "{published}");
    let on_disk = std::fs::read_to_string(folder.path().join("_not_ours.yaml")).unwrap();
    assert_eq!(on_disk, text);
    let catalog = learnt(folder.path());
    assert_eq!(
        catalog.catalog.not_ours[&"es".parse().unwrap()],
        ["¿venden paraguas?", "dos en una"]
    );
    house.teach(catalog);
    let overview = admin.get(&house, "/v1/authoring").await;
    let shared = overview["shared"].as_array().unwrap();
    assert!(shared.contains(&json!("_not_ours.yaml")), "{overview}");

    // Services are not for this page.
    let calls = "/v1/authoring/file?path=_calls.yaml";
    let (status, _) = ask(&house, &admin, Method::GET, calls, Value::Null).await;
    assert_eq!(status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_takes_its_words_out_of_the_inbox() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let mut visitor = house.visitor().await;
    visitor
        .asks("soy Ana Quiroga y busco un paraguas plegable")
        .await;
    asked_by(&house, &["busco un paraguas plegable"]).await;
    let group = group_of(&house, &admin, "Quiroga").await;
    assert_eq!(group["count"], 2, "{group}");
    let shown = admin.get(&house, &path_of(&group, "")).await;
    let said = shown["phrases"].as_array().unwrap();
    let hers = said
        .iter()
        .find(|one| one["text"].as_str().unwrap().contains("Quiroga"))
        .unwrap();
    assert_eq!(
        hers["example"], "busco un paraguas plegable",
        "an example is nobody's"
    );

    let conversation = visitor.welcome["conversation"].as_str().unwrap().to_owned();
    let erase = Request::Erase { conversation };
    operate(&house.config, erase, &mut tokio::io::sink())
        .await
        .unwrap();
    while inbox(&house, &admin, "state=all").await["messages"] != 1 {
        tokio::task::yield_now().await;
    }
    let page = inbox(&house, &admin, "state=all").await;
    assert!(!page.to_string().contains("Quiroga"), "{page}");
    let house = house.restarts().await;
    let admin = house
        .sign_in("ana@mareas.example", "una frase bastante larga")
        .await;
    let page = inbox(&house, &admin, "state=all").await;
    assert_eq!(page["messages"], 1);
    assert!(!page.to_string().contains("Quiroga"), "{page}");
}

/// Misses until a person comes.
async fn stranded(house: &House, texts: [&str; 3]) -> Visitor {
    let mut visitor = house.visitor().await;
    for text in texts {
        visitor.says(text).await;
    }
    visitor.sees("queued").await;
    visitor
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agent_solved_is_proposed_as_a_topic() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let mut marta = house.agent("Marta").await;
    let admin = house.sign_up("Ana", "admin").await;
    let texts = [
        "soy Eva, ¿venden paraguas plegables?",
        "digo paraguas plegables, de los chicos",
        "paraguas plegables venden o no",
    ];
    let mut eva = stranded(&house, texts).await;
    let item = marta.sees_waiting().await;
    let id = item["conversation"].clone();
    marta.takes(&item).await;
    marta.replies(&id, "¡Hola, Eva! Soy Marta.").await;
    eva.sees("agent").await;
    marta.replies(&id, "Sí, Eva: los paraguas están en la planta baja, con el pedido 1000012 van gratis. ¡Un saludo!").await;
    let seen = eva.sees("agent").await["seq"].as_u64().unwrap();
    marta.closes(&id, seen).await;
    eva.sees("closed").await;

    let group = group_of(&house, &admin, "paraguas").await;
    assert_eq!(group["misses"]["handed_off"], group["count"], "{group}");
    assert_eq!(group["solved"], 1);
    assert_eq!(group["outcomes"], json!({"resolved_by_agent": 1}));
    let made = admin.get(&house, &path_of(&group, "/proposal")).await;
    let answers = made["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 1, "a greeting answers nothing: {made}");
    assert_eq!(
        answers[0]["text"],
        "Sí: los paraguas están en la planta baja, con el pedido {order_number} van gratis."
    );
    assert_eq!(answers[0]["agent"], "Marta");
    assert_eq!(made["slots"], json!(["order_number"]));
    assert_eq!(made["lang"], "es");
    assert!(
        made["phrases"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| !one.as_str().unwrap().contains("Eva")),
        "{made}"
    );
    let drafts = ask(
        &house,
        &admin,
        Method::GET,
        "/v1/authoring/drafts",
        Value::Null,
    )
    .await
    .1;
    assert_eq!(drafts["drafts"], json!([]), "nothing is drafted by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_choice_taken_says_what_was_meant_and_phrases_go_into_a_topic_or_a_test() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let mut visitor = house.visitor().await;
    visitor
        .says("festivos nacionales igual que siempre o cambia")
        .await;
    let miss = visitor.sees("bot").await;
    let choices = miss["event"]["choices"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let offered = choices
        .iter()
        .position(|title| title == "Cambiar la dirección");
    visitor
        .acts(json!({"type": "choose", "of": miss["seq"], "option": offered.unwrap()}))
        .await;
    visitor.hears().await;
    let group = group_of(&house, &admin, "festivos").await;
    assert_eq!(
        group["meant"],
        json!([{"topic": "change_address", "count": 1}]),
        "{group}"
    );

    let wish = json!({"what": "test", "topic": "opening_hours", "say": "festivos nacionales igual que siempre", "lang": "es"});
    let tested = decides(&house, &admin, &group, wish).await;
    let group = group_of(&house, &admin, "festivos").await;
    assert_eq!(group["state"], "open", "a test teaches nothing");
    let wish = json!({
        "what": "topic", "topic": "opening_hours", "draft": tested["draft"],
        "examples": {"es": ["festivos nacionales igual que siempre o cambia", "  "]},
    });
    let added = decides(&house, &admin, &group, wish).await;
    assert_eq!(added["draft"], tested["draft"]);
    let path = format!("/v1/authoring/drafts/{}", added["draft"].as_str().unwrap());
    let draft = ask(&house, &admin, Method::GET, &path, Value::Null).await.1;
    let text = draft.to_string();
    assert!(text.contains("igual que siempre o cambia"), "{text}");
    assert!(
        text.contains("say: festivos nacionales igual que siempre")
            || text.contains("say: \\\"festivos"),
        "{text}"
    );

    // What cannot be done leaves no draft behind.
    let wish = json!({"what": "topic", "topic": "no_such_topic", "examples": {"es": ["algo"]}});
    let (status, why) = ask(
        &house,
        &admin,
        Method::POST,
        &path_of(&group, "/decide"),
        wish,
    )
    .await;
    assert_eq!(
        (status.as_u16(), why["error"].as_str()),
        (404, Some("no_such_draft")),
        "{why}"
    );
    let wish = json!({"what": "topic", "topic": "opening_hours", "examples": {"es": [" "]}});
    let (status, why) = ask(
        &house,
        &admin,
        Method::POST,
        &path_of(&group, "/decide"),
        wish,
    )
    .await;
    assert_eq!(
        (status.as_u16(), why["error"].as_str()),
        (422, Some("no_examples"))
    );
    let drafts = ask(
        &house,
        &admin,
        Method::GET,
        "/v1/authoring/drafts",
        Value::Null,
    )
    .await
    .1;
    let open = drafts["drafts"].as_array().unwrap().iter();
    assert_eq!(open.filter(|draft| draft["state"] == "draft").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_topics_do_is_measured_aside_and_told_by_language() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = house_over(folder.path(), |_| {}).await;
    let lead = house.sign_up("Elena", "lead").await;
    asked_by(&house, &["¿a qué hora abren?", "¿a qué hora abren?"]).await;
    let mut visitor = house.visitor().await;
    visitor.asks("¿a qué hora abren?").await;
    visitor.says("no es eso lo que pregunté").await;
    visitor.hears().await;
    let health = loop {
        let health = lead.get(&house, "/v1/teaching/health").await;
        if health["measuring"] == false && health["catching_up"] == false {
            break health;
        }
        tokio::task::yield_now().await;
    };
    let rows = health["topics"].as_array().unwrap();
    let of = |topic: &str, lang: &str| {
        let row = rows
            .iter()
            .find(|row| row["topic"] == topic && row["lang"] == lang);
        row.cloned().unwrap_or_else(|| panic!("{topic} {lang}"))
    };
    let hours = of("opening_hours", "es");
    assert_eq!((&hours["phrases"], &hours["tests"]), (&json!(8), &json!(2)));
    assert_eq!(
        (&hours["used_7"], &hours["used_30"], &hours["disowned"]),
        (&json!(3), &json!(3), &json!(1))
    );
    assert_eq!(hours["asked"], 8);
    assert!(hours["right"].as_u64().unwrap() <= 8);
    assert_eq!(of("opening_hours", "en")["used_30"], 0);
}
