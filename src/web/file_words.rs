//! Why a visitor's file was not taken, in words that the visitor reads. Programs read the code.

use crate::ids::Lang;

/// The sentence for a code, in the visitor's language. `most`: the largest file that is taken, in bytes.
pub(super) fn why_not(code: &str, lang: &Lang, most: u64) -> String {
    let spanish = lang.base().as_str() == "es";
    let either = |es: &str, en: &str| (if spanish { es } else { en }).to_owned();
    match code {
        "empty" => either("El archivo está vacío.", "The file is empty."),
        "too_large" => {
            let megabytes = (most / (1024 * 1024)).max(1);
            either(
                &format!("El archivo es demasiado grande: el máximo es {megabytes} MB."),
                &format!("The file is too large: the limit is {megabytes} MB."),
            )
        }
        "bad_kind" => either(
            "Ese tipo de archivo no se puede enviar: solo fotos y PDF.",
            "That kind of file cannot be sent, only photos and PDFs.",
        ),
        "damaged" => either(
            "El archivo parece dañado y no se pudo abrir.",
            "The file seems damaged and could not be opened.",
        ),
        "infected" => either(
            "El archivo no se envió: el antivirus encontró algo en él.",
            "The file was not sent: the virus scanner found something in it.",
        ),
        "files_off" => either(
            "En este chat no se pueden enviar archivos.",
            "Files cannot be sent here.",
        ),
        "blocked" => either(
            "Desde esta conversación no se pueden enviar archivos.",
            "Files cannot be sent in this conversation.",
        ),
        "too_many_files" => either(
            "En esta conversación ya no se admiten más archivos.",
            "This conversation cannot hold any more files.",
        ),
        "slow_down" | "too_many" => either(
            "Son muchos archivos seguidos. En unos minutos se puede probar otra vez.",
            "That is many files in a row. Please try again in a few minutes.",
        ),
        "not_found" => either(
            "Ese archivo ya no está.",
            "That file is not there any more.",
        ),
        _ => either(
            "El archivo no llegó. En un momento se puede probar otra vez.",
            "The file did not arrive. Please try again in a moment.",
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_of_its_own_in_both_languages() {
        let codes = [
            "empty",
            "too_large",
            "bad_kind",
            "damaged",
            "infected",
            "files_off",
            "blocked",
            "too_many_files",
            "slow_down",
            "not_found",
            "unavailable",
        ];
        let mut said = std::collections::BTreeSet::new();
        for lang in ["es-AR", "en"] {
            for code in codes {
                said.insert(why_not(code, &lang.parse().unwrap(), 10 * 1024 * 1024));
            }
        }
        assert_eq!(said.len(), 2 * codes.len());
    }

    #[test]
    fn who_sends_too_much_is_told_how_much_fits() {
        let lang = "es".parse().unwrap();
        assert!(why_not("too_large", &lang, 10 * 1024 * 1024).contains("10 MB"));
    }
}
