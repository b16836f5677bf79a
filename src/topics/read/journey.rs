//! `journey.yaml`.

use std::collections::BTreeMap;

use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, choice, entries, items, name, name_at, one_or_more, text, word,
};
use super::super::journey::{Journey, PagePattern, Touchpoint};
use super::super::notes::{Notes, Scope};
use super::super::problem::Place;
use super::super::yaml::{Key, Node};
use super::topic::stage;
use crate::ids::TopicId;

/// The ways a message comes in, as the log names them.
const CHANNELS: [(&str, &str); 3] = [("web", "web"), ("rest", "rest"), ("terminal", "terminal")];

pub(super) fn read(node: &Node, notes: &mut Notes) -> Journey {
    let mut journey = Journey::default();
    let Some(fields) = Fields::of(node, &["touchpoints"], notes) else {
        return journey;
    };
    let Some(node) = fields.must("touchpoints", notes) else {
        return journey;
    };
    let mut taken = Taken::default();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Touchpoint, &key.text);
        if let Some(touchpoint) = touchpoint(key, node, &mut taken, notes) {
            journey.touchpoints.push(touchpoint);
        }
    }
    journey
}

fn touchpoint(key: &Key, node: &Node, taken: &mut Taken, notes: &mut Notes) -> Option<Touchpoint> {
    let id = name_at(&key.text, &key.place, notes);
    let known = ["name", "stage", "pages", "channels", "topics"];
    let fields = Fields::of(node, &known, notes)?;
    let called = fields
        .must("name", notes)
        .and_then(|node| text(node, Scope::Common, notes));
    let stage = fields
        .must("stage", notes)
        .and_then(|node| stage(node, notes));
    let mut pages = Vec::new();
    if let Some(list) = fields.get("pages") {
        for item in items(list, notes).unwrap_or_default() {
            let Some(written) = word(item, notes) else {
                continue;
            };
            let Some(pattern) = PagePattern::new(written) else {
                let page = written.to_owned();
                notes.fault(&item.place, &Fault::BadPage { page });
                continue;
            };
            if taken.free(
                (Kind::Page, pattern.as_str()),
                &key.text,
                &item.place,
                notes,
            ) {
                pages.push(pattern);
            }
        }
    }
    let mut channels = Vec::new();
    for item in fields.get("channels").map(one_or_more).unwrap_or_default() {
        let channel = choice(item, &CHANNELS, notes);
        if let Some(channel) =
            channel.filter(|own| taken.free((Kind::Channel, own), &key.text, &item.place, notes))
        {
            channels.push(channel.to_owned());
        }
    }
    let mut topics = Vec::new();
    for item in fields.get("topics").map(one_or_more).unwrap_or_default() {
        let Some(topic) = name::<TopicId>(item, notes) else {
            continue;
        };
        notes.refer(Target::Topic, topic.as_str(), &item.place);
        if taken.free((Kind::Topic, topic.as_str()), &key.text, &item.place, notes) {
            topics.push(topic);
        }
    }
    Some(Touchpoint {
        id: id?,
        name: called?,
        stage: stage?,
        pages,
        channels,
        topics,
    })
}

/// Pages, channels and topics that a touchpoint has claimed, with its name.
#[derive(Debug, Default)]
struct Taken(BTreeMap<(Kind, String), String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Page,
    Channel,
    Topic,
}

impl Taken {
    /// Whether nobody has it yet; from here on this touchpoint does.
    fn free(
        &mut self,
        (kind, what): (Kind, &str),
        by: &str,
        place: &Place,
        notes: &mut Notes,
    ) -> bool {
        let first = self
            .0
            .entry((kind, what.to_owned()))
            .or_insert_with(|| by.to_owned());
        if first == by {
            return true;
        }
        let fault = Fault::TouchpointTwice {
            what: what.to_owned(),
            other: first.clone(),
        };
        notes.fault(place, &fault);
        false
    }
}
