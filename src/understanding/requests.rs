//! Two requests in one message: "quiero saber el estado de 1000007 y cancelar el 1000003".
//!
//! A message is parted only where both parts ask for something and each is a sure match of its own: "me llegó roto y quiero devolverlo" tells
//! one story.

use std::sync::LazyLock;

use regex::Regex;

use super::engine::{Context, Engine, Reading};
use super::normalise::{Folded, WordKind, words};
use crate::conversation::Verdict;

/// Places at which a message is tried to be parted.
const MOST_PLACES: usize = 4;

/// Words at the beginning of a part in which a request must show.
const OPENING: usize = 5;

static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:[,;.?!)]\s+(?:y |e |and )?|\s+(?:y|e|and)\s+)(?:(?:tambien|ademas|de paso|luego|despues|also|then)\s+)*",
    )
    .expect("a constant expression that the tests run")
});

/// Words with which somebody asks for something.
const ASKING: &[&str] = &[
    "quiero",
    "queria",
    "quisiera",
    "querria",
    "necesito",
    "necesitaria",
    "puedo",
    "podria",
    "podrian",
    "podes",
    "podrias",
    "puedes",
    "puede",
    "pueden",
    "deseo",
    "gustaria",
    "digan",
    "dime",
    "decime",
    "diganme",
    "saber",
    "donde",
    "cuando",
    "cuanto",
    "cuanta",
    "cuantos",
    "cuantas",
    "como",
    "cual",
    "kiero",
    "want",
    "need",
    "like",
    "can",
    "could",
    "please",
    "where",
    "when",
    "how",
    "what",
    "which",
    "cancel",
    "return",
    "track",
    "change",
    "check",
    "know",
    "tell",
    "exchange",
    "refund",
];

/// Beginnings of words that order something: "cancelame", "devuélvanme", "cámbienlo".
const ORDERING: &[&str] = &[
    "cancel", "anul", "cambi", "devolv", "devuelv", "reembols", "modific", "mand", "envi", "busc",
    "fij",
];

/// Where the second request begins, in bytes of the text, and how each is read.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoRequests {
    /// End of the first part and beginning of the second.
    pub at: usize,
    /// The first.
    pub first: Reading,
    /// The second.
    pub second: Reading,
}

impl Engine {
    /// The two requests of a message, where it holds two; each is read as if it stood alone. Linear in its length.
    pub fn two_requests(&self, text: &str, context: &Context<'_>) -> Option<TwoRequests> {
        let folded = Folded::new(text);
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let places = BETWEEN.find_iter(folded.as_str()).take(MOST_PLACES);
        places
            .filter_map(|between| {
                let (from, to) = folded.original_span(between.start(), between.end());
                let (first, second) = (text.get(..from)?, text.get(to..)?);
                if !asks(first) || !asks(second) {
                    return None;
                }
                // A question mark belongs to what it ends.
                let at = text
                    .get(from..to)?
                    .find([' ', '\n'])
                    .map_or(from, |gap| from + gap);
                let (first, second) = (
                    self.understand(first, &alone),
                    self.understand(second, &alone),
                );
                are_two(&first, &second).then_some(TwoRequests { at, first, second })
            })
            .max_by(|a, b| surety(a).total_cmp(&surety(b)))
    }
}

/// Whether a part asks for something in its first words.
fn asks(part: &str) -> bool {
    let words = words(&Folded::new(part));
    let told = words
        .iter()
        .filter(|word| word.kind == WordKind::Plain)
        .count();
    let mut opening = words.iter().take(OPENING).map(|word| word.text.as_str());
    let infinitive = |word: &str| {
        let bare = [
            "melo", "melos", "mela", "selo", "me", "lo", "la", "los", "las", "le", "les",
        ]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
        [bare, word].iter().any(|verb| {
            verb.len() > 4 && (verb.ends_with("ar") || verb.ends_with("er") || verb.ends_with("ir"))
        })
    };
    let first = words.first().map(|word| word.text.as_str());
    words.len() > 1
        && told > 0
        && (first.is_some_and(|word| {
            infinitive(word) || ORDERING.iter().any(|verb| word.starts_with(verb))
        }) || opening.any(|word| ASKING.contains(&word)))
}

/// Whether these are two matters, or the same with two numbers.
fn are_two(first: &Reading, second: &Reading) -> bool {
    let numbers = |reading: &Reading| -> Vec<String> {
        let number = |name: &str| matches!(name, "number" | "order");
        let found = reading.found.iter().filter(|one| number(one.name.as_str()));
        found.map(|one| one.value.clone()).collect()
    };
    match (&first.understood.verdict, &second.understood.verdict) {
        (Verdict::Match { topic: one }, Verdict::Match { topic: other }) if one == other => {
            let (one, other) = (numbers(first), numbers(second));
            !one.is_empty() && !other.is_empty() && one != other
        }
        (Verdict::Match { .. }, Verdict::Match { .. }) => true,
        _ => false,
    }
}

fn surety(two: &TwoRequests) -> f32 {
    let sure = |reading: &Reading| {
        reading
            .understood
            .nearest
            .first()
            .map_or(0.0, |best| best.confidence)
    };
    sure(&two.first).min(sure(&two.second))
}
