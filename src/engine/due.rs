//! What is due and when: deadlines of conversations, from a start on and after each command.

use super::{Engine, EngineError, bot};
use crate::conversation::{Deadline, DeadlineKind, Owner, State};
use crate::ids::{AgentId, ConversationId, Follows, Timestamp};
use crate::ports::StoreError;

/// A visitor counts as typing for this long after the last sign.
const TYPING_MS: i64 = 1_500;
/// What could not be done is tried again after this time.
const AGAIN_MS: i64 = 1_000;

impl Engine {
    /// Takes up what was open when the server stopped: deadlines, the queue, calls that were lost. To be called once, before the doors open.
    /// Gives how many conversations that are.
    ///
    /// What the store cannot read now is tried again in the background until it can; a damaged conversation is logged and left out.
    ///
    /// # Errors
    /// When the store cannot tell which are open.
    pub async fn take_up(&self) -> Result<usize, EngineError> {
        let open = self
            .store()
            .open_conversations()
            .await
            .map_err(EngineError::Store)?;
        self.settle_notices().await?;
        self.load_improvements().await?;
        let mut left = Vec::new();
        for id in &open {
            if !self.take_up_one(*id).await {
                left.push(*id);
            }
        }
        if !left.is_empty() {
            let engine = self.clone();
            let retrying = self
                .runtime()
                .spawn(async move { engine.take_up_later(left).await });
            self.inner.tasks.lock().push(retrying);
        }
        Ok(open.len())
    }

    async fn take_up_later(&self, mut left: Vec<ConversationId>) {
        while !left.is_empty() {
            let again = self.now().plus(AGAIN_MS);
            self.inner.clock.sleep_until(again).await;
            for id in std::mem::take(&mut left) {
                if !self.take_up_one(id).await {
                    left.push(id);
                }
            }
        }
    }

    /// Whether nothing is left to do for it.
    async fn take_up_one(&self, id: ConversationId) -> bool {
        let now = self.now();
        let found = self
            .look(id, |state| {
                self.follow_state(id, state, now);
                if let Some((agent, name)) = holder(state) {
                    self.inner
                        .desk
                        .change(|desk| desk.begin_grace(agent, &name, now));
                }
                let call = state.call.as_ref().filter(|call| call.answer.is_none());
                let away = state.moving().is_some() || state.owed_elsewhere();
                (call.map(|call| call.id), away)
            })
            .await;
        match found {
            // What was cut off between two conversations is finished before anybody can write there, and what is owed in one that is lost is owed here.
            Ok((_, true)) => match self.led(id, Follows::Always).await {
                Ok(_) => true,
                Err(error) => {
                    tracing::warn!(conversation = %id, %error, "a merge is not finished yet, trying again");
                    false
                }
            },
            Ok((Some(lost), false)) => {
                self.lose_call(id, lost).await;
                true
            }
            Ok((None, false)) => true,
            Err(EngineError::Store(StoreError::Unavailable(why))) => {
                tracing::warn!(conversation = %id, why, "not taken up yet, trying again");
                false
            }
            Err(error) => {
                tracing::error!(conversation = %id, %error, "left out at start");
                true
            }
        }
    }

    /// What is due in a conversation, soonest first. While the server was down nobody could take anything from the queue: whose wait ended then
    /// gets a grace after the start.
    fn due(&self, state: &State) -> Vec<Deadline> {
        let limits = &self.settings().limits;
        let earliest = self.inner.started.plus(limits.grace_ms);
        let mut due = state.deadlines(limits);
        for deadline in &mut due {
            if deadline.kind == DeadlineKind::Queue {
                deadline.at = deadline.at.max(earliest);
            }
        }
        due.sort_unstable();
        due
    }

    /// Tells the timers and the desk what a conversation is now.
    pub(super) fn follow_state(&self, id: ConversationId, state: &State, now: Timestamp) {
        let next = self.due(state).first().map(|due| due.at);
        // Whoever is owed something that nothing watches is an orphan: there must be none, and if there is one it is seen.
        let orphan = next.is_none() && (state.is_open() || state.owes());
        let mut orphans = self.inner.orphans.lock();
        if orphan {
            tracing::error!(conversation = %id, "nothing watches what this visitor is owed");
            orphans.insert(id);
        } else {
            orphans.remove(&id);
        }
        drop(orphans);
        let late = state.promises.iter().filter(|owed| owed.late).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut owed = self.inner.owed.lock();
        if state.promises.is_empty() {
            owed.remove(&id);
        } else {
            owed.insert(id, (count(state.promises.len()), count(late)));
        }
        drop(owed);
        self.timers().set(id, next);
        let entry = crate::desk::Entry::of(state, state.headline());
        self.inner.desk.change(|desk| desk.observe(id, entry, now));
    }

    /// A deadline of this conversation has come.
    pub(super) async fn wake(&self, id: ConversationId) {
        if self.meets_others(id).await {
            return;
        }
        let engine = self.clone();
        let slot = self.conversations().slot(id);
        let result = self
            .run(id, None, move |step| {
                let limits = engine.settings().limits;
                while let Some(due) = engine.due(step.state).first().copied() {
                    if due.at > step.now {
                        break;
                    }
                    if due.kind == DeadlineKind::Answer {
                        // Somebody who is still typing is waited for, but not for ever.
                        let last = step
                            .state
                            .unanswered
                            .last()
                            .map_or(step.now, |left| left.at);
                        let latest = last.plus(limits.typing_ms);
                        let typing = slot.typing_at().plus(TYPING_MS);
                        if typing > step.now && latest > step.now {
                            engine.timers().set(id, Some(typing.min(latest)));
                            return Ok(false);
                        }
                    }
                    bot::meet(step, due.kind)?;
                }
                Ok(step.events().is_empty())
            })
            .await;
        match result {
            // Nothing was stored, so nothing has set the next deadline.
            Ok(true) => self.set_next(id).await,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(conversation = %id, %error, "a deadline was not met, trying again");
                self.timers().set(id, Some(self.now().plus(AGAIN_MS)));
            }
        }
    }

    /// What is due between this conversation and others, for which both are held. Whether there is nothing else to be done now.
    async fn meets_others(&self, id: ConversationId) -> bool {
        let (now, limits) = (self.now(), self.settings().limits);
        let due = |state: &State| (state.moving().is_some(), state.parts(now, &limits));
        let Ok((moving, parts)) = self.look(id, due).await else {
            return false;
        };
        let mut done = Ok(());
        if moving {
            done = self.finish_merge(id).await;
        }
        for (other, _) in parts {
            done = done.and(self.part(other, id).await);
        }
        if let Err(error) = &done {
            tracing::warn!(conversation = %id, %error, "a merge is not finished, trying again");
            self.timers().set(id, Some(self.now().plus(AGAIN_MS)));
        }
        moving || done.is_err()
    }

    async fn set_next(&self, id: ConversationId) {
        let next = self
            .look(id, |state| self.due(state).first().map(|due| due.at))
            .await;
        self.timers().set(id, next.ok().flatten());
    }
}

fn holder(state: &State) -> Option<(AgentId, String)> {
    match &state.owner {
        Owner::Assigned { agent, name, .. } => Some((*agent, name.clone())),
        Owner::Nobody | Owner::Bot | Owner::Queued(_) | Owner::Closed { .. } => None,
    }
}
