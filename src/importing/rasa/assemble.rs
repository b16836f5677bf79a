//! From what the files of a bot say to topics.

use std::collections::BTreeSet;

use whichlang::{Lang as Detected, detect_language};

use super::super::draft::{Draft, Imported, slot_name};
use super::super::note::{Place, Refused, both, short};
use super::Bot;
use super::topic::topic;
use super::values::{lists, lookup_files, patterns, synonyms};
use crate::ids::Lang;

/// Intents that the engine reads by itself: a plain yes or no answers what was asked.
const YES_NO: [&str; 13] = [
    "affirm",
    "deny",
    "yes",
    "no",
    "confirm",
    "decline",
    "afirmar",
    "negar",
    "si",
    "afirmacion",
    "negacion",
    "confirmacion",
    "confirmar",
];
/// Intents that Rasa itself sends.
const INTERNAL: [&str; 5] = [
    "nlu_fallback",
    "session_start",
    "restart",
    "back",
    "EXTERNAL",
];

pub(super) fn assemble(mut bot: Bot, lang: Option<&Lang>) -> Result<Imported, Refused> {
    let lang = lang
        .cloned()
        .or_else(|| bot.lang.clone())
        .unwrap_or_else(|| likely(&bot));
    let mut draft = Draft::new(vec![lang.clone()]);
    draft.notes = std::mem::take(&mut bot.notes);
    lookup_files(&mut bot, &mut draft);
    synonyms(&mut bot, &mut draft);
    lists(&mut bot, &mut draft);
    for (intent, text, place) in &bot.examples {
        if !is_skipped(intent) {
            draft.example(intent, &lang, text, place)?;
        }
    }
    let intents = std::mem::take(&mut bot.intents);
    for (intent, place) in &intents {
        if is_skipped(intent) {
            {
                draft.notes.add(
                    place,
                    "built_in_yes_no",
                    both(
                        format!("`{intent}`: el motor ya entiende sí y no"),
                        format!("`{intent}`: the engine understands yes and no by itself"),
                    ),
                    both(
                        "Nada que hacer: responde a lo último que se preguntó.",
                        "Nothing to do: it answers what was asked last.",
                    ),
                );
            }
            continue;
        }
        topic(intent, place, &lang, &bot, &mut draft)?;
    }
    patterns(&bot, &mut draft);
    unused(&bot, &intents, &mut draft);
    left_behind(&bot, &intents, &mut draft);
    Ok(draft.write())
}

pub(super) fn is_skipped(intent: &str) -> bool {
    let lower = intent.to_lowercase();
    YES_NO.contains(&lower.as_str()) || INTERNAL.contains(&intent)
}

fn likely(bot: &Bot) -> Lang {
    let (mut es, mut en) = (0_usize, 0_usize);
    for (_, text, _) in bot.examples.iter().take(5_000) {
        match detect_language(text) {
            Detected::Spa => es += 1,
            Detected::Eng => en += 1,
            _ => {}
        }
    }
    if es > en { Lang::es() } else { Lang::en() }
}

/// Entities without a list or an expression, and responses that no topic says.
fn unused(bot: &Bot, intents: &[(String, Place)], draft: &mut Draft) {
    let annotated: BTreeSet<&String> = bot.annotated.values().flatten().collect();
    for entity in annotated {
        let own = slot_name(entity);
        let known =
            draft.lists.contains_key(&own) || bot.regexes.iter().any(|(name, ..)| name == entity);
        if known {
            continue;
        }
        let place = intents
            .iter()
            .find(|(intent, _)| {
                bot.annotated
                    .get(intent)
                    .is_some_and(|own| own.contains(entity))
            })
            .map(|(_, place)| place);
        if let Some(place) = place {
            draft.notes.add(
                place,
                "open_entity",
                both(
                    format!("la entidad `{}` no tiene lista ni expresión", short(entity)),
                    format!("the entity `{}` has neither a list nor an expression", short(entity)),
                ),
                both(
                    "Si se pide: un dato con su tipo (number, email, date…) en `slots:`.",
                    "Where it is asked for: a slot with its type (number, email, date…) in `slots:`.",
                ),
            );
        }
    }
    for (name, wordings) in &bot.responses {
        if let Some(first) = wordings.first().filter(|_| !draft.carried.contains(name)) {
            draft.notes.add(
                &first.place,
                "unused_response",
                both(
                    format!("ningún tema dice `{}`", short(name)),
                    format!("no topic says `{}`", short(name)),
                ),
                both(
                    "Copiar su texto donde haga falta; lo decía un programa o una historia.",
                    "Copy its words where they are needed; a program or a story said them.",
                ),
            );
        }
    }
}

/// Forms and rules that no topic took, roles and groups of entities.
fn left_behind(bot: &Bot, intents: &[(String, Place)], draft: &mut Draft) {
    for (name, (_, place)) in &bot.forms {
        if !draft.carried.contains(name) {
            let name = short(name);
            draft.notes.add(
                place,
                "unused_form",
                both(
                    format!("ningún tema abre el formulario `{name}`"),
                    format!("no topic opens the form `{name}`"),
                ),
                both(
                    "Si hace falta: sus datos en `slots:` del tema, cada uno con su `ask`.",
                    "Where it is needed: its slots in the topic's `slots:`, each with its `ask`.",
                ),
            );
        }
    }
    for rule in &bot.rules {
        let reached =
            |own: &String| !is_skipped(own) && intents.iter().any(|(intent, _)| intent == own);
        if !rule.intents.iter().any(reached) {
            let (name, on) = (short(&rule.name), short(&rule.intents.join(", ")));
            draft.notes.add(
                &rule.place,
                "unused_rule",
                both(
                    format!("la regla «{name}» responde a `{on}`, que no es un tema"),
                    format!("the rule “{name}” answers `{on}`, which is no topic"),
                ),
                both(
                    "Lo que dice el asistente cuando no entiende, y tras un sí o un no, lo lleva el motor (`texts:` en _assistant.yaml).",
                    "What the assistant says when it does not understand, and after a yes or no, is the engine's (`texts:` in _assistant.yaml).",
                ),
            );
        }
    }
    for ((entity, part), place) in &bot.parts {
        let (entity, part) = (short(entity), short(part));
        draft.notes.add(
            place,
            "entity_part",
            both(
                format!("la entidad `{entity}` tiene papeles aquí (`{part}`), y no se importan"),
                format!("the entity `{entity}` has parts here (`{part}`), which are not imported"),
            ),
            both(
                "Si hay que distinguirlos: un dato para cada uno, con su pregunta.",
                "Where they must be told apart: a slot for each, with its question.",
            ),
        );
    }
}
