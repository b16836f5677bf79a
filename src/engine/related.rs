//! Other conversations of the same person, beside the one that an agent has: found by what was proven in both.

use std::collections::{BTreeMap, BTreeSet};

use super::AgentDoor;
use super::led::FAR;
use super::merge::site;
use super::{Engine, EngineError};
use crate::conversation::{AbuseLevel, Proof, Shared, State};
use crate::ids::{ConversationId, Seq, Timestamp};
use crate::protocol::agent::{Merged, PromiseCard, ProvenBy, Related};

/// Other conversations of a person that are shown.
const SHOWN: usize = 5;

impl Engine {
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

    /// Other conversations in which the same was proven, as far as the index knows; each is still to be looked at.
    pub(super) fn candidates(
        &self,
        of: ConversationId,
        proofs: &BTreeSet<Proof>,
    ) -> Vec<ConversationId> {
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

impl AgentDoor {
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
        let proofs = |state: &State| state.proofs(now, &limits);
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
                    proofs(state),
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
        let leads = self.leads();
        let mut related = Vec::new();
        for other in found {
            let seen = engine
                .look(other, |state| {
                    let joined = joins.contains(&other);
                    let here = state.merged_into() == Some(id);
                    let undo = if here { state.unmerge_until() } else { None };
                    let shared = Shared::of(&mine, &proofs(state));
                    let same = shared.any() && site(state) == own_site.as_ref();
                    let on_desk = state.place().is_some() || !state.promises.is_empty();
                    // An order number alone may be anybody's: nothing is told of them that is not on the desk.
                    let shown = same && (on_desk || leads || holds && shared.same_person());
                    let shown = shown && state.merge.is_none();
                    if !joined && merged != Some(other) && !shown {
                        return None;
                    }
                    let card = super::card::card(state, &live.catalog, &lang, (now, &limits));
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

    /// The first event that this agent may read of a conversation that did not concern them: all of it where it is on the desk, because it waits, somebody
    /// has it, or something is owed; only the session in which they were proven where it is of the same person as one that this agent has, or goes
    /// on in that one. Nothing else.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reads_from(&self, id: ConversationId) -> Result<Option<Seq>, EngineError> {
        let on_desk = |state: &State| state.place().is_some() || !state.promises.is_empty();
        if self.engine().look(id, on_desk).await? {
            return Ok(Some(Seq::ZERO));
        }
        self.reads_beside(id).await
    }

    /// The same of a conversation that is not on the desk.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reads_beside(&self, id: ConversationId) -> Result<Option<Seq>, EngineError> {
        let engine = self.engine();
        let (now, limits) = (engine.now(), engine.settings().limits);
        let proofs = |state: &State| state.proofs(now, &limits);
        let me = Some(self.me().id);
        let ends = |state: &State| {
            let (merged, site) = (state.merged_into(), site(state).cloned());
            (proofs(state), merged, site, state.floor())
        };
        let (proven, merged, own_site, floor) = engine.look(id, ends).await?;
        if let Some(into) = merged
            && engine.look(into, |state| state.agent() == me).await?
        {
            return Ok(Some(floor));
        }
        for other in engine.candidates(id, &proven) {
            let mine = |state: &State| {
                state.agent() == me
                    && site(state) == own_site.as_ref()
                    && Shared::of(&proven, &proofs(state)).same_person()
            };
            if engine.look(other, mine).await.unwrap_or(false) {
                return Ok(Some(floor));
            }
        }
        Ok(None)
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
