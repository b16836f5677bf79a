//! `ventanilla schema`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::authoring;

/// Prints the JSON Schema of topic files.
///
/// # Errors
/// When it cannot be printed.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let out = &mut std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut *out, &authoring::schema())
        .map_err(anyhow::Error::from)
        .and_then(|()| Ok(writeln!(out)?))
        .context("the schema could not be printed")?;
    Ok(ExitCode::SUCCESS)
}
