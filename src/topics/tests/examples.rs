//! Examples and patterns of two topics side by side: what is nearly shared, what never decides, what proves nothing.

use super::*;

/// Two topics with these examples and patterns, and what is said about them.
fn two(first: &str, second: &str, codes: &[&str]) -> Vec<Problem> {
    let topic = |name: &str, rest: &str| SourceFile {
        path: format!("{name}.yaml"),
        text: format!(
            "topic: {name}\ntitle: {{es: Un tema}}\n{rest}steps: [{{say: {{es: Bien}}}}]\ntests: []\n"
        ),
    };
    let files = [
        SourceFile {
            path: "_assistant.yaml".into(),
            text: "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n".into(),
        },
        topic("first", first),
        topic("second", second),
    ];
    let around = Around {
        env: &|_| None,
        today: None,
    };
    let mut problems = check(&files, &around).problems;
    problems.retain(|problem| codes.contains(&problem.code));
    problems
}

#[test]
fn nearly_shared_examples_are_told_with_their_likeness() {
    let problems = two(
        "examples:\n  es: |\n    ¿dónde está mi pedido?\n    quiero cambiar la dirección de entrega\n    cancelar pedido\n",
        "examples:\n  es: |\n    donde esta MI pedido\n    quiero cambiar la fecha de entrega\n    factura\n    [por favor] dónde (está|anda) el paquete\n",
        &["near_example"],
    );
    let told: Vec<String> = problems
        .iter()
        .map(|problem| problem.shown_in(&Lang::es()))
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("second.yaml:5:5: advertencia: «donde esta MI pedido» se parece en un 100 % a «¿dónde está mi pedido?», de `first`: first.yaml:5:5"),
        "{}",
        told[0]
    );
}

#[test]
fn patterns_that_never_decide_are_told() {
    let problems = two(
        "examples:\n  es: |\n    baja del servicio\n    baja del plan\n    otra cosa\npatterns:\n  - 'pedido \\d{6,10}'\n  - 'reclamo \\d{4}'\n",
        "examples:\n  es: |\n    algo distinto\npatterns:\n  - 'baja del (servicio|plan)'\n  - 'pedido \\d{7}'\n  - 'reclamo \\d{4,8}'\n  - 'mi caso [a-z]+'\n",
        &["unreachable_pattern"],
    );
    let told: Vec<(String, usize)> = problems
        .iter()
        .map(|problem| (problem.file.clone(), problem.line))
        .collect();
    let at = |file: &str, line| (file.to_owned(), line);
    assert_eq!(
        told,
        [
            at("first.yaml", 10),
            at("second.yaml", 7),
            at("second.yaml", 8)
        ],
        "{problems:#?}"
    );
    assert!(
        problems[1]
            .message
            .en
            .contains("already an example of `first`: first.yaml:6:5"),
        "{}",
        problems[1]
    );
    assert!(
        problems[2]
            .message
            .en
            .contains("`pedido \\d{6,10}` of `first`"),
        "{}",
        problems[2]
    );
}

#[test]
fn a_test_that_only_adds_accents_to_an_example_proves_nothing() {
    let problems = two(
        "examples:\n  es: |\n    donde esta mi pedido\n",
        "examples:\n  es: |\n    otra cosa\n",
        &["test_is_example"],
    );
    assert!(problems.is_empty());
    let files = [SourceFile {
        path: "a.yaml".into(),
        text: "topic: a\ntitle: {es: Un tema}\nexamples:\n  es: |\n    donde esta mi pedido\nsteps: [{say: {es: Bien}}]\ntests:\n  - {say: \"¿Dónde está mi pedido?\", lang: es, expect: a}\n".into(),
    }];
    let around = Around {
        env: &|_| None,
        today: None,
    };
    let problems = check(&files, &around).problems;
    assert!(
        problems
            .iter()
            .any(|problem| problem.code == "test_is_example" && problem.line == 8)
    );
}

#[test]
fn what_two_topics_share_is_told_at_either_with_the_way_to_the_other() {
    let cases = [
        (
            "dónde está mi pedido",
            "¿Dónde está mi pedido?",
            "same_example",
        ),
        (
            "dónde está mi pedido",
            "donde esta mi pedido",
            "near_example",
        ),
    ];
    for (first, second, code) in cases {
        let problems = two(
            &format!("examples:\n  es: |\n    {first}\n    otra cosa\n"),
            &format!("examples:\n  es: |\n    {second}\n    factura\n"),
            &[code],
        );
        assert_eq!(problems.len(), 1, "{problems:?}");
        let there = problems[0].told_in("second.yaml").unwrap();
        assert!(
            there.message.es.starts_with(&format!("«{second}»")),
            "{there}"
        );
        assert_eq!(there.see.as_ref().unwrap().topic.as_deref(), Some("first"));
        let here = problems[0].told_in("first.yaml").unwrap();
        assert!(here.message.es.starts_with(&format!("«{first}»")), "{here}");
        let see = here.see.as_ref().unwrap();
        assert_eq!(
            (see.topic.as_deref(), see.file.as_str(), see.line),
            (Some("second"), "second.yaml", 5)
        );
        assert_eq!(
            (here.file.as_str(), here.line, here.severity),
            ("first.yaml", 5, there.severity)
        );
        assert!(problems[0].told_in("third.yaml").is_none());
    }
}

#[test]
fn a_sentence_that_stands_twice_leads_to_the_line_of_the_other() {
    let problems = two(
        "examples:\n  es: |\n    uno\n    dos\n    uno\n",
        "examples:\n  es: |\n    tres\n",
        &["repeated_example"],
    );
    let see = problems[0].see.as_ref().unwrap();
    assert_eq!(
        (problems[0].line, see.file.as_str(), see.line),
        (7, "first.yaml", 5)
    );
    assert_eq!(problems[0].severity, Severity::Warning);
}
