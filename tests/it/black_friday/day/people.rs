//! What visitors and agents do when it is their turn, and with what they hear.

use super::*;

impl Day {
    pub(super) async fn visitor_back(&mut self, n: usize) {
        let (house, traffic) = (self.house.as_ref().unwrap(), Arc::clone(&self.traffic));
        self.visitors[n].connects(house, &traffic).await;
    }

    pub(super) async fn console_back(&mut self, n: usize) {
        let (house, traffic) = (self.house.as_ref().unwrap(), Arc::clone(&self.traffic));
        self.agents[n].connects(house, &traffic).await;
    }

    /// Whoever has time answers messages that were left: one at a time, the soonest due first.
    pub(super) fn answers_what_is_owed(&mut self, waiting: &[Value], messages: &[Value]) {
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

    pub(super) fn visitor_news(&mut self, n: usize, news: visitor::News) {
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

    pub(super) fn agent_news(&mut self, n: usize, news: agent::News) {
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

    pub(super) async fn comes_due(&mut self, due: Due) {
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
    pub(in crate::black_friday) fn agent_of(&self, act: &str) -> Option<&String> {
        let n = act.strip_prefix('a')?.split('-').next()?;
        self.agents
            .get(n.parse::<usize>().ok()?)
            .map(|agent| &agent.id)
    }

    /// What the server said of each line that was ever acked, by conversation.
    pub(in crate::black_friday) fn acked(
        &self,
    ) -> BTreeMap<String, Vec<(String, u64, Option<String>)>> {
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
