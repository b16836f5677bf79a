//! Changes of a topic file as people mean them, and their way into the text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::outline::{self, Node};
use super::path::At;
use super::plan::plan;
use super::splice::splice;
use super::value::{Op, Value, lines};
use crate::ids::{Lang, SlotName, Stage, TeamId, TopicId};
use crate::topics::{Bilingual, Wording};

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
    /// What those who write the file tell each other.
    Note {
        /// The note.
        note: Option<String>,
    },
    /// All lines of one of the lists of `_not_ours.yaml`; lines that stay are not touched. Without any the key goes.
    Lines {
        /// Which list.
        key: LinesKey,
        /// The lines.
        lines: Vec<String>,
    },
}

/// A list of lines at the top of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinesKey {
    /// Names of other companies.
    Companies,
    /// Things that are never ours.
    Things,
}

impl LinesKey {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Things => "things",
        }
    }
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
