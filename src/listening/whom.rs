//! Whether a question is put before the visitor, or only left in the closing card: the same session gives the same answer at any time, with the
//! rule that decided.

use crate::conversation::{Closer, PastEnd, PastQuestion, State};
use crate::ids::{Outcome, SessionId, Timestamp};
use crate::improving::Improved;
use crate::topics::AskRules;

/// The end of a session, as far as asking depends on it.
#[derive(Clone, Copy)]
pub struct Ending<'a> {
    /// When.
    pub now: Timestamp,
    /// By whom.
    pub by: &'a Closer,
    /// How.
    pub outcome: Outcome,
    /// Whether a notice holds for this visitor.
    pub notice: bool,
    /// Answers about a touchpoint in the last seven days.
    pub answers: &'a dyn Fn(Option<&str>) -> u32,
    /// What was changed last because of opinions about a touchpoint.
    pub improved: &'a dyn Fn(Option<&str>) -> Option<Improved>,
}

/// The decision: whether it is put, and why, as one word with a colon and a number where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Put {
    /// Whether it is put before the visitor.
    pub(super) now: bool,
    /// Put: `everybody`, `few_answers`, `silent`, `drawn:30` (of a hundred such sessions so many are). Not put: `nobody_there`, `flagged`, `notice`, `too_short`,
    /// `asked_this_session`, `case_open`, `answered_lately`, `declined_lately`, `asked_enough`, `not_drawn:30`.
    pub(super) because: String,
}

const DAY_MS: i64 = 24 * 60 * 60_000;

/// Whether the question of the session that ends now is put before this visitor.
pub(super) fn put(rules: &AskRules, state: &State, end: &Ending<'_>, answers: u32) -> Put {
    let not = |because: &str| Put {
        now: false,
        because: because.to_owned(),
    };
    let Some(session) = &state.session else {
        return not("too_short");
    };
    // Whoever went away without a word is not called back for our sake: the card waits for them.
    if *end.by == Closer::Timer {
        return not("nobody_there");
    }
    if state.abuse.is_some() {
        return not("flagged");
    }
    // While something of ours is broken nobody is asked how we are doing.
    if end.notice {
        return not("notice");
    }
    let short = end.now.since(session.opened_at) < i64::from(rules.least_seconds) * 1_000;
    if session.turns < rules.least_turns && short {
        return not("too_short");
    }
    let (now_open, before): (Vec<_>, Vec<_>) = state
        .asked
        .iter()
        .partition(|past| past.session == session.id);
    if now_open.iter().any(|past| past.put) {
        return not("asked_this_session");
    }
    if !state.promises.is_empty() {
        return not("case_open");
    }
    if let Some(because) = resting(rules, &before, end.now) {
        return not(because);
    }
    match share(rules, &before, end.outcome, answers) {
        (100, because) => Put {
            now: true,
            because: because.to_owned(),
        },
        (share, _) if draw(session.id) < share => Put {
            now: true,
            because: format!("drawn:{share}"),
        },
        (share, _) => not(&format!("not_drawn:{share}")),
    }
}

/// Why this visitor is left in peace for now.
fn resting(rules: &AskRules, before: &[&PastQuestion], now: Timestamp) -> Option<&'static str> {
    let within = |at: Timestamp, days: u32| now.since(at) < i64::from(days) * DAY_MS;
    let lately = |wanted: PastEnd, days: u32| {
        before.iter().any(|past| {
            past.end
                .is_some_and(|(end, at)| end == wanted && within(at, days))
        })
    };
    if lately(PastEnd::Answered, rules.rest_after_answer_days) {
        return Some("answered_lately");
    }
    if lately(PastEnd::Declined, rules.rest_after_no_days) {
        return Some("declined_lately");
    }
    let put = before.iter().filter(|past| past.put);
    let put = put
        .filter(|past| within(past.at, rules.most_in_days))
        .count();
    (put >= usize::try_from(rules.most).unwrap_or(usize::MAX)).then_some("asked_enough")
}

/// Of a hundred such sessions of such a visitor, how many are asked; and why where all are.
///
/// It rises with each session since this visitor was last asked, and falls with each question that they let pass: share × (1 + silent) ÷ (1 + ignored).
fn share(
    rules: &AskRules,
    before: &[&PastQuestion],
    outcome: Outcome,
    answers: u32,
) -> (u32, &'static str) {
    match outcome {
        Outcome::ResolvedByAgent | Outcome::Unresolved | Outcome::Abandoned => {
            return (100, "everybody");
        }
        Outcome::ResolvedByBot | Outcome::Referred | Outcome::Expired | Outcome::LeftMessage => {}
    }
    let newest_first = || before.iter().rev();
    let ignored = newest_first()
        .filter(|past| past.put)
        .take_while(|past| matches!(past.end, None | Some((PastEnd::Missed, _))))
        .count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    if answers < rules.few_answers && ignored == 0 {
        return (100, "few_answers");
    }
    let base = if answers >= rules.busy_answers {
        rules.busy_percent
    } else {
        rules.by_bot_percent
    };
    let silent = newest_first().take_while(|past| !past.put).count();
    let risen = base.saturating_mul(1 + count(silent)) / (1 + count(ignored));
    (risen.min(100), "silent")
}

/// A number below 100 that is as good as drawn, and the same for the same session at any time: FNV-1a over its id, mixed as in SplitMix64.
fn draw(session: SessionId) -> u32 {
    let hash = session
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((mixed ^ (mixed >> 31)) % 100).unwrap_or(0)
}
