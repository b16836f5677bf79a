//! From an event to the messages about it. They are thin: who, what, when; texts only where the receiver asks for them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::conversation::{Body, Closer, Event, Owner, State};
use crate::ids::ConversationId;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A person is wanted.
    #[serde(rename = "handoff.requested")]
    HandoffRequested,
    /// An agent has taken it.
    #[serde(rename = "handoff.accepted")]
    HandoffAccepted,
    /// No person has it any more: closed, or given back to the bot.
    #[serde(rename = "handoff.closed")]
    HandoffClosed,
    /// Somebody wrote.
    #[serde(rename = "message.created")]
    MessageCreated,
    /// A session has ended.
    #[serde(rename = "conversation.closed")]
    ConversationClosed,
    /// It goes on in another conversation of the same person, or by itself again.
    #[serde(rename = "conversation.merged")]
    ConversationMerged,
    /// The visitor answered the question at the end.
    #[serde(rename = "feedback.submitted")]
    FeedbackSubmitted,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::HandoffRequested,
        Self::HandoffAccepted,
        Self::HandoffClosed,
        Self::MessageCreated,
        Self::ConversationClosed,
        Self::ConversationMerged,
        Self::FeedbackSubmitted,
    ];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HandoffRequested => "handoff.requested",
            Self::HandoffAccepted => "handoff.accepted",
            Self::HandoffClosed => "handoff.closed",
            Self::MessageCreated => "message.created",
            Self::ConversationClosed => "conversation.closed",
            Self::ConversationMerged => "conversation.merged",
            Self::FeedbackSubmitted => "feedback.submitted",
        }
    }
}

/// What an event may be told as. Whether it ends a handoff, or begins one again, needs a look at what was before: see [`ends_handoff`] and
/// [`begins_again`].
pub(super) fn kinds(body: &Body) -> &'static [Kind] {
    match body {
        Body::Queued { .. } => &[Kind::HandoffRequested],
        Body::Claimed { .. } => &[Kind::HandoffAccepted],
        Body::Returned { .. } | Body::LeftQueue | Body::PromiseMade { .. } => {
            &[Kind::HandoffClosed]
        }
        Body::VisitorSaid { .. }
        | Body::VisitorChose { .. }
        | Body::VisitorSent { .. }
        | Body::BotAnswered { .. }
        | Body::AgentSaid { .. }
        | Body::AgentSent { .. }
        | Body::Told { .. } => &[Kind::MessageCreated],
        Body::Closed { .. } => &[Kind::HandoffClosed, Kind::ConversationClosed],
        Body::MergedInto { .. } => &[Kind::HandoffClosed, Kind::ConversationMerged],
        Body::Unmerged { owed: Some(_), .. } => &[
            Kind::ConversationMerged,
            Kind::HandoffRequested,
            Kind::HandoffAccepted,
        ],
        Body::Rated { .. } => &[Kind::FeedbackSubmitted],
        _ => &[],
    }
}

/// Whether a handoff was open before this event and is not any more.
pub(super) fn ends_handoff(before: &State, event: &Event) -> bool {
    let with_people =
        |state: &State| matches!(state.owner, Owner::Queued(_) | Owner::Assigned { .. });
    let mut after = before.clone();
    after.apply(event);
    with_people(before) && !with_people(&after)
}

/// The handoff that goes on with a conversation which was merged and goes its own way again: its end was told with the merge.
pub(super) fn begins_again(after: &State) -> Option<Kind> {
    match after.owner {
        Owner::Queued(_) => Some(Kind::HandoffRequested),
        Owner::Assigned { .. } => Some(Kind::HandoffAccepted),
        Owner::Nobody | Owner::Bot | Owner::Closed { .. } => None,
    }
}

/// The id of a message: the same whenever the same event is told, in this history of the store.
pub(super) fn id(epoch: u64, conversation: ConversationId, event: &Event, kind: Kind) -> String {
    let mut hash = Sha256::new();
    hash.update(epoch.to_be_bytes());
    hash.update(conversation.as_bytes());
    hash.update(event.seq.0.to_be_bytes());
    hash.update(kind.name());
    let hex: String = hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("msg_{hex}")
}

/// The body: type, time and data, as Standard Webhooks has it. Nothing where there is nothing to tell. `after`: the state behind the event, where it is
/// one that [`begins_again`].
pub(super) fn body(
    conversation: ConversationId,
    event: &Event,
    kind: Kind,
    after: Option<&State>,
    texts: bool,
) -> Option<String> {
    let mut data = match (kind, &event.body) {
        (
            Kind::HandoffRequested,
            Body::Queued {
                reason,
                team,
                priority,
                skills,
            },
        ) => json!({"reason": reason, "team": team, "priority": priority, "skills": skills}),
        (Kind::HandoffAccepted, Body::Claimed { agent, name, .. }) => {
            json!({"agent": {"id": agent.to_string(), "name": name}})
        }
        (Kind::HandoffRequested, Body::Unmerged { .. }) => {
            let place = after?.waiting()?;
            json!({
                "reason": place.reason,
                "team": place.team,
                "priority": place.priority,
                "skills": place.skills,
            })
        }
        (Kind::HandoffAccepted, Body::Unmerged { .. }) => match &after?.owner {
            Owner::Assigned { agent, name, .. } => {
                json!({"agent": {"id": agent.to_string(), "name": name}})
            }
            _ => return None,
        },
        (Kind::HandoffClosed, Body::Returned { .. } | Body::LeftQueue) => {
            json!({"to": "bot"})
        }
        (Kind::HandoffClosed, Body::PromiseMade { .. }) => json!({"to": "message"}),
        (Kind::HandoffClosed, Body::MergedInto { into, .. }) => {
            json!({"to": "merged", "into": into.to_string()})
        }
        (Kind::ConversationMerged, Body::MergedInto { into, name, .. }) => {
            json!({"into": into.to_string(), "agent": {"name": name}})
        }
        (Kind::ConversationMerged, Body::Unmerged { .. }) => json!({"into": null}),
        (
            Kind::HandoffClosed,
            Body::Closed {
                outcome, wrap_up, ..
            },
        ) => {
            json!({"to": "closed", "outcome": outcome, "wrap_up": wrap_up})
        }
        (
            Kind::ConversationClosed,
            Body::Closed {
                outcome,
                by,
                wrap_up,
                ..
            },
        ) => {
            let by = match by {
                Closer::Visitor => "visitor",
                Closer::Agent { .. } => "agent",
                Closer::Timer => "timer",
            };
            json!({"outcome": outcome, "by": by, "wrap_up": wrap_up})
        }
        (
            Kind::FeedbackSubmitted,
            Body::Rated {
                question,
                value,
                kind,
                ..
            },
        ) => {
            json!({"question": question, "value": value, "kind": kind})
        }
        (Kind::MessageCreated, _) => message(event)?,
        _ => return None,
    };
    let has_words = matches!(kind, Kind::MessageCreated | Kind::FeedbackSubmitted);
    if texts && has_words && !event.private.texts.is_empty() {
        data["texts"] = json!(event.said(""));
    }
    data["conversation"] = json!(conversation);
    data["seq"] = json!(event.seq);
    let at = jiff::Timestamp::from_millisecond(event.at.0).ok()?;
    let body = json!({"type": kind.name(), "timestamp": at.to_string(), "data": data});
    Some(body.to_string())
}

/// Who wrote, and with what.
fn message(event: &Event) -> Option<Value> {
    let file = |file: &crate::conversation::Attached| json!({"id": file.id.to_string(), "media": file.media, "bytes": file.bytes});
    Some(match &event.body {
        Body::VisitorSaid { .. } => json!({"from": "visitor"}),
        Body::VisitorChose { .. } => json!({"from": "visitor", "tap": true}),
        Body::VisitorSent { file: sent, .. } => json!({"from": "visitor", "file": file(sent)}),
        Body::AgentSaid { agent, name, .. } => {
            json!({"from": "agent", "agent": {"id": agent.to_string(), "name": name}})
        }
        Body::AgentSent {
            agent,
            name,
            file: sent,
            ..
        } => {
            json!({"from": "agent", "agent": {"id": agent.to_string(), "name": name}, "file": file(sent)})
        }
        // A turn in which the bot only did something has no words.
        Body::BotAnswered { topic, .. } if !event.private.texts.is_empty() => {
            json!({"from": "bot", "topic": topic})
        }
        Body::Told { what, news, .. } => {
            json!({"from": "server", "what": what, "event": news.as_ref().map(|news| &news.event)})
        }
        _ => return None,
    })
}
