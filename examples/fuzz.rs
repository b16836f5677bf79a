//! A bounded fuzzer without tools: messages, topic files, patterns and imports, mutated from real ones. A panic ends it with the seed that shows it again.
//!
//!     cargo run --release --example fuzz -- [messages|topics|patterns|imports|long|all] [COUNT] [SEED] [DIR]
//!
//! `long` times a text of 64 KiB. DIR is the folder of topic files, `intents` unless given. Prints what was done, how much of it was accepted, and
//! the slowest execution with its input's beginning.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use ventanilla::ids::Lang;
use ventanilla::importing::{ImportFile, rasa, table};
use ventanilla::topics::{self, Around, SourceFile};
use ventanilla::understanding::{Context, Corpus, Engine, Expecting, Offered};

/// SplitMix64: the same seed gives the same inputs everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What inputs break on.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "\u{303}",
    "ñ",
    "Ñ",
    "ß",
    "İ",
    "ﬃ",
    "𝔘",
    "🏳️‍🌈",
    "１２３",
    "'",
    "\"",
    "`",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "|",
    "^",
    "$",
    ".*",
    "+",
    "?",
    "{9999}",
    "{0,}",
    "\\d",
    "\\p{L}",
    "\\b",
    "(?i)",
    "(?<a>",
    "(?=x)",
    "[^",
    "[a-",
    "#",
    ":",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "%",
    "@",
    "---\n",
    "|\n  ",
    ">\n  ",
    "~",
    "null",
    "0",
    "-1",
    "1e999",
    "99999999999999999999",
    "2027-13-45",
    "es",
    "en",
    "es-AR",
    "a.b@c.d",
    "https://x.y/z",
    "+34 900 000 000",
    "1.234,50",
    "mañana a las 10",
    "y quiero",
    "no",
    "sí",
    "hola",
    "pedido 1234567",
    "\r\n",
    "\r",
    "/",
    "../",
    "\u{e000}",
    "\u{10ffff}",
];

/// A text with a few edits: pieces put in, stretches left out, doubled, moved.
fn mutated(dice: &mut Dice, from: &str) -> String {
    let mut chars: Vec<char> = from.chars().collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(chars.len() + 1);
        let to = (at + dice.below(12)).min(chars.len());
        match dice.below(5) {
            0 => drop(chars.drain(at..to)),
            1 => {
                let copy: Vec<char> = chars[at..to].to_vec();
                let most = if dice.below(50) == 0 { 200 } else { 3 };
                let times = 1 + dice.below(most);
                for _ in 0..times {
                    chars.splice(at..at, copy.iter().copied());
                }
            }
            2 => {
                let piece: Vec<char> = chars.drain(at..to).collect();
                let other = dice.below(chars.len() + 1);
                chars.splice(other..other, piece);
            }
            _ => {
                let piece = dice.one(PIECES).chars();
                chars.splice(at..at, piece);
            }
        }
    }
    chars.into_iter().collect()
}

fn folder(dir: &Path, base: &Path, out: &mut Vec<SourceFile>) {
    let mut paths: Vec<_> = fs::read_dir(dir)
        .expect("the folder of topic files is readable")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            folder(&path, base, out);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(base).unwrap_or(&path);
            out.push(SourceFile {
                path: name.display().to_string(),
                text: fs::read_to_string(&path).expect("a topic file is readable"),
            });
        }
    }
}

/// Runs one kind `count` times; an execution returns whether its input was accepted.
fn run(kind: &str, count: u64, seed: u64, mut once: impl FnMut(&mut Dice) -> (bool, String)) {
    let began = Instant::now();
    let (mut accepted, mut slowest, mut shown) = (0_u64, Duration::ZERO, String::new());
    for number in 0..count {
        let own = seed.wrapping_add(number);
        let from = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| once(&mut Dice(own)))) {
            Ok((good, input)) => {
                accepted += u64::from(good);
                if from.elapsed() > slowest {
                    slowest = from.elapsed();
                    shown = input.chars().take(60).collect();
                }
            }
            Err(_) => {
                panic!("{kind}: panic; again with: fuzz {kind} 1 {own}");
            }
        }
    }
    println!(
        "{kind}: {count} executions, {accepted} accepted, 0 panics, {:.0} s; slowest {:.1} ms: {shown:?}",
        began.elapsed().as_secs_f64(),
        slowest.as_secs_f64() * 1e3
    );
}

fn messages(engine: &Engine, seeds: &[String], count: u64, seed: u64) {
    let topic = engine.topics().first().cloned();
    run("messages", count, seed, |dice| {
        let mut text = dice.one(seeds).clone();
        if dice.below(3) == 0 {
            text = format!("{text}{}{}", dice.one(PIECES), dice.one(seeds));
        }
        let text = mutated(dice, &text);
        let lang = if dice.below(2) == 0 {
            Lang::es()
        } else {
            Lang::en()
        };
        let label = *dice.one(&["Sí, la segunda", "Where is my order"]);
        let label = mutated(dice, label);
        let offered = [Offered {
            label,
            topic: topic.clone(),
        }];
        let context = Context {
            session_lang: &lang,
            offered: if dice.below(3) == 0 { &offered } else { &[] },
            last_topic: topic.as_ref().filter(|_| dice.below(2) == 0),
            expecting: if dice.below(4) == 0 {
                Expecting::YesNo
            } else {
                Expecting::Anything
            },
            ..Context::fresh(&lang)
        };
        let reading = engine.understand(&text, &context);
        let _requests = engine.requests(&text, &context);
        for found in &reading.found {
            assert!(
                text.get(found.span.0..found.span.1).is_some(),
                "a span in a letter"
            );
        }
        (reading.understood.verdict.topic().is_some(), text)
    });
}

const ASSISTANT: &str = "name: M\nbrand: M\nlanguages: [es, en]\ngreeting: {es: Hola, en: Hello}\nsites:\n  es: {register: es, currency: EUR, time_zone: Europe/Madrid}\n";
const TOPIC: &str = "topic: a\ntitle: {es: Un tema, en: A topic}\nstage: use\nexamples:\n  es: |\n    [todavía] no (llegó|llega) {x}\n    dónde está\n  en: |\n    where is it\npatterns:\n  - '\\b(pedido|orden)\\s*#?(?<x>\\d{6,10})\\b'\nslots: {x: {type: number, pattern: '\\d{6,10}', ask: {es: '¿Cuál?', en: 'Which?'}}}\nsteps:\n  - say: {es: {fast: 'Sí {x}', warm: 'Bien'}, en: Yes}\n    choices: [a]\n  - escalate: {team: default}\nreview_by: 2027-03-01\ntests:\n  - {say: 'x: y', lang: es, expect: a, slots: {x: '1'}}\n";

fn checked(files: &[SourceFile]) -> topics::Checked {
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

fn topic_files(files: &[SourceFile], count: u64, seed: u64) {
    let small: Vec<&SourceFile> = files
        .iter()
        .filter(|file| file.text.len() < 3_000)
        .collect();
    run("topics", count, seed, |dice| {
        let (path, text) = if small.is_empty() || dice.below(4) > 0 {
            match dice.below(3) {
                0 => ("_assistant.yaml".to_owned(), mutated(dice, ASSISTANT)),
                _ => ("a.yaml".to_owned(), mutated(dice, TOPIC)),
            }
        } else {
            let one = dice.one(&small);
            (one.path.clone(), mutated(dice, &one.text))
        };
        let mut set = vec![file(&path, &text)];
        for (name, text) in [("_assistant.yaml", ASSISTANT), ("a.yaml", TOPIC)] {
            if name != path {
                set.push(file(name, text));
            }
        }
        let checked = checked(&set);
        for problem in &checked.problems {
            let _shown = problem.shown_in(&Lang::es());
        }
        (checked.catalog.is_some(), text)
    });
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

fn patterns(count: u64, seed: u64) {
    run("patterns", count, seed, |dice| {
        let from = *dice.one(PATTERNS);
        let mut pattern = mutated(dice, from);
        if dice.below(2) == 0 {
            let from = *dice.one(PATTERNS);
            let other = mutated(dice, from);
            pattern.push_str(&other);
        }
        let pattern: String = pattern.chars().filter(|c| !c.is_control()).collect();
        let quoted = pattern.replace('\'', "''");
        let text = TOPIC.replace(r"\b(pedido|orden)\s*#?(?<x>\d{6,10})\b", &quoted);
        let checked = checked(&[file("_assistant.yaml", ASSISTANT), file("a.yaml", &text)]);
        let accepted = checked.catalog.is_some();
        // Now and then what was accepted is used: training costs more than all the rest.
        if let Some(catalog) = checked.catalog.filter(|_| dice.below(200) == 0)
            && let Ok(engine) = Engine::train(&Corpus::from(&catalog))
        {
            let lang = Lang::es();
            for text in [
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
                "pedido 1234567",
                "ñññ \u{301}",
            ] {
                let _reading = engine.understand(text, &Context::fresh(&lang));
            }
        }
        (accepted, pattern)
    });
}

const NLU: &str = "nlu:\n- intent: faq/a\n  examples: |\n    - hola [Paris](city) y [Roma]{\"entity\": \"city\", \"value\": \"x\"}\n    - buenas\n- synonym: Paris\n  examples: |\n    - París\n- regex: city\n  examples: |\n    - '[A-Z]+'\n- lookup: city\n  examples: |\n    - Lima\nrules:\n- rule: r\n  steps:\n  - intent: faq/a\n  - action: utter_x\n  - action: f\n  - active_loop: f\nresponses:\n  utter_x:\n  - text: 'Hola {city} {{x}}'\n    buttons: [{title: T, payload: /faq/a}]\n    image: http://x/y.png\nforms: {f: {required_slots: [city, n]}}\nslots: {n: {type: float}, city: {type: categorical, values: [a, b]}}\n";
const MARKDOWN: &str = "## intent:a\n- hola [x](y:z)\n- chau\n## synonym:x\n- y\n## regex:y\n- [0-9]+\n## lookup:y.txt\n  data/y.txt\n## s\n* a{\"x\": 1}\n  - utter_a\n## t\n* faq/b OR a\n  - Una respuesta.\n";
const TABLE: &str = "sep=;\nejemplo;intencion;respuesta;idioma\n\"¿dónde; está?\";a;\"Sí \"\"ya\"\"\";es\nwhere;b;No {x};en\n";

fn imports(count: u64, seed: u64) {
    run("imports", count, seed, |dice| {
        let of = |path: &str, text: String| ImportFile {
            path: path.to_owned(),
            text,
        };
        let (imported, input) = match dice.below(3) {
            0 => {
                let text = mutated(dice, NLU);
                (rasa::import(&[of("nlu.yml", text.clone())], None), text)
            }
            1 => {
                let text = mutated(dice, MARKDOWN);
                (rasa::import(&[of("nlu.md", text.clone())], None), text)
            }
            _ => {
                let text = mutated(dice, TABLE);
                let templates = dice.below(4) == 0;
                (
                    table::import(&of("t.csv", text.clone()), None, templates),
                    text,
                )
            }
        };
        // What is imported must be a catalogue: looked at now and then, because that costs more than all the rest.
        if let Ok(imported) = imported.as_ref().map(|imported| &imported.files)
            && dice.below(20) == 0
        {
            let files: Vec<SourceFile> = imported
                .iter()
                .map(|one| file(&one.path, &one.text))
                .collect();
            let checked = checked(&files);
            let mut errors = checked.problems;
            errors.retain(|problem| problem.severity == topics::Severity::Error);
            assert!(errors.is_empty(), "{input:?} became {:?}", errors.first());
        }
        (imported.is_ok(), input)
    });
}

fn long(engine: &Engine, seeds: &[String]) {
    let lang = Lang::es();
    let prose = seeds.join(". ");
    let texts = [
        (
            "prose",
            prose.chars().cycle().take(65_000).collect::<String>(),
        ),
        ("one letter", "a".repeat(65_536)),
        ("digits", "1234567890".repeat(6_554)),
        ("short words", "ab ".repeat(21_846)),
        ("unknown words", "zxqvw kjhgf ".repeat(5_462)),
        ("marks", "a\u{301}".repeat(21_846)),
        ("addresses", "a.b@c.d ".repeat(8_192)),
        ("brackets", "([{".repeat(21_846)),
    ];
    for (name, text) in texts {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let from = Instant::now();
            let _reading = engine.understand(&text, &Context::fresh(&lang));
            best = best.min(from.elapsed());
        }
        println!(
            "long, {name}: {} KiB in {:.1} ms",
            text.len() >> 10,
            best.as_secs_f64() * 1e3
        );
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    fuzz(&args);
}

pub(crate) fn fuzz(args: &[String]) {
    let arg = |at: usize| args.get(at).map(String::as_str);
    let kind = arg(0).unwrap_or("all");
    let count = arg(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let seed = arg(2).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let dir = Path::new(arg(3).unwrap_or("intents"));
    let wanted = |name: &str| kind == "all" || kind == name;
    let mut files = Vec::new();
    folder(dir, dir, &mut files);
    if wanted("messages") || wanted("long") {
        let catalog =
            topics::parse(&files, &|_| Some(String::new())).expect("the folder holds topics");
        let seeds: Vec<String> = catalog
            .topics
            .values()
            .flat_map(|topic| topic.examples.values().flatten().cloned())
            .collect();
        let engine = Engine::train(&Corpus::from(&catalog)).expect("the topics can be learnt");
        if wanted("messages") {
            messages(&engine, &seeds, count, seed);
        }
        if wanted("long") {
            long(&engine, &seeds);
        }
    }
    if wanted("topics") {
        topic_files(&files, count, seed);
    }
    if wanted("patterns") {
        patterns(count, seed);
    }
    if wanted("imports") {
        imports(count, seed);
    }
}
