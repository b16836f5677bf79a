//! Hours as people name them, and which hours of a day are meant.

use jiff::civil::Time;

use super::super::numbers::spelled;
use super::super::scan::Scan;
use super::Asked;

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
pub(super) fn clock_named(
    scan: Scan<'_>,
    at: usize,
    asked: Asked,
) -> Option<(Clock, Option<Part>, usize)> {
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
pub(super) fn clock_from(scan: Scan<'_>, at: usize) -> Option<(Clock, Option<Part>, usize)> {
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
pub(super) fn hour<'t>(scan: Scan<'t>, at: usize) -> Option<(i8, Option<&'t str>)> {
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

pub(super) fn part_named(word: &str) -> Option<Part> {
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
pub(super) fn part(scan: Scan<'_>, at: usize) -> Option<(Part, usize)> {
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
