//! What the topic files say, parsed: the catalogue that understanding, dialogue and listening read. Immutable; swapped whole.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::asking::AskRules;
use super::invite::Invite;
use super::journey::Journey;
use super::media::Media;
use super::notice::Notice;
use super::show::Show;
use super::team::Team;
use super::text::Text;
use crate::ids::{
    EventName, HandoffReason, Lang, NoticeId, OpinionKind, Outcome, Priority, QuestionId, SiteId,
    SkillId, SlotName, Stage, Style, TeamId, TopicId, TouchpointId,
};

/// Everything that the assistant knows at one moment.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Hash of the files' content: 16 hexadecimal digits. The same files give the same version.
    pub version: String,
    /// Name, brand, sites, greeting, thresholds.
    pub assistant: Assistant,
    /// Topics by id.
    pub topics: BTreeMap<TopicId, Topic>,
    /// Lists of values with synonyms, by name.
    pub lists: BTreeMap<String, Vec<ListValue>>,
    /// What is said in some places → what the examples say, by locale: `es-AR` → `remera` → `camiseta`.
    pub regional: BTreeMap<Lang, BTreeMap<String, String>>,
    /// What people ask that is none of our business, by language.
    pub not_ours: BTreeMap<Lang, Vec<String>>,
    /// Names of other companies: what somebody has from them is not ours.
    pub other_companies: Vec<String>,
    /// Things that are never our business: a passport, a flight.
    pub other_things: Vec<String>,
    /// Facts by name; looked up by [`Catalog::fact`].
    pub facts: BTreeMap<String, Text>,
    /// Facts of one site; they hide those of all sites.
    pub site_facts: BTreeMap<SiteId, BTreeMap<String, Text>>,
    /// Declared webhooks by name.
    pub calls: BTreeMap<String, Call>,
    /// Declared checks (`requires:`) by name.
    pub checks: BTreeMap<String, Check>,
    /// Feedback questions in file order.
    pub questions: Vec<Question>,
    /// Whom they are put to, and how often.
    pub asking: AskRules,
    /// Where customers meet the company, and at which stage of their way that is.
    pub journey: Journey,
    /// Teams; `default` is always there.
    pub teams: BTreeMap<TeamId, Team>,
    /// Skills that agents may have and topics may wish for, by name.
    pub skills: BTreeMap<SkillId, Text>,
    /// Opening hours by name.
    pub schedules: BTreeMap<String, Schedule>,
    /// Business events by name.
    pub events: BTreeMap<EventName, BusinessEvent>,
    /// Notices by name, those that hold, those that are over and the templates.
    pub notices: BTreeMap<NoticeId, Notice>,
    /// Proactive messages.
    pub invites: Vec<Invite>,
    /// The engine's own texts by key (`first_miss`, `queued` …): the built-in ones under those of `_assistant.yaml`.
    pub texts: BTreeMap<String, Text>,
    /// Files that answers show, by path below the folder: `media/sizes.svg`.
    pub media: BTreeMap<String, Media>,
}

impl Catalog {
    /// A fact on a site, or the one of all sites.
    pub fn fact(&self, name: &str, site: &SiteId) -> Option<&Text> {
        self.site_facts
            .get(site)
            .and_then(|facts| facts.get(name))
            .or_else(|| self.facts.get(name))
    }

    /// One of the engine's own texts. The built-in set is complete (a test holds it), so only a key that no code uses is missing.
    pub fn text(&self, key: &str) -> Option<&Text> {
        self.texts.get(key)
    }

    /// The topic that plays a role, where there is one.
    pub fn with_role(&self, role: TopicRole) -> Option<&Topic> {
        self.topics.values().find(|topic| topic.role == Some(role))
    }

    /// Name of a skill as agents read it.
    pub fn skill_name(&self, skill: &SkillId) -> Option<&Text> {
        self.skills.get(skill)
    }

    /// Name of a team as visitors read it.
    pub fn team_name(&self, team: &TeamId) -> Option<&Text> {
        self.teams.get(team).map(|team| &team.name)
    }

    /// Settings of a site; an undeclared site has the defaults.
    pub fn site(&self, site: &SiteId) -> Option<&Site> {
        self.assistant.sites.get(site)
    }
}

/// `_assistant.yaml`.
#[derive(Debug, Clone)]
pub struct Assistant {
    /// The assistant's name.
    pub name: Text,
    /// The company.
    pub brand: String,
    /// Languages that are complete; the first is used when nothing tells.
    pub languages: Vec<Lang>,
    /// First message; says that it is an assistant.
    pub greeting: Text,
    /// Topics offered with the greeting.
    pub greeting_choices: Vec<TopicId>,
    /// Phone and mail by site.
    pub contact: BTreeMap<SiteId, Contact>,
    /// Sites by id.
    pub sites: BTreeMap<SiteId, Site>,
    /// When a match is sure enough.
    pub thresholds: Thresholds,
    /// Hosts beside this server from which pages may load what answers show.
    pub media_hosts: Vec<String>,
    /// Whether understanding uses the built-in vectors of frequent Spanish and English words.
    pub word_vectors: bool,
}

impl Assistant {
    /// The site that is meant where none is named: it speaks the first language in its base register. The map itself has only the order of the alphabet.
    pub fn main_site(&self) -> Option<&SiteId> {
        let main = self.languages.first();
        let speaks = |(_, site): &(&SiteId, &Site)| Some(&site.register) == main;
        let found = self.sites.iter().find(speaks);
        found.or_else(|| self.sites.iter().next()).map(|(id, _)| id)
    }
}

/// The company's phone and mail, always in reach of the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Contact {
    /// As it is dialled: `+34 900 000 000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// What differs by site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Language tag that the site's Spanish falls under: `es`, `es-AR`, `es-usted`.
    pub register: Lang,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// When a match counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Share of the examples' own held-out copies that must be accepted, 0.5 to 1; the threshold follows from it. At 1 nothing is declined: every
    /// message gets its nearest topic.
    pub coverage: f32,
    /// Two best topics whose confidences differ by less are asked about, 0 to 0.5.
    pub ambiguity_margin: f32,
    /// Least confidence of an answer, 0 to 1, beside what training found; at 0 training alone decides.
    pub answer: f32,
    /// Least confidence, 0 to 1, at which the nearest topics are asked about where there is no answer; at 1 they never are, and the message was
    /// not understood.
    pub ask: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            coverage: 0.95,
            ambiguity_margin: 0.12,
            answer: 0.0,
            ask: 1.0,
        }
    }
}

/// What the engine itself must know about a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicRole {
    /// Asks for a person: always works at once.
    TalkToPerson,
    /// Thanks or goodbye: may end the session.
    Goodbye,
    /// Hello.
    Greeting,
    /// "Are you a robot?": says that it is an assistant.
    Robot,
    /// Insults and anger: add one to the failures.
    Anger,
}

/// One topic file.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name.
    pub id: TopicId,
    /// Short text for buttons.
    pub title: Text,
    /// Stage of the journey; `None` is `any`.
    pub stage: Option<Stage>,
    /// A person first, priority, no cheer, no survey.
    pub sensitive: bool,
    /// Neither a success nor a failure.
    pub small_talk: bool,
    /// What the engine must know.
    pub role: Option<TopicRole>,
    /// Name of a check that must pass first.
    pub requires: Option<String>,
    /// Example lines by language, templates unexpanded.
    pub examples: BTreeMap<Lang, Vec<String>>,
    /// Regular expressions as written.
    pub patterns: Vec<String>,
    /// Least confidence of an answer with this topic, 0 to 1, beside the assistant's own; below it is a question.
    pub floor: f32,
    /// What it needs, in the order asked.
    pub slots: Vec<Slot>,
    /// What is done.
    pub steps: Vec<Step>,
    /// When it does not get on.
    pub escalate: Escalation,
    /// Its own feedback question.
    pub feedback: Option<QuestionId>,
    /// Team that answers for the file.
    pub owner: Option<TeamId>,
    /// `YYYY-MM-DD` of its next review.
    pub review_by: Option<String>,
    /// Its tests.
    pub tests: Vec<TopicTest>,
    /// Path below the folder, for messages.
    pub file: String,
}

impl Topic {
    /// The first thing that it says on this site in this style: what an agent can send in its place.
    pub fn own_answer(&self, site: &SiteId, style: Style) -> Option<&Text> {
        let steps = self.steps.iter();
        steps
            .filter(|step| step.when.holds(site, style))
            .find_map(|step| match &step.act {
                Act::Say { text, .. } => Some(text),
                Act::Ask { .. }
                | Act::Confirm { .. }
                | Act::Call { .. }
                | Act::Go { .. }
                | Act::Escalate { .. } => None,
            })
    }
}

/// A value that a topic needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name.
    pub name: SlotName,
    /// What may fill it.
    pub rule: SlotRule,
    /// Taken when present, never asked.
    pub optional: bool,
    /// Under which name its value is kept for the next visit, where the visitor wants that.
    pub remember: Option<SlotName>,
    /// What people call it, with its article: "el número de pedido".
    pub called: Option<Text>,
    /// The question.
    pub ask: Text,
    /// The question after an answer that did not fit.
    pub retry: Text,
}

/// What may fill a slot. Stored with the question, so that an open form survives a reload of the files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotRule {
    /// Kind of value.
    #[serde(rename = "type")]
    pub kind: SlotKind,
    /// The whole value must match it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Least number or amount, least characters of a text, first day of a date in days from today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest number or amount, most characters of a text, last day of a date in days from today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Values of a `list` slot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ListValue>,
}

/// Greatest number that may be remembered: sizes and ages are below it, orders and documents above.
const REMEMBERED_MOST: f64 = 999.0;

impl SlotRule {
    /// Whether a value of this kind may be kept for the next visit: only what can be told in advance to name nobody. Free words may hold anything, and
    /// numbers without a bound are orders, cards and documents.
    pub fn may_be_remembered(&self) -> bool {
        match self.kind {
            SlotKind::List | SlotKind::YesNo | SlotKind::Time | SlotKind::Duration => true,
            SlotKind::Number => self.max.is_some_and(|most| most <= REMEMBERED_MOST),
            SlotKind::Text
            | SlotKind::Email
            | SlotKind::Phone
            | SlotKind::Postcode
            | SlotKind::Address
            | SlotKind::Date
            | SlotKind::Money
            | SlotKind::Ordinal
            | SlotKind::Url
            | SlotKind::IdNumber => false,
        }
    }
}

/// Kinds of slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// Anything.
    Text,
    /// Digits; kept as text, because order numbers begin with zeros.
    Number,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A postcode of any country.
    Postcode,
    /// A street address: a word and a number at least.
    Address,
    /// Yes or no.
    YesNo,
    /// One of a list.
    List,
    /// A day; kept as `2026-11-27`. `min` and `max` are days from today.
    Date,
    /// An hour of the day; kept as `19:00`.
    Time,
    /// An amount; kept as `45.90 EUR`, without a currency where none was told.
    Money,
    /// A length of time; kept as ISO 8601: `P2W`, `PT48H`.
    Duration,
    /// A rank, "la segunda"; kept as its number.
    Ordinal,
    /// A web address.
    Url,
    /// DNI, NIE, CIF, CUIT or CUIL; kept without points: `12345678Z`, `20-12345678-6`.
    IdNumber,
}

impl SlotKind {
    /// The engine's own question and question again for a value of this kind, by the keys of their texts; none where only the topic can ask.
    pub fn own_texts(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Date => ("ask_date", "ask_date_again"),
            Self::Time => ("ask_time", "ask_time_again"),
            Self::Money => ("ask_money", "ask_money_again"),
            Self::Duration => ("ask_duration", "ask_duration_again"),
            Self::Ordinal => ("ask_ordinal", "ask_ordinal_again"),
            Self::Url => ("ask_url", "ask_url_again"),
            Self::IdNumber => ("ask_id_number", "ask_id_number_again"),
            Self::Text
            | Self::Number
            | Self::Email
            | Self::Phone
            | Self::Postcode
            | Self::Address
            | Self::YesNo
            | Self::List => return None,
        })
    }
}

/// A value of `_lists.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListValue {
    /// What is kept.
    pub value: String,
    /// How people say it, by language or locale.
    pub synonyms: BTreeMap<Lang, Vec<String>>,
}

/// A step and where it applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Only there; everywhere when empty.
    pub when: When,
    /// What is done.
    pub act: Act,
}

/// Where a step applies: all that are given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// Any of these sites.
    pub sites: Vec<SiteId>,
    /// This style.
    pub style: Option<Style>,
    /// This slot is filled.
    pub known: Option<SlotName>,
}

impl When {
    /// Whether a step applies there, whatever was given.
    pub fn holds(&self, site: &SiteId, style: Style) -> bool {
        self.holds_with(site, style, |_| false)
    }

    /// Whether a step applies there, with these slots filled.
    pub fn holds_with(
        &self,
        site: &SiteId,
        style: Style,
        filled: impl Fn(&SlotName) -> bool,
    ) -> bool {
        self.known.as_ref().is_none_or(filled)
            && (self.sites.is_empty() || self.sites.contains(site))
            && self.style.is_none_or(|wanted| wanted == style)
    }
}

impl Topic {
    /// The slots that its steps ask for on their way, at any depth.
    pub fn asked_by_steps(&self) -> BTreeSet<&SlotName> {
        let mut asked = BTreeSet::new();
        asked_in(&self.steps, &mut asked);
        asked
    }
}

fn asked_in<'a>(steps: &'a [Step], asked: &mut BTreeSet<&'a SlotName>) {
    for step in steps {
        match &step.act {
            Act::Ask { slot } => {
                asked.insert(slot);
            }
            Act::Call { cases, .. } => cases.values().for_each(|steps| asked_in(steps, asked)),
            Act::Say { .. } | Act::Confirm { .. } | Act::Go { .. } | Act::Escalate { .. } => {}
        }
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A message, with buttons.
    Say {
        /// What is said.
        text: Text,
        /// Buttons under it.
        choices: Vec<ChoiceSpec>,
        /// What is shown under it.
        show: Vec<Show>,
    },
    /// Reads back what will be done and asks yes or no.
    Confirm {
        /// What is read back.
        text: Text,
    },
    /// Asks for one of the topic's slots at this point, unless it is known; the slot is not asked at the beginning.
    Ask {
        /// Which.
        slot: SlotName,
    },
    /// Calls a webhook and goes on by its answer.
    Call {
        /// Name of the call.
        call: String,
        /// Steps by case; `failed` is always there.
        cases: BTreeMap<String, Vec<Step>>,
    },
    /// Goes on with another topic.
    Go {
        /// Which.
        topic: TopicId,
    },
    /// A person takes over.
    Escalate {
        /// Team asked; the topic's own when none.
        team: Option<TeamId>,
        /// Why.
        reason: HandoffReason,
        /// Place in the queue; the topic's own when none.
        priority: Option<Priority>,
        /// Skills wished; the topic's own when none, unless another team is asked.
        skills: Option<Vec<SkillId>>,
    },
}

/// A button of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceSpec {
    /// Its label; the topic's title when none.
    pub title: Option<Text>,
    /// The topic it leads to.
    pub go: TopicId,
}

/// When a topic does not get on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// Failures in this topic that bring a person, 1 to 5.
    pub after_failures: u32,
    /// Team asked.
    pub team: TeamId,
    /// Place in the queue.
    pub priority: Priority,
    /// Skills wished of whoever takes it.
    pub skills: Vec<SkillId>,
}

/// A test of a topic file.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicTest {
    /// What the visitor writes.
    pub say: String,
    /// In which language.
    pub lang: Lang,
    /// What must come out.
    pub expect: Expectation,
    /// Slots that must be found, with their values.
    pub slots: BTreeMap<SlotName, String>,
    /// Line in its file, 1-based.
    pub line: usize,
}

/// What a test wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// This topic.
    Topic(TopicId),
    /// Any but this one.
    Not(TopicId),
    /// Out of scope (`expect: none`).
    Nothing,
}

/// A declared webhook. `${NAME:-default}` is resolved by whoever loads the files, `{slot}` at each call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Address with `{slot}` places.
    pub url: String,
    /// Headers.
    pub headers: BTreeMap<String, String>,
    /// JSON body with `{slot}` places in its strings.
    pub body: Option<serde_json::Value>,
    /// Longest wait for one try, in milliseconds.
    pub timeout_ms: u64,
    /// Further tries after the first.
    pub retries: u32,
    /// Needs a `confirm` before it.
    pub irreversible: bool,
    /// JSON pointer to the word that chooses the case.
    pub case: Option<String>,
    /// HTTP status to case.
    pub status: BTreeMap<u16, String>,
    /// Values that texts may cite.
    pub values: BTreeMap<String, CallValue>,
}

/// Where a value of an answer is, and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallValue {
    /// JSON pointer.
    pub at: String,
    /// How it is shown.
    pub shown_as: ValueKind,
}

/// How a value is shown in the visitor's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// As it is.
    Text,
    /// `2026-11-24` as "martes 24 de noviembre", "Tuesday 24 November".
    Date,
    /// `{"amount": 59.9, "currency": "EUR"}` or a number in the site's currency.
    Money,
    /// `14:00`.
    Time,
}

/// A precondition of topics: nothing is said before it passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Slots it needs.
    pub slots: Vec<Slot>,
    /// Call that decides.
    pub call: String,
    /// The case that means yes.
    pub pass: String,
    /// Said when it does not pass.
    pub refused: Text,
}

/// Something that happens in the company and of which the customer is told: a late delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct BusinessEvent {
    /// Its name.
    pub name: EventName,
    /// Check that must have passed in the conversation; whoever only left an address will do where none is named.
    pub requires: Option<String>,
    /// What must come with it, and how it is shown.
    pub data: BTreeMap<String, ValueKind>,
    /// What is said; `{data.NAME}` puts in what came.
    pub say: Text,
    /// Buttons under it.
    pub choices: Vec<ChoiceSpec>,
    /// When nobody is told, in the visitor's zone: minutes after midnight, from and to; over midnight where `from` is later.
    pub quiet_hours: Option<(u16, u16)>,
    /// Whether it also goes by mail to somebody who is not there.
    pub mail: bool,
    /// Path below the folder, for messages.
    pub file: String,
}

/// A feedback question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its name.
    pub id: QuestionId,
    /// Touchpoints it is for; any when empty.
    pub touchpoints: Vec<TouchpointId>,
    /// Outcomes it is for; any when empty.
    pub outcomes: Vec<Outcome>,
    /// Reasons of the handoff before it; any, and none, when empty.
    pub handoffs: Vec<HandoffReason>,
    /// Stage it is for.
    pub stage: Option<Stage>,
    /// Sites it is for; any when empty.
    pub sites: Vec<SiteId>,
    /// Whether it has a `when` at all; without one it is only asked by a topic's `feedback:`.
    pub by_rule: bool,
    /// The question.
    pub ask: Text,
    /// Two or three answers of one tap; none where it asks for a story.
    pub taps: Vec<Tap>,
    /// Team that reads the answers.
    pub team: TeamId,
    /// Who reads it and what for.
    pub used_for: Text,
}

/// An answer of one tap.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// Value kept, -1 to 1 by custom.
    pub value: i8,
    /// Kind of opinion; the reply fits it.
    pub kind: OpinionKind,
    /// What the button says.
    pub label: Text,
}

/// Opening hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// IANA time zone, checked.
    pub time_zone: String,
    /// Spans by weekday, Monday first: minutes after midnight, from and to; sorted, apart.
    pub open: [Vec<(u16, u16)>; 7],
    /// Closed days: the country's public holidays and the company's own.
    pub holidays: BTreeSet<jiff::civil::Date>,
    /// Opening minutes within which a left message is answered.
    pub reply_within_minutes: u32,
}
