//! What is kept from one visit to the next: offered to be kept once it was given, proposed and never taken for granted at the next visit, shown and
//! forgotten when the visitor says so.
//!
//! Only a yes keeps anything, and a no counts for as long as a yes would.

use super::cues::{self, fold};
use super::form::{Heard, YES_NO_MAX, accept, is_an_example};
use super::parts::Input;
use super::slot;
use super::slot_text::from_text;
use super::turn::{Ask, Turn};
use super::wording::day;
use crate::conversation::{Choice, Effect, Form, Keepsake, Offer, Reading, Target};
use crate::ids::{SlotName, Timestamp};
use crate::topics::{Slot, SlotRule, Topic};

/// What a visitor wants of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// To see it.
    See,
    /// That this be forgotten; nothing: all of it.
    Forget(Option<SlotName>),
}

/// One thing that is kept, as it may be used now.
struct Known {
    value: String,
    at: Timestamp,
}

/// The value of an earlier visit that a slot could take; nothing where the files would not take it any more.
pub(super) fn known(turn: &Turn<'_>, slot: &Slot) -> Option<String> {
    let item = slot.remember.as_ref()?;
    if !slot.rule.may_be_remembered() {
        return None;
    }
    from_text(&slot.rule, &kept(turn, item)?.value)
}

/// An optional slot whose value of an earlier visit is still to be proposed, before a topic answers.
pub(super) fn to_propose<'t>(turn: &Turn<'_>, topic: &'t Topic) -> Option<&'t Slot> {
    topic.slots.iter().find(|slot| {
        slot.optional
            && !turn.slots.contains_key(&slot.name)
            && slot
                .remember
                .as_ref()
                .is_some_and(|item| !turn.memory.asked_to_keep.contains(item))
            && known(turn, slot).is_some()
    })
}

/// The proposal in words and buttons, where a form makes one.
pub(super) fn proposal(
    turn: &Turn<'_>,
    form: &Form,
    name: &SlotName,
) -> Option<(String, Vec<Choice>)> {
    let slot = proposed(turn, form, name)?;
    let value = turn.worded(&known(turn, slot)?, &slot.rule);
    let what = called(turn, slot);
    let words = turn
        .reader
        .engine("remember_use", &[("what", &what), ("value", &value)]);
    Some((words, turn.yes_no()))
}

fn proposed<'a>(turn: &Turn<'a>, form: &Form, name: &SlotName) -> Option<&'a Slot> {
    let topic = turn.catalog.topics.get(&form.topic)?;
    let slot = topic.slots.iter().find(|slot| slot.name == *name)?;
    (form.proposed && known(turn, slot).is_some()).then_some(slot)
}

/// The open form proposes a value and hears a text: a yes takes it, a no asks, and another value is that value.
pub(super) fn hear_proposal(
    turn: &mut Turn<'_>,
    form: &Form,
    name: &SlotName,
    text: &str,
    reading: &Reading,
) -> Option<Heard> {
    let rule = &proposed(turn, form, name)?.rule;
    if cues::word_count(text) > YES_NO_MAX && reading.yes_no.is_none() {
        return None;
    }
    if slot::answer(rule, name, text, &reading.found, None).is_some() {
        return None;
    }
    let yes = reading
        .yes_no
        .or_else(|| cues::declines(text).then_some(false))?;
    answer_proposal(turn, form, name, yes);
    Some(Heard::Taken)
}

/// Yes or no to the value that is proposed.
pub(super) fn answer_proposal(turn: &mut Turn<'_>, form: &Form, name: &SlotName, yes: bool) {
    let Some(slot) = proposed(turn, form, name) else {
        turn.ask = Ask::First;
        return;
    };
    let item = slot.remember.clone();
    if let (true, Some(value)) = (yes, known(turn, slot)) {
        // Said yes to again: it is kept for another while.
        turn.remember
            .extend(item.map(|item| (item, Some(value.clone()))));
        return accept(turn, form, name, value);
    }
    turn.counted = true;
    turn.memory.open = None;
    turn.ask = Ask::No;
    if slot.optional {
        turn.memory.asked_to_keep.extend(item);
        return super::steps::run(turn, &form.topic, &form.cursor);
    }
    turn.open(Form {
        proposed: false,
        ..form.clone()
    });
}

/// Offers to keep what a topic was given, once it is answered and nothing else is open.
pub(super) fn offer(turn: &mut Turn<'_>) {
    let idle = turn.effect == Effect::None
        && turn.ask == Ask::No
        && turn.memory.open.is_none()
        && turn.memory.offered.is_none()
        && turn.memory.suspended.is_empty()
        && turn.memory.later.is_empty();
    let answered = turn.memory.matched && turn.remember.is_empty();
    let catalog = turn.catalog;
    let topic = turn
        .topic
        .as_ref()
        .and_then(|id| catalog.topics.get(id))
        .filter(|topic| !topic.sensitive);
    // Two questions at once are one too many.
    let asks = !turn.choices.is_empty()
        && (turn.says.last()).is_some_and(|last| last.trim_end().ends_with('?'));
    let Some(topic) = topic.filter(|_| idle && answered && !asks) else {
        return;
    };
    let (slots, words): (Vec<_>, Vec<_>) = topic
        .slots
        .iter()
        .filter_map(|slot| Some(((slot.name.clone(), new_item(turn, slot)?), slot)))
        .map(|(names, slot)| {
            let value = turn.slots.get(&slot.name).map_or("", String::as_str);
            let value = turn.worded(value, &slot.rule);
            (names, format!("{} ({value})", called(turn, slot)))
        })
        .unzip();
    if slots.is_empty() {
        return;
    }
    let what = words.join(", ");
    turn.say_engine("remember_ask", &[("what", &what)]);
    let asked = slots.iter().map(|(_, item)| item.clone());
    turn.memory.asked_to_keep.extend(asked);
    turn.memory.offered = Some(Offer::Remember { slots });
    let answers = turn.yes_no();
    turn.choices.splice(..0, answers);
}

/// The name under which a slot's value could be kept: given, not kept like this, and not declined.
fn new_item(turn: &Turn<'_>, slot: &Slot) -> Option<SlotName> {
    let item = slot.remember.as_ref()?;
    let value = turn.slots.get(&slot.name)?;
    let state = turn.scene.state;
    let fits =
        slot.rule.may_be_remembered() && from_text(&slot.rule, value).as_ref() == Some(value);
    let declined = state
        .kept
        .was_declined(item, turn.scene.now, &turn.scene.limits);
    let asked = turn.memory.asked_to_keep.contains(item);
    let same = kept(turn, item).is_some_and(|known| known.value == *value);
    let ever = turn.scene.limits.remember_ms > 0;
    (ever && fits && !declined && !asked && !same).then(|| item.clone())
}

/// The visitor's yes or no to keeping these.
pub(super) fn reply(turn: &mut Turn<'_>, slots: &[(SlotName, SlotName)], yes: bool) {
    // It ended well before this was asked, and still has.
    turn.counted = true;
    for (slot, item) in slots {
        let value = turn.slots.get(slot).filter(|_| yes).cloned();
        turn.remember.insert(item.clone(), value);
    }
    turn.say_engine(
        if yes {
            "remember_done"
        } else {
            "remember_declined"
        },
        &[],
    );
}

/// What one text alone wants of what is kept.
pub(super) fn wish(turn: &Turn<'_>, inputs: &[Input<'_>]) -> Option<Wish> {
    let [input] = inputs else {
        return None;
    };
    if let Some(Target::Forget { item }) = &input.tap {
        return Some(Wish::Forget(item.clone()));
    }
    let reading = input.reading.filter(|_| input.tap.is_none())?;
    if is_an_example(reading) {
        return None;
    }
    let said = fold(input.text);
    let said = bare(&said);
    if asks_to_see(said) {
        return Some(Wish::See);
    }
    let what = after_any(said, FORGET)?;
    let items = items(turn);
    if items.is_empty() {
        return None;
    }
    if ALL.contains(&what) {
        return Some(Wish::Forget(None));
    }
    let what = after_any(what, ARTICLES).unwrap_or(what);
    let named = items.into_iter().find(|(item, _)| {
        let label = fold(&label(turn, item));
        let label = after_any(&label, ARTICLES).unwrap_or(&label);
        label == what || item.as_str() == what
    })?;
    Some(Wish::Forget(Some(named.0)))
}

/// Does what the visitor wants of what is kept. What is open stays open.
pub(super) fn grant(turn: &mut Turn<'_>, wish: Wish) {
    turn.counted = true;
    match wish {
        Wish::See => show(turn),
        Wish::Forget(Some(item)) => {
            let what = label(turn, &item);
            turn.remember.insert(item, None);
            turn.say_engine("forgotten", &[("what", &what)]);
        }
        Wish::Forget(None) => {
            let all = items(turn).into_iter().map(|(item, _)| (item, None));
            turn.remember.extend(all);
            turn.say_engine("forgotten_all", &[]);
        }
    }
    if turn.memory.open.is_some() {
        turn.ask = Ask::First;
    }
}

fn show(turn: &mut Turn<'_>) {
    let items = items(turn);
    if items.is_empty() {
        return turn.say_engine("memory_empty", &[]);
    }
    let mut lines = Vec::new();
    let mut choices = Vec::new();
    for (item, known) in &items {
        let (what, value) = (label(turn, item), shown(turn, item, &known.value));
        let until = until(turn, known.at);
        let line = turn.reader.engine(
            "memory_item",
            &[("what", &what), ("value", &value), ("day", &until)],
        );
        lines.push(format!("- {line}"));
        choices.push(Choice {
            title: turn.reader.engine("forget_item", &[("what", &what)]),
            target: Target::Forget {
                item: Some(item.clone()),
            },
        });
    }
    if items.len() > 1 {
        choices.push(turn.choice("forget_all", Target::Forget { item: None }));
    }
    let words = turn
        .reader
        .engine("memory_list", &[("items", &lines.join("\n"))]);
    turn.say(&words);
    // With a form open its own question and buttons come last: what is shown is forgotten by saying so.
    turn.choices = choices;
}

/// Everything that is kept and may be used now: what was kept here, and what the person who is proven here wanted kept elsewhere.
fn items(turn: &Turn<'_>) -> Vec<(SlotName, Known)> {
    let here = turn.scene.state.kept.at(turn.scene.now, &turn.scene.limits);
    let elsewhere = turn.scene.elsewhere.iter();
    let mut items: Vec<(SlotName, Known)> = here
        .map(|(item, kept)| (item.clone(), Known::of(kept)))
        .collect();
    for (item, kept) in elsewhere {
        match items.iter_mut().find(|(known, _)| known == item) {
            Some((_, known)) if known.at >= kept.at => {}
            Some((_, known)) => *known = Known::of(kept),
            None => items.push((item.clone(), Known::of(kept))),
        }
    }
    items
}

fn kept(turn: &Turn<'_>, item: &SlotName) -> Option<Known> {
    // What was kept or forgotten in this turn counts before what is stored.
    if turn.remember.contains_key(item) {
        return None;
    }
    let found = items(turn).into_iter().find(|(known, _)| known == item)?;
    Some(found.1)
}

impl Known {
    fn of(kept: &Keepsake) -> Self {
        Self {
            value: kept.value.clone(),
            at: kept.at,
        }
    }
}

/// What people call a slot, with its article.
fn called(turn: &Turn<'_>, slot: &Slot) -> String {
    let called = slot.called.as_ref();
    called.map_or_else(
        || slot.name.as_str().replace('_', " "),
        |called| turn.reader.words(called).to_owned(),
    )
}

/// What people call an item, with its article; its name where no file has it any more.
fn label(turn: &Turn<'_>, item: &SlotName) -> String {
    of_item(turn, item).map_or_else(
        || item.as_str().replace('_', " "),
        |slot| called(turn, slot),
    )
}

fn shown(turn: &Turn<'_>, item: &SlotName, value: &str) -> String {
    let rule: Option<&SlotRule> = of_item(turn, item).map(|slot| &slot.rule);
    rule.map_or_else(|| value.to_owned(), |rule| turn.worded(value, rule))
}

fn of_item<'a>(turn: &Turn<'a>, item: &SlotName) -> Option<&'a Slot> {
    let mut slots = turn.catalog.topics.values().flat_map(|topic| &topic.slots);
    slots.find(|slot| slot.remember.as_ref() == Some(item))
}

/// The day until which something is kept.
fn until(turn: &Turn<'_>, at: Timestamp) -> String {
    let end = at.plus(turn.scene.limits.remember_ms);
    let date = jiff::Timestamp::from_millisecond(end.0)
        .map(|end| end.to_zoned(jiff::tz::TimeZone::UTC).date());
    date.map_or_else(
        |_| String::new(),
        |date| day(date, &turn.reader.lang, turn.this_year()),
    )
}

/// Without what politeness puts around it.
fn bare(said: &str) -> &str {
    let said = after_any(
        said,
        &[
            "hola",
            "oye",
            "oiga",
            "hey",
            "hi",
            "hello",
            "por favor",
            "please",
            "y",
            "and",
        ],
    )
    .unwrap_or(said);
    [" por favor", " please", " gracias", " thanks"]
        .iter()
        .find_map(|tail| said.strip_suffix(tail))
        .unwrap_or(said)
}

/// What stands behind one of these beginnings.
fn after_any<'t>(said: &'t str, beginnings: &[&str]) -> Option<&'t str> {
    beginnings.iter().find_map(|beginning| {
        let rest = said.strip_prefix(beginning)?;
        rest.strip_prefix(' ')
    })
}

/// Whether a text, folded, asks what is kept of whoever writes.
fn asks_to_see(said: &str) -> bool {
    const ASKED: &[&str] = &[
        "que sabes",
        "que sabe",
        "que sabe usted",
        "que recuerdas",
        "que recuerda",
        "que recordas",
        "que recuerda usted",
        "que se recuerda",
        "que se guarda",
        "que guardas",
        "que guarda",
        "que tienes guardado",
        "que tenes guardado",
        "que tiene guardado",
        "que tienes apuntado",
        "que tenes anotado",
        "de que te acuerdas",
        "de que te acordas",
        "what do you know",
        "what do you remember",
        "what do you keep",
        "what have you saved",
        "what have you stored",
        "what have you remembered",
        "what have you kept",
        "what do you still know",
    ];
    const OF_ME: &[&str] = &["de mi", "sobre mi", "about me", "of me"];
    // What the widget's menu says.
    if matches!(said, "memoria" | "memory") {
        return true;
    }
    let rest = |asked: &&str| after_any(said, &[asked]);
    ASKED
        .iter()
        .filter_map(rest)
        .any(|rest| OF_ME.contains(&rest))
}

const FORGET: &[&str] = &[
    "olvida",
    "olvide",
    "olvidate de",
    "olvidese de",
    "olvidar",
    "borra",
    "borre",
    "borrar",
    "elimina",
    "elimine",
    "no recuerdes",
    "no recuerde",
    "ya no recuerdes",
    "ya no recuerde",
    "quiero que olvides",
    "quiero que olvide",
    "quiero que borres",
    "quiero que borre",
    "forget",
    "delete",
    "erase",
    "remove",
    "stop remembering",
    "do not remember",
    "don t remember",
];

const ALL: &[&str] = &[
    "todo",
    "todo lo que sabes de mi",
    "todo lo que sabe de mi",
    "todo lo que recuerdas de mi",
    "todo lo que recuerda de mi",
    "todo lo que recordas de mi",
    "todo lo que recuerdas",
    "todo lo que recordas",
    "lo que sabes de mi",
    "lo que sabe de mi",
    "lo que recuerdas de mi",
    "lo que recordas de mi",
    "lo que recuerda de mi",
    "everything",
    "everything about me",
    "everything you know about me",
    "everything you remember about me",
    "what you know about me",
    "what you remember about me",
    "it all",
];

const ARTICLES: &[&str] = &[
    "el", "la", "los", "las", "mi", "mis", "lo de", "the", "my", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_known_in_either_language_and_form_of_address() {
        for said in [
            "¿Qué sabes de mí?",
            "¿Qué sabe usted de mí?",
            "qué recordás de mí",
            "Hola, ¿qué se recuerda de mí?",
            "Memoria",
            "Memory",
            "What do you remember about me?",
            "what do you know about me, please",
        ] {
            assert!(asks_to_see(bare(&fold(said))), "{said}");
        }
        for other in [
            "¿qué datos tienen de mí?",
            "¿qué sabes de mi pedido?",
            "what do you know about shipping",
            "¿sabes algo de mí?",
        ] {
            assert!(!asks_to_see(bare(&fold(other))), "{other}");
        }
    }
}
