//! What somebody who teaches the assistant has decided about a group of missed phrases. It holds for the phrases that were there, by reference;
//! a group is settled while hardly anything has come to it since.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::index::Reference;
use crate::ids::{Timestamp, TopicId};

/// Most phrases that a decision names; the group's newest.
pub const MOST: usize = 500;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Decided {
    /// The phrases are examples of this topic, in a draft.
    Topic {
        /// The topic; it may be new.
        topic: TopicId,
        /// The draft.
        draft: String,
    },
    /// A test case was made of it, in a draft.
    Test {
        /// The topic that the test expects.
        topic: TopicId,
        /// The draft.
        draft: String,
    },
    /// It is none of the assistant's business.
    NotForUs {
        /// The draft that adds it to the list of such sentences, where one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<String>,
    },
    /// Not worth anything, unless it comes much more often.
    Ignored,
}

/// A decision, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its name.
    pub id: String,
    /// What.
    #[serde(flatten)]
    pub decided: Decided,
    /// The phrases that it is about.
    pub of: Vec<Reference>,
    /// How many there were.
    pub count: usize,
    /// Name of who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The decision that settles a group: the newest one that names a phrase of it, while the phrases that have come since are few: as many as there
/// were, and two more, bring it back.
pub fn decided<'d>(
    group: &[Reference],
    decisions: &'d HashMap<Reference, Vec<&'d Decision>>,
) -> Option<&'d Decision> {
    let mut named: Vec<&Decision> = group
        .iter()
        .filter_map(|of| decisions.get(of))
        .flatten()
        .copied()
        // A test case says nothing about what the phrases should become.
        .filter(|one| !matches!(one.decided, Decided::Test { .. }))
        .collect();
    named.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let newest = named.first()?;
    let settled: HashSet<&Reference> = named.iter().flat_map(|one| &one.of).collect();
    let since = group.iter().filter(|of| !settled.contains(of)).count();
    (since <= newest.count + 2).then_some(*newest)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::ids::{ConversationId, Seq};

    fn of(n: u8) -> Reference {
        Reference {
            conversation: ConversationId::from_bytes([n; 16]),
            seq: Seq(2),
        }
    }

    fn decision(id: &str, at: i64, about: &[u8], decided: Decided) -> Decision {
        Decision {
            id: id.to_owned(),
            decided,
            of: about.iter().map(|n| of(*n)).collect(),
            count: about.len(),
            by: "Jefa".to_owned(),
            at: Timestamp(at),
        }
    }

    fn settles<'d>(group: &[u8], decisions: &'d [Decision]) -> Option<String> {
        let mut by: HashMap<Reference, Vec<&'d Decision>> = HashMap::new();
        for one in decisions {
            for of in &one.of {
                by.entry(*of).or_default().push(one);
            }
        }
        let group: Vec<_> = group.iter().map(|n| of(*n)).collect();
        decided(&group, &by).map(|one| one.id.clone())
    }

    #[test]
    fn an_ignored_group_comes_back_when_it_has_grown_much() {
        let ignored = [decision("a", 1, &[1, 2], Decided::Ignored)];
        assert_eq!(settles(&[1, 2], &ignored).as_deref(), Some("a"));
        assert_eq!(settles(&[1, 2, 3, 4, 5, 6], &ignored).as_deref(), Some("a"));
        assert_eq!(settles(&[1, 2, 3, 4, 5, 6, 7], &ignored), None);
        assert_eq!(settles(&[3], &ignored), None, "it is about other phrases");
    }

    #[test]
    fn the_newest_decision_counts_and_a_test_case_settles_nothing() {
        let topic: TopicId = "exchange_size".parse().unwrap();
        let draft = "d".to_owned();
        let both = [
            decision("a", 1, &[1], Decided::Ignored),
            decision(
                "b",
                2,
                &[1],
                Decided::Topic {
                    topic: topic.clone(),
                    draft: draft.clone(),
                },
            ),
        ];
        assert_eq!(settles(&[1], &both).as_deref(), Some("b"));
        let tested = [decision("c", 3, &[1], Decided::Test { topic, draft })];
        assert_eq!(settles(&[1], &tested), None);
    }
}
