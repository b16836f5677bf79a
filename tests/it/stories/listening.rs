//! The question at the end of a session, in each situation and register: the demo company's questions, asked over the real socket.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use ventanilla::catalog_watch;
use ventanilla::engine::Live;
use ventanilla::ids::Lang;
use ventanilla::ports::Clock;
use ventanilla::topics::parse;

use super::client::{Agent, Visitor};
use super::support::{House, MONDAY, learn};

const IDLE_MS: i64 = 30 * 60_000;

/// What the stories' bot knows, with the questions and the journey of the demo company, its Spanish in this register.
fn learn_questions(register: &str) -> Live {
    let mut live = learn("http://127.0.0.1:9");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let (files, problems) = catalog_watch::read(&folder);
    assert!(problems.is_empty(), "{problems:?}");
    let demo = parse(&files, &|_| None).unwrap();
    let catalog = Arc::make_mut(&mut live.catalog);
    catalog.questions = demo.questions;
    catalog.journey = demo.journey;
    let topic = catalog.topics.get_mut("opening_hours");
    // What the page tells shall decide.
    topic.unwrap().stage = None;
    let lang: Lang = register.parse().unwrap();
    if lang.base() == Lang::es() {
        let site = catalog.assistant.sites.get_mut("es");
        site.unwrap().register = lang;
    }
    live
}

/// How a session goes until it is over.
#[derive(Clone, Copy)]
enum Way {
    /// An answer that fits, then *Terminar*.
    Answered,
    /// Nothing was understood, then *Terminar*.
    Missed,
    /// A form is left half-way.
    LeftOpen,
    /// The queue is left.
    LeftQueue,
    /// Asks for a person, who closes it.
    Person,
    /// Is not understood until there is a person, who closes it.
    BotThenPerson,
}

async fn goes(
    house: &House,
    marta: &mut Agent,
    ana: &mut Visitor,
    way: Way,
    english: bool,
) -> Value {
    let end = json!({"type": "end"});
    let (hours, address) = if english {
        ("when do you open", "I want to change the delivery address")
    } else {
        (
            "¿a qué hora abren?",
            "quiero cambiar la dirección de entrega",
        )
    };
    match way {
        Way::Answered => {
            ana.asks(hours).await;
            ana.acts(end).await;
        }
        Way::Missed => {
            ana.asks("xkcd plugh blorb").await;
            ana.acts(end).await;
        }
        Way::LeftOpen => {
            ana.asks(address).await;
            house.clock.advance(IDLE_MS);
        }
        Way::LeftQueue => {
            ana.acts(json!({"type": "ask_person"})).await;
            ana.sees("queued").await;
            ana.acts(end).await;
        }
        Way::Person => {
            ana.acts(json!({"type": "ask_person"})).await;
            attend(marta).await;
        }
        Way::BotThenPerson => {
            let second = if english {
                "frobnicate the gromulator"
            } else {
                "frobnicar el gromulador"
            };
            for nonsense in ["xkcd plugh blorb", second] {
                ana.asks(nonsense).await;
            }
            ana.says("glorp glorp zzz").await;
            attend(marta).await;
        }
    }
    let closed = ana.sees("closed").await;
    closed["event"]["question"].clone()
}

/// The agent takes who waits, answers and closes.
async fn attend(marta: &mut Agent) {
    let item = marta.sees_waiting().await;
    marta.opens(&item["conversation"]).await;
    marta.takes(&item).await;
    marta.replies(&item["conversation"], "Listo.").await;
    let closed = marta
        .closes(&item["conversation"], u64::from(u32::MAX))
        .await;
    assert_eq!(closed["type"], "ack", "{closed}");
    marta
        .sees_desk(|desk| desk["waiting"].as_array().is_some_and(Vec::is_empty))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_situation_ends_with_its_question_in_each_register() {
    // How the visitor comes, how it goes; the question in es, es-AR and es-usted where they differ, en; how many taps, whether a line.
    let rows = [
        (
            json!({"style": "fast"}),
            Way::Answered,
            ["¿Te sirvió?", "", "¿Le sirvió?", "Did this help?"],
            2,
            false,
        ),
        (
            json!({}),
            Way::Answered,
            [
                "¿Se resolvió lo que necesitabas?",
                "",
                "¿Se resolvió lo que necesitaba?",
                "Did you get what you needed?",
            ],
            3,
            true,
        ),
        (
            json!({}),
            Way::Person,
            [
                "¿Cómo resultó la atención de Marta?",
                "",
                "",
                "How was your chat with Marta?",
            ],
            3,
            true,
        ),
        (
            json!({}),
            Way::BotThenPerson,
            [
                "¿Fue fácil llegar a una persona y resolverlo?",
                "",
                "",
                "Was it easy to reach a person and sort this out?",
            ],
            3,
            true,
        ),
        (
            json!({"style": "fast"}),
            Way::Missed,
            [
                "Perdón: hoy no pudimos resolverlo. ¿Qué faltó?",
                "",
                "",
                "Sorry, we could not solve this today. What was missing?",
            ],
            3,
            false,
        ),
        (
            json!({}),
            Way::LeftOpen,
            [
                "La última vez quedó pendiente «Cambiar la dirección». ¿Ya está?",
                "",
                "",
                "Last time “Change the address” was left open. Is it sorted?",
            ],
            3,
            true,
        ),
        (
            json!({}),
            Way::LeftQueue,
            [
                "Perdón por la espera: nadie llegó a contestar. ¿Ya está resuelto?",
                "",
                "",
                "Sorry about the wait: nobody got to answer. Is it sorted?",
            ],
            3,
            true,
        ),
        (
            json!({"stage": "awareness"}),
            Way::Answered,
            [
                "¿Estaba la información que buscabas?",
                "",
                "¿Estaba la información que buscaba?",
                "Was the information you wanted here?",
            ],
            3,
            true,
        ),
        (
            json!({"stage": "consideration"}),
            Way::Answered,
            [
                "¿Quedó claro qué opción conviene?",
                "",
                "",
                "Is it clear which option suits you?",
            ],
            3,
            true,
        ),
        (
            json!({"stage": "purchase"}),
            Way::Answered,
            [
                "¿Pudiste terminar la compra sin problemas?",
                "",
                "¿Pudo terminar la compra sin problemas?",
                "Could you finish your purchase without trouble?",
            ],
            3,
            true,
        ),
        (
            json!({"page": "/checkout/card"}),
            Way::Answered,
            [
                "¿Pudiste pagar sin trabas?",
                "",
                "¿Pudo pagar sin trabas?",
                "Could you pay without trouble?",
            ],
            3,
            true,
        ),
        (
            json!({"touchpoint": "product_in_hand"}),
            Way::Answered,
            ["¿Quedó funcionando?", "", "", "Is it working now?"],
            3,
            true,
        ),
        (
            json!({"stage": "loyalty"}),
            Way::Answered,
            [
                "¿Recibiste el trato que esperabas?",
                "",
                "¿Recibió el trato que esperaba?",
                "Were you treated as you expected?",
            ],
            3,
            true,
        ),
    ];
    for (column, register) in ["es", "es-AR", "es-usted", "en"].into_iter().enumerate() {
        let live = learn_questions(register);
        let mut house = House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await;
        let mut marta = house.agent("Marta").await;
        for (came, way, words, taps, line) in &rows {
            let mut hello = came.clone();
            hello["type"] = json!("hello");
            hello["lang"] = json!(if register == "en" { "en" } else { "es" });
            let mut ana = house.visitor_with(hello).await;
            let question = goes(&house, &mut marta, &mut ana, *way, register == "en").await;
            let wanted = if words[column].is_empty() {
                words[0]
            } else {
                words[column]
            };
            assert_eq!(question["ask"], wanted, "{register}: {question}");
            assert_eq!(
                question["taps"].as_array().map(Vec::len),
                Some(*taps),
                "{question}"
            );
            assert_eq!(question["line"], *line, "{question}");
            assert!(
                question["used_for"]
                    .as_str()
                    .is_some_and(|text| text.len() > 20)
            );
        }
    }
}

/// The touchpoint of a page without a word of its own is in the log, and the agent sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_carries_where_it_began() {
    let live = learn_questions("es");
    let mut house = House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await;
    let mut marta = house.agent("Marta").await;
    let hello = json!({"type": "hello", "page": "/products/boots?size=41"});
    let mut ana = house.visitor_with(hello).await;
    ana.acts(json!({"type": "ask_person"})).await;
    let item = marta.sees_waiting().await;
    let page = marta.opens(&item["conversation"]).await;
    assert_eq!(page["card"]["touchpoint"], "Fichas de producto");
    assert_eq!(page["card"]["stage"], "consideration");
}

/// Codes of why the questions of a conversation were put before the visitor or not, oldest first, as the lead reads them.
async fn decisions(lead: &mut Agent, conversation: &Value) -> Vec<String> {
    let page = lead.opens(conversation).await;
    let events = page["events"].as_array().unwrap();
    let closed = events
        .iter()
        .filter(|event| event["event"]["kind"] == "closed");
    closed
        .map(|event| event["event"]["put_because"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_asked_is_left_in_peace_and_the_log_says_why() {
    let live = learn_questions("es");
    let mut house = House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await;
    house.sign_up("Lucía", "lead").await;
    for (answer, rest, because) in [
        (json!({"type": "rate", "tap": 0}), 14, "answered_lately"),
        (json!({"type": "skip_rating"}), 30, "declined_lately"),
    ] {
        let mut ana = house.visitor().await;
        let mut put = Vec::new();
        // The second session is within the rest, the third behind it.
        for days in [0, rest - 1, 1] {
            house.clock.advance(days * 24 * 60 * 60_000);
            ana = house.again(&ana).await;
            ana.asks("¿a qué hora abren?").await;
            house.clock.advance(20_000);
            ana.acts(json!({"type": "end"})).await;
            let question = ana.sees("closed").await["event"]["question"].clone();
            put.push(question["put"] == true);
            if put == [true] {
                let mut answer = answer.clone();
                if answer["type"] == "rate" {
                    answer["question"] = question["id"].clone();
                }
                ana.acts(answer).await;
            }
            house.clock.advance(31 * 60_000);
        }
        assert_eq!(put, [true, false, true], "{because}");
        // Her sign-in of weeks ago is over.
        let lead = house
            .sign_in("lucía@mareas.example", "una frase bastante larga")
            .await;
        let mut lead = house.console(lead).await;
        let found = decisions(&mut lead, &ana.welcome["conversation"]).await;
        assert_eq!(found[1], because);
        assert!(!found[0].is_empty() && !found[2].is_empty(), "{found:?}");
    }
}

/// An answered session of this visitor that is over, and its question.
async fn over(house: &House, lead: Option<&mut Agent>) -> (Visitor, Value) {
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    ana.acts(json!({"type": "end"})).await;
    let question = ana.sees("closed").await["event"]["question"].clone();
    if let Some(lead) = lead {
        lead.opens(&ana.welcome["conversation"]).await;
    }
    (ana, question)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_opinion_opens_a_case_that_is_closed_when_it_was_looked_after() {
    let live = learn_questions("es");
    let mut house = House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await;
    let lead = house.sign_up("Lucía", "lead").await;
    let mut desk = house.console(lead).await;
    let (mut ana, question) = over(&house, Some(&mut desk)).await;
    ana.acts(json!({"type": "rate", "question": question["id"], "tap": 2}))
        .await;
    let case = ana.sees("promise").await["event"].clone();
    assert_eq!(
        case["by"].as_i64(),
        Some(house.clock.now().0 + 48 * 60 * 60_000)
    );
    let reply = ana.sees("opinion").await["event"].clone();
    let text = reply["text"].as_str().unwrap();
    assert!(text.contains(case["case"].as_str().unwrap()), "{text}");
    assert_eq!(
        reply["choices"],
        json!(["Hablar con una persona"]),
        "somebody is there now"
    );
    let owed = desk
        .sees_desk_now(|desk| {
            desk["messages"]
                .as_array()
                .is_some_and(|owed| !owed.is_empty())
        })
        .await;
    assert_eq!(owed["messages"][0]["promise"]["kind"], "opinion");

    let lead = &desk.signed;
    let feedback = lead.get(&house, "/v1/feedback?kind=negative").await;
    let answer = &feedback["answers"][0];
    let path = format!(
        "/v1/feedback/{}/{}/handled",
        answer["conversation"].as_str().unwrap(),
        answer["seq"]
    );
    lead.post(&house, &path, &json!({})).await;
    assert_eq!(
        ana.sees("promise_kept").await["event"]["case"],
        case["case"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_tells_what_kind_of_opinion_it_is() {
    let live = learn_questions("es");
    let mut house = House::taught(MONDAY, live, |config| config.limits.pause_ms = 0).await;
    let lead = house.sign_up("Lucía", "lead").await;
    for (tap, line, kind, reply, buttons) in [
        (
            0,
            "estaría bien recibir un aviso cuando sale el paquete",
            "suggestion",
            "idea",
            0,
        ),
        (
            1,
            "¿tengo que llevar la caja para devolverlo?",
            "doubt",
            "duda",
            2,
        ),
        (
            0,
            "la página está caída y no carga",
            "incident",
            "problema nuestro",
            0,
        ),
        (
            1,
            "sigo sin mi pedido y necesito ayuda",
            "still_stuck",
            "falta algo",
            2,
        ),
    ] {
        let (mut ana, question) = over(&house, None).await;
        let rate = json!({"type": "rate", "question": question["id"], "tap": tap});
        ana.acts(rate).await;
        ana.sees("opinion").await;
        ana.acts(json!({"type": "rate", "question": question["id"], "text": line}))
            .await;
        let said = ana.sees("opinion").await["event"].clone();
        assert!(said["text"].as_str().unwrap().contains(reply), "{said}");
        let choices = said["choices"].as_array().unwrap();
        assert!(choices.len() >= buttons, "{said}");
        let path = format!("/v1/feedback?kind={kind}");
        let feedback = lead.get(&house, &path).await;
        assert_eq!(feedback["answers"][0]["text"], line, "{feedback}");
        assert_eq!(feedback["totals"][kind], 1);
        house.clock.advance(1_000);
    }
    // A word of praise behind a bad tap is taken for what it is.
    let (mut ana, question) = over(&house, None).await;
    ana.acts(json!({"type": "rate", "question": question["id"], "tap": 2, "text": "genial, tres semanas esperando"}))
        .await;
    ana.sees("opinion").await;
    let feedback = lead.get(&house, "/v1/feedback?kind=positive").await;
    assert_eq!(feedback["totals"]["positive"], 0, "{feedback}");
}
