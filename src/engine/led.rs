//! Where whoever holds the token of a conversation is now: in that one, or in the one in which it goes on.
//!
//! A merge stands as long as it leads. Once the session is over in which it was taken in, each goes its own way again, whoever asks first.

use super::{Engine, EngineError};
use crate::conversation::State;
use crate::ids::{ClientId, ConversationId, Follows, Seq};
use crate::ports::StoreError;

/// Conversations that may hang together: longer ways end here.
pub(super) const FAR: usize = 20;

/// The way from a conversation to where its visitor is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// Each with what the one before it left there; never empty.
    way: Vec<Stop>,
    /// Whether the last one goes on in another one still, into which they are not led.
    stays: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stop {
    id: ConversationId,
    floor: Seq,
    taken_in: Seq,
}

impl Led {
    /// Whoever stays in their own.
    pub fn at(own: ConversationId) -> Self {
        let stop = Stop {
            id: own,
            floor: Seq::ZERO,
            taken_in: Seq::ZERO,
        };
        Self {
            way: vec![stop],
            stays: false,
        }
    }

    fn last(&self) -> Stop {
        *self.way.last().expect("a way begins somewhere")
    }

    /// Where they are.
    pub fn here(&self) -> ConversationId {
        self.last().id
    }

    /// Whether they were led into another one.
    pub fn is_away(&self) -> bool {
        self.way.len() > 1
    }

    /// Whether they stay in their own while that one goes on in another one: nothing can be done there meanwhile.
    pub fn stays(&self) -> bool {
        self.stays
    }

    /// The first event here that is theirs: what stands before it may be somebody else's.
    pub fn floor(&self) -> Seq {
        self.last().floor
    }

    /// The event here that took in the one from which they came; zero in their own.
    pub fn taken_in(&self) -> Seq {
        self.last().taken_in
    }

    /// The first event of a conversation that is theirs; nothing where they are not on its way.
    pub fn floor_of(&self, id: ConversationId) -> Option<Seq> {
        let stop = self.way.iter().find(|stop| stop.id == id)?;
        Some(stop.floor)
    }

    /// The conversations through which they came here.
    pub fn before(&self) -> impl Iterator<Item = ConversationId> {
        let before = self.way.len() - 1;
        self.way.iter().take(before).map(|stop| stop.id)
    }
}

impl Engine {
    /// Where whoever comes from a conversation is led, as far as their pass follows. What is cut off or over on the way is finished first; where that cannot be done now, they stay
    /// before it.
    ///
    /// # Errors
    /// When the store cannot read their own.
    pub async fn led(&self, own: ConversationId, follows: Follows) -> Result<Led, EngineError> {
        let mut led = Led::at(own);
        let mut tries = 0;
        while tries < FAR {
            tries += 1;
            let last = led.here();
            let ends = |state: &State| {
                let next = state.merge.as_ref().map(|merge| (merge.into, merge.of));
                (state.moving().is_some(), next)
            };
            let (moving, next) = self.look(last, ends).await?;
            if moving {
                if let Err(error) = self.finish_merge(last).await {
                    tracing::warn!(conversation = %last, %error, "a merge is not finished");
                    break;
                }
                continue;
            }
            let Some((next, of)) = next.filter(|(next, _)| led.floor_of(*next).is_none()) else {
                break;
            };
            match self.leads(last, next).await? {
                Some(_) if last == own && !follows.goes_with(of) => {
                    led.stays = true;
                    break;
                }
                Some(stop) => led.way.push(stop),
                None => {
                    if let Err(error) = self.part(last, next).await {
                        tracing::warn!(conversation = %last, %error, "it is over, and not parted yet");
                        break;
                    }
                }
            }
        }
        Ok(led)
    }

    /// How one leads into the other; nothing where it does not any more, or where the other one is damaged.
    async fn leads(
        &self,
        from: ConversationId,
        into: ConversationId,
    ) -> Result<Option<Stop>, EngineError> {
        let (now, limits) = (self.now(), self.settings().limits);
        let stop = |state: &State| {
            let joined = state.joined(from)?;
            state.leads(from, now, &limits).then_some(Stop {
                id: into,
                floor: joined.floor,
                taken_in: joined.seq,
            })
        };
        match self.look(into, stop).await {
            Err(EngineError::Store(StoreError::Corrupt(why))) => {
                tracing::error!(conversation = %into, why, "another one goes on in it");
                Ok(None)
            }
            other => other,
        }
    }

    /// The conversation in which one goes on; itself where it was never merged, or goes its own way again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn continued(&self, id: ConversationId) -> Result<ConversationId, EngineError> {
        Ok(self.led(id, Follows::Always).await?.here())
    }

    /// Whether an act was done in a conversation through which somebody came: it is not done again where they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn did_before(&self, led: &Led, act: &ClientId) -> Result<bool, EngineError> {
        for before in led.before() {
            let known = |state: &State| (state.acts.knows(act), state.acts.may_have_forgotten(act));
            let (known, forgot) = self.look(before, known).await?;
            if known {
                return Ok(true);
            }
            let found = || self.store().find_act(before, act);
            if forgot && found().await.map_err(EngineError::Store)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
