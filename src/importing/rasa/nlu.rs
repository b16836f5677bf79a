//! `nlu:`: examples with annotated entities, synonyms, lookups, regular expressions.

use std::sync::LazyLock;

use regex::Regex;

use super::super::EXAMPLES_MAX;
use super::super::note::{Notes, Place, Refused, both, refused, short};
use super::super::yaml::{Kind, Node};
use super::Bot;

/// `[Paris](city)`, `[Paris](city:par)`, `[Paris]{"entity": "city", "value": "par"}`.
static ANNOTATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[([^\[\]]+)\](?:\(([^()]*)\)|(\{[^{}]*\}))")
        .expect("a constant expression that the tests run")
});

pub(super) fn read(node: &Node, bot: &mut Bot) -> Result<(), Refused> {
    for item in node.list() {
        let mut items = Vec::new();
        if let Some(examples) = item.get("examples") {
            lines(examples, &mut items, &mut bot.notes);
        }
        for (key, at, name) in item.entries() {
            let Some(name) = name.text() else { continue };
            match key {
                "intent" => {
                    bot.intent(name, &at.place);
                    for (text, place) in &items {
                        example(name, text, place, bot)?;
                    }
                }
                "synonym" => synonym(name, &items, &at.place, bot),
                "lookup" => lookup(name, &items, &at.place, bot),
                "regex" => regex(name, &items, bot),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The items of a `|` block with one a line, or of a list of texts or of maps with `text`.
fn lines(node: &Node, items: &mut Vec<(String, Place)>, notes: &mut Notes) {
    match &node.kind {
        Kind::Text(block) => {
            let blank = block.chars().take_while(|c| *c == '\n').count();
            for (at, line) in block.lines().enumerate() {
                let Some(item) = line.trim_start().strip_prefix('-') else {
                    // A line without a dash goes on with the one before.
                    let text = line.trim();
                    match items.last_mut() {
                        _ if text.is_empty() || text.starts_with('#') => {}
                        Some((last, _)) if !text.starts_with(['*', '+']) => {
                            last.push(' ');
                            last.push_str(text);
                        }
                        Some(_) | None => {
                            let place = Place {
                                line: (node.place.line + at).saturating_sub(blank),
                                ..node.place.clone()
                            };
                            no_item(&place, text, notes);
                        }
                    }
                    continue;
                };
                let place = Place {
                    line: (node.place.line + at).saturating_sub(blank),
                    ..node.place.clone()
                };
                items.push((item.trim().to_owned(), place));
            }
        }
        Kind::List(list) => {
            for item in list {
                match item.get("text").unwrap_or(item) {
                    Node {
                        kind: Kind::Text(text),
                        place,
                    } => {
                        let text = text.trim();
                        let text = text.strip_prefix("- ").unwrap_or(text);
                        items.push((text.to_owned(), place.clone()));
                    }
                    _ => lines(item, items, notes),
                }
            }
        }
        Kind::Nothing | Kind::Map(_) => {}
    }
}

/// Notes a line among examples that does not begin with a dash.
pub(super) fn no_item(place: &Place, text: &str, notes: &mut Notes) {
    let text = short(text);
    notes.add(
        place,
        "no_item",
        both(
            format!("la línea «{text}» no es un ejemplo: no empieza con `- `"),
            format!("the line “{text}” is no example: it does not begin with `- `"),
        ),
        both(
            "No se importó; si es un ejemplo, agregarle el guion.",
            "It was not imported; if it is an example, add the dash.",
        ),
    );
}

/// One example; its annotations become values of entities.
pub(super) fn example(
    intent: &str,
    text: &str,
    place: &Place,
    bot: &mut Bot,
) -> Result<(), Refused> {
    if bot.examples.len() >= EXAMPLES_MAX {
        return Err(refused(
            place,
            "too_many_examples",
            both(
                format!("hay más de {EXAMPLES_MAX} ejemplos"),
                format!("there are more than {EXAMPLES_MAX} examples"),
            ),
            both("Importar una parte del bot.", "Import a part of the bot."),
        ));
    }
    let mut plain = String::with_capacity(text.len());
    let mut from = 0;
    for found in ANNOTATED.captures_iter(text) {
        let (Some(whole), Some(value)) = (found.get(0), found.get(1)) else {
            continue;
        };
        plain.push_str(text.get(from..whole.start()).unwrap_or_default());
        plain.push_str(value.as_str());
        from = whole.end();
        let value = value.as_str().trim();
        let (entity, means) = match (found.get(2), found.get(3)) {
            (Some(short), _) => match short.as_str().split_once(':') {
                Some((entity, means)) => (entity.trim().to_owned(), Some(means.trim().to_owned())),
                None => (short.as_str().trim().to_owned(), None),
            },
            (None, Some(json)) => {
                let told: serde_json::Value =
                    serde_json::from_str(json.as_str()).unwrap_or_default();
                let field = |name: &str| told.get(name).and_then(|field| field.as_str());
                for part in ["role", "group"] {
                    if let (Some(entity), Some(name)) = (field("entity"), field(part)) {
                        let told = (entity.to_owned(), format!("{part}: {name}"));
                        bot.parts.entry(told).or_insert_with(|| place.clone());
                    }
                }
                let Some(entity) = field("entity") else {
                    bot.notes.add(
                        place,
                        "bad_annotation",
                        both(
                            format!("la anotación no se entiende: {}", short(json.as_str())),
                            format!("the annotation is not understood: {}", short(json.as_str())),
                        ),
                        both(
                            "El ejemplo quedó sin ella; escribir {\"entity\": \"…\"}.",
                            "The example came without it; write {\"entity\": \"…\"}.",
                        ),
                    );
                    continue;
                };
                (entity.to_owned(), field("value").map(str::to_owned))
            }
            (None, None) => continue,
        };
        if entity.is_empty() || value.is_empty() {
            continue;
        }
        bot.annotated
            .entry(intent.to_owned())
            .or_default()
            .insert(entity.clone());
        let known = bot.values.entry(entity).or_default();
        let synonyms = known.entry(means.unwrap_or_else(|| value.to_owned()));
        synonyms.or_default().insert(value.to_owned());
    }
    plain.push_str(text.get(from..).unwrap_or_default());
    bot.examples.push((intent.to_owned(), plain, place.clone()));
    Ok(())
}

pub(super) fn synonym(name: &str, items: &[(String, Place)], place: &Place, bot: &mut Bot) {
    let words = items.iter().map(|(word, _)| word.clone()).collect();
    bot.synonyms.push((name.to_owned(), words, place.clone()));
}

pub(super) fn lookup(name: &str, items: &[(String, Place)], place: &Place, bot: &mut Bot) {
    // Rasa 1 may name a file in place of the values.
    if let [(path, _)] = items
        && path.ends_with(".txt")
    {
        bot.lookup_files
            .push((name.to_owned(), path.clone(), place.clone()));
        return;
    }
    let known = bot.values.entry(name.to_owned()).or_default();
    for (word, _) in items {
        known.entry(word.clone()).or_default();
    }
}

pub(super) fn regex(name: &str, items: &[(String, Place)], bot: &mut Bot) {
    for (regex, place) in items {
        bot.regexes
            .push((name.to_owned(), regex.clone(), place.clone()));
    }
}
