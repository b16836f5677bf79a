//! The switch that makes the service fail as real ones do, and the middleware that obeys it.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, error, web};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::ports::Clock;

/// How long a slow service takes: longer than any client should wait.
pub(super) const SLOW_MILLIS: i64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mode {
    /// Answers.
    #[default]
    Ok,
    /// Answers after ten seconds.
    Slow,
    /// Drops the connection without a word.
    Dead,
}

/// The switch, and how many requests it holds back.
pub(super) struct Switch {
    mode: Mutex<Mode>,
    held: AtomicUsize,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Serialize)]
pub(super) struct SwitchShown {
    mode: Mode,
    held: usize,
}

impl Switch {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            mode: Mutex::default(),
            held: AtomicUsize::new(0),
            clock,
        }
    }

    pub(super) fn set(&self, mode: Mode) {
        *self.mode.lock() = mode;
    }

    pub(super) fn shown(&self) -> SwitchShown {
        SwitchShown {
            mode: *self.mode.lock(),
            held: self.held.load(Ordering::Relaxed),
        }
    }

    async fn hold(&self) {
        // Counted by a guard: a client that hangs up drops this future in the middle.
        struct Held<'a>(&'a AtomicUsize);
        impl Drop for Held<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let wake = self.clock.sleep_until(self.clock.now().plus(SLOW_MILLIS));
        self.held.fetch_add(1, Ordering::Relaxed);
        let _held = Held(&self.held);
        wake.await;
    }
}

/// A second handle of a connection's socket, by which a dead service hangs up.
pub(super) struct Line(TcpStream);

impl Line {
    /// The line of a new connection; `None` where the system gives no second handle.
    pub(super) fn of(socket: &impl AsFd) -> Option<Arc<Self>> {
        let second = socket.as_fd().try_clone_to_owned().ok()?;
        Some(Arc::new(Self(second.into())))
    }

    fn hang_up(&self) -> io::Result<()> {
        self.0.shutdown(Shutdown::Both)
    }
}

/// Does to a request what the switch says.
pub(super) async fn obey(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let switch = request.app_data::<web::Data<Switch>>().cloned();
    let mode = switch.as_ref().map(|switch| *switch.mode.lock());
    match (mode, switch) {
        (Some(Mode::Dead), _) => {
            if let Some(line) = request.conn_data::<Arc<Line>>() {
                // Where the client hung up first, nobody is left to hear it.
                let _already_gone = line.hang_up();
            }
            Err(error::ErrorServiceUnavailable("dead by the switch"))
        }
        (Some(Mode::Slow), Some(switch)) => {
            switch.hold().await;
            next.call(request).await
        }
        _ => next.call(request).await,
    }
}
