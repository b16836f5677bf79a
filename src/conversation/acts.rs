//! The acts that a conversation remembers by the client's own id, so that an act that is sent again is told from a new one.
//!
//! Kept are the last [`KEPT_MAX`] acts, and of sessions that are over the last [`KEPT_OVER`]. Within them a repeated act is known with its content;
//! whoever has the store asks it for older ones, which it knows by id alone.

use std::collections::{HashMap, VecDeque};

use super::event::{Body, Event};
use super::parts::{AbuseLevel, Closer};
use crate::ids::{AgentId, ClientId, ConversationId, NoticeId, Seq, TeamId, Timestamp};

/// Acts kept in all.
pub(super) const KEPT_MAX: usize = 1_000;
/// Acts kept when a session begins.
pub(super) const KEPT_OVER: usize = 100;

/// Acts by id: their event, and a digest of their content.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Acts {
    by_id: HashMap<ClientId, (Seq, u64)>,
    in_order: VecDeque<ClientId>,
    forgot: bool,
}

impl Acts {
    /// The event of an act and the digest of its content.
    pub(super) fn get(&self, id: &ClientId) -> Option<(Seq, u64)> {
        self.by_id.get(id).copied()
    }

    /// The event of an act of this id, where it is kept.
    pub fn event(&self, id: &ClientId) -> Option<Seq> {
        self.get(id).map(|(seq, _)| seq)
    }

    /// Whether an act of this id is kept.
    pub fn knows(&self, id: &ClientId) -> bool {
        self.by_id.contains_key(id)
    }

    /// Whether an act of this id may have been here and is forgotten.
    pub fn may_have_forgotten(&self, id: &ClientId) -> bool {
        self.forgot && !self.by_id.contains_key(id)
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Takes in an event, where an act of a client made it.
    pub(super) fn take_in(&mut self, event: &Event) {
        if let Body::SessionOpened { .. } = event.body {
            self.keep(KEPT_OVER);
        }
        if let Some((id, digest)) = signature(event) {
            if self.by_id.insert(id.clone(), (event.seq, digest)).is_none() {
                self.in_order.push_back(id.clone());
            }
            self.keep(KEPT_MAX);
        }
    }

    fn keep(&mut self, most: usize) {
        while self.in_order.len() > most {
            if let Some(oldest) = self.in_order.pop_front() {
                self.by_id.remove(&oldest);
                self.forgot = true;
            }
        }
    }
}

/// The client's own id of the act that made an event, and the digest of its content.
fn signature(event: &Event) -> Option<(&ClientId, u64)> {
    let id = event.body.act()?;
    let digest = match &event.body {
        Body::VisitorChose { of, option, .. } => choice_digest(*of, *option),
        Body::VisitorSaid { .. }
        | Body::AgentSaid { .. }
        | Body::NoteAdded { .. }
        | Body::Rated { .. } => digest(event.private.first().unwrap_or_default()),
        Body::StyleSet { .. } | Body::LangSet { .. } => digest(SET),
        Body::Claimed { agent, .. } => agents(CLAIM, *agent),
        Body::Released { agent, .. } => agents(PUT_BACK, *agent),
        Body::Returned { agent, .. } => agents(RETURN, *agent),
        Body::PromiseMade { .. } => digest(LEAVE),
        Body::Closed {
            by: Closer::Agent { agent },
            ..
        } => agents(CLOSE, *agent),
        Body::Closed { .. } => digest(CLOSE),
        Body::RatingMissed { .. } => digest(SKIP),
        Body::PromiseMoved { case, by, .. } => digest(&moved(case, *by)),
        Body::OfferEnded { .. } => digest(DECLINE),
        Body::Transferred {
            team, colleague, ..
        } => digest(&transfer(team, colleague.as_deref())),
        Body::Snoozed { until, .. } => digest(&snooze(*until)),
        Body::Woken { .. } => digest(WAKE),
        Body::Prioritised { priority, .. } => digest(priority.as_str()),
        Body::VisitorSent { file, .. } | Body::AgentSent { file, .. } => {
            digest(&file.id.to_string())
        }
        Body::Flagged { level, .. } => digest(&flag(*level)),
        Body::Told { .. } => digest(NEWS),
        Body::NoticeFollowed { notice, .. } => digest(&follow(notice)),
        Body::MailAsked { case, .. } => digest(&mail(case.as_deref())),
        Body::MergeBegun { into, .. } => digest(&merge(*into)),
        Body::UnmergeBegun { .. } => digest(UNMERGE),
        Body::SessionOpened { .. }
        | Body::Reopened
        | Body::BotAnswered { .. }
        | Body::Remembered { .. }
        | Body::Forgotten { .. }
        | Body::CallStarted { .. }
        | Body::CallReturned { .. }
        | Body::CallFailed { .. }
        | Body::Queued { .. }
        | Body::PromiseKept { .. }
        | Body::PromiseLate { .. }
        | Body::PromiseWarned { .. }
        | Body::Offered { .. }
        | Body::KeptWaiting
        | Body::MailFailed { .. }
        | Body::NoticeHeard { .. }
        | Body::LeftQueue
        | Body::MergedFrom { .. }
        | Body::MergedInto { .. }
        | Body::UnmergedFrom { .. }
        | Body::Unmerged { .. }
        | Body::UnmergeOff
        | Body::PartBegun
        | Body::OpinionAnswered { .. } => return None,
    };
    Some((id, digest))
}

// Acts that say nothing but what they are.
pub(super) const SET: &str = "set";
pub(super) const CLAIM: &str = "claim";
pub(super) const PUT_BACK: &str = "put back";
pub(super) const RETURN: &str = "return";
pub(super) const LEAVE: &str = "leave a message";
pub(super) const CLOSE: &str = "close";
pub(super) const SKIP: &str = "skip the question";
pub(super) const DECLINE: &str = "decline";
pub(super) const WAKE: &str = "wake";
pub(super) const NEWS: &str = "news";
pub(super) const UNMERGE: &str = "unmerge";
const MOVE: &str = "move the promise";

pub(super) fn transfer(team: &TeamId, colleague: Option<&str>) -> String {
    format!("transfer {team} {}", colleague.unwrap_or_default())
}

pub(super) fn snooze(until: Timestamp) -> String {
    format!("snooze {}", until.0)
}

pub(super) fn moved(case: &str, by: Timestamp) -> String {
    format!("{MOVE} {case} {}", by.0)
}

pub(super) fn flag(level: Option<AbuseLevel>) -> String {
    match level {
        None => "lift".to_owned(),
        Some(AbuseLevel::Flagged) => "flag".to_owned(),
        Some(AbuseLevel::Blocked) => "block".to_owned(),
    }
}

/// Digest of an act of one agent: the same id from another agent is another act.
pub(super) fn agents(what: &str, agent: AgentId) -> u64 {
    digest(&format!("{what} {agent}"))
}

pub(super) fn merge(into: ConversationId) -> String {
    format!("merge {into}")
}

pub(super) fn follow(notice: &NoticeId) -> String {
    format!("follow {notice}")
}

pub(super) fn mail(case: Option<&str>) -> String {
    format!("mail {}", case.unwrap_or_default())
}

/// Digest by which a repeated act is told from an id that was used twice (FNV-1a, 64 bits).
pub(super) fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The same for a tap.
pub(super) fn choice_digest(of: Seq, option: u32) -> u64 {
    digest(&format!("choice {of} {option}"))
}
