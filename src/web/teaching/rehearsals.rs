//! The time machine over HTTP: begun, watched, stopped, opened down to the messages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{fresh, of_bench, of_inbox, reader, teacher, told};
use crate::ids::DraftId;
use crate::inbox::Begun;
use crate::missed::Change;
use crate::web::House;
use crate::web::error::WebError;
use crate::web::history::caught_up;

/// Rows of a page.
const PAGE: usize = 50;
const DAYS_MOST: u32 = 90;

#[derive(Deserialize)]
pub(super) struct Wish {
    draft: DraftId,
    days: Option<u32>,
}

pub(super) async fn begin(
    house: web::Data<House>,
    request: HttpRequest,
    wish: web::Json<Wish>,
) -> Result<HttpResponse, WebError> {
    let account = teacher(&house, &request).await?;
    let lang = account.lang.clone();
    let days = wish.days.unwrap_or(30);
    if !(1..=DAYS_MOST).contains(&days) {
        let (es, en) = ("Los días van de 1 a 90.", "Days go from 1 to 90.");
        return Err(told(StatusCode::BAD_REQUEST, &lang, "bad_days", es, en));
    }
    let kept = house.workbench.draft(wish.draft).await;
    let kept = kept.map_err(|error| of_bench(&lang, error))?;
    // What was just said belongs to it.
    caught_up(&house).await;
    let (bench, changes) = (house.workbench.clone(), kept.draft.changes());
    let begun = Begun {
        draft: wish.draft.to_string(),
        changed: Box::pin(async move {
            let changed = bench.catalog_with(&changes).await;
            changed.map_err(|error| of_bench(&lang, error).to_string())
        }),
        days,
        by: account.name.clone(),
    };
    let id = house.inbox.rehearse(begun);
    let id = id.map_err(|error| of_inbox(&account.lang, error))?;
    Ok(HttpResponse::Created().json(serde_json::json!({ "id": id })))
}

pub(super) async fn list(
    house: web::Data<House>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    reader(&house, &request).await?;
    let rehearsals = house.inbox.rehearsals();
    Ok(fresh(serde_json::json!({ "rehearsals": rehearsals })))
}

pub(super) async fn show(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let summary = house.inbox.rehearsed(&id);
    Ok(fresh(
        summary.map_err(|error| of_inbox(&account.lang, error))?,
    ))
}

pub(super) async fn stop(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let account = teacher(&house, &request).await?;
    let stopped = house.inbox.stop_rehearsal(&id);
    stopped.map_err(|error| of_inbox(&account.lang, error))?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
pub(super) struct Turns {
    change: Change,
    #[serde(default)]
    from: usize,
}

pub(super) async fn turns(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<Turns>,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let turns = house
        .inbox
        .rehearsed_turns(&id, query.change, query.from, PAGE)
        .await
        .map_err(|error| of_inbox(&account.lang, error))?;
    let next = (turns.len() == PAGE).then_some(query.from + PAGE);
    Ok(fresh(serde_json::json!({ "turns": turns, "next": next })))
}
