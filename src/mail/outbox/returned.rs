//! Mails that a server took and somebody sent back.

use std::sync::atomic::Ordering;

use super::super::bounce::Failure;
use super::super::entry::{Entry, Fate, key};
use super::Outbox;
use super::records::{damaged, put};
use crate::engine::EngineError;
use crate::ports::{Space, StoreError};

/// Why a failure could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum BounceError {
    /// Nothing of this name was sent from here, or it was erased.
    #[error("no mail of this name was sent by this server")]
    Unknown,
    /// The store did not do it; the report may be brought again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine did not do it; the report may be brought again.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Outbox {
    /// Takes down that a mail did not arrive. The same report brought twice is one.
    ///
    /// # Errors
    /// `Unknown` for a mail that is not of this server; else what went wrong: the report may be brought again.
    pub async fn bounced(&self, failure: &Failure) -> Result<(), BounceError> {
        if failure.domain != self.inner.parts.mailer.domain() {
            return Err(BounceError::Unknown);
        }
        let name = key(failure.conversation, failure.mail);
        let record = self
            .store()
            .get(Space::Mails, &name)
            .await?
            .ok_or(BounceError::Unknown)?;
        let mut entry: Entry = serde_json::from_value(record.value).map_err(damaged)?;
        if matches!(entry.fate, Fate::Failed { .. }) {
            return Ok(());
        }
        self.engine()
            .mail_failed(
                failure.conversation,
                failure.mail,
                failure.status.clone(),
                failure.to.clone(),
            )
            .await?;
        let at = self.engine().now();
        entry.lease = None;
        entry.fate = Fate::Failed {
            at,
            status: failure.status.clone(),
        };
        put(self.store().as_ref(), &entry, record.version).await?;
        self.inner.bounced.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
