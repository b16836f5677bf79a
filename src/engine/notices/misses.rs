//! Which words turn up in messages that no topic understood, hour by hour: a trouble that is new has no topic yet, but those who write of it share a word.
//!
//! Words are kept as keyed digests only, so that nothing that somebody wrote outlives its erasure in memory.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

use super::fold::{Counted, HOUR_MS};
use crate::conversation::{Body, Event, Verdict};
use crate::ids::{ConversationId, Timestamp};
use crate::smoke::{self, Spike};

/// Shorter words say little.
const SHORTEST: usize = 5;
/// Words of one message that count.
const WORDS_MAX: usize = 20;

/// What is known of them.
#[derive(Default)]
pub(super) struct Misses {
    key: RandomState,
    /// What was said and not answered yet.
    said: HashMap<ConversationId, BTreeSet<u64>>,
    words: HashMap<u64, Word>,
}

#[derive(Default)]
struct Word {
    recent: VecDeque<(Timestamp, ConversationId)>,
    counted: Counted,
}

impl Misses {
    pub(super) fn take_in(&mut self, conversation: ConversationId, event: &Event, now: Timestamp) {
        match &event.body {
            Body::VisitorSaid { .. } => {
                let words = event.private.first().map(|text| self.digests(text));
                self.said.insert(conversation, words.unwrap_or_default());
            }
            Body::BotAnswered { understood, .. } => {
                let said = self.said.remove(&conversation).unwrap_or_default();
                let missed = |verdict: &Verdict| *verdict == Verdict::OutOfScope;
                if understood.iter().any(|read| missed(&read.verdict)) {
                    for word in said {
                        self.count(word, conversation, event.at, now);
                    }
                }
            }
            Body::Closed { .. } => {
                self.said.remove(&conversation);
            }
            _ => {}
        }
    }

    fn count(&mut self, word: u64, conversation: ConversationId, at: Timestamp, now: Timestamp) {
        let word = self.words.entry(word).or_default();
        word.counted.take_in(conversation, at);
        while (word.recent.front()).is_some_and(|(at, _)| now.since(*at) >= HOUR_MS) {
            word.recent.pop_front();
        }
        let known = word.recent.iter().any(|(_, one)| *one == conversation);
        if !known && now.since(at) < HOUR_MS {
            word.recent.push_back((at, conversation));
        }
    }

    fn digests(&self, text: &str) -> BTreeSet<u64> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphabetic());
        words
            .filter(|word| word.chars().count() >= SHORTEST)
            .take(WORDS_MAX)
            .map(|word| self.key.hash_one(word))
            .collect()
    }

    /// Groups of conversations that share a word more often than chance has it, the least likely first; one group for words that come together.
    pub(super) fn smoke(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Vec<(Spike, Vec<ConversationId>)> {
        let spikes = self.words.values().filter_map(|word| {
            let here = |at: Timestamp| now.since(at) < HOUR_MS;
            let recent: Vec<Timestamp> = (word.recent.iter())
                .map(|(at, _)| *at)
                .filter(|at| here(*at))
                .collect();
            let spike = smoke::spike(&recent, &word.counted.hours, since, now)?;
            let from = now.plus(-spike.minutes * 60_000);
            let those = word.recent.iter().filter(|(at, _)| *at > from);
            Some((spike, those.map(|(_, one)| *one).collect::<Vec<_>>()))
        });
        let mut found: Vec<_> = spikes.collect();
        found.sort_by(|(a, _), (b, _)| a.tail.total_cmp(&b.tail));
        let mut apart: Vec<(Spike, Vec<ConversationId>)> = Vec::new();
        for (spike, those) in found {
            let shared = |other: &[ConversationId]| {
                let both = those.iter().filter(|one| other.contains(one)).count();
                both * 2 >= those.len()
            };
            if !apart.iter().any(|(_, other)| shared(other)) {
                apart.push((spike, those));
            }
        }
        apart
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Memory, Private, TurnMood, Understood};
    use crate::ids::{Lang, Seq};

    fn event(at: i64, body: Body, text: &str) -> Event {
        Event {
            seq: Seq(1),
            at: Timestamp(at),
            body,
            private: Private::text(text),
        }
    }

    /// Somebody writes, and is understood or not.
    fn turn(misses: &mut Misses, n: u8, at: i64, text: &str, verdict: &Verdict) {
        let conversation = ConversationId::from_bytes([n; 16]);
        let client_id = "a".parse().unwrap();
        let said = event(at, Body::VisitorSaid { client_id }, text);
        let understood = Understood {
            lang: Lang::es(),
            verdict: verdict.clone(),
            nearest: Vec::new(),
            because: Vec::new(),
            mood: TurnMood::default(),
            model: String::new(),
        };
        let answered = Body::BotAnswered {
            upto: Seq(1),
            understood: vec![understood],
            choices: Vec::new(),
            memory: Box::new(Memory::default()),
            topic: None,
            lang: Lang::es(),
            shows: Vec::new(),
        };
        let now = Timestamp(at);
        misses.take_in(conversation, &said, now);
        misses.take_in(conversation, &event(at, answered, "—"), now);
    }

    #[test]
    fn people_who_are_not_understood_and_share_a_word_are_one_group() {
        let mut misses = Misses::default();
        let (begin, minute) = (2_000 * HOUR_MS, 60_000);
        for n in 1..=12 {
            let at = begin + i64::from(n) * minute;
            turn(
                &mut misses,
                n,
                at,
                "el cupón NAVIDAD caducó",
                &Verdict::OutOfScope,
            );
            // The same one again and again is one person; what is understood is no miss.
            turn(&mut misses, 50, at, "la torre Eiffel", &Verdict::OutOfScope);
            let topic = "paying".parse().unwrap();
            turn(
                &mut misses,
                60 + n,
                at,
                "tarjeta",
                &Verdict::Match { topic },
            );
        }
        let now = Timestamp(begin + 12 * minute);
        let found = misses.smoke(Timestamp(0), now);
        let [(spike, those)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((spike.count, those.len()), (12, 12));
    }
}
