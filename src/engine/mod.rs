//! The engine: the one way a command becomes stored, published events; who listens, what is due, which services are asked.
//!
//! Channels and the web know only the doors: what a visitor, an agent, an admin may do.

mod agent_desk;
mod agent_door;
mod bot;
mod calls;
mod card;
mod contacts;
mod conversations;
mod desk;
mod doors;
mod due;
mod erase;
mod files;
pub mod fresh;
mod here;
mod hub;
mod improving;
mod invites;
mod joined;
mod keepsakes;
mod led;
mod live;
mod mask;
mod merge;
mod named;
mod news;
mod notices;
mod opinions;
mod promised;
mod pulse;
mod quiet;
mod reach;
mod reading_on;
mod related;
mod routing;
mod timers;
mod visitor_door;
mod words;

use std::sync::Arc;

use self::contacts::Contacts;
use self::conversations::Conversations;
use self::desk::DeskTask;
use self::improving::Improvements;
use self::notices::Notices;
use crate::conversation::{Body, Event, Limits, Owner, Refusal, State};
use crate::ids::{ConversationId, Timestamp};
use crate::ports::{Clock, Store, StoreError};

pub use self::agent_door::AgentDoor;
pub use self::erase::{erase_stored, merged_with};
pub use self::hub::{Ear, Heard, Hub, Writer};
pub use self::improving::{ImprovementError, Kept, Moved, Stride};
pub use self::invites::{Became, InviteCard, InviteCounts, InviteRow};
pub use self::led::Led;
pub use self::live::{Live, LiveNow};
pub use self::mask::mask;
pub use self::named::Note;
pub use self::news::{Announced, Announcement, NewsError, Rule, forget_news};
pub use self::notices::{NoticeBook, NoticeError, Posted, Shown, Smoke};
pub use self::opinions::{kind_of_opinion, learn_opinions};
pub use self::pulse::{Pulse, Snapshot};
pub use self::reach::Reach;
pub use self::reading_on::Watched;
pub use self::timers::Timers;
pub use self::visitor_door::VisitorDoor;

/// What the engine is built from; tests give a manual clock and a store in memory.
pub struct Parts {
    /// Where conversations are kept.
    pub store: Arc<dyn Store>,
    /// Product time.
    pub clock: Arc<dyn Clock>,
    /// What the bot knows; swapped by whoever watches the files.
    pub live: Arc<LiveNow>,
    /// Clocks and bounds.
    pub settings: Settings,
    /// Where commands run.
    pub runtime: tokio::runtime::Handle,
}

/// Clocks and bounds of the engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Clocks of a conversation.
    pub limits: Limits,
    /// What the hours file decides.
    pub hours: Hours,
    /// Whether mail can be sent: nothing is promised by mail where it cannot.
    pub mail: bool,
    /// Who asked about what a notice covers in so many hours before it was posted is told, too, when it is fixed.
    pub notice_hours: u32,
}

/// What the hours file decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// Outside of them nobody is there, even with a console left open.
    #[default]
    Enforce,
    /// An agent who is online takes conversations at any hour; the hours only say when an answer is promised.
    PromiseOnly,
}

/// The engine; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    live: Arc<LiveNow>,
    settings: Settings,
    runtime: tokio::runtime::Handle,
    hub: Arc<Hub>,
    notes: tokio::sync::broadcast::Sender<Note>,
    timers: Arc<Timers>,
    conversations: Conversations,
    desk: DeskTask,
    contacts: Contacts,
    notices: Notices,
    improvements: Improvements,
    news: tokio::sync::Notify,
    http: reqwest::Client,
    pulse: Pulse,
    orphans: parking_lot::Mutex<std::collections::BTreeSet<ConversationId>>,
    owed: parking_lot::Mutex<std::collections::HashMap<ConversationId, (u32, u32)>>,
    commits: tokio::sync::watch::Sender<u64>,
    erased: tokio::sync::watch::Sender<Vec<ConversationId>>,
    answers: std::sync::OnceLock<AnswerCount>,
    started: Timestamp,
    tasks: parking_lot::Mutex<Vec<tokio::task::JoinHandle<()>>>,
}

/// Counts the answers about a touchpoint since a moment.
pub type AnswerCount = Arc<dyn Fn(Option<&str>, Timestamp) -> u32 + Send + Sync>;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store did not do it.
    #[error(transparent)]
    Store(StoreError),
    /// No such conversation, or not for this person.
    #[error("not found")]
    NotFound,
    /// This role may not.
    #[error("forbidden")]
    Forbidden,
    /// Our fault.
    #[error("internal: {0}")]
    Internal(String),
}

impl Engine {
    /// Builds the engine and starts its tasks.
    ///
    /// # Errors
    /// When the HTTP client for `call:` cannot be built.
    pub fn new(parts: Parts) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("ventanilla/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let started = parts.clock.now();
        let engine = Self {
            inner: Arc::new(Inner {
                store: parts.store,
                clock: parts.clock,
                live: parts.live,
                settings: parts.settings,
                runtime: parts.runtime,
                hub: Arc::default(),
                notes: tokio::sync::broadcast::channel(named::QUEUE).0,
                timers: Arc::default(),
                conversations: Conversations::default(),
                desk: DeskTask::default(),
                contacts: Contacts::default(),
                notices: Notices::default(),
                improvements: Improvements::default(),
                news: tokio::sync::Notify::new(),
                http,
                pulse: Pulse::default(),
                orphans: parking_lot::Mutex::default(),
                owed: parking_lot::Mutex::default(),
                commits: tokio::sync::watch::Sender::new(0),
                erased: tokio::sync::watch::Sender::default(),
                answers: std::sync::OnceLock::new(),
                started,
                tasks: parking_lot::Mutex::default(),
            }),
        };
        let waking = engine.clone();
        let timers = Arc::clone(&engine.inner.timers).run(
            Arc::clone(&engine.inner.clock),
            move |conversation| {
                let engine = waking.clone();
                drop(
                    waking
                        .inner
                        .runtime
                        .spawn(async move { engine.wake(conversation).await }),
                );
            },
        );
        let desk = engine.clone();
        let (folding, telling) = (engine.clone(), engine.clone());
        let (sweeping, noticing) = (engine.clone(), engine.clone());
        let improving = engine.clone();
        let mut tasks = engine.inner.tasks.lock();
        tasks.push(engine.inner.runtime.spawn(timers));
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { desk.run_desk().await }),
        );
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { sweeping.sweep().await }),
        );
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { folding.fold_contacts().await }),
        );
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { telling.run_news().await }),
        );
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { noticing.run_notices().await }),
        );
        tasks.push(
            engine
                .inner
                .runtime
                .spawn(async move { improving.run_improvements().await }),
        );
        drop(tasks);
        Ok(engine)
    }

    /// Tells the engine who counts the answers to questions: by touchpoint, since a moment. Until it is told there are none; told twice, the first
    /// stays.
    pub fn count_answers_with(&self, count: AnswerCount) {
        let _: Result<(), AnswerCount> = self.inner.answers.set(count);
    }

    /// Answers about a touchpoint since a moment.
    fn answers_since(&self, touchpoint: Option<&str>, since: Timestamp) -> u32 {
        let count = self.inner.answers.get();
        count.map_or(0, |count| count(touchpoint, since))
    }

    /// Ends the engine's tasks. What was acked is stored; what runs still runs to its end with the runtime.
    pub fn stop(&self) {
        for task in self.inner.tasks.lock().drain(..) {
            task.abort();
        }
    }

    /// Now, by the product's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The product's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// What the bot knows at this moment.
    pub fn live(&self) -> Arc<Live> {
        self.inner.live.get()
    }

    /// Who listens.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.inner.hub
    }

    /// Counters and gauges for `/metrics`.
    pub fn pulse(&self) -> &Pulse {
        &self.inner.pulse
    }

    /// Changes with each append: whoever folds the store's tail waits for it.
    pub fn commits(&self) -> tokio::sync::watch::Receiver<u64> {
        self.inner.commits.subscribe()
    }

    /// How many conversations are in memory, and how many have something due.
    pub fn sizes(&self) -> (usize, usize) {
        (self.inner.conversations.len(), self.inner.timers.len())
    }

    /// Visitors who are owed something that nothing watches. It is 0, or something is broken.
    pub fn orphans(&self) -> u32 {
        u32::try_from(self.inner.orphans.lock().len()).unwrap_or(u32::MAX)
    }

    /// Promises that are not kept yet, and how many of them are late.
    pub fn promises(&self) -> (u32, u32) {
        let owed = self.inner.owed.lock();
        owed.values()
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    fn runtime(&self) -> &tokio::runtime::Handle {
        &self.inner.runtime
    }

    fn conversations(&self) -> &Conversations {
        &self.inner.conversations
    }

    fn timers(&self) -> &Timers {
        &self.inner.timers
    }

    /// What follows from stored events: the next deadline, the desk, calls, counts.
    fn follow_up(&self, id: ConversationId, state: &State, events: &[Event], now: Timestamp) {
        // Before the desk sees that it waits again: else whoever let it pass is asked once more.
        for event in events {
            if let Body::OfferEnded { agent, cause, .. } = &event.body {
                self.offer_ended(id, *agent, *cause, now);
            }
        }
        self.follow_state(id, state, now);
        self.inner.commits.send_modify(|count| *count += 1);
        for event in events {
            if let Body::CallStarted { call_id, call, .. } = &event.body {
                self.start_call(
                    id,
                    *call_id,
                    call.clone(),
                    event.private.values.clone(),
                    state,
                );
            }
        }
        if state.owner == Owner::Bot && (state.call.is_some() || !state.unanswered.is_empty()) {
            self.hub().publish(id, &Heard::Typing(id, Writer::Bot));
        }
        if is_asleep(state) {
            let engine = self.clone();
            drop(
                self.runtime()
                    .spawn(async move { engine.mark_closed(id).await }),
            );
        }
    }

    /// Lets go of conversations that nobody uses, once a minute.
    async fn sweep(&self) {
        loop {
            let now = self.now();
            self.inner.clock.sleep_until(now.plus(60_000)).await;
            self.conversations()
                .evict(now.plus(-4 * 60_000), |id| self.hub().is_heard(id));
        }
    }
}

/// Whether nothing can be due in it until the visitor writes again.
fn is_asleep(state: &State) -> bool {
    !state.is_open()
        && state.promises.is_empty()
        && state.question.is_none()
        && state.moving().is_none()
        && !state.owed_elsewhere()
        && !state.leads_any()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
