//! Ventanilla: a virtual-assistant server for customer care.

pub mod clock;
pub mod conversation;
pub mod desk;
pub mod ids;
pub mod ports;
pub mod protocol;
pub mod store;
pub mod topics;
pub mod understanding;
