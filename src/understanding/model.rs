//! The statistical classifier of one language: dictionary, weights, vocabulary.

use std::collections::HashSet;

use super::background::is_common_anywhere;
use super::features::{Dictionary, Entry, Extractor, ReadWord};
use super::normalise::{Word, WordKind};
use super::repair::Vocabulary;
use super::softmax::{Row, Softmax};
use super::vectors::Vectors;
use crate::ids::Lang;

/// One sentence to learn from.
#[derive(Debug, Clone)]
pub(super) struct Lesson {
    /// Its words.
    pub(super) words: Vec<Word>,
    /// The class it belongs to.
    pub(super) class: u32,
    /// Lessons made of the same line have the same number; they are never split between training and checking.
    pub(super) line: u32,
}

/// Below this number of topics the out-of-scope sentences are learnt as a class of their own, whose logit is taken from the
/// others': so few topics say too little about what is not theirs. With more, that class swallows neighbours of real topics.
const FEW_TOPICS: usize = 8;

/// The classes of the gate.
const INSIDE: usize = 0;
const OUTSIDE: usize = 1;
/// From this far before the gate is in doubt, what speaks for "not ours" is taken from all logits.
const EARLY: f32 = 2.0;

/// Words of a message that are read; whoever pastes a page has said what it is about by then.
const MOST_WORDS: usize = 512;
/// Length of the vector that says what a message means; that of its words and letters has length one.
const MEANING: f32 = 1.5;

/// A classifier of one language.
pub(super) struct Model {
    extractor: Extractor,
    dictionary: Dictionary,
    vectors: Option<&'static Vectors<'static>>,
    weights: Weights,
    vocabulary: Vocabulary,
    stems: HashSet<String>,
    /// Whether the last class of the topics' weights is out of scope.
    rejects: bool,
}

/// What training found out.
pub(super) struct Weights {
    /// Which topic.
    pub(super) topics: Softmax,
    /// Ours or not: learnt apart where out of scope is no class, so that topics do not lose neighbours to it.
    pub(super) gate: Option<Softmax>,
}

/// Logits of a message and how its words were read.
pub(super) struct Scores<'m> {
    /// One for each class.
    pub(super) logits: Vec<f32>,
    /// For each word that was read what it was taken for.
    pub(super) read_as: Vec<Option<&'m str>>,
    /// Its features, for explanations.
    pub(super) features: Vec<Entry>,
}

impl Model {
    /// Trains on these lessons, over classes `0..classes`; `outside` are sentences of no class. Without `vectors` it goes by words and letters alone.
    pub(super) fn train(
        lang: &Lang,
        lessons: &[&Lesson],
        classes: usize,
        outside: &[Vec<Word>],
        vectors: Option<&'static Vectors<'static>>,
    ) -> Self {
        let rejects = rejects(classes, outside);
        let all_outside = outside;
        let outside = if rejects { outside } else { &[] };
        let extractor = Extractor::new(lang);
        let dictionary = Dictionary::build(&extractor, texts(lessons, outside));
        let none = u32::try_from(classes).unwrap_or(u32::MAX);
        let labels: Vec<u32> = lessons
            .iter()
            .map(|lesson| lesson.class)
            .chain(outside.iter().map(|_| none))
            .collect();
        let rows: Vec<Row> = texts(lessons, outside)
            .map(|text| {
                let read = as_typed(text);
                let features = dictionary.entries(&extractor, &read);
                row(&features, vectors, &read)
            })
            .collect();
        let softmax = Softmax::train(
            &rows,
            &labels,
            classes + usize::from(rejects),
            dictionary.len(),
            vectors.map_or(0, Vectors::dims),
        );
        let gate = (!rejects && !all_outside.is_empty())
            .then(|| gate(&rows, all_outside, &extractor, &dictionary, vectors));
        let weights = Weights {
            topics: softmax,
            gate,
        };
        Self::of(extractor, dictionary, lessons, vectors, weights, rejects)
    }

    /// The model that these lessons gave when `weights` were trained; `None` where they were trained on others.
    pub(super) fn restore(
        lang: &Lang,
        lessons: &[&Lesson],
        classes: usize,
        outside: &[Vec<Word>],
        vectors: Option<&'static Vectors<'static>>,
        weights: Weights,
    ) -> Option<Self> {
        let rejects = rejects(classes, outside);
        let has_gate = !rejects && !outside.is_empty();
        let outside = if rejects { outside } else { &[] };
        let extractor = Extractor::new(lang);
        let dictionary = Dictionary::build(&extractor, texts(lessons, outside));
        let dims = vectors.map_or(0, Vectors::dims);
        let fits = |softmax: &Softmax, classes| softmax.fits(classes, dictionary.len(), dims);
        let fit = fits(&weights.topics, classes + usize::from(rejects))
            && weights.gate.is_some() == has_gate
            && weights.gate.iter().all(|gate| fits(gate, OUTSIDE + 1));
        fit.then(|| Self::of(extractor, dictionary, lessons, vectors, weights, rejects))
    }

    fn of(
        extractor: Extractor,
        dictionary: Dictionary,
        lessons: &[&Lesson],
        vectors: Option<&'static Vectors<'static>>,
        weights: Weights,
        rejects: bool,
    ) -> Self {
        let words = || {
            lessons
                .iter()
                .flat_map(|lesson| &lesson.words)
                .filter(|w| w.kind == WordKind::Plain)
        };
        let vocabulary = Vocabulary::build(words().map(|word| word.text.as_str()));
        let stems = words().map(|word| extractor.stem(&word.text)).collect();
        Self {
            extractor,
            dictionary,
            vectors,
            weights,
            vocabulary,
            stems,
            rejects,
        }
    }

    /// What it has learnt.
    pub(super) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Whether the examples use this folded word.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.vocabulary.contains(word)
    }

    /// Scores a message; unknown words are repaired first. What comes after the first [`MOST_WORDS`] is not read.
    pub(super) fn score(&self, words: &[Word]) -> Scores<'_> {
        let words = words.get(..MOST_WORDS).unwrap_or(words);
        let typed = words.iter().map(|word| match word.kind {
            WordKind::Plain => word.text.as_str(),
            WordKind::Number | WordKind::Email | WordKind::Url => "",
        });
        let read_as = self.vocabulary.repair(typed, |word| {
            is_common_anywhere(word)
                || self.vectors.is_some_and(|vectors| vectors.contains(word))
                || self.stems.contains(&self.extractor.stem(word))
        });
        let read = zipped(words, &read_as);
        let features = self.dictionary.entries(&self.extractor, &read);
        let vector = row(&features, self.vectors, &read);
        let mut logits = self.weights.topics.logits(&vector);
        if let Some(none) = self.rejects.then(|| logits.pop()).flatten() {
            for logit in &mut logits {
                *logit -= none;
            }
        }
        if let Some(gate) = &self.weights.gate {
            let sides = gate.logits(&vector);
            let outside = (sides[OUTSIDE] - sides[INSIDE] + EARLY).max(0.0);
            for logit in &mut logits {
                *logit -= outside;
            }
        }
        Scores {
            logits,
            read_as,
            features,
        }
    }

    /// Logits of a message from those of its words that nothing was guessed about.
    pub(super) fn score_without_guesses(&self, words: &[Word], scores: &Scores<'_>) -> Vec<f32> {
        let typed: Vec<Word> = words
            .iter()
            .zip(&scores.read_as)
            .filter(|(_, read_as)| read_as.is_none())
            .map(|(word, _)| word.clone())
            .collect();
        self.score(&typed).logits
    }

    /// The features that moved the logit of a class most, strongest first, with what each added or took. `≈ word` is what the meaning
    /// of that word did.
    pub(super) fn terms(
        &self,
        words: &[Word],
        scores: &Scores<'_>,
        class: usize,
        most: usize,
    ) -> Vec<(String, f32)> {
        let read = zipped(words, &scores.read_as);
        let mut moved: Vec<(u64, f32)> = scores
            .features
            .iter()
            .map(|feature| {
                let weight = self.weights.topics.weight(feature.id as usize, class);
                (feature.hash, feature.value * weight)
            })
            .collect();
        moved.sort_unstable_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        moved.truncate(most);
        let wanted: Vec<u64> = moved.iter().map(|&(hash, _)| hash).collect();
        let names = self.extractor.names(&read, &wanted);
        let mut terms: Vec<(String, f32)> = moved
            .into_iter()
            .filter_map(|(hash, by)| Some((names.get(&hash)?.clone(), by)))
            .chain(self.meanings(&read, class))
            .collect();
        terms.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        terms.truncate(most);
        terms
    }

    /// What the meaning of each word did to the logit of a class: the vector of a message is the sum of its words'.
    fn meanings(&self, read: &[ReadWord<'_>], class: usize) -> Vec<(String, f32)> {
        let Some(vectors) = self.vectors else {
            return Vec::new();
        };
        let weights: Vec<f32> = (self.dictionary.len()..)
            .take(vectors.dims())
            .map(|id| self.weights.topics.weight(id, class))
            .collect();
        let (products, length) = vectors.products(meant(vectors, read), &weights);
        let factor = MEANING / length;
        products
            .into_iter()
            .filter(|&(_, by)| by != 0.0)
            .map(|(word, by)| (format!("≈ {word}"), by * factor))
            .collect()
    }

    /// Bytes that the weights take.
    pub(super) fn bytes(&self) -> usize {
        let gate = self.weights.gate.as_ref().map_or(0, Softmax::bytes);
        self.weights.topics.bytes() + gate + self.dictionary.len() * size_of::<(u64, u32, f32)>()
    }
}

/// Whether sentences of no class are learnt as one.
fn rejects(classes: usize, outside: &[Vec<Word>]) -> bool {
    classes < FEW_TOPICS && !outside.is_empty()
}

fn texts<'t>(lessons: &'t [&Lesson], outside: &'t [Vec<Word>]) -> impl Iterator<Item = &'t [Word]> {
    let lessons = lessons.iter().map(|lesson| lesson.words.as_slice());
    lessons.chain(outside.iter().map(Vec::as_slice))
}

/// Learns to tell what is ours, `rows`, from what is not.
fn gate(
    rows: &[Row],
    outside: &[Vec<Word>],
    extractor: &Extractor,
    dictionary: &Dictionary,
    vectors: Option<&Vectors<'_>>,
) -> Softmax {
    let strange = outside.iter().map(|text| {
        let read = as_typed(text);
        let features = dictionary.entries(extractor, &read);
        row(&features, vectors, &read)
    });
    let all: Vec<Row> = rows.iter().cloned().chain(strange).collect();
    let labels: Vec<u32> = (0..all.len())
        .map(|at| u32::from(at >= rows.len()))
        .collect();
    Softmax::train(
        &all,
        &labels,
        OUTSIDE + 1,
        dictionary.len(),
        vectors.map_or(0, Vectors::dims),
    )
}

/// The vector of a message: its features, and what it means as numbers.
fn row(features: &[Entry], vectors: Option<&Vectors<'_>>, words: &[ReadWord<'_>]) -> Row {
    Row {
        ids: features.iter().map(|feature| feature.id).collect(),
        values: features.iter().map(|feature| feature.value).collect(),
        dense: vectors.map_or_else(Vec::new, |vectors| {
            vectors.message(meant(vectors, words), MEANING)
        }),
    }
}

/// The words that have a meaning, misspelt ones as what they were read as.
fn meant<'w>(vectors: &Vectors<'_>, words: &[ReadWord<'w>]) -> impl Iterator<Item = &'w str> {
    words
        .iter()
        .filter(|read| read.word.kind == WordKind::Plain)
        .map(|read| {
            let repaired = read.read_as.filter(|word| vectors.knows(word));
            repaired.unwrap_or(&read.word.text)
        })
}

fn as_typed(words: &[Word]) -> Vec<ReadWord<'_>> {
    words
        .iter()
        .map(|word| ReadWord {
            word,
            read_as: None,
        })
        .collect()
}

fn zipped<'w>(words: &'w [Word], read_as: &[Option<&'w str>]) -> Vec<ReadWord<'w>> {
    words
        .iter()
        .zip(read_as)
        .map(|(word, &read_as)| ReadWord { word, read_as })
        .collect()
}
