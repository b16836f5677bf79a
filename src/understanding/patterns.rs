//! Regular expressions of topics, matched on folded text: one automaton for all, captures only for those that matched.

use regex::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::corpus::{Fault, TrainError};
use super::normalise::Folded;
use super::templates::{BETWEEN, Forms, group_name};
use crate::conversation::Found;
use crate::ids::{SlotName, TopicId};

/// The lazy automaton of 300 patterns thrashes in the default 2 MiB: a thousand times slower.
const AUTOMATON_BYTES: usize = 16 << 20;
const COMPILED_BYTES: usize = 64 << 20;

/// All expressions of a catalogue.
#[derive(Debug)]
pub(super) struct Patterns {
    set: RegexSet,
    each: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    topic: usize,
    source: String,
    decides: bool,
    template: bool,
    forms: Forms,
    whole: Regex,
    /// Absent where only a whole match counts.
    part: Option<Regex>,
}

/// An expression to compile.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    /// Index of the topic it belongs to.
    pub(super) topic: usize,
    /// As its file has it.
    pub(super) source: String,
    /// What to compile; matched on folded text.
    pub(super) regex: String,
    /// Whether it may match a part of a message.
    pub(super) anywhere: bool,
    /// Whether covering the whole message decides; else it only counts in favour.
    pub(super) decides: bool,
    /// Whether it was made of a template.
    pub(super) template: bool,
    /// What may stand in its named groups, beyond the expression.
    pub(super) forms: Forms,
}

/// An expression that matched.
#[derive(Debug)]
pub(super) struct Matched<'p> {
    /// Index of its topic.
    pub(super) topic: usize,
    /// As its file has it.
    pub(super) source: &'p str,
    /// Whether it covered all but punctuation.
    pub(super) whole: bool,
    /// Whether that decides.
    pub(super) decides: bool,
    /// Whether it was made of a template.
    pub(super) template: bool,
    /// The named groups that took part.
    pub(super) found: Vec<Found>,
}

impl Patterns {
    /// Compiles all; every fault is reported, not only the first.
    pub(super) fn compile(
        expressions: &[Expression],
        topics: &[TopicId],
    ) -> Result<Self, Vec<TrainError>> {
        let mut errors = Vec::new();
        let mut sources = Vec::new();
        let mut each = Vec::new();
        for expression in expressions {
            match compile_one(expression) {
                Ok((pattern, source)) => {
                    each.push(pattern);
                    sources.push(source);
                }
                Err(fault) => errors.push(TrainError {
                    topic: topics.get(expression.topic).cloned(),
                    text: expression.source.clone(),
                    fault,
                }),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let set = RegexSetBuilder::new(&sources)
            .case_insensitive(true)
            .size_limit(COMPILED_BYTES)
            .dfa_size_limit(AUTOMATON_BYTES)
            .build()
            .map_err(|error| {
                let fault = Fault::Pattern(error.to_string());
                vec![TrainError {
                    topic: None,
                    text: String::new(),
                    fault,
                }]
            })?;
        Ok(Self { set, each })
    }

    /// Those that match, in the order in which they were given.
    pub(super) fn matches<'p>(&'p self, folded: &Folded, original: &str) -> Vec<Matched<'p>> {
        let text = folded.as_str();
        self.set
            .matches(text)
            .into_iter()
            .filter_map(|at| {
                let pattern = self.each.get(at)?;
                let (captures, whole) = match pattern.whole.captures(text) {
                    Some(captures) => (captures, true),
                    None => (pattern.part.as_ref()?.captures(text)?, false),
                };
                let covered = captures.get(0).is_some_and(|all| !all.is_empty());
                let fits = pattern.forms.iter().all(|(slot, form)| {
                    let group = captures.name(&group_name(slot));
                    group.is_none_or(|group| form.accepts(group.as_str()))
                });
                (covered && fits).then(|| Matched {
                    topic: pattern.topic,
                    source: &pattern.source,
                    whole,
                    decides: pattern.decides,
                    template: pattern.template,
                    found: named_groups(&pattern.whole, &captures, folded, original),
                })
            })
            .collect()
    }
}

fn compile_one(expression: &Expression) -> Result<(Pattern, String), Fault> {
    let regex = fold_expression(&expression.regex);
    // Compiled alone first, so that `a)(b` is not repaired by the brackets put around it.
    let part = if expression.anywhere {
        Some(build(&regex)?)
    } else {
        None
    };
    let whole_source = format!("^{BETWEEN}(?:{regex}){BETWEEN}$");
    let whole = build(&whole_source)?;
    for name in whole.capture_names().flatten() {
        if name.parse::<SlotName>().is_err() {
            return Err(Fault::GroupName(name.to_owned()));
        }
    }
    let pattern = Pattern {
        topic: expression.topic,
        source: expression.source.clone(),
        decides: expression.decides,
        template: expression.template,
        whole,
        part,
        forms: expression.forms.clone(),
    };
    Ok((
        pattern,
        if expression.anywhere {
            regex
        } else {
            whole_source
        },
    ))
}

fn build(regex: &str) -> Result<Regex, Fault> {
    RegexBuilder::new(regex)
        .case_insensitive(true)
        .build()
        .map_err(|error| Fault::Pattern(error.to_string()))
}

/// The expression without accents, so that `envío` in a pattern meets `envio` and `ENVÍO` in a message. ASCII stays as it is: in `\D` and
/// `(?P<Name>` case counts. Only `\b` becomes the border of ASCII letters: folded Spanish and English have no others, and with the border of
/// all letters one `¿` in a message would take the matching from an automaton to a search a hundred times slower.
fn fold_expression(regex: &str) -> String {
    let mut folded = String::with_capacity(regex.len());
    let mut chars = regex.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next() } else { None };
        match escaped {
            // `\b{start}` and the like are left as they are.
            Some('b') if chars.peek() != Some(&'{') => folded.push_str(r"(?-u:\b)"),
            Some(escaped) => {
                folded.push(c);
                fold_char(escaped, &mut folded);
            }
            None => fold_char(c, &mut folded),
        }
    }
    folded
}

fn fold_char(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c);
    } else {
        folded.extend(c.to_lowercase().nfkd().filter(|&c| !is_combining_mark(c)));
    }
}

fn named_groups(
    regex: &Regex,
    captures: &Captures<'_>,
    folded: &Folded,
    original: &str,
) -> Vec<Found> {
    regex
        .capture_names()
        .flatten()
        .filter_map(|name| {
            let group = captures
                .name(name)
                .filter(|group| !group.as_str().trim().is_empty())?;
            let span = folded.original_span(group.start(), group.end());
            let value = original.get(span.0..span.1)?.trim();
            Some(Found {
                name: name.parse().ok()?,
                value: value.to_owned(),
                span,
            })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn patterns(regex: &str) -> Result<Patterns, Vec<TrainError>> {
        let expression = Expression {
            topic: 0,
            source: regex.to_owned(),
            regex: regex.to_owned(),
            anywhere: true,
            decides: true,
            template: false,
            forms: Forms::new(),
        };
        Patterns::compile(&[expression], &["orders".parse().unwrap()])
    }

    #[test]
    fn a_named_group_is_quoted_from_the_original() {
        let patterns = patterns(r"\b(pedido|órden)\s*#?(?<order_number>\d{6,10})\b").unwrap();
        let original = "¡Mi PEDIDO   #１234567 no llegó!";
        let folded = Folded::new(original);
        let matched = patterns.matches(&folded, original);
        assert_eq!(matched.len(), 1);
        assert!(!matched[0].whole);
        let found = &matched[0].found[0];
        assert_eq!(found.value, "１234567");
        assert_eq!(original.get(found.span.0..found.span.1), Some("１234567"));
        let short = "Orden 1234567.";
        assert!(patterns.matches(&Folded::new(short), short)[0].whole);
    }

    #[test]
    fn only_the_border_of_words_changes_in_an_expression() {
        for (regex, folded) in [
            (r"\bENVÍO\b", r"(?-u:\b)ENViO(?-u:\b)"),
            (r"\\bÑ\ñ", r"\\bn\n"),
            (r"\b{start}a\B\d", r"\b{start}a\B\d"),
            ("\\", "\\"),
        ] {
            assert_eq!(fold_expression(regex), folded);
        }
    }

    #[test]
    fn a_bad_pattern_says_what_is_wrong() {
        for (bad, fault) in [
            ("(abc", "unclosed group"),
            (r"(?<Número>\d+)", "cannot be the name of a slot"),
        ] {
            let errors = patterns(bad).unwrap_err();
            let said = errors[0].to_string();
            assert!(
                said.starts_with("orders: ") && said.contains(fault),
                "{said}"
            );
        }
    }
}
