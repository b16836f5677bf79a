//! The figures as lines for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::said;
use crate::ids::Lang;
use crate::rehearsal;
use crate::understanding::eval::{Folds, Product, Report, Spread};

/// Something that can be shown as lines.
pub(super) trait Table {
    /// The lines, in a language.
    fn table(&self, lang: &Lang) -> String;
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn lines(rows: impl IntoIterator<Item = (String, String)>) -> String {
    rows.into_iter()
        .fold(String::new(), |mut text, (name, value)| {
            let width = 42_usize.saturating_sub(name.chars().count());
            let _infallible = writeln!(text, "{name}{:width$} {value}", "");
            text
        })
}

fn product(product: &Product, lang: &Lang) -> [(String, String); 5] {
    [
        (
            said(lang, "bien respondidas", "answered rightly"),
            product.answered_right,
        ),
        (
            said(lang, "mal respondidas", "answered wrongly"),
            product.answered_wrong,
        ),
        (
            said(
                lang,
                "repreguntó, con la buena entre las ofrecidas",
                "asked, the right one offered",
            ),
            product.asked_right,
        ),
        (
            said(lang, "repreguntó en vano", "asked in vain"),
            product.asked_wrong,
        ),
        (said(lang, "no entendidas", "declined"), product.declined),
    ]
    .map(|(name, share)| (name.to_owned(), percent(share)))
}

fn cost(
    lang: &Lang,
    train: (f64, Option<f64>, Option<usize>),
    micros: (f64, f64),
    model_bytes: usize,
) -> Vec<(String, String)> {
    let (seconds, cpu, rows) = train;
    let cpu = cpu.map_or_else(String::new, |cpu| format!(" ({cpu:.2} s CPU)"));
    let rows = rows.map_or_else(String::new, |rows| {
        said(lang, format!(", {rows} filas"), format!(", {rows} rows"))
    });
    vec![
        (
            said(lang, "aprender", "training").to_owned(),
            format!("{seconds:.2} s{cpu}{rows}"),
        ),
        (
            said(
                lang,
                "un mensaje, mediana y p99",
                "a message, median and p99",
            )
            .to_owned(),
            format!("{:.0} / {:.0} µs", micros.0, micros.1),
        ),
        (
            said(lang, "modelo", "model").to_owned(),
            format!("{:.1} MB", model_bytes as f64 / 1e6),
        ),
    ]
}

impl Table for Report {
    fn table(&self, lang: &Lang) -> String {
        let mut rows = vec![(
            said(
                lang,
                "aciertos, sin rechazar nada",
                "accuracy, nothing declined",
            )
            .to_owned(),
            percent(self.accuracy),
        )];
        let optional = [
            (
                said(
                    lang,
                    "dentro del tema, con umbral",
                    "in scope, at the threshold",
                ),
                self.in_scope_accuracy,
            ),
            (
                said(lang, "fuera del tema, rechazadas", "out-of-scope recall"),
                self.oos_recall,
            ),
            (said(lang, "todas las filas", "all rows"), self.all_accuracy),
            ("AUROC", self.auroc),
            (
                said(
                    lang,
                    "dentro del tema, aceptando el 95 %",
                    "in scope, accepting 95 %",
                ),
                self.in_scope_accuracy_at_95,
            ),
            (
                said(
                    lang,
                    "fuera del tema, rechazadas ahí",
                    "out-of-scope recall there",
                ),
                self.oos_recall_at_95,
            ),
            (
                said(lang, "F1 media por intención", "macro-averaged F1"),
                Some(self.macro_f1),
            ),
            (
                said(lang, "error de calibración", "calibration error"),
                Some(self.calibration_error),
            ),
        ];
        rows.extend(
            optional
                .into_iter()
                .filter_map(|(name, share)| Some((name.to_owned(), percent(share?)))),
        );
        rows.extend(product(&self.product, lang));
        rows.extend(cost(
            lang,
            (
                self.train_seconds,
                self.train_cpu_seconds,
                Some(self.train_rows),
            ),
            (self.micros_p50, self.micros_p99),
            self.model_bytes,
        ));
        rows.push((
            said(lang, "filas medidas", "rows scored").to_owned(),
            self.test_rows.to_string(),
        ));
        lines(rows)
    }
}

impl Table for BTreeMap<String, Spread> {
    fn table(&self, lang: &Lang) -> String {
        let head = said(
            lang,
            "media ± desviación (menor–mayor)\n",
            "mean ± deviation (least–most)\n",
        );
        let shown = self.iter().map(|(name, spread)| {
            let is_share = !["seconds", "micros", "bytes", "rows"]
                .iter()
                .any(|unit| name.contains(unit));
            let by = if is_share { 100.0 } else { 1.0 };
            let unit = if is_share { " %" } else { "" };
            (
                name.clone(),
                format!(
                    "{:.2} ± {:.2}{unit} ({:.2}–{:.2})",
                    spread.mean * by,
                    spread.deviation * by,
                    spread.least * by,
                    spread.most * by
                ),
            )
        });
        format!("{head}{}", lines(shown))
    }
}

/// Topics and confusions that are listed; `--json` has them all.
const LISTED: usize = 10;

impl Table for Folds {
    fn table(&self, lang: &Lang) -> String {
        let mut rows = vec![
            (
                said(lang, "aciertos", "accuracy").to_owned(),
                percent(self.accuracy),
            ),
            (
                said(lang, "F1 media por tema", "macro-averaged F1").to_owned(),
                percent(self.macro_f1),
            ),
            (
                said(lang, "error de calibración", "calibration error").to_owned(),
                percent(self.calibration_error),
            ),
        ];
        rows.extend(self.by_language.iter().map(|(tag, share)| {
            let name = said(
                lang,
                format!("aciertos en {tag}"),
                format!("accuracy in {tag}"),
            );
            (name, percent(*share))
        }));
        rows.extend(product(&self.product, lang));
        rows.extend(cost(
            lang,
            (self.train_seconds, self.train_cpu_seconds, None),
            (self.micros_p50, self.micros_p99),
            self.model_bytes,
        ));
        let (count, folds) = (self.rows, self.folds);
        rows.push((
            said(lang, "ejemplos leídos", "examples read").to_owned(),
            said(
                lang,
                format!("{count}, en {folds} partes"),
                format!("{count}, in {folds} parts"),
            ),
        ));
        let mut text = lines(rows);
        let mut section = |title: &str| {
            text.push('\n');
            text.push_str(title);
            text.push('\n');
        };
        section(said(
            lang,
            "Los temas más difíciles (F1, precisión, cobertura, ejemplos):",
            "The hardest topics (F1, precision, recall, examples):",
        ));
        for topic in self
            .topics
            .iter()
            .filter(|topic| topic.f1 < 1.0)
            .take(LISTED)
        {
            let _infallible = writeln!(
                text,
                "  {:>5.1}  {:>5.1}  {:>5.1}  {:>4}  {}",
                100.0 * topic.f1,
                100.0 * topic.precision,
                100.0 * topic.recall,
                topic.rows,
                topic.intent
            );
        }
        if !self.confusions.is_empty() {
            text.push('\n');
            text.push_str(said(lang, "Lo que más se confunde:\n", "Most confused:\n"));
        }
        for confusion in self.confusions.iter().take(LISTED) {
            let _infallible = writeln!(
                text,
                "  {} × {} → {}: “{}”",
                confusion.count,
                confusion.expected,
                confusion.read_as,
                confusion.sentences.join("”, “")
            );
        }
        text.push('\n');
        text.push_str(said(
            lang,
            "Respondiendo solo desde esta confianza (respondidas, de ellas bien):\n",
            "Answering only from this confidence (answered, of these rightly):\n",
        ));
        for line in &self.curve {
            let _infallible = writeln!(
                text,
                "  {:.1}  {:>6.1} %  {:>6.1} %",
                line.confidence,
                100.0 * line.coverage,
                100.0 * line.accuracy
            );
        }
        text
    }
}

impl Table for rehearsal::Report {
    fn table(&self, lang: &Lang) -> String {
        let tally = |tally: &rehearsal::Tally| {
            let of = tally.all().max(1) as f64;
            let shown = [
                (
                    said(lang, "como se esperaba", "as expected"),
                    tally.expected,
                ),
                (said(lang, "repreguntó bien", "clarified"), tally.clarified),
                (said(lang, "perdidas", "missed"), tally.missed),
                (
                    said(lang, "seguro y mal", "confident wrong"),
                    tally.confident_wrong,
                ),
            ];
            shown
                .map(|(name, count)| format!("{name} {count} ({:.1} %)", 100.0 * count as f64 / of))
                .join(" · ")
        };
        let mut text = String::new();
        for talk in &self.failures {
            let verdict = match talk.verdict {
                rehearsal::Verdict::Expected => "",
                rehearsal::Verdict::Clarified => said(lang, "repreguntó", "clarified"),
                rehearsal::Verdict::Missed => said(lang, "perdida", "missed"),
                rehearsal::Verdict::ConfidentWrong => said(lang, "SEGURO Y MAL", "CONFIDENT WRONG"),
            };
            let names = |topics: &[crate::ids::TopicId]| {
                let names: Vec<&str> = topics.iter().map(crate::ids::TopicId::as_str).collect();
                if names.is_empty() {
                    "—".to_owned()
                } else {
                    names.join(" + ")
                }
            };
            let _infallible = writeln!(
                text,
                "{} {} [{}]: “{}”\n    {} {}, {} {} ({} {})",
                talk.case.id,
                verdict,
                talk.case.kind,
                talk.case.turns.join("” → “"),
                said(lang, "se esperaba", "expected"),
                talk.case.expect.join(" + "),
                said(lang, "hizo", "did"),
                names(&talk.topics),
                said(lang, "ofreció", "offered"),
                names(&talk.offered),
            );
        }
        let mut rows = Vec::new();
        for (tag, of) in &self.by_language {
            rows.push((tag.clone(), tally(of)));
        }
        for (kind, of) in &self.by_kind {
            rows.push((kind.clone(), tally(of)));
        }
        let total = said(lang, "todas", "all");
        rows.push((format!("{total} ({})", self.all.all()), tally(&self.all)));
        text.push('\n');
        for (name, value) in rows {
            let _infallible = writeln!(text, "{name:<18} {value}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_shown_in_its_unit() {
        let of = |mean: f64| Spread {
            mean,
            deviation: mean / 10.0,
            least: mean / 2.0,
            most: mean * 2.0,
        };
        let spreads = BTreeMap::from([
            ("accuracy".to_owned(), of(0.5)),
            ("micros_p50".to_owned(), of(20.0)),
        ]);
        let shown = spreads.table(&Lang::en());
        assert!(shown.contains("50.00 ± 5.00 % (25.00–100.00)"), "{shown}");
        assert!(shown.contains("20.00 ± 2.00 (10.00–40.00)"), "{shown}");
        assert!(spreads.table(&Lang::es()).starts_with("media ± "));
    }
}
