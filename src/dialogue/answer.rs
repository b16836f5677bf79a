//! Everything that is unanswered is answered once: quick messages are one turn, two matters are answered in order.

use super::Scene;
use super::cues;
use super::failure::{BRINGS_PERSON, Miss, anger, clarify, is_small_talk, miss, offer_person};
use super::files::files_came;
use super::form::{
    self, Heard, accept, anything_else, confirm, hear, misfit, resume_suspended, take_values,
};
use super::handoff::{Announce, bring_person, requested, take_contact};
use super::slot::{from_text, stored_rule, typed};
use super::steps::{run, small_talk};
use super::turn::{Ask, Turn};
use crate::conversation::{
    Asking, BotTurn, Cursor, Effect, Found, Offer, Reading, Reason, State, Target, Understood,
    Verdict,
};
use crate::ids::{HandoffReason, Lang, Seq, TopicId};
use crate::topics::{Catalog, SlotKind, Topic, TopicRole};

/// Words from which a text tells a language although no topic matched.
const SENTENCE_WORDS: usize = 3;

/// The bot's turn about everything that is unanswered.
///
/// `readings` are those of the unanswered texts, in order; a button needs none. A service that must be asked ends the turn: what comes after
/// stays unanswered until [`super::go_on`] has spoken.
pub fn answer(scene: &Scene<'_>, readings: &[Reading]) -> BotTurn {
    let texts = scene.state.unanswered.iter().filter(|left| left.is_text());
    let doubted: Vec<Reading> = readings
        .iter()
        .zip(texts)
        .map(|(reading, left)| doubt(scene.catalog, reading, &left.text))
        .collect();
    let inputs = inputs(scene.state, &doubted);
    let mut turn = Turn::begin(scene, language(scene, &inputs));
    let mut upto = scene.state.seq;
    if inputs.is_empty() {
        // Only files came: what is said of them follows.
    } else if let Some(topic) = wants_person(&turn, &inputs) {
        ask_for_person(&mut turn, topic);
    } else if let Some(topic) = sensitive(&turn, &inputs) {
        turn.memory.open = None;
        run(&mut turn, &topic.id, &Cursor::default());
    } else {
        let (parts, talk) = parts(&turn, &inputs);
        let alone = parts.is_empty();
        hear_small_talk(&mut turn, &talk, alone);
        for part in parts {
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

/// A handoff or a goodbye answers all that was written.
fn ends_everything(effect: &Effect) -> bool {
    match effect {
        Effect::Handoff { .. } | Effect::Goodbye { .. } => true,
        Effect::None | Effect::Call { .. } | Effect::Promise { .. } => false,
    }
}

/// One thing that the visitor did.
struct Input<'a> {
    seq: Seq,
    text: &'a str,
    /// The button, tapped or named.
    tap: Option<Target>,
    reading: Option<&'a Reading>,
}

fn inputs<'a>(state: &'a State, readings: &'a [Reading]) -> Vec<Input<'a>> {
    let mut readings = readings.iter();
    let offered = state.choices.as_ref().map(|(_, choices)| choices);
    state
        .unanswered
        .iter()
        .filter(|item| !item.file)
        .map(|item| {
            let reading = if item.target.is_none() {
                readings.next()
            } else {
                None
            };
            let named = reading
                .and_then(|reading| reading.choice)
                .and_then(|index| offered?.get(index))
                .map(|choice| choice.target.clone());
            Input {
                seq: item.seq,
                text: &item.text,
                tap: item.target.clone().or(named),
                reading,
            }
        })
        .collect()
}

/// The language of the last text that tells one: a sentence, or a few words that matched.
fn language(scene: &Scene<'_>, inputs: &[Input<'_>]) -> Option<Lang> {
    let known = &scene.catalog.assistant.languages;
    let told = inputs.iter().rev().find_map(|input| {
        let read = &input.reading?.understood;
        let tells = cues::word_count(input.text) >= SENTENCE_WORDS
            || matches!(read.verdict, Verdict::Match { .. });
        (tells && known.iter().any(|lang| lang.base() == read.lang.base())).then_some(&read.lang)
    })?;
    (scene.state.lang().map(Lang::base) != Some(told.base())).then(|| told.clone())
}

fn matched<'a>(catalog: &'a Catalog, reading: &Reading) -> Option<&'a Topic> {
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
                | Target::Assistant => None,
            };
        }
        let reading = input.reading?;
        if declines_person(turn, reading) {
            return None;
        }
        matched(turn.catalog, reading)
            .filter(|topic| topic.role == Some(TopicRole::TalkToPerson))
            .map(Some)
    })
}

/// "No, no quiero hablar con una persona" answers the offer of one, however much it looks like asking for one.
fn declines_person(turn: &Turn<'_>, reading: &Reading) -> bool {
    matches!(turn.memory.offered, Some(Offer::Person { .. }))
        && reading.yes_no == Some(false)
        && matched(turn.catalog, reading)
            .is_some_and(|topic| topic.role == Some(TopicRole::TalkToPerson))
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

/// Half the words were guessed, and an alarm would be raised: it is asked about first.
fn doubt(catalog: &Catalog, reading: &Reading, text: &str) -> Reading {
    let guessed = reading.understood.because.iter().find_map(|why| match why {
        Reason::Repaired { words } => usize::try_from(*words).ok(),
        Reason::Example { .. }
        | Reason::Pattern { .. }
        | Reason::Template { .. }
        | Reason::Classifier { .. }
        | Reason::Context { .. } => None,
    });
    let mostly_guessed = guessed.is_some_and(|guessed| guessed * 2 >= cues::word_count(text));
    let mut reading = reading.clone();
    if mostly_guessed && matched(catalog, &reading).is_some_and(|topic| topic.sensitive) {
        let topics = reading
            .understood
            .nearest
            .iter()
            .take(2)
            .map(|near| near.topic.clone())
            .collect();
        reading.understood.verdict = Verdict::Ambiguous { topics };
    }
    reading
}

fn sensitive<'a>(turn: &Turn<'a>, inputs: &[Input<'_>]) -> Option<&'a Topic> {
    inputs.iter().find_map(|input| {
        let topic = match &input.tap {
            Some(target) => turn.catalog.topics.get(target.topic()?),
            None => matched(turn.catalog, input.reading?),
        };
        topic.filter(|topic| topic.sensitive)
    })
}

/// What a stretch of the turn is about.
enum Lead {
    /// A topic that was understood or tapped.
    Topic(TopicId),
    /// A button that leads to no topic.
    Tap(Target),
    /// No topic of its own: an answer, or nothing that we know.
    Words,
}

/// One thought: its texts belong together.
struct Part<'a> {
    lead: Lead,
    words: Vec<(&'a str, &'a Reading)>,
    upto: Seq,
}

/// The turn's thoughts in order, and its small talk apart: beside a matter it needs no answer.
fn parts<'a, 'c>(turn: &Turn<'c>, inputs: &[Input<'a>]) -> (Vec<Part<'a>>, Vec<&'c Topic>) {
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
            });
            continue;
        }
        let Some(reading) = input.reading else {
            continue;
        };
        let words = (input.text, reading);
        match matched(turn.catalog, reading) {
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
                    }) if *same == topic.id => {
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
                }),
            },
        }
    }
    (parts, talk)
}

/// "Sí, gracias" to a yes-or-no question is an answer, however much it looks like small talk.
fn answers_something(turn: &Turn<'_>, text: &str, reading: &Reading) -> bool {
    if reading.yes_no.is_none() || cues::word_count(text) > SENTENCE_WORDS {
        return false;
    }
    let asked = turn
        .memory
        .open
        .as_ref()
        .is_some_and(|form| match &form.asking {
            Asking::Confirm { .. } => true,
            Asking::Slot { rule, .. } => {
                stored_rule(rule).is_some_and(|rule| rule.kind == SlotKind::YesNo)
            }
            Asking::Message { .. } | Asking::Contact { .. } => false,
        });
    asked || turn.memory.offered.is_some()
}

/// Small talk: anger counts always; beside a matter only "are you a robot?" is answered.
fn hear_small_talk<'a>(turn: &mut Turn<'a>, talk: &[&'a Topic], alone: bool) {
    let angry = talk
        .iter()
        .find(|topic| topic.role == Some(TopicRole::Anger));
    let robot = talk
        .iter()
        .find(|topic| topic.role == Some(TopicRole::Robot));
    if !alone {
        if let Some(topic) = robot {
            small_talk(turn, topic);
            turn.choices.clear();
        }
        if angry.is_some() {
            turn.memory.angry = true;
            // A match resets it; beside words that nobody understands it is one more.
            turn.memory.failures += 1;
        }
        return;
    }
    let Some(topic) = angry.or(robot).or(talk.last()) else {
        return;
    };
    if topic.role == Some(TopicRole::Goodbye) {
        return goodbye(turn, topic);
    }
    small_talk(turn, topic);
    if angry.is_some() {
        anger(turn);
    }
    if turn.memory.open.is_some() && turn.effect == Effect::None {
        turn.ask = Ask::First;
    }
}

/// Thanks or goodbye: the session ends if nothing is open.
fn goodbye<'a>(turn: &mut Turn<'a>, topic: &'a Topic) {
    let waits = turn.memory.open.is_some() || !turn.memory.suspended.is_empty();
    if waits {
        if turn.memory.open.is_some() {
            turn.ask = Ask::First;
        } else {
            resume_suspended(turn);
        }
        return;
    }
    if let Some(Offer::Person { .. }) = turn.memory.offered {
        // Thanks for the offer is neither a yes nor a no to it.
        return offer_person(turn);
    }
    small_talk(turn, topic);
    end_session(turn);
}

fn end_session(turn: &mut Turn<'_>) {
    let closing = (turn.scene.closing)(&turn.lang);
    turn.memory.offered = None;
    turn.choices.clear();
    turn.effect = Effect::Goodbye {
        question: closing.question,
        because: closing.because,
    };
}

fn hear_part<'a>(turn: &mut Turn<'a>, part: &Part<'_>) {
    match &part.lead {
        Lead::Tap(target) => tap(turn, target),
        Lead::Topic(id) => match turn.memory.open.clone() {
            Some(_) => hear_in_form(turn, part, Some(id)),
            None => start(turn, id, &part.words),
        },
        Lead::Words if turn.memory.open.is_some() => hear_in_form(turn, part, None),
        Lead::Words => hear_words(turn, &part.words),
    }
}

/// A button other than a topic.
fn tap(turn: &mut Turn<'_>, target: &Target) {
    let form = turn.memory.open.clone();
    match (target, form.as_ref().map(|form| (form, &form.asking))) {
        (Target::Yes | Target::No, Some((form, Asking::Confirm { text }))) => {
            confirm(turn, form, text, *target == Target::Yes);
        }
        (Target::Yes | Target::No, Some((form, Asking::Slot { slot, rule, .. })))
            if stored_rule(rule).is_some_and(|rule| rule.kind == SlotKind::YesNo) =>
        {
            let value = if *target == Target::Yes { "yes" } else { "no" };
            accept(turn, form, slot, value.to_owned());
        }
        (Target::Value { value }, Some((form, Asking::Slot { slot, rule, .. }))) => {
            match stored_rule(rule).and_then(|rule| from_text(&rule, value)) {
                Some(value) => accept(turn, form, slot, value),
                None => misfit(turn, form),
            }
        }
        (Target::Skip, Some((_, Asking::Contact { wanted }))) => take_contact(turn, wanted, None),
        (Target::Yes | Target::No, None) if turn.memory.offered.is_some() => {
            reply_to_offer(turn, *target == Target::Yes);
        }
        (_, Some(_)) => turn.ask = Ask::First,
        (_, None) => anything_else(turn),
    }
}

/// A topic begins. Its form, if it opens one, takes what else was written with it.
fn start(turn: &mut Turn<'_>, id: &TopicId, words: &[(&str, &Reading)]) {
    turn.memory.offered = None;
    turn.choices.clear();
    turn.run_from = turn.says.len();
    if let Some(topic) = turn.catalog.topics.get(id) {
        let found: Vec<Found> = words
            .iter()
            .flat_map(|(_, read)| read.found.clone())
            .collect();
        take_values(turn, topic, &found);
    }
    run(turn, id, &Cursor::default());
    for (text, reading) in words {
        if matches!(reading.understood.verdict, Verdict::Match { .. }) {
            continue;
        }
        let Some(form) = turn.memory.open.clone().filter(|form| form.topic == *id) else {
            return;
        };
        // "Quiero cambiar la dirección" and, in a message of its own, "Calle Mayor 3".
        if let Asking::Slot { slot, rule, .. } = &form.asking
            && let Some(rule) = stored_rule(rule)
            && (rule.kind != SlotKind::Text || rule.pattern.is_some())
            && let Some(value) = from_text(&rule, text)
        {
            accept(turn, &form, slot, value);
        }
    }
}

/// Texts while a form is open.
fn hear_in_form<'a>(turn: &mut Turn<'a>, part: &Part<'_>, lead: Option<&TopicId>) {
    let mut taken = false;
    if part.words.is_empty()
        && let Some(id) = lead
    {
        return digress(turn, id, &[]);
    }
    for (index, (text, reading)) in part.words.iter().enumerate() {
        let Some(form) = turn.memory.open.clone() else {
            return;
        };
        if turn.effect != Effect::None {
            return;
        }
        let own = reading.understood.verdict.topic() == Some(&form.topic)
            && !super::turn::is_about_a_person(&form);
        let other = lead.filter(|id| !own && reading.understood.verdict.topic() == Some(*id));
        match hear(turn, &form, text, reading, other) {
            Heard::Taken => taken = true,
            Heard::Digression => {
                if let Some(id) = other {
                    let rest = part.words.get(index..).unwrap_or_default();
                    return digress(turn, id, rest);
                }
            }
            Heard::Misfit if taken => {}
            Heard::Misfit => match &reading.understood.verdict {
                Verdict::Ambiguous { topics } if !topics.contains(&form.topic) => {
                    clarify(turn, topics);
                    if turn.memory.open.is_some() {
                        turn.ask = Ask::No;
                    }
                    taken = true;
                }
                Verdict::Ambiguous { .. } | Verdict::Match { .. } | Verdict::OutOfScope => {
                    // Of several texts that do not fit one is counted: they are one answer.
                    if index + 1 == part.words.len() {
                        misfit(turn, &form);
                    }
                }
            },
        }
    }
}

/// Another topic while a form is open: answered, then the form comes back.
fn digress(turn: &mut Turn<'_>, id: &TopicId, words: &[(&str, &Reading)]) {
    let again = turn
        .memory
        .open
        .as_ref()
        .is_some_and(|form| form.topic == *id && !super::turn::is_about_a_person(form));
    if again && words.is_empty() {
        turn.ask = Ask::First;
        return;
    }
    turn.suspend_for(id);
    start(turn, id, words);
}

/// Texts without a topic while no form is open.
fn hear_words(turn: &mut Turn<'_>, words: &[(&str, &Reading)]) {
    let yes_no = words.iter().rev().find_map(|(_, reading)| reading.yes_no);
    if let (Some(yes), Some(_)) = (yes_no, &turn.memory.offered) {
        return reply_to_offer(turn, yes);
    }
    let all: String = words
        .iter()
        .map(|(text, _)| *text)
        .collect::<Vec<_>>()
        .join(" ");
    if let Some(id) = continues_last_topic(turn, words) {
        return start(turn, &id, words);
    }
    let unclear = words
        .iter()
        .rev()
        .find_map(|(_, reading)| match &reading.understood.verdict {
            Verdict::Ambiguous { topics } => Some(topics),
            Verdict::Match { .. } | Verdict::OutOfScope => None,
        });
    if let Some(topics) = unclear {
        turn.memory.offered = None;
        return clarify(turn, topics);
    }
    if cues::leaves(&all).is_some() {
        return form::leave(turn);
    }
    if cues::acknowledges(&all) && turn.memory.offered.is_none() {
        return anything_else(turn);
    }
    turn.memory.offered = None;
    miss(turn, Miss::Unknown, &nearest(words));
}

/// Yes or no to what was offered outside a form.
fn reply_to_offer(turn: &mut Turn<'_>, yes: bool) {
    match (turn.memory.offered.take(), yes) {
        (Some(Offer::Person { wanted }), true) => bring_person(turn, wanted, Announce::Say),
        (Some(Offer::Person { .. }), false) => {
            turn.say_engine("person_declined", &[]);
            offer_greeting_topics(turn);
        }
        (Some(Offer::Topics { topics }), true) if topics.len() == 1 => {
            if let Some(only) = topics.first() {
                start(turn, only, &[]);
            }
        }
        (Some(Offer::Topics { topics }), true) => miss(turn, Miss::Unknown, &topics),
        (Some(Offer::Topics { .. }), false) => miss(turn, Miss::Unknown, &[]),
        (Some(Offer::End), true) => {
            turn.say_engine("go_ahead", &[]);
            offer_greeting_topics(turn);
        }
        (Some(Offer::End), false) => {
            turn.say_engine("opinion_declined", &[]);
            end_session(turn);
        }
        (None, _) => anything_else(turn),
    }
}

fn offer_greeting_topics(turn: &mut Turn<'_>) {
    let catalog = turn.catalog;
    for id in &catalog.assistant.greeting_choices {
        if let Some(choice) = turn.topic_choice(id) {
            turn.offer(choice);
        }
    }
}

/// A bare value after an answer asks the same for that value: "¿y el 7654321?".
fn continues_last_topic(turn: &Turn<'_>, words: &[(&str, &Reading)]) -> Option<TopicId> {
    let topic = turn.catalog.topics.get(turn.memory.last_topic.as_ref()?)?;
    if is_small_talk(topic) || topic.sensitive {
        return None;
    }
    let found: Vec<Found> = words
        .iter()
        .flat_map(|(_, read)| read.found.clone())
        .collect();
    let fits = turn.slots_of(topic).into_iter().any(|slot| {
        found
            .iter()
            .any(|one| one.name == slot.name && from_text(&slot.rule, &one.value).is_some())
            || (!turn.slots.contains_key(&slot.name) && typed(&slot.rule, &found).is_some())
    });
    fits.then(|| topic.id.clone())
}

/// The nearest topics of all the texts, the surest first, each once.
fn nearest(words: &[(&str, &Reading)]) -> Vec<TopicId> {
    let mut all: Vec<_> = words
        .iter()
        .flat_map(|(_, reading)| &reading.understood.nearest)
        .collect();
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut ids: Vec<TopicId> = Vec::new();
    for scored in all {
        if !ids.contains(&scored.topic) {
            ids.push(scored.topic.clone());
        }
    }
    ids
}
