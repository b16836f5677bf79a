//! The demo company's own files, as people change their minds: corrections, replaced requests, dissent, messages.

use super::demo::{MAREAS, Visitor, has, lacks};
use super::fixture::MORNING;
use crate::conversation::{Asking, Owner, People};

/// A visitor at the question for another address of order 1000003.
fn at_address() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.says("quiero cambiar la direccion del pedido 1000003");
    has(&visitor.says("08002"), &["¿A qué dirección"]);
    visitor
}

/// The same when one has been read back.
fn at_read_back() -> Visitor {
    let mut visitor = at_address();
    visitor.says("Calle Nueva 5, 28004 Madrid");
    assert!(asks_confirmation(&visitor));
    visitor
}

fn at_message() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.talk.people = People::Nobody {
        reply_by: Some(MORNING.plus(3_600_000)),
        when: "mañana a las 10:00".to_owned(),
        full: false,
    };
    visitor.says("donde esta mi reembolso?");
    has(
        &visitor.says("quiero hablar con una persona"),
        &["¿Qué le digo al equipo?"],
    );
    visitor
}

fn asks_confirmation(visitor: &Visitor) -> bool {
    let open = visitor.talk.state.memory.open.as_ref();
    open.is_some_and(|form| matches!(form.asking, Asking::Confirm { .. }))
}

#[test]
fn an_address_is_read_back_and_kept_whole() {
    for said in [
        "calle pez numero 12 2º izq madrid 28004",
        "calle Colón 4 2ºB, 46004 Valencia",
        "calle Colón 4, 2º B, 46004 Valencia",
        "Av Colon 1234 piso 3 depto B, X5000 Cordoba",
        "12 Baker Street flat 3 London",
    ] {
        let mut visitor = at_address();
        has(&visitor.says(said), &[&format!("**{said}**")]);
        assert_eq!(visitor.talk.slot("new_address"), Some(said));
        has(&visitor.says("vale"), &[&format!(" {said}")]);
        assert_eq!(visitor.talk.state.memory.open, None);
    }
    let mut visitor = at_address();
    has(
        &visitor.says("sí, a la calle Colón 4 2ºB, 46004 Valencia"),
        &["**calle Colón 4 2ºB, 46004 Valencia**"],
    );
}

#[test]
fn an_address_that_comes_with_the_request_is_whole() {
    let mut visitor = Visitor::new();
    visitor.says(
        "podes cambiar la direccion del 1000003 a Av. Colon 1234 piso 3 depto B, X5000 Cordoba",
    );
    has(
        &visitor.says("08002"),
        &["**Av. Colon 1234 piso 3 depto B, X5000 Cordoba**"],
    );
}

#[test]
fn a_new_address_at_the_read_back_replaces_the_old_one() {
    for (said, wanted) in [
        (
            "no espera, mejor al trabajo: Gran Via 28 planta 3 28013 madrid",
            "Gran Via 28 planta 3 28013 madrid",
        ),
        (
            "no, a la calle Mayor 3, 28013 Madrid",
            "calle Mayor 3, 28013 Madrid",
        ),
        (
            "wait, actually 12 Baker Street, London",
            "12 Baker Street, London",
        ),
    ] {
        let mut visitor = at_read_back();
        visitor.says(said);
        assert_eq!(visitor.talk.slot("new_address"), Some(wanted), "{said}");
        assert!(asks_confirmation(&visitor), "{said}");
        has(&visitor.says("sisi"), &[wanted]);
        assert_eq!(visitor.talk.state.memory.open, None);
    }
    // What is repeated of it is no other address.
    let mut visitor = at_read_back();
    has(
        &visitor.says("sí, a la calle Nueva 5"),
        &["va ahora a Calle Nueva 5, 28004 Madrid"],
    );
}

#[test]
fn what_is_missing_at_the_read_back_is_asked_again() {
    for said in [
        "no, falta el piso",
        "falta la ciudad",
        "no, está mal",
        "that's wrong",
    ] {
        let mut visitor = at_read_back();
        let answer = visitor.says(said);
        let asks = answer.contains("¿A qué dirección") || answer.contains("Which address");
        assert!(asks, "{said}: {answer}");
        let answer = visitor.says("Calle Nueva 5 3º A, 28004 Madrid");
        has(&answer, &["**Calle Nueva 5 3º A, 28004 Madrid**"]);
    }
}

#[test]
fn yes_and_no_are_heard_as_people_type_them() {
    for yes in ["sisi", "si si", "sip", "siii"] {
        let mut visitor = at_read_back();
        has(&visitor.says(yes), &["va ahora a"]);
    }
    for no in ["espera, no", "no espera", "nono"] {
        let mut visitor = at_read_back();
        has(&visitor.says(no), &["queda todo como estaba"]);
    }
}

#[test]
fn what_replaces_a_cancellation_does_not_come_back_to_it() {
    for said in [
        "mejor cambia la direccion",
        "quiero cambiar la direccion de entrega",
        "can you change the delivery address instead",
    ] {
        let mut visitor = Visitor::new();
        visitor.says("cancelar pedido 1000003");
        has(&visitor.says("08002"), &["¿Lo cancelo?"]);
        visitor.says(said);
        visitor.says("Calle Nueva 5, 28004 Madrid");
        assert!(asks_confirmation(&visitor), "{said}");
        let answer = visitor.says("si");
        has(&answer, &["Calle Nueva 5, 28004 Madrid"]);
        lacks(&answer, &["¿Lo cancelo?", "Shall I cancel"]);
        visitor.says("sí");
        assert_eq!(visitor.cancelled, [""; 0], "{said}");
    }
}

#[test]
fn a_replaced_cancellation_is_named_and_can_be_had() {
    let mut visitor = Visitor::new();
    visitor.says("cancelar pedido 1000003");
    visitor.says("08002");
    visitor.says("quiero cambiar la direccion de entrega");
    has(
        &visitor.says("cancelar"),
        &["quedó sin hacer: Cancelar un pedido"],
    );
    assert!(visitor.buttons().contains(&"Cancelar un pedido".to_owned()));
    let mut visitor = Visitor::new();
    visitor.says("cancelar pedido 1000003");
    visitor.says("08002");
    has(
        &visitor.says("mejor cambia la direccion"),
        &["No se cambió nada", "¿A qué dirección"],
    );
}

#[test]
fn other_numbers_do_not_touch_the_checked_order() {
    let mut visitor = at_address();
    let said = visitor.says("calle Colón 4, 2º B, 46004 Valencia");
    lacks(&said, &["Corregido", "número de pedido?"]);
    for said in ["mi tarjeta es •••• 1111", "mi código postal es 46004"] {
        let answer = visitor.says(said);
        lacks(&answer, &["Corregido"]);
        assert_eq!(visitor.talk.slot("order_number"), Some("1000003"));
        assert_eq!(visitor.talk.slot("order_proof"), Some("08002"));
        assert_eq!(
            visitor.talk.slot("new_address"),
            Some("calle Colón 4, 2º B, 46004 Valencia")
        );
    }

    let mut visitor = Visitor::new();
    visitor.says("quiero devolver el pedido 1000012");
    has(&visitor.says("41001"), &["¿Cuál es el motivo?"]);
    let said = visitor.says("28013");
    lacks(&said, &["Corregido", "número de pedido?"]);
    assert_eq!(visitor.talk.slot("order_proof"), Some("41001"));

    // A number of an order is a correction, and says of what.
    let mut visitor = at_read_back();
    has(
        &visitor.says("no, el pedido es el 1000012"),
        &["el número de pedido es ahora 1000012"],
    );
}

#[test]
fn the_last_figures_of_a_card_prove_nothing() {
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    visitor.says("mi tarjeta es •••• 1111");
    assert_eq!(visitor.talk.slot("order_proof"), None);
}

#[test]
fn where_a_message_is_asked_all_that_tells_something_is_the_message() {
    for said in [
        "la devolucion de la camisa roja no llega y ya van dos semanas",
        "quiero que una persona me llame mañana por el pedido 1000012",
        "¿cuándo me van a devolver el dinero de la camisa?",
        "quiero devolver el pedido 1000012",
    ] {
        let mut visitor = at_message();
        visitor.says(said);
        assert!(visitor.talk.state.left_message().is_some(), "{said}");
    }
    let mut visitor = at_message();
    visitor.says("no, déjalo");
    assert_eq!(visitor.talk.state.left_message(), None);
}

#[test]
fn dissent_after_an_act_offers_a_person_and_closes_nothing() {
    for said in [
        "wait that's wrong",
        "no, eso está mal",
        "espera, cambié de idea",
    ] {
        let mut visitor = at_read_back();
        visitor.says("si");
        visitor.says(said);
        assert!(matches!(visitor.talk.state.owner, Owner::Bot), "{said}");
        assert_eq!(visitor.buttons().len(), 2, "{said}");
        visitor.says("yes");
        assert!(visitor.is_passed_on().is_some(), "{said}");
    }
    let mut visitor = Visitor::new();
    visitor.says("return order 1000012");
    visitor.says("41001");
    visitor.says("not as expected");
    visitor.says("yes");
    let said = visitor.says("no wait, i changed my mind, i'll keep it");
    lacks(&said, &["Shall I start it?"]);
    assert_eq!(visitor.talk.state.memory.open, None);
}

#[test]
fn nobody_is_asked_to_confirm_what_is_not_known() {
    let mut visitor = Visitor::new();
    visitor.says("return order 1000012");
    visitor.says("41001");
    has(&visitor.says("not as expected"), &["Shall I start it?"]);
    // The refund's service answers in between, and what the order's had said is gone.
    let said = visitor.says("where is my refund");
    lacks(&said, &["not known"]);
    has(&said, &["Zapatillas Brisa", "Shall I start it?"]);
}

#[test]
fn who_wants_to_leave_a_message_is_asked_for_it() {
    for said in [
        "quiero dejar un mensaje",
        "puedo dejarles un recado?",
        "i want to leave a message for the team",
    ] {
        let mut visitor = Visitor::new();
        let answer = visitor.says(said);
        let asks = answer.contains("¿Qué le digo al equipo?")
            || answer.contains("What shall I tell the team?");
        assert!(asks, "{said}: {answer}");
    }
    let mut visitor = Visitor::new();
    visitor.says("dejé un mensaje ayer y nadie contestó");
    assert_eq!(visitor.last_topic(), "my_case_status");
}

#[test]
fn common_words_reach_their_topics() {
    for (said, topics) in [
        ("no me entran", &["exchange_size"][..]),
        ("no me entran las botas", &["exchange_size"]),
        (
            "my order never came",
            &["where_is_my_order", "delivery_late"],
        ),
        ("podrían dejarlo al vecino?", &["change_address"]),
        ("hablas español?", &["greeting_smalltalk"]),
    ] {
        let lang = crate::ids::Lang::es();
        let fresh = crate::understanding::Context::fresh(&lang);
        let read = MAREAS.1.understand(said, &fresh);
        let topic = read
            .understood
            .verdict
            .topic()
            .map(crate::ids::TopicId::as_str);
        assert!(
            topic.is_some_and(|topic| topics.contains(&topic)),
            "{said}: {:?}",
            read.understood.nearest
        );
    }
}
