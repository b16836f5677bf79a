//! What parses and will still be regretted: thin topics, examples that two topics nearly share, patterns that never decide, tests that prove
//! nothing, circles, mixed registers, facts typed twice, feigned feelings.

mod answers;
mod covered;
mod empathy;
mod examples;
mod flow;
mod folded;
mod near;
mod register;
mod typed;
pub(super) mod wording;

use super::fault::Fault;
use super::notes::Notes;
use super::problem::Place;
use super::read::Gathered;
use super::team::Policy;
pub use answers::PLACEHOLDERS;
pub use folded::sentence as folded;

/// `today` is the day by which `review_by` is judged; without it that is left out.
pub(super) fn run(all: &Gathered, today: Option<jiff::civil::Date>, notes: &mut Notes) {
    examples::check(all, notes);
    near::check(notes);
    covered::check(notes);
    flow::check(all, notes);
    answers::check(all, notes);
    wording::check(all, notes);
    skills_by_hand(all, notes);
    regional(all, notes);
    remembered_alike(notes);
    invited_to_trouble(all, notes);
    if let Some(today) = today {
        reviews(all, today, notes);
    }
}

/// Skills decide whom something is offered to, so a team to which nothing is offered has no use for them.
fn skills_by_hand(all: &Gathered, notes: &mut Notes) {
    let mut by_hand = Vec::new();
    for own in &notes.topics {
        let Some(topic) = all.topics.get(&own.id) else {
            continue;
        };
        for (team, place) in &own.skilled {
            let team = team.as_ref().unwrap_or(&topic.escalate.team);
            let manual = all
                .teams
                .get(team)
                .is_some_and(|team| team.routing.policy == Policy::Manual);
            if manual {
                let team = team.to_string();
                by_hand.push((place.clone(), Fault::SkillsByHand { team }));
            }
        }
    }
    for (place, fault) in by_hand {
        notes.fault(&place, &fault);
    }
}

/// Nobody is invited to talk about a death or a fraud.
fn invited_to_trouble(all: &Gathered, notes: &mut Notes) {
    let sensitive = |id| all.topics.get(id).is_some_and(|topic| topic.sensitive);
    let found: Vec<_> = (notes.invited.iter())
        .filter(|(topic, _)| sensitive(topic))
        .map(|(topic, place)| (place.clone(), topic.to_string()))
        .collect();
    for (place, topic) in found {
        notes.fault(&place, &Fault::InvitedToTrouble { topic });
    }
}

/// What is kept in one topic is used in another, so one name stands for one kind of value.
fn remembered_alike(notes: &mut Notes) {
    let mut kinds = std::collections::BTreeMap::new();
    let mut faults = Vec::new();
    for (item, rule, place) in &notes.remembered {
        let values: Vec<&str> = (rule.values.iter())
            .map(|value| value.value.as_str())
            .collect();
        let kind = (rule.kind, values);
        if *kinds.entry(item).or_insert_with(|| kind.clone()) != kind {
            let item = item.to_string();
            faults.push((place.clone(), Fault::RememberTwice { item }));
        }
    }
    for (place, fault) in faults {
        notes.fault(&place, &fault);
    }
}

/// Words of a language that the assistant does not speak are read by nobody.
fn regional(all: &Gathered, notes: &mut Notes) {
    let Some(assistant) = &all.assistant else {
        return;
    };
    let spoken = |locale: &crate::ids::Lang| {
        let mut known = assistant.languages.iter();
        known.any(|lang| lang.base() == locale.base())
    };
    let foreign: Vec<_> = notes
        .regional
        .iter()
        .filter(|(locale, _)| !spoken(locale))
        .map(|(locale, place)| (place.clone(), locale.to_string()))
        .collect();
    for (place, tag) in foreign {
        notes.fault(&place, &Fault::RegionalLanguage { tag });
    }
}

fn reviews(all: &Gathered, today: jiff::civil::Date, notes: &mut Notes) {
    let past: Vec<(Place, Fault)> = notes
        .topics
        .iter()
        .filter_map(|own| {
            let date = all.topics.get(&own.id)?.review_by.clone()?;
            let due: jiff::civil::Date = date.parse().ok()?;
            (due < today).then_some((own.review_by.clone()?, Fault::ReviewPast { date }))
        })
        .collect();
    for (place, fault) in past {
        notes.fault(&place, &fault);
    }
}
