//! The same yes or no, asked again: said otherwise after two unclear answers, and let go after the third, whatever came between. Nobody is asked the
//! same thing for ever.

use super::slot::stored_rule;
use super::steps::digest;
use super::turn::Turn;
use crate::conversation::{Asking, Choice, Form, Target};
use crate::topics::SlotKind;

/// The time from which a question is put in other words.
const OTHERWISE: u32 = 3;

/// The time at which it is not put any more.
const LET_GO: u32 = 4;

/// How a yes or no is put this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// As it stands.
    Plain,
    /// In other words.
    Otherwise,
    /// Not any more.
    LetGo,
}

/// Counts that an open question is put again. What is no yes or no has counts of its own.
pub(super) fn time(turn: &mut Turn<'_>, form: &Form) -> Time {
    let of_slot = |rule| stored_rule(rule).is_some_and(|rule| rule.kind == SlotKind::YesNo);
    let what = match &form.asking {
        Asking::Confirm { text } => text.as_str(),
        Asking::Slot { ask, rule, .. } if of_slot(rule) => ask.as_str(),
        Asking::Slot { .. }
        | Asking::Message { .. }
        | Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::Appeal
        | Asking::CallConfirm { .. } => return Time::Plain,
    };
    match times(turn, what) {
        LET_GO.. => Time::LetGo,
        OTHERWISE => Time::Otherwise,
        _ => Time::Plain,
    }
}

/// How often this was asked in a row, this time too.
pub(super) fn times(turn: &mut Turn<'_>, what: &str) -> u32 {
    let what = digest(what);
    let before = turn.memory.yes_no.filter(|(asked, _)| *asked == what);
    let times = before.map_or(1, |(_, times)| times + 1);
    turn.memory.yes_no = Some((what, times));
    times
}

/// The question in other words, with what each answer does on its button.
pub(super) fn otherwise(turn: &Turn<'_>, form: &Form) -> Option<(String, Vec<Choice>)> {
    let Asking::Confirm { text } = &form.asking else {
        return None;
    };
    let words = format!("{}\n\n{text}", turn.reader.engine("confirm_otherwise", &[]));
    let choices = vec![
        turn.choice("yes_do", Target::Yes),
        turn.choice("no_leave", Target::No),
    ];
    Some((words, choices))
}

/// It stays undone, and can be had with a button.
pub(super) fn let_go(turn: &mut Turn<'_>, form: &Form) {
    turn.memory.open = None;
    turn.memory.yes_no = None;
    if let Some(choice) = turn.topic_choice(&form.topic) {
        turn.say_engine("confirm_let_go", &[("title", &choice.title)]);
        turn.offer(choice);
    }
}
