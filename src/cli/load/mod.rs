//! `ventanilla load`: many visitors at once, over the real websocket, with messages that real people wrote.
//!
//! What is reported of answers is read back from the server when all is said, by coming back to each conversation as a visitor would: so what
//! was acked and is not there, is there twice, was answered twice or was shown in another order is found.

mod tally;
mod visitor;

use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use parking_lot::Mutex;
use tokio::task::JoinSet;

use super::import::LabelMap;
use super::rows::{self, Row};
use super::visitor_link::ServerUrl;
use crate::ids::{Lang, SiteId};
use tally::{Report, Tally};
use visitor::{Place, Talk};

/// Sends labelled messages to a server on this machine, and counts what becomes of them.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// File of labelled messages, .csv or .jsonl.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The server; no address but this machine's is taken.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:8080")]
    url: ServerUrl,
    /// The site on which the visitors are.
    #[arg(long, default_value = "demo")]
    site: SiteId,
    /// Language that the visitors ask for; the server's choice when not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// Rows of this split are sent, and those that name none.
    #[arg(long, default_value = "test")]
    split: String,
    /// Messages of one conversation.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    conversations_of: u32,
    /// Conversations at once.
    #[arg(long, value_name = "C", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    clients: u32,
    /// Most messages to send.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    /// Longest time in which conversations are begun, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    max_seconds: u32,
    /// Longest wait for one answer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    patience: u32,
    /// Which answer belongs to which label, as `ventanilla import --label-map` wrote it: then accuracy is counted.
    #[arg(long, value_name = "FILE")]
    label_map: Option<PathBuf>,
    /// A question back that offers the right topic counts as right.
    #[arg(long, requires = "label_map")]
    clarify_ok: bool,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if !args.url.is_loopback() {
        bail!(
            "{} is not this machine: load is sent to 127.0.0.1, [::1] or localhost only",
            args.url
        );
    }
    let mut rows = rows::of_split(rows::read(&args.file)?, &args.split, &args.file)?;
    rows.truncate(args.limit as usize);
    let map = args.label_map.as_deref().map(label_map).transpose()?;
    super::block_on(async {
        let report = load(args, &rows, map.as_ref()).await?;
        let out = &mut std::io::stdout().lock();
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)?;
        } else {
            write!(out, "{report}")?;
        }
        Ok(if report.is_sound() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}

fn label_map(path: &Path) -> anyhow::Result<LabelMap> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is no label map of `ventanilla import`", path.display()))
}

async fn load(args: &Args, rows: &[Row], map: Option<&LabelMap>) -> anyhow::Result<Report> {
    let place = Arc::new(Place {
        url: args.url.clone(),
        site: args.site.clone(),
        lang: args.lang.clone(),
        patience: Duration::from_secs(args.patience.into()),
    });
    let waiting = dealt(rows, args.conversations_of as usize);
    let began = Instant::now();
    let until = began + Duration::from_secs(args.max_seconds.into());
    let talks = all(args.clients, waiting, {
        let place = Arc::clone(&place);
        move |rows| {
            let place = Arc::clone(&place);
            async move {
                if Instant::now() >= until {
                    return Ok(Talk::unsent(&rows));
                }
                Talk::hold(&place, rows).await
            }
        }
    })
    .await?;
    let seconds = began.elapsed().as_secs_f64();
    let talks = all(args.clients, talks.into(), move |mut talk: Talk| {
        let place = Arc::clone(&place);
        async move {
            talk.read_back(&place).await;
            Ok(talk)
        }
    })
    .await?;
    let mut tally = Tally::new(map, args.clarify_ok && args.conversations_of == 1);
    for talk in &talks {
        tally.count(talk);
    }
    Ok(tally.report(seconds, args.conversations_of == 1))
}

/// Conversations of so many messages. Rows are dealt like cards: labelled files are sorted by label, and nobody asks the same thing five times.
fn dealt(rows: &[Row], messages: usize) -> VecDeque<Vec<Row>> {
    let conversations = rows.len().div_ceil(messages);
    (0..conversations)
        .map(|first| {
            rows.iter()
                .skip(first)
                .step_by(conversations)
                .cloned()
                .collect()
        })
        .collect()
}

/// Does something with each of many, so many at once. The first error ends it.
async fn all<T, U, F, W>(at_once: u32, things: VecDeque<T>, work: F) -> anyhow::Result<Vec<U>>
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(T) -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<U>> + Send,
{
    let things = Arc::new(Mutex::new(things));
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let things = Arc::clone(&things);
        let work = work.clone();
        workers.spawn(async move {
            let mut done = Vec::new();
            loop {
                let next = things.lock().pop_front();
                let Some(thing) = next else {
                    return Ok(done);
                };
                done.push(work(thing).await?);
            }
        });
    }
    let mut all: Vec<U> = Vec::new();
    while let Some(worker) = workers.join_next().await {
        let done: anyhow::Result<Vec<U>> = worker.context("a client broke down")?;
        all.extend(done?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
