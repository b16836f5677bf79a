//! `ventanilla erase`: takes away what people wrote in a conversation.

use std::process::ExitCode;

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, asked};

/// Takes away, for good, what people wrote in a conversation and what is personal in it; numbers and kinds of its events stay. Works beside a
/// running server, whose screens forget it too. Snapshots made before still hold it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    /// The conversation's id, or a case number such as M-7F3K-2Q.
    conversation: String,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let request = Request::Erase {
        conversation: args.conversation,
    };
    let done = runtime.block_on(asked(&config, request))?;
    let id = done["conversation"].as_str().unwrap_or_default();
    let (es, en) = ("eventos vaciados", "events emptied");
    println!("{id}: {} {}", done["events"], said(&locale(), es, en));
    Ok(ExitCode::SUCCESS)
}
