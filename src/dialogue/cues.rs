//! Words that steer a conversation whatever its topics: to cancel, to skip, to agree. Spanish and English, as people type them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents and punctuation, single spaces: what all comparisons of this room rest on.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text says *usted* to the assistant. *Ustedes* is the company, also to whoever says tú or vos.
pub(super) fn says_usted(text: &str) -> bool {
    fold(text)
        .split(' ')
        .any(|word| matches!(word, "usted" | "ud"))
}

/// Number of words that have a letter.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count()
}

/// The same without those that only lead to a value: "es el 1000007 y el cp 28013".
pub(super) fn telling_words(text: &str) -> usize {
    const LEADING: &[&str] = &[
        "es", "el", "la", "y", "mi", "de", "con", "cp", "codigo", "postal", "pedido", "orden",
        "numero", "nro", "correo", "mail", "email", "the", "is", "it", "its", "my", "and", "order",
        "number", "postcode",
    ];
    let folded = fold(text);
    folded
        .split(' ')
        .filter(|word| word.chars().any(char::is_alphabetic) && !LEADING.contains(word))
        .count()
}

/// Whether a text asks something.
pub(super) fn is_question(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "que",
        "como",
        "cuando",
        "cuanto",
        "cuantos",
        "cuanta",
        "cuantas",
        "donde",
        "cual",
        "cuales",
        "quien",
        "puedo",
        "se puede",
        "what",
        "how",
        "when",
        "where",
        "which",
        "who",
        "why",
        "can i",
        "do you",
        "is there",
        "are there",
    ];
    let folded = fold(text);
    text.contains(['?', '¿'])
        || OPENERS
            .iter()
            .any(|opener| begins(&folded, opener) && word_count(text) > 2)
}

/// Longest wish for a call that is no message of its own, in words: "¿me pueden llamar, por favor, que por aquí no me aclaro?".
const CALL_WORDS_MAX: usize = 12;

/// Whether a text wants to be called on the phone.
pub(super) fn wants_call(text: &str) -> bool {
    const WISHES: &[&str] = &[
        "me pueden llamar",
        "me puede llamar",
        "me podes llamar",
        "me puedes llamar",
        "me podrian llamar",
        "pueden llamarme",
        "puede llamarme",
        "podrian llamarme",
        "puedes llamarme",
        "podes llamarme",
        "que me llamen",
        "que me llame alguien",
        "me llaman",
        "me llamais",
        "me podeis llamar",
        "podeis llamarme",
        "llamenme",
        "llamame",
        "llamadme",
        "llameme",
        "call me",
        "have somebody call me",
        "have someone call me",
        "get a call",
        "call back",
        "callback",
    ];
    let folded = format!(" {} ", fold(text));
    word_count(text) <= CALL_WORDS_MAX
        && !folded.contains(" no ")
        && !folded.contains(" don t ")
        && WISHES
            .iter()
            .any(|wish| folded.contains(&format!(" {wish} ")))
}

/// Whether a text, whole and short, asks whether anybody is there at all: "¿está alguien?", "hello?". What asks for more is more than that.
pub fn asks_for_anybody(text: &str) -> bool {
    const ASKS: &[&str] = &[
        "hay alguien",
        "esta alguien",
        "alguien ahi",
        "alguien en linea",
        "alguien me lee",
        "alguien me atiende",
        "alguien responde",
        "alguien contesta",
        "siguen ahi",
        "sigue ahi",
        "estan ahi",
        "esta ahi",
        "me leen",
        "anybody there",
        "anyone there",
        "someone there",
        "somebody there",
        "are you there",
        "still there",
        "anyone here",
        "anybody here",
    ];
    let folded = fold(text);
    let folded = format!(" {} ", folded.trim());
    let is_call =
        text.contains('?') && matches!(folded.trim(), "hola" | "hello" | "hi" | "oigan" | "oiga");
    is_call
        || word_count(text) <= ANYBODY_WORDS_MAX
            && ASKS.iter().any(|ask| folded.contains(&format!(" {ask} ")))
}

/// Words of the longest text that only asks whether anybody is there.
const ANYBODY_WORDS_MAX: usize = 6;

/// Whether a text asks under which number the visitor's own case is kept: "¿cuál es mi número de caso?".
pub(super) fn asks_case_number(text: &str) -> bool {
    const NUMBERS: &[&str] = &[
        "numero de caso",
        "numero del caso",
        "numero de mi caso",
        "nro de caso",
        "num de caso",
        "n de caso",
        "case number",
        "number of my case",
    ];
    const ASKS: &[&str] = &[
        "cual",
        "que numero",
        "dime",
        "decime",
        "digame",
        "me dices",
        "me decis",
        "me dice",
        "me das",
        "me da",
        "recuerdame",
        "recordame",
        "no me acuerdo",
        "no recuerdo",
        "olvide",
        "perdi",
        "what",
        "which",
        "tell me",
        "give me",
        "remind me",
        "i forgot",
        "i lost",
    ];
    const MOST: usize = 12;
    let folded = format!(" {} ", fold(text));
    let holds = |all: &[&str]| {
        all.iter()
            .any(|words| folded.contains(&format!(" {words} ")))
    };
    word_count(text) <= MOST && holds(NUMBERS) && holds(ASKS)
}

/// How plainly a text wants to leave what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// "Olvídalo": it can mean nothing else.
    Plain,
    /// "Cancelar": in a form about a cancellation it may be the matter itself.
    Word,
}

/// Whether a text, as a whole, wants to leave what is open.
pub(super) fn leaves(text: &str) -> Option<Leave> {
    const PLAIN: &[&str] = &[
        "dejalo",
        "dejalo asi",
        "dejalo ya",
        "deja",
        "dejemoslo",
        "olvidalo",
        "olvidate",
        "olvidalo ya",
        "no importa",
        "ya no",
        "ya no quiero",
        "ya no hace falta",
        "mejor no",
        "da igual",
        "salir",
        "volver",
        "nada dejalo",
        "no dejalo",
        "never mind",
        "nevermind",
        "forget it",
        "forget about it",
        "leave it",
        "no forget it",
        "quit",
        "exit",
        "no longer needed",
        "not anymore",
        "drop it",
    ];
    const WORDS: &[&str] = &[
        "cancelar",
        "cancela",
        "cancelalo",
        "cancelo",
        "quiero cancelar",
        "anular",
        "anula",
        "cancel",
        "cancel it",
        "cancel this",
        "cancel that",
        "stop",
    ];
    let mut folded = fold(text);
    for politeness in [" por favor", " porfa", " please", " gracias", " thanks"] {
        if let Some(bare) = folded.strip_suffix(politeness) {
            folded = bare.to_owned();
        }
    }
    if PLAIN.contains(&folded.as_str()) {
        Some(Leave::Plain)
    } else if WORDS.contains(&folded.as_str()) {
        Some(Leave::Word)
    } else {
        None
    }
}

/// Whether a title or a topic's name speaks of cancelling, so that "cancelar" there is no wish to leave.
pub(super) fn is_about_cancelling(title: &str) -> bool {
    fold(title)
        .split(' ')
        .any(|word| word.starts_with("cancel") || word.starts_with("anul"))
}

/// Whether a text, as a whole, would rather not answer.
pub(super) fn skips(text: &str) -> bool {
    const ALL: &[&str] = &[
        "no",
        "no gracias",
        "saltar",
        "omitir",
        "paso",
        "prefiero no",
        "ninguno",
        "ninguna",
        "no hace falta",
        "no tengo",
        "por aqui",
        "aqui",
        "por aca",
        "aca",
        "aqui mismo",
        "en esta charla",
        "en esta conversacion",
        "skip",
        "no thanks",
        "none",
        "here",
        "in this chat",
        "rather not",
        "i would rather not",
        "no need",
        "nope",
    ];
    ALL.contains(&fold(text).as_str())
}

/// Whether a text, as a whole, only says that it was read: "ok", "vale", "dale".
pub(super) fn acknowledges(text: &str) -> bool {
    const ALL: &[&str] = &[
        "ok",
        "okay",
        "oka",
        "okey",
        "vale",
        "dale",
        "bueno",
        "bien",
        "de acuerdo",
        "entendido",
        "perfecto",
        "genial",
        "listo",
        "ya",
        "aja",
        "si",
        "claro",
        "joya",
        "barbaro",
        "esta bien",
        "ok gracias",
        "all right",
        "alright",
        "fine",
        "got it",
        "sure",
        "yes",
        "great",
        "i see",
        "k",
        "yep",
        "buenisimo",
        "buenisima",
        "excelente",
        "estupendo",
        "fenomenal",
        "cool",
        "nice",
        "lovely",
        "brilliant",
        "excellent",
    ];
    const LAUGHS: &[&str] = &[
        "lol", "jaja", "jajaja", "jeje", "haha", "hehe", "ah", "oh", "ja",
    ];
    const MOST: usize = 3;
    let folded = fold(text);
    let mut words = folded.split(' ').filter(|word| !LAUGHS.contains(word));
    let agrees = |word: &str| ALL.contains(&word);
    agrees(&folded)
        || word_count(text) <= MOST && words.next().is_some_and(agrees) && words.all(agrees)
}

/// Whether a text thanks.
pub(super) fn thanks(text: &str) -> bool {
    fold(text)
        .split(' ')
        .any(|word| matches!(word, "gracias" | "grasias" | "thanks" | "thank" | "thx"))
}

/// Whether a text, as a whole, wants nothing: "no", "que no", "nada más, gracias", "no quiero nada".
pub(super) fn declines(text: &str) -> bool {
    const PLAIN: &[&str] = &[
        "no", "nop", "nope", "nah", "nada", "ninguna", "ninguno", "nothing", "none",
    ];
    const AROUND: &[&str] = &[
        "que", "mas", "gracias", "muchas", "por", "ahora", "de", "momento", "quiero", "necesito",
        "hace", "falta", "ya", "ok", "bueno", "pues", "che", "favor", "otra", "cosa", "else",
        "thanks", "thank", "you", "more", "i", "m", "good", "fine", "now", "for", "just", "hoy",
        "tengo",
    ];
    const MOST: usize = 6;
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    words.len() <= MOST
        && !text.contains('?')
        && words.iter().any(|word| PLAIN.contains(word))
        && words.iter().all(|word| PLAIN.contains(word) || AROUND.contains(word))
        // "No tengo" is a lack, not a wish.
        && folded != "no tengo"
}

/// Whether a text says that the visitor does not have, know or find what is asked.
pub(super) fn lacks(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "no lo se",
        "no la se",
        "no se",
        "no lo tengo",
        "no la tengo",
        "no tengo",
        "no me acuerdo",
        "no recuerdo",
        "no lo recuerdo",
        "no me lo se",
        "ni idea",
        "no lo encuentro",
        "no la encuentro",
        "no encuentro",
        "lo perdi",
        "la perdi",
        "perdi el",
        "perdi la",
        "me olvide",
        "lo olvide",
        "se me perdio",
        "donde lo veo",
        "donde lo encuentro",
        "donde encuentro",
        "donde esta el numero",
        "donde veo",
        "donde figura",
        "de donde saco",
        "donde aparece",
        "cual numero",
        "que numero",
        "cual es mi numero",
        "cual es el numero",
        "y si no lo tengo",
        "y si no tengo",
        "i dont have",
        "i don t have",
        "i do not have",
        "i dont know",
        "i don t know",
        "i do not know",
        "dont know",
        "don t know",
        "dont have",
        "don t have",
        "no idea",
        "where do i find",
        "where is the number",
        "where can i find",
        "which number",
        "what number",
        "i lost",
        "i cant find",
        "i can t find",
        "i cannot find",
        "cant find",
        "can t find",
        "i forgot",
        "i dont remember",
        "i don t remember",
        "not sure",
        "ns",
        "ns nc",
    ];
    const ANYWHERE: &[&str] = &[
        "no me acuerdo",
        "no lo tengo",
        "no la tengo",
        "no lo se",
        "no lo recuerdo",
        "no lo encuentro",
        "no lo veo",
        "no recuerdo",
    ];
    const MOST: usize = 12;
    let mut folded = fold(text);
    for opener in [
        "pero ",
        "uy ",
        "uh ",
        "perdon ",
        "la verdad ",
        "es que ",
        "y ",
        "che ",
        "sorry ",
        "hmm ",
        "mmm ",
    ] {
        if let Some(bare) = folded.strip_prefix(opener) {
            folded = bare.to_owned();
        }
    }
    folded.split(' ').count() <= MOST
        && (OPENERS.iter().any(|opener| begins(&folded, opener))
            || ANYWHERE.iter().any(|phrase| folded.contains(phrase)))
}

/// Whether a text is an answer to something and no matter of its own: "ok", "nada", "no lo tengo".
pub(super) fn says_nothing_alone(text: &str) -> bool {
    const MOST: usize = 4;
    acknowledges(text)
        || declines(text)
        || (word_count(text) <= MOST && lacks(text) && !text.contains('?'))
}

/// Where a text that begins with a greeting goes on, in bytes; nothing where three words or fewer follow.
pub(super) fn after_greeting(text: &str) -> Option<usize> {
    const WORDS: &[&str] = &[
        "hola",
        "ola",
        "holaa",
        "holis",
        "buenas",
        "buenos",
        "buen",
        "wenas",
        "dia",
        "dias",
        "tardes",
        "noches",
        "que",
        "tal",
        "hello",
        "hi",
        "hey",
        "good",
        "morning",
        "afternoon",
        "evening",
        "che",
        "eh",
        "oye",
        "mira",
        "disculpa",
        "disculpe",
        "perdon",
    ];
    behind(text, WORDS, 4)
}

/// Where a question behind thanks begins: "ok thanks, can I try them on there?".
pub(super) fn question_after_thanks(text: &str) -> Option<usize> {
    const WORDS: &[&str] = &[
        "ok", "okay", "vale", "ah", "oh", "bueno", "dale", "genial", "perfecto", "joya", "great",
        "cool", "perfect", "right", "gracias", "muchas", "mil", "thanks", "thank", "you", "cheers",
        "ty",
    ];
    behind(text, WORDS, 3).filter(|at| text.get(*at..).is_some_and(|rest| rest.contains('?')))
}

/// Where something else begins behind `words` at the beginning of a text: byte offset. `None` where fewer than `left` words do.
fn behind(text: &str, words: &[&str], left: usize) -> Option<usize> {
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let folded = fold(word);
        if !folded.is_empty() && !words.contains(&folded.as_str()) {
            break;
        }
        at += word.len();
    }
    (at > 0 && text.get(at..).is_some_and(|rest| word_count(rest) >= left)).then_some(at)
}

/// Whether a text goes on with what was just talked about: "¿y el 1000007?".
pub(super) fn goes_on(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "y",
        "e",
        "and",
        "what about",
        "how about",
        "y que pasa con",
        "que pasa con",
        "y para",
    ];
    const MOST: usize = 5;
    let folded = fold(text);
    word_count(text) <= MOST && OPENERS.iter().any(|opener| begins(&folded, opener))
}

/// Whether a text, as a whole, asks the same about the other one: "¿y el otro?", "the other order".
pub(super) fn means_the_other(text: &str) -> bool {
    const OTHERS: &[&str] = &[
        "otro",
        "otra",
        "other",
        "anterior",
        "previous",
        "ayer",
        "anteayer",
        "yesterday",
    ];
    const AROUND: &[&str] = &[
        "y", "e", "el", "la", "mi", "del", "de", "que", "pasa", "con", "pedido", "orden", "compra",
        "paquete", "and", "the", "my", "what", "about", "how", "order", "one", "parcel", "donde",
        "esta", "where", "is", "ahora", "now", "ese", "esa", "eso", "este", "no", "not", "that",
        "this", "sino", "digo", "from", "i", "mean", "quiero", "me", "refiero", "al",
    ];
    const POINTING: &[&str] = &[
        "el", "la", "al", "del", "mi", "the", "my", "one", "ese", "esa", "that",
    ];
    let folded = fold(text);
    let (mut others, mut points) = (0, false);
    folded.split(' ').all(|word| {
        let other = OTHERS.contains(&word);
        others += usize::from(other);
        points |= POINTING.contains(&word);
        other || AROUND.contains(&word)
    }) && others == 1
        && points
}

/// Whether a text wants to leave a message for people: "quiero dejar un mensaje". A note for the courier or a message that was left before is none.
pub(super) fn leaves_message(text: &str) -> bool {
    const WISHES: &[&str] = &[
        "dejar un mensaje",
        "dejar mensaje",
        "dejarles un mensaje",
        "dejarle un mensaje",
        "dejaros un mensaje",
        "dejarte un mensaje",
        "dejar un recado",
        "dejarles un recado",
        "dejar una nota",
        "leave a message",
        "leave you a message",
        "leave them a message",
        "leave message",
    ];
    const OTHERS: &[&str] = &[
        "repartidor",
        "repartidora",
        "cartero",
        "mensajero",
        "transportista",
        "vecino",
        "vecina",
        "regalo",
        "tarjeta",
        "courier",
        "driver",
        "postman",
        "neighbour",
        "neighbor",
        "gift",
        "card",
        "cannot",
        "no",
        "not",
    ];
    const MOST: usize = 11;
    let folded = fold(text);
    word_count(text) <= MOST
        && WISHES.iter().any(|wish| folded.contains(wish))
        && !folded.split(' ').any(|word| OTHERS.contains(&word))
}

/// Whether a folded text begins with these words.
pub(super) fn begins(folded: &str, opener: &str) -> bool {
    folded
        .strip_prefix(opener)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_points() {
        assert_eq!(fold("  ¡Olvídalo, PINGÜINO! "), "olvidalo pinguino");
    }

    #[test]
    fn asking_for_anybody_is_told_from_asking_for_something() {
        for said in [
            "¿está alguien?",
            "esta alguien?",
            "hay alguien ahí??",
            "hola?",
            "Is anyone there",
            "are you still there?",
        ] {
            assert!(asks_for_anybody(said), "{said}");
        }
        for said in [
            "hola",
            "¿está mi pedido?",
            "quiero saber si hay alguien que arregle zapatos",
            "alguien me robó",
            "está bien",
        ] {
            assert!(!asks_for_anybody(said), "{said}");
        }
    }

    #[test]
    fn leaving_is_told_from_a_matter_of_cancelling() {
        assert_eq!(leaves("déjalo"), Some(Leave::Plain));
        assert_eq!(leaves("Never mind, thanks"), Some(Leave::Plain));
        assert_eq!(leaves("Cancelar por favor"), Some(Leave::Word));
        assert_eq!(leaves("quiero cancelar el pedido 1234567"), None);
        assert!(is_about_cancelling("Cancelar un pedido"));
        assert!(!is_about_cancelling("Dónde está mi pedido"));
    }

    #[test]
    fn wanting_nothing_is_told_from_wanting_something() {
        for said in [
            "no",
            "Que no!",
            "nada más",
            "no quiero nada",
            "no, gracias",
            "nada gracias",
            "por ahora no",
            "no thanks",
            "nothing else",
            "ninguna",
        ] {
            assert!(declines(said), "{said}");
        }
        for said in [
            "",
            "gracias",
            "no me llegó",
            "no tengo",
            "no lo tiene ningún vecino",
            "no quiero el pedido",
            "¿nada?",
            "no es eso",
        ] {
            assert!(!declines(said), "{said}");
        }
    }

    #[test]
    fn a_lack_is_told_from_an_answer() {
        for said in [
            "no se el numero",
            "no lo tengo",
            "no tengo el número a mano",
            "pero dónde lo veo?",
            "I don't have the number",
            "ni idea la verdad",
            "pues el correo no me acuerdo",
        ] {
            assert!(lacks(said), "{said}");
        }
        for said in [
            "1000007",
            "no",
            "no me llegó",
            "no seas malo",
            "tengo dos números, uno largo y otro corto, y no sé cuál de los dos hace falta",
        ] {
            assert!(!lacks(said), "{said}");
        }
    }

    #[test]
    fn what_follows_a_greeting_is_found() {
        let text = "¡Hola, buenas! me podrías decir dónde anda";
        let rest = after_greeting(text).and_then(|at| text.get(at..));
        assert_eq!(rest, Some("me podrías decir dónde anda"));
        for said in [
            "hola",
            "hola qué tal",
            "quiero saber dónde está mi pedido",
            "buenas tardes, una consulta",
        ] {
            assert_eq!(after_greeting(said), None, "{said}");
        }
    }

    #[test]
    fn what_is_asked_behind_thanks_begins_behind_them() {
        let text = "Ok thanks, can I try them on there?";
        let rest = question_after_thanks(text).and_then(|at| text.get(at..));
        assert_eq!(rest, Some("can I try them on there?"));
        for said in [
            "gracias",
            "vale, muchas gracias por todo de verdad",
            "thanks, ok?",
            "¿me ayudas con esto, gracias?",
        ] {
            assert_eq!(question_after_thanks(said), None, "{said}");
        }
    }

    #[test]
    fn the_other_one_is_told_from_another_thing() {
        for said in [
            "¿y el otro?",
            "y el otro pedido",
            "what about the other order?",
            "y el de ayer?",
            "ese no, el otro",
            "and the other one?",
            "not that one, the other one",
            "the one from yesterday",
            "el anterior",
        ] {
            assert!(means_the_other(said), "{said}");
        }
        for said in [
            "quiero otra talla",
            "otro día",
            "¿y el uno o el otro o la otra?",
            "y mi pedido",
            "ayer",
            "no fue ayer",
            "lo pedí ayer",
        ] {
            assert!(!means_the_other(said), "{said}");
        }
    }

    #[test]
    fn questions_are_known_without_their_marks() {
        assert!(is_question("cuanto cuesta el envio"));
        assert!(is_question("¿y el envío?"));
        assert!(!is_question("que no llegue tarde".split_at(3).1));
        assert!(!is_question("Calle Mayor 3, Madrid"));
    }
}
