//! Small bots and tables, good, awkward and hostile.

mod carried;

use super::*;
use crate::ids::{Lang, TopicId};
use crate::topics::{Act, Catalog, Severity, SourceFile, TopicRole};

fn file(path: &str, text: &str) -> ImportFile {
    ImportFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn checked(imported: &Imported) -> crate::topics::Checked {
    let files: Vec<SourceFile> = imported
        .files
        .iter()
        .map(|file| SourceFile {
            path: file.path.clone(),
            text: file.text.clone(),
        })
        .collect();
    let around = crate::topics::Around {
        env: &|_| None,
        today: None,
    };
    crate::topics::check(&files, &around)
}

/// The catalogue that an import makes: no problem of it is an error.
fn catalog(imported: &Imported) -> Catalog {
    let checked = checked(imported);
    let errors: Vec<String> = checked
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let catalog = checked.catalog.unwrap();
    crate::understanding::Engine::train(&(&catalog).into()).unwrap();
    catalog
}

fn codes(imported: &Imported) -> Vec<&'static str> {
    imported.notes.iter().map(|note| note.code).collect()
}

fn said(catalog: &Catalog, topic: &str) -> String {
    format!("{:?}", catalog.topics[topic].steps)
}

const NLU: &str = r#"version: "3.1"
nlu:
- intent: greet
  examples: |
    - hola
    - buenas
- intent: affirm
  examples: |
    - sí
    - dale
- intent: pedir_mesa
  examples: |
    - quiero una mesa en [Palermo](barrio)
    - mesa para hoy en [San Telmo]{"entity": "barrio", "value": "San Telmo"}
    - reservar en [palermo viejo](barrio:Palermo)
    - mi código es [AB123](codigo)
- intent: faq/horario
  examples: |
    - ¿a qué hora abren?
    - qué horario tienen
- intent: queja
  examples:
  - text: |
      - quiero quejarme
  - text: esto es un desastre
- synonym: Palermo
  examples: |
    - palermo hollywood
- lookup: barrio
  examples: |
    - Belgrano
- regex: codigo
  examples: |
    - [A-Z]{2}\d{3}
- regex: lejos
  examples: |
    - (?<=a)b
"#;

const DOMAIN: &str = r##"version: "3.1"
intents: [greet, affirm, pedir_mesa, {faq: {is_retrieval_intent: true}}, queja]
slots:
  barrio: {type: categorical, values: [Palermo, Belgrano], mappings: [{type: from_entity, entity: barrio}]}
  personas: {type: float, mappings: [{type: from_text}]}
responses:
  utter_greet:
  - text: "¡Hola! ¿En qué puedo ayudar?"
    buttons:
    - {title: "Reservar", payload: /pedir_mesa}
    - {title: "Sí", payload: /affirm}
  - text: "Buenas"
  utter_faq/horario:
  - text: "Abrimos a las {hora} {{no}} # de 9 a 20: siempre."
  utter_ask_barrio:
  - text: "¿En qué barrio?"
  utter_ask_personas:
  - text: "¿Para cuántas personas en {barrio}?"
  utter_listo:
  - text: "Listo: mesa para {personas} en {barrio}."
  utter_suelto:
  - text: "Nadie me dice."
  - custom: {x: 1}
forms:
  mesa_form:
    required_slots: [barrio, personas]
actions: [action_reservar]
"##;

const RULES: &str = r#"version: "3.1"
rules:
- rule: saludar
  steps:
  - intent: greet
  - action: utter_greet
- rule: empezar la reserva
  condition:
  - active_loop: null
  steps:
  - intent: pedir_mesa
  - action: mesa_form
  - active_loop: mesa_form
- rule: terminar la reserva
  condition:
  - active_loop: mesa_form
  steps:
  - action: mesa_form
  - active_loop: null
  - action: utter_listo
  - action: action_reservar
- rule: solo si
  condition:
  - slot_was_set: [{barrio: Palermo}]
  steps:
  - intent: greet
  - action: utter_suelto
stories:
- story: queja
  steps:
  - intent: queja
  - action: action_queja
"#;

#[test]
fn a_rasa_bot_becomes_topics() {
    let files = [
        file("bot/data/nlu.yml", NLU),
        file("bot/domain.yml", DOMAIN),
        file("bot/data/rules.yml", RULES),
        file("bot/config.yml", "language: es\npipeline: []\n"),
    ];
    let imported = rasa::import(&files, None).unwrap();
    let catalog = catalog(&imported);
    let ids: Vec<&str> = catalog.topics.keys().map(TopicId::as_str).collect();
    assert_eq!(ids, ["faq_horario", "greet", "pedir_mesa", "queja"]);
    assert_eq!(catalog.assistant.languages, [Lang::es()]);
    let greet = &catalog.topics["greet"];
    assert_eq!(greet.role, Some(TopicRole::Greeting));
    let Act::Say { choices, .. } = &greet.steps[0].act else {
        panic!("{:?}", greet.steps);
    };
    assert_eq!(choices.len(), 1);
    assert_eq!(choices[0].go.as_str(), "pedir_mesa");
    let table = &catalog.topics["pedir_mesa"];
    let slots: Vec<&str> = table.slots.iter().map(|slot| slot.name.as_str()).collect();
    assert_eq!(slots, ["barrio", "personas", "codigo"]);
    assert!(table.slots[2].optional && !table.slots[0].optional);
    assert!(matches!(
        table.steps.last().unwrap().act,
        Act::Escalate { .. }
    ));
    assert!(said(&catalog, "pedir_mesa").contains("Listo: mesa para {personas} en {barrio}."));
    assert!(said(&catalog, "faq_horario").contains("Abrimos a las [hora] {{no}} # de 9 a 20"));
    assert_eq!(table.examples[&Lang::es()][0], "quiero una mesa en Palermo");
    let palermo = catalog.lists["barrio"]
        .iter()
        .find(|value| value.value == "Palermo")
        .unwrap();
    let words = &palermo.synonyms[&Lang::es()];
    assert!(words.contains(&"palermo viejo".to_owned()), "{words:?}");
    assert!(words.contains(&"palermo hollywood".to_owned()), "{words:?}");
    assert_eq!(catalog.topics["queja"].examples[&Lang::es()].len(), 2);
    let codes = codes(&imported);
    for code in [
        "built_in_yes_no",
        "button",
        "other_wordings",
        "conditional_rule",
        "custom_action",
        "value_of_python",
        "unused_response",
        "custom_payload",
        "regex",
        "no_answer",
        "stories",
    ] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    let regex = imported
        .notes
        .iter()
        .find(|note| note.code == "regex")
        .unwrap();
    assert_eq!(
        (regex.place.file.as_str(), regex.place.line),
        ("bot/data/nlu.yml", 37)
    );
    assert!(
        regex
            .shown_in(&Lang::es())
            .starts_with("bot/data/nlu.yml:37:"),
        "{regex:?}"
    );
    assert!(regex.remedy.en.contains("look-around"));
}

#[test]
fn the_markdown_of_rasa_1_is_read() {
    let nlu = "## intent:greet\n- hello\n- hi there\n\n<!-- ## intent:old\n- gone -->\n## intent:chitchat/ask_name\n- what is your name?\n- who are you\n## intent:order\n- a [large](size) pizza\n- one [small](size) pizza\n## synonym:large\n- big\n## regex:zip\n- [0-9]{5}\n## lookup:size.txt\n  data/size.txt\n";
    let stories = "## happy\n* greet\n  - utter_greet\n* order{\"size\": \"large\"}\n  - slot{\"size\": \"large\"}\n  - utter_order\n";
    let responses = "## name\n* chitchat/ask_name\n  - I am a virtual assistant.\n";
    let domain = "responses:\n  utter_greet:\n  - text: Hello!\n  utter_order:\n  - Coming\n";
    let files = [
        file("data/nlu.md", nlu),
        file("data/stories.md", stories),
        file("data/responses.md", responses),
        file("domain.yml", domain),
        file("data/size.txt", "medium\nextra large\n"),
        file("README.md", "# My bot\nRun it.\n"),
    ];
    let imported = rasa::import(&files, None).unwrap();
    let catalog = catalog(&imported);
    let ids: Vec<&str> = catalog.topics.keys().map(TopicId::as_str).collect();
    assert_eq!(ids, ["chitchat_ask_name", "greet", "order"]);
    assert!(said(&catalog, "chitchat_ask_name").contains("I am a virtual assistant."));
    assert!(said(&catalog, "order").contains("Coming"));
    assert_eq!(catalog.lists["size"].len(), 4);
    assert!(codes(&imported).contains(&"regex"));
}

#[test]
fn hostile_yaml_is_refused_with_place_and_remedy() {
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nnlu: [*b]\n".to_owned();
    let deep = format!("nlu: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let block_deep: String = (0..200)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    for (text, code) in [
        (bomb, "yaml_alias"),
        (deep, "too_deep"),
        (block_deep, "too_deep"),
    ] {
        let why = rasa::import(&[file("nlu.yml", &text)], None).unwrap_err();
        assert_eq!(why.0.code, code, "{why}");
        assert!(why.to_string().starts_with("nlu.yml:"), "{why}");
        assert!(!why.0.remedy.es.is_empty() && !why.0.remedy.en.is_empty());
    }
    let many: String = (0..10_000)
        .map(|n| format!("- intent: i{n}\n  examples: |\n    - frase {n}\n"))
        .collect();
    let why = rasa::import(&[file("nlu.yml", &format!("nlu:\n{many}"))], None).unwrap_err();
    assert_eq!(why.0.code, "too_many_topics");
    let huge = "x".repeat(FILE_MAX + 1);
    let why = rasa::import(&[file("nlu.yml", &huge)], None).unwrap_err();
    assert_eq!(why.0.code, "file_too_large");
    let why = rasa::import(&[file("nlu.yml", "nlu: [\n")], None).unwrap_err();
    assert_eq!(why.0.code, "not_yaml");
    let why = rasa::import(&[file("x.yml", "a: b\n")], None).unwrap_err();
    assert_eq!(why.0.code, "no_bot");
    assert_eq!(rasa::import(&[], None).unwrap_err().0.code, "no_bot");
}

#[test]
fn names_never_leave_the_folder() {
    let nlu = "nlu:\n- intent: ../../etc/passwd\n  examples: |\n    - uno\n- intent: \"a\\0b/c:d\"\n  examples: |\n    - dos\n- intent: _assistant\n  examples: |\n    - tres\n- intent: teams\n  examples: |\n    - cuatro {x} [y] (a|b)\n- intent: CON\n  examples: |\n    - \"\\u0007 # cinco: \"\n";
    let imported = rasa::import(&[file("nlu.yml", nlu)], None).unwrap();
    for file in &imported.files {
        assert!(
            file.path
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')),
            "{}",
            file.path
        );
    }
    let catalog = catalog(&imported);
    assert!(catalog.topics.contains_key("etc_passwd"));
    assert!(catalog.topics.contains_key("assistant") && catalog.topics.contains_key("topic_teams"));
}

#[test]
fn a_table_of_examples_is_read_however_it_was_saved() {
    for text in [
        "example,intent,lang\n\"¿dónde está, mi pedido?\",track,es\nwhere is it,track,en\nadiós,bye,es\n",
        "\u{feff}ejemplo;intención;idioma\r\n\"¿dónde está, mi pedido?\";track;es\r\nwhere is it;track;en\r\nadiós;bye;es\r\n",
        "sep=;\nEJEMPLO;Tema;Idioma\n¿dónde está, mi pedido?;track;es\nwhere is it;track;en\nadiós;bye;es\n",
        "text\tlabel\tlocale\n¿dónde está, mi pedido?\ttrack\tes\nwhere is it\ttrack\ten\nadiós\tbye\tes\n",
    ] {
        let imported = table::import(&file("t.csv", text), None, false).unwrap();
        assert_eq!((imported.topics, imported.examples), (2, 3), "{text}");
        let catalog = catalog(&imported);
        assert_eq!(
            catalog.topics["track"].examples[&Lang::es()],
            ["¿dónde está, mi pedido?"]
        );
        assert_eq!(
            catalog.topics["track"].examples[&Lang::en()],
            ["where is it"]
        );
    }
}

#[test]
fn questions_with_one_answer_are_one_topic() {
    let text = "pregunta,respuesta\n¿Cuánto tarda el envío?,\"De 2 a 4 días.\nSegún la zona.\"\n¿cuándo llega?,\"De 2 a 4 días.\nSegún la zona.\"\n¿Cuánto tarda el envío a Chile?,Diez {dias}\n";
    let imported = table::import(&file("faq.csv", text), None, false).unwrap();
    let catalog = catalog(&imported);
    assert_eq!(imported.topics, 2);
    assert_eq!(imported.answered, 2);
    let first = &catalog.topics["cuanto_tarda_el_envio"];
    assert_eq!(first.examples[&Lang::es()].len(), 2);
    assert!(said(&catalog, "cuanto_tarda_el_envio").contains("De 2 a 4 días."));
    assert!(codes(&imported).contains(&"value"));
}

#[test]
fn a_question_of_one_letter_still_has_a_title() {
    let text = "pregunta,respuesta,idioma\nx,Una letra.,es\n(),Nada.,es\nßßßß,Cuatro.,es\n";
    let catalog = catalog(&table::import(&file("t.csv", text), None, false).unwrap());
    let titles = catalog.topics.values().map(|topic| &topic.title);
    let titles: Vec<_> = titles
        .filter_map(|title| {
            title
                .by_lang
                .get(&Lang::es())?
                .variants()
                .into_iter()
                .next()
        })
        .collect();
    assert!(titles.contains(&"Topic x"), "{titles:?}");
}

#[test]
fn templates_are_kept_where_they_are_whole() {
    let text =
        "example,intent\n[todavía] no (llegó|llega),late\ne) roto},broken\n{Mi dato} otro,broken\n";
    let imported = table::import(&file("t.csv", text), None, true).unwrap();
    let catalog = catalog(&imported);
    assert_eq!(
        catalog.topics["late"].examples[&Lang::es()],
        ["[todavía] no (llegó|llega)"]
    );
    assert_eq!(
        catalog.topics["broken"].examples[&Lang::es()],
        ["e roto", "Mi dato otro"]
    );
    assert_eq!(
        codes(&imported),
        ["bad_template", "bad_template", "no_answer", "no_answer"]
    );
}

#[test]
fn what_is_wrong_with_a_table_is_told() {
    let why = table::import(&file("t.csv", "a,b\n1,2\n"), None, false).unwrap_err();
    assert_eq!((why.0.code, why.0.place.line), ("columns", 1));
    let why = table::import(&file("t.csv", "example,intent\n"), None, false).unwrap_err();
    assert_eq!(why.0.code, "no_rows");
    assert!(table::import(&file("t.csv", ""), None, false).is_err());
    let text = "example,intent,lang\nhola,a,es\n,a,es\nchau,,es\nuno,dos,tres,cuatro\nbuenas,b,klingon!\nhola,b,es\n";
    let imported = table::import(&file("t.csv", text), None, false).unwrap();
    assert_eq!(
        codes(&imported),
        [
            "empty_field",
            "empty_field",
            "too_many_fields",
            "language",
            "same_example",
            "no_answer",
            "no_answer"
        ]
    );
    assert_eq!(imported.notes[2].place.line, 5);
}

#[test]
fn other_encodings_are_named() {
    let latin = b"ejemplo,intencion\nd\xf3nde est\xe1,a\n";
    let why = table::decode("t.csv", latin, false).unwrap_err();
    assert_eq!(
        (why.0.code, why.0.place.line, why.0.place.column),
        ("not_utf8", 2, 2)
    );
    assert!(why.0.message.es.contains("«dónde está,a»"), "{why}");
    assert!(why.0.remedy.en.contains("--latin1"));
    assert!(
        table::decode("t.csv", latin, true)
            .unwrap()
            .contains("dónde está")
    );
    assert_eq!(
        table::decode("t.csv", b"\x80 \x93x\x94", true).unwrap(),
        "€ “x”"
    );
    assert_eq!(
        table::decode("t.csv", b"\xff\xfea\0", false)
            .unwrap_err()
            .0
            .code,
        "utf16"
    );
    assert_eq!(table::decode("t.csv", "ñ".as_bytes(), false).unwrap(), "ñ");
}

#[test]
fn a_category_beside_answers_joins_nothing() {
    for head in [
        "categoria;pregunta;respuesta",
        "Tema;Posible pregunta;Respuesta",
        "Categoría;faq_pregunta;faq_respuesta",
        "tema;Preguntas frecuentes;Respuestas",
    ] {
        let text = format!(
            "{head}\nEnvíos;¿Cuánto tarda el envío?;Dos días.\nEnvíos;¿Cuánto cuesta el envío?;Es gratis.\nPagos;¿Puedo pagar en cuotas?;Sí, en seis.\n"
        );
        let imported = table::import(&file("faq.csv", &text), None, false).unwrap();
        assert_eq!((imported.topics, imported.answered), (3, 3), "{head}");
        let catalog = catalog(&imported);
        assert!(said(&catalog, "cuanto_cuesta_el_envio").contains("Es gratis."));
        assert!(!said(&catalog, "cuanto_tarda_el_envio").contains("Es gratis."));
        assert_eq!(codes(&imported), ["category"], "{head}");
        let note = &imported.notes[0];
        for quoted in ["«Envíos»", "«Dos días.»", "«Es gratis.»"] {
            assert!(note.message.es.contains(quoted), "{note:?}");
        }
    }
    let text = "intencion,pregunta,respuesta\na,¿Cuánto tarda?,Dos días.\na,¿Cuándo llega?,Tres.\n";
    let imported = table::import(&file("faq.csv", text), None, false).unwrap();
    assert_eq!(imported.topics, 1);
    let note = &imported.notes[0];
    assert_eq!(note.code, "second_answer");
    assert!(note.message.en.contains("“Dos días.”") && note.message.en.contains("“Tres.”"));
}

#[test]
fn a_blank_before_a_quote_is_no_part_of_the_field() {
    let text = "pregunta,respuesta\n¿Quién soy?, \"Ana, de Rosario. Dice \"\"hola\"\"\nsiempre.\" \n \"¿Y tú, quién eres?\",Un \"asistente\" virtual\n¿Qué dices?, \"hola\" y nada más\n";
    let imported = table::import(&file("faq.csv", text), None, false).unwrap();
    let catalog = catalog(&imported);
    let said = |topic: &str| said(&catalog, topic);
    assert!(imported.notes.is_empty(), "{:?}", imported.notes);
    assert!(
        said("quien_soy").contains("Ana, de Rosario. Dice \\\"hola\\\"\\nsiempre."),
        "{}",
        said("quien_soy")
    );
    assert!(said("y_tu_quien_eres").contains("Un \\\"asistente\\\" virtual"));
    assert!(said("que_dices").contains("\\\"hola\\\" y nada más"));
}

#[test]
fn an_empty_answer_is_told_by_its_own_column() {
    let text = "Pregunta,Respuesta\n¿A qué hora abren?,\n¿Dónde están?,En Rosario.\n";
    let imported = table::import(&file("faq.csv", text), None, false).unwrap();
    assert_eq!(codes(&imported), ["empty_field"]);
    assert!(imported.notes[0].message.es.contains("`respuesta`"));
}

#[test]
fn a_topic_without_an_answer_is_a_persons_and_check_tells_so() {
    let text = "ejemplo,intencion\nquiero una persona inter,inter_persona\nadiós,despedida\n";
    let imported = table::import(&file("t.csv", text), None, false).unwrap();
    let catalog = catalog(&imported);
    for topic in catalog.topics.values() {
        assert!(
            matches!(topic.steps.as_slice(), [step] if matches!(step.act, Act::Escalate { .. })),
            "{topic:?}"
        );
    }
    for file in &imported.files {
        assert!(!file.text.contains("Aquí va"), "{}", file.text);
    }
    let warned = |imported: &Imported, code: &str| {
        let problems = checked(imported).problems;
        problems
            .iter()
            .filter(|problem| problem.code == code)
            .count()
    };
    assert_eq!(warned(&imported, "no_answer"), 2);
    let mut held = imported;
    for file in &mut held.files {
        let say = "say: {es: \"Tema: x. Aquí va la respuesta.\"}";
        file.text = file.text.replace("escalate: {team: default}", say);
    }
    assert_eq!(warned(&held, "no_answer"), 0);
    assert_eq!(warned(&held, "placeholder_answer"), 2);
}
