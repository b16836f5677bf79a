//! Notices in force: what holds now, who follows it, what is told when it is fixed.
//!
//! A notice has one home. One that has a file in `notices/` lives there and is changed there; one that a lead posted from the console lives in the
//! store and is changed from the console. What became of either (since when it holds, that it is fixed, that everybody was told) is a record in the
//! store, so that a restart neither forgets nor repeats it.

mod fixed;
mod fold;
mod kept;
mod misses;
mod post;
mod words;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Notify, watch};

use self::fold::Known;
use super::Engine;
use crate::conversation::Event;
use crate::ids::{ConversationId, NoticeId, Timestamp};
use crate::topics::{Notice, NoticeState};

pub use self::post::{NoticeBook, NoticeError, Posted, Shown, Smoke};
pub(super) use self::words::{come_first, holds_for};

/// What failed is tried again after so long.
const RETRY: Duration = Duration::from_secs(1);

/// What is in memory of all this; the store has the rest.
#[derive(Default)]
pub(super) struct Notices {
    /// Those that hold, the one that was posted last first.
    in_force: ArcSwap<Vec<InForce>>,
    known: parking_lot::RwLock<Known>,
    /// One settling at a time.
    settling: tokio::sync::Mutex<()>,
    changed: watch::Sender<u64>,
    /// Something failed and is to be tried again.
    again: Notify,
}

/// A notice that holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InForce {
    pub(super) notice: Notice,
    /// Since when it reads like this.
    pub(super) version: Timestamp,
    pub(super) opened_at: Timestamp,
}

impl Notices {
    /// Takes in who asks about what and who follows which notice.
    pub(super) fn take_in(&self, conversation: ConversationId, event: &Event, now: Timestamp) {
        self.known.write().take_in(conversation, event, now);
    }
}

impl Engine {
    /// Changes with the notices that hold.
    pub fn notices_changed(&self) -> watch::Receiver<u64> {
        self.inner.notices.changed.subscribe()
    }

    /// The notices that hold, the one that was posted last first.
    pub(super) fn in_force(&self) -> Arc<Vec<InForce>> {
        self.inner.notices.in_force.load_full()
    }

    /// A notice that holds, by its name.
    pub(super) fn holds(&self, id: &NoticeId) -> bool {
        self.in_force().iter().any(|one| one.notice.id == *id)
    }

    /// Settles them at each change of the topic files, as long as the engine runs.
    pub(super) async fn run_notices(&self) {
        let mut changes = self.inner.live.changes();
        let again = async || {
            self.inner.notices.again.notified().await;
            #[allow(
                clippy::disallowed_methods,
                reason = "the store may be back, whatever the time of the product"
            )]
            tokio::time::sleep(RETRY).await;
        };
        loop {
            if let Err(error) = self.settle_notices().await {
                tracing::warn!(%error, "notices are not up to date");
                self.inner.notices.again.notify_one();
            }
            tokio::select! {
                _ = changes.changed() => {}
                () = again() => {}
            }
        }
    }

    /// What holds from the files and the records, told to whoever listens where it changed.
    fn put_in_force(&self, mut in_force: Vec<InForce>) {
        in_force.retain(|one| one.notice.state == NoticeState::Open);
        in_force.sort_by(|a, b| (b.opened_at, &b.notice.id).cmp(&(a.opened_at, &a.notice.id)));
        let notices = &self.inner.notices;
        if **notices.in_force.load() != in_force {
            notices.in_force.store(Arc::new(in_force));
            notices.changed.send_modify(|count| *count += 1);
        }
    }
}
