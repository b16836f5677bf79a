//! What one of two merged conversations learns from the other.

use super::*;
use crate::conversation::{Body, Event, HandedOver, Memory, Passed, Private, Promise, PromiseKind};
use crate::conversation::{Closer, LED_MS, PROOF_MS};
use crate::ids::{Follows, HandoffReason, SessionId};

mod ways;

const HERE: u8 = 1;

fn id(n: u8) -> ConversationId {
    ConversationId::from_bytes([n; 16])
}

/// Stores events as they come, numbered from the first.
async fn stored(house: &House, n: u8, events: Vec<(Body, Private)>) {
    put(house, n, Seq::ZERO, events).await;
}

async fn put(house: &House, n: u8, behind: Seq, events: Vec<(Body, Private)>) {
    let events = events.into_iter().zip(behind.0 + 1..);
    let events = events.map(|((body, private), seq)| Event {
        seq: Seq(seq),
        at: MORNING,
        body,
        private,
    });
    let events = events.collect();
    house.store.append(id(n), behind, events).await.unwrap();
}

/// Stores events behind those that are there, as another server would: what is in memory is let go of.
async fn appended(house: &House, n: u8, events: Vec<(Body, Private)>) {
    let last = house.store.read_last(id(n), 1).await.unwrap()[0].seq;
    put(house, n, last, events).await;
    *house.engine.conversations().slot(id(n)).lock().await = None;
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
            passed: vec![Passed {
                check: name.clone(),
                slots: (check.slots.iter().map(|slot| (slot.name.clone(), false))).collect(),
            }],
            ..Memory::default()
        }),
        topic: None,
        lang: Lang::es(),
        shows: Vec::new(),
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
async fn a_mail_to_an_address_of_the_other_one_opens_what_the_merge_opens_and_as_long() {
    let house = House::new();
    let agent = two(&house).await;
    let left = made("T-2", "te aviso", MAIL);
    appended(&house, THERE, vec![left]).await;
    merges(&house, &agent).await.unwrap();
    let reach = house.engine.reach(id(HERE)).await.unwrap().unwrap();
    let (conversation, merge) = reach.left.unwrap();
    assert_eq!((conversation, reach.floor), (id(THERE), Seq(4)));
    let door = comes_with(&house.engine, Follows::Merge(merge)).await;
    assert_eq!((door.id(), door.way().floor()), (id(HERE), Seq(4)));
    let seen = door.catch_up(None).await.unwrap();
    assert_eq!((seen.events[0].seq, seen.older), (Seq(4), false));
    // Of another merge, or to an address that was only left, it opens the one for which it was given.
    for follows in [Follows::Merge(merge.next()), Follows::Never] {
        let door = comes_with(&house.engine, follows).await;
        assert_eq!((door.id(), door.way().stays()), (id(THERE), true));
        let said = door.say(act("s"), &text("hola")).await;
        assert!(matches!(said, Err(EngineError::Refused(Refusal::Merged))));
    }
    agent
        .reply(id(HERE), act("r"), &text("hola"), None)
        .await
        .unwrap();
    agent.give_back(id(HERE), act("back")).await.unwrap();
    over(&house).await;
    let door = comes_with(&house.engine, Follows::Merge(merge)).await;
    assert_eq!((door.id(), door.way().stays()), (id(THERE), false));
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
    assert_eq!(
        house
            .engine
            .led(id(3), Follows::Always)
            .await
            .unwrap()
            .before()
            .count(),
        2
    );
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
        over: false,
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
        over: false,
        lang: Lang::es(),
    };
    let mut here = vec![opened(&house, HERE), took(2, 3, "M-1")];
    here.extend([kept, back].map(|body| (body, Private::default())));
    stored(&house, HERE, here).await;
    let read = house.engine.case(id(HERE), "M-1").await;
    assert!(matches!(read, Err(EngineError::NotFound)), "{read:?}");
    assert!(house.engine.case(id(2), "M-1").await.is_ok());
}

const THERE: u8 = 2;
const MAIL: &str = "ana@example.com";

fn said(words: &str) -> (Body, Private) {
    let said = Body::VisitorSaid {
        client_id: act("said"),
    };
    (said, Private::text(words))
}

fn closed() -> (Body, Private) {
    let closed = Body::Closed {
        client_id: None,
        outcome: Outcome::ResolvedByAgent,
        by: Closer::Visitor,
        question: None,
        because: "default".to_owned(),
        wrap_up: None,
    };
    (closed, Private::default())
}

/// Two conversations in which Ana was proven: the first one was somebody else's before, and an agent has it; in the second one something is promised.
async fn two(house: &House) -> AgentDoor {
    let brother = [opened(house, 7), said("soy su hermano"), closed()];
    let ana = [opened(house, HERE), passed(house, MAIL)];
    let here = brother.into_iter().chain(ana).collect();
    stored(house, HERE, here).await;
    let there = vec![
        opened(house, THERE),
        passed(house, MAIL),
        made("T-1", "te aviso", ""),
    ];
    stored(house, THERE, there).await;
    for n in [HERE, THERE] {
        house.visitor(n).ask_person(act("person")).await.unwrap();
    }
    let agent = house.agent(1);
    let seen = house.seq(&house.visitor(HERE)).await;
    agent.claim(id(HERE), act("claim"), seen).await.unwrap();
    agent
}

async fn merges(house: &House, agent: &AgentDoor) -> Result<Seq, EngineError> {
    merges_as(house, agent, "merge").await
}

async fn merges_as(house: &House, agent: &AgentDoor, name: &str) -> Result<Seq, EngineError> {
    let seen = house.seq(&house.visitor(THERE)).await;
    agent.merge(id(THERE), act(name), id(HERE), seen).await
}

/// The session in which they became one is over.
async fn over(house: &House) {
    let here = house.visitor(HERE);
    here.end(act("end")).await.unwrap();
    house.clock.advance(Limits::default().reopen_ms);
}

/// Whoever comes from the second one.
async fn comes(engine: &Engine) -> VisitorDoor {
    comes_with(engine, Follows::Always).await
}

async fn comes_with(engine: &Engine, follows: Follows) -> VisitorDoor {
    let opening = engine.plain_opening();
    let door = VisitorDoor::led(engine.clone(), id(THERE), opening, follows);
    door.await.unwrap()
}

fn restarted(house: &House, store: Flaky) -> Engine {
    house.engine.stop();
    open(Arc::new(store), &house.clock, &house.live)
}

#[tokio::test]
async fn whoever_is_led_sees_nothing_of_an_earlier_session() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    let door = comes(&house.engine).await;
    assert_eq!((door.id(), door.way().floor()), (id(HERE), Seq(4)));
    for after in [None, Some(Seq::ZERO), Some(Seq(2))] {
        let seen = door.catch_up(after).await.unwrap();
        assert_eq!(seen.events.first().unwrap().seq, Seq(4), "{after:?}");
        assert!(!seen.older && !seen.recovered);
    }
    let seen = door.catch_up(Some(Seq(4))).await.unwrap();
    assert!(seen.recovered);
    for before in [4, 5, 100] {
        let (events, older) = door.older(Seq(before)).await.unwrap();
        assert!(events.iter().all(|event| event.seq >= Seq(4)) && !older);
    }
    // Files of that time are not theirs either; those of their own are.
    let way = house.engine.led(id(THERE), Follows::Always).await.unwrap();
    assert_eq!(way.floor_of(id(HERE)), Some(Seq(4)));
    assert_eq!(way.floor_of(id(THERE)), Some(Seq::ZERO));
    assert_eq!(way.floor_of(id(9)), None);
    // Whose conversation it is sees all of it.
    let own = house.visitor(HERE).catch_up(None).await.unwrap();
    assert_eq!(own.events.first().unwrap().seq, Seq(1));
}

#[tokio::test]
async fn sessions_that_go_on_elsewhere_are_counted_apart_from_those_that_ended() {
    let house = House::new();
    let agent = two(&house).await;
    let counted = |name: &str| {
        let all = house.engine.pulse().read();
        all.into_iter().find(|(one, ..)| *one == name).unwrap().2
    };
    let ended = counted("sessions_closed");
    merges(&house, &agent).await.unwrap();
    let now = (counted("sessions_merged"), counted("sessions_parted"));
    assert_eq!(now, (1, 0));
    agent.unmerge(id(THERE), act("part")).await.unwrap();
    let now = (counted("sessions_merged"), counted("sessions_parted"));
    assert_eq!(now, (1, 1));
    assert_eq!(counted("sessions_closed"), ended);
}

#[tokio::test]
async fn once_the_session_is_over_each_goes_its_own_way_with_what_is_owed() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    agent
        .reply(id(HERE), act("r"), &text("hola"), None)
        .await
        .unwrap();
    let back = agent.card(id(HERE)).await.unwrap();
    assert_eq!(back.promises[0].case, "T-1");
    agent.give_back(id(HERE), act("back")).await.unwrap();
    over(&house).await;
    let door = comes(&house.engine).await;
    assert_eq!(door.id(), id(THERE));
    let (here, there) = (agent.card(id(HERE)), agent.card(id(THERE)));
    assert!(here.await.unwrap().promises.is_empty());
    let there = there.await.unwrap();
    assert_eq!(
        (
            there.promises[0].case.as_str(),
            there.promises[0].what.as_deref()
        ),
        ("T-1", Some("te aviso"))
    );
    // Whoever answers it is heard on that device.
    let seen = house.seq(&door).await;
    agent.claim(id(THERE), act("claim-2"), seen).await.unwrap();
    agent
        .reply(id(THERE), act("r-2"), &text("ya está"), None)
        .await
        .unwrap();
    let last = door.catch_up(None).await.unwrap().events;
    assert!(
        last.iter()
            .any(|event| event.private.first() == Some("ya está"))
    );
}

#[tokio::test]
async fn a_session_that_is_put_aside_for_months_leads_nobody_that_long() {
    let house = House::new();
    let agent = two(&house).await;
    merges(&house, &agent).await.unwrap();
    agent
        .reply(id(HERE), act("r"), &text("hola"), None)
        .await
        .unwrap();
    let until = house.engine.now().plus(LED_MS * 10);
    agent.snooze(id(HERE), act("s"), until).await.unwrap();
    house.clock.advance(LED_MS - 1);
    assert_eq!(comes(&house.engine).await.id(), id(HERE));
    house.clock.advance(1);
    assert_eq!(comes(&house.engine).await.id(), id(THERE));
}

#[tokio::test]
async fn a_merge_an_undo_and_a_parting_that_are_cut_off_anywhere_are_finished_at_the_next_start() {
    for (what, cut) in (0..3).flat_map(|what| (0..4).map(move |cut| (what, cut))) {
        let house = House::new();
        let agent = two(&house).await;
        if what > 0 {
            merges(&house, &agent).await.unwrap();
        }
        if what == 2 {
            over(&house).await;
        }
        let breaks = Flaky {
            appends: AtomicU32::new(cut),
            ..Flaky::of(&house.store)
        };
        let engine = restarted(&house, breaks);
        let agent = AgentDoor::new(engine.clone(), agent.me().clone());
        let done = match what {
            0 => {
                let seen = house.store.read_last(id(THERE), 1).await.unwrap()[0].seq;
                agent
                    .merge(id(THERE), act("merge"), id(HERE), seen)
                    .await
                    .is_ok()
            }
            1 => agent.unmerge(id(THERE), act("apart")).await.is_ok(),
            _ => comes(&engine).await.id() == id(THERE),
        };
        assert!(
            what == 2 || done == (cut == 3),
            "{what} cut off after {cut}"
        );
        engine.stop();
        let engine = restarted(&house, Flaky::of(&house.store));
        engine.take_up().await.unwrap();
        let door = comes(&engine).await;
        let merged = what == 0 && cut > 0 || what == 1 && cut == 0;
        let wanted = id(if merged { HERE } else { THERE });
        assert_eq!(door.id(), wanted, "{what} cut off after {cut}");
        let owed = async |n| {
            engine
                .look(id(n), |state| (state.promises.len(), state.moving()))
                .await
                .unwrap()
        };
        let owed = (owed(HERE).await, owed(THERE).await);
        let expected = if merged { (1, 0) } else { (0, 1) };
        assert_eq!(
            owed,
            ((expected.0, None), (expected.1, None)),
            "{what} cut off after {cut}"
        );
        door.say(act("after"), &text("hola")).await.unwrap();
        engine.stop();
    }
}

#[tokio::test]
async fn one_that_goes_on_in_a_damaged_one_is_its_own_again() {
    for begun in [true, false] {
        let house = House::new();
        let mut there = vec![opened(&house, THERE), made("T-1", "te aviso", "")];
        let mut goes = goes(THERE, HERE).to_vec();
        if begun {
            goes.truncate(1);
        }
        there.extend(goes);
        stored(&house, THERE, there).await;
        let damaged = Flaky {
            damaged: Some(id(HERE)),
            ..Flaky::of(&house.store)
        };
        let engine = restarted(&house, damaged);
        engine.take_up().await.unwrap();
        // Before anybody comes: somebody has to keep it.
        let owed = engine
            .look(id(THERE), |state| state.promises[0].what.clone())
            .await;
        assert_eq!(owed.unwrap(), "te aviso");
        let door = comes(&engine).await;
        assert_eq!(door.id(), id(THERE));
        door.say(act("after"), &text("hola")).await.unwrap();
        assert_eq!(engine.orphans(), 0);
        engine.stop();
    }
}

#[tokio::test]
async fn an_agent_reads_beside_theirs_only_the_session_in_which_the_same_person_was_proven() {
    let house = House::new();
    let store = house.store.clone();
    let folded = async || {
        house
            .engine
            .inner
            .contacts
            .caught_up(store.last_commit())
            .await
    };
    let here = vec![opened(&house, HERE), passed(&house, MAIL)];
    stored(&house, HERE, here).await;
    let brother = [opened(&house, 7), said("soy su hermano"), closed()];
    let there = brother
        .into_iter()
        .chain([opened(&house, THERE), passed(&house, MAIL)]);
    stored(&house, THERE, there.collect()).await;
    // Number and postcode stand on the label of the parcel.
    stored(&house, 3, vec![opened(&house, 3), passed(&house, "28013")]).await;
    let agent = house.agent(1);
    house.visitor(HERE).ask_person(act("person")).await.unwrap();
    folded().await;
    assert_eq!(agent.reads_from(id(HERE)).await.unwrap(), Some(Seq::ZERO));
    assert_eq!(
        agent.reads_from(id(THERE)).await.unwrap(),
        None,
        "not theirs yet"
    );
    let seen = house.seq(&house.visitor(HERE)).await;
    agent.claim(id(HERE), act("claim"), seen).await.unwrap();
    assert_eq!(agent.reads_from(id(THERE)).await.unwrap(), Some(Seq(4)));
    assert_eq!(agent.reads_from(id(3)).await.unwrap(), None);
    let related = agent.card(id(HERE)).await.unwrap().related;
    let shown: Vec<_> = related.iter().map(|one| one.conversation).collect();
    assert_eq!(shown, [id(THERE)]);
    house.clock.advance(PROOF_MS);
    assert_eq!(
        agent.reads_from(id(THERE)).await.unwrap(),
        None,
        "that was yesterday"
    );
}
