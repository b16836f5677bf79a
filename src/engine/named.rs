//! Colleagues named in a note, `@Ana Ruiz`: they are told wherever they are in the console, also of a conversation that they do not watch.

use tokio::sync::broadcast;

use super::{AgentDoor, Engine};
use crate::ids::{AgentId, ConversationId};

/// Notes that may wait for a console; one that is slower misses the hint, and the note stays in the conversation.
pub(super) const QUEUE: usize = 64;

/// A note that may name somebody.
#[derive(Debug, Clone)]
pub struct Note {
    /// Where it is.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub name: String,
    by: AgentId,
    text: String,
}

impl Engine {
    /// Notes as they are written, from now on.
    pub fn notes(&self) -> broadcast::Receiver<Note> {
        self.inner.notes.subscribe()
    }
}

impl AgentDoor {
    pub(super) fn tell_named(&self, conversation: ConversationId, text: &str) {
        let me = self.me();
        let note = Note {
            conversation,
            name: me.name.clone(),
            by: me.id,
            text: text.to_owned(),
        };
        // Nobody at a console is no fault.
        let _ = self.engine().inner.notes.send(note);
    }

    /// Whether a colleague named this agent in it.
    pub fn is_named_in(&self, note: &Note) -> bool {
        let me = self.me();
        note.by != me.id && names(&note.text, &me.name)
    }
}

/// Whether `@name` stands in a text, and not as the beginning of a longer one.
fn names(text: &str, name: &str) -> bool {
    let wanted = format!("@{name}");
    !name.is_empty()
        && text.match_indices(&wanted).any(|(at, _)| {
            let behind = text
                .get(at + wanted.len()..)
                .and_then(|rest| rest.chars().next());
            !behind.is_some_and(char::is_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_whole() {
        assert!(names("¿puedes mirar, @Ana Ruiz?", "Ana Ruiz"));
        assert!(names("@Eva: urgente", "Eva"));
        assert!(!names("@Evaristo lo sabe", "Eva"));
        assert!(names("@Evaristo o @Eva", "Eva"));
        assert!(!names("Eva lo sabe", "Eva") && !names("@ nadie", ""));
    }
}
