//! A person on request, and what is done when nobody is there.

use super::fixture::*;
use crate::conversation::{Asking, CallHours, Command, Effect, Owner, People, Target};
use crate::ids::{HandoffReason, OpinionKind};

#[test]
fn asking_for_a_person_works_at_once_wherever_one_is() {
    let mut talk = Talk::new();
    let turn = talk.asks_person();
    assert_eq!(turn.says, ["Te paso con Atención."]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::CustomerRequest, "default"))
    );

    let mut talk = Talk::english();
    let turn = talk.hears("a person please", is("talk_to_person").en());
    assert_eq!(turn.says, ["Passing you to Customer care."]);
    assert!(is_queued(&talk.state));

    // Inside a form, and among other messages: the team of the matter takes it.
    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    talk.writes("1234567", nothing());
    talk.writes("quiero una persona", is("talk_to_person"));
    talk.writes("por favor", nothing());
    let turn = talk.bot();
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::CustomerRequest, "logistics"))
    );
    assert!(talk.state.unanswered.is_empty());
    assert!(talk.state.memory.open.is_none());

    // While a service is being asked.
    let mut talk = Talk::new();
    talk.hears(
        "¿dónde está el 1234567?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    talk.hears("ana@example.org", nothing());
    assert!(talk.state.call.is_some());
    assert!(handed_over(&talk.asks_person()).is_some());
    assert!(talk.state.call.is_none());
    // The same where nobody is there: the message is asked, and the late answer changes nothing.
    let mut talk = Talk::new().with_nobody_there();
    talk.hears(
        "¿dónde está el 1234567?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    talk.hears("ana@example.org", nothing());
    assert_eq!(talk.asks_person().says[1], "¿Cuál es el mensaje?");
    assert!(talk.state.call.is_none() && talk.state.memory.running.is_none());
}

#[test]
fn a_person_after_a_bad_opinion_has_that_reason() {
    let mut talk = Talk::new();
    talk.hears("horarios", is("hours"));
    talk.state.opinion = Some(OpinionKind::Negative);
    let reading_free = {
        talk.log.clear();
        talk.state.opinion
    };
    assert_eq!(reading_free, Some(OpinionKind::Negative));
    let scene = crate::dialogue::Scene {
        state: &{
            let mut state = talk.state.clone();
            state.unanswered.push(crate::conversation::Unanswered {
                seq: state.seq,
                at: MORNING,
                text: "Hablar con una persona".to_owned(),
                target: Some(Target::Person),
                file: false,
            });
            state
        },
        catalog: &talk.catalog,
        now: MORNING,
        people: &|_| People::Available,
        calls: &|_| None,
        case: String::new(),
        mail: false,
        limits: crate::conversation::Limits::default(),
        elsewhere: &NOTHING,
        closing: &|_| crate::dialogue::Closing {
            question: None,
            because: String::new(),
        },
    };
    let turn = crate::dialogue::answer(&scene, &[]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::NegativeFeedback, "default"))
    );
    assert_eq!(turn.says, ["Lo sentimos; va Atención."]);
}

#[test]
fn nobody_there_means_a_message_a_promise_and_where_to_answer() {
    let mut talk = Talk::new().with_nobody_there();
    let turn = talk.asks_person();
    assert_eq!(
        turn.says,
        [
            "Ahora no hay nadie de Atención. Responden mañana a las 10:00.",
            "¿Cuál es el mensaje?"
        ]
    );
    assert_eq!(
        turn.effect,
        Effect::None,
        "no handoff is announced that does not happen"
    );
    let turn = talk.hears("mi pedido llegó roto", nothing());
    assert_eq!(
        turn.says,
        [
            "Caso M-7F3K-2Q: responden mañana a las 10:00.",
            "¿Un correo o teléfono? (opcional)"
        ]
    );
    assert_eq!(titles(&turn.choices), ["Saltar"]);
    // Owed from the message on, whether or not a contact follows.
    let promise = talk.state.left_message().unwrap().promise.clone();
    assert_eq!(
        (promise.case.as_str(), promise.by),
        ("M-7F3K-2Q", MORNING.plus(3_600_000))
    );
    assert_eq!(promise.reason, HandoffReason::CustomerRequest);
    let turn = talk.hears("ana@example.org", nothing());
    assert_eq!(turn.says, ["Anotado: ana@example.org."]);
    let Effect::Promise {
        promise: again,
        contact,
    } = &turn.effect
    else {
        panic!("no promise");
    };
    assert_eq!(
        (again, contact.as_deref()),
        (&promise, Some("ana@example.org"))
    );
    // The bot goes on answering; a second wish for a person tells the case.
    assert_eq!(talk.hears("horarios", is("hours")).says, ["De 9 a 19."]);
    assert_eq!(
        talk.asks_person().says,
        ["El caso M-7F3K-2Q ya está abierto."]
    );
    assert_eq!(talk.state.owner, Owner::Bot);
}

#[test]
fn an_order_is_no_telephone_and_a_trouble_belongs_to_the_message() {
    let mut talk = Talk::new().with_nobody_there();
    talk.asks_person();
    talk.hears("quiero que me atienda alguien hoy mismo", nothing());
    for said in [
        "me vino rota la lámpara nueva, orden 2000009",
        "llegó rota también la caja, es el pedido 1000012",
    ] {
        let turn = talk.hears(said, is("damaged").found("number", "1000012"));
        assert_eq!(
            turn.says,
            [
                "Añadido al caso M-7F3K-2Q.",
                "¿Un correo o teléfono? (opcional)"
            ],
            "{said}"
        );
    }
    let turn = talk.hears("1000012", nothing().found("number", "1000012"));
    assert_eq!(turn.says, ["Eso no parece un correo ni un teléfono."]);
    assert_eq!(talk.state.contact, None);
    talk.hears("600 11 22 33", nothing());
    assert_eq!(talk.state.contact.as_deref(), Some("600112233"));
}

#[test]
fn another_address_replaces_the_first_while_an_answer_is_owed() {
    let mut talk = Talk::new().with_nobody_there();
    talk.asks_person();
    talk.hears("mi pedido llegó roto", nothing());
    talk.hears("600112233", nothing());
    let owed = talk.state.left_message().unwrap().promise.clone();
    for (said, mail) in [
        (
            "mi correo es luis.perez@example.com",
            "luis.perez@example.com",
        ),
        (
            "no, el correo es luis@example.com, apúntalo",
            "luis@example.com",
        ),
    ] {
        let turn = talk.hears(said, nothing().found("email", mail));
        assert_eq!(turn.says, [format!("Anotado: {mail}.")], "{said}");
        assert_eq!(talk.state.contact.as_deref(), Some(mail));
    }
    assert_eq!(talk.state.left_message().unwrap().promise, owed);
    assert_eq!(talk.state.promises.len(), 1);
}

#[test]
fn the_number_of_the_case_is_told_and_a_second_question_is_no_failure() {
    let mut talk = Talk::new().with_nobody_there();
    let turn = talk.hears("¿cuál es mi número de caso?", is("hours"));
    assert_eq!(turn.says, ["No hay ningún caso abierto."]);
    talk.asks_person();
    talk.hears("mi pedido llegó roto", nothing());
    talk.hears("no", nothing().no());
    let turn = talk.hears("cual es mi numero de caso?", is("hours"));
    assert_eq!(turn.says, ["Número de caso: M-7F3K-2Q."]);
    let turn = talk.hears("¿y los horarios?", is("hours"));
    assert_eq!(turn.says, ["De 9 a 19."]);
    assert_eq!(turn.effect, Effect::None);
}

#[test]
fn a_typed_yes_to_a_person_is_a_wish_for_one() {
    for said in ["sí", "dale", "yes"] {
        let mut talk = Talk::new();
        talk.hears("asdf qwer", nothing());
        talk.hears("zxcv uiop", nothing());
        let turn = talk.hears(said, nothing().yes());
        assert_eq!(turn.says, ["Te paso con Atención."], "{said}");
        assert!(is_queued(&talk.state));
    }
}

#[test]
fn a_call_at_an_hour_is_asked_in_words_and_keeps_the_hour() {
    let open = CallHours {
        zone: "UTC".to_owned(),
        open: vec![(MORNING, MORNING.plus(48 * 3_600_000))],
    };
    for (said, before) in [
        ("¿me podéis llamar a las 18?", false),
        (
            "que me llame alguien a las 6 de la tarde al 600112233",
            true,
        ),
    ] {
        let mut talk = Talk::new();
        talk.calls = Some(open.clone());
        let mut turn = talk.hears(said, is("talk_to_person").found("time", "18:00"));
        assert_eq!(turn.effect, Effect::None, "{said}");
        if !before {
            assert!(matches!(
                talk.state.memory.open.as_ref().unwrap().asking,
                Asking::Phone { .. }
            ));
            turn = talk.hears("600112233", nothing());
        }
        let Asking::CallConfirm { at, .. } = talk.state.memory.open.as_ref().unwrap().asking else {
            panic!("{said}: {turn:?}");
        };
        let hour = (at.0 / 3_600_000) % 24;
        assert_eq!(hour, 18, "{said}");
        let turn = talk.hears("sí", nothing().yes());
        assert!(matches!(turn.effect, Effect::CallBack { .. }), "{said}");
    }
    // Nobody calls there: a person is what is left.
    let mut talk = Talk::new();
    let turn = talk.hears(
        "¿me podéis llamar a las 18?",
        is("talk_to_person").found("time", "18:00"),
    );
    assert!(handed_over(&turn).is_some());
}

#[test]
fn the_contact_can_be_skipped_and_a_wrong_one_never_loses_the_message() {
    for how in ["button", "word", "nonsense"] {
        let mut talk = Talk::english().with_nobody_there();
        talk.asks_person();
        talk.hears("my parcel came broken", nothing().en());
        let turn = match how {
            "button" => talk.taps("Skip"),
            "word" => talk.hears("no thanks", nothing().en().no()),
            _ => {
                assert_eq!(
                    talk.hears("pigeon post", nothing().en()).says,
                    ["That looks like neither."]
                );
                talk.hears("pigeon post", nothing().en());
                talk.hears("pigeon post", nothing().en())
            }
        };
        assert_eq!(turn.says, ["All right: in this chat."], "{how}");
        assert!(talk.state.left_message().is_some());
        assert!(talk.state.memory.open.is_none());
    }
}

#[test]
fn while_a_message_is_asked_a_question_is_the_message_and_yes_is_none() {
    let mut talk = Talk::new().with_nobody_there();
    talk.asks_person();
    talk.hears("¿cuánto cuesta el envío?", is("shipping_cost"));
    assert!(talk.state.left_message().is_some());
    let mut talk = Talk::new().with_nobody_there();
    talk.asks_person();
    assert_eq!(
        talk.hears("sí", nothing().yes()).says,
        ["¿Cuál es el mensaje?"]
    );
    // An account is a message, whatever topic it looks like.
    talk.hears("mi pedido llegó roto y quiero otro", is("damaged"));
    assert!(talk.state.left_message().is_some());
    // While the contact is asked, too.
    let turn = talk.hears("¿y los horarios?", is("hours"));
    assert_eq!(turn.says[0], "De 9 a 19.");
    assert!(matches!(
        talk.state.memory.open.as_ref().unwrap().asking,
        Asking::Contact { .. }
    ));
}

#[test]
fn a_message_need_not_be_left() {
    for (said, read) in [("no", nothing().no()), ("déjalo", nothing())] {
        let mut talk = Talk::new().with_nobody_there();
        talk.asks_person();
        assert_eq!(talk.hears(said, read).says, ["Cancelado.", "¿Algo más?"]);
        assert!(talk.state.left_message().is_none());
    }
}

#[test]
fn somebody_who_arrives_meanwhile_takes_it() {
    let mut talk = Talk::new().with_nobody_there();
    talk.asks_person();
    talk.people = People::Available;
    assert!(handed_over(&talk.hears("mi pedido llegó roto", nothing())).is_some());
}

#[test]
fn a_contact_that_is_known_is_not_asked() {
    let mut talk = Talk::new().with_nobody_there();
    talk.state
        .slots
        .insert(slot_name("email"), "ana@example.org".to_owned());
    let before = talk.state.clone();
    let state = {
        let mut state = before;
        state.memory.open = Some(crate::conversation::Form {
            topic: id("talk_to_person"),
            asking: Asking::Message {
                wanted: crate::conversation::Wanted {
                    reason: HandoffReason::CustomerRequest,
                    team: "default".parse().unwrap(),
                    priority: crate::ids::Priority::Normal,
                    skills: Vec::new(),
                },
            },
            invalid: 0,
            lacking: false,
            proposed: false,
            cursor: crate::conversation::Cursor::default(),
        });
        state.unanswered.push(crate::conversation::Unanswered {
            seq: state.seq,
            at: MORNING,
            text: "mi pedido llegó roto".to_owned(),
            target: None,
            file: false,
        });
        state
    };
    let scene = crate::dialogue::Scene {
        state: &state,
        catalog: &talk.catalog,
        now: MORNING,
        people: &|_| talk.people.clone(),
        calls: &|_| None,
        case: "C-1".to_owned(),
        mail: false,
        limits: crate::conversation::Limits::default(),
        elsewhere: &NOTHING,
        closing: &|_| crate::dialogue::Closing {
            question: None,
            because: String::new(),
        },
    };
    let turn = crate::dialogue::answer(&scene, &[nothing().0]);
    assert_eq!(turn.says, ["Caso C-1: responden mañana a las 10:00."]);
    assert!(matches!(
        turn.effect,
        Effect::Promise {
            contact: Some(_),
            ..
        }
    ));
}

#[test]
fn when_nobody_came_the_promise_and_the_words_are_one_act() {
    let mut talk = Talk::new();
    talk.asks_person();
    talk.writes("¿hay alguien?", nothing());
    talk.people = People::Nobody {
        reply_by: None,
        when: String::new(),
        full: false,
    };
    let Command::Promise { turn, .. } = talk.nobody_comes() else {
        panic!("no promise");
    };
    assert_eq!(
        turn.says,
        [
            "Nadie de Atención pudo tomarlo.",
            "Caso M-7F3K-2Q.",
            "¿Un correo o teléfono? (opcional)"
        ]
    );
    assert_eq!(talk.state.owner, Owner::Bot);
    assert!(talk.state.left_message().is_some() && talk.state.unanswered.is_empty());
    assert_eq!(
        talk.hears("600 11 22 33", nothing()).says,
        ["Anotado: 600112233."]
    );
}

#[test]
fn nobody_there_without_hours_promises_no_hour() {
    let mut talk = Talk::new();
    talk.people = People::Nobody {
        reply_by: None,
        when: String::new(),
        full: false,
    };
    assert_eq!(
        talk.asks_person().says[0],
        "Ahora no hay nadie de Atención."
    );
    assert_eq!(
        talk.hears("hola, mi pedido llegó roto", nothing()).says[0],
        "Caso M-7F3K-2Q."
    );
    assert!(talk.state.left_message().unwrap().promise.by > MORNING);
}

#[test]
fn a_guessed_word_raises_no_alarm() {
    let mut talk = Talk::new();
    let turn = talk.hears("fraud", is("fraud").near(&["fraud", "hours"]).guessed(1));
    assert_eq!(turn.effect, Effect::None);
    assert_eq!(titles(&turn.choices), ["Horarios"], "nor is it offered");
    let turn = talk.hears(
        "creo que esto es un fraude de alguien",
        is("fraud").guessed(1),
    );
    assert_ne!(
        turn.effect,
        Effect::None,
        "one typo in a sentence is no doubt"
    );
}

#[test]
fn a_sensitive_matter_with_nobody_there_is_taken_as_a_message() {
    let mut talk = Talk::new().with_nobody_there();
    let turn = talk.hears("me estafaron", is("fraud"));
    assert_eq!(
        turn.says[..2],
        [
            "Hay que avisar al banco.",
            "Ahora no hay nadie de Pagos. Responden mañana a las 10:00."
        ]
    );
    talk.hears("pagué 300 euros", nothing());
    assert_eq!(
        talk.state.left_message().unwrap().promise.reason,
        HandoffReason::SensitiveTopic
    );
}
