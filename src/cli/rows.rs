//! Labelled utterances in files: CSV with a head line, or JSON lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::ids::Lang;

/// Faults of a file that are shown; more would scroll the first away.
const FAULTS_SHOWN: usize = 20;

/// What somebody wrote and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// The words.
    pub(super) text: String,
    /// The label; `label` and `category` are other names of the column.
    #[serde(alias = "label", alias = "category")]
    pub(super) intent: String,
    /// The language, where the file tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lang: Option<Lang>,
    /// The part of the data set, where the file tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) split: Option<String>,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Comma-separated, with a head line.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The format that a file's name tells.
    fn of(path: &Path) -> anyhow::Result<Self> {
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        match ending.as_deref().and_then(|ending| ending.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            _ => bail!(
                "{}: the name should end in .csv or .jsonl, so that the format is known",
                path.display()
            ),
        }
    }
}

/// Reads a file whole.
///
/// # Errors
/// Each line that is wrong, as `file:line: why`.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let format = Format::of(path)?;
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let found = match format {
        Format::Csv => from_csv(file),
        Format::Jsonl => from_jsonl(BufReader::new(file)),
    };
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for (line, row) in found {
        let row = row.and_then(|row: Row| {
            if row.text.trim().is_empty() {
                Err("the text is empty".to_owned())
            } else if row.intent.trim().is_empty() {
                Err("the intent is empty".to_owned())
            } else {
                Ok(row)
            }
        });
        match row {
            Ok(row) => rows.push(row),
            Err(why) => faults.push(format!("{}:{line}: {why}", path.display())),
        }
    }
    if !faults.is_empty() {
        let more = faults.len().saturating_sub(FAULTS_SHOWN);
        faults.truncate(FAULTS_SHOWN);
        if more > 0 {
            faults.push(format!("and {more} more"));
        }
        bail!("nothing was taken\n{}", faults.join("\n"));
    }
    if rows.is_empty() {
        bail!("{} has no rows", path.display());
    }
    Ok(rows)
}

/// A line number, 1-based, and what stands there.
type Found = (u64, Result<Row, String>);

fn from_csv(file: impl Read) -> Vec<Found> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let head = match reader.headers() {
        Ok(head) => head.clone(),
        Err(why) => return vec![(1, Err(csv_fault(&why)))],
    };
    let has = |names: &[&str]| head.iter().any(|column| names.contains(&column));
    if !has(&["text"]) || !has(&["intent", "label", "category"]) {
        let columns: Vec<&str> = head.iter().collect();
        let why = format!(
            "the head line needs the columns text and intent; it has {}",
            columns.join(", ")
        );
        return vec![(1, Err(why))];
    }
    let mut found = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return found,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                let row = record.deserialize(Some(&head));
                found.push((line, row.map_err(|why| csv_fault(&why))));
            }
            Err(why) => {
                let line = why.position().map_or(0, csv::Position::line);
                found.push((line, Err(csv_fault(&why))));
                // Bytes that are no UTF-8 spoil one record; anything else may spoil the rest.
                if !matches!(why.kind(), csv::ErrorKind::Utf8 { .. }) {
                    return found;
                }
            }
        }
    }
}

fn csv_fault(why: &csv::Error) -> String {
    match why.kind() {
        csv::ErrorKind::Utf8 { .. } => "not UTF-8: save the file as UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "{len} fields, and the head line has {expected_len}: is a quote or a comma missing?"
        ),
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => why.to_string(),
    }
}

fn from_jsonl(file: impl BufRead) -> Vec<Found> {
    let mut found = Vec::new();
    for (line, text) in (1_u64..).zip(file.lines()) {
        match text {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => {
                let row = serde_json::from_str(&text).map_err(|why| json_fault(&why));
                found.push((line, row));
            }
            Err(why) => {
                found.push((line, Err(why.to_string())));
                return found;
            }
        }
    }
    found
}

/// serde_json tells a line and column of its own, and each row is one line: only the column is news.
fn json_fault(why: &serde_json::Error) -> String {
    let text = why.to_string();
    match text.split_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} (column {column})"),
        None => text,
    }
}

/// Writes rows.
///
/// # Errors
/// When they cannot be written.
pub(super) fn write(rows: &[Row], format: Format, mut out: impl Write) -> anyhow::Result<()> {
    match format {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(["text", "intent", "lang", "split"])?;
            for row in rows {
                let lang = row.lang.as_ref().map_or("", Lang::as_str);
                let split = row.split.as_deref().unwrap_or_default();
                writer.write_record([&row.text, &row.intent, lang, split])?;
            }
            writer.flush()?;
        }
        Format::Jsonl => {
            for row in rows {
                serde_json::to_writer(&mut out, row)?;
                writeln!(out)?;
            }
            out.flush()?;
        }
    }
    Ok(())
}

/// Rows of a split; a row that names none belongs to every one.
///
/// # Errors
/// When none is left; the splits that are there are named.
pub(super) fn of_split(rows: Vec<Row>, split: &str, path: &Path) -> anyhow::Result<Vec<Row>> {
    let mut there: Vec<String> = rows.iter().filter_map(|row| row.split.clone()).collect();
    there.sort_unstable();
    there.dedup();
    let rows: Vec<Row> = rows
        .into_iter()
        .filter(|row| row.split.as_deref().is_none_or(|own| own == split))
        .collect();
    if rows.is_empty() {
        bail!(
            "{} has no rows of split {split}; it has {}",
            path.display(),
            there.join(", ")
        );
    }
    Ok(rows)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    /// What comes out of a file with this ending and content.
    fn reading(ending: &str, content: &[u8]) -> anyhow::Result<Vec<Row>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("rows.{ending}"));
        std::fs::write(&path, content).unwrap();
        read(&path).map_err(|why| {
            let folder = format!("{}/", folder.path().display());
            anyhow::anyhow!(format!("{why:#}").replace(&folder, ""))
        })
    }

    fn row(text: &str, intent: &str) -> Row {
        Row {
            text: text.into(),
            intent: intent.into(),
            lang: None,
            split: None,
        }
    }

    #[test]
    fn both_formats_say_the_same() {
        let csv = reading(
            "csv",
            "text,intent,lang,split\n\"¿Dónde, \"\"ahora\"\"?\",lost,es,train\nhola,hi,,\n"
                .as_bytes(),
        );
        let jsonl = reading(
            "jsonl",
            "{\"text\":\"¿Dónde, \\\"ahora\\\"?\",\"intent\":\"lost\",\"lang\":\"es\",\"split\":\"train\"}\n\n{\"text\":\"hola\",\"label\":\"hi\"}\n"
                .as_bytes(),
        );
        let csv = csv.unwrap();
        assert_eq!(csv[0].text, "¿Dónde, \"ahora\"?");
        assert_eq!(csv[1], row("hola", "hi"));
        assert_eq!(csv, jsonl.unwrap());
    }

    #[test]
    fn every_fault_has_its_line() {
        let faults = |ending: &str, content: &[u8]| {
            let told = reading(ending, content).unwrap_err().to_string();
            told.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            faults("csv", b"text,intent\nhi,a\n,b\nho,\n"),
            [
                "rows.csv:3: the text is empty",
                "rows.csv:4: the intent is empty"
            ]
        );
        assert_eq!(
            faults("csv", b"text,intent\nhi,a,b\n"),
            ["rows.csv:2: 3 fields, and the head line has 2: is a quote or a comma missing?"]
        );
        assert_eq!(
            faults("csv", b"phrase,intent\nhi,a\n"),
            ["rows.csv:1: the head line needs the columns text and intent; it has phrase, intent"]
        );
        assert_eq!(
            faults("csv", b"text,intent\n\xff,a\nhi,a\n"),
            ["rows.csv:2: not UTF-8: save the file as UTF-8"]
        );
        assert_eq!(
            faults(
                "jsonl",
                b"{\"text\":\"hi\",\"intent\":\"a\"}\n{\"text\":\"hi\"}\n[1\n"
            ),
            [
                "rows.jsonl:2: missing field `intent` (column 13)",
                "rows.jsonl:3: invalid type: integer `1`, expected a string (column 2)"
            ]
        );
    }

    #[test]
    fn an_unknown_ending_and_an_empty_file_are_refused() {
        assert!(
            reading("txt", b"hi")
                .unwrap_err()
                .to_string()
                .contains(".csv or .jsonl")
        );
        assert_eq!(
            reading("csv", b"text,intent\n").unwrap_err().to_string(),
            "rows.csv has no rows"
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rows = vec![
            Row {
                lang: Some(Lang::es()),
                split: Some("train".into()),
                ..row("a, \"b\"\nñ", "x")
            },
            row(" # {}", "y"),
        ];
        for (format, ending) in [(Format::Csv, "csv"), (Format::Jsonl, "jsonl")] {
            let mut out = Vec::new();
            write(&rows, format, &mut out).unwrap();
            let again = reading(ending, &out).unwrap();
            assert_eq!(again[0], rows[0]);
            assert_eq!(again[1].text.trim(), "# {}");
        }
    }

    #[test]
    fn a_split_is_picked_or_the_others_are_named() {
        let of = |split: Option<&str>| Row {
            split: split.map(str::to_owned),
            ..row("hi", "a")
        };
        let rows = vec![of(Some("train")), of(Some("test")), of(None)];
        let path = Path::new("rows.csv");
        assert_eq!(of_split(rows.clone(), "train", path).unwrap().len(), 2);
        let why = of_split(rows[..2].to_vec(), "val", path).unwrap_err();
        assert_eq!(
            why.to_string(),
            "rows.csv has no rows of split val; it has test, train"
        );
    }
}
