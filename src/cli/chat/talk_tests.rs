#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use serde_json::{Value, json};

use super::*;

/// A talk in Spanish that was just welcomed.
fn welcomed() -> Talk {
    let mut talk = Talk::new(None, None, TimeZone::get("Europe/Madrid").unwrap());
    let lines = hear(&mut talk, welcome(0, false));
    assert_eq!(
        lines,
        [
            "— Mareas · +34 900 000 000 —",
            "— Un número elige una opción. /ayuda muestra lo demás; Ctrl-D termina. —",
            "Mara: Hola, soy Mara.",
            "  1. Mi pedido",
            "  2. Devolver",
        ]
    );
    talk
}

fn welcome(seq: u64, recovered: bool) -> Value {
    json!({"type": "welcome", "conversation": "01890a5d-ac96-774b-bcce-b302099a8057", "token": "t1", "epoch": "e1", "seq": seq,
        "recovered": recovered, "lang": "es", "style": "fast", "people": false,
        "site": {"brand": "Mareas", "assistant": "Mara", "contact": {"phone": "+34 900 000 000"}, "languages": ["es", "en"]},
        "greeting": {"texts": ["Hola, soy Mara."], "choices": ["Mi pedido", "Devolver"]}})
}

fn hear(talk: &mut Talk, frame: Value) -> Vec<String> {
    talk.heard(serde_json::from_value(frame).unwrap())
}

fn event(talk: &mut Talk, seq: u64, event: &Value) -> Vec<String> {
    hear(
        talk,
        json!({"type": "event", "seq": seq, "at": 1_795_300_200_000_i64, "event": event}),
    )
}

fn bot(text: &str, choices: &[&str]) -> Value {
    json!({"kind": "bot", "texts": [text], "choices": choices, "lang": "es"})
}

fn closed() -> Value {
    json!({"kind": "closed", "outcome": "resolved_by_bot", "by": "visitor", "question": {"id": "order_tracking", "ask": "¿Quedó claro?",
        "taps": [{"value": 1, "kind": "positive", "label": "Sí"}, {"value": -1, "kind": "negative", "label": "No"}],
        "used_for": "Lo lee Envíos.", "line": true}})
}

fn act(name: &str) -> ClientId {
    name.parse().unwrap()
}

fn typed(talk: &mut Talk, line: &str, id: &str) -> Value {
    match talk.typed(line, act(id)) {
        Typed::Act(frame) => serde_json::to_value(frame).unwrap(),
        Typed::Lines(lines) => json!(lines),
    }
}

#[test]
fn a_number_chooses_among_what_was_offered_last() {
    let mut talk = welcomed();
    assert_eq!(
        typed(&mut talk, "2", "a"),
        json!({"type": "choose", "id": "a", "of": 0, "option": 1})
    );
    let answer = event(
        &mut talk,
        3,
        &bot("**Listo**: [mira](https://m.example)", &["Otra cosa"]),
    );
    assert_eq!(
        answer,
        ["Mara: Listo: mira (https://m.example)", "  1. Otra cosa"]
    );
    assert_eq!(
        typed(&mut talk, " 1 ", "b"),
        json!({"type": "choose", "id": "b", "of": 3, "option": 0})
    );
}

#[test]
fn a_number_that_nothing_offers_is_said() {
    let mut talk = welcomed();
    for number in ["0", "3", "1000007", "-1"] {
        assert_eq!(
            typed(&mut talk, number, "a"),
            json!({"type": "say", "id": "a", "text": number})
        );
    }
}

#[test]
fn the_own_words_are_not_shown_twice_and_those_of_another_tab_are() {
    let mut talk = welcomed();
    typed(&mut talk, "hola", "a");
    let said = |id: &str| json!({"kind": "visitor", "id": id, "text": "hola", "tap": false});
    assert!(event(&mut talk, 2, &said("a")).is_empty());
    assert_eq!(event(&mut talk, 3, &said("z")), ["Yo: hola"]);
}

#[test]
fn the_greeting_is_shown_once() {
    let mut talk = welcomed();
    let opened = json!({"kind": "session_opened", "texts": ["Hola, soy Mara."], "choices": [], "lang": "es"});
    assert!(event(&mut talk, 1, &opened).is_empty());
    assert_eq!(event(&mut talk, 9, &opened), ["Mara: Hola, soy Mara."]);
}

#[test]
fn a_break_resumes_where_it_was_and_sends_again_what_was_not_acked() {
    let mut talk = welcomed();
    typed(&mut talk, "hola", "a");
    hear(&mut talk, json!({"type": "ack", "id": "a", "seq": 2}));
    event(&mut talk, 3, &bot("Hola", &[]));
    typed(&mut talk, "¿y mi pedido?", "b");
    talk.lost();
    assert!(!talk.is_quiet());
    let hello = serde_json::to_value(talk.hello()).unwrap();
    assert_eq!(
        (&hello["token"], &hello["epoch"], &hello["after"]),
        (&json!("t1"), &json!("e1"), &json!(3))
    );
    assert_eq!(
        hear(&mut talk, welcome(3, true)),
        ["— conexión recuperada, no falta nada —"]
    );
    let again = serde_json::to_value(talk.unacked()).unwrap();
    assert_eq!(
        again,
        json!([{"type": "say", "id": "b", "text": "¿y mi pedido?"}])
    );
    assert!(event(&mut talk, 3, &bot("Hola", &[])).is_empty());
}

#[test]
fn a_server_that_cannot_resume_begins_the_page_afresh() {
    let mut talk = welcomed();
    event(&mut talk, 3, &bot("Hola", &[]));
    talk.lost();
    assert_eq!(
        hear(&mut talk, welcome(7, false)),
        ["— se recarga la conversación —"]
    );
    assert_eq!(
        event(&mut talk, 2, &bot("Otra vez", &[])),
        ["Mara: Otra vez"]
    );
}

#[test]
fn a_talk_is_quiet_when_the_answer_is_there() {
    let mut talk = welcomed();
    assert!(talk.is_quiet());
    typed(&mut talk, "hola", "a");
    hear(&mut talk, json!({"type": "ack", "id": "a", "seq": 2}));
    assert!(!talk.is_quiet());
    event(&mut talk, 3, &bot("Hola", &[]));
    assert!(talk.is_quiet());

    typed(&mut talk, "/warm", "b");
    assert!(!talk.is_quiet());
    hear(&mut talk, json!({"type": "ack", "id": "b", "seq": 4}));
    assert!(talk.is_quiet());
}

#[test]
fn nobody_waits_for_an_answer_while_a_person_has_it() {
    let mut talk = welcomed();
    let lines = event(&mut talk, 3, &json!({"kind": "queued", "team": "Envíos"}));
    assert_eq!(
        lines,
        ["— pasa al equipo: Envíos —", "— en espera de una persona —"]
    );
    let place = hear(
        &mut talk,
        json!({"type": "queue", "position": 2, "wait": {"from_minutes": 3, "to_minutes": 6}}),
    );
    assert_eq!(place, ["— puesto 2 en la fila, espera de 3 a 6 minutos —"]);
    typed(&mut talk, "¿hay alguien?", "a");
    hear(&mut talk, json!({"type": "ack", "id": "a", "seq": 4}));
    assert!(talk.is_quiet());
}

#[test]
fn the_question_is_tapped_by_number_then_takes_one_line() {
    let mut talk = welcomed();
    let lines = event(&mut talk, 5, &closed());
    assert_eq!(
        lines,
        [
            "— sesión terminada: resuelta por el asistente —",
            "¿Quedó claro?",
            "  1. Sí",
            "  2. No",
            "  0. Ahora no",
            "  (Lo lee Envíos.)",
        ]
    );
    assert_eq!(
        typed(&mut talk, "2", "a"),
        json!({"type": "rate", "id": "a", "question": "order_tracking", "tap": 1})
    );
    let rated = event(
        &mut talk,
        6,
        &json!({"kind": "rated", "id": "a", "value": -1}),
    );
    assert_eq!(rated.len(), 1);
    event(
        &mut talk,
        7,
        &json!({"kind": "opinion", "text": "Perdón.", "choices": []}),
    );
    assert_eq!(
        typed(&mut talk, "llegó tarde", "b"),
        json!({"type": "rate", "id": "b", "question": "order_tracking", "text": "llegó tarde"})
    );
    event(
        &mut talk,
        8,
        &json!({"kind": "rated", "id": "b", "text": "llegó tarde"}),
    );
    assert_eq!(
        typed(&mut talk, "hola", "c"),
        json!({"type": "say", "id": "c", "text": "hola"})
    );
}

#[test]
fn the_question_can_be_put_aside() {
    let mut talk = welcomed();
    event(&mut talk, 5, &closed());
    assert_eq!(
        typed(&mut talk, "0", "a"),
        json!({"type": "skip_rating", "id": "a"})
    );

    let mut talk = welcomed();
    event(&mut talk, 5, &closed());
    assert_eq!(
        typed(&mut talk, "otra cosa", "a"),
        json!({"type": "say", "id": "a", "text": "otra cosa"})
    );
}

#[test]
fn a_promise_is_shown_in_the_words_of_the_server() {
    let mut talk = welcomed();
    let told = "Caso C-1042: te llamamos el martes 24 de noviembre a las 9:00 (hora de Madrid)";
    let lines = event(
        &mut talk,
        3,
        &json!({"kind": "promise", "case": "C-1042", "by": 1_795_507_200_000_i64, "told": told}),
    );
    assert_eq!(lines, [format!("— {told} —")]);
}

#[test]
fn a_refused_act_is_told_and_forgotten_unless_it_may_be_sent_again() {
    let mut talk = welcomed();
    typed(&mut talk, "hola", "a");
    let told = hear(
        &mut talk,
        json!({"type": "error", "id": "a", "code": "slow_down", "retry": true}),
    );
    assert_eq!(
        told,
        ["— no se pudo: demasiado seguido; se reintenta en un momento —"]
    );
    assert_eq!(talk.unacked().len(), 1);
    hear(
        &mut talk,
        json!({"type": "error", "id": "a", "code": "too_long", "retry": false}),
    );
    assert!(talk.unacked().is_empty());
    assert!(talk.is_quiet());
}

#[test]
fn commands_need_no_menu() {
    let mut talk = welcomed();
    assert_eq!(
        typed(&mut talk, "/persona", "a"),
        json!({"type": "ask_person", "id": "a"})
    );
    assert_eq!(
        typed(&mut talk, "/end", "b"),
        json!({"type": "end", "id": "b"})
    );
    assert_eq!(
        typed(&mut talk, "/en", "c"),
        json!({"type": "set", "id": "c", "lang": "en"})
    );
    assert!(typed(&mut talk, "/ayuda", "d").is_array());
    assert_eq!(typed(&mut talk, "  ", "e"), json!([]));
}

#[test]
fn style_and_language_are_told_in_words() {
    let mut talk = welcomed();
    assert_eq!(
        event(&mut talk, 2, &json!({"kind": "style", "style": "warm"})),
        ["— respuestas más completas —"]
    );
    assert_eq!(
        event(&mut talk, 3, &json!({"kind": "lang", "lang": "en"})),
        ["— from here on in English —"]
    );
}
