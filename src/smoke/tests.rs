//! The statistic against known tails, and a shop of half a year: how often it cries wolf, and how soon it notices a crisis.

use std::collections::VecDeque;

use super::*;

const DAY_HOURS: i64 = 24;
/// A Monday, 00:00 UTC.
const BEGIN: i64 = 493_992;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Time to the next of a rate a hour, in milliseconds.
    fn gap(&mut self, rate: f64) -> i64 {
        (-(1.0 - self.unit()).ln() / rate * HOUR_MS as f64) as i64
    }
}

/// One topic's fold, as the engine keeps it.
#[derive(Default)]
struct Topic {
    recent: VecDeque<Timestamp>,
    hours: BTreeMap<i64, u32>,
}

impl Topic {
    fn came(&mut self, at: Timestamp) -> Option<Spike> {
        *self.hours.entry(hour(at)).or_default() += 1;
        while (self.recent.front()).is_some_and(|old| at.since(*old) >= HOUR_MS) {
            self.recent.pop_front();
        }
        self.recent.push_back(at);
        let recent: Vec<_> = self.recent.iter().copied().collect();
        spike(&recent, &self.hours, Timestamp(BEGIN * HOUR_MS), at)
    }
}

/// How busy the hours of a day are against the mean: a night, a peak before lunch and one in the evening.
const DAY: [f64; 24] = [
    0.25, 0.15, 0.1, 0.1, 0.1, 0.15, 0.25, 0.45, 0.8, 1.2, 1.6, 1.8, 1.8, 1.5, 1.2, 1.3, 1.5, 1.7,
    1.8, 1.8, 1.6, 1.2, 0.8, 0.45,
];

/// How busy an hour is: by the clock, on a quiet Sunday less, and on good and bad days that nobody foresees.
fn busy(hour: i64, day_luck: f64) -> f64 {
    let day = DAY[usize::try_from(hour.rem_euclid(DAY_HOURS)).unwrap()];
    let sunday = hour.div_euclid(DAY_HOURS).rem_euclid(7) == (BEGIN / DAY_HOURS + 6).rem_euclid(7);
    day * if sunday { 0.6 } else { 1.0 } * day_luck
}

/// Chats an hour of each of 45 topics, on average: few are asked much, most little. About 4,000 chats a week.
fn rates() -> Vec<f64> {
    let weights: Vec<f64> = (1..=45).map(|rank| 1.0 / f64::from(rank)).collect();
    let all: f64 = weights.iter().sum();
    weights
        .iter()
        .map(|weight| weight / all * 4_000.0 / WEEK_HOURS as f64)
        .collect()
}

/// Alarms of a topic in hours `from..to`, each counted once in three hours, while it is asked at its rate.
fn lives(topic: &mut Topic, rate: f64, (from, to): (i64, i64), dice: &mut Dice) -> u32 {
    let (mut alarms, mut quiet_until) = (0, Timestamp(0));
    let mut luck = 1.0;
    for hour in from..to {
        if hour.rem_euclid(DAY_HOURS) == 0 {
            luck = 0.7 + 0.6 * dice.unit();
        }
        let now = rate * busy(hour, luck);
        let mut at = hour * HOUR_MS + dice.gap(now);
        while at < (hour + 1) * HOUR_MS {
            if topic.came(Timestamp(at)).is_some() && Timestamp(at) > quiet_until {
                alarms += 1;
                quiet_until = Timestamp(at + 3 * HOUR_MS);
            }
            at += dice.gap(now);
        }
    }
    alarms
}

#[test]
fn tails_are_those_of_the_books() {
    // Poisson(1): P(X >= 5) = 0.0036598; nearly no dispersion beyond chance.
    assert!((tail(5, 1.0, 1.0 + 1e-9) - 0.003_659_8).abs() < 1e-6);
    // Geometric of mean 1, the predictive of a prior alone: 2^-x.
    assert!((tail(10, 1.0, 2.0) - 2f64.powi(-10)).abs() < 1e-12);
    assert!((tail(1_000, 1_000.0, 1.5) - 0.5).abs() < 0.02);
    assert!(tail(0, 3.0, 1.2) == 1.0 && tail(1_300, 1_000.0, 1.5) < ALPHA);
}

#[test]
fn a_past_crisis_does_not_hide_the_next_one() {
    let now = Timestamp((BEGIN + 9 * WEEK_HOURS + 12) * HOUR_MS + 30 * MINUTE_MS);
    let mut hours: BTreeMap<i64, u32> = (1..=WEEKS)
        .map(|week| (hour(now) - week * WEEK_HOURS, 1))
        .collect();
    hours.insert(hour(now) - 3 * WEEK_HOURS, 60);
    let recent: Vec<_> = (0..8).map(|n| now.plus(-n * MINUTE_MS)).collect();
    let found = spike(&recent, &hours, Timestamp(BEGIN * HOUR_MS), now).unwrap();
    assert_eq!((found.count, found.minutes), (8, 15));
    // What is like every week is no spike, and four people are none ever.
    let usual: BTreeMap<i64, u32> = hours.keys().map(|hour| (*hour, 9)).collect();
    let beside: BTreeMap<i64, u32> = usual
        .keys()
        .flat_map(|hour| [(*hour - 1, 9), (*hour, 9), (*hour + 1, 9)])
        .collect();
    let spread: Vec<_> = (0..12).map(|n| now.plus(-5 * n * MINUTE_MS)).collect();
    assert_eq!(
        spike(&spread, &beside, Timestamp(BEGIN * HOUR_MS), now),
        None
    );
    assert_eq!(
        spike(&recent[..4], &BTreeMap::new(), Timestamp(0), now),
        None
    );
}

/// Shops that were made up after the statistic's numbers had been chosen.
fn shops() -> impl Iterator<Item = (u64, f64)> {
    (1..=4u64).flat_map(|shop| {
        (1..)
            .zip(rates())
            .map(move |(n, rate)| (100_000 * shop + n, rate))
    })
}

/// Half a year after eight weeks of getting to know the shop.
#[test]
fn a_quiet_shop_has_less_than_one_false_alarm_a_month() {
    let months = 6;
    let mut alarms = 0;
    for (number, rate) in shops() {
        let (mut topic, mut dice) = (Topic::default(), Dice(number));
        let known = BEGIN + WEEKS * WEEK_HOURS;
        lives(&mut topic, rate, (BEGIN, known), &mut dice);
        alarms += lives(
            &mut topic,
            rate,
            (known, known + months * 30 * DAY_HOURS),
            &mut dice,
        );
    }
    println!("{alarms} false alarms in four times {months} months");
    assert!(alarms < 24, "{alarms} in four times {months} months");
}

/// One complaint in two minutes, beside what is usual, at noon of some day, about each topic in turn.
#[test]
fn a_crisis_is_noticed_before_the_tenth_complaint() {
    let mut noticed_at = Vec::new();
    for (number, rate) in shops() {
        let (mut topic, mut dice) = (Topic::default(), Dice(1_000 + number));
        let begins = BEGIN + WEEKS * WEEK_HOURS + 3 * DAY_HOURS + 8 + number as i64 % 12;
        lives(&mut topic, rate, (BEGIN, begins), &mut dice);
        let usual = rate * busy(begins, 1.0);
        let mut at = begins * HOUR_MS;
        let (mut complaints, mut noticed) = (0, None);
        let (mut complaint, mut chat) = (at + dice.gap(30.0), at + dice.gap(usual));
        while noticed.is_none() && complaints < 40 {
            at = complaint.min(chat);
            if at == complaint {
                complaints += 1;
                complaint = at + dice.gap(30.0);
            } else {
                chat = at + dice.gap(usual);
            }
            noticed = topic.came(Timestamp(at)).map(|_| complaints);
        }
        noticed_at.push(noticed.unwrap_or(40));
    }
    noticed_at.sort_unstable();
    println!("noticed at complaint {noticed_at:?}");
    // The few topics that have so many chats every hour that ten more do not stand out are noticed later, and none is missed.
    let soon = noticed_at
        .iter()
        .filter(|complaint| **complaint < 10)
        .count();
    assert!(soon * 100 >= noticed_at.len() * 85, "{noticed_at:?}");
    assert!(
        noticed_at.iter().all(|complaint| *complaint < 40),
        "{noticed_at:?}"
    );
}
