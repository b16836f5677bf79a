//! The few things that the standard library leaves to do before a file is really there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Makes the entries of a directory durable: a synced file whose name was not is lost with the power.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Creates a directory and makes its name durable.
pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_dir(parent),
        Some(_) | None => sync_dir(Path::new(".")),
    }
}

/// Writes a whole file: afterwards it is there with all its content, or as it was before.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&new, path)?;
    sync_dir(dir)
}

/// Whether there is room for `bytes` more, found out by trying.
pub(super) fn probe(dir: &Path, bytes: usize) -> io::Result<()> {
    let path = dir.join("probe.new");
    let tried = File::create(&path).and_then(|mut file| {
        file.write_all(&vec![1; bytes])?;
        file.sync_all()
    });
    let removed = fs::remove_file(&path);
    tried.and(removed)
}
