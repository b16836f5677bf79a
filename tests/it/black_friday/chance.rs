//! Chance that comes again with the same seed.

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / 4_294_967_296.0
    }

    /// True once in so many: `odds` of 0.2 is one in five.
    pub(super) fn hits(&mut self, odds: f64) -> bool {
        self.uniform() < odds
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }

    /// Milliseconds between these seconds.
    pub(super) fn seconds(&mut self, from: f64, to: f64) -> i64 {
        ms(from + (to - from) * self.uniform())
    }

    /// Log-normal, in milliseconds, of this mean in seconds; `sigma` of the logarithm.
    pub(super) fn log_normal(&mut self, mean: f64, sigma: f64) -> i64 {
        let (a, b) = (1.0 - self.uniform(), self.uniform());
        let normal = (-2.0 * a.ln()).sqrt() * (2.0 * std::f64::consts::PI * b).cos();
        ms((mean.ln() - sigma * sigma / 2.0 + sigma * normal).exp())
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a day in milliseconds")]
fn ms(seconds: f64) -> i64 {
    (seconds * 1_000.0) as i64
}
