//! How many mails visitors may ask for within an hour, one client and all together: whoever opens one conversation after another, leaving a stranger's
//! address in each, would have the company write to strangers. In memory: a restart begins anew.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::Engine;
use crate::files::Rate;
use crate::ids::Timestamp;

const HOUR_MS: i64 = 60 * 60_000;

/// Mails that were asked for within the last hour.
#[derive(Debug)]
pub struct MailAsks {
    clients: Rate<IpAddr>,
    all: Rate<()>,
    refused_client: AtomicU64,
    refused_all: AtomicU64,
}

impl MailAsks {
    /// So many for one client, and so many for all.
    pub fn new((one, all): (u32, u32)) -> Arc<Self> {
        let most = |count| usize::try_from(count).unwrap_or(usize::MAX);
        Arc::new(Self {
            clients: Rate::new(most(one), HOUR_MS),
            all: Rate::new(most(all), HOUR_MS),
            refused_client: AtomicU64::new(0),
            refused_all: AtomicU64::new(0),
        })
    }

    /// Asks in the name of a client. Programs of this machine are counted among all alone: one of them may be a proxy that nobody declared, and all
    /// visitors come through it.
    pub(super) fn by(
        self: &Arc<Self>,
        client: Option<IpAddr>,
        engine: Engine,
    ) -> Arc<dyn Fn() -> bool + Send + Sync> {
        let asks = Arc::clone(self);
        let client = client.filter(|client| !client.is_loopback());
        Arc::new(move || asks.admits(client, engine.now()))
    }

    fn admits(&self, client: Option<IpAddr>, now: Timestamp) -> bool {
        let refused = if client.is_some_and(|client| !self.clients.admits(client, now)) {
            &self.refused_client
        } else if !self.all.admits((), now) {
            &self.refused_all
        } else {
            return true;
        };
        refused.fetch_add(1, Ordering::Relaxed);
        false
    }

    /// How many were refused: because the client had asked for enough, because all had.
    pub(super) fn refused(&self) -> (u64, u64) {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (of(&self.refused_client), of(&self.refused_all))
    }
}
