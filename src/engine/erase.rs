//! Erasure: what people wrote goes out of the store and out of everything that lives from it.

use std::collections::BTreeSet;

use super::improving::forget_people;
use super::led::FAR;
use super::{Engine, EngineError, Heard};
use crate::conversation::{Body, State};
use crate::ids::{ConversationId, Seq};
use crate::ports::{Space, Store, StoreError};

/// Events read at a time.
const PAGE: usize = 512;

impl Engine {
    /// Takes away what people wrote and what is personal in a conversation: in the store, in memory, on the desk, and on the screens that show it.
    /// Gives how many events were emptied.
    ///
    /// # Errors
    /// When the store does not do it. Doing it again is safe.
    pub async fn erase(&self, id: ConversationId) -> Result<u64, EngineError> {
        let engine = self.clone();
        let task = self
            .runtime()
            .spawn(async move { engine.erase_here(id).await });
        task.await
            .map_err(|died| EngineError::Internal(died.to_string()))?
    }

    async fn erase_here(&self, id: ConversationId) -> Result<u64, EngineError> {
        let slot = self.conversations().slot(id);
        let mut held = slot.lock().await;
        *held = None;
        let emptied = erase_stored(self.store().as_ref(), id)
            .await
            .map_err(EngineError::Store)?;
        let state = self.fold(id).await?;
        self.follow_state(id, &state, self.now());
        let shown_in = state.merged_into();
        *held = Some(state);
        self.inner.erased.send_modify(|erased| erased.push(id));
        self.hub().publish(id, &Heard::Erased(id));
        // Held no longer: whoever merges holds two, in an order of their own.
        drop(held);
        // Its words also stand on the screens of where it goes on.
        let mut next = shown_in;
        for _ in 0..FAR {
            let Some(screen) = next else { break };
            self.hub().publish(screen, &Heard::Erased(screen));
            next = self
                .look(screen, State::merged_into)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(conversation = %screen, %error, "where it goes on is not known");
                    None
                });
        }
        Ok(emptied)
    }

    /// Every conversation that was erased since the start, in order: whoever keeps texts of their own looks here.
    pub fn erased(&self) -> tokio::sync::watch::Receiver<Vec<ConversationId>> {
        self.inner.erased.subscribe()
    }
}

/// Erases in the store alone: for a house without a server. What is kept beside the conversation goes too: the name under which a channel knows the
/// visitor, mails that wait or went out, and links that lead back from one.
///
/// # Errors
/// What the store says.
pub async fn erase_stored(store: &dyn Store, id: ConversationId) -> Result<u64, StoreError> {
    let emptied = store.erase(id).await?;
    let named = serde_json::json!(id);
    for space in [Space::Senders, Space::Mails, Space::Links] {
        for (key, record) in store.list(space).await? {
            if record.value.get("conversation") == Some(&named) {
                forget(store, space, &key, record.version).await?;
            }
        }
    }
    forget_people(store, id).await?;
    Ok(emptied)
}

/// The conversations that were merged with one, and not parted again by an agent: whoever erases one hears of them, for each has its own words.
///
/// # Errors
/// What the store says.
pub async fn merged_with(
    store: &dyn Store,
    id: ConversationId,
) -> Result<BTreeSet<ConversationId>, StoreError> {
    let (mut merged, mut after) = (BTreeSet::new(), Seq::ZERO);
    loop {
        let page = store.read(id, after, PAGE).await?;
        for event in &page {
            match &event.body {
                Body::MergedInto { into: other, .. } | Body::MergedFrom { from: other, .. } => {
                    merged.insert(*other);
                }
                Body::Unmerged {
                    from, over: false, ..
                }
                | Body::UnmergedFrom {
                    from, over: false, ..
                } => {
                    merged.remove(from);
                }
                _ => {}
            }
        }
        match page.last() {
            Some(last) if page.len() == PAGE => after = last.seq,
            Some(_) | None => return Ok(merged),
        }
    }
}

async fn forget(
    store: &dyn Store,
    space: Space,
    key: &str,
    mut version: u64,
) -> Result<(), StoreError> {
    loop {
        match store.put_if(space, key, version, None).await {
            Ok(_) => return Ok(()),
            // They are writing at this moment: what they write now is not what was to be erased.
            Err(StoreError::Conflict { .. }) if space == Space::Senders => return Ok(()),
            // Only its state has changed, or it is gone: it is about what was erased all the same.
            Err(StoreError::Conflict { .. }) => match store.get(space, key).await? {
                Some(record) => version = record.version,
                None => return Ok(()),
            },
            Err(other) => return Err(other),
        }
    }
}
