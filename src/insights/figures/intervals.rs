//! How sure a number is. No share and no median stands alone: each comes with what it rests on.

use serde::{Deserialize, Serialize};

/// Fewer cases than this make no figure: what is there is told as "3 of 8".
pub const FEW: u32 = 30;
/// Quantile of the normal distribution for an interval that holds the truth 95 times of 100.
pub(super) const Z95: f64 = 1.959_964;
/// The same, 99 times of 100.
pub(super) const Z99: f64 = 2.575_829;

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Cases that are so.
    pub part: u32,
    /// Cases.
    pub of: u32,
    /// The share, 0 to 1; nothing where there are fewer than [`FEW`] cases.
    pub value: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// The share with its interval.
    pub fn of(part: u32, of: u32) -> Self {
        let (low, high) = wilson(part, of, Z95);
        Self {
            part,
            of,
            value: (of >= FEW).then(|| f64::from(part) / f64::from(of)),
            low,
            high,
        }
    }
}

/// Wilson's interval for a share (E. B. Wilson, 1927, JASA 22:209; method 3 of R. G. Newcombe, 1998, Statistics in Medicine 17:857): it stays within
/// 0 and 1 and holds what it says also where the share is near an end. Of nothing it is everything.
pub fn wilson(part: u32, of: u32, z: f64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let n = f64::from(of);
    let p = f64::from(part) / n;
    let z2 = z * z;
    let middle = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    let low = if part == 0 {
        0.0
    } else {
        (middle - half) / scale
    };
    let high = if part == of {
        1.0
    } else {
        (middle + half) / scale
    };
    (low.max(0.0), high.min(1.0))
}

/// The middle one of many values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Middle {
    /// Values.
    pub of: u32,
    /// Half of them are at most this; nothing where there are fewer than [`FEW`].
    pub median: Option<u64>,
    /// Lower end of the median's 95 % interval.
    pub low: Option<u64>,
    /// Upper end.
    pub high: Option<u64>,
    /// Nine of ten are at most this; nothing where there are fewer than [`FEW`].
    pub p90: Option<u64>,
}

/// How often each value came. Values to 63 are kept as they are, greater ones to a 32nd of themselves: a quantile is at most 3.2 % too great.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hist(Vec<(u16, u32)>);

/// Values below are buckets of their own.
const EXACT: u64 = 64;
/// Buckets of each doubling, as a power of two.
const FINE: u32 = 5;

fn bucket(value: u64) -> u16 {
    if value < EXACT {
        return u16::try_from(value).unwrap_or(u16::MAX);
    }
    let octave = value.ilog2() - FINE;
    let within = (value >> octave) - (1 << FINE);
    let place = EXACT + u64::from(octave - 1) * (1 << FINE) + within;
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// The greatest value of a bucket.
fn greatest(bucket: u16) -> u64 {
    let place = u64::from(bucket);
    if place < EXACT {
        return place;
    }
    let octave = (place - EXACT) / (1 << FINE) + 1;
    let within = (place - EXACT) % (1 << FINE);
    (((1 << FINE) + within + 1) << octave) - 1
}

impl Hist {
    /// Puts a value in, or takes one out that was put in.
    pub(super) fn change(&mut self, value: u64, add: bool) {
        let bucket = bucket(value);
        match self.0.binary_search_by_key(&bucket, |(one, _)| *one) {
            Ok(at) if add => self.0[at].1 += 1,
            Ok(at) if self.0[at].1 > 1 => self.0[at].1 -= 1,
            Ok(at) => drop(self.0.remove(at)),
            Err(at) if add => self.0.insert(at, (bucket, 1)),
            Err(_) => {}
        }
    }

    /// Puts in everything that is in another one.
    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.0 {
            match self.0.binary_search_by_key(bucket, |(one, _)| *one) {
                Ok(at) => self.0[at].1 += count,
                Err(at) => self.0.insert(at, (*bucket, *count)),
            }
        }
    }

    /// How many values there are.
    pub fn len(&self) -> u32 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a rank, 1 for the least.
    fn ranked(&self, rank: u32) -> Option<u64> {
        let mut seen = 0;
        let mut found = self.0.iter().filter(|(_, count)| {
            seen += count;
            seen >= rank
        });
        found.next().map(|(bucket, _)| greatest(*bucket))
    }

    /// Its median with the interval between two of its ordered values, which asks nothing of their distribution (W. J. Conover, Practical Nonparametric
    /// Statistics, 3rd ed., §3.2), and its ninth decile.
    pub fn middle(&self) -> Middle {
        let of = self.len();
        if of < FEW {
            return Middle {
                of,
                median: None,
                low: None,
                high: None,
                p90: None,
            };
        }
        let n = f64::from(of);
        let reach = Z95 * n.sqrt() / 2.0;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and n, which is a u32"
        )]
        let rank = |at: f64| at.clamp(1.0, n) as u32;
        Middle {
            of,
            median: self.ranked(of.div_ceil(2)),
            low: self.ranked(rank((n / 2.0 - reach).floor())),
            high: self.ranked(rank((n / 2.0 + reach).ceil() + 1.0)),
            p90: self.ranked(rank((n * 0.9).ceil())),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn wilsons_interval_is_the_published_one() {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (part, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(part, of, Z95);
            assert!(
                (l - low).abs() < 5e-5 && (h - high).abs() < 5e-5,
                "{part}/{of}: {l} {h}"
            );
        }
        assert_eq!(wilson(0, 0, Z95), (0.0, 1.0));
        assert_eq!(wilson(7, 7, Z95).1, 1.0);
    }

    #[test]
    fn under_thirty_cases_there_is_no_bare_share() {
        assert_eq!(Share::of(3, 29).value, None);
        assert_eq!(Share::of(3, 30).value, Some(0.1));
    }

    #[test]
    fn a_bucket_holds_its_values_and_is_narrow() {
        let mut last = None;
        for value in (0..5_000).chain([86_400, 1_000_000, 40_000_000_000]) {
            let bucket = bucket(value);
            assert!(Some(bucket) >= last, "{value}");
            last = Some(bucket);
            let top = greatest(bucket);
            assert!(top >= value && (top - value) * 31 <= value, "{value} {top}");
        }
    }

    #[test]
    fn the_middle_of_a_hundred_and_one() {
        let mut hist = Hist::default();
        (0..=100).for_each(|value| hist.change(value.min(63), true));
        let middle = hist.middle();
        // 101 values: ranks 40 and 62 by Conover's rule.
        assert_eq!((middle.of, middle.median), (101, Some(50)));
        assert_eq!((middle.low, middle.high), (Some(39), Some(61)));
        (0..=100).for_each(|value| hist.change(value.min(63), false));
        assert_eq!(hist, Hist::default());
    }
}
