//! Two conversations of one person: who counts as the same person, and what one conversation hands to the other.
//!
//! Two logs cannot be appended to at once, so a merge is three appends: the one that ends says what will happen, the other takes in what is owed, the
//! first is done. Each step is known when it comes again, and the first one alone is a state with a deadline, so that a kill between two of them
//! loses nothing. Undoing it is the same, backwards. No words are copied from one log into the other: each is erased with its own.

use serde::{Deserialize, Serialize};

use super::command::{Fresh, Refusal};
use super::limits::Limits;
use super::parts::{AbuseLevel, Choice, Promise};
use super::state::{OpenCall, OpenQuestion, Owed, Owner, State, Unanswered};
use crate::ids::{AgentId, ConversationId, Seq, SessionId, Timestamp};

/// For so long a merge can be undone.
pub const UNMERGE_MS: i64 = 60 * 60_000;
/// A session that goes on for longer leads nobody any more who came from another conversation.
pub const LED_MS: i64 = 7 * 24 * 60 * 60_000;

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

    pub(super) fn owed(&self, seq: Seq, from: Option<ConversationId>, what: String) -> Owed {
        Owed {
            promise: self.promise.clone(),
            what,
            warned: false,
            late: self.late,
            seq,
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
    /// Name of who did it.
    pub name: String,
    /// How far it is.
    pub step: MergeStep,
    /// What it was before, from [`MergeStep::Done`] on.
    pub was: Option<Box<Was>>,
    /// When it went its own way again.
    pub ended: Option<Timestamp>,
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
    /// The session is over in which it went on.
    Parting,
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
    /// The event that opened that session: what stands before it may be somebody else's, and is not for whoever comes from there.
    pub floor: Seq,
    /// Whether an answer was owed there, and no person has given one here.
    pub waits: bool,
    /// The cases that came from there.
    pub cases: Vec<String>,
    /// How far the visitor was shut out then.
    pub abuse: Option<AbuseLevel>,
    /// What was given back, where it was undone.
    pub back: Option<GivenBack>,
    /// The event with which that was.
    pub parted: Option<Seq>,
}

/// Why a conversation that was taken in goes its own way again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parting {
    /// Somebody undoes it.
    Undone {
        /// Who.
        agent: AgentId,
        /// Name of who does it.
        name: String,
    },
    /// The session is over in which it was taken in.
    Over,
    /// Likewise, and it is damaged or does not know of this merge: what is owed stays here.
    Alone,
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
        self.joined(from).is_some_and(|joined| {
            let over = self.over_at(joined, limits);
            over.is_none_or(|over| now < over)
        })
    }

    /// When a conversation that was taken in goes its own way again; nothing where it did, while anything is owed here, and while this one goes on
    /// elsewhere itself.
    pub fn over_at(&self, joined: &Joined, limits: &Limits) -> Option<Timestamp> {
        let session =
            (self.session.as_ref()).filter(|_| joined.back.is_none() && self.merge.is_none())?;
        if joined.session != Some(session.id) {
            Some(session.opened_at)
        } else if !self.is_open() {
            // Kept also where an agent took it up again: then it is open.
            self.closed_at.map(|at| at.plus(limits.reopen_ms))
        } else if self.owes() {
            None
        } else {
            Some(joined.at.plus(LED_MS))
        }
    }

    /// Whether something that came behind a merge is owed here: only whoever wrote it knows in which of the two they would want the answer.
    pub(super) fn owes_behind(&self, joined: &Joined) -> bool {
        let behind = |left: &Unanswered| left.seq > joined.seq && !self.took_in(left.seq);
        self.unanswered.iter().any(behind)
            || self.call.is_some()
            || (self.waiting()).is_some_and(|place| place.since > joined.at)
    }

    /// Those that go their own way by now, each with the event that began its merge.
    pub fn parts(&self, now: Timestamp, limits: &Limits) -> Vec<(ConversationId, Seq)> {
        let over = |joined: &&Joined| self.over_at(joined, limits).is_some_and(|at| at <= now);
        let over = self.joined.iter().filter(over);
        over.map(|joined| (joined.from, joined.of)).collect()
    }

    /// Whether other conversations go on here, and will go their own way again.
    pub fn leads_any(&self) -> bool {
        self.merge.is_none() && self.joined.iter().any(|joined| joined.back.is_none())
    }

    /// Events before this one may be of somebody else than whoever is proven now.
    pub fn floor(&self) -> Seq {
        self.session
            .as_ref()
            .map_or(Seq::ZERO, |session| session.seq)
    }

    /// The service that is being asked, also while this conversation goes on elsewhere.
    pub(super) fn asked_call(&self) -> Option<&OpenCall> {
        let was = || self.merge.as_ref()?.was.as_ref()?.call.as_ref();
        self.call.as_ref().or_else(was)
    }

    pub(super) fn asked_call_mut(&mut self) -> Option<&mut OpenCall> {
        match &mut self.call {
            Some(call) => Some(call),
            None => self.merge.as_mut()?.was.as_mut()?.call.as_mut(),
        }
    }

    /// Whether the session runs, or may still be gone on with. What was proven in it holds so long.
    pub fn is_running(&self, now: Timestamp, limits: &Limits) -> bool {
        (self.session.is_some())
            && (self.closed_at).is_none_or(|at| now.since(at) < limits.reopen_ms)
    }

    /// That it goes on in another conversation, and that it did so before: the latest first.
    pub fn merges(&self) -> impl Iterator<Item = &Merge> {
        self.merge.iter().chain(self.went.iter().rev())
    }

    /// What was promised under a case number, also where it is owed in another conversation by now.
    pub fn ever_owed(&self, case: &str) -> Option<&Owed> {
        let gone = self.merges().filter_map(|merge| merge.was.as_ref());
        let mut all = (self.promises.iter()).chain(gone.flat_map(|was| &was.promises));
        all.find(|owed| owed.promise.case == case)
    }

    /// What is handed to another one: what is owed, and whether anything is unanswered.
    pub fn hand_over(&self) -> (Vec<HandedOver>, bool) {
        let owed = self.promises.iter().map(HandedOver::of).collect();
        (owed, self.owes())
    }

    /// Where something that is owed went, with a merge that stands or stood until this conversation went its own way.
    pub fn handed_to(&self, case: &str) -> impl Iterator<Item = ConversationId> {
        let had = move |merge: &&Merge| {
            let was = merge.was.iter().flat_map(|was| &was.promises);
            was.into_iter().any(|owed| owed.promise.case == case)
        };
        self.merges().filter(had).map(|merge| merge.into)
    }

    /// Whether something that was owed went along with the merge that stands: should the other one be lost, it is owed here.
    pub fn owed_elsewhere(&self) -> bool {
        let was = self.merge.as_ref().and_then(|merge| merge.was.as_ref());
        was.is_some_and(|was| {
            !was.promises.is_empty()
                || !was.unanswered.is_empty()
                || was.call.is_some()
                || matches!(was.owner, Owner::Queued(_))
        })
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
