//! Whether a text fills a slot, and with which value. The rule comes with the question, so that an open form survives a reload of the files.

use super::slot_text::from_text;
use crate::conversation::Found;
use crate::ids::{Lang, SlotName};
use crate::topics::{ListValue, SlotKind, SlotRule};

/// The rule that was stored with a question; nothing where a later version of the server cannot read it any more.
pub(super) fn stored_rule(stored: &serde_json::Value) -> Option<SlotRule> {
    serde_json::from_value(stored.clone()).ok()
}

/// The value that an answer to the slot's question gives: what understanding found under that name, what it found of that kind, or what the text itself holds.
pub(super) fn answer(
    rule: &SlotRule,
    name: &SlotName,
    text: &str,
    found: &[Found],
    yes_no: Option<bool>,
) -> Option<String> {
    if rule.kind == SlotKind::YesNo {
        return yes_no
            .map(|yes| if yes { "yes" } else { "no" }.to_owned())
            .or_else(|| from_text(rule, text));
    }
    if rule.kind == SlotKind::Address {
        // What was found of an address may be its beginning only; the answer is all of it.
        return from_text(rule, text)
            .or_else(|| named(rule, name, found))
            .or_else(|| typed(rule, found));
    }
    named(rule, name, found)
        .or_else(|| typed(rule, found))
        .or_else(|| from_text(rule, text))
}

/// What was found under the slot's own name.
pub(super) fn named(rule: &SlotRule, name: &SlotName, found: &[Found]) -> Option<String> {
    found
        .iter()
        .filter(|one| one.name == *name)
        .find_map(|one| from_text(rule, &one.value))
}

/// What was found of the slot's kind under a general name: `email`, `number`, `postcode` …
///
/// Free text takes none, unless a pattern tells which: else any number would do for it.
pub(super) fn typed(rule: &SlotRule, found: &[Found]) -> Option<String> {
    found
        .iter()
        .filter(|one| is_of_kind(rule, one.name.as_str()))
        .find_map(|one| from_text(rule, &one.value))
}

fn is_of_kind(rule: &SlotRule, name: &str) -> bool {
    let number = matches!(name, "number" | "order" | "order_number");
    match rule.kind {
        SlotKind::Number => number || name == "count",
        SlotKind::Date => name == "date",
        SlotKind::Time => name == "time",
        SlotKind::Money => name == "money",
        SlotKind::Duration => name == "duration",
        SlotKind::Ordinal => name == "ordinal",
        SlotKind::Url => name == "url",
        SlotKind::IdNumber => name == "id_number",
        SlotKind::Email => matches!(name, "email" | "mail"),
        SlotKind::Phone => name == "phone",
        SlotKind::Postcode => name == "postcode" || number,
        SlotKind::Address => name == "address",
        SlotKind::Text => {
            rule.pattern.is_some()
                && (number || matches!(name, "email" | "mail" | "phone" | "postcode" | "code"))
        }
        SlotKind::YesNo | SlotKind::List => false,
    }
}

/// The label of a list's value in a language; the value itself when the list has none.
pub(super) fn label(value: &ListValue, lang: &Lang) -> String {
    let base = lang.base();
    [lang, &base]
        .into_iter()
        .find_map(|tag| value.synonyms.get(tag).and_then(|words| words.first()))
        .unwrap_or(&value.value)
        .clone()
}
