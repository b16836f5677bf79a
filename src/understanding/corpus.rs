//! What the engine learns from: topics with examples, patterns and slots, value lists, and what is none of our business.

use std::collections::BTreeMap;
use std::fmt;

use super::spoken::RegionalWords;
use crate::ids::{Lang, SlotName, TopicId};
use crate::topics::{Catalog, ListValue, SlotRule, Thresholds};

/// Everything that [`Engine::train`](super::Engine::train) reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// The topics that can be predicted.
    pub topics: Vec<CorpusTopic>,
    /// Sentences that are no topic's business; they help to set the threshold and are answered as out of scope.
    pub out_of_scope: Vec<Example>,
    /// Our own name.
    pub brand: String,
    /// Names of other companies.
    pub other_companies: Vec<String>,
    /// Things that are never our business.
    pub other_things: Vec<String>,
    /// Named lists of values with synonyms, for slots and templates.
    pub lists: BTreeMap<String, Vec<ListValue>>,
    /// What is said in some places → what the examples say.
    pub regional: RegionalWords,
    /// Knobs of training and calibration.
    pub settings: Settings,
}

/// One topic as the engine sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusTopic {
    /// Its name.
    pub id: TopicId,
    /// Example lines, of any language.
    pub examples: Vec<Example>,
    /// Regular expressions, matched without regard to case and accents.
    pub patterns: Vec<String>,
    /// Values that this topic asks for, in the order asked.
    pub slots: Vec<(SlotName, SlotRule)>,
    /// Whether it raises an alarm: then no guessed word may be the reason for it.
    pub sensitive: bool,
    /// Least confidence of an answer with it, 0 to 1, beside the assistant's own.
    pub floor: f32,
}

/// A line that somebody could have typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its language; region and register are ignored.
    pub lang: Lang,
    /// The line.
    pub text: String,
    /// Whether `[optional]`, `(this|that)` and `{slot}` mean what they mean in templates, or are just characters.
    pub template: bool,
}

impl Example {
    /// A line of a topic file, in which the template signs count.
    pub fn line(lang: Lang, text: impl Into<String>) -> Self {
        Self {
            lang,
            text: text.into(),
            template: true,
        }
    }

    /// A text taken as it is.
    pub fn literal(lang: Lang, text: impl Into<String>) -> Self {
        Self {
            lang,
            text: text.into(),
            template: false,
        }
    }
}

/// Knobs of training and calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// When a match is sure enough.
    pub thresholds: Thresholds,
    /// Whether the built-in sentences that no company's assistant answers are added to `out_of_scope`.
    pub generic_out_of_scope: bool,
    /// Whether the built-in vectors of frequent words take part, or only the words and letters of the examples.
    pub word_vectors: bool,
    /// Whether to cross-validate for threshold and confidence; without it both are rough.
    pub calibrate: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            generic_out_of_scope: true,
            word_vectors: true,
            calibrate: true,
        }
    }
}

impl Corpus {
    /// What an engine that learnt it says as [`Engine::model_hash`](super::Engine::model_hash).
    pub fn hash(&self) -> String {
        super::training::hash(self)
    }
}

impl From<&Catalog> for Corpus {
    fn from(catalog: &Catalog) -> Self {
        let topics = catalog.topics.values().map(|topic| CorpusTopic {
            id: topic.id.clone(),
            examples: topic
                .examples
                .iter()
                .flat_map(|(lang, lines)| {
                    lines.iter().map(|line| Example::line(lang.clone(), line))
                })
                .collect(),
            patterns: topic.patterns.clone(),
            sensitive: topic.sensitive,
            floor: topic.floor,
            slots: topic
                .slots
                .iter()
                .map(|slot| (slot.name.clone(), slot.rule.clone()))
                .collect(),
        });
        Self {
            topics: topics.collect(),
            out_of_scope: catalog
                .not_ours
                .iter()
                .flat_map(|(lang, lines)| {
                    lines
                        .iter()
                        .map(|line| Example::literal(lang.clone(), line))
                })
                .collect(),
            brand: catalog.assistant.brand.clone(),
            other_companies: catalog.other_companies.clone(),
            other_things: catalog.other_things.clone(),
            lists: catalog.lists.clone(),
            regional: catalog.regional.clone(),
            settings: Settings {
                thresholds: catalog.assistant.thresholds,
                word_vectors: catalog.assistant.word_vectors,
                ..Settings::default()
            },
        }
    }
}

/// Why a corpus cannot be trained; one for each fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainError {
    /// The topic at fault, when it is one topic's.
    pub topic: Option<TopicId>,
    /// The line or pattern at fault, as written; empty when it is the whole corpus.
    pub text: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a corpus.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No topic has an example or a pattern.
    #[error("there is nothing to learn from: no topic has examples or patterns")]
    Empty,
    /// Two topics have the same id.
    #[error("two topics have this name")]
    TwiceTheSameTopic,
    /// A regular expression that does not compile.
    #[error("not a regular expression: {0}")]
    Pattern(String),
    /// A pattern names a group that cannot be a slot.
    #[error("{0:?} cannot be the name of a slot: use a-z, 0-9 and _, beginning with a letter")]
    GroupName(String),
    /// A template sign that is not closed, or closed without having been opened.
    #[error("`{0}` has no partner")]
    Unbalanced(char),
    /// A slot name that is none.
    #[error("{{{0}}} cannot be the name of a slot: use a-z, 0-9 and _, beginning with a letter")]
    SlotName(String),
    /// Brackets within brackets within brackets, too many.
    #[error("brackets are nested too deeply")]
    TooDeep,
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(topic) = &self.topic {
            write!(f, "{topic}: ")?;
        }
        if !self.text.is_empty() {
            write!(f, "{:?}: ", self.text)?;
        }
        self.fault.fmt(f)
    }
}

impl std::error::Error for TrainError {}
