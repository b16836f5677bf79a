//! Several requests in one message: "quiero saber el estado de 1000007 y cancelar el 1000003".
//!
//! A message is parted only where both parts ask for something and each is a sure match of its own: "me llegó roto y quiero devolverlo" tells
//! one story. A letter is taken sentence by sentence: what asks for nothing belongs to what it introduces.

use std::sync::LazyLock;

use regex::Regex;

use super::context::{Context, Reading};
use super::contrast;
use super::engine::Engine;
use super::normalise::{Folded, WordKind, words};
use super::reading::readable;
use crate::conversation::Verdict;

/// Places at which a message is tried to be parted.
const MOST_PLACES: usize = 8;

/// Requests of one message, at most.
const MOST_REQUESTS: usize = 3;

/// Confidence from which a part that asks is a request.
const SURE_ENOUGH: f32 = 0.7;

/// Confidence from which a part is a request although it does not ask: after the end of a sentence or "además", and after nothing but "y".
const SURE: f32 = 0.8;
const SURER: f32 = 0.95;

/// Words from which a message is a letter.
const LETTER: usize = 18;

/// Words of a message that is tried to be parted anywhere but at the end of a sentence: each try reads it again.
const MOST_PARTED: usize = 120;

/// Sentences of a letter that are read.
const MOST_SENTENCES: usize = 24;

/// Words at the beginning of a part in which a request must show.
const OPENING: usize = 5;

static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?P<stop>[.;?!)])\s+|[,:]\s+|\s+)(?:(?P<and>y|e|and|pero|but|ni)\s+)?(?:(?P<besides>otra cosa|otra consulta|otra pregunta|tambien|ademas|asimismo|de paso|aparte|aparte de eso|encima|luego|despues|por cierto|ya que estoy|ya que estamos|por ultimo|por otro lado|por otra parte|lo segundo|en primer lugar|en segundo lugar|also|then|plus|besides|another thing|one more thing|finally|secondly|by the way|on top of that|in addition)[,:]?\s+(?:(?:que|si)\s+)?)*",
    )
    .expect("a constant expression that the tests run")
});

/// Words with which somebody asks for something, wherever they stand in the opening.
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
    "podeis",
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
    "cuales",
    "kiero",
    "hay",
    "tienen",
    "teneis",
    "tenes",
    "aceptan",
    "aceptais",
    "hacen",
    "haceis",
    "envian",
    "enviais",
    "abren",
    "abris",
    "cierran",
    "cerrais",
    "venden",
    "vendeis",
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
    "whats",
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
    "solicito",
    "solicitamos",
    "ruego",
    "rogamos",
    "agradeceria",
    "pido",
    "pedimos",
    "exijo",
    "requiero",
    "preciso",
    "request",
    "require",
    "wish",
    "kindly",
];

/// Words with which a question or an order begins.
const BEGINNING: &[&str] = &[
    "que",
    "quien",
    "do",
    "does",
    "did",
    "is",
    "are",
    "was",
    "will",
    "would",
    "any",
    "who",
    "stop",
    "delete",
    "send",
    "remove",
    "fix",
    "give",
    "take",
    "erase",
    "unsubscribe",
];

/// Beginnings of words that order something: "cancelame", "devuélvanme", "cámbienlo".
const ORDERING: &[&str] = &[
    "cancel", "anul", "cambi", "devolv", "devuelv", "reembols", "modific", "mand", "envi", "busc",
    "fij", "borr", "elimin", "quit", "pasame", "pasad", "dejad", "dejen", "explic",
];

/// Abbreviations whose point ends no sentence: "Av. Colón 1234", "Dr. Gómez", "St. James".
const ABBREVIATED: &[&str] = &[
    "av", "avda", "ave", "c", "cl", "cra", "dpto", "depto", "dto", "apto", "apt", "pl", "pza",
    "ctra", "urb", "esq", "izq", "dcha", "bto", "nro", "num", "tel", "ref", "cp", "sr", "sra",
    "srta", "dr", "dra", "d", "mr", "mrs", "ms", "st", "rd", "blvd", "bv", "gral", "pte", "etc",
    "ej", "vs",
];

/// One of several requests of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Where it begins: byte offset in the text.
    pub at: usize,
    /// How it is read, as if it stood alone.
    pub reading: Reading,
}

/// Where a message is parted in two.
struct Parted {
    at: usize,
    first: Reading,
    second: Reading,
}

/// A place at which a message may be parted: byte offsets of what stands between, and how plainly something new begins there.
struct Place {
    from: usize,
    to: usize,
    /// The end of a sentence.
    stop: bool,
    /// "Además", "also".
    besides: bool,
    /// "Y", "and"; a comma alone parts only what asks on both sides: an address has commas too.
    joined: bool,
}

static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:[;.:?!)]|,)\s+(?:(?:\d{1,2}|[a-d])\s?[.)-]+\s*|[-*\u{2022}]\s*)?(?:(?:y|e|and|tambien|ademas|asimismo|por ultimo|por otro lado|por otra parte|en primer lugar|en segundo lugar|also|finally|secondly|in addition|firstly)[,:]?\s+)*",
    )
    .expect("a constant expression that the tests run")
});

impl Engine {
    /// The requests of a message in order, where it holds more than one; each is read as if it stood alone. Linear in its length.
    pub fn requests(&self, text: &str, context: &Context<'_>) -> Vec<Request> {
        let text = readable(text);
        let mut found = Vec::new();
        let length = words(&Folded::new(text)).len();
        if length >= LETTER {
            found = self.of_letter(text, context);
        }
        if found.len() < 2 {
            found.clear();
        }
        // Whoever writes that much without a request at the beginning of a sentence tells a story.
        if found.is_empty() && length <= MOST_PARTED {
            self.part(text, 0, context, &mut found);
        }
        found
    }

    /// Parts a text, and its parts again.
    fn part(&self, text: &str, from: usize, context: &Context<'_>, found: &mut Vec<Request>) {
        let Some(Parted { at, first, second }) = self.two_requests(text, context) else {
            return;
        };
        let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        for (part, from, reading) in [(before, from, first), (behind, from + at, second)] {
            let known = found.len();
            if known + 2 <= MOST_REQUESTS {
                self.part(part, from, context, found);
            }
            if found.len() == known {
                found.push(Request { at: from, reading });
            }
        }
    }

    /// The requests of a letter: a sentence that asks begins one, those around it belong to it.
    fn of_letter(&self, text: &str, context: &Context<'_>) -> Vec<Request> {
        let folded = Folded::new(text);
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let ends = SENTENCE.find_iter(folded.as_str()).take(MOST_SENTENCES);
        let mut starts: Vec<usize> = vec![0];
        starts.extend(ends.map(|between| folded.original_span(between.start(), between.end()).1));
        let mut found: Vec<Request> = Vec::new();
        for (index, &from) in starts.iter().enumerate() {
            let to = starts.get(index + 1).copied().unwrap_or(text.len());
            let Some(sentence) = text
                .get(from..to)
                .filter(|sentence| asks(sentence) && !contrast::only_refuses(sentence))
            else {
                continue;
            };
            let reading = self.understand(sentence, &alone);
            let Verdict::Match { .. } = &reading.understood.verdict else {
                continue;
            };
            if best(&reading) < SURE_ENOUGH {
                continue;
            }
            if found.iter().all(|known| are_two(&known.reading, &reading))
                && found.len() < MOST_REQUESTS
            {
                // What was told before the first request belongs to it.
                let at = if found.is_empty() { 0 } else { from };
                found.push(Request { at, reading });
            }
        }
        found
    }

    /// The two requests of a message, where it holds two.
    fn two_requests(&self, text: &str, context: &Context<'_>) -> Option<Parted> {
        let alone = Context {
            around: context.around,
            ..Context::fresh(context.session_lang)
        };
        let parted = places(text).into_iter().filter_map(|place| {
            let (first, second) = (text.get(..place.from)?, text.get(place.to..)?);
            // A question mark belongs to what it ends.
            let at = text
                .get(place.from..place.to)?
                .find([' ', '\n'])
                .map_or(place.from, |gap| place.from + gap);
            if contrast::only_refuses(first) || contrast::only_refuses(second) {
                return None;
            }
            let marked = text.get(place.from..at)?.contains('?');
            let asked = (marked || asks(first), asks(second));
            // What is marked as a question begins anew, whatever stands before it.
            let opened = second.starts_with('\u{bf}');
            let new = place.stop || place.besides || opened;
            if !new && !(asked.0 && (place.joined || asked.1)) {
                return None;
            }
            let first = self.understand(first, &alone);
            // "¿Se puede devolver? ¿Y cuánto tarda?" goes on with the same.
            let before = first.understood.verdict.topic();
            let after = Context {
                last_topic: before.filter(|_| is_a_fragment(second)),
                ..alone
            };
            let second = self.understand(second, &after);
            let two = Parted { at, first, second };
            let least = match (asked, new) {
                ((true, true), _) => SURE_ENOUGH,
                (_, true) => SURE,
                (_, false) => SURER,
            };
            (are_two(&two.first, &two.second) && surety(&two) >= least).then_some(two)
        });
        parted.max_by(|a, b| surety(a).total_cmp(&surety(b)))
    }
}

/// Where a message may be parted, the plainest places first.
fn places(text: &str) -> Vec<Place> {
    let folded = Folded::new(text);
    let mut places: Vec<Place> = BETWEEN
        .captures_iter(folded.as_str())
        .filter_map(|between| {
            let all = between.get(0)?;
            let stop = between.name("stop").is_some_and(|stop| {
                stop.as_str() != "." || !is_abbreviated(folded.as_str().get(..stop.start()))
            });
            let besides = between.name("besides").is_some();
            let joined = between.name("and").is_some();
            let comma = all.as_str().contains([',', ':']);
            let (from, to) = folded.original_span(all.start(), all.end());
            (stop || besides || joined || comma).then_some(Place {
                from,
                to,
                stop,
                besides,
                joined,
            })
        })
        .collect();
    places.sort_by_key(|place| !(place.stop || place.besides));
    places.truncate(MOST_PLACES);
    places
}

/// Whether a text up to a point ends with an abbreviation.
fn is_abbreviated(before: Option<&str>) -> bool {
    let last = before.and_then(|before| before.rsplit(|c: char| !c.is_alphanumeric()).next());
    last.is_some_and(|last| ABBREVIATED.contains(&last))
}

/// Whether a part asks of something without naming it: "cuánto tarda?".
fn is_a_fragment(part: &str) -> bool {
    const QUESTIONS: &[&str] = &[
        "cuanto", "cuanta", "cuando", "como", "donde", "how", "when", "where",
    ];
    let words = words(&Folded::new(part));
    let first = words.first().map(|word| word.text.as_str());
    words.len() <= 3 && first.is_some_and(|word| QUESTIONS.contains(&word))
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
        && (part.contains(['?', '\u{bf}'])
            || first.is_some_and(|word| {
                infinitive(word)
                    || BEGINNING.contains(&word)
                    || ORDERING.iter().any(|verb| word.starts_with(verb))
            })
            || opening.any(|word| ASKING.contains(&word)))
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

fn surety(two: &Parted) -> f32 {
    best(&two.first).min(best(&two.second))
}

fn best(reading: &Reading) -> f32 {
    let best = reading.understood.nearest.first();
    best.map_or(0.0, |best| best.confidence)
}
