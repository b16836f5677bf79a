//! What the bot knows at one moment: the catalogue and the model trained from it, swapped together.

use std::sync::Arc;

use tokio::sync::watch;

use crate::ids::Timestamp;
use crate::topics::Catalog;
use crate::understanding;

/// The catalogue and its model.
pub struct Live {
    /// The topic files, parsed.
    pub catalog: Arc<Catalog>,
    /// The engine trained from them.
    pub brain: Arc<understanding::Engine>,
    /// Since when.
    pub since: Timestamp,
}

/// What is live now; swapped by whoever watches the files.
pub struct LiveNow(watch::Sender<Arc<Live>>);

impl LiveNow {
    /// With what is live at first.
    pub fn new(live: Arc<Live>) -> Self {
        Self(watch::Sender::new(live))
    }

    /// What is live. Whoever answers a turn takes it once and keeps to it.
    pub fn get(&self) -> Arc<Live> {
        Arc::clone(&self.0.borrow())
    }

    /// From now on this is live.
    pub fn swap(&self, live: Arc<Live>) {
        self.0.send_replace(live);
    }

    /// Changes with what is live.
    pub fn changes(&self) -> watch::Receiver<Arc<Live>> {
        self.0.subscribe()
    }
}
