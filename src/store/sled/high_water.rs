//! The high-water mark: a small file beside sled that remembers how far sled had come, to notice at the next start that it lost its tail.
//!
//! sled recovers from a damaged log by cutting it at the damage, without a word. The mark is written after each group of commits is durable, so it
//! is never ahead of what was promised. Two slots are written in turn, each with a checksum: one torn write leaves the other.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::disk;

const SLOT: u64 = 512;
const MAGIC: &[u8; 4] = b"vhw1";

/// How far a store has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Mark {
    /// Last durable commit.
    pub(super) commit: u64,
    /// Last durable version of a small record.
    pub(super) version: u64,
}

/// The file of the mark.
#[derive(Debug)]
pub(super) struct HighWater {
    file: File,
    turn: u64,
}

impl HighWater {
    /// Opens the file, creating it where it is missing, and reads the mark. A file in which no slot is whole counts as no mark.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Mark)> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() < 2 * SLOT {
            // Its full size from the start: later writes need no room on a full disk, and their sync no change of metadata.
            file.write_all_at(&[0; 2 * SLOT as usize], 0)?;
            file.sync_all()?;
            disk::sync_dir(path.parent().unwrap_or(Path::new(".")))?;
        }
        let slots = [read(&file, 0)?, read(&file, 1)?];
        let turn = u64::from(slots[0] > slots[1]);
        let mark = slots[0].max(slots[1]).unwrap_or_default();
        Ok((Self { file, turn }, mark))
    }

    /// Writes the mark into the older slot. It outlives the process at once and the power from [`HighWater::sync`] on.
    pub(super) fn write(&mut self, mark: Mark) -> io::Result<()> {
        let mut slot = [0; 24];
        slot[..4].copy_from_slice(MAGIC);
        slot[4..12].copy_from_slice(&mark.commit.to_be_bytes());
        slot[12..20].copy_from_slice(&mark.version.to_be_bytes());
        let sum = crc32fast::hash(&slot[..20]);
        slot[20..].copy_from_slice(&sum.to_be_bytes());
        self.file.write_all_at(&slot, self.turn * SLOT)?;
        self.turn = 1 - self.turn;
        Ok(())
    }

    /// Makes the mark outlive the power.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn read(file: &File, index: u64) -> io::Result<Option<Mark>> {
    let mut slot = [0; 24];
    file.read_exact_at(&mut slot, index * SLOT)?;
    let number = |at: usize| {
        slot[at..at + 8]
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let whole = slot[..4] == *MAGIC && slot[20..] == crc32fast::hash(&slot[..20]).to_be_bytes();
    Ok(whole.then(|| Mark {
        commit: number(4),
        version: number(12),
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn mark(commit: u64) -> Mark {
        Mark { commit, version: 1 }
    }

    #[test]
    fn the_last_mark_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("high-water");
        for commit in 1..5 {
            let (mut file, before) = HighWater::open(&path).unwrap();
            assert_eq!(before.commit, commit - 1);
            file.write(mark(commit)).unwrap();
            file.sync().unwrap();
        }
    }

    #[test]
    fn a_torn_slot_leaves_the_other_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("high-water");
        let (mut file, _) = HighWater::open(&path).unwrap();
        file.write(mark(1)).unwrap();
        file.write(mark(2)).unwrap();
        file.file.write_all_at(&[0xff], SLOT + 7).unwrap();
        drop(file);
        let (mut file, found) = HighWater::open(&path).unwrap();
        assert_eq!(found, mark(1));
        // The torn slot is the next to be written.
        file.write(mark(3)).unwrap();
        drop(file);
        assert_eq!(HighWater::open(&path).unwrap().1, mark(3));
    }
}
