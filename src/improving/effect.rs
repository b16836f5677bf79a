//! Whether a complaint is heard less since something was done about it: its share before and after, with the interval of the difference.

use serde::Serialize;

use super::action::Action;
use crate::ids::Timestamp;
use crate::insights::Opinion;
use crate::insights::figures::{FEW, Share, wilson};

/// So long before and, at most, after the day are compared: four weeks, so that each day of the week counts alike.
const WINDOW_MS: i64 = 28 * 24 * 60 * 60_000;
/// Quantile of the normal distribution for an interval that holds the truth 95 times of 100.
const Z95: f64 = 1.959_964;

/// A share before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// Answers before that asked for a change, of all about the same.
    pub before: Share,
    /// The same since.
    pub after: Share,
    /// The difference, after less before.
    pub difference: Difference,
    /// From when on it was counted.
    pub from: Timestamp,
    /// Since when something is different.
    pub since: Timestamp,
    /// Until when it was counted.
    pub until: Timestamp,
    /// What may be said.
    pub verdict: Verdict,
}

/// A difference of two shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// After less before, -1 to 1.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What may be said of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Too few answers before or after: nothing.
    TooFew,
    /// It is heard less.
    Fell,
    /// It is heard more.
    Rose,
    /// The difference may be chance.
    Unclear,
}

/// The interval of a difference of two shares from the Wilson intervals of each (method 10 of R. G. Newcombe, 1998, Statistics in Medicine 17:873).
pub fn difference((a, of_a): (u32, u32), (b, of_b): (u32, u32)) -> Difference {
    let share = |part: u32, of: u32| {
        if of == 0 {
            0.0
        } else {
            f64::from(part) / f64::from(of)
        }
    };
    let (before, after) = (share(a, of_a), share(b, of_b));
    let ((low_a, high_a), (low_b, high_b)) = (wilson(a, of_a, Z95), wilson(b, of_b, Z95));
    let value = after - before;
    Difference {
        value,
        low: value - (after - low_b).hypot(high_a - before),
        high: value + (high_b - after).hypot(before - low_a),
    }
}

/// What became of the share of answers that ask for a change, at the touchpoints of an action (and of its topic, where it has one): 28 days before
/// `since` against the days since, 28 at most. `since` is the moment at which the action's day began.
pub fn effect<'a>(
    action: &Action,
    opinions: impl IntoIterator<Item = &'a Opinion>,
    since: Timestamp,
    now: Timestamp,
) -> Effect {
    let (from, until) = (since.plus(-WINDOW_MS), now.min(since.plus(WINDOW_MS)));
    let about = |opinion: &&Opinion| {
        let named = |one: &String| opinion.touchpoint.as_ref() == Some(one);
        let touchpoint = action.touchpoints.is_empty() || action.touchpoints.iter().any(named);
        let topic = action.topic.is_none() || opinion.topic == action.topic;
        touchpoint && topic && opinion.at >= from && opinion.at <= until
    };
    let (mut before, mut after) = ((0, 0), (0, 0));
    for opinion in opinions.into_iter().filter(about) {
        let side = if opinion.at < since {
            &mut before
        } else {
            &mut after
        };
        side.0 += u32::from(opinion.asks_for_change());
        side.1 += 1;
    }
    let difference = difference(before, after);
    let verdict = if before.1 < FEW || after.1 < FEW {
        Verdict::TooFew
    } else if difference.high < 0.0 {
        Verdict::Fell
    } else if difference.low > 0.0 {
        Verdict::Rose
    } else {
        Verdict::Unclear
    };
    Effect {
        before: Share::of(before.0, before.1),
        after: Share::of(after.0, after.1),
        difference,
        from,
        since,
        until,
        verdict,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::super::themes::tests::opinion;
    use super::*;
    use crate::ids::OpinionKind;
    use crate::topics::Text;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-4
    }

    #[test]
    fn the_interval_is_newcombes() {
        // Table II of the paper, method 10.
        for ((a, b), low, high) in [
            (((48, 80), (56, 70)), 0.0524, 0.3339),
            (((3, 10), (9, 10)), 0.1705, 0.8090),
            (((0, 20), (10, 10)), 0.6791, 1.0),
            (((0, 29), (5, 56)), -0.0381, 0.1926),
        ] {
            let (found, back) = (difference(a, b), difference(b, a));
            assert!(near(found.low, low) && near(found.high, high), "{found:?}");
            assert!(near(found.low, -back.high) && near(found.high, -back.low));
        }
        let nothing = difference((0, 0), (0, 0));
        assert_eq!((nothing.low, nothing.high), (-1.0, 1.0));
    }

    fn action() -> Action {
        Action {
            id: "coupon".parse().unwrap(),
            said: Text::default(),
            did: Text::default(),
            since: jiff::civil::date(2026, 11, 23),
            touchpoints: vec!["checkout".to_owned()],
            sites: Vec::new(),
            topic: None,
            opinions: Vec::new(),
        }
    }

    /// `bad` of `all` answers at a moment.
    fn answers(at: i64, bad: u8, all: u8) -> Vec<Opinion> {
        let kind = |n| {
            if n < bad {
                OpinionKind::Negative
            } else {
                OpinionKind::Positive
            }
        };
        let at = Timestamp(at);
        let answer = |n| Opinion {
            at,
            ..opinion(n, "checkout", kind(n))
        };
        (0..all).map(answer).collect()
    }

    #[test]
    fn nothing_is_claimed_of_few_and_what_is_claimed_is_beyond_chance() {
        let since = Timestamp(WINDOW_MS * 10);
        let (before, after) = (since.0 - 1, since.0);
        let of = |a: (u8, u8), b: (u8, u8)| {
            let mut all = answers(before, a.0, a.1);
            all.extend(answers(after, b.0, b.1));
            // Elsewhere, and long before: neither counts.
            all.push(opinion(9, "delivery", OpinionKind::Negative));
            all.extend(answers(since.0 - WINDOW_MS - 1, 9, 9));
            effect(&action(), &all, since, since.plus(60_000))
        };
        assert_eq!(of((20, 40), (0, 29)).verdict, Verdict::TooFew);
        assert_eq!(of((20, 29), (0, 40)).verdict, Verdict::TooFew);
        let fell = of((20, 40), (4, 40));
        assert_eq!(
            (fell.before.part, fell.before.of, fell.after.part),
            (20, 40, 4)
        );
        assert_eq!(
            (fell.verdict, fell.difference.high < 0.0),
            (Verdict::Fell, true)
        );
        assert_eq!(of((4, 40), (20, 40)).verdict, Verdict::Rose);
        assert_eq!(of((20, 40), (18, 40)).verdict, Verdict::Unclear);
    }

    #[test]
    fn a_topic_narrows_it_and_the_days_after_are_as_many_as_before() {
        let since = Timestamp(WINDOW_MS * 10);
        let narrow = Action {
            topic: Some("coupons".parse().unwrap()),
            ..action()
        };
        let mut all = answers(since.0, 3, 3);
        all[0].topic.clone_from(&narrow.topic);
        let late = since.plus(2 * WINDOW_MS);
        let found = effect(&narrow, &all, since, late);
        assert_eq!((found.after.of, found.until), (1, since.plus(WINDOW_MS)));
    }
}
