//! The text of a new topic, with comments that tell whoever opens the file what stands where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::path::{NoTopicPath, TopicPath};
use super::value::Value;
use super::write;
use crate::ids::{Lang, TeamId, TopicId};

/// What a new topic begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTopic {
    /// Its name, and its file's.
    pub topic: TopicId,
    /// Folder below that of the topic files; empty: that one itself.
    #[serde(default)]
    pub folder: String,
    /// Words of its button, by language.
    pub title: BTreeMap<Lang, String>,
    /// First examples by language.
    #[serde(default)]
    pub examples: BTreeMap<Lang, Vec<String>>,
    /// What is answered, by language.
    pub answer: BTreeMap<Lang, String>,
    /// Buttons under the answer.
    #[serde(default)]
    pub choices: Vec<TopicId>,
    /// Whether a person takes over after the answer.
    #[serde(default)]
    pub handoff: bool,
    /// Team that answers for it.
    #[serde(default)]
    pub owner: Option<TeamId>,
    /// Day of its first review.
    #[serde(default)]
    pub review_by: Option<String>,
}

/// Path and text of a new topic's file.
///
/// # Errors
/// When the folder leads nowhere that topic files may be.
pub fn topic(new: &NewTopic) -> Result<(TopicPath, String), NoTopicPath> {
    let folder = new.folder.trim().trim_matches('/');
    let path = match folder {
        "" => format!("{}.yaml", new.topic),
        folder => format!("{folder}/{}.yaml", new.topic),
    };
    let path: TopicPath = path.parse()?;
    let by_lang = |words: &BTreeMap<Lang, String>| {
        let words = words.iter();
        Value::Map(
            words
                .map(|(lang, words)| (lang.to_string(), Value::text(words.trim())))
                .collect(),
        )
    };
    let mut text = format!(
        "topic: {}\ntitle: {}\nstage: any\nexamples:\n",
        new.topic,
        write::flow(&by_lang(&new.title))
    );
    for (lang, lines) in &new.examples {
        let lines: Vec<&str> = lines
            .iter()
            .flat_map(|line| line.lines())
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        if lines.is_empty() {
            continue;
        }
        text.push_str(&format!("  {lang}: |\n"));
        for line in lines {
            text.push_str(&format!("    {line}\n"));
        }
    }
    if text.ends_with("examples:\n") {
        text.truncate(text.len() - "\n".len());
        text.push_str(" {}\n");
    }
    text.push_str(&format!(
        "steps:\n  - say: {}\n",
        write::flow(&by_lang(&new.answer))
    ));
    if !new.choices.is_empty() {
        let choices = new.choices.iter().map(|go| Value::text(go.as_str()));
        let choices = Value::List(choices.collect());
        text.push_str(&format!("    choices: {}\n", write::flow(&choices)));
    }
    if new.handoff {
        let team = new.owner.as_ref().map_or("default", TeamId::as_str);
        text.push_str(&format!("  - escalate: {{team: {team}}}\n"));
    }
    if let Some(owner) = &new.owner {
        text.push_str(&format!("owner: {owner}\n"));
    }
    if let Some(day) = &new.review_by {
        text.push_str(&format!("review_by: {}\n", write::flow(&Value::text(day))));
    }
    text.push_str("tests: []\n");
    Ok((path, text))
}
