//! Reading written opinions: the classifier of understanding, learnt once a process from the built-in examples.

use std::sync::OnceLock;

use super::EngineError;
use crate::conversation::{Command, DeskCommand, Refusal};
use crate::ids::{ConversationId, Lang, OpinionKind};
use crate::listening::{opinion_examples, opinion_patterns};
use crate::understanding::{Context, Corpus, CorpusTopic, Engine, Example, Settings};

/// What tells the kinds of opinion apart; none where learning failed.
static READER: OnceLock<Option<Engine>> = OnceLock::new();

/// The corpus of the built-in opinions: one topic a kind, every line taken as it is.
fn opinion_corpus() -> Corpus {
    let topics = OpinionKind::ALL.iter().map(|kind| CorpusTopic {
        id: kind.as_str().parse().expect("a kind's name is a slug"),
        examples: opinion_examples()
            .filter(|(own, ..)| own == kind)
            .map(|(_, lang, text)| Example::literal(lang, text))
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

/// The kind of opinion that a text is most like; none where the examples could not be learnt.
pub fn kind_of_opinion(text: &str, lang: &Lang) -> Option<OpinionKind> {
    let understood = reader()?.understand(text, &Context::fresh(lang)).understood;
    let nearest = understood.nearest.first().map(|scored| &scored.topic);
    understood
        .verdict
        .topic()
        .or(nearest)?
        .as_str()
        .parse()
        .ok()
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
