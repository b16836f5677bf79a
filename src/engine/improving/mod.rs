//! Closing the loop: the actions and the ways of opinions as the store has them, in memory; who moves them; who is told.
//!
//! An action is published in one write. What follows from it (its opinions are closed, everybody behind them is told, once) is made up for by whoever
//! finds it unfinished: after a crash, and after a store that did not answer.

mod kept;
mod tell;
mod write;

use std::collections::{BTreeMap, HashMap};

use self::kept::Book;
use super::{Engine, EngineError};
use crate::conversation::State;
use crate::ids::{ActionId, Timestamp};
use crate::improving::{Improved, OpinionRef, Standing, Way};

pub use self::kept::Kept;
pub(super) use self::kept::forget_people;
pub use self::write::{ImprovementError, Moved, Stride};

/// A question tells what was changed in the last half year: older news are none.
const TOLD_MS: i64 = 183 * 24 * 60 * 60_000;
/// What could not be done is tried again after this time.
const AGAIN_MS: i64 = 10_000;
/// There is nothing to do but what is woken for.
const LOOK_MS: i64 = 60 * 60_000;

/// What is in memory of all this; the store has the same.
#[derive(Default)]
pub(super) struct Improvements {
    book: parking_lot::RwLock<Book>,
    /// One who writes at a time.
    writing: tokio::sync::Mutex<()>,
    loaded: tokio::sync::OnceCell<()>,
    unfinished: tokio::sync::Notify,
}

impl Engine {
    /// Every action, the one that was published last first, behind those that are not published yet.
    pub fn actions(&self) -> Vec<Kept> {
        let book = self.inner.improvements.book.read();
        let mut all: Vec<Kept> = book
            .actions
            .values()
            .map(|(_, kept)| kept.clone())
            .collect();
        drop(book);
        all.sort_by_key(|kept| {
            let published = kept.published_at.unwrap_or(Timestamp(i64::MAX));
            std::cmp::Reverse((published, kept.changed_at))
        });
        all
    }

    /// An action by its name.
    pub fn action(&self, id: &ActionId) -> Option<Kept> {
        let book = self.inner.improvements.book.read();
        book.actions.get(id).map(|(_, kept)| kept.clone())
    }

    /// How far each of these opinions has come.
    pub fn ways<'a>(
        &self,
        of: impl IntoIterator<Item = &'a OpinionRef>,
    ) -> HashMap<OpinionRef, Way> {
        let book = self.inner.improvements.book.read();
        let found = of.into_iter().map(|one| {
            let way = book.ways.get(one);
            (*one, way.map(|(_, way)| way.clone()).unwrap_or_default())
        });
        found.collect()
    }

    /// Reads with a function that tells how far an opinion has come.
    pub fn with_standings<T>(&self, read: impl FnOnce(&dyn Fn(OpinionRef) -> Standing) -> T) -> T {
        let book = self.inner.improvements.book.read();
        read(&|of| {
            let way = book.ways.get(&of);
            way.map_or(Standing::New, |(_, way)| way.standing())
        })
    }

    /// What the question about a touchpoint tells that was changed last.
    pub(super) fn improved_at(
        &self,
        touchpoint: Option<&str>,
        state: &State,
        now: Timestamp,
    ) -> Option<Improved> {
        let site = &state.session.as_ref()?.opening.site;
        let book = self.inner.improvements.book.read();
        let told = book.actions.values().map(|(_, kept)| kept).filter(|kept| {
            let published = kept.is_public().then_some(kept.published_at).flatten();
            published.is_some_and(|at| now.since(at) < TOLD_MS)
                && kept.action.is_told_at(touchpoint, site)
        });
        let last = told.max_by_key(|kept| (kept.published_at, kept.action.id.as_str()));
        last.map(|kept| kept.action.improved())
    }

    /// How many opinions of each action have been told of it.
    pub fn told_by_action(&self) -> BTreeMap<ActionId, u32> {
        let book = self.inner.improvements.book.read();
        let mut counts = BTreeMap::new();
        for (_, way) in book.ways.values() {
            if let Some(action) = way.action.as_ref()
                && way.standing() == Standing::Told
            {
                *counts.entry(action.clone()).or_default() += 1;
            }
        }
        counts
    }

    /// Finishes what is unfinished, at a start and whenever something was published, as long as the engine runs.
    pub(super) async fn run_improvements(&self) {
        loop {
            let next = match self.settle_improvements().await {
                Ok(()) => LOOK_MS,
                Err(error) => {
                    tracing::warn!(%error, "who gave opinions is told later");
                    AGAIN_MS
                }
            };
            tokio::select! {
                () = self.clock().sleep_until(self.now().plus(next)) => {}
                () = self.inner.improvements.unfinished.notified() => {}
            }
        }
    }

    /// Closes the opinions of every action that is published and tells those who gave them. One at a time; doing it again changes nothing.
    async fn settle_improvements(&self) -> Result<(), EngineError> {
        self.load_improvements().await?;
        let _alone = self.inner.improvements.writing.lock().await;
        self.settle_actions().await
    }
}
