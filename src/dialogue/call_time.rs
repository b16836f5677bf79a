//! The hour of a call: which ones are offered, and which one a text means. It knows nothing of forms and promises.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

use super::cues::fold;
use super::wording::moment;
use crate::conversation::CallHours;
use crate::ids::{Lang, Timestamp};

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
        let said = Said::of(text)?;
        let today = self.local(self.now)?.date();
        if said.soon {
            return self.grid().map(|(at, _)| at).next();
        }
        let days = said.days(today);
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
                .find(|(_, local)| days.contains(&local.date()) && said.is_part(local.time()))
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

/// A day as it was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// So many days from today.
    In(i64),
    /// The next of its name, today too.
    Next(Weekday),
    /// The next of its number.
    Of(i8),
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
}

/// Hour and minute as they were said: "las 5" is 5 or 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    hour: i8,
    minute: i8,
}

impl Clock {
    fn times(self, part: Option<Part>) -> Vec<Time> {
        let later = (self.hour < 12).then(|| self.hour + 12);
        let hours = match part {
            Some(Part::Morning) => vec![self.hour],
            Some(Part::Afternoon) => vec![later.unwrap_or(self.hour)],
            None => [Some(self.hour), later].into_iter().flatten().collect(),
        };
        hours
            .into_iter()
            .filter_map(|hour| Time::new(hour, self.minute, 0, 0).ok())
            .collect()
    }
}

/// What a text says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Said {
    day: Option<Day>,
    part: Option<Part>,
    clock: Option<Clock>,
    soon: bool,
}

impl Said {
    /// Nothing where the text says nothing of a time.
    fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        let tokens: Vec<&str> = folded.split(' ').collect();
        if tokens
            .iter()
            .any(|token| token.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MAX)
        {
            return None;
        }
        let padded = format!(" {folded} ");
        let has = |words: &[&str]| {
            words
                .iter()
                .any(|words| padded.contains(&format!(" {words} ")))
        };
        let mut said = Self {
            soon: has(SOON),
            part: if has(AFTERNOON) {
                Some(Part::Afternoon)
            } else if has(MORNING) {
                Some(Part::Morning)
            } else {
                None
            },
            ..Self::default()
        };
        // "Mañana por la mañana": the first is the day.
        let plain = MORNING
            .iter()
            .fold(padded.clone(), |text, words| text.replace(words, ""));
        let day = |words: &[&str]| {
            words
                .iter()
                .any(|words| plain.contains(&format!(" {words} ")))
        };
        said.day = if day(&["pasado manana", "day after tomorrow"]) {
            Some(Day::In(2))
        } else if day(&["manana", "tomorrow"]) {
            Some(Day::In(1))
        } else if day(&["hoy", "today"]) {
            Some(Day::In(0))
        } else {
            None
        };
        said.clock = has(&["mediodia", "noon", "midday"]).then_some(Clock {
            hour: 12,
            minute: 0,
        });
        said.read_tokens(&tokens);
        (said != Self::default()).then_some(said)
    }

    fn read_tokens(&mut self, tokens: &[&str]) {
        let mut weekday = None;
        let mut bare = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|i| tokens.get(i)).copied();
            let next = tokens.get(index + 1).copied();
            if let Some(named) = weekday_of(token) {
                weekday = Some(named);
                continue;
            }
            let (number, mark) = number_of(token);
            let Some(number) = number else { continue };
            let is_minute = before.is_some_and(|before| number_of(before).0.is_some());
            if is_minute && self.clock.is_some_and(|clock| clock.minute == 0) {
                if let (Some(clock), 1..=59) = (&mut self.clock, number) {
                    clock.minute = number;
                }
                self.mark(mark);
                continue;
            }
            let leads = before.is_some_and(|before| HOUR_AFTER.contains(&before));
            let follows = next.is_some_and(|next| HOUR_BEFORE.contains(&next));
            let of_month = next.is_some_and(|next| MONTHS.contains(&next))
                || (next == Some("de")
                    && tokens.get(index + 2).is_some_and(|t| MONTHS.contains(t)))
                || (!leads && before.is_some_and(|b| weekday_of(b).is_some() || b == "dia"));
            if of_month && (1..=31).contains(&number) {
                self.day = self.day.or(Some(Day::Of(number)));
            } else if (leads || follows || mark.is_some()) && number <= 23 {
                self.clock = Some(Clock {
                    hour: number,
                    minute: minute_after(tokens, index),
                });
                self.mark(mark.or(next.filter(|next| HALVES.contains(next))));
            } else {
                bare.push((index, number));
            }
        }
        if let (None, [(index, hour), rest @ ..]) = (self.clock, bare.as_slice())
            && (0..=23).contains(hour)
            && rest.len() <= 1
        {
            let minute = match rest {
                [(at, minute)] if at == &(index + 1) && (0..60).contains(minute) => *minute,
                _ => minute_after(tokens, *index),
            };
            self.clock = Some(Clock {
                hour: *hour,
                minute,
            });
        }
        self.day = self.day.or(weekday.map(Day::Next));
    }

    fn mark(&mut self, mark: Option<&str>) {
        match mark {
            Some("am") => self.part = Some(Part::Morning),
            Some("pm") => self.part = Some(Part::Afternoon),
            _ => {}
        }
    }

    fn days(&self, today: Date) -> Vec<Date> {
        let ahead = |days: i64| today.checked_add(Span::new().days(days)).ok();
        let all = (0..DAYS).filter_map(ahead);
        match self.day {
            None => all.collect(),
            Some(Day::In(days)) => ahead(days).into_iter().collect(),
            Some(Day::Next(weekday)) => all.filter(|day| day.weekday() == weekday).collect(),
            Some(Day::Of(number)) => all.filter(|day| day.day() == number).collect(),
        }
    }

    fn is_part(&self, time: Time) -> bool {
        match self.part {
            None => true,
            Some(Part::Morning) => time.hour() < 12,
            // After lunch, wherever that is late.
            Some(Part::Afternoon) => time.hour() >= 14,
        }
    }
}

/// As soon as can be.
const SOON: &[&str] = &[
    "cuanto antes",
    "lo antes posible",
    "ahora",
    "ahora mismo",
    "ya mismo",
    "asap",
    "as soon as possible",
    "as soon as you can",
    "now",
];
const MORNING: &[&str] = &[
    "por la manana",
    "de la manana",
    "a la manana",
    "a primera hora",
    "in the morning",
    "tomorrow morning",
    "a m",
];
const AFTERNOON: &[&str] = &[
    "por la tarde",
    "de la tarde",
    "a la tarde",
    "de la noche",
    "por la noche",
    "in the afternoon",
    "afternoon",
    "in the evening",
    "evening",
    "p m",
];
/// An hour stands after these.
const HOUR_AFTER: &[&str] = &["las", "la", "at", "around", "about", "tipo"];
/// An hour stands before these.
const HOUR_BEFORE: &[&str] = &["h", "hs", "hrs", "horas", "am", "pm", "oclock"];
const HALVES: &[&str] = &["am", "pm"];
const MONTHS: &[&str] = &[
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Hours in words, from one on.
const NUMBERS: [(&str, &str); 12] = [
    ("una", "one"),
    ("dos", "two"),
    ("tres", "three"),
    ("cuatro", "four"),
    ("cinco", "five"),
    ("seis", "six"),
    ("siete", "seven"),
    ("ocho", "eight"),
    ("nueve", "nine"),
    ("diez", "ten"),
    ("once", "eleven"),
    ("doce", "twelve"),
];

/// The number of a token, and what it is glued to: "17h", "5pm", "10", "diez".
fn number_of(token: &str) -> (Option<i8>, Option<&str>) {
    if let Some(index) = NUMBERS
        .iter()
        .position(|(es, en)| *es == token || *en == token)
    {
        return (i8::try_from(index + 1).ok(), None);
    }
    let digits = token.trim_end_matches(|c: char| c.is_alphabetic());
    let mark = token.strip_prefix(digits).filter(|mark| !mark.is_empty());
    if mark.is_some_and(|mark| !HOUR_BEFORE.contains(&mark)) {
        return (None, None);
    }
    (digits.parse().ok(), mark)
}

/// "Y media", "y cuarto" after an hour.
fn minute_after(tokens: &[&str], hour: usize) -> i8 {
    match (tokens.get(hour + 1), tokens.get(hour + 2)) {
        (Some(&"y"), Some(&"media")) => 30,
        (Some(&"y"), Some(&"cuarto")) => 15,
        _ => 0,
    }
}

fn weekday_of(token: &str) -> Option<Weekday> {
    Some(match token {
        "lunes" | "monday" => Weekday::Monday,
        "martes" | "tuesday" => Weekday::Tuesday,
        "miercoles" | "wednesday" => Weekday::Wednesday,
        "jueves" | "thursday" => Weekday::Thursday,
        "viernes" | "friday" => Weekday::Friday,
        "sabado" | "saturday" => Weekday::Saturday,
        "domingo" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
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
