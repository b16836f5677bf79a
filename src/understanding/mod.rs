//! Understanding: from the text of one turn to a topic, the values in it, and why.
//!
//! Owns normalising, the language of a message, patterns, templates, the classifier, repair of misspelt words, calibration,
//! typed values and explanation. Pure: no async, files, clock or randomness; the same corpus gives the same engine, bit by bit.
//! It knows nothing of conversations but their result types; what to *do* about a reading is `dialogue`'s.
//!
//! The way of a message: fold and split (`normalise`) → choices just offered (`choice`) → the same words as an example →
//! `patterns` and `templates` → `language` → `model` (`repair`, `features`, `vectors`, `softmax`) → `calibration` → a [`Reading`].

mod background;
mod calendar;
mod calibration;
mod choice;
mod context;
mod contrast;
mod corpus;
mod elsewhere;
mod engine;
mod entities;
pub mod eval;
mod features;
mod follow_up;
mod judged;
mod language;
mod learnt;
mod model;
mod mood;
mod normalise;
mod opinion;
mod patterns;
mod reading;
mod repair;
mod requests;
mod softmax;
mod spoken;
mod story;
mod templates;
mod training;
mod vectors;
mod yes_no;

pub use calendar::{MONTHS, WEEKDAYS};
pub use context::{Context, Expecting, Offered, Reading};
pub use corpus::{Corpus, CorpusTopic, Example, Fault, Settings, TrainError};
pub use engine::Engine;
pub use entities::{Around, Asked, Clock, Day, Part, Toward, When, Which};
pub use judged::{Judged, judge};
pub use learnt::NotLearnt;
pub use requests::Request;
pub use spoken::RegionalWords;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
