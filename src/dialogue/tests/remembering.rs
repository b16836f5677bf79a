//! What is kept from one visit to the next.

use super::fixture::*;
use crate::conversation::{Command, Limits, Target};
use crate::topics::{Act, Catalog, ListValue, SlotKind, Step, When};

const YEAR_MS: i64 = 365 * 24 * 60 * 60_000;

/// The shop with a size guide that remembers the size, and an exchange that asks for it.
fn shop_with_sizes() -> Catalog {
    let mut catalog = shop();
    let mut size = slot("size", SlotKind::List, None, ("¿Qué talla?", "Which size?"));
    size.rule.values = ["38", "39"]
        .map(|value| ListValue {
            value: value.to_owned(),
            synonyms: std::collections::BTreeMap::new(),
        })
        .to_vec();
    size.called = Some(text("la talla", "your size"));
    size.remember = Some(slot_name("size"));
    let mut exchange = topic(
        "exchange",
        ("Cambio", "Exchange"),
        vec![say("Va la {size}.", "Sending the {size}.")],
    );
    exchange.slots = vec![size.clone()];
    size.optional = true;
    let known = Step {
        when: When {
            known: Some(slot_name("size")),
            ..When::default()
        },
        act: Act::Say {
            text: text("Con la {size} va bien.", "The {size} will fit."),
            choices: Vec::new(),
            show: Vec::new(),
        },
    };
    let mut guide = topic(
        "guide",
        ("Tallas", "Sizes"),
        vec![known, say("Esta es la guía.", "Here is the guide.")],
    );
    guide.slots = vec![size];
    for topic in [exchange, guide] {
        catalog.topics.insert(topic.id.clone(), topic);
    }
    catalog
}

fn talk() -> Talk {
    let mut talk = Talk::new();
    talk.catalog = shop_with_sizes();
    talk
}

/// The visitor goes; whatever they do next is another visit, so much later.
fn comes_back_after(talk: &mut Talk, ms: i64) {
    talk.command(Command::Close {
        client_id: None,
        by: crate::conversation::Closer::Timer,
        outcome: None,
        question: None,
        because: String::new(),
        seen: None,
        wrap_up: None,
    });
    talk.waits(ms);
}

/// A visit in which the size was given and a yes said to keeping it.
fn kept_38() -> Talk {
    let mut talk = talk();
    talk.hears("qué talla soy, uso la 38", is("guide").found("size", "38"));
    talk.taps("Sí");
    comes_back_after(&mut talk, 3_600_000);
    talk
}

#[test]
fn only_a_yes_keeps_anything() {
    let mut talk = talk();
    let turn = talk.hears("qué talla soy, uso la 38", is("guide").found("size", "38"));
    assert_eq!(
        turn.says,
        [
            "Con la 38 va bien.",
            "Esta es la guía.",
            "¿Recuerdo la talla (38) para la próxima vez?"
        ]
    );
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    assert!(turn.remember.is_empty());
    let turn = talk.taps("Sí");
    assert!(turn.says[0].starts_with("Hecho."), "{:?}", turn.says);
    let kept: Vec<_> = talk.state.kept.at(MORNING, &Limits::default()).collect();
    assert_eq!(kept[0].1.value, "38");
    // Answered once, it is not asked again in this visit.
    let turn = talk.hears("y la guía", is("guide").found("size", "38"));
    assert!(!turn.says.concat().contains("¿Recuerdo"), "{:?}", turn.says);
}

#[test]
fn a_no_keeps_nothing_and_is_not_asked_again_at_the_next_visit() {
    let mut talk = talk();
    talk.hears("uso la 38", is("guide").found("size", "38"));
    let turn = talk.hears("no", nothing().no());
    assert_eq!(turn.says, ["De acuerdo: no lo guardo."]);
    comes_back_after(&mut talk, 3_600_000);
    let turn = talk.hears("uso la 38", is("guide").found("size", "38"));
    assert_eq!(turn.says, ["Con la 38 va bien.", "Esta es la guía."]);
    assert_eq!(talk.state.kept.at(MORNING, &Limits::default()).count(), 0);
}

#[test]
fn whoever_goes_on_instead_of_answering_has_nothing_kept() {
    let mut talk = talk();
    talk.hears("uso la 38", is("guide").found("size", "38"));
    talk.hears("horarios", is("hours"));
    let turn = talk.hears("sí", nothing().yes());
    assert!(turn.remember.is_empty());
    assert_eq!(talk.state.kept.at(MORNING, &Limits::default()).count(), 0);
}

#[test]
fn at_the_next_visit_it_is_proposed_and_never_taken_for_granted() {
    let mut talk = kept_38();
    let turn = talk.hears("un cambio", is("exchange"));
    assert_eq!(turn.says, ["¿Uso la talla de la otra vez (38)?"]);
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    assert_eq!(talk.slot("size"), None);
    let turn = talk.hears("sí", nothing().yes());
    assert_eq!(turn.says, ["Va la 38."]);
    assert_eq!(talk.slot("size"), Some("38"));
}

#[test]
fn another_value_is_heard_at_once_and_may_take_its_place() {
    let mut talk = kept_38();
    talk.hears("un cambio", is("exchange"));
    let turn = talk.hears("no, la 39", nothing().no().found("size", "39"));
    assert_eq!(
        turn.says,
        ["Va la 39.", "¿Recuerdo la talla (39) para la próxima vez?"]
    );
    talk.taps("Sí");
    comes_back_after(&mut talk, 3_600_000);
    let turn = talk.hears("un cambio", is("exchange"));
    assert_eq!(turn.says, ["¿Uso la talla de la otra vez (39)?"]);
    // No alone leads to the plain question.
    let turn = talk.taps("No");
    assert_eq!(turn.says, ["¿Qué talla?"]);
    let turn = talk.hears("la 38", nothing().found("size", "38"));
    assert_eq!(turn.says[0], "Va la 38.");
}

#[test]
fn what_a_topic_never_asks_is_proposed_once_a_visit() {
    let mut talk = kept_38();
    let turn = talk.hears("la guía", is("guide"));
    assert_eq!(turn.says, ["¿Uso la talla de la otra vez (38)?"]);
    let turn = talk.taps("No");
    assert_eq!(turn.says, ["Esta es la guía."]);
    let turn = talk.hears("un cambio de talla y la guía", is("guide"));
    assert!(!turn.says.concat().contains("¿Uso"), "{:?}", turn.says);
}

#[test]
fn it_is_shown_and_forgotten_when_the_visitor_says_so() {
    let mut talk = kept_38();
    let turn = talk.hears("¿Qué sabes de mí?", nothing());
    assert!(
        turn.says[0].contains("- la talla: 38 (hasta el"),
        "{:?}",
        turn.says
    );
    assert_eq!(titles(&turn.choices), ["Olvidar la talla"]);
    assert_eq!(
        turn.choices[0].target,
        Target::Forget {
            item: Some(slot_name("size"))
        }
    );
    let turn = talk.taps("Olvidar la talla");
    assert_eq!(turn.says, ["Hecho: ya no se recuerda la talla."]);
    let turn = talk.hears("¿Qué sabe usted de mí?", nothing());
    assert!(turn.says[0].starts_with("No se recuerda nada"));
}

#[test]
fn a_word_is_enough_to_have_it_forgotten_also_in_the_middle_of_a_form() {
    for said in ["olvida mi talla", "borrá la talla por favor", "olvida todo"] {
        let mut talk = kept_38();
        talk.hears("dónde está mi pedido", is("where_is_my_order"));
        let turn = talk.hears(said, nothing());
        assert!(
            turn.says[0].starts_with("Hecho: ya no se recuerda"),
            "{said}"
        );
        // The question that was open comes again.
        assert_eq!(turn.says[1], "¿Cuál es el número de pedido?");
        assert_eq!(talk.state.kept.at(MORNING, &Limits::default()).count(), 0);
    }
    // Without anything that is kept the words mean what they meant before.
    let mut talk = talk();
    let turn = talk.hears("olvida todo", nothing());
    assert!(turn.remember.is_empty() && !turn.says.concat().contains("recuerda"));
}

#[test]
fn after_a_year_it_is_neither_proposed_nor_shown() {
    let mut talk = kept_38();
    talk.waits(YEAR_MS);
    let turn = talk.hears("un cambio", is("exchange"));
    assert_eq!(turn.says, ["¿Qué talla?"]);
    let turn = talk.hears("¿qué recuerdas de mí?", nothing());
    assert!(turn.says[0].starts_with("No se recuerda nada"));
}

#[test]
fn what_the_files_would_not_take_any_more_is_not_proposed() {
    let mut talk = kept_38();
    for topic in ["guide", "exchange"] {
        let topic = talk.catalog.topics.get_mut(&id(topic)).unwrap();
        topic.slots[0].rule.values.remove(0);
    }
    let turn = talk.hears("un cambio", is("exchange"));
    assert_eq!(turn.says, ["¿Qué talla?"]);
}

#[test]
fn nothing_of_a_sensitive_topic_is_offered_to_be_kept() {
    let mut talk = talk();
    talk.catalog.topics.get_mut(&id("guide")).unwrap().sensitive = true;
    let turn = talk.hears("uso la 38", is("guide").found("size", "38"));
    assert!(!turn.says.concat().contains("¿Recuerdo"));
}

#[test]
fn erasure_takes_it_along() {
    let mut talk = kept_38();
    for event in &mut talk.log {
        event.private = crate::conversation::Private::default();
    }
    talk.state = crate::conversation::State::fold(&talk.log);
    assert_eq!(talk.state.kept.at(MORNING, &Limits::default()).count(), 0);
}

#[test]
fn whoever_writes_usted_is_addressed_so_from_then_on_also_at_the_next_visit() {
    let mut talk = talk();
    let text = &mut talk.catalog.topics.get_mut(&id("guide")).unwrap().steps[1];
    if let Act::Say { text, .. } = &mut text.act {
        let formal = crate::topics::Wording::Plain("Le paso la guía.".to_owned());
        text.by_lang.insert("es-usted".parse().unwrap(), formal);
    }
    let turn = talk.hears("la guía", is("guide"));
    assert_eq!(turn.says, ["Esta es la guía."]);
    // The company in the plural is no wish of that kind.
    let turn = talk.hears("¿ustedes abren hoy?", is("hours"));
    assert_eq!(turn.lang, None);
    let turn = talk.hears("¿me puede decir usted la guía?", is("guide"));
    assert_eq!(turn.says, ["Le paso la guía."]);
    assert_eq!(turn.lang, Some(crate::ids::Lang::formal()));
    comes_back_after(&mut talk, 3_600_000);
    let turn = talk.hears("la guía", is("guide"));
    assert_eq!(
        (turn.says, turn.lang),
        (vec!["Le paso la guía.".to_owned()], None)
    );
    let turn = talk.hears("do you ship today", is("hours").en());
    assert_eq!(turn.lang, Some(crate::ids::Lang::en()));
}
