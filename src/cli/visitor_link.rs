//! A visitor's connection for the commands that talk as visitors do: the real websocket, the real frames.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Uri};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::ids::{ClientId, SiteId};
use crate::protocol::visitor::{ToClient, ToServer};

/// Address of a server: `ws://127.0.0.1:8080`, `http://…` meaning the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerUrl {
    /// Host and port as written.
    authority: String,
    host: String,
}

/// Why a text is no address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadUrl {
    /// Not `ws://host:port`.
    #[error("write it as ws://127.0.0.1:8080")]
    Malformed,
    /// TLS is the reverse proxy's business.
    #[error(
        "this client speaks without TLS: use ws:// on the server's own machine or through an SSH tunnel"
    )]
    Tls,
    /// Something after the port.
    #[error("only host and port, without a path: ws://127.0.0.1:8080")]
    Path,
}

impl ServerUrl {
    /// The same server's pages and files.
    pub(super) fn http(&self) -> String {
        format!("http://{}", self.authority)
    }
}

impl FromStr for ServerUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let uri: Uri = text
            .trim()
            .parse()
            .map_err(|_not_a_uri| BadUrl::Malformed)?;
        match uri.scheme_str() {
            Some("ws" | "http") => {}
            Some("wss" | "https") => return Err(BadUrl::Tls),
            _ => return Err(BadUrl::Malformed),
        }
        let (Some(authority), Some(host)) = (uri.authority(), uri.host()) else {
            return Err(BadUrl::Malformed);
        };
        if host.is_empty() || authority.as_str().contains('@') {
            return Err(BadUrl::Malformed);
        }
        if uri
            .path_and_query()
            .is_some_and(|rest| rest.as_str() != "/")
        {
            return Err(BadUrl::Path);
        }
        Ok(Self {
            authority: authority.as_str().to_owned(),
            host: host.trim_matches(['[', ']']).to_owned(),
        })
    }
}

impl ServerUrl {
    /// Whether it can only be this machine. A name other than `localhost` might lead anywhere.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    fn socket(&self, site: &SiteId) -> String {
        format!("ws://{}/v1/visitor/ws?site={site}", self.authority)
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ws://{}", self.authority)
    }
}

/// Why there is no connection, or none any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    /// The server cannot be reached or broke off; coming back may help.
    #[error("no connection: {0}")]
    Broken(String),
    /// The server answered the handshake with a refusal.
    #[error("the server refused the connection ({status}): {reason}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What the server said.
        reason: String,
    },
    /// The server closed the connection with a code of its table.
    #[error("the server closed the connection: {reason} ({code})")]
    Closed {
        /// 4000 to 4099: come back.
        code: u16,
        /// The code's name.
        reason: String,
    },
    /// It sent what is no frame of the protocol.
    #[error("the server sent a frame that is none: {0}")]
    Frame(serde_json::Error),
}

impl LinkError {
    /// Whether to come back with the same token.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Broken(_) => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::Closed { code, .. } => !(4100..4200).contains(code),
            Self::Frame(_) => false,
        }
    }
}

/// An open connection.
#[derive(Debug)]
pub(super) struct VisitorLink {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl VisitorLink {
    /// Connects and sends the first frame. Only browsers have an origin; a program that names one is held to the site's list as they are.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(super) async fn open(
        url: &ServerUrl,
        site: &SiteId,
        origin: Option<&HeaderValue>,
        hello: &ToServer,
    ) -> Result<Self, LinkError> {
        let mut request = url
            .socket(site)
            .into_client_request()
            .map_err(|why| LinkError::Broken(why.to_string()))?;
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.clone());
        }
        // Frames are small, and a load client has thousands of sockets: the default buffers are 128 KiB each.
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(0);
        let (socket, _) = tokio_tungstenite::connect_async_with_config(request, Some(config), true)
            .await
            .map_err(broken)?;
        let mut link = Self { socket };
        link.send(hello).await?;
        Ok(link)
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(super) async fn send(&mut self, frame: &ToServer) -> Result<(), LinkError> {
        let text = serde_json::to_string(frame).map_err(LinkError::Frame)?;
        self.socket.send(Message::text(text)).await.map_err(broken)
    }

    /// The next frame. Dropping the future loses nothing.
    ///
    /// # Errors
    /// When the connection ends.
    pub(super) async fn next(&mut self) -> Result<ToClient, LinkError> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text).map_err(LinkError::Frame);
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err(LinkError::Closed {
                        code: frame.code.into(),
                        reason: frame.reason.to_string(),
                    });
                }
                Some(Ok(_)) => {}
                Some(Err(why)) => return Err(broken(why)),
                None => return Err(LinkError::Broken("the server hung up".to_owned())),
            }
        }
    }

    /// Says goodbye to the socket; the conversation goes on without it.
    pub(super) async fn close(mut self) {
        // Whoever is leaving does not mind whether the other side heard it.
        let _gone = self.socket.close(None).await;
    }
}

fn broken(why: WsError) -> LinkError {
    match why {
        WsError::Http(answer) => {
            let reason = answer
                .body()
                .as_ref()
                .map(|body| String::from_utf8_lossy(body).trim().to_owned())
                .filter(|reason| !reason.is_empty());
            LinkError::Refused {
                status: answer.status().as_u16(),
                reason: reason.unwrap_or_else(|| "no reason given".to_owned()),
            }
        }
        why => LinkError::Broken(why.to_string()),
    }
}

/// A new id for an act.
pub(super) fn new_act() -> ClientId {
    uuid::Uuid::new_v4()
        .hyphenated()
        .to_string()
        .parse()
        .expect("a UUID is 36 printable characters")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        for good in [
            "ws://127.0.0.1:8080",
            "http://localhost:8080/",
            " ws://[::1]:80 ",
        ] {
            assert!(good.parse::<ServerUrl>().unwrap().is_loopback(), "{good}");
        }
        for (bad, why) in [
            ("", BadUrl::Malformed),
            ("127.0.0.1:8080", BadUrl::Malformed),
            ("ftp://127.0.0.1", BadUrl::Malformed),
            ("ws://ana@127.0.0.1", BadUrl::Malformed),
            ("wss://127.0.0.1", BadUrl::Tls),
            ("ws://127.0.0.1:8080/v1/visitor/ws", BadUrl::Path),
        ] {
            assert_eq!(bad.parse::<ServerUrl>(), Err(why), "{bad}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for elsewhere in [
            "ws://example.com",
            "ws://10.0.0.1:8080",
            "ws://localhost.example.com",
            "ws://127.0.0.1.example.com",
        ] {
            assert!(
                !elsewhere.parse::<ServerUrl>().unwrap().is_loopback(),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn the_range_of_a_close_code_tells_whether_to_come_back() {
        let closed = |code| LinkError::Closed {
            code,
            reason: String::new(),
        };
        assert!(closed(4000).is_passing());
        assert!(closed(1006).is_passing());
        assert!(!closed(4101).is_passing());
    }
}
