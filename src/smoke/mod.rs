//! The smoke alarm: whether more people ask about one thing now than at this hour of past weeks, so that the company speaks before the tenth complaint.
//!
//! The reference is what the same hour of the week, and the hours before and after it, brought in the last eight weeks. Their mean and their dispersion
//! (at least that of chance) give a negative binomial for what comes now: with no more dispersion than chance it is the predictive distribution of a Poisson rate with
//! a Gamma prior (Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6); the dispersion of the reference weeks is taken in as in the algorithm of Farrington et al. (1996, J. R.
//! Statist. Soc. A 159, 547-563) for outbreaks. An alarm is a tail below [`ALPHA`] with at least [`FLOOR`] people. Knows neither topics nor where the counts
//! come from.

use std::collections::BTreeMap;

use crate::ids::Timestamp;

/// A tail below this is no chance: chosen so that a quiet shop has less than one false alarm a month (the simulation of this room's tests).
pub const ALPHA: f64 = 1e-6;
/// Fewer people than this are no crisis, whatever the reference says.
pub const FLOOR: usize = 5;
/// Weeks that are looked back.
pub const WEEKS: i64 = 8;
/// Windows that are looked at, in minutes: a sudden trouble shows in the short one, a slow one in the long one.
pub const WINDOWS: [i64; 2] = [15, 60];

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const WEEK_HOURS: i64 = 7 * 24;

/// What a company expects that knows nothing yet: one in an hour, as if one hour had been seen.
const PRIOR: (f64, f64) = (1.0, 1.0);

/// More people than chance brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spike {
    /// People within the window.
    pub count: usize,
    /// The window, in minutes.
    pub minutes: i64,
    /// How many past weeks let expect in it.
    pub expected: f64,
    /// How likely as many or more are by chance.
    pub tail: f64,
}

/// The hour of a moment, counted from 1970.
pub const fn hour(at: Timestamp) -> i64 {
    at.0.div_euclid(HOUR_MS)
}

/// Whether there is a spike now. `recent`: when each person came within the last hour, one time a person; `hours`: people in each hour that had any; `since`: from
/// when on they were counted.
pub fn spike(
    recent: &[Timestamp],
    hours: &BTreeMap<i64, u32>,
    since: Timestamp,
    now: Timestamp,
) -> Option<Spike> {
    let (rate, dispersion) = reference(hours, hour(since), hour(now));
    let mut found: Option<Spike> = None;
    for minutes in WINDOWS {
        let from = now.plus(-minutes * MINUTE_MS);
        let count = recent
            .iter()
            .filter(|at| **at > from && **at <= now)
            .count();
        let expected = rate * minutes as f64 / 60.0;
        let tail = tail(count, expected, dispersion);
        let less = found.is_none_or(|other| tail < other.tail);
        if count >= FLOOR && tail < ALPHA && less {
            found = Some(Spike {
                count,
                minutes,
                expected,
                tail,
            });
        }
    }
    found
}

/// What an hour like this brings, and variance ÷ mean of what comes in one: that of the reference hours, and what is not known of their mean.
fn reference(hours: &BTreeMap<i64, u32>, first: i64, now: i64) -> (f64, f64) {
    let slots =
        (1..=WEEKS).flat_map(|week| (-1..=1).map(move |beside| now - week * WEEK_HOURS + beside));
    let mut counts: Vec<f64> = slots
        .filter(|slot| *slot > first)
        .map(|slot| f64::from(hours.get(&slot).copied().unwrap_or(0)))
        .collect();
    counts.sort_by(f64::total_cmp);
    // A crisis of one past week must not hide the next: its hour counts like the one before it in size.
    if let [.., before, last] = counts.as_mut_slice() {
        *last = *before;
    }
    let n = counts.len() as f64;
    let sum: f64 = counts.iter().sum();
    let rate = (PRIOR.0 + sum) / (PRIOR.1 + n);
    let mean = if n > 0.0 { sum / n } else { 0.0 };
    let spread: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
    let dispersion = if n > 1.0 && mean > 0.0 {
        (spread / (n - 1.0) / mean).max(1.0)
    } else {
        1.0
    };
    (rate, dispersion + 1.0 / (PRIOR.1 + n))
}

/// P(X ≥ count) of a negative binomial of this mean and variance ÷ mean above 1. Summed in logarithms, so that a large mean does not underflow; good to about 1e-12, far below [`ALPHA`].
fn tail(count: usize, mean: f64, dispersion: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    let size = mean / (dispersion - 1.0);
    let miss = 1.0 - 1.0 / dispersion;
    let mut log = -size * dispersion.ln();
    let mut below = 0.0;
    for k in 0..count {
        below += log.exp();
        let k = k as f64;
        log += ((k + size) / (k + 1.0) * miss).ln();
    }
    (1.0 - below).clamp(0.0, 1.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
