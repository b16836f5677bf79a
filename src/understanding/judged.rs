//! A test of a topic file, put to an engine.

use super::{Context, Engine};
use crate::conversation::{Scored, Verdict};
use crate::ids::SlotName;
use crate::topics::{Expectation, TopicTest};

/// What a test came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Whether topic and slots are as wanted.
    pub passed: bool,
    /// Whether the topic alone is.
    pub right_topic: bool,
    /// What came out.
    pub got: Verdict,
    /// The nearest topics.
    pub nearest: Vec<Scored>,
    /// Slots that were not found as wanted: name, wanted value, found value.
    pub slots: Vec<(SlotName, String, Option<String>)>,
}

/// Puts a test to an engine, at the beginning of a session in the test's language.
pub fn judge(engine: &Engine, test: &TopicTest) -> Judged {
    let reading = engine.understand(&test.say, &Context::fresh(&test.lang));
    let got = reading.understood.verdict;
    let right_topic = match &test.expect {
        Expectation::Topic(topic) => got.topic() == Some(topic),
        Expectation::Not(topic) => got.topic() != Some(topic),
        Expectation::Nothing => got == Verdict::OutOfScope,
    };
    let slots: Vec<_> = test
        .slots
        .iter()
        .filter_map(|(name, wanted)| {
            let mut values = reading.found.iter().filter(|found| found.name == *name);
            let first = values.clone().next().map(|found| found.value.clone());
            let there = values.any(|found| found.value == *wanted);
            (!there).then(|| (name.clone(), wanted.clone(), first))
        })
        .collect();
    Judged {
        passed: right_topic && slots.is_empty(),
        right_topic,
        got,
        nearest: reading.understood.nearest,
        slots,
    }
}
