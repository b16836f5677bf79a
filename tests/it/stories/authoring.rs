//! An admin teaches the assistant from the console: from nothing to a published topic that answers, and what stands in the way.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use ventanilla::catalog_watch;
use ventanilla::ports::Space;

use super::support::{House, MONDAY, Signed};
use super::teaching_kit::{ask, house_over, learnt};

/// Somebody at the editor.
struct Author<'a> {
    house: &'a House,
    who: &'a Signed,
}

fn author<'a>(house: &'a House, who: &'a Signed) -> Author<'a> {
    Author { house, who }
}

impl Author<'_> {
    async fn asks(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let path = format!("/v1/authoring{path}");
        let (status, answer) = ask(self.house, self.who, method, &path, body).await;
        (status.as_u16(), answer)
    }

    async fn gets(&self, path: &str) -> Value {
        good(path, self.asks(Method::GET, path, Value::Null).await)
    }

    async fn posts(&self, path: &str, body: Value) -> Value {
        good(path, self.asks(Method::POST, path, body).await)
    }

    async fn opens(&self) -> Value {
        self.posts("/drafts", json!({})).await
    }

    /// Does something with a draft that is done.
    async fn does(&self, draft: &Value, deed: &str, body: Value) -> Value {
        self.posts(&path_of(draft, deed), body).await
    }

    /// Tries something with a draft: status, and what was told.
    async fn tries(&self, draft: &Value, deed: &str, body: Value) -> (u16, Value) {
        self.asks(Method::POST, &path_of(draft, deed), body).await
    }

    /// Tries to put a whole file into a draft.
    async fn puts(&self, draft: &Value, file: Value) -> (u16, Value) {
        self.asks(Method::PUT, &path_of(draft, "/file"), file).await
    }
}

fn good(path: &str, (status, answer): (u16, Value)) -> Value {
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
    let mut house = house_over(folder, |_| {}).await;
    let (admin, lead) = (
        house.sign_up("Ana", "admin").await,
        house.sign_up("Elena", "lead").await,
    );
    let (admin, lead) = (author(&house, &admin), author(&house, &lead));
    let (status, _) = lead.asks(Method::GET, "", Value::Null).await;
    assert_eq!(status, 403);

    let fresh = admin.posts("/new", gift_wrap()).await;
    assert_eq!(fresh["path"], "gift_wrap.yaml");
    let mut form = fresh["form"].clone();
    form["tests"] = tests();
    let work = json!({"path": fresh["path"], "text": fresh["text"], "form": form, "site": "es", "lang": "es"});
    let checked = admin.posts("/check", work).await;
    assert_eq!(checked["refused"], Value::Null);
    assert_eq!(checked["problems"], json!([]), "{checked}");
    assert_eq!(checked["shown"][0]["text"], "Sí: lo envolvemos gratis.");
    assert_eq!(checked["shown"][0]["choices"], json!(["Horario"]));
    let text = checked["text"].clone();

    let say = json!({"path": fresh["path"], "text": text, "lang": "es", "say": "¿me lo pueden envolver de regalo?"});
    let read = admin.posts("/try", say).await;
    assert_eq!(
        read["after"]["verdict"],
        json!({"is": "match", "topic": "gift_wrap"})
    );
    assert_ne!(read["before"]["verdict"]["topic"], "gift_wrap");

    let mut shared = checked["form"].clone();
    shared["examples"]["es"][0] = "¿a qué hora abren?".into();
    shared["note"] = "Solo en diciembre".into();
    let work = json!({"path": fresh["path"], "text": text, "form": shared});
    let told = admin.posts("/check", work).await;
    let note = told["text"].as_str().unwrap();
    assert!(
        note.contains("\nnote: \"Solo en diciembre\"\ntests:"),
        "{note}"
    );
    // The other file comes later in the alphabet, and whoever writes this one is told all the same.
    assert_eq!(
        told["problems"][0]["see"]["topic"], "opening_hours",
        "{told}"
    );
    assert_eq!(told["elsewhere"], json!([]));
    let found = admin.gets("/find?words=HORA%20abren").await;
    assert_eq!(found["found"][0]["topic"], "opening_hours", "{found}");

    let draft = admin.posts("/drafts", json!({"note": "Navidad"})).await;
    let file = json!({"version": draft["version"], "path": fresh["path"], "text": text});
    let saved = good("/file", admin.puts(&draft, file.clone()).await);
    let (status, stale) = admin.puts(&draft, file).await;
    assert_eq!((status, stale["error"].as_str()), (409, Some("stale")));
    let preview = admin.gets(&path_of(&draft, "/preview")).await;
    assert_eq!(preview["files"][0]["new"], true);
    assert_eq!(preview["tests"]["broken"], json!([]), "{preview}");
    assert_eq!(preview["tests"]["own"].as_array().unwrap().len(), 4);

    let approved = admin
        .does(&draft, "/approve", json!({"version": saved["version"]}))
        .await;
    assert_eq!(approved["state"], "approved");
    let published = admin.does(&draft, "/publish", json!({})).await;
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

    let undo = admin.does(&draft, "/undo", json!({})).await;
    assert_eq!(undo["undoes"], draft["id"]);
    admin.does(&undo, "/publish", json!({})).await;
    assert!(!folder.join("gift_wrap.yaml").exists());
    let drafts = admin.gets("/drafts").await;
    assert_eq!(drafts["drafts"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_on_disk_meanwhile_is_joined_or_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house_over(folder, |_| {}).await;
    let signed = house.sign_up("Ana", "admin").await;
    let admin = author(&house, &signed);
    let hours = folder.join("opening_hours.yaml");
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&hours).unwrap();
        assert!(text.contains(from), "{from} is not in\n{text}");
        std::fs::write(&hours, text.replace(from, to)).unwrap();
    };
    let add = |example: &str| json!({"topic": "opening_hours", "change": "add_example", "lang": "es", "example": example});
    let draft = admin.opens().await;
    admin
        .does(&draft, "/change", add("¿abren en feriado?"))
        .await;
    // Somebody edits another place of the file by hand: both go together.
    edit("store hours", "shop hours   ");
    let preview = admin.gets(&path_of(&draft, "/preview")).await;
    assert_eq!(preview["files"][0]["on_disk"], "merged");
    admin.does(&draft, "/publish", json!({})).await;
    let text = std::fs::read_to_string(&hours).unwrap();
    assert!(
        text.contains("¿abren en feriado?") && text.contains("shop hours   "),
        "{text}"
    );

    // The same place: people look, and what they joined goes live.
    let draft = admin.opens().await;
    let reword = json!({"topic": "opening_hours", "change": "reword_example", "lang": "es", "example": "¿abren en feriado?", "to": "¿abren los feriados?"});
    let ours = admin.does(&draft, "/change", reword).await;
    edit("¿abren en feriado?", "¿atienden en feriado?");
    let (status, told) = admin.tries(&draft, "/publish", json!({})).await;
    assert_eq!((status, told["error"].as_str()), (409, Some("conflict")));
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
    let file = json!({
        "version": ours["version"], "path": "opening_hours.yaml", "text": joined, "base": conflict["theirs"],
    });
    good("/file", admin.puts(&draft, file).await);
    admin.does(&draft, "/publish", json!({})).await;
    assert_eq!(std::fs::read_to_string(&hours).unwrap(), joined);

    // What was written by hand after an editor read the file, and before the first save, is no base either.
    let draft = admin.opens().await;
    let read = joined;
    edit("¿abren los feriados?", "¿abren los días feriados?");
    let typed = read.replace("¿abren los feriados?", "¿abren en días de fiesta?");
    let file = json!({"path": "opening_hours.yaml", "text": typed, "base": read});
    good("/file", admin.puts(&draft, file).await);
    let (status, told) = admin.tries(&draft, "/publish", json!({})).await;
    assert_eq!((status, told["error"].as_str()), (409, Some("conflict")));
    assert_eq!(told["conflicts"][0]["base"].as_str(), Some(read.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_and_broken_tests_and_own_work_stand_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut house = house_over(folder, |config| config.authoring.four_eyes = true).await;
    let (ana, eva) = (
        house.sign_up("Ana", "admin").await,
        house.sign_up("Eva", "admin").await,
    );
    let (ana, eva) = (author(&house, &ana), author(&house, &eva));
    let draft = ana.opens().await;
    let change = |change: Value| {
        let mut body = json!({"topic": "opening_hours"});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        body
    };
    let no_such =
        change(json!({"change": "choices", "at": "steps/0", "choices": [{"go": "nowhere"}]}));
    ana.does(&draft, "/change", no_such).await;
    let (status, told) = ana.tries(&draft, "/approve", json!({})).await;
    assert_eq!((status, told["error"].as_str()), (409, Some("own_work")));
    let (_, told) = ana.tries(&draft, "/publish", json!({})).await;
    assert_eq!(told["error"], "not_approved");
    eva.does(&draft, "/approve", json!({"note": "bien"})).await;
    let (status, told) = ana.tries(&draft, "/publish", json!({})).await;
    assert_eq!((status, told["error"].as_str()), (422, Some("problems")));
    assert_eq!(told["problems"][0]["code"], "unknown_reference");

    let none = change(json!({"change": "choices", "at": "steps/0", "choices": []}));
    ana.does(&draft, "/change", none).await;
    let test = change(
        json!({"change": "add_test", "test": {"say": "quiero hablar con una persona", "lang": "es", "expect": "opening_hours"}}),
    );
    ana.does(&draft, "/change", test).await;
    eva.does(&draft, "/approve", json!({})).await;
    let (_, told) = ana.tries(&draft, "/publish", json!({})).await;
    assert_eq!(told["error"], "tests", "{told}");
    assert_eq!(told["tests"][0]["was"], "new");
    let reason = json!({"reason": "Se arregla el lunes"});
    let published = ana.does(&draft, "/publish", reason).await;
    let last = published["history"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["note"], "Se arregla el lunes");
    assert_eq!(
        last["despite"],
        json!([{"topic": "opening_hours", "say": "quiero hablar con una persona"}])
    );
    // Eva has approved it as it went live.
    assert_eq!(last["alone"], Value::Null, "{last}");

    let long = "# x\n".repeat(300_000);
    let draft = ana.opens().await;
    let file = json!({"path": "opening_hours.yaml", "text": long});
    let (status, _) = ana.puts(&draft, file).await;
    assert_eq!(status, 413);

    for path in [
        "../x.yaml",
        "_calls.yaml",
        "teams.yaml",
        "/etc/x.yaml",
        "events/late_delivery.yaml",
    ] {
        let draft = ana.opens().await;
        let file = json!({"path": path, "text": "topic: x\n"});
        let (status, told) = ana.puts(&draft, file).await;
        assert_eq!(
            (status, told["error"].as_str()),
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
    let mut house = house_over(folder, |_| {}).await;
    let signed = house.sign_up("Ana", "admin").await;
    let admin = author(&house, &signed);
    let draft = admin.opens().await;
    for topic in ["opening_hours", "talk_to_person"] {
        let change = json!({"topic": topic, "change": "add_test", "test": {"say": "dale con eso", "lang": "es", "expect": "none"}});
        admin.does(&draft, "/change", change).await;
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
    let admin = author(&house, &signed);
    let settled = admin.gets(&path_of(&draft, "")).await;
    assert_eq!(settled["state"], "published");
}
