//! `ventanilla key …`: keys with which the company's programs come in.

use std::process::ExitCode;

use clap::Subcommand;

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, asked};
use crate::config::Config;
use crate::ids::Lang;

/// Makes, lists and takes back the keys of programs that send business events. Works beside a running server.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Makes a key and prints it, this once.
    Add {
        /// What it is called: the program that has it.
        name: String,
    },
    /// Lists the keys, by name: a key itself cannot be seen again.
    List,
    /// Takes a key back, at once.
    Revoke {
        /// What it is called.
        name: String,
    },
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    super::block_on(act(config, args.act, locale()))
}

async fn act(config: Config, act: Act, reader: Lang) -> anyhow::Result<ExitCode> {
    match act {
        Act::Add { name } => {
            let made = asked(&config, Request::KeyAdd { name }).await?;
            println!("{}", made["key"].as_str().unwrap_or_default());
            eprintln!(
                "{}",
                said(
                    &reader,
                    "Se muestra solo esta vez. En cada pedido: Authorization: Bearer CLAVE",
                    "Shown this once. In each request: Authorization: Bearer KEY"
                )
            );
        }
        Act::List => {
            let keys = asked(&config, Request::KeyList).await?;
            for key in keys.as_array().into_iter().flatten() {
                let since = key["made_at"].as_i64().unwrap_or_default();
                let day = jiff::Timestamp::from_millisecond(since)
                    .map(|at| at.strftime("%Y-%m-%d").to_string())
                    .unwrap_or_default();
                println!("{day}  {}", key["name"].as_str().unwrap_or_default());
            }
        }
        Act::Revoke { name } => {
            let request = Request::KeyRevoke { name: name.clone() };
            asked(&config, request).await?;
            println!("{name}: {}", said(&reader, "ya no sirve", "revoked"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
