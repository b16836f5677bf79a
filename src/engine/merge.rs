//! Two conversations of one person: found by what was proven in both, merged and parted again with both of them held.
//!
//! A kill between two appends leaves a conversation that says what was to happen; it is finished at the next start, or called off where the other one
//! does not take it any more.

use std::collections::{BTreeMap, BTreeSet};

use super::conversations::{Slot, Step};
use super::doors::AgentDoor;
use super::{Engine, EngineError};
use crate::conversation::{
    AbuseLevel, Body, Command, DeskCommand, MergeStep, Proof, Refusal, Shared, State, proven,
};
use crate::ids::{AgentId, ClientId, ConversationId, Lang, Seq, SiteId, SlotName, Timestamp};
use crate::protocol::agent::{Merged, PromiseCard, ProvenBy, Related};
use crate::topics::{Catalog, Reader, SlotKind};

/// Other conversations of a person that are shown.
const SHOWN: usize = 5;
/// Conversations that may hang together: longer ways end here.
const FAR: usize = 20;

type Held<'a> = tokio::sync::MutexGuard<'a, Option<State>>;

impl Engine {
    /// The conversations in which one goes on, from itself to the one where it goes on now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn trail(&self, id: ConversationId) -> Result<Vec<ConversationId>, EngineError> {
        let mut trail = vec![id];
        let mut last = id;
        while trail.len() <= FAR {
            let ends = |state: &State| (state.moving().is_some(), state.merged_into());
            let (moving, next) = self.look(last, ends).await?;
            if moving {
                // Where it cannot be finished now, its own words are kept where it says that it goes on.
                self.finish_merge(last).await?;
                continue;
            }
            match next {
                Some(next) if !trail.contains(&next) => trail.push(next),
                Some(_) | None => break,
            }
            last = next.unwrap_or(last);
        }
        Ok(trail)
    }

    /// The conversation in which one goes on; itself where it was never merged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn continued(&self, id: ConversationId) -> Result<ConversationId, EngineError> {
        Ok(self.trail(id).await?.last().copied().unwrap_or(id))
    }

    /// The conversations through which whoever comes from one is led, from itself to where it goes on for them; only itself once any of the sessions
    /// in between is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn led(&self, own: ConversationId) -> Result<Vec<ConversationId>, EngineError> {
        let trail = self.trail(own).await?;
        let (now, limits) = (self.now(), self.settings().limits);
        let steps = trail.iter().zip(trail.iter().skip(1));
        for (from, into) in steps {
            let leads = |state: &State| state.leads(*from, now, &limits);
            if !self.look(*into, leads).await? {
                return Ok(vec![own]);
            }
        }
        Ok(trail)
    }

    /// The words of a promise that came from another conversation, asked for where they were written.
    async fn words_of(
        &self,
        mut from: ConversationId,
        case: &str,
    ) -> Result<Option<String>, EngineError> {
        for _ in 0..FAR {
            let owed = |state: &State| {
                let owed = state.ever_owed(case);
                owed.map(|owed| (owed.what.clone(), owed.from))
            };
            match self.look(from, owed).await? {
                Some((_, Some(before))) => from = before,
                Some((what, None)) => return Ok(Some(what).filter(|what| !what.is_empty())),
                None => break,
            }
        }
        Ok(None)
    }

    /// The event with which a conversation took another one in; zero where it did not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn joined_at(
        &self,
        id: ConversationId,
        from: ConversationId,
    ) -> Result<Seq, EngineError> {
        let joined = move |state: &State| state.joined(from).map(|joined| joined.seq);
        Ok(self.look(id, joined).await?.unwrap_or(Seq::ZERO))
    }

    /// Whether a conversation knows an act: it came before that one went on elsewhere.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn knows(&self, id: ConversationId, act: &ClientId) -> Result<bool, EngineError> {
        let known = |state: &State| (state.acts.knows(act), state.acts.may_have_forgotten(act));
        let (known, forgot) = self.look(id, known).await?;
        if known || !forgot {
            return Ok(known);
        }
        let found = self.store().find_act(id, act).await;
        Ok(found.map_err(EngineError::Store)?.is_some())
    }

    /// Both conversations, held in the order of their ids so that two merges never wait for one another.
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
        if first.is_none() {
            *first = Some(self.fold(one).await?);
        }
        if second.is_none() {
            *second = Some(self.fold(other).await?);
        }
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

    /// Finishes a merge or its undoing that was cut off, or calls it off.
    ///
    /// # Errors
    /// When the store does not do it: then it is still to be finished.
    pub(super) async fn finish_merge(&self, id: ConversationId) -> Result<(), EngineError> {
        let Some(other) = self.look(id, State::moving).await? else {
            return Ok(());
        };
        let engine = self.clone();
        self.apart(async move {
            let slots = (
                engine.conversations().slot(id),
                engine.conversations().slot(other),
            );
            let (mut from, mut into) = engine.hold((id, &slots.0), (other, &slots.1)).await?;
            match engine.go_on((id, &mut from), (other, &mut into)).await {
                // It is called off, and so finished.
                Err(EngineError::Refused(why)) => {
                    tracing::info!(conversation = %id, into = %other, %why, "a merge was called off");
                    Ok(())
                }
                other => other,
            }
        })
        .await
    }

    /// The second and third append of a merge, or of its undoing. A refusal has called it off.
    async fn go_on(
        &self,
        (id, from): (ConversationId, &mut Option<State>),
        (other, into): (ConversationId, &mut Option<State>),
    ) -> Result<(), EngineError> {
        let state = match from.take() {
            Some(state) => state,
            None => self.fold(id).await?,
        };
        let merge = state.merge.clone();
        let lang = state.lang().cloned();
        let (owed, unanswered) = state.hand_over();
        *from = Some(state);
        let Some(merge) = merge.filter(|merge| merge.into == other) else {
            return Ok(());
        };
        let name = self.name_of(id, merge.of).await?;
        let says_there = self.says(from.as_ref(), "merged_there", "unmerged", merge.step, &lang);
        let says_here = self.says(into.as_ref(), "merged_here", "unmerged", merge.step, &lang);
        let (of, agent) = (merge.of, merge.agent);
        match merge.step {
            MergeStep::Done => Ok(()),
            MergeStep::Begun => {
                let take = DeskCommand::TakeIn {
                    from: id,
                    of,
                    agent,
                    name: name.clone(),
                    owed,
                    unanswered,
                    says: says_here,
                };
                let taken = self.work(other, into, None, decided(take)).await;
                self.settled((id, from), taken).await?;
                let done = DeskCommand::Merged {
                    name,
                    says: says_there,
                };
                self.work(id, from, None, decided(done)).await
            }
            MergeStep::Undoing(agent) => {
                let give = DeskCommand::GiveBack {
                    from: id,
                    of,
                    agent,
                    name,
                    says: says_here,
                };
                let given = self.work(other, into, None, decided(give)).await;
                self.settled((id, from), given).await?;
                let back = into.as_ref().and_then(|state| {
                    let joined = state.joined.iter().find(|joined| joined.from == id);
                    joined.and_then(|joined| joined.back.clone())
                });
                let parted = DeskCommand::Unmerged {
                    back: back.unwrap_or_default(),
                    says: says_there,
                };
                self.work(id, from, None, decided(parted)).await
            }
        }
    }

    /// The other one has it, has had it, or does not take it: then nothing came of it.
    async fn settled(
        &self,
        (id, from): (ConversationId, &mut Option<State>),
        done: Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        match done {
            Err(EngineError::Refused(why)) => {
                let off = decided(DeskCommand::CallOff);
                self.work(id, from, None, off).await?;
                Err(EngineError::Refused(why))
            }
            other => other,
        }
    }

    /// Name of who began a merge.
    async fn name_of(&self, id: ConversationId, of: Seq) -> Result<String, EngineError> {
        let before = Seq(of.0.saturating_sub(1));
        let events = self.store().read(id, before, 1).await;
        let events = events.map_err(EngineError::Store)?;
        Ok(match events.first().map(|event| &event.body) {
            Some(Body::MergeBegun { name, .. }) => name.clone(),
            _ => String::new(),
        })
    }

    /// What a visitor is told, in their language and style.
    fn says(
        &self,
        state: Option<&State>,
        merged: &str,
        parted: &str,
        step: MergeStep,
        lang: &Option<Lang>,
    ) -> (String, Lang) {
        let key = match step {
            MergeStep::Begun | MergeStep::Done => merged,
            MergeStep::Undoing(_) => parted,
        };
        let live = self.live();
        let opening = state
            .and_then(|state| state.session.as_ref())
            .map_or_else(|| self.plain_opening(), |session| session.opening.clone());
        let lang = state
            .and_then(|state| state.lang().cloned())
            .or_else(|| lang.clone())
            .unwrap_or_else(Lang::es);
        let tag = self.reader_lang(&opening.site, &lang);
        let reader = Reader::new(&live.catalog, &opening.site, &tag, opening.style);
        (reader.engine(key, &[]), lang)
    }

    /// Other conversations in which the same was proven, as far as the index knows; each is still to be looked at.
    fn candidates(&self, of: ConversationId, proofs: &BTreeSet<Proof>) -> Vec<ConversationId> {
        let given = proofs.iter().flat_map(|proof| {
            let given = self.inner.contacts.given(proof.value());
            given.into_iter().filter(|given| !given.verified.is_empty())
        });
        let mut latest: BTreeMap<ConversationId, Timestamp> = BTreeMap::new();
        for one in given.filter(|given| given.conversation != of) {
            let at = latest.entry(one.conversation).or_insert(one.at);
            *at = (*at).max(one.at);
        }
        let mut found: Vec<_> = latest.into_iter().collect();
        found.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        found
            .into_iter()
            .take(SHOWN * 2)
            .map(|(id, _)| id)
            .collect()
    }
}

/// A step that is done once: where it was done already, it is done.
fn decided(command: DeskCommand) -> impl FnOnce(&mut Step<'_>) -> Result<(), Refusal> {
    move |step| match step.decide(Command::Desk(command)) {
        Ok(_) | Err(Refusal::Duplicate(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

pub(super) fn proofs(state: &State, catalog: &Catalog) -> BTreeSet<Proof> {
    proven(state, |check| {
        let check = catalog.checks.get(check);
        check.map_or_else(Vec::new, |check| {
            let slots = check.slots.iter();
            slots
                .map(|slot| (slot.name.clone(), slot.rule.kind == SlotKind::Phone))
                .collect::<Vec<(SlotName, bool)>>()
        })
    })
}

fn site(state: &State) -> Option<&SiteId> {
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
                let catalog = std::sync::Arc::clone(&engine.live().catalog);
                let slots = (
                    engine.conversations().slot(id),
                    engine.conversations().slot(into),
                );
                let (mut from, mut other) = engine.hold((id, &slots.0), (into, &slots.1)).await?;
                if let (Some(one), Some(two)) = (&*from, &*other)
                    && !one.acts.knows(&act)
                {
                    // Whatever the other one would refuse is refused before anything is said.
                    may_take(one, two, me.id)?;
                    let (now, limits) = (engine.now(), engine.settings().limits);
                    if !two.is_running(now, &limits) {
                        return Err(EngineError::Refused(Refusal::Closed));
                    }
                    if site(one) != site(two) {
                        return Err(EngineError::Refused(Refusal::OtherSite));
                    }
                    if !Shared::of(&proofs(one, &catalog), &proofs(two, &catalog)).same_person() {
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

    /// Other conversations of the same person: merged ones, and those in whose running session the same was proven. What is not on the desk is shown
    /// to whoever has this one, and to leads. Promises that came from a merged one get their words from it.
    pub(super) async fn related(
        &self,
        id: ConversationId,
        promises: &mut [PromiseCard],
    ) -> Result<Vec<Related>, EngineError> {
        let engine = self.engine();
        let live = engine.live();
        let (now, limits) = (engine.now(), engine.settings().limits);
        let (mine, joins, merged, own_site, wordless, holds, running) = engine
            .look(id, |state| {
                let joins: Vec<_> = (state.joined.iter())
                    .filter(|joined| joined.back.is_none())
                    .map(|joined| joined.from)
                    .collect();
                let from = state.promises.iter().filter(|owed| owed.from.is_some());
                let wordless: Vec<_> = from
                    .map(|owed| (owed.promise.case.clone(), owed.from))
                    .collect();
                (
                    proofs(state, &live.catalog),
                    joins,
                    state.merged_into(),
                    site(state).cloned(),
                    wordless,
                    state.agent() == Some(self.me().id),
                    state.is_running(now, &limits),
                )
            })
            .await?;
        for card in promises.iter_mut() {
            let from = wordless.iter().find(|(case, _)| *case == card.case);
            if let Some((case, Some(from))) = from
                && card.what.is_none()
            {
                card.what = match engine.words_of(*from, case).await {
                    Ok(what) => what,
                    Err(error) => {
                        tracing::warn!(conversation = %from, %error, "the words of a promise");
                        None
                    }
                };
            }
        }
        let mut found: Vec<ConversationId> = joins.iter().copied().chain(merged).collect();
        for one in engine.candidates(id, &mine) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
        let (me, lang) = (self.me().id, self.me().lang.clone());
        let all = holds || self.leads();
        let mut related = Vec::new();
        for other in found {
            let seen = engine
                .look(other, |state| {
                    let joined = joins.contains(&other);
                    let here = state.merged_into() == Some(id);
                    let undo = if here { state.unmerge_until() } else { None };
                    let shared = Shared::of(&mine, &proofs(state, &live.catalog));
                    let same = shared.any() && site(state) == own_site.as_ref();
                    let on_desk = state.place().is_some() || !state.promises.is_empty();
                    let shown = same && state.merge.is_none() && (all || on_desk);
                    if !joined && merged != Some(other) && !shown {
                        return None;
                    }
                    let card = super::card::card(state, &live.catalog, &lang);
                    Some(Related {
                        conversation: other,
                        seq: state.seq,
                        at: state.visitor_at,
                        about: card.wants,
                        state: card.state,
                        agent_name: card.agent_name,
                        mergeable: !joined
                            && merged.is_none()
                            && shared.same_person()
                            && running
                            && state.is_running(now, &limits)
                            && state.agent().is_none_or(|agent| agent == me)
                            && state.abuse != Some(AbuseLevel::Blocked),
                        merged: match (joined, merged == Some(other)) {
                            (true, _) => Some(Merged::Here),
                            (false, true) => Some(Merged::There),
                            (false, false) => None,
                        },
                        undo_until: undo.filter(|until| *until > now),
                        proven: proven_by(shared),
                    })
                })
                .await;
            match seen {
                Ok(seen) => related.extend(seen),
                // A damaged one costs only its own line.
                Err(error) => tracing::warn!(conversation = %other, %error, "not shown beside"),
            }
        }
        // Until when this one can be parted again is known here.
        if let Some(into) = merged {
            let until = engine.look(id, State::unmerge_until).await?;
            if let Some(there) = related.iter_mut().find(|one| one.conversation == into) {
                there.undo_until = until.filter(|until| *until > now);
            }
        }
        related.truncate(SHOWN + joins.len());
        Ok(related)
    }

    /// Whether a conversation is of the same person as one that this agent has, or was merged into one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_of_mine(&self, id: ConversationId) -> Result<bool, EngineError> {
        let engine = self.engine();
        let live = engine.live();
        let me = Some(self.me().id);
        let ends = |state: &State| {
            (
                proofs(state, &live.catalog),
                state.merged_into(),
                site(state).cloned(),
            )
        };
        let (proofs_of, merged, own_site) = engine.look(id, ends).await?;
        if let Some(into) = merged
            && engine.look(into, |state| state.agent() == me).await?
        {
            return Ok(true);
        }
        for other in engine.candidates(id, &proofs_of) {
            let mine = engine
                .look(other, |state| {
                    state.agent() == me
                        && site(state) == own_site.as_ref()
                        && Shared::of(&proofs_of, &proofs(state, &live.catalog)).any()
                })
                .await;
            if mine.unwrap_or(false) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What was proven in both, as an agent is told.
fn proven_by(shared: Shared) -> Vec<ProvenBy> {
    let all = [
        (shared.subject, ProvenBy::Reference),
        (shared.phone, ProvenBy::Phone),
        (shared.mail, ProvenBy::Mail),
    ];
    let shared = all.into_iter().filter(|(is, _)| *is);
    shared.map(|(_, by)| by).collect()
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
