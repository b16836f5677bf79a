//! The engine: trained once from a corpus or restored from what was learnt, immutable, asked by many threads.

use std::collections::{HashMap, HashSet};

use super::calibration::Calibration;
use super::corpus::{Corpus, TrainError};
use super::elsewhere::Elsewhere;
use super::entities::{Lists, SlotReader};
use super::learnt::{self, NotLearnt};
use super::model::Model;
use super::normalise::{Folded, key, words};
use super::patterns::Patterns;
use super::spoken::Regional;
use super::training::{self, Lines};
use crate::ids::{Lang, TopicId};
use crate::topics::Thresholds;

/// A trained engine. `Send` and `Sync`; one call needs no lock.
pub struct Engine {
    pub(super) topics: Vec<TopicId>,
    pub(super) slots: Vec<Vec<SlotReader>>,
    /// Whether each topic raises an alarm.
    pub(super) sensitive: Vec<bool>,
    /// Least confidence of an answer with each topic.
    pub(super) floors: Vec<f32>,
    pub(super) lists: Lists,
    pub(super) regional: Regional,
    pub(super) elsewhere: Elsewhere,
    pub(super) exact: HashMap<String, Option<usize>>,
    pub(super) out_of_scope: HashSet<String>,
    pub(super) patterns: Patterns,
    pub(super) models: Vec<(Lang, Model)>,
    pub(super) calibrations: Vec<Calibration>,
    pub(super) thresholds: Thresholds,
    pub(super) hash: String,
}

impl Engine {
    /// Trains an engine. Languages are trained side by side; about a second for 10,000 examples.
    ///
    /// # Errors
    /// All faults of the corpus: templates and patterns that cannot be read, topics named twice, nothing to learn from.
    pub fn train(corpus: &Corpus) -> Result<Self, Vec<TrainError>> {
        let (lines, patterns) = Self::lines_of(corpus)?;
        let classes = corpus.topics.len();
        let trained: Vec<(Model, Calibration)> = std::thread::scope(|scope| {
            let running: Vec<_> = lines
                .lessons
                .iter()
                .map(|(lang, lessons)| {
                    scope.spawn(move || training::train_language(lang, lessons, classes, corpus))
                })
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        Ok(Self::of(corpus, lines, patterns, trained))
    }

    /// The engine that this corpus gave when it was trained, from the bytes of [`Engine::learnt`]: many times faster than training it again.
    ///
    /// # Errors
    /// Why the bytes are not what this program learnt from this corpus; or the corpus has faults, which training names.
    pub fn restore(corpus: &Corpus, bytes: &[u8]) -> Result<Self, NotLearnt> {
        let languages = learnt::read(bytes, &training::hash(corpus))?;
        let (lines, patterns) = Self::lines_of(corpus).map_err(|_faults| NotLearnt::Corpus)?;
        if languages.len() != lines.lessons.len() {
            return Err(NotLearnt::OtherCorpus);
        }
        let classes = corpus.topics.len();
        let lessons = lines.lessons.iter().zip(languages);
        let restored: Option<Vec<(Model, Calibration)>> = lessons
            .map(|((lang, lessons), learnt)| {
                training::restore_language(lang, lessons, classes, corpus, learnt)
            })
            .collect();
        let restored = restored.ok_or(NotLearnt::OtherCorpus)?;
        Ok(Self::of(corpus, lines, patterns, restored))
    }

    /// What training found out, as bytes for [`Engine::restore`].
    pub fn learnt(&self) -> Vec<u8> {
        let languages = self.models.iter().zip(&self.calibrations);
        learnt::write(
            &self.hash,
            languages.map(|((_, model), &lines)| (model.weights(), lines)),
        )
    }

    /// The lines of a corpus and its patterns, compiled; or all faults.
    fn lines_of(corpus: &Corpus) -> Result<(Lines, Patterns), Vec<TrainError>> {
        let topics: Vec<TopicId> = corpus.topics.iter().map(|topic| topic.id.clone()).collect();
        let (lines, mut errors) = Lines::read(corpus);
        match Patterns::compile(&lines.expressions, &topics) {
            Ok(patterns) if errors.is_empty() => Ok((lines, patterns)),
            Ok(_) => Err(errors),
            Err(faults) => {
                errors.extend(faults);
                Err(errors)
            }
        }
    }

    fn of(
        corpus: &Corpus,
        lines: Lines,
        patterns: Patterns,
        trained: Vec<(Model, Calibration)>,
    ) -> Self {
        let (models, calibrations): (Vec<Model>, Vec<Calibration>) = trained.into_iter().unzip();
        let out_of_scope = corpus
            .out_of_scope
            .iter()
            .map(|example| key(&words(&Folded::new(&example.text))))
            .collect();
        Self {
            slots: corpus
                .topics
                .iter()
                .map(|topic| {
                    topic
                        .slots
                        .iter()
                        .map(|(name, rule)| SlotReader::new(name, rule))
                        .collect()
                })
                .collect(),
            sensitive: corpus.topics.iter().map(|topic| topic.sensitive).collect(),
            floors: corpus.topics.iter().map(|topic| topic.floor).collect(),
            lists: Lists::new(
                corpus
                    .lists
                    .iter()
                    .map(|(name, values)| (name.as_str(), values.as_slice())),
            ),
            regional: Regional::new(&corpus.regional),
            elsewhere: Elsewhere::new(&corpus.brand, &corpus.other_companies, &corpus.other_things),
            exact: lines.exact,
            out_of_scope,
            patterns,
            models: lines
                .lessons
                .into_iter()
                .map(|(lang, _)| lang)
                .zip(models)
                .collect(),
            calibrations,
            thresholds: corpus.settings.thresholds,
            hash: training::hash(corpus),
            topics: corpus.topics.iter().map(|topic| topic.id.clone()).collect(),
        }
    }
    /// Hash of the corpus and of the way it is read: equal hashes read alike.
    pub fn model_hash(&self) -> &str {
        &self.hash
    }

    /// Bytes that weights and dictionaries take.
    pub fn model_bytes(&self) -> usize {
        self.models.iter().map(|(_, model)| model.bytes()).sum()
    }

    /// The topics that it can predict, in order of the corpus.
    pub fn topics(&self) -> &[TopicId] {
        &self.topics
    }
}
