//! The web: one port for HTTP and websockets. Routes, sign-in, assets, health, metrics; errors become statuses in one function.

mod addresses;
mod admin;
mod assets;
mod authoring;
mod canned;
mod errands;
mod error;
mod events;
mod file_words;
mod files;
mod health;
mod history;
mod improvements;
mod insights;
mod invites;
mod links;
mod mail_asks;
mod media;
mod names;
mod notices;
mod novelties;
mod rest;
mod session;
mod teaching;
mod transcript;
mod upgrade;

pub use addresses::Addresses;
pub use assets::is_built;
pub use mail_asks::MailAsks;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use actix_http::HttpService;
use actix_service::{ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::middleware::{Compress, DefaultHeaders};
use actix_web::{App, web};
use tokio::sync::watch;

use crate::accounts::{Keys, Logins, People, VisitorLinks, VisitorTokens};
use crate::config::{Config, SiteConfig};
use crate::engine::Engine;
use crate::files::{FileAddresses, FileKind, Rate, Shelf};
use crate::ids::SiteId;
use crate::inbox::Inbox;
use crate::insights::figures::Figures;
use crate::insights::{History, Opinions};
use crate::mail::Outbox;
use crate::ports::CommitNumber;
use crate::topics::{Catalog, Problem};
use crate::workbench::Workbench;

/// What every route may use.
pub struct House {
    /// The engine.
    pub engine: Engine,
    /// Accounts.
    pub people: People,
    /// Signed-in consoles.
    pub logins: Arc<Logins>,
    /// Visitors' tokens.
    pub tokens: VisitorTokens,
    /// Links by which visitors come back from a mail.
    pub links: VisitorLinks,
    /// Outgoing mail, where it is configured.
    pub outbox: Option<Outbox>,
    /// Configuration.
    pub config: Config,
    /// Keys of programs.
    pub keys: Keys,
    /// Files that were sent.
    pub shelf: Shelf,
    /// Signs the addresses of files.
    pub file_addresses: FileAddresses,
    /// Uploads by address.
    pub uploads: Rate<IpAddr>,
    /// What pages tell of proactive messages, by address.
    pub invites: Rate<IpAddr>,
    /// Mails that visitors asked for.
    pub mail_asks: Arc<MailAsks>,
    /// Answers to feedback questions.
    pub opinions: Arc<parking_lot::RwLock<Opinions>>,
    /// Every session, to be found again.
    pub history: Arc<parking_lot::RwLock<History>>,
    /// The company's numbers.
    pub figures: Arc<parking_lot::RwLock<Figures>>,
    /// What the assistant missed.
    pub inbox: Inbox,
    /// Up to which append opinions, history and figures are folded.
    pub folded: watch::Receiver<CommitNumber>,
    /// What is wrong with the topic files on disk now.
    pub problems: Arc<parking_lot::RwLock<Vec<Problem>>>,
    /// Drafts of topic files.
    pub workbench: Workbench,
    /// Turns true when the server goes down.
    pub stopping: watch::Receiver<bool>,
    /// Open websockets.
    pub sockets: Arc<AtomicUsize>,
    /// Visitors' open websockets by address.
    pub addresses: Arc<Addresses>,
}

/// The company's main site: the first of the configuration, else of the catalogue.
pub fn main_site(config: &Config, catalog: &Catalog) -> Option<SiteId> {
    let declared = config.sites.first().map(|site| site.id.clone());
    declared.or_else(|| catalog.assistant.main_site().cloned())
}

impl House {
    /// The site of a request, where it is one of ours: declared in the configuration, else of the catalogue; `demo` is the first of them.
    pub(crate) fn site(&self, id: Option<&str>) -> Option<SiteId> {
        let live = self.engine.live();
        match id {
            None | Some("demo" | "") => {
                main_site(&self.config, &live.catalog).or_else(|| "demo".parse().ok())
            }
            Some(id) if self.config.sites.is_empty() => live
                .catalog
                .assistant
                .sites
                .keys()
                .find(|site| site.as_str() == id)
                .cloned(),
            Some(id) => self
                .config
                .sites
                .iter()
                .map(|site| &site.id)
                .find(|site| site.as_str() == id)
                .cloned(),
        }
    }

    /// Whether files may be sent in the conversations of a site.
    pub(crate) fn takes_files(&self, site: &SiteId) -> bool {
        let declared = self.declared(site);
        self.config.files.on && declared.is_none_or(|site| site.files)
    }

    /// Kinds of file that are taken on a site.
    fn file_kinds(&self, site: &SiteId) -> &[FileKind] {
        self.declared(site)
            .and_then(|site| site.file_kinds.as_deref())
            .unwrap_or(&self.config.files.kinds)
    }

    fn declared(&self, site: &SiteId) -> Option<&SiteConfig> {
        self.config
            .sites
            .iter()
            .find(|declared| declared.id == *site)
    }

    /// Whether a page of this origin may embed the widget of a site. Without configuration only pages of this machine may.
    ///
    /// Our own pages always may: the chat that stands alone, to which mails lead back.
    pub(crate) fn origin_allowed(&self, site: &SiteId, origin: &str) -> bool {
        if self.config.public_url.is_some() && is_origin_of(&self.config.base_url(), origin) {
            return true;
        }
        match self.declared(site) {
            Some(declared) => declared
                .origins
                .iter()
                .any(|allowed| allowed.trim_end_matches('/') == origin),
            None => is_loopback_origin(origin),
        }
    }
}

/// Whether a request was made on this machine: a loopback peer that is no proxy's. Behind a proxy everybody is a loopback peer.
fn is_from_this_machine(house: &House, request: &actix_web::HttpRequest) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    house.config.public_url.is_none()
        && request
            .peer_addr()
            .is_some_and(|peer| peer.ip().is_loopback())
        && !forwarded
            .iter()
            .any(|name| request.headers().contains_key(*name))
}

/// Whether an origin is that of an address, which may have a path.
fn is_origin_of(address: &str, origin: &str) -> bool {
    address
        .strip_prefix(origin)
        .is_some_and(|path| path.is_empty() || path.starts_with('/'))
}

/// `http://localhost`, `http://127.0.0.1`, `http://[::1]`, with any port.
fn is_loopback_origin(origin: &str) -> bool {
    let Some(rest) = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
    else {
        return false;
    };
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => rest,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Builds the server on a listener that is open already. It runs when awaited and stops with its handle.
///
/// # Errors
/// When the listener cannot be used.
pub fn server(house: &Arc<House>, listener: TcpListener) -> std::io::Result<actix_server::Server> {
    let house = Arc::clone(house);
    let address = listener
        .local_addr()
        .unwrap_or_else(|_unbound| SocketAddr::from(([127, 0, 0, 1], 0)));
    actix_server::Server::build()
        .workers(house.config.workers)
        .disable_signals()
        .shutdown_timeout(5)
        .listen("http", listener, move || {
            let upgrading = Arc::clone(&house);
            let routes = Arc::clone(&house);
            let app = App::new()
                .app_data(web::Data::from(routes))
                .app_data(
                    web::JsonConfig::default()
                        .limit(64 * 1024)
                        .error_handler(error::bad_json),
                )
                .wrap(Compress::default())
                .wrap(
                    DefaultHeaders::new()
                        .add(("X-Content-Type-Options", "nosniff"))
                        .add(("Referrer-Policy", "no-referrer")),
                )
                .configure(health::routes)
                .configure(session::routes)
                .configure(admin::routes)
                .configure(history::routes)
                .configure(insights::routes)
                .configure(invites::routes)
                .configure(names::routes)
                .configure(authoring::routes)
                .configure(teaching::routes)
                .configure(canned::routes)
                .configure(notices::routes)
                .configure(improvements::routes)
                .configure(errands::routes)
                .configure(novelties::routes)
                .configure(rest::routes)
                .configure(files::routes)
                .configure(media::routes)
                .configure(events::routes)
                .configure(links::routes)
                .configure(assets::routes);
            HttpService::build()
                .keep_alive(actix_http::KeepAlive::Timeout(
                    std::time::Duration::from_secs(30),
                ))
                .client_request_timeout(std::time::Duration::from_secs(10))
                .local_addr(address)
                .upgrade(fn_service(move |(request, framed)| {
                    let house = Arc::clone(&upgrading);
                    async move {
                        upgrade::serve(house, request, framed).await;
                        Ok::<_, actix_web::Error>(())
                    }
                }))
                .finish(map_config(app, |()| AppConfig::default()).map_init_err(|()| ()))
                .tcp()
        })
        .map(actix_server::ServerBuilder::run)
}

#[cfg(test)]
mod tests {
    use super::{is_loopback_origin, is_origin_of};

    #[test]
    fn our_own_pages_have_our_origin() {
        for address in ["https://chat.example.com", "https://chat.example.com/help"] {
            assert!(
                is_origin_of(address, "https://chat.example.com"),
                "{address}"
            );
            for strange in [
                "https://chat.example.co",
                "https://chat.example.com.evil.example",
                "null",
                "http://chat.example.com",
            ] {
                assert!(!is_origin_of(address, strange), "{address} {strange}");
            }
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for yes in [
            "http://localhost:8080",
            "http://127.0.0.1",
            "https://[::1]:3000",
            "http://[::1]",
        ] {
            assert!(is_loopback_origin(yes), "{yes}");
        }
        for no in [
            "http://localhost.evil.example",
            "http://127.0.0.1.nip.io",
            "null",
            "http://evil.example:8080",
            "localhost",
        ] {
            assert!(!is_loopback_origin(no), "{no}");
        }
    }
}
