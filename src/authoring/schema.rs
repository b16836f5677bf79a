//! The JSON Schema of topic files, for editors that complete and check while one writes.

use serde_json::{Value, json};

use crate::ids::{HandoffReason, Priority, Stage, Style};

/// The schema of a topic file (draft 2020-12). What needs other files to be judged (does that topic exist?) is left to `check`.
pub fn schema() -> Value {
    let stages: Vec<&str> = Stage::ALL
        .iter()
        .map(|stage| stage.as_str())
        .chain(["any"])
        .collect();
    let priorities: Vec<&str> = Priority::ALL.iter().map(|one| one.as_str()).collect();
    let reasons: Vec<&str> = HandoffReason::ALL.iter().map(|one| one.as_str()).collect();
    let styles: Vec<&str> = Style::ALL.iter().map(|one| one.as_str()).collect();
    let roles = ["talk_to_person", "goodbye", "greeting", "robot", "anger"];
    let kinds = [
        "text", "number", "email", "phone", "postcode", "address", "yes_no", "list",
    ];
    let tag = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$";
    let name = "^[a-z][a-z0-9_-]{0,63}$";
    let one_or_more = json!({"oneOf": [{"$ref": "#/$defs/name"}, {"type": "array", "items": {"$ref": "#/$defs/name"}}]});
    let only = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ventanilla topic",
        "type": "object",
        "required": ["topic", "title", "examples", "steps", "tests"],
        "additionalProperties": false,
        "properties": {
            "topic": {"$ref": "#/$defs/name", "description": "Name of the topic, the same as the file's."},
            "title": {"$ref": "#/$defs/text", "description": "Short text for buttons, 2 to 40 characters."},
            "stage": {"enum": stages, "description": "Stage of the journey."},
            "sensitive": {"type": "boolean", "description": "A person first, with priority; no cheer, no survey."},
            "small_talk": {"type": "boolean", "description": "Neither a success nor a failure."},
            "role": {"enum": roles, "description": "What the engine itself needs to know."},
            "requires": {"$ref": "#/$defs/name", "description": "A check of _calls.yaml that must pass first."},
            "examples": {
                "type": "object",
                "description": "By language: a literal block, one example a line.",
                "patternProperties": {tag: {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
                "additionalProperties": false
            },
            "patterns": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "Regular expressions in single quotes."},
            "floor": {"type": "number", "minimum": 0, "maximum": 1, "description": "Least confidence of an answer with this topic; what is less sure is asked about."},
            "slots": {
                "type": "object",
                "description": "What the topic needs, in the order asked.",
                "patternProperties": {name: {"oneOf": [{"$ref": "#/$defs/slot"}, {"type": "null"}]}},
                "additionalProperties": false
            },
            "steps": {"$ref": "#/$defs/steps", "description": "What is done, in order."},
            "escalate": {"oneOf": [{"type": "null"}, only(json!({
                "after_failures": {"type": "integer", "minimum": 1, "maximum": 5},
                "team": {"$ref": "#/$defs/name"},
                "priority": {"enum": priorities},
                "skills": one_or_more
            }), &[])]},
            "feedback": {"$ref": "#/$defs/name", "description": "Question of feedback.yaml."},
            "owner": {"$ref": "#/$defs/name", "description": "Team that answers for the file."},
            "review_by": {"type": "string", "format": "date", "description": "Day of the next review, YYYY-MM-DD."},
            "note": {"type": "string", "minLength": 1, "description": "For those who write the file; nobody else reads it."},
            "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}, "description": "At least two a language."}
        },
        "$defs": {
            "name": {"type": "string", "pattern": name},
            "words": {"oneOf": [
                {"type": "string", "minLength": 1},
                only(json!({"fast": {"type": "string", "minLength": 1}, "warm": {"type": "string", "minLength": 1}}), &["fast", "warm"])
            ]},
            "text": {"type": "object", "minProperties": 1, "patternProperties": {tag: {"$ref": "#/$defs/words"}}, "additionalProperties": false},
            "slot": only(json!({
                "type": {"enum": kinds},
                "list": {"type": "string"},
                "pattern": {"type": "string"},
                "min": {"type": "number"},
                "max": {"type": "number"},
                "optional": {"type": "boolean"},
                "remember": {"$ref": "#/$defs/name", "description": "Under which name its value is kept for the next visit, where the visitor wants that."},
                "called": {"$ref": "#/$defs/text"},
                "ask": {"$ref": "#/$defs/text"},
                "retry": {"$ref": "#/$defs/text"}
            }), &[]),
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
            "when": only(json!({"site": one_or_more, "style": {"enum": styles}, "known": {"$ref": "#/$defs/name"}}), &[]),
            "choices": {"type": "array", "items": {"oneOf": [
                {"$ref": "#/$defs/name"},
                only(json!({"title": {"$ref": "#/$defs/text"}, "go": {"$ref": "#/$defs/name"}}), &["go"])
            ]}},
            "said": {"oneOf": [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/text"}]},
            "source": {"type": "string", "pattern": "^(media/[A-Za-z0-9._/-]+|https://[A-Za-z0-9.-]+/.*)$", "description": "A file of media/, or https on a host of media_hosts."},
            "ratio": {"type": "string", "pattern": "^[1-9][0-9]?:[1-9][0-9]?$", "description": "Width to height: \"3:2\"."},
            "picture": only(json!({"src": {"$ref": "#/$defs/source"}, "alt": {"$ref": "#/$defs/said"}, "ratio": {"$ref": "#/$defs/ratio"}}), &["src", "alt"]),
            "link": only(json!({"title": {"$ref": "#/$defs/said"}, "url": {"$ref": "#/$defs/said"}}), &["title", "url"]),
            "show": {"oneOf": [
                only(json!({"picture": {"$ref": "#/$defs/picture"}}), &["picture"]),
                only(json!({"link": {"$ref": "#/$defs/link"}}), &["link"]),
                only(json!({"card": only(json!({
                    "title": {"$ref": "#/$defs/said"}, "text": {"$ref": "#/$defs/said"},
                    "picture": {"$ref": "#/$defs/picture"}, "link": {"$ref": "#/$defs/link"}
                }), &["title"])}), &["card"]),
                only(json!({"video": only(json!({
                    "title": {"$ref": "#/$defs/said"}, "src": {"$ref": "#/$defs/source"}, "poster": {"$ref": "#/$defs/source"},
                    "captions": {"type": "object", "minProperties": 1, "patternProperties": {tag: {"$ref": "#/$defs/source"}}, "additionalProperties": false},
                    "ratio": {"$ref": "#/$defs/ratio"}
                }), &["title", "src", "poster", "captions"])}), &["video"]),
                only(json!({"file": only(json!({"name": {"$ref": "#/$defs/said"}, "src": {"$ref": "#/$defs/source"}}), &["name", "src"])}), &["file"]),
                only(json!({"location": only(json!({
                    "name": {"$ref": "#/$defs/said"}, "address": {"$ref": "#/$defs/said"},
                    "lat": {"type": "number", "minimum": -90, "maximum": 90}, "lon": {"type": "number", "minimum": -180, "maximum": 180}
                }), &["name", "address", "lat", "lon"])}), &["location"])
            ]},
            "step": {"oneOf": [
                only(json!({"say": {"$ref": "#/$defs/text"}, "choices": {"$ref": "#/$defs/choices"}, "show": {"oneOf": [
                    {"$ref": "#/$defs/show"}, {"type": "array", "items": {"$ref": "#/$defs/show"}, "maxItems": 4}
                ], "description": "What is shown under the message."}, "when": {"$ref": "#/$defs/when"}}), &["say"]),
                only(json!({"confirm": {"$ref": "#/$defs/text"}, "when": {"$ref": "#/$defs/when"}}), &["confirm"]),
                only(json!({"ask": {"$ref": "#/$defs/name"}, "when": {"$ref": "#/$defs/when"}}), &["ask"]),
                only(json!({
                    "call": {"type": "string"},
                    "case": {"type": "object", "required": ["failed"], "additionalProperties": {"$ref": "#/$defs/steps"}},
                    "when": {"$ref": "#/$defs/when"}
                }), &["call", "case"]),
                only(json!({"go": {"$ref": "#/$defs/name"}, "when": {"$ref": "#/$defs/when"}}), &["go"]),
                only(json!({
                    "escalate": {"oneOf": [{"type": "null"}, only(json!({
                        "team": {"$ref": "#/$defs/name"},
                        "reason": {"enum": reasons},
                        "priority": {"enum": priorities},
                        "skills": one_or_more
                    }), &[])]},
                    "when": {"$ref": "#/$defs/when"}
                }), &["escalate"])
            ]},
            "test": {
                "oneOf": [
                    only(test_properties("expect", name), &["say", "lang", "expect"]),
                    only(test_properties("not", name), &["say", "lang", "not"])
                ]
            }
        }
    })
}

fn test_properties(aim: &str, name: &str) -> Value {
    let mut properties = json!({
        "say": {"type": "string", "minLength": 1},
        "lang": {"type": "string"},
        "slots": {"type": "object", "patternProperties": {name: {"type": "string"}}, "additionalProperties": false}
    });
    properties[aim] = json!({"$ref": "#/$defs/name"});
    properties
}
