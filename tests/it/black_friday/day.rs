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

    async fn visitor_back(&mut self, n: usize) {
        let (house, traffic) = (self.house.as_ref().unwrap(), Arc::clone(&self.traffic));
        self.visitors[n].connects(house, &traffic).await;
    }

    async fn console_back(&mut self, n: usize) {
        let (house, traffic) = (self.house.as_ref().unwrap(), Arc::clone(&self.traffic));
        self.agents[n].connects(house, &traffic).await;
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

    /// Whoever has time answers messages that were left: one at a time, the soonest due first.
    fn answers_what_is_owed(&mut self, waiting: &[Value], messages: &[Value]) {
        let mut messages = messages.iter();
        for n in 0..self.agents.len() {
            let agent = &self.agents[n];
            let queue = waiting.iter().any(|item| item["team"] == agent.team);
            if !agent.is_free()
                || queue
                || agent.hands.len() >= 2
                || !agent.asked.is_empty()
                || !agent.is_answered()
            {
                continue;
            }
            let Some(item) = messages.next() else { return };
            let claim =
                json!({"type": "claim", "conversation": item["conversation"], "seen": item["seq"]});
            self.agents[n].acts(claim);
        }
    }

    fn visitor_news(&mut self, n: usize, news: visitor::News) {
        match news {
            visitor::News::Queued => {
                let wait = self.visitors[n].waits;
                let patience = self.chance.log_normal(45.0 * 60.0, 0.8);
                self.later(patience, Due::GiveUp { visitor: n, wait });
                if self.chance.hits(0.25) {
                    let after = self.chance.seconds(10.0, 300.0);
                    self.later(after, Due::Write(n));
                }
                if self.chance.hits(0.10) {
                    let after = self.chance.seconds(10.0, 400.0);
                    self.later(after, Due::Cut { visitor: n });
                }
            }
            visitor::News::Asked(of) => {
                self.counts.asked_to_wait += 1;
                let option = match self.chance.uniform() {
                    p if p < 0.7 => 0,
                    p if p < 0.9 => 1,
                    _ => 2,
                };
                self.visitors[n].acts(json!({"type": "choose", "of": of, "option": option}));
            }
            visitor::News::Joined => {
                if self.chance.hits(0.08) {
                    let after = self.chance.seconds(20.0, 500.0);
                    self.later(after, Due::Cut { visitor: n });
                }
            }
            visitor::News::AgentWrote => {
                if self.chance.hits(0.8) {
                    let after = self.chance.log_normal(60.0, 0.6);
                    self.later(after, Due::Write(n));
                }
            }
            visitor::News::BotWrote => {
                if self.visitors[n].phase == Phase::Bot && self.visitors[n].n % 10 == 9 {
                    let after = self.chance.seconds(20.0, 90.0);
                    self.later(after, Due::Goodbye(n));
                }
            }
            visitor::News::Promised => {}
            visitor::News::Closed { question } => {
                if question && self.chance.hits(0.35) {
                    let after = self.chance.seconds(5.0, 60.0);
                    self.later(after, Due::Rate(n));
                }
                if self.chance.hits(0.04) {
                    let after = self.chance.seconds(60.0, 1_500.0);
                    self.later(after, Due::WriteAgain(n));
                }
            }
        }
    }

    fn agent_news(&mut self, n: usize, news: agent::News) {
        let now = self.now();
        match news {
            agent::News::Took(conversation) => {
                let handling = self.chance.log_normal(self.plan.handling * 60.0, 0.6);
                let forgotten = self.chance.hits(0.01);
                self.counts.forgotten += u32::from(forgotten);
                let owed = self
                    .visitor_of(&conversation)
                    .is_some_and(|v| self.visitors[v].promised);
                let done_at = now + if owed { 2 * MINUTE } else { handling };
                if let Some(hand) = self.agents[n].hands.get_mut(&conversation) {
                    hand.done_at = done_at;
                    hand.forgotten = forgotten;
                    hand.owed = owed;
                }
                self.at(
                    done_at,
                    Due::Finish {
                        agent: n,
                        conversation,
                    },
                );
            }
            agent::News::VisitorWrote(conversation) => {
                let Some(hand) = self.agents[n].hands.get_mut(&conversation) else {
                    return;
                };
                if hand.thinking || hand.forgotten {
                    return;
                }
                hand.thinking = true;
                let after = self.chance.log_normal(50.0, 0.5);
                self.at(
                    now + after,
                    Due::Reply {
                        agent: n,
                        conversation,
                    },
                );
            }
            agent::News::NotYet(conversation) => {
                self.at(
                    now + 20_000,
                    Due::Finish {
                        agent: n,
                        conversation,
                    },
                );
            }
        }
    }

    fn visitor_of(&self, conversation: &str) -> Option<usize> {
        self.visitors
            .iter()
            .position(|visitor| visitor.conversation.as_deref() == Some(conversation))
    }

    async fn comes_due(&mut self, due: Due) {
        match due {
            Due::Come(n) => {
                self.visitor_back(n).await;
                let words = match n % 10 {
                    9 => "¿a qué hora abren?",
                    0..=2 => "creo que mi paquete se ha perdido",
                    3..=5 => "todavía espero el reembolso de mi devolución",
                    _ if n % 50 == 6 => "ha muerto mi madre",
                    _ => "quiero hablar con una persona",
                };
                self.visitors[n].says(words);
            }
            Due::Write(n) => {
                if matches!(self.visitors[n].phase, Phase::Queued | Phase::Held) {
                    let words = format!("Y otra cosa, número {}: ¿cuánto falta?", self.order);
                    self.visitors[n].says(&words);
                }
            }
            Due::GiveUp { visitor, wait } => {
                let it = &mut self.visitors[visitor];
                if it.phase == Phase::Queued && it.waits == wait {
                    if self.chance.hits(0.5) {
                        self.counts.gave_up += 1;
                        it.acts(json!({"type": "end"}));
                    } else {
                        self.counts.went_silently += 1;
                        it.wire = None;
                    }
                }
            }
            Due::Cut { visitor } => {
                if self.visitors[visitor].wire.take().is_some() {
                    self.counts.visitors_cut += 1;
                    let after = self.chance.seconds(5.0, 200.0);
                    self.later(after, Due::Back(visitor));
                }
            }
            Due::Back(n) => {
                if self.visitors[n].wire.is_none() {
                    self.visitor_back(n).await;
                }
            }
            Due::Rate(n) => self.visitors[n].rates(),
            Due::WriteAgain(n) => {
                if self.visitors[n].phase == Phase::Closed && self.visitors[n].is_there() {
                    self.counts.reopened += 1;
                    self.visitors[n].says("quiero hablar con una persona");
                }
            }
            Due::Goodbye(n) => {
                if self.visitors[n].phase == Phase::Bot {
                    self.visitors[n].acts(json!({"type": "end"}));
                }
            }
            Due::Restart => self.restarts().await,
            other => self.agent_due(other).await,
        }
    }

    async fn agent_due(&mut self, due: Due) {
        match due {
            Due::Shift(n) => {
                self.console_back(n).await;
                self.agents[n].chooses("online");
            }
            Due::Break(n) => {
                if self.agents[n].status == "online" {
                    self.agents[n].chooses("away");
                    let long = self.chance.seconds(300.0, 1_200.0);
                    self.later(long, Due::Resume(n));
                }
            }
            Due::Resume(n) => {
                if self.now() < self.agents[n].shift.1 {
                    self.agents[n].chooses("online");
                }
            }
            Due::CutConsole { agent, away } => {
                if self.agents[agent].wire.take().is_some() {
                    self.counts.consoles_cut += 1;
                    self.later(away, Due::ConsoleBack(agent));
                }
            }
            Due::ConsoleBack(n) => {
                if self.agents[n].wire.is_none() {
                    self.console_back(n).await;
                }
            }
            Due::Answer {
                agent,
                conversation,
            } => self.answers_offer(agent, &conversation),
            Due::Reply {
                agent,
                conversation,
            } => self.replies(agent, &conversation),
            Due::Finish {
                agent,
                conversation,
            } => self.finishes(agent, conversation),
            Due::EndShift(n) => self.ends_shift(n),
            _ => unreachable!("a visitor's"),
        }
    }

    fn answers_offer(&mut self, n: usize, conversation: &str) {
        let item = self.desk["waiting"].as_array().and_then(|waiting| {
            let item = waiting
                .iter()
                .find(|item| item["conversation"] == conversation)?;
            (item["agent"] == self.agents[n].id.as_str()).then(|| item.clone())
        });
        let Some(item) = item else {
            self.agents[n].asked.remove(conversation);
            return;
        };
        self.agents[n].missed = 0;
        if self.chance.hits(0.04) {
            self.counts.declined += 1;
            self.agents[n].acts(json!({"type": "decline", "conversation": conversation}));
        } else {
            self.agents[n]
                .acts(json!({"type": "claim", "conversation": conversation, "seen": item["seq"]}));
        }
    }

    fn replies(&mut self, n: usize, conversation: &str) {
        if self.agents[n].wire.is_none() {
            // Typed on a dead line: it goes out when the line is back.
            let (agent, conversation) = (n, conversation.to_owned());
            self.later(
                30_000,
                Due::Reply {
                    agent,
                    conversation,
                },
            );
            return;
        }
        let order = self.order;
        let Some(hand) = self.agents[n].hands.get_mut(conversation) else {
            return;
        };
        hand.thinking = false;
        if !hand.owes || hand.leaving {
            return;
        }
        hand.owes = false;
        let seen = hand.seq;
        let text = format!("Lo estoy mirando ahora mismo ({order}).");
        self.agents[n].acts(
            json!({"type": "reply", "conversation": conversation, "text": text, "seen": seen}),
        );
    }

    /// The conversation is done with: closed, or one in some handed over or put back.
    fn finishes(&mut self, n: usize, conversation: String) {
        let Some(hand) = self.agents[n].hands.get(&conversation).cloned() else {
            return;
        };
        if hand.forgotten || hand.leaving {
            return;
        }
        if self.agents[n].wire.is_none() || hand.owes || hand.thinking {
            self.later(
                20_000,
                Due::Finish {
                    agent: n,
                    conversation,
                },
            );
            return;
        }
        let chance = self.chance.uniform();
        let act = if chance < 0.04 && !hand.owed {
            self.counts.transferred += 1;
            let others: Vec<usize> = (0..self.agents.len())
                .filter(|other| *other != n && self.agents[*other].is_free())
                .collect();
            let mut act = json!({"type": "transfer", "conversation": conversation, "note": "Falta mirar el segundo envío."});
            if others.is_empty() || chance < 0.02 {
                act["team"] = json!(["default", "logistics", "returns"][self.chance.below(3)]);
            } else {
                let other = others[self.chance.below(others.len())];
                act["team"] = json!(self.agents[other].team);
                act["colleague"] = json!(self.agents[other].id);
            }
            act
        } else if chance < 0.05 && !hand.owed {
            self.counts.put_back += 1;
            json!({"type": "put_back", "conversation": conversation})
        } else {
            json!({"type": "close", "conversation": conversation, "outcome": "resolved_by_agent", "seen": hand.seq})
        };
        if let Some(hand) = self.agents[n].hands.get_mut(&conversation) {
            hand.leaving = true;
        }
        self.agents[n].acts(act);
    }

    /// Nothing new; what is in hand is done; then the console is closed.
    fn ends_shift(&mut self, n: usize) {
        if self.agents[n].status != "offline" {
            self.agents[n].chooses("offline");
        }
        let patience = self.agents[n].shift.1 + 40 * MINUTE;
        if self.agents[n].hands.is_empty() && self.agents[n].is_answered() || self.now() > patience
        {
            self.agents[n].wire = None;
        } else {
            self.later(MINUTE, Due::EndShift(n));
        }
    }

    /// The server goes down with acts on their way, and comes up on what was stored.
    async fn restarts(&mut self) {
        self.counts.restarts += 1;
        let house = self.house.take().unwrap();
        let here: Vec<usize> = (0..self.visitors.len())
            .filter(|n| self.visitors[*n].is_there())
            .collect();
        let house = house.restarts().await;
        house.teach(learn_also(
            "http://127.0.0.1:9",
            Some("black_friday/topics"),
        ));
        self.house = Some(house);
        self.lead = None;
        self.lead_connects().await;
        for n in 0..self.agents.len() {
            if self.agents[n].wire.take().is_some() {
                self.console_back(n).await;
            }
        }
        for n in here {
            let read = self.visitors[n].reads();
            for news in read {
                self.visitor_news(n, news);
            }
            self.visitors[n].wire = None;
            self.visitor_back(n).await;
        }
    }

    /// The agent whose act it is.
    pub(super) fn agent_of(&self, act: &str) -> Option<&String> {
        let n = act.strip_prefix('a')?.split('-').next()?;
        self.agents
            .get(n.parse::<usize>().ok()?)
            .map(|agent| &agent.id)
    }

    /// What the server said of each line that was ever acked, by conversation.
    pub(super) fn acked(&self) -> BTreeMap<String, Vec<(String, u64, Option<String>)>> {
        let mut acked: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for visitor in &self.visitors {
            if let Some(conversation) = &visitor.conversation {
                acked
                    .entry(conversation.clone())
                    .or_default()
                    .extend(visitor.acked.iter().cloned());
            }
        }
        for agent in &self.agents {
            for (conversation, id, seq, text) in &agent.acked {
                let line = (id.clone(), *seq, text.clone());
                acked.entry(conversation.clone()).or_default().push(line);
            }
        }
        acked
    }
}
