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
const YES_NO: [&str; 10] = [
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
            if bot.examples.iter().any(|(own, ..)| own == intent) {
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
    let said: BTreeSet<&str> = bot
        .rules
        .iter()
        .flat_map(|rule| &rule.actions)
        .chain(bot.after_form.values().flatten())
        .map(|(action, _)| action.as_str())
        .chain(bot.told.values().flatten().flatten().map(String::as_str))
        .collect();
    for (name, wordings) in &bot.responses {
        let of_intent = name
            .strip_prefix("utter_")
            .is_some_and(|intent| intents.iter().any(|(own, _)| own == intent));
        let asks = name.starts_with("utter_ask_");
        if !said.contains(name.as_str())
            && !of_intent
            && !asks
            && let Some(first) = wordings.first()
        {
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
