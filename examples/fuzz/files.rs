//! Topic files, and the patterns in them.

use ventanilla::ids::Lang;
use ventanilla::topics::{self, Around, Checked, SourceFile};
use ventanilla::understanding::{Context, Corpus, Engine};

use super::dice::{Dice, mutated};
use super::run::{Done, run};

const ASSISTANT: &str = "name: M\nbrand: M\nlanguages: [es, en]\ngreeting: {es: Hola, en: Hello}\nsites:\n  es: {register: es, currency: EUR, time_zone: Europe/Madrid}\n";
const TOPIC: &str = "topic: a\ntitle: {es: Un tema, en: A topic}\nstage: use\nexamples:\n  es: |\n    [todavía] no (llegó|llega) {x}\n    dónde está\n  en: |\n    where is it\npatterns:\n  - '\\b(pedido|orden)\\s*#?(?<x>\\d{6,10})\\b'\nslots: {x: {type: number, pattern: '\\d{6,10}', ask: {es: '¿Cuál?', en: 'Which?'}}}\nsteps:\n  - say: {es: {fast: 'Sí {x}', warm: 'Bien'}, en: Yes}\n    choices: [a]\n  - escalate: {team: default}\nreview_by: 2027-03-01\ntests:\n  - {say: 'x: y', lang: es, expect: a, slots: {x: '1'}}\n";

/// Without what costs a millisecond to compile.
const PLAIN: &str = "topic: a\ntitle: {es: Un tema, en: A topic}\nstage: use\nexamples:\n  es: |\n    dónde está\n    [ya] (vino|llegó) {n}\n  en: |\n    where is it\nslots: {n: {type: number, min: 1, ask: {es: '¿Cuál?', en: 'Which?'}}}\nsteps:\n  - ask: n\n  - say: {es: {fast: 'Sí {n}', warm: 'Bien'}, en: Yes}\n    choices: [a]\nescalate: {after_failures: 2, team: default}\ntests:\n  - {say: 'where?', lang: en, not: a}\n";

pub(crate) fn checked(files: &[SourceFile]) -> Checked {
    let around = Around {
        env: &|_| None,
        today: "2027-01-01".parse().ok(),
    };
    topics::check(files, &around)
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

pub(crate) fn topics(files: &[SourceFile], count: u64, seed: u64) -> bool {
    let small = files.iter().filter(|file| file.text.len() < 3_000);
    let small: Vec<&SourceFile> = small.collect();
    for good in [TOPIC, PLAIN] {
        let set = [file("_assistant.yaml", ASSISTANT), file("a.yaml", good)];
        let checked = checked(&set);
        assert!(checked.catalog.is_some(), "{:?}", checked.problems);
    }
    run("topics", count, seed, |dice| {
        let (path, text) = match dice.below(10) {
            0 | 1 if !small.is_empty() => {
                let one = dice.one(&small);
                (one.path.as_str(), mutated(dice, &one.text))
            }
            2 | 3 => ("_assistant.yaml", mutated(dice, ASSISTANT)),
            4 => ("a.yaml", mutated(dice, TOPIC)),
            _ => ("a.yaml", mutated(dice, PLAIN)),
        };
        let beside = [("_assistant.yaml", ASSISTANT), ("a.yaml", PLAIN)];
        let beside = beside.iter().filter(|(name, _)| *name != path);
        let mut set: Vec<SourceFile> = beside.map(|(name, text)| file(name, text)).collect();
        set.push(file(path, &text));
        let checked = checked(&set);
        for problem in &checked.problems {
            let _shown = problem.shown_in(&Lang::es());
        }
        Done {
            accepted: checked.catalog.is_some(),
            input: text,
        }
    })
}

const PATTERNS: &[&str] = &[
    r"\b(pedido|order)\s*#?(?<x>\d{6,10})\b",
    "(a+)+$",
    "(a|a)*b",
    r"(\w+\s?)+!",
    "((a{1,9}){1,9}){1,9}",
    r"[\p{L}&&[^a-z]]+",
    r"(?i)ñ{2,}",
    "x*y*z*",
    r"^(?:.{0,20}){9}$",
    "a{1000}",
];

/// What patterns are tried on once they are accepted.
const TEXTS: &[&str] = &[
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "pedido 1234567",
    "ñññ \u{301}",
];

pub(crate) fn patterns(count: u64, seed: u64) -> bool {
    run("patterns", count, seed, pattern)
}

fn pattern(dice: &mut Dice) -> Done {
    let from = *dice.one(PATTERNS);
    let mut pattern = mutated(dice, from);
    if dice.below(2) == 0 {
        let from = *dice.one(PATTERNS);
        pattern.push_str(&mutated(dice, from));
    }
    let pattern: String = pattern.chars().filter(|c| !c.is_control()).collect();
    let quoted = pattern.replace('\'', "''");
    let files = [
        file(
            "_assistant.yaml",
            "name: M\nbrand: M\nlanguages: [es]\ngreeting: {es: Hola}\n",
        ),
        file(
            "a.yaml",
            &format!(
                "topic: a\ntitle: {{es: Un tema}}\nexamples:\n  es: |\n    está\npatterns: ['{quoted}']\nsteps: [{{say: {{es: Bien}}}}]\ntests: []\n"
            ),
        ),
    ];
    let checked = checked(&files);
    let accepted = checked.catalog.is_some();
    if let Some(catalog) = checked.catalog.filter(|_| dice.below(4) == 0) {
        let mut corpus = Corpus::from(&catalog);
        // The classifier is not what is tried here.
        corpus.settings.calibrate = false;
        corpus.settings.generic_out_of_scope = false;
        corpus.settings.word_vectors = false;
        if let Ok(engine) = Engine::train(&corpus) {
            for text in TEXTS {
                let _reading = engine.understand(text, &Context::fresh(&Lang::es()));
            }
        }
    }
    Done {
        accepted,
        input: pattern,
    }
}
