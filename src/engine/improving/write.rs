//! What leads do: take opinions, mark them as contacted, write an action, publish it, take it back from sight.

use jiff::civil::Date;

use super::Kept;
use crate::engine::{Engine, EngineError};
use crate::ids::{ActionId, Lang, Timestamp};
use crate::improving::{Action, ActionError, OpinionRef, WayError, Who};
use crate::ports::StoreError;

/// What somebody does with opinions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stride {
    /// Looks after them.
    Take,
    /// Has spoken to whoever gave them.
    Contact,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Moved {
    /// Opinions that came on.
    pub moved: u32,
    /// Opinions that an action had closed already.
    pub closed: u32,
}

/// Why an action was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ImprovementError {
    /// It cannot be kept like this.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// A colleague changed it, or made one of this name.
    #[error("a colleague changed it meanwhile")]
    Changed,
    /// There is none.
    #[error("there is no such action")]
    Nobody,
    /// It is published: its opinions were closed and told.
    #[error(
        "it is published; its words can still be changed, its opinions cannot, and it can be withdrawn"
    )]
    Published,
    /// Store or engine did not do it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for ImprovementError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Changed,
            other => Self::Engine(EngineError::Store(other)),
        }
    }
}

impl Engine {
    /// The day it is at the company, in the time zone of its main site.
    pub fn today(&self) -> Date {
        let zone = self.company_zone();
        jiff::Timestamp::from_millisecond(self.now().0)
            .unwrap_or_default()
            .to_zoned(zone)
            .date()
    }

    /// The time zone of the company's main site.
    pub fn company_zone(&self) -> jiff::tz::TimeZone {
        let live = self.live();
        let main = live.catalog.assistant.main_site();
        let site = main.and_then(|site| live.catalog.site(site));
        site.and_then(|site| jiff::tz::TimeZone::get(&site.time_zone).ok())
            .unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// A day in words, with its year: `lunes 23 de noviembre de 2026`.
    pub fn day_words(&self, day: Date, lang: &Lang) -> String {
        // Of no year that anything happened in.
        crate::dialogue::day(day, lang, 0)
    }

    /// Somebody does something with opinions. One that an action closed stays as it is and is counted.
    ///
    /// # Errors
    /// When the store does not do it; those before it have come on then.
    pub async fn move_opinions(
        &self,
        opinions: &[OpinionRef],
        stride: Stride,
        who: &Who,
    ) -> Result<Moved, EngineError> {
        self.load_improvements().await?;
        let _alone = self.inner.improvements.writing.lock().await;
        let now = self.now();
        let mut done = Moved::default();
        for of in opinions {
            let mut closed = false;
            let moved = self.stride(*of, |way| {
                let made = match stride {
                    Stride::Take => way.take(who.clone(), now),
                    Stride::Contact => way.contact(who.clone(), now),
                };
                Ok::<_, StoreError>(match made {
                    Ok(changed) => changed,
                    Err(WayError::Closed(_) | WayError::Open) => {
                        closed = true;
                        false
                    }
                })
            });
            done.moved += u32::from(moved.await.map_err(EngineError::Store)?);
            done.closed += u32::from(closed);
        }
        Ok(done)
    }

    /// Writes an action, or changes one; `seen`: its `changed_at` as they saw it. The same again is the same.
    ///
    /// # Errors
    /// [`ImprovementError`]; nothing is changed then.
    pub async fn write_action(
        &self,
        action: Action,
        seen: Option<Timestamp>,
        who: Who,
    ) -> Result<(), ImprovementError> {
        self.load_improvements().await?;
        action.fits(&self.live().catalog, self.today())?;
        let now = self.now();
        let _alone = self.inner.improvements.writing.lock().await;
        let id = action.id.clone();
        let next = match self.action(&id) {
            None if seen.is_some() => return Err(ImprovementError::Nobody),
            None => Kept {
                action,
                author: who,
                changed_at: now,
                published_at: None,
                published_by: None,
                retired_at: None,
                people: None,
                telling: None,
            },
            // The answer to the same act was lost on its way.
            Some(kept) if kept.action == action => return Ok(()),
            Some(kept) if seen != Some(kept.changed_at) => return Err(ImprovementError::Changed),
            Some(kept)
                if kept.published_at.is_some() && kept.action.opinions != action.opinions =>
            {
                return Err(ImprovementError::Published);
            }
            Some(kept) => Kept {
                action,
                changed_at: now.max(kept.changed_at.plus(1)),
                ..kept
            },
        };
        Ok(self.keep_action(&id, Some(next)).await?)
    }

    /// Publishes an action: its opinions are closed, everybody behind them is told, everybody may read it. Doing it again changes nothing, but shows one that was
    /// taken back from sight again.
    ///
    /// # Errors
    /// [`ImprovementError`]; nothing is changed then.
    pub async fn publish_action(&self, id: &ActionId, who: Who) -> Result<(), ImprovementError> {
        self.load_improvements().await?;
        let now = self.now();
        let _alone = self.inner.improvements.writing.lock().await;
        let kept = self.action(id).ok_or(ImprovementError::Nobody)?;
        if !kept.is_public() {
            let next = Kept {
                published_at: kept.published_at.or(Some(now)),
                published_by: kept.published_by.or(Some(who)),
                retired_at: None,
                ..kept
            };
            self.keep_action(id, Some(next)).await?;
            // Whoever asked may go away before everybody is told.
            self.inner.improvements.unfinished.notify_one();
        }
        Ok(self.settle_actions().await?)
    }

    /// Takes an action back from sight: no question and no page tells it any more. Its opinions stay closed.
    ///
    /// # Errors
    /// [`ImprovementError`]; nothing is changed then.
    pub async fn retire_action(&self, id: &ActionId) -> Result<(), ImprovementError> {
        self.load_improvements().await?;
        let now = self.now();
        let _alone = self.inner.improvements.writing.lock().await;
        let kept = self.action(id).ok_or(ImprovementError::Nobody)?;
        if !kept.is_public() {
            return Ok(());
        }
        let next = Kept {
            retired_at: Some(now),
            ..kept
        };
        Ok(self.keep_action(id, Some(next)).await?)
    }

    /// Throws an action away that was never published.
    ///
    /// # Errors
    /// [`ImprovementError`]; nothing is changed then.
    pub async fn drop_action(&self, id: &ActionId) -> Result<(), ImprovementError> {
        self.load_improvements().await?;
        let _alone = self.inner.improvements.writing.lock().await;
        let kept = self.action(id).ok_or(ImprovementError::Nobody)?;
        if kept.published_at.is_some() {
            return Err(ImprovementError::Published);
        }
        Ok(self.keep_action(id, None).await?)
    }
}
