//! Words by which visitors say that they were not understood, and words that say nothing about the matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words in lower case without accents, separated by single blanks; everything but letters and digits separates. Linear.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.ends_with(' ') && !folded.is_empty() && c != '\'' && c != '’' {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// How people say that the answer was not to what they meant. Folded; each begins the message, a "no" and its like before it or not.
const DISOWNING: &[&str] = &[
    "no es eso",
    "eso no",
    "no era eso",
    "no pregunte eso",
    "no te pregunte eso",
    "no pregunto eso",
    "no pregunte por eso",
    "no pedi eso",
    "no dije eso",
    "no hablo de eso",
    "no me refiero a eso",
    "no me referia a eso",
    "no quise decir eso",
    "no es lo que",
    "eso no es lo que",
    "no me entendes",
    "no me entiendes",
    "no me entiende",
    "no me entendiste",
    "no me has entendido",
    "no me ha entendido",
    "no entendiste",
    "no entendes",
    "no entiendes",
    "no entiende",
    "no has entendido",
    "me has entendido mal",
    "me entendiste mal",
    "entendiste mal",
    "no me sirve",
    "eso no me sirve",
    "no me ayuda",
    "eso no me ayuda",
    "nada que ver",
    "no tiene nada que ver",
    "eso ya lo se",
    "ya lo se",
    "otra cosa",
    "es otra cosa",
    "that is not what i",
    "thats not what i",
    "not what i asked",
    "not what i meant",
    "not what i mean",
    "this is not what i",
    "i didnt ask",
    "i did not ask",
    "i didnt mean",
    "i did not mean",
    "you dont understand",
    "you do not understand",
    "you didnt understand",
    "you misunderstood",
    "you got it wrong",
    "that doesnt help",
    "that does not help",
    "that didnt help",
    "this doesnt help",
    "not helpful",
    "wrong answer",
    "not that",
    "something else",
    "i meant something else",
    "thats not it",
    "that is not it",
];

/// What may stand before: "no, no, pero no es eso".
const BEFORE: &[&str] = &[
    "no", "pero", "perdon", "perdona", "ay", "uf", "a", "ver", "mmm", "eh", "hola", "but", "sorry",
    "hey", "well", "um",
];

/// Whether the visitor says that the last answer missed what they meant.
pub(super) fn disowns(text: &str) -> bool {
    let folded = fold(text);
    let mut rest = folded.as_str();
    loop {
        let begins = |opener: &&&str| {
            rest.strip_prefix(**opener)
                .is_some_and(|after| after.is_empty() || after.starts_with(' '))
        };
        if DISOWNING.iter().any(|opener| begins(&opener)) {
            return true;
        }
        match rest.split_once(' ') {
            Some((word, after)) if BEFORE.contains(&word) => rest = after,
            _ => return false,
        }
    }
}

/// Words that tell nothing about the matter: greetings, thanks, please, articles. Folded, in Spanish and English.
pub(super) fn is_filler(word: &str) -> bool {
    const FILLERS: &[&str] = &[
        // Spanish
        "hola",
        "buenas",
        "buenos",
        "buen",
        "dia",
        "dias",
        "tardes",
        "noches",
        "gracias",
        "porfa",
        "porfavor",
        "favor",
        "por",
        "saludos",
        "disculpa",
        "disculpe",
        "disculpen",
        "perdon",
        "perdona",
        "oye",
        "che",
        "el",
        "la",
        "los",
        "las",
        "lo",
        "un",
        "una",
        "unos",
        "unas",
        "de",
        "del",
        "al",
        "a",
        "en",
        "y",
        "e",
        "o",
        "que",
        "q",
        "me",
        "mi",
        "mis",
        "te",
        "se",
        "le",
        "les",
        "nos",
        "su",
        "sus",
        "tu",
        "tus",
        "es",
        "son",
        "con",
        "para",
        "pero",
        "si",
        "ya",
        "yo",
        "muy",
        "este",
        "esta",
        "esto",
        "eso",
        "esa",
        "ese",
        "quiero",
        "quisiera",
        "queria",
        "querria",
        "puedo",
        "podria",
        "podrian",
        "puede",
        "pueden",
        "necesito",
        "necesitaria",
        "gustaria",
        "saber",
        "como",
        "hacer",
        "hago",
        "hay",
        "tengo",
        // English
        "hi",
        "hello",
        "hey",
        "good",
        "morning",
        "afternoon",
        "evening",
        "thanks",
        "thank",
        "you",
        "please",
        "pls",
        "sorry",
        "excuse",
        "the",
        "an",
        "of",
        "to",
        "in",
        "on",
        "and",
        "or",
        "i",
        "im",
        "my",
        "your",
        "it",
        "is",
        "are",
        "do",
        "does",
        "can",
        "could",
        "would",
        "want",
        "wanna",
        "need",
        "like",
        "know",
        "how",
        "what",
        "for",
        "with",
        "this",
        "that",
        "so",
        "be",
        "am",
        "have",
        "there",
    ];
    FILLERS.contains(&word)
}

/// The hashes of the telling words of a text, sorted, each once: enough to see that somebody says the same again, too little to read it.
pub(super) fn trace(text: &str) -> Vec<u64> {
    let folded = fold(text);
    let telling = |word: &&str| !is_filler(word);
    let mut words: Vec<u64> = folded.split(' ').filter(telling).map(hash).collect();
    if words.is_empty() {
        words = folded.split(' ').map(hash).collect();
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same in every build, so that a fold is the same after each start.
pub(super) fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Share of the words of two traces that both have, 0 to 1 (Jaccard).
pub(super) fn overlap(a: &[u64], b: &[u64]) -> f32 {
    let both = a
        .iter()
        .filter(|word| b.binary_search(word).is_ok())
        .count();
    let all = a.len() + b.len() - both;
    if all == 0 {
        return 0.0;
    }
    both as f32 / all as f32
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn people_say_in_many_ways_that_it_was_something_else() {
        for text in [
            "No es eso",
            "no, no es eso lo que pregunté",
            "Pero eso no es lo que quiero",
            "¡No me entendés!",
            "nada que ver",
            "That's not what I asked",
            "no, that’s not it",
            "you misunderstood me",
        ] {
            assert!(disowns(text), "{text}");
        }
        for text in [
            "no es eso sino esto?".get(3..).unwrap(),
            "no me llegó el pedido",
            "eso nos pasó ayer",
            "quiero otra cosa más",
            "what is that",
            "",
        ] {
            assert!(!disowns(text), "{text}");
        }
    }

    #[test]
    fn saying_it_again_leaves_the_same_trace() {
        let again = |a: &str, b: &str| overlap(&trace(a), &trace(b));
        assert!(again("quiero cambiar la talla", "Cambiar la TALLA por favor!!") > 0.9);
        assert!(again("quiero cambiar la talla", "¿dónde está mi pedido?") < 0.1);
        assert!(
            again("¿y?", "¿Y?") > 0.9,
            "nothing but fillers still compares"
        );
    }
}
