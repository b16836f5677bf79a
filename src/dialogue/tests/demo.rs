//! The demo company's own files and a trained engine, as people type: what a good clerk would answer.

use std::sync::LazyLock;

use super::fixture::*;
use super::mareas::mareas;
use crate::conversation::{BotTurn, Effect};
use crate::dialogue::read;
use crate::ids::HandoffReason;
use crate::topics::Catalog;
use crate::understanding::{Corpus, Engine};

pub(super) static MAREAS: LazyLock<(Catalog, Engine)> = LazyLock::new(|| {
    let catalog = mareas();
    let engine = Engine::train(&Corpus::from(&catalog)).unwrap();
    (catalog, engine)
});

/// Number, proof, state.
const ORDERS: [(&str, &str, &str); 4] = [
    ("1000003", "08002", "processing"),
    ("1000007", "28013", "shipped"),
    ("1000008", "28013", "delayed"),
    ("1000012", "41001", "delivered"),
];

/// A visitor of the Spanish shop, whose order service answers.
pub(super) struct Visitor {
    pub(super) talk: Talk,
    /// Orders that were cancelled.
    pub(super) cancelled: Vec<String>,
}

impl Visitor {
    pub(super) fn new() -> Self {
        let mut talk = Talk::new();
        talk.catalog = MAREAS.0.clone();
        Self {
            talk,
            cancelled: Vec::new(),
        }
    }

    fn from_cordoba() -> Self {
        let mut visitor = Self::new();
        visitor.talk.opening.site = "ar".parse().unwrap();
        visitor
    }

    /// All that is said until it is the visitor's turn again.
    pub(super) fn says(&mut self, text: &str) -> String {
        self.talk.only_writes(text);
        let readings = read(&self.talk.state, &MAREAS.0, &MAREAS.1, MORNING);
        let turn = self.talk.bot_with(&readings);
        self.rest(turn)
    }

    fn taps(&mut self, title: &str) -> String {
        let turn = self.talk.taps(title);
        self.rest(turn)
    }

    fn rest(&mut self, mut turn: BotTurn) -> String {
        let mut said = turn.says.clone();
        while let Effect::Call { call, args, .. } = &turn.effect {
            let number = args["order_number"].clone();
            let order = ORDERS.iter().find(|(known, ..)| *known == number);
            let proof = args.get("order_proof").map(|proof| proof.to_uppercase());
            let gone = self.cancelled.contains(&number);
            let case = match (call.as_str(), order) {
                ("order_match", Some((_, known, _))) if proof.as_deref() == Some(known) => {
                    "matched"
                }
                ("order_match", _) => "no_match",
                ("order_status", Some(_)) if gone => "cancelled",
                ("order_status", Some((_, _, state))) => state,
                ("cancel_order", _) => {
                    self.cancelled.push(number);
                    "cancelled"
                }
                ("change_address", _) => "changed",
                ("start_return", _) => "accepted",
                ("refund_status", _) => "none",
                (other, _) => panic!("{other}"),
            };
            let values = [
                ("date", "2026-11-24"),
                ("items", "Zapatillas Brisa"),
                ("total", "59.9"),
                ("amount", "59.9"),
                ("paid_with", "Bizum"),
                ("carrier", "Correos"),
                ("tracking", "https://mareas.example/t/1"),
                ("address", "Calle Mayor 3"),
                ("delivered_on", "2026-11-18"),
                ("refund_by", "2026-12-01"),
                ("deadline", "2026-12-01"),
                ("code", "DEV-1"),
            ];
            turn = self.talk.returns(case, &values);
            said.extend(turn.says.clone());
        }
        said.join("\n")
    }

    pub(super) fn buttons(&self) -> Vec<String> {
        let choices = self.talk.state.choices.as_ref();
        choices
            .map(|(_, choices)| choices.iter().map(|choice| choice.title.clone()).collect())
            .unwrap_or_default()
    }

    pub(super) fn last_topic(&self) -> &str {
        let topic = self.talk.state.memory.last_topic.as_ref();
        topic.map_or("", |topic| topic.as_str())
    }

    pub(super) fn is_passed_on(&self) -> Option<(HandoffReason, String)> {
        match &self.talk.state.owner {
            crate::conversation::Owner::Queued(waiting) => {
                Some((waiting.reason, waiting.team.to_string()))
            }
            _ => None,
        }
    }
}

/// Asserts that each of these stands in what was said.
#[track_caller]
pub(super) fn has(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}

#[track_caller]
pub(super) fn lacks(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(!said.contains(part), "{part:?} is in:\n{said}");
    }
}

#[test]
fn each_of_two_requests_uses_its_own_order() {
    let mut visitor = Visitor::new();
    let said = visitor.says("quiero saber el estado de 1000007 y cancelar el 1000003");
    has(&said, &["Cancelar un pedido", "¿con qué correo"]);
    let said = visitor.says("28013");
    has(
        &said,
        &["El pedido 1000007 ya está en camino", "Cancelar un pedido"],
    );
    // The proof of the first does not fit the second: only the proof is asked.
    has(&said, &["¿con qué correo"]);
    has(
        &visitor.says("08002"),
        &["Voy a cancelar el pedido 1000003"],
    );
    has(&visitor.says("sí"), &["el pedido 1000003 quedó cancelado"]);
    assert_eq!(visitor.cancelled, ["1000003"]);
}

#[test]
fn two_orders_of_one_question_are_both_looked_up() {
    let mut visitor = Visitor::new();
    visitor.says("donde estan mis pedidos 1000007 y 1000008?");
    let said = visitor.says("28013");
    has(
        &said,
        &[
            "El pedido 1000007 ya está en camino",
            "El pedido 1000008 viene con demora",
        ],
    );
}

#[test]
fn the_second_request_waits_for_the_form_of_the_first() {
    let mut visitor = Visitor::new();
    let said = visitor.says("devolver 1000012 y que me digan donde está mi reembolso");
    has(&said, &["Estado del reembolso", "¿con qué correo"]);
    has(&visitor.says("41001"), &["¿Cuál es el motivo?"]);
    has(
        &visitor.says("no era lo que esperaba"),
        &["Empiezo la devolución del pedido 1000012"],
    );
    let said = visitor.says("dale");
    has(
        &said,
        &[
            "Devolución aceptada",
            "Estado del reembolso",
            "No hay ningún reembolso en marcha",
        ],
    );
    assert!(
        visitor
            .talk
            .state
            .slots
            .keys()
            .all(|name| !name.as_str().starts_with("later"))
    );
}

#[test]
fn a_request_that_waits_is_taken_up_also_when_the_first_is_dropped() {
    let mut visitor = Visitor::new();
    visitor.says("quiero devolver el 1000012 y saber donde está mi reembolso");
    let said = visitor.says("cancelar");
    has(&said, &["lo dejamos ahí", "Estado del reembolso"]);
}

#[test]
fn one_story_is_not_two_requests() {
    for said in [
        "me llegó roto y quiero devolverlo",
        "no me llegó el pedido y figura como entregado",
        "quiero cambiar la dirección y el piso",
        "hola, quiero saber dónde está mi pedido, gracias",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert_eq!(visitor.talk.state.memory.later, [], "{said}");
    }
}

#[test]
fn a_wrong_proof_asks_for_the_proof_alone() {
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    let said = visitor.says("28001");
    has(&said, &["1000007", "correo"]);
    lacks(&said, &["número de pedido?"]);
    assert_eq!(visitor.talk.slot("order_number"), Some("1000007"));
    let said = visitor.says("28002");
    has(&said, &["Sigue sin coincidir"]);
    assert_eq!(
        visitor.buttons(),
        ["Hablar con una persona", "Dejarlo por ahora"]
    );
    has(
        &visitor.says("28013"),
        &["El pedido 1000007 ya está en camino"],
    );
}

#[test]
fn a_wrong_number_is_corrected_at_the_proof() {
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000001");
    visitor.says("28013");
    // What did not fit the first number is asked again for the second.
    let said = visitor.says("uy, es el 1000007");
    has(&said, &["1000007"]);
    has(
        &visitor.says("28013"),
        &["El pedido 1000007 ya está en camino"],
    );
}

#[test]
fn a_plain_no_after_an_answer_ends_politely() {
    for no in [
        "no",
        "que no",
        "nada mas",
        "no quiero nada",
        "no gracias",
        "nada",
        "NO",
        "no, nada más",
    ] {
        let mut visitor = Visitor::new();
        visitor.says("cuanto cuesta el envio?");
        let said = visitor.says(no);
        let closed = matches!(
            visitor.talk.state.owner,
            crate::conversation::Owner::Closed { .. }
        );
        assert!(closed, "{no}: {said}");
    }
}

#[test]
fn a_plain_no_in_a_form_leaves_it() {
    for no in [
        "no",
        "que no",
        "nada mas",
        "no quiero nada",
        "no gracias",
        "nada",
    ] {
        let mut visitor = Visitor::new();
        visitor.says("donde esta mi pedido");
        has(&visitor.says(no), &["lo dejamos ahí"]);
        assert_eq!(visitor.talk.state.memory.open, None, "{no}");
    }
}

#[test]
fn a_no_to_the_answers_own_question_offers_its_buttons() {
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000012");
    has(&visitor.says("41001"), &["¿Está todo en orden?"]);
    let buttons = visitor.buttons();
    visitor.says("no");
    assert_eq!(visitor.buttons(), buttons);
}

#[test]
fn a_no_before_anything_was_said_is_no_goodbye() {
    let mut visitor = Visitor::new();
    visitor.says("no");
    assert!(matches!(
        visitor.talk.state.owner,
        crate::conversation::Owner::Bot
    ));
}

#[test]
fn who_lacks_the_number_is_told_where_it_stands_then_gets_a_person() {
    for (first, second) in [
        ("no se el numero", "no lo tengo"),
        ("no tengo el numero a mano", "ni idea"),
        ("no lo tengo", "no lo encuentro"),
        ("I don't have the number", "I don't know"),
    ] {
        let mut visitor = Visitor::new();
        visitor.says("donde esta mi pedido");
        let said = visitor.says(first);
        assert!(said.contains("confirma"), "{first}: {said}");
        assert_eq!(visitor.buttons().len(), 2, "{first}");
        visitor.says(second);
        assert_eq!(
            visitor.is_passed_on(),
            Some((HandoffReason::FormFailure, "logistics".to_owned())),
            "{second}"
        );
    }
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido");
    visitor.says("no lo tengo");
    has(&visitor.taps("Dejarlo por ahora"), &["lo dejamos ahí"]);
}

#[test]
fn what_was_just_talked_about_needs_no_name() {
    let mut visitor = Visitor::from_cordoba();
    visitor.says("donde esta mi pedido 1000003");
    visitor.says("08002");
    let said = visitor.says("podes cambiarlo a Av. Colon 123?");
    has(&said, &["1000003", "Av. Colon 123"]);
    visitor.says("si");

    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    visitor.says("28013");
    has(
        &visitor.says("y el 1000008?"),
        &["El pedido 1000008 viene con demora"],
    );
    has(
        &visitor.says("¿y el otro?"),
        &["El pedido 1000007 ya está en camino"],
    );

    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    visitor.says("28013");
    has(
        &visitor.says("y el otro?"),
        &["¿Cuál es el número de pedido?"],
    );
}

#[test]
fn what_goes_to_people_is_read_back() {
    let mut visitor = Visitor::new();
    visitor.says("quiero poner una reclamacion");
    let said = visitor.says("sois unos inutiles");
    lacks(&said, &["queda registrada"]);
    assert!(visitor.talk.state.memory.open.is_some());
    let said = visitor.says("el repartidor tiró el paquete por encima de la valla");
    has(
        &said,
        &["el repartidor tiró el paquete por encima de la valla", "¿"],
    );
    assert_eq!(visitor.is_passed_on(), None);
    let said = visitor.says("no");
    lacks(&said, &["queda registrada"]);
    // What was not wanted is not sent the next time either.
    visitor.says("quiero poner una reclamacion");
    assert_eq!(visitor.talk.slot("complaint_detail"), None);
    visitor.says("cancelar");
    assert_eq!(visitor.talk.state.memory.open, None);
    visitor.says("quiero poner una reclamacion");
    visitor.says("llegó tarde y nadie contesta, quiero el dinero");
    has(&visitor.says("si"), &["queda registrada"]);
    assert!(visitor.is_passed_on().is_some());
}

#[test]
fn the_order_is_looked_at_before_the_address_is_asked() {
    let mut visitor = Visitor::new();
    visitor.says("quiero cambiar la direccion del pedido 1000007");
    let said = visitor.says("28013");
    lacks(&said, &["¿A qué dirección"]);
    has(&said, &["1000007"]);

    let mut visitor = Visitor::new();
    visitor.says("quiero cambiar la direccion del pedido 1000003");
    has(&visitor.says("08002"), &["¿A qué dirección"]);
    has(
        &visitor.says("Calle Nueva 5, 28004 Madrid"),
        &["Calle Nueva 5, 28004 Madrid", "¿La cambio?"],
    );
    has(
        &visitor.says("si"),
        &["va ahora a Calle Nueva 5, 28004 Madrid"],
    );
}

#[test]
fn no_guess_raises_an_alarm() {
    for said in [
        "servidor muerto",
        "q pasa con la plata?",
        "el servidor hecha humor",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert_eq!(visitor.is_passed_on(), None, "{said}");
        let alarms = ["Un producto es peligroso", "Posible fraude"];
        assert!(
            visitor
                .buttons()
                .iter()
                .all(|title| !alarms.contains(&title.as_str())),
            "{said}: {:?}",
            visitor.buttons()
        );
    }
}

#[test]
fn money_matters_go_where_they_belong() {
    for (said, topics) in [
        ("no puedo pagar con la tarjeta", &["payment_declined"][..]),
        (
            "me devuelven la plata si lo rechazo?",
            &["return_or_withdraw", "refund_status"],
        ),
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert!(
            topics.contains(&visitor.last_topic()),
            "{said}: {}",
            visitor.last_topic()
        );
    }
}

#[test]
fn a_hidden_number_is_answered_kindly() {
    for said in ["•••• 1332", "mi tarjeta es •••• 1111"] {
        let mut visitor = Visitor::new();
        has(&visitor.says(said), &["quedó oculto por seguridad"]);
        assert_eq!(visitor.talk.state.memory.failures, 0);
    }
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    let said = visitor.says("•••• 1111");
    has(&said, &["quedó oculto por seguridad", "correo"]);
    assert_eq!(visitor.talk.slot("order_proof"), None);
}

#[test]
fn a_sentence_that_begins_with_no_is_no_plain_no() {
    let mut visitor = Visitor::new();
    visitor.says("figura entregado pero no lo tengo, pedido 1000012");
    has(&visitor.says("41001"), &["¿Abro la reclamación"]);
    let said = visitor.says("no lo tiene ningun vecino");
    lacks(&said, &["queda todo como estaba", "¿Hace falta algo más?"]);
    assert!(visitor.is_passed_on().is_some() || visitor.talk.state.memory.open.is_some());
}

#[test]
fn the_same_answer_again_says_that_it_is_the_same() {
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    visitor.says("28013");
    let said = visitor.says("y cuando llega entonces??");
    has(&said, &["Entiendo que lo anterior no alcanza"]);
    lacks(&said, &["El pedido 1000007 ya está en camino"]);
    assert!(
        visitor
            .buttons()
            .contains(&"Hablar con una persona".to_owned())
    );
}

#[test]
fn a_person_is_a_person_whatever_was_said_before() {
    for said in [
        "human please",
        "persona",
        "quiero un humano ya",
        "PERSONA!!",
        "me atiende alguien?",
    ] {
        let mut visitor = Visitor::new();
        visitor.says("cuanto cuesta el envio?");
        visitor.says("bueno");
        visitor.says(said);
        assert_eq!(
            visitor.is_passed_on().map(|(reason, _)| reason),
            Some(HandoffReason::CustomerRequest),
            "{said}"
        );
    }
    let mut visitor = Visitor::new();
    visitor.says("no");
    visitor.says("human please");
    assert_eq!(
        visitor.is_passed_on(),
        Some((HandoffReason::CustomerRequest, "default".to_owned()))
    );
}

#[test]
fn what_follows_a_greeting_is_heard() {
    let mut visitor = Visitor::new();
    has(
        &visitor.says(
            "hola buenas me podrias decir donde anda mi paquete q lo pedi hace como 2 semanas",
        ),
        &["¿Cuál es el número de pedido?"],
    );
}

#[test]
fn one_message_may_answer_two_questions() {
    for said in ["1000007 28013", "es el 1000007 y el cp 28013"] {
        let mut visitor = Visitor::new();
        visitor.says("donde esta mi pedido");
        has(
            &visitor.says(said),
            &["El pedido 1000007 ya está en camino"],
        );
    }
    // The second answer first.
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido");
    has(&visitor.says("28013"), &["¿Cuál es el número de pedido?"]);
    has(
        &visitor.says("1000007"),
        &["El pedido 1000007 ya está en camino"],
    );
}

#[test]
fn what_says_nothing_alone_is_no_topic() {
    for said in [
        "no lo tengo",
        "ni idea",
        "ok",
        "dale",
        "bueno",
        "?",
        "...",
        "asdkjhasd",
    ] {
        let mut visitor = Visitor::new();
        visitor.says(said);
        assert_eq!(visitor.last_topic(), "", "{said}");
        assert!(
            matches!(visitor.talk.state.owner, crate::conversation::Owner::Bot),
            "{said}"
        );
    }
    let mut visitor = Visitor::new();
    visitor.says("donde esta mi pedido 1000007");
    visitor.says("28013");
    visitor.says("ok y si no estoy en casa cuando vienen");
    assert_eq!(visitor.is_passed_on(), None);
}

#[test]
fn hello_is_answered_without_a_second_introduction() {
    let mut visitor = Visitor::new();
    lacks(&visitor.says("ola buenas"), &["soy Mara"]);
}
