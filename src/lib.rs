//! Ventanilla: a virtual-assistant server for customer care.

pub mod accounts;
pub mod admin_socket;
pub mod app;
pub mod catalog_watch;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod demo_orders;
pub mod desk;
pub mod dialogue;
pub mod engine;
pub mod files;
pub mod ids;
pub mod insights;
pub mod listening;
pub mod mail;
pub mod ports;
pub mod protocol;
pub mod store;
pub mod topics;
pub mod transcript;
pub mod understanding;
pub mod web;
pub mod webhooks;
