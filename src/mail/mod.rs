//! Outgoing mail: the answer to a visitor who has left, a promise that slipped, what they asked for. It knows what to say and when, sends it,
//! and hears what came back. It decides nothing about a conversation and reads no mail but failures.
//!
//! A mail goes only to the address that the visitor left in the same conversation, and only where mail is configured.

mod address;
mod bounce;
mod entry;
mod letter;
mod outbox;
mod receipt;
mod transcript;
mod transport;
mod write;

pub use bounce::{Failure, NotAReport, read as read_bounce};
pub use outbox::{BounceError, Outbox, Parts, Status, put_aside};
pub use receipt::{Field, Receipt};
pub use transport::{Mailer, SendError, Sent};
