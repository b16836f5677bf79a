//! One turn of the bot while it is being made.

use std::collections::BTreeMap;

use super::Scene;
use super::again::{self, Time};
use super::question::question;
use super::remembering;
use super::slot::stored_rule;
use super::wording::slot_value;
use crate::conversation::{
    Asking, BotTurn, Choice, Effect, Form, Memory, Shown, Target, Understood, Wanted,
};
use crate::ids::{HandoffReason, Lang, Priority, Seq, SiteId, SlotName, TeamId, TopicId};
use crate::topics::{Catalog, Reader, SlotKind, SlotRule, Text, Topic, TopicRole};

/// Prefix of the slots that hold what a service answered.
const CALL_VALUE: &str = "call-";

/// Forms that wait behind a digression, at most.
const SUSPENDED_MAX: usize = 3;

/// How the question of the open form is put at the end of the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Not at all.
    No,
    /// As the first time.
    First,
    /// After an answer that did not fit.
    Again,
}

/// What the turn has come to so far.
pub(super) struct Turn<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) catalog: &'a Catalog,
    pub(super) reader: Reader<'a>,
    /// Language of the visitor, without the site's register.
    pub(super) lang: Lang,
    pub(super) memory: Memory,
    pub(super) slots: BTreeMap<SlotName, String>,
    /// What is to be kept for the next visit, or forgotten.
    pub(super) remember: BTreeMap<SlotName, Option<String>>,
    pub(super) says: Vec<String>,
    pub(super) choices: Vec<Choice>,
    /// What is shown beside the messages, in order.
    pub(super) shows: Vec<Shown>,
    pub(super) topic: Option<TopicId>,
    pub(super) effect: Effect,
    pub(super) ask: Ask,
    /// Whether this turn counts as a success or a failure already: it counts once.
    pub(super) counted: bool,
    /// Where the words of the topic that runs begin in `says`.
    pub(super) run_from: usize,
    /// Topics that were run in this turn, to stop a circle of `go`.
    pub(super) hops: u32,
}

impl<'a> Turn<'a> {
    pub(super) fn begin(scene: &'a Scene<'a>, lang: Option<Lang>) -> Self {
        let state = scene.state;
        let lang = lang
            .or_else(|| state.lang().cloned())
            .or_else(|| scene.catalog.assistant.languages.first().cloned())
            .unwrap_or_else(Lang::es);
        let mut memory = state.memory.clone();
        memory.greeted = true;
        Self {
            scene,
            catalog: scene.catalog,
            reader: Reader::new(scene.catalog, &site(scene), &lang, state.style()),
            lang,
            memory,
            slots: state.slots.clone(),
            remember: BTreeMap::new(),
            says: Vec::new(),
            choices: Vec::new(),
            shows: Vec::new(),
            topic: None,
            effect: Effect::None,
            ask: Ask::No,
            counted: false,
            run_from: 0,
            hops: 0,
        }
    }

    /// The turn as a whole: the open question comes last, and nobody is left without a word.
    pub(super) fn finish(mut self, upto: Seq, understood: Vec<Understood>) -> BotTurn {
        remembering::offer(&mut self);
        if self.effect_is_none_or_promise()
            && self.ask != Ask::No
            && let Some(form) = self.memory.open.clone()
        {
            let time = again::time(&mut self, &form);
            if time == Time::LetGo {
                again::let_go(&mut self, &form);
            } else {
                let anew = (time == Time::Otherwise).then(|| again::otherwise(&self, &form));
                let put = anew.flatten();
                let (words, choices) = put.unwrap_or_else(|| question(&self, &form, self.ask));
                self.say(&words);
                self.choices = choices;
            }
        }
        let idle = self.memory.open.is_none() && self.memory.offered.is_none();
        if idle && self.memory.suspended.is_empty() {
            self.memory.yes_no = None;
        }
        if self.says.is_empty() && self.effect == Effect::None && !understood.is_empty() {
            self.say_engine("first_miss_no_topics", &[]);
        }
        self.memory.asked = self.memory.open.is_none()
            && self.memory.offered.is_none()
            && self.effect == Effect::None
            && !self.choices.is_empty()
            && self
                .says
                .last()
                .is_some_and(|last| last.trim_end().ends_with('?'));
        if self.memory.open.is_none() && self.memory.suspended.is_empty() {
            self.forget_call_values();
        }
        let known = &self.scene.state.slots;
        let mut slots: BTreeMap<SlotName, Option<String>> = self
            .slots
            .iter()
            .filter(|(name, value)| known.get(*name) != Some(*value))
            .map(|(name, value)| (name.clone(), Some(value.clone())))
            .collect();
        for name in known.keys().filter(|name| !self.slots.contains_key(*name)) {
            slots.insert(name.clone(), None);
        }
        let now = self.scene.state.lang();
        let changed = now.map(Lang::base) != Some(self.lang.base())
            || self.lang.is_formal() && now != Some(&self.lang);
        let lang = changed.then(|| self.lang.clone());
        BotTurn {
            upto,
            understood,
            says: self.says,
            choices: self.choices,
            shows: self.shows,
            slots,
            remember: self.remember,
            memory: self.memory,
            topic: self.topic,
            lang,
            effect: self.effect,
        }
    }

    fn effect_is_none_or_promise(&self) -> bool {
        matches!(
            self.effect,
            Effect::None | Effect::Promise { .. } | Effect::CallBack { .. } | Effect::Appeal { .. }
        )
    }

    /// Says a text; a blank line begins a new message.
    pub(super) fn say(&mut self, words: &str) {
        self.says.extend(
            words
                .split("\n\n")
                .map(str::trim)
                .filter(|message| !message.is_empty())
                .map(str::to_owned),
        );
    }

    /// Takes back what was said from a message on, with what was shown under it.
    pub(super) fn unsay(&mut self, from: usize) {
        self.says.truncate(from);
        self.shows
            .retain(|shown| usize::try_from(shown.after).is_ok_and(|after| after <= from));
    }

    /// Says a text before all others.
    pub(super) fn say_first(&mut self, words: String) {
        self.says.insert(0, words);
        for shown in &mut self.shows {
            shown.after += 1;
        }
    }

    /// One of the engine's own texts, said.
    pub(super) fn say_engine(&mut self, key: &str, values: &[(&str, &str)]) {
        let words = self.reader.engine(key, values);
        self.say(&words);
    }

    /// A topic's text with slots, values of the last call, facts.
    pub(super) fn fill(&self, text: &Text, topic: &Topic) -> String {
        self.reader.fill(text, |name| self.value(name, topic))
    }

    /// The places of a text that nothing fills: a read-back with one would name what nobody knows.
    pub(super) fn unfilled(&self, text: &Text, topic: &Topic) -> Vec<String> {
        self.reader.unfilled(text, |name| self.value(name, topic))
    }

    /// A slot, or a value of the last call.
    pub(super) fn value(&self, name: &str, topic: &Topic) -> Option<String> {
        let call_value = || self.slots.get(format!("{CALL_VALUE}{name}").as_str());
        let Some(value) = self.slots.get(name) else {
            return call_value().cloned();
        };
        let slot = self
            .slots_of(topic)
            .into_iter()
            .find(|s| s.name.as_str() == name);
        Some(slot.map_or_else(|| value.clone(), |slot| self.worded(value, &slot.rule)))
    }

    /// A slot's value as the visitor reads it.
    pub(super) fn worded(&self, value: &str, rule: &SlotRule) -> String {
        match rule.kind {
            SlotKind::YesNo => self.reader.engine(value, &[]),
            SlotKind::List => rule
                .values
                .iter()
                .find(|one| one.value == value)
                .map_or_else(
                    || value.to_owned(),
                    |one| super::slot::label(one, &self.reader.lang),
                ),
            kind => slot_value(
                value,
                kind,
                &self.reader.lang,
                self.currency(),
                self.this_year(),
            ),
        }
    }

    /// ISO 4217 code of the site.
    pub(super) fn currency(&self) -> &'a str {
        let site = self.catalog.site(&self.reader.site);
        site.map_or("EUR", |site| site.currency.as_str())
    }

    /// The year, which is left out of near dates.
    pub(super) fn this_year(&self) -> i16 {
        jiff::Timestamp::from_millisecond(self.scene.now.0)
            .map_or(0, |now| now.to_zoned(jiff::tz::TimeZone::UTC).year())
    }

    /// The slots that a topic may use: those of its check first, then its own.
    pub(super) fn slots_of(&self, topic: &'a Topic) -> Vec<&'a crate::topics::Slot> {
        let check = topic
            .requires
            .as_ref()
            .and_then(|name| self.catalog.checks.get(name));
        check
            .into_iter()
            .flat_map(|check| &check.slots)
            .chain(&topic.slots)
            .collect()
    }

    /// Keeps a value. A check that rested on another one must pass again.
    pub(super) fn set_slot(&mut self, name: &SlotName, value: String) {
        if self.slots.get(name) == Some(&value) {
            return;
        }
        let replaced = self.slots.insert(name.clone(), value);
        if let (Some(replaced), Ok(before)) = (replaced, before(name).parse()) {
            self.slots.insert(before, replaced);
        }
        self.doubt_checks(name);
    }

    /// Drops a value, so that it is asked.
    pub(super) fn forget_slot(&mut self, name: &SlotName) {
        self.slots.remove(name);
        self.doubt_checks(name);
    }

    /// Checks that rest on this value must pass again.
    fn doubt_checks(&mut self, name: &SlotName) {
        let catalog = self.catalog;
        let passed = self.memory.verified.len();
        self.memory.verified.retain(|check| {
            catalog
                .checks
                .get(check)
                .is_none_or(|check| check.slots.iter().all(|slot| slot.name != *name))
        });
        // Nobody repeats themselves: the proof of the last order is tried on this one first.
        self.memory.tried_on = (self.memory.verified.len() < passed).then(|| name.clone());
    }

    /// Keeps what a service answered in place of what another did.
    pub(super) fn set_call_values(&mut self, values: impl IntoIterator<Item = (String, String)>) {
        self.forget_call_values();
        for (name, value) in values {
            if let Ok(slot) = format!("{CALL_VALUE}{name}").parse() {
                self.slots.insert(slot, value);
            }
        }
    }

    fn forget_call_values(&mut self) {
        self.slots
            .retain(|name, _| !name.as_str().starts_with(CALL_VALUE));
    }

    /// A button that leads to a topic: to a person where that is its role; none where the topic is gone.
    pub(super) fn topic_choice(&self, id: &TopicId) -> Option<Choice> {
        let topic = self.catalog.topics.get(id)?;
        let target = if topic.role == Some(TopicRole::TalkToPerson) {
            Target::Person
        } else {
            Target::Topic { topic: id.clone() }
        };
        Some(Choice {
            title: self.reader.words(&topic.title).to_owned(),
            target,
        })
    }

    /// A button with one of the engine's own labels.
    pub(super) fn choice(&self, key: &str, target: Target) -> Choice {
        Choice {
            title: self.reader.engine(key, &[]),
            target,
        }
    }

    /// "Yes" and "no".
    pub(super) fn yes_no(&self) -> Vec<Choice> {
        vec![
            self.choice("yes", Target::Yes),
            self.choice("no", Target::No),
        ]
    }

    /// Adds a button once.
    pub(super) fn offer(&mut self, choice: Choice) {
        if !self
            .choices
            .iter()
            .any(|known| known.target == choice.target)
        {
            self.choices.push(choice);
        }
    }

    /// Whether a yes or a no would be an answer.
    pub(super) fn awaits_yes_no(&self) -> bool {
        let asked = self
            .memory
            .open
            .as_ref()
            .is_some_and(|form| match &form.asking {
                Asking::Slot { .. } if form.proposed => true,
                Asking::Confirm { .. } | Asking::CallConfirm { .. } => true,
                Asking::Slot { rule, .. } => {
                    stored_rule(rule).is_some_and(|rule| rule.kind == SlotKind::YesNo)
                }
                Asking::Message { .. }
                | Asking::Contact { .. }
                | Asking::Phone { .. }
                | Asking::CallTime { .. }
                | Asking::Appeal => false,
            });
        asked || self.memory.offered.is_some()
    }

    /// A form begins to wait.
    pub(super) fn open(&mut self, form: Form) {
        self.memory.open = Some(form);
        self.memory.offered = None;
        self.ask = Ask::First;
    }

    /// A digression begins: what is open waits. Forms of the topic that comes now are dropped, since it starts anew.
    pub(super) fn suspend_for(&mut self, topic: &TopicId) {
        self.put_aside();
        self.memory
            .suspended
            .retain(|form| form.topic != *topic || is_about_a_person(form));
    }

    /// What is open waits.
    pub(super) fn put_aside(&mut self) {
        if let Some(form) = self.memory.open.take() {
            self.memory.suspended.push(form);
        }
        let excess = self.memory.suspended.len().saturating_sub(SUSPENDED_MAX);
        self.memory.suspended.drain(..excess);
        self.ask = Ask::No;
    }

    /// The topic at hand: of the open form, else of the last answer.
    pub(super) fn topic_at_hand(&self) -> Option<&'a Topic> {
        let id = self
            .memory
            .open
            .as_ref()
            .map(|form| &form.topic)
            .or(self.memory.last_topic.as_ref())?;
        self.catalog.topics.get(id)
    }

    /// A person for this reason, of the team that the topic at hand names.
    pub(super) fn wanted(&self, reason: HandoffReason) -> Wanted {
        let escalation = self.topic_at_hand().map(|topic| &topic.escalate);
        let priority = escalation.map_or(Priority::Normal, |to| to.priority);
        Wanted {
            reason,
            team: escalation.map_or_else(default_team, |to| to.team.clone()),
            skills: escalation.map_or_else(Vec::new, |to| to.skills.clone()),
            // `Urgent` sorts last in the set: who is angry waits no longer than `High`.
            priority: if self.memory.angry {
                priority.max(Priority::High)
            } else {
                priority
            },
        }
    }

    /// A team's name as visitors read it.
    pub(super) fn team(&self, team: &TeamId) -> String {
        self.catalog.team_name(team).map_or_else(
            || team.to_string(),
            |name| self.reader.words(name).to_owned(),
        )
    }
}

/// The name under which the value is kept that another has replaced.
pub(super) fn before(name: &SlotName) -> String {
    format!("before-{name}")
}

/// Forms that take a message for people belong to no topic, whatever topic led to them.
pub(super) fn is_about_a_person(form: &Form) -> bool {
    match form.asking {
        Asking::Message { .. }
        | Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::Appeal
        | Asking::CallConfirm { .. } => true,
        Asking::Slot { .. } | Asking::Confirm { .. } => false,
    }
}

/// The team that is always there.
pub(super) fn default_team() -> TeamId {
    "default".parse().expect("a valid slug")
}

/// The site of the session; `demo` before the first, as without configuration.
pub(super) fn site(scene: &Scene<'_>) -> SiteId {
    scene.state.session.as_ref().map_or_else(
        || "demo".parse().expect("a valid slug"),
        |session| session.opening.site.clone(),
    )
}
