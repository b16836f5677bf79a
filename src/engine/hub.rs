//! Who listens to which conversation. Each listener has a bounded queue; one that reads too slowly is let go and comes back with its position.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::conversation::Event;
use crate::ids::ConversationId;
use crate::protocol::visitor::WaitRange;

/// Messages that may wait for one listener.
const QUEUE: usize = 256;

/// What a listener hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Stored events, in order.
    Events(ConversationId, Arc<[Event]>),
    /// Place in the queue.
    Position(ConversationId, u32, Option<WaitRange>),
    /// What people wrote in it was erased: whoever shows it forgets it.
    Erased(ConversationId),
    /// Another conversation of the same person has changed.
    Beside(ConversationId),
    /// Somebody is writing.
    Typing(ConversationId, Writer),
}

/// Who is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// The visitor.
    Visitor,
    /// The bot.
    Bot,
    /// An agent, by name.
    Agent(String),
}

/// Ears by number, with where they hear.
type Listeners = Vec<(u64, mpsc::Sender<Heard>, Arc<AtomicBool>)>;

/// Listeners by conversation. Publishing is a map look-up and a few pointer copies; nobody waits for a listener.
#[derive(Debug, Default)]
pub struct Hub {
    listeners: Mutex<HashMap<ConversationId, Listeners>>,
    ids: AtomicU64,
}

/// One socket's ear: it may listen to several conversations. Dropping it ends all of them.
#[derive(Debug)]
pub struct Ear {
    hub: Arc<Hub>,
    id: u64,
    tx: Option<mpsc::Sender<Heard>>,
    conversations: Vec<ConversationId>,
    lost: Arc<AtomicBool>,
}

impl Hub {
    /// A new ear and what it hears. The receiver ends when the listener was too slow.
    pub fn ear(self: &Arc<Self>) -> (Ear, mpsc::Receiver<Heard>) {
        let (tx, rx) = mpsc::channel(QUEUE);
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        (
            Ear {
                hub: Arc::clone(self),
                id,
                tx: Some(tx),
                conversations: Vec::new(),
                lost: Arc::default(),
            },
            rx,
        )
    }

    /// Tells all who listen to `conversation`.
    pub fn publish(&self, conversation: ConversationId, heard: &Heard) {
        let mut listeners = self.listeners.lock();
        if let Some(those) = listeners.get_mut(&conversation) {
            // A full queue is a reader too slow for events: it is let go, closes with `slow` and comes back with its position. Places and typing
            // are not worth that.
            those.retain(|(_, tx, lost)| match tx.try_send(heard.clone()) {
                Ok(()) => true,
                Err(TrySendError::Full(heard))
                    if !matches!(heard, Heard::Events(..) | Heard::Erased(_)) =>
                {
                    true
                }
                Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                    lost.store(true, Ordering::Relaxed);
                    false
                }
            });
            if those.is_empty() {
                listeners.remove(&conversation);
            }
        }
    }

    /// Whether anybody listens.
    pub fn is_heard(&self, conversation: ConversationId) -> bool {
        self.listeners.lock().contains_key(&conversation)
    }

    /// How many conversations are listened to.
    pub fn len(&self) -> usize {
        self.listeners.lock().len()
    }

    /// Whether nobody listens to anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Ear {
    /// Listens to a conversation from now on.
    pub fn listen(&mut self, conversation: ConversationId) {
        let Some(tx) = &self.tx else { return };
        if !self.conversations.contains(&conversation) {
            self.conversations.push(conversation);
            self.hub
                .listeners
                .lock()
                .entry(conversation)
                .or_default()
                .push((self.id, tx.clone(), Arc::clone(&self.lost)));
        }
    }

    /// No longer listens to it.
    pub fn unlisten(&mut self, conversation: ConversationId) {
        self.conversations.retain(|one| *one != conversation);
        self.forget(conversation);
    }

    /// Whether something was missed because the queue was full. A queue that was full has something to receive, so asking behind each message
    /// is enough.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// After this only the hub holds senders, so that being let go by it ends the receiver.
    pub fn seal(&mut self) {
        self.tx = None;
    }

    fn forget(&self, conversation: ConversationId) {
        let mut listeners = self.hub.listeners.lock();
        if let Some(those) = listeners.get_mut(&conversation) {
            those.retain(|(id, ..)| *id != self.id);
            if those.is_empty() {
                listeners.remove(&conversation);
            }
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        for conversation in &self.conversations {
            self.forget(*conversation);
        }
    }
}
