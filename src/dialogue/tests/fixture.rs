//! A conversation with the small shop, one with it that goes through `decide` and `apply` as in life.

use std::collections::BTreeMap;

use crate::conversation::{
    BotTurn, CallHours, Choice, Command, Effect, Event, Found, Fresh, Keepsake, Limits, Opening,
    Owner, People, Reading, Reason, Scored, State, Understood, Verdict, decide,
};
use crate::dialogue::{Closing, Scene, answer, go_on, nobody_came};
use crate::ids::{HandoffReason, Lang, SessionId, SiteId, SlotName, TeamId, Timestamp};
use crate::topics::Catalog;
pub(super) use crate::topics::shop::*;

/// How a text was understood, by hand.
#[derive(Clone)]
pub(super) struct Read(pub(super) Reading);

pub(super) fn read(verdict: Verdict) -> Read {
    Read(Reading {
        understood: Understood {
            lang: Lang::es(),
            verdict,
            nearest: Vec::new(),
            because: Vec::new(),
            mood: crate::conversation::TurnMood::default(),
            model: "0".to_owned(),
        },
        found: Vec::new(),
        yes_no: None,
        choice: None,
        second: None,
    })
}

/// This topic was meant.
pub(super) fn is(topic: &str) -> Read {
    read(Verdict::Match { topic: id(topic) })
}

/// Nothing that we know.
pub(super) fn nothing() -> Read {
    read(Verdict::OutOfScope)
}

/// One of these.
pub(super) fn either(topics: &[&str]) -> Read {
    read(Verdict::Ambiguous {
        topics: topics.iter().map(|name| id(name)).collect(),
    })
}

impl Read {
    pub(super) fn en(mut self) -> Self {
        self.0.understood.lang = Lang::en();
        self
    }

    pub(super) fn near(mut self, topics: &[&str]) -> Self {
        self.0.understood.nearest = topics
            .iter()
            .map(|name| Scored {
                topic: id(name),
                confidence: 0.2,
            })
            .collect();
        self
    }

    pub(super) fn found(mut self, name: &str, value: &str) -> Self {
        self.0.found.push(Found {
            name: slot_name(name),
            value: value.to_owned(),
            span: (0, 0),
        });
        self
    }

    pub(super) fn yes(mut self) -> Self {
        self.0.yes_no = Some(true);
        self
    }

    pub(super) fn no(mut self) -> Self {
        self.0.yes_no = Some(false);
        self
    }

    pub(super) fn choice(mut self, index: usize) -> Self {
        self.0.choice = Some(index);
        self
    }

    /// So many words were guessed.
    pub(super) fn guessed(mut self, words: u32) -> Self {
        self.0.understood.because.push(Reason::Repaired { words });
        self
    }

    pub(super) fn example(mut self) -> Self {
        let topic = self.0.understood.verdict.topic().unwrap().clone();
        self.0.understood.because.push(Reason::Example { topic });
        self
    }
}

/// A conversation with the shop.
pub(super) struct Talk {
    pub(super) catalog: Catalog,
    pub(super) state: State,
    pub(super) log: Vec<Event>,
    pub(super) people: People,
    pub(super) calls: Option<CallHours>,
    pub(super) opening: Opening,
    readings: Vec<Reading>,
    now: Timestamp,
    acts: u32,
}

pub(super) const MORNING: Timestamp = Timestamp(1_795_000_000_000);

impl Talk {
    pub(super) fn new() -> Self {
        Self {
            catalog: shop(),
            state: State::default(),
            log: Vec::new(),
            people: People::Available,
            calls: None,
            opening: Opening::plain("es".parse::<SiteId>().unwrap(), Lang::es()),
            readings: Vec::new(),
            now: MORNING,
            acts: 0,
        }
    }

    pub(super) fn english() -> Self {
        let mut talk = Self::new();
        talk.opening.lang = Lang::en();
        talk
    }

    pub(super) fn with_nobody_there(mut self) -> Self {
        self.people = People::Nobody {
            reply_by: Some(MORNING.plus(3_600_000)),
            when: "mañana a las 10:00".to_owned(),
            full: false,
        };
        self
    }

    pub(super) fn command(&mut self, command: Command) {
        let fresh = Fresh {
            now: self.now,
            session: SessionId::from_bytes([7; 16]),
            opening: self.opening.clone(),
            greeting: (vec!["Hola".to_owned()], Vec::new()),
        };
        let events = decide(&self.state, command, &fresh, &Limits::default()).unwrap();
        for event in events {
            // Events are stored as JSON: what the bot keeps in mind must come back the same.
            let stored = serde_json::to_string(&event).unwrap();
            let event: Event = serde_json::from_str(&stored).unwrap();
            self.state.apply(&event);
            self.log.push(event);
        }
        assert_eq!(State::fold(&self.log), self.state);
        self.now = self.now.plus(1000);
    }

    /// So much time passes.
    pub(super) fn waits(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
    }

    /// The visitor writes; the bot waits.
    pub(super) fn writes(&mut self, said: &str, read: Read) {
        self.only_writes(said);
        self.readings.push(read.0);
    }

    /// The visitor writes what somebody else will read.
    pub(super) fn only_writes(&mut self, said: &str) {
        self.acts += 1;
        self.command(Command::Say {
            client_id: format!("c{}", self.acts).parse().unwrap(),
            text: said.parse().unwrap(),
        });
    }

    /// The bot's turn.
    pub(super) fn bot(&mut self) -> BotTurn {
        let readings = std::mem::take(&mut self.readings);
        let texts = self
            .state
            .unanswered
            .iter()
            .filter(|item| item.target.is_none());
        let seqs: Vec<_> = texts.map(|item| item.seq).collect();
        let turn = self.bot_with(&readings);
        // Readings of what stays unanswered are made again by the next turn.
        self.readings = seqs
            .into_iter()
            .zip(readings)
            .filter(|(seq, _)| *seq > turn.upto)
            .map(|(_, reading)| reading)
            .collect();
        turn
    }

    /// The bot's turn with readings made elsewhere.
    pub(super) fn bot_with(&mut self, readings: &[Reading]) -> BotTurn {
        let turn = {
            let closing = |lang: &Lang| Closing {
                question: None,
                because: lang.to_string(),
            };
            let people = |_: &TeamId| self.people.clone();
            let calls = |_: &TeamId| self.calls.clone();
            let scene = scene(
                &self.state,
                &self.catalog,
                &people,
                &calls,
                self.now,
                &closing,
            );
            answer(&scene, readings)
        };
        self.command(Command::Answer(Box::new(turn.clone())));
        turn
    }

    /// The visitor writes and the bot answers.
    pub(super) fn hears(&mut self, said: &str, read: Read) -> BotTurn {
        self.writes(said, read);
        self.bot()
    }

    /// The visitor taps a button and the bot answers.
    pub(super) fn taps(&mut self, title: &str) -> BotTurn {
        self.presses(title);
        self.bot()
    }

    pub(super) fn presses(&mut self, title: &str) {
        self.acts += 1;
        let (of, choices) = self.state.choices.clone().expect("there are buttons");
        let option = choices
            .iter()
            .position(|choice| choice.title == title)
            .expect("this button");
        self.command(Command::Choose {
            client_id: format!("c{}", self.acts).parse().unwrap(),
            of,
            option: u32::try_from(option).unwrap(),
        });
    }

    /// The visitor uses the button that is always there.
    pub(super) fn asks_person(&mut self) -> BotTurn {
        self.presses_person();
        self.bot()
    }

    pub(super) fn presses_person(&mut self) {
        self.acts += 1;
        self.command(Command::AskPerson {
            client_id: format!("c{}", self.acts).parse().unwrap(),
            title: "Hablar con una persona".to_owned(),
        });
    }

    /// The service answers and the bot goes on.
    pub(super) fn returns(&mut self, case: &str, values: &[(&str, &str)]) -> BotTurn {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.command(Command::CallReturned {
            call_id: self.state.calls,
            case: case.to_owned(),
            values: values.collect(),
        });
        self.goes_on()
    }

    /// The service fails and the bot goes on.
    pub(super) fn fails(&mut self) -> BotTurn {
        self.command(Command::CallFailed {
            call_id: self.state.calls,
            why: "time-out".to_owned(),
        });
        self.goes_on()
    }

    pub(super) fn goes_on(&mut self) -> BotTurn {
        let turn = {
            let closing = |_: &Lang| Closing {
                question: None,
                because: String::new(),
            };
            go_on(&scene(
                &self.state,
                &self.catalog,
                &|_| self.people.clone(),
                &|_| self.calls.clone(),
                self.now,
                &closing,
            ))
        };
        self.command(Command::Answer(Box::new(turn.clone())));
        turn
    }

    pub(super) fn nobody_comes(&mut self) -> Command {
        let command = {
            let closing = |_: &Lang| Closing {
                question: None,
                because: String::new(),
            };
            nobody_came(&scene(
                &self.state,
                &self.catalog,
                &|_| self.people.clone(),
                &|_| self.calls.clone(),
                self.now,
                &closing,
            ))
            .unwrap()
        };
        self.command(command.clone());
        command
    }

    /// Shows order 1234567 to be the visitor's own, through the form.
    pub(super) fn proves_order(&mut self) -> BotTurn {
        self.hears("1234567", nothing().found("number", "1234567"));
        self.hears(
            "ana@example.org",
            nothing().found("email", "ana@example.org"),
        );
        self.returns("matched", &[])
    }

    pub(super) fn slot(&self, name: &str) -> Option<&str> {
        self.state.slots.get(name).map(String::as_str)
    }
}

pub(super) static NOTHING: BTreeMap<SlotName, Keepsake> = BTreeMap::new();

fn scene<'a>(
    state: &'a State,
    catalog: &'a Catalog,
    people: &'a dyn Fn(&TeamId) -> People,
    calls: &'a dyn Fn(&TeamId) -> Option<CallHours>,
    now: Timestamp,
    closing: &'a dyn Fn(&Lang) -> Closing,
) -> Scene<'a> {
    Scene {
        state,
        catalog,
        now,
        people,
        calls,
        case: "M-7F3K-2Q".to_owned(),
        mail: false,
        limits: Limits::default(),
        elsewhere: &NOTHING,
        closing,
    }
}

pub(super) fn titles(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|choice| choice.title.as_str()).collect()
}

/// Why a person was brought, where one was.
pub(super) fn handed_over(turn: &BotTurn) -> Option<(HandoffReason, &str)> {
    match &turn.effect {
        Effect::Handoff { wanted } => Some((wanted.reason, wanted.team.as_str())),
        Effect::None
        | Effect::Call { .. }
        | Effect::Promise { .. }
        | Effect::CallBack { .. }
        | Effect::Appeal { .. }
        | Effect::Goodbye { .. } => None,
    }
}

/// The service that is asked, where one is.
pub(super) fn called(turn: &BotTurn) -> Option<&str> {
    match &turn.effect {
        Effect::Call { call, .. } => Some(call),
        Effect::None
        | Effect::Handoff { .. }
        | Effect::Promise { .. }
        | Effect::CallBack { .. }
        | Effect::Appeal { .. }
        | Effect::Goodbye { .. } => None,
    }
}

pub(super) fn is_queued(state: &State) -> bool {
    matches!(state.owner, Owner::Queued(_))
}
