//! What leads and admins read and change over HTTP: opinions, the state of the topic files, people.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::House;
use super::error::WebError;
use super::improvements::{known, who};
use super::session::{changing, login, of_rank};
use crate::accounts::{NewAccount, Work};
use crate::engine::{Stride, fresh};
use crate::ids::{AgentId, ConversationId, Lang, OpinionKind, Role, Seq, TeamId, Timestamp};
use crate::improving::{OpinionRef, Who};
use crate::insights::{Opinion, OpinionKey};
use crate::ports::{Space, StoreError};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/feedback", web::get().to(feedback))
        .route(
            "/v1/feedback/{conversation}/{seq}/handled",
            web::post().to(handled),
        )
        .route("/v1/catalog", web::get().to(catalog))
        .route("/v1/people", web::get().to(people))
        .route("/v1/people", web::post().to(invite))
        .route("/v1/people/{id}/disable", web::post().to(disable));
}

#[derive(Deserialize)]
struct FeedbackQuery {
    kind: Option<OpinionKind>,
    /// Answers older than this one: the `next` of the page before.
    after: Option<String>,
    /// Only those that were looked after already, or only those that were not.
    handled: Option<bool>,
}

/// A fold that is further behind than this is read as it is.
const FOLD_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// Answers a page.
const PAGE: usize = 50;

async fn feedback(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<FeedbackQuery>,
) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    let before = match query.after.as_deref().map(cursor) {
        None => None,
        Some(Some(key)) => Some(key),
        Some(None) => return Err(WebError::NotFound),
    };
    // A lead who was just told of an answer finds it here: the fold is at most an append behind.
    let last = house.engine.store().last_commit();
    let mut folded = house.folded.clone();
    let caught_up = folded.wait_for(|number| *number >= last);
    drop(tokio::time::timeout(FOLD_PATIENCE, caught_up).await);
    let marks = house
        .engine
        .store()
        .list(Space::Marks)
        .await
        .map_err(unavailable)?;
    let is_handled = |opinion: &Opinion| marks.contains_key(&of(opinion).handled_mark());
    let (answers, totals) = {
        let opinions = house.opinions.read();
        let wanted = |opinion: &Opinion| {
            query
                .handled
                .is_none_or(|wanted| is_handled(opinion) == wanted)
        };
        (
            opinions.newest(query.kind, before, PAGE, wanted),
            opinions.totals(),
        )
    };
    let next = (answers.len() == PAGE)
        .then(|| answers.last().map(|last| page_mark(last.key())))
        .flatten();
    let answers: Vec<_> = answers
        .into_iter()
        .map(|opinion| Row {
            handled: is_handled(&opinion),
            opinion,
        })
        .collect();
    Ok(HttpResponse::Ok()
        .json(serde_json::json!({"answers": answers, "next": next, "totals": totals})))
}

/// A place among the answers, as a client sends it back.
pub(super) fn page_mark((at, conversation, seq): OpinionKey) -> String {
    format!("{}.{conversation}.{seq}", at.0)
}

pub(super) fn cursor(text: &str) -> Option<OpinionKey> {
    let mut parts = text.split('.');
    let key = (
        Timestamp(parts.next()?.parse().ok()?),
        parts.next()?.parse().ok()?,
        Seq(parts.next()?.parse().ok()?),
    );
    parts.next().is_none().then_some(key)
}

#[derive(serde::Serialize)]
struct Row {
    #[serde(flatten)]
    opinion: Opinion,
    handled: bool,
}

fn of(opinion: &Opinion) -> OpinionRef {
    OpinionRef {
        conversation: opinion.conversation,
        seq: opinion.seq,
    }
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn unavailable(error: StoreError) -> WebError {
    WebError::Unavailable(error.to_string())
}

async fn handled(
    house: web::Data<House>,
    request: HttpRequest,
    path: web::Path<(String, u64)>,
) -> Result<HttpResponse, WebError> {
    let login = changing(&house, &request).await?;
    of_rank(&login, Role::Lead)?;
    let (conversation, seq) = path.into_inner();
    let conversation: ConversationId = conversation.parse().map_err(|_bad| WebError::NotFound)?;
    let seq = Seq(seq);
    let of = OpinionRef { conversation, seq };
    known(&house, &[of]).await?;
    looked_after(&house, of, who(&login.account)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Somebody looked after an opinion: it is marked, its case is closed.
pub(super) async fn looked_after(house: &House, of: OpinionRef, by: Who) -> Result<(), WebError> {
    let value = serde_json::json!({"by": by.name, "at": house.engine.now()});
    let (store, mark) = (house.engine.store(), of.handled_mark());
    match store.put_if(Space::Marks, &mark, 0, Some(value)).await {
        // A colleague was first: done is done.
        Ok(_) | Err(StoreError::Conflict { .. }) => {}
        Err(why) => return Err(unavailable(why)),
    }
    house.engine.opinion_seen(of.conversation).await?;
    let those = [of];
    let moved = house.engine.move_opinions(&those, Stride::Contact, &by);
    moved.await?;
    Ok(())
}

async fn catalog(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    let live = house.engine.live();
    let problems: Vec<_> = house.problems.read().iter().map(problem).collect();
    Ok(HttpResponse::Ok().json(serde_json::json!({
        "version": live.catalog.version,
        "loaded_at": live.since,
        "topics": live.catalog.topics.len(),
        "problems": problems,
    })))
}

pub(super) fn problem(problem: &crate::topics::Problem) -> serde_json::Value {
    serde_json::json!({
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "message_es": problem.message.es,
        "message_en": problem.message.en,
        "remedy_es": problem.remedy.es,
        "remedy_en": problem.remedy.en,
        "see": problem.see,
    })
}

async fn people(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    let people: Vec<_> = house
        .people
        .all()
        .await?
        .into_iter()
        .map(|account| {
            let mut person = serde_json::to_value(account.person()).unwrap_or_default();
            if let Some(person) = person.as_object_mut() {
                person.insert("disabled".into(), account.disabled.into());
            }
            person
        })
        .collect();
    Ok(HttpResponse::Ok().json(serde_json::json!({ "people": people })))
}

#[derive(Deserialize)]
struct Invite {
    name: String,
    email: String,
    role: Role,
    #[serde(default)]
    teams: Vec<TeamId>,
    lang: Option<Lang>,
    #[serde(flatten)]
    work: Work,
}

async fn invite(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<Invite>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Admin)?;
    let body = body.into_inner();
    let now = house.engine.now();
    let live = house.engine.live();
    let catalog = &live.catalog;
    let known = |lang: &Lang| catalog.assistant.languages.contains(&lang.base());
    let team = body
        .teams
        .iter()
        .find(|team| !catalog.teams.contains_key(*team));
    let skill = body.work.skills.iter();
    let skill = skill
        .into_iter()
        .find(|skill| !catalog.skills.contains_key(*skill));
    let lang = body.work.languages.iter().find(|lang| !known(lang));
    let unknown = team
        .map(|team| format!("there is no team {team} in teams.yaml"))
        .or_else(|| skill.map(|skill| format!("there is no skill {skill} in teams.yaml")))
        .or_else(|| lang.map(|lang| format!("the assistant does not speak {lang}")));
    if let Some(unknown) = unknown {
        return Err(WebError::Bad(unknown));
    }
    let new = NewAccount {
        name: body.name,
        email: body.email,
        role: body.role,
        teams: body.teams,
        lang: body.lang.unwrap_or_else(Lang::es),
        work: body.work,
    };
    let account = house
        .people
        .add(AgentId::from(fresh::uuid(now)), new)
        .await?;
    let token = fresh::token();
    house
        .people
        .make_link(Some(&account.email), &token, now)
        .await?;
    Ok(HttpResponse::Created()
        .json(serde_json::json!({"link": house.config.password_link(&token)})))
}

async fn disable(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let login = changing(&house, &request).await?;
    of_rank(&login, Role::Admin)?;
    let id: AgentId = id.parse().map_err(|_bad| WebError::NotFound)?;
    if id == login.account.id {
        return Err(WebError::Bad("nobody disables their own account".into()));
    }
    let all = house.people.all().await?;
    let account = all
        .into_iter()
        .find(|account| account.id == id)
        .ok_or(WebError::NotFound)?;
    house
        .people
        .change(&account.email, |account| account.disabled = true)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
