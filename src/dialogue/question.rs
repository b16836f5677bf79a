//! What a form asks, in words and buttons.

use super::call_back;
use super::form::INVALID_MAX;
use super::go_on::REFUSED_MAX;
use super::leaving::is_about_cancelling;
use super::remembering;
use super::slot::{self, stored_rule};
use super::turn::{Ask, Turn};
use crate::conversation::{Asking, Choice, Form, Target};
use crate::topics::{SlotKind, SlotRule};

/// Values of a list that become buttons, at most; more are not read on a phone.
const BUTTONS_MAX: usize = 10;

/// The question of a form and its buttons.
pub(super) fn question(turn: &Turn<'_>, form: &Form, how: Ask) -> (String, Vec<Choice>) {
    match &form.asking {
        Asking::Slot {
            slot,
            rule,
            ask,
            retry,
            check,
        } => {
            if let Some(proposal) = remembering::proposal(turn, form, slot) {
                return proposal;
            }
            // As the files have it now and in the language of now; as it was asked where the files have it no more.
            let known = turn.catalog.topics.get(&form.topic).and_then(|topic| {
                let slot = turn.slots_of(topic).into_iter().find(|s| s.name == *slot)?;
                Some((turn.fill(&slot.ask, topic), turn.fill(&slot.retry, topic)))
            });
            let (ask, retry) = known.unwrap_or_else(|| (ask.clone(), retry.clone()));
            let words = if how == Ask::Again && !retry.trim().is_empty() {
                retry
            } else {
                ask
            };
            // Before the last try the way out is named.
            let last = how == Ask::Again && form.invalid + 1 == INVALID_MAX;
            let words = if last && !is_about_cancelling(turn, form) {
                format!("{words}\n\n{}", turn.reader.engine("cancel_hint", &[]))
            } else {
                words
            };
            let words = if form.lacking && how == Ask::Again {
                format!("{words}\n\n{}", turn.reader.engine("way_out", &[]))
            } else {
                words
            };
            let rule = stored_rule(rule);
            let mut choices = rule
                .as_ref()
                .map(|rule| value_choices(turn, rule))
                .unwrap_or_default();
            let refused_before = check.is_some() && turn.memory.refused + 1 == REFUSED_MAX;
            let plain = rule
                .as_ref()
                .is_some_and(|rule| rule.kind != SlotKind::YesNo);
            if plain && (form.lacking || last || refused_before) {
                choices.push(turn.choice("talk_to_person", Target::Person));
                choices.push(turn.choice("leave_it", Target::No));
            }
            match rule {
                Some(rule)
                    if how == Ask::Again
                        && rule.kind == SlotKind::List
                        && rule.values.len() > BUTTONS_MAX =>
                {
                    (format!("{words}{}", listed(turn, &rule)), choices)
                }
                Some(_) | None => (words, choices),
            }
        }
        Asking::Confirm { text } => {
            let words = if how == Ask::Again {
                format!("{}\n\n{text}", turn.reader.engine("confirm_again", &[]))
            } else {
                text.clone()
            };
            (words, turn.yes_no())
        }
        Asking::Message { wanted } => (
            turn.reader.engine("ask_message", &[]),
            call_back::choice(turn, &wanted.team).into_iter().collect(),
        ),
        Asking::Contact { wanted } => {
            let key = if how == Ask::Again {
                "ask_contact_again"
            } else {
                "ask_contact"
            };
            let mut choices: Vec<Choice> =
                call_back::choice(turn, &wanted.team).into_iter().collect();
            choices.push(turn.choice("skip", Target::Skip));
            (turn.reader.engine(key, &[]), choices)
        }
        Asking::Appeal => (super::appeal::question(turn, how), Vec::new()),
        Asking::Phone { .. } | Asking::CallTime { .. } | Asking::CallConfirm { .. } => {
            call_back::question(turn, form, how)
        }
    }
}

fn value_choices(turn: &Turn<'_>, rule: &SlotRule) -> Vec<Choice> {
    match rule.kind {
        SlotKind::YesNo => turn.yes_no(),
        SlotKind::List if rule.values.len() <= BUTTONS_MAX => rule
            .values
            .iter()
            .map(|value| Choice {
                title: slot::label(value, &turn.reader.lang),
                target: Target::Value {
                    value: value.value.clone(),
                },
            })
            .collect(),
        SlotKind::List
        | SlotKind::Text
        | SlotKind::Number
        | SlotKind::Email
        | SlotKind::Phone
        | SlotKind::Postcode
        | SlotKind::Date
        | SlotKind::Time
        | SlotKind::Money
        | SlotKind::Duration
        | SlotKind::Ordinal
        | SlotKind::Url
        | SlotKind::IdNumber
        | SlotKind::Address => Vec::new(),
    }
}

/// The values in words, where they are too many for buttons and few enough to read.
fn listed(turn: &Turn<'_>, rule: &SlotRule) -> String {
    if rule.values.len() > BUTTONS_MAX * 3 {
        return String::new();
    }
    let labels: Vec<String> = rule
        .values
        .iter()
        .map(|value| slot::label(value, &turn.reader.lang))
        .collect();
    format!(
        "\n\n{}",
        turn.reader
            .engine("list_options", &[("options", &labels.join(", "))])
    )
}
