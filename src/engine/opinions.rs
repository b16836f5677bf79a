//! Reading written opinions: the classifier of understanding, learnt once a process from the built-in examples.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::EngineError;
use crate::conversation::{Command, DeskCommand, Refusal};
use crate::ids::{ConversationId, Lang, OpinionKind};
use crate::listening::{
    after_tap, last_clause, opinion_examples, opinion_patterns, ways_to_learn, with_cues,
};
use crate::understanding::{Context, Corpus, CorpusTopic, Engine, Example, Settings};

/// What tells the kinds of opinion apart; none where learning failed.
static READER: OnceLock<Option<Engine>> = OnceLock::new();

/// The corpus of the built-in opinions: one topic a kind, every line learnt in each way.
fn opinion_corpus() -> Corpus {
    let topics = OpinionKind::ALL.iter().map(|kind| CorpusTopic {
        id: kind.as_str().parse().expect("a kind's name is a slug"),
        examples: opinion_examples()
            .filter(|(own, ..)| own == kind)
            .flat_map(|(_, lang, text)| {
                ways_to_learn(text).map(|way| Example::literal(lang.clone(), &way))
            })
            .collect(),
        patterns: opinion_patterns(*kind)
            .iter()
            .map(|pattern| (*pattern).to_owned())
            .collect(),
        slots: Vec::new(),
        sensitive: false,
        floor: 0.0,
    });
    Corpus {
        topics: topics.collect(),
        // Every opinion gets its nearest kind, so there is nothing to calibrate.
        settings: Settings {
            generic_out_of_scope: false,
            calibrate: false,
            ..Settings::default()
        },
        ..Corpus::default()
    }
}

/// Learns the built-in opinions, unless that was done: a second or so, better spent before the first visitor writes one.
pub fn learn_opinions() {
    reader();
}

fn reader() -> Option<&'static Engine> {
    let learnt = READER.get_or_init(|| match Engine::train(&opinion_corpus()) {
        Ok(engine) => Some(engine),
        Err(errors) => {
            tracing::error!(?errors, "the built-in opinions cannot be learnt");
            None
        }
    });
    learnt.as_ref()
}

/// The kind of opinion that a text is most like, given the kind that was tapped; none where the examples could not be learnt.
///
/// What comes after a "pero" counts twice: once in the whole, once alone.
pub fn kind_of_opinion(text: &str, lang: &Lang, tap: Option<OpinionKind>) -> Option<OpinionKind> {
    let reader = reader()?;
    let mut likely = likelihoods(reader, text, lang);
    for (kind, more) in last_clause(text)
        .map(|clause| likelihoods(reader, clause, lang))
        .unwrap_or_default()
    {
        *likely.entry(kind).or_default() += more;
    }
    likely
        .into_iter()
        .map(|(kind, likelihood)| (kind, likelihood * after_tap(tap, kind)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(kind, _)| kind)
}

/// How likely each of the nearest kinds is.
fn likelihoods(reader: &Engine, text: &str, lang: &Lang) -> BTreeMap<OpinionKind, f32> {
    let understood = reader
        .understand(&with_cues(text), &Context::fresh(lang))
        .understood;
    // Where the words decide at once, nothing was compared.
    let sure = understood.verdict.topic().map(|topic| (topic, 1.0));
    let sure = sure.filter(|_| understood.nearest.is_empty());
    let near = understood.nearest.iter();
    near.map(|scored| (&scored.topic, scored.confidence))
        .chain(sure)
        .filter_map(|(topic, likelihood)| Some((topic.as_str().parse().ok()?, likelihood)))
        .collect()
}

impl super::Engine {
    /// A bad opinion of this conversation was looked after: its case, where one is open, is closed.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn opinion_seen(&self, id: ConversationId) -> Result<(), EngineError> {
        self.run(id, None, |step| {
            match step.decide(Command::Desk(DeskCommand::OpinionSeen)) {
                // Where it went on elsewhere the case went along.
                Ok(_) | Err(Refusal::Nothing | Refusal::Merged) => Ok(()),
                Err(why) => Err(why),
            }
        })
        .await
    }
}
