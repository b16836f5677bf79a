//! The route of the REST channel.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use subtle::ConstantTimeEq;

use super::House;
use super::error::WebError;
use crate::channel::rest::{Incoming, converse};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/webhooks/rest/webhook", web::post().to(webhook));
}

#[derive(serde::Deserialize)]
struct Site {
    site: Option<String>,
}

async fn webhook(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Site>,
    body: web::Json<Incoming>,
) -> Result<HttpResponse, WebError> {
    let site = house
        .site(query.site.as_deref())
        .ok_or(WebError::NotFound)?;
    let declared = house
        .config
        .sites
        .iter()
        .find(|declared| declared.id == site);
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .map(header::HeaderValue::as_bytes)
        .unwrap_or_default();
    let allowed = match declared.and_then(|site| site.rest_secret.as_ref()) {
        Some(secret) => bool::from(given.ct_eq(format!("Bearer {secret}").as_bytes())),
        // Anybody who can post here speaks as any sender: without a secret only programs of this machine may.
        None => super::is_from_this_machine(&house, &request),
    };
    if !allowed {
        return Err(WebError::Forbidden(
            "the REST channel is for this machine, or with the site's `rest_secret`",
        ));
    }
    let said = converse(
        &house.engine,
        &site,
        &house.config.base_url(),
        body.into_inner(),
    )
    .await;
    match said {
        Ok(messages) => Ok(HttpResponse::Ok().json(messages)),
        Err(crate::channel::rest::RestError::Message(why)) => Err(WebError::Bad(why)),
        Err(crate::channel::rest::RestError::Engine(error)) => Err(error.into()),
    }
}
