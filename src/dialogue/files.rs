//! A file came while the bot has the conversation: it cannot see what is in it, and says so.

use super::failure::offer;
use super::turn::{Ask, Turn};
use crate::conversation::Effect;
use crate::ids::HandoffReason;

/// Says once that the bot cannot see files, and offers a person where nothing else was said. `alone`: nothing but files came.
pub(super) fn files_came(turn: &mut Turn<'_>, alone: bool) {
    // Whoever takes over sees the file: there is nothing to confess.
    if matches!(turn.effect, Effect::Handoff { .. }) {
        return;
    }
    let told = std::mem::replace(&mut turn.memory.file_told, true);
    let asked = turn.memory.open.is_some();
    match (told, alone) {
        (true, true) => turn.say_engine("file_kept", &[]),
        (true, false) => {}
        (false, true) if !asked => {
            turn.say_engine("file_unseen_offer", &[]);
            let wanted = turn.wanted(HandoffReason::CustomerRequest);
            offer(turn, wanted);
        }
        (false, _) => {
            let note = turn.reader.engine("file_unseen", &[]);
            turn.say_first(note);
        }
    }
    // A file is no answer to what was asked: the question stands.
    if alone && asked {
        turn.ask = Ask::First;
    }
}
