//! The sessions behind a number: those that were counted in it, found by the same marks.

use super::answer::{Asked, Narrow, day_number};
use super::count::Became;
use super::fold::Figures;
use super::mark::Mark;
use super::row::{Place, Row};
use crate::ids::{ConversationId, ParseError, QuestionId, Seq, SiteId, TeamId, Timestamp, TopicId};

/// Which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// Sessions with this mark: `gave_up`.
    Mark(Mark),
    /// Sessions with a promise of which this became: `promise:late`.
    Promise(Became),
    /// Sessions in which this topic was answered: `used:returns`.
    Used(TopicId),
    /// Sessions that began this form, finished it, were asked a step of it or left it there: `form:returns:left:order_number`.
    Form(TopicId, OfForm),
    /// Sessions that ended with this question, and how it was answered: `question:paying:up`.
    Question(QuestionId, OfQuestion),
}

/// What of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfForm {
    /// It was begun.
    Started,
    /// Everything was answered.
    Finished,
    /// This was asked.
    Asked(String),
    /// It was left where this was asked.
    Left(String),
}

/// What of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfQuestion {
    /// A session ended with it.
    Asked,
    /// It was answered.
    Answered,
    /// With a tap above the middle.
    Up,
    /// In the middle.
    Middle,
    /// Below.
    Down,
}

impl std::str::FromStr for Number {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parts: Vec<&str> = text.split(':').collect();
        let wrong = ParseError::Malformed;
        Ok(match parts.as_slice() {
            [mark] => Self::Mark(mark.parse().map_err(|()| wrong)?),
            ["promise", became] => Self::Promise(became.parse()?),
            ["used", topic] => Self::Used(topic.parse()?),
            ["form", topic, "started"] => Self::Form(topic.parse()?, OfForm::Started),
            ["form", topic, "finished"] => Self::Form(topic.parse()?, OfForm::Finished),
            ["form", topic, "asked", step] => {
                Self::Form(topic.parse()?, OfForm::Asked((*step).to_owned()))
            }
            ["form", topic, "left", step] => {
                Self::Form(topic.parse()?, OfForm::Left((*step).to_owned()))
            }
            ["question", question, how] => {
                let how = match *how {
                    "asked" => OfQuestion::Asked,
                    "answered" => OfQuestion::Answered,
                    "up" => OfQuestion::Up,
                    "middle" => OfQuestion::Middle,
                    "down" => OfQuestion::Down,
                    _ => return Err(wrong),
                };
                Self::Question(question.parse()?, how)
            }
            _ => return Err(wrong),
        })
    }
}

/// A number, and of which sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Which number.
    pub number: Number,
    /// Of which days and places.
    pub of: Asked,
    /// Sessions that were about this topic last; `Some(None)`: about none.
    pub matter: Option<Option<TopicId>>,
    /// Sessions for which this team was asked, or owes something.
    pub team: Option<TeamId>,
    /// Sessions that began in this hour.
    pub hour: Option<u8>,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFigures {
    /// Its number.
    pub case: String,
    /// Who owes it.
    pub team: TeamId,
    /// Of which site its session is.
    pub site: SiteId,
    /// When it was given.
    pub made: Timestamp,
    /// When it was answered.
    pub kept: Option<Timestamp>,
}

impl Figures {
    /// Sessions behind a number that began before `before`, newest first, at most `limit`: their place, their conversation and their first event.
    pub fn behind(
        &self,
        wanted: &Behind,
        before: Option<Place>,
        limit: usize,
    ) -> Vec<(Place, ConversationId, Seq)> {
        let narrow = Narrow::of(self, &wanted.of);
        let days = day_number(wanted.of.from)..=day_number(wanted.of.to);
        let matter = wanted.matter.as_ref().map(|matter| match matter {
            None => Some(None),
            Some(topic) => self.topics.find(topic).map(Some),
        });
        let team = wanted.team.as_ref().map(|team| self.teams.find(team));
        let end = before.map_or(self.rows.len(), |before| {
            self.rows.len().min(before as usize)
        });
        let fits = |place: usize, row: &Row| {
            let (day, hour) = self.here(row.opened);
            days.contains(&day)
                && wanted.hour.is_none_or(|wanted| wanted == hour)
                && narrow.fits(&Self::spot(row))
                && matter.is_none_or(|matter| matter == Some(self.matter(row)))
                && team.is_none_or(|team| team.is_some_and(|team| self.concerns(row, team)))
                && self.is_behind(place, row, wanted, team.flatten())
        };
        let rows = self.rows.get(..end).unwrap_or_default();
        (rows.iter().enumerate().rev())
            .filter(|(place, row)| fits(*place, row))
            .take(limit)
            .filter_map(|(place, row)| {
                Some((Place::try_from(place).ok()?, row.conversation, row.first))
            })
            .collect()
    }

    /// Sessions of a period, for what has to be read one by one.
    fn within<'a>(&'a self, asked: &Asked) -> impl Iterator<Item = &'a Row> {
        let narrow = Narrow::of(self, asked);
        let days = day_number(asked.from)..=day_number(asked.to);
        let rows = self.rows.iter();
        rows.filter(move |row| {
            days.contains(&self.here(row.opened).0) && narrow.fits(&Self::spot(row))
        })
    }

    /// The cases that were given in the sessions of a period.
    pub fn cases(&self, asked: &Asked) -> Vec<CaseFigures> {
        let numbers = self.within(asked).flat_map(|row| {
            let site = self.sites.get(row.site);
            row.promises.iter().map(move |number| (*number, site))
        });
        let case = |(number, site): (u32, Option<&SiteId>)| {
            let owed = self.owed.get(number as usize)?;
            Some(CaseFigures {
                case: owed.case.clone(),
                team: self.teams.get(owed.team)?.clone(),
                site: site?.clone(),
                made: owed.made,
                kept: owed.kept,
            })
        };
        numbers.filter_map(case).collect()
    }

    /// Waits for a person of a period that an agent ended within so many seconds, and all of which it is known: those that somebody left before that
    /// time are not counted.
    pub fn waits_within(&self, asked: &Asked, seconds: u64) -> (u32, u32) {
        let most = i64::try_from(seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1_000);
        let (mut met, mut known) = (0, 0);
        let rows = self.within(asked).filter(|row| !row.merged);
        for ask in rows
            .flat_map(|row| &row.asks)
            .filter(|ask| ask.team.is_some())
        {
            let taken = ask.taken.is_some_and(|taken| taken.since(ask.at) <= most);
            let ended = ask.taken.or(ask.gone);
            let late = ended.is_some_and(|ended| ended.since(ask.at) > most);
            met += u32::from(taken);
            known += u32::from(taken || late);
        }
        (met, known)
    }

    fn concerns(&self, row: &Row, team: u32) -> bool {
        let owes =
            |number: &u32| (self.owed.get(*number as usize)).is_some_and(|owed| owed.team == team);
        row.asks.iter().any(|ask| ask.team == Some(team)) || row.promises.iter().any(owes)
    }

    fn is_behind(&self, place: usize, row: &Row, wanted: &Behind, team: Option<u32>) -> bool {
        let marks = || self.marks(Place::try_from(place).unwrap_or(Place::MAX));
        match &wanted.number {
            Number::Mark(mark) => marks().has(*mark),
            Number::Promise(became) => {
                let mut owed = row
                    .promises
                    .iter()
                    .filter_map(|number| self.owed.get(*number as usize));
                owed.any(|owed| team.is_none_or(|team| owed.team == team) && became.holds(owed))
            }
            Number::Used(topic) => {
                let topic = self.topics.find(topic);
                !row.merged && topic.is_some_and(|topic| row.topics.contains(&topic))
            }
            Number::Form(topic, of) => {
                let topic = self.topics.find(topic);
                let form = row.forms.iter().find(|form| Some(form.topic) == topic);
                let step = |name: &String| self.steps.find(name);
                !row.merged
                    && form.is_some_and(|form| match of {
                        OfForm::Started => true,
                        OfForm::Finished => form.finished,
                        OfForm::Asked(name) => {
                            step(name).is_some_and(|step| form.asked.contains(&step))
                        }
                        OfForm::Left(name) => form.left(row.ended()) && step(name) == Some(form.at),
                    })
            }
            Number::Question(question, how) => {
                let value = row.opinion.and_then(|given| given.value);
                marks().has(Mark::Questioned)
                    && row.question.is_some()
                    && row.question == self.questions.find(question)
                    && match how {
                        OfQuestion::Asked => true,
                        OfQuestion::Answered => row.opinion.is_some(),
                        OfQuestion::Up => value.is_some_and(|value| value > 0),
                        OfQuestion::Middle => value == Some(0),
                        OfQuestion::Down => value.is_some_and(|value| value < 0),
                    }
            }
        }
    }
}
