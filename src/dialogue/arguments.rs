//! What a service is told: the values that its call names, and nothing else.

use std::collections::BTreeMap;

use super::turn::Turn;
use crate::topics::{Call, Topic};

/// Only what the call's own places name; `None` where the address needs what is not known.
pub(super) fn arguments(
    turn: &Turn<'_>,
    topic: &Topic,
    call: &Call,
) -> Option<BTreeMap<String, String>> {
    let known = |name: &str| match name {
        "site" => Some(turn.reader.site.to_string()),
        "lang" => Some(turn.lang.to_string()),
        _ => turn
            .slots
            .get(name)
            .cloned()
            .or_else(|| turn.value(name, topic)),
    };
    let mut args = BTreeMap::new();
    for name in places(&call.url) {
        args.insert(
            name.to_owned(),
            known(name).filter(|value| !value.is_empty())?,
        );
    }
    let mut texts: Vec<&str> = call.headers.values().map(String::as_str).collect();
    strings_of(call.body.as_ref(), &mut texts);
    for name in texts.into_iter().flat_map(places) {
        if let Some(value) = known(name) {
            args.insert(name.to_owned(), value);
        }
    }
    Some(args)
}

fn strings_of<'a>(json: Option<&'a serde_json::Value>, out: &mut Vec<&'a str>) {
    match json {
        Some(serde_json::Value::String(text)) => out.push(text),
        Some(serde_json::Value::Array(items)) => {
            items.iter().for_each(|one| strings_of(Some(one), out))
        }
        Some(serde_json::Value::Object(fields)) => {
            fields.values().for_each(|one| strings_of(Some(one), out));
        }
        Some(
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_),
        )
        | None => {}
    }
}

/// Names of the `{name}` places of a text.
fn places(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect()
}
