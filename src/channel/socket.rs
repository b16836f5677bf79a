//! One websocket after its handshake: frames in and out as JSON, small buffers, a heartbeat, a limit on how fast acts may come.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message, error::CapacityError};

use crate::protocol::{CloseCode, FRAME_MAX_BYTES, MESSAGE_MAX_BYTES};

/// A ping goes out after this silence.
const PING: Duration = Duration::from_secs(25);
/// Nothing heard for this long: the other side is gone.
const GONE: Duration = Duration::from_secs(70);
/// A write that takes longer than this is to somebody who does not read.
const WRITE: Duration = Duration::from_secs(10);
/// Acts that may come at once.
const BURST: f64 = 30.0;
/// Acts a second in the long run.
const RATE: f64 = 10.0;

/// What came in.
#[derive(Debug)]
pub enum Incoming<T> {
    /// A frame of the protocol.
    Frame(T),
    /// Text that is none; the sender is told and may go on.
    Bad,
    /// More acts than the limit allows.
    TooFast(T),
}

/// A websocket that speaks a protocol in JSON.
pub struct Socket<S> {
    stream: WebSocketStream<S>,
    heard: Instant,
    pinged: Instant,
    allowance: f64,
    refilled: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// The server's side of a connection whose handshake is done; `read` are the bytes that came behind it.
    pub async fn serve(io: S, read: Vec<u8>) -> Self {
        let config = WebSocketConfig::default()
            // The defaults keep 128 KiB a socket; these 1 KiB serve frames of a chat as well.
            .read_buffer_size(1024)
            .write_buffer_size(0)
            .max_write_buffer_size(1024 * 1024)
            .max_frame_size(Some(FRAME_MAX_BYTES))
            .max_message_size(Some(MESSAGE_MAX_BYTES));
        let stream =
            WebSocketStream::from_partially_read(io, read, Role::Server, Some(config)).await;
        let now = Instant::now();
        Self {
            stream,
            heard: now,
            pinged: now,
            allowance: BURST,
            refilled: now,
        }
    }

    /// The next frame; `Err` ends the connection, with the code to close it with, or none when the other side is gone.
    ///
    /// Safe to drop and call again (`select!`).
    ///
    /// # Errors
    /// When the connection is over.
    pub async fn receive<T: DeserializeOwned>(&mut self) -> Result<Incoming<T>, Option<CloseCode>> {
        loop {
            let now = Instant::now();
            if now.duration_since(self.heard) > GONE {
                return Err(Some(CloseCode::Idle));
            }
            let wake = self.heard.max(self.pinged) + PING;
            let message = tokio::select! {
                message = self.stream.next() => message,
                () = tokio::time::sleep_until(wake) => {
                    self.pinged = Instant::now();
                    self.write(Message::Ping(Vec::new().into())).await.map_err(Some)?;
                    continue;
                }
            };
            self.heard = Instant::now();
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Ok(match serde_json::from_str(text.as_str()) {
                        Ok(frame) if self.allowed() => Incoming::Frame(frame),
                        Ok(frame) => Incoming::TooFast(frame),
                        Err(_) => Incoming::Bad,
                    });
                }
                Some(Ok(Message::Binary(_))) => return Err(Some(CloseCode::Protocol)),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_))) | None => return Err(None),
                Some(Err(WsError::Capacity(CapacityError::MessageTooLong { .. }))) => {
                    return Err(Some(CloseCode::TooLarge));
                }
                Some(Err(_)) => return Err(None),
            }
        }
    }

    /// Token bucket: a burst of [`BURST`], then [`RATE`] a second.
    fn allowed(&mut self) -> bool {
        let now = Instant::now();
        self.allowance =
            (self.allowance + now.duration_since(self.refilled).as_secs_f64() * RATE).min(BURST);
        self.refilled = now;
        let allowed = self.allowance >= 1.0;
        if allowed {
            self.allowance -= 1.0;
        }
        allowed
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the other side is gone or does not read; the connection is over then.
    pub async fn send(&mut self, frame: &impl Serialize) -> Result<(), Option<CloseCode>> {
        let text =
            serde_json::to_string(frame).map_err(|_unserialisable| Some(CloseCode::Restart))?;
        self.write(Message::Text(text.into())).await.map_err(Some)
    }

    async fn write(&mut self, message: Message) -> Result<(), CloseCode> {
        match tokio::time::timeout(WRITE, self.stream.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(CloseCode::Slow),
        }
    }

    /// Closes with a code; does not wait for an answer.
    pub async fn close(mut self, code: CloseCode) {
        let frame = CloseFrame {
            code: WireCode::from(code.number()),
            reason: code.reason().into(),
        };
        let closing = self.stream.close(Some(frame));
        // Whoever does not take even this is gone.
        let _: Result<_, tokio::time::error::Elapsed> =
            tokio::time::timeout(Duration::from_secs(1), closing).await;
    }
}
