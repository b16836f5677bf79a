//! The service-quality report: what somebody outside the company is told about a year of customer service, each figure auditable.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Rules;
use super::figures::{Asked, CaseFigures, Figures, Middle, Share};
use crate::ids::SiteId;

/// A person who was asked for is meant to be there within so many seconds.
const WAIT_SECONDS: u64 = 180;
/// Working days in which cases are told apart.
const WITHIN: [u32; 4] = [1, 5, 10, 15];

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Where days begin.
    pub time_zone: String,
    /// Of this site; of all where none is said.
    pub site: Option<SiteId>,
    /// The first and the last day of which there is anything.
    pub span: Option<(Date, Date)>,
    /// The figures, in order, by the name under which it is told how they are counted.
    pub figures: Vec<(String, Figure)>,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Figure {
    /// How many.
    Count {
        /// So many.
        count: u32,
    },
    /// What part.
    Share(Share),
    /// The middle one, in seconds.
    Seconds(Middle),
}

/// Working days from one day to another: Mondays to Fridays that are no holiday, behind the first day and up to the last one. What is done on the day
/// on which it came takes none.
pub fn working_days(from: Date, to: Date, is_holiday: impl Fn(Date) -> bool) -> u32 {
    let mut days = 0;
    let mut day = from;
    while day < to {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        let weekday = day.weekday().to_monday_one_offset();
        days += u32::from(weekday <= 5 && !is_holiday(day));
    }
    days
}

impl QualityReport {
    /// The report of a period. `today`: cases that are open are counted up to then.
    pub fn of(figures: &Figures, rules: &Rules, asked: &Asked, today: Date) -> Self {
        let report = figures.report(asked);
        let cases = figures.cases(asked);
        let share = |name: &str| report.shares.get(name).copied();
        let count = |name: &str| report.counts.get(name).copied().unwrap_or(0);
        let mut told: Vec<(String, Figure)> = Vec::new();
        let mut tell = |name: &str, figure: Figure| told.push((name.to_owned(), figure));
        let of = |part: u32, all: u32| Figure::Share(Share::of(part, all));
        let shared = |name: &str| Figure::Share(share(name).unwrap_or_else(|| Share::of(0, 0)));
        tell(
            "sessions",
            Figure::Count {
                count: count("sessions"),
            },
        );
        tell("own_language", shared("own_language"));
        tell(
            "asked_person",
            Figure::Count {
                count: count("asked_person"),
            },
        );
        tell("got_person", shared("got_person"));
        let (within, waits) = figures.waits_within(asked, WAIT_SECONDS);
        tell("wait_within", of(within, waits));
        tell("wait", Figure::Seconds(report.wait));
        tell("abandoned", shared("abandoned"));
        tell(
            "codes",
            Figure::Count {
                count: report.promises.made,
            },
        );
        let kept = report.promises.in_time + report.promises.late;
        tell("cases_answered", of(kept, report.promises.made));
        tell(
            "cases_in_time",
            of(report.promises.in_time, report.promises.made),
        );
        let days: Vec<(u32, bool)> = cases.iter().map(|case| took(case, rules, today)).collect();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for most in WITHIN {
            let done = days.iter().filter(|(days, done)| *done && *days <= most);
            tell(
                &format!("resolved_{most}"),
                of(number(done.count()), number(days.len())),
            );
        }
        let old = days
            .iter()
            .filter(|(days, done)| !done && *days > WITHIN[3]);
        tell(
            "open_too_long",
            Figure::Count {
                count: number(old.count()),
            },
        );
        tell(
            "ended",
            Figure::Count {
                count: count("ended"),
            },
        );
        tell(
            "resolved_by_bot",
            of(count("outcome_resolved_by_bot"), count("ended")),
        );
        tell(
            "resolved_by_agent",
            of(count("outcome_resolved_by_agent"), count("ended")),
        );
        tell("gave_up", shared("gave_up"));
        tell(
            "unresolved",
            of(count("outcome_unresolved"), count("ended")),
        );
        tell("first_contact", shared("first_contact"));
        tell("answered", shared("answered"));
        tell("positive", shared("positive"));
        Self {
            from: asked.from,
            to: asked.to,
            time_zone: figures.zone(),
            site: asked.site.clone(),
            span: figures.span(),
            figures: told,
        }
    }
}

/// Working days that a case took, or has taken so far, and whether it is answered.
fn took(case: &CaseFigures, rules: &Rules, today: Date) -> (u32, bool) {
    let schedule = rules.schedule(&case.team, &case.site);
    let name = schedule.map_or(rules.zone(), |schedule| schedule.time_zone.as_str());
    let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
    let day = |at: crate::ids::Timestamp| {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        moment.to_zoned(zone.clone()).date()
    };
    let is_holiday = |day: Date| schedule.is_some_and(|one| one.holidays.contains(&day));
    let end = case.kept.map_or(today, day);
    (
        working_days(day(case.made), end, is_holiday),
        case.kept.is_some(),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Body, Event, Opening, Private, Promise, PromiseKind};
    use crate::ids::{
        ConversationId, HandoffReason, Lang, Priority, Seq, SessionId, Style, Timestamp,
    };
    use crate::insights::figures::Settings;

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let none = |_: Date| false;
        // Friday to Monday.
        assert_eq!(working_days(day("2026-11-20"), day("2026-11-23"), none), 1);
        assert_eq!(working_days(day("2026-11-20"), day("2026-11-20"), none), 0);
        assert_eq!(working_days(day("2026-11-20"), day("2026-12-11"), none), 15);
        let holiday = |one: Date| one == day("2026-12-08");
        assert_eq!(
            working_days(day("2026-12-07"), day("2026-12-09"), holiday),
            1
        );
        assert_eq!(working_days(day("2026-11-23"), day("2026-11-20"), none), 0);
    }

    #[test]
    fn a_case_is_counted_by_the_working_days_that_it_took() {
        let mut figures = Figures::new(Settings::default());
        let hour = 3_600_000;
        // Friday 2026-11-20, ten o'clock.
        let friday = 1_795_168_800_000;
        for (n, kept) in [(1_u8, Some(2)), (2, Some(72)), (3, None)] {
            let id = ConversationId::from_bytes([n; 16]);
            let mut seq = 0;
            let mut told = |at: i64, body: Body| {
                seq += 1;
                let (seq, private) = (Seq(seq), Private::default());
                let event = Event {
                    seq,
                    at: Timestamp(at),
                    body,
                    private,
                };
                figures.apply(id, &event);
            };
            let opening = Opening {
                site: "es".parse().unwrap(),
                lang: Lang::es(),
                style: Style::Fast,
                channel: "web".to_owned(),
                page: None,
                stage: None,
                touchpoint: None,
                time_zone: None,
                invite: None,
            };
            let session = SessionId::from_bytes([n; 16]);
            told(
                friday,
                Body::SessionOpened {
                    session,
                    opening,
                    choices: Vec::new(),
                },
            );
            let case = format!("M-{n}");
            told(
                friday,
                Body::PromiseMade {
                    client_id: None,
                    promise: Promise {
                        case: case.clone(),
                        team: "default".parse().unwrap(),
                        reason: HandoffReason::CustomerRequest,
                        priority: Priority::Normal,
                        made_at: Timestamp(friday),
                        by: Timestamp(friday + 24 * hour),
                        kind: PromiseKind::Message,
                        agent: None,
                    },
                },
            );
            if let Some(hours) = kept {
                told(friday + hours * hour, Body::PromiseKept { case });
            }
        }
        figures.settle(Timestamp(friday + 24 * 30 * hour));
        let rules = Rules::default();
        let asked = Asked {
            from: "2026-11-01".parse().unwrap(),
            to: "2026-11-30".parse().unwrap(),
            site: None,
            touchpoint: None,
            stage: None,
        };
        let report = QualityReport::of(&figures, &rules, &asked, "2026-12-18".parse().unwrap());
        let of = |name: &str| {
            report
                .figures
                .iter()
                .find(|(one, _)| one == name)
                .unwrap()
                .1
        };
        let Figure::Share(day) = of("resolved_1") else {
            panic!()
        };
        assert_eq!(
            (day.part, day.of),
            (2, 3),
            "the same day, and the Monday after"
        );
        assert_eq!(of("open_too_long"), Figure::Count { count: 1 });
        assert_eq!(of("codes"), Figure::Count { count: 3 });
        let Figure::Share(got) = of("got_person") else {
            panic!()
        };
        assert_eq!((got.part, got.of), (3, 3));
    }
}
