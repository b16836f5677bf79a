//! Topic files: their formats, parsing and lint; from text to a [`Catalog`]. Pure: whoever calls it has read the files.
//!
//! [`check`] reads a set of files in four steps: YAML to trees that know their places (`yaml`), trees to pieces of a catalogue (`read`),
//! the pieces against each other (`link`), and what parses but will be regretted (`lint`). Each step goes on after a mistake, so that
//! one run names them all. Nothing here knows where the files came from or who uses the catalogue.

mod asking;
mod catalog;
mod fault;
mod fields;
mod invite;
mod journey;
mod link;
mod lint;
mod media;
mod notes;
mod notice;
mod placeholders;
mod problem;
mod read;
mod reader;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
pub(crate) mod shop;
mod show;
mod source;
mod team;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod texts;
mod yaml;
mod yaml_traps;
mod zone;

pub use asking::AskRules;
pub use catalog::{
    Act, Assistant, BusinessEvent, Call, CallValue, Catalog, Check, ChoiceSpec, Contact,
    Escalation, Expectation, ListValue, Question, Schedule, Site, Slot, SlotKind, SlotRule, Step,
    Tap, Thresholds, Topic, TopicRole, TopicTest, ValueKind, When,
};
pub use invite::Invite;
pub use journey::{Journey, PagePattern, Touchpoint};
pub use lint::PLACEHOLDERS as PLACEHOLDER_ANSWERS;
pub use lint::folded;
pub use media::{
    ALL_MEDIA_MAX_BYTES, MEDIA_FOLDER, MEDIA_MAX_BYTES, Media, MediaKind, VIDEO_MAX_BYTES,
    is_media_path,
};
pub use notice::{Notice, NoticeState};
pub use placeholders::{fill, unreadable_place};
pub use problem::{Bilingual, Problem, See, Severity, Unreadable};
pub use read::TOPIC_KEYS;
pub use reader::Reader;
pub use show::{Link, Picture, Ratio, Show, Source};
pub use source::{Around, Checked, SourceFile, check, parse};
pub use team::{Policy, QueueRules, Routing, Targets, Team};
pub use template::is_example;
pub use text::{Text, Wording};
pub use texts::own as own_texts;
