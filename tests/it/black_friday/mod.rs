//! A Black Friday through the real server and real websockets, on a clock that is moved by hand: a day of ten hours with a peak, forty agents of
//! three teams with shifts and breaks, and everything that goes wrong on such a day: offers that nobody sees, agents who lose the line or forget
//! somebody, visitors who write while they wait, leave, lose the line and come back, a server that is restarted at noon.
//!
//! `VENTANILLA_BLACK_FRIDAY=5000` runs the whole day; `VENTANILLA_SEED` another one; `VENTANILLA_CHART=FILE` draws it.

mod agent;
mod chance;
mod chart;
mod day;
mod report;
mod visitor;
mod wire;

use day::{Day, Plan};

/// An hour, for every run of the tests.
const SMALL: Plan = Plan {
    visitors: 120,
    agents: 8,
    hours: 1,
    handling: 7.0,
    seed: 11,
};

/// The whole day.
const WHOLE: Plan = Plan {
    visitors: 5_000,
    agents: 40,
    hours: 10,
    handling: 14.0,
    seed: 11,
};

fn plan() -> Plan {
    let number = |name: &str| std::env::var(name).ok().map(|n| n.parse::<u64>().unwrap());
    let mut plan = match number("VENTANILLA_BLACK_FRIDAY") {
        None => SMALL,
        Some(visitors) => Plan {
            visitors: usize::try_from(visitors).unwrap(),
            ..WHOLE
        },
    };
    plan.seed = number("VENTANILLA_SEED").unwrap_or(plan.seed);
    plan
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_black_friday_nobody_is_lost_and_nobody_has_two_owners() {
    let began = std::time::Instant::now();
    let mut day = Day::opens(plan()).await;
    day.goes_by().await;
    let report = report::of(&day).await;
    eprintln!(
        "{report}\n{:.0} s on the wall",
        began.elapsed().as_secs_f64()
    );
    if let Ok(file) = std::env::var("VENTANILLA_CHART") {
        std::fs::write(file, chart::draw(&day, &report)).unwrap();
    }
    assert_eq!(report.orphans, 0, "whoever is owed something is watched");
    assert_eq!(report.open, [""; 0], "everything comes to an end");
    assert_eq!(report.two_owners, 0);
    assert_eq!(report.lost_lines, 0);
    assert_eq!(report.doubled_lines, 0);
    assert_eq!(report.unanswered_clients, 0, "every act was answered");
    assert_eq!(day.counts.restarts, 1);
    assert!(report.taken > 50, "people were served");
}
