//! Snapshots: a whole store as a file of JSON lines, and back. The format belongs to no engine, so it is also the way from one to another.
//!
//! ```text
//! {"crc32":"…","is":{"header":{"format":"ventanilla-snapshot","version":1,"epoch":…,"commits":2,"records":1}}}
//! {"crc32":"…","is":{"record":{"space":"agents","key":"ana@example.org","value":{…}}}}
//! {"crc32":"…","is":{"commit":{"number":1,"conversation":"…","events":[{"event":{…},"seal":{…}}]}}}
//! {"crc32":"…","is":{"end":{"sha256":"…"}}}
//! ```
//! Each line's checksum covers the text behind `"is":`, so damage is told with its line; the last line's digest covers every byte before it. Records
//! come first: a background task's mark among them is then never ahead of the commits. Marks of closed conversations are left out: the first
//! start after a restore looks at each conversation once. The file holds what people wrote and the server's secrets; whoever makes it guards it.
//!
//! Both directions hold a page of commits in memory, never the whole.

use std::io::SeekFrom;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeek, AsyncSeekExt as _,
    AsyncWrite, AsyncWriteExt as _,
};

use crate::conversation::{Event, Hex, Seal};
use crate::ids::ConversationId;
use crate::ports::{Commit, CommitNumber, SealedCommit, Space, Store, StoreError};

const FORMAT: &str = "ventanilla-snapshot";
const VERSION: u32 = 1;

/// Commits that are read at once.
const PAGE: usize = 64;

/// Commits and bytes of lines that are written at once.
const BATCH_COMMITS: usize = 256;
const BATCH_BYTES: usize = 256 * 1024;

/// Longest line. A store takes appends of 16 MiB; seals and field names come on top.
const LINE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// What a snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Epoch of the store that it was made of.
    pub epoch: u64,
    /// How many appends.
    pub commits: u64,
    /// How many small records.
    pub records: u64,
    /// SHA-256 of everything but the last line.
    pub sha256: Hex<32>,
}

/// Why a snapshot could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error("reading or writing the snapshot: {0}")]
    Io(#[from] std::io::Error),
    /// The file is not as it was written.
    #[error(
        "line {line} of the snapshot is damaged: {why}; take another snapshot, nothing was restored"
    )]
    Damaged {
        /// 1 for the first.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// The file ends too early.
    #[error(
        "the snapshot ends after line {line} without its last line: it was cut; take another one, nothing was restored"
    )]
    Truncated {
        /// The last line that is whole.
        line: u64,
    },
    /// A newer program wrote it.
    #[error(
        "the snapshot has format version {found}, this program knows {VERSION}: restore it with a newer one"
    )]
    Version {
        /// Version in the header.
        found: u32,
    },
    /// There is something in the store already.
    #[error("the store is not empty: restore into a new data folder")]
    NotEmpty,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Header(Header),
    Record(Small),
    Commit(Append),
    End { sha256: Hex<32> },
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    epoch: u64,
    commits: u64,
    records: u64,
}

#[derive(Serialize, Deserialize)]
struct Small {
    space: String,
    key: String,
    value: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct Append {
    number: CommitNumber,
    conversation: ConversationId,
    events: Vec<Sealed>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    event: Event,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<Seal>,
}

impl From<SealedCommit> for Append {
    fn from(sealed: SealedCommit) -> Self {
        let SealedCommit { commit, seals } = sealed;
        Self {
            number: commit.number,
            conversation: commit.conversation,
            events: commit
                .events
                .into_iter()
                .zip(seals)
                .map(|(event, seal)| Sealed { event, seal })
                .collect(),
        }
    }
}

impl From<Append> for SealedCommit {
    fn from(append: Append) -> Self {
        let (events, seals) = append
            .events
            .into_iter()
            .map(|sealed| (sealed.event, sealed.seal))
            .unzip();
        Self {
            commit: Commit {
                number: append.number,
                conversation: append.conversation,
                events,
            },
            seals,
        }
    }
}

/// Writes a snapshot of a store that may go on working: it holds every append up to the moment at which it began.
///
/// # Errors
/// [`DumpError::Store`], a damaged append included, and [`DumpError::Io`]; what was written until then lacks its last line and is refused by
/// [`restore`].
pub async fn snapshot<W>(store: &dyn Store, to: &mut W) -> Result<Summary, DumpError>
where
    W: AsyncWrite + Unpin,
{
    let mut records = Vec::new();
    for space in Space::ALL {
        for (key, record) in store.list(space).await? {
            records.push(Small {
                space: space.name().to_owned(),
                key,
                value: record.value,
            });
        }
    }
    let commits = store.last_commit();
    let mut writer = Writer {
        to,
        hash: Sha256::new(),
    };
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        epoch: store.epoch(),
        commits: commits.0,
        records: records.len() as u64,
    };
    let mut summary = Summary {
        epoch: header.epoch,
        commits: header.commits,
        records: header.records,
        sha256: Hex([0; 32]),
    };
    writer.line(&Line::Header(header)).await?;
    for record in records {
        writer.line(&Line::Record(record)).await?;
    }
    let mut after = CommitNumber(0);
    while after < commits {
        let page = store.tail_sealed(after, PAGE).await?;
        for sealed in page {
            if sealed.commit.number > commits {
                break;
            }
            after = sealed.commit.number;
            writer.line(&Line::Commit(sealed.into())).await?;
        }
    }
    summary.sha256 = Hex(writer.hash.clone().finalize().into());
    let sha256 = summary.sha256;
    writer.line(&Line::End { sha256 }).await?;
    writer.to.flush().await?;
    Ok(summary)
}

struct Writer<'a, W> {
    to: &'a mut W,
    hash: Sha256,
}

impl<W: AsyncWrite + Unpin> Writer<'_, W> {
    async fn line(&mut self, line: &Line) -> Result<(), DumpError> {
        let is = serde_json::to_string(line).map_err(std::io::Error::from)?;
        let sum = crc32fast::hash(is.as_bytes());
        let line = format!("{{\"crc32\":\"{sum:08x}\",\"is\":{is}}}\n");
        self.hash.update(line.as_bytes());
        self.to.write_all(line.as_bytes()).await?;
        Ok(())
    }
}

/// Reads a snapshot to its end and says what it holds.
///
/// # Errors
/// [`DumpError::Damaged`] with the line, [`DumpError::Truncated`], [`DumpError::Version`], [`DumpError::Io`].
pub async fn check<R>(from: &mut R) -> Result<Summary, DumpError>
where
    R: AsyncBufRead + Unpin,
{
    let mut reader = Reader::new(from);
    let header = reader.header().await?;
    let mut records = 0;
    let mut commits = 0;
    loop {
        let sha256 = Hex(reader.hash.clone().finalize().into());
        match reader.line().await? {
            Line::Header(_) => return Err(reader.damaged("a second header")),
            Line::Record(record) => {
                records += 1;
                if commits > 0 {
                    return Err(reader.damaged("a record behind commits"));
                }
                reader.space(&record)?;
            }
            Line::Commit(append) => {
                commits += 1;
                if append.number.0 != commits {
                    let why = format!("commit {} where {commits} is due", append.number.0);
                    return Err(reader.damaged(why));
                }
                for Sealed { event, seal } in &append.events {
                    if !seal.map_or(event.private.is_empty(), |seal| seal.fits(&event.private)) {
                        let why = format!("the seal of event {} does not fit", event.seq);
                        return Err(reader.damaged(why));
                    }
                }
            }
            Line::End { sha256: promised } => {
                if promised != sha256 {
                    return Err(reader.damaged("the digest of the file does not match"));
                }
                if (commits, records) != (header.commits, header.records) {
                    return Err(reader.damaged("lines are missing or too many"));
                }
                if reader.more().await? {
                    return Err(reader.damaged("something follows"));
                }
                return Ok(Summary {
                    epoch: header.epoch,
                    commits,
                    records,
                    sha256,
                });
            }
        }
    }
}

/// Restores a snapshot into an empty store, after checking the whole file. The store keeps its own epoch, which is a new one, so clients do not
/// resume into a different past.
///
/// # Errors
/// [`DumpError::NotEmpty`], what [`check`] refuses (then nothing was written), and [`DumpError::Store`], after which the store is incomplete: begin
/// again with a new folder.
pub async fn restore<R>(store: &dyn Store, from: &mut R) -> Result<Summary, DumpError>
where
    R: AsyncBufRead + AsyncSeek + Unpin,
{
    if store.last_commit() != CommitNumber(0) {
        return Err(DumpError::NotEmpty);
    }
    for space in Space::ALL {
        if !store.list(space).await?.is_empty() {
            return Err(DumpError::NotEmpty);
        }
    }
    let summary = check(from).await?;
    from.seek(SeekFrom::Start(0)).await?;
    let mut reader = Reader::new(from);
    let mut batch = Vec::new();
    let mut bytes = 0;
    loop {
        match reader.line().await? {
            Line::Header(_) => {}
            Line::Record(record) => {
                let space = reader.space(&record)?;
                let put = store.put_if(space, &record.key, 0, Some(record.value));
                put.await?;
            }
            Line::Commit(append) => {
                batch.push(append.into());
                bytes += reader.buffer.len();
                if batch.len() >= BATCH_COMMITS || bytes >= BATCH_BYTES {
                    store.append_sealed(std::mem::take(&mut batch)).await?;
                    bytes = 0;
                }
            }
            Line::End { .. } => {
                store.append_sealed(batch).await?;
                return Ok(summary);
            }
        }
    }
}

struct Reader<'a, R> {
    from: &'a mut R,
    buffer: Vec<u8>,
    hash: Sha256,
    number: u64,
}

impl<'a, R: AsyncBufRead + Unpin> Reader<'a, R> {
    fn new(from: &'a mut R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
            hash: Sha256::new(),
            number: 0,
        }
    }

    fn damaged(&self, why: impl Into<String>) -> DumpError {
        DumpError::Damaged {
            line: self.number,
            why: why.into(),
        }
    }

    async fn line(&mut self) -> Result<Line, DumpError> {
        self.buffer.clear();
        let mut limited = (&mut *self.from).take(LINE_MAX_BYTES as u64);
        limited.read_until(b'\n', &mut self.buffer).await?;
        if self.buffer.len() < LINE_MAX_BYTES && !self.buffer.ends_with(b"\n") {
            return Err(DumpError::Truncated { line: self.number });
        }
        self.number += 1;
        self.hash.update(&self.buffer);
        let is = unwrap(&self.buffer).map_err(|why| self.damaged(why))?;
        serde_json::from_slice(is).map_err(|why| self.damaged(why.to_string()))
    }

    async fn header(&mut self) -> Result<Header, DumpError> {
        let header = match self.line().await {
            Ok(Line::Header(header)) if header.format == FORMAT => header,
            Ok(_) | Err(DumpError::Damaged { .. }) => {
                return Err(self.damaged("it is not the header of a snapshot"));
            }
            Err(other) => return Err(other),
        };
        if header.version != VERSION {
            return Err(DumpError::Version {
                found: header.version,
            });
        }
        Ok(header)
    }

    fn space(&self, record: &Small) -> Result<Space, DumpError> {
        let space = Space::ALL.into_iter().find(|s| s.name() == record.space);
        space.ok_or_else(|| self.damaged(format!("no kind of record is {:?}", record.space)))
    }

    async fn more(&mut self) -> Result<bool, DumpError> {
        Ok(!self.from.fill_buf().await?.is_empty())
    }
}

/// The text that a line's checksum covers, where it fits.
fn unwrap(line: &[u8]) -> Result<&[u8], &'static str> {
    const SHAPE: &str = "it has not the shape of a line";
    let rest = line.strip_prefix(b"{\"crc32\":\"").ok_or(SHAPE)?;
    let (sum, rest) = rest.split_first_chunk::<8>().ok_or(SHAPE)?;
    let rest = rest.strip_prefix(b"\",\"is\":").ok_or(SHAPE)?;
    let is = rest.strip_suffix(b"}\n").ok_or(SHAPE)?;
    if *sum == *format!("{:08x}", crc32fast::hash(is)).as_bytes() {
        Ok(is)
    } else {
        Err("its checksum does not match")
    }
}
