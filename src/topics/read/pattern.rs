//! Regular expressions, checked when they are read: the reason and the very character where one goes wrong.

use regex_syntax::ast::{Ast, ErrorKind};

use super::super::fault::Fault;
use super::super::fields::word;
use super::super::notes::Notes;
use super::super::problem::{Bilingual, Place};
use super::super::yaml::Node;

/// Largest compiled pattern, in bytes; beyond it a file could eat the server's memory.
const COMPILED_MAX: usize = 1 << 20;

/// A valid pattern.
pub(super) struct Pattern {
    pub(super) source: String,
    /// Its named groups and where they stand.
    pub(super) groups: Vec<(String, Place)>,
}

pub(super) fn read(node: &Node, notes: &mut Notes) -> Option<Pattern> {
    let source = word(node, notes)?.to_owned();
    let mut parser = regex_syntax::ast::parse::ParserBuilder::new()
        .nest_limit(50)
        .build();
    let ast = match parser.parse(&source) {
        Ok(ast) => ast,
        Err(error) => {
            let reason = Bilingual {
                es: spanish(error.kind()),
                en: error.kind().to_string(),
            };
            let place = node.place_in(error.span().start.offset);
            notes.fault(&place, &Fault::BadRegex { reason });
            return None;
        }
    };
    let compiled = regex::RegexBuilder::new(&source)
        .case_insensitive(true)
        .size_limit(COMPILED_MAX)
        .build();
    match compiled {
        Ok(regex) if regex.is_match("") && regex.find("").is_some() => {
            notes.fault(&node.place, &Fault::EmptyRegex {});
            return None;
        }
        Ok(_) => {}
        Err(error) => {
            let reason = match &error {
                regex::Error::CompiledTooBig(_) => Bilingual {
                    es: "es demasiado grande (¿repeticiones dentro de repeticiones?)".to_owned(),
                    en: "it is too large (repetitions inside repetitions?)".to_owned(),
                },
                other => {
                    let last = other.to_string();
                    let last = last.lines().last().unwrap_or_default().trim();
                    let last = last.strip_prefix("error: ").unwrap_or(last).to_owned();
                    Bilingual {
                        es: last.clone(),
                        en: last,
                    }
                }
            };
            notes.fault(&node.place, &Fault::BadRegex { reason });
            return None;
        }
    }
    let mut groups = Vec::new();
    named_groups(&ast, &mut |name, offset| {
        groups.push((name.to_owned(), node.place_in(offset)));
    });
    Some(Pattern { source, groups })
}

fn named_groups(ast: &Ast, found: &mut impl FnMut(&str, usize)) {
    match ast {
        Ast::Group(group) => {
            if let regex_syntax::ast::GroupKind::CaptureName { name, .. } = &group.kind {
                found(&name.name, name.span.start.offset);
            }
            named_groups(&group.ast, found);
        }
        Ast::Repetition(repetition) => named_groups(&repetition.ast, found),
        Ast::Alternation(alternation) => {
            for ast in &alternation.asts {
                named_groups(ast, found);
            }
        }
        Ast::Concat(concat) => {
            for ast in &concat.asts {
                named_groups(ast, found);
            }
        }
        _ => {}
    }
}

/// The parser's reason in Spanish; its own words where it is a rare one.
fn spanish(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::GroupUnclosed => "un paréntesis se abre y no se cierra",
        ErrorKind::GroupUnopened => "un paréntesis se cierra y no estaba abierto",
        ErrorKind::GroupNameDuplicate { .. } => "dos grupos tienen el mismo nombre",
        ErrorKind::GroupNameEmpty
        | ErrorKind::GroupNameInvalid
        | ErrorKind::GroupNameUnexpectedEof => "el nombre del grupo no es válido",
        ErrorKind::ClassUnclosed => "un corchete se abre y no se cierra",
        ErrorKind::ClassRangeInvalid => {
            "en el corchete, el comienzo del rango va después del final"
        }
        ErrorKind::RepetitionMissing => "la repetición (`*`, `+`, `?`) no tiene qué repetir",
        ErrorKind::RepetitionCountInvalid
        | ErrorKind::RepetitionCountDecimalEmpty
        | ErrorKind::RepetitionCountUnclosed => "la repetición `{…}` no es válida",
        ErrorKind::EscapeUnrecognized => "esa barra invertida con esa letra no significa nada",
        ErrorKind::EscapeUnexpectedEof => "termina en una barra invertida",
        ErrorKind::UnsupportedBackreference => "no hay referencias a grupos (`\\1`)",
        ErrorKind::UnsupportedLookAround => "no se puede mirar adelante ni atrás (`(?=`, `(?!`)",
        other => return other.to_string(),
    }
    .to_owned()
}
