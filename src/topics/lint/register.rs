//! Forms of address: *tú*, *vos*, *usted*. Only forms count that can be nothing else; most verbs of *usted* are those of the third person.

use super::super::fault::Fault;
use super::wording::word_at;
use crate::ids::Lang;

/// Forms of *vos* that no *tú* shares. Only whole words, and only such as are nothing else in Spanish.
const VOSEO: [&str; 74] = [
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
    "usás",
    "tocás",
    "dejás",
    "ingresás",
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
    "dejanos",
    "pasanos",
    "llamanos",
    "fijate",
    "acordate",
    "quedate",
    "registrate",
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
    "ingresá",
    "tocá",
    "entrá",
    "usá",
];

/// Forms of *usted*. Its verbs are those of the third person, so only what can be nothing else counts.
const USTED: [&str; 16] = [
    "usted",
    "su pedido",
    "su compra",
    "su cuenta",
    "su consulta",
    "su correo",
    "su número",
    "su dirección",
    "su dinero",
    "su tarjeta",
    "dígame",
    "díganos",
    "indíquenos",
    "escríbanos",
    "llámenos",
    "envíenos",
];

/// Orders to *usted*, where a sentence begins with them; inside one they may be a subjunctive: "cuando llame".
const USTED_OPENING: [&str; 14] = [
    "ingrese",
    "indique",
    "escriba",
    "haga",
    "consulte",
    "llame",
    "espere",
    "envíe",
    "revise",
    "elija",
    "seleccione",
    "introduzca",
    "complete",
    "acérquese",
];

/// Forms of *tú* that no *vos* shares.
const TUTEO: [&str; 58] = [
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
    "déjanos",
    "llámanos",
    "envíanos",
    "fíjate",
    "acuérdate",
    "quédate",
    "regístrate",
    "contigo",
    "revísalo",
    "haz clic",
    "ten en cuenta",
    "podrás elegirlo tú",
    "ponte",
    "acércate",
    "dirígete",
    "descárgalo",
    "envíalo",
    "tómate",
    "compruébalo",
    "hazlo",
    "dínoslo",
];

/// The first form of a register in a text in small letters, with its byte offset.
fn first(lower: &str, forms: &[&'static str]) -> Option<(usize, &'static str)> {
    forms
        .iter()
        .filter_map(|form| Some((word_at(lower, form)?, *form)))
        .min()
}

/// The first order to *usted* that begins a sentence.
fn first_order(lower: &str) -> Option<(usize, &'static str)> {
    USTED_OPENING
        .iter()
        .filter_map(|form| {
            let at = word_at(lower, form)?;
            let before = lower
                .get(..at)?
                .trim_end_matches([' ', '¡', '«', '"', '*', '\n']);
            let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':']);
            begins.then_some((at, *form))
        })
        .min()
}

/// Forms that do not belong under this language, and, where the language stands for none, two that do not belong together; with byte offsets.
pub(super) fn faults(lang: &Lang, words: &str) -> Vec<(usize, Fault)> {
    if lang.base() != Lang::es() {
        return Vec::new();
    }
    let lower = words.to_lowercase();
    // Lower case may change the length of rare letters; the offset is then not to be trusted.
    let place = |at: usize| if lower.len() == words.len() { at } else { 0 };
    let usted = || first(&lower, &USTED).or_else(|| first_order(&lower));
    let vos = first(&lower, &VOSEO).map(|found| (found, "vos"));
    let tu = first(&lower, &TUTEO).map(|found| (found, "tú"));
    let usted = usted().map(|found| (found, "usted"));
    let foreign = match lang.as_str() {
        "es" => [vos, usted],
        "es-AR" | "es-UY" | "es-vos" => [tu, usted],
        "es-usted" => [vos, tu],
        // Another country's Spanish: any address, but one.
        _ => {
            let mut found: Vec<_> = [vos, tu, usted].into_iter().flatten().collect();
            found.sort_unstable();
            return match found.as_slice() {
                [((_, other), beside), ((at, word), register), ..] => {
                    let fault = Fault::TwoRegisters {
                        word: (*word).to_owned(),
                        register,
                        other: (*other).to_owned(),
                        beside,
                    };
                    vec![(place(*at), fault)]
                }
                _ => Vec::new(),
            };
        }
    };
    foreign
        .into_iter()
        .flatten()
        .map(|((at, word), register)| {
            let fault = Fault::MixedRegister {
                word: word.to_owned(),
                register,
                lang: lang.to_string(),
            };
            (place(at), fault)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn of(tag: &str, words: &str) -> Vec<(usize, Fault)> {
        faults(&tag.parse().unwrap(), words)
    }

    #[test]
    fn registers_are_told_apart_by_whole_words() {
        assert_eq!(
            of("es", "Revisamos el pedido de nosotros, y los vosotros."),
            []
        );
        let fault = Fault::MixedRegister {
            word: "querés".into(),
            register: "vos",
            lang: "es".into(),
        };
        assert_eq!(of("es", "¿Cuándo querés recibirlo?"), [(10, fault)]);
        assert_eq!(
            of("es", "Escribimos al correo y el equipo revisa su caso."),
            []
        );
        assert_eq!(of("es", "Cuando llame, que espere en línea."), []);
        assert_eq!(of("es", "¿Cuándo quieres recibirlo?"), []);
        assert!(!of("es", "Su pedido está en camino.").is_empty());
        assert!(!of("es", "Listo. Ingrese el código.").is_empty());
        assert!(!of("es-AR", "¿Cuándo quieres recibirlo?").is_empty());
        assert_eq!(of("es-AR", "¿Cuándo querés recibirlo? Ustedes eligen."), []);
        assert!(!of("es-usted", "Dime el número.").is_empty());
        assert_eq!(of("es-usted", "Indique el número de su pedido."), []);
        assert_eq!(of("en", "Vos and usted are words."), []);
    }

    #[test]
    fn other_countries_may_choose_but_not_mix() {
        assert_eq!(of("es-MX", "¿Quieres seguir? Puedes elegir."), []);
        assert_eq!(of("es-CO", "Ingrese su número. Dígame cuál."), []);
        let mixed = of("es-MX", "¿Quieres ver su pedido?");
        assert_eq!(mixed.len(), 1);
        assert_eq!(mixed[0].0, 14);
        assert_eq!(mixed[0].1.code(), "mixed_register");
    }
}
