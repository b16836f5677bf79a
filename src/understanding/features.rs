//! Features of a message: stemmed words, pairs and skipping pairs of words, character n-grams inside words.
//!
//! A feature is the 64-bit hash of its text; the text itself is only built for explanations. Values are sublinear term
//! frequency times the square root of idf; words and characters are each normalised to length one, counting also the
//! features that training never saw, so that a message of strange words has a short vector and low logits.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rust_stemmers::{Algorithm, Stemmer};

use super::normalise::{Word, WordKind};
use crate::ids::Lang;

/// Weight of a pair of neighbours, against 1 for a word.
const PAIR: f32 = 0.8;
/// Weight of a pair with one word between.
const SKIP: f32 = 0.3;
/// Shortest and longest character n-gram, borders of the word included.
const SHORTEST: usize = 2;
const LONGEST: usize = 5;
/// Characters of a word that are looked at; longer "words" are pasted noise.
const WORD_CHARS: usize = 40;
/// Weight of the letters of a misspelt word beside those of the word it was read as.
const MISSPELT: f32 = 0.5;

/// One occurrence of a feature.
#[derive(Debug, Clone, Copy)]
struct Occurrence {
    hash: u64,
    group: Group,
    weight: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Words,
    Characters,
}

/// A word of a message and what it was read as when it is unknown.
#[derive(Debug, Clone)]
pub(super) struct ReadWord<'w> {
    /// As it was typed.
    pub(super) word: &'w Word,
    /// What it was taken for.
    pub(super) read_as: Option<&'w str>,
}

/// Takes words apart, for one language.
pub(super) struct Extractor {
    stemmer: Option<Stemmer>,
}

impl Extractor {
    /// An extractor for this language; languages without a stemmer keep their words whole.
    pub(super) fn new(lang: &Lang) -> Self {
        let algorithm = match lang.base().as_str() {
            "es" => Some(Algorithm::Spanish),
            "en" => Some(Algorithm::English),
            "pt" => Some(Algorithm::Portuguese),
            "fr" => Some(Algorithm::French),
            "it" => Some(Algorithm::Italian),
            "de" => Some(Algorithm::German),
            _ => None,
        };
        Self {
            stemmer: algorithm.map(Stemmer::create),
        }
    }

    /// The stem of a folded word.
    pub(super) fn stem(&self, word: &str) -> String {
        match &self.stemmer {
            Some(stemmer) => stemmer.stem(word).into_owned(),
            None => word.to_owned(),
        }
    }

    fn occurrences(&self, words: &[ReadWord<'_>]) -> Vec<Occurrence> {
        let mut found = Vec::with_capacity(words.len() * 24);
        let masked: Vec<String> = words
            .iter()
            .map(|word| masked(word.word, word.read_as))
            .collect();
        let stems: Vec<u64> = masked
            .iter()
            .map(|word| hash(STEM, &self.stem(word)))
            .collect();
        let mut word_feature = |hash, weight| {
            found.push(Occurrence {
                hash,
                group: Group::Words,
                weight,
            })
        };
        for (at, (&stem, word)) in stems.iter().zip(words).enumerate() {
            word_feature(mix(ONE, stem), 1.0);
            if let Some(enye) = &word.word.with_enye {
                word_feature(mix(ONE, hash(STEM, enye)), 1.0);
            }
            if at == 0 {
                word_feature(mix(mix(NEXT, BORDER), stem), PAIR);
            }
            let next = stems.get(at + 1).copied().unwrap_or(BORDER);
            word_feature(mix(mix(NEXT, stem), next), PAIR);
            if let Some(&after) = stems.get(at + 2) {
                word_feature(mix(mix(OVER, stem), after), SKIP);
            }
        }
        let mut padded = Vec::new();
        for (masked, word) in masked.iter().zip(words) {
            characters(masked, 1.0, &mut padded, &mut found);
            if word.read_as.is_some() {
                characters(&word.word.text, MISSPELT, &mut padded, &mut found);
            }
        }
        found
    }

    /// The texts of the features of a message, for explanations: `word`, `two words`, `a…b`, and `-ing-` for letters.
    pub(super) fn names(&self, words: &[ReadWord<'_>], wanted: &[u64]) -> HashMap<u64, String> {
        let masked: Vec<String> = words
            .iter()
            .map(|word| masked(word.word, word.read_as))
            .collect();
        let stems: Vec<u64> = masked
            .iter()
            .map(|word| hash(STEM, &self.stem(word)))
            .collect();
        let mut names = HashMap::new();
        let mut name = |hash: u64, text: &dyn Fn() -> String| {
            if wanted.contains(&hash) {
                names.entry(hash).or_insert_with(text);
            }
        };
        for (at, (&stem, word)) in stems.iter().zip(words).enumerate() {
            let here = &masked[at];
            name(mix(ONE, stem), &|| here.clone());
            if let Some(enye) = &word.word.with_enye {
                name(mix(ONE, hash(STEM, enye)), &|| enye.clone());
            }
            if at == 0 {
                name(mix(mix(NEXT, BORDER), stem), &|| format!("^ {here}"));
            }
            match masked.get(at + 1) {
                Some(next) => {
                    name(mix(mix(NEXT, stem), stems[at + 1]), &|| {
                        format!("{here} {next}")
                    });
                }
                None => name(mix(mix(NEXT, stem), BORDER), &|| format!("{here} $")),
            }
            if let Some(after) = masked.get(at + 2) {
                name(mix(mix(OVER, stem), stems[at + 2]), &|| {
                    format!("{here} … {after}")
                });
            }
        }
        let mut padded = Vec::new();
        for (masked, word) in masked.iter().zip(words) {
            let misspelt = word.read_as.map(|_repaired| word.word.text.as_str());
            for text in std::iter::once(masked.as_str()).chain(misspelt) {
                pad(text, &mut padded);
                n_grams(&padded, |hash, gram| {
                    name(hash, &|| {
                        gram.iter()
                            .map(|&c| if c == ' ' { '-' } else { c })
                            .collect()
                    });
                });
            }
        }
        names
    }
}

const STEM: u64 = 11;
const ONE: u64 = 1;
const NEXT: u64 = 2;
const OVER: u64 = 3;
const CHARACTERS: u64 = 4;
const BORDER: u64 = 0x5bd1_e995_9d1c_7e31;

fn mix(seed: u64, value: u64) -> u64 {
    let x = (seed ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^ (x >> 29)
}

fn hash(seed: u64, text: &str) -> u64 {
    text.bytes()
        .fold(seed, |hash, byte| mix(hash, u64::from(byte)))
}

/// The word as a feature: addresses and runs of digits are masked, so that one order number is as good as another.
fn masked(word: &Word, read_as: Option<&str>) -> String {
    match word.kind {
        WordKind::Email => "@mail".to_owned(),
        WordKind::Url => "@url".to_owned(),
        WordKind::Number | WordKind::Plain => {
            let mut masked = String::with_capacity(word.text.len());
            for c in read_as.unwrap_or(&word.text).chars().take(WORD_CHARS) {
                match c {
                    _ if !c.is_numeric() => masked.push(c),
                    _ if masked.ends_with('#') => {}
                    _ => masked.push('#'),
                }
            }
            masked
        }
    }
}

fn pad(word: &str, padded: &mut Vec<char>) {
    padded.clear();
    padded.push(' ');
    padded.extend(word.chars().take(WORD_CHARS));
    padded.push(' ');
}

fn n_grams(padded: &[char], mut each: impl FnMut(u64, &[char])) {
    for start in 0..padded.len() {
        let mut hash = CHARACTERS;
        for (length, &c) in padded[start..].iter().take(LONGEST).enumerate() {
            hash = mix(hash, u64::from(c));
            if length + 1 >= SHORTEST {
                each(mix(CHARACTERS, hash), &padded[start..=start + length]);
            }
        }
    }
}

fn characters(word: &str, weight: f32, padded: &mut Vec<char>, found: &mut Vec<Occurrence>) {
    pad(word, padded);
    n_grams(padded, |hash, _gram| {
        found.push(Occurrence {
            hash,
            group: Group::Characters,
            weight,
        });
    });
}

/// The features that training saw, with their idf.
pub(super) struct Dictionary {
    ids: HashMap<u64, (u32, f32), BuildHasherDefault<AlreadyHashed>>,
    unseen_idf: f32,
}

impl Dictionary {
    /// Counts the features of these messages. Ids are the same for the same messages in any order.
    pub(super) fn build<'w>(
        extractor: &Extractor,
        messages: impl Iterator<Item = &'w [Word]>,
    ) -> Self {
        let mut messages_with: HashMap<u64, u32, BuildHasherDefault<AlreadyHashed>> =
            HashMap::default();
        let mut total = 0u32;
        for words in messages {
            total += 1;
            let read: Vec<_> = words
                .iter()
                .map(|word| ReadWord {
                    word,
                    read_as: None,
                })
                .collect();
            let mut hashes: Vec<u64> = extractor
                .occurrences(&read)
                .iter()
                .map(|occurrence| occurrence.hash)
                .collect();
            hashes.sort_unstable();
            hashes.dedup();
            for hash in hashes {
                *messages_with.entry(hash).or_default() += 1;
            }
        }
        let idf = |with: u32| (((1 + total) as f32 / (1 + with) as f32).ln() + 1.0).sqrt();
        // The weights of what many messages have stand side by side.
        let mut counted: Vec<(u64, u32)> = messages_with.into_iter().collect();
        counted.sort_unstable_by_key(|&(hash, with)| (Reverse(with), hash));
        let ids = (0u32..)
            .zip(counted)
            .map(|(id, (hash, with))| (hash, (id, idf(with))))
            .collect();
        Self {
            ids,
            unseen_idf: idf(1),
        }
    }

    /// How many features there are; their ids are `0..len`.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The features of a message, ids ascending: at most as many as occur in it.
    pub(super) fn entries(&self, extractor: &Extractor, words: &[ReadWord<'_>]) -> Vec<Entry> {
        let mut entries = self.known(extractor, words);
        entries.sort_unstable_by_key(|entry| entry.id);
        entries
    }

    fn known(&self, extractor: &Extractor, words: &[ReadWord<'_>]) -> Vec<Entry> {
        let mut occurrences = extractor.occurrences(words);
        // The words come before the letters.
        for group in occurrences.chunk_by_mut(|a, b| a.group == b.group) {
            group.sort_unstable_by_key(|occurrence| occurrence.hash);
        }
        let mut squares = [0f32; 2];
        let mut entries = Vec::with_capacity(occurrences.len());
        for same in occurrences.chunk_by(|a, b| a.hash == b.hash && a.group == b.group) {
            let Some(one) = same.first() else { continue };
            let weight = same
                .iter()
                .map(|occurrence| occurrence.weight)
                .fold(0.0, f32::max);
            let term = weight * (1.0 + (same.len() as f32).ln());
            let known = self.ids.get(&one.hash);
            let value = term * known.map_or(self.unseen_idf, |&(_, idf)| idf);
            squares[one.group as usize] += value * value;
            if let Some(&(id, _)) = known {
                entries.push(Entry {
                    hash: one.hash,
                    id,
                    group: one.group,
                    value,
                });
            }
        }
        // Two groups of length one make a vector of length √2; the whole is brought back to one.
        let scale = squares.map(|square| 1.0 / (2.0 * square.max(f32::MIN_POSITIVE)).sqrt());
        for entry in &mut entries {
            entry.value *= scale[entry.group as usize];
        }
        entries
    }
}

/// A feature of a message that training saw.
pub(super) struct Entry {
    /// Hash of its text.
    pub(super) hash: u64,
    /// Its number.
    pub(super) id: u32,
    group: Group,
    /// How much of it is there.
    pub(super) value: f32,
}

/// The keys are hashes already; hashing them again costs more than the rest of a look-up.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0, u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
