//! Sessions that are made up, as events in the order in which a store would tell them, and with them what is true of each.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, VecDeque};

use ventanilla::conversation::{
    AskedQuestion, Asking, Body, Closer, Cursor, Event, Form, Memory, Opening, Private, Promise,
    PromiseKind, Understood, Verdict, Wanted,
};
use ventanilla::ids::{
    AgentId, ConversationId, HandoffReason, Lang, OpinionKind, Outcome, Priority, Seq, SessionId,
    Stage, Style, Timestamp,
};

pub(super) const SECOND: i64 = 1_000;
pub(super) const HOUR: i64 = 3_600 * SECOND;
pub(super) const DAY: i64 = 24 * HOUR;
/// 2026-01-01T00:00Z.
pub(super) const BEGIN: i64 = 1_767_225_600_000;

pub(super) const SITES: [&str; 2] = ["es", "ar"];
pub(super) const TOUCHPOINTS: [Option<&str>; 5] = [
    None,
    Some("checkout"),
    Some("parcel"),
    Some("home"),
    Some("account"),
];
pub(super) const TOPICS: [&str; 9] = [
    "returns",
    "where_is_my_order",
    "double_charge",
    "size_guide",
    "coupon_rejected",
    "invoice_request",
    "change_address",
    "warranty",
    "points",
];
pub(super) const SMALL_TALK: &str = "greeting_smalltalk";
pub(super) const TEAMS: [&str; 3] = ["default", "payments", "logistics"];
pub(super) const STEPS: [&str; 3] = ["order_number", "postcode", "reason"];
pub(super) const QUESTIONS: [&str; 2] = ["paying", "stage_use"];

/// Chance that is the same every time (S. Vigna's splitmix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// So many times of a hundred.
    pub(super) fn hits(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What is true of a session, as it was made up: the events are made from it, and never read for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Truth {
    pub(super) person: u64,
    pub(super) opened: i64,
    pub(super) closed: Option<i64>,
    pub(super) site: usize,
    pub(super) touchpoint: Option<&'static str>,
    pub(super) stage: Option<Stage>,
    pub(super) topic: Option<&'static str>,
    pub(super) small_talk: bool,
    pub(super) outcome: Option<Outcome>,
    pub(super) turns: u64,
    pub(super) reason: Option<HandoffReason>,
    pub(super) team: Option<&'static str>,
    /// Nobody was there, and no message was left.
    pub(super) nobody_there: bool,
    /// Seconds in the queue, and whether an agent ended that.
    pub(super) wait: Option<(u64, bool)>,
    /// Seconds until the agent's first words.
    pub(super) words: Option<u64>,
    pub(super) promise: Option<Made>,
    /// Its question, the tap, and the kind of the answer.
    pub(super) question: Option<(usize, bool)>,
    pub(super) tap: Option<(i8, OpinionKind)>,
    /// Steps that were asked, and whether all was answered.
    pub(super) form: Option<(usize, bool)>,
    pub(super) other_lang: bool,
    pub(super) missed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Made {
    pub(super) kept: bool,
    pub(super) late: bool,
    pub(super) warned: bool,
}

type Due = Reverse<(i64, u64)>;

/// A world that goes on for as many sessions as one likes.
pub(super) struct World {
    chance: Chance,
    sessions: u64,
    made: u64,
    gap: i64,
    now: i64,
    order: u64,
    waiting: BinaryHeap<Due>,
    bodies: HashMap<u64, (u64, Body)>,
    seqs: HashMap<u64, u64>,
    /// People by when their last session ended.
    known: VecDeque<(u64, i64, usize)>,
    people: u64,
    /// What is true of each session; empty where nobody wants to know.
    pub(super) truths: Vec<Truth>,
    keep: bool,
}

fn conversation(person: u64) -> ConversationId {
    ConversationId::from_bytes((u128::from(person) + 1).to_be_bytes())
}

impl World {
    /// So many sessions over so many days. `keep`: the truth of each is kept.
    pub(super) fn new(seed: u64, sessions: u64, days: i64, keep: bool) -> Self {
        Self {
            chance: Chance(seed),
            sessions,
            made: 0,
            gap: days * DAY / i64::try_from(sessions).unwrap(),
            now: BEGIN,
            order: 0,
            waiting: BinaryHeap::new(),
            bodies: HashMap::new(),
            seqs: HashMap::new(),
            known: VecDeque::new(),
            people: 0,
            truths: Vec::new(),
            keep,
        }
    }

    /// The next event of any conversation; nothing when all is told.
    pub(super) fn next(&mut self) -> Option<(ConversationId, Event)> {
        while self.made < self.sessions
            && self
                .waiting
                .peek()
                .is_none_or(|Reverse((at, _))| *at >= self.now)
        {
            self.begin();
        }
        let Reverse((at, order)) = self.waiting.pop()?;
        let (person, body) = self.bodies.remove(&order).unwrap();
        let seq = self.seqs.entry(person).or_default();
        *seq += 1;
        let event = Event {
            seq: Seq(*seq),
            at: Timestamp(at),
            body,
            private: Private::default(),
        };
        Some((conversation(person), event))
    }

    fn tell(&mut self, person: u64, at: i64, body: Body) {
        self.order += 1;
        self.waiting.push(Reverse((at, self.order)));
        self.bodies.insert(self.order, (person, body));
    }

    /// Somebody new, or somebody who was here at least an hour ago and at most twelve days.
    fn who(&mut self) -> (u64, usize, bool) {
        while self
            .known
            .front()
            .is_some_and(|(_, end, _)| self.now - end > 12 * DAY)
        {
            self.known.pop_front();
        }
        if self.chance.hits(30) && !self.known.is_empty() {
            let at = usize::try_from(self.chance.below(self.known.len() as u64)).unwrap();
            let (person, end, site) = self.known[at];
            if self.now - end > HOUR {
                self.known.remove(at);
                return (person, site, true);
            }
        }
        self.people += 1;
        let site = usize::try_from(self.chance.below(2)).unwrap();
        (self.people, site, false)
    }

    fn begin(&mut self) {
        self.made += 1;
        let now = self.now;
        let jitter = i64::try_from(self.chance.below(2_000)).unwrap();
        self.now += self.gap * jitter / 1_000;
        let (person, site, _) = self.who();
        let topics: &[&str] = if self.chance.hits(50) {
            &TOPICS[..2]
        } else {
            &TOPICS
        };
        let mut truth = Truth {
            person,
            opened: now,
            site,
            touchpoint: self.chance.of(&TOUCHPOINTS),
            stage: self
                .chance
                .of(&[None, Some(Stage::Purchase), Some(Stage::Use)]),
            topic: Some(self.chance.of(topics)),
            small_talk: self.chance.hits(30),
            ..Truth::default()
        };
        let opening = Opening {
            site: SITES[site].parse().unwrap(),
            lang: Lang::es(),
            style: Style::Fast,
            channel: "web".to_owned(),
            page: None,
            stage: truth.stage,
            touchpoint: truth.touchpoint.map(str::to_owned),
            time_zone: None,
            invite: None,
        };
        let body = Body::SessionOpened {
            session: SessionId::from_bytes((u128::from(self.made) << 1).to_be_bytes()),
            opening,
            choices: Vec::new(),
        };
        self.tell(person, now, body);
        let mut at = now;
        for _ in 0..=self.chance.below(4) {
            at += 20 * SECOND;
            self.says(person, at, &mut truth);
        }
        if truth.small_talk {
            self.answers(person, at, SMALL_TALK, Memory::default(), (false, false));
        }
        at = self.course(person, at, &mut truth);
        if let Some(closed) = truth.closed {
            self.known.push_back((person, closed.max(at), site));
        }
        if self.keep {
            self.truths.push(truth);
        }
    }

    fn says(&mut self, person: u64, at: i64, truth: &mut Truth) {
        truth.turns += 1;
        let client_id = format!("m{}", self.order).parse().unwrap();
        self.tell(person, at, Body::VisitorSaid { client_id });
    }

    fn answers(
        &mut self,
        person: u64,
        at: i64,
        topic: &str,
        memory: Memory,
        (missed, english): (bool, bool),
    ) {
        let understood = Understood {
            lang: if english { Lang::en() } else { Lang::es() },
            verdict: Verdict::OutOfScope,
            nearest: Vec::new(),
            because: Vec::new(),
            mood: ventanilla::conversation::TurnMood::default(),
            model: String::new(),
        };
        let mut memory = memory;
        memory.recent.push(missed);
        let body = Body::BotAnswered {
            upto: Seq(1),
            understood: vec![understood],
            choices: Vec::new(),
            memory: Box::new(memory),
            topic: (!missed).then(|| topic.parse().unwrap()),
            lang: Lang::es(),
            shows: Vec::new(),
        };
        self.tell(person, at + SECOND, body);
    }

    /// What happens in a session. When it is over.
    fn course(&mut self, person: u64, at: i64, truth: &mut Truth) -> i64 {
        let topic = truth.topic.unwrap();
        let mut at = at + 5 * SECOND;
        truth.missed = self.chance.hits(20);
        truth.other_lang = self.chance.hits(3);
        if truth.missed {
            self.answers(person, at, topic, Memory::default(), (true, false));
            at += 5 * SECOND;
        }
        if self.chance.hits(8) {
            // Nothing but a greeting, or what is not understood.
            truth.topic = None;
            if truth.other_lang {
                self.answers(person, at, SMALL_TALK, Memory::default(), (false, true));
            } else if !truth.missed && !truth.small_talk {
                self.answers(person, at, SMALL_TALK, Memory::default(), (false, false));
                truth.small_talk = true;
            }
        } else {
            if self.chance.hits(30) {
                at = self.form(person, at, truth);
            }
            self.answers(
                person,
                at,
                topic,
                Memory::default(),
                (false, truth.other_lang),
            );
        }
        at += 10 * SECOND;
        match self.chance.below(100) {
            0..45 => self.close(person, at + 60 * SECOND, Outcome::ResolvedByBot, truth),
            45..60 => {
                let outcome = self.chance.of(&[Outcome::Unresolved, Outcome::Expired]);
                self.close(person, at + 30 * 60 * SECOND, outcome, truth)
            }
            60..63 => at,
            88..91 => self.nobody(person, at, truth),
            63..88 => self.queue(person, at, truth),
            _ => self.message(person, at, truth),
        }
    }

    /// A form of three questions, left somewhere or filled.
    fn form(&mut self, person: u64, at: i64, truth: &mut Truth) -> i64 {
        let topic = truth.topic.unwrap();
        let (mut at, mut asked) = (at, 0);
        let finished = loop {
            let open = Form {
                topic: topic.parse().unwrap(),
                asking: Asking::Slot {
                    slot: STEPS[asked].parse().unwrap(),
                    rule: serde_json::Value::Null,
                    ask: "¿Cuál es?".to_owned(),
                    retry: String::new(),
                    check: None,
                },
                invalid: 0,
                lacking: false,
                proposed: false,
                cursor: Cursor::default(),
            };
            let memory = Memory {
                open: Some(open),
                ..Memory::default()
            };
            self.answers(person, at, topic, memory, (false, false));
            asked += 1;
            at += 15 * SECOND;
            self.says(person, at, truth);
            if self.chance.hits(15) {
                break false;
            }
            if asked == STEPS.len() {
                break true;
            }
        };
        truth.form = Some((asked, finished));
        if !finished {
            // "Déjalo": the bot lets go of it, and says so about no topic.
            self.tell(
                person,
                at + SECOND,
                Body::BotAnswered {
                    upto: Seq(1),
                    understood: Vec::new(),
                    choices: Vec::new(),
                    memory: Box::default(),
                    topic: None,
                    lang: Lang::es(),
                    shows: Vec::new(),
                },
            );
            at += 5 * SECOND;
        }
        at
    }

    fn queue(&mut self, person: u64, at: i64, truth: &mut Truth) -> i64 {
        let reason = self.chance.of(HandoffReason::ALL);
        let team = self.chance.of(&TEAMS);
        truth.reason = Some(reason);
        truth.team = Some(team);
        if reason == HandoffReason::FormFailure
            && let Some((_, finished)) = &mut truth.form
        {
            *finished = false;
        }
        self.tell(
            person,
            at,
            Body::Queued {
                reason,
                team: team.parse().unwrap(),
                priority: Priority::Normal,
                skills: Vec::new(),
            },
        );
        let waited = self.chance.below(900);
        let then = at + i64::try_from(waited).unwrap() * SECOND;
        if self.chance.hits(20) {
            truth.wait = Some((waited, false));
            return self.close(person, then, Outcome::Abandoned, truth);
        }
        truth.wait = Some((waited, true));
        let agent = AgentId::from_bytes([u8::try_from(self.chance.below(6)).unwrap(); 16]);
        self.tell(
            person,
            then,
            Body::Claimed {
                client_id: None,
                agent,
                name: "Marta".to_owned(),
            },
        );
        let silent = 1 + self.chance.below(120);
        truth.words = Some(waited + silent);
        let said = then + i64::try_from(silent).unwrap() * SECOND;
        self.tell(
            person,
            said,
            Body::AgentSaid {
                client_id: format!("a{}", self.order).parse().unwrap(),
                agent,
                name: "Marta".to_owned(),
                seen: None,
            },
        );
        let outcome = self.chance.of(&[
            Outcome::ResolvedByAgent,
            Outcome::ResolvedByAgent,
            Outcome::ResolvedByAgent,
            Outcome::Unresolved,
            Outcome::Referred,
        ]);
        self.close(person, said + 300 * SECOND, outcome, truth)
    }

    /// A person is asked for while none is there, and no message is left.
    fn nobody(&mut self, person: u64, at: i64, truth: &mut Truth) -> i64 {
        truth.reason = Some(HandoffReason::CustomerRequest);
        truth.nobody_there = true;
        let wanted = Wanted {
            reason: HandoffReason::CustomerRequest,
            team: self.chance.of(&TEAMS).parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
        };
        let open = Form {
            topic: "talk_to_person".parse().unwrap(),
            asking: Asking::Message { wanted },
            invalid: 0,
            lacking: false,
            proposed: false,
            cursor: Cursor::default(),
        };
        let memory = Memory {
            open: Some(open),
            ..Memory::default()
        };
        self.answers(person, at, SMALL_TALK, memory, (false, false));
        self.close(person, at + 30 * 60 * SECOND, Outcome::Expired, truth)
    }

    fn message(&mut self, person: u64, at: i64, truth: &mut Truth) -> i64 {
        let reason = self.chance.of(&[
            HandoffReason::CustomerRequest,
            HandoffReason::RepeatedFailure,
        ]);
        let team = self.chance.of(&TEAMS);
        truth.reason = Some(reason);
        truth.team = Some(team);
        let case = format!("M-{:04}-{:04}", self.made / 10_000, self.made % 10_000);
        let by = at + 4 * HOUR;
        self.tell(
            person,
            at,
            Body::PromiseMade {
                client_id: None,
                promise: Promise {
                    case: case.clone(),
                    team: team.parse().unwrap(),
                    reason,
                    priority: Priority::Normal,
                    made_at: Timestamp(at),
                    by: Timestamp(by),
                    kind: PromiseKind::Message,
                    agent: None,
                },
            },
        );
        let end = self.close(person, at + 60 * SECOND, Outcome::LeftMessage, truth);
        let made = Made {
            kept: self.chance.hits(90),
            late: self.chance.hits(20),
            warned: self.chance.hits(40),
        };
        truth.promise = Some(made);
        if made.warned {
            self.tell(
                person,
                by - HOUR,
                Body::PromiseWarned { case: case.clone() },
            );
        }
        if made.late {
            self.tell(person, by, Body::PromiseLate { case: case.clone() });
        }
        if made.kept {
            let at = if made.late { by + HOUR } else { by - HOUR / 2 };
            self.tell(person, at, Body::PromiseKept { case });
        }
        end
    }

    fn close(&mut self, person: u64, at: i64, outcome: Outcome, truth: &mut Truth) -> i64 {
        truth.closed = Some(at);
        truth.outcome = Some(outcome);
        let mut asked = None;
        if self.chance.hits(90) {
            let (which, quiet) = (
                usize::try_from(self.chance.below(2)).unwrap(),
                self.chance.hits(50),
            );
            truth.question = Some((which, quiet));
            asked = Some(AskedQuestion {
                id: QUESTIONS[which].parse().unwrap(),
                ask: String::new(),
                taps: Vec::new(),
                used_for: String::new(),
                team: "default".parse().unwrap(),
                line: true,
                touchpoint: truth.touchpoint.map(str::to_owned),
                stage: truth.stage,
                quiet,
                put_because: String::new(),
            });
        }
        let session = SessionId::from_bytes((u128::from(self.made) << 1).to_be_bytes());
        self.tell(
            person,
            at,
            Body::Closed {
                client_id: None,
                outcome,
                by: Closer::Timer,
                question: asked,
                because: String::new(),
                wrap_up: None,
            },
        );
        let Some((which, _)) = truth.question.filter(|_| self.chance.hits(30)) else {
            return at;
        };
        let tap = self.chance.of(&[
            (1, OpinionKind::Positive),
            (1, OpinionKind::Positive),
            (0, OpinionKind::Neutral),
            (-1, OpinionKind::Negative),
            (-1, OpinionKind::StillStuck),
        ]);
        truth.tap = Some(tap);
        self.tell(
            person,
            at + 30 * SECOND,
            Body::Rated {
                client_id: format!("r{}", self.order).parse().unwrap(),
                session,
                question: QUESTIONS[which].parse().unwrap(),
                tap: None,
                value: Some(tap.0),
                kind: Some(tap.1),
                line: false,
            },
        );
        at + 30 * SECOND
    }
}

/// The settings by which the truth was made up.
pub(super) fn small_talk() -> BTreeSet<ventanilla::ids::TopicId> {
    [SMALL_TALK.parse().unwrap()].into()
}
