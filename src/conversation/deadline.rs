//! What is due in a conversation and when. Pure: whoever has a clock waits for it.

use super::limits::Limits;
use super::parts::Target;
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
    /// The agent who was asked has not answered.
    Offer,
    /// What was put aside comes back.
    Wake,
    /// The visitor has not answered an agent.
    Nudge,
    /// A promised time is near.
    PromiseSoon,
    /// A merge with another conversation, or undoing one, is under way.
    Merge,
    /// The session is over in which another conversation was taken in: each goes its own way again.
    Part,
}

impl State {
    /// What is due and when, soonest first. Every open state has at least one; only what is owed can be due in a closed one.
    pub fn deadlines(&self, limits: &Limits) -> Vec<Deadline> {
        if let Some(merge) = self.merge.as_ref().filter(|_| self.moving().is_some()) {
            // Nothing else happens until it is known where it goes on.
            return vec![Deadline {
                at: merge.at,
                kind: DeadlineKind::Merge,
            }];
        }
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
                at(waiting.wait_from.plus(limits.queue_ms), DeadlineKind::Queue);
                if let Some(offer) = &waiting.offer {
                    at(offer.until, DeadlineKind::Offer);
                }
            }
            Owner::Assigned {
                snoozed: Some(until),
                ..
            } => at(*until, DeadlineKind::Wake),
            Owner::Assigned { since, .. } => match self.unanswered.first() {
                Some(first) => at(
                    first.at.max(*since).plus(limits.silent_ms),
                    DeadlineKind::Silent,
                ),
                None => {
                    let quiet = self.activity_at.max(*since);
                    at(quiet.plus(limits.idle_ms), DeadlineKind::Idle);
                    if self
                        .session
                        .as_ref()
                        .is_some_and(|session| session.agent_wrote)
                        && !self.nudged
                        && limits.nudge_ms < limits.idle_ms
                    {
                        at(quiet.plus(limits.nudge_ms), DeadlineKind::Nudge);
                    }
                }
            },
            Owner::Closed { .. } => {}
        }
        for owed in self.promises.iter().filter(|owed| !owed.late) {
            at(owed.late_at(), DeadlineKind::Promise);
            if !owed.warned {
                at(owed.warn_at(), DeadlineKind::PromiseSoon);
            }
        }
        for joined in &self.joined {
            if let Some(over) = self.over_at(joined, limits) {
                at(over, DeadlineKind::Part);
            }
        }
        if let Some(question) = &self.question {
            at(question.at.plus(limits.question_ms), DeadlineKind::Question);
        }
        due.sort_unstable();
        due
    }
}
