//! Topics and their steps: what is said to whom, services, quick messages, small talk.

use super::fixture::*;
use crate::conversation::{Effect, Owner, Target};
use crate::ids::{HandoffReason, Lang, Outcome, Priority, Style};
use crate::topics::Act;

#[test]
fn a_topic_is_answered_in_language_style_and_register() {
    for (site, lang, style, wanted) in [
        ("es", "es", Style::Warm, &["El envío cuesta 5 €."][..]),
        ("es", "es", Style::Fast, &["5 €."]),
        ("es", "en", Style::Warm, &["Shipping costs €5."]),
        (
            "ar",
            "es",
            Style::Fast,
            &[
                "El envío sale $ 900.",
                "Podés retirarlo.",
                "También en cuotas.",
            ],
        ),
        (
            "ar",
            "en",
            Style::Warm,
            &["Shipping costs $900.", "In instalments, too."],
        ),
    ] {
        let mut talk = Talk::new();
        talk.opening.site = site.parse().unwrap();
        talk.opening.lang = lang.parse().unwrap();
        talk.opening.style = style;
        let mut heard = is("shipping_cost");
        heard.0.understood.lang = lang.parse().unwrap();
        let turn = talk.hears("envío", heard);
        assert_eq!(turn.says, wanted, "{site} {lang} {style}");
        assert_eq!(turn.topic, Some(id("shipping_cost")));
        assert!(talk.state.memory.matched);
    }
}

#[test]
fn the_language_follows_a_sentence_or_a_match_and_not_a_word() {
    let mut talk = Talk::new();
    assert_eq!(talk.hears("ok", nothing().en()).lang, None);
    let turn = talk.hears("hours", is("hours").en());
    assert_eq!(turn.lang, Some(Lang::en()));
    assert_eq!(turn.says, ["From 9 to 19."]);
    assert_eq!(talk.state.lang(), Some(&Lang::en()));
    let turn = talk.hears("no sé qué decir", nothing());
    assert_eq!(turn.lang, Some(Lang::es()));
    let mut french = nothing();
    french.0.understood.lang = "fr".parse().unwrap();
    assert_eq!(talk.hears("où est ma commande", french).lang, None);
}

#[test]
fn a_proven_order_is_looked_up_and_its_answer_worded() {
    let mut talk = Talk::new();
    let turn = talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    assert_eq!(turn.says, ["¿Cuál es el número de pedido?"]);
    assert_eq!(turn.effect, Effect::None);
    let turn = talk.proves_order();
    assert_eq!(called(&turn), Some("order_status"));
    let turn = talk.returns(
        "delayed",
        &[
            ("date", "2026-11-24"),
            ("total", r#"{"amount":59.9,"currency":"EUR"}"#),
        ],
    );
    assert_eq!(
        turn.says,
        ["Viene con demora: llega el martes 24 de noviembre. Costó 59,90\u{a0}€."]
    );
    // A topic that is not in the files any more is no button; the one with the role is the way to a person.
    assert_eq!(
        titles(&turn.choices),
        ["Cambiar la dirección", "talk_to_person"]
    );
    assert_eq!(turn.choices[1].target, Target::Person);
    assert!(
        talk.state
            .slots
            .keys()
            .all(|name| !name.as_str().starts_with("call-"))
    );
}

#[test]
fn only_the_arguments_of_the_call_are_sent() {
    let mut talk = Talk::new();
    talk.hears(
        "¿dónde está?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    let turn = talk.hears(
        "ana@example.org",
        nothing().found("email", "ana@example.org"),
    );
    let Effect::Call { call, args, topic } = &turn.effect else {
        panic!("no call");
    };
    assert_eq!(
        (call.as_str(), topic),
        ("order_match", &id("where_is_my_order"))
    );
    let names: Vec<_> = args.keys().map(String::as_str).collect();
    assert_eq!(names, ["order_number", "order_proof"]);
}

#[test]
fn a_case_without_steps_takes_those_of_the_underscore_and_says_what_it_does_not_know() {
    let mut talk = Talk::english();
    talk.hears("where is my order", is("where_is_my_order").en());
    talk.proves_order();
    let turn = talk.returns("flying", &[]);
    assert_eq!(turn.says, ["Order 1234567: not known."]);
}

#[test]
fn a_dead_service_becomes_an_honest_answer_and_a_person() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    let turn = talk.fails();
    assert_eq!(turn.says, ["No puedo consultarlo ahora."]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::BotError, "logistics"))
    );
    assert!(is_queued(&talk.state));
    // The check's own service may be dead as well.
    let mut talk = Talk::new();
    talk.hears(
        "¿dónde está mi pedido?",
        is("where_is_my_order").found("order_number", "1234567"),
    );
    talk.hears("ana@example.org", nothing());
    let turn = talk.fails();
    assert_eq!(turn.says, ["El sistema no responde; va Envíos."]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::BotError, "logistics"))
    );
}

#[test]
fn a_topic_may_escalate_and_may_go_to_another() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    let turn = talk.returns("lost", &[]);
    assert_eq!(turn.says, ["Lo ve Envíos."]);
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::IntentRule, "logistics"))
    );

    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    let turn = talk.returns("returned", &[]);
    assert_eq!(turn.says, ["El envío cuesta 5 €."]);
    assert_eq!(turn.topic, Some(id("shipping_cost")));
}

#[test]
fn the_skills_of_a_topic_go_with_its_own_team_and_a_step_may_wish_others() {
    use crate::topics::Act;
    let wished = |own: &[&str], change: &dyn Fn(&mut Act)| {
        let skills = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
        let mut talk = Talk::new();
        let topic = talk.catalog.topics.get_mut(&id("where_is_my_order"));
        let topic = topic.unwrap();
        topic.escalate.skills = skills(own);
        for step in &mut topic.steps {
            if let Act::Call { cases, .. } = &mut step.act {
                for step in cases.values_mut().flatten() {
                    change(&mut step.act);
                }
            }
        }
        talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
        talk.proves_order();
        let turn = talk.returns("lost", &[]);
        let Effect::Handoff { wanted } = turn.effect else {
            panic!("a person");
        };
        wanted
            .skills
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let asks = |team: &'static str, names: Option<&'static [&'static str]>| {
        move |act: &mut Act| {
            if let Act::Escalate {
                team: to, skills, ..
            } = act
            {
                *to = Some(team.parse().unwrap());
                *skills =
                    names.map(|names| names.iter().map(|name| name.parse().unwrap()).collect());
            }
        }
    };
    assert_eq!(wished(&["lost"], &|_| {}), ["lost"]);
    assert_eq!(wished(&["lost"], &asks("logistics", None)), ["lost"]);
    assert!(wished(&["lost"], &asks("payments", None)).is_empty());
    assert_eq!(
        wished(&["lost"], &asks("payments", Some(&["refunds"]))),
        ["refunds"]
    );
    assert!(wished(&["lost"], &asks("logistics", Some(&[]))).is_empty());
}

#[test]
fn a_circle_of_topics_ends_with_a_person() {
    let mut talk = Talk::new();
    for (from, to) in [("hours", "shipping_cost"), ("shipping_cost", "hours")] {
        talk.catalog.topics.get_mut(&id(from)).unwrap().steps = vec![go(to)];
    }
    let turn = talk.hears("horarios", is("hours"));
    assert_eq!(
        handed_over(&turn).map(|(reason, _)| reason),
        Some(HandoffReason::BotError)
    );
}

#[test]
fn an_irreversible_act_is_read_back_and_done_on_yes() {
    let mut talk = Talk::new();
    talk.hears("cancela mi pedido", is("cancel_order"));
    talk.proves_order();
    let turn = talk.returns("processing", &[("total", "59.9")]);
    assert_eq!(turn.says, ["¿Cancelo el pedido 1234567 por 59,90\u{a0}€?"]);
    assert_eq!(titles(&turn.choices), ["Sí", "No"]);
    assert_eq!(called(&talk.taps("Sí")), Some("cancel_order"));
    // What follows the inner call's case and the outer list is said, and nothing before it again.
    let turn = talk.returns("cancelled", &[]);
    assert_eq!(turn.says, ["Cancelado el pedido.", "Gracias por avisar."]);
    assert!(talk.state.memory.matched);
}

#[test]
fn a_no_ends_it_and_a_maybe_asks_again_until_a_person_comes() {
    for (said, read) in [("no", nothing().no()), ("No gracias", is("thanks").no())] {
        let mut talk = Talk::new();
        talk.hears("cambiar dirección", is("change_address"));
        talk.proves_order();
        talk.hears("Calle Mayor 3, Madrid", nothing());
        let turn = talk.hears(said, read);
        assert_eq!(turn.says, ["No se cambió nada.", "¿Algo más?"], "{said}");
        assert!(talk.state.memory.open.is_none());
    }
    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    talk.proves_order();
    talk.hears("Calle Mayor 3, Madrid", nothing());
    let turn = talk.hears("a ver", nothing());
    assert_eq!(
        turn.says,
        [
            "¿Sí o no?",
            "El pedido 1234567 iría a Calle Mayor 3, Madrid. ¿La cambio?"
        ]
    );
    talk.hears("mmm", nothing());
    let turn = talk.hears("mmm", nothing());
    assert_eq!(
        handed_over(&turn),
        Some((HandoffReason::FormFailure, "logistics"))
    );
}

#[test]
fn quick_messages_of_one_thought_are_answered_once() {
    let mut talk = Talk::new();
    talk.writes("hola", is("hello"));
    talk.writes("una pregunta", nothing());
    talk.writes("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.writes("1234567", nothing().found("number", "1234567"));
    let turn = talk.bot();
    assert_eq!(turn.says, ["¿Con qué correo se hizo?"]);
    assert_eq!(turn.understood.len(), 4);
    assert_eq!(talk.slot("order_number"), Some("1234567"));
    assert!(talk.state.unanswered.is_empty());
}

#[test]
fn words_without_typed_values_fill_the_form_that_their_thought_opens() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.returns("flying", &[]);
    talk.writes("quiero cambiar la dirección", is("change_address"));
    talk.writes("Calle Mayor 3, Madrid", nothing());
    let turn = talk.bot();
    assert_eq!(
        turn.says,
        ["El pedido 1234567 iría a Calle Mayor 3, Madrid. ¿La cambio?"]
    );
}

#[test]
fn two_matters_of_one_turn_are_answered_in_order() {
    let mut talk = Talk::new();
    talk.writes("horarios", is("hours"));
    talk.writes("¿y el envío?", is("shipping_cost"));
    let turn = talk.bot();
    assert_eq!(turn.says, ["De 9 a 19.", "El envío cuesta 5 €."]);
    assert_eq!(talk.state.memory.tried, [id("hours"), id("shipping_cost")]);
}

#[test]
fn what_follows_a_call_is_answered_when_it_has_come_back() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.returns("flying", &[]);
    talk.writes("cancela el pedido", is("cancel_order"));
    talk.writes("¿y el envío?", is("shipping_cost"));
    let turn = talk.bot();
    assert_eq!(called(&turn), Some("order_status"));
    assert_eq!(turn.understood.len(), 1);
    assert_eq!(talk.state.unanswered.len(), 1);
    let turn = talk.returns("sent", &[]);
    assert_eq!(turn.says, ["Ya no se puede."]);
    assert_eq!(talk.state.unanswered.len(), 1, "still to be answered");
    let turn = talk.bot();
    assert_eq!(turn.says, ["El envío cuesta 5 €."]);
    assert!(talk.state.unanswered.is_empty());
}

#[test]
fn a_bare_value_after_an_answer_asks_the_same_for_it() {
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.returns("flying", &[]);
    // Another order must be proven anew: the e-mail is known, the check is asked.
    let turn = talk.hears("¿y el 7654321?", nothing().found("order_number", "7654321"));
    assert_eq!(called(&turn), Some("order_match"));
    assert_eq!(talk.slot("order_number"), Some("7654321"));
    assert!(talk.state.memory.verified.is_empty());
}

#[test]
fn it_says_that_it_is_an_assistant() {
    let mut talk = Talk::new();
    let turn = talk.hears("¿sos un robot?", is("robot"));
    assert_eq!(turn.says, ["Soy una asistente virtual, un programa."]);
    // Also beside another matter, and also where the file says nothing.
    talk.writes("¿eres un bot?", is("robot"));
    talk.writes("horarios", is("hours"));
    assert_eq!(
        talk.bot().says,
        ["Soy una asistente virtual, un programa.", "De 9 a 19."]
    );
    talk.catalog
        .topics
        .get_mut(&id("robot"))
        .unwrap()
        .steps
        .clear();
    assert_eq!(
        talk.hears("are you human?", is("robot")).says,
        ["Soy un programa."]
    );
}

#[test]
fn a_goodbye_ends_the_session_when_nothing_is_open() {
    let mut talk = Talk::new();
    talk.hears("horarios", is("hours"));
    let turn = talk.hears("thanks, bye", is("thanks").en());
    assert_eq!(turn.says, ["You are welcome."]);
    // The question is worded in the language that the visitor has now.
    assert_eq!(
        turn.effect,
        Effect::Goodbye {
            question: None,
            because: "en".to_owned()
        }
    );
    assert!(matches!(
        talk.state.owner,
        Owner::Closed {
            outcome: Outcome::ResolvedByBot,
            ..
        }
    ));

    // A button of a file may lead to it as well.
    let mut talk = Talk::new();
    talk.catalog.topics.get_mut(&id("hours")).unwrap().steps =
        vec![say_with("De 9 a 19.", "From 9 to 19.", &["thanks"])];
    talk.hears("horarios", is("hours"));
    assert!(matches!(talk.taps("thanks").effect, Effect::Goodbye { .. }));

    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    let turn = talk.hears("gracias", is("thanks"));
    assert_eq!(turn.says, ["¿Cuál es el número de pedido?"]);
    assert!(talk.state.memory.open.is_some());
    assert_eq!(turn.effect, Effect::None);
}

#[test]
fn small_talk_neither_counts_nor_ends_a_form() {
    let mut talk = Talk::new();
    talk.hears("asdf", nothing());
    assert_eq!(talk.state.memory.failures, 1);
    talk.hears("hola", is("hello"));
    assert_eq!(talk.state.memory.failures, 1);
    assert_eq!(talk.hears("ok", nothing().yes()).says, ["¿Algo más?"]);
    assert_eq!(talk.state.memory.failures, 1);
    talk.hears("cambiar dirección", is("change_address"));
    let turn = talk.hears("hola", is("hello"));
    assert_eq!(
        turn.says,
        [
            "Hola, soy la asistente virtual.",
            "¿Cuál es el número de pedido?"
        ]
    );
    assert_eq!(talk.state.memory.open.as_ref().unwrap().invalid, 0);
    // Between two answers that are the same it does not hide the sameness.
    let mut talk = Talk::new();
    talk.hears("horarios", is("hours"));
    talk.hears("hola", is("hello"));
    assert_eq!(
        talk.hears("horarios", is("hours")).says,
        ["Es lo mismo que ya respondí."]
    );
}

#[test]
fn anything_else_takes_yes_and_no() {
    let mut talk = Talk::english();
    assert_eq!(talk.hears("ok", nothing().en()).says, ["Anything else?"]);
    let turn = talk.hears("yes", nothing().en().yes());
    assert_eq!(turn.says, ["Go ahead."]);
    assert_eq!(
        titles(&turn.choices),
        ["Where is my order", "Opening hours"]
    );
    talk.hears("ok", nothing().en());
    let turn = talk.hears("no", nothing().en().no());
    assert!(matches!(turn.effect, Effect::Goodbye { .. }));
}

#[test]
fn a_named_button_is_the_button() {
    let mut talk = Talk::new();
    talk.hears("ok", nothing());
    let turn = talk.hears("sí", nothing().yes());
    assert_eq!(titles(&turn.choices), ["Dónde está mi pedido", "Horarios"]);
    assert_eq!(
        talk.hears("la segunda", nothing().choice(1)).says,
        ["De 9 a 19."]
    );
}

#[test]
fn a_sensitive_topic_brings_a_person_first() {
    for (said, read) in [
        ("me estafaron", is("fraud")),
        (
            "Una estafa, 1234567",
            is("fraud").found("number", "1234567"),
        ),
    ] {
        let mut talk = Talk::new();
        talk.writes("hola", is("hello"));
        talk.writes(said, read);
        let turn = talk.bot();
        assert_eq!(turn.says, ["Hay que avisar al banco."]);
        assert!(turn.choices.is_empty());
        let Effect::Handoff { wanted } = &turn.effect else {
            panic!("no handoff");
        };
        assert_eq!(
            (wanted.reason, wanted.priority),
            (HandoffReason::SensitiveTopic, Priority::Urgent)
        );
        assert_eq!(wanted.team.as_str(), "payments");
        assert!(talk.state.memory.tried.contains(&id("fraud")));
    }
    // In the middle of a form, and without words of its own, too.
    let mut talk = Talk::new();
    talk.catalog
        .topics
        .get_mut(&id("fraud"))
        .unwrap()
        .steps
        .retain(|step| !matches!(step.act, Act::Say { .. }));
    talk.hears("cambiar dirección", is("change_address"));
    let turn = talk.hears("me estafaron", is("fraud"));
    assert_eq!(turn.says, ["Lo ve una persona."]);
    assert!(is_queued(&talk.state));
}

#[test]
fn files_that_changed_meanwhile_end_the_topic_with_an_apology() {
    // The topic is gone while a service is asked.
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.catalog.topics.remove(&id("where_is_my_order"));
    let turn = talk.returns("delayed", &[]);
    assert_eq!(turn.says, ["Perdón: ya no está."]);
    assert_eq!(titles(&turn.choices), ["Horarios"]);
    // The confirmation is gone: a yes does nothing.
    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    talk.proves_order();
    talk.hears("Calle Mayor 3, Madrid", nothing());
    talk.catalog
        .topics
        .get_mut(&id("change_address"))
        .unwrap()
        .steps
        .remove(0);
    let turn = talk.hears("sí", nothing().yes());
    assert_eq!(turn.says, ["Perdón: ya no está."]);
    assert_eq!(turn.effect, Effect::None);
    // The call's place holds something else.
    let mut talk = Talk::new();
    talk.hears("¿dónde está mi pedido?", is("where_is_my_order"));
    talk.proves_order();
    talk.catalog
        .topics
        .get_mut(&id("where_is_my_order"))
        .unwrap()
        .steps = vec![say("Nuevo.", "New.")];
    assert_eq!(talk.returns("delayed", &[]).says, ["Perdón: ya no está."]);
    // An open question whose slot is gone is still understood by the rule that came with it.
    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    talk.catalog.checks.clear();
    talk.catalog
        .topics
        .get_mut(&id("change_address"))
        .unwrap()
        .requires = None;
    let turn = talk.hears("12", nothing());
    assert_eq!(turn.says, ["order_number?"]);
    talk.hears("1234567", nothing());
    assert_eq!(talk.slot("order_number"), Some("1234567"));
}

#[test]
fn a_yes_counts_only_for_what_was_read_back() {
    let mut talk = Talk::new();
    talk.hears("cambiar dirección", is("change_address"));
    talk.proves_order();
    talk.hears("Calle Mayor 3, Madrid", nothing());
    if let Act::Confirm { text: words } = &mut talk
        .catalog
        .topics
        .get_mut(&id("change_address"))
        .unwrap()
        .steps[0]
        .act
    {
        *words = text(
            "¿Mando el {order_number} a {new_address} por 9 €?",
            "Shall I?",
        );
    }
    let turn = talk.hears("sí", nothing().yes());
    assert_eq!(
        turn.says,
        ["¿Mando el 1234567 a Calle Mayor 3, Madrid por 9 €?"]
    );
    assert_eq!(
        called(&talk.hears("sí", nothing().yes())),
        Some("change_address")
    );
}

#[test]
fn a_session_is_judged_as_it_went() {
    let mut talk = Talk::new();
    talk.hears("asdf", nothing());
    assert_eq!(talk.state.outcome_at_goodbye(), Outcome::Unresolved);
    talk.hears("horarios", is("hours"));
    assert_eq!(talk.state.outcome_at_goodbye(), Outcome::ResolvedByBot);
}
