//! A business event: a file in `events/`.

use std::collections::BTreeMap;

use super::super::catalog::{BusinessEvent, ValueKind};
use super::super::fault::{Fault, Target};
use super::super::fields::{Fields, choice, entries, flag, name, name_at, text, word};
use super::super::notes::{Notes, Scope};
use super::super::placeholders;
use super::super::text::{Text, Wording};
use super::super::yaml::Node;
use super::calls::VALUE_KINDS;
use super::hours::clock;
use super::step;
use super::topic::referred;
use crate::ids::{EventName, SlotName};

const KEYS: [&str; 7] = [
    "event",
    "requires",
    "data",
    "say",
    "choices",
    "quiet_hours",
    "mail",
];

pub(super) fn read(
    node: &Node,
    file: &str,
    stem: &str,
    notes: &mut Notes,
) -> Option<BusinessEvent> {
    let fields = Fields::of(node, &KEYS, notes)?;
    let named = fields.must("event", notes);
    let id = named.and_then(|node| name::<EventName>(node, notes));
    if let (Some(id), Some(node)) = (&id, named)
        && id.as_str() != stem
    {
        let fault = Fault::EventIsNotFile {
            name: id.to_string(),
            file: stem.to_owned(),
        };
        notes.fault(&node.place, &fault);
    }
    let requires = referred(&fields, "requires", Target::Check, notes);
    let data = fields
        .get("data")
        .map(|node| data(node, notes))
        .unwrap_or_default();
    let scope = Scope::Event(data.keys().cloned().collect());
    let say = fields
        .must("say", notes)
        .and_then(|node| text(node, scope.clone(), notes));
    let choices = fields
        .get("choices")
        .map(|node| step::choices(node, &scope, notes))
        .unwrap_or_default();
    let quiet_hours = fields
        .get("quiet_hours")
        .and_then(|node| quiet_hours(node, notes));
    let mail = flag(fields.get("mail"), notes);
    let say = say?;
    for name in data.keys().filter(|name| !uses(&say, name)) {
        let place = fields.key("data").unwrap_or(fields.place);
        notes.fault(place, &Fault::UnusedData { name: name.clone() });
    }
    Some(BusinessEvent {
        name: id?,
        requires,
        data,
        say,
        choices,
        quiet_hours,
        mail,
        file: file.to_owned(),
    })
}

fn data(node: &Node, notes: &mut Notes) -> BTreeMap<String, ValueKind> {
    let mut data = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let name = name_at::<SlotName>(&key.text, &key.place, notes);
        let kind = choice(node, &VALUE_KINDS, notes);
        if let Some(name) = name {
            // What it is shown as may be wrong; that it comes is said.
            data.insert(name.to_string(), kind.unwrap_or(ValueKind::Text));
        }
    }
    data
}

fn uses(say: &Text, name: &str) -> bool {
    let wanted = format!("data.{name}");
    let words = say.by_lang.values().flat_map(Wording::variants);
    words
        .flat_map(|words| placeholders::find(words).unwrap_or_default())
        .any(|(_, found)| found == wanted)
}

/// `21:00-09:00` in minutes after midnight.
fn quiet_hours(node: &Node, notes: &mut Notes) -> Option<(u16, u16)> {
    let text = word(node, notes)?;
    let span = text.split_once('-').and_then(|(from, to)| {
        let (from, to) = (clock(from)?, clock(to)?);
        (from != to && from < 24 * 60).then_some((from, to))
    });
    if span.is_none() {
        let text = text.to_owned();
        notes.fault(&node.place, &Fault::BadQuietHours { text });
    }
    span
}
