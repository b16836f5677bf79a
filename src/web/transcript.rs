//! A conversation to keep, for the console: as data, as a page to print, as plain text. Always a download; each one is in the log.

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::House;
use super::error::WebError;
use super::history::{bad, caught_up, reads};
use super::session::{login, of_rank};
use crate::conversation::{Body, Event};
use crate::engine::AgentDoor;
use crate::ids::{ConversationId, Role, Seq};
use crate::topics::Reader;
use crate::transcript::{self, Asked, Halves};

/// Most events of a transcript; the oldest are left out, and it says so.
const MOST: usize = 20_000;
/// Events read at a time.
const EVENTS: usize = 500;

#[derive(Deserialize)]
pub(super) struct Query {
    format: Option<String>,
    notes: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Html,
    Text,
}

pub(super) async fn transcript(
    house: web::Data<House>,
    request: HttpRequest,
    path: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let login = login(&house, &request).await?;
    let lang = &login.account.lang;
    let conversation: ConversationId = path.parse().map_err(|_malformed| WebError::NotFound)?;
    let format = match query.format.as_deref() {
        None | Some("html") => Format::Html,
        Some("json") => Format::Json,
        Some("text") => Format::Text,
        Some(_) => {
            let es = "El formato es json, html o text.";
            return Err(bad(
                lang,
                "bad_format",
                es,
                "The format is json, html or text.",
            ));
        }
    };
    let notes = match query.notes.as_deref() {
        None | Some("" | "0") => false,
        Some("1") => {
            of_rank(&login, Role::Lead)?;
            true
        }
        Some(_) => {
            return Err(bad(
                lang,
                "bad_notes",
                "notes es 0 o 1.",
                "notes is 0 or 1.",
            ));
        }
    };
    let caught_up = caught_up(&house).await;
    let may_read = house
        .history
        .read()
        .may_read(conversation, &reads(&login.account));
    let floor = if may_read {
        Some(Seq::ZERO)
    } else {
        // What the same person said elsewhere is read by whoever has them in hand.
        let door = AgentDoor::new(house.engine.clone(), login.account.person());
        door.reads_beside(conversation).await?
    };
    let Some(floor) = floor else {
        // After a start it may be a conversation that was not taken in yet.
        return Err(if caught_up {
            WebError::NotFound
        } else {
            WebError::Unavailable("the history is still being read".to_owned())
        });
    };
    let (mut events, left_out) = whole(&house, conversation).await?;
    events.retain(|event| event.seq >= floor);
    let halves = house.engine.other_halves(conversation, &events).await?;
    let agent = login.account.id;
    tracing::info!(%agent, %conversation, ?format, notes, "a transcript was exported");
    let told = {
        let house = house.clone();
        web::block(move || {
            let whole = (events.as_slice(), &halves, left_out);
            written(&house, conversation, whole, (format, notes))
        })
    };
    let written = told
        .await
        .map_err(|why| WebError::Internal(why.to_string()))?;
    let (media, ending) = match format {
        Format::Json => ("application/json", "json"),
        Format::Html => ("text/html; charset=utf-8", "html"),
        Format::Text => ("text/plain; charset=utf-8", "txt"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        ))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format!(
                "ventanilla-{conversation}.{ending}"
            ))],
        })
        .body(written?))
}

/// The events of a conversation, the newest [`MOST`] of a very long one, and how many stand before them.
async fn whole(house: &House, id: ConversationId) -> Result<(Vec<Event>, u64), WebError> {
    let store = house.engine.store();
    let unavailable = |why: crate::ports::StoreError| WebError::Unavailable(why.to_string());
    let newest = store.read_last(id, 1).await.map_err(unavailable)?;
    let last = newest.last().map_or(0, |event| event.seq.0);
    let left_out = last.saturating_sub(MOST as u64);
    let (mut after, mut events) = (Seq(left_out), Vec::new());
    loop {
        let page = store.read(id, after, EVENTS).await.map_err(unavailable)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let is_last = page.len() < EVENTS;
        events.extend(page);
        if is_last {
            break;
        }
    }
    Ok((events, left_out))
}

fn written(
    house: &House,
    conversation: ConversationId,
    (events, halves, left_out): (&[Event], &Halves, u64),
    (format, notes): (Format, bool),
) -> Result<String, WebError> {
    let opening = events.iter().rev().find_map(|event| match &event.body {
        Body::SessionOpened { opening, .. } => Some(opening),
        _ => None,
    });
    let lang = events.iter().rev().find_map(|event| match &event.body {
        Body::LangSet { lang, .. } => Some(lang),
        Body::SessionOpened { opening, .. } => Some(&opening.lang),
        _ => None,
    });
    let (Some(opening), Some(lang)) = (opening, lang) else {
        return Err(WebError::NotFound);
    };
    let live = house.engine.live();
    let reader = Reader::new(&live.catalog, &opening.site, lang, opening.style);
    let site = live.catalog.site(&opening.site);
    let asked = Asked {
        conversation,
        time_zone: site.map_or("UTC", |site| site.time_zone.as_str()),
        now: house.engine.now(),
        notes,
        base: &house.config.base_url(),
        left_out,
        halves,
    };
    let told = transcript::transcript(&reader, &asked, events);
    match format {
        Format::Html => Ok(transcript::html(&told)),
        Format::Text => Ok(transcript::text(&told)),
        Format::Json => {
            serde_json::to_string_pretty(&told).map_err(|why| WebError::Internal(why.to_string()))
        }
    }
}
