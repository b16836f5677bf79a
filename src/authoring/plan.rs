//! From a text and a change to the next operation on the text: what stands there already is left alone.

use super::change::{Choice, Refused, TestRow, TopicChange};
use super::list::{list, same};
use super::outline::{Kind, Node, Style};
use super::path::At;
use super::value::{Op, Value, lines};
use crate::ids::{Lang, Stage, TeamId};
use crate::topics::{TOPIC_KEYS, Wording};

/// The next operation on the way to what a change wants; `None` where it is reached.
pub(super) fn plan(root: &Node, change: &TopicChange) -> Result<Option<Op>, Refused> {
    match change {
        TopicChange::Title { lang, words } => {
            let wording = words.as_ref().map(|words| Wording::Plain(words.clone()));
            worded(root, &At::key("title"), lang, wording.as_ref())
        }
        TopicChange::Words { at, lang, wording } => worded(root, at, lang, wording.as_ref()),
        TopicChange::AddExample { lang, example } => {
            let mut all = examples(root, lang);
            let example = line(example)?;
            if all.contains(&example) {
                return Ok(None);
            }
            all.push(example);
            set_examples(root, lang, &all)
        }
        TopicChange::RemoveExample { lang, example } => {
            let mut all = examples(root, lang);
            all.retain(|known| known != example.trim());
            set_examples(root, lang, &all)
        }
        TopicChange::RewordExample { lang, example, to } => {
            let to = line(to)?;
            let all = examples(root, lang);
            let is_there = all.iter().any(|known| known == example.trim());
            if !is_there {
                return if all.contains(&to) {
                    Ok(None)
                } else {
                    Err(Refused::NotThere(example.clone()))
                };
            }
            let new: Vec<String> = all
                .into_iter()
                .map(|known| {
                    if known == example.trim() {
                        to.clone()
                    } else {
                        known
                    }
                })
                .collect();
            set_examples(root, lang, &new)
        }
        TopicChange::Examples { lang, lines } => set_examples(root, lang, &all_lines(lines)?),
        TopicChange::Choices { at, choices } => {
            let step = root
                .at(at)
                .ok_or_else(|| Refused::NotThere(at.to_string()))?;
            if step.child("say").is_none() {
                return Err(Refused::Unfit(at.then("choices").to_string()));
            }
            let wanted: Vec<Value> = choices.iter().map(choice_value).collect();
            list(root, at, "choices", &wanted)
        }
        TopicChange::AddTest { test } => {
            let wanted = test_value(test)?;
            let tests = root.child("tests").map(Node::items).unwrap_or_default();
            if tests.iter().any(|known| same(&known.value(), &wanted)) {
                return Ok(None);
            }
            let mut all: Vec<Value> = tests.iter().map(Node::value).collect();
            all.push(wanted);
            list(root, &At::default(), "tests", &all)
        }
        TopicChange::RemoveTest { test } => {
            let gone = test_value(test)?;
            let tests = root.child("tests").map(Node::items).unwrap_or_default();
            let all: Vec<Value> = tests
                .iter()
                .map(Node::value)
                .filter(|known| !same(known, &gone))
                .collect();
            list(root, &At::default(), "tests", &all)
        }
        TopicChange::Tests { tests } => {
            let wanted = tests
                .iter()
                .map(test_value)
                .collect::<Result<Vec<_>, _>>()?;
            list(root, &At::default(), "tests", &wanted)
        }
        TopicChange::Patterns { patterns } => {
            let wanted: Vec<Value> = patterns
                .iter()
                .map(|text| Value::text(text.trim()))
                .collect();
            list(root, &At::default(), "patterns", &wanted)
        }
        TopicChange::Stage { stage } => word(root, "stage", stage.map(Stage::as_str), Some("any")),
        TopicChange::Owner { owner } => {
            word(root, "owner", owner.as_ref().map(TeamId::as_str), None)
        }
        TopicChange::ReviewBy { review_by } => word(root, "review_by", review_by.as_deref(), None),
        TopicChange::Note { note } => word(root, "note", note.as_deref(), None),
        TopicChange::Lines { key, lines } => {
            let lines = all_lines(lines)?;
            set_lines(root, &At::default(), key.as_str(), &lines)
        }
    }
}

/// A single word at the top; what is left out means `default`.
fn word(
    root: &Node,
    key: &str,
    wanted: Option<&str>,
    default: Option<&str>,
) -> Result<Option<Op>, Refused> {
    let node = root.child(key);
    let known = node.and_then(Node::text).map(str::trim);
    if known.or(default) == wanted.or(default) {
        return Ok(None);
    }
    let at = At::key(key);
    Ok(Some(match (node, wanted) {
        (Some(_), Some(word)) => Op::Set {
            at,
            value: Value::text(word),
        },
        (Some(_), None) => Op::Remove { at },
        (None, Some(word)) => at_the_top(root, key, Value::text(word)),
        (None, None) => return Ok(None),
    }))
}

/// A key of the file, at its usual place: behind the last of those that are usually written before it.
pub(super) fn at_the_top(root: &Node, key: &str, value: Value) -> Op {
    let rank = |key: &str| TOPIC_KEYS.iter().position(|known| *known == key);
    let own = rank(key);
    let index = root
        .entries()
        .iter()
        .rposition(|(known, _)| rank(&known.text) < own)
        .map_or(0, |before| before + 1);
    Op::Insert {
        map: At::default(),
        index,
        key: key.to_owned(),
        value,
    }
}

/// A line of examples: something, and on one line.
pub(super) fn line(text: &str) -> Result<String, Refused> {
    let line = text.trim();
    if line.is_empty() || line.contains(['\n', '\r']) || line.contains(char::is_control) {
        return Err(Refused::Unfit(text.to_owned()));
    }
    Ok(line.to_owned())
}

/// Lines as somebody typed them: the empty ones go.
fn all_lines(lines: &[String]) -> Result<Vec<String>, Refused> {
    let said = lines.iter().filter(|text| !text.trim().is_empty());
    said.map(|text| line(text)).collect()
}

/// The examples of a language as they stand.
pub(super) fn examples(root: &Node, lang: &Lang) -> Vec<String> {
    let all = root.child("examples");
    lines_of(all.and_then(|examples| examples.child(lang.as_str())))
}

/// Lines as they stand: a block with one a line, or a list.
pub(super) fn lines_of(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| (&node.kind, node)) {
        Some((Kind::Scalar { text, .. }, _)) => lines(text).map(str::to_owned).collect(),
        Some((Kind::List { items, .. }, _)) => items
            .iter()
            .filter_map(|item| item.text())
            .map(|text| text.trim().to_owned())
            .collect(),
        Some((Kind::Nothing | Kind::Map { .. }, _)) | None => Vec::new(),
    }
}

fn set_examples(root: &Node, lang: &Lang, wanted: &[String]) -> Result<Option<Op>, Refused> {
    if examples(root, lang) == wanted {
        return Ok(None);
    }
    if root.child("examples").is_none() {
        let entries = vec![(lang.to_string(), block(wanted))];
        return Ok(Some(at_the_top(root, "examples", Value::Map(entries))));
    }
    set_lines(root, &At::key("examples"), lang.as_str(), wanted)
}

fn block(lines: &[String]) -> Value {
    Value::Text(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// The lines under a key of a map that is there.
fn set_lines(
    root: &Node,
    around: &At,
    key: &str,
    wanted: &[String],
) -> Result<Option<Op>, Refused> {
    let map = root
        .at(around)
        .ok_or_else(|| Refused::NotThere(around.to_string()))?;
    let known = map.child(key);
    if lines_of(known) == wanted {
        return Ok(None);
    }
    let at = around.then(key);
    let Some(node) = known else {
        return Ok(Some(Op::Insert {
            map: around.clone(),
            index: map.entries().len(),
            key: key.to_owned(),
            value: block(wanted),
        }));
    };
    if wanted.is_empty() {
        return Ok(Some(Op::Remove { at }));
    }
    match &node.kind {
        Kind::Scalar {
            style: Style::Literal,
            ..
        } => Ok(Some(Op::Lines {
            at,
            lines: wanted.to_vec(),
        })),
        Kind::List { .. } => {
            let wanted: Vec<Value> = wanted.iter().map(Value::text).collect();
            list(root, around, key, &wanted)
        }
        Kind::Nothing | Kind::Scalar { .. } | Kind::Map { .. } => {
            Err(Refused::ByHand(at.to_string()))
        }
    }
}

/// A text by language: the words of one of them.
fn worded(
    root: &Node,
    at: &At,
    lang: &Lang,
    wanted: Option<&Wording>,
) -> Result<Option<Op>, Refused> {
    let gone = || Refused::NotThere(at.to_string());
    let node = root.at(at).ok_or_else(gone)?;
    let own = at.then(lang);
    let known = node.child(lang.as_str());
    let Some(wanted) = wanted else {
        return Ok(known.map(|_| Op::Remove { at: own }));
    };
    let trimmed = wording_value(wanted);
    let Some(known) = known else {
        return Ok(Some(Op::Insert {
            map: at.clone(),
            index: node.entries().len(),
            key: lang.to_string(),
            value: trimmed,
        }));
    };
    Ok(match (&trimmed, &known.kind) {
        (Value::Text(text), Kind::Scalar { .. }) => set_text(known, own, text),
        (Value::Map(entries), Kind::Map { .. }) => {
            let mut next = None;
            for (style, value) in entries {
                let Value::Text(text) = value else { continue };
                let at = own.then(style);
                next = match known.child(style) {
                    Some(node) => set_text(node, at, text),
                    None => Some(Op::Insert {
                        map: own.clone(),
                        index: known.entries().len(),
                        key: style.clone(),
                        value: value.clone(),
                    }),
                };
                if next.is_some() {
                    break;
                }
            }
            next
        }
        _ => Some(Op::Set {
            at: own,
            value: trimmed,
        }),
    })
}

/// A sentence in place of another; texts are read without the white space around them, so that a block keeps its last line break.
fn set_text(node: &Node, at: At, wanted: &str) -> Option<Op> {
    let known = node.text().unwrap_or_default();
    if known.trim() == wanted {
        return None;
    }
    let is_block = matches!(
        node.kind,
        Kind::Scalar {
            style: Style::Literal,
            ..
        }
    ) && known.ends_with('\n');
    let value = if is_block {
        Value::Text(format!("{wanted}\n"))
    } else {
        Value::text(wanted)
    };
    Some(Op::Set { at, value })
}

fn wording_value(wording: &Wording) -> Value {
    match wording {
        Wording::Plain(words) => Value::text(words.trim()),
        Wording::Styled { fast, warm } => Value::map([
            ("fast", Value::text(fast.trim())),
            ("warm", Value::text(warm.trim())),
        ]),
    }
}

fn choice_value(choice: &Choice) -> Value {
    if choice.title.is_empty() {
        return Value::text(choice.go.as_str());
    }
    let title = choice
        .title
        .iter()
        .map(|(lang, wording)| (lang.to_string(), wording_value(wording)))
        .collect();
    Value::map([
        ("title", Value::Map(title)),
        ("go", Value::text(choice.go.as_str())),
    ])
}

fn test_value(test: &TestRow) -> Result<Value, Refused> {
    let mut entries = vec![
        ("say".to_owned(), Value::text(line(&test.say)?)),
        ("lang".to_owned(), Value::text(test.lang.as_str())),
    ];
    for (key, aim) in [("expect", &test.expect), ("not", &test.not)] {
        if let Some(aim) = aim {
            entries.push((key.to_owned(), Value::text(aim)));
        }
    }
    if !test.slots.is_empty() {
        let slots = test
            .slots
            .iter()
            .map(|(name, value)| (name.to_string(), Value::text(value)))
            .collect();
        entries.push(("slots".to_owned(), Value::Map(slots)));
    }
    Ok(Value::Map(entries))
}
