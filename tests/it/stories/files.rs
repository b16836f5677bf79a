//! Files: a photo to the bot and on to a person, a document back, and everything that must not come in or out.

use reqwest::StatusCode;
use serde_json::Value;
use ventanilla::admin_socket::{Request, ask};
use ventanilla::config::{Config, SiteConfig};

use super::support::{Agent, House, Visitor, words};

/// A photo of one pixel row that was taken upside down, with the place where it was taken.
fn photo(pixels: &[u8]) -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    };
    let exif = [
        b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".as_slice(),
        b"\x12\x01\x03\0\x01\0\0\0\x03\0\0\0",
        b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0",
        b"GPS 40.4168 N 3.7038 W",
    ]
    .concat();
    [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xe1, &exif),
        segment(0xda, b"scan"),
        pixels.to_vec(),
        vec![0xff, 0xd9],
    ]
    .concat()
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

struct Sent {
    status: StatusCode,
    body: Value,
}

impl Sent {
    async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            body: response.json().await.unwrap_or(Value::Null),
        }
    }

    fn refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status.as_u16(), self.body["error"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
    }

    fn id(&self) -> &str {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["file"]["id"].as_str().unwrap()
    }
}

async fn sends(house: &House, visitor: &Visitor, act: &str, name: &str, bytes: Vec<u8>) -> Sent {
    let request = reqwest::Client::new()
        .post(house.url("/v1/visitor/files?site=es"))
        .bearer_auth(&visitor.token)
        .header("x-client-id", act)
        .header("x-file-name", name);
    Sent::of(request.body(bytes).send().await.unwrap()).await
}

async fn agent_sends(house: &House, agent: &Agent, conversation: &Value, csrf: &str) -> Sent {
    let conversation = conversation.as_str().unwrap();
    let request = reqwest::Client::new()
        .post(house.url(&format!("/v1/agent/files?conversation={conversation}")))
        .header("cookie", &agent.signed.cookie)
        .header("x-csrf-token", csrf)
        .header("x-client-id", "doc-1")
        .header("x-file-name", "etiqueta%20de%20devoluci%C3%B3n.pdf");
    Sent::of(request.body(PDF).send().await.unwrap()).await
}

async fn address(house: &House, visitor: &Visitor, id: &str) -> Sent {
    let request = reqwest::Client::new()
        .get(house.url(&format!("/v1/visitor/files/{id}?site=es")))
        .bearer_auth(&visitor.token);
    Sent::of(request.send().await.unwrap()).await
}

async fn fetch(house: &House, address: &Value) -> reqwest::Response {
    reqwest::get(house.url(address["url"].as_str().unwrap()))
        .await
        .unwrap()
}

fn at_once(config: &mut Config) {
    config.limits.pause_ms = 0;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_goes_to_the_bot_which_cannot_see_it_and_on_to_a_person_who_can() {
    let mut house = House::configured(at_once).await;
    let mut marta = house.agent("Marta").await;
    let mut ana = house.visitor().await;
    assert_eq!(ana.welcome["site"]["files"], true);

    let sent = sends(&house, &ana, "f-1", "caja%20rota.jpg", photo(b"pixels")).await;
    let id = sent.id().to_owned();
    let event = ana.sees("file").await;
    assert_eq!(event["seq"], sent.body["seq"]);
    assert_eq!(event["event"]["name"], "caja rota.jpg");
    assert_eq!(event["event"]["file"]["media"], "image/jpeg");
    let bot = ana.sees("bot").await;
    assert!(words(&bot).contains("no puedo ver"), "{bot}");
    // It is said once.
    sends(&house, &ana, "f-2", "", photo(b"another side")).await;
    assert_eq!(ana.hears().await, "También quedó guardado.");
    // A yes brings a person, who has the photo.
    ana.says("sí").await;
    ana.sees("queued").await;
    let item = marta.sees_waiting().await;
    let page = marta.opens(&item["conversation"]).await;
    let shown = page["events"].to_string();
    assert!(
        shown.contains("caja rota.jpg") && shown.contains(&id),
        "{shown}"
    );
    let found = marta
        .signed
        .get(&house, &format!("/v1/agent/files/{id}"))
        .await;
    let response = fetch(&house, &found).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    assert_eq!(
        header("content-disposition"),
        "attachment; filename*=UTF-8''caja%20rota.jpg"
    );
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
    let bytes = response.bytes().await.unwrap();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(!holds(b"GPS"), "the place is gone");
    assert!(
        holds(b"Exif") && holds(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3]),
        "the side that is up is kept"
    );
    assert!(holds(b"pixels"));

    // A document back, by whoever has the conversation and from the console only.
    let conversation = item["conversation"].clone();
    let csrf = marta.signed.csrf.clone();
    agent_sends(&house, &marta, &conversation, &csrf)
        .await
        .refused(409, "not_owner");
    marta.takes(&item).await;
    agent_sends(&house, &marta, &conversation, "forged")
        .await
        .refused(403, "forbidden");
    let sent = agent_sends(&house, &marta, &conversation, &csrf).await;
    let event = ana.sees("file").await;
    assert_eq!(event["event"]["from"], "Marta");
    assert_eq!(event["event"]["name"], "etiqueta de devolución.pdf");
    let found = address(&house, &ana, sent.id()).await;
    let bytes = fetch(&house, &found.body).await.bytes().await.unwrap();
    assert_eq!(bytes, PDF);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_words_is_one_turn() {
    let house = House::open().await;
    let mut ana = house.visitor().await;
    sends(&house, &ana, "f-1", "tique.jpg", photo(b"x"))
        .await
        .id();
    ana.says("¿a qué hora abren?").await;
    house.clock.advance(1_000);
    let heard = ana.hears().await;
    assert!(
        heard.starts_with("El archivo quedó guardado.") && heard.contains("9 a 19"),
        "{heard}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_upload_again_is_the_same_file() {
    let mut house = House::configured(at_once).await;
    let _marta = house.agent("Marta").await;
    let ana = house.visitor().await;
    let first = sends(&house, &ana, "f-1", "a.jpg", photo(b"one")).await;
    let again = sends(&house, &ana, "f-1", "a.jpg", photo(b"one")).await;
    assert_eq!(first.body, again.body);
    sends(&house, &ana, "f-1", "a.jpg", photo(b"two"))
        .await
        .refused(409, "id_reused");
    let found = address(&house, &ana, first.id()).await;
    assert_eq!(fetch(&house, &found.body).await.status(), 200);
    // It outlives a restart, and so does the address.
    let house = house.restarts().await;
    assert_eq!(fetch(&house, &found.body).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_come_in_does_not() {
    let house = House::configured(|config| {
        at_once(config);
        config.files.max_bytes = 2_000;
        config.files.uploads = 7;
        config.limits.files = 1;
    })
    .await;
    let mut ana = house.visitor().await;
    let html = b"<html><script>alert(1)</script></html>".to_vec();
    sends(&house, &ana, "f-1", "photo.jpg", html)
        .await
        .refused(415, "bad_kind");
    sends(&house, &ana, "f-2", "photo.jpg", photo(&[0; 2_000]))
        .await
        .refused(413, "too_large");
    sends(&house, &ana, "f-3", "photo.jpg", Vec::new())
        .await
        .refused(400, "empty");
    let cut = photo(b"x").split_last().unwrap().1.to_vec();
    sends(&house, &ana, "f-4", "photo.jpg", cut)
        .await
        .refused(422, "damaged");
    sends(&house, &ana, "", "photo.jpg", photo(b"x"))
        .await
        .refused(400, "bad_request");
    ana.token = "AAAA".to_owned();
    sends(&house, &ana, "f-5", "photo.jpg", photo(b"x"))
        .await
        .refused(401, "unauthorized");
    let eva = house.visitor().await;
    sends(&house, &eva, "f-6", "photo.jpg", photo(b"x"))
        .await
        .id();
    sends(&house, &eva, "f-7", "photo.jpg", photo(b"y"))
        .await
        .refused(409, "too_many_files");
    sends(&house, &eva, "f-8", "photo.jpg", photo(b"y"))
        .await
        .refused(409, "too_many_files");
    sends(&house, &eva, "f-9", "photo.jpg", photo(b"y"))
        .await
        .refused(429, "slow_down");
    let kept = house.files_on_disk();
    assert_eq!(kept.len(), 1, "{kept:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_gets_a_file() {
    let house = House::configured(at_once).await;
    let (ana, eva) = (house.visitor().await, house.visitor().await);
    let sent = sends(&house, &ana, "f-1", "a.pdf", PDF.to_vec()).await;
    address(&house, &eva, sent.id())
        .await
        .refused(404, "not_found");
    let console = format!("/v1/agent/files/{}", sent.id());
    assert_eq!(
        reqwest::get(house.url(&console)).await.unwrap().status(),
        401
    );
    let found = address(&house, &ana, sent.id()).await.body;
    assert_eq!(fetch(&house, &found).await.status(), 200);
    let forged = found["url"].as_str().unwrap().replace("s=", "s=A");
    assert_eq!(
        reqwest::get(house.url(&forged)).await.unwrap().status(),
        403
    );
    house.clock.advance(10 * 60_000 + 1);
    assert_eq!(fetch(&house, &found).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_pages_of_the_site_may_send_and_only_where_files_are_on() {
    let site = |id: &str, files| SiteConfig {
        id: id.parse().unwrap(),
        origins: vec!["https://shop.example".to_owned()],
        rest_secret: None,
        files,
        file_kinds: None,
    };
    let house = House::configured(|config| config.sites = vec![site("es", true)]).await;
    let ana = house.visitor().await;
    let from = async |method, origin: &str| {
        reqwest::Client::new()
            .request(method, house.url("/v1/visitor/files?site=es"))
            .header("origin", origin)
            .header("x-client-id", "f-1")
            .bearer_auth(&ana.token)
            .body(PDF)
            .send()
            .await
            .unwrap()
    };
    let asked = from(reqwest::Method::OPTIONS, "https://shop.example").await;
    assert_eq!(asked.status(), 204);
    assert_eq!(
        asked.headers()["access-control-allow-origin"],
        "https://shop.example"
    );
    for origin in [
        "https://shop.example.evil.example",
        "null",
        "http://shop.example",
    ] {
        let refused = from(reqwest::Method::POST, origin).await;
        assert_eq!(refused.status(), 403, "{origin}");
        assert!(
            !refused
                .headers()
                .contains_key("access-control-allow-origin")
        );
    }
    let sent = from(reqwest::Method::POST, "https://shop.example").await;
    assert_eq!(sent.status(), 200);
    assert_eq!(
        sent.headers()["access-control-allow-origin"],
        "https://shop.example"
    );

    let house = House::configured(|config| config.sites = vec![site("es", false)]).await;
    let ana = house.visitor().await;
    assert_eq!(ana.welcome["site"]["files"], false);
    sends(&house, &ana, "f-1", "a.pdf", PDF.to_vec())
        .await
        .refused(403, "files_off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scanner_has_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("scan.sh");
    let program =
        "case $(cat) in *EICAR*) exit 1;; *broken*) exit 2;; *slow*) exec sleep 60;; esac";
    std::fs::write(&script, program).unwrap();
    let command = format!("sh {}", script.display());
    let house = House::configured(|config| {
        at_once(config);
        config.files.scan = Some(command);
        config.files.scan_timeout_ms = 2_000;
    })
    .await;
    let ana = house.visitor().await;
    let pdf = |word: &str| [PDF, word.as_bytes()].concat();
    sends(&house, &ana, "f-1", "a.pdf", pdf("EICAR"))
        .await
        .refused(422, "infected");
    sends(&house, &ana, "f-2", "a.pdf", pdf("broken"))
        .await
        .refused(503, "not_scanned");
    sends(&house, &ana, "f-3", "a.pdf", pdf("slow"))
        .await
        .refused(503, "not_scanned");
    sends(&house, &ana, "f-4", "a.pdf", pdf("clean")).await.id();
    assert_eq!(house.files_on_disk().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasure_takes_the_bytes_too() {
    let house = House::configured(at_once).await;
    let (ana, eva) = (house.visitor().await, house.visitor().await);
    let sent = sends(&house, &ana, "f-1", "dni.pdf", PDF.to_vec()).await;
    let other = sends(&house, &eva, "f-1", "a.pdf", PDF.to_vec()).await;
    let found = address(&house, &ana, sent.id()).await.body;
    let request = Request::Erase {
        conversation: ana.welcome["conversation"].as_str().unwrap().to_owned(),
    };
    let done = ask(&house.config(), request, &mut tokio::io::sink())
        .await
        .unwrap();
    assert_eq!(done["files"], 1);
    assert_eq!(fetch(&house, &found).await.status(), 404);
    let kept = house.files_on_disk();
    assert!(kept.len() == 1 && kept[0].ends_with(other.id()), "{kept:?}");
}
