//! `feedback.yaml`.

use super::super::catalog::{Question, Tap};
use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, choice, closed_set, entries, items, name_at, number, one_or_more, text,
};
use super::super::notes::{Notes, Scope};
use super::super::yaml::Node;
use super::step::sites;
use super::topic::{default_team, referred};
use crate::ids::{OpinionKind, Outcome, Stage};

pub(super) fn read(node: &Node, notes: &mut Notes) -> Vec<Question> {
    let mut questions = Vec::new();
    let Some(fields) = Fields::of(node, &["questions"], notes) else {
        return questions;
    };
    let Some(node) = fields.must("questions", notes) else {
        return questions;
    };
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Question, &key.text);
        if let Some(question) = question(&key.text, &key.place, node, notes) {
            questions.push(question);
        }
    }
    questions
}

fn question(
    name: &str,
    place: &super::super::problem::Place,
    node: &Node,
    notes: &mut Notes,
) -> Option<Question> {
    let id = name_at(name, place, notes);
    let fields = Fields::of(node, &["when", "ask", "taps", "team", "use"], notes)?;
    let when = fields.key("when").map(|_| {
        let node = fields.get("when")?;
        Fields::of(node, &["outcome", "stage", "site"], notes)
    });
    let by_rule = when.is_some();
    let (mut outcomes, mut stage, mut for_sites) = (Vec::new(), None, Vec::new());
    if let Some(Some(when)) = when {
        if let Some(node) = when.get("outcome") {
            outcomes = one_or_more(node)
                .into_iter()
                .filter_map(|node| choice(node, closed_set!(Outcome), notes))
                .collect();
        }
        stage = when
            .get("stage")
            .and_then(|node| choice(node, closed_set!(Stage), notes));
        if let Some(node) = when.get("site") {
            for_sites = sites(node, notes);
        }
    }
    let ask = fields
        .must("ask", notes)
        .and_then(|node| text(node, Scope::Feedback, notes));
    let taps = fields
        .must("taps", notes)
        .map(|node| taps(node, notes))
        .unwrap_or_default();
    let used_for = fields
        .must("use", notes)
        .and_then(|node| text(node, Scope::Feedback, notes));
    let team = referred(&fields, "team", Target::Team, notes)
        .and_then(|name| name.parse().ok())
        .unwrap_or_else(default_team);
    Some(Question {
        id: id?,
        outcomes,
        stage,
        sites: for_sites,
        by_rule,
        ask: ask?,
        taps,
        team,
        used_for: used_for?,
    })
}

fn taps(node: &Node, notes: &mut Notes) -> Vec<Tap> {
    let written = items(node, notes).unwrap_or_default();
    if !(2..=3).contains(&written.len()) {
        let count = written.len();
        notes.fault(&node.place, &Fault::TapCount { count });
    }
    // Two answers may have the same value: «No entendió» and «No ayudó» are both negative.
    written.iter().filter_map(|item| tap(item, notes)).collect()
}

fn tap(node: &Node, notes: &mut Notes) -> Option<Tap> {
    let fields = Fields::of(node, &["value", "kind", "label"], notes)?;
    let value = fields
        .must("value", notes)
        .and_then(|node| number(node, &(-10..=10), notes));
    let kind = fields
        .must("kind", notes)
        .and_then(|node| choice(node, closed_set!(OpinionKind), notes));
    let label = fields
        .must("label", notes)
        .and_then(|node| text(node, Scope::Feedback, notes));
    Some(Tap {
        value: value?,
        kind: kind?,
        label: label?,
    })
}
