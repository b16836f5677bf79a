//! Slots, lists and facts.

use std::collections::BTreeMap;

use super::super::catalog::{ListValue, Slot, SlotKind, SlotRule};
use super::super::fault::{Fault, Near, Target};
use super::super::fields::{
    Fields, choice, entries, flag, items, lang, name, name_at, number, sentence, text,
    text_or_plain, word,
};
use super::super::notes::{Notes, Scope};
use super::super::text::Text;
use super::super::texts;
use super::super::yaml::{Kind, Node};
use super::pattern;
use crate::ids::{Lang, SlotName};

/// Lists by name.
pub(super) type Lists = BTreeMap<String, Vec<ListValue>>;

/// Slots by name, in no order that matters.
pub(super) type SharedSlots = BTreeMap<SlotName, Slot>;

const KINDS: [(&str, SlotKind); 15] = [
    ("text", SlotKind::Text),
    ("number", SlotKind::Number),
    ("email", SlotKind::Email),
    ("phone", SlotKind::Phone),
    ("postcode", SlotKind::Postcode),
    ("address", SlotKind::Address),
    ("yes_no", SlotKind::YesNo),
    ("list", SlotKind::List),
    ("date", SlotKind::Date),
    ("time", SlotKind::Time),
    ("money", SlotKind::Money),
    ("duration", SlotKind::Duration),
    ("ordinal", SlotKind::Ordinal),
    ("url", SlotKind::Url),
    ("id_number", SlotKind::IdNumber),
];

/// What is said in some places → what the examples say, by locale.
pub(super) type Regional = BTreeMap<Lang, BTreeMap<String, String>>;

/// What a topic may say of a shared slot without defining it anew.
const SET_BY_TOPIC: [&str; 2] = ["optional", "remember"];

/// The key of `_lists.yaml` that holds regional words instead of a list.
const REGIONAL: &str = "regional";

/// `_lists.yaml`.
pub(super) fn lists(node: &Node, notes: &mut Notes) -> (Lists, Regional) {
    let mut lists = Lists::new();
    let mut said = Regional::new();
    for (key, list) in entries(node, notes).unwrap_or_default() {
        if key.text == REGIONAL {
            said = regional(list, notes);
            continue;
        }
        let _checked: Option<SlotName> = name_at(&key.text, &key.place, notes);
        notes.declare(Target::List, &key.text);
        let values = items(list, notes).unwrap_or_default();
        let values = values
            .iter()
            .filter_map(|value| list_value(value, notes))
            .collect();
        lists.insert(key.text.clone(), values);
    }
    (lists, said)
}

/// `regional:` of `_lists.yaml`: locale → word → words of the examples.
fn regional(node: &Node, notes: &mut Notes) -> Regional {
    let mut all = Regional::new();
    for (key, words) in entries(node, notes).unwrap_or_default() {
        let Some(locale) = lang(key, words, notes) else {
            continue;
        };
        if locale == locale.base() {
            let tag = key.text.clone();
            notes.fault(&key.place, &Fault::RegionalWithoutRegion { tag });
        }
        notes.regional.push((locale.clone(), key.place.clone()));
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        let pairs = entries(words, notes).unwrap_or_default();
        let here: Vec<String> = pairs.iter().map(|(word, _)| folded(&word.text)).collect();
        for (word, standard) in pairs {
            let Some(standard) = sentence(standard, notes) else {
                continue;
            };
            let fault = if folded(&word.text) == folded(standard) {
                Some(Fault::RegionalItself {
                    word: word.text.clone(),
                })
            } else if here.contains(&folded(standard)) {
                let standard = standard.to_owned();
                Some(Fault::RegionalChain {
                    word: word.text.clone(),
                    standard,
                })
            } else {
                None
            };
            match fault {
                Some(fault) => notes.fault(&word.place, &fault),
                None => drop(said.insert(word.text.trim().to_owned(), standard.to_owned())),
            }
        }
        all.entry(locale).or_default().extend(said);
    }
    all
}

/// Lower case without accents: `Remera` and `remera` are one word.
fn folded(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let plain = word.trim().nfd().filter(|c| !is_combining_mark(*c));
    plain.flat_map(char::to_lowercase).collect()
}

fn list_value(node: &Node, notes: &mut Notes) -> Option<ListValue> {
    let mut value = None;
    let mut synonyms = BTreeMap::new();
    for (key, node) in entries(node, notes)? {
        if key.text == "value" {
            value = word(node, notes).map(str::to_owned);
        } else if let Some(tag) = lang(key, node, notes) {
            // Short words without a comma in them: a flow list is fine here.
            let words = items(node, notes)
                .unwrap_or_default()
                .iter()
                .filter_map(|word| sentence(word, notes).map(str::to_owned))
                .collect();
            synonyms.insert(tag, words);
        }
    }
    if value.is_none() {
        notes.fault(&node.place, &Fault::MissingKey { key: "value" });
    }
    Some(ListValue {
        value: value?,
        synonyms,
    })
}

/// `_facts.yaml` or `_facts.SITE.yaml`.
pub(super) fn facts(node: &Node, notes: &mut Notes) -> BTreeMap<String, Text> {
    let mut facts = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let _checked: Option<SlotName> = name_at(&key.text, &key.place, notes);
        notes.declare(Target::Fact, &key.text);
        if let Some(text) = text_or_plain(node, Scope::Fact, notes) {
            facts.insert(key.text.clone(), text);
        }
    }
    facts
}

/// `_slots.yaml`.
pub(super) fn shared(node: &Node, lists: &Lists, notes: &mut Notes) -> SharedSlots {
    let mut slots = SharedSlots::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Slot, &key.text);
        if let Some(name) = name_at::<SlotName>(&key.text, &key.place, notes)
            && let Some(slot) = defined(&name, node, lists, &Scope::SharedSlots, notes)
        {
            slots.insert(name, slot);
        }
    }
    slots
}

/// `slots:` of a topic, in its order; an empty one is taken from the shared ones.
pub(super) fn of_topic(
    node: &Node,
    lists: &Lists,
    shared: &SharedSlots,
    scope: &Scope,
    notes: &mut Notes,
) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let Some(name) = name_at::<SlotName>(&key.text, &key.place, notes) else {
            continue;
        };
        let of_shared = match &node.kind {
            Kind::Nothing => true,
            Kind::Map { entries, .. } => entries
                .iter()
                .all(|(key, _)| SET_BY_TOPIC.contains(&key.text.as_str())),
            Kind::Scalar(_) | Kind::List { .. } => false,
        };
        if !of_shared {
            slots.extend(defined(&name, node, lists, scope, notes));
        } else if let Some(slot) = shared.get(&name) {
            let mut slot = slot.clone();
            if let Some(fields) = Fields::of(node, &SET_BY_TOPIC, notes) {
                if let Some(optional) = fields.get("optional") {
                    slot.optional = flag(Some(optional), notes);
                }
                if let Some(node) = fields.get("remember") {
                    slot.remember = remembered(node, &slot, notes);
                }
            }
            slots.push(slot);
        } else {
            let name = name.to_string();
            notes.fault(&key.place, &Fault::EmptySlot { name });
        }
    }
    slots
}

/// The slots of a check, by name.
pub(super) fn of_check(node: &Node, shared: &SharedSlots, notes: &mut Notes) -> Vec<Slot> {
    let mut slots = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        let Some(name) = name::<SlotName>(item, notes) else {
            continue;
        };
        if let Some(slot) = shared.get(&name) {
            slots.push(slot.clone());
        } else {
            let fault = Fault::Unknown {
                target: Target::Slot,
                home: Target::Slot.home(),
                name: name.to_string(),
                near: Near::to(name.as_str(), shared.keys().map(SlotName::as_str)),
            };
            notes.fault(&item.place, &fault);
        }
    }
    slots
}

fn defined(
    name: &SlotName,
    node: &Node,
    lists: &Lists,
    scope: &Scope,
    notes: &mut Notes,
) -> Option<Slot> {
    let known = [
        "type", "list", "pattern", "min", "max", "optional", "called", "ask", "retry", "remember",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let kind = fields
        .must("type", notes)
        .and_then(|node| choice(node, &KINDS, notes));
    let list = fields.get("list");
    let values = match (kind, list) {
        (Some(SlotKind::List), None) => {
            notes.fault(fields.place, &Fault::ListMissing {});
            Vec::new()
        }
        (_, Some(node)) => values_of(node, lists, notes),
        (_, None) => Vec::new(),
    };
    let pattern = fields
        .get("pattern")
        .and_then(|node| pattern::read(node, notes))
        .map(|read| read.source);
    let bound = -1e15..=1e15;
    let mut limit = |key| fields.get(key).and_then(|node| number(node, &bound, notes));
    let (min, max) = (limit("min"), limit("max"));
    if let (Some(least), Some(most), Some(node)) = (min, max, fields.get("max"))
        && most < least
    {
        let fault = Fault::OutOfRange {
            value: most.to_string(),
            least: least.to_string(),
            most: "…".to_owned(),
        };
        notes.fault(&node.place, &fault);
    }
    let optional = flag(fields.get("optional"), notes);
    let ask = fields
        .get("ask")
        .and_then(|node| text(node, scope.clone(), notes));
    let own = kind.and_then(SlotKind::own_texts);
    let built_in = |key: &str| texts::own().get(key).cloned();
    if fields.get("ask").is_none() && !optional && own.is_none() {
        notes.fault(fields.place, &Fault::NeverAsked {});
    }
    let retry = fields
        .get("retry")
        .and_then(|node| text(node, scope.clone(), notes));
    let called = fields
        .get("called")
        .and_then(|node| text(node, scope.clone(), notes));
    let retry = retry.or_else(|| built_in(own?.1));
    let ask = ask.or_else(|| built_in(own?.0)).unwrap_or_default();
    let mut slot = Slot {
        name: name.clone(),
        rule: SlotRule {
            kind: kind?,
            pattern,
            min,
            max,
            values,
        },
        optional,
        remember: None,
        called,
        // Asking the same again is better than saying nothing.
        retry: retry.unwrap_or_else(|| ask.clone()),
        ask,
    };
    if let Some(node) = fields.get("remember") {
        slot.remember = remembered(node, &slot, notes);
    }
    Some(slot)
}

/// `remember:` of a slot: the name under which its value is kept, where such a value may be kept at all.
fn remembered(node: &Node, slot: &Slot, notes: &mut Notes) -> Option<SlotName> {
    let item = name::<SlotName>(node, notes)?;
    let named = slot.name.to_string();
    if !slot.rule.may_be_remembered() {
        notes.fault(&node.place, &Fault::RememberPersonal { slot: named });
        return None;
    }
    if slot.called.is_none() {
        notes.fault(&node.place, &Fault::RememberUncalled { slot: named });
    }
    let kept = (item.clone(), slot.rule.clone(), node.place.clone());
    notes.remembered.push(kept);
    Some(item)
}

fn values_of(node: &Node, lists: &Lists, notes: &mut Notes) -> Vec<ListValue> {
    let Some(name) = word(node, notes) else {
        return Vec::new();
    };
    lists.get(name).cloned().unwrap_or_else(|| {
        let fault = Fault::Unknown {
            target: Target::List,
            home: Target::List.home(),
            name: name.to_owned(),
            near: Near::to(name, lists.keys().map(String::as_str)),
        };
        notes.fault(&node.place, &fault);
        Vec::new()
    })
}
