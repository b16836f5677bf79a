//! A small set of good files, and what is made of it: one bad file for each kind of problem, whole sets, any text at all.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

mod any_text;
mod bad_files;
pub(crate) mod demo;
mod examples;
mod whole;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fault::Fault;
use super::source::{Around, Checked, SourceFile, check, parse};
use super::{Act, Expectation, MEDIA_MAX_BYTES, Problem, Ratio, Severity, Show};
use crate::ids::{Lang, SiteId, Style};

const ASSISTANT: &str = r#"name: {es: "Mara", en: "Mara"}
brand: Mareas
languages: [es, en]
greeting: {es: "Hola, soy {assistant}, de {brand}.", en: "Hi, I am {assistant} of {brand}."}
greeting_choices: [where]
sites:
  es: {register: es, currency: EUR, time_zone: Europe/Madrid}
  ar: {register: es-AR, currency: ARS, time_zone: America/Argentina/Cordoba}
media_hosts: [cdn.mareas.example]
"#;

const CALLS: &str = r#"calls:
  status:
    method: GET
    url: "${ORDERS_URL:-http://127.0.0.1:1}/orders/{order_number}"
    case: /state
    values: {date: {at: /eta, as: date}}
  change:
    method: PUT
    url: "http://127.0.0.1:1/orders/{order_number}"
    body: {address: "{address}", urgent: true}
    irreversible: true
    case: /result
checks:
  match: {slots: [order_number], call: status, pass: ok, refused: {es: "No coincide.", en: "No match."}}
"#;

const SLOTS: &str = r#"order_number: {type: number, pattern: '\d{7}', ask: {es: "¿Qué número?", en: "Which number?"}}
address: {type: address, ask: {es: "¿A dónde?", en: "Where to?"}}
"#;

const TOPIC: &str = r#"topic: where
title: {es: "Mi pedido", en: "My order"}
stage: use
role: talk_to_person
examples:
  es: |
    ¿dónde está mi pedido?
    no me llegó la compra
    quiero saber cuándo llega
    cuándo viene el paquete
    seguimiento del pedido {order_number}
    [todavía] no (llegó|me llega) el pedido
  en: |
    where is my order
    when does my parcel arrive
    track my order
    my purchase did not arrive
    when will I get it
    is my order on its way
patterns:
  - '\bpedido\s*#?(?<order_number>\d{7})\b'
slots:
  order_number: {}
steps:
  - call: status
    case:
      _: [{say: {es: "Llega el {date}.", en: "Arrives {date}."}}]
      failed: [{escalate: {reason: bot_error}}]
tests:
  - {say: "donde esta mi pedio", lang: es, expect: where}
  - {say: "por donde anda el paquete", lang: es, expect: where, slots: {order_number: "1234567"}}
  - {say: "wheres my stuff", lang: en, expect: where}
  - {say: "weather", lang: en, expect: none}
"#;

const EVENT: &str = r#"event: late
requires: match
data: {day: date}
say: {es: "Llega el {data.day}.", en: "It arrives on {data.day}."}
choices: [where]
quiet_hours: "21:00-09:00"
mail: true
"#;

const NOTICE: &str = r#"notice: cards
state: open
topics: [where]
pages: [/checkout*]
title: {es: "Fallo en los pagos", en: "Payments fail"}
apology: {es: "Pedimos disculpas.", en: "We apologise."}
happens: {es: "Los pagos fallan.", en: "Payments fail."}
next_update: 2026-11-22T15:00+01:00
"#;

const CARDS: &str = "notices/cards.yaml";

/// The good notice with one piece replaced.
fn notice(from: &str, to: &str) -> String {
    assert!(NOTICE.contains(from), "{from}");
    NOTICE.replacen(from, to, 1)
}

const PROACTIVE: &str = "proactive.yaml";
const INVITE: &str = r#"checkout_help:
  pages: [/checkout*]
  after_seconds: 30
  say: {es: "¿Ayuda?", en: "Help?"}
  choices: [where]
"#;

/// The good proactive message with one piece replaced.
fn invite(from: &str, to: &str) -> String {
    assert!(INVITE.contains(from), "{from}");
    INVITE.replacen(from, to, 1)
}

const TEAMS: &str = r#"teams:
  default: {name: {es: "Clientes", en: "Care"}}
skills:
  returns: {es: "Devoluciones", en: "Returns"}
"#;

const WHERE: &str = "use/where.yaml";
const LATE: &str = "events/late.yaml";

/// The good event with one piece replaced.
fn event(from: &str, to: &str) -> String {
    assert!(EVENT.contains(from), "{from}");
    EVENT.replacen(from, to, 1)
}

fn base() -> Vec<SourceFile> {
    [
        ("_assistant.yaml", ASSISTANT),
        ("_calls.yaml", CALLS),
        ("_slots.yaml", SLOTS),
        ("_facts.yaml", "days: {es: \"14 días\", en: \"14 days\"}\n"),
        ("_facts.es.yaml", "only_es: \"a fact\"\n"),
        (
            "_lists.yaml",
            "sizes: [{value: \"38\", es: [\"38\"], en: [\"38\"]}]\n",
        ),
        ("use/where.yaml", TOPIC),
        ("teams.yaml", TEAMS),
        (LATE, EVENT),
        (CARDS, NOTICE),
    ]
    .map(|(path, text)| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    })
    .to_vec()
}

fn run(files: &[SourceFile]) -> Checked {
    let around = Around {
        env: &|_| None,
        today: Some(jiff::civil::date(2026, 11, 21)),
    };
    check(files, &around)
}

/// The base set with one file put in or replaced.
fn with(path: &str, text: &str) -> Checked {
    let mut files = base();
    files.retain(|file| file.path != path);
    files.push(SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    });
    run(&files)
}

/// The good topic with one piece replaced.
fn topic(from: &str, to: &str) -> String {
    assert!(TOPIC.contains(from), "{from}");
    TOPIC.replacen(from, to, 1)
}

fn assistant(from: &str, to: &str) -> String {
    assert!(ASSISTANT.contains(from), "{from}");
    ASSISTANT.replacen(from, to, 1)
}

fn calls(from: &str, to: &str) -> String {
    assert!(CALLS.contains(from), "{from}");
    CALLS.replacen(from, to, 1)
}

/// Another topic, with a body of its own where it matters.
fn other(name: &str, steps: &str) -> String {
    let examples = |lang: &str| {
        (0..6)
            .map(|n| format!("    {name} {lang} {n}\n"))
            .collect::<String>()
    };
    format!(
        "topic: {name}\ntitle: {{es: Otro, en: Other}}\nexamples:\n  es: |\n{}  en: |\n{}steps:\n{steps}\ntests:\n  - {{say: \"{name} a\", lang: es, expect: {name}}}\n  - {{say: \"{name} b\", lang: es, expect: {name}}}\n  - {{say: \"{name} c\", lang: en, expect: {name}}}\n  - {{say: \"{name} d\", lang: en, not: where}}\n",
        examples("es"),
        examples("en"),
    )
}

fn question(taps: &str) -> String {
    format!(
        "questions:\n  q:\n    when: {{outcome: expired}}\n    ask: {{es: \"¿Y?\", en: \"Well?\"}}\n    taps: {taps}\n    use: {{es: \"Lo lee {{team}}.\", en: \"Read by {{team}}.\"}}\n"
    )
}

fn journey(way: &str) -> String {
    format!(
        "touchpoints:\n  checkout: {{name: {{es: \"Pago\", en: \"Checkout\"}}, stage: purchase, {way}}}\n"
    )
}

fn teams(rules: &str) -> String {
    format!("teams:\n  default: {{name: {{es: \"Clientes\", en: \"Care\"}}, {rules}}}\n")
}

fn hours(open: &str) -> String {
    format!("schedules:\n  madrid: {{time_zone: Europe/Madrid, open: {open}}}\n")
}
