//! Cross-validation of a bot's own topic files: each example is read once by an engine that did not learn it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::score::{
    Confusion, IntentScore, Judged, Line, Outcome, by_intent, calibration_error, confusions, curve,
    macro_f1, quantile, raw_accuracy,
};
use super::{Clocks, EvalError, Product, certainty, listed};
use crate::ids::{Lang, TopicId};
use crate::understanding::context::Context;
use crate::understanding::corpus::{Corpus, Example};
use crate::understanding::engine::Engine;
use crate::understanding::templates::Template;
use crate::understanding::training::slot_form;

/// What cross-validation found. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Folds {
    /// Parts into which each topic's examples were divided.
    pub folds: usize,
    /// Share of the examples whose nearest topic is the right one.
    pub accuracy: f64,
    /// The mean of the topics' F1.
    pub macro_f1: f64,
    /// Expected calibration error of the confidence: ten bins of equal width.
    pub calibration_error: f64,
    /// What visitors would meet with the engine's own thresholds.
    #[serde(flatten)]
    pub product: Product,
    /// Share of right ones by language.
    pub by_language: BTreeMap<String, f64>,
    /// Each topic, worst first.
    pub topics: Vec<IntentScore>,
    /// What is taken for something else, most often first.
    pub confusions: Vec<Confusion>,
    /// What lines at other confidences would give.
    pub curve: Vec<Line>,
    /// Mean seconds of one training.
    pub train_seconds: f64,
    /// The same in processor time of all threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_cpu_seconds: Option<f64>,
    /// Median time of one message, microseconds.
    pub micros_p50: f64,
    /// 99th percentile of it.
    pub micros_p99: f64,
    /// Bytes of weights and dictionaries of one of the engines.
    pub model_bytes: usize,
    /// Examples that were read.
    pub rows: usize,
}

/// An example that is held back in one of the folds.
struct Held {
    topic: TopicId,
    lang: Lang,
    text: String,
    fold: usize,
}

/// Divides each topic's examples of each language into `folds` parts, and reads each part by an engine that learnt the others. An example
/// with variants is read as one of them; an example that is its topic's only one is always learnt.
///
/// # Errors
/// When nothing can be held back, or the rest cannot be trained on.
pub fn cross_validate(
    corpus: &Corpus,
    folds: usize,
    clocks: Clocks<'_>,
) -> Result<Folds, EvalError> {
    let folds = folds.max(2);
    let held = hold_back(corpus, folds);
    if held.is_empty() {
        return Err(EvalError::NothingHeldBack);
    }
    let mut outcomes = Vec::with_capacity(held.len());
    let mut read_as: Vec<String> = Vec::with_capacity(held.len());
    let mut rows: Vec<&Held> = Vec::with_capacity(held.len());
    let mut micros = Vec::with_capacity(held.len());
    let mut product = Product::default();
    let (mut seconds, mut cpu_seconds, mut model_bytes) = (0.0, Some(0.0), 0);
    for fold in 0..folds {
        let (began, cpu) = ((clocks.wall)(), (clocks.cpu)());
        let engine = Engine::train(&without(corpus, fold, folds))
            .map_err(|errors| EvalError::Train(listed(&errors)))?;
        seconds += ((clocks.wall)() - began).as_secs_f64();
        cpu_seconds = match ((clocks.cpu)(), cpu, cpu_seconds) {
            (Some(end), Some(begin), Some(sum)) => {
                Some(sum + end.saturating_sub(begin).as_secs_f64())
            }
            _ => None,
        };
        model_bytes = engine.model_bytes();
        for row in held.iter().filter(|row| row.fold == fold) {
            let began = (clocks.wall)();
            let reading = engine.understand(&row.text, &Context::fresh(&row.lang));
            micros.push(((clocks.wall)() - began).as_secs_f64() * 1e6);
            let nearest = reading.understood.nearest.first();
            let nearest = nearest.map_or("none", |nearest| nearest.topic.as_str());
            outcomes.push(Outcome {
                right: nearest == row.topic.as_str(),
                ..certainty(&reading)
            });
            let right = |topic: &TopicId| *topic == row.topic;
            product.count_verdict(&reading.understood.verdict, true, &right);
            read_as.push(nearest.to_owned());
            rows.push(row);
        }
    }
    product.share(&outcomes);
    micros.sort_unstable_by(f64::total_cmp);
    let judged: Vec<Judged<'_>> = rows
        .iter()
        .zip(&read_as)
        .map(|(row, read)| (row.topic.as_str(), read.as_str(), row.text.as_str()))
        .collect();
    let topics = by_intent(&judged);
    let mut by_language: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    for (row, outcome) in rows.iter().zip(&outcomes) {
        let lang = row.lang.base().to_string();
        by_language.entry(lang).or_default().push(outcome.clone());
    }
    Ok(Folds {
        folds,
        accuracy: raw_accuracy(&outcomes),
        macro_f1: macro_f1(&topics),
        calibration_error: calibration_error(&outcomes),
        product,
        by_language: by_language
            .into_iter()
            .map(|(lang, outcomes)| (lang, raw_accuracy(&outcomes)))
            .collect(),
        topics,
        confusions: confusions(&judged),
        curve: curve(&outcomes),
        train_seconds: seconds / folds as f64,
        train_cpu_seconds: cpu_seconds.map(|sum| sum / folds as f64),
        micros_p50: quantile(&micros, 0.5),
        micros_p99: quantile(&micros, 0.99),
        model_bytes,
        rows: outcomes.len(),
    })
}

/// Places of a topic's examples within their language: an example's fold is its place modulo the number of folds.
fn places(examples: &[Example]) -> Vec<(usize, usize)> {
    let mut counts: BTreeMap<Lang, usize> = BTreeMap::new();
    for example in examples {
        *counts.entry(example.lang.base()).or_default() += 1;
    }
    let mut next: BTreeMap<Lang, usize> = BTreeMap::new();
    examples
        .iter()
        .map(|example| {
            let lang = example.lang.base();
            let of = counts.get(&lang).copied().unwrap_or_default();
            let place = next.entry(lang).or_default();
            *place += 1;
            (*place - 1, of)
        })
        .collect()
}

fn hold_back(corpus: &Corpus, folds: usize) -> Vec<Held> {
    let mut held = Vec::new();
    for topic in &corpus.topics {
        for (example, (place, of)) in topic.examples.iter().zip(places(&topic.examples)) {
            if of < 2 {
                continue;
            }
            let template = example
                .template
                .then(|| Template::parse(&example.text).ok())
                .flatten()
                .filter(|template| !template.is_plain());
            let text = match template {
                None => Some(example.text.clone()),
                Some(template) => {
                    let forms = template
                        .slots()
                        .into_iter()
                        .map(|slot| (slot.clone(), slot_form(corpus, topic, slot)))
                        .collect();
                    let sentences = template.sentences(&forms);
                    sentences.get(sentences.len() / 2).cloned()
                }
            };
            held.extend(text.map(|text| Held {
                topic: topic.id.clone(),
                lang: example.lang.clone(),
                text,
                fold: place % folds,
            }));
        }
    }
    held
}

fn without(corpus: &Corpus, fold: usize, folds: usize) -> Corpus {
    let mut rest = corpus.clone();
    for topic in &mut rest.topics {
        let places = places(&topic.examples);
        let mut at = 0;
        topic.examples.retain(|_| {
            let (place, of) = places.get(at).copied().unwrap_or_default();
            at += 1;
            of < 2 || place % folds != fold
        });
    }
    rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::understanding::corpus::{CorpusTopic, Settings};
    use std::time::Duration;

    fn topic(id: &str, es: &[&str], en: &[&str]) -> CorpusTopic {
        let lines = |lang: &Lang, texts: &[&str]| -> Vec<Example> {
            texts
                .iter()
                .map(|text| Example::line(lang.clone(), *text))
                .collect()
        };
        CorpusTopic {
            id: id.parse().unwrap(),
            examples: [lines(&Lang::es(), es), lines(&Lang::en(), en)].concat(),
            patterns: Vec::new(),
            slots: Vec::new(),
            sensitive: false,
            floor: 0.0,
        }
    }

    fn corpus() -> Corpus {
        Corpus {
            topics: vec![
                topic(
                    "parcel",
                    &[
                        "dónde está mi paquete",
                        "[todavía] no llegó mi paquete",
                        "cuándo llega el paquete",
                        "mi paquete no aparece",
                        "el paquete está perdido",
                    ],
                    &["where is my parcel", "my parcel has not arrived"],
                ),
                topic(
                    "invoice",
                    &[
                        "quiero una factura",
                        "necesito la factura",
                        "factura con mis datos",
                        "me falta la factura",
                        "la factura está mal",
                    ],
                    &["I need an invoice"],
                ),
            ],
            settings: Settings {
                generic_out_of_scope: false,
                ..Settings::default()
            },
            ..Corpus::default()
        }
    }

    const STILL: Clocks<'static> = Clocks {
        wall: &|| Duration::ZERO,
        cpu: &|| None,
    };

    #[test]
    fn every_example_is_read_once_by_an_engine_that_did_not_learn_it() {
        let corpus = corpus();
        let held = hold_back(&corpus, 5);
        // The only English example of its topic stays.
        assert_eq!(held.len(), 12);
        for fold in 0..5 {
            let rest = without(&corpus, fold, 5);
            for row in held.iter().filter(|row| row.fold == fold) {
                let topic = rest.topics.iter().find(|topic| topic.id == row.topic);
                let learnt = &topic.unwrap().examples;
                assert!(learnt.iter().all(|example| example.text != row.text));
            }
        }
        let report = cross_validate(&corpus, 5, STILL).unwrap();
        assert_eq!(report.rows, 12);
        assert_eq!(report.by_language.len(), 2);
        assert!(report.accuracy > 0.7, "{report:?}");
        assert_eq!(report.curve.len(), 10);
        assert_eq!(report.topics.len(), 2);
    }

    #[test]
    fn single_examples_cannot_be_held_back() {
        let corpus = Corpus {
            topics: vec![topic("a", &["uno"], &[]), topic("b", &["dos"], &[])],
            ..Corpus::default()
        };
        let why = cross_validate(&corpus, 5, STILL).unwrap_err();
        assert!(matches!(why, EvalError::NothingHeldBack), "{why}");
    }
}
