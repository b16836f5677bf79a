//! Merged, parted and cut off in any order: nothing owed is lost.

use super::*;

/// What happens to them.
#[derive(Debug, Clone)]
enum Joint {
    Merge,
    Unmerge,
    /// What was cut off goes on, for at most so many appends.
    GoOn(u8),
    Reply,
    Keep(usize),
    Move(usize),
    Release,
    Claim,
    Late,
    Wait(i64),
    VisitorThere,
    VisitorHere,
    GiveBack,
    Third,
    Close,
    Part,
    /// The bot, where it has the first one, asks a service or brings a person.
    Bot(bool),
    Flag,
}

fn joints() -> impl Strategy<Value = Joint> {
    prop_oneof![
        3 => Just(Joint::Merge),
        3 => Just(Joint::Unmerge),
        6 => (0u8..3).prop_map(Joint::GoOn),
        1 => Just(Joint::Reply),
        2 => (0usize..3).prop_map(Joint::Keep),
        1 => (0usize..3).prop_map(Joint::Move),
        1 => Just(Joint::Release),
        2 => Just(Joint::Claim),
        1 => Just(Joint::Late),
        1 => prop_oneof![Just(1_000i64), Just(600_000), Just(4_000_000)].prop_map(Joint::Wait),
        1 => Just(Joint::VisitorThere),
        1 => Just(Joint::VisitorHere),
        1 => Just(Joint::GiveBack),
        1 => Just(Joint::Third),
        1 => Just(Joint::Close),
        3 => Just(Joint::Part),
        2 => any::<bool>().prop_map(Joint::Bot),
        1 => Just(Joint::Flag),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn two_conversations_become_one_and_two_again_and_nothing_owed_is_lost(
        kind in 0u8..5,
        joints in proptest::collection::vec(joints(), 1..40),
    ) {
        let mut two = Two::new(kind);
        for joint in joints {
            for log in [&mut two.here, &mut two.there] {
                log.now += if let Joint::Wait(millis) = joint { millis } else { 250 };
            }
            let first_here = two.here.state.promises.iter().map(|owed| owed.promise.case.clone());
            let cases: Vec<_> = first_here.collect();
            let case = |nth: usize| cases.get(nth).cloned().unwrap_or_else(|| "none".to_owned());
            // Refused or not: what must hold, holds.
            match joint {
                Joint::Merge => drop(two.there.tries(merges(&two.there))),
                Joint::Unmerge => drop(two.there.tries(parts(&two.there))),
                Joint::GoOn(appends) => two.go_on(appends),
                Joint::Reply => drop(two.here.tries(reply(&two.here))),
                Joint::Keep(nth) => {
                    let (agent, case) = (agent(1), case(nth));
                    drop(two.here.tries(Command::Desk(DeskCommand::KeepPromise { agent, case })));
                }
                Joint::Move(nth) => {
                    let later = DeskCommand::MovePromise {
                        client_id: once(&two.here),
                        agent: agent(1),
                        case: case(nth),
                        by: Timestamp(two.here.now + 7_200_000),
                    };
                    drop(two.here.tries(Command::Desk(later)));
                }
                Joint::Release => {
                    drop(two.here.tries(Command::Release {
                        client_id: None,
                        agent: agent(1),
                        cause: ReleaseCause::Dropped,
                    }));
                }
                Joint::Claim => {
                    let claim = two.here.claim(1, two.here.state.seq);
                    drop(two.here.tries(claim));
                }
                Joint::Late => {
                    drop(two.here.tries(Command::PromiseLate));
                    drop(two.there.tries(Command::PromiseLate));
                }
                Joint::VisitorThere => {
                    let merged = two.there.state.merge.is_some();
                    let client_id = once(&two.there);
                    let said = two.there.tries(Command::Say { client_id, text: said("¿hola?") });
                    prop_assert_eq!(merged, said == Err(Refusal::Merged));
                }
                Joint::VisitorHere => {
                    let client_id = once(&two.here);
                    drop(two.here.tries(Command::Say { client_id, text: said("¿y?") }));
                }
                Joint::GiveBack => {
                    let given = two.here.tries(returns(&two.here));
                    let joins = &two.here.state.joined;
                    let waits = |seq| two.here.state.unanswered.iter().any(|left| left.seq == seq);
                    let open = joins.iter().any(|one| one.back.is_none() && waits(one.seq));
                    prop_assert!(given.is_err() || !open, "the bot got words that it cannot read");
                }
                Joint::Third => {
                    let third = DeskCommand::TakeIn {
                        from: ConversationId::from_bytes([3; 16]),
                        of: Seq(1),
                        agent: agent(1),
                        name: "A1".to_owned(),
                        owed: Vec::new(),
                        unanswered: true,
                        says: says(),
                    };
                    drop(two.here.tries(Command::Desk(third)));
                }
                Joint::Close => drop(two.closes()),
                Joint::Part => two.part(),
                Joint::Bot(asks) => {
                    let (seq, state) = (two.here.state.seq, &two.here.state);
                    let blank = state.owner == Owner::Bot && state.unanswered.iter().any(|left| left.seq <= seq && state.took_in(left.seq));
                    prop_assert!(!blank, "the bot got words that it cannot read");
                    let effect = if asks { called() } else { Effect::Handoff { wanted: wanted() } };
                    let turn = turn(state, effect);
                    drop(two.here.tries(Command::Answer(Box::new(turn))));
                }
                Joint::Flag => drop(two.here.tries(flag(&two.here, AbuseLevel::Blocked))),
                Joint::Wait(_) => {}
            }
            two.holds();
        }
        // After the last cut everything is finished, and nothing is under way any more.
        two.go_on(2);
        two.holds();
        prop_assert_eq!(two.there.state.moving(), None);
    }
}
