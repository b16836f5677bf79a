//! Failures: plainly said, then a person is offered, then a person comes.

use super::fixture::*;
use crate::conversation::Offer;
use crate::ids::{HandoffReason, Priority};

#[test]
fn the_first_miss_names_the_nearest_topics() {
    let mut talk = Talk::new();
    let near = nothing().near(&[
        "fraud",
        "hours",
        "hello",
        "shipping_cost",
        "talk_to_person",
        "no_such_topic",
        "damaged",
        "change_address",
    ]);
    let turn = talk.hears("la cosa esa", near);
    assert_eq!(turn.says, ["No lo entendí. ¿Era alguna de estas?"]);
    // Three, and none that is sensitive, small talk, a person or gone.
    assert_eq!(
        titles(&turn.choices),
        ["Horarios", "Coste del envío", "Llegó dañado"]
    );
    assert_eq!(talk.taps("Coste del envío").says, ["El envío cuesta 5 €."]);
    assert_eq!(talk.state.memory.failures, 0);
    let turn = Talk::new().hears("xyz", nothing());
    assert_eq!(turn.says, ["No lo entendí."]);
    assert!(turn.choices.is_empty());
}

#[test]
fn the_second_in_a_row_offers_a_person_and_the_third_brings_one() {
    let mut talk = Talk::english();
    talk.hears("blah", nothing().en());
    let turn = talk.hears("blah blah", nothing().en());
    assert_eq!(turn.says, ["Shall I pass you to a person?"]);
    assert_eq!(titles(&turn.choices), ["Yes", "No"]);
    let turn = talk.hears("blah", nothing().en());
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::RepeatedFailure, "default"))
    );
    assert_eq!(turn.says, ["I cannot; Customer care will."]);
    assert_eq!(
        (talk.state.memory.failures, talk.state.memory.recent.len()),
        (0, 0)
    );
}

#[test]
fn the_offer_takes_yes_and_no_by_word_and_by_button() {
    for by_word in [true, false] {
        let mut talk = Talk::new();
        talk.hears("a", nothing());
        talk.hears("b", nothing());
        let turn = if by_word {
            talk.hears("sí, dale", nothing().yes())
        } else {
            talk.taps("Sí")
        };
        assert_eq!(
            handed_over(&turn).map(|(reason, _)| reason),
            Some(HandoffReason::RepeatedFailure)
        );

        let mut talk = Talk::new();
        talk.hears("a", nothing());
        talk.hears("b", nothing());
        // "No, no quiero una persona" may look like the topic; it answers the offer.
        let turn = if by_word {
            talk.hears("no quiero una persona", is("talk_to_person").no())
        } else {
            talk.taps("No")
        };
        assert_eq!(handed_over(&turn), None);
        assert_eq!(turn.says, ["Sigo yo."]);
        assert_eq!(talk.state.memory.failures, 2, "a no is no match");
        assert!(handed_over(&talk.hears("c", nothing())).is_some());
    }
}

#[test]
fn thanks_for_the_offer_is_no_answer_to_it() {
    let mut talk = Talk::new();
    talk.hears("a", nothing());
    talk.hears("b", nothing());
    let turn = talk.hears("gracias", is("thanks"));
    assert_eq!(turn.says, ["¿Paso la charla a una persona?"]);
    assert!(talk.state.is_open());
}

#[test]
fn a_match_resets_and_greetings_do_not() {
    let mut talk = Talk::new();
    talk.hears("a", nothing());
    talk.hears("ok", nothing());
    talk.hears("b", nothing());
    talk.hears("hola", is("hello"));
    assert_eq!(talk.state.memory.failures, 2);
    talk.hears("horarios", is("hours"));
    assert_eq!(talk.state.memory.failures, 0);
}

#[test]
fn three_failures_among_six_turns_bring_a_person() {
    let mut talk = Talk::new();
    let others = ["hours", "shipping_cost"];
    talk.hears("a", nothing());
    talk.hears("uno", is(others[0]));
    talk.hears("b", nothing());
    talk.hears("dos", is(others[1]));
    let turn = talk.hears("c", nothing());
    assert_eq!(
        handed_over(&turn).map(|(reason, _)| reason),
        Some(HandoffReason::RepeatedFailure)
    );

    // Beyond six turns they are forgotten.
    let mut talk = Talk::new();
    talk.hears("a", nothing());
    talk.hears("b", nothing());
    for n in 0..5 {
        talk.hears("x", is(others[n % 2]));
    }
    assert_eq!(
        talk.state.memory.recent,
        [true, false, false, false, false, false]
    );
    assert_eq!(handed_over(&talk.hears("c", nothing())), None);
}

#[test]
fn who_ends_it_in_anger_after_two_failures_gets_a_person() {
    let mut talk = Talk::new();
    talk.hears("a", nothing());
    talk.hears("b", nothing());
    talk.hears("déjalo", nothing());
    assert_eq!(talk.state.memory.offered, Some(Offer::End));
    talk.writes("no", nothing().no());
    let turn = talk.hears("qué desastre", is("anger"));
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::RepeatedFailure, "default"))
    );
    assert_eq!(talk.state.memory.failures, 0);
}

#[test]
fn anger_adds_one() {
    let mut talk = Talk::new();
    let turn = talk.hears("inútil", is("anger"));
    assert_eq!(turn.says, ["Perdón por el mal rato."]);
    assert!(talk.state.memory.angry);
    let turn = talk.hears("no sirves", is("anger"));
    assert_eq!(
        turn.says,
        ["Perdón por el mal rato.", "¿Paso la charla a una persona?"]
    );
    let turn = talk.hears("qué desastre", is("anger"));
    let crate::conversation::Effect::Handoff { wanted } = &turn.effect else {
        panic!("no handoff");
    };
    assert_eq!(wanted.priority, Priority::High, "who is angry waits less");

    // With words that nobody understands it is two; in a form it counts as well.
    let mut talk = Talk::new();
    talk.writes("inútil", is("anger"));
    talk.writes("xyz", nothing());
    assert_eq!(talk.bot().says, ["¿Paso la charla a una persona?"]);
    let mut talk = Talk::new();
    talk.hears("llegó dañado", is("damaged"));
    let turn = talk.hears("inútil", is("anger"));
    assert_eq!(turn.says, ["Perdón por el mal rato.", "¿Qué pasó?"]);
    assert_eq!(talk.state.memory.failures, 1);
}

#[test]
fn the_same_answer_twice_in_a_row_is_a_failure_and_by_the_file_a_person() {
    let mut talk = Talk::new();
    talk.hears("horarios", is("hours"));
    let turn = talk.hears(
        "los horarios!",
        is("hours").near(&["hours", "shipping_cost"]),
    );
    assert_eq!(turn.says, ["Es lo mismo que ya respondí."]);
    assert_eq!(titles(&turn.choices), ["Hablar con una persona"]);
    assert_eq!(
        (talk.state.memory.failures, talk.state.memory.topic_failures),
        (1, 1)
    );
    assert!(!talk.state.memory.matched);
    // `after_failures: 2` of that topic: its own team.
    let turn = talk.hears("horarios!!", is("hours"));
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::RepeatedFailure, "default"))
    );

    let mut talk = Talk::new();
    talk.catalog
        .topics
        .get_mut(&id("hours"))
        .unwrap()
        .escalate
        .after_failures = 1;
    talk.hears("horarios", is("hours"));
    assert!(handed_over(&talk.hears("horarios", is("hours"))).is_some());

    // However patient the file, two repeats offer a person and three bring one.
    let mut talk = Talk::new();
    talk.catalog
        .topics
        .get_mut(&id("hours"))
        .unwrap()
        .escalate
        .after_failures = 5;
    for _ in 0..2 {
        talk.hears("horarios", is("hours"));
    }
    assert_eq!(
        talk.hears("horarios", is("hours")).says,
        ["Con lo que sé no alcanza. ¿Una persona?"]
    );
    assert!(handed_over(&talk.hears("horarios", is("hours"))).is_some());
}

#[test]
fn a_call_whose_data_changed_is_no_repetition() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.returns("flying", &[("weather", "sol")]);
    talk.hears("¿y ahora?", is("where_is_my_order"));
    assert_eq!(
        talk.returns("flying", &[("weather", "lluvia")]).says,
        ["Pedido 1234567: lluvia."]
    );
    assert_eq!(talk.state.memory.failures, 0);
    talk.hears("¿y ahora?", is("where_is_my_order"));
    assert_eq!(
        talk.returns("flying", &[("weather", "lluvia")]).says,
        ["Es lo mismo que ya respondí."]
    );
    assert_eq!(talk.state.memory.failures, 1);
}

#[test]
fn an_unclear_text_is_asked_about_and_asked_twice_is_a_failure() {
    let mut talk = Talk::new();
    let turn = talk.hears("envío", either(&["shipping_cost", "where_is_my_order"]));
    assert_eq!(turn.says, ["¿Cuál de estas?"]);
    assert_eq!(
        titles(&turn.choices),
        ["Coste del envío", "Dónde está mi pedido"]
    );
    assert_eq!(talk.state.memory.failures, 0);
    assert!(matches!(
        talk.state.memory.offered,
        Some(Offer::Topics { .. })
    ));
    assert_eq!(
        talk.hears("la primera", nothing().choice(0)).says,
        ["El envío cuesta 5 €."]
    );

    let mut talk = Talk::new();
    talk.hears("envío", either(&["shipping_cost", "hours"]));
    let turn = talk.hears("envío", either(&["shipping_cost", "hours"]));
    assert_eq!(turn.says, ["No lo entendí. ¿Era alguna de estas?"]);
    assert_eq!(talk.state.memory.failures, 1);
    // "None of these" is a failure, too.
    assert_eq!(
        talk.hears("ninguna", nothing().no()).says,
        ["¿Paso la charla a una persona?"]
    );
}
