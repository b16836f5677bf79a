//! `ventanilla serve`.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use arc_swap::ArcSwap;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::options::Options;
use crate::app::{self, Parts};
use crate::catalog_watch::{CatalogWatch, Reload};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::engine::Live;
use crate::ids::{Lang, Timestamp};
use crate::ports::Clock;
use crate::topics::{Catalog, Severity};
use crate::understanding;
use crate::web;

/// Runs the server.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("engine")
        .build()
        .context("while starting the runtime")?;
    runtime.block_on(serve(config))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(mut config: Config) -> anyhow::Result<()> {
    let watch = open_catalog(&config)?;
    let live = Arc::new(ArcSwap::new(watch.live()));
    let problems = Arc::new(parking_lot::RwLock::new(watch.report().problems.clone()));
    let listener = TcpListener::bind((config.host, config.port)).with_context(|| {
        format!(
            "cannot listen on {}:{}; is another server running there? (--port takes another)",
            config.host, config.port
        )
    })?;
    config.port = listener
        .local_addr()
        .context("while reading the port")?
        .port();
    let store = app::open_store(&config)?;
    let (live_too, problems_too, source) =
        (Arc::clone(&live), Arc::clone(&problems), Arc::clone(&watch));
    let watching = watch
        .watch(move |reload, report| {
            problems_too.write().clone_from(&report.problems);
            match reload {
                Reload::Swapped => {
                    live_too.store(source.live());
                    tracing::info!(version = report.live, "topic files swapped");
                }
                Reload::Kept => {
                    let first = report
                        .problems
                        .iter()
                        .find(|problem| problem.severity == Severity::Error);
                    let first = first.map(|problem| {
                        format!(
                            "{}:{}:{}: {}",
                            problem.file, problem.line, problem.column, problem.message.en
                        )
                    });
                    let why = first.or_else(|| report.failure.clone()).unwrap_or_default();
                    tracing::error!(
                        why,
                        version = report.live,
                        "topic files not taken; the last good set stays live"
                    );
                }
                Reload::Unchanged => {}
            }
        })
        .context("while watching the topic files")?;
    let (stop, stopping) = watch::channel(false);
    drop(tokio::spawn(async move {
        if let Err(error) = wait_for_signal().await {
            tracing::error!(%error, "signals cannot be heard");
        }
        stop.send_replace(true);
    }));
    let base = config.base_url();
    let shop = format!("http://localhost:{}/demo", config.port);
    let hours = config.hours;
    let parts = Parts {
        store,
        clock: Arc::new(SystemClock),
        live,
        problems,
    };
    app::run(config, parts, listener, stopping, |setup| {
        println!("Ventanilla {} is open.", env!("CARGO_PKG_VERSION"));
        if web::is_built() {
            println!("  shop      {shop}");
            println!("  console   {base}/console");
        } else {
            println!("  front end not built: make run");
        }
        println!("  metrics   {base}/metrics");
        println!("  hours     {hours:?}");
        if let Some(link) = setup {
            println!("\nNobody can sign in yet. Make the first account here (works once, for three days):\n  {link}");
        }
    })
    .await?;
    drop(watching);
    println!("Ventanilla is closed.");
    Ok(())
}

async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn open_catalog(config: &Config) -> anyhow::Result<Arc<CatalogWatch<Live>>> {
    let opened = CatalogWatch::open(
        &config.intents,
        || jiff::Zoned::now().date(),
        Box::new(learn),
    );
    match opened {
        Ok(watch) => Ok(Arc::new(watch)),
        Err(report) => {
            let lang = if std::env::var("LANG").is_ok_and(|lang| lang.starts_with("es")) {
                Lang::es()
            } else {
                Lang::en()
            };
            for problem in report
                .problems
                .iter()
                .filter(|problem| problem.severity == Severity::Error)
            {
                eprintln!("{}", problem.shown_in(&lang));
            }
            let why = report
                .failure
                .map(|why| format!(": {why}"))
                .unwrap_or_default();
            bail!(
                "the topic files in {} cannot be used{why}; `ventanilla check {0}` tells more",
                config.intents.display()
            )
        }
    }
}

/// Trains the model of a catalogue.
///
/// # Errors
/// What the training says.
pub(super) fn learn(catalog: Catalog) -> anyhow::Result<Live> {
    let brain =
        understanding::Engine::train(&understanding::Corpus::from(&catalog)).map_err(|errors| {
            anyhow::anyhow!(
                errors
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        })?;
    let since: Timestamp = SystemClock.now();
    Ok(Live {
        catalog: Arc::new(catalog),
        brain: Arc::new(brain),
        since,
    })
}
