//! The history: what was is found again by those whom it concerned, and can be taken along.

use std::slice::from_ref;
use std::time::Instant;

use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};
use ventanilla::conversation::{Body, Closer, Event, Memory, Opening, Private};
use ventanilla::ids::{ConversationId, Lang, Outcome, Seq, SessionId, Timestamp};

use super::support::{Agent, House, MONDAY, Signed, Visitor};

const PASSWORD: &str = "una frase bastante larga";

async fn open() -> House {
    House::configured(|config| config.limits.pause_ms = 0).await
}

/// Status, headers that tell how it is served, and body.
async fn fetch(house: &House, who: &Signed, path: &str) -> (u16, String, String) {
    let request = who.http.get(house.url(path)).header("cookie", &who.cookie);
    let answer = request.send().await.unwrap();
    let header = |name: &str| {
        let value = answer.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    let served = format!(
        "{} {}",
        header("content-type"),
        header("content-disposition")
    );
    (
        answer.status().as_u16(),
        served,
        answer.text().await.unwrap(),
    )
}

async fn refused(house: &House, who: &Signed, path: &str) -> (u16, String, String) {
    let (status, _, body) = fetch(house, who, path).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (status, text("error"), text("message"))
}

/// A page of a server that has taken in everything that is stored: after a start that takes a while.
async fn list(house: &House, who: &Signed, query: &str) -> Value {
    loop {
        let page = who.get(house, &format!("/v1/history?{query}")).await;
        if page["catching_up"] == false {
            return page;
        }
    }
}

/// The conversations of a page, newest first.
async fn found(house: &House, who: &Signed, query: &str) -> Vec<Value> {
    let page = list(house, who, query).await;
    let rows = page["rows"].as_array().unwrap();
    rows.iter().map(|row| row["conversation"].clone()).collect()
}

async fn asks_for_a_person(house: &House, words: &str) -> Visitor {
    let mut visitor = house.visitor().await;
    visitor.asks(words).await;
    visitor.acts(json!({"type": "ask_person"})).await;
    visitor.sees("queued").await;
    visitor
}

/// Takes whoever waits, writes, leaves a note and closes.
async fn serves(agent: &mut Agent, visitor: &mut Visitor, reply: &str, note: &str) {
    let item = agent.sees_waiting().await;
    let id = item["conversation"].clone();
    agent.takes(&item).await;
    agent.replies(&id, reply).await;
    let seen = visitor.sees("agent").await["seq"].as_u64().unwrap();
    agent
        .acts(json!({"type": "note", "conversation": id, "text": note}))
        .await;
    let closed = agent.closes(&id, seen).await;
    assert_eq!(closed["type"], "ack", "{closed}");
    visitor.sees("closed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_is_found_by_day_topic_outcome_agent_team_and_case() {
    let mut house = open().await;
    let mut ana = house.visitor().await;
    ana.asks("¿a qué hora abren?").await;
    ana.acts(json!({"type": "end"})).await;
    ana.sees("closed").await;
    house.clock.advance(24 * 3_600_000);
    let mut marta = house.agent("Marta").await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    let mut berta = asks_for_a_person(&house, "¿a qué hora abren el lunes?").await;
    serves(&mut marta, &mut berta, "De 9 a 19.", "nada raro").await;
    let mut carla = asks_for_a_person(&house, "hola, ¿a qué hora cierran?").await;
    carla.acts(json!({"type": "leave_message"})).await;
    let case = carla.sees("promise").await["event"]["case"].clone();
    let ids: Vec<_> = [&ana, &berta, &carla]
        .map(|visitor| visitor.welcome["conversation"].clone())
        .into();
    let (ana, berta, carla) = (&ids[0], &ids[1], &ids[2]);
    let found = async |query: &str| found(&house, &lead, query).await;

    assert_eq!(found("").await, [carla, berta, ana].map(Clone::clone));
    assert_eq!(found("from=2026-11-23&to=2026-11-23").await, from_ref(ana));
    assert_eq!(
        found("from=2026-11-24").await,
        [carla.clone(), berta.clone()]
    );
    assert_eq!(
        found("topic=opening_hours&to=2026-11-23").await,
        from_ref(ana)
    );
    assert!(found("topic=talk_to_person&to=2026-11-23").await.is_empty());
    assert_eq!(found("outcome=resolved_by_agent").await, from_ref(berta));
    assert!(found("outcome=abandoned").await.is_empty());
    let people = lead.get(&house, "/v1/people").await;
    let people = people["people"].as_array().unwrap();
    let marta_id = people.iter().find(|one| one["name"] == "Marta").unwrap()["id"].clone();
    let by_marta = format!("agent={}", marta_id.as_str().unwrap());
    assert_eq!(found(&by_marta).await, from_ref(berta));
    assert_eq!(
        found("team=default&from=2026-11-24&outcome=").await.len(),
        2
    );
    assert!(found("team=logistics").await.is_empty());
    let case = case.as_str().unwrap();
    assert_eq!(
        found(&format!("case={}", case.to_lowercase())).await,
        from_ref(carla)
    );
    // As people type it, among the words: whatever else the form says.
    let typed = case.to_lowercase().replace('-', "%20");
    let bare = case.replace('-', "");
    for text in [typed.as_str(), &bare, &format!("caso%20{case}")] {
        let query = format!("text={text}&outcome=resolved_by_agent");
        assert_eq!(found(&query).await, from_ref(carla), "{text}");
    }
    assert!(found("case=M-0000-0000").await.is_empty());
    assert!(found("text=m000000000").await.is_empty());
    assert_eq!(
        found(&format!("conversation={}", ana.as_str().unwrap())).await,
        from_ref(ana)
    );

    let page = lead.get(&house, "/v1/history?limit=2").await;
    assert_eq!(page["time_zone"], "Europe/Madrid");
    assert_eq!(page["catching_up"], false);
    let row = &page["rows"][1];
    assert_eq!(
        row["topic"],
        json!({"id": "opening_hours", "name": "Horario"})
    );
    assert_eq!(row["agents"], json!([{"id": marta_id, "name": "Marta"}]));
    assert_eq!(row["teams"][0]["name"], "Atención al cliente");
    assert_eq!(row["excerpt"], "¿a qué hora abren el lunes?");
    assert_eq!(page["rows"][0]["cases"], json!([case]));
    let rest = format!(
        "/v1/history?limit=2&before={}",
        page["next"].as_str().unwrap()
    );
    let rest = lead.get(&house, &rest).await;
    assert_eq!(rest["rows"][0]["conversation"], *ana);
    assert_eq!(rest["next"], Value::Null);

    for (query, code) in [
        ("from=23/11/2026", "bad_date"),
        ("to=2026-02-30", "bad_date"),
        ("from=2026-11-24&to=2026-11-23", "bad_range"),
        ("outcome=won", "bad_outcome"),
        ("agent=marta", "bad_agent"),
        ("conversation=7", "bad_conversation"),
        ("topic=%3Cscript%3E", "bad_topic"),
        ("before=x", "bad_cursor"),
        ("limit=0", "bad_limit"),
    ] {
        let (status, error, message) =
            refused(&house, &lead, &format!("/v1/history?{query}")).await;
        assert_eq!((status, error.as_str()), (400, code), "{message}");
    }
    let (_, _, message) = refused(&house, &lead, "/v1/history?outcome=won").await;
    assert!(
        message.contains("Los que hay: open, resolved_by_bot"),
        "{message}"
    );
    let nobody = reqwest::get(house.url("/v1/history")).await.unwrap();
    assert_eq!(nobody.status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_finds_and_reads_what_concerned_their_teams() {
    let mut house = open().await;
    let mut marta = house.agent("Marta").await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    let mut ana = asks_for_a_person(&house, "¿a qué hora abren?").await;
    let id = ana.welcome["conversation"].clone();
    let pedro = house.hire(&lead, "Pedro", "logistics").await;
    let mut pedro = house.console(pedro).await;
    let page = pedro.opens(&id).await;
    assert_eq!(page["type"], "page", "who waits is on everybody's desk");
    pedro
        .send(json!({"type": "unwatch", "conversation": id}))
        .await;
    serves(&mut marta, &mut ana, "De 9 a 19.", "nada raro").await;
    assert_eq!(found(&house, &lead, "").await, from_ref(&id));
    let berta = house.hire(&lead, "Berta", "default").await;
    assert_eq!(found(&house, &berta, "").await, from_ref(&id));
    assert!(found(&house, &pedro.signed, "").await.is_empty());
    let path = id.as_str().unwrap();
    let by_id = format!("conversation={path}");
    assert!(found(&house, &pedro.signed, &by_id).await.is_empty());
    assert!(found(&house, &pedro.signed, "text=abren").await.is_empty());
    let transcript = format!("/v1/history/{path}/transcript");
    assert_eq!(fetch(&house, &berta, &transcript).await.0, 200);
    assert_eq!(fetch(&house, &pedro.signed, &transcript).await.0, 404);
    assert_eq!(
        fetch(&house, &berta, &format!("{transcript}?notes=1"))
            .await
            .0,
        403
    );

    // What is over is not on the desk any more.
    pedro
        .send(json!({"type": "watch", "conversation": id}))
        .await;
    assert_eq!(pedro.frame("error").await["code"], "not_found");
    pedro
        .send(json!({"type": "older", "conversation": id, "before": 3}))
        .await;
    assert_eq!(pedro.frame("error").await["code"], "not_found");
    let mut berta = house.console(berta).await;
    assert_eq!(berta.opens(&id).await["conversation"], id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_is_there_after_a_restart_and_not_after_an_erasure() {
    let mut house = open().await;
    house.sign_up("Marta", "agent").await;
    let mut ids = Vec::new();
    for words in [
        "soy Ana Quiroga, ¿a qué hora abren?",
        "soy Berta, ¿a qué hora abren?",
    ] {
        let mut visitor = house.visitor().await;
        visitor.asks(words).await;
        visitor.acts(json!({"type": "end"})).await;
        visitor.sees("closed").await;
        ids.push(visitor.welcome["conversation"].clone());
    }
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    assert_eq!(found(&house, &lead, "text=quiroga").await, [ids[0].clone()]);
    let house = house.restarts().await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    assert_eq!(
        found(&house, &lead, "").await,
        [ids[1].clone(), ids[0].clone()]
    );
    assert_eq!(found(&house, &lead, "text=Quiroga").await, [ids[0].clone()]);

    let conversation = ids[0].as_str().unwrap().to_owned();
    let transcript = format!("/v1/history/{conversation}/transcript");
    assert_eq!(fetch(&house, &lead, &transcript).await.0, 200);
    let request = Request::Erase { conversation };
    ask(&house.config, request, &mut tokio::io::sink())
        .await
        .unwrap();
    // Whoever is asked for it next may be a moment behind the erasure, which is told by another way than the appends.
    while found(&house, &lead, "").await.len() != 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(found(&house, &lead, "").await, [ids[1].clone()]);
    assert!(found(&house, &lead, "text=quiroga").await.is_empty());
    assert_eq!(fetch(&house, &lead, &transcript).await.0, 404);
    let house = house.restarts().await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    assert_eq!(found(&house, &lead, "").await, [ids[1].clone()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transcript_is_a_download_that_can_do_nothing() {
    let mut house = open().await;
    let mut marta = house.agent("Marta").await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    let evil = "<script>alert('hola')</script>";
    let mut ana = asks_for_a_person(&house, evil).await;
    serves(&mut marta, &mut ana, "¿En qué ayudo?", "prueba <b>rara</b>").await;
    let id = ana.welcome["conversation"].as_str().unwrap().to_owned();
    let path = |query: &str| format!("/v1/history/{id}/transcript{query}");

    let (status, served, page) = fetch(&house, &lead, &path("")).await;
    assert_eq!(status, 200);
    assert_eq!(
        served,
        format!("text/html; charset=utf-8 attachment; filename=\"ventanilla-{id}.html\"")
    );
    assert!(
        page.contains("&lt;script&gt;alert(&#39;hola&#39;)&lt;/script&gt;"),
        "{page}"
    );
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("Hora de Europe/Madrid."), "{page}");
    assert!(!page.contains("rara"), "the note of an agent: {page}");

    let (_, served, text) = fetch(&house, &lead, &path("?format=text")).await;
    assert!(
        served.starts_with("text/plain; charset=utf-8 attachment;"),
        "{served}"
    );
    assert!(
        text.contains(&format!("[11:00] Visitante: {evil}\n")),
        "{text}"
    );
    assert!(text.contains("[11:00] Marta: ¿En qué ayudo?\n"), "{text}");
    assert!(text.contains("La conversación terminó: resuelto"), "{text}");
    assert!(!text.contains("rara"), "{text}");

    let (_, served, data) = fetch(&house, &lead, &path("?format=json&notes=1")).await;
    assert!(
        served.starts_with("application/json attachment;"),
        "{served}"
    );
    let data: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(data["conversation"], id);
    let lines = data["sessions"][0]["lines"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line["from"] == "visitor" && line["text"] == evil)
    );
    let note = lines.iter().find(|line| line["from"] == "note").unwrap();
    assert_eq!(note["text"], "prueba <b>rara</b>");
    let (_, _, page) = fetch(&house, &lead, &path("?notes=1")).await;
    assert!(page.contains("prueba &lt;b&gt;rara&lt;/b&gt;"), "{page}");

    let (status, code, _) = refused(&house, &lead, &path("?format=pdf")).await;
    assert_eq!((status, code.as_str()), (400, "bad_format"));
    let (status, code, _) = refused(&house, &lead, &path("?notes=yes")).await;
    assert_eq!((status, code.as_str()), (400, "bad_notes"));
    let (status, ..) = fetch(&house, &lead, "/v1/history/7/transcript").await;
    assert_eq!(status, 404);
}

/// Sessions where `VENTANILLA_HISTORY` names no other number.
const SESSIONS: u32 = 1_500;
/// Every so many sessions are about a coffee machine.
const RARE: u32 = 600;

/// A conversation with the assistant, a minute after the one before it; three exchanges.
fn chat(n: u32, of: u32) -> (ConversationId, Vec<Event>) {
    let mut id = [0; 16];
    id[12..].copy_from_slice(&n.to_be_bytes());
    let at = Timestamp(MONDAY.0 - i64::from(of - n) * 60_000);
    let mut events = Vec::new();
    let mut tell = |body, private| {
        let seq = Seq(events.len() as u64 + 1);
        events.push(Event {
            seq,
            at,
            body,
            private,
        });
    };
    let opening = Opening::plain("es".parse().unwrap(), Lang::es());
    let opened = Body::SessionOpened {
        session: SessionId::from_bytes(id),
        opening,
        choices: Vec::new(),
    };
    tell(
        opened,
        Private::text("Hola, soy Mara, la asistente virtual de Mareas."),
    );
    for turn in 0..3_u64 {
        let words = match turn {
            1 if n % RARE == RARE / 2 => "la CAFETERÁ llegó sin la jarra".to_owned(),
            _ => format!(
                "quería preguntar por el pedido {} que todavía no llegó",
                1_000_000 + n
            ),
        };
        let client_id = format!("m{turn}").parse().unwrap();
        tell(Body::VisitorSaid { client_id }, Private::text(words));
        let topic = ["opening_hours", "where_is_my_order"][usize::from(n.is_multiple_of(10))];
        let answered = Body::BotAnswered {
            upto: Seq(turn * 2 + 2),
            understood: Vec::new(),
            choices: Vec::new(),
            memory: Box::<Memory>::default(),
            topic: Some(topic.parse().unwrap()),
            lang: Lang::es(),
            shows: Vec::new(),
        };
        tell(
            answered,
            Private::text(
                "Abrimos de lunes a viernes de 9 a 19, en las dos tiendas y por teléfono.",
            ),
        );
    }
    let closed = Body::Closed {
        client_id: None,
        outcome: Outcome::ResolvedByBot,
        by: Closer::Visitor,
        question: None,
        because: String::new(),
        wrap_up: None,
    };
    tell(closed, Private::default());
    (ConversationId::from_bytes(id), events)
}

/// With `VENTANILLA_HISTORY=100000` and `--nocapture` it measures.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_searched_a_bounded_stretch_at_a_time_newest_first() {
    let sessions = std::env::var("VENTANILLA_HISTORY").map_or(SESSIONS, |n| n.parse().unwrap());
    let mut house = open().await;
    house.sign_up("Marta", "agent").await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    let began = Instant::now();
    for start in (0..sessions).step_by(500) {
        let chats = (start..sessions.min(start + 500)).map(|n| chat(n, sessions));
        let kept = chats.map(|(id, events)| house.store().append(id, Seq::ZERO, events));
        for kept in futures_util::future::join_all(kept).await {
            kept.unwrap();
        }
    }
    eprintln!(
        "{sessions} conversations stored in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    let house = house.restarts().await;
    let lead = Signed {
        http: lead.http,
        ..house.sign_in("jefa@mareas.example", PASSWORD).await
    };
    list(&house, &lead, "limit=1").await;
    eprintln!(
        "restarted and folded in {:.1} s",
        began.elapsed().as_secs_f64()
    );

    let timed = async |query: &str| {
        let began = Instant::now();
        let page = lead.get(&house, &format!("/v1/history?{query}")).await;
        let ms = began.elapsed().as_secs_f64() * 1e3;
        eprintln!(
            "{ms:8.1} ms  {} rows  ?{query}",
            page["rows"].as_array().unwrap().len()
        );
        page
    };
    let day = timed("topic=where_is_my_order&from=2026-11-22&to=2026-11-22").await;
    let rows = day["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 30);
    assert!(
        rows.iter()
            .all(|row| row["topic"]["id"] == "where_is_my_order")
    );
    timed("").await;
    timed("outcome=resolved_by_bot").await;
    timed("outcome=unresolved").await;
    timed("outcome=open").await;
    timed("topic=where_is_my_order&outcome=resolved_by_bot&limit=100").await;

    // Neither the accents nor the capitals count; a thousand sessions a time and no more.
    let (mut next, mut scanned, mut found, mut until) = (String::new(), 0, Vec::new(), i64::MAX);
    loop {
        let page = timed(&format!("text=Cafetera%20jarra&before={next}")).await;
        let scan = &page["scan"];
        let stretch = scan["scanned"].as_u64().unwrap();
        assert!(stretch <= 1_000);
        scanned += stretch;
        match scan["until"].as_i64() {
            Some(reached) => {
                assert!(reached < until, "newest first");
                until = reached;
            }
            None => assert_eq!(stretch, 0, "the page before came to the very end"),
        }
        for row in page["rows"].as_array().unwrap() {
            assert_eq!(row["excerpt"], "la CAFETERÁ llegó sin la jarra");
            assert!(row["opened"].as_i64().unwrap() >= until);
            found.push(row["opened"].as_i64().unwrap());
        }
        match page["next"].as_str() {
            Some(more) => next = more.to_owned(),
            None => break,
        }
    }
    assert_eq!(scanned, u64::from(sessions));
    let all = (0..sessions).rev().filter(|n| n % RARE == RARE / 2);
    let all: Vec<_> = all
        .map(|n| MONDAY.0 - i64::from(sessions - n) * 60_000)
        .collect();
    assert_eq!(found, all);
    // One word here and one there is not one message.
    let apart = timed("text=cafetera%20pedido").await;
    assert_eq!(apart["rows"], json!([]));
    assert_eq!(apart["scan"]["scanned"], 1_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_too_long_for_one_search_is_gone_on_with_inside() {
    let mut house = open().await;
    house.sign_up("Marta", "agent").await;
    let lead = house.sign_in("jefa@mareas.example", PASSWORD).await;
    // More than four megabytes of words in one session, the one looked for at its end.
    let (id, mut events) = chat(0, 1);
    let closed = events.pop().unwrap();
    let long = "bla ".repeat(1_000);
    while events.len() < 1_600 {
        let seq = Seq(events.len() as u64 + 1);
        let text = if seq.0 == 1_500 { "¡La aguja!" } else { &long };
        events.push(Event {
            seq,
            at: closed.at,
            body: Body::VisitorSaid {
                client_id: format!("l{seq}").parse().unwrap(),
            },
            private: Private::text(text),
        });
    }
    house.store().append(id, Seq::ZERO, events).await.unwrap();
    let house = house.restarts().await;
    let lead = Signed {
        http: lead.http,
        ..house.sign_in("jefa@mareas.example", PASSWORD).await
    };
    let first = list(&house, &lead, "text=aguja").await;
    assert_eq!(first["rows"], json!([]));
    let next = first["next"].as_str().unwrap().to_owned();
    assert!(next.contains('.'), "inside a session: {next}");
    let second = list(&house, &lead, &format!("text=aguja&before={next}")).await;
    assert_eq!(second["rows"][0]["excerpt"], "¡La aguja!");
    assert_eq!(second["next"], Value::Null);
}
