//! What is said to the assistant and not about a matter.

use super::fixture::*;
use crate::conversation::Effect;

/// Where the order number is asked.
fn at_order_number() -> Talk {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    assert!(talk.state.memory.open.is_some());
    talk
}

#[test]
fn who_asks_whether_it_is_there_is_told_and_asked_again() {
    let mut talk = Talk::new();
    // Whatever topic it resembles.
    let turn = talk.hears("¿sigue ahí?", is("where_is_my_order"));
    assert_eq!(turn.says, ["Aquí sigo.", "Adelante."]);
    assert_eq!(talk.state.memory.failures, 0);

    let mut talk = at_order_number();
    let question = talk.state.memory.open.clone();
    let turn = talk.hears("hola? seguís ahí?", nothing());
    assert_eq!(turn.says[0], "Aquí sigo.");
    assert!(turn.says.len() > 1, "{:?}", turn.says);
    assert_eq!(talk.state.memory.open, question);
}

#[test]
fn who_needs_a_moment_gets_it_and_the_form_waits() {
    let mut talk = at_order_number();
    let open = talk.state.memory.open.clone();
    let turn = talk.hears("un momento, que busco el número", nothing());
    assert_eq!(turn.says, ["Sin prisa."]);
    assert_eq!(talk.state.memory.open, open);
    assert_eq!(talk.state.memory.failures, 0);
}

#[test]
fn a_goodbye_in_a_form_leaves_it_and_ends_the_session() {
    for bye in [
        "bueno chau, después sigo",
        "nah déjalo, ya lo hago otro día. adiós",
        "no lo tengo a mano, tengo que irme, gracias",
    ] {
        let mut talk = at_order_number();
        let turn = talk.hears(bye, nothing());
        assert_eq!(turn.says[0], "Cancelado.", "{bye}");
        assert!(matches!(turn.effect, Effect::Goodbye { .. }), "{bye}");
        assert_eq!(talk.state.memory.open, None, "{bye}");
    }
}

#[test]
fn what_is_understood_as_a_goodbye_and_ends_with_one_leaves_too() {
    let mut talk = at_order_number();
    let turn = talk.hears("qué pena pero qué le vamos a hacer, chau", is("thanks"));
    assert!(matches!(turn.effect, Effect::Goodbye { .. }));
    // Thanks alone do not.
    let mut talk = at_order_number();
    let turn = talk.hears("muchas gracias por todo", is("thanks"));
    assert_eq!(turn.effect, Effect::None);
    assert!(talk.state.memory.open.is_some());
}

#[test]
fn who_puts_it_off_leaves_the_form_and_nothing_more() {
    let mut talk = at_order_number();
    let turn = talk.hears("luego lo busco, gracias", nothing());
    assert_eq!(turn.says, ["Cancelado.", "¿Algo más?"]);
    assert_eq!(turn.effect, Effect::None);
    assert_eq!(talk.state.memory.open, None);
}

#[test]
fn laughter_around_a_nod_is_no_matter() {
    let mut talk = Talk::new();
    talk.hears("jaja ok", is("where_is_my_order"));
    assert_eq!(talk.state.memory.open, None);
    assert_eq!(talk.state.memory.failures, 0);
}
