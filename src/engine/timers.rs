//! The next deadline of each conversation, and one task that waits for the soonest.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::ids::{ConversationId, Timestamp};
use crate::ports::Clock;

/// Next deadlines. Holds nothing that cannot be told anew from the conversations.
#[derive(Debug, Default)]
pub struct Timers {
    due: Mutex<Due>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Due {
    by_time: BTreeSet<(Timestamp, ConversationId)>,
    by_conversation: HashMap<ConversationId, Timestamp>,
}

impl Timers {
    /// Sets the next deadline of a conversation, or that it has none.
    pub fn set(&self, conversation: ConversationId, at: Option<Timestamp>) {
        let mut due = self.due.lock();
        let before = due.by_time.first().copied();
        if let Some(old) = due.by_conversation.remove(&conversation) {
            due.by_time.remove(&(old, conversation));
        }
        if let Some(at) = at {
            due.by_conversation.insert(conversation, at);
            due.by_time.insert((at, conversation));
        }
        let sooner = due.by_time.first().copied() != before;
        drop(due);
        if sooner {
            self.changed.notify_one();
        }
    }

    /// How many conversations have something due.
    pub fn len(&self) -> usize {
        self.due.lock().by_time.len()
    }

    /// Whether nothing is due at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn take_due(&self, now: Timestamp) -> Vec<ConversationId> {
        let mut due = self.due.lock();
        let mut taken = Vec::new();
        while let Some(&(at, conversation)) = due.by_time.first() {
            if at > now {
                break;
            }
            due.by_time.remove(&(at, conversation));
            due.by_conversation.remove(&conversation);
            taken.push(conversation);
        }
        taken
    }

    /// Calls `fire` for each conversation whose deadline has come; ends with the task that runs it.
    pub async fn run(self: Arc<Self>, clock: Arc<dyn Clock>, fire: impl Fn(ConversationId)) {
        loop {
            for conversation in self.take_due(clock.now()) {
                fire(conversation);
            }
            let next = self.due.lock().by_time.first().map(|(at, _)| *at);
            match next {
                Some(at) => tokio::select! {
                    () = clock.sleep_until(at) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }
}
