//! Closing the loop: how far an opinion has come, what was done about many of them ("you said, we did"), where they gather on the customer's way, and
//! whether a complaint is heard less since. Pure: records come from the engine, opinions from whoever folded them.

mod action;
mod effect;
mod themes;
mod way;

pub use action::{Action, ActionError, Improved, SAID_MAX, Teller};
pub use effect::{Difference, Effect, Verdict, difference, effect};
pub use themes::{Standings, Theme, themes};
pub use way::{OpinionRef, Standing, Stride, Way, WayError, Who};
