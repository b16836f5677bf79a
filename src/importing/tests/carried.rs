//! Nothing of a bot is lost in silence: it is in the topic files, or a line of the report names it.

use proptest::prelude::*;

use super::{checked, codes, file};
use crate::ids::Lang;
use crate::importing::{Imported, rasa, table};

/// Whether the files or the report hold the words.
fn told(imported: &Imported, words: &str) -> bool {
    let in_files = imported.files.iter().any(|file| file.text.contains(words));
    let in_notes = imported
        .notes
        .iter()
        .any(|note| note.message.es.contains(words) && note.message.en.contains(words));
    in_files || in_notes
}

fn note_of<'a>(imported: &'a Imported, code: &str) -> &'a crate::importing::Note {
    let found = imported.notes.iter().find(|note| note.code == code);
    found.unwrap_or_else(|| panic!("{code} is not in {:?}", codes(imported)))
}

fn import(parts: &[(&str, &str)]) -> Imported {
    let files: Vec<_> = parts.iter().map(|(path, text)| file(path, text)).collect();
    rasa::import(&files, Some(&Lang::es())).unwrap()
}

const INTENTS: [&str; 5] = ["saludo", "mesa", "affirm", "nlu_fallback", "hueco"];
const RESPONSES: [&str; 7] = [
    "utter_saludo",
    "utter_mesa",
    "utter_default",
    "utter_ask_barrio",
    "utter_ask_otro",
    "utter_listo",
    "utter_affirm",
];
const FORMS: [&str; 2] = ["mesa_form", "otro_form"];

/// A rule: the intent it begins with, what it does, whether it is about the end of a form.
type Rule = (usize, usize, bool);

/// A bot with some of those parts. A response's words and a rule's name tell which it is.
fn bot(responses: &[bool], forms: &[usize], rules: &[Rule]) -> Vec<(&'static str, String)> {
    let nlu = "nlu:\n- intent: saludo\n  examples: |\n    - hola\n- intent: mesa\n  examples: |\n    - quiero una mesa\n- intent: affirm\n  examples: |\n    - sí\n";
    let mut domain = format!("intents: [{}]\nresponses:\n", INTENTS.join(", "));
    for (name, _) in RESPONSES.iter().zip(responses).filter(|(_, there)| **there) {
        domain.push_str(&format!("  {name}:\n  - text: dice {name}.\n"));
    }
    domain.push_str("  utter_fija:\n  - text: fija\nforms:\n");
    for (name, slots) in FORMS.iter().zip(forms) {
        let slots = ["[]", "[barrio]", "[otro, barrio]"][*slots];
        domain.push_str(&format!("  {name}: {{required_slots: {slots}}}\n"));
    }
    let mut text = "rules:\n".to_owned();
    let actions: Vec<&str> = RESPONSES.iter().chain(&FORMS).copied().collect();
    for (at, (intent, action, ends)) in rules.iter().enumerate() {
        let action = actions[*action];
        let steps = if *ends {
            format!(
                "- action: {}\n  - active_loop: null\n  - action: {action}",
                FORMS[intent % 2]
            )
        } else {
            format!("- intent: {}\n  - action: {action}", INTENTS[*intent])
        };
        text.push_str(&format!("- rule: regla {at}\n  steps:\n  {steps}\n"));
    }
    vec![
        ("nlu.yml", nlu.to_owned()),
        ("domain.yml", domain),
        ("rules.yml", text),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_part_of_a_bot_is_carried_or_told(
        responses in prop::collection::vec(any::<bool>(), RESPONSES.len()),
        forms in prop::collection::vec(0_usize..3, FORMS.len()),
        rules in prop::collection::vec((0_usize..INTENTS.len(), 0_usize..RESPONSES.len() + FORMS.len(), prop::bool::weighted(0.2)), 0..5),
    ) {
        let parts = bot(&responses, &forms, &rules);
        let parts: Vec<(&str, &str)> = parts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let imported = import(&parts);
        let errors = checked(&imported).problems;
        prop_assert!(errors.iter().all(|problem| problem.severity != crate::topics::Severity::Error), "{errors:?}");
        for (name, _) in RESPONSES.iter().zip(&responses).filter(|(_, there)| **there) {
            prop_assert!(told(&imported, &format!("dice {name}.")) || told(&imported, &format!("`{name}`")), "{name}: {parts:?}");
        }
        for intent in INTENTS {
            let topic = imported.files.iter().any(|file| file.path == format!("{intent}.yaml"));
            prop_assert!(topic || told(&imported, &format!("`{intent}`")), "{intent}: {parts:?}");
        }
        for form in FORMS {
            let opened = rules.iter().enumerate().any(|(at, (intent, action, ends))| {
                let first = rules[..at].iter().all(|(other, _, ends)| *ends || other != intent);
                (*ends || first && (*intent < 2 || *intent == 4)) && RESPONSES.iter().chain(&FORMS).nth(*action) == Some(&form)
            });
            let told = told(&imported, &format!("`{form}`"));
            prop_assert!(opened || told, "{form}: {parts:?}");
        }
        for (at, (intent, _, ends)) in rules.iter().enumerate() {
            let first = rules[..at].iter().all(|(other, _, ends)| *ends || other != intent);
            // A form's end is carried with the form, and told of with it.
            let carried = *ends || first && (*intent < 2 || *intent == 4);
            let told = imported.notes.iter().any(|note| note.message.es.contains(&format!("«regla {at}»")));
            prop_assert!(carried || told, "rule {at}: {parts:?} {:?}", codes(&imported));
        }
    }
}

#[test]
fn markdown_items_begin_with_any_sign_of_a_list() {
    let nlu = "## intent:saludo\n* hola\n+ buenas\n-qué tal\n-\tbuen día\n- adiós <!-- no: chau -->\nsin guion\n";
    let stories = "## uno\n*saludo\n -utter_saludo\n";
    let domain = "responses:\n  utter_saludo:\n  - text: ¡Hola!\n";
    let readme = "# Bot\n## intent:ejemplo\n- no soy un ejemplo\n";
    let imported = import(&[
        ("nlu.md", nlu),
        ("stories.md", stories),
        ("domain.yml", domain),
        ("README.md", readme),
    ]);
    assert_eq!(imported.examples, 5);
    for words in ["hola", "buenas", "qué tal", "buen día", "adiós"] {
        assert!(told(&imported, &format!("    {words}\n")), "{words}");
    }
    assert!(told(&imported, "¡Hola!") && !told(&imported, "chau"));
    assert!(
        note_of(&imported, "no_item")
            .message
            .es
            .contains("«sin guion»")
    );
    assert_eq!(note_of(&imported, "readme").place.file, "README.md");
    assert!(!told(&imported, "no soy un ejemplo"));
}

#[test]
fn a_new_line_of_rasa_1_is_one() {
    let nlu = "## intent:faq/hora\n- qué hora es\n";
    let answers = "## hora\n* faq/hora\n  - Uno.\\nDos.\n";
    let imported = import(&[("nlu.md", nlu), ("responses.md", answers)]);
    assert!(told(&imported, r#""Uno.\nDos.""#), "{:?}", imported.files);
}

#[test]
fn buttons_are_carried_or_told() {
    let nlu = "nlu:\n- intent: saludo\n  examples: |\n    - hola\n- intent: mesa\n  examples: |\n    - quiero una mesa\n";
    let domain = r#"
responses:
  utter_saludo:
  - text: ¡Hola!
    buttons:
    - {title: "Mesa en Palermo", payload: '/mesa{"barrio": "Palermo"}'}
    - {title: "Mesa en Boedo", payload: '/mesa{"barrio": "Boedo"}'}
    - {title: "Una mesa grande para toda la familia y los amigos", payload: /mesa}
  utter_ask_barrio:
  - text: ¿Dónde?
    buttons: [{title: Boedo, payload: Boedo}, {title: Once, payload: Once}]
  utter_vacio:
  - buttons: [{title: Mesa, payload: /mesa}]
forms:
  mesa_form: {required_slots: [barrio]}
rules:
- rule: saludo
  steps: [{intent: saludo}, {action: utter_saludo}]
- rule: mesa
  steps: [{intent: mesa}, {action: mesa_form}]
"#;
    let imported = import(&[("nlu.yml", nlu), ("domain.yml", domain)]);
    let errors = checked(&imported).problems;
    assert!(
        errors
            .iter()
            .all(|problem| problem.severity != crate::topics::Severity::Error),
        "{errors:?}"
    );
    let greeting = &imported
        .files
        .iter()
        .find(|file| file.path == "saludo.yaml")
        .unwrap()
        .text;
    assert_eq!(greeting.matches("go: mesa").count(), 3, "{greeting}");
    let count = |code: &str| codes(&imported).iter().filter(|own| **own == code).count();
    assert_eq!((count("button_value"), count("button_cut")), (2, 1));
    assert!(
        note_of(&imported, "button_value")
            .message
            .es
            .contains(r#"{"barrio": "Palermo"}"#)
    );
    assert!(
        note_of(&imported, "question_buttons")
            .message
            .es
            .contains("Boedo, Once")
    );
    assert!(
        note_of(&imported, "empty_response")
            .message
            .es
            .contains("`utter_vacio`")
    );
}

#[test]
fn parts_of_entities_and_ways_of_stories_are_told() {
    let nlu = "nlu:\n- intent: viaje\n  examples: |\n    - de [Lima]{\"entity\": \"ciudad\", \"role\": \"origen\"} a [Quito]{\"entity\": \"ciudad\", \"role\": \"destino\", \"group\": \"1\"}\n    * no soy ejemplo\n- intent: confirmacion\n  examples: |\n    - si\n    - ok\n";
    let domain = "responses:\n  utter_a: [{text: Por tierra.}]\n  utter_b: [{text: Por mar.}]\n";
    let stories = "stories:\n- story: a\n  steps: [{intent: viaje}, {action: utter_a}]\n- story: b\n  steps: [{intent: viaje}, {action: utter_b}]\n";
    let imported = import(&[
        ("nlu.yml", nlu),
        ("domain.yml", domain),
        ("stories.yml", stories),
    ]);
    for part in ["role: origen", "role: destino", "group: 1"] {
        assert!(told(&imported, part), "{part}");
    }
    let ways = &note_of(&imported, "story_decides").message;
    assert!(ways.es.contains("«Por tierra.»") && ways.en.contains("«Por mar.»"));
    assert!(
        note_of(&imported, "no_item")
            .message
            .es
            .contains("* no soy ejemplo")
    );
    assert!(
        note_of(&imported, "built_in_yes_no")
            .message
            .es
            .contains("`confirmacion`")
    );
    assert!(
        !imported
            .files
            .iter()
            .any(|file| file.path == "confirmacion.yaml")
    );
}

#[test]
fn a_table_loses_no_answer() {
    let text = "pregunta,respuesta,categoria\n¿Uno?,R1.,c\n¿Dos?,R2.,c\n¿Tres?,R3.,d\n";
    let imported = table::import(&file("t.csv", text), None, false).unwrap();
    for answer in ["R1.", "R2.", "R3."] {
        assert!(imported.files.iter().any(|file| file.text.contains(answer)));
    }
}

#[test]
fn the_json_of_rasa_1_is_told() {
    let json = r#"{"rasa_nlu_data": {"common_examples": [{"text": "hola", "intent": "saludo"}]}}"#;
    let nlu = "## intent:adios\n- adiós\n";
    let imported = import(&[("nlu.json", json), ("nlu.md", nlu)]);
    assert_eq!(note_of(&imported, "json").place.file, "nlu.json");
    let why = rasa::import(&[file("nlu.json", json)], None).unwrap_err();
    assert_eq!(why.0.code, "json");
}
