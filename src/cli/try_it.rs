//! `ventanilla try`: how one sentence is understood, and why.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::operator::{locale, said};
use super::test;
use crate::conversation::{Reason, Verdict};
use crate::ids::{Lang, Style, TopicId};
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
/// When there is nothing to understand, no such folder, or the result cannot be printed.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reader = locale();
    if args.say.trim().is_empty() {
        bail!(said(
            &reader,
            "falta la frase: ventanilla try \"¿dónde está mi pedido?\"",
            "the sentence is missing: ventanilla try \"where is my order\"",
        ));
    }
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
        let titled = |topic: &TopicId| {
            let title = catalog.topics.get(topic).map(|topic| &topic.title);
            let title = title.map(|title| title.for_reader(&reader, Style::Fast));
            format!("{} ({topic})", title.unwrap_or_default())
        };
        print(out, &reading, &reader, &titled)
    };
    printed.context("the result could not be printed")?;
    Ok(ExitCode::SUCCESS)
}

/// Below this a nearest topic is noise.
const NEAR_ENOUGH: f32 = 0.01;

fn print(
    out: &mut impl Write,
    reading: &Reading,
    lang: &Lang,
    titled: &dyn Fn(&TopicId) -> String,
) -> std::io::Result<()> {
    let understood = &reading.understood;
    let verdict = match &understood.verdict {
        Verdict::Match { topic } => {
            format!("{}: {}", said(lang, "Tema", "Topic"), titled(topic))
        }
        Verdict::Ambiguous { topics } => {
            let topics: Vec<String> = topics.iter().map(titled).collect();
            format!(
                "{}: {}",
                said(lang, "Pregunta a cuál se refiere", "Asks which is meant"),
                topics.join(said(lang, " o ", " or "))
            )
        }
        Verdict::OutOfScope => said(
            lang,
            "Ningún tema: dice que no lo entendió y ofrece los más cercanos",
            "No topic: it says that it did not understand and offers the nearest",
        )
        .to_owned(),
    };
    writeln!(out, "{verdict}")?;
    let language = said(lang, "Idioma de la frase", "Language of the sentence");
    writeln!(out, "{language}: {}", understood.lang)?;
    let near = understood.nearest.iter();
    let near: Vec<_> = near
        .enumerate()
        .filter(|(at, near)| *at == 0 || near.confidence >= NEAR_ENOUGH)
        .collect();
    if !near.is_empty() {
        writeln!(out, "{}:", said(lang, "Lo más cercano", "Nearest"))?;
    }
    for (_, near) in near {
        let share = f64::from(near.confidence) * 100.0;
        writeln!(out, "  {share:>3.0} %  {}", titled(&near.topic))?;
    }
    writeln!(out, "{}:", said(lang, "Por qué", "Why"))?;
    for reason in &understood.because {
        writeln!(out, "  {}", explained(reason, lang))?;
    }
    if !reading.found.is_empty() {
        let values = said(lang, "Datos que trae", "Values in it");
        writeln!(out, "{values}:")?;
        for found in &reading.found {
            writeln!(out, "  {} = {}", found.name, found.value)?;
        }
    }
    Ok(())
}

fn explained(reason: &Reason, lang: &Lang) -> String {
    match reason {
        Reason::Example { topic } => said(
            lang,
            format!("es igual a un ejemplo de {topic}"),
            format!("it equals an example of {topic}"),
        ),
        Reason::Pattern {
            topic,
            pattern,
            whole,
        } => {
            let much = if *whole {
                said(lang, "toda la frase", "the whole sentence")
            } else {
                said(lang, "una parte de la frase", "a part of the sentence")
            };
            said(
                lang,
                format!("{much} cumple un patrón de {topic}: {pattern}"),
                format!("{much} fits a pattern of {topic}: {pattern}"),
            )
        }
        Reason::Template { topic, template } => said(
            lang,
            format!("sigue un ejemplo con variantes de {topic}: {template}"),
            format!("it follows an example with variants of {topic}: {template}"),
        ),
        Reason::Classifier {
            topic,
            logit,
            threshold,
            terms,
        } => {
            let likeness = said(
                lang,
                format!(
                    "se parece a los ejemplos de {topic}: {logit:.1} puntos, y hacen falta {threshold:.1}"
                ),
                format!(
                    "it is like the examples of {topic}: {logit:.1} points, and {threshold:.1} are needed"
                ),
            );
            let words = weighty(terms);
            if words.is_empty() {
                return likeness;
            }
            let most = said(lang, "lo que más pesó", "what counted most");
            format!("{likeness}; {most}: {}", words.join(", "))
        }
        Reason::Repaired { words } => said(
            lang,
            format!("palabras con erratas que se corrigieron: {words}"),
            format!("misspelt words that were put right: {words}"),
        ),
        Reason::Context { kind } => {
            format!("{}: {kind}", said(lang, "por el contexto", "context"))
        }
    }
}

/// The words that moved the decision, each once with its weight. Pieces of words (`-dond`, `ambi`) and marks of beginning and end say nothing to
/// people; `--json` has them all.
fn weighty(terms: &[(String, f32)]) -> Vec<String> {
    let is_piece = |term: &str| {
        let words = terms.iter().map(|(word, _)| word.as_str());
        let mut longer = words.filter(|word| word.len() > term.len() && !word.contains(' '));
        longer.any(|word| word.contains(term))
    };
    let mut seen = BTreeSet::new();
    terms
        .iter()
        .filter(|(term, _)| !term.contains(['-', '^', '$']) && !is_piece(term))
        .map(|(term, weight)| (term.replace('#', "123"), weight))
        .filter(|(term, _)| seen.insert(term.clone()))
        .map(|(term, weight)| format!("“{term}” {weight:+.1}"))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Found, Scored, Understood};

    #[test]
    fn a_reading_is_told_with_its_reasons() {
        let topic: TopicId = "parcel".parse().unwrap();
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
                        terms: vec![
                            ("paquete".into(), 1.25),
                            ("-paq".into(), 0.5),
                            ("quet".into(), 0.5),
                            ("paquete".into(), 0.25),
                        ],
                    },
                ],
                mood: crate::conversation::TurnMood::default(),
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
        let titled = |topic: &TopicId| format!("Mi paquete ({topic})");
        print(&mut out, &reading, &Lang::es(), &titled).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Tema: Mi paquete (parcel)\nIdioma de la frase: es\nLo más cercano:\n   87 %  Mi paquete (parcel)\nPor qué:\n  palabras con erratas que se corrigieron: 1\n  se parece a los ejemplos de parcel: 2.0 puntos, y hacen falta 0.5; lo que más pesó: “paquete” +1.2\nDatos que trae:\n  order_number = 1234567\n"
        );
    }
}
