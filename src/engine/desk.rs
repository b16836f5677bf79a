//! The desk's task: keeps the picture of who waits and who is on duty, tells visitors their place and consoles the whole, and takes
//! conversations back from agents who have lost their connection.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use super::hub::Heard;
use super::{Engine, EngineError, Hours};
use crate::conversation::{Command, Refusal, ReleaseCause};
use crate::desk::{
    Desk, Entry, Place, Profile, USUAL_CAPACITY, is_open, open_spans, reply_by, sla_due,
};
use crate::ids::{AgentId, AgentStatus, ConversationId, Lang, SiteId, Style, TeamId, Timestamp};
use crate::protocol::agent::{
    DeskItem, DeskPerson, DeskTeam, DeskView, DueCard, HandedCard, Person, PromiseCard,
};
use crate::protocol::visitor::WaitRange;
use crate::topics::{Catalog, Policy, Schedule, Team};

/// The picture and who wants to know of it.
#[derive(Debug)]
pub(super) struct DeskTask {
    desk: Mutex<Desk>,
    changed: Notify,
    view: watch::Sender<DeskView>,
}

impl Default for DeskTask {
    fn default() -> Self {
        Self {
            desk: Mutex::default(),
            changed: Notify::default(),
            view: watch::Sender::new(DeskView::default()),
        }
    }
}

impl DeskTask {
    /// Looks at the picture.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Desk) -> T) -> T {
        look(&self.desk.lock())
    }

    /// Changes the picture where nobody is to be told of it.
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut Desk) -> T) -> T {
        change(&mut self.desk.lock())
    }

    /// Changes the picture; the task tells whoever is concerned.
    pub(super) fn change(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.desk.lock());
        self.changed.notify_one();
    }
}

/// Whether people are there, and until when an answer can be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Somebody could take over now.
    pub people: bool,
    /// People are there, but more wait for them than the team allows.
    pub full: bool,
    /// When an answer can be promised.
    pub reply_by: Option<Timestamp>,
}

impl Engine {
    /// Runs the desk until the task is ended.
    pub(super) async fn run_desk(&self) {
        let mut told: BTreeMap<ConversationId, (u32, Option<(u32, u32)>)> = BTreeMap::new();
        loop {
            let now = self.now();
            let grace = self.settings().limits.grace_ms;
            let (view, places, dropped) = {
                let live = self.live();
                let desk = self.inner.desk.desk.lock();
                (
                    view(&desk, &live.catalog, self.orphans(), now),
                    desk.places(now),
                    desk.dropped(now, grace),
                )
            };
            for (id, place) in &places {
                if told.get(id) != Some(place) {
                    let wait = place.1.map(|(from_minutes, to_minutes)| WaitRange {
                        from_minutes,
                        to_minutes,
                    });
                    self.hub()
                        .publish(*id, &Heard::Position(*id, place.0, wait));
                }
            }
            told = places;
            self.inner.desk.view.send_if_modified(|old| {
                let changed = *old != view;
                if changed {
                    *old = view;
                }
                changed
            });
            for (conversation, agent) in dropped {
                self.release(conversation, agent, ReleaseCause::Dropped)
                    .await;
            }
            self.drain(now).await;
            self.look_after_long_waits(now).await;
            match self.next_desk_time(now) {
                // What could not be taken back is tried again in a second.
                Some(at) => tokio::select! {
                    () = self.inner.clock.sleep_until(at.max(now.plus(1_000))) => {}
                    () = self.inner.desk.changed.notified() => {}
                },
                None => self.inner.desk.changed.notified().await,
            }
        }
    }

    pub(super) async fn release(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        cause: ReleaseCause,
    ) {
        let result = self
            .run(conversation, None, move |step| {
                // While others were taken back they may have come again.
                if !step.engine.is_dropped(conversation, agent) {
                    return Err(Refusal::Nothing);
                }
                step.decide(Command::Release {
                    client_id: None,
                    agent,
                    cause,
                })
            })
            .await;
        match result {
            Ok(_) => tracing::info!(%conversation, %agent, ?cause, "back to the head of the queue"),
            Err(EngineError::Refused(Refusal::Nothing)) => {}
            // The agent closed it, or lost it already.
            Err(EngineError::Refused(Refusal::NotOwner)) => self.look_again(conversation).await,
            Err(error) => {
                tracing::warn!(%conversation, %error, "could not take back a conversation, trying again")
            }
        }
    }

    fn is_dropped(&self, conversation: ConversationId, agent: AgentId) -> bool {
        let (now, grace) = (self.now(), self.settings().limits.grace_ms);
        let desk = self.inner.desk.desk.lock();
        desk.dropped(now, grace).contains(&(conversation, agent))
    }

    /// The picture of one conversation is not (any more) as the desk took it to be.
    pub(super) async fn look_again(&self, conversation: ConversationId) {
        let entry = self
            .look(conversation, |state| Entry::of(state, state.headline()))
            .await;
        if let Ok(entry) = entry {
            let now = self.now();
            self.inner
                .desk
                .change(|desk| desk.observe(conversation, entry, now));
        }
    }

    /// The picture, and its changes.
    pub fn desk_view(&self) -> watch::Receiver<DeskView> {
        self.inner.desk.view.subscribe()
    }

    /// Place and expected wait of one conversation, for a client that has just come.
    pub fn place(&self, id: ConversationId) -> Option<(u32, Option<WaitRange>)> {
        let desk = self.inner.desk.desk.lock();
        let (position, wait) = desk.places(self.now()).remove(&id)?;
        Some((
            position,
            wait.map(|(from_minutes, to_minutes)| WaitRange {
                from_minutes,
                to_minutes,
            }),
        ))
    }

    /// Whether people are there for visitors of a site who write this language.
    pub fn availability(&self, site: &SiteId, team: Option<&TeamId>, lang: &Lang) -> Availability {
        let live = self.live();
        let now = self.now();
        let catalog = &live.catalog;
        let (rules, schedule) = rules_of(catalog, site, team);
        let open = match (self.settings().hours, schedule) {
            (Hours::Enforce, Some(schedule)) => is_open(schedule, now),
            (Hours::Enforce, None) | (Hours::PromiseOnly, _) => true,
        };
        let grace = self.settings().limits.grace_ms;
        let asked = rules.filter(|rules| rules.routing.relax_team_seconds == 0);
        // Who picks by hand may pick what they like; nothing else is offered to somebody who does not speak the language.
        let offered = rules.filter(|rules| rules.routing.policy != Policy::Manual);
        let (there, full) = self.inner.desk.read(|desk| {
            let full = team.zip(rules).is_some_and(|(team, rules)| {
                let most = rules
                    .queue
                    .most
                    .map(|most| usize::try_from(most).unwrap_or(usize::MAX));
                most.is_some_and(|most| desk.waiting_for(team) >= most)
            });
            // Where colleagues of other teams help out, theirs count too.
            let there = desk.anybody(asked.and(team), offered.map(|_| lang), now, grace);
            (there, full)
        });
        Availability {
            people: open && there && !full,
            full: open && there && full,
            reply_by: schedule.and_then(|schedule| reply_by(schedule, now)),
        }
    }

    /// The opening spans in which a team calls visitors of a site; nothing where it has no hours, or does not call.
    pub(super) fn call_spans(&self, site: &SiteId, team: &TeamId) -> Vec<(Timestamp, Timestamp)> {
        let live = self.live();
        match rules_of(&live.catalog, site, Some(team)) {
            (Some(rules), Some(schedule)) if rules.callback => {
                open_spans(schedule, self.now(), CALL_DAYS)
            }
            _ => Vec::new(),
        }
    }

    /// A console has connected.
    pub fn agent_connected(&self, person: &Person, status: AgentStatus) {
        let now = self.now();
        self.inner
            .desk
            .change(|desk| desk.connected(person.id, profile(person, status), now));
    }

    /// A console is gone.
    pub fn agent_disconnected(&self, agent: AgentId) {
        let now = self.now();
        self.inner.desk.change(|desk| desk.disconnected(agent, now));
    }

    /// An agent has chosen a status.
    pub fn agent_status(&self, agent: AgentId, status: AgentStatus) {
        let now = self.now();
        self.inner
            .desk
            .change(|desk| desk.set_status(agent, status, now));
    }

    /// What is stored of somebody who answers has changed: their teams, skills, languages, capacity.
    pub fn agent_changed(&self, person: &Person) {
        // The status is that of the console; only what is stored beside it is new.
        let stored = profile(person, AgentStatus::Offline);
        self.inner
            .desk
            .change(|desk| desk.set_stored(person.id, stored));
    }
}

/// A call is promised so many days ahead.
const CALL_DAYS: usize = 7;

/// A team, or the one that is always there, and its hours for a site.
fn rules_of<'c>(
    catalog: &'c Catalog,
    site: &SiteId,
    team: Option<&TeamId>,
) -> (Option<&'c Team>, Option<&'c Schedule>) {
    let default = catalog
        .teams
        .iter()
        .find(|(id, _)| id.as_str() == "default")
        .map(|(_, team)| team);
    let rules = team.and_then(|id| catalog.teams.get(id)).or(default);
    let hours = rules.and_then(|team| team.hours.get(site).or_else(|| team.hours.values().next()));
    (rules, hours.and_then(|name| catalog.schedules.get(name)))
}

/// The answer that is due next, by the targets and hours of the team.
fn due(entry: &Entry, catalog: &Catalog) -> Option<DueCard> {
    let team = catalog.teams.get(&entry.team)?;
    let schedule = team
        .hours
        .get(&entry.site)
        .and_then(|name| catalog.schedules.get(name));
    let due = sla_due(entry, &team.targets, schedule)?;
    Some(DueCard {
        clock: due.clock,
        at: due.at,
    })
}

fn profile(person: &Person, status: AgentStatus) -> Profile {
    Profile {
        teams: person.teams.iter().cloned().collect(),
        skills: person.skills.iter().cloned().collect(),
        langs: person.languages.iter().map(Lang::base).collect(),
        capacity: person.capacity.unwrap_or(USUAL_CAPACITY),
        ..Profile::named(&person.name, status)
    }
}

fn view(desk: &Desk, catalog: &Catalog, orphans: u32, now: Timestamp) -> DeskView {
    let places = desk.places(now);
    let items = |entries: Vec<(ConversationId, &Entry)>| {
        entries
            .into_iter()
            .map(|(id, entry)| {
                let position = places.get(&id).map_or(0, |(position, _)| *position);
                item(id, entry, position, catalog)
            })
            .collect()
    };
    DeskView {
        waiting: items(desk.waiting()),
        messages: items(desk.owed()),
        assigned: items(desk.assigned()),
        people: desk
            .people()
            .map(|(id, person)| DeskPerson {
                id,
                name: person.profile.name.clone(),
                status: person.profile.status,
                present: person.connections > 0,
                load: u32::try_from(desk.load(id)).unwrap_or(u32::MAX),
                busy: desk.busy(id, now),
                capacity: person.profile.capacity,
                paused: person.is_paused(),
                teams: person.profile.teams.iter().cloned().collect(),
            })
            .filter(|person| person.present || person.load > 0)
            .collect(),
        teams: catalog
            .teams
            .iter()
            .map(|(id, team)| DeskTeam {
                id: id.clone(),
                name: team.name.for_reader(&Lang::es(), Style::Warm).to_owned(),
                waiting: u32::try_from(desk.waiting_for(id)).unwrap_or(u32::MAX),
                wrap_up: team
                    .wrap_up
                    .iter()
                    .map(|(code, title)| {
                        let title = title.for_reader(&Lang::es(), Style::Warm);
                        (code.clone(), title.to_owned())
                    })
                    .collect(),
            })
            .collect(),
        orphans,
        wait: places.values().filter_map(|(_, wait)| *wait).max().map(
            |(from_minutes, to_minutes)| WaitRange {
                from_minutes,
                to_minutes,
            },
        ),
    }
}

fn item(conversation: ConversationId, entry: &Entry, position: u32, catalog: &Catalog) -> DeskItem {
    let holder = entry.agent();
    DeskItem {
        conversation,
        seq: entry.seq,
        position,
        since: entry.since,
        reason: entry.reason,
        team: entry.team.clone(),
        // Worded for each console by itself.
        team_name: String::new(),
        priority: entry.priority,
        // Worded for each console by itself, as the team's name is.
        skills: entry.skills.iter().map(ToString::to_string).collect(),
        returned: entry.returned,
        site: entry.site.clone(),
        lang: entry.lang.clone(),
        style: entry.style,
        excerpt: entry.excerpt.clone(),
        agent: holder.map(|(agent, _)| agent),
        agent_name: holder.map(|(_, name)| name.to_owned()),
        // Whom nobody has written to waits since they asked for a person, whatever the assistant said meanwhile.
        unanswered_since: entry
            .unanswered_since
            .or((holder.is_some() && !entry.agent_wrote).then_some(entry.since)),
        promise: entry
            .promise
            .as_ref()
            .map(|(promise, late)| PromiseCard::bare(promise, *late)),
        offered_until: match entry.place {
            Place::Offered { until, .. } => Some(until),
            _ => None,
        },
        snoozed_until: match entry.place {
            Place::Snoozed { until, .. } => Some(until),
            _ => None,
        },
        due: due(entry, catalog),
        topic: entry.topic.clone(),
        handed: entry.handed.as_ref().map(HandedCard::of),
    }
}
