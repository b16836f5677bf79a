//! Where whoever holds the token of a conversation is now: in that one, or in the one in which it goes on.
//!
//! A merge stands as long as it leads. Once the session is over in which it was taken in, each goes its own way again, whoever asks first.

use super::{Engine, EngineError};
use crate::conversation::{LED_MS, Limits, Refusal, State};
use crate::ids::{ClientId, ConversationId, Follows, Seq, Timestamp};
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

    /// Whether they are led here still, as this one is now: asked with every act, for it may have parted from the one before, or its next session begun.
    ///
    /// # Errors
    /// `Merged` where they are elsewhere.
    pub(super) fn holds(
        &self,
        here: &State,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<(), Refusal> {
        let Some(from) = self.before().last() else {
            return Ok(());
        };
        let joined = here.joined(from);
        if joined.is_some_and(|joined| joined.seq == self.taken_in())
            && here.leads(from, now, limits)
        {
            Ok(())
        } else {
            Err(Refusal::Merged)
        }
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
        unless_damaged(into, self.look(into, stop).await)
    }

    /// The conversation in which one goes on; itself where it was never merged, or goes its own way again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn continued(&self, id: ConversationId) -> Result<ConversationId, EngineError> {
        Ok(self.led(id, Follows::Always).await?.here())
    }

    /// The event of an act, wherever it was done: in a conversation on the way here, or in one where its visitor was before they came home.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn did_before(
        &self,
        led: &Led,
        act: &ClientId,
    ) -> Result<Option<(ConversationId, Seq)>, EngineError> {
        for before in led.before() {
            if let Some(seq) = unless_damaged(before, self.did(before, act).await)? {
                return Ok(Some((before, seq)));
            }
        }
        for stay in self.stays(led, self.now().plus(-LED_MS)).await? {
            if let Some(seq) = unless_damaged(stay.id, self.did(stay.id, act).await)? {
                let before = Seq(seq.0.saturating_sub(1));
                let read = self.store().read(stay.id, before, 1).await;
                let at = read.map_err(EngineError::Store)?.first().map(|one| one.at);
                // Ids are the clients' own: what somebody else did there is another act.
                if at.is_some_and(|at| stay.from <= at && at <= stay.until) {
                    return Ok(Some((stay.id, seq)));
                }
            }
        }
        Ok(None)
    }

    /// The event of an act in a conversation.
    pub(super) async fn did(
        &self,
        id: ConversationId,
        act: &ClientId,
    ) -> Result<Option<Seq>, EngineError> {
        match self.look(id, |state| state.acts.event(act)).await? {
            Some(seq) => Ok(Some(seq)),
            None => self.long_done(id, act).await,
        }
    }

    /// Every conversation through which a visitor came here, or was led before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn been_in(&self, led: &Led) -> Result<Vec<ConversationId>, EngineError> {
        let stays = self.stays(led, Timestamp(i64::MIN)).await?;
        let way = led.way.iter().map(|stop| stop.id);
        Ok(way.chain(stays.iter().map(|stay| stay.id)).collect())
    }

    /// Where whoever comes by a way was led before, each with the time that they were there, as far as that was not over before `since`.
    async fn stays(&self, led: &Led, since: Timestamp) -> Result<Vec<Stay>, EngineError> {
        let whole = |stop: &Stop| Stay {
            id: stop.id,
            from: since,
            until: Timestamp(i64::MAX),
        };
        let mut stays: Vec<Stay> = led.way.iter().map(whole).collect();
        let mut nth = 0;
        while let Some(stay) = stays.get(nth).copied().filter(|_| nth < FAR) {
            let went = |state: &State| {
                let ended = (state.went.iter()).filter_map(|merge| Some((merge, merge.ended?)));
                let stays = ended.map(|(merge, ended)| Stay {
                    id: merge.into,
                    from: merge.at.max(stay.from),
                    until: ended.min(stay.until),
                });
                stays.collect::<Vec<_>>()
            };
            let went = unless_damaged(stay.id, self.look(stay.id, went).await)?;
            stays.extend(went.into_iter().filter(|stay| stay.from <= stay.until));
            nth += 1;
        }
        Ok(stays.split_off(led.way.len()))
    }
}

/// One that is damaged keeps nobody from their own: it is as if nothing were there.
fn unless_damaged<T: Default>(
    id: ConversationId,
    found: Result<T, EngineError>,
) -> Result<T, EngineError> {
    match found {
        Err(EngineError::Store(StoreError::Corrupt(why))) => {
            tracing::error!(conversation = %id, why, "another one goes on, or went on, in it");
            Ok(T::default())
        }
        other => other,
    }
}

/// Where somebody was led for a while.
#[derive(Debug, Clone, Copy)]
struct Stay {
    id: ConversationId,
    from: Timestamp,
    until: Timestamp,
}
