//! A case in words: its receipt, and how it stands. Pure. Nothing personal stands in it but the visitor's own words.

use crate::conversation::{Case, PromiseKind};
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
    /// What was taken: text, date, number, promised time. `dated` words a moment, `team` is the name of the team.
    pub fn of(
        reader: &Reader<'_>,
        case: &Case,
        team: &str,
        dated: impl Fn(Timestamp) -> String,
    ) -> Self {
        let fields = vec![
            words(reader, case),
            field(reader, "case_taken", dated(case.made_at)),
            field(reader, "case_by", dated(case.by)),
            field(reader, "case_team", team.to_owned()),
        ];
        Self::titled(reader, "case_receipt", case, fields)
    }

    /// How it stands: what, state, by when, who has it.
    pub fn status(
        reader: &Reader<'_>,
        case: &Case,
        team: &str,
        dated: impl Fn(Timestamp) -> String,
    ) -> Self {
        let state = match (case.kept_at, case.late) {
            (Some(at), _) => reader.engine("case_kept", &[("when", &dated(at))]),
            (None, true) => reader.engine("case_late", &[]),
            (None, false) => reader.engine("case_open", &[]),
        };
        let fields = vec![
            words(reader, case),
            field(reader, "case_state", state),
            field(reader, "case_by", dated(case.by)),
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

fn words(reader: &Reader<'_>, case: &Case) -> Field {
    let name = match case.kind {
        PromiseKind::Message | PromiseKind::Appeal => "case_words",
        PromiseKind::Agent | PromiseKind::CallBack | PromiseKind::Opinion => "case_promised",
    };
    field(reader, name, case.words.clone())
}

fn field(reader: &Reader<'_>, name: &str, value: String) -> Field {
    let name = reader.engine(name, &[]);
    Field { name, value }
}
