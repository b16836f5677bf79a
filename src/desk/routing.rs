//! Whom a waiting conversation is offered to. What cannot be met at once is given up in steps: first the skills, then the team.

use crate::ids::{AgentId, Timestamp};
use crate::topics::{Policy, Routing};

use super::duty::OnDuty;
use super::entry::Entry;

/// Somebody who could be offered a conversation, and how busy they are.
pub(super) struct Candidate<'a> {
    pub(super) id: AgentId,
    pub(super) person: &'a OnDuty,
    /// Active conversations and standing offers.
    pub(super) busy: u32,
    /// Let an offer of this very conversation pass a moment ago.
    pub(super) refused: bool,
}

impl Candidate<'_> {
    fn free(&self) -> bool {
        self.person.takes() && !self.refused && self.busy < self.person.profile.capacity
    }

    fn share(&self) -> u64 {
        u64::from(self.busy) * 1_000_000 / u64::from(self.person.profile.capacity.max(1))
    }
}

/// The agent to be asked next, or nobody.
///
/// Language is never given up: an answer in a tongue that the visitor does not read is none. The preferred agent comes before the policy, but
/// only while they are free: nobody waits for somebody's favourite.
pub(super) fn choose(
    entry: &Entry,
    rules: &Routing,
    candidates: &[Candidate<'_>],
    now: Timestamp,
) -> Option<AgentId> {
    if rules.policy == Policy::Manual {
        return None;
    }
    let waited = now.since(entry.since);
    let over = |seconds: u32| seconds > 0 && waited >= i64::from(seconds) * 1_000;
    let (any_skill, any_team) = (
        over(rules.relax_skills_seconds),
        over(rules.relax_team_seconds),
    );
    let fit = candidates.iter().filter(|candidate| {
        let profile = &candidate.person.profile;
        candidate.free()
            && profile.speaks(&entry.lang)
            && (any_team || profile.is_of(&entry.team))
            && (any_skill
                || entry
                    .skills
                    .iter()
                    .all(|skill| profile.skills.contains(skill)))
    });
    fit.min_by_key(|candidate| {
        let person = candidate.person;
        let preferred = rules.preferred && entry.last_agent == Some(candidate.id);
        // Among those who will do, whoever has more of the wished skills and is of the team still comes first.
        let missing = entry
            .skills
            .iter()
            .filter(|skill| !person.profile.skills.contains(*skill))
            .count();
        let order = match rules.policy {
            Policy::RoundRobin => (person.last_offer, 0),
            Policy::LeastBusy => (
                candidate.share(),
                u64::try_from(person.idle_since.0).unwrap_or(0),
            ),
            Policy::LongestIdle | Policy::Manual => (
                u64::try_from(person.idle_since.0).unwrap_or(0),
                candidate.share(),
            ),
        };
        (
            !preferred,
            !person.profile.is_of(&entry.team),
            missing,
            order,
            candidate.id,
        )
    })
    .map(|candidate| candidate.id)
}

/// When a wish of this conversation will next be given up, so that somebody else may be asked.
pub(super) fn next_relaxing(entry: &Entry, rules: &Routing, now: Timestamp) -> Option<Timestamp> {
    if rules.policy == Policy::Manual {
        return None;
    }
    [rules.relax_skills_seconds, rules.relax_team_seconds]
        .into_iter()
        .filter(|seconds| *seconds > 0)
        .map(|seconds| entry.since.plus(i64::from(seconds) * 1_000))
        .filter(|at| *at > now)
        .min()
}
