//! The day as it goes: who comes when, what they do next, and the clock that is moved from step to step.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use serde_json::{Value, json};

use super::agent::{self, Agent};
use super::chance::Chance;
use super::visitor::{self, Phase, Visitor};
use super::wire::{Traffic, Wire};
use crate::stories::{House, MONDAY, Signed, learn_also};
use ventanilla::clock::ManualClock;
use ventanilla::conversation::State;
use ventanilla::ids::{Seq, Timestamp};
use ventanilla::ports::Clock;

mod people;

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
/// Nine in the morning in Madrid, when the teams open.
pub(super) const OPENING: Timestamp = Timestamp(MONDAY.0 - 2 * HOUR);
/// How far the clock moves at a time.
const STEP: i64 = 10_000;
/// Long steps of the evening at most: eight hours.
const EVENING_STEPS: u32 = 240;
/// So many of them until it is looked whether anything is still open.
const LOOK_EVERY: u32 = 20;

/// How large the day is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) visitors: usize,
    pub(super) agents: usize,
    /// Of opening time in which visitors come.
    pub(super) hours: i64,
    /// How long an agent means to have a conversation, in minutes.
    pub(super) handling: f64,
    pub(super) seed: u64,
}

/// What somebody means to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Come(usize),
    Write(usize),
    GiveUp { visitor: usize, wait: u32 },
    Cut { visitor: usize },
    Back(usize),
    Rate(usize),
    WriteAgain(usize),
    Goodbye(usize),
    Shift(usize),
    Break(usize),
    Resume(usize),
    CutConsole { agent: usize, away: i64 },
    ConsoleBack(usize),
    Answer { agent: usize, conversation: String },
    Reply { agent: usize, conversation: String },
    Finish { agent: usize, conversation: String },
    EndShift(usize),
    Restart,
}

/// A look at the desk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moment {
    pub(super) at: i64,
    pub(super) waiting: usize,
    pub(super) held: usize,
    pub(super) on_duty: usize,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) missed: u32,
    pub(super) declined: u32,
    pub(super) transferred: u32,
    pub(super) put_back: u32,
    pub(super) consoles_cut: u32,
    pub(super) visitors_cut: u32,
    pub(super) forgotten: u32,
    pub(super) asked_to_wait: u32,
    pub(super) gave_up: u32,
    pub(super) went_silently: u32,
    pub(super) reopened: u32,
    pub(super) orphans: u64,
    pub(super) restarts: u32,
}

pub(super) struct Day {
    pub(super) plan: Plan,
    pub(super) visitors: Vec<Visitor>,
    pub(super) agents: Vec<Agent>,
    pub(super) moments: Vec<Moment>,
    pub(super) counts: Counts,
    pub(super) traffic: Arc<Traffic>,
    house: Option<House>,
    clock: ManualClock,
    lead: Option<Wire>,
    lead_signed: Signed,
    desk: Value,
    chance: Chance,
    due: BinaryHeap<Reverse<(i64, u64, Due)>>,
    order: u64,
}

impl Day {
    /// Opens the house and hires everybody.
    pub(super) async fn opens(plan: Plan) -> Self {
        let live = learn_also("http://127.0.0.1:9", Some("black_friday/topics"));
        let mut house = House::taught(OPENING, live, |config| config.limits.pause_ms = 0).await;
        let mut chance = Chance::seeded(plan.seed);
        let lead_signed = house.sign_up("Lía", "lead").await;
        let admin = house
            .sign_in("jefa@mareas.example", "una frase bastante larga")
            .await;
        let mut agents = Vec::new();
        let day = plan.hours * HOUR;
        for n in 0..plan.agents {
            let team = [
                "default",
                "logistics",
                "default",
                "returns",
                "logistics",
                "default",
                "returns",
                "default",
            ][n % 8];
            let signed = house.hire(&admin, &format!("Agente{n}"), team).await;
            // Half begin with the opening, half later; nobody works the whole day.
            let begin = if n % 8 < 4 { 0 } else { day / 5 };
            let shift = (begin, begin + day * 4 / 5);
            agents.push(Agent::new(n, team, shift, signed));
        }
        let clock = house.clock.clone();
        let mut day = Self {
            plan,
            visitors: (0..plan.visitors).map(Visitor::new).collect(),
            agents,
            moments: Vec::new(),
            counts: Counts::default(),
            traffic: Arc::default(),
            house: Some(house),
            clock,
            lead: None,
            lead_signed,
            desk: json!({}),
            due: BinaryHeap::new(),
            chance: Chance::seeded(chance.seconds(0.0, 1e9).unsigned_abs()),
            order: 0,
        };
        day.plans();
        day
    }

    pub(super) fn house(&self) -> &House {
        self.house
            .as_ref()
            .expect("the house stands but for a moment")
    }

    fn now(&self) -> i64 {
        self.clock.now().since(OPENING)
    }

    fn at(&mut self, at: i64, due: Due) {
        self.order += 1;
        self.due.push(Reverse((at, self.order, due)));
    }

    fn later(&mut self, after: i64, due: Due) {
        self.at(self.now() + after, due);
    }

    /// Arrivals as a Poisson process with a morning peak and a lower one in the afternoon; shifts, breaks and mishaps of agents.
    fn plans(&mut self) {
        #[allow(clippy::cast_precision_loss, reason = "hours of a day")]
        let length = (self.plan.hours * HOUR) as f64;
        let intensity = |part: f64| {
            let bell = |middle: f64, width: f64| (-((part - middle) / width).powi(2) / 2.0).exp();
            1.0 + 1.7 * bell(0.38, 0.09) + 0.9 * bell(0.75, 0.10)
        };
        for n in 0..self.plan.visitors {
            let part = loop {
                let part = self.chance.uniform() * 0.95;
                if self.chance.uniform() * 3.0 < intensity(part) {
                    break part;
                }
            };
            #[allow(clippy::cast_possible_truncation, reason = "milliseconds of a day")]
            let at = (part * length) as i64;
            self.at(at, Due::Come(n));
        }
        for n in 0..self.plan.agents {
            let (begin, end) = self.agents[n].shift;
            let long = end - begin;
            let late = self.chance.seconds(0.0, 120.0);
            self.at(begin + late, Due::Shift(n));
            for third in [1, 2] {
                let shaken = self.chance.seconds(-600.0, 600.0).min(long / 8);
                self.at(begin + long * third / 3 + shaken, Due::Break(n));
            }
            for _ in 0..2 {
                let when =
                    begin + long / 10 + self.chance.seconds(0.0, 1.0) * (long * 7 / 10) / 1_000;
                let away = if self.chance.hits(0.6) {
                    self.chance.seconds(15.0, 45.0)
                } else {
                    self.chance.seconds(90.0, 400.0)
                };
                self.at(when, Due::CutConsole { agent: n, away });
            }
            self.at(end, Due::EndShift(n));
        }
        self.at(self.plan.hours * HOUR / 2, Due::Restart);
    }

    /// Runs it to the end: until nobody is there and nothing is open.
    pub(super) async fn goes_by(&mut self) {
        self.lead_connects().await;
        let opening = self.plan.hours * HOUR;
        while self.now() < opening || self.is_busy() && self.now() < opening + 2 * HOUR {
            self.clock.advance(STEP);
            self.traffic.settles().await;
            self.everybody_reads().await;
            self.looks_at_desk();
            while self
                .due
                .peek()
                .is_some_and(|Reverse((at, _, _))| *at <= self.now())
            {
                let Some(Reverse((_, _, due))) = self.due.pop() else {
                    break;
                };
                self.comes_due(due).await;
            }
            self.traffic.settles().await;
        }
        self.everybody_reads().await;
        self.evening().await;
    }

    /// What is idle ends, in long steps. On a busy machine the server is behind the clock, which does not wait for it: what it does late ends late.
    async fn evening(&mut self) {
        for step in 1..=EVENING_STEPS {
            self.clock.advance(2 * MINUTE);
            self.traffic.settles().await;
            self.everybody_reads().await;
            self.looks_at_desk();
            if step % LOOK_EVERY == 0 && !self.is_anything_open().await {
                return;
            }
        }
    }

    async fn is_anything_open(&self) -> bool {
        let store = self.house().store();
        for id in store.conversations(None, usize::MAX).await.unwrap() {
            let mut state = State::default();
            for event in store.read(id, Seq::ZERO, usize::MAX).await.unwrap() {
                state.apply(&event);
            }
            if state.is_open() {
                return true;
            }
        }
        false
    }

    fn is_busy(&self) -> bool {
        let open = |visitor: &Visitor| matches!(visitor.phase, Phase::Queued | Phase::Held);
        self.visitors.iter().any(open) || self.agents.iter().any(|agent| agent.wire.is_some())
    }

    async fn lead_connects(&mut self) {
        let headers = [("cookie", self.lead_signed.cookie.clone())];
        let ws = self.house().socket("/v1/agent/ws", &headers).await;
        let wire = Wire::over(ws, &self.traffic, true);
        // A lead looks on and takes nothing.
        wire.send(
            &json!({"type": "status", "id": format!("lead-{}", self.order), "status": "away"}),
        );
        self.lead = Some(wire);
        self.traffic.settles().await;
    }

    async fn everybody_reads(&mut self) {
        for n in 0..self.visitors.len() {
            if !self.visitors[n].is_there() {
                continue;
            }
            for news in self.visitors[n].reads() {
                self.visitor_news(n, news);
            }
            let cut = self.visitors[n]
                .wire
                .as_ref()
                .is_some_and(|wire| !wire.is_up());
            if cut {
                self.visitor_back(n).await;
            }
        }
        for n in 0..self.agents.len() {
            for news in self.agents[n].reads() {
                self.agent_news(n, news);
            }
            let cut = self.agents[n]
                .wire
                .as_ref()
                .is_some_and(|wire| !wire.is_up());
            if cut {
                self.console_back(n).await;
            }
        }
    }

    /// The lead's picture: what is offered to whom, and how the day stands.
    fn looks_at_desk(&mut self) {
        let frames = self.lead.as_ref().map(Wire::take).unwrap_or_default();
        for frame in frames {
            let desk = &frame["desk"];
            if desk.is_object() {
                self.desk = desk.clone();
            }
        }
        let desk = std::mem::take(&mut self.desk);
        self.counts.orphans = self
            .counts
            .orphans
            .max(desk["orphans"].as_u64().unwrap_or_default());
        let list = |key: &str| desk[key].as_array().cloned().unwrap_or_default();
        let (waiting, messages, assigned) = (list("waiting"), list("messages"), list("assigned"));
        let mut on_duty = 0;
        for person in list("people") {
            let agent = self
                .agents
                .iter_mut()
                .find(|agent| person["id"] == agent.id.as_str());
            if let (Some(agent), Some(true)) = (agent, person["present"].as_bool())
                && person["status"] == "online"
            {
                on_duty += 1;
                let share = person["busy"].as_f64().unwrap() / person["capacity"].as_f64().unwrap();
                agent.worked.0 += 1.0;
                agent.worked.1 += share;
            }
        }
        self.moments.push(Moment {
            at: self.now(),
            waiting: waiting.len(),
            held: assigned.len(),
            on_duty,
        });
        let now = self.now();
        for item in &waiting {
            let (Some(asked), true) = (item["agent"].as_str(), item["offered_until"].is_i64())
            else {
                continue;
            };
            let until = item["offered_until"].as_i64().unwrap();
            let conversation = item["conversation"].as_str().unwrap();
            let Some(agent) = self.agents.iter().position(|agent| agent.id == asked) else {
                continue;
            };
            let known = self.agents[agent].asked.get(conversation) == Some(&until);
            if known || self.agents[agent].wire.is_none() {
                continue;
            }
            self.agents[agent]
                .asked
                .insert(conversation.to_owned(), until);
            if self.chance.hits(0.03) {
                // Not seen. After two of these the console asks whether anybody is there.
                self.counts.missed += 1;
                self.agents[agent].missed += 1;
                if self.agents[agent].missed >= 2 {
                    self.agents[agent].missed = 0;
                    let after = self.chance.seconds(60.0, 240.0);
                    self.at(now + after, Due::Resume(agent));
                }
                continue;
            }
            let after = self.chance.seconds(2.0, 14.0);
            let conversation = conversation.to_owned();
            self.at(
                now + after,
                Due::Answer {
                    agent,
                    conversation,
                },
            );
        }
        self.answers_what_is_owed(&waiting, &messages);
        self.desk = desk;
    }
}
