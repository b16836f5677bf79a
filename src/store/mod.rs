//! Where conversations and small records are kept: `mem` (the model, for tests), `sled` (the default), and the file format of snapshots.
//!
//! This room knows no engine, no dialogue and no wire: it keeps numbered events and gives them back. What it promises is written at
//! [`crate::ports::Store`] and told as a story by `tests/it/store_contract.rs`, which every implementation passes.

pub mod dump;
mod mem;
mod rows;
mod sled;

pub use self::mem::MemStore;
pub use self::sled::{OpenError, SledStore};
