//! From files to the pieces of a catalogue: each file by its name to its reader. What needs several files at once is not looked at here.

mod assistant;
mod calls;
mod event;
mod feedback;
mod hours;
mod invite;
mod journey;
mod notice;
mod pattern;
mod show;
mod slot;
mod step;
mod team;
mod topic;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asking::AskRules;
use super::catalog::{
    Assistant, BusinessEvent, Call, Check, ListValue, Question, Schedule, Slot, Topic,
};
use super::fault::{Fault, Near, Target};
use super::invite::Invite;
use super::journey::Journey;
use super::media::{self, ALL_MEDIA_MAX_BYTES, Media};
use super::notes::Notes;
use super::notice::Notice;
use super::problem::Place;
use super::team::Team;
use super::text::Text;
use super::yaml::{self, Node};
use super::{SourceFile, texts};
use crate::ids::{EventName, Lang, NoticeId, SiteId, SkillId, SlotName, TeamId, TopicId};

pub use topic::TOPIC_KEYS;
pub(super) use topic::{default_team, role_word};

/// What the files say, not yet checked against each other.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) assistant: Option<Assistant>,
    pub(super) topics: BTreeMap<TopicId, Topic>,
    pub(super) slots: BTreeMap<SlotName, Slot>,
    pub(super) lists: BTreeMap<String, Vec<ListValue>>,
    pub(super) regional: slot::Regional,
    pub(super) not_ours: BTreeMap<Lang, Vec<String>>,
    pub(super) other_companies: Vec<String>,
    pub(super) other_things: Vec<String>,
    pub(super) facts: BTreeMap<String, Text>,
    pub(super) site_facts: BTreeMap<SiteId, BTreeMap<String, Text>>,
    pub(super) calls: BTreeMap<String, Call>,
    pub(super) checks: BTreeMap<String, Check>,
    pub(super) questions: Vec<Question>,
    pub(super) asking: AskRules,
    pub(super) journey: Journey,
    pub(super) teams: BTreeMap<TeamId, Team>,
    pub(super) skills: BTreeMap<SkillId, Text>,
    pub(super) schedules: BTreeMap<String, Schedule>,
    pub(super) events: BTreeMap<EventName, BusinessEvent>,
    pub(super) notices: BTreeMap<NoticeId, Notice>,
    pub(super) invites: Vec<Invite>,
    pub(super) texts: BTreeMap<String, Text>,
    /// Files that are shown, by path.
    pub(super) media: BTreeMap<String, Media>,
}

/// Shared files in the order of reading: lists before slots, slots before all that use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Lists,
    Slots,
    Facts,
    Calls,
    Assistant,
    Teams,
    Hours,
    Journey,
    Feedback,
    Proactive,
    NotOurs,
    Event,
    Notice,
    Topic,
}

const SHARED: [(&str, Part); 11] = [
    ("_lists", Part::Lists),
    ("_slots", Part::Slots),
    ("_facts", Part::Facts),
    ("_calls", Part::Calls),
    ("_assistant", Part::Assistant),
    ("_not_ours", Part::NotOurs),
    ("teams", Part::Teams),
    ("hours", Part::Hours),
    ("journey", Part::Journey),
    ("feedback", Part::Feedback),
    ("proactive", Part::Proactive),
];

impl Part {
    /// What is declared in such a file.
    fn declares(self) -> &'static [Target] {
        match self {
            Self::Lists => &[Target::List],
            Self::Slots => &[Target::Slot],
            Self::Facts => &[Target::Fact],
            Self::Calls => &[Target::Call, Target::Check],
            Self::Assistant => &[Target::Site],
            Self::Teams => &[Target::Team, Target::Skill],
            Self::Hours => &[Target::Schedule],
            Self::Journey => &[Target::Touchpoint],
            Self::Feedback => &[Target::Question],
            Self::NotOurs | Self::Proactive | Self::Event | Self::Notice | Self::Topic => &[],
        }
    }
}

/// The file's name without folders and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"))
        .unwrap_or(name)
}

struct Parsed<'a> {
    part: Part,
    path: &'a str,
    stem: &'a str,
    root: Option<Node>,
}

pub(super) fn gather(files: &[SourceFile], env: calls::Env<'_>, notes: &mut Notes) -> Gathered {
    let mut parsed: Vec<Parsed<'_>> = Vec::with_capacity(files.len());
    let mut all = Gathered {
        texts: texts::own().clone(),
        ..Gathered::default()
    };
    all.media(files, notes);
    for file in files.iter().filter(|file| !file.is_media()) {
        let stem = stem(&file.path);
        let path: Arc<str> = file.path.as_str().into();
        let Some(part) = part_of(stem, &path, notes) else {
            continue;
        };
        if part == Part::Topic {
            notes.declare(Target::Topic, stem);
        }
        let root = yaml::parse(&path, &file.text, &mut notes.problems);
        if root.is_none() {
            notes.unreadable.extend(part.declares());
            notes.topic_lost |= part == Part::Topic;
        }
        let twice = parsed.iter().find(|other| {
            !matches!(part, Part::Topic | Part::Event | Part::Notice) && other.stem == stem
        });
        if let Some(other) = twice {
            let other = other.path.to_owned();
            notes.fault(&Place::top(path), &Fault::FileTwice { other });
            continue;
        }
        parsed.push(Parsed {
            part,
            path: &file.path,
            stem,
            root,
        });
    }
    parsed.sort_by(|a, b| (a.part, a.path).cmp(&(b.part, b.path)));
    if !parsed.iter().any(|file| file.part == Part::Topic) {
        notes.fault(&Place::top("".into()), &Fault::NoTopics {});
    }
    if !parsed.iter().any(|file| file.part == Part::Assistant) {
        let name = "_assistant.yaml";
        notes.fault(&Place::top(name.into()), &Fault::MissingFile { name });
    }

    notes.declare(Target::Team, default_team().as_str());
    for file in &parsed {
        if let Some(root) = &file.root {
            all.take(file, root, env, notes);
        }
    }
    all
}

fn part_of(stem: &str, path: &Arc<str>, notes: &mut Notes) -> Option<Part> {
    if let Some((_, part)) = SHARED.iter().find(|(name, _)| *name == stem) {
        return Some(*part);
    }
    if stem.starts_with("_facts.") {
        return Some(Part::Facts);
    }
    if stem.starts_with('_') {
        let known = SHARED
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| name.starts_with('_'));
        let fault = Fault::UnknownFile {
            name: stem.to_owned(),
            near: Near::to(stem, known),
        };
        notes.fault(&Place::top(Arc::clone(path)), &fault);
        return None;
    }
    let folder = path.rsplit(['/', '\\']).nth(1);
    Some(match folder {
        Some("events") => Part::Event,
        Some("notices") => Part::Notice,
        Some(_) | None => Part::Topic,
    })
}

impl Gathered {
    fn media(&mut self, files: &[SourceFile], notes: &mut Notes) {
        let mut bytes = 0;
        for file in files.iter().filter(|file| file.is_media()) {
            // One that is bad is there all the same: its fault is told once, not wherever it is used.
            notes.declare(Target::Media, &file.path);
            match media::take(file) {
                Ok(media) => {
                    bytes += media.data.len();
                    self.media.insert(file.path.clone(), media);
                }
                Err(fault) => notes.fault(&Place::top(file.path.as_str().into()), &fault),
            }
        }
        show::too_much(bytes, ALL_MEDIA_MAX_BYTES, notes);
    }

    fn take(&mut self, file: &Parsed<'_>, root: &Node, env: calls::Env<'_>, notes: &mut Notes) {
        match file.part {
            Part::Lists => (self.lists, self.regional) = slot::lists(root, notes),
            Part::Slots => self.slots = slot::shared(root, &self.lists, notes),
            Part::Facts => self.facts(file, root, notes),
            Part::Calls => {
                let read = calls::read(root, &self.slots, env, notes);
                self.calls = read.calls;
                self.checks = read.checks;
            }
            Part::Assistant => {
                notes.assistant = Some(root.place.clone());
                if let Some(read) = assistant::read(root, notes) {
                    self.assistant = Some(read.assistant);
                    self.texts.extend(read.texts);
                }
            }
            Part::Teams => (self.teams, self.skills) = team::read(root, notes),
            Part::Hours => self.schedules = hours::schedules(root, notes),
            Part::Journey => self.journey = journey::read(root, notes),
            Part::Feedback => {
                (self.questions, self.asking) = feedback::read(root, &self.texts, notes);
            }
            Part::Proactive => self.invites = invite::read(root, notes),
            Part::NotOurs => {
                let read = topic::not_ours(root, notes);
                self.not_ours = read.examples;
                self.other_companies = read.companies;
                self.other_things = read.things;
            }
            Part::Event => self.event(file, root, notes),
            Part::Notice => self.notice(file, root, notes),
            Part::Topic => self.topic(file, root, notes),
        }
    }

    fn facts(&mut self, file: &Parsed<'_>, root: &Node, notes: &mut Notes) {
        let facts = slot::facts(root, notes);
        match file.stem.strip_prefix("_facts.") {
            None => self.facts = facts,
            Some(site) => {
                let place = Place::top(file.path.into());
                notes.refer(Target::Site, site, &place);
                if let Ok(site) = site.parse() {
                    self.site_facts.insert(site, facts);
                }
            }
        }
    }

    fn event(&mut self, file: &Parsed<'_>, root: &Node, notes: &mut Notes) {
        let Some(event) = event::read(root, file.path, file.stem, notes) else {
            return;
        };
        if let Some(other) = self.events.get(&event.name) {
            let fault = Fault::EventTwice {
                name: event.name.to_string(),
                other: other.file.clone(),
            };
            notes.fault(&root.place, &fault);
            return;
        }
        self.events.insert(event.name.clone(), event);
    }

    fn notice(&mut self, file: &Parsed<'_>, root: &Node, notes: &mut Notes) {
        let Some(notice) = notice::read(root, file.stem, notes) else {
            return;
        };
        if self.notices.contains_key(&notice.id) {
            let name = notice.id.to_string();
            notes.fault(&root.place, &Fault::NoticeTwice { name });
            return;
        }
        self.notices.insert(notice.id.clone(), notice);
    }

    fn topic(&mut self, file: &Parsed<'_>, root: &Node, notes: &mut Notes) {
        let read = topic::read(root, file.path, file.stem, &self.lists, &self.slots, notes);
        let Some(topic) = read else { return };
        if let Some(other) = self.topics.get(&topic.id) {
            let fault = Fault::TopicTwice {
                name: topic.id.to_string(),
                other: other.file.clone(),
            };
            let place = notes
                .topics
                .last()
                .map_or_else(|| root.place.clone(), |own| own.place.clone());
            notes.fault(&place, &fault);
            notes.topics.pop();
            return;
        }
        self.topics.insert(topic.id.clone(), topic);
    }
}
