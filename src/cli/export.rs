//! `ventanilla export`: every example of the topic files as labelled utterances.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use super::check;
use super::operator::{locale, said};
use super::rows::{self, Format, Row};
use crate::topics::{Catalog, Severity};

/// Writes every example of the topic files as labelled utterances: text, intent, lang, split.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Folder of topic files.
    #[arg(
        value_name = "DIR",
        default_value = "intents",
        env = "VENTANILLA_INTENTS"
    )]
    dir: PathBuf,
    /// How to write them.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// File to make; the terminal when not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let lang = locale();
    check::must_be_folder(&args.dir, &lang)?;
    let mut checked = check::read(&args.dir);
    checked
        .problems
        .retain(|problem| problem.severity == Severity::Error);
    let Some(catalog) = checked.catalog else {
        check::lines(&mut io::stderr().lock(), &checked.problems, &lang)?;
        return Ok(ExitCode::FAILURE);
    };
    let rows = rows_of(&catalog);
    match &args.out {
        None => rows::write(&rows, args.format, io::stdout().lock())?,
        Some(path) => {
            let file = fs::File::create_new(path)
                .with_context(|| format!("cannot make {}", path.display()))?;
            rows::write(&rows, args.format, BufWriter::new(file))?;
            let (examples, topics, shown) = (rows.len(), catalog.topics.len(), path.display());
            writeln!(
                io::stdout().lock(),
                "{}",
                said(
                    &lang,
                    format!("{examples} ejemplos de {topics} temas en {shown}"),
                    format!("{examples} examples of {topics} topics in {shown}"),
                )
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Examples in the order of topic, language and file. Templates stay as written: `import --templates` reads them again.
pub(super) fn rows_of(catalog: &Catalog) -> Vec<Row> {
    let examples = catalog.topics.values().flat_map(|topic| {
        topic.examples.iter().flat_map(move |(lang, lines)| {
            lines.iter().map(move |line| Row {
                text: line.clone(),
                intent: topic.id.as_str().to_owned(),
                lang: Some(lang.clone()),
                split: Some("train".to_owned()),
            })
        })
    });
    examples.collect()
}
