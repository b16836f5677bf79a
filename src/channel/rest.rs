//! The REST channel, in the format of Rasa's: `POST {"sender","message"}` is answered with `[{"recipient_id","text","buttons"}]`. What an agent
//! writes later comes with the sender's next message. An optional `metadata.message_id` makes a repeated request the same act.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::visitor_socket::{Came, opening};

use crate::conversation::{Body, Event, Refusal};
use crate::engine::{Engine, EngineError, Led, VisitorDoor, fresh};
use crate::ids::{ClientId, ConversationId, Follows, Lang, Seq, SiteId, Style, Utterance};
use crate::ports::{Space, StoreError};

/// A turn with a call of a service is waited for this long; what comes later is returned with the next message.
const PATIENCE: Duration = Duration::from_secs(15);
/// Events looked at for one answer.
const EVENTS_MAX: usize = 500;

/// Times that a message follows its sender to where the conversation goes on.
const FOLLOWED_MAX: u32 = 3;

/// What is posted.
#[derive(Debug, Clone, Deserialize)]
pub struct Incoming {
    /// Who: any text of at most 200 characters that the caller keeps for one person.
    sender: String,
    /// What they wrote. `/choose N` takes button N (1 is the first) of the last answer.
    message: String,
    /// Further facts.
    #[serde(default)]
    metadata: Metadata,
}

/// Further facts of a message.
#[derive(Debug, Clone, Default, Deserialize)]
struct Metadata {
    lang: Option<Lang>,
    style: Option<Style>,
    message_id: Option<ClientId>,
}

/// One message of an answer.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Outgoing {
    recipient_id: String,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct Button {
    title: String,
    payload: String,
}

/// Why a message was not taken.
#[derive(Debug)]
pub enum RestError {
    /// Something about the message itself.
    Message(String),
    /// The engine did not do it.
    Engine(EngineError),
}

impl From<EngineError> for RestError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// What is kept of a sender.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sender {
    conversation: ConversationId,
    /// Last event that was returned to them.
    returned: Seq,
    /// The conversation in which it goes on, where it was merged, and the last event of that one that was returned to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elsewhere: Option<(ConversationId, Seq)>,
}

/// Takes a message and gives everything that was said to the sender since their last one. What is shown is a line of text, with its address under
/// `base`, this server's own.
///
/// # Errors
/// [`RestError`].
pub async fn converse(
    engine: &Engine,
    site: &SiteId,
    base: &str,
    incoming: Incoming,
) -> Result<Vec<Outgoing>, RestError> {
    for _ in 1..FOLLOWED_MAX {
        match turn(engine, site, base, incoming.clone()).await {
            // It goes on elsewhere since the door was found.
            Err(RestError::Engine(EngineError::Refused(Refusal::Merged))) => {}
            other => return other,
        }
    }
    turn(engine, site, base, incoming).await
}

async fn turn(
    engine: &Engine,
    site: &SiteId,
    base: &str,
    incoming: Incoming,
) -> Result<Vec<Outgoing>, RestError> {
    let name = incoming.sender.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(RestError::Message(
            "`sender` must have 1 to 200 characters".into(),
        ));
    }
    let text: Utterance = incoming.message.parse().map_err(|why| {
        RestError::Message(format!(
            "`message` is {why}: 1 to 4,000 characters are taken"
        ))
    })?;
    let key = format!("rest/{site}/{name}");
    let (version, sender) = sender(engine, &key).await?;
    let Metadata {
        lang,
        style,
        message_id,
    } = incoming.metadata;
    let came = Came {
        lang,
        style,
        page: None,
        stage: None,
        touchpoint: None,
        time_zone: None,
        invite: None,
    };
    let came = opening(engine, site, "rest", came);
    let door = VisitorDoor::led(engine.clone(), sender.conversation, came, Follows::Always).await?;
    let conversation = door.id();
    let returned = returned(&sender, door.way());
    let id = act_id(engine, &key, message_id)?;

    let (mut ear, mut heard) = engine.hub().ear();
    ear.listen(conversation);
    ear.seal();
    let choice = text
        .as_str()
        .strip_prefix("/choose ")
        .and_then(|number| number.trim().parse::<u32>().ok());
    let buttons = match choice {
        Some(_) => engine.choices_event(conversation).await?,
        None => None,
    };
    // What was not told of it before was told of none: neither are its buttons those that they saw.
    let there = sender.elsewhere.map(|(there, _)| there);
    let arrives = door.way().is_away() && there != Some(conversation);
    let said = match (choice.and_then(|number| number.checked_sub(1)), buttons) {
        // A repeated act is known where it was done first.
        _ if door.did_before(&id).await?.is_some() => returned,
        (Some(_), Some(of)) if arrives || of > returned => {
            return Err(EngineError::Refused(Refusal::NoSuchChoice).into());
        }
        (Some(option), Some(of)) => door.choose(id, of, option).await?,
        _ => door.say(id, &text).await?,
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !engine.is_answered(conversation).await? {
        match tokio::time::timeout_at(deadline, heard.recv()).await {
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    drop(ear);
    let events = engine
        .store()
        .read(conversation, returned.min(said), EVENTS_MAX)
        .await
        .map_err(|error| RestError::Engine(EngineError::Store(error)))?;
    let last = events.last().map_or(said, |event| event.seq);
    let left = left_behind(engine, &sender, door.way()).await?;
    let read = match left.last() {
        Some(last) if arrives && sender.elsewhere.is_none() => last.seq,
        Some(_) | None => sender.returned,
    };
    let messages = (left.iter().chain(&events))
        .flat_map(|event| messages(name, base, event))
        .collect();
    let told = if conversation == sender.conversation {
        Sender {
            returned: last,
            elsewhere: None,
            ..sender
        }
    } else {
        Sender {
            returned: read,
            elsewhere: Some((conversation, last)),
            ..sender
        }
    };
    let value = serde_json::to_value(told).unwrap_or_default();
    match engine
        .store()
        .put_if(Space::Senders, &key, version, Some(value))
        .await
    {
        // Another request of the same sender was first: it returns the same messages, which is better than none.
        Ok(_) | Err(StoreError::Conflict { .. }) => Ok(messages),
        Err(error) => Err(RestError::Engine(EngineError::Store(error))),
    }
}

/// The act's id. Senders number their messages alike, and two of them may be one person whose conversations are joined: a number is its sender's own.
fn act_id(engine: &Engine, key: &str, given: Option<ClientId>) -> Result<ClientId, RestError> {
    let text = match given {
        Some(id) => {
            let hash: [u8; 32] = Sha256::digest(format!("{key}\n{}", id.as_str())).into();
            hash.iter().map(|byte| format!("{byte:02x}")).collect()
        }
        None => fresh::uuid(engine.now()).to_string(),
    };
    text.parse()
        .map_err(|_impossible| RestError::Message("id".into()))
}

/// What was said where the sender was before they were led on, or back, and was not returned to them.
async fn left_behind(
    engine: &Engine,
    sender: &Sender,
    way: &Led,
) -> Result<Vec<Event>, EngineError> {
    let now_in = way.here();
    let (before, returned) = match sender.elsewhere {
        Some((there, _)) if there == now_in => return Ok(Vec::new()),
        Some(left) => left,
        None if now_in == sender.conversation => return Ok(Vec::new()),
        None => (sender.conversation, sender.returned),
    };
    let read = engine.store().read(before, returned, EVENTS_MAX).await;
    let mut events = read.map_err(EngineError::Store)?;
    if before != sender.conversation {
        // Behind this they are no longer meant; that a third one parted from it is nothing to them.
        let been = engine.been_in(way).await?;
        let over = |event: &Event| match &event.body {
            Body::UnmergedFrom { from, .. } => been.contains(from),
            Body::SessionOpened { .. } => true,
            _ => false,
        };
        let meant = events.iter().position(over).unwrap_or(events.len());
        events.truncate(meant);
    }
    Ok(events)
}

/// The last event that was returned to a sender where they are now: at first that before the one which took theirs in.
fn returned(sender: &Sender, way: &Led) -> Seq {
    match sender.elsewhere {
        _ if !way.is_away() => sender.returned,
        Some((there, returned)) if there == way.here() => returned,
        Some(_) | None => Seq(way.taken_in().0.saturating_sub(1)),
    }
}

async fn sender(engine: &Engine, key: &str) -> Result<(u64, Sender), EngineError> {
    loop {
        let known = engine
            .store()
            .get(Space::Senders, key)
            .await
            .map_err(EngineError::Store)?;
        if let Some(record) = known
            && let Ok(sender) = serde_json::from_value(record.value)
        {
            return Ok((record.version, sender));
        }
        let sender = Sender {
            conversation: ConversationId::from(fresh::uuid(engine.now())),
            returned: Seq::ZERO,
            elsewhere: None,
        };
        let value = serde_json::to_value(&sender).unwrap_or_default();
        match engine
            .store()
            .put_if(Space::Senders, key, 0, Some(value))
            .await
        {
            Ok(version) => return Ok((version, sender)),
            // Two first messages at once: the other made the conversation.
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(EngineError::Store(error)),
        }
    }
}

/// What the other side says in an event, as messages.
fn messages(recipient: &str, base: &str, event: &Event) -> Vec<Outgoing> {
    let choices = match &event.body {
        Body::BotAnswered { choices, .. }
        | Body::Told { choices, .. }
        | Body::OpinionAnswered { choices } => choices.as_slice(),
        // That they go on here, or apart.
        Body::MergedFrom { .. }
        | Body::MergedInto { .. }
        | Body::UnmergedFrom { .. }
        | Body::Unmerged { .. } => &[],
        Body::AgentSaid { .. } => &[],
        _ => return Vec::new(),
    };
    let said = event.said(base);
    let count = said.len();
    said.into_iter()
        .enumerate()
        .map(|(nth, text)| Outgoing {
            recipient_id: recipient.to_owned(),
            text,
            buttons: if nth + 1 == count {
                choices
                    .iter()
                    .zip(1..)
                    .map(|(choice, number)| Button {
                        title: choice.title.clone(),
                        payload: format!("/choose {number}"),
                    })
                    .collect()
            } else {
                Vec::new()
            },
        })
        .collect()
}
