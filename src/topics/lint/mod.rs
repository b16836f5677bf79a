//! What parses and will still be regretted: thin topics, tests that prove nothing, circles, mixed registers, facts typed twice.

mod examples;
mod flow;
pub(super) mod wording;

use super::fault::Fault;
use super::notes::Notes;
use super::problem::Place;
use super::read::Gathered;

/// `today` is the day by which `review_by` is judged; without it that is left out.
pub(super) fn run(all: &Gathered, today: Option<jiff::civil::Date>, notes: &mut Notes) {
    examples::check(all, notes);
    flow::check(all, notes);
    wording::check(all, notes);
    if let Some(today) = today {
        reviews(all, today, notes);
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
