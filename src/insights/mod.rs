//! Reports folded from events. The engine feeds them; they decide nothing.

pub mod figures;
mod history;
mod opinions;
mod pool;
mod quality;
mod rules;

pub use history::{Ended, History, Past, Phrase, Place, Reads, Wanted};
pub use opinions::{Opinion, OpinionKey, OpinionTotals, Opinions};
pub use quality::{Figure, QualityReport, working_days};
pub use rules::Rules;
