//! `rules:` and `stories:`: what simply follows an intent is taken; what depends on the talk so far is reported.

use super::super::note::{Place, both, short};
use super::super::yaml::Node;
use super::{Bot, Rule};

/// A step that counts here.
enum Step {
    Intents(Vec<String>),
    Action(String, Place),
    /// A form begins (`Some`) or ends.
    Loop(Option<String>),
    /// Something that must have happened.
    Condition,
}

fn step(node: &Node) -> Option<Step> {
    if let Some(either) = node.get("or") {
        let intents = either.list().iter();
        let intents = intents.filter_map(|one| one.get("intent")?.text());
        return Some(Step::Intents(intents.map(str::to_owned).collect()));
    }
    if let Some(intent) = node.get("intent").and_then(Node::text) {
        return Some(Step::Intents(vec![intent.to_owned()]));
    }
    if let Some(action) = node.get("action").or_else(|| node.get("bot")) {
        let name = action.text()?.to_owned();
        return Some(Step::Action(name, action.place.clone()));
    }
    if let Some(form) = node.get("active_loop") {
        let name = form.text().filter(|_| !form.is_nothing());
        return Some(Step::Loop(name.map(str::to_owned)));
    }
    let conditions = ["slot_was_set", "checkpoint", "user"];
    conditions
        .iter()
        .any(|key| node.get(key).is_some())
        .then_some(Step::Condition)
}

pub(super) fn rules(node: &Node, bot: &mut Bot) {
    for rule in node.list() {
        let name = rule.get("rule").and_then(Node::text).unwrap_or_default();
        let steps: Vec<Step> = rule
            .get("steps")
            .map(Node::list)
            .unwrap_or_default()
            .iter()
            .filter_map(step)
            .collect();
        // "No form is open" holds for whoever just asks.
        let condition = rule.get("condition").map(Node::list).unwrap_or_default();
        let conditional = condition
            .iter()
            .any(|one| one.get("active_loop").is_none_or(|form| !form.is_nothing()));
        match steps.split_first() {
            Some((Step::Intents(intents), rest)) if !conditional => {
                let mut actions = Vec::new();
                let mut simple = true;
                for step in rest {
                    match step {
                        Step::Action(action, place) => {
                            actions.push((action.clone(), place.clone()))
                        }
                        Step::Loop(_) => {}
                        Step::Intents(_) | Step::Condition => simple = false,
                    }
                }
                let with_entities = rule
                    .get("steps")
                    .and_then(|steps| steps.list().first())
                    .is_some_and(|first| first.get("entities").is_some());
                if simple && !with_entities {
                    bot.rules.push(Rule {
                        name: name.to_owned(),
                        place: rule.place.clone(),
                        intents: intents.clone(),
                        actions,
                    });
                } else {
                    depends(name, &rule.place, bot);
                }
            }
            Some((Step::Action(form, _), rest)) if ends_form(form, rest, bot) => {}
            Some(_) | None => depends(name, &rule.place, bot),
        }
    }
}

/// `action: x_form`, `active_loop: null`, and what is done then.
fn ends_form(form: &str, rest: &[Step], bot: &mut Bot) -> bool {
    let Some(end) = rest
        .iter()
        .position(|step| matches!(step, Step::Loop(None)))
    else {
        return false;
    };
    let actions = rest.iter().skip(end).filter_map(|step| match step {
        Step::Action(action, place) => Some((action.clone(), place.clone())),
        Step::Intents(_) | Step::Loop(_) | Step::Condition => None,
    });
    let actions = actions.collect();
    if bot.after_form.contains_key(form) {
        return false;
    }
    bot.after_form.insert(form.to_owned(), actions);
    true
}

fn depends(name: &str, place: &Place, bot: &mut Bot) {
    let name = short(name);
    bot.notes.add(
        place,
        "conditional_rule",
        both(
            format!("la regla «{name}» depende de lo que pasó antes y no se importa"),
            format!("the rule “{name}” depends on what came before and is not imported"),
        ),
        both(
            "Si hace falta: un dato (`slots:`), los casos de una llamada, o un `go`.",
            "Where it is needed: a slot (`slots:`), the cases of a call, or a `go`.",
        ),
    );
}

pub(super) fn stories(node: &Node, bot: &mut Bot) {
    let mut count = 0_usize;
    for story in node.list() {
        count += 1;
        let steps = story.get("steps").map(Node::list).unwrap_or_default();
        let mut said: Option<(Vec<String>, Vec<String>)> = None;
        for step in steps.iter().filter_map(step) {
            match step {
                Step::Intents(intents) => {
                    told(said.take(), &story.place, bot);
                    said = Some((intents, Vec::new()));
                }
                Step::Action(action, _) => {
                    if let Some((_, actions)) = &mut said {
                        actions.push(action);
                    }
                }
                Step::Loop(_) | Step::Condition => {}
            }
        }
        told(said, &story.place, bot);
    }
    not_run(count, &node.place, bot);
}

/// Remembers what a story answers to an intent.
pub(super) fn told(said: Option<(Vec<String>, Vec<String>)>, place: &Place, bot: &mut Bot) {
    let Some((intents, actions)) = said.filter(|(_, actions)| !actions.is_empty()) else {
        return;
    };
    for intent in intents {
        bot.told_at
            .entry(intent.clone())
            .or_insert_with(|| place.clone());
        bot.told.entry(intent).or_default().insert(actions.clone());
    }
}

pub(super) fn not_run(count: usize, place: &Place, bot: &mut Bot) {
    if count == 0 {
        return;
    }
    bot.notes.add(
        place,
        "stories",
        both(
            format!("{count} historias: se tomó solo lo que todas responden igual"),
            format!("{count} stories: only what all of them answer alike was taken"),
        ),
        both(
            "El orden de la charla lo llevan los temas; lo demás, revisarlo a mano.",
            "Topics lead the talk; look over the rest by hand.",
        ),
    );
}
