//! What a message sets aside: "no quiero cancelar, solo cambiar la dirección", "not a return, I just need the invoice".
//!
//! A classifier of words reads what is named, wanted or not. What somebody says that they do not mean is left out where the rest still says
//! something; a refusal that is the matter itself stays: "no quiero más correos", "ya no lo quiero".

use std::sync::LazyLock;

use regex::Regex;

use super::normalise::Folded;

/// How a clause begins that says what is not meant; it ends where the next one begins.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[.,;:!?(]\s*|\b(?:y|pero|and|but)\s+)(?P<part>(?:",
        r"(?:yo\s+|ya\s+)*no\s+(?:quiero|queria|quisiera|necesito|busco|pregunto|pido|hablo|vengo|pretendo|deseo|digo|me refiero|me interesan?|se trata|hace falta|estoy (?:preguntando|pidiendo|hablando)|es (?:que|por|un|una|para))",
        r"|(?P<order>no\s+(?:lo|la|los|las)\s+(?:\w+[ae]is\b|(?:quiero|queremos|queria)\s+\w+[aei]r\b)",
        r"|no\s+(?:(?:me|nos)\s+)?(?:l[oae]s?\s+)?(?:(?:cancel|anul|borr|elimin|cambi|cierr|cerr|toqu|modifiqu|reemplac)(?:es|e|en|eis)|(?:devuelv|devolv|sustituy)(?:as|a|an|ais))\b",
        r"|(?:please\s+)?(?:do not|don.?t)\s+(?:cancel|return|refund|change|delete|close|remove|replace)\b)",
        r"|no\s+(?:el|la|los|las|un|una|por|para)\s",
        r"|sin\s+\w+[aei]r\b",
        r"|en (?:vez|lugar) de",
        r"|(?:i\s+)?(?:really\s+)?(?:do not|don.?t|didn.?t)\s+(?:want|need|mean|ask)",
        r"|(?:i.?m|i am|we.?re|we are)\s+not\s+(?:asking|looking|after|trying|talking|here|complaining)",
        r"|not\s+(?:asking|looking|after|trying|about|the|a|an|my|for|to)\b",
        r"|(?:it|this)(?:.?s| is)(?: not|n.?t)\s+(?:about|that|a|an|the)\b",
        r"|no (?:es|fue|esta|estaba) (?:rot[oa]|duplicad[oa]|tarde|doble|mal)\b",
        r"|not\s+(?:broken|damaged|faulty|late|wrong|lost)\b|nothing wrong with",
        r"|no need (?:to|for)|instead of|rather than",
        // What is as it should be is not the matter: "la talla está bien, lo que pasa es que…".
        r"|(?P<fine>(?:el|la|los|las|the|my)\s+\w+\s+(?:me\s+)?(?:esta|estan|va|van|queda|quedan|is|are)\s+(?:muy\s+|just\s+)?(?:bien|perfect\w*|fine|ok|okay|great)\b)",
        // Somebody corrects what they may be taken to say, or it is the matter: the rest tells.
        r"|(?P<maybe>(?:(?:it|this|that|they)\s+(?:was|is|were|are)(?:\s+not|n.?t)|no\s+(?:me|nos)\s+(?:habeis|han|has|ha|cobr\w+))\s)",
        r")(?P<what>[^.,;:!?]*?))",
        r"(?:[.,;:!?]+\s*|\s+(?:sino|solo|solamente|unicamente|prefiero|lo que (?:quiero|pregunto|necesito|busco|digo)|quiero|necesito|but|just|only|instead|i (?:want|need|just|only|do want)|i.?d (?:like|rather)|what i)\b|$)",
    ))
    .expect("a constant expression that the tests run")
});

/// Refusals of one message that are looked at.
const MOST: usize = 8;

/// Beginnings of what is refused that make the refusal the matter itself.
const MATTERS: &[&str] = &[
    "mas",
    "nada",
    "recibir",
    "que me mand",
    "que me escrib",
    "que me envi",
    "que me llam",
    "que guard",
    "que qued",
    "seguir",
    "tener",
    "esto",
    "eso",
    "it",
    "them",
    "this",
    "that",
    "these",
    "any more",
    "anymore",
    "to receive",
    "to get",
    "you to",
    "your",
    "more",
    "to keep",
    "an account",
    "to be",
];

/// A text taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contrast {
    /// What is left without what it sets aside.
    pub(super) meant: String,
    /// What it sets aside, without the words that refuse it.
    pub(super) refused: String,
    /// Whether it sets that aside only where the rest says something else: "no me han cobrado doble, …", "no me han pagado, …".
    pub(super) maybe: bool,
}

/// What a text means and what it sets aside; `None` where it sets nothing aside or nothing would be left.
pub(super) fn apart(text: &str) -> Option<Contrast> {
    let folded = Folded::new(text);
    let (mut meant, mut refused) = (String::new(), String::new());
    let mut from = 0;
    let mut maybe = true;
    for found in REFUSED.captures_iter(folded.as_str()).take(MOST) {
        let (Some(part), Some(what)) = (found.name("part"), found.name("what")) else {
            continue;
        };
        let names = |group| found.name(group).is_some();
        let named = names("order") || names("fine");
        if !named && is_the_matter(what.as_str()) {
            continue;
        }
        maybe &= found.name("maybe").is_some();
        let (start, end) = folded.original_span(part.start(), part.end());
        meant.push_str(text.get(from..start)?);
        // What an order forbids is named by its verb, and what is fine by its name.
        let named = found
            .name("order")
            .or(found.name("maybe"))
            .or(found.name("fine"));
        refused.push_str(named.map_or("", |named| named.as_str()));
        refused.push_str(what.as_str());
        from = end;
    }
    meant.push_str(text.get(from..)?);
    let outer = |c: char| !c.is_alphanumeric() && !matches!(c, '?' | '\u{bf}');
    let meant = meant.trim_matches(outer).to_owned();
    let refused = refused.trim().to_owned();
    (from > 0 && meant.split_whitespace().count() > 1).then_some(Contrast {
        meant,
        refused,
        maybe,
    })
}

/// Whether a text only says what is not meant.
pub(super) fn only_refuses(text: &str) -> bool {
    let folded = Folded::new(text);
    let Some(found) = REFUSED
        .captures(folded.as_str())
        .filter(|found| found.name("maybe").is_none() && found.name("fine").is_none())
    else {
        return false;
    };
    let words = |text: Option<&str>| text.map_or(0, |text| text.split_whitespace().count());
    let around = found.name("part").map_or(0, |part| {
        let all = folded.as_str();
        words(all.get(..part.start())) + words(all.get(part.end()..))
    });
    let what = found.name("what").map_or("", |what| what.as_str());
    around <= 1 && (found.name("order").is_some() || !is_the_matter(what))
}

/// Whether a text does nothing but forbid an act, and say why: "no, no lo canceles, por favor", "no la borréis, que la uso".
pub(super) fn only_forbids(text: &str) -> bool {
    const REASONS: &[&str] = &[
        "que ", "porque ", "pues ", "ya que ", "because ", "cause ", "cos ",
    ];
    let folded = Folded::new(text);
    let Some(found) = REFUSED.captures(folded.as_str()) else {
        return false;
    };
    let (Some(_), Some(whole)) = (found.name("order"), found.get(0)) else {
        return false;
    };
    let before = folded.as_str().get(..whole.start()).unwrap_or_default();
    let after = folded.as_str().get(whole.end()..).unwrap_or_default();
    let reason = REASONS.iter().any(|word| after.starts_with(word));
    before.split_whitespace().count() <= 1 && reason || only_refuses(text)
}

fn is_the_matter(what: &str) -> bool {
    let what = what.trim();
    what.is_empty() || MATTERS.iter().any(|matter| what.starts_with(matter))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_fine_is_set_aside() {
        for (text, meant) in [
            (
                "no, la talla está bien, lo que pasa es que la costura está abierta",
                "no, , lo que pasa es que la costura está abierta",
            ),
            ("the colour is fine, the zip is broken", "the zip is broken"),
        ] {
            let parts = apart(text).unwrap();
            assert_eq!((parts.meant.as_str(), parts.maybe), (meant, false));
            assert!(!only_refuses(text), "{text}");
        }
        assert_eq!(apart("la talla está bien").map(|parts| parts.meant), None);
        assert_eq!(apart("la talla está mal, quiero otra"), None);
    }

    #[test]
    fn what_may_be_a_correction_is_set_aside_if_the_rest_says_something() {
        for text in [
            "no me habéis cobrado doble, me habéis cobrado de más",
            "it wasn't charged twice, it's a fee I never agreed to",
        ] {
            let parts = apart(text).unwrap();
            assert!(parts.maybe, "{text}");
            assert!(!only_refuses(text), "{text}");
        }
        let parts = apart("no quiero una talla más, la caja no es para mí").unwrap();
        assert!(!parts.maybe, "it is not wanted");
    }

    #[test]
    fn what_is_not_meant_is_left_out() {
        for (said, left) in [
            (
                "no quiero cancelar, solo cambiar la dirección",
                "solo cambiar la dirección",
            ),
            (
                "I don't want a refund, I want another size",
                "I want another size",
            ),
            (
                "no pregunto por el envío sino por el reembolso",
                "sino por el reembolso",
            ),
            (
                "I'm not asking where it is, I want to cancel",
                "I want to cancel",
            ),
            (
                "not a return, just the invoice please",
                "just the invoice please",
            ),
            (
                "en vez de devolver prefiero otra talla",
                "prefiero otra talla",
            ),
            ("quiero mi cuenta, no la borréis", "quiero mi cuenta"),
            (
                "hola, no busco zapatos, ¿tenéis botas?",
                "hola, , ¿tenéis botas?",
            ),
        ] {
            assert_eq!(apart(said).unwrap().meant, left, "{said}");
        }
    }

    #[test]
    fn a_refusal_may_be_the_matter() {
        for said in [
            "no quiero más correos, por favor",
            "ya no lo quiero, quitadlo",
            "no quiero que me manden más publicidad, gracias",
            "I just don't want it any more, sorry",
            "lo que no quiero son los anuncios, gracias",
            "no me llegó el pedido, ¿dónde está?",
            "no puedo pagar, me rechaza la tarjeta",
            "it does not work, can you fix it",
            "no",
            "",
        ] {
            assert_eq!(apart(said), None, "{said}");
        }
    }

    #[test]
    fn a_part_may_only_refuse() {
        assert!(only_refuses("no quiero cancelar"));
        assert!(only_refuses("I'm not asking for a refund"));
        assert!(!only_refuses("no quiero más correos"));
        assert!(!only_refuses(
            "no quiero cancelar, solo cambiar la dirección"
        ));
        assert!(!only_refuses("quiero cancelar"));
    }

    #[test]
    fn an_act_may_only_be_forbidden() {
        for said in [
            "no, no lo canceles por favor",
            "no me borréis la cuenta",
            "no cambie nada",
            "please don't cancel it",
            "no la borréis, que la uso",
            "don't change it, because I like it",
        ] {
            assert!(only_forbids(said), "{said}");
        }
        for said in [
            "no cambia nada",
            "no me borra los correos",
            "no me llega",
            "quiero que no me mandéis más correos",
            "no quiero cancelar",
            "no lo canceles, cambia la dirección a Mayor 3",
        ] {
            assert!(!only_forbids(said), "{said}");
        }
    }
}
