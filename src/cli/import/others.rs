//! `import rasa` and `import csv`: reads what is there, has it imported, writes the topic files and the report.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::super::operator::{locale, said};
use super::{must_be_new, write_new};
use crate::ids::Lang;
use crate::importing::{FILE_MAX, ImportFile, Imported, Note, Place, Refused, rasa, table};
use crate::topics::Bilingual;

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
            let (files, mut passed_over) = bot_files(dir, &reader)?;
            let imported = rasa::import(&files, into.lang.as_ref());
            let imported = imported.map(|mut imported| {
                imported.notes.append(&mut passed_over);
                imported
            });
            let imported = imported.map_err(|mut refused| {
                // An empty folder has no file to name.
                if refused.0.place.file.is_empty() {
                    refused.0.place.file = dir.display().to_string();
                }
                refused
            });
            (imported, into)
        }
        From::Csv {
            file,
            latin1,
            templates,
            into,
        } => {
            let bytes = read(file, &reader)?;
            let path = file.display().to_string();
            let imported = table::decode(&path, &bytes, *latin1).and_then(|text| {
                table::import(&ImportFile { path, text }, into.lang.as_ref(), *templates)
            });
            (imported, into)
        }
    };
    let imported = imported.map_err(|refused| told(&refused, &reader))?;
    must_be_new(&into.out, &reader)?;
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
            "{} ({answered} con respuesta) y {} en {shown}; {} por revisar, arriba. `ventanilla check {shown}` los repasa",
            counted(topics, "tema", "temas"),
            counted(examples, "ejemplo", "ejemplos"),
            counted(notes, "cosa", "cosas"),
        ),
        format!(
            "{} ({answered} with an answer) and {} in {shown}; {} to look over, above. `ventanilla check {shown}` reads them over",
            counted(topics, "topic", "topics"),
            counted(examples, "example", "examples"),
            counted(notes, "thing", "things"),
        ),
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
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
fn bot_files(dir: &Path, reader: &Lang) -> anyhow::Result<(Vec<ImportFile>, Vec<Note>)> {
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
    let mut found = Found::default();
    walk(dir, 0, reader, &mut found)?;
    let Found {
        mut paths,
        passed_over,
    } = found;
    paths.sort();
    let mut files = Vec::new();
    let mut bytes = 0;
    for path in paths {
        let content = read(&path, reader)?;
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
        let text = table::decode(&shown, &content, false).map_err(|mut refused| {
            // A bot has files in YAML, which is UTF-8: there is no option to read it otherwise.
            refused.0.remedy = Bilingual {
                es: "Guardarlo en UTF-8 con el editor y repetir la importación.".to_owned(),
                en: "Save it as UTF-8 with an editor and import again.".to_owned(),
            };
            told(&refused, reader)
        })?;
        files.push(ImportFile { path: shown, text });
    }
    Ok((files, passed_over))
}

/// What a folder holds.
#[derive(Default)]
struct Found {
    paths: Vec<PathBuf>,
    /// A note for each link, pipe or device that was not opened.
    passed_over: Vec<Note>,
}

fn passed_over(path: &Path) -> Note {
    Note {
        place: Place {
            file: path.display().to_string(),
            line: 1,
            column: 1,
        },
        code: "no_plain_file",
        message: Bilingual {
            es: "es un enlace, una tubería o un dispositivo, y no se abrió".to_owned(),
            en: "it is a link, a pipe or a device, and was not opened".to_owned(),
        },
        remedy: Bilingual {
            es: "Si es del bot: copiar el archivo en su lugar.".to_owned(),
            en: "If it is the bot's: copy the file to its place.".to_owned(),
        },
    }
}

fn walk(dir: &Path, depth: usize, reader: &Lang, found: &mut Found) -> anyhow::Result<()> {
    if depth > DEPTH_MAX {
        return Ok(());
    }
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", dir.display()))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if kind.is_dir() {
            if !NOT_THE_BOT.contains(&name.as_ref()) {
                walk(&path, depth + 1, reader, found)?;
            }
            continue;
        }
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let wanted = ["yml", "yaml", "md", "txt"];
        let readable = ending.as_ref().is_some_and(|ending| {
            // Of JSON only what Rasa 1 calls so is looked at, to tell that it is not imported.
            wanted.iter().any(|one| ending == one) || ending == "json" && name.contains("nlu")
        });
        // A pipe would be waited for without end, and a link leads out of the folder.
        if !kind.is_file() {
            if readable || kind.is_symlink() {
                found.passed_over.push(passed_over(&path));
            }
            continue;
        }
        if readable {
            if found.paths.len() >= FILES_MAX {
                let dir = dir.display();
                bail!(said(
                    reader,
                    format!("{dir}: hay más de {FILES_MAX} archivos; indicar la carpeta del bot"),
                    format!("{dir}: more than {FILES_MAX} files; name the bot's own folder"),
                ));
            }
            found.paths.push(path);
        }
    }
    Ok(())
}

/// A file's bytes, if it is no larger than what is imported.
fn read(path: &Path, reader: &Lang) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let size = fs::metadata(path)
        .with_context(|| format!("cannot read {shown}"))?
        .len();
    if size > FILE_MAX as u64 {
        let most = FILE_MAX >> 20;
        bail!(said(
            reader,
            format!(
                "{shown}:1:1: el archivo pasa de {most} MiB [file_too_large]\n    Partirlo en varios, o quitar lo que no es del bot."
            ),
            format!(
                "{shown}:1:1: the file is larger than {most} MiB [file_too_large]\n    Split it, or take out what is not the bot's."
            ),
        ));
    }
    fs::read(path).with_context(|| format!("cannot read {shown}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::cli::check;

    #[cfg(unix)]
    #[test]
    fn only_plain_files_are_opened_and_the_others_are_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("nlu.yml"), "nlu: []\n").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("out.md")).unwrap();
        // A socket is, like a pipe, no file to read.
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("x.yml")).unwrap();
        let (files, passed_over) = bot_files(folder.path(), &Lang::es()).unwrap();
        assert_eq!(files.len(), 1);
        let mut names: Vec<&str> = passed_over
            .iter()
            .filter_map(|note| note.place.file.rsplit('/').next())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["out.md", "x.yml"]);
    }

    #[test]
    fn what_is_refused_is_told_in_the_readers_language() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("nlu.yml");
        fs::write(&file, b"nlu: d\xf3nde\n").unwrap();
        let why = bot_files(folder.path(), &Lang::es())
            .unwrap_err()
            .to_string();
        assert!(
            why.contains("Guardarlo en UTF-8") && !why.contains("--latin1"),
            "{why}"
        );
        fs::File::create(&file)
            .unwrap()
            .set_len(FILE_MAX as u64 + 1)
            .unwrap();
        let why = read(&file, &Lang::es()).unwrap_err().to_string();
        assert!(why.contains("el archivo pasa de 8 MiB"), "{why}");
        assert_eq!(counted(1, "tema", "temas"), "1 tema");
    }

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
        let why = run(&from).unwrap_err().to_string();
        assert!(
            why.contains("not empty") || why.contains("no está vacía"),
            "{why}"
        );
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
