//! `ventanilla try`: how one sentence is understood, and why.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::{check, test};
use crate::conversation::{Reason, Verdict};
use crate::ids::Lang;
use crate::understanding::{Context, Reading};

/// Shows how a sentence is understood, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What a visitor would write.
    #[arg(value_name = "SENTENCE")]
    say: String,
    /// Folder of topic files.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "intents",
        env = "VENTANILLA_INTENTS"
    )]
    intents: PathBuf,
    /// Language of the conversation so far; the assistant's first one when not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// Runs the command: exit code 1 when the files are bad.
///
/// # Errors
/// When the result cannot be printed.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reader = check::locale();
    let Some((catalog, engine)) = test::load(&args.intents, &reader)? else {
        return Ok(ExitCode::FAILURE);
    };
    let first = catalog.assistant.languages.first();
    let lang = args
        .lang
        .clone()
        .or_else(|| first.cloned())
        .unwrap_or_else(Lang::es);
    let reading = engine.understand(&args.say, &Context::fresh(&lang));
    let out = &mut std::io::stdout().lock();
    let printed = if args.json {
        let object = serde_json::json!({
            "understood": reading.understood,
            "found": reading.found,
        });
        serde_json::to_writer_pretty(&mut *out, &object)
            .map_err(Into::into)
            .and_then(|()| writeln!(out))
    } else {
        print(out, &reading, &reader)
    };
    printed.context("the result could not be printed")?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, reading: &Reading, lang: &Lang) -> std::io::Result<()> {
    let spanish = lang.base() == Lang::es();
    let said = |es, en| if spanish { es } else { en };
    let understood = &reading.understood;
    let verdict = match &understood.verdict {
        Verdict::Match { .. } => said("es", "it is"),
        Verdict::Ambiguous { .. } => said("se pregunta cuál", "asks which"),
        Verdict::OutOfScope => said("no es de ningún tema", "no topic"),
    };
    match &understood.verdict {
        Verdict::OutOfScope => writeln!(out, "{verdict} ({})", understood.lang)?,
        other => writeln!(
            out,
            "{verdict}: {} ({})",
            test::shown(other),
            understood.lang
        )?,
    }
    for near in &understood.nearest {
        writeln!(out, "  {:>5.2}  {}", near.confidence, near.topic)?;
    }
    writeln!(out, "{}:", said("por qué", "why"))?;
    for reason in &understood.because {
        writeln!(out, "  {}", explained(reason, spanish))?;
    }
    if !reading.found.is_empty() {
        writeln!(out, "{}:", said("datos", "values"))?;
        for found in &reading.found {
            writeln!(out, "  {} = {}", found.name, found.value)?;
        }
    }
    Ok(())
}

fn explained(reason: &Reason, spanish: bool) -> String {
    let said = |es, en| if spanish { es } else { en };
    match reason {
        Reason::Example { topic } => format!(
            "{} {topic}",
            said("igual a un ejemplo de", "equals an example of")
        ),
        Reason::Pattern {
            topic,
            pattern,
            whole,
        } => {
            let much = if *whole {
                said("la frase entera", "the whole sentence")
            } else {
                said("una parte", "a part")
            };
            format!(
                "{} {topic}, {much}: {pattern}",
                said("patrón de", "pattern of")
            )
        }
        Reason::Template { topic, template } => {
            format!(
                "{} {topic}: {template}",
                said("plantilla de", "template of")
            )
        }
        Reason::Classifier {
            topic,
            logit,
            threshold,
            terms,
        } => {
            let terms: Vec<String> = terms
                .iter()
                .map(|(term, weight)| format!("{term} {weight:+.2}"))
                .collect();
            format!(
                "{} {topic} {logit:.2} ({} {threshold:.2}): {}",
                said("clasificador:", "classifier:"),
                said("umbral", "threshold"),
                terms.join(", ")
            )
        }
        Reason::Repaired { words } => {
            format!("{}: {words}", said("palabras corregidas", "words repaired"))
        }
        Reason::Context { kind } => format!("{}: {kind}", said("contexto", "context")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Found, Scored, Understood};

    #[test]
    fn a_reading_is_told_with_its_reasons() {
        let topic: crate::ids::TopicId = "parcel".parse().unwrap();
        let reading = Reading {
            understood: Understood {
                lang: Lang::es(),
                verdict: Verdict::Match {
                    topic: topic.clone(),
                },
                nearest: vec![Scored {
                    topic: topic.clone(),
                    confidence: 0.874,
                }],
                because: vec![
                    Reason::Repaired { words: 1 },
                    Reason::Classifier {
                        topic,
                        logit: 2.0,
                        threshold: 0.5,
                        terms: vec![("paquete".into(), 1.25)],
                    },
                ],
                model: String::new(),
            },
            found: vec![Found {
                name: "order_number".parse().unwrap(),
                value: "1234567".into(),
                span: (0, 7),
            }],
            answer: None,
            choice: None,
            yes_no: None,
        };
        let mut out = Vec::new();
        print(&mut out, &reading, &Lang::es()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "es: parcel (es)\n   0.87  parcel\npor qué:\n  palabras corregidas: 1\n  clasificador: parcel 2.00 (umbral 0.50): paquete +1.25\ndatos:\n  order_number = 1234567\n"
        );
    }
}
