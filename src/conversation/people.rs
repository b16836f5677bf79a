//! Whether people of the company are there, and when they call: what the bot and the question at the end must know of the desk.

use crate::ids::Timestamp;

/// What the engine knows of people at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum People {
    /// Somebody can take a conversation now or soon: the queue is open.
    Available,
    /// Nobody can: a message is taken instead.
    Nobody {
        /// When an answer can be promised; `None` where no hours tell.
        reply_by: Option<Timestamp>,
        /// The same in words, in the visitor's language and time zone ("mañana a las 10:00"); empty where no hours tell.
        when: String,
        /// People are there, but more wait for them than the team allows.
        full: bool,
    },
}

/// When people of a team can call somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallHours {
    /// IANA time zone in which hours are told and understood: that of the visitor's device, else the site's.
    pub zone: String,
    /// What is left of the opening spans of the coming days, in order: from, until.
    pub open: Vec<(Timestamp, Timestamp)>,
}
