//! `ventanilla serve`.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::check;
use super::learn::School;
use super::operator::{locale, said};
use super::options::Options;
use crate::app::{self, Parts};
use crate::catalog_watch::{CatalogWatch, KeptSets, Reload, Report};
use crate::clock::SystemClock;
use crate::config::{Config, StoreKind};
use crate::engine::{Hours, Live, LiveNow};
use crate::ids::Lang;
use crate::ports::Clock;
use crate::topics::Severity;
use crate::web;
use crate::workbench;

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
    let lang = locale();
    let watch = open_catalog(&config, &lang)?;
    let live = Arc::new(LiveNow::new(watch.live()));
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
    let told = lang.clone();
    let watching = watch
        .watch(move |reload, report| {
            problems_too.write().clone_from(&report.problems);
            match reload {
                Reload::Swapped => {
                    live_too.swap(source.live());
                    let took_ms = report.took.as_millis();
                    let line = said(
                        &told,
                        "los archivos de temas nuevos están en uso",
                        "the new topic files are live",
                    );
                    tracing::info!(version = report.live, took_ms, "{line}");
                }
                Reload::Kept => tracing::error!(live = report.live, "{}", not_taken(report, &told)),
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
    let told_last = lang.clone();
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
        let version = env!("CARGO_PKG_VERSION");
        println!(
            "{}",
            said(
                &lang,
                format!("Ventanilla {version} está abierta."),
                format!("Ventanilla {version} is open.")
            )
        );
        if web::is_built() {
            println!("  {:9} {shop}", said(&lang, "tienda", "shop"));
            println!("  {:9} {base}/console", said(&lang, "consola", "console"));
        } else {
            println!(
                "  {}",
                said(
                    &lang,
                    "la interfaz no está construida: make run",
                    "front end not built: make run"
                )
            );
        }
        println!("  {:9} {base}/metrics", said(&lang, "métricas", "metrics"));
        println!(
            "  {:9} {}",
            said(&lang, "horario", "hours"),
            hours_in_words(hours, &lang)
        );
        if let Some(link) = setup {
            println!(
                "\n{}\n  {link}",
                said(
                    &lang,
                    "Todavía nadie puede entrar. La primera cuenta se crea aquí (el enlace sirve una sola vez, durante tres días):",
                    "Nobody can sign in yet. Make the first account here (works once, for three days):"
                )
            );
        }
    })
    .await?;
    drop(watching);
    println!(
        "{}",
        said(
            &told_last,
            "Ventanilla está cerrada.",
            "Ventanilla is closed."
        )
    );
    Ok(())
}

fn hours_in_words(hours: Hours, lang: &Lang) -> &'static str {
    match hours {
        Hours::Enforce => said(
            lang,
            "fuera del horario de hours.yaml no atiende nadie: se toma el mensaje (enforce)",
            "outside those of hours.yaml nobody answers, a message is taken (enforce)",
        ),
        Hours::PromiseOnly => said(
            lang,
            "se atiende a cualquier hora; hours.yaml solo fija los plazos prometidos (promise_only)",
            "people may answer at any hour; hours.yaml only sets what is promised (promise_only)",
        ),
    }
}

/// Why the files as they stand are not live: how many errors, the first with its place, reason and remedy.
fn not_taken(report: &Report, lang: &Lang) -> String {
    let mut errors = report
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    let first = errors.next();
    let why = match (first, &report.failure) {
        (Some(first), _) => {
            let count = 1 + errors.count();
            let counted = match (count, lang.base() == Lang::es()) {
                (1, _) => "1 error".to_owned(),
                (_, true) => format!("{count} errores, el primero"),
                (_, false) => format!("{count} errors, first"),
            };
            format!(
                "{counted}: {}:{}:{} {} → {}",
                first.file,
                first.line,
                first.column,
                first.message.in_lang(lang),
                first.remedy.in_lang(lang),
            )
        }
        (None, Some(failure)) => failure.clone(),
        (None, None) => String::new(),
    };
    said(
        lang,
        format!("los archivos de temas no se toman y sigue en uso la última versión buena; {why}"),
        format!("the topic files are not taken and the last good set stays live; {why}"),
    )
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

fn open_catalog(config: &Config, lang: &Lang) -> anyhow::Result<Arc<CatalogWatch<Live>>> {
    check::must_be_folder(&config.intents, lang)?;
    let finished = workbench::recover(&config.intents)
        .context("while finishing what was being published when the server ended")?;
    if finished {
        tracing::info!("what was being published when the server ended is published now");
    }
    // A server that keeps nothing leaves nothing behind.
    let keeps = config.store != StoreKind::Mem;
    let school = if keeps {
        School::keeping(config.data.join("models"))
    } else {
        School::default()
    };
    let opened = CatalogWatch::open(
        &config.intents,
        keeps.then(|| KeptSets::at(config.data.join("topics"))),
        || jiff::Zoned::now().date(),
        Box::new(move |catalog| school.learn(catalog, SystemClock.now())),
    );
    match opened {
        Ok(watch) => {
            let report = watch.report();
            if !report.current {
                tracing::error!(live = report.live, "{}", not_taken(&report, lang));
            }
            Ok(Arc::new(watch))
        }
        Err(report) => {
            for problem in report
                .problems
                .iter()
                .filter(|problem| problem.severity == Severity::Error)
            {
                eprintln!("{}", problem.shown_in(lang));
            }
            let why = report
                .failure
                .map(|why| format!(": {why}"))
                .unwrap_or_default();
            let shown = config.intents.display();
            bail!(said(
                lang,
                format!(
                    "los archivos de temas de {shown} no se pueden usar{why}; `ventanilla check {shown}` dice más"
                ),
                format!(
                    "the topic files in {shown} cannot be used{why}; `ventanilla check {shown}` tells more"
                ),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::{Problem, Unreadable};

    fn report(files: &[&str], failure: Option<&str>) -> Report {
        let problem = |file: &&str| Problem::unreadable(file, Unreadable::NotUtf8 { byte: 7 });
        Report {
            live: String::new(),
            current: false,
            problems: files.iter().map(problem).collect(),
            failure: failure.map(str::to_owned),
            took: std::time::Duration::ZERO,
        }
    }

    #[test]
    fn a_kept_set_is_told_with_count_place_reason_and_remedy() {
        let two = report(&["a.yaml", "b.yaml"], None);
        let first = two.problems.first().expect("it was given two");
        let told = not_taken(&two, &Lang::es());
        assert!(
            told.ends_with(&format!(
                "; 2 errores, el primero: a.yaml:1:1 {} → {}",
                first.message.es, first.remedy.es
            )),
            "{told}"
        );
        let one = not_taken(&report(&["a.yaml"], None), &Lang::en());
        assert!(one.contains("; 1 error: a.yaml:1:1 "), "{one}");
        let failed = not_taken(&report(&[], Some("no room")), &Lang::en());
        assert!(failed.ends_with("; no room"), "{failed}");
    }
}
