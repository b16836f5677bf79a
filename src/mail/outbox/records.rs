//! The outbox's records in the store.

use super::super::entry::Entry;
use super::{HOUR, Outbox};
use crate::ids::Timestamp;
use crate::ports::{Space, Store, StoreError};

/// What became of a mail is kept so long: reports of failure come within a week.
const KEEP_MS: i64 = 30 * 24 * HOUR;

/// Writes an entry over the version that the caller knows; gives the new one.
pub(super) async fn put(store: &dyn Store, entry: &Entry, version: u64) -> Result<u64, StoreError> {
    let value = serde_json::to_value(entry).map_err(damaged)?;
    store
        .put_if(Space::Mails, &entry.key(), version, Some(value))
        .await
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over")]
pub(super) fn damaged(why: serde_json::Error) -> StoreError {
    StoreError::Corrupt(format!("the outbox of mails: {why}"))
}

impl Outbox {
    /// Clears away what ended long ago.
    pub(super) async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        for (name, record) in self.store().list(Space::Mails).await? {
            let entry = serde_json::from_value::<Entry>(record.value).ok();
            let ended = entry.and_then(|entry| entry.ended());
            if ended.is_some_and(|at| now.since(at) > KEEP_MS) {
                match self
                    .store()
                    .put_if(Space::Mails, &name, record.version, None)
                    .await
                {
                    Ok(_) | Err(StoreError::Conflict { .. }) => {}
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }
}
