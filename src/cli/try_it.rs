//! `ventanilla try`: how one sentence, or each turn of a talk, is understood, and why.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::operator::{locale, said};
use super::test;
use crate::conversation::{Found, Reason, Understood, Verdict};
use crate::ids::{Lang, SiteId, Style, TopicId};
use crate::rehearsal::{Heard, Rehearsal};
use crate::topics::Catalog;
use crate::understanding::{Context, Engine};

/// Shows how a sentence is understood, and why.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What a visitor would write. Several are the turns of one talk, each read in the context of those before; services are answered by a stand-in.
    #[arg(value_name = "SENTENCE", required = true, num_args = 1..)]
    say: Vec<String>,
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
    /// Site of a talk; the main one when not given: that of the assistant's first language.
    #[arg(long)]
    site: Option<SiteId>,
    /// One JSON object instead of lines; of a talk one a turn.
    #[arg(long)]
    json: bool,
}

/// Runs the command: exit code 1 when the files are bad.
///
/// # Errors
/// When there is nothing to understand, no such folder, or the result cannot be printed.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let reader = locale();
    if args.say.iter().any(|say| say.trim().is_empty()) {
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
    let out = &mut std::io::stdout().lock();
    let [say] = args.say.as_slice() else {
        return talk(out, args, (&catalog, &engine), &lang, &reader).map(|()| ExitCode::SUCCESS);
    };
    let reading = engine.understand(say, &Context::fresh(&lang));
    let printed = if args.json {
        let object = serde_json::json!({
            "understood": reading.understood,
            "found": reading.found,
        });
        serde_json::to_writer_pretty(&mut *out, &object)
            .map_err(Into::into)
            .and_then(|()| writeln!(out))
    } else {
        let view = View {
            lang: &reader,
            titled: &|topic| titled(&catalog, topic, &reader),
            margin: catalog.assistant.thresholds.ambiguity_margin,
        };
        print(out, &reading.understood, &reading.found, &view)
    };
    printed.context("the result could not be printed")?;
    Ok(ExitCode::SUCCESS)
}

fn titled(catalog: &Catalog, topic: &TopicId, reader: &Lang) -> String {
    let title = catalog.topics.get(topic).map(|topic| &topic.title);
    let title = title.map(|title| title.for_reader(reader, Style::Fast));
    format!("{} ({topic})", title.unwrap_or_default())
}

/// Plays the sentences as one talk; tells of each how it was read and what the assistant did.
fn talk(
    out: &mut impl Write,
    args: &Args,
    (catalog, engine): (&Catalog, &Engine),
    lang: &Lang,
    reader: &Lang,
) -> anyhow::Result<()> {
    let main = || catalog.assistant.main_site().cloned();
    let site = args.site.clone().or_else(main);
    let site = site.unwrap_or_else(|| "web".parse().expect("letters are a slug"));
    let known = catalog.assistant.sites.is_empty() || catalog.site(&site).is_some();
    anyhow::ensure!(
        known,
        "{}",
        said(
            reader,
            format!("no hay ningún sitio {site} en _assistant.yaml"),
            format!("there is no site {site} in _assistant.yaml"),
        )
    );
    let view = View {
        lang: reader,
        titled: &|topic| titled(catalog, topic, reader),
        margin: catalog.assistant.thresholds.ambiguity_margin,
    };
    let mut talk = Rehearsal::new(catalog, engine, &site, lang);
    for say in &args.say {
        let heard = talk.say(say);
        if args.json {
            let turns: Vec<_> = heard
                .turns
                .iter()
                .map(|turn| serde_json::json!({"says": turn.says, "topic": turn.topic}))
                .collect();
            let read: Vec<_> = heard
                .readings
                .iter()
                .map(|reading| serde_json::json!({"understood": reading.understood, "found": reading.found}))
                .collect();
            let object = serde_json::json!({
                "said": say, "read": read, "topics": heard.topics, "offered": heard.offered, "turns": turns,
            });
            serde_json::to_writer(&mut *out, &object).context("the result could not be printed")?;
            writeln!(out)
        } else {
            told(out, say, &heard, &view)
        }
        .context("the result could not be printed")?;
    }
    Ok(())
}

/// One turn of a talk.
fn told(out: &mut impl Write, say: &str, heard: &Heard, view: &View<'_>) -> std::io::Result<()> {
    let lang = view.lang;
    writeln!(out, "> {say}")?;
    for reading in &heard.readings {
        print(out, &reading.understood, &reading.found, view)?;
        if let Some(second) = &reading.second {
            writeln!(out, "{}:", said(lang, "Y además", "And also"))?;
            let reading = &second.reading;
            print(out, &reading.understood, &reading.found, view)?;
        }
    }
    let acted: Vec<String> = heard.topics.iter().map(view.titled).collect();
    let acted = if acted.is_empty() {
        said(lang, "nada", "nothing").to_owned()
    } else {
        acted.join(", ")
    };
    writeln!(out, "{}: {acted}", said(lang, "Atiende", "Acts on"))?;
    for turn in &heard.turns {
        for line in turn.says.iter().flat_map(|says| says.lines()) {
            writeln!(out, "  | {line}")?;
        }
        let buttons: Vec<String> = turn
            .choices
            .iter()
            .map(|choice| format!("[{}]", choice.title))
            .collect();
        if !buttons.is_empty() {
            writeln!(out, "  | {}", buttons.join(" "))?;
        }
    }
    writeln!(out)
}

/// Below this a nearest topic is noise.
const NEAR_ENOUGH: f32 = 0.01;

/// How readings are shown.
struct View<'a> {
    lang: &'a Lang,
    titled: &'a dyn Fn(&TopicId) -> String,
    /// Topics whose confidences differ by less are asked about.
    margin: f32,
}

/// Why there was no match, where there was none.
fn why_not(understood: &Understood, view: &View<'_>) -> Option<String> {
    let lang = view.lang;
    match &understood.verdict {
        Verdict::Match { .. } => None,
        Verdict::Ambiguous { .. } => {
            let margin = view.margin * 100.0;
            Some(said(
                lang,
                format!(
                    "los separan menos de {margin:.0} puntos de confianza (thresholds.ambiguity_margin)"
                ),
                format!(
                    "less than {margin:.0} points of confidence are between them (thresholds.ambiguity_margin)"
                ),
            ))
        }
        Verdict::OutOfScope => {
            let line = understood.because.iter().find_map(|reason| match reason {
                Reason::Classifier {
                    logit, threshold, ..
                } => Some((*logit, *threshold)),
                _ => None,
            });
            Some(match line {
                Some((logit, threshold)) if logit < threshold => said(
                    lang,
                    format!("al más cercano le faltan {:.1} puntos", threshold - logit),
                    format!("the nearest lacks {:.1} points", threshold - logit),
                ),
                Some(_) => said(
                    lang,
                    "el más cercano es un tema sensible y nada de lo escrito lo dice por sí solo".to_owned(),
                    "the nearest is a sensitive topic, and nothing that was written says so of itself".to_owned(),
                ),
                None => said(
                    lang,
                    "está entre las frases que no son de ningún tema".to_owned(),
                    "it is among the sentences that are no topic's".to_owned(),
                ),
            })
        }
    }
}

fn print(
    out: &mut impl Write,
    understood: &Understood,
    found: &[Found],
    view: &View<'_>,
) -> std::io::Result<()> {
    let (lang, titled) = (view.lang, view.titled);
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
    if let Some(why) = why_not(understood, view) {
        writeln!(out, "{}: {why}", said(lang, "Por qué no", "Why not"))?;
    }
    writeln!(out, "{}:", said(lang, "Por qué", "Why"))?;
    for reason in &understood.because {
        writeln!(out, "  {}", explained(reason, lang))?;
    }
    if !found.is_empty() {
        let values = said(lang, "Datos que trae", "Values in it");
        writeln!(out, "{values}:")?;
        for one in found {
            writeln!(out, "  {} = {}", one.name, one.value)?;
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
    use crate::conversation::Scored;
    use crate::topics::{SourceFile, parse};

    #[test]
    fn a_reading_is_told_with_its_reasons() {
        let topic: TopicId = "parcel".parse().unwrap();
        let understood = Understood {
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
        };
        let found = [Found {
            name: "order_number".parse().unwrap(),
            value: "1234567".into(),
            span: (0, 7),
        }];
        let mut out = Vec::new();
        let spanish = Lang::es();
        let view = View {
            lang: &spanish,
            titled: &|topic| format!("Mi paquete ({topic})"),
            margin: 0.12,
        };
        print(&mut out, &understood, &found, &view).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Tema: Mi paquete (parcel)\nIdioma de la frase: es\nLo más cercano:\n   87 %  Mi paquete (parcel)\nPor qué:\n  palabras con erratas que se corrigieron: 1\n  se parece a los ejemplos de parcel: 2.0 puntos, y hacen falta 0.5; lo que más pesó: “paquete” +1.2\nDatos que trae:\n  order_number = 1234567\n"
        );
    }

    #[test]
    fn what_is_not_matched_says_why() {
        let english = Lang::en();
        let view = View {
            lang: &english,
            titled: &ToString::to_string,
            margin: 0.12,
        };
        let of = |verdict, because| {
            let understood = Understood {
                lang: Lang::en(),
                verdict,
                nearest: Vec::new(),
                because,
                mood: crate::conversation::TurnMood::default(),
                model: String::new(),
            };
            why_not(&understood, &view)
        };
        let line = |logit| Reason::Classifier {
            topic: "parcel".parse().unwrap(),
            logit,
            threshold: 2.0,
            terms: Vec::new(),
        };
        let told = of(Verdict::OutOfScope, vec![line(0.5)]).unwrap();
        assert_eq!(told, "the nearest lacks 1.5 points");
        let told = of(Verdict::OutOfScope, vec![line(2.5)]).unwrap();
        assert!(told.contains("sensitive"), "{told}");
        let told = of(Verdict::Ambiguous { topics: Vec::new() }, Vec::new()).unwrap();
        assert!(told.contains("12 points"), "{told}");
        let topic = "parcel".parse().unwrap();
        assert_eq!(of(Verdict::Match { topic }, Vec::new()), None);
    }

    #[test]
    fn several_sentences_are_one_talk() {
        let file = |path: &str, text: &str| SourceFile {
            path: path.into(),
            text: text.into(),
        };
        let files = [
            file(
                "_assistant.yaml",
                "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n",
            ),
            file(
                "parcel.yaml",
                "topic: parcel\ntitle: {es: Mi paquete}\nexamples:\n  es: |\n    dónde está mi paquete\n    no llegó el paquete\nslots:\n  code: {type: number, ask: {es: '¿Qué código?'}}\nsteps: [{say: {es: 'El {code} viene en camino.'}}]\ntests: []\n",
            ),
        ];
        let catalog = parse(&files, &|_| None).unwrap();
        let engine = Engine::train(&(&catalog).into()).unwrap();
        let args = Args {
            say: vec!["¿dónde está mi paquete?".into(), "1234".into()],
            intents: PathBuf::new(),
            lang: None,
            site: None,
            json: false,
        };
        let mut out = Vec::new();
        talk(
            &mut out,
            &args,
            (&catalog, &engine),
            &Lang::es(),
            &Lang::es(),
        )
        .unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.contains("> ¿dónde está mi paquete?\nTema: Mi paquete (parcel)\n"),
            "{out}"
        );
        assert!(
            out.contains("Atiende: Mi paquete (parcel)\n  | ¿Qué código?\n"),
            "{out}"
        );
        assert!(out.ends_with("  | El 1234 viene en camino.\n\n"), "{out}");
    }
}
