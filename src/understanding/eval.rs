//! Measuring an engine on labelled utterances: the protocols `closed` and `clinc`, through [`Engine::understand`] as the product calls it.
//!
//! `closed`: every test row has a known intent; the nearest topic counts, nothing is declined (BANKING77).
//! `clinc` (Larson et al., EMNLP 2019, "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction"): train
//! without rows of intent `oos`; on split `val` pick the threshold that gets most rows right, an `oos` row being right when it
//! is rejected; report on the test split.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use whichlang::{Lang as Detected, detect_language};

use super::corpus::{Corpus, CorpusTopic, Example, Settings, TrainError};
use super::engine::{Context, Engine, Reading};
use crate::conversation::{Reason, Verdict};
use crate::ids::{Lang, TopicId};

/// The intent that means "none of these".
const OUT_OF_SCOPE: &str = "oos";
/// The split on which `clinc` picks its threshold.
const VALIDATION: &str = "val";

/// A labelled utterance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// What was written.
    pub text: String,
    /// What it means; any name.
    pub intent: String,
    /// The part of the data set that it belongs to: `train`, `val`, `test`, …
    pub split: String,
}

/// How to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Every test row has a known intent.
    Closed,
    /// Some rows are out of scope.
    Clinc,
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
}

/// What was measured. Shares are 0 to 1; those that the protocol does not have are absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Share of in-scope test rows whose nearest topic is right, nothing declined.
    pub accuracy: f64,
    /// Share of in-scope test rows that are right and not rejected at the threshold picked on validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_scope_accuracy: Option<f64>,
    /// Share of out-of-scope test rows that are rejected at that threshold.
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
    /// What visitors would meet with the engine's own threshold.
    #[serde(flatten)]
    pub product: Product,
    /// Seconds of [`Engine::train`], cross-validation included.
    pub train_seconds: f64,
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

/// One test row after reading.
struct Outcome {
    in_scope: bool,
    right: bool,
    score: f32,
}

/// Trains on one split and scores another. `clock` gives the time since some fixed moment; this room has no clock of its own.
///
/// # Errors
/// When a split is missing or the rows cannot be trained on.
pub fn evaluate(
    rows: &[Row],
    protocol: Protocol,
    train_split: &str,
    test_split: &str,
    clock: &dyn Fn() -> Duration,
) -> Result<Report, EvalError> {
    let keep_oos = protocol == Protocol::Closed;
    let train: Vec<&Row> = split(rows, train_split)?
        .into_iter()
        .filter(|row| keep_oos || row.intent != OUT_OF_SCOPE)
        .collect();
    let test = split(rows, test_split)?;
    let lang = majority_language(&train);
    let (corpus, names) = corpus(&train, &lang);
    let began = clock();
    let engine = Engine::train(&corpus).map_err(|errors| EvalError::Train(listed(&errors)))?;
    let train_seconds = (clock() - began).as_secs_f64();

    let context = Context::fresh(&lang);
    let mut micros = Vec::with_capacity(test.len());
    let mut product = Product::default();
    let mut outcomes = Vec::with_capacity(test.len());
    for row in &test {
        let began = clock();
        let reading = engine.understand(&row.text, &context);
        micros.push((clock() - began).as_secs_f64() * 1e6);
        let outcome = outcome(row, &reading, &names, protocol);
        product.count(row, &reading, &names, outcome.in_scope);
        outcomes.push(outcome);
    }
    product.share(&outcomes);
    micros.sort_unstable_by(f64::total_cmp);
    let mut report = Report {
        accuracy: raw_accuracy(&outcomes),
        in_scope_accuracy: None,
        oos_recall: None,
        all_accuracy: None,
        auroc: None,
        in_scope_accuracy_at_95: None,
        oos_recall_at_95: None,
        product,
        train_seconds,
        micros_p50: quantile(&micros, 0.5),
        micros_p99: quantile(&micros, 0.99),
        model_bytes: engine.model_bytes(),
        train_rows: train.len(),
        test_rows: test.len(),
    };
    if protocol == Protocol::Clinc {
        let validation: Vec<Outcome> = split(rows, VALIDATION)?
            .into_iter()
            .map(|row| {
                outcome(
                    row,
                    &engine.understand(&row.text, &context),
                    &names,
                    protocol,
                )
            })
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
fn corpus(train: &[&Row], lang: &Lang) -> (Corpus, HashMap<TopicId, String>) {
    let mut intents: Vec<&str> = train.iter().map(|row| row.intent.as_str()).collect();
    intents.sort_unstable();
    intents.dedup();
    let mut names = HashMap::new();
    let mut examples: HashMap<&str, Vec<Example>> = HashMap::new();
    for row in train {
        let example = Example::literal(lang.clone(), row.text.clone());
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
        });
    }
    (
        Corpus {
            topics,
            settings: Settings::default(),
            ..Corpus::default()
        },
        names,
    )
}

fn is_intent(topic: &TopicId, row: &Row, names: &HashMap<TopicId, String>) -> bool {
    names.get(topic).is_some_and(|intent| *intent == row.intent)
}

fn outcome(
    row: &Row,
    reading: &Reading,
    names: &HashMap<TopicId, String>,
    protocol: Protocol,
) -> Outcome {
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
        in_scope: protocol == Protocol::Closed || row.intent != OUT_OF_SCOPE,
        right: nearest.is_some_and(|nearest| is_intent(&nearest.topic, row, names)),
        score,
    }
}

impl Product {
    fn count(
        &mut self,
        row: &Row,
        reading: &Reading,
        names: &HashMap<TopicId, String>,
        in_scope: bool,
    ) {
        let counted = match &reading.understood.verdict {
            Verdict::Match { .. } if !in_scope => &mut self.oos_answered,
            _ if !in_scope => return,
            Verdict::Match { topic } if is_intent(topic, row, names) => &mut self.answered_right,
            Verdict::Match { .. } => &mut self.answered_wrong,
            Verdict::Ambiguous { topics } if topics.iter().any(|t| is_intent(t, row, names)) => {
                &mut self.asked_right
            }
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

fn share(count: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}

fn raw_accuracy(outcomes: &[Outcome]) -> f64 {
    accepted_right(outcomes, f32::NEG_INFINITY)
}

fn accepted_right(outcomes: &[Outcome], threshold: f32) -> f64 {
    let inside = outcomes.iter().filter(|outcome| outcome.in_scope);
    let right = inside
        .clone()
        .filter(|outcome| outcome.right && outcome.score >= threshold);
    share(right.count(), inside.count())
}

fn rejected_outside(outcomes: &[Outcome], threshold: f32) -> f64 {
    let outside = outcomes.iter().filter(|outcome| !outcome.in_scope);
    share(
        outside
            .clone()
            .filter(|outcome| outcome.score < threshold)
            .count(),
        outside.count(),
    )
}

fn all_right(outcomes: &[Outcome], threshold: f32) -> f64 {
    let right = outcomes.iter().filter(|outcome| {
        if outcome.in_scope {
            outcome.right && outcome.score >= threshold
        } else {
            outcome.score < threshold
        }
    });
    share(right.count(), outcomes.len())
}

/// The threshold, among the scores, that gets most rows right; the lowest of equals.
fn best_threshold(outcomes: &[Outcome]) -> f32 {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_unstable_by(|a, b| a.score.total_cmp(&b.score));
    // At the lowest score nothing is rejected; each step up rejects the rows below it.
    let mut right = sorted
        .iter()
        .filter(|outcome| outcome.in_scope && outcome.right)
        .count();
    let mut best = (right, f32::NEG_INFINITY);
    let mut rows = sorted.iter().peekable();
    while let Some(row) = rows.next() {
        if !row.in_scope {
            right += 1;
        } else if row.right {
            right -= 1;
        }
        let Some(next) = rows.peek() else { break };
        if next.score > row.score && right > best.0 {
            best = (right, next.score);
        }
    }
    best.1
}

/// The highest threshold that accepts this share of the in-scope rows.
fn covering_threshold(outcomes: &[Outcome], coverage: f64) -> f32 {
    let mut scores: Vec<f32> = outcomes
        .iter()
        .filter(|outcome| outcome.in_scope)
        .map(|outcome| outcome.score)
        .collect();
    scores.sort_unstable_by(f32::total_cmp);
    let rejected = ((1.0 - coverage) * scores.len() as f64) as usize;
    scores.get(rejected).copied().unwrap_or(f32::NEG_INFINITY)
}

/// Area under the ROC curve of the score, ties counting one half (Mann-Whitney U).
fn auroc(outcomes: &[Outcome]) -> f64 {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_unstable_by(|a, b| a.score.total_cmp(&b.score));
    let (mut below, mut wins, mut inside) = (0usize, 0.0, 0usize);
    for tied in sorted.chunk_by(|a, b| a.score == b.score) {
        let here = tied.iter().filter(|outcome| outcome.in_scope).count();
        let outside = tied.len() - here;
        wins += here as f64 * (below as f64 + outside as f64 / 2.0);
        below += outside;
        inside += here;
    }
    if below == 0 || inside == 0 {
        0.0
    } else {
        wins / (below as f64 * inside as f64)
    }
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn inside(right: bool, score: f32) -> Outcome {
        Outcome {
            in_scope: true,
            right,
            score,
        }
    }

    fn outside(score: f32) -> Outcome {
        Outcome {
            in_scope: false,
            right: false,
            score,
        }
    }

    #[test]
    fn the_threshold_gets_most_rows_right() {
        let rows = [
            inside(true, 5.0),
            inside(true, 4.0),
            outside(3.0),
            inside(true, 2.0),
            outside(1.0),
            inside(false, 0.5),
        ];
        let picked = best_threshold(&rows);
        // Rejecting below 2 or below 4 gets five of six right; the lower is taken.
        assert_eq!(picked, 2.0);
        assert_eq!(all_right(&rows, picked), 4.0 / 6.0);
        assert_eq!(all_right(&rows, 4.0), 4.0 / 6.0);
        assert_eq!(accepted_right(&rows, picked), 0.75);
        assert_eq!(rejected_outside(&rows, picked), 0.5);
        assert_eq!(raw_accuracy(&rows), 0.75);
    }

    #[test]
    fn auroc_counts_ties_half() {
        assert_eq!(auroc(&[inside(true, 2.0), outside(1.0)]), 1.0);
        assert_eq!(auroc(&[inside(true, 1.0), outside(2.0)]), 0.0);
        assert_eq!(auroc(&[inside(true, 1.0), outside(1.0)]), 0.5);
        assert_eq!(auroc(&[inside(true, 1.0)]), 0.0);
    }

    #[test]
    fn a_missing_split_is_named() {
        let rows = [Row {
            text: "hola".into(),
            intent: "hi".into(),
            split: "train".into(),
        }];
        let error =
            evaluate(&rows, Protocol::Closed, "train", "test", &Duration::default).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"no rows of split "test"; the file has train (1)"#
        );
    }
}
