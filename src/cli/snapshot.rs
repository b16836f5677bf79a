//! `ventanilla snapshot` and `ventanilla restore`. Both work beside their goal and rename at the end: what has a name is whole.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::io::{AsyncWriteExt, BufReader};

use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, ask};
use crate::config::{Config, StoreKind};
use crate::ids::Lang;
use crate::ports::Store;
use crate::store::SledStore;
use crate::store::dump::{self, Summary};

/// Writes everything that is kept to a file of JSON lines. Works beside a running server. The file holds what people wrote: guard it.
#[derive(Debug, clap::Args)]
pub(super) struct SnapshotArgs {
    #[command(flatten)]
    options: Options,
    /// File to write; one that is there already is kept, unless `--force` is given. `-` is standard output.
    file: PathBuf,
    /// Replaces the file when it exists, once the new one is whole.
    #[arg(long)]
    force: bool,
}

/// Fills a new data folder from a snapshot. No server may run on it.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    options: Options,
    /// File of a snapshot.
    file: PathBuf,
}

pub(super) fn snapshot(args: SnapshotArgs) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let lang = locale();
    super::block_on(async {
        if args.file.as_os_str() == "-" {
            ask(&config, Request::Snapshot, &mut tokio::io::stdout()).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let summary = write(&config, &args.file, args.force, &lang).await?;
        println!("{}", counted(&args.file, &summary, &lang));
        Ok(ExitCode::SUCCESS)
    })
}

fn counted(place: &Path, summary: &Summary, lang: &Lang) -> String {
    let (shown, commits, records) = (place.display(), summary.commits, summary.records);
    said(
        lang,
        format!("{shown}: {commits} hechos de conversaciones, {records} registros"),
        format!("{shown}: {commits} appends of conversations, {records} records"),
    )
}

async fn write(config: &Config, file: &Path, force: bool, lang: &Lang) -> anyhow::Result<Summary> {
    let shown = file.display();
    if !force && file.symlink_metadata().is_ok() {
        bail!(said(
            lang,
            format!(
                "{shown} ya existe y no se toca: hace falta otro nombre, o --force para reemplazarlo"
            ),
            format!(
                "{shown} exists already and is kept: give another name, or --force to replace it"
            ),
        ));
    }
    // Without this a mistyped folder would be made, and every night its emptiness be saved.
    let store = config.data.join("store");
    if config.store == StoreKind::Sled && !store.is_dir() {
        let there = store.display();
        bail!(said(
            lang,
            format!("no hay datos en {there}: la carpeta se indica con --data"),
            format!("there is no data in {there}: name their folder with --data"),
        ));
    }
    let partial = beside(file, ".partial");
    let written = write_whole(config, &partial).await.with_context(|| {
        said(
            lang,
            format!("no se pudo escribir {shown}"),
            format!("cannot write {shown}"),
        )
    });
    match written {
        Ok(summary) => {
            fs::rename(&partial, file)
                .with_context(|| format!("{} → {shown}", partial.display()))?;
            Ok(summary)
        }
        Err(error) => {
            // The first error is the one to tell.
            let _: std::io::Result<()> = fs::remove_file(&partial);
            Err(error)
        }
    }
}

async fn write_whole(config: &Config, partial: &Path) -> anyhow::Result<Summary> {
    match fs::remove_file(partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    let mut open = tokio::fs::OpenOptions::new();
    open.write(true).create_new(true).mode(0o600);
    let mut file = open.open(partial).await?;
    ask(config, Request::Snapshot, &mut file).await?;
    file.flush().await?;
    file.sync_all().await?;
    let mut written = BufReader::new(tokio::fs::File::open(partial).await?);
    Ok(dump::check(&mut written).await?)
}

pub(super) fn restore(args: RestoreArgs) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let lang = locale();
    super::block_on(async {
        let summary = fill(&config, &args.file, &lang).await?;
        println!("{}", counted(&config.data, &summary, &lang));
        Ok(ExitCode::SUCCESS)
    })
}

async fn fill(config: &Config, file: &Path, lang: &Lang) -> anyhow::Result<Summary> {
    let shown = file.display();
    if config.store == StoreKind::Mem {
        bail!(said(
            lang,
            "con `--store mem` no hay carpeta de datos que llenar",
            "with `--store mem` there is no data folder to fill",
        ));
    }
    let store = config.data.join("store");
    if store.symlink_metadata().is_ok() {
        let there = store.display();
        bail!(said(
            lang,
            format!(
                "{there} ya existe, y restore no reemplaza datos: hay que indicar otra carpeta con --data, o apartar esa con el servidor cerrado"
            ),
            format!(
                "{there} exists already, and restore replaces no data: give another folder with --data, or move that one away with the server closed"
            ),
        ));
    }
    let source = tokio::fs::File::open(file).await.with_context(|| {
        said(
            lang,
            format!("no se puede leer {shown}"),
            format!("cannot read {shown}"),
        )
    })?;
    let new_folder = !config.data.exists();
    let partial = beside(&store, ".restoring");
    let filled = fill_whole(&partial, source).await.with_context(|| {
        said(
            lang,
            format!("{shown} no se restauró"),
            format!("{shown} was not restored"),
        )
    });
    match filled {
        Ok(summary) => {
            fs::rename(&partial, &store)
                .with_context(|| format!("{} → {}", partial.display(), store.display()))?;
            fs::File::open(&config.data)?.sync_all()?;
            Ok(summary)
        }
        Err(error) => {
            // The first error is the one to tell. A folder that holds something else is not empty and stays.
            let _: std::io::Result<()> = fs::remove_dir_all(&partial);
            if new_folder {
                let _: std::io::Result<()> = fs::remove_dir(&config.data);
            }
            Err(error)
        }
    }
}

async fn fill_whole(partial: &Path, source: tokio::fs::File) -> anyhow::Result<Summary> {
    match fs::remove_dir_all(partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    fs::create_dir_all(partial)?;
    let store: Arc<dyn Store> = Arc::new(SledStore::open(partial)?);
    let summary = dump::restore(store.as_ref(), &mut BufReader::new(source)).await;
    store.close().await?;
    Ok(summary?)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn config(folder: &Path, data: &str) -> Config {
        Config {
            data: folder.join(data),
            ..Config::default()
        }
    }

    /// Makes an empty store.
    async fn store(folder: &Path, data: &str) {
        fs::create_dir(folder.join(data)).unwrap();
        let store = SledStore::open(&config(folder, data).data.join("store")).unwrap();
        store.close().await.unwrap();
    }

    /// Names in a folder.
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cut_snapshot_leaves_nothing_behind_and_a_whole_one_is_restored() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let en = Lang::en();
        let file = at.join("all.jsonl");
        store(at, "old").await;
        let summary = write(&config(at, "old"), &file, false, &en).await.unwrap();

        let whole = fs::read(&file).unwrap();
        let cut = at.join("cut.jsonl");
        fs::write(&cut, whole.get(..whole.len() - 9).unwrap()).unwrap();
        fill(&config(at, "new"), &cut, &en).await.unwrap_err();
        assert!(!at.join("new").exists());
        fs::create_dir(at.join("kept")).unwrap();
        fs::write(at.join("kept/note"), "").unwrap();
        fill(&config(at, "kept"), &cut, &en).await.unwrap_err();
        assert_eq!(names(&at.join("kept")), ["note"]);

        let restored = fill(&config(at, "new"), &file, &en).await.unwrap();
        assert_eq!(restored, summary);
        assert_eq!(names(&at.join("new")), ["store"]);
        let again = fill(&config(at, "new"), &file, &en).await.unwrap_err();
        assert!(again.to_string().contains("exists already"), "{again}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_that_exists_is_replaced_only_by_force_and_only_by_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let es = Lang::es();
        let file = at.join("all.jsonl");
        fs::write(&file, "old").unwrap();
        let refused = write(&config(at, "data"), &file, false, &es)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("--force"), "{refused}");

        let mistyped = write(&config(at, "daat"), &file, true, &es)
            .await
            .unwrap_err();
        assert!(mistyped.to_string().contains("--data"), "{mistyped}");
        fs::create_dir_all(at.join("bad/store")).unwrap();
        fs::write(at.join("bad/store/format"), "of nobody").unwrap();
        write(&config(at, "bad"), &file, true, &es)
            .await
            .unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(names(at), ["all.jsonl", "bad"]);

        store(at, "data").await;
        write(&config(at, "data"), &file, true, &es).await.unwrap();
        assert!(
            fs::read_to_string(&file)
                .unwrap()
                .contains("ventanilla-snapshot")
        );
        assert_eq!(names(at), ["all.jsonl", "bad", "data"]);
    }
}
