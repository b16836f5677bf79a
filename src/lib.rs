//! Ventanilla: a virtual-assistant server for customer care.

pub mod conversation;
pub mod ids;
pub mod ports;
pub mod store;
pub mod topics;
