//! Floors of the engine on public labelled utterances. They are not part of the repository: where they are absent the test says so.
//!
//! The files of `ventanilla eval` (`banking77.jsonl`, `fb_multilingual_es.jsonl`) are looked for in the folder that
//! `VENTANILLA_EVAL_DATA` names, else in `../shared/data`.

use std::path::PathBuf;
use std::time::Instant;

use ventanilla::understanding::Settings;
use ventanilla::understanding::eval::{Clocks, Plan, Protocol, Report, Row, evaluate};

fn report(name: &str, train: &str, test: &str) -> Option<Report> {
    let folder = std::env::var_os("VENTANILLA_EVAL_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no evaluation data at {}", path.display());
        return None;
    };
    let rows: Vec<Row> = text
        .lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|why| panic!("{name}: {why}: {line}"))
        })
        .collect();
    let began = Instant::now();
    let plan = Plan {
        protocol: Protocol::Closed,
        oos_train: false,
        train_split: train.to_owned(),
        test_split: test.to_owned(),
        typos: None,
        settings: Settings::default(),
    };
    let clocks = Clocks {
        wall: &|| began.elapsed(),
        cpu: &|| None,
    };
    let report = evaluate(&rows, &plan, clocks);
    Some(report.unwrap_or_else(|why| panic!("{name}: {why}")))
}

#[test]
fn spanish_requests_are_read_as_well_as_measured() {
    if let Some(report) = report("fb_multilingual_es.jsonl", "train", "test") {
        assert!(report.accuracy >= 0.980, "{report:?}");
        assert!(report.product.answered_wrong <= 0.012, "{report:?}");
    }
}

#[test]
fn ten_examples_a_topic_are_enough_to_be_useful() {
    if let Some(report) = report("banking77.jsonl", "train_10", "test") {
        assert!(report.accuracy >= 0.755, "{report:?}");
        assert!(report.product.answered_right >= 0.68, "{report:?}");
    }
}
