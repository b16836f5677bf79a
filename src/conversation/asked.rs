//! The questions that were asked here before, so that nobody is asked too often.

use super::parts::AskedQuestion;
use super::state::State;
use crate::ids::{SessionId, Timestamp};

/// Most questions that are remembered of one visitor; the rules look back over three at most.
const REMEMBERED: usize = 24;

/// A question that ended a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastQuestion {
    /// The session.
    pub session: SessionId,
    /// When it was shown.
    pub at: Timestamp,
    /// Whether it was put before the visitor, not only left in the closing card.
    pub put: bool,
    /// What became of it, and when.
    pub end: Option<(PastEnd, Timestamp)>,
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastEnd {
    /// It was answered.
    Answered,
    /// The visitor said "not now".
    Declined,
    /// Nothing came in time.
    Missed,
}

impl State {
    /// A session ended with this question. One that was reopened has one question, however often it is closed.
    pub(super) fn question_shown(&mut self, asked: &AskedQuestion, at: Timestamp) {
        let Some(session) = self.session.as_ref().map(|session| session.id) else {
            return;
        };
        let put = !asked.quiet;
        match self.asked.last_mut().filter(|last| last.session == session) {
            Some(last) => last.put |= put,
            None => {
                if self.asked.len() == REMEMBERED {
                    // Those that were put count for longest.
                    let oldest = self.asked.iter().position(|past| !past.put);
                    self.asked.remove(oldest.unwrap_or(0));
                }
                self.asked.push(PastQuestion {
                    session,
                    at,
                    put,
                    end: None,
                });
            }
        }
    }

    /// The last question came to this end.
    pub(super) fn question_ended(&mut self, end: PastEnd, at: Timestamp) {
        // "Not now" to the line behind a tap takes nothing back.
        if let Some(last) = self.asked.last_mut()
            && !matches!(last.end, Some((PastEnd::Answered, _)))
        {
            last.end = Some((end, at));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{Opening, Session};
    use crate::ids::{Lang, Seq};

    fn ends(state: &mut State, number: u8, quiet: bool) {
        state.session = Some(Session {
            id: SessionId::from_bytes([number; 16]),
            seq: Seq(1),
            opened_at: Timestamp(0),
            opening: Opening::plain("es".parse().unwrap(), Lang::es()),
            turns: 1,
            agent_wrote: false,
            topic: None,
            handoff: None,
            team: None,
        });
        let asked = AskedQuestion {
            id: "q".parse().unwrap(),
            ask: String::new(),
            taps: Vec::new(),
            used_for: String::new(),
            team: "default".parse().unwrap(),
            line: true,
            touchpoint: None,
            stage: None,
            quiet,
            put_because: String::new(),
        };
        state.question_shown(&asked, Timestamp(i64::from(number)));
    }

    #[test]
    fn a_session_has_one_question_and_what_was_put_is_remembered_longest() {
        let mut state = State::default();
        ends(&mut state, 1, true);
        ends(&mut state, 1, false);
        ends(&mut state, 1, true);
        assert_eq!((state.asked.len(), state.asked[0].put), (1, true));
        for number in 2..100 {
            ends(&mut state, number, true);
        }
        assert_eq!(state.asked.len(), REMEMBERED);
        assert_eq!(state.asked[0].at, Timestamp(1));
        assert_eq!(state.asked[1].at, Timestamp(77));
    }
}
