//! The text of a new topic, and of the file of sentences that are none of ours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::{self, Refused, TopicChange};
use super::path::{BadPath, FilePath};
use super::plan;
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

/// How the file of such sentences begins.
const NOT_OURS: &str =
    "# What people ask us that is not for us to answer, by language; one sentence a line.\n";

/// The file of sentences that are none of the company's business, with more of them; `None`: there is no such file yet. It has the shape of a
/// topic's examples, and a sentence that it holds already is not written twice.
///
/// # Errors
/// See [`Refused`].
pub fn with_not_ours(
    known: Option<&str>,
    lines: &BTreeMap<Lang, Vec<String>>,
) -> Result<String, Refused> {
    let mut more = lines
        .iter()
        .flat_map(|(lang, lines)| lines.iter().map(move |line| (lang, line)));
    let begun = match known.filter(|text| !text.trim().is_empty()) {
        Some(text) => text.to_owned(),
        None => {
            let (lang, first) = more.next().ok_or_else(|| Refused::Unfit(String::new()))?;
            format!(
                "{NOT_OURS}examples:\n  {lang}: |\n    {}\n",
                plan::line(first)?
            )
        }
    };
    let changes: Vec<TopicChange> = more
        .map(|(lang, line)| TopicChange::AddExample {
            lang: lang.clone(),
            example: line.clone(),
        })
        .collect();
    change::apply_all(&begun, &changes)
}

/// Path and text of a new topic's file.
///
/// # Errors
/// When the folder leads nowhere that topic files may be.
pub fn topic(new: &NewTopic) -> Result<(FilePath, String), BadPath> {
    let folder = new.folder.trim().trim_matches('/');
    let path = match folder {
        "" => format!("{}.yaml", new.topic),
        folder => format!("{folder}/{}.yaml", new.topic),
    };
    let path: FilePath = path.parse()?;
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn lines(lang: &str, lines: &[&str]) -> BTreeMap<Lang, Vec<String>> {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        [(lang.parse().unwrap(), lines)].into()
    }

    #[test]
    fn sentences_that_are_not_ours_join_the_others() {
        let begun = with_not_ours(None, &lines("es", &[" # 1: ¿y?", "- dos"])).unwrap();
        assert!(begun.starts_with(NOT_OURS));
        assert!(
            begun.ends_with("examples:\n  es: |\n    # 1: ¿y?\n    - dos\n"),
            "{begun}"
        );

        let by_hand =
            "# ours\nexamples:\n  es: |\n    uno # not a comment\n  # English\n  en: |\n    one\n";
        let more = with_not_ours(Some(by_hand), &lines("en", &["one", "two"])).unwrap();
        assert_eq!(more, format!("{by_hand}    two\n"));
        let other = with_not_ours(Some(by_hand), &lines("pt", &["um"])).unwrap();
        assert_eq!(other, format!("{by_hand}  pt: |\n    um\n"));
    }

    #[test]
    fn what_is_no_sentence_is_refused() {
        for bad in ["", "two\nlines", "\u{7}"] {
            let refused = with_not_ours(None, &lines("es", &[bad]));
            assert_eq!(refused, Err(Refused::Unfit(bad.to_owned())));
        }
        assert!(with_not_ours(None, &BTreeMap::new()).is_err());
        assert_eq!(
            with_not_ours(Some("examples: [1"), &lines("es", &["uno"])),
            Err(Refused::Unreadable)
        );
    }
}
