//! `feedback.yaml`.

use std::collections::BTreeMap;

use super::super::asking::AskRules;
use super::super::catalog::{Question, Tap};
use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, choice, closed_set, entries, items, name, name_at, number, one_or_more, text,
};
use super::super::notes::{Notes, Scope};
use super::super::text::Text;
use super::super::yaml::{Key, Node};
use super::step::sites;
use super::topic::{default_team, referred};
use crate::ids::{HandoffReason, OpinionKind, Outcome, SiteId, Stage, TouchpointId};

/// The engine's own texts: the answers of a `scale`.
type Texts = BTreeMap<String, Text>;

pub(super) fn read(node: &Node, texts: &Texts, notes: &mut Notes) -> (Vec<Question>, AskRules) {
    let mut questions = Vec::new();
    let mut asking = AskRules::default();
    let Some(fields) = Fields::of(node, &["asking", "questions"], notes) else {
        return (questions, asking);
    };
    if let Some(node) = fields.get("asking") {
        rules(node, &mut asking, notes);
    }
    let Some(node) = fields.must("questions", notes) else {
        return (questions, asking);
    };
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Question, &key.text);
        if let Some(question) = question(key, node, texts, notes) {
            questions.push(question);
        }
    }
    (questions, asking)
}

/// Whom questions are put to; what is not written keeps its default.
fn rules(node: &Node, asking: &mut AskRules, notes: &mut Notes) {
    let (year, percent, many) = (0..=366, 0..=100, 0..=100_000);
    let rules = [
        (
            "rest_after_answer_days",
            &year,
            &mut asking.rest_after_answer_days,
        ),
        ("rest_after_no_days", &year, &mut asking.rest_after_no_days),
        ("most", &many, &mut asking.most),
        ("most_in_days", &year, &mut asking.most_in_days),
        ("by_bot_percent", &percent, &mut asking.by_bot_percent),
        ("busy_percent", &percent, &mut asking.busy_percent),
        ("busy_answers", &many, &mut asking.busy_answers),
        ("few_answers", &many, &mut asking.few_answers),
        ("least_turns", &many, &mut asking.least_turns),
        ("least_seconds", &many, &mut asking.least_seconds),
    ];
    let names = rules.each_ref().map(|(name, ..)| *name);
    let Some(fields) = Fields::of(node, &names, notes) else {
        return;
    };
    for (name, range, rule) in rules {
        if let Some(value) = fields.get(name).and_then(|node| number(node, range, notes)) {
            *rule = value;
        }
    }
}

fn question(key: &Key, node: &Node, texts: &Texts, notes: &mut Notes) -> Option<Question> {
    let id = name_at(&key.text, &key.place, notes);
    let fields = Fields::of(
        node,
        &["when", "ask", "scale", "taps", "team", "use"],
        notes,
    )?;
    let by_rule = fields.key("when").is_some();
    let rule = fields
        .get("when")
        .and_then(|node| rule(node, notes))
        .unwrap_or_default();
    let ask = fields
        .must("ask", notes)
        .and_then(|node| text(node, Scope::Feedback, notes));
    let taps = match (fields.get("scale"), fields.get("taps")) {
        (Some(_), Some(_)) => {
            let place = fields.key("scale").unwrap_or(fields.place);
            notes.fault(place, &Fault::TapsAndScale {});
            Vec::new()
        }
        (Some(scale), None) => choice(scale, &SCALES, notes)
            .map(|scale| answers(scale, texts))
            .unwrap_or_default(),
        (None, _) => fields
            .must("taps", notes)
            .map(|node| taps(node, notes))
            .unwrap_or_default(),
    };
    let Some(used_for) = fields.get("use") else {
        let place = fields.key("use").unwrap_or(&key.place);
        let question = key.text.clone();
        notes.fault(place, &Fault::QuestionWithoutUse { question });
        return None;
    };
    let used_for = text(used_for, Scope::Feedback, notes);
    let team = referred(&fields, "team", Target::Team, notes)
        .and_then(|name| name.parse().ok())
        .unwrap_or_else(default_team);
    Some(Question {
        id: id?,
        touchpoints: rule.touchpoints,
        outcomes: rule.outcomes,
        handoffs: rule.handoffs,
        stage: rule.stage,
        sites: rule.sites,
        by_rule,
        ask: ask?,
        taps,
        team,
        used_for: used_for?,
    })
}

/// What `when:` holds.
#[derive(Default)]
struct Rule {
    touchpoints: Vec<TouchpointId>,
    outcomes: Vec<Outcome>,
    handoffs: Vec<HandoffReason>,
    stage: Option<Stage>,
    sites: Vec<SiteId>,
}

fn rule(node: &Node, notes: &mut Notes) -> Option<Rule> {
    let known = ["touchpoint", "outcome", "handoff", "stage", "site"];
    let when = Fields::of(node, &known, notes)?;
    let mut touchpoints = Vec::new();
    for node in when.get("touchpoint").map(one_or_more).unwrap_or_default() {
        if let Some(touchpoint) = name::<TouchpointId>(node, notes) {
            notes.refer(Target::Touchpoint, touchpoint.as_str(), &node.place);
            touchpoints.push(touchpoint);
        }
    }
    let outcomes = when.get("outcome").map(one_or_more).unwrap_or_default();
    let handoffs = when.get("handoff").map(one_or_more).unwrap_or_default();
    Some(Rule {
        touchpoints,
        outcomes: outcomes
            .into_iter()
            .filter_map(|node| choice(node, closed_set!(Outcome), notes))
            .collect(),
        handoffs: handoffs
            .into_iter()
            .filter_map(|node| choice(node, closed_set!(HandoffReason), notes))
            .collect(),
        stage: when
            .get("stage")
            .and_then(|node| choice(node, closed_set!(Stage), notes)),
        sites: when
            .get("site")
            .map(|node| sites(node, notes))
            .unwrap_or_default(),
    })
}

/// A set of answers in the engine's own words, in every register: value, kind, key of the words. None at all is a story in the visitor's own.
type Scale = &'static [(i8, OpinionKind, &'static str)];

const SCALES: [(&str, Scale); 5] = [
    (
        "yes_no",
        &[
            (1, OpinionKind::Positive, "scale_yes"),
            (-1, OpinionKind::Negative, "scale_no"),
        ],
    ),
    (
        "resolved",
        &[
            (1, OpinionKind::Positive, "scale_yes"),
            (0, OpinionKind::Neutral, "scale_partly"),
            (-1, OpinionKind::StillStuck, "scale_no"),
        ],
    ),
    (
        "effort",
        &[
            (1, OpinionKind::Positive, "scale_easy"),
            (0, OpinionKind::Neutral, "scale_so_so"),
            (-1, OpinionKind::Negative, "scale_hard"),
        ],
    ),
    (
        "care",
        &[
            (1, OpinionKind::Positive, "scale_good"),
            (0, OpinionKind::Neutral, "scale_fair"),
            (-1, OpinionKind::Negative, "scale_bad"),
        ],
    ),
    ("story", &[]),
];

fn answers(scale: Scale, texts: &Texts) -> Vec<Tap> {
    let answer = |(value, kind, key): &(i8, OpinionKind, &str)| Tap {
        value: *value,
        kind: *kind,
        label: texts.get(*key).cloned().unwrap_or_default(),
    };
    scale.iter().map(answer).collect()
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
