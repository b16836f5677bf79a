//! The desk: who waits, who is on duty, whom to offer, how long it may take. Pure: a picture that the engine keeps up to date.

mod hours;
mod queue;

pub use hours::{is_open, reply_by};
pub use queue::{Desk, Entry, OnDuty, Place};
