//! The inbox as it is read: groups, one group with all its phrases, what agents answered, how topics do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{fresh, of_inbox, reader, told};
use crate::ids::Lang;
use crate::inbox::{Filter, Page, State};
use crate::missed::{Miss, Reference};
use crate::web::House;
use crate::web::error::WebError;
use crate::web::history::caught_up;

/// Days that can be looked back upon.
const DAYS: [u32; 3] = [7, 30, 90];
/// Groups of a page.
const PAGE: usize = 50;

/// As it comes: an empty field of a form is one that was not filled in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    days: Option<String>,
    lang: Option<String>,
    site: Option<String>,
    miss: Option<String>,
    state: Option<String>,
    from: Option<String>,
}

fn given(field: Option<&String>) -> Option<&str> {
    field
        .map(|field| field.trim())
        .filter(|field| !field.is_empty())
}

fn bad(lang: &Lang, code: &'static str, es: &str, en: &str) -> WebError {
    told(StatusCode::BAD_REQUEST, lang, code, es, en)
}

/// A word of a closed set, as it stands on the wire.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(text)).ok()
}

impl Query {
    pub(super) fn filter(&self, reader: &Lang) -> Result<Filter, WebError> {
        let days = match given(self.days.as_ref()) {
            None => 30,
            Some(days) => days
                .parse()
                .ok()
                .filter(|days| DAYS.contains(days))
                .ok_or_else(|| {
                    bad(
                        reader,
                        "bad_days",
                        "Los días son 7, 30 o 90.",
                        "Days are 7, 30 or 90.",
                    )
                })?,
        };
        let lang = given(self.lang.as_ref()).map(str::parse).transpose();
        let lang = lang.map_err(|_malformed| {
            bad(
                reader,
                "bad_lang",
                "Ese idioma no existe.",
                "There is no such language.",
            )
        })?;
        let site = given(self.site.as_ref()).map(str::parse).transpose();
        let site = site.map_err(|_malformed| {
            bad(
                reader,
                "bad_site",
                "Ese sitio no existe.",
                "There is no such site.",
            )
        })?;
        let miss = given(self.miss.as_ref()).map(|miss| {
            word::<Miss>(miss).ok_or_else(|| {
                let es = "Ese motivo no existe.";
                bad(reader, "bad_miss", es, "There is no such reason.")
            })
        });
        Ok(Filter {
            days,
            lang,
            site,
            miss: miss.transpose()?,
        })
    }

    fn state(&self, reader: &Lang) -> Result<Option<State>, WebError> {
        match given(self.state.as_ref()) {
            None => Ok(Some(State::Open)),
            Some("all") => Ok(None),
            Some(state) => word::<State>(state).map(Some).ok_or_else(|| {
                let es = "El estado es open, decided, learnt o all.";
                bad(
                    reader,
                    "bad_state",
                    es,
                    "The state is open, decided, learnt or all.",
                )
            }),
        }
    }
}

/// `<conversation>.<event>` in an address.
pub(super) fn reference(reader: &Lang, of: &str) -> Result<Reference, WebError> {
    of.parse().map_err(|_malformed| {
        bad(
            reader,
            "bad_reference",
            "Ese mensaje no existe.",
            "There is no such message.",
        )
    })
}

#[derive(Serialize)]
struct List {
    #[serde(flatten)]
    page: Page,
    /// The index is still being built after a start: something may be missing.
    catching_up: bool,
}

pub(super) async fn list(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let lang = &account.lang;
    let (filter, state) = (query.filter(lang)?, query.state(lang)?);
    let from = given(query.from.as_ref()).map_or(Ok(0), |from| {
        from.parse().map_err(|_malformed| {
            let es = "Ese lugar de la lista no existe.";
            bad(
                lang,
                "bad_cursor",
                es,
                "There is no such place in the list.",
            )
        })
    })?;
    let catching_up = !caught_up(&house).await;
    let page = house.inbox.page(filter, state, from, PAGE).await;
    let page = page.map_err(|error| of_inbox(lang, error))?;
    Ok(fresh(List { page, catching_up }))
}

pub(super) async fn group(
    house: web::Data<House>,
    request: HttpRequest,
    of: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let lang = &account.lang;
    let (filter, of) = (query.filter(lang)?, reference(lang, &of)?);
    let group = house.inbox.group(filter, of).await;
    Ok(fresh(group.map_err(|error| of_inbox(lang, error))?))
}

pub(super) async fn proposal(
    house: web::Data<House>,
    request: HttpRequest,
    of: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, WebError> {
    let account = reader(&house, &request).await?;
    let lang = &account.lang;
    let (filter, of) = (query.filter(lang)?, reference(lang, &of)?);
    let proposal = house.inbox.proposal(filter, of).await;
    Ok(fresh(proposal.map_err(|error| of_inbox(lang, error))?))
}

pub(super) async fn health(
    house: web::Data<House>,
    request: HttpRequest,
) -> Result<HttpResponse, WebError> {
    reader(&house, &request).await?;
    let catching_up = !caught_up(&house).await;
    let (topics, measuring) = house.inbox.health();
    Ok(fresh(serde_json::json!({
        "version": house.engine.live().catalog.version,
        "topics": topics,
        "measuring": measuring,
        "catching_up": catching_up,
    })))
}
