//! Health and metrics.

use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
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

/// OpenMetrics text, as Prometheus reads it; for this machine, or with the configured token.
async fn metrics(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .map(header::HeaderValue::as_bytes)
        .unwrap_or_default();
    let allowed = match &house.config.metrics_token {
        Some(token) => bool::from(given.ct_eq(format!("Bearer {token}").as_bytes())),
        None => super::is_from_this_machine(&house, &request),
    };
    if !allowed {
        return Err(WebError::Forbidden(
            "metrics are for this machine, or with the token of the configuration",
        ));
    }
    let text = text(&house).map_err(|why| WebError::Internal(why.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(text))
}

fn text(house: &House) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("ventanilla");
    for (name, help, value) in house.engine.pulse().read() {
        registry.register(name, help, ConstCounter::new(value));
    }
    let (conversations, due) = house.engine.sizes();
    let desk = house.engine.desk_view().borrow().clone();
    let live = house.engine.live();
    let present = desk.people.iter().filter(|person| person.present).count();
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
        ("agents_present", "Agents with a live connection", present),
        (
            "topics",
            "Topics in the catalogue",
            live.catalog.topics.len(),
        ),
        (
            "catalog_problems",
            "Problems of the topic files on disk",
            house.problems.read().len(),
        ),
        (
            "store_ready",
            "Whether the store takes writes",
            usize::from(house.engine.store().health().is_ok()),
        ),
    ];
    for (name, help, value) in gauges {
        registry.register(
            name,
            help,
            ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)),
        );
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
