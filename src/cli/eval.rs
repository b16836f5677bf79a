//! `ventanilla eval FILE.jsonl`: how well the engine reads labelled utterances, by a published protocol.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::understanding::eval::{Protocol, Report, Row, evaluate};

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// JSON lines, each an object with "text", "intent" and "split".
    file: PathBuf,
    /// How to score: `closed` has no out-of-scope rows; `clinc` picks a threshold on split `val` and scores intent `oos`.
    #[arg(long, value_enum, default_value_t = ProtocolArg::Closed)]
    protocol: ProtocolArg,
    /// Split to learn from.
    #[arg(long, default_value = "train")]
    train_split: String,
    /// Split to score.
    #[arg(long, default_value = "test")]
    test_split: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProtocolArg {
    Closed,
    Clinc,
}

/// Trains on one split of the file, scores another, prints the figures.
///
/// # Errors
/// A file that cannot be read, a line that is not such an object (with its number), a split that is not there.
pub(super) fn run(args: &EvalArgs) -> anyhow::Result<()> {
    let rows = read_rows(&args.file)?;
    let protocol = match args.protocol {
        ProtocolArg::Closed => Protocol::Closed,
        ProtocolArg::Clinc => Protocol::Clinc,
    };
    let began = Instant::now();
    let clock = || began.elapsed();
    let report = evaluate(&rows, protocol, &args.train_split, &args.test_split, &clock)
        .with_context(|| format!("while evaluating {}", args.file.display()))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        out.write_all(table(&report).as_bytes())?;
    }
    Ok(())
}

fn read_rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    let file = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let place = || format!("{}:{number}", path.display());
        let line = line.with_context(|| format!("{}: not UTF-8 text", place()))?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line).with_context(|| {
            format!(
                r#"{}: not an object with the texts "text", "intent" and "split""#,
                place()
            )
        })?;
        rows.push(row);
    }
    if rows.is_empty() {
        bail!("{}: no rows", path.display());
    }
    Ok(rows)
}

fn table(report: &Report) -> String {
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let product = &report.product;
    let mut lines = vec![("accuracy, nothing declined", percent(report.accuracy))];
    let optional = [
        ("in scope, at the threshold", report.in_scope_accuracy),
        ("out-of-scope recall", report.oos_recall),
        ("all rows", report.all_accuracy),
        ("AUROC", report.auroc),
        ("in scope, accepting 95 %", report.in_scope_accuracy_at_95),
        ("out-of-scope recall there", report.oos_recall_at_95),
    ];
    lines.extend(
        optional
            .into_iter()
            .filter_map(|(name, share)| Some((name, percent(share?)))),
    );
    lines.extend([
        ("answered rightly", percent(product.answered_right)),
        ("answered wrongly", percent(product.answered_wrong)),
        ("asked, the right one offered", percent(product.asked_right)),
        ("asked in vain", percent(product.asked_wrong)),
        ("declined", percent(product.declined)),
        (
            "training",
            format!(
                "{:.2} s for {} rows",
                report.train_seconds, report.train_rows
            ),
        ),
        (
            "a message, median and p99",
            format!("{:.0} and {:.0} µs", report.micros_p50, report.micros_p99),
        ),
        (
            "model",
            format!("{:.1} MB", report.model_bytes as f64 / 1e6),
        ),
        ("rows scored", report.test_rows.to_string()),
    ]);
    lines
        .into_iter()
        .map(|(name, value)| format!("{name:<30} {value}\n"))
        .collect()
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
        let (_folder, path) = file("\n");
        assert!(
            read_rows(&path)
                .unwrap_err()
                .to_string()
                .ends_with("no rows")
        );
        assert!(read_rows(Path::new("/nowhere.jsonl")).is_err());
    }
}
