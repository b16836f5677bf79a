//! Rehearsal: a talk with the assistant that nobody else takes part in. No server, no store, no services: each turn goes through the same
//! reading, next step and conversation as in life, and calls are answered by a stand-in. Pure.

mod judge;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

use std::collections::BTreeMap;

use crate::conversation::{
    BotTurn, CallHours, Command, Effect, Fresh, Limits, Memory, Opening, Owner, People, Reading,
    State, Target, decide,
};
use crate::dialogue::{Closing, Scene, answer, go_on, is_small_talk, read};
use crate::ids::{Lang, SessionId, SiteId, Style, TeamId, Timestamp, TopicId, Utterance};
use crate::topics::{Act, Catalog, Step, TopicRole, ValueKind};
use crate::understanding::Engine;

pub use judge::{Case, Judged, Report, Tally, Verdict, judge, report};

/// The moment at which a rehearsal begins: a weekday morning.
const MORNING: Timestamp = Timestamp(1_795_000_000_000);
/// Services asked in one turn, at most.
const CALLS_MAX: usize = 6;

/// A talk.
pub struct Rehearsal<'a> {
    catalog: &'a Catalog,
    engine: &'a Engine,
    opening: Opening,
    state: State,
    now: Timestamp,
    acts: u32,
}

/// What became of one message.
#[derive(Debug, Clone)]
pub struct Heard {
    /// How it was read, in its context.
    pub readings: Vec<Reading>,
    /// What the assistant did: one turn, and one more after each service that answered.
    pub turns: Vec<BotTurn>,
    /// The topics that it acted on, in order; small talk beside a matter is none.
    pub topics: Vec<TopicId>,
    /// The topics that it offered instead of acting.
    pub offered: Vec<TopicId>,
}

impl<'a> Rehearsal<'a> {
    /// A talk on a site, in a language; the visitor has not written yet.
    pub fn new(catalog: &'a Catalog, engine: &'a Engine, site: &SiteId, lang: &Lang) -> Self {
        Self {
            catalog,
            engine,
            opening: Opening {
                style: Style::Fast,
                channel: "rehearsal".to_owned(),
                ..Opening::plain(site.clone(), lang.clone())
            },
            state: State::default(),
            now: MORNING,
            acts: 0,
        }
    }

    /// The visitor writes; the assistant answers, and services with it. A talk that a person has taken over begins anew with the next message,
    /// and keeps its topic. A message that is empty or too long is not heard.
    pub fn say(&mut self, text: &str) -> Heard {
        if !matches!(self.state.owner, Owner::Nobody | Owner::Bot) {
            let last = self.state.memory.last_topic.clone();
            self.state = State::default();
            self.state.memory.last_topic = last;
        }
        let mut heard = Heard {
            readings: Vec::new(),
            turns: Vec::new(),
            topics: Vec::new(),
            offered: Vec::new(),
        };
        let Ok(text) = text.parse::<Utterance>() else {
            return heard;
        };
        self.acts += 1;
        let Ok(client_id) = format!("r{}", self.acts).parse() else {
            return heard;
        };
        let before = self.state.memory.clone();
        self.command(Command::Say { client_id, text });
        heard.readings = read(&self.state, self.catalog, self.engine, self.now);
        let mut turn = self.turn(|scene| answer(scene, &heard.readings));
        loop {
            let call = match &turn.effect {
                Effect::Call { call, topic, .. } => Some((call.clone(), topic.clone())),
                _ => None,
            };
            heard.turns.push(turn);
            let Some((call, topic)) = call.filter(|_| heard.turns.len() <= CALLS_MAX) else {
                break;
            };
            self.stand_in(&call, &topic);
            turn = self.turn(go_on);
        }
        heard.topics = self.acted_on(&heard, &before);
        let last = heard.turns.last();
        let choices = last.map(|turn| turn.choices.as_slice()).unwrap_or_default();
        heard.offered = choices
            .iter()
            .filter_map(|choice| match &choice.target {
                Target::Topic { topic } => Some(topic.clone()),
                _ => None,
            })
            .collect();
        heard
    }

    /// What the talk knows so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    fn command(&mut self, command: Command) {
        let fresh = Fresh {
            now: self.now,
            session: SessionId::from_bytes([7; 16]),
            opening: self.opening.clone(),
            greeting: (Vec::new(), Vec::new()),
        };
        if let Ok(events) = decide(&self.state, command, &fresh, &Limits::default()) {
            for event in events {
                self.state.apply(&event);
            }
        }
        self.now = self.now.plus(20_000);
    }

    fn turn(&mut self, next: impl Fn(&Scene<'_>) -> BotTurn) -> BotTurn {
        let turn = {
            let closing = |_: &Lang| Closing {
                question: None,
                because: String::new(),
            };
            let people = |_: &TeamId| People::Available;
            let calls = |_: &TeamId| -> Option<CallHours> { None };
            next(&Scene {
                state: &self.state,
                catalog: self.catalog,
                now: self.now,
                people: &people,
                calls: &calls,
                case: "M-7F3K-2Q".to_owned(),
                mail: false,
                limits: Limits::default(),
                elsewhere: &BTreeMap::new(),
                closing: &closing,
            })
        };
        self.command(Command::Answer(Box::new(turn.clone())));
        turn
    }

    /// Answers a service's call: checks pass, and other calls have a case in which the assistant goes on by itself, where there is one.
    fn stand_in(&mut self, call: &str, topic: &TopicId) {
        let check = self
            .catalog
            .checks
            .values()
            .find(|check| check.call == call);
        let case = match check {
            Some(check) => Some(check.pass.clone()),
            None => self
                .catalog
                .topics
                .get(topic)
                .and_then(|topic| cases(&topic.steps, call))
                .and_then(going_on),
        };
        let call_id = self.state.calls;
        let Some(case) = case else {
            self.command(Command::CallFailed {
                call_id,
                why: "nobody answers in a rehearsal".to_owned(),
            });
            return;
        };
        let values = self.catalog.calls.get(call).map(|call| {
            let values = call.values.iter();
            values.map(|(name, value)| (name.clone(), sample(value.shown_as).to_owned()))
        });
        self.command(Command::CallReturned {
            call_id,
            case,
            values: values.into_iter().flatten().collect(),
        });
    }

    /// What the assistant did something about: what was understood, in order, as far as it was acted on, then what its context added.
    fn acted_on(&self, heard: &Heard, before: &Memory) -> Vec<TopicId> {
        let memory = &self.state.memory;
        let mut acted: Vec<&TopicId> = Vec::new();
        for turn in &heard.turns {
            acted.extend(&turn.topic);
            if let Effect::Call { topic, .. } = &turn.effect {
                acted.push(topic);
            }
        }
        acted.extend(
            memory
                .tried
                .iter()
                .filter(|topic| !before.tried.contains(topic)),
        );
        // A form that comes back after something else was answered is nothing new.
        let waited = |topic: &TopicId| {
            let forms = before.open.iter().chain(&before.suspended);
            forms.map(|form| &form.topic).any(|known| known == topic)
        };
        let new = acted.is_empty();
        let open = memory.open.iter().map(|form| &form.topic);
        acted.extend(open.filter(|topic| new || !waited(topic)));
        acted.extend(memory.later.iter().map(|later| &later.topic));
        let read = heard.turns.iter().flat_map(|turn| &turn.understood);
        let meant: Vec<&TopicId> = read
            .filter_map(|understood| understood.verdict.topic())
            .collect();
        let mut topics: Vec<TopicId> = Vec::new();
        let understood = meant.iter().filter(|topic| acted.contains(topic));
        for topic in understood.chain(&acted) {
            if !topics.contains(topic) {
                topics.push((*topic).clone());
            }
        }
        let talk = |topic: &TopicId| self.catalog.topics.get(topic).is_some_and(is_small_talk);
        let failed = memory.failures > before.failures && !memory.angry;
        if topics.is_empty() && !failed {
            // Small talk alone is answered, and leaves no trace but its words.
            let talk = meant.iter().find(|topic| talk(topic)).copied();
            // Thanks that mean the opposite are heard as anger.
            let bitter = memory.failures > before.failures;
            let anger = self.catalog.with_role(TopicRole::Anger);
            let heard = anger.filter(|_| bitter).map(|topic| &topic.id).or(talk);
            topics.extend(heard.filter(|_| talk.is_some()).cloned());
        }
        if topics.iter().any(|topic| !talk(topic)) {
            topics.retain(|topic| !talk(topic));
        }
        topics
    }
}

/// The cases of a call in these steps, at any depth.
fn cases<'c>(steps: &'c [Step], wanted: &str) -> Option<&'c BTreeMap<String, Vec<Step>>> {
    steps.iter().find_map(|step| match &step.act {
        Act::Call { call, cases } if call == wanted => Some(cases),
        Act::Call { cases: inner, .. } => inner.values().find_map(|steps| cases(steps, wanted)),
        Act::Say { .. }
        | Act::Confirm { .. }
        | Act::Ask { .. }
        | Act::Go { .. }
        | Act::Escalate { .. } => None,
    })
}

/// A case that ends in words; the service's failure is none.
fn going_on(cases: &BTreeMap<String, Vec<Step>>) -> Option<String> {
    let speaks = |steps: &[Step]| {
        let said = steps.iter().any(|step| matches!(step.act, Act::Say { .. }));
        let gone = |step: &Step| matches!(step.act, Act::Escalate { .. } | Act::Go { .. });
        said && !steps.iter().any(gone)
    };
    let of = |wanted: &dyn Fn(&[Step]) -> bool| {
        let mut named = cases.iter().filter(|(name, _)| *name != "failed");
        named
            .find(|(_, steps)| wanted(steps))
            .map(|(name, _)| name.clone())
    };
    of(&speaks).or_else(|| of(&|steps| !steps.is_empty()))
}

/// A value of a kind as services send it.
fn sample(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "1",
        ValueKind::Date => "2026-11-24",
        ValueKind::Money => "59.90",
        ValueKind::Time => "14:00",
    }
}
