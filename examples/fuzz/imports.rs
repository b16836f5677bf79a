//! What importers are given: bots of Rasa in both its forms, and tables.

use ventanilla::importing::{ImportFile, rasa, table};
use ventanilla::topics::{Severity, SourceFile};

use super::dice::{Dice, mutated};
use super::files::checked;
use super::run::{Done, run};

const NLU: &str = "nlu:\n- intent: faq/a\n  examples: |\n    - hola [Paris](city) y [Roma]{\"entity\": \"city\", \"value\": \"x\"}\n    - buenas\n- synonym: Paris\n  examples: |\n    - París\n- regex: city\n  examples: |\n    - '[A-Z]+'\n- lookup: city\n  examples: |\n    - Lima\nrules:\n- rule: r\n  steps:\n  - intent: faq/a\n  - action: utter_x\n  - action: f\n  - active_loop: f\nresponses:\n  utter_x:\n  - text: 'Hola {city} {{x}}'\n    buttons: [{title: T, payload: /faq/a}]\n    image: http://x/y.png\nforms: {f: {required_slots: [city, n]}}\nslots: {n: {type: float}, city: {type: categorical, values: [a, b]}}\n";
const MARKDOWN: &str = "## intent:a\n- hola [x](y:z)\n- chau\n## synonym:x\n- y\n## regex:y\n- [0-9]+\n## lookup:y.txt\n  data/y.txt\n## s\n* a{\"x\": 1}\n  - utter_a\n## t\n* faq/b OR a\n  - Una respuesta.\n";
const TABLE: &str = "sep=;\nejemplo;intencion;respuesta;idioma\n\"¿dónde; está?\";a;\"Sí \"\"ya\"\"\";es\nwhere;b;No {x};en\n";

pub(crate) fn imports(count: u64, seed: u64) -> bool {
    run("imports", count, seed, import)
}

fn import(dice: &mut Dice) -> Done {
    let of = |path: &str, text: &str| ImportFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let kind = dice.below(3);
    let input = mutated(dice, [NLU, MARKDOWN, TABLE][kind]);
    let imported = match kind {
        0 => rasa::import(&[of("nlu.yml", &input)], None),
        1 => rasa::import(&[of("nlu.md", &input)], None),
        _ => table::import(&of("t.csv", &input), None, dice.below(4) == 0),
    };
    // What is imported must be a catalogue: looked at now and then, because that costs more than all the rest.
    if let Ok(imported) = &imported
        && dice.below(8) == 0
    {
        let files = imported.files.iter().map(|one| SourceFile {
            path: one.path.clone(),
            text: one.text.clone(),
        });
        let problems = checked(&files.collect::<Vec<_>>()).problems;
        let error = problems.iter().find(|one| one.severity == Severity::Error);
        if let Some(error) = error {
            panic!(
                "{input:?} became {}",
                error.shown_in(&ventanilla::ids::Lang::en())
            );
        }
    }
    Done {
        accepted: imported.is_ok(),
        input,
    }
}
