//! Reports folded from events. The engine feeds them; they decide nothing.

mod opinions;

pub use opinions::{Opinion, OpinionKey, OpinionTotals, Opinions};
