//! The fold: events become rows, rows are counted in the tallies of their days. Before a row changes it is taken out of the tallies, and so are the
//! rows that are judged by it; afterwards they are put in again. So what is counted is always what the rows say, in whatever pieces they came.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::pool::{Pool, Word};
use super::cells::DayCells;
use super::row::{FormWord, Given, Owed, Place, Row, for_a_person};
use crate::conversation::{Body, Event};
use crate::ids::{
    AgentId, ConversationId, HandoffReason, Lang, QuestionId, SiteId, TeamId, Timestamp, TopicId,
};

const HOUR_MS: i64 = 60 * 60_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// When a team means to have answered, and to have closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Due {
    /// An agent's first words.
    pub response: Option<Timestamp>,
    /// The close.
    pub resolution: Option<Timestamp>,
}

/// The targets of a team for somebody who began to wait then.
pub type DueOf = Arc<dyn Fn(&TeamId, &SiteId, Timestamp) -> Due + Send + Sync>;

/// What does not stand in the events, and by which they are counted. With other settings everything is counted anew.
#[derive(Clone)]
pub struct Settings {
    /// Where days begin and hours are read.
    pub zone: TimeZone,
    /// Who is not back with the same matter within so many days has been helped.
    pub back_days: u16,
    /// Topics that are no matter: greetings, thanks, the wish for a person.
    pub small_talk: BTreeSet<TopicId>,
    /// The targets of the teams.
    pub due: DueOf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            back_days: 7,
            small_talk: BTreeSet::new(),
            due: Arc::new(|_, _, _| Due::default()),
        }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("zone", &self.zone)
            .field("back_days", &self.back_days)
            .field("small_talk", &self.small_talk)
            .finish_non_exhaustive()
    }
}

/// What is known of a conversation as a whole.
#[derive(Debug, Default)]
struct Thread {
    last: Option<Place>,
    /// The conversation of the same person in which it goes on.
    into: Option<ConversationId>,
    /// Those that go on in it.
    from: Vec<ConversationId>,
}

/// Every session, and the numbers of every day.
#[derive(Debug, Default)]
pub struct Figures {
    pub(super) settings: Settings,
    pub(super) rows: Vec<Row>,
    pub(super) owed: Vec<Owed>,
    cases: HashMap<String, u32>,
    threads: HashMap<ConversationId, Thread>,
    /// Rows that are out of the tallies.
    out: Vec<Place>,
    /// Rows by when it is known whether the person came back.
    ripening: BTreeSet<(Timestamp, Place)>,
    pub(super) now: Timestamp,
    pub(super) days: BTreeMap<i32, DayCells>,
    /// Agents who did something, by day and hour.
    pub(super) staff: BTreeMap<(i32, u8), BTreeSet<Word>>,
    /// What the agents did, to be read anew where days begin elsewhere: agent and hour since 1970.
    acts: BTreeSet<(i64, Word)>,
    pub(super) sites: Pool<SiteId>,
    pub(super) langs: Pool<Lang>,
    pub(super) touchpoints: Pool<String>,
    pub(super) topics: Pool<TopicId>,
    pub(super) teams: Pool<TeamId>,
    pub(super) questions: Pool<QuestionId>,
    pub(super) steps: Pool<String>,
    agents: Pool<AgentId>,
}

impl Figures {
    /// Nothing yet, to be counted so.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Counts everything anew, from what is kept of the sessions.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
        self.days.clear();
        self.staff.clear();
        self.ripening.clear();
        self.out = (0..self.next_place()).collect();
        for place in 0..self.rows.len() {
            let row = &mut self.rows[place];
            (row.counted, row.mature) = (false, false);
            self.ripens(Place::try_from(place).unwrap_or(Place::MAX));
        }
        for (hour, agent) in self.acts.clone() {
            self.on_duty(hour, agent);
        }
        self.settle(self.now);
    }

    /// Takes in one event of a conversation. What is read before the next [`Figures::settle`] lacks the sessions that it changed.
    pub fn apply(&mut self, conversation: ConversationId, event: &Event) {
        self.now = self.now.max(event.at);
        if let Body::SessionOpened { opening, .. } = &event.body {
            let place = self.next_place();
            let thread = self.threads.entry(conversation).or_default();
            let before = thread.last.replace(place);
            self.rows.push(Row {
                conversation,
                first: event.seq,
                before,
                opened: event.at,
                closed: None,
                outcome: None,
                merged: false,
                site: self.sites.word(&opening.site),
                lang: self.langs.word(&opening.lang),
                touchpoint: (opening.touchpoint.as_ref()).map(|one| self.touchpoints.word(one)),
                stage: opening.stage,
                topics: Vec::new(),
                turns: 0,
                missed: false,
                lang_read: false,
                lang_other: false,
                agent: false,
                asks: Vec::new(),
                reasons: 0,
                nobody_there: false,
                left_message: false,
                question: None,
                quiet: false,
                opinion: None,
                forms: Vec::new(),
                promises: Vec::new(),
                mature: false,
                counted: false,
            });
            self.out.push(place);
            self.take_out_near(place);
            return;
        }
        match &event.body {
            Body::MergedInto { into, .. } => return self.merged(conversation, Some(*into)),
            Body::Unmerged { over: false, .. } => return self.merged(conversation, None),
            Body::PromiseKept { case } => {
                return self.promise(case, |owed| owed.kept = owed.kept.or(Some(event.at)));
            }
            Body::PromiseLate { case } => {
                return self.promise(case, |owed| owed.late |= owed.kept.is_none());
            }
            Body::PromiseWarned { case } => {
                return self.promise(case, |owed| owed.warned |= !owed.late);
            }
            Body::PromiseMoved { case, by, .. } => {
                return self.promise(case, |owed| {
                    owed.by = *by;
                    owed.moved = true;
                    owed.late = false;
                });
            }
            _ => {}
        }
        let Some(place) = self.threads.get(&conversation).and_then(|all| all.last) else {
            return;
        };
        if !tells(&event.body) {
            return;
        }
        self.take_out_near(place);
        self.tell(place, event);
    }

    fn next_place(&self) -> Place {
        Place::try_from(self.rows.len()).unwrap_or(Place::MAX)
    }

    /// What an event says about its session.
    fn tell(&mut self, place: Place, event: &Event) {
        let at = event.at;
        let Some(row) = self.rows.get_mut(place as usize) else {
            return;
        };
        match &event.body {
            Body::Reopened => {
                self.ripening.remove(&ripe(row, &self.settings, place));
                (row.closed, row.outcome) = (None, None);
                row.mature = false;
            }
            Body::VisitorSaid { .. } | Body::VisitorChose { .. } | Body::VisitorSent { .. } => {
                row.turns += 1;
            }
            Body::BotAnswered {
                understood,
                topic,
                memory,
                lang,
                ..
            } => {
                if let Some(topic) = topic {
                    let topic = self.topics.word(topic);
                    row.topics.retain(|one| *one != topic);
                    row.topics.push(topic);
                }
                row.missed |= memory.recent.last() == Some(&true) && !understood.is_empty();
                for read in understood {
                    row.lang_read = true;
                    row.lang_other |= read.lang.base() != lang.base();
                }
                let (topics, steps) = (&mut self.topics, &mut self.steps);
                row.hears_forms(memory, topic.as_ref(), |one| match one {
                    FormWord::Topic(topic) => topics.word(topic),
                    FormWord::Step(step) => steps.word(&step.to_owned()),
                });
            }
            Body::LangSet { lang, .. } => row.lang = self.langs.word(lang),
            Body::Queued { reason, team, .. } => {
                row.because(*reason);
                if *reason == HandoffReason::FormFailure {
                    row.form_failed();
                }
                row.queued(Some(self.teams.word(team)), at);
            }
            Body::Transferred { agent, team, .. } => {
                row.queued(Some(self.teams.word(team)), at);
                self.acted(*agent, at);
            }
            Body::Claimed { agent, .. } => {
                row.taken(at);
                self.acted(*agent, at);
            }
            Body::AgentSaid { agent, .. } | Body::AgentSent { agent, .. } => {
                row.spoken(at);
                self.acted(*agent, at);
            }
            Body::NoteAdded { agent, .. } | Body::Snoozed { agent, .. } => self.acted(*agent, at),
            Body::Released { .. } => {
                let team = row.asks.iter().rev().find_map(|ask| ask.team);
                row.queued(team, at);
            }
            Body::Returned { .. } | Body::LeftQueue => row.waits_no_more(at),
            Body::PromiseMade { promise, .. } => {
                if for_a_person(promise.kind) {
                    row.left_message = true;
                    row.because(promise.reason);
                    row.waits_no_more(at);
                    if promise.reason == HandoffReason::FormFailure {
                        row.form_failed();
                    }
                }
                let team = self.teams.word(&promise.team);
                let number = u32::try_from(self.owed.len()).unwrap_or(u32::MAX);
                row.promises.push(number);
                self.owed.push(Owed::of(place, team, promise));
                self.cases.insert(promise.case.clone(), number);
            }
            Body::Closed {
                outcome, question, ..
            } => {
                row.waits_no_more(at);
                (row.closed, row.outcome) = (Some(at), Some(*outcome));
                row.question = None;
                if let Some(asked) = question {
                    row.question = Some(self.questions.word(&asked.id));
                    row.quiet = asked.quiet;
                    if let Some(touchpoint) = &asked.touchpoint {
                        row.touchpoint = Some(self.touchpoints.word(touchpoint));
                    }
                    row.stage = asked.stage.or(row.stage);
                }
                self.ripens(place);
            }
            Body::Rated { value, kind, .. } => {
                let before = row.opinion;
                row.opinion = Some(Given {
                    value: value.or(before.and_then(|given| given.value)),
                    kind: kind.or(before.and_then(|given| given.kind)),
                });
            }
            _ => {}
        }
    }

    /// It is known when this one is old enough to say that nobody came back.
    fn ripens(&mut self, place: Place) {
        let Some(row) = self.rows.get(place as usize) else {
            return;
        };
        if row.ended() && !row.mature {
            self.ripening.insert(ripe(row, &self.settings, place));
        }
    }

    fn promise(&mut self, case: &str, change: impl FnOnce(&mut Owed)) {
        let Some(number) = self.cases.get(case).copied() else {
            return;
        };
        let Some(place) = self.owed.get(number as usize).map(|owed| owed.place) else {
            return;
        };
        self.take_out(place);
        if let Some(owed) = self.owed.get_mut(number as usize) {
            change(owed);
        }
    }

    /// A conversation goes on in another one of the same person, or by itself again.
    fn merged(&mut self, conversation: ConversationId, into: Option<ConversationId>) {
        let Some(place) = self.threads.get(&conversation).and_then(|all| all.last) else {
            return;
        };
        self.take_out_all(conversation);
        if let Some(into) = into {
            self.take_out_all(into);
        }
        let thread = self.threads.entry(conversation).or_default();
        let was = std::mem::replace(&mut thread.into, into);
        if let Some(was) = was {
            let other = self.threads.entry(was).or_default();
            other.from.retain(|one| *one != conversation);
        }
        if let Some(into) = into {
            self.threads
                .entry(into)
                .or_default()
                .from
                .push(conversation);
        }
        if let Some(row) = self.rows.get_mut(place as usize) {
            row.merged = into.is_some();
            // An outcome of before stays as it was: then it ended before it went on.
            row.merged &= row.outcome.is_none();
        }
    }

    fn acted(&mut self, agent: AgentId, at: Timestamp) {
        let agent = self.agents.word(&agent);
        let hour = at.0.div_euclid(QUARTER_MS);
        if self.acts.insert((hour, agent)) {
            self.on_duty(hour, agent);
        }
    }

    fn on_duty(&mut self, quarter: i64, agent: Word) {
        let here = self.here(Timestamp(quarter * QUARTER_MS));
        self.staff.entry(here).or_default().insert(agent);
    }

    /// The day, as days since 1970-01-01, and the hour, where the company is.
    pub(super) fn here(&self, at: Timestamp) -> (i32, u8) {
        let Ok(moment) = jiff::Timestamp::from_millisecond(at.0) else {
            return (0, 0);
        };
        let here = self.settings.zone.to_offset(moment).to_datetime(moment);
        let hour = u8::try_from(here.hour()).unwrap_or_default();
        (super::answer::day_number(here.date()), hour)
    }

    /// The conversations of one person.
    fn person(&self, conversation: ConversationId) -> Vec<ConversationId> {
        let mut root = conversation;
        // A circle cannot be: whoever goes on elsewhere takes nobody in. The bound is for damaged logs.
        for _ in 0..MERGES {
            match self.threads.get(&root).and_then(|thread| thread.into) {
                Some(into) => root = into,
                None => break,
            }
        }
        let mut all = vec![root];
        let mut at = 0;
        while let Some(one) = all.get(at).copied()
            && at < MERGES
        {
            let from = self.threads.get(&one).map(|thread| thread.from.as_slice());
            for other in from.unwrap_or_default() {
                if !all.contains(other) {
                    all.push(*other);
                }
            }
            at += 1;
        }
        all
    }

    /// The sessions of the same person that may be judged by this one, or this one by them.
    pub(super) fn near(&self, place: Place) -> Vec<Place> {
        let Some(row) = self.rows.get(place as usize) else {
            return Vec::new();
        };
        let reach = i64::from(self.settings.back_days) * DAY_MS;
        let mut near = Vec::new();
        for conversation in self.person(row.conversation) {
            let mut next = self.threads.get(&conversation).and_then(|all| all.last);
            while let Some((other, there)) =
                next.and_then(|place| Some((place, self.rows.get(place as usize)?)))
            {
                next = there.before;
                let end = there.closed.unwrap_or(there.opened);
                if row.opened.since(end) > reach {
                    break;
                }
                let ended = row.closed.unwrap_or(self.now.max(row.opened));
                if other != place && there.opened.since(ended) <= reach {
                    near.push(other);
                }
            }
        }
        near
    }

    fn take_out_near(&mut self, place: Place) {
        for other in self.near(place) {
            self.take_out(other);
        }
        self.take_out(place);
    }

    fn take_out_all(&mut self, conversation: ConversationId) {
        for one in self.person(conversation) {
            let mut next = self.threads.get(&one).and_then(|all| all.last);
            while let Some(place) = next {
                self.take_out(place);
                next = self.rows.get(place as usize).and_then(|row| row.before);
            }
        }
    }

    fn take_out(&mut self, place: Place) {
        let counted = self.rows.get(place as usize).is_some_and(|row| row.counted);
        if counted {
            self.count(place, false);
            self.rows[place as usize].counted = false;
            self.out.push(place);
        }
    }

    /// Counts what has changed since the last time. `now`: up to then it is known who has come back.
    pub fn settle(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        while let Some((at, place)) = self.ripening.first().copied()
            && at <= self.now
        {
            self.ripening.pop_first();
            self.take_out(place);
            self.rows[place as usize].mature = true;
        }
        for place in std::mem::take(&mut self.out) {
            if !self.rows[place as usize].counted {
                self.rows[place as usize].counted = true;
                self.count(place, true);
            }
        }
    }

    /// How many sessions there are, erased ones too.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Conversations that one person may have had joined, for the bound of a walk.
const MERGES: usize = 64;
/// All zones are whole quarters of an hour away from each other.
const QUARTER_MS: i64 = 15 * 60_000;

fn ripe(row: &Row, settings: &Settings, place: Place) -> (Timestamp, Place) {
    let end = row.closed.unwrap_or(row.opened);
    // One more: who comes on the last moment of the last day has come back.
    (end.plus(i64::from(settings.back_days) * DAY_MS + 1), place)
}

/// Whether an event says something about its session that is counted.
fn tells(body: &Body) -> bool {
    matches!(
        body,
        Body::Reopened
            | Body::VisitorSaid { .. }
            | Body::VisitorChose { .. }
            | Body::VisitorSent { .. }
            | Body::BotAnswered { .. }
            | Body::LangSet { .. }
            | Body::Queued { .. }
            | Body::Transferred { .. }
            | Body::Claimed { .. }
            | Body::AgentSaid { .. }
            | Body::AgentSent { .. }
            | Body::NoteAdded { .. }
            | Body::Snoozed { .. }
            | Body::Released { .. }
            | Body::Returned { .. }
            | Body::LeftQueue
            | Body::PromiseMade { .. }
            | Body::Closed { .. }
            | Body::Rated { .. }
    )
}
