//! What understanding may know of the conversation when it reads a text.

use super::slot::stored_rule;
use crate::conversation::{Asking, Offer, State};
use crate::ids::{SlotName, TopicId};
use crate::topics::SlotKind;

/// What was just offered and asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// Labels of the buttons under the last message, in order; a [`crate::conversation::Reading::choice`] is an index into them.
    pub choices: Vec<String>,
    /// Topic of the last answer.
    pub last_topic: Option<TopicId>,
    /// Topic of the open form.
    pub form: Option<TopicId>,
    /// Name and kind of the value that the open form asks.
    pub slot: Option<(SlotName, SlotKind)>,
    /// Whether a yes or a no is awaited.
    pub yes_no: bool,
    /// Whether free words are awaited (a message, a text): they may look like any topic.
    pub free_text: bool,
}

/// What understanding may know for the next text.
pub fn reading_context(state: &State) -> Offered {
    let asking = state.memory.open.as_ref().map(|form| &form.asking);
    let slot = match asking {
        Some(Asking::Slot { slot, rule, .. }) => {
            stored_rule(rule).map(|rule| (slot.clone(), rule.kind))
        }
        Some(Asking::Confirm { .. } | Asking::Message { .. } | Asking::Contact { .. }) | None => {
            None
        }
    };
    let offers_yes_no = match &state.memory.offered {
        Some(Offer::Person { .. } | Offer::End) => true,
        Some(Offer::Topics { .. }) | None => false,
    };
    Offered {
        choices: state
            .choices
            .iter()
            .flat_map(|(_, choices)| choices)
            .map(|choice| choice.title.clone())
            .collect(),
        last_topic: state.memory.last_topic.clone(),
        form: state.memory.open.as_ref().map(|form| form.topic.clone()),
        yes_no: offers_yes_no
            || matches!(asking, Some(Asking::Confirm { .. }))
            || slot
                .as_ref()
                .is_some_and(|(_, kind)| *kind == SlotKind::YesNo),
        free_text: matches!(asking, Some(Asking::Message { .. }))
            || slot
                .as_ref()
                .is_some_and(|(_, kind)| *kind == SlotKind::Text),
        slot,
    }
}
