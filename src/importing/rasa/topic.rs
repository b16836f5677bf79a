//! A topic from an intent: what its rules do, its form, its answer.

use std::collections::BTreeMap;

use super::super::draft::{Draft, DraftSay, DraftSlot, answer, slot_name};
use super::super::label;
use super::super::note::{Place, Refused, both, short};
use super::assemble::is_skipped;
use super::{Bot, Response};
use crate::ids::Lang;

/// What the engine must know about a topic, by usual names of its intent: role, small talk.
const ROLES: [(&str, &[&str], bool); 5] = [
    (
        "greeting",
        &[
            "greet",
            "greeting",
            "greetings",
            "hello",
            "hi",
            "saludo",
            "saludos",
            "saludar",
        ],
        true,
    ),
    (
        "goodbye",
        &[
            "goodbye",
            "bye",
            "farewell",
            "despedida",
            "despedirse",
            "adios",
            "chau",
        ],
        true,
    ),
    (
        "robot",
        &[
            "bot_challenge",
            "ask_isbot",
            "are_you_a_bot",
            "check_human",
            "es_un_bot",
        ],
        true,
    ),
    (
        "talk_to_person",
        &[
            "human_handoff",
            "handoff",
            "trigger_handoff",
            "talk_to_human",
            "speak_to_human",
            "hablar_con_humano",
            "hablar_con_persona",
            "agente_humano",
        ],
        false,
    ),
    (
        "anger",
        &["insult", "insults", "handle_insult", "insulto", "insultos"],
        true,
    ),
];
const THANKS: [&str; 6] = [
    "thank",
    "thanks",
    "thankyou",
    "thank_you",
    "gracias",
    "agradecer",
];

/// What an intent answers: rule, then retrieval response, then what all stories agree on, then the response of its name.
fn actions_of(intent: &str, bot: &Bot, draft: &mut Draft) -> Vec<(String, Place)> {
    let mut of_intent = bot
        .rules
        .iter()
        .filter(|rule| rule.intents.iter().any(|own| own == intent));
    if let Some(rule) = of_intent.next() {
        for other in of_intent {
            let name = short(&other.name);
            draft.notes.add(
                &other.place,
                "second_rule",
                both(
                    format!("`{intent}` tiene otra regla, «{name}»: quedó la primera"),
                    format!("`{intent}` has another rule, “{name}”: the first was kept"),
                ),
                both(
                    "Unirlas en los pasos del tema.",
                    "Join them in the topic's steps.",
                ),
            );
        }
        return rule.actions.clone();
    }
    let place = bot.told_at.get(intent);
    let named = |name: String| {
        let first = bot.responses.get(&name)?.first()?;
        Some(vec![(name, first.place.clone())])
    };
    if intent.contains('/')
        && let Some(found) = named(format!("utter_{intent}"))
    {
        return found;
    }
    if let (Some(told), Some(place)) = (bot.told.get(intent), place) {
        let simple = |actions: &[String]| {
            let spoken = actions.iter().filter(|action| action.starts_with("utter_"));
            spoken
                .map(|action| (action.clone(), place.clone()))
                .collect::<Vec<_>>()
        };
        let mut ways = told.iter();
        if let (Some(only), None) = (ways.next(), ways.next()) {
            return only
                .iter()
                .map(|action| (action.clone(), place.clone()))
                .collect();
        }
        // What all of them begin with.
        let mut common: Option<Vec<String>> = None;
        for way in told {
            common = Some(match common {
                None => way.clone(),
                Some(common) => common
                    .into_iter()
                    .zip(way)
                    .take_while(|(a, b)| a == *b)
                    .map(|(a, _)| a)
                    .collect(),
            });
        }
        let common = simple(&common.unwrap_or_default());
        {
            let ways: Vec<String> = told.iter().map(|way| shown(way, bot)).collect();
            let ways = ways.join(" / ");
            draft.notes.add(
                place,
                "story_decides",
                both(
                    format!(
                        "a `{intent}` las historias responden de {} maneras: {ways}",
                        told.len()
                    ),
                    format!(
                        "to `{intent}` the stories answer in {} ways: {ways}",
                        told.len()
                    ),
                ),
                both(
                    "Elegir una respuesta para el tema, o distinguir por un dato.",
                    "Choose one answer for the topic, or tell the cases apart by a slot.",
                ),
            );
        }
        if !common.is_empty() {
            return common;
        }
    }
    named(format!("utter_{intent}")).unwrap_or_default()
}

/// What a story answers, each action with the beginning of its words.
fn shown(way: &[String], bot: &Bot) -> String {
    let said: Vec<String> = way
        .iter()
        .map(|action| {
            let words = bot
                .responses
                .get(action)
                .and_then(|wordings| kept(wordings));
            match words {
                Some(words) => format!("`{action}` «{}»", short(&words.text)),
                None => format!("`{action}`"),
            }
        })
        .collect();
    said.join(" + ")
}

pub(super) fn topic(
    intent: &str,
    place: &Place,
    lang: &Lang,
    bot: &Bot,
    draft: &mut Draft,
) -> Result<(), Refused> {
    let actions = actions_of(intent, bot, draft);
    if actions.is_empty() && draft.find(intent).is_none() {
        draft.notes.add(
            place,
            "empty_intent",
            both(
                format!("`{intent}` no tiene ejemplos ni respuesta"),
                format!("`{intent}` has neither examples nor an answer"),
            ),
            both(
                "No se hizo ningún tema; si hace falta, escribirlo.",
                "No topic was made; write one where it is needed.",
            ),
        );
        return Ok(());
    }
    let mut slots: Vec<DraftSlot> = Vec::new();
    let mut queue = actions;
    queue.reverse();
    let mut says = Vec::new();
    let mut escalates = false;
    let mut steps = 0;
    while let Some((action, at)) = queue.pop() {
        steps += 1;
        if steps > 50 {
            break;
        }
        if let Some((names, form_at)) = bot.forms.get(&action) {
            form(&action, names, form_at, lang, bot, draft, &mut slots);
            let after = bot.after_form.get(&action).cloned().unwrap_or_default();
            // The data is there and what used it was a program: a person goes on.
            escalates |= !names.is_empty();
            queue.extend(after.into_iter().rev().filter(|(next, _)| *next != action));
        } else if let Some(wordings) = bot.responses.get(&action) {
            if let Some(said) = say(&action, wordings, lang, &slots, bot, draft) {
                says.push(said);
            }
        } else if action.starts_with("utter_") {
            draft.notes.add(
                &at,
                "no_response",
                both(
                    format!("`{intent}` dice `{action}`, que no está en el dominio"),
                    format!("`{intent}` says `{action}`, which the domain does not have"),
                ),
                both(
                    "Escribir la respuesta en el tema.",
                    "Write the answer in the topic.",
                ),
            );
        } else if !is_internal(&action) {
            draft.notes.add(
                &at,
                "custom_action",
                both(
                    format!("`{intent}` ejecuta `{action}`, un programa en Python"),
                    format!("`{intent}` runs `{action}`, a Python program"),
                ),
                both(
                    "Si consulta un servicio: declararlo en _calls.yaml y poner un paso `call`.",
                    "Where it asks a service: declare it in _calls.yaml and add a step `call`.",
                ),
            );
        }
    }
    for entity in bot.annotated.get(intent).into_iter().flatten() {
        let name = slot_name(entity);
        if draft.lists.contains_key(&name) && !slots.iter().any(|slot| slot.name == name) {
            slots.push(DraftSlot {
                name,
                kind: "list",
                pattern: None,
                ask: None,
            });
        }
    }
    let plain = intent.to_lowercase();
    let topic = draft.topic(intent, place)?;
    topic.says = says;
    topic.slots = slots;
    topic.escalates = escalates;
    for (role, names, small_talk) in ROLES {
        if names.contains(&plain.as_str()) {
            topic.role = Some(role);
            topic.small_talk = small_talk;
            topic.escalates |= role == "talk_to_person";
        }
    }
    topic.small_talk |= THANKS.contains(&plain.as_str());
    Ok(())
}

fn is_internal(action: &str) -> bool {
    const OWN: [&str; 9] = [
        "action_listen",
        "action_deactivate_loop",
        "action_deactivate_form",
        "action_default_fallback",
        "action_restart",
        "action_session_start",
        "action_back",
        "action_unlikely_intent",
        "action_extract_slots",
    ];
    OWN.contains(&action)
}

/// The slots of a form as questions.
fn form(
    form: &str,
    names: &[String],
    place: &Place,
    lang: &Lang,
    bot: &Bot,
    draft: &mut Draft,
    slots: &mut Vec<DraftSlot>,
) {
    if names.is_empty() {
        draft.notes.add(
            place,
            "form_in_python",
            both(
                format!("los datos del formulario `{form}` están en Python"),
                format!("the slots of the form `{form}` stand in Python"),
            ),
            both(
                "Escribirlos en `slots:` del tema, cada uno con su `ask`.",
                "Write them in the topic's `slots:`, each with its `ask`.",
            ),
        );
    }
    draft.carried.insert(form.to_owned());
    for name in names {
        let own = slot_name(name);
        if slots.iter().any(|slot| slot.name == own) {
            continue;
        }
        let questions = [
            format!("utter_ask_{form}_{name}"),
            format!("utter_ask_{name}"),
        ];
        let question = questions
            .iter()
            .find(|question| bot.responses.contains_key(*question));
        let wordings = question.and_then(|question| bot.responses.get(question));
        let known: Vec<String> = slots.iter().map(|slot| slot.name.clone()).collect();
        let filled = |wanted: &str| known.contains(&slot_name(wanted));
        let words = question
            .zip(wordings.and_then(|wordings| kept(wordings)))
            .map(|(question, wording)| {
                draft.carried.insert(question.clone());
                let wordings = wordings.map_or(&[][..], Vec::as_slice);
                others(question, wordings, wording, draft);
                asked_buttons(question, wording, draft);
                let (words, unfilled) = answer(&wording.text, &filled);
                values(question, wording, unfilled, draft);
                words
            })
            .filter(|words| !words.is_empty());
        let words = words.unwrap_or_else(|| {
            draft.notes.add(
                place,
                "no_question",
                both(
                    format!("`{name}` de `{form}` no tiene pregunta (`utter_ask_{name}`)"),
                    format!("`{name}` of `{form}` has no question (`utter_ask_{name}`)"),
                ),
                both(
                    "Reescribir su `ask:` en el tema.",
                    "Reword its `ask:` in the topic.",
                ),
            );
            let called = label::words(name);
            if lang.base() == Lang::es() {
                format!("¿Cuál es: {called}?")
            } else {
                format!("Which {called}?")
            }
        });
        let kind = bot.slots.get(name).map_or("text", |(kind, _)| *kind);
        let kind = if draft.lists.contains_key(&own) {
            "list"
        } else if kind == "list" {
            "text"
        } else {
            kind
        };
        slots.push(DraftSlot {
            name: own,
            kind,
            pattern: None,
            ask: Some(BTreeMap::from([(lang.clone(), words)])),
        });
    }
}

/// A response as an answer: its first wording that always holds.
fn say(
    name: &str,
    wordings: &[Response],
    lang: &Lang,
    slots: &[DraftSlot],
    bot: &Bot,
    draft: &mut Draft,
) -> Option<DraftSay> {
    let first = kept(wordings)?;
    draft.carried.insert(name.to_owned());
    others(name, wordings, first, draft);
    let filled = |wanted: &str| {
        let own = slot_name(wanted);
        slots.iter().any(|slot| slot.name == own)
    };
    let (mut words, unfilled) = answer(&first.text, &filled);
    if let Some(image) = &first.image {
        let called = if lang.base() == Lang::es() {
            "imagen"
        } else {
            "image"
        };
        if image.starts_with("http") && !image.contains(['{', '}', ')', ' ']) {
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(&format!("[{called}]({image})"));
        } else {
            draft.notes.add(
                &first.place,
                "image",
                both(
                    format!(
                        "la imagen de `{name}` no es una dirección fija: {}",
                        short(image)
                    ),
                    format!(
                        "the image of `{name}` is no fixed address: {}",
                        short(image)
                    ),
                ),
                both("Poner un enlace en el texto.", "Put a link into the text."),
            );
        }
    }
    values(name, first, unfilled, draft);
    if words.is_empty() {
        return None;
    }
    Some(DraftSay {
        words: BTreeMap::from([(lang.clone(), words)]),
        choices: buttons(first, bot, draft),
    })
}

/// The wording that is kept: the first that always holds.
fn kept(wordings: &[Response]) -> Option<&Response> {
    wordings
        .iter()
        .find(|wording| !wording.conditional)
        .or_else(|| wordings.first())
}

/// Notes the wordings that are not kept.
fn others(name: &str, wordings: &[Response], first: &Response, draft: &mut Draft) {
    let others = wordings.len().saturating_sub(1);
    if others > 0 || first.conditional {
        draft.notes.add(
            &first.place,
            "other_wordings",
            both(
                format!("`{name}` tiene {others} texto(s) más, al azar o con condición: quedó uno"),
                format!("`{name}` has {others} more wording(s), random or conditional: one was kept"),
            ),
            both(
                "Un asistente que dice siempre lo mismo se deja probar; si un texto es más breve, puede ser el estilo `fast`.",
                "An assistant that always says the same can be tested; a shorter wording may be the style `fast`.",
            ),
        );
    }
}

/// Notes the values of a response that nothing fills.
fn values(name: &str, first: &Response, unfilled: Vec<String>, draft: &mut Draft) {
    for value in unfilled {
        draft.notes.add(
            &first.place,
            "value_of_python",
            both(
                format!(
                    "nada rellena `{}` de `{name}`: quedó entre corchetes",
                    short(&value)
                ),
                format!(
                    "nothing fills `{}` of `{name}`: it stands in brackets",
                    short(&value)
                ),
            ),
            both(
                "Un dato del tema o un valor de una llamada se citan con llaves.",
                "A slot of the topic or a value of a call is cited in braces.",
            ),
        );
    }
}

/// The buttons of a form's question are no part of a slot.
fn asked_buttons(question: &str, wording: &Response, draft: &mut Draft) {
    let Some((_, _, place)) = wording.buttons.first() else {
        return;
    };
    let titles: Vec<&str> = wording
        .buttons
        .iter()
        .map(|(title, ..)| title.as_str())
        .collect();
    let titles = short(&titles.join(", "));
    draft.notes.add(
        place,
        "question_buttons",
        both(
            format!("la pregunta `{question}` pierde sus botones: {titles}"),
            format!("the question `{question}` loses its buttons: {titles}"),
        ),
        both(
            "Si son los valores posibles: una lista en _lists.yaml y un dato `type: list`.",
            "If these are the possible values: a list in _lists.yaml and a slot `type: list`.",
        ),
    );
}

/// The buttons that lead to a topic.
fn buttons(first: &Response, bot: &Bot, draft: &mut Draft) -> Vec<(String, String, Place)> {
    let mut choices = Vec::new();
    for (title, payload, place) in &first.buttons {
        let intent = payload
            .strip_prefix('/')
            .unwrap_or(payload)
            .split(['{', '@'])
            .next()
            .unwrap_or_default()
            .trim();
        let known = bot.intents.iter().any(|(own, _)| own == intent)
            || bot.examples.iter().any(|(own, ..)| own == intent);
        if !is_skipped(intent) && (known || draft.find(intent).is_some()) {
            choices.push((title.clone(), intent.to_owned(), place.clone()));
            if payload.contains(['{', '@']) {
                draft.notes.add(
                    place,
                    "button_value",
                    both(
                        format!(
                            "el botón «{}» ya no lleva su valor: {}",
                            short(title),
                            short(payload)
                        ),
                        format!(
                            "the button “{}” no longer carries its value: {}",
                            short(title),
                            short(payload)
                        ),
                    ),
                    both(
                        "El tema lo preguntará si lo necesita; o un tema propio para cada valor.",
                        "The topic will ask for it where it needs it; or a topic for each value.",
                    ),
                );
            }
        } else {
            draft.notes.add(
                place,
                "button",
                both(
                    format!("el botón «{}» no lleva a ningún tema", short(title)),
                    format!("the button “{}” leads to no topic", short(title)),
                ),
                both(
                    "Sí y no se entienden sin botón; lo demás, con un tema al que ir.",
                    "Yes and no are understood without a button; anything else needs a topic to go to.",
                ),
            );
        }
    }
    choices
}
