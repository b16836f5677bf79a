//! How long a wait may be: a range from what has lately left the queue, or nothing while too little is known.

use std::collections::VecDeque;

use crate::ids::Timestamp;

/// Departures that the estimate looks back on.
const HISTORY: usize = 30;
/// With fewer departures than this nothing is estimated.
const ENOUGH: usize = 5;
/// A departure older than this says nothing about now.
const RECENT_MS: i64 = 60 * 60_000;
/// Standard normal quantile of each end: nine waits of ten fall into the range while the pace stays what it was.
const Z: f64 = 1.645;
/// Longest wait that is told, in minutes; beyond a working day a figure says nothing.
const MOST_MINUTES: u32 = 480;

/// When conversations left the queue of a team: taken, given up, or turned into a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Departures(VecDeque<Timestamp>);

impl Departures {
    pub(super) fn left(&mut self, now: Timestamp) {
        self.0.push_back(now);
        if self.0.len() > HISTORY {
            self.0.pop_front();
        }
    }

    /// Expected wait at a position, in whole minutes, from and to. `from` may be 0: less than `to`.
    ///
    /// Departures are taken as a Poisson process. After `n` of them in a time `s`, the time to the `p`-th next one is `s · p/n · F(2p, 2n)`
    /// (the predictive distribution under a flat prior on the rate); its quantiles by E. Paulson's cube-root approximation of F (1942).
    /// `s` runs to now and not to the last departure, so that a queue that has come to a halt shows a growing wait.
    pub(super) fn wait(&self, position: u32, now: Timestamp) -> Option<(u32, u32)> {
        let recent: Vec<_> = self
            .0
            .iter()
            .filter(|at| now.since(**at) <= RECENT_MS)
            .collect();
        if recent.len() < ENOUGH || position == 0 {
            return None;
        }
        let intervals = f64::from(u32::try_from(recent.len()).ok()?) - 1.0;
        let span_ms = now.since(**recent.first()?);
        let ahead = f64::from(position);
        let mean_minutes = ms_to_minutes(span_ms) * ahead / intervals;
        let (low, high) = f_quantiles(2.0 * ahead, 2.0 * intervals);
        let from = whole(mean_minutes * low, f64::floor);
        let to = whole(mean_minutes * high, f64::ceil).max(from + 1);
        Some((from, to))
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "an hour in milliseconds is far below 2^52"
)]
fn ms_to_minutes(ms: i64) -> f64 {
    ms as f64 / 60_000.0
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range before"
)]
fn whole(minutes: f64, round: impl Fn(f64) -> f64) -> u32 {
    round(minutes).clamp(0.0, f64::from(MOST_MINUTES)) as u32
}

/// Lower and upper quantile of F(`d1`, `d2`) at ±[`Z`].
///
/// With `a = 2/(9·d1)`, `b = 2/(9·d2)` and `x` the cube root of F, `((1−b)·x − (1−a)) / √(b·x² + a)` is nearly standard normal: its square
/// set to z² is a quadratic in `x`.
fn f_quantiles(d1: f64, d2: f64) -> (f64, f64) {
    let (a, b) = (2.0 / (9.0 * d1), 2.0 / (9.0 * d2));
    let square = (1.0 - b).powi(2) - Z * Z * b;
    let half = (1.0 - a) * (1.0 - b);
    let rest = (1.0 - a).powi(2) - Z * Z * a;
    let root = (half * half - square * rest).max(0.0).sqrt();
    let cube = |x: f64| x.max(0.0).powi(3);
    (cube((half - root) / square), cube((half + root) / square))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_quantiles_are_those_of_the_tables() {
        // F(10, 20): 5 % at 0.3605, 95 % at 2.3479; F(2, 58): 95 % at 3.156.
        let (low, high) = f_quantiles(10.0, 20.0);
        assert!((low - 0.3605).abs() < 0.01, "{low}");
        assert!((high - 2.3479).abs() < 0.02, "{high}");
        let (_, high) = f_quantiles(2.0, 58.0);
        assert!((high - 3.156).abs() < 0.05, "{high}");
    }

    #[test]
    fn nothing_is_told_while_too_little_is_known() {
        let mut departures = Departures::default();
        for n in 0..4 {
            departures.left(Timestamp(n * 60_000));
        }
        assert_eq!(departures.wait(1, Timestamp(300_000)), None);
        departures.left(Timestamp(300_000));
        assert!(departures.wait(1, Timestamp(300_000)).is_some());
        assert_eq!(
            departures.wait(1, Timestamp(300_000 + 2 * RECENT_MS)),
            None,
            "yesterday's pace says nothing"
        );
    }

    #[test]
    fn a_halt_shows_as_a_longer_wait() {
        let mut departures = Departures::default();
        for n in 0..20 {
            departures.left(Timestamp(n * 30_000));
        }
        let moving = departures.wait(10, Timestamp(20 * 30_000)).unwrap();
        let halted = departures
            .wait(10, Timestamp(20 * 30_000 + 20 * 60_000))
            .unwrap();
        assert!(halted.1 > moving.1 * 2, "{moving:?} {halted:?}");
    }

    proptest! {
        /// Exponential gaps drawn at random: the range holds the true time of the p-th next departure nearly as often as it says.
        #[test]
        fn the_range_holds_what_comes(seed in 0_u64..8, position in 1_u32..12) {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut uniform = move || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                f64::from(u32::try_from(state >> 33).unwrap()) / f64::from(1_u32 << 31)
            };
            let mut held = 0_u32;
            let rounds = 400_u32;
            for _ in 0..rounds {
                let mut gap = || {
                    #[allow(clippy::cast_possible_truncation, reason = "minutes in milliseconds")]
                    let ms = (-(1.0 - uniform()).ln() * 120_000.0) as i64;
                    ms
                };
                let mut departures = Departures::default();
                let mut now = 0_i64;
                for _ in 0..HISTORY {
                    now += gap();
                    departures.left(Timestamp(now));
                }
                let told = departures.wait(position, Timestamp(now)).unwrap();
                let true_wait: i64 = (0..position).map(|_| gap()).sum();
                let minutes = ms_to_minutes(true_wait);
                if f64::from(told.0) <= minutes && minutes <= f64::from(told.1) {
                    held += 1;
                }
            }
            prop_assert!(held * 100 >= rounds * 86, "{held} of {rounds}");
        }
    }
}
