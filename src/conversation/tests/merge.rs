//! What holds of two conversations that become one and two again, cut off at any place.

use std::collections::BTreeSet;

use super::*;

/// Two conversations of one person, and who has the first of them.
struct Two {
    here: Log,
    there: Log,
}

const HERE: [u8; 16] = [1; 16];
const THERE: [u8; 16] = [2; 16];

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
    ]
}

impl Two {
    /// `there` is left to the bot, waits, is held, or is closed with a message that was left; each with something owed where it can be.
    fn new(kind: u8) -> Self {
        let mut here = Log::default();
        here.says(1);
        here.answers(Effect::Handoff { wanted: wanted() });
        here.does(here.claim(1, here.state.seq));
        promised(&mut here, 1, "H-1");
        let mut there = Log::default();
        there.says(1);
        match kind {
            0 => {}
            1 => there.answers(Effect::Handoff { wanted: wanted() }),
            2 => {
                there.answers(Effect::Handoff { wanted: wanted() });
                there.does(there.claim(1, there.state.seq));
                promised(&mut there, 1, "T-1");
                promised(&mut there, 1, "T-2");
                there.says(2);
            }
            _ => {
                there.answers(Effect::Promise {
                    promise: Promise {
                        case: "T-3".to_owned(),
                        ..promise(Timestamp(there.now))
                    },
                    contact: None,
                });
                there.does(Command::Close {
                    client_id: None,
                    by: Closer::Visitor,
                    outcome: None,
                    question: Some(question()),
                    because: "default".to_owned(),
                    seen: None,
                    wrap_up: None,
                });
            }
        }
        Self { here, there }
    }

    /// As the engine does it: at most `appends` of them, then the lights go out.
    fn go_on(&mut self, appends: u8) {
        let Some(merge) = self.there.state.merge.clone() else {
            return;
        };
        if merge.step == MergeStep::Done || appends == 0 {
            return;
        }
        let (owed, unanswered) = self.there.state.hand_over();
        let (from, of) = (ConversationId::from_bytes(THERE), merge.of);
        let name = "A1".to_owned();
        let first = match merge.step {
            MergeStep::Undoing(agent) => DeskCommand::GiveBack {
                from,
                of,
                agent,
                name,
                says: says(),
            },
            MergeStep::Begun | MergeStep::Done => DeskCommand::TakeIn {
                from,
                of,
                agent: merge.agent,
                name,
                owed,
                unanswered,
                says: says(),
            },
        };
        let mut left = appends;
        match self.here.tries(Command::Desk(first)) {
            Ok(_) => left -= 1,
            Err(Refusal::Duplicate(_)) => {}
            Err(_) => {
                self.there.does(Command::Desk(DeskCommand::CallOff));
                return;
            }
        }
        if left == 0 {
            return;
        }
        let last = match merge.step {
            MergeStep::Undoing(_) => {
                let joined = self.here.state.joined.iter().find(|one| one.from == from);
                DeskCommand::Unmerged {
                    back: joined.unwrap().back.clone().unwrap(),
                    says: says(),
                }
            }
            MergeStep::Begun | MergeStep::Done => DeskCommand::Merged {
                name: "A1".to_owned(),
                says: says(),
            },
        };
        self.there.does(Command::Desk(last));
    }

    /// Cases that were promised in either and not kept.
    fn owed(&self) -> BTreeSet<String> {
        let mut owed = BTreeSet::new();
        let events = self.here.events.iter().chain(&self.there.events);
        for event in events {
            if let Body::PromiseMade { promise, .. } = &event.body {
                owed.insert(promise.case.clone());
            }
        }
        for event in self.here.events.iter().chain(&self.there.events) {
            if let Body::PromiseKept { case } = &event.body {
                owed.remove(case);
            }
        }
        owed
    }

    fn holds(&self) {
        holds(&self.here);
        holds(&self.there);
        let cases = |log: &Log| {
            let owed = log.state.promises.iter();
            owed.map(|owed| owed.promise.case.clone())
                .collect::<Vec<_>>()
        };
        let (here, there) = (cases(&self.here), cases(&self.there));
        if self.there.state.moving().is_none() {
            let all: Vec<_> = here.iter().chain(&there).cloned().collect();
            assert_eq!(
                all.iter().cloned().collect::<BTreeSet<_>>(),
                self.owed(),
                "something owed is lost, or owed though it was kept"
            );
            assert_eq!(all.len(), self.owed().len(), "owed twice");
        }
        // Whoever waits in the one that went is answered in the other, or still waits there.
        let went = self.there.state.merged_into().is_some();
        assert!(!went || self.there.state.unanswered.is_empty());
    }
}

fn promised(log: &mut Log, who: u8, case: &str) {
    log.does(Command::Desk(DeskCommand::Promise {
        client_id: once(log),
        promise: Promise {
            case: case.to_owned(),
            kind: PromiseKind::Agent,
            agent: Some(agent(who)),
            ..promise(Timestamp(log.now))
        },
        what: said("te aviso"),
    }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn two_conversations_become_one_and_two_again_and_nothing_owed_is_lost(
        kind in 0u8..4,
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
                Joint::Merge => {
                    let client_id = once(&two.there);
                    let merge = DeskCommand::Merge {
                        client_id,
                        agent: agent(1),
                        name: "A1".to_owned(),
                        into: ConversationId::from_bytes(HERE),
                        seen: two.there.state.seq,
                    };
                    drop(two.there.tries(Command::Desk(merge)));
                }
                Joint::Unmerge => {
                    let apart = DeskCommand::Unmerge {
                        client_id: once(&two.there),
                        agent: agent(1),
                        name: "A1".to_owned(),
                    };
                    drop(two.there.tries(Command::Desk(apart)));
                }
                Joint::GoOn(appends) => two.go_on(appends),
                Joint::Reply => {
                    let reply = Command::Reply {
                        client_id: once(&two.here),
                        agent: agent(1),
                        name: "A1".to_owned(),
                        text: said("hola"),
                        seen: None,
                    };
                    drop(two.here.tries(reply));
                }
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

#[test]
fn the_same_is_proven_only_where_a_check_passed() {
    let slots = |check: &str| match check {
        "order_match" => vec![
            "order_number".parse().unwrap(),
            "order_proof".parse().unwrap(),
        ],
        _ => Vec::new(),
    };
    let state = |number: &str, proof: &str, passed: bool| {
        let verified = passed.then(|| "order_match".to_owned());
        State {
            slots: BTreeMap::from([
                ("order_number".parse().unwrap(), number.to_owned()),
                ("order_proof".parse().unwrap(), proof.to_owned()),
            ]),
            memory: Memory {
                verified: verified.into_iter().collect(),
                ..Memory::default()
            },
            contact: Some("ana@example.com".to_owned()),
            ..State::default()
        }
    };
    let same = |one: &State, other: &State| same_person(&proven(one, slots), &proven(other, slots));
    let ana = state("1000007", "ana@example.com", true);
    assert!(same(&ana, &state("1000007", "28013", true)));
    assert!(same(&ana, &state("1000012", "ANA@example.com", true)));
    // Only given, or left as an address: that is no proof.
    assert!(!same(&ana, &state("1000007", "ana@example.com", false)));
    // Neighbours share a postcode.
    let (one, other) = (
        state("1000007", "28013", true),
        state("1000012", "28013", true),
    );
    assert!(!same(&one, &other));
    assert!(proven(&State::default(), slots).is_empty());
}
