//! Answers: the tallies of some days added up. It never looks at a session; the way to the sessions behind a number is in `behind`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::super::pool::Word;
use super::cells::{FormTally, HourTally, Promises, QuestionTally, Spot, Tally};
use super::fold::Figures;
use super::intervals::{Middle, Share};
use super::mark::Mark;
use super::verdict::{Verdict, Why, verdict};
use crate::ids::{QuestionId, SiteId, Stage, TeamId, Timestamp, TopicId};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Sessions of this site.
    pub site: Option<SiteId>,
    /// Sessions of this touchpoint; `Some(None)`: of those that have none. It narrows headline, trend, heat map and hours.
    pub touchpoint: Option<Option<String>>,
    /// Sessions of this stage. It narrows headline, trend and heat map.
    pub stage: Option<Option<Stage>>,
}

/// The numbers of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Days of the period.
    pub days: u32,
    /// The headline numbers: by the name of a mark, how many sessions have it.
    pub counts: BTreeMap<&'static str, u32>,
    /// Shares by name.
    pub shares: BTreeMap<&'static str, Share>,
    /// The visitor's messages and taps in a session.
    pub turns: Middle,
    /// Seconds until an agent took it.
    pub wait: Middle,
    /// Seconds until the visitor left a queue in which nobody came.
    pub left_after: Middle,
    /// What became of promises.
    pub promises: Promises,
    /// The same by day; days without a session are not in it.
    pub trend: Vec<TrendPoint>,
    /// Touchpoint by stage.
    pub places: Vec<Cell>,
    /// Touchpoint by hour, where there was anything.
    pub hours: Vec<HourFigures>,
    /// By hour: agents who did something, on an average day of the period.
    pub staff: [f64; 24],
    /// Topics, the most used first.
    pub topics: Vec<TopicFigures>,
    /// Teams that were asked.
    pub teams: Vec<TeamFigures>,
    /// Forms.
    pub forms: Vec<FormFigures>,
    /// Questions.
    pub questions: Vec<QuestionFigures>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendPoint {
    /// Which.
    pub day: Date,
    /// Sessions that began on it.
    pub sessions: u32,
    /// Those that ended.
    pub ended: u32,
    /// See [`Mark::Solved`].
    pub solved: u32,
    /// See [`Mark::GaveUp`].
    pub gave_up: u32,
    /// See [`Mark::Person`].
    pub person: u32,
    /// See [`Mark::Troubled`].
    pub troubled: u32,
    /// See [`Mark::Answered`].
    pub answered: u32,
    /// See [`Mark::Positive`].
    pub positive: u32,
}

/// A place where customers meet the company, at a stage of their way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The touchpoint; nothing where none is known.
    pub touchpoint: Option<String>,
    /// The stage.
    pub stage: Option<Stage>,
    /// Sessions.
    pub sessions: u32,
    /// Sessions that ended badly, of those that ended.
    pub troubled: Share,
    /// The share that it was held against.
    pub held_against: f64,
    /// What to do.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
}

/// An hour at a touchpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourFigures {
    /// The touchpoint.
    pub touchpoint: Option<String>,
    /// 0 to 23, where the company is.
    pub hour: u8,
    /// Sessions that began in it.
    pub sessions: u32,
    /// Those in which a person was wanted.
    pub person: u32,
    /// Those that an agent took.
    pub attended: u32,
    /// Those that left the queue.
    pub abandoned: u32,
    /// Those that ended badly, of those that ended.
    pub troubled: Share,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicFigures {
    /// Which; nothing: sessions that were about none.
    pub topic: Option<TopicId>,
    /// Sessions in which it was answered.
    pub used: u32,
    /// Sessions that were about it last.
    pub sessions: u32,
    /// Of them, by the bot alone and for good.
    pub solved: Share,
    /// Of them, given up.
    pub gave_up: Share,
    /// Of them, a person was wanted.
    pub person: Share,
    /// First contacts that were resolved.
    pub first_resolved: Share,
    /// Good opinions of all.
    pub positive: Share,
    /// Sessions that ended badly.
    pub troubled: Share,
    /// The visitor's messages and taps.
    pub turns: Middle,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TeamFigures {
    /// Which.
    pub team: TeamId,
    /// Sessions for which it was asked, or owes something.
    pub sessions: u32,
    /// Those that an agent took.
    pub attended: Share,
    /// Those that left the queue.
    pub abandoned: Share,
    /// First words by the team's target.
    pub response_met: Share,
    /// Closed by the team's target.
    pub resolution_met: Share,
    /// Good opinions of all.
    pub positive: Share,
    /// Seconds until an agent took it.
    pub wait: Middle,
    /// What became of its promises.
    pub promises: Promises,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FormFigures {
    /// Its topic.
    pub topic: TopicId,
    /// Sessions that began it.
    pub started: u32,
    /// Of them, everything was answered.
    pub finished: Share,
    /// Of them, it waits for the visitor.
    pub open: u32,
    /// What it asks, the most asked first.
    pub steps: Vec<StepFigures>,
}

/// A step of a form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepFigures {
    /// The slot, or [`super::CONFIRMATION`].
    pub step: String,
    /// Sessions in which it was asked.
    pub asked: u32,
    /// Of them, the form was left there.
    pub left: Share,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionFigures {
    /// Which.
    pub question: QuestionId,
    /// Sessions that ended with it.
    pub asked: u32,
    /// Of them, it was answered.
    pub answered: Share,
    /// Of the taps, those above the middle.
    pub up: Share,
    /// In the middle.
    pub middle: Share,
    /// Below.
    pub down: Share,
}

/// The number of a day: days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.duration_since(epoch).as_hours().div_euclid(24) as i32
}

/// The day of a number.
pub fn day_of(number: i32) -> Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    (epoch.checked_add(jiff::Span::new().days(number))).unwrap_or(epoch)
}

/// What of the tallies is asked for, by numbers.
pub(super) struct Narrow {
    pub(super) site: Option<Option<Word>>,
    pub(super) touchpoint: Option<Option<Option<Word>>>,
    pub(super) stage: Option<Option<Stage>>,
}

impl Narrow {
    /// A word that never came fits nothing.
    pub(super) fn of(figures: &Figures, asked: &Asked) -> Self {
        Self {
            site: (asked.site.as_ref()).map(|site| figures.sites.find(site)),
            touchpoint: asked
                .touchpoint
                .as_ref()
                .map(|touchpoint| match touchpoint {
                    None => Some(None),
                    Some(name) => figures.touchpoints.find(name).map(Some),
                }),
            stage: asked.stage,
        }
    }

    fn is_site(&self, site: Word) -> bool {
        self.site.is_none_or(|wanted| wanted == Some(site))
    }

    fn is_touchpoint(&self, touchpoint: Option<Word>) -> bool {
        self.touchpoint
            .is_none_or(|wanted| wanted == Some(touchpoint))
    }

    pub(super) fn fits(&self, spot: &Spot) -> bool {
        self.is_site(spot.site)
            && self.is_touchpoint(spot.touchpoint)
            && self.stage.is_none_or(|stage| stage == spot.stage)
    }
}

/// The shares of the headline: name, part, whole.
const SHARES: &[(&str, Mark, Mark)] = &[
    ("containment", Mark::Contained, Mark::Ended),
    ("solved", Mark::Solved, Mark::Ended),
    ("gave_up", Mark::GaveUp, Mark::Ended),
    ("came_back", Mark::CameBack, Mark::Ended),
    ("said_no", Mark::SaidNo, Mark::Ended),
    ("person", Mark::Person, Mark::Sessions),
    ("attended", Mark::Attended, Mark::Person),
    ("abandoned", Mark::Abandoned, Mark::Person),
    ("got_person", Mark::GotPerson, Mark::AskedPerson),
    ("first_contact", Mark::FirstResolved, Mark::FirstContact),
    ("response_met", Mark::ResponseMet, Mark::ResponseDue),
    ("resolution_met", Mark::ResolutionMet, Mark::ResolutionDue),
    ("answered", Mark::Answered, Mark::Questioned),
    ("positive", Mark::Positive, Mark::Answered),
    ("own_language", Mark::LangKept, Mark::LangRead),
    ("missed", Mark::Missed, Mark::Sessions),
    ("troubled", Mark::Troubled, Mark::Ended),
];

impl Tally {
    /// The share of a mark among those that have another one.
    pub fn share(&self, part: Mark, of: Mark) -> Share {
        Share::of(self.of(part), self.of(of))
    }
}

impl Figures {
    /// The numbers of a period. [`Figures::settle`] comes first.
    pub fn report(&self, asked: &Asked) -> Report {
        let narrow = Narrow::of(self, asked);
        let (first, last) = (day_number(asked.from), day_number(asked.to));
        let mut all = Tally::default();
        let mut trend = Vec::new();
        let mut places: BTreeMap<(Option<Word>, Option<Stage>), Tally> = BTreeMap::new();
        let mut hours: BTreeMap<(Option<Word>, u8), HourTally> = BTreeMap::new();
        let mut topics: BTreeMap<Option<Word>, Tally> = BTreeMap::new();
        let mut uses: BTreeMap<Word, u32> = BTreeMap::new();
        let mut teams: BTreeMap<Word, Tally> = BTreeMap::new();
        let mut forms: BTreeMap<Word, FormTally> = BTreeMap::new();
        let mut questions: BTreeMap<Word, QuestionTally> = BTreeMap::new();
        for (day, cells) in self.days.range(first..=last.max(first)) {
            let mut today = Tally::default();
            for (spot, tally) in cells.spots.iter().filter(|(spot, _)| narrow.fits(spot)) {
                today.merge(tally);
                let place = (spot.touchpoint, spot.stage);
                places.entry(place).or_default().merge(tally);
            }
            if today.of(Mark::Sessions) > 0 {
                trend.push(point(*day, &today));
            }
            all.merge(&today);
            let of_site = |site: &Word| narrow.is_site(*site);
            for ((_, (touchpoint, hour)), tally) in
                (cells.hours.iter()).filter(|((site, _), _)| of_site(site))
            {
                if narrow.is_touchpoint(*touchpoint) {
                    hours.entry((*touchpoint, *hour)).or_default().merge(tally);
                }
            }
            for ((_, topic), tally) in cells.topics.iter().filter(|((site, _), _)| of_site(site)) {
                topics.entry(*topic).or_default().merge(tally);
            }
            for ((_, topic), count) in cells.uses.iter().filter(|((site, _), _)| of_site(site)) {
                *uses.entry(*topic).or_default() += count;
            }
            for ((_, team), tally) in cells.teams.iter().filter(|((site, _), _)| of_site(site)) {
                teams.entry(*team).or_default().merge(tally);
            }
            for ((_, form), tally) in cells.forms.iter().filter(|((site, _), _)| of_site(site)) {
                forms.entry(*form).or_default().merge(tally);
            }
            let of_day = cells.questions.iter();
            for ((_, question), tally) in of_day.filter(|((site, _), _)| of_site(site)) {
                questions.entry(*question).or_default().merge(tally);
            }
        }
        let days = u32::try_from(last - first + 1).unwrap_or(1).max(1);
        for topic in uses.keys() {
            topics.entry(Some(*topic)).or_default();
        }
        Report {
            from: asked.from,
            to: asked.to,
            days,
            counts: (Mark::ALL.iter())
                .map(|mark| (mark.as_str(), all.of(*mark)))
                .collect(),
            shares: (SHARES.iter())
                .map(|(name, part, of)| (*name, all.share(*part, *of)))
                .collect(),
            turns: all.turns.middle(),
            wait: all.waits.middle(),
            left_after: all.left.middle(),
            promises: all.promises,
            trend,
            places: self.cells(&places),
            hours: hours
                .into_iter()
                .map(|((touchpoint, hour), tally)| HourFigures {
                    touchpoint: self.touchpoint(touchpoint),
                    hour,
                    sessions: tally.sessions,
                    person: tally.person,
                    attended: tally.attended,
                    abandoned: tally.abandoned,
                    troubled: Share::of(tally.troubled, tally.ended),
                })
                .filter(|hour| hour.sessions > 0)
                .collect(),
            staff: self.staff_of(first, last, days),
            topics: self.topic_figures(topics, &uses),
            teams: (teams.into_iter())
                .filter_map(|(team, tally)| {
                    Some(team_figures(self.teams.get(team)?.clone(), &tally))
                })
                .collect(),
            forms: self.form_figures(&forms),
            questions: (questions.into_iter())
                .filter_map(|(question, tally)| {
                    Some(question_figures(
                        self.questions.get(question)?.clone(),
                        tally,
                    ))
                })
                .collect(),
        }
    }

    fn touchpoint(&self, word: Option<Word>) -> Option<String> {
        self.touchpoints.get(word?).cloned()
    }

    fn cells(&self, places: &BTreeMap<(Option<Word>, Option<Stage>), Tally>) -> Vec<Cell> {
        let sum = |mark: Mark| places.values().map(|tally| tally.of(mark)).sum::<u32>();
        let (bad, ended) = (sum(Mark::Troubled), sum(Mark::Ended));
        let cells = places.iter().map(|((touchpoint, stage), tally)| {
            let own = (tally.of(Mark::Troubled), tally.of(Mark::Ended));
            let (verdict, why, held_against) = verdict(own, (bad - own.0, ended - own.1));
            Cell {
                touchpoint: self.touchpoint(*touchpoint),
                stage: *stage,
                sessions: tally.of(Mark::Sessions),
                troubled: Share::of(own.0, own.1),
                held_against,
                verdict,
                why,
            }
        });
        cells.filter(|cell| cell.sessions > 0).collect()
    }

    fn staff_of(&self, first: i32, last: i32, days: u32) -> [f64; 24] {
        let mut staff = [0_u32; 24];
        for ((_, hour), agents) in self.staff.range((first, 0)..=(last.max(first), u8::MAX)) {
            if let Some(one) = staff.get_mut(usize::from(*hour)) {
                *one += u32::try_from(agents.len()).unwrap_or(u32::MAX);
            }
        }
        staff.map(|agents| f64::from(agents) / f64::from(days))
    }

    fn topic_figures(
        &self,
        topics: BTreeMap<Option<Word>, Tally>,
        uses: &BTreeMap<Word, u32>,
    ) -> Vec<TopicFigures> {
        let figures = topics.into_iter().map(|(topic, tally)| TopicFigures {
            used: topic
                .and_then(|topic| uses.get(&topic))
                .copied()
                .unwrap_or(0),
            topic: topic.and_then(|topic| self.topics.get(topic).cloned()),
            sessions: tally.of(Mark::Sessions),
            solved: tally.share(Mark::Solved, Mark::Ended),
            gave_up: tally.share(Mark::GaveUp, Mark::Ended),
            person: tally.share(Mark::Person, Mark::Sessions),
            first_resolved: tally.share(Mark::FirstResolved, Mark::FirstContact),
            positive: tally.share(Mark::Positive, Mark::Answered),
            troubled: tally.share(Mark::Troubled, Mark::Ended),
            turns: tally.turns.middle(),
        });
        let mut figures: Vec<_> = figures.collect();
        figures.sort_by(|a, b| (b.used.cmp(&a.used)).then_with(|| a.topic.cmp(&b.topic)));
        figures
    }

    fn form_figures(&self, forms: &BTreeMap<Word, FormTally>) -> Vec<FormFigures> {
        let step = |(step, (asked, left)): (&Word, &(u32, u32))| {
            Some(StepFigures {
                step: self.steps.get(*step)?.clone(),
                asked: *asked,
                left: Share::of(*left, *asked),
            })
        };
        let figures = forms.iter().filter_map(|(topic, tally)| {
            let mut steps: Vec<_> = tally.steps.iter().filter_map(step).collect();
            steps.retain(|step| step.asked > 0);
            steps.sort_by(|a, b| (b.asked.cmp(&a.asked)).then_with(|| a.step.cmp(&b.step)));
            Some(FormFigures {
                topic: self.topics.get(*topic)?.clone(),
                started: tally.started,
                finished: Share::of(tally.finished, tally.started),
                open: tally.open,
                steps,
            })
        });
        let mut figures: Vec<_> = figures.collect();
        figures.sort_by(|a, b| (b.started.cmp(&a.started)).then_with(|| a.topic.cmp(&b.topic)));
        figures
    }

    /// Every day on which a session began: what there is to ask for.
    pub fn span(&self) -> Option<(Date, Date)> {
        let (first, _) = self.days.first_key_value()?;
        let (last, _) = self.days.last_key_value()?;
        Some((day_of(*first), day_of(*last)))
    }

    /// Whether everything is counted as in another fold of the same events.
    pub fn same_tallies(&self, other: &Self) -> bool {
        self.rows == other.rows && self.owed == other.owed && self.days == other.days
    }

    /// Name of the time zone in which days begin.
    pub fn zone(&self) -> String {
        let name = self.settings.zone.iana_name();
        name.unwrap_or("UTC").to_owned()
    }

    /// The latest moment that was told.
    pub fn latest(&self) -> Timestamp {
        self.now
    }

    /// The day of a moment, where the company is.
    pub fn day_at(&self, at: Timestamp) -> Date {
        day_of(self.here(at).0)
    }
}

fn point(day: i32, tally: &Tally) -> TrendPoint {
    TrendPoint {
        day: day_of(day),
        sessions: tally.of(Mark::Sessions),
        ended: tally.of(Mark::Ended),
        solved: tally.of(Mark::Solved),
        gave_up: tally.of(Mark::GaveUp),
        person: tally.of(Mark::Person),
        troubled: tally.of(Mark::Troubled),
        answered: tally.of(Mark::Answered),
        positive: tally.of(Mark::Positive),
    }
}

fn team_figures(team: TeamId, tally: &Tally) -> TeamFigures {
    TeamFigures {
        team,
        sessions: tally.of(Mark::Sessions),
        attended: tally.share(Mark::Attended, Mark::Person),
        abandoned: tally.share(Mark::Abandoned, Mark::Person),
        response_met: tally.share(Mark::ResponseMet, Mark::ResponseDue),
        resolution_met: tally.share(Mark::ResolutionMet, Mark::ResolutionDue),
        positive: tally.share(Mark::Positive, Mark::Answered),
        wait: tally.waits.middle(),
        promises: tally.promises,
    }
}

fn question_figures(question: QuestionId, tally: QuestionTally) -> QuestionFigures {
    let [up, middle, down] = tally.taps;
    let taps = up + middle + down;
    QuestionFigures {
        question,
        asked: tally.asked,
        answered: Share::of(tally.answered, tally.asked),
        up: Share::of(up, taps),
        middle: Share::of(middle, taps),
        down: Share::of(down, taps),
    }
}
