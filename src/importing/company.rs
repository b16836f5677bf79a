//! What topics share: the smallest company that can be served.

use super::label::by_lang;
use crate::ids::Lang;

/// Paths and contents of the shared files; `closed`: nothing is declined and nothing asked back.
pub fn files(languages: &[Lang], closed: bool) -> Vec<(String, String)> {
    let spanish = |lang: &Lang| lang.base() == Lang::es();
    let text = |es: &str, en: &str| {
        by_lang(languages, |lang| {
            if spanish(lang) { es } else { en }.to_owned()
        })
    };
    let tags: Vec<&str> = languages.iter().map(Lang::as_str).collect();
    let register = languages
        .iter()
        .find(|lang| spanish(lang))
        .map_or("es", Lang::as_str);
    let mut assistant = format!(
        "# Made by `ventanilla import`. The format: docs/topic-files.md.\n\
         name: {}\nbrand: Ventanilla\nlanguages: [{}]\ngreeting: {}\nsites:\n  demo: {{register: {register}, currency: EUR, time_zone: Etc/UTC}}\n",
        text("Asistente", "Assistant"),
        tags.join(", "),
        text(
            "Hola, soy un asistente virtual. ¿Qué necesitas?",
            "Hi, I am a virtual assistant. What do you need?"
        ),
    );
    if closed {
        assistant.push_str("# Every message gets its nearest topic: for measuring, not for visitors.\nthresholds: {coverage: 1, ambiguity_margin: 0}\n");
    }
    let teams = format!(
        "teams:\n  default: {{name: {}}}\n",
        text("Atención al cliente", "Customer care")
    );
    let feedback = format!(
        "questions:\n  default:\n    when: {{}}\n    ask: {}\n    taps:\n      - {{value: 1, kind: positive, label: {}}}\n      - {{value: -1, kind: negative, label: {}}}\n    team: default\n    use: {}\n",
        text(
            "¿Se resolvió lo que necesitabas?",
            "Did you get what you needed?"
        ),
        text("Sí", "Yes"),
        text("No", "No"),
        text(
            "Lo lee el equipo de Atención al cliente y se usa solo para mejorar las respuestas. No es publicidad.",
            "Read by the Customer care team, used only to improve the answers. Never for ads."
        ),
    );
    vec![
        ("_assistant.yaml".to_owned(), assistant),
        ("teams.yaml".to_owned(), teams),
        ("feedback.yaml".to_owned(), feedback),
    ]
}
