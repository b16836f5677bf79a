//! What is counted while the engine runs, for `/metrics`. Reports come from the events themselves, not from here.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::conversation::{Body, Event, Verdict};

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Pulse {
    visitor_messages: AtomicU64,
    bot_answers: AtomicU64,
    bot_misses: AtomicU64,
    handoffs: AtomicU64,
    claims: AtomicU64,
    agent_messages: AtomicU64,
    sessions: AtomicU64,
    closed: AtomicU64,
    merged: AtomicU64,
    parted: AtomicU64,
    ratings: AtomicU64,
    calls: AtomicU64,
    calls_failed: AtomicU64,
    promises: AtomicU64,
    promises_late: AtomicU64,
}

/// A reading of the counters: name, help, value.
pub type Snapshot = Vec<(&'static str, &'static str, u64)>;

impl Pulse {
    /// Counts stored events. `owed`: the case that was open before them; a case that gets a way to answer is promised again and counts once.
    pub(super) fn count(&self, events: &[Event], mut owed: Option<String>) {
        let add = |counter: &AtomicU64| {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        for event in events {
            match &event.body {
                Body::SessionOpened { .. } => add(&self.sessions),
                Body::VisitorSaid { .. } | Body::VisitorChose { .. } => add(&self.visitor_messages),
                Body::BotAnswered { understood, .. } => {
                    add(&self.bot_answers);
                    if understood
                        .iter()
                        .any(|read| read.verdict == Verdict::OutOfScope)
                    {
                        add(&self.bot_misses);
                    }
                }
                Body::Queued { .. } => add(&self.handoffs),
                Body::Claimed { .. } => add(&self.claims),
                Body::AgentSaid { .. } => add(&self.agent_messages),
                Body::Closed { .. } => add(&self.closed),
                Body::MergedInto { .. } => add(&self.merged),
                // One that is parted once all is over stays ended.
                Body::Unmerged {
                    owed: Some(_),
                    over: false,
                    ..
                } => add(&self.parted),
                Body::Rated { .. } => add(&self.ratings),
                Body::CallStarted { .. } => add(&self.calls),
                Body::CallFailed { .. } => add(&self.calls_failed),
                Body::PromiseMade { promise, .. } if owed.as_ref() != Some(&promise.case) => {
                    add(&self.promises);
                    owed = Some(promise.case.clone());
                }
                Body::PromiseKept { .. } => owed = None,
                Body::PromiseLate { .. } => add(&self.promises_late),
                // The rest is not counted.
                _ => {}
            }
        }
    }

    /// What was counted so far.
    pub fn read(&self) -> Snapshot {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        vec![
            ("sessions", "Sessions opened", of(&self.sessions)),
            (
                "sessions_closed",
                "Sessions closed; one that was merged goes on in another",
                of(&self.closed),
            ),
            (
                "sessions_merged",
                "Sessions that went on in another conversation of the same person",
                of(&self.merged),
            ),
            (
                "sessions_parted",
                "Merged sessions that went on by themselves again",
                of(&self.parted),
            ),
            (
                "visitor_messages",
                "Messages and taps of visitors",
                of(&self.visitor_messages),
            ),
            ("bot_answers", "Answers of the bot", of(&self.bot_answers)),
            (
                "bot_misses",
                "Turns that the bot did not understand",
                of(&self.bot_misses),
            ),
            (
                "handoffs",
                "Conversations put into the queue",
                of(&self.handoffs),
            ),
            (
                "claims",
                "Conversations taken by an agent",
                of(&self.claims),
            ),
            (
                "agent_messages",
                "Messages of agents",
                of(&self.agent_messages),
            ),
            (
                "ratings",
                "Answers to feedback questions",
                of(&self.ratings),
            ),
            ("calls", "Calls to services", of(&self.calls)),
            ("calls_failed", "Calls that failed", of(&self.calls_failed)),
            ("promises", "Answers promised", of(&self.promises)),
            (
                "promises_late",
                "Promised answers that came late",
                of(&self.promises_late),
            ),
        ]
    }
}
