//! What one of two merged conversations learns from the other.

use super::*;
use crate::conversation::{Body, Event, HandedOver, Memory, Private, Promise, PromiseKind};
use crate::ids::{HandoffReason, SessionId};

const HERE: u8 = 1;

fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

/// Stores events as they come, numbered from the first.
async fn stored(house: &House, n: u8, events: Vec<(Body, Private)>) {
    let events = events.into_iter().zip(1..);
    let events = events.map(|((body, private), seq)| Event {
        seq: Seq(seq),
        at: MORNING,
        body,
        private,
    });
    let events = events.collect();
    house.store.append(id(n), Seq::ZERO, events).await.unwrap();
}

fn opened(house: &House, n: u8) -> (Body, Private) {
    let opened = Body::SessionOpened {
        session: SessionId::from_bytes([n; 16]),
        opening: house.engine.plain_opening(),
        choices: Vec::new(),
    };
    (opened, Private::default())
}

/// The check of the shop has passed with these values.
fn passed(house: &House, proof: &str) -> (Body, Private) {
    let catalog = &house.engine.live().catalog;
    let (name, check) = catalog.checks.first_key_value().unwrap();
    let names = check.slots.iter().map(|slot| slot.name.to_string());
    let values = names.zip(["1000007".to_owned(), proof.to_owned()]);
    let answered = Body::BotAnswered {
        upto: Seq(1),
        understood: Vec::new(),
        choices: Vec::new(),
        memory: Box::new(Memory {
            verified: std::iter::once(name.clone()).collect(),
            ..Memory::default()
        }),
        topic: None,
        lang: Lang::es(),
    };
    (answered, Private::default().with_values(values))
}

fn promise(case: &str) -> Promise {
    Promise {
        case: case.to_owned(),
        team: "default".parse().unwrap(),
        reason: HandoffReason::CustomerRequest,
        priority: crate::ids::Priority::Normal,
        made_at: MORNING,
        by: MORNING.plus(3_600_000),
        kind: PromiseKind::Agent,
        agent: None,
    }
}

fn made(case: &str, what: &str, contact: &str) -> (Body, Private) {
    let made = Body::PromiseMade {
        client_id: None,
        promise: promise(case),
    };
    let contact = [("contact".to_owned(), contact.to_owned())];
    (made, Private::text(what).with_values(contact))
}

/// One goes on in the other: both halves of it.
fn goes(n: u8, into: u8) -> [(Body, Private); 2] {
    let begun = Body::MergeBegun {
        client_id: act(&format!("m-{n}")),
        agent: AgentId::from_bytes([1; 16]),
        name: "A1".to_owned(),
        into: id(into),
    };
    let done = Body::MergedInto {
        into: id(into),
        name: "A1".to_owned(),
        lang: Lang::es(),
    };
    [begun, done].map(|body| (body, Private::default()))
}

fn took(n: u8, of: u64, case: &str) -> (Body, Private) {
    let took = Body::MergedFrom {
        from: id(n),
        of: Seq(of),
        agent: AgentId::from_bytes([1; 16]),
        name: "A1".to_owned(),
        owed: vec![HandedOver {
            promise: promise(case),
            late: false,
        }],
        unanswered: false,
        lang: Lang::es(),
    };
    (took, Private::default())
}

#[tokio::test]
async fn mails_go_to_an_address_of_the_other_one_only_where_it_was_proven_there() {
    for (contact, mail) in [
        ("Ana@example.com", Some("Ana@example.com")),
        ("eva@example.com", None),
    ] {
        let house = House::new();
        let mut there = vec![opened(&house, 2), passed(&house, "ana@example.com")];
        there.push(made("M-1", "te aviso", contact));
        there.extend(goes(2, HERE));
        stored(&house, 2, there).await;
        let here = vec![opened(&house, HERE), took(2, 4, "M-1")];
        stored(&house, HERE, here).await;
        let reach = house.engine.reach(id(HERE)).await.unwrap().unwrap();
        assert_eq!(reach.mail.as_deref(), mail, "{contact}");
    }
}

#[tokio::test]
async fn words_of_a_promise_are_found_where_they_were_written() {
    let house = House::new();
    let mut first = vec![opened(&house, 3), made("M-1", "te aviso", "")];
    first.extend(goes(3, 2));
    stored(&house, 3, first).await;
    let mut second = vec![opened(&house, 2), took(3, 3, "M-1")];
    second.extend(goes(2, HERE));
    stored(&house, 2, second).await;
    stored(&house, HERE, vec![opened(&house, HERE), took(2, 3, "M-1")]).await;
    let agent = house.agent(1);
    let card = agent.card(id(HERE)).await.unwrap();
    assert_eq!(card.promises[0].what.as_deref(), Some("te aviso"));
    let (case, _) = house.engine.case(id(HERE), "M-1").await.unwrap();
    assert_eq!(case.words, "te aviso");
    assert_eq!(house.engine.led(id(3)).await.unwrap().len(), 3);
}

#[tokio::test]
async fn once_parted_a_case_is_read_in_its_own_conversation_alone() {
    let house = House::new();
    let mut there = vec![opened(&house, 2), made("M-1", "te aviso", "")];
    there.extend(goes(2, HERE));
    let apart = Body::Unmerged {
        from: id(HERE),
        owed: Some(Vec::new()),
        answered: true,
        abuse: None,
        lang: Lang::es(),
    };
    there.push((apart, Private::default()));
    stored(&house, 2, there).await;
    let kept = Body::PromiseKept {
        case: "M-1".to_owned(),
    };
    let back = Body::UnmergedFrom {
        from: id(2),
        of: Seq(3),
        name: "A1".to_owned(),
        owed: Vec::new(),
        answered: true,
        abuse: None,
        lang: Lang::es(),
    };
    let mut here = vec![opened(&house, HERE), took(2, 3, "M-1")];
    here.extend([kept, back].map(|body| (body, Private::default())));
    stored(&house, HERE, here).await;
    let read = house.engine.case(id(HERE), "M-1").await;
    assert!(matches!(read, Err(EngineError::NotFound)), "{read:?}");
    assert!(house.engine.case(id(2), "M-1").await.is_ok());
}
