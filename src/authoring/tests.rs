use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::ids::Lang;
use crate::topics::Wording;

const FILE: &str = "\
# Where things are. Written by hand.
topic: where   # the name
title: {es: \"Dónde está\", en: 'Where it is'}

examples:
  es: |   # one a line
    ¿dónde está?

    no llegó
  en:
    - \"where is it\"   # the usual one
    - 'not here'
steps:
  # first the answer
  - say: {es: \"Está aquí.\", en: \"It is here.\"}
    choices: [other, person]   # two
  - say:
      es:
        fast: \"Aquí.\"   # short
        warm: \"Está aquí, en la tienda.\"
      en: |
        Here.

        In the shop.
owner: logistics   # who
tests:
  - {say: \"donde ta\", lang: es, expect: where}   # a typo
  # a twin
  - {say: \"otro\", lang: es, not: where}
";

fn es() -> Lang {
    Lang::es()
}

fn applied(change: &TopicChange) -> String {
    apply(FILE, change).unwrap()
}

/// Lines that only one of the texts has.
fn differs(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let of = |wanted: Sign| {
        diff(old, new)
            .into_iter()
            .filter(|line| line.sign == wanted)
            .map(|line| line.text)
            .collect()
    };
    (of(Sign::Removed), of(Sign::Added))
}

#[test]
fn a_change_touches_its_line_alone() {
    let plain = |words: &str| Some(Wording::Plain(words.to_owned()));
    let row = |say: &str, lang: Lang| TestRow {
        say: say.to_owned(),
        lang,
        expect: Some("where".to_owned()),
        not: None,
        slots: [("code".parse().unwrap(), "12".to_owned())].into(),
    };
    let cases: Vec<(TopicChange, &[&str], &[&str])> = vec![
        (
            TopicChange::Title {
                lang: es(),
                words: Some("¿Y \"esto\"?".to_owned()),
            },
            &["title: {es: \"Dónde está\", en: 'Where it is'}"],
            &["title: {es: \"¿Y \\\"esto\\\"?\", en: 'Where it is'}"],
        ),
        (
            TopicChange::Title {
                lang: "es-AR".parse().unwrap(),
                words: Some("Dónde está".to_owned()),
            },
            &["title: {es: \"Dónde está\", en: 'Where it is'}"],
            &["title: {es: \"Dónde está\", en: 'Where it is', es-AR: \"Dónde está\"}"],
        ),
        (
            TopicChange::AddExample {
                lang: es(),
                example: " # se perdió: ¿sí? ".to_owned(),
            },
            &[],
            &["    # se perdió: ¿sí?"],
        ),
        (
            TopicChange::RemoveExample {
                lang: es(),
                example: "no llegó".to_owned(),
            },
            &["", "    no llegó"],
            &[],
        ),
        (
            TopicChange::RewordExample {
                lang: Lang::en(),
                example: "not here".to_owned(),
                to: "it's not here".to_owned(),
            },
            &["    - 'not here'"],
            &["    - 'it''s not here'"],
        ),
        (
            TopicChange::AddExample {
                lang: Lang::en(),
                example: "lost: it".to_owned(),
            },
            &[],
            &["    - \"lost: it\""],
        ),
        (
            TopicChange::Words {
                at: At::from("steps/0/say".to_owned()),
                lang: es(),
                wording: plain("Uno.\n\nDos."),
            },
            &["  - say: {es: \"Está aquí.\", en: \"It is here.\"}"],
            &["  - say: {es: \"Uno.\\n\\nDos.\", en: \"It is here.\"}"],
        ),
        (
            TopicChange::Words {
                at: At::from("steps/1/say".to_owned()),
                lang: es(),
                wording: Some(Wording::Styled {
                    fast: "Ahí.".to_owned(),
                    warm: "Está aquí, en la tienda.".to_owned(),
                }),
            },
            &["        fast: \"Aquí.\"   # short"],
            &["        fast: \"Ahí.\"   # short"],
        ),
        (
            TopicChange::Words {
                at: At::from("steps/1/say".to_owned()),
                lang: Lang::en(),
                wording: plain("There.\n\nIn the shop."),
            },
            &["        Here."],
            &["        There."],
        ),
        (
            TopicChange::Choices {
                at: At::from("steps/0".to_owned()),
                choices: vec![
                    Choice {
                        go: "person".parse().unwrap(),
                        title: Worded::new(),
                    },
                    Choice {
                        go: "third".parse().unwrap(),
                        title: [(es(), Wording::Plain("El otro".to_owned()))].into(),
                    },
                ],
            },
            &["    choices: [other, person]   # two"],
            &["    choices: [person, {title: {es: \"El otro\"}, go: third}]   # two"],
        ),
        (
            TopicChange::Choices {
                at: At::from("steps/1".to_owned()),
                choices: vec![Choice {
                    go: "person".parse().unwrap(),
                    title: Worded::new(),
                }],
            },
            &[],
            &["    choices: [person]"],
        ),
        (
            TopicChange::Choices {
                at: At::from("steps/0".to_owned()),
                choices: Vec::new(),
            },
            &["    choices: [other, person]   # two"],
            &[],
        ),
        (
            TopicChange::AddTest {
                test: row("where's \"it\" 12", Lang::en()),
            },
            &[],
            &[
                "  - {say: \"where's \\\"it\\\" 12\", lang: en, expect: where, slots: {code: \"12\"}}",
            ],
        ),
        (
            TopicChange::RemoveTest {
                test: TestRow {
                    say: "donde ta".to_owned(),
                    lang: es(),
                    expect: Some("where".to_owned()),
                    not: None,
                    slots: Default::default(),
                },
            },
            &["  - {say: \"donde ta\", lang: es, expect: where}   # a typo"],
            &[],
        ),
        (
            TopicChange::Patterns {
                patterns: vec![r"\bdonde\b".to_owned()],
            },
            &[],
            &["patterns: [\"\\\\bdonde\\\\b\"]"],
        ),
        (
            TopicChange::Owner { owner: None },
            &["owner: logistics   # who"],
            &[],
        ),
        (
            TopicChange::Owner {
                owner: Some("sales".parse().unwrap()),
            },
            &["owner: logistics   # who"],
            &["owner: sales   # who"],
        ),
        (
            TopicChange::ReviewBy {
                review_by: Some("2027-03-01".to_owned()),
            },
            &[],
            &["review_by: 2027-03-01"],
        ),
        (
            TopicChange::Stage {
                stage: Some(crate::ids::Stage::Use),
            },
            &[],
            &["stage: use"],
        ),
    ];
    for (change, gone, come) in cases {
        let (removed, added) = differs(FILE, &applied(&change));
        assert_eq!((removed, added), (owned(gone), owned(come)), "{change:?}");
    }
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn what_cannot_be_written_is_refused_and_what_is_there_already_changes_nothing() {
    let two_lines = TopicChange::AddExample {
        lang: es(),
        example: "uno\ndos".to_owned(),
    };
    assert!(matches!(apply(FILE, &two_lines), Err(Refused::Unfit(_))));
    let nowhere = TopicChange::Words {
        at: At::from("steps/7/say".to_owned()),
        lang: es(),
        wording: None,
    };
    assert!(matches!(apply(FILE, &nowhere), Err(Refused::NotThere(_))));
    let known = TopicChange::AddExample {
        lang: es(),
        example: "no llegó".to_owned(),
    };
    assert_eq!(applied(&known), FILE);
    assert!(matches!(apply("a: [", &known), Err(Refused::Unreadable)));
    let folded = "topic: a\nexamples:\n  es: >\n    uno\n    dos\n";
    assert!(matches!(apply(folded, &known), Err(Refused::ByHand(_))));
}

#[test]
fn line_breaks_of_windows_stay() {
    let crlf = FILE.replace('\n', "\r\n");
    let change = TopicChange::AddExample {
        lang: es(),
        example: "se perdió".to_owned(),
    };
    let written = apply(&crlf, &change).unwrap();
    assert_eq!(written.replace("\r\n", "\n"), applied(&change));
    assert_eq!(
        written.matches('\n').count(),
        written.matches("\r\n").count()
    );
}

#[test]
fn a_new_topic_is_a_file_that_the_form_can_show() {
    let new = NewTopic {
        topic: "gift_wrap".parse().unwrap(),
        folder: "use".to_owned(),
        title: [(es(), "Envolver para regalo".to_owned())].into(),
        examples: [(es(), vec!["¿lo envuelven?".to_owned(), " ".to_owned()])].into(),
        answer: [(es(), "Sí: \"gratis\".".to_owned())].into(),
        choices: vec!["talk_to_person".parse().unwrap()],
        handoff: true,
        owner: Some("sales".parse().unwrap()),
        review_by: Some("2027-05-22".to_owned()),
    };
    let (path, text) = new_topic(&new).unwrap();
    assert_eq!(path.as_str(), "use/gift_wrap.yaml");
    let shown = form(&text).unwrap();
    assert_eq!(shown.topic, "gift_wrap");
    assert_eq!(
        shown.examples,
        [(es(), vec!["¿lo envuelven?".to_owned()])].into()
    );
    let mut more = shown.clone();
    more.examples
        .insert(Lang::en(), vec!["do you wrap it".to_owned()]);
    more.tests.push(TestRow {
        say: "me lo envolves?".to_owned(),
        lang: es(),
        expect: Some("gift_wrap".to_owned()),
        not: None,
        slots: Default::default(),
    });
    let written = apply_all(&text, &changes(&shown, &more)).unwrap();
    assert_eq!(form(&written).unwrap(), more);
    let test = "tests:\n  - {say: \"me lo envolves?\", lang: es, expect: gift_wrap}\n";
    assert!(written.ends_with(test), "{written}");
    let out = NewTopic {
        folder: "../..".to_owned(),
        ..new
    };
    assert!(new_topic(&out).is_err());
}

/// The topic files of the demo company.
fn demo() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir()
            || folder.ends_with("events")
            || folder.ends_with("notices")
            || folder.ends_with("media")
        {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found.sort();
    assert!(found.len() > 30);
    found
}

/// Changes a form as a hand of `dice` says.
fn play(form: &mut TopicForm, dice: (usize, usize, String)) {
    let (what, which, words) = dice;
    let pick = |length: usize| which % length.max(1);
    match what % 12 {
        0 => {
            form.title.insert(es(), Wording::Plain(words));
        }
        1 => {
            let count = form.examples.len();
            if let Some(lines) = form.examples.values_mut().nth(pick(count)) {
                lines.push(words);
            }
        }
        2 => {
            let lines = form.examples.entry(es()).or_default();
            if lines.len() > 1 {
                lines.remove(pick(lines.len()));
            }
        }
        3 => {
            let lines = form.examples.entry(es()).or_default();
            let index = pick(lines.len());
            if let Some(line) = lines.get_mut(index) {
                *line = words;
            }
        }
        4 => {
            let count = form.texts.len();
            if let Some(text) = form.texts.get_mut(pick(count)) {
                text.words.insert(es(), Wording::Plain(words));
            }
        }
        5 => {
            let count = form.texts.len();
            if let Some(text) = form.texts.get_mut(pick(count)) {
                let styled = Wording::Styled {
                    fast: words.clone(),
                    warm: format!("{words} {words}"),
                };
                text.words.insert("es-AR".parse().unwrap(), styled);
            }
        }
        6 => {
            let with = form
                .texts
                .iter_mut()
                .filter_map(|text| text.choices.as_mut());
            let mut with: Vec<_> = with.collect();
            let count = with.len();
            if let Some(choices) = with.get_mut(pick(count)) {
                choices.insert(
                    0,
                    Choice {
                        go: "talk_to_person".parse().unwrap(),
                        title: [(es(), Wording::Plain(words))].into(),
                    },
                );
            }
        }
        7 => {
            if form.tests.len() > 1 {
                form.tests.remove(pick(form.tests.len()));
            }
        }
        8 => {
            let count = form.tests.len();
            if let Some(test) = form.tests.get_mut(pick(count)) {
                test.say = words;
            }
        }
        9 => form.tests.insert(
            pick(form.tests.len()),
            TestRow {
                say: words,
                lang: es(),
                expect: Some("none".to_owned()),
                not: None,
                slots: Default::default(),
            },
        ),
        10 => form.patterns.insert(pick(form.patterns.len()), words),
        _ => {
            form.owner = form.owner.is_none().then(|| "sales".parse().unwrap());
            form.review_by = Some("2030-01-02".to_owned());
        }
    }
}

/// What people type: letters, accents, and every sign that means something to YAML.
fn sentence() -> impl Strategy<Value = String> {
    "[a-zñ¿¡á0-9 #:,'\"{}\\[\\]&*!|>%@`?~\\\\-]{0,24}[a-zñ0-9?]"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("nothing", |text| !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever somebody does in the form of whichever file: the file then says what the form says, and what was not concerned stays.
    #[test]
    fn a_form_writes_what_it_shows_and_leaves_the_rest(
        file in 0_usize..1_000,
        hands in proptest::collection::vec((any::<usize>(), any::<usize>(), sentence()), 1..5),
    ) {
        let files = demo();
        let (path, text) = files.get(file % files.len()).unwrap();
        let before = form(text).unwrap();
        let mut wanted = before.clone();
        for hand in hands {
            play(&mut wanted, hand);
        }
        let changes = changes(&before, &wanted);
        let written = apply_all(text, &changes)
            .unwrap_or_else(|why| panic!("{}: {why}\n{changes:?}", path.display()));
        prop_assert_eq!(&form(&written).unwrap(), &wanted);
        // Whatever no change names reads as before, comments and all.
        let comments = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.trim_start().starts_with('#') && !line.starts_with("    "))
                .map(str::to_owned)
                .collect()
        };
        prop_assert_eq!(comments(text), comments(&written));
        let (removed, added) = differs(text, &written);
        let most = changes.len() + 4;
        prop_assert!(removed.len() <= most, "{removed:?}\n{added:?}");
    }
}

#[test]
fn the_schema_knows_every_key_of_the_demo_files() {
    let schema = schema();
    let known = schema["properties"].as_object().unwrap();
    for (path, text) in demo() {
        let root = outline::read(&text).unwrap();
        for (key, _) in root.entries() {
            assert!(
                known.contains_key(&key.text),
                "{}: {}",
                path.display(),
                key.text
            );
        }
    }
}

#[test]
fn what_is_shown_can_be_reworded_and_stays_where_it_is() {
    let file = FILE.replacen(
        "    choices: [other, person]   # two\n",
        "    show:   # to look at\n      - picture: {src: media/a.svg, alt: {es: \"Una tabla\", en: \"A table\"}}   # own\n      - card:\n          title: {es: \"Brisa\", en: \"Brisa\"}\n          link: {title: {es: \"Ver\", en: \"See\"}, url: \"{shop_url}\"}\n    choices: [other, person]   # two\n",
        1,
    );
    let before = form(&file).unwrap();
    let shown: Vec<(String, &str)> = before
        .texts
        .iter()
        .filter(|text| text.kind != "say")
        .map(|text| (text.at.to_string(), text.kind.as_str()))
        .collect();
    let expected = [
        ("steps/0/show/0/picture/alt", "alt"),
        ("steps/0/show/1/card/title", "title"),
        ("steps/0/show/1/card/link/title", "title"),
    ];
    let expected = expected.map(|(at, kind)| (at.to_owned(), kind));
    assert_eq!(shown, expected);

    let mut wanted = before.clone();
    let alt = wanted
        .texts
        .iter_mut()
        .find(|text| text.kind == "alt")
        .unwrap();
    let words = Wording::Plain("Tabla: 39 son 25 cm".to_owned());
    alt.words.insert(es(), words);
    let mut text = file.clone();
    for change in changes(&before, &wanted) {
        text = apply(&text, &change).unwrap();
    }
    let (removed, added) = differs(&file, &text);
    assert_eq!(removed.len(), 1, "{removed:?}");
    assert_eq!(
        added,
        [
            "      - picture: {src: media/a.svg, alt: {es: \"Tabla: 39 son 25 cm\", en: \"A table\"}}   # own"
        ]
    );
}
