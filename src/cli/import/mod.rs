//! `ventanilla import`: topic files from labelled utterances, one topic a label, ready for `serve --intents`; from a Rasa bot; from a table.

mod others;
mod topic;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::operator::{locale, said};
use super::rows::{self, Row};
use crate::ids::{Lang, TopicId};
use crate::importing::{company, label};
use topic::NewTopic;

/// Makes topic files from labelled utterances (CSV or JSON lines with text, intent and, where known, lang and split).
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    from: Option<others::From>,
    /// File that ends in .csv or .jsonl.
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// Folder to make; it must not exist or be empty.
    #[arg(long, value_name = "DIR", required = true)]
    out: Option<PathBuf>,
    /// Language of rows that do not tell theirs. When not given: Spanish or English, whichever most of them are in.
    #[arg(long)]
    lang: Option<Lang>,
    /// Rows of this split are taken, and those that name none.
    #[arg(long, default_value = "train")]
    split: String,
    /// Every message gets its nearest topic: nothing is declined and nothing asked back. For measuring; a real company's visitors also say what no topic is about.
    #[arg(long)]
    closed: bool,
    /// `[optional]`, `(this|that)` and `{slot}` in the texts mean what they mean in topic files; else these signs are taken out.
    #[arg(long)]
    templates: bool,
    /// Also writes which answer belongs to which label, for `ventanilla load`.
    #[arg(long, value_name = "FILE")]
    label_map: Option<PathBuf>,
}

/// Which answer belongs to which label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LabelMap {
    /// Labels as they stand in the rows.
    pub(super) labels: BTreeMap<String, LabelAnswer>,
}

/// How a label's topic answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LabelAnswer {
    /// The topic.
    pub(super) topic: TopicId,
    /// Its answer as visitors read it, in each language. No two labels share one.
    pub(super) answers: BTreeMap<Lang, String>,
    /// What its button says, when the assistant asks which topic is meant.
    pub(super) title: String,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(from) = &args.from {
        return others::run(from);
    }
    let (Some(file), Some(folder)) = (&args.file, &args.out) else {
        bail!("a file and --out are needed");
    };
    let rows = rows::of_split(rows::read(file)?, &args.split, file)?;
    let reader = locale();
    let untold = rows.iter().filter(|row| row.lang.is_none()).count();
    let lang = args.lang.clone().unwrap_or_else(|| likely(&rows, &reader));
    let import = Import::of(&rows, &lang, args.templates);
    must_be_new(folder, &reader)?;
    for (name, text) in import.files(args.closed) {
        let path = folder.join(name);
        write_new(&path, &text)?;
    }
    if let Some(path) = &args.label_map {
        let map = serde_json::to_string_pretty(&import.label_map())?;
        write_new(path, &format!("{map}\n"))?;
    }
    let out = &mut std::io::stdout().lock();
    for note in &import.notes {
        writeln!(out, "{note}")?;
    }
    if untold > 0 {
        writeln!(
            out,
            "{}",
            said(
                &reader,
                format!(
                    "{untold} filas no dicen su idioma: se toman como «{lang}» (--lang lo cambia)"
                ),
                format!(
                    "{untold} rows do not tell their language: they are taken as “{lang}” (--lang changes it)"
                ),
            )
        )?;
    }
    let (topics, rows, shown) = (import.topics.len(), rows.len(), folder.display());
    writeln!(
        out,
        "{}",
        said(
            &reader,
            format!(
                "{topics} temas de {rows} filas en {shown}; `ventanilla check {shown}` los repasa"
            ),
            format!(
                "{topics} topics from {rows} rows in {shown}; `ventanilla check {shown}` reads them over"
            ),
        )
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Spanish or English, whichever most rows that do not tell theirs are in, or else most of all; the reader's own when that does not decide.
fn likely(rows: &[Row], reader: &Lang) -> Lang {
    let untold: Vec<&Row> = rows.iter().filter(|row| row.lang.is_none()).collect();
    let (mut es, mut en) = (0_usize, 0_usize);
    if untold.is_empty() {
        for lang in rows.iter().filter_map(|row| row.lang.as_ref()) {
            es += usize::from(lang.base() == Lang::es());
            en += usize::from(lang.base() == Lang::en());
        }
    }
    for row in untold {
        match whichlang::detect_language(&row.text) {
            whichlang::Lang::Spa => es += 1,
            whichlang::Lang::Eng => en += 1,
            _ => {}
        }
    }
    match es.cmp(&en) {
        std::cmp::Ordering::Greater => Lang::es(),
        std::cmp::Ordering::Less => Lang::en(),
        std::cmp::Ordering::Equal => reader.clone(),
    }
}

/// What rows become.
#[derive(Debug)]
struct Import {
    topics: Vec<NewTopic>,
    /// The first is the default.
    languages: Vec<Lang>,
    /// What was changed or left out, for whoever imports.
    notes: Vec<String>,
}

impl Import {
    fn of(rows: &[Row], default: &Lang, templates: bool) -> Self {
        let mut languages = vec![default.clone()];
        let mut by_label: BTreeMap<&str, BTreeMap<Lang, Vec<String>>> = BTreeMap::new();
        let mut owner: HashMap<(Lang, String), &str> = HashMap::new();
        let mut notes = Vec::new();
        let mut signs = 0_usize;
        for row in rows {
            let lang = row.lang.as_ref().unwrap_or(default).clone();
            let mut text = label::one_line(&row.text);
            if !templates {
                let plain = label::without_signs(&text);
                signs += usize::from(plain != text);
                text = plain;
            }
            let label = row.intent.trim();
            if !text.chars().any(char::is_alphanumeric) {
                notes.push(format!("left out, no words: {:?} ({label})", row.text));
                continue;
            }
            // Two topics may not share an example: the catalogue would be refused, and nobody could tell which is meant.
            let first = *owner
                .entry((lang.base(), label::compared(&text)))
                .or_insert(label);
            if first != label {
                notes.push(format!(
                    "left out, already an example of {first}: {text:?} ({label})"
                ));
                continue;
            }
            if !languages.contains(&lang) {
                languages.push(lang.clone());
            }
            by_label
                .entry(label)
                .or_default()
                .entry(lang)
                .or_default()
                .push(text);
        }
        if signs > 0 {
            notes.push(format!(
                "{signs} texts had signs of templates, [ ] ( ) {{ }} |, which were taken out (--templates keeps their meaning)"
            ));
        }
        // A default that no row is written in would leave every topic without examples in it.
        if !by_label
            .values()
            .any(|by_lang| by_lang.contains_key(default))
            && languages.len() > 1
        {
            languages.remove(0);
        }
        let mut taken = BTreeSet::new();
        let mut wordings = BTreeSet::new();
        let topics = by_label
            .into_iter()
            .map(|(label, examples)| {
                let id = label::topic_id(label, &mut taken);
                NewTopic::new(label, id, examples, &mut wordings)
            })
            .collect();
        Self {
            topics,
            languages,
            notes,
        }
    }

    /// Paths below the folder, and what they say.
    fn files(&self, closed: bool) -> Vec<(String, String)> {
        let mut files = company::files(&self.languages, closed);
        for topic in &self.topics {
            files.push((format!("{}.yaml", topic.id), topic.yaml(&self.languages)));
        }
        files
    }

    fn label_map(&self) -> LabelMap {
        let labels = self.topics.iter().map(|topic| {
            let answers = self
                .languages
                .iter()
                .map(|lang| (lang.clone(), topic.answer(lang)))
                .collect();
            let answer = LabelAnswer {
                topic: topic.id.clone(),
                answers,
                title: topic.title(),
            };
            (topic.label.clone(), answer)
        });
        LabelMap {
            labels: labels.collect(),
        }
    }
}

/// Makes the folder, unless something is in it.
fn must_be_new(folder: &Path, reader: &Lang) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if entries.next().is_some() {
        let shown = folder.display();
        bail!(said(
            reader,
            format!(
                "{shown} no está vacía, y import no sobrescribe nada: elegir otra carpeta en --out"
            ),
            format!("{shown} is not empty, and import overwrites nothing: choose another --out"),
        ));
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::File::create_new(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests;
