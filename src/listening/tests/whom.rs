//! Whether a question is put before somebody: each rule, what holds for any history, and half a year of a whole town.

use proptest::prelude::*;

use super::after;
use crate::conversation::{
    AbuseLevel, Closer, Owed, PastEnd, PastQuestion, Promise, PromiseKind, State,
};
use crate::ids::{HandoffReason, Outcome, Priority, Seq, SessionId, Timestamp};
use crate::listening::whom::{Ending, Put, put};
use crate::topics::AskRules;

const DAY: i64 = 24 * 60 * 60_000;

/// A session of five turns that ends on this day.
fn session(number: u64, day: i64) -> State {
    let mut state = after(None);
    let session = state.session.as_mut().unwrap();
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_le_bytes());
    session.id = SessionId::from_bytes(id);
    session.turns = 5;
    session.opened_at = Timestamp(day * DAY - 60_000);
    state
}

fn decided(state: &State, day: i64, outcome: Outcome, answers: u32) -> Put {
    let end = Ending {
        now: Timestamp(day * DAY),
        notice: false,
        by: &Closer::Visitor,
        outcome,
        answers: &|_| answers,
        improved: &|_| None,
    };
    put(&AskRules::default(), state, &end, answers)
}

/// A question of an earlier session.
fn past(day: i64, put: bool, end: Option<PastEnd>) -> PastQuestion {
    PastQuestion {
        session: SessionId::from_bytes([9; 16]),
        at: Timestamp(day * DAY),
        put,
        end: end.map(|end| (end, Timestamp(day * DAY))),
    }
}

#[test]
fn nobody_is_asked_while_a_notice_holds() {
    let state = session(7, 100);
    let end = Ending {
        now: Timestamp(100 * DAY),
        by: &Closer::Visitor,
        outcome: Outcome::Unresolved,
        notice: true,
        answers: &|_| 0,
        improved: &|_| None,
    };
    let left = put(&AskRules::default(), &state, &end, 0);
    assert_eq!((left.now, left.because.as_str()), (false, "notice"));
}

#[test]
fn each_rule_says_its_name() {
    use PastEnd::{Answered, Declined, Missed};
    let plain = session(7, 100);
    let with = |change: &dyn Fn(&mut State)| {
        let mut state = plain.clone();
        change(&mut state);
        state
    };
    let asked = |before: &[PastQuestion]| with(&|state| state.asked = before.to_vec());
    let own = plain.session.as_ref().unwrap().id;
    let owed = Owed {
        promise: Promise {
            case: "M-1".to_owned(),
            team: "default".parse().unwrap(),
            reason: HandoffReason::CustomerRequest,
            priority: Priority::Normal,
            made_at: Timestamp(0),
            by: Timestamp(1),
            kind: PromiseKind::Message,
            agent: None,
        },
        what: String::new(),
        warned: false,
        late: false,
        seq: Seq(1),
        from: None,
    };
    let bot = Outcome::ResolvedByBot;
    for (state, outcome, answers, now, because) in [
        (
            plain.clone(),
            Outcome::ResolvedByAgent,
            500,
            true,
            "everybody",
        ),
        (plain.clone(), Outcome::Unresolved, 500, true, "everybody"),
        (plain.clone(), bot, 4, true, "few_answers"),
        (
            with(&|state| state.abuse = Some(AbuseLevel::Flagged)),
            Outcome::Unresolved,
            0,
            false,
            "flagged",
        ),
        (
            with(&|state| {
                let session = state.session.as_mut().unwrap();
                session.turns = 1;
                session.opened_at = Timestamp(100 * DAY - 19_000);
            }),
            Outcome::Unresolved,
            0,
            false,
            "too_short",
        ),
        (
            with(&|state| state.promises.push(owed.clone())),
            Outcome::ResolvedByAgent,
            0,
            false,
            "case_open",
        ),
        (
            with(&|state| {
                state.asked = vec![PastQuestion {
                    session: own,
                    ..past(100, true, None)
                }]
            }),
            Outcome::ResolvedByAgent,
            0,
            false,
            "asked_this_session",
        ),
        (
            asked(&[past(87, true, Some(Answered))]),
            Outcome::Unresolved,
            0,
            false,
            "answered_lately",
        ),
        (
            asked(&[past(87, false, Some(Answered))]),
            Outcome::Unresolved,
            0,
            false,
            "answered_lately",
        ),
        (
            asked(&[past(86, true, Some(Answered))]),
            Outcome::Unresolved,
            0,
            true,
            "everybody",
        ),
        (
            asked(&[past(71, true, Some(Declined))]),
            Outcome::Unresolved,
            0,
            false,
            "declined_lately",
        ),
        (
            asked(&[past(70, true, Some(Declined))]),
            Outcome::Unresolved,
            0,
            true,
            "everybody",
        ),
        (
            asked(&[
                past(11, true, Some(Missed)),
                past(20, true, Some(Missed)),
                past(30, true, None),
            ]),
            Outcome::Unresolved,
            0,
            false,
            "asked_enough",
        ),
        (
            asked(&[
                past(10, true, Some(Missed)),
                past(20, true, Some(Missed)),
                past(30, true, None),
            ]),
            Outcome::Unresolved,
            0,
            true,
            "everybody",
        ),
        (
            asked(&[
                past(1, false, None),
                past(2, false, None),
                past(3, false, None),
            ]),
            bot,
            20,
            true,
            "silent",
        ),
    ] {
        let found = decided(&state, 100, outcome, answers);
        assert_eq!((found.now, found.because.as_str()), (now, because));
    }
    let end = Ending {
        now: Timestamp(100 * DAY),
        notice: false,
        by: &Closer::Timer,
        outcome: Outcome::Unresolved,
        answers: &|_| 0,
        improved: &|_| None,
    };
    assert_eq!(
        put(&AskRules::default(), &plain, &end, 0).because,
        "nobody_there"
    );
}

#[test]
fn the_share_rises_for_the_silent_and_falls_for_the_asked() {
    let share = |before: &[PastQuestion], answers: u32| {
        let drawn = (0..4_000).filter(|number| {
            let mut state = session(*number, 100);
            state.asked = before.to_vec();
            decided(&state, 100, Outcome::ResolvedByBot, answers).now
        });
        drawn.count() / 40
    };
    let (ignored, silent) = (past(50, true, Some(PastEnd::Missed)), past(50, false, None));
    for (before, answers, percent) in [
        (vec![], 20, 30),
        (vec![], 50, 5),
        (vec![silent.clone()], 20, 60),
        (vec![ignored.clone()], 20, 15),
        (vec![ignored.clone(), ignored.clone()], 20, 10),
        (vec![ignored.clone(), silent.clone()], 20, 30),
        (vec![silent; 3], 50, 20),
    ] {
        let found = share(&before, answers);
        assert!(
            found.abs_diff(percent) <= 3,
            "{percent} % wanted, {found} % asked"
        );
    }
}

fn pasts() -> impl Strategy<Value = Vec<PastQuestion>> {
    let end = prop_oneof![
        Just(None),
        Just(Some(PastEnd::Answered)),
        Just(Some(PastEnd::Declined)),
        Just(Some(PastEnd::Missed)),
    ];
    let one = (0i64..100, any::<bool>(), end);
    proptest::collection::vec(one, 0..8).prop_map(|mut all| {
        all.sort_by_key(|(day, ..)| *day);
        let all = all.into_iter();
        all.map(|(day, put, end)| past(day, put, end)).collect()
    })
}

proptest! {
    /// Whatever came before: the same session is judged the same, and whoever is asked is asked within the rules.
    #[test]
    fn nobody_is_asked_against_the_rules(before in pasts(), number in any::<u64>(), answers in 0u32..200, which in 0usize..7) {
        let outcome = Outcome::ALL[which];
        let mut state = session(number, 100);
        state.asked = before.clone();
        let found = decided(&state, 100, outcome, answers);
        prop_assert_eq!(&found, &decided(&state, 100, outcome, answers));
        if found.now {
            for past in &before {
                let days = 100 - past.at.0 / DAY;
                match past.end {
                    Some((PastEnd::Answered, _)) => prop_assert!(days >= 14),
                    Some((PastEnd::Declined, _)) => prop_assert!(days >= 30),
                    Some((PastEnd::Missed, _)) | None => {}
                }
            }
            let lately = before.iter().filter(|past| past.put && past.at.0 > 10 * DAY).count();
            prop_assert!(lately < 3, "{} in 90 days", lately);
        }
    }
}

/// Numbers as good as drawn: a linear congruential generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Somebody of the town: who they are, and how the rules know them.
struct Citizen {
    /// Days between sessions.
    every: u64,
    /// Of a hundred questions that are put to them, how many they answer.
    answers: u64,
    small_group: bool,
    asked: Vec<PastQuestion>,
    sessions: usize,
}

#[test]
fn in_half_a_year_nobody_is_pestered_and_the_few_are_heard() {
    let mut dice = Dice(42);
    let mut town: Vec<Citizen> = (0..640)
        .map(|number| Citizen {
            every: [2, 10, 45, 90][number % 4],
            answers: [80, 40, 0][number % 3],
            small_group: number < 24,
            asked: Vec::new(),
            sessions: 0,
        })
        .collect();
    // Answers by day: of the many, of the few.
    let mut heard = [vec![0u32; 181], vec![0u32; 181]];
    let mut number = 0;
    for day in 1..=180i64 {
        for citizen in &mut town {
            if dice.below(citizen.every) != 0 {
                continue;
            }
            number += 1;
            citizen.sessions += 1;
            let group = usize::from(citizen.small_group);
            let today = usize::try_from(day).unwrap();
            let week: u32 = heard[group][today.saturating_sub(7)..today].iter().sum();
            let mut state = session(number, day);
            state.asked.clone_from(&citizen.asked);
            let found = decided(&state, day, Outcome::ResolvedByBot, week);
            // The quiet tap in the card is there all the same.
            let answered = dice.below(100) < if found.now { citizen.answers } else { 2 };
            let end = if answered {
                PastEnd::Answered
            } else {
                PastEnd::Missed
            };
            heard[group][today] += u32::from(answered);
            citizen.asked.push(PastQuestion {
                session: state.session.as_ref().unwrap().id,
                ..past(day, found.now, Some(end))
            });
        }
    }
    for citizen in &town {
        let put: Vec<i64> = citizen
            .asked
            .iter()
            .filter(|past| past.put)
            .map(|past| past.at.0 / DAY)
            .collect();
        assert!(
            put.windows(4).all(|days| days[3] - days[0] >= 90),
            "{put:?}"
        );
    }
    // Of a hundred sessions of those who write every other day, and of those who write twice a half-year.
    let share = |every: u64, answers: u64| {
        let of = town
            .iter()
            .filter(|one| one.every == every && one.answers == answers);
        let (put, all) = of.fold((0, 0), |(put, all), one| {
            (
                put + one.asked.iter().filter(|past| past.put).count(),
                all + one.sessions,
            )
        });
        100 * put / all
    };
    assert!(share(2, 80) <= 8, "over-asked: {} %", share(2, 80));
    assert!(
        share(2, 0) <= 8,
        "who never answers is asked on: {} %",
        share(2, 0)
    );
    assert!(
        share(90, 80) >= 3 * share(2, 80),
        "the silent: {} %",
        share(90, 80)
    );
    // Two dozen people are heard in each month (the cap makes the second of a quarter a quiet one), and asked for a larger share of their sessions.
    let months: Vec<u32> = (0..6)
        .map(|month| heard[1][30 * month + 1..30 * month + 31].iter().sum())
        .collect();
    assert!(
        months.iter().all(|few| *few >= 1) && months.iter().sum::<u32>() >= 24,
        "{months:?}"
    );
    let rate = |small: bool| {
        let of = town.iter().filter(|one| one.small_group == small);
        let (put, all) = of.fold((0, 0), |(put, all), one| {
            (
                put + one.asked.iter().filter(|past| past.put).count(),
                all + one.sessions,
            )
        });
        1_000 * put / all
    };
    // For docs/topic-files.md: `cargo test --lib nobody_is_pestered -- --nocapture`.
    let sessions: usize = town.iter().map(|one| one.sessions).sum();
    let put = town.iter().flat_map(|one| &one.asked);
    println!(
        "{sessions} sessions of {} people in 180 days, {} of them asked; every other day: {} % of sessions where they answer, {} % where they never do; twice a half-year: {} %; \
         24 people of a small group: {} ‰ of sessions against {} ‰, answers a month {months:?}",
        town.len(),
        put.filter(|past| past.put).count(),
        share(2, 80),
        share(2, 0),
        share(90, 80),
        rate(true),
        rate(false),
    );
    assert!(
        rate(true) >= rate(false),
        "{} ‰ and {} ‰",
        rate(true),
        rate(false)
    );
}
