//! Topics that answer nothing yet: what an import could not bring, and nobody has written.

use super::super::catalog::{Act, TopicRole};
use super::super::fault::Fault;
use super::super::notes::Notes;
use super::super::problem::Place;
use super::super::read::Gathered;

/// How an answer ends that only holds the place of one, in Spanish and English.
pub const PLACEHOLDERS: [&str; 2] = ["Aquí va la respuesta.", "The answer goes here."];

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    let mut found: Vec<(Place, Fault)> = Vec::new();
    for own in &notes.topics {
        let Some(topic) = all.topics.get(&own.id) else {
            continue;
        };
        let asked_for = topic.role == Some(TopicRole::TalkToPerson);
        // A form whose values a person takes over does speak: it asks.
        let asks = topic.slots.iter().any(|slot| !slot.optional);
        let mute = topic
            .steps
            .iter()
            .all(|step| matches!(step.act, Act::Escalate { .. }));
        if mute && !asks && !asked_for && !topic.steps.is_empty() {
            let topic = own.id.to_string();
            found.push((own.place.clone(), Fault::NoAnswer { topic }));
        }
    }
    for seen in &notes.texts {
        for (_, node) in &seen.said {
            let held = node
                .scalar()
                .is_some_and(|scalar| PLACEHOLDERS.iter().any(|end| scalar.text.ends_with(end)));
            if held {
                found.push((node.place_in(0), Fault::PlaceholderAnswer {}));
            }
        }
    }
    for (place, fault) in found {
        notes.fault(&place, &fault);
    }
}
