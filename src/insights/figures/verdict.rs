//! What to do about a place where customers meet the company: act, watch, or leave it alone. One rule for all of them, so that nobody has to be believed.

use serde::Serialize;

use super::intervals::{FEW, Z95, Z99, wilson};

/// From this share of sessions that went badly on, a place needs somebody even where all others are as bad.
pub(super) const ALARM: f64 = 0.25;
/// Fewer sessions than this that went badly are no pattern.
const PATTERN: u32 = 10;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody should look into it now.
    Act,
    /// It may be worse than elsewhere: look again when there are more.
    Watch,
    /// Nothing says that it is worse than elsewhere.
    LeaveAlone,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Even the lower end of its interval is worse than what it is held against.
    Worse,
    /// It is worse, and it may be chance.
    MaybeWorse,
    /// There are too few sessions to say anything.
    TooFew,
    /// It is as elsewhere or better.
    AsElsewhere,
}

/// The verdict on a place where `bad` of `of` sessions went badly; `elsewhere`: the same of all other places together.
///
/// It is held against the share of all others, at most [`ALARM`]. *Act*: at least [`FEW`] sessions and ten bad ones, and the lower end of Wilson's 99 %
/// interval (99, because some sixty cells are looked at together) is above that. *Watch*: the share is above that without being sure, or, with
/// fewer than [`FEW`] sessions, the lower end of the 95 % interval is. *Leave alone*: everything else.
pub(super) fn verdict((bad, of): (u32, u32), elsewhere: (u32, u32)) -> (Verdict, Why, f64) {
    let others = if elsewhere.1 == 0 {
        ALARM
    } else {
        f64::from(elsewhere.0) / f64::from(elsewhere.1)
    };
    let held_against = others.min(ALARM);
    let said = if of < FEW {
        if bad >= 3 && wilson(bad, of, Z95).0 > held_against {
            (Verdict::Watch, Why::MaybeWorse)
        } else {
            (Verdict::LeaveAlone, Why::TooFew)
        }
    } else if bad >= PATTERN && wilson(bad, of, Z99).0 > held_against {
        (Verdict::Act, Why::Worse)
    } else if f64::from(bad) / f64::from(of) > held_against {
        (Verdict::Watch, Why::MaybeWorse)
    } else {
        (Verdict::LeaveAlone, Why::AsElsewhere)
    };
    (said.0, said.1, held_against)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_held_against_all_others() {
        for (own, elsewhere, wanted) in [
            ((60, 200), (100, 1_000), (Verdict::Act, Why::Worse)),
            ((24, 200), (100, 1_000), (Verdict::Watch, Why::MaybeWorse)),
            (
                (20, 200),
                (100, 1_000),
                (Verdict::LeaveAlone, Why::AsElsewhere),
            ),
            ((9, 30), (0, 1_000), (Verdict::Watch, Why::MaybeWorse)),
            ((2, 4), (10, 1_000), (Verdict::LeaveAlone, Why::TooFew)),
            ((6, 10), (10, 1_000), (Verdict::Watch, Why::MaybeWorse)),
            // Bad everywhere is bad.
            ((100, 200), (500, 1_000), (Verdict::Act, Why::Worse)),
            ((0, 0), (0, 0), (Verdict::LeaveAlone, Why::TooFew)),
        ] {
            let (verdict, why, _) = verdict(own, elsewhere);
            assert_eq!((verdict, why), wanted, "{own:?} {elsewhere:?}");
        }
    }
}
