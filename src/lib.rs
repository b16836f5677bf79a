//! Ventanilla: a virtual-assistant server for customer care.

pub mod conversation;
pub mod dialogue;
pub mod ids;
pub mod listening;
pub mod ports;
pub mod protocol;
pub mod topics;
