//! One websocket of the day: what comes is put aside until the day looks at it; what was sent and is not answered is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

use crate::stories::Ws;

/// What goes on between all clients and the server.
#[derive(Default)]
pub(super) struct Traffic {
    frames: AtomicU64,
    unanswered: AtomicI64,
}

impl Traffic {
    /// Waits until every act is answered and nothing comes any more. Only a guess: what comes later is seen in the next step, as by people.
    #[allow(
        clippy::disallowed_methods,
        reason = "clients live on the wall clock; product time is moved by the day"
    )]
    pub(super) async fn settles(&self) {
        let latest = Instant::now() + Duration::from_secs(20);
        let mut last = u64::MAX;
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let now = self.frames.load(Ordering::Acquire);
            let answered = self.unanswered.load(Ordering::Acquire) <= 0;
            if answered && now == last {
                return;
            }
            assert!(Instant::now() < latest, "the server does not answer");
            last = now;
        }
    }

    pub(super) fn frames(&self) -> u64 {
        self.frames.load(Ordering::Acquire)
    }
}

/// A connection. Dropping it cuts the line, as a tunnel would.
pub(super) struct Wire {
    out: mpsc::UnboundedSender<Message>,
    inbox: Arc<Mutex<Vec<String>>>,
    unanswered: Arc<AtomicI64>,
    traffic: Arc<Traffic>,
    task: tokio::task::JoinHandle<()>,
}

impl Wire {
    /// `desk`: whether pictures of the desk are kept; of these only the last.
    pub(super) fn over(ws: Ws, traffic: &Arc<Traffic>, desk: bool) -> Self {
        let (out, mut frames) = mpsc::unbounded_channel::<Message>();
        let inbox: Arc<Mutex<Vec<String>>> = Arc::default();
        let unanswered: Arc<AtomicI64> = Arc::default();
        let (shelf, owed, all) = (
            Arc::clone(&inbox),
            Arc::clone(&unanswered),
            Arc::clone(traffic),
        );
        let task = tokio::spawn(async move {
            let _gone = Gone(Arc::clone(&owed), Arc::clone(&all));
            let (mut sink, mut stream) = ws.split();
            loop {
                tokio::select! {
                    frame = frames.recv() => match frame {
                        Some(frame) => {
                            if sink.send(frame).await.is_err() {
                                return;
                            }
                        }
                        None => return,
                    },
                    message = stream.next() => match message {
                        Some(Ok(Message::Text(text))) => {
                            let text = text.as_str();
                            all.frames.fetch_add(1, Ordering::AcqRel);
                            let picture = text.starts_with(r#"{"type":"desk""#);
                            if picture && !desk {
                                continue;
                            }
                            let mut shelf = shelf.lock();
                            if picture {
                                shelf.retain(|old| !old.starts_with(r#"{"type":"desk""#));
                            }
                            shelf.push(text.to_owned());
                            drop(shelf);
                            if text.starts_with(r#"{"type":"ack""#) || text.starts_with(r#"{"type":"error""#) {
                                owed.fetch_sub(1, Ordering::AcqRel);
                                all.unanswered.fetch_sub(1, Ordering::AcqRel);
                            }
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => return,
                    },
                }
            }
        });
        Self {
            out,
            inbox,
            unanswered,
            traffic: Arc::clone(traffic),
            task,
        }
    }

    /// Whether the server still is at the other end.
    pub(super) fn is_up(&self) -> bool {
        !self.task.is_finished()
    }

    pub(super) fn send(&self, frame: &Value) {
        if frame.get("id").is_some() {
            self.unanswered.fetch_add(1, Ordering::AcqRel);
            self.traffic.unanswered.fetch_add(1, Ordering::AcqRel);
        }
        // A line that is cut is noticed by the day, which sends again on the next one.
        let _: Result<(), _> = self.out.send(Message::Text(frame.to_string().into()));
    }

    pub(super) fn take(&self) -> Vec<Value> {
        let texts = std::mem::take(&mut *self.inbox.lock());
        let frames = texts.iter().map(|text| serde_json::from_str(text).unwrap());
        frames.collect()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Nobody waits any more for what a cut line has not answered.
struct Gone(Arc<AtomicI64>, Arc<Traffic>);

impl Drop for Gone {
    fn drop(&mut self) {
        let unanswered = self.0.swap(0, Ordering::AcqRel);
        self.1.unanswered.fetch_sub(unanswered, Ordering::AcqRel);
    }
}
