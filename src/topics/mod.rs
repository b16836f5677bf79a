//! Topic files: their formats, parsing and lint; from text to a [`Catalog`]. Pure: whoever calls it has read the files.

mod catalog;
mod reader;
mod text;

pub use catalog::{
    Act, Assistant, Call, CallValue, Catalog, Check, ChoiceSpec, Contact, Escalation, Expectation,
    ListValue, Question, Schedule, Site, Slot, SlotKind, SlotRule, Step, Tap, Team, Thresholds,
    Topic, TopicRole, TopicTest, ValueKind, When,
};
pub use reader::Reader;
pub use text::{Text, Wording};
