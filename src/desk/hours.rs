//! Opening hours: whether a team is there, and when an answer can be promised.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use crate::ids::Timestamp;
use crate::topics::Schedule;

/// How far ahead an opening is looked for: a closed August still gets its promise.
const DAYS_AHEAD: usize = 60;

/// Whether the schedule is open at this moment. An unknown time zone counts as UTC; `check` refuses it before.
pub fn is_open(schedule: &Schedule, now: Timestamp) -> bool {
    let zone = zone(schedule);
    let Some(local) = local(now, &zone) else {
        return false;
    };
    spans(schedule, local.date()).any(|(from, to)| from <= local && local < to)
}

/// The moment by which an answer is promised: `reply_within_minutes` of opening time from now on. Nothing when there is no opening in sight.
pub fn reply_by(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    after(schedule, now, schedule.reply_within_minutes)
}

/// The moment at which so many minutes of opening time have passed since `from`. Nothing when there is no such moment in sight.
pub fn after(schedule: &Schedule, from: Timestamp, minutes: u32) -> Option<Timestamp> {
    let mut left = SignedDuration::from_mins(i64::from(minutes));
    for (opens, closes) in openings(schedule, from) {
        let open = closes.duration_since(opens);
        if left <= open {
            let by = opens
                .checked_add(left)
                .ok()?
                .to_zoned(zone(schedule))
                .ok()?;
            return Some(Timestamp(by.timestamp().as_millisecond()));
        }
        left -= open;
    }
    None
}

/// When the team is there again; now, when it is. Nothing when there is no opening in sight.
pub fn next_opening(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let (opens, _) = openings(schedule, now).next()?;
    let opens = opens.to_zoned(zone(schedule)).ok()?;
    Some(Timestamp(opens.timestamp().as_millisecond()).max(now))
}

/// What is left of the opening spans of the coming days, in order: from, until.
pub fn open_spans(schedule: &Schedule, now: Timestamp, days: usize) -> Vec<(Timestamp, Timestamp)> {
    let until = i64::try_from(days)
        .ok()
        .map(|days| now.plus(days.saturating_mul(24 * 60 * 60_000)));
    let zone = zone(schedule);
    let moment = |local: DateTime| {
        let zoned = local.to_zoned(zone.clone()).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    };
    openings(schedule, now)
        .filter_map(|(opens, closes)| Some((moment(opens)?, moment(closes)?)))
        .take_while(|(opens, _)| until.is_some_and(|until| *opens <= until))
        .collect()
}

/// What is left of the opening spans from a moment on, in local time, in order.
fn openings(
    schedule: &Schedule,
    from: Timestamp,
) -> impl Iterator<Item = (DateTime, DateTime)> + '_ {
    let start = local(from, &zone(schedule));
    let first = start.map(DateTime::date);
    std::iter::successors(first, |date| date.tomorrow().ok())
        .take(DAYS_AHEAD)
        .flat_map(|date| spans(schedule, date))
        .filter_map(move |(opens, closes)| {
            let opens = opens.max(start?);
            (opens < closes).then_some((opens, closes))
        })
}

fn zone(schedule: &Schedule) -> TimeZone {
    TimeZone::get(&schedule.time_zone).unwrap_or(TimeZone::UTC)
}

fn local(at: Timestamp, zone: &TimeZone) -> Option<DateTime> {
    Some(
        jiff::Timestamp::from_millisecond(at.0)
            .ok()?
            .to_zoned(zone.clone())
            .datetime(),
    )
}

/// The opening spans of a day, in local time, in order.
fn spans(schedule: &Schedule, date: Date) -> impl Iterator<Item = (DateTime, DateTime)> + '_ {
    let closed = schedule.holidays.contains(&date);
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let of_day = schedule
        .open
        .get(weekday)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let of_day = if closed { &[] } else { of_day };
    of_day.iter().filter_map(move |&(from, to)| {
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        let from = midnight.checked_add(i64::from(from).minutes()).ok()?;
        let to = midnight.checked_add(i64::from(to).minutes()).ok()?;
        Some((from, to))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn madrid() -> Schedule {
        let weekday = vec![(9 * 60, 14 * 60), (16 * 60, 19 * 60)];
        let mut open: [Vec<(u16, u16)>; 7] = std::array::from_fn(|_| weekday.clone());
        open[5] = vec![(10 * 60, 14 * 60)];
        open[6] = vec![];
        Schedule {
            time_zone: "Europe/Madrid".into(),
            open,
            holidays: [jiff::civil::date(2026, 12, 25)].into(),
            reply_within_minutes: 120,
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn open_means_open_there() {
        // 08:30Z is 09:30 in Madrid in winter.
        assert!(is_open(&madrid(), at("2026-11-23T08:30:00Z")));
        assert!(!is_open(&madrid(), at("2026-11-23T07:59:00Z")));
        assert!(!is_open(&madrid(), at("2026-11-23T13:00:00Z")), "siesta");
        assert!(!is_open(&madrid(), at("2026-12-25T10:00:00Z")), "holiday");
        assert!(!is_open(&madrid(), at("2026-11-22T10:00:00Z")), "Sunday");
    }

    #[test]
    fn the_coming_days_have_their_spans_and_no_holiday() {
        let spans = open_spans(&madrid(), at("2026-12-24T17:00:00Z"), 2);
        assert_eq!(
            spans,
            [
                (at("2026-12-24T17:00:00Z"), at("2026-12-24T18:00:00Z")),
                (at("2026-12-26T09:00:00Z"), at("2026-12-26T13:00:00Z")),
            ]
        );
    }

    #[test]
    fn the_next_opening_is_now_or_the_next_span() {
        let next = |text| next_opening(&madrid(), at(text));
        assert_eq!(
            next("2026-11-23T08:30:00Z"),
            Some(at("2026-11-23T08:30:00Z"))
        );
        assert_eq!(
            next("2026-11-23T13:00:00Z"),
            Some(at("2026-11-23T15:00:00Z")),
            "after the siesta"
        );
        assert_eq!(
            next("2026-11-28T13:30:00Z"),
            Some(at("2026-11-30T08:00:00Z")),
            "over the Sunday"
        );
    }

    #[test]
    fn a_promise_counts_opening_minutes_only() {
        // 02:00 on a Monday: two opening hours after 09:00.
        assert_eq!(
            reply_by(&madrid(), at("2026-11-23T01:00:00Z")),
            Some(at("2026-11-23T10:00:00Z"))
        );
        // 18:00 on a Friday: one hour is left, the other is Saturday's first.
        assert_eq!(
            reply_by(&madrid(), at("2026-11-27T17:00:00Z")),
            Some(at("2026-11-28T10:00:00Z"))
        );
        // Saturday 13:30: half an hour is left, the rest on Monday.
        assert_eq!(
            reply_by(&madrid(), at("2026-11-28T12:30:00Z")),
            Some(at("2026-11-30T09:30:00Z"))
        );
        let never = Schedule {
            open: std::array::from_fn(|_| vec![]),
            ..madrid()
        };
        assert_eq!(reply_by(&never, at("2026-11-28T12:30:00Z")), None);
    }
}
