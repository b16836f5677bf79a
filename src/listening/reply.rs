//! The reply that fits the kind of an opinion.

use super::team_name;
use crate::conversation::{Choice, People, State, Target};
use crate::ids::{Lang, OpinionKind, Style, TeamId, Utterance};
use crate::topics::{Catalog, Reader, TopicRole};

/// What is said to an opinion, and its buttons. `kind` is that of the tap; `None` where only a line was written or the question was put aside.
///
/// A negative one gets an apology, who reads it by when, and a person now where one is there; who is still stuck goes straight back to help.
pub fn reply_to_opinion(
    catalog: &Catalog,
    state: &State,
    kind: Option<OpinionKind>,
    line: Option<&Utterance>,
    people: &People,
) -> (String, Vec<Choice>) {
    let reader = reader(catalog, state);
    let team = team(&reader, state);
    let values = [("team", team.as_str())];
    let person = || Choice {
        title: reader.engine("talk_to_person", &[]),
        target: Target::Person,
    };
    match (kind, line) {
        (Some(OpinionKind::Positive), _) => {
            (reader.engine("opinion_positive", &values), Vec::new())
        }
        (Some(OpinionKind::Neutral), _) => (reader.engine("opinion_neutral", &values), Vec::new()),
        (Some(OpinionKind::Negative), _) => {
            let deadline = reader.engine("opinion_deadline", &[]);
            let mut words = reader.engine(
                "opinion_negative",
                &[("team", &team), ("deadline", &deadline)],
            );
            let mut choices = Vec::new();
            if *people == People::Available {
                words.push(' ');
                words.push_str(&reader.engine("opinion_negative_offer_person", &[]));
                choices.push(person());
            }
            (words, choices)
        }
        (Some(OpinionKind::StillStuck), _) => {
            let mut choices = vec![person()];
            choices.extend(ways_on(&reader, state));
            (reader.engine("opinion_still_stuck", &[]), choices)
        }
        // A line without a tap, or after one that was answered: it is read all the same.
        (None, Some(_)) => (reader.engine("opinion_neutral", &values), Vec::new()),
        (None, None) => (reader.engine("opinion_declined", &[]), Vec::new()),
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
