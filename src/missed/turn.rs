//! One thing that a visitor wrote to the assistant, how it was read, and what the visitor then showed to have meant.

use serde::{Deserialize, Serialize};

use crate::conversation::{Scored, Verdict};
use crate::ids::{Lang, Outcome, Seq, SiteId, Timestamp, TopicId};

/// In which way a turn was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Miss {
    /// No topic fitted.
    NotUnderstood,
    /// Two or three topics fitted: the visitor was asked which.
    Ambiguous,
    /// A topic was answered, and the visitor said that they meant something else.
    SaidSo,
    /// A topic was answered, and the visitor said the same again.
    Repeated,
    /// A topic was answered, and the visitor asked for a person right after.
    AskedPerson,
    /// The misses ended with a handoff for repeated failure.
    HandedOff,
}

impl Miss {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::NotUnderstood,
        Self::Ambiguous,
        Self::SaidSo,
        Self::Repeated,
        Self::AskedPerson,
        Self::HandedOff,
    ];
}

/// The ways in which a turn was missed: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Misses(u8);

impl Misses {
    /// Adds one.
    pub fn add(&mut self, miss: Miss) {
        self.0 |= 1 << miss as u8;
    }

    /// Whether it is among them.
    pub fn has(self, miss: Miss) -> bool {
        self.0 & (1 << miss as u8) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a topic was answered that the visitor did not mean.
    pub fn disowned(self) -> bool {
        [Miss::SaidSo, Miss::Repeated, Miss::AskedPerson]
            .into_iter()
            .any(|miss| self.has(miss))
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Miss> {
        Miss::ALL.into_iter().filter(move |miss| self.has(*miss))
    }
}

/// What was read in a turn, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The visitor's message.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Its language.
    pub lang: Lang,
    /// How it was read then.
    pub read: Verdict,
    /// Nearest topics then, best first, at most three.
    pub nearest: Vec<Scored>,
    /// How it was missed; empty when it was not.
    pub misses: Misses,
    /// The topic that the visitor took when asked which, or offered the nearest.
    pub chosen: Option<TopicId>,
    /// The topic of the visitor's own next words, after they said that it was not that or put it in other words.
    pub corrected: Option<TopicId>,
    /// Which model read it: a digest of its hash.
    pub(super) model: u64,
    /// The answer was counted as a failure.
    pub(super) failed: bool,
}

/// What holds for every turn of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The session's first event.
    pub first: Seq,
    /// Site.
    pub site: SiteId,
    /// How it ended; nothing while it is open.
    pub outcome: Option<Outcome>,
    /// Code of the agent's reason at the close.
    pub wrap_up: Option<String>,
    /// What agents wrote in it, the first few.
    pub agent_said: Vec<Seq>,
    /// The visitor's opinion was good.
    pub praised: bool,
    /// The visitor's opinion was bad, or they still needed help.
    pub complained: bool,
}

/// Why the right topic of a turn is believed to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Somebody who teaches the assistant said so.
    Taught,
    /// The visitor took it when asked which was meant.
    Chosen,
    /// The visitor's own correction says it.
    Corrected,
    /// The agent closed with a reason of this topic's name.
    WrappedUp,
    /// It was answered, nobody complained, and the session ended well.
    Accepted,
    /// The visitor said, by words or by acts, that it was not this.
    Disowned,
}

/// What is known of a turn's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It meant this topic; nothing of ours where there is none.
    Meant(Option<TopicId>),
    /// It did not mean this one; what it meant is unknown.
    Not(TopicId),
}

impl Turn {
    /// The answer counted as a failure.
    pub(super) fn fail(&mut self) {
        self.failed = true;
        match self.read {
            Verdict::OutOfScope => self.misses.add(Miss::NotUnderstood),
            Verdict::Match { .. } => self.misses.add(Miss::Repeated),
            Verdict::Ambiguous { .. } => {}
        }
    }

    /// Whether the model with this hash read it.
    pub fn was_read_by(&self, model: &str) -> bool {
        self.model == super::cues::hash(model)
    }

    /// What is known of its meaning, and why; the strongest evidence decides. `is_topic` tells which names are topics now.
    pub fn truth(
        &self,
        facts: &Facts,
        is_topic: impl Fn(&TopicId) -> bool,
    ) -> Option<(Truth, Evidence)> {
        let meant = |topic: &TopicId, why| Some((Truth::Meant(Some(topic.clone())), why));
        if let Some(chosen) = &self.chosen {
            return meant(chosen, Evidence::Chosen);
        }
        if let Some(corrected) = &self.corrected {
            return meant(corrected, Evidence::Corrected);
        }
        let wrapped = (facts.wrap_up.as_deref())
            .and_then(|code| code.parse::<TopicId>().ok())
            .filter(|topic| self.failed && is_topic(topic));
        if let Some(topic) = wrapped {
            return meant(&topic, Evidence::WrappedUp);
        }
        let matched = self.read.topic()?;
        if self.misses.disowned() {
            return Some((Truth::Not(matched.clone()), Evidence::Disowned));
        }
        let ended_well = facts.praised || facts.outcome == Some(Outcome::ResolvedByBot);
        (self.misses.is_empty() && !self.failed && ended_well && !facts.complained)
            .then(|| (Truth::Meant(Some(matched.clone())), Evidence::Accepted))
    }
}
