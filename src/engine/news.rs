//! Business events: the company's systems tell of a late delivery, and the customer learns of it in the thread before they ask.
//!
//! An event is stored before it is answered for, told once whatever happens, and not in the visitor's quiet hours: then it waits, through restarts
//! too. Its values go as soon as it is told; that it was told is kept for a week, so that an event that is sent again is known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::contacts::{CONTACT, Given};
use super::conversations::Step;
use super::led::Led;
use super::{Engine, EngineError, mask};
use crate::conversation::{
    Choice, Command, DeskCommand, News, PromiseKind, Refusal, State, Target, Told,
};
use crate::dialogue::{is_of_kind, shown};
use crate::ids::{ClientId, ConversationId, EventName, Follows, Lang, Seq, Timestamp};
use crate::ports::{Record, Space, Store, StoreError};
use crate::topics::{BusinessEvent, Reader, Text, ValueKind};

/// What is over is kept for this long, to know it again.
const KEPT_MS: i64 = 7 * 24 * 60 * 60_000;
/// What could not be told is tried again after this time.
const AGAIN_MS: i64 = 10_000;
/// The list is looked through at least this often.
const LOOK_MS: i64 = 60 * 60_000;
/// Longest value, in characters.
const VALUE_MAX: usize = 500;

/// What comes in.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The caller's own id: the same event sent again is the same event.
    pub id: ClientId,
    /// Which file of `events/`.
    pub kind: EventName,
    /// Whom: a conversation's id, a mail address, a phone or order number.
    pub contact: String,
    /// Its values: the content of a string, the JSON text of anything else.
    pub data: BTreeMap<String, String>,
}

/// How the conversation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// By its id.
    Conversation,
    /// The latest in which this was proven.
    Verified,
    /// The latest in which this was given.
    Given,
}

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The conversation.
    pub conversation: ConversationId,
    /// How it was found.
    pub rule: Rule,
    /// When it is told, or was.
    pub at: Timestamp,
    /// Its event there, once it is told.
    pub seq: Option<Seq>,
    /// Whether the event was known already.
    pub repeated: bool,
}

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    /// No such file.
    #[error("there is no {0}.yaml in events/")]
    NoSuchEvent(EventName),
    /// Values that the file declares did not come.
    #[error("`data` lacks: {}", .0.join(", "))]
    Lacks(Vec<String>),
    /// A value is too long.
    #[error("`data.{0}` is longer than {VALUE_MAX} characters")]
    TooLong(String),
    /// Values are not of the kind that the file declares: name and kind of each.
    #[error("not of the kind that the file declares: {}", .0.join(", "))]
    WrongKind(Vec<String>),
    /// Nobody gave that, or nobody proved it where the file wants a proof.
    #[error("no conversation is known by this contact")]
    Nobody,
    /// It stands for different things in different conversations.
    #[error("this contact is a different thing in several conversations; name the conversation")]
    Ambiguous,
    /// The id was used for another event.
    #[error("this id was used for another event")]
    IdReused,
    /// Store or engine did not do it.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for NewsError {
    fn from(error: StoreError) -> Self {
        Self::Engine(EngineError::Store(error))
    }
}

/// What is stored of an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    digest: String,
    kind: EventName,
    /// The one that the contact stands for, until it begins to be told: then the one in which that is.
    conversation: ConversationId,
    /// The one that the contact stands for, where it is told in another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<ConversationId>,
    rule: Rule,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    data: BTreeMap<String, String>,
    /// What is said, where it is of ours and no event of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    say: Option<Text>,
    due: Timestamp,
    /// Its event; 0 where it could not be told any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Seq>,
}

impl Stored {
    fn announced(&self, repeated: bool) -> Announced {
        Announced {
            conversation: self.conversation,
            rule: self.rule,
            at: self.due,
            seq: self.told,
            repeated,
        }
    }
}

/// A kind of value, and how it is written.
fn form(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "text",
        ValueKind::Date => "date, as 2026-11-27",
        ValueKind::Time => "time, as 18:30",
        ValueKind::Money => "money, as 59.90 or {\"amount\": 59.90, \"currency\": \"EUR\"}",
    }
}

impl Engine {
    /// Takes an event in: durable before this returns, and told at once outside of quiet hours.
    ///
    /// # Errors
    /// [`NewsError`]; nothing is stored then.
    pub async fn announce(&self, news: Announcement) -> Result<Announced, NewsError> {
        let key = news.id.as_str().to_owned();
        let digest = digest(&news);
        loop {
            if let Some(record) = self.store().get(Space::Events, &key).await? {
                let stored = read(&record)?;
                return if stored.digest == digest {
                    Ok(stored.announced(true))
                } else {
                    Err(NewsError::IdReused)
                };
            }
            let event = self.event_of(&news)?;
            let (found, rule) = self.whom(&news.contact, &event).await?;
            let now = self.now();
            let goes_on = self.continued(found).await?;
            let due = self.quiet_end(goes_on, &event).await?.unwrap_or(now);
            let data = news.data.iter();
            let stored = Stored {
                digest: digest.clone(),
                kind: news.kind.clone(),
                conversation: found,
                found: None,
                rule,
                data: data
                    .filter(|(name, _)| event.data.contains_key(*name))
                    .map(|(name, value)| (name.clone(), mask(value)))
                    .collect(),
                say: None,
                due,
                told: None,
            };
            let put = self
                .store()
                .put_if(Space::Events, &key, 0, Some(json(&stored)));
            match put.await {
                Ok(version) if due <= now => {
                    let waits = stored.announced(false);
                    return match self.tell_news(&key, version, stored).await {
                        Ok(told) => Ok(told.announced(false)),
                        Err(EngineError::Refused(Refusal::Merged)) => {
                            self.inner.news.notify_one();
                            Ok(waits)
                        }
                        Err(other) => Err(other.into()),
                    };
                }
                Ok(_) => {
                    self.inner.news.notify_one();
                    return Ok(stored.announced(false));
                }
                // The same event came twice at once.
                Err(StoreError::Conflict { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
    }

    /// Takes in that a conversation is to be told something of ours, under one of [`Own`]'s names, once for each `key`. [`Engine::run_news`] tells it.
    pub(super) async fn will_tell(
        &self,
        (own, key): (Own, &str),
        conversation: ConversationId,
        say: &Text,
    ) -> Result<(), StoreError> {
        let stored = Stored {
            digest: String::new(),
            kind: own.name(),
            conversation,
            found: None,
            rule: Rule::Conversation,
            data: BTreeMap::new(),
            say: Some(say.clone()),
            due: self.now(),
            told: None,
        };
        let put = self
            .store()
            .put_if(Space::Events, key, 0, Some(json(&stored)));
        match put.await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    fn event_of(&self, news: &Announcement) -> Result<BusinessEvent, NewsError> {
        let live = self.live();
        let event = live.catalog.events.get(&news.kind).cloned();
        let event = event.ok_or_else(|| NewsError::NoSuchEvent(news.kind.clone()))?;
        let lacks: Vec<String> = event
            .data
            .keys()
            .filter(|name| !news.data.contains_key(*name))
            .cloned()
            .collect();
        if !lacks.is_empty() {
            return Err(NewsError::Lacks(lacks));
        }
        let long = news
            .data
            .iter()
            .find(|(_, value)| value.chars().count() > VALUE_MAX);
        if let Some((name, _)) = long {
            return Err(NewsError::TooLong(name.clone()));
        }
        let declared = event.data.iter();
        let wrong: Vec<String> = declared
            .filter(|(name, kind)| {
                let value = news.data.get(*name);
                value.is_some_and(|value| !is_of_kind(value, **kind))
            })
            .map(|(name, kind)| format!("`data.{name}` ({})", form(*kind)))
            .collect();
        if wrong.is_empty() {
            Ok(event)
        } else {
            Err(NewsError::WrongKind(wrong))
        }
    }

    /// The conversation that a contact stands for: its id; the latest in which it was proven, where the file wants a proof; else the latest in
    /// which it was given.
    async fn whom(
        &self,
        contact: &str,
        event: &BusinessEvent,
    ) -> Result<(ConversationId, Rule), NewsError> {
        let contacts = &self.inner.contacts;
        let _behind: Result<(), _> = tokio::time::timeout(
            FOLD_PATIENCE,
            contacts.caught_up(self.store().last_commit()),
        )
        .await;
        if let Ok(id) = contact.trim().parse::<ConversationId>() {
            let proven = |check: &String| contacts.passed(id, check);
            return if self.exists(id).await? && event.requires.as_ref().is_none_or(proven) {
                Ok((id, Rule::Conversation))
            } else {
                Err(NewsError::Nobody)
            };
        }
        let live = self.live();
        let check = event
            .requires
            .as_ref()
            .and_then(|name| live.catalog.checks.get(name));
        let mut places = contacts.given(contact);
        if let Some(check) = check {
            places.retain(|place| {
                place.verified.contains(&check.name)
                    && check
                        .slots
                        .iter()
                        .any(|slot| slot.name.as_str() == place.name)
            });
        }
        if !contact.contains('@') && means_several(&places) {
            return Err(NewsError::Ambiguous);
        }
        while let Some(place) = places.pop() {
            if self.still_there(&place).await? {
                let rule = match check {
                    Some(_) => Rule::Verified,
                    None => Rule::Given,
                };
                return Ok((place.conversation, rule));
            }
        }
        Err(NewsError::Nobody)
    }

    /// Whether what was given has not been erased since.
    async fn still_there(&self, place: &Given) -> Result<bool, StoreError> {
        let before = Seq(place.seq.0.saturating_sub(1));
        let events = self.store().read(place.conversation, before, 1).await?;
        Ok(events
            .first()
            .is_some_and(|event| !event.private.is_empty()))
    }

    /// Tells it: an act of its own, so that after a crash it is not told twice.
    async fn tell_news(
        &self,
        key: &str,
        mut version: u64,
        mut stored: Stored,
    ) -> Result<Stored, EngineError> {
        let live = self.live();
        let said = stored.say.clone();
        let own = said.map(|say| own_event(stored.kind.clone(), say));
        let told = match own.or_else(|| live.catalog.events.get(&stored.kind).cloned()) {
            None => {
                tracing::warn!(event = %stored.kind, "its file is gone, nobody is told");
                Seq::ZERO
            }
            Some(_) if self.is_withdrawn(key) => Seq::ZERO,
            Some(event) => {
                let (act, data) = (act(key), stored.data.clone());
                let led;
                (version, stored, led) = self.follow(key, version, stored).await?;
                let elsewhere = stored.found.is_some() && self.reaches(stored.conversation).await?;
                let done = self
                    .run(stored.conversation, None, move |step| {
                        match tell(step, (act, led.as_ref()), &event, &data, elsewhere) {
                            Err(Refusal::Duplicate(seq)) => Ok(seq),
                            other => other,
                        }
                    })
                    .await;
                match done {
                    Ok(seq) => seq,
                    // It went on in another one at this very moment: told a little later, there.
                    Err(merged @ EngineError::Refused(Refusal::Merged)) => return Err(merged),
                    Err(EngineError::Refused(why)) => {
                        tracing::warn!(event = %stored.kind, %why, "nobody is told");
                        Seq::ZERO
                    }
                    Err(other) => return Err(other),
                }
            }
        };
        if told != Seq::ZERO {
            self.action_told(key).await.map_err(EngineError::Store)?;
        }
        let stored = Stored {
            data: BTreeMap::new(),
            told: Some(told),
            ..stored
        };
        let put = self
            .store()
            .put_if(Space::Events, key, version, Some(json(&stored)));
        match put.await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(stored),
            Err(other) => Err(EngineError::Store(other)),
        }
    }

    /// Goes after a conversation that goes on in another one. Where that is is kept before anything is told: after a crash the act is known there,
    /// also when the two were parted meanwhile. With the way there, where it is still to be told.
    async fn follow(
        &self,
        key: &str,
        version: u64,
        mut stored: Stored,
    ) -> Result<(u64, Stored, Option<Led>), EngineError> {
        if stored.found.is_some() && (self.did(stored.conversation, &act(key)).await?).is_some() {
            return Ok((version, stored, None));
        }
        let from = stored.found.unwrap_or(stored.conversation);
        let led = self.led(from, Follows::Always).await?;
        if led.here() == stored.conversation {
            return Ok((version, stored, Some(led)));
        }
        stored.found = led.is_away().then_some(from);
        stored.conversation = led.here();
        let put = self
            .store()
            .put_if(Space::Events, key, version, Some(json(&stored)));
        let version = put.await.map_err(EngineError::Store)?;
        Ok((version, stored, Some(led)))
    }

    /// Tells what has waited for the end of quiet hours, and lets go of what is long over. Runs as long as the engine.
    pub(super) async fn run_news(&self) {
        loop {
            let next = self.tell_due().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "business events wait");
                self.now().plus(AGAIN_MS)
            });
            tokio::select! {
                () = self.clock().sleep_until(next) => {}
                () = self.inner.news.notified() => {}
            }
        }
    }

    async fn tell_due(&self) -> Result<Timestamp, EngineError> {
        let now = self.now();
        let mut next = now.plus(LOOK_MS);
        let all = self.store().list(Space::Events).await;
        for (key, record) in all.map_err(EngineError::Store)? {
            let Ok(stored) = read(&record) else {
                tracing::error!(event = key, "a stored business event is damaged");
                continue;
            };
            if stored.told.is_some() {
                if now.since(stored.due) > KEPT_MS {
                    remove(self.store().as_ref(), &key, &record)
                        .await
                        .map_err(EngineError::Store)?;
                }
            } else if stored.due <= now {
                if let Err(error) = self.tell_news(&key, record.version, stored).await {
                    tracing::warn!(event = key, %error, "it is told later");
                    next = next.min(now.plus(AGAIN_MS));
                }
            } else {
                next = next.min(stored.due);
            }
        }
        Ok(next)
    }
}

/// What the server tells by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// That a notice is fixed.
    NoticeFixed,
    /// What was done about an opinion.
    ActionDone,
}

impl Own {
    const ALL: [Self; 2] = [Self::NoticeFixed, Self::ActionDone];

    /// The name of its event; no file has it.
    fn name(self) -> EventName {
        let name = match self {
            Self::NoticeFixed => "notice_fixed",
            Self::ActionDone => "action_done",
        };
        name.parse().expect("a valid slug")
    }

    /// What has this name.
    pub(super) fn named(name: &EventName) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.name() == *name)
    }
}

/// Mails of ours wait for the morning.
const OWN_QUIET: (u16, u16) = (21 * 60, 9 * 60);

/// What the server tells by itself, as an event like those of files.
pub(super) fn own_event(name: EventName, say: Text) -> BusinessEvent {
    BusinessEvent {
        name,
        requires: None,
        data: BTreeMap::new(),
        say,
        choices: Vec::new(),
        quiet_hours: Some(OWN_QUIET),
        mail: true,
        file: String::new(),
    }
}

/// Whether it may also go by mail. What was done about an opinion goes only to who left a message to be answered: whoever gave an address for something else
/// did not ask for this.
fn may_mail(state: &State, event: &BusinessEvent) -> bool {
    let asked = || (state.kinds.values()).any(|kind| *kind == PromiseKind::Message);
    event.mail && (Own::named(&event.name) != Some(Own::ActionDone) || asked())
}

/// The fold is at most an append behind; a longer wait would only hold up the caller.
const FOLD_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// Drops the events of a conversation that have not been told, and what is known of those that were: part of its erasure.
///
/// # Errors
/// What the store says.
pub async fn forget_news(
    store: &dyn Store,
    conversation: ConversationId,
) -> Result<(), StoreError> {
    for (key, record) in store.list(Space::Events).await? {
        match read(&record) {
            Ok(news) if [Some(news.conversation), news.found].contains(&Some(conversation)) => {
                remove(store, &key, &record).await?;
            }
            Ok(_) => {}
            // Somebody else's damage must not keep an erasure from its end.
            Err(why) => tracing::error!(key, %why, "an event that waits cannot be read"),
        }
    }
    Ok(())
}

async fn remove(store: &dyn Store, key: &str, record: &Record) -> Result<(), StoreError> {
    match store.put_if(Space::Events, key, record.version, None).await {
        Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Whether a number was given as one thing here and as another there: an order number that is somebody's phone number.
fn means_several(places: &[Given]) -> bool {
    let mut names = places
        .iter()
        .map(|place| place.name.as_str())
        .filter(|name| *name != CONTACT);
    let first = names.next();
    names.any(|name| Some(name) != first)
}

/// `elsewhere`: whether it goes by mail to an address of a conversation that goes on here.
fn tell(
    step: &mut Step<'_>,
    (client_id, led): (ClientId, Option<&Led>),
    event: &BusinessEvent,
    data: &BTreeMap<String, String>,
    elsewhere: bool,
) -> Result<Seq, Refusal> {
    let live = step.engine.live();
    if let Some(led) = led {
        led.holds(step.state, step.now, &step.engine.settings().limits)?;
    }
    let session = step.state.session.as_ref().ok_or(Refusal::Closed)?;
    let opening = &session.opening;
    let lang = opening.lang.clone();
    let reader = Reader::new(&live.catalog, &opening.site, &lang, opening.style);
    let site = live.catalog.site(&opening.site);
    let currency = site.map_or("EUR", |site| site.currency.as_str());
    let said = reader.fill(&event.say, |name| {
        let name = name.strip_prefix("data.")?;
        let raw = data.get(name)?;
        Some(shown(
            raw,
            *event.data.get(name)?,
            &reader.lang,
            currency,
            year(step.now),
        ))
    });
    let says = said
        .split("\n\n")
        .map(str::trim)
        .filter(|message| !message.is_empty())
        .map(str::to_owned);
    let choices = event.choices.iter().filter_map(|choice| {
        let topic = live.catalog.topics.get(&choice.go)?;
        let title = choice.title.as_ref().unwrap_or(&topic.title);
        Some(Choice {
            title: reader.words(title).to_owned(),
            target: Target::Topic {
                topic: choice.go.clone(),
            },
        })
    });
    let reached = elsewhere || step.state.mail_address().is_some();
    let can_mail = step.engine.settings().mail && reached;
    let tell = DeskCommand::Tell {
        what: Told::News,
        says: says.collect(),
        choices: choices.collect(),
        lang: Lang::clone(&reader.lang),
        news: Some(News {
            client_id,
            event: event.name.clone(),
            // Who is connected may be a line that broke in silence: the outbox looks when the mail is due.
            mail: can_mail && may_mail(step.state, event),
        }),
    };
    step.decide(Command::Desk(tell))
}

fn year(now: Timestamp) -> i16 {
    jiff::Timestamp::from_millisecond(now.0)
        .map(|now| now.to_zoned(jiff::tz::TimeZone::UTC).year())
        .unwrap_or_default()
}

/// The act of an event in its conversation.
fn act(key: &str) -> ClientId {
    let hex = hex(&Sha256::digest(key));
    let short: String = hex.chars().take(40).collect();
    format!("news-{short}")
        .parse()
        .expect("45 printable characters are an id")
}

fn digest(news: &Announcement) -> String {
    let mut hash = Sha256::new();
    let data = news.data.iter();
    let parts = [news.kind.as_str(), news.contact.as_str()].into_iter();
    for part in parts.chain(data.flat_map(|(name, value)| [name.as_str(), value.as_str()])) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json(stored: &Stored) -> serde_json::Value {
    serde_json::to_value(stored).expect("plain fields are JSON")
}

fn read(record: &Record) -> Result<Stored, StoreError> {
    serde_json::from_value(record.value.clone())
        .map_err(|why| StoreError::Corrupt(format!("a business event: {why}")))
}
