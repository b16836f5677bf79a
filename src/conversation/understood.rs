//! What one turn was understood to mean, with its reasons. `understanding` makes it, `dialogue` acts on it, events keep it.

use serde::{Deserialize, Serialize};

use crate::ids::{Lang, SlotName, TopicId};

/// The reading of one turn. It holds nothing that the visitor wrote: texts and slot values are stored apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// Language of the turn.
    pub lang: Lang,
    /// What it means.
    pub verdict: Verdict,
    /// Nearest topics, best first, at most five, with their confidence.
    pub nearest: Vec<Scored>,
    /// Why, in order of the stages that had a say.
    pub because: Vec<Reason>,
    /// The mood in which it was written.
    #[serde(default, skip_serializing_if = "TurnMood::is_calm")]
    pub mood: TurnMood,
    /// Version of the catalogue and model that decided (hash of its content), so that a decision can be traced to its files.
    pub model: String,
}

/// The mood of a turn, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TurnMood {
    /// Which.
    pub is: Mood,
    /// What shows it; nothing where it is calm.
    pub because: Vec<MoodSign>,
}

impl TurnMood {
    /// Whether nothing says otherwise.
    pub fn is_calm(&self) -> bool {
        self.is == Mood::Calm
    }
}

/// How somebody sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Nothing says otherwise.
    #[default]
    Calm,
    /// Has waited, or says it again.
    Annoyed,
    /// Has had enough.
    Angry,
    /// Says the opposite of what is meant.
    Ironic,
}

/// What shows a mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoodSign {
    /// An insult, or words of somebody who has had enough.
    Outrage,
    /// Words of somebody who waits, or says it again.
    Trouble,
    /// Written in capitals.
    Capitals,
    /// "!!!", "???".
    Marks,
    /// The same word three times.
    Repetition,
    /// Praise that is none.
    Irony,
}

/// A topic and how sure the engine is of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Scored {
    /// The topic.
    pub topic: TopicId,
    /// Calibrated confidence, 0 to 1.
    pub confidence: f32,
}

/// The three answers that understanding can give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    /// This topic.
    Match {
        /// The topic meant.
        topic: TopicId,
    },
    /// One of these two or three, too close to choose: ask which.
    Ambiguous {
        /// Candidates, best first.
        topics: Vec<TopicId>,
    },
    /// None of ours, or too unsure to say.
    OutOfScope,
}

impl Verdict {
    /// The topic, where there is exactly one.
    pub fn topic(&self) -> Option<&TopicId> {
        match self {
            Self::Match { topic } => Some(topic),
            Self::Ambiguous { .. } | Self::OutOfScope => None,
        }
    }
}

/// A stage that had a say in the verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Reason {
    /// The whole text equals an example.
    Example {
        /// The topic of that example.
        topic: TopicId,
    },
    /// A pattern of this topic matched.
    Pattern {
        /// The topic.
        topic: TopicId,
        /// The pattern as its file has it.
        pattern: String,
        /// Whether it covered the whole text (decides) or a part of it (adds a bonus).
        whole: bool,
    },
    /// A template (`[todavía] no (llegó|me llega) {item}`) of this topic covered the whole text.
    Template {
        /// The topic.
        topic: TopicId,
        /// The template as its file has it.
        template: String,
    },
    /// The statistical classifier's best topic.
    Classifier {
        /// The topic.
        topic: TopicId,
        /// Its score before calibration; the threshold is on this scale.
        logit: f32,
        /// The least logit that counts as a match.
        threshold: f32,
        /// The features that moved the score most: (feature, contribution), at most eight.
        terms: Vec<(String, f32)>,
    },
    /// Unknown words were read as known ones.
    Repaired {
        /// How many words.
        words: u32,
    },
    /// The conversation decided: a choice just offered, an open form, the last topic.
    Context {
        /// Which: `choice`, `form`, `last_topic`, `yes_no`, `contrast`, `before`, `story`, `elsewhere`.
        kind: String,
    },
}

/// A typed value found in a turn. The text of it is personal: it is stored apart from the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Slot or entity name: a named group of a pattern, a template's `{slot}`, or the entity type (`email`, `number`, `order`).
    pub name: SlotName,
    /// Normalised value: `1234567`, `ana@example.org`.
    pub value: String,
    /// Where it stood in the original text: byte offsets.
    pub span: (usize, usize),
}

/// All that was read from one text: the reading that events keep, and the values, which are stored apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it means, and why.
    pub understood: Understood,
    /// Typed values found in it.
    pub found: Vec<Found>,
    /// Whether it says yes or no, where it plainly does ("sí, dale", "nop").
    pub yes_no: Option<bool>,
    /// Which of the offered choices it names ("2", "la segunda", its label), 0-based.
    pub choice: Option<usize>,
    /// The next request of the text, where it holds several; all else is then of the first.
    pub second: Option<Box<Second>>,
}

/// A further request in the same text.
#[derive(Debug, Clone, PartialEq)]
pub struct Second {
    /// Where it begins: byte offset in the text.
    pub at: usize,
    /// What it means.
    pub reading: Reading,
}
