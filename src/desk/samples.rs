//! Entries and people for the tests of this room.

use super::duty::Profile;
use super::entry::{Entry, Place};
use crate::ids::{
    AgentId, AgentStatus, ConversationId, HandoffReason, Lang, Priority, Seq, Style, TeamId,
    Timestamp,
};

pub(super) fn id_team() -> TeamId {
    "default".parse().unwrap()
}

pub(super) fn entry(place: Place, since: i64, priority: Priority, returned: bool) -> Entry {
    Entry {
        seq: Seq(3),
        place,
        since: Timestamp(since),
        reason: HandoffReason::CustomerRequest,
        team: id_team(),
        priority,
        returned,
        site: "es".parse().unwrap(),
        lang: Lang::es(),
        style: Style::Warm,
        excerpt: String::new(),
        unanswered_since: None,
        activity_at: Timestamp(since),
        agent_wrote: false,
        skills: Vec::new(),
        wait_from: Timestamp(since),
        asked: false,
        topic: None,
        last_agent: None,
        promise: None,
        handed: None,
    }
}

pub(super) fn waiting(since: i64) -> Entry {
    entry(Place::Waiting, since, Priority::Normal, false)
}

pub(super) fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

pub(super) fn agent(n: u8) -> AgentId {
    AgentId::from_bytes([n; 16])
}

pub(super) fn online(name: &str) -> Profile {
    Profile::named(name, AgentStatus::Online)
}
