//! The question at the end of a session: the topic's own, else by touchpoint, else by outcome, else by stage, else the default.

use super::team_name;
use super::whom::{Ending, put};
use crate::conversation::{AskedQuestion, AskedTap, State};
use crate::ids::{
    AgentId, HandoffReason, Lang, OpinionKind, Outcome, QuestionId, SiteId, Stage, Style,
    TouchpointId,
};
use crate::topics::{Catalog, Question, Reader, Tap, Topic};

/// The question for a session that ends like this, as it is shown, and why this one or none.
///
/// The reason is one word, with a colon and a detail where there is one, several with commas: `topic:where_is_my_order`,
/// `touchpoint:checkout`, `outcome:resolved_by_agent,handoff:repeated_failure`, `stage:use`, `default`, `apology:abandoned`; without a question `no_visitor_turn`, `sensitive_topic` or `no_question_fits`.
pub fn choose_question(
    catalog: &Catalog,
    state: &State,
    end: &Ending<'_>,
    lang: &Lang,
    style: Style,
) -> (Option<AskedQuestion>, String) {
    let (question, because) = fitting(catalog, state, end.outcome, lang, style);
    let question = question.map(|asked| {
        let answers = (end.answers)(asked.touchpoint.as_deref());
        let put = put(&catalog.asking, state, end, answers);
        let improved = (end.improved)(asked.touchpoint.as_deref());
        let used_for = match (improved, &state.session) {
            (Some(improved), Some(session)) => {
                let reader = Reader::new(catalog, &session.opening.site, lang, style);
                improved.behind(&asked.used_for, &reader)
            }
            (None, _) | (_, None) => asked.used_for,
        };
        AskedQuestion {
            used_for,
            quiet: !put.now,
            put_because: put.because,
            ..asked
        }
    });
    (question, because)
}

/// The question that fits, whether or not it is put before the visitor.
fn fitting(
    catalog: &Catalog,
    state: &State,
    outcome: Outcome,
    lang: &Lang,
    style: Style,
) -> (Option<AskedQuestion>, String) {
    let none = |because: &str| (None, because.to_owned());
    let Some(session) = state.session.as_ref().filter(|session| session.turns > 0) else {
        return none("no_visitor_turn");
    };
    let was_sensitive = session.handoff == Some(HandoffReason::SensitiveTopic)
        || state
            .memory
            .tried
            .iter()
            .chain(&session.topic)
            .filter_map(|id| catalog.topics.get(id))
            .any(|topic| topic.sensitive);
    if was_sensitive {
        return none("sensitive_topic");
    }
    let topic = session.topic.as_ref().and_then(|id| catalog.topics.get(id));
    let met = topic.and_then(|topic| catalog.journey.of_topic(&topic.id));
    let case = Case {
        touchpoint: met
            .map(|met| met.id.to_string())
            .or_else(|| session.opening.touchpoint.clone()),
        outcome,
        handoff: session.handoff,
        stage: topic
            .and_then(|topic| topic.stage)
            .or_else(|| met.and_then(|met| met.stage))
            .or(session.opening.stage),
        site: &session.opening.site,
        topic,
        agent: state.last_agent.as_ref().filter(|_| session.agent_wrote),
        reader: Reader::new(catalog, &session.opening.site, lang, style),
    };

    if let Some(topic) = topic
        && let Some(own) = topic.feedback.as_ref()
        && let Some(question) = catalog.questions.iter().find(|one| one.id == *own)
        && case.takes_own(question)
    {
        return (Some(case.shown(question)), format!("topic:{}", topic.id));
    }
    if let Some((question, because)) = case.by_rule(&catalog.questions) {
        return (Some(case.shown(question)), because);
    }
    if case.went_badly() {
        return (Some(case.apology()), format!("apology:{outcome}"));
    }
    none("no_question_fits")
}

/// What the choice goes by.
struct Case<'a> {
    touchpoint: Option<String>,
    outcome: Outcome,
    handoff: Option<HandoffReason>,
    stage: Option<Stage>,
    site: &'a SiteId,
    topic: Option<&'a Topic>,
    agent: Option<&'a (AgentId, String)>,
    reader: Reader<'a>,
}

impl Case<'_> {
    /// Who leaves without help gets an apology, never "how satisfied".
    fn went_badly(&self) -> bool {
        match self.outcome {
            Outcome::Unresolved | Outcome::Abandoned => true,
            Outcome::ResolvedByBot
            | Outcome::ResolvedByAgent
            | Outcome::Referred
            | Outcome::Expired
            | Outcome::LeftMessage => false,
        }
    }

    /// Whether a topic's own question may be asked: its rule, where it has one, must allow the outcome. A bad end needs a question made for it,
    /// and so does the work of a person: the topic's question is about the bot's answer.
    fn takes_own(&self, question: &Question) -> bool {
        let for_outcome = question.outcomes.contains(&self.outcome);
        let about_the_bot = !self.went_badly() && self.outcome != Outcome::ResolvedByAgent;
        (for_outcome || (question.outcomes.is_empty() && about_the_bot))
            && self.may_be_put(question)
    }

    /// The question whose rule says most of this case: touchpoint before outcome before stage before site, then the first in the file.
    fn by_rule<'q>(&self, questions: &'q [Question]) -> Option<(&'q Question, String)> {
        let mut best: Option<(&Question, u8)> = None;
        for question in questions.iter().filter(|question| self.fits(question)) {
            let of_end = !question.outcomes.is_empty() || !question.handoffs.is_empty();
            let weight = 16 * u8::from(!question.touchpoints.is_empty())
                + 8 * u8::from(of_end)
                + 4 * u8::from(!question.handoffs.is_empty())
                + 2 * u8::from(question.stage.is_some())
                + u8::from(!question.sites.is_empty());
            if best.is_none_or(|(_, most)| weight > most) {
                best = Some((question, weight));
            }
        }
        let (question, _) = best?;
        let touchpoint = self.touchpoint.as_ref();
        let parts = [
            touchpoint
                .filter(|_| !question.touchpoints.is_empty())
                .map(|one| format!("touchpoint:{one}")),
            (!question.outcomes.is_empty()).then(|| format!("outcome:{}", self.outcome)),
            self.handoff
                .filter(|_| !question.handoffs.is_empty())
                .map(|why| format!("handoff:{why}")),
            question.stage.map(|stage| format!("stage:{stage}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let because = if parts.is_empty() {
            "default".to_owned()
        } else {
            parts.join(",")
        };
        Some((question, because))
    }

    fn fits(&self, question: &Question) -> bool {
        let outcome = if question.outcomes.is_empty() {
            !self.went_badly()
        } else {
            question.outcomes.contains(&self.outcome)
        };
        let named = |one: &TouchpointId| self.touchpoint.as_deref() == Some(one.as_str());
        question.by_rule
            && outcome
            && (question.touchpoints.is_empty() || question.touchpoints.iter().any(named))
            && (question.handoffs.is_empty()
                || self
                    .handoff
                    .is_some_and(|why| question.handoffs.contains(&why)))
            && question.stage.is_none_or(|stage| Some(stage) == self.stage)
            && self.may_be_put(question)
    }

    /// Whether it can be put to this reader at all: on this site, in this style, with every name that it cites known.
    fn may_be_put(&self, question: &Question) -> bool {
        let one_tap = !question.taps.is_empty() || offers_line(self.reader.style);
        let said = |text| {
            self.reader
                .unfilled(text, |name| self.place(name))
                .is_empty()
        };
        one_tap
            && (question.sites.is_empty() || question.sites.contains(self.site))
            && said(&question.ask)
    }

    /// What a question may cite of the session.
    fn place(&self, name: &str) -> Option<String> {
        match name {
            "agent" => self.agent.map(|(_, name)| name.clone()),
            "topic" => self
                .topic
                .map(|topic| self.reader.words(&topic.title).to_owned()),
            _ => None,
        }
    }

    fn shown(&self, question: &Question) -> AskedQuestion {
        let place = |name: &str| match name {
            "team" => Some(team_name(&self.reader, &question.team)),
            _ => self.place(name),
        };
        let plain = |tap: &&Tap| tap.kind != OpinionKind::Neutral;
        // Who wants it short says yes or no; the middle takes thought.
        let two =
            self.reader.style == Style::Fast && question.taps.iter().filter(plain).count() > 1;
        let taps = question.taps.iter().filter(|tap| !two || plain(tap));
        let taps = taps.map(|tap| AskedTap {
            value: tap.value,
            kind: tap.kind,
            label: self.reader.words(&tap.label).to_owned(),
        });
        AskedQuestion {
            id: question.id.clone(),
            ask: self.reader.fill(&question.ask, place),
            taps: taps.collect(),
            used_for: self.reader.fill(&question.used_for, place),
            team: question.team.clone(),
            line: offers_line(self.reader.style),
            touchpoint: self.touchpoint.clone(),
            stage: self.stage,
            quiet: false,
            put_because: String::new(),
        }
    }

    /// The built-in question for a session that went badly, where `feedback.yaml` has none for it.
    fn apology(&self) -> AskedQuestion {
        let team = "default".parse().expect("a valid slug");
        let name = team_name(&self.reader, &team);
        let tap = |key: &str, value, kind| AskedTap {
            value,
            kind,
            label: self.reader.engine(key, &[]),
        };
        AskedQuestion {
            id: "apology".parse::<QuestionId>().expect("a valid slug"),
            ask: self.reader.engine("apology_ask", &[]),
            taps: vec![
                tap("apology_not_understood", -1, OpinionKind::Negative),
                tap("apology_no_help", -1, OpinionKind::Negative),
                tap("talk_to_person", -1, OpinionKind::StillStuck),
            ],
            used_for: self.reader.engine("apology_use", &[("team", &name)]),
            team,
            line: offers_line(self.reader.style),
            touchpoint: self.touchpoint.clone(),
            stage: self.stage,
            quiet: false,
            put_because: String::new(),
        }
    }
}

/// In the fast style the question is one tap and nothing else.
fn offers_line(style: Style) -> bool {
    match style {
        Style::Fast => false,
        Style::Warm => true,
    }
}
