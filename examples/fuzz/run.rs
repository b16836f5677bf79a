//! Runs one kind of input many times: each execution has its own seed, a panic is told with it, and one that takes too long ends the run.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::dice::Dice;

/// An execution that takes longer hangs.
const HANGS: Duration = Duration::from_secs(10);
/// Panics after which a run is given up.
const MOST_PANICS: usize = 20;
/// Slowest executions that are named.
const SLOWEST: usize = 3;

/// What an execution came to.
pub(crate) struct Done {
    /// Whether the input was accepted as what it should be.
    pub(crate) accepted: bool,
    /// The input.
    pub(crate) input: String,
}

thread_local! {
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what a panic says, instead of printing it with a trace.
pub(crate) fn keep_panics() {
    std::panic::set_hook(Box::new(|panic| {
        SAID.with(|said| *said.borrow_mut() = panic.to_string());
    }));
}

/// Runs `once` on `count` seeds from `seed` on, and tells what came of it; whether nothing panicked.
#[allow(
    clippy::disallowed_methods,
    reason = "nothing else ends a thread that hangs, and nothing is open"
)]
pub(crate) fn run(
    kind: &str,
    count: u64,
    seed: u64,
    mut once: impl FnMut(&mut Dice) -> Done + Send,
) -> bool {
    let begun = Instant::now();
    let executed = AtomicU64::new(0);
    let (done, finished) = channel::<()>();
    let (accepted, panics, slowest) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let _told_when_dropped = done;
            let (mut accepted, mut panics) = (0_u64, 0_usize);
            let mut slowest: Vec<(Duration, u64, String)> = Vec::new();
            for number in 0..count {
                let own = seed.wrapping_add(number);
                let from = Instant::now();
                let came = catch_unwind(AssertUnwindSafe(|| once(&mut Dice(own))));
                let took = from.elapsed();
                executed.store(number + 1, Ordering::Relaxed);
                match came {
                    Ok(done) => {
                        accepted += u64::from(done.accepted);
                        if slowest.len() < SLOWEST
                            || slowest.last().is_some_and(|last| took > last.0)
                        {
                            let shown = done.input.chars().take(60).collect();
                            slowest.push((took, own, shown));
                            slowest.sort_by_key(|one| std::cmp::Reverse(one.0));
                            slowest.truncate(SLOWEST);
                        }
                    }
                    Err(_) => {
                        panics += 1;
                        let said = SAID.with(|said| said.borrow().clone());
                        println!("{kind}: panic; again with: fuzz {kind} 1 {own}\n  {said}");
                        if panics == MOST_PANICS {
                            break;
                        }
                    }
                }
            }
            (accepted, panics, slowest)
        });
        let mut before = 0;
        let mut since = Instant::now();
        while let Err(RecvTimeoutError::Timeout) = finished.recv_timeout(Duration::from_secs(1)) {
            let now = executed.load(Ordering::Relaxed);
            if now != before {
                (before, since) = (now, Instant::now());
            } else if since.elapsed() > HANGS {
                let own = seed.wrapping_add(now);
                println!("{kind}: hangs; again with: fuzz {kind} 1 {own}");
                exit(1);
            }
        }
        worker.join().expect("panics of executions are caught")
    });
    let executed = executed.into_inner();
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{kind}: {executed} executions from seed {seed} on, {accepted} accepted, {panics} panics, 0 hangs, {took:.0} s"
    );
    for (took, own, shown) in slowest {
        println!(
            "  slow: {:.1} ms, seed {own}: {shown:?}",
            took.as_secs_f64() * 1e3
        );
    }
    panics == 0
}
