//! Error and close codes: closed tables. A client words them; the range of a close code tells whether to come back.

use serde::{Deserialize, Serialize};

/// Why a frame was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, or not a frame of this protocol.
    BadFrame,
    /// An empty text.
    Empty,
    /// More than 4,000 characters.
    TooLong,
    /// This id was used for something else; nothing was stored.
    IdReused,
    /// The session is closed.
    Closed,
    /// Somebody else has the conversation.
    NotOwner,
    /// Nobody waits there.
    NotQueued,
    /// The picture on which the act rests is out of date: read on and decide again.
    Stale,
    /// No such button.
    NoSuchChoice,
    /// No question is open.
    NoQuestion,
    /// Whoever hands a conversation over writes a note.
    NoteNeeded,
    /// Something that was promised is not kept yet.
    PromiseOpen,
    /// A review of a block ends when a lead keeps or lifts the block.
    ReviewOpen,
    /// The time is past, or more than half a year away.
    BadTime,
    /// The visitor was shut out for abuse.
    Blocked,
    /// No mail address was left in this conversation, or this server sends no mail.
    NoAddress,
    /// That is no mail address.
    BadAddress,
    /// As many mails were asked for as may be, in this session, by this client or on this server: a later hour may have room.
    TooManyMails,
    /// It goes on in another conversation of the same person.
    Merged,
    /// Nothing shows that both conversations are of one person.
    NotSame,
    /// The other conversation is on another site.
    OtherSite,
    /// It can no longer be undone.
    TooLate,
    /// No such conversation, or not for you.
    NotFound,
    /// Your role may not.
    Forbidden,
    /// Too much at once: wait a little.
    SlowDown,
    /// It could not be stored now; the same act may be sent again.
    Unavailable,
    /// Our fault; the log has the story.
    Internal,
}

impl ErrorCode {
    /// Whether sending the same act again may help.
    pub const fn retry(self) -> bool {
        match self {
            Self::SlowDown | Self::Unavailable | Self::Internal => true,
            Self::BadFrame
            | Self::Empty
            | Self::TooLong
            | Self::IdReused
            | Self::Closed
            | Self::NotOwner
            | Self::NotQueued
            | Self::Stale
            | Self::NoSuchChoice
            | Self::NoQuestion
            | Self::NoteNeeded
            | Self::PromiseOpen
            | Self::ReviewOpen
            | Self::BadTime
            | Self::Blocked
            | Self::NoAddress
            | Self::BadAddress
            | Self::TooManyMails
            | Self::Merged
            | Self::NotSame
            | Self::OtherSite
            | Self::TooLate
            | Self::NotFound
            | Self::Forbidden => false,
        }
    }
}

/// Why the server closed a socket. 4000 to 4099: come back by yourself; 4100 to 4199: come back only after something was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The server is going down; come back in a moment.
    Restart,
    /// You read too slowly; come back with your position.
    Slow,
    /// Nothing was heard for too long.
    Idle,
    /// Too many connections from one address.
    TooMany,
    /// No valid `hello` in time, or a frame that no client of ours sends.
    Protocol,
    /// The token, login or conversation is not valid (any more).
    Unauthorized,
    /// A frame over the limit.
    TooLarge,
}

impl CloseCode {
    /// Every code.
    pub const ALL: [Self; 7] = [
        Self::Restart,
        Self::Slow,
        Self::Idle,
        Self::TooMany,
        Self::Protocol,
        Self::Unauthorized,
        Self::TooLarge,
    ];

    /// The number on the wire.
    pub const fn number(self) -> u16 {
        match self {
            Self::Restart => 4000,
            Self::Slow => 4001,
            Self::Idle => 4002,
            Self::TooMany => 4003,
            Self::Protocol => 4100,
            Self::Unauthorized => 4101,
            Self::TooLarge => 4102,
        }
    }

    /// The reason on the wire.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Slow => "slow",
            Self::Idle => "idle",
            Self::TooMany => "too_many",
            Self::Protocol => "protocol",
            Self::Unauthorized => "unauthorized",
            Self::TooLarge => "too_large",
        }
    }
}
