//! Cases for people without a console: a lead asks by mail, the page behind the link shows this case and nothing else, and takes one answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::House;
use super::admin::looked_after;
use super::assets::escape;
use super::error::WebError;
use super::history::caught_up;
use super::improvements::who;
use super::links::{gone, page};
use super::session::{changing, login, of_rank};
use crate::accounts::{ERRAND_MS, Errand, ErrandAnswer, ErrandResult, Errands};
use crate::engine::{Stride, fresh};
use crate::ids::{Role, Style};
use crate::improving::{OpinionRef, Who};
use crate::mail::SendError;
use crate::ports::StoreError;
use crate::topics::Reader;

/// Longest note, in characters.
const NOTE_MAX: usize = 1_000;
/// Most errands over one opinion.
const MOST: usize = 5;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/improvements/errands", web::get().to(all))
        .route("/v1/improvements/errands", web::post().to(ask))
        .route("/e/{token}", web::get().to(show))
        .route("/e/{token}", web::post().to(answer));
}

fn errands(house: &House) -> Errands {
    Errands::new(std::sync::Arc::clone(house.engine.store()))
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn unavailable(error: StoreError) -> WebError {
    WebError::Unavailable(error.to_string())
}

/// `{errands}`, the one that was asked last first.
async fn all(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    let all = errands(&house).all().await.map_err(unavailable)?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(serde_json::json!({"errands": all, "mail": house.outbox.is_some()})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    opinion: OpinionRef,
    to: String,
    note: String,
}

/// A note that fits, or why not.
fn noted(note: &str) -> Result<String, WebError> {
    let note = note.trim();
    if note.chars().count() > NOTE_MAX {
        return Err(WebError::Bad(format!("`note` has more than {NOTE_MAX}")));
    }
    Ok(note.to_owned())
}

/// Asks somebody about the case of an opinion; the mail has gone out when this returns.
async fn ask(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Asked>,
) -> Result<HttpResponse, WebError> {
    let me = changing(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let Asked { opinion, to, note } = body.into_inner();
    let coded = |code, words: &str| WebError::Coded(StatusCode::CONFLICT, code, words.to_owned());
    let Some(outbox) = house.outbox.as_ref() else {
        return Err(coded("no_mail", "this server sends no mail"));
    };
    caught_up(&house).await;
    let given = house
        .opinions
        .read()
        .get(opinion.conversation, opinion.seq)
        .is_some();
    if !given {
        return Err(WebError::NotFound);
    }
    let note = noted(&note)?;
    if note.is_empty() {
        return Err(WebError::Bad("`note` is empty: say what is needed".into()));
    }
    let errands = errands(&house);
    let before = errands.all().await.map_err(unavailable)?.into_iter();
    let same = |one: &Errand| (one.conversation, one.seq) == (opinion.conversation, opinion.seq);
    if before.filter(same).count() >= MOST {
        return Err(coded("too_many", "enough was asked about this opinion"));
    }
    let now = house.engine.now();
    let errand = Errand {
        conversation: opinion.conversation,
        seq: opinion.seq,
        to: to.trim().to_owned(),
        note,
        by: me.account.name.clone(),
        lang: me.account.lang.clone(),
        made_at: now,
        expires: now.plus(ERRAND_MS),
        answer: None,
    };
    let token = fresh::token();
    errands.make(&token, &errand).await.map_err(unavailable)?;
    if let Err(why) = outbox.send_errand(&errand, &token).await {
        errands.take_back(&token).await.map_err(unavailable)?;
        return Err(match why {
            SendError::Refused { why, .. } => WebError::Bad(why),
            SendError::PutOff(_) | SendError::NoServer(_) => {
                coded("not_sent", "the mail did not go out; try again")
            }
        });
    }
    let who = who(&me.account);
    let those = [opinion];
    house
        .engine
        .move_opinions(&those, Stride::Take, &who)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Words for whoever is asked.
fn words<T>(
    house: &House,
    errand: &Errand,
    say: impl FnOnce(&Reader<'_>) -> T,
) -> Result<T, WebError> {
    let live = house.engine.live();
    let site = house.site(None).ok_or(WebError::NotFound)?;
    Ok(say(&Reader::new(
        &live.catalog,
        &site,
        &errand.lang,
        Style::Warm,
    )))
}

async fn look(house: &House, token: &str) -> Result<Option<Errand>, WebError> {
    let now = house.engine.now();
    errands(house).look(token, now).await.map_err(unavailable)
}

async fn show(house: web::Data<House>, token: web::Path<String>) -> Result<HttpResponse, WebError> {
    let Some(errand) = look(&house, &token).await? else {
        return Ok(gone(&house));
    };
    caught_up(&house).await;
    // Nothing of the conversation but what was said of it, and that only as long as it was not erased.
    let said = {
        let given = house.opinions.read();
        let opinion = given.get(errand.conversation, errand.seq);
        opinion.and_then(|opinion| opinion.text.clone().or(opinion.label.clone()))
    };
    words(&house, &errand, |reader| {
        let word = |key: &str| escape(&reader.engine(key, &[("name", &errand.by)]));
        let field = |name: &str, value: &str| {
            format!("<dt>{}</dt><dd>{}</dd>\n", word(name), escape(value))
        };
        let said = said
            .map(|said| field("errand_said", &said))
            .unwrap_or_default();
        let choices = ["done", "need_more", "not_ours"].map(|result| {
            let label = word(&format!("errand_{result}"));
            format!("<p><label><input type=\"radio\" name=\"result\" value=\"{result}\" required> {label}</label></p>\n")
        });
        let body = format!(
            "<main><p>{}</p><h1>{}</h1>\n<dl>\n{}{said}</dl>\n<form method=\"post\">\n<fieldset><legend>{}</legend>\n{}</fieldset>\n\
             <p><label>{}<br><textarea name=\"note\" rows=\"4\" cols=\"40\" maxlength=\"{NOTE_MAX}\"></textarea></label></p>\n<button>{}</button>\n</form></main>",
            escape(&reader.catalog.assistant.brand),
            word("errand_title"),
            field("errand_note", &errand.note),
            word("errand_answer"),
            choices.concat(),
            word("errand_own_note"),
            word("errand_send"),
        );
        page(
            StatusCode::OK,
            &reader.lang,
            &reader.engine("errand_title", &[]),
            &body,
        )
    })
}

#[derive(Deserialize)]
struct Answered {
    result: ErrandResult,
    #[serde(default)]
    note: String,
}

async fn answer(
    house: web::Data<House>,
    token: web::Path<String>,
    form: web::Form<Answered>,
) -> Result<HttpResponse, WebError> {
    let Answered { result, note } = form.into_inner();
    let (note, at) = (noted(&note)?, house.engine.now());
    let answer = ErrandAnswer { result, note, at };
    let taken = errands(&house).answer(&token, answer).await;
    let Some(errand) = taken.map_err(unavailable)? else {
        return Ok(gone(&house));
    };
    match result {
        ErrandResult::Done => {
            let of = OpinionRef {
                conversation: errand.conversation,
                seq: errand.seq,
            };
            let by = Who {
                id: None,
                name: errand.to.clone(),
            };
            looked_after(&house, of, by).await?;
        }
        // A lead reads it and goes on.
        ErrandResult::NeedMore | ErrandResult::NotOurs => {}
    }
    words(&house, &errand, |reader| {
        let thanks = reader.engine("errand_thanks", &[("name", &errand.by)]);
        let title = reader.engine("errand_title", &[]);
        let body = format!(
            "<main><h1>{}</h1><p>{}</p></main>",
            escape(&title),
            escape(&thanks)
        );
        page(StatusCode::OK, &reader.lang, &title, &body)
    })
}
