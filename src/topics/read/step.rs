//! The steps of a topic. On the way each call and each go is noted with what came before it.

use std::collections::BTreeMap;

use super::super::catalog::{Act, ChoiceSpec, Step, When};
use super::super::fault::{Fault, Target};
use super::super::fields::{
    Fields, choice, closed_set, entries, items, name, one_or_more, text, word,
};
use super::super::notes::{CallUse, Go, Notes, Scope, TopicNotes};
use super::super::problem::Place;
use super::super::text::Text;
use super::super::yaml::{Kind, Node};
use super::show;
use super::topic::{referred, skills};
use crate::ids::{HandoffReason, Priority, SiteId, SlotName, Style, TeamId, TopicId};

/// The keys of which each step has exactly one.
const ACTS: [&str; 6] = ["say", "confirm", "ask", "call", "go", "escalate"];

/// What happened on the way to a step.
#[derive(Clone, Default)]
struct Way {
    /// Calls that were answered.
    calls: Vec<String>,
    /// Slots that were asked for.
    asked: Vec<SlotName>,
    /// Where a `confirm` was asked.
    confirmed: Vec<When>,
    /// Sites of the steps around; everywhere when empty.
    sites: Vec<SiteId>,
    /// Below a case.
    in_case: bool,
}

pub(super) fn read_all(node: &Node, own: &mut TopicNotes, notes: &mut Notes) -> Vec<Step> {
    sequence(node, &mut Way::default(), own, notes)
}

fn sequence(node: &Node, way: &mut Way, own: &mut TopicNotes, notes: &mut Notes) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut ended = false;
    for item in items(node, notes).unwrap_or_default() {
        if ended {
            notes.fault(&item.place, &Fault::AfterEnd {});
            ended = false;
        }
        if let Some(step) = step(item, way, own, notes) {
            ended = step.when == When::default()
                && matches!(step.act, Act::Go { .. } | Act::Escalate { .. });
            steps.push(step);
        }
    }
    steps
}

fn step(node: &Node, way: &mut Way, own: &mut TopicNotes, notes: &mut Notes) -> Option<Step> {
    let known = [
        "say", "confirm", "ask", "call", "go", "escalate", "choices", "show", "case", "when",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let found: Vec<&str> = ACTS
        .into_iter()
        .filter(|act| fields.key(act).is_some())
        .collect();
    let [act] = found.as_slice() else {
        let found = if found.is_empty() {
            "—".to_owned()
        } else {
            found.join(", ")
        };
        notes.fault(&node.place, &Fault::StepKinds { found });
        return None;
    };
    for (extra, of) in [("choices", "say"), ("show", "say"), ("case", "call")] {
        if let Some(place) = fields.key(extra)
            && *act != of
        {
            let fault = Fault::UnknownKey {
                key: extra.to_owned(),
                near: super::super::fault::Near::to(of, [of]),
            };
            notes.fault(place, &fault);
        }
    }
    let when = fields
        .get("when")
        .map(|node| when(node, notes))
        .unwrap_or_default();
    if let (Some(slot), Some(node)) = (&when.known, fields.get("when")) {
        own.conditions.push((slot.clone(), node.place.clone()));
    }
    let scope = Scope::Topic {
        topic: own.id.clone(),
        calls: way.calls.clone(),
        sites: narrowed(&way.sites, &when),
    };
    let act = match *act {
        "say" => Act::Say {
            choices: fields
                .get("choices")
                .map(|node| choices(node, &scope, notes))
                .unwrap_or_default(),
            show: fields
                .get("show")
                .map(|node| show::read(node, &scope, notes))
                .unwrap_or_default(),
            text: must_text(&fields, "say", scope, notes)?,
        },
        "confirm" => {
            way.confirmed.push(when.clone());
            Act::Confirm {
                text: must_text(&fields, "confirm", scope, notes)?,
            }
        }
        "ask" => {
            let node = fields.must("ask", notes)?;
            let slot: SlotName = name(node, notes)?;
            own.asks.push((slot.clone(), node.place.clone()));
            way.asked.push(slot.clone());
            Act::Ask { slot }
        }
        "call" => call(&fields, &when, way, own, notes)?,
        "go" => {
            let node = fields.must("go", notes)?;
            let topic: TopicId = name(node, notes)?;
            notes.refer(Target::Topic, topic.as_str(), &node.place);
            own.gos.push(Go {
                to: topic.clone(),
                place: node.place.clone(),
                depends: way.in_case || when != When::default(),
            });
            Act::Go { topic }
        }
        _ => escalate(fields.get("escalate"), own, notes)?,
    };
    Some(Step { when, act })
}

fn must_text(
    fields: &Fields<'_>,
    key: &'static str,
    scope: Scope,
    notes: &mut Notes,
) -> Option<Text> {
    let node = fields.must(key, notes)?;
    text(node, scope, notes)
}

/// Sites of a step: its own, else those of the steps around it.
fn narrowed(around: &[SiteId], when: &When) -> Vec<SiteId> {
    if when.sites.is_empty() {
        around.to_vec()
    } else {
        when.sites.clone()
    }
}

/// `when: {site: ar, style: fast}`; sites may be a list.
pub(super) fn when(node: &Node, notes: &mut Notes) -> When {
    let Some(fields) = Fields::of(node, &["site", "style", "known"], notes) else {
        return When::default();
    };
    When {
        sites: fields
            .get("site")
            .map(|node| sites(node, notes))
            .unwrap_or_default(),
        style: fields
            .get("style")
            .and_then(|node| choice(node, closed_set!(Style), notes)),
        known: fields.get("known").and_then(|node| name(node, notes)),
    }
}

/// One site or a list of them.
pub(super) fn sites(node: &Node, notes: &mut Notes) -> Vec<SiteId> {
    one_or_more(node)
        .into_iter()
        .filter_map(|node| {
            let site: SiteId = name(node, notes)?;
            notes.refer(Target::Site, site.as_str(), &node.place);
            Some(site)
        })
        .collect()
}

pub(super) fn choices(node: &Node, scope: &Scope, notes: &mut Notes) -> Vec<ChoiceSpec> {
    let mut choices = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        let (title, target) = match &item.kind {
            Kind::Map { .. } => {
                let Some(fields) = Fields::of(item, &["title", "go"], notes) else {
                    continue;
                };
                let title = fields
                    .get("title")
                    .and_then(|node| text(node, scope.clone(), notes));
                (title, fields.must("go", notes))
            }
            Kind::Nothing | Kind::Scalar(_) | Kind::List { .. } => (None, Some(item)),
        };
        let Some(target) = target else { continue };
        if let Some(go) = name::<TopicId>(target, notes) {
            notes.refer(Target::Topic, go.as_str(), &target.place);
            choices.push(ChoiceSpec { title, go });
        }
    }
    choices
}

fn call(
    fields: &Fields<'_>,
    when: &When,
    way: &mut Way,
    own: &mut TopicNotes,
    notes: &mut Notes,
) -> Option<Act> {
    let node = fields.must("call", notes)?;
    let called = word(node, notes)?.to_owned();
    notes.refer(Target::Call, &called, &node.place);
    own.calls.push(CallUse {
        name: called.clone(),
        place: node.place.clone(),
        confirmed: way
            .confirmed
            .iter()
            .any(|asked| *asked == When::default() || asked == when),
        before: way.calls.clone(),
        asked: way.asked.clone(),
    });
    let mut cases = BTreeMap::new();
    if let Some(node) = fields.get("case") {
        for (key, steps) in entries(node, notes).unwrap_or_default() {
            let mut below = Way {
                in_case: true,
                sites: narrowed(&way.sites, when),
                ..way.clone()
            };
            // A service that did not answer gave no values.
            if key.text != "failed" {
                below.calls.push(called.clone());
            }
            cases.insert(key.text.clone(), sequence(steps, &mut below, own, notes));
        }
    }
    if !cases.contains_key("failed") {
        no_failed_case(fields.key("case").unwrap_or(&node.place), &called, notes);
    }
    way.calls.push(called.clone());
    Some(Act::Call {
        call: called,
        cases,
    })
}

fn no_failed_case(place: &Place, call: &str, notes: &mut Notes) {
    let call = call.to_owned();
    notes.fault(place, &Fault::NoFailedCase { call });
}

fn escalate(node: Option<&Node>, own: &mut TopicNotes, notes: &mut Notes) -> Option<Act> {
    let Some(node) = node else {
        // A bare `- escalate:` means the topic's own team.
        return Some(Act::Escalate {
            team: None,
            reason: HandoffReason::IntentRule,
            priority: None,
            skills: None,
        });
    };
    let fields = Fields::of(node, &["team", "reason", "priority", "skills"], notes)?;
    let team: Option<TeamId> =
        referred(&fields, "team", Target::Team, notes).and_then(|name| name.parse().ok());
    Some(Act::Escalate {
        skills: skills(&fields, team.as_ref(), own, notes),
        team,
        reason: fields
            .get("reason")
            .and_then(|node| choice(node, closed_set!(HandoffReason), notes))
            .unwrap_or(HandoffReason::IntentRule),
        priority: fields
            .get("priority")
            .and_then(|node| choice(node, closed_set!(Priority), notes)),
    })
}
