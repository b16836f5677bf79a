//! What a team means to answer by when: its clocks run in its opening hours only.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::hours;
use crate::ids::Timestamp;
use crate::topics::{Schedule, Targets};

/// Which answer is due. The names are the field's: first response, next response, resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SlaClock {
    /// An agent's first words.
    FirstResponse,
    /// An agent's next words.
    NextResponse,
    /// The close.
    Resolution,
}

/// An answer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlaDue {
    /// Which.
    pub clock: SlaClock,
    /// When. Past: the target is missed.
    pub at: Timestamp,
}

/// The soonest answer that is due to a conversation on the desk; nothing without targets.
pub fn sla_due(entry: &Entry, targets: &Targets, schedule: Option<&Schedule>) -> Option<SlaDue> {
    let within = |from: Timestamp, minutes: Option<u32>, clock| {
        let minutes = minutes?;
        let at = match schedule {
            Some(schedule) => hours::after(schedule, from, minutes)?,
            None => from.plus(i64::from(minutes) * 60_000),
        };
        Some(SlaDue { clock, at })
    };
    let reply = match (entry.agent_wrote, entry.unanswered_since) {
        (false, _) => within(entry.since, targets.first_response, SlaClock::FirstResponse),
        (true, Some(since)) => within(since, targets.next_response, SlaClock::NextResponse),
        (true, None) => None,
    };
    let close = within(entry.since, targets.resolution, SlaClock::Resolution);
    reply.into_iter().chain(close).min_by_key(|due| due.at)
}

#[cfg(test)]
mod tests {
    use super::super::entry::Place;
    use super::super::samples::{entry, id_team};
    use super::*;
    use crate::ids::Priority;

    const TARGETS: Targets = Targets {
        first_response: Some(5),
        next_response: Some(10),
        resolution: Some(60),
    };

    #[test]
    fn the_first_words_then_the_next_ones_then_the_close() {
        let mut entry = entry(Place::Waiting, 0, Priority::Normal, false);
        assert_eq!(entry.team, id_team());
        let due = |entry: &Entry| {
            sla_due(entry, &TARGETS, None).map(|due| (due.clock, due.at.0 / 60_000))
        };
        assert_eq!(due(&entry), Some((SlaClock::FirstResponse, 5)));
        entry.agent_wrote = true;
        assert_eq!(due(&entry), Some((SlaClock::Resolution, 60)));
        entry.unanswered_since = Some(Timestamp(20 * 60_000));
        assert_eq!(due(&entry), Some((SlaClock::NextResponse, 30)));
        entry.unanswered_since = Some(Timestamp(55 * 60_000));
        assert_eq!(due(&entry), Some((SlaClock::Resolution, 60)));
        assert_eq!(sla_due(&entry, &Targets::default(), None), None);
    }
}
