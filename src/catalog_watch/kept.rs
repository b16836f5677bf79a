//! The last good sets of topic files, kept apart from the folder in which people work: what a server goes on with when it starts on bad files,
//! and what [`KeptSets::read`] gives back to whoever wants yesterday's.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use super::{PUBLISHING, read};
use crate::topics::SourceFile;

/// Sets that are kept.
const KEPT: usize = 20;

/// A folder with one file for each set, named by its version.
#[derive(Debug, Clone)]
pub struct KeptSets {
    folder: PathBuf,
}

/// A set that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSet {
    /// Version of its catalogue.
    pub version: String,
    /// When it last became what is live.
    pub since: SystemTime,
}

impl KeptSets {
    /// Sets in this folder, which is made when the first is kept.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps a set, as the newest; of many the oldest goes.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep(&self, version: &str, files: &[SourceFile]) -> io::Result<()> {
        let texts: BTreeMap<&str, &str> = files
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_str()))
            .collect();
        let text = serde_json::to_vec(&texts)?;
        write_whole(&self.path(version), &text)?;
        keep_newest(&self.folder, KEPT)
    }

    /// The sets that are kept, the newest first.
    pub fn newest_first(&self) -> Vec<KeptSet> {
        let mut sets: Vec<KeptSet> = by_age(&self.folder)
            .into_iter()
            .filter_map(|(since, path)| {
                let version = path
                    .file_name()?
                    .to_str()?
                    .strip_suffix(".json")?
                    .to_owned();
                Some(KeptSet { version, since })
            })
            .collect();
        sets.reverse();
        sets
    }

    /// The files of a set.
    ///
    /// # Errors
    /// When there is no such set, or it cannot be read.
    pub fn read(&self, version: &str) -> io::Result<Vec<SourceFile>> {
        let texts: BTreeMap<String, String> =
            serde_json::from_slice(&fs::read(self.path(version))?)?;
        let files = texts.into_iter();
        Ok(files
            .map(|(path, text)| SourceFile { path, text })
            .collect())
    }

    fn path(&self, version: &str) -> PathBuf {
        self.folder.join(format!("{version}.json"))
    }
}

/// Makes the topic files of a folder those of a set, and says how many files that changed. Watchers read nothing before it is done.
///
/// # Errors
/// When somebody else is replacing files just now, or the folder cannot be written; then it may be done again.
pub fn put_back(folder: &Path, set: &[SourceFile]) -> io::Result<usize> {
    let publishing = folder.join(PUBLISHING);
    // To a server that starts after this one died in between: nothing more to write.
    File::create_new(&publishing)?.write_all(br#"{"files":{}}"#)?;
    let (there, _unread) = read(folder);
    let done = replaced(folder, &there, set);
    fs::remove_file(&publishing)?;
    done
}

fn replaced(folder: &Path, there: &[SourceFile], set: &[SourceFile]) -> io::Result<usize> {
    let mut changed = 0;
    for file in set.iter().filter(|file| !there.contains(file)) {
        let path = Path::new(&file.path);
        if !path
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(io::Error::other(format!(
                "{} leads out of the folder",
                file.path
            )));
        }
        let bytes = file
            .bytes()
            .ok_or_else(|| io::Error::other(format!("{} is broken", file.path)))?;
        write_whole(&folder.join(path), &bytes)?;
        changed += 1;
    }
    // A picture that no file of the set shows is in nobody's way, and may be the only one.
    for file in there
        .iter()
        .filter(|file| !file.is_media() && set.iter().all(|kept| kept.path != file.path))
    {
        fs::remove_file(folder.join(&file.path))?;
        changed += 1;
    }
    Ok(changed)
}

/// Writes a file that is there whole or not at all, and makes its folder.
///
/// # Errors
/// When it cannot be written; what was there before stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written
}

/// Takes away all but the newest files of a folder.
///
/// # Errors
/// When one that is too many cannot be removed.
pub fn keep_newest(folder: &Path, most: usize) -> io::Result<()> {
    let files = by_age(folder);
    let surplus = files.len().saturating_sub(most);
    for (_, path) in files.into_iter().take(surplus) {
        match fs::remove_file(path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
    }
    Ok(())
}

/// The files of a folder, the oldest first.
fn by_age(folder: &Path) -> Vec<(SystemTime, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(|entry| {
            let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((about.modified().ok()?, entry.path()))
        })
        .collect();
    files.sort_unstable();
    files
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn the_newest_sets_are_kept_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let sets = KeptSets::at(folder.path().join("topics"));
        assert_eq!(sets.newest_first(), []);
        assert!(sets.read("none").is_err());
        let file = |text: &str| SourceFile {
            path: "use/a.yaml".to_owned(),
            text: text.to_owned(),
        };
        for number in 0..KEPT + 3 {
            let version = format!("{number:02}");
            sets.keep(&version, &[file(&version)]).unwrap();
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number as u64);
            let kept = File::options().append(true).open(sets.path(&version));
            kept.unwrap().set_modified(at).unwrap();
        }
        // One that was live before and is again counts as new.
        sets.keep("03", &[file("ñ")]).unwrap();
        let kept = sets.newest_first();
        let versions: Vec<&str> = kept.iter().map(|set| set.version.as_str()).collect();
        assert_eq!(versions.len(), KEPT);
        assert_eq!(versions[..2], ["03", "22"]);
        assert_eq!(sets.read("03").unwrap(), [file("ñ")]);
        assert!(sets.read("00").is_err());
        fs::write(sets.path("22"), "{").unwrap();
        assert!(sets.read("22").is_err());
    }
}
