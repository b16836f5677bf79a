//! A draft: changed files that wait for somebody to publish them, with everything that was done to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, DraftId, Timestamp, TopicId};

/// Texts of changed files by path below the folder of topic files; `None` takes the file away.
pub type Changes = BTreeMap<String, Option<String>>;

/// Longest note and reason that are kept, in characters.
const NOTE_MAX: usize = 500;

/// Who did something: kept with what they did, so that it is told even when the account is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Account.
    pub id: AgentId,
    /// Name as colleagues know them.
    pub name: String,
    /// E-mail address, for the author of a commit.
    pub email: String,
}

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftState {
    /// Being written.
    Draft,
    /// Somebody has read it and found it good.
    Approved,
    /// Live.
    Published,
    /// Thrown away.
    Discarded,
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What stood on disk when the change was begun; `None`: there was no such file.
    pub base: Option<String>,
    /// What is to stand there; `None`: no such file.
    pub text: Option<String>,
}

/// What was done to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Begun.
    Opened,
    /// Changed.
    Saved,
    /// Found good.
    Approved,
    /// Made live.
    Published,
    /// Thrown away.
    Discarded,
}

/// A line of a draft's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Who,
    /// What.
    pub act: Act,
    /// Why, or which file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Tests that failed when it went live: whoever published it confirmed that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub despite: Vec<Despite>,
    /// It went live and nobody but the author had looked at it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// A test over which a draft was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Despite {
    /// Topic in whose file it stands.
    pub topic: TopicId,
    /// What a visitor writes in it.
    pub say: String,
}

/// Changed files and their story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Where it stands.
    pub state: DraftState,
    /// What it is for, in the author's words.
    pub note: String,
    /// The files, by path below the folder of topic files.
    pub files: BTreeMap<String, Changed>,
    /// What was done to it, oldest first; never empty.
    pub history: Vec<Entry>,
    /// The published draft that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DraftId>,
    /// What is being written to disk: a start after a crash sees by it whether that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishing: Option<Entry>,
}

/// Why something cannot be done to a draft as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It is published or discarded.
    #[error("the draft is closed")]
    Closed,
    /// No file of it differs from what was there.
    #[error("the draft changes nothing")]
    Empty,
    /// Two people are needed, and this one wrote part of it.
    #[error("somebody else must approve it: whoever wrote it may not")]
    OwnWork,
    /// It must be approved first.
    #[error("the draft is not approved yet")]
    NotApproved,
    /// Only what was published can be taken back.
    #[error("the draft was not published")]
    NotPublished,
}

impl Draft {
    /// A new one, empty.
    pub fn open(id: DraftId, by: Who, note: &str, at: Timestamp) -> Self {
        let note = short(note);
        Self {
            id,
            state: DraftState::Draft,
            note: note.clone(),
            files: BTreeMap::new(),
            history: vec![Entry {
                at,
                by,
                act: Act::Opened,
                note,
                despite: Vec::new(),
                alone: false,
            }],
            undoes: None,
            publishing: None,
        }
    }

    /// The texts that it wants.
    pub fn changes(&self) -> Changes {
        self.files
            .iter()
            .map(|(path, file)| (path.clone(), file.text.clone()))
            .collect()
    }

    /// Whether it can still be changed, published or thrown away.
    pub fn is_open(&self) -> bool {
        matches!(self.state, DraftState::Draft | DraftState::Approved)
    }

    /// Sets the text of a file. `on_disk` is what stands there now, and becomes the base of a file that is new to the draft; a file whose
    /// text is its base again leaves it. An approved draft has to be approved anew.
    ///
    /// # Errors
    /// `Closed`.
    pub fn set(
        &mut self,
        path: &str,
        on_disk: Option<&str>,
        text: Option<String>,
        by: Who,
        at: Timestamp,
    ) -> Result<(), NotNow> {
        self.must_be_open()?;
        let file = self
            .files
            .entry(path.to_owned())
            .or_insert_with(|| Changed {
                base: on_disk.map(str::to_owned),
                text: on_disk.map(str::to_owned),
            });
        if file.text == text {
            if file.text == file.base {
                self.files.remove(path);
            }
            return Ok(());
        }
        file.text = text;
        if file.text == file.base {
            self.files.remove(path);
        }
        self.state = DraftState::Draft;
        self.note_act(Act::Saved, by, path, at);
        Ok(())
    }

    /// Sets the text of a file on the base that its author read: the one an editor was opened with, or the one a text was joined with by hand.
    ///
    /// # Errors
    /// `Closed`.
    pub fn rebase(
        &mut self,
        path: &str,
        read: Option<&str>,
        text: Option<String>,
        by: Who,
        at: Timestamp,
    ) -> Result<(), NotNow> {
        self.must_be_open()?;
        if let Some(file) = self.files.get_mut(path) {
            file.base = read.map(str::to_owned);
        }
        self.set(path, read, text, by, at)
    }

    /// Whoever saved something in it, and did not only open it.
    pub fn authors(&self) -> BTreeSet<AgentId> {
        self.history
            .iter()
            .filter(|entry| entry.act == Act::Saved)
            .map(|entry| entry.by.id)
            .collect()
    }

    /// Whether somebody else than its authors has a hand in its going live: they approved it as it stands, or are the one who publishes it.
    pub fn is_seen_by_two(&self, publisher: AgentId) -> bool {
        let authors = self.authors();
        let another = |id: AgentId| !authors.is_empty() && !authors.contains(&id);
        let last = self.history.iter().rev();
        let mut approvals = last
            .take_while(|entry| entry.act != Act::Saved)
            .filter(|entry| entry.act == Act::Approved);
        another(publisher) || approvals.any(|entry| another(entry.by.id))
    }

    /// Found good. With `four_eyes` whoever wrote part of it may not.
    ///
    /// # Errors
    /// `Closed`, `Empty`, `OwnWork`.
    pub fn approve(
        &mut self,
        by: Who,
        note: &str,
        four_eyes: bool,
        at: Timestamp,
    ) -> Result<(), NotNow> {
        self.must_be_open()?;
        if self.files.is_empty() {
            return Err(NotNow::Empty);
        }
        if four_eyes && self.authors().contains(&by.id) {
            return Err(NotNow::OwnWork);
        }
        self.state = DraftState::Approved;
        self.note_act(Act::Approved, by, note, at);
        Ok(())
    }

    /// Whether it may be published now; with `four_eyes` only what is approved.
    ///
    /// # Errors
    /// `Closed`, `Empty`, `NotApproved`.
    pub fn may_publish(&self, four_eyes: bool) -> Result<(), NotNow> {
        self.must_be_open()?;
        if self.files.is_empty() {
            return Err(NotNow::Empty);
        }
        if four_eyes && self.state != DraftState::Approved {
            return Err(NotNow::NotApproved);
        }
        Ok(())
    }

    /// It is live: `texts` is what was written, which may be joined with what was on disk; `before` is what was there.
    pub fn published(&mut self, written: BTreeMap<String, Changed>, entry: Entry) {
        self.files = written;
        self.publishing = None;
        self.state = DraftState::Published;
        self.history.push(entry);
    }

    /// Thrown away.
    ///
    /// # Errors
    /// `Closed`.
    pub fn discard(&mut self, by: Who, note: &str, at: Timestamp) -> Result<(), NotNow> {
        self.must_be_open()?;
        self.state = DraftState::Discarded;
        self.note_act(Act::Discarded, by, note, at);
        Ok(())
    }

    /// A new draft that restores what was there before this one was published.
    ///
    /// # Errors
    /// `NotPublished`.
    pub fn undo(&self, id: DraftId, by: &Who, note: &str, at: Timestamp) -> Result<Self, NotNow> {
        if self.state != DraftState::Published {
            return Err(NotNow::NotPublished);
        }
        let mut undo = Self::open(id, by.clone(), note, at);
        undo.undoes = Some(self.id);
        for (path, file) in &self.files {
            let (base, text) = (file.text.clone(), file.base.clone());
            undo.files.insert(path.clone(), Changed { base, text });
            undo.note_act(Act::Saved, by.clone(), path, at);
        }
        Ok(undo)
    }

    fn must_be_open(&self) -> Result<(), NotNow> {
        if self.is_open() {
            Ok(())
        } else {
            Err(NotNow::Closed)
        }
    }

    /// A file that is saved again and again by one person is told once.
    fn note_act(&mut self, act: Act, by: Who, note: &str, at: Timestamp) {
        let note = short(note);
        if act == Act::Saved
            && let Some(last) = self.history.last_mut()
            && last.act == Act::Saved
            && last.by.id == by.id
            && last.note == note
        {
            last.at = at;
            return;
        }
        self.history.push(Entry {
            at,
            by,
            act,
            note,
            despite: Vec::new(),
            alone: false,
        });
    }
}

fn short(note: &str) -> String {
    note.trim().chars().take(NOTE_MAX).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn who(byte: u8) -> Who {
        Who {
            id: AgentId::from_bytes([byte; 16]),
            name: format!("Ana {byte}"),
            email: format!("ana{byte}@example.com"),
        }
    }

    fn draft() -> Draft {
        let mut draft = Draft::open(
            DraftId::from_bytes([1; 16]),
            who(1),
            " Regalos ",
            Timestamp(1),
        );
        draft
            .set(
                "a.yaml",
                Some("old"),
                Some("new".into()),
                who(1),
                Timestamp(2),
            )
            .unwrap();
        draft
    }

    #[test]
    fn the_author_does_not_approve_where_two_are_needed() {
        let mut draft = draft();
        assert_eq!(draft.may_publish(true), Err(NotNow::NotApproved));
        assert_eq!(draft.may_publish(false), Ok(()));
        let own = draft.approve(who(1), "", true, Timestamp(3));
        assert_eq!(own, Err(NotNow::OwnWork));
        draft.approve(who(2), "bien", true, Timestamp(4)).unwrap();
        assert_eq!(draft.may_publish(true), Ok(()));
        draft
            .set(
                "a.yaml",
                Some("old"),
                Some("newer".into()),
                who(2),
                Timestamp(5),
            )
            .unwrap();
        assert_eq!(draft.may_publish(true), Err(NotNow::NotApproved));
        let own = draft.approve(who(2), "", true, Timestamp(6));
        assert_eq!(own, Err(NotNow::OwnWork));
    }

    #[test]
    fn whether_anybody_else_has_seen_it_is_known_when_it_goes_live() {
        let mut draft = draft();
        assert!(!draft.is_seen_by_two(who(1).id));
        assert!(draft.is_seen_by_two(who(2).id));
        draft.approve(who(1), "", false, Timestamp(3)).unwrap();
        assert!(!draft.is_seen_by_two(who(1).id));
        draft.approve(who(2), "", false, Timestamp(4)).unwrap();
        assert!(draft.is_seen_by_two(who(1).id));
        let text = Some("newer".into());
        draft
            .set("a.yaml", Some("old"), text, who(1), Timestamp(5))
            .unwrap();
        assert!(!draft.is_seen_by_two(who(1).id));
    }

    #[test]
    fn a_file_that_is_as_it_was_leaves_the_draft() {
        let mut draft = draft();
        draft
            .set(
                "a.yaml",
                Some("else"),
                Some("old".into()),
                who(1),
                Timestamp(3),
            )
            .unwrap();
        assert!(draft.files.is_empty());
        assert_eq!(
            draft.approve(who(2), "", false, Timestamp(4)),
            Err(NotNow::Empty)
        );
    }

    #[test]
    fn an_undo_restores_what_was_there() {
        let mut draft = draft();
        let early = draft.undo(DraftId::from_bytes([2; 16]), &who(1), "", Timestamp(9));
        assert_eq!(early, Err(NotNow::NotPublished));
        let files = draft.files.clone();
        let entry = Entry {
            at: Timestamp(3),
            by: who(1),
            act: Act::Published,
            note: String::new(),
            despite: Vec::new(),
            alone: false,
        };
        draft.published(files, entry);
        let undo = draft
            .undo(DraftId::from_bytes([2; 16]), &who(2), "", Timestamp(9))
            .unwrap();
        let file = undo.files.get("a.yaml").unwrap();
        assert_eq!(
            (file.base.as_deref(), file.text.as_deref()),
            (Some("new"), Some("old"))
        );
        assert_eq!(undo.undoes, Some(draft.id));
        assert_eq!(
            draft.set("a.yaml", None, None, who(1), Timestamp(10)),
            Err(NotNow::Closed)
        );
    }
}
