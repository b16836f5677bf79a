//! `hours.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use opening_hours::localization::Country;

use super::super::catalog::Schedule;
use super::super::fault::{Fault, Near, Target};
use super::super::fields::{Fields, date, entries, items, number, one_or_more, word};
use super::super::notes::Notes;
use super::super::yaml::{Kind, Node};
use super::assistant::time_zone;

/// Days as files name them, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Longest promise: four weeks of opening time at eight hours a day.
const REPLY_MAX_MINUTES: u32 = 9_600;

pub(super) fn schedules(node: &Node, notes: &mut Notes) -> BTreeMap<String, Schedule> {
    let mut schedules = BTreeMap::new();
    let Some(fields) = Fields::of(node, &["schedules"], notes) else {
        return schedules;
    };
    let Some(node) = fields.must("schedules", notes) else {
        return schedules;
    };
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Schedule, &key.text);
        if let Some(schedule) = schedule(node, notes) {
            schedules.insert(key.text.clone(), schedule);
        }
    }
    schedules
}

fn schedule(node: &Node, notes: &mut Notes) -> Option<Schedule> {
    let known = [
        "time_zone",
        "open",
        "country",
        "holidays",
        "open_on",
        "reply_within_minutes",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let time_zone = fields
        .must("time_zone", notes)
        .and_then(|node| time_zone(node, notes));
    let open = fields
        .must("open", notes)
        .map(|node| open(node, notes))
        .unwrap_or_default();
    let mut holidays = match fields.get("country") {
        Some(node) => national_holidays(node, notes),
        None => BTreeSet::new(),
    };
    holidays.extend(dates(fields.get("holidays"), notes));
    for (node, day) in dated(fields.get("open_on"), notes) {
        if !holidays.remove(&day) {
            let day = day.to_string();
            notes.fault(&node.place, &Fault::OpenAnyway { day });
        }
    }
    let reply_within_minutes = fields
        .get("reply_within_minutes")
        .and_then(|node| number(node, &(1..=REPLY_MAX_MINUTES), notes))
        .unwrap_or(120);
    Some(Schedule {
        time_zone: time_zone?,
        open,
        holidays,
        reply_within_minutes,
    })
}

/// The public holidays of a whole country, by its code of ISO 3166-1, as far as the library `opening-hours` knows them (its table comes from
/// Nager.Date); those of a region or a city are not among them.
fn national_holidays(node: &Node, notes: &mut Notes) -> BTreeSet<Date> {
    let Some(code) = word(node, notes) else {
        return BTreeSet::new();
    };
    let Ok(country) = code.parse::<Country>() else {
        let code = code.to_owned();
        notes.fault(&node.place, &Fault::UnknownCountry { code });
        return BTreeSet::new();
    };
    let holidays = country.holidays();
    // The library's dates are of another calendar crate; both write them as ISO 8601.
    let days = holidays.get_public().iter();
    days.filter_map(|day| day.to_string().parse().ok())
        .collect()
}

fn dates(list: Option<&Node>, notes: &mut Notes) -> Vec<Date> {
    dated(list, notes).into_iter().map(|(_, day)| day).collect()
}

/// The dates of a list, each with its place.
fn dated<'n>(list: Option<&'n Node>, notes: &mut Notes) -> Vec<(&'n Node, Date)> {
    let days = list.and_then(|list| items(list, notes)).unwrap_or_default();
    days.iter()
        .filter_map(|node| Some((node, date(node, notes)?.parse().ok()?)))
        .collect()
}

fn open(node: &Node, notes: &mut Notes) -> [Vec<(u16, u16)>; 7] {
    let mut week: [Vec<(u16, u16)>; 7] = Default::default();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let Some(days) = days(&key.text) else {
            let known = DAYS.into_iter().chain(["mon-fri", "mon-sun"]);
            let fault = Fault::UnknownWord {
                word: key.text.clone(),
                near: Near::to(&key.text, known),
            };
            notes.fault(&key.place, &fault);
            continue;
        };
        if matches!(node.kind, Kind::Nothing) {
            continue;
        }
        for item in one_or_more(node) {
            let Some(text) = word(item, notes) else {
                continue;
            };
            let Some((from, to)) = span(text) else {
                let text = text.to_owned();
                notes.fault(&item.place, &Fault::BadSpan { text });
                continue;
            };
            let mut overlaps = false;
            for day in week.iter_mut().take(days.1 + 1).skip(days.0) {
                overlaps |= day.iter().any(|(f, t)| from < *t && *f < to);
                day.push((from, to));
            }
            if overlaps {
                let text = text.to_owned();
                notes.fault(&item.place, &Fault::Overlap { text });
            }
        }
    }
    for day in &mut week {
        day.sort_unstable();
    }
    week
}

/// `mon` or `mon-fri`, as first and last day from 0.
fn days(text: &str) -> Option<(usize, usize)> {
    let index = |day: &str| DAYS.iter().position(|known| *known == day);
    match text.split_once('-') {
        None => index(text).map(|day| (day, day)),
        Some((first, last)) => {
            let (first, last) = (index(first)?, index(last)?);
            (first <= last).then_some((first, last))
        }
    }
}

/// `09:00-14:00` in minutes after midnight.
fn span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (clock(from)?, clock(to)?);
    (from < to).then_some((from, to))
}

pub(super) fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str, length: std::ops::RangeInclusive<usize>| {
        (length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (hours, minutes) = (digits(hours, 1..=2)?, digits(minutes, 2..=2)?);
    let at = hours * 60 + minutes;
    (minutes < 60 && at <= 24 * 60).then_some(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::super::super::yaml::parse;
    use super::*;

    #[test]
    fn a_country_brings_its_holidays_and_some_are_worked() {
        let text = "schedules:\n  madrid:\n    time_zone: Europe/Madrid\n    open: {mon-fri: [\"09:00-14:00\"]}\n    \
                    country: ES\n    holidays: [2027-05-15]\n    open_on: [2027-10-12]\n";
        let mut problems = Vec::new();
        let node = parse(&"hours.yaml".into(), text, &mut problems).unwrap();
        let mut notes = Notes::default();
        let read = schedules(&node, &mut notes);
        let day = |month, day| jiff::civil::date(2027, month, day);
        let closed = &read["madrid"].holidays;
        for holiday in [day(1, 6), day(3, 26), day(5, 15), day(12, 25)] {
            assert!(closed.contains(&holiday), "{holiday}");
        }
        assert!(!closed.contains(&day(10, 12)), "worked");
        assert!(
            !closed.contains(&day(3, 25)),
            "a holiday of some regions only"
        );
    }

    #[test]
    fn spans_are_hours_of_one_day() {
        assert_eq!(span("09:00-14:00"), Some((540, 840)));
        assert_eq!(span("9:00 - 24:00"), Some((540, 1440)));
        for bad in [
            "14:00-09:00",
            "9-14",
            "09:60-10:00",
            "09:00-24:01",
            "+9:00-10:00",
            "ñ:00-10:00",
        ] {
            assert_eq!(span(bad), None, "{bad}");
        }
    }
}
