//! Circles of `go`. A circle that nothing on the way can break is an error; one that depends on answers of services is a warning.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fault::Fault;
use super::super::notes::{Go, Notes, TopicNotes};
use super::super::problem::Place;
use super::super::read::Gathered;
use crate::ids::TopicId;

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    let mut faults: Vec<(Place, Fault)> = Vec::new();
    // Only a `go` that always happens makes a certain circle; a question on the way (a slot, a confirm, a check) lets the visitor out.
    let sure = Graph::of(&notes.topics, |topic, go| !go.depends && !asks(all, topic));
    let certain = sure.circles();
    let any = Graph::of(&notes.topics, |_, _| true);
    for (path, place) in &certain {
        let path = shown(path);
        faults.push((place.clone(), Fault::GoLoop { path }));
    }
    for (path, place) in any.circles() {
        let same = |(other, _): &(Vec<TopicId>, Place)| members(other) == members(&path);
        if !certain.iter().any(same) {
            let path = shown(&path);
            faults.push((place, Fault::CaseLoop { path }));
        }
    }
    for (place, fault) in faults {
        notes.fault(&place, &fault);
    }
}

/// Whether a topic stops for the visitor before it goes on.
fn asks(all: &Gathered, topic: &TopicId) -> bool {
    use super::super::catalog::Act;
    all.topics.get(topic).is_some_and(|topic| {
        topic
            .steps
            .iter()
            .any(|step| matches!(step.act, Act::Confirm { .. } | Act::Ask { .. }))
    })
}

fn members(path: &[TopicId]) -> BTreeSet<&TopicId> {
    path.iter().collect()
}

fn shown(path: &[TopicId]) -> String {
    let names: Vec<&str> = path
        .iter()
        .chain(path.first())
        .map(TopicId::as_str)
        .collect();
    names.join(" → ")
}

struct Graph<'a> {
    edges: BTreeMap<&'a TopicId, Vec<&'a Go>>,
}

impl<'a> Graph<'a> {
    fn of(topics: &'a [TopicNotes], kept: impl Fn(&TopicId, &Go) -> bool) -> Self {
        let edges = topics
            .iter()
            .map(|topic| {
                let gos = topic.gos.iter().filter(|go| kept(&topic.id, go)).collect();
                (&topic.id, gos)
            })
            .collect();
        Self { edges }
    }

    /// One circle for each set of topics that form one, with the place of its first `go`.
    fn circles(&self) -> Vec<(Vec<TopicId>, Place)> {
        let mut found: Vec<(Vec<TopicId>, Place)> = Vec::new();
        for start in self.edges.keys() {
            let Some(path) = self.way_back(start) else {
                continue;
            };
            let topics: Vec<TopicId> = std::iter::once((*start).clone())
                .chain(path.iter().map(|go| go.to.clone()))
                .take(path.len())
                .collect();
            if let Some(first) = path.first()
                && !found
                    .iter()
                    .any(|(other, _)| members(other) == members(&topics))
            {
                found.push((topics, first.place.clone()));
            }
        }
        found
    }

    /// The shortest way from a topic to itself, breadth first.
    fn way_back(&self, start: &TopicId) -> Option<Vec<&'a Go>> {
        let mut reached: BTreeMap<&TopicId, Vec<&'a Go>> = BTreeMap::new();
        let mut ways: Vec<(&TopicId, Vec<&'a Go>)> = vec![(start, Vec::new())];
        while !ways.is_empty() {
            let mut next = Vec::new();
            for (at, way) in ways {
                for go in self.edges.get(at).into_iter().flatten() {
                    let mut longer = way.clone();
                    longer.push(go);
                    if go.to == *start {
                        return Some(longer);
                    }
                    if !reached.contains_key(&go.to) {
                        reached.insert(&go.to, longer.clone());
                        next.push((&go.to, longer));
                    }
                }
            }
            ways = next;
        }
        None
    }
}
