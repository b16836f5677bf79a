//! The `ventanilla` program: it parses its arguments and calls the library.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let filter =
        EnvFilter::try_from_env("VENTANILLA_LOG").unwrap_or_else(|_unset| EnvFilter::new("info"));
    // A log in a file or a journal is read without a terminal; https://no-color.org for those that are.
    let colours = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .init();
    match ventanilla::cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ventanilla: {error:#}");
            ExitCode::FAILURE
        }
    }
}
