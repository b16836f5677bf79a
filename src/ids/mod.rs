//! Newtypes that every room shares: ids, sequence numbers, time, parsed text.
//!
//! A value of these types is valid by being: it is parsed at the door and trusted inside. This room knows no other.

mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use words::{AgentStatus, HandoffReason, OpinionKind, Outcome, Priority, Role, Stage, Style};

/// Longest utterance in characters; a longer one is refused as `too_long`.
pub const UTTERANCE_MAX_CHARS: usize = 4_000;

/// Longest id that a client may give to its own message, in bytes.
pub const CLIENT_ID_MAX_BYTES: usize = 64;

/// Why a text could not become one of the types of this room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// Longer than the type allows.
    #[error("too long")]
    TooLong,
    /// Characters or a shape that the type does not have.
    #[error("malformed")]
    Malformed,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id made of these 16 bytes; UUIDv7 where the caller has a clock, so that ids sort by age.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the id, for fixed-width store keys.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                text.parse().map(Self).map_err(|_not_a_uuid| ParseError::Malformed)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }
    };
}

uuid_id! {
    /// One visitor's log on one site.
    ConversationId
}
uuid_id! {
    /// A stretch of a conversation, from its opening to its close.
    SessionId
}
uuid_id! {
    /// A person of the company who answers: agent, lead or admin.
    AgentId
}

uuid_id! {
    /// A file that was sent in a conversation.
    FileId
}
uuid_id! {
    /// Changes to topic files that wait to be published.
    DraftId
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            /// One to 64 characters of `a-z`, `0-9`, `_`, `-`, beginning with a letter.
            fn from_str(text: &str) -> Result<Self, ParseError> {
                let mut bytes = text.bytes();
                match bytes.next() {
                    None => return Err(ParseError::Empty),
                    Some(b'a'..=b'z') => {}
                    Some(_) => return Err(ParseError::Malformed),
                }
                if text.len() > 64 {
                    return Err(ParseError::TooLong);
                }
                if bytes.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')) {
                    Ok(Self(text.into()))
                } else {
                    Err(ParseError::Malformed)
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(|why| {
                    serde::de::Error::custom(format_args!(
                        "{text:?} is {why}: an id is 1 to 64 of a-z, 0-9, _ and -, and begins with a letter"
                    ))
                })
            }
        }
    };
}

slug_id! {
    /// A topic: the name of its file and what the classifier predicts.
    TopicId
}
slug_id! {
    /// A site on which the widget is embedded; each has its own facts, register and allowed origins.
    SiteId
}
slug_id! {
    /// A team of agents.
    TeamId
}
slug_id! {
    /// Something that an agent can and others cannot: a product line, a procedure.
    SkillId
}
slug_id! {
    /// A value that a form asks for or that is found in a text.
    SlotName
}
slug_id! {
    /// A business event: the name of its file in `events/`.
    EventName
}
slug_id! {
    /// A notice: the name of its file in `notices/`, or what the server named one that was posted from the console.
    NoticeId
}
slug_id! {
    /// What was done about opinions: "you said, we did".
    ActionId
}
slug_id! {
    /// A proactive message of `proactive.yaml`.
    InviteId
}
slug_id! {
    /// A feedback question of `feedback.yaml`.
    QuestionId
}
slug_id! {
    /// A touchpoint of `journey.yaml`: where customers meet the company.
    TouchpointId
}

/// Position of an event in its conversation: 1 for the first, without gaps.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "u32"))]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first event.
    pub const ZERO: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where whoever holds a pass to a conversation is led when that one goes on in another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// There: it is the device on which it began.
    Always,
    /// Nowhere: it came by mail, and whoever left the address may have written down somebody else's.
    Never,
    /// There, with the merge that began with this event and as long as that stands: it came by mail to an address that was proven to be theirs then.
    Merge(Seq),
}

impl Follows {
    /// Whether they are led on by the merge that began with this event.
    pub fn goes_with(self, merge: Seq) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Merge(of) => of == merge,
        }
    }
}

/// Milliseconds since 1970-01-01T00:00Z. Informational: order is [`Seq`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "f64"))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment and `millis` more.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// What a visitor or an agent wrote: trimmed, not empty, at most [`UTTERANCE_MAX_CHARS`] characters, no control characters but line breaks and tabs.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
#[serde(transparent)]
pub struct Utterance(String);

impl Utterance {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl FromStr for Utterance {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let kept: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let kept = kept.trim();
        if kept.is_empty() {
            Err(ParseError::Empty)
        } else if kept.chars().count() > UTTERANCE_MAX_CHARS {
            Err(ParseError::TooLong)
        } else {
            Ok(Self(kept.to_owned()))
        }
    }
}

impl<'de> Deserialize<'de> for Utterance {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What people write stays out of logs, so `{:?}` shows only its length.
impl fmt::Debug for Utterance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Utterance({} chars)", self.0.chars().count())
    }
}

/// The id that a client gives to one of its acts; sending the act again with the same id is the same act.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
#[serde(transparent)]
pub struct ClientId(String);

impl ClientId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            Err(ParseError::Empty)
        } else if text.len() > CLIENT_ID_MAX_BYTES {
            Err(ParseError::TooLong)
        } else if text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError::Malformed)
        }
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A language tag as in BCP 47: `es`, `es-AR`, `en`; or an in-house register such as `es-usted`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
#[serde(transparent)]
pub struct Lang(std::sync::Arc<str>);

impl Lang {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without region or register: `es` of `es-AR`.
    #[must_use]
    pub fn base(&self) -> Self {
        match self.0.split_once('-') {
            None => self.clone(),
            Some((base, _)) => Self(base.into()),
        }
    }

    /// Spanish that says *usted*.
    pub fn formal() -> Self {
        Self("es-usted".into())
    }

    /// Whether it is Spanish that says *usted*: a visitor's own wish, which goes before the site's register.
    pub fn is_formal(&self) -> bool {
        *self.0 == *"es-usted"
    }

    /// Spanish.
    pub fn es() -> Self {
        Self("es".into())
    }

    /// English.
    pub fn en() -> Self {
        Self("en".into())
    }
}

impl FromStr for Lang {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut parts = text.split('-');
        let base = parts.next().unwrap_or_default();
        let plausible = (2..=3).contains(&base.len())
            && base.bytes().all(|b| b.is_ascii_lowercase())
            && parts.all(|p| {
                (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        if plausible {
            Ok(Self(text.into()))
        } else {
            Err(ParseError::Malformed)
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_malformed| {
            serde::de::Error::custom(format_args!(
                "{text:?} is no language tag such as es, en or es-AR"
            ))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn an_utterance_is_trimmed_and_bounded() {
        assert_eq!(
            "  ¿dónde está?\u{0} \n"
                .parse::<Utterance>()
                .unwrap()
                .as_str(),
            "¿dónde está?"
        );
        assert_eq!(" \n ".parse::<Utterance>(), Err(ParseError::Empty));
        assert!("ñ".repeat(UTTERANCE_MAX_CHARS).parse::<Utterance>().is_ok());
        assert_eq!(
            "ñ".repeat(UTTERANCE_MAX_CHARS + 1).parse::<Utterance>(),
            Err(ParseError::TooLong)
        );
    }

    #[test]
    fn an_utterance_does_not_show_itself_in_logs() {
        let said: Utterance = "mi DNI es 12345678".parse().unwrap();
        assert_eq!(format!("{said:?}"), "Utterance(18 chars)");
    }

    #[test]
    fn a_slug_begins_with_a_letter() {
        assert!("where_is_my_order".parse::<TopicId>().is_ok());
        for bad in ["", "Where", "1st", "a b", "año"] {
            assert!(bad.parse::<TopicId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_language_knows_its_base() {
        let lang: Lang = "es-AR".parse().unwrap();
        assert_eq!(lang.base(), Lang::es());
        assert!("español".parse::<Lang>().is_err());
    }
}
