//! What of the topic files the figures are counted by: as they are now, also for what was long ago.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::figures::{Due, Settings};
use crate::desk;
use crate::ids::{SiteId, TeamId, TopicId};
use crate::topics::{Catalog, Schedule, Targets};

/// A person who is not back with the same matter within so many days has been helped.
const BACK_DAYS: u16 = 7;

/// The part of a catalogue that numbers depend on; equal ones count alike.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    zone: String,
    small_talk: BTreeSet<TopicId>,
    teams: BTreeMap<TeamId, (Targets, BTreeMap<SiteId, String>)>,
    schedules: BTreeMap<String, Schedule>,
}

impl Rules {
    /// The rules of a catalogue; days begin where `main`, the company's main site, is.
    pub fn of(catalog: &Catalog, main: Option<&SiteId>) -> Self {
        let site = main.and_then(|site| catalog.site(site));
        let topics = catalog.topics.values();
        let small_talk = topics.filter(|topic| topic.small_talk || topic.role.is_some());
        let team = |(id, team): (&TeamId, &crate::topics::Team)| {
            (id.clone(), (team.targets, team.hours.clone()))
        };
        Self {
            zone: site.map_or_else(|| "UTC".to_owned(), |site| site.time_zone.clone()),
            small_talk: small_talk.map(|topic| topic.id.clone()).collect(),
            teams: catalog.teams.iter().map(team).collect(),
            schedules: catalog.schedules.clone(),
        }
    }

    /// Name of the time zone in which days begin.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The opening hours of a team at a site.
    pub fn schedule(&self, team: &TeamId, site: &SiteId) -> Option<&Schedule> {
        let (_, hours) = self.teams.get(team)?;
        self.schedules.get(hours.get(site)?)
    }

    /// Settings for the figures.
    pub fn settings(&self) -> Settings {
        let rules = Arc::new(self.clone());
        Settings {
            zone: TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC),
            back_days: BACK_DAYS,
            small_talk: self.small_talk.clone(),
            due: Arc::new(move |team, site, at| {
                let Some((targets, _)) = rules.teams.get(team) else {
                    return Due::default();
                };
                let schedule = rules.schedule(team, site);
                let within = |minutes: Option<u32>| {
                    let minutes = minutes?;
                    match schedule {
                        Some(schedule) => desk::after(schedule, at, minutes),
                        None => Some(at.plus(i64::from(minutes) * 60_000)),
                    }
                };
                Due {
                    response: within(targets.first_response),
                    resolution: within(targets.resolution),
                }
            }),
        }
    }
}
