//! Two kinds of path: of a file below the folder of topic files, and of a value inside a file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{SiteId, TopicId};

/// Deepest folder of a topic file.
const FOLDERS_MAX: usize = 8;

/// The path of a file below the folder of topic files that admins may change here: a topic's (`use/where_is_my_order.yaml`), or one of those at the
/// top that hold sentences, facts and lists (`_not_ours.yaml`, `_facts.yaml`, `_facts.SITE.yaml`, `_lists.yaml`). It can lead nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePath {
    whole: String,
    topic: Option<TopicId>,
}

impl FilePath {
    /// The path as text, with `/`.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// The topic that the file is named after.
    pub fn topic(&self) -> Option<&TopicId> {
        self.topic.as_ref()
    }

    /// Where the sentences stand that are none of the company's business.
    pub fn not_ours() -> Self {
        Self {
            whole: "_not_ours.yaml".to_owned(),
            topic: None,
        }
    }
}

/// Whether a file at the top, by its name without the ending, is one that admins may change. Services, texts of the engine and what
/// the desk goes by stay with those who run the server.
fn is_shared(stem: &str) -> bool {
    let site = stem.strip_prefix("_facts.");
    matches!(stem, "_not_ours" | "_facts" | "_lists")
        || site.is_some_and(|site| site.parse::<SiteId>().is_ok())
}

/// Why a text is no path of a file that can be changed here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be changed here: topics can (folders and name of a-z, 0-9, _ and -, ending in .yaml), and _not_ours.yaml, _facts.yaml and _lists.yaml"
)]
pub struct BadPath(pub String);

impl FromStr for FilePath {
    type Err = BadPath;

    fn from_str(text: &str) -> Result<Self, BadPath> {
        let bad = || BadPath(text.to_owned());
        let name = text.rsplit('/').next().unwrap_or_default();
        let stem = name
            .strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))
            .ok_or_else(bad)?;
        if name == text && is_shared(stem) {
            return Ok(Self {
                whole: text.to_owned(),
                topic: None,
            });
        }
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
        let other = matches!(stem, "teams" | "hours" | "feedback" | "journey")
            || matches!(folders.last(), Some(&("events" | "notices")));
        if folders.len() > FOLDERS_MAX || !folders.iter().all(plain) || other {
            return Err(bad());
        }
        Ok(Self {
            whole: text.to_owned(),
            topic: Some(topic),
        })
    }
}

impl fmt::Display for FilePath {
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
    fn a_path_leads_nowhere_else() {
        for good in ["where.yaml", "use/where_is_it.yaml", "a/b-c/d.yml"] {
            assert!(good.parse::<FilePath>().is_ok(), "{good}");
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
            "_calls.yaml",
            "_facts..yaml",
            "_facts.../x.yaml",
            "use/_facts.yaml",
            "teams.yaml",
            "use/hours.yaml",
            "events/late_delivery.yaml",
            "use/Where.yaml",
            "use/a b.yaml",
            "use/a\0.yaml",
        ] {
            assert!(bad.parse::<FilePath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn sentences_facts_and_lists_can_be_changed_too() {
        for good in [
            "_not_ours.yaml",
            "_facts.yaml",
            "_facts.ar.yaml",
            "_lists.yml",
        ] {
            assert_eq!(good.parse::<FilePath>().unwrap().topic(), None, "{good}");
        }
        assert_eq!(
            FilePath::not_ours().as_str().parse(),
            Ok(FilePath::not_ours())
        );
    }

    #[test]
    fn a_place_reads_as_it_is_written() {
        let at = At::key("steps").then(&0).then("say");
        assert_eq!(at.to_string(), "steps/0/say");
        assert_eq!(At::from("steps/0/say".to_owned()), at);
    }
}
