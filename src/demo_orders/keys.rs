//! Idempotency keys: a request that comes again with the same key gets the first answer again, and does nothing.

use std::collections::{HashMap, VecDeque};

/// Answers kept; the oldest goes when there are more, so that a long-running demo does not grow.
const KEPT: usize = 10_000;

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Answers by key.
#[derive(Debug, Default)]
pub(super) struct Keys {
    answers: HashMap<String, (String, Answer)>,
    oldest: VecDeque<String>,
}

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: go on.
    New,
    /// The same request was answered.
    Again(Answer),
    /// It came with another request: a mistake of the client.
    Reused,
}

impl Keys {
    /// Looks a key up; `request` is all that makes the request what it is.
    pub(super) fn look(&self, key: &str, request: &str) -> Known {
        match self.answers.get(key) {
            None => Known::New,
            Some((first, answer)) if first == request => Known::Again(answer.clone()),
            Some(_) => Known::Reused,
        }
    }

    /// Keeps the answer of a new key.
    pub(super) fn keep(&mut self, key: String, request: String, answer: Answer) {
        self.oldest.push_back(key.clone());
        self.answers.insert(key, (request, answer));
        if self.oldest.len() > KEPT
            && let Some(oldest) = self.oldest.pop_front()
        {
            self.answers.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer {
            status: 200,
            body: body.to_owned(),
        }
    }

    #[test]
    fn the_same_request_gets_the_same_answer_and_another_is_refused() {
        let mut keys = Keys::default();
        assert_eq!(keys.look("k", "cancel 1"), Known::New);
        keys.keep("k".into(), "cancel 1".into(), answer("done"));
        assert_eq!(keys.look("k", "cancel 1"), Known::Again(answer("done")));
        assert_eq!(keys.look("k", "cancel 2"), Known::Reused);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut keys = Keys::default();
        for n in 0..=KEPT {
            keys.keep(n.to_string(), String::new(), answer(""));
        }
        assert_eq!(keys.look("0", ""), Known::New);
        assert_eq!(keys.look("1", ""), Known::Again(answer("")));
        assert_eq!(keys.answers.len(), KEPT);
    }
}
