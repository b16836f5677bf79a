//! A model of the desk, explored to its end: agents, conversations, and everything they can do to one another in every order.
//!
//! The rules are the product's: each conversation is a real `State`, each act goes through the real `decide`, each offer comes from the real
//! `Desk`. The model adds what surrounds them: who is connected, which act is on its way, and a store that takes an append only on the version
//! on which it was decided. An act is *decided* on what was read and *appended* later, with anything in between; that is more than the engine
//! allows, which works on one conversation at a time, and just what two processes on one store would do.
//!
//! Numbers of events grow without end, so a state keeps of an act on its way only whether what it read is still the last. Time is kept in the
//! order of arrivals, and every deadline may come at any moment.

mod explore;
mod rules;
mod world;

use explore::{Found, explore};
use rules::Violation;
use world::{Bound, Fault};

/// Small enough for every run of the tests.
const SMALL: Bound = Bound {
    agents: 2,
    conversations: 2,
    on_the_way: 2,
    refusals: 1,
};

/// `VENTANILLA_MODEL=3,3,2,1`: agents, conversations, acts on the way, refusals remembered.
fn bound() -> Bound {
    let Ok(size) = std::env::var("VENTANILLA_MODEL") else {
        return SMALL;
    };
    let numbers: Vec<usize> = size.split(',').map(|n| n.parse().unwrap()).collect();
    let [agents, conversations, on_the_way, refusals] = numbers[..] else {
        panic!("four numbers are wanted, not {size:?}");
    };
    assert!((2..=world::MOST).contains(&agents) && (1..=world::MOST).contains(&conversations));
    Bound {
        agents,
        conversations,
        on_the_way,
        refusals: u32::try_from(refusals).unwrap(),
    }
}

#[test]
fn in_every_order_one_agent_holds_and_nobody_is_left_waiting() {
    let began = std::time::Instant::now();
    let found = explore(bound(), Fault::None);
    eprintln!("{found}, {:.1} s", began.elapsed().as_secs_f64());
    assert!(found.violation.is_none(), "{found}");
    assert_eq!(found.stuck, None, "{found}");
    assert!(found.states > 1_000, "{found}");
}

#[test]
fn a_claim_that_ignores_the_version_is_found() {
    let found = explore(SMALL, Fault::ClaimIgnoresVersion);
    eprintln!("{found}");
    assert!(
        matches!(found.violation, Some((Violation::TwoHolders { .. }, _))),
        "{found}"
    );
}

#[test]
fn an_expired_lease_left_unfenced_is_found() {
    let found = explore(SMALL, Fault::LeaseUnfenced);
    eprintln!("{found}");
    assert!(
        matches!(found.violation, Some((Violation::FencedWrote { .. }, _))),
        "{found}"
    );
}

#[test]
fn an_expired_lease_that_nobody_takes_back_is_found() {
    let found = explore(SMALL, Fault::LeaseNeverEnds);
    let Found { violation, .. } = &found;
    assert!(
        matches!(violation, Some((Violation::LeftWithTheGone { .. }, _))),
        "{found}"
    );
}
