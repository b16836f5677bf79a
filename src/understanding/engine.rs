//! The engine: trained once from a corpus, immutable, asked by many threads.

use std::collections::{HashMap, HashSet};

use super::calibration::{Calibration, best_of};
use super::choice;
use super::contrast;
use super::corpus::{Corpus, TrainError};
use super::entities::{self, Around, Lists, Searched, SlotReader};
use super::language::{self, Languages};
use super::learnt::{self, NotLearnt};
use super::model::{Model, Scores};
use super::mood;
use super::normalise::{Folded, Word, key, words};
use super::patterns::{Matched, Patterns};
use super::spoken::{Regional, written_out, written_out_further};
use super::training::{self, Lines};
use super::yes_no;
use crate::conversation::{Found, Reason, Scored, Understood, Verdict};
use crate::ids::{Lang, SlotName, TopicId, UTTERANCE_MAX_CHARS};
use crate::topics::{SlotRule, Thresholds};

/// Topics that are reported as nearest.
const NEAREST: usize = 5;
/// Topics that an ambiguous message may mean.
const MOST_CANDIDATES: usize = 3;
/// Features that an explanation names.
const MOST_TERMS: usize = 8;
/// A pattern that covers a part of a message adds this much of the threshold to its topic's logit, and two at least.
const PATTERN_BONUS: f32 = 0.5;
/// Confidence from which a sensitive topic may stand beside others in a question, and from which it may stand alone, where no pattern of it says more.
const LIKELY_ALARM: f32 = 0.4;
const POSSIBLE_ALARM: f32 = 0.3;
/// What the last topic gets in a message of at most `FOLLOW_UP` words: "¿y en Córdoba?".
const LAST_TOPIC_BONUS: f32 = 0.15;
const FOLLOW_UP: usize = 4;
/// What it gets in a message that goes on with what was said: "¿y cuándo llega entonces?".
const GOING_ON_BONUS: f32 = 1.5;
/// Words of such a message, at most.
const GOING_ON: usize = 8;

/// A trained engine. `Send` and `Sync`; one call needs no lock.
pub struct Engine {
    topics: Vec<TopicId>,
    slots: Vec<Vec<SlotReader>>,
    /// Whether each topic raises an alarm.
    sensitive: Vec<bool>,
    /// Least confidence of an answer with each topic.
    floors: Vec<f32>,
    lists: Lists,
    regional: Regional,
    exact: HashMap<String, Option<usize>>,
    out_of_scope: HashSet<String>,
    patterns: Patterns,
    models: Vec<(Lang, Model)>,
    calibrations: Vec<Calibration>,
    thresholds: Thresholds,
    hash: String,
}

/// What the conversation knows when a message comes in.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// Language of the session; short messages keep it.
    pub session_lang: &'c Lang,
    /// Choices that were just offered, in the order in which they are shown.
    pub offered: &'c [Offered],
    /// Topic of the last match.
    pub last_topic: Option<&'c TopicId>,
    /// What the assistant just asked for.
    pub expecting: Expecting<'c>,
    /// When and where the message is read: what "mañana" and "3/4" are.
    pub around: Around<'c>,
}

impl<'c> Context<'c> {
    /// The beginning of a session: nothing offered, nothing asked.
    pub fn fresh(session_lang: &'c Lang) -> Self {
        Self {
            session_lang,
            offered: &[],
            last_topic: None,
            expecting: Expecting::Anything,
            around: Around {
                now: None,
                locale: session_lang,
            },
        }
    }
}

/// A choice that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What the visitor reads on it.
    pub label: String,
    /// The topic to which it leads, if it does.
    pub topic: Option<TopicId>,
}

/// What the assistant asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expecting<'c> {
    /// Nothing in particular.
    Anything,
    /// A yes or a no.
    YesNo,
    /// A value for a slot of an open form.
    Slot {
        /// The slot.
        name: &'c SlotName,
        /// What may fill it; the one stored with the question.
        rule: &'c SlotRule,
    },
}

/// What a message was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Topic, confidence, reasons.
    pub understood: Understood,
    /// Values in the text: named groups of patterns, typed values by type, and those that fill slots of the matched topic.
    pub found: Vec<Found>,
    /// The value for the slot that was asked for, if the message holds one. A message may hold it and mean another topic.
    pub answer: Option<Found>,
    /// Index of the offered choice that it takes.
    pub choice: Option<usize>,
    /// Whether it says yes or no and nothing else.
    pub yes_no: Option<bool>,
}

/// A message with its stages' opinions so far.
struct Heard<'t> {
    text: Searched<'t>,
    /// Its words as they are read: written out, and said as the examples say them.
    read: &'t [Word],
    lang: Lang,
    models: Vec<usize>,
    because: Vec<Reason>,
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

    /// Reads a message. Linear in its length; never fails: what means nothing is out of scope. What stands behind the longest text that a
    /// visitor may send is not read.
    pub fn understand(&self, text: &str, context: &Context<'_>) -> Reading {
        let text = readable(text);
        let mut reading = self.read(text, context, None);
        let decided = reading.choice.is_some() || is_certain(&reading.understood);
        if let Some(parts) = (!decided).then(|| contrast::apart(text)).flatten()
            && let Some(meant) = self.meant(&parts, &reading.understood, context)
        {
            reading = self.read(text, context, Some(meant));
        }
        reading
    }

    /// What a message means that says what it does not: its other part, where that is a topic. Where it is none, the topic of what was set
    /// aside is not the answer either.
    fn meant(
        &self,
        parts: &contrast::Contrast,
        whole: &Understood,
        context: &Context<'_>,
    ) -> Option<Understood> {
        let meant = self.read(&parts.meant, context, None).understood;
        if meant.verdict.topic().is_some() {
            return (meant.verdict != whole.verdict).then_some(meant);
        }
        let taken = whole.verdict.topic()?;
        let refused = self.read(&parts.refused, context, None).understood;
        (refused.verdict.topic() == Some(taken)).then_some(meant)
    }

    /// Reads a message; `meant` is what its part that counts was read as, where another part does not.
    fn read(&self, text: &str, context: &Context<'_>, meant: Option<Understood>) -> Reading {
        let folded = Folded::new(text);
        let words = words(&folded);
        let plain = written_out(&words);
        let languages = language::choose(&self.models, &plain, text, context.session_lang);
        let read = self.as_the_examples_say(&plain, &languages, context);
        let mut heard = Heard {
            text: Searched {
                original: text,
                folded: &folded,
                words: &words,
                read: &read,
                around: context.around,
            },
            read: &read,
            lang: languages.lang,
            models: languages.models,
            because: Vec::new(),
        };
        let mut found = entities::find(heard.text, &self.lists);
        let yes_no = yes_no::read(&words, text).or_else(|| yes_no::read(&read, text));
        let answer = match context.expecting {
            Expecting::Slot { name, rule } => SlotReader::new(name, rule).answer(heard.text),
            Expecting::Anything | Expecting::YesNo => None,
        };
        if answer.is_some() {
            heard.because.push(Reason::Context {
                kind: "form".to_owned(),
            });
        }
        if yes_no.is_some() && context.expecting == Expecting::YesNo {
            heard.because.push(Reason::Context {
                kind: "yes_no".to_owned(),
            });
        }
        let choice = choice::read(
            &words,
            context.offered.iter().map(|offered| offered.label.as_str()),
        );
        let matched = self.patterns.matches(&folded, text);
        let (verdict, nearest) = match meant {
            Some(meant) => {
                heard.because.extend(meant.because);
                heard.because.push(Reason::Context {
                    kind: "contrast".to_owned(),
                });
                (meant.verdict, meant.nearest)
            }
            None => self.verdict(&mut heard, context, choice, &matched),
        };
        if let Some(topic) = verdict.topic()
            && let Some(at) = self.topics.iter().position(|known| known == topic)
        {
            let named = matched.iter().filter(|matched| matched.topic == at);
            for group in named.flat_map(|matched| &matched.found) {
                if !found.iter().any(|known| known.name == group.name) {
                    found.push(self.checked(at, group, heard.text));
                }
            }
            found.extend(entities::fill_slots(&self.slots[at], &found, heard.text));
        }
        let understood = Understood {
            lang: heard.lang,
            verdict,
            nearest,
            because: heard.because,
            mood: mood::read(text, &folded, &words),
            model: self.hash.clone(),
        };
        Reading {
            understood,
            found,
            answer,
            choice,
            yes_no,
        }
    }

    fn as_the_examples_say(
        &self,
        words: &[Word],
        languages: &Languages,
        context: &Context<'_>,
    ) -> Vec<Word> {
        let lang = &languages.lang;
        let locale = context.around.locale;
        let locale = if locale.base() == lang.base() {
            locale
        } else {
            lang
        };
        let base = lang.base();
        let model = self.models.iter().find(|(known, _)| *known == base);
        let read = written_out_further(words, lang);
        match model {
            Some((_, model)) => self.regional.read(&read, locale, |word| model.knows(word)),
            None => read,
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

    fn verdict(
        &self,
        heard: &mut Heard<'_>,
        context: &Context<'_>,
        choice: Option<usize>,
        matched: &[Matched<'_>],
    ) -> (Verdict, Vec<Scored>) {
        if let Some(offered) = choice.and_then(|at| context.offered.get(at)) {
            heard.because.push(Reason::Context {
                kind: "choice".to_owned(),
            });
            if let Some(topic) = &offered.topic {
                return certain(topic);
            }
        }
        let keys = [key(heard.text.words), key(heard.read)];
        let same = keys
            .iter()
            .find_map(|key| self.exact.get(key).copied().flatten());
        if let Some(topic) = same {
            let topic = &self.topics[topic];
            heard.because.push(Reason::Example {
                topic: topic.clone(),
            });
            return certain(topic);
        }
        for matched in matched {
            heard.because.push(self.reason(matched));
        }
        let mut deciding: Vec<usize> = matched
            .iter()
            .filter(|m| m.whole && m.decides)
            .map(|m| m.topic)
            .collect();
        deciding.dedup();
        if let [only] = deciding[..] {
            return certain(&self.topics[only]);
        }
        if keys.iter().any(|key| self.out_of_scope.contains(key)) {
            return (Verdict::OutOfScope, Vec::new());
        }
        self.classify(heard, context, matched)
    }

    fn reason(&self, matched: &Matched<'_>) -> Reason {
        let topic = self.topics[matched.topic].clone();
        if matched.template {
            Reason::Template {
                topic,
                template: matched.source.to_owned(),
            }
        } else {
            Reason::Pattern {
                topic,
                pattern: matched.source.to_owned(),
                whole: matched.whole,
            }
        }
    }

    fn classify(
        &self,
        heard: &mut Heard<'_>,
        context: &Context<'_>,
        matched: &[Matched<'_>],
    ) -> (Verdict, Vec<Scored>) {
        let words = heard.read;
        let last = context
            .last_topic
            .filter(|_| words.len() <= FOLLOW_UP || goes_on(words))
            .and_then(|last| self.topics.iter().position(|topic| topic == last));
        let bonus = if goes_on(words) {
            GOING_ON_BONUS
        } else {
            LAST_TOPIC_BONUS
        };
        let last = last.map(|last| (last, bonus));
        let mut best: Option<Opinion<'_>> = None;
        for &at in &heard.models {
            let scores = self.models[at].1.score(words);
            let opinion = Opinion::new(at, scores, self.calibrations[at], matched, last);
            if best
                .as_ref()
                .is_none_or(|best| opinion.surety() > best.surety())
            {
                best = Some(opinion);
            }
        }
        let nothing = Scores {
            logits: vec![0.0; self.topics.len()],
            read_as: Vec::new(),
            features: Vec::new(),
        };
        let opinion = best.unwrap_or_else(|| {
            Opinion::new(usize::MAX, nothing, Calibration::ROUGH, matched, last)
        });
        self.explain(heard, &opinion);
        let ranked = self.ranked(&opinion);
        let unfounded = self.unfounded_alarms(words, &opinion, matched);
        let mut meant: Vec<&Scored> = ranked
            .iter()
            .filter(|scored| !unfounded.contains(&&scored.topic))
            .collect();
        let rivals = meant.get(1).is_some_and(|second| {
            meant[0].confidence - second.confidence < self.thresholds.ambiguity_margin
        });
        let least = if rivals { LIKELY_ALARM } else { POSSIBLE_ALARM };
        {
            meant.retain(|scored| {
                !self.is_sensitive(&scored.topic)
                    || scored.confidence >= least
                    || matched
                        .iter()
                        .any(|one| self.topics[one.topic] == scored.topic)
            });
        }
        let logit = match meant.first() {
            Some(first) if ranked.first() != Some(first) => self.logit(&opinion, &first.topic),
            Some(_) | None => opinion.logit,
        };
        let verdict = match meant.split_first() {
            Some((first, others))
                if logit >= opinion.lines.threshold
                    && first.confidence >= self.least(&first.topic) =>
            {
                let margin = self.thresholds.ambiguity_margin;
                let close = |other: &&&Scored| first.confidence - other.confidence < margin;
                let others = others
                    .iter()
                    .take(MOST_CANDIDATES - 1)
                    .take_while(close)
                    .copied();
                let topics: Vec<TopicId> = std::iter::once(*first)
                    .chain(others)
                    .map(|scored| scored.topic.clone())
                    .collect();
                if topics.len() > 1 {
                    Verdict::Ambiguous { topics }
                } else {
                    Verdict::Match {
                        topic: first.topic.clone(),
                    }
                }
            }
            Some((first, _))
                if first.confidence >= self.thresholds.ask
                    || (logit >= opinion.lines.threshold && self.has_floor(&first.topic)) =>
            {
                Verdict::Ambiguous {
                    topics: meant
                        .iter()
                        .take(MOST_CANDIDATES)
                        .map(|scored| scored.topic.clone())
                        .collect(),
                }
            }
            Some(_) | None => Verdict::OutOfScope,
        };
        (verdict, ranked)
    }

    /// The least confidence of an answer with this topic: its own floor, or everybody's.
    fn least(&self, topic: &TopicId) -> f32 {
        let at = self.topics.iter().position(|known| known == topic);
        at.map_or(0.0, |at| self.floors[at])
            .max(self.thresholds.answer)
    }

    /// Whether a topic is asked about where it is likely but below its own floor.
    fn has_floor(&self, topic: &TopicId) -> bool {
        let at = self.topics.iter().position(|known| known == topic);
        at.is_some_and(|at| self.floors[at] > self.thresholds.answer)
    }

    fn is_sensitive(&self, topic: &TopicId) -> bool {
        let at = self.topics.iter().position(|known| known == topic);
        at.is_some_and(|at| self.sensitive[at])
    }

    fn logit(&self, opinion: &Opinion<'_>, topic: &TopicId) -> f32 {
        let at = self.topics.iter().position(|known| known == topic);
        at.and_then(|at| opinion.scores.logits.get(at))
            .copied()
            .unwrap_or(f32::MIN)
    }

    /// The topics that would raise an alarm without words of the visitor's own that say so: a guessed word is no reason, and neither is being
    /// near to something else.
    fn unfounded_alarms(
        &self,
        words: &[Word],
        opinion: &Opinion<'_>,
        matched: &[Matched<'_>],
    ) -> Vec<&TopicId> {
        let guessed = opinion.scores.read_as.iter().any(Option::is_some);
        let typed = match self.models.get(opinion.model) {
            Some((_, model)) if guessed => {
                let mut logits = model.score_without_guesses(words, &opinion.scores);
                for topic in favoured(matched) {
                    logits[topic] += pattern_bonus(opinion.lines);
                }
                logits
            }
            Some(_) | None => opinion.scores.logits.clone(),
        };
        let alarms = self.topics.iter().zip(&self.sensitive).zip(typed);
        alarms
            .filter(|((_, sensitive), logit)| **sensitive && *logit < opinion.lines.threshold)
            .map(|((topic, _), _)| topic)
            .collect()
    }

    fn ranked(&self, opinion: &Opinion<'_>) -> Vec<Scored> {
        let confidences = opinion.lines.confidences(&opinion.scores.logits);
        let mut order: Vec<usize> = (0..confidences.len()).collect();
        let best_first = |&a: &usize, &b: &usize| {
            opinion.scores.logits[b]
                .total_cmp(&opinion.scores.logits[a])
                .then(a.cmp(&b))
        };
        if order.len() > NEAREST {
            order.select_nth_unstable_by(NEAREST - 1, best_first);
            order.truncate(NEAREST);
        }
        order.sort_unstable_by(best_first);
        order
            .into_iter()
            .map(|at| Scored {
                topic: self.topics[at].clone(),
                confidence: confidences[at],
            })
            .collect()
    }

    fn explain(&self, heard: &mut Heard<'_>, opinion: &Opinion<'_>) {
        let repaired = opinion.scores.read_as.iter().flatten().count();
        if repaired > 0 {
            let words = u32::try_from(repaired).unwrap_or(u32::MAX);
            heard.because.push(Reason::Repaired { words });
        }
        if opinion.last_decided {
            heard.because.push(Reason::Context {
                kind: "last_topic".to_owned(),
            });
        }
        let terms = self
            .models
            .get(opinion.model)
            .map_or_else(Vec::new, |(_, model)| {
                model.terms(heard.read, &opinion.scores, opinion.class, MOST_TERMS)
            });
        if let Some(topic) = self.topics.get(opinion.class) {
            heard.because.push(Reason::Classifier {
                topic: topic.clone(),
                logit: opinion.logit,
                threshold: opinion.lines.threshold,
                terms,
            });
        }
    }

    /// A named group whose slot is typed is kept in the normal form of that type.
    fn checked(&self, topic: usize, group: &Found, text: Searched<'_>) -> Found {
        let slot = self.slots[topic]
            .iter()
            .find(|slot| *slot.name() == group.name);
        slot.and_then(|slot| {
            let quoted = text.original.get(group.span.0..group.span.1)?;
            let folded = Folded::new(quoted);
            let words = words(&folded);
            let part = Searched {
                original: quoted,
                folded: &folded,
                words: &words,
                read: &words,
                around: text.around,
            };
            slot.answer(part)
        })
        .map_or_else(
            || group.clone(),
            |read| Found {
                span: group.span,
                ..read
            },
        )
    }
}

/// The part of a text that a visitor may send: a longer one comes from elsewhere, and must not cost more.
pub(super) fn readable(text: &str) -> &str {
    let end = text.char_indices().nth(UTTERANCE_MAX_CHARS);
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// What one model makes of a message.
struct Opinion<'m> {
    model: usize,
    scores: Scores<'m>,
    lines: Calibration,
    class: usize,
    logit: f32,
    last_decided: bool,
}

impl<'m> Opinion<'m> {
    fn new(
        model: usize,
        mut scores: Scores<'m>,
        lines: Calibration,
        matched: &[Matched<'_>],
        last: Option<(usize, f32)>,
    ) -> Self {
        for topic in favoured(matched) {
            scores.logits[topic] += pattern_bonus(lines);
        }
        let before = best_of(&scores.logits);
        if let Some((last, bonus)) = last {
            scores.logits[last] += (bonus * lines.threshold.abs()).max(0.3);
        }
        let (class, logit) = best_of(&scores.logits).unwrap_or((usize::MAX, f32::MIN));
        let last_decided = before.is_some_and(|(other, without)| {
            other != class || (without < lines.threshold && logit >= lines.threshold)
        });
        Self {
            model,
            scores,
            lines,
            class,
            logit,
            last_decided,
        }
    }

    /// How far above its threshold, on a scale on which models can be compared.
    fn surety(&self) -> f32 {
        (self.logit - self.lines.threshold) / self.lines.temperature
    }
}

/// Whether a message begins or ends as if something had been said before it: "y …", "but …", "… entonces", "… then".
fn goes_on(words: &[Word]) -> bool {
    let is = |word: Option<&Word>, known: &[&str]| {
        word.is_some_and(|word| known.contains(&word.text.as_str()))
    };
    words.len() <= GOING_ON
        && (is(words.first(), GOES_ON)
            || is(words.last(), &["entonces", "then", "tambien", "tmb", "too"]))
}

/// Words with which a message begins that goes on with what was said.
const GOES_ON: &[&str] = &[
    "y",
    "e",
    "and",
    "pero",
    "but",
    "entonces",
    "so",
    "then",
    "con",
    "for",
    "para",
    "what about",
];

/// Topics of which a pattern matched, each once.
fn favoured(matched: &[Matched<'_>]) -> Vec<usize> {
    let mut topics: Vec<usize> = matched.iter().map(|matched| matched.topic).collect();
    topics.dedup();
    topics
}

fn pattern_bonus(lines: Calibration) -> f32 {
    (PATTERN_BONUS * lines.threshold.abs()).max(2.0)
}

/// Whether the words of the files decided.
fn is_certain(understood: &Understood) -> bool {
    understood
        .because
        .iter()
        .any(|why| matches!(why, Reason::Example { .. }))
}

fn certain(topic: &TopicId) -> (Verdict, Vec<Scored>) {
    let scored = Scored {
        topic: topic.clone(),
        confidence: 1.0,
    };
    (
        Verdict::Match {
            topic: topic.clone(),
        },
        vec![scored],
    )
}
