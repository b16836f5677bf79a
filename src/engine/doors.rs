//! What the visitor's and the agent's door share.

use super::mask;
use crate::conversation::Refusal;
use crate::ids::{Seq, Utterance};

/// A repeated act is done, not refused.
pub(super) fn once(result: Result<Seq, Refusal>) -> Result<Seq, Refusal> {
    match result {
        Err(Refusal::Duplicate(seq)) => Ok(seq),
        other => other,
    }
}

/// Cards and IBANs never reach an event.
pub(super) fn masked(text: &Utterance) -> Utterance {
    mask(text.as_str())
        .parse()
        .unwrap_or_else(|_impossible| text.clone())
}
