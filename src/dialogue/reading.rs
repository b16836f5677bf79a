//! Reads what is unanswered, with what the conversation knows: the buttons just offered, the value just asked for, the last topic.

use super::cues;
use super::second_thoughts::dissents;
use super::slot::stored_rule;
use crate::conversation::{Asking, Offer, Reading, Second, State, Verdict};
use crate::ids::{Lang, SlotName, Timestamp};
use crate::topics::{Catalog, SlotKind, SlotRule, TopicRole};
use crate::understanding::{self, Around, Context, Engine, Expecting, Offered, Request};

/// The readings of the unanswered texts, in order. Days that are named from today, "mañana", are counted on the clock of the site.
pub fn read(state: &State, catalog: &Catalog, engine: &Engine, now: Timestamp) -> Vec<Reading> {
    let lang = state.lang().cloned().unwrap_or_else(Lang::es);
    let site = state
        .session
        .as_ref()
        .and_then(|session| catalog.site(&session.opening.site));
    let locale = site
        .map(|site| &site.register)
        .filter(|register| register.base() == lang.base())
        .unwrap_or(&lang);
    let around = Around {
        now: site.and_then(|site| on_the_clock(now, &site.time_zone)),
        locale,
    };
    let offered: Vec<Offered> = state
        .choices
        .iter()
        .flat_map(|(_, choices)| choices)
        .map(|choice| Offered {
            label: choice.title.clone(),
            topic: choice.target.topic().cloned(),
        })
        .collect();
    let asked = asked(state);
    let context = Context {
        session_lang: &lang,
        offered: &offered,
        last_topic: state.memory.last_topic.as_ref(),
        before: Some(state.words_before.as_str()).filter(|before| {
            // What a form asked for answers it, and what goes against an answer does not go on with the question.
            let goes_on = state.memory.open.is_none() && !dissents(&state.last_words);
            goes_on && !before.is_empty()
        }),
        expecting: match &asked {
            Some((name, rule)) => Expecting::Slot { name, rule },
            None if awaits_yes_no(state) => Expecting::YesNo,
            None => Expecting::Anything,
        },
        around,
    };
    let free_words = asked
        .as_ref()
        .is_some_and(|(_, rule)| rule.kind == SlotKind::Text && rule.pattern.is_none())
        || matches!(
            state.memory.open.as_ref().map(|form| &form.asking),
            Some(Asking::Message { .. })
        );
    state
        .unanswered
        .iter()
        .filter(|left| left.is_text())
        .map(|left| {
            let whole = engine.understand(&left.text, &context);
            // A story told in an answer's own words is one answer, and a tap is one choice.
            let several = if free_words || whole.choice.is_some() {
                Vec::new()
            } else {
                engine.requests(&left.text, &context)
            };
            chained(several)
                .unwrap_or_else(|| past_greeting(&left.text, whole, catalog, engine, &context))
        })
        .collect()
}

/// The first of several requests, with the others behind it.
fn chained(several: Vec<Request>) -> Option<Reading> {
    let mut rest: Option<Second> = None;
    for request in several.into_iter().rev() {
        let reading = Reading {
            second: rest.take().map(Box::new),
            ..kept(request.reading)
        };
        rest = Some(Second {
            at: request.at,
            reading,
        });
    }
    rest.map(|first| first.reading)
}

fn on_the_clock(now: Timestamp, zone: &str) -> Option<jiff::civil::DateTime> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let now = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(now.to_zoned(zone).datetime())
}

/// "Hola buenas, me podrías decir…": what comes after the greeting is what is meant, and so is what is asked behind thanks.
fn past_greeting(
    text: &str,
    whole: understanding::Reading,
    catalog: &Catalog,
    engine: &Engine,
    context: &Context<'_>,
) -> Reading {
    let topic = whole.understood.verdict.topic();
    let greets = topic
        .and_then(|id| catalog.topics.get(id))
        .is_some_and(|topic| topic.role == Some(TopicRole::Greeting));
    let thanks = topic
        .and_then(|id| catalog.topics.get(id))
        .is_some_and(|topic| topic.role == Some(TopicRole::Goodbye));
    let rest = if thanks {
        cues::question_after_thanks(text)
    } else {
        cues::after_greeting(text)
    };
    let greets = greets || thanks;
    let (true, Some(at)) = (greets || topic.is_none(), rest) else {
        return kept(whole);
    };
    let rest = text.get(at..).unwrap_or_default();
    let mut read = engine.understand(rest, context);
    if matches!(read.understood.verdict, Verdict::OutOfScope) && !greets {
        return kept(whole);
    }
    for one in read.found.iter_mut().chain(&mut read.answer) {
        one.span = (one.span.0 + at, one.span.1 + at);
    }
    kept(read)
}

fn kept(read: understanding::Reading) -> Reading {
    let mut found = read.found;
    found.extend(read.answer);
    Reading {
        understood: read.understood,
        found,
        yes_no: read.yes_no,
        choice: read.choice,
        second: None,
    }
}

/// The slot that the open form asks for.
fn asked(state: &State) -> Option<(&SlotName, SlotRule)> {
    match &state.memory.open.as_ref()?.asking {
        Asking::Slot { slot, rule, .. } => Some((slot, stored_rule(rule)?)),
        Asking::Confirm { .. }
        | Asking::Message { .. }
        | Asking::Contact { .. }
        | Asking::Phone { .. }
        | Asking::CallTime { .. }
        | Asking::Appeal
        | Asking::CallConfirm { .. } => None,
    }
}

fn awaits_yes_no(state: &State) -> bool {
    let confirms = matches!(
        state.memory.open.as_ref().map(|form| &form.asking),
        Some(Asking::Confirm { .. } | Asking::CallConfirm { .. })
    );
    let proposes = (state.memory.open.as_ref()).is_some_and(|form| form.proposed);
    let offers = match &state.memory.offered {
        Some(Offer::Person { .. } | Offer::End | Offer::Remember { .. }) => true,
        Some(Offer::Topics { .. }) | None => false,
    };
    confirms || offers || proposes
}
