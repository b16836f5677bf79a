//! Who follows which notice, and who asked about what in the last days. Folded from the store's tail, with the contacts.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::conversation::{Body, Event};
use crate::ids::{ConversationId, NoticeId, Timestamp, TopicId};

/// So long it is known who asked about a topic: the longest window that can be configured, and as long as a notice may hold in practice.
const ASKED_MS: i64 = 14 * 24 * 60 * 60_000;

/// What is known.
#[derive(Default)]
pub(super) struct Known {
    followers: HashMap<NoticeId, BTreeMap<ConversationId, Timestamp>>,
    asked: HashMap<TopicId, VecDeque<(Timestamp, ConversationId)>>,
}

impl Known {
    pub(super) fn take_in(&mut self, conversation: ConversationId, event: &Event, now: Timestamp) {
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

    const HOUR: i64 = 60 * 60_000;

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
