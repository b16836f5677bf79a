//! What somebody has from another company: "mi pedido de Amazon", "I bought it at Zara". However much it sounds like one of our topics, it is
//! not ours. A name alone says little: "¿trabajáis con …?", "cheaper than …", "your boots or those of …" do ask us.

use std::collections::HashMap;

use super::normalise::{Folded, Word, words};

/// Words of a message that are looked at.
const MOST_WORDS: usize = 400;
/// Longest message of which a thing that it names is the matter, in words.
const SHORT: usize = 16;
/// Words before a name in which it shows what the name has to do with the visitor, or with us.
const NEAR: usize = 4;

/// Says that somebody has something, or got it.
const HAS: &[&str] = &[
    "mi",
    "mis",
    "mio",
    "mia",
    "compre",
    "compro",
    "compramos",
    "compraron",
    "comprado",
    "comprada",
    "pedi",
    "pedimos",
    "pedido",
    "encargue",
    "encargado",
    "pague",
    "my",
    "bought",
    "buy",
    "ordered",
    "order",
    "got",
    "purchased",
    "paid",
    "our",
    "from",
];

/// Says that we are spoken of.
const US: &[&str] = &[
    "vuestro", "vuestra", "vuestros", "vuestras", "your", "yours", "ur", "suyo", "suya", "ustedes",
    "uds",
];

/// Speaks to us without saying whose the matter is.
const TO_US: &[&str] = &[
    "os", "sois", "vosotros", "you", "u", "son", "tienen", "aceptan", "trabajan",
];

/// Stands before a name that something is compared with, paid with or sent by.
const BESIDE: &[&str] = &[
    "como",
    "que",
    "than",
    "like",
    "as",
    "con",
    "with",
    "tarjeta",
    "card",
    "mismo",
    "misma",
    "mismos",
    "mismas",
    "same",
    "igual",
    "iguales",
    "versus",
    "vs",
    "competencia",
    "o",
    "or",
    "by",
];

/// Says that prices are compared.
const COMPARES: &[&str] = &[
    "barato", "barata", "baratos", "baratas", "cheaper", "igualan", "igualais", "match", "mejor",
    "better",
];

/// First word of a name → the others, for each name that begins with it.
type Names = HashMap<String, Vec<Vec<String>>>;

/// Names of other companies and of things that are not ours, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    companies: Names,
    things: Names,
    /// The words of our own name.
    ours: Vec<String>,
}

impl Elsewhere {
    /// Names as people write them; our own is none of them.
    pub(super) fn new(brand: &str, companies: &[String], things: &[String]) -> Self {
        let split = |name: &String| -> Vec<String> {
            let words = words(&Folded::new(name)).into_iter();
            words.map(|word| word.text).collect()
        };
        let ours = split(&brand.to_owned());
        let read = |names: &[String]| {
            let mut read = Names::new();
            for name in names.iter().map(split).filter(|name| *name != ours) {
                if let Some((first, rest)) = name.split_first() {
                    read.entry(first.clone()).or_default().push(rest.to_vec());
                }
            }
            read
        };
        Self {
            companies: read(companies),
            things: read(things),
            ours,
        }
    }

    /// Whether a short message names a thing that we have nothing to do with: what it seems to ask is better asked about than done. A long one
    /// may only mention it.
    pub(super) fn is_strange(&self, words: &[Word]) -> bool {
        words.len() <= SHORT
            && (0..words.len()).any(|at| names(&self.things, words, at))
            && !self.speaks_of_us(words)
    }

    fn speaks_of_us(&self, words: &[Word]) -> bool {
        let us = |word: &Word| US.contains(&word.text.as_str()) || self.ours.contains(&word.text);
        words.iter().any(us)
    }

    /// Whether a message is about what somebody has from another company.
    pub(super) fn concerns(&self, words: &[Word]) -> bool {
        let words = words.get(..MOST_WORDS).unwrap_or(words);
        let named: Vec<usize> = (0..words.len())
            .filter(|&at| names(&self.companies, words, at))
            .collect();
        let Some(&first) = named.first() else {
            return false;
        };
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.text.as_str()));
        if self.speaks_of_us(words) || any(COMPARES) {
            return false;
        }
        let near = words
            .get(first.saturating_sub(NEAR)..first)
            .unwrap_or_default();
        let last = near
            .iter()
            .rev()
            .find(|word| !ARTICLES.contains(&word.text.as_str()));
        if last.is_some_and(|word| BESIDE.contains(&word.text.as_str())) {
            return false;
        }
        any(HAS) || !(any(TO_US) || words.iter().any(|word| addresses_us(&word.text)))
    }
}

/// Whether one of these names begins at a word.
fn names(known: &Names, words: &[Word], at: usize) -> bool {
    let rests = words.get(at).and_then(|word| known.get(&word.text));
    rests.into_iter().flatten().any(|rest| {
        let behind = words.get(at + 1..).unwrap_or_default();
        behind.len() >= rest.len()
            && rest
                .iter()
                .zip(behind)
                .all(|(name, word)| *name == word.text)
    })
}

/// Words that may stand between.
const ARTICLES: &[&str] = &[
    "el", "la", "los", "las", "the", "a", "un", "una", "de", "del", "those", "of", "in", "at", "en",
];

/// "Tenéis", "trabajáis", "mandáis": a verb in the second person plural.
fn addresses_us(word: &str) -> bool {
    word.len() > 5 && (word.ends_with("ais") || word.ends_with("eis"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_from_elsewhere_is_told_from_a_name() {
        let names = ["Amazon", "Zara", "El Corte Inglés", "Mareas"].map(str::to_owned);
        let elsewhere = Elsewhere::new("Mareas", &names, &[]);
        let concerns = |text: &str| elsewhere.concerns(&words(&Folded::new(text)));
        for text in [
            "mi pedido de amazon no ha llegado",
            "¿Cuánto tarda un envío de Amazon a Tenerife?",
            "My Zara refund hasn't come through, can you check it",
            "compré en El Corte Inglés un abrigo, ¿lo cambiáis?",
            "cómo se devuelve en Zara",
        ] {
            assert!(concerns(text), "{text}");
        }
        for text in [
            "mi pedido no ha llegado",
            "¿sois los mismos que Zara?",
            "are your boots like the Zara ones?",
            "¿puedo pagar con la tarjeta de El Corte Inglés?",
            "lo vi más barato en Amazon, ¿igualáis el precio?",
            "compré en Mareas, no en Zara",
            "el corte de la falda es inglés",
            "¿tenéis los precios de Amazon?",
        ] {
            assert!(!concerns(text), "{text}");
        }
    }

    #[test]
    fn a_thing_that_is_not_ours_is_seen_in_a_short_message() {
        let things = ["pasaporte", "carnet de conducir"].map(str::to_owned);
        let elsewhere = Elsewhere::new("Mareas", &[], &things);
        let strange = |text: &str| elsewhere.is_strange(&words(&Folded::new(text)));
        assert!(strange(
            "¿dónde cambio la dirección del carnet de conducir?"
        ));
        assert!(strange("perdí el pasaporte"));
        assert!(!strange("perdí el carnet"));
        assert!(!strange("¿piden el pasaporte en su tienda de Mareas?"));
        let story = "me voy el lunes de viaje, ya tengo el pasaporte y la maleta hecha, y las botas que pedí siguen sin llegar a mi casa";
        assert!(!strange(story));
    }
}
