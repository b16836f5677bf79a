//! The question at the end of a session: the topic's own, else by outcome, else by stage, else the default.

use crate::conversation::{AskedQuestion, AskedTap, State};
use crate::ids::{HandoffReason, Lang, OpinionKind, Outcome, QuestionId, SiteId, Stage, Style};
use crate::topics::{Catalog, Question, Reader};

/// The question for a session that ends like this, as it is shown, and why this one or none.
///
/// The reason is one word, with a colon and a detail where there is one: `topic:where_is_my_order`, `outcome:unresolved`, `stage:use`,
/// `default`, `apology:abandoned`; without a question `no_visitor_turn`, `sensitive_topic` or `no_question_fits`.
pub fn choose_question(
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
    let case = Case {
        outcome,
        stage: topic
            .and_then(|topic| topic.stage)
            .or(session.opening.stage),
        site: &session.opening.site,
    };
    let reader = Reader::new(catalog, &session.opening.site, lang, style);
    let asked = |question: &Question, because: String| (Some(shown(&reader, question)), because);

    if let Some(topic) = topic
        && let Some(own) = topic.feedback.as_ref()
        && let Some(question) = catalog.questions.iter().find(|one| one.id == *own)
        && case.takes_own(question)
    {
        return asked(question, format!("topic:{}", topic.id));
    }
    if let Some((question, because)) = case.by_rule(&catalog.questions) {
        return asked(question, because);
    }
    if case.went_badly() {
        return (Some(apology(&reader)), format!("apology:{outcome}"));
    }
    none("no_question_fits")
}

/// What the choice goes by.
struct Case<'a> {
    outcome: Outcome,
    stage: Option<Stage>,
    site: &'a SiteId,
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
            && (question.sites.is_empty() || question.sites.contains(self.site))
    }

    /// The question whose rule says most of this case: outcome before stage before site, then the first in the file.
    fn by_rule<'q>(&self, questions: &'q [Question]) -> Option<(&'q Question, String)> {
        let mut best: Option<(&Question, u8)> = None;
        for question in questions.iter().filter(|question| self.fits(question)) {
            let weight = 4 * u8::from(!question.outcomes.is_empty())
                + 2 * u8::from(question.stage.is_some())
                + u8::from(!question.sites.is_empty());
            if best.is_none_or(|(_, most)| weight > most) {
                best = Some((question, weight));
            }
        }
        let (question, _) = best?;
        let because = match (question.outcomes.is_empty(), question.stage) {
            (false, None) => format!("outcome:{}", self.outcome),
            (false, Some(stage)) => format!("outcome:{},stage:{stage}", self.outcome),
            (true, Some(stage)) => format!("stage:{stage}"),
            (true, None) => "default".to_owned(),
        };
        Some((question, because))
    }

    fn fits(&self, question: &Question) -> bool {
        let outcome = if question.outcomes.is_empty() {
            !self.went_badly()
        } else {
            question.outcomes.contains(&self.outcome)
        };
        question.by_rule
            && outcome
            && question.stage.is_none_or(|stage| Some(stage) == self.stage)
            && (question.sites.is_empty() || question.sites.contains(self.site))
    }
}

fn shown(reader: &Reader<'_>, question: &Question) -> AskedQuestion {
    AskedQuestion {
        id: question.id.clone(),
        ask: reader.fill(&question.ask, |_| None),
        taps: question
            .taps
            .iter()
            .map(|tap| AskedTap {
                value: tap.value,
                kind: tap.kind,
                label: reader.words(&tap.label).to_owned(),
            })
            .collect(),
        used_for: reader.fill(&question.used_for, |_| None),
        team: question.team.clone(),
        line: offers_line(reader.style),
    }
}

/// In the fast style the question is one tap and nothing else.
fn offers_line(style: Style) -> bool {
    match style {
        Style::Fast => false,
        Style::Warm => true,
    }
}

/// The built-in question for a session that went badly, where `feedback.yaml` has none for it.
fn apology(reader: &Reader<'_>) -> AskedQuestion {
    let team = "default".parse().expect("a valid slug");
    let team_name = reader
        .catalog
        .team_name(&team)
        .map_or_else(|| team.to_string(), |name| reader.words(name).to_owned());
    let tap = |key: &str, value, kind| AskedTap {
        value,
        kind,
        label: reader.engine(key, &[]),
    };
    AskedQuestion {
        id: "apology".parse::<QuestionId>().expect("a valid slug"),
        ask: reader.engine("apology_ask", &[]),
        taps: vec![
            tap("apology_not_understood", -1, OpinionKind::Negative),
            tap("apology_no_help", -1, OpinionKind::Negative),
            tap("talk_to_person", -1, OpinionKind::StillStuck),
        ],
        used_for: reader.engine("apology_use", &[("team", &team_name)]),
        team,
        line: offers_line(reader.style),
    }
}
