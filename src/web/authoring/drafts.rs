//! Drafts: saved, approved, published, thrown away, taken back.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::super::House;
use super::super::error::WebError;
use super::{answer, problems, reading, refusal, writing};
use crate::authoring::{NewTopic, TopicChange, Who};
use crate::ids::{DraftId, Timestamp, TopicId};
use crate::workbench::{BenchError, Kept};

/// Drafts that a list tells of.
const LISTED: usize = 100;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/drafts", web::get().to(list))
        .route("/drafts", web::post().to(open))
        .route("/drafts/{id}", web::get().to(one))
        .route("/drafts/{id}/preview", web::get().to(preview))
        .route("/drafts/{id}/file", web::put().to(put_file))
        .route("/drafts/{id}/change", web::post().to(change))
        .route("/drafts/{id}/topic", web::post().to(new_topic))
        .route("/drafts/{id}/approve", web::post().to(approve))
        .route("/drafts/{id}/publish", web::post().to(publish))
        .route("/drafts/{id}/discard", web::post().to(discard))
        .route("/drafts/{id}/undo", web::post().to(undo));
}

fn id_of(path: &str) -> Result<DraftId, WebError> {
    path.parse().map_err(|_bad| WebError::NotFound)
}

/// A draft with its version; without `whole` the texts of its files are left out.
fn shown(kept: &Kept, whole: bool) -> Value {
    let mut draft = serde_json::to_value(&kept.draft).unwrap_or_default();
    if let Some(draft) = draft.as_object_mut() {
        draft.insert("version".to_owned(), kept.version.into());
        draft.remove("publishing");
        if !whole {
            let paths: Vec<&String> = kept.draft.files.keys().collect();
            draft.insert("files".to_owned(), json!(paths));
        }
    }
    draft
}

fn told(kept: Result<Kept, BenchError>) -> Result<HttpResponse, WebError> {
    match kept {
        Ok(kept) => Ok(answer(&shown(&kept, true))),
        Err(why) => refusal(why),
    }
}

async fn list(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    match house.workbench.drafts().await {
        Ok(drafts) => {
            let drafts: Vec<Value> = drafts
                .iter()
                .take(LISTED)
                .map(|kept| shown(kept, false))
                .collect();
            Ok(answer(&json!({ "drafts": drafts })))
        }
        Err(why) => refusal(why),
    }
}

async fn one(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    told(house.workbench.draft(id_of(&id)?).await)
}

#[derive(Deserialize)]
struct Open {
    #[serde(default)]
    note: String,
}

async fn open(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Open>,
) -> Result<HttpResponse, WebError> {
    let who = writing(&house, &request).await?;
    let now = house.engine.now();
    told(house.workbench.open(&who, &body.note, now).await)
}

/// `{files, problems, tests}`: what the draft would do if it were published now.
async fn preview(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    reading(&house, &request).await?;
    let kept = match house.workbench.draft(id_of(&id)?).await {
        Ok(kept) => kept,
        Err(why) => return refusal(why),
    };
    match house.workbench.preview(&kept.draft).await {
        Ok(preview) => Ok(answer(&json!({
            "files": preview.files,
            "problems": problems(&preview.problems),
            "tests": preview.tests,
        }))),
        Err(why) => refusal(why),
    }
}

/// What comes with an act on a draft.
type Work<Body> = (
    web::Data<House>,
    HttpRequest,
    web::Path<String>,
    web::Json<Body>,
);

/// The draft that is named, who works on it, and now.
async fn at_work(
    house: &House,
    request: &HttpRequest,
    id: &str,
) -> Result<(DraftId, Who, Timestamp), WebError> {
    let who = writing(house, request).await?;
    Ok((id_of(id)?, who, house.engine.now()))
}

/// A member that may be `null`, told from one that is missing.
fn given<'de, D: Deserializer<'de>>(member: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(member).map(Some)
}

#[derive(Deserialize)]
struct PutFile {
    /// The draft's version that the author has seen.
    version: Option<u64>,
    path: String,
    /// The whole text; `null` takes the file away.
    text: Option<String>,
    /// What stood on disk when the author read it, `null` for no such file. Missing: what the draft has as its base, or else what stands there now.
    #[serde(default, deserialize_with = "given")]
    base: Option<Option<String>>,
}

async fn put_file((house, request, id, body): Work<PutFile>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    let PutFile {
        version,
        path,
        text,
        base,
    } = body.into_inner();
    let put = house
        .workbench
        .put_text(id, version, &who, &path, text, base, now);
    told(put.await)
}

#[derive(Deserialize)]
struct Change {
    topic: TopicId,
    #[serde(flatten)]
    change: TopicChange,
}

async fn change((house, request, id, body): Work<Change>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    let Change { topic, change } = body.into_inner();
    let made = house.workbench.add_change(id, &who, &topic, &change, now);
    told(made.await)
}

async fn new_topic((house, request, id, body): Work<NewTopic>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    let made = house.workbench.add_topic(id, &who, &body, now);
    told(made.await)
}

#[derive(Deserialize)]
struct Deed {
    /// The draft's version that was read.
    version: Option<u64>,
    /// Why.
    #[serde(default)]
    note: String,
}

async fn approve((house, request, id, body): Work<Deed>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    let Deed { version, note } = body.into_inner();
    let made = house.workbench.approve(id, version, &who, &note, now);
    told(made.await)
}

#[derive(Deserialize)]
struct Publish {
    version: Option<u64>,
    /// Why it goes live although tests fail.
    reason: Option<String>,
}

async fn publish((house, request, id, body): Work<Publish>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    let Publish { version, reason } = body.into_inner();
    let bench = house.workbench.clone();
    // A browser that leaves in the middle changes nothing.
    let published = tokio::spawn(async move {
        bench
            .publish(id, version, &who, reason.as_deref(), now)
            .await
    });
    told(
        published
            .await
            .map_err(|why| WebError::Internal(why.to_string()))?,
    )
}

async fn discard((house, request, id, body): Work<Deed>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    told(house.workbench.discard(id, &who, &body.note, now).await)
}

async fn undo((house, request, id, body): Work<Deed>) -> Result<HttpResponse, WebError> {
    let (id, who, now) = at_work(&house, &request, &id).await?;
    told(house.workbench.undo(id, &who, &body.note, now).await)
}
