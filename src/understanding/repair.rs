//! Reads unknown words as known ones of the catalogue: `pedio` as `pedido`.
//!
//! A deletion index gives candidates (two words within one edit share a text that lacks a letter of each), optimal string
//! alignment has the last word. A word that anybody may write rightly is never turned into another: see `is_word`.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::features::AlreadyHashed;

/// Shorter words have too many neighbours.
const SHORTEST: usize = 3;
/// From this length two edits are allowed.
const TWO_EDITS_FROM: usize = 7;
/// Longer words are not indexed: their deletions grow with the square.
const LONGEST: usize = 24;
/// Words of one message that are looked up; a pasted page is not repaired.
const MOST_WORDS: usize = 48;
/// Candidates whose distance is computed.
const MOST_CANDIDATES: usize = 8;

/// The words of the catalogue in one language.
#[derive(Default)]
pub(super) struct Vocabulary {
    words: Vec<(String, u32)>,
    index: HashMap<String, u32>,
    deletions: HashMap<u64, Vec<u32>, BuildHasherDefault<AlreadyHashed>>,
}

impl Vocabulary {
    /// Counts words and indexes them; the same words in any order give the same vocabulary.
    pub(super) fn build<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        let mut words: Vec<(String, u32)> = counts
            .into_iter()
            .map(|(word, count)| (word.to_owned(), count))
            .collect();
        words.sort_unstable();
        let mut vocabulary = Self::default();
        for (id, (word, _)) in (0u32..).zip(&words) {
            vocabulary.index.insert(word.clone(), id);
            if word.chars().all(char::is_alphabetic) {
                for key in deletion_keys(word) {
                    let ids = vocabulary.deletions.entry(key).or_default();
                    if ids.last() != Some(&id) {
                        ids.push(id);
                    }
                }
            }
        }
        vocabulary.words = words;
        vocabulary
    }

    /// Whether the catalogue uses this word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.index.contains_key(word)
    }

    /// For each word of a message what it should be read as; `is_word` tells which unknown words are right as they are.
    pub(super) fn repair<'v, 'w>(
        &'v self,
        words: impl Iterator<Item = &'w str>,
        is_word: impl Fn(&str) -> bool,
    ) -> Vec<Option<&'v str>> {
        let mut looked_up = 0;
        words
            .map(|word| {
                if word.is_empty()
                    || looked_up >= MOST_WORDS
                    || self.contains(word)
                    || is_word(word)
                {
                    return None;
                }
                looked_up += 1;
                self.nearest(word)
            })
            .collect()
    }

    fn nearest(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let mut candidates: Vec<u32> = deletion_keys(word)
            .iter()
            .filter_map(|key| self.deletions.get(key))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        // How many deletions two words share tells how near they are, before any distance is computed.
        let mut ranked: Vec<(u32, u32)> = candidates
            .chunk_by(|a, b| a == b)
            .filter_map(|same| Some((u32::try_from(same.len()).ok()?, *same.first()?)))
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
            .iter()
            .take(MOST_CANDIDATES)
            .filter_map(|&(_, id)| {
                let (other, count) = &self.words[id as usize];
                let shorter = length.min(other.chars().count());
                let distance = strsim::osa_distance(word, other);
                (distance <= edits_allowed(shorter)).then_some((distance, u32::MAX - count, other))
            })
            .min()
            .map(|(_, _, other)| other.as_str())
    }
}

fn edits_allowed(length: usize) -> usize {
    if length >= TWO_EDITS_FROM { 2 } else { 1 }
}

/// Hashes of the word and of it without one letter, or without two where two edits are allowed.
fn deletion_keys(word: &str) -> Vec<u64> {
    let letters: Vec<char> = word.chars().collect();
    let mut keys = Vec::new();
    if !(SHORTEST - 1..=LONGEST + 1).contains(&letters.len()) {
        return keys;
    }
    let two = letters.len() + 1 >= TWO_EDITS_FROM;
    keys.push(hash_without(&letters, usize::MAX, usize::MAX));
    for first in 0..letters.len() {
        keys.push(hash_without(&letters, first, usize::MAX));
        if two {
            for second in first + 1..letters.len() {
                keys.push(hash_without(&letters, first, second));
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn hash_without(letters: &[char], first: usize, second: usize) -> u64 {
    let kept = letters
        .iter()
        .enumerate()
        .filter(|&(at, _)| at != first && at != second);
    kept.fold(0xcbf2_9ce4_8422_2325, |hash: u64, (_, &letter)| {
        let x = (hash ^ u64::from(letter)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        x ^ (x >> 31)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn repaired(word: &str) -> Option<String> {
        let known = [
            "pedido",
            "pedido",
            "devolver",
            "direccion",
            "llego",
            "caja",
            "order",
            "refund",
        ];
        let vocabulary = Vocabulary::build(known.into_iter());
        let read = vocabulary.repair([word].into_iter(), |word| word == "casa");
        read[0].map(str::to_owned)
    }

    #[test]
    fn an_unknown_word_is_read_as_its_neighbour() {
        for (typed, meant) in [
            ("pedio", "pedido"),
            ("pedidp", "pedido"),
            ("pdeido", "pedido"),
            ("devovler", "devolver"),
            ("diercion", "direccion"),
            ("lleog", "llego"),
            ("caj", "caja"),
            ("refudn", "refund"),
            ("oder", "order"),
        ] {
            assert_eq!(repaired(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn right_words_short_words_and_far_words_stay() {
        for word in [
            "casa", "pedido", "ca", "elefante", "p3dido", "ped", "diercxxn",
        ] {
            assert_eq!(repaired(word), None, "{word}");
        }
    }
}
