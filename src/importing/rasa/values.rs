//! What a bot's entities may be: values from examples and lookups, their synonyms, regular expressions.

use std::collections::{BTreeMap, BTreeSet};

use super::super::draft::{Draft, DraftSlot, slot_name};
use super::super::label;
use super::super::note::{both, short};
use super::Bot;
use super::assemble::is_skipped;

/// Fewest values that make a list worth keeping.
const LIST_MIN: usize = 2;
/// Most values of a list that is kept.
const LIST_MAX: usize = 5_000;

/// Values that stand in files of their own.
pub(super) fn lookup_files(bot: &mut Bot, draft: &mut Draft) {
    for (entity, path, place) in std::mem::take(&mut bot.lookup_files) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let entity = entity.trim_end_matches(".txt").to_owned();
        let text = bot
            .texts
            .iter()
            .find(|(known, _)| known.ends_with(&path) || known.rsplit('/').next() == Some(name));
        match text {
            Some((_, text)) => {
                let known = bot.values.entry(entity).or_default();
                for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    known.entry(line.to_owned()).or_default();
                }
            }
            None => draft.notes.add(
                &place,
                "lookup_missing",
                both(
                    format!("no está el archivo `{}` de la lista", short(&path)),
                    format!("the lookup's file `{}` is not there", short(&path)),
                ),
                both(
                    "Ponerlo en la carpeta e importar de nuevo.",
                    "Put it into the folder and import again.",
                ),
            ),
        }
    }
}

pub(super) fn synonyms(bot: &mut Bot, draft: &mut Draft) {
    for (value, words, place) in std::mem::take(&mut bot.synonyms) {
        let mut taken = false;
        for values in bot.values.values_mut() {
            let said = values.contains_key(&value)
                || values.values().any(|words| words.contains(&value))
                || values.keys().any(|known| words.contains(known));
            if said {
                taken = true;
                for word in &words {
                    // A value that is only another word for this one is no value of its own.
                    if word != &value {
                        values.remove(word);
                    }
                }
                values
                    .entry(value.clone())
                    .or_default()
                    .extend(words.iter().cloned());
            }
        }
        if !taken {
            draft.notes.add(
                &place,
                "synonym_alone",
                both(
                    format!(
                        "los sinónimos de «{}» no son de ninguna entidad",
                        short(&value)
                    ),
                    format!("the synonyms of “{}” belong to no entity", short(&value)),
                ),
                both(
                    "Si hacen falta: agregarlos a una lista de _lists.yaml.",
                    "Where they are needed: add them to a list of _lists.yaml.",
                ),
            );
        }
    }
}

/// Entities with values become lists; each value belongs to the first that names it.
pub(super) fn lists(bot: &mut Bot, draft: &mut Draft) {
    for (slot, (kind, values)) in &bot.slots {
        if *kind == "list" {
            let known = bot.values.entry(slot.clone()).or_default();
            for value in values {
                known.entry(value.clone()).or_default();
            }
        }
    }
    for (entity, values) in &bot.values {
        let kept: BTreeMap<String, BTreeSet<String>> = values
            .iter()
            .map(|(value, words)| {
                let words = words.iter().map(|word| label::one_line(word));
                (
                    label::one_line(value),
                    words.filter(|word| !word.is_empty()).collect(),
                )
            })
            .filter(|(value, _): &(String, BTreeSet<String>)| !value.is_empty())
            .take(LIST_MAX)
            .collect();
        let digits = kept
            .keys()
            .all(|value| !value.chars().any(char::is_alphabetic));
        if kept.len() >= LIST_MIN && !digits {
            draft.lists.insert(slot_name(entity), kept);
        }
    }
}

/// A regular expression of an entity fills it in the topics that use it.
pub(super) fn patterns(bot: &Bot, draft: &mut Draft) {
    for (name, source, place) in &bot.regexes {
        let own = slot_name(name);
        let fits = regex::RegexBuilder::new(source)
            .case_insensitive(true)
            .size_limit(1 << 20)
            .build();
        let users: Vec<String> = bot
            .annotated
            .iter()
            .filter(|(_, entities)| entities.contains(name))
            .map(|(intent, _)| intent.clone())
            .filter(|intent| !is_skipped(intent))
            .collect();
        let problem = match &fits {
            Err(_) => Some(both(
                format!(
                    "la expresión de `{name}` usa lo que aquí no existe: {}",
                    short(source)
                ),
                format!(
                    "the expression of `{name}` uses what does not exist here: {}",
                    short(source)
                ),
            )),
            Ok(regex) if regex.is_match("") => Some(both(
                format!(
                    "la expresión de `{name}` acepta un texto vacío: {}",
                    short(source)
                ),
                format!(
                    "the expression of `{name}` accepts an empty text: {}",
                    short(source)
                ),
            )),
            Ok(regex) if regex.capture_names().flatten().next().is_some() => Some(both(
                format!("la expresión de `{name}` tiene grupos con nombre"),
                format!("the expression of `{name}` has named groups"),
            )),
            Ok(_) if users.is_empty() => Some(both(
                format!("la expresión de `{name}` no es de ninguna entidad anotada"),
                format!("the expression of `{name}` belongs to no annotated entity"),
            )),
            Ok(_) if source.chars().any(char::is_control) => Some(both(
                format!("la expresión de `{name}` tiene caracteres de control"),
                format!("the expression of `{name}` has control characters"),
            )),
            Ok(_) => None,
        };
        if let Some(message) = problem {
            draft.notes.add(
                place,
                "regex",
                message,
                both(
                    "Escribirla en `patterns:` del tema que la necesite: sin mirar hacia atrás ni adelante, con un grupo `(?<nombre>…)`.",
                    "Write it in `patterns:` of the topic that needs it: without look-around, with a group `(?<name>…)`.",
                ),
            );
            continue;
        }
        for intent in users {
            if let Some(topic) = draft.find_mut(&intent) {
                topic.patterns.push(format!("(?<{own}>{source})"));
                if !topic.slots.iter().any(|slot| slot.name == own) {
                    topic.slots.push(DraftSlot {
                        name: own.clone(),
                        kind: "text",
                        pattern: None,
                        ask: None,
                    });
                }
            }
        }
    }
}
