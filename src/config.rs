//! The configuration: one type, with defaults; from `ventanilla.toml`, then the environment, then flags. Unknown keys are refused with the
//! nearest known one.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::conversation::Limits;
use crate::engine::Hours;
use crate::files::FileKind;
use crate::ids::SiteId;
use crate::webhooks::{Fetcher, Kind, Receiver, Secret};

/// Everything that can be configured. `serve` needs none of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address that is listened on.
    pub host: IpAddr,
    /// Port that is listened on; 0 takes a free one.
    pub port: u16,
    /// Folder of the data; made when missing.
    pub data: PathBuf,
    /// Folder of the topic files.
    pub intents: PathBuf,
    /// Address under which people reach the server, for links: `https://chat.example.com`.
    pub public_url: Option<String>,
    /// Sites that may embed the widget; without any: those of the catalogue, from this machine only.
    #[serde(rename = "site")]
    pub sites: Vec<SiteConfig>,
    /// Receivers of webhooks.
    #[serde(rename = "webhook")]
    pub webhooks: Vec<WebhookConfig>,
    /// Clocks of a conversation, in milliseconds.
    pub limits: Limits,
    /// What the hours file decides: `enforce` or `promise_only`.
    pub hours: Hours,
    /// Token for `/metrics` from elsewhere: `Authorization: Bearer …`.
    pub metrics_token: Option<String>,
    /// Threads that serve HTTP and sockets.
    pub workers: usize,
    /// Most open websockets.
    pub max_sockets: usize,
    /// Most open websockets of visitors from one address. Programs of this machine are not counted.
    pub max_sockets_per_address: usize,
    /// Addresses of the proxies in front of the server: what they say in `X-Forwarded-For` is believed. Without them everybody behind a proxy
    /// has the proxy's address.
    pub trusted_proxies: Vec<IpAddr>,
    /// Files that visitors and agents send.
    pub files: FilesConfig,
    /// Where conversations are kept: `sled`, or `mem` for a trial that forgets everything.
    pub store: StoreKind,
    /// Outgoing mail; without it nothing is promised by mail.
    pub mail: Option<MailConfig>,
    /// How changes to topic files that are made in the console go live.
    pub authoring: AuthoringConfig,
    /// Notices.
    pub notices: NoticesConfig,
}

/// Notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticesConfig {
    /// Who asked about what a notice covers in so many hours before it was posted is told, too, when it is fixed; 0: nobody who asked before.
    pub hours_before: u32,
}

impl Default for NoticesConfig {
    fn default() -> Self {
        Self { hours_before: 6 }
    }
}

/// How changes to topic files that are made in the console go live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthoringConfig {
    /// Whether somebody else than the author must approve a draft before it is published.
    pub four_eyes: bool,
    /// Whether what is published is committed, with the name of whoever published it, to the git repository in which the folder stands.
    pub git: bool,
}

/// How mail goes out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Who writes: `Mareas <hola@mareas.example>`. Its domain is that of the mails' names.
    pub from: String,
    /// The server: `smtps://smtp.example.com` (TLS), `smtp://smtp.example.com` (STARTTLS, required); only one on this machine may do without.
    pub smtp: Option<String>,
    /// User at the server; the password comes from the environment alone, `VENTANILLA_MAIL_PASSWORD`.
    pub user: Option<String>,
    /// The password.
    #[serde(skip)]
    pub password: Option<Password>,
    /// Certificate of an authority of the company's own, PEM.
    pub ca: Option<PathBuf>,
    /// In place of a server: a folder into which each mail is written, for small installations that pick it up there and for trials.
    pub folder: Option<PathBuf>,
    /// Where answers to a mail are read; without it the mail says that nobody reads them.
    pub reply_to: Option<String>,
    /// Where reports of failure go (the envelope's sender), best an alias that feeds `ventanilla bounce`; else to `from`.
    pub bounces: Option<String>,
    /// Most mails to one address within an hour; more wait. 10 where nothing is said.
    pub per_hour: Option<u32>,
    /// Most mails that the visitors of one network address may ask for within an hour; more are refused. 20 where nothing is said.
    pub asks_per_client: Option<u32>,
    /// Most mails that all visitors together may ask for within an hour. 500 where nothing is said.
    pub asks_per_hour: Option<u32>,
}

impl MailConfig {
    /// Most mails to one address within an hour.
    pub fn per_hour(&self) -> u32 {
        self.per_hour.unwrap_or(10)
    }

    /// Most mails that one client, and that all clients may ask for within an hour.
    pub fn asks(&self) -> (u32, u32) {
        let (one, all) = (self.asks_per_client, self.asks_per_hour);
        (one.unwrap_or(20), all.unwrap_or(500))
    }
}

/// A password that does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password in.
    pub const fn new(password: String) -> Self {
        Self(password)
    }

    /// The password, to be told to nobody but the server that it is for.
    pub fn told(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// A site on which the widget is embedded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// Its name, as in `data-site`.
    pub id: SiteId,
    /// Origins of its pages: `https://shop.example`.
    pub origins: Vec<String>,
    /// Secret of the REST channel: `Authorization: Bearer …`; without one it is for this machine only.
    pub rest_secret: Option<String>,
    /// Whether files may be sent in its conversations.
    #[serde(default = "yes")]
    pub files: bool,
    /// Kinds of file that are taken on it; those of `[files]` when none.
    pub file_kinds: Option<Vec<FileKind>>,
}

const fn yes() -> bool {
    true
}

/// Files that visitors and agents send.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesConfig {
    /// Whether there are any on sites that do not say.
    pub on: bool,
    /// Most bytes of a file.
    pub max_bytes: u64,
    /// Kinds that are taken: `jpeg`, `png`, `webp`, `gif`, `pdf`.
    pub kinds: Vec<FileKind>,
    /// Most uploads from one address within ten minutes.
    pub uploads: usize,
    /// A program that looks at each file: exit code 0 clean, 1 infected. `{}` stands for the file's path; without it the file comes on standard input.
    pub scan: Option<String>,
    /// Longest wait for it, in milliseconds.
    pub scan_timeout_ms: u64,
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self {
            on: true,
            max_bytes: 10 * 1024 * 1024,
            kinds: FileKind::ALL.to_vec(),
            uploads: 30,
            scan: None,
            scan_timeout_ms: 20_000,
        }
    }
}

/// A system of the company's that is told what happens here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Its address: https, and a machine of the internet.
    pub url: String,
    /// The secret that it shares with us: `whsec_…`.
    pub secret: Option<Secret>,
    /// Or the environment variable that holds it.
    pub secret_env: Option<String>,
    /// What it is told: `handoff.requested`, `message.created` …
    pub events: Vec<Kind>,
    /// Whether it gets what people wrote, too.
    #[serde(default)]
    pub texts: bool,
    /// Whether it may stand on this machine or in a private network, and go unencrypted.
    #[serde(default)]
    pub allow_local: bool,
}

impl WebhookConfig {
    /// The receiver that this describes.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn receiver(&self) -> anyhow::Result<Receiver> {
        let secret = match (&self.secret, &self.secret_env) {
            (Some(secret), None) => secret.clone(),
            (None, Some(name)) => {
                let value = std::env::var(name)
                    .with_context(|| format!("the environment has no {name}"))?;
                value.parse().map_err(anyhow::Error::msg)?
            }
            (Some(_), Some(_)) | (None, None) => {
                bail!("one of `secret` and `secret_env` is needed")
            }
        };
        if self.events.is_empty() {
            let known: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
            bail!("`events` is empty; there are {}", known.join(", "));
        }
        Fetcher::new(self.allow_local)?.check(&self.url)?;
        Ok(Receiver {
            url: self.url.clone(),
            secret,
            kinds: self.events.clone(),
            texts: self.texts,
            local: self.allow_local,
        })
    }
}

/// Where conversations are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// In the data folder.
    Sled,
    /// In memory: gone with the process.
    Mem,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            data: "data".into(),
            intents: "intents".into(),
            public_url: None,
            sites: Vec::new(),
            webhooks: Vec::new(),
            limits: Limits::default(),
            hours: Hours::Enforce,
            metrics_token: None,
            workers: std::thread::available_parallelism()
                .map_or(2, usize::from)
                .min(8),
            max_sockets: 20_000,
            max_sockets_per_address: 50,
            trusted_proxies: Vec::new(),
            files: FilesConfig::default(),
            store: StoreKind::Sled,
            mail: None,
            authoring: AuthoringConfig::default(),
            notices: NoticesConfig::default(),
        }
    }
}

impl Config {
    /// Reads a file; a missing one is an error only when it was named.
    ///
    /// # Errors
    /// What is wrong, with file and line, and the nearest known key for an unknown one.
    pub fn read(path: &Path, named: bool) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let config = Self::parse(&text).with_context(|| format!("in {}", path.display()))?;
        Ok(config)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| {
                text.bytes()
                    .take(span.start)
                    .filter(|b| *b == b'\n')
                    .count()
                    + 1
            });
            let place = line
                .map(|line| format!("line {line}: "))
                .unwrap_or_default();
            anyhow::anyhow!("{place}{}", with_nearest(error.message()))
        })?;
        for site in &config.sites {
            for origin in &site.origins {
                if !is_origin(origin) {
                    bail!(
                        "site {}: {origin:?} is no origin such as https://shop.example (scheme and host, no path)",
                        site.id
                    );
                }
            }
        }
        if config.limits.pause_ms < 0 || config.limits.idle_ms < 60_000 {
            bail!("limits: pause_ms must not be negative, idle_ms at least 60000");
        }
        if config.files.max_bytes == 0 || config.files.scan_timeout_ms == 0 {
            bail!("files: max_bytes and scan_timeout_ms must be at least 1");
        }
        if config.workers == 0 {
            bail!("workers must be at least 1");
        }
        Ok(config)
    }

    /// What is wrong with the whole, once flags and environment have had their say.
    ///
    /// # Errors
    /// What, and what to do.
    pub fn check(&self) -> anyhow::Result<()> {
        match &self.mail {
            Some(mail) if mail.smtp.is_some() && self.public_url.is_none() => {
                bail!("mail needs public_url: each mail has a link back to the chat")
            }
            Some(mail) if mail.per_hour == Some(0) => bail!("mail.per_hour must be at least 1"),
            Some(mail) if mail.asks_per_client == Some(0) || mail.asks_per_hour == Some(0) => {
                bail!("mail.asks_per_client and mail.asks_per_hour must be at least 1")
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Address of the link that makes the first account.
    pub fn setup_link(&self, token: &str) -> String {
        format!("{}/console/setup#{token}", self.base_url())
    }

    /// Address of a link that sets the password of an account: its page asks for nothing else.
    pub fn password_link(&self, token: &str) -> String {
        format!("{}/console/setup?account#{token}", self.base_url())
    }

    /// Address under which people reach the server.
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.host.is_unspecified() => format!("http://127.0.0.1:{}", self.port),
            None if self.host.is_ipv6() => format!("http://[{}]:{}", self.host, self.port),
            None => format!("http://{}:{}", self.host, self.port),
        }
    }
}

/// Whether a text is `https://shop.example`: scheme and host, perhaps a port, no path.
pub fn is_origin(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .map(|rest| rest.strip_suffix('/').unwrap_or(rest))
        .is_some_and(|host| !host.is_empty() && !host.contains('/'))
}

/// serde's "unknown field" with the nearest known one in place of the whole list.
fn with_nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field"), quoted.next()) {
        (true, Some(unknown)) => match nearest(unknown, quoted) {
            Some(known) => format!("unknown key `{unknown}`, did you mean `{known}`?"),
            None => message.to_owned(),
        },
        _ => message.to_owned(),
    }
}

/// The candidate that is most alike, if any is alike at all (Jaro-Winkler ≥ 0.7).
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::parse("").unwrap().port, 8080);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_one() {
        let error = Config::parse("host = \"0.0.0.0\"\nprot = 80\n")
            .unwrap_err()
            .to_string();
        assert_eq!(error, "line 2: unknown key `prot`, did you mean `port`?");
        let error = Config::parse("[limits]\npause = 3\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("did you mean `pause_ms`?"), "{error}");
    }

    #[test]
    fn an_origin_is_scheme_and_host() {
        let site = |origin: &str| format!("[[site]]\nid = \"es\"\norigins = [\"{origin}\"]\n");
        assert!(Config::parse(&site("https://shop.example")).is_ok());
        assert!(Config::parse(&site("https://shop.example/chat")).is_err());
        assert!(Config::parse(&site("shop.example")).is_err());
    }
}
