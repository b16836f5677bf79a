//! The clocks and bounds of a conversation, as data.

use serde::{Deserialize, Serialize};

/// In milliseconds where nothing else is said. One value a server, from its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How long the bot waits after a message for another one, so that quick messages are answered once. 0 answers at once.
    pub pause_ms: i64,
    /// Longest wait while the visitor is still typing.
    pub typing_ms: i64,
    /// A session in which nothing is owed ends after this silence.
    pub idle_ms: i64,
    /// Quiet for so long after an agent's words, the visitor is asked whether they are still there.
    pub nudge_ms: i64,
    /// A closed session goes on when the visitor writes again within this time.
    pub reopen_ms: i64,
    /// Longest wait in the queue; then the bot takes the message and promises an answer.
    pub queue_ms: i64,
    /// An agent without a connection loses the conversation after this time.
    pub grace_ms: i64,
    /// A connected agent who leaves the visitor without a reply loses it after this time.
    pub silent_ms: i64,
    /// A feedback question that nobody answers expires.
    pub question_ms: i64,
    /// A call that has not come back is lost; longer than any call's own time-outs together.
    pub call_ms: i64,
    /// What a visitor wanted remembered is kept so long after they last said so; 0: nothing is offered to be kept.
    pub remember_ms: i64,
    /// Most files in a conversation, of both sides together. A number, no time.
    pub files: usize,
}

const MINUTE: i64 = 60_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            pause_ms: 700,
            typing_ms: 2_500,
            idle_ms: 30 * MINUTE,
            nudge_ms: 10 * MINUTE,
            reopen_ms: 30 * MINUTE,
            queue_ms: 20 * MINUTE,
            grace_ms: MINUTE,
            silent_ms: 10 * MINUTE,
            question_ms: 24 * 60 * MINUTE,
            call_ms: 2 * MINUTE,
            remember_ms: 365 * 24 * 60 * MINUTE,
            files: 50,
        }
    }
}
