//! The conversation: commands, events, state. Pure: no async, no files, no clock, no randomness.

mod acts;
mod asked;
mod away;
mod case;
mod command;
mod deadline;
mod decide;
mod desk_command;
mod event;
mod fold;
mod inside;
mod keepsake;
mod limits;
mod memory;
mod merge;
mod parts;
mod people;
mod proof;
mod seal;
mod shown;
mod state;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod turns;
mod understood;

pub use acts::Acts;
pub use asked::{PastEnd, PastQuestion};
pub use case::Case;
pub use command::{BotTurn, Command, Effect, Fresh, Refusal};
pub use deadline::{Deadline, DeadlineKind};
pub use decide::{decide, may_leave_message};
pub use desk_command::{DeskCommand, Receiver};
pub use event::{Body, Event, Private};
pub use keepsake::{Keepsake, Keepsakes};
pub use limits::Limits;
pub use memory::{Asking, Cursor, Form, Later, Memory, Offer, Passed, Running, Wanted};
pub use merge::{
    GivenBack, HandedOver, Joined, LED_MS, Merge, MergeStep, Parting, UNMERGE_MS, Was,
};
pub use parts::{
    AbuseLevel, AskedQuestion, AskedTap, Attached, Choice, Closer, News, OfferEnd, Opening,
    Promise, PromiseKind, ReleaseCause, Target, Told, shortened,
};
pub use people::{CallHours, People};
pub use proof::{PROOF_MS, Proof, Proven, Shared};
pub use seal::{Hex, Seal};
pub use shown::{Captions, Exhibit, Shown, ShownLink, ShownPicture};
pub use state::{
    CallAnswer, Handed, MailFailure, OpenCall, OpenQuestion, Owed, Owner, Session, ShutOut,
    StandingOffer, State, Unanswered, Waiting,
};
pub use turns::{Says, Turn, next_turn};
pub use understood::{
    Found, Mood, MoodSign, Reading, Reason, Scored, Second, TurnMood, Understood, Verdict,
};
