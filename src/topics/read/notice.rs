//! A notice: a file in `notices/`.

use super::super::fault::{Fault, Target};
use super::super::fields::{Fields, choice, items, name, one_or_more, text, word};
use super::super::journey::PagePattern;
use super::super::notes::{Notes, Scope};
use super::super::notice::{Notice, NoticeState};
use super::super::yaml::Node;
use crate::ids::{Lang, NoticeId, Timestamp};

const KEYS: [&str; 12] = [
    "notice",
    "state",
    "topics",
    "pages",
    "sites",
    "languages",
    "title",
    "apology",
    "happens",
    "workaround",
    "fixed",
    "next_update",
];

const STATES: [(&str, NoticeState); 3] = [
    ("open", NoticeState::Open),
    ("fixed", NoticeState::Fixed),
    ("template", NoticeState::Template),
];

pub(super) fn read(node: &Node, stem: &str, notes: &mut Notes) -> Option<Notice> {
    let fields = Fields::of(node, &KEYS, notes)?;
    let named = fields.must("notice", notes);
    let id = named.and_then(|node| name::<NoticeId>(node, notes));
    if let (Some(id), Some(node)) = (&id, named)
        && id.as_str() != stem
    {
        let fault = Fault::NoticeIsNotFile {
            name: id.to_string(),
            file: stem.to_owned(),
        };
        notes.fault(&node.place, &fault);
    }
    let state = fields.must("state", notes);
    let state = state.and_then(|node| choice(node, &STATES, notes));
    let topics = names(&fields, "topics", Some(Target::Topic), notes);
    let sites = names(&fields, "sites", Some(Target::Site), notes);
    let languages: Vec<Lang> = names(&fields, "languages", None, notes);
    let pages = pages(&fields, notes);
    let mut said = |key| {
        let node = fields.must(key, notes)?;
        text(node, Scope::Common, notes)
    };
    let (title, apology, happens) = (said("title"), said("apology"), said("happens"));
    let mut more = |key| text(fields.get(key)?, Scope::Common, notes);
    let (workaround, fixed) = (more("workaround"), more("fixed"));
    let next_update = fields
        .get("next_update")
        .and_then(|node| moment(node, notes));
    if state == Some(NoticeState::Open) && fields.get("next_update").is_none() {
        let place = fields.key("state").unwrap_or(fields.place);
        notes.fault(place, &Fault::NoNextUpdate {});
    }
    Some(Notice {
        id: id?,
        state: state?,
        topics,
        pages,
        sites,
        languages: languages.iter().map(Lang::base).collect(),
        title: title?,
        apology: apology?,
        happens: happens?,
        workaround,
        fixed,
        next_update,
    })
}

/// Names, one or a list; those of a kind must exist.
fn names<T: std::str::FromStr + std::fmt::Display>(
    fields: &Fields<'_>,
    key: &str,
    target: Option<Target>,
    notes: &mut Notes,
) -> Vec<T> {
    let Some(list) = fields.get(key) else {
        return Vec::new();
    };
    let mut found: Vec<T> = Vec::new();
    for node in one_or_more(list) {
        let Some(one) = name::<T>(node, notes) else {
            continue;
        };
        if let Some(target) = target {
            notes.refer(target, &one.to_string(), &node.place);
        }
        found.push(one);
    }
    found
}

fn pages(fields: &Fields<'_>, notes: &mut Notes) -> Vec<PagePattern> {
    let Some(list) = fields.get("pages") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items(list, notes).unwrap_or_default() {
        let Some(written) = word(item, notes) else {
            continue;
        };
        match PagePattern::new(written) {
            Some(pattern) => found.push(pattern),
            None => {
                let page = written.to_owned();
                notes.fault(&item.place, &Fault::BadPage { page });
            }
        }
    }
    found
}

/// A moment with its offset from UTC: `2026-11-22T15:00+01:00`.
fn moment(node: &Node, notes: &mut Notes) -> Option<Timestamp> {
    let text = word(node, notes)?;
    let read = text.parse::<jiff::Timestamp>().ok();
    if read.is_none() {
        let text = text.to_owned();
        notes.fault(&node.place, &Fault::BadMoment { text });
    }
    read.map(|at| Timestamp(at.as_millisecond()))
}
