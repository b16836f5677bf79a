//! The desk: who waits, who is on duty, whom to offer, how long it may take. Pure: a picture that the engine keeps up to date.

mod duty;
mod entry;
mod hours;
mod picture;
mod quiet;
mod routing;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod samples;
mod sla;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod wait;

pub use duty::{Offer, OnDuty, PAUSE_AFTER, Profile, USUAL_CAPACITY};
pub use entry::{Entry, Place};
pub use hours::{after, is_open, next_opening, open_spans, reply_by};
pub use picture::{Desk, LongWait};
pub use quiet::quiet_until;
pub use sla::{SlaClock, SlaDue, sla_due};
