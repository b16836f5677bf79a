//! `ventanilla rollback`: the topic files as they were when they were last good.

use std::process::ExitCode;

use anyhow::{Context, bail};

use super::check;
use super::operator::{locale, said};
use super::options::Options;
use crate::catalog_watch::{self, KeptSet, KeptSets};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::ids::Lang;
use crate::ports::Clock;

/// Puts the topic files back as they were in one of the last good sets; without a version lists these. A running server takes them at once, and
/// has nothing to learn. What stood in the folder is kept in `replaced` in the data folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    /// Version of the set, or how it begins.
    version: Option<String>,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let lang = locale();
    check::must_be_folder(&config.intents, &lang)?;
    let told = match args.version {
        None => listed(&config, &lang),
        Some(version) => put_back(&config, &version, &lang)?,
    };
    println!("{told}");
    Ok(ExitCode::SUCCESS)
}

fn sets(config: &Config) -> KeptSets {
    KeptSets::at(config.data.join("topics"))
}

fn listed(config: &Config, lang: &Lang) -> String {
    let (there, _unread) = catalog_watch::read(&config.intents);
    let sets = sets(config);
    let line = |set: KeptSet| {
        let since = jiff::Timestamp::try_from(set.since).unwrap_or_default();
        let since = since.to_zoned(jiff::tz::TimeZone::system());
        let same = sets.read(&set.version).is_ok_and(|files| files == there);
        let here = said(lang, "  ← así está la carpeta", "  ← as the folder stands");
        let here = if same { here } else { "" };
        format!(
            "{}  {}{here}",
            set.version,
            since.strftime("%Y-%m-%d %H:%M")
        )
    };
    let lines: Vec<String> = sets.newest_first().into_iter().map(line).collect();
    if lines.is_empty() {
        let none = said(
            lang,
            "todavía no se guardó ninguna versión buena: las guarda `ventanilla serve`",
            "no good set has been kept yet: `ventanilla serve` keeps them",
        );
        return none.to_owned();
    }
    lines.join("\n")
}

fn put_back(config: &Config, version: &str, lang: &Lang) -> anyhow::Result<String> {
    let sets = sets(config);
    let mut fitting = sets.newest_first();
    fitting.retain(|set| set.version.starts_with(version));
    let [set] = &fitting[..] else {
        bail!(said(
            lang,
            format!(
                "«{version}» no es el comienzo de una sola versión; `ventanilla rollback` las lista"
            ),
            format!(
                "“{version}” is not how one version alone begins; `ventanilla rollback` lists them"
            ),
        ));
    };
    let files = sets
        .read(&set.version)
        .with_context(|| format!("while reading the set {}", set.version))?;
    let (there, _unread) = catalog_watch::read(&config.intents);
    let name = SystemClock.now().0.to_string();
    KeptSets::at(config.data.join("replaced"))
        .keep(&name, &there)
        .context("while keeping what stands in the folder")?;
    let changed = catalog_watch::put_back(&config.intents, &files)
        .with_context(|| format!("while writing to {}", config.intents.display()))?;
    let kept = config.data.join("replaced").join(format!("{name}.json"));
    let (version, kept) = (&set.version, kept.display());
    Ok(said(
        lang,
        format!("{version}: {changed} archivos cambiados; lo que había está en {kept}"),
        format!("{version}: {changed} files changed; what was there is in {kept}"),
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_folder_is_as_it_was_and_what_stood_there_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            data: folder.path().join("data"),
            intents: folder.path().join("intents"),
            ..Config::default()
        };
        let at = |name: &str| config.intents.join(name);
        fs::create_dir_all(at("use")).unwrap();
        fs::write(at("_assistant.yaml"), "name: M\n").unwrap();
        fs::write(at("use/a.yaml"), "topic: a\n").unwrap();
        let en = Lang::en();
        assert!(listed(&config, &en).contains("serve"));
        let (good, _) = catalog_watch::read(&config.intents);
        sets(&config).keep("5e7a", &good).unwrap();
        assert!(listed(&config, &en).contains("as the folder stands"));

        fs::write(at("use/a.yaml"), "topic: [").unwrap();
        fs::write(at("use/b.yaml"), "topic: b\n").unwrap();
        fs::remove_file(at("_assistant.yaml")).unwrap();
        fs::write(at("use/notes.md"), "ours").unwrap();
        let (bad, _) = catalog_watch::read(&config.intents);
        assert!(!listed(&config, &en).contains("as the folder stands"));
        assert!(put_back(&config, "6", &en).is_err());
        let told = put_back(&config, "5e", &en).unwrap();
        assert!(told.starts_with("5e7a: 3 files changed"), "{told}");

        assert_eq!(catalog_watch::read(&config.intents).0, good);
        assert!(at("use/notes.md").exists());
        let replaced = KeptSets::at(config.data.join("replaced"));
        let name = replaced.newest_first().remove(0).version;
        assert_eq!(replaced.read(&name).unwrap(), bad);
        assert!(put_back(&config, "5e7a", &en).unwrap().contains("0 files"));
    }

    #[test]
    fn nothing_is_written_while_somebody_publishes() {
        let folder = tempfile::tempdir().unwrap();
        let publishing = folder.path().join(catalog_watch::PUBLISHING);
        fs::write(&publishing, "{}").unwrap();
        fs::write(folder.path().join("a.yaml"), "a: 1\n").unwrap();
        let error = catalog_watch::put_back(folder.path(), &[]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
        assert!(folder.path().join("a.yaml").exists() && publishing.exists());
    }
}
