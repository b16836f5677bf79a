//! Repeatable chance: the same seed throws the same dice on every machine and in every version, so that a figure can be checked by anybody.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, every one as likely; 0 where the bound is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        (wide >> 64) as usize
    }

    /// `count` of these in the order in which they were given; all where there are not so many.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut places: Vec<usize> = (0..from.len()).collect();
        for at in 0..count.min(places.len()) {
            let other = at + self.below(places.len() - at);
            places.swap(at, other);
        }
        places.truncate(count);
        places.sort_unstable();
        places
            .into_iter()
            .filter_map(|at| from.get(at).copied())
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_dice() {
        let mut dice = Dice::new(1234567);
        // The published test vector of SplitMix64 for this seed.
        assert_eq!(dice.next(), 6_457_827_717_110_365_317);
        assert_eq!(dice.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn some_are_picked_each_once_and_in_order() {
        let all: Vec<usize> = (0..100).collect();
        let picked = Dice::new(7).pick(&all, 10);
        assert_eq!(picked.len(), 10);
        assert!(picked.is_sorted());
        assert_eq!(picked, Dice::new(7).pick(&all, 10));
        assert_ne!(picked, Dice::new(8).pick(&all, 10));
        assert_eq!(Dice::new(7).pick(&all, 1000), all);
        assert_eq!(Dice::new(7).below(0), 0);
    }
}
