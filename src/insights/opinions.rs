//! Answers to feedback questions, with the conversations behind them: the fold of the events of all conversations.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;

use crate::conversation::{AskedQuestion, Body, Event};
use crate::ids::{
    ConversationId, OpinionKind, Outcome, QuestionId, Seq, Stage, TeamId, Timestamp, TopicId,
};

/// An answer to a feedback question.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Opinion {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The event of the answer.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The question's name.
    pub question: QuestionId,
    /// The question as it was asked.
    pub ask: String,
    /// Value of the tap.
    pub value: Option<i8>,
    /// What stood on the tap.
    pub label: Option<String>,
    /// Kind of opinion; none for a line without a tap.
    pub kind: Option<OpinionKind>,
    /// The optional line.
    pub text: Option<String>,
    /// How the session ended.
    pub outcome: Outcome,
    /// The last topic of the session.
    pub topic: Option<TopicId>,
    /// The touchpoint that it is about.
    pub touchpoint: Option<String>,
    /// The stage of the customer's way.
    pub stage: Option<Stage>,
    /// Team that reads it: the question's, whoever attended.
    pub team: TeamId,
    /// The agent of the session, where there was one.
    pub agent_name: Option<String>,
    /// The team in whose queue that agent took it; none where the bot had it alone, or an agent took it from the bot.
    pub agent_team: Option<TeamId>,
}

/// How many of each kind; `unanswered` are sessions whose question was put aside or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct OpinionTotals {
    /// It went well.
    pub positive: u64,
    /// So-so.
    pub neutral: u64,
    /// It went badly.
    pub negative: u64,
    /// Help is still needed.
    pub still_stuck: u64,
    /// An idea.
    pub suggestion: u64,
    /// A question is left.
    pub doubt: u64,
    /// Something is broken.
    pub incident: u64,
    /// No answer.
    pub unanswered: u64,
}

impl OpinionTotals {
    /// Changes the number of a kind.
    fn count(&mut self, kind: Option<OpinionKind>, change: impl FnOnce(u64) -> u64) {
        let number = match kind {
            Some(OpinionKind::Positive) => &mut self.positive,
            Some(OpinionKind::Neutral) => &mut self.neutral,
            Some(OpinionKind::Negative) => &mut self.negative,
            Some(OpinionKind::StillStuck) => &mut self.still_stuck,
            Some(OpinionKind::Suggestion) => &mut self.suggestion,
            Some(OpinionKind::Doubt) => &mut self.doubt,
            Some(OpinionKind::Incident) => &mut self.incident,
            None => return,
        };
        *number = change(*number);
    }
}

/// All answers so far.
#[derive(Debug, Default)]
pub struct Opinions {
    answers: BTreeMap<OpinionKey, Opinion>,
    /// When the answer of an event came.
    moments: HashMap<(ConversationId, Seq), Timestamp>,
    sessions: HashMap<ConversationId, Session>,
    /// Sessions that have ended, oldest first: forgotten after [`SESSION_MS`].
    ended: VecDeque<(Timestamp, ConversationId)>,
    totals: OpinionTotals,
}

/// What is remembered of a session until its question is answered.
#[derive(Debug, Default)]
struct Session {
    topic: Option<TopicId>,
    /// The team that was asked last: whoever takes it attends for this team.
    asked_team: Option<TeamId>,
    agent_name: Option<String>,
    agent_team: Option<TeamId>,
    asked: Option<(AskedQuestion, Outcome)>,
    answer: Option<OpinionKey>,
    ended_at: Option<Timestamp>,
}

/// Place of an answer among all: when, conversation, event.
pub type OpinionKey = (Timestamp, ConversationId, Seq);

/// What is remembered of a session is forgotten so long after its end: its question has expired by then. Three days.
const SESSION_MS: i64 = 3 * 24 * 60 * 60_000;

impl Opinions {
    /// Takes in one event of a conversation.
    pub fn apply(&mut self, conversation: ConversationId, event: &Event) {
        self.forget_old(event.at);
        match &event.body {
            Body::SessionOpened { .. } => {
                self.sessions.insert(conversation, Session::default());
            }
            Body::BotAnswered {
                topic: Some(topic), ..
            } => {
                self.sessions.entry(conversation).or_default().topic = Some(topic.clone());
            }
            Body::Claimed { name, .. } => {
                let session = self.sessions.entry(conversation).or_default();
                session.agent_name = Some(name.clone());
                session.agent_team = session.asked_team.clone();
            }
            Body::Queued { team, .. } | Body::Transferred { team, .. } => {
                self.sessions.entry(conversation).or_default().asked_team = Some(team.clone());
            }
            Body::PromiseMade { promise, .. } => {
                let session = self.sessions.entry(conversation).or_default();
                session.asked_team = Some(promise.team.clone());
            }
            Body::Closed {
                question, outcome, ..
            } => {
                let session = self.sessions.entry(conversation).or_default();
                session.answer = None;
                session.ended_at = Some(event.at);
                self.ended.push_back((event.at, conversation));
                session.asked = question.clone().map(|asked| (asked, *outcome));
            }
            Body::Rated {
                tap, value, kind, ..
            } => self.rated(conversation, event, *tap, *value, *kind),
            Body::RatingMissed { .. } => {
                let session = self.sessions.entry(conversation).or_default();
                if session.asked.take().is_some() && session.answer.is_none() {
                    self.totals.unanswered += 1;
                }
            }
            // Nothing else is of an opinion.
            _ => {}
        }
    }

    fn rated(
        &mut self,
        conversation: ConversationId,
        event: &Event,
        tap: Option<u32>,
        value: Option<i8>,
        kind: Option<OpinionKind>,
    ) {
        let text = event.private.first().map(str::to_owned);
        let session = self.sessions.entry(conversation).or_default();
        // A line that follows the tap belongs to the same answer, and may tell better what kind it is.
        if let Some(answer) = session.answer.and_then(|key| self.answers.get_mut(&key)) {
            answer.text = text.or(answer.text.take());
            if kind.is_some() {
                self.totals
                    .count(answer.kind, |number| number.saturating_sub(1));
                self.totals.count(kind, |number| number + 1);
                answer.kind = kind;
            }
            return;
        }
        let Some((asked, outcome)) = session.asked.clone() else {
            return;
        };
        let key = (event.at, conversation, event.seq);
        session.answer = Some(key);
        self.totals.count(kind, |number| number + 1);
        let tapped = tap
            .and_then(|tap| usize::try_from(tap).ok())
            .and_then(|tap| asked.taps.get(tap));
        let opinion = Opinion {
            conversation,
            seq: event.seq,
            at: event.at,
            label: tapped.map(|tap| tap.label.clone()),
            question: asked.id,
            ask: asked.ask,
            value,
            kind,
            text,
            outcome,
            topic: session.topic.clone(),
            touchpoint: asked.touchpoint,
            stage: asked.stage,
            team: asked.team,
            agent_name: session.agent_name.clone(),
            agent_team: session.agent_team.clone(),
        };
        self.moments.insert((conversation, event.seq), event.at);
        self.answers.insert(key, opinion);
    }

    fn forget_old(&mut self, now: Timestamp) {
        while let Some((at, conversation)) = self.ended.front().copied()
            && now.since(at) > SESSION_MS
        {
            self.ended.pop_front();
            let over = self.sessions.get(&conversation);
            if over.is_some_and(|session| session.ended_at == Some(at)) {
                self.sessions.remove(&conversation);
            }
        }
    }

    /// Takes away what a visitor wrote, after an erasure.
    pub fn forget(&mut self, conversation: ConversationId) {
        let theirs = self
            .answers
            .values_mut()
            .filter(|answer| answer.conversation == conversation);
        theirs.for_each(|answer| answer.text = None);
    }

    /// Answers before `before` for which `wanted` holds, newest first, at most `limit`; of one kind where one is given.
    pub fn newest(
        &self,
        kind: Option<OpinionKind>,
        before: Option<OpinionKey>,
        limit: usize,
        wanted: impl Fn(&Opinion) -> bool,
    ) -> Vec<Opinion> {
        let shown = |opinion: &&Opinion| {
            kind.is_none_or(|kind| opinion.kind == Some(kind)) && wanted(opinion)
        };
        let until = before.map_or(Bound::Unbounded, Bound::Excluded);
        self.answers
            .range((Bound::Unbounded, until))
            .rev()
            .map(|(_, opinion)| opinion)
            .filter(shown)
            .take(limit)
            .cloned()
            .collect()
    }

    /// The answer of an event.
    pub fn get(&self, conversation: ConversationId, seq: Seq) -> Option<&Opinion> {
        let at = self.moments.get(&(conversation, seq))?;
        self.answers.get(&(*at, conversation, seq))
    }

    /// Answers since a moment, oldest first.
    pub fn since(&self, since: Timestamp) -> impl Iterator<Item = &Opinion> {
        let since = (since, ConversationId::from_bytes([0; 16]), Seq::ZERO);
        self.answers.range(since..).map(|(_, answer)| answer)
    }

    /// Answers about a touchpoint since a moment.
    pub fn answered_since(&self, touchpoint: Option<&str>, since: Timestamp) -> u32 {
        let about = (self.since(since)).filter(|answer| answer.touchpoint.as_deref() == touchpoint);
        u32::try_from(about.count()).unwrap_or(u32::MAX)
    }

    /// How many of each kind.
    pub fn totals(&self) -> OpinionTotals {
        self.totals
    }
}

impl Opinion {
    /// Whether it asks for a change: something went badly, is broken, is still open, is not clear, or could be better.
    pub fn asks_for_change(&self) -> bool {
        match self.kind {
            Some(
                OpinionKind::Negative
                | OpinionKind::StillStuck
                | OpinionKind::Incident
                | OpinionKind::Doubt
                | OpinionKind::Suggestion,
            ) => true,
            Some(OpinionKind::Positive | OpinionKind::Neutral) | None => false,
        }
    }

    /// Its place among all.
    pub fn key(&self) -> OpinionKey {
        (self.at, self.conversation, self.seq)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::conversation::{AskedTap, Closer, Private};
    use crate::ids::{AgentId, HandoffReason, Priority, SessionId};

    fn event(seq: u64, at: i64, body: Body, private: Private) -> Event {
        Event {
            seq: Seq(seq),
            at: Timestamp(at),
            body,
            private,
        }
    }

    fn closed(at: i64) -> Event {
        let question = AskedQuestion {
            id: "by_default".parse().unwrap(),
            ask: "¿Sirvió?".to_owned(),
            taps: Vec::new(),
            used_for: String::new(),
            team: "default".parse().unwrap(),
            line: true,
            touchpoint: None,
            stage: None,
            quiet: false,
            put_because: String::new(),
        };
        let body = Body::Closed {
            client_id: None,
            outcome: Outcome::ResolvedByBot,
            by: Closer::Visitor,
            question: Some(question),
            because: "default".to_owned(),
            wrap_up: None,
        };
        event(2, at, body, Private::default())
    }

    fn rated(at: i64) -> Event {
        let body = Body::Rated {
            client_id: "r".parse().unwrap(),
            session: SessionId::from_bytes([1; 16]),
            question: "by_default".parse().unwrap(),
            tap: Some(0),
            value: Some(-1),
            kind: Some(OpinionKind::Negative),
            line: true,
        };
        event(3, at, body, Private::text("soy Ana"))
    }

    fn id(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    #[test]
    fn an_answer_names_the_team_that_attended_and_the_one_that_reads_it() {
        let queued = |team: &str| Body::Queued {
            reason: HandoffReason::CustomerRequest,
            team: team.parse().unwrap(),
            priority: Priority::Normal,
            skills: Vec::new(),
        };
        let claimed = Body::Claimed {
            client_id: None,
            agent: AgentId::from_bytes([7; 16]),
            name: "Marta".to_owned(),
        };
        let mut opinions = Opinions::default();
        let plain = |body| event(1, 5, body, Private::default());
        opinions.apply(id(1), &plain(queued("payments")));
        opinions.apply(id(1), &plain(claimed));
        // Asked for once more and taken by nobody: that team attended to nothing.
        opinions.apply(id(1), &plain(queued("returns")));
        for n in [1, 2] {
            opinions.apply(id(n), &closed(10));
            opinions.apply(id(n), &rated(20));
        }
        let all = opinions.newest(None, None, 9, |_| true);
        let teams = all.iter().map(|one| {
            (
                one.team.as_str(),
                one.agent_team.as_ref().map(TeamId::as_str),
            )
        });
        assert_eq!(
            teams.collect::<Vec<_>>(),
            [("default", None), ("default", Some("payments"))]
        );
    }

    #[test]
    fn answers_of_one_moment_are_all_on_some_page() {
        let mut opinions = Opinions::default();
        for n in 0..5 {
            opinions.apply(id(n), &closed(10));
            opinions.apply(id(n), &rated(20));
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = opinions.newest(None, before, 2, |_| true);
            let Some(last) = page.last() else { break };
            before = Some(last.key());
            seen.extend(page.into_iter().map(|opinion| opinion.conversation));
        }
        assert_eq!(seen, [id(4), id(3), id(2), id(1), id(0)]);
    }

    #[test]
    fn of_two_taps_of_one_value_the_tapped_one_is_shown() {
        let mut closing = closed(10);
        if let Body::Closed {
            question: Some(asked),
            ..
        } = &mut closing.body
        {
            asked.taps = ["No se entendió", "No ayudó"]
                .map(|label| AskedTap {
                    value: -1,
                    kind: OpinionKind::Negative,
                    label: label.to_owned(),
                })
                .into();
        }
        let mut answer = rated(20);
        if let Body::Rated { tap, .. } = &mut answer.body {
            *tap = Some(1);
        }
        let mut opinions = Opinions::default();
        opinions.apply(id(1), &closing);
        opinions.apply(id(1), &answer);
        let told = opinions.newest(None, None, 1, |_| true);
        assert_eq!(told[0].label.as_deref(), Some("No ayudó"));
    }

    #[test]
    fn an_erased_visitor_leaves_the_numbers_only() {
        let mut opinions = Opinions::default();
        for n in 0..2 {
            opinions.apply(id(n), &closed(10));
            opinions.apply(id(n), &rated(20));
        }
        opinions.forget(id(0));
        let texts: Vec<_> = opinions
            .newest(None, None, 9, |_| true)
            .into_iter()
            .map(|opinion| opinion.text)
            .collect();
        assert_eq!(texts, [Some("soy Ana".to_owned()), None]);
        assert_eq!(opinions.totals().negative, 2);
    }

    #[test]
    fn sessions_that_are_long_over_are_forgotten() {
        let mut opinions = Opinions::default();
        opinions.apply(id(1), &closed(10));
        opinions.apply(id(2), &closed(10 + SESSION_MS));
        assert_eq!(opinions.sessions.len(), 2);
        opinions.apply(id(2), &rated(11 + SESSION_MS));
        assert_eq!(opinions.sessions.len(), 1);
    }
}
