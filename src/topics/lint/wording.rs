//! How texts are worded: every language there, one register, no feigned feelings, no fact typed by hand.

use std::collections::BTreeSet;

use super::super::fault::Fault;
use super::super::notes::{Notes, Scope};
use super::super::problem::Place;
use super::super::read::Gathered;
use super::{empathy, register, typed};
use crate::ids::Lang;

/// Shortest value of a fact that is looked for.
const FACT_MIN_CHARS: usize = 6;

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    let languages: Vec<Lang> = all
        .assistant
        .as_ref()
        .map(|assistant| assistant.languages.clone())
        .unwrap_or_default();
    let values = fact_values(all);
    let numbers = typed::Numbers::of(&values);
    let mut found: Vec<(Place, Fault)> = Vec::new();
    for seen in &notes.texts {
        if !seen.plain {
            for lang in missing(&seen.langs, &languages) {
                let lang = lang.to_string();
                found.push((seen.place.clone(), Fault::MissingLang { lang }));
            }
        }
        for (lang, node) in &seen.said {
            let Some(scalar) = node.scalar() else {
                continue;
            };
            for (at, fault) in faults(lang, &scalar.text) {
                found.push((node.place_in(at), fault));
            }
            if seen.scope == Scope::Fact {
                continue;
            }
            if let Some((at, fact, value)) = numbers.typed(&scalar.text) {
                found.push((node.place_in(at), Fault::FactTyped { fact, value }));
                continue;
            }
            for (fact, value) in &values {
                if let Some(at) = word_at(&scalar.text, value) {
                    let fault = Fault::FactTyped {
                        fact: fact.clone(),
                        value: value.clone(),
                    };
                    found.push((node.place_in(at), fault));
                    break;
                }
            }
        }
    }
    for (place, fault) in found {
        notes.fault(&place, &fault);
    }
}

/// Languages of the assistant that a text has in no region.
fn missing(tags: &[Lang], languages: &[Lang]) -> Vec<Lang> {
    let bases: BTreeSet<Lang> = tags.iter().map(Lang::base).collect();
    languages
        .iter()
        .map(Lang::base)
        .filter(|lang| !bases.contains(lang))
        .collect()
}

/// Values that a text should cite: those that hold a figure or an address, and long ones. A short word such as «gratis» is a word before it is a fact.
fn fact_values(all: &Gathered) -> Vec<(String, String)> {
    let shared = all.facts.iter();
    let of_sites = all.site_facts.values().flatten();
    let mut values: Vec<(String, String)> = shared
        .chain(of_sites)
        .flat_map(|(name, text)| {
            text.by_lang
                .values()
                .flat_map(super::super::text::Wording::variants)
                .map(|value| (name.clone(), value.to_owned()))
                .collect::<Vec<_>>()
        })
        .filter(|(_, value)| {
            let chars = value.chars().count();
            let telling = value.contains(|c: char| c.is_ascii_digit() || c == '@' || c == '/');
            chars >= FACT_MIN_CHARS && (telling || chars >= 3 * FACT_MIN_CHARS)
        })
        .collect();
    // The longest first: «2 horas de atención» before «2 horas».
    values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    values
}

/// Faults of wording in one language's words, with their byte offsets.
pub(in crate::topics) fn faults(lang: &Lang, words: &str) -> Vec<(usize, Fault)> {
    let mut found = empathy::faults(lang, words);
    found.extend(register::faults(lang, words));
    found
}

/// Where whole words stand in a text.
pub(super) fn word_at(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + words.len()..).and_then(|t| t.chars().next());
        // `{su_pedido}` and `mareas.es/vos` are no words of the sentence.
        let inside = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '/' | '@'))
        };
        !inside(before) && !inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_whole_words() {
        assert_eq!(word_at("en 17 días", "7 días"), None);
        assert_eq!(word_at("en 7 días.", "7 días"), Some(3));
    }
}
