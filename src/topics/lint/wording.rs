//! How texts are worded: every language there, one register, no feigned feelings, no fact typed by hand.

use std::collections::BTreeSet;

use super::super::fault::Fault;
use super::super::fields::any_lang;
use super::super::notes::{Notes, Scope};
use super::super::problem::Place;
use super::super::read::Gathered;
use crate::ids::Lang;

/// Forms of *vos* that no *tú* shares. Only whole words, and only such as are nothing else in Spanish.
const VOSEO: [&str; 62] = [
    "vos",
    "querés",
    "tenés",
    "podés",
    "sabés",
    "necesitás",
    "hacés",
    "decís",
    "venís",
    "ponés",
    "salís",
    "preferís",
    "sos",
    "debés",
    "recibís",
    "escribís",
    "elegís",
    "pedís",
    "seguís",
    "mirás",
    "buscás",
    "esperás",
    "comprás",
    "pagás",
    "enviás",
    "mandás",
    "llamás",
    "cambiás",
    "devolvés",
    "volvés",
    "perdés",
    "entendés",
    "conocés",
    "creés",
    "leés",
    "vivís",
    "contame",
    "decime",
    "mandame",
    "avisame",
    "escribime",
    "pasame",
    "dejame",
    "contanos",
    "decinos",
    "escribinos",
    "mandanos",
    "avisanos",
    "fijate",
    "acordate",
    "quedate",
    "andá",
    "hacé",
    "vení",
    "poné",
    "tené",
    "decí",
    "elegí",
    "escribí",
    "seguí",
    "revisá",
    "mirá",
];

/// Forms of *usted*. Its verbs are those of the third person, so only what can be nothing else counts.
const USTED: [&str; 13] = [
    "usted",
    "ustedes",
    "su pedido",
    "su compra",
    "su cuenta",
    "su consulta",
    "su correo",
    "su número",
    "su dirección",
    "su dinero",
    "dígame",
    "indíquenos",
    "escríbanos",
];

/// Forms of *tú* that no *vos* shares.
const TUTEO: [&str; 44] = [
    "tú",
    "quieres",
    "tienes",
    "puedes",
    "sabes",
    "necesitas",
    "haces",
    "dices",
    "vienes",
    "pones",
    "prefieres",
    "eres",
    "debes",
    "recibes",
    "escribes",
    "eliges",
    "pides",
    "sigues",
    "buscas",
    "esperas",
    "compras algo",
    "devuelves",
    "vuelves",
    "pierdes",
    "entiendes",
    "conoces",
    "cuéntame",
    "dime",
    "mándame",
    "avísame",
    "escríbeme",
    "déjame",
    "cuéntanos",
    "dinos",
    "escríbenos",
    "mándanos",
    "avísanos",
    "fíjate",
    "acuérdate",
    "quédate",
    "contigo",
    "revísalo",
    "haz clic",
    "ten en cuenta",
];

/// What a program does not feel, nor do.
const FEIGNED: [&str; 26] = [
    "entiendo cómo te sientes",
    "entiendo cómo te sentís",
    "entiendo cómo se siente",
    "entiendo tu frustración",
    "entiendo su frustración",
    "entiendo perfectamente",
    "comprendo tu malestar",
    "comprendo su malestar",
    "comprendo cómo",
    "me alegra mucho",
    "me pone muy",
    "me encanta",
    "me encantaría",
    "siento mucho que",
    "me da mucha pena",
    "estoy feliz",
    "estoy encantad",
    "lamento mucho",
    "i understand how you feel",
    "i understand your frustration",
    "i completely understand",
    "i know how you feel",
    "i'd love to",
    "i am so happy",
    "i'm so happy",
    "so excited",
];

/// Shortest value of a fact that is looked for.
const FACT_MIN_CHARS: usize = 6;

pub(super) fn check(all: &Gathered, notes: &mut Notes) {
    let languages: Vec<Lang> = all
        .assistant
        .as_ref()
        .map(|assistant| assistant.languages.clone())
        .unwrap_or_default();
    let values = fact_values(all);
    let mut found: Vec<(Place, Fault)> = Vec::new();
    for seen in &notes.texts {
        if !seen.plain {
            for lang in missing(&seen.langs, &languages) {
                let lang = lang.to_string();
                found.push((seen.place.clone(), Fault::MissingLang { lang }));
            }
        }
        for (lang, node) in &seen.said {
            let Some(scalar) = node.scalar() else {
                continue;
            };
            for (at, fault) in faults(lang, &scalar.text) {
                found.push((node.place_in(at), fault));
            }
            if seen.scope == Scope::Fact {
                continue;
            }
            for (fact, value) in &values {
                if let Some(at) = word_at(&scalar.text, value) {
                    let fault = Fault::FactTyped {
                        fact: fact.clone(),
                        value: value.clone(),
                    };
                    found.push((node.place_in(at), fault));
                    break;
                }
            }
        }
    }
    for (place, fault) in found {
        notes.fault(&place, &fault);
    }
}

/// Languages of the assistant that a text has in no region.
fn missing(tags: &[Lang], languages: &[Lang]) -> Vec<Lang> {
    let bases: BTreeSet<Lang> = tags.iter().map(Lang::base).collect();
    languages
        .iter()
        .map(Lang::base)
        .filter(|lang| !bases.contains(lang))
        .collect()
}

/// Values that a text should cite: those that hold a figure or an address, and long ones. A short word such as «gratis» is a word before it is a fact.
fn fact_values(all: &Gathered) -> Vec<(String, String)> {
    let shared = all.facts.iter();
    let of_sites = all.site_facts.values().flatten();
    let mut values: Vec<(String, String)> = shared
        .chain(of_sites)
        .flat_map(|(name, text)| {
            text.by_lang
                .values()
                .flat_map(super::super::text::Wording::variants)
                .map(|value| (name.clone(), value.to_owned()))
                .collect::<Vec<_>>()
        })
        .filter(|(_, value)| {
            let chars = value.chars().count();
            let telling = value.contains(|c: char| c.is_ascii_digit() || c == '@' || c == '/');
            chars >= FACT_MIN_CHARS && (telling || chars >= 3 * FACT_MIN_CHARS)
        })
        .collect();
    // The longest first: «2 horas de atención» before «2 horas».
    values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    values
}

/// Faults of wording in one language's words, with their byte offsets.
pub(in crate::topics) fn faults(lang: &Lang, words: &str) -> Vec<(usize, Fault)> {
    let mut found = Vec::new();
    let lower = words.to_lowercase();
    // Lower case may change the length of rare letters; the offset is then not to be trusted.
    let place = |at: usize| if lower.len() == words.len() { at } else { 0 };
    if lang.base() == Lang::es() || lang.base() == Lang::en() || *lang == any_lang() {
        for phrase in FEIGNED {
            if let Some(at) = lower.find(phrase) {
                let phrase = phrase.to_owned();
                found.push((place(at), Fault::FakeEmpathy { phrase }));
            }
        }
    }
    let others: &[(&[&str], &'static str)] = match lang.as_str() {
        "es" => &[(&VOSEO, "vos"), (&USTED, "usted")],
        "es-AR" => &[(&TUTEO, "tú"), (&USTED, "usted")],
        "es-usted" => &[(&VOSEO, "vos"), (&TUTEO, "tú")],
        _ => &[],
    };
    for (forms, register) in others {
        for form in *forms {
            if let Some(at) = word_at(&lower, form) {
                let word = (*form).to_owned();
                found.push((place(at), Fault::MixedRegister { word, register }));
            }
        }
    }
    found
}

/// Where whole words stand in a text.
fn word_at(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + words.len()..).and_then(|t| t.chars().next());
        // `{su_pedido}` and `mareas.es/vos` are no words of the sentence.
        let inside = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '/' | '@'))
        };
        !inside(before) && !inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_are_told_apart_by_whole_words() {
        let es = Lang::es();
        assert_eq!(
            faults(&es, "Revisamos el pedido de nosotros, y los vosotros."),
            []
        );
        assert_eq!(
            faults(&es, "¿Cuándo querés recibirlo?"),
            [(
                10,
                Fault::MixedRegister {
                    word: "querés".into(),
                    register: "vos"
                }
            )]
        );
        assert_eq!(
            faults(&es, "Escribimos al correo y el equipo revisa su caso."),
            []
        );
        assert!(!faults(&es, "Su pedido está en camino.").is_empty());
        let ar: Lang = "es-AR".parse().expect("a tag");
        assert!(!faults(&ar, "¿Cuándo quieres recibirlo?").is_empty());
        assert_eq!(faults(&ar, "¿Cuándo querés recibirlo?"), []);
    }

    #[test]
    fn facts_are_whole_words() {
        assert_eq!(word_at("en 17 días", "7 días"), None);
        assert_eq!(word_at("en 7 días.", "7 días"), Some(3));
    }
}
