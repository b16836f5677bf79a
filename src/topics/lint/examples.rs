//! Examples and tests: enough of them, each in one place, and tests that are not examples.

use std::collections::HashMap;

use super::super::fault::Fault;
use super::super::notes::{Notes, Side};
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
    let mut twins: Vec<Twin> = Vec::new();
    let mut seen: HashMap<(Lang, String), (&TopicId, &Place, &String)> = HashMap::new();
    for own in &notes.topics {
        for (lang, example, place) in &own.examples {
            let key = (lang.base(), plain(example));
            match seen.get(&key) {
                Some((topic, other, _)) if **topic == own.id => {
                    twins.push(repeated(Some(&own.id), place, other));
                }
                Some(there) => {
                    twins.push(same(example, (Some(&own.id), place), *there));
                }
                None => {
                    seen.insert(key, (&own.id, place, example));
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
            let is_silent = count == 0;
            if is_silent {
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
            // Of a language that the topic does not speak at all that is said once.
            if count < TESTS_MIN && (count > 0 || !is_silent) {
                let place = own.tests_place.as_ref().unwrap_or(&own.place);
                let lang = lang.to_string();
                faults.push((place.clone(), Fault::FewTests { lang, count }));
            }
        }
    }
    let mut strange: HashMap<(Lang, String), &Place> = HashMap::new();
    for (lang, line, place) in &notes.not_ours {
        let key = (lang.base(), plain(line));
        if let Some(there) = seen.get(&key) {
            twins.push(same(line, (None, place), *there));
        }
        match strange.get(&key) {
            Some(other) => {
                twins.push(repeated(None, place, other));
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
    for Twin {
        here,
        there,
        fault,
        turned,
    } in twins
    {
        notes.twin(&here, &there, &fault, turned.as_ref());
    }
}

/// A sentence that stands in two places.
struct Twin {
    here: Side,
    there: Side,
    fault: Fault,
    /// In words for the other place; none where both are in one file.
    turned: Option<Fault>,
}

fn side(topic: Option<&TopicId>, place: &Place) -> Side {
    Side {
        topic: topic.cloned(),
        place: place.clone(),
    }
}

fn repeated(topic: Option<&TopicId>, place: &Place, other: &Place) -> Twin {
    Twin {
        here: side(topic, place),
        there: side(topic, other),
        fault: Fault::RepeatedExample { first: other.line },
        turned: None,
    }
}

/// A sentence that is a topic's already: another topic's example, or one that is none of ours.
fn same(
    example: &str,
    here: (Option<&TopicId>, &Place),
    there: (&TopicId, &Place, &String),
) -> Twin {
    let fault = Fault::SameExample {
        example: example.to_owned(),
        topic: there.0.to_string(),
        other: there.1.to_string(),
    };
    let (example, other) = (there.2.clone(), here.1.to_string());
    let turned = match here.0 {
        Some(topic) => Fault::SameExample {
            example,
            topic: topic.to_string(),
            other,
        },
        None => Fault::NotOursExample { example, other },
    };
    Twin {
        here: side(here.0, here.1),
        there: side(Some(there.0), there.1),
        fault,
        turned: Some(turned),
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
