//! The guards round sled: what is damaged is told and kept apart, and nothing is passed over in silence.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use ventanilla::conversation::Event;
use ventanilla::ids::{ConversationId, Seq};
use ventanilla::ports::{CommitNumber, Space, Store, StoreError};
use ventanilla::store::{OpenError, SledStore};

use crate::events::{conversation, opened, said};

/// Three conversations of three events each, in three appends.
async fn three(folder: &Path) -> SledStore {
    let store = SledStore::open(folder).unwrap();
    for n in 1..=3 {
        let id = conversation(n);
        store.append(id, Seq(0), vec![opened(1)]).await.unwrap();
        store
            .append(id, Seq(1), vec![said(2, "m1", "uno")])
            .await
            .unwrap();
        store
            .append(id, Seq(2), vec![said(3, "m2", "dos")])
            .await
            .unwrap();
    }
    store
}

fn whole() -> [Event; 3] {
    [opened(1), said(2, "m1", "uno"), said(3, "m2", "dos")]
}

async fn all(store: &SledStore, id: ConversationId) -> Result<Vec<Event>, StoreError> {
    store.read(id, Seq::ZERO, usize::MAX).await
}

/// Works on the rows behind the store's back.
fn behind_the_back(folder: &Path, act: impl FnOnce(&sled::Db)) {
    let config = sled::Config::new()
        .path(folder.join("sled"))
        .segment_size(2 * 1024 * 1024);
    // The store that was dropped gives its lock back in threads of its own.
    let opened = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        config.open().ok()
    });
    let db = opened.expect("nobody else has it");
    act(&db);
    db.flush().unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_damage_of_its_conversation_only() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let ill = conversation(2);
    let mut rows = Vec::new();
    behind_the_back(folder.path(), |db| {
        for row in db.iter() {
            let (key, _) = row.unwrap();
            // Events, private parts and heads of the second conversation.
            if key.get(1..17) == Some(ill.as_bytes()) && b"EPH".contains(&key[0]) {
                rows.push(key);
            }
        }
    });
    assert_eq!(rows.len(), 3 + 2 + 1);
    for (at, key) in rows.iter().enumerate() {
        for byte in [0, 3, 10, 20] {
            let flip = |value: Option<&[u8]>| {
                let mut value = value.unwrap().to_vec();
                let byte = byte.min(value.len() - 1);
                value[byte] ^= 0x10;
                Some(value)
            };
            behind_the_back(folder.path(), |db| drop(db.update_and_fetch(key, flip)));
            let store = SledStore::open(folder.path()).unwrap();
            for well in [conversation(1), conversation(3)] {
                assert_eq!(all(&store, well).await.unwrap(), whole());
            }
            let told = all(&store, ill).await;
            assert!(
                matches!(&told, Err(StoreError::Corrupt(why)) if why.contains(&ill.to_string())),
                "row {at}, byte {byte}: {told:?}"
            );
            // The folds behind it go on, and see that something is missing.
            let tail = store.tail(CommitNumber(0), 100).await.unwrap();
            assert_eq!(tail.len(), 9);
            let empty = tail.iter().filter(|commit| commit.events.is_empty());
            let due = usize::from(key[0] != b'H');
            assert_eq!(empty.count(), due, "row {at}");
            let sealed = store.tail_sealed(CommitNumber(0), 100).await;
            assert_eq!(sealed.is_err(), due == 1, "row {at}");
            store.close().await.unwrap();
            behind_the_back(folder.path(), |db| drop(db.update_and_fetch(key, flip)));
        }
    }
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(all(&store, ill).await.unwrap(), whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_gone_is_damage_too() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let ill = conversation(2);
    let row = |kind: u8, first: Option<u64>| {
        let first = first.map(u64::to_be_bytes);
        let mut key = vec![kind];
        key.extend_from_slice(ill.as_bytes());
        key.extend(first.iter().flatten());
        key
    };
    for key in [
        row(b'E', Some(1)),
        row(b'E', Some(2)),
        row(b'E', Some(3)),
        row(b'P', Some(2)),
        row(b'H', None),
    ] {
        let mut kept = None;
        behind_the_back(folder.path(), |db| kept = db.remove(&key).unwrap());
        let store = SledStore::open(folder.path()).unwrap();
        let told = all(&store, ill).await;
        assert!(matches!(told, Err(StoreError::Corrupt(_))), "{told:?}");
        let told = store.read_last(ill, 3).await;
        assert!(matches!(told, Err(StoreError::Corrupt(_))), "{told:?}");
        assert_eq!(all(&store, conversation(1)).await.unwrap(), whole());
        let next = vec![said(4, "m4", "x")];
        if key[0] == b'H' || key == row(b'E', Some(3)) {
            // Where it stands is not sure: nothing is written over what may be there.
            let told = store.append(ill, Seq(3), next).await;
            assert!(matches!(told, Err(StoreError::Corrupt(_))), "{told:?}");
        }
        store.close().await.unwrap();
        behind_the_back(folder.path(), |db| drop(db.insert(&key, kept.unwrap())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_conversation_can_still_be_erased() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let ill = conversation(2);
    behind_the_back(folder.path(), |db| {
        let mut key = vec![b'P'];
        key.extend_from_slice(ill.as_bytes());
        key.extend_from_slice(&2_u64.to_be_bytes());
        let mut value = db.get(&key).unwrap().unwrap().to_vec();
        value[20] ^= 1;
        db.insert(key, value).unwrap();
    });
    let store = SledStore::open(folder.path()).unwrap();
    assert!(all(&store, ill).await.is_err());
    assert_eq!(store.erase(ill).await, Ok(2));
    let left = all(&store, ill).await.unwrap();
    assert!(left.iter().all(|event| event.private.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Locked { .. }), "{refused}");
    let me = format!("process {}", std::process::id());
    assert!(refused.to_string().contains(&me), "{refused}");
    store
        .append(conversation(1), Seq(0), vec![opened(1)])
        .await
        .unwrap();
    store.close().await.unwrap();
    SledStore::open(folder.path()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_format_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let format = folder.path().join("format");
    for newer in [
        "{\"engine\":\"sled-0.34\",\"schema\":2}",
        "{\"engine\":\"redb\",\"schema\":1}",
    ] {
        fs::write(&format, newer).unwrap();
        let content = |path: PathBuf| (fs::read(&path).unwrap(), path);
        let mut before: Vec<_> = files(folder.path()).into_iter().map(content).collect();
        let refused = SledStore::open(folder.path()).unwrap_err();
        assert!(matches!(refused, OpenError::Format { .. }), "{refused}");
        let mut after: Vec<_> = files(folder.path()).into_iter().map(content).collect();
        before.sort();
        after.sort();
        assert_eq!(before, after);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_open_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let db = folder.path().join("sled").join("db");
    let bytes = fs::read(&db).unwrap();

    fs::remove_file(&db).unwrap();
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("ventanilla restore"));
    assert!(!db.exists());

    // An empty file in its place: sled opens it without a word.
    fs::write(&db, b"").unwrap();
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");

    fs::write(&db, bytes).unwrap();
    let format = folder.path().join("format");
    let text = fs::read(&format).unwrap();
    fs::write(&format, "{").unwrap();
    assert!(SledStore::open(folder.path()).is_err());
    fs::write(&format, text).unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(all(&store, conversation(3)).await.unwrap(), whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_tail_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let store = three(folder.path()).await;
    store.close().await.unwrap();
    let earlier = tempfile::tempdir().unwrap();
    copy(&folder.path().join("sled"), earlier.path());
    let store = SledStore::open(folder.path()).unwrap();
    let id = conversation(1);
    store
        .append(id, Seq(3), vec![said(4, "m4", "tarde")])
        .await
        .unwrap();
    store.close().await.unwrap();

    let sled = folder.path().join("sled");
    fs::remove_dir_all(&sled).unwrap();
    copy(earlier.path(), &sled);
    let refused = SledStore::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::TailLost { .. }), "{refused}");
    // The way out that the message names.
    fs::remove_file(folder.path().join("high-water")).unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(store.last_commit(), CommitNumber(9));
    assert_eq!(all(&store, id).await.unwrap(), whole());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_written_recovery_snapshot_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path()).await.close().await.unwrap();
    let name = "snap.FFFFFFFFFFFFFFFF.generating";
    fs::write(folder.path().join("sled").join(name), b"half").unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(all(&store, conversation(2)).await.unwrap(), whole());
    assert_eq!(
        fs::read(folder.path().join("set-aside").join(name)).unwrap(),
        b"half"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn large_contents_are_files_that_come_and_go_with_their_owner() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    let id = conversation(1);
    let long = "ñ".repeat(150_000);
    let blobs = folder.path().join("blobs");
    let first = vec![opened(1), said(2, "m1", &long)];
    store.append(id, Seq(0), first).await.unwrap();
    assert_eq!(files(&blobs).len(), 1);
    // A refused append leaves none behind.
    let stale = vec![said(2, "m2", &long)];
    assert!(store.append(id, Seq(1), stale).await.is_err());
    assert_eq!(files(&blobs).len(), 1);
    let mut version = 0;
    for _ in 0..3 {
        let put = store.put_if(Space::Marks, "large", version, Some(json!(long)));
        version = put.await.unwrap();
        assert_eq!(files(&blobs).len(), 2);
    }
    store
        .put_if(Space::Marks, "large", version, None)
        .await
        .unwrap();
    // Many just below the border, so that sled's own pages grow: it must not make files by itself.
    let medium = "x".repeat(15_900);
    for seq in 3..120 {
        let said = vec![said(seq, &format!("m{seq}"), &medium)];
        store.append(id, Seq(seq - 1), said).await.unwrap();
    }
    assert_eq!(
        files(&folder.path().join("sled").join("blobs")),
        [] as [PathBuf; 0]
    );

    let kept = files(&blobs);
    assert_eq!(kept.len(), 1);
    store.close().await.unwrap();
    // What nobody owns is removed at the next start.
    let orphan = blobs.join("a").join("a".repeat(64));
    fs::write(&orphan, b"written for an append that never came to be").unwrap();
    fs::write(blobs.join("0").join("half.new"), b"").unwrap();
    let store = SledStore::open(folder.path()).unwrap();
    assert_eq!(files(&blobs), kept);

    // A damaged file is damage of its conversation.
    let mut bytes = fs::read(&kept[0]).unwrap();
    bytes[100] ^= 1;
    fs::write(&kept[0], &bytes).unwrap();
    assert!(matches!(all(&store, id).await, Err(StoreError::Corrupt(_))));
    bytes[100] ^= 1;
    fs::write(&kept[0], &bytes).unwrap();
    assert_eq!(all(&store, id).await.unwrap().len(), 119);

    assert_eq!(store.erase(id).await, Ok(118));
    assert_eq!(files(&blobs), [] as [PathBuf; 0]);
}

/// What a start and a full scan tell about a folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Told {
    Whole,
    RefusedAtOpen,
    DamageFound,
}

async fn scan(folder: &Path, due: &[(ConversationId, Vec<Event>)]) -> Told {
    let store = match SledStore::open(folder) {
        Ok(store) => store,
        Err(why) => {
            eprintln!("{why}");
            return Told::RefusedAtOpen;
        }
    };
    let scanned = store.tail_sealed(CommitNumber(0), usize::MAX).await;
    let mut told = Told::Whole;
    for (id, events) in due {
        match all(&store, *id).await {
            Ok(read) if read == *events => {}
            Ok(_) => {
                // Short, without a word: then the scan must have told it.
                assert!(scanned.is_err(), "silent loss in {id}");
                told = Told::DamageFound;
            }
            Err(StoreError::Corrupt(_)) => told = Told::DamageFound,
            Err(other) => panic!("{other}"),
        }
    }
    if scanned.is_err() {
        told = Told::DamageFound;
    }
    // A damaged file may not close well; it must close.
    let _unsure = store.close().await;
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn no_damage_to_sleds_file_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut due = Vec::new();
    let store = SledStore::open(folder.path()).unwrap();
    for n in 0..30 {
        let id = conversation(n);
        for seq in 1..=20 {
            let said = said(seq, &format!("m{seq}"), &"hola ".repeat(60));
            store.append(id, Seq(seq - 1), vec![said]).await.unwrap();
        }
        due.push((id, all(&store, id).await.unwrap()));
    }
    // As a kill leaves it, and as a good end does: sled reads these in different ways.
    let killed = tempfile::tempdir().unwrap();
    copy(folder.path(), killed.path());
    store.close().await.unwrap();
    for sound in [killed.path(), folder.path()] {
        let mut counts = std::collections::BTreeMap::new();
        let used = fs::read(sound.join("sled").join("db")).unwrap();
        let used = used.iter().rposition(|byte| *byte != 0).unwrap();
        for round in 0..20_usize {
            let damaged = tempfile::tempdir().unwrap();
            copy(sound, damaged.path());
            let db = damaged.path().join("sled").join("db");
            let mut bytes = fs::read(&db).unwrap();
            let at = used * (2 * round + 1) / 40;
            if round % 4 == 3 {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << (round % 8);
            }
            fs::write(&db, bytes).unwrap();
            *counts.entry(scan(damaged.path(), &due).await).or_insert(0) += 1;
        }
        eprintln!("{counts:?}");
        assert!(counts.keys().any(|told| *told != Told::Whole), "{counts:?}");
    }
    for sound in [killed.path(), folder.path()] {
        assert_eq!(scan(sound, &due).await, Told::Whole);
    }
}
