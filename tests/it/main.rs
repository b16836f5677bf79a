//! Stories, contracts and golden files: everything that is tested from outside.

#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

mod black_friday;
mod desk_model;
mod desk_race;
mod events;
mod frames;
mod hostile;
mod house;
mod insights;
mod labelled;
mod orders;
mod server_kill;
mod store_contract;
mod store_dump;
mod store_kill;
mod store_model;
mod store_sled;
mod stories;
