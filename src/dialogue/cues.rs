//! Words that steer a conversation whatever its topics: to cancel, to correct, to skip, to agree. Spanish and English, as people type them.

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

/// Number of words that have a letter.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
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

/// Whether a text says that something given before was wrong.
pub(super) fn corrects(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "me equivoque",
        "perdon me equivoque",
        "uy me equivoque",
        "no perdon",
        "perdon era",
        "perdon es",
        "quise decir",
        "queria decir",
        "en realidad",
        "corrijo",
        "correccion",
        "esta mal",
        "no es ese",
        "no era ese",
        "no el",
        "no la",
        "no es",
        "no era",
        "no mi",
        "no no",
        "mejor dicho",
        "me confundi",
        "i meant",
        "i was wrong",
        "i made a mistake",
        "my mistake",
        "wrong number",
        "sorry it is",
        "sorry its",
        "sorry i meant",
        "sorry it s",
        "correction",
        "actually",
        "no it is",
        "no its",
        "no it s",
        "no the",
        "no my",
        "that is wrong",
        "that s wrong",
        "oops",
    ];
    let folded = fold(text);
    OPENERS.iter().any(|opener| begins(&folded, opener))
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
    ];
    ALL.contains(&fold(text).as_str())
}

fn begins(folded: &str, opener: &str) -> bool {
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
    fn leaving_is_told_from_a_matter_of_cancelling() {
        assert_eq!(leaves("déjalo"), Some(Leave::Plain));
        assert_eq!(leaves("Never mind, thanks"), Some(Leave::Plain));
        assert_eq!(leaves("Cancelar por favor"), Some(Leave::Word));
        assert_eq!(leaves("quiero cancelar el pedido 1234567"), None);
        assert!(is_about_cancelling("Cancelar un pedido"));
        assert!(!is_about_cancelling("Dónde está mi pedido"));
    }

    #[test]
    fn corrections_are_heard_in_both_languages() {
        for said in [
            "no, el pedido es 1234568",
            "Me equivoqué: 1234568",
            "sorry, it's 1234568",
            "I meant 1234568",
        ] {
            assert!(corrects(said), "{said}");
        }
        for said in ["1234568", "nombre@example.org", "now", "nordic 12"] {
            assert!(!corrects(said), "{said}");
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
