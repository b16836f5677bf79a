//! The hour of a call: which ones are offered, and which one a text means. It knows nothing of forms and promises.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::wording::moment;
use crate::conversation::CallHours;
use crate::ids::{Lang, Timestamp};
use crate::understanding::{Asked, Day, Part, Toward, When, Which};

/// Hours that are offered, at most: more are not read on a phone.
const OFFERED_MAX: usize = 4;
/// Hours offered of one day, at most, so that there is more than one day to pick from.
const OFFERED_A_DAY: usize = 2;
/// No call is promised sooner than in half an hour.
const LEAD_MS: i64 = 30 * 60_000;
/// The last call of a span begins so long before its end.
const LAST_MS: i64 = 15 * 60_000;
/// The hours that are offered are full and half hours.
const GRID_MS: i64 = 30 * 60_000;
/// Days looked at where a text names none.
const DAYS: i64 = 8;
/// More digits than this in a row are no hour and no day: a phone number, an order.
const DIGITS_MAX: usize = 4;

/// The hours in which one visitor can be called.
pub(super) struct Hours<'a> {
    zone: TimeZone,
    now: Timestamp,
    open: &'a [(Timestamp, Timestamp)],
}

impl<'a> Hours<'a> {
    pub(super) fn new(hours: &'a CallHours, now: Timestamp) -> Self {
        Self {
            zone: TimeZone::get(&hours.zone).unwrap_or(TimeZone::UTC),
            now,
            open: &hours.open,
        }
    }

    /// Whether a call can be promised for this moment.
    pub(super) fn fits(&self, at: Timestamp) -> bool {
        at >= self.now.plus(LEAD_MS)
            && self
                .open
                .iter()
                .any(|(from, until)| *from <= at && at.plus(LAST_MS) <= *until)
    }

    /// The moment in words: "hoy a las 17:00".
    pub(super) fn words(&self, at: Timestamp, lang: &Lang) -> String {
        match (self.local(at), self.local(self.now)) {
            (Some(at), Some(now)) => moment(at, now, lang),
            _ => String::new(),
        }
    }

    /// A few hours to pick from: of each day the first and one half a day later.
    pub(super) fn offered(&self) -> Vec<Timestamp> {
        let mut days: Vec<(Date, Vec<Timestamp>)> = Vec::new();
        for (at, local) in self.grid() {
            match days.last_mut() {
                Some((day, hours)) if *day == local.date() => hours.push(at),
                _ => days.push((local.date(), vec![at])),
            }
        }
        days.iter()
            .flat_map(|(_, hours)| {
                let later = hours.get(hours.len() / 2).copied();
                let mut two: Vec<Timestamp> = hours.first().copied().into_iter().collect();
                two.extend(later.filter(|later| !two.contains(later)));
                two.truncate(OFFERED_A_DAY);
                two
            })
            .take(OFFERED_MAX)
            .collect()
    }

    /// The hour that a text means, where it means one in which a call can be promised: "mañana a las 10", "el martes por la tarde", "at 5".
    pub(super) fn read(&self, text: &str) -> Option<Timestamp> {
        let long = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MAX;
        if text.split(|c: char| !c.is_alphanumeric()).any(long) {
            return None;
        }
        let said = When::read(text, Asked::Hour, &Lang::es())?;
        let today = self.local(self.now)?.date();
        if said.soon {
            return self.grid().map(|(at, _)| at).next();
        }
        let days = days(said.day, today);
        match said.clock {
            Some(clock) => {
                let times = clock.times(said.part);
                days.iter()
                    .flat_map(|day| times.iter().map(|time| day.to_datetime(*time)))
                    .filter_map(|local| self.at(local))
                    .find(|at| self.fits(*at))
            }
            None => self
                .grid()
                .find(|(_, local)| days.contains(&local.date()) && is_part(said.part, local.time()))
                .map(|(at, _)| at),
        }
    }

    /// Every full and half hour for which a call can be promised, in order.
    fn grid(&self) -> impl Iterator<Item = (Timestamp, DateTime)> + '_ {
        let soonest = self.now.plus(LEAD_MS);
        self.open.iter().flat_map(move |(from, until)| {
            let first = self.rounded((*from).max(soonest));
            std::iter::successors(first, |at| Some(at.plus(GRID_MS)))
                .take_while(|at| at.plus(LAST_MS) <= *until)
                .filter_map(|at| Some((at, self.local(at)?)))
        })
    }

    /// The next full or half hour on the visitor's clock, which need not be one on the team's.
    fn rounded(&self, at: Timestamp) -> Option<Timestamp> {
        let time = self.local(at)?.time();
        let past = i64::from(time.minute() % 30) * 60_000
            + i64::from(time.second()) * 1_000
            + i64::from(time.millisecond());
        Some(if past == 0 {
            at
        } else {
            at.plus(GRID_MS - past)
        })
    }

    fn local(&self, at: Timestamp) -> Option<DateTime> {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned(self.zone.clone()).datetime())
    }

    fn at(&self, local: DateTime) -> Option<Timestamp> {
        let zoned = local.to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

/// The days that a day as it was named can mean, from today on.
fn days(day: Option<Day>, today: Date) -> Vec<Date> {
    let ahead = |days: i64| today.checked_add(Span::new().days(days)).ok();
    let all = (0..DAYS).filter_map(ahead);
    match day {
        None => all.collect(),
        Some(Day::Weekday(weekday, Which::This)) => {
            all.filter(|day| day.weekday() == weekday).collect()
        }
        Some(Day::OfMonth(number)) => all.filter(|day| day.day() == number).collect(),
        Some(day) => day.resolve(today, Toward::Future).into_iter().collect(),
    }
}

fn is_part(part: Option<Part>, time: Time) -> bool {
    match part {
        None => true,
        Some(Part::Morning) => time.hour() < 12,
        // After lunch, wherever that is late.
        Some(Part::Afternoon) => time.hour() >= 14,
        Some(Part::Night) => time.hour() < 6,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let zoned: jiff::Zoned = format!("{text}[Europe/Madrid]").parse().unwrap();
        Timestamp(zoned.timestamp().as_millisecond())
    }

    /// Monday to Wednesday, 9 to 14 and 16 to 19, seen from Monday 11:10 in Madrid.
    fn week() -> CallHours {
        let mut open = Vec::new();
        for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
            for (from, until) in [("09:00", "14:00"), ("16:00", "19:00")] {
                open.push((at(&format!("{day}T{from}")), at(&format!("{day}T{until}"))));
            }
        }
        CallHours {
            zone: "Europe/Madrid".to_owned(),
            open,
        }
    }

    fn told(hours: &Hours<'_>, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| hours.words(at, &Lang::es()))
    }

    #[test]
    fn a_few_hours_of_more_than_one_day_are_offered() {
        let week = week();
        let hours = Hours::new(&week, at("2026-11-23T11:10"));
        let offered: Vec<String> = hours
            .offered()
            .into_iter()
            .map(|at| hours.words(at, &Lang::es()))
            .collect();
        assert_eq!(
            offered,
            [
                "hoy a las 12:00",
                "hoy a las 16:30",
                "mañana a las 9:00",
                "mañana a las 13:00"
            ]
        );
        for at in hours.offered() {
            let (es, en) = (hours.words(at, &Lang::es()), hours.words(at, &Lang::en()));
            assert_eq!(hours.read(&es), Some(at), "{es} is named as an example");
            assert_eq!(hours.read(&en), Some(at), "{en} is named as an example");
        }
        let late = Hours::new(&week, at("2026-11-25T18:40"));
        assert!(late.offered().is_empty(), "no call after closing");
    }

    #[test]
    fn an_hour_is_understood_as_people_write_it() {
        let week = week();
        let hours = Hours::new(&week, at("2026-11-23T11:10"));
        for (said, meant) in [
            ("hoy a las 17:30", "hoy a las 17:30"),
            ("a las 5", "hoy a las 17:00"),
            ("a las cinco y media de la tarde", "hoy a las 17:30"),
            ("12.30", "hoy a las 12:30"),
            ("mañana a las 10", "mañana a las 10:00"),
            ("mañana por la mañana", "mañana a las 9:00"),
            ("mañana por la tarde", "mañana a las 16:00"),
            (
                "mañana a las 10 de la mañana, por favor",
                "mañana a las 10:00",
            ),
            ("el martes", "mañana a las 9:00"),
            ("martes 24 a las 18h", "mañana a las 18:00"),
            (
                "el miércoles 25 de noviembre a las 9:30",
                "el miércoles 25 de noviembre a las 9:30",
            ),
            ("tomorrow at 10am", "mañana a las 10:00"),
            ("tomorrow morning", "mañana a las 9:00"),
            ("at 5 pm", "hoy a las 17:00"),
            (
                "on Wednesday at noon",
                "el miércoles 25 de noviembre a las 12:00",
            ),
            ("cuanto antes", "hoy a las 12:00"),
            ("17", "hoy a las 17:00"),
            // Nine o'clock of today is over.
            ("a las 9", "mañana a las 9:00"),
        ] {
            assert_eq!(told(&hours, hours.read(said)), meant, "{said}");
        }
    }

    #[test]
    fn what_is_no_hour_or_nobodys_is_not_taken_for_one() {
        let week = week();
        let hours = Hours::new(&week, at("2026-11-23T11:10"));
        for said in [
            "",
            "no sé",
            "600 123 456",
            "600123456",
            "mi pedido 1000007",
            "hoy a las 15:00",
            "a las 22",
            "hoy a las 11:20",
            "el domingo",
            "a las 25",
            "99 99",
        ] {
            assert_eq!(hours.read(said), None, "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_read_can_be_promised(text in "\\PC{0,40}", minutes in 0i64..5_000) {
            let week = week();
            let hours = Hours::new(&week, at("2026-11-23T08:00").plus(minutes * 60_000));
            if let Some(read) = hours.read(&text) {
                proptest::prop_assert!(hours.fits(read), "{text}");
            }
            for one in hours.offered() {
                proptest::prop_assert!(hours.fits(one));
            }
        }
    }
}
