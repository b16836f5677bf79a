//! Two conversations of one person, merged and parted again with both of them held.
//!
//! A kill between two appends leaves a conversation that says what was to happen; it is finished at the next start, or called off where the other one
//! does not take it any more. Whose turn it is says [`next_turn`].

use super::agent_door::AgentDoor;
use super::conversations::{Slot, Step};
use super::{Engine, EngineError};
use crate::conversation::{
    AbuseLevel, Command, DeskCommand, MergeStep, Parting, Refusal, Says, Shared, State, Turn,
    next_turn,
};
use crate::ids::{AgentId, ClientId, ConversationId, Lang, Seq, SiteId};
use crate::ports::StoreError;
use crate::topics::Reader;

/// Most turns of a merge or its undoing.
const TURNS: usize = 3;

type Held<'a> = tokio::sync::MutexGuard<'a, Option<State>>;

impl Engine {
    /// Both conversations, held in the order of their ids so that two merges never wait for one another. Nothing in place of the state of a damaged one.
    async fn hold<'a>(
        &self,
        (one, one_slot): (ConversationId, &'a Slot),
        (other, other_slot): (ConversationId, &'a Slot),
    ) -> Result<(Held<'a>, Held<'a>), EngineError> {
        let (mut first, mut second) = if one < other {
            let first = one_slot.lock().await;
            (first, other_slot.lock().await)
        } else {
            let second = other_slot.lock().await;
            (one_slot.lock().await, second)
        };
        self.known(one, &mut first).await?;
        self.known(other, &mut second).await?;
        Ok((first, second))
    }

    /// Runs to its end even if the caller goes away.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, EngineError>> + Send + 'static,
    ) -> Result<T, EngineError> {
        let task = self.runtime().spawn(work);
        task.await
            .map_err(|died| EngineError::Internal(died.to_string()))?
    }

    /// Folds a conversation that is held and not known; a damaged one stays unknown.
    async fn known(&self, id: ConversationId, held: &mut Option<State>) -> Result<(), EngineError> {
        if held.is_none() {
            *held = match self.fold(id).await {
                Ok(state) => Some(state),
                Err(EngineError::Store(StoreError::Corrupt(why))) => {
                    tracing::error!(conversation = %id, why, "left out of a merge");
                    None
                }
                Err(other) => return Err(other),
            };
        }
        Ok(())
    }

    /// Finishes what was cut off between a conversation and another one, or calls it off.
    ///
    /// # Errors
    /// When the store does not do it: then it is still to be finished.
    pub(super) async fn finish_merge(&self, id: ConversationId) -> Result<(), EngineError> {
        match self.look(id, State::moving).await? {
            Some(other) => self.go_on_with(id, other, None).await,
            None => Ok(()),
        }
    }

    /// The session is over in which `id` went on in `into`: each goes its own way again.
    ///
    /// # Errors
    /// When the store does not do it.
    pub(super) async fn part(
        &self,
        id: ConversationId,
        into: ConversationId,
    ) -> Result<(), EngineError> {
        self.go_on_with(id, into, Some(DeskCommand::Part)).await
    }

    async fn go_on_with(
        &self,
        id: ConversationId,
        other: ConversationId,
        begin: Option<DeskCommand>,
    ) -> Result<(), EngineError> {
        let engine = self.clone();
        self.apart(async move {
            let slots = (
                engine.conversations().slot(id),
                engine.conversations().slot(other),
            );
            let (mut from, mut into) = engine.hold((id, &slots.0), (other, &slots.1)).await?;
            if let Some(begin) = begin {
                let ends = |state: &State| (state.merged_into(), state.moving());
                match from.as_ref().map(ends) {
                    Some((_, Some(moving))) if moving == other => {}
                    Some((Some(into), None)) if into == other => {
                        engine.work(id, &mut from, None, decided(begin)).await?;
                    }
                    Some(_) | None => return engine.left_alone(id, (other, &mut into)).await,
                }
            }
            match engine.go_on((id, &mut from), (other, &mut into)).await {
                // It is called off, and so finished.
                Err(EngineError::Refused(why)) => {
                    tracing::info!(conversation = %id, into = %other, %why, "called off");
                    Ok(())
                }
                other => other,
            }
        })
        .await
    }

    /// The other one is damaged, or was never told: what it is owed stays here.
    async fn left_alone(
        &self,
        from: ConversationId,
        (id, held): (ConversationId, &mut Option<State>),
    ) -> Result<(), EngineError> {
        let joined = held.as_ref().and_then(|state| state.joined(from));
        let Some(of) = joined.map(|joined| joined.of) else {
            return Ok(());
        };
        let alone = DeskCommand::GiveBack {
            from,
            of,
            why: Parting::Alone,
            says: (String::new(), Lang::es()),
        };
        self.work(id, held, None, decided(alone)).await
    }

    /// The turns that are left of a merge, or of its undoing. A refusal has called it off.
    async fn go_on(
        &self,
        (id, from): (ConversationId, &mut Option<State>),
        (other, into): (ConversationId, &mut Option<State>),
    ) -> Result<(), EngineError> {
        for _ in 0..TURNS {
            self.known(id, from).await?;
            self.known(other, into).await?;
            let turn = from.as_ref().and_then(|state| {
                let says = self.says(state, into.as_ref());
                next_turn(id, state, (other, into.as_ref()), says)
            });
            match turn {
                None => return Ok(()),
                Some(Turn::From(command)) => self.work(id, from, None, decided(command)).await?,
                Some(Turn::Into(command)) => {
                    let done = self.work(other, into, None, decided(command)).await;
                    if let Err(EngineError::Refused(why)) = done {
                        let off = decided(DeskCommand::CallOff);
                        self.work(id, from, None, off).await?;
                        return Err(EngineError::Refused(why));
                    }
                    done?;
                }
            }
        }
        Ok(())
    }

    /// What a visitor is told with what is under way, in their language and style.
    fn says(&self, from: &State, into: Option<&State>) -> Says {
        let step = from.merge.as_ref().map(|merge| merge.step);
        let (here, there) = match step {
            Some(MergeStep::Undoing(_)) => ("unmerged", "unmerged"),
            // Of one that cannot be read nobody knows whether it has ended.
            Some(MergeStep::Parting) if into.is_none() => ("unmerged", "unmerged"),
            Some(MergeStep::Parting) => ("parted", "unmerged"),
            Some(MergeStep::Begun | MergeStep::Done) | None => ("merged_there", "merged_here"),
        };
        Says {
            from: self.told(from, here),
            into: self.told(into.unwrap_or(from), there),
        }
    }

    fn told(&self, state: &State, key: &str) -> (String, Lang) {
        let live = self.live();
        let opening = (state.session.as_ref())
            .map_or_else(|| self.plain_opening(), |session| session.opening.clone());
        let tag = self.reader_lang(&opening.site, &opening.lang);
        let reader = Reader::new(&live.catalog, &opening.site, &tag, opening.style);
        (reader.engine(key, &[]), opening.lang)
    }
}

/// A step that is done once: where it was done already, it is done.
fn decided(command: DeskCommand) -> impl FnOnce(&mut Step<'_>) -> Result<(), Refusal> {
    move |step| match step.decide(Command::Desk(command)) {
        Ok(_) | Err(Refusal::Duplicate(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

pub(super) fn site(state: &State) -> Option<&SiteId> {
    state.session.as_ref().map(|session| &session.opening.site)
}

impl AgentDoor {
    /// Lets `id` go on in `into`, which this agent has: of the same person, as far as that is proven in both.
    ///
    /// # Errors
    /// `Itself`, `NotSame`, `OtherSite`, `Merged`, `NotOwner` where a colleague has either, `Closed` where `into` is closed, `Stale` where the visitor
    /// wrote in `id` behind `seen`, `Blocked` for somebody who is kept from people.
    pub async fn merge(
        &self,
        id: ConversationId,
        client_id: ClientId,
        into: ConversationId,
        seen: Seq,
    ) -> Result<Seq, EngineError> {
        if id == into {
            return Err(EngineError::Refused(Refusal::Itself));
        }
        let engine = self.engine().clone();
        if !engine.exists(id).await? || !engine.exists(into).await? {
            return Err(EngineError::NotFound);
        }
        let me = self.me().clone();
        let (working, act) = (engine.clone(), client_id.clone());
        engine
            .apart(async move {
                let engine = working;
                let slots = (
                    engine.conversations().slot(id),
                    engine.conversations().slot(into),
                );
                let (mut from, mut other) = engine.hold((id, &slots.0), (into, &slots.1)).await?;
                let (Some(one), Some(two)) = (&*from, &*other) else {
                    return Err(EngineError::NotFound);
                };
                if !one.acts.knows(&act) {
                    // Whatever the other one would refuse is refused before anything is said.
                    may_take(one, two, me.id)?;
                    let (now, limits) = (engine.now(), engine.settings().limits);
                    if !two.is_running(now, &limits) {
                        return Err(EngineError::Refused(Refusal::Closed));
                    }
                    if site(one) != site(two) {
                        return Err(EngineError::Refused(Refusal::OtherSite));
                    }
                    let proofs = |state: &State| state.proofs(now, &limits);
                    if !Shared::of(&proofs(one), &proofs(two)).same_person() {
                        return Err(EngineError::Refused(Refusal::NotSame));
                    }
                }
                let merge = DeskCommand::Merge {
                    client_id,
                    agent: me.id,
                    name: me.name,
                    into,
                    seen,
                };
                engine.work(id, &mut from, None, decided(merge)).await?;
                engine.go_on((id, &mut from), (into, &mut other)).await?;
                // The same act, sent again behind its undoing or after it was called off, merges nothing.
                match &*from {
                    Some(state) if state.merged_into() == Some(into) => Ok(state.seq),
                    _ => Err(EngineError::Refused(Refusal::Stale)),
                }
            })
            .await
    }

    /// Lets `id` go on by itself again, as it was, with what is owed still.
    ///
    /// # Errors
    /// `Nothing` where it was not merged, `TooLate`, `NotOwner` where a colleague has the other one, `Merged` where that one was merged itself, `Stale`
    /// while something waits there that the visitor wrote behind the merge.
    pub async fn unmerge(
        &self,
        id: ConversationId,
        client_id: ClientId,
    ) -> Result<Seq, EngineError> {
        let engine = self.engine().clone();
        let merged = |state: &State| (state.merged_into(), state.acts.knows(&client_id));
        let (into, known) = engine.look(id, merged).await?;
        let Some(into) = into else {
            return if known {
                Ok(Seq::ZERO)
            } else {
                Err(EngineError::NotFound)
            };
        };
        let me = self.me().clone();
        let working = engine.clone();
        engine
            .apart(async move {
                let engine = working;
                let slots = (
                    engine.conversations().slot(id),
                    engine.conversations().slot(into),
                );
                let (mut from, mut other) = engine.hold((id, &slots.0), (into, &slots.1)).await?;
                // It may have been parted, or merged elsewhere, meanwhile.
                if from
                    .as_ref()
                    .is_none_or(|state| state.merged_into() != Some(into))
                {
                    return Err(EngineError::Refused(Refusal::Stale));
                }
                if let Some(other) = &*other {
                    if other.merge.is_some() {
                        return Err(EngineError::Refused(Refusal::Merged));
                    }
                    if other.agent().is_some_and(|owner| owner != me.id) {
                        return Err(EngineError::Refused(Refusal::NotOwner));
                    }
                }
                let apart = DeskCommand::Unmerge {
                    client_id,
                    agent: me.id,
                    name: me.name,
                };
                engine.work(id, &mut from, None, decided(apart)).await?;
                engine.go_on((id, &mut from), (into, &mut other)).await?;
                // The same act, sent again after it was called off, parts nothing.
                match &*from {
                    Some(state) if state.merge.is_none() => Ok(state.seq),
                    _ => Err(EngineError::Refused(Refusal::Stale)),
                }
            })
            .await
    }
}

/// Whether the other one would take it in now.
fn may_take(from: &State, into: &State, me: AgentId) -> Result<(), EngineError> {
    let refused = |why| Err(EngineError::Refused(why));
    if from.merge.is_some() || into.merge.is_some() {
        return refused(Refusal::Merged);
    }
    if !into.is_open() {
        return refused(Refusal::Closed);
    }
    if into.agent() != Some(me) {
        return refused(Refusal::NotOwner);
    }
    if into.abuse == Some(AbuseLevel::Blocked) {
        return refused(Refusal::Blocked);
    }
    Ok(())
}
