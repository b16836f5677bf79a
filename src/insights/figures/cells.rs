//! The tallies of a day. Everything in them can be put in and taken out again, and two of them can be added: the order of events does not matter.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::super::pool::Word;
use super::intervals::Hist;
use super::mark::{MARKS, Mark, Marks};
use crate::ids::Stage;

/// How many sessions have each mark, how long they took, and what was promised in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    marks: [u32; MARKS],
    /// The visitor's messages and taps of each session that ended.
    pub(super) turns: Hist,
    /// Seconds from the wish for a person to an agent's hands, of each wait that an agent ended.
    pub(super) waits: Hist,
    /// Seconds of each wait that ended with nobody there.
    pub(super) left: Hist,
    pub(super) promises: Promises,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            marks: [0; MARKS],
            turns: Hist::default(),
            waits: Hist::default(),
            left: Hist::default(),
            promises: Promises::default(),
        }
    }
}

/// What became of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Promises {
    /// Made.
    pub made: u32,
    /// Kept by their time.
    pub in_time: u32,
    /// Kept behind their time.
    pub late: u32,
    /// Not kept, and their time is not over.
    pub open: u32,
    /// Not kept, and their time is over.
    pub overdue: u32,
    /// Those who owe them were warned before their time.
    pub warned: u32,
    /// Their time was moved.
    pub moved: u32,
}

impl Promises {
    fn each(&mut self, other: &Self, change: impl Fn(&mut u32, u32)) {
        change(&mut self.made, other.made);
        change(&mut self.in_time, other.in_time);
        change(&mut self.late, other.late);
        change(&mut self.open, other.open);
        change(&mut self.overdue, other.overdue);
        change(&mut self.warned, other.warned);
        change(&mut self.moved, other.moved);
    }

    pub(super) fn change(&mut self, other: &Self, add: bool) {
        self.each(other, |one, by| {
            *one = if add { *one + by } else { *one - by }
        });
    }
}

impl Tally {
    /// How many sessions have a mark.
    pub fn of(&self, mark: Mark) -> u32 {
        self.marks[mark as usize]
    }

    pub(super) fn mark(&mut self, marks: Marks, add: bool) {
        for place in marks.places() {
            if add {
                self.marks[place] += 1;
            } else {
                self.marks[place] -= 1;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (one, by) in self.marks.iter_mut().zip(&other.marks) {
            *one += by;
        }
        self.turns.merge(&other.turns);
        self.waits.merge(&other.waits);
        self.left.merge(&other.left);
        self.promises.change(&other.promises, true);
    }
}

/// Counts of a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FormTally {
    pub(super) started: u32,
    pub(super) finished: u32,
    pub(super) open: u32,
    /// By step: how many were asked it, how many left there.
    pub(super) steps: BTreeMap<Word, (u32, u32)>,
}

/// Counts of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct QuestionTally {
    pub(super) asked: u32,
    pub(super) answered: u32,
    /// Taps of a value above zero, zero, and below.
    pub(super) taps: [u32; 3],
}

/// Counts of an hour at a touchpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct HourTally {
    pub(super) sessions: u32,
    pub(super) person: u32,
    pub(super) attended: u32,
    pub(super) abandoned: u32,
    pub(super) ended: u32,
    pub(super) troubled: u32,
}

/// A site, and something of it.
pub(super) type OfSite<T> = (Word, T);

impl HourTally {
    pub(super) fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.person += other.person;
        self.attended += other.attended;
        self.abandoned += other.abandoned;
        self.ended += other.ended;
        self.troubled += other.troubled;
    }
}

impl QuestionTally {
    pub(super) fn merge(&mut self, other: &Self) {
        self.asked += other.asked;
        self.answered += other.answered;
        for (one, by) in self.taps.iter_mut().zip(other.taps) {
            *one += by;
        }
    }
}

impl FormTally {
    pub(super) fn merge(&mut self, other: &Self) {
        self.started += other.started;
        self.finished += other.finished;
        self.open += other.open;
        for (step, (asked, left)) in &other.steps {
            let one = self.steps.entry(*step).or_default();
            *one = (one.0 + asked, one.1 + left);
        }
    }
}

/// Where a session belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) site: Word,
    pub(super) touchpoint: Option<Word>,
    pub(super) stage: Option<Stage>,
}

/// Cells that come and go: one that nothing stands in is not there, so that what was taken out leaves no trace.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells<K: Eq + Hash, T>(HashMap<K, (u32, Box<T>)>);

impl<K: Eq + Hash, T> Default for Cells<K, T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Copy, T: Default> Cells<K, T> {
    /// Puts a session into a cell, or takes one out that was put in; `change` does the counting.
    pub(super) fn change(&mut self, key: K, add: bool, change: impl FnOnce(&mut T)) {
        let (sessions, cell) = self.0.entry(key).or_default();
        change(cell);
        if add {
            *sessions += 1;
        } else {
            *sessions -= 1;
            if *sessions == 0 {
                self.0.remove(&key);
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &T)> {
        self.0.iter().map(|(key, (_, cell))| (key, cell.as_ref()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The sessions that began on one day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct DayCells {
    pub(super) spots: Cells<Spot, Tally>,
    /// By the matter that it was about last.
    pub(super) topics: Cells<OfSite<Option<Word>>, Tally>,
    /// In how many sessions a topic was answered.
    pub(super) uses: Cells<OfSite<Word>, u32>,
    pub(super) teams: Cells<OfSite<Word>, Tally>,
    /// By touchpoint and hour.
    pub(super) hours: Cells<OfSite<(Option<Word>, u8)>, HourTally>,
    pub(super) forms: Cells<OfSite<Word>, FormTally>,
    pub(super) questions: Cells<OfSite<Word>, QuestionTally>,
}

impl DayCells {
    pub(super) fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }
}
