//! `teams.yaml`.

use std::collections::BTreeMap;

use super::super::fault::{Fault, Target};
use super::super::fields::{Fields, choice, entries, flag, name_at, number, text, word};
use super::super::notes::{Notes, Scope};
use super::super::team::{Policy, QueueRules, Routing, Targets, Team};
use super::super::text::Text;
use super::super::yaml::Node;
use crate::ids::{SiteId, SkillId, TeamId};

/// An offer stands long enough to be read, and short enough that nobody waits for an agent who is away.
const OFFER_SECONDS: std::ops::RangeInclusive<u32> = 5..=600;
/// Longest wait after which a wish is given up.
const RELAX_MAX_SECONDS: u32 = 3_600;
/// Most that a queue may be allowed to hold.
const QUEUE_MAX: u32 = 100_000;
/// Longest wait in a queue: a working day.
const WAIT_MAX_MINUTES: u32 = 480;
/// Longest target: four weeks of opening time at eight hours a day.
const TARGET_MAX_MINUTES: u32 = 9_600;
/// Most reasons to choose from at a close: more are not read (Genesys advises about fifteen).
const WRAP_UP_MAX: usize = 15;

/// The teams and the skills.
pub(super) fn read(
    node: &Node,
    notes: &mut Notes,
) -> (BTreeMap<TeamId, Team>, BTreeMap<SkillId, Text>) {
    let Some(fields) = Fields::of(node, &["teams", "skills"], notes) else {
        return Default::default();
    };
    let skills = fields
        .get("skills")
        .map(|node| skills(node, notes))
        .unwrap_or_default();
    let teams = fields
        .must("teams", notes)
        .map(|node| teams(node, notes))
        .unwrap_or_default();
    (teams, skills)
}

fn skills(node: &Node, notes: &mut Notes) -> BTreeMap<SkillId, Text> {
    let mut skills = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Skill, &key.text);
        let id: Option<SkillId> = name_at(&key.text, &key.place, notes);
        if let (Some(name), Some(id)) = (text(node, Scope::Common, notes), id) {
            skills.insert(id, name);
        }
    }
    skills
}

fn teams(node: &Node, notes: &mut Notes) -> BTreeMap<TeamId, Team> {
    let mut teams = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Team, &key.text);
        let id: Option<TeamId> = name_at(&key.text, &key.place, notes);
        if let (Some(team), Some(id)) = (team(node, notes), id) {
            teams.insert(id, team);
        }
    }
    teams
}

fn team(node: &Node, notes: &mut Notes) -> Option<Team> {
    let known = [
        "name", "hours", "routing", "queue", "sla", "callback", "wrap_up",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let name = fields
        .must("name", notes)
        .and_then(|node| text(node, Scope::Common, notes));
    let hours = fields
        .get("hours")
        .map(|node| hours(node, notes))
        .unwrap_or_default();
    let routing = fields
        .get("routing")
        .map(|node| routing(node, notes))
        .unwrap_or_default();
    let queue = fields
        .get("queue")
        .map(|node| queue(node, notes))
        .unwrap_or_default();
    let targets = fields
        .get("sla")
        .map(|node| targets(node, notes))
        .unwrap_or_default();
    let wrap_up = fields
        .get("wrap_up")
        .map(|node| wrap_up(node, notes))
        .unwrap_or_default();
    let asked = fields.get("callback");
    let callback = asked.is_none_or(|node| flag(Some(node), notes));
    if let (Some(place), true, true) = (fields.key("callback"), callback, hours.is_empty()) {
        notes.fault(place, &Fault::CallbackWithoutHours {});
    }
    Some(Team {
        name: name?,
        callback,
        hours,
        routing,
        queue,
        targets,
        wrap_up,
    })
}

fn hours(node: &Node, notes: &mut Notes) -> BTreeMap<SiteId, String> {
    let mut hours = BTreeMap::new();
    for (site, node) in entries(node, notes).unwrap_or_default() {
        let id: Option<SiteId> = name_at(&site.text, &site.place, notes);
        notes.refer(Target::Site, &site.text, &site.place);
        if let (Some(id), Some(schedule)) = (id, word(node, notes)) {
            notes.refer(Target::Schedule, schedule, &node.place);
            hours.insert(id, schedule.to_owned());
        }
    }
    hours
}

fn routing(node: &Node, notes: &mut Notes) -> Routing {
    let usual = Routing::default();
    let known = [
        "policy",
        "preferred",
        "offer_seconds",
        "relax_skills_seconds",
        "relax_team_seconds",
    ];
    let Some(fields) = Fields::of(node, &known, notes) else {
        return usual;
    };
    let policy = fields
        .must("policy", notes)
        .and_then(|node| choice(node, &Policy::WORDS, notes))
        .unwrap_or(usual.policy);
    if policy == Policy::Manual {
        for key in known.into_iter().skip(1) {
            if let Some(place) = fields.key(key) {
                notes.fault(place, &Fault::OnlyWithOffers { key });
            }
        }
    }
    let mut seconds = |key, range: std::ops::RangeInclusive<u32>, usual| {
        fields
            .get(key)
            .and_then(|node| number(node, &range, notes))
            .unwrap_or(usual)
    };
    Routing {
        policy,
        offer_seconds: seconds("offer_seconds", OFFER_SECONDS, usual.offer_seconds),
        relax_skills_seconds: seconds(
            "relax_skills_seconds",
            0..=RELAX_MAX_SECONDS,
            usual.relax_skills_seconds,
        ),
        relax_team_seconds: seconds(
            "relax_team_seconds",
            0..=RELAX_MAX_SECONDS,
            usual.relax_team_seconds,
        ),
        preferred: flag(fields.get("preferred"), notes),
    }
}

fn queue(node: &Node, notes: &mut Notes) -> QueueRules {
    let known = ["most", "offer_minutes", "decide_minutes"];
    let Some(fields) = Fields::of(node, &known, notes) else {
        return QueueRules::default();
    };
    let mut of = |key, range: std::ops::RangeInclusive<u32>| {
        fields.get(key).and_then(|node| number(node, &range, notes))
    };
    let rules = QueueRules {
        most: of("most", 0..=QUEUE_MAX),
        offer_minutes: of("offer_minutes", 1..=WAIT_MAX_MINUTES),
        decide_minutes: of("decide_minutes", 1..=WAIT_MAX_MINUTES),
    };
    if let (Some(offer), Some(decide)) = (rules.offer_minutes, rules.decide_minutes)
        && offer >= decide
    {
        let place = fields.key("decide_minutes").unwrap_or(fields.place);
        notes.fault(
            place,
            &Fault::DecideBeforeOffer {
                offer: u64::from(offer),
            },
        );
    }
    rules
}

fn targets(node: &Node, notes: &mut Notes) -> Targets {
    let known = [
        "first_response_minutes",
        "next_response_minutes",
        "resolution_minutes",
    ];
    let Some(fields) = Fields::of(node, &known, notes) else {
        return Targets::default();
    };
    let mut of = |key| {
        fields
            .get(key)
            .and_then(|node| number(node, &(1..=TARGET_MAX_MINUTES), notes))
    };
    Targets {
        first_response: of("first_response_minutes"),
        next_response: of("next_response_minutes"),
        resolution: of("resolution_minutes"),
    }
}

fn wrap_up(node: &Node, notes: &mut Notes) -> Vec<(String, Text)> {
    let entries = entries(node, notes).unwrap_or_default();
    if let Some((key, _)) = entries.get(WRAP_UP_MAX) {
        notes.fault(&key.place, &Fault::TooManyReasons { most: WRAP_UP_MAX });
    }
    entries
        .iter()
        .filter_map(|(key, node)| {
            // A code is a name like a team's, so that reports and exports can carry it.
            name_at::<TeamId>(&key.text, &key.place, notes)?;
            Some((key.text.clone(), text(node, Scope::Common, notes)?))
        })
        .collect()
}
