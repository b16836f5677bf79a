//! Proactive messages over HTTP: what a page may show, what became of it, and the counts for leads.
//!
//! The visitor's part answers to the origins of its site and knows nobody: no token, no conversation, no address is kept.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde::Deserialize;

use super::House;
use super::error::WebError;
use super::files::{address, shared_with, visited_site};
use super::session::{login, of_rank};
use crate::engine::Became;
use crate::ids::{InviteId, Lang, Role, SiteId};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/v1/visitor/invites")
                .route(web::get().to(shown_here))
                // A plain body: browsers ask for no leave before they send one.
                .route(web::post().to(told)),
        )
        .route("/v1/insights/invites", web::get().to(counts));
}

#[derive(Deserialize)]
struct Here {
    site: Option<String>,
    page: Option<String>,
    lang: Option<Lang>,
    #[serde(default)]
    returning: bool,
}

async fn shown_here(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Here>,
) -> HttpResponse {
    let cards = visited_site(&house, &request, query.site.as_deref()).map(|site| {
        let lang = query.lang.clone().unwrap_or_else(Lang::es);
        let page = query.page.as_deref().unwrap_or("/");
        let page = page.split(['?', '#']).next().unwrap_or("/");
        house.engine.invites(&site, page, &lang, query.returning)
    });
    let response = match cards {
        Ok(cards) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .json(serde_json::json!({ "invites": cards })),
        Err(error) => error.error_response(),
    };
    shared_with(&house, &request, query.site.as_deref(), response)
}

#[derive(Deserialize)]
struct Told {
    site: Option<String>,
    invite: InviteId,
    became: Became,
}

async fn told(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Told>,
) -> HttpResponse {
    let response = match count(&house, &request, &query).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => error.error_response(),
    };
    shared_with(&house, &request, query.site.as_deref(), response)
}

async fn count(house: &House, request: &HttpRequest, told: &Told) -> Result<(), WebError> {
    let site = visited_site(house, request, told.site.as_deref())?;
    if !(house.invites).admits(address(house, request), house.engine.now()) {
        return Err(WebError::Coded(
            StatusCode::TOO_MANY_REQUESTS,
            "slow_down",
            "too many from this address".to_owned(),
        ));
    }
    let counted = house.engine.count_invite(&site, &told.invite, told.became);
    Ok(counted.await?)
}

#[derive(Deserialize)]
struct Days {
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
    site: Option<SiteId>,
}

/// How often each message was shown, opened and put away, without anybody's name; the last four weeks where nothing is said.
async fn counts(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Days>,
) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    let today = jiff::Timestamp::from_millisecond(house.engine.now().0)
        .map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date())
        .map_err(|why| WebError::Internal(why.to_string()))?;
    let to = query.to.unwrap_or(today);
    let four_weeks = to.checked_sub(jiff::Span::new().days(27)).unwrap_or(to);
    let from = query.from.unwrap_or(four_weeks);
    let rows = house
        .engine
        .invite_rows(&from.to_string(), &to.to_string(), query.site.as_ref())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"from": from, "to": to, "invites": rows})))
}
