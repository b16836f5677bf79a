//! What the classifier makes of a message with all that speaks for a topic beside it, and whether that is enough: to answer, to ask, or neither.

use super::calibration::{Calibration, best_of};
use super::context::Context;
use super::engine::Engine;
use super::follow_up::goes_on;
use super::model::Scores;
use super::normalise::Word;
use super::patterns::Matched;
use super::reading::Heard;
use crate::conversation::{Reason, Scored, Verdict};
use crate::ids::TopicId;

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

impl Engine {
    pub(super) fn classify(
        &self,
        heard: &mut Heard<'_>,
        context: &Context<'_>,
        matched: &[Matched<'_>],
    ) -> (Verdict, Vec<Scored>) {
        let words = heard.read;
        let last = context
            .last_topic
            .filter(|_| words.len() <= FOLLOW_UP || goes_on(words, GOING_ON))
            .and_then(|last| self.topics.iter().position(|topic| topic == last));
        let bonus = if goes_on(words, GOING_ON) {
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

    pub(super) fn is_sensitive(&self, topic: &TopicId) -> bool {
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

/// Topics of which a pattern matched, each once.
fn favoured(matched: &[Matched<'_>]) -> Vec<usize> {
    let mut topics: Vec<usize> = matched.iter().map(|matched| matched.topic).collect();
    topics.dedup();
    topics
}

fn pattern_bonus(lines: Calibration) -> f32 {
    (PATTERN_BONUS * lines.threshold.abs()).max(2.0)
}
