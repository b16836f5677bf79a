//! Whatever is understood and tapped: the bot never panics, never falls silent, never fails more than three times without a person.

use proptest::prelude::*;

use super::fixture::*;
use crate::conversation::{Body, Effect, Memory, Owner, People};
use crate::topics::Act;

#[derive(Debug, Clone)]
enum Move {
    Says {
        text: String,
        verdict: u8,
        topics: Vec<usize>,
        found: Option<(usize, usize)>,
        yes_no: Option<bool>,
        choice: Option<usize>,
        english: bool,
        /// The bot is given its turn after it.
        answered: bool,
    },
    Taps(usize),
    AsksPerson,
    Returns(usize),
    Fails,
    PeopleChange(bool),
    NobodyComes,
    TopicGoes(usize),
    StepsChange(usize),
}

const TOPICS: &[&str] = &[
    "where_is_my_order",
    "change_address",
    "cancel_order",
    "shipping_cost",
    "hours",
    "damaged",
    "fraud",
    "talk_to_person",
    "hello",
    "robot",
    "thanks",
    "anger",
    "no_such_topic",
];
const TEXTS: &[&str] = &[
    "1234567",
    "no, el pedido es 1234568",
    "ana@example.org",
    "Calle Mayor 3, Madrid",
    "sí",
    "no",
    "ok",
    "cancelar",
    "déjalo",
    "never mind",
    "me equivoqué",
    "¿cuánto cuesta el envío?",
    "azul",
    "28013",
    "…",
    "quiero hablar con alguien",
    "se rompió la suela",
    "🙂",
];
const SLOTS: &[&str] = &[
    "number",
    "order_number",
    "email",
    "new_address",
    "order_proof",
    "colour",
    "boxed",
    "weather",
];
const VALUES: &[&str] = &[
    "1234567",
    "1234568",
    "ana@example.org",
    "28013",
    "blue",
    "yes",
    "",
    "{order_number}",
];
const CASES: &[&str] = &[
    "matched",
    "refused",
    "delayed",
    "lost",
    "returned",
    "processing",
    "changed",
    "cancelled",
    "what",
];

fn moves() -> impl Strategy<Value = Move> {
    let text = prop_oneof![
        4 => proptest::sample::select(TEXTS).prop_map(str::to_owned),
        1 => "[a-zñé¿?0-9 ]{1,30}".prop_filter("not blank", |text| !text.trim().is_empty()),
    ];
    let says = (
        text,
        0u8..5,
        proptest::collection::vec(0..TOPICS.len(), 1..4),
        proptest::option::of((0..SLOTS.len(), 0..VALUES.len())),
        proptest::option::of(any::<bool>()),
        proptest::option::weighted(0.1, 0usize..5),
        any::<bool>(),
        proptest::bool::weighted(0.8),
    )
        .prop_map(
            |(text, verdict, topics, found, yes_no, choice, english, answered)| Move::Says {
                text,
                verdict,
                topics,
                found,
                yes_no,
                choice,
                english,
                answered,
            },
        );
    prop_oneof![
        12 => says,
        4 => (0usize..4).prop_map(Move::Taps),
        1 => Just(Move::AsksPerson),
        6 => (0..CASES.len()).prop_map(Move::Returns),
        1 => Just(Move::Fails),
        1 => any::<bool>().prop_map(Move::PeopleChange),
        1 => Just(Move::NobodyComes),
        1 => (0..TOPICS.len()).prop_map(Move::TopicGoes),
        1 => (0..TOPICS.len()).prop_map(Move::StepsChange),
    ]
}

fn reading(step: &Move) -> Read {
    let Move::Says {
        verdict,
        topics,
        found,
        yes_no,
        choice,
        english,
        ..
    } = step
    else {
        unreachable!("only texts are read");
    };
    let names: Vec<&str> = topics.iter().map(|index| TOPICS[*index]).collect();
    let mut read = match verdict {
        0 | 1 => is(names[0]),
        2 => either(&names),
        _ => nothing(),
    }
    .near(&names);
    if let Some((name, value)) = found {
        read = read.found(SLOTS[*name], VALUES[*value]);
    }
    if *english {
        read = read.en();
    }
    read.0.yes_no = *yes_no;
    read.0.choice = *choice;
    read
}

/// Plays the moves; every command is accepted by `decide`, or `Talk` panics.
fn play(moves: &[Move]) {
    let mut talk = Talk::new();
    for step in moves {
        // What the desk would do, so that the bot gets its turn again.
        if is_queued(&talk.state) && !matches!(step, Move::NobodyComes) {
            let seen = talk.log.len();
            talk.people = People::Nobody {
                reply_by: None,
                when: String::new(),
                full: false,
            };
            talk.nobody_comes();
            assert!(talk.log.len() > seen);
        }
        match step {
            Move::Says { text, answered, .. } => {
                talk.writes(text, reading(step));
                if *answered {
                    bot(&mut talk);
                }
            }
            Move::Taps(index) => {
                let Some((_, choices)) = &talk.state.choices else {
                    continue;
                };
                let title = choices[index % choices.len()].title.clone();
                talk.presses(&title);
                bot(&mut talk);
            }
            Move::AsksPerson => {
                talk.presses_person();
                bot(&mut talk);
            }
            Move::Returns(case) => {
                if talk.state.call.is_some() {
                    talk.returns(
                        CASES[*case],
                        &[
                            ("date", "2026-11-24"),
                            ("total", "x"),
                            ("weather", "{date}"),
                        ],
                    );
                    check_last(&talk);
                    bot(&mut talk);
                }
            }
            Move::Fails => {
                if talk.state.call.is_some() {
                    talk.fails();
                    check_last(&talk);
                    bot(&mut talk);
                }
            }
            Move::PeopleChange(there) => {
                talk.people = if *there {
                    People::Available
                } else {
                    People::Nobody {
                        reply_by: Some(MORNING),
                        when: "mañana".to_owned(),
                        full: false,
                    }
                };
            }
            Move::NobodyComes => {
                if is_queued(&talk.state) {
                    talk.nobody_comes();
                }
            }
            Move::TopicGoes(index) => {
                talk.catalog.topics.remove(&id(TOPICS[*index]));
            }
            Move::StepsChange(index) => {
                if let Some(topic) = talk.catalog.topics.get_mut(&id(TOPICS[*index])) {
                    topic.steps.insert(0, say("Antes.", "First."));
                    topic
                        .steps
                        .retain(|step| !matches!(step.act, Act::Go { .. }));
                }
            }
        }
    }
}

/// The bot's turn, where it is due.
fn bot(talk: &mut Talk) {
    let person_wanted = talk
        .state
        .unanswered
        .iter()
        .any(|left| left.target == Some(crate::conversation::Target::Person));
    let busy = talk.state.call.is_some() && !person_wanted;
    if talk.state.owner != Owner::Bot || busy || talk.state.unanswered.is_empty() {
        return;
    }
    let before = talk.state.seq;
    let turn = talk.bot();
    assert!(
        !turn.says.is_empty() || turn.effect != Effect::None,
        "the visitor is left without a word"
    );
    assert!(turn.says.iter().all(|said| !said.trim().is_empty()));
    let left = talk.state.unanswered.first().map(|left| left.seq);
    assert!(left.is_none_or(|seq| seq > turn.upto
        && matches!(turn.effect, Effect::Call { .. } | Effect::Promise { .. })));
    assert!(talk.state.seq > before);
    check_last(talk);
}

/// What holds after every turn.
fn check_last(talk: &Talk) {
    let memory = &talk.state.memory;
    assert!(memory.failures < 3, "three failures and no person");
    assert!(memory.suspended.len() <= 3 && memory.recent.len() <= 6);
    let stored = serde_json::to_string(memory).unwrap();
    assert_eq!(serde_json::from_str::<Memory>(&stored).unwrap(), *memory);
    for value in talk.state.slots.values().filter(|value| value.len() > 5) {
        // The rule and the words of an open question are the only texts of ours in it.
        let personal = matches!(value.as_str(), "1234567" | "1234568" | "ana@example.org");
        let read_back = memory
            .open
            .iter()
            .chain(&memory.suspended)
            .any(|form| matches!(form.asking, crate::conversation::Asking::Confirm { .. }));
        assert!(
            !personal || read_back || !stored.contains(value.as_str()),
            "a slot value in the memory"
        );
    }
    let asks = talk.log.iter().rev().find_map(|event| match &event.body {
        Body::BotAnswered { .. } => Some(!event.private.texts.is_empty()),
        _ => None,
    });
    if memory.open.is_some() && talk.state.call.is_none() {
        assert_eq!(asks, Some(true), "a form that waits in silence");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 2000 }))]

    #[test]
    fn whatever_happens_the_visitor_is_answered(moves in proptest::collection::vec(moves(), 1..40)) {
        play(&moves);
    }
}
