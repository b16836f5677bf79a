//! Reports folded from events. The engine feeds them; they decide nothing.

mod history;
mod opinions;

pub use history::{Ended, History, Past, Phrase, Place, Reads, Wanted};
pub use opinions::{Opinion, OpinionKey, OpinionTotals, Opinions};
