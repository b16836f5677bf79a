//! What was said before, values of every kind, moods, and the same question again.

use super::demo::{Visitor, has, lacks};
use super::fixture::*;
use crate::conversation::{Effect, Mood};
use crate::ids::Lang;
use crate::topics::SlotKind;

/// Change of address, up to the read-back.
fn at_confirmation() -> Talk {
    let mut talk = Talk::new();
    talk.hears("quiero cambiar la dirección", is("change_address"));
    talk.proves_order();
    talk.hears("Calle Mayor 3, Madrid", nothing());
    assert!(talk.state.memory.open.is_some());
    talk
}

#[test]
fn a_yes_or_no_is_said_otherwise_after_two_unclear_answers() {
    let mut talk = at_confirmation();
    assert_eq!(talk.hears("puede ser", nothing()).says[0], "¿Sí o no?");
    let turn = talk.hears("según", nothing());
    assert_eq!(turn.says[0], "Hacerlo, o dejarlo como está.");
    assert_eq!(titles(&turn.choices), ["Sí, hacerlo", "No, dejarlo"]);
    assert_eq!(called(&talk.taps("Sí, hacerlo")), Some("change_address"));
    let mut talk = at_confirmation();
    talk.hears("puede ser", nothing());
    talk.hears("según", nothing());
    assert!(handed_over(&talk.hears("ni fu ni fa", nothing())).is_some());
}

#[test]
fn a_yes_or_no_is_let_go_whatever_comes_between() {
    let mut talk = at_confirmation();
    for topic in ["shipping_cost", "hours"] {
        let turn = talk.hears("¿y esto?", is(topic));
        assert!(talk.state.memory.open.is_some(), "{:?}", turn.says);
    }
    let turn = talk.hears("¿y el envío?", is("shipping_cost"));
    assert_eq!(talk.state.memory.open, None);
    assert_eq!(
        turn.says.last().map(String::as_str),
        Some("Queda sin hacer: Cambiar la dirección.")
    );
    assert_eq!(titles(&turn.choices).last(), Some(&"Cambiar la dirección"));
    // Another question begins anew.
    let mut talk = at_confirmation();
    talk.hears("¿y esto?", is("hours"));
    talk.hears("sí", nothing().yes());
    assert_eq!(talk.state.memory.yes_no, None);
}

#[test]
fn thanks_for_the_offer_of_a_person_are_heard_once() {
    let mut talk = Talk::new();
    talk.hears("asdf", nothing());
    talk.hears("qwer", nothing());
    assert!(talk.state.memory.offered.is_some());
    let turn = talk.hears("gracias", is("thanks"));
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    let turn = talk.hears("gracias", is("thanks"));
    assert!(
        matches!(turn.effect, Effect::Goodbye { .. }),
        "{:?}",
        turn.says
    );
}

#[test]
fn the_tone_counts_beside_a_matter_and_irony_does_not() {
    let mut angry = is("hours");
    angry.0.understood.mood.is = Mood::Angry;
    let mut talk = Talk::new();
    talk.hears("¡¡a qué hora abren, inútiles!!", angry.clone());
    assert!(talk.state.memory.angry);
    assert_eq!(
        talk.state.memory.failures, 0,
        "a match resets what anger adds"
    );
    let mut unknown = nothing();
    unknown.0.understood.mood.is = Mood::Angry;
    let mut talk = Talk::new();
    talk.hears("inútiles, lo de siempre", unknown);
    assert_eq!(talk.state.memory.failures, 2, "the miss and the anger");
    let mut ironic = nothing();
    ironic.0.understood.mood.is = Mood::Ironic;
    let mut talk = Talk::new();
    talk.hears("genial, otra vez", ironic);
    assert!(!talk.state.memory.angry);
    assert_eq!(talk.state.memory.failures, 1);
}

#[test]
fn values_are_kept_in_one_form_and_said_back_in_words() {
    for (lang, said) in [
        (
            "es",
            "Anotado: viernes 27 de noviembre, 19:00, 45,90\u{a0}€, 2 semanas, 2.º.",
        ),
        (
            "en",
            "Noted: Friday 27 November, 19:00, €45.90, 2 weeks, 2nd.",
        ),
    ] {
        let mut talk = Talk::new();
        talk.opening.lang = lang.parse().unwrap();
        let read = |read: Read| if lang == "en" { read.en() } else { read };
        let mut visit = topic(
            "visit",
            ("Visita", "Visit"),
            vec![say(
                "Anotado: {day}, {hour}, {amount}, {within}, {rank}.",
                "Noted: {day}, {hour}, {amount}, {within}, {rank}.",
            )],
        );
        for (name, kind) in [
            ("day", SlotKind::Date),
            ("hour", SlotKind::Time),
            ("amount", SlotKind::Money),
            ("within", SlotKind::Duration),
            ("rank", SlotKind::Ordinal),
        ] {
            visit.slots.push(slot(name, kind, None, (name, name)));
        }
        talk.catalog.topics.insert(id("visit"), visit);
        let turn = talk.hears("algo", read(is("visit").found("date", "2026-11-27")));
        assert_eq!(turn.says, ["hour"], "the day fills its slot by its kind");
        assert_eq!(
            talk.hears("no sé cuándo ni dónde", read(nothing())).says[0],
            if lang == "en" { "hour please" } else { "hour?" }
        );
        talk.hears(
            "a las 7 de la tarde",
            read(nothing().found("hour", "19:00")),
        );
        talk.hears("45,90 €", read(nothing().found("amount", "45.90 EUR")));
        talk.hears("dos semanas", read(nothing().found("within", "P2W")));
        let turn = talk.hears("la segunda", read(nothing().found("rank", "2")));
        assert_eq!(turn.says, [said]);
        assert_eq!(talk.slot("day"), Some("2026-11-27"));
    }
}

#[test]
fn thanks_for_nothing_are_no_thanks() {
    let mut thanks = is("thanks");
    thanks.0.understood.mood.is = Mood::Ironic;
    let mut talk = Talk::new();
    let turn = talk.hears("gracias por nada", thanks);
    assert!(
        !matches!(turn.effect, Effect::Goodbye { .. }),
        "{:?}",
        turn.says
    );
    assert_eq!(talk.state.memory.failures, 1);
}

#[test]
fn both_requests_are_forms_and_both_are_done_without_asking_twice() {
    let mut visitor = Visitor::new();
    let said = visitor.says("quiero cancelar el 1000003 y cambiar la dirección del 1000007");
    has(&said, &["Cambiar la dirección", "¿con qué correo"]);
    has(
        &visitor.says("08002"),
        &["Voy a cancelar el pedido 1000003"],
    );
    let said = visitor.says("sí");
    has(
        &said,
        &["quedó cancelado", "Y ahora, lo otro", "¿con qué correo"],
    );
    has(&visitor.says("28013"), &["El pedido 1000007 ya salió"]);
    let mut visitor = Visitor::new();
    visitor.talk.opening.lang = Lang::en();
    let said =
        visitor.says("I want to cancel order 1000003 and change the address of order 1000007");
    has(&said, &["then “Change", "which e-mail"]);
    has(&visitor.says("08002"), &["1000003"]);
    has(&visitor.says("yes"), &["And now the other matter"]);
}

#[test]
fn a_letter_with_three_requests_is_answered_for_all() {
    let mut visitor = Visitor::new();
    let said = visitor.says(
        "Estimados señores: me dirijo a ustedes por una compra reciente. Solicito la factura del pedido 1000012. Asimismo, les ruego que me \
         informen del estado de mi reembolso. Por último, quisiera saber qué formas de pago aceptan. Atentamente, Luis Pérez",
    );
    has(
        &said,
        &[
            "La factura se descarga",
            // A plain question does not wait for the form.
            "Se puede pagar con tarjeta",
            "¿con qué correo",
        ],
    );
    has(&visitor.says("41001"), &["No hay ningún reembolso"]);
    let mut visitor = Visitor::new();
    visitor.talk.opening.lang = Lang::en();
    let said = visitor.says(
        "Dear Sirs, I am writing about a recent purchase. I would like to know which payment methods you accept. In addition, I need to know how \
         much shipping costs. Finally, could you tell me the opening hours of your shops? Kind regards, Ann",
    );
    assert_eq!(visitor.talk.state.memory.tried.len(), 3, "{said}");
}

#[test]
fn what_was_said_before_tells_what_is_meant() {
    for (lang, first, then, other) in [
        (
            "es",
            "donde esta mi pedido 1000007",
            "y cuando llega entonces??",
            "ese no, el otro",
        ),
        (
            "es",
            "xfa dnd esta mi pedido 1000007",
            "pero cuando llega entonces al final",
            "y el de ayer?",
        ),
        (
            "en",
            "where is my order 1000007",
            "and when does it arrive then?",
            "and the other one?",
        ),
    ] {
        let mut visitor = Visitor::new();
        visitor.talk.opening.lang = lang.parse().unwrap();
        visitor.says(first);
        visitor.says("28013");
        visitor.says(then);
        assert_eq!(visitor.last_topic(), "where_is_my_order", "{then}");
        assert_eq!(visitor.talk.state.memory.open, None, "{then}");
        let said = visitor.says(other);
        assert_eq!(visitor.last_topic(), "where_is_my_order", "{other}: {said}");
        assert_eq!(visitor.talk.slot("order_number"), None, "{other}: {said}");
    }
    // At the read-back of an act, the other one is the other order.
    let mut visitor = Visitor::new();
    visitor.says("quiero cancelar el pedido 1000003");
    has(
        &visitor.says("08002"),
        &["Voy a cancelar el pedido 1000003"],
    );
    let said = visitor.says("ese no, el otro");
    lacks(&said, &["Voy a cancelar"]);
    assert_eq!(visitor.talk.slot("order_number"), None, "{said}");
    assert!(visitor.cancelled.is_empty());
}

#[test]
fn shorthand_and_regional_words_are_read_as_those_of_the_files() {
    for (lang, site, said, topic) in [
        ("es", "es", "dnd esta mi pdido xfa", "where_is_my_order"),
        (
            "es",
            "es",
            "kiero saber cmo puedo devolver unas bambas",
            "return_or_withdraw",
        ),
        (
            "es",
            "ar",
            "podés decirme si hay stock de la remera?",
            "stock_check",
        ),
        (
            "es",
            "ar",
            "se puede cambiar el talle d las zapas?",
            "exchange_size",
        ),
        (
            "en",
            "es",
            "pls where is my ordr, i need it asap",
            "where_is_my_order",
        ),
        (
            "en",
            "es",
            "i wanna return my sneakers",
            "return_or_withdraw",
        ),
    ] {
        let mut visitor = Visitor::new();
        visitor.talk.opening.lang = lang.parse().unwrap();
        visitor.talk.opening.site = site.parse().unwrap();
        let answer = visitor.says(said);
        assert_eq!(visitor.last_topic(), topic, "{said}: {answer}");
    }
}
