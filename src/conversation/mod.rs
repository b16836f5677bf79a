//! The conversation: commands, events, state. Pure: no async, no files, no clock, no randomness.

mod command;
mod decide;
mod event;
mod limits;
mod memory;
mod seal;
mod state;
mod understood;

pub use command::{BotTurn, Command, Effect, Fresh, Refusal};
pub use decide::decide;
pub use event::{
    AskedQuestion, AskedTap, Body, Choice, Closer, Event, Opening, Private, Promise, ReleaseCause,
    Target,
};
pub use limits::Limits;
pub use memory::{Asking, Cursor, Form, Memory, Offer, Wanted};
pub use seal::{Hex, Seal};
pub use state::{
    CallAnswer, Deadline, DeadlineKind, OpenCall, OpenQuestion, Owner, Session, State, Unanswered,
    Waiting,
};
pub use understood::{Found, Reading, Reason, Scored, Understood, Verdict};
