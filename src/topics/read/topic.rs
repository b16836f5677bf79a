//! A topic file.

use std::collections::BTreeMap;

use super::super::catalog::{Escalation, Expectation, Topic, TopicRole, TopicTest};
use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, choice, closed_set, date, entries, flag, items, lang, lines, name, number, one_or_more,
    sentence, text, word,
};
use super::super::notes::{Notes, Scope, TopicNotes};
use super::super::template::{self, Broken};
use super::super::yaml::Node;
use super::slot::{self, Lists, SharedSlots};
use super::{pattern, step};
use crate::ids::{Lang, Priority, SkillId, SlotName, Stage, TeamId, TopicId};

/// The keys of a topic file, in the order in which they are usually written.
pub const TOPIC_KEYS: [&str; 18] = [
    "topic",
    "title",
    "stage",
    "sensitive",
    "small_talk",
    "role",
    "requires",
    "examples",
    "patterns",
    "floor",
    "slots",
    "steps",
    "escalate",
    "feedback",
    "owner",
    "review_by",
    "note",
    "tests",
];

pub(in crate::topics) const ROLES: [(&str, TopicRole); 5] = [
    ("talk_to_person", TopicRole::TalkToPerson),
    ("goodbye", TopicRole::Goodbye),
    ("greeting", TopicRole::Greeting),
    ("robot", TopicRole::Robot),
    ("anger", TopicRole::Anger),
];

/// A topic, unless too little of it could be read; `stem` is the file's name without its ending.
pub(super) fn read(
    node: &Node,
    file: &str,
    stem: &str,
    lists: &Lists,
    shared: &SharedSlots,
    notes: &mut Notes,
) -> Option<Topic> {
    let fields = Fields::of(node, &TOPIC_KEYS, notes)?;
    let named = fields.must("topic", notes);
    let id = named.and_then(|node| name::<TopicId>(node, notes));
    if let (Some(id), Some(node)) = (&id, named)
        && id.as_str() != stem
    {
        let fault = Fault::NameIsNotFile {
            name: id.to_string(),
            file: stem.to_owned(),
        };
        notes.fault(&node.place, &fault);
    }
    // A file without a usable name is still read, so that its other mistakes are found.
    let id = id
        .or_else(|| stem.parse().ok())
        .or_else(|| "unnamed".parse().ok())?;
    let place = named.map_or(fields.place, |node| &node.place).clone();
    let mut own = TopicNotes::new(id.clone(), place);
    let scope = Scope::Topic {
        topic: id.clone(),
        calls: Vec::new(),
        sites: Vec::new(),
    };

    let title = fields
        .must("title", notes)
        .and_then(|node| text(node, scope.clone(), notes).map(|text| (node, text)));
    if let Some((node, title)) = &title {
        for wording in title.by_lang.values() {
            for words in wording.variants() {
                let chars = words.chars().count();
                if !(2..=40).contains(&chars) {
                    notes.fault(&node.place, &Fault::TitleLength { chars });
                }
            }
        }
    }
    let stage = fields.get("stage").and_then(|node| stage(node, notes));
    let role = fields.get("role").and_then(|node| {
        own.role = Some(node.place.clone());
        choice(node, &ROLES, notes)
    });
    let requires = referred(&fields, "requires", Target::Check, notes);
    let examples = fields
        .must("examples", notes)
        .map(|node| examples(node, &mut own, notes))
        .unwrap_or_default();
    let mut patterns = Vec::new();
    if let Some(node) = fields.get("patterns") {
        for item in items(node, notes).unwrap_or_default() {
            if let Some(read) = pattern::read(item, notes) {
                own.mentions.extend(read.groups);
                own.patterns.push((read.source.clone(), item.place.clone()));
                patterns.push(read.source);
            }
        }
    }
    let slots = fields
        .get("slots")
        .map(|node| slot::of_topic(node, lists, shared, &scope, notes))
        .unwrap_or_default();
    let steps = fields
        .must("steps", notes)
        .map(|node| step::read_all(node, &mut own, notes))
        .unwrap_or_default();
    if fields.get("steps").is_some_and(empty_list) {
        notes.fault(
            fields.key("steps").unwrap_or(fields.place),
            &Fault::NoSteps {},
        );
    }
    if let Some(node) = fields.get("note") {
        // For those who write the file; the assistant has no use for it.
        sentence(node, notes);
    }
    let sensitive = flag(fields.get("sensitive"), notes);
    if sensitive && slots.iter().any(|slot| slot.remember.is_some()) {
        let place = fields.key("slots").unwrap_or(fields.place);
        notes.fault(place, &Fault::RememberSensitive {});
    }
    let topic = Topic {
        title: title.map(|(_, text)| text).unwrap_or_default(),
        stage: stage.flatten(),
        sensitive,
        small_talk: flag(fields.get("small_talk"), notes),
        role,
        requires,
        examples,
        patterns,
        floor: fields
            .get("floor")
            .and_then(|node| number(node, &(0.0..=1.0), notes))
            .unwrap_or_default(),
        slots,
        steps,
        escalate: escalation(fields.get("escalate"), &mut own, notes),
        feedback: referred(&fields, "feedback", Target::Question, notes)
            .and_then(|name| name.parse().ok()),
        owner: referred(&fields, "owner", Target::Team, notes).and_then(|name| name.parse().ok()),
        review_by: fields.get("review_by").and_then(|node| {
            own.review_by = Some(node.place.clone());
            date(node, notes)
        }),
        tests: fields
            .must("tests", notes)
            .map(|node| {
                own.tests_place = Some(node.place.clone());
                tests(node, &mut own, notes)
            })
            .unwrap_or_default(),
        file: file.to_owned(),
        id,
    };
    notes.topics.push(own);
    Some(topic)
}

fn empty_list(node: &Node) -> bool {
    matches!(&node.kind, super::super::yaml::Kind::List { items, .. } if items.is_empty())
}

/// A name under a key that must exist elsewhere.
pub(super) fn referred(
    fields: &Fields<'_>,
    key: &str,
    target: Target,
    notes: &mut Notes,
) -> Option<String> {
    let node = fields.get(key)?;
    let name = word(node, notes)?;
    notes.refer(target, name, &node.place);
    Some(name.to_owned())
}

/// `any` is no stage.
pub(super) fn stage(node: &Node, notes: &mut Notes) -> Option<Option<Stage>> {
    let mut set: Vec<(&'static str, Option<Stage>)> = Stage::ALL
        .iter()
        .map(|stage| (stage.as_str(), Some(*stage)))
        .collect();
    set.push(("any", None));
    choice(node, &set, notes)
}

fn escalation(node: Option<&Node>, own: &mut TopicNotes, notes: &mut Notes) -> Escalation {
    let mut escalation = Escalation {
        after_failures: 2,
        team: default_team(),
        priority: Priority::Normal,
        skills: Vec::new(),
    };
    let known = ["after_failures", "team", "priority", "skills"];
    let Some(fields) = node.and_then(|node| Fields::of(node, &known, notes)) else {
        return escalation;
    };
    if let Some(failures) = fields
        .get("after_failures")
        .and_then(|node| number(node, &(1..=5), notes))
    {
        escalation.after_failures = failures;
    }
    if let Some(team) =
        referred(&fields, "team", Target::Team, notes).and_then(|name| name.parse().ok())
    {
        escalation.team = team;
    }
    if let Some(priority) = fields
        .get("priority")
        .and_then(|node| choice(node, closed_set!(Priority), notes))
    {
        escalation.priority = priority;
    }
    escalation.skills = skills(&fields, None, own, notes).unwrap_or_default();
    escalation
}

/// The skills under `skills:`, each once; `team`: whoever is asked beside them, where it is not the topic's own.
pub(super) fn skills(
    fields: &Fields<'_>,
    team: Option<&TeamId>,
    own: &mut TopicNotes,
    notes: &mut Notes,
) -> Option<Vec<SkillId>> {
    let mut skills = Vec::new();
    for node in one_or_more(fields.get("skills")?) {
        let Some(name) = word(node, notes) else {
            continue;
        };
        notes.refer(Target::Skill, name, &node.place);
        if let Ok(skill) = name.parse::<SkillId>()
            && !skills.contains(&skill)
        {
            skills.push(skill);
        }
    }
    if !skills.is_empty() {
        let place = fields.key("skills").unwrap_or(fields.place).clone();
        own.skilled.push((team.cloned(), place));
    }
    Some(skills)
}

/// The team that there always is.
pub(in crate::topics) fn default_team() -> TeamId {
    "default".parse().expect("a word of small letters is an id")
}

fn examples(node: &Node, own: &mut TopicNotes, notes: &mut Notes) -> BTreeMap<Lang, Vec<String>> {
    let mut examples = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let Some(lang) = lang(key, node, notes) else {
            continue;
        };
        let mut kept = Vec::new();
        for (line, place) in lines(node, notes) {
            match template::slots(line) {
                Ok(slots) => {
                    for (offset, name) in slots {
                        let characters = line.get(..offset).unwrap_or_default().chars().count();
                        own.mentions
                            .push((name.to_owned(), place.right(characters)));
                    }
                    own.examples.push((lang.clone(), line.to_owned(), place));
                    kept.push(line.to_owned());
                }
                Err(Broken::Unpaired { at, sign }) => {
                    let characters = line.get(..at).unwrap_or_default().chars().count();
                    notes.fault(&place.right(characters), &Fault::BadTemplate { sign });
                }
                Err(Broken::MayBeEmpty) => notes.fault(&place, &Fault::EmptyTemplate {}),
            }
        }
        examples.insert(lang, kept);
    }
    examples
}

/// What `_not_ours.yaml` says.
#[derive(Default)]
pub(super) struct NotOurs {
    /// What people ask that is none of our business, by language.
    pub(super) examples: BTreeMap<Lang, Vec<String>>,
    /// Names of other companies.
    pub(super) companies: Vec<String>,
    /// Things that are never our business.
    pub(super) things: Vec<String>,
}

/// `_not_ours.yaml`: what people ask that is none of our business, names of other companies, and things that we have nothing to do with.
pub(super) fn not_ours(node: &Node, notes: &mut Notes) -> NotOurs {
    let mut kept = BTreeMap::new();
    let Some(fields) = Fields::of(node, &["examples", "companies", "things"], notes) else {
        return NotOurs::default();
    };
    let mut names = |key| -> Vec<String> {
        let named = fields.get(key).map(|node| lines(node, notes));
        let named = named.unwrap_or_default().into_iter();
        named.map(|(name, _)| name.to_owned()).collect()
    };
    let (companies, things) = (names("companies"), names("things"));
    let examples = fields.must("examples", notes);
    let by_lang = examples.and_then(|node| entries(node, notes));
    for (key, node) in by_lang.unwrap_or_default() {
        let Some(lang) = lang(key, node, notes) else {
            continue;
        };
        let mut said = Vec::new();
        for (line, place) in lines(node, notes) {
            notes.not_ours.push((lang.clone(), line.to_owned(), place));
            said.push(line.to_owned());
        }
        kept.insert(lang, said);
    }
    NotOurs {
        examples: kept,
        companies,
        things,
    }
}

fn tests(node: &Node, own: &mut TopicNotes, notes: &mut Notes) -> Vec<TopicTest> {
    let mut tests = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        if let Some((test, place)) = test(item, notes) {
            own.tests.push(place);
            tests.push(test);
        }
    }
    tests
}

fn test(node: &Node, notes: &mut Notes) -> Option<(TopicTest, super::super::problem::Place)> {
    let fields = Fields::of(node, &["say", "lang", "expect", "not", "slots"], notes)?;
    let said = fields.must("say", notes);
    let say = said.and_then(|node| sentence(node, notes));
    let lang = fields.must("lang", notes).and_then(|node| {
        let tag = word(node, notes)?;
        let parsed = tag.parse::<Lang>().ok();
        if parsed.is_none() {
            let tag = tag.to_owned();
            notes.fault(&node.place, &Fault::BadLang { tag });
        }
        parsed
    });
    let expect = match (fields.get("expect"), fields.get("not")) {
        (Some(node), None) if word(node, notes) == Some("none") => Some(Expectation::Nothing),
        (Some(_), None) => referred(&fields, "expect", Target::Topic, notes)
            .and_then(|name| name.parse().ok())
            .map(Expectation::Topic),
        (None, Some(_)) => referred(&fields, "not", Target::Topic, notes)
            .and_then(|name| name.parse().ok())
            .map(Expectation::Not),
        (None, None) | (Some(_), Some(_)) => {
            notes.fault(fields.place, &Fault::TestWithoutAim {});
            None
        }
    };
    let mut slots = BTreeMap::new();
    if let Some(node) = fields.get("slots") {
        for (key, value) in entries(node, notes).unwrap_or_default() {
            let slot = super::super::fields::name_at::<SlotName>(&key.text, &key.place, notes);
            if let (Some(slot), Some(value)) = (slot, word(value, notes)) {
                slots.insert(slot, value.to_owned());
            }
        }
    }
    let place = said?.place.clone();
    Some((
        TopicTest {
            say: say?.to_owned(),
            lang: lang?,
            expect: expect?,
            slots,
            line: node.place.line,
        },
        place,
    ))
}

/// The name that was probably meant by a role.
pub(in crate::topics) fn role_word(role: TopicRole) -> &'static str {
    ROLES
        .iter()
        .find(|(_, known)| *known == role)
        .map_or("", |(word, _)| word)
}
