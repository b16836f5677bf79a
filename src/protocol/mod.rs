//! The wire: what visitors' and agents' clients send and receive, as JSON frames tagged `"type"`. Pure: types and projections of events.
//!
//! Described for client authors in `docs/protocol.md`; golden frames in `tests/frames/` are read by Rust and TypeScript, and the TypeScript
//! types in `widget/src/protocol/types.ts` are generated from here.

pub mod agent;
mod agent_event;
mod code;
mod desk_view;
mod project;
#[cfg(test)]
mod typescript;
pub mod visitor;

pub use code::{CloseCode, ErrorCode};
pub use project::{for_agent, for_visitor};

/// Largest frame taken from a client, in bytes.
pub const FRAME_MAX_BYTES: usize = 16 * 1024;

/// Largest message (all its frames) taken from a client, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 64 * 1024;

/// Most events of a page: of the newest one, and of an `older` one.
pub const PAGE_MAX_EVENTS: usize = 100;

/// Most events that a resume sends; with more to catch up the client gets the newest page and is told to start afresh.
pub const RESUME_MAX_EVENTS: usize = 300;
