//! Listening: which question a session ends with, for whom and why; and the reply that fits an opinion. Pure: it sends nothing and keeps
//! nothing; every choice comes with its reason, so that "why was this asked?" can be answered from the log.

mod choose;
mod reply;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

pub use choose::choose_question;
pub use reply::reply_to_opinion;
