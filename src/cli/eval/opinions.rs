//! `ventanilla eval --opinions`: how well written opinions are told apart, by what the server has learnt of them.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;

use crate::engine::kind_of_opinion;
use crate::ids::{Lang, OpinionKind};
use crate::understanding::eval::Row;

/// Which kind was taken for which, and how often.
#[derive(Debug, Default)]
struct Score {
    counts: BTreeMap<(OpinionKind, OpinionKind), u32>,
}

impl Score {
    fn count(&self, fits: impl Fn(OpinionKind, OpinionKind) -> bool) -> f64 {
        let counted = self
            .counts
            .iter()
            .filter(|((is, read), _)| fits(*is, *read));
        f64::from(counted.map(|(_, count)| count).sum::<u32>())
    }

    /// F1 of a kind: twice its right ones among all that are it and all that were taken for it; none where there are neither.
    fn f1(&self, kind: OpinionKind) -> Option<f64> {
        let right = self.count(|is, read| is == kind && read == kind);
        let both = self.count(|is, _| is == kind) + self.count(|_, read| read == kind);
        (both > 0.0).then(|| 2.0 * right / both)
    }

    /// The mean F1 of the kinds that occur.
    fn macro_f1(&self) -> f64 {
        let scores: Vec<f64> = OpinionKind::ALL
            .iter()
            .filter_map(|kind| self.f1(*kind))
            .collect();
        scores.iter().sum::<f64>() / f64::from(u32::try_from(scores.len()).unwrap_or(1).max(1))
    }

    fn accuracy(&self) -> f64 {
        self.count(|is, read| is == read) / self.count(|_, _| true).max(1.0)
    }
}

/// Reads the rows' texts and prints macro-F1, F1 by kind, and the confusion: a row is what they are, a column what they were taken for.
///
/// # Errors
/// A row whose kind is none, no rows at all, or an output that cannot be written.
pub(super) fn run(out: &mut impl Write, rows: &[Row], json: bool) -> anyhow::Result<()> {
    let mut score = Score::default();
    for row in rows {
        let Ok(kind) = row.intent.parse::<OpinionKind>() else {
            bail!("{:?} is no kind of opinion", row.intent);
        };
        let lang = row.lang.clone().unwrap_or_else(Lang::es);
        let Some(read) = kind_of_opinion(&row.text, &lang.base(), None) else {
            bail!("the built-in opinions cannot be learnt");
        };
        *score.counts.entry((kind, read)).or_default() += 1;
    }
    if rows.is_empty() {
        bail!("the file has no opinions");
    }
    if json {
        let confusion: Vec<_> = score
            .counts
            .iter()
            .map(
                |((is, read), count)| serde_json::json!({"kind": is, "read": read, "count": count}),
            )
            .collect();
        let by_kind: BTreeMap<_, _> = OpinionKind::ALL
            .iter()
            .map(|kind| (kind.as_str(), score.f1(*kind)))
            .collect();
        let report = serde_json::json!({
            "rows": rows.len(),
            "macro_f1": score.macro_f1(),
            "accuracy": score.accuracy(),
            "f1": by_kind,
            "confusion": confusion,
        });
        return Ok(writeln!(out, "{report}")?);
    }
    let (macro_f1, accuracy) = (score.macro_f1(), score.accuracy());
    writeln!(
        out,
        "{} opinions: macro-F1 {macro_f1:.3}, accuracy {accuracy:.3}",
        rows.len()
    )?;
    write!(out, "{:12} {:>6}", "", "F1")?;
    for kind in OpinionKind::ALL {
        write!(out, " {:>11}", kind.as_str())?;
    }
    writeln!(out)?;
    for kind in OpinionKind::ALL {
        let f1 = score
            .f1(*kind)
            .map_or_else(|| "-".to_owned(), |f1| format!("{f1:.3}"));
        write!(out, "{:12} {f1:>6}", kind.as_str())?;
        for read in OpinionKind::ALL {
            write!(
                out,
                " {:>11}",
                score.count(|is, taken| is == *kind && taken == *read)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn f1_is_what_its_definition_says() {
        use OpinionKind::{Doubt, Negative, Positive};
        let counts = [
            ((Positive, Positive), 3),
            ((Positive, Negative), 1),
            ((Negative, Negative), 2),
            ((Negative, Positive), 2),
        ];
        let score = Score {
            counts: counts.into(),
        };
        assert_eq!(score.f1(Doubt), None);
        assert!((score.f1(Positive).unwrap() - 6.0 / 9.0).abs() < 1e-9);
        assert!((score.f1(Negative).unwrap() - 4.0 / 7.0).abs() < 1e-9);
        assert!((score.macro_f1() - (6.0 / 9.0 + 4.0 / 7.0) / 2.0).abs() < 1e-9);
        assert!((score.accuracy() - 5.0 / 8.0).abs() < 1e-9);
    }

    #[test]
    fn opinions_are_read_and_a_kind_that_is_none_is_told() {
        let row = |text: &str, kind: &str| Row {
            text: text.to_owned(),
            intent: kind.to_owned(),
            split: "train".to_owned(),
            lang: None,
        };
        let rows = [
            row("podrían avisar antes", "suggestion"),
            row("la web está caída", "incident"),
        ];
        let mut out = Vec::new();
        run(&mut out, &rows, true).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(report["macro_f1"], 1.0, "{report}");
        let error = run(&mut out, &[row("bien", "praise")], false).unwrap_err();
        assert!(error.to_string().contains("praise"));
    }
}
