//! Two kinds of path: of a topic file below its folder, and of a value inside a file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::TopicId;

/// Deepest folder of a topic file.
const FOLDERS_MAX: usize = 8;

/// The path of a topic file below the folder of topic files: `use/where_is_my_order.yaml`. It can lead nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TopicPath {
    whole: String,
    topic: TopicId,
}

impl TopicPath {
    /// The path as text, with `/`.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The topic that the file is named after.
    pub fn topic(&self) -> &TopicId {
        &self.topic
    }
}

/// Why a text is no path of a topic file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no topic file: folders and name of a-z, 0-9, _ and -, ending in .yaml")]
pub struct NoTopicPath(pub String);

impl FromStr for TopicPath {
    type Err = NoTopicPath;

    fn from_str(text: &str) -> Result<Self, NoTopicPath> {
        let bad = || NoTopicPath(text.to_owned());
        let name = text.rsplit('/').next().unwrap_or_default();
        let stem = name
            .strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))
            .ok_or_else(bad)?;
        let topic: TopicId = stem.parse().map_err(|_bad| bad())?;
        let mut folders: Vec<&str> = text.split('/').collect();
        folders.pop();
        let plain = |folder: &&str| {
            !folder.is_empty()
                && folder.len() <= 64
                && folder
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        };
        // What these files hold is no topic.
        let shared = matches!(stem, "teams" | "hours" | "feedback" | "journey")
            || folders.last() == Some(&"events");
        if folders.len() > FOLDERS_MAX || !folders.iter().all(plain) || shared {
            return Err(bad());
        }
        Ok(Self {
            whole: text.to_owned(),
            topic,
        })
    }
}

impl fmt::Display for TopicPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

/// Where a value stands in a file: keys and positions from the top, `steps/0/case/delayed/0/say`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct At(pub(super) Vec<String>);

impl At {
    /// A value at the top.
    pub fn key(key: &str) -> Self {
        Self(vec![key.to_owned()])
    }

    /// Further in.
    #[must_use]
    pub fn then(&self, part: &(impl ToString + ?Sized)) -> Self {
        let mut parts = self.0.clone();
        parts.push(part.to_string());
        Self(parts)
    }

    pub(super) fn parts(&self) -> &[String] {
        &self.0
    }

    /// The value around it and its own key.
    pub(super) fn split(&self) -> Option<(Self, &str)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.to_vec()), last))
    }
}

impl From<String> for At {
    fn from(text: String) -> Self {
        Self(
            text.split('/')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }
}

impl From<At> for String {
    fn from(at: At) -> Self {
        at.0.join("/")
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_topic_path_leads_nowhere_else() {
        for good in ["where.yaml", "use/where_is_it.yaml", "a/b-c/d.yml"] {
            assert!(good.parse::<TopicPath>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "where",
            "where.txt",
            "/etc/where.yaml",
            "../where.yaml",
            "use/../../where.yaml",
            "use//where.yaml",
            "use/./where.yaml",
            "use\\where.yaml",
            ".hidden/where.yaml",
            "_facts.yaml",
            "teams.yaml",
            "use/hours.yaml",
            "events/late_delivery.yaml",
            "use/Where.yaml",
            "use/a b.yaml",
            "use/a\0.yaml",
        ] {
            assert!(bad.parse::<TopicPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_place_reads_as_it_is_written() {
        let at = At::key("steps").then(&0).then("say");
        assert_eq!(at.to_string(), "steps/0/say");
        assert_eq!(At::from("steps/0/say".to_owned()), at);
    }
}
