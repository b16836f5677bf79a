//! How often somebody may do something: so many times in a sliding window.

use std::collections::HashMap;
use std::hash::Hash;

use parking_lot::Mutex;

use crate::ids::Timestamp;

/// Names remembered before those whose window is over are let go.
const REMEMBERED: usize = 10_000;

/// Counts by name: an address, a key.
#[derive(Debug)]
pub struct Rate<Name> {
    most: usize,
    window_ms: i64,
    seen: Mutex<HashMap<Name, Vec<Timestamp>>>,
}

impl<Name: Hash + Eq> Rate<Name> {
    /// `most` times in `window_ms`.
    pub fn new(most: usize, window_ms: i64) -> Self {
        Self {
            most,
            window_ms,
            seen: Mutex::default(),
        }
    }

    /// Counts one more, where there is room for it.
    pub fn admits(&self, name: Name, now: Timestamp) -> bool {
        let mut seen = self.seen.lock();
        if seen.len() > REMEMBERED {
            seen.retain(|_, at| at.last().is_some_and(|at| now.since(*at) < self.window_ms));
        }
        let at = seen.entry(name).or_default();
        at.retain(|at| now.since(*at) < self.window_ms);
        let room = at.len() < self.most;
        if room {
            at.push(now);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let rate = Rate::new(2, 100);
        assert!(rate.admits("a", Timestamp(0)) && rate.admits("a", Timestamp(60)));
        assert!(!rate.admits("a", Timestamp(99)) && rate.admits("b", Timestamp(99)));
        assert!(rate.admits("a", Timestamp(100)) && !rate.admits("a", Timestamp(120)));
    }
}
