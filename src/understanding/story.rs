//! A message of several sentences of which one says what is wanted: read whole, the story around it drowns the matter.

use super::context::Context;
use super::engine::Engine;
use super::normalise::{Folded, words};
use crate::conversation::{Scored, Understood, Verdict};
use crate::ids::TopicId;

/// Words from which a message is a story, and those that a part must have to say something.
const STORY: usize = 8;
const LEAST: usize = 3;
/// Words from which a sentence is taken apart at its commas too.
const LONG: usize = 14;
/// Parts that are read.
const MOST_PARTS: usize = 12;
/// Confidence of a part that the whole does not speak against, and of one that it does.
const SURE: f32 = 0.6;
const ALONE: f32 = 0.9;

impl Engine {
    /// What one of its sentences says the message means, where the whole is not sure; where they say different things, those to ask about.
    pub(super) fn told(
        &self,
        text: &str,
        context: &Context<'_>,
        whole: &Understood,
    ) -> Option<Understood> {
        let parts = parts(text);
        if parts.len() < 2 {
            return None;
        }
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let mut told: Vec<(Scored, Understood)> = Vec::new();
        for part in parts {
            let read = self.read(part, &alone, None).understood;
            let Verdict::Match { topic } = &read.verdict else {
                continue;
            };
            let Some(best) = read
                .nearest
                .iter()
                .find(|scored| scored.topic == *topic)
                .cloned()
            else {
                continue;
            };
            let near = whole.nearest.iter().any(|scored| scored.topic == *topic);
            if best.confidence < if near { SURE } else { ALONE } {
                continue;
            }
            match told.iter_mut().find(|(known, _)| known.topic == *topic) {
                Some(known) if known.0.confidence < best.confidence => *known = (best, read),
                Some(_) => {}
                None => told.push((best, read)),
            }
        }
        told.sort_by(|a, b| b.0.confidence.total_cmp(&a.0.confidence));
        let topics: Vec<TopicId> = told
            .iter()
            .map(|(scored, _)| scored.topic.clone())
            .collect();
        let (_, mut first) = told.into_iter().next()?;
        if topics.len() > 1 {
            first.verdict = Verdict::Ambiguous {
                topics: topics.into_iter().take(3).collect(),
            };
        }
        Some(first)
    }
}

/// The sentences of a message, long ones at their commas.
fn parts(text: &str) -> Vec<&str> {
    let count = |part: &str| words(&Folded::new(part)).len();
    if count(text) < STORY {
        return Vec::new();
    }
    let sentences = text.split(['.', '!', '?', ';', '\n', '\u{2026}']);
    let mut parts = Vec::new();
    for sentence in sentences {
        if count(sentence) > LONG {
            parts.extend(sentence.split([',', ':']));
        } else {
            parts.push(sentence);
        }
    }
    parts.retain(|part| count(part) >= LEAST);
    parts.truncate(MOST_PARTS);
    parts
}
