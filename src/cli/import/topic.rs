//! One topic file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::ids::{Lang, TopicId};
use crate::importing::label::{self, by_lang};
use crate::topics::PLACEHOLDER_ANSWERS;

/// A label and its examples.
#[derive(Debug)]
pub(super) struct NewTopic {
    pub(super) label: String,
    pub(super) id: TopicId,
    /// The label in words, different from every other topic's.
    words: String,
    examples: BTreeMap<Lang, Vec<String>>,
}

impl NewTopic {
    /// A topic; `wordings` are those of the others.
    pub(super) fn new(
        label: &str,
        id: TopicId,
        examples: BTreeMap<Lang, Vec<String>>,
        wordings: &mut BTreeSet<String>,
    ) -> Self {
        let plain = label::words(label);
        let mut words = plain.clone();
        let mut number = 2;
        while !wordings.insert(words.to_lowercase()) {
            words = format!("{plain} {number}");
            number += 1;
        }
        Self {
            label: label.to_owned(),
            id,
            words,
            examples,
        }
    }

    /// The one plain answer that the topic begins with.
    pub(super) fn answer(&self, lang: &Lang) -> String {
        // `check` knows these endings and asks for the answer.
        let [spanish, english] = PLACEHOLDER_ANSWERS;
        if lang.base() == Lang::es() {
            format!("Tema: {}. {spanish}", self.words)
        } else {
            format!("Topic: {}. {english}", self.words)
        }
    }

    /// What its button says.
    pub(super) fn title(&self) -> String {
        label::title(&self.words)
    }

    pub(super) fn yaml(&self, languages: &[Lang]) -> String {
        let title = self.title();
        let titles = by_lang(languages, |_| title.clone());
        let answers = by_lang(languages, |lang| self.answer(lang));
        let mut yaml = format!("topic: {}\ntitle: {titles}\nexamples:\n", self.id);
        for (lang, lines) in &self.examples {
            // Without an indicator a block takes its indentation from its first line, which is never empty here.
            let _infallible = writeln!(yaml, "  {lang}: |");
            for line in lines {
                let _infallible = writeln!(yaml, "    {line}");
            }
        }
        let _infallible = write!(yaml, "steps:\n  - say: {answers}\ntests: []\n");
        yaml
    }
}
