//! The whole way of opinions: given at a touchpoint, gathered as a theme, taken, closed together by an action, told once to who gave them, shown to everybody.

use reqwest::Method;
use serde_json::{Value, json};
use ventanilla::admin_socket::{Request, ask};

use super::mail_kit::{HOUR, MINUTE, is_answered_and_closed, leaves, letters, with_folder};
use super::support::{House, Signed, Visitor, words};

fn text(es: &str, en: &str) -> Value {
    json!({"es": es, "en": en})
}

const DID: &str = "Ahora la página dice también el horario del sábado.";

/// What is done about the opening hours.
fn saturdays(opinions: &[Value]) -> Value {
    json!({
        "id": "saturdays", "said": text("No se ve el horario del sábado", "Saturday's hours are missing"),
        "did": text(DID, "The page shows Saturday's hours too."), "since": "2026-11-23", "touchpoints": ["shops"],
        "topic": "opening_hours", "opinions": opinions,
    })
}

async fn does(house: &House, who: &Signed, how: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = who.http.request(how, house.url(path));
    let request = request
        .header("cookie", &who.cookie)
        .header("x-csrf-token", &who.csrf);
    let response = request.json(body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

/// Asks at a touchpoint, ends, and says how it was; gives the visitor and the line under the question.
async fn rates(house: &House, touchpoint: &str, tap: u32) -> (Visitor, String) {
    let hello = json!({"type": "hello", "touchpoint": touchpoint, "stage": "awareness"});
    let mut visitor = house.visitor_with(hello).await;
    visitor.asks("¿a qué hora abren?").await;
    visitor.acts(json!({"type": "end"})).await;
    let used_for = rates_now(&mut visitor, tap).await;
    (visitor, used_for)
}

async fn rates_now(visitor: &mut Visitor, tap: u32) -> String {
    let closed = visitor.sees("closed").await;
    let question = &closed["event"]["question"];
    let rate = json!({"type": "rate", "question": question["id"], "tap": tap});
    visitor.acts(rate).await;
    visitor.sees("opinion").await;
    question["used_for"].as_str().unwrap().to_owned()
}

/// Conversation and event of each.
fn refs(opinions: &Value) -> Vec<Value> {
    let all = opinions["opinions"].as_array().unwrap().iter();
    all.map(|one| json!({"conversation": one["conversation"], "seq": one["seq"]}))
        .collect()
}

async fn open_ones(house: &House, lead: &Signed) -> Value {
    let path = "/v1/improvements/opinions?touchpoint=shops&stage=awareness&open=true&asking=true";
    lead.get(house, path).await
}

/// How often a visitor has been told of what was done, and what they read then.
async fn told(house: &House, visitor: &Visitor) -> (usize, String) {
    let hello = json!({"type": "hello", "token": visitor.token});
    let mut again = house.visitor_with(hello).await;
    let (mut count, mut said) = (0, String::new());
    let last = again.welcome["seq"].as_u64().unwrap();
    loop {
        let event = again.frame("event").await;
        if event["event"]["kind"] == "notice" {
            count += 1;
            said = words(&event);
        }
        if event["seq"].as_u64().unwrap() >= last {
            return (count, said);
        }
    }
}

async fn page(house: &House, path: &str) -> (u16, reqwest::header::HeaderMap, String) {
    let response = reqwest::get(house.url(path)).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_opinions_to_an_action_that_closes_them_is_told_once_and_stands_on_the_public_page() {
    let mut house = House::configured(|config| config.limits.pause_ms = 0).await;
    let lead = house.sign_up("Lía", "lead").await;
    let (ana, plain) = rates(&house, "shops", 2).await;
    let (eva, _) = rates(&house, "shops", 2).await;
    let (leo, _) = rates(&house, "shops", 2).await;
    let (happy, _) = rates(&house, "shops", 0).await;
    let (other, _) = rates(&house, "delivery", 2).await;
    assert!(!plain.contains("sábado"), "{plain}");

    // A lead sees where opinions gather, and takes them.
    let book = lead.get(&house, "/v1/improvements").await;
    let theme = &book["themes"][0];
    assert_eq!(theme["touchpoint"], "shops", "{book}");
    assert_eq!(
        (
            &theme["answers"],
            &theme["asking"],
            &theme["standings"]["new"]
        ),
        (&json!(4), &json!(3), &json!(3))
    );
    let open = open_ones(&house, &lead).await;
    let behind = refs(&open);
    assert_eq!(behind.len(), 3, "{open}");
    let all = json!({"opinions": behind});
    let moved = lead
        .post(&house, "/v1/improvements/opinions/take", &all)
        .await;
    assert_eq!(moved, json!({"moved": 3, "closed": 0}));
    let first = json!({"opinions": [behind[0]]});
    let moved = lead
        .post(&house, "/v1/improvements/opinions/contacted", &first)
        .await;
    assert_eq!(moved, json!({"moved": 1, "closed": 0}));
    let open = open_ones(&house, &lead).await;
    let rows = open["opinions"].as_array().unwrap();
    let stands = rows.iter().map(|row| row["standing"].as_str().unwrap());
    assert_eq!(stands.collect::<Vec<_>>(), ["contacted", "owned", "owned"]);
    assert!(rows.iter().all(|row| row["owner"] == "Lía"), "{open}");

    // Half an action is none, an agent writes none, nobody closes an opinion that there is not.
    let at = "/v1/improvements/actions/saturdays";
    let mut half = saturdays(&behind);
    half["did"] = json!({"es": DID});
    let (status, why) = does(&house, &lead, Method::PUT, at, &json!({"action": half})).await;
    assert_eq!(
        (status, &why["message"]),
        (400, &json!("`did` is missing in en"))
    );
    let strange = saturdays(&[json!({"conversation": behind[0]["conversation"], "seq": 1})]);
    let (status, _) = does(&house, &lead, Method::PUT, at, &json!({"action": strange})).await;
    assert_eq!(status, 400);
    let written = json!({"action": saturdays(&behind)});
    let agent = house.sign_up("Ana", "agent").await;
    assert_eq!(does(&house, &agent, Method::PUT, at, &written).await.0, 403);
    for _twice in 0..2 {
        let (status, why) = does(&house, &lead, Method::PUT, at, &written).await;
        assert_eq!(status, 204, "{why}");
    }
    let mut stale = written.clone();
    stale["action"]["since"] = json!("2026-11-22");
    assert_eq!(
        does(&house, &lead, Method::PUT, at, &stale).await.1["error"],
        "changed"
    );
    // A draft is shown to nobody.
    let (status, _, html) = page(&house, "/novedades").await;
    assert!(
        status == 200 && html.contains("Todavía no hay novedades"),
        "{html}"
    );

    // Leo is erased before; the server ends at once behind the publishing.
    let erase = Request::Erase {
        conversation: leo.welcome["conversation"].as_str().unwrap().to_owned(),
    };
    ask(&house.config(), erase, &mut tokio::io::sink())
        .await
        .unwrap();
    lead.post(&house, &format!("{at}/publish"), &json!({}))
        .await;
    let house = house.restarts().await;
    let mut eva = house.again(&eva).await;
    let said = words(&eva.sees("notice").await);
    assert_eq!(
        said,
        format!(
            "Dejaste una opinión sobre esto: «No se ve el horario del sábado». Lo cambiamos. {DID} Gracias por decirlo."
        )
    );
    let lead = house
        .sign_in("lía@mareas.example", "una frase bastante larga")
        .await;
    lead.post(&house, &format!("{at}/publish"), &json!({}))
        .await;
    let house = house.restarts().await;
    let mut counts = Vec::new();
    for visitor in [&ana, &eva, &happy, &other] {
        counts.push(told(&house, visitor).await.0);
    }
    assert_eq!(counts, [1, 1, 0, 0], "each once, and nobody else");

    // Closed together: the way ends, the cases too, and the action leads back to them and on to the file.
    let lead = house
        .sign_in("lía@mareas.example", "una frase bastante larga")
        .await;
    assert_eq!(open_ones(&house, &lead).await["opinions"], json!([]));
    let whole = lead.get(&house, at).await;
    let rows = whole["opinions"].as_array().unwrap().iter();
    let mut stands: Vec<_> = rows.map(|row| row["standing"].as_str().unwrap()).collect();
    stands.sort_unstable();
    assert_eq!(stands, ["fixed", "told", "told"], "{whole}");
    assert_eq!((&whole["people"], &whole["told"]), (&json!(2), &json!(2)));
    assert_eq!(whole["file"], "opening_hours.yaml");
    let effect = &whole["effect"];
    assert_eq!(
        (&effect["verdict"], &effect["after"]["of"]),
        (&json!("too_few"), &json!(4))
    );
    assert!(effect["after"]["value"].is_null(), "{effect}");
    let handled = lead
        .get(&house, "/v1/feedback?kind=negative&handled=false")
        .await;
    assert_eq!(handled["answers"].as_array().unwrap().len(), 1, "{handled}");
    let take = json!({"opinions": behind});
    let moved = lead
        .post(&house, "/v1/improvements/opinions/take", &take)
        .await;
    assert_eq!(moved, json!({"moved": 0, "closed": 3}));
    let (status, why) = does(&house, &lead, Method::DELETE, at, &json!({})).await;
    assert_eq!((status, &why["error"]), (409, &json!("published")));

    // The next question about that touchpoint says what became of it; others do not.
    let (_, used_for) = rates(&house, "shops", 0).await;
    let changed = format!(
        "La última vez nos dijeron «No se ve el horario del sábado», y lo cambiamos. {DID}"
    );
    assert!(
        used_for.starts_with("Lo lee") && used_for.ends_with(&changed),
        "{used_for}"
    );
    let (_, used_for) = rates(&house, "delivery", 0).await;
    assert!(!used_for.contains("sábado"), "{used_for}");

    // The public page wrote itself: in both languages, without a script, for caches, as JSON.
    let (status, headers, html) = page(&house, "/novedades?site=es").await;
    assert!(
        status == 200 && html.contains(DID) && !html.contains("<script"),
        "{html}"
    );
    assert!(
        html.contains("23 de noviembre de 2026") && !html.contains("opiniones</small>"),
        "{html}"
    );
    assert_eq!(headers["cache-control"], "public, max-age=300");
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'; style-src 'self'")
    );
    let again = reqwest::Client::new()
        .get(house.url("/novedades?site=es"))
        .header("if-none-match", headers["etag"].to_str().unwrap());
    assert_eq!(again.send().await.unwrap().status(), 304);
    let (_, _, html) = page(&house, "/whats-new").await;
    assert!(
        html.contains("<html lang=\"en\">") && html.contains("Saturday's hours"),
        "{html}"
    );
    let (_, headers, news) = page(&house, "/whats-new.json").await;
    let news: Value = serde_json::from_str(&news).unwrap();
    assert_eq!(
        (
            &news["changes"][0]["since"],
            &news["changes"][0]["opinions"]
        ),
        (&json!("2026-11-23"), &Value::Null)
    );
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(page(&house, "/novedades?site=no_such_site").await.0, 404);

    // Taken back from sight, it is told nowhere any more.
    lead.post(&house, &format!("{at}/retire"), &json!({})).await;
    let (_, _, html) = page(&house, "/novedades").await;
    assert!(!html.contains(DID), "{html}");
    let (_, used_for) = rates(&house, "shops", 0).await;
    assert!(!used_for.contains("sábado"), "{used_for}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_a_message_and_went_away_reads_it_by_mail_in_the_morning() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let lead = house.sign_up("Lía", "lead").await;
    let hello = json!({"type": "hello", "touchpoint": "shops", "stage": "awareness"});
    let mut ana = house.visitor_with(hello).await;
    is_answered_and_closed(&mut house, &mut ana).await;
    rates_now(&mut ana, 2).await;
    leaves(&house, ana, 0).await;
    // Eva gave no address.
    let (eva, _) = rates(&house, "shops", 2).await;
    leaves(&house, eva, 0).await;
    let behind = refs(&open_ones(&house, &lead).await);
    assert_eq!(behind.len(), 2);
    let at = "/v1/improvements/actions/saturdays";
    let written = json!({"action": saturdays(&behind)});
    assert_eq!(does(&house, &lead, Method::PUT, at, &written).await.0, 204);
    // At ten in the evening.
    house.clock.advance(12 * HOUR);
    let lead = house
        .sign_in("lía@mareas.example", "una frase bastante larga")
        .await;
    lead.post(&house, &format!("{at}/publish"), &json!({}))
        .await;
    house.until_metric("mails_queued", 1).await;
    house.clock.advance(HOUR);
    house.until_metric("mails_sent", 0).await;
    house.clock.advance(10 * HOUR + 2 * MINUTE);
    let letter = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(letter.to, "ana@example.org");
    assert!(letter.text.contains(DID), "{letter:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_a_console_answers_one_case_once_by_a_mailed_link_and_sees_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = with_folder(&folder).await;
    let lead = house.sign_up("Lía", "lead").await;
    let mut ana = house.visitor().await;
    ana.asks("mi caso es privado: 4711").await;
    ana.acts(json!({"type": "end"})).await;
    let closed = ana.sees("closed").await;
    let question = &closed["event"]["question"]["id"];
    let line = json!({"type": "rate", "question": question, "tap": 0, "text": "Faltaba <una> bota, fatal"});
    ana.acts(line).await;
    ana.sees("rated").await;
    rates(&house, "shops", 2).await;
    let all = lead
        .get(&house, "/v1/improvements/opinions?touchpoint=none")
        .await;
    let opinion = refs(&all).remove(0);
    let path = "/v1/improvements/errands";
    let asked = |to: &str, note: &str| json!({"opinion": opinion, "to": to, "note": note});
    for (to, note, status) in [
        ("not an address", "¿Queda?", 400),
        ("almacen@example.org", " ", 400),
    ] {
        assert_eq!(
            does(&house, &lead, Method::POST, path, &asked(to, note))
                .await
                .0,
            status
        );
    }
    // An address that is none leaves no link behind.
    assert_eq!(lead.get(&house, path).await["errands"], json!([]));
    lead.post(
        &house,
        path,
        &asked("almacen@example.org", "¿Queda una bota izquierda del 41?"),
    )
    .await;
    let letter = letters(&house, &folder, 1).await.remove(0);
    assert_eq!(
        (letter.to.as_str(), letter.subject.as_str()),
        ("almacen@example.org", "Mareas: un caso por resolver")
    );
    assert!(
        !letter.text.contains("4711") && !letter.text.contains("Faltaba"),
        "{letter:?}"
    );
    let link = letter.link("e");
    // Opening it uses nothing up; it shows this case, as text, and nothing else.
    for _scanner in 0..2 {
        let (status, headers, html) = page(&house, &link).await;
        assert_eq!(status, 200, "{html}");
        assert!(
            html.contains("bota izquierda del 41") && html.contains("Faltaba &lt;una&gt; bota"),
            "{html}"
        );
        let id = opinion["conversation"].as_str().unwrap();
        assert!(
            !html.contains("4711") && !html.contains(id) && !html.contains("<script"),
            "{html}"
        );
        assert_eq!(headers["cache-control"], "no-store");
    }
    let http = reqwest::Client::new();
    let answers = async |result: &str| {
        let form = [("result", result), ("note", "Sale hoy por mensajero.")];
        let response = http
            .post(house.url(&link))
            .form(&form)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(answers("burnt").await.0, 400);
    let (status, html) = answers("done").await;
    assert!(
        status == 200 && html.contains("Lía ya tiene la respuesta"),
        "{html}"
    );
    assert_eq!(answers("done").await.0, 410, "one answer");
    assert_eq!(page(&house, &link).await.0, 410);
    let book = lead.get(&house, path).await;
    assert_eq!(
        book["errands"][0]["answer"]["note"],
        "Sale hoy por mensajero."
    );
    let all = lead
        .get(&house, "/v1/improvements/opinions?touchpoint=none")
        .await;
    assert_eq!(
        (
            &all["opinions"][0]["standing"],
            &all["opinions"][0]["owner"]
        ),
        (&json!("contacted"), &json!("Lía"))
    );
    // Another one expires; an erasure takes both along.
    lead.post(
        &house,
        path,
        &asked("almacen@example.org", "¿Y la derecha?"),
    )
    .await;
    let letter = letters(&house, &folder, 2).await.remove(1);
    house.clock.advance(7 * 24 * HOUR + 1);
    assert_eq!(page(&house, &letter.link("e")).await.0, 410);
    let erase = Request::Erase {
        conversation: opinion["conversation"].as_str().unwrap().to_owned(),
    };
    ask(&house.config(), erase, &mut tokio::io::sink())
        .await
        .unwrap();
    let lead = house
        .sign_in("lía@mareas.example", "una frase bastante larga")
        .await;
    assert_eq!(lead.get(&house, path).await["errands"], json!([]));
}
