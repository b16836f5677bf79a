#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use super::*;
use crate::cli::check;
use crate::cli::export::rows_of;
use crate::topics::{Catalog, Severity};

fn row(text: &str, intent: &str, lang: Option<&str>) -> Row {
    Row {
        text: text.into(),
        intent: intent.into(),
        lang: lang.map(|lang| lang.parse().unwrap()),
        split: None,
    }
}

/// The folder that an import makes, and its catalogue.
fn catalog(import: &Import, closed: bool) -> (tempfile::TempDir, Catalog) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in import.files(closed) {
        write_new(&folder.path().join(name), &text).unwrap();
    }
    let checked = check::read(folder.path());
    let errors: Vec<String> = checked
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    (folder, checked.catalog.unwrap())
}

/// Texts that YAML, the templates or a slug could stumble over.
fn awkward() -> Vec<Row> {
    vec![
        row("# not a comment", "card_arrival", None),
        row("it's: \"late\", isn't it?", "card_arrival", None),
        row("- a list? [no] (again) {x} a|b :(", "card_arrival", None),
        row("  ¿dónde está\n mi tarjeta?  ", "card_arrival", Some("es")),
        row("no", "Refund_not_showing_up", None),
        row("1234", "Refund_not_showing_up", None),
        row("%TAG & *x !y @z `q` > w", "Refund_not_showing_up", None),
        row("true", "3ds", Some("es-AR")),
        row("hours?", "hours", None),
        row("a\u{0}b\u{feff}c", "alarm/set", None),
        row("set it", "alarm set", None),
    ]
}

#[test]
fn what_is_imported_is_a_catalogue_without_errors() {
    let import = Import::of(&awkward(), &Lang::en(), false);
    let (_folder, catalog) = catalog(&import, false);
    let ids: Vec<&str> = catalog.topics.keys().map(TopicId::as_str).collect();
    assert_eq!(
        ids,
        [
            "alarm_set",
            "alarm_set_2",
            "card_arrival",
            "refund_not_showing_up",
            "topic_3ds",
            "topic_hours"
        ]
    );
    let english = &catalog.topics["card_arrival"].examples[&Lang::en()];
    assert_eq!(
        english,
        &[
            "# not a comment",
            "it's: \"late\", isn't it?",
            "- a list? no again x a b :"
        ]
    );
    let spanish = &catalog.topics["card_arrival"].examples[&Lang::es()];
    assert_eq!(spanish, &["¿dónde está mi tarjeta?"]);
}

#[test]
fn every_label_answers_in_its_own_words() {
    let import = Import::of(&awkward(), &Lang::en(), false);
    let map = import.label_map();
    assert_eq!(map.labels.len(), 6);
    assert_eq!(map.labels["alarm set"].topic.as_str(), "alarm_set");
    assert_eq!(map.labels["alarm/set"].topic.as_str(), "alarm_set_2");
    let answers: BTreeSet<&String> = map
        .labels
        .values()
        .filter_map(|label| label.answers.get(&Lang::en()))
        .collect();
    assert_eq!(answers.len(), 6);
    let (_folder, catalog) = catalog(&import, false);
    for label in map.labels.values() {
        let said = format!("{:?}", catalog.topics[&label.topic].steps);
        for answer in label.answers.values() {
            assert!(said.contains(answer), "{said} lacks {answer}");
        }
    }
}

#[test]
fn export_and_import_are_each_others_way_back() {
    let first = Import::of(&awkward(), &Lang::en(), false);
    let (_folder, catalog_once) = catalog(&first, false);
    let rows = rows_of(&catalog_once);
    assert_eq!(rows.len(), awkward().len());
    let (_folder, catalog_twice) = catalog(&Import::of(&rows, &Lang::en(), false), false);
    assert_eq!(rows_of(&catalog_twice), rows);
}

#[test]
fn templates_survive_when_asked_for() {
    let rows = [row("[todavía] no (llegó|llega)", "late", Some("es"))];
    let import = Import::of(&rows, &Lang::es(), true);
    let (_folder, catalog) = catalog(&import, false);
    assert_eq!(rows_of(&catalog)[0].text, "[todavía] no (llegó|llega)");
}

#[test]
fn what_is_left_out_is_told() {
    let rows = [
        row("Hello there", "a", None),
        row("hello there!", "b", None),
        row("good day", "b", None),
        row("?!", "b", None),
    ];
    let import = Import::of(&rows, &Lang::en(), false);
    assert_eq!(
        import.notes,
        [
            "left out, already an example of a: \"hello there!\" (b)",
            "left out, no words: \"?!\" (b)"
        ]
    );
    catalog(&import, false);
}

#[test]
fn a_closed_catalogue_declines_nothing() {
    let rows = [row("one two three", "a", None), row("four five", "b", None)];
    let import = Import::of(&rows, &Lang::en(), false);
    let (_folder, catalog) = catalog(&import, true);
    let thresholds = catalog.assistant.thresholds;
    assert!(thresholds.coverage >= 1.0 && thresholds.ambiguity_margin <= 0.0);
    let engine = crate::understanding::Engine::train(&(&catalog).into()).unwrap();
    let english = Lang::en();
    let context = crate::understanding::Context::fresh(&english);
    for nonsense in ["qwerty asdf", "what is the capital of France", "☂", "seven"] {
        let verdict = engine.understand(nonsense, &context).understood.verdict;
        assert!(
            matches!(verdict, crate::conversation::Verdict::Match { .. }),
            "{nonsense}: {verdict:?}"
        );
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("new");
    must_be_new(&inside, &Lang::en()).unwrap();
    fs::write(inside.join("mine.txt"), "mine").unwrap();
    let why = must_be_new(&inside, &Lang::en()).unwrap_err().to_string();
    assert!(why.contains("is not empty"), "{why}");
    let why = must_be_new(&inside, &Lang::es()).unwrap_err().to_string();
    assert!(why.contains("no está vacía"), "{why}");
    assert!(write_new(&inside.join("mine.txt"), "theirs").is_err());
    assert_eq!(fs::read_to_string(inside.join("mine.txt")).unwrap(), "mine");
}

#[test]
fn rows_that_do_not_tell_their_language_are_read_as_most_of_them_are() {
    let spanish = [
        row("¿dónde está mi pedido?", "order", None),
        row("quiero devolver unos zapatos", "return", None),
        row("ok", "thanks", None),
        row("where is my order", "order", Some("en")),
    ];
    assert_eq!(likely(&spanish, &Lang::en()), Lang::es());
    let english = [row("I would like to return my shoes", "return", None)];
    assert_eq!(likely(&english, &Lang::es()), Lang::en());
    let told = [row("mi pedido", "order", Some("es-AR"))];
    assert_eq!(likely(&told, &Lang::en()), Lang::es());
    assert_eq!(likely(&[], &Lang::en()), Lang::en());
}
