//! Opening a store: nobody else has it, we know its format, sled opens without a panic, and nothing that was promised is missing.
//!
//! A store that does not open is never replaced by an empty one: that would be a loss that nobody notices.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::blobs::{Blobs, INLINE_MAX_BYTES};
use super::high_water::{HighWater, Mark};
use super::{disk, keys, value};
use crate::ports::CommitNumber;
use crate::store::rows;

/// Layout of keys and values that this program writes.
const SCHEMA: u32 = 1;
const ENGINE: &str = "sled-0.34";

/// sled's cache of pages: its own default is a gigabyte.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// A leaf of sled's tree holds up to about 20 rows and is written in one piece, and a piece above a quarter of a segment goes to a file of its own that
/// sled does not sync (measured: at sled's own half megabyte, rows of 15 KiB do it). With this size 24 rows of the largest kind stay inside. It is
/// part of the format: sled refuses to open with another.
const SEGMENT_BYTES: usize = 2 * 1024 * 1024;

const _: () = assert!(24 * (INLINE_MAX_BYTES + 2 * 1024) < SEGMENT_BYTES / 4);

/// Why a store could not be opened. With [`OpenError::Locked`] and [`OpenError::Format`] nothing in the folder was changed; with the others sled may
/// have cut its log where it found it damaged.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "the store {} is in use by {holder}; stop that process, or let this command speak to it",
        dir.display()
    )]
    Locked {
        /// The store's folder.
        dir: PathBuf,
        /// `process 1234`, or `another process`.
        holder: String,
    },
    /// A newer program, or another engine, wrote it.
    #[error(
        "the store {} has format {found}, this program knows {ENGINE} with schema up to {SCHEMA}; \
         start the newer program, or restore a snapshot into a new folder; nothing was changed",
        dir.display()
    )]
    Format {
        /// The store's folder.
        dir: PathBuf,
        /// What its format file says.
        found: String,
    },
    /// The engine cannot read its files.
    #[error(
        "the store {} does not open: {why}; if the disk is full, free some space and start again; \
         else keep the folder as it is and restore the newest snapshot into a new one (`ventanilla restore`)",
        dir.display()
    )]
    Damaged {
        /// The store's folder.
        dir: PathBuf,
        /// What the engine said.
        why: String,
    },
    /// The engine opened, but without its newest commits.
    #[error(
        "the store {} has lost its newest part: it ends at commit {found} and had promised {promised}; \
         keep the folder as it is and restore the newest snapshot into a new one (`ventanilla restore`); \
         to go on without the lost part instead, delete the file `high-water` in it",
        dir.display()
    )]
    TailLost {
        /// The store's folder.
        dir: PathBuf,
        /// What is there: commit, and version of the last record.
        found: String,
        /// What was durable once.
        promised: String,
    },
    /// A file could not be read or written.
    #[error("the store {}: {what}: {source}", dir.display())]
    Io {
        /// The store's folder.
        dir: PathBuf,
        /// What was tried.
        what: &'static str,
        /// The system's answer.
        source: io::Error,
    },
}

/// sled, and a second descriptor of its file: sled's own `flush` ends in `sync_file_range`, which does not reach the platter
/// (spacejam/sled#1452). A sync acts on the file, whichever descriptor it comes through.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) db: sled::Db,
    pub(super) file: File,
}

/// A store as it was found.
pub(super) struct Found {
    pub(super) opened: Opened,
    pub(super) epoch: u64,
    pub(super) mark: Mark,
}

/// The paths inside a store's folder.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    pub(super) dir: PathBuf,
}

impl Paths {
    fn format(&self) -> PathBuf {
        self.dir.join("format")
    }
    fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }
    fn sled(&self) -> PathBuf {
        self.dir.join("sled")
    }
    fn set_aside(&self) -> PathBuf {
        self.dir.join("set-aside")
    }
    fn high_water(&self) -> PathBuf {
        self.dir.join("high-water")
    }
    fn blobs(&self) -> PathBuf {
        self.dir.join("blobs")
    }

    fn io(&self, what: &'static str) -> impl FnOnce(io::Error) -> OpenError {
        let dir = self.dir.clone();
        move |source| OpenError::Io { dir, what, source }
    }

    fn damaged(&self, why: impl Into<String>) -> OpenError {
        OpenError::Damaged {
            dir: self.dir.clone(),
            why: why.into(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Format {
    engine: String,
    schema: u32,
}

/// Everything that an open store consists of.
pub(super) struct Parts {
    pub(super) paths: Paths,
    pub(super) lock: File,
    pub(super) found: Found,
    pub(super) blobs: Blobs,
    pub(super) high_water: HighWater,
}

/// Opens a store, or makes one where there is none.
pub(super) fn open(dir: &Path) -> Result<Parts, OpenError> {
    let paths = Paths {
        dir: dir.to_owned(),
    };
    if !dir.is_dir() {
        disk::create_dir(dir).map_err(paths.io("creating the folder"))?;
    }
    let lock = lock(&paths)?;
    let complete = check_format(&paths)?;
    if complete && !paths.sled().join("db").is_file() {
        return Err(paths.damaged("its file sled/db is gone"));
    }
    let blobs = Blobs::open(paths.blobs()).map_err(paths.io("creating folders for blobs"))?;
    let found = open_sled(&paths, complete)?;
    let (mut high_water, promised) =
        HighWater::open(&paths.high_water()).map_err(paths.io("opening the high-water mark"))?;
    check_mark(&paths, found.mark, promised)?;
    high_water
        .write(found.mark)
        .and_then(|()| high_water.sync())
        .map_err(paths.io("writing the high-water mark"))?;
    let swept = blobs
        .sweep(|id| {
            let owned = found.opened.db.contains_key(keys::blob(id));
            owned.map_err(io::Error::other)
        })
        .map_err(paths.io("removing blobs that nobody owns"))?;
    if swept > 0 {
        tracing::info!(swept, "removed blob files of appends that never came to be");
    }
    if !complete {
        // Last of all: a store whose making was interrupted has no format file, and nothing was promised in it.
        let format = Format {
            engine: ENGINE.to_owned(),
            schema: SCHEMA,
        };
        let json = serde_json::to_vec(&format).expect("a text and a number always are JSON");
        disk::write_whole(&paths.format(), &json).map_err(paths.io("writing the format file"))?;
    }
    Ok(Parts {
        paths,
        lock,
        found,
        blobs,
        high_water,
    })
}

/// Opens sled again after a failure, with the same checks.
pub(super) fn reopen(paths: &Paths, promised: Mark) -> Result<Found, OpenError> {
    let found = open_sled(paths, true)?;
    check_mark(paths, found.mark, promised)?;
    Ok(found)
}

/// Further tries at the lock, and the pause before each: half a second in all.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(25);

fn check_mark(paths: &Paths, found: Mark, promised: Mark) -> Result<(), OpenError> {
    if found.commit < promised.commit || found.version < promised.version {
        let say = |mark: Mark| format!("{} (records at {})", mark.commit, mark.version);
        return Err(OpenError::TailLost {
            dir: paths.dir.clone(),
            found: say(found),
            promised: say(promised),
        });
    }
    Ok(())
}

/// sled locks its own file, but only after it has begun to work in the folder; and it does not say who has it.
fn lock(paths: &Paths) -> Result<File, OpenError> {
    let io = || paths.io("locking");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(paths.lock())
        .map_err(io())?;
    let mut held = file.try_lock();
    // A server that is just ending, or a child of this process between its fork and its exec, still holds the lock for a moment.
    for _ in 0..LOCK_TRIES {
        if !matches!(held, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(LOCK_PAUSE);
        held = file.try_lock();
    }
    match held {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let holder = match file.read_to_string(&mut pid) {
                Ok(_) if !pid.trim().is_empty() => format!("process {}", pid.trim()),
                Ok(_) | Err(_) => "another process".to_owned(),
            };
            return Err(OpenError::Locked {
                dir: paths.dir.clone(),
                holder,
            });
        }
        Err(TryLockError::Error(why)) => return Err(io()(why)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(io())?;
    Ok(file)
}

/// Whether the store was completed once. A format that we do not know is refused before sled touches anything.
fn check_format(paths: &Paths) -> Result<bool, OpenError> {
    let text = match fs::read_to_string(paths.format()) {
        Ok(text) => text,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(why) => return Err(paths.io("reading the format file")(why)),
    };
    match serde_json::from_str::<Format>(&text) {
        Ok(format) if format.engine == ENGINE && format.schema <= SCHEMA => Ok(true),
        Ok(format) => Err(OpenError::Format {
            dir: paths.dir.clone(),
            found: format!("{} with schema {}", format.engine, format.schema),
        }),
        Err(why) => Err(paths.damaged(format!("its format file is not readable: {why}"))),
    }
}

fn open_sled(paths: &Paths, complete: bool) -> Result<Found, OpenError> {
    put_aside(paths).map_err(paths.io("putting half-written files aside"))?;
    let db = guarded(&paths.sled()).map_err(|why| paths.damaged(why))?;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(paths.sled().join("db"))
        .map_err(paths.io("opening sled/db"))?;
    let opened = Opened { db, file };
    let read = |what: &str, why: String| paths.damaged(format!("{what}: {why}"));
    let mark = Mark {
        commit: last_commit(&opened.db).map_err(|why| read("its last commit", why))?,
        version: number(&opened.db, keys::VERSIONS)
            .map_err(|why| read("its record versions", why))?
            .unwrap_or(0),
    };
    let epoch = match number(&opened.db, keys::EPOCH).map_err(|why| read("its epoch", why))? {
        Some(epoch) => epoch,
        None if complete => return Err(paths.damaged("its epoch is gone")),
        None if mark != Mark::default() => {
            return Err(paths.damaged("it holds data, but neither format nor epoch"));
        }
        None => {
            let epoch = rows::new_epoch().map_err(|why| paths.damaged(why.to_string()))?;
            let value = value::pack(keys::EPOCH, value::Kind::Inline, epoch, &[]);
            opened
                .db
                .insert(keys::EPOCH, value)
                .map_err(|why| read("its epoch", why.to_string()))?;
            epoch
        }
    };
    // What a killed process had written may be in the system's memory only. Nobody shall read it before it is on the disk.
    opened
        .db
        .flush()
        .map_err(|why| paths.damaged(why.to_string()))?;
    opened
        .file
        .sync_all()
        .and_then(|()| disk::sync_dir(&paths.sled()))
        .and_then(|()| disk::sync_dir(&paths.dir))
        .map_err(paths.io("syncing"))?;
    Ok(Found {
        opened,
        epoch,
        mark,
    })
}

/// sled takes the greatest name among its recovery snapshots, and `snap.X.generating`, left half-written by a kill, is greater than `snap.X`
/// (spacejam/sled#1527). Nothing is deleted: it is moved out of the way.
fn put_aside(paths: &Paths) -> io::Result<()> {
    let entries = match fs::read_dir(paths.sled()) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(why),
    };
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name.starts_with("snap.") && name.ends_with(".generating") {
            disk::create_dir(&paths.set_aside())?;
            fs::rename(&path, paths.set_aside().join(name))?;
            tracing::warn!(name, "put aside a half-written recovery snapshot of sled");
        }
    }
    Ok(())
}

/// sled panics on some damaged files, so it is opened on a thread of its own, whose end we only look at.
fn guarded(path: &Path) -> Result<sled::Db, String> {
    // We hold the store's lock, so a lock on sled's file can only be held by threads of a sled that we have just closed.
    const PATIENCE: usize = 250;
    for attempt in 0.. {
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .segment_size(SEGMENT_BYTES)
            .flush_every_ms(None);
        let opening = std::thread::Builder::new()
            .name("store-open".to_owned())
            .spawn(move || config.open())
            .map_err(|why| why.to_string())?;
        match opening.join() {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(why)) => {
                let why = why.to_string();
                if !why.contains("could not acquire lock") || attempt == PATIENCE {
                    return Err(why);
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            Err(panic) => return Err(super::panic_text(&*panic)),
        }
    }
    unreachable!("the loop ends by returning")
}

fn last_commit(db: &sled::Db) -> Result<u64, String> {
    let Some(last) = db.range(keys::all_tail()).next_back() else {
        return Ok(0);
    };
    let (key, bytes) = last.map_err(|why| why.to_string())?;
    let value = value::unpack(&key, &bytes)?;
    match keys::number(&key) {
        Some(number) if number == value.stamp => Ok(CommitNumber(number).0),
        Some(_) | None => Err("key and stamp differ".to_owned()),
    }
}

/// A fact that is a number: the value's stamp.
fn number(db: &sled::Db, key: &[u8]) -> Result<Option<u64>, String> {
    let Some(bytes) = db.get(key).map_err(|why| why.to_string())? else {
        return Ok(None);
    };
    Ok(Some(value::unpack(key, &bytes)?.stamp))
}
