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
}

impl Case {
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
