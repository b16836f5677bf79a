//! Measuring an engine on labelled utterances: the protocols `closed` and `clinc`, few examples, typos, cross-validation; through
//! [`Engine::understand`] as the product calls it.
//!
//! `closed`: every test row has a known intent; the nearest topic counts, nothing is declined (BANKING77).
//! `clinc` (Larson et al., EMNLP 2019, "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction"): train
//! without rows of intent `oos`; on split `val` pick the threshold that gets most rows right, an `oos` row being right when it
//! is rejected; report on the test split. With [`Plan::oos_train`] `oos` is one intent more, and the nearest one counts.

mod dice;
mod folds;
mod score;
mod typos;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use whichlang::{Lang as Detected, detect_language};

use self::dice::Dice;
use self::score::{
    Outcome, accepted_right, all_right, auroc, best_threshold, by_intent, calibration_error,
    covering_threshold, macro_f1, quantile, raw_accuracy, rejected_outside,
};
use super::context::{Context, Reading};
use super::corpus::{Corpus, CorpusTopic, Example, Settings, TrainError};
use super::engine::Engine;
use crate::conversation::{Reason, Verdict};
use crate::ids::{Lang, TopicId};

pub use self::folds::{Folds, cross_validate};
pub use self::score::{Confusion, IntentScore, Line, Spread};
pub use self::typos::Typos;

/// The intent that means "none of these".
const OUT_OF_SCOPE: &str = "oos";
/// Names of the split on which `clinc` picks its threshold.
const VALIDATION: [&str; 3] = ["val", "dev", "validation"];

/// A labelled utterance. The fields of MASSIVE (`utt`, `partition`, `locale`) are read as well.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// What was written.
    #[serde(alias = "utt")]
    pub text: String,
    /// What it means; any name.
    #[serde(alias = "label", alias = "kind")]
    pub intent: String,
    /// The part of the data set that it belongs to: `train`, `val`, `test`, …; `train` where the row does not tell.
    #[serde(alias = "partition", default = "train")]
    pub split: String,
    /// Its language, where the row tells: `es`, `es-ES`.
    #[serde(alias = "locale", default)]
    pub lang: Option<Lang>,
}

fn train() -> String {
    "train".to_owned()
}

/// How to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Every test row has a known intent.
    Closed,
    /// Some rows are out of scope.
    Clinc,
}

/// What is measured, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How to score.
    pub protocol: Protocol,
    /// Whether `clinc` learns `oos` as one intent more.
    pub oos_train: bool,
    /// The split that is learnt.
    pub train_split: String,
    /// The split that is scored.
    pub test_split: String,
    /// How the scored rows are misspelt.
    pub typos: Option<Typos>,
    /// Knobs of the engine.
    pub settings: Settings,
}

/// Times, from outside: this room has no clock of its own.
#[derive(Clone, Copy)]
pub struct Clocks<'a> {
    /// The time since some fixed moment.
    pub wall: &'a dyn Fn() -> Duration,
    /// Processor time of all threads so far, where the system tells.
    pub cpu: &'a dyn Fn() -> Option<Duration>,
}

/// Why rows cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// No row of a split that the protocol needs.
    #[error("no rows of split {split:?}; the file has {present}")]
    NoRows {
        /// The split.
        split: String,
        /// The splits that are there.
        present: String,
    },
    /// The engine refused to train.
    #[error("the rows cannot be trained on: {0}")]
    Train(String),
    /// Too little to hold anything back.
    #[error("nothing can be held back: no topic has two examples in one language")]
    NothingHeldBack,
}

/// What was measured. Shares are 0 to 1; those that the protocol does not have are absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Share of in-scope test rows whose nearest topic is right, nothing declined: also the micro-averaged F1.
    pub accuracy: f64,
    /// The mean of the intents' F1, over the in-scope test rows.
    pub macro_f1: f64,
    /// Share of in-scope test rows that are right and not rejected at the threshold picked on validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_scope_accuracy: Option<f64>,
    /// Share of out-of-scope test rows that are rejected at that threshold, or read as `oos` where that is an intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oos_recall: Option<f64>,
    /// Share of all test rows, rejection being the right answer to an out-of-scope one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_accuracy: Option<f64>,
    /// Chance that an in-scope test row scores higher than an out-of-scope one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auroc: Option<f64>,
    /// As `in_scope_accuracy`, at the threshold that accepts 95 % of the in-scope validation rows, picked without any out-of-scope row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_scope_accuracy_at_95: Option<f64>,
    /// As `oos_recall`, at that threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oos_recall_at_95: Option<f64>,
    /// Expected calibration error of the confidence over the in-scope test rows: ten bins of equal width.
    pub calibration_error: f64,
    /// What visitors would meet with the engine's own threshold.
    #[serde(flatten)]
    pub product: Product,
    /// Seconds of [`Engine::train`], cross-validation included.
    pub train_seconds: f64,
    /// The same in processor time of all threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_cpu_seconds: Option<f64>,
    /// Median time of one message, microseconds.
    pub micros_p50: f64,
    /// 99th percentile of it.
    pub micros_p99: f64,
    /// Bytes of weights and dictionaries.
    pub model_bytes: usize,
    /// Rows trained on.
    pub train_rows: usize,
    /// Rows tested.
    pub test_rows: usize,
}

/// Shares of the in-scope test rows, 0 to 1, by what the engine's own verdict was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Product {
    /// Answered with the right topic.
    pub answered_right: f64,
    /// Answered with a wrong topic.
    pub answered_wrong: f64,
    /// Asked which of two or three is meant, the right one among them.
    pub asked_right: f64,
    /// Asked which, and all were wrong.
    pub asked_wrong: f64,
    /// Declined as out of scope.
    pub declined: f64,
    /// Out-of-scope test rows that were answered all the same, as a share of those.
    pub oos_answered: f64,
}

/// Trains on one split and scores another.
///
/// # Errors
/// When a split is missing or the rows cannot be trained on.
pub fn evaluate(rows: &[Row], plan: &Plan, clocks: Clocks<'_>) -> Result<Report, EvalError> {
    let train = learnt(rows, plan)?;
    measure(rows, &train, plan, clocks)
}

/// The same with `shots` rows of each intent, picked at random from the split to learn, once for each seed from 1 to `seeds`.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_shots(
    rows: &[Row],
    plan: &Plan,
    shots: usize,
    seeds: u64,
    clocks: Clocks<'_>,
) -> Result<Vec<Report>, EvalError> {
    let all = learnt(rows, plan)?;
    let mut by_intent: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in all {
        by_intent.entry(&row.intent).or_default().push(row);
    }
    (1..=seeds)
        .map(|seed| {
            let mut dice = Dice::new(seed);
            let picked: Vec<&Row> = by_intent
                .values()
                .flat_map(|rows| dice.pick(rows, shots))
                .collect();
            measure(rows, &picked, plan, clocks)
        })
        .collect()
}

/// Mean and spread of each share of several reports, by its name in the report.
pub fn spreads(reports: &[Report]) -> BTreeMap<String, Spread> {
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for report in reports {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(report) else {
            continue;
        };
        for (name, value) in fields {
            if let Some(number) = value.as_f64() {
                values.entry(name).or_default().push(number);
            }
        }
    }
    values
        .into_iter()
        .map(|(name, values)| (name, Spread::of(&values)))
        .collect()
}

/// The rows that a plan learns.
fn learnt<'r>(rows: &'r [Row], plan: &Plan) -> Result<Vec<&'r Row>, EvalError> {
    let keep_oos = plan.protocol == Protocol::Closed || plan.oos_train;
    let rows = split(rows, &plan.train_split)?;
    Ok(rows
        .into_iter()
        .filter(|row| keep_oos || row.intent != OUT_OF_SCOPE)
        .collect())
}

fn measure(
    rows: &[Row],
    train: &[&Row],
    plan: &Plan,
    clocks: Clocks<'_>,
) -> Result<Report, EvalError> {
    let test = split(rows, &plan.test_split)?;
    let lang = majority_language(train);
    let (corpus, names) = corpus(train, &lang, &plan.settings);
    let (began, cpu) = ((clocks.wall)(), (clocks.cpu)());
    let engine = Engine::train(&corpus).map_err(|errors| EvalError::Train(listed(&errors)))?;
    let train_seconds = ((clocks.wall)() - began).as_secs_f64();
    let train_cpu = (clocks.cpu)()
        .zip(cpu)
        .map(|(end, begin)| end.saturating_sub(begin));
    let reader = Reader {
        engine: &engine,
        names: &names,
        lang: &lang,
        plan,
    };

    let mut micros = Vec::with_capacity(test.len());
    let mut product = Product::default();
    let mut outcomes = Vec::with_capacity(test.len());
    let mut read_as = Vec::with_capacity(test.len());
    for (number, row) in test.iter().enumerate() {
        let text = plan.typos.map_or_else(
            || row.text.clone(),
            |typos| typos.misspell(&row.text, number),
        );
        let began = (clocks.wall)();
        let reading = reader.read(row, &text);
        micros.push(((clocks.wall)() - began).as_secs_f64() * 1e6);
        let outcome = reader.outcome(row, &reading);
        product.count(row, &reading, &names, outcome.in_scope);
        read_as.push(reader.nearest(&reading));
        outcomes.push(outcome);
    }
    product.share(&outcomes);
    let judged: Vec<score::Judged<'_>> = test
        .iter()
        .zip(&read_as)
        .zip(&outcomes)
        .filter(|(_, outcome)| outcome.in_scope)
        .map(|((row, read), _)| (row.intent.as_str(), *read, row.text.as_str()))
        .collect();
    micros.sort_unstable_by(f64::total_cmp);
    let mut report = Report {
        accuracy: raw_accuracy(&outcomes),
        macro_f1: macro_f1(&by_intent(&judged)),
        in_scope_accuracy: None,
        oos_recall: None,
        all_accuracy: None,
        auroc: None,
        in_scope_accuracy_at_95: None,
        oos_recall_at_95: None,
        calibration_error: calibration_error(&outcomes),
        product,
        train_seconds,
        train_cpu_seconds: train_cpu.map(|time| time.as_secs_f64()),
        micros_p50: quantile(&micros, 0.5),
        micros_p99: quantile(&micros, 0.99),
        model_bytes: reader.engine.model_bytes(),
        train_rows: train.len(),
        test_rows: test.len(),
    };
    if plan.protocol == Protocol::Clinc && plan.oos_train {
        let outside: Vec<bool> = test
            .iter()
            .zip(&read_as)
            .filter(|(row, _)| row.intent == OUT_OF_SCOPE)
            .map(|(_, read)| *read == OUT_OF_SCOPE)
            .collect();
        let caught = outside.iter().filter(|caught| **caught).count();
        let right = outcomes
            .iter()
            .filter(|outcome| outcome.in_scope && outcome.right)
            .count();
        report.in_scope_accuracy = Some(report.accuracy);
        report.oos_recall = Some(score::share(caught, outside.len()));
        report.all_accuracy = Some(score::share(right + caught, outcomes.len()));
    } else if plan.protocol == Protocol::Clinc {
        let validation: Vec<Outcome> = validation(rows)?
            .into_iter()
            .map(|row| reader.outcome(row, &reader.read(row, &row.text)))
            .collect();
        let picked = best_threshold(&validation);
        report.in_scope_accuracy = Some(accepted_right(&outcomes, picked));
        report.oos_recall = Some(rejected_outside(&outcomes, picked));
        report.all_accuracy = Some(all_right(&outcomes, picked));
        report.auroc = Some(auroc(&outcomes));
        let covering = covering_threshold(&validation, 0.95);
        report.in_scope_accuracy_at_95 = Some(accepted_right(&outcomes, covering));
        report.oos_recall_at_95 = Some(rejected_outside(&outcomes, covering));
    }
    Ok(report)
}

/// Reads rows and tells what became of them.
struct Reader<'a> {
    engine: &'a Engine,
    names: &'a HashMap<TopicId, String>,
    lang: &'a Lang,
    plan: &'a Plan,
}

impl Reader<'_> {
    fn read(&self, row: &Row, text: &str) -> Reading {
        let lang = row.lang.as_ref().unwrap_or(self.lang);
        self.engine.understand(text, &Context::fresh(lang))
    }

    /// The intent of the nearest topic.
    fn nearest(&self, reading: &Reading) -> &str {
        let nearest = reading.understood.nearest.first();
        nearest
            .and_then(|nearest| self.names.get(&nearest.topic))
            .map_or("none", String::as_str)
    }

    fn outcome(&self, row: &Row, reading: &Reading) -> Outcome {
        Outcome {
            in_scope: self.plan.protocol == Protocol::Closed || row.intent != OUT_OF_SCOPE,
            right: self.nearest(reading) == row.intent,
            ..certainty(reading)
        }
    }
}

/// The score and the confidence of a reading.
fn certainty(reading: &Reading) -> Outcome {
    let nearest = reading.understood.nearest.first();
    let logit = reading
        .understood
        .because
        .iter()
        .find_map(|reason| match reason {
            Reason::Classifier { logit, .. } => Some(*logit),
            _ => None,
        });
    // What an example or a pattern decides is surer than any logit; what has no nearest topic is out of scope.
    let score = match (nearest, logit) {
        (_, Some(logit)) => logit,
        (Some(_), None) => f32::INFINITY,
        (None, None) => f32::NEG_INFINITY,
    };
    Outcome {
        in_scope: true,
        right: false,
        score,
        confidence: nearest.map_or(0.0, |nearest| nearest.confidence),
    }
}

fn validation(rows: &[Row]) -> Result<Vec<&Row>, EvalError> {
    let there = VALIDATION
        .iter()
        .find(|name| rows.iter().any(|row| row.split == **name));
    split(rows, there.unwrap_or(&VALIDATION[0]))
}

fn split<'r>(rows: &'r [Row], name: &str) -> Result<Vec<&'r Row>, EvalError> {
    let these: Vec<&Row> = rows.iter().filter(|row| row.split == name).collect();
    if !these.is_empty() {
        return Ok(these);
    }
    let mut present: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *present.entry(&row.split).or_default() += 1;
    }
    let present: Vec<String> = present
        .iter()
        .map(|(split, rows)| format!("{split} ({rows})"))
        .collect();
    let present = if present.is_empty() {
        "no rows at all".to_owned()
    } else {
        present.join(", ")
    };
    Err(EvalError::NoRows {
        split: name.to_owned(),
        present,
    })
}

fn listed(errors: &[TrainError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// Spanish or English, whichever more rows look like.
fn majority_language(rows: &[&Row]) -> Lang {
    let (mut spanish, mut english) = (0, 0);
    for row in rows {
        match detect_language(&row.text) {
            Detected::Spa => spanish += 1,
            Detected::Eng => english += 1,
            _ => {}
        }
    }
    if spanish > english {
        Lang::es()
    } else {
        Lang::en()
    }
}

/// A corpus with a topic for each intent, and the intent of each topic; intents need not be slugs.
fn corpus(train: &[&Row], lang: &Lang, settings: &Settings) -> (Corpus, HashMap<TopicId, String>) {
    let mut intents: Vec<&str> = train.iter().map(|row| row.intent.as_str()).collect();
    intents.sort_unstable();
    intents.dedup();
    let mut names = HashMap::new();
    let mut examples: HashMap<&str, Vec<Example>> = HashMap::new();
    for row in train {
        let lang = row.lang.as_ref().unwrap_or(lang).clone();
        let example = Example::literal(lang, row.text.clone());
        examples.entry(&row.intent).or_default().push(example);
    }
    let mut topics = Vec::with_capacity(intents.len());
    for (number, intent) in intents.into_iter().enumerate() {
        let id: TopicId = format!("intent-{number}")
            .parse()
            .expect("letters, a hyphen and digits are a slug");
        names.insert(id.clone(), intent.to_owned());
        let examples = examples.remove(intent).unwrap_or_default();
        topics.push(CorpusTopic {
            id,
            examples,
            patterns: Vec::new(),
            slots: Vec::new(),
            sensitive: false,
            floor: 0.0,
        });
    }
    (
        Corpus {
            topics,
            settings: settings.clone(),
            ..Corpus::default()
        },
        names,
    )
}

fn is_intent(topic: &TopicId, row: &Row, names: &HashMap<TopicId, String>) -> bool {
    names.get(topic).is_some_and(|intent| *intent == row.intent)
}

impl Product {
    fn count(
        &mut self,
        row: &Row,
        reading: &Reading,
        names: &HashMap<TopicId, String>,
        in_scope: bool,
    ) {
        let right = |topic: &TopicId| is_intent(topic, row, names);
        self.count_verdict(&reading.understood.verdict, in_scope, &right);
    }

    fn count_verdict(
        &mut self,
        verdict: &Verdict,
        in_scope: bool,
        right: &dyn Fn(&TopicId) -> bool,
    ) {
        let counted = match verdict {
            Verdict::Match { .. } if !in_scope => &mut self.oos_answered,
            _ if !in_scope => return,
            Verdict::Match { topic } if right(topic) => &mut self.answered_right,
            Verdict::Match { .. } => &mut self.answered_wrong,
            Verdict::Ambiguous { topics } if topics.iter().any(right) => &mut self.asked_right,
            Verdict::Ambiguous { .. } => &mut self.asked_wrong,
            Verdict::OutOfScope => &mut self.declined,
        };
        *counted += 1.0;
    }

    fn share(&mut self, outcomes: &[Outcome]) {
        let inside = outcomes.iter().filter(|outcome| outcome.in_scope).count();
        let outside = outcomes.len() - inside;
        for counted in [
            &mut self.answered_right,
            &mut self.answered_wrong,
            &mut self.asked_right,
            &mut self.asked_wrong,
            &mut self.declined,
        ] {
            *counted /= inside.max(1) as f64;
        }
        self.oos_answered /= outside.max(1) as f64;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
