//! Erasure: what people wrote goes out of the store and out of everything that lives from it.

use super::{Engine, EngineError, Heard};
use crate::ids::ConversationId;
use crate::ports::{Space, Store, StoreError};

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
        *held = Some(state);
        self.inner.erased.send_modify(|erased| erased.push(id));
        self.hub().publish(id, &Heard::Erased(id));
        Ok(emptied)
    }

    /// Every conversation that was erased since the start, in order: whoever keeps texts of their own looks here.
    pub fn erased(&self) -> tokio::sync::watch::Receiver<Vec<ConversationId>> {
        self.inner.erased.subscribe()
    }
}

/// Erases in the store alone: for a house without a server. The name under which a channel knows the visitor goes too.
///
/// # Errors
/// What the store says.
pub async fn erase_stored(store: &dyn Store, id: ConversationId) -> Result<u64, StoreError> {
    let emptied = store.erase(id).await?;
    let named = serde_json::json!(id);
    for (key, record) in store.list(Space::Senders).await? {
        if record.value.get("conversation") == Some(&named) {
            match store
                .put_if(Space::Senders, &key, record.version, None)
                .await
            {
                // They are writing at this moment: what they write now is not what was to be erased.
                Ok(_) | Err(StoreError::Conflict { .. }) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(emptied)
}
