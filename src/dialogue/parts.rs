//! A turn's messages, put together by what they are about.

use super::answer::{SENTENCE_WORDS, declines_person, is_a_message, matched};
use super::cues;
use super::failure::is_small_talk;
use super::form::{gives_what_is_asked, is_an_example, tries_to_answer};
use super::open_words::{continued, other_value};
use super::turn::Turn;
use crate::conversation::{Found, Reading, Target};
use crate::ids::{Seq, TopicId};
use crate::topics::{Topic, TopicRole};

/// One thing that the visitor did.
pub(super) struct Input<'a> {
    pub(super) seq: Seq,
    pub(super) text: &'a str,
    /// The button, tapped or named.
    pub(super) tap: Option<Target>,
    pub(super) reading: Option<&'a Reading>,
    /// It is a further request of the text before it.
    pub(super) further: bool,
}

/// What a stretch of the turn is about.
pub(super) enum Lead {
    /// A topic that was understood or tapped.
    Topic(TopicId),
    /// A button that leads to no topic.
    Tap(Target),
    /// No topic of its own: an answer, or nothing that we know.
    Words,
}

/// One thought: its texts belong together.
pub(super) struct Part<'a> {
    pub(super) lead: Lead,
    pub(super) words: Vec<(&'a str, &'a Reading)>,
    pub(super) upto: Seq,
    /// It is a further request of the text before it.
    pub(super) further: bool,
}

impl Part<'_> {
    /// All values that its texts hold.
    pub(super) fn found(&self) -> Vec<Found> {
        let found = self.words.iter().map(|(_, reading)| &reading.found);
        found.flatten().cloned().collect()
    }
}

/// The turn's thoughts in order, and its small talk apart: beside a matter it needs no answer.
pub(super) fn parts<'a, 'c>(
    turn: &Turn<'c>,
    inputs: &[Input<'a>],
) -> (Vec<Part<'a>>, Vec<&'c Topic>) {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut talk = Vec::new();
    // With a form open, words before a new topic are the answer to the form.
    let joins_back = turn.memory.open.is_none();
    for input in inputs {
        let upto = input.seq;
        if let Some(target) = &input.tap {
            let talked = target
                .topic()
                .and_then(|id| turn.catalog.topics.get(id))
                .filter(|topic| is_small_talk(topic));
            if let Some(topic) = talked {
                talk.push(topic);
                continue;
            }
            let lead = match target {
                Target::Topic { topic } => Lead::Topic(topic.clone()),
                other => Lead::Tap(other.clone()),
            };
            parts.push(Part {
                lead,
                words: Vec::new(),
                upto,
                further: false,
            });
            continue;
        }
        let Some(reading) = input.reading else {
            continue;
        };
        let words = (input.text, reading);
        let topic = matched(turn.catalog, reading)
            .filter(|topic| !is_no_topic(turn, topic, input.text, reading))
            // Where a message was asked for, what tells something is the message.
            .filter(|_| !is_a_message(turn, input.text));
        match topic {
            Some(topic)
                if is_small_talk(topic) && !answers_something(turn, input.text, reading) =>
            {
                talk.push(topic);
                if let Some(last) = parts.last_mut() {
                    last.upto = upto;
                }
            }
            Some(topic) if !is_small_talk(topic) && !declines_person(turn, reading) => {
                match parts.last_mut() {
                    Some(Part {
                        lead: Lead::Topic(same),
                        words: all,
                        upto: end,
                        ..
                    }) if *same == topic.id && !input.further => {
                        all.push(words);
                        *end = upto;
                    }
                    Some(part) if joins_back && matches!(part.lead, Lead::Words) => {
                        part.lead = Lead::Topic(topic.id.clone());
                        part.words.push(words);
                        part.upto = upto;
                    }
                    Some(_) | None => parts.push(Part {
                        lead: Lead::Topic(topic.id.clone()),
                        words: vec![words],
                        upto,
                        further: input.further,
                    }),
                }
            }
            Some(_) | None => match parts.last_mut() {
                Some(part) if !matches!(part.lead, Lead::Tap(_)) => {
                    part.words.push(words);
                    part.upto = upto;
                }
                Some(_) | None => parts.push(Part {
                    lead: Lead::Words,
                    words: vec![words],
                    upto,
                    further: input.further,
                }),
            },
        }
    }
    (parts, talk)
}

/// Words that need what was said before them, however much they look like a topic: "no", "nada más", "¿y el 1000007?", "¿y el otro?".
fn is_no_topic(turn: &Turn<'_>, topic: &Topic, text: &str, reading: &Reading) -> bool {
    if cues::declines(text) {
        // Without anything open, "nada más, gracias" is a goodbye as it stands.
        let open = turn.memory.open.is_some() || turn.memory.offered.is_some();
        return open || topic.role != Some(TopicRole::Goodbye);
    }
    // A number alone is one only where the files say so.
    if cues::word_count(text) == 0 && !is_an_example(reading) {
        return true;
    }
    // "Ok" closes nothing; "ok, gracias" does.
    if cues::acknowledges(text) && !cues::thanks(text) {
        return true;
    }
    // "Ni idea", "no lo tengo", "dale": whatever they resemble, they say nothing alone.
    if !is_small_talk(topic) && cues::says_nothing_alone(text) && !is_an_example(reading) {
        return true;
    }
    let idle = turn.memory.open.is_none();
    idle && topic.role.is_none()
        && (cues::means_the_other(text) && other_value(turn).is_some()
            || cues::goes_on(text) && continued(turn, &reading.found).is_some())
}

/// Whether words that look like small talk are an answer: "sí, gracias" to a yes-or-no question, "es el 600 112 678" where a number was asked, "a las 3" where
/// nobody calls at 3.
fn answers_something(turn: &Turn<'_>, text: &str, reading: &Reading) -> bool {
    if let Some(form) = &turn.memory.open
        && (gives_what_is_asked(turn, form, text, reading) || tries_to_answer(form, text))
    {
        return true;
    }
    if reading.yes_no.is_none() || cues::word_count(text) > SENTENCE_WORDS {
        return false;
    }
    turn.awaits_yes_no()
}
