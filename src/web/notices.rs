//! Notices as leads post them: what holds and what one can begin from, posting, changing, "it is fixed".

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::House;
use super::error::WebError;
use super::session::{changing, login, of_rank};
use crate::engine::{NoticeError, Posted};
use crate::ids::{NoticeId, Role};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/notices", web::get().to(book))
        .route("/v1/notices/{id}", web::put().to(post))
        .route("/v1/notices/{id}/fixed", web::post().to(fixed));
}

fn refused(error: NoticeError) -> WebError {
    let words = error.to_string();
    let coded = |code| WebError::Coded(StatusCode::CONFLICT, code, words.clone());
    match error {
        NoticeError::HasFile(_) => coded("has_file"),
        NoticeError::Changed => coded("changed"),
        NoticeError::Over => coded("over"),
        NoticeError::Nobody => WebError::NotFound,
        NoticeError::Lacks { .. }
        | NoticeError::TooLong { .. }
        | NoticeError::Place { .. }
        | NoticeError::Unknown(_)
        | NoticeError::Past => WebError::Bad(words),
        NoticeError::Engine(why) => why.into(),
    }
}

/// `{notices, templates, smoke, topics, sites, languages, now}`, for leads.
async fn book(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let me = login(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let book = house.engine.notice_book(me.account.id).await?;
    let live = house.engine.live();
    let catalog = &live.catalog;
    let topics = catalog.topics.values();
    let topics: Vec<_> = topics
        .map(|topic| serde_json::json!({"id": topic.id, "title": topic.title}))
        .collect();
    let sites: Vec<_> = catalog.assistant.sites.keys().collect();
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .json(serde_json::json!({
            "notices": book.notices, "templates": book.templates, "smoke": book.smoke, "topics": topics, "sites": sites,
            "languages": catalog.assistant.languages, "now": house.engine.now(),
        })))
}

/// Posts a notice under a name of the client's own, or changes one that was posted; the same post again is the same.
async fn post(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<NoticeId>,
    body: web::Json<Posted>,
) -> Result<HttpResponse, WebError> {
    let me = changing(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let posted = body.into_inner();
    if posted.notice.id != *id {
        return Err(WebError::Bad("the address names another notice".into()));
    }
    let author = (me.account.id, me.account.name.clone());
    house
        .engine
        .post_notice(posted, author)
        .await
        .map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

/// It is fixed: everybody concerned is told.
async fn fixed(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<NoticeId>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Lead)?;
    house.engine.fix_notice(&id).await.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}
