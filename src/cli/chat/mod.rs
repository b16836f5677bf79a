//! `ventanilla chat`: a visitor in the terminal, over the real websocket.

mod talk;
mod words;

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use super::operator::{locale, said};
use super::visitor_link::{LinkError, ServerUrl, VisitorLink, new_act};
use crate::clock::SystemClock;
use crate::config::is_origin;
use crate::ids::{Lang, SiteId, Style, Timestamp};
use crate::ports::Clock;
use crate::protocol::visitor::ToClient;
use talk::{Talk, Typed, aside};

/// Waits between attempts to come back, in milliseconds; after the last the command gives up.
const RETRIES: [i64; 8] = [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000];
/// What "slow down" and "unavailable" wait before the act is sent again.
const SEND_AGAIN_MILLIS: i64 = 1_000;

/// Talks to a running server as a visitor.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// The server.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:8080")]
    url: ServerUrl,
    /// The site on which the visitor is.
    #[arg(long, default_value = "es")]
    site: SiteId,
    /// Origin to connect as, to try the `origins` of the site's configuration: https://shop.example. None is sent when not given.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    origin: Option<HeaderValue>,
    /// Language to begin with: es, es-AR, en. The server's choice when not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// Style to begin with: fast or warm.
    #[arg(long)]
    style: Option<Style>,
    /// Sends the lines of this file, each after the answer to the one before; empty lines and lines that begin with # are left out.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Quiet milliseconds before the next line of a script.
    #[arg(
        long,
        value_name = "MILLIS",
        default_value_t = 600,
        requires = "script"
    )]
    pace: u32,
    /// Seconds that a script, or the end of the input, waits for an answer.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        requires = "script"
    )]
    patience: u32,
}

fn origin(text: &str) -> Result<HeaderValue, String> {
    let bare = text.trim_end_matches('/');
    HeaderValue::from_str(bare)
        .ok()
        .filter(|_| is_origin(bare))
        .ok_or_else(|| "write it as https://shop.example: scheme and host, no path".to_owned())
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    super::block_on(talk(args))
}

async fn talk(args: Args) -> anyhow::Result<ExitCode> {
    let input = match &args.script {
        Some(file) => script(file)?,
        None => keyboard(),
    };
    let mut chat = Chat {
        talk: Talk::new(args.lang.clone(), args.style, TimeZone::system())
            .with_base(args.url.http()),
        scripted: args.script.is_some(),
        args,
        input,
        out: io::stdout(),
        clock: Arc::new(SystemClock),
    };
    chat.run().await?;
    Ok(ExitCode::SUCCESS)
}

fn script(file: &PathBuf) -> anyhow::Result<mpsc::Receiver<String>> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if lines.is_empty() {
        bail!("{} has no lines to send", file.display());
    }
    let (send, input) = mpsc::channel(lines.len());
    for line in lines {
        send.try_send(line)
            .expect("the channel was made for this many lines");
    }
    Ok(input)
}

fn keyboard() -> mpsc::Receiver<String> {
    let (send, input) = mpsc::channel(16);
    // A thread of its own: reading a terminal blocks, and the runtime would wait for it at the end.
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    });
    input
}

struct Chat<W> {
    args: Args,
    talk: Talk,
    scripted: bool,
    input: mpsc::Receiver<String>,
    out: W,
    clock: Arc<dyn Clock>,
}

/// When something is due that no frame and no key will bring.
#[derive(Debug, Default)]
struct Due {
    /// A script's next line.
    next_line: Option<Timestamp>,
    /// The end of a script's patience.
    answer: Option<Timestamp>,
    /// Acts that the server asked to send again.
    again: Option<Timestamp>,
}

impl<W: Write> Chat<W> {
    async fn run(&mut self) -> anyhow::Result<()> {
        let mut link = self.open().await.map_err(|why| self.unreachable(&why))?;
        loop {
            match self.converse(&mut link).await {
                Ok(()) => {
                    link.close().await;
                    return Ok(());
                }
                Err(End::Link(why)) if why.is_passing() => {
                    self.talk.lost();
                    self.print(&[aside(self.talk.words().lost)])?;
                    link = self.come_back().await?;
                }
                Err(End::Link(why)) => return Err(why.into()),
                Err(End::Other(why)) => return Err(why),
            }
        }
    }

    async fn open(&self) -> Result<VisitorLink, LinkError> {
        VisitorLink::open(
            &self.args.url,
            &self.args.site,
            self.args.origin.as_ref(),
            &self.talk.hello(),
        )
        .await
    }

    async fn come_back(&self) -> anyhow::Result<VisitorLink> {
        let mut last = None;
        for wait in RETRIES {
            self.clock.sleep_until(self.clock.now().plus(wait)).await;
            match self.open().await {
                Ok(link) => return Ok(link),
                Err(why) if why.is_passing() => last = Some(why),
                Err(why) => return Err(why.into()),
            }
        }
        Err(match last {
            Some(why) => self.unreachable(&why),
            None => anyhow!("no way back to {}", self.args.url),
        })
    }

    fn unreachable(&self, why: &LinkError) -> anyhow::Error {
        match why {
            LinkError::Broken(_) => anyhow!("{why}: is the server running on {}?", self.args.url),
            LinkError::Refused { status: 403, .. } if self.args.origin.is_some() => anyhow!(
                "{}: {why}. {}",
                self.args.url,
                said(
                    &locale(),
                    "Con --origin se indica uno de los `origins` del [[site]] en ventanilla.toml, o ninguno: sin --origin no se envía",
                    "Give one of the `origins` of the [[site]] in ventanilla.toml as --origin, or none: without it no origin is sent",
                )
            ),
            LinkError::Refused { status: 404, .. } => anyhow!(
                "{}: {why}. {}",
                self.args.url,
                said(
                    &locale(),
                    format!(
                        "El sitio «{}» no existe allí: se indica otro con --site",
                        self.args.site
                    ),
                    format!(
                        "There is no site “{}” there: give another with --site",
                        self.args.site
                    ),
                )
            ),
            why => anyhow!("{}: {why}", self.args.url),
        }
    }

    async fn converse(&mut self, link: &mut VisitorLink) -> Result<(), End> {
        let mut due = Due::default();
        let clock = Arc::clone(&self.clock);
        loop {
            let quiet = self.talk.is_quiet();
            if !self.scripted || quiet {
                due.answer = None;
            }
            let may_read = due.next_line.is_none() && (quiet || !self.scripted);
            tokio::select! {
                frame = link.next() => {
                    let frame = frame?;
                    let welcome = matches!(frame, ToClient::Welcome { .. });
                    if matches!(frame, ToClient::Error { retry: true, .. }) {
                        due.again = Some(clock.now().plus(SEND_AGAIN_MILLIS));
                    }
                    let lines = self.talk.heard(frame);
                    self.print(&lines)?;
                    if welcome {
                        self.send_again(link).await?;
                    }
                    if self.scripted {
                        due.next_line = Some(clock.now().plus(self.args.pace.into()));
                    }
                }
                line = self.input.recv(), if may_read => {
                    let Some(line) = line else {
                        if quiet {
                            return Ok(());
                        }
                        // The answer to the last line is still worth a wait: `echo hola | ventanilla chat`.
                        self.scripted = true;
                        due.answer = Some(clock.now().plus(i64::from(self.args.patience) * 1_000));
                        continue;
                    };
                    if self.scripted {
                        self.print(&[format!("> {line}")])?;
                        due.answer = Some(clock.now().plus(i64::from(self.args.patience) * 1_000));
                    }
                    match self.talk.typed(&line, new_act()) {
                        Typed::Act(act) => link.send(&act).await?,
                        Typed::Lines(lines) => self.print(&lines)?,
                    }
                }
                () = at(&*clock, due.next_line) => due.next_line = None,
                () = at(&*clock, due.answer) => {
                    return Err(End::Other(anyhow!("no answer in {} seconds", self.args.patience)));
                }
                () = at(&*clock, due.again) => {
                    due.again = None;
                    self.send_again(link).await?;
                }
            }
        }
    }

    async fn send_again(&self, link: &mut VisitorLink) -> Result<(), LinkError> {
        for act in self.talk.unacked() {
            link.send(&act).await?;
        }
        Ok(())
    }

    fn print(&mut self, lines: &[String]) -> anyhow::Result<()> {
        for line in lines {
            writeln!(self.out, "{line}").context("cannot write to the terminal")?;
        }
        self.out.flush().context("cannot write to the terminal")
    }
}

/// Waits until then; for ever without a moment.
async fn at(clock: &dyn Clock, moment: Option<Timestamp>) {
    match moment {
        Some(moment) => clock.sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Why a connection's talk ended.
enum End {
    Link(LinkError),
    Other(anyhow::Error),
}

impl From<LinkError> for End {
    fn from(why: LinkError) -> Self {
        Self::Link(why)
    }
}

impl From<anyhow::Error> for End {
    fn from(why: anyhow::Error) -> Self {
        Self::Other(why)
    }
}

#[cfg(test)]
mod tests;
