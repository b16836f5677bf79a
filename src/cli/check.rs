//! `ventanilla check`: reads the folder as the server does and prints each problem with its place and remedy.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::operator::{locale, said};
use crate::catalog_watch;
use crate::ids::Lang;
use crate::topics::{self, Around, Checked, Problem, Severity};

/// Reads the topic files and names every problem.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder of topic files.
    #[arg(
        value_name = "DIR",
        default_value = "intents",
        env = "VENTANILLA_INTENTS"
    )]
    dir: PathBuf,
    /// Language of the messages: es or en. The locale's when not given.
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
    /// Warnings count as errors.
    #[arg(long)]
    strict: bool,
    /// The day by which `review_by` is judged, as 2027-03-01; today when not given.
    #[arg(long, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
}

/// Runs the command: exit code 1 with an error, or with a warning under `--strict`.
///
/// # Errors
/// When there is no such folder, or the result cannot be printed.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let lang = args.lang.clone().unwrap_or_else(locale);
    must_be_folder(&args.dir, &lang)?;
    let today = args.today.unwrap_or_else(|| jiff::Zoned::now().date());
    let checked = read_on(&args.dir, today);
    let errors = checked.count(Severity::Error);
    let warnings = checked.count(Severity::Warning);
    let out = &mut std::io::stdout().lock();
    let printed = if args.json {
        json(out, &checked, errors, warnings)
    } else {
        lines(out, &checked.problems, &lang).and_then(|()| {
            let topics = checked.catalog.as_ref().map(|catalog| catalog.topics.len());
            writeln!(out, "{}", summary(topics, errors, warnings, &lang))
        })
    };
    printed.context("the result could not be printed")?;
    let failed = errors > 0 || (args.strict && warnings > 0);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The folder's catalogue and problems today; files are named as the shell would open them.
pub(super) fn read(dir: &Path) -> Checked {
    read_on(dir, jiff::Zoned::now().date())
}

fn read_on(dir: &Path, today: jiff::civil::Date) -> Checked {
    let (files, unread) = catalog_watch::read(dir);
    let around = Around {
        env: &|name| std::env::var(name).ok(),
        today: Some(today),
    };
    let mut checked = topics::check(&files, &around);
    if !unread.is_empty() {
        checked.catalog = None;
        checked.problems.splice(0..0, unread);
    }
    for problem in &mut checked.problems {
        problem.file = dir.join(&problem.file).display().to_string();
    }
    checked
}

/// Refuses what is no folder, before its absence becomes three problems of files that nobody has written.
///
/// # Errors
/// What is there in its place, and what to do.
pub(super) fn must_be_folder(dir: &Path, lang: &Lang) -> anyhow::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let shown = dir.display();
    if dir.exists() {
        bail!(said(
            lang,
            format!(
                "{shown} es un archivo; los temas se leen por carpeta: hay que indicar la que lo contiene, por ejemplo `intents`"
            ),
            format!(
                "{shown} is a file; topics are read by the folder: name the one that holds it, for example `intents`"
            ),
        ));
    }
    bail!(said(
        lang,
        format!(
            "no hay ninguna carpeta {shown}; hay que indicar la de los archivos de temas, por ejemplo `intents`, en la orden o en VENTANILLA_INTENTS"
        ),
        format!(
            "there is no folder {shown}; name the one with the topic files, for example `intents`, in the command or in VENTANILLA_INTENTS"
        ),
    ))
}

/// One problem after the other.
pub(super) fn lines(
    out: &mut impl Write,
    problems: &[Problem],
    lang: &Lang,
) -> std::io::Result<()> {
    for problem in problems {
        writeln!(out, "{}", problem.shown_in(lang))?;
    }
    Ok(())
}

fn json(
    out: &mut impl Write,
    checked: &Checked,
    errors: usize,
    warnings: usize,
) -> std::io::Result<()> {
    let object = serde_json::json!({
        "errors": errors,
        "warnings": warnings,
        "version": checked.catalog.as_ref().map(|catalog| &catalog.version),
        "topics": checked.catalog.as_ref().map(|catalog| catalog.topics.len()),
        "problems": checked.problems,
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn summary(topics: Option<usize>, errors: usize, warnings: usize, lang: &Lang) -> String {
    let spanish = lang.base() == Lang::es();
    let counted = |count: usize, one: &str, more: &str| {
        let word = if count == 1 { one } else { more };
        format!("{count} {word}")
    };
    let (errors, warnings) = if spanish {
        (
            counted(errors, "error", "errores"),
            counted(warnings, "advertencia", "advertencias"),
        )
    } else {
        (
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings"),
        )
    };
    match topics {
        Some(topics) if spanish => {
            let topics = counted(topics, "tema", "temas");
            format!("{topics}, {errors}, {warnings}")
        }
        Some(topics) => format!(
            "{}, {errors}, {warnings}",
            counted(topics, "topic", "topics")
        ),
        None => format!("{errors}, {warnings}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_printed_with_its_place_and_remedy() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("hola.yaml"),
            "topic: hola\nexmples: {}\n",
        )
        .unwrap();
        let checked = read(folder.path());
        let mut out = Vec::new();
        lines(&mut out, &checked.problems, &Lang::es()).unwrap();
        let out = String::from_utf8(out).unwrap();
        let line = format!(
            "{}:2:1: error: la clave `exmples` no existe aquí [unknown_key]\n    Usar `examples`.\n",
            folder.path().join("hola.yaml").display()
        );
        assert!(out.contains(&line), "{out}");
        assert!(checked.catalog.is_none());
    }

    #[test]
    fn the_day_of_the_review_is_an_argument() {
        let folder = tempfile::tempdir().unwrap();
        let topic = "topic: hola\ntitle: {es: Hola}\nexamples: {es: \"hola\"}\nsteps: [{say: {es: Hola}}]\nreview_by: 2027-03-01\ntests: []\n";
        std::fs::write(folder.path().join("hola.yaml"), topic).unwrap();
        let past = |today: &str| {
            let checked = read_on(folder.path(), today.parse().unwrap());
            checked
                .problems
                .iter()
                .any(|problem| problem.code == "review_past")
        };
        assert!(!past("2027-03-01"));
        assert!(past("2027-03-02"));
    }

    #[test]
    fn what_is_no_folder_is_one_clear_line() {
        let folder = tempfile::tempdir().unwrap();
        must_be_folder(folder.path(), &Lang::es()).unwrap();
        let told = |path: &Path, lang| must_be_folder(path, &lang).unwrap_err().to_string();
        let missing = told(&folder.path().join("nope"), Lang::es());
        assert!(
            missing.starts_with("no hay ninguna carpeta ")
                && missing.contains("VENTANILLA_INTENTS"),
            "{missing}"
        );
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, "").unwrap();
        let file = told(&file, Lang::en());
        assert!(file.contains("is a file"), "{file}");
    }

    #[test]
    fn the_summary_counts() {
        assert_eq!(
            summary(Some(1), 0, 2, &Lang::es()),
            "1 tema, 0 errores, 2 advertencias"
        );
        assert_eq!(summary(None, 1, 0, &Lang::en()), "1 error, 0 warnings");
    }
}
