//! kill -9: a child process writes, is killed at any moment, starting included, and nothing that it acknowledged may be missing.
//!
//! The child is this test binary again, running this test with the folder in its environment. `VENTANILLA_KILL_ROUNDS` sets the number of rounds.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde_json::json;
use ventanilla::ids::{ConversationId, Seq};
use ventanilla::ports::{CommitNumber, Space, Store, StoreError};
use ventanilla::store::SledStore;

use crate::events::{conversation, said};

const FOLDER: &str = "VENTANILLA_KILL_FOLDER";
const ROUNDS: &str = "VENTANILLA_KILL_ROUNDS";
const TEST: &str = "store_kill::nothing_acknowledged_is_lost_at_kill_9";

/// Writers of the child: each has a conversation of its own, and all race for one more.
const WRITERS: u8 = 6;
const SHARED: u8 = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_at_kill_9() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return write_until_killed(Path::new(&folder)).await;
    }
    let rounds = std::env::var(ROUNDS).map_or(10, |rounds| rounds.parse::<u64>().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut acked = Acked::default();
    let mut killed_in_start = 0;
    for round in 0..rounds {
        let before = acked.count;
        let mut child = start(folder.path());
        acked.follow(&mut child, plan(round));
        killed_in_start += u64::from(acked.count == before);
        acked.check(folder.path(), round).await;
    }
    eprintln!(
        "{rounds} rounds, {killed_in_start} of them killed before the first answer: {} acknowledged, 0 lost",
        acked.count
    );
    assert!(acked.count > 0);
}

/// When to kill: after so many answers, or, where that is none, after so many turns of waiting while the child starts.
fn plan(round: u64) -> (u64, u64) {
    // SplitMix64: the same rounds each time, spread over the whole range.
    let mut z = round.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^= z >> 27;
    if round % 3 == 2 {
        (0, z % 60_000)
    } else {
        (1 + z % 600, 0)
    }
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the child said that it had kept.
#[derive(Default)]
struct Acked {
    events: BTreeMap<(ConversationId, u64), (u64, String)>,
    records: BTreeMap<String, u64>,
    count: u64,
}

impl Acked {
    /// Reads answers until it is time, kills, and reads what was still said before.
    fn follow(&mut self, child: &mut Child, (answers, turns): (u64, u64)) {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        loop {
            let line = lines.next().unwrap().unwrap();
            if self.note(&line) {
                seen += 1;
            }
            if (answers > 0 && seen == answers) || (answers == 0 && line == "starting") {
                break;
            }
        }
        for _ in 0..turns {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines {
            self.note(&line.unwrap());
        }
    }

    fn note(&mut self, line: &str) -> bool {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            // A line that was cut by the kill lacks its end.
            ["event", id, seq, commit, text, "."] => {
                let key = (id.parse().unwrap(), seq.parse().unwrap());
                let kept = (commit.parse().unwrap(), text.to_owned());
                assert_eq!(self.events.insert(key, kept), None, "acknowledged twice");
            }
            ["record", key, version, "."] => {
                self.records
                    .insert(key.to_owned(), version.parse().unwrap());
            }
            _ => return false,
        }
        self.count += 1;
        true
    }

    async fn check(&self, folder: &Path, round: u64) {
        let store = SledStore::open(folder).unwrap_or_else(|why| panic!("round {round}: {why}"));
        let mut kept = BTreeMap::new();
        let mut after = CommitNumber(0);
        loop {
            let page = store.tail_sealed(after, 500).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.commit.number;
            for sealed in page {
                let commit = sealed.commit;
                for event in commit.events {
                    let text = tag(event.private.first().unwrap()).to_owned();
                    kept.insert((commit.conversation, event.seq.0), (commit.number.0, text));
                }
            }
        }
        for (key, acked) in &self.events {
            assert_eq!(kept.get(key), Some(acked), "round {round}: lost {key:?}");
        }
        for id in store.conversations(None, usize::MAX).await.unwrap() {
            let events = store.read(id, Seq::ZERO, usize::MAX).await.unwrap();
            for (at, event) in events.iter().enumerate() {
                assert_eq!(event.seq.0, at as u64 + 1, "round {round}: a hole");
                let kept = kept.get(&(id, event.seq.0)).unwrap();
                assert_eq!(kept.1, tag(event.private.first().unwrap()));
            }
        }
        for (key, version) in &self.records {
            let record = store.get(Space::Marks, key).await.unwrap().unwrap();
            assert!(record.version >= *version, "round {round}: lost {key}");
        }
        store.close().await.unwrap();
    }
}

/// The first word of a text: long ones are padded behind it.
fn tag(text: &str) -> &str {
    text.split(' ').next().unwrap()
}

fn say(line: &str) {
    // One write a line, past the test harness, which would keep it back.
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).unwrap();
    out.flush().unwrap();
}

async fn write_until_killed(folder: &Path) {
    say("\nstarting\n");
    let store: Arc<dyn Store> = Arc::new(SledStore::open(folder).unwrap());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(Arc::clone(&store), writer)))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write(store: Arc<dyn Store>, writer: u8) {
    let mut last = BTreeMap::new();
    let mut version = None;
    for n in 0_u64.. {
        let id = conversation(if n % 4 == 3 { SHARED } else { writer });
        let at = match last.get(&id) {
            Some(at) => *at,
            None => {
                let newest = store.read_last(id, 1).await.unwrap();
                newest.first().map_or(Seq::ZERO, |event| event.seq)
            }
        };
        let tag = format!("{}-{writer}-{n}", std::process::id());
        // Some are large enough for a blob file.
        let text = match n % 16 {
            5 => format!("{tag} {}", "x".repeat(20_000)),
            _ => tag.clone(),
        };
        match store
            .append(id, at, vec![said(at.0 + 1, &tag, &text)])
            .await
        {
            Ok(commit) => {
                last.insert(id, at.next());
                let (seq, number) = (at.next(), commit.number.0);
                say(&format!("event {id} {seq} {number} {tag} .\n"));
            }
            Err(StoreError::Stale { last: now }) => {
                last.insert(id, now);
            }
            Err(other) => panic!("{other}"),
        }
        if n % 8 == 0 {
            let key = format!("writer-{writer}");
            let expected = match version {
                Some(version) => version,
                None => {
                    let record = store.get(Space::Marks, &key).await.unwrap();
                    record.map_or(0, |record| record.version)
                }
            };
            let put = store.put_if(Space::Marks, &key, expected, Some(json!(n)));
            let new = put.await.unwrap();
            version = Some(new);
            say(&format!("record {key} {new} .\n"));
        }
    }
}
