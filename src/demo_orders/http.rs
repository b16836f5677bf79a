//! The service's routes.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, error, middleware, rt, web};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::book::{Book, Done};
use super::keys::{Answer, Keys, Known};
use super::switch::{Line, Mode, Switch, obey};
use crate::ports::Clock;

/// Largest body, in bytes.
const BODY_MAX: usize = 8 * 1024;
/// Longest address, in characters.
const ADDRESS_MAX: usize = 300;

struct Service {
    /// Orders and keys under one lock, so that two requests with the same key cannot both do it.
    inner: Mutex<(Book, Keys)>,
    clock: Arc<dyn Clock>,
}

pub(super) fn server(listener: TcpListener, clock: Arc<dyn Clock>) -> io::Result<Server> {
    let service = web::Data::new(Service {
        inner: Mutex::new((Book::new(), Keys::default())),
        clock: Arc::clone(&clock),
    });
    let switch = web::Data::new(Switch::new(clock));
    Ok(HttpServer::new(move || {
        let orders = web::scope("/orders/{number}")
            .wrap(middleware::from_fn(obey))
            .route("", web::get().to(show))
            .route("/match", web::post().to(matches))
            .route("/address", web::put().to(change_address))
            .route("/cancel", web::post().to(cancel))
            .route("/return", web::post().to(open_return))
            .route("/refund", web::get().to(refund));
        App::new()
            .app_data(web::Data::clone(&service))
            .app_data(web::Data::clone(&switch))
            .app_data(web::PayloadConfig::new(BODY_MAX))
            .app_data(
                web::JsonConfig::default()
                    .limit(BODY_MAX)
                    .content_type_required(false)
                    .error_handler(|why, _| {
                        let told =
                            HttpResponse::BadRequest().json(Refusal::new("bad_request", &why));
                        error::InternalError::from_response(why, told).into()
                    }),
            )
            .route("/admin/mode", web::get().to(mode))
            .route("/admin/mode", web::post().to(set_mode))
            .route("/admin/orders", web::get().to(list))
            .service(orders)
            .default_service(web::to(|| async {
                HttpResponse::NotFound().json(Refusal::new("no_such_path", &"see docs/demo.md"))
            }))
    })
    .on_connect(|socket, data| {
        if let Some(line) = socket
            .downcast_ref::<rt::net::TcpStream>()
            .and_then(Line::of)
        {
            data.insert(line);
        }
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run())
}

/// A request that makes no sense.
#[derive(Debug, Serialize)]
struct Refusal {
    result: &'static str,
    message: String,
}

impl Refusal {
    fn new(result: &'static str, message: &dyn std::fmt::Display) -> Self {
        Self {
            result,
            message: message.to_string(),
        }
    }
}

/// An order number as it stands in a path; anything but seven digits is the number of no order.
fn number(path: &str) -> u32 {
    match path.parse() {
        Ok(number) if path.len() == 7 => number,
        _ => 0,
    }
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound().json(Done::NotFound)
}

async fn show(service: web::Data<Service>, path: web::Path<String>) -> HttpResponse {
    let shown = service
        .inner
        .lock()
        .0
        .show(number(&path), service.clock.now());
    shown.map_or_else(not_found, |order| HttpResponse::Ok().json(order))
}

async fn refund(service: web::Data<Service>, path: web::Path<String>) -> HttpResponse {
    let shown = service
        .inner
        .lock()
        .0
        .refund(number(&path), service.clock.now());
    shown.map_or_else(not_found, |refund| HttpResponse::Ok().json(refund))
}

#[derive(Debug, Deserialize)]
struct MatchBody {
    proof: String,
}

async fn matches(
    service: web::Data<Service>,
    path: web::Path<String>,
    body: web::Json<MatchBody>,
) -> HttpResponse {
    HttpResponse::Ok().json(service.inner.lock().0.matches(number(&path), &body.proof))
}

#[derive(Debug, Serialize, Deserialize)]
struct AddressBody {
    address: String,
}

async fn change_address(
    service: web::Data<Service>,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Json<AddressBody>,
) -> HttpResponse {
    let address = body.address.trim();
    if address.is_empty() || address.chars().count() > ADDRESS_MAX {
        let why = format!("address: 1 to {ADDRESS_MAX} characters");
        return HttpResponse::BadRequest().json(Refusal::new("bad_request", &why));
    }
    let now = service.clock.now();
    once(&service, &request, address, |book| {
        book.change_address(number(&path), address, now)
    })
}

async fn cancel(
    service: web::Data<Service>,
    request: HttpRequest,
    path: web::Path<String>,
) -> HttpResponse {
    let now = service.clock.now();
    once(&service, &request, "", |book| {
        book.cancel(number(&path), now)
    })
}

#[derive(Debug, Deserialize)]
struct ReturnBody {
    reason: String,
}

async fn open_return(
    service: web::Data<Service>,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Json<ReturnBody>,
) -> HttpResponse {
    let now = service.clock.now();
    once(&service, &request, &body.reason, |book| {
        book.open_return(number(&path), now)
    })
}

/// Does it, unless a request with the same `Idempotency-Key` did.
fn once(
    service: &Service,
    request: &HttpRequest,
    body: &str,
    act: impl FnOnce(&mut Book) -> Done,
) -> HttpResponse {
    let key = request
        .headers()
        .get("Idempotency-Key")
        .and_then(|key| key.to_str().ok());
    let whole = format!("{} {}\n{body}", request.method(), request.path());
    let mut inner = service.inner.lock();
    let (book, keys) = &mut *inner;
    match key.map_or(Known::New, |key| keys.look(key, &whole)) {
        Known::Again(answer) => told(answer),
        Known::Reused => HttpResponse::UnprocessableEntity().json(Refusal::new(
            "key_reused",
            &"this Idempotency-Key came with another request before",
        )),
        Known::New => {
            let done = act(book);
            let answer = Answer {
                status: done.status(),
                body: serde_json::to_string(&done)
                    .expect("a result is a map of strings, numbers and dates"),
            };
            if let Some(key) = key {
                keys.keep(key.to_owned(), whole, answer.clone());
            }
            told(answer)
        }
    }
}

fn told(answer: Answer) -> HttpResponse {
    let status =
        StatusCode::from_u16(answer.status).expect("results have statuses of the standard");
    HttpResponse::build(status)
        .content_type("application/json")
        .body(answer.body)
}

#[derive(Debug, Deserialize)]
struct ModeBody {
    mode: Mode,
}

async fn mode(switch: web::Data<Switch>) -> HttpResponse {
    HttpResponse::Ok().json(switch.shown())
}

async fn set_mode(switch: web::Data<Switch>, body: web::Json<ModeBody>) -> HttpResponse {
    switch.set(body.mode);
    HttpResponse::Ok().json(switch.shown())
}

async fn list(service: web::Data<Service>) -> HttpResponse {
    HttpResponse::Ok().json(service.inner.lock().0.list(service.clock.now()))
}
