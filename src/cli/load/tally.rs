//! What became of all messages.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::visitor::{Sent, Talk, is_own};
use crate::cli::import::LabelMap;
use crate::ids::Seq;
use crate::protocol::visitor::VisitorEvent;

/// Counts conversation by conversation.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    map: Option<&'a LabelMap>,
    /// Labels by the answers of their topics.
    by_answer: HashMap<&'a str, &'a str>,
    clarify_ok: bool,
    counts: Counts,
    right: u64,
    acks: Vec<Duration>,
    answers: Vec<Duration>,
}

/// Messages, unless a field says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    /// Sent.
    pub(super) sent: u64,
    /// Acked.
    pub(super) acked: u64,
    /// Answered: with a topic's answer where a label map tells them, else with anything.
    pub(super) answered: u64,
    /// Answered with buttons instead of a topic's answer: which of these, or the nearest topics.
    pub(super) clarified: u64,
    /// Answered with neither.
    pub(super) missed: u64,
    /// Handed to a person, or promised an answer by one.
    pub(super) escalated: u64,
    /// Neither answered nor in a person's hands.
    pub(super) unanswered: u64,
    /// Refused for good by the server.
    pub(super) refused: u64,
    /// No time was left to send them.
    pub(super) not_sent: u64,
    /// Acked, and not there afterwards.
    pub(super) lost: u64,
    /// There more than once.
    pub(super) kept_twice: u64,
    /// Answered more than once: twice by the bot where a label map tells that one answer is right, else twice in the same words.
    pub(super) answered_twice: u64,
    /// Conversations.
    pub(super) conversations: u64,
    /// Conversations that showed something else while talking than afterwards.
    pub(super) differing: u64,
    /// Conversations that could not be read back.
    pub(super) not_read_back: u64,
    /// Events that did not have the next number.
    pub(super) holes: u64,
    /// Connections after the first of a conversation.
    pub(super) reconnects: u64,
    /// Times that the server asked to slow down.
    pub(super) slowed: u64,
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Times {
    /// Half are faster.
    pub(super) p50: f64,
    /// 99 of 100 are faster.
    pub(super) p99: f64,
    /// The slowest.
    pub(super) max: f64,
}

/// What is printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Report {
    #[serde(flatten)]
    pub(super) counts: Counts,
    /// Share of sent messages that got their own topic's answer, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accuracy: Option<f64>,
    /// From sending to ack.
    pub(super) ack_ms: Option<Times>,
    /// From sending to answer.
    pub(super) answer_ms: Option<Times>,
    /// From the first connection to the last answer.
    pub(super) seconds: f64,
    /// Sent messages by seconds.
    pub(super) messages_per_second: f64,
}

/// What came of one message.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Answered { right: bool },
    Clarified { right: bool },
    Missed,
    Escalated,
    Unanswered,
}

impl<'a> Tally<'a> {
    /// Nothing counted yet. With `clarify_ok` a question back that offers the right topic is right.
    pub(super) fn new(map: Option<&'a LabelMap>, clarify_ok: bool) -> Self {
        let by_answer = map
            .iter()
            .flat_map(|map| &map.labels)
            .flat_map(|(label, topic)| {
                topic
                    .answers
                    .values()
                    .map(move |answer| (answer.as_str(), label.as_str()))
            })
            .collect();
        Self {
            map,
            by_answer,
            clarify_ok,
            counts: Counts::default(),
            right: 0,
            acks: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Counts a conversation.
    pub(super) fn count(&mut self, talk: &Talk) {
        let counts = &mut self.counts;
        counts.not_sent += talk.unsent as u64;
        if talk.sent.is_empty() {
            return;
        }
        counts.conversations += 1;
        counts.holes += u64::from(talk.holes);
        counts.reconnects += u64::from(talk.reconnects);
        counts.slowed += u64::from(talk.slowed);
        match &talk.kept {
            None => counts.not_read_back += 1,
            Some(kept) => counts.differing += u64::from(differs(&talk.seen, kept)),
        }
        let log = talk.kept.as_ref().unwrap_or(&talk.seen);
        for sent in &talk.sent {
            self.count_message(sent, log);
        }
    }

    fn count_message(&mut self, sent: &Sent, log: &[(Seq, VisitorEvent)]) {
        let counts = &mut self.counts;
        counts.sent += 1;
        counts.acked += u64::from(sent.acked.is_some());
        self.acks.extend(sent.acked);
        self.answers.extend(sent.answered);
        if sent.refused.is_some() {
            counts.refused += 1;
            return;
        }
        let places: Vec<usize> = log
            .iter()
            .enumerate()
            .filter(|(_, (_, event))| is_own(event, &sent.id))
            .map(|(at, _)| at)
            .collect();
        counts.lost += u64::from(sent.acked.is_some() && places.is_empty());
        counts.kept_twice += u64::from(places.len() > 1);
        let after: Vec<&VisitorEvent> = places
            .last()
            .into_iter()
            .flat_map(|at| &log[at + 1..])
            .map(|(_, event)| event)
            .take_while(|event| !matches!(event, VisitorEvent::Visitor { .. }))
            .collect();
        let in_persons_hands = places.first().is_some_and(|at| owned(&log[..*at]));
        let outcome = self.outcome(&sent.row.intent, &after, in_persons_hands);
        let counts = &mut self.counts;
        counts.answered_twice += u64::from(twice(&after, self.map.is_some()));
        match outcome {
            Outcome::Answered { right } => {
                counts.answered += 1;
                self.right += u64::from(right);
            }
            Outcome::Clarified { right } => {
                counts.clarified += 1;
                self.right += u64::from(right && self.clarify_ok);
            }
            Outcome::Missed => counts.missed += 1,
            Outcome::Escalated => counts.escalated += 1,
            Outcome::Unanswered => counts.unanswered += 1,
        }
    }

    fn outcome(&self, label: &str, after: &[&VisitorEvent], owned: bool) -> Outcome {
        let escalates = |event: &&&VisitorEvent| {
            matches!(
                event,
                VisitorEvent::Queued { .. }
                    | VisitorEvent::Joined { .. }
                    | VisitorEvent::Promise { .. }
            )
        };
        if owned || after.iter().any(|event| escalates(&event)) {
            return Outcome::Escalated;
        }
        let bot = after.iter().find_map(|event| match event {
            VisitorEvent::Bot { texts, choices, .. } => Some((texts, choices)),
            _ => None,
        });
        let Some((texts, choices)) = bot else {
            return Outcome::Unanswered;
        };
        let Some(map) = self.map else {
            return Outcome::Answered { right: false };
        };
        let said = texts
            .iter()
            .find_map(|text| self.by_answer.get(text.as_str()));
        if let Some(said) = said {
            return Outcome::Answered {
                right: *said == label,
            };
        }
        if choices.is_empty() {
            return Outcome::Missed;
        }
        let title = map.labels.get(label).map(|topic| &topic.title);
        Outcome::Clarified {
            right: title.is_some_and(|title| choices.contains(title)),
        }
    }

    /// The sum. Accuracy is for conversations of one message: in longer ones a message is read after those before it.
    pub(super) fn report(mut self, seconds: f64, single: bool) -> Report {
        #[allow(
            clippy::cast_precision_loss,
            reason = "counts of messages are far below 2^53"
        )]
        let share = |part: u64, whole: f64| {
            if whole > 0.0 {
                part as f64 / whole
            } else {
                0.0
            }
        };
        let sent = self.counts.sent;
        #[allow(
            clippy::cast_precision_loss,
            reason = "counts of messages are far below 2^53"
        )]
        let accuracy = (single && self.map.is_some()).then(|| share(self.right, sent as f64));
        Report {
            accuracy,
            ack_ms: times(&mut self.acks),
            answer_ms: times(&mut self.answers),
            seconds,
            messages_per_second: share(sent, seconds),
            counts: self.counts,
        }
    }
}

/// Whether a person has, or will have, the conversation after these events.
fn owned(log: &[(Seq, VisitorEvent)]) -> bool {
    log.iter().fold(false, |owned, (_, event)| match event {
        VisitorEvent::Queued { .. } | VisitorEvent::Joined { .. } => true,
        VisitorEvent::Returned | VisitorEvent::Closed { .. } => false,
        _ => owned,
    })
}

fn twice(after: &[&VisitorEvent], one_is_right: bool) -> bool {
    let mut texts: Vec<&Vec<String>> = after
        .iter()
        .filter_map(|event| match event {
            VisitorEvent::Bot { texts, .. } => Some(texts),
            _ => None,
        })
        .collect();
    let all = texts.len();
    if one_is_right {
        return all > 1;
    }
    texts.sort_unstable();
    texts.dedup();
    texts.len() < all
}

/// Whether something that was seen is not there, or is something else.
fn differs(seen: &[(Seq, VisitorEvent)], kept: &[(Seq, VisitorEvent)]) -> bool {
    let kept: HashMap<Seq, &VisitorEvent> = kept.iter().map(|(seq, event)| (*seq, event)).collect();
    seen.iter()
        .any(|(seq, event)| kept.get(seq).is_none_or(|kept| *kept != event))
}

/// Percentiles by nearest rank.
fn times(all: &mut [Duration]) -> Option<Times> {
    all.sort_unstable();
    let max = *all.last()?;
    let millis = |time: Duration| (time.as_secs_f64() * 100_000.0).round() / 100.0;
    let rank = |percent: usize| all[(all.len() * percent).div_ceil(100).max(1) - 1];
    Some(Times {
        p50: millis(rank(50)),
        p99: millis(rank(99)),
        max: millis(max),
    })
}

impl Report {
    /// Whether every promise was kept: nothing lost, doubled, left without an answer or shown in two ways.
    pub(super) fn is_sound(&self) -> bool {
        let counts = &self.counts;
        [
            counts.unanswered,
            counts.refused,
            counts.lost,
            counts.kept_twice,
            counts.answered_twice,
            counts.differing,
            counts.not_read_back,
            counts.holes,
        ]
        .iter()
        .all(|count| *count == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.counts;
        writeln!(
            f,
            "sent {} messages in {} conversations; acked {}, refused {}, not sent {}",
            c.sent, c.conversations, c.acked, c.refused, c.not_sent
        )?;
        writeln!(
            f,
            "answered {}, clarified {}, missed {}, escalated {}, unanswered {}",
            c.answered, c.clarified, c.missed, c.escalated, c.unanswered
        )?;
        writeln!(
            f,
            "lost {}, kept twice {}, answered twice {}, holes {}, differing {}, not read back {}",
            c.lost, c.kept_twice, c.answered_twice, c.holes, c.differing, c.not_read_back
        )?;
        if let Some(accuracy) = self.accuracy {
            writeln!(f, "accuracy {:.2} %", accuracy * 100.0)?;
        }
        for (name, times) in [("ack", self.ack_ms), ("answer", self.answer_ms)] {
            if let Some(times) = times {
                writeln!(
                    f,
                    "{name} p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
                    times.p50, times.p99, times.max
                )?;
            }
        }
        writeln!(
            f,
            "{:.1} messages a second for {:.1} s; reconnects {}, slowed {}",
            self.messages_per_second, self.seconds, c.reconnects, c.slowed
        )
    }
}
