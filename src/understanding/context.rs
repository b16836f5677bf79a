//! What a message is read in, and what it is read as.

use super::entities::Around;
use crate::conversation::{Found, Understood};
use crate::ids::{Lang, SlotName, TopicId};
use crate::topics::SlotRule;

/// What the conversation knows when a message comes in.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// Language of the session; short messages keep it.
    pub session_lang: &'c Lang,
    /// Choices that were just offered, in the order in which they are shown.
    pub offered: &'c [Offered],
    /// Topic of the last match.
    pub last_topic: Option<&'c TopicId>,
    /// What the visitor wrote in the turn before.
    pub before: Option<&'c str>,
    /// What the assistant just asked for.
    pub expecting: Expecting<'c>,
    /// When and where the message is read: what "mañana" and "3/4" are.
    pub around: Around<'c>,
}

impl<'c> Context<'c> {
    /// The beginning of a session: nothing offered, nothing asked.
    pub fn fresh(session_lang: &'c Lang) -> Self {
        Self {
            session_lang,
            offered: &[],
            last_topic: None,
            before: None,
            expecting: Expecting::Anything,
            around: Around {
                now: None,
                locale: session_lang,
            },
        }
    }
}

/// A choice that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What the visitor reads on it.
    pub label: String,
    /// The topic to which it leads, if it does.
    pub topic: Option<TopicId>,
}

/// What the assistant asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expecting<'c> {
    /// Nothing in particular.
    Anything,
    /// A yes or a no.
    YesNo,
    /// A value for a slot of an open form.
    Slot {
        /// The slot.
        name: &'c SlotName,
        /// What may fill it; the one stored with the question.
        rule: &'c SlotRule,
    },
}

/// What a message was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Topic, confidence, reasons.
    pub understood: Understood,
    /// Values in the text: named groups of patterns, typed values by type, and those that fill slots of the matched topic.
    pub found: Vec<Found>,
    /// The value for the slot that was asked for, if the message holds one. A message may hold it and mean another topic.
    pub answer: Option<Found>,
    /// Index of the offered choice that it takes.
    pub choice: Option<usize>,
    /// Whether it says yes or no and nothing else.
    pub yes_no: Option<bool>,
}
