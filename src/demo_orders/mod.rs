//! The demo shop's order service: a web service of its own that stands for a company's order system, so that calls can be tried for real.
//!
//! Sixty orders on two sites, in every state, kept in memory and made anew at each start. It has a switch that makes it slow or dead, because a
//! real one is so at times. It knows nothing of conversations; the assistant reaches it over HTTP as it would reach any other.

mod book;
mod http;
mod keys;
mod order;
mod stock;
mod switch;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;

use crate::ports::Clock;

/// A running order service.
#[derive(Debug)]
pub struct DemoOrders {
    /// Where it listens.
    pub addr: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl DemoOrders {
    /// Serves on this listener until it is stopped. Dates are reckoned from the clock's day in each site's time zone.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn start(listener: TcpListener, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let addr = listener.local_addr()?;
        let server = http::server(listener, clock)?;
        Ok(Self {
            addr,
            handle: server.handle(),
            serving: tokio::spawn(server),
        })
    }

    /// Ends at once, with whatever requests are being held.
    pub async fn stop(self) {
        self.handle.stop(false).await;
        // The server's own result is of no use to somebody who wants it gone.
        let _ended = self.serving.await;
    }
}

/// Serves until `shutdown` is ready.
///
/// # Errors
/// When the listener cannot be used.
pub async fn run(
    listener: TcpListener,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let orders = DemoOrders::start(listener, clock)?;
    shutdown.await;
    orders.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests;
