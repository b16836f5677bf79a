//! Forms: ask, check, ask again, correct, leave, come back.

use super::fixture::*;
use crate::conversation::{Asking, Effect};
use crate::ids::HandoffReason;

fn asked(talk: &Talk) -> Option<&str> {
    match &talk.state.memory.open.as_ref()?.asking {
        Asking::Slot { slot, .. } => Some(slot.as_str()),
        Asking::Confirm { .. } => Some("confirm"),
        Asking::Message { .. } => Some("message"),
        Asking::Contact { .. } => Some("contact"),
        Asking::Appeal => Some("appeal"),
        Asking::Phone { .. } | Asking::CallTime { .. } | Asking::CallConfirm { .. } => Some("call"),
    }
}

/// Change of address, up to the question for the address.
fn at_address() -> Talk {
    let mut talk = Talk::new();
    talk.hears("quiero cambiar la dirección", is("change_address"));
    talk.proves_order();
    assert_eq!(asked(&talk), Some("new_address"));
    talk
}

/// The same up to the read-back.
fn at_confirmation() -> Talk {
    let mut talk = at_address();
    talk.hears("Calle Mayor 3, Madrid", nothing());
    assert_eq!(asked(&talk), Some("confirm"));
    talk
}

#[test]
fn each_slot_is_asked_until_it_is_known_and_then_no_more() {
    let mut talk = Talk::new();
    assert_eq!(
        talk.hears("llegó dañado", is("damaged")).says,
        ["¿Qué pasó?"]
    );
    let turn = talk.hears("se rompió la suela", nothing());
    assert_eq!(turn.says, ["¿De qué color?"]);
    assert_eq!(titles(&turn.choices), ["negro", "azul"]);
    let turn = talk.taps("azul");
    assert_eq!(turn.says, ["¿Está la caja?"]);
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    // What is kept is the value; what is shown is its word in the visitor's language.
    assert_eq!(
        talk.hears("sí", nothing().yes()).says,
        ["Anotado: azul, Sí."]
    );
    assert_eq!(talk.slot("colour"), Some("blue"));
    // Known in this session: not asked again.
    assert_eq!(
        talk.hears("otra vez dañado", is("damaged")).says,
        ["Es lo mismo que ya respondí."]
    );
}

#[test]
fn a_yes_or_no_slot_takes_its_buttons() {
    let mut talk = Talk::english();
    talk.hears("it is damaged", is("damaged").en());
    talk.hears("the sole broke", nothing().en());
    talk.hears("the black one", nothing().en());
    assert_eq!(talk.taps("No").says, ["Noted: black, No."]);
}

#[test]
fn a_typed_value_fills_the_topic_that_it_came_with() {
    let mut talk = Talk::new();
    let turn = talk.hears(
        "¿dónde está el 1234567? soy ana@example.org",
        is("where_is_my_order")
            .found("number", "1234567")
            .found("email", "ana@example.org"),
    );
    assert_eq!(called(&turn), Some("order_match"));
    assert_eq!(talk.slot("order_number"), Some("1234567"));
    assert_eq!(talk.slot("order_proof"), Some("ana@example.org"));
}

#[test]
fn an_answer_that_does_not_fit_is_asked_again_and_the_third_brings_a_person() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    assert_eq!(
        talk.hears("el de siempre", nothing()).says,
        ["order_number?"]
    );
    let turn = talk.hears("el de siempre", nothing());
    assert_eq!(
        turn.says,
        ["order_number?", "Basta con escribir «cancelar»."]
    );
    assert_eq!(talk.state.memory.failures, 0, "a form counts for itself");
    let turn = talk.hears("el del martes", nothing());
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::FormFailure, "logistics"))
    );
    assert_eq!(turn.says, ["No leo ese dato; va Envíos."]);
}

#[test]
fn several_answers_of_one_turn_fill_one_slot_after_the_other() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.writes("es este", nothing());
    talk.writes("1234567", nothing());
    talk.writes("ana@example.org", nothing());
    let turn = talk.bot();
    assert_eq!(called(&turn), Some("order_match"));
    assert!(turn.says.is_empty());
}

#[test]
fn a_form_can_be_left_in_both_languages() {
    for said in [
        "cancelar",
        "Déjalo",
        "olvídalo",
        "mejor no",
        "never mind",
        "forget it",
        "cancel",
    ] {
        let mut talk = at_address();
        let turn = talk.hears(said, nothing());
        assert_eq!(turn.says, ["Cancelado.", "¿Algo más?"], "{said}");
        assert_eq!(asked(&talk), None);
        assert_eq!(turn.effect, Effect::None);
    }
}

#[test]
fn cancelling_is_the_matter_itself_where_the_form_is_about_it() {
    for read in [nothing(), is("cancel_order")] {
        let mut talk = Talk::new();
        talk.hears("quiero cancelar mi pedido", is("cancel_order"));
        let turn = talk.hears("cancelar", read);
        assert_eq!(turn.says, ["order_number?"]);
        assert_eq!(asked(&talk), Some("order_number"));
        assert_eq!(
            talk.hears("olvídalo", nothing()).says,
            ["Cancelado.", "¿Algo más?"]
        );
    }
    // Elsewhere it leaves the form, also where it looks like the topic of cancelling.
    let mut talk = at_address();
    assert_eq!(
        talk.hears("cancelar", is("cancel_order")).says,
        ["Cancelado.", "¿Algo más?"]
    );
}

#[test]
fn a_correction_replaces_a_value_and_what_rested_on_it_is_proven_again() {
    for (said, read) in [
        (
            "no, el pedido es 1234568",
            nothing().no().found("order_number", "1234568"),
        ),
        (
            "me equivoqué, es 1234568",
            nothing().found("number", "1234568"),
        ),
        ("sorry, it's 1234568", nothing()),
        (
            "el pedido era 1234568",
            is("change_address").found("order_number", "1234568"),
        ),
    ] {
        for mut talk in [at_address(), at_confirmation()] {
            assert_eq!(talk.state.memory.verified, ["order_match"]);
            let turn = talk.hears(said, read.clone());
            assert_eq!(turn.says, ["Corregido: 1234568."], "{said}");
            assert_eq!(called(&turn), Some("order_match"), "{said}");
            assert!(talk.state.memory.verified.is_empty());
            // Then it goes on where the data stand: the address is asked, or read back with the new order.
            let turn = talk.returns("matched", &[]);
            assert!(turn.effect == Effect::None && asked(&talk).is_some());
            assert_eq!(talk.slot("order_number"), Some("1234568"));
        }
    }
}

#[test]
fn a_correction_while_the_proof_is_asked_goes_to_the_number() {
    let mut talk = Talk::new();
    talk.hears(
        "¿dónde está el 1234567?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    let turn = talk.hears("no, es 1234568", nothing().no().found("number", "1234568"));
    assert_eq!(
        turn.says,
        ["Corregido: 1234568.", "¿Con qué correo se hizo?"]
    );
}

#[test]
fn a_digression_is_answered_and_the_form_comes_back() {
    let mut talk = at_address();
    let turn = talk.hears("¿cuánto cuesta el envío?", is("shipping_cost"));
    assert_eq!(
        turn.says,
        [
            "El envío cuesta 5 €.",
            "Volvemos a: Cambiar la dirección.",
            "¿A qué dirección?"
        ]
    );
    assert_eq!(asked(&talk), Some("new_address"));
    assert!(talk.state.memory.suspended.is_empty());
    let turn = talk.hears("Calle Mayor 3, Madrid", nothing());
    // From a read-back as well; a tap digresses like words.
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    let turn = talk.hears("¿y los horarios?", is("hours"));
    assert_eq!(
        turn.says[2],
        "El pedido 1234567 iría a Calle Mayor 3, Madrid. ¿La cambio?"
    );
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    assert_eq!(called(&talk.taps("Sí")), Some("change_address"));
}

#[test]
fn a_yes_with_a_question_is_a_question_first() {
    let mut talk = at_confirmation();
    let turn = talk.hears(
        "sí, pero ¿cuánto cuesta el envío?",
        is("shipping_cost").yes(),
    );
    assert_eq!(turn.says[0], "El envío cuesta 5 €.");
    assert_eq!(turn.effect, Effect::None);
    assert_eq!(asked(&talk), Some("confirm"));
}

#[test]
fn a_digression_with_a_service_comes_back_after_it() {
    let mut talk = at_address();
    let turn = talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    assert_eq!(called(&turn), Some("order_status"));
    let turn = talk.returns("flying", &[("weather", "sol")]);
    assert_eq!(
        turn.says,
        [
            "Pedido 1234567: sol.",
            "Volvemos a: Cambiar la dirección.",
            "¿A qué dirección?"
        ]
    );
}

#[test]
fn a_value_that_a_digression_brings_is_not_asked_again() {
    let mut talk = Talk::new();
    talk.hears("quiero cambiar la dirección", is("change_address"));
    // The number is asked; the visitor asks for an order with its number.
    talk.hears(
        "¿dónde está mi pedido 1234567?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    talk.hears("ana@example.org", nothing());
    assert_eq!(called(&talk.returns("matched", &[])), Some("order_status"));
    let turn = talk.returns("flying", &[]);
    assert_eq!(
        turn.says[1..],
        ["Volvemos a: Cambiar la dirección.", "¿A qué dirección?"]
    );
}

#[test]
fn at_most_three_forms_wait_and_a_topic_begun_anew_waits_once() {
    let mut talk = Talk::new();
    for topic in [
        "change_address",
        "where_is_my_order",
        "cancel_order",
        "damaged",
        "change_address",
        "where_is_my_order",
    ] {
        talk.hears("¿y esto otro?", is(topic));
    }
    assert_eq!(
        talk.state.memory.open.as_ref().unwrap().topic,
        id("where_is_my_order")
    );
    let waiting: Vec<_> = talk
        .state
        .memory
        .suspended
        .iter()
        .map(|form| form.topic.as_str())
        .collect();
    assert_eq!(waiting, ["cancel_order", "damaged", "change_address"]);
}

#[test]
fn an_answer_that_looks_like_a_topic_is_still_the_answer() {
    let mut talk = Talk::new();
    talk.hears("quiero cambiar la dirección", is("change_address"));
    let turn = talk.hears(
        "es el pedido 1234567",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    assert_eq!(turn.says, ["¿Con qué correo se hizo?"]);
    // Free words: an account of what happened is no digression, a question is one.
    let mut talk = Talk::new();
    talk.hears("llegó dañado", is("damaged"));
    assert_eq!(
        talk.hears("el pedido llegó roto", is("where_is_my_order"))
            .says,
        ["¿De qué color?"]
    );
    let mut talk = Talk::new();
    talk.hears("llegó dañado", is("damaged"));
    assert_eq!(
        talk.hears("¿cuánto cuesta el envío?", is("shipping_cost"))
            .says[0],
        "El envío cuesta 5 €."
    );
    let mut talk = Talk::new();
    talk.hears("llegó dañado", is("damaged"));
    assert_eq!(
        talk.hears("horarios", is("hours").example()).says[0],
        "De 9 a 19."
    );
}

#[test]
fn words_before_a_new_matter_answer_the_open_question() {
    let mut talk = Talk::new();
    talk.hears("quiero cambiar la dirección", is("change_address"));
    talk.writes("1234567", nothing());
    talk.writes("¿y los horarios?", is("hours"));
    let turn = talk.bot();
    assert_eq!(
        turn.says,
        [
            "De 9 a 19.",
            "Volvemos a: Cambiar la dirección.",
            "¿Con qué correo se hizo?"
        ]
    );
    assert_eq!(talk.slot("order_number"), Some("1234567"));
}

#[test]
fn an_unclear_digression_is_clarified_and_the_form_waits() {
    let mut talk = at_address();
    let turn = talk.hears("eso del envío", either(&["shipping_cost", "hours"]));
    assert_eq!(turn.says, ["¿Cuál de estas?"]);
    assert_eq!(talk.state.memory.open.as_ref().unwrap().invalid, 0);
    let turn = talk.taps("Horarios");
    assert_eq!(
        turn.says,
        [
            "De 9 a 19.",
            "Volvemos a: Cambiar la dirección.",
            "¿A qué dirección?"
        ]
    );
}

#[test]
fn a_check_that_does_not_pass_asks_again_and_the_third_time_brings_a_person() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.hears("1234567", nothing());
    for said in ["Esos datos no coinciden.", "Siguen sin coincidir."] {
        talk.hears("ana@example.org", nothing());
        let turn = talk.returns("refused", &[]);
        assert_eq!(turn.says, [said, "¿Con qué correo se hizo?"]);
        assert_eq!(
            talk.slot("order_number"),
            Some("1234567"),
            "it is not asked again"
        );
        assert_eq!(talk.slot("order_proof"), None, "a wrong proof is forgotten");
        assert!(talk.state.memory.verified.is_empty());
    }
    talk.hears("ana@example.org", nothing());
    let turn = talk.returns("refused", &[]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::FormFailure, "logistics"))
    );
}

#[test]
fn a_check_that_has_passed_is_not_asked_again_in_the_session() {
    let mut talk = at_address();
    talk.hears("déjalo", nothing());
    assert_eq!(
        called(&talk.hears("¿dónde está?", is("where_is_my_order"))),
        Some("order_status")
    );
}

#[test]
fn nothing_is_said_of_an_order_before_the_check_has_passed() {
    let mut talk = Talk::new();
    for topic in ["where_is_my_order", "change_address", "cancel_order"] {
        let turn = talk.hears("el 1234567", is(topic).found("order_number", "1234567"));
        assert!(called(&turn).is_none(), "{topic}");
    }
    assert_eq!(
        called(&talk.hears("ana@example.org", nothing())),
        Some("order_match")
    );
}

#[test]
fn the_question_follows_the_language() {
    let mut talk = at_address();
    let turn = talk.hears("what are your hours?", is("hours").en());
    assert_eq!(
        turn.says,
        [
            "From 9 to 19.",
            "Back to: Change the address.",
            "Which address?"
        ]
    );
}
