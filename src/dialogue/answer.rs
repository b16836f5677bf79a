//! Everything that is unanswered is answered once: quick messages are one turn, two matters are answered in order.

use super::Scene;
use super::asides::{aside, hear_aside, is_remark};
use super::call_back;
use super::contact;
use super::cues;
use super::failure::{BRINGS_PERSON, offer};
use super::files::files_came;
use super::form::is_an_example;
use super::handoff::{Announce, ask_message, back_to_agent, bring_person, requested};
use super::hearing::hear_part;
use super::hidden;
use super::later::keep;
use super::leaving::{resume_suspended, succeed_quietly};
use super::parts::{Input, Lead, parts};
use super::remembering;
use super::second_thoughts;
use super::small_talk::hear_small_talk;
use super::steps::{answer_beside, answer_opening, is_irreversible, is_only_words, run, wanted_by};
use super::turn::{Ask, Turn};
use crate::conversation::{
    Asking, BotTurn, Cursor, Effect, Mood, Offer, Reading, Reason, Second, State, Target,
    Understood, Verdict,
};
use crate::ids::{HandoffReason, Lang};
use crate::topics::{Catalog, Topic, TopicRole};

/// Words from which a text tells a language although no topic matched.
pub(super) const SENTENCE_WORDS: usize = 3;

/// Confidence from which words that were mostly guessed are taken for what they look like.
const SURE_ENOUGH: f32 = 0.6;

/// The bot's turn about everything that is unanswered.
///
/// `readings` are those of the unanswered texts, in order; a button needs none. A service that must be asked ends the turn: what comes after
/// stays unanswered until [`super::go_on`] has spoken.
pub fn answer(scene: &Scene<'_>, readings: &[Reading]) -> BotTurn {
    let texts = scene.state.unanswered.iter().filter(|left| left.is_text());
    let doubted: Vec<Reading> = readings
        .iter()
        .zip(texts)
        .map(|(reading, left)| doubt(reading, &left.text))
        .collect();
    let inputs = inputs(scene.state, &doubted);
    let mut turn = Turn::begin(scene, language(scene, &inputs));
    let mut upto = scene.state.seq;
    if inputs.is_empty() {
        // Only files came: what is said of them follows.
    } else if inputs
        .iter()
        .any(|input| input.tap.is_none() && cues::leaves_message(input.text))
    {
        let wanted = requested(&turn);
        ask_message(&mut turn, wanted);
    } else if asks_call_at_an_hour(&turn, &inputs) {
        call_back::begin(&mut turn);
    } else if let Some(topic) = wants_person(&turn, &inputs) {
        answer_first(&mut turn, &inputs);
        ask_for_person(&mut turn, topic);
    } else if let Some(topic) = sensitive(&turn, &inputs) {
        turn.memory.open = None;
        run(&mut turn, &topic.id, &Cursor::default());
    } else if let Some(wish) = remembering::wish(&turn, &inputs) {
        remembering::grant(&mut turn, wish);
    } else if let Some(aside) = aside(&turn, &inputs) {
        hear_aside(&mut turn, aside);
    } else if let Some(topic) = dissented(&turn, &inputs) {
        dissent(&mut turn, topic);
    } else if asks_case_number(&turn, &inputs) {
        say_case_number(&mut turn);
    } else if !gives_contact(&mut turn, &inputs) {
        if inputs
            .iter()
            .any(|input| hidden::has_hidden_number(input.text))
        {
            turn.say_engine("number_hidden", &[]);
        }
        let (parts, talk) = parts(&turn, &inputs);
        let alone = parts.is_empty();
        let tapped = inputs.iter().any(|input| input.reading.is_none());
        let back = !alone && !tapped && back_to_agent(&mut turn);
        if !back {
            hear_small_talk(&mut turn, &talk, alone, mood(&inputs));
        }
        for part in parts.into_iter().filter(|_| !back) {
            let busy = turn.effect != Effect::None || turn.memory.open.is_some();
            if let (true, true, Lead::Topic(id)) = (busy, part.further, &part.lead) {
                let plain = turn
                    .catalog
                    .topics
                    .get(id)
                    .filter(|topic| is_only_words(topic));
                match plain {
                    _ if ends_everything(&turn.effect) => {}
                    Some(topic) if turn.effect == Effect::None => answer_beside(&mut turn, topic),
                    Some(_) | None => keep(&mut turn, id, &part.found()),
                }
                continue;
            }
            if turn.effect != Effect::None {
                break;
            }
            hear_part(&mut turn, &part);
            if turn.effect != Effect::None {
                upto = part.upto;
            }
        }
        if turn.effect == Effect::None && turn.memory.failures >= BRINGS_PERSON {
            let wanted = turn.wanted(HandoffReason::RepeatedFailure);
            bring_person(&mut turn, wanted, Announce::Say);
        }
        if ends_everything(&turn.effect) {
            upto = scene.state.seq;
        }
        let idle = turn.effect == Effect::None && turn.memory.open.is_none();
        if idle && turn.memory.offered.is_none() && !alone {
            resume_suspended(&mut turn);
        }
    }
    if scene.state.unanswered.iter().any(|left| left.file) {
        files_came(&mut turn, inputs.is_empty());
    }
    let understood: Vec<Understood> = inputs
        .iter()
        .filter(|input| input.seq <= upto)
        .filter_map(|input| Some(input.reading?.understood.clone()))
        .collect();
    if turn.says.is_empty() && turn.effect == Effect::None && turn.ask == Ask::No {
        turn.say_engine("goodbye_anything_else", &[]);
    }
    turn.finish(upto, understood)
}

/// Whether the visitor wants to be called at an hour that they name.
fn asks_call_at_an_hour(turn: &Turn<'_>, inputs: &[Input<'_>]) -> bool {
    inputs.iter().any(|input| {
        input
            .reading
            .filter(|_| input.tap.is_none())
            .is_some_and(|reading| call_back::is_at_an_hour(turn, input.text, reading))
    })
}

/// Whether one text alone asks for the number of the visitor's case, with nothing open that it could belong to.
fn asks_case_number(turn: &Turn<'_>, inputs: &[Input<'_>]) -> bool {
    let idle = turn
        .memory
        .open
        .as_ref()
        .is_none_or(super::turn::is_about_a_person);
    matches!(inputs, [input] if idle && input.tap.is_none() && cues::asks_case_number(input.text))
}

/// The numbers of what is owed, else of the last case of this conversation; where there is none, that.
fn say_case_number(turn: &mut Turn<'_>) {
    let state = turn.scene.state;
    let mut cases: Vec<&str> = state
        .promises
        .iter()
        .map(|owed| owed.promise.case.as_str())
        .collect();
    if cases.is_empty() {
        cases.extend(state.cases.last().map(String::as_str));
    }
    match cases.as_slice() {
        [] => turn.say_engine("case_number_none", &[]),
        all => turn.say_engine("case_number", &[("case", &all.join(", "))]),
    }
    succeed_quietly(turn);
    if turn.memory.open.is_some() {
        turn.ask = Ask::First;
    }
}

/// Whether one text alone gave another address for an answer that is owed; then it is noted.
fn gives_contact(turn: &mut Turn<'_>, inputs: &[Input<'_>]) -> bool {
    let [input] = inputs else {
        return false;
    };
    input
        .reading
        .filter(|_| input.tap.is_none())
        .is_some_and(|reading| contact::given_later(turn, input.text, reading))
}

/// The mood of the turn: anger wherever it shows, else that of the last text that shows one.
fn mood(inputs: &[Input<'_>]) -> Mood {
    let shown = inputs
        .iter()
        .filter_map(|input| Some(input.reading?.understood.mood.is));
    let shown: Vec<Mood> = shown.filter(|mood| *mood != Mood::Calm).collect();
    if shown.contains(&Mood::Angry) {
        return Mood::Angry;
    }
    shown.last().copied().unwrap_or_default()
}

/// How [`answer`] takes each unanswered text: as it was read, or with a doubt.
pub fn heard(state: &State, readings: &[Reading]) -> Vec<Understood> {
    let texts = state.unanswered.iter().filter(|left| left.is_text());
    let doubted = readings.iter().zip(texts);
    doubted
        .map(|(reading, left)| doubt(reading, &left.text).understood)
        .collect()
}

/// A handoff or a goodbye answers all that was written.
pub(super) fn ends_everything(effect: &Effect) -> bool {
    match effect {
        Effect::Handoff { .. } | Effect::Goodbye { .. } => true,
        Effect::None
        | Effect::Call { .. }
        | Effect::Promise { .. }
        | Effect::CallBack { .. }
        | Effect::Appeal { .. } => false,
    }
}

pub(super) fn inputs<'a>(state: &'a State, readings: &'a [Reading]) -> Vec<Input<'a>> {
    let mut readings = readings.iter();
    let offered = state.choices.as_ref().map(|(_, choices)| choices);
    let mut inputs = Vec::new();
    for item in state.unanswered.iter().filter(|item| !item.file) {
        let reading = match item.target {
            None => readings.next(),
            Some(_) => None,
        };
        let named = reading
            .and_then(|reading| reading.choice)
            .and_then(|index| offered?.get(index))
            .map(|choice| choice.target.clone());
        let call = (item.is_text()
            && call_back::is_asked_for(state.memory.open.as_ref(), &item.text))
        .then_some(Target::CallBack);
        let mut next = reading.and_then(|reading| reading.second.as_deref());
        let end = |next: Option<&Second>| next.map_or(item.text.len(), |next| next.at);
        let text = item.text.get(..end(next)).unwrap_or(&item.text);
        inputs.push(Input {
            seq: item.seq,
            text,
            tap: item.target.clone().or(named).or(call),
            reading,
            further: false,
        });
        while let Some(request) = next {
            next = request.reading.second.as_deref();
            inputs.push(Input {
                seq: item.seq,
                text: item.text.get(request.at..end(next)).unwrap_or_default(),
                tap: None,
                reading: Some(&request.reading),
                further: true,
            });
        }
    }
    inputs
}

/// The language of the last text that tells one: a sentence, or a few words that matched. Whoever writes *usted* is answered so from then on.
fn language(scene: &Scene<'_>, inputs: &[Input<'_>]) -> Option<Lang> {
    let known = &scene.catalog.assistant.languages;
    let told = inputs.iter().rev().find_map(|input| {
        let read = &input.reading?.understood;
        let tells = cues::word_count(input.text) >= SENTENCE_WORDS
            || matches!(read.verdict, Verdict::Match { .. });
        (tells && known.iter().any(|lang| lang.base() == read.lang.base())).then_some(&read.lang)
    });
    let now = scene.state.lang();
    let told = told.filter(|told| now.map(Lang::base) != Some(told.base()));
    let spanish = told.or(now).is_some_and(|lang| lang.base() == Lang::es());
    let formal = spanish && inputs.iter().any(|input| cues::says_usted(input.text));
    let formal = formal && !now.is_some_and(Lang::is_formal);
    formal.then(Lang::formal).or_else(|| told.cloned())
}

pub(super) fn matched<'a>(catalog: &'a Catalog, reading: &Reading) -> Option<&'a Topic> {
    catalog.topics.get(reading.understood.verdict.topic()?)
}

/// Whether anything asks for a person: the button, or the topic with that role.
fn wants_person<'a>(turn: &Turn<'a>, inputs: &[Input<'_>]) -> Option<Option<&'a Topic>> {
    inputs.iter().find_map(|input| {
        if let Some(target) = &input.tap {
            return match target {
                Target::Person => Some(None),
                Target::Topic { topic } => turn
                    .catalog
                    .topics
                    .get(topic)
                    .filter(|topic| topic.role == Some(TopicRole::TalkToPerson))
                    .map(Some),
                Target::Yes
                | Target::No
                | Target::Value { .. }
                | Target::Skip
                | Target::Wait
                | Target::LeaveMessage
                | Target::CallBack
                | Target::Appeal
                | Target::Forget { .. }
                | Target::Assistant => None,
            };
        }
        let reading = input.reading?;
        if declines_person(turn, reading) || is_a_message(turn, input.text) {
            return None;
        }
        matched(turn.catalog, reading)
            .filter(|topic| topic.role == Some(TopicRole::TalkToPerson))
            .map(Some)
    })
}

/// "No, no quiero hablar con una persona" answers the offer of one, however much it looks like asking for one.
pub(super) fn declines_person(turn: &Turn<'_>, reading: &Reading) -> bool {
    matches!(turn.memory.offered, Some(Offer::Person { .. }))
        && reading.yes_no == Some(false)
        && matched(turn.catalog, reading)
            .is_some_and(|topic| topic.role == Some(TopicRole::TalkToPerson))
}

/// Whether a text is the message that was asked for, and tells something: "que me llame alguien por el pedido 1000012".
pub(super) fn is_a_message(turn: &Turn<'_>, text: &str) -> bool {
    let open = turn.memory.open.as_ref();
    open.is_some_and(|form| matches!(form.asking, Asking::Message { .. }))
        && cues::word_count(text) > SENTENCE_WORDS
}

/// The topic whose act one text alone is against, after it was done.
fn dissented<'a>(turn: &Turn<'a>, inputs: &[Input<'_>]) -> Option<&'a Topic> {
    let [input] = inputs else {
        return None;
    };
    let reading = input.reading.filter(|_| input.tap.is_none())?;
    let idle = turn.memory.open.is_none()
        && !matches!(
            turn.memory.offered,
            Some(Offer::Person { .. } | Offer::Topics { .. })
        );
    let last = turn.memory.last_topic.as_ref()?;
    (idle
        && second_thoughts::dissents(input.text)
        && is_irreversible(turn, last)
        && (!is_an_example(reading) || reading.understood.verdict.topic() == Some(last)))
    .then(|| turn.catalog.topics.get(last))?
}

/// What was done is not undone here: a person is offered, and to do it anew with other values where it has some of its own.
fn dissent<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let title = turn.reader.words(&topic.title).to_owned();
    turn.say_engine("dissent", &[("title", &title)]);
    succeed_quietly(turn);
    let asked = topic.asked_by_steps();
    for slot in topic.slots.iter().filter(|slot| asked.contains(&slot.name)) {
        turn.forget_slot(&slot.name);
    }
    offer(turn, wanted_by(topic, HandoffReason::CustomerRequest));
}

/// What is asked beside a person and needs nothing of the visitor is answered before the person comes: "¿qué cubre la garantía? y luego pásame con
/// alguien".
fn answer_first(turn: &mut Turn<'_>, inputs: &[Input<'_>]) {
    let catalog = turn.catalog;
    let matters = inputs
        .iter()
        .filter(|input| input.tap.is_none())
        .filter_map(|input| matched(catalog, input.reading?))
        .filter(|topic| topic.role.is_none() && !topic.small_talk);
    for topic in matters {
        answer_opening(turn, topic);
    }
}

/// Asking for a person works at once, wherever one is.
fn ask_for_person(turn: &mut Turn<'_>, topic: Option<&Topic>) {
    let wanted = requested(turn);
    if let Some(topic) = topic
        && !turn.memory.tried.contains(&topic.id)
    {
        turn.memory.tried.push(topic.id.clone());
    }
    bring_person(turn, wanted, Announce::Say);
}

/// Half the words were guessed, and it is far from sure: better to ask than to answer something else.
fn doubt(reading: &Reading, text: &str) -> Reading {
    let guessed = reading.understood.because.iter().find_map(|why| match why {
        Reason::Repaired { words } => usize::try_from(*words).ok(),
        Reason::Example { .. }
        | Reason::Pattern { .. }
        | Reason::Template { .. }
        | Reason::Classifier { .. }
        | Reason::Context { .. } => None,
    });
    let mostly_guessed = guessed.is_some_and(|guessed| guessed * 2 >= cues::word_count(text));
    let unsure = reading
        .understood
        .nearest
        .first()
        .is_none_or(|best| best.confidence < SURE_ENOUGH);
    let mut reading = reading.clone();
    // The last figures of a hidden number are nobody's order or postcode.
    let hidden = hidden::hidden_tails(text);
    reading.found.retain(|one| {
        !hidden
            .iter()
            .any(|tail| one.value.eq_ignore_ascii_case(tail))
    });
    if is_remark(text) {
        reading.understood.because.push(Reason::Context {
            kind: "aside".to_owned(),
        });
        reading.understood.verdict = Verdict::OutOfScope;
    }
    if mostly_guessed && unsure && reading.understood.verdict.topic().is_some() {
        reading.understood.verdict = Verdict::OutOfScope;
    }
    reading
}

/// "No lo tengo" and "nada" answer what was asked, whatever alarm they look like.
fn is_an_answer(turn: &Turn<'_>, text: &str) -> bool {
    cues::says_nothing_alone(text) || (turn.memory.open.is_some() && cues::lacks(text))
}

fn sensitive<'a>(turn: &Turn<'a>, inputs: &[Input<'_>]) -> Option<&'a Topic> {
    let inputs = inputs
        .iter()
        .filter(|input| input.tap.is_some() || !is_an_answer(turn, input.text));
    inputs.into_iter().find_map(|input| {
        let topic = match &input.tap {
            Some(target) => turn.catalog.topics.get(target.topic()?),
            None => matched(turn.catalog, input.reading?),
        };
        topic.filter(|topic| topic.sensitive)
    })
}
