//! Days and hours as people name them, in Spanish and English: "el viernes que viene", "hace tres días", "pasado mañana a las 7 de la tarde",
//! "in two weeks", "3/4".
//!
//! The crates for this read English only (`interim`, `two_timer`, `chrono-english`, `dateparser`), and none tells "mañana" from "por la mañana":
//! the reader is ours. It knows no clock: what a [`Day`] means is asked with the day that today is.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::{Date, DateTime, Time, Weekday};

use super::super::calendar::{month_of, weekday_of};
use super::super::normalise::{Folded, words};
use super::duration::{self, Unit};
use super::numbers::{may_lead, ordinal, spelled};
use super::scan::Scan;
use crate::ids::Lang;

/// What was asked for, so that a bare number may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing of that kind.
    Nothing,
    /// A day: "el 27".
    Day,
    /// An hour: "17", "5 y media".
    Hour,
}

/// Where a day lies that could be a past or a coming one: "el martes", "3 de abril".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Whichever is nearer; a bare weekday is the coming one.
    Nearest,
    /// Today or later.
    Future,
    /// Today or before.
    Past,
}

/// Which of the days of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one at hand, today too.
    This,
    /// The next one, not today.
    Next,
    /// The last one, not today.
    Last,
    /// The one of the week after this (1), or of the week before (-1).
    OfWeek(i64),
}

/// A day as it was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// So many months and days from today.
    In {
        /// Months, negative for the past.
        months: i64,
        /// Days, negative for the past.
        days: i64,
    },
    /// By its name.
    Weekday(Weekday, Which),
    /// By its number alone.
    OfMonth(i8),
    /// By day and month, perhaps with the year.
    Date {
        /// Day of the month.
        day: i8,
        /// Month, from 1.
        month: i8,
        /// The year, where it was told.
        year: Option<i16>,
    },
}

impl Day {
    /// The day that is meant, where there is such a one.
    pub fn resolve(self, today: Date, toward: Toward) -> Option<Date> {
        match self {
            Self::In { months, days } => {
                let span = Span::new().try_months(months).ok()?.try_days(days).ok()?;
                today.checked_add(span).ok()
            }
            Self::Weekday(weekday, which) => on_weekday(today, weekday, which, toward),
            Self::OfMonth(day) => {
                let back = toward == Toward::Past;
                (0..4).find_map(|away| {
                    let away = if back { -away } else { away };
                    let month = today
                        .first_of_month()
                        .checked_add(Span::new().months(away))
                        .ok()?;
                    let date = Date::new(month.year(), month.month(), day).ok()?;
                    let fits = if back { date <= today } else { date >= today };
                    fits.then_some(date)
                })
            }
            Self::Date {
                day,
                month,
                year: Some(year),
            } => Date::new(year, month, day).ok(),
            Self::Date {
                day,
                month,
                year: None,
            } => {
                // 29 February comes every fourth year.
                let years = (-8..=8).filter_map(|away: i16| {
                    Date::new(today.year().checked_add(away)?, month, day).ok()
                });
                let fitting = years.filter(|date| match toward {
                    Toward::Nearest => true,
                    Toward::Future => *date >= today,
                    Toward::Past => *date <= today,
                });
                fitting.min_by_key(|date| (today - *date).get_days().abs())
            }
        }
    }
}

fn on_weekday(today: Date, weekday: Weekday, which: Which, toward: Toward) -> Option<Date> {
    let ahead = i64::from(today.weekday().until(weekday));
    let days = match which {
        Which::This if toward == Toward::Past => -((7 - ahead) % 7),
        Which::This => ahead,
        Which::Next => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        Which::Last => {
            if ahead == 0 {
                -7
            } else {
                ahead - 7
            }
        }
        Which::OfWeek(weeks) => {
            let from_monday = |day: Weekday| i64::from(Weekday::Monday.until(day));
            from_monday(weekday) - from_monday(today.weekday()) + 7 * weeks
        }
    };
    today.checked_add(Span::new().days(days)).ok()
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Until noon.
    Morning,
    /// From noon on, the evening too.
    Afternoon,
    /// The small hours: "las 2 de la madrugada".
    Night,
}

/// Hour and minute as they were said: "las 5" is 5 or 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// Whether the hour can only be meant as it stands: "17:30", "05:00".
    pub exact: bool,
}

impl Clock {
    /// The times that can be meant, the one as it stands first.
    pub fn times(self, part: Option<Part>) -> Vec<Time> {
        let later = (self.hour < 12 && !self.exact).then(|| self.hour + 12);
        let hours = match part {
            Some(Part::Morning | Part::Night) => vec![self.hour],
            Some(Part::Afternoon) => vec![later.unwrap_or(self.hour)],
            None => [Some(self.hour), later].into_iter().flatten().collect(),
        };
        let minute = self.minute;
        let times = hours.into_iter();
        times
            .filter_map(|hour| Time::new(hour, minute, 0, 0).ok())
            .collect()
    }

    /// The one that is likelier by day: from one to seven o'clock it is the afternoon.
    pub fn likely(self, part: Option<Part>) -> Option<Time> {
        let midnight = self.hour == 12 && part == Some(Part::Night);
        let by_day = part.is_none() && !self.exact && (1..=7).contains(&self.hour);
        let part = if by_day { Some(Part::Afternoon) } else { part };
        let hour = if midnight { 0 } else { self.hour };
        Self { hour, ..self }.times(part).into_iter().next()
    }
}

/// What a text says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct When {
    /// The day.
    pub day: Option<Day>,
    /// The hour.
    pub clock: Option<Clock>,
    /// The part of the day.
    pub part: Option<Part>,
    /// As soon as can be.
    pub soon: bool,
}

impl When {
    /// Reads a text; nothing where it says nothing of a time. `locale` tells which number of "3/4" is the day.
    pub fn read(text: &str, asked: Asked, locale: &Lang) -> Option<Self> {
        let folded = Folded::new(text);
        let words = words(&folded);
        let mut when = Self::default();
        for piece in pieces(Scan::new(folded.as_str(), &words), asked, locale) {
            match piece.what {
                What::Day(day) => when.day = when.day.or(Some(day)),
                What::Clock(clock, part) => {
                    when.clock = when.clock.or(Some(clock));
                    when.part = when.part.or(part);
                }
                What::Part(part) => when.part = when.part.or(Some(part)),
                What::Soon => when.soon = true,
            }
        }
        (when != Self::default()).then_some(when)
    }
}

/// One thing that was said of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Day(Day),
    Clock(Clock, Option<Part>),
    Part(Part),
    Soon,
}

/// Where it was said, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) what: What,
    pub(super) at: usize,
    pub(super) words: usize,
}

/// All that a message says of days and hours, in order. Linear: each place is looked at once, a few words ahead.
pub(super) fn pieces(scan: Scan<'_>, asked: Asked, locale: &Lang) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut bare = Vec::new();
    let mut at = 0;
    while at < scan.len() && found.len() < super::MOST_FOUND {
        if !may_begin(scan.word(at)) {
            at += 1;
            continue;
        }
        let here = piece(scan, at, asked, locale);
        let words = here.map_or(1, |(_, words)| words);
        match here {
            Some((What::Day(day), words)) => {
                found.push(Piece {
                    what: What::Day(day),
                    at,
                    words,
                });
                // "Esta tarde" and "tomorrow morning" are a day and a part of it.
                let last = scan.word(at + words - 1);
                if let Some(part) =
                    part_named(last).filter(|_| last != "manana" || scan.word(at) == "esta")
                {
                    found.push(Piece {
                        what: What::Part(part),
                        at,
                        words,
                    });
                }
            }
            Some((what, words)) => found.push(Piece { what, at, words }),
            None if asked == Asked::Hour && bare.len() < 3 => {
                bare.extend(hour(scan, at).map(|_| at))
            }
            None => {}
        }
        at += words;
    }
    let told = found
        .iter()
        .any(|piece| matches!(piece.what, What::Clock(..)));
    if let (false, Some(&first)) = (told, bare.first())
        && let Some((clock, part, words)) = clock_from(scan, first)
        && bare.iter().all(|at| *at < first + words)
    {
        found.push(Piece {
            what: What::Clock(clock, part),
            at: first,
            words,
        });
    }
    found
}

/// Words with which something of a time may begin, besides numbers, months and weekdays.
static BEGINNING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let words = "hoy today tonight esta this ayer yesterday anoche last anteayer antier antes pasado manana tomorrow tomorow tmrw tmr day proximo \
        next este hace dentro en in de a por al el dia the at around about by las la tipo desde hasta sobre hacia mediodia noon midday medianoche \
        midnight quarter cuanto lo ahora ya asap as now morning afternoon evening";
    words.split_whitespace().collect()
});

/// Whether something of a time may begin with this folded word: asked of every word, so it is quick.
fn may_begin(word: &str) -> bool {
    BEGINNING.contains(word)
        || may_lead(word)
        || (word.len() > 2
            && (month_of(word).is_some() || weekday_of(word).is_some() || ordinal(word).is_some()))
}

fn piece(scan: Scan<'_>, at: usize, asked: Asked, locale: &Lang) -> Option<(What, usize)> {
    if let Some(words) = scan.one_of(at, SOON) {
        return Some((What::Soon, words));
    }
    if let Some((part, words)) = part(scan, at) {
        return Some((What::Part(part), words));
    }
    if let Some((day, words)) = day(scan, at, asked, locale) {
        return Some((What::Day(day), words));
    }
    let (clock, part, words) = clock(scan, at, asked)?;
    Some((What::Clock(clock, part), words))
}

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

fn part_named(word: &str) -> Option<Part> {
    match word {
        "manana" | "mananas" | "morning" => Some(Part::Morning),
        "tarde" | "tardes" | "noche" | "noches" | "afternoon" | "evening" | "night" | "tonight" => {
            Some(Part::Afternoon)
        }
        "madrugada" => Some(Part::Night),
        _ => None,
    }
}

/// "Por la mañana", "de la tarde", "in the evening", "at night".
fn part(scan: Scan<'_>, at: usize) -> Option<(Part, usize)> {
    match scan.word(at) {
        "por" | "de" | "a" | "en" if matches!(scan.word(at + 1), "la" | "las") => {
            Some((part_named(scan.word(at + 2))?, 3))
        }
        "in" if scan.word(at + 1) == "the" => Some((part_named(scan.word(at + 2))?, 3)),
        "at" if scan.word(at + 1) == "night" => Some((Part::Afternoon, 2)),
        "a" if scan.says(at, "a primera hora").is_some() => Some((Part::Morning, 3)),
        "a" if scan.says(at, "a ultima hora").is_some() => Some((Part::Afternoon, 3)),
        "afternoon" | "evening" | "morning" if scan.before(at) != "good" => {
            Some((part_named(scan.word(at))?, 1))
        }
        _ => None,
    }
}

/// A day that is named at a place.
fn day(scan: Scan<'_>, at: usize, asked: Asked, locale: &Lang) -> Option<(Day, usize)> {
    let from_today = |days: i64, words: usize| Some((Day::In { months: 0, days }, words));
    match scan.word(at) {
        "hoy" | "today" | "tonight" => return from_today(0, 1),
        "esta" | "this"
            if matches!(
                scan.word(at + 1),
                "manana" | "tarde" | "noche" | "morning" | "afternoon" | "evening"
            ) =>
        {
            return from_today(0, 2);
        }
        "ayer" | "yesterday" | "anoche" => return from_today(-1, 1),
        "last" if scan.word(at + 1) == "night" => return from_today(-1, 2),
        "anteayer" | "antier" => return from_today(-2, 1),
        "antes" if scan.says(at, "antes de ayer").is_some() => {
            return from_today(-2, 3);
        }
        "pasado" if scan.says(at, "pasado manana").is_some() => return from_today(2, 2),
        "manana" if !matches!(scan.before(at), "la" | "una" | "cada") => return from_today(1, 1),
        "tomorrow" | "tomorow" | "tmrw" | "tmr" => {
            let part = part_named(scan.word(at + 1)).filter(|_| scan.is_near(at + 1));
            return from_today(1, 1 + usize::from(part.is_some()));
        }
        "day" if scan.says(at, "day after tomorrow").is_some() => return from_today(2, 3),
        "day" if scan.says(at, "day before yesterday").is_some() => return from_today(-2, 3),
        _ => {}
    }
    by_weekday(scan, at, locale)
        .or_else(|| by_distance(scan, at))
        .or_else(|| by_date(scan, at, locale))
        .or_else(|| by_number(scan, at, asked))
}

/// "El viernes que viene", "next Friday", "viernes 27 de noviembre".
fn by_weekday(scan: Scan<'_>, at: usize, locale: &Lang) -> Option<(Day, usize)> {
    let (lead, which) = match scan.word(at) {
        "proximo" | "next" => (1, Some(Which::Next)),
        "pasado" | "last" => (1, Some(Which::Last)),
        "este" | "this" => (1, Some(Which::This)),
        _ => (0, None),
    };
    let weekday = weekday_of(scan.word(at + lead))?;
    let after = at + lead + 1;
    let day_number = matches!(scan.gap(after), " " | ", ")
        && scan.number(after).is_some_and(|n| (1..=31).contains(&n));
    if day_number && lead == 0 {
        // The number decides: whoever writes both has looked at a calendar.
        if let Some((day, words)) = by_date(scan, after, locale) {
            return Some((day, words + 1));
        }
        let number = i8::try_from(scan.number(after)?).ok()?;
        if !matches!(scan.word(after + 1), "h" | "hs" | "horas" | "am" | "pm") {
            return Some((Day::OfMonth(number), 2));
        }
    }
    let behind: &[(&str, Which)] = &[
        ("de la semana que viene", Which::OfWeek(1)),
        ("de la proxima semana", Which::OfWeek(1)),
        ("de la semana proxima", Which::OfWeek(1)),
        ("de la semana pasada", Which::OfWeek(-1)),
        ("de la otra semana", Which::OfWeek(1)),
        ("of next week", Which::OfWeek(1)),
        ("next week", Which::OfWeek(1)),
        ("of last week", Which::OfWeek(-1)),
        ("que viene", Which::Next),
        ("proximo", Which::Next),
        ("siguiente", Which::Next),
        ("que paso", Which::Last),
        ("pasado", Which::Last),
    ];
    let told = behind.iter().find_map(|(phrase, which)| {
        let words = scan.says(after, phrase)?;
        // "El viernes, pasado mañana no."
        (scan.is_near(after) && scan.word(after + words) != "manana").then_some((*which, words))
    });
    let (which, more) = told.map_or((which.unwrap_or(Which::This), 0), |(which, more)| {
        (which, more)
    });
    Some((Day::Weekday(weekday, which), lead + 1 + more))
}

/// "Hace tres días", "two weeks ago", "dentro de un mes", "in 3 days".
fn by_distance(scan: Scan<'_>, at: usize) -> Option<(Day, usize)> {
    let (lead, sign) = if scan.word(at) == "hace" {
        (1, Some(-1))
    } else if let Some(words) = scan.one_of(at, &["dentro de", "en", "in", "de aqui a", "de aca a"])
    {
        (words, Some(1))
    } else {
        (0, None)
    };
    let (many, unit, words) = duration::counted(scan, at + lead)?;
    let after = at + lead + words;
    let near = scan.is_near(after);
    let (sign, more) = match (sign, scan.word(after)) {
        (None, "atras" | "ago" | "earlier") if near => (-1, 1),
        (None, "from") if near && matches!(scan.word(after + 1), "now" | "today") => (1, 2),
        (None, _) => return None,
        (Some(1), "from") if scan.word(after + 1) == "now" => (1, 2),
        (Some(sign), _) => (sign, 0),
    };
    let many = i64::from(many).checked_mul(sign)?;
    let (months, days) = match unit {
        Unit::Day => (0, many),
        Unit::Week => (0, many * 7),
        Unit::Fortnight => (0, many * 14),
        Unit::HalfMonth => (0, many * 15),
        Unit::Month => (many, 0),
        Unit::Year => (many * 12, 0),
        Unit::Second | Unit::Minute | Unit::Hour => return None,
    };
    Some((Day::In { months, days }, lead + words + more))
}

/// "27 de noviembre de 2026", "November 27th", "27/11", "2026-11-27".
fn by_date(scan: Scan<'_>, at: usize, locale: &Lang) -> Option<(Day, usize)> {
    if let Some(month) = month_of(scan.word(at)) {
        // "May" alone may be a verb, and "mar" the sea: it takes a day behind it.
        let (day, _) = day_number(scan, at + 1)?;
        let (year, more) = year(scan, at + 2);
        return (matches!(scan.gap(at + 1), " " | ". "))
            .then_some((Day::Date { day, month, year }, 2 + more));
    }
    if let Some(date) = in_figures(scan, at, locale) {
        return Some(date);
    }
    let (day, words) = day_number(scan, at)?;
    let mut next = at + words;
    if matches!(scan.word(next), "de" | "of") {
        next += 1;
    }
    let month =
        month_of(scan.word(next)).filter(|_| scan.is_near(next) && scan.is_near(at + words))?;
    let (year, more) = year(scan, next + 1);
    Some((Day::Date { day, month, year }, next + 1 - at + more))
}

/// The number of a day, in figures, as a rank or in words.
fn day_number(scan: Scan<'_>, at: usize) -> Option<(i8, usize)> {
    let ranked = || ordinal(scan.word(at)).map(|rank| (rank, 1));
    let in_words = || {
        let read = spelled(scan, at)?;
        Some((u32::try_from(read.value).ok()?, read.words))
    };
    let (number, words) = scan
        .number(at)
        .map(|n| (n, 1))
        .or_else(ranked)
        .or_else(in_words)?;
    (1..=31)
        .contains(&number)
        .then_some((i8::try_from(number).ok()?, words))
}

/// A year behind a date: "de 2026", "del 2026", ", 2026".
fn year(scan: Scan<'_>, at: usize) -> (Option<i16>, usize) {
    let lead = usize::from(matches!(scan.word(at), "de" | "del" | "of"));
    let year = scan
        .number(at + lead)
        .filter(|year| (1900..=2100).contains(year) && matches!(scan.gap(at + lead), " " | ", "));
    match year.and_then(|year| i16::try_from(year).ok()) {
        Some(year) => (Some(year), lead + 1),
        None => (None, 0),
    }
}

/// "27/11", "27-11-26", "2026-11-27"; where both could be the day, the first is, but in the United States.
fn in_figures(scan: Scan<'_>, at: usize, locale: &Lang) -> Option<(Day, usize)> {
    // In the midst of a longer number or fraction nothing begins.
    let follows =
        matches!(scan.gap(at), "/" | "-" | "." | ",") && scan.number(at.checked_sub(1)?).is_some();
    let (first, second) = (scan.number(at)?, scan.number(at + 1)?);
    let sign = scan.gap(at + 1);
    if follows || !matches!(sign, "/" | "-" | ".") {
        return None;
    }
    let third = scan.number(at + 2).filter(|_| scan.gap(at + 2) == sign);
    let longer = scan.gap(at + 3) == sign && scan.number(at + 3).is_some();
    if longer {
        return None;
    }
    let (day, month, year, words) = match (first, second, third) {
        (year @ 1900..=2100, month, Some(day)) => (day, month, Some(year), 3),
        (day, month, Some(year @ 1900..=2100)) => (day, month, Some(year), 3),
        (day, month, Some(year @ 0..=99)) if scan.end(at + 2) - scan.start(at + 2) == 2 => {
            (day, month, Some(2000 + year), 3)
        }
        (_, _, Some(_)) => return None,
        // "24/7" is always; "3-4" and "3.4" are no dates.
        (24, 7, None) => return None,
        (day, month, None) if sign == "/" => (day, month, None, 2),
        (_, _, None) => return None,
    };
    let month_first = (locale.as_str() == "en-US" && month <= 31 && day <= 12 && first < 1900)
        || (month > 12 && day <= 12);
    let (day, month) = if month_first {
        (month, day)
    } else {
        (day, month)
    };
    let date = Day::Date {
        day: i8::try_from(day).ok()?,
        month: i8::try_from(month).ok()?,
        year: year.and_then(|year| i16::try_from(year).ok()),
    };
    // 31/2 is no day of any year; 29/2 is one of some.
    let leap = year
        .and_then(|year| i16::try_from(year).ok())
        .unwrap_or(2024);
    let exists = Date::new(leap, i8::try_from(month).ok()?, i8::try_from(day).ok()?).is_ok();
    exists.then_some((date, words))
}

/// "El día 27"; where a day was asked, also "el 27".
fn by_number(scan: Scan<'_>, at: usize, asked: Asked) -> Option<(Day, usize)> {
    let lead = scan.one_of(at, &["el dia", "dia", "the"]).unwrap_or(0);
    let named = lead > 0 && scan.word(at) != "the";
    let lead = match (asked, lead) {
        (Asked::Day, 0) => usize::from(scan.word(at) == "el"),
        (_, lead) => lead,
    };
    if !named && asked != Asked::Day {
        return None;
    }
    let (day, words) = day_number(scan, at + lead)?;
    // "El 27 o el 28" is answered by neither; "27 euros" is no day.
    let alone =
        scan.word(at + lead + words).is_empty() || !scan.is_near(at + lead + words) || named;
    alone.then_some((Day::OfMonth(day), lead + words))
}

/// Words before an hour.
const HOUR_AFTER: &[&str] = &[
    "a las",
    "a la",
    "de las",
    "desde las",
    "hasta las",
    "sobre las",
    "hacia las",
    "a eso de las",
    "tipo las",
    "tipo",
    "las",
    "at",
    "around",
    "about",
    "by",
];

/// An hour that is named at a place.
fn clock(scan: Scan<'_>, at: usize, asked: Asked) -> Option<(Clock, Option<Part>, usize)> {
    let fixed = |hour: i8, words: usize| {
        let clock = Clock {
            hour,
            minute: 0,
            exact: true,
        };
        Some((clock, None, words))
    };
    let lead = scan.one_of(at, HOUR_AFTER).unwrap_or(0);
    match scan.word(at + lead) {
        "mediodia" | "noon" | "midday" => return fixed(12, lead + 1),
        "medianoche" | "midnight" => return fixed(0, lead + 1),
        _ => {}
    }
    if let Some(words) = scan.one_of(at, &["al mediodia", "a mediodia"]) {
        return fixed(12, words);
    }
    let before = match scan.word(at + lead) {
        "half" if scan.word(at + lead + 1) == "past" => Some((30, 2)),
        "quarter" if scan.word(at + lead + 1) == "past" => Some((15, 2)),
        "quarter" if scan.word(at + lead + 1) == "to" => Some((-15, 2)),
        _ => None,
    };
    if let Some((minutes, words)) = before {
        let (hour, _) = hour(scan, at + lead + words)?;
        let (clock, mark) = moved(hour, minutes)?;
        let more = mark_behind(scan, at + lead + words + 1);
        return Some((
            clock,
            more.map_or(mark, |(part, _)| part),
            lead + words + 1 + more.map_or(0, |(_, more)| more),
        ));
    }
    let (clock, part, words) = clock_from(scan, at + lead)?;
    let only_one = scan.word(at) == "a" && scan.word(at + 1) == "la";
    if only_one && clock.hour != 1 {
        return None;
    }
    let plain = clock.minute == 0 && part.is_none() && words == 1;
    let figures = scan.gap(at + lead + 1) == ":" && scan.number(at + lead + 1).is_some();
    // "17h" may be seventeen hours.
    let marked = part.is_some() || figures || scan.word(at + lead + 1) == "oclock";
    let glued = asked == Asked::Hour
        && scan
            .glued(at + lead)
            .is_some_and(|(_, unit)| !unit.is_empty());
    let in_english = matches!(scan.word(at), "at" | "around" | "about" | "by" | "tipo");
    // "At 5" and nothing behind it: "about 5 shirts" is no hour.
    let vague = lead == 1
        && in_english
        && plain
        && !scan.word(at + lead + words).is_empty()
        && scan.is_near(at + lead + words)
        && asked != Asked::Hour
        && !matches!(
            scan.word(at + lead + words),
            "on" | "today" | "tomorrow" | "please" | "or" | "and" | "hoy" | "manana"
        );
    ((lead > 0 && !vague) || marked || glued).then_some((clock, part, lead + words))
}

/// An hour with its minutes and what stands behind it, from its number on.
fn clock_from(scan: Scan<'_>, at: usize) -> Option<(Clock, Option<Part>, usize)> {
    let (hour, mark) = hour(scan, at)?;
    let mut words = 1;
    let mut minute = 0;
    let mut minus = 0;
    let next = scan.word(at + 1);
    let two = scan.end(at + 1).saturating_sub(scan.start(at + 1)) == 2;
    let glued = scan.glued(at + 1);
    let spaced = mark.is_none() && scan.gap(at + 1) == " " && two && scan.number(at + 1).is_some();
    if let Some((number, unit)) = glued.filter(|(number, unit)| {
        *number < 60
            && (matches!(scan.gap(at + 1), ":" | ".") || spaced)
            && scan.end(at + 1) - scan.start(at + 1) == 2 + unit.len()
            && (unit.is_empty() || HOUR_UNITS.contains(unit))
    }) {
        minute = i8::try_from(number).ok()?;
        words = 2;
        if !unit.is_empty() {
            let (_, part) = unit_of(unit);
            return Some((exact(hour, minute, scan, at), part, words));
        }
    } else if scan.is_near(at + 1) && matches!(next, "y" | "menos" | "con") {
        let minutes = match scan.word(at + 2) {
            "media" => Some(30),
            "cuarto" => Some(15),
            _ => spelled(scan, at + 2)
                .map(|read| read.value)
                .or(scan.number(at + 2).map(u64::from)),
        };
        if let Some(minutes) = minutes.filter(|minutes| (1..60).contains(minutes)) {
            let length = match scan.word(at + 2) {
                "media" | "cuarto" => 1,
                _ => spelled(scan, at + 2).map_or(1, |read| read.words),
            };
            words = 2 + length;
            if next == "menos" {
                minus = i64::try_from(minutes).ok()?;
            } else {
                minute = i8::try_from(minutes).ok()?;
            }
        }
    } else if scan.is_near(at + 1) && next == "thirty" {
        minute = 30;
        words = 2;
    }
    let mut clock = exact(hour, minute, scan, at);
    if minus > 0 {
        clock = moved(hour, -minus)?.0;
    }
    let mut part = mark.and_then(|mark| unit_of(mark).1);
    if let Some((told, more)) = mark_behind(scan, at + words) {
        part = part.or(told);
        words += more;
    }
    // "De la noche" after twelve is midnight.
    if part == Some(Part::Afternoon)
        && clock.hour == 12
        && scan.before(at + words).starts_with("noche")
    {
        part = Some(Part::Night);
    }
    if part == Some(Part::Morning) && clock.hour == 12 && scan.word(at + words - 1) == "am" {
        part = Some(Part::Night);
    }
    Some((clock, part, words))
}

const HOUR_UNITS: &[&str] = &["h", "hs", "hrs", "am", "pm", "a", "p"];

/// Whether a unit is one of an hour, and which half of the day it tells.
fn unit_of(unit: &str) -> (bool, Option<Part>) {
    match unit {
        "am" | "a" => (true, Some(Part::Morning)),
        "pm" | "p" => (true, Some(Part::Afternoon)),
        "h" | "hs" | "hrs" => (true, None),
        _ => (false, None),
    }
}

/// "05" and "17" can only be meant as they stand.
fn exact(hour: i8, minute: i8, scan: Scan<'_>, at: usize) -> Clock {
    let exact = hour > 12 || hour == 0 || scan.word(at).starts_with('0');
    Clock {
        hour,
        minute,
        exact,
    }
}

/// An hour moved by minutes: "las ocho menos cuarto".
fn moved(hour: i8, minutes: i64) -> Option<(Clock, Option<Part>)> {
    let all = (i64::from(hour) * 60 + minutes).rem_euclid(24 * 60);
    let clock = Clock {
        hour: i8::try_from(all / 60).ok()?,
        minute: i8::try_from(all % 60).ok()?,
        exact: hour > 12,
    };
    Some((clock, None))
}

/// The hour of a word, and what it is glued to: "17h", "5pm", "10", "diez".
fn hour<'t>(scan: Scan<'t>, at: usize) -> Option<(i8, Option<&'t str>)> {
    if let Some((number, unit)) = scan.glued(at) {
        let known = unit.is_empty() || HOUR_UNITS.contains(&unit);
        let hour = i8::try_from(number)
            .ok()
            .filter(|hour| known && *hour <= 23)?;
        return Some((hour, Some(unit).filter(|unit| !unit.is_empty())));
    }
    let read =
        spelled(scan, at).filter(|read| read.words == 1 && (1..=12).contains(&read.value))?;
    (scan.word(at) != "un" && scan.word(at) != "uno")
        .then_some((i8::try_from(read.value).ok()?, None))
}

/// "Hs", "en punto", "o'clock", "p. m.", "de la tarde" behind an hour.
fn mark_behind(scan: Scan<'_>, at: usize) -> Option<(Option<Part>, usize)> {
    if !scan.is_near(at) {
        return None;
    }
    let plain = scan.one_of(
        at,
        &[
            "h", "hs", "hrs", "horas", "en punto", "oclock", "o clock", "sharp",
        ],
    );
    let skipped = plain.unwrap_or(0);
    let here = at + skipped;
    if let Some(words) = scan.one_of(here, &["am", "a m"]) {
        return Some((Some(Part::Morning), skipped + words));
    }
    if let Some(words) = scan.one_of(here, &["pm", "p m"]) {
        return Some((Some(Part::Afternoon), skipped + words));
    }
    if scan.is_near(here)
        && let Some((part, words)) = part(scan, here)
        && words > 1
    {
        return Some((Some(part), skipped + words));
    }
    plain.map(|words| (None, words))
}

/// The date and the time that a moment on the clock and the pieces of a message make.
pub(super) fn date_of(day: Day, now: Option<DateTime>, toward: Toward) -> Option<Date> {
    match (day, now) {
        (day, Some(now)) => day.resolve(now.date(), toward),
        // Without a clock only a whole date is one.
        (Day::Date { year: Some(_), .. }, None) => day.resolve(Date::constant(2000, 1, 1), toward),
        (_, None) => None,
    }
}
