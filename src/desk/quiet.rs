//! Quiet hours: when nobody is told of something that can wait.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::ids::Timestamp;

/// When the quiet hours end in which this moment falls; nothing outside of them. `from` and `to` are minutes after midnight in the zone, over
/// midnight where `from` is later. An unknown zone counts as UTC.
pub fn quiet_until((from, to): (u16, u16), zone: &str, now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = jiff::Timestamp::from_millisecond(now.0)
        .ok()?
        .to_zoned(zone.clone())
        .datetime();
    let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).ok()?;
    let (inside, tomorrow) = if from < to {
        ((from..to).contains(&minute), false)
    } else {
        (minute >= from || minute < to, minute >= from)
    };
    if !inside {
        return None;
    }
    let day = if tomorrow {
        local.date().tomorrow().ok()?
    } else {
        local.date()
    };
    let end = day
        .to_datetime(jiff::civil::Time::midnight())
        .checked_add(i64::from(to).minutes())
        .ok()?;
    let end = end.to_zoned(zone).ok()?;
    Some(Timestamp(end.timestamp().as_millisecond()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_night_ends_in_the_visitors_morning() {
        let night = (21 * 60, 9 * 60);
        let madrid = |now| quiet_until(night, "Europe/Madrid", at(now));
        assert_eq!(madrid("2026-11-23T19:59:00Z"), None);
        assert_eq!(
            madrid("2026-11-23T20:00:00Z"),
            Some(at("2026-11-24T08:00:00Z"))
        );
        assert_eq!(
            madrid("2026-11-24T07:59:00Z"),
            Some(at("2026-11-24T08:00:00Z"))
        );
        assert_eq!(madrid("2026-11-24T08:00:00Z"), None);
        // The clock is set forward in this night.
        assert_eq!(
            madrid("2026-03-28T21:00:00Z"),
            Some(at("2026-03-29T07:00:00Z"))
        );
        let cordoba = quiet_until(
            night,
            "America/Argentina/Cordoba",
            at("2026-11-24T11:00:00Z"),
        );
        assert_eq!(cordoba, Some(at("2026-11-24T12:00:00Z")));
    }

    #[test]
    fn a_rest_at_noon_ends_the_same_day() {
        let noon = (14 * 60, 16 * 60);
        assert_eq!(
            quiet_until(noon, "UTC", at("2026-11-24T15:30:00Z")),
            Some(at("2026-11-24T16:00:00Z"))
        );
        assert_eq!(quiet_until(noon, "UTC", at("2026-11-24T16:00:00Z")), None);
        assert_eq!(
            quiet_until((21 * 60, 24 * 60), "UTC", at("2026-11-24T23:00:00Z")),
            Some(at("2026-11-25T00:00:00Z"))
        );
    }
}
