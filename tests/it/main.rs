//! Stories, contracts and golden files: everything that is tested from outside.

mod events;
mod store_contract;
