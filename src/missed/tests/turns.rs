//! What counts as missed and what is believed of it, event by event.

use super::*;

#[test]
fn what_no_topic_fitted_is_missed_and_what_was_answered_well_is_not() {
    let mut talk = Talk::open(0);
    let missed = talk.asks("¿tienen paraguas?", Verdict::OutOfScope);
    let found = talk.asks("¿dónde está mi pedido?", matched("where"));
    talk.closes(Outcome::ResolvedByBot, None);
    assert_eq!(
        talk.misses(),
        [(missed.0, vec![Miss::NotUnderstood]), (found.0, vec![])]
    );
    assert_eq!(talk.truth(missed), None);
    let accepted = Some((Truth::Meant(Some(topic("where"))), Evidence::Accepted));
    assert_eq!(talk.truth(found), accepted);
    talk.rated(OpinionKind::Negative);
    assert_eq!(talk.truth(found), None, "somebody complained");
}

#[test]
fn a_tap_tells_what_an_ambiguous_message_meant() {
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    let of = talk.last();
    talk.taps(
        of,
        Target::Topic {
            topic: topic("address"),
        },
    );
    assert_eq!(talk.misses(), [(asks.0, vec![Miss::Ambiguous])]);
    let chosen = Some((Truth::Meant(Some(topic("address"))), Evidence::Chosen));
    assert_eq!(talk.truth(asks), chosen);
    // A button under an older answer tells nothing about this one.
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    talk.taps(
        Seq(1),
        Target::Topic {
            topic: topic("address"),
        },
    );
    assert_eq!(talk.truth(asks), None);
}

#[test]
fn a_choice_that_is_typed_tells_the_same_and_is_no_turn() {
    let mut talk = Talk::open(0);
    let asks = talk.asks("cambiar", asked(&["exchange", "address"]));
    talk.says("la segunda");
    let because = vec![Reason::Context {
        kind: "choice".into(),
    }];
    talk.answer(
        vec![matched("address")],
        &because,
        Memory::default(),
        Vec::new(),
    );
    assert_eq!(talk.misses(), [(asks.0, vec![Miss::Ambiguous])]);
    let chosen = Some((Truth::Meant(Some(topic("address"))), Evidence::Chosen));
    assert_eq!(talk.truth(asks), chosen);
}

#[test]
fn an_answer_is_disowned_by_words_by_repeating_and_by_asking_for_a_person() {
    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.asks("no es eso", Verdict::OutOfScope);
    assert_eq!(
        talk.misses(),
        [(first.0, vec![Miss::SaidSo])],
        "and the complaint is no phrase"
    );
    let not = Some((Truth::Not(topic("address")), Evidence::Disowned));
    assert_eq!(talk.truth(first), not);

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    let again = talk.asks("CAMBIAR la talla!!", matched("exchange"));
    assert_eq!(talk.misses()[0], (first.0, vec![Miss::Repeated]));
    let corrected = Some((Truth::Meant(Some(topic("exchange"))), Evidence::Corrected));
    assert_eq!(talk.truth(first), corrected);
    assert_eq!(talk.misses()[1], (again.0, vec![]));

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.asks("pasame con alguien", matched("talk_to_person"));
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), [(first.0, vec![Miss::AskedPerson])]);

    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    let of = talk.last();
    talk.taps(of, Target::Person);
    talk.answer(Vec::new(), &[], Memory::default(), Vec::new());
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), [(first.0, vec![Miss::AskedPerson])]);
}

#[test]
fn whoever_begins_with_a_person_has_disowned_nothing() {
    let mut talk = Talk::open(0);
    talk.asks("quiero hablar con una persona", matched("talk_to_person"));
    talk.queued(HandoffReason::CustomerRequest);
    assert_eq!(talk.misses(), []);
}

#[test]
fn where_nobody_is_there_asking_for_a_person_is_seen_by_the_message_that_is_taken() {
    let mut talk = Talk::open(0);
    let first = talk.asks("quiero cambiar la talla", matched("address"));
    talk.says("quiero un agente");
    let wanted = Wanted {
        reason: HandoffReason::CustomerRequest,
        team: "default".parse().unwrap(),
        priority: Priority::Normal,
        skills: Vec::new(),
    };
    let form = Form {
        topic: topic("talk_to_person"),
        asking: Asking::Message { wanted },
        invalid: 0,
        lacking: false,
        proposed: false,
        cursor: Default::default(),
    };
    let memory = Memory {
        open: Some(form),
        ..Memory::default()
    };
    talk.answer(
        vec![matched("talk_to_person")],
        &[],
        memory.clone(),
        Vec::new(),
    );
    talk.says("me llegó rota la caja y nadie contesta");
    talk.answer(vec![Verdict::OutOfScope], &[], memory, Vec::new());
    assert_eq!(
        talk.misses(),
        [(first.0, vec![Miss::AskedPerson])],
        "the message is no turn"
    );
}

#[test]
fn misses_that_end_with_a_person_are_marked_back_to_the_last_success() {
    let mut talk = Talk::open(0);
    let early = talk.asks("¿venden hornos?", Verdict::OutOfScope);
    let found = talk.asks("¿a qué hora abren?", matched("opening"));
    let one = talk.asks("el cinturón trae hebilla", Verdict::OutOfScope);
    let two = talk.says("hebilla de metal digo");
    talk.answer(
        vec![Verdict::OutOfScope],
        &[],
        Memory::default(),
        Vec::new(),
    );
    talk.queued(HandoffReason::RepeatedFailure);
    talk.agent_says("Trae hebilla de metal.");
    talk.closes(Outcome::ResolvedByAgent, Some("belts"));
    let both = vec![Miss::NotUnderstood, Miss::HandedOff];
    assert_eq!(
        talk.misses(),
        [
            (early.0, vec![Miss::NotUnderstood]),
            (found.0, vec![]),
            (one.0, both.clone()),
            (two.0, both)
        ]
    );
    let wrapped = Some((Truth::Meant(Some(topic("belts"))), Evidence::WrappedUp));
    assert_eq!(talk.truth(two), wrapped);
    assert_eq!(talk.watched().facts().unwrap().agent_said.len(), 1);
    // The reason of a close is believed where it is a topic's name.
    let watch = talk.watched();
    let turn = watch.turns().last().unwrap();
    assert_eq!(turn.truth(watch.facts().unwrap(), |_| false), None);
}

#[test]
fn what_a_form_asked_for_is_no_turn_but_another_matter_is() {
    let mut talk = Talk::open(0);
    let first = talk.says("¿dónde está mi pedido?");
    let form = Form {
        topic: topic("where"),
        asking: Asking::Confirm {
            text: String::new(),
        },
        invalid: 0,
        lacking: false,
        proposed: false,
        cursor: Default::default(),
    };
    let memory = Memory {
        open: Some(form),
        ..Memory::default()
    };
    talk.answer(vec![matched("where")], &[], memory.clone(), Vec::new());
    talk.says("1234567");
    talk.answer(vec![Verdict::OutOfScope], &[], memory.clone(), Vec::new());
    let other = talk.says("¿a qué hora abren?");
    talk.answer(vec![matched("opening")], &[], memory, Vec::new());
    let turns: Vec<u64> = talk.misses().into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(turns, [first.0, other.0]);
}
