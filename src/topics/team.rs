//! A team as `teams.yaml` describes it: who it is for visitors, when it is there, how its queue is served, what it has promised itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::text::Text;
use crate::ids::SiteId;

/// A team.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Name as visitors read it.
    pub name: Text,
    /// Name of its schedule by site.
    pub hours: BTreeMap<SiteId, String>,
    /// Whom its waiting conversations are offered to.
    pub routing: Routing,
    /// How many may wait, and for how long.
    pub queue: QueueRules,
    /// Times within which it means to answer, in minutes of its opening hours.
    pub targets: Targets,
    /// Whether it calls visitors who ask for it, in its opening hours.
    pub callback: bool,
    /// Reasons that an agent may give at the close: code and title.
    pub wrap_up: Vec<(String, Text)>,
}

impl Team {
    /// A team that says nothing about its work: agents pick by hand, nothing is limited, nothing is measured.
    pub fn named(name: Text) -> Self {
        Self {
            name,
            hours: BTreeMap::new(),
            routing: Routing::default(),
            queue: QueueRules::default(),
            targets: Targets::default(),
            callback: true,
            wrap_up: Vec::new(),
        }
    }
}

/// How waiting conversations find an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Routing {
    /// Who comes first among those who could take it.
    pub policy: Policy,
    /// Whether the agent whom this visitor talked to last comes before the policy.
    pub preferred: bool,
    /// How long an offer stands, in seconds.
    pub offer_seconds: u32,
    /// After this wait, in seconds, an agent without the wished skills will do; 0: never.
    pub relax_skills_seconds: u32,
    /// After this wait, in seconds, an agent of another team will do; 0: never.
    pub relax_team_seconds: u32,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            policy: Policy::Manual,
            preferred: false,
            offer_seconds: 30,
            relax_skills_seconds: 120,
            relax_team_seconds: 0,
        }
    }
}

/// Who comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nobody: agents take what they want from the list.
    Manual,
    /// In turn.
    RoundRobin,
    /// Whoever has the smallest share of their capacity in hand.
    LeastBusy,
    /// Whoever has been without a new conversation for the longest time.
    LongestIdle,
}

impl Policy {
    /// The policies by the words of the files.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("manual", Self::Manual),
        ("round_robin", Self::RoundRobin),
        ("least_busy", Self::LeastBusy),
        ("longest_idle", Self::LongestIdle),
    ];
}

/// How many may wait, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueRules {
    /// Most that wait for this team; whoever comes then leaves a message. `None`: no limit.
    pub most: Option<u32>,
    /// After this wait, in minutes, the visitor is asked: go on waiting, leave a message, or the assistant. `None`: not asked.
    pub offer_minutes: Option<u32>,
    /// After this wait, in minutes, the message is taken for them, unless they chose to wait. `None`: the server's own limit.
    pub decide_minutes: Option<u32>,
}

/// Times within which a team means to answer, in minutes of its opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Targets {
    /// From the queue to an agent's first words.
    pub first_response: Option<u32>,
    /// From a visitor's message to the agent's next words.
    pub next_response: Option<u32>,
    /// From the queue to the close.
    pub resolution: Option<u32>,
}
