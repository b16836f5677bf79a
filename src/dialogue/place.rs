//! Places in a topic's steps, which may have changed since one was kept.

use std::collections::BTreeMap;

use crate::topics::{Act, Step};

/// The steps of a case; those of `_` for one without its own, but for `failed`.
pub(super) fn branch<'a>(
    cases: &'a BTreeMap<String, Vec<Step>>,
    case: &str,
) -> Option<(&'a str, &'a [Step])> {
    cases
        .get_key_value(case)
        .or_else(|| {
            (case != "failed")
                .then(|| cases.get_key_value("_"))
                .flatten()
        })
        .map(|(name, steps)| (name.as_str(), steps.as_slice()))
}

/// Whether a place still is one in these steps: the files may have changed while the visitor thought.
pub(super) fn leads_somewhere(steps: &[Step], path: &[(u32, Option<String>)]) -> bool {
    let Some(((index, case), inside)) = path.split_first() else {
        return true;
    };
    match (steps.get(at(*index)).map(|step| &step.act), case) {
        (None, _) => false,
        (Some(_), None) => inside.is_empty(),
        (Some(Act::Call { cases, .. }), Some(case)) => {
            branch(cases, case).is_some_and(|(_, steps)| leads_somewhere(steps, inside))
        }
        (
            Some(
                Act::Say { .. }
                | Act::Confirm { .. }
                | Act::Ask { .. }
                | Act::Go { .. }
                | Act::Escalate { .. },
            ),
            Some(_),
        ) => false,
    }
}

/// The step at a place.
pub(super) fn step_at<'a>(steps: &'a [Step], path: &[(u32, Option<String>)]) -> Option<&'a Step> {
    let ((index, case), inside) = path.split_first()?;
    let step = steps.get(at(*index))?;
    match (&step.act, case) {
        (_, None) => inside.is_empty().then_some(step),
        (_, Some(_)) if inside.is_empty() => Some(step),
        (Act::Call { cases, .. }, Some(case)) => step_at(branch(cases, case)?.1, inside),
        (
            Act::Say { .. }
            | Act::Confirm { .. }
            | Act::Ask { .. }
            | Act::Go { .. }
            | Act::Escalate { .. },
            Some(_),
        ) => None,
    }
}

pub(super) fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
