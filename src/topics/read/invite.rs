//! `proactive.yaml`.

use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, entries, flag, items, name, name_at, number, one_or_more, text, word,
};
use super::super::invite::Invite;
use super::super::journey::PagePattern;
use super::super::notes::{Notes, Scope};
use super::super::yaml::{Key, Node};
use crate::ids::{Lang, SiteId, TopicId};

const KEYS: [&str; 7] = [
    "sites",
    "pages",
    "languages",
    "after_seconds",
    "returning",
    "say",
    "choices",
];

/// Longest message, in characters: what is longer covers the page.
const LONGEST: usize = 140;

/// Most topics that a message offers.
const CHOICES: usize = 4;

pub(super) fn read(node: &Node, notes: &mut Notes) -> Vec<Invite> {
    let rules = entries(node, notes).unwrap_or_default();
    let rules = rules.iter();
    rules
        .filter_map(|(key, node)| invite(key, node, notes))
        .collect()
}

fn invite(key: &Key, node: &Node, notes: &mut Notes) -> Option<Invite> {
    let id = name_at(&key.text, &key.place, notes);
    let fields = Fields::of(node, &KEYS, notes)?;
    let mut sites: Vec<SiteId> = Vec::new();
    for item in fields.get("sites").map(one_or_more).unwrap_or_default() {
        if let Some(site) = name::<SiteId>(item, notes) {
            notes.refer(Target::Site, site.as_str(), &item.place);
            sites.push(site);
        }
    }
    let mut languages: Vec<Lang> = Vec::new();
    for item in fields.get("languages").map(one_or_more).unwrap_or_default() {
        languages.extend(name::<Lang>(item, notes).map(|lang| lang.base()));
    }
    let pages = fields.must("pages", notes).map(|node| pages(node, notes));
    let after_s = fields
        .must("after_seconds", notes)
        .and_then(|node| number::<u32>(node, &(1..=3600), notes));
    let returning = fields.get("returning").map(|node| flag(Some(node), notes));
    let say = fields.must("say", notes).and_then(|node| {
        let said = text(node, Scope::Common, notes)?;
        let wordings = said.by_lang.values().flat_map(|wording| wording.variants());
        let longest = wordings.map(|words| words.chars().count()).max();
        if let Some(chars) = longest.filter(|chars| *chars > LONGEST) {
            notes.fault(&node.place, &Fault::LongInvite { chars });
        }
        Some(said)
    });
    let mut choices: Vec<TopicId> = Vec::new();
    for item in fields.get("choices").map(one_or_more).unwrap_or_default() {
        if let Some(topic) = name::<TopicId>(item, notes) {
            notes.refer(Target::Topic, topic.as_str(), &item.place);
            notes.invited.push((topic.clone(), item.place.clone()));
            choices.push(topic);
        }
    }
    if let (true, Some(place)) = (choices.len() > CHOICES, fields.key("choices")) {
        notes.fault(place, &Fault::ManyInvited {});
    }
    Some(Invite {
        id: id?,
        sites,
        pages: pages?,
        languages,
        after_s: after_s?,
        returning,
        say: say?,
        choices,
    })
}

fn pages(node: &Node, notes: &mut Notes) -> Vec<PagePattern> {
    let mut found = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        let Some(written) = word(item, notes) else {
            continue;
        };
        match PagePattern::new(written) {
            // Only what everybody passes through is too much.
            Some(pattern) if pattern.as_str() == "/*" => {
                notes.fault(&item.place, &Fault::InvitedEverywhere {})
            }
            Some(pattern) => found.push(pattern),
            None => {
                let page = written.to_owned();
                notes.fault(&item.place, &Fault::BadPage { page });
            }
        }
    }
    found
}
