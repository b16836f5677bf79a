//! Phrases that say the same, together: near-duplicates by their letters, the same meaning by stems, pairs of words and the topic that both are
//! near to. Deterministic; thousands of phrases in well under a second.
//!
//! Close pairs are looked for only among phrases that share a rare feature, and joined closest first; two groups are joined only while what stands
//! for each is close too, so that a chain of small steps makes no heap.

use std::collections::HashMap;

use super::features::{Distinct, cosine, distinct, weigh};
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
