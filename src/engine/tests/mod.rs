//! What visitors and agents may rely on, told at the doors: a store in memory, a clock that is moved by hand, no socket.

mod flaky;
mod merge;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use self::flaky::Flaky;
use super::*;
use crate::clock::ManualClock;
use crate::conversation::Refusal;
use crate::ids::{AgentId, AgentStatus, ClientId, Lang, Outcome, Role, Seq, Utterance};
use crate::ports::Space;
use crate::protocol::agent::Person;
use crate::store::MemStore;
use crate::topics::shop::shop;
use crate::understanding::{Corpus, Engine as Brain};

/// A Monday morning.
const MORNING: Timestamp = Timestamp(1_795_428_000_000);

struct House {
    engine: Engine,
    clock: ManualClock,
    store: Arc<MemStore>,
    live: Arc<LiveNow>,
}

fn open(store: Arc<dyn Store>, clock: &ManualClock, live: &Arc<LiveNow>) -> Engine {
    Engine::new(Parts {
        store,
        clock: Arc::new(clock.clone()),
        live: Arc::clone(live),
        settings: Settings {
            limits: Limits {
                pause_ms: 0,
                ..Limits::default()
            },
            hours: Hours::PromiseOnly,
            ..Settings::default()
        },
        runtime: tokio::runtime::Handle::current(),
    })
    .unwrap()
}

impl House {
    fn new() -> Self {
        let mut catalog = shop();
        let topic = catalog.topics.values_mut().next().unwrap();
        topic
            .examples
            .insert(Lang::es(), vec!["¿a qué hora abren?".to_owned()]);
        let brain = Brain::train(&Corpus::from(&catalog)).unwrap();
        let live = Arc::new(LiveNow::new(Arc::new(Live {
            catalog: Arc::new(catalog),
            brain: Arc::new(brain),
            since: MORNING,
        })));
        let (store, clock) = (Arc::new(MemStore::new()), ManualClock::at(MORNING));
        Self {
            engine: open(store.clone(), &clock, &live),
            clock,
            store,
            live,
        }
    }

    fn visitor(&self, n: u8) -> VisitorDoor {
        let opening = self.engine.plain_opening();
        let id = ConversationId::from_bytes([n; 16]);
        VisitorDoor::new(self.engine.clone(), id, opening)
    }

    /// An agent with a console.
    fn agent(&self, n: u8) -> AgentDoor {
        let person = Person {
            id: AgentId::from_bytes([n; 16]),
            name: format!("A{n}"),
            email: format!("a{n}@example.org"),
            role: Role::Agent,
            teams: Vec::new(),
            lang: Lang::es(),
            skills: Vec::new(),
            languages: Vec::new(),
            capacity: None,
        };
        self.engine.agent_connected(&person, AgentStatus::Online);
        AgentDoor::new(self.engine.clone(), person)
    }

    /// A visitor who waits, having said this.
    async fn waiting(&self, n: u8, words: &str) -> VisitorDoor {
        let visitor = self.visitor(n);
        visitor.say(act("v-1"), &text(words)).await.unwrap();
        visitor.ask_person(act("v-2")).await.unwrap();
        assert!(self.owner(&visitor).await.contains("Queued"));
        visitor
    }

    async fn owner(&self, visitor: &VisitorDoor) -> String {
        self.engine
            .look(visitor.id(), |state| format!("{:?}", state.owner))
            .await
            .unwrap()
    }

    async fn seq(&self, visitor: &VisitorDoor) -> Seq {
        self.engine
            .look(visitor.id(), |state| state.seq)
            .await
            .unwrap()
    }
}

fn act(id: &str) -> ClientId {
    id.parse().unwrap()
}

fn text(text: &str) -> Utterance {
    text.parse().unwrap()
}

fn refused(result: Result<Seq, EngineError>) -> Refusal {
    match result {
        Err(EngineError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_end_that_comes_again_does_not_close_what_was_opened_again() {
    let house = House::new();
    let ana = house.visitor(1);
    ana.say(act("1"), &text("hola")).await.unwrap();
    let ended = ana.end(act("2")).await.unwrap();
    ana.say(act("3"), &text("hola otra vez")).await.unwrap();
    assert_eq!(ana.end(act("2")).await.unwrap(), ended);
    assert!(house.owner(&ana).await.contains("Bot"));
}

#[tokio::test]
async fn an_act_of_long_ago_is_known_to_the_store() {
    let house = House::new();
    let ana = house.visitor(1);
    let first = ana.say(act("first"), &text("hola")).await.unwrap();
    for n in 0..110 {
        let id = act(&format!("n-{n}"));
        ana.say(id, &text("gracias, una cosa")).await.unwrap();
        if house.owner(&ana).await.contains("Queued") {
            ana.leave_message(act(&format!("l-{n}"))).await.unwrap();
        }
    }
    house.clock.advance(24 * 60 * 60_000);
    while !house.owner(&ana).await.contains("Closed") {
        tokio::task::yield_now().await;
    }
    house.clock.advance(60 * 60_000);
    ana.say(act("new"), &text("hola")).await.unwrap();
    let last = house.seq(&ana).await;
    assert_eq!(ana.say(act("first"), &text("hola")).await.unwrap(), first);
    assert_eq!(house.seq(&ana).await, last, "nothing was written again");
}

#[tokio::test]
async fn who_waits_may_rather_leave_a_message() {
    let house = House::new();
    let _marta = house.agent(1);
    let ana = house.waiting(1, "hola").await;
    let left = ana.leave_message(act("m")).await.unwrap();
    assert_eq!(ana.leave_message(act("m")).await.unwrap(), left);
    let (promise, asks) = house
        .engine
        .look(ana.id(), |state| {
            (
                state.left_message().map(|owed| owed.promise.clone()),
                state.memory.open.is_some(),
            )
        })
        .await
        .unwrap();
    assert!(promise.unwrap().by > MORNING);
    assert!(asks, "where to answer");
    assert_eq!(
        refused(ana.leave_message(act("n")).await),
        Refusal::NotQueued
    );
    let promises = |house: &House| {
        let counted = house.engine.pulse().read();
        counted
            .iter()
            .find(|(name, ..)| *name == "promises")
            .unwrap()
            .2
    };
    assert_eq!(promises(&house), 1);
    ana.say(act("c"), &text("ana@example.org")).await.unwrap();
    assert_eq!(promises(&house), 1, "the same case with a way to answer");
}

#[tokio::test]
async fn older_pages_lead_back_to_the_first_event() {
    let house = House::new();
    let ana = house.visitor(1);
    for n in 0..80 {
        ana.say(act(&format!("n-{n}")), &text("hola"))
            .await
            .unwrap();
        if house.owner(&ana).await.contains("Queued") {
            ana.leave_message(act(&format!("l-{n}"))).await.unwrap();
        }
    }
    let newest = ana.catch_up(None).await.unwrap();
    assert!(newest.older);
    let mut before = newest.events[0].seq;
    let mut more = true;
    while more {
        let (page, older) = ana.older(before).await.unwrap();
        assert!(page.len() <= 100);
        let last = page.last().unwrap().seq;
        assert_eq!(last.next(), before, "no hole between two pages");
        before = page[0].seq;
        more = older;
    }
    assert_eq!(before, Seq(1));
    assert!(ana.older(Seq(1)).await.unwrap().0.is_empty());
    assert!(ana.older(Seq::ZERO).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn cards_that_agents_write_are_masked_too() {
    let house = House::new();
    let marta = house.agent(1);
    let ana = house.waiting(1, "hola").await;
    let (id, seen) = (ana.id(), house.seq(&ana).await);
    marta.claim(id, act("c"), seen).await.unwrap();
    let words = text("la tarjeta 4111 1111 1111 1111");
    marta.reply(id, act("r"), &words, None).await.unwrap();
    marta.note(id, act("n"), &words).await.unwrap();
    // The same words sent again are the same act.
    marta.note(id, act("n"), &words).await.unwrap();
    for event in house.store.read_last(id, 2).await.unwrap() {
        assert_eq!(event.private.first(), Some("la tarjeta •••• 1111"));
    }
}

#[tokio::test]
async fn only_who_has_the_conversation_is_seen_writing() {
    let house = House::new();
    let (marta, luis) = (house.agent(1), house.agent(2));
    let ana = house.waiting(1, "hola").await;
    marta
        .claim(ana.id(), act("c"), house.seq(&ana).await)
        .await
        .unwrap();
    let (mut ear, mut heard) = house.engine.hub().ear();
    ear.listen(ana.id());
    luis.typing(ana.id()).await;
    marta.typing(ana.id()).await;
    let first = heard.recv().await.unwrap();
    assert!(
        matches!(&first, Heard::Typing(_, Writer::Agent(name)) if name == "A1"),
        "{first:?}"
    );
}

#[tokio::test]
async fn an_agent_who_is_back_in_time_keeps_the_conversation() {
    let house = House::new();
    let marta = house.agent(1);
    let ana = house.waiting(1, "hola").await;
    marta
        .claim(ana.id(), act("c"), house.seq(&ana).await)
        .await
        .unwrap();
    let me = marta.me().clone();
    house.engine.agent_disconnected(me.id);
    // The desk has seen that the grace is over, and before it acts she is there again.
    house.clock.advance(60_000);
    house.engine.agent_connected(&me, AgentStatus::Online);
    house
        .engine
        .release(ana.id(), me.id, crate::conversation::ReleaseCause::Dropped)
        .await;
    assert!(house.owner(&ana).await.contains("Assigned"));
}

#[tokio::test]
async fn a_restart_does_not_turn_every_wait_into_a_left_message() {
    let house = House::new();
    let _marta = house.agent(1);
    let ana = house.waiting(1, "hola").await;
    house.engine.stop();
    house.clock.advance(60 * 60_000);
    let again = House {
        engine: open(house.store.clone(), &house.clock, &house.live),
        ..house
    };
    again.engine.take_up().await.unwrap();
    again.engine.wake(ana.id()).await;
    assert!(
        again.owner(&ana).await.contains("Queued"),
        "agents come back"
    );
    again.clock.advance(Limits::default().grace_ms);
    again.engine.wake(ana.id()).await;
    assert!(again.owner(&ana).await.contains("Bot"), "nobody came");
}

#[tokio::test]
async fn a_store_that_is_busy_at_the_start_loses_nobody() {
    let house = House::new();
    let marta = house.agent(1);
    let ana = house.waiting(1, "hola").await;
    let beto = house.waiting(2, "hola").await;
    let seen = house.seq(&beto).await;
    marta.claim(beto.id(), act("c"), seen).await.unwrap();
    house.engine.stop();
    let busy = Flaky {
        failures: AtomicU32::new(3),
        ..Flaky::of(&house.store)
    };
    let again = open(Arc::new(busy), &house.clock, &house.live);
    assert_eq!(again.take_up().await.unwrap(), 2);
    let mut desk = again.desk_view();
    for n in 0.. {
        assert!(n < 100_000, "never taken up");
        if desk.borrow_and_update().waiting.len() == 1 && desk.borrow().assigned.len() == 1 {
            break;
        }
        house.clock.advance(100);
        tokio::task::yield_now().await;
    }
    assert!(again.place(ana.id()).is_some());
}

#[tokio::test]
async fn erasure_reaches_everything_that_holds_words() {
    let house = House::new();
    let marta = house.agent(1);
    let ana = house.waiting(1, "soy Ana Quiroga").await;
    let beto = house.waiting(2, "soy Beto").await;
    let id = ana.id();
    for (name, conversation) in [("rest/es/+34600123456", id), ("rest/es/beto", beto.id())] {
        let sender = serde_json::json!({"conversation": conversation, "returned": 0});
        let put = house.store.put_if(Space::Senders, name, 0, Some(sender));
        put.await.unwrap();
    }
    let (mut ear, mut heard) = house.engine.hub().ear();
    ear.listen(id);
    let before = house.seq(&ana).await;

    assert!(house.engine.erase(id).await.unwrap() > 0);

    let events = house.store.read(id, Seq::ZERO, 100).await.unwrap();
    let kept = serde_json::to_string(&events).unwrap();
    assert!(!kept.contains("Quiroga"), "{kept}");
    assert_eq!(house.seq(&ana).await, before, "the numbers stay");
    assert!(matches!(heard.recv().await, Some(Heard::Erased(erased)) if erased == id));
    let live = house.engine.look(id, |state| format!("{state:?}"));
    assert!(!live.await.unwrap().contains("Quiroga"));
    let mut desk = house.engine.desk_view();
    let shown = desk
        .wait_for(|desk| {
            desk.waiting
                .iter()
                .all(|item| !item.excerpt.contains("Quiroga"))
        })
        .await
        .unwrap()
        .clone();
    assert_eq!(shown.waiting.len(), 2, "she still waits");
    assert!(!format!("{:?}", marta.card(id).await.unwrap()).contains("Quiroga"));
    let senders = house.store.list(Space::Senders).await.unwrap();
    assert_eq!(senders.keys().collect::<Vec<_>>(), ["rest/es/beto"]);
    assert_eq!(*house.engine.erased().borrow(), [id]);
    assert_eq!(house.engine.erase(id).await.unwrap(), 0, "again is safe");
    // Whoever takes it up goes on from what is left.
    marta.claim(id, act("c"), before).await.unwrap();
    let stale = marta
        .close(id, act("x"), Outcome::Unresolved, Seq::ZERO, None)
        .await;
    assert_eq!(refused(stale), Refusal::Stale);
}

#[tokio::test]
async fn the_desk_is_worded_for_whoever_reads_it() {
    let house = House::new();
    let marta = house.agent(1);
    house.waiting(1, "¿a qué hora abren?").await;
    let person = Person {
        lang: Lang::en(),
        ..marta.me().clone()
    };
    let john = AgentDoor::new(house.engine.clone(), person);
    let mut desk = house.engine.desk_view();
    let seen = desk.wait_for(|desk| desk.waiting.len() == 1).await;
    let seen = seen.unwrap().clone();

    for (door, teams) in [
        (marta, ["Atención", "Envíos", "Pagos"]),
        (john, ["Customer care", "Deliveries", "Payments"]),
    ] {
        let desk = door.worded(seen.clone());
        let named: Vec<&str> = desk.teams.iter().map(|team| team.name.as_str()).collect();
        assert_eq!(named, teams);
        let waits = &desk.waiting[0];
        let team = desk.teams.iter().find(|team| team.id == waits.team);
        assert_eq!(waits.team_name, team.unwrap().name);
    }
}
