//! The demo company's own files, as a good clerk hears: two questions at once, what is set aside, the same asked further, what is not ours.

use super::demo::{Visitor, has, lacks};
use crate::ids::Style;

/// Whether these words stand in this order.
fn in_order(said: &str, words: &[&str]) -> bool {
    let places: Vec<Option<usize>> = words.iter().map(|words| said.find(words)).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

#[test]
fn two_plain_questions_are_answered_in_one_turn() {
    for (said, answers) in [
        (
            "¿cuánto cuesta el envío? ¿y se puede pagar con Bizum?",
            ["3,95", "Bizum"],
        ),
        (
            "¿a qué hora abrís mañana y se puede pagar con bizum?",
            ["de 10 a 21", "Bizum"],
        ),
        (
            "how much is shipping and do you take PayPal?",
            ["€3.95", "PayPal"],
        ),
    ] {
        let mut visitor = Visitor::new();
        let heard = visitor.says(said);
        assert!(in_order(&heard, &answers), "{said}: {heard}");
        assert_eq!(visitor.talk.state.memory.failures, 0, "{said}");
    }
}

#[test]
fn a_plain_question_beside_a_form_is_answered_before_the_form_asks() {
    let mut visitor = Visitor::new();
    let heard = visitor.says("quiero devolver el pedido 1000012. además, ¿cuánto cuesta el envío?");
    assert!(in_order(&heard, &["3,95", "¿con qué correo"]), "{heard}");
    assert_eq!(visitor.talk.state.memory.later, []);
    has(&visitor.says("41001"), &["¿Cuál es el motivo?"]);
}

#[test]
fn what_is_set_aside_is_not_done() {
    for said in [
        "no quiero cancelar el pedido 1000003, solo cambiar la dirección",
        "I don't want to cancel order 1000003, I just want to change the delivery address",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        let open = visitor.talk.state.memory.open.clone();
        let topic = open.map(|form| form.topic.to_string());
        assert_eq!(topic.as_deref(), Some("change_address"), "{said}");
        assert_eq!(visitor.talk.state.memory.later, [], "{said}");
    }
}

#[test]
fn the_same_asked_further_gets_the_longer_answer_once() {
    let mut visitor = Visitor::new();
    visitor.talk.opening.style = Style::Fast;
    let short = visitor.says("¿qué formas de pago hay?");
    let long = visitor.says("¿y con Bizum?");
    has(&long, &["Bizum"]);
    assert!(long.len() > short.len(), "{short} / {long}");
    assert_eq!(visitor.talk.state.memory.failures, 0);
    lacks(&visitor.says("¿y con Bizum?"), &["Se puede pagar con"]);
}

#[test]
fn what_is_not_ours_is_not_answered_with_what_it_looks_like() {
    for said in [
        "quiero reservar un vuelo a Lima",
        "¿a qué hora abre el ayuntamiento?",
        "book me a hotel near the station",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert_eq!(visitor.talk.state.memory.last_topic, None, "{said}");
    }
}

#[test]
fn what_somebody_has_from_another_company_is_not_ours() {
    for said in [
        "mi pedido de Amazon no ha llegado",
        "my Zara refund hasn't come through",
        "para cambiar la dirección del padrón, ¿a dónde voy?",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert_eq!(visitor.talk.state.memory.last_topic, None, "{said}");
    }
}

#[test]
fn what_is_asked_beside_a_person_is_answered_before_the_person_comes() {
    let mut visitor = Visitor::new();
    let heard = visitor.says("¿qué cubre la garantía? y pásame con una persona");
    assert!(in_order(&heard, &["3 años", "a una persona"]), "{heard}");
}

#[test]
fn a_story_is_no_answer_to_a_form() {
    let mut visitor = Visitor::new();
    has(&visitor.says("quiero cancelar un pedido"), &["número"]);
    let heard =
        visitor.says("cuando llegué a casa mi madre me dijo que no lo necesitaba para nada");
    lacks(&heard, &["7 cifras"]);
    assert_eq!(visitor.talk.state.memory.open, None);
    let waiting = &visitor.talk.state.memory.suspended;
    assert_eq!(waiting.len(), 1);
}

#[test]
fn a_person_in_crisis_is_told_who_helps_and_nothing_else() {
    for (said, lang) in [
        ("me odio, no quiero vivir más", "el 024"),
        ("I've been hurting myself again", "024"),
    ] {
        let mut visitor = Visitor::new();
        has(&visitor.says(said), &[lang, "112"]);
        assert!(visitor.talk.state.choices.is_none(), "{said}");
    }
}
