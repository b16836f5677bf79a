//! Golden frames, shared with TypeScript: each parses as a frame of the protocol and is written again as it was.

use std::path::Path;

use serde_json::Value;
use ventanilla::protocol::{agent, visitor};

fn again<T: serde::Serialize + serde::de::DeserializeOwned>(frame: &Value) -> Value {
    let parsed: T =
        serde_json::from_value(frame.clone()).unwrap_or_else(|why| panic!("{why}: {frame}"));
    serde_json::to_value(parsed).unwrap()
}

/// A confidence is 32 bits wide on our side and 64 in JSON: compared as numbers that print alike.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => Value::String(format!("{float:.5}")),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(parts) => parts
            .iter()
            .map(|(name, value)| (name.clone(), rounded(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn every_golden_frame_is_one_of_the_protocol() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let steps: Vec<Value> =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for step in steps {
            let frame = &step["frame"];
            if frame.is_null() {
                continue;
            }
            let same = match (step["side"].as_str(), step["dir"].as_str()) {
                (Some("visitor"), Some("in")) => again::<visitor::ToServer>(frame),
                (Some("visitor"), Some("out")) => again::<visitor::ToClient>(frame),
                (Some("agent"), Some("in")) => again::<agent::ToServer>(frame),
                (Some("agent"), Some("out")) => again::<agent::ToClient>(frame),
                other => panic!("{}: no side and direction: {other:?}", path.display()),
            };
            assert_eq!(rounded(&same), rounded(frame), "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 30, "only {count} golden frames");
}
