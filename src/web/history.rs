//! The history over HTTP: lists by day, topic, outcome, agent, team and case, and a search in the words, which goes through a bounded number of
//! sessions at a time, newest first, and says how far it came.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::House;
use super::error::WebError;
use super::insights::{self, Opened, Period};
use super::session::{login, of_rank};
use super::transcript;
use crate::accounts::Account;
use crate::conversation::{Body, Case, Event};
use crate::engine::AgentDoor;
use crate::ids::{AgentId, ConversationId, Lang, Outcome, Role, Seq, SiteId, Style, Timestamp};
use crate::insights::figures::Behind;
use crate::insights::{Ended, Past, Phrase, Place, Reads, Wanted};
use crate::ports::StoreError;

/// Rows of a page where nobody says.
const PAGE: usize = 30;
/// Most rows of a page.
const PAGE_MAX: usize = 100;
/// Most sessions that one search looks through.
const SCAN_SESSIONS: usize = 1_000;
/// Most bytes of text that one search looks through.
const SCAN_BYTES: usize = 4 * 1024 * 1024;
/// What an event without a text counts as, in bytes: it has to be read too.
const EVENT_BYTES: usize = 64;
/// Events read at a time.
const EVENTS: usize = 200;
/// Sessions that a search takes from the index at a time.
const STRIDE: usize = 100;
/// A fold that is further behind than this is read as it is, and the answer says so.
const FOLD_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/v1/history", web::get().to(history)).route(
        "/v1/history/{conversation}/transcript",
        web::get().to(transcript::transcript),
    );
}

/// As it comes: an empty field of a form is one that was not filled in.
#[derive(Deserialize)]
struct Query {
    from: Option<String>,
    to: Option<String>,
    topic: Option<String>,
    outcome: Option<String>,
    agent: Option<String>,
    team: Option<String>,
    text: Option<String>,
    case: Option<String>,
    conversation: Option<String>,
    before: Option<String>,
    limit: Option<String>,
}

/// What a page is.
#[derive(Serialize)]
struct Page {
    rows: Vec<Row>,
    /// `before` of the next page; nothing at the end.
    next: Option<String>,
    /// The time zone in which `from` and `to` are days.
    time_zone: String,
    /// The index is still being built after a start: something may be missing.
    catching_up: bool,
    /// Of a search: how far it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<Scan>,
}

#[derive(Serialize, Default)]
struct Scan {
    /// Sessions looked through for this page.
    scanned: usize,
    /// The oldest of them began then.
    until: Option<Timestamp>,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Row {
    conversation: ConversationId,
    opened: Timestamp,
    closed: Option<Timestamp>,
    outcome: Option<Outcome>,
    /// The conversation in which it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<ConversationId>,
    /// Conversations of the same person that go on in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged_from: Vec<ConversationId>,
    /// What it was about: the last topic that is more than small talk.
    topic: Option<Named>,
    agents: Vec<Named>,
    teams: Vec<Named>,
    cases: Vec<String>,
    site: SiteId,
    lang: Lang,
    /// The visitor's first words; in a search, the message that was found.
    excerpt: String,
}

/// A place to go on from: below a session, or inside one that a search could not look through whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    below: Place,
    /// The session at `below - 1` is looked through from behind this event on.
    after: Option<Seq>,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.after {
            None => write!(f, "{}", self.below),
            Some(after) => write!(f, "{}.{after}", self.below),
        }
    }
}

impl std::str::FromStr for Cursor {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (below, after) = match text.split_once('.') {
            None => (text, None),
            Some((below, after)) => (below, Some(Seq(after.parse()?))),
        };
        Ok(Self {
            below: below.parse()?,
            after,
        })
    }
}

/// What somebody asked for, understood.
struct Asked {
    wanted: Wanted,
    phrase: Option<Phrase>,
    before: Option<Cursor>,
    limit: usize,
    time_zone: String,
}

/// What this person may read.
pub(super) fn reads(account: &Account) -> Reads {
    match account.role {
        Role::Lead | Role::Admin => Reads::All,
        // Who is in no team helps all of them.
        Role::Agent if account.teams.is_empty() => Reads::All,
        Role::Agent => Reads::Of {
            agent: account.id,
            teams: account.teams.clone(),
        },
    }
}

/// The first event that this person may see of a conversation: all of it where it is on the desk, which is everybody's, or where it concerned them.
pub(super) async fn may_see(
    house: &House,
    account: &Account,
    id: ConversationId,
) -> Result<Option<Seq>, WebError> {
    let reads = reads(account);
    if reads == Reads::All || house.history.read().may_read(id, &reads) {
        return Ok(Some(Seq::ZERO));
    }
    let door = AgentDoor::new(house.engine.clone(), account.person());
    Ok(door.reads_from(id).await?)
}

/// Waits until the index has everything that is stored. Whether it has.
pub(super) async fn caught_up(house: &House) -> bool {
    let last = house.engine.store().last_commit();
    let mut folded = house.folded.clone();
    let caught_up = folded.wait_for(|number| *number >= last);
    tokio::time::timeout(FOLD_PATIENCE, caught_up).await.is_ok()
}

async fn history(
    house: web::Data<House>,
    request: HttpRequest,
    (query, period, opened): (web::Query<Query>, web::Query<Period>, web::Query<Opened>),
) -> Result<HttpResponse, WebError> {
    let login = login(&house, &request).await?;
    let asked = understood(&house, &login.account, query.into_inner())?;
    let catching_up = !caught_up(&house).await;
    let now = house.engine.now();
    let today = house.figures.read().day_at(now);
    let lang = &login.account.lang;
    let of = insights::asked(lang, today, period.into_inner())?;
    if let Some(number) = insights::behind(lang, of, opened.into_inner())? {
        of_rank(&login, Role::Lead)?;
        let (found, next) = behind(&house, number, &asked).await?;
        let rows = found.into_iter();
        let rows = rows.map(|(past, excerpt)| row(&house, past, excerpt, lang));
        let page = Page {
            rows: rows.collect(),
            next: next.map(|next| next.to_string()),
            time_zone: house.figures.read().zone(),
            catching_up,
            scan: None,
        };
        return Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(page));
    }
    let ((found, next), scan) = match &asked.phrase {
        None => (listed(&house, &asked).await?, None),
        Some(phrase) => {
            let (found, scan) = scanned(&house, &asked, phrase).await?;
            (found, Some(scan))
        }
    };
    let lang = login.account.lang;
    let rows = found
        .into_iter()
        .map(|(past, excerpt)| row(&house, past, excerpt, &lang))
        .collect();
    let page = Page {
        rows,
        next: next.map(|next| next.to_string()),
        time_zone: asked.time_zone,
        catching_up,
        scan,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(page))
}

/// A code and a sentence in the reader's language.
pub(super) fn bad(lang: &Lang, code: &'static str, es: &str, en: &str) -> WebError {
    let words = if lang.base() == Lang::es() { es } else { en };
    WebError::Coded(StatusCode::BAD_REQUEST, code, words.to_owned())
}

fn understood(house: &House, account: &Account, query: Query) -> Result<Asked, WebError> {
    let lang = &account.lang;
    let given = |field: Option<String>| {
        let field = field.map(|field| field.trim().to_owned());
        field.filter(|field| !field.is_empty())
    };
    let unknown = |code, es: &str, en: &str| bad(lang, code, es, en);
    let topic = given(query.topic)
        .map(|topic| topic.parse())
        .transpose()
        .map_err(|_malformed| {
            unknown(
                "bad_topic",
                "Ese tema no existe.",
                "There is no such topic.",
            )
        })?;
    let team = given(query.team)
        .map(|team| team.parse())
        .transpose()
        .map_err(|_malformed| {
            unknown(
                "bad_team",
                "Ese equipo no existe.",
                "There is no such team.",
            )
        })?;
    let agent = given(query.agent)
        .map(|agent| agent.parse::<AgentId>())
        .transpose()
        .map_err(|_malformed| {
            unknown(
                "bad_agent",
                "Ese agente no existe.",
                "There is no such agent.",
            )
        })?;
    let conversation = given(query.conversation)
        .map(|id| id.parse::<ConversationId>())
        .transpose()
        .map_err(|_malformed| {
            let es = "Eso no es el identificador de una conversación.";
            unknown(
                "bad_conversation",
                es,
                "That is not the id of a conversation.",
            )
        })?;
    let outcome = match given(query.outcome).as_deref() {
        None => None,
        Some("open") => Some(Ended::Open),
        Some(outcome) => Some(Ended::As(outcome.parse().map_err(|_unknown| {
            let es = "Ese resultado no existe. Los que hay:";
            let en = "There is no such outcome. The outcomes are:";
            let all: Vec<_> = Outcome::ALL.iter().map(|one| one.as_str()).collect();
            let all = all.join(", ");
            unknown(
                "bad_outcome",
                &format!("{es} open, {all}."),
                &format!("{en} open, {all}."),
            )
        })?)),
    };
    let time_zone = time_zone(house, team.as_ref());
    let zone = TimeZone::get(&time_zone).unwrap_or(TimeZone::UTC);
    let day = |field: Option<String>| {
        let day = given(field).map(|day| day.parse::<Date>()).transpose();
        day.map_err(|_malformed| {
            let es = "La fecha se escribe AAAA-MM-DD, por ejemplo 2026-11-23.";
            unknown(
                "bad_date",
                es,
                "A date is written YYYY-MM-DD, 2026-11-23 for example.",
            )
        })
    };
    let (from, to) = (day(query.from)?, day(query.to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let es = "La primera fecha es posterior a la última.";
        return Err(unknown(
            "bad_range",
            es,
            "The first date is after the last one.",
        ));
    }
    let before = given(query.before)
        .map(|before| before.parse())
        .transpose()
        .map_err(|_malformed| {
            let es = "Ese lugar de la lista no existe: hay que buscar de nuevo.";
            unknown(
                "bad_cursor",
                es,
                "There is no such place in the list: search again.",
            )
        })?;
    let limit = given(query.limit).map_or(Ok(PAGE), |limit| match limit.parse() {
        Ok(limit @ 1..=PAGE_MAX) => Ok(limit),
        Ok(_) | Err(_) => Err(unknown(
            "bad_limit",
            "Una página tiene de 1 a 100 filas.",
            "A page has 1 to 100 rows.",
        )),
    })?;
    let text = given(query.text);
    if (text.as_ref()).is_some_and(|text| text.chars().count() > Phrase::MAX) {
        let es = "El texto que se busca puede tener hasta 200 caracteres.";
        return Err(unknown(
            "too_long",
            es,
            "The search text can have at most 200 characters.",
        ));
    }
    let case = given(query.case).map(|case| Case::number_of(&case).unwrap_or(case));
    // A case number among the words is looked up as such, and nothing else counts then.
    let meant = text.as_deref().and_then(Case::number_of);
    let meant = meant.filter(|number| house.history.read().knows_case(number));
    if meant.is_some() {
        return Ok(Asked {
            wanted: Wanted {
                case: meant,
                reads: reads(account),
                ..Wanted::default()
            },
            phrase: None,
            before,
            limit,
            time_zone,
        });
    }
    Ok(Asked {
        wanted: Wanted {
            from: from.and_then(|day| begins(day, &zone)),
            until: to
                .and_then(|day| day.tomorrow().ok())
                .and_then(|day| begins(day, &zone)),
            topic,
            outcome,
            agent,
            team,
            case,
            conversation,
            reads: reads(account),
        },
        phrase: text.as_deref().and_then(Phrase::read),
        before,
        limit,
        time_zone,
    })
}

/// Where days begin and end: where the team has its hours, else where the main site is.
fn time_zone(house: &House, team: Option<&crate::ids::TeamId>) -> String {
    let live = house.engine.live();
    let catalog = &live.catalog;
    let site = house.site(None);
    let hours = team.and_then(|team| {
        let team = catalog.teams.get(team)?;
        let here = site.as_ref().and_then(|site| team.hours.get(site));
        let name = here.or_else(|| team.hours.values().next())?;
        Some(catalog.schedules.get(name)?.time_zone.clone())
    });
    let of_site = || Some(catalog.site(site.as_ref()?)?.time_zone.clone());
    hours.or_else(of_site).unwrap_or_else(|| "UTC".to_owned())
}

/// The moment at which a day begins.
fn begins(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let start = zone.to_zoned(day.at(0, 0, 0, 0)).ok()?;
    Some(Timestamp(start.timestamp().as_millisecond()))
}

/// Sessions with an excerpt each, and where to go on.
type Found = (Vec<(Past, String)>, Option<Cursor>);

/// A page of the index, away from those who serve sockets: a rare filter looks at many rows.
async fn newest(
    house: &House,
    wanted: Wanted,
    below: Option<Place>,
    limit: usize,
) -> Result<Vec<Past>, WebError> {
    let history = std::sync::Arc::clone(&house.history);
    let looked = web::block(move || history.read().newest(&wanted, below, limit));
    looked
        .await
        .map_err(|why| WebError::Internal(why.to_string()))
}

async fn listed(house: &House, asked: &Asked) -> Result<Found, WebError> {
    let below = asked.before.map(|before| before.below);
    let page = newest(house, asked.wanted.clone(), below, asked.limit).await?;
    let next = (page.len() == asked.limit)
        .then(|| page.last().map(|last| last.place))
        .flatten();
    let mut found = Vec::with_capacity(page.len());
    for past in page {
        let events = read(house, &past, Seq(past.first.0 - 1), FIRST_EVENTS).await?;
        let excerpt = first_words(&events);
        found.push((past, excerpt));
    }
    let next = next.map(|below| Cursor { below, after: None });
    Ok((found, next))
}

/// The sessions that were counted in a number; those of which no word is left are passed over.
async fn behind(
    house: &web::Data<House>,
    number: Behind,
    asked: &Asked,
) -> Result<Found, WebError> {
    let (before, limit, now) = (
        asked.before.map(|at| at.below),
        asked.limit,
        house.engine.now(),
    );
    let inner = house.clone();
    let looked = web::block(move || {
        insights::settled(&inner, now);
        let places = inner.figures.read().behind(&number, before, limit);
        let history = inner.history.read();
        let last = places.last().map(|(place, ..)| *place);
        let next = last.filter(|_| places.len() == limit);
        let sessions = places
            .into_iter()
            .map(|(_, id, first)| history.session(id, first));
        (sessions.flatten().collect::<Vec<_>>(), next)
    });
    let (sessions, next) = looked
        .await
        .map_err(|why| WebError::Internal(why.to_string()))?;
    let mut found = Vec::with_capacity(sessions.len());
    for past in sessions {
        let events = read(house, &past, Seq(past.first.0 - 1), FIRST_EVENTS).await?;
        let excerpt = first_words(&events);
        found.push((past, excerpt));
    }
    Ok((found, next.map(|below| Cursor { below, after: None })))
}

/// Events of a session in which its first words are looked for.
const FIRST_EVENTS: usize = 20;

/// The first thing that the visitor wrote; the label of a button where they wrote nothing.
fn first_words(events: &[Event]) -> String {
    let text = |event: &Event| event.private.first().map(Phrase::beginning);
    let wrote = |event: &&Event| matches!(event.body, Body::VisitorSaid { .. });
    let did = |event: &&Event| {
        matches!(
            event.body,
            Body::VisitorChose { .. } | Body::VisitorSent { .. }
        )
    };
    (events.iter().find(wrote).and_then(text))
        .or_else(|| events.iter().find(did).and_then(text))
        .unwrap_or_default()
}

/// Events of a session behind one of them.
async fn read(house: &House, past: &Past, after: Seq, most: usize) -> Result<Vec<Event>, WebError> {
    let left = usize::try_from(past.last.0.saturating_sub(after.0)).unwrap_or(most);
    let events = house
        .engine
        .store()
        .read(past.conversation, after, most.min(left));
    match events.await {
        Ok(events) => Ok(events),
        // One damaged conversation does not end a search.
        Err(StoreError::Corrupt(why)) => {
            tracing::error!(conversation = %past.conversation, why, "cannot be searched");
            Ok(Vec::new())
        }
        Err(why) => Err(WebError::Unavailable(why.to_string())),
    }
}

/// How much a search may still read.
struct Budget {
    sessions: usize,
    bytes: usize,
}

/// What became of a session in a search.
enum Looked {
    Found(String),
    Nothing,
    /// The budget ended behind this event.
    UpTo(Seq),
}

async fn scanned(house: &House, asked: &Asked, phrase: &Phrase) -> Result<(Found, Scan), WebError> {
    let mut scan = Scan::default();
    let mut budget = Budget {
        sessions: SCAN_SESSIONS,
        bytes: SCAN_BYTES,
    };
    let (mut found, mut below) = (Vec::new(), asked.before.map(|before| before.below));
    let mut inside = asked.before.and_then(|before| before.after);
    loop {
        let stride = STRIDE.min(budget.sessions);
        let page = newest(house, asked.wanted.clone(), below, stride).await?;
        let end = page.len() < stride;
        for past in page {
            let begun = inside.take().filter(|_| Some(past.place + 1) == below);
            scan.scanned += 1;
            scan.until = Some(past.opened);
            budget.sessions -= 1;
            let place = past.place;
            match look(house, &past, begun, phrase, &mut budget).await? {
                Looked::Found(excerpt) => found.push((past, excerpt)),
                Looked::Nothing => {}
                Looked::UpTo(after) => {
                    let next = Cursor {
                        below: place + 1,
                        after: Some(after),
                    };
                    return Ok(((found, Some(next)), scan));
                }
            }
            below = Some(place);
            if found.len() == asked.limit || budget.sessions == 0 || budget.bytes == 0 {
                let next = below.map(|below| Cursor { below, after: None });
                return Ok(((found, next), scan));
            }
        }
        if end {
            return Ok(((found, None), scan));
        }
    }
}

/// Looks through one session, or as much of it as may still be read.
async fn look(
    house: &House,
    past: &Past,
    begun: Option<Seq>,
    phrase: &Phrase,
    budget: &mut Budget,
) -> Result<Looked, WebError> {
    let mut after = begun.unwrap_or(Seq(past.first.0 - 1));
    while after < past.last {
        if budget.bytes == 0 {
            return Ok(Looked::UpTo(after));
        }
        let events = read(house, past, after, EVENTS).await?;
        let Some(last) = events.last().map(|event| event.seq) else {
            break;
        };
        let size = |event: &Event| {
            let texts: usize = event.private.texts.iter().map(String::len).sum();
            texts + EVENT_BYTES
        };
        budget.bytes = budget.bytes.saturating_sub(events.iter().map(size).sum());
        let phrase = phrase.clone();
        // Folding hundreds of long messages takes milliseconds that belong to others.
        let matching = web::block(move || {
            events.iter().find_map(|event| match event.body {
                // The greeting is everybody's.
                Body::SessionOpened { .. } => None,
                _ => event
                    .private
                    .texts
                    .iter()
                    .find_map(|text| phrase.excerpt(text)),
            })
        });
        let matched = matching.await;
        if let Some(excerpt) = matched.map_err(|why| WebError::Internal(why.to_string()))? {
            return Ok(Looked::Found(excerpt));
        }
        after = last;
    }
    Ok(Looked::Nothing)
}

fn row(house: &House, past: Past, excerpt: String, lang: &Lang) -> Row {
    let live = house.engine.live();
    let catalog = &live.catalog;
    let talk = |topic: &&crate::ids::TopicId| {
        (catalog.topics.get(*topic)).is_none_or(|topic| !topic.small_talk && topic.role.is_none())
    };
    let about = (past.topics.iter().rev().find(talk)).or(past.topics.last());
    let topic = about.map(|id| Named {
        id: id.to_string(),
        name: (catalog.topics.get(id)).map_or_else(
            || id.to_string(),
            |topic| topic.title.for_reader(lang, Style::Warm).to_owned(),
        ),
    });
    let agents = past.agents.into_iter().map(|(id, name)| Named {
        id: id.to_string(),
        name,
    });
    let teams = past.teams.iter().map(|id| Named {
        id: id.to_string(),
        name: house.engine.team_name(id, lang),
    });
    Row {
        conversation: past.conversation,
        opened: past.opened,
        closed: past.closed,
        outcome: past.outcome,
        merged_into: past.merged_into,
        merged_from: past.merged_from,
        topic,
        agents: agents.collect(),
        teams: teams.collect(),
        cases: past.cases,
        site: past.site,
        lang: past.lang,
        excerpt,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_went() {
        let whole = Cursor {
            below: 12,
            after: None,
        };
        let inside = Cursor {
            below: 12,
            after: Some(Seq(7)),
        };
        for cursor in [whole, inside] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for wrong in ["", "x", "1.", "1.x", "-1", "1.2.3"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_place() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        let day = |text: &str| begins(text.parse().unwrap(), &madrid).unwrap().0;
        // A Sunday of 25 hours.
        assert_eq!(day("2026-10-26") - day("2026-10-25"), 25 * 3_600_000);
        assert_eq!(day("2026-11-23"), 1_795_388_400_000);
    }
}
