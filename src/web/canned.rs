//! What agents need not write anew: the canned replies that leads keep, by a short name, and what a topic itself would answer.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::House;
use super::error::WebError;
use super::session::{changing, login, of_rank};
use crate::ids::{Lang, Role, SiteId, Style, TopicId};
use crate::ports::{Space, StoreError};
use crate::topics::Reader;

/// Longest short name and title, in characters.
const NAME_MAX: usize = 40;
/// Longest text, in characters: what an utterance may have.
const TEXT_MAX: usize = 4_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/canned", web::get().to(canned))
        .route("/v1/canned/{short}", web::put().to(keep))
        .route("/v1/canned/{short}", web::delete().to(forget))
        .route("/v1/answers", web::get().to(answer));
}

/// A reply in one language, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Canned {
    title: String,
    text: String,
}

/// A reply as it is read.
#[derive(Serialize)]
struct Row {
    short: String,
    lang: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct LangQuery {
    /// Language of the visitor; Spanish when none.
    lang: Option<Lang>,
}

/// Key of a reply: language, then short name.
fn key(lang: &Lang, short: &str) -> String {
    format!("{}/{short}", lang.base())
}

fn unavailable(error: &StoreError) -> WebError {
    WebError::Unavailable(error.to_string())
}

/// `[{short, lang, title, text}]` by short name, for whoever is signed in: in the language asked for where the reply is there, else in the one
/// that there is.
async fn canned(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<LangQuery>,
) -> Result<HttpResponse, WebError> {
    login(&house, &request).await?;
    let wanted = query.into_inner().lang.unwrap_or_else(Lang::es).base();
    let records = house
        .engine
        .store()
        .list(Space::Canned)
        .await
        .map_err(|why| unavailable(&why))?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for (key, record) in records {
        let Some((lang, short)) = key.split_once('/') else {
            continue;
        };
        let Ok(Canned { title, text }) = serde_json::from_value(record.value) else {
            continue;
        };
        if lang != wanted.as_str() && rows.contains_key(short) {
            continue;
        }
        let row = Row {
            short: short.to_owned(),
            lang: lang.to_owned(),
            title,
            text,
        };
        rows.insert(short.to_owned(), row);
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .json(rows.into_values().collect::<Vec<_>>()))
}

#[derive(Deserialize)]
struct Kept {
    lang: Lang,
    title: String,
    text: String,
}

/// Letters of any alphabet in lower case, digits, `-` and `_`: what follows a `/` in the composer.
fn is_short(short: &str) -> bool {
    (1..=NAME_MAX).contains(&short.chars().count())
        && short.chars().all(|c| {
            c == '-' || c == '_' || c.is_numeric() || (c.is_alphabetic() && !c.is_uppercase())
        })
}

/// Makes a reply or changes it, for leads. The last one to save wins; of two at the same moment one is told to look again.
async fn keep(
    house: web::Data<House>,
    request: HttpRequest,
    short: web::Path<String>,
    body: web::Json<Kept>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Lead)?;
    let short = short.into_inner();
    if !is_short(&short) {
        return Err(WebError::Bad(format!(
            "a short name has 1 to {NAME_MAX} small letters, digits, - or _"
        )));
    }
    let Kept { lang, title, text } = body.into_inner();
    let (title, text) = (title.trim().to_owned(), text.trim().to_owned());
    if title.is_empty() || title.chars().count() > NAME_MAX * 2 {
        return Err(WebError::Bad("a title has 1 to 80 characters".into()));
    }
    if text.is_empty() || text.chars().count() > TEXT_MAX {
        return Err(WebError::Bad("a text has 1 to 4,000 characters".into()));
    }
    let value = serde_json::to_value(Canned { title, text })
        .map_err(|why| WebError::Internal(why.to_string()))?;
    write(&house, &key(&lang, &short), Some(value)).await
}

/// Takes a reply away in one language, for leads.
async fn forget(
    house: web::Data<House>,
    request: HttpRequest,
    short: web::Path<String>,
    query: web::Query<LangQuery>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Lead)?;
    let lang = query.into_inner().lang.unwrap_or_else(Lang::es);
    write(&house, &key(&lang, &short), None).await
}

async fn write(
    house: &House,
    key: &str,
    value: Option<serde_json::Value>,
) -> Result<HttpResponse, WebError> {
    let store = house.engine.store();
    let known = store
        .get(Space::Canned, key)
        .await
        .map_err(|why| unavailable(&why))?;
    if value.is_none() && known.is_none() {
        return Err(WebError::NotFound);
    }
    let version = known.map_or(0, |record| record.version);
    match store.put_if(Space::Canned, key, version, value).await {
        Ok(_) => Ok(HttpResponse::NoContent().finish()),
        Err(StoreError::Conflict { .. }) => Err(WebError::Conflict(
            "a colleague changed it at the same moment".into(),
        )),
        Err(why) => Err(unavailable(&why)),
    }
}

#[derive(Deserialize)]
struct AnswerQuery {
    topic: TopicId,
    site: SiteId,
    lang: Option<Lang>,
    style: Option<Style>,
}

/// `{title, text}`: the first thing that a topic says on this site, in this language and style. Facts are filled in; what only a conversation
/// knows stays as `{name}` for the agent.
async fn answer(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<AnswerQuery>,
) -> Result<HttpResponse, WebError> {
    login(&house, &request).await?;
    let query = query.into_inner();
    let live = house.engine.live();
    let topic = live
        .catalog
        .topics
        .get(&query.topic)
        .ok_or(WebError::NotFound)?;
    let style = query.style.unwrap_or(Style::Warm);
    let lang = query.lang.unwrap_or_else(Lang::es);
    let reader = Reader::new(&live.catalog, &query.site, &lang, style);
    let said = topic
        .own_answer(&query.site, style)
        .ok_or(WebError::NotFound)?;
    let text = reader.fill(said, |name| {
        let is_known =
            live.catalog.fact(name, &query.site).is_some() || matches!(name, "brand" | "assistant");
        (!is_known).then(|| format!("{{{name}}}"))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .json(serde_json::json!({"title": reader.words(&topic.title), "text": text})))
}

#[cfg(test)]
mod tests {
    use super::is_short;

    #[test]
    fn a_short_name_can_be_written_behind_a_slash() {
        for yes in ["hola", "envío-24h", "año_2", "7"] {
            assert!(is_short(yes), "{yes}");
        }
        for no in ["", "Hola", "dos palabras", "a/b", "¿?"] {
            assert!(!is_short(no), "{no}");
        }
    }
}
