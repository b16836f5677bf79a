//! `domain.yml`: intents, responses with buttons, slots, forms.

use super::super::note::both;
use super::super::yaml::{Kind, Node};
use super::{Bot, Response};

pub(super) fn intents(node: &Node, bot: &mut Bot) {
    for item in node.list() {
        let name = item
            .text()
            .or_else(|| item.entries().next().map(|(name, ..)| name));
        if let Some(name) = name {
            bot.intent(name, &item.place);
        }
    }
}

pub(super) fn responses(node: &Node, bot: &mut Bot) {
    for (name, at, wordings) in node.entries() {
        let single = std::slice::from_ref(wordings);
        let wordings = match &wordings.kind {
            Kind::List(wordings) => wordings.as_slice(),
            Kind::Text(_) | Kind::Map(_) => single,
            Kind::Nothing => &[],
        };
        let mut read: Vec<Response> = wordings.iter().filter_map(response).collect();
        for wording in wordings {
            for key in ["custom", "elements", "attachment", "quick_replies"] {
                if let Some(lost) = wording.get(key) {
                    bot.notes.add(
                        &lost.place,
                        "custom_payload",
                        both(
                            format!("`{key}` de `{name}` es de un canal y no se importa"),
                            format!("`{key}` of `{name}` belongs to a channel and is not imported"),
                        ),
                        both(
                            "Decirlo con un texto, un enlace o botones.",
                            "Say it with a text, a link or buttons.",
                        ),
                    );
                }
            }
        }
        if read.len() < wordings.len().max(1) {
            bot.notes.add(
                &at.place,
                "empty_response",
                both(
                    format!("`{name}` tiene un texto vacío, sin palabras ni imagen"),
                    format!("`{name}` has an empty wording, without words or image"),
                ),
                both(
                    "Ese no se importó; si tenía botones, ponerlos en `choices:` bajo un texto.",
                    "That one was not imported; where it had buttons, put them into `choices:` under a text.",
                ),
            );
        }
        bot.responses
            .entry(name.to_owned())
            .or_default()
            .append(&mut read);
    }
}

fn response(node: &Node) -> Option<Response> {
    let text = node
        .text()
        .or_else(|| node.get("text").and_then(Node::text))
        .unwrap_or_default();
    let image = node.get("image").and_then(Node::text).map(str::to_owned);
    let buttons = node.get("buttons").map(|buttons| {
        buttons
            .list()
            .iter()
            .filter_map(|button| {
                let title = button.get("title")?.text()?.to_owned();
                let payload = button
                    .get("payload")
                    .and_then(Node::text)
                    .unwrap_or_default();
                Some((title, payload.to_owned(), button.place.clone()))
            })
            .collect()
    });
    if text.is_empty() && image.is_none() {
        return None;
    }
    Some(Response {
        place: node.place.clone(),
        text: text.to_owned(),
        buttons: buttons.unwrap_or_default(),
        image,
        conditional: node.get("condition").is_some() || node.get("channel").is_some(),
    })
}

pub(super) fn slots(node: &Node, bot: &mut Bot) {
    for (name, _, slot) in node.entries() {
        let kind = match slot.get("type").and_then(Node::text).unwrap_or_default() {
            "bool" => "yes_no",
            "float" => "number",
            "categorical" => "list",
            _ => "text",
        };
        let values = slot
            .get("values")
            .map(Node::list)
            .unwrap_or_default()
            .iter()
            .filter_map(|value| value.text().map(str::to_owned))
            .collect();
        bot.slots.insert(name.to_owned(), (kind, values));
    }
}

/// Forms of Rasa 3 (`required_slots: [a, b]`), of Rasa 2 (`required_slots: {a: […]}` or the slots themselves), and names alone, whose slots
/// stand in Python.
pub(super) fn forms(node: &Node, bot: &mut Bot) {
    for item in node.list() {
        let name = item
            .text()
            .or_else(|| item.entries().next().map(|(name, ..)| name));
        if let Some(name) = name {
            bot.forms
                .insert(name.to_owned(), (Vec::new(), item.place.clone()));
        }
    }
    for (name, at, form) in node.entries() {
        let required = form.get("required_slots").unwrap_or(form);
        let listed = required.list().iter().filter_map(Node::text);
        let keyed = required.entries().map(|(name, ..)| name);
        let slots = listed
            .chain(keyed)
            .filter(|slot| !matches!(*slot, "ignored_intents" | "required_slots"))
            .map(str::to_owned)
            .collect();
        bot.forms.insert(name.to_owned(), (slots, at.place.clone()));
    }
}
