//! What is due in a conversation and when. Pure: whoever has a clock waits for it.

use super::event::Target;
use super::limits::Limits;
use super::state::{Owner, State};
use crate::ids::Timestamp;

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: DeadlineKind,
}

/// What may be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadlineKind {
    /// The bot owes an answer.
    Answer,
    /// A call is lost.
    Call,
    /// A call came back and the bot must go on.
    GoOn,
    /// Nobody took it from the queue.
    Queue,
    /// The agent is silent while the visitor waits.
    Silent,
    /// Nothing happens any more.
    Idle,
    /// The promised time is over.
    Promise,
    /// The question expires.
    Question,
}

impl State {
    /// What is due and when, soonest first. Every open state has at least one; only what is owed can be due in a closed one.
    pub fn deadlines(&self, limits: &Limits) -> Vec<Deadline> {
        let mut due = Vec::new();
        let mut at = |at: Timestamp, kind| due.push(Deadline { at, kind });
        match &self.owner {
            Owner::Nobody => {}
            Owner::Bot => {
                match &self.call {
                    Some(call) if call.answer.is_some() => at(self.activity_at, DeadlineKind::GoOn),
                    Some(call) => {
                        at(call.deadline, DeadlineKind::Call);
                        // A person is brought at once, also while a service is being asked.
                        if let Some(asked) = self.unanswered.iter().find(|left| {
                            left.target.as_ref().is_some_and(|to| *to == Target::Person)
                        }) {
                            at(asked.at, DeadlineKind::Answer);
                        }
                    }
                    None => match self.unanswered.last() {
                        Some(last) => at(last.at.plus(limits.pause_ms), DeadlineKind::Answer),
                        None => at(self.activity_at.plus(limits.idle_ms), DeadlineKind::Idle),
                    },
                }
            }
            Owner::Queued(waiting) => {
                at(waiting.wait_from.plus(limits.queue_ms), DeadlineKind::Queue)
            }
            Owner::Assigned { since, .. } => match self.unanswered.first() {
                Some(first) => at(
                    first.at.max(*since).plus(limits.silent_ms),
                    DeadlineKind::Silent,
                ),
                None => at(
                    self.activity_at.max(*since).plus(limits.idle_ms),
                    DeadlineKind::Idle,
                ),
            },
            Owner::Closed { .. } => {}
        }
        if let (Some(promise), false) = (&self.promise, self.promise_late) {
            at(promise.by, DeadlineKind::Promise);
        }
        if let Some(question) = &self.question {
            at(question.at.plus(limits.question_ms), DeadlineKind::Question);
        }
        due.sort_unstable();
        due
    }
}
