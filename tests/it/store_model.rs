//! Random histories: the sled store answers as the model does, restarts included, and a snapshot of one restored into the other is equal.

use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Value, json};
use ventanilla::conversation::Event;
use ventanilla::ids::{ConversationId, Seq};
use ventanilla::ports::{Commit, CommitNumber, Record, SealedCommit, Space, Store};
use ventanilla::store::{MemStore, SledStore, dump};

use crate::events::{answered, conversation, opened, returned, said};

#[derive(Debug, Clone)]
enum Step {
    Append {
        id: u8,
        /// How far the writer is behind.
        stale: u64,
        kinds: Vec<u8>,
    },
    Put {
        space: usize,
        key: u8,
        /// The version that the last answer for this key told, or another.
        seen: bool,
        value: Option<u32>,
    },
    Erase(u8),
    SetClosed(u8),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let stale = prop_oneof![5 => Just(0_u64), 1 => 1_u64..3];
    let kinds = prop::collection::vec(0_u8..5, 1..4);
    let value = prop::option::weighted(0.8, prop_oneof![4 => 0_u32..100, 1 => 20_000_u32..40_000]);
    prop_oneof![
        10 => (0_u8..4, stale, kinds).prop_map(|(id, stale, kinds)| Step::Append { id, stale, kinds }),
        5 => (0..Space::ALL.len(), 0_u8..3, prop::bool::weighted(0.8), value)
            .prop_map(|(space, key, seen, value)| Step::Put { space, key, seen, value }),
        1 => (0_u8..4).prop_map(Step::Erase),
        1 => (0_u8..4).prop_map(Step::SetClosed),
        1 => Just(Step::Restart),
    ]
}

fn event(seq: u64, kind: u8) -> Event {
    match kind {
        0 => opened(seq),
        1 => returned(seq),
        2 => answered(seq, &["¿Algo más?", "ñ"]),
        3 => said(seq, &format!("m{}", seq % 7), &"largo ".repeat(3_000)),
        _ => said(seq, &format!("m{seq}"), "hola"),
    }
}

fn value(size: u32) -> Value {
    json!({ "v": "x".repeat(usize::try_from(size).unwrap()) })
}

/// Everything that can be seen of a store, but for salts and digests, which are random.
#[derive(Debug, PartialEq)]
struct View {
    tail: Vec<Commit>,
    sealed: Vec<Vec<bool>>,
    conversations: BTreeMap<ConversationId, (Vec<Event>, Vec<Event>)>,
    acts: Vec<Option<Seq>>,
    open: Vec<ConversationId>,
    records: Vec<BTreeMap<String, Record>>,
}

async fn view(store: &dyn Store) -> View {
    let mut conversations = BTreeMap::new();
    let mut acts = Vec::new();
    for id in store.conversations(None, 100).await.unwrap() {
        let all = store.read(id, Seq::ZERO, usize::MAX).await.unwrap();
        let last = store.read_last(id, 2).await.unwrap();
        conversations.insert(id, (all, last));
        for n in 0..12 {
            let act = format!("m{n}").parse().unwrap();
            acts.push(store.find_act(id, &act).await.unwrap());
        }
    }
    let mut records = Vec::new();
    for space in Space::ALL {
        records.push(store.list(space).await.unwrap());
    }
    View {
        tail: store.tail(CommitNumber(0), usize::MAX).await.unwrap(),
        sealed: sealed(store)
            .await
            .iter()
            .map(|commit| commit.seals.iter().map(Option::is_some).collect())
            .collect(),
        conversations,
        acts,
        open: store.open_conversations().await.unwrap(),
        records,
    }
}

async fn sealed(store: &dyn Store) -> Vec<SealedCommit> {
    let all = store.tail_sealed(CommitNumber(0), usize::MAX).await;
    all.unwrap()
}

/// Does a step in both stores and compares the answers.
async fn follow(model: &MemStore, sled: &SledStore, steps: Step, versions: &mut Versions) {
    match steps {
        Step::Append { id, stale, kinds } => {
            let id = conversation(id);
            let last = model.read_last(id, 1).await.unwrap();
            let last = last.first().map_or(0, |event| event.seq.0);
            let expected = last.saturating_sub(stale);
            let events: Vec<_> = (expected + 1..)
                .zip(kinds)
                .map(|(seq, kind)| event(seq, kind))
                .collect();
            let due = model.append(id, Seq(expected), events.clone()).await;
            assert_eq!(sled.append(id, Seq(expected), events).await, due);
        }
        Step::Put {
            space,
            key,
            seen,
            value: size,
        } => {
            let space = Space::ALL[space];
            let key = "k".repeat(usize::from(key) + 1);
            let known = versions.entry((space, key.clone())).or_default();
            let expected = if seen { *known } else { *known + 1 };
            let value = size.map(value);
            let due = model.put_if(space, &key, expected, value.clone()).await;
            assert_eq!(sled.put_if(space, &key, expected, value).await, due);
            if let Ok(version) = due {
                *known = version;
            }
        }
        Step::Erase(id) => {
            let id = conversation(id);
            assert_eq!(sled.erase(id).await, model.erase(id).await);
        }
        Step::SetClosed(id) => {
            let id = conversation(id);
            assert_eq!(sled.set_closed(id).await, model.set_closed(id).await);
        }
        Step::Restart => {}
    }
}

type Versions = BTreeMap<(Space, String), u64>;

async fn history(steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let model = MemStore::new();
    let mut sled = SledStore::open(folder.path()).unwrap();
    let mut versions = Versions::new();
    for step in steps {
        if matches!(step, Step::Restart) {
            sled.close().await.unwrap();
            sled = SledStore::open(folder.path()).unwrap();
            assert_eq!(view(&sled).await, view(&model).await);
        }
        follow(&model, &sled, step, &mut versions).await;
    }
    assert_eq!(view(&sled).await, view(&model).await);

    // sled → file → memory → file: the same content, and the same file but for the epoch.
    let mut file = Vec::new();
    let made = dump::snapshot(&sled, &mut file).await.unwrap();
    assert_eq!(dump::check(&mut Cursor::new(&file)).await.unwrap(), made);
    let copy = MemStore::new();
    let restored = dump::restore(&copy, &mut Cursor::new(file)).await.unwrap();
    assert_eq!(restored, made);
    assert_ne!(copy.epoch(), made.epoch);
    assert_eq!(sealed(&copy).await, sealed(&sled).await);
    let other_folder = tempfile::tempdir().unwrap();
    let other = SledStore::open(other_folder.path()).unwrap();
    let mut file = Vec::new();
    dump::snapshot(&copy, &mut file).await.unwrap();
    dump::restore(&other, &mut Cursor::new(file)).await.unwrap();
    assert_eq!(sealed(&other).await, sealed(&sled).await);
    let contents = |view: View| {
        let values = |all: BTreeMap<String, Record>| {
            let values = all.into_iter().map(|(key, record)| (key, record.value));
            values.collect::<BTreeMap<_, _>>()
        };
        let records: Vec<_> = view.records.into_iter().map(values).collect();
        (view.tail, view.conversations, view.acts, records)
    };
    assert_eq!(contents(view(&other).await), contents(view(&sled).await));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_the_same_in_both_stores(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        runtime.block_on(history(steps));
    }
}
