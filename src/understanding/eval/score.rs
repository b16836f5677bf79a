//! The figures: accuracy, recall, F1, AUROC, calibration error, coverage. Pure counting over rows that were read.

use std::collections::BTreeMap;

use serde::Serialize;

/// One row after reading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// Whether it has an intent that the engine knows.
    pub(super) in_scope: bool,
    /// Whether the nearest topic is the right one.
    pub(super) right: bool,
    /// The classifier's score; infinite where an example or a pattern decided.
    pub(super) score: f32,
    /// Confidence in the nearest topic, 0 to 1.
    pub(super) confidence: f32,
}

pub(super) fn share(count: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}

pub(super) fn raw_accuracy(outcomes: &[Outcome]) -> f64 {
    accepted_right(outcomes, f32::NEG_INFINITY)
}

pub(super) fn accepted_right(outcomes: &[Outcome], threshold: f32) -> f64 {
    let inside = outcomes.iter().filter(|outcome| outcome.in_scope);
    let right = inside
        .clone()
        .filter(|outcome| outcome.right && outcome.score >= threshold);
    share(right.count(), inside.count())
}

pub(super) fn rejected_outside(outcomes: &[Outcome], threshold: f32) -> f64 {
    let outside = outcomes.iter().filter(|outcome| !outcome.in_scope);
    share(
        outside
            .clone()
            .filter(|outcome| outcome.score < threshold)
            .count(),
        outside.count(),
    )
}

pub(super) fn all_right(outcomes: &[Outcome], threshold: f32) -> f64 {
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
pub(super) fn best_threshold(outcomes: &[Outcome]) -> f32 {
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
pub(super) fn covering_threshold(outcomes: &[Outcome], coverage: f64) -> f32 {
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
pub(super) fn auroc(outcomes: &[Outcome]) -> f64 {
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

/// Bins of the calibration error.
const BINS: usize = 10;

/// Expected calibration error of the confidence, 0 to 1: the mean distance between confidence and accuracy over ten bins of equal width,
/// each weighing as many rows as it holds (Guo et al., ICML 2017). Over rows in scope.
pub(super) fn calibration_error(outcomes: &[Outcome]) -> f64 {
    let mut bins = [(0_usize, 0.0_f64, 0_usize); BINS];
    for outcome in outcomes.iter().filter(|outcome| outcome.in_scope) {
        let at = ((outcome.confidence * BINS as f32) as usize).min(BINS - 1);
        if let Some((count, confidence, right)) = bins.get_mut(at) {
            *count += 1;
            *confidence += f64::from(outcome.confidence);
            *right += usize::from(outcome.right);
        }
    }
    let all: usize = bins.iter().map(|(count, ..)| count).sum();
    let apart: f64 = bins
        .iter()
        .map(|(_, confidence, right)| (confidence - *right as f64).abs())
        .sum();
    if all == 0 { 0.0 } else { apart / all as f64 }
}

/// What a line drawn at a confidence would give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// The least confidence that is answered.
    pub confidence: f64,
    /// Share of the rows in scope that are then answered.
    pub coverage: f64,
    /// Share of those that are answered rightly.
    pub accuracy: f64,
}

/// Lines at every tenth of confidence.
pub(super) fn curve(outcomes: &[Outcome]) -> Vec<Line> {
    let inside: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.in_scope).collect();
    (0..BINS)
        .map(|tenth| {
            let confidence = tenth as f64 / BINS as f64;
            let answered = inside
                .iter()
                .filter(|outcome| f64::from(outcome.confidence) >= confidence);
            let right = answered.clone().filter(|outcome| outcome.right).count();
            let answered = answered.count();
            Line {
                confidence,
                coverage: share(answered, inside.len()),
                accuracy: share(right, answered),
            }
        })
        .collect()
}

/// How well one intent is told from the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntentScore {
    /// The intent.
    pub intent: String,
    /// Share of the rows read as it that are it.
    pub precision: f64,
    /// Share of its rows that are read as it.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Rows that are it.
    pub rows: usize,
}

/// How often one intent was read as another, with sentences of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// What was meant.
    pub expected: String,
    /// What it was read as; `none` where nothing is near.
    pub read_as: String,
    /// How often.
    pub count: usize,
    /// The first of these sentences.
    pub sentences: Vec<String>,
}

/// Sentences that a confusion shows.
const SENTENCES: usize = 5;

/// A row's intent, what it was read as, and the row.
pub(super) type Judged<'r> = (&'r str, &'r str, &'r str);

/// Each intent, worst F1 first.
pub(super) fn by_intent(judged: &[Judged<'_>]) -> Vec<IntentScore> {
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for &(meant, read, _) in judged {
        let own = counts.entry(meant).or_default();
        own.0 += 1;
        own.2 += usize::from(meant == read);
        counts.entry(read).or_default().1 += 1;
    }
    let mut scores: Vec<IntentScore> = counts
        .into_iter()
        .filter(|(_, (rows, ..))| *rows > 0)
        .map(|(intent, (rows, read, right))| IntentScore {
            intent: intent.to_owned(),
            precision: share(right, read),
            recall: share(right, rows),
            f1: share(2 * right, rows + read),
            rows,
        })
        .collect();
    scores.sort_by(|a, b| a.f1.total_cmp(&b.f1).then_with(|| a.intent.cmp(&b.intent)));
    scores
}

/// The mean of the intents' F1, each weighing the same.
pub(super) fn macro_f1(scores: &[IntentScore]) -> f64 {
    let sum: f64 = scores.iter().map(|score| score.f1).sum();
    if scores.is_empty() {
        0.0
    } else {
        sum / scores.len() as f64
    }
}

/// What is taken for something else, most often first.
pub(super) fn confusions(judged: &[Judged<'_>]) -> Vec<Confusion> {
    let mut seen: BTreeMap<(&str, &str), (usize, Vec<String>)> = BTreeMap::new();
    for &(meant, read, sentence) in judged.iter().filter(|(meant, read, _)| meant != read) {
        let (count, sentences) = seen.entry((meant, read)).or_default();
        *count += 1;
        if sentences.len() < SENTENCES {
            sentences.push(sentence.to_owned());
        }
    }
    let mut confusions: Vec<Confusion> = seen
        .into_iter()
        .map(|((expected, read_as), (count, sentences))| Confusion {
            expected: expected.to_owned(),
            read_as: read_as.to_owned(),
            count,
            sentences,
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    confusions
}

pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// A mean and how far its values stand from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation; 0 of a single value.
    pub deviation: f64,
    /// Least value.
    pub least: f64,
    /// Greatest value.
    pub most: f64,
}

impl Spread {
    pub(super) fn of(values: &[f64]) -> Self {
        let count = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean,
            deviation: (squares / (count - 1.0).max(1.0)).sqrt(),
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(right: bool, score: f32) -> Outcome {
        Outcome {
            in_scope: true,
            right,
            score,
            confidence: 0.5,
        }
    }

    fn outside(score: f32) -> Outcome {
        Outcome {
            in_scope: false,
            ..inside(false, score)
        }
    }

    fn sure(right: bool, confidence: f32) -> Outcome {
        Outcome {
            confidence,
            ..inside(right, 1.0)
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
    fn honest_confidence_has_no_error() {
        let honest: Vec<Outcome> = (0..10).map(|row| sure(row < 8, 0.8)).collect();
        assert!(calibration_error(&honest) < 1e-6);
        let boastful: Vec<Outcome> = (0..10).map(|row| sure(row < 5, 1.0)).collect();
        assert!((calibration_error(&boastful) - 0.5).abs() < 1e-6);
        assert_eq!(calibration_error(&[outside(1.0)]), 0.0);
    }

    #[test]
    fn a_higher_line_answers_less_and_better() {
        let rows = [
            sure(true, 0.95),
            sure(true, 0.6),
            sure(false, 0.3),
            sure(false, 0.1),
        ];
        let lines = curve(&rows);
        assert_eq!((lines[0].coverage, lines[0].accuracy), (1.0, 0.5));
        assert_eq!((lines[5].coverage, lines[5].accuracy), (0.5, 1.0));
        assert_eq!((lines[9].coverage, lines[9].accuracy), (0.25, 1.0));
    }

    #[test]
    fn intents_and_confusions_come_worst_first() {
        let judged = [
            ("a", "a", "uno"),
            ("a", "b", "dos"),
            ("a", "b", "tres"),
            ("b", "b", "cuatro"),
            ("c", "c", "cinco"),
            ("c", "a", "seis"),
        ];
        let scores = by_intent(&judged);
        let order: Vec<&str> = scores.iter().map(|score| score.intent.as_str()).collect();
        assert_eq!(order, ["a", "b", "c"]);
        assert!((scores[0].f1 - 0.4).abs() < 1e-9, "{:?}", scores[0]);
        assert!((macro_f1(&scores) - (0.4 + 0.5 + 2.0 / 3.0) / 3.0).abs() < 1e-9);
        let confusions = confusions(&judged);
        assert_eq!(confusions[0].sentences, ["dos", "tres"]);
        assert_eq!((confusions[0].count, confusions[1].count), (2, 1));
    }

    #[test]
    fn a_spread_is_of_a_sample() {
        let spread = Spread::of(&[1.0, 3.0]);
        assert_eq!((spread.mean, spread.least, spread.most), (2.0, 1.0, 3.0));
        assert!((spread.deviation - 2.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(Spread::of(&[4.0]).deviation, 0.0);
    }
}
