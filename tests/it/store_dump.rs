//! Snapshots that are damaged, cut, newer, or meet a store that holds something.

use std::io::Cursor;

use serde_json::json;
use ventanilla::ids::Seq;
use ventanilla::ports::{CommitNumber, Space, Store};
use ventanilla::store::MemStore;
use ventanilla::store::dump::{self, DumpError};

use crate::events::{conversation, opened, said};

/// A small store and its snapshot, of five lines.
async fn snapshot() -> (MemStore, Vec<u8>) {
    let store = MemStore::new();
    let events = vec![opened(1), said(2, "m1", "¿dónde está mi pedido?")];
    store.append(conversation(1), Seq(0), events).await.unwrap();
    let more = vec![said(3, "m2", "hola")];
    store.append(conversation(1), Seq(2), more).await.unwrap();
    let value = Some(json!({"name": "Ana"}));
    store
        .put_if(Space::Agents, "ana@example.org", 0, value)
        .await
        .unwrap();
    let mut file = Vec::new();
    let summary = dump::snapshot(&store, &mut file).await.unwrap();
    assert_eq!((summary.commits, summary.records), (2, 1));
    assert_eq!(file.iter().filter(|byte| **byte == b'\n').count(), 5);
    (store, file)
}

async fn restore(file: &[u8]) -> Result<MemStore, DumpError> {
    let store = MemStore::new();
    let restored = dump::restore(&store, &mut Cursor::new(file)).await;
    if restored.is_err() {
        assert_eq!(store.last_commit(), CommitNumber(0), "nothing is restored");
        assert!(store.list(Space::Agents).await.unwrap().is_empty());
    }
    restored.map(|_| store)
}

/// The same file with another line in it and a checksum that fits.
fn with_line(file: &[u8], number: usize, is: &str) -> Vec<u8> {
    let text = std::str::from_utf8(file).unwrap();
    let sum = crc32fast::hash(is.as_bytes());
    let new = format!("{{\"crc32\":\"{sum:08x}\",\"is\":{is}}}");
    let lines = text.lines().enumerate();
    lines
        .map(|(at, line)| if at + 1 == number { &new } else { line })
        .flat_map(|line| [line, "\n"])
        .collect::<String>()
        .into_bytes()
}

#[tokio::test]
async fn what_is_restored_is_what_was_there() {
    let (store, file) = snapshot().await;
    let copy = restore(&file).await.unwrap();
    assert_eq!(
        copy.tail_sealed(CommitNumber(0), 10).await,
        store.tail_sealed(CommitNumber(0), 10).await
    );
    let record = copy.get(Space::Agents, "ana@example.org").await.unwrap();
    assert_eq!(record.unwrap().value, json!({"name": "Ana"}));
}

#[tokio::test]
async fn any_flipped_byte_is_told_with_its_line() {
    let (_, file) = snapshot().await;
    let mut line = 1;
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        match restore(&damaged).await {
            Err(DumpError::Damaged { line: told, .. }) => assert_eq!(told, line, "byte {at}"),
            // The very last line break.
            Err(DumpError::Truncated { .. }) => assert_eq!(at, file.len() - 1),
            other => panic!("byte {at}: {:?}", other.err()),
        }
        line += u64::from(file[at] == b'\n');
    }
}

#[tokio::test]
async fn a_cut_anywhere_is_noticed() {
    let (_, file) = snapshot().await;
    for len in 0..file.len() {
        let whole = file[..len].iter().filter(|byte| **byte == b'\n').count() as u64;
        match restore(&file[..len]).await {
            Err(DumpError::Truncated { line }) => assert_eq!(line, whole, "cut to {len}"),
            other => panic!("cut to {len}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn lines_that_fit_no_longer_together_are_refused() {
    let (_, file) = snapshot().await;
    let lines: Vec<_> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let without = |number: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| at + 1 != number);
        kept.flat_map(|(_, line)| line.to_vec())
            .collect::<Vec<u8>>()
    };
    for (damaged, at) in [
        (without(1), 1),
        (without(2), 4),
        (without(3), 3),
        (without(4), 4),
        ([file.clone(), lines[4].to_vec()].concat(), 5),
        (with_line(&file, 3, "{\"commit\":{}}"), 3),
        (
            with_line(
                &file,
                2,
                "{\"record\":{\"space\":\"shoes\",\"key\":\"a\",\"value\":1}}",
            ),
            2,
        ),
    ] {
        match restore(&damaged).await {
            Err(DumpError::Damaged { line, .. }) => assert_eq!(line, at),
            other => panic!("line {at}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let (_, file) = snapshot().await;
    let newer = with_line(
        &file,
        1,
        "{\"header\":{\"format\":\"ventanilla-snapshot\",\"version\":2,\"epoch\":1,\"commits\":2,\"records\":1,\"new\":0}}",
    );
    let refused = restore(&newer).await;
    assert!(matches!(refused, Err(DumpError::Version { found: 2 })));
}

#[tokio::test]
async fn a_store_that_holds_something_is_left_alone() {
    let (store, file) = snapshot().await;
    let with_a_record = MemStore::new();
    let put = with_a_record.put_if(Space::Marks, "a", 0, Some(json!(1)));
    put.await.unwrap();
    for target in [store, with_a_record] {
        let refused = dump::restore(&target, &mut Cursor::new(&file)).await;
        assert!(matches!(refused, Err(DumpError::NotEmpty)));
    }
}
