//! What counts as missed and what is believed of it, event by event; the index against its rebuilding; a change replayed on known turns.

use super::*;
use crate::conversation::{
    Asking, Body, Choice, Closer, Event, Form, Memory, Opening, Private, Reason, Scored, Target,
    Understood, Verdict, Wanted,
};
use crate::ids::{
    AgentId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq, SessionId,
    Timestamp, TopicId,
};
use crate::topics::{Around, Catalog, SourceFile, check};
use crate::understanding::{Corpus, Engine};

mod index;
mod replay;
mod turns;

/// The events of one conversation, told with verbs.
#[derive(Default)]
pub(super) struct Talk {
    pub(super) events: Vec<Event>,
    pub(super) at: i64,
    failures: u32,
}

fn topic(name: &str) -> TopicId {
    name.parse().unwrap()
}

fn matched(name: &str) -> Verdict {
    Verdict::Match { topic: topic(name) }
}

fn asked(names: &[&str]) -> Verdict {
    Verdict::Ambiguous {
        topics: names.iter().map(|name| topic(name)).collect(),
    }
}

impl Talk {
    fn tell(&mut self, body: Body, private: Private) -> Seq {
        let seq = Seq(self.events.len() as u64 + 1);
        self.at += 1_000;
        self.events.push(Event {
            seq,
            at: Timestamp(self.at),
            body,
            private,
        });
        seq
    }

    pub(super) fn open(at: i64) -> Self {
        let mut talk = Self {
            at,
            ..Self::default()
        };
        let opening = Opening::plain("es".parse().unwrap(), Lang::es());
        let body = Body::SessionOpened {
            session: SessionId::from_bytes([1; 16]),
            opening,
            choices: Vec::new(),
        };
        talk.tell(body, Private::text("Hola"));
        talk
    }

    fn says(&mut self, text: &str) -> Seq {
        let n = self.events.len();
        let body = Body::VisitorSaid {
            client_id: format!("m{n}").parse().unwrap(),
        };
        self.tell(body, Private::text(text))
    }

    fn answer(
        &mut self,
        read: Vec<Verdict>,
        because: &[Reason],
        memory: Memory,
        choices: Vec<Choice>,
    ) -> Seq {
        let upto = Seq(self.events.len() as u64);
        let answered = read.last().and_then(|read| read.topic().cloned());
        let understood = read
            .into_iter()
            .map(|verdict| Understood {
                lang: Lang::es(),
                nearest: Vec::new(),
                verdict,
                because: because.to_vec(),
                mood: Default::default(),
                model: String::new(),
            })
            .collect();
        let body = Body::BotAnswered {
            upto,
            understood,
            choices,
            memory: Box::new(memory),
            topic: answered,
            lang: Lang::es(),
            shows: Vec::new(),
        };
        self.tell(body, Private::text("…"))
    }

    /// The visitor writes, and it is read so; a miss counts.
    fn asks(&mut self, text: &str, read: Verdict) -> Seq {
        let seq = self.says(text);
        self.failures = match read {
            Verdict::OutOfScope => self.failures + 1,
            Verdict::Match { .. } => 0,
            Verdict::Ambiguous { .. } => self.failures,
        };
        self.answer(vec![read], &[], self.memory(), Vec::new());
        seq
    }

    fn memory(&self) -> Memory {
        Memory {
            failures: self.failures,
            ..Memory::default()
        }
    }

    fn taps(&mut self, of: Seq, target: Target) {
        let n = self.events.len();
        let body = Body::VisitorChose {
            client_id: format!("t{n}").parse().unwrap(),
            of,
            option: 0,
            target,
        };
        self.tell(body, Private::text("botón"));
    }

    fn last(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    fn queued(&mut self, reason: HandoffReason) {
        let body = Body::Queued {
            reason,
            team: "default".parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
        };
        self.tell(body, Private::default());
    }

    fn agent_says(&mut self, text: &str) {
        let n = self.events.len();
        let body = Body::AgentSaid {
            client_id: format!("a{n}").parse().unwrap(),
            agent: AgentId::from_bytes([7; 16]),
            name: "Marta".into(),
            seen: None,
        };
        self.tell(body, Private::text(text));
    }

    fn closes(&mut self, outcome: Outcome, wrap_up: Option<&str>) {
        let body = Body::Closed {
            client_id: None,
            outcome,
            by: Closer::Visitor,
            question: None,
            because: String::new(),
            wrap_up: wrap_up.map(str::to_owned),
        };
        self.tell(body, Private::default());
    }

    fn rated(&mut self, kind: OpinionKind) {
        let body = Body::Rated {
            client_id: "r".parse().unwrap(),
            session: SessionId::from_bytes([1; 16]),
            question: "by_default".parse().unwrap(),
            tap: Some(0),
            value: Some(-1),
            kind: Some(kind),
            line: false,
        };
        self.tell(body, Private::default());
    }

    fn watched(&self) -> Watch {
        let mut watch = Watch::default();
        for event in &self.events {
            watch.apply(event);
        }
        watch
    }

    fn misses(&self) -> Vec<(u64, Vec<Miss>)> {
        let watch = self.watched();
        let turns = watch.turns().iter();
        turns
            .map(|turn| (turn.seq.0, turn.misses.iter().collect()))
            .collect()
    }

    fn truth(&self, of: Seq) -> Option<(Truth, Evidence)> {
        let watch = self.watched();
        let turn = watch.turns().iter().find(|turn| turn.seq == of)?;
        turn.truth(watch.facts()?, |_| true)
    }
}

fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}
