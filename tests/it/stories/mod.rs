//! Stories from outside, with the verbs of visitors and agents.

mod agents;
mod appeal;
mod authoring;
mod call_back;
mod canned;
mod channels;
mod client;
mod desk;
mod erasing;
mod files;
mod glance;
mod history;
mod listening;
mod mail;
mod mail_address;
mod mail_kit;
mod mail_news;
mod mail_server;
mod merge;
mod merge_cut_off;
mod merge_elsewhere;
mod merge_halves;
mod merge_kit;
mod merge_overtaken;
mod merge_waits;
mod news;
mod nobody_there;
mod notices;
mod skills;
mod support;
mod teaching;
mod teaching_kit;
mod visitors;
mod webhooks;

pub(crate) use client::Ws;
pub(crate) use support::{House, MONDAY, Signed, learn, learn_also};
