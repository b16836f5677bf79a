//! A session as it is watched: from events to turns, with what the visitor did after each.
//!
//! Reading order: what the visitor wrote waits until the assistant answers it; the answer's event tells how each text was read; what follows
//! (the same again, "no es eso", a tap, a person) says whether it had been read rightly.

use super::cues;
use super::turn::{Facts, Miss, Turn};
use crate::conversation::{Asking, Body, Event, Memory, Reason, Target, Understood, Verdict};
use crate::ids::{HandoffReason, OpinionKind, Seq, Timestamp, TopicId};

/// Turns of a session that are watched; later ones of a session as long as that tell nothing new.
const MOST_TURNS: usize = 200;
/// Messages of agents that are remembered.
const MOST_SAID: usize = 8;
/// Nearest topics that are remembered.
const MOST_NEAREST: usize = 3;
/// Share of words from which two messages say the same.
const SAME: f32 = 0.6;
/// Share of words from which a message in other words is about the same.
const RELATED: f32 = 0.15;

/// Something of the visitor's that was not answered yet.
#[derive(Debug)]
struct Waiting {
    seq: Seq,
    at: Timestamp,
    /// Nothing after an erasure, and for a tap.
    words: Option<Words>,
    person: bool,
    text: bool,
}

#[derive(Debug)]
struct Words {
    trace: Vec<u64>,
    disowns: bool,
}

/// The turn that was answered last.
#[derive(Debug)]
struct Last {
    turn: usize,
    trace: Vec<u64>,
}

/// One conversation, its present session.
#[derive(Debug, Default)]
pub struct Watch {
    facts: Option<Facts>,
    turns: Vec<Turn>,
    waiting: Vec<Waiting>,
    last: Option<Last>,
    /// The turn before the last answer, where that answered a text.
    before: Option<Last>,
    answered_text: bool,
    /// The answer that asked which topic was meant, and its turn.
    asked: Option<(Seq, usize)>,
    failures: u32,
    form: Option<TopicId>,
    wants_person: bool,
    /// Topic of the last answer in the session.
    topic: Option<TopicId>,
}

impl Watch {
    /// Takes in one event. Turns may have changed from the one that is returned on.
    pub fn apply(&mut self, event: &Event) -> usize {
        let was = self.turns.len();
        let mut changed = was;
        match &event.body {
            Body::SessionOpened { opening, .. } => {
                *self = Self {
                    facts: Some(Facts {
                        first: event.seq,
                        site: opening.site.clone(),
                        outcome: None,
                        wrap_up: None,
                        agent_said: Vec::new(),
                        praised: false,
                        complained: false,
                    }),
                    ..Self::default()
                };
                return 0;
            }
            Body::VisitorSaid { .. } => {
                let words = event.private.first().map(|text| Words {
                    trace: cues::trace(text),
                    disowns: cues::disowns(text),
                });
                self.waiting.push(Waiting {
                    seq: event.seq,
                    at: event.at,
                    words,
                    person: false,
                    text: true,
                });
            }
            Body::VisitorChose { of, target, .. } => {
                if let (Some((asked, turn)), Target::Topic { topic }) = (&self.asked, target)
                    && asked == of
                    && let Some(turn) = self.turns.get_mut(*turn)
                {
                    turn.chosen = Some(topic.clone());
                    changed = 0;
                }
                self.waiting.push(Waiting {
                    seq: event.seq,
                    at: event.at,
                    words: None,
                    person: *target == Target::Person,
                    text: false,
                });
            }
            Body::BotAnswered {
                upto,
                understood,
                memory,
                topic,
                ..
            } => {
                self.answered(event.seq, *upto, understood, memory);
                if topic.is_some() {
                    self.topic.clone_from(topic);
                }
                changed = 0;
            }
            Body::Queued { reason, .. } => {
                self.handed_over(*reason);
                changed = 0;
            }
            Body::AgentSaid { .. } => {
                self.waiting.clear();
                if let Some(facts) = &mut self.facts
                    && facts.agent_said.len() < MOST_SAID
                    && event.private.first().is_some()
                {
                    facts.agent_said.push(event.seq);
                    changed = 0;
                }
            }
            Body::Returned { .. } | Body::LeftQueue => {
                self.failures = 0;
                self.form = None;
                self.wants_person = false;
            }
            Body::Reopened => {
                if let Some(facts) = &mut self.facts {
                    facts.outcome = None;
                }
                changed = 0;
            }
            Body::Closed {
                outcome, wrap_up, ..
            } => {
                if let Some(facts) = &mut self.facts {
                    facts.outcome = Some(*outcome);
                    facts.wrap_up.clone_from(wrap_up);
                }
                self.waiting.clear();
                changed = 0;
            }
            Body::Rated {
                kind: Some(kind), ..
            } => {
                if let Some(facts) = &mut self.facts {
                    match kind {
                        OpinionKind::Positive => facts.praised = true,
                        OpinionKind::Negative | OpinionKind::StillStuck => facts.complained = true,
                        OpinionKind::Neutral
                        | OpinionKind::Suggestion
                        | OpinionKind::Doubt
                        | OpinionKind::Incident => {}
                    }
                }
                changed = 0;
            }
            // Nothing else says anything about a turn.
            _ => {}
        }
        changed
    }

    /// What holds for the whole session.
    pub fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()
    }

    /// The session's turns so far.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The topic that was answered last in the session.
    pub fn topic(&self) -> Option<&TopicId> {
        self.topic.as_ref()
    }

    /// After an erasure: what was written so far tells nothing any more, as it will not when the events are read again.
    pub fn forget(&mut self) {
        self.turns.clear();
        self.last = None;
        self.before = None;
        self.asked = None;
        for left in &mut self.waiting {
            left.words = None;
        }
        if let Some(facts) = &mut self.facts {
            facts.agent_said.clear();
        }
    }

    fn answered(&mut self, seq: Seq, upto: Seq, understood: &[Understood], memory: &Memory) {
        let until = self.waiting.partition_point(|left| left.seq <= upto);
        let answered: Vec<Waiting> = self.waiting.drain(..until).collect();
        let texts: Vec<&Waiting> = answered.iter().filter(|left| left.text).collect();
        let failed = memory.failures > self.failures;
        let tapped_person = answered.iter().any(|left| left.person);
        self.answered_text = !texts.is_empty();
        if self.answered_text {
            self.before = None;
        }
        let form = self.form.take();
        // A text with two requests has two readings: which is whose is only plain for one text.
        let plain = texts.len() == understood.len() || texts.len() == 1;
        for (left, read) in texts.iter().zip(understood).filter(|_| plain) {
            let Some(words) = &left.words else { continue };
            let matched = read.verdict.topic();
            if context(read, "choice") {
                if let (Some((_, turn)), Some(topic)) = (self.asked, matched)
                    && let Some(turn) = self.turns.get_mut(turn)
                {
                    turn.chosen = Some(topic.clone());
                }
                continue;
            }
            let answers = form
                .as_ref()
                .is_some_and(|form| matched.is_none_or(|topic| topic == form))
                || context(read, "yes_no")
                || context(read, "form");
            if answers {
                continue;
            }
            self.look_back(words, read, failed);
            // "No es eso" is no phrase of any topic.
            if words.disowns && matched.is_none() {
                self.before = self.last.take();
                continue;
            }
            self.before = self.last.take();
            if self.turns.len() == MOST_TURNS {
                continue;
            }
            self.last = Some(Last {
                turn: self.turns.len(),
                trace: words.trace.clone(),
            });
            self.turns.push(turn(left, read, failed));
        }
        let asks = |turn: &Turn| matched_none(turn) && turn.failed || is_ambiguous(turn);
        self.asked = (self.last.as_ref())
            .filter(|last| self.answered_text && self.turns.get(last.turn).is_some_and(asks))
            .map(|last| (seq, last.turn));
        self.failures = memory.failures;
        self.form = memory.open.as_ref().map(|form| form.topic.clone());
        let wanted = person_asked(memory);
        if let Some(reason) = wanted.filter(|_| !self.wants_person) {
            self.handed_over(reason);
        } else if tapped_person {
            self.handed_over(HandoffReason::CustomerRequest);
        }
        self.wants_person = wanted.is_some();
    }

    /// What a text says about the turn before it.
    fn look_back(&mut self, words: &Words, read: &Understood, failed: bool) {
        let Some(last) = &self.last else { return };
        let overlap = cues::overlap(&words.trace, &last.trace);
        let Some(turn) = self.turns.get_mut(last.turn) else {
            return;
        };
        let now = read.verdict.topic();
        let then = turn.read.topic().cloned();
        match &then {
            Some(then) => {
                let same_again = failed && now == Some(then);
                if words.disowns {
                    turn.misses.add(Miss::SaidSo);
                } else if overlap >= SAME || same_again {
                    turn.misses.add(Miss::Repeated);
                } else {
                    return;
                }
                turn.corrected = now.filter(|now| *now != then).cloned();
            }
            None if turn.chosen.is_none() && (overlap >= RELATED || words.disowns) => {
                turn.corrected = now.cloned();
            }
            None => {}
        }
    }

    /// A person is wanted, and why.
    fn handed_over(&mut self, reason: HandoffReason) {
        match reason {
            HandoffReason::RepeatedFailure => {
                // The miss that brings the person ends the count of them.
                let last = self.last.as_ref().filter(|_| self.answered_text);
                if let Some(turn) = last.and_then(|last| self.turns.get_mut(last.turn)) {
                    turn.fail();
                }
                let failed = self.turns.iter_mut().rev().take_while(|turn| turn.failed);
                failed.for_each(|turn| turn.misses.add(Miss::HandedOff));
            }
            HandoffReason::CustomerRequest => {
                // The words that ask for a person are not missed; those before them may be.
                let asking = self.answered_text.then(|| self.last.take()).flatten();
                let before = if self.answered_text {
                    self.before.take()
                } else {
                    self.last.take()
                };
                let person = asking
                    .as_ref()
                    .and_then(|asking| self.turns.get(asking.turn)?.read.topic().cloned());
                if let Some(turn) = before.and_then(|before| self.turns.get_mut(before.turn)) {
                    if turn.read.topic().is_some() {
                        turn.misses.add(Miss::AskedPerson);
                    }
                    // Asking for a person does not tell what was meant before.
                    if turn.corrected == person {
                        turn.corrected = None;
                    }
                }
                if let Some(asking) = asking
                    && asking.turn + 1 == self.turns.len()
                    && !self.turns.last().is_some_and(|turn| turn.failed)
                {
                    self.turns.pop();
                    if self.asked.is_some_and(|(_, turn)| turn == asking.turn) {
                        self.asked = None;
                    }
                }
            }
            _ => {}
        }
    }
}

fn turn(left: &Waiting, read: &Understood, failed: bool) -> Turn {
    let mut turn = Turn {
        seq: left.seq,
        at: left.at,
        lang: read.lang.base(),
        read: read.verdict.clone(),
        nearest: read.nearest.iter().take(MOST_NEAREST).cloned().collect(),
        misses: super::turn::Misses::default(),
        chosen: None,
        corrected: None,
        model: cues::hash(&read.model),
        failed: false,
    };
    if matches!(read.verdict, Verdict::Ambiguous { .. }) {
        turn.misses.add(Miss::Ambiguous);
    }
    if failed {
        turn.fail();
    }
    turn
}

fn matched_none(turn: &Turn) -> bool {
    turn.read == Verdict::OutOfScope
}

fn is_ambiguous(turn: &Turn) -> bool {
    matches!(turn.read, Verdict::Ambiguous { .. })
}

fn context(read: &Understood, wanted: &str) -> bool {
    read.because
        .iter()
        .any(|why| matches!(why, Reason::Context { kind } if kind == wanted))
}

/// Why a person is wanted, where nobody was there and a message or a call is asked for.
fn person_asked(memory: &Memory) -> Option<HandoffReason> {
    match &memory.open.as_ref()?.asking {
        Asking::Message { wanted }
        | Asking::Contact { wanted }
        | Asking::Phone { wanted }
        | Asking::CallTime { wanted }
        | Asking::CallConfirm { wanted, .. } => Some(wanted.reason),
        Asking::Slot { .. } | Asking::Confirm { .. } | Asking::Appeal => None,
    }
}
