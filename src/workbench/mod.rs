//! The workbench of the console: drafts of topic files, what the bot would be with them, and their way onto the disk and into git.
//!
//! The truth is the folder of files. A draft is a record of the store until it is published; then it is written to the folder, whole or not at all,
//! and the watch of the folder takes it up as it takes up what an editor saves. What a change of a text is belongs to
//! [`authoring`](crate::authoring); here are the store, the disk, the training.

mod disk;
mod drafts;
mod git;
mod preview;
mod publish;
mod standing;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod trial;

use std::path::PathBuf;
use std::sync::Arc;

use crate::authoring::{BadPath, NotNow, Refused};
use crate::catalog_watch::FILE_MAX_BYTES;
use crate::config::AuthoringConfig;
use crate::engine::{Live, LiveNow};
use crate::ports::{Store, StoreError};
use crate::topics::Problem;

pub use disk::recover;
pub use drafts::{Kept, TopicFile};
pub use preview::{FilePreview, OnDisk, Preview, Tested, Tests, Was};
pub use publish::Conflict;
pub use standing::Standing;
pub use trial::read;

/// What a workbench needs.
pub struct Parts {
    /// Where drafts are kept.
    pub store: Arc<dyn Store>,
    /// The folder of topic files.
    pub folder: PathBuf,
    /// What is live now.
    pub live: Arc<LiveNow>,
    /// Who must approve, and whether git is told.
    pub settings: AuthoringConfig,
}

/// The workbench. Clones share everything.
#[derive(Clone)]
pub struct Workbench {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    trials: trial::Trials,
    /// One publishes at a time.
    publishing: tokio::sync::Mutex<()>,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// There is no such draft, or no such file.
    #[error("no such draft or file")]
    NotFound,
    /// Somebody else has changed the draft meanwhile.
    #[error("somebody else has changed this draft meanwhile")]
    Stale,
    /// The draft's state does not allow it.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The change cannot be written into the text.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The path is none of a topic file.
    #[error(transparent)]
    Path(#[from] BadPath),
    /// The text is longer than a topic file may be: the server would not read it.
    #[error("a topic file has at most {FILE_MAX_BYTES} bytes")]
    TooLarge,
    /// Files were changed on disk in the same places.
    #[error("files were changed on disk in the same places")]
    Conflict(Vec<Conflict>),
    /// The files have errors.
    #[error("the files have errors")]
    Problems(Vec<Problem>),
    /// Tests that passed fail now, or new ones fail.
    #[error("tests fail with this change")]
    Tests(Vec<Tested>),
    /// The examples cannot be learnt.
    #[error("the examples cannot be learnt: {0}")]
    Training(String),
    /// The folder cannot be read or written.
    #[error("the folder of topic files cannot be used: {0}")]
    Disk(String),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Workbench {
    /// A workbench over a folder.
    pub fn new(parts: Parts) -> Self {
        Self {
            inner: Arc::new(Inner {
                parts,
                trials: trial::Trials::default(),
                publishing: tokio::sync::Mutex::default(),
            }),
        }
    }

    /// Who must approve, and whether git is told.
    pub fn settings(&self) -> AuthoringConfig {
        self.inner.parts.settings
    }

    /// What is live now.
    pub fn live(&self) -> Arc<Live> {
        self.inner.parts.live.get()
    }
}
