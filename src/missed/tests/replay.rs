//! A change replayed on known turns.

use super::*;

/// Two topics, with these examples more.
fn learnt(exchange: &[&str], hours: &[&str]) -> (Catalog, Engine) {
    let topic = |id: &str, title: &str, own: &[&str], more: &[&str]| {
        let lines: String = own
            .iter()
            .chain(more)
            .map(|line| format!("    {line}\n"))
            .collect();
        SourceFile {
            path: format!("{id}.yaml"),
            text: format!(
                "topic: {id}\ntitle: {{es: {title}}}\nexamples:\n  es: |\n{lines}steps:\n  - say: {{es: {title}}}\ntests: []\n"
            ),
        }
    };
    let assistant = SourceFile {
        path: "_assistant.yaml".into(),
        text: "name: Mara\nbrand: Mareas\nlanguages: [es]\ngreeting: {es: Hola}\n".into(),
    };
    let sizes = [
        "quiero cambiar la talla",
        "necesito otro número de zapato",
        "me queda chico y quiero uno más grande",
        "cambio de talle",
    ];
    let open = [
        "¿a qué hora abren?",
        "horario de la tienda",
        "¿cuándo cierran hoy?",
        "abren los domingos",
    ];
    let files = [
        assistant,
        topic("exchange", "Cambios", &sizes, exchange),
        topic("opening", "Horario", &open, hours),
    ];
    let around = Around {
        env: &|_| None,
        today: None,
    };
    let checked = check(&files, &around);
    let catalog = checked
        .catalog
        .unwrap_or_else(|| panic!("{:?}", checked.problems));
    let engine = Engine::train(&Corpus::from(&catalog)).unwrap();
    (catalog, engine)
}

/// What the change does to each turn of a talk, by its words.
fn rehearsed(talk: &Talk, said: Said<'_>) -> Vec<(String, Change, Option<Evidence>)> {
    let now = learnt(&[], &["dejan entrar perros"]);
    let then = learnt(&["kkk www", "dejan entrar perros", "zzz qqq"], &[]);
    let with = |(catalog, engine): &'static (Catalog, Engine)| Replay { catalog, engine };
    let (now, then) = (Box::leak(Box::new(now)), Box::leak(Box::new(then)));
    let judged = replay(&talk.events, with(now), with(then), said);
    judged
        .into_iter()
        .map(|one| {
            let at = usize::try_from(one.seq.0).unwrap() - 1;
            let text = talk.events[at].private.first().unwrap().to_owned();
            (text, one.change, one.known.map(|(_, why)| why))
        })
        .collect()
}

#[test]
fn a_change_is_judged_on_talks_whose_truth_is_known() {
    let mut talk = Talk::open(0);
    // Better: it was asked about, and they took it.
    talk.asks("kkk www", asked(&["opening", "exchange"]));
    let of = talk.last();
    talk.taps(
        of,
        Target::Topic {
            topic: topic("exchange"),
        },
    );
    talk.answer(Vec::new(), &[], Memory::default(), Vec::new());
    // Worse: it was answered rightly, and goes elsewhere with the change.
    talk.asks("dejan entrar perros", matched("opening"));
    // Different: nobody knows what it meant.
    talk.asks("zzz qqq", Verdict::OutOfScope);
    // Same.
    talk.asks("¿a qué hora abren?", matched("opening"));
    talk.closes(Outcome::ResolvedByBot, None);
    let nothing = |_| None;
    let told = |text: &str, change, why| (text.to_owned(), change, why);
    assert_eq!(
        rehearsed(&talk, &nothing),
        [
            told("kkk www", Change::Better, Some(Evidence::Chosen)),
            told(
                "dejan entrar perros",
                Change::Worse,
                Some(Evidence::Accepted)
            ),
            told("zzz qqq", Change::Different, None),
            told("¿a qué hora abren?", Change::Same, Some(Evidence::Accepted)),
        ]
    );
    // What somebody of the company says counts before all else: it is none of ours, so reading it as something is worse.
    let zzz = talk
        .events
        .iter()
        .find(|event| event.private.first() == Some("zzz qqq"));
    let zzz = zzz.unwrap().seq;
    let not_ours = |seq| (seq == zzz).then_some(None);
    let judged = rehearsed(&talk, &not_ours);
    assert_eq!(
        judged[2],
        told("zzz qqq", Change::Worse, Some(Evidence::Taught))
    );
    // After an erasure there is nothing to rehearse.
    for event in &mut talk.events {
        event.private = Private::default();
    }
    let (catalog, engine) = learnt(&[], &[]);
    let with = Replay {
        catalog: &catalog,
        engine: &engine,
    };
    assert_eq!(replay(&talk.events, with, with, &nothing), []);
}

#[test]
fn a_turn_is_read_again_in_the_context_that_it_had() {
    // "La segunda" is a choice where two were offered, and no turn; a tapped topic's follow-up keeps the topic.
    let mut talk = Talk::open(0);
    talk.says("cambiar u horario");
    let choices: Vec<Choice> = ["exchange", "opening"]
        .map(|id| Choice {
            title: id.to_owned(),
            target: Target::Topic { topic: topic(id) },
        })
        .into();
    talk.answer(
        vec![asked(&["exchange", "opening"])],
        &[],
        Memory::default(),
        choices,
    );
    talk.says("opening");
    let because = vec![Reason::Context {
        kind: "choice".into(),
    }];
    talk.answer(
        vec![matched("opening")],
        &because,
        Memory::default(),
        Vec::new(),
    );
    talk.closes(Outcome::ResolvedByBot, None);
    let judged = rehearsed(&talk, &|_| None);
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0].0, "cambiar u horario");
    assert_eq!(judged[0].2, Some(Evidence::Chosen));
}

#[test]
fn each_example_is_asked_of_an_engine_that_was_not_shown_it() {
    let (catalog, engine) = learnt(&["[todavía] quiero (otra|distinta) talla"], &[]);
    let crossed = cross_validate(&catalog, &|| true).unwrap();
    let exchange = &crossed[&(topic("exchange"), Lang::es())];
    let hours = &crossed[&(topic("opening"), Lang::es())];
    assert_eq!((exchange.all, hours.all), (5, 4));
    let told = |one: &CrossValidated| one.right + one.confused.values().sum::<u32>();
    assert_eq!((told(exchange), told(hours)), (5, 4));
    assert_eq!(
        cross_validate(&catalog, &|| false),
        None,
        "it can be stopped"
    );
    assert!(tests_of(&catalog, &engine).is_empty());
}
