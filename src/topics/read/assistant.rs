//! `_assistant.yaml`.

use std::collections::BTreeMap;

use super::super::catalog::{Assistant, Contact, Site, Thresholds};
use super::super::fault::{Fault, Near, Target};
use super::super::fields::{
    Fields, entries, flag, items, name, name_at, number, text, text_or_plain, word,
};
use super::super::notes::{Notes, Scope};
use super::super::problem::Place;
use super::super::text::Text;
use super::super::texts;
use super::super::yaml::Node;
use super::show;
use crate::ids::{Lang, SiteId};

/// The assistant and the engine's texts that it rewords.
pub(super) struct Read {
    pub(super) assistant: Assistant,
    pub(super) texts: BTreeMap<String, Text>,
}

pub(super) fn read(node: &Node, notes: &mut Notes) -> Option<Read> {
    let known = [
        "name",
        "brand",
        "languages",
        "greeting",
        "greeting_choices",
        "contact",
        "sites",
        "thresholds",
        "word_vectors",
        "media_hosts",
        "texts",
    ];
    let fields = Fields::of(node, &known, notes)?;
    let name = fields
        .must("name", notes)
        .and_then(|node| text_or_plain(node, Scope::Fact, notes));
    let brand = fields
        .must("brand", notes)
        .and_then(|node| word(node, notes).map(str::to_owned));
    let languages = fields
        .must("languages", notes)
        .map(|node| languages(node, notes))
        .unwrap_or_default();
    let greeting = fields
        .must("greeting", notes)
        .and_then(|node| text(node, Scope::Common, notes));
    let greeting_choices = fields
        .get("greeting_choices")
        .map(|node| topics(node, notes))
        .unwrap_or_default();
    let sites = fields
        .get("sites")
        .map(|node| sites(node, notes))
        .unwrap_or_default();
    let contact = fields
        .get("contact")
        .map(|node| contact(node, notes))
        .unwrap_or_default();
    let thresholds = fields
        .get("thresholds")
        .map(|node| thresholds(node, notes))
        .unwrap_or_default();
    let media_hosts = fields
        .get("media_hosts")
        .map(|node| show::hosts(node, notes))
        .unwrap_or_default();
    notes.media_hosts.clone_from(&media_hosts);
    notes.languages.clone_from(&languages);
    let texts = fields
        .get("texts")
        .map(|node| reworded(node, notes))
        .unwrap_or_default();
    Some(Read {
        assistant: Assistant {
            name: name?,
            brand: brand?,
            languages,
            greeting: greeting?,
            greeting_choices,
            contact,
            sites,
            thresholds,
            media_hosts,
            word_vectors: fields
                .get("word_vectors")
                .is_none_or(|node| flag(Some(node), notes)),
        },
        texts,
    })
}

fn languages(node: &Node, notes: &mut Notes) -> Vec<Lang> {
    let mut languages = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        let Some(tag) = word(item, notes) else {
            continue;
        };
        match tag.parse() {
            Ok(lang) => languages.push(lang),
            Err(_malformed) => {
                let tag = tag.to_owned();
                notes.fault(&item.place, &Fault::BadLang { tag });
            }
        }
    }
    if languages.is_empty() {
        notes.fault(&node.place, &Fault::MissingKey { key: "languages" });
    }
    languages
}

fn topics(node: &Node, notes: &mut Notes) -> Vec<crate::ids::TopicId> {
    let mut topics = Vec::new();
    for item in items(node, notes).unwrap_or_default() {
        if let Some(topic) = name::<crate::ids::TopicId>(item, notes) {
            notes.refer(Target::Topic, topic.as_str(), &item.place);
            topics.push(topic);
        }
    }
    topics
}

fn sites(node: &Node, notes: &mut Notes) -> BTreeMap<SiteId, Site> {
    let mut sites = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        notes.declare(Target::Site, &key.text);
        let id: Option<SiteId> = name_at(&key.text, &key.place, notes);
        let Some(fields) = Fields::of(node, &["register", "currency", "time_zone"], notes) else {
            continue;
        };
        let register = fields.must("register", notes).and_then(|node| {
            let tag = word(node, notes)?;
            let lang = tag.parse::<Lang>().ok();
            if lang.is_none() {
                let tag = tag.to_owned();
                notes.fault(&node.place, &Fault::BadLang { tag });
            }
            lang
        });
        let currency = fields
            .must("currency", notes)
            .and_then(|node| currency(node, notes));
        let time_zone = fields
            .must("time_zone", notes)
            .and_then(|node| time_zone(node, notes));
        if let (Some(id), Some(register), Some(currency), Some(time_zone)) =
            (id, register, currency, time_zone)
        {
            sites.insert(
                id,
                Site {
                    register,
                    currency,
                    time_zone,
                },
            );
        }
    }
    sites
}

/// Three capital letters, as ISO 4217 has them.
fn currency(node: &Node, notes: &mut Notes) -> Option<String> {
    let code = word(node, notes)?;
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(code.to_owned());
    }
    let fault = Fault::UnknownWord {
        word: code.to_owned(),
        near: Near::to(code, ["EUR", "ARS", "USD", "MXN"]),
    };
    notes.fault(&node.place, &fault);
    None
}

/// A name of the IANA database.
pub(super) fn time_zone(node: &Node, notes: &mut Notes) -> Option<String> {
    let name = word(node, notes)?;
    let zones = jiff::tz::db();
    if zones.get(name).is_ok() {
        return Some(name.to_owned());
    }
    let known: Vec<String> = zones.available().map(|zone| zone.to_string()).collect();
    let fault = Fault::UnknownTimeZone {
        name: name.to_owned(),
        near: Near::to(name, known.iter().map(String::as_str)),
    };
    notes.fault(&node.place, &fault);
    None
}

fn contact(node: &Node, notes: &mut Notes) -> BTreeMap<SiteId, Contact> {
    let mut contacts = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        let Some(site) = name_at::<SiteId>(&key.text, &key.place, notes) else {
            continue;
        };
        notes.refer(Target::Site, site.as_str(), &key.place);
        let Some(fields) = Fields::of(node, &["phone", "mail"], notes) else {
            continue;
        };
        let mut value = |key| {
            fields
                .get(key)
                .and_then(|node| word(node, notes).map(str::to_owned))
        };
        let contact = Contact {
            phone: value("phone"),
            mail: value("mail"),
        };
        contacts.insert(site, contact);
    }
    contacts
}

fn thresholds(node: &Node, notes: &mut Notes) -> Thresholds {
    let mut thresholds = Thresholds::default();
    let known = ["coverage", "ambiguity_margin", "answer", "ask"];
    let Some(fields) = Fields::of(node, &known, notes) else {
        return thresholds;
    };
    let mut read = |key, range, into: &mut f32| {
        if let Some(value) = fields.get(key).and_then(|node| number(node, &range, notes)) {
            *into = value;
        }
    };
    read("coverage", 0.5..=1.0, &mut thresholds.coverage);
    read(
        "ambiguity_margin",
        0.0..=0.5,
        &mut thresholds.ambiguity_margin,
    );
    read("answer", 0.0..=1.0, &mut thresholds.answer);
    read("ask", 0.0..=1.0, &mut thresholds.ask);
    thresholds
}

/// `texts:`, whose keys are those of the engine's own.
fn reworded(node: &Node, notes: &mut Notes) -> BTreeMap<String, Text> {
    let own = texts::own();
    let mut reworded = BTreeMap::new();
    for (key, node) in entries(node, notes).unwrap_or_default() {
        if !own.contains_key(&key.text) {
            unknown_text(&key.text, &key.place, own, notes);
        } else if let Some(text) = text(node, Scope::Engine(key.text.clone()), notes) {
            reworded.insert(key.text.clone(), text);
        }
    }
    reworded
}

fn unknown_text(key: &str, place: &Place, own: &BTreeMap<String, Text>, notes: &mut Notes) {
    let fault = Fault::UnknownKey {
        key: key.to_owned(),
        near: Near::to(key, own.keys().map(String::as_str)),
    };
    notes.fault(place, &fault);
}
