//! Topics found by the words of their examples: by what a customer said, not by what the company calls it.

use serde::Serialize;

use crate::ids::{Lang, TopicId};
use crate::topics::{Catalog, folded};

/// Examples shown of one topic.
const OF_ONE: usize = 3;
/// Examples shown in all.
const IN_ALL: usize = 200;
/// Words of a question that count.
const WORDS: usize = 12;

/// An example that holds the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its topic.
    pub topic: TopicId,
    /// Its language.
    pub lang: Lang,
    /// The example as it stands.
    pub example: String,
}

/// Examples that hold all these words, or their beginnings, in any order. Case, accents and marks do not count. At most three a topic, two hundred in all.
pub fn find(catalog: &Catalog, words: &str) -> Vec<Hit> {
    let sought = folded(words);
    let sought: Vec<String> = sought
        .split(' ')
        .take(WORDS)
        .map(|word| format!(" {word}"))
        .collect();
    if sought.iter().all(|word| word.trim().is_empty()) {
        return Vec::new();
    }
    let holds = |example: &str| {
        let example = format!(" {}", folded(example));
        sought.iter().all(|word| example.contains(word.as_str()))
    };
    let mut found = Vec::new();
    for topic in catalog.topics.values() {
        let all = topic.examples.iter();
        let lines = all.flat_map(|(lang, lines)| lines.iter().map(move |line| (lang, line)));
        let hits = lines.filter(|(_, line)| holds(line)).take(OF_ONE);
        found.extend(hits.map(|(lang, line)| Hit {
            topic: topic.id.clone(),
            lang: lang.clone(),
            example: line.clone(),
        }));
        if found.len() >= IN_ALL {
            found.truncate(IN_ALL);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::shop::shop;

    fn catalog() -> Catalog {
        let mut shop = shop();
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        for topic in shop.topics.values_mut() {
            let asked = [
                "¿Dónde está mi pedido?",
                "el pedido, ¿dónde anda?",
                "dónde quedó el pedido",
                "y mi pedido dónde está",
            ];
            topic.examples = [
                (Lang::es(), lines(&asked)),
                (Lang::en(), lines(&["where is it"])),
            ]
            .into();
        }
        shop
    }

    fn said(words: &str) -> Vec<(String, String)> {
        let hits = find(&catalog(), words).into_iter();
        hits.map(|hit| (hit.topic.to_string(), hit.example))
            .collect()
    }

    #[test]
    fn words_are_found_in_any_order_without_accents_and_by_their_beginnings() {
        let found = said("PEDIDO, dónde");
        assert_eq!(found[0].1, "¿Dónde está mi pedido?");
        assert_eq!(said("pedi dond"), found);
        // The middle of a word is no word.
        assert!(said("edido onde").is_empty());
        for nothing in ["", " ¿? ", "zzzz pedido"] {
            assert!(said(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn one_topic_does_not_fill_the_list() {
        let found = said("pedido");
        assert!(found.len() > OF_ONE);
        for (topic, _) in &found {
            assert!(found.iter().filter(|(other, _)| other == topic).count() <= OF_ONE);
        }
    }
}
