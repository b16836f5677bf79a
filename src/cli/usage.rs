//! What is wrong with a command line, and the frame of its help, for whoever reads Spanish. The library words both in English alone.

use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::ids::Lang;

/// What a message begins with, and the frame of a help page, in both languages.
const FRAME: [(&str, &str); 9] = [
    ("Usage:", "Uso:"),
    ("Commands:", "Órdenes:"),
    ("Arguments:", "Argumentos:"),
    ("Options:", "Opciones:"),
    ("[default:", "[si no se dice:"),
    ("[possible values:", "[valores posibles:"),
    ("Possible values:", "Valores posibles:"),
    (
        "Print help (see more with '--help')",
        "Muestra la ayuda (entera con '--help')",
    ),
    ("Print help", "Muestra la ayuda"),
];

/// Tells in the reader's language what is wrong with a command line, or the help that was asked for; gives what the process ends with.
pub(super) fn tell(told: &Error, lang: &Lang) -> ExitCode {
    // Where nobody listens any more there is nobody to tell that.
    if lang.base() != Lang::es() {
        drop(told.print());
    } else if told.use_stderr() {
        drop(write!(std::io::stderr(), "{}", error(told)));
    } else {
        drop(write!(std::io::stdout(), "{}", error(told)));
    }
    u8::try_from(told.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The frame of a help page in Spanish; what each command and option says stays as it is.
fn help(text: &str) -> String {
    let framed = FRAME
        .iter()
        .fold(text.to_owned(), |text, (en, es)| text.replace(en, es));
    framed
        .replace("(see a summary with '-h')", "(resumen con '-h')")
        .replace("Print version", "Muestra la versión")
}

/// A command line that cannot be followed, in Spanish: what is wrong, what there is, how it is used.
fn error(error: &Error) -> String {
    let of = |kind| words(error.get(kind));
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("no existe la opción o el argumento «{arg}»"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "no existe la orden «{}»",
                of(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "falta la orden".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("falta: {arg}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("«{arg}» necesita un valor"),
        ErrorKind::InvalidValue => format!("«{value}» no sirve para «{arg}»"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!("«{value}» no sirve para «{arg}»{why}")
        }
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            before if before.is_empty() || before == arg => {
                format!("«{arg}» está más de una vez")
            }
            before => format!("«{arg}» no puede ir junto con «{before}»"),
        },
        ErrorKind::NoEquals => format!("«{arg}» y su valor van unidos con «=»"),
        ErrorKind::TooManyValues => format!("sobra «{value}» en «{arg}»"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("«{arg}» no tiene los valores que necesita")
        }
        ErrorKind::InvalidUtf8 => "hay un argumento que no es UTF-8".to_owned(),
        // What is not a mistake of whoever typed, or has words of its own.
        _ => return help(&error.to_string()),
    };
    let mut told = format!("error: {what}\n");
    let listed = [
        (ContextKind::ValidValue, "valores posibles"),
        (ContextKind::ValidSubcommand, "órdenes"),
    ];
    for (kind, name) in listed {
        let all = of(kind);
        if !all.is_empty() {
            told.push_str(&format!("  {name}: {all}\n"));
        }
    }
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    if let Some(near) = near.into_iter().map(of).find(|near| !near.is_empty()) {
        told.push_str(&format!("  parecido: {near}\n"));
    }
    let usage = of(ContextKind::Usage);
    if !usage.is_empty() {
        told.push_str(&format!("\n{}\n", help(&usage)));
    }
    told.push_str("\nMás información: '--help'.\n");
    told
}

fn words(value: Option<&ContextValue>) -> String {
    match value {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            texts.join(", ")
        }
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::Bool(flag)) => flag.to_string(),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::super::Cli;
    use super::*;
    use clap::Parser as _;

    fn told(line: &str) -> String {
        let args = std::iter::once("ventanilla").chain(line.split(' '));
        error(&Cli::try_parse_from(args).unwrap_err())
    }

    #[test]
    fn the_common_mistakes_are_told_in_spanish_with_the_way_to_use_it() {
        for (line, wanted) in [
            ("servir", "error: no existe la orden «servir»"),
            ("chek", "parecido: "),
            (
                "check --todo",
                "no existe la opción o el argumento «--todo»",
            ),
            ("erase", "error: falta: <CONVERSATION>"),
            ("eval rows.jsonl --shots 0", "«0» no sirve para «--shots"),
            ("eval rows.jsonl --protocol x", "valores posibles: "),
            ("import rows.csv", "falta: "),
            ("eval rows.jsonl --conversations x", "no puede ir junto con"),
        ] {
            let told = told(line);
            assert!(told.contains(wanted), "{line}: {told}");
            assert!(!told.contains("Usage"), "{line}: {told}");
        }
        assert!(told("erase").contains("Uso: ventanilla erase"));
    }

    #[test]
    fn a_page_of_help_has_a_spanish_frame() {
        let page = told("check --help");
        assert!(
            page.contains("Uso: ventanilla check") && page.contains("Opciones:"),
            "{page}"
        );
        assert!(
            !page.contains("Usage:") && !page.contains("Print help"),
            "{page}"
        );
    }
}
