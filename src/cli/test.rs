//! `ventanilla test`: runs the tests that stand in the topic files.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use super::check;
use super::operator::{locale, said};
use crate::conversation::{Scored, Verdict};
use crate::ids::{Lang, TopicId};
use crate::topics::{Catalog, Expectation, Severity, TopicTest};
use crate::understanding::{self, Corpus, Engine};

/// Runs the tests of the topic files.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder of topic files.
    #[arg(
        value_name = "DIR",
        default_value = "intents",
        env = "VENTANILLA_INTENTS"
    )]
    dir: PathBuf,
    /// Only the tests of this topic's file.
    #[arg(long)]
    topic: Option<TopicId>,
    /// Only tests in this language: es, en, es-AR.
    #[arg(long)]
    lang: Option<Lang>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
    /// Every topic with its tests, worst first, not only those with failures.
    #[arg(long)]
    by_topic: bool,
    /// Least share of passed tests, in per cent, for exit code 0.
    #[arg(long, default_value_t = 100.0, value_name = "PERCENT", value_parser = per_cent)]
    floor: f64,
}

fn per_cent(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=100.0).contains(share))
        .ok_or_else(|| "a number from 0 to 100".to_owned())
}

/// Runs the command: exit code 1 when fewer tests passed than `--floor` asks for, or when the files are bad.
///
/// # Errors
/// When the result cannot be printed, or the asked topic does not exist.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let lang = locale();
    let Some((catalog, engine)) = load(&args.dir, &lang)? else {
        return Ok(ExitCode::FAILURE);
    };
    if let Some(topic) = &args.topic {
        anyhow::ensure!(
            catalog.topics.contains_key(topic),
            "{}",
            said(
                &lang,
                format!("no hay ningún tema {topic} en {}", args.dir.display()),
                format!("there is no topic {topic} in {}", args.dir.display()),
            )
        );
    }
    let tests = chosen(&catalog, args.topic.as_ref(), args.lang.as_ref());
    let outcome = judge(&engine, &tests, &args.dir);
    let out = &mut std::io::stdout().lock();
    let printed = if args.json {
        serde_json::to_writer_pretty(&mut *out, &outcome)
            .map_err(Into::into)
            .and_then(|()| writeln!(out))
    } else {
        print(out, &outcome, args.by_topic, &lang)
    };
    printed.context("the result could not be printed")?;
    Ok(if outcome.share() * 100.0 >= args.floor {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The catalogue of a folder and the engine trained from it; the problems are printed when there is none.
///
/// # Errors
/// When there is no such folder, or what is in it cannot be learnt.
pub(super) fn load(dir: &Path, lang: &Lang) -> anyhow::Result<Option<(Catalog, Engine)>> {
    check::must_be_folder(dir, lang)?;
    let checked = check::read(dir);
    let Some(catalog) = checked.catalog else {
        let mut errors = checked.problems;
        errors.retain(|problem| problem.severity == Severity::Error);
        check::lines(&mut std::io::stderr().lock(), &errors, lang)
            .context("the problems could not be printed")?;
        return Ok(None);
    };
    match Engine::train(&Corpus::from(&catalog)) {
        Ok(engine) => Ok(Some((catalog, engine))),
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            anyhow::bail!("the topics cannot be learnt:\n{}", errors.join("\n"))
        }
    }
}

/// A test with the topic in whose file it stands.
type Chosen<'c> = (&'c TopicId, &'c str, &'c TopicTest);

fn chosen<'c>(
    catalog: &'c Catalog,
    topic: Option<&TopicId>,
    lang: Option<&Lang>,
) -> Vec<Chosen<'c>> {
    let of_lang = |test: &TopicTest| {
        lang.is_none_or(|wanted| test.lang == *wanted || test.lang.base() == *wanted)
    };
    catalog
        .topics
        .values()
        .filter(|known| topic.is_none_or(|wanted| known.id == *wanted))
        .flat_map(|topic| {
            let tests = topic.tests.iter();
            tests.map(|test| (&topic.id, topic.file.as_str(), test))
        })
        .filter(|(_, _, test)| of_lang(test))
        .collect()
}

/// What the tests came to.
#[derive(Debug, Serialize)]
struct Outcome {
    passed: usize,
    failed: usize,
    failures: Vec<Failure>,
    /// Most frequent first.
    confusions: Vec<Confusion>,
    /// Each topic's tests, worst first.
    topics: Vec<TopicOutcome>,
}

/// What was wanted, what came instead, how often, and in which sentences.
#[derive(Debug, Serialize)]
struct Confusion {
    expected: String,
    got: String,
    count: usize,
    sentences: Vec<String>,
}

/// The tests of one topic's file.
#[derive(Debug, Serialize)]
struct TopicOutcome {
    topic: TopicId,
    passed: usize,
    failed: usize,
}

impl Outcome {
    /// Share of passed tests; 1 without any test.
    fn share(&self) -> f64 {
        let all = self.passed + self.failed;
        if all == 0 {
            1.0
        } else {
            self.passed as f64 / all as f64
        }
    }
}

/// A test that did not pass.
#[derive(Debug, Serialize)]
struct Failure {
    topic: TopicId,
    file: String,
    line: usize,
    say: String,
    lang: Lang,
    /// `where_is_my_order`, `not where_is_my_order` or `none`.
    expected: String,
    /// A topic, `none`, or the topics asked about: `a | b`.
    got: String,
    nearest: Vec<Scored>,
    /// Slots that were not found as wanted: name, wanted value, found value.
    slots: Vec<(String, String, Option<String>)>,
}

fn judge(engine: &Engine, tests: &[Chosen<'_>], dir: &Path) -> Outcome {
    let mut failures = Vec::new();
    let mut confusions: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut topics: BTreeMap<&TopicId, (usize, usize)> = BTreeMap::new();
    for (topic, file, test) in tests {
        let judged = understanding::judge(engine, test);
        let (passed, failed) = topics.entry(topic).or_default();
        if judged.passed {
            *passed += 1;
            continue;
        }
        *failed += 1;
        let (expected, got) = (wanted(&test.expect), shown(&judged.got));
        if !judged.right_topic {
            confusions
                .entry((expected.clone(), got.clone()))
                .or_default()
                .push(test.say.clone());
        }
        failures.push(Failure {
            topic: (*topic).clone(),
            file: dir.join(file).display().to_string(),
            line: test.line,
            say: test.say.clone(),
            lang: test.lang.clone(),
            expected,
            got,
            nearest: judged.nearest,
            slots: judged
                .slots
                .into_iter()
                .map(|(name, wanted, found)| (name.to_string(), wanted, found))
                .collect(),
        });
    }
    let mut confusions: Vec<Confusion> = confusions
        .into_iter()
        .map(|((expected, got), sentences)| Confusion {
            expected,
            got,
            count: sentences.len(),
            sentences,
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    let mut topics: Vec<TopicOutcome> = topics
        .into_iter()
        .map(|(topic, (passed, failed))| TopicOutcome {
            topic: topic.clone(),
            passed,
            failed,
        })
        .collect();
    let share = |outcome: &TopicOutcome| {
        outcome.passed as f64 / (outcome.passed + outcome.failed).max(1) as f64
    };
    topics.sort_by(|a, b| share(a).total_cmp(&share(b)).then(b.failed.cmp(&a.failed)));
    Outcome {
        passed: tests.len() - failures.len(),
        failed: failures.len(),
        failures,
        confusions,
        topics,
    }
}

fn wanted(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Topic(topic) => topic.to_string(),
        Expectation::Not(topic) => format!("not {topic}"),
        Expectation::Nothing => "none".to_owned(),
    }
}

pub(super) fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Match { topic } => topic.to_string(),
        Verdict::Ambiguous { topics } => {
            let names: Vec<&str> = topics.iter().map(TopicId::as_str).collect();
            names.join(" | ")
        }
        Verdict::OutOfScope => "none".to_owned(),
    }
}

/// Confusions listed, and sentences of each; the rest are seen at their tests.
const CONFUSIONS: usize = 10;
const SENTENCES: usize = 5;

fn print(
    out: &mut impl Write,
    outcome: &Outcome,
    every_topic: bool,
    lang: &Lang,
) -> std::io::Result<()> {
    let mut topic = None;
    for failure in &outcome.failures {
        if topic != Some(&failure.topic) {
            topic = Some(&failure.topic);
            writeln!(out, "{}", failure.topic)?;
        }
        writeln!(
            out,
            "  {}:{}: “{}” ({})",
            failure.file, failure.line, failure.say, failure.lang
        )?;
        let nearest: Vec<String> = failure
            .nearest
            .iter()
            .take(3)
            .map(|near| format!("{} {:.0} %", near.topic, near.confidence * 100.0))
            .collect();
        writeln!(
            out,
            "    {} {}, {} {} ({} {})",
            said(lang, "se esperaba", "expected"),
            worded(&failure.expected, lang),
            said(lang, "salió", "got"),
            worded(&failure.got, lang),
            said(lang, "más cerca:", "nearest:"),
            nearest.join(", ")
        )?;
        for (name, wanted, found) in &failure.slots {
            let found = found.as_deref().unwrap_or("—");
            writeln!(
                out,
                "    {name}: {} “{wanted}”, {} “{found}”",
                said(lang, "se esperaba", "expected"),
                said(lang, "salió", "got"),
            )?;
        }
    }
    if !outcome.confusions.is_empty() {
        writeln!(
            out,
            "\n{}",
            said(lang, "Lo que más se confunde:", "Most confused:")
        )?;
        for confusion in outcome.confusions.iter().take(CONFUSIONS) {
            let (expected, got) = (
                worded(&confusion.expected, lang),
                worded(&confusion.got, lang),
            );
            writeln!(out, "  {} × {expected} → {got}", confusion.count)?;
            for sentence in confusion.sentences.iter().take(SENTENCES) {
                writeln!(out, "      “{sentence}”")?;
            }
        }
        writeln!(out)?;
    }
    let listed: Vec<&TopicOutcome> = outcome
        .topics
        .iter()
        .filter(|topic| every_topic || topic.failed > 0)
        .collect();
    if !listed.is_empty() {
        writeln!(
            out,
            "{}",
            said(
                lang,
                "Por tema (bien de todas), de peor a mejor:",
                "By topic (passed of all), worst first:"
            )
        )?;
        for topic in listed {
            let all = topic.passed + topic.failed;
            writeln!(out, "  {:>3} / {all:<3} {}", topic.passed, topic.topic)?;
        }
        writeln!(out)?;
    }
    let (passed, failed) = (outcome.passed, outcome.failed);
    if passed + failed == 0 {
        let none = said(
            lang,
            "No hay pruebas que hacer.",
            "There is nothing to test.",
        );
        return writeln!(out, "{none}");
    }
    let counted = said(
        lang,
        format!("{passed} pruebas bien, {failed} mal"),
        format!("{passed} passed, {failed} failed"),
    );
    writeln!(out, "{counted}")
}

/// What a test wanted or got, in words: `none` and `a | b` say nothing to whoever writes topics.
fn worded(verdict: &str, lang: &Lang) -> String {
    if verdict == "none" {
        return said(lang, "ningún tema", "no topic").to_owned();
    }
    if let Some(topic) = verdict.strip_prefix("not ") {
        return said(
            lang,
            format!("cualquiera menos {topic}"),
            format!("anything but {topic}"),
        );
    }
    if verdict.contains(" | ") {
        let topics = verdict.replace(" | ", said(lang, " o ", " or "));
        return said(
            lang,
            format!("la pregunta «¿{topics}?»"),
            format!("the question “{topics}?”"),
        );
    }
    verdict.to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::topics::{SourceFile, parse};

    fn catalog() -> Catalog {
        let topic = |name: &str, examples: &str, tests: &str| SourceFile {
            path: format!("{name}.yaml"),
            text: format!(
                "topic: {name}\ntitle: {{es: Un tema, en: A topic}}\nexamples:\n  es: |\n{examples}patterns:\n  - '(?<code>\\d{{4}})'\nslots: {{code: {{type: number, optional: true}}}}\nsteps: [{{say: {{es: a, en: b}}}}]\ntests:\n{tests}"
            ),
        };
        let files = [
            SourceFile {
                path: "_assistant.yaml".into(),
                text: "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n".into(),
            },
            topic(
                "parcel",
                "    dónde está mi paquete\n    cuándo llega el paquete\n    no llegó mi envío\n",
                "  - {say: \"dónde está mi paquete\", lang: es, expect: parcel}\n  - {say: \"dónde está mi paquete\", lang: es, not: parcel}\n",
            ),
            topic(
                "invoice",
                "    quiero una factura\n    necesito la factura con mis datos\n    me falta el recibo\n",
                "  - {say: \"quiero una factura\", lang: es, expect: invoice, slots: {code: \"1234\"}}\n",
            ),
        ];
        parse(&files, &|_| None).unwrap()
    }

    #[test]
    fn failures_say_what_was_wanted_and_what_came() {
        let catalog = catalog();
        let engine = Engine::train(&Corpus::from(&catalog)).unwrap();
        let tests = chosen(&catalog, None, None);
        let outcome = judge(&engine, &tests, Path::new("intents"));
        assert_eq!((outcome.passed, outcome.failed), (1, 2));
        let mut out = Vec::new();
        print(&mut out, &outcome, true, &Lang::en()).unwrap();
        let out = String::from_utf8(out).unwrap();
        for line in [
            "invoice\n  intents/invoice.yaml:13: “quiero una factura” (es)\n",
            "    code: expected “1234”, got “—”\n",
            "    expected anything but parcel, got parcel (nearest: parcel ",
            "  1 × anything but parcel → parcel\n      “dónde está mi paquete”\n",
            "By topic (passed of all), worst first:\n    0 / 1   invoice\n    1 / 2   parcel\n",
            "1 passed, 2 failed\n",
        ] {
            assert!(out.contains(line), "{line} is not in\n{out}");
        }
    }

    #[test]
    fn verdicts_are_told_in_words() {
        let told = |verdict| worded(verdict, &Lang::es());
        assert_eq!(told("none"), "ningún tema");
        assert_eq!(told("not parcel"), "cualquiera menos parcel");
        assert_eq!(told("parcel | invoice"), "la pregunta «¿parcel o invoice?»");
        assert_eq!(told("parcel"), "parcel");
    }

    #[test]
    fn tests_are_chosen_by_topic_and_language() {
        let catalog = catalog();
        let parcel: TopicId = "parcel".parse().unwrap();
        assert_eq!(chosen(&catalog, Some(&parcel), None).len(), 2);
        assert_eq!(chosen(&catalog, None, Some(&Lang::en())).len(), 0);
        assert_eq!(chosen(&catalog, None, Some(&Lang::es())).len(), 3);
    }
}
