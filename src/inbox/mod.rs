//! The inbox of missed utterances: the index fed from the store's tail, its words read when somebody looks, decisions kept, changes rehearsed on what
//! visitors really wrote, and how each topic does. What counts as missed, and what follows from it, is decided in `missed`.

mod decisions;
mod health;
mod page;
mod proposal;
mod rehearsal;
mod shown;

use std::sync::Arc;

pub use decisions::{Kept, Undone};
pub use health::TopicHealth;
pub use page::{Filter, Page, Row};
pub use proposal::Proposal;
pub use rehearsal::{Begun, Known, Rehearsal, RehearsalState, Summary, TurnRow};
pub use shown::{Shown, State};

use crate::conversation::Event;
use crate::engine::Engine;
use crate::ids::ConversationId;
use crate::insights::History;
use crate::missed::Missed;
use crate::ports::StoreError;

/// The inbox; cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    runtime: tokio::runtime::Handle,
    history: Arc<parking_lot::RwLock<History>>,
    index: parking_lot::RwLock<Missed>,
    /// The page that was made last: one is made at a time.
    made: tokio::sync::Mutex<Option<Arc<page::Made>>>,
    rehearsals: parking_lot::Mutex<Vec<Arc<Rehearsal>>>,
    measured: parking_lot::Mutex<health::Measured>,
}

/// Why something about the inbox was not done.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The group, the decision or the rehearsal is not there, or not any more.
    #[error("not found")]
    NotFound,
    /// Somebody else decided or undid it first.
    #[error("somebody else was first")]
    Conflict,
    /// A rehearsal is running already.
    #[error("a rehearsal is running already")]
    Busy,
    /// A change cannot be rehearsed as it stands: its files have errors.
    #[error("{0}")]
    Unfit(String),
    /// The store does not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Our fault.
    #[error("internal: {0}")]
    Internal(String),
}

impl Inbox {
    /// An inbox that has taken in nothing yet. Its work is done on `runtime`, away from those who serve requests.
    pub fn new(
        engine: Engine,
        history: Arc<parking_lot::RwLock<History>>,
        runtime: tokio::runtime::Handle,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                engine,
                runtime,
                history,
                index: parking_lot::RwLock::default(),
                made: tokio::sync::Mutex::default(),
                rehearsals: parking_lot::Mutex::default(),
                measured: parking_lot::Mutex::default(),
            }),
        }
    }

    /// Takes in events of the store's tail, in order.
    pub fn apply<'e>(&self, events: impl Iterator<Item = (ConversationId, &'e Event)>) {
        let mut index = self.inner.index.write();
        for (conversation, event) in events {
            index.apply(conversation, event);
        }
    }

    /// After an erasure: nothing of it is named, and what was read for a page is dropped.
    pub async fn forget(&self, conversation: ConversationId) {
        self.inner.index.write().forget(conversation);
        *self.inner.made.lock().await = None;
        for rehearsal in self.inner.rehearsals.lock().iter() {
            rehearsal.forget(conversation);
        }
    }

    /// What runs aside ends at its next step: the server goes down.
    pub fn stop(&self) {
        for rehearsal in self.inner.rehearsals.lock().iter() {
            rehearsal.cancel();
        }
        self.inner.measured.lock().stop();
    }

    fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Runs something long on a thread of its own.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, InboxError> {
        let done = self.inner.runtime.spawn_blocking(work);
        done.await
            .map_err(|died| InboxError::Internal(died.to_string()))
    }
}
