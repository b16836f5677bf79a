//! `ventanilla snapshot` and `ventanilla restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use tokio::io::AsyncWriteExt;

use super::options::Options;
use crate::admin_socket::{Request, ask};
use crate::app::open_store;
use crate::store::dump;

/// Writes everything that is kept to a file of JSON lines. Works beside a running server. The file holds what people wrote: guard it.
#[derive(Debug, clap::Args)]
pub(super) struct SnapshotArgs {
    #[command(flatten)]
    options: Options,
    /// File to write; it must not exist yet. `-` is standard output.
    file: PathBuf,
}

/// Fills an empty data folder from a snapshot. No server may run on it.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    options: Options,
    /// File of a snapshot.
    file: PathBuf,
}

pub(super) fn snapshot(args: SnapshotArgs) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if args.file.as_os_str() == "-" {
            ask(&config, Request::Snapshot, &mut tokio::io::stdout()).await?;
            return Ok(());
        }
        let shown = args.file.display();
        let mut open = tokio::fs::OpenOptions::new();
        open.write(true).create_new(true).mode(0o600);
        let mut file = open
            .open(&args.file)
            .await
            .with_context(|| format!("cannot write {shown}"))?;
        ask(&config, Request::Snapshot, &mut file).await?;
        file.flush().await?;
        file.sync_all()
            .await
            .with_context(|| format!("cannot write {shown}"))?;
        let mut written = tokio::io::BufReader::new(tokio::fs::File::open(&args.file).await?);
        let summary = dump::check(&mut written)
            .await
            .with_context(|| format!("{shown} is not whole"))?;
        println!(
            "{shown}: {} appends, {} records",
            summary.commits, summary.records
        );
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(args: RestoreArgs) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let shown = args.file.display();
        let file = tokio::fs::File::open(&args.file)
            .await
            .with_context(|| format!("cannot read {shown}"))?;
        let store = open_store(&config)?;
        let summary = dump::restore(store.as_ref(), &mut tokio::io::BufReader::new(file)).await;
        store.close().await?;
        let summary = summary.with_context(|| format!("{shown} was not restored"))?;
        println!(
            "{}: {} appends, {} records from {shown}",
            config.data.display(),
            summary.commits,
            summary.records
        );
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
