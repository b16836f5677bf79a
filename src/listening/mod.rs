//! Listening: which question a session ends with, for whom and why; and the reply that fits an opinion. Pure: it sends nothing and keeps
//! nothing; every choice comes with its reason, so that "why was this asked?" can be answered from the log.

mod choose;
mod cues;
mod kinds;
mod place;
mod reply;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod whom;

pub use choose::choose_question;
pub use cues::{last_clause, ways_to_learn, with_cues};
pub use kinds::{after_tap, opinion_examples, opinion_kind, opinion_patterns};
pub use place::place_arrival;
pub use reply::{opinion_case, reply_to_opinion};
pub use whom::Ending;

use crate::ids::TeamId;
use crate::topics::Reader;

/// Name of a team as this reader knows it.
fn team_name(reader: &Reader<'_>, team: &TeamId) -> String {
    let name = reader.catalog.team_name(team);
    name.map_or_else(|| team.to_string(), |name| reader.words(name).to_owned())
}
