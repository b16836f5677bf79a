//! What is said to the assistant and not about a matter: whether it is still there, that it wait, and, in the middle of a form, that the visitor goes.
//! A text is one only as a whole: every clause of it must be such a remark, thanks or a filler.

use super::answer::matched;
use super::cues::{self, Leave, fold};
use super::leaving::{leave, succeed_quietly};
use super::parts::Input;
use super::small_talk::end_session;
use super::steps::small_talk;
use super::turn::{Ask, Turn};
use crate::conversation::Asking;
use crate::topics::TopicRole;

/// Words of a clause that puts something off or asks to wait, at most.
const SHORT: usize = 7;

/// A remark of the visitor's, the weightiest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aside {
    /// "¿Sigue ahí?"
    Presence,
    /// "Un momento, que lo busco."
    Pause,
    /// "Lo hago luego."
    Leaves,
    /// "Tengo que irme, adiós."
    Goes,
}

/// The remark that all texts of the turn are; leaving is one only where something is open that can be left.
pub(super) fn aside(turn: &Turn<'_>, inputs: &[Input<'_>]) -> Option<Aside> {
    let all: Option<Vec<Aside>> = inputs
        .iter()
        .map(|input| {
            let goodbye = input
                .reading
                .and_then(|reading| matched(turn.catalog, reading))
                .is_some_and(|topic| topic.role == Some(TopicRole::Goodbye));
            let said = remark(input.text).or_else(|| {
                // "That's a shame but fair enough, cheers, bye": read as one, and it ends with one.
                (goodbye && ends_with_goodbye(input.text)).then_some(Aside::Goes)
            });
            said.filter(|_| input.tap.is_none())
        })
        .collect();
    let weightiest = all?.into_iter().max()?;
    // "Espera, no" to "shall I?" is a no.
    let answers = inputs
        .iter()
        .any(|input| input.reading.is_some_and(|read| read.yes_no.is_some()));
    if answers && turn.awaits_yes_no() {
        return None;
    }
    let can_be_left = turn
        .memory
        .open
        .as_ref()
        .is_some_and(|form| match form.asking {
            Asking::Slot { .. } | Asking::Confirm { .. } | Asking::Message { .. } => true,
            // What was written is taken already; the way to answer may be skipped.
            Asking::Contact { .. }
            | Asking::Phone { .. }
            | Asking::CallTime { .. }
            | Asking::Appeal
            | Asking::CallConfirm { .. } => false,
        });
    (weightiest < Aside::Leaves || can_be_left).then_some(weightiest)
}

/// Answers a remark. What is open stays open unless it is left.
pub(super) fn hear_aside(turn: &mut Turn<'_>, aside: Aside) {
    match aside {
        Aside::Presence => {
            turn.say_engine("still_here", &[]);
            if turn.memory.open.is_some() {
                turn.ask = Ask::First;
            } else {
                turn.say_engine("go_ahead", &[]);
            }
            succeed_quietly(turn);
        }
        Aside::Pause => {
            turn.say_engine("take_your_time", &[]);
            succeed_quietly(turn);
        }
        Aside::Leaves => leave(turn),
        Aside::Goes => {
            turn.memory.open = None;
            turn.memory.suspended.clear();
            turn.ask = Ask::No;
            turn.say_engine("form_cancelled", &[]);
            succeed_quietly(turn);
            if let Some(topic) = turn.catalog.with_role(TopicRole::Goodbye) {
                small_talk(turn, topic);
            }
            end_session(turn);
        }
    }
}

/// Whether a text asks whether somebody is there or that one wait, whatever topic it resembles.
pub(super) fn is_remark(text: &str) -> bool {
    remark(text).is_some_and(|aside| aside < Aside::Leaves)
}

/// The remark that a text is as a whole.
fn remark(text: &str) -> Option<Aside> {
    let mut said = None;
    for clause in clauses(text) {
        let folded = fold(clause);
        let bare = bare(&folded);
        if bare.is_empty() || cues::thanks(bare) && cues::word_count(bare) <= SHORT {
            continue;
        }
        match clause_is(bare) {
            Some(aside) => said = said.max(Some(aside)),
            None if cues::lacks(&folded) && cues::word_count(&folded) <= SHORT => {}
            None => return None,
        }
    }
    said.filter(|aside| *aside < Aside::Leaves || !text.contains('?'))
}

fn clauses(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(['.', ',', ';', ':', '!', '?', '\u{a1}', '\u{bf}', '\n'])
}

fn ends_with_goodbye(text: &str) -> bool {
    let last = clauses(text).rfind(|clause| !fold(clause).is_empty());
    last.is_some_and(|last| clause_is(bare(&fold(last))) == Some(Aside::Goes))
}

fn clause_is(clause: &str) -> Option<Aside> {
    const THERE: &[&str] = &[
        "sigue ahi",
        "sigues ahi",
        "seguis ahi",
        "siguen ahi",
        "sigue usted ahi",
        "sigue aqui",
        "sigues aqui",
        "sigue conectado",
        "sigue conectada",
        "esta ahi",
        "estas ahi",
        "estais ahi",
        "estan ahi",
        "andas ahi",
        "andas por ahi",
        "estas por ahi",
        "me lees",
        "me lee",
        "me leeis",
        "me leen",
        "me estas leyendo",
        "me escuchas",
        "me escucha",
        "me oyes",
        "me oye",
        "me copias",
        "te fuiste",
        "te has ido",
        "se ha ido",
        "se fue",
        "no contestas",
        "no respondes",
        "are you there",
        "are you still there",
        "are u there",
        "are u still there",
        "r u there",
        "r u still there",
        "you there",
        "you still there",
        "u there",
        "u still there",
        "still there",
        "are you still here",
        "still here",
        "still with me",
        "are you with me",
        "can you hear me",
        "did you leave",
        "have you gone",
        "have you left",
    ];
    const GOES: &[&str] = &[
        "adios",
        "chau",
        "chau chau",
        "chao",
        "ciao",
        "hasta luego",
        "hasta pronto",
        "hasta manana",
        "hasta otra",
        "hasta la proxima",
        "nos vemos",
        "hablamos",
        "bye",
        "bye bye",
        "bye now",
        "goodbye",
        "good bye",
        "see you",
        "see ya",
        "see you later",
        "cya",
        "ta luego",
        "me tengo que ir",
        "tengo que irme",
        "me voy",
        "me tuve que ir",
        "debo irme",
        "me marcho",
        "i have to go",
        "have to go",
        "i have got to go",
        "got to go",
        "gotta go",
        "i gotta go",
        "i must go",
        "i m off",
        "i need to go",
    ];
    const GOES_WITH: &[&str] = &[
        "que te vaya bien",
        "que le vaya bien",
        "que andes bien",
        "que tengas",
        "que tenga",
        "que pases",
        "have a nice",
        "have a good",
        "have a great",
    ];
    const WAITS: &[&str] = &[
        "un momento",
        "un segundo",
        "un seg",
        "un momentito",
        "un minuto",
        "un minutito",
        "un ratito",
        "espera",
        "espere",
        "esperame",
        "espereme",
        "aguanta",
        "aguarda",
        "aguardame",
        "bancame",
        "dame un",
        "deme un",
        "ya vuelvo",
        "ahora vuelvo",
        "enseguida vuelvo",
        "dejame",
        "dejeme",
        "que busco",
        "que lo busco",
        "que la busco",
        "lo busco",
        "lo estoy buscando",
        "me lo pienso",
        "lo pienso",
        "lo tengo que pensar",
        "tengo que pensarlo",
        "lo voy a pensar",
        "one sec",
        "one second",
        "one moment",
        "one minute",
        "one min",
        "a sec",
        "a moment",
        "just a sec",
        "just a second",
        "just a moment",
        "just a minute",
        "hold on",
        "hang on",
        "wait a",
        "give me a",
        "brb",
        "be right back",
        "let me think",
        "let me see",
        "let me check",
        "let me look",
        "let me find",
        "i ll think about it",
        "i need to think",
        "i m looking for it",
    ];
    if THERE.contains(&clause) {
        return Some(Aside::Presence);
    }
    if GOES.contains(&clause) || GOES_WITH.iter().any(|words| cues::begins(clause, words)) {
        return Some(Aside::Goes);
    }
    if cues::leaves(clause) == Some(Leave::Plain) || puts_off(clause) {
        return Some(Aside::Leaves);
    }
    let waits = cues::word_count(clause) <= SHORT
        && WAITS.iter().any(|words| cues::begins(clause, words))
        && !asks_for_more(clause)
        && !clause.contains("check out");
    waits.then_some(Aside::Pause)
}

/// "Déjame cambiar la dirección" wants something: what it wants to do is none of what one waits for.
fn asks_for_more(clause: &str) -> bool {
    const WAITED_FOR: &[&str] = &[
        "pensar",
        "pensarlo",
        "pensarla",
        "pensarmelo",
        "ver",
        "verlo",
        "mirar",
        "mirarlo",
        "buscar",
        "buscarlo",
        "buscarla",
        "comprobar",
        "comprobarlo",
        "un",
        "consultar",
        "consultarlo",
    ];
    let after = ["dejame ", "dejeme "];
    after
        .iter()
        .find_map(|word| clause.strip_prefix(word))
        .is_some_and(|rest| {
            let first = rest.split(' ').next().unwrap_or_default();
            !WAITED_FOR.contains(&first)
        })
}

/// "Lo miro luego", "I'll do it another day".
fn puts_off(clause: &str) -> bool {
    const WHEN: &[&str] = &[
        "luego",
        "despues",
        "mas tarde",
        "otro dia",
        "otro momento",
        "otro rato",
        "later",
        "another day",
        "another time",
        "some other time",
        "tomorrow",
    ];
    const DOES: &[&str] = &[
        "hago",
        "sigo",
        "miro",
        "veo",
        "vuelvo",
        "escribo",
        "busco",
        "llamo",
        "intento",
        "pruebo",
        "hare",
        "seguire",
        "vere",
        "mirare",
        "volvere",
        "escribire",
        "buscare",
        "seguimos",
        "vemos",
        "ll",
        "will",
    ];
    let padded = format!(" {clause} ");
    cues::word_count(clause) <= SHORT
        && WHEN
            .iter()
            .any(|when| padded.contains(&format!(" {when} ")))
        && clause.split(' ').any(|word| DOES.contains(&word))
}

/// A clause without what says nothing before and after it.
fn bare(clause: &str) -> &str {
    const BEFORE: &[&str] = &[
        "bueno", "pues", "nah", "no", "ok", "okay", "vale", "ah", "eh", "ay", "uy", "mejor",
        "actually", "oh", "well", "nada", "ya", "y", "and", "so", "entonces", "then", "che",
        "hola", "perdon", "perdona", "perdone", "disculpa", "disculpe", "sorry", "hey", "hello",
        "hi", "hmm", "mmm", "oye", "oiga", "jaja", "jajaja", "lol", "haha", "pero", "but", "que",
        "buenas",
    ];
    const AFTER: &[&str] = &[
        "por favor",
        "porfa",
        "please",
        "gracias",
        "muchas gracias",
        "thanks",
        "thank you",
        "eh",
        "todavia",
        "aun",
        "ahora",
        "then",
        "entonces",
        "now",
    ];
    let mut bare = clause;
    // "Que tengas buen día" begins with a word that says nothing elsewhere.
    while clause_is(bare).is_none()
        && let Some((first, rest)) = bare.split_once(' ')
        && BEFORE.contains(&first)
    {
        bare = rest;
    }
    while let Some(rest) = AFTER
        .iter()
        .find_map(|words| bare.strip_suffix(words)?.strip_suffix(' '))
    {
        bare = rest;
    }
    if BEFORE.contains(&bare) { "" } else { bare }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_told_by_all_their_clauses() {
        for (said, aside) in [
            ("¿Sigue ahí?", Aside::Presence),
            ("hola? seguís ahí?", Aside::Presence),
            ("Are you still there?", Aside::Presence),
            ("me lees??", Aside::Presence),
            ("un momento, que busco el número", Aside::Pause),
            ("vale, déjame pensarlo", Aside::Pause),
            ("one sec", Aside::Pause),
            ("let me check my mail", Aside::Pause),
            ("lo miro luego", Aside::Leaves),
            ("no lo tengo a mano, luego lo busco, gracias", Aside::Leaves),
            ("I'll do it another day", Aside::Leaves),
            ("never mind, thanks", Aside::Leaves),
            ("nah déjalo, ya lo hago otro día. adiós", Aside::Goes),
            ("bueno chau, después sigo", Aside::Goes),
            ("actually I have to go, thanks", Aside::Goes),
            ("gracias, que tenga buen día", Aside::Goes),
        ] {
            assert_eq!(remark(said), Some(aside), "{said}");
        }
    }

    #[test]
    fn what_says_something_else_too_is_no_remark() {
        for said in [
            "",
            "gracias",
            "hola",
            "no",
            "1000007",
            "¿la oferta sigue ahí?",
            "adiós no, quiero otra cosa",
            "espera, ese no es mi pedido",
            "déjame cambiar la dirección",
            "let me check out",
            "después de las cinco",
            "mañana por la tarde",
            "¿me lo mandan luego?",
            "no tengo el número",
            "me voy de viaje el lunes y lo necesito antes",
        ] {
            assert_eq!(remark(said), None, "{said}");
        }
    }
}
