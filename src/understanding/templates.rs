//! Example lines with `[optional words]`, `(this|that)` and `{slot}`: read, turned into an expression, written out.

use std::collections::{BTreeMap, HashSet};

use super::corpus::Fault;
use super::normalise::{Folded, key, words};
use crate::ids::SlotName;
use crate::topics::SlotKind;

/// Brackets within brackets that are accepted.
const DEEPEST: usize = 6;
/// Sentences that one template is written out into, for training.
pub(super) const MOST_SENTENCES: usize = 12;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(SlotName),
    Optional(Vec<Piece>),
    OneOf(Vec<Vec<Piece>>),
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

/// How a slot looks and what stands for it in training sentences.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotForm {
    /// An expression without groups, for folded text.
    regex: &'static str,
    /// Texts to write in its place; none leaves the place empty.
    samples: Vec<String>,
    /// Values of a list by their folded words: what matched must be one of them. Two hundred names in each of a dozen
    /// expressions would take seconds to compile.
    allowed: Option<HashSet<String>>,
    /// Whether anything at all fits.
    pub(super) open: bool,
}

/// The forms of the slots of a template.
pub(super) type Forms = BTreeMap<SlotName, SlotForm>;

impl SlotForm {
    /// The form of a slot of this kind; `values` are those of its list.
    pub(super) fn of(kind: SlotKind, values: &[String]) -> Self {
        let (regex, sample): (&str, Option<&str>) = match kind {
            SlotKind::Text | SlotKind::Address => (ANYTHING, None),
            SlotKind::YesNo => (ANYTHING, Some("si")),
            SlotKind::Number => ("#?[a-z]{0,4}-?[0-9][0-9.,-]*", Some("1234567")),
            SlotKind::Email => ("[^ ]+@[^ ]+", Some("ana@example.org")),
            SlotKind::Phone => (r"\+?[0-9][0-9 ()./-]*", Some("600123456")),
            SlotKind::Postcode => ("[a-z]{0,2}[0-9][a-z0-9 -]*", Some("28001")),
            SlotKind::Date => (ANYTHING, Some("27/11")),
            SlotKind::Time => (ANYTHING, Some("17:30")),
            SlotKind::Money => (ANYTHING, Some("45 euros")),
            SlotKind::Duration => (ANYTHING, Some("2 dias")),
            SlotKind::Ordinal => (ANYTHING, Some("2")),
            SlotKind::Url => (r"[^ ]+\.[^ ]+", Some("www.example.org")),
            SlotKind::IdNumber => (r"[a-z]?[0-9][0-9. -]*[a-z]?", Some("12345678z")),
            SlotKind::List => {
                let allowed = values
                    .iter()
                    .map(|value| key(&words(&Folded::new(value))))
                    .collect();
                return Self {
                    regex: ANYTHING,
                    samples: values.to_vec(),
                    allowed: Some(allowed),
                    open: false,
                };
            }
        };
        let open = regex == ANYTHING;
        Self {
            regex,
            samples: sample.map(str::to_owned).into_iter().collect(),
            allowed: None,
            open,
        }
    }

    /// Whether this piece of folded text may stand in the slot.
    pub(super) fn accepts(&self, folded: &str) -> bool {
        self.allowed
            .as_ref()
            .is_none_or(|allowed| allowed.contains(&key(&words(&Folded::new(folded)))))
    }
}

/// As little as possible of anything.
const ANYTHING: &str = "[^ ].*?";

impl Template {
    /// Reads a line.
    pub(super) fn parse(line: &str) -> Result<Self, Fault> {
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        let pieces = sequence(&chars, &mut at, 0)?;
        match chars.get(at) {
            None => Ok(Self { pieces }),
            Some(&stray) => Err(Fault::Unbalanced(stray)),
        }
    }

    /// Whether it is a plain sentence without any sign.
    pub(super) fn is_plain(&self) -> bool {
        self.pieces
            .iter()
            .all(|piece| matches!(piece, Piece::Text(_)))
    }

    /// The slots it names, in order, each once.
    pub(super) fn slots(&self) -> Vec<&SlotName> {
        let mut slots = Vec::new();
        collect_slots(&self.pieces, &mut slots);
        slots
    }

    /// An expression for folded text that matches what the template means, any punctuation between its words.
    pub(super) fn regex(&self, forms: &Forms) -> String {
        let mut named = Vec::new();
        let mut regex = String::new();
        write_regex(&self.pieces, forms, &mut named, &mut regex);
        regex
    }

    /// At most [`MOST_SENTENCES`] of the sentences that it stands for, spread evenly over all of them.
    pub(super) fn sentences(&self, forms: &Forms) -> Vec<String> {
        let total = count(&self.pieces, forms);
        let most = u64::try_from(MOST_SENTENCES).unwrap_or(u64::MAX);
        let step = total.div_ceil(most).max(1);
        // An odd stride meets both halves of every two-way choice.
        let step = if step > 1 && step % 2 == 0 {
            step + 1
        } else {
            step
        };
        let mut sentences: Vec<String> = (0..total)
            .step_by(usize::try_from(step).unwrap_or(usize::MAX))
            .take(MOST_SENTENCES)
            .map(|mut choice| {
                let mut sentence = String::new();
                write_sentence(&self.pieces, forms, &mut choice, &mut sentence);
                sentence.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .filter(|sentence| !sentence.is_empty())
            .collect();
        sentences.sort();
        sentences.dedup();
        sentences
    }
}

fn sequence(chars: &[char], at: &mut usize, depth: usize) -> Result<Vec<Piece>, Fault> {
    if depth > DEEPEST {
        return Err(Fault::TooDeep);
    }
    let mut pieces = Vec::new();
    let mut text = String::new();
    while let Some(&c) = chars.get(*at) {
        match c {
            '[' => {
                flush(&mut text, &mut pieces);
                *at += 1;
                let inner = alternatives(chars, at, depth, ']', '[')?;
                pieces.push(match <[_; 1]>::try_from(inner) {
                    Ok([only]) => Piece::Optional(only),
                    Err(several) => Piece::Optional(vec![Piece::OneOf(several)]),
                });
            }
            // "(the blue one)" is a remark, "(this|that)" a choice.
            '(' if has_bar(chars, *at) => {
                flush(&mut text, &mut pieces);
                *at += 1;
                pieces.push(Piece::OneOf(alternatives(chars, at, depth, ')', '(')?));
            }
            '{' => {
                flush(&mut text, &mut pieces);
                let rest = chars.get(*at + 1..).unwrap_or_default();
                let length = rest
                    .iter()
                    .position(|&c| c == '}')
                    .ok_or(Fault::Unbalanced('{'))?;
                let name: String = rest.iter().take(length).collect();
                let name = name.trim();
                pieces.push(Piece::Slot(
                    name.parse()
                        .map_err(|_why| Fault::SlotName(name.to_owned()))?,
                ));
                *at += length + 2;
            }
            ']' | '}' if depth == 0 => return Err(Fault::Unbalanced(c)),
            ']' | ')' | '|' if depth > 0 => break,
            _ => {
                text.push(c);
                *at += 1;
            }
        }
    }
    flush(&mut text, &mut pieces);
    Ok(pieces)
}

fn flush(text: &mut String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text)));
    }
}

/// Reads up to the closing sign, which is consumed.
fn alternatives(
    chars: &[char],
    at: &mut usize,
    depth: usize,
    close: char,
    open: char,
) -> Result<Vec<Vec<Piece>>, Fault> {
    let mut all = vec![sequence(chars, at, depth + 1)?];
    loop {
        match chars.get(*at) {
            Some('|') => {
                *at += 1;
                all.push(sequence(chars, at, depth + 1)?);
            }
            Some(&c) if c == close => {
                *at += 1;
                return Ok(all);
            }
            Some(&other) => return Err(Fault::Unbalanced(other)),
            None => return Err(Fault::Unbalanced(open)),
        }
    }
}

fn has_bar(chars: &[char], open: usize) -> bool {
    let mut depth = 0usize;
    for &c in chars.get(open..).unwrap_or_default() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return false;
                }
            }
            '|' if depth == 1 => return true,
            _ => {}
        }
    }
    false
}

fn collect_slots<'t>(pieces: &'t [Piece], slots: &mut Vec<&'t SlotName>) {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Slot(name) => {
                if !slots.contains(&name) {
                    slots.push(name);
                }
            }
            Piece::Optional(inner) => collect_slots(inner, slots),
            Piece::OneOf(all) => all.iter().for_each(|inner| collect_slots(inner, slots)),
        }
    }
}

/// What may stand between two words. Spelt out, because `\W` of all Unicode, some hundred times in the names of a list,
/// compiles to megabytes.
pub(super) const BETWEEN: &str = r"[ -/:-@\[-`{-~¡¿«»“”…–—]*";

/// A slot as the name of a group, which may have no hyphen.
pub(super) fn group_name(slot: &SlotName) -> String {
    slot.as_str().replace('-', "_")
}

/// Words with any punctuation between them; apostrophes may be missing.
fn words_regex(text: &str) -> String {
    let folded = Folded::new(text);
    let mut regex = String::new();
    for word in folded
        .as_str()
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
    {
        let parts: Vec<String> = word
            .split('\'')
            .filter(|part| !part.is_empty())
            .map(regex::escape)
            .collect();
        // The border that counts letters of ASCII only is small too; folded Spanish and English have no others.
        let border = |c: Option<char>| {
            if c.is_some_and(|c| c.is_ascii_alphanumeric()) {
                r"(?-u:\b)"
            } else {
                ""
            }
        };
        if let (Some(first), Some(last)) = (parts.first(), parts.last()) {
            regex.push_str(border(first.chars().next()));
            regex.push_str(&parts.join("'?"));
            regex.push_str(border(last.chars().next_back()));
            regex.push_str(BETWEEN);
        }
    }
    regex
}

fn write_regex<'t>(
    pieces: &'t [Piece],
    forms: &Forms,
    named: &mut Vec<&'t SlotName>,
    regex: &mut String,
) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => regex.push_str(&words_regex(text)),
            Piece::Slot(name) => {
                let slot = forms.get(name).map_or(ANYTHING, |form| form.regex);
                // A name may stand only once in an expression; both sides of a choice may name the same slot.
                if named.contains(&name) {
                    regex.push_str(&format!("(?:{slot}){BETWEEN}"));
                } else {
                    named.push(name);
                    let group = group_name(name);
                    regex.push_str(&format!("(?P<{group}>{slot}){BETWEEN}"));
                }
            }
            Piece::Optional(inner) => {
                regex.push_str("(?:");
                write_regex(inner, forms, named, regex);
                regex.push_str(")?");
            }
            Piece::OneOf(all) => {
                regex.push_str("(?:");
                for (at, inner) in all.iter().enumerate() {
                    if at > 0 {
                        regex.push('|');
                    }
                    write_regex(inner, forms, named, regex);
                }
                regex.push(')');
            }
        }
    }
}

fn count(pieces: &[Piece], forms: &Forms) -> u64 {
    pieces.iter().fold(1u64, |total, piece| {
        total.saturating_mul(choices(piece, forms))
    })
}

fn choices(piece: &Piece, forms: &Forms) -> u64 {
    match piece {
        Piece::Text(_) => 1,
        Piece::Slot(name) => forms
            .get(name)
            .map_or(1, |form| form.samples.len().max(1) as u64),
        Piece::Optional(inner) => count(inner, forms).saturating_add(1),
        Piece::OneOf(all) => all
            .iter()
            .fold(0u64, |sum, inner| sum.saturating_add(count(inner, forms)))
            .max(1),
    }
}

/// Writes the sentence with this number, a mixed-radix number of which each piece takes its digit.
fn write_sentence(pieces: &[Piece], forms: &Forms, choice: &mut u64, sentence: &mut String) {
    for piece in pieces {
        let all = choices(piece, forms);
        let mut digit = *choice % all;
        *choice /= all;
        match piece {
            Piece::Text(text) => sentence.push_str(text),
            Piece::Slot(name) => {
                let samples = forms.get(name).map(|form| &form.samples);
                let sample = usize::try_from(digit)
                    .ok()
                    .and_then(|digit| samples?.get(digit));
                sentence.push_str(sample.map_or("", String::as_str));
            }
            Piece::Optional(inner) => {
                if let Some(mut inside) = digit.checked_sub(1) {
                    write_sentence(inner, forms, &mut inside, sentence);
                }
            }
            Piece::OneOf(several) => {
                for inner in several {
                    let size = count(inner, forms);
                    if digit < size {
                        write_sentence(inner, forms, &mut digit, sentence);
                        break;
                    }
                    digit -= size;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn forms() -> Forms {
        let items = SlotForm::of(SlotKind::List, &["botas".into(), "zapatos rojos".into()]);
        [("item".parse().unwrap(), items)].into()
    }

    #[test]
    fn a_template_is_written_out_and_matches_its_own_sentences() {
        let template = Template::parse("[todavía] no (llegó|me llega) {item} [(aún|hoy)]").unwrap();
        assert!(!template.is_plain());
        assert_eq!(template.slots(), [&"item".parse::<SlotName>().unwrap()]);
        let sentences = template.sentences(&forms());
        assert!(
            sentences.len() > 4 && sentences.len() <= MOST_SENTENCES,
            "{sentences:?}"
        );
        let regex =
            regex::Regex::new(&format!(r"^\W*(?:{})\W*$", template.regex(&forms()))).unwrap();
        for sentence in sentences
            .iter()
            .map(String::as_str)
            .chain(["¡no, llegó zapatos rojos!"])
        {
            let folded = Folded::new(sentence);
            assert!(regex.is_match(folded.as_str()), "{sentence}");
        }
        for other in ["no llega botas", "todavia llego botas"] {
            assert!(!regex.is_match(other), "{other}");
        }
        let items = &forms()[&"item".parse::<SlotName>().unwrap()];
        assert!(items.accepts("zapatos  rojos!") && !items.accepts("sandalias"));
    }

    #[test]
    fn a_remark_in_brackets_is_plain_text() {
        assert!(
            Template::parse("quiero devolver el vestido (el azul)")
                .unwrap()
                .is_plain()
        );
        assert!(Template::parse("no anda :)").unwrap().is_plain());
    }

    #[test]
    fn faults_are_named() {
        for (line, fault) in [
            ("[todavía no llegó", Fault::Unbalanced('[')),
            ("todavía] no llegó", Fault::Unbalanced(']')),
            ("(a|b", Fault::Unbalanced('(')),
            ("{item", Fault::Unbalanced('{')),
            ("{Mi Ítem}", Fault::SlotName("Mi Ítem".into())),
            ("[[[[[[[[a]]]]]]]]", Fault::TooDeep),
        ] {
            assert_eq!(Template::parse(line), Err(fault), "{line}");
        }
    }

    #[test]
    fn a_template_of_many_choices_stays_small() {
        let line = "(a|b|c|d) (a|b|c|d) (a|b|c|d) (a|b|c|d) [e] [f] [g]".repeat(8);
        assert!(Template::parse(&line).unwrap().sentences(&forms()).len() <= MOST_SENTENCES);
    }
}
