//! What the assistant missed and what visitors then did about it, read off the events of conversations; what follows from it for the topic files.
//!
//! Owns the evidence rules (what counts as missed, disowned, confirmed), the index of missed turns, the grouping of phrases, decisions about groups,
//! what an agent's answer proposes, and the comparison of two engines on turns that really happened. Pure: whoever keeps it feeds it events and
//! texts. It keeps no words: an entry names a conversation and an event, so that an erasure takes its words out of here too.

mod cues;
mod decision;
mod features;
mod groups;
mod health;
mod index;
mod proposal;
mod replay;
mod turn;
mod watch;

pub use decision::{Decided, Decision, MOST as DECISION_MOST, decided};
pub use groups::{Group, Phrase, group};
pub use health::{CrossValidated, Health, Tested, cross_validate, tests_of};
pub use index::{Entry, Missed, Reference, Use};
pub use proposal::{Answer, cleaned, example};
pub use replay::{Change, Judged, Replay, Said, Stand, judge, read_alone, replay};
pub use turn::{Evidence, Facts, Miss, Misses, Truth, Turn};
pub use watch::Watch;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
