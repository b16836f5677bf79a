//! Closing the loop over HTTP, for leads and admins: themes, the opinions behind them and how far each has come, actions and what became of them.

use std::collections::HashMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::House;
use super::admin::{cursor, page_mark};
use super::error::WebError;
use super::history::caught_up;
use super::session::{changing, login, of_rank};
use crate::accounts::Account;
use crate::engine::{ImprovementError, Kept, Stride};
use crate::ids::{ActionId, OpinionKind, Role, Stage, Style, Timestamp};
use crate::improving::{Action, Effect, OpinionRef, Standing, Theme, Way, Who, effect, themes};
use crate::insights::Opinion;

/// Opinions a page.
const PAGE: usize = 100;
/// Opinions that are moved at once.
const MOST: usize = 500;
/// Days of opinions that make themes, where nobody says, and the most.
const DAYS: (i64, i64) = (90, 3_650);
const DAY_MS: i64 = 24 * 60 * 60_000;
/// An action names up to 2,000 opinions.
const BODY_MAX: usize = 512 * 1024;
/// What stands for "has none" in place of a touchpoint or a stage.
const NONE: &str = "none";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let large = || {
        let json = web::JsonConfig::default().limit(BODY_MAX);
        json.error_handler(super::error::bad_json)
    };
    config
        .route("/v1/improvements", web::get().to(book))
        .route("/v1/improvements/opinions", web::get().to(opinions))
        .route("/v1/improvements/opinions/{stride}", web::post().to(stride))
        .service(
            web::resource("/v1/improvements/actions/{id}")
                .app_data(large())
                .route(web::get().to(one))
                .route(web::put().to(write))
                .route(web::delete().to(throw_away)),
        )
        .route(
            "/v1/improvements/actions/{id}/publish",
            web::post().to(publish),
        )
        .route(
            "/v1/improvements/actions/{id}/retire",
            web::post().to(retire),
        );
}

/// Somebody as the records name them.
pub(super) fn who(account: &Account) -> Who {
    Who {
        id: Some(account.id),
        name: account.name.clone(),
    }
}

fn refused(error: ImprovementError) -> WebError {
    let words = error.to_string();
    let coded = |code| WebError::Coded(StatusCode::CONFLICT, code, words.clone());
    match error {
        ImprovementError::Changed => coded("changed"),
        ImprovementError::Published => coded("published"),
        ImprovementError::Nobody => WebError::NotFound,
        ImprovementError::Action(_) => WebError::Bad(words),
        ImprovementError::Engine(why) => why.into(),
    }
}

#[derive(Deserialize)]
struct Days {
    days: Option<i64>,
}

impl Days {
    fn since(&self, now: Timestamp) -> Timestamp {
        let (usual, most) = DAYS;
        now.plus(-self.days.unwrap_or(usual).clamp(1, most) * DAY_MS)
    }
}

/// An action as leads see it in a list.
#[derive(Serialize)]
struct Row {
    action: Action,
    author: String,
    changed_at: Timestamp,
    published_at: Option<Timestamp>,
    retired_at: Option<Timestamp>,
    /// People whom it is told to; none until all of them are known.
    people: Option<u32>,
    /// Opinions whose authors have it in their chat.
    told: u32,
}

impl Row {
    fn of(kept: Kept, told: u32) -> Self {
        Self {
            author: kept.author.name,
            changed_at: kept.changed_at,
            published_at: kept.published_at,
            retired_at: kept.retired_at,
            people: kept.telling,
            told,
            action: kept.action,
        }
    }
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

fn of(opinion: &Opinion) -> OpinionRef {
    OpinionRef {
        conversation: opinion.conversation,
        seq: opinion.seq,
    }
}

fn private(answer: impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(answer)
}

/// `{themes, actions, touchpoints, topics, sites, languages, today, days}`.
async fn book(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Days>,
) -> Result<HttpResponse, WebError> {
    let me = login(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let catching_up = !caught_up(&house).await;
    let since = query.since(house.engine.now());
    let themes: Vec<Theme> = house.engine.with_standings(|standing| {
        let opinions = house.opinions.read();
        themes(opinions.since(since), |opinion| standing(of(opinion)))
    });
    let told = house.engine.told_by_action();
    let actions = house.engine.actions().into_iter().map(|kept| {
        let told = told.get(&kept.action.id).copied().unwrap_or_default();
        Row::of(kept, told)
    });
    let actions: Vec<Row> = actions.collect();
    let live = house.engine.live();
    let (catalog, lang) = (&live.catalog, &me.account.lang);
    let touchpoints = catalog.journey.touchpoints.iter().map(|one| Named {
        id: one.id.to_string(),
        name: one.name.for_reader(lang, Style::Warm).to_owned(),
    });
    let topics = catalog.topics.values().map(|topic| Named {
        id: topic.id.to_string(),
        name: topic.title.for_reader(lang, Style::Warm).to_owned(),
    });
    let sites: Vec<_> = catalog.assistant.sites.keys().collect();
    Ok(private(serde_json::json!({
        "themes": themes, "actions": actions, "touchpoints": touchpoints.collect::<Vec<_>>(), "topics": topics.collect::<Vec<_>>(),
        "sites": sites, "languages": catalog.assistant.languages, "today": house.engine.today(), "since": since,
        "catching_up": catching_up,
    })))
}

/// An opinion and how far it has come.
#[derive(Serialize)]
struct Walked {
    #[serde(flatten)]
    opinion: Opinion,
    standing: Standing,
    owner: Option<String>,
    way: Way,
}

impl Walked {
    fn of(opinion: Opinion, ways: &HashMap<OpinionRef, Way>) -> Self {
        let way = ways.get(&of(&opinion)).cloned().unwrap_or_default();
        Self {
            standing: way.standing(),
            owner: way.owner().map(|owner| owner.name.clone()),
            way,
            opinion,
        }
    }
}

#[derive(Deserialize)]
struct Wanted {
    /// A touchpoint, or `none`; every one where nothing is said.
    touchpoint: Option<String>,
    /// A stage, or `none`.
    stage: Option<String>,
    kind: Option<OpinionKind>,
    /// Only those about which nothing was done yet.
    open: Option<bool>,
    /// Only those that ask for a change.
    asking: Option<bool>,
    /// The `next` of the page before.
    after: Option<String>,
    days: Option<i64>,
}

async fn opinions(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Wanted>,
) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    caught_up(&house).await;
    let query = query.into_inner();
    let before = match query.after.as_deref().map(cursor) {
        None => None,
        Some(Some(key)) => Some(key),
        Some(None) => return Err(WebError::Bad("`after` is no `next` of a page".into())),
    };
    let stage = match query.stage.as_deref() {
        None => None,
        Some(NONE) => Some(None),
        Some(stage) => match stage.parse::<Stage>() {
            Ok(stage) => Some(Some(stage)),
            Err(_unknown) => return Err(WebError::Bad("there is no such stage".into())),
        },
    };
    let touchpoint = query.touchpoint.as_deref();
    let touchpoint = touchpoint.map(|one| (one != NONE).then_some(one));
    let days = Days { days: query.days };
    let since = days.since(house.engine.now());
    let found = house.engine.with_standings(|standing| {
        let wanted = |opinion: &Opinion| {
            let open = || standing(of(opinion)) < Standing::Fixed;
            opinion.at >= since
                && touchpoint.is_none_or(|one| opinion.touchpoint.as_deref() == one)
                && stage.is_none_or(|one| opinion.stage == one)
                && (query.asking).is_none_or(|wanted| opinion.asks_for_change() == wanted)
                && query.open.is_none_or(|wanted| open() == wanted)
        };
        let opinions = house.opinions.read();
        opinions.newest(query.kind, before, PAGE, wanted)
    });
    let full = found.len() == PAGE;
    let next = found.last().filter(|_| full);
    let next = next.map(|last| page_mark(last.key()));
    let refs: Vec<OpinionRef> = found.iter().map(of).collect();
    let ways = house.engine.ways(&refs);
    let walked: Vec<_> = (found.into_iter())
        .map(|opinion| Walked::of(opinion, &ways))
        .collect();
    Ok(private(
        serde_json::json!({"opinions": walked, "next": next}),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Those {
    opinions: Vec<OpinionRef>,
}

/// Takes opinions, or marks them as contacted: `{moved, closed}`.
async fn stride(
    house: web::Data<House>,
    request: HttpRequest,
    stride: web::Path<String>,
    those: web::Json<Those>,
) -> Result<HttpResponse, WebError> {
    let me = changing(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let stride = match stride.as_str() {
        "take" => Stride::Take,
        "contacted" => Stride::Contact,
        _ => return Err(WebError::NotFound),
    };
    if those.opinions.len() > MOST {
        return Err(WebError::Bad(format!("at most {MOST} opinions at once")));
    }
    known(&house, &those.opinions).await?;
    let who = who(&me.account);
    let moved = house.engine.move_opinions(&those.opinions, stride, &who);
    Ok(private(moved.await?))
}

/// Whether each of them was given.
pub(super) async fn known(house: &House, opinions: &[OpinionRef]) -> Result<(), WebError> {
    caught_up(house).await;
    let given = house.opinions.read();
    let strange = opinions
        .iter()
        .find(|of| given.get(of.conversation, of.seq).is_none());
    match strange {
        Some(of) => Err(WebError::Bad(format!(
            "there is no opinion {} in {}",
            of.seq, of.conversation
        ))),
        None => Ok(()),
    }
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    row: Row,
    /// The file of its topic, below the folder of topic files.
    file: Option<String>,
    opinions: Vec<Walked>,
    /// Whether the complaint is heard less since; none before it is published.
    effect: Option<Effect>,
}

/// An action, back to its opinions and forward to the changed file and to what became of the complaint.
async fn one(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<ActionId>,
) -> Result<HttpResponse, WebError> {
    of_rank(&login(&house, &request).await?, Role::Lead)?;
    caught_up(&house).await;
    let kept = house.engine.action(&id).ok_or(WebError::NotFound)?;
    let ways = house.engine.ways(&kept.action.opinions);
    let now = house.engine.now();
    let day = kept.action.since.to_zoned(house.engine.company_zone());
    let since = day.map_or(now, |day| Timestamp(day.timestamp().as_millisecond()));
    let (opinions, became) = {
        let given = house.opinions.read();
        let refs = kept.action.opinions.iter();
        let behind = refs.filter_map(|of| given.get(of.conversation, of.seq).cloned());
        let behind: Vec<_> = behind.map(|one| Walked::of(one, &ways)).collect();
        let became = effect(&kept.action, given.since(Timestamp(0)), since, now);
        (behind, became)
    };
    let told = house.engine.told_by_action();
    let live = house.engine.live();
    let topic = kept.action.topic.as_ref();
    let file = topic.and_then(|id| live.catalog.topics.get(id));
    Ok(private(Whole {
        file: file.map(|topic| topic.file.clone()),
        opinions,
        effect: kept.published_at.map(|_| became),
        row: Row::of(kept, told.get(&*id).copied().unwrap_or_default()),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    action: Action,
    /// Its `changed_at` as they saw it; none for a new one.
    seen: Option<Timestamp>,
}

/// Writes an action under a name of the client's own, or changes one; the same again is the same.
async fn write(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<ActionId>,
    body: web::Json<Written>,
) -> Result<HttpResponse, WebError> {
    let me = changing(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let Written { action, seen } = body.into_inner();
    if action.id != *id {
        return Err(WebError::Bad("the address names another action".into()));
    }
    known(&house, &action.opinions).await?;
    let written = house.engine.write_action(action, seen, who(&me.account));
    written.await.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn publish(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<ActionId>,
) -> Result<HttpResponse, WebError> {
    let me = changing(&house, &request).await?;
    of_rank(&me, Role::Lead)?;
    let published = house.engine.publish_action(&id, who(&me.account));
    published.await.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn retire(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<ActionId>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Lead)?;
    house.engine.retire_action(&id).await.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn throw_away(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<ActionId>,
) -> Result<HttpResponse, WebError> {
    of_rank(&changing(&house, &request).await?, Role::Lead)?;
    house.engine.drop_action(&id).await.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}
