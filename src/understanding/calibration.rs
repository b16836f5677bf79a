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
    /// Two topics are ambiguous when the better one's confidence is less than this many times the other's.
    pub(super) clear_by: f32,
}

impl Calibration {
    /// Without evidence: a middling threshold for the margin that training aims at.
    pub(super) const ROUGH: Self = Self { threshold: 1.0, temperature: 1.5, clear_by: 1.5 };

    /// Draws the lines from held-out texts; a wrong answer costs `caution` times what a miss costs.
    pub(super) fn fit(held_out: &[HeldOut], caution: f32) -> Self {
        let Some(threshold) = threshold(held_out, caution) else {
            return Self::ROUGH;
        };
        let mut fitted = Self { threshold, ..Self::ROUGH };
        fitted.temperature = temperature(held_out, threshold);
        fitted.clear_by = clear_by(held_out, &fitted, caution);
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

/// Answering what is none of our business costs this much of a wrong answer: fewer of such messages come in.
const ANSWERED_ANYWAY: f32 = 0.5;

fn threshold(held_out: &[HeldOut], caution: f32) -> Option<f32> {
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
            Some(false) => caution / inside,
            None => caution * ANSWERED_ANYWAY / outside,
        };
        if value > best.0 {
            let next = scored.get(pair + 1).map_or(logit + 0.01, |next| next.0);
            best = (value, (logit + next) / 2.0);
        }
    }
    Some(best.1)
}

fn temperature(held_out: &[HeldOut], threshold: f32) -> f32 {
    let loss = |temperature: f32| -> f64 {
        let tried = Calibration { threshold, temperature, clear_by: 1.0 };
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

/// A question that offers the right topic costs this much of a miss.
const ASKED: f32 = 0.35;

fn clear_by(held_out: &[HeldOut], lines: &Calibration, caution: f32) -> f32 {
    let mut doubts: Vec<(f32, bool, bool)> = Vec::new();
    for text in held_out {
        let confidences = lines.confidences(&text.logits);
        let Some((best, logit)) = best_of(&text.logits) else { continue };
        if logit < lines.threshold {
            continue;
        }
        let second = confidences.iter().enumerate().filter(|&(class, _)| class != best).max_by(|a, b| a.1.total_cmp(b.1));
        let Some((second, &confidence)) = second else { continue };
        let ratio = confidences[best] / confidence.max(f32::MIN_POSITIVE);
        doubts.push((ratio, text.class == Some(best), text.class == Some(second)));
    }
    let cost = |clear_by: f32| -> f32 {
        doubts.iter().map(|&(ratio, first, second)| match (ratio < clear_by, first, second) {
            (true, true, _) | (true, _, true) => ASKED,
            (true, false, false) => 1.0,
            (false, true, _) => 0.0,
            (false, false, _) => 1.0 + caution,
        }).sum()
    };
    (0..12)
        .map(|step| 1.0 + 0.25 * step as f32)
        .min_by(|&a, &b| cost(a).total_cmp(&cost(b)))
        .unwrap_or(Calibration::ROUGH.clear_by)
}

/// The class with the largest logit, the first of equals.
pub(super) fn best_of(logits: &[f32]) -> Option<(usize, f32)> {
    logits.iter().copied().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best })
}
