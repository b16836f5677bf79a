//! The command line: one file a command. Bad input gets one clear line (what, where, what to do) and a non-zero exit.

mod bounce;
mod chat;
mod check;
mod demo_orders;
mod erase;
mod eval;
mod export;
#[cfg(test)]
mod fake_server;
mod import;
mod key;
mod learn;
mod load;
mod operator;
mod options;
mod report;
mod rollback;
mod rows;
mod schema;
mod serve;
mod snapshot;
mod test;
mod try_it;
mod usage;
mod user;
mod visitor_link;
mod webhooks;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

/// A virtual-assistant server for customer care.
#[derive(Debug, Parser)]
#[command(
    name = "ventanilla",
    version,
    about,
    disable_help_subcommand = true,
    max_term_width = 110
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server.
    Serve(serve::Args),
    /// Reads the topic files and names every problem.
    Check(check::Args),
    /// Runs the tests that stand in the topic files.
    Test(test::Args),
    /// Puts the topic files back as they were when they were last good.
    Rollback(rollback::Args),
    /// Shows how a sentence is understood, and why.
    Try(try_it::Args),
    /// Prints the JSON Schema of topic files, for editors that complete and check.
    Schema,
    /// Measures understanding on a labelled file.
    Eval(eval::EvalArgs),
    /// Talks to a running server as a visitor.
    Chat(chat::Args),
    /// Makes topic files from labelled utterances.
    Import(import::Args),
    /// Writes every example of the topic files as labelled utterances.
    Export(export::Args),
    /// Sends labelled messages to a server on this machine, and counts what becomes of them.
    Load(load::Args),
    /// Serves the demo shop's order service.
    DemoOrders(demo_orders::Args),
    /// Adds, lists and bars the people who answer.
    User(user::Args),
    /// Takes away what people wrote in a conversation.
    Erase(erase::Args),
    /// Makes, lists and takes back keys of programs.
    Key(key::Args),
    /// Lists what webhooks wait to be delivered, and what was given up.
    Webhooks(webhooks::Args),
    /// Takes down that a mail did not arrive: reads the report from standard input, as a mail server's pipe gives it.
    Bounce(bounce::Args),
    /// Counts how good the service was over a year or any other time, as a report to be audited.
    Report(report::Args),
    /// Writes everything that is kept to a file of JSON lines.
    Snapshot(snapshot::SnapshotArgs),
    /// Fills an empty data folder from a snapshot.
    Restore(snapshot::RestoreArgs),
}

/// Runs the command of the process's arguments.
///
/// # Errors
/// What went wrong, to be printed with its causes.
pub fn run() -> anyhow::Result<ExitCode> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Ok(usage::tell(&error, &operator::locale())),
    };
    match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Rollback(args) => rollback::run(args),
        Command::Try(args) => try_it::run(&args),
        Command::Schema => schema::run(),
        Command::Eval(args) => eval::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Chat(args) => chat::run(args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Load(args) => load::run(&args),
        Command::DemoOrders(args) => demo_orders::run(&args),
        Command::User(args) => user::run(args),
        Command::Erase(args) => erase::run(args),
        Command::Key(args) => key::run(args),
        Command::Webhooks(args) => webhooks::run(args),
        Command::Bounce(args) => bounce::run(args),
        Command::Report(args) => report::run(args),
        Command::Snapshot(args) => snapshot::snapshot(args),
        Command::Restore(args) => snapshot::restore(args),
    }
}

/// Runs a command that waits for sockets.
fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("while starting the runtime")?
        .block_on(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_take_what_their_help_says() {
        let parses = |line: &str| {
            let args = std::iter::once("ventanilla").chain(line.split(' '));
            Cli::try_parse_from(args).is_ok()
        };
        for good in [
            "import rows.csv --out topics",
            "import rasa bot --out topics --lang es-AR",
            "import csv faq.csv --out topics --latin1 --json",
            "eval rows.jsonl --protocol clinc --oos-train",
            "eval rows.jsonl --shots 5 --seeds 3 --typos 2 --seed 7",
            "eval --cv 5",
            "eval --cv 5 intents --json",
            "eval --conversations talks.jsonl --intents topics",
            "try hola pedido --site es",
            "test intents --by-topic --floor 95",
            "check intents --today 2027-03-01 --strict",
        ] {
            assert!(parses(good), "{good}");
        }
        for bad in [
            "import",
            "import rows.csv",
            "import rasa bot",
            "eval",
            "eval rows.jsonl --shots 0",
            "eval --cv 1",
            "eval rows.jsonl --conversations talks.jsonl",
            "try",
            "check --today yesterday",
        ] {
            assert!(!parses(bad), "{bad}");
        }
    }
}
