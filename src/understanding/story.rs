//! A message of several sentences of which one says what is wanted: read whole, the story around it drowns the matter. A sentence out of its story
//! is too little to act on, and enough to ask.

use super::context::Context;
use super::engine::Engine;
use super::normalise::{Folded, words};
use crate::conversation::{Scored, Understood, Verdict};

/// Words from which a message is a story, and those that a part must have to say something.
const STORY: usize = 8;
const LEAST: usize = 3;
/// Words from which a sentence is taken apart at its commas too.
const LONG: usize = 14;
/// Parts that are read.
const MOST_PARTS: usize = 12;
/// Topics that are asked about.
const MOST: usize = 3;

impl Engine {
    /// What its sentences say that a message may mean of which the whole says nothing: something to ask about, not to act on.
    pub(super) fn told(
        &self,
        text: &str,
        context: &Context<'_>,
        whole: &Understood,
    ) -> Option<Understood> {
        if whole.verdict != Verdict::OutOfScope {
            return None;
        }
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let mut told: Vec<Scored> = Vec::new();
        for part in parts(text) {
            let read = self.read(part, &alone, None).understood;
            let Some(topic) = read.verdict.topic() else {
                continue;
            };
            let of = |all: &[Scored]| all.iter().find(|scored| scored.topic == *topic).cloned();
            if let (Some(best), Some(_)) = (of(&read.nearest), of(&whole.nearest))
                && told.iter().all(|known| known.topic != *topic)
            {
                told.push(best);
            }
        }
        told.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let topics: Vec<_> = told
            .into_iter()
            .map(|scored| scored.topic)
            .take(MOST)
            .collect();
        (!topics.is_empty()).then(|| Understood {
            verdict: Verdict::Ambiguous { topics },
            ..whole.clone()
        })
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
