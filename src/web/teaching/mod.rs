//! Teaching over HTTP: what was missed, what was decided about it, a change rehearsed on what visitors really wrote, how topics do. Leads read,
//! admins change. Changes to topic files go into drafts and nowhere else.

mod decide;
mod missed;
mod rehearsals;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Serialize;

use super::House;
use super::error::WebError;
use super::session::{changing, login, of_rank};
use crate::accounts::Account;
use crate::authoring::Who;
use crate::ids::{Lang, Role};
use crate::inbox::InboxError;
use crate::workbench::BenchError;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/v1/teaching")
            .route("/missed", web::get().to(missed::list))
            .route("/missed/{of}", web::get().to(missed::group))
            .route("/missed/{of}/proposal", web::get().to(missed::proposal))
            .route("/missed/{of}/decide", web::post().to(decide::decide))
            .route("/decisions", web::get().to(decide::decisions))
            .route("/decisions/{id}", web::delete().to(decide::undo))
            .route("/health", web::get().to(missed::health))
            .route("/rehearsals", web::get().to(rehearsals::list))
            .route("/rehearsals", web::post().to(rehearsals::begin))
            .route("/rehearsals/{id}", web::get().to(rehearsals::show))
            .route("/rehearsals/{id}", web::delete().to(rehearsals::stop))
            .route("/rehearsals/{id}/turns", web::get().to(rehearsals::turns)),
    );
}

/// Whoever may look.
async fn reader(house: &House, request: &HttpRequest) -> Result<Account, WebError> {
    let login = login(house, request).await?;
    of_rank(&login, Role::Lead)?;
    Ok(login.account)
}

/// Whoever may change.
async fn teacher(house: &House, request: &HttpRequest) -> Result<Account, WebError> {
    let login = changing(house, request).await?;
    of_rank(&login, Role::Admin)?;
    Ok(login.account)
}

fn who(account: &Account) -> Who {
    Who {
        id: account.id,
        name: account.name.clone(),
        email: account.email.clone(),
    }
}

/// A code and a sentence in the reader's language.
fn told(status: StatusCode, lang: &Lang, code: &'static str, es: &str, en: &str) -> WebError {
    let words = if lang.base() == Lang::es() { es } else { en };
    WebError::Coded(status, code, words.to_owned())
}

fn of_inbox(lang: &Lang, error: InboxError) -> WebError {
    match error {
        InboxError::NotFound => told(
            StatusCode::NOT_FOUND,
            lang,
            "not_found",
            "Eso ya no está: puede que se haya borrado o haya pasado el plazo.",
            "That is no longer there: it may have been erased, or is too old.",
        ),
        InboxError::Conflict => told(
            StatusCode::CONFLICT,
            lang,
            "conflict",
            "Otra persona se adelantó. Hay que volver a cargar la página.",
            "Somebody else was first. Load the page again.",
        ),
        InboxError::Busy => told(
            StatusCode::CONFLICT,
            lang,
            "busy",
            "Ya hay una prueba en curso: hay que esperar a que termine o detenerla.",
            "A rehearsal is already running: wait for it to end, or stop it.",
        ),
        InboxError::Unfit(why) => WebError::Conflict(why),
        InboxError::Store(why) => WebError::Unavailable(why.to_string()),
        InboxError::Internal(why) => WebError::Internal(why),
    }
}

fn of_bench(lang: &Lang, error: BenchError) -> WebError {
    let is_es = lang.base() == Lang::es();
    match error {
        BenchError::NotFound => told(
            StatusCode::NOT_FOUND,
            lang,
            "no_such_draft",
            "Ese borrador o ese tema no existe.",
            "There is no such draft or topic.",
        ),
        BenchError::Stale => told(
            StatusCode::CONFLICT,
            lang,
            "stale",
            "Otra persona cambió el borrador mientras tanto. Se puede volver a intentar.",
            "Somebody else has changed the draft meanwhile. Try again.",
        ),
        BenchError::NotNow(_) => told(
            StatusCode::CONFLICT,
            lang,
            "draft_closed",
            "Ese borrador ya se publicó o se descartó: hay que elegir otro.",
            "That draft was published or discarded: choose another one.",
        ),
        BenchError::Refused(refused) => {
            let words = refused.told();
            let words = if is_es { words.es } else { words.en };
            WebError::Coded(StatusCode::UNPROCESSABLE_ENTITY, refused.code(), words)
        }
        BenchError::Path(_) => told(
            StatusCode::UNPROCESSABLE_ENTITY,
            lang,
            "bad_path",
            "Ese nombre de tema no sirve o ya existe: lleva minúsculas sin acentos, números y guiones bajos.",
            "That topic name cannot be used or is taken: use lower-case letters, figures and underscores.",
        ),
        BenchError::Conflict(_) | BenchError::Problems(_) | BenchError::Tests(_) => told(
            StatusCode::CONFLICT,
            lang,
            "draft_has_errors",
            "Los archivos del borrador tienen errores: primero hay que corregirlos.",
            "The files of the draft have errors: put them right first.",
        ),
        BenchError::TooLarge => told(
            StatusCode::PAYLOAD_TOO_LARGE,
            lang,
            "too_large",
            "El archivo quedaría demasiado grande.",
            "The file would be too large.",
        ),
        BenchError::Training(why) | BenchError::Disk(why) => WebError::Unavailable(why),
        BenchError::Store(why) => WebError::Unavailable(why.to_string()),
    }
}

/// An answer that nobody keeps.
fn fresh(value: impl Serialize) -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok()
        .insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"))
        .json(value)
}
