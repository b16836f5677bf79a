//! The reply that fits the kind of an opinion.

use super::team_name;
use crate::conversation::{Choice, People, State, Target};
use crate::ids::{Lang, OpinionKind, Style, TeamId};
use crate::topics::{Catalog, Reader, TopicRole};

/// What is said to an opinion, and its buttons. `kind` is none where nothing tells; `case` is the number of the case that it opens.
///
/// A negative one gets an apology, who reads it by when, and a person now where one is there; who is still stuck goes straight back to help.
pub fn reply_to_opinion(
    catalog: &Catalog,
    state: &State,
    kind: Option<OpinionKind>,
    case: Option<&str>,
    people: &People,
) -> (String, Vec<Choice>) {
    let reader = reader(catalog, state);
    let team = team(&reader, state);
    let deadline = reader.engine("opinion_deadline", &[]);
    let values = [("team", team.as_str()), ("deadline", deadline.as_str())];
    let person = || Choice {
        title: reader.engine("talk_to_person", &[]),
        target: Target::Person,
    };
    let key = match kind {
        Some(OpinionKind::Positive) => "opinion_positive",
        Some(OpinionKind::Neutral) => "opinion_neutral",
        Some(OpinionKind::Negative) => "opinion_negative",
        Some(OpinionKind::Suggestion) => "opinion_suggestion",
        Some(OpinionKind::Doubt) => "opinion_doubt",
        Some(OpinionKind::Incident) => "opinion_incident",
        Some(OpinionKind::StillStuck) => "opinion_still_stuck",
        // A line without a tap that says nothing plain: it is read all the same.
        None => "opinion_neutral",
    };
    let mut words = reader.engine(key, &values);
    let mut say = |more: String| {
        words.push(' ');
        words.push_str(&more);
    };
    if let Some(case) = case {
        say(reader.engine("opinion_case", &[("case", case)]));
    }
    let choices = match kind {
        Some(OpinionKind::StillStuck | OpinionKind::Doubt) => {
            let mut choices = vec![person()];
            choices.extend(ways_on(&reader, state));
            choices
        }
        Some(OpinionKind::Negative | OpinionKind::Incident) if *people == People::Available => {
            say(reader.engine("opinion_negative_offer_person", &[]));
            vec![person()]
        }
        Some(
            OpinionKind::Negative
            | OpinionKind::Incident
            | OpinionKind::Positive
            | OpinionKind::Neutral
            | OpinionKind::Suggestion,
        )
        | None => Vec::new(),
    };
    (words, choices)
}

/// What an opinion's case owes, in words; none where the kind opens no case.
pub fn opinion_case(catalog: &Catalog, state: &State, kind: Option<OpinionKind>) -> Option<String> {
    match kind {
        Some(OpinionKind::Negative | OpinionKind::Incident) => {
            Some(reader(catalog, state).engine("opinion_case_what", &[]))
        }
        Some(
            OpinionKind::Positive
            | OpinionKind::Neutral
            | OpinionKind::StillStuck
            | OpinionKind::Suggestion
            | OpinionKind::Doubt,
        )
        | None => None,
    }
}

fn reader<'a>(catalog: &'a Catalog, state: &State) -> Reader<'a> {
    let site = state.session.as_ref().map_or_else(
        || "demo".parse().expect("a valid slug"),
        |session| session.opening.site.clone(),
    );
    let lang = state
        .lang()
        .or_else(|| catalog.assistant.languages.first())
        .cloned()
        .unwrap_or_else(Lang::es);
    let style = state
        .session
        .as_ref()
        .map_or(Style::Warm, |session| session.opening.style);
    Reader::new(catalog, &site, &lang, style)
}

/// Name of the team that reads the answers of the open question.
fn team(reader: &Reader<'_>, state: &State) -> String {
    let team: TeamId = state.question.as_ref().map_or_else(
        || "default".parse().expect("a valid slug"),
        |question| question.asked.team.clone(),
    );
    team_name(reader, &team)
}

/// The topic of the session, else what the greeting offers, as buttons: two at most.
fn ways_on(reader: &Reader<'_>, state: &State) -> Vec<Choice> {
    let own = state
        .session
        .as_ref()
        .and_then(|session| session.topic.as_ref());
    let greeted = &reader.catalog.assistant.greeting_choices;
    own.into_iter()
        .chain(greeted.iter().filter(|id| Some(*id) != own))
        .filter_map(|id| reader.catalog.topics.get(id))
        .filter(|topic| topic.role != Some(TopicRole::TalkToPerson))
        .take(2)
        .map(|topic| Choice {
            title: reader.words(&topic.title).to_owned(),
            target: Target::Topic {
                topic: topic.id.clone(),
            },
        })
        .collect()
}
