//! Business events from the company's systems: `POST /v1/events`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::House;
use super::error::WebError;
use crate::accounts::KeyScope;
use crate::engine::{Announcement, NewsError};
use crate::ids::{ClientId, EventName, Seq};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/v1/events", web::post().to(take));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming {
    contact: String,
    kind: EventName,
    #[serde(default)]
    data: serde_json::Map<String, Value>,
    id: Option<ClientId>,
}

/// Takes an event: 200 once it is told, 202 while it waits for the end of quiet hours.
async fn take(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, WebError> {
    let given = |name: header::HeaderName| request.headers().get(name)?.to_str().ok();
    let key = given(header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(WebError::Unauthorized)?;
    if house.keys.find(key, KeyScope::Events).await?.is_none() {
        return Err(WebError::Unauthorized);
    }
    // Only now: whoever has no key learns nothing of what a body should look like.
    let body: Incoming =
        serde_json::from_slice(&body).map_err(|why| WebError::Bad(why.to_string()))?;
    let in_header = match given(IDEMPOTENCY_KEY) {
        Some(id) => Some(
            id.parse::<ClientId>()
                .map_err(|why| WebError::Bad(format!("`Idempotency-Key` is {why}")))?,
        ),
        None => None,
    };
    let id = body.id.or(in_header).ok_or_else(|| {
        WebError::Bad("`id` is missing, or the header `Idempotency-Key`: 1 to 64 printable ASCII characters, the same when it is sent again".to_owned())
    })?;
    let data = body.data.into_iter().map(|(name, value)| {
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (name, value)
    });
    let news = Announcement {
        id,
        kind: body.kind,
        contact: body.contact,
        data: data.collect(),
    };
    let done = house.engine.announce(news).await.map_err(refused)?;
    let (mut response, word) = match done.seq {
        None => (HttpResponse::Accepted(), "waiting"),
        Some(Seq::ZERO) => (HttpResponse::Ok(), "not_told"),
        Some(_) => (HttpResponse::Ok(), "told"),
    };
    Ok(response.json(json!({
        "status": word,
        "conversation": done.conversation,
        "rule": done.rule,
        "at": done.at,
        "seq": done.seq.filter(|seq| *seq != Seq::ZERO),
        "repeated": done.repeated,
    })))
}

const IDEMPOTENCY_KEY: header::HeaderName = header::HeaderName::from_static("idempotency-key");

fn refused(error: NewsError) -> WebError {
    let why = error.to_string();
    let (status, code) = match error {
        NewsError::NoSuchEvent(_) => (StatusCode::NOT_FOUND, "no_such_event"),
        NewsError::Lacks(_) | NewsError::TooLong(_) | NewsError::WrongKind(_) => {
            (StatusCode::BAD_REQUEST, "bad_data")
        }
        NewsError::Nobody => (StatusCode::NOT_FOUND, "no_such_contact"),
        NewsError::Ambiguous => (StatusCode::CONFLICT, "ambiguous_contact"),
        NewsError::IdReused => (StatusCode::CONFLICT, "id_reused"),
        NewsError::Engine(error) => return error.into(),
    };
    WebError::Coded(status, code, why)
}
