//! Lines that differ between two texts, and two changes of one text joined where they do not touch.

use diffy::{DiffOptions, Line, MergeOptions};
use serde::Serialize;

/// How a line of a diff differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// In both.
    Same,
    /// Only in the new text.
    Added,
    /// Only in the old text.
    Removed,
    /// Lines that are the same were left out here.
    Gap,
}

/// A line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// How it differs.
    pub sign: Sign,
    /// Its text, without the break.
    pub text: String,
    /// Its number in the old text, 1-based; of what is only in the new one: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<usize>,
    /// Its number in the new text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<usize>,
}

/// What differs between two texts, with three lines around each difference.
pub fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    let patch = DiffOptions::new().create_patch(old, new);
    let mut lines = Vec::new();
    for hunk in patch.hunks() {
        if !lines.is_empty() {
            lines.push(DiffLine {
                sign: Sign::Gap,
                text: String::new(),
                old: None,
                new: None,
            });
        }
        let (mut at_old, mut at_new) = (hunk.old_range().start(), hunk.new_range().start());
        for line in hunk.lines() {
            let (sign, text) = match line {
                Line::Context(text) => (Sign::Same, text),
                Line::Insert(text) => (Sign::Added, text),
                Line::Delete(text) => (Sign::Removed, text),
            };
            let is_old = sign != Sign::Added;
            let is_new = sign != Sign::Removed;
            lines.push(DiffLine {
                sign,
                text: text.trim_end_matches(['\n', '\r']).to_owned(),
                old: is_old.then_some(at_old),
                new: is_new.then_some(at_new),
            });
            at_old += usize::from(is_old);
            at_new += usize::from(is_new);
        }
    }
    lines
}

/// Two changes of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged {
    /// They do not touch: the text with both.
    Clean(Option<String>),
    /// They touch: people must look.
    Conflict,
}

/// Joins our change of a file with theirs; `None` is a file that is not there.
pub fn merge(base: Option<&str>, ours: Option<&str>, theirs: Option<&str>) -> Merged {
    let clean = |text: Option<&str>| Merged::Clean(text.map(str::to_owned));
    if theirs == base || ours == theirs {
        return clean(ours);
    }
    if ours == base {
        return clean(theirs);
    }
    let (Some(base), Some(ours), Some(theirs)) = (base, ours, theirs) else {
        return Merged::Conflict;
    };
    match MergeOptions::new().merge(base, ours, theirs) {
        Ok(text) => Merged::Clean(Some(text)),
        Err(_marked) => Merged::Conflict,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    const BASE: &str = "a\nb\nc\nd\ne\nf\ng\n";

    #[test]
    fn changes_that_do_not_touch_are_joined() {
        let ours = BASE.replace("b\n", "B\n");
        let theirs = BASE.replace("f\n", "f\nf2\n");
        assert_eq!(
            merge(Some(BASE), Some(&ours), Some(&theirs)),
            Merged::Clean(Some("a\nB\nc\nd\ne\nf\nf2\ng\n".to_owned()))
        );
        let same = merge(Some(BASE), Some(&ours), Some(&ours));
        assert_eq!(same, Merged::Clean(Some(ours.clone())));
        assert_eq!(
            merge(Some(BASE), Some(&ours), Some(BASE)),
            Merged::Clean(Some(ours))
        );
    }

    #[test]
    fn changes_that_touch_are_for_people() {
        let (ours, theirs) = (BASE.replace('c', "C"), BASE.replace('c', "x"));
        assert_eq!(
            merge(Some(BASE), Some(&ours), Some(&theirs)),
            Merged::Conflict
        );
        assert_eq!(merge(Some(BASE), Some(&ours), None), Merged::Conflict);
        assert_eq!(merge(None, Some(&ours), Some(&theirs)), Merged::Conflict);
        assert_eq!(merge(Some(BASE), None, Some(&theirs)), Merged::Conflict);
        assert_eq!(merge(Some(BASE), None, Some(BASE)), Merged::Clean(None));
    }

    #[test]
    fn a_diff_numbers_its_lines() {
        let lines = diff(BASE, &BASE.replace("g\n", "g\nh\n").replace("a\n", ""));
        let signs: Vec<(Sign, &str, Option<usize>, Option<usize>)> = lines
            .iter()
            .map(|line| (line.sign, line.text.as_str(), line.old, line.new))
            .collect();
        assert_eq!(signs.first().unwrap(), &(Sign::Removed, "a", Some(1), None));
        assert_eq!(signs.last().unwrap(), &(Sign::Added, "h", None, Some(7)));
        assert_eq!(diff(BASE, BASE), []);
    }
}
