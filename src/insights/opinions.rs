//! Answers to feedback questions, with the conversations behind them: the fold of the events of all conversations.

use std::collections::{BTreeMap, HashMap};

use crate::conversation::{AskedQuestion, Body, Event};
use crate::ids::{
    ConversationId, OpinionKind, Outcome, QuestionId, Seq, TeamId, Timestamp, TopicId,
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
    /// Team that reads it.
    pub team: TeamId,
    /// The agent of the session, where there was one.
    pub agent_name: Option<String>,
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
    /// No answer.
    pub unanswered: u64,
}

/// All answers so far.
#[derive(Debug, Default)]
pub struct Opinions {
    answers: BTreeMap<(Timestamp, ConversationId, Seq), Opinion>,
    sessions: HashMap<ConversationId, Session>,
    totals: OpinionTotals,
}

/// What is remembered of a session until its question is answered.
#[derive(Debug, Default)]
struct Session {
    topic: Option<TopicId>,
    agent_name: Option<String>,
    asked: Option<(AskedQuestion, Outcome)>,
    answer: Option<(Timestamp, ConversationId, Seq)>,
}

impl Opinions {
    /// Takes in one event of a conversation.
    pub fn apply(&mut self, conversation: ConversationId, event: &Event) {
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
                self.sessions.entry(conversation).or_default().agent_name = Some(name.clone());
            }
            Body::Closed {
                question, outcome, ..
            } => {
                let session = self.sessions.entry(conversation).or_default();
                session.answer = None;
                session.asked = question.clone().map(|asked| (asked, *outcome));
            }
            Body::Rated { value, kind, .. } => self.rated(conversation, event, *value, *kind),
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
        value: Option<i8>,
        kind: Option<OpinionKind>,
    ) {
        let text = event.private.first().map(str::to_owned);
        let session = self.sessions.entry(conversation).or_default();
        // A line that follows the tap belongs to the same answer.
        if let Some(answer) = session.answer.and_then(|key| self.answers.get_mut(&key)) {
            answer.text = text.or(answer.text.take());
            return;
        }
        let Some((asked, outcome)) = session.asked.clone() else {
            return;
        };
        let key = (event.at, conversation, event.seq);
        session.answer = Some(key);
        match kind {
            Some(OpinionKind::Positive) => self.totals.positive += 1,
            Some(OpinionKind::Neutral) => self.totals.neutral += 1,
            Some(OpinionKind::Negative) => self.totals.negative += 1,
            Some(OpinionKind::StillStuck) => self.totals.still_stuck += 1,
            None => {}
        }
        let tapped = (asked.taps.iter()).find(|tap| Some(tap.value) == value);
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
            team: asked.team,
            agent_name: session.agent_name.clone(),
        };
        self.answers.insert(key, opinion);
    }

    /// Answers before `before` for which `wanted` holds, newest first, at most `limit`; of one kind where one is given.
    pub fn newest(
        &self,
        kind: Option<OpinionKind>,
        before: Option<Timestamp>,
        limit: usize,
        wanted: impl Fn(&Opinion) -> bool,
    ) -> Vec<Opinion> {
        let shown = |opinion: &&Opinion| {
            kind.is_none_or(|kind| opinion.kind == Some(kind))
                && before.is_none_or(|before| opinion.at < before)
                && wanted(opinion)
        };
        self.answers
            .values()
            .rev()
            .filter(shown)
            .take(limit)
            .cloned()
            .collect()
    }

    /// How many of each kind.
    pub fn totals(&self) -> OpinionTotals {
        self.totals
    }
}
