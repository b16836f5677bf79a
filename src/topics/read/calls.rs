//! `_calls.yaml`: declared webhooks and the checks that use them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::catalog::{Call, CallValue, Check, ValueKind};
use super::super::fault::{Fault, Target};
use super::super::fields::{Fields, choice, entries, flag, name_at, number, text, word};
use super::super::notes::{Notes, Scope};
use super::super::placeholders;
use super::super::yaml::{Kind, Node, Style};
use super::slot::{self, SharedSlots};
use super::topic::referred;
use crate::ids::SlotName;

/// Looks up a variable of the environment.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

const METHODS: [(&str, &str); 4] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("DELETE", "DELETE"),
];

pub(super) const VALUE_KINDS: [(&str, ValueKind); 4] = [
    ("text", ValueKind::Text),
    ("date", ValueKind::Date),
    ("money", ValueKind::Money),
    ("time", ValueKind::Time),
];

/// Longest wait for one try; a visitor does not wait longer.
const TIMEOUT_MAX_MS: u64 = 30_000;

#[derive(Default)]
pub(super) struct Read {
    pub(super) calls: BTreeMap<String, Call>,
    pub(super) checks: BTreeMap<String, Check>,
}

pub(super) fn read(node: &Node, shared: &SharedSlots, env: Env<'_>, notes: &mut Notes) -> Read {
    let mut read = Read::default();
    let Some(fields) = Fields::of(node, &["calls", "checks"], notes) else {
        return read;
    };
    if let Some(node) = fields.get("calls") {
        for (key, node) in entries(node, notes).unwrap_or_default() {
            let _checked: Option<SlotName> = name_at(&key.text, &key.place, notes);
            notes.declare(Target::Call, &key.text);
            if let Some(call) = call(&key.text, node, env, notes) {
                read.calls.insert(key.text.clone(), call);
            }
        }
    }
    if let Some(node) = fields.get("checks") {
        for (key, node) in entries(node, notes).unwrap_or_default() {
            let _checked: Option<SlotName> = name_at(&key.text, &key.place, notes);
            notes.declare(Target::Check, &key.text);
            if let Some(check) = check(&key.text, node, shared, notes) {
                read.checks.insert(key.text.clone(), check);
            }
        }
    }
    read
}

fn call(name: &str, node: &Node, env: Env<'_>, notes: &mut Notes) -> Option<Call> {
    let known = [
        "method",
        "url",
        "headers",
        "body",
        "timeout_ms",
        "retries",
        "irreversible",
        "case",
        "status",
        "values",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let mut needs = BTreeSet::new();
    let method = fields
        .must("method", notes)
        .and_then(|node| choice(node, &METHODS, notes));
    let url = fields.must("url", notes).and_then(|node| {
        let url = resolved(node, env, &mut needs, notes)?;
        if url.starts_with("http://") || url.starts_with("https://") {
            Some(url)
        } else {
            notes.fault(&node.place, &Fault::BadUrl { url });
            None
        }
    });
    let mut headers = BTreeMap::new();
    if let Some(node) = fields.get("headers") {
        for (key, node) in entries(node, notes).unwrap_or_default() {
            if let Some(value) = resolved(node, env, &mut needs, notes) {
                headers.insert(key.text.clone(), value);
            }
        }
    }
    let body = fields
        .get("body")
        .map(|node| json(node, env, &mut needs, notes));
    let timeout_ms = fields
        .get("timeout_ms")
        .and_then(|node| number(node, &(50..=TIMEOUT_MAX_MS), notes))
        .unwrap_or(3_000);
    let retries = fields
        .get("retries")
        .and_then(|node| number(node, &(0..=5), notes))
        .unwrap_or(0);
    let irreversible = flag(fields.get("irreversible"), notes);
    let case = fields.get("case").and_then(|node| pointer(node, notes));
    let mut status = BTreeMap::new();
    if let Some(node) = fields.get("status") {
        for (key, node) in entries(node, notes).unwrap_or_default() {
            match key.text.parse() {
                Ok(code @ 100..=599) => {
                    if let Some(case) = word(node, notes) {
                        status.insert(code, case.to_owned());
                    }
                }
                Ok(_) | Err(_) => {
                    let fault = Fault::OutOfRange {
                        value: key.text.clone(),
                        least: "100".to_owned(),
                        most: "599".to_owned(),
                    };
                    notes.fault(&key.place, &fault);
                }
            }
        }
    }
    let mut values = BTreeMap::new();
    if let Some(node) = fields.get("values") {
        for (key, node) in entries(node, notes).unwrap_or_default() {
            let _checked: Option<SlotName> = name_at(&key.text, &key.place, notes);
            if let Some(value) = value(node, notes) {
                values.insert(key.text.clone(), value);
            }
        }
    }
    notes.call_needs.push((name.to_owned(), needs));
    Some(Call {
        name: name.to_owned(),
        // With an error noted there will be no catalogue; the call is kept so that its values are still known.
        method: method.unwrap_or("GET").to_owned(),
        url: url.unwrap_or_default(),
        headers,
        body,
        timeout_ms,
        retries,
        irreversible,
        case,
        status,
        values,
    })
}

fn value(node: &Node, notes: &mut Notes) -> Option<CallValue> {
    if !matches!(node.kind, Kind::Map { .. }) {
        return Some(CallValue {
            at: pointer(node, notes)?,
            shown_as: ValueKind::Text,
        });
    }
    let fields = Fields::of(node, &["at", "as"], notes)?;
    Some(CallValue {
        shown_as: fields
            .get("as")
            .and_then(|node| choice(node, &VALUE_KINDS, notes))
            .unwrap_or(ValueKind::Text),
        at: fields
            .must("at", notes)
            .and_then(|node| pointer(node, notes))?,
    })
}

/// A JSON pointer (RFC 6901).
fn pointer(node: &Node, notes: &mut Notes) -> Option<String> {
    let pointer = word(node, notes)?.to_owned();
    if pointer.is_empty() || pointer.starts_with('/') {
        return Some(pointer);
    }
    notes.fault(&node.place, &Fault::BadPointer { pointer });
    None
}

/// A text with its `${NAME:-default}` filled in; its `{slot}` places are noted.
fn resolved(
    node: &Node,
    env: Env<'_>,
    needs: &mut BTreeSet<String>,
    notes: &mut Notes,
) -> Option<String> {
    let text = word(node, notes)?;
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let offset = text.len() - after.len() - 2;
        let Some((inside, tail)) = after.split_once('}') else {
            notes.fault(&node.place_in(offset), &Fault::BadVariable {});
            return None;
        };
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        let valid =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !valid {
            notes.fault(&node.place_in(offset), &Fault::BadVariable {});
            return None;
        }
        let value = env(name).filter(|value| !value.is_empty());
        if let Some(value) = value.as_deref().or(default) {
            filled.push_str(value);
        } else {
            let name = name.to_owned();
            notes.fault(&node.place_in(offset), &Fault::MissingVariable { name });
            return None;
        }
        rest = tail;
    }
    filled.push_str(rest);
    match placeholders::find(&filled) {
        Ok(found) => needs.extend(found.into_iter().map(|(_, name)| name.to_owned())),
        Err(_at) => notes.fault(&node.place, &Fault::BadPlaceholder {}),
    }
    Some(filled)
}

/// A JSON body. Quoted texts stay texts; unquoted numbers and booleans are what they look like.
fn json(
    node: &Node,
    env: Env<'_>,
    needs: &mut BTreeSet<String>,
    notes: &mut Notes,
) -> serde_json::Value {
    match &node.kind {
        Kind::Nothing => serde_json::Value::Null,
        Kind::Scalar(scalar) => {
            let literal = (scalar.style == Style::Plain)
                .then(|| serde_json::from_str::<serde_json::Value>(scalar.text.trim()).ok())
                .flatten()
                .filter(|value| value.is_boolean() || value.is_number());
            literal.unwrap_or_else(|| resolved(node, env, needs, notes).into())
        }
        Kind::List { items, .. } => items
            .iter()
            .map(|item| json(item, env, needs, notes))
            .collect(),
        Kind::Map { entries, .. } => serde_json::Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.text.clone(), json(value, env, needs, notes)))
                .collect(),
        ),
    }
}

fn check(name: &str, node: &Node, shared: &SharedSlots, notes: &mut Notes) -> Option<Check> {
    let fields = Fields::of(node, &["slots", "call", "pass", "refused"], notes)?;
    let slots = fields
        .must("slots", notes)
        .map(|node| slot::of_check(node, shared, notes))
        .unwrap_or_default();
    fields.must("call", notes);
    let call = referred(&fields, "call", Target::Call, notes);
    let pass = fields
        .must("pass", notes)
        .and_then(|node| word(node, notes).map(str::to_owned));
    let refused = fields
        .must("refused", notes)
        .and_then(|node| text(node, Scope::Check(name.to_owned()), notes));
    Some(Check {
        name: name.to_owned(),
        slots,
        call: call?,
        pass: pass?,
        refused: refused?,
    })
}
