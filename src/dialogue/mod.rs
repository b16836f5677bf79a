//! The bot's next step: from what was understood to what is said, asked, called or handed over. Pure: it knows no clock, no queue and no
//! socket, and owns nothing but its memory, which travels in events.
//!
//! What the bot notes for itself stands among the slots under names with a hyphen, which cannot stand in a slot of the files: `call-…` for the
//! values of a call's answer, worded already, until no form is open; `later0-…` for what a request that waits has named; `before-…` for the
//! value that another has replaced.

mod again;
mod answer;
mod appeal;
mod arguments;
mod asides;
mod call_back;
mod call_time;
mod contact;
mod cues;
mod failure;
mod files;
mod form;
mod go_on;
mod handoff;
mod hearing;
mod hidden;
mod later;
mod leaving;
mod open_words;
mod parts;
mod place;
mod place_words;
mod question;
mod reading;
mod remembering;
mod second_thoughts;
mod shows;
mod slot;
mod slot_text;
mod small_talk;
mod steps;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod turn;
mod values;
mod wording;

pub use answer::{answer, heard};
pub use cues::asks_for_anybody;
pub use failure::is_small_talk;
pub use go_on::go_on;
pub use handoff::{call_instead, leave_message, nobody_came};
pub use reading::read;
pub use wording::{day, is_of_kind, moment, money, shown};

use std::collections::BTreeMap;

use crate::conversation::{AskedQuestion, CallHours, Keepsake, Limits, People, State};
use crate::ids::{Lang, SlotName, TeamId, Timestamp};
use crate::topics::Catalog;

/// What the bot sees when it is its turn.
pub struct Scene<'a> {
    /// The conversation; the bot owns it, but for [`nobody_came`].
    pub state: &'a State,
    /// What the assistant knows.
    pub catalog: &'a Catalog,
    /// Now.
    pub now: Timestamp,
    /// Whether people of a team are there.
    pub people: &'a dyn Fn(&TeamId) -> People,
    /// When people of a team can call the visitor; `None` where they do not.
    pub calls: &'a dyn Fn(&TeamId) -> Option<CallHours>,
    /// A fresh case number, should a message be taken: `M-7F3K-2Q`.
    pub case: String,
    /// Whether an answer can go by mail.
    pub mail: bool,
    /// How long what the visitor wants remembered is kept, among others.
    pub limits: Limits,
    /// What the person who is proven here wanted kept on another device.
    pub elsewhere: &'a BTreeMap<SlotName, Keepsake>,
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
