//! A topic file as a form shows it, and the changes between two states of the form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::{Choice, Refused, TestRow, TopicChange};
use super::outline::{self, Node};
use super::path::At;
use super::plan;
use crate::ids::{Lang, Stage, TeamId, TopicId};
use crate::topics::Wording;

/// Words by language or region.
pub type Worded = BTreeMap<Lang, Wording>;

/// What a form shows of a topic file. What it does not show (calls, slots' rules, escalation) stays as the file has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicForm {
    /// The topic's name; it is the file's, and does not change.
    pub topic: String,
    /// Words of its button.
    pub title: Worded,
    /// Stage of the journey; `None` is `any`.
    pub stage: Option<Stage>,
    /// Examples by language.
    pub examples: BTreeMap<Lang, Lines>,
    /// Regular expressions.
    pub patterns: Vec<String>,
    /// Every text that people read but the title, in the order of the file.
    pub texts: Vec<Box>,
    /// Team that answers for the file.
    pub owner: Option<TeamId>,
    /// Day of the next review.
    pub review_by: Option<String>,
    /// What those who write the file tell each other.
    #[serde(default)]
    pub note: Option<String>,
    /// Names of its slots, which its answers may cite; they are not changed here.
    #[serde(default)]
    pub slots: Vec<String>,
    /// Tests.
    pub tests: Vec<TestRow>,
}

/// Lines, one sentence each.
pub type Lines = Vec<String>;

/// A text of the file with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Box {
    /// Where it stands: `steps/0/say`, `slots/item/ask`.
    pub at: At,
    /// What it is: `say`, `confirm`, `ask`, `retry`, `called`.
    pub kind: String,
    /// The way to it, for people: the calls with their cases, or the slot.
    pub trail: Vec<String>,
    /// Where the step applies, as written; empty: everywhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// The words.
    pub words: Worded,
    /// Buttons, where it can have some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Choice>>,
}

/// What a form shows of a text.
///
/// # Errors
/// `Unreadable`, and `ByHand` for a file that is no topic's.
pub fn read(source: &str) -> Result<TopicForm, Refused> {
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    let root = outline::read(body).ok_or(Refused::Unreadable)?;
    let topic = root
        .child("topic")
        .and_then(Node::text)
        .ok_or_else(|| Refused::ByHand("topic".to_owned()))?;
    let word = |key: &str| root.child(key).and_then(Node::text).map(str::trim);
    let mut examples = BTreeMap::new();
    for (key, _) in root
        .child("examples")
        .map(Node::entries)
        .unwrap_or_default()
    {
        if let Ok(lang) = key.text.parse::<Lang>() {
            let lines = plan::examples(&root, &lang);
            examples.insert(lang, lines);
        }
    }
    let mut texts = Vec::new();
    for (key, slot) in root.child("slots").map(Node::entries).unwrap_or_default() {
        for kind in ["called", "ask", "retry"] {
            if let Some(node) = slot.child(kind) {
                texts.push(Box {
                    at: At::key("slots").then(&key.text).then(kind),
                    kind: kind.to_owned(),
                    trail: vec![key.text.clone()],
                    when: String::new(),
                    words: worded(node),
                    choices: None,
                });
            }
        }
    }
    if let Some(steps) = root.child("steps") {
        walk(steps, &At::key("steps"), &[], &mut texts);
    }
    let tests = root.child("tests").map(Node::items).unwrap_or_default();
    let patterns = root.child("patterns").map(Node::items).unwrap_or_default();
    Ok(TopicForm {
        topic: topic.trim().to_owned(),
        title: root.child("title").map(worded).unwrap_or_default(),
        stage: word("stage").and_then(|text| {
            Stage::ALL
                .iter()
                .find(|stage| stage.as_str() == text)
                .copied()
        }),
        examples,
        patterns: patterns
            .iter()
            .filter_map(Node::text)
            .map(str::to_owned)
            .collect(),
        texts,
        owner: word("owner").and_then(|text| text.parse().ok()),
        review_by: word("review_by").map(str::to_owned),
        note: word("note").map(str::to_owned),
        slots: root
            .child("slots")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|(key, _)| key.text.clone())
            .collect(),
        tests: tests.iter().filter_map(test).collect(),
    })
}

/// Deepest steps within cases that are shown; `topics` refuses deeper files.
const DEPTH: usize = 24;

fn walk(steps: &Node, at: &At, trail: &[String], texts: &mut Vec<Box>) {
    if trail.len() > DEPTH {
        return;
    }
    for (index, step) in steps.items().iter().enumerate() {
        let at = at.then(&index);
        let when = step.child("when").map(shown).unwrap_or_default();
        for kind in ["say", "confirm"] {
            if let Some(node) = step.child(kind) {
                let choices = (kind == "say").then(|| {
                    step.child("choices")
                        .map(Node::items)
                        .unwrap_or_default()
                        .iter()
                        .filter_map(choice)
                        .collect()
                });
                texts.push(Box {
                    at: at.then(kind),
                    kind: kind.to_owned(),
                    trail: trail.to_vec(),
                    when: when.clone(),
                    words: worded(node),
                    choices,
                });
            }
        }
        if let Some(node) = step.child("show") {
            // One thing, or a list of them.
            let at = at.then("show");
            let items = node.items();
            for (index, item) in items.iter().enumerate() {
                exhibits(item, &at.then(&index), (trail, &when), texts);
            }
            if items.is_empty() {
                exhibits(node, &at, (trail, &when), texts);
            }
        }
        let call = step.child("call").and_then(Node::text).unwrap_or_default();
        for (case, steps) in step.child("case").map(Node::entries).unwrap_or_default() {
            let mut trail = trail.to_vec();
            trail.push(format!("{call} = {}", case.text));
            walk(steps, &at.then("case").then(&case.text), &trail, texts);
        }
    }
}

/// What people read of something that is shown: whatever is worded by language, at any depth.
fn exhibits(node: &Node, at: &At, (trail, when): (&[String], &str), texts: &mut Vec<Box>) {
    for (key, inside) in node.entries() {
        let at = at.then(&key.text);
        if !EXHIBIT_WORDS.contains(&key.text.as_str()) {
            exhibits(inside, &at, (trail, when), texts);
            continue;
        }
        let words = worded(inside);
        if !words.is_empty() {
            texts.push(Box {
                at,
                kind: key.text.clone(),
                trail: trail.to_vec(),
                when: when.to_owned(),
                words,
                choices: None,
            });
        }
    }
}

/// Keys of what people read in something that is shown.
const EXHIBIT_WORDS: [&str; 5] = ["alt", "title", "text", "name", "address"];

/// `site: ar, style: fast`.
fn shown(when: &Node) -> String {
    let word = |node: &Node| match node.text() {
        Some(text) => text.to_owned(),
        None => {
            let words: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
            words.join(", ")
        }
    };
    let parts: Vec<String> = when
        .entries()
        .iter()
        .map(|(key, node)| format!("{}: {}", key.text, word(node)))
        .collect();
    parts.join("; ")
}

fn worded(node: &Node) -> Worded {
    let mut words = Worded::new();
    for (key, node) in node.entries() {
        let Ok(lang) = key.text.parse::<Lang>() else {
            continue;
        };
        let style = |style| node.child(style).and_then(Node::text).map(str::trim);
        let wording = match (node.text(), style("fast"), style("warm")) {
            (Some(text), ..) => Wording::Plain(text.trim().to_owned()),
            (None, None, None) => continue,
            (None, fast, warm) => Wording::Styled {
                fast: fast.unwrap_or_default().to_owned(),
                warm: warm.unwrap_or_default().to_owned(),
            },
        };
        words.insert(lang, wording);
    }
    words
}

fn choice(node: &Node) -> Option<Choice> {
    let go = node.text().or_else(|| node.child("go")?.text())?;
    let go: TopicId = go.trim().parse().ok()?;
    let title = node.child("title").map(worded).unwrap_or_default();
    Some(Choice { go, title })
}

fn test(node: &Node) -> Option<TestRow> {
    let word = |key: &str| node.child(key).and_then(Node::text).map(str::trim);
    let slots = node.child("slots").map(Node::entries).unwrap_or_default();
    Some(TestRow {
        say: word("say")?.to_owned(),
        lang: word("lang")?.parse().ok()?,
        expect: word("expect").map(str::to_owned),
        not: word("not").map(str::to_owned),
        slots: slots
            .iter()
            .filter_map(|(key, node)| {
                Some((key.text.parse().ok()?, node.text()?.trim().to_owned()))
            })
            .collect(),
    })
}

/// What somebody changed in a form. The places of texts are those of `before`; a text that only one of them has is left alone.
pub fn changes(before: &TopicForm, after: &TopicForm) -> Vec<TopicChange> {
    let mut changes = Vec::new();
    for (lang, wording) in differing(&before.title, &after.title) {
        changes.push(TopicChange::Words {
            at: At::key("title"),
            lang,
            wording,
        });
    }
    if before.stage != after.stage {
        let stage = after.stage;
        changes.push(TopicChange::Stage { stage });
    }
    let none = Lines::new();
    for lang in before.examples.keys().chain(after.examples.keys()) {
        let lines = after.examples.get(lang).unwrap_or(&none);
        let known = before.examples.get(lang);
        let is_told = changes.iter().any(
            |change| matches!(change, TopicChange::Examples { lang: told, .. } if told == lang),
        );
        if known.unwrap_or(&none) != lines && !is_told {
            changes.push(TopicChange::Examples {
                lang: lang.clone(),
                lines: lines.clone(),
            });
        }
    }
    if before.patterns != after.patterns {
        let patterns = after
            .patterns
            .iter()
            .filter(|pattern| !pattern.trim().is_empty())
            .cloned()
            .collect();
        changes.push(TopicChange::Patterns { patterns });
    }
    for text in &after.texts {
        let Some(known) = before.texts.iter().find(|known| known.at == text.at) else {
            continue;
        };
        for (lang, wording) in differing(&known.words, &text.words) {
            changes.push(TopicChange::Words {
                at: text.at.clone(),
                lang,
                wording,
            });
        }
        if let (Some(known), Some(choices)) = (&known.choices, &text.choices)
            && known != choices
            && let Some((step, _)) = text.at.split()
        {
            changes.push(TopicChange::Choices {
                at: step,
                choices: choices.clone(),
            });
        }
    }
    if before.owner != after.owner {
        let owner = after.owner.clone();
        changes.push(TopicChange::Owner { owner });
    }
    if before.review_by != after.review_by {
        let review_by = after.review_by.clone().filter(|day| !day.trim().is_empty());
        changes.push(TopicChange::ReviewBy { review_by });
    }
    let note = |form: &TopicForm| {
        let note = form.note.as_deref().map(str::trim);
        note.filter(|note| !note.is_empty()).map(str::to_owned)
    };
    if note(before) != note(after) {
        changes.push(TopicChange::Note { note: note(after) });
    }
    if before.tests != after.tests {
        let tests = after
            .tests
            .iter()
            .filter(|test| !test.say.trim().is_empty())
            .cloned()
            .collect();
        changes.push(TopicChange::Tests { tests });
    }
    changes
}

/// Languages whose words differ, with the new ones; empty words take the language away.
fn differing(before: &Worded, after: &Worded) -> Vec<(Lang, Option<Wording>)> {
    let is_empty = |wording: &Wording| {
        wording
            .variants()
            .iter()
            .all(|words| words.trim().is_empty())
    };
    let mut found: Vec<(Lang, Option<Wording>)> = Vec::new();
    for (lang, wording) in after {
        let new = (!is_empty(wording)).then(|| wording.clone());
        if before.get(lang) != new.as_ref() {
            found.push((lang.clone(), new));
        }
    }
    for lang in before.keys().filter(|lang| !after.contains_key(*lang)) {
        found.push((lang.clone(), None));
    }
    found
}
