//! Why a text that a person wrote in good faith is no YAML. The parser's reason is true but names the effect; the cause is most often one
//! of a few traps on the same line or a little above.

use granit_parser::{ErrorKind, ScanError};

use super::fault::Fault;
use super::problem::Bilingual;

/// Words that YAML 1.1 programs read as true or false, and the Spanish one that invites the mistake.
pub(super) const BOOLEAN_WORDS: [&str; 11] = [
    "yes", "no", "on", "off", "y", "n", "true", "false", "sí", "si", "null",
];

/// Lines above the error at which its cause is looked for: a flow map or a plain text may span some.
const LINES_BACK: usize = 3;

/// Lines above the error at which a comment in the wrong place is looked for.
const COMMENT_BACK: usize = 40;

/// Line, column (1-based) and fault of what the parser stumbled over.
pub(super) fn explain(source: &str, error: &ScanError) -> (usize, usize, Fault) {
    let line = error.marker().line().max(1);
    let column = error.marker().col() + 1;
    let lines: Vec<&str> = source.lines().collect();
    let upto = line.min(lines.len());
    let first = upto.saturating_sub(LINES_BACK);

    // The parser may name the line before the tab.
    let tab = (first..(line + 1).min(lines.len()))
        .rev()
        .find_map(|number| Some((number + 1, column_of_tab(lines.get(number)?)?)));
    if let Some((line, column)) = tab {
        return (line, column, Fault::Tab {});
    }
    let quote = matches!(
        error.kind(),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent
    );
    if quote && let Some((line, column, quote)) = opening_quote(&lines, upto) {
        return (line, column, Fault::UnclosedQuote { quote });
    }
    for number in (first..upto).rev() {
        let text = lines.get(number).copied().unwrap_or_default();
        if let Some((column, fault)) = trap_of(text) {
            return (number + 1, column, fault);
        }
    }
    // A comment that eats a closing bracket is noticed only where the next thing does not fit, which may be far below.
    for number in (upto.saturating_sub(COMMENT_BACK)..upto).rev() {
        let text = lines.get(number).copied().unwrap_or_default();
        if let Some((column, fault @ Fault::HashComment { .. })) = trap_of(text) {
            return (number + 1, column, fault);
        }
    }
    (line, column, plain_reason(error))
}

/// Column of a tab that indents.
fn column_of_tab(line: &str) -> Option<usize> {
    let tab = line
        .chars()
        .take_while(|c| c.is_whitespace())
        .position(|c| c == '\t')?;
    (!line.trim().is_empty()).then_some(tab + 1)
}

/// The first quote that opens a value and is not closed on its line, looking from the top: everything below is then inside out.
fn opening_quote(lines: &[&str], upto: usize) -> Option<(usize, usize, char)> {
    for (number, line) in lines.iter().enumerate().take(upto.max(1)) {
        let Some(value) = values(line).into_iter().next_back() else {
            continue;
        };
        let mut chars = value.text.chars();
        let Some(quote @ ('"' | '\'')) = chars.next() else {
            continue;
        };
        if quoted_length(value.text).is_none() {
            return Some((number + 1, value.column, quote));
        }
    }
    None
}

/// A value of a line as it is written: what follows `- `, `key: ` or, in a flow map, a comma.
struct Written<'a> {
    /// 1-based column.
    column: usize,
    text: &'a str,
    /// Between `{` and `}`: a comma ends it.
    in_flow: bool,
}

/// The values that stand on a line. Quotes are stepped over, so that a colon inside them is none.
fn values(line: &str) -> Vec<Written<'_>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut rest = line;
    let column_at = |rest: &str| line.chars().count() - rest.chars().count() + 1;
    // A list's dash and the white space before it.
    loop {
        let trimmed = rest.trim_start_matches(' ');
        match trimmed.strip_prefix("- ") {
            Some(item) => {
                rest = item.trim_start_matches(' ');
                if !has_key(rest) {
                    found.push(Written {
                        column: column_at(rest),
                        text: rest,
                        in_flow: false,
                    });
                    if !rest.starts_with('{') {
                        return found;
                    }
                }
            }
            None => {
                rest = trimmed;
                break;
            }
        }
    }
    while let Some(next) = rest.chars().next() {
        match next {
            '"' | '\''
                if found
                    .last()
                    .is_none_or(|value: &Written<'_>| std::ptr::eq(value.text, rest)) =>
            {
                let Some(length) = quoted_length(rest) else {
                    break;
                };
                rest = rest.get(length..).unwrap_or_default();
            }
            '{' | '[' => {
                depth += 1;
                rest = rest.get(1..).unwrap_or_default();
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                rest = rest.get(1..).unwrap_or_default();
            }
            ':' if rest.get(1..).is_some_and(|after| after.starts_with(' ')) => {
                let after = rest.get(1..).unwrap_or_default().trim_start_matches(' ');
                found.push(Written {
                    column: column_at(after),
                    text: after,
                    in_flow: depth > 0,
                });
                rest = after;
                if depth == 0 && !after.starts_with(['{', '[']) {
                    break;
                }
            }
            other => rest = rest.get(other.len_utf8()..).unwrap_or_default(),
        }
    }
    found
}

/// Whether a text begins with a key: a word and `: ` or `:` at its end.
fn has_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, after)| {
        (after.is_empty() || after.starts_with(' '))
            && !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '"' | '\''))
    })
}

/// Bytes of the quoted text at the beginning, with its quotes; `None` when it is not closed.
fn quoted_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    let (_, quote) = chars.next()?;
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote == '"' {
            chars.next();
        } else if c == quote {
            if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                chars.next();
            } else {
                return Some(at + c.len_utf8());
            }
        }
    }
    None
}

/// The trap on a line, with its column.
fn trap_of(line: &str) -> Option<(usize, Fault)> {
    values(line).into_iter().find_map(|value| {
        let column = value.column;
        let first = value.text.chars().next()?;
        match first {
            '"' | '\'' | '|' | '>' | '#' => return None,
            '@' | '%' | '`' | '*' | '&' | '!' => {
                return Some((column, Fault::LeadingIndicator { sign: first }));
            }
            '[' | '{' => {
                let after = after_bracket(value.text, first)?;
                let goes_on = !after.trim_start().is_empty()
                    && !after.trim_start().starts_with([',', '}', ']', '#']);
                return goes_on.then_some((column, Fault::LeadingIndicator { sign: first }));
            }
            _ => {}
        }
        let own = if value.in_flow {
            value.text.split([',', '}']).next().unwrap_or_default()
        } else {
            value.text
        };
        if let Some((before, lost)) = value.text.split_once(" #")
            && (value.in_flow || before.len() < own.len())
            && !before.contains(['}', '"', '\''])
        {
            let lost = lost.to_owned();
            return Some((
                column + before.chars().count() + 1,
                Fault::HashComment { lost },
            ));
        }
        own.split_once(": ")
            .map(|(before, _)| (column + before.chars().count(), Fault::ColonInSentence {}))
    })
}

/// What follows the bracket that closes the first one; nothing when it does not close on this line.
fn after_bracket(text: &str, open: char) -> Option<&str> {
    let close = if open == '[' { ']' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return text.get(at + 1..);
            }
        }
    }
    None
}

/// The parser's own reason, in both languages.
fn plain_reason(error: &ScanError) -> Fault {
    let es = match error.kind() {
        ErrorKind::UnclosedFlowCollection { open } => {
            return Fault::UnclosedBracket { bracket: *open };
        }
        ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            return Fault::UnclosedBracket {
                bracket: match error.kind() {
                    ErrorKind::UnexpectedEofFlowSequence => '[',
                    _ => '{',
                },
            };
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => return Fault::Tab {},
        ErrorKind::ExpectedFlowMappingSeparator => {
            "dentro de `{…}` falta una coma, o el `}` que cierra"
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            "dentro de `[…]` falta una coma, o el `]` que cierra"
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            "se cierra un corchete o una llave que no estaba abierta"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "aquí se esperaba `clave: valor` (¿faltan los dos puntos?)"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent => {
            "la sangría de esta línea no coincide con las de arriba"
        }
        ErrorKind::MappingKeyNotAllowed
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::InvalidMappingValueWhitespace => "aquí no puede ir `clave: valor`",
        ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::InvalidBlockEntryWhitespace => "aquí no puede ir un `- ` de lista",
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "hay texto después de la comilla que cierra"
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            "dentro de \"…\" la barra invertida no puede ir ante ese carácter (en '…' sí)"
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "una comilla se abre y no se cierra"
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            "después de `|` no va nada más en esa línea"
        }
        ErrorKind::CommentInterceptedScalar | ErrorKind::CommentNotSeparated => {
            "un comentario corta el texto"
        }
        ErrorKind::RecursionLimitExceeded => "hay demasiados niveles, unos dentro de otros",
        ErrorKind::DirectiveDisallowed => "una línea no puede empezar con `%`",
        _ => "la estructura no se puede leer desde este punto",
    };
    Fault::Syntax {
        reason: Bilingual {
            es: es.to_owned(),
            en: error.info(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: &str) -> Option<(usize, &'static str)> {
        trap_of(line).map(|(column, fault)| (column, fault.code()))
    }

    #[test]
    fn traps_are_found_on_their_line() {
        assert_eq!(
            fault("  - [todavía] no llegó"),
            Some((5, "yaml_leading_sign"))
        );
        assert_eq!(fault("say: @mareas"), Some((6, "yaml_leading_sign")));
        assert_eq!(fault("es: Importante: lea"), Some((15, "yaml_colon")));
        assert_eq!(
            fault("say: {es: Pedido #12, en: x}"),
            Some((18, "yaml_hash"))
        );
        assert_eq!(fault("say: {es: \"a: b # c\", en: 'd: e'}"), None);
        assert_eq!(fault("- {say: \"x\", lang: es}"), None);
    }
}
