//! Options that several commands share: flag, then environment, then `ventanilla.toml`, then the default.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::config::{Config, Password, StoreKind, nearest};
use crate::engine::Hours;

/// Where things are and how the server behaves.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Configuration file; `ventanilla.toml` in the current folder is read when it is there.
    #[arg(long, env = "VENTANILLA_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Folder of the data.
    #[arg(long, env = "VENTANILLA_DATA", value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Folder of the topic files.
    #[arg(long, env = "VENTANILLA_INTENTS", value_name = "DIR", global = true)]
    intents: Option<PathBuf>,
    /// Address that is listened on.
    #[arg(long, env = "VENTANILLA_HOST", global = true)]
    host: Option<IpAddr>,
    /// Port that is listened on; 0 takes a free one.
    #[arg(long, env = "VENTANILLA_PORT", global = true)]
    port: Option<u16>,
    /// Address under which people reach the server, for links.
    #[arg(long, env = "VENTANILLA_PUBLIC_URL", value_name = "URL", global = true)]
    public_url: Option<String>,
    /// What the hours file decides: `enforce` (nobody is there outside of them) or `promise_only`.
    #[arg(long, env = "VENTANILLA_HOURS", value_parser = hours, global = true)]
    hours: Option<Hours>,
    /// Where conversations are kept.
    #[arg(long, env = "VENTANILLA_STORE", global = true)]
    store: Option<StoreKind>,
    /// Token for `/metrics` from elsewhere.
    #[arg(
        long,
        env = "VENTANILLA_METRICS_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        global = true
    )]
    metrics_token: Option<String>,
    /// How long the bot waits for a further message before it answers, in milliseconds.
    #[arg(long, env = "VENTANILLA_PAUSE_MS", value_name = "MS", global = true)]
    pause_ms: Option<i64>,
    /// Threads that serve HTTP and sockets.
    #[arg(long, env = "VENTANILLA_WORKERS", value_name = "N", global = true)]
    workers: Option<usize>,
    /// Most open websockets.
    #[arg(long, env = "VENTANILLA_MAX_SOCKETS", value_name = "N", global = true)]
    max_sockets: Option<usize>,
}

fn hours(text: &str) -> Result<Hours, String> {
    match text {
        "enforce" => Ok(Hours::Enforce),
        "promise_only" => Ok(Hours::PromiseOnly),
        _ => Err("it is `enforce` or `promise_only`".to_owned()),
    }
}

/// Names that the environment may carry.
const KNOWN: [&str; 14] = [
    "VENTANILLA_CONFIG",
    "VENTANILLA_DATA",
    "VENTANILLA_INTENTS",
    "VENTANILLA_HOST",
    "VENTANILLA_PORT",
    "VENTANILLA_PUBLIC_URL",
    "VENTANILLA_HOURS",
    "VENTANILLA_STORE",
    "VENTANILLA_METRICS_TOKEN",
    "VENTANILLA_PAUSE_MS",
    "VENTANILLA_WORKERS",
    "VENTANILLA_MAX_SOCKETS",
    "VENTANILLA_LOG",
    "VENTANILLA_MAIL_PASSWORD",
];

impl Options {
    /// The configuration.
    ///
    /// # Errors
    /// What is wrong with the file, or an environment name that is nearly one of ours.
    pub(super) fn config(self) -> anyhow::Result<Config> {
        for (name, _) in std::env::vars_os() {
            let Some(name) = name
                .to_str()
                .filter(|name| name.starts_with("VENTANILLA_") && !KNOWN.contains(name))
            else {
                continue;
            };
            if let Some(known) = nearest(name, KNOWN.into_iter())
                .filter(|known| strsim::levenshtein(name, known) <= 2)
            {
                anyhow::bail!(
                    "the environment has {name}, which means nothing; did you mean {known}?"
                );
            }
        }
        let named = self.config.is_some();
        let file = self.config.unwrap_or_else(|| "ventanilla.toml".into());
        let mut config = Config::read(&file, named)?;
        macro_rules! take {
            ($($field:ident),+) => { $( if let Some(value) = self.$field { config.$field = value; } )+ };
        }
        take!(
            data,
            intents,
            host,
            port,
            hours,
            store,
            workers,
            max_sockets
        );
        if let Some(pause) = self.pause_ms {
            config.limits.pause_ms = pause.max(0);
        }
        config.public_url = self.public_url.or(config.public_url);
        config.metrics_token = self.metrics_token.or(config.metrics_token);
        if let Some(mail) = &mut config.mail {
            // Never from a file or a flag: files are copied, flags stand in the list of processes.
            mail.password = std::env::var("VENTANILLA_MAIL_PASSWORD")
                .ok()
                .map(Password::new);
        }
        config.check()?;
        Ok(config)
    }
}
