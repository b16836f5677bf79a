//! A conversation that goes on in another one, and comes back: what it was is kept meanwhile.

use super::merge::{HandedOver, Merge, MergeStep, Was};
use super::parts::{AbuseLevel, Closer};
use super::state::{Owner, State, Waiting};
use crate::ids::{Outcome, Timestamp};

impl State {
    /// It goes on in another conversation: nothing is owed here any more, and what it was is kept for an undo.
    pub(super) fn go(&mut self, at: Timestamp) {
        let Some(merge) = &mut self.merge else { return };
        let closed = Owner::Closed {
            at,
            outcome: Outcome::Referred,
            by: Closer::Agent { agent: merge.agent },
        };
        merge.step = MergeStep::Done;
        merge.was = Some(Box::new(Was {
            owner: std::mem::replace(&mut self.owner, closed),
            unanswered: std::mem::take(&mut self.unanswered),
            promises: std::mem::take(&mut self.promises),
            question: self.question.take(),
            choices: self.choices.take(),
            call: self.call.take(),
        }));
        self.activity_at = at;
    }

    /// It goes on by itself again, with what is owed still. Nothing in `owed`: it never went.
    pub(super) fn come_back(
        &mut self,
        owed: Option<&[HandedOver]>,
        answered: bool,
        over: bool,
        at: Timestamp,
    ) {
        let Some(merge) = self.merge.take() else {
            return;
        };
        let Some(was) = merge.was.clone() else { return };
        // What became of its cases meanwhile is told over there, and what was done there is not done again.
        self.went.push(Merge {
            ended: Some(at),
            ..merge.clone()
        });
        let agent = match merge.step {
            MergeStep::Undoing(agent) => agent,
            MergeStep::Begun | MergeStep::Done | MergeStep::Parting => merge.agent,
        };
        self.owner = match was.owner {
            // Nobody is there any more who would go on with it.
            Owner::Bot | Owner::Queued(_) | Owner::Assigned { .. } if over => {
                self.closed_at = self.closed_at.or(Some(merge.at));
                std::mem::take(&mut self.owner)
            }
            Owner::Assigned {
                agent: owner,
                name,
                place,
                ..
            } if owner == agent => Owner::Assigned {
                agent: owner,
                name,
                since: at,
                place,
                snoozed: None,
            },
            // Whoever had it may be gone by now: somebody takes it from the head of the queue.
            Owner::Assigned { place, .. } => Owner::Queued(Waiting {
                returned: true,
                wait_from: at,
                ..place
            }),
            Owner::Queued(place) => Owner::Queued(Waiting {
                wait_from: at,
                offer: None,
                asked_at: None,
                reassured: false,
                ..place
            }),
            other @ (Owner::Nobody | Owner::Bot | Owner::Closed { .. }) => other,
        };
        self.question = was.question;
        self.choices = was.choices.filter(|_| !over);
        if answered {
            self.answered(self.seq);
        } else {
            self.unanswered = was.unanswered;
            self.call = was.call;
        }
        if self.abuse == Some(AbuseLevel::Blocked) && self.place().is_some() {
            // People are spared it.
            self.back_to_bot();
        }
        let words = |case: &str| {
            let before = self.went.iter().filter_map(|merge| merge.was.as_ref());
            let before = before.flat_map(|was| &was.promises);
            let mut known = was.promises.iter().chain(before);
            let known = known.find(|one| one.promise.case == case);
            known.map_or((self.seq, None, String::new()), |one| {
                (one.seq, one.from, one.what.clone())
            })
        };
        self.promises = owed.map_or(was.promises.clone(), |owed| {
            let back = owed.iter().map(|one| {
                let (seq, from, what) = words(&one.promise.case);
                one.owed(seq, from, what)
            });
            back.collect()
        });
        if !over {
            self.activity_at = at;
        }
    }
}
