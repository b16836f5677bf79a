//! Quiet hours: when a visitor may be told of what they did not ask for, in their own time zone.

use super::news::{Own, own_event};
use super::{Engine, EngineError};
use crate::desk::quiet_until;
use crate::ids::{ConversationId, EventName, Timestamp};
use crate::topics::{BusinessEvent, Text};

impl Engine {
    /// When the quiet hours end in which now falls for the visitor, as the file of a business event has them; nothing outside of them, and where
    /// the file is gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn quiet_until(
        &self,
        conversation: ConversationId,
        event: &EventName,
    ) -> Result<Option<Timestamp>, EngineError> {
        let live = self.live();
        match live.catalog.events.get(event) {
            Some(event) => self.quiet_end(conversation, event).await,
            None if Own::named(event).is_some() => {
                let own = own_event(event.clone(), Text::default());
                self.quiet_end(conversation, &own).await
            }
            None => Ok(None),
        }
    }

    pub(super) async fn quiet_end(
        &self,
        conversation: ConversationId,
        event: &BusinessEvent,
    ) -> Result<Option<Timestamp>, EngineError> {
        let Some(hours) = event.quiet_hours else {
            return Ok(None);
        };
        let zone = self.zone(conversation).await?;
        Ok(quiet_until(hours, &zone, self.now()))
    }

    /// The visitor's time zone, else their site's.
    async fn zone(&self, conversation: ConversationId) -> Result<String, EngineError> {
        let live = self.live();
        self.look(conversation, move |state| {
            let opening = state.session.as_ref().map(|session| &session.opening);
            let own = opening.and_then(|opening| opening.time_zone.clone());
            own.or_else(|| {
                let site = live.catalog.site(&opening?.site)?;
                Some(site.time_zone.clone())
            })
            .unwrap_or_else(|| "UTC".to_owned())
        })
        .await
    }
}
