//! `ventanilla webhooks`: how it stands with the receivers of webhooks.

use std::process::ExitCode;

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, asked};
use crate::ids::{Lang, Timestamp};
use crate::webhooks::{Overview, Undelivered};

/// Lists the receivers of webhooks, what waits to be delivered, and what was given up after a day. Works beside a running server.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    super::block_on(async {
        let found = asked(&config, Request::Webhooks).await?;
        let all: Vec<Overview> = serde_json::from_value(found)?;
        print!("{}", listed(&all, &locale()));
        Ok(ExitCode::SUCCESS)
    })
}

fn listed(all: &[Overview], reader: &Lang) -> String {
    if all.is_empty() {
        let none = said(
            reader,
            "No hay webhooks: se declaran en ventanilla.toml, como [[webhook]].",
            "There are no webhooks: they are declared in ventanilla.toml, as [[webhook]].",
        );
        return format!("{none}\n");
    }
    let mut out = String::new();
    for one in all {
        let (waiting, parked) = said(
            reader,
            ("en espera", "abandonados"),
            ("waiting", "given up"),
        );
        out.push_str(&format!(
            "{}  {waiting}: {}  {parked}: {}\n",
            one.host,
            one.waiting.len(),
            one.parked.len()
        ));
        // What waits without having been tried is on its way.
        let tried = one.waiting.iter().filter(|message| message.tries > 0);
        for message in tried {
            out.push_str(&line(waiting, message, reader));
        }
        for message in &one.parked {
            out.push_str(&line(parked, message, reader));
        }
    }
    out
}

fn line(word: &str, message: &Undelivered, reader: &Lang) -> String {
    format!(
        "  {word}  {}  {}  {}  {}: {}  {}\n",
        day(message.since),
        message.kind.name(),
        message.id,
        said(reader, "intentos", "tries"),
        message.tries,
        message.why.as_deref().unwrap_or_default()
    )
}

fn day(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
