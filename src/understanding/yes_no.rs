//! Yes and no, as people write them in Spanish and English.

use super::normalise::Word;

const YES: &[&str] = &[
    "si",
    "sip",
    "sep",
    "sii",
    "se",
    "sis",
    "sisi",
    "sisisi",
    "sipi",
    "dale",
    "claro",
    "claro que si",
    "por supuesto",
    "ok",
    "oka",
    "okay",
    "okey",
    "okis",
    "vale",
    "de acuerdo",
    "correcto",
    "exacto",
    "exactamente",
    "asi es",
    "eso es",
    "es correcto",
    "esta bien",
    "listo",
    "bueno",
    "perfecto",
    "genial",
    "obvio",
    "afirmativo",
    "confirmo",
    "confirmado",
    "adelante",
    "hazlo",
    "hagalo",
    "hacelo",
    "me parece bien",
    "como no",
    "por que no",
    "no hay problema",
    "sin problema",
    "efectivamente",
    "desde luego",
    "va",
    "eso mismo",
    "ese mismo",
    "esa misma",
    "si quiero",
    "si es",
    "si eso",
    "tal cual",
    "joya",
    "de una",
    "venga",
    "cierto",
    "yes",
    "y",
    "yeah",
    "yea",
    "yep",
    "yup",
    "ya",
    "sure",
    "of course",
    "correct",
    "right",
    "thats right",
    "that is right",
    "thats correct",
    "that is correct",
    "go ahead",
    "do it",
    "please do",
    "yes please",
    "absolutely",
    "definitely",
    "exactly",
    "confirm",
    "confirmed",
    "sounds good",
    "fine",
    "thats fine",
    "alright",
    "all right",
    "great",
    "perfect",
    "why not",
    "no problem",
    "i do",
    "it is",
    "i am",
    "true",
    "👍",
    "👌",
    "✅",
];

const NO: &[&str] = &[
    "no",
    "que no",
    "no quiero nada",
    "no necesito nada",
    "nada",
    "nada mas",
    "nop",
    "nono",
    "nonono",
    "nope",
    "nopo",
    "nones",
    "na",
    "nah",
    "claro que no",
    "por supuesto que no",
    "desde luego que no",
    "para nada",
    "en absoluto",
    "de ninguna manera",
    "de ningun modo",
    "negativo",
    "mejor no",
    "todavia no",
    "aun no",
    "ahora no",
    "por ahora no",
    "no quiero",
    "no es",
    "no es asi",
    "no esta bien",
    "no es correcto",
    "incorrecto",
    "esta mal",
    "esta mal eso",
    "ni loco",
    "ni loca",
    "ni hablar",
    "que va",
    "tampoco",
    "jamas",
    "nunca",
    "no hace falta",
    "dejalo",
    "deja",
    "no lo hagas",
    "no lo haga",
    "cancela",
    "cancelalo",
    "cancelar",
    "no dale",
    "creo que no",
    "no claro que no",
    "eso no",
    "asi no",
    "no way",
    "not really",
    "not yet",
    "not now",
    "of course not",
    "absolutely not",
    "definitely not",
    "dont",
    "do not",
    "please dont",
    "no thanks",
    "no thank you",
    "never",
    "never mind",
    "nevermind",
    "wrong",
    "incorrect",
    "false",
    "thats wrong",
    "that is wrong",
    "its not",
    "it is not",
    "it isnt",
    "i dont",
    "i do not",
    "i dont think so",
    "cancel",
    "cancel it",
    "stop",
    "dont do it",
    "negative",
    "👎",
    "❌",
];

/// Words that change nothing.
const COURTESY: &[&str] = &[
    "por favor",
    "porfa",
    "porfavor",
    "porfis",
    "plis",
    "pls",
    "please",
    "gracias",
    "muchas gracias",
    "thanks",
    "thank you",
    "che",
    "espera",
    "esperate",
    "espere",
    "un momento",
    "wait",
    "hold on",
    "eh",
    "ah",
    "oh",
    "uh",
    "mm",
    "mmm",
    "pues",
    "bien",
    "bueno",
    "hombre",
    "amigo",
    "amiga",
    "señor",
    "señora",
    "well",
    "mate",
    "sir",
    "entonces",
    "ya",
    "then",
    "that",
    "eso",
    "muy",
    "me",
    "de",
    "the",
];

const LONGEST_PHRASE: usize = 5;
/// Words of a message that may go on after a clear beginning.
const GOING_ON: usize = 8;

/// `Some(true)` for yes, `Some(false)` for no, `None` when the message says neither, both, or something else as well.
///
/// A message that goes on after a clear beginning ("sí, pero…") is not a plain answer, with one exception: a comma or an
/// accented *sí* before at most eight words, as in "sí, a la calle Mayor 3".
pub(super) fn read(words: &[Word], original: &str) -> Option<bool> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let may_go_on = texts.len() <= GOING_ON && begins_clearly(original);
    let (mut yes, mut no, mut other) = (false, false, false);
    let mut at = 0;
    while let Some(rest) = texts.get(at..).filter(|rest| !rest.is_empty()) {
        let longest = (1..=LONGEST_PHRASE.min(rest.len()))
            .rev()
            .find_map(|length| {
                let phrase = rest.get(..length)?.join(" ");
                let phrase = phrase.as_str();
                if NO.contains(&phrase) {
                    Some((length, Some(false)))
                } else if YES.contains(&phrase) && !(COURTESY.contains(&phrase) && (yes || no)) {
                    Some((length, Some(true)))
                } else {
                    COURTESY.contains(&phrase).then_some((length, None))
                }
            });
        match longest {
            Some((length, answer)) => {
                // "no, dale" and "sí, no te preocupes" take it back: what they mean is asked again.
                yes |= answer == Some(true) && !other;
                no |= answer == Some(false) && !other;
                at += length;
            }
            // Nearly every message ends here, at its first word.
            None if !may_go_on => return None,
            None => {
                other = true;
                at += 1;
            }
        }
        if at > 3 * LONGEST_PHRASE {
            return None;
        }
    }
    match (yes, no) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn begins_clearly(original: &str) -> bool {
    let lower = original.trim_start().to_lowercase();
    let first: String = lower.chars().take_while(|c| c.is_alphabetic()).collect();
    let after = lower.chars().nth(first.chars().count());
    match first.as_str() {
        // Without accent and comma "si" is "if".
        "sí" => true,
        "si" | "yes" | "no" => after == Some(','),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::normalise::{Folded, words};

    fn read(text: &str) -> Option<bool> {
        super::read(&words(&Folded::new(text)), text)
    }

    #[test]
    fn yes_in_both_languages() {
        for text in [
            "sí",
            "Si.",
            "siii",
            "sí, dale",
            "dale",
            "claro que sí",
            "ok",
            "vale, gracias",
            "por supuesto",
            "sí por favor",
            "¿por qué no?",
            "no hay problema",
            "sí, a la calle Mayor 3",
            "obvio",
            "yes",
            "Yeah sure",
            "yep",
            "yes please",
            "that's right",
            "go ahead",
            "no problem",
            "👍",
            "bueno, dale",
            "okay thanks",
            "está bien",
        ] {
            assert_eq!(read(text), Some(true), "{text}");
        }
    }

    #[test]
    fn no_in_both_languages() {
        for text in [
            "no",
            "Noooo",
            "nop",
            "claro que no",
            "no, gracias",
            "todavía no",
            "mejor no",
            "para nada",
            "ni loco",
            "no quiero",
            "nope",
            "not yet",
            "No thanks",
            "don't",
            "of course not",
            "no way",
            "👎",
            "no, es otra dirección",
        ] {
            assert_eq!(read(text), Some(false), "{text}");
        }
    }

    #[test]
    fn neither() {
        for text in [
            "",
            "si no llega mañana lo cancelo",
            "no sé, sí, puede ser",
            "sí y no",
            "¿dónde está mi pedido?",
            "no me llegó el pedido",
            "yes but first tell me where my order is and then we will see about the rest",
            "the order",
            "sí, no",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
