//! What is live: built from the last good set of files, swapped whole, kept when a newer set is bad.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use notify::{RecursiveMode, Watcher as _};
use parking_lot::Mutex;

use super::folder;
use super::kept::KeptSets;
use crate::topics::{Around, Catalog, Problem, Severity, SourceFile, check};

/// Quiet time after a change before the files are read: editors write a file in several acts.
const DEBOUNCE: Duration = Duration::from_millis(300);

/// A change that goes on longer than this is read anyway.
const DEBOUNCE_MAX: usize = 10;

/// The folder is read again this often even without a notice: network file systems and some containers give none.
const RESCAN: Duration = Duration::from_secs(10);

/// The file of the folder that is there while several others are being replaced.
pub const PUBLISHING: &str = ".ventanilla-publishing.json";

/// Builds what the server runs on from a good catalogue; an error keeps the last one live.
pub type Build<T> = Box<dyn Fn(Catalog) -> anyhow::Result<T> + Send + Sync>;

/// What the last reading of the files came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// Version of the catalogue that is live.
    pub live: String,
    /// Whether the files as they stand now are what is live.
    pub current: bool,
    /// Errors and warnings of the files as they stand now.
    pub problems: Vec<Problem>,
    /// Why a good catalogue could not be built into a running one.
    pub failure: Option<String>,
    /// How long checking and building took.
    pub took: Duration,
}

/// What a reading of the folder changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// The files are those of the last reading.
    Unchanged,
    /// The new catalogue is live.
    Swapped,
    /// The files are bad; what was live stays.
    Kept,
}

/// A folder and what is live from it.
pub struct CatalogWatch<T> {
    folder: PathBuf,
    /// Where good sets are kept, if anywhere.
    kept: Option<KeptSets>,
    build: Build<T>,
    today: fn() -> jiff::civil::Date,
    live: ArcSwap<T>,
    report: ArcSwap<Report>,
    /// The files of the last reading; the lock also keeps two readings apart.
    last: Mutex<Reading>,
}

type Reading = (Vec<SourceFile>, Vec<Problem>);

impl<T> std::fmt::Debug for CatalogWatch<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CatalogWatch")
            .field("folder", &self.folder)
            .field("report", &self.report.load())
            .finish_non_exhaustive()
    }
}

impl<T: Send + Sync + 'static> CatalogWatch<T> {
    /// Reads the folder and builds from it; where that fails, from the newest good set that was kept. The report then says that what is live is
    /// not what the folder holds, and why.
    ///
    /// # Errors
    /// The report, when the first set of files is bad and there is no last good one to go on with.
    pub fn open(
        folder: &Path,
        kept: Option<KeptSets>,
        today: fn() -> jiff::civil::Date,
        build: Build<T>,
    ) -> Result<Self, Box<Report>> {
        let reading = folder::read(folder);
        let (report, built) = attempt(&reading, today, &build);
        let current = built.is_some();
        let built = built.or_else(|| newest_good(kept.as_ref()?, today, &build));
        let Some((live, value)) = built else {
            return Err(Box::new(report));
        };
        if current {
            keep(kept.as_ref(), &live, &reading);
        }
        Ok(Self {
            folder: folder.to_owned(),
            kept,
            build,
            today,
            live: ArcSwap::from_pointee(value),
            report: ArcSwap::from_pointee(Report {
                live,
                current,
                ..report
            }),
            last: Mutex::new(reading),
        })
    }

    /// What is live. Whoever answers a turn takes it once and keeps to it.
    pub fn live(&self) -> Arc<T> {
        self.live.load_full()
    }

    /// What the last reading came to.
    pub fn report(&self) -> Arc<Report> {
        self.report.load_full()
    }

    /// Reads the folder again and swaps what is live, if the files changed and are good.
    ///
    /// While several files are being replaced nothing is read: half of them would be neither the old set nor the new one.
    pub fn reload(&self) -> Reload {
        let mut last = self.last.lock();
        if self.folder.join(PUBLISHING).exists() {
            return Reload::Unchanged;
        }
        let reading = folder::read(&self.folder);
        if reading == *last {
            return Reload::Unchanged;
        }
        let (report, built) = attempt(&reading, self.today, &self.build);
        *last = reading;
        match built {
            Some((version, live)) => {
                keep(self.kept.as_ref(), &version, &last);
                self.live.store(Arc::new(live));
                self.report.store(Arc::new(Report {
                    live: version,
                    current: true,
                    ..report
                }));
                Reload::Swapped
            }
            None => {
                let live = self.report.load().live.clone();
                self.report.store(Arc::new(Report { live, ..report }));
                Reload::Kept
            }
        }
    }

    /// Reloads at each change of the folder, on a thread of its own, until the guard is dropped. `told` hears of each reading that found a change.
    ///
    /// # Errors
    /// When no thread can be started. A file system without notices is no error: the folder is then only read again every ten seconds.
    pub fn watch(
        self: &Arc<Self>,
        told: impl Fn(Reload, &Report) + Send + 'static,
    ) -> std::io::Result<Watching> {
        let (wake, woken) = channel();
        let stop = wake.clone();
        let watcher = self.notices(wake);
        let this = Arc::clone(self);
        let thread = std::thread::Builder::new()
            .name("catalog-watch".to_owned())
            .spawn(move || {
                while wait(&woken) {
                    let reload = this.reload();
                    if reload != Reload::Unchanged {
                        told(reload, &this.report());
                    }
                }
            })?;
        Ok(Watching {
            stop,
            watcher,
            thread: Some(thread),
        })
    }

    fn notices(&self, wake: Sender<Wake>) -> Option<notify::RecommendedWatcher> {
        let notice = move |event: notify::Result<notify::Event>| {
            // Reading files makes notices of its own; they must not wake the reader for ever.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _receiver_gone = wake.send(Wake::Changed);
            }
        };
        let started = notify::recommended_watcher(notice).and_then(|mut watcher| {
            watcher.watch(&self.folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        started
            .inspect_err(|error| {
                tracing::warn!(%error, "no notices of file changes; the folder is read every ten seconds");
            })
            .ok()
    }
}

/// Keeps a set that is live now.
fn keep(kept: Option<&KeptSets>, version: &str, (files, _): &Reading) {
    if let Some(Err(error)) = kept.map(|kept| kept.keep(version, files)) {
        tracing::warn!(%error, "the topic files that are live could not be kept");
    }
}

/// The newest set that is still good: its version, and what is built of it.
fn newest_good<T>(
    kept: &KeptSets,
    today: fn() -> jiff::civil::Date,
    build: &Build<T>,
) -> Option<(String, T)> {
    kept.newest_first().into_iter().find_map(|set| {
        let files = kept.read(&set.version).ok()?;
        let (_, built) = attempt(&(files, Vec::new()), today, build);
        // A file that was changed has another version than its name says.
        built.filter(|(version, _)| *version == set.version)
    })
}

/// Checks and builds; the version and value when both went well.
fn attempt<T>(
    reading: &Reading,
    today: fn() -> jiff::civil::Date,
    build: &Build<T>,
) -> (Report, Option<(String, T)>) {
    let begun = Instant::now();
    let (report, built) = checked_and_built(reading, today, build);
    let took = begun.elapsed();
    (Report { took, ..report }, built)
}

fn checked_and_built<T>(
    (files, unread): &Reading,
    today: fn() -> jiff::civil::Date,
    build: &Build<T>,
) -> (Report, Option<(String, T)>) {
    let around = Around {
        env: &|name| std::env::var(name).ok(),
        today: Some(today()),
    };
    let checked = check(files, &around);
    let mut problems = unread.clone();
    problems.extend(checked.problems);
    let mut report = Report {
        live: String::new(),
        current: false,
        problems,
        failure: None,
        took: Duration::ZERO,
    };
    let bad = report
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    let Some(catalog) = checked.catalog.filter(|_| !bad) else {
        return (report, None);
    };
    let version = catalog.version.clone();
    // A fault of ours in building must not end the thread that would later read the repaired file.
    match catch_unwind(AssertUnwindSafe(|| build(catalog))) {
        Ok(Ok(built)) => (report, Some((version, built))),
        Ok(Err(error)) => {
            report.failure = Some(format!("{error:#}"));
            (report, None)
        }
        Err(_panic) => {
            report.failure = Some("building the catalogue failed inside; see the log".to_owned());
            (report, None)
        }
    }
}

enum Wake {
    Changed,
    Stop,
}

/// Waits for a change and then for quiet; `false` when it is time to stop.
fn wait(woken: &Receiver<Wake>) -> bool {
    match woken.recv_timeout(RESCAN) {
        Ok(Wake::Changed) => {}
        Err(RecvTimeoutError::Timeout) => return true,
        Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
    }
    for _ in 0..DEBOUNCE_MAX {
        match woken.recv_timeout(DEBOUNCE) {
            Ok(Wake::Changed) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// Keeps the watching alive; dropping it stops the thread and waits for it.
#[derive(Debug)]
pub struct Watching {
    stop: Sender<Wake>,
    watcher: Option<notify::RecommendedWatcher>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Changed => "Changed",
            Self::Stop => "Stop",
        })
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.watcher = None;
        let _already_gone = self.stop.send(Wake::Stop);
        if let Some(thread) = self.thread.take() {
            let _its_panic_was_logged = thread.join();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use std::fs;

    use super::*;

    const TOPIC: &str = "topic: hello\ntitle: {es: Hola, en: Hello}\nexamples:\n  es: |\n    hola\n  en: |\n    hello\nsteps:\n  - say: {es: Hola, en: Hello}\ntests: []\n";
    const ASSISTANT: &str =
        "name: Mara\nbrand: Mareas\nlanguages: [es, en]\ngreeting: {es: Hola, en: Hi}\n";

    fn today() -> jiff::civil::Date {
        jiff::civil::date(2026, 11, 21)
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("_assistant.yaml"), ASSISTANT).unwrap();
        fs::write(folder.path().join("hello.yaml"), TOPIC).unwrap();
        folder
    }

    fn open(folder: &tempfile::TempDir) -> CatalogWatch<usize> {
        let build: Build<usize> = Box::new(|catalog| match catalog.topics.len() {
            3 => anyhow::bail!("three is too many"),
            4 => panic!("four is far too many"),
            topics => Ok(topics),
        });
        CatalogWatch::open(folder.path(), None, today, build).unwrap()
    }

    fn add(folder: &tempfile::TempDir, name: &str) {
        let text = TOPIC
            .replace("hello", name)
            .replace("    hola", &format!("    hola {name}"));
        fs::write(folder.path().join(format!("{name}.yaml")), text).unwrap();
    }

    #[test]
    fn a_good_set_is_swapped_whole_and_a_bad_one_is_not() {
        let folder = folder();
        let watch = open(&folder);
        let first = watch.report().live.clone();
        assert_eq!((*watch.live(), watch.reload()), (1, Reload::Unchanged));

        add(&folder, "second");
        assert_eq!((watch.reload(), *watch.live()), (Reload::Swapped, 2));
        let second = watch.report().live.clone();
        assert_ne!(first, second);

        fs::write(folder.path().join("bad.yaml"), "topic: [").unwrap();
        assert_eq!((watch.reload(), *watch.live()), (Reload::Kept, 2));
        let report = watch.report();
        assert_eq!(
            (report.live.as_str(), report.current),
            (second.as_str(), false)
        );
        assert!(
            report
                .problems
                .iter()
                .any(|problem| problem.file == "bad.yaml")
        );

        fs::remove_file(folder.path().join("bad.yaml")).unwrap();
        assert_eq!(watch.reload(), Reload::Swapped);
        assert!(watch.report().current);
    }

    #[test]
    fn a_failure_to_build_keeps_what_is_live_and_says_why() {
        let folder = folder();
        let watch = open(&folder);
        add(&folder, "second");
        add(&folder, "third");
        assert_eq!((watch.reload(), *watch.live()), (Reload::Kept, 1));
        assert_eq!(watch.report().failure.as_deref(), Some("three is too many"));
        add(&folder, "fourth");
        assert_eq!((watch.reload(), *watch.live()), (Reload::Kept, 1));
        assert!(watch.report().failure.is_some());
    }

    #[test]
    fn a_saved_file_is_live_without_being_asked_for() {
        let folder = folder();
        let watch = Arc::new(open(&folder));
        let (tell, told) = channel();
        let _watching = watch
            .watch(move |reload, _| tell.send(reload).unwrap())
            .unwrap();
        add(&folder, "second");
        assert_eq!(told.recv().unwrap(), Reload::Swapped);
        assert_eq!(*watch.live(), 2);
    }

    #[test]
    fn a_start_on_bad_files_goes_on_with_the_last_good_set() {
        let (folder, data) = (folder(), tempfile::tempdir().unwrap());
        let open = || {
            let kept = KeptSets::at(data.path().join("topics"));
            let build: Build<usize> = Box::new(|catalog| Ok(catalog.topics.len()));
            CatalogWatch::open(folder.path(), Some(kept), today, build)
        };
        fs::write(folder.path().join("bad.yaml"), "topic: [").unwrap();
        assert!(open().is_err(), "nothing good was kept yet");
        fs::remove_file(folder.path().join("bad.yaml")).unwrap();
        let before = open().unwrap();
        let first = data
            .path()
            .join(format!("topics/{}.json", before.report().live));
        let first = fs::File::options().append(true).open(first).unwrap();
        first
            .set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
        add(&folder, "second");
        assert_eq!(before.reload(), Reload::Swapped);

        fs::write(folder.path().join("bad.yaml"), "topic: [").unwrap();
        let after = open().unwrap();
        assert_eq!(*after.live(), 2);
        let report = after.report();
        assert_eq!(
            (report.current, &report.live),
            (false, &before.report().live)
        );
        assert!(report.problems.iter().any(|one| one.file == "bad.yaml"));

        // A kept set that somebody changed is not what its name says: the one before it is taken.
        let newest = data.path().join(format!("topics/{}.json", report.live));
        let text = fs::read_to_string(&newest).unwrap();
        fs::write(&newest, text.replace("hola second", "hola tercero")).unwrap();
        assert_eq!(*open().unwrap().live(), 1);

        fs::remove_file(folder.path().join("bad.yaml")).unwrap();
        assert_eq!(after.reload(), Reload::Swapped);
        assert!(after.report().current);
    }

    #[test]
    fn a_first_set_that_is_bad_is_refused_with_its_problems() {
        let folder = folder();
        fs::write(folder.path().join("bad.yaml"), "topic: [").unwrap();
        let build: Build<()> = Box::new(|_| Ok(()));
        let report = CatalogWatch::open(folder.path(), None, today, build).unwrap_err();
        assert!(
            report
                .problems
                .iter()
                .any(|problem| problem.file == "bad.yaml")
        );
    }
}
