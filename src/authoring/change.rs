//! Changes of a topic file as people mean them, and their way into the text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::outline::{self, Kind, Node, Style};
use super::path::At;
use super::splice::{pairs, splice};
use super::value::{Op, Value, lines};
use crate::ids::{Lang, SlotName, Stage, TeamId, TopicId};
use crate::topics::{Bilingual, Wording};

/// The keys of a topic file in the order in which they are usually written.
const ORDER: [&str; 17] = [
    "topic",
    "title",
    "stage",
    "sensitive",
    "small_talk",
    "role",
    "requires",
    "examples",
    "patterns",
    "floor",
    "slots",
    "steps",
    "escalate",
    "feedback",
    "owner",
    "review_by",
    "tests",
];

/// One change of a topic file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum TopicChange {
    /// The title in a language; `None` takes the language away.
    Title {
        /// Language or region.
        lang: Lang,
        /// The words.
        words: Option<String>,
    },
    /// A further example, at the end of its language's.
    AddExample {
        /// Language.
        lang: Lang,
        /// The line.
        example: String,
    },
    /// An example less.
    RemoveExample {
        /// Language.
        lang: Lang,
        /// The line as it stands.
        example: String,
    },
    /// An example in other words.
    RewordExample {
        /// Language.
        lang: Lang,
        /// The line as it stands.
        example: String,
        /// The line as it should be.
        to: String,
    },
    /// All examples of a language; lines that stay are not touched. Without any the language goes.
    Examples {
        /// Language.
        lang: Lang,
        /// The lines.
        lines: Vec<String>,
    },
    /// A text that people read, in a language or region; `None` takes that away.
    Words {
        /// Where the text by language stands: `steps/0/say`.
        at: At,
        /// Language or region.
        lang: Lang,
        /// The words, in one or both styles.
        wording: Option<Wording>,
    },
    /// The buttons under an answer; none takes them all away.
    Choices {
        /// Where the step stands: `steps/0`.
        at: At,
        /// The buttons.
        choices: Vec<Choice>,
    },
    /// A further test, at the end.
    AddTest {
        /// The test.
        test: TestRow,
    },
    /// A test less.
    RemoveTest {
        /// The test as it stands.
        test: TestRow,
    },
    /// All tests; those that stay are not touched.
    Tests {
        /// The tests.
        tests: Vec<TestRow>,
    },
    /// All patterns; those that stay are not touched. Without any the key goes.
    Patterns {
        /// Regular expressions.
        patterns: Vec<String>,
    },
    /// Stage of the journey; `None` is `any`.
    Stage {
        /// The stage.
        stage: Option<Stage>,
    },
    /// The team that answers for the file.
    Owner {
        /// The team.
        owner: Option<TeamId>,
    },
    /// Day of the next review, `YYYY-MM-DD`.
    ReviewBy {
        /// The day.
        review_by: Option<String>,
    },
}

/// A button: a topic, with words of its own where it has some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The topic it leads to.
    pub go: TopicId,
    /// Its label by language; the topic's title when empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub title: BTreeMap<Lang, Wording>,
}

/// A test of a topic file, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRow {
    /// What the visitor writes.
    pub say: String,
    /// In which language.
    pub lang: Lang,
    /// The topic that must come out, or `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    /// The topic that must not come out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<String>,
    /// Slots that must be found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: BTreeMap<SlotName, String>,
}

/// Why a change was not written into the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The text is no YAML that topic files may be.
    #[error("the file cannot be read as it stands: put it right as text first")]
    Unreadable,
    /// What should be changed is not there.
    #[error("{0} is not in the file")]
    NotThere(String),
    /// It would not be what it should be: an example with a line break.
    #[error("{0} cannot be written there")]
    Unfit(String),
    /// It is written in a way that only people can change.
    #[error("{0} is written in a way that the form cannot change safely: edit it as text")]
    ByHand(String),
}

impl Refused {
    /// Its name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotThere(_) => "not_there",
            Self::Unfit(_) => "unfit",
            Self::ByHand(_) => "by_hand",
        }
    }

    /// What to tell the author.
    pub fn told(&self) -> Bilingual {
        let es = match self {
            Self::Unreadable => {
                "El archivo no se puede leer tal como está: primero hay que corregirlo como texto."
                    .to_owned()
            }
            Self::NotThere(what) => format!("`{what}` no está en el archivo."),
            Self::Unfit(what) => format!("`{what}` no se puede escribir ahí."),
            Self::ByHand(what) => format!(
                "`{what}` está escrito de un modo que el formulario no puede cambiar sin riesgo: se edita como texto."
            ),
        };
        let en = match self {
            Self::Unreadable => {
                "The file cannot be read as it stands: put it right as text first.".to_owned()
            }
            Self::NotThere(what) => format!("`{what}` is not in the file."),
            Self::Unfit(what) => format!("`{what}` cannot be written there."),
            Self::ByHand(what) => format!(
                "`{what}` is written in a way that the form cannot change safely: edit it as text."
            ),
        };
        Bilingual { es, en }
    }
}

/// The text of a file with a change; everything else in it stays byte by byte.
///
/// # Errors
/// See [`Refused`]; the text is then as it was.
pub fn apply(source: &str, change: &TopicChange) -> Result<String, Refused> {
    let (mark, body) = match source.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", source),
    };
    let mut text = body.to_owned();
    // Each operation is planned on what the one before it has left.
    for step in 0.. {
        let root = outline::read(&text).ok_or(Refused::Unreadable)?;
        let Some(op) = plan(&root, change)? else {
            break;
        };
        if step > OPS_MAX {
            return Err(Refused::ByHand(place(&op).to_string()));
        }
        text = carried_out(&text, &root, &op)?;
    }
    Ok(format!("{mark}{text}"))
}

/// Several changes, one after the other, all or none.
///
/// # Errors
/// Of the first that is refused.
pub fn apply_all(source: &str, changes: &[TopicChange]) -> Result<String, Refused> {
    changes
        .iter()
        .try_fold(source.to_owned(), |text, change| apply(&text, change))
}

/// More operations than the longest list of tests needs: a plan that does not come to its end is a fault of ours.
const OPS_MAX: usize = 5_000;

/// One operation on the text, read again: it must say what it said, but for that.
fn carried_out(text: &str, root: &Node, op: &Op) -> Result<String, Refused> {
    let by_hand = || Refused::ByHand(place(op).to_string());
    let written = splice(text, root, op).ok_or_else(by_hand)?;
    let mut wanted = root.value();
    op.on(&mut wanted)
        .ok_or_else(|| Refused::NotThere(place(op).to_string()))?;
    let mut found = outline::read(&written).ok_or_else(by_hand)?.value();
    if let Some(at) = op.is_lines() {
        for value in [wanted.at(at), found.at(at)].into_iter().flatten() {
            if let Value::Text(text) = value {
                *text = lines(text).collect::<Vec<_>>().join("\n");
            }
        }
    }
    if wanted == found {
        Ok(written)
    } else {
        Err(by_hand())
    }
}

fn place(op: &Op) -> At {
    match op {
        Op::Set { at, .. } | Op::Remove { at } | Op::Lines { at, .. } => at.clone(),
        Op::Insert { map, key, .. } => map.then(key),
        Op::Push { list, index, .. } => list.then(&index),
    }
}

/// The next operation on the way to what a change wants; `None` where it is reached.
fn plan(root: &Node, change: &TopicChange) -> Result<Option<Op>, Refused> {
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
        TopicChange::Examples { lang, lines } => {
            let lines = lines
                .iter()
                .filter(|text| !text.trim().is_empty())
                .map(|text| line(text))
                .collect::<Result<Vec<_>, _>>()?;
            set_examples(root, lang, &lines)
        }
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
fn at_the_top(root: &Node, key: &str, value: Value) -> Op {
    let rank = |key: &str| ORDER.iter().position(|known| *known == key);
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

/// The examples of a language as they stand.
pub(super) fn examples(root: &Node, lang: &Lang) -> Vec<String> {
    let node = root
        .child("examples")
        .and_then(|examples| examples.child(lang.as_str()));
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
    let around = At::key("examples");
    let at = around.then(lang);
    let block = || Value::Text(wanted.iter().map(|line| format!("{line}\n")).collect());
    let Some(all) = root.child("examples") else {
        let entries = vec![(lang.to_string(), block())];
        return Ok(Some(at_the_top(root, "examples", Value::Map(entries))));
    };
    let Some(node) = all.child(lang.as_str()) else {
        return Ok(Some(Op::Insert {
            map: around,
            index: all.entries().len(),
            key: lang.to_string(),
            value: block(),
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
            list(root, &around, lang.as_str(), &wanted)
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

/// Whether two values say the same: keys in any order, texts without white space around them.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.trim() == b.trim(),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.iter()
                        .any(|(other, known)| other == key && same(value, known))
                })
        }
        (a, b) => a == b,
    }
}

/// A value that is compared as [`same`] compares.
struct Alike<'v>(&'v Value);

impl PartialEq for Alike<'_> {
    fn eq(&self, other: &Self) -> bool {
        same(self.0, other.0)
    }
}

/// The next operation on the way from a list to another: first what goes, then what comes.
fn list(root: &Node, around: &At, key: &str, wanted: &[Value]) -> Result<Option<Op>, Refused> {
    let at = around.then(key);
    let node = root
        .at(around)
        .ok_or_else(|| Refused::NotThere(around.to_string()))?;
    let Some(known) = node.child(key) else {
        if wanted.is_empty() {
            return Ok(None);
        }
        let value = Value::List(wanted.to_vec());
        return Ok(Some(if around.parts().is_empty() {
            at_the_top(root, key, value)
        } else {
            Op::Insert {
                map: around.clone(),
                index: node.entries().len(),
                key: key.to_owned(),
                value,
            }
        }));
    };
    // `tests:` must be there, be it empty; the others go.
    if wanted.is_empty() && key != "tests" {
        return Ok(Some(Op::Remove { at }));
    }
    let items = match &known.kind {
        Kind::List { items, .. } => items,
        Kind::Nothing if wanted.is_empty() => return Ok(None),
        Kind::Nothing => {
            let value = Value::List(wanted.to_vec());
            return Ok(Some(Op::Set { at, value }));
        }
        Kind::Scalar { .. } | Kind::Map { .. } => return Err(Refused::ByHand(at.to_string())),
    };
    let old: Vec<Value> = items.iter().map(Node::value).collect();
    let (old, new): (Vec<_>, Vec<_>) = (
        old.iter().map(Alike).collect(),
        wanted.iter().map(Alike).collect(),
    );
    let kept = pairs(&old, &new);
    // An item that stands where another was, with the same neighbours, is that one reworded: it keeps its line.
    let gone = (0..old.len()).find(|index| kept.iter().all(|(old, _)| old != index));
    let come = (0..new.len()).find(|index| kept.iter().all(|(_, new)| new != index));
    Ok(match (gone, come) {
        (None, None) => None,
        (Some(gone), Some(come)) if gone == come => Some(reworded(known, &at, gone, wanted)),
        (_, Some(come)) => {
            let before = kept.iter().rev().find(|(_, new)| *new < come);
            Some(Op::Push {
                list: at,
                index: before.map_or(0, |(old, _)| old + 1),
                value: wanted.get(come).cloned().unwrap_or(Value::Nothing),
            })
        }
        (Some(gone), None) => Some(Op::Remove { at: at.then(&gone) }),
    })
}

/// An item in other words: of a test only what differs.
fn reworded(list: &Node, at: &At, index: usize, wanted: &[Value]) -> Op {
    let at = at.then(&index);
    let wanted = wanted.get(index).cloned().unwrap_or(Value::Nothing);
    let known = list.items().get(index).map(Node::value);
    if let (Some(Value::Map(known)), Value::Map(new)) = (&known, &wanted)
        && known.len() == new.len()
        && new
            .iter()
            .all(|(key, _)| known.iter().any(|(other, _)| other == key))
    {
        let differs = new.iter().find(|(key, value)| {
            known
                .iter()
                .any(|(other, known)| other == key && !same(value, known))
        });
        if let Some((key, value)) = differs {
            return Op::Set {
                at: at.then(key),
                value: value.clone(),
            };
        }
    }
    Op::Set { at, value: wanted }
}
