//! The conversation: commands, events, state. Pure: no async, no files, no clock, no randomness.

mod acts;
mod command;
mod deadline;
mod decide;
mod event;
mod fold;
mod inside;
mod limits;
mod memory;
mod people;
mod seal;
mod state;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod understood;

pub use acts::Acts;
pub use command::{BotTurn, Command, Effect, Fresh, Refusal};
pub use deadline::{Deadline, DeadlineKind};
pub use decide::{decide, may_leave_message};
pub use event::{
    AskedQuestion, AskedTap, Body, Choice, Closer, Event, Opening, Private, Promise, ReleaseCause,
    Target,
};
pub use limits::Limits;
pub use memory::{Asking, Cursor, Form, Later, Memory, Offer, Running, Wanted};
pub use people::People;
pub use seal::{Hex, Seal};
pub use state::{CallAnswer, OpenCall, OpenQuestion, Owner, Session, State, Unanswered, Waiting};
pub use understood::{Found, Reading, Reason, Scored, Second, Understood, Verdict};
