//! A small shop for the tests of the rooms that read the catalogue.

use std::collections::BTreeMap;

use super::{
    Act, AskRules, Assistant, Call, CallValue, Catalog, Check, ChoiceSpec, Escalation, Journey,
    ListValue, Question, Site, Slot, SlotKind, SlotRule, Step, Tap, Team, Text, Thresholds, Topic,
    TopicRole, ValueKind, When, Wording,
};
use crate::ids::{
    HandoffReason, Lang, OpinionKind, Outcome, Priority, QuestionId, SlotName, Stage, TeamId,
    TopicId,
};

mod build;
mod texts;

pub(crate) use build::*;
use texts::TEXTS;

/// A shop with an order service: three matters that need a proven order, two that do not, a sensitive one, and small talk.
pub(crate) fn shop() -> Catalog {
    let order_number = slot(
        "order_number",
        SlotKind::Number,
        Some(r"\d{7}"),
        ("¿Cuál es el número de pedido?", "What is the order number?"),
    );
    let order_proof = slot(
        "order_proof",
        SlotKind::Text,
        Some(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}|\d{5}"),
        (
            "¿Con qué correo se hizo?",
            "Which e-mail was it placed with?",
        ),
    );
    let bot_error = || {
        vec![
            say(
                "No puedo consultarlo ahora.",
                "I cannot look it up right now.",
            ),
            escalate(Some("logistics"), HandoffReason::BotError),
        ]
    };
    let mut where_is = topic(
        "where_is_my_order",
        ("Dónde está mi pedido", "Where is my order"),
        vec![call(
            "order_status",
            vec![
                (
                    "delayed",
                    vec![say_with(
                        "Viene con demora: llega el {date}. Costó {total}.",
                        "It is late: it arrives on {date}. It cost {total}.",
                        &["change_address", "talk_to_person", "no_such_topic"],
                    )],
                ),
                ("lost", vec![escalate(None, HandoffReason::IntentRule)]),
                ("returned", vec![go("shipping_cost")]),
                (
                    "_",
                    vec![say(
                        "Pedido {order_number}: {weather}.",
                        "Order {order_number}: {weather}.",
                    )],
                ),
                ("failed", bot_error()),
            ],
        )],
    );
    where_is.requires = Some("order_match".to_owned());
    where_is.feedback = Some("order_tracking".parse().unwrap());

    let mut change_address = topic(
        "change_address",
        ("Cambiar la dirección", "Change the address"),
        vec![
            confirm(
                "El pedido {order_number} iría a {new_address}. ¿La cambio?",
                "Order {order_number} would go to {new_address}. Shall I change it?",
            ),
            call(
                "change_address",
                vec![
                    (
                        "changed",
                        vec![say(
                            "Hecho: llega el {date}.",
                            "Done: it arrives on {date}.",
                        )],
                    ),
                    ("_", vec![say("No se pudo.", "It could not be done.")]),
                    ("failed", bot_error()),
                ],
            ),
        ],
    );
    change_address.requires = Some("order_match".to_owned());
    change_address.slots = vec![slot(
        "new_address",
        SlotKind::Address,
        None,
        ("¿A qué dirección?", "Which address?"),
    )];

    let mut cancel = topic(
        "cancel_order",
        ("Cancelar un pedido", "Cancel an order"),
        vec![call(
            "order_status",
            vec![
                (
                    "processing",
                    vec![
                        confirm(
                            "¿Cancelo el pedido {order_number} por {total}?",
                            "Shall I cancel order {order_number} for {total}?",
                        ),
                        call(
                            "cancel_order",
                            vec![
                                (
                                    "cancelled",
                                    vec![say("Cancelado el pedido.", "The order is cancelled.")],
                                ),
                                ("_", vec![say("Ya salió.", "It has left.")]),
                                ("failed", bot_error()),
                            ],
                        ),
                        say("Gracias por avisar.", "Thanks for telling us."),
                    ],
                ),
                ("_", vec![say("Ya no se puede.", "It is too late.")]),
                ("failed", bot_error()),
            ],
        )],
    );
    cancel.requires = Some("order_match".to_owned());

    let mut shipping = topic(
        "shipping_cost",
        ("Coste del envío", "Shipping cost"),
        Vec::new(),
    );
    shipping.stage = Some(Stage::Consideration);
    let mut cost = words(&[
        ("en", "Shipping costs {shipping_price}."),
        (
            "es-AR",
            "El envío sale {shipping_price}.\n\nPodés retirarlo.",
        ),
    ]);
    cost.by_lang.insert(
        Lang::es(),
        Wording::Styled {
            fast: "{shipping_price}.".to_owned(),
            warm: "El envío cuesta {shipping_price}.".to_owned(),
        },
    );
    shipping.steps = vec![step(Act::Say {
        text: cost,
        choices: Vec::new(),
        show: Vec::new(),
    })];
    shipping.steps.push(Step {
        when: When {
            sites: vec!["ar".parse().unwrap()],
            ..When::default()
        },
        act: Act::Say {
            text: text("También en cuotas.", "In instalments, too."),
            choices: Vec::new(),
            show: Vec::new(),
        },
    });

    let mut hours = topic(
        "hours",
        ("Horarios", "Opening hours"),
        vec![say("De 9 a 19.", "From 9 to 19.")],
    );
    hours.escalate.team = team("default");

    let mut damaged = topic(
        "damaged",
        ("Llegó dañado", "It arrived damaged"),
        vec![say(
            "Anotado: {colour}, {boxed}.",
            "Noted: {colour}, {boxed}.",
        )],
    );
    let mut colour = slot(
        "colour",
        SlotKind::List,
        None,
        ("¿De qué color?", "Which colour?"),
    );
    colour.rule.values = [("black", "negro", "black"), ("blue", "azul", "blue")]
        .into_iter()
        .map(|(value, es, en)| ListValue {
            value: value.to_owned(),
            synonyms: [
                (Lang::es(), vec![es.to_owned()]),
                (Lang::en(), vec![en.to_owned()]),
            ]
            .into(),
        })
        .collect();
    damaged.slots = vec![
        slot(
            "what",
            SlotKind::Text,
            None,
            ("¿Qué pasó?", "What happened?"),
        ),
        colour,
        slot(
            "boxed",
            SlotKind::YesNo,
            None,
            ("¿Está la caja?", "Is the box there?"),
        ),
    ];

    let mut fraud = topic(
        "fraud",
        ("Una estafa", "A fraud"),
        vec![
            say("Hay que avisar al banco.", "Tell the bank first."),
            escalate(Some("payments"), HandoffReason::SensitiveTopic),
        ],
    );
    fraud.sensitive = true;

    let topics = [
        where_is,
        change_address,
        cancel,
        shipping,
        hours,
        damaged,
        fraud,
        role(
            "talk_to_person",
            TopicRole::TalkToPerson,
            vec![escalate(None, HandoffReason::CustomerRequest)],
        ),
        role(
            "hello",
            TopicRole::Greeting,
            vec![say(
                "Hola, soy la asistente virtual.",
                "Hi, I am the virtual assistant.",
            )],
        ),
        role(
            "robot",
            TopicRole::Robot,
            vec![say(
                "Soy una asistente virtual, un programa.",
                "I am a virtual assistant, a program.",
            )],
        ),
        role(
            "thanks",
            TopicRole::Goodbye,
            vec![say("De nada.", "You are welcome.")],
        ),
        role(
            "anger",
            TopicRole::Anger,
            vec![say("Perdón por el mal rato.", "Sorry about this.")],
        ),
    ];
    let calls = [
        webhook("order_match", false, &[]),
        webhook(
            "order_status",
            false,
            &[("date", ValueKind::Date), ("total", ValueKind::Money)],
        ),
        webhook("change_address", true, &[("date", ValueKind::Date)]),
        webhook("cancel_order", true, &[]),
    ];
    let check = Check {
        name: "order_match".to_owned(),
        slots: vec![order_number, order_proof],
        call: "order_match".to_owned(),
        pass: "matched".to_owned(),
        refused: text("Esos datos no coinciden.", "Those details do not match."),
    };
    let site = |register: &str, currency: &str| Site {
        register: register.parse().unwrap(),
        currency: currency.to_owned(),
        time_zone: "UTC".to_owned(),
    };
    Catalog {
        version: "0000000000000000".to_owned(),
        assistant: Assistant {
            name: text("Mara", "Mara"),
            brand: "Mareas".to_owned(),
            languages: vec![Lang::es(), Lang::en()],
            greeting: text("Hola", "Hi"),
            greeting_choices: vec![id("where_is_my_order"), id("hours")],
            contact: BTreeMap::new(),
            sites: BTreeMap::from([
                ("es".parse().unwrap(), site("es", "EUR")),
                ("ar".parse().unwrap(), site("es-AR", "ARS")),
            ]),
            thresholds: Thresholds::default(),
            word_vectors: true,
            media_hosts: Vec::new(),
        },
        topics: topics
            .into_iter()
            .map(|topic| (topic.id.clone(), topic))
            .collect(),
        lists: BTreeMap::new(),
        regional: BTreeMap::new(),
        not_ours: BTreeMap::new(),
        other_companies: Vec::new(),
        other_things: Vec::new(),
        facts: BTreeMap::from([("shipping_price".to_owned(), text("5 €", "€5"))]),
        site_facts: BTreeMap::from([(
            "ar".parse().unwrap(),
            BTreeMap::from([("shipping_price".to_owned(), text("$ 900", "$900"))]),
        )]),
        calls: calls
            .into_iter()
            .map(|call| (call.name.clone(), call))
            .collect(),
        checks: BTreeMap::from([(check.name.clone(), check)]),
        questions: questions(),
        asking: AskRules::default(),
        journey: Journey::default(),
        skills: BTreeMap::new(),
        teams: ["default", "logistics", "payments"]
            .into_iter()
            .map(|name| {
                let shown = match name {
                    "logistics" => text("Envíos", "Deliveries"),
                    "payments" => text("Pagos", "Payments"),
                    _ => text("Atención", "Customer care"),
                };
                (team(name), Team::named(shown))
            })
            .collect(),
        events: BTreeMap::new(),
        notices: BTreeMap::new(),
        invites: Vec::new(),
        schedules: BTreeMap::new(),
        media: BTreeMap::new(),
        texts: TEXTS
            .iter()
            .map(|(key, es, en)| ((*key).to_owned(), text(es, en)))
            .collect(),
    }
}

pub(crate) fn question(
    name: &str,
    outcomes: &[Outcome],
    stage: Option<Stage>,
    by_rule: bool,
) -> Question {
    Question {
        id: name.parse::<QuestionId>().unwrap(),
        touchpoints: Vec::new(),
        outcomes: outcomes.to_vec(),
        handoffs: Vec::new(),
        stage,
        sites: Vec::new(),
        by_rule,
        ask: text(
            &format!("¿{name} en {{brand}}?"),
            &format!("{name} at {{brand}}?"),
        ),
        taps: vec![
            Tap {
                value: 1,
                kind: OpinionKind::Positive,
                label: text("Sí", "Yes"),
            },
            Tap {
                value: -1,
                kind: OpinionKind::Negative,
                label: text("No", "No"),
            },
        ],
        team: team("logistics"),
        used_for: text("Lo lee Envíos.", "Read by Deliveries."),
    }
}

fn questions() -> Vec<Question> {
    vec![
        question(
            "order_tracking",
            &[Outcome::ResolvedByBot],
            Some(Stage::Use),
            true,
        ),
        question("any_stage", &[], None, true),
        question("by_bot", &[Outcome::ResolvedByBot], None, true),
        question("unresolved", &[Outcome::Unresolved], None, true),
        question("when_considering", &[], Some(Stage::Consideration), true),
    ]
}
