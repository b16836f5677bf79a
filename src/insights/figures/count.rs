//! What a session counts as: its marks, and the cells in which they stand.

use super::cells::{Promises, QuestionTally, Spot};
use super::fold::{DueOf, Figures};
use super::mark::{Mark, Marks};
use super::row::{Owed, Place, Row};
use crate::ids::{OpinionKind, ParseError, Timestamp};

const DAY_MS: i64 = 24 * 60 * 60_000;

impl Figures {
    pub(super) fn spot(row: &Row) -> Spot {
        Spot {
            site: row.site,
            touchpoint: row.touchpoint,
            stage: row.stage,
        }
    }

    /// Whether a topic is a matter, and no greeting.
    fn is_matter(&self, topic: u32) -> bool {
        let small = &self.settings.small_talk;
        (self.topics.get(topic)).is_some_and(|topic| !small.contains(topic))
    }

    /// The matter that it was about last.
    pub(super) fn matter(&self, row: &Row) -> Option<u32> {
        let mut latest = row.topics.iter().rev().copied();
        latest.find(|topic| self.is_matter(*topic))
    }

    /// Whether two sessions share a matter.
    fn share_a_matter(&self, one: &Row, other: &Row) -> bool {
        let shared = |topic: &&u32| other.topics.contains(topic) && self.is_matter(**topic);
        one.topics.iter().any(|topic| shared(&topic))
    }

    /// Whether the person came back with the same matter after this one, and whether this one is such a return.
    fn returns(&self, place: Place, row: &Row) -> (bool, bool) {
        let reach = i64::from(self.settings.back_days) * DAY_MS;
        let follows = |later: &Row, earlier: &Row| {
            let Some(end) = earlier.closed.filter(|_| earlier.ended()) else {
                return false;
            };
            let gap = later.opened.since(end);
            (0..=reach).contains(&gap) && !later.merged && self.share_a_matter(later, earlier)
        };
        let (mut came_back, mut is_return) = (false, false);
        for other in self.near(place) {
            let Some(there) = self.rows.get(other as usize) else {
                continue;
            };
            came_back |= follows(there, row);
            is_return |= follows(row, there);
        }
        (came_back, is_return)
    }

    /// What holds of a session.
    pub(super) fn marks(&self, place: Place) -> Marks {
        let mut marks = Marks::default();
        let Some(row) = self.rows.get(place as usize) else {
            return marks;
        };
        if row.merged {
            return marks;
        }
        let (came_back, is_return) = self.returns(place, row);
        let ended = row.ended();
        let said = row.opinion.and_then(|given| given.kind);
        let said_no = matches!(said, Some(OpinionKind::StillStuck | OpinionKind::Negative));
        let contained = ended && !row.person();
        let waited_in_vain =
            row.asks.iter().any(|ask| ask.gone.is_some()) || (ended && row.nobody_there);
        let abandoned = row.person() && !row.attended() && !row.left_message && waited_in_vain;
        marks.set(Mark::Sessions, true);
        marks.set(Mark::Open, !ended);
        marks.set(Mark::Ended, ended);
        marks.set(Mark::Contained, contained);
        marks.set(Mark::GaveUp, contained && !row.resolved());
        let resolved = contained && row.resolved();
        marks.set(Mark::SaidNo, resolved && said_no);
        marks.set(Mark::CameBack, resolved && !said_no && came_back);
        marks.set(Mark::Solved, resolved && !said_no && !came_back);
        marks.set(Mark::Person, row.person());
        marks.set(Mark::Attended, row.attended());
        marks.set(Mark::Abandoned, abandoned);
        marks.set(Mark::LeftMessage, row.left_message);
        for reason in row.reasons() {
            marks.set(Mark::of_reason(reason), true);
        }
        let asked = marks.has(Mark::CustomerRequest);
        marks.set(Mark::AskedPerson, asked);
        marks.set(
            Mark::GotPerson,
            asked && (row.attended() || row.left_message),
        );
        if let (true, Some(outcome)) = (ended, row.outcome) {
            marks.set(Mark::of_outcome(outcome), true);
        }
        let questioned = ended && row.question.is_some();
        marks.set(Mark::Questioned, questioned);
        marks.set(Mark::Pushed, questioned && !row.quiet);
        marks.set(Mark::Answered, questioned && row.opinion.is_some());
        if let (true, Some(kind)) = (questioned, said) {
            marks.set(Mark::of_opinion(kind), true);
        }
        if ended && self.matter(row).is_some() && !is_return {
            marks.set(Mark::FirstContact, row.mature);
            marks.set(Mark::FirstPending, !row.mature);
            let kept = row.resolved() && !said_no && !came_back;
            marks.set(Mark::FirstResolved, row.mature && kept);
        }
        self.targets(row, &mut marks);
        marks.set(Mark::LangRead, row.lang_read);
        marks.set(Mark::LangKept, row.lang_read && !row.lang_other);
        marks.set(Mark::Missed, row.missed);
        let bad = said_no || said == Some(OpinionKind::Incident);
        let troubled = marks.has(Mark::GaveUp)
            || marks.has(Mark::Unresolved)
            || (row.resolved() && came_back)
            || abandoned
            || bad;
        marks.set(Mark::Troubled, ended && troubled);
        marks
    }

    /// Whether the team's targets were met.
    fn targets(&self, row: &Row, marks: &mut Marks) {
        let Some((first, team)) = (row.asks.first())
            .and_then(|ask| Some((ask, self.teams.get(ask.team?)?)))
            .filter(|_| !row.left_message)
        else {
            return;
        };
        let Some(site) = self.sites.get(row.site) else {
            return;
        };
        let of: &DueOf = &self.settings.due;
        let due = of(team, site, first.at);
        if let Some(due) = due.response {
            let words = row.asks.iter().find_map(|ask| ask.words);
            let gave_up = row.asks.last().and_then(|ask| ask.gone).or(row.closed);
            // Who left before the time was over was not kept waiting beyond it.
            let known = words.is_some() || gave_up.is_some_and(|gone| gone > due);
            marks.set(Mark::ResponseDue, known);
            marks.set(Mark::ResponseMet, words.is_some_and(|words| words <= due));
        }
        if let (Some(due), Some(closed)) = (due.resolution, row.closed)
            && row.ended()
            && row.attended()
        {
            marks.set(Mark::ResolutionDue, true);
            marks.set(Mark::ResolutionMet, closed <= due);
        }
    }

    /// Puts a session into the tallies of its day, or takes it out as it stands there.
    pub(super) fn count(&mut self, place: Place, add: bool) {
        let Some(row) = self.rows.get(place as usize) else {
            return;
        };
        let (marks, matter) = (self.marks(place), self.matter(row));
        let (day, hour) = self.here(row.opened);
        let promises: Vec<(u32, Promises)> = (row.promises.iter())
            .filter_map(|number| self.owed.get(*number as usize))
            .map(|owed| (owed.team, became(owed)))
            .collect();
        let (days, spot) = (&mut self.days, Self::spot(row));
        let cells = days.entry(day).or_default();
        let step = |one: &mut u32, by: bool| {
            if by {
                *one = if add { *one + 1 } else { *one - 1 };
            }
        };
        let waits = |of: Option<u32>| {
            let asks = row.asks.iter().filter(move |ask| {
                ask.team.is_some() && of.is_none_or(|team| ask.team == Some(team))
            });
            asks.filter(|_| !row.merged)
        };
        cells.spots.change(spot, add, |tally| {
            tally.mark(marks, add);
            if row.ended() {
                tally.turns.change(row.turns.into(), add);
            }
            for ask in waits(None) {
                wait(tally, ask, add);
            }
            for (_, became) in &promises {
                tally.promises.change(became, add);
            }
        });
        let mut teams: Vec<u32> = row.asks.iter().filter_map(|ask| ask.team).collect();
        teams.extend(promises.iter().map(|(team, _)| *team));
        teams.sort_unstable();
        teams.dedup();
        for team in teams {
            cells.teams.change((row.site, team), add, |tally| {
                tally.mark(marks, add);
                for ask in waits(Some(team)) {
                    wait(tally, ask, add);
                }
                for (_, became) in promises.iter().filter(|(of, _)| *of == team) {
                    tally.promises.change(became, add);
                }
            });
        }
        if !row.merged {
            cells.topics.change((row.site, matter), add, |tally| {
                tally.mark(marks, add);
                if row.ended() {
                    tally.turns.change(row.turns.into(), add);
                }
            });
            for topic in &row.topics {
                cells
                    .uses
                    .change((row.site, *topic), add, |uses| step(uses, true));
            }
            let of_hour = (row.site, (row.touchpoint, hour));
            cells.hours.change(of_hour, add, |tally| {
                step(&mut tally.sessions, true);
                step(&mut tally.ended, marks.has(Mark::Ended));
                step(&mut tally.person, marks.has(Mark::Person));
                step(&mut tally.attended, marks.has(Mark::Attended));
                step(&mut tally.abandoned, marks.has(Mark::Abandoned));
                step(&mut tally.troubled, marks.has(Mark::Troubled));
            });
            for form in &row.forms {
                cells.forms.change((row.site, form.topic), add, |tally| {
                    step(&mut tally.started, true);
                    step(&mut tally.finished, form.finished);
                    let left = form.left(row.ended());
                    step(&mut tally.open, !left && !form.finished);
                    for asked in &form.asked {
                        step(&mut tally.steps.entry(*asked).or_default().0, true);
                    }
                    step(&mut tally.steps.entry(form.at).or_default().1, left);
                });
            }
            if let (true, Some(question)) = (marks.has(Mark::Questioned), row.question) {
                let value = row.opinion.and_then(|given| given.value);
                cells.questions.change((row.site, question), add, |tally| {
                    let QuestionTally {
                        asked,
                        answered,
                        taps: [up, mid, down],
                    } = tally;
                    step(asked, true);
                    step(answered, row.opinion.is_some());
                    step(up, value.is_some_and(|value| value > 0));
                    step(mid, value == Some(0));
                    step(down, value.is_some_and(|value| value < 0));
                });
            }
        }
        if cells.is_empty() {
            days.remove(&day);
        }
    }
}

/// A wait that an agent ended, or nobody.
fn wait(tally: &mut super::cells::Tally, ask: &super::row::Ask, add: bool) {
    let seconds = |until: Timestamp| u64::try_from(until.since(ask.at).max(0) / 1000).unwrap_or(0);
    match (ask.taken, ask.gone) {
        (Some(taken), _) => tally.waits.change(seconds(taken), add),
        (None, Some(gone)) => tally.left.change(seconds(gone), add),
        (None, None) => {}
    }
}

/// What may become of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was made.
    Made,
    /// Kept by its time.
    InTime,
    /// Kept behind its time.
    Late,
    /// Not kept, and its time is not over.
    Open,
    /// Not kept, and its time is over.
    Overdue,
    /// Those who owe it were warned before its time.
    Warned,
    /// Its time was moved.
    Moved,
}

impl Became {
    pub(super) fn holds(self, owed: &Owed) -> bool {
        let kept = owed.kept.is_some();
        match self {
            Self::Made => true,
            Self::InTime => owed.in_time(),
            Self::Late => kept && !owed.in_time(),
            Self::Open => !kept && !owed.late,
            Self::Overdue => !kept && owed.late,
            Self::Warned => owed.warned,
            Self::Moved => owed.moved,
        }
    }
}

impl std::str::FromStr for Became {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Ok(match text {
            "made" => Self::Made,
            "in_time" => Self::InTime,
            "late" => Self::Late,
            "open" => Self::Open,
            "overdue" => Self::Overdue,
            "warned" => Self::Warned,
            "moved" => Self::Moved,
            _ => return Err(ParseError::Malformed),
        })
    }
}

fn became(owed: &Owed) -> Promises {
    let is = |one: Became| u32::from(one.holds(owed));
    Promises {
        made: is(Became::Made),
        in_time: is(Became::InTime),
        late: is(Became::Late),
        open: is(Became::Open),
        overdue: is(Became::Overdue),
        warned: is(Became::Warned),
        moved: is(Became::Moved),
    }
}
