//! The desk's rules by example, and over random days.

use proptest::prelude::*;

use super::duty::Profile;
use super::entry::{Entry, Place};
use super::picture::{Desk, LongWait};
use super::samples::{agent, entry, id, id_team, online, waiting};
use crate::ids::{AgentId, AgentStatus, ConversationId, Lang, Priority, TeamId, Timestamp};
use crate::topics::{Policy, QueueRules, Routing};

fn rules(policy: Policy) -> Routing {
    Routing {
        policy,
        ..Routing::default()
    }
}

fn assigned(to: u8, since: i64) -> Entry {
    entry(
        Place::Assigned(agent(to), format!("Agent {to}")),
        since,
        Priority::Normal,
        false,
    )
}

fn on_duty(people: &[(u8, Profile)]) -> Desk {
    let mut desk = Desk::default();
    for (n, profile) in people {
        desk.connected(agent(*n), profile.clone(), Timestamp(i64::from(*n)));
    }
    desk
}

fn asked(desk: &mut Desk, rules: Routing, now: i64) -> Vec<(ConversationId, AgentId)> {
    desk.offers(|_| rules, Timestamp(now))
        .into_iter()
        .map(|(conversation, offer)| (conversation, offer.agent))
        .collect()
}

#[test]
fn urgent_comes_first_then_those_who_were_dropped_then_age() {
    let mut desk = Desk::default();
    for (n, since, priority, returned) in [
        (1, 10, Priority::Normal, false),
        (2, 20, Priority::Normal, true),
        (3, 30, Priority::Urgent, false),
        (4, 5, Priority::Low, false),
        (5, 8, Priority::Normal, false),
    ] {
        let entry = entry(Place::Waiting, since, priority, returned);
        desk.observe(id(n), Some(entry), Timestamp(50));
    }
    let order: Vec<_> = desk.waiting().into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, [id(3), id(2), id(5), id(1), id(4)]);
}

#[test]
fn an_agent_without_a_connection_keeps_the_conversation_for_the_grace_only() {
    let mut desk = on_duty(&[(1, online("Marta"))]);
    desk.observe(id(1), Some(assigned(1, 0)), Timestamp(0));
    assert!(desk.anybody(None, None, Timestamp(0), 60_000));
    desk.disconnected(agent(1), Timestamp(1_000));
    assert!(
        desk.anybody(None, None, Timestamp(60_999), 60_000),
        "a reload is no absence"
    );
    assert!(!desk.anybody(None, None, Timestamp(61_000), 60_000));
    assert!(desk.dropped(Timestamp(60_999), 60_000).is_empty());
    assert_eq!(desk.next_grace(60_000), Some(Timestamp(61_000)));
    assert_eq!(desk.dropped(Timestamp(61_000), 60_000), [(id(1), agent(1))]);
    desk.connected(agent(1), online("Marta"), Timestamp(61_000));
    assert!(desk.dropped(Timestamp(99_000), 60_000).is_empty());
}

#[test]
fn somebody_of_another_team_is_nobody() {
    let mut profile = online("Marta");
    profile.teams.insert("payments".parse().unwrap());
    let desk = on_duty(&[(1, profile)]);
    assert!(!desk.anybody(Some(&id_team()), None, Timestamp(0), 60_000));
    let payments: TeamId = "payments".parse().unwrap();
    assert!(desk.anybody(Some(&payments), None, Timestamp(0), 60_000));
}

#[test]
fn by_hand_nothing_is_offered() {
    let mut desk = on_duty(&[(1, online("Marta"))]);
    desk.observe(id(1), Some(waiting(0)), Timestamp(0));
    assert!(asked(&mut desk, rules(Policy::Manual), 0).is_empty());
    assert_eq!(
        desk.next_offers(|_| rules(Policy::Manual), Timestamp(0)),
        None
    );
}

#[test]
fn the_backlog_is_drained_in_order_up_to_each_capacity() {
    let mut two = online("Marta");
    two.capacity = 2;
    let mut desk = on_duty(&[(1, two.clone()), (2, two)]);
    for n in 1..=6 {
        desk.observe(id(n), Some(waiting(i64::from(n))), Timestamp(10));
    }
    let offers = asked(&mut desk, rules(Policy::LeastBusy), 10);
    let conversations: Vec<_> = offers
        .iter()
        .map(|(conversation, _)| *conversation)
        .collect();
    assert_eq!(conversations, [id(1), id(2), id(3), id(4)]);
    for n in 1..=2 {
        let count = offers.iter().filter(|(_, to)| *to == agent(n)).count();
        assert_eq!(count, 2, "both get the same");
    }
}

#[test]
fn round_robin_goes_in_turn_whoever_is_idle() {
    let mut desk = on_duty(&[
        (1, online("Marta")),
        (2, online("Ana")),
        (3, online("Luis")),
    ]);
    let mut order = Vec::new();
    for n in 1..=6 {
        desk.observe(id(n), Some(waiting(i64::from(n))), Timestamp(10));
        let offers = asked(&mut desk, rules(Policy::RoundRobin), 10);
        order.extend(offers.iter().map(|(_, to)| *to));
        desk.observe(id(n), None, Timestamp(11));
    }
    assert_eq!(
        order,
        [agent(1), agent(2), agent(3), agent(1), agent(2), agent(3)]
    );
}

#[test]
fn longest_idle_is_who_got_nothing_for_the_longest_time() {
    let mut desk = on_duty(&[(1, online("Marta")), (2, online("Ana"))]);
    desk.observe(id(9), Some(waiting(5)), Timestamp(5));
    desk.observe(id(9), Some(assigned(1, 5)), Timestamp(1_000));
    desk.observe(id(9), None, Timestamp(2_000));
    desk.observe(id(1), Some(waiting(3_000)), Timestamp(3_000));
    assert_eq!(
        asked(&mut desk, rules(Policy::LongestIdle), 3_000),
        [(id(1), agent(2))]
    );
}

#[test]
fn the_agent_they_know_comes_first_while_free() {
    let rules = Routing {
        preferred: true,
        ..rules(Policy::LongestIdle)
    };
    let mut desk = on_duty(&[(1, online("Marta")), (2, online("Ana"))]);
    let known = Entry {
        last_agent: Some(agent(2)),
        ..waiting(10)
    };
    desk.observe(id(1), Some(known.clone()), Timestamp(10));
    assert_eq!(asked(&mut desk, rules, 10), [(id(1), agent(2))]);
    let mut full = online("Ana");
    full.capacity = 0;
    desk.set_profile(agent(2), full, Timestamp(11));
    assert_eq!(asked(&mut desk, rules, 12), [(id(1), agent(1))]);
}

#[test]
fn skills_are_given_up_after_a_while_and_the_team_only_where_the_file_says_so() {
    let mut other = online("Ana");
    other.teams.insert("payments".parse().unwrap());
    let mut desk = on_duty(&[(1, online("Marta")), (2, other)]);
    let wanted = Entry {
        skills: vec!["appliances".parse().unwrap()],
        ..waiting(0)
    };
    desk.observe(id(1), Some(wanted), Timestamp(0));
    let rules = Routing {
        relax_skills_seconds: 120,
        ..rules(Policy::LongestIdle)
    };
    assert!(asked(&mut desk, rules, 119_999).is_empty());
    assert_eq!(
        desk.next_offers(|_| rules, Timestamp(0)),
        Some(Timestamp(120_000))
    );
    assert_eq!(asked(&mut desk, rules, 120_000), [(id(1), agent(1))]);

    desk.set_profile(
        agent(1),
        Profile::named("Marta", AgentStatus::Away),
        Timestamp(0),
    );
    assert!(
        asked(&mut desk, rules, 500_000).is_empty(),
        "away takes none"
    );
    let rules = Routing {
        relax_team_seconds: 300,
        ..rules
    };
    assert_eq!(asked(&mut desk, rules, 300_000), [(id(1), agent(2))]);
}

#[test]
fn nobody_gets_a_visitor_whose_language_they_do_not_speak() {
    let mut english = online("Ann");
    english.langs.insert(Lang::en());
    let mut desk = on_duty(&[(1, english)]);
    desk.observe(id(1), Some(waiting(0)), Timestamp(0));
    assert!(asked(&mut desk, rules(Policy::LongestIdle), 3_600_000).is_empty());
}

#[test]
fn who_lets_an_offer_pass_is_asked_again_only_later() {
    let mut desk = on_duty(&[(1, online("Marta")), (2, online("Ana"))]);
    let rules = rules(Policy::LongestIdle);
    desk.observe(id(1), Some(waiting(0)), Timestamp(0));
    assert_eq!(asked(&mut desk, rules, 0), [(id(1), agent(1))]);
    assert_eq!(desk.passed(id(1), agent(1), true, Timestamp(30_000)), 1);
    assert_eq!(asked(&mut desk, rules, 30_000), [(id(1), agent(2))]);
    assert_eq!(desk.passed(id(1), agent(2), false, Timestamp(31_000)), 0);
    assert!(asked(&mut desk, rules, 31_000).is_empty());
    assert_eq!(
        desk.next_offers(|_| rules, Timestamp(130_000)),
        Some(Timestamp(150_000))
    );
    assert_eq!(asked(&mut desk, rules, 150_000), [(id(1), agent(1))]);
    assert_eq!(desk.passed(id(1), agent(1), true, Timestamp(180_000)), 2);
}

#[test]
fn quiet_and_snoozed_conversations_take_up_no_capacity() {
    let mut one = online("Marta");
    one.capacity = 1;
    let mut desk = on_duty(&[(1, one)]);
    let rules = rules(Policy::LongestIdle);
    desk.observe(id(1), Some(assigned(1, 0)), Timestamp(0));
    desk.observe(id(2), Some(waiting(1_000)), Timestamp(1_000));
    assert!(asked(&mut desk, rules, 1_000).is_empty());
    assert_eq!(
        desk.next_offers(|_| rules, Timestamp(1_000)),
        Some(Timestamp(120_000 + 1_000)).min(Some(Timestamp(600_000)))
    );
    assert_eq!(asked(&mut desk, rules, 600_000).len(), 1);

    let owed = Entry {
        unanswered_since: Some(Timestamp(500)),
        ..assigned(1, 0)
    };
    desk.observe(id(1), Some(owed), Timestamp(2_000));
    assert!(
        asked(&mut desk, rules, 900_000).is_empty(),
        "somebody waits for a reply there"
    );
    let aside = entry(
        Place::Snoozed {
            agent: agent(1),
            name: "Marta".into(),
            until: Timestamp(9_000_000),
        },
        0,
        Priority::Normal,
        false,
    );
    desk.observe(id(1), Some(aside), Timestamp(3_000));
    assert_eq!(asked(&mut desk, rules, 3_000), [(id(2), agent(1))]);
}

#[test]
fn what_was_put_aside_stays_with_whoever_went_home_until_its_time() {
    let mut desk = on_duty(&[(1, online("Marta"))]);
    let aside = Place::Snoozed {
        agent: agent(1),
        name: "Marta".into(),
        until: Timestamp(9_000_000),
    };
    let aside = entry(aside, 0, Priority::Normal, false);
    desk.observe(id(1), Some(aside), Timestamp(0));
    desk.disconnected(agent(1), Timestamp(0));
    assert_eq!(desk.dropped(Timestamp(600_000), 60_000), []);
    assert_eq!(desk.next_grace(60_000), None, "nothing to wait for");
    desk.observe(id(1), Some(assigned(1, 0)), Timestamp(9_000_000));
    assert_eq!(
        desk.dropped(Timestamp(9_000_000), 60_000),
        [(id(1), agent(1))]
    );
}

#[test]
fn an_offer_to_somebody_who_left_is_void() {
    let mut desk = on_duty(&[(1, online("Marta"))]);
    let place = Place::Offered {
        agent: agent(1),
        name: "Marta".into(),
        until: Timestamp(30_000),
    };
    let offered = entry(place, 0, Priority::Normal, false);
    desk.observe(id(1), Some(offered), Timestamp(0));
    assert!(desk.void_offers().is_empty());
    desk.set_profile(
        agent(1),
        Profile::named("Marta", AgentStatus::Away),
        Timestamp(1),
    );
    assert_eq!(desk.void_offers(), [(id(1), agent(1))]);
}

#[test]
fn places_are_counted_in_each_teams_queue() {
    let mut desk = on_duty(&[(1, online("Marta"))]);
    for n in 1..=4 {
        let mut waits = waiting(i64::from(n));
        if n % 2 == 0 {
            waits.team = "payments".parse().unwrap();
        }
        desk.observe(id(n), Some(waits), Timestamp(9));
    }
    let places: Vec<_> = desk
        .places(Timestamp(9))
        .into_values()
        .map(|(position, _)| position)
        .collect();
    assert_eq!(places, [1, 1, 2, 2]);
}

#[test]
fn a_long_wait_is_asked_about_then_decided_and_waiting_on_begins_anew() {
    let rules = QueueRules {
        most: None,
        offer_minutes: Some(3),
        decide_minutes: Some(15),
    };
    let minute = |n: i64| Timestamp(n * 60_000);
    let mut desk = Desk::default();
    desk.observe(id(1), Some(waiting(0)), minute(0));
    assert_eq!(desk.next_long_wait(|_| rules, minute(0)), Some(minute(3)));
    assert!(desk.long_waits(|_| rules, minute(2)).is_empty());
    assert_eq!(
        desk.long_waits(|_| rules, minute(3)),
        [(id(1), LongWait::Ask)]
    );
    let asked = Entry {
        asked: true,
        ..waiting(0)
    };
    desk.observe(id(1), Some(asked), minute(3));
    assert_eq!(desk.next_long_wait(|_| rules, minute(3)), Some(minute(15)));
    assert_eq!(
        desk.long_waits(|_| rules, minute(15)),
        [(id(1), LongWait::Decide)]
    );
    let waits_on = Entry {
        wait_from: minute(10),
        ..waiting(0)
    };
    desk.observe(id(1), Some(waits_on), minute(10));
    assert_eq!(desk.next_long_wait(|_| rules, minute(10)), Some(minute(13)));
}

#[test]
fn who_waits_and_goes_away_keeps_the_place_for_five_minutes() {
    let rules = QueueRules::default();
    let minute = |n: i64| Timestamp(n * 60_000);
    let mut desk = Desk::default();
    desk.observe(id(1), Some(waiting(0)), minute(0));
    desk.visitor_left(id(1), minute(1));
    desk.visitor_left(id(2), minute(1));
    assert_eq!(desk.next_long_wait(|_| rules, minute(1)), Some(minute(6)));
    desk.visitor_came(id(1));
    assert_eq!(desk.next_long_wait(|_| rules, minute(2)), None);
    desk.visitor_left(id(1), minute(3));
    assert_eq!(
        desk.long_waits(|_| rules, minute(8)),
        [(id(1), LongWait::Decide)]
    );
}

#[derive(Debug, Clone)]
enum Act {
    Arrive(u8),
    Offer,
    Accept(u8),
    Pass(u8),
    Close(u8),
    Come(u8),
    Go(u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (0_u8..12).prop_map(Act::Arrive),
        Just(Act::Offer),
        (0_u8..12).prop_map(Act::Accept),
        (0_u8..12).prop_map(Act::Pass),
        (0_u8..12).prop_map(Act::Close),
        (0_u8..4).prop_map(Act::Come),
        (0_u8..4).prop_map(Act::Go),
    ];
    prop::collection::vec(act, 1..120)
}

proptest! {
    /// Over any day: nobody is offered more than their capacity, nothing is offered twice, and nobody waits while somebody free could be asked.
    #[test]
    fn offers_respect_capacity_and_leave_nobody_waiting(acts in acts(), policy in 0_usize..3) {
        let rules = rules([Policy::RoundRobin, Policy::LeastBusy, Policy::LongestIdle][policy]);
        let mut desk = Desk::default();
        let mut now = 0;
        for act in acts {
            now += 1_000;
            let at = Timestamp(now);
            let place = |desk: &Desk, n: u8| {
                desk.waiting()
                    .into_iter()
                    .find(|(conversation, _)| *conversation == id(n))
                    .map(|(_, entry)| entry.clone())
            };
            match act {
                Act::Arrive(n) => {
                    if !desk.assigned().iter().any(|(conversation, _)| *conversation == id(n))
                        && place(&desk, n).is_none()
                    {
                        desk.observe(id(n), Some(waiting(now)), at);
                    }
                }
                Act::Offer => {
                    let offers = desk.offers(|_| rules, at);
                    for (conversation, offer) in offers {
                        let before = desk.waiting().into_iter().find(|(c, _)| *c == conversation).map(|(_, e)| e.clone());
                        let before = before.expect("only what waits is offered");
                        prop_assert_eq!(&before.place, &Place::Waiting);
                        let offered = Entry {
                            place: Place::Offered { agent: offer.agent, name: offer.name, until: offer.until },
                            ..before
                        };
                        desk.observe(conversation, Some(offered), at);
                    }
                    for (person, duty) in desk.people().map(|(p, d)| (p, d.clone())).collect::<Vec<_>>() {
                        if duty.takes() && desk.busy(person, at) < duty.profile.capacity {
                            // Whoever is free has been offered all that still waits, or let it pass.
                            let left = desk.offers(|_| rules, at);
                            prop_assert!(left.is_empty(), "{:?} could have been asked", left);
                        }
                    }
                }
                Act::Accept(n) => if let Some(entry) = place(&desk, n) && let Some((to, name)) = entry.agent().map(|(a, n)| (a, n.to_owned())) {
                    desk.observe(id(n), Some(Entry { place: Place::Assigned(to, name), activity_at: at, ..entry }), at);
                },
                Act::Pass(n) => if let Some(entry) = place(&desk, n) && let Some((to, _)) = entry.agent() {
                    desk.passed(id(n), to, true, at);
                    desk.observe(id(n), Some(Entry { place: Place::Waiting, ..entry }), at);
                },
                Act::Close(n) => desk.observe(id(n), None, at),
                Act::Come(n) => {
                    let mut profile = online("Agent");
                    profile.capacity = u32::from(n) + 1;
                    desk.connected(agent(n), profile, at);
                }
                Act::Go(n) => desk.disconnected(agent(n), at),
            }
            for (person, duty) in desk.people() {
                prop_assert!(desk.busy(person, at) <= duty.profile.capacity);
            }
        }
    }
}
