//! A case as it can be told to whoever it belongs to, read off the log: receipts and status pages show it.

use super::event::{Body, Event};
use super::parts::PromiseKind;
use crate::ids::{TeamId, Timestamp};

/// What was promised under a case number, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its number: `M-7F3K-2QX9`.
    pub number: String,
    /// What kind of promise it is.
    pub kind: PromiseKind,
    /// Who owes it.
    pub team: TeamId,
    /// When it was taken.
    pub made_at: Timestamp,
    /// By when it is to be done, as last promised.
    pub by: Timestamp,
    /// Whether that time passed before it was done.
    pub late: bool,
    /// When it was done.
    pub kept_at: Option<Timestamp>,
    /// What it is about: the message that was left, or what an agent promised. Empty after erasure.
    pub words: String,
    /// The number of a call; nothing after erasure.
    pub phone: Option<String>,
}

impl Case {
    /// The number that somebody means: without hyphens, in small letters, with spaces, with a letter that looks like a digit. What is no case
    /// number is none.
    pub fn number_of(typed: &str) -> Option<String> {
        let mut letters: Vec<char> = typed
            .to_uppercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        for word in ["CASO", "CASE"] {
            if letters.len() > 9
                && letters
                    .iter()
                    .copied()
                    .zip(word.chars())
                    .all(|(a, b)| a == b)
            {
                letters.drain(..word.len());
            }
        }
        if letters.len() == 9 && letters.first() == Some(&'M') {
            letters.remove(0);
        }
        let digit = |letter: char| match letter {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digits: String = letters.into_iter().map(digit).collect();
        let (left, right) = digits.split_at_checked(4)?;
        let whole = digits.len() == 8 && digits.is_ascii();
        whole.then(|| format!("M-{left}-{right}"))
    }

    /// The case of this number in a conversation's events, from the first on; none where it was never given.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>, number: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        let mut said = "";
        for event in events {
            match (&event.body, &mut found) {
                (Body::VisitorSaid { .. }, None) => {
                    said = event.private.first().unwrap_or_default()
                }
                (Body::PromiseMade { promise, .. }, None) if promise.case == number => {
                    let words = match promise.kind {
                        PromiseKind::Message => said,
                        PromiseKind::Agent
                        | PromiseKind::CallBack
                        | PromiseKind::Appeal
                        | PromiseKind::Opinion => event.private.first().unwrap_or_default(),
                    };
                    found = Some(Self {
                        number: promise.case.clone(),
                        kind: promise.kind,
                        team: promise.team.clone(),
                        made_at: promise.made_at,
                        by: promise.by,
                        late: false,
                        kept_at: None,
                        words: words.to_owned(),
                        phone: event.private.values.get("phone").cloned(),
                    });
                }
                // What was to be an answer became a call at an hour.
                (Body::PromiseMade { promise, .. }, Some(open))
                    if promise.case == number && promise.kind == PromiseKind::CallBack =>
                {
                    open.kind = promise.kind;
                    open.by = promise.by;
                    open.late = false;
                    open.words = event.private.first().unwrap_or_default().to_owned();
                    open.phone = event.private.values.get("phone").cloned();
                }
                (Body::PromiseLate { case }, Some(open)) if case == number => open.late = true,
                (Body::PromiseMoved { case, by, .. }, Some(open)) if case == number => {
                    open.by = *by;
                    open.late = false;
                }
                (Body::PromiseKept { case }, Some(open)) if case == number => {
                    open.kept_at = Some(event.at);
                }
                // It comes back from the conversation in which it was looked after meanwhile.
                (
                    Body::Unmerged {
                        owed: Some(owed), ..
                    },
                    Some(open),
                ) if open.kept_at.is_none() => {
                    match owed.iter().find(|one| one.promise.case == number) {
                        Some(one) => {
                            open.by = one.promise.by;
                            open.late = one.late;
                        }
                        None => open.kept_at = Some(event.at),
                    }
                }
                // Nothing else is of this case.
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn a_case_number_is_known_however_it_is_typed() {
        for typed in [
            "M-7F3K-2QX9",
            "m7f3k2qx9",
            " m 7f3k 2qx9 ",
            "7f3k-2qx9",
            "Caso M-7F3K-2QX9",
            "case m7f3k2qx9.",
        ] {
            assert_eq!(
                Case::number_of(typed).as_deref(),
                Some("M-7F3K-2QX9"),
                "{typed}"
            );
        }
        assert_eq!(
            Case::number_of("mo1l0-2qx9").as_deref(),
            Some("M-0110-2QX9"),
            "letters that are taken for digits"
        );
        for other in [
            "",
            "m-7f3k",
            "1000003",
            "el paquete",
            "M-7F3K-2QX99",
            "ñandúes5",
        ] {
            assert_eq!(Case::number_of(other), None, "{other}");
        }
    }
}
