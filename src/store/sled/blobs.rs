//! Large contents as files of their own: what is large sled puts into files that it does not sync.
//!
//! A file is named by the SHA-256 of its bytes, and these begin with a random nonce: no two owners share a file, so it goes with its owner, and what
//! one conversation erases no other one needs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::disk;
use crate::conversation::Hex;

/// Contents above this go to a file.
pub(super) const INLINE_MAX_BYTES: usize = 16 * 1024;

const NONCE: usize = 16;

/// Name of a blob file.
pub(super) type BlobId = [u8; 32];

/// The folder of blob files: 16 folders by first digit.
#[derive(Debug, Clone)]
pub(super) struct Blobs {
    dir: PathBuf,
}

impl Blobs {
    /// Makes the folders where they are missing.
    pub(super) fn open(dir: PathBuf) -> io::Result<Self> {
        for digit in 0..16 {
            let fan = dir.join(format!("{digit:x}"));
            if !fan.is_dir() {
                disk::create_dir(&fan)?;
            }
        }
        disk::create_dir(&dir)?;
        Ok(Self { dir })
    }

    /// Keeps a content; durable before it returns.
    pub(super) fn write(&self, content: &[u8]) -> io::Result<BlobId> {
        let mut bytes = vec![0; NONCE];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        bytes.extend_from_slice(content);
        let id: BlobId = Sha256::digest(&bytes).into();
        disk::write_whole(&self.path(&id), &bytes)?;
        Ok(id)
    }

    /// The content. The error says what is wrong.
    pub(super) fn read(&self, id: &BlobId) -> Result<Vec<u8>, String> {
        let mut bytes =
            fs::read(self.path(id)).map_err(|why| format!("blob {}: {why}", Hex(*id)))?;
        if Sha256::digest(&bytes).as_slice() != id || bytes.len() < NONCE {
            return Err(format!("blob {}: the digest does not match", Hex(*id)));
        }
        Ok(bytes.split_off(NONCE))
    }

    /// Removes a file for good; one that is gone already is fine.
    pub(super) fn remove(&self, id: &BlobId) -> io::Result<()> {
        let path = self.path(id);
        match fs::remove_file(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            Ok(()) | Err(_) => {}
        }
        disk::sync_dir(path.parent().unwrap_or(&self.dir))
    }

    /// Removes files that nobody owns: written for an append that never came to be. Returns how many.
    pub(super) fn sweep(&self, owned: impl Fn(&BlobId) -> io::Result<bool>) -> io::Result<u64> {
        let mut swept = 0;
        for fan in fs::read_dir(&self.dir)? {
            for file in fs::read_dir(fan?.path())? {
                let path = file?.path();
                let id = path.file_name().and_then(|name| name.to_str());
                let keep = match id.and_then(|name| name.parse::<Hex<32>>().ok()) {
                    Some(Hex(id)) => owned(&id)?,
                    None => false,
                };
                if !keep {
                    fs::remove_file(&path)?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    fn path(&self, id: &BlobId) -> PathBuf {
        let fan = format!("{:x}", id[0] >> 4);
        Path::join(&self.dir, fan).join(Hex(*id).to_string())
    }
}
