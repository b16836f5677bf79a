//! Channels: each brings visitors' and agents' words to the engine's doors and takes events back. One file or folder each.

mod agent_acts;
pub mod agent_socket;
pub mod rest;
mod socket;
pub mod upload;
pub mod visitor_socket;

pub use socket::Socket;
