//! Phrases that say the same, together: near-duplicates by their letters, the same meaning by stems, pairs of words and the topic that both are
//! near to. Deterministic; thousands of phrases in well under a second.
//!
//! A phrase is a sparse vector of stems and pairs of telling words on one half and of letter trigrams on the other, weighted by rarity, each half
//! of length one (as the engine's own features are). Close pairs are looked for only among phrases that share a rare feature, and joined closest
//! first; two groups are joined only while what stands for each is close too, so that a chain of small steps makes no heap.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use super::cues;
use super::proposal::without_who;
use crate::ids::{Lang, TopicId};

/// Rarest features of a phrase by which its like are looked for.
const LOOKED_FOR: usize = 16;
/// Phrases with one feature that are looked at.
const POSTINGS: usize = 256;
/// Candidates of a phrase that are compared.
const CANDIDATES: usize = 64;
/// Cosine from which two phrases say the same, and the same when both are near to one topic.
const CLOSE: f32 = 0.58;
const CLOSE_ON_TOPIC: f32 = 0.42;
/// Cosine that what stands for two groups must have for them to become one; and the same on one topic.
const LINKED: f32 = 0.4;
const LINKED_ON_TOPIC: f32 = 0.28;
/// Confidence from which a phrase counts as near to a topic.
const NEAR: f32 = 0.25;
/// Weight of a pair of neighbouring words against a word.
const PAIR: f32 = 0.6;
/// Letters of a message that are looked at: what is longer is a story, and its beginning tells.
const MOST_LETTERS: usize = 400;

/// A phrase to be grouped.
#[derive(Debug, Clone, Copy)]
pub struct Phrase<'p> {
    /// As it was written.
    pub text: &'p str,
    /// Its language: phrases of two languages are in two groups.
    pub lang: &'p Lang,
    /// The nearest topic, and how sure the engine is of it.
    pub near: Option<(&'p TopicId, f32)>,
}

/// Phrases that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their places in what was given, the one that stands for all first, then in order.
    pub members: Vec<usize>,
}

/// A distinct phrase.
struct Distinct<'p> {
    lang: Lang,
    near: Option<&'p TopicId>,
    members: Vec<usize>,
    /// Feature and value, by feature.
    vector: Vec<(u64, f32)>,
}

/// The phrases in groups, the largest first, then in the order in which they were given.
pub fn group(phrases: &[Phrase<'_>]) -> Vec<Group> {
    let mut all = distinct(phrases);
    weigh(&mut all);
    let pairs = close_pairs(&all);
    let mut groups = Union::new(&all);
    for (_, a, b) in pairs {
        groups.join(a, b, &all);
    }
    groups.into_groups(&all)
}

fn distinct<'p>(phrases: &[Phrase<'p>]) -> Vec<Distinct<'p>> {
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
fn weigh(all: &mut [Distinct<'_>]) {
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

fn cosine(a: &[(u64, f32)], b: &[(u64, f32)]) -> f32 {
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

fn on_one_topic(a: &Distinct<'_>, b: &Distinct<'_>) -> bool {
    a.near.is_some() && a.near == b.near
}

/// Pairs that are close enough, closest first.
fn close_pairs(all: &[Distinct<'_>]) -> Vec<(f32, usize, usize)> {
    let mut postings: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        for (feature, _) in &one.vector {
            postings.entry(*feature).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    let mut shared: HashMap<usize, u32> = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        let mut rarest: Vec<(usize, u64)> = one
            .vector
            .iter()
            .map(|(feature, _)| (postings.get(feature).map_or(0, Vec::len), *feature))
            .filter(|(with, _)| *with > 1)
            .collect();
        rarest.sort_unstable();
        shared.clear();
        for (_, feature) in rarest.iter().take(LOOKED_FOR) {
            let there = postings.get(feature).map(Vec::as_slice).unwrap_or_default();
            // Those behind it; those before have looked at it already.
            let from = there.partition_point(|other| *other <= at);
            for other in there.iter().skip(from).take(POSTINGS) {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let mut candidates: Vec<(std::cmp::Reverse<u32>, usize)> = shared
            .iter()
            .map(|(other, times)| (std::cmp::Reverse(*times), *other))
            .collect();
        candidates.sort_unstable();
        for (_, other) in candidates.into_iter().take(CANDIDATES) {
            let two = &all[other];
            if one.lang != two.lang {
                continue;
            }
            let near = cosine(&one.vector, &two.vector);
            let enough = if on_one_topic(one, two) {
                CLOSE_ON_TOPIC
            } else {
                CLOSE
            };
            if near >= enough {
                pairs.push((near, at, other));
            }
        }
    }
    pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    pairs
}

/// Which distinct phrases are together, and which of them stands for all.
struct Union {
    parent: Vec<usize>,
    stands: Vec<usize>,
}

impl Union {
    fn new(all: &[Distinct<'_>]) -> Self {
        let each: Vec<usize> = (0..all.len()).collect();
        Self {
            parent: each.clone(),
            stands: each,
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize, all: &[Distinct<'_>]) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (one, two) = (self.stands[a], self.stands[b]);
        let enough = if on_one_topic(&all[one], &all[two]) {
            LINKED_ON_TOPIC
        } else {
            LINKED
        };
        if cosine(&all[one].vector, &all[two].vector) < enough {
            return;
        }
        let (a, b) = (a.min(b), a.max(b));
        self.parent[b] = a;
        let times = |at: usize| (all[at].members.len(), std::cmp::Reverse(at));
        self.stands[a] = if times(one) >= times(two) { one } else { two };
    }

    fn into_groups(mut self, all: &[Distinct<'_>]) -> Vec<Group> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for (at, one) in all.iter().enumerate() {
            let root = self.root(at);
            members[root].extend(&one.members);
        }
        let mut groups: Vec<Group> = Vec::new();
        for (root, mut members) in members.into_iter().enumerate() {
            let Some(first) = all[self.stands[root]].members.first().copied() else {
                continue;
            };
            if members.is_empty() {
                continue;
            }
            members.sort_unstable();
            members.retain(|member| *member != first);
            members.insert(0, first);
            groups.push(Group { members });
        }
        groups.sort_by_key(|group| {
            (
                std::cmp::Reverse(group.members.len()),
                group.members.first().copied(),
            )
        });
        groups
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn grouped(texts: &[&str]) -> Vec<Vec<String>> {
        let es = Lang::es();
        let phrases: Vec<_> = texts
            .iter()
            .map(|text| Phrase {
                text,
                lang: &es,
                near: None,
            })
            .collect();
        group(&phrases)
            .into_iter()
            .map(|group| {
                let texts = group.members.iter().map(|at| texts[*at].to_owned());
                texts.collect()
            })
            .collect()
    }

    #[test]
    fn the_same_in_other_words_order_and_spelling_is_one_group() {
        let groups = grouped(&[
            "quiero cambiar la talla",
            "¿dónde dejo el paraguas?",
            "Hola, quisiera cambiar la talla por favor",
            "cambair la talla",
            "la talla, ¿cómo la cambio?",
            "donde dejo el PARAGUAS",
            "hacen envoltorio de regalo?",
        ]);
        assert_eq!(groups.len(), 3, "{groups:#?}");
        assert_eq!(groups[0].len(), 4, "{groups:#?}");
        assert_eq!(groups[1].len(), 2, "{groups:#?}");
    }

    #[test]
    fn numbers_do_not_keep_phrases_apart() {
        let groups = grouped(&["factura del pedido 1234567", "factura del pedido 7654321"]);
        assert_eq!(groups.len(), 1);
    }

    #[test]
    fn a_topic_that_both_are_near_to_brings_phrases_together_that_share_little() {
        let es = Lang::es();
        let topic: TopicId = "exchange_size".parse().unwrap();
        let texts = [
            "necesito otra talla",
            "me queda chica, quiero probar otra talla distinta",
            "el precio del envío",
        ];
        let with = |near: bool| {
            let phrase = |text| Phrase {
                text,
                lang: &es,
                near: near.then_some((&topic, 0.4)),
            };
            group(&[
                phrase(texts[0]),
                phrase(texts[1]),
                Phrase {
                    near: None,
                    ..phrase(texts[2])
                },
            ])
            .len()
        };
        assert_eq!((with(false), with(true)), (3, 2));
    }

    #[test]
    fn two_languages_are_two_groups() {
        let (es, en) = (Lang::es(), Lang::en());
        let phrase = |lang| Phrase {
            text: "bizum",
            lang,
            near: None,
        };
        assert_eq!(group(&[phrase(&es), phrase(&en)]).len(), 2);
    }

    #[test]
    fn a_chain_of_small_steps_makes_no_heap() {
        let words = [
            "rojo", "verde", "azul", "negro", "blanco", "gris", "rosa", "lila",
        ];
        let texts: Vec<String> = words.windows(3).map(|three| three.join(" ")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert!(grouped(&texts).len() > 1);
    }

    #[test]
    fn the_order_of_what_is_given_changes_no_group() {
        let mut texts = vec![
            "quiero cambiar la talla",
            "cambiar talla",
            "factura a mi nombre",
            "la factura va a mi nombre",
            "venden hornos?",
        ];
        let sets = |texts: &[&str]| {
            let mut groups = grouped(texts);
            groups.iter_mut().for_each(|group| group.sort());
            groups.sort();
            groups
        };
        let first = sets(&texts);
        texts.reverse();
        assert_eq!(sets(&texts), first);
    }

    #[test]
    fn thousands_of_phrases_are_grouped() {
        let (things, acts) = (
            [
                "talla", "factura", "pedido", "tarjeta", "cupón", "envío", "regalo", "cuenta",
                "zapato", "horno",
            ],
            [
                "cambiar", "perder", "anular", "repetir", "mover", "comprar", "romper", "buscar",
                "dejar", "pagar",
            ],
        );
        let mut texts = Vec::new();
        for n in 0..6_000_usize {
            let (thing, act) = (things[n % 10], acts[n / 10 % 10]);
            texts.push(format!(
                "{} {act} {thing} {}",
                ["puedo", "cómo", "quiero"][n % 3],
                ["hoy", "ya", "mañana", "aquí"][n / 100 % 4]
            ));
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let groups = grouped(&texts);
        let members: usize = groups.iter().map(Vec::len).sum();
        assert_eq!(members, 6_000, "nothing is lost");
        assert!(groups.len() <= 110, "{}", groups.len());
    }
}
