//! The bot's next step: from what was understood to what is said, asked, called or handed over. Pure: it knows no clock, no queue and no
//! socket, and owns nothing but its memory, which travels in events.
//!
//! Values of a call's answer stay at hand for later steps of the same topic as slots named `call-…` (a hyphen cannot stand in a slot of the
//! files), worded already; they are forgotten as soon as no form is open.

mod answer;
mod cues;
mod failure;
mod files;
mod form;
mod go_on;
mod handoff;
mod offered;
mod slot;
mod steps;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod turn;
mod wording;

pub use answer::answer;
pub use go_on::go_on;
pub use handoff::{leave_message, nobody_came};
pub use offered::{Offered, reading_context};
pub use wording::{day, moment, money, shown};

use crate::conversation::{AskedQuestion, People, State};
use crate::ids::{Lang, Timestamp};
use crate::topics::Catalog;

/// What the bot sees when it is its turn.
pub struct Scene<'a> {
    /// The conversation; the bot owns it, but for [`nobody_came`].
    pub state: &'a State,
    /// What the assistant knows.
    pub catalog: &'a Catalog,
    /// Now.
    pub now: Timestamp,
    /// Whether people are there.
    pub people: People,
    /// A fresh case number, should a message be taken: `M-7F3K-2Q`.
    pub case: String,
    /// The question for a session that ends with this turn, in a language. Only a goodbye asks for it; its outcome is
    /// [`State::outcome_at_goodbye`].
    pub closing: &'a dyn Fn(&Lang) -> Closing,
}

/// The question at the end of a session, and why this one or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// The question.
    pub question: Option<AskedQuestion>,
    /// Why.
    pub because: String,
}
