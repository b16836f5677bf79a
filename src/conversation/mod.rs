//! The conversation: commands, events, state. Pure: no async, no files, no clock, no randomness.

mod understood;

pub use understood::{Found, Reason, Scored, Understood, Verdict};
