//! Sign-in of agents, leads and admins: a cookie that scripts cannot read, a CSRF secret that other sites cannot, and an Origin check.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::House;
use super::addresses::client_address;
use super::error::WebError;
use crate::accounts::{Login, NewAccount, Work};
use crate::engine::fresh;
use crate::ids::{AgentId, Lang, Role};

const COOKIE: &str = "ventanilla_agent";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/login", web::post().to(sign_in))
        .route("/v1/logout", web::post().to(sign_out))
        .route("/v1/setup", web::post().to(set_up))
        .route("/v1/me", web::get().to(me));
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct SetUp {
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    password: String,
    lang: Option<Lang>,
}

async fn sign_in(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<SignIn>,
) -> Result<HttpResponse, WebError> {
    same_origin(&request)?;
    let address = from(&house, &request);
    let (token, csrf) = (fresh::token(), fresh::token());
    let now = house.engine.now();
    let login = house
        .logins
        .sign_in(&body.email, &body.password, &address, (&token, csrf), now)
        .await?;
    Ok(signed_in(&house, &login, token))
}

async fn set_up(
    house: web::Data<House>,
    request: HttpRequest,
    body: web::Json<SetUp>,
) -> Result<HttpResponse, WebError> {
    same_origin(&request)?;
    let body = body.into_inner();
    let now = house.engine.now();
    let new = NewAccount {
        name: body.name,
        email: body.email,
        role: Role::Admin,
        teams: Vec::new(),
        lang: body.lang.unwrap_or_else(Lang::es),
        work: Work::default(),
    };
    let id = AgentId::from(fresh::uuid(now));
    let account = house
        .people
        .use_link(&body.token, id, new, &body.password, now)
        .await?;
    house.logins.look_again();
    let (token, csrf) = (fresh::token(), fresh::token());
    let login = house.logins.open(account, &token, csrf, now).await?;
    Ok(signed_in(&house, &login, token))
}

/// The address from which somebody signs in, as far as the proxies in front of us are trusted.
fn from(house: &House, request: &HttpRequest) -> String {
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok());
    let address = request
        .peer_addr()
        .map(|peer| client_address(peer.ip(), forwarded, &house.config.trusted_proxies));
    address
        .map(|address| address.to_string())
        .unwrap_or_default()
}

fn signed_in(house: &House, login: &Login, token: String) -> HttpResponse {
    let cookie = Cookie::build(COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(
            house
                .config
                .public_url
                .as_deref()
                .is_some_and(|url| url.starts_with("https://")),
        )
        .max_age(Duration::hours(12))
        .finish();
    HttpResponse::Ok()
        .cookie(cookie)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"me": login.account.person(), "csrf": login.csrf}))
}

async fn me(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    let login = login(&house, &request).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({"me": login.account.person(), "csrf": login.csrf})))
}

async fn sign_out(house: web::Data<House>, request: HttpRequest) -> Result<HttpResponse, WebError> {
    changing(&house, &request).await?;
    if let Some(cookie) = request.cookie(COOKIE) {
        house.logins.sign_out(cookie.value()).await?;
    }
    let mut gone = Cookie::build(COOKIE, "")
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish();
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// Who asks.
pub(super) async fn login(house: &House, request: &HttpRequest) -> Result<Login, WebError> {
    let token = request.cookie(COOKIE).ok_or(WebError::Unauthorized)?;
    house
        .logins
        .find(token.value(), house.engine.now())
        .await?
        .ok_or(WebError::Unauthorized)
}

/// Refuses whoever has a lesser role.
pub(super) fn of_rank(login: &Login, least: Role) -> Result<(), WebError> {
    let rank = |role| match role {
        Role::Agent => 0,
        Role::Lead => 1,
        Role::Admin => 2,
    };
    if rank(login.account.role) >= rank(least) {
        Ok(())
    } else {
        Err(WebError::Forbidden("this role may not"))
    }
}

/// Who asks, for a request that changes something: the CSRF secret and the origin must be right.
pub(super) async fn changing(house: &House, request: &HttpRequest) -> Result<Login, WebError> {
    same_origin(request)?;
    let login = login(house, request).await?;
    let given = request
        .headers()
        .get("X-CSRF-Token")
        .map(header::HeaderValue::as_bytes)
        .unwrap_or_default();
    if bool::from(given.ct_eq(login.csrf.as_bytes())) {
        Ok(login)
    } else {
        Err(WebError::Forbidden(
            "the request does not come from the console",
        ))
    }
}

/// A browser tells where a request comes from; another site's page is refused.
fn same_origin(request: &HttpRequest) -> Result<(), WebError> {
    let text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => Ok(()),
        (Some(origin), Some(host)) if is_of_host(origin, host) => Ok(()),
        (Some(_), _) => Err(WebError::Forbidden("the request comes from another site")),
    }
}

/// Whether an origin is that of a host as the `Host` header names it.
pub(super) fn is_of_host(origin: &str, host: &str) -> bool {
    origin
        .split_once("://")
        .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
}

/// The cookie's value in a raw `Cookie` header, for the websocket, where no extractor runs.
pub(super) fn token_in(header: &str) -> Option<String> {
    let cookies = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    cookies
        .into_iter()
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}
