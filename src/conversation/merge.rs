//! Two conversations of one person: who counts as the same person, and what one conversation hands to the other.
//!
//! Two logs cannot be appended to at once, so a merge is three appends: the one that ends says what will happen, the other takes in what is owed, the
//! first is done. Each step is known when it comes again, and the first one alone is a state with a deadline, so that a kill between two of them
//! loses nothing. Undoing it is the same, backwards. No words are copied from one log into the other: each is erased with its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::command::{Fresh, Refusal};
use super::limits::Limits;
use super::parts::{AbuseLevel, Choice, Promise};
use super::state::{OpenCall, OpenQuestion, Owed, Owner, State, Unanswered};
use crate::ids::{AgentId, ConversationId, Seq, SessionId, SlotName, Timestamp};

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
    pub(super) call: Option<OpenCall>,
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
    /// The session in which that was: whoever comes from there is led here until it is over.
    pub session: Option<SessionId>,
    /// The cases that came from there.
    pub cases: Vec<String>,
    /// How far the visitor was shut out then.
    pub abuse: Option<AbuseLevel>,
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
    /// How far the visitor was shut out meanwhile.
    pub abuse: Option<AbuseLevel>,
}

/// Something that a visitor has proven in the session that runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A check passed for this value of its first slot: the order number. Whoever holds the parcel reads it on the label, beside the postcode.
    Subject {
        /// The check.
        check: String,
        /// The value.
        value: String,
    },
    /// A check passed with this phone number in it, all its values being these.
    Phone {
        /// The check.
        check: String,
        /// The values, in the order of its slots.
        values: Vec<String>,
    },
    /// A check passed with this mail address as its proof.
    Mail(String),
}

/// What was proven in both of two conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shared {
    /// The first value of the same check: the order number.
    pub subject: bool,
    /// The same check with the same values, a phone number among them.
    pub phone: bool,
    /// The same mail address.
    pub mail: bool,
}

impl Shared {
    /// What two people have proven.
    pub fn of(one: &BTreeSet<Proof>, other: &BTreeSet<Proof>) -> Self {
        let mut shared = Self::default();
        for proof in one.intersection(other) {
            match proof {
                Proof::Subject { .. } => shared.subject = true,
                Proof::Phone { .. } => shared.phone = true,
                Proof::Mail(_) => shared.mail = true,
            }
        }
        shared
    }

    /// Whether there is anything at all.
    pub fn any(self) -> bool {
        self.subject || self.phone || self.mail
    }

    /// Whether it is one person's alone: an address or a number at which they are reached.
    pub fn same_person(self) -> bool {
        self.phone || self.mail
    }
}

impl Proof {
    /// The value by which other conversations are found.
    pub fn value(&self) -> &str {
        match self {
            Self::Subject { value, .. } => value,
            Self::Phone { values, .. } => values.first().map_or("", String::as_str),
            Self::Mail(address) => address,
        }
    }
}

/// What this visitor has proven in the running or last session. `slots`: the slots of a check, in order, each with whether it is a phone number.
///
/// An address that was only left proves nothing, whoever answered to it: anybody can write down somebody else's.
pub fn proven(state: &State, slots: impl Fn(&str) -> Vec<(SlotName, bool)>) -> BTreeSet<Proof> {
    let mut proofs = BTreeSet::new();
    for check in &state.memory.verified {
        let slots = slots(check);
        let given = |slot| state.slots.get(slot).map_or("", |value| value.trim());
        let values: Vec<String> = (slots.iter())
            .map(|(slot, _)| given(slot).to_lowercase())
            .collect();
        if let Some(value) = values.first().filter(|value| !value.is_empty()) {
            let (check, value) = (check.clone(), value.clone());
            proofs.insert(Proof::Subject { check, value });
        }
        if slots.iter().any(|(_, phone)| *phone) && !values.iter().any(String::is_empty) {
            let (check, values) = (check.clone(), values.clone());
            proofs.insert(Proof::Phone { check, values });
        }
        // A postcode is shared by a whole quarter; an address is one person's.
        proofs.extend(
            values
                .into_iter()
                .filter(|value| value.contains('@'))
                .map(Proof::Mail),
        );
    }
    proofs
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

    /// Whether whoever comes from another conversation is led into this one: while the session runs in which it was taken in. Behind it the device
    /// may be in other hands, and so may this one.
    pub fn leads(&self, from: ConversationId, now: Timestamp, limits: &Limits) -> bool {
        let running = self.session.as_ref().map(|session| session.id);
        (self.joined(from)).is_some_and(|joined| joined.session == running)
            && self.is_running(now, limits)
    }

    /// Whether the session runs, or may still be gone on with. What was proven in it holds so long.
    pub fn is_running(&self, now: Timestamp, limits: &Limits) -> bool {
        (self.session.is_some())
            && (self.closed_at).is_none_or(|at| now.since(at) < limits.reopen_ms)
    }

    /// What was promised under a case number, also where it is owed in another conversation by now.
    pub fn ever_owed(&self, case: &str) -> Option<&Owed> {
        let merges = self.merge.iter().chain(self.went.iter().rev());
        let gone = merges.filter_map(|merge| merge.was.as_ref());
        let mut all = (self.promises.iter()).chain(gone.flat_map(|was| &was.promises));
        all.find(|owed| owed.promise.case == case)
    }

    /// What is handed to another one: what is owed, and whether anything is unanswered.
    pub fn hand_over(&self) -> (Vec<HandedOver>, bool) {
        let owed = self.promises.iter().map(HandedOver::of).collect();
        (owed, self.owes())
    }

    /// Where something that is owed went, with a merge that stands or stood until this conversation went its own way.
    pub fn handed_to(&self, case: &str) -> Option<ConversationId> {
        let mut merges = self.merge.iter().chain(self.went.iter().rev());
        let had = |merge: &&Merge| {
            let was = merge.was.iter().flat_map(|was| &was.promises);
            was.into_iter().any(|owed| owed.promise.case == case)
        };
        merges.find(had).map(|merge| merge.into)
    }

    /// Whether words of another conversation that goes on here wait for an answer. The assistant does not have them: people answer.
    pub fn owes_elsewhere(&self) -> bool {
        (self.unanswered.iter()).any(|left| self.took_in(left.seq))
    }

    /// Whether an event took in another conversation that goes on here still.
    pub(super) fn took_in(&self, seq: Seq) -> bool {
        (self.joined.iter()).any(|joined| joined.seq == seq && joined.back.is_none())
    }
}

/// Whether an agent may let this conversation go on in another one, on the picture that they saw.
pub(super) fn may_go(
    state: &State,
    agent: AgentId,
    seen: Seq,
    (now, limits): (Timestamp, &Limits),
) -> Result<(), Refusal> {
    // What was proven in a session that is long over may have been proven by somebody else.
    if !state.is_running(now, limits) {
        return Err(Refusal::Closed);
    }
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
