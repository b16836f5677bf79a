//! One bad file for each kind of problem. The mark `⇒` stands where the problem must be reported and is not part of the file.
#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

pub(crate) mod demo;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fault::Fault;
use super::source::{Around, Checked, SourceFile, check, parse};
use super::{Act, Expectation, Problem, Severity};
use crate::ids::{Lang, SiteId, Style};

const ASSISTANT: &str = r#"name: {es: "Mara", en: "Mara"}
brand: Mareas
languages: [es, en]
greeting: {es: "Hola, soy {assistant}, de {brand}.", en: "Hi, I am {assistant} of {brand}."}
greeting_choices: [where]
sites:
  es: {register: es, currency: EUR, time_zone: Europe/Madrid}
  ar: {register: es-AR, currency: ARS, time_zone: America/Argentina/Cordoba}
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

const TEAMS: &str = r#"teams:
  default: {name: {es: "Clientes", en: "Care"}}
skills:
  returns: {es: "Devoluciones", en: "Returns"}
"#;

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

const WHERE: &str = "use/where.yaml";
const SAY: &str = "{es: \"Llega el {date}.\", en: \"Arrives {date}.\"}";

/// (code, file, its text with the mark).
fn cases() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("unknown_file", "_list.yaml", "⇒a: 1\n".into()),
        (
            "file_twice",
            "more/_facts.yaml",
            "⇒days: {es: \"1 día\", en: \"1 day\"}\n".into(),
        ),
        ("empty_file", "empty.yaml", "⇒# nothing\n".into()),
        ("several_documents", WHERE, format!("{TOPIC}⇒---\na: 1\n")),
        // Traps of YAML
        (
            "yaml_syntax",
            WHERE,
            topic("stage: use\n", "stage: use\n  role⇒: anger\n"),
        ),
        (
            "unclosed_quote",
            WHERE,
            topic("{es: \"Mi pedido\", en: \"My order\"}", "⇒\"Mi pedido"),
        ),
        (
            "unclosed_bracket",
            WHERE,
            format!("{TOPIC}owner: ⇒{{a: b\n"),
        ),
        ("yaml_tab", WHERE, topic("\n  es: |", "\n⇒\tes: |")),
        (
            "yaml_colon",
            WHERE,
            topic(SAY, "{es: Atención⇒: llega el martes, en: x}"),
        ),
        (
            "yaml_colon",
            WHERE,
            topic(
                "[{say: {es: \"Llega el {date}.\", en: \"Arrives {date}.\"}}]",
                "\n        - say:\n            es: Atención⇒: llega el martes\n            en: It comes",
            ),
        ),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒[hoy] llega, en: x}"),
        ),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒@mareas te avisa, en: x}"),
        ),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒%5 de descuento, en: x}"),
        ),
        ("yaml_leading_sign", WHERE, topic(SAY, "{es: ⇒*hoy, en: x}")),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒&hoy llega, en: x}"),
        ),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒!hoy llega, en: x}"),
        ),
        (
            "yaml_leading_sign",
            WHERE,
            topic(SAY, "{es: ⇒{hoy}, en: x}"),
        ),
        (
            "yaml_hash",
            WHERE,
            topic(SAY, "{es: Llega el pedido ⇒#12, en: x}"),
        ),
        (
            "yaml_hash",
            WHERE,
            topic(
                "{es: \"Mi pedido\", en: \"My order\"}",
                "\n  es: Pedido ⇒#12\n  en: Order",
            ),
        ),
        (
            "yaml_comma",
            WHERE,
            topic(SAY, "{es: Hola, ⇒¿qué tal va?, en: x}"),
        ),
        (
            "yaml_comma",
            WHERE,
            topic(
                "es: |\n    ¿dónde está mi pedido?\n    no me llegó la compra\n    quiero saber cuándo llega\n    cuándo viene el paquete\n    seguimiento del pedido {order_number}\n    [todavía] no (llegó|me llega) el pedido\n",
                "es: [\"no, no llegó\", ⇒hola]\n",
            ),
        ),
        (
            "yaml_folded",
            WHERE,
            topic("en: |\n", "en: >\n").replace("where is my", "⇒where is my"),
        ),
        (
            "yaml_boolean_key",
            WHERE,
            topic("      failed:", "      ⇒no: [{go: where}]\n      failed:"),
        ),
        (
            "duplicate_key",
            WHERE,
            topic("stage: use", "stage: use\n⇒stage: use"),
        ),
        // Shapes
        (
            "wrong_shape",
            WHERE,
            topic("  order_number: {}", "  order_number: {}\nsensitive: ⇒sí"),
        ),
        (
            "wrong_shape",
            WHERE,
            topic("{es: \"Mi pedido\", en: \"My order\"}", "⇒Mi pedido"),
        ),
        ("unknown_key", WHERE, topic("stage:", "⇒stge:")),
        (
            "missing_key",
            WHERE,
            topic("title: {es: \"Mi pedido\", en: \"My order\"}\n", "")
                .replace("topic:", "⇒topic:"),
        ),
        (
            "unknown_word",
            WHERE,
            topic("stage: use", "stage: ⇒purchse"),
        ),
        (
            "bad_name",
            "_slots.yaml",
            format!("{SLOTS}⇒Número: {{type: text, ask: {{es: a, en: b}}}}\n"),
        ),
        (
            "bad_language",
            WHERE,
            topic("en: \"My order\"", "⇒inglés: \"My order\""),
        ),
        (
            "out_of_range",
            "_assistant.yaml",
            format!("{ASSISTANT}thresholds: {{coverage: ⇒1.2}}\n"),
        ),
        ("empty_text", WHERE, topic("en: \"My order\"", "en: ⇒\" \"")),
        (
            "one_style",
            WHERE,
            topic("\"Llega el {date}.\"", "⇒{fast: \"Hoy.\"}"),
        ),
        (
            "bad_date",
            WHERE,
            topic("stage: use", "review_by: ⇒2027-02-30"),
        ),
        (
            "bad_opening_span",
            "hours.yaml",
            hours("{mon: [⇒\"14:00-09:00\"]}"),
        ),
        (
            "overlapping_hours",
            "hours.yaml",
            hours("{mon-fri: [\"09:00-14:00\"], wed: [⇒\"13:00-15:00\"]}"),
        ),
        (
            "unknown_country",
            "hours.yaml",
            hours("{mon: [\"09:00-14:00\"]}, country: ⇒Spain"),
        ),
        (
            "open_anyway",
            "hours.yaml",
            hours("{mon: [\"09:00-14:00\"]}, country: ES, open_on: [2027-10-12, ⇒2027-10-13]"),
        ),
        (
            "callback_without_hours",
            "teams.yaml",
            teams("⇒callback: true"),
        ),
        (
            "only_with_offers",
            "teams.yaml",
            teams("routing: {policy: manual, ⇒offer_seconds: 30}"),
        ),
        (
            "decide_before_offer",
            "teams.yaml",
            teams("queue: {offer_minutes: 5, ⇒decide_minutes: 5}"),
        ),
        (
            "too_many_wrap_up_reasons",
            "teams.yaml",
            teams(&format!(
                "wrap_up: {{{}⇒last: {{es: \"Último\", en: \"Last\"}}}}",
                (0..15)
                    .map(|n| format!("reason{n}: {{es: \"Motivo {n}\", en: \"Reason {n}\"}}, "))
                    .collect::<String>()
            )),
        ),
        (
            "unknown_time_zone",
            "_assistant.yaml",
            assistant("Europe/Madrid", "⇒Europe/Madird"),
        ),
        (
            "bad_url",
            "_calls.yaml",
            calls(
                "\"http://127.0.0.1:1/orders/{order_number}\"",
                "⇒\"orders/{order_number}\"",
            ),
        ),
        (
            "bad_pointer",
            "_calls.yaml",
            calls("case: /state", "case: ⇒state"),
        ),
        (
            "missing_variable",
            "_calls.yaml",
            calls("${ORDERS_URL:-http://127.0.0.1:1}", "⇒${ORDERS_URL}"),
        ),
        (
            "bad_variable",
            "_calls.yaml",
            calls("${ORDERS_URL:-http://127.0.0.1:1}", "http://⇒${a b}"),
        ),
        // Events
        ("event_twice", "other/events/late.yaml", format!("⇒{EVENT}")),
        ("name_is_not_file", LATE, event("late", "⇒later")),
        (
            "bad_quiet_hours",
            LATE,
            event("\"21:00-09:00\"", "⇒\"21-9\""),
        ),
        (
            "bad_quiet_hours",
            LATE,
            event("\"21:00-09:00\"", "⇒\"09:00-09:00\""),
        ),
        (
            "unused_data",
            LATE,
            event("data: {day: date}", "⇒data: {day: date, shop: text}"),
        ),
        (
            "unknown_placeholder",
            LATE,
            event("Llega el {", "Llega el ⇒{x"),
        ),
        ("unknown_reference", LATE, event("match", "⇒mach")),
        ("unknown_reference", LATE, event("[where]", "[⇒were]")),
        (
            "unknown_word",
            LATE,
            event("{day: date}", "{day: date, more: ⇒day}"),
        ),
        // Topics
        (
            "name_is_not_file",
            WHERE,
            topic("topic: where", "topic: ⇒wher").replace("expect: where", "not: where"),
        ),
        (
            "topic_twice",
            "v/where.yaml",
            format!("topic: ⇒{}", TOPIC.strip_prefix("topic: ").unwrap()),
        ),
        (
            "role_twice",
            "z.yaml",
            other("z", "  - go: where").replace("examples:", "role: ⇒talk_to_person\nexamples:"),
        ),
        (
            "title_length",
            WHERE,
            topic("{es: \"Mi pedido\"", "⇒{es: \"P\""),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("{reason: bot_error}", "{team: ⇒logistic}"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("{reason: bot_error}", "{skills: [returns, ⇒retuns]}"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("stage: use", "escalate: {skills: ⇒retuns}"),
        ),
        (
            "skills_by_hand",
            WHERE,
            topic("{reason: bot_error}", "{⇒skills: [returns]}"),
        ),
        (
            "bad_name",
            "teams.yaml",
            format!("{TEAMS}  ⇒large items: {{es: Muebles, en: Furniture}}\n"),
        ),
        (
            "missing_language",
            "teams.yaml",
            format!("{TEAMS}  large_items: ⇒{{es: Muebles}}\n"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("[{escalate: {reason: bot_error}}]", "[{go: ⇒wher}]"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("stage: use", "requires: ⇒macth"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("stage: use", "feedback: ⇒q"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic("call: status", "call: ⇒statos").replace("{date}", "hoy"),
        ),
        (
            "unknown_reference",
            WHERE,
            topic(
                "[{escalate: {reason: bot_error}}]",
                "[{escalate: {}, when: {site: ⇒mx}}]",
            ),
        ),
        (
            "unknown_reference",
            "_slots.yaml",
            format!("{SLOTS}size: {{type: list, list: ⇒size, ask: {{es: a, en: b}}}}\n"),
        ),
        (
            "unknown_reference",
            "_assistant.yaml",
            assistant("[where]", "[⇒were]"),
        ),
        (
            "unknown_reference",
            "teams.yaml",
            "teams:\n  default: {name: {es: A, en: B}, hours: {es: ⇒madrid}}\n".into(),
        ),
        (
            "unknown_placeholder",
            WHERE,
            topic("Llega el {date}", "Llega el ⇒{dat}"),
        ),
        (
            "unknown_placeholder",
            "_assistant.yaml",
            format!(
                "{ASSISTANT}texts:\n  clarify: {{es: \"¿Cuál, ⇒{{team}}?\", en: \"Which?\"}}\n"
            ),
        ),
        (
            "unknown_key",
            "_assistant.yaml",
            format!("{ASSISTANT}texts:\n  ⇒frist_miss: {{es: \"¿Cuál?\", en: \"Which?\"}}\n"),
        ),
        (
            "fact_not_on_site",
            "_assistant.yaml",
            ASSISTANT.replace("Hola, soy", "⇒{only_es} Hola, soy"),
        ),
        (
            "bad_placeholder",
            WHERE,
            topic("Llega el {date}", "Llega el ⇒{Fecha de llegada}"),
        ),
        (
            "unknown_asked_slot",
            WHERE,
            topic("steps:\n", "steps:\n  - ask: ⇒colour\n"),
        ),
        (
            "call_needs_slot",
            WHERE,
            topic("slots:\n  order_number: {}\n", "").replace("call: status", "call: ⇒status"),
        ),
        (
            "bad_pattern",
            WHERE,
            topic(
                r"\bpedido\s*#?(?<order_number>\d{7})\b",
                r"\bpedido ⇒(\d{7}\b",
            ),
        ),
        (
            "pattern_matches_empty",
            WHERE,
            topic(r"'\bpedido\s*#?(?<order_number>\d{7})\b'", r"⇒'\d*'"),
        ),
        (
            "bad_template",
            WHERE,
            topic("[todavía] no (llegó", "[todavía] no ⇒(llegó").replace("me llega)", "me llega"),
        ),
        (
            "empty_template",
            WHERE,
            topic("[todavía] no (llegó|me llega) el pedido", "⇒[todavía no]"),
        ),
        (
            "template_slot",
            WHERE,
            topic("pedido {order_number}", "pedido ⇒{order_nmber}"),
        ),
        (
            "empty_slot",
            WHERE,
            topic("  order_number: {}", "  order_number: {}\n  ⇒colour: {}"),
        ),
        (
            "list_missing",
            "_slots.yaml",
            format!("{SLOTS}size: ⇒{{type: list, ask: {{es: a, en: b}}}}\n"),
        ),
        (
            "regional_without_region",
            "_lists.yaml",
            "regional:\n  ⇒es: {remera: camiseta}\n".to_owned(),
        ),
        (
            "regional_itself",
            "_lists.yaml",
            "regional:\n  es-AR: {⇒Remera: remera}\n".to_owned(),
        ),
        (
            "regional_chain",
            "_lists.yaml",
            "regional:\n  es-AR: {⇒remera: polo, polo: camiseta}\n".to_owned(),
        ),
        (
            "regional_language",
            "_lists.yaml",
            "regional:\n  ⇒pt-BR: {tênis: zapatillas}\n".to_owned(),
        ),
        (
            "slot_without_question",
            "_slots.yaml",
            format!("{SLOTS}size: ⇒{{type: text}}\n"),
        ),
        (
            "no_steps",
            "z.yaml",
            other("z", "  []").replace("steps:", "⇒steps:"),
        ),
        (
            "step_kind",
            WHERE,
            topic(
                "[{escalate: {reason: bot_error}}]",
                "[⇒{go: where, escalate: {}}]",
            ),
        ),
        (
            "never_reached",
            WHERE,
            topic(
                "[{escalate: {reason: bot_error}}]",
                "[{escalate: {}}, ⇒{escalate: {}}]",
            ),
        ),
        (
            "no_failed_case",
            WHERE,
            topic("      failed: [{escalate: {reason: bot_error}}]\n", "")
                .replace("    case:", "    ⇒case:"),
        ),
        (
            "no_confirm",
            "z.yaml",
            other(
                "z",
                "  - call: ⇒change\n    case: {failed: [{escalate: {}}]}\nslots: {order_number: {}, address: {}}",
            ),
        ),
        ("go_loop", "z.yaml", other("z", "  - go: ⇒z")),
        (
            "case_loop",
            WHERE,
            topic("[{escalate: {reason: bot_error}}]", "[{go: ⇒where}]"),
        ),
        (
            "tap_count",
            "feedback.yaml",
            question("⇒[{value: 1, kind: positive, label: {es: \"Sí\", en: \"Yes\"}}]"),
        ),
        (
            "taps_and_scale",
            "feedback.yaml",
            question("[]").replace("    taps", "    ⇒scale: effort\n    taps"),
        ),
        (
            "unknown_word",
            "feedback.yaml",
            question("[]").replace("taps: []", "scale: ⇒stars"),
        ),
        (
            "question_without_use",
            "feedback.yaml",
            "questions:\n  ⇒q:\n    when: {}\n    ask: {es: \"¿Y?\", en: \"Well?\"}\n    scale: effort\n".to_owned(),
        ),
        (
            "unknown_reference",
            "feedback.yaml",
            question("[]")
                .replace("taps: []", "scale: effort")
                .replace("outcome: expired", "touchpoint: ⇒checkout"),
        ),
        (
            "bad_page",
            "journey.yaml",
            journey("pages: [/pay, ⇒\"shop.example/pay\"]"),
        ),
        (
            "touchpoint_twice",
            "journey.yaml",
            journey("pages: [/pay, /pay/*]") + "  other: {name: {es: \"Otro\", en: \"Other\"}, stage: any, pages: [⇒/pay/]}\n",
        ),
        (
            "unknown_word",
            "journey.yaml",
            journey("channels: ⇒fax"),
        ),
        (
            "unknown_reference",
            "journey.yaml",
            journey("topics: [where, ⇒were]"),
        ),
        // Examples and tests
        (
            "same_example",
            "z.yaml",
            other("z", "  - go: where").replace("    z en 3", "    ⇒Where is my order?"),
        ),
        (
            "repeated_example",
            "z.yaml",
            other("z", "  - go: where").replace("    z en 3", "    ⇒Z en 2"),
        ),
        (
            "few_examples",
            WHERE,
            topic("    no me llegó la compra\n", "").replace("topic: where", "topic: ⇒where"),
        ),
        (
            "no_examples",
            "z.yaml",
            other("⇒z", "  - go: where")
                .replace("  es: |", "  fr: |")
                .replacen("⇒z", "z", 99)
                .replacen("topic: z", "topic: ⇒z", 1),
        ),
        (
            "few_tests",
            WHERE,
            topic("  - {say: \"donde", "  ⇒- {say: \"donde")
                .replace("  - {say: \"weather\", lang: en, expect: none}\n", ""),
        ),
        (
            "test_is_example",
            WHERE,
            topic("\"wheres my stuff\"", "⇒\"Where is my order?\""),
        ),
        (
            "test_without_aim",
            WHERE,
            topic(
                "{say: \"weather\", lang: en, expect: none}",
                "⇒{say: \"weather\", lang: en}\n  - {say: \"the weather\", lang: en, expect: none}",
            ),
        ),
        // Wording
        (
            "missing_language",
            WHERE,
            topic(SAY, "⇒{es: \"Llega el {date}.\"}"),
        ),
        (
            "mixed_register",
            WHERE,
            topic("\"Llega el {date}.\"", "\"Llega el {date}. ⇒Contame más.\""),
        ),
        (
            "mixed_register",
            WHERE,
            topic("\"Llega el {date}.\"", "\"⇒Su pedido llega el {date}.\""),
        ),
        (
            "notice_twice",
            "more/notices/cards.yaml",
            notice("notice: cards", "⇒notice: cards"),
        ),
        ("bad_moment", CARDS, notice("2026-11-22T15:00+01:00", "⇒2026-11-22 15:00")),
        (
            "notice_without_update",
            CARDS,
            notice("state: open", "⇒state: open").replace("next_update: 2026-11-22T15:00+01:00\n", ""),
        ),
        (
            "fact_typed_twice",
            WHERE,
            topic("\"Llega el {date}.\"", "\"Llega en ⇒14 días.\""),
        ),
        (
            "fake_empathy",
            WHERE,
            topic("\"Arrives {date}.\"", "\"⇒I understand how you feel.\""),
        ),
        (
            "review_past",
            WHERE,
            topic("stage: use", "review_by: ⇒2026-11-20"),
        ),
    ]
}

#[test]
fn the_base_set_is_clean() {
    let checked = run(&base());
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    assert_eq!(catalog.version.len(), 16);
    let topic = catalog.topics.values().next().unwrap();
    assert_eq!(topic.slots.len(), 1);
    assert_eq!(topic.tests.last().unwrap().expect, Expectation::Nothing);
    assert!(
        matches!(&topic.steps.first().unwrap().act, Act::Call { cases, .. } if cases.len() == 2)
    );
    assert_eq!(
        catalog.calls.values().next().unwrap().url,
        "http://127.0.0.1:1/orders/{order_number}"
    );
    let body = catalog.calls.values().next().unwrap().body.clone().unwrap();
    assert_eq!(
        body,
        serde_json::json!({"address": "{address}", "urgent": true})
    );
}

#[test]
fn skills_are_those_of_the_step_or_else_of_the_topic() {
    let teams = TEAMS.replace("\"Care\"}}", "\"Care\"}, routing: {policy: round_robin}}");
    let mut files = base();
    files.retain(|file| !["teams.yaml", WHERE].contains(&file.path.as_str()));
    let text = topic("stage: use", "escalate: {skills: returns}").replace(
        "{reason: bot_error}",
        "{reason: bot_error, skills: [returns, returns]}",
    );
    for (path, text) in [("teams.yaml", teams), (WHERE, text)] {
        files.push(SourceFile {
            path: path.to_owned(),
            text,
        });
    }
    let checked = run(&files);
    assert_eq!(checked.problems, []);
    let catalog = checked.catalog.unwrap();
    let returns: crate::ids::SkillId = "returns".parse().unwrap();
    let shown = catalog.skill_name(&returns).unwrap();
    assert_eq!(shown.for_reader(&Lang::en(), Style::Warm), "Returns");
    let topic = catalog.topics.values().next().unwrap();
    assert_eq!(
        topic.escalate.skills.as_slice(),
        std::slice::from_ref(&returns)
    );
    let Act::Call { cases, .. } = &topic.steps.first().unwrap().act else {
        panic!("a call");
    };
    let failed = &cases["failed"].first().unwrap().act;
    assert!(matches!(failed, Act::Escalate { skills: Some(skills), .. } if *skills == [returns]));
}

#[test]
fn an_event_is_what_its_file_says() {
    let catalog = run(&base()).catalog.unwrap();
    let late = catalog.events.values().next().unwrap();
    assert_eq!(
        (late.name.as_str(), late.requires.as_deref()),
        ("late", Some("match"))
    );
    assert_eq!(late.quiet_hours, Some((21 * 60, 9 * 60)));
    assert!(late.mail && late.choices.len() == 1 && late.data.len() == 1);
}

#[test]
fn a_notice_is_what_its_file_says() {
    let catalog = run(&base()).catalog.unwrap();
    let cards = catalog.notices.values().next().unwrap();
    assert_eq!((cards.id.as_str(), cards.topics.len()), ("cards", 1));
    // 14:00 UTC.
    let next = cards.next_update.map(|at| at.0.rem_euclid(86_400_000));
    assert_eq!(next, Some(14 * 60 * 60_000));
    let other = notice("notice: cards", "notice: cars");
    let problems = with(CARDS, &other).problems;
    assert_eq!(problems[0].code, "name_is_not_file");
    let problems = with(CARDS, &notice("[where]", "[wehre]")).problems;
    assert_eq!(problems[0].code, "unknown_reference");
}

#[test]
fn each_problem_is_found_at_its_place() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|(code, file, marked)| misplaced(code, file, marked))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is wrong with the report on a bad file.
fn misplaced(code: &str, file: &str, marked: &str) -> Option<String> {
    let at = marked
        .find('⇒')
        .unwrap_or_else(|| panic!("{code} has no mark"));
    let before = marked.get(..at).unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let checked = with(file, &marked.replace('⇒', ""));
    let shown: Vec<String> = checked.problems.iter().map(ToString::to_string).collect();
    let shown = shown.join("\n");
    let found = checked.problems.iter().find(|problem| {
        (
            problem.code,
            problem.file.as_str(),
            problem.line,
            problem.column,
        ) == (code, file, line, column)
    });
    let Some(found) = found else {
        return Some(format!("{code} is not at {file}:{line}:{column}:\n{shown}"));
    };
    for words in [&found.message, &found.remedy] {
        assert!(!words.es.is_empty() && !words.en.is_empty(), "{code}");
        assert_ne!(words.es, words.en, "{code}");
    }
    assert_eq!(
        checked.catalog.is_none(),
        found.severity == Severity::Error,
        "{code}: {shown}"
    );
    // One mistake, one error: nothing is reported that only follows from it.
    let others = checked
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error && problem.code != code)
        .count();
    (others > 0).then(|| format!("{code} brings others:\n{shown}"))
}

#[test]
fn every_code_has_its_bad_file() {
    let shown: BTreeSet<&str> = cases().iter().map(|(code, ..)| *code).collect();
    let elsewhere = [
        // Whoever reads the folder finds these.
        "unreadable_file",
        "not_utf8",
        "file_too_large",
        "too_many_files",
        // No file to show it in.
        "missing_file",
        "no_topics",
        // It shows in another file than the one that lacks it.
        "no_role",
        // Two topics are needed to show them.
        "near_example",
        "unreachable_pattern",
    ];
    for code in Fault::CODES {
        assert!(
            shown.contains(code) != elsewhere.contains(code),
            "{code} is tested in no place or in two"
        );
    }
}

#[test]
fn nothing_at_all_names_what_is_missing() {
    let codes: Vec<_> = run(&[])
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["no_topics", "missing_file"]);
}

#[test]
fn a_person_must_be_in_reach_of_words() {
    let checked = with(WHERE, &topic("role: talk_to_person\n", ""));
    let found: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| (problem.file.as_str(), problem.line, problem.code))
        .collect();
    assert_eq!(found, [("_assistant.yaml", 1, "no_role")]);
}

#[test]
fn thresholds_and_word_vectors_are_what_the_assistant_file_says() {
    let read = |more: &str| {
        let checked = with("_assistant.yaml", &format!("{ASSISTANT}{more}"));
        checked.catalog.unwrap().assistant
    };
    let plain = read("");
    assert!(plain.word_vectors && plain.thresholds.answer == 0.0 && plain.thresholds.ask == 1.0);
    let moved = read("thresholds: {coverage: 0.9, answer: 0.6, ask: 0.3}\nword_vectors: false\n");
    assert!(!moved.word_vectors);
    let lines = moved.thresholds;
    assert_eq!((lines.coverage, lines.answer, lines.ask), (0.9, 0.6, 0.3));
    assert_eq!(lines.ambiguity_margin, plain.thresholds.ambiguity_margin);
}

#[test]
fn one_run_names_the_mistakes_of_all_files() {
    let mut files = base();
    files.push(SourceFile {
        path: "z.yaml".into(),
        text: "topic: Z\nstge: use\nsteps: [{say: {es: \"{x}\"}}]\n".into(),
    });
    files.push(SourceFile {
        path: "y.yaml".into(),
        text: "topic: [\n".into(),
    });
    let checked = run(&files);
    let found: Vec<(&str, usize, &str)> = checked
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| (problem.file.as_str(), problem.line, problem.code))
        .collect();
    assert_eq!(
        found,
        [
            ("y.yaml", 1, "unclosed_bracket"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "missing_key"),
            ("z.yaml", 1, "bad_name"),
            ("z.yaml", 2, "unknown_key"),
            ("z.yaml", 3, "unknown_placeholder"),
        ]
    );
}

#[test]
fn an_unreadable_shared_file_is_one_error() {
    let checked = with("_calls.yaml", "calls: [\n");
    let errors: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| (problem.file.as_str(), problem.code))
        .collect();
    assert_eq!(errors, [("_calls.yaml", "unclosed_bracket")]);
}

#[test]
fn the_environment_fills_calls() {
    let env = |name: &str| (name == "ORDERS_URL").then(|| "https://orders.example".to_owned());
    let catalog = parse(&base(), &env).unwrap();
    let call = catalog.calls.get("status").unwrap();
    assert_eq!(call.url, "https://orders.example/orders/{order_number}");
}

#[test]
fn facts_of_a_site_hide_the_common_ones() {
    let checked = with(
        "_facts.ar.yaml",
        "days: {es: \"10 días\", en: \"10 days\"}\n",
    );
    let catalog = checked.catalog.unwrap();
    let fact = |site: &str| {
        let site: SiteId = site.parse().unwrap();
        catalog
            .fact("days", &site)
            .unwrap()
            .for_reader(&Lang::es(), Style::Fast)
            .to_owned()
    };
    assert_eq!(
        (fact("ar"), fact("es")),
        ("10 días".into(), "14 días".into())
    );
}

#[test]
fn a_step_for_one_site_needs_its_facts_only() {
    let say = |when: &str| {
        let step = format!(
            "- say: {{es: \"{{only_es}}\", en: \"{{only_es}}\"}}\n    when: {{site: {when}}}"
        );
        with(WHERE, &topic("  - call:", &format!("  {step}\n  - call:")))
    };
    assert_eq!(say("es").problems, []);
    assert_eq!(say("[es, ar]").count(Severity::Error), 2);
}

#[test]
fn the_version_follows_the_files_and_not_their_order() {
    let mut files = base();
    let version = |files: &[SourceFile]| run(files).catalog.unwrap().version;
    let first = version(&files);
    files.reverse();
    assert_eq!(version(&files), first);
    files.first_mut().unwrap().text.push_str("# a remark\n");
    assert_ne!(version(&files), first);
}

proptest! {
    #[test]
    fn no_text_panics(name in "(where|_assistant|_calls|_slots|_lists|_facts\\.ar|teams|hours|journey|feedback)\\.yaml", text in "(?s).{0,200}") {
        with(&name, &text);
    }

    #[test]
    fn no_yaml_panics(name in "(where|_assistant|_calls|_slots|_lists|_facts|teams|hours|journey|feedback)\\.yaml", text in "([a-z_]{1,9}:|- |[ \\n]{1,4}|[\\[\\]{}\"'|>#&*!%@:,]|ñ|\\$\\{|\t|es: ){0,60}") {
        with(&name, &text);
    }

    /// A good file with a stretch cut out or a sign put in: most of it is read, so the later checks are reached.
    #[test]
    fn no_damage_panics(which in 0usize..4, from in 0usize..1200, length in 0usize..40, sign in "[\\[\\]{}\"'|>#&*!%:,\\n ñ]{0,3}") {
        let (path, text) = [(WHERE, TOPIC), ("_calls.yaml", CALLS), ("_assistant.yaml", ASSISTANT), ("_slots.yaml", SLOTS)][which];
        let chars: Vec<char> = text.chars().collect();
        let from = from.min(chars.len());
        let to = (from + length).min(chars.len());
        let damaged: String = chars[..from].iter().copied().chain(sign.chars()).chain(chars[to..].iter().copied()).collect();
        let checked = with(path, &damaged);
        let lines = damaged.lines().count().max(1);
        for problem in checked.problems.iter().filter(|problem| problem.file == path) {
            prop_assert!((1..=lines + 1).contains(&problem.line), "{problem}");
        }
    }
}

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
