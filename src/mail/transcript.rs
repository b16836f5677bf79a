//! A conversation as lines for the visitor who took part in it: what they saw, nothing else. Pure.

use super::letter::Part;
use crate::conversation::{Body, Event};
use crate::ids::Timestamp;
use crate::topics::Reader;

/// Most lines of a transcript; the oldest go first.
const MOST: usize = 500;

/// The lines of these events, with a date at the beginning of each session.
pub(super) fn transcript(
    reader: &Reader<'_>,
    events: &[Event],
    dated: impl Fn(Timestamp) -> String,
) -> Vec<Part> {
    let visitor = reader.engine("mail_visitor", &[]);
    let assistant = reader.words(&reader.catalog.assistant.name).to_owned();
    let mut parts: Vec<Part> = Vec::new();
    for event in events {
        let name = match &event.body {
            Body::SessionOpened { .. } => {
                parts.push(Part::Words(dated(event.at)));
                &assistant
            }
            Body::VisitorSaid { .. } | Body::VisitorChose { .. } | Body::VisitorSent { .. } => {
                &visitor
            }
            Body::BotAnswered { .. } | Body::Told { .. } | Body::OpinionAnswered { .. } => {
                &assistant
            }
            Body::AgentSaid { name, .. } | Body::AgentSent { name, .. } => name,
            // The rest was no line of the conversation.
            _ => continue,
        };
        let said = event.private.texts.iter().filter(|text| !text.is_empty());
        parts.extend(said.map(|text| Part::Field(name.clone(), text.clone())));
    }
    let early = parts.len().saturating_sub(MOST);
    parts.split_off(early)
}
