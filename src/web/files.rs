//! Files over HTTP: sent in with a raw body, fetched under a signed address that is good for ten minutes.
//!
//! The widget stands on the shop's pages, so its routes answer to the origins of its site (CORS). A file is served in a way in which nothing in it
//! can act in our name, whatever it is: as a download, sandboxed, its type not guessed.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use actix_web::http::header::{
    self, ContentDisposition, DispositionParam, DispositionType, HeaderName, HeaderValue,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use super::House;
use super::addresses::client_address;
use super::error::WebError;
use super::file_words::why_not;
use super::history::may_see;
use super::session::{changing, is_of_host, login};
use crate::accounts::VisitorPass;
use crate::channel::upload::visitor_door;
use crate::conversation::{Attached, Refusal};
use crate::engine::{AgentDoor, EngineError, fresh};
use crate::files::{Draft, FileKind, Signed};
use crate::ids::{ClientId, ConversationId, FileId, Lang, Seq, SiteId, Style, Timestamp};

/// An upload that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(120);
/// Longest name of a file, in characters.
const NAME_MAX: usize = 120;
/// Bytes that are read and thrown away behind a refused upload: most browsers hear an answer only when they have sent all.
const DRAINED: usize = 64 * 1024 * 1024;
/// Bytes of a file that are sent at a time.
const PIECE: usize = 64 * 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/v1/visitor/files")
                .route(web::post().to(visitor_sends))
                .route(web::method(Method::OPTIONS).to(preflight)),
        )
        .service(
            web::resource("/v1/visitor/files/{id}")
                .route(web::get().to(visitor_asks))
                .route(web::post().to(visitor_asks))
                .route(web::method(Method::OPTIONS).to(preflight)),
        )
        .route("/v1/agent/files", web::post().to(agent_sends))
        .route("/v1/agent/files/{id}", web::get().to(agent_asks))
        .route("/v1/files/{id}", web::get().to(fetch));
}

#[derive(Deserialize)]
struct VisitorQuery {
    site: Option<String>,
    lang: Option<Lang>,
    style: Option<Style>,
}

#[derive(Deserialize)]
struct AgentQuery {
    conversation: ConversationId,
}

/// What a browser asks before a page of another origin may do this.
async fn preflight(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<VisitorQuery>,
) -> HttpResponse {
    let mut response = match visited(&house, &request, &query) {
        Ok(_) => HttpResponse::NoContent().finish(),
        Err(error) => error.error_response(),
    };
    let headers = response.headers_mut();
    let allow = |name| HeaderValue::from_static(name);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        allow("GET, POST, OPTIONS"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        allow("authorization, content-type, x-client-id, x-file-name"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, allow("600"));
    shared(&house, &request, &query, response)
}

/// Sends in a visitor's file.
async fn visitor_sends(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<VisitorQuery>,
    body: web::Payload,
) -> HttpResponse {
    let done = take_from_visitor(&house, &request, &query, body).await;
    let response = told(&house, &request, &query, done).await;
    shared(&house, &request, &query, response)
}

/// What became of it; why not, in the language of the conversation.
async fn told(
    house: &House,
    request: &HttpRequest,
    query: &VisitorQuery,
    done: Result<HttpResponse, WebError>,
) -> HttpResponse {
    let error = match done {
        Ok(response) => return response,
        Err(error) => error,
    };
    let mut lang = query.lang.clone();
    if let Ok((site, pass)) = visitor(house, request, query) {
        let door = visitor_door(&house.engine, &site, pass, lang.clone(), None).await;
        if let Ok(door) = door {
            lang = door.manner().await.ok().map(|(lang, ..)| lang).or(lang);
        }
    }
    let words = lang.map(|lang| why_not(error.code(), &lang, house.config.files.max_bytes));
    error.told(words)
}

async fn take_from_visitor(
    house: &House,
    request: &HttpRequest,
    query: &VisitorQuery,
    body: web::Payload,
) -> Result<HttpResponse, WebError> {
    let (site, pass) = visitor(house, request, query)?;
    let act = act(request)?;
    open_to_files(house, &site)?;
    admitted(house, request)?;
    let at_door = || visitor_door(&house.engine, &site, pass, query.lang.clone(), query.style);
    at_door().await?.may_send().await.map_err(refused)?;
    let draft = receive(house, body).await?;
    // They may have been led on meanwhile; what was sent before is kept where it was sent.
    let door = at_door().await?;
    let done = door.did_before(&act).await?;
    let conversation = done.map_or(door.id(), |(before, _)| before);
    let (file, name) = keep(house, request, draft, (&site, conversation), &act).await?;
    let sent = match done {
        Some((_, seq)) => Ok(seq),
        None => door.send_file(act, file.clone(), &name).await,
    };
    settled(house, file, sent).await
}

/// Sends in an agent's file.
async fn agent_sends(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<AgentQuery>,
    body: web::Payload,
) -> Result<HttpResponse, WebError> {
    let login = changing(&house, &request).await?;
    let act = act(&request)?;
    let conversation = query.conversation;
    let door = AgentDoor::new(house.engine.clone(), login.account.person());
    door.may_send(conversation).await.map_err(refused)?;
    let site = door.card(conversation).await?.site;
    open_to_files(&house, &site)?;
    let draft = receive(&house, body).await?;
    let (file, name) = keep(&house, &request, draft, (&site, conversation), &act).await?;
    let sent = door.send_file(conversation, act, file.clone(), &name).await;
    settled(&house, file, sent).await
}

/// Gives a visitor an address of a file of their conversation.
async fn visitor_asks(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<VisitorQuery>,
    id: web::Path<FileId>,
) -> HttpResponse {
    let found = async {
        let (_, pass) = visitor(&house, &request, &query)?;
        let way = house.engine.led(pass.conversation, pass.follows).await?;
        let kept = house.shelf.find(*id).await?.ok_or(WebError::NotFound)?;
        let floor = way.floor_of(kept.conversation);
        stands_from(&house, kept.conversation, *id, floor).await?;
        Ok::<_, WebError>(addressed(&house, *id))
    };
    let response = told(&house, &request, &query, found.await).await;
    shared(&house, &request, &query, response)
}

/// Gives whoever is signed in an address of a file: whoever sees conversations sees their files.
async fn agent_asks(
    house: web::Data<House>,
    request: HttpRequest,
    id: web::Path<FileId>,
) -> Result<HttpResponse, WebError> {
    let login = login(&house, &request).await?;
    let kept = house.shelf.find(*id).await?.ok_or(WebError::NotFound)?;
    let floor = may_see(&house, &login.account, kept.conversation).await?;
    stands_from(&house, kept.conversation, *id, floor).await?;
    Ok(addressed(&house, *id))
}

/// Whether a file was sent in what somebody may see of a conversation: from an event on, or nothing.
async fn stands_from(
    house: &House,
    conversation: ConversationId,
    file: FileId,
    floor: Option<Seq>,
) -> Result<(), WebError> {
    let floor = floor.ok_or(WebError::NotFound)?;
    if floor == Seq::ZERO {
        return Ok(());
    }
    let sent = house.engine.file_sent_at(conversation, file).await?;
    let sent = sent.filter(|sent| *sent >= floor);
    sent.map(drop).ok_or(WebError::NotFound)
}

fn addressed(house: &House, id: FileId) -> HttpResponse {
    let Signed { expires, signature } = house.file_addresses.sign(id, house.engine.now());
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({
            "url": format!("/v1/files/{id}?e={}&s={signature}", expires.0),
            "expires": expires,
        }))
}

#[derive(Deserialize)]
struct Address {
    e: Timestamp,
    s: String,
}

/// The file itself, for whoever has a good address.
async fn fetch(
    house: web::Data<House>,
    id: web::Path<FileId>,
    address: web::Query<Address>,
) -> Result<HttpResponse, WebError> {
    let Address { e, s } = address.into_inner();
    let signed = Signed {
        expires: e,
        signature: s,
    };
    if !house.file_addresses.holds(*id, &signed, house.engine.now()) {
        return Err(WebError::Forbidden("this address is not good (any more)"));
    }
    let kept = house.shelf.find(*id).await?.ok_or(WebError::NotFound)?;
    let name = house.shelf.name(&kept).await?.ok_or(WebError::NotFound)?;
    let file = house.shelf.open_file(*id).await.map_err(|why| {
        tracing::error!(file = %*id, %why, "a file that the log tells of cannot be read");
        WebError::NotFound
    })?;
    let pieces = futures_util::stream::unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(web::Bytes::from(piece)), file))
            }
            Err(why) => Some((Err(why), file)),
        }
    });
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(header::ExtendedValue {
            charset: header::Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: name.into_bytes(),
        })],
    };
    Ok(HttpResponse::Ok()
        .content_type(kept.media)
        .insert_header(disposition)
        // A picture does not get smaller, and what is not compressed can tell its length.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // The widget shows it on the shop's page; the address is what opens it.
        .insert_header((
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ))
        .no_chunking(kept.bytes)
        .streaming(pieces))
}

/// Which site, and whether the page may speak to it.
fn visited(house: &House, request: &HttpRequest, query: &VisitorQuery) -> Result<SiteId, WebError> {
    visited_site(house, request, query.site.as_deref())
}

/// The same by the site's name.
pub(super) fn visited_site(
    house: &House,
    request: &HttpRequest,
    site: Option<&str>,
) -> Result<SiteId, WebError> {
    let site = house.site(site).ok_or(WebError::NotFound)?;
    match text(request, &header::ORIGIN) {
        Some(origin) if !allowed(house, request, &site, origin) => Err(WebError::Forbidden(
            "this origin is not among those of the site (configuration: [[site]] origins)",
        )),
        Some(_) | None => Ok(site),
    }
}

fn allowed(house: &House, request: &HttpRequest, site: &SiteId, origin: &str) -> bool {
    let host = text(request, &header::HOST).unwrap_or_default();
    is_of_host(origin, host) || house.origin_allowed(site, origin)
}

/// Which site, and which conversation the token opens.
fn visitor(
    house: &House,
    request: &HttpRequest,
    query: &VisitorQuery,
) -> Result<(SiteId, VisitorPass), WebError> {
    let site = visited(house, request, query)?;
    let token = text(request, &header::AUTHORIZATION)
        .map(|value| value.strip_prefix("Bearer ").unwrap_or(value))
        .ok_or(WebError::Unauthorized)?;
    let pass = house
        .tokens
        .open(token, site.as_str())
        .ok_or(WebError::Unauthorized)?;
    Ok((site, pass))
}

/// The response, readable for the pages of the site.
fn shared(
    house: &House,
    request: &HttpRequest,
    query: &VisitorQuery,
    response: HttpResponse,
) -> HttpResponse {
    shared_with(house, request, query.site.as_deref(), response)
}

/// The same by the site's name.
pub(super) fn shared_with(
    house: &House,
    request: &HttpRequest,
    site: Option<&str>,
    mut response: HttpResponse,
) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    let site = house.site(site);
    if let (Some(origin), Some(site)) = (request.headers().get(header::ORIGIN), site)
        && origin
            .to_str()
            .is_ok_and(|origin| allowed(house, request, &site, origin))
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response
}

fn open_to_files(house: &House, site: &SiteId) -> Result<(), WebError> {
    if house.takes_files(site) {
        Ok(())
    } else {
        Err(WebError::Coded(
            StatusCode::FORBIDDEN,
            "files_off",
            "no files are taken on this site".to_owned(),
        ))
    }
}

fn admitted(house: &House, request: &HttpRequest) -> Result<(), WebError> {
    if house
        .uploads
        .admits(address(house, request), house.engine.now())
    {
        Ok(())
    } else {
        Err(WebError::Coded(
            StatusCode::TOO_MANY_REQUESTS,
            "slow_down",
            "too many files from this address, wait a few minutes".to_owned(),
        ))
    }
}

/// Where it comes from: the peer, or what a trusted proxy says of it.
pub(super) fn address(house: &House, request: &HttpRequest) -> IpAddr {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let forwarded = text(request, &X_FORWARDED_FOR);
    client_address(peer, forwarded, &house.config.trusted_proxies)
}

/// Takes the bytes in, bounded.
async fn receive(house: &House, mut body: web::Payload) -> Result<Draft, WebError> {
    let mut draft = house.shelf.draft(house.config.files.max_bytes).await?;
    let reading = async {
        let (mut refused, mut over) = (None, 0);
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|why| WebError::Bad(why.to_string()))?;
            if refused.is_none() {
                refused = draft.write(&piece).await.err();
            } else {
                over += piece.len();
            }
            if over > DRAINED {
                break;
            }
        }
        refused.map_or(Ok(draft), |why| Err(WebError::from(why)))
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .map_err(|_slow| WebError::Bad("the upload took too long".to_owned()))?
}

/// Keeps the bytes of a file, under the name that came with them.
async fn keep(
    house: &House,
    request: &HttpRequest,
    draft: Draft,
    (site, conversation): (&SiteId, ConversationId),
    act: &ClientId,
) -> Result<(Attached, String), WebError> {
    let (now, kinds) = (house.engine.now(), house.file_kinds(site));
    let file = house
        .shelf
        .keep(draft, kinds, conversation, act, now)
        .await?;
    let kind = FileKind::ALL
        .into_iter()
        .find(|kind| kind.media() == file.media);
    let ending = kind.map(FileKind::ending).unwrap_or_default();
    let name = name(text(request, &X_FILE_NAME).unwrap_or_default(), ending);
    Ok((file, name))
}

/// The event is stored, or the bytes go.
async fn settled(
    house: &House,
    file: Attached,
    sent: Result<Seq, EngineError>,
) -> Result<HttpResponse, WebError> {
    match sent {
        Ok(seq) => {
            house.shelf.sent(file.id, seq).await?;
            Ok(HttpResponse::Ok()
                .json(serde_json::json!({"seq": seq, "file": {"id": file.id, "media": file.media, "bytes": file.bytes}})))
        }
        Err(error @ EngineError::Refused(_)) => {
            house.shelf.discard(file.id).await?;
            Err(refused(error))
        }
        // The event may be stored or not: the sweep finds out.
        Err(other) => Err(other.into()),
    }
}

fn refused(error: EngineError) -> WebError {
    let EngineError::Refused(refusal) = error else {
        return error.into();
    };
    let (status, code) = match refusal {
        Refusal::Blocked => (StatusCode::FORBIDDEN, "blocked"),
        Refusal::TooManyFiles => (StatusCode::CONFLICT, "too_many_files"),
        Refusal::TooMuch => (StatusCode::TOO_MANY_REQUESTS, "slow_down"),
        Refusal::NotOwner => (StatusCode::CONFLICT, "not_owner"),
        Refusal::IdReused => (StatusCode::CONFLICT, "id_reused"),
        other => return EngineError::Refused(other).into(),
    };
    WebError::Coded(status, code, refusal.to_string())
}

const X_FILE_NAME: HeaderName = HeaderName::from_static("x-file-name");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_CLIENT_ID: HeaderName = HeaderName::from_static("x-client-id");

fn text<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn act(request: &HttpRequest) -> Result<ClientId, WebError> {
    // A client that does not repeat an upload needs no id of its own for it.
    let Some(id) = text(request, &X_CLIENT_ID) else {
        return Ok(fresh::token().parse().expect("64 ASCII characters at most"));
    };
    id.parse().map_err(|_| {
        WebError::Bad("`x-client-id` must have 1 to 64 printable ASCII characters".to_owned())
    })
}

/// A percent-encoded name as it may be shown and saved: no folders, nothing that cannot be seen, the ending of its kind.
fn name(encoded: &str, ending: &str) -> String {
    // A plus sign is one here, a space only in forms.
    let pair = format!("name={}", encoded.replace('+', "%2B").replace('&', "%26"));
    let decoded = web::Query::<Vec<(String, String)>>::from_query(&pair)
        .ok()
        .and_then(|pairs| Some(pairs.into_inner().into_iter().next()?.1))
        .unwrap_or_default();
    let own = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = own
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .take(NAME_MAX)
        .collect();
    let seen = seen.trim().trim_start_matches('.');
    let has = |end: &str| {
        seen.rsplit_once('.')
            .is_some_and(|(_, found)| found.eq_ignore_ascii_case(end))
    };
    if seen.is_empty() {
        format!("file.{ending}")
    } else if has(ending) || (ending == "jpg" && has("jpeg")) {
        seen.to_owned()
    } else {
        format!("{seen}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_what_it_seems() {
        for (encoded, ending, wanted) in [
            ("foto%20del%20ba%C3%B1o.JPG", "jpg", "foto del baño.JPG"),
            ("a+b&c.jpeg", "jpg", "a+b&c.jpeg"),
            ("..%2F..%2Fetc%2Fpasswd", "pdf", "passwd.pdf"),
            ("C%3A%5Cx%5Cfactura.pdf", "pdf", "factura.pdf"),
            ("factura.exe", "pdf", "factura.exe.pdf"),
            ("%E2%80%AEfdp.exe", "png", "fdp.exe.png"),
            ("", "gif", "file.gif"),
            (".%00", "webp", "file.webp"),
        ] {
            assert_eq!(name(encoded, ending), wanted, "{encoded}");
        }
    }
}
