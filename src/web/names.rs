//! How topics, teams and touchpoints are called, for those who read the console: ids are for files.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::House;
use super::error::WebError;
use super::session::login;
use crate::ids::{Lang, Style};
use crate::topics::Text;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/v1/names", web::get().to(names));
}

#[derive(Deserialize)]
struct NamesQuery {
    /// Language of the reader; Spanish when none.
    lang: Option<Lang>,
}

/// `{version, topics: {id: title}, teams: {id: name}, touchpoints: {id: name}}` of the catalogue in use, for whoever is signed in.
async fn names(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<NamesQuery>,
) -> Result<HttpResponse, WebError> {
    login(&house, &request).await?;
    let lang = query.into_inner().lang.unwrap_or_else(Lang::es);
    let live = house.engine.live();
    let word = |text: &Text| text.for_reader(&lang, Style::Warm).to_owned();
    let topics: BTreeMap<String, String> = (live.catalog.topics.iter())
        .map(|(id, topic)| (id.to_string(), word(&topic.title)))
        .collect();
    let teams: BTreeMap<String, String> = (live.catalog.teams.iter())
        .map(|(id, team)| (id.to_string(), word(&team.name)))
        .collect();
    let touchpoints: BTreeMap<String, String> = (live.catalog.journey.touchpoints.iter())
        .map(|one| (one.id.to_string(), word(&one.name)))
        .collect();
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .json(serde_json::json!({
            "version": live.catalog.version,
            "topics": topics,
            "teams": teams,
            "touchpoints": touchpoints,
        })))
}
