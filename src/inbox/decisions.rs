//! Decisions about groups, kept as small records: who, when, what, about which messages. Undoing one keeps it, with who undid it.

use serde::{Deserialize, Serialize};

use super::page::Filter;
use super::{Inbox, InboxError};
use crate::engine::fresh;
use crate::ids::Timestamp;
use crate::missed::{DECISION_MOST, Decided, Decision, Reference};
use crate::ports::{Space, StoreError};

const PREFIX: &str = "missed/";

/// Who undid a decision, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A decision as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
    /// Undone, by whom and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
}

impl Inbox {
    /// Decides about the group with a message, or about some of its messages where they are named.
    ///
    /// # Errors
    /// [`InboxError::NotFound`] where there is no such group, or the store does not do it.
    pub async fn decide(
        &self,
        filter: Filter,
        of: Reference,
        only: &[Reference],
        decided: Decided,
        by: &str,
    ) -> Result<Decision, InboxError> {
        let rows = self.rows(filter, of).await?;
        let mut about: Vec<_> = rows
            .iter()
            .filter(|row| only.is_empty() || only.contains(&row.of))
            .map(|row| (row.at, row.of))
            .collect();
        if about.is_empty() {
            return Err(InboxError::NotFound);
        }
        about.sort_unstable_by(|a, b| b.cmp(a));
        let now = self.engine().now();
        let decision = Decision {
            id: fresh::uuid(now).simple().to_string(),
            decided,
            count: about.len(),
            of: about
                .into_iter()
                .take(DECISION_MOST)
                .map(|(_, of)| of)
                .collect(),
            by: by.to_owned(),
            at: now,
        };
        let kept = Kept {
            decision: decision.clone(),
            undone: None,
        };
        let value =
            serde_json::to_value(&kept).map_err(|error| InboxError::Internal(error.to_string()))?;
        let key = format!("{PREFIX}{}", decision.id);
        self.engine()
            .store()
            .put_if(Space::Marks, &key, 0, Some(value))
            .await?;
        Ok(decision)
    }

    /// Undoes a decision. What was done to a draft stays there: drafts have an undo of their own.
    ///
    /// # Errors
    /// [`InboxError::NotFound`] where there is none, [`InboxError::Conflict`] where it is undone already.
    pub async fn undo(&self, id: &str, by: &str) -> Result<(), InboxError> {
        let key = format!("{PREFIX}{id}");
        let store = self.engine().store();
        let Some(record) = store.get(Space::Marks, &key).await? else {
            return Err(InboxError::NotFound);
        };
        let mut kept: Kept = serde_json::from_value(record.value)
            .map_err(|error| InboxError::Internal(error.to_string()))?;
        if kept.undone.is_some() {
            return Err(InboxError::Conflict);
        }
        kept.undone = Some(Undone {
            by: by.to_owned(),
            at: self.engine().now(),
        });
        let value =
            serde_json::to_value(&kept).map_err(|error| InboxError::Internal(error.to_string()))?;
        match store
            .put_if(Space::Marks, &key, record.version, Some(value))
            .await
        {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(InboxError::Conflict),
            Err(other) => Err(other.into()),
        }
    }

    /// Every decision, the newest first, undone ones too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn decisions(&self) -> Result<Vec<Kept>, InboxError> {
        let records = self.engine().store().list(Space::Marks).await?;
        let mut all: Vec<Kept> = Vec::new();
        for (key, record) in records {
            if !key.starts_with(PREFIX) {
                continue;
            }
            match serde_json::from_value(record.value) {
                Ok(kept) => all.push(kept),
                // One damaged record does not close the inbox.
                Err(error) => tracing::error!(key, %error, "a decision cannot be read"),
            }
        }
        all.sort_by(|a, b| (b.decision.at, &b.decision.id).cmp(&(a.decision.at, &a.decision.id)));
        Ok(all)
    }

    /// Those that were not undone.
    pub(super) async fn standing(&self) -> Result<Vec<Decision>, InboxError> {
        let all = self.decisions().await?.into_iter();
        Ok(all
            .filter(|kept| kept.undone.is_none())
            .map(|kept| kept.decision)
            .collect())
    }
}
