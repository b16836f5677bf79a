//! What every store promises, told once and run on each of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use ventanilla::conversation::{Acts, Body, Event, Reason, Scored, State, Understood, Verdict};
use ventanilla::ids::{ClientId, ConversationId, Seq};
use ventanilla::ports::{CommitNumber, SealedCommit, Space, Store, StoreError};
use ventanilla::store::{MemStore, SledStore};

use crate::events::{answered, closed, conversation, opened, rated, returned, said};

/// A store and the means to start it again.
struct House {
    folder: Option<TempDir>,
    store: Arc<dyn Store>,
}

impl House {
    fn mem() -> Self {
        Self {
            folder: None,
            store: Arc::new(MemStore::new()),
        }
    }

    fn sled() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(folder.path()).unwrap());
        Self {
            folder: Some(folder),
            store,
        }
    }

    /// Closes the store and opens it again, where it keeps anything.
    async fn restart(&mut self) {
        if let Some(folder) = &self.folder {
            let epoch = self.store.epoch();
            self.store.close().await.unwrap();
            self.store = Arc::new(SledStore::open(folder.path()).unwrap());
            assert_eq!(self.store.epoch(), epoch);
        }
    }

    async fn append(&self, id: ConversationId, events: Vec<Event>) -> CommitNumber {
        let expected = Seq(events[0].seq.0 - 1);
        let kept = self
            .store
            .append(id, expected, events.clone())
            .await
            .unwrap();
        assert_eq!((kept.conversation, kept.events), (id, events));
        kept.number
    }

    async fn all(&self, id: ConversationId) -> Vec<Event> {
        self.store.read(id, Seq::ZERO, usize::MAX).await.unwrap()
    }

    async fn seqs(&self, id: ConversationId, after: u64, limit: usize) -> Vec<u64> {
        seqs(&self.store.read(id, Seq(after), limit).await.unwrap())
    }

    async fn last(&self, id: ConversationId, n: usize) -> Vec<u64> {
        seqs(&self.store.read_last(id, n).await.unwrap())
    }
}

fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

fn act(id: &str) -> ClientId {
    id.parse().unwrap()
}

/// Each story runs on each store.
macro_rules! stories {
    ($($story:ident)+) => {
        mod mem {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::House::mem()).await;
            })+
        }
        mod sled {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::House::sled()).await;
            })+
        }
    };
}

stories! {
    what_was_appended_is_read_again
    a_stale_append_changes_nothing
    an_append_that_cannot_be_kept_is_refused_whole
    a_part_of_a_conversation_can_be_read
    an_act_is_found_by_its_id
    the_tail_has_every_append_in_order
    a_conversation_is_open_until_it_is_marked
    conversations_are_listed_by_page
    a_record_is_written_by_whoever_saw_its_last_version
    records_are_listed_by_space
    erasure_takes_the_texts_and_leaves_the_log
    large_contents_are_kept_and_erased
    of_racing_writers_one_wins_each_number
    a_copy_made_from_the_sealed_tail_is_the_same
    a_sealed_append_that_does_not_fit_is_refused
    a_closed_store_says_so
}

async fn what_was_appended_is_read_again(mut house: House) {
    let (ana, beto) = (conversation(1), conversation(2));
    assert_eq!(house.all(ana).await, []);
    house
        .append(
            ana,
            vec![opened(1), said(2, "m1", "¿dónde está mi pedido?")],
        )
        .await;
    house
        .append(beto, vec![opened(1), said(2, "m1", "hola 👋")])
        .await;
    house
        .append(ana, vec![answered(3, &["Llega el lunes.", "¿Algo más?"])])
        .await;
    for _ in 0..2 {
        assert_eq!(
            house.all(ana).await,
            [
                opened(1),
                said(2, "m1", "¿dónde está mi pedido?"),
                answered(3, &["Llega el lunes.", "¿Algo más?"])
            ]
        );
        assert_eq!(house.all(beto).await, [opened(1), said(2, "m1", "hola 👋")]);
        assert_eq!(house.all(conversation(3)).await, []);
        assert_eq!(house.store.health(), Ok(()));
        house.restart().await;
    }
}

async fn a_stale_append_changes_nothing(mut house: House) {
    let id = conversation(1);
    house
        .append(id, vec![opened(1), said(2, "m1", "hola")])
        .await;
    for expected in [0, 1, 3] {
        let late = vec![
            said(expected + 1, "m2", "tarde"),
            said(expected + 2, "m3", "tarde"),
        ];
        assert_eq!(
            house.store.append(id, Seq(expected), late).await,
            Err(StoreError::Stale { last: Seq(2) })
        );
    }
    assert_eq!(
        house
            .store
            .append(conversation(2), Seq(1), vec![said(2, "m1", "x")])
            .await,
        Err(StoreError::Stale { last: Seq::ZERO })
    );
    house.restart().await;
    assert_eq!(house.seqs(id, 0, 10).await, [1, 2]);
    assert_eq!(house.store.find_act(id, &act("m2")).await, Ok(None));
    assert_eq!(house.store.last_commit(), CommitNumber(1));
    assert_eq!(house.store.conversations(None, 10).await.unwrap(), [id]);
    // After a restart the fence still stands.
    assert_eq!(
        house
            .store
            .append(id, Seq(1), vec![said(2, "m2", "x")])
            .await,
        Err(StoreError::Stale { last: Seq(2) })
    );
    house.append(id, vec![said(3, "m2", "ahora sí")]).await;
}

async fn an_append_that_cannot_be_kept_is_refused_whole(house: House) {
    let id = conversation(1);
    let not_a_number = {
        let mut event = answered(2, &["x"]);
        if let Body::BotAnswered { understood, .. } = &mut event.body {
            understood.push(Understood {
                lang: "es".parse().unwrap(),
                verdict: Verdict::OutOfScope,
                nearest: vec![Scored {
                    topic: "returns".parse().unwrap(),
                    confidence: f32::NAN,
                }],
                because: vec![Reason::Repaired { words: 1 }],
                mood: ventanilla::conversation::TurnMood::default(),
                model: "m".to_owned(),
            });
        }
        event
    };
    let too_large = said(1, "m1", &"ñ".repeat(9 * 1024 * 1024));
    for events in [
        vec![],
        vec![opened(2)],
        vec![opened(1), said(3, "m1", "un hueco")],
        vec![opened(1), said(1, "m1", "dos veces")],
        vec![opened(1), not_a_number],
        vec![too_large],
    ] {
        let refused = house.store.append(id, Seq::ZERO, events).await;
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
    }
    assert_eq!(house.all(id).await, []);
    assert_eq!(house.store.last_commit(), CommitNumber(0));
    assert_eq!(house.store.open_conversations().await.unwrap(), []);
}

async fn a_part_of_a_conversation_can_be_read(mut house: House) {
    let id = conversation(1);
    // Neighbours on both sides: an id is no prefix of another.
    for other in [0, 2] {
        house
            .append(conversation(other), vec![opened(1), said(2, "m", "x")])
            .await;
    }
    house.append(id, vec![opened(1)]).await;
    house
        .append(
            id,
            (2..=4).map(|n| said(n, &format!("m{n}"), "x")).collect(),
        )
        .await;
    house.append(id, vec![returned(5)]).await;
    house
        .append(
            id,
            (6..=9).map(|n| said(n, &format!("m{n}"), "x")).collect(),
        )
        .await;
    for _ in 0..2 {
        for after in 0..12 {
            for limit in 0..12 {
                let due: Vec<u64> = (after + 1..=9).take(limit).collect();
                assert_eq!(house.seqs(id, after, limit).await, due, "{after} {limit}");
            }
        }
        for n in 0..12 {
            let due: Vec<u64> = (1..=9).skip(9 - n.min(9)).collect();
            assert_eq!(house.last(id, n).await, due, "{n}");
        }
        assert_eq!(house.seqs(id, u64::MAX, usize::MAX).await, [0; 0]);
        assert_eq!(house.last(conversation(9), 3).await, [0; 0]);
        house.restart().await;
    }
}

async fn an_act_is_found_by_its_id(mut house: House) {
    let (one, other) = (conversation(1), conversation(2));
    house
        .append(
            one,
            vec![opened(1), said(2, "m1", "a"), said(3, "m10", "b")],
        )
        .await;
    house
        .append(one, vec![answered(4, &["c"]), said(5, "m", "d")])
        .await;
    for _ in 0..2 {
        for (id, seq) in [
            ("m1", Some(2)),
            ("m10", Some(3)),
            ("m", Some(5)),
            ("m100", None),
        ] {
            assert_eq!(
                house.store.find_act(one, &act(id)).await,
                Ok(seq.map(Seq)),
                "{id}"
            );
        }
        assert_eq!(house.store.find_act(other, &act("m1")).await, Ok(None));
        house.restart().await;
    }
}

async fn the_tail_has_every_append_in_order(mut house: House) {
    let (one, other) = (conversation(1), conversation(2));
    assert_eq!(house.store.last_commit(), CommitNumber(0));
    assert_eq!(house.store.tail(CommitNumber(0), 10).await.unwrap(), []);
    let numbers = [
        house.append(other, vec![opened(1)]).await,
        house.append(one, vec![opened(1), said(2, "m1", "a")]).await,
        house.append(other, vec![said(2, "m1", "b")]).await,
    ];
    assert_eq!(numbers.map(|number| number.0), [1, 2, 3]);
    for _ in 0..2 {
        let tail = house.store.tail(CommitNumber(0), 10).await.unwrap();
        let seen: Vec<_> = tail.iter().map(|c| (c.number.0, c.conversation)).collect();
        assert_eq!(seen, [(1, other), (2, one), (3, other)]);
        assert_eq!(tail[1].events, [opened(1), said(2, "m1", "a")]);
        assert_eq!(
            house.store.tail(CommitNumber(1), 1).await.unwrap(),
            tail[1..2]
        );
        assert_eq!(house.store.tail(CommitNumber(3), 10).await.unwrap(), []);
        assert_eq!(house.store.tail(CommitNumber(99), 10).await.unwrap(), []);
        assert_eq!(house.store.last_commit(), CommitNumber(3));
        house.restart().await;
    }
    assert_eq!(
        house.append(one, vec![said(3, "m2", "c")]).await,
        CommitNumber(4)
    );
}

async fn a_conversation_is_open_until_it_is_marked(mut house: House) {
    let (one, other) = (conversation(1), conversation(2));
    house.store.set_closed(one).await.unwrap();
    house.append(one, vec![opened(1)]).await;
    house.append(other, vec![opened(1)]).await;
    house.store.set_closed(one).await.unwrap();
    house.store.set_closed(one).await.unwrap();
    assert_eq!(house.store.open_conversations().await.unwrap(), [other]);
    house.restart().await;
    assert_eq!(house.store.open_conversations().await.unwrap(), [other]);
    house.append(one, vec![said(2, "m1", "sigo aquí")]).await;
    assert_eq!(
        house.store.open_conversations().await.unwrap(),
        [one, other]
    );
    house.restart().await;
    assert_eq!(
        house.store.open_conversations().await.unwrap(),
        [one, other]
    );
}

async fn conversations_are_listed_by_page(mut house: House) {
    let ids: Vec<_> = [3, 0, 255, 1, 2].map(conversation).into();
    for id in &ids {
        house.append(*id, vec![opened(1)]).await;
    }
    house.restart().await;
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let mut listed = Vec::new();
    loop {
        let after = listed.last().copied();
        let page = house.store.conversations(after, 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        listed.extend(page);
    }
    assert_eq!(listed, sorted);
}

async fn a_record_is_written_by_whoever_saw_its_last_version(mut house: House) {
    let put = |house: &House, expected, value| {
        let store = Arc::clone(&house.store);
        async move {
            store
                .put_if(Space::Agents, "ana@example.org", expected, value)
                .await
        }
    };
    assert_eq!(
        put(&house, 1, Some(json!(0))).await,
        Err(StoreError::Conflict { version: 0 })
    );
    let first = put(&house, 0, Some(json!({"name": "Ana", "año": 1})))
        .await
        .unwrap();
    assert!(first > 0);
    assert_eq!(
        put(&house, 0, Some(json!(0))).await,
        Err(StoreError::Conflict { version: first })
    );
    house.restart().await;
    let second = put(&house, first, Some(json!(null))).await.unwrap();
    assert!(second > first);
    assert_eq!(
        put(&house, first, None).await,
        Err(StoreError::Conflict { version: second })
    );
    let record = house
        .store
        .get(Space::Agents, "ana@example.org")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((record.version, record.value), (second, json!(null)));
    assert_eq!(put(&house, second, None).await, Ok(0));
    assert_eq!(
        house.store.get(Space::Agents, "ana@example.org").await,
        Ok(None)
    );
    house.restart().await;
    assert_eq!(
        house.store.get(Space::Agents, "ana@example.org").await,
        Ok(None)
    );
    // Made again it is another record: whoever still holds an old version is refused.
    let third = put(&house, 0, Some(json!(3))).await.unwrap();
    assert!(third > second);
    for bad in ["", &"k".repeat(1025)] {
        let refused = house
            .store
            .put_if(Space::Agents, bad, 0, Some(json!(1)))
            .await;
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
    }
}

async fn records_are_listed_by_space(mut house: House) {
    for (space, key) in [
        (Space::Senders, "rest/es/ana"),
        (Space::Senders, "rest/es/a"),
        (Space::Senders, "ñ"),
        (Space::Marks, "a"),
    ] {
        house
            .store
            .put_if(space, key, 0, Some(json!(key)))
            .await
            .unwrap();
    }
    house.restart().await;
    let keys = |all: BTreeMap<String, _>| all.into_keys().collect::<Vec<_>>();
    assert_eq!(
        keys(house.store.list(Space::Senders).await.unwrap()),
        ["rest/es/a", "rest/es/ana", "ñ"]
    );
    assert_eq!(keys(house.store.list(Space::Marks).await.unwrap()), ["a"]);
    assert_eq!(keys(house.store.list(Space::Links).await.unwrap()), [""; 0]);
}

/// What is left of a state when nobody's words and values are in it.
fn without_texts(events: &[Event]) -> State {
    let mut state = State::fold(events);
    state.slots.clear();
    state.last_words.clear();
    state.told.clear();
    state.contact = None;
    state
        .unanswered
        .iter_mut()
        .for_each(|left| left.text.clear());
    state.acts = Acts::default();
    state
}

async fn erasure_takes_the_texts_and_leaves_the_log(mut house: House) {
    let (ana, beto) = (conversation(1), conversation(2));
    house
        .append(
            ana,
            vec![opened(1), said(2, "m1", "soy Ana, DNI 12345678Z")],
        )
        .await;
    house.append(ana, vec![answered(3, &["Hola, Ana"])]).await;
    house.append(ana, vec![returned(4)]).await;
    let end = vec![closed(5), rated(6, "m2", "Soy Ana y no llegó")];
    house.append(ana, end).await;
    house
        .append(beto, vec![opened(1), said(2, "m1", "soy Beto")])
        .await;
    let before = house.store.tail_sealed(CommitNumber(0), 10).await.unwrap();

    assert_eq!(house.store.erase(ana).await, Ok(3));
    assert_eq!(house.store.erase(ana).await, Ok(0));
    assert_eq!(house.store.erase(conversation(9)).await, Ok(0));
    for _ in 0..2 {
        let events = house.all(ana).await;
        assert_eq!(seqs(&events), [1, 2, 3, 4, 5, 6]);
        assert!(events.iter().all(|event| event.private.is_empty()));
        assert_eq!(house.store.read_last(ana, 6).await.unwrap(), events);
        let whole: Vec<_> = before[..4]
            .iter()
            .flat_map(|c| c.commit.events.clone())
            .collect();
        assert_eq!(without_texts(&events), without_texts(&whole));
        assert_eq!(
            house.store.find_act(ana, &act("m1")).await,
            Ok(Some(Seq(2)))
        );

        let after = house.store.tail_sealed(CommitNumber(0), 10).await.unwrap();
        assert_eq!(after.len(), before.len());
        for (before, after) in before.iter().zip(&after).take(4) {
            for (before, after) in before.seals.iter().zip(&after.seals) {
                assert_eq!(
                    before.map(|seal| seal.digest),
                    after.map(|seal| seal.digest)
                );
                assert!(after.is_none_or(|seal| seal.salt.is_none()));
            }
        }
        assert_eq!(before[4], after[4], "the other conversation is as it was");
        house.restart().await;
    }
    house.append(ana, vec![said(7, "m3", "otra vez")]).await;
    assert_eq!(house.store.erase(ana).await, Ok(1));
}

async fn large_contents_are_kept_and_erased(mut house: House) {
    let id = conversation(1);
    let long = "ñandú ".repeat(50_000);
    let medium = "x".repeat(16 * 1024);
    house
        .append(id, vec![opened(1), said(2, "m1", &long)])
        .await;
    house
        .append(
            id,
            vec![said(3, "m2", &long), answered(4, &[&medium, &long])],
        )
        .await;
    let version = house
        .store
        .put_if(Space::Marks, "large", 0, Some(json!(long)))
        .await
        .unwrap();
    house.restart().await;
    let events = house.all(id).await;
    assert_eq!(events[1], said(2, "m1", &long));
    assert_eq!(events[3], answered(4, &[&medium, &long]));
    let record = house
        .store
        .get(Space::Marks, "large")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(record.value, json!(long));

    let version = house
        .store
        .put_if(
            Space::Marks,
            "large",
            version,
            Some(json!(format!("{long}!"))),
        )
        .await
        .unwrap();
    house.restart().await;
    let record = house
        .store
        .get(Space::Marks, "large")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(record.value, json!(format!("{long}!")));
    house
        .store
        .put_if(Space::Marks, "large", version, None)
        .await
        .unwrap();
    assert_eq!(house.store.erase(id).await, Ok(3));
    house.restart().await;
    assert_eq!(house.store.get(Space::Marks, "large").await, Ok(None));
    assert_eq!(house.seqs(id, 0, 10).await, [1, 2, 3, 4]);
    assert!(
        house
            .all(id)
            .await
            .iter()
            .all(|event| event.private.is_empty())
    );
}

async fn of_racing_writers_one_wins_each_number(mut house: House) {
    const WRITERS: u64 = 8;
    const EACH: u64 = 25;
    let id = conversation(1);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&house.store);
            tokio::spawn(async move {
                let mut last = Seq::ZERO;
                let mut won = Vec::new();
                while won.len() < usize::try_from(EACH).unwrap() {
                    let mine = format!("w{writer}-{}", won.len());
                    let event = said(last.next().0, &mine, &mine);
                    match store.append(id, last, vec![event]).await {
                        Ok(commit) => {
                            last = commit.events[0].seq;
                            won.push((last.0, mine));
                        }
                        Err(StoreError::Stale { last: now }) => last = now,
                        Err(other) => panic!("{other}"),
                    }
                }
                won
            })
        })
        .collect();
    let mut won = BTreeMap::new();
    for writer in writers {
        for (seq, text) in writer.await.unwrap() {
            assert_eq!(won.insert(seq, text), None, "two won {seq}");
        }
    }
    assert_eq!(won.len() as u64, WRITERS * EACH);
    house.restart().await;
    let kept: BTreeMap<u64, String> = house
        .all(id)
        .await
        .iter()
        .map(|event| (event.seq.0, event.private.first().unwrap().to_owned()))
        .collect();
    assert_eq!(kept, won);
}

async fn a_copy_made_from_the_sealed_tail_is_the_same(mut house: House) {
    let (ana, beto) = (conversation(1), conversation(2));
    house
        .append(ana, vec![opened(1), said(2, "m1", "uno")])
        .await;
    house
        .append(beto, vec![opened(1), said(2, "m1", &"b".repeat(40_000))])
        .await;
    house.append(ana, vec![returned(3)]).await;
    house.append(ana, vec![said(4, "m2", "dos")]).await;
    house.store.erase(ana).await.unwrap();
    house.append(ana, vec![answered(5, &["tres"])]).await;
    let tail = house.store.tail_sealed(CommitNumber(0), 100).await.unwrap();
    for mut copy in [House::mem(), House::sled()] {
        copy.store.append_sealed(tail[..2].to_vec()).await.unwrap();
        copy.store.append_sealed(tail[2..].to_vec()).await.unwrap();
        copy.store.append_sealed(Vec::new()).await.unwrap();
        copy.restart().await;
        assert_eq!(
            copy.store.tail_sealed(CommitNumber(0), 100).await.unwrap(),
            tail
        );
        assert_eq!(copy.all(beto).await, house.all(beto).await);
        assert_eq!(copy.store.find_act(ana, &act("m2")).await, Ok(Some(Seq(4))));
        assert_eq!(copy.store.erase(ana).await, Ok(1));
        assert_ne!(copy.store.epoch(), house.store.epoch());
        copy.append(ana, vec![said(6, "m6", "sigue")]).await;
    }
    house.restart().await;
}

async fn a_sealed_append_that_does_not_fit_is_refused(house: House) {
    let id = conversation(1);
    let from = House::mem();
    from.append(id, vec![opened(1), said(2, "m1", "uno")]).await;
    from.append(id, vec![said(3, "m2", "dos")]).await;
    let tail = from.store.tail_sealed(CommitNumber(0), 10).await.unwrap();
    let changed = |change: &dyn Fn(&mut Vec<SealedCommit>)| {
        let mut tail = tail.clone();
        change(&mut tail);
        tail
    };
    for bad in [
        changed(&|tail| tail[0].commit.events[1] = said(2, "m1", "otra cosa")),
        changed(&|tail| tail[1].seals[0] = None),
        changed(&|tail| tail[1].seals.clear()),
        changed(&|tail| tail.swap(0, 1)),
        changed(&|tail| drop(tail.remove(0))),
        changed(&|tail| tail[1].commit.number = CommitNumber(3)),
        changed(&|tail| tail[1].commit.events[0].seq = Seq(4)),
        changed(&|tail| tail[1].commit.conversation = conversation(2)),
        changed(&|tail| tail[1].commit.events.clear()),
    ] {
        let refused = house.store.append_sealed(bad).await;
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
        assert_eq!(house.store.last_commit(), CommitNumber(0));
        assert_eq!(house.all(id).await, []);
    }
    house.store.append_sealed(tail).await.unwrap();
}

async fn a_closed_store_says_so(mut house: House) {
    let id = conversation(1);
    house.append(id, vec![opened(1)]).await;
    house.store.close().await.unwrap();
    assert!(house.store.health().is_err());
    let closed = |outcome: StoreError| assert!(matches!(outcome, StoreError::Unavailable(_)));
    closed(
        house
            .store
            .append(id, Seq(1), vec![said(2, "m", "x")])
            .await
            .unwrap_err(),
    );
    closed(house.store.read(id, Seq::ZERO, 1).await.unwrap_err());
    closed(house.store.tail(CommitNumber(0), 1).await.unwrap_err());
    closed(house.store.get(Space::Marks, "a").await.unwrap_err());
    closed(
        house
            .store
            .put_if(Space::Marks, "a", 0, Some(json!(1)))
            .await
            .unwrap_err(),
    );
    closed(house.store.erase(id).await.unwrap_err());
    closed(house.store.close().await.unwrap_err());
    if let Some(folder) = &house.folder {
        house.store = Arc::new(SledStore::open(folder.path()).unwrap());
        assert_eq!(house.all(id).await, [opened(1)]);
    }
}
