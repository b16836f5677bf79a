//! Values of lists, by their synonyms in all languages.

use std::collections::HashMap;

use super::super::normalise::{Folded, Word, key, words};
use super::MOST_FOUND;
use crate::topics::ListValue;

/// The longest text that a text slot takes is the utterance itself; values of lists are at most this many words.
const LONGEST_VALUE: usize = 8;

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
