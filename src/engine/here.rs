//! Whether a visitor is connected: as long as the guard lives. In memory only, for presence is not stored.

use std::sync::Arc;

use super::Engine;
use super::conversations::Slot;
use crate::ids::ConversationId;

/// A connection of a visitor; gone when it is dropped.
pub struct Here {
    engine: Engine,
    conversation: ConversationId,
    slot: Arc<Slot>,
}

impl Engine {
    /// Whether the visitor of a conversation is connected.
    pub fn is_here(&self, conversation: ConversationId) -> bool {
        self.conversations().slot(conversation).is_here()
    }

    /// A visitor has connected; several tabs are several connections.
    pub fn visitor_here(&self, conversation: ConversationId) -> Here {
        let slot = self.conversations().slot(conversation);
        slot.came();
        // Nobody else sees a difference, so the desk's task sleeps on.
        self.inner.desk.with(|desk| desk.visitor_came(conversation));
        Here {
            engine: self.clone(),
            conversation,
            slot,
        }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if self.slot.left() {
            let now = self.engine.now();
            let conversation = self.conversation;
            self.engine
                .inner
                .desk
                .change(|desk| desk.visitor_left(conversation, now));
        }
    }
}
