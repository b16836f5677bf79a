//! Examples and tests: enough of them, each in one place, and tests that are not examples.

use std::collections::HashMap;

use super::super::fault::Fault;
use super::super::notes::Notes;
use super::super::problem::Place;
use super::super::read::Gathered;
use super::folded;
use crate::ids::{Lang, TopicId};

/// Examples a language below which a topic is thin.
const EXAMPLES_MIN: usize = 6;

/// Tests a language.
const TESTS_MIN: usize = 2;

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    let languages: Vec<Lang> = all
        .assistant
        .as_ref()
        .map(|assistant| assistant.languages.iter().map(Lang::base).collect())
        .unwrap_or_default();
    let mut faults: Vec<(Place, Fault)> = Vec::new();
    let mut seen: HashMap<(Lang, String), (&TopicId, &Place)> = HashMap::new();
    for own in &notes.topics {
        for (lang, example, place) in &own.examples {
            let key = (lang.base(), plain(example));
            match seen.get(&key) {
                Some((topic, other)) if **topic == own.id => {
                    let first = other.line;
                    faults.push((place.clone(), Fault::RepeatedExample { first }));
                }
                Some((topic, other)) => {
                    let fault = Fault::SameExample {
                        example: example.clone(),
                        topic: topic.to_string(),
                        other: other.to_string(),
                    };
                    faults.push((place.clone(), fault));
                }
                None => {
                    seen.insert(key, (&own.id, place));
                }
            }
        }
        let Some(topic) = all.topics.get(&own.id) else {
            continue;
        };
        for lang in &languages {
            let count = own
                .examples
                .iter()
                .filter(|(tag, ..)| tag.base() == *lang)
                .count();
            let lang_name = lang.to_string();
            if count == 0 {
                let fault = Fault::NoExamples { lang: lang_name };
                faults.push((own.place.clone(), fault));
            } else if count < EXAMPLES_MIN {
                let fault = Fault::FewExamples {
                    lang: lang_name,
                    count,
                };
                faults.push((own.place.clone(), fault));
            }
            let count = topic
                .tests
                .iter()
                .filter(|test| test.lang.base() == *lang)
                .count();
            if count < TESTS_MIN {
                let place = own.tests_place.as_ref().unwrap_or(&own.place);
                let lang = lang.to_string();
                faults.push((place.clone(), Fault::FewTests { lang, count }));
            }
        }
    }
    let mut strange: HashMap<(Lang, String), &Place> = HashMap::new();
    for (lang, line, place) in &notes.not_ours {
        let key = (lang.base(), plain(line));
        if let Some((topic, other)) = seen.get(&key) {
            let fault = Fault::SameExample {
                example: line.clone(),
                topic: topic.to_string(),
                other: other.to_string(),
            };
            faults.push((place.clone(), fault));
        }
        match strange.get(&key) {
            Some(other) => {
                let first = other.line;
                faults.push((place.clone(), Fault::RepeatedExample { first }));
            }
            None => {
                strange.insert(key, place);
            }
        }
    }
    let mut learnt: HashMap<(Lang, String), &Place> = HashMap::new();
    for own in &notes.topics {
        for (lang, example, place) in &own.examples {
            let key = (lang.base(), folded::sentence(example));
            learnt.entry(key).or_insert(place);
        }
    }
    for own in &notes.topics {
        let Some(topic) = all.topics.get(&own.id) else {
            continue;
        };
        for (test, place) in topic.tests.iter().zip(&own.tests) {
            // An example of another file proves something: that this one does not take it.
            if let Some(example) = learnt.get(&(test.lang.base(), folded::sentence(&test.say)))
                && example.file == place.file
            {
                let line = example.line;
                faults.push((place.clone(), Fault::TestIsExample { line }));
            }
        }
    }
    for (place, fault) in faults {
        notes.fault(&place, &fault);
    }
}

/// A sentence as the eye compares it: without case, punctuation at its ends and doubled spaces. Accents stay: «esta» and «está» may both be examples.
pub(super) fn plain(sentence: &str) -> String {
    let words: Vec<String> = sentence
        .split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| matches!(c, '¿' | '?' | '¡' | '!' | '.' | ',' | ';'))
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
