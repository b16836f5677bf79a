//! Who follows which notice, and who asked about what in the last days. Folded from the store's tail, with the contacts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::misses::Misses;
use crate::conversation::{Body, Event};
use crate::ids::{ConversationId, NoticeId, Timestamp, TopicId};
use crate::smoke::{self, Spike};

pub(super) const HOUR_MS: i64 = 60 * 60_000;

/// So long it is known who asked about a topic: the longest window that can be configured, and as long as a notice may hold in practice.
const ASKED_MS: i64 = 14 * 24 * 60 * 60_000;

/// What is known.
#[derive(Default)]
pub(super) struct Known {
    followers: HashMap<NoticeId, BTreeMap<ConversationId, Timestamp>>,
    asked: HashMap<TopicId, VecDeque<(Timestamp, ConversationId)>>,
    counted: HashMap<TopicId, Counted>,
    misses: Misses,
    /// When the first event was.
    since: Option<Timestamp>,
}

/// How many conversations asked about a topic in each hour.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) hours: BTreeMap<i64, u32>,
    /// Those of the last hour that was counted.
    last: (i64, HashSet<ConversationId>),
}

impl Counted {
    pub(super) fn take_in(&mut self, conversation: ConversationId, at: Timestamp) {
        let hour = smoke::hour(at);
        if self.last.0 != hour {
            self.last = (hour, HashSet::new());
            let oldest = hour - (smoke::WEEKS + 1) * 7 * 24;
            self.hours = self.hours.split_off(&oldest);
        }
        if self.last.1.insert(conversation) {
            *self.hours.entry(hour).or_default() += 1;
        }
    }
}

impl Known {
    pub(super) fn take_in(&mut self, conversation: ConversationId, event: &Event, now: Timestamp) {
        self.since.get_or_insert(event.at);
        self.misses.take_in(conversation, event, now);
        if let Body::BotAnswered {
            topic: Some(topic), ..
        } = &event.body
        {
            let counted = self.counted.entry(topic.clone()).or_default();
            counted.take_in(conversation, event.at);
        }
        match &event.body {
            Body::NoticeFollowed { notice, .. } => {
                let followers = self.followers.entry(notice.clone()).or_default();
                followers.insert(conversation, event.at);
            }
            Body::BotAnswered {
                topic: Some(topic), ..
            } if now.since(event.at) < ASKED_MS => {
                let asked = self.asked.entry(topic.clone()).or_default();
                while (asked.front()).is_some_and(|(at, _)| now.since(*at) >= ASKED_MS) {
                    asked.pop_front();
                }
                asked.push_back((event.at, conversation));
            }
            _ => {}
        }
    }

    /// Topics that more people ask about now than chance brings, with these conversations; the least likely first.
    pub(super) fn smoke(&self, now: Timestamp) -> Vec<(TopicId, Spike, Vec<ConversationId>)> {
        let since = self.since.unwrap_or(now);
        let mut found: Vec<_> = (self.asked.iter())
            .filter_map(|(topic, asked)| {
                let mut first: BTreeMap<ConversationId, Timestamp> = BTreeMap::new();
                for (at, conversation) in asked.iter().rev() {
                    if now.since(*at) >= HOUR_MS {
                        break;
                    }
                    first.insert(*conversation, *at);
                }
                let recent: Vec<Timestamp> = first.values().copied().collect();
                let hours = &self.counted.get(topic)?.hours;
                let spike = smoke::spike(&recent, hours, since, now)?;
                let from = now.plus(-spike.minutes * 60_000);
                let those = first.into_iter().filter(|(_, at)| *at > from);
                Some((topic.clone(), spike, those.map(|(one, _)| one).collect()))
            })
            .collect();
        found.sort_by(|(_, a, _), (_, b, _)| a.tail.total_cmp(&b.tail));
        found
    }

    /// Groups of people who were not understood and wrote of the same.
    pub(super) fn misses(&self, now: Timestamp) -> Vec<(Spike, Vec<ConversationId>)> {
        self.misses.smoke(self.since.unwrap_or(now), now)
    }

    /// How many follow a notice since it holds.
    pub(super) fn followers(&self, notice: &NoticeId, since: Timestamp) -> usize {
        let followers = self.followers.get(notice);
        followers.map_or(0, |all| all.values().filter(|at| **at >= since).count())
    }

    /// Who is to be told that a notice is fixed: who follows it since it holds, and who asked about one of its topics within a time.
    pub(super) fn concerned(
        &self,
        notice: &NoticeId,
        opened_at: Timestamp,
        topics: &[TopicId],
        (from, to): (Timestamp, Timestamp),
    ) -> BTreeSet<ConversationId> {
        let followers = self.followers.get(notice).into_iter().flatten();
        let followers = followers.filter(|(_, at)| **at >= opened_at);
        let asked = topics.iter().filter_map(|topic| self.asked.get(topic));
        let asked = asked.flatten().filter(|(at, _)| *at >= from && *at <= to);
        followers
            .map(|(conversation, _)| *conversation)
            .chain(asked.map(|(_, conversation)| *conversation))
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Memory, Private};
    use crate::ids::{Lang, Seq};

    const HOUR: i64 = HOUR_MS;

    fn event(at: i64, body: Body) -> Event {
        Event {
            seq: Seq(1),
            at: Timestamp(at),
            body,
            private: Private::default(),
        }
    }

    fn asked(at: i64, topic: &str) -> Event {
        let answered = Body::BotAnswered {
            upto: Seq(1),
            understood: Vec::new(),
            choices: Vec::new(),
            memory: Box::new(Memory::default()),
            topic: Some(topic.parse().unwrap()),
            lang: Lang::es(),
            shows: Vec::new(),
        };
        event(at, answered)
    }

    fn follows(at: i64) -> Event {
        let followed = Body::NoticeFollowed {
            client_id: "a".parse().unwrap(),
            notice: "cards".parse().unwrap(),
        };
        event(at, followed)
    }

    #[test]
    fn many_people_within_minutes_are_smoke_and_one_who_asks_often_is_none() {
        let mut known = Known::default();
        let now = Timestamp(2_000 * HOUR);
        known.take_in(
            ConversationId::from_bytes([99; 16]),
            &asked(HOUR, "sizes"),
            now,
        );
        for n in 1..=9_u8 {
            let at = now.0 - i64::from(n) * 60_000;
            known.take_in(
                ConversationId::from_bytes([n; 16]),
                &asked(at, "paying"),
                now,
            );
            known.take_in(
                ConversationId::from_bytes([1; 16]),
                &asked(at, "sizes"),
                now,
            );
        }
        let found = known.smoke(now);
        let [(topic, spike, those)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((topic.as_str(), spike.count, those.len()), ("paying", 9, 9));
    }

    #[test]
    fn who_follows_and_who_asked_in_time_is_concerned_once() {
        let [ana, eva, leo, old, was] =
            [1, 2, 3, 4, 5].map(|n| ConversationId::from_bytes([n; 16]));
        let mut known = Known::default();
        let now = Timestamp(100 * HOUR);
        known.take_in(was, &follows(40 * HOUR), now);
        known.take_in(old, &asked(93 * HOUR, "paying"), now);
        known.take_in(ana, &asked(95 * HOUR, "paying"), now);
        known.take_in(eva, &asked(96 * HOUR, "sizes"), now);
        known.take_in(ana, &follows(97 * HOUR), now);
        known.take_in(leo, &follows(98 * HOUR), now);
        let (cards, paying) = ("cards".parse().unwrap(), ["paying".parse().unwrap()]);
        let opened = Timestamp(96 * HOUR);
        let window = (Timestamp(94 * HOUR), now);
        let told = known.concerned(&cards, opened, &paying, window);
        assert_eq!(told, BTreeSet::from([ana, leo]));
        assert_eq!(known.followers(&cards, opened), 2);
        // What is long past is let go of.
        let later = now.plus(ASKED_MS);
        known.take_in(eva, &asked(later.0, "paying"), later);
        let told = known.concerned(&cards, later, &paying, (Timestamp(0), later));
        assert_eq!(told, BTreeSet::from([eva]));
    }
}
