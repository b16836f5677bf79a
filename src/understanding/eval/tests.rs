use super::*;

const STILL: Clocks<'static> = Clocks {
    wall: &|| Duration::ZERO,
    cpu: &|| None,
};

fn plan(protocol: Protocol) -> Plan {
    Plan {
        protocol,
        oos_train: false,
        train_split: "train".into(),
        test_split: "test".into(),
        typos: None,
        settings: Settings::default(),
    }
}

fn row(text: &str, intent: &str, split: &str) -> Row {
    Row {
        text: text.into(),
        intent: intent.into(),
        split: split.into(),
        lang: None,
    }
}

/// Two intents and what is neither.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (text, intent) in [
        ("where is my parcel", "parcel"),
        ("my parcel has not arrived", "parcel"),
        ("when does the parcel arrive", "parcel"),
        ("track the parcel please", "parcel"),
        ("i need an invoice", "invoice"),
        ("please send the invoice", "invoice"),
        ("the invoice is wrong", "invoice"),
        ("an invoice with my company's name", "invoice"),
        ("who won the match yesterday", "oos"),
        ("tell me a joke about cats", "oos"),
        ("what is the weather in paris", "oos"),
    ] {
        rows.push(row(text, intent, "train"));
    }
    for split in ["val", "test"] {
        rows.extend([
            row("has my parcel arrived", "parcel", split),
            row("could you send me an invoice", "invoice", split),
            row("a joke about the weather", "oos", split),
            row("who won yesterday", "oos", split),
        ]);
    }
    rows
}

#[test]
fn a_missing_split_is_named() {
    let rows = [row("hola", "hi", "train")];
    let error = evaluate(&rows, &plan(Protocol::Closed), STILL).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"no rows of split "test"; the file has train (1)"#
    );
}

#[test]
fn out_of_scope_is_a_threshold_or_one_intent_more() {
    let rows = rows();
    let by_threshold = evaluate(&rows, &plan(Protocol::Clinc), STILL).unwrap();
    assert_eq!(by_threshold.train_rows, 8);
    assert_eq!(by_threshold.accuracy, 1.0);
    assert!(by_threshold.auroc.is_some() && by_threshold.oos_recall.is_some());
    let as_intent = evaluate(
        &rows,
        &Plan {
            oos_train: true,
            ..plan(Protocol::Clinc)
        },
        STILL,
    )
    .unwrap();
    assert_eq!(as_intent.train_rows, 11);
    assert_eq!(as_intent.oos_recall, Some(1.0));
    assert_eq!(as_intent.all_accuracy, Some(1.0));
    assert_eq!(as_intent.auroc, None);
}

#[test]
fn typos_are_made_in_what_is_scored_only() {
    let misspelt = Plan {
        typos: Some(Typos { edits: 40, seed: 1 }),
        ..plan(Protocol::Clinc)
    };
    let plain = evaluate(&rows(), &plan(Protocol::Clinc), STILL).unwrap();
    let report = evaluate(&rows(), &misspelt, STILL).unwrap();
    assert_eq!(report.model_bytes, plain.model_bytes);
    assert!(report.calibration_error != plain.calibration_error);
}

#[test]
fn few_examples_are_picked_for_each_seed() {
    let reports = evaluate_shots(&rows(), &plan(Protocol::Clinc), 2, 3, STILL).unwrap();
    assert_eq!(reports.len(), 3);
    assert!(reports.iter().all(|report| report.train_rows == 4));
    let spreads = spreads(&reports);
    let accuracy = spreads["accuracy"];
    assert!(accuracy.least <= accuracy.mean && accuracy.mean <= accuracy.most);
    assert!(spreads.contains_key("auroc"));
}

#[test]
fn rows_of_massive_are_read() {
    let line = r#"{"id": "0", "locale": "es-ES", "partition": "dev", "scenario": "alarm", "intent": "alarm_set", "utt": "despiértame a las nueve", "annot_utt": "despiértame a las [time : nueve]"}"#;
    let row: Row = serde_json::from_str(line).unwrap();
    assert_eq!(
        (row.text.as_str(), row.split.as_str()),
        ("despiértame a las nueve", "dev")
    );
    assert_eq!(row.lang.as_ref().map(Lang::base), Some(Lang::es()));
    assert_eq!(validation(&[row]).unwrap().len(), 1);
}

#[test]
fn rows_in_two_languages_train_a_model_each() {
    let mut rows = rows();
    for (text, intent) in [
        ("dónde está mi paquete", "parcel"),
        ("no llegó el paquete", "parcel"),
        ("quiero una factura", "invoice"),
        ("necesito la factura", "invoice"),
    ] {
        rows.push(Row {
            lang: Some(Lang::es()),
            ..row(text, intent, "train")
        });
    }
    rows.push(Row {
        lang: Some(Lang::es()),
        ..row("¿y mi paquete?", "parcel", "test")
    });
    let report = evaluate(&rows, &plan(Protocol::Clinc), STILL).unwrap();
    assert_eq!(report.accuracy, 1.0);
}
