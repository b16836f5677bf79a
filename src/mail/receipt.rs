//! A case in words: its receipt, and how it stands. Pure. Nothing personal stands in it but the visitor's own words.

use crate::conversation::{Case, PromiseKind, shortened};
use crate::ids::{Lang, Timestamp};
use crate::topics::Reader;

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A case as a sheet of paper would tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its title, with the number.
    pub title: String,
    /// The company.
    pub brand: String,
    /// Language of the words.
    pub lang: Lang,
    /// What stands on it, in order.
    pub fields: Vec<Field>,
}

impl Receipt {
    /// What was taken: text, date, number, promised time. `dated` words a moment, `team` is the name of the team, `zone` the IANA
    /// name of the visitor's time zone.
    pub fn of(
        reader: &Reader<'_>,
        case: &Case,
        team: &str,
        zone: &str,
        dated: impl Fn(Timestamp) -> String,
    ) -> Self {
        let fields = vec![
            words(reader, case, zone, &dated),
            field(reader, "case_taken", dated(case.made_at)),
            due(reader, case, &dated),
            field(reader, "case_team", team.to_owned()),
        ];
        Self::titled(reader, "case_receipt", case, fields)
    }

    /// How it stands: what, state, by when, who has it.
    pub fn status(
        reader: &Reader<'_>,
        case: &Case,
        team: &str,
        zone: &str,
        dated: impl Fn(Timestamp) -> String,
    ) -> Self {
        let (kept, late) = match case.kind {
            PromiseKind::CallBack => ("case_call_kept", "case_call_late"),
            PromiseKind::Message
            | PromiseKind::Agent
            | PromiseKind::Appeal
            | PromiseKind::Opinion => ("case_kept", "case_late"),
        };
        let state = match (case.kept_at, case.late) {
            (Some(at), _) => reader.engine(kept, &[("when", &dated(at))]),
            (None, true) => reader.engine(late, &[]),
            (None, false) => reader.engine("case_open", &[]),
        };
        let fields = vec![
            words(reader, case, zone, &dated),
            field(reader, "case_state", state),
            due(reader, case, &dated),
            field(reader, "case_team", team.to_owned()),
        ];
        Self::titled(reader, "case_status", case, fields)
    }

    fn titled(reader: &Reader<'_>, title: &str, case: &Case, fields: Vec<Field>) -> Self {
        Self {
            title: reader.engine(title, &[("case", &case.number)]),
            brand: reader.catalog.assistant.brand.clone(),
            lang: reader.lang.clone(),
            // What was erased leaves no empty line.
            fields: (fields.into_iter())
                .filter(|field| !field.value.is_empty())
                .collect(),
        }
    }

    /// The receipt as plain text.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n{}\n\n", self.brand, self.title);
        for field in &self.fields {
            out.push_str(&format!("{}: {}\n", field.name, field.value));
        }
        out
    }
}

/// What it is about. A call at an hour is told with its hour: it is no deadline.
fn words(
    reader: &Reader<'_>,
    case: &Case,
    zone: &str,
    dated: impl Fn(Timestamp) -> String,
) -> Field {
    let (name, words) = match case.kind {
        PromiseKind::Message | PromiseKind::Appeal => ("case_words", case.words.clone()),
        PromiseKind::Agent | PromiseKind::Opinion => ("case_promised", case.words.clone()),
        PromiseKind::CallBack => {
            let phone = case
                .phone
                .as_deref()
                .map_or_else(|| "—".to_owned(), shortened);
            let (when, zone) = (dated(case.by), reader.zone(zone));
            let values = [("when", when.as_str()), ("zone", &zone), ("phone", &phone)];
            ("case_promised", reader.engine("case_call", &values))
        }
    };
    field(reader, name, words)
}

/// By when it is due. What is left empty is not shown.
fn due(reader: &Reader<'_>, case: &Case, dated: impl Fn(Timestamp) -> String) -> Field {
    let by = match case.kind {
        PromiseKind::CallBack => String::new(),
        PromiseKind::Message | PromiseKind::Agent | PromiseKind::Appeal | PromiseKind::Opinion => {
            dated(case.by)
        }
    };
    field(reader, "case_by", by)
}

fn field(reader: &Reader<'_>, name: &str, value: String) -> Field {
    let name = reader.engine(name, &[]);
    Field { name, value }
}
