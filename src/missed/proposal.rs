//! What an agent wrote, made into what the assistant could say to anybody: without greetings, names and goodbyes, with slots in place of values.

use std::sync::LazyLock;

use regex::Regex;

/// Fewest words of something that answers.
const LEAST_WORDS: usize = 3;

/// A text of an agent, cleaned.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Answer {
    /// What is left, values as `{order_number}`.
    pub text: String,
    /// Names of the slots in it, in the order of their places.
    pub slots: Vec<String>,
    /// It asks the visitor for something.
    pub asks: bool,
}

static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^[¡\s]*(?:hola|buen(?:as|os)?(?: (?:tardes|noches|d[ií]as?))?|estimad[oa]|querid[oa]|hi|hello|hey|dear|good (?:morning|afternoon|evening))\b(?:\s+(?:de nuevo|otra vez|a todos|again|there|all)\b)?[,.!:;\s]*",
    )
    .expect("a valid pattern")
});
/// A sentence that is of this conversation and of no other.
static OF_THE_MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^[¡¿\s]*(?:soy \S+|me llamo|mi nombre es|te saluda|le saluda|te atiende|le atiende|my name is|this is \S+ (?:from|here)|i'?m \S+ from|saludos|un saludo|un abrazo|cordialmente|atentamente|que (?:tengas?|pases?|tenga|pase) |buen(?:as)? (?:tarde|noche|d[ií]a|fin de semana|finde)|quedo a (?:tu|su|tus|sus|vuestra)|quedamos a |a (?:tu|su) disposici[oó]n|(?:kind|best|warm) regards|regards|cheers|have a (?:nice|good|great|lovely)|gracias por (?:tu|su|la|escribir|contactar|esperar|la espera)|de nada|thanks? (?:you )?for (?:your|writing|waiting|contacting)|you'?re welcome|un momento|dame un |d[eé]me un |d[eé]jame |ya lo (?:miro|veo|reviso)|lo (?:miro|veo|reviso)\b|one moment|just a moment|let me (?:check|see|look)|hold on)",
    )
    .expect("a valid pattern")
});
/// How somebody tells their name.
static TOLD_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:[Ss]oy|[Mm]e llamo|[Mm]i nombre es|[Mm]y name is|I'm|I am|[Tt]his is)\s+(\p{Lu}\p{Ll}+(?:\s+\p{Lu}\p{Ll}+){0,2})",
    )
    .expect("a valid pattern")
});
/// Whom an agent greets.
static GREETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^[¡\s]*(?:[Hh]ola|HOLA|[Bb]uen(?:as|os)(?: tardes| noches| d[ií]as)?|[Ee]stimad[oa]|[Hh]i|[Hh]ello|[Dd]ear)[,\s]+(\p{Lu}\p{Ll}+(?:\s+\p{Lu}\p{Ll}+){0,2})",
    )
    .expect("a valid pattern")
});

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+").expect("a valid pattern"));
static CASE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bM-[0-9A-Z]{4}-[0-9A-Z]{2,4}\b").expect("a valid pattern"));
static ORDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"#?\b\d{6,10}\b").expect("a valid pattern"));
static SLOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{([a-z][a-z0-9_]*)\}").expect("a valid pattern"));

/// The names that are told in a conversation: of visitors and of those who greet them.
pub(super) fn names<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in texts {
        let told = TOLD_NAME.captures_iter(text).chain(GREETED.captures(text));
        for name in told.filter_map(|found| Some(found.get(1)?.as_str().to_owned())) {
            names.extend(name.split_whitespace().map(str::to_owned));
            names.push(name);
        }
    }
    // "Ana Quiroga" before "Ana".
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

/// How somebody tells who they are, and what sets it apart.
static WHO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:\b[Ss]oy|\b[Mm]e llamo|\b[Mm]i nombre es|\b[Mm]y name is|\bI'm|\bI am)\s+\p{Lu}\p{Ll}+(?:\s+\p{Lu}\p{Ll}+){0,2}\s*(?:,|\.|;|\by\b|\band\b)?\s*",
    )
    .expect("a valid pattern")
});
static LONG_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d{4,}").expect("a valid pattern"));

/// A phrase without who says it.
pub(super) fn without_who(phrase: &str) -> std::borrow::Cow<'_, str> {
    WHO.replace_all(phrase, "")
}

/// A visitor's phrase as an example for a topic file: without who they are, addresses and numbers of theirs; signs that mean something in examples
/// are blanks.
pub fn example(phrase: &str) -> String {
    let text = without_who(phrase);
    let text = EMAIL.replace_all(&text, regex::NoExpand("nombre@example.com"));
    let text = LONG_NUMBER.replace_all(&text, |found: &regex::Captures<'_>| {
        // As many figures: one number is as good as another.
        "1234567890"
            .chars()
            .cycle()
            .take(found[0].len())
            .collect::<String>()
    });
    let plain = |c: char| {
        if matches!(c, '[' | ']' | '(' | ')' | '{' | '}' | '|') {
            ' '
        } else {
            c
        }
    };
    let text: String = text.chars().map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an agent's text says to anybody, or nothing where it says nothing. `said` are all texts of the conversation, for the names in them; `people`
/// are names of agents; `slots` are the values that were taken in the conversation, by name.
pub fn cleaned(
    text: &str,
    said: &[&str],
    people: &[&str],
    slots: &[(&str, &str)],
) -> Option<Answer> {
    let mut text = text.trim().to_owned();
    // Braces of the agent's own would be read as slots.
    text.retain(|c| !matches!(c, '{' | '}'));
    for (name, value) in slots {
        // A short value stands in many words by chance.
        if value.chars().count() >= 3 {
            text = replace_whole(&text, value, &format!("{{{name}}}"));
        }
    }
    for (pattern, slot) in [
        (&*EMAIL, "{email}"),
        (&*CASE, "{case}"),
        (&*ORDER, "{order_number}"),
    ] {
        text = pattern
            .replace_all(&text, regex::NoExpand(slot))
            .into_owned();
    }
    let names = names(said.iter().copied());
    let mut kept = Vec::new();
    for line in text.lines() {
        let line = names
            .iter()
            .filter(|name| !people.contains(&name.as_str()))
            .fold(line.to_owned(), |line, name| without_name(&line, name));
        let line = GREETING.replace(&line, "");
        let mut sentences = String::new();
        for sentence in split(&line) {
            let bare = sentence.trim_start();
            let says = bare.chars().any(char::is_alphanumeric);
            let of_agent = people.iter().any(|name| holds(bare, name));
            if says && !of_agent && !OF_THE_MOMENT.is_match(bare) {
                sentences.push_str(sentence);
            }
        }
        let line = sentences.split_whitespace().collect::<Vec<_>>().join(" ");
        if !line.is_empty() {
            kept.push(capitalised(&line));
        }
    }
    let text = kept.join("\n");
    if text.split_whitespace().count() < LEAST_WORDS {
        return None;
    }
    let mut slots: Vec<String> = Vec::new();
    for found in SLOT.captures_iter(&text) {
        let name = found[1].to_owned();
        if !slots.contains(&name) {
            slots.push(name);
        }
    }
    let asks = text.trim_end().ends_with('?');
    Some(Answer { text, slots, asks })
}

/// The sentences of a line, each with what ends it.
fn split(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = matches!(c, '.' | '!' | '?')
            && chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends {
            let until = at + c.len_utf8();
            sentences.extend(line.get(from..until));
            from = until;
        }
    }
    sentences.extend(line.get(from..).filter(|rest| !rest.trim().is_empty()));
    sentences
}

fn holds(text: &str, name: &str) -> bool {
    !name.is_empty()
        && text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == name)
}

/// The value where it stands as a whole.
fn replace_whole(text: &str, value: &str, with: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(value) {
        let (before, found) = rest.split_at(at);
        let after = found.get(value.len()..).unwrap_or_default();
        let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        replaced.push_str(before);
        let whole = open(before.chars().next_back()) && open(after.chars().next());
        replaced.push_str(if whole { with } else { value });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Without a name, and the comma that set it apart.
fn without_name(line: &str, name: &str) -> String {
    let cut = replace_whole(line, name, "\u{0}");
    cut.replace(", \u{0}", "")
        .replace(" \u{0}", "")
        .replace("\u{0}, ", "")
        .replace('\u{0}', "")
}

fn capitalised(line: &str) -> String {
    let at = line.find(char::is_alphanumeric);
    let (before, rest) = line.split_at(at.unwrap_or_default());
    // A slot begins a sentence as it is.
    if before.ends_with('{') {
        return line.to_owned();
    }
    let mut chars = rest.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    format!("{before}{}{}", first.unwrap_or_default(), chars.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn clean(text: &str) -> Option<String> {
        let said = ["me llamo Ana Quiroga y no me llegó", text];
        cleaned(text, &said, &["Marta"], &[("postcode", "28013")]).map(|answer| answer.text)
    }

    #[test]
    fn what_is_of_one_person_is_left_out() {
        let told = clean(
            "¡Hola, Ana! Soy Marta, de Mareas. El pedido 1000012 sale mañana, Ana. ¡Un saludo!",
        );
        assert_eq!(
            told.as_deref(),
            Some("El pedido {order_number} sale mañana.")
        );
        let told = clean(
            "Buenas tardes. Te escribimos a ana@example.org al cerrar el caso M-7F3K-2QX9.\nQue tengas buen día",
        );
        assert_eq!(
            told.as_deref(),
            Some("Te escribimos a {email} al cerrar el caso {case}.")
        );
        let told = clean("Hi Ana Quiroga, we deliver to 28013 on Mondays. Kind regards, Marta");
        assert_eq!(
            told.as_deref(),
            Some("We deliver to {postcode} on Mondays.")
        );
    }

    #[test]
    fn what_answers_nothing_is_nothing() {
        for text in [
            "Hola Ana",
            "Un momento, lo miro.",
            "¡Gracias por la espera!",
            "ok",
            "",
        ] {
            assert_eq!(clean(text), None, "{text}");
        }
    }

    #[test]
    fn slots_are_named_and_questions_are_told_from_answers() {
        let said = [""];
        let text = "¿Me das el número 1000012 y el correo a@b.es?";
        let answer = cleaned(text, &said, &[], &[]).unwrap();
        assert_eq!(answer.slots, ["order_number", "email"]);
        assert!(answer.asks);
        let braces = cleaned("El precio es {price} por par", &said, &[], &[]).unwrap();
        assert_eq!(braces.text, "El precio es price por par");
        assert!(braces.slots.is_empty() && !braces.asks);
    }

    #[test]
    fn a_phrase_becomes_an_example_that_is_nobodys() {
        let said = "Hola, soy Ana Quiroga, ¿mi pedido 8812345 (el rojo) llega? ana@b.es";
        let plain = "Hola, ¿mi pedido 1234567 el rojo llega? nombre@example.com";
        assert_eq!(example(said), plain);
        assert_eq!(
            example("soy nueva, ¿cómo compro?"),
            "soy nueva, ¿cómo compro?"
        );
    }

    #[test]
    fn places_that_are_no_names_stay() {
        let told = clean("Hola. Hacemos envíos a Madrid, Barcelona y Valencia.");
        assert_eq!(
            told.as_deref(),
            Some("Hacemos envíos a Madrid, Barcelona y Valencia.")
        );
    }
}
