//! An admin teaches the assistant from the console: from nothing to a published topic that answers, and what stands in the way.

use std::path::Path;
use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use ventanilla::catalog_watch;
use ventanilla::engine::Live;
use ventanilla::ports::Space;
use ventanilla::topics::{Around, check};
use ventanilla::understanding::{Corpus, Engine};

use super::support::{House, MONDAY, Signed};

/// A house over a folder of its own, with the files of the stories.
async fn house(folder: &Path, change: impl FnOnce(&mut ventanilla::config::Config)) -> House {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/catalog");
    let (files, problems) = catalog_watch::read(&files);
    assert!(problems.is_empty(), "{problems:?}");
    for file in files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.text).unwrap();
    }
    let folder = folder.to_owned();
    let house = House::configured(|config| {
        config.intents = folder.clone();
        config.limits.pause_ms = 0;
        change(config);
    })
    .await;
    // What is live is what stands there: the stories' own catalogue names another address of the order service.
    house.teach(learnt(&folder));
    house
}

/// What the watch of the folder makes live.
fn learnt(folder: &Path) -> Live {
    let (files, _) = catalog_watch::read(folder);
    let env = |name: &str| std::env::var(name).ok();
    let around = Around {
        env: &env,
        today: None,
    };
    let checked = check(&files, &around);
    let catalog = checked.catalog.unwrap();
    let brain = Engine::train(&Corpus::from(&catalog)).unwrap_or_else(|why| panic!("{why:?}"));
    Live {
        catalog: Arc::new(catalog),
        brain: Arc::new(brain),
        since: MONDAY,
    }
}

async fn ask(
    house: &House,
    who: &Signed,
    method: Method,
    path: &str,
    body: Value,
) -> (StatusCode, Value) {
    let path = format!("/v1/authoring{path}");
    let mut request = who
        .http
        .request(method.clone(), house.url(&path))
        .header("cookie", &who.cookie)
        .header("x-csrf-token", &who.csrf);
    if method != Method::GET {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn good(house: &House, who: &Signed, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = ask(house, who, method, path, body).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

fn path_of(draft: &Value, deed: &str) -> String {
    format!("/drafts/{}{deed}", draft["id"].as_str().unwrap())
}

fn gift_wrap() -> Value {
    json!({
        "topic": "gift_wrap",
        "title": {"es": "Envolver para regalo", "en": "Gift wrap"},
        "examples": {
            "es": ["¿lo envuelven para regalo?", "quiero papel de regalo", "es un regalo, ¿viene envuelto?",
                "pueden ponerle un moño", "envoltorio de regalo", "necesito que lo envuelvan"],
            "en": ["can you gift wrap it", "do you have wrapping paper", "it is a present, wrap it please",
                "gift wrapping", "put a bow on it", "is wrapping included"],
        },
        "answer": {"es": "Sí: lo envolvemos gratis.", "en": "Yes: we wrap it for free."},
        "choices": ["opening_hours"],
    })
}

fn tests() -> Value {
    json!([
        {"say": "me lo envuelven? es un regalo", "lang": "es", "expect": "gift_wrap"},
        {"say": "papel de regalo por favor", "lang": "es", "expect": "gift_wrap"},
        {"say": "please gift wrap it for me", "lang": "en", "expect": "gift_wrap"},
        {"say": "wrapping for a present", "lang": "en", "expect": "gift_wrap"},
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_nothing_to_a_topic_that_answers_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house(folder, |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let lead = house.sign_up("Elena", "lead").await;
    let (status, _) = ask(&house, &lead, Method::GET, "", Value::Null).await;
    assert_eq!(status, 403);

    let fresh = good(&house, &admin, Method::POST, "/new", gift_wrap()).await;
    assert_eq!(fresh["path"], "gift_wrap.yaml");
    let mut form = fresh["form"].clone();
    form["tests"] = tests();
    let work = json!({"path": fresh["path"], "text": fresh["text"], "form": form, "site": "es", "lang": "es"});
    let checked = good(&house, &admin, Method::POST, "/check", work).await;
    assert_eq!(checked["refused"], Value::Null);
    assert_eq!(checked["problems"], json!([]), "{checked}");
    assert_eq!(checked["shown"][0]["text"], "Sí: lo envolvemos gratis.");
    assert_eq!(checked["shown"][0]["choices"], json!(["Horario"]));
    let text = checked["text"].clone();

    let say = json!({"path": fresh["path"], "text": text, "lang": "es", "say": "¿me lo pueden envolver de regalo?"});
    let read = good(&house, &admin, Method::POST, "/try", say).await;
    assert_eq!(
        read["after"]["verdict"],
        json!({"is": "match", "topic": "gift_wrap"})
    );
    assert_ne!(read["before"]["verdict"]["topic"], "gift_wrap");

    let draft = good(
        &house,
        &admin,
        Method::POST,
        "/drafts",
        json!({"note": "Navidad"}),
    )
    .await;
    let file = json!({"version": draft["version"], "path": fresh["path"], "text": text});
    let saved = good(
        &house,
        &admin,
        Method::PUT,
        &path_of(&draft, "/file"),
        file.clone(),
    )
    .await;
    let (status, stale) = ask(&house, &admin, Method::PUT, &path_of(&draft, "/file"), file).await;
    assert_eq!(
        (status.as_u16(), stale["error"].as_str()),
        (409, Some("stale"))
    );
    let preview = good(
        &house,
        &admin,
        Method::GET,
        &path_of(&draft, "/preview"),
        Value::Null,
    )
    .await;
    assert_eq!(preview["files"][0]["new"], true);
    assert_eq!(preview["tests"]["broken"], json!([]), "{preview}");
    assert_eq!(preview["tests"]["own"].as_array().unwrap().len(), 4);

    let approved = good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/approve"),
        json!({"version": saved["version"]}),
    )
    .await;
    assert_eq!(approved["state"], "approved");
    let published = good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(published["state"], "published");
    let acts: Vec<&str> = published["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["opened", "saved", "approved", "published"]);
    assert_eq!(published["history"][3]["by"]["name"], "Ana");
    let on_disk = std::fs::read_to_string(folder.join("gift_wrap.yaml")).unwrap();
    assert_eq!(text, on_disk);

    house.teach(learnt(folder));
    let mut visitor = house.visitor().await;
    let said = visitor.asks("¿lo envuelven para regalo?").await;
    assert_eq!(said, "Sí: lo envolvemos gratis.");

    let undo = good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/undo"),
        json!({}),
    )
    .await;
    assert_eq!(undo["undoes"], draft["id"]);
    good(
        &house,
        &admin,
        Method::POST,
        &path_of(&undo, "/publish"),
        json!({}),
    )
    .await;
    assert!(!folder.join("gift_wrap.yaml").exists());
    let drafts = good(&house, &admin, Method::GET, "/drafts", Value::Null).await;
    assert_eq!(drafts["drafts"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_on_disk_meanwhile_is_joined_or_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house(folder, |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let hours = folder.join("opening_hours.yaml");
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&hours).unwrap();
        assert!(text.contains(from), "{from} is not in\n{text}");
        std::fs::write(&hours, text.replace(from, to)).unwrap();
    };
    let add = |example: &str| json!({"topic": "opening_hours", "change": "add_example", "lang": "es", "example": example});
    let draft = good(&house, &admin, Method::POST, "/drafts", json!({})).await;
    good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/change"),
        add("¿abren en feriado?"),
    )
    .await;
    // Somebody edits another place of the file by hand: both go together.
    edit("store hours", "shop hours   ");
    let preview = good(
        &house,
        &admin,
        Method::GET,
        &path_of(&draft, "/preview"),
        Value::Null,
    )
    .await;
    assert_eq!(preview["files"][0]["on_disk"], "merged");
    good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    let text = std::fs::read_to_string(&hours).unwrap();
    assert!(
        text.contains("¿abren en feriado?") && text.contains("shop hours   "),
        "{text}"
    );

    // The same place: people look, and what they joined goes live.
    let draft = good(&house, &admin, Method::POST, "/drafts", json!({})).await;
    let reword = json!({"topic": "opening_hours", "change": "reword_example", "lang": "es", "example": "¿abren en feriado?", "to": "¿abren los feriados?"});
    let ours = good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/change"),
        reword,
    )
    .await;
    edit("¿abren en feriado?", "¿atienden en feriado?");
    let (status, told) = ask(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(
        (status.as_u16(), told["error"].as_str()),
        (409, Some("conflict"))
    );
    let conflict = &told["conflicts"][0];
    assert!(
        conflict["theirs"]
            .as_str()
            .unwrap()
            .contains("¿atienden en feriado?")
    );
    assert!(
        conflict["ours"]
            .as_str()
            .unwrap()
            .contains("¿abren los feriados?")
    );
    let joined = conflict["theirs"].as_str().unwrap().replace(
        "¿atienden en feriado?",
        "¿atienden en feriado?\n    ¿abren los feriados?",
    );
    let file = json!({"version": ours["version"], "path": "opening_hours.yaml", "text": joined, "rebase": true});
    good(&house, &admin, Method::PUT, &path_of(&draft, "/file"), file).await;
    good(
        &house,
        &admin,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(std::fs::read_to_string(&hours).unwrap(), joined);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_and_broken_tests_and_own_work_stand_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house(folder, |config| config.authoring.four_eyes = true).await;
    let ana = house.sign_up("Ana", "admin").await;
    let eva = house.sign_up("Eva", "admin").await;
    let draft = good(&house, &ana, Method::POST, "/drafts", json!({})).await;
    let change = |change: Value| {
        let mut body = json!({"topic": "opening_hours"});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        body
    };
    let no_such =
        change(json!({"change": "choices", "at": "steps/0", "choices": [{"go": "nowhere"}]}));
    good(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/change"),
        no_such,
    )
    .await;
    let (status, told) = ask(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/approve"),
        json!({}),
    )
    .await;
    assert_eq!(
        (status.as_u16(), told["error"].as_str()),
        (409, Some("own_work"))
    );
    let (_, told) = ask(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(told["error"], "not_approved");
    good(
        &house,
        &eva,
        Method::POST,
        &path_of(&draft, "/approve"),
        json!({"note": "bien"}),
    )
    .await;
    let (status, told) = ask(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(
        (status.as_u16(), told["error"].as_str()),
        (422, Some("problems"))
    );
    assert_eq!(told["problems"][0]["code"], "unknown_reference");

    let none = change(json!({"change": "choices", "at": "steps/0", "choices": []}));
    good(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/change"),
        none,
    )
    .await;
    let test = change(
        json!({"change": "add_test", "test": {"say": "quiero hablar con una persona", "lang": "es", "expect": "opening_hours"}}),
    );
    good(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/change"),
        test,
    )
    .await;
    good(
        &house,
        &eva,
        Method::POST,
        &path_of(&draft, "/approve"),
        json!({}),
    )
    .await;
    let (_, told) = ask(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/publish"),
        json!({}),
    )
    .await;
    assert_eq!(told["error"], "tests", "{told}");
    assert_eq!(told["tests"][0]["was"], "new");
    let reason = json!({"reason": "Se arregla el lunes"});
    let published = good(
        &house,
        &ana,
        Method::POST,
        &path_of(&draft, "/publish"),
        reason,
    )
    .await;
    let last = published["history"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["note"], "Se arregla el lunes");

    let long = "# x\n".repeat(300_000);
    let draft = good(&house, &ana, Method::POST, "/drafts", json!({})).await;
    let file = json!({"path": "opening_hours.yaml", "text": long});
    let (status, _) = ask(&house, &ana, Method::PUT, &path_of(&draft, "/file"), file).await;
    assert_eq!(status, 413);

    for path in [
        "../x.yaml",
        "_facts.yaml",
        "teams.yaml",
        "/etc/x.yaml",
        "events/late_delivery.yaml",
    ] {
        let draft = good(&house, &ana, Method::POST, "/drafts", json!({})).await;
        let file = json!({"path": path, "text": "topic: x\n"});
        let (status, told) = ask(&house, &ana, Method::PUT, &path_of(&draft, "/file"), file).await;
        assert_eq!(
            (status.as_u16(), told["error"].as_str()),
            (400, Some("bad_path")),
            "{path}"
        );
    }
}

/// Starts the program over a folder and ends it once it is open.
fn serves_and_dies(folder: &Path) {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let data = tempfile::tempdir().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_ventanilla"))
        .args(["serve", "--port", "0"])
        .arg("--data")
        .arg(data.path())
        .arg("--intents")
        .arg(folder)
        .env("VENTANILLA_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let is_open = lines
        .map_while(Result::ok)
        .any(|line| line.contains("Ventanilla"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(is_open, "the server ended by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_server_was_publishing_is_whole_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house(folder, |_| {}).await;
    let admin = house.sign_up("Ana", "admin").await;
    let draft = good(&house, &admin, Method::POST, "/drafts", json!({})).await;
    for topic in ["opening_hours", "talk_to_person"] {
        let change = json!({"topic": topic, "change": "add_test", "test": {"say": "dale con eso", "lang": "es", "expect": "none"}});
        good(
            &house,
            &admin,
            Method::POST,
            &path_of(&draft, "/change"),
            change,
        )
        .await;
    }
    // As a server leaves it that dies between the two files: the plan is durable, the record says so, one file is written.
    let key = draft["id"].as_str().unwrap();
    let record = house
        .store()
        .get(Space::Drafts, key)
        .await
        .unwrap()
        .unwrap();
    let mut kept = record.value;
    let files = kept["files"].clone();
    kept["publishing"] = json!({"at": MONDAY, "by": kept["history"][0]["by"], "act": "published"});
    house
        .store()
        .put_if(Space::Drafts, key, record.version, Some(kept))
        .await
        .unwrap();
    let plan = json!({ "files": files });
    std::fs::write(folder.join(catalog_watch::PUBLISHING), plan.to_string()).unwrap();
    let wanted = |topic: &str| {
        files[format!("{topic}.yaml")]["text"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    std::fs::write(folder.join("opening_hours.yaml"), wanted("opening_hours")).unwrap();

    serves_and_dies(folder);
    for topic in ["opening_hours", "talk_to_person"] {
        let text = std::fs::read_to_string(folder.join(format!("{topic}.yaml"))).unwrap();
        assert_eq!(text, wanted(topic), "{topic}");
    }
    assert!(!folder.join(catalog_watch::PUBLISHING).exists());
    let house = house.restarts().await;
    let settled = good(
        &house,
        &admin,
        Method::GET,
        &path_of(&draft, ""),
        Value::Null,
    )
    .await;
    assert_eq!(settled["state"], "published");
}
