//! What a client reads of a conversation: what it missed, and what was before.

use super::{Engine, EngineError};
use crate::conversation::Event;
use crate::ids::{ClientId, ConversationId, Seq};
use crate::protocol::{PAGE_MAX_EVENTS, RESUME_MAX_EVENTS};

/// A client's position and what it will hear from there on.
pub struct Watched {
    /// The state when it was opened, reduced to its last event.
    pub seq: Seq,
    /// Whether `events` are exactly what was missed; else they are the newest page.
    pub recovered: bool,
    /// What was missed, or the newest page, in order.
    pub events: Vec<Event>,
    /// Whether there are older events than these.
    pub older: bool,
}

impl Engine {
    /// What a client missed after `after`, or the newest page; nothing from before `floor`. The caller listens already, so nothing falls between.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(
        &self,
        id: ConversationId,
        after: Option<Seq>,
        floor: Seq,
    ) -> Result<Watched, EngineError> {
        // A look waits for the commands before it, so `seq` is never behind what was published.
        let seq = self.look(id, |state| state.seq).await?;
        let missed = after
            .filter(|after| *after <= seq && after.next() >= floor)
            .map(|after| seq.0 - after.0);
        match (after, missed) {
            (Some(after), Some(missed)) if missed <= RESUME_MAX_EVENTS as u64 => {
                let events = self
                    .store()
                    .read(id, after, RESUME_MAX_EVENTS)
                    .await
                    .map_err(EngineError::Store)?;
                Ok(Watched {
                    seq,
                    recovered: true,
                    events,
                    older: after.next() > floor.max(Seq(1)),
                })
            }
            _ => {
                let mut events = self
                    .store()
                    .read_last(id, PAGE_MAX_EVENTS)
                    .await
                    .map_err(EngineError::Store)?;
                let whole = events.first().is_none_or(|first| first.seq <= Seq(1));
                let older = (events.first()).is_some_and(|first| first.seq > floor.max(Seq(1)));
                events.retain(|event| event.seq >= floor);
                Ok(Watched {
                    seq,
                    recovered: after.is_none_or(|after| after == Seq::ZERO)
                        && whole
                        && floor <= Seq(1),
                    events,
                    older,
                })
            }
        }
    }

    /// The page of events before `before` and not before `floor`, in order, and whether there are older ones still.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn older(
        &self,
        id: ConversationId,
        before: Seq,
        floor: Seq,
    ) -> Result<(Vec<Event>, bool), EngineError> {
        let (last, lowest) = (before.0.saturating_sub(1), floor.0.saturating_sub(1));
        let after = last.saturating_sub(PAGE_MAX_EVENTS as u64).max(lowest);
        let limit = usize::try_from(last.saturating_sub(after)).unwrap_or(PAGE_MAX_EVENTS);
        if limit == 0 {
            return Ok((Vec::new(), false));
        }
        let events = self
            .store()
            .read(id, Seq(after), limit)
            .await
            .map_err(EngineError::Store)?;
        Ok((events, after > lowest))
    }

    /// The event whose buttons can be tapped now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn choices_event(&self, id: ConversationId) -> Result<Option<Seq>, EngineError> {
        self.look(id, |state| state.choices.as_ref().map(|(seq, _)| *seq))
            .await
    }

    /// Whether nothing is left for the bot to answer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_answered(&self, id: ConversationId) -> Result<bool, EngineError> {
        self.look(id, |state| {
            !matches!(state.owner, crate::conversation::Owner::Bot)
                || (state.unanswered.is_empty() && state.call.is_none())
        })
        .await
    }

    /// The event of an act that was made so long ago that the state has forgotten it.
    pub(super) async fn long_done(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, EngineError> {
        if !self
            .look(id, |state| state.acts.may_have_forgotten(act))
            .await?
        {
            return Ok(None);
        }
        self.store()
            .find_act(id, act)
            .await
            .map_err(EngineError::Store)
    }

    /// Whether a conversation has begun.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn exists(&self, id: ConversationId) -> Result<bool, EngineError> {
        self.look(id, |state| state.seq > Seq::ZERO).await
    }
}
