//! Many agents claim the same conversation at once, through four engines on one real store: four times what one process would do, each with
//! a picture of its own, so that nothing but the append's fence can tell who was first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Barrier;
use ventanilla::clock::ManualClock;
use ventanilla::conversation::{Body, Limits, Opening, Refusal, State};
use ventanilla::engine::{
    AgentDoor, Engine, EngineError, Hours, LiveNow, Parts, Settings, VisitorDoor,
};
use ventanilla::ids::{AgentId, AgentStatus, ConversationId, Lang, Outcome, Role, Seq, Utterance};
use ventanilla::ports::{Store, StoreError};
use ventanilla::protocol::agent::Person;
use ventanilla::store::SledStore;

use super::stories::{MONDAY, learn};

/// Claims where `VENTANILLA_RACE` names no other number.
const CLAIMS: u64 = 4_000;
/// Engines on the store.
const ENGINES: usize = 4;
/// Agents, each a task.
const AGENTS: usize = 16;
/// Holds after which a conversation is closed and another comes in its place.
const HOLDS: u32 = 8;

#[derive(Default)]
struct Tally {
    won: AtomicU64,
    lost: AtomicU64,
    fenced_by_store: AtomicU64,
    strangers_wrote: AtomicU64,
}

fn engine(store: &Arc<dyn Store>, live: &Arc<LiveNow>) -> Engine {
    Engine::new(Parts {
        store: Arc::clone(store),
        clock: Arc::new(ManualClock::at(MONDAY)),
        live: Arc::clone(live),
        settings: Settings {
            limits: Limits {
                pause_ms: 0,
                ..Limits::default()
            },
            hours: Hours::PromiseOnly,
            mail: false,
            notice_hours: 6,
        },
        runtime: tokio::runtime::Handle::current(),
    })
    .unwrap()
}

fn person(n: usize) -> Person {
    Person {
        id: AgentId::from_bytes([u8::try_from(n).unwrap() + 1; 16]),
        name: format!("Agente {n}"),
        email: format!("agente{n}@mareas.example"),
        role: Role::Agent,
        teams: Vec::new(),
        lang: Lang::es(),
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: None,
    }
}

/// A visitor comes and asks for a person.
async fn arrives(engine: &Engine, number: u64) -> ConversationId {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    let id = ConversationId::from_bytes(bytes);
    let door = VisitorDoor::new(engine.clone(), id, opening());
    door.ask_person("person".parse().unwrap()).await.unwrap();
    id
}

fn opening() -> Opening {
    Opening::plain("es".parse().unwrap(), Lang::es())
}

async fn last(store: &Arc<dyn Store>, id: ConversationId) -> Seq {
    let events = store.read_last(id, 1).await.unwrap();
    events.last().map_or(Seq::ZERO, |event| event.seq)
}

/// Whether an act was refused by the rules or by the fence; anything else is a failure of the test.
fn refused(error: &EngineError, tally: &Tally) {
    match error {
        EngineError::Refused(
            Refusal::NotOwner | Refusal::NotQueued | Refusal::Closed | Refusal::Stale,
        ) => {}
        EngineError::Store(StoreError::Stale { .. }) => {
            tally.fenced_by_store.fetch_add(1, Ordering::Relaxed);
        }
        other => panic!("{other}"),
    }
}

struct Race {
    store: Arc<dyn Store>,
    /// The conversation that is raced for, and how often it was held.
    now: Mutex<(ConversationId, u32)>,
    /// All begin at once, and all are heard before the next round.
    start: Barrier,
    rounds: u64,
    tally: Tally,
}

/// One agent: in each round all claim the same conversation; then all write.
async fn races(race: Arc<Race>, door: AgentDoor, me: usize) {
    let words: Utterance = "Hola, ya lo veo.".parse().unwrap();
    let tally = &race.tally;
    let add = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
    for round in 0..race.rounds {
        let act = |what: &str| format!("{what}-{me}-{round}").parse().unwrap();
        let (id, held) = *race.now.lock();
        let seen = last(&race.store, id).await;
        race.start.wait().await;
        let won = match door.claim(id, act("claim"), seen).await {
            Ok(_) => true,
            Err(error) => {
                refused(&error, tally);
                false
            }
        };
        add(if won { &tally.won } else { &tally.lost });
        // Whoever lost writes all the same, and that must come to nothing. Whoever won may find that the store's fence refused a loser just
        // behind them, but never their own words.
        match door.reply(id, act("reply"), &words, None).await {
            Ok(_) if won => {}
            Ok(_) => {
                add(&tally.strangers_wrote);
            }
            Err(error) if won => panic!("the holder could not write: {error}"),
            Err(error) => refused(&error, tally),
        }
        race.start.wait().await;
        if won && held + 1 < HOLDS {
            door.put_back(id, act("put-back")).await.unwrap();
            race.now.lock().1 = held + 1;
        } else if won {
            let seen = last(&race.store, id).await;
            let resolved = Outcome::ResolvedByAgent;
            door.close(id, act("close"), resolved, seen, None)
                .await
                .unwrap();
            *race.now.lock() = (arrives(door.engine(), round + 1).await, 0);
        }
        race.start.wait().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_claims_on_one_store_each_hold_has_one_holder() {
    let claims = std::env::var("VENTANILLA_RACE").map_or(CLAIMS, |n| n.parse().unwrap());
    let rounds = claims / u64::try_from(AGENTS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SledStore::open(&folder.path().join("store")).unwrap());
    let live = Arc::new(LiveNow::new(Arc::new(learn("http://127.0.0.1:9"))));
    let engines: Vec<Engine> = (0..ENGINES).map(|_| engine(&store, &live)).collect();
    for n in 0..AGENTS {
        for engine in &engines {
            engine.agent_connected(&person(n), AgentStatus::Online);
        }
    }
    let race = Arc::new(Race {
        store: Arc::clone(&store),
        now: Mutex::new((arrives(&engines[0], 0).await, 0)),
        start: Barrier::new(AGENTS),
        rounds,
        tally: Tally::default(),
    });
    let began = std::time::Instant::now();
    let agents = (0..AGENTS).map(|n| {
        let door = AgentDoor::new(engines[n % ENGINES].clone(), person(n));
        tokio::spawn(races(Arc::clone(&race), door, n))
    });
    for agent in agents.collect::<Vec<_>>() {
        agent.await.unwrap();
    }
    let seconds = began.elapsed().as_secs_f64();
    let tally = &race.tally;
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let (won, lost) = (read(&tally.won), read(&tally.lost));
    eprintln!(
        "{} claims in {seconds:.1} s: {won} won, {lost} lost, {} acts refused by the store's fence alone, {} double holders, {} words of others",
        won + lost,
        read(&tally.fenced_by_store),
        won - rounds,
        read(&tally.strangers_wrote)
    );
    assert!(read(&tally.fenced_by_store) > 0, "nothing raced");
    assert_eq!(won, rounds, "one wins each round");
    assert_eq!(read(&tally.strangers_wrote), 0);
    let stored = judged(&store).await;
    assert_eq!(stored, won, "each acked claim stands in a log once");
    for engine in engines {
        engine.stop();
    }
    store.close().await.unwrap();
}

/// Reads every log as it is stored: numbers without gaps, one holder at a time, words of the holder alone. Gives how many claims there are.
async fn judged(store: &Arc<dyn Store>) -> u64 {
    let mut claims = 0;
    for id in store.conversations(None, usize::MAX).await.unwrap() {
        let mut holder = None;
        let mut state = State::default();
        for event in store.read(id, Seq::ZERO, usize::MAX).await.unwrap() {
            assert_eq!(event.seq, state.seq.next());
            state.apply(&event);
            match event.body {
                Body::Claimed { agent, .. } => {
                    assert_eq!(holder.replace(agent), None, "two holders in {id}");
                    claims += 1;
                }
                Body::AgentSaid { agent, .. } => assert_eq!(holder, Some(agent), "in {id}"),
                Body::Released { agent, .. } => assert_eq!(holder.take(), Some(agent)),
                Body::Closed { .. } => holder = None,
                _ => {}
            }
            assert_eq!(state.agent(), holder);
        }
    }
    claims
}
