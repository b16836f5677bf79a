//! Words that take back or put right what was said or done: "no, espera", "mejor cambia la dirección", "that's wrong". Spanish and English.

use super::cues::{begins, fold, word_count};

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
        "no espera",
        "espera",
        "espera no",
        "no mejor",
        "mejor",
        "no perdona",
        "perdona",
        "no wait",
        "wait",
        "no sorry",
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

/// Whether a text puts what it asks in the place of what was asked before: "mejor cambia la dirección".
pub(super) fn replaces(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "mejor",
        "prefiero",
        "en vez de eso",
        "en lugar de eso",
        "en su lugar",
        "instead",
        "rather",
        "i d rather",
        "id rather",
        "i would rather",
        "better",
    ];
    let folded = fold(text);
    let bare = after_pause(&folded);
    OPENERS.iter().any(|opener| begins(bare, opener))
        || ["instead", "en vez de eso", "en lugar de eso"]
            .iter()
            .any(|ending| folded.ends_with(&format!(" {ending}")))
}

/// Without the words that only stop what was going on: "no, espera, …". The text must be folded.
fn after_pause(folded: &str) -> &str {
    const PAUSES: &[&str] = &[
        "no", "espera", "esperate", "espere", "perdon", "perdona", "ay", "uy", "wait", "sorry",
        "hold", "on", "oh", "pero", "but", "hey", "ah", "che",
    ];
    let mut rest = folded;
    while let Some((word, after)) = rest.split_once(' ') {
        if !PAUSES.contains(&word) {
            break;
        }
        rest = after;
    }
    rest
}

/// Whether a text says that something of what was read back is wrong or missing, without the right value: "no, falta el piso".
pub(super) fn finds_fault(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "falta",
        "faltan",
        "le falta",
        "esta mal",
        "esta incompleta",
        "esta incompleto",
        "esta equivocada",
        "esta equivocado",
        "no es esa",
        "es esa",
        "no es correcta",
        "la direccion esta mal",
        "la direccion no",
        "esa direccion no",
        "esa no es",
        "eso esta mal",
        "that s wrong",
        "thats wrong",
        "that is wrong",
        "that s not",
        "thats not",
        "that is not",
        "it s wrong",
        "its wrong",
        "wrong",
        "it s missing",
        "its missing",
        "missing",
        "it s incomplete",
        "its incomplete",
        "the address is",
        "the flat is missing",
        "you forgot",
        "the flat",
        "se corto",
    ];
    const MOST: usize = 8;
    let folded = fold(text);
    word_count(text) <= MOST
        && !text.contains('?')
        && !text.chars().any(char::is_numeric)
        && OPENERS
            .iter()
            .any(|opener| begins(after_pause(&folded), opener) || begins(&folded, opener))
}

/// Whether a text is against what was just done: "wait, that's wrong", "cambié de idea".
pub(super) fn dissents(text: &str) -> bool {
    const OPENERS: &[&str] = &[
        "that s wrong",
        "thats wrong",
        "that is wrong",
        "this is wrong",
        "that s not right",
        "thats not right",
        "that is not right",
        "that s not what i",
        "thats not what i",
        "that is not what i",
        "i changed my mind",
        "i ve changed my mind",
        "ive changed my mind",
        "changed my mind",
        "i made a mistake",
        "my mistake",
        "i ll keep it",
        "ill keep it",
        "i will keep it",
        "undo",
        "esta mal",
        "eso esta mal",
        "asi no",
        "asi no es",
        "no es asi",
        "es asi",
        "no era eso",
        "era eso",
        "no es eso",
        "no queria eso",
        "no es lo que",
        "no es correcto",
        "no esta bien",
        "me equivoque",
        "cambie de idea",
        "cambie de opinion",
        "me lo quedo",
        "mejor me lo quedo",
        "al final me lo quedo",
        "deshazlo",
        "deshacelo",
        "deshacer",
    ];
    let folded = fold(text);
    !text.contains(['?', '¿'])
        && !text.chars().any(char::is_numeric)
        && OPENERS
            .iter()
            .any(|opener| begins(after_pause(&folded), opener) || begins(&folded, opener))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
