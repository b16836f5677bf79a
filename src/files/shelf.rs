//! Where the bytes are: `files/aa/bb/<id>` below the data folder. An upload is written to `files/new/`, looked at, synced and renamed, so that a
//! name never stands for half a file.
//!
//! A small record of each file says to which conversation it belongs and, once the event is stored, where it stands in the log. The record is
//! written before the bytes get their name: there are no bytes that no record tells of.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use super::kind::FileKind;
use super::metadata::strip;
use super::scan::{Scan, ScanError};
use crate::conversation::{Attached, Body};
use crate::ids::{ClientId, ConversationId, FileId, Seq, Timestamp};
use crate::ports::{Record, Space, Store, StoreError};

/// An upload without an event is swept away after this time.
const ORPHAN_MS: i64 = 24 * 60 * 60_000;
/// Pictures that are cleaned at a time: each is in memory whole.
const CLEANED_AT_ONCE: usize = 3;
/// Bytes from which the kind is told.
const HEAD: usize = 8 * 1024;
/// Events read at a time.
const PAGE: usize = 512;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not a byte.
    #[error("the file is empty")]
    Empty,
    /// More than the most.
    #[error("the file is larger than {most} bytes")]
    TooLarge {
        /// The most.
        most: u64,
    },
    /// None of the kinds that are taken here.
    #[error("files of this kind are not taken")]
    Kind,
    /// It begins as one of the kinds and does not go on as one.
    #[error("the file is damaged")]
    Damaged,
    /// The scanner found something.
    #[error("the file was refused by the virus scanner")]
    Infected,
    /// The scanner did not do its work.
    #[error("the file could not be looked at now")]
    Unscanned(String),
    /// The disk did not do it.
    #[error("the file could not be kept: {0}")]
    Disk(#[from] io::Error),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The conversation in which it was sent.
    pub conversation: ConversationId,
    /// When it came.
    pub at: Timestamp,
    /// Its media type.
    pub media: String,
    /// Its size.
    pub bytes: u64,
    /// Its event; none while the upload has not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
}

/// The files of a house.
pub struct Shelf {
    dir: PathBuf,
    store: Arc<dyn Store>,
    scan: Option<Scan>,
    cleaning: Semaphore,
}

/// An upload that is under way; what becomes of nothing is removed.
pub struct Draft {
    path: PathBuf,
    file: tokio::fs::File,
    bytes: u64,
    most: u64,
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Renamed, or not wanted: what a crash leaves behind goes at the next start.
        let _: io::Result<()> = fs::remove_file(&self.path);
    }
}

impl Draft {
    /// Takes the next piece.
    ///
    /// # Errors
    /// `TooLarge`, or what the disk says.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), FileError> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Err(FileError::TooLarge { most: self.most });
        }
        Ok(self.file.write_all(piece).await?)
    }
}

impl Shelf {
    /// The files below a data folder. Uploads that a crash has interrupted are removed.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(data: &Path, store: Arc<dyn Store>, scan: Option<Scan>) -> io::Result<Self> {
        let dir = folder(data);
        let new = dir.join("new");
        match fs::remove_dir_all(&new) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            Ok(()) | Err(_) => {}
        }
        fs::create_dir_all(&new)?;
        sync(&dir)?;
        Ok(Self {
            dir,
            store,
            scan,
            cleaning: Semaphore::new(CLEANED_AT_ONCE),
        })
    }

    /// Begins an upload of at most `most` bytes.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn draft(&self, most: u64) -> Result<Draft, FileError> {
        let name = uuid::Uuid::new_v4().simple().to_string();
        let path = self.dir.join("new").join(name);
        let file = tokio::fs::File::create(&path).await?;
        Ok(Draft {
            path,
            file,
            bytes: 0,
            most,
        })
    }

    /// Keeps an upload, durably: its kind is told by its content, pictures lose their metadata, the scanner looks at it. The same content sent again
    /// with the same act is the same file.
    ///
    /// # Errors
    /// [`FileError`]; nothing is kept then.
    pub async fn keep(
        &self,
        mut draft: Draft,
        kinds: &[FileKind],
        conversation: ConversationId,
        act: &ClientId,
        now: Timestamp,
    ) -> Result<Attached, FileError> {
        draft.file.flush().await?;
        if draft.bytes == 0 {
            return Err(FileError::Empty);
        }
        let path = draft.path.clone();
        let kinds = kinds.to_vec();
        let turn = self.cleaning.acquire().await;
        let cleaned = tokio::task::spawn_blocking(move || clean(&path, &kinds));
        let (kind, bytes, digest) = cleaned.await.map_err(io::Error::other)??;
        drop(turn);
        if let Some(scan) = &self.scan {
            scan.look(&draft.path).await.map_err(|why| match why {
                ScanError::Infected => FileError::Infected,
                ScanError::Failed(why) => FileError::Unscanned(why),
            })?;
        }
        let id = name(conversation, act, &digest);
        let kept = Kept {
            conversation,
            at: now,
            media: kind.media().to_owned(),
            bytes,
            seq: None,
        };
        let key = id.to_string();
        match self
            .store
            .put_if(Space::Files, &key, 0, Some(json(&kept)))
            .await
        {
            // It was sent before: the same bytes under the same name.
            Ok(_) | Err(StoreError::Conflict { .. }) => {}
            Err(other) => return Err(other.into()),
        }
        let (from, to) = (draft.path.clone(), self.path(id));
        let shelved = tokio::task::spawn_blocking(move || shelve(&from, &to));
        shelved.await.map_err(io::Error::other)??;
        Ok(Attached {
            id,
            media: kept.media,
            bytes,
        })
    }

    /// Notes the event of a file: it is no orphan any more.
    ///
    /// # Errors
    /// What the store says; the sweep finds the event later.
    pub async fn sent(&self, id: FileId, seq: Seq) -> Result<(), FileError> {
        self.note(id, Some(seq)).await
    }

    async fn note(&self, id: FileId, seq: Option<Seq>) -> Result<(), FileError> {
        let key = id.to_string();
        let Some(record) = self.store.get(Space::Files, &key).await? else {
            return Ok(());
        };
        let kept = Kept {
            seq,
            ..read(&record)?
        };
        let put = self
            .store
            .put_if(Space::Files, &key, record.version, Some(json(&kept)));
        match put.await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// What is known of a file; nothing of one that is not there, or whose event is not stored.
    ///
    /// # Errors
    /// What the store says.
    pub async fn find(&self, id: FileId) -> Result<Option<Kept>, FileError> {
        match self.store.get(Space::Files, &id.to_string()).await? {
            Some(record) => Ok(Some(read(&record)?).filter(|kept| kept.seq.is_some())),
            None => Ok(None),
        }
    }

    /// The name under which a file was sent; nothing after erasure.
    ///
    /// # Errors
    /// What the store says.
    pub async fn name(&self, kept: &Kept) -> Result<Option<String>, FileError> {
        let Some(before) = kept.seq.and_then(|seq| seq.0.checked_sub(1)) else {
            return Ok(None);
        };
        let events = self.store.read(kept.conversation, Seq(before), 1).await?;
        Ok(events
            .first()
            .and_then(|event| event.private.first())
            .map(str::to_owned))
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn open_file(&self, id: FileId) -> io::Result<tokio::fs::File> {
        tokio::fs::File::open(self.path(id)).await
    }

    /// Removes a file whose event was refused. One that has an event stays.
    ///
    /// # Errors
    /// What store or disk says.
    pub async fn discard(&self, id: FileId) -> Result<(), FileError> {
        let key = id.to_string();
        match self.store.get(Space::Files, &key).await? {
            Some(record) if read(&record)?.seq.is_none() => {
                remove(&self.dir, self.store.as_ref(), &key, &record).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Sweeps away uploads that are a day old and have no event. Gives how many.
    ///
    /// # Errors
    /// What store or disk says.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, FileError> {
        let mut swept = 0;
        for (key, record) in self.store.list(Space::Files).await? {
            let kept = read(&record)?;
            if kept.seq.is_some() || now.since(kept.at) < ORPHAN_MS {
                continue;
            }
            let Ok(id) = key.parse() else { continue };
            // The server may have gone down between the event and the note of it.
            match find_event(self.store.as_ref(), kept.conversation, id).await? {
                Some(seq) => self.note(id, Some(seq)).await?,
                None => {
                    remove(&self.dir, self.store.as_ref(), &key, &record).await?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    fn path(&self, id: FileId) -> PathBuf {
        path(&self.dir, &id.to_string())
    }
}

/// Removes the files of a conversation, for good: part of its erasure. Doing it again is safe. Gives how many.
///
/// # Errors
/// What store or disk says.
pub async fn forget(
    data: &Path,
    store: &dyn Store,
    conversation: ConversationId,
) -> Result<usize, FileError> {
    let mut gone = 0;
    for (key, record) in store.list(Space::Files).await? {
        let its = match read(&record) {
            Ok(kept) => kept.conversation == conversation,
            // Somebody else's damage must not keep an erasure from its end, nor its own a file from going.
            Err(why) => {
                tracing::error!(file = key, %why, "the record of a file cannot be read");
                record.value.get("conversation") == Some(&serde_json::json!(conversation))
            }
        };
        if its {
            remove(&folder(data), store, &key, &record).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

fn folder(data: &Path) -> PathBuf {
    data.join("files")
}

fn path(dir: &Path, id: &str) -> PathBuf {
    let fan = |from: usize| id.get(from..from + 2).unwrap_or("00").to_owned();
    dir.join(fan(0)).join(fan(2)).join(id)
}

/// First the bytes, then the record: what is left after a crash is found again by the record.
async fn remove(
    dir: &Path,
    store: &dyn Store,
    key: &str,
    record: &Record,
) -> Result<(), FileError> {
    match tokio::fs::remove_file(path(dir, key)).await {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why.into()),
        Ok(()) | Err(_) => {}
    }
    match store.put_if(Space::Files, key, record.version, None).await {
        Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

async fn find_event(
    store: &dyn Store,
    conversation: ConversationId,
    id: FileId,
) -> Result<Option<Seq>, StoreError> {
    let mut after = Seq::ZERO;
    loop {
        let events = store.read(conversation, after, PAGE).await?;
        for event in &events {
            after = event.seq;
            match &event.body {
                Body::VisitorSent { file, .. } | Body::AgentSent { file, .. } if file.id == id => {
                    return Ok(Some(event.seq));
                }
                _ => {}
            }
        }
        if events.len() < PAGE {
            return Ok(None);
        }
    }
}

/// An id that the same act with the same content has again: a custom UUID (RFC 9562, §5.8) of a digest.
fn name(conversation: ConversationId, act: &ClientId, digest: &[u8; 32]) -> FileId {
    let mut hash = Sha256::new();
    hash.update(conversation.as_bytes());
    hash.update(digest);
    hash.update(act.as_str());
    let (first, _) = hash
        .finalize()
        .split_first_chunk::<16>()
        .map(|(first, rest)| (*first, rest.len()))
        .expect("a SHA-256 has 32 bytes");
    FileId::from(uuid::Builder::from_custom_bytes(first).into_uuid())
}

fn json(kept: &Kept) -> serde_json::Value {
    serde_json::to_value(kept).expect("plain fields are JSON")
}

fn read(record: &Record) -> Result<Kept, StoreError> {
    serde_json::from_value(record.value.clone())
        .map_err(|why| StoreError::Corrupt(format!("record of a file: {why}")))
}

/// Tells the kind, takes metadata out, syncs. Gives kind, size and digest of what is there afterwards.
fn clean(path: &Path, kinds: &[FileKind]) -> Result<(FileKind, u64, [u8; 32]), FileError> {
    let mut file = fs::File::open(path)?;
    let mut head = Vec::with_capacity(HEAD);
    Read::by_ref(&mut file)
        .take(HEAD as u64)
        .read_to_end(&mut head)?;
    let kind = FileKind::sniff(&head)
        .filter(|kind| kinds.contains(kind))
        .ok_or(FileError::Kind)?;
    if kind == FileKind::Pdf {
        let mut hash = Sha256::new();
        hash.update(&head);
        let mut bytes = head.len() as u64;
        let mut piece = vec![0; 64 * 1024];
        loop {
            match file.read(&mut piece)? {
                0 => break,
                read => {
                    hash.update(piece.get(..read).unwrap_or_default());
                    bytes += read as u64;
                }
            }
        }
        fs::File::options().write(true).open(path)?.sync_all()?;
        return Ok((kind, bytes, hash.finalize().into()));
    }
    let mut whole = head;
    file.read_to_end(&mut whole)?;
    let clean = strip(kind, whole).map_err(|_broken| FileError::Damaged)?;
    let mut file = fs::File::create(path)?;
    file.write_all(&clean)?;
    file.sync_all()?;
    Ok((kind, clean.len() as u64, Sha256::digest(&clean).into()))
}

/// Gives the bytes their name, durably.
fn shelve(from: &Path, to: &Path) -> io::Result<()> {
    let (Some(inner), Some(outer)) = (to.parent(), to.parent().and_then(Path::parent)) else {
        return Err(io::Error::other("a file stands in two folders"));
    };
    if !inner.is_dir() {
        fs::create_dir_all(inner)?;
        sync(outer)?;
        outer.parent().map_or(Ok(()), sync)?;
    }
    fs::rename(from, to)?;
    sync(inner)
}

/// Makes the names in a folder durable.
fn sync(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Event, Private};
    use crate::store::MemStore;

    const NOW: Timestamp = Timestamp(1_000_000);
    const PDF: &[u8] = b"%PDF-1.7\n%%EOF";

    async fn upload(shelf: &Shelf, act: &str) -> Attached {
        let mut draft = shelf.draft(100).await.unwrap();
        draft.write(PDF).await.unwrap();
        let conversation = ConversationId::from_bytes([1; 16]);
        let act = act.parse().unwrap();
        shelf
            .keep(draft, &FileKind::ALL, conversation, &act, NOW)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn an_unreadable_record_stops_no_erasure() {
        let data = tempfile::tempdir().unwrap();
        let store = Arc::new(MemStore::default());
        let shelf = Shelf::open(data.path(), store.clone(), None).unwrap();
        let conversation = ConversationId::from_bytes([1; 16]);
        let (own, good) = (upload(&shelf, "a").await, upload(&shelf, "b").await);
        let bad = |of: ConversationId| serde_json::json!({"conversation": of, "bytes": "many"});
        let other = ConversationId::from_bytes([2; 16]);
        let first = "00000000-0000-8000-8000-000000000000";
        let put = store.put_if(Space::Files, first, 0, Some(bad(other)));
        put.await.unwrap();
        let key = own.id.to_string();
        let record = store.get(Space::Files, &key).await.unwrap().unwrap();
        let put = store.put_if(Space::Files, &key, record.version, Some(bad(conversation)));
        put.await.unwrap();
        let gone = forget(data.path(), store.as_ref(), conversation).await;
        assert_eq!(gone.unwrap(), 2);
        for id in [own.id, good.id] {
            assert!(shelf.open_file(id).await.is_err());
        }
        let left = store.list(Space::Files).await.unwrap();
        assert_eq!(left.keys().collect::<Vec<_>>(), [first]);
    }

    #[tokio::test]
    async fn an_upload_without_an_event_is_swept_away_after_a_day() {
        let data = tempfile::tempdir().unwrap();
        let store = Arc::new(MemStore::default());
        let shelf = Shelf::open(data.path(), store.clone(), None).unwrap();
        let orphan = upload(&shelf, "a").await;
        let told = upload(&shelf, "b").await;
        shelf.sent(told.id, Seq(2)).await.unwrap();
        // The server went down between this one's event and the note of it.
        let unnoted = upload(&shelf, "c").await;
        let event = Event {
            seq: Seq(1),
            at: NOW,
            body: Body::VisitorSent {
                client_id: "c".parse().unwrap(),
                file: unnoted.clone(),
            },
            private: Private::text("factura.pdf"),
        };
        let conversation = ConversationId::from_bytes([1; 16]);
        store
            .append(conversation, Seq::ZERO, vec![event])
            .await
            .unwrap();

        assert_eq!(shelf.sweep(NOW.plus(ORPHAN_MS - 1)).await.unwrap(), 0);
        assert_eq!(shelf.sweep(NOW.plus(ORPHAN_MS)).await.unwrap(), 1);
        assert!(shelf.open_file(orphan.id).await.is_err());
        for id in [told.id, unnoted.id] {
            assert!(shelf.find(id).await.unwrap().is_some());
            assert!(shelf.open_file(id).await.is_ok());
        }
        assert_eq!(shelf.sweep(NOW.plus(ORPHAN_MS)).await.unwrap(), 0);
        let name = shelf.find(unnoted.id).await.unwrap().unwrap();
        assert_eq!(shelf.name(&name).await.unwrap().unwrap(), "factura.pdf");
        assert_eq!(
            forget(data.path(), store.as_ref(), conversation)
                .await
                .unwrap(),
            2
        );
        assert!(shelf.open_file(told.id).await.is_err());
    }

    #[tokio::test]
    async fn an_upload_that_ends_early_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(data.path(), Arc::new(MemStore::default()), None).unwrap();
        let mut draft = shelf.draft(4).await.unwrap();
        assert!(matches!(
            draft.write(PDF).await,
            Err(FileError::TooLarge { most: 4 })
        ));
        drop(draft);
        let left = fs::read_dir(data.path().join("files/new")).unwrap().count();
        assert_eq!(left, 0);
    }
}
