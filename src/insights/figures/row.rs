//! What is kept of a session, read off its events: enough to count it, nothing that anybody wrote.

use super::super::pool::Word;
use crate::conversation::{Asking, Memory, Promise, PromiseKind, Wanted};
use crate::ids::{
    ConversationId, HandoffReason, OpinionKind, Outcome, Seq, Stage, Timestamp, TopicId,
};

/// Place of a session among all, in the order in which they began.
pub(super) type Place = u32;

/// A session.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) conversation: ConversationId,
    /// The event that opened it.
    pub(super) first: Seq,
    /// The session before it in the same conversation.
    pub(super) before: Option<Place>,
    pub(super) opened: Timestamp,
    pub(super) closed: Option<Timestamp>,
    pub(super) outcome: Option<Outcome>,
    /// It goes on in another conversation.
    pub(super) merged: bool,
    pub(super) site: Word,
    pub(super) lang: Word,
    /// Where the visitor came from, or what its question is about.
    pub(super) touchpoint: Option<Word>,
    pub(super) stage: Option<Stage>,
    /// Topics that were answered, the last one last.
    pub(super) topics: Vec<Word>,
    /// The visitor's messages and taps.
    pub(super) turns: u32,
    pub(super) missed: bool,
    pub(super) lang_read: bool,
    pub(super) lang_other: bool,
    pub(super) agent: bool,
    /// Agents and queues that it was put to, in order.
    pub(super) asks: Vec<Ask>,
    /// Reasons of its handoffs, as bits of their place in [`HandoffReason::ALL`].
    pub(super) reasons: u8,
    /// A person was wanted while none was there, and the bot asked for a message or a number.
    pub(super) nobody_there: bool,
    /// A message or a call was promised.
    pub(super) left_message: bool,
    pub(super) question: Option<Word>,
    pub(super) quiet: bool,
    pub(super) opinion: Option<Given>,
    pub(super) forms: Vec<Form>,
    /// Cases that were promised in it.
    pub(super) promises: Vec<u32>,
    /// The days are over in which the same person would come back.
    pub(super) mature: bool,
    /// It stands in the tallies.
    pub(super) counted: bool,
}

/// An answer to the session's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) value: Option<i8>,
    pub(super) kind: Option<OpinionKind>,
}

/// A person was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) team: Option<Word>,
    pub(super) at: Timestamp,
    /// An agent took it.
    pub(super) taken: Option<Timestamp>,
    /// The agent's first words.
    pub(super) words: Option<Timestamp>,
    /// The wait ended with nobody there.
    pub(super) gone: Option<Timestamp>,
    /// Not the visitor's first wait: handed over, or put back.
    pub(super) again: bool,
}

/// A form that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) topic: Word,
    /// What was asked, each once, in the order in which it came first.
    pub(super) asked: Vec<Word>,
    /// What was asked last.
    pub(super) at: Word,
    pub(super) open: bool,
    /// Everything was answered, at least once.
    pub(super) finished: bool,
}

impl Form {
    /// It was not finished, and nobody waits for it to be.
    pub(super) fn left(&self, ended: bool) -> bool {
        !self.finished && (ended || !self.open)
    }
}

/// A promise, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owed {
    pub(super) place: Place,
    pub(super) case: String,
    pub(super) team: Word,
    pub(super) kind: PromiseKind,
    pub(super) made: Timestamp,
    pub(super) by: Timestamp,
    pub(super) kept: Option<Timestamp>,
    pub(super) late: bool,
    /// Those who owe it were warned before its time.
    pub(super) warned: bool,
    pub(super) moved: bool,
}

impl Owed {
    pub(super) fn of(place: Place, team: Word, promise: &Promise) -> Self {
        Self {
            place,
            case: promise.case.clone(),
            team,
            kind: promise.kind,
            made: promise.made_at,
            by: promise.by,
            kept: None,
            late: false,
            warned: false,
            moved: false,
        }
    }

    /// It was kept by its time.
    pub(super) fn in_time(&self) -> bool {
        !self.late && self.kept.is_some_and(|kept| kept <= self.by)
    }
}

/// Whether a promise stands for a person who was wanted and not there.
pub(super) fn for_a_person(kind: PromiseKind) -> bool {
    matches!(kind, PromiseKind::Message | PromiseKind::CallBack)
}

impl Row {
    pub(super) fn ended(&self) -> bool {
        self.outcome.is_some() && self.closed.is_some() && !self.merged
    }

    pub(super) fn resolved(&self) -> bool {
        matches!(
            self.outcome,
            Some(Outcome::ResolvedByBot | Outcome::ResolvedByAgent)
        )
    }

    /// A person was wanted.
    pub(super) fn person(&self) -> bool {
        !self.asks.is_empty() || self.left_message || self.reasons != 0 || self.agent
    }

    pub(super) fn attended(&self) -> bool {
        self.asks.iter().any(|ask| ask.taken.is_some())
    }

    pub(super) fn because(&mut self, reason: HandoffReason) {
        self.reasons |= 1 << reason as u8;
    }

    pub(super) fn reasons(&self) -> impl Iterator<Item = HandoffReason> {
        let bits = self.reasons;
        let all = HandoffReason::ALL.iter().copied();
        all.filter(move |reason| bits & (1 << *reason as u8) != 0)
    }

    /// The visitor is in a queue.
    pub(super) fn queued(&mut self, team: Option<Word>, at: Timestamp) {
        let again = !self.asks.is_empty();
        self.waits_no_more(at);
        self.asks.push(Ask {
            team,
            at,
            taken: None,
            words: None,
            gone: None,
            again,
        });
    }

    /// An agent has it.
    pub(super) fn taken(&mut self, at: Timestamp) {
        match self.asks.last_mut() {
            Some(ask) if ask.taken.is_none() && ask.gone.is_none() => ask.taken = Some(at),
            // From the bot, without a queue.
            _ => {
                let again = !self.asks.is_empty();
                self.because(HandoffReason::AgentTakeover);
                self.asks.push(Ask {
                    team: None,
                    at,
                    taken: Some(at),
                    words: None,
                    gone: None,
                    again,
                });
            }
        }
    }

    /// An agent wrote.
    pub(super) fn spoken(&mut self, at: Timestamp) {
        self.agent = true;
        let taken = self.asks.last_mut().filter(|ask| ask.taken.is_some());
        if let Some(ask) = taken {
            ask.words = ask.words.or(Some(at));
        }
    }

    /// The wait is over, whoever ended it.
    pub(super) fn waits_no_more(&mut self, at: Timestamp) {
        if let Some(ask) = self.asks.last_mut()
            && ask.taken.is_none()
        {
            ask.gone = ask.gone.or(Some(at));
        }
    }

    /// What the bot keeps in mind after an answer says which form waits, and which one is done with.
    pub(super) fn hears_forms(
        &mut self,
        memory: &Memory,
        answered: Option<&TopicId>,
        mut word: impl FnMut(FormWord<'_>) -> Word,
    ) {
        // Whoever asks for a person out of hours has asked, whether or not they leave a message then.
        let open = memory.open.as_ref();
        let wanted = open.and_then(|open| wanted_by(&open.asking));
        if let Some(wanted) = wanted {
            self.because(wanted.reason);
            self.nobody_there = true;
        }
        let failed = wanted.is_some_and(|wanted| wanted.reason == HandoffReason::FormFailure);
        let answered = answered.map(|topic| word(FormWord::Topic(topic)));
        let running = memory.running.as_ref();
        let running = running.map(|running| word(FormWord::Topic(&running.topic)));
        let waiting = memory.open.iter().chain(&memory.suspended);
        let waiting: Vec<Word> = waiting
            .filter(|form| step_of(&form.asking).is_some())
            .map(|form| word(FormWord::Topic(&form.topic)))
            .collect();
        for form in self.forms.iter_mut().filter(|form| form.open) {
            if waiting.contains(&form.topic) {
                continue;
            }
            form.open = false;
            let went_on = answered == Some(form.topic) || running == Some(form.topic);
            form.finished |= went_on && !failed;
        }
        let Some(open) = &memory.open else { return };
        let Some(step) = step_of(&open.asking) else {
            return;
        };
        let (topic, step) = (
            word(FormWord::Topic(&open.topic)),
            word(FormWord::Step(step)),
        );
        let known = self.forms.iter_mut().find(|form| form.topic == topic);
        let form = match known {
            Some(form) => form,
            None => {
                self.forms.push(Form {
                    topic,
                    asked: Vec::new(),
                    at: step,
                    open: true,
                    finished: false,
                });
                let Some(last) = self.forms.last_mut() else {
                    return;
                };
                last
            }
        };
        form.open = true;
        form.at = step;
        if !form.asked.contains(&step) {
            form.asked.push(step);
        }
    }

    /// A person takes over because the form could not be filled: it was not done, whatever the bot said last.
    pub(super) fn form_failed(&mut self) {
        if let Some(form) = self.forms.last_mut() {
            form.open = false;
            form.finished = false;
        }
    }
}

/// A word of a form.
pub(super) enum FormWord<'a> {
    Topic(&'a TopicId),
    Step(&'a str),
}

/// The person for whom a form takes something.
fn wanted_by(asking: &Asking) -> Option<&Wanted> {
    match asking {
        Asking::Message { wanted }
        | Asking::Contact { wanted }
        | Asking::Phone { wanted }
        | Asking::CallTime { wanted }
        | Asking::CallConfirm { wanted, .. } => Some(wanted),
        Asking::Slot { .. } | Asking::Confirm { .. } | Asking::Appeal => None,
    }
}

/// What a form waits for, as a word: the slot, or [`CONFIRMATION`]. Nothing for what is asked of whoever waits for a person.
fn step_of(asking: &Asking) -> Option<&str> {
    match asking {
        Asking::Slot { slot, .. } => Some(slot.as_str()),
        Asking::Confirm { .. } => Some(CONFIRMATION),
        Asking::Message { .. }
        | Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::Appeal
        | Asking::CallConfirm { .. } => None,
    }
}

/// The step in which what will be done is read back. No slot is called so: their names begin with a letter.
pub const CONFIRMATION: &str = "=confirm";
