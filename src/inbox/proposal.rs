//! What agents answered where the assistant missed: the makings of a topic. Nothing of it is published by itself.

use serde::Serialize;

use super::page::{Filter, Row};
use super::{Inbox, InboxError};
use crate::conversation::{Body, Event};
use crate::ids::{Lang, Outcome, Seq};
use crate::missed::{Reference, cleaned, example};

/// Sessions that are looked at; the newest.
const SESSIONS: usize = 10;
/// Events of a session that are looked at.
const EVENTS: usize = 400;
/// Phrases that are proposed.
const PHRASES: usize = 30;

/// An answer of an agent.
#[derive(Debug, Clone, Serialize)]
pub struct Answered {
    /// Its message: `<conversation>.<event>`.
    pub of: String,
    /// Its conversation.
    pub conversation: crate::ids::ConversationId,
    /// The agent's name as visitors see it.
    pub agent: String,
    /// What it says to anybody: without names, greetings and goodbyes, slots in place of values.
    pub text: String,
    /// Slots in it.
    pub slots: Vec<String>,
    /// It asks the visitor for something.
    pub asks: bool,
}

/// The makings of a topic.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// Language of most of its phrases.
    pub lang: Lang,
    /// Phrases of visitors, each once.
    pub phrases: Vec<String>,
    /// What agents answered, the newest session first.
    pub answers: Vec<Answered>,
    /// Slots that are cited.
    pub slots: Vec<String>,
}

impl Inbox {
    /// What agents answered those whose message is in the group with this one, in sessions that they solved.
    ///
    /// # Errors
    /// [`InboxError::NotFound`] where there is no such group, or the store cannot be read.
    pub async fn proposal(&self, filter: Filter, of: Reference) -> Result<Proposal, InboxError> {
        let mut rows = self.rows(filter, of).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        let mut answers = Vec::new();
        let mut seen = Vec::new();
        for row in &rows {
            let facts = &row.entry().facts;
            let session = (row.of.conversation, facts.first);
            let solved = facts.outcome == Some(Outcome::ResolvedByAgent);
            if !solved || facts.agent_said.is_empty() || seen.contains(&session) {
                continue;
            }
            seen.push(session);
            let read =
                self.engine()
                    .store()
                    .read(row.of.conversation, Seq(facts.first.0 - 1), EVENTS);
            let events = read.await?;
            answers.extend(answered(row, &events));
            if seen.len() == SESSIONS {
                break;
            }
        }
        let mut phrases: Vec<String> = Vec::new();
        for row in &rows {
            let text = example(&row.text);
            let same = |known: &String| known.to_lowercase() == text.to_lowercase();
            if phrases.len() < PHRASES && !phrases.iter().any(same) {
                phrases.push(text);
            }
        }
        let mut slots: Vec<String> = Vec::new();
        for slot in answers.iter().flat_map(|answer: &Answered| &answer.slots) {
            if !slots.contains(slot) {
                slots.push(slot.clone());
            }
        }
        Ok(Proposal {
            lang: most_common(&rows),
            phrases,
            answers,
            slots,
        })
    }
}

fn most_common(rows: &[Row]) -> Lang {
    let count = |lang: &Lang| rows.iter().filter(|row| row.lang == *lang).count();
    let langs = rows.iter().map(|row| &row.lang);
    langs
        .max_by_key(|lang| (count(lang), std::cmp::Reverse(*lang)))
        .cloned()
        .unwrap_or_else(Lang::es)
}

/// What an agent wrote behind a message, cleaned; of a session's events.
fn answered(row: &Row, events: &[Event]) -> Vec<Answered> {
    let said: Vec<&str> = events
        .iter()
        .filter(|event| {
            matches!(
                event.body,
                Body::VisitorSaid { .. } | Body::AgentSaid { .. }
            )
        })
        .filter_map(|event| event.private.first())
        .collect();
    let people: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.body {
            Body::AgentSaid { name, .. } | Body::Claimed { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let slots: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| matches!(event.body, Body::BotAnswered { .. }))
        .flat_map(|event| &event.private.values)
        // Names with a hyphen are notes of the assistant for itself.
        .filter(|(name, _)| !name.contains('-'))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut answers = Vec::new();
    for event in events.iter().filter(|event| event.seq > row.of.seq) {
        let Body::AgentSaid { name, .. } = &event.body else {
            if matches!(event.body, Body::Closed { .. }) {
                break;
            }
            continue;
        };
        let Some(text) = event.private.first() else {
            continue;
        };
        if let Some(answer) = cleaned(text, &said, &people, &slots) {
            answers.push(Answered {
                of: Reference {
                    conversation: row.of.conversation,
                    seq: event.seq,
                }
                .to_string(),
                conversation: row.of.conversation,
                agent: name.clone(),
                text: answer.text,
                slots: answer.slots,
                asks: answer.asks,
            });
        }
    }
    answers
}
