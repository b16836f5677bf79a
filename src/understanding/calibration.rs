//! From logits to honest answers: how sure is sure enough, and how sure are we.
//!
//! Cross-validation shows what the classifier makes of lines it did not learn; sentences that are no topic's business
//! show what it makes of anything else. The threshold stands where both together lose least; then one temperature makes
//! confidence honest. "None of these" takes part in the softmax with the threshold as its logit, so that a match that is
//! only just good enough has a confidence of one half at most.

/// What a classifier said to a text it did not learn.
#[derive(Debug, Clone)]
pub(super) struct HeldOut {
    /// A logit for each class.
    pub(super) logits: Vec<f32>,
    /// The right class; `None` for out of scope.
    pub(super) class: Option<usize>,
}

/// Where the lines are drawn for one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    /// The least logit that counts as a match.
    pub(super) threshold: f32,
    /// Divides logits before the softmax; above 1 where the classifier is too sure of itself.
    pub(super) temperature: f32,
}

impl Calibration {
    /// Without evidence: a middling threshold for the margin that training aims at.
    pub(super) const ROUGH: Self = Self {
        threshold: 1.0,
        temperature: 1.5,
    };

    /// Draws the lines from held-out texts; at least `coverage` of those that were read rightly, 0 to 1, are accepted,
    /// but nothing as low as `nothing_known`. Coverage 1 accepts everything, for measuring a closed set.
    pub(super) fn fit(held_out: &[HeldOut], coverage: f32, nothing_known: f32) -> Self {
        let above = nothing_known + LEAST_EVIDENCE;
        let threshold = if coverage >= 1.0 {
            Some(ACCEPT_ALL)
        } else {
            threshold(held_out, coverage).map(|best| best.max(above))
        };
        let Some(threshold) = threshold else {
            return Self {
                threshold: Self::ROUGH.threshold.max(above),
                ..Self::ROUGH
            };
        };
        let mut fitted = Self {
            threshold,
            ..Self::ROUGH
        };
        fitted.temperature = temperature(held_out, threshold);
        fitted
    }

    /// The confidence in each class; they sum to less than one, the rest is "none of these".
    pub(super) fn confidences(&self, logits: &[f32]) -> Vec<f32> {
        let largest = logits.iter().copied().fold(self.threshold, f32::max);
        let power = |logit: f32| ((logit - largest) / self.temperature).exp();
        let mut powers: Vec<f32> = logits.iter().map(|&logit| power(logit)).collect();
        let sum = powers.iter().sum::<f32>() + power(self.threshold);
        for power in &mut powers {
            *power /= sum;
        }
        powers
    }
}

/// What known words must add to a logit before it can be a match.
const LEAST_EVIDENCE: f32 = 0.5;
/// Below every logit, and small enough that differences between logits survive beside it.
const ACCEPT_ALL: f32 = -1_000.0;

/// A wrong answer costs this many times what a miss costs, a miss being answered with the nearest topics.
const WRONG: f32 = 1.0;
/// So much for an answer to what is none of our business: fewer of such messages come in.
const ANSWERED_ANYWAY: f32 = 0.5;

fn threshold(held_out: &[HeldOut], coverage: f32) -> Option<f32> {
    let mut scored: Vec<(f32, Option<bool>)> = held_out
        .iter()
        .filter_map(|text| {
            let (best, logit) = best_of(&text.logits)?;
            Some((logit, text.class.map(|class| class == best)))
        })
        .collect();
    scored.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let inside = scored.iter().filter(|(_, right)| right.is_some()).count();
    let outside = scored.len() - inside;
    if inside == 0 {
        return None;
    }
    let (inside, outside) = (inside as f32, outside.max(1) as f32);
    let mut value = 0.0;
    let mut best = (0.0, scored.first()?.0 - 0.01);
    for pair in 0..scored.len() {
        let (logit, right) = scored[pair];
        value += match right {
            Some(true) => -1.0 / inside,
            Some(false) => WRONG / inside,
            None => ANSWERED_ANYWAY / outside,
        };
        if value > best.0 {
            let next = scored.get(pair + 1).map_or(logit + 0.01, |next| next.0);
            best = (value, (logit + next) / 2.0);
        }
    }
    let mut right: Vec<f32> = scored
        .iter()
        .filter(|(_, right)| *right == Some(true))
        .map(|&(logit, _)| logit)
        .collect();
    right.truncate(((1.0 - coverage) * right.len() as f32) as usize + 1);
    Some(right.pop().map_or(best.1, |covering| best.1.min(covering)))
}

fn temperature(held_out: &[HeldOut], threshold: f32) -> f32 {
    let loss = |temperature: f32| -> f64 {
        let tried = Calibration {
            threshold,
            temperature,
        };
        held_out
            .iter()
            .map(|text| {
                let confidences = tried.confidences(&text.logits);
                let right = match text.class {
                    Some(class) => confidences.get(class).copied().unwrap_or(0.0),
                    None => 1.0 - confidences.iter().sum::<f32>(),
                };
                -f64::from(right.max(1e-6)).ln()
            })
            .sum()
    };
    (0..24)
        .map(|step| 0.3 * 1.15f32.powi(step))
        .min_by(|&a, &b| loss(a).total_cmp(&loss(b)))
        .unwrap_or(Calibration::ROUGH.temperature)
}

/// The class with the largest logit, the first of equals.
pub(super) fn best_of(logits: &[f32]) -> Option<(usize, f32)> {
    logits
        .iter()
        .copied()
        .enumerate()
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
}
