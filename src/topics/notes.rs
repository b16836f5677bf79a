//! What the readers of single files note for the checks that need all files: problems, references, texts, and where each stood.

use std::collections::BTreeSet;

use super::catalog::SlotRule;
use super::fault::{Fault, Target};
use super::problem::{Place, Problem, See};
use super::yaml::Node;
use crate::ids::{Lang, SiteId, SlotName, TeamId, TopicId};

/// The notes of all files.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<Problem>,
    /// Names that files declare, whether or not their definition could be read.
    pub(super) declared: BTreeSet<(Target, String)>,
    /// What stands in files that are no YAML: nobody knows which names those would declare.
    pub(super) unreadable: BTreeSet<Target>,
    /// Locales of regional words, and where they stand.
    pub(super) regional: Vec<(Lang, Place)>,
    /// Lines of what is none of our business, and where they stand.
    pub(super) not_ours: Vec<(Lang, String, Place)>,
    /// What is remembered under which name, and where that stands.
    pub(super) remembered: Vec<(SlotName, SlotRule, Place)>,
    /// Topics that proactive messages offer, and where that stands.
    pub(super) invited: Vec<(TopicId, Place)>,
    /// Some topic could not be read.
    pub(super) topic_lost: bool,
    /// Where `_assistant.yaml` begins.
    pub(super) assistant: Option<Place>,
    pub(super) uses: Vec<Use>,
    pub(super) texts: Vec<Seen>,
    pub(super) topics: Vec<TopicNotes>,
    /// Hosts from which pages may load what answers show.
    pub(super) media_hosts: Vec<String>,
    /// Languages of the assistant.
    pub(super) languages: Vec<Lang>,
    /// `{slot}` places in the url, headers and body of calls.
    pub(super) call_needs: Vec<(String, BTreeSet<String>)>,
}

impl Notes {
    pub(super) fn fault(&mut self, place: &Place, fault: &Fault) {
        self.problems.push(Problem::new(place, fault));
    }

    /// A fault that is about two places, told at the first of them with the way to the other; `turned`: in words for whoever works at the other.
    pub(super) fn twin(
        &mut self,
        here: &Side,
        there: &Side,
        fault: &Fault,
        turned: Option<&Fault>,
    ) {
        let mut problem = Problem::new(&here.place, fault);
        problem.see = Some(there.see());
        problem.turned = turned.map(|fault| {
            let mut problem = Problem::new(&there.place, fault);
            problem.see = Some(here.see());
            Box::new(problem)
        });
        self.problems.push(problem);
    }

    pub(super) fn declare(&mut self, target: Target, name: &str) {
        self.declared.insert((target, name.to_owned()));
    }

    /// The declared names of a kind.
    pub(super) fn names(&self, target: Target) -> impl Iterator<Item = &str> {
        self.declared
            .iter()
            .filter(move |(kind, _)| *kind == target)
            .map(|(_, name)| name.as_str())
    }

    pub(super) fn refer(&mut self, target: Target, name: &str, place: &Place) {
        self.uses.push(Use {
            target,
            name: name.to_owned(),
            place: place.clone(),
        });
    }
}

/// One of the two places that a fault is about.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) topic: Option<TopicId>,
    pub(super) place: Place,
}

impl Side {
    fn see(&self) -> See {
        See {
            topic: self.topic.as_ref().map(TopicId::to_string),
            file: self.place.file.to_string(),
            line: self.place.line,
        }
    }
}

/// A name that must exist somewhere.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) target: Target,
    pub(super) name: String,
    pub(super) place: Place,
}

/// A text that people read.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) place: Place,
    /// Its languages, also those whose words could not be read.
    pub(super) langs: Vec<Lang>,
    /// The same in every language: a phone number.
    pub(super) plain: bool,
    pub(super) scope: Scope,
    /// Each wording with the value that it was written as.
    pub(super) said: Vec<(Lang, Node)>,
}

/// What may fill the `{…}` of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// A topic's slots, those of its check, and the values of the calls made before the text.
    Topic {
        topic: TopicId,
        calls: Vec<String>,
        sites: Vec<SiteId>,
    },
    /// Shared slots.
    SharedSlots,
    /// A check's slots.
    Check(String),
    /// A fact: facts do not cite facts.
    Fact,
    /// A feedback question.
    Feedback,
    /// A business event: what comes with it.
    Event(Vec<String>),
    /// One of the engine's own texts.
    Engine(String),
    /// Whatever every text may cite.
    Common,
}

/// What a topic's file noted.
#[derive(Debug)]
pub(super) struct TopicNotes {
    pub(super) id: TopicId,
    /// Where its name stands.
    pub(super) place: Place,
    pub(super) role: Option<Place>,
    pub(super) review_by: Option<Place>,
    pub(super) examples: Vec<(Lang, String, Place)>,
    pub(super) patterns: Vec<(String, Place)>,
    /// Place of each test's sentence, in order.
    pub(super) tests: Vec<Place>,
    pub(super) tests_place: Option<Place>,
    /// Slot names in patterns' groups and templates.
    pub(super) mentions: Vec<(String, Place)>,
    pub(super) gos: Vec<Go>,
    pub(super) calls: Vec<CallUse>,
    /// Slots that steps ask for, and where.
    pub(super) asks: Vec<(SlotName, Place)>,
    /// Slots on which steps depend.
    pub(super) conditions: Vec<(SlotName, Place)>,
    /// Where skills are wished for, and of which team; the topic's own when none.
    pub(super) skilled: Vec<(Option<TeamId>, Place)>,
}

impl TopicNotes {
    pub(super) fn new(id: TopicId, place: Place) -> Self {
        Self {
            id,
            place,
            role: None,
            review_by: None,
            examples: Vec::new(),
            patterns: Vec::new(),
            tests: Vec::new(),
            tests_place: None,
            mentions: Vec::new(),
            gos: Vec::new(),
            calls: Vec::new(),
            asks: Vec::new(),
            conditions: Vec::new(),
            skilled: Vec::new(),
        }
    }
}

/// A `go:` step.
#[derive(Debug)]
pub(super) struct Go {
    pub(super) to: TopicId,
    pub(super) place: Place,
    /// Below a `case` or a `when`: it depends.
    pub(super) depends: bool,
}

/// A `call:` step.
#[derive(Debug)]
pub(super) struct CallUse {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) confirmed: bool,
    /// Calls that were answered before it.
    pub(super) before: Vec<String>,
    /// Slots that a step asked for before it.
    pub(super) asked: Vec<SlotName>,
}
