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
use crate::mail::Outbox;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(alive))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// The process answers. What does not work although it should is told; a mail server that is away is no reason to start us anew.
async fn alive(house: web::Data<House>) -> String {
    let trouble = house.outbox.as_ref().and_then(|outbox| {
        let status = outbox.status();
        let (since, why) = status.trouble?;
        let since = jiff::Timestamp::from_millisecond(since.0).ok()?;
        Some(format!(
            "mail: nothing goes out since {since:.0}, {} waiting: {why}\n",
            status.queued
        ))
    });
    format!("ok\n{}", trouble.unwrap_or_default())
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
    let (promises_open, promises_overdue) = house.engine.promises();
    let mail = house.outbox.as_ref().map(Outbox::status);
    if let Some(mail) = &mail {
        let asks = house.mail_asks.refused();
        for (name, help, value) in [
            ("mails_sent", "Mails that a server took", mail.sent),
            (
                "mails_failed",
                "Mails that were refused or given up",
                mail.failed,
            ),
            ("mails_bounced", "Mails that were sent back", mail.bounced),
            (
                "mail_asks_refused_client",
                "Mails that a visitor asked for and was refused: their client had asked for enough",
                asks.0,
            ),
            (
                "mail_asks_refused_all",
                "Mails that a visitor asked for and was refused: all together had asked for enough",
                asks.1,
            ),
            (
                "mails_unread",
                "Events of damaged conversations of which no mail could be made",
                mail.unread,
            ),
        ] {
            registry.register(name, help, ConstCounter::new(value));
        }
    }
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
        (
            "orphans",
            "Visitors who are owed something that nothing watches; anything but 0 is a fault of ours",
            usize::try_from(house.engine.orphans()).unwrap_or(usize::MAX),
        ),
        (
            "promises_open",
            "Promises that are not kept yet",
            usize::try_from(promises_open).unwrap_or(usize::MAX),
        ),
        (
            "promises_overdue",
            "Promises that are not kept and past their time",
            usize::try_from(promises_overdue).unwrap_or(usize::MAX),
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
    if let Some(mail) = &mail {
        let gauges = [
            (
                "mails_queued",
                "Mails that wait",
                i64::try_from(mail.queued).unwrap_or(i64::MAX),
            ),
            (
                "mail_works",
                "Whether a server took the last mail that was tried",
                i64::from(mail.trouble.is_none()),
            ),
        ];
        for (name, help, value) in gauges {
            registry.register(name, help, ConstGauge::new(value));
        }
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
