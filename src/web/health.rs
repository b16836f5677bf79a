//! Health and metrics.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use subtle::ConstantTimeEq;

use super::House;
use super::error::WebError;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(alive))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// The process answers.
async fn alive() -> &'static str {
    "ok\n"
}

/// Visitors can be served: the store takes writes.
async fn ready(house: web::Data<House>) -> HttpResponse {
    if *house.stopping.borrow() {
        return HttpResponse::ServiceUnavailable().body("going down\n");
    }
    match house.engine.store().health() {
        Ok(()) => HttpResponse::Ok().body("ready\n"),
        Err(why) => HttpResponse::ServiceUnavailable().body(format!("store: {why}\n")),
    }
}

/// Prometheus text format; for this machine, or with the configured token.
async fn metrics(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .map(header::HeaderValue::as_bytes)
        .unwrap_or_default();
    let allowed = match &house.config.metrics_token {
        Some(token) => bool::from(given.ct_eq(format!("Bearer {token}").as_bytes())),
        None => request
            .peer_addr()
            .is_some_and(|peer| peer.ip().is_loopback()),
    };
    if !allowed {
        return Err(WebError::Forbidden(
            "metrics are for this machine, or with the token of the configuration",
        ));
    }
    let text = text(&house).map_err(|why| WebError::Internal(why.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}

fn text(house: &House) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for (name, help, value) in house.engine.pulse().read() {
        writeln!(
            text,
            "# HELP ventanilla_{name}_total {help}\n# TYPE ventanilla_{name}_total counter\nventanilla_{name}_total {value}"
        )?;
    }
    let (conversations, due) = house.engine.sizes();
    let desk = house.engine.desk_view();
    let desk = desk.borrow();
    let live = house.engine.live();
    let gauges = [
        (
            "sockets",
            "Open websockets",
            house.sockets.load(Ordering::Relaxed),
        ),
        (
            "conversations_in_memory",
            "Conversations in memory",
            conversations,
        ),
        ("conversations_due", "Conversations with a deadline", due),
        (
            "queue_waiting",
            "Visitors who wait for a person",
            desk.waiting.len(),
        ),
        (
            "queue_assigned",
            "Conversations that agents have",
            desk.assigned.len(),
        ),
        (
            "answers_owed",
            "Messages left that are owed an answer",
            desk.messages.len(),
        ),
        (
            "agents_present",
            "Agents with a live connection",
            desk.people.iter().filter(|person| person.present).count(),
        ),
        (
            "topics",
            "Topics in the catalogue",
            live.catalog.topics.len(),
        ),
        (
            "catalog_problems",
            "Errors in the topic files on disk; the last good set is live",
            house.problems.read().len(),
        ),
        (
            "store_ready",
            "Whether the store takes writes",
            usize::from(house.engine.store().health().is_ok()),
        ),
    ];
    for (name, help, value) in gauges {
        writeln!(
            text,
            "# HELP ventanilla_{name} {help}\n# TYPE ventanilla_{name} gauge\nventanilla_{name} {value}"
        )?;
    }
    Ok(text)
}
