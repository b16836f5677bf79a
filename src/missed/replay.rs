//! Real turns read again with two engines: how a change of the topic files would have served those who wrote.
//!
//! Better and worse are said only where it is known what the turn meant ([`super::Evidence`]); a reading that changed without that is different, no
//! more.

use serde::{Deserialize, Serialize};

use super::turn::{Evidence, Truth};
use super::watch::Watch;
use crate::conversation::{Body, Event, Opening, Session, State, Unanswered, Understood, Verdict};
use crate::dialogue;
use crate::ids::{Lang, Seq, SessionId, SiteId, Timestamp, TopicId};
use crate::topics::Catalog;
use crate::understanding::Engine;

/// How a reading stands to what was meant, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Something else was answered.
    Wrong,
    /// It was not understood, or other topics were asked about.
    Missed,
    /// It was asked about, among others.
    Asked,
    /// It was answered.
    Right,
}

/// What a change does to a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing.
    Same,
    /// It stands better than before to what was meant.
    Better,
    /// It stands worse.
    Worse,
    /// It is read otherwise, and nobody knows what was meant.
    Different,
}

/// A turn, read twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The visitor's message.
    pub seq: Seq,
    /// When it was written.
    pub at: Timestamp,
    /// Its language.
    pub lang: Lang,
    /// As it is read now.
    pub now: Verdict,
    /// As it would be read.
    pub then: Verdict,
    /// What it meant, where that is known.
    pub known: Option<(Truth, Evidence)>,
    /// What the change does to it.
    pub change: Change,
}

/// What somebody who teaches the assistant said that a message means: a topic, or none of ours. The outer `None`: nothing was said.
pub type Said<'a> = &'a dyn Fn(Seq) -> Option<Option<TopicId>>;

/// What reads a turn.
#[derive(Clone, Copy)]
pub struct Replay<'a> {
    /// The topic files.
    pub catalog: &'a Catalog,
    /// The engine trained from them.
    pub engine: &'a Engine,
}

/// How a reading stands to what is known; nothing where that does not tell.
fn stand(truth: &Truth, read: &Verdict) -> Option<Stand> {
    Some(match (truth, read) {
        (Truth::Meant(Some(topic)), Verdict::Match { topic: read }) if topic == read => {
            Stand::Right
        }
        (Truth::Meant(Some(topic)), Verdict::Ambiguous { topics }) if topics.contains(topic) => {
            Stand::Asked
        }
        (Truth::Meant(None), Verdict::OutOfScope) => Stand::Right,
        (Truth::Not(topic), Verdict::Match { topic: read }) if topic != read => return None,
        (_, Verdict::Match { .. }) => Stand::Wrong,
        (_, Verdict::Ambiguous { .. } | Verdict::OutOfScope) => Stand::Missed,
    })
}

/// What it means that a turn is read so and no longer so.
pub fn judge(known: Option<&Truth>, now: &Verdict, then: &Verdict) -> Change {
    if now == then {
        return Change::Same;
    }
    let stands = known.and_then(|truth| stand(truth, now).zip(stand(truth, then)));
    match stands {
        None => Change::Different,
        Some((now, then)) if then > now => Change::Better,
        Some((now, then)) if then < now => Change::Worse,
        // Wrong in another way.
        Some(_) => Change::Different,
    }
}

impl Judged {
    /// How it stands now, where what was meant is known.
    pub fn stands_now(&self) -> Option<Stand> {
        stand(&self.known.as_ref()?.0, &self.now)
    }

    /// How it would stand.
    pub fn would_stand(&self) -> Option<Stand> {
        stand(&self.known.as_ref()?.0, &self.then)
    }
}

/// The turns of a session read with both, in order, each in the context that it had: buttons just shown, the last topic, an open form. `events` are
/// those of one session, from its opening on; answers to what a form asked are no turns.
pub fn replay(events: &[Event], now: Replay<'_>, then: Replay<'_>, said: Said<'_>) -> Vec<Judged> {
    let mut watch = Watch::default();
    for event in events {
        watch.apply(event);
    }
    let Some(facts) = watch.facts() else {
        return Vec::new();
    };
    let mut turns = watch.turns().iter().peekable();
    let mut judged = Vec::with_capacity(watch.turns().len());
    let mut state = State::default();
    for event in events {
        if let Body::BotAnswered { upto, .. } = &event.body
            && turns.peek().is_some_and(|turn| turn.seq <= *upto)
        {
            state
                .unanswered
                .retain(|left| left.is_text() && left.seq <= *upto);
            let (before, after) = (read(&state, now, event.at), read(&state, then, event.at));
            let seqs: Vec<Seq> = state.unanswered.iter().map(|left| left.seq).collect();
            while let Some(turn) = turns.next_if(|turn| turn.seq <= *upto) {
                let Some(place) = seqs.iter().position(|seq| *seq == turn.seq) else {
                    continue;
                };
                let (Some(now_read), Some(then_read)) = (before.get(place), after.get(place))
                else {
                    continue;
                };
                let known = match said(turn.seq) {
                    Some(meant) => Some((Truth::Meant(meant), Evidence::Taught)),
                    None => turn.truth(facts, |topic| now.catalog.topics.contains_key(topic)),
                };
                let truth = known.as_ref().map(|(truth, _)| truth);
                judged.push(Judged {
                    seq: turn.seq,
                    at: turn.at,
                    lang: turn.lang.clone(),
                    change: judge(truth, now_read, then_read),
                    now: now_read.clone(),
                    then: then_read.clone(),
                    known,
                });
            }
        }
        state.apply(event);
    }
    judged
}

/// How a message would be taken as the first of a session: in no context.
pub fn read_alone(
    text: &str,
    at: Timestamp,
    lang: &Lang,
    site: &SiteId,
    with: Replay<'_>,
) -> Option<Understood> {
    let opening = Opening::plain(site.clone(), lang.clone());
    let state = State {
        session: Some(Session {
            id: SessionId::from_bytes([0; 16]),
            seq: Seq(1),
            opened_at: at,
            opening,
            turns: 1,
            agent_wrote: false,
            topic: None,
            handoff: None,
            team: None,
        }),
        unanswered: vec![Unanswered {
            seq: Seq(1),
            at,
            text: text.to_owned(),
            target: None,
            file: false,
        }],
        ..State::default()
    };
    let readings = dialogue::read(&state, with.catalog, with.engine, at);
    dialogue::heard(&state, &readings).into_iter().next()
}

fn read(state: &State, with: Replay<'_>, at: Timestamp) -> Vec<Verdict> {
    let readings = dialogue::read(state, with.catalog, with.engine, at);
    let heard = dialogue::heard(state, &readings);
    heard.into_iter().map(|read| read.verdict).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn topic(name: &str) -> TopicId {
        name.parse().unwrap()
    }

    fn matched(name: &str) -> Verdict {
        Verdict::Match { topic: topic(name) }
    }

    fn asked(names: &[&str]) -> Verdict {
        Verdict::Ambiguous {
            topics: names.iter().map(|name| topic(name)).collect(),
        }
    }

    #[test]
    fn better_and_worse_are_said_of_what_is_known_alone() {
        let meant = Truth::Meant(Some(topic("a")));
        let cases = [
            (Verdict::OutOfScope, matched("a"), Change::Better),
            (matched("b"), matched("a"), Change::Better),
            (matched("b"), Verdict::OutOfScope, Change::Better),
            (Verdict::OutOfScope, asked(&["b", "a"]), Change::Better),
            (asked(&["b", "a"]), matched("a"), Change::Better),
            (matched("a"), asked(&["a", "b"]), Change::Worse),
            (matched("a"), Verdict::OutOfScope, Change::Worse),
            (Verdict::OutOfScope, matched("b"), Change::Worse),
            (matched("b"), matched("c"), Change::Different),
            (Verdict::OutOfScope, asked(&["b", "c"]), Change::Different),
            (matched("b"), matched("b"), Change::Same),
        ];
        for (now, then, change) in cases {
            assert_eq!(judge(Some(&meant), &now, &then), change, "{now:?} {then:?}");
            let unknown = if change == Change::Same {
                Change::Same
            } else {
                Change::Different
            };
            assert_eq!(judge(None, &now, &then), unknown);
        }
    }

    #[test]
    fn what_is_none_of_ours_is_better_declined() {
        let none = Truth::Meant(None);
        assert_eq!(
            judge(Some(&none), &matched("a"), &Verdict::OutOfScope),
            Change::Better
        );
        assert_eq!(
            judge(Some(&none), &Verdict::OutOfScope, &matched("a")),
            Change::Worse
        );
    }

    #[test]
    fn of_a_disowned_reading_only_its_going_or_coming_is_known() {
        let not = Truth::Not(topic("a"));
        assert_eq!(
            judge(Some(&not), &matched("a"), &Verdict::OutOfScope),
            Change::Better
        );
        assert_eq!(
            judge(Some(&not), &matched("a"), &matched("b")),
            Change::Different
        );
        assert_eq!(
            judge(Some(&not), &Verdict::OutOfScope, &matched("a")),
            Change::Worse
        );
    }
}
