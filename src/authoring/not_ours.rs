//! `_not_ours.yaml` as a form shows it: sentences by language, names of other companies, things that are never ours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::change::{LinesKey, Refused, TopicChange};
use super::form::Lines;
use super::outline::{self, Node};
use super::plan::lines_of;
use crate::ids::Lang;

/// What a form shows of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotOursForm {
    /// Sentences by language.
    pub examples: BTreeMap<Lang, Lines>,
    /// Names of other companies.
    pub companies: Lines,
    /// Things that are never ours.
    pub things: Lines,
}

/// What a form shows of a text.
///
/// # Errors
/// `Unreadable`.
pub fn not_ours_form(source: &str) -> Result<NotOursForm, Refused> {
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    let root = outline::read(body).ok_or(Refused::Unreadable)?;
    let by_lang = root.child("examples").map(Node::entries);
    let examples = by_lang
        .unwrap_or_default()
        .iter()
        .filter_map(|(key, node)| {
            let lang: Lang = key.text.parse().ok()?;
            Some((lang, lines_of(Some(node))))
        });
    Ok(NotOursForm {
        examples: examples.collect(),
        companies: lines_of(root.child(LinesKey::Companies.as_str())),
        things: lines_of(root.child(LinesKey::Things.as_str())),
    })
}

/// What somebody changed in the form.
pub fn not_ours_changes(before: &NotOursForm, after: &NotOursForm) -> Vec<TopicChange> {
    let none = Lines::new();
    let mut changes = Vec::new();
    for (lang, lines) in &after.examples {
        if before.examples.get(lang).unwrap_or(&none) != lines {
            changes.push(TopicChange::Examples {
                lang: lang.clone(),
                lines: lines.clone(),
            });
        }
    }
    for (key, before, after) in [
        (LinesKey::Companies, &before.companies, &after.companies),
        (LinesKey::Things, &before.things, &after.things),
    ] {
        if before != after {
            let lines = after.clone();
            changes.push(TopicChange::Lines { key, lines });
        }
    }
    changes
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::super::apply_all;
    use super::*;

    const FILE: &str = "# Ours not.\ncompanies: |\n  Amazon\n  Zara\n# why\nexamples:\n  es: |\n    ¿hay trabajo?\n  en: |\n    any jobs\n";

    #[test]
    fn lists_are_changed_line_by_line_and_the_rest_stays() {
        let before = not_ours_form(FILE).unwrap();
        assert_eq!(before.companies, ["Amazon", "Zara"]);
        let mut after = before.clone();
        after.companies = vec!["Amazon".into(), String::new(), "IKEA".into()];
        after.things = vec!["pasaporte".into()];
        let lines = after.examples.get_mut(&Lang::es()).unwrap();
        lines.push("¿qué tiempo hace?".into());
        let text = apply_all(FILE, &not_ours_changes(&before, &after)).unwrap();
        assert_eq!(
            text,
            "# Ours not.\ncompanies: |\n  Amazon\n  IKEA\n# why\nexamples:\n  es: |\n    ¿hay trabajo?\n    ¿qué tiempo hace?\n  en: |\n    any jobs\nthings: |\n  pasaporte\n"
        );
        let again = not_ours_form(&text).unwrap();
        assert!(not_ours_changes(&again, &again).is_empty());
        let mut none = again.clone();
        none.things.clear();
        let without = apply_all(&text, &not_ours_changes(&again, &none)).unwrap();
        assert!(!without.contains("things"), "{without}");
    }

    #[test]
    fn a_text_that_is_no_yaml_has_no_form() {
        assert_eq!(not_ours_form("companies: ["), Err(Refused::Unreadable));
        assert_eq!(not_ours_form("examples: {}\n"), Ok(NotOursForm::default()));
    }
}
