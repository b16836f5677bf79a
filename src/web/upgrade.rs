//! Websockets on the HTTP port. actix-http hands over the raw stream, tokio-tungstenite speaks on it; no middleware runs here, so the checks of
//! origin, site, sign-in and number of connections stand here.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_codec::Framed;
use actix_http::{HttpMessage, Request, h1};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::House;
use super::addresses::client_address;
use super::history::reads;
use super::session::{is_of_host, token_in};
use crate::channel::{Socket, agent_socket, visitor_socket};
use crate::engine::AgentDoor;
use crate::insights::Reads;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Counts a socket as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why there will be no websocket: status line and sentence.
type Refused = (&'static str, &'static str);

/// Who speaks on the socket.
enum Guest {
    Visitor(visitor_socket::Place),
    Agent(Box<agent_socket::Place>),
}

/// Serves one upgraded connection to its end.
pub(super) async fn serve(
    house: Arc<House>,
    request: Request,
    framed: Framed<TcpStream, h1::Codec>,
) {
    let parts = framed.into_parts();
    // The codec's buffers are some 16 KiB; the socket keeps only what was read behind the request.
    let (mut io, read) = (parts.io, parts.read_buf.to_vec());
    drop((parts.codec, parts.write_buf));
    let peer = io.peer_addr().ok().map(|peer| peer.ip());
    let forwarded = text(request.headers(), &X_FORWARDED_FOR);
    let trusted = &house.config.trusted_proxies;
    let address = peer.map(|peer| client_address(peer, forwarded, trusted));
    let checked = match admit(&house, &request, address).await {
        Ok(guest) => accept_key(request.headers()).map(|key| (key, guest)),
        Err(refused) => Err(refused),
    };
    drop(request);
    let (key, guest) = match checked {
        Ok(admitted) => admitted,
        Err((status, why)) => {
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{why}\n",
                why.len() + 1
            );
            // A client that is gone needs no refusal.
            let _: std::io::Result<()> = io.write_all(answer.as_bytes()).await;
            let _: std::io::Result<()> = io.shutdown().await;
            return;
        }
    };
    let open = house.sockets.fetch_add(1, Ordering::Relaxed);
    let _counted = Counted(Arc::clone(&house.sockets));
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
    );
    // Small frames must not wait for one another (Nagle).
    if io.set_nodelay(true).is_err() || io.write_all(answer.as_bytes()).await.is_err() {
        return;
    }
    let max = house.config.max_sockets;
    let (addresses, most) = (
        Arc::clone(&house.addresses),
        house.config.max_sockets_per_address,
    );
    drop(house);
    let socket = Socket::serve(io, read).await;
    let entered = match (&guest, address) {
        (Guest::Visitor(_), Some(address)) => addresses.enter(address, most).map(Some),
        (Guest::Visitor(_), None) | (Guest::Agent(_), _) => Some(None),
    };
    if open >= max || entered.is_none() {
        socket.close(crate::protocol::CloseCode::TooMany).await;
        return;
    }
    match guest {
        Guest::Visitor(place) => visitor_socket::serve(socket, place).await,
        Guest::Agent(place) => agent_socket::serve(socket, *place).await,
    }
}

/// `address`: of the client, where it is known.
async fn admit(
    house: &House,
    request: &Request,
    address: Option<IpAddr>,
) -> Result<Guest, Refused> {
    if request.method() != Method::GET {
        return Err(("405 Method Not Allowed", "a websocket begins with GET"));
    }
    let origin = text(request.headers(), &header::ORIGIN);
    match request.path() {
        "/v1/visitor/ws" => {
            let asked = query(request.uri().query().unwrap_or_default(), "site");
            let site = house
                .site(asked.as_deref())
                .ok_or(("404 Not Found", "no such site"))?;
            if origin.is_some_and(|origin| !house.origin_allowed(&site, origin)) {
                return Err((
                    "403 Forbidden",
                    "this origin is not among those of the site (configuration: [[site]] origins)",
                ));
            }
            Ok(Guest::Visitor(visitor_socket::Place {
                engine: house.engine.clone(),
                tokens: house.tokens.clone(),
                files: house.takes_files(&site),
                links: house.links.clone(),
                site,
                may_ask_mail: house.mail_asks.by(address, house.engine.clone()),
                stopping: house.stopping.clone(),
            }))
        }
        "/v1/agent/ws" => {
            let host = text(request.headers(), &header::HOST).unwrap_or_default();
            if origin.is_some_and(|origin| !is_of_host(origin, host)) {
                return Err((
                    "403 Forbidden",
                    "the console speaks from its own origin only",
                ));
            }
            let unauthorized = ("401 Unauthorized", "sign in first");
            let token = text(request.headers(), &header::COOKIE)
                .and_then(token_in)
                .ok_or(unauthorized)?;
            let login = house.logins.find(&token, house.engine.now()).await;
            let login = login
                .map_err(|_unread| ("503 Service Unavailable", "try again"))?
                .ok_or(unauthorized)?;
            let (history, reads) = (Arc::clone(&house.history), reads(&login.account));
            Ok(Guest::Agent(Box::new(agent_socket::Place {
                may_read: Box::new(move |id| {
                    reads == Reads::All || history.read().may_read(id, &reads)
                }),
                door: AgentDoor::new(house.engine.clone(), login.account.person()),
                status: login.account.status,
                people: house.people.clone(),
                logins: Arc::clone(&house.logins),
                token,
                stopping: house.stopping.clone(),
            })))
        }
        _ => Err(("404 Not Found", "no websocket here")),
    }
}

/// RFC 6455 §4.2.1: version 13, a key, and the word `websocket`.
fn accept_key(headers: &HeaderMap) -> Result<String, Refused> {
    let bad = ("400 Bad Request", "not a websocket handshake of RFC 6455");
    if !text(headers, &header::UPGRADE)
        .is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
    {
        return Err(bad);
    }
    if text(headers, &header::SEC_WEBSOCKET_VERSION) != Some("13") {
        return Err((
            "426 Upgrade Required",
            "websocket version 13 is spoken here",
        ));
    }
    let key = text(headers, &header::SEC_WEBSOCKET_KEY).ok_or(bad)?;
    Ok(derive_accept_key(key.as_bytes()))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn query(text: &str, wanted: &str) -> Option<String> {
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(text).ok()?;
    pairs
        .into_inner()
        .into_iter()
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value)
}
