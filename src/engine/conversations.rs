//! The one way a command becomes stored, published events.
//!
//! One command at a time a conversation, in a task of the engine's own runtime: a client that leaves in the middle changes nothing. What is in
//! memory is only a copy: when an append fails or its outcome is unknown, it is dropped and folded anew.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use parking_lot::Mutex;

use super::hub::Heard;
use super::{Engine, EngineError};
use crate::conversation::{
    Body, Command, Event, Fresh, Keepsake, Opening, Refusal, State, Target, decide,
};
use crate::ids::{ConversationId, Seq, SessionId, SlotName, Timestamp};
use crate::listening;
use crate::ports::StoreError;

/// Events read at a time while a conversation is folded.
const PAGE: usize = 512;

/// Live conversations.
#[derive(Debug, Default)]
pub(super) struct Conversations {
    slots: Mutex<HashMap<ConversationId, Arc<Slot>>>,
}

/// One live conversation.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// The fold of what is stored; nothing while it is not known. The async mutex is fair: commands run in the order in which they came.
    state: tokio::sync::Mutex<Option<State>>,
    /// When the visitor was last seen writing.
    typing_at: AtomicI64,
    /// When it was last used.
    used_at: AtomicI64,
    /// The visitor's connections.
    visitors: AtomicU32,
    /// What the person who is proven in it wanted kept in others, as it was last looked up.
    elsewhere: Mutex<Arc<Elsewhere>>,
}

/// What one person wanted kept in other conversations.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// By name, the latest.
    pub(super) items: BTreeMap<SlotName, Keepsake>,
    /// The conversations that hold it.
    pub(super) holders: Vec<ConversationId>,
}

impl Slot {
    /// The state, to itself.
    pub(super) async fn lock(&self) -> tokio::sync::MutexGuard<'_, Option<State>> {
        self.state.lock().await
    }

    pub(super) fn typing_at(&self) -> Timestamp {
        Timestamp(self.typing_at.load(Ordering::Relaxed))
    }

    pub(super) fn set_elsewhere(&self, found: Arc<Elsewhere>) {
        *self.elsewhere.lock() = found;
    }

    fn elsewhere(&self) -> Arc<Elsewhere> {
        Arc::clone(&self.elsewhere.lock())
    }

    pub(super) fn came(&self) {
        self.visitors.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether the visitor is connected.
    pub(super) fn is_here(&self) -> bool {
        self.visitors.load(Ordering::Acquire) > 0
    }

    /// Whether it was the last connection.
    pub(super) fn left(&self) -> bool {
        self.visitors.fetch_sub(1, Ordering::AcqRel) == 1
    }

    pub(super) fn set_typing(&self, at: Timestamp) {
        self.typing_at.store(at.0, Ordering::Relaxed);
    }
}

impl Conversations {
    pub(super) fn slot(&self, id: ConversationId) -> Arc<Slot> {
        Arc::clone(self.slots.lock().entry(id).or_default())
    }

    pub(super) fn len(&self) -> usize {
        self.slots.lock().len()
    }

    /// Lets go of what nobody uses: not since `before`, and `keep` says no.
    pub(super) fn evict(&self, before: Timestamp, keep: impl Fn(ConversationId) -> bool) {
        self.slots.lock().retain(|id, slot| {
            Arc::strong_count(slot) > 1
                || slot.used_at.load(Ordering::Relaxed) >= before.0
                || keep(*id)
        });
    }
}

/// One command's work on a conversation: decide as often as needed, then everything is stored at once.
pub(super) struct Step<'a> {
    /// The state, with everything that was decided so far.
    pub state: &'a mut State,
    /// The moment.
    pub now: Timestamp,
    /// The engine.
    pub engine: &'a Engine,
    /// What the person who is proven here wanted kept in other conversations.
    pub elsewhere: Arc<Elsewhere>,
    events: Vec<Event>,
    fresh: Fresh,
}

impl Step<'_> {
    /// Decides a command and takes its events in; gives the number of the last one.
    pub(super) fn decide(&mut self, command: Command) -> Result<Seq, Refusal> {
        let events = decide(
            self.state,
            command,
            &self.fresh,
            &self.engine.settings().limits,
        )?;
        for event in &events {
            self.state.apply(event);
        }
        // An act is known by its own event, whatever follows from it.
        let act = events.iter().find(|event| event.body.act().is_some());
        let seq = act
            .or(events.last())
            .map_or(self.state.seq, |event| event.seq);
        self.events.extend(events);
        Ok(seq)
    }

    /// Where the button leads that was tapped in this step.
    pub(super) fn chosen(&self) -> Option<Target> {
        self.events
            .iter()
            .rev()
            .find_map(|event| match &event.body {
                Body::VisitorChose { target, .. } => Some(target.clone()),
                _ => None,
            })
    }

    /// What was decided so far.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }
}

impl Engine {
    /// Runs `work` on a conversation and stores what it decided, durable before this returns. `arrival`: how a visitor comes, should their act open a
    /// session.
    ///
    /// The work runs to its end even if the caller goes away.
    pub(super) async fn run<T, F>(
        &self,
        id: ConversationId,
        arrival: Option<Opening>,
        work: F,
    ) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Step<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let engine = self.clone();
        let task = self
            .runtime()
            .spawn(async move { engine.run_here(id, arrival, work).await });
        task.await
            .map_err(|died| EngineError::Internal(died.to_string()))?
    }

    async fn run_here<T, F>(
        &self,
        id: ConversationId,
        arrival: Option<Opening>,
        work: F,
    ) -> Result<T, EngineError>
    where
        F: FnOnce(&mut Step<'_>) -> Result<T, Refusal>,
    {
        let slot = self.conversations().slot(id);
        let mut held = slot.state.lock().await;
        slot.used_at.store(self.now().0, Ordering::Relaxed);
        self.work(id, &mut held, arrival, work).await
    }

    /// Runs `work` on a conversation that the caller holds.
    pub(super) async fn work<T, F>(
        &self,
        id: ConversationId,
        held: &mut Option<State>,
        arrival: Option<Opening>,
        work: F,
    ) -> Result<T, EngineError>
    where
        F: FnOnce(&mut Step<'_>) -> Result<T, Refusal>,
    {
        let now = self.now();
        let mut state = match held.take() {
            Some(state) => state,
            None => self.fold(id).await?,
        };
        let before = state.seq;
        let owed = state.left_message().map(|owed| owed.promise.case.clone());
        let fresh = self.fresh(now, &state, arrival);
        let elsewhere = self.conversations().slot(id).elsewhere();
        let mut step = Step {
            state: &mut state,
            now,
            engine: self,
            elsewhere: Arc::clone(&elsewhere),
            events: Vec::new(),
            fresh,
        };
        let result = work(&mut step);
        let events = step.events;
        let done = match result {
            Ok(done) => done,
            Err(refusal) => {
                // What was decided before the refusal is not stored, so the state that took it in is dropped.
                if events.is_empty() {
                    *held = Some(state);
                }
                return Err(EngineError::Refused(refusal));
            }
        };
        if !events.is_empty() {
            let events: Arc<[Event]> = events.into();
            match self.store().append(id, before, events.to_vec()).await {
                Ok(_) => {}
                Err(other) => {
                    self.timers().set(id, Some(now.plus(RETRY_MS)));
                    return Err(EngineError::Store(other));
                }
            }
            self.hub()
                .publish(id, &Heard::Events(id, Arc::clone(&events)));
            self.inner.pulse.count(&events, owed);
            self.forget_elsewhere(&elsewhere, &events);
            self.follow_up(id, &state, &events, now);
        }
        *held = Some(state);
        Ok(done)
    }

    /// The state of a conversation as stored.
    pub(super) async fn fold(&self, id: ConversationId) -> Result<State, EngineError> {
        let mut state = State::default();
        loop {
            let events = self
                .store()
                .read(id, state.seq, PAGE)
                .await
                .map_err(EngineError::Store)?;
            let last = events.len() < PAGE;
            for event in &events {
                state.apply(event);
            }
            if last {
                return Ok(state);
            }
        }
    }

    /// A copy of the state, after everything that was asked before this.
    pub(super) async fn look<T>(
        &self,
        id: ConversationId,
        look: impl FnOnce(&State) -> T,
    ) -> Result<T, EngineError> {
        let slot = self.conversations().slot(id);
        let mut held = slot.state.lock().await;
        slot.used_at.store(self.now().0, Ordering::Relaxed);
        let state = match held.take() {
            Some(state) => state,
            None => self.fold(id).await?,
        };
        let seen = look(&state);
        *held = Some(state);
        Ok(seen)
    }

    /// Marks a conversation as one that needs no looking after. No command can come between the look and the mark.
    pub(super) async fn mark_closed(&self, id: ConversationId) {
        let slot = self.conversations().slot(id);
        let held = slot.state.lock().await;
        if held.as_ref().is_some_and(super::is_asleep) {
            // A lost mark only costs a read at the next start.
            let _: Result<(), StoreError> = self.store().set_closed(id).await;
        }
    }

    fn fresh(&self, now: Timestamp, state: &State, arrival: Option<Opening>) -> Fresh {
        let (opening, greeting) = match arrival {
            Some(mut opening) => {
                listening::place_arrival(&self.live().catalog.journey, &mut opening);
                let greeting = self.greeting(&opening);
                (opening, greeting)
            }
            // Only visitors open sessions; for everybody else this is never looked at.
            None => match &state.session {
                Some(session) => (session.opening.clone(), (Vec::new(), Vec::new())),
                None => (self.plain_opening(), (Vec::new(), Vec::new())),
            },
        };
        Fresh {
            now,
            session: SessionId::from(super::fresh::uuid(now)),
            opening,
            greeting,
        }
    }
}

/// A conversation whose append failed is looked at again after this time.
const RETRY_MS: i64 = 1_000;
