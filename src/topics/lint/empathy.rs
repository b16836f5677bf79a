//! Feelings that a program does not have. The lists are those of `docs/topic-files.md`; an apology of the company is none.

use super::super::fault::Fault;
use super::super::fields::any_lang;
use super::folded;
use crate::ids::Lang;

/// Spanish, without accents, in small letters. A phrase counts wherever it stands.
const ES: [&str; 46] = [
    "entiendo como te sientes",
    "entiendo como te sentis",
    "entiendo como se siente",
    "entiendo perfectamente",
    "entiendo tu frustracion",
    "entiendo su frustracion",
    "entiendo tu enojo",
    "entiendo lo frustrante",
    "entiendo lo molesto",
    "entendemos como te sientes",
    "entendemos como te sentis",
    "entendemos como se siente",
    "entendemos perfectamente",
    "entendemos tu frustracion",
    "entendemos su frustracion",
    "entendemos tu enojo",
    "comprendo tu malestar",
    "comprendo su malestar",
    "comprendo perfectamente",
    "comprendo como",
    "comprendemos tu malestar",
    "comprendemos su malestar",
    "comprendemos como te",
    "imagino lo frustrante",
    "imagino lo molesto",
    "imagino como te sientes",
    "imagino como te sentis",
    "se como te sientes",
    "se como te sentis",
    "sabemos como te sientes",
    "sabemos como te sentis",
    "me pongo en tu lugar",
    "nos ponemos en tu lugar",
    "lamento mucho",
    "lamento profundamente",
    "lamentamos profundamente",
    "lamentamos enormemente",
    "siento mucho que",
    "me da mucha pena",
    "nos da mucha pena",
    "me alegra mucho",
    "me pone muy",
    "me encanta",
    "estoy feliz",
    "estoy encantad",
    "de todo corazon",
];

/// English, in small letters.
const EN: [&str; 27] = [
    "i understand how you feel",
    "i understand your frustration",
    "i completely understand",
    "i totally understand",
    "i fully understand",
    "i know how you feel",
    "i can imagine how",
    "i can only imagine",
    "i feel your",
    "we understand how you feel",
    "we understand your frustration",
    "we completely understand",
    "we totally understand",
    "we fully understand",
    "we know how you feel",
    "we can only imagine",
    "must be so frustrating",
    "must be very frustrating",
    "i'm deeply sorry",
    "we are deeply sorry",
    "we deeply regret",
    "i'd love to",
    "i would love to",
    "i am so happy",
    "i'm so happy",
    "so excited",
    "from the bottom of",
];

/// Phrases that feign a feeling, with their byte offsets.
pub(super) fn faults(lang: &Lang, words: &str) -> Vec<(usize, Fault)> {
    let any = *lang == any_lang();
    let lists: [(bool, &[&str]); 2] = [
        (any || lang.base() == Lang::es(), &ES),
        (any || lang.base() == Lang::en(), &EN),
    ];
    let mut found = Vec::new();
    let (folded, places) = folded::with_places(&words.replace('’', "'"));
    for phrase in lists
        .iter()
        .filter(|(reads, _)| *reads)
        .flat_map(|(_, list)| *list)
    {
        let Some(at) = folded.find(phrase) else {
            continue;
        };
        // "Se cómo te sientes" and not "cómo se cómo…": a phrase begins with a word.
        let inside = folded
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(char::is_alphanumeric);
        // A curly apostrophe is two bytes longer than a straight one.
        let place = if words.contains('’') {
            0
        } else {
            places.get(at).copied().unwrap_or(0)
        };
        if !inside {
            let phrase = (*phrase).to_owned();
            found.push((place, Fault::FakeEmpathy { phrase }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feelings_are_found_in_both_languages_however_they_are_accented() {
        let es = |words: &str| faults(&Lang::es(), words);
        assert_eq!(
            es("Perdón. Entiendo perfectamente cómo te sentís.").len(),
            1
        );
        assert_eq!(es("Entiendo perfectamente.")[0].0, 0);
        assert_eq!(es("Ay, lamentamos PROFUNDAMENTE la demora")[0].0, 4);
        assert_eq!(es("entendemos como te sientes").len(), 1);
        let en = |words: &str| faults(&Lang::en(), words);
        assert_eq!(en("I completely understand how you feel.").len(), 1);
        assert_eq!(en("We’re late. I’d love to help.").len(), 1);
    }

    #[test]
    fn an_apology_and_plain_words_are_fine() {
        for fine in [
            "Perdón por la demora.",
            "Lamentamos la demora: llega mañana.",
            "Lo sentimos, no quedan.",
            "Así se comprende cómo funciona el plazo.",
            "Para que se entienda: son 14 días.",
        ] {
            assert_eq!(faults(&Lang::es(), fine), [], "{fine}");
        }
        for fine in ["Sorry for the delay.", "We are sorry: it arrives tomorrow."] {
            assert_eq!(faults(&Lang::en(), fine), [], "{fine}");
        }
    }
}
