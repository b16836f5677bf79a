//! What was said in a conversation that goes on in another one, read where it goes on. No words are copied: they are read in their own log each time,
//! so that what is erased there is gone here too.

use std::collections::BTreeMap;

use super::{Engine, EngineError, VisitorDoor};
use crate::conversation::{Body, Event, State};
use crate::ids::{ConversationId, Seq};
use crate::protocol::visitor::{JoinedBy, JoinedLine};
use crate::topics::Reader;

/// Most events of the other half that are read: the last ones of its session.
const MOST: usize = 200;
/// Most conversations that went into one another in a row and are read with it.
const DEEP: usize = 4;

impl Engine {
    /// The session that was taken in with an event, from its beginning to where it went on here, in order: not what was said before, perhaps by somebody
    /// else. Nothing for any other event.
    ///
    /// # Errors
    /// When the store cannot read the other one.
    pub async fn other_half(&self, event: &Event) -> Result<Vec<Event>, EngineError> {
        let Body::MergedFrom { from, of, .. } = &event.body else {
            return Ok(Vec::new());
        };
        let last = of.0.saturating_sub(1);
        let after = last.saturating_sub(MOST as u64);
        let count = usize::try_from(last - after).unwrap_or(MOST);
        if count == 0 {
            return Ok(Vec::new());
        }
        let read = self.store().read(*from, Seq(after), count).await;
        let mut half = read.map_err(EngineError::Store)?;
        half.retain(|event| event.seq < *of);
        let opened = |event: &Event| matches!(event.body, Body::SessionOpened { .. });
        let begin = half.iter().rposition(opened).unwrap_or_default();
        half.drain(..begin);
        Ok(half)
    }

    /// The other halves of all that these events took in, one in another too, each under the conversation and the event that took it in. What was
    /// parted by an agent is left out: it was no half of theirs.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn other_halves(
        &self,
        into: ConversationId,
        events: &[Event],
    ) -> Result<BTreeMap<(ConversationId, Seq), Vec<Event>>, EngineError> {
        let mut halves = BTreeMap::new();
        let mut open: Vec<(ConversationId, Event)> = (taken_in(events).into_iter())
            .map(|event| (into, event.clone()))
            .collect();
        for _ in 0..DEEP {
            let mut next = Vec::new();
            for (into, event) in open {
                let half = self.other_half(&event).await?;
                if let Body::MergedFrom { from, .. } = &event.body {
                    next.extend(
                        taken_in(&half)
                            .into_iter()
                            .map(|event| (*from, event.clone())),
                    );
                }
                halves.insert((into, event.seq), half);
            }
            open = next;
        }
        Ok(halves)
    }

    /// The same of those that still go on here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn standing_halves(
        &self,
        into: ConversationId,
        events: &[Event],
    ) -> Result<BTreeMap<(ConversationId, Seq), Vec<Event>>, EngineError> {
        let mut standing = Vec::new();
        for event in events {
            if self.goes_on_here(into, event).await? {
                standing.push(event.clone());
            }
        }
        self.other_halves(into, &standing).await
    }

    /// Whether what an event took in still goes on here.
    async fn goes_on_here(&self, id: ConversationId, event: &Event) -> Result<bool, EngineError> {
        let Body::MergedFrom { from, .. } = &event.body else {
            return Ok(false);
        };
        let stands = |state: &State| state.joined(*from).is_some_and(|one| one.seq == event.seq);
        self.look(id, stands).await
    }
}

/// The events that took in another conversation which no agent has parted again.
fn taken_in(events: &[Event]) -> Vec<&Event> {
    let mut taken: Vec<&Event> = Vec::new();
    for event in events {
        match &event.body {
            Body::MergedFrom { .. } => taken.push(event),
            Body::UnmergedFrom {
                from, over: false, ..
            } => taken.retain(
                |one| !matches!(&one.body, Body::MergedFrom { from: one, .. } if one == from),
            ),
            _ => {}
        }
    }
    taken
}

impl VisitorDoor {
    /// What was said in the conversation that an event took in, for whoever has passed the check in this one: nothing for those who came by a link
    /// from a mail, and nothing once the two go their own ways.
    pub async fn joined_lines(&self, event: &Event) -> Vec<JoinedLine> {
        if !self.shows_halves() {
            return Vec::new();
        }
        let lines = async {
            let events = std::slice::from_ref(event);
            let halves = self.engine().standing_halves(self.id(), events).await?;
            let live = self.engine().live();
            let opening = self.opening();
            let reader = Reader::new(&live.catalog, &opening.site, &opening.lang, opening.style);
            let mut lines = vec![JoinedLine {
                at: event.at,
                by: JoinedBy::Note,
                name: String::new(),
                text: reader.engine("joined_from", &[]),
            }];
            unfold(&reader, &halves, self.id(), event, &mut lines);
            Ok::<_, EngineError>(if lines.len() > 1 { lines } else { Vec::new() })
        };
        lines.await.unwrap_or_else(|error| {
            // A damaged one costs its own words, not the conversation in which it goes on.
            tracing::warn!(conversation = %self.id(), %error, "the other half is not shown");
            Vec::new()
        })
    }
}

/// The lines of the half that an event took in, those of a half in it where that was taken in.
fn unfold(
    reader: &Reader<'_>,
    halves: &BTreeMap<(ConversationId, Seq), Vec<Event>>,
    into: ConversationId,
    event: &Event,
    lines: &mut Vec<JoinedLine>,
) {
    let (Body::MergedFrom { from, .. }, Some(half)) = (&event.body, halves.get(&(into, event.seq)))
    else {
        return;
    };
    for event in half {
        unfold(reader, halves, *from, event, lines);
        lines.extend(line(reader, event));
    }
}

/// What somebody said; nothing where nobody did, and nothing of what was erased.
fn line(reader: &Reader<'_>, event: &Event) -> Option<JoinedLine> {
    let assistant = || reader.words(&reader.catalog.assistant.name).to_owned();
    let visitor = || reader.engine("joined_visitor", &[]);
    let (by, name) = match &event.body {
        Body::VisitorSaid { .. } | Body::VisitorChose { .. } | Body::VisitorSent { .. } => {
            (JoinedBy::Visitor, visitor())
        }
        Body::BotAnswered { .. } | Body::Told { .. } | Body::OpinionAnswered { .. } => {
            (JoinedBy::Bot, assistant())
        }
        Body::AgentSaid { name, .. } | Body::AgentSent { name, .. } => {
            (JoinedBy::Agent, name.clone())
        }
        // What happened there was told there; the greeting was said here too.
        _ => return None,
    };
    let mut said = event.said("");
    said.retain(|text| !text.trim().is_empty());
    let text = said.join("\n\n");
    let file = matches!(
        event.body,
        Body::VisitorSent { .. } | Body::AgentSent { .. }
    );
    // A file stays where it was sent, and is opened there.
    let text = match (text.is_empty(), file) {
        (true, _) => return None,
        (false, true) => reader.engine("transcript_file", &[("name", &text)]),
        (false, false) => text,
    };
    Some(JoinedLine {
        at: event.at,
        by,
        name,
        text,
    })
}
