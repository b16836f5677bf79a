//! The folder of topic files: read, and written whole or not at all.
//!
//! One file is replaced by renaming a finished one onto it. Several cannot be replaced at once, so what is to be written is told first, in a file
//! of its own that is durable before the first of them is touched; a server that died in between finishes it at its next start
//! ([`recover`]), before anything reads the folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::authoring::{Changed, Changes, FilePath};
use crate::catalog_watch::{self, PUBLISHING};
use crate::topics::{Problem, SourceFile};

/// The files as they stood at one moment.
pub(super) struct Folder {
    files: Vec<SourceFile>,
    unread: Vec<Problem>,
}

impl Folder {
    pub(super) fn read(path: &Path) -> Self {
        let (files, unread) = catalog_watch::read(path);
        Self { files, unread }
    }

    /// The text of a file, where there is one.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// The texts; what is shown is no text.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let texts = self.files.iter().filter(|file| !file.is_media());
        texts.map(|file| file.path.as_str())
    }

    /// What could not be read.
    pub(super) fn unread(&self) -> &[Problem] {
        &self.unread
    }

    /// The files with these changes.
    pub(super) fn with(&self, changes: &Changes) -> Vec<SourceFile> {
        let mut files: Vec<SourceFile> = self
            .files
            .iter()
            .filter(|file| !changes.contains_key(&file.path))
            .cloned()
            .collect();
        for (path, text) in changes {
            if let Some(text) = text {
                files.push(SourceFile {
                    path: path.clone(),
                    text: text.clone(),
                });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }
}

/// What is being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Plan {
    files: BTreeMap<String, Changed>,
}

impl Plan {
    pub(super) const fn new(files: BTreeMap<String, Changed>) -> Self {
        Self { files }
    }

    /// Writes everything, or nothing: where a file cannot be written, those before it are put back.
    pub(super) fn carry_out(&self, folder: &Path) -> io::Result<()> {
        let targets = self.targets(folder)?;
        if self.files.len() > 1 {
            self.announce(folder)?;
        }
        let mut done: Vec<(&PathBuf, &Changed)> = Vec::new();
        for (target, file) in targets.iter().zip(self.files.values()) {
            if let Err(why) = replace(target, file.text.as_deref()) {
                for (target, file) in done {
                    replace(target, file.base.as_deref())?;
                }
                return end(folder).and(Err(why));
            }
            done.push((target, file));
        }
        end(folder)
    }

    /// Tells what is to be written, durably.
    pub(super) fn announce(&self, folder: &Path) -> io::Result<()> {
        let plan = serde_json::to_string(self)?;
        replace(&folder.join(PUBLISHING), Some(&plan))
    }

    /// Where the files stand: inside the folder, whatever links there are.
    fn targets(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let root = fs::canonicalize(folder)?;
        let mut targets = Vec::new();
        for path in self.files.keys() {
            let path: FilePath = path.parse().map_err(io::Error::other)?;
            let target = root.join(path.as_str());
            let parent = target.parent().unwrap_or(&root);
            // What is above the folder that is to be made must be inside already.
            let mut there = parent;
            while !there.exists() {
                there = there.parent().unwrap_or(&root);
            }
            let outside =
                || io::Error::other(format!("{path} leads out of the folder of topic files"));
            if !fs::canonicalize(there)?.starts_with(&root) {
                return Err(outside());
            }
            if fs::symlink_metadata(&target).is_ok_and(|known| !known.is_file()) {
                return Err(outside());
            }
            fs::create_dir_all(parent)?;
            targets.push(target);
        }
        Ok(targets)
    }
}

/// Finishes what a server began to publish before it died; whether there was something. To be called before the folder is read.
///
/// A file that is neither as it was nor as it should be was changed by somebody since, and stays as it is.
///
/// # Errors
/// When the folder cannot be written.
pub fn recover(folder: &Path) -> io::Result<bool> {
    let plan = match fs::read_to_string(folder.join(PUBLISHING)) {
        Ok(plan) => plan,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(why) => return Err(why),
    };
    let plan: Plan = serde_json::from_str(&plan)?;
    for (target, file) in plan.targets(folder)?.iter().zip(plan.files.values()) {
        let there = match fs::read_to_string(target) {
            Ok(text) => Some(text),
            Err(why) if why.kind() == io::ErrorKind::NotFound => None,
            Err(why) => return Err(why),
        };
        if there == file.base {
            replace(target, file.text.as_deref())?;
        }
    }
    end(folder)?;
    Ok(true)
}

fn end(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(PUBLISHING)) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
        _ => sync(folder),
    }
}

/// Puts a text in place of a file, durably and at once; `None` takes the file away.
fn replace(target: &Path, text: Option<&str>) -> io::Result<()> {
    let parent = target.parent().unwrap_or(target);
    let Some(text) = text else {
        match fs::remove_file(target) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => return sync(parent),
        }
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Hidden: nobody reads it as a topic file.
    let beside = target.with_file_name(format!(".{}.new", name.trim_start_matches('.')));
    let written = write(&beside, text).and_then(|()| {
        if let Ok(known) = fs::metadata(target) {
            fs::set_permissions(&beside, known.permissions())?;
        }
        fs::rename(&beside, target)
    });
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written?;
    sync(parent)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The entry of a file is durable when its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
