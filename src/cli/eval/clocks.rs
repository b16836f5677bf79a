//! Processor time of this process, where the system tells it.

use std::time::Duration;

/// Parts of a second in which Linux counts: fixed for programs, whatever the kernel's own clock (`man 5 proc`, `USER_HZ`).
const TICKS: u64 = 100;

/// Processor time of all threads, those that have ended included.
pub(super) fn cpu() -> Option<Duration> {
    of(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// Fields 14 and 15, in user code and in the kernel; the name in field 2 may hold spaces and brackets.
fn of(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 1000 / TICKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_time_are_added() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 8 0 100 1 1";
        assert_eq!(of(stat), Some(Duration::from_secs(3)));
        assert_eq!(of("nothing"), None);
    }
}
