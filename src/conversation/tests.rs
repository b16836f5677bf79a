//! What holds of conversations: of every one in whatever order (`any_order`), and one rule at a time.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::acts::{choice_digest, digest};
use super::*;
use crate::ids::{
    AgentId, ClientId, ConversationId, FileId, HandoffReason, Lang, OpinionKind, Outcome, Priority,
    Seq, SessionId, Style, Timestamp, TopicId, Utterance,
};

mod again;
mod any_order;
mod mail;
mod merge;
mod proof;
mod rules;

fn agent(n: u8) -> AgentId {
    AgentId::from_bytes([n; 16])
}

fn client(n: u32) -> ClientId {
    format!("c{n}").parse().unwrap()
}

fn said(text: &str) -> Utterance {
    text.parse().unwrap()
}

fn choices() -> Vec<Choice> {
    let choice = |title: &str, target| Choice {
        title: title.to_owned(),
        target,
    };
    vec![
        choice("Sí", Target::Yes),
        choice("Una persona", Target::Person),
    ]
}

fn fresh(now: Timestamp) -> Fresh {
    Fresh {
        now,
        session: SessionId::from_bytes([u8::try_from(now.0 % 251).unwrap(); 16]),
        opening: Opening::plain("demo".parse().unwrap(), Lang::es()),
        greeting: (vec!["Hola".to_owned()], choices()),
    }
}

fn called() -> Effect {
    Effect::Call {
        call: "order_status".to_owned(),
        topic: "hours".parse().unwrap(),
        args: BTreeMap::new(),
    }
}

fn wanted() -> Wanted {
    Wanted {
        reason: HandoffReason::CustomerRequest,
        team: "default".parse().unwrap(),
        priority: Priority::Normal,
        skills: vec!["returns".parse().unwrap()],
    }
}

/// The visitor ends it.
fn goodbye() -> Command {
    Command::Close {
        client_id: None,
        by: Closer::Visitor,
        outcome: None,
        question: None,
        because: "default".to_owned(),
        seen: None,
        wrap_up: None,
    }
}

fn promise(now: Timestamp) -> Promise {
    Promise {
        case: "M-1".to_owned(),
        team: "default".parse().unwrap(),
        reason: HandoffReason::CustomerRequest,
        priority: Priority::Normal,
        made_at: now,
        by: now.plus(3_600_000),
        kind: PromiseKind::Message,
        agent: None,
    }
}

fn question() -> AskedQuestion {
    AskedQuestion {
        id: "by_default".parse().unwrap(),
        ask: "¿Te sirvió?".to_owned(),
        taps: vec![AskedTap {
            value: -1,
            kind: OpinionKind::Negative,
            label: "No".to_owned(),
        }],
        used_for: "Lo lee el equipo.".to_owned(),
        team: "default".parse().unwrap(),
        line: true,
        touchpoint: None,
        stage: None,
        quiet: false,
        put_because: String::new(),
    }
}

fn turn(state: &State, effect: Effect) -> BotTurn {
    BotTurn {
        upto: state.seq,
        understood: Vec::new(),
        says: vec!["Hola".to_owned()],
        choices: choices(),
        shows: Vec::new(),
        slots: BTreeMap::from([("order_number".parse().unwrap(), Some("1234567".to_owned()))]),
        remember: BTreeMap::new(),
        memory: Memory {
            matched: true,
            ..Memory::default()
        },
        topic: Some("hours".parse::<TopicId>().unwrap()),
        lang: None,
        effect,
    }
}

/// A conversation under test.
#[derive(Default)]
struct Log {
    events: Vec<Event>,
    state: State,
    now: i64,
}

impl Log {
    fn tries(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(
            &self.state,
            command,
            &fresh(Timestamp(self.now)),
            &Limits::default(),
        )?;
        for event in &events {
            self.state.apply(event);
            self.events.push(event.clone());
        }
        Ok(events)
    }

    fn does(&mut self, command: Command) -> Vec<Event> {
        self.tries(command).unwrap()
    }

    fn says(&mut self, n: u32) {
        self.does(Command::Say {
            client_id: client(n),
            text: said("hola"),
        });
    }

    fn answers(&mut self, effect: Effect) {
        let turn = turn(&self.state, effect);
        self.does(Command::Answer(Box::new(turn)));
    }

    fn claim(&self, n: u8, seen: Seq) -> Command {
        Command::Claim {
            client_id: format!("claim-{n}-{}", self.events.len()).parse().unwrap(),
            agent: agent(n),
            name: format!("A{n}"),
            seen,
        }
    }
}

/// An id of its own for an act that is not repeated.
fn once(log: &Log) -> ClientId {
    format!("act-{}", log.state.seq).parse().unwrap()
}

fn back(seq: Seq, by: u64) -> Seq {
    Seq(seq.0.saturating_sub(by))
}

fn says() -> (String, Lang) {
    ("seguimos".to_owned(), Lang::es())
}
