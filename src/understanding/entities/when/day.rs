//! Days as people name them, and which day of the calendar is meant.

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};

use super::super::super::calendar::{month_of, weekday_of};
use super::super::duration::{self, Unit};
use super::super::numbers::{ordinal, spelled};
use super::super::scan::Scan;
use super::{Asked, part_named};
use crate::ids::Lang;

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

/// A day that is named at a place.
pub(super) fn day_named(
    scan: Scan<'_>,
    at: usize,
    asked: Asked,
    locale: &Lang,
) -> Option<(Day, usize)> {
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

/// The date and the time that a moment on the clock and the pieces of a message make.
pub(in crate::understanding) fn date_of(
    day: Day,
    now: Option<DateTime>,
    toward: Toward,
) -> Option<Date> {
    match (day, now) {
        (day, Some(now)) => day.resolve(now.date(), toward),
        // Without a clock only a whole date is one.
        (Day::Date { year: Some(_), .. }, None) => day.resolve(Date::constant(2000, 1, 1), toward),
        (_, None) => None,
    }
}
