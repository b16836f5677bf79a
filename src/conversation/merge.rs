//! Two conversations of one person: who counts as the same person, and what one conversation hands to the other.
//!
//! Two logs cannot be appended to at once, so a merge is three appends: the one that ends says what will happen, the other takes in what is owed, the
//! first is done. Each step is known when it comes again, and the first one alone is a state with a deadline, so that a kill between two of them
//! loses nothing. Undoing it is the same, backwards. No words are copied from one log into the other: each is erased with its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::command::{Fresh, Refusal};
use super::parts::{AbuseLevel, Choice, Promise};
use super::state::{OpenQuestion, Owed, Owner, State, Unanswered};
use crate::ids::{AgentId, ConversationId, Seq, SlotName, Timestamp};

/// For so long a merge can be undone.
pub const UNMERGE_MS: i64 = 60 * 60_000;

/// Something owed that goes from one conversation to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// What is owed.
    pub promise: Promise,
    /// Whether its time has passed.
    #[serde(default)]
    pub late: bool,
}

impl HandedOver {
    pub(super) fn of(owed: &Owed) -> Self {
        Self {
            promise: owed.promise.clone(),
            late: owed.late,
        }
    }

    pub(super) fn owed(&self, from: Option<ConversationId>, what: String) -> Owed {
        Owed {
            promise: self.promise.clone(),
            what,
            warned: false,
            late: self.late,
            from,
        }
    }
}

/// That a conversation goes on in another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The other one.
    pub into: ConversationId,
    /// The event that began it: with it the other one knows this merge.
    pub of: Seq,
    /// When it began.
    pub at: Timestamp,
    /// Who did it.
    pub agent: AgentId,
    /// How far it is.
    pub step: MergeStep,
    /// What it was before, from [`MergeStep::Done`] on.
    pub was: Option<Box<Was>>,
}

/// How far a merge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeStep {
    /// Said, and not known yet whether the other one has what is owed.
    Begun,
    /// The other one has it.
    Done,
    /// It is being undone by this agent.
    Undoing(AgentId),
}

/// What a conversation was before it went on in another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Was {
    pub(super) owner: Owner,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) promises: Vec<Owed>,
    pub(super) question: Option<OpenQuestion>,
    pub(super) choices: Option<(Seq, Vec<Choice>)>,
}

/// That another conversation goes on here.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The other one.
    pub from: ConversationId,
    /// Its event that began it.
    pub of: Seq,
    /// The event that took it in.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// What was given back, where it was undone.
    pub back: Option<GivenBack>,
}

/// What goes back when a merge is undone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenBack {
    /// What is owed still.
    pub owed: Vec<HandedOver>,
    /// Whether what was unanswered there was answered here.
    pub answered: bool,
}

/// Something that a visitor has proven in the session that runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A check passed for this value of its first slot: the order number.
    Subject {
        /// The check.
        check: String,
        /// The value.
        value: String,
    },
    /// A check passed with this mail address as its proof.
    Mail(String),
}

impl Proof {
    /// The value by which other conversations are found.
    pub fn value(&self) -> &str {
        match self {
            Self::Subject { value, .. } => value,
            Self::Mail(address) => address,
        }
    }
}

/// What this visitor has proven in the running or last session. `slots`: the slots of a check, in order.
///
/// An address that was only left proves nothing, whoever answered to it: anybody can write down somebody else's.
pub fn proven(state: &State, slots: impl Fn(&str) -> Vec<SlotName>) -> BTreeSet<Proof> {
    let mut proofs = BTreeSet::new();
    for check in &state.memory.verified {
        for (nth, slot) in slots(check).iter().enumerate() {
            let Some(value) = state.slots.get(slot).map(|value| value.trim()) else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            if nth == 0 {
                proofs.insert(Proof::Subject {
                    check: check.clone(),
                    value: value.to_lowercase(),
                });
            }
            // A postcode is shared by a whole quarter; an address is one person's.
            if value.contains('@') {
                proofs.insert(Proof::Mail(value.to_lowercase()));
            }
        }
    }
    proofs
}

/// Whether two conversations are of one person: the same thing was proven in both.
pub fn same_person(one: &BTreeSet<Proof>, other: &BTreeSet<Proof>) -> bool {
    !one.is_disjoint(other)
}

impl State {
    /// The conversation in which this one goes on.
    pub fn merged_into(&self) -> Option<ConversationId> {
        self.merge
            .as_ref()
            .filter(|merge| merge.step != MergeStep::Begun)
            .map(|merge| merge.into)
    }

    /// The conversation with which a merge, or undoing one, is under way.
    pub fn moving(&self) -> Option<ConversationId> {
        self.merge
            .as_ref()
            .filter(|merge| merge.step != MergeStep::Done)
            .map(|merge| merge.into)
    }

    /// Until when the merge into another one can be undone.
    pub fn unmerge_until(&self) -> Option<Timestamp> {
        let done = |step| step == MergeStep::Done;
        let merge = self.merge.as_ref().filter(|merge| done(merge.step))?;
        Some(merge.at.plus(UNMERGE_MS))
    }

    /// The merge of another one into this one, where it stands.
    pub fn joined(&self, from: ConversationId) -> Option<&Joined> {
        self.joined
            .iter()
            .find(|joined| joined.from == from && joined.back.is_none())
    }

    /// What was promised under a case number, in the words of whoever promised; also where it is owed in another conversation by now.
    pub fn words_of(&self, case: &str) -> Option<String> {
        let was = self.merge.as_ref().and_then(|merge| merge.was.as_ref());
        let gone = was.iter().flat_map(|was| &was.promises);
        let mut all = self.promises.iter().chain(gone);
        let owed = all.find(|owed| owed.promise.case == case)?;
        (!owed.what.is_empty()).then(|| owed.what.clone())
    }

    /// What is handed to another one.
    pub fn hand_over(&self) -> (Vec<HandedOver>, bool) {
        let owed = self.promises.iter().map(HandedOver::of).collect();
        let waits = matches!(self.owner, Owner::Queued(_));
        (owed, waits || !self.unanswered.is_empty())
    }
}

/// Whether an agent may let this conversation go on in another one, on the picture that they saw.
pub(super) fn may_go(state: &State, agent: AgentId, seen: Seq) -> Result<(), Refusal> {
    match &state.owner {
        Owner::Nobody => return Err(Refusal::Closed),
        Owner::Assigned { agent: owner, .. } if *owner != agent => return Err(Refusal::NotOwner),
        Owner::Queued(waiting)
            if waiting
                .offer
                .as_ref()
                .is_some_and(|offer| offer.agent != agent) =>
        {
            return Err(Refusal::NotOwner);
        }
        Owner::Assigned { .. } | Owner::Queued(_) | Owner::Bot | Owner::Closed { .. } => {}
    }
    may_join(state)?;
    if seen > state.seq || seen < state.owner_since.max(state.visitor_seq) {
        return Err(Refusal::Stale);
    }
    Ok(())
}

/// Whoever is shut out does not come in by another door.
pub(super) fn may_join(state: &State) -> Result<(), Refusal> {
    if state.abuse == Some(AbuseLevel::Blocked) {
        Err(Refusal::Blocked)
    } else {
        Ok(())
    }
}

pub(super) fn in_time(merge: &Merge, fresh: &Fresh) -> Result<(), Refusal> {
    if fresh.now > merge.at.plus(UNMERGE_MS) {
        Err(Refusal::TooLate)
    } else {
        Ok(())
    }
}
