//! From what the files of a bot say to topics.

use std::collections::{BTreeMap, BTreeSet};

use whichlang::{Lang as Detected, detect_language};

use super::super::draft::{Draft, DraftSay, DraftSlot, Imported, answer, slot_name};
use super::super::label;
use super::super::note::{Place, Refused, both, short};
use super::{Bot, Response};
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

/// Fewest values that make a list worth keeping.
const LIST_MIN: usize = 2;
/// Most values of a list that is kept.
const LIST_MAX: usize = 5_000;

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

fn is_skipped(intent: &str) -> bool {
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

/// Values that stand in files of their own.
fn lookup_files(bot: &mut Bot, draft: &mut Draft) {
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

fn synonyms(bot: &mut Bot, draft: &mut Draft) {
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
fn lists(bot: &mut Bot, draft: &mut Draft) {
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

/// What an intent answers: rule, then retrieval response, then what all stories agree on, then the response of its name.
fn actions_of(intent: &str, bot: &Bot, draft: &mut Draft) -> Vec<(String, Place)> {
    let mut of_intent = bot
        .rules
        .iter()
        .filter(|rule| rule.intents.iter().any(|own| own == intent));
    if let Some(rule) = of_intent.next() {
        for other in of_intent {
            if let Some((action, place)) = other.actions.first() {
                draft.notes.add(
                    place,
                    "second_rule",
                    both(
                        format!("`{intent}` tiene otra regla, con `{action}`: quedó la primera"),
                        format!("`{intent}` has another rule, with `{action}`: the first was kept"),
                    ),
                    both(
                        "Unirlas en los pasos del tema.",
                        "Join them in the topic's steps.",
                    ),
                );
            }
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
        if common.is_empty() {
            draft.notes.add(
                place,
                "story_decides",
                both(
                    format!(
                        "a `{intent}` las historias responden de {} maneras",
                        told.len()
                    ),
                    format!("to `{intent}` the stories answer in {} ways", told.len()),
                ),
                both(
                    "Elegir una respuesta para el tema, o distinguir por un dato.",
                    "Choose one answer for the topic, or tell the cases apart by a slot.",
                ),
            );
        } else {
            return common;
        }
    }
    named(format!("utter_{intent}")).unwrap_or_default()
}

fn topic(
    intent: &str,
    place: &Place,
    lang: &Lang,
    bot: &Bot,
    draft: &mut Draft,
) -> Result<(), Refused> {
    let actions = actions_of(intent, bot, draft);
    if actions.is_empty() && draft.find(intent).is_none() {
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
    for name in names {
        let own = slot_name(name);
        if slots.iter().any(|slot| slot.name == own) {
            continue;
        }
        let wordings = bot
            .responses
            .get(&format!("utter_ask_{form}_{name}"))
            .or_else(|| bot.responses.get(&format!("utter_ask_{name}")));
        let known: Vec<String> = slots.iter().map(|slot| slot.name.clone()).collect();
        let filled = |wanted: &str| known.contains(&slot_name(wanted));
        let words = wordings
            .and_then(|wordings| wordings.first())
            .map(|wording| answer(&wording.text, &filled).0)
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
    let first = wordings
        .iter()
        .find(|wording| !wording.conditional)
        .or_else(|| wordings.first())?;
    let others = wordings.len() - 1;
    if others > 0 {
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
        }
    }
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
    if words.is_empty() {
        return None;
    }
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
            choices.push((title.clone(), intent.to_owned()));
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
    Some(DraftSay {
        words: BTreeMap::from([(lang.clone(), words)]),
        choices,
    })
}

/// A regular expression of an entity fills it in the topics that use it.
fn patterns(bot: &Bot, draft: &mut Draft) {
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
