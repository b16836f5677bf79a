//! What stories about teaching have in common: a house over topic files of its own, what the watch of the folder makes live, questions of the console.

use std::path::Path;
use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use ventanilla::catalog_watch;
use ventanilla::config::Config;
use ventanilla::engine::Live;
use ventanilla::topics::{Around, check};
use ventanilla::understanding::{Corpus, Engine};

use super::support::{House, MONDAY, Signed};

/// A house over a folder of its own, with the files of the stories.
pub(super) async fn house_over(folder: &Path, change: impl FnOnce(&mut Config)) -> House {
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
pub(super) fn learnt(folder: &Path) -> Live {
    let (files, _) = catalog_watch::read(folder);
    let env = |name: &str| std::env::var(name).ok();
    let around = Around {
        env: &env,
        today: None,
    };
    let catalog = check(&files, &around).catalog.unwrap();
    let brain = Engine::train(&Corpus::from(&catalog)).unwrap_or_else(|why| panic!("{why:?}"));
    Live {
        catalog: Arc::new(catalog),
        brain: Arc::new(brain),
        since: MONDAY,
    }
}

/// Asks as the console does, with a body unless it is null: what comes back, whatever it is.
pub(super) async fn ask(
    house: &House,
    who: &Signed,
    method: Method,
    path: &str,
    body: Value,
) -> (StatusCode, Value) {
    let mut request = who
        .http
        .request(method, house.url(path))
        .header("cookie", &who.cookie)
        .header("x-csrf-token", &who.csrf);
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}
