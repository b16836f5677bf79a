//! Patterns that never decide: what they cover whole is an example of another topic, which decides first, or is covered by a pattern of
//! another topic as well, and then neither decides.
//!
//! Whether one expression covers another is not computed but tried: on sentences written out from the expression, with few and with more
//! repetitions and each alternative. A pattern of which not every kind of sentence can be written out is left alone.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::super::fault::Fault;
use super::super::notes::Notes;
use super::super::problem::Place;
use super::folded;

/// Sentences that one pattern is written out into; with more the pattern is left alone.
const MOST: usize = 128;
/// Longest of them, in bytes.
const LONGEST: usize = 400;

pub(super) fn check(notes: &mut Notes) {
    let mut faults: Vec<(Place, Fault)> = Vec::new();
    let mut examples: HashMap<String, (usize, &Place)> = HashMap::new();
    let mut patterns: Vec<(usize, &String, &Place, Regex)> = Vec::new();
    for (topic, own) in notes.topics.iter().enumerate() {
        for (_, text, place) in &own.examples {
            examples
                .entry(folded::sentence(text))
                .or_insert((topic, place));
        }
        for (source, place) in &own.patterns {
            if let Some(whole) = whole(source) {
                patterns.push((topic, source, place, whole));
            }
        }
    }
    for (topic, source, place, _) in &patterns {
        let Some(sentences) = written_out(source) else {
            continue;
        };
        let owners: Option<Vec<(usize, &Place)>> = sentences
            .iter()
            .map(|sentence| examples.get(&folded::sentence(sentence)).copied())
            .collect();
        if let Some(owners) = owners
            && let Some((other, example)) = owners.first()
            && owners.iter().all(|(owner, _)| owner != topic)
        {
            let fault = Fault::PatternShadowed {
                topic: notes.topics[*other].id.to_string(),
                other: example.to_string(),
            };
            faults.push(((*place).clone(), fault));
            continue;
        }
        let covering = patterns.iter().find(|(other, _, _, whole)| {
            other != topic && sentences.iter().all(|sentence| whole.is_match(sentence))
        });
        if let Some((other, pattern, at, _)) = covering {
            let fault = Fault::PatternCovered {
                topic: notes.topics[*other].id.to_string(),
                pattern: (*pattern).clone(),
                other: at.to_string(),
            };
            faults.push(((*place).clone(), fault));
        }
    }
    for (place, fault) in faults {
        notes.fault(&place, &fault);
    }
}

/// The expression as it must match to decide: all of a message.
fn whole(source: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{source})$"))
        .case_insensitive(true)
        .size_limit(1 << 20)
        .build()
        .ok()
}

/// Sentences that the expression covers, one of every kind, or nothing where there are too many.
fn written_out(source: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::Parser::new().parse(source).ok()?;
    let mut sentences = write(&hir)?;
    sentences.sort_unstable();
    sentences.dedup();
    let empty = sentences.iter().all(|sentence| sentence.trim().is_empty());
    (!empty).then_some(sentences)
}

fn write(hir: &Hir) -> Option<Vec<String>> {
    let sentences = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            let (first, last) = (ranges.first()?, ranges.last()?);
            // The ends of a class: whatever takes both takes most of it.
            vec![first.start().to_string(), last.end().to_string()]
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Capture(capture) => write(&capture.sub)?,
        HirKind::Alternation(ways) => {
            let mut all = Vec::new();
            for way in ways {
                all.extend(write(way)?);
            }
            all
        }
        HirKind::Repetition(repetition) => {
            let once = write(&repetition.sub)?;
            let more = repetition.max.unwrap_or(repetition.min.saturating_add(2));
            let mut all = Vec::new();
            for times in [repetition.min, more.min(repetition.min.saturating_add(4))] {
                let times = usize::try_from(times).ok()?;
                all.extend(
                    once.iter()
                        .filter(|text| text.len() * times <= LONGEST)
                        .map(|text| text.repeat(times)),
                );
            }
            all
        }
        HirKind::Concat(parts) => {
            let mut all = vec![String::new()];
            for part in parts {
                let next = write(part)?;
                if all.len() * next.len() > MOST {
                    return None;
                }
                all = all
                    .iter()
                    .flat_map(|before| next.iter().map(move |after| format!("{before}{after}")))
                    .collect();
            }
            all
        }
    };
    let fits = sentences.len() <= MOST && sentences.iter().all(|text| text.len() <= LONGEST);
    fits.then_some(sentences).filter(|all| !all.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_written_out() {
        assert_eq!(
            written_out(r"\b(pedido|orden)\b").unwrap(),
            ["orden", "pedido"]
        );
        assert_eq!(written_out(r"ab?").unwrap(), ["a", "ab"]);
        let digits = written_out(r"n\d{2,6}").unwrap();
        assert!(digits.iter().any(|text| text == "n00"), "{digits:?}");
        assert!(written_out(r"(aa|bb|cc|dd)(aa|bb|cc|dd)(aa|bb|cc|dd)(aa|bb|cc|dd)").is_none());
        assert!(
            written_out(r"(a{50}){50}").is_none()
                || written_out(r"(a{50}){50}").unwrap()[0].len() <= LONGEST
        );
    }
}
