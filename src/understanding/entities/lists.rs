//! Values of lists, by their synonyms in all languages.

use std::collections::HashMap;

use super::super::normalise::{Folded, Word, key, words};
use super::MOST_FOUND;
use crate::topics::ListValue;

/// The longest text that a text slot takes is the utterance itself; values of lists are at most this many words.
const LONGEST_VALUE: usize = 8;

/// Likeness (Jaro-Winkler, 0 to 1) from which a misspelt word counts as a value, and the letters that it must have.
const LIKENESS: f64 = 0.90;
const SHORTEST_LIKE: usize = 4;

/// Lists of values, ready to be looked up.
#[derive(Debug, Default)]
pub(in crate::understanding) struct Lists {
    /// Folded words of a value or synonym → (list, value).
    values: HashMap<String, Vec<(String, String)>>,
}

impl Lists {
    /// Indexes values and their synonyms of all languages by their folded words.
    pub(in crate::understanding) fn new<'l>(
        lists: impl Iterator<Item = (&'l str, &'l [ListValue])>,
    ) -> Self {
        let mut values: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (list, entries) in lists {
            for entry in entries {
                for name in names(entry) {
                    let known = values.entry(key(&words(&Folded::new(name)))).or_default();
                    let pair = (list.to_owned(), entry.value.clone());
                    if !known.contains(&pair) {
                        known.push(pair);
                    }
                }
            }
        }
        values.remove("");
        Self { values }
    }

    /// Whether any value is named as it is written.
    pub(super) fn names_some(&self, text: super::Searched<'_>) -> bool {
        !self.find_in(text).is_empty()
    }

    /// The one value whose name a word misspells: `negrra`, `zapatilas`. For short answers: in a long text a likeness is chance.
    pub(super) fn nearest(
        &self,
        words: &[Word],
        folded: &Folded,
    ) -> Option<(String, (usize, usize))> {
        if words.len() > LONGEST_VALUE {
            return None;
        }
        let mut best: Option<(f64, &str, (usize, usize))> = None;
        let mut tied = false;
        for word in words
            .iter()
            .filter(|word| word.text.chars().count() >= SHORTEST_LIKE)
        {
            for (name, values) in self
                .values
                .iter()
                .filter(|(name, _)| name.len() >= SHORTEST_LIKE)
            {
                let like = strsim::jaro_winkler(&word.text, name);
                let [(_, value)] = values.as_slice() else {
                    continue;
                };
                let span = folded.original_span(word.folded.0, word.folded.1);
                match best {
                    _ if like < LIKENESS => {}
                    Some((top, known, _)) if known == value => {
                        best = Some((top.max(like), known, span));
                    }
                    Some((top, _, _)) if (like - top).abs() < f64::EPSILON => tied = true,
                    Some((top, _, _)) if like < top => {}
                    Some(_) | None => {
                        best = Some((like, value, span));
                        tied = false;
                    }
                }
            }
        }
        best.filter(|_| !tied)
            .map(|(_, value, span)| (value.to_owned(), span))
    }

    /// Values as they were written, then those of words that are read as others.
    pub(super) fn find_in(
        &self,
        text: super::Searched<'_>,
    ) -> Vec<(String, String, (usize, usize))> {
        let mut found = self.find(text.words, text.folded);
        if text.read != text.words {
            let apart = |one: &(String, String, (usize, usize)),
                         known: &[(String, String, (usize, usize))]| {
                known
                    .iter()
                    .all(|(_, _, span)| one.2.1 <= span.0 || span.1 <= one.2.0)
            };
            let read = self.find(text.read, text.folded);
            let more: Vec<_> = read.into_iter().filter(|one| apart(one, &found)).collect();
            found.extend(more);
        }
        found
    }

    /// Values of any list, longest first at each place, not overlapping.
    pub(super) fn find(
        &self,
        words: &[Word],
        folded: &Folded,
    ) -> Vec<(String, String, (usize, usize))> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() && !self.values.is_empty() {
            let longest = (1..=LONGEST_VALUE.min(words.len() - at))
                .rev()
                .find_map(|length| {
                    let run = words.get(at..at + length)?;
                    Some((
                        length,
                        self.values.get(&key(run))?,
                        run.first()?.folded.0,
                        run.last()?.folded.1,
                    ))
                });
            match longest {
                Some((length, values, start, end)) if found.len() < MOST_FOUND => {
                    let span = folded.original_span(start, end);
                    found.extend(
                        values
                            .iter()
                            .map(|(list, value)| (list.clone(), value.clone(), span)),
                    );
                    at += length;
                }
                _ => at += 1,
            }
        }
        found
    }
}

/// All ways to name a value of a list.
pub(in crate::understanding) fn names(entry: &ListValue) -> impl Iterator<Item = &str> {
    std::iter::once(entry.value.as_str())
        .chain(entry.synonyms.values().flatten().map(String::as_str))
}
