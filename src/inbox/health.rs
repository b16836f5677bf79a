//! How each topic does, by language: its tests, how well its examples are told from those of others, its use and what visitors made of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::Inbox;
use super::shown::Times;
use crate::engine::Live;
use crate::ids::{Lang, TopicId};
use crate::missed::{CrossValidated, Health, Tested, Use, cross_validate, tests_of};

const DAY_MS: i64 = 24 * 60 * 60_000;
/// Topics that it is taken for, at most.
const CONFUSED: usize = 3;
/// Fewest cases from which a share says something.
const FEW: u32 = 5;

/// Measurements by the model that they are of; of the last few models.
#[derive(Default)]
pub(super) struct Measured {
    done: Vec<(String, Arc<Of>)>,
    running: Option<(String, Arc<AtomicBool>)>,
}

impl Measured {
    pub(super) fn stop(&self) {
        if let Some((_, stop)) = &self.running {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

struct Of {
    tests: Health<Tested>,
    cross_validated: Health<CrossValidated>,
}

/// Models whose measurements are kept.
const KEPT: usize = 4;

/// A topic in one language.
#[derive(Debug, Clone, Serialize)]
pub struct TopicHealth {
    /// The topic.
    pub topic: TopicId,
    /// The language.
    pub lang: Lang,
    /// Example lines.
    pub phrases: usize,
    /// Tests that pass; absent while they are being run.
    pub tests_passed: Option<u32>,
    /// Tests.
    pub tests: u32,
    /// Of its examples, those that an engine reads rightly that was not shown them. Absent while it is measured, and where there are too few.
    pub right: Option<u32>,
    /// Of how many.
    pub asked: Option<u32>,
    /// What it is taken for.
    pub confused: Vec<Times>,
    /// Answers in the last 7 days.
    pub used_7: u32,
    /// Answers in the last 30 days.
    pub used_30: u32,
    /// Of the answers in 30 days, those that visitors disowned.
    pub disowned: u32,
    /// Good opinions in 30 days on sessions that ended with it.
    pub positive: u32,
    /// Opinions in 30 days on sessions that ended with it.
    pub opinions: u32,
    /// Handoffs in 30 days while it was the last topic.
    pub handoffs: u32,
    /// When its file is to be looked at again.
    pub review_by: Option<String>,
    /// That day has passed.
    pub stale: bool,
}

impl TopicHealth {
    /// How badly it does, 0 to 1: the worst of its shares that rest on enough cases.
    fn trouble(&self) -> f64 {
        let share = |part: u32, of: u32, least: u32| {
            if of < least {
                0.0
            } else {
                f64::from(part) / f64::from(of)
            }
        };
        let missed = |part: Option<u32>, of: Option<u32>| {
            part.zip(of)
                .map_or(0.0, |(right, of)| share(of.saturating_sub(right), of, FEW))
        };
        [
            share(
                self.tests - self.tests_passed.unwrap_or(self.tests),
                self.tests,
                1,
            ),
            missed(self.right, self.asked),
            share(self.disowned, self.used_30, FEW),
            share(self.opinions - self.positive, self.opinions, FEW),
        ]
        .into_iter()
        .fold(0.0, f64::max)
    }
}

impl Inbox {
    /// How each topic does, the worst first; and whether something is still being measured.
    pub fn health(&self) -> (Vec<TopicHealth>, bool) {
        let live = self.engine().live();
        let measured = self.measured(&live);
        let now = self.engine().now();
        let (week, month) = (now.plus(-7 * DAY_MS), now.plus(-30 * DAY_MS));
        let (used_7, used_30, disowned) = {
            let index = self.inner.index.read();
            let mut disowned: HashMap<(TopicId, Lang), u32> = HashMap::new();
            let entries = index.newest(month);
            for entry in entries.filter(|entry| entry.turn.misses.disowned()) {
                if let Some(topic) = entry.turn.read.topic() {
                    let key = (topic.clone(), entry.turn.lang.base());
                    *disowned.entry(key).or_default() += 1;
                }
            }
            (index.uses(week), index.uses(month), disowned)
        };
        let today = jiff::Timestamp::from_millisecond(now.0)
            .map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
            .unwrap_or_default();
        let mut rows = Vec::new();
        for topic in live.catalog.topics.values() {
            let mut phrases: BTreeMap<Lang, usize> = BTreeMap::new();
            for lang in &live.catalog.assistant.languages {
                phrases.entry(lang.base()).or_default();
            }
            for (lang, lines) in &topic.examples {
                *phrases.entry(lang.base()).or_default() += lines.len();
            }
            for (lang, phrases) in phrases {
                let key = (topic.id.clone(), lang);
                let used = used_30.get(&key).copied().unwrap_or_default();
                let of = measured.as_ref();
                let tested = of.map(|of| of.tests.get(&key).copied().unwrap_or_default());
                let tests = topic.tests.iter();
                let tests = tests.filter(|test| test.lang.base() == key.1).count();
                let crossed = of.and_then(|of| of.cross_validated.get(&key));
                rows.push(TopicHealth {
                    phrases,
                    tests_passed: tested.map(|tested| tested.passed),
                    tests: u32::try_from(tests).unwrap_or(u32::MAX),
                    right: crossed.map(|one| one.right),
                    asked: crossed.map(|one| one.all),
                    confused: crossed.map(confused).unwrap_or_default(),
                    used_7: used_7.get(&key).map_or(0, |used: &Use| used.answered),
                    used_30: used.answered,
                    disowned: disowned.get(&key).copied().unwrap_or_default(),
                    positive: used.positive,
                    opinions: used.opinions,
                    handoffs: used.handoffs,
                    review_by: topic.review_by.clone(),
                    stale: topic.review_by.as_ref().is_some_and(|by| *by < today),
                    topic: key.0,
                    lang: key.1,
                });
            }
        }
        rows.sort_by(|a, b| {
            b.trouble()
                .total_cmp(&a.trouble())
                .then(b.used_30.cmp(&a.used_30))
                .then_with(|| (&a.topic, &a.lang).cmp(&(&b.topic, &b.lang)))
        });
        (rows, measured.is_none())
    }

    /// The measurements of what is live; begins them where there are none.
    fn measured(&self, live: &Arc<Live>) -> Option<Arc<Of>> {
        let key = format!("{} {}", live.catalog.version, live.brain.model_hash());
        let mut measured = self.inner.measured.lock();
        if let Some((_, of)) = measured.done.iter().find(|(known, _)| *known == key) {
            return Some(Arc::clone(of));
        }
        if let Some((running, stop)) = &measured.running {
            if *running == key {
                return None;
            }
            // What is live has changed meanwhile.
            stop.store(true, Ordering::Relaxed);
        }
        let stop = Arc::new(AtomicBool::new(false));
        measured.running = Some((key.clone(), Arc::clone(&stop)));
        drop(measured);
        let (inbox, live) = (self.clone(), Arc::clone(live));
        drop(self.inner.runtime.spawn_blocking(move || {
            let tests = tests_of(&live.catalog, &live.brain);
            let crossed = cross_validate(&live.catalog, &|| !stop.load(Ordering::Relaxed));
            let mut measured = inbox.inner.measured.lock();
            if let Some(cross_validated) = crossed {
                let of = Of {
                    tests,
                    cross_validated,
                };
                measured.done.push((key.clone(), Arc::new(of)));
                let excess = measured.done.len().saturating_sub(KEPT);
                measured.done.drain(..excess);
            }
            if measured.running.as_ref().is_some_and(|(of, _)| *of == key) {
                measured.running = None;
            }
        }));
        None
    }
}

fn confused(one: &CrossValidated) -> Vec<Times> {
    let mut times: Vec<Times> = one
        .confused
        .iter()
        .map(|(topic, count)| Times {
            topic: topic.clone(),
            count: usize::try_from(*count).unwrap_or(usize::MAX),
        })
        .collect();
    times.sort_by_key(|one| std::cmp::Reverse(one.count));
    times.truncate(CONFUSED);
    times
}
