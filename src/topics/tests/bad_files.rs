//! One bad file for each kind of problem. The mark `⇒` stands where the problem must be reported and is not part of the file.

use super::*;

const SAY: &str = "{es: \"Llega el {date}.\", en: \"Arrives {date}.\"}";

const CDN: &str = "https://cdn.mareas.example";
const PICTURE: &str = "{src: https://cdn.mareas.example/a.png, alt: Zapato}";
const LINK: &str = "{title: Ver, url: \"https://mareas.example/\"}";

/// The good topic, whose answer shows this.
fn shown(show: &str) -> String {
    topic(SAY, &format!("{SAY}, show: {show}"))
}

/// A file of `media/`.
fn media(name: &str, data: &[u8]) -> String {
    format!("⇒{}", SourceFile::media(format!("media/{name}"), data).text)
}

const SIZE: &str = "size: {type: list, list: sizes, optional: true, called: {es: \"la talla\", en: \"your size\"}, remember: size}";

/// The topic with another slot.
fn remembering(slot: &str) -> String {
    topic(
        "  order_number: {}",
        &format!("  order_number: {{}}\n  {slot}"),
    )
}

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
        ("long_invite", PROACTIVE, invite("{es: \"¿Ayuda?\", en: \"Help?\"}", &format!("⇒{{es: \"¿Ayuda?\", en: \"{}\"}}", "a".repeat(141)))),
        ("many_invited", PROACTIVE, invite("choices: [where]", "⇒choices: [where, where, where, where, where]")),
        ("invited_everywhere", PROACTIVE, invite("[/checkout*]", "[⇒/*]")),
        (
            "remember_personal",
            WHERE,
            remembering("code: {type: number, optional: true, called: {es: \"el código\", en: \"the code\"}, remember: ⇒code}"),
        ),
        (
            "remember_sensitive",
            WHERE,
            remembering(SIZE).replacen("slots:", "sensitive: true\n⇒slots:", 1),
        ),
        (
            "remember_uncalled",
            WHERE,
            remembering("size: {type: list, list: sizes, optional: true, remember: ⇒size}"),
        ),
        (
            "remember_two_kinds",
            WHERE,
            remembering(&format!("{SIZE}\n  news: {{type: yes_no, optional: true, called: {{es: \"el aviso\", en: \"the notice\"}}, remember: ⇒size}}")),
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
            "other/notices/cards.yaml",
            notice("notice: cards", "⇒notice: cards"),
        ),
        (
            "bad_moment",
            CARDS,
            notice("2026-11-22T15:00+01:00", "⇒2026-11-22 15:00"),
        ),
        (
            "notice_without_update",
            CARDS,
            notice("state: open", "⇒state: open")
                .replace("next_update: 2026-11-22T15:00+01:00\n", ""),
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
            "no_answer",
            "mute.yaml",
            other("mute", "  - escalate: {team: default}").replacen("mute", "⇒mute", 1),
        ),
        // What is shown
        ("show_kinds", WHERE, shown("⇒{}")),
        (
            "show_kinds",
            WHERE,
            shown(&format!("⇒{{picture: {PICTURE}, link: {LINK}}}")),
        ),
        (
            "too_much_shown",
            WHERE,
            shown(&format!("⇒[{}]", [&format!("{{link: {LINK}}}"); 5].map(String::as_str).join(", "))),
        ),
        (
            "picture_without_alt",
            WHERE,
            shown(&format!("{{picture: ⇒{{src: {CDN}/a.png}}}}")),
        ),
        (
            "picture_without_alt",
            WHERE,
            shown(&format!("{{picture: {{src: {CDN}/a.png, alt: ⇒{{es: \"Un zapato\"}}}}}}")),
        ),
        (
            "video_without_captions",
            WHERE,
            shown(&format!(
                "{{video: ⇒{{title: Pie, src: {CDN}/a.mp4, poster: {CDN}/a.png}}}}"
            )),
        ),
        (
            "insecure_source",
            WHERE,
            shown("{picture: {src: ⇒http://cdn.mareas.example/a.png, alt: Zapato}}"),
        ),
        (
            "insecure_source",
            WHERE,
            shown("{link: {title: Ver, url: ⇒\"http://mareas.example/\"}}"),
        ),
        (
            "bad_source",
            WHERE,
            shown("{picture: {src: ⇒../secret.png, alt: Zapato}}"),
        ),
        (
            "bad_source",
            WHERE,
            shown("{picture: {src: ⇒\"https://cdn.mareas.example:8443/a.png\", alt: Zapato}}"),
        ),
        (
            "host_not_allowed",
            WHERE,
            shown("{picture: {src: ⇒https://elsewhere.example/a.png, alt: Zapato}}"),
        ),
        (
            "bad_host",
            "_assistant.yaml",
            assistant("[cdn.mareas.example]", "[⇒https://cdn.mareas.example/x]"),
        ),
        (
            "wrong_media",
            WHERE,
            shown("{picture: {src: ⇒media/a.pdf, alt: Zapato}}"),
        ),
        (
            "unknown_reference",
            WHERE,
            shown("{picture: {src: ⇒media/a.png, alt: Zapato}}"),
        ),
        (
            "bad_link",
            WHERE,
            shown("{link: {title: Ver, url: ⇒\"javascript:alert(1)\"}}"),
        ),
        (
            "bad_ratio",
            WHERE,
            shown(&format!(
                "{{picture: {{src: {CDN}/a.png, alt: Zapato, ratio: ⇒\"0:3\"}}}}"
            )),
        ),
        (
            "out_of_range",
            WHERE,
            shown("{location: {name: Tienda, address: \"Calle 1\", lat: ⇒91, lon: 0}}"),
        ),
        ("media_name", "media/a b.svg", media("a b.svg", b"<svg/>")),
        ("media_mismatch", "media/a.png", media("a.png", b"<svg/>")),
        (
            "media_too_large",
            "media/a.vtt",
            media("a.vtt", &[b"WEBVTT\n".to_vec(), vec![b'a'; MEDIA_MAX_BYTES]].concat()),
        ),
        (
            "active_svg",
            "media/a.svg",
            media("a.svg", b"<svg onload='x()'/>"),
        ),
        (
            "placeholder_answer",
            WHERE,
            topic("\"Llega el {date}.\"", "\"⇒Tema: x. Aquí va la respuesta.\""),
        ),
        (
            "review_past",
            WHERE,
            topic("stage: use", "review_by: ⇒2026-11-20"),
        ),
    ]
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
        // Several files are needed to show them.
        "all_media_too_large",
        // Two topics are needed to show them.
        "near_example",
        // A file beside the topic that it is about.
        "invited_to_trouble",
        "unreachable_pattern",
    ];
    for code in Fault::CODES {
        assert!(
            shown.contains(code) != elsewhere.contains(code),
            "{code} is tested in no place or in two"
        );
    }
}
