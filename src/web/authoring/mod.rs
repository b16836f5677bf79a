//! The topic editor over HTTP, for admins: texts that nobody has saved yet are checked, tried and tested as they come; drafts are saved, approved,
//! published and taken back.

mod drafts;
mod texts;

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::House;
use super::error::WebError;
use super::session::{changing, login, of_rank};
use crate::accounts::Login;
use crate::authoring::{NotNow, Who, find, schema};
use crate::ids::{Lang, Role, Style};
use crate::topics::{Bilingual, Problem, Text};
use crate::workbench::BenchError;

/// A topic file has at most a mebibyte, and a conflict is told with three of them.
const BODY_MAX: usize = 4 * 1024 * 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let json = web::JsonConfig::default()
        .limit(BODY_MAX)
        .error_handler(super::error::bad_json);
    let scope = web::scope("/v1/authoring")
        .app_data(json)
        .route("", web::get().to(overview))
        .route("/schema", web::get().to(topic_schema))
        .route("/find", web::get().to(found))
        .configure(texts::routes)
        .configure(drafts::routes);
    config.service(scope);
}

/// Whoever reads here is an admin.
async fn reading(house: &House, request: &HttpRequest) -> Result<Login, WebError> {
    let login = login(house, request).await?;
    of_rank(&login, Role::Admin)?;
    Ok(login)
}

/// Whoever changes or computes something here is an admin, and the request comes from the console.
async fn writing(house: &House, request: &HttpRequest) -> Result<Who, WebError> {
    let login = changing(house, request).await?;
    of_rank(&login, Role::Admin)?;
    Ok(Who {
        id: login.account.id,
        name: login.account.name,
        email: login.account.email,
    })
}

/// An answer that no cache keeps: it has what is not public yet.
fn answer(body: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(body)
}

/// What the editor needs to know: topics, teams, languages, sites, and whether somebody else must approve.
async fn overview(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let login = reading(&house, &request).await?;
    let live = house.engine.live();
    let catalog = &live.catalog;
    let lang = &login.account.lang;
    let word = |text: &Text| text.for_reader(lang, Style::Warm).to_owned();
    let topics: Vec<Value> = catalog
        .topics
        .values()
        .map(|topic| {
            json!({
                "topic": topic.id,
                "title": word(&topic.title),
                "path": topic.file,
                "stage": topic.stage,
                "owner": topic.owner,
                "review_by": topic.review_by,
                "examples": topic.examples.values().map(Vec::len).sum::<usize>(),
                "tests": topic.tests.len(),
            })
        })
        .collect();
    let teams: Vec<Value> = catalog
        .teams
        .iter()
        .map(|(id, team)| json!({"team": id, "name": word(&team.name)}))
        .collect();
    let sites: Vec<Value> = catalog
        .assistant
        .sites
        .iter()
        .map(|(id, site)| json!({"site": id, "register": site.register}))
        .collect();
    let site = house.site(None);
    let names = catalog.facts.keys();
    let mut facts: Vec<&String> = names
        .chain(catalog.site_facts.values().flat_map(|facts| facts.keys()))
        .collect();
    facts.sort_unstable();
    facts.dedup();
    let facts: Vec<Value> = facts
        .into_iter()
        .map(|name| {
            let text = site.as_ref().and_then(|site| catalog.fact(name, site));
            json!({"fact": name, "value": text.map(word)})
        })
        .collect();
    let calls: BTreeMap<&String, Vec<&String>> = catalog
        .calls
        .iter()
        .map(|(name, call)| (name, call.values.keys().collect()))
        .collect();
    let shared = match house.workbench.shared_files().await {
        Ok(shared) => shared,
        Err(why) => return refusal(why),
    };
    let settings = house.workbench.settings();
    Ok(answer(&json!({
        "version": catalog.version,
        "topics": topics,
        "shared": shared,
        "teams": teams,
        "sites": sites,
        "languages": catalog.assistant.languages,
        "facts": facts,
        "calls": calls,
        "four_eyes": settings.four_eyes,
        "git": settings.git,
    })))
}

#[derive(Deserialize)]
struct Sought {
    words: String,
}

/// `{found}`: examples that hold these words.
async fn found(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Sought>,
) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    let live = house.engine.live();
    Ok(answer(&json!({"found": find(&live.catalog, &query.words)})))
}

async fn topic_schema(
    house: web::Data<House>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    Ok(answer(&schema()))
}

fn problems(problems: &[Problem]) -> Vec<Value> {
    problems.iter().map(super::admin::problem).collect()
}

/// What stands against it, with everything that is needed to see why.
fn refusal(error: BenchError) -> Result<HttpResponse, WebError> {
    let told = |status: StatusCode, code: &str, words: &Bilingual, more: (&str, Value)| {
        let mut body = json!({"error": code, "message": words.en, "message_es": words.es, "message_en": words.en});
        if let Some(body) = body.as_object_mut() {
            body.insert(more.0.to_owned(), more.1);
        }
        Ok(HttpResponse::build(status).json(body))
    };
    let both = |es: &str, en: &str| Bilingual {
        es: es.to_owned(),
        en: en.to_owned(),
    };
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        BenchError::NotFound => Err(WebError::NotFound),
        BenchError::Stale => Err(WebError::Coded(
            StatusCode::CONFLICT,
            "stale",
            error.to_string(),
        )),
        BenchError::NotNow(why) => {
            let code = match why {
                NotNow::Closed => "closed",
                NotNow::Empty => "empty",
                NotNow::OwnWork => "own_work",
                NotNow::NotApproved => "not_approved",
                NotNow::NotPublished => "not_published",
            };
            Err(WebError::Coded(StatusCode::CONFLICT, code, why.to_string()))
        }
        BenchError::Refused(why) => told(unfit, why.code(), &why.told(), ("refused", true.into())),
        BenchError::Path(why) => Err(WebError::Coded(
            StatusCode::BAD_REQUEST,
            "bad_path",
            why.to_string(),
        )),
        BenchError::TooLarge => Err(WebError::Coded(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            error.to_string(),
        )),
        BenchError::Conflict(conflicts) => told(
            StatusCode::CONFLICT,
            "conflict",
            &both(
                "Los archivos cambiaron en el disco en los mismos lugares.",
                "The files were changed on disk in the same places.",
            ),
            (
                "conflicts",
                serde_json::to_value(conflicts).unwrap_or_default(),
            ),
        ),
        BenchError::Problems(found) => told(
            unfit,
            "problems",
            &both("Los archivos tienen errores.", "The files have errors."),
            ("problems", problems(&found).into()),
        ),
        BenchError::Tests(tests) => told(
            unfit,
            "tests",
            &both(
                "Con este cambio fallan pruebas que pasaban, o pruebas nuevas.",
                "With this change tests fail that passed, or new ones.",
            ),
            ("tests", serde_json::to_value(tests).unwrap_or_default()),
        ),
        BenchError::Training(why) => Err(WebError::Coded(unfit, "training", why)),
        BenchError::Disk(why) => Err(WebError::Unavailable(why)),
        BenchError::Store(why) => Err(WebError::Unavailable(why.to_string())),
    }
}

/// A language of a query; Spanish when none.
fn lang_or_es(lang: Option<Lang>) -> Lang {
    lang.unwrap_or_else(Lang::es)
}
