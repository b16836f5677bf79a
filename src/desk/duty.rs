//! Somebody who answers: what they can, what they chose, whether they are there.

use std::collections::BTreeSet;

use crate::ids::{AgentId, AgentStatus, Lang, SkillId, TeamId, Timestamp};

/// Conversations in hand at a time, where nothing else was set: what the field's surveys give as usual for chat.
pub const USUAL_CAPACITY: u32 = 4;

/// Whoever lets so many offers in a row run out is taken to be away from the desk, and is offered nothing until they touch something.
pub const PAUSE_AFTER: u32 = 2;

/// What the company has stored of somebody who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// Chosen status.
    pub status: AgentStatus,
    /// Teams; none: every team.
    pub teams: BTreeSet<TeamId>,
    /// Skills.
    pub skills: BTreeSet<SkillId>,
    /// Languages, without region; none: every language.
    pub langs: BTreeSet<Lang>,
    /// Most active conversations at a time.
    pub capacity: u32,
}

impl Profile {
    /// Somebody of every team and language, with the usual capacity.
    pub fn named(name: &str, status: AgentStatus) -> Self {
        Self {
            name: name.to_owned(),
            status,
            teams: BTreeSet::new(),
            skills: BTreeSet::new(),
            langs: BTreeSet::new(),
            capacity: USUAL_CAPACITY,
        }
    }

    pub(super) fn is_of(&self, team: &TeamId) -> bool {
        self.teams.is_empty() || self.teams.contains(team)
    }

    pub(super) fn speaks(&self, lang: &Lang) -> bool {
        self.langs.is_empty() || self.langs.contains(&lang.base())
    }
}

/// Somebody who answers, as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// What is stored of them.
    pub profile: Profile,
    /// Live connections.
    pub connections: u32,
    /// Since when without any.
    pub gone_at: Option<Timestamp>,
    /// When they last got a conversation or let one go; since they came, at first.
    pub idle_since: Timestamp,
    /// Number of their last offer: whoever was asked longest ago is next in turn.
    pub(super) last_offer: u64,
    /// Offers in a row that ran out unanswered.
    pub missed_offers: u32,
}

impl OnDuty {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            profile,
            connections: 0,
            gone_at: None,
            idle_since: Timestamp(0),
            last_offer: 0,
            missed_offers: 0,
        }
    }

    /// Takes new conversations now.
    pub fn takes(&self) -> bool {
        self.connections > 0 && self.profile.status == AgentStatus::Online && !self.is_paused()
    }

    /// Let so many offers run out that nothing more is offered.
    pub fn is_paused(&self) -> bool {
        self.missed_offers >= PAUSE_AFTER
    }
}

/// A conversation that is to be offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// To whom.
    pub agent: AgentId,
    /// Name.
    pub name: String,
    /// Until when it stands.
    pub until: Timestamp,
}
