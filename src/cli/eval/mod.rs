//! `ventanilla eval`: how well the engine reads labelled utterances, a bot's own examples, or whole talks, by published protocols.

mod clocks;
mod opinions;
mod show;
mod talks;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use self::show::Table;
use super::operator::{locale, said};
use super::test;
use crate::understanding::Corpus;
use crate::understanding::Settings;
use crate::understanding::eval::{
    Clocks, Plan, Protocol, Row, Typos, cross_validate, evaluate, evaluate_shots, spreads,
};

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// JSON lines, each an object with "text", "intent" and "split" (or MASSIVE's "utt", "intent" and "partition"). With --cv: the folder of
    /// topic files.
    #[arg(required_unless_present_any = ["conversations", "cv", "opinions"])]
    file: Option<PathBuf>,
    /// How to score: `closed` has no out-of-scope rows; `clinc` picks a threshold on split `val` and scores intent `oos`.
    #[arg(long, value_enum, default_value_t = ProtocolArg::Closed)]
    protocol: ProtocolArg,
    /// With `clinc`: `oos` is learnt as one intent more, and the nearest intent counts.
    #[arg(long)]
    oos_train: bool,
    /// Split to learn from.
    #[arg(long, default_value = "train")]
    train_split: String,
    /// Split to score.
    #[arg(long, default_value = "test")]
    test_split: String,
    /// Learn only so many rows of each intent, picked at random, once for each seed.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    shots: Option<u16>,
    /// Seeds of --shots: 1 to N; their mean and spread are shown.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    seeds: u16,
    /// Misspell each scored row: so many random edits at letters.
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=50))]
    typos: u16,
    /// Seed of --typos.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Cross-validate the topic files: each example is read by an engine that learnt the other parts of N.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=20), conflicts_with_all = ["shots", "conversations"])]
    cv: Option<u8>,
    /// Play the talks of this file with the topic files: JSON lines with "id", "lang", "site", "turns", "expect", "also", "kind".
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "shots"])]
    conversations: Option<PathBuf>,
    /// Read the opinions of this file with what the server has learnt of opinions: JSON lines with "text", "kind" (positive, neutral, negative,
    /// still_stuck, suggestion, doubt, incident) and "lang".
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "shots", "conversations", "cv"])]
    opinions: Option<PathBuf>,
    /// Folder of topic files, for --cv and --conversations.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "intents",
        env = "VENTANILLA_INTENTS"
    )]
    intents: PathBuf,
    /// Without the built-in vectors of frequent words; a folder of topic files says so itself (`word_vectors: false` in `_assistant.yaml`).
    #[arg(long, conflicts_with_all = ["cv", "conversations"])]
    no_vectors: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProtocolArg {
    Closed,
    Clinc,
}

/// Measures, prints the figures.
///
/// # Errors
/// A file that cannot be read, a line that is not such an object (with its number), a split that is not there.
pub(super) fn run(args: &EvalArgs) -> anyhow::Result<()> {
    if let Some(file) = &args.conversations {
        return talks::run(file, &args.intents, args.json);
    }
    let began = Instant::now();
    let clocks = Clocks {
        wall: &|| began.elapsed(),
        cpu: &clocks::cpu,
    };
    let mut out = std::io::stdout().lock();
    if let Some(folds) = args.cv {
        let folder = args.file.as_ref().unwrap_or(&args.intents);
        let reader = locale();
        let Some((catalog, _)) = test::load(folder, &reader)? else {
            bail!(said(
                &reader,
                "los archivos de temas tienen errores",
                "the topic files have errors"
            ));
        };
        let report = cross_validate(&Corpus::from(&catalog), usize::from(folds), clocks)
            .with_context(|| format!("while evaluating {}", folder.display()))?;
        return print(&mut out, &report, args.json);
    }
    if let Some(file) = &args.opinions {
        return opinions::run(&mut out, &read_rows(file)?, args.json);
    }
    let Some(file) = &args.file else {
        bail!("no file was given");
    };
    let rows = read_rows(file)?;
    let plan = Plan {
        protocol: match args.protocol {
            ProtocolArg::Closed => Protocol::Closed,
            ProtocolArg::Clinc => Protocol::Clinc,
        },
        oos_train: args.oos_train,
        train_split: args.train_split.clone(),
        test_split: args.test_split.clone(),
        typos: (args.typos > 0).then_some(Typos {
            edits: usize::from(args.typos),
            seed: args.seed,
        }),
        settings: Settings {
            word_vectors: !args.no_vectors,
            ..Settings::default()
        },
    };
    let while_evaluating = || format!("while evaluating {}", file.display());
    match args.shots {
        None => {
            let report = evaluate(&rows, &plan, clocks).with_context(while_evaluating)?;
            print(&mut out, &report, args.json)
        }
        Some(shots) => {
            let reports = evaluate_shots(
                &rows,
                &plan,
                usize::from(shots),
                u64::from(args.seeds),
                clocks,
            )
            .with_context(while_evaluating)?;
            print(&mut out, &spreads(&reports), args.json)
        }
    }
}

/// One JSON object, or lines for people.
fn print<R: serde::Serialize + Table>(
    out: &mut impl Write,
    report: &R,
    json: bool,
) -> anyhow::Result<()> {
    if json {
        writeln!(out, "{}", serde_json::to_string(report)?)?;
    } else {
        out.write_all(report.table(&locale()).as_bytes())?;
    }
    Ok(())
}

fn read_rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    if path.is_dir() {
        bail!(
            "{} is a folder: add --cv 5 to cross-validate its topic files",
            path.display()
        );
    }
    read_lines(
        path,
        r#"not an object with the texts "text", "intent" and "split""#,
    )
}

/// The objects of a file of JSON lines.
fn read_lines<T: serde::de::DeserializeOwned>(path: &Path, wanted: &str) -> anyhow::Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let place = || format!("{}:{number}", path.display());
        let line = line.with_context(|| format!("{}: not UTF-8 text", place()))?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line).with_context(|| format!("{}: {wanted}", place()))?;
        rows.push(row);
    }
    if rows.is_empty() {
        bail!("{}: no rows", path.display());
    }
    Ok(rows)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn file(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    #[test]
    fn rows_are_read_and_faults_are_placed() {
        let good = r#"{"text":"hola","intent":"hi","split":"train"}"#;
        let (_folder, path) = file(&format!("{good}\n\n{good}\n"));
        assert_eq!(read_rows(&path).unwrap().len(), 2);
        let (_folder, path) = file(&format!("{good}\n{{\"text\":\"x\"}}\n"));
        let error = read_rows(&path).unwrap_err().to_string();
        assert!(error.contains("rows.jsonl:2:"), "{error}");
        let (folder, path) = file("\n");
        assert!(
            read_rows(&path)
                .unwrap_err()
                .to_string()
                .ends_with("no rows")
        );
        let told = read_rows(folder.path()).unwrap_err().to_string();
        assert!(told.contains("--cv 5"), "{told}");
        assert!(read_rows(Path::new("/nowhere.jsonl")).is_err());
    }
}
