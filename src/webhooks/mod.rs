//! Outgoing webhooks: what happens here, told to the company's other systems, signed as Standard Webhooks asks.
//!
//! Folded from the store's tail with a position of its own for each receiver, so that nothing is forgotten and one slow receiver delays nobody
//! else. A message comes at least once; its id stays the same however often it comes.

mod address;
mod courier;
mod message;
mod outbox;
mod sign;

pub use address::{Fetcher, Forbidden};
pub use courier::{Courier, NoCourier, Receiver};
pub use message::Kind;
pub use outbox::{Overview, Undelivered, overview};
pub use sign::Secret;
