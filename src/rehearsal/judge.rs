//! Judging talks: what the last message meant, against what the assistant did about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Heard, Rehearsal};
use crate::ids::{Lang, SiteId, TopicId};
use crate::topics::Catalog;
use crate::understanding::Engine;

/// The expectation that no topic is meant.
const NONE: &str = "none";

/// A talk with what its last message means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    #[serde(default, deserialize_with = "text_or_number")]
    pub id: String,
    /// The language in which the visitor begins.
    pub lang: Lang,
    /// The site; the first of the catalogue where it is not told.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// The visitor's messages, in order.
    pub turns: Vec<String>,
    /// The topics that the last one means, in order; `["none"]` where it means none.
    pub expect: Vec<String>,
    /// Topics that would do as well.
    #[serde(default)]
    pub also: Vec<String>,
    /// What makes it hard: `typos`, `two_requests` …
    #[serde(default)]
    pub kind: String,
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}

/// What became of the last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that was meant, or what would do as well, and nothing else.
    Expected,
    /// Asked back, with something that was meant among what it offered.
    Clarified,
    /// Not understood, or only a part of it.
    Missed,
    /// Acted on something that was not meant.
    ConfidentWrong,
}

/// A talk that was judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// The talk.
    #[serde(flatten)]
    pub case: Case,
    /// What became of it.
    pub verdict: Verdict,
    /// The topics that the assistant acted on.
    pub topics: Vec<TopicId>,
    /// The topics that it offered.
    pub offered: Vec<TopicId>,
}

/// How many talks came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// As expected.
    pub expected: usize,
    /// Asked back rightly.
    pub clarified: usize,
    /// Missed.
    pub missed: usize,
    /// Confident and wrong.
    pub confident_wrong: usize,
}

impl Tally {
    fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Expected => &mut self.expected,
            Verdict::Clarified => &mut self.clarified,
            Verdict::Missed => &mut self.missed,
            Verdict::ConfidentWrong => &mut self.confident_wrong,
        } += 1;
    }

    /// All talks.
    pub fn all(&self) -> usize {
        self.expected + self.clarified + self.missed + self.confident_wrong
    }
}

/// All talks of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// All together.
    pub all: Tally,
    /// By the language of the talk.
    pub by_language: BTreeMap<String, Tally>,
    /// By what makes it hard.
    pub by_kind: BTreeMap<String, Tally>,
    /// Those that did not come out as expected.
    pub failures: Vec<Judged>,
}

/// Plays a talk and judges its last message.
pub fn judge(case: &Case, catalog: &Catalog, engine: &Engine) -> Judged {
    let first = || catalog.assistant.sites.keys().next().cloned();
    let site = case.site.clone().or_else(first);
    let site = site.unwrap_or_else(|| "web".parse().expect("letters are a slug"));
    let mut talk = Rehearsal::new(catalog, engine, &site, &case.lang);
    let mut heard = None;
    for turn in &case.turns {
        heard = Some(talk.say(turn));
    }
    let (topics, offered) = heard.map_or_else(Default::default, |heard: Heard| {
        (heard.topics, heard.offered)
    });
    Judged {
        verdict: verdict(case, &topics, &offered),
        case: case.clone(),
        topics,
        offered,
    }
}

pub(super) fn verdict(case: &Case, topics: &[TopicId], offered: &[TopicId]) -> Verdict {
    let meant: Vec<&str> = case
        .expect
        .iter()
        .map(String::as_str)
        .filter(|topic| *topic != NONE)
        .collect();
    let will_do = |topic: &TopicId| {
        let topic = topic.as_str();
        meant.contains(&topic) || case.also.iter().any(|other| other == topic)
    };
    if topics.iter().any(|topic| !will_do(topic)) {
        return Verdict::ConfidentWrong;
    }
    let done: Vec<&str> = topics
        .iter()
        .map(TopicId::as_str)
        .filter(|topic| meant.contains(topic))
        .collect();
    // What would do as well stands in for one thing that was meant, not for two.
    let instead = !topics.is_empty() && meant.len() < 2;
    let nothing_meant = meant.is_empty() || case.also.iter().any(|topic| topic == NONE);
    if (!meant.is_empty() && done == meant) || instead || (topics.is_empty() && nothing_meant) {
        Verdict::Expected
    } else if topics.is_empty() && offered.iter().any(will_do) {
        Verdict::Clarified
    } else {
        Verdict::Missed
    }
}

/// The judged talks in figures.
pub fn report(judged: Vec<Judged>) -> Report {
    let mut report = Report {
        all: Tally::default(),
        by_language: BTreeMap::new(),
        by_kind: BTreeMap::new(),
        failures: Vec::new(),
    };
    for talk in judged {
        report.all.add(talk.verdict);
        let lang = talk.case.lang.base().to_string();
        report
            .by_language
            .entry(lang)
            .or_default()
            .add(talk.verdict);
        let kind = report.by_kind.entry(talk.case.kind.clone());
        kind.or_default().add(talk.verdict);
        if talk.verdict != Verdict::Expected {
            report.failures.push(talk);
        }
    }
    report
        .failures
        .sort_by_key(|talk| std::cmp::Reverse(talk.verdict));
    report
}
