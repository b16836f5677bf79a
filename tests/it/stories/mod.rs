//! Stories from outside, with the verbs of visitors and agents.

mod agents;
mod channels;
mod client;
mod desk;
mod erasing;
mod mail;
mod mail_server;
mod nobody_there;
mod support;
mod visitors;
