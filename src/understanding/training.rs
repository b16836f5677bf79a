//! From a corpus to the parts of an engine: sentences written out, models trained, lines drawn by cross-validation.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::background;
use super::calibration::{Calibration, HeldOut, best_of};
use super::corpus::{Corpus, CorpusTopic, Example, Fault, TrainError};
use super::entities;
use super::learnt::Learnt;
use super::model::{Lesson, Model};
use super::normalise::{Folded, Word, key, words};
use super::patterns::Expression;
use super::spoken::written_out_in;
use super::templates::{Forms, SlotForm, Template};
use super::vectors::Vectors;
use crate::ids::{Lang, SlotName};
use crate::topics::SlotKind;

/// Changes when the same corpus would be read differently.
const VERSION: &str = "understanding 8";
/// Folds of cross-validation.
const FOLDS: u32 = 5;
/// Lessons that are enough to be checked: of a larger corpus not all folds are trained.
const ENOUGH_CHECKED: usize = 600;

/// Everything that lines of examples say.
#[derive(Default)]
pub(super) struct Lines {
    /// Per base language its lessons, in order of the corpus.
    pub(super) lessons: Vec<(Lang, Vec<Lesson>)>,
    /// Words of an example → its topic; `None` where two topics claim it.
    pub(super) exact: HashMap<String, Option<usize>>,
    /// Templates and patterns to compile.
    pub(super) expressions: Vec<Expression>,
}

impl Lines {
    /// Reads all lines; those with faults are left out and reported, each.
    pub(super) fn read(corpus: &Corpus) -> (Self, Vec<TrainError>) {
        let mut lines = Self::default();
        let mut errors = Vec::new();
        for (at, topic) in corpus.topics.iter().enumerate() {
            if corpus
                .topics
                .iter()
                .take(at)
                .any(|other| other.id == topic.id)
            {
                errors.push(fault(topic, "", Fault::TwiceTheSameTopic));
            }
            for (number, example) in (0u32..).zip(&topic.examples) {
                if let Err(what) = lines.example(corpus, topic, at, number, example) {
                    errors.push(fault(topic, &example.text, what));
                }
            }
            for pattern in &topic.patterns {
                lines.expressions.push(Expression {
                    topic: at,
                    source: pattern.clone(),
                    regex: pattern.clone(),
                    anywhere: true,
                    decides: true,
                    template: false,
                    forms: Forms::new(),
                });
            }
        }
        if lines.lessons.is_empty() && lines.expressions.is_empty() && errors.is_empty() {
            errors.push(TrainError {
                topic: None,
                text: String::new(),
                fault: Fault::Empty,
            });
        }
        (lines, errors)
    }

    fn example(
        &mut self,
        corpus: &Corpus,
        topic: &CorpusTopic,
        at: usize,
        number: u32,
        example: &Example,
    ) -> Result<(), Fault> {
        let lang = example.lang.base();
        let template = if example.template {
            Some(Template::parse(&example.text)?)
        } else {
            None
        };
        let Some(template) = template.filter(|template| !template.is_plain()) else {
            self.lesson(lang, at, number, &example.text, true);
            return Ok(());
        };
        let slots = template.slots().into_iter();
        let forms: Forms = slots
            .map(|slot| (slot.clone(), slot_form(corpus, topic, slot)))
            .collect();
        for sentence in template.sentences(&forms) {
            self.lesson(lang.clone(), at, number, &sentence, false);
        }
        self.expressions.push(Expression {
            topic: at,
            source: example.text.clone(),
            regex: template.regex(&forms),
            anywhere: false,
            // "no me llegó {anything}" fits too much to decide alone.
            decides: !forms.values().any(|form| form.open),
            template: true,
            forms,
        });
        Ok(())
    }

    fn lesson(&mut self, lang: Lang, topic: usize, line: u32, text: &str, exact: bool) {
        let words = written_out_in(&words(&Folded::new(text)), &lang);
        if words.is_empty() {
            return;
        }
        if exact {
            self.exact
                .entry(key(&words))
                .and_modify(|claimed| *claimed = claimed.filter(|&other| other == topic))
                .or_insert(Some(topic));
        }
        let class = u32::try_from(topic).unwrap_or(u32::MAX);
        let lesson = Lesson { words, class, line };
        match self.lessons.iter_mut().find(|(known, _)| *known == lang) {
            Some((_, lessons)) => lessons.push(lesson),
            None => self.lessons.push((lang, vec![lesson])),
        }
    }
}

fn fault(topic: &CorpusTopic, text: &str, fault: Fault) -> TrainError {
    TrainError {
        topic: Some(topic.id.clone()),
        text: text.to_owned(),
        fault,
    }
}

/// How a slot of a template looks: as the topic declares it, as the list of that name, or as any text.
pub(super) fn slot_form(corpus: &Corpus, topic: &CorpusTopic, slot: &SlotName) -> SlotForm {
    let declared = topic
        .slots
        .iter()
        .find(|(name, _)| name == slot)
        .map(|(_, rule)| rule);
    let (kind, entries) = match (declared, corpus.lists.get(slot.as_str())) {
        (Some(rule), _) => (rule.kind, rule.values.as_slice()),
        (None, Some(values)) => (SlotKind::List, values.as_slice()),
        (None, None) => (SlotKind::Text, &[][..]),
    };
    let values: Vec<String> = entries
        .iter()
        .flat_map(entities::names)
        .map(str::to_owned)
        .collect();
    SlotForm::of(kind, &values)
}

/// Trains the model of one language and draws its lines. Model and folds are trained side by side.
pub(super) fn train_language(
    lang: &Lang,
    lessons: &[Lesson],
    classes: usize,
    corpus: &Corpus,
) -> (Model, Calibration) {
    let outside = &out_of_scope(corpus, lang);
    let vectors = corpus.settings.word_vectors.then(Vectors::built_in);
    let folds = if corpus.settings.calibrate {
        folds_for(lessons.len())
    } else {
        0
    };
    let (model, mut held_out) = std::thread::scope(|scope| {
        let checking: Vec<_> = (0..folds)
            .map(|fold| {
                scope.spawn(move || check_fold(fold, lang, lessons, classes, outside, vectors))
            })
            .collect();
        let all: Vec<&Lesson> = lessons.iter().collect();
        let model = Model::train(lang, &all, classes, outside, vectors);
        let checked = checking.into_iter().flat_map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        (model, checked.collect::<Vec<_>>())
    });
    drop_what_is_covered(&mut held_out);
    // A message of which nothing is known gets what the bias alone says: that is never a match.
    let nothing_known = best_of(&model.score(&[]).logits).map_or(f32::MIN, |(_, logit)| logit);
    (
        model,
        Calibration::fit(
            &held_out,
            corpus.settings.thresholds.coverage,
            nothing_known,
        ),
    )
}

/// The model and lines of one language as they were learnt before; `None` where that was from other lessons.
pub(super) fn restore_language(
    lang: &Lang,
    lessons: &[Lesson],
    classes: usize,
    corpus: &Corpus,
    (weights, lines): Learnt,
) -> Option<(Model, Calibration)> {
    let outside = out_of_scope(corpus, lang);
    let vectors = corpus.settings.word_vectors.then(Vectors::built_in);
    let all: Vec<&Lesson> = lessons.iter().collect();
    let model = Model::restore(lang, &all, classes, &outside, vectors, weights)?;
    Some((model, lines))
}

/// What a model makes of every fifth line of each topic that learnt the others.
fn check_fold(
    fold: u32,
    lang: &Lang,
    lessons: &[Lesson],
    classes: usize,
    outside: &[Vec<Word>],
    vectors: Option<&'static Vectors<'static>>,
) -> Vec<HeldOut> {
    let (checked, learnt): (Vec<&Lesson>, Vec<&Lesson>) = lessons
        .iter()
        .partition(|lesson| lesson.line % FOLDS == fold);
    if checked.is_empty() || learnt.is_empty() {
        return Vec::new();
    }
    let in_fold = |at: usize| at % FOLDS as usize == fold as usize;
    let (unseen, kept): (Vec<_>, Vec<_>) = outside
        .iter()
        .cloned()
        .enumerate()
        .partition(|&(at, _)| in_fold(at));
    let kept: Vec<Vec<Word>> = kept.into_iter().map(|(_, words)| words).collect();
    let model = Model::train(lang, &learnt, classes, &kept, vectors);
    let held_out = |words: &[Word], class| HeldOut {
        logits: model.score(words).logits,
        class,
    };
    checked
        .iter()
        .map(|lesson| held_out(&lesson.words, Some(lesson.class as usize)))
        .chain(unseen.iter().map(|(_, words)| held_out(words, None)))
        .collect()
}

/// As many folds as check enough lessons.
fn folds_for(lessons: usize) -> u32 {
    (1..FOLDS)
        .find(|&folds| lessons * folds as usize >= ENOUGH_CHECKED * FOLDS as usize)
        .unwrap_or(FOLDS)
}

fn out_of_scope(corpus: &Corpus, lang: &Lang) -> Vec<Vec<Word>> {
    let generic = background::out_of_scope().filter(|_| corpus.settings.generic_out_of_scope);
    corpus
        .out_of_scope
        .iter()
        .cloned()
        .chain(generic)
        .filter(|example| example.lang.base() == *lang)
        .map(|example| words(&Folded::new(&example.text)))
        .filter(|words| !words.is_empty())
        .collect()
}

/// A travel agency's assistant does answer about flights: sentences that look as much like a topic as half of that
/// catalogue's own are not held against it.
fn drop_what_is_covered(held_out: &mut Vec<HeldOut>) {
    let mut right: Vec<f32> = held_out
        .iter()
        .filter_map(|text| {
            let (best, logit) = best_of(&text.logits)?;
            (text.class == Some(best)).then_some(logit)
        })
        .collect();
    right.sort_unstable_by(f32::total_cmp);
    let Some(&typical) = right.get(right.len() / 2) else {
        return;
    };
    held_out.retain(|text| {
        text.class.is_some() || best_of(&text.logits).is_none_or(|(_, logit)| logit < typical)
    });
}

/// Hash of all that an engine is made from, 16 hexadecimal digits.
pub(super) fn hash(corpus: &Corpus) -> String {
    let mut digest = Sha256::new();
    let mut feed = |part: &str| {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    };
    feed(VERSION);
    feed(&format!("{:?}", corpus.settings));
    for topic in &corpus.topics {
        feed(topic.id.as_str());
        feed(if topic.sensitive {
            "sensitive"
        } else {
            "plain"
        });
        feed(&topic.floor.to_string());
        for example in &topic.examples {
            feed(example.lang.as_str());
            feed(if example.template { "line" } else { "literal" });
            feed(&example.text);
        }
        for pattern in &topic.patterns {
            feed("pattern");
            feed(pattern);
        }
        for slot in &topic.slots {
            feed(&format!("{slot:?}"));
        }
    }
    for example in &corpus.out_of_scope {
        feed(example.lang.as_str());
        feed(&example.text);
    }
    feed(&corpus.brand);
    for name in &corpus.other_companies {
        feed(name);
    }
    feed("things");
    for name in &corpus.other_things {
        feed(name);
    }
    for list in &corpus.lists {
        feed(&format!("{list:?}"));
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
