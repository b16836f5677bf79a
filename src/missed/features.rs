//! Distinct phrases as sparse vectors: stems and pairs of telling words on one half, letter trigrams on the other, weighted by rarity, each half of
//! length one (as the engine's own features are).

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::cues;
use super::groups::Phrase;
use super::proposal::without_who;
use crate::ids::{Lang, TopicId};

/// Confidence from which a phrase counts as near to a topic.
const NEAR: f32 = 0.25;
/// Weight of a pair of neighbouring words against a word.
const PAIR: f32 = 0.6;
/// Letters of a message that are looked at: what is longer is a story, and its beginning tells.
const MOST_LETTERS: usize = 400;

/// A distinct phrase.
pub(super) struct Distinct<'p> {
    pub(super) lang: Lang,
    pub(super) near: Option<&'p TopicId>,
    pub(super) members: Vec<usize>,
    /// Feature and value, by feature.
    pub(super) vector: Vec<(u64, f32)>,
}

pub(super) fn distinct<'p>(phrases: &[Phrase<'p>]) -> Vec<Distinct<'p>> {
    let mut places: HashMap<(Lang, String), usize> = HashMap::new();
    let mut keys: Vec<String> = Vec::new();
    let mut all: Vec<Distinct<'p>> = Vec::new();
    for (at, phrase) in phrases.iter().enumerate() {
        let lang = phrase.lang.base();
        let short: String = phrase.text.chars().take(MOST_LETTERS).collect();
        let key = without_digits(&cues::fold(&without_who(&short)));
        let place = places
            .entry((lang.clone(), key))
            .or_insert_with_key(|(_, key)| {
                keys.push(key.clone());
                all.push(Distinct {
                    lang,
                    near: None,
                    members: Vec::new(),
                    vector: Vec::new(),
                });
                all.len() - 1
            });
        let one = &mut all[*place];
        let near = phrase.near.filter(|(_, sure)| *sure >= NEAR);
        one.near = one.near.or(near.map(|(topic, _)| topic));
        one.members.push(at);
    }
    let mut stemmers: HashMap<Lang, Option<Stemmer>> = HashMap::new();
    let langs: Vec<Lang> = all.iter().map(|one| one.lang.clone()).collect();
    let spelt = Spelling::of(langs.iter().zip(&keys));
    for (one, key) in all.iter_mut().zip(&keys) {
        let stemmer = stemmers
            .entry(one.lang.clone())
            .or_insert_with(|| stemmer_of(&one.lang));
        one.vector = features(&one.lang, key, &spelt, stemmer.as_ref());
    }
    all
}

/// Words that stand in one phrase alone and are a letter away from one that stands in several: slips.
struct Spelling<'k> {
    meant: HashMap<(&'k Lang, &'k str), &'k str>,
}

/// Shortest word that is taken for a slip, in letters.
const SLIP: usize = 5;

impl<'k> Spelling<'k> {
    fn of(keys: impl Iterator<Item = (&'k Lang, &'k String)>) -> Self {
        let mut with: HashMap<(&Lang, &str), u32> = HashMap::new();
        for (lang, key) in keys {
            let mut words: Vec<&str> = key.split(' ').collect();
            words.sort_unstable();
            words.dedup();
            for word in words.into_iter().filter(|word| word.len() >= SLIP) {
                *with.entry((lang, word)).or_default() += 1;
            }
        }
        // A slip keeps the first letter.
        let mut known: HashMap<(&Lang, Option<char>), Vec<&str>> = HashMap::new();
        for ((lang, word), times) in &with {
            if *times > 1 {
                let begins = (*lang, word.chars().next());
                known.entry(begins).or_default().push(word);
            }
        }
        for words in known.values_mut() {
            words.sort_unstable();
        }
        let alone = with.iter().filter(|(_, times)| **times == 1);
        let meant = alone
            .filter_map(|((lang, word), _)| {
                let like = known.get(&(*lang, word.chars().next()))?;
                let near = |other: &&&str| {
                    other.len().abs_diff(word.len()) <= 1 && strsim::osa_distance(word, other) == 1
                };
                Some(((*lang, *word), *like.iter().find(near)?))
            })
            .collect();
        Self { meant }
    }

    fn read<'w>(&self, lang: &Lang, word: &'w str) -> &'w str
    where
        'k: 'w,
    {
        self.meant.get(&(lang, word)).copied().unwrap_or(word)
    }
}

fn stemmer_of(lang: &Lang) -> Option<Stemmer> {
    let algorithm = match lang.as_str() {
        "es" => Algorithm::Spanish,
        "en" => Algorithm::English,
        "pt" => Algorithm::Portuguese,
        "fr" => Algorithm::French,
        "it" => Algorithm::Italian,
        "de" => Algorithm::German,
        _ => return None,
    };
    Some(Stemmer::create(algorithm))
}

/// One order number is as good as another.
fn without_digits(folded: &str) -> String {
    let mut text = String::with_capacity(folded.len());
    for c in folded.chars() {
        if !c.is_numeric() {
            text.push(c);
        } else if !text.ends_with('#') {
            text.push('#');
        }
    }
    text
}

const WORD: u64 = 1;
const PAIRED: u64 = 2;
const LETTERS: u64 = 3;

/// The features, unweighted: the highest bit tells letters from words.
fn features(
    lang: &Lang,
    key: &str,
    spelt: &Spelling<'_>,
    stemmer: Option<&Stemmer>,
) -> Vec<(u64, f32)> {
    let mut words: Vec<&str> = key
        .split(' ')
        .filter(|word| !cues::is_filler(word))
        .collect();
    if words.is_empty() {
        words = key.split(' ').collect();
    }
    let stems: Vec<u64> = words
        .iter()
        .map(|word| spelt.read(lang, word))
        .map(|word| match stemmer {
            Some(stemmer) => cues::hash(&stemmer.stem(word)),
            None => cues::hash(word),
        })
        .collect();
    let mut found: Vec<(u64, f32)> = Vec::new();
    let word = |hash: u64| hash >> 1;
    for stem in &stems {
        found.push((word(mix(WORD, *stem)), 1.0));
    }
    for pair in stems.windows(2) {
        // "talla cambiar" and "cambiar talla" are one pair.
        let (a, b) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        found.push((word(mix(PAIRED, mix(a, b))), PAIR));
    }
    for text in &words {
        let padded: Vec<char> = std::iter::once(' ')
            .chain(text.chars())
            .chain(std::iter::once(' '))
            .collect();
        for three in padded.windows(3) {
            let hash = three
                .iter()
                .fold(LETTERS, |hash, c| mix(hash, u64::from(*c)));
            found.push((hash | 1 << 63, 1.0));
        }
    }
    found.sort_unstable_by_key(|(feature, _)| *feature);
    found.dedup_by_key(|(feature, _)| *feature);
    found
}

fn mix(seed: u64, value: u64) -> u64 {
    let x = (seed ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^ (x >> 29)
}

fn is_letters(feature: u64) -> bool {
    feature >> 63 == 1
}

/// Rare features count more, and each half is brought to length 1/√2.
pub(super) fn weigh(all: &mut [Distinct<'_>]) {
    let mut with: HashMap<u64, u32> = HashMap::new();
    for (feature, _) in all.iter().flat_map(|one| &one.vector) {
        *with.entry(*feature).or_default() += 1;
    }
    let total = all.len().max(FEW) as f32;
    for one in all {
        let mut squares = [0.0_f32; 2];
        for (feature, value) in &mut one.vector {
            let with = with.get(feature).copied().unwrap_or(1) as f32;
            *value *= ((1.0 + total) / (1.0 + with)).ln().max(0.0).sqrt() + 0.3;
            squares[usize::from(is_letters(*feature))] += *value * *value;
        }
        let scale = squares.map(|square| 1.0 / (2.0 * square.max(f32::MIN_POSITIVE)).sqrt());
        for (feature, value) in &mut one.vector {
            *value *= scale[usize::from(is_letters(*feature))];
        }
    }
}

/// Rarity among fewer phrases than this says nothing: what all of them share would count least.
const FEW: usize = 1_000;

pub(super) fn cosine(a: &[(u64, f32)], b: &[(u64, f32)]) -> f32 {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some((left, x)), Some((right, y))) = (a.peek(), b.peek()) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                sum += x * y;
                a.next();
                b.next();
            }
        }
    }
    sum
}
