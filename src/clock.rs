//! The two clocks: the system's, and one that tests move by hand.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::ids::Timestamp;
use crate::ports::Clock;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[allow(
    clippy::disallowed_methods,
    reason = "this is where the product's time comes from"
)]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        // In slices, so that a system clock that is set forward is noticed within a minute.
        Box::pin(async move {
            loop {
                let left = at.since(self.now());
                let Ok(left @ 1..) = u64::try_from(left) else {
                    return;
                };
                tokio::time::sleep(Duration::from_millis(left.min(60_000))).await;
            }
        })
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct ManualClock {
    inner: Arc<Mutex<Manual>>,
}

#[derive(Debug)]
struct Manual {
    now: Timestamp,
    sleepers: BTreeMap<Timestamp, Vec<oneshot::Sender<()>>>,
}

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Manual {
                now,
                sleepers: BTreeMap::new(),
            })),
        }
    }

    /// Moves it forward; whoever slept until then wakes up.
    pub fn advance(&self, millis: i64) {
        let mut inner = self.inner.lock();
        inner.now = inner.now.plus(millis);
        let later = inner.now.plus(1);
        let sleeping = inner.sleepers.split_off(&later);
        let due = std::mem::replace(&mut inner.sleepers, sleeping);
        for sleeper in due.into_values().flatten() {
            // A sleeper that was dropped does not want to be woken.
            let _: Result<(), ()> = sleeper.send(());
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.inner.lock().now
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let woken = {
            let mut inner = self.inner.lock();
            if at <= inner.now {
                return Box::pin(std::future::ready(()));
            }
            let (wake, woken) = oneshot::channel();
            inner.sleepers.entry(at).or_default().push(wake);
            woken
        };
        Box::pin(async move {
            let _: Result<(), oneshot::error::RecvError> = woken.await;
        })
    }
}
