//! Examples that two topics nearly share, with how near they are.
//!
//! The likeness of two sentences of one language is the weight of the words that both have, over the weight of the words that either has; a
//! word weighs its inverse document frequency among all examples, so that "el" and "mi" count little and "factura" much. Order does not count.

use std::collections::{BTreeMap, HashMap};

use super::super::fault::Fault;
use super::super::notes::{Notes, Side};
use super::super::problem::Place;
use super::folded;
use crate::ids::Lang;

/// Likeness from which two sentences are reported, in per cent.
const NEAR: usize = 85;
/// Pairs reported of two topics: the nearest; the others say the same.
const PAIRS: usize = 3;
/// A word that stands in more examples than this finds no candidates: all of them share rarer words too, or are not alike.
const COMMON: usize = 400;

/// An example, written out.
struct Line<'n> {
    topic: usize,
    text: &'n str,
    place: &'n Place,
    /// Words as numbers, sorted, each once.
    words: Vec<u32>,
    weight: f64,
}

pub(super) fn check(notes: &mut Notes) {
    let mut by_lang: BTreeMap<Lang, Vec<Line<'_>>> = BTreeMap::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for (topic, own) in notes.topics.iter().enumerate() {
        for (lang, text, place) in &own.examples {
            let mut words: Vec<u32> = folded::words(&written_out(text))
                .into_iter()
                .map(|word| {
                    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                    *numbers.entry(word).or_insert(next)
                })
                .collect();
            words.sort_unstable();
            words.dedup();
            by_lang.entry(lang.base()).or_default().push(Line {
                topic,
                text,
                place,
                words,
                weight: 0.0,
            });
        }
    }
    let mut faults: Vec<(Side, Side, Fault, Fault)> = Vec::new();
    for lines in by_lang.values_mut() {
        let mut pairs: BTreeMap<(usize, usize), Vec<Pair>> = BTreeMap::new();
        for (score, a, b) in alike(lines) {
            let topics = (lines[a].topic, lines[b].topic);
            pairs.entry(topics).or_default().push((score, a, b));
        }
        for found in pairs.values_mut() {
            found.sort_by_key(|(score, a, b)| (std::cmp::Reverse(*score), *a, *b));
            for (score, a, b) in found.iter().take(PAIRS) {
                let (twin, line) = (&lines[*a], &lines[*b]);
                // The very same sentence is an error already.
                if same(twin.text, line.text) {
                    continue;
                }
                let (here, there) = (side(notes, line), side(notes, twin));
                let told = near(line, &there, twin, *score);
                let turned = near(twin, &here, line, *score);
                faults.push((here, there, told, turned));
            }
        }
    }
    for (here, there, fault, turned) in faults {
        notes.twin(&here, &there, &fault, Some(&turned));
    }
}

fn side(notes: &Notes, line: &Line<'_>) -> Side {
    Side {
        topic: Some(notes.topics[line.topic].id.clone()),
        place: line.place.clone(),
    }
}

/// What is said at a line of the one that it is like.
fn near(line: &Line<'_>, other: &Side, twin: &Line<'_>, score: usize) -> Fault {
    Fault::NearExample {
        example: line.text.to_owned(),
        score,
        topic: other
            .topic
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        twin: twin.text.to_owned(),
        other: other.place.to_string(),
    }
}

/// Two lines that are alike: per cent, earlier line, later line.
type Pair = (usize, usize, usize);

/// Pairs of lines of different topics that are alike.
fn alike(lines: &mut [Line<'_>]) -> Vec<Pair> {
    let mut holding: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        for word in &line.words {
            holding.entry(*word).or_default().push(at);
        }
    }
    let all = lines.len() as f64;
    let weight = |word: &u32| {
        let with = holding.get(word).map_or(1, Vec::len) as f64;
        (1.0 + all / with).ln()
    };
    for line in lines.iter_mut() {
        line.weight = line.words.iter().map(&weight).sum();
    }
    let mut found = Vec::new();
    let mut shared: HashMap<usize, f64> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        shared.clear();
        for word in &line.words {
            let Some(with) = holding.get(word).filter(|with| with.len() <= COMMON) else {
                continue;
            };
            let weight = weight(word);
            for &other in with.iter().take_while(|other| **other < at) {
                *shared.entry(other).or_default() += weight;
            }
        }
        for &other in shared.keys() {
            let twin = &lines[other];
            if twin.topic == line.topic {
                continue;
            }
            let both: f64 = common(&twin.words, &line.words)
                .map(|word| weight(&word))
                .sum();
            let likeness = both / (twin.weight + line.weight - both);
            let score = (100.0 * likeness).round() as usize;
            if score >= NEAR {
                found.push((score, other, at));
            }
        }
    }
    found
}

fn common<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    a.iter()
        .copied()
        .filter(|word| b.binary_search(word).is_ok())
}

/// Whether the duplicate check reports them as the same sentence.
fn same(a: &str, b: &str) -> bool {
    super::examples::plain(a) == super::examples::plain(b)
}

/// A template as its fullest sentence: what may be missing is there, and of several the first.
fn written_out(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    // For each open bracket whether it is past its first alternative.
    let mut open: Vec<bool> = Vec::new();
    let bars = template.contains('|');
    for c in template.chars() {
        match c {
            '[' => open.push(false),
            '(' if bars => open.push(false),
            ']' => drop(open.pop()),
            ')' if bars => drop(open.pop()),
            '|' => {
                if let Some(past) = open.last_mut() {
                    *past = true;
                }
            }
            '{' | '}' => out.push(' '),
            c if !open.contains(&true) => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_written_out_in_full() {
        assert_eq!(
            written_out("[todavía] no (llegó|me llega) el {item}"),
            "todavía no llegó el  item "
        );
        assert_eq!(written_out("el azul (ese)"), "el azul (ese)");
    }
}
