//! A conversation to keep: what was said, by whom and when, as data, as a page to print and as plain text. Pure: events, words of the catalogue
//! and a time zone come in; nothing is read or sent here.

mod html;
mod lines;
mod text;
mod why;

pub use html::html;
pub use lines::transcript;
pub use text::text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::conversation::Event;
use crate::ids::{ConversationId, Lang, Outcome, Seq, SiteId, TeamId, Timestamp, TopicId};

/// Whom a transcript is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<'a> {
    /// The conversation.
    pub conversation: ConversationId,
    /// IANA name of the time zone in which times are told; an unknown one is UTC.
    pub time_zone: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Whether the notes of agents are in it: never for visitors.
    pub notes: bool,
    /// Address of this server, without a slash at its end, for what was shown from here.
    pub base: &'a str,
    /// How many events stand before the first one given.
    pub left_out: u64,
    /// What was said in conversations that were joined here, or in one that was, each under the conversation and the event that took it in.
    pub halves: &'a Halves,
}

/// The other halves of joined conversations, each under the conversation and the event that took it in.
pub type Halves = BTreeMap<(ConversationId, Seq), Vec<Event>>;

/// A conversation, worded in the language of its visitor. As JSON it is what `format=json` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transcript {
    /// The conversation.
    pub conversation: ConversationId,
    /// The company.
    pub brand: String,
    /// Its title: «Conversación con Mareas».
    pub title: String,
    /// Site.
    pub site: SiteId,
    /// Language of the visitor, and of all words here.
    pub lang: Lang,
    /// IANA name of the time zone of every `time`.
    pub time_zone: String,
    /// When it was written, in milliseconds.
    pub written: Timestamp,
    /// How many earlier events are missing because the conversation is too long for one transcript.
    pub left_out: u64,
    /// Sessions, in order.
    pub sessions: Vec<Session>,
    /// Words around the lines.
    #[serde(skip)]
    frame: Frame,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Topics that were answered, in order.
    pub topics: Vec<Named<TopicId>>,
    /// Teams that were asked, in order.
    pub teams: Vec<Named<TeamId>>,
    /// Names of the agents who wrote or took it, in order.
    pub agents: Vec<String>,
    /// Case numbers that were given.
    pub cases: Vec<String>,
    /// What was said and what happened, in order.
    pub lines: Vec<Line>,
    /// The day on which it began, in words.
    #[serde(skip)]
    day: String,
}

/// Something with an id, and how people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named<T> {
    /// The id in the topic files.
    pub id: T,
    /// How it is called; the id where the files do not know it any more.
    pub name: String,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its event.
    pub seq: Seq,
    /// When, in milliseconds.
    pub at: Timestamp,
    /// When, in the time zone of the transcript: `2026-11-23T11:02:07+01:00`.
    pub time: String,
    /// Whose it is.
    pub from: Speaker,
    /// Their name; empty for what happened.
    pub name: String,
    /// What was said. Messages of one answer are paragraphs.
    pub text: String,
    /// Buttons that were offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The other conversation in which it was said, where it was joined from there; `seq` is its event there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// Hour and minute.
    #[serde(skip)]
    hour: String,
}

impl Transcript {
    /// What is to be told before the first line: whose time it is, and what is left out.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        let left_out = self.frame.left_out.as_deref();
        [Some(self.frame.zone.as_str()), left_out]
            .into_iter()
            .flatten()
    }

    /// The buttons that were offered with a line, in words.
    pub fn offered(&self, line: &Line) -> Option<String> {
        let choices = line.choices.join(" · ");
        (!choices.is_empty()).then(|| format!("{}: {choices}", self.frame.choices))
    }
}

impl Session {
    /// The day on which it began, in words.
    pub fn day(&self) -> &str {
        &self.day
    }
}

impl Line {
    /// Hour and minute.
    pub fn hour(&self) -> &str {
        &self.hour
    }
}

/// Whose a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The assistant.
    Assistant,
    /// An agent.
    Agent,
    /// An agent's note, which the visitor never sees.
    Note,
    /// Nobody's: something that happened.
    Notice,
}

/// Words around the lines of a page or a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Frame {
    /// «Hora de Europe/Madrid. Copia del 23/11/2026, 11:40.»
    zone: String,
    /// That earlier lines are missing.
    left_out: Option<String>,
    /// «Opciones».
    choices: String,
}

#[cfg(test)]
mod tests;
