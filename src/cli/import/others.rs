//! `import rasa` and `import csv`: reads what is there, has it imported, writes the topic files and the report.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::super::operator::{locale, said};
use super::{must_be_new, write_new};
use crate::ids::Lang;
use crate::importing::{FILE_MAX, ImportFile, Imported, Refused, rasa, table};

/// Where topics come from, other than labelled utterances.
#[derive(Debug, Clone, clap::Subcommand)]
pub(super) enum From {
    /// A Rasa bot (versions 1 to 3): the folder with domain.yml and data/.
    Rasa {
        /// The bot's folder.
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        #[command(flatten)]
        into: Into,
    },
    /// A table with the columns example and intent, or question and answer; lang may be a third.
    Csv {
        /// The table.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The file is in the encoding of Windows and old spreadsheets (Windows-1252, Latin-1).
        #[arg(long)]
        latin1: bool,
        /// `[optional]`, `(this|that)` and `{slot}` in the examples mean what they mean in topic files; else these signs are taken out.
        #[arg(long)]
        templates: bool,
        #[command(flatten)]
        into: Into,
    },
}

/// What every import needs to know.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Into {
    /// Folder to make; it must not exist or be empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Language of what does not tell its own. When not given: Spanish or English, whichever most of it is in.
    #[arg(long)]
    lang: Option<Lang>,
    /// The report as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// What is refused, with its place and remedy; a folder that is not empty; what cannot be read or written.
pub(super) fn run(from: &From) -> anyhow::Result<ExitCode> {
    let reader = locale();
    let (imported, into) = match from {
        From::Rasa { dir, into } => {
            let files = bot_files(dir, &reader)?;
            (rasa::import(&files, into.lang.as_ref()), into)
        }
        From::Csv {
            file,
            latin1,
            templates,
            into,
        } => {
            let bytes = read(file)?;
            let path = file.display().to_string();
            let imported = table::decode(&path, &bytes, *latin1).and_then(|text| {
                table::import(&ImportFile { path, text }, into.lang.as_ref(), *templates)
            });
            (imported, into)
        }
    };
    let imported = imported.map_err(|refused| told(&refused, &reader))?;
    must_be_new(&into.out)?;
    for file in &imported.files {
        write_new(&into.out.join(&file.path), &file.text)?;
    }
    let out = &mut std::io::stdout().lock();
    if into.json {
        let object = serde_json::json!({
            "topics": imported.topics,
            "answered": imported.answered,
            "examples": imported.examples,
            "notes": imported.notes,
        });
        serde_json::to_writer_pretty(&mut *out, &object)?;
        writeln!(out)?;
    } else {
        for note in &imported.notes {
            writeln!(out, "{}", note.shown_in(&reader))?;
        }
        writeln!(out, "{}", summary(&imported, &into.out, &reader))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(refused: &Refused, reader: &Lang) -> anyhow::Error {
    anyhow::anyhow!(refused.0.shown_in(reader))
}

fn summary(imported: &Imported, out: &Path, reader: &Lang) -> String {
    let (topics, answered, examples, notes, shown) = (
        imported.topics,
        imported.answered,
        imported.examples,
        imported.notes.len(),
        out.display(),
    );
    said(
        reader,
        format!(
            "{topics} temas ({answered} con respuesta) y {examples} ejemplos en {shown}; {notes} cosas por revisar, arriba. `ventanilla check {shown}` los repasa"
        ),
        format!(
            "{topics} topics ({answered} with an answer) and {examples} examples in {shown}; {notes} things to look over, above. `ventanilla check {shown}` reads them over"
        ),
    )
}

/// Folders of a bot that hold no part of it.
const NOT_THE_BOT: [&str; 9] = [
    "tests",
    "test",
    "models",
    "results",
    "node_modules",
    "venv",
    "env",
    "e2e_coverage_results",
    "__pycache__",
];
/// Most files, and most bytes of all together.
const FILES_MAX: usize = 2_000;
const BYTES_MAX: usize = 64 << 20;
/// Deepest folder.
const DEPTH_MAX: usize = 12;

/// Every YAML, Markdown and text file below a folder, by path. Links are not followed.
fn bot_files(dir: &Path, reader: &Lang) -> anyhow::Result<Vec<ImportFile>> {
    if !dir.is_dir() {
        bail!(said(
            reader,
            format!(
                "no hay ninguna carpeta {}: hay que indicar la del bot",
                dir.display()
            ),
            format!("there is no folder {}: name the bot's", dir.display()),
        ));
    }
    let mut paths = Vec::new();
    walk(dir, 0, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    let mut bytes = 0;
    for path in paths {
        let content = read(&path)?;
        bytes += content.len();
        if bytes > BYTES_MAX {
            bail!(said(
                reader,
                format!(
                    "la carpeta pasa de {} MiB: hay que indicar la del bot",
                    BYTES_MAX >> 20
                ),
                format!(
                    "the folder is larger than {} MiB: name the bot's",
                    BYTES_MAX >> 20
                ),
            ));
        }
        let shown = path.display().to_string();
        let text =
            table::decode(&shown, &content, false).map_err(|refused| told(&refused, reader))?;
        files.push(ImportFile { path: shown, text });
    }
    Ok(files)
}

fn walk(dir: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if depth > DEPTH_MAX {
        return Ok(());
    }
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", dir.display()))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        let path = entry.path();
        if kind.is_dir() {
            if !NOT_THE_BOT.contains(&name.as_ref()) {
                walk(&path, depth + 1, paths)?;
            }
            continue;
        }
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let wanted = ["yml", "yaml", "md", "txt"];
        if ending.is_some_and(|ending| wanted.iter().any(|one| ending == *one)) {
            if paths.len() >= FILES_MAX {
                bail!(
                    "{}: more than {FILES_MAX} files; name the bot's own folder",
                    dir.display()
                );
            }
            paths.push(path);
        }
    }
    Ok(())
}

/// A file's bytes, if it is no larger than what is imported.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let size = fs::metadata(path)
        .with_context(|| format!("cannot read {shown}"))?
        .len();
    if size > FILE_MAX as u64 {
        bail!(
            "{shown}:1:1: the file is larger than {} MiB [file_too_large]\n    Split it, or take out what is not the bot's.",
            FILE_MAX >> 20
        );
    }
    fs::read(path).with_context(|| format!("cannot read {shown}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::cli::check;

    #[test]
    fn a_folder_is_read_and_topic_files_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let bot = folder.path().join("bot");
        fs::create_dir_all(bot.join("data")).unwrap();
        fs::create_dir_all(bot.join("tests")).unwrap();
        fs::create_dir_all(bot.join(".git")).unwrap();
        let nlu = "nlu:\n- intent: greet\n  examples: |\n    - hola\n    - buenas\n- intent: hours\n  examples: |\n    - qué horario tienen\n    - a qué hora abren\n";
        fs::write(bot.join("data/nlu.yml"), nlu).unwrap();
        fs::write(
            bot.join("domain.yml"),
            "responses:\n  utter_greet:\n  - text: ¡Hola!\n",
        )
        .unwrap();
        fs::write(bot.join("tests/test.yml"), "nlu: [*x]\n").unwrap();
        fs::write(bot.join(".git/x.yml"), "nlu: [*x]\n").unwrap();
        let out = folder.path().join("topics");
        let into = Into {
            out: out.clone(),
            lang: None,
            json: false,
        };
        let from = From::Rasa {
            dir: bot.clone(),
            into: into.clone(),
        };
        run(&from).unwrap();
        let checked = check::read(&out);
        assert_eq!(checked.catalog.unwrap().topics.len(), 2);
        assert!(run(&from).unwrap_err().to_string().contains("not empty"));
        fs::write(bot.join("data/more.yml"), "nlu: &a [*a]\n").unwrap();
        let why = run(&From::Rasa {
            dir: bot,
            into: Into {
                out: folder.path().join("other"),
                ..into
            },
        });
        let why = why.unwrap_err().to_string();
        assert!(
            why.contains("more.yml:1:") && why.contains("[yaml_alias]"),
            "{why}"
        );
        assert!(!folder.path().join("other").exists());
    }
}
