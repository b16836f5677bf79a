//! How a topic does: its tests, and how well its own examples are told from those of the others.

use std::collections::BTreeMap;

use crate::ids::{Lang, TopicId};
use crate::topics::Catalog;
use crate::understanding::{Context, Corpus, Engine, Example, judge};

/// Parts into which examples are dealt: four are learnt from, one is asked.
const FOLDS: usize = 5;

/// The tests of a topic in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tested {
    /// Tests that passed.
    pub passed: u32,
    /// All of them.
    pub all: u32,
}

/// How a topic's examples are read by an engine that was not shown them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CrossValidated {
    /// Examples whose nearest topic was the right one.
    pub right: u32,
    /// Examples that were asked.
    pub all: u32,
    /// Topics that were taken for it, with how often.
    pub confused: BTreeMap<TopicId, u32>,
}

/// What is known of a topic in one language.
pub type Health<T> = BTreeMap<(TopicId, Lang), T>;

/// The tests of each topic.
pub fn tests_of(catalog: &Catalog, engine: &Engine) -> Health<Tested> {
    let mut tested: Health<Tested> = BTreeMap::new();
    for topic in catalog.topics.values() {
        for test in &topic.tests {
            let passed = judge(engine, test).passed;
            let one = tested
                .entry((topic.id.clone(), test.lang.base()))
                .or_default();
            one.all += 1;
            one.passed += u32::from(passed);
        }
    }
    tested
}

/// Reads each example with an engine trained without it (and without four fifths of nobody else's). Templates are asked in their first form; those
/// with slots, and topics with a single example, are not asked. Takes [`FOLDS`] trainings. `go_on` is asked before each; nothing when it says no.
pub fn cross_validate(
    catalog: &Catalog,
    go_on: &dyn Fn() -> bool,
) -> Option<Health<CrossValidated>> {
    let whole = Corpus::from(catalog);
    let mut all: Health<CrossValidated> = BTreeMap::new();
    for fold in 0..FOLDS {
        if !go_on() {
            return None;
        }
        let mut corpus = whole.clone();
        corpus.settings.calibrate = false;
        let mut held_out: Vec<(TopicId, Lang, String)> = Vec::new();
        for topic in &mut corpus.topics {
            let mut counts: BTreeMap<Lang, usize> = BTreeMap::new();
            for example in &topic.examples {
                *counts.entry(example.lang.base()).or_default() += 1;
            }
            let mut seen: BTreeMap<Lang, usize> = BTreeMap::new();
            let mut kept: Vec<Example> = Vec::new();
            for example in std::mem::take(&mut topic.examples) {
                let lang = example.lang.base();
                let at = seen.entry(lang.clone()).or_default();
                let dealt = *at % FOLDS;
                *at += 1;
                let alone = counts.get(&lang).copied().unwrap_or_default() < 2;
                match plain(&example.text).filter(|_| dealt == fold && !alone) {
                    Some(text) => held_out.push((topic.id.clone(), lang, text)),
                    None => kept.push(example),
                }
            }
            topic.examples = kept;
        }
        let Ok(engine) = Engine::train(&corpus) else {
            // A part alone may be too little to learn from.
            continue;
        };
        for (topic, lang, text) in held_out {
            let read = engine.understand(&text, &Context::fresh(&lang));
            let one = all.entry((topic.clone(), lang)).or_default();
            one.all += 1;
            match read.understood.nearest.first() {
                Some(nearest) if nearest.topic == topic => one.right += 1,
                Some(nearest) => *one.confused.entry(nearest.topic.clone()).or_default() += 1,
                None => {}
            }
        }
    }
    Some(all)
}

/// An example as somebody would write it: what may be left out is left in, of alternatives the first. Nothing where it has a slot.
fn plain(line: &str) -> Option<String> {
    if line.contains('{') {
        return None;
    }
    let mut text = String::with_capacity(line.len());
    // For each open bracket whether its first alternative is over.
    let mut over: Vec<bool> = Vec::new();
    for c in line.chars() {
        match c {
            '[' | '(' => over.push(over.last().copied().unwrap_or_default()),
            ']' | ')' => {
                over.pop();
            }
            '|' => {
                if let Some(last) = over.last_mut() {
                    *last = true;
                }
            }
            c if !over.last().copied().unwrap_or_default() => text.push(c),
            _ => {}
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_asked_in_its_first_form() {
        let first = "[todavía] no (llegó|me llega) el (paquete [azul|rojo]|envío)";
        assert_eq!(
            plain(first).as_deref(),
            Some("todavía no llegó el paquete azul")
        );
        assert_eq!(plain("el pedido {order_number}"), None);
    }
}
